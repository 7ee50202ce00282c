"""What differs between two workbooks, cell by cell, for whoever looks before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from io import BytesIO
from typing import Any, Final

Cells = tuple[Any, ...]

_BLANK: Final = "(blank)"


def workbook_differences(name: str, old: bytes, new: bytes) -> Iterator[str]:
    """A line for each cell, and each row, that differs: where, before → after.

    Args:
        name: what the workbook is called.
        old: its bytes now.
        new: its bytes as they would be.
    """
    before, after = _sheets(old), _sheets(new)
    for title in dict.fromkeys((*before, *after)):
        place = f"{name}!{title}"
        yield from _of_sheet(place, before.get(title, []), after.get(title, []))


def _sheets(data: bytes) -> dict[str, list[Cells]]:
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(data), read_only=True)
    try:
        return {
            sheet.title: [_trimmed(row) for row in sheet.iter_rows(values_only=True)]
            for sheet in book.worksheets
        }
    finally:
        book.close()


def _trimmed(row: Cells) -> Cells:
    """A row without the blank cells at its end: how many of them there are says nothing."""
    last = next((n for n in range(len(row), 0, -1) if row[n - 1] is not None), 0)
    return row[:last]


def _of_sheet(place: str, old: Sequence[Cells], new: Sequence[Cells]) -> Iterator[str]:
    # A row that goes moves all below it: rows are matched before their cells are.
    matched = SequenceMatcher(None, old, new, autojunk=False)
    for sort, first, last, start, end in matched.get_opcodes():
        if sort == "equal":
            continue
        both = min(last - first, end - start)
        for n in range(both):
            yield from _of_row(place, first + n + 1, old[first + n], new[start + n])
        for n in range(first + both, last):
            yield f"{place}!{n + 1}: row deleted: {_row(old[n])}"
        for n in range(start + both, end):
            yield f"{place}!{n + 1}: row added: {_row(new[n])}"


def _of_row(place: str, line: int, old: Cells, new: Cells) -> Iterator[str]:
    from openpyxl.utils import get_column_letter

    for n in range(max(len(old), len(new))):
        before, after = (row[n] if n < len(row) else None for row in (old, new))
        if before != after:
            yield f"{place}!{get_column_letter(n + 1)}{line}: {_told(before)} → {_told(after)}"


def _row(cells: Cells) -> str:
    return " | ".join(_told(one) for one in cells if one is not None)


def _told(cell: Any) -> str:
    return _BLANK if cell is None else one_line(str(cell))


def one_line(text: str) -> str:
    r"""A text on one line.

    >>> print(one_line("a\nb"))
    a\nb
    """
    return text.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n")
