"""What stands in a cell -> the text that a file would have: only where nothing was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final

from pydantic_core import PydanticCustomError

from automod.errors import Location
from automod.model.scalars import refuse

from .faults import Faults
from .workbooks import Odd

Read = Callable[[Any], str]

AS_TEXT: Final = "format the column as text and type it again"


def _number(cell: Any) -> str:
    """A number of a sheet, as people write it: with a percent format it is one like any other."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        written = f"{cell:.12f}" if isinstance(cell, float) else str(cell)
        return written.rstrip("0").rstrip(".") if "." in written else written
    raise refuse(f"{as_made(cell)}, and a number belongs here", AS_TEXT)


def _day(cell: Any) -> str:
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise refuse(f"{cell.isoformat(' ')} is a time, and a date belongs here")
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    raise refuse(f"{as_made(cell)}, and a date belongs here", "write it as 2026-11-01")


def _flag(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    raise refuse(f"{as_made(cell)}, and true or false belongs here")


def _text(cell: Any) -> str:
    raise refuse(f"{as_made(cell)}, and text belongs here", AS_TEXT)


def _anything(cell: Any) -> str:
    """A note that matches nothing: a number or a date in it is what was meant."""
    if isinstance(cell, bool):
        return _flag(cell)
    return _number(cell) if isinstance(cell, (int, float)) else _day(cell)


_READ_AS: Final[Mapping[str, Read]] = {
    **dict.fromkeys(
        ("weight", "gap", "radius", "needs_within", "schema", "ramp", "expected_rate"), _number
    ),
    **dict.fromkeys(("from", "until", "added", "on"), _day),
    "only_if_obfuscated": _flag,
}
"""What may be other than text, by its key."""


def as_made(cell: Any) -> str:
    """What a program made of a cell, in a few words.

    >>> as_made(966501234567), as_made(datetime(2026, 11, 1))
    ('966501234567 is a number in this workbook', '2026-11-01 is a date in this workbook')
    """
    if isinstance(cell, bool):
        return f"{str(cell).upper()} is true or false in this workbook"
    if isinstance(cell, (int, float)):
        return f"{cell:.15g} is a number in this workbook"
    what = "a date" if isinstance(cell, date) else "a time"
    return f"{str(cell).removesuffix(' 00:00:00')} is {what} in this workbook"


def text_of(cell: Any, key: str) -> str:
    """The text that a file would have in place of a cell; of a blank one an empty text.

    Args:
        cell: as the workbook has it.
        key: what it is read as: the last word of its key.

    Raises:
        PydanticCustomError: it holds no value, or a program made of what was typed something else
            than belongs there.

    >>> text_of(0.9, "weight"), text_of(datetime(2026, 11, 1), "until"), text_of(True, "x-old")
    ('0.9', '2026-11-01', 'true')
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, Odd):
        raise refuse(f"holds {cell.what}, not a value", cell.hint)
    return (_anything if key.startswith("x-") else _READ_AS.get(key, _text))(cell)


def texts_of(
    column: Sequence[Any], key: str, at: Callable[[int], Location], faults: Faults
) -> tuple[list[str], list[int]]:
    """The texts of a column of cells, and the numbers of those that leave a fault.

    Args:
        column: the cells.
        key: what they are read as.
        at: the place of a cell by its number.
        faults: where faults go.
    """
    if set(map(type, column)) <= {str, type(None)}:
        return [cell or "" for cell in column], []
    texts: list[str] = []
    spoilt: list[int] = []
    seen: dict[tuple[type, Any], str] = {}
    for number, cell in enumerate(column):
        # A table has the same few weights and days in all its rows. What is equal need not be
        # alike: 1 is true.
        text = cell if isinstance(cell, str) else seen.get((type(cell), cell))
        if text is None:
            text = read_cell(cell, key, partial(at, number), faults)
            if text is None:
                spoilt.append(number)
            else:
                seen[type(cell), cell] = text
        texts.append(text or "")
    return texts, spoilt


def read_cell(cell: Any, key: str, at: Callable[[], Location], faults: Faults) -> str | None:
    """The text of a cell; None, with a fault, where it has none to give."""
    try:
        return text_of(cell, key)
    except PydanticCustomError as error:
        if not (isinstance(cell, Odd) and cell.told):
            hint = (error.context or {}).get("hint")
            sort = cell.sort if isinstance(cell, Odd) else "typed"
            faults.add(at(), error.message(), hint, code=sort)
        return None
