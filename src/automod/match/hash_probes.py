"""Which buckets of hashes must be looked into, so that nothing within a radius is missed.

A hash of 256 bits is cut into 16 words. Give the words thresholds that add up to one more than the
radius: two hashes within it differ in fewer bits than the threshold in at least one word, and
tables by word find all candidates (multi-index hashing: M. Norouzi, A. Punjani, D. J. Fleet, "Fast
Search in Hamming Space with Multi-Index Hashing", CVPR 2012).

More is true. Write the words in a circle: there is one from which on every run of words (it alone,
it and the next, ...) differs in fewer bits than its thresholds add up to. It is the one behind the
last place where the sum of differences less thresholds is greatest. So the word that follows the
one looked up settles most candidates (J. Qin, C. Xiao, "Pigeonring: A Principle for Faster
Thresholded Similarity Search", VLDB 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

WORDS: Final = 16
"""Words of a hash."""

WORD_BITS: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class Probes:
    """The buckets to look into for one query, table after table: a table is by one word."""

    band: NDArray[np.intp]
    """[p]: the word that is looked up, 0 to 15."""

    beside: NDArray[np.intp]
    """[p]: the word after it, which stands beside its postings."""

    mask: NDArray[np.intp]
    """[p, 1]: gives, XORed with the start of the word, the number of the bucket in all tables."""

    limit: NDArray[np.uint8]
    """[p]: in how many bits the word beside may differ."""

    loosest: int
    """The greatest limit."""

    thresholds: NDArray[np.uint8]
    """[16]: a word must differ in fewer bits."""

    pairs: NDArray[np.uint8]
    """[16]: a word and the one after it together must differ in fewer bits."""

    def __len__(self) -> int:
        return len(self.band)


def thresholds_of(radius: int) -> NDArray[np.uint8]:
    """What each of the 16 words must differ by less than, in bits; they add up to `radius` + 1.

    >>> thresholds_of(31).tolist() == [2] * 16
    True
    >>> thresholds_of(4).tolist()
    [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    """
    every, more = divmod(radius + 1, WORDS)
    return np.array([every + (word < more) for word in range(WORDS)], dtype=np.uint8)


def probes(radius: int, bits: int) -> Probes:
    """The buckets to look into, for buckets of the first `bits` bits of a word.

    >>> len(probes(31, 16))  # each word as it is, and with each of its bits flipped
    272
    """
    most = thresholds_of(radius)
    return _probes(tuple(most.tolist()), tuple((most + np.roll(most, -1)).tolist()), bits)


def probes_alike(beside: int, bits: int) -> Probes:
    """The buckets for hashes that agree in a word but for one bit, and in two but for `beside`.

    >>> len(probes_alike(5, 16))
    272
    """
    return _probes((2,) * WORDS, (beside + 1,) * WORDS, bits)


@lru_cache(maxsize=32)
def _probes(most: tuple[int, ...], pairs: tuple[int, ...], bits: int) -> Probes:
    found = [
        (band, (band << bits) | mask, int(pairs[band]) - 1 - flips)
        for band in range(WORDS)
        for flips in range(min(int(most[band]), bits + 1))
        for mask in _masks(bits, flips)
    ]
    bands, masks, limits = zip(*found, strict=True)
    band = np.array(bands, dtype=np.intp)
    return Probes(
        band,
        (band + 1) % WORDS,
        np.array(masks, dtype=np.intp)[:, None],
        np.array(limits, dtype=np.uint8),
        max(limits),
        np.array(most, dtype=np.uint8),
        np.array(pairs, dtype=np.uint8),
    )


def _masks(bits: int, flips: int) -> list[int]:
    """Every number of so many bits with so many ones."""
    return [sum(1 << bit for bit in some) for some in combinations(range(bits), flips)]
