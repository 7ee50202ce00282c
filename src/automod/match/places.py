"""From folded characters back to the text that they are of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from automod.text.backwards import OVERRIDES
from automod.text.fold import FoldedText, Folding, Index, grow
from automod.text.loose import loose
from automod.text.tables import MARK, tables
from automod.text.tables.far import DELETED, far_tables

FIRST_MARK: Final = "\u0300"
POP: Final = "\u202c"
"""Ends an override."""

Match = tuple[int, int, int, int]
"""Text number, start, end (half-open, code points of the original text), material number."""


class Spans(NamedTuple):
    """Spans of a skeleton, half-open, in columns, each with the number of a material."""

    begin: Index
    finish: Index
    number: Index


class Places:
    """From folded characters back to the text they are of."""

    __slots__ = (
        "_end", "_folding", "_joined", "_joined_at", "_kinds", "_numbers", "_offsets", "_start",
    )  # fmt: skip

    def __init__(self, folding: Folding, numbers: Sequence[int]) -> None:
        self._folding = folding
        self._joined = folding.joined
        self._joined_at: list[int] = folding.joined_at.tolist()
        self._numbers = numbers
        self._offsets: dict[int, int] | None = None
        self._kinds = tables().kinds.item
        self._start = None if folding.start is None else folding.start.item
        self._end = None if folding.end is None else folding.end.item

    def text_at(self, index: int) -> int:
        """The place in the folding of the text that holds a folded character."""
        joined = index if self._start is None else self._start(index)
        return bisect_right(self._joined_at, joined) - 1

    def original(self, first: int, last: int, number: int) -> Match:
        """The match of a material at folded characters first to last."""
        if self._start is None or self._end is None:
            start, end = first, last
        else:
            start, end = self._start(first), self._end(last - 1)
        # Nothing below U+0300 belongs to the letter before it, and most of what follows does not.
        if self._joined[end] >= FIRST_MARK:
            end = grow(self._joined, end)
        begins = self._joined_at
        place = bisect_right(begins, start) - 1
        offset = begins[place]
        return self._numbers[place], start - offset, end - offset, number

    def originals(
        self, spans: Spans, at: Index, ends: Index, *, loosened: bool = False
    ) -> list[Match]:
        """The matches of spans of a skeleton.

        `at`, `ends`: first and last folded character that each of the skeleton comes from;
        `loosened`: it lacks marks that loose takes out.
        """
        start: npt.NDArray[np.signedinteger] = at[spans.begin]
        end: npt.NDArray[np.signedinteger] = ends[spans.finish - 1] + 1
        if loosened:
            marked = far_tables().loose.take(self._folding.chars.take(end)) == DELETED
            for match in marked.nonzero()[0].tolist():
                end[match] = self.past_marks(end.item(match))
        if self._folding.start is not None and self._folding.end is not None:
            start, end = self._folding.start[start], self._folding.end[end - 1]
        place = np.searchsorted(self._folding.joined_at, start, side="right") - 1
        offset = self._folding.joined_at[place]
        columns = (place, start, end, offset, spans.number)
        numbers, joined = self._numbers, self._joined
        return [
            (
                numbers[place],
                start - offset,
                (end if joined[end] < FIRST_MARK else grow(joined, end)) - offset,
                number,
            )
            for place, start, end, offset, number in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ]

    def past_marks(self, last: int) -> int:
        """The end of a span moved over the marks that loose takes out."""
        loose, chars = far_tables().loose, self._folding.chars
        while loose.item(chars.item(last)) == DELETED:
            last += 1
        return last

    def whole(self, first: int, last: int) -> bool:
        """Whether the span cuts no letter from its marks."""
        return not self._inside(first) and not self._inside(last)

    def _inside(self, place: int) -> bool:
        groups = self._folding.groups
        if not groups[place - 1] & groups[place]:
            return False
        return bool(self._kinds(self._folding.chars.item(place)) & MARK)

    def folded(self, first: int, last: int) -> FoldedText:
        """Folded characters first to last, in the safe view."""
        return FoldedText(self._folding.folded[first:last])

    def surface(self, match: Match) -> str:
        """What stands at a match in the original."""
        offset = self._offset(match[0])
        return self._joined[offset + match[1] : offset + match[2]]

    def overridden(self, match: Match) -> Match:
        """The match with the override around it that shows it backwards, if there is one."""
        number, start, end, material = match
        offset, joined = self._offset(number), self._joined
        if joined[offset + start - 1] not in OVERRIDES:
            return match
        closed = joined[offset + end] == POP
        return number, start - 1, end + closed, material

    def _offset(self, number: int) -> int:
        if self._offsets is None:
            self._offsets = dict(zip(self._numbers, self._joined_at, strict=True))
        return self._offsets[number]

    def holds(self, first: int, last: int, value: FoldedText, *, loosely: bool = False) -> bool:
        """Whether folded characters first to last are the value."""
        held = self.folded(max(first, 0), last)
        return held == value or (loosely and loose(held) == loose(value))
