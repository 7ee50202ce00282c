"""All hashes of a segment within a radius, for many queries at once.

Every step is one NumPy pass over all queries; nothing is done hash by hash or query by query. What
is held at a time is bounded, however unevenly the hashes fall into buckets, and where that makes
buckets a bad bargain all hashes are compared instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .hash_probes import WORD_BITS, WORDS, Probes, probes, probes_alike
from .hash_segment import LANES, Segment, Stored

FARTHEST: Final = 63
"""The largest radius that buckets are used for: beyond it nearly all would have to be read."""

_SHIFT: Final = LANES.bit_length() - 1
_NEXT: Final = np.arange(1, WORDS + 1) % WORDS
_FOUR_TIMES: Final = np.uint64(0x0001_0001_0001_0001)

_ONES: Final = np.ones(4, dtype=np.uint8)

_BLOCKS: Final = 1 << 16
"""Blocks held at a time: about 4 MB, and some 40 more should every posting in them need a check."""

_COMPARED: Final = 1 << 12
"""Hashes compared at a time where all are: with 32 queries 1 MB (3.3 ns a pair; 5.4 with 2,048)."""

_ARRANGE: Final = 4
"""To compare all hashes, each is read first: as long as comparing it with so many queries."""

_CALL: Final = 24_000
"""The calls of a search by buckets alone take as long as comparing so many hashes (80 us)."""

_PROBE: Final = 8
"""Opening a bucket takes as long as comparing so many hashes (about 25 ns)."""

_CHECK: Final = 48
"""Checking a candidate takes as long as comparing so many hashes (50 ns, 200 where it is near)."""


class Pairs(NamedTuple):
    """Queries and the hashes near them: each pair once, in any order."""

    query: NDArray[np.intp]
    number: NDArray[np.intp]
    """Of the hash in its segment, or of a row it stands in."""

    distance: NDArray[np.intp]


def near(segment: Segment, queries: Stored, radius: int) -> Pairs:
    """Every query and every row within `radius` bits of it."""
    found = None
    if radius <= FARTHEST:
        found = _by_bucket(segment, queries, radius, probes(radius, segment.bits))
    if found is None:
        found = _by_comparing_all(segment.hashes, queries, radius)
    return _rows_of(segment, found) if len(found.query) else found


def alike(segment: Segment, queries: Stored, radius: int, beside: int) -> Pairs:
    """Those of `near` that agree in a word but for one bit, and in two but for `beside`."""
    plan = probes_alike(beside, segment.bits)
    found = _by_bucket(segment, queries, radius, plan)
    if found is None:
        found = _by_comparing_all(segment.hashes, queries, radius)
        differ = segment.hashes.take(found.number, axis=0) ^ queries.take(found.query, axis=0)
        (kept,) = np.nonzero(_under(differ, plan).any(axis=1))
        found = Pairs(*(column.take(kept) for column in found))
    return _rows_of(segment, found) if len(found.query) else found


def _rows_of(segment: Segment, found: Pairs) -> Pairs:
    """The rows of each hash found in the place of its number."""
    begin = segment.starts.take(found.number).astype(np.intp)
    if len(segment.rows) == len(segment.hashes):
        return found._replace(number=segment.rows.take(begin).astype(np.intp))
    counts = segment.starts.take(found.number + 1) - begin
    which = np.repeat(np.arange(len(counts)), counts)
    places = np.arange(len(which)) + (begin - (counts.cumsum() - counts)).take(which)
    rows = segment.rows.take(places).astype(np.intp)
    return Pairs(found.query.take(which), rows, found.distance.take(which))


def joined(some: Iterable[Pairs]) -> Pairs:
    """All of them in one."""
    parts = list(some)
    if len(parts) == 1:
        return parts[0]
    return Pairs(*(np.concatenate(column) for column in zip(_NONE, *parts, strict=True)))


_NONE: Final = Pairs(*(np.empty(0, dtype=np.intp) for _ in range(3)))


# --- all hashes -----------------------------------------------------------------------------------


def _by_comparing_all(hashes: Stored, queries: Stored, radius: int) -> Pairs:
    pieces = range(0, max(len(hashes), 1), _COMPARED)
    return joined(_compared(hashes[at : at + _COMPARED], at, queries, radius) for at in pieces)


def _compared(hashes: Stored, first: int, queries: Stored, radius: int) -> Pairs:
    """Compare some hashes, the first of which has the number `first`, with all queries."""
    differ = np.zeros((len(queries), len(hashes)), dtype=np.uint16)
    # Column by column, so that the innermost loop is as long as there are hashes, not four.
    for ours, theirs in zip(hashes.T.copy(), queries.T, strict=True):
        differ += np.bitwise_count(theirs[:, None] ^ ours)
    query, number = (differ <= radius).nonzero()
    return Pairs(query, number + first, differ[query, number].astype(np.intp))


# --- buckets --------------------------------------------------------------------------------------


class _Buckets(NamedTuple):
    """The buckets to read for some queries, [p * m]: probe after probe, in it query after query.

    In this order what is read one after the other lies in one table, and stays in the cache.
    """

    begin: NDArray[np.intp]
    """The first of its postings."""

    end: NDArray[np.intp]
    """One past the last of them."""

    counts: NDArray[np.intp]
    """How many blocks they lie in; what neighbours have in these is read along, and dropped."""

    upto: NDArray[np.intp]
    """Blocks of this bucket and all before it: their turns are numbered through."""

    offset: NDArray[np.intp]
    """What a block's turn lacks of its number in the segment."""

    beside: NDArray[np.uint64]
    """The word of the query to compare with those beside the postings, four times."""


class _Piece(NamedTuple):
    """Some of the blocks to read."""

    turns: NDArray[np.intp]
    buckets: slice
    counts: NDArray[np.intp]
    """How many of them each of these buckets has."""


class _Candidates(NamedTuple):
    """Hashes that the two words looked at do not rule out."""

    query: NDArray[np.intp]
    band: NDArray[np.intp]
    """The word by whose table it was found."""

    number: NDArray[np.intp]


def _by_bucket(segment: Segment, queries: Stored, radius: int, plan: Probes) -> Pairs | None:
    """The pairs, with numbers of hashes; None if comparing all hashes takes less time."""
    pairs = len(segment.hashes) * (len(queries) + _ARRANGE)
    if _CALL + len(plan) * len(queries) * _PROBE > pairs:
        return None
    patience = pairs // _CHECK
    found = []
    buckets = _open(segment, queries, plan)
    for piece in _pieces(buckets):
        candidates = _read(segment, plan, buckets, piece, len(queries))
        patience -= len(candidates.query)
        if patience < 0:
            return None
        found.append(_checked(segment.hashes, queries, radius, plan, candidates))
    return joined(found)


def _open(segment: Segment, queries: Stored, plan: Probes) -> _Buckets:
    """Look up where the buckets of all queries lie."""
    words = queries.view(np.uint16).T.astype(np.intp)
    keys = (words >> (WORD_BITS - segment.bits)).take(plan.band, axis=0)
    keys ^= plan.mask
    keys = keys.ravel()
    begin = segment.directory.take(keys).astype(np.intp)
    keys += 1
    end = segment.directory.take(keys).astype(np.intp)
    offset = begin >> _SHIFT
    counts = ((end + (LANES - 1)) >> _SHIFT) - offset
    upto = counts.cumsum()
    offset += counts
    offset -= upto
    beside = (words.view(np.uint64) * _FOUR_TIMES).take(plan.beside, axis=0).ravel()
    return _Buckets(begin, end, counts, upto, offset, beside)


def _pieces(buckets: _Buckets) -> Iterator[_Piece]:
    """All blocks, a bounded number at a time; a large bucket is cut."""
    total = int(buckets.upto[-1])
    for low in range(0, total, _BLOCKS):
        high = min(low + _BLOCKS, total)
        first = int(buckets.upto.searchsorted(low, "right"))
        last = int(buckets.upto.searchsorted(high))
        counts = buckets.counts[first : last + 1].copy()
        counts[0] = buckets.upto[first] - low
        counts[-1] -= buckets.upto[last] - high
        yield _Piece(np.arange(low, high), slice(first, last + 1), counts)


def _read(
    segment: Segment, plan: Probes, buckets: _Buckets, piece: _Piece, queries: int
) -> _Candidates:
    """Compare the words beside the postings; nearly all candidates end here."""
    blocks = buckets.offset[piece.buckets].repeat(piece.counts)
    blocks += piece.turns
    words = segment.blocks.take(blocks)
    words ^= buckets.beside[piece.buckets].repeat(piece.counts)
    differ = np.bitwise_count(words.view(np.uint16))
    # One limit for all first: to spread the limits of the buckets would be a pass over everything.
    (close,) = (differ <= plan.loosest).nonzero()
    block = close >> _SHIFT
    posting = (blocks.take(block) << _SHIFT) | (close & (LANES - 1))
    bucket = buckets.upto.searchsorted(piece.turns.take(block), "right")
    kept = differ.take(close) <= plan.limit.take(bucket // queries)
    kept &= posting >= buckets.begin.take(bucket)
    kept &= posting < buckets.end.take(bucket)
    posting, bucket = posting[kept], bucket[kept]
    probe, query = np.divmod(bucket, queries)
    number = (segment.high.take(posting).astype(np.intp) << 16) | segment.low.take(posting)
    return _Candidates(query, plan.band.take(probe), number)


def _checked(
    hashes: Stored, queries: Stored, radius: int, plan: Probes, candidates: _Candidates
) -> Pairs:
    """Compare candidates in full; each pair is taken from one of the tables that found it."""
    query, band, number = candidates
    differ = hashes.take(number, axis=0)
    differ ^= queries.take(query, axis=0)
    # Eight bits are enough for the sum: the words looked at differ in a few bits at most.
    distance = np.bitwise_count(differ) @ _ONES
    (kept,) = (distance <= radius).nonzero()
    if not len(kept):
        return _NONE
    kept = kept[_first_band(differ.take(kept, axis=0), plan) == band.take(kept)]
    return Pairs(query.take(kept), number.take(kept), distance.take(kept).astype(np.intp))


def _first_band(differ: Stored, plan: Probes) -> NDArray[np.intp]:
    """The first word that is under, or 16."""
    under = _under(differ, plan)
    # There is none where a bucket is by fewer bits than a word, and hashes need only be alike.
    return np.where(under.any(axis=1), under.argmax(axis=1), WORDS)


def _under(differ: Stored, plan: Probes) -> NDArray[np.bool_]:
    """[k, 16]: words under their threshold, and with the word after them under both together."""
    words = np.bitwise_count(differ.view(np.uint16))
    under: NDArray[np.bool_] = words < plan.thresholds
    under &= words + words.take(_NEXT, axis=1) < plan.pairs
    return under
