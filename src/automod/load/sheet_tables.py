"""Sheets of workbooks -> tables of materials, by way of the texts that a CSV file would have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

from automod.errors import Location
from automod.model.scalars import shown

from .cells import texts_of
from .faults import Faults
from .headers import key_of, sheet_of
from .tables import Table, head_of, make_table
from .workbook_parts import SheetPart
from .workbooks import Grid, Odd, holds_something, look_into, no_header, read_sheets

Column = Sequence[Any]


def read_book_table(path: Path, name: str, faults: Faults, notes: list[str]) -> Table | None:
    """The materials of a workbook: of its sheet `materials`, else of the first that is seen.

    Args:
        path: the file.
        name: what it is called in faults.
        faults: where they go.
        notes: where it goes which sheets were not read.

    Raises:
        MissingExtra: the extra `analyst` is not installed.
    """
    parts = look_into(path, name, faults)
    if parts is None:
        return None
    seen = [one for one in parts if is_shown(one)]
    chosen = [one for one in parts if sheet_of(one.title) == "materials"] or seen[:1]
    if len(chosen) != 1:
        message = "has two sheets of materials" if chosen else "has no sheet that is not hidden"
        faults.add(Location(name), message, code="table")
        return None
    others = ", ".join(repr(one.title) for one in seen if one not in chosen)
    if others:
        notes.append(f"{name}: the sheet {chosen[0].title!r} is read, not {others}")
    grid = read_sheets(path, name, chosen, faults).get(chosen[0].title)
    return None if grid is None or no_header(grid, faults) else table_of(grid, faults)


def is_shown(sheet: SheetPart) -> bool:
    """Whether a sheet is for people: lists for drop-downs are hidden, or their names begin `_`."""
    return not sheet.hidden and not sheet.title.startswith("_")


def table_of(grid: Grid, faults: Faults) -> Table:
    """The materials of a sheet; what is wrong with its cells goes to `faults`."""
    # Where no header is a key, the row is none: what stands below it is no second fault.
    titled = any(key_of(str(one)) for one in grid.header)
    lines, columns = columns_of(grid, faults if titled else Faults())
    head = head_of(grid.file, grid.header, partial(grid.at, grid.line), faults, grid.sheet)
    texts: list[Sequence[str]] = []
    spoilt: set[int] = set()
    for number, (key, column) in enumerate(zip(head.keys, columns, strict=True)):
        if key is None:
            texts.append([""] * len(lines))
            continue

        def at(row: int, number: int = number) -> Location:
            return grid.at(lines[row], number)

        read, bad = texts_of(column, key, at, faults)
        texts.append(read)
        spoilt.update(lines[row] for row in bad)
    return make_table(head, texts, lines, faults, frozenset(spoilt))


def columns_of(grid: Grid, faults: Faults) -> tuple[list[int], list[Column]]:
    """The line of each row, and the cells below each header; those below none leave a fault."""
    rows = list(grid.rows)
    lines = [line for line, _ in rows]
    columns: list[Column] = list(zip_longest(*(cells for _, cells in rows)))
    width = len(grid.header)
    columns += [[None] * len(rows)] * (width - len(columns))
    for number, column in enumerate(columns):
        if number < width and str(grid.header[number]).strip():
            continue
        first = next((row for row, cell in enumerate(column) if holds_something([cell])), None)
        if first is not None and not (isinstance(column[first], Odd) and column[first].told):
            _refuse_stray(grid.at(lines[first], number), column[first], faults)
    return lines, columns[:width]


def _refuse_stray(place: Location, cell: Any, faults: Faults) -> None:
    what = (
        cell.what if isinstance(cell, Odd) else shown(cell if isinstance(cell, str) else str(cell))
    )
    hint = "write above it what the column is, or clear it"
    faults.add(place, f"{what} stands below no header", hint, code="table")
