"""Readings of what may be disguised, laid out as one more skeleton to search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from automod.text.fold import FoldedText, Folding, Index
from automod.text.letters import Spelling, are_neighbours
from automod.text.words import Skeleton, Word, is_unspaced, words

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
            read = [piece for word in changed for piece in _words_of(word, shift)]
            held = found.setdefault(place, [[]])
            if number == 0:
                held[0] += [word for word in read if word not in held[0]]
            elif len(held) < MOST_READINGS:
                held.append(read)
        return found


def _words_of(spelling: Spelling, shift: int) -> Iterator[Word]:
    """A word as it is read, in folded places of its text; without spaces, its characters.

    `shift`: what is added to the places of the spelling.
    """
    if not any(map(is_unspaced, spelling.text)):
        first, last = spelling.first + shift, spelling.last + shift
        yield Word(first, last + 1, FoldedText(spelling.text))
        return
    for number, piece in enumerate(words(FoldedText(spelling.text))):
        firsts = spelling.firsts[piece.start : piece.end]
        lasts = spelling.lasts[piece.start : piece.end]
        yield Word(min(firsts) + shift, max(lasts) + shift + 1, piece.text, tied=number > 0)


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
