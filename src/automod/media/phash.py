"""pHash and dHash, 64 bits each, and the other hashes of ImageHash where a package asks for them.

pHash and dHash give the bits of ImageHash 4.3 (J. Buchner), which follows N. Krawetz, "Looks Like
It", 2011, and "Kind of Like That", 2013.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt
from PIL.Image import Image, Resampling

from automod.errors import MissingExtra

from .hexes import Hashes

OtherAlgorithm = Literal["ahash", "whash", "colorhash"]
OTHER_ALGORITHMS: Final[tuple[OtherAlgorithm, ...]] = get_args(OtherAlgorithm)

PHASH_SIDE: Final = 32
"""Of the plane that pHash looks at."""

PHASH_KEPT: Final = 8
"""Frequencies of pHash along each axis, the constant one included."""

DHASH_SIZE: Final = (9, 8)
"""Width and height of the plane that dHash looks at."""

Bytes = npt.NDArray[np.uint8]


def phash(image: Image) -> Hashes:
    """The pHash of one image: shape (1, 8).

    Args:
        image: any mode; luma is taken first, as ImageHash does, and then reduced.

    >>> from PIL.Image import linear_gradient
    >>> phash(linear_gradient("L")).tobytes().hex()
    '8000800080008000'
    """
    return phash_planes(_plane(image, (PHASH_SIDE, PHASH_SIDE)))


def dhash(image: Image) -> Hashes:
    """The dHash of one image: shape (1, 8).

    Args:
        image: any mode; luma is taken first, as ImageHash does, and then reduced.

    >>> from PIL.Image import linear_gradient
    >>> dhash(linear_gradient("L").rotate(90)).tobytes().hex()
    'ffffffffffffffff'
    """
    return dhash_planes(_plane(image, DHASH_SIZE))


def _plane(image: Image, size: tuple[int, int]) -> Bytes:
    return np.asarray(image.convert("L").resize(size, Resampling.LANCZOS))[None]


def phash_planes(planes: Bytes) -> Hashes:
    """The pHashes of planes: whether each of the lowest frequencies is above their median.

    Args:
        planes: luma, shape (n, 32, 32).

    Returns:
        Shape (n, 8).

    >>> phash_planes(np.zeros((1, 32, 32), np.uint8)).tobytes().hex()
    '0000000000000000'
    """
    waves = _cosines()
    low = waves.T @ planes.astype(np.float64) @ waves
    # What is zero on paper comes out as 1e-13 of either sign: without this, the bits of flat and
    # striped pictures are noise.
    flat = np.round(low, 6).reshape(len(planes), PHASH_KEPT * PHASH_KEPT)
    return np.packbits(flat > np.median(flat, axis=1, keepdims=True), axis=1)


@lru_cache(maxsize=1)
def _cosines() -> npt.NDArray[np.float64]:
    """Shape (32, 8): the lowest frequencies of the discrete cosine transform, as columns."""
    places, frequencies = np.arange(PHASH_SIDE)[:, None], np.arange(PHASH_KEPT)
    waves: npt.NDArray[np.float64] = 2 * np.cos(
        np.pi / 2 / PHASH_SIDE * frequencies * (2 * places + 1)
    )
    return waves


def dhash_planes(planes: Bytes) -> Hashes:
    """The dHashes of planes: whether each pixel is lighter than the one to its left.

    Args:
        planes: luma, shape (n, 8, 9).

    Returns:
        Shape (n, 8).

    >>> dhash_planes(np.tile(np.arange(9, dtype=np.uint8), (1, 8, 1))).tobytes().hex()
    'ffffffffffffffff'
    """
    return np.packbits((planes[:, :, 1:] > planes[:, :, :-1]).reshape(len(planes), 64), axis=1)


def other_hash(image: Image, algorithm: OtherAlgorithm) -> Hashes:
    """A hash that ImageHash works out, with its default sizes: shape (1, bytes).

    Args:
        image: RGB or luma; `colorhash` needs RGB.
        algorithm: `ahash` and `whash` have 64 bits, `colorhash` 42 (led by six zero bits).

    Raises:
        ValueError: another algorithm.
        MissingExtra: the extra `imagehash` is not installed.

    >>> from PIL.Image import linear_gradient
    >>> other_hash(linear_gradient("L"), "ahash").tobytes().hex()
    '00000000ffffffff'
    """
    if algorithm not in OTHER_ALGORITHMS:
        raise ValueError(f"{algorithm!r} is none of {', '.join(OTHER_ALGORITHMS)}")
    imagehash = need_imagehash(algorithm)
    functions = {
        "ahash": imagehash.average_hash,
        "whash": imagehash.whash,
        "colorhash": imagehash.colorhash,
    }
    bits = np.asarray(functions[algorithm](image).hash, np.uint8).ravel()
    return np.packbits(np.pad(bits, (-len(bits) % 8, 0)))[None]


def need_imagehash(algorithm: str) -> Any:
    """The library; MissingExtra says that it is not installed."""
    try:
        import imagehash
    except ImportError:
        raise MissingExtra("imagehash", f"the hash {algorithm!r}") from None
    return imagehash
