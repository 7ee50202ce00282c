"""A record batch of creatives: which columns are read, and one row of it as a dict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic_core import PydanticCustomError

from automod.errors import InputError, LoadError, Location
from automod.load.arrow_columns import is_list, is_text
from automod.load.creatives import Column, column_of, put_cell
from automod.load.faults import Faults, did_you_mean
from automod.load.headers import CREATIVE_KEYS
from automod.model.arrow import arrow
from automod.model.scalars import shown

INDEX: Final = "index"
"""The column that says the place of a creative in what it is taken from."""

WHERE: Final = "creatives"
"""What a record batch is called in faults, which has no file."""

Kind = Callable[[Any], bool]


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
    are columns too. Names that begin `x-` are passed over.

    Raises:
        InputError: every column that is none of these, is there twice, or holds something else.
    """
    faults = Faults()
    columns: list[tuple[int, Column]] = []
    index: int | None = None
    for number, field in enumerate(schema):
        place = Location(WHERE, header=field.name)
        column = column_of(field.name)
        if field.name == INDEX:
            index = number
            _refuse(arrow(WHERE).types.is_integer(field.type), field, "whole numbers", faults)
        elif column is None:
            if not field.name.startswith("x-") and field.name != "schema":
                hint = did_you_mean(field.name, CREATIVE_KEYS)
                faults.add(place, f"{shown(field.name)} is no column of creatives", hint)
        elif column in [known for _, known in columns]:
            faults.add(place, "the column is there twice")
        else:
            columns.append((number, column))
            _check_type(column, field, faults)
    if not any(column == ("id", None) for _, column in columns):
        faults.add(Location(WHERE, header="id"), "the column is missing")
    if faults.found:
        raise InputError(str(LoadError(faults.found)))
    return Layout(tuple(columns), index)


def _check_type(column: Column, field: Any, faults: Faults) -> None:
    types = arrow(WHERE).types
    found = field.type
    if types.is_null(found) or is_text(found) or types.is_string_view(found):
        return
    key, inside = column
    if key in {"markets", "links"}:
        good = is_list(found) and _holds(found.value_type, is_text)
        _refuse(good, field, "lists of texts", faults)
    elif key in {"images", "videos"}:
        good = is_list(found) and (
            _holds(found.value_type, is_text) or _holds(found.value_type, _is_bytes)
        )
        _refuse(good, field, "lists of paths, or of the bytes of files or fingerprints", faults)
    elif key == "on":
        _refuse(types.is_date(found) or types.is_timestamp(found), field, "dates", faults)
    elif key == "certificates":
        good = is_list(found) and types.is_struct(found.value_type)
        _refuse(good, field, "lists of structs", faults)
    elif key == "targeting" and inside == "min_age":
        _refuse(types.is_integer(found), field, "whole numbers", faults)
    elif key == "text" and inside is None:
        _refuse(_is_map(found) or types.is_struct(found), field, "a map or struct of texts", faults)
    elif key in {"targeting", "attributes"} and inside is None:
        _refuse(_is_map(found) or types.is_struct(found), field, "a map or struct", faults)
    elif key != "attributes":
        _refuse(False, field, "texts", faults)


def _holds(found: Any, kind: Kind) -> bool:
    types = arrow(WHERE).types
    return bool(kind(found) or types.is_null(found) or types.is_string_view(found))


def _is_bytes(found: Any) -> bool:
    types = arrow(WHERE).types
    return bool(
        types.is_binary(found) or types.is_large_binary(found) or types.is_binary_view(found)
    )


def _is_map(found: Any) -> bool:
    """A map whose keys and values are texts, or whose values may be anything."""
    return bool(arrow(WHERE).types.is_map(found))


def _refuse(good: bool, field: Any, wanted: str, faults: Faults) -> None:
    if not good:
        place = Location(WHERE, header=field.name)
        faults.add(place, f"holds {field.type}, which are not {wanted}")


def creative_of(batch: Any, layout: Layout, row: int) -> dict[str, Any] | None:
    """One row as the dict that the engine takes; None where it says something twice.

    Args:
        batch: a record batch.
        layout: of its schema.
        row: its number.
    """
    found: dict[str, Any] = {}
    try:
        for number, column in layout.columns:
            value = batch.column(number)[row].as_py()
            if value is not None:
                _put(found, column, value)
    except (PydanticCustomError, _Twice):
        return None
    return found


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
    elif key == "on":
        found[key] = value.date() if isinstance(value, datetime) else value
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
        put_cell(found, column, value)


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
    return value.date() if isinstance(value, datetime) else value
