"""Words that stand side by side and together are a word: found by hashes, a few operations a word.

A rolling hash (R. Karp and M. Rabin, IBM J. Res. Dev. 31 (1987), 249-260) of each word; that of
neighbours put together follows from theirs. They are looked up in a map of three bits a word
(B. Bloom, Comm. ACM 13 (1970), 422-426): what is not in it is no word, what is in it may be one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from automod.text.fold import Index
from automod.text.tables import Words
from automod.text.words import SPACE

_BITS: Final = 21
_SHIFT: Final = np.uint32(32 - _BITS)
_BASE: Final = np.uint32(0x01000193)
_FACTORS: Final = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35))


class Row:
    """The words of a skeleton, and hashes of them and of neighbours put together."""

    def __init__(self, chars: Words) -> None:
        spaces = (chars == SPACE).nonzero()[0]
        sizes = np.diff(spaces)
        held = sizes > 1
        self.starts: Index = spaces[:-1][held] + 1
        self.sizes: Index = sizes[held] - 1
        self.ends: Index = self.starts + self.sizes
        self._next = self.starts[1:] - self.ends[:-1] == 1
        self._chars = chars

    @cached_property
    def _words(self) -> Words:
        """The hash of each word."""
        chars = self._chars
        powers, inverses = _powers(len(chars) + 1)
        sums = np.zeros(len(chars) + 1, np.uint32)
        (chars * powers[: len(chars)]).cumsum(dtype=np.uint32, out=sums[1:])
        words: Words = (sums[self.ends] - sums[self.starts]) * inverses[self.starts]
        return words

    def hashes(self, count: int) -> Words:
        """The hash of so many words in a row, for every first of them."""
        hashes, powers = self._words, _powers(len(self._chars) + 1)[0]
        for _ in range(count - 1):
            behind = powers[self.sizes[: len(hashes) - 1]] * hashes[1:]
            hashes = self._words[: len(behind)] + behind
        return hashes

    def near(self, count: int) -> npt.NDArray[np.bool_]:
        """Whether so many words in a row are apart by one space each: a long gap is two."""
        near: npt.NDArray[np.bool_] = self._next
        for _ in range(count - 2):
            near = near[:-1] & self._next[len(self._next) - len(near) + 1 :]
        return near


@lru_cache(maxsize=4)
def _powers_of_size(bits: int) -> tuple[Words, Words]:
    size = 1 << bits
    powers = np.full(size, _BASE, np.uint32)
    inverses = np.full(size, pow(int(_BASE), -1, 1 << 32), np.uint32)
    powers[0] = inverses[0] = 1
    whole = (np.multiply.accumulate(one, dtype=np.uint32) for one in (powers, inverses))
    return next(whole), next(whole)


def _powers(size: int) -> tuple[Words, Words]:
    """Powers of the base and of its inverse, modulo 2**32; at least so many."""
    return _powers_of_size(max(17, size.bit_length()))


class WordMap:
    """Which hashes may be those of words. Immutable."""

    def __init__(self, words: Sequence[str]) -> None:
        """At least one word, without spaces."""
        self._held = np.zeros(1 << _BITS, np.bool_)
        text = f" {' '.join(words)} "
        hashes = Row(np.frombuffer(text.encode("utf-32-le"), np.uint32)).hashes(1)
        for factor in _FACTORS:
            self._held[(hashes * factor) >> _SHIFT] = True

    def joined(self, row: Row, count: int) -> Index:
        """The first of every so many words in a row that together may be a word.

        >>> text = " from  the cas ino "
        >>> row = Row(np.frombuffer(text.encode("utf-32-le"), np.uint32))
        >>> WordMap(["casino", "fromthe"]).joined(row, 2)
        array([2])
        """
        places: Index = row.near(count).nonzero()[0]
        hashes = row.hashes(count)[places]
        for factor in _FACTORS:
            held = self._held.take((hashes * factor) >> _SHIFT).nonzero()[0]
            places, hashes = places[held], hashes[held]
        return places
