"""Tables as one XLSX file: texts stay texts, numbers are numbers, and nothing is a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal

from automod.errors import MissingExtra

from .visible import shown

if TYPE_CHECKING:
    from xlsxwriter import Format, Workbook, Worksheet

Cell = str | float | None
"""A bool is neither: yes and no are words of the report's language."""
Style = Literal["text", "wrapped", "count", "percent", "points", "score", "p"]

LONGEST: Final = 32_767
"""Characters of a cell; Excel opens no file with more in one."""
MOST_ROWS: Final = 1_048_575
"""Rows of a sheet below its header."""

_STYLES: Final[Mapping[Style, dict[str, Any]]] = {
    "text": {"num_format": "@"},
    "wrapped": {"num_format": "@", "text_wrap": True},
    "count": {"num_format": "#,##0"},
    "percent": {"num_format": "0.0%"},
    "points": {"num_format": "+0.0%;-0.0%;0.0%"},
    "score": {"num_format": "0.00##"},
    "p": {"num_format": "0.0000"},
}  # fmt: skip
_HEAD: Final = {
    "bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E7ECF3", "bottom": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands above it, how its numbers look, and how wide it is in characters."""

    head: str
    style: Style = "text"
    width: float = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a name of at most 31 characters; its first columns may stay in sight."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    frozen: int = 1


def workbook(sheets: Sequence[Sheet], *, rtl: bool = False, created: str | None = None) -> bytes:
    """The bytes of an XLSX file; the same sheets give the same bytes.

    Args:
        sheets: in the order of their tabs.
        rtl: columns from right to left.
        created: the day the file says it is of, YYYY-MM-DD.

    Raises:
        MissingExtra: XlsxWriter is not installed.

    >>> workbook([Sheet("a", (Column("id"),), [["007"]])])[:2]
    b'PK'
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise MissingExtra("analyst", "writing XLSX") from None

    stream = BytesIO()
    book = Workbook(stream, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    })  # fmt: skip
    # Else the file would hold the time of day.
    book.set_properties({"created": datetime.fromisoformat(created or "1980-01-01")})
    formats = {style: book.add_format({"valign": "top", **one}) for style, one in _STYLES.items()}
    head = book.add_format(_HEAD)
    for sheet in sheets:
        _write(book, sheet, formats, head, rtl=rtl)
    book.close()
    return stream.getvalue()


def _write(
    book: Workbook, sheet: Sheet, formats: Mapping[Style, Format], head: Format, *, rtl: bool
) -> None:
    target = book.add_worksheet(sheet.name)
    if rtl:
        target.right_to_left()
    target.freeze_panes(1, sheet.frozen)
    for place, column in enumerate(sheet.columns):
        target.set_column(place, place, column.width)
        target.write_string(0, place, column.head[:1].upper() + column.head[1:], head)
    styles = [formats[column.style] for column in sheet.columns]
    rows = _fitting(sheet)
    for number, row in enumerate(rows, start=1):
        for place, (cell, style) in enumerate(zip(row, styles, strict=True)):
            _put(target, number, place, cell, style)
    target.autofilter(0, 0, max(len(rows), 1), len(sheet.columns) - 1)
    # Ids of digits are texts on purpose: no green corner for each of them.
    target.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _fitting(sheet: Sheet) -> Sequence[Sequence[Cell]]:
    """The rows that a sheet can hold; the last says how many more there were."""
    if len(sheet.rows) <= MOST_ROWS:
        return sheet.rows
    more = f"… +{len(sheet.rows) - MOST_ROWS + 1:,}"
    blank: list[Cell] = [None] * (len(sheet.columns) - 1)
    return [*sheet.rows[: MOST_ROWS - 1], [more, *blank]]


def _put(target: Worksheet, row: int, column: int, cell: Cell, style: Format) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        target.write_string(row, column, _fit(cell), style)
    else:
        target.write_number(row, column, cell, style)


def _fit(text: str) -> str:
    """A text that a cell can hold, with nothing in it that acts; its lines stay apart."""
    told = "\n".join(shown(line) for line in text.split("\n"))
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"
