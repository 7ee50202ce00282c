"""How a frame of a video is shown: its pixels made square, turned upright, reduced."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from PIL.Image import fromarray

from .decode import SHORTEST, Pixels

_WIDEST: Final = 16
"""Pixels are at most so many times as wide as high, or as high as wide; more is a fault."""

_LUMA_OF_IMAGES: Final = frozenset({2, 4, 5, 6})
"""Colour spaces (ITU-T H.273) whose luma is that of images, BT.601 or unknown: it is taken as it
is, which halves the time. That of BT.709 and others has to be worked out from the colours."""


class Display:
    """How the frames of one stream are shown: their pixels made square, turned upright."""

    def __init__(self, aspect: Any) -> None:
        from av.video.reformatter import VideoReformatter

        wide = float(aspect) if aspect else 1.0
        self._wide = wide if 1 / _WIDEST <= wide <= _WIDEST else 1.0
        # One for all frames: making another takes as long as using it.
        self._reformatter = VideoReformatter()

    def extent(self, frame: Any) -> tuple[int, int]:
        """Width and height, upright, the shorter side of a pixel stretched to the longer."""
        width = round(frame.width * max(self._wide, 1.0))
        height = round(frame.height / min(self._wide, 1.0))
        return (height, width) if display_matrix(frame)[0] else (width, height)

    def pixels(self, frame: Any, long_side: int | None, enlarged: bool, colour: bool) -> Pixels:
        """The pixels of a frame, reduced or enlarged, and read-only."""
        width, height = self._resized(frame, long_side, enlarged)
        way = "AREA" if width <= frame.width else "BILINEAR"
        straight = not colour and frame.colorspace in _LUMA_OF_IMAGES
        resized: Any = self._reformatter.reformat(
            frame, width, height, "gray" if straight else "rgb24", interpolation=way, threads=1
        )
        pixels: Pixels = resized.to_ndarray()
        if not colour and not straight:
            pixels = np.asarray(fromarray(pixels).convert("L"))
        pixels = np.ascontiguousarray(upright(pixels, *display_matrix(frame)))
        pixels.setflags(write=False)
        return pixels

    def _resized(self, frame: Any, long_side: int | None, enlarged: bool) -> tuple[int, int]:
        """Width and height before turning: for square pixels squeezed, never stretched."""
        width = max(round(frame.width * min(self._wide, 1.0)), 1)
        height = max(round(frame.height / max(self._wide, 1.0)), 1)
        longer, shorter = max(width, height), min(width, height)
        if long_side is None or longer == long_side or (longer < long_side and not enlarged):
            return width, height
        least = min(shorter, SHORTEST, long_side)
        short = max(round(shorter * long_side / longer), least)
        return (long_side, short) if width >= height else (short, long_side)


def display_matrix(frame: Any) -> tuple[bool, bool, bool]:
    """How a frame is to be turned: axes swapped, then top and bottom, then left and right.

    The display matrix of ISO/IEC 14496-12, section 8.3.2, whichever of the eight orientations is
    nearest; Matroska's `ProjectionPoseRoll` arrives as the same.
    """
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return False, False, False
    a, b, _, c, d = np.frombuffer(bytes(data), "<i4")[:5].tolist()
    if abs(b) + abs(c) > abs(a) + abs(d):
        return True, b < 0, c < 0
    return False, d < 0, a < 0


def upright(pixels: Pixels, swapped: bool, vertical: bool, horizontal: bool) -> Pixels:
    """Pixels with the axes swapped, then turned top to bottom, then left to right.

    >>> upright(np.array([[1, 2, 3], [4, 5, 6]], np.uint8), True, False, True).tolist()
    [[4, 1], [5, 2], [6, 3]]
    """
    if swapped:
        pixels = pixels.swapaxes(0, 1)
    return pixels[:: -1 if vertical else 1, :: -1 if horizontal else 1]
