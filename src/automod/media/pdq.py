"""PDQ: 256 bits of a picture, and how much there is in it to hash; many pictures at once.

Meta, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019, and its
reference implementation in C++. Box filters and decimation are linear, so each axis is one matrix
made once for a length: the result is that of the reference but for rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .hexes import Hashes

Floats = npt.NDArray[np.float32]
Luma = npt.NDArray[np.uint8] | Floats
"""Shape (height, width), from 0 to 255."""

SIDE: Final = 64
"""Of the plane that an image is reduced to."""

KEPT: Final = 16
"""Frequencies kept along each axis: 1 to 16, without the constant one."""

SMALLEST: Final = 5
"""Pixels that each side needs: a smaller image has the hash 0 and the quality 0."""

ORIENTATIONS: Final = (
    "upright", "rotate90", "rotate180", "rotate270", "flip_x", "flip_y", "flip_plus", "flip_minus",
)  # fmt: skip
"""Order of `dihedral`, as in the reference: rotations are counter-clockwise, `flip_x` turns top
and bottom, `flip_y` left and right, `flip_plus` and `flip_minus` rows and columns."""


class Hashed(NamedTuple):
    """Hashes and their qualities."""

    hashes: Hashes
    """Shape (n, 32); the bits are described with `Hashes`."""
    quality: npt.NDArray[np.uint8]
    """Shape (n,), 0 to 100: the share of strong edges. Under 50 a hash says little."""


def pdq(luma: Luma, original: tuple[int, int] | None = None) -> Hashed:
    """The hash of one image (n = 1).

    Args:
        luma: shape (height, width), 0 to 255; the reference takes 0.299 R + 0.587 G + 0.114 B.
        original: width and height before the image was reduced, None where it was not.

    >>> ramp = np.add.outer(np.arange(200), np.arange(300)).astype(np.uint8)
    >>> hashes, quality = pdq(ramp)
    >>> hashes.shape, quality.tolist()
    ((1, 32), [100])
    """
    height, width = luma.shape
    if min(height, width) < SMALLEST:
        return Hashed(np.zeros((1, 32), np.uint8), np.zeros(1, np.uint8))
    return pdq_planes(planes_of(luma, [(0, 0, width, height)], original))


def planes_of(
    luma: Luma, boxes: Sequence[tuple[int, int, int, int]], original: tuple[int, int] | None = None
) -> Floats:
    """The planes of many parts of one image, as if each were an image of its own.

    Args:
        luma: shape (height, width), 0 to 255.
        boxes: left, top, right, bottom of each part, half-open, each side at least `SMALLEST`.
        original: width and height before the image was reduced, None where it was not.

    Returns:
        Shape (n, 64, 64).

    >>> planes_of(np.zeros((100, 80), np.uint8), [(0, 0, 80, 100), (10, 20, 70, 90)]).shape
    (2, 64, 64)
    """
    values = luma.astype(np.float32, copy=False)
    height, width = values.shape
    across, down = (width, height) if original is None else original
    rows: dict[tuple[int, int], Floats] = {}
    planes = np.empty((len(boxes), SIDE, SIDE), np.float32)
    for plane, (left, top, right, bottom) in zip(planes, boxes, strict=True):
        if (top, bottom) not in rows:  # parts side by side share them
            high = bottom - top
            rows[top, bottom] = operator(high, round(high * down / height)) @ values[top:bottom]
        wide = right - left
        columns = operator(wide, round(wide * across / width))
        np.matmul(rows[top, bottom][:, left:right], columns.T, out=plane)
    return planes


def pdq_planes(planes: Floats) -> Hashed:
    """The hashes of planes.

    Args:
        planes: shape (n, 64, 64), 0 to 255: images already reduced, or what `planes_of` gives.

    >>> pdq_planes(np.zeros((3, 64, 64), np.float32)).quality.tolist()
    [0, 0, 0]
    """
    return Hashed(hash_coefficients(coefficients(planes)), quality(planes))


@lru_cache(maxsize=128)
def operator(length: int, original: int) -> Floats:
    """What brings an axis to 64 pixels: two box filters, then one pixel of each 64th part.

    Args:
        length: pixels along the axis, as it is.
        original: pixels before it was reduced. The filters are those of the original, looked at
            through the reduction: on 38 photographs of 0.2 to 1.6 megapixels brought to 512 pixels
            the hash moves by 1.3 bits on average, 8 at most; filters for 512 move it by 5.7 and 24.

    Returns:
        Shape (64, length), read-only.

    Raises:
        ValueError: the axis is longer than it was.
    """
    if original < length:
        raise ValueError(f"{length} pixels cannot be a reduction of {original}")
    # Each pixel of the original belongs to the one its centre lies in.
    edges = -((length - 2 * original * np.arange(length + 1)) // (2 * length))
    summed = _twice_boxed(original).cumsum(axis=1)[:, edges]
    filters = np.diff(summed, axis=1)
    filters[filters < 1e-12] = 0.0
    matrix = filters.astype(np.float32)
    matrix.setflags(write=False)
    return matrix


def _twice_boxed(length: int) -> npt.NDArray[np.float64]:
    """Shape (64, 1 + length): zero, then what each pixel of the plane takes from each of an axis.

    The window reaches one pixel further to the right where it is even, and is cut at the edges. A
    box is where it begins and where it ends: the running sum fills it.
    """
    window = (length + 2 * SIDE - 1) // (2 * SIDE)
    places = np.arange(length)
    first = np.maximum(places - (window - 1) // 2, 0)
    last = np.minimum(places + window // 2, length - 1) + 1
    share = 1 / (last - first)
    centres = ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64)
    row, near = np.nonzero(np.arange(window) < (last - first)[centres, None])
    near += first[centres[row]]
    weight = share[centres[row]] * share[near]
    begin = row * (length + 2) + 1
    size = SIDE * (length + 2)
    changes = np.bincount(begin + first[near], weight, size)
    changes -= np.bincount(begin + last[near], weight, size)
    filled: npt.NDArray[np.float64] = changes.reshape(SIDE, length + 2).cumsum(axis=1)[:, :-1]
    return filled


def quality(planes: Floats) -> npt.NDArray[np.uint8]:
    """How much there is to hash: the sum of the steps between neighbours, small ones left out.

    Args:
        planes: shape (n, 64, 64).

    Returns:
        Shape (n,), 0 to 100.
    """
    down = _steps(planes[:, 1:] - planes[:, :-1])
    across = _steps(planes[:, :, 1:] - planes[:, :, :-1])
    found: npt.NDArray[np.uint8] = np.minimum((down + across) // 90, 100).astype(np.uint8)
    return found


def _steps(differences: Floats) -> Floats:
    """Percent of the full range, whole ones only, summed over each plane; shape (n,)."""
    steps = np.abs(differences, out=differences)
    steps *= 100
    steps /= 255
    whole = np.floor(steps, out=steps).reshape(len(steps), SIDE * (SIDE - 1))
    # The sum is whole and under 2**24, so exact; a product with ones is the fastest there is.
    total: Floats = whole @ np.ones(SIDE * (SIDE - 1), np.float32)
    return total


@lru_cache(maxsize=1)
def _cosines() -> Floats:
    """Shape (64, 16): the frequencies 1 to 16 of the discrete cosine transform, as columns."""
    places, frequencies = np.arange(SIDE)[:, None], np.arange(1, KEPT + 1)
    waves = np.cos(np.pi / 2 / SIDE * frequencies * (2 * places + 1)) * np.sqrt(2 / SIDE)
    return np.ascontiguousarray(waves, np.float32)


def coefficients(planes: Floats) -> Floats:
    """The discrete cosine transform of planes, frequencies 1 to 16 along each axis.

    Args:
        planes: shape (n, 64, 64).

    Returns:
        Shape (n, 16, 16).
    """
    count = len(planes)
    across = planes.reshape(count * SIDE, SIDE) @ _cosines()
    turned = np.ascontiguousarray(across.reshape(count, SIDE, KEPT).transpose(0, 2, 1))
    down = turned.reshape(count * KEPT, SIDE) @ _cosines()
    return np.ascontiguousarray(down.reshape(count, KEPT, KEPT).transpose(0, 2, 1))


def hash_coefficients(values: Floats) -> Hashes:
    """One bit a coefficient: whether it is above the median.

    Args:
        values: shape (n, 16, 16).

    Returns:
        Shape (n, 32).
    """
    flat = values.reshape(len(values), KEPT * KEPT)
    return _packed(flat > _medians(flat))


def _medians(flat: Floats) -> Floats:
    """The lower of the two in the middle, as the reference takes it; shape (n, 1)."""
    middle = KEPT * KEPT // 2 - 1
    return np.partition(flat, middle, axis=1)[:, middle : middle + 1]


def _packed(bits: npt.NDArray[np.bool_]) -> Hashes:
    packed: Hashes = np.packbits(bits, axis=-1, bitorder="little")[..., ::-1]
    return packed


@lru_cache(maxsize=1)
def _signs() -> Floats:
    """Shape (4, 16, 16): what a flip of rows, of columns or of both does to each coefficient."""
    alternating = np.where(np.arange(KEPT) % 2, 1, -1).astype(np.float32)
    same, rows = np.ones((KEPT, KEPT), np.float32), np.repeat(alternating[:, None], KEPT, axis=1)
    return np.stack([same, rows, rows.T, rows * rows.T])


def dihedral(values: Floats) -> Hashes:
    """The hashes of an image in all eight orientations, from its coefficients alone.

    A flip changes the sign of every second coefficient, a quarter turn also swaps the axes, and
    the median does not see a swap: four medians serve eight hashes.

    Args:
        values: shape (n, 16, 16), from `coefficients`.

    Returns:
        Shape (n, 8, 32), in the order of `ORIENTATIONS`.

    >>> plane = np.random.default_rng(0).uniform(0, 255, (1, 64, 64)).astype(np.float32)
    >>> eight = dihedral(coefficients(plane))
    >>> turned = np.ascontiguousarray(np.rot90(plane, axes=(1, 2)))
    >>> bool((eight[:, 1] == hash_coefficients(coefficients(turned))).all())
    True
    """
    count = len(values)
    signed = (values[:, None] * _signs()).reshape(count * 4, KEPT * KEPT)
    bits = (signed > _medians(signed)).reshape(count, 4, KEPT, KEPT)
    swapped = bits.transpose(0, 1, 3, 2)
    both, same, rows, columns = 3, 0, 1, 2
    eight = np.stack(
        [
            bits[:, same], swapped[:, columns], bits[:, both], swapped[:, rows],
            bits[:, rows], bits[:, columns], swapped[:, same], swapped[:, both],
        ],
        axis=1,
    )  # fmt: skip
    return _packed(eight.reshape(count, 8, KEPT * KEPT))
