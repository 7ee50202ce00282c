"""Workbooks of creatives -> dicts, row by row; what a program made of a cell is told, not guessed.

The columns are those of a CSV file, under headers in English or Arabic. A column that is none of a
creative's is the analyst's own and is kept with its row. A number of a cell is its digits, a date
is written as 2026-11-20; a formula, an error or a merged cell says nothing that could be judged, so
that the row is told as one that cannot be read, with the cell.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from pydantic_core import PydanticCustomError

from automod.errors import InputError, Location, MissingExtra
from automod.model.scalars import refuse, shown

from .ad_headers import slip
from .creatives import Column, column_of, put_cell, refuse_title, said_twice
from .faults import Faults
from .files import first_line
from .headers import case_column
from .json_files import Unreadable
from .kept_rows import Row, Rowed
from .workbook_parts import Merged, SheetPart, merged_cells
from .workbooks import MAX_LINES, Odd, holds_something, look_into, unescaped

Note = Callable[[str], None]
Found = Iterator["Rowed | Unreadable"]

MOST_DIGITS: Final = 15
"""Digits of a number that a spreadsheet keeps; the others become zeros."""

OURS: Final = "automod: "
"""How the headers begin that a result adds: they are made anew when it is judged again."""

_JUDGED: Final = frozenset({"text", "images", "videos", "links"})


def read_creative_sheet(path: Path, name: str, note: Note) -> Found:
    """The creatives of the first sheet of a workbook, one by one.

    Args:
        path: the file.
        name: what it is called.
        note: called with what is not read: sheets after the first, columns of the analyst's own.

    Raises:
        InputError: the file, or its header, cannot be read.
        MissingExtra: the extra `analyst` is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("analyst", f"reading {name}") from None
    part = _first(path, name, note)
    try:
        with warnings.catch_warnings():
            # Of what it does not keep: rules of validation, pictures. Nothing is written back.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=False)
        try:
            sheet = book[part.title]
            # What a program says of the size of a sheet is not always so.
            sheet.reset_dimensions()
            place = Location(name, sheet=part.title)
            yield from _rows(sheet, place, merged_cells(path, part.part), note)
        finally:
            book.close()
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{name}: is no workbook that can be read: {first_line(error)}") from error


def _first(path: Path, name: str, note: Note) -> SheetPart:
    faults = Faults()
    parts = look_into(path, name, faults)
    if not parts:
        raise InputError("\n".join(map(str, faults.found)) or f"{name}: has no sheet")
    if len(parts) > 1:
        told = ", ".join(repr(one.title) for one in parts[1:])
        note(f"{name}: the sheet {parts[0].title!r} is read, not {told}")
    return parts[0]


def _rows(sheet: Any, place: Location, merged: Sequence[Merged], note: Note) -> Found:
    reader: _Sheet | None = None
    for line, cells in enumerate(sheet.iter_rows(), 1):
        if line > MAX_LINES:  # a row says its own number: blank ones up to it would never end
            raise InputError(f"{place}: has more than {MAX_LINES} rows; use several files")
        values = [_value(cell) for cell in cells]
        if not holds_something(values):
            continue
        if reader is None:
            reader = _Sheet(_at(place, line), values, merged)
            if reader.own:
                note(own_columns_note(str(_at(place, line)), reader.own))
        else:
            yield reader.row(line, values)
    if reader is None:
        raise InputError(f"{place}: has no header row")


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        # One over several cells is an object, and one of a data table has no text.
        said = cell.value if isinstance(cell.value, str) else getattr(cell.value, "text", None)
        return Formula(said or "=")
    if cell.data_type == "e":
        return Odd(f"the error {cell.value}")
    return unescaped(cell.value)


class Formula(str):
    """What a cell with a formula says."""

    __slots__ = ()


def _at(place: Location, line: int, column: int | None = None, header: str | None = None) -> Any:
    return Location(place.file, line, column, header or None, place.sheet)


def own_columns_note(place: str, names: Sequence[str]) -> str:
    """What is said of columns that are kept and not read.

    >>> own_columns_note("ads.xlsx!Ads:1", ["Campaign", "Owner"])
    "ads.xlsx!Ads:1: kept, not judged: the columns 'Campaign', 'Owner'"
    """
    told = ", ".join(map(repr, names))
    return f"{place}: kept, not judged: the column{'s' if len(names) > 1 else ''} {told}"


def columns_kept(header: Sequence[str], place: str) -> tuple[list[Column | None], list[str]]:
    """What each column is, and the names of those that are the analyst's own.

    A header that is nearly one of ours is a slip of the pen, not a column of somebody's own:
    what stands below it would not be judged, and nobody would know.

    Raises:
        InputError: a header is misspelt or there twice, or the table has nothing to judge.

    >>> columns_kept(["id", "Campaign", "النص"], "ads.xlsx:1")
    ([('id', None), None, ('text', 'body')], ['Campaign'])
    """
    refuse_title(header, place)
    columns: list[Column | None] = []
    wrong: list[str] = []
    own: list[str] = []
    for raw in header:
        name = case_column(raw)
        column = column_of(name)
        at = f'{place}, column "{raw.strip()}"'
        if column is not None and column in columns:
            wrong.append(f"{at}: {said_twice(column)}")
        elif column is None and name and not name.startswith(("x-", OURS)):
            hint = slip(name)
            if hint is not None:
                wrong.append(f"{at}: {shown(raw)} is no column of creatives; {hint}")
            own.append(raw.strip())
        columns.append(column)
    wrong += _lacking(columns, place)
    if wrong:
        raise InputError("\n".join(wrong))
    return columns, own


def _lacking(columns: Sequence[Column | None], place: str) -> Iterator[str]:
    keys = {column[0] for column in columns if column is not None}
    if "id" not in keys:
        yield f"{place}: no column 'id'; each ad has a name of its own"
    if not keys & _JUDGED:
        yield f"{place}: no column holds anything to judge; write 'text.body', 'images' or 'links'"


class _Sheet:
    """The rows of one sheet below its header."""

    def __init__(self, place: Location, header: Sequence[Any], merged: Sequence[Merged]) -> None:
        self._place = place
        last = max(n for n, cell in enumerate(header, 1) if holds_something([cell]))
        self.header = tuple(_heading(cell) for cell in header[:last])
        self.columns, self.own = columns_kept(self.header, str(place))
        self._merged = merged

    def row(self, line: int, values: Sequence[Any]) -> Rowed | Unreadable:
        """The creative of a row; or why it is none, in which cell."""
        width = len(self.header)
        cells = [*values[:width], *[None] * (width - len(values))]
        row = Row(self.header, tuple(map(_kept, cells)), _at(self._place, line))
        if holds_something(values[width:]):
            message = f"the row has {len(values)} cells, the header has {width}"
            return Unreadable(line, message, row.place, row)
        found: dict[str, Any] = {}
        for number, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
            if column is None:
                continue
            try:
                self._refuse_merged(line, number + 1)
                text = text_of(cell, column)
                if text.strip():
                    put_cell(found, column, text)
            except PydanticCustomError as error:
                place = _at(self._place, line, number + 1, self.header[number].strip())
                return Unreadable(line, _told(error), place, row)
        return Rowed(found, row)

    def _refuse_merged(self, line: int, column: int) -> None:
        for one in self._merged:
            if one.top <= line <= one.bottom and one.left <= column <= one.right:
                hint = "take the cells apart and fill in each"
                raise refuse(f"the cell is merged ({one.name})", hint)


def _heading(cell: Any) -> str:
    return "" if cell is None else cell.what if isinstance(cell, Odd) else str(cell)


def _kept(cell: Any) -> Any:
    """A cell for whoever wants it back: a formula is its text."""
    if isinstance(cell, Odd):
        return cell.what.removeprefix("the error ")
    return str(cell) if isinstance(cell, Formula) else cell


def _told(error: PydanticCustomError) -> str:
    hint = (error.context or {}).get("hint")
    return f"{error.message()}; {hint}" if hint else str(error.message())


def text_of(cell: Any, column: Column) -> str:
    """What a cell says, as a text file would have it.

    Raises:
        PydanticCustomError: that cannot be known.

    >>> text_of(123, ("id", None)), text_of(18.0, ("targeting", "min_age")), text_of(None, ("", ""))
    ('123', '18', '')
    >>> text_of(datetime(2026, 11, 20), ("on", None))
    '2026-11-20'
    """
    if cell is None:
        return ""
    if isinstance(cell, Formula):
        raise refuse("holds a formula, not a value", "put its value in its place")
    if isinstance(cell, Odd):
        raise refuse(f"holds {cell.what}, not a value")
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return _digits(cell)
    return _date(cell, column)


def _digits(cell: float) -> str:
    if abs(cell) >= 10**MOST_DIGITS:
        hint = "make the column text, then type it again"
        raise refuse(f"{cell:.0f} has more digits than a number of a spreadsheet keeps", hint)
    return str(int(cell)) if cell == int(cell) else f"{cell:.15g}"


def _date(cell: Any, column: Column) -> str:
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    if column[0] == "on" and (isinstance(cell, datetime) or not isinstance(cell, date)):
        raise refuse(f"{cell} is a time, and a date belongs here", "write it as 2026-11-01")
    return str(cell)
