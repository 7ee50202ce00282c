"""Hashes of 256 bits that do not change any more, arranged so that near ones are found at once.

Four layouts were measured with 1 million random hashes, radius 31, batches of 32, microseconds a
query (flat search in C++ takes 2,200):

    16 words of 16 bits, one flip; the number of each hash                        192
    10 words of 24 bits, two flips, and one of 16; numbers; 640 bytes a hash      109
    7 words of 18 bits, one flip, and 6 of 22, two flips; numbers                 107
    16 words of 16 bits, one flip; the number and the word that follows            42

The first looks at 4,150 hashes a query, each somewhere else in memory. The next two look at fewer
and into ten times as many buckets. The last, which is this one, reads two bytes of each of 4,150,
one beside the other, and looks at 10 hashes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .hash_probes import WORD_BITS, WORDS

Stored = NDArray[np.uint64]
"""[n, 4]: hashes as they are stored, 256 bits each."""

LARGEST: Final = 1 << 24
"""Hashes of one segment at most: a posting names its hash in three bytes."""

LANES: Final = 4
"""Postings to a block: four words of 16 bits are one number, read and compared at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Distinct hashes, the rows they stand in, and 16 tables of them by word.

    A table is the hashes in the order of one word. Of each it holds the word after (16 bits) and
    the number of the hash (24 bits), so that most candidates fall without a look at the hash.
    """

    hashes: Stored
    """[u, 4]: distinct."""

    starts: NDArray[np.uint32]
    """[u + 1]: where the rows of each hash begin."""

    rows: NDArray[np.uint32]
    """[n]: the rows of one hash after those of another."""

    bits: int
    """How many bits of a word make a bucket, 0 to 16."""

    directory: NDArray[np.uint32]
    """[16 * 2**bits + 1]: where the postings of each bucket begin."""

    blocks: NDArray[np.uint64]
    """[16 u / 4]: the word after, of each posting, four to a number."""

    low: NDArray[np.uint16]
    high: NDArray[np.uint8]
    """[16 u] both: the number of the hash of each posting."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays())

    def arrays(self) -> Iterator[NDArray[Any]]:
        """All its arrays."""
        values = (getattr(self, field.name) for field in fields(self))
        return (value for value in values if isinstance(value, np.ndarray))


# --- building -------------------------------------------------------------------------------------


def build_segment(hashes: Stored, rows: NDArray[np.uint32]) -> Segment:
    """A segment of at most LARGEST hashes and the number of the row of each."""
    distinct, starts, rows = _grouped(hashes, rows)
    bits = _bucket_bits(len(distinct))
    segment = Segment(distinct, starts, rows, bits, *_tables(distinct, bits))
    for array in segment.arrays():
        array.flags.writeable = False
    return segment


def _grouped(
    hashes: Stored, rows: NDArray[np.uint32]
) -> tuple[Stored, NDArray[np.uint32], NDArray[np.uint32]]:
    """Distinct hashes, where their rows start, the rows.

    Equal ones are brought together by a mix of their four numbers: one sort instead of four. Should
    two different ones have one mix, equal ones may stay apart, and are only stored twice.
    """
    order = np.argsort(_mixed(hashes), kind="stable")
    ordered = hashes[order]
    first = np.ones(len(hashes), dtype=np.bool_)
    np.any(ordered[1:] != ordered[:-1], axis=1, out=first[1:])
    starts = np.append(np.flatnonzero(first), len(hashes)).astype(np.uint32)
    return ordered if first.all() else ordered[first], starts, rows[order]


def _mixed(hashes: Stored) -> NDArray[np.uint64]:
    """One number for four: multiply and shift, in turns (as in splitmix64, G. L. Steele, 2014)."""
    mixed = np.zeros(len(hashes), dtype=np.uint64)
    for column in range(hashes.shape[1]):
        mixed ^= hashes[:, column]
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _bucket_bits(count: int) -> int:
    """So many that a bucket has 10 to 22 hashes, and the directory takes 3 to 6 bytes a hash."""
    return min(max((3 * count // 32).bit_length() - 1, 0), WORD_BITS)


def _tables(
    hashes: Stored, bits: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint64], NDArray[np.uint16], NDArray[np.uint8]]:
    """Directory, blocks, low and high of a segment."""
    count = len(hashes)
    postings = WORDS * count  # a multiple of four, so that blocks are full
    directory = np.zeros((WORDS << bits) + 1, dtype=np.uint32)
    after = np.empty(postings, dtype=np.uint16)
    low = np.empty(postings, dtype=np.uint16)
    high = np.empty(postings, dtype=np.uint8)
    words = hashes.view(np.uint16)
    word = words[:, 0].copy()
    for band in range(WORDS):
        following = words[:, (band + 1) % WORDS].copy()
        order = np.argsort(word, kind="stable")  # a radix sort, for 16 bits
        place = slice(band * count, (band + 1) * count)
        after[place] = following[order]
        low[place] = order & 0xFFFF
        high[place] = order >> 16
        sizes = np.bincount(word >> (WORD_BITS - bits), minlength=1 << bits)
        ends = directory[(band << bits) + 1 : ((band + 1) << bits) + 1]
        ends[:] = np.cumsum(sizes) + band * count
        word = following
    return directory, after.view(np.uint64), low, high
