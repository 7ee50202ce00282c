"""Whether what looks like a risky sample is nearer to a harmless one, at the same place."""

from __future__ import annotations

import re
from typing import Final, Protocol

from automod.media.fingerprint import BYTES
from automod.media.sample import VIEWS

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, half-open, in pixels of the original picture."""

SAME_FILE: Final = "same file"
SAME_PIXELS: Final = "same pixels"
CLIP: Final = "clip"
FLAT: Final = "flat"
CROPPED: Final = "cropped"
PARTLY: Final = "partly"
PARTIAL: Final = frozenset({CROPPED, PARTLY})
"""Words of a view that say that not all of the sample was compared."""
IN_PART: Final = 8
"""Bits that this counts: two pictures may differ in nothing but the part that was left out."""
_CLIPPED: Final = re.compile(r"^clip, ([0-9.]+)-([0-9.]+) s")
_FRAME: Final = re.compile(r"frame [0-9]+")


class Looks(Protocol):
    """How a picture was seen to be like a sample, as far as an allow is concerned."""

    @property
    def view(self) -> str:
        """What was compared, and how."""

    @property
    def distance(self) -> int:
        """Bits apart."""

    @property
    def box(self) -> Box | None:
        """Where."""

    @property
    def confidence(self) -> float:
        """How sure it is."""

    @property
    def at(self) -> float | None:
        """When, in a video."""


def is_nearer(allow: Looks, one: Looks) -> bool:
    """Whether what looks like a risky sample is nearer to a harmless one, at the same place.

    The same moment and the same part of the picture: a badge in a corner allows nothing beside it,
    and a second of a film nothing before or after. Bits of different hashes are not compared. A
    file that is itself the harmless sample is harmless in all its parts.
    """
    if SAME_FILE in (allow.view, one.view):
        return one.view != SAME_FILE
    if not (is_same_place(allow, one) and allow.confidence >= one.confidence):
        return False
    if one.view.endswith(SAME_PIXELS) or allow.view.endswith(SAME_PIXELS):
        return not one.view.endswith(SAME_PIXELS)
    return _sort_of(allow) == _sort_of(one) and rank(allow) < rank(one)


def rank(one: Looks) -> int:
    """How far a sample is, in bits; more where not all of it was compared."""
    partial = not PARTIAL.isdisjoint(one.view.split(", "))
    return one.distance + (IN_PART if partial else 0)


def _sort_of(one: Looks) -> str:
    """The hash by which something was seen: bits of others say nothing about it."""
    words = one.view.split(", ")
    return next((word for word in words if word in BYTES or word in (CLIP, FLAT)), VIEWS)


def is_same_place(one: Looks, other: Looks) -> bool:
    """Whether both are the same part of the same moment."""
    spans = _CLIPPED.search(one.view), _CLIPPED.search(other.view)
    if spans[0] is not None and spans[1] is not None:
        (begin, end), (first, last) = ([float(x) for x in span.groups()] for span in spans if span)
        both = min(end, last) - max(begin, first)
        return 2 * both >= max(end, last) - min(begin, first)
    frames = [_FRAME.findall(each.view) for each in (one, other)]
    return one.at == other.at and frames[0] == frames[1] and _is_same_part(one.box, other.box)


def _is_same_part(one: Box | None, other: Box | None) -> bool:
    """Whether what two boxes share is at least half of what they cover together."""
    if one is None or other is None:
        return False
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    both = max(width, 0) * max(height, 0)
    return 2 * both >= _area(one) + _area(other) - both


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])
