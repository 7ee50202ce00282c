"""The lowest cosines of any box of a picture, and the hash that their signs make.

As PDQ (Meta, 2019) takes the signs of 16 x 16 cosines against their median, with two things made
exact: the box need not begin between two pixels, and each cosine is integrated over the pixels of
the box instead of being sampled after a filter. So one box costs a few thousand multiplications,
and many boxes of a picture share most of them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

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


COSINES: Final = 16
"""Along each axis of a box; half as many along each axis of its quarters."""

_ODD, _EVEN = slice(0, COSINES, 2), slice(1, COSINES, 2)
"""The cosines 1, 3, 5 ... and 2, 4, 6 ..."""
_PARTS: Final = (slice(0, 8), slice(8, 16), slice(16, 24))
"""Of what `_waves` gives: odd ones of the whole, even ones of its first half, of its second."""


class Spectra(NamedTuple):
    """The lowest cosines of boxes; the first axis of each is down."""

    whole: Floats
    """Shape (n, 16, 16)."""
    quarters: Floats
    """Shape (n, 4, 8, 8): upper left, upper right, lower left, lower right."""

    def at(self, places: npt.NDArray[np.int64]) -> Spectra:
        """Those of some of the boxes."""
        return Spectra(self.whole[places], self.quarters[places])


def spectra(luma: Floats, boxes: Boxes) -> Spectra:
    """The lowest cosines of boxes and of their quarters.

    Args:
        luma: shape (height, width).
        boxes: shape (n, 4), within the picture.

    >>> ramp = np.tile(np.arange(64, dtype=np.float32), (64, 1))
    >>> found = spectra(ramp, np.array([[0, 0, 1, 1]], np.float32))
    >>> found.whole.shape, found.quarters.shape
    ((1, 16, 16), (1, 4, 8, 8))
    """
    rows, row_of = np.unique(boxes[:, [1, 3]], axis=0, return_inverse=True)
    columns, column_of = np.unique(boxes[:, [0, 2]], axis=0, return_inverse=True)
    height, width = luma.shape
    waves = _waves(rows, height)
    down = (waves.reshape(-1, height) @ luma).reshape(*waves.shape[:2], width)
    across = np.ascontiguousarray(_waves(columns, width).transpose(0, 2, 1))
    return _put_together(np.matmul(down[row_of.ravel()], across[column_of.ravel()]))


def _waves(intervals: Floats, length: int) -> Floats:
    """The integrals of cosines over each pixel of an axis: shape (n, 24, length).

    Eight odd ones over the interval, then eight even ones over its first half, then over its
    second: the even ones of the whole are all ones of each half (the odd ones of the second with
    the sign turned). So one product gives the cosines of a box and those of its quarters.

    Args:
        intervals: shape (n, 2), begin and end as shares of the axis.
        length: pixels of the axis.
    """
    edges = np.arange(length + 1, dtype=np.float32) / np.float32(length)
    inside = (edges - intervals[:, :1]) / (intervals[:, 1:] - intervals[:, :1])
    inside = np.clip(inside, 0, 1, out=inside)
    frequencies = np.arange(1, COSINES + 1, dtype=np.float32)
    parts = (
        (inside, frequencies[_ODD]),
        (np.minimum(inside, np.float32(0.5)), frequencies[_EVEN]),
        (np.maximum(inside, np.float32(0.5)), frequencies[_EVEN]),
    )
    return np.concatenate([_integrals(phase, waves[:, None]) for phase, waves in parts], axis=1)


def _integrals(phase: Floats, frequency: Floats) -> Floats:
    sines = np.sin(np.float32(np.pi) * frequency * phase[:, None]) / frequency
    steps: Floats = np.diff(sines, axis=2)
    return steps


def _put_together(products: Floats) -> Spectra:
    """The spectra of the products of what `_waves` gives: shape (n, 24, 24)."""
    whole = np.empty((len(products), COSINES, COSINES), np.float32)
    odd, first, second = _PARTS
    upper, lower = products[:, first], products[:, second]
    whole[:, _ODD, _ODD] = products[:, odd, odd]
    whole[:, _ODD, _EVEN] = products[:, odd, first] + products[:, odd, second]
    whole[:, _EVEN, _ODD] = upper[:, :, odd] + lower[:, :, odd]
    both = upper + lower
    whole[:, _EVEN, _EVEN] = both[:, :, first] + both[:, :, second]
    turned = np.where(np.arange(COSINES // 2) % 2, 1, -1).astype(np.float32)
    quarters = (
        upper[:, :, first],
        upper[:, :, second] * turned,
        lower[:, :, first] * turned[:, None],
        lower[:, :, second] * turned * turned[:, None],
    )
    return Spectra(whole, np.stack(quarters, axis=1))


def spread(values: Floats) -> Floats:
    """How evenly cosines share a picture: 0 for one wave, 0.64 for noise; shape (n,).

    The participation ratio of their sizes; a picture that is one soft wave looks like every other.

    Args:
        values: shape (n, k, k).
    """
    sizes = np.abs(values.reshape(len(values), values.shape[1] * values.shape[2]))
    squares = np.maximum((sizes * sizes).sum(axis=1), np.float32(1e-9))
    shared: Floats = sizes.sum(axis=1) ** 2 / squares / sizes.shape[1]
    return shared


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
