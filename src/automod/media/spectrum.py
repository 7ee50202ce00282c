"""The lowest cosines of any box of a picture, and the hash that their signs make.

As PDQ (Meta, 2019) takes the signs of 16 x 16 cosines against their median, with two things made
exact: the box need not begin between two pixels, and each cosine is integrated over the pixels of
the box instead of being sampled after a filter. So one box costs a few thousand multiplications,
and many boxes of a picture share most of them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from .hexes import Hashes

Floats = npt.NDArray[np.float32]
Boxes = Floats
"""Shape (n, 4): left, top, right, bottom, as shares of width and height."""

ORIENTATIONS: Final = (
    "", "mirrored", "flipped", "turned 180",
    "transposed", "turned 90", "turned 270", "transversed",
)  # fmt: skip
"""What was done to a picture: 1 and 3 swap left and right, 2 and 3 top and bottom, and from 4 on
the axes are swapped after that. Turns are counter-clockwise."""

_FLIPS_X: Final = frozenset({1, 3})
_FLIPS_Y: Final = frozenset({2, 3})


def spectra(luma: Floats, boxes: Boxes, count: int) -> Floats:
    """The cosines 1 to `count` along each axis of each box.

    Args:
        luma: shape (height, width).
        boxes: shape (n, 4), within the picture.
        count: frequencies.

    Returns:
        Shape (n, count, count): the first axis is down.

    >>> ramp = np.tile(np.arange(64, dtype=np.float32), (64, 1))
    >>> spectra(ramp, np.array([[0, 0, 1, 1]], np.float32), 16).shape
    (1, 16, 16)
    """
    rows, row_of = np.unique(boxes[:, [1, 3]], axis=0, return_inverse=True)
    columns, column_of = np.unique(boxes[:, [0, 2]], axis=0, return_inverse=True)
    height, width = luma.shape
    down = _waves(rows, height, count).reshape(-1, height) @ luma
    across = _waves(columns, width, count).transpose(0, 2, 1)
    down = down.reshape(len(rows), count, width)
    found: Floats = np.matmul(down[row_of.ravel()], across[column_of.ravel()])
    return found


def _waves(intervals: Floats, length: int, count: int) -> Floats:
    """The integral of each cosine over each pixel of an axis: shape (n, count, length).

    Args:
        intervals: shape (n, 2), begin and end as shares of the axis.
        length: pixels of the axis.
        count: frequencies.
    """
    frequency = np.arange(1, count + 1, dtype=np.float32)[:, None]
    edges = np.arange(length + 1, dtype=np.float32) / np.float32(length)
    inside = (edges - intervals[:, :1]) / (intervals[:, 1:] - intervals[:, :1])
    phase = np.clip(inside, 0, 1, out=inside)[:, None]
    sines = np.sin(np.float32(np.pi) * frequency * phase) / frequency
    waves: Floats = np.diff(sines, axis=2)
    return waves


def oriented(values: Floats, orientation: int) -> Floats:
    """The cosines of the same boxes of a picture that is turned or flipped.

    A flip changes the sign of every second cosine, a transposition swaps the axes.

    Args:
        values: shape (..., k, k).
        orientation: a place in `ORIENTATIONS`.
    """
    signs = np.where(np.arange(values.shape[-1]) % 2, 1, -1).astype(np.float32)
    if orientation % 4 in _FLIPS_X:
        values = values * signs
    if orientation % 4 in _FLIPS_Y:
        values = values * signs[:, None]
    return np.swapaxes(values, -1, -2) if orientation >= 4 else values


def hashed(values: Floats) -> Hashes:
    """One bit a cosine: whether it is above their median.

    Args:
        values: shape (n, k, k), with k x k a multiple of 8 and even.

    Returns:
        Shape (n, k x k / 8).
    """
    flat = values.reshape(len(values), values.shape[-2] * values.shape[-1])
    half = flat.shape[1] // 2
    parted = np.partition(flat, (half - 1, half), axis=1)
    middle = (parted[:, half - 1] + parted[:, half]) / 2
    return np.packbits(flat > middle[:, None], axis=1)
