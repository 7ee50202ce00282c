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
