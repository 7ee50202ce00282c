"""Workbooks -> cells, and the place of each; what a program made of a cell is told, not guessed."""

from __future__ import annotations

import re
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from automod.errors import Location, MissingExtra

from .faults import Faults
from .files import MAX_TABLE_BYTES, first_line, why
from .workbook_parts import Merged, SheetPart, merged_cells, sheet_parts

MAX_UNPACKED: Final = 2 * 1024 * 1024 * 1024
"""Bytes that all parts of a workbook may have, unpacked."""
_SHEETS: Final = "xl/worksheets/"
MAX_WHOLE: Final = 256 * 1024 * 1024
"""Bytes that each part but a sheet may have, unpacked: those are read as a whole."""
MAX_LINES: Final = 1_048_576
"""Rows that a sheet has in any spreadsheet."""
MAX_CELLS: Final = 30_000_000
"""Cells that the rows of a sheet may have, blank ones before the last of a row included."""

_CONTROL: Final = re.compile(r"_x(00[01][0-9A-Fa-f]|007[Ff]|[Ff]{3}[EeFf])_")
"""How a workbook writes what XML cannot hold, as `_x000D_`; openpyxl leaves it as it is."""
_UNREADABLE: Final = "is no workbook that can be read"


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that holds no value of its own: what it is instead."""

    what: str
    sort: str = "formula"
    """The sort of fault it is, in a word."""
    hint: str | None = None
    told: bool = False
    """Whether there is a fault about it already, at another cell."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a table below its header, as its file has them.

    Cells of a text file are texts; those of a workbook may be numbers, dates or `Odd` as well.
    """

    file: str
    header: Sequence[Any]
    line: int
    """That of the header."""
    rows: Iterator[tuple[int, Sequence[Any]]]
    sheet: str | None = None

    def at(self, line: int, column: int | None = None) -> Location:
        """The place of a row, or of one of its cells by the number of its column, from 0."""
        if column is None:
            return Location(self.file, line, sheet=self.sheet)
        header = str(self.header[column]).strip() if column < len(self.header) else None
        number = None if self.sheet is None else column + 1
        return Location(self.file, line, number, header=header or None, sheet=self.sheet)


def read_workbook(
    path: Path, name: str, faults: Faults, note: Callable[[str], None] | None = None
) -> Grid | None:
    """The first sheet of a workbook; None, with a fault, when it cannot be read.

    Args:
        path: the file.
        name: what it is called in faults.
        faults: where they go.
        note: called with what was not read: sheets after the first.

    Raises:
        MissingExtra: the extra `analyst` is not installed.
    """
    parts = look_into(path, name, faults)
    if parts is None:
        return None
    if not parts:
        faults.add(Location(name), "has no sheet", code="table")
        return None
    first, *others = parts
    if others and note is not None:
        told = ", ".join(repr(one.title) for one in others)
        note(f"{name}: the sheet {first.title!r} is read, not {told}")
    grid = read_sheets(path, name, [first], faults).get(first.title)
    return None if grid is None or no_header(grid, faults) else grid


def no_header(grid: Grid, faults: Faults) -> bool:
    """Whether a sheet is blank, which leaves a fault."""
    if not grid.header:
        faults.add(Location(grid.file, sheet=grid.sheet), "has no header row", code="table")
    return not grid.header


def look_into(path: Path, name: str, faults: Faults) -> tuple[SheetPart, ...] | None:
    """The sheets of a workbook, not read yet; None, with a fault, when it cannot be read."""
    if not _fits(path, name, faults):
        return None
    try:
        return sheet_parts(path)
    except Exception as error:  # noqa: BLE001 - what a broken file raises is of any kind
        faults.add(Location(name), f"{_UNREADABLE}: {first_line(error)}", code="file")
        return None


def read_sheets(
    path: Path, name: str, parts: Iterable[SheetPart], faults: Faults
) -> dict[str, Grid]:
    """These sheets of a workbook by their titles, without those that leave a fault.

    A blank sheet has no header.

    Raises:
        MissingExtra: the extra `analyst` is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("analyst", f"reading {name}") from None
    grids: dict[str, Grid] = {}
    try:
        with warnings.catch_warnings():
            # Of what it does not keep: rules of validation, pictures. Nothing is written back.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=False)
            try:
                for one in parts:
                    merged = merged_cells(path, one.part)
                    grid = _grid(book[one.title], name, merged, faults)
                    if grid is not None:
                        grids[one.title] = grid
            finally:
                book.close()
    except Exception as error:  # noqa: BLE001 - what a broken file raises is of any kind
        faults.add(Location(name), f"{_UNREADABLE}: {first_line(error)}", code="file")
    return grids


def _fits(path: Path, name: str, faults: Faults) -> bool:
    """Whether a workbook is small enough to be unpacked."""
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
        unpacked = sum(one.file_size for one in parts)
        others = (one.file_size for one in parts if not one.filename.startswith(_SHEETS))
        whole = max(others, default=0)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        hint = "save it as .xlsx, or as CSV"
        faults.add(Location(name), f"{_UNREADABLE}: {first_line(error)}", hint, code="file")
        return False
    except OSError as error:
        faults.add(Location(name), f"cannot be read: {why(error)}", code="file")
        return False
    if size > MAX_TABLE_BYTES or unpacked > MAX_UNPACKED or whole > MAX_WHOLE:
        faults.add(Location(name), f"is larger than {MAX_TABLE_BYTES // 2**20} MiB", code="file")
        return False
    return True


def _grid(sheet: Any, name: str, merged: Sequence[Merged], faults: Faults) -> Grid | None:
    place = Location(name, sheet=sheet.title)
    # What a program says of the size of a sheet is not always so.
    sheet.reset_dimensions()
    held: list[tuple[int, list[Any]]] = []
    cells = 0
    for line, row in enumerate(sheet.iter_rows(), 1):
        values = [_value(cell) for cell in row]
        if holds_something(values):
            held.append((line, values))
        cells += len(values)
        if cells > MAX_CELLS or line > MAX_LINES:
            most = f"{MAX_CELLS} cells" if cells > MAX_CELLS else f"{MAX_LINES} rows"
            faults.add(place, f"has more than {most}", "use several tables", code="file")
            return None
    if not held:
        return Grid(name, [], 1, iter(()), sheet.title)
    _cover(held, merged)
    (line, header), *rows = held
    return Grid(name, [_heading(cell) for cell in header], line, iter(rows), sheet.title)


def holds_something(row: Sequence[Any]) -> bool:
    """Whether a row has a cell that is not blank."""
    return any(
        cell is not None and not (isinstance(cell, str) and not cell.strip()) for cell in row
    )


def _cover(held: Sequence[tuple[int, list[Any]]], merged: Iterable[Merged]) -> None:
    """Put `Odd` in place of what is merged: below its first cell nobody can tell what is meant.

    What lies outside the table, or in no row that holds anything, stays as it is.
    """
    width = len(held[0][1])
    left = MAX_CELLS
    for one in merged:
        first = bisect_left(held, one.top, key=itemgetter(0))
        last = bisect_right(held, one.bottom, key=itemgetter(0))
        odd = Odd(f"merged cells ({one.name})", "merged", "unmerge them and fill each cell")
        for _, row in held[first:last]:
            right = min(one.right, width)
            row.extend([None] * (right - len(row)))
            for column in range(one.left - 1, right):
                row[column] = odd
                odd = replace(odd, told=True)
            left -= max(1, right - one.left + 1)
            if left < 0:
                raise ValueError("its merged cells lie over each other")


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        return Odd("a formula", "formula", "put its value in its place")
    if cell.data_type == "e":
        return Odd(f"the error {cell.value}", "formula")
    return unescaped(cell.value)


def unescaped(value: Any) -> Any:
    r"""A value of a cell, its text with the characters that XML cannot hold.

    >>> unescaped("one_x000D_"), unescaped(1)
    ('one\r', 1)
    """
    if isinstance(value, str) and "_x" in value:
        return _CONTROL.sub(lambda found: chr(int(found[1], 16)), value)
    return value


def _heading(cell: Any) -> str:
    if isinstance(cell, Odd):
        return "" if cell.told else cell.what
    return "" if cell is None else str(cell)
