"""The index of hashes finds what comparing every pair finds."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import reference_hashes
from automod.match import hash_search
from automod.match.hash_index import RADIUS, HashIndex
from automod.match.hash_probes import probes, thresholds_of
from reference_hashes import Near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from automod.match.hash_index import Found

    Hashes = NDArray[np.uint8]

NOTHING = np.empty((0, 32), dtype=np.uint8)
ZEROS = np.zeros((1, 32), dtype=np.uint8)
ONES = np.full((1, 32), 255, dtype=np.uint8)
BUCKETS = 6_000
"""Hashes enough for buckets to be used, also for one query."""


def randoms(seed: int, count: int) -> Hashes:
    """Hashes drawn bit by bit."""
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def flipped(hashes: Hashes, counts: NDArray[np.int64], seed: int) -> Hashes:
    """Each hash with as many of its bits flipped as is said."""
    order = np.random.default_rng(seed).random((len(hashes), 256)).argsort(axis=1).argsort(axis=1)
    return hashes ^ np.packbits(order < counts[:, None], axis=1)


def clustered(seed: int, count: int, centres: int, spread: int) -> Hashes:
    """Hashes around a few, up to `spread` bits from them; some of them equal."""
    rng = np.random.default_rng(seed)
    middle = randoms(seed, centres)[rng.integers(0, centres, count)]
    return flipped(middle, rng.integers(0, spread + 1, count), seed)


def asked(hashes: Hashes, seed: int, count: int) -> Hashes:
    """Queries: half are rows with up to 40 bits flipped, half are drawn."""
    rng = np.random.default_rng(seed)
    some = hashes[rng.integers(0, len(hashes), count if len(hashes) else 0)]
    return np.concatenate(
        [flipped(some, rng.integers(0, 41, len(some)), seed), randoms(seed + 1, count)]
    )


def plain(found: Found) -> Near:
    """As lists, to be compared."""
    return Near(found.query.tolist(), found.row.tolist(), found.distance.tolist())


def naive(queries: Hashes, hashes: Hashes, radius: int = RADIUS) -> Near:
    """What comparing every pair finds, rows numbered from 0."""
    return reference_hashes.search(queries, dict(enumerate(hashes)), radius)


# --- rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hashes", "queries", "expected"),
    [
        (NOTHING, ZEROS, Near([], [], [])),
        (ZEROS, NOTHING, Near([], [], [])),
        (NOTHING, NOTHING, Near([], [], [])),
        (ZEROS, ZEROS, Near([0], [0], [0])),
        (ZEROS, ONES, Near([], [], [])),
        (np.repeat(ZEROS, 2, 0), np.repeat(ZEROS, 2, 0), Near([0, 0, 1, 1], [0, 1, 0, 1], [0] * 4)),
        (np.concatenate([ONES, ZEROS, ONES]), ONES, Near([0, 0], [0, 2], [0, 0])),
    ],
    ids=["no hashes", "no queries", "neither", "one", "the opposite", "equal ones", "two in three"],
)  # fmt: skip
def test_rows(hashes: Hashes, queries: Hashes, expected: Near) -> None:
    """Small cases that can be read."""
    assert expected == plain(HashIndex().add(hashes).search(queries))


@pytest.mark.parametrize("radius", [0, 1, 15, 16, 31, 32, 47, 63, 64, 255])
@pytest.mark.parametrize("beyond", [0, 1])
def test_the_radius_belongs_to_what_is_found(radius: int, beyond: int) -> None:
    """A hash just that far is found, one a bit farther is not; among few hashes and among many."""
    near = flipped(ZEROS, np.array([radius + beyond]), 1)
    for others in (NOTHING, randoms(2, BUCKETS) | np.uint8(0x55)):
        found = HashIndex().add(np.concatenate([near, others])).search(ZEROS, radius)
        assert (0 in found.row) == (beyond == 0)


def test_the_opposite_of_a_hash_is_256_bits_away() -> None:
    """No sum of bits runs over."""
    for copies in (1, BUCKETS):
        index = HashIndex().add(np.repeat(ONES, copies, axis=0))
        assert 0 == len(index.search(ZEROS, 255))
        assert {256} == set(index.search(ZEROS, 256).distance.tolist())


@pytest.mark.parametrize(
    "hashes",
    [
        np.zeros((3, 31), dtype=np.uint8),
        np.zeros(32, dtype=np.uint8),
        np.zeros((3, 32), dtype=np.int64),
    ],
    ids=["31 bytes", "one dimension", "int64"],
)
def test_another_shape_or_type_is_refused(hashes: Hashes) -> None:
    """The error says what was given and what is needed."""
    for use in (HashIndex().add, HashIndex().search):
        with pytest.raises(ValueError, match=r"are u?int.*\[.*what is needed is uint8\[n, 32\]"):
            use(hashes)


def test_a_negative_radius_is_refused() -> None:
    """Bits are counted."""
    with pytest.raises(ValueError, match="the radius is -1"):
        HashIndex().search(ZEROS, -1)


@pytest.mark.parametrize("row", [-1, 0, 3, 2**40])
def test_a_row_that_is_not_there_cannot_be_removed(row: int) -> None:
    """Never given, or already gone."""
    index = HashIndex().add(randoms(1, 3)).remove([0])
    with pytest.raises(ValueError, match=rf"no such rows in the index: \[{row}\]"):
        index.remove([1, row, 2])


# --- laws -----------------------------------------------------------------------------------------

radii = st.one_of(st.sampled_from([0, 15, 31]), st.integers(0, 63), st.integers(0, 256))
ways = pytest.mark.parametrize("way", ["as it decides", "buckets", "bit by bit"])


@contextmanager
def searched(way: str) -> Iterator[None]:
    """Small indexes are searched by buckets too, and large buckets in many pieces."""
    settings = {"_CALL": 0, "_PROBE": 0, "_CHECK": 1e-9}
    pieces = {"_BLOCKS": 7, "_COMPARED": 5}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (settings if way != "as it decides" else {}).items():
            patch.setattr(hash_search, name, value)
        for name, value in (pieces if way == "bit by bit" else {}).items():
            patch.setattr(hash_search, name, value)
        yield


@st.composite
def hashes_of_all_kinds(draw: st.DrawFn) -> Hashes:
    """Drawn, clustered, equal, all of one word, in any mixture."""
    seed = draw(st.integers(0, 2**32 - 1))
    parts = {
        "drawn": randoms(seed, 30),
        "clustered": clustered(seed, 120, 2, draw(st.sampled_from([0, 3, 12, 30]))),
        "zeros": np.repeat(ZEROS, 9, axis=0),
        "sparse": randoms(seed, 40) & np.repeat(np.array([0, 255], dtype=np.uint8), [30, 2]),
        "nothing": NOTHING,
    }
    kinds = draw(st.lists(st.sampled_from(sorted(parts)), min_size=1, max_size=4))
    return np.concatenate([parts[kind] for kind in kinds])


@ways
@given(hashes=hashes_of_all_kinds(), radius=radii, seed=st.integers(0, 99))
@example(hashes=NOTHING, radius=31, seed=0)
@example(hashes=clustered(5, 700, 3, 12), radius=31, seed=0)
@example(hashes=clustered(6, 700, 3, 30), radius=63, seed=0)
def test_the_index_finds_what_comparing_every_pair_finds(
    way: str, hashes: Hashes, radius: int, seed: int
) -> None:
    """The same rows at the same distances, whatever the hashes and the radius."""
    queries = asked(hashes, seed, 3)
    with searched(way):
        found = HashIndex().add(hashes).search(queries, radius)
    assert naive(queries, hashes, radius) == plain(found)


@ways
@given(
    hashes=hashes_of_all_kinds(),
    radius=st.integers(0, 120),
    beside=st.integers(3, 16),
    seed=st.integers(0, 99),
)
def test_alike_is_what_comparing_every_pair_says(
    way: str, hashes: Hashes, radius: int, beside: int, seed: int
) -> None:
    """Near enough, and in one place nearer than that."""
    queries = asked(hashes, seed, 7)
    with searched(way):
        found = HashIndex().add(hashes).search_alike(queries, radius, beside)
    assert plain(found) == reference_hashes.alike(queries, hashes, radius, beside)


def test_all_within_the_usual_radius_are_alike() -> None:
    """What is exact up to 31 bits is a part of it."""
    hashes = clustered(3, 3_000, 40, 30)
    index, queries = HashIndex().add(hashes), asked(hashes, 4, 40)
    exact, found = index.search(queries, 31), index.search_alike(queries, 31)
    assert len(exact) > 100
    assert plain(found) == plain(exact)


@pytest.mark.parametrize(("radius", "beside"), [(-1, 5), (60, 2), (60, 17)])
def test_numbers_out_of_their_range_are_refused(radius: int, beside: int) -> None:
    """Both are named."""
    with pytest.raises(ValueError, match=f"the radius is {radius}, beside is {beside}"):
        HashIndex().search_alike(np.zeros((1, 32), np.uint8), radius, beside)


@pytest.mark.parametrize("radius", [0, 9, 23, 31, 40])
@pytest.mark.parametrize("spread", [0, 6, 20, 256])
def test_many_hashes(radius: int, spread: int) -> None:
    """Buckets as they are used: thousands of hashes, many queries, and each query alone."""
    hashes = clustered(radius, BUCKETS, 1 + spread * spread, spread)
    queries = asked(hashes, 1, 20)
    index = HashIndex().add(hashes)

    alone = [plain(index.search(queries[at : at + 1], radius)) for at in range(len(queries))]
    together = plain(index.search(queries, radius))

    assert naive(queries, hashes, radius) == together
    assert together.row == [row for one in alone for row in one.row]
    assert together.distance == [distance for one in alone for distance in one.distance]


@ways
@given(data=st.data(), radius=radii)
def test_rows_come_and_go(way: str, data: st.DataObject, radius: int) -> None:
    """After any adds and removes an index finds what is there, and older ones what they had."""
    there: dict[int, Hashes] = {}
    index, seen = HashIndex(), []
    pool = clustered(data.draw(st.integers(0, 99)), 400, 3, 9)
    queries = asked(pool, 1, 2)
    for size in data.draw(st.lists(st.sampled_from([-40, -1, 0, 1, 3, 30, 200]), max_size=7)):
        if size >= 0:
            rows = range(len(index.alive), len(index.alive) + size)
            some = pool[[(row * 7) % len(pool) for row in rows]]
            index = index.add(some.reshape(-1, 32))
            there |= dict(zip(rows, some, strict=True))
        else:
            gone = data.draw(st.permutations(sorted(there)))[:-size]
            index = index.remove(gone)
            there = {row: one for row, one in there.items() if row not in gone}
        assert len(there) == len(index)
        seen.append((index, reference_hashes.search(queries, there, radius)))
    with searched(way):
        for older, expected in seen:
            assert expected == plain(older.search(queries, radius))


@given(seed=st.integers(0, 99), cuts=st.lists(st.integers(0, 300), max_size=6))
def test_the_order_of_adding_changes_no_answer(seed: int, cuts: list[int]) -> None:
    """In any order and in any portions, a query finds the same hashes."""
    hashes = clustered(seed, 300, 4, 20)
    queries = asked(hashes, seed, 3)
    order = np.random.default_rng(seed).permutation(len(hashes))
    index = HashIndex()
    for some in np.split(hashes[order], sorted(cuts)):
        index = index.add(some)

    found = index.search(queries)

    original = order[found.row]
    again = sorted(zip(found.query, original, found.distance, strict=True))
    assert list(zip(*naive(queries, hashes), strict=True)) == again


# --- what it promises besides ---------------------------------------------------------------------


def test_thresholds_add_up_to_one_more_than_the_radius() -> None:
    """That is what makes the search exact; the buckets of a radius are each named once."""
    for radius in range(64):
        assert radius + 1 == thresholds_of(radius).sum(dtype=np.int64)
        plan = probes(radius, 10)
        assert len(plan) == len(np.unique(plan.mask))


def test_a_segment_numbers_more_hashes_than_two_bytes_can() -> None:
    """The last of 70,000 hashes are found where they are."""
    hashes = randoms(1, 70_000)
    found = HashIndex().add(hashes).search(hashes[-100:])
    assert list(range(69_900, 70_000)) == found.row.tolist()


def test_there_are_few_segments_however_rows_are_added() -> None:
    """One by one: each segment is many times as large as the next."""
    index = HashIndex()
    for one in randoms(1, 300):
        index = index.add(one[None])
    sizes = [len(segment) for segment in index.segments]

    assert 300 == len(index) == sum(sizes)
    assert len(sizes) <= 4
    assert sizes == sorted(sizes, reverse=True)


def test_what_is_not_touched_is_shared() -> None:
    """A few rows more leave the large segment where it is; removed rows give their memory back."""
    large = HashIndex().add(randoms(1, BUCKETS))
    more = large.add(randoms(2, 10))
    fewer = more.remove(range(BUCKETS - 100))

    assert more.segments[0] is large.segments[0] is large.remove([5]).segments[0]
    assert fewer.nbytes < large.nbytes / 10
    assert 110 == len(fewer)


def test_memory_is_at_most_128_bytes_a_hash() -> None:
    """From some hundreds on, at any number of them."""
    for count in (150, 1_000, 1_365, 1_366, 5_461, 5_462, 20_000):
        assert HashIndex().add(randoms(1, count)).nbytes <= 128 * count
    assert HashIndex().add(np.repeat(ZEROS, 20_000, axis=0)).nbytes < 6 * 20_000


def test_an_index_cannot_be_written_to() -> None:
    """Whoever shares it sees what it was."""
    index = HashIndex().add(randoms(1, 50))
    for array in (*index.segments[0].arrays(), index.alive):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_many_threads_search_one_index() -> None:
    """Each gets what it would get alone, also while rows are added."""
    hashes = clustered(3, BUCKETS, 50, 20)
    queries = asked(hashes, 1, 40)
    index = HashIndex().add(hashes)
    expected = plain(index.search(queries))

    with ThreadPoolExecutor(4) as pool:
        results = [pool.submit(index.search, queries) for _ in range(20)]
        for seed in range(5):
            index.add(randoms(seed, 500))

    assert all(expected == plain(result.result()) for result in results)


def test_a_large_batch_is_held_a_part_at_a_time() -> None:
    """All hashes in one bucket, far from the queries: what is held does not grow with them."""
    hashes = np.repeat(ZEROS, 40_000, axis=0)
    hashes[:, 24:] = randoms(1, 40_000)[:, 24:]
    index = HashIndex().add(hashes)
    queries = np.repeat(ZEROS, 64, axis=0)
    queries[:, 24:] = 255

    tracemalloc.start()
    found = index.search(queries, 10)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert [] == found.row.tolist()
    assert peak < 30e6
