"""Searching hashes within a radius, against faiss: the same answers first, then the time.

    python -m benchmarks.hash_index [--hashes 1000000] [--most 10000000] [--rounds 5] [--no-record]

256-bit hashes, radius 31 (faiss finds what is nearer than it is told: 32), one thread. The hashes
are drawn, or they are PDQ of crops of the 18 scenes (`crops.py`), which cluster. Of the queries
half are rows with 0 to 40 bits flipped and half are drawn; the crops are also asked for new crops
of the same pictures.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final, TypeVar

import faiss
import numpy as np
from numpy.typing import NDArray

from automod.match.hash_index import HashIndex

from . import crops, scenes
from .answers import WrongAnswerError
from .harness import Contender, Figure, Report, at_least, begin, ratio, spread, take_turns

Hashes = NDArray[np.uint8]
Index = TypeVar("Index")
Search = Callable[[Hashes], NDArray[np.int64]]
"""Queries -> [k, 3]: query, row, distance, sorted."""

RADIUS: Final = 31
BATCH: Final = 32
QUERIES: Final = 256
SEED: Final = 20261127
SIZES: Final = (10_000, 100_000, 1_000_000, 10_000_000)
FLAT_PAIRS: Final = 640_000_000
"""Pairs that a turn of faiss compares at most: two seconds."""

BYTES: Final = 128
WAYS: Final = {"in batches of 32": BATCH, "one by one": 1}
TARGETS: Final = {
    ("flat", "in batches of 32"): 15,
    ("flat", "one by one"): 10,
    ("multi-hash", "in batches of 32"): 5,
    ("multi-hash", "one by one"): 5,
}


# --- hashes and queries ---------------------------------------------------------------------------


def drawn(count: int, seed: int) -> Hashes:
    """Hashes bit by bit: uint8[count, 32]."""
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def queries_for(hashes: Hashes, count: int, seed: int) -> Hashes:
    """Half rows with 0 to 40 bits flipped, half drawn, mixed."""
    rng = np.random.default_rng(seed)
    rows = hashes[rng.integers(0, len(hashes), count // 2)]
    order = rng.random((len(rows), 256)).argsort(axis=1).argsort(axis=1)
    flips = order < rng.integers(0, 41, len(rows))[:, None]
    both = np.concatenate([rows ^ np.packbits(flips, axis=1), drawn(count - len(rows), seed + 1)])
    return both[rng.permutation(count)]


# --- contenders -----------------------------------------------------------------------------------


def ours(index: HashIndex) -> Search:
    """The index of the library."""

    def search(queries: Hashes) -> NDArray[np.int64]:
        found = index.search(queries, RADIUS)
        return np.stack([found.query, found.row, found.distance], axis=1)

    return search


def theirs(index: Any) -> Search:
    """An index of faiss; its answers are sorted by query only, so they are sorted here."""

    def search(queries: Hashes) -> NDArray[np.int64]:
        limits, distance, row = index.range_search(queries, RADIUS + 1)
        query = np.repeat(np.arange(len(queries)), np.diff(limits.astype(np.int64)))
        order = np.lexsort((row, query))
        return np.stack([query, row, distance.astype(np.int64)], axis=1)[order]

    return search


def flat(hashes: Hashes) -> Any:
    """All hashes compared with each query."""
    index = faiss.IndexBinaryFlat(256)
    index.add(hashes)
    return index


def multi_hash(hashes: Hashes) -> Any:
    """Multi-index hashing as faiss does it, with 16 words of 16 bits and one flip: exact for 31."""
    index = faiss.IndexBinaryMultiHash(256, 16, 16)
    index.nflip = 1
    index.add(hashes)
    return index


def built(make: Callable[[Hashes], Index], hashes: Hashes) -> tuple[Index, float]:
    """An index, and the seconds it took."""
    begun = time.process_time()
    index = make(hashes)
    return index, time.process_time() - begun


def must_agree(name: str, got: NDArray[np.int64], expected: NDArray[np.int64]) -> None:
    """Stop if two answers differ.

    Raises:
        WrongAnswerError: they do.
    """
    if not np.array_equal(got, expected):
        raise WrongAnswerError(f"{name}: {len(got)} pairs, {len(expected)} expected, or others")


def in_portions(search: Callable[[Hashes], Any], queries: Hashes, size: int) -> Contender:
    """All queries, so many at a time; the answers are let go."""
    portions = [queries[at : at + size] for at in range(0, len(queries), size)]

    def run(portions: list[Hashes]) -> None:
        for some in portions:
            search(some)

    return Contender(lambda: portions, run)


# --- what is measured -----------------------------------------------------------------------------


def compare(report: Report, name: str, hashes: Hashes, asked: dict[str, Hashes]) -> None:
    """Our index and both of faiss on some hashes, for each kind of queries."""
    index, seconds = built(HashIndex().add, hashes)
    rivals, theirs_seconds = {}, {}
    for rival, make in (("flat", flat), ("multi-hash", multi_hash)):
        rivals[rival], theirs_seconds[rival] = built(make, hashes)
    report.add(
        Figure(f"{name}: build", f"{seconds:.2f} s, multi-hash {theirs_seconds['multi-hash']:.2f}"),
        memory(name, index),
    )
    for kind, queries in asked.items():
        expected = theirs(rivals["flat"])(queries)
        must_agree(f"{kind}, automod", ours(index)(queries), expected)
        must_agree(f"{kind}, multi-hash", theirs(rivals["multi-hash"])(queries), expected)
        report.add(Figure(f"{kind}: rows found a query", f"{len(expected) / len(queries):.2f}"))
        _timed(report, kind, index, rivals, queries)


def memory(name: str, index: HashIndex) -> Figure:
    """Bytes of an index for each of its hashes."""
    each = index.nbytes / len(index)
    return Figure(f"{name}: memory", f"{each:.1f} bytes a hash", f"at most {BYTES}", each <= BYTES)


def _timed(
    report: Report, kind: str, index: HashIndex, rivals: dict[str, Any], queries: Hashes
) -> None:
    """The ratios of one kind of queries, in batches and one by one."""
    rounds = int(report.counts["rounds"])
    for way, size in WAYS.items():
        times = take_turns(contenders(index, rivals, queries, size), rounds)
        report.raw[f"{kind}, {way}"] = {who: one.process for who, one in times.items()}
        for rival in rivals:
            got = ratio(times[rival].process, times["automod"].process)
            target = TARGETS[rival, way]
            report.add(at_least(f"{kind}, {way}: {rival} / automod", got, target))
        per = spread([one / len(queries) * 1e6 for one in times["automod"].process])
        report.add(Figure(f"{kind}, {way}: automod", f"{per} microseconds a query"))


def contenders(
    index: HashIndex, rivals: dict[str, Any], queries: Hashes, size: int
) -> dict[str, Contender]:
    """Everybody with the same queries, as many at a time."""
    found = {"automod": in_portions(lambda some: index.search(some, RADIUS), queries, size)}
    for name, rival in rivals.items():
        found[name] = in_portions(_range_search(rival), queries, size)
    return found


def _range_search(index: Any) -> Callable[[Hashes], Any]:
    return lambda queries: index.range_search(queries, RADIUS + 1)


def changes(report: Report, hashes: Hashes) -> None:
    """What adding and removing cost, and what they leave behind."""
    index = HashIndex().add(hashes)
    rounds = int(report.counts["rounds"])
    work: dict[str, Callable[[object], object]] = {
        "adding 1 hash": lambda _: index.add(drawn(1, 1)),
        "adding 1,000": lambda _: index.add(drawn(1_000, 1)),
        "removing 1": lambda _: index.remove([7]),
    }
    done = {name: Contender(lambda: None, do) for name, do in work.items()}
    times = take_turns(done, rounds)
    for name, one in times.items():
        report.add(Figure(f"{name}", f"{spread([1e3 * each for each in one.process])} ms"))
    grown = index
    for size in (len(hashes) // 9, len(hashes) // 100, len(hashes) // 1_000, 100, 1):
        grown = grown.add(drawn(size, size)).remove([len(grown.alive) + size // 2])
    queries = queries_for(hashes, QUERIES, SEED + 2)
    searched = {
        name: in_portions(one.search, queries, BATCH)
        for name, one in {"grown": grown, "at once": index}.items()
    }
    times = take_turns(searched, rounds)
    got = ratio(times["grown"].process, times["at once"].process)
    parts = len(grown.segments)
    report.add(Figure(f"in {parts} segments after adding and removing / in one", f"{got} times"))


def growth(report: Report, most: int) -> None:
    """From ten thousand drawn hashes to ten million."""
    for size in [one for one in SIZES if one <= most]:
        hashes = drawn(size, SEED)
        count = min(QUERIES, max(BATCH, FLAT_PAIRS // size))
        queries = queries_for(hashes, count, SEED + 1)
        index, seconds = built(HashIndex().add, hashes)
        rival = flat(hashes)
        must_agree(f"{size:,}", ours(index)(queries), theirs(rival)(queries))
        name = f"{size:,} hashes"
        report.add(Figure(f"{name}: build", f"{seconds:.2f} s"), memory(name, index))
        for way, portion in WAYS.items():
            both = contenders(index, {"flat": rival}, queries, portion)
            times = take_turns(both, int(report.counts["rounds"]))
            each = spread([one / count * 1e6 for one in times["automod"].process])
            got = ratio(times["flat"].process, times["automod"].process)
            text = f"{each} microseconds, flat / automod {got}"
            report.add(Figure(f"{name}, {way}: a query", text))


def run(count: int, most: int, rounds: int) -> Report:
    """The whole benchmark."""
    faiss.omp_set_num_threads(1)
    counts: dict[str, float | str] = {
        "faiss-cpu": version("faiss-cpu"), "hashes": count, "radius": RADIUS, "queries": QUERIES,
        "rounds": rounds,
    }  # fmt: skip
    report = begin("hash_index", counts)
    hashes = drawn(count, SEED)
    compare(report, "drawn", hashes, {"drawn": queries_for(hashes, QUERIES, SEED + 1)})
    changes(report, hashes)
    if scenes.are_here():
        hashes = crops.hashes(count, SEED)
        asked = {
            "crops": queries_for(hashes, QUERIES, SEED + 1),
            "crops, asked for new crops": crops.hashes(QUERIES, SEED + 1),
        }
        compare(report, "crops", hashes, asked)
    else:
        print("  without the data folder there are no crops")
    growth(report, most)
    return report


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--hashes", type=int, default=1_000_000, help="to compare with faiss on")
    parser.add_argument("--most", type=int, default=10_000_000, help="hashes at most, for growth")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    report = run(given.hashes, given.most, given.rounds)
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
