"""A record batch of creatives: which columns are read, and one row of it as a dict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final, TypeVar

from automod.errors import InputError, LoadError, Location
from automod.load.arrow_columns import is_list, is_text, ordinals_of, texts_of
from automod.load.creatives import Column, column_of, put_cell, said_twice
from automod.load.faults import Faults, did_you_mean
from automod.load.headers import CREATIVE_KEYS, case_column
from automod.model.arrow import arrow
from automod.model.scalars import shown

INDEX: Final = "index"
"""The column that says the place of a creative in what it is taken from."""

WHERE: Final = "creatives"
"""What a record batch is called in faults, which has no file."""

SCHEMA: Final = "schema"
"""The column that says by which version of the format a creative is written."""

Kind = Callable[[Any], bool]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a schema that say something of a creative, by number."""

    columns: tuple[tuple[int, Column], ...]
    index: int | None

    def numbers(self, key: str) -> list[tuple[int, str | None]]:
        """The columns of a key: their number, and the name inside it."""
        return [(number, column[1]) for number, column in self.columns if column[0] == key]


def layout_of(schema: Any) -> Layout:
    """What the columns of an Arrow schema hold.

    A key of a creative is a column of its own, as the published schema has it, or of texts that
    are read as the cells of a table are; `text.title`, `targeting.min_age` and `attributes.NAME`
    are columns too, and so are the headers that tables have. Names that begin `x-` are passed over.

    Raises:
        InputError: every column that is none of these, is there twice, or holds something else.
    """
    faults = Faults()
    columns: list[tuple[int, Column]] = []
    index: int | None = None
    for number, field in enumerate(schema):
        if field.name == INDEX:
            _check_index(index, field, faults)
            index = number
            continue
        column = read_as(field.name)
        if column is None:
            _check_name(field.name, faults)
        elif column in [known for _, known in columns]:
            faults.add(Location(WHERE, header=field.name), said_twice(column))
        else:
            columns.append((number, column))
            _check_type(column, field, faults)
    if not any(column == ("id", None) for _, column in columns):
        faults.add(Location(WHERE, header="id"), "the column is missing")
    if faults.found:
        raise InputError(str(LoadError(faults.found)))
    return Layout(tuple(columns), index)


def read_as(name: str) -> Column | None:
    """What a column holds by its name, in English or in Arabic; None where nothing of a creative.

    >>> read_as("text.title"), read_as("النص"), read_as("schema"), read_as("titel")
    (('text', 'title'), ('text', 'body'), ('schema', None), None)
    """
    return (SCHEMA, None) if name == SCHEMA else column_of(name) or column_of(case_column(name))


def holds_media(name: str) -> bool:
    """Whether a column is one of images or videos, by its name."""
    return read_as(name) in {("images", None), ("videos", None)}


def _check_name(name: str, faults: Faults) -> None:
    if not name.startswith("x-"):
        hint = did_you_mean(name, CREATIVE_KEYS)
        message = f"{shown(name)} is no column of creatives"
        faults.add(Location(WHERE, header=name), message, hint)


def _check_index(before: int | None, field: Any, faults: Faults) -> None:
    if before is not None:
        faults.add(Location(WHERE, header=INDEX), said_twice((INDEX, None)))
    types = arrow(WHERE).types
    good = types.is_integer(field.type) or types.is_null(field.type)
    _refuse(good, field, "whole numbers", faults)


def _check_type(column: Column, field: Any, faults: Faults) -> None:
    types, found = arrow(WHERE).types, _storage(field.type)
    key, inside = column
    if types.is_null(found) or (key == "attributes" and inside is not None):
        return
    if is_text(found) and key != SCHEMA:
        return
    if key in {"markets", "links"}:
        good, wanted = is_list(found) and _holds(found.value_type, is_text), "lists of texts"
    elif key in {"images", "videos"}:
        kinds = (is_text, _is_bytes)
        good = is_list(found) and any(_holds(found.value_type, kind) for kind in kinds)
        wanted = "lists of paths, or of the bytes of files or fingerprints"
    elif key == "on":
        good, wanted = types.is_date(found) or types.is_timestamp(found), "dates"
    elif key == "certificates":
        good = is_list(found) and types.is_struct(found.value_type)
        wanted = "lists of structs"
    elif key == SCHEMA or (key == "targeting" and inside == "min_age"):
        good, wanted = types.is_integer(found), "whole numbers"
    elif key in {"text", "targeting", "attributes"} and inside is None:
        good = types.is_map(found) or types.is_struct(found)
        wanted = "a map or struct" if key != "text" else "a map or struct of texts"
    else:
        good, wanted = False, "texts"
    _refuse(good, field, wanted, faults)
    _check_struct(field, found, faults)


def _check_struct(field: Any, found: Any, faults: Faults) -> None:
    types = arrow(WHERE).types
    inner = found.value_type if is_list(found) else found
    if types.is_struct(inner):
        counts = Counter(one.name for one in inner)
        for name in [name for name, count in counts.items() if count > 1]:
            message = f"the field {shown(name)} is there twice"
            faults.add(Location(WHERE, header=field.name), message)


def _storage(found: Any) -> Any:
    """The type by which an extension of Arrow (JSON is one) holds what it is."""
    return found.storage_type if isinstance(found, arrow(WHERE).BaseExtensionType) else found


def column_in(batch: Any, number: int) -> Any:
    """A column of a record batch, as plain Arrow."""
    column = batch.column(number)
    return column.storage if isinstance(column, arrow(WHERE).ExtensionArray) else column


def _holds(found: Any, kind: Kind) -> bool:
    return bool(kind(found) or arrow(WHERE).types.is_null(found))


def _is_bytes(found: Any) -> bool:
    types = arrow(WHERE).types
    return bool(
        types.is_binary(found) or types.is_large_binary(found) or types.is_binary_view(found)
    )


def _refuse(good: bool, field: Any, wanted: str, faults: Faults) -> None:
    if not good:
        place = Location(WHERE, header=field.name)
        faults.add(place, f"holds {field.type}, which are not {wanted}")


def creative_of(batch: Any, layout: Layout, row: int) -> dict[str, Any] | None:
    """One row as the dict that the engine takes; None where there can be none.

    It says something twice, or what is none of a creative, or cannot be read at all.

    Args:
        batch: a record batch.
        layout: of its schema.
        row: its number.
    """
    found: dict[str, Any] = {}
    try:
        for number, column in layout.columns:
            array = column_in(batch, number)
            value = _day_in(array, row) if column[0] == "on" else array[row].as_py()
            if value is not None:
                _put(found, column, value)
    except UNREADABLE:
        return None  # no bytes of a file, nor what an engine puts there, takes other rows with it
    return found


class Unreadable(ValueError):
    """A column of texts holds bytes that are no UTF-8."""


def plain_texts(column: Any) -> Any:
    """A column of texts as plain ones, all of which can be read.

    Raises:
        Unreadable: some cannot.
    """
    texts = texts_of(column)
    try:
        texts.validate(full=True)
    except arrow(WHERE).ArrowInvalid as error:
        raise Unreadable(str(error)) from None
    return texts


UNREADABLE: Final = (ValueError, OverflowError, NotImplementedError, RecursionError)
"""What is raised where a value of Arrow is none of Python, or a cell is none that is read."""


def readable(batch: Any, layout: Layout, rows: Sequence[int] | None = None) -> Any:
    """A record batch in which a row with a value that cannot be read is null in every column.

    Bytes that are no UTF-8 are such values: files and other engines write what they like.

    Args:
        batch: a record batch.
        layout: of its schema; columns of which it says nothing are null.
        rows: the rows that are wanted; all of them when left out.
    """
    numbers = [number for number, _ in layout.columns]
    columns = [column_in(batch, number) for number in numbers]
    wanted = range(len(batch)) if rows is None else rows
    held = [_values(columns, row) or [None] * len(columns) for row in wanted]
    pa = arrow(WHERE)
    arrays = [pa.nulls(len(held))] * batch.num_columns
    for place, (number, column) in enumerate(zip(numbers, columns, strict=True)):
        arrays[number] = pa.array([values[place] for values in held], column.type)
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def taken(batch: Any, layout: Layout, rows: Sequence[int]) -> Any:
    """Some rows of a record batch, also of columns out of which Arrow cannot take any.

    Args:
        batch: a record batch.
        layout: of its schema.
        rows: their numbers.
    """
    pa = arrow(WHERE)
    columns = [_without_views(column_in(batch, number)) for number in range(batch.num_columns)]
    plain = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
    try:
        return plain.take(pa.array(rows, pa.int64()))
    except pa.ArrowNotImplementedError:
        return readable(plain, layout, rows)


def _without_views(column: Any) -> Any:
    types, found = arrow(WHERE).types, column.type
    if is_text(found):
        return texts_of(column)
    listed = types.is_list(found) or types.is_large_list(found)
    if listed and types.is_string_view(found.value_type):
        return column.cast(arrow(WHERE).large_list(arrow(WHERE).string()))
    return column


def _values(columns: Sequence[Any], row: int) -> list[Any] | None:
    try:
        return [column[row].as_py() for column in columns]
    except UNREADABLE:
        return None


def _day_in(column: Any, row: int) -> Any:
    """What a row says the date is; its day in UTC where that is a time."""
    if is_text(column.type) or not column[row].is_valid:
        return column[row].as_py()
    return date.fromordinal(int(ordinals_of(column.slice(row, 1))[0]))


class _Twice(ValueError):
    """A row says two things of one name."""


_PLAIN: Final = frozenset({"id", "language", "advertiser", "on"})


def _put(found: dict[str, Any], column: Column, value: Any) -> None:
    key, inside = column
    if isinstance(value, str) and not (key in _PLAIN or (key == "attributes" and inside)):
        _put_text(found, column, value)
    elif inside is not None:
        _inside(found, key)[inside] = value
    elif key in {"text", "targeting", "attributes"}:
        _merge(_inside(found, key), value)
    elif key == "certificates":
        found[key] = [_certificate(one) for one in value]
    else:
        found[key] = value


def _put_text(found: dict[str, Any], column: Column, value: str) -> None:
    """What stands in a column of texts; a text of an ad as it is, all else as a cell is read."""
    key, inside = column
    if key == "text" and inside is not None:
        texts = _inside(found, key)
        if inside in texts:
            raise _Twice
        texts[inside] = value
    elif value.strip():
        said: dict[str, Any] = {}
        put_cell(said, column, value)
        if isinstance(said[key], dict):
            _merge(_inside(found, key), said[key])
        else:
            found[key] = said[key]


def _inside(found: dict[str, Any], key: str) -> dict[str, Any]:
    part = found.setdefault(key, {})
    if not isinstance(part, dict):
        raise _Twice
    return part


def _merge(part: dict[str, Any], value: Any) -> None:
    """Put the entries of a map (pairs) or of a struct (its nulls are not there) into a part."""
    pairs: Sequence[tuple[Any, Any]]
    if isinstance(value, Mapping):
        pairs = [(name, one) for name, one in value.items() if one is not None]
    else:
        pairs = value
    for name, one in pairs:
        if name in part:
            raise _Twice
        part[name] = one


def _certificate(one: Any) -> Any:
    if not isinstance(one, Mapping):
        return one
    return {key: _day(value) for key, value in one.items() if value is not None}


def _day(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo is None else value.astimezone(UTC)).date()


def remembered(make: Callable[[str], Made]) -> Callable[[str], Made]:
    """A function of texts that come again and again; what it makes of long ones is not kept."""
    kept = lru_cache(maxsize=4_096)(make)
    return lambda text: kept(text) if len(text) < _LONG else make(text)


_LONG: Final = 1_000
