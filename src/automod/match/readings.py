"""Readings of what may be disguised, laid out as one more skeleton to search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from automod.text.fold import FoldedText, Folding, Index
from automod.text.letters import Spelling, are_neighbours
from automod.text.words import Skeleton, Word

from .places import Places

MOST_READINGS: Final = 64
"""Readings of one text that phrases are looked for in."""

Piece = tuple[int, int, list[Spelling]]
"""Where a stretch begins, the number of a reading of it, and that reading."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A skeleton of readings, with the folded places that its characters come from."""

    bones: Skeleton
    ends: Index
    pieces: Sequence[Piece]
    cut: frozenset[int] = frozenset()
    """Places of texts of which only the first disguises were read."""

    def words_by_place(self, places: Places, folding: Folding) -> dict[int, list[list[Word]]]:
        """What is read otherwise than it stands, by text: words in places of its folded form.

        The likeliest readings of all stretches come first, together.
        """
        found: dict[int, list[list[Word]]] = {}
        for offset, number, reading in self.pieces:
            changed = [word for word in reading if word.folds]
            if not changed:
                continue
            # Of the words around it some may stand in another text.
            place = places.text_at(offset + changed[0].first)
            shift = offset - int(folding.folded_at[place])
            words = [
                Word(word.first + shift, word.last + shift + 1, FoldedText(word.text))
                for word in changed
            ]
            held = found.setdefault(place, [[]])
            if number == 0:
                held[0] += words
            elif words and len(held) < MOST_READINGS:
                held.append(words)
        return found


def laid_out(pieces: Sequence[Piece], cut: frozenset[int] = frozenset()) -> Reading:
    """Readings as one skeleton: words apart by a space, or two where they are no neighbours."""
    chars = ["  "]
    firsts, lasts = [0, 0], [0, 0]
    for offset, _, reading in pieces:
        before = None
        for word in reading:
            near = before is not None and are_neighbours(before, word)
            gap = " " if near else "  "
            place = offset + word.first
            chars += [gap, word.text]
            firsts += [place] * len(gap) + [offset + one for one in word.firsts]
            lasts += [place] * len(gap) + [offset + one for one in word.lasts]
            before = word
    chars.append("  ")
    firsts += firsts[-1:] * 2
    lasts += lasts[-1:] * 2
    codes = np.frombuffer("".join(chars).encode("utf-32-le"), np.uint32)
    return Reading(Skeleton(codes, np.array(firsts)), np.array(lasts), pieces, cut)
