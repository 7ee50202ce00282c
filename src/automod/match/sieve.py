"""Raw matches of a batch that are plainly matches, or plainly none, told apart in arrays.

In running text most raw matches come to nothing: a stem in the middle of a word that is no form of
it, a word that only the loose fold makes equal to a material of the safe view. Of the others most
are a match as they stand. One at a time each costs half a microsecond; a look at whole columns
leaves the few that have to be looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from automod.text.fold import Folding, Index
from automod.text.inflection import Paradigm, Stem
from automod.text.words import SPACE, Flags, Skeleton

from .literals import Raw
from .patterns import INFLECTED, MODES, NUMBER, PLAIN, TIGHT, Uses
from .places import Spans

FEWEST: Final = 64
"""Raw matches from which on arrays are faster."""

OPEN, UNCHANGED, VALUE, AFFIXED, SURE = range(5)
"""What is plain of the raw matches of a pattern: nothing; they are none where loose changed a
letter; none where the letters before it do not add up to those of a value; none where a letter is
beside them that no affix has; each is a match."""

SUM_BITS: Final = 32
"""How many bits lie below the number of a pattern. Sums are modulo 2**32, so they may run over."""


class Sieve:
    """Made for patterns by their uses. Immutable."""

    def __init__(
        self,
        uses: Uses,
        touched: Mapping[int, Collection[str]],
        stems: Mapping[int, Sequence[Stem]],
    ) -> None:
        """`touched`: the values that loose changes, by material; `stems`: of those inflected."""
        self._uses = np.fromiter(uses.patterns.values(), np.int64, len(uses.patterns))
        sorts = _sorts(self._uses, uses.several, touched)
        self._sorts, self._sums = _summed(uses, sorts, touched)
        paradigms = {stem.paradigm for some in stems.values() for stem in some}
        self._ends = _codes(before[-1:] for one in paradigms for before in one.rows)
        self._begins = _codes(after[:1] for one in paradigms for after in _endings(one))

    def __call__(
        self, raw: Sequence[Raw], folding: Folding, bones: Skeleton, changed: Flags | None
    ) -> tuple[Spans | None, Sequence[Raw]]:
        """The places of those that are matches, if any; and those that have to be looked at.

        `bones`: the skeleton that was searched, of `folding`; `changed`: where loose changed it.
        """
        if len(raw) < FEWEST:
            return None, raw
        found = np.fromiter(chain.from_iterable(raw), np.int64, 3 * len(raw)).reshape(-1, 3)
        patterns, starts, ends = found.T
        sorts = self._sorts[patterns]
        kept = sorts == OPEN
        places = np.zeros(0, np.int64) if changed is None else changed.nonzero()[0]
        value = (sorts == VALUE).nonzero()[0]
        kept[value] = self._add_up(found[value], folding, bones)
        # Spaces at the edges of a pattern are no part of what has to be as it was.
        kept |= (sorts == UNCHANGED) & ~_any_in(places, starts + 1, ends - 1)
        affixed = (sorts == AFFIXED).nonzero()[0]
        chars = bones.chars
        kept[affixed] = _among(self._ends, chars[starts[affixed] - 1]) & _among(
            self._begins, chars[ends[affixed]]
        )
        sure = found[sorts == SURE]
        uses = self._uses[sure[:, 0]]
        spans = Spans(sure[:, 1] + (uses >> 1 & 1), sure[:, 2] - (uses & 1), uses >> NUMBER)
        return spans if len(sure) else None, [raw[n] for n in kept.nonzero()[0].tolist()]

    def _add_up(self, found: Index, folding: Folding, bones: Skeleton) -> Flags:
        """Whether the letters that raw matches, in rows, come from may be those of a value.

        Where loose makes many words of a language one, most are others: words of other letters.
        """
        if not len(found):
            return np.zeros(0, np.bool_)
        patterns, starts, ends = found.T
        sums, at, chars = folding.chars.cumsum(dtype=np.uint32), bones.at, bones.chars
        first, last = starts + (chars[starts] == SPACE), ends - (chars[ends - 1] == SPACE)
        # Up to the next character that loose left: marks that it took out are part of the value.
        # There is one at least before and behind: texts are joined by what separates them.
        asked = patterns << SUM_BITS | (sums[at[last] - 1] - sums[at[first] - 1])
        places = np.searchsorted(self._sums, asked)
        alike: Flags = self._sums[np.minimum(places, len(self._sums) - 1)] == asked
        return alike


def _summed(
    uses: Uses, sorts: npt.NDArray[np.uint8], touched: Mapping[int, Collection[str]]
) -> tuple[npt.NDArray[np.uint8], Index]:
    """The sorts, and the sums of the letters of each pattern's values, below its number; in order.

    A pattern of several words has none, and nothing is plain of it: they may be apart by anything.
    """
    places = (sorts == VALUE).nonzero()[0].tolist()
    if not places:  # no need to have all patterns twice
        return sorts, np.zeros(0, np.int64)
    sorts = sorts.copy()
    patterns, packed = list(uses.patterns), list(uses.patterns.values())
    found = []
    for place in places:
        pattern, use = patterns[place].strip(" "), packed[place]
        if " " in pattern:
            sorts[place] = OPEN
            continue
        numbers = [one >> NUMBER for one in ((use,) if use >= 0 else uses.several[~use])]
        values = {value for number in numbers for value in touched.get(number, (pattern,))}
        found += [place << SUM_BITS | sum(map(ord, value)) for value in values]
    return sorts, np.array(sorted(set(found)), np.int64)


def _sorts(
    packed: Index, several: Sequence[Sequence[int]], touched: Collection[int]
) -> npt.NDArray[np.uint8]:
    """What is plain of the raw matches of each pattern; of several uses only what all agree on."""
    sorts = _sorts_of(packed, touched)
    if several:
        sizes = np.fromiter(map(len, several), np.int64, len(several))
        flat = np.fromiter(chain.from_iterable(several), np.int64, int(sizes.sum()))
        others, starts = _sorts_of(flat, touched), sizes.cumsum() - sizes
        least, most = (some.reduceat(others, starts) for some in (np.minimum, np.maximum))
        # A span is made of one use: several that are sure are still taken one by one.
        shared = np.where((least == most) & (least != SURE), least, OPEN)
        # A value that loose leaves is its own: both can be asked by sums. No sort lies between.
        shared[(least == UNCHANGED) & (most == VALUE)] = VALUE
        sorts[packed < 0] = shared[~packed[packed < 0]]
    return sorts


def _sorts_of(packed: Index, touched: Collection[int]) -> npt.NDArray[np.uint8]:
    packed = np.maximum(packed, 0)  # several uses are told apart one by one
    numbers, modes = packed >> NUMBER, packed & MODES
    is_touched = np.zeros(int(numbers.max(initial=0)) + 1, np.bool_)
    places = np.fromiter(touched, np.int64, len(touched))
    is_touched[places[places < len(is_touched)]] = True
    sorts = np.full(len(packed), OPEN, np.uint8)
    sorts[modes == TIGHT] = UNCHANGED
    sorts[(modes == TIGHT) & is_touched[numbers]] = VALUE
    sorts[modes == INFLECTED] = AFFIXED
    sorts[modes == PLAIN] = SURE
    return sorts


def _endings(paradigm: Paradigm) -> Iterable[str]:
    return (after for row in paradigm.rows.values() for after in row)


def _codes(letters: Iterable[str]) -> npt.NDArray[np.bool_]:
    """A table of code points; of those beyond it none is among the letters."""
    codes = {ord(letter) if letter else SPACE for letter in letters}
    table = np.zeros(max(codes, default=0) + 2, np.bool_)
    table[list(codes)] = True
    return table


def _among(table: npt.NDArray[np.bool_], codes: npt.NDArray[np.uint32]) -> Flags:
    return table[np.minimum(codes, len(table) - 1)]


def _any_in(
    places: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> Flags:
    """Whether any of the places, in order, lies within each span."""
    return np.searchsorted(places, starts) < np.searchsorted(places, ends)
