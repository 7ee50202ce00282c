"""The naive search of hashes: every bit of every pair, and nothing shared with `automod.match`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Near(NamedTuple):
    """Pairs within a radius, in the order of query and row."""

    query: list[int]
    row: list[int]
    distance: list[int]


def distances(queries: NDArray[np.uint8], hashes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """[m, n]: the number of bits in which each query differs from each hash."""
    differ = np.unpackbits(queries[:, None, :] ^ hashes[None, :, :], axis=2)
    counts: NDArray[np.int64] = differ.sum(axis=2, dtype=np.int64)
    return counts


def search(queries: NDArray[np.uint8], hashes: dict[int, NDArray[np.uint8]], radius: int) -> Near:
    """All pairs of a query and a row whose hash is within `radius` bits of it.

    Args:
        queries: uint8[m, 32].
        hashes: uint8[32], by row.
        radius: in bits, itself included.
    """
    rows = sorted(hashes)
    some = np.array([hashes[row] for row in rows], dtype=np.uint8).reshape(len(rows), 32)
    apart = distances(queries, some)
    query, place = (apart <= radius).nonzero()
    return Near(query.tolist(), [rows[one] for one in place], apart[query, place].tolist())


def alike(queries: NDArray[np.uint8], hashes: NDArray[np.uint8], radius: int, beside: int) -> Near:
    """The pairs of `search` that agree in one place.

    The bits of a hash are put into the order 0, 37, 74 ... (modulo 256) and cut into 16 words of
    16. In one of them at most one bit differs, and in it and the next at most `beside`; behind the
    last comes the first.
    """
    order = [number * 37 % 256 for number in range(256)]
    differ = np.unpackbits(queries[:, None, :] ^ hashes[None, :, :], axis=2)[..., order]
    words = differ.reshape(len(queries), len(hashes), 16, 16).sum(axis=3, dtype=np.int64)
    both = words + np.roll(words, -1, axis=2)
    agree = ((words <= 1) & (both <= beside)).any(axis=2)
    apart = words.sum(axis=2)
    query, row = (agree & (apart <= radius)).nonzero()
    return Near(query.tolist(), row.tolist(), apart[query, row].tolist())
