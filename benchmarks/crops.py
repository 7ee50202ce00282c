"""Hashes of real pictures, a million of them: crops of the scenes, which cluster as samples do.

A crop is 30 to 100 % as high as its picture, up to 40 % wider or narrower for its height, anywhere
in it, half of them mirrored. No bit is flipped afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from automod.media.pdq import SIDE, coefficients, hash_coefficients

from . import scenes

Hashes = NDArray[np.uint8]
Sums = NDArray[np.float64]
"""[height + 1, width + 1]: the sum of all pixels above and to the left."""

LARGEST: Final = 512
"""Pixels on the longer side that pictures are brought to."""

AT_ONCE: Final = 1_000


def hashes(count: int, seed: int) -> Hashes:
    """PDQ of so many crops, pictures mixed.

    Returns:
        uint8[count, 32].
    """
    rng = np.random.default_rng(seed)
    pictures = [_summed(one) for one in [*scenes.scenes().values(), *scenes.twins().values()]]
    shares = np.array_split(np.arange(count), len(pictures))
    parts = [
        part
        for picture, share in zip(pictures, shares, strict=True)
        for part in _crops(picture, len(share), rng)
    ]
    return np.concatenate(parts)[rng.permutation(count)]


def _summed(picture: Image.Image) -> Sums:
    small = picture.convert("L")
    small.thumbnail((LARGEST, LARGEST))
    sums = np.zeros((small.height + 1, small.width + 1))
    sums[1:, 1:] = np.asarray(small, dtype=np.float64).cumsum(axis=0).cumsum(axis=1)
    return sums


def _crops(sums: Sums, count: int, rng: np.random.Generator) -> Iterator[Hashes]:
    for at in range(0, count, AT_ONCE):
        some = min(AT_ONCE, count - at)
        height, width = sums.shape[0] - 1, sums.shape[1] - 1
        high = height * rng.uniform(0.3, 1, some)
        wide = np.minimum(high * width / height * rng.uniform(0.7, 1.4, some), width)
        rows = _edges(rng.uniform(0, height - high), high)
        columns = _edges(rng.uniform(0, width - wide), wide)
        planes = _planes(sums, rows, columns)
        mirrored = rng.random(some) < 0.5
        planes[mirrored] = planes[mirrored, :, ::-1]
        yield hash_coefficients(coefficients(planes))


def _edges(begin: NDArray[np.float64], length: NDArray[np.float64]) -> NDArray[np.intp]:
    """[n, 65]: where the 64 parts of a side begin and end, in whole pixels."""
    parts = np.arange(SIDE + 1) / SIDE
    return np.round(begin[:, None] + length[:, None] * parts).astype(np.intp)


def _planes(sums: Sums, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float32]:
    """[n, 64, 64]: the mean of each part, from its four corners."""
    corners = sums[rows[:, :, None], columns[:, None, :]]
    totals = np.diff(np.diff(corners, axis=1), axis=2)
    areas = np.diff(rows, axis=1)[:, :, None] * np.diff(columns, axis=1)[:, None, :]
    means: NDArray[np.float32] = (totals / np.maximum(areas, 1)).astype(np.float32)
    return means
