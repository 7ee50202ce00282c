"""A video in which others are looked for: of each frame its views, its hashes and its codes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO, Final

from PIL import Image

from .codes import Code, read_codes
from .decode import Pixels
from .frames import DEFAULT, Video, VideoBudget, read_video
from .hexes import Hashes
from .pdq import coefficients, dihedral, planes_of
from .phash import dhash, phash
from .sampling import EVEN, Sampling
from .views import Views, of_query

_READ: Final = 1 << 20
"""Bytes of a file that are read at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What is seen of one frame."""

    views: Views
    pdq: Hashes
    """Of the whole in its eight orientations: shape (8, 32)."""
    phash: Hashes
    """Shape (1, 8)."""
    dhash: Hashes
    """Shape (1, 8)."""
    size: tuple[int, int]
    """Width and height of the reduced frame."""
    codes: tuple[Code, ...]
    """Their boxes are in pixels of the reduced frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A video, seen."""

    video: Video[Scene]
    sha256: str
    """Of the file, in hex."""


def seen_film(file: BinaryIO, *, budget: VideoBudget = DEFAULT, sampling: Sampling = EVEN) -> Film:
    """What is seen of a video.

    Args:
        file: a binary file that can be searched.
        budget: as in `read_video`.
        sampling: as in `read_video`; luma.

    Raises:
        MediaError: nothing of it can be seen.
        MissingExtra: the extra `video` is not installed.
    """
    video = read_video(file, scene_of, budget=budget, sampling=sampling)
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(_READ):
        digest.update(part)
    return Film(video, digest.hexdigest())


def scene_of(luma: Pixels) -> Scene:
    """What is seen of one frame.

    Args:
        luma: shape (height, width).
    """
    height, width = luma.shape
    plane, image = planes_of(luma, [(0, 0, width, height)]), Image.fromarray(luma)
    return Scene(
        views=of_query(luma),
        pdq=dihedral(coefficients(plane))[0],
        phash=phash(image),
        dhash=dhash(image),
        size=(width, height),
        codes=read_codes(luma),
    )
