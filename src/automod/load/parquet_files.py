"""Parquet files: that they hold a format of ours, and which of their columns are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from automod.errors import Location
from automod.model.arrow import FORMAT, SCHEMA, VERSION, arrow
from automod.model.scalars import shown

from .arrow_columns import is_list, is_text
from .faults import Faults, did_you_mean
from .files import first_line

BATCH: Final = 1 << 16
"""Rows that are read at a time."""

_LIST_STEPS: Final = frozenset({"list", "element", "item", "array", "bag", "array_element"})


def open_parquet(path: Path, name: str, what: str, faults: Faults) -> Any | None:
    """A Parquet file that holds a format of ours; None, with a fault, where it does not.

    Args:
        path: the file.
        name: what it is called in faults.
        what: the format, as its schema names it.
        faults: where they go.

    Raises:
        MissingExtra: the extra `arrow` is not installed.
    """
    pa = arrow(f"reading {name}")
    try:
        file = pa.parquet.ParquetFile(path)
        said = file.schema_arrow.metadata or {}
    except (pa.ArrowException, OSError, ValueError) as error:
        faults.add(Location(name), f"is no Parquet file that can be read: {first_line(error)}")
        return None
    if said.get(FORMAT, what.encode()) != what.encode():
        other = said[FORMAT].decode("utf-8", "replace")
        faults.add(Location(name), f"holds the format {other!r}, not {what!r}")
    elif said.get(SCHEMA, str(VERSION).encode()) != str(VERSION).encode():
        number = said[SCHEMA].decode("utf-8", "replace")
        hint = f"this automod reads schema {VERSION}"
        faults.add(Location(name), f"schema {number} is not known", hint)
    else:
        return file
    file.close()
    return None


def leaves(file: Any, wanted: Collection[str]) -> list[str]:
    """The columns of a file, as Parquet names them, that are wanted, or lie inside of one.

    Args:
        file: a Parquet file.
        wanted: paths without the steps of lists: `hits.material`.
    """
    paths = [file.schema.column(number).path for number in range(len(file.schema))]
    return [path for path in paths if any(_within(path, one) for one in wanted)]


def _within(path: str, wanted: str) -> bool:
    """Whether a leaf is what is wanted, or a part of it; steps of lists are looked over."""
    names = wanted.split(".")
    steps = path.split(".")
    while names and steps:
        if steps[0] == names[0]:
            del names[0]
        elif steps[0] not in _LIST_STEPS:
            return False
        del steps[0]
    return not names


Sort = Literal["text", "whole", "number", "flag", "day", "list", "struct"]

_SORTS: Final[Mapping[Sort, str]] = {
    "text": "texts", "whole": "whole numbers", "number": "numbers", "flag": "true and false",
    "day": "dates", "list": "lists", "struct": "structs",
}  # fmt: skip


def check_columns(
    schema: Any, wanted: Mapping[str, Sort], name: str, faults: Faults, optional: Collection[str]
) -> None:
    """Keep a fault for each column that is missing, or holds something else.

    Args:
        schema: of the file.
        wanted: path (without the steps of lists) -> what is to be there.
        name: what the file is called.
        faults: where they go.
        optional: paths that may be missing; what lies in one that is missing is not asked for.
    """
    for path, sort in wanted.items():
        above = path.rpartition(".")[0]
        found = _type_at(schema, path)
        if (
            found is None
            and path not in optional
            and (not above or _type_at(schema, above) is not None)
        ):
            faults.add(Location(name, header=path), "the column is missing")
        elif found is not None and not _is_sort(found, sort):
            message = f"holds {found}, which are not {_SORTS[sort]}"
            faults.add(Location(name, header=path), message)


def _type_at(schema: Any, path: str) -> Any | None:
    """The type of a column, or of what is in it; None where there is none."""
    pa = arrow("reading Parquet")
    here = pa.struct(list(schema))
    for step in path.split("."):
        while is_list(here):
            here = here.value_type
        if not pa.types.is_struct(here) or here.get_field_index(step) < 0:
            return None
        here = here.field(step).type
    return here


def _is_sort(found: Any, sort: Sort) -> bool:
    types = arrow("reading Parquet").types
    if types.is_null(found):
        return True
    if sort == "list":
        return is_list(found)
    if sort == "struct":
        return bool(types.is_struct(found))
    if sort == "flag":
        return bool(types.is_boolean(found))
    if sort in {"whole", "number"}:
        return bool(types.is_integer(found) or (sort == "number" and types.is_floating(found)))
    return is_text(found) or (
        sort == "day" and bool(types.is_date(found) or types.is_timestamp(found))
    )


def refuse_unknown(schema: Any, known: Collection[str], name: str, faults: Faults) -> None:
    """Keep a fault for each column that is none of those known; `x-` names pass.

    Args:
        schema: of the file.
        known: paths (without the steps of lists); what lies in one that has no part is not asked.
        name: what the file is called.
        faults: where they go.
    """
    waiting = [("", one) for one in schema]
    while waiting:
        above, column = waiting.pop()
        path = f"{above}{column.name}"
        if column.name.startswith("x-"):
            continue
        if path not in known:
            beside = [one[len(above) :] for one in known if one.startswith(above)]
            hint = did_you_mean(column.name, [one for one in beside if "." not in one])
            message = f"{shown(column.name)} is no column here"
            faults.add(Location(name, header=path), message, hint)
        elif any(one.startswith(f"{path}.") for one in known):
            waiting += [(f"{path}.", one) for one in _fields(column.type)]


def _fields(found: Any) -> list[Any]:
    while is_list(found):
        found = found.value_type
    return list(found) if arrow("reading Parquet").types.is_struct(found) else []


def batches(file: Any, columns: list[str]) -> Iterator[tuple[int, Any]]:
    """Rows of a Parquet file, some at a time, and how many come before them.

    Raises:
        pyarrow.ArrowException, OSError: it is damaged.
    """
    first = 0
    for batch in file.iter_batches(batch_size=BATCH, columns=columns):
        yield first, batch
        first += len(batch)
