"""Workbooks -> cells, and the place of each; what a program made of a cell is told, not guessed."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from automod.errors import Location, MissingExtra

from .faults import Faults
from .files import MAX_TABLE_BYTES, first_line, why

MAX_UNPACKED: Final = 2 * 1024 * 1024 * 1024
"""Bytes that all parts of a workbook may have, unpacked."""


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that holds no value of its own: what it is instead."""

    what: str


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
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("analyst", f"reading {name}") from None
    if not _fits(path, name, faults):
        return None
    try:
        with warnings.catch_warnings():
            # Of what it does not keep: rules of validation, pictures. Nothing is written back.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=False)
            try:
                return _first_sheet(book, name, faults, note)
            finally:
                book.close()
    except Exception as error:  # noqa: BLE001 - what a broken file raises is of any kind
        faults.add(Location(name), f"is no workbook that can be read: {first_line(error)}")
        return None


def _fits(path: Path, name: str, faults: Faults) -> bool:
    """Whether a workbook is small enough to be unpacked."""
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        hint = "save it as .xlsx, or as CSV"
        faults.add(Location(name), f"is no workbook that can be read: {first_line(error)}", hint)
        return False
    except OSError as error:
        faults.add(Location(name), f"cannot be read: {why(error)}")
        return False
    if size > MAX_TABLE_BYTES or unpacked > MAX_UNPACKED:
        faults.add(Location(name), f"is larger than {MAX_TABLE_BYTES // 2**20} MiB")
        return False
    return True


def _first_sheet(
    book: Any, name: str, faults: Faults, note: Callable[[str], None] | None
) -> Grid | None:
    if not book.worksheets:
        faults.add(Location(name), "has no sheet")
        return None
    sheet, *others = book.worksheets
    if others and note is not None:
        told = ", ".join(repr(one.title) for one in others)
        note(f"{name}: the sheet {sheet.title!r} is read, not {told}")
    # What a program says of the size of a sheet is not always so.
    sheet.reset_dimensions()
    rows = [(line, [_value(cell) for cell in row]) for line, row in enumerate(sheet.iter_rows(), 1)]
    held = iter([(line, row) for line, row in rows if holds_something(row)])
    line, header = next(held, (0, []))
    if not header:
        faults.add(Location(name, sheet=sheet.title), "has no header row")
        return None
    return Grid(name, [_heading(cell) for cell in header], line, held, sheet.title)


def holds_something(row: Sequence[Any]) -> bool:
    """Whether a row has a cell that is not blank."""
    return any(
        cell is not None and not (isinstance(cell, str) and not cell.strip()) for cell in row
    )


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        return Odd("a formula")
    if cell.data_type == "e":
        return Odd(f"the error {cell.value}")
    return cell.value


def _heading(cell: Any) -> str:
    return "" if cell is None else cell.what if isinstance(cell, Odd) else str(cell)
