"""Creatives out of a table, each with the row that it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from automod.errors import Location


@dataclass(frozen=True, slots=True)
class Row:
    """A row as its table has it: cells under headers, also those that say nothing of a creative.

    Cells are texts, numbers, true or false, dates, or None; a formula is its text.
    """

    header: tuple[str, ...]
    """One object for all rows of a table."""
    cells: tuple[Any, ...]
    place: Location


class Rowed(dict[str, Any]):
    """A creative, with its row.

    >>> one = Rowed({"id": "c1"}, Row(("id",), ("c1",), Location("ads.csv", 2)))
    >>> one == {"id": "c1"}, one.row.header
    (True, ('id',))
    """

    __slots__ = ("row",)

    def __init__(self, creative: dict[str, Any], row: Row) -> None:
        super().__init__(creative)
        self.row = row
