"""One index of 256-bit hashes: every row within a radius of a query, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .hash_probes import WORD_BITS
from .hash_search import Pairs, alike, joined, near
from .hash_segment import LARGEST, Segment, Stored, build_segment

BYTES: Final = 32
"""Bytes of a hash."""

RADIUS: Final = 31
"""Two images whose PDQ hashes are this near are copies: the usual radius."""

BESIDE: Final = 5
"""Bits in which two neighbouring words of alike hashes may differ."""

_QUERIES: Final = 64
"""Queries searched at a time: more do not make one cheaper, and would leave the cache."""

_GROWTH: Final = 8
"""A segment at most so many times as large as what is added is merged with it."""

_PERMUTED: Final = 1 << 12
"""Hashes whose bits are spread out at a time: 1 MB."""

_ORDER: Final = np.arange(256) * 37 % 256
"""The order in which the bits of a hash are stored: it changes no distance.

Neighbours among the bits of an image hash are neighbouring frequencies, alike in all crops of one
picture, and words of neighbours make few and large buckets. Of 200,000 crops of 19 pictures a mean
one shares its bucket with 15 as the bits are given and with 9 in this order (3 if hashes were
random). Nearly all odd steps do as well as 37.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Rows near queries, [k] each, sorted by query and then by row."""

    query: NDArray[np.int64]
    """Which query, from 0."""

    row: NDArray[np.int64]
    distance: NDArray[np.int64]
    """Bits in which the two differ."""

    def __len__(self) -> int:
        return len(self.query)


@dataclass(frozen=True, slots=True, eq=False)
class HashIndex:
    """Hashes by row number; never changed: `add` and `remove` give a new index that shares arrays.

    So any number of threads may search one, also while another is made from it. Rows are numbered
    from 0 in the order in which they were added, and no number is given twice.

    >>> index = HashIndex().add(np.zeros((2, 32), dtype=np.uint8))
    >>> index = index.add(np.full((1, 32), 255, dtype=np.uint8)).remove([0])
    >>> found = index.search(np.zeros((1, 32), dtype=np.uint8), radius=31)
    >>> found.query.tolist(), found.row.tolist(), found.distance.tolist()
    ([0], [1], [0])
    """

    segments: tuple[Segment, ...] = ()
    """All of them are searched, so there are few: each is many times as large as the next."""

    alive: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    """[rows ever added]: whether the row is still there. Segments may hold some that are not."""

    def __len__(self) -> int:
        """Rows that are there."""
        return int(np.count_nonzero(self.alive))

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays: at most 128 for each hash from about a hundred on."""
        return sum(segment.nbytes for segment in self.segments) + self.alive.nbytes

    def search(self, queries: NDArray[np.uint8], radius: int = RADIUS) -> Found:
        """All rows within `radius` bits of each query, none left out.

        Args:
            queries: uint8[m, 32]. Many at once cost a third of many calls.
            radius: bits, the radius itself included. It is fast up to 31, good up to 63; beyond
                that every hash is compared.

        Raises:
            ValueError: the array has another shape or type, or the radius is negative.
        """
        if radius < 0:
            raise ValueError(f"the radius is {radius}; it counts bits and is at least 0")
        return self._search(queries, lambda segment, some: near(segment, some, radius))

    def search_alike(self, queries: NDArray[np.uint8], radius: int, beside: int = BESIDE) -> Found:
        """Rows within `radius` bits that are alike in one place: all within 31, and most of more.

        Alike is what differs, in one of 16 words, in at most one bit, and in at most `beside` in
        it and the word after it. This takes little longer than `search` up to 31 bits, however
        large the radius is.

        Args:
            queries: uint8[m, 32].
            radius: bits, the radius itself included.
            beside: bits, 3 to 16.

        Raises:
            ValueError: the array has another shape or type, or a number is out of its range.
        """
        if radius < 0 or not 3 <= beside <= WORD_BITS:
            raise ValueError(f"the radius is {radius}, beside is {beside}")
        return self._search(queries, lambda segment, some: alike(segment, some, radius, beside))

    def _search(
        self, queries: NDArray[np.uint8], find: Callable[[Segment, Stored], Pairs]
    ) -> Found:
        stored = _stored(queries, "queries")
        pieces = range(0, len(stored), _QUERIES)
        found = joined(self._near(stored[at : at + _QUERIES], at, find) for at in pieces)
        return Found(*(array.astype(np.int64, copy=False) for array in found))

    def _near(self, queries: Stored, first: int, find: Callable[[Segment, Stored], Pairs]) -> Pairs:
        """Pairs in order, for a few queries, the first of which has the number `first`."""
        found = joined(find(segment, queries) for segment in self.segments)
        if not len(found.query):
            return found
        kept = self.alive.take(found.number).nonzero()[0]
        query, row = found.query.take(kept), found.number.take(kept)
        order = np.argsort(query * len(self.alive) + row)
        return Pairs(query.take(order) + first, row.take(order), found.distance[kept].take(order))

    def add(self, hashes: NDArray[np.uint8]) -> HashIndex:
        """An index with these hashes as well, numbered from where the rows of this one end.

        What is added is arranged anew together with the segments that are not much larger: a hash
        is moved a few times for each time the index grows eightfold.

        Args:
            hashes: uint8[n, 32].

        Raises:
            ValueError: the array has another shape or type.
        """
        stored = _stored(hashes, "hashes")
        first = len(self.alive)
        alive = np.concatenate([self.alive, np.ones(len(stored), dtype=np.bool_)])
        segments = self.segments
        for at in range(0, len(stored), LARGEST):
            some = stored[at : at + LARGEST]
            rows = np.arange(first + at, first + at + len(some), dtype=np.uint32)
            segments = _with(segments, some, rows, alive)
        return _frozen(segments, alive)

    def remove(self, rows: Iterable[int]) -> HashIndex:
        """An index without these rows. Their memory is free once half of all rows are gone.

        Args:
            rows: numbers of rows; one may be named twice.

        Raises:
            ValueError: rows that are not there, never or no more.
        """
        gone = self._there(rows)
        alive = self.alive.copy()
        alive[gone] = False
        left = int(np.count_nonzero(alive))
        if sum(map(len, self.segments)) <= 2 * left:
            return _frozen(self.segments, alive)
        segments: tuple[Segment, ...] = ()
        for segment in self.segments:
            segments = _with(segments, *_kept(segment, alive), alive)
        return _frozen(segments, alive)

    def _there(self, rows: Iterable[int]) -> NDArray[np.int64]:
        """The rows as an array, each once.

        Raises:
            ValueError: rows that are not there.
        """
        named = np.unique(np.fromiter(rows, dtype=np.int64))
        there = (named >= 0) & (named < len(self.alive))
        there[there] = self.alive[named[there]]
        if not there.all():
            raise ValueError(f"no such rows in the index: {named[~there].tolist()}")
        return named


def _frozen(segments: tuple[Segment, ...], alive: NDArray[np.bool_]) -> HashIndex:
    alive.flags.writeable = False
    return HashIndex(segments, alive)


def _with(
    segments: tuple[Segment, ...],
    hashes: Stored,
    rows: NDArray[np.uint32],
    alive: NDArray[np.bool_],
) -> tuple[Segment, ...]:
    """Segments with these hashes as well, the small ones at the end merged with them."""
    while segments and len(segments[-1]) <= min(_GROWTH * len(rows), LARGEST - len(rows)):
        more_hashes, more_rows = _kept(segments[-1], alive)
        hashes, rows = np.concatenate([more_hashes, hashes]), np.concatenate([more_rows, rows])
        segments = segments[:-1]
    return (*segments, build_segment(hashes, rows)) if len(rows) else segments


def _kept(segment: Segment, alive: NDArray[np.bool_]) -> tuple[Stored, NDArray[np.uint32]]:
    """Hash and number of every row of a segment that is still there."""
    kept = alive.take(segment.rows)
    hashes = np.repeat(segment.hashes, np.diff(segment.starts), axis=0)
    return hashes[kept], segment.rows[kept]


def _stored(hashes: NDArray[np.uint8], name: str) -> Stored:
    """Hashes with their bits in the order in which they are stored."""
    if hashes.dtype != np.uint8 or hashes.ndim != 2 or hashes.shape[1] != BYTES:
        given = f"{hashes.dtype}{list(hashes.shape)}"
        raise ValueError(f"{name} are {given}; what is needed is uint8[n, {BYTES}]")
    stored = np.empty((len(hashes), BYTES), dtype=np.uint8)
    for at in range(0, len(hashes), _PERMUTED):
        bits = np.unpackbits(hashes[at : at + _PERMUTED], axis=1)
        stored[at : at + _PERMUTED] = np.packbits(bits.take(_ORDER, axis=1), axis=1)
    return stored.view(np.uint64)
