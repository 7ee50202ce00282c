"""Views of a picture: parts of it, and a hash and a check of each.

A picture comes back whole in something larger, or as a part of itself, or with something over it.
So a query is looked at as a whole and in each box in which another picture may lie; and a sample,
which is looked at once, also as it would be cut, turned and flipped. Each view is one hash, and the
two sides meet where two of them are near.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from .boxes import WHOLE, Box, find_boxes
from .hexes import Hashes
from .spectrum import ORIENTATIONS, Boxes, Floats, hashed, oriented, spectra, spread

Luma = npt.NDArray[np.uint8]
"""Shape (height, width)."""

VERSION: Final = "1"
"""Of views, hashes and checks: those of another cannot be compared."""

PACKED: Final = 82
"""Bytes of a view."""

FOUND: Final = 6
"""Boxes of a query, besides the whole, in which another picture may lie."""

FOUND_IN_SAMPLE: Final = 3

QUIET_QUERY: Final = 0.10
QUIET_SAMPLE: Final = 0.15
"""Share of a view in which something must happen: plain sky looks like any other."""

WHOLE_AREA: Final = 0.02
"""Share of a side by which two boxes may differ and still be called the same."""

_OUTSIDE: Final = 0.001
"""Share of a side by which a box may be outside: what rounding leaves."""

_LINE_SIDE: Final = 384
"""Pixels of a side at most, where lines are looked for."""
_HASH_SIDE: Final = 192
"""Pixels of a side at most, of what is hashed: twelve for the shortest wave."""
_BLOCK: Final = 6
"""Pixels of a side of a block that is active or not."""

_TURNS: Final = (-3.0, 3.0)
"""Degrees by which a sample is turned: what a crooked screenshot of it looks like."""

_ASPECTS: Final = (1.0, 0.8, 9 / 16, 16 / 9, 1.91)
"""Width to height of what a sample is cut to: square, portrait, story, film and link."""


def _inset(left: float, top: float, right: float, bottom: float) -> Box:
    return left, top, 1 - right, 1 - bottom


def _insets(step: float) -> list[Box]:
    """A step or none off each side, in every combination; the whole is the first."""
    return [_inset(*four) for four in product((0.0, step), repeat=4)]


_TALL: Final[tuple[Box, ...]] = ((0, 0, 1, 0.75), (0, 0.25, 1, 1))
"""Without a banner at the bottom, and at the top."""

_QUERY_WHOLE: Final = (
    *_insets(0.03), *(_inset(*[step] * 4) for step in (0.015, 0.045, 0.12)), *_TALL,
)  # fmt: skip
_QUERY_FOUND: Final = (WHOLE, _inset(*[0.03] * 4), *_TALL)
_SAMPLE_WHOLE: Final = (
    *_insets(0.06), _inset(*[0.12] * 4),
    *(_inset(*(0.12 if at == side else 0 for at in range(4))) for side in range(4)), *_TALL,
)  # fmt: skip
_SAMPLE_FOUND: Final = (WHOLE, *_TALL)
_SAMPLE_TURNED: Final = (_inset(*[0.12] * 4),)


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """Views of one picture."""

    boxes: Boxes
    """Shape (n, 4): of each the part of the picture, as shares of width and height."""
    hashes: Hashes
    """Shape (n, 32)."""
    checks: Hashes
    """Shape (n, 32): four hashes of 8 bytes, of its quarters."""
    orientations: npt.NDArray[np.uint8]
    """Shape (n,): what was done to the picture, a place in `spectrum.ORIENTATIONS`."""
    detail: npt.NDArray[np.uint8]
    """Shape (n,): how much there is to tell each by, in 255ths."""

    def __len__(self) -> int:
        return len(self.hashes)

    def at(self, places: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Views:
        """Those at some places."""
        return Views(
            self.boxes[places],
            self.hashes[places],
            self.checks[places],
            self.orientations[places],
            self.detail[places],
        )

    def packed(self) -> bytes:
        """All of it, 82 bytes a view: hash, check, box (float32, little end first), two numbers."""
        rows = np.empty((len(self), PACKED), np.uint8)
        rows[:, :32], rows[:, 32:64] = self.hashes, self.checks
        rows[:, 64:80] = np.ascontiguousarray(self.boxes, "<f4").view(np.uint8).reshape(-1, 16)
        rows[:, 80], rows[:, 81] = self.orientations, self.detail
        return rows.tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> Views:
        """The views that `packed` made bytes of.

        Raises:
            ValueError: they are none.
        """
        rows = np.frombuffer(data, np.uint8).reshape(-1, PACKED)
        boxes = np.ascontiguousarray(rows[:, 64:80]).view("<f4").astype(np.float32)
        outside = not (
            (boxes > -_OUTSIDE) & (boxes < 1 + _OUTSIDE)
        ).all()  # so is what is no number
        wrong = outside or (boxes[:, 2:] <= boxes[:, :2]).any()
        if wrong or (rows[:, 80] >= len(ORIENTATIONS)).any():
            raise ValueError("a view has a box or an orientation that is none")
        hashes, checks = rows[:, :32].copy(), rows[:, 32:64].copy()
        return cls(boxes, hashes, checks, rows[:, 80].copy(), rows[:, 81].copy())


def of_query(luma: Luma) -> Views:
    """The views of a picture in which samples are looked for: 45 at most.

    Args:
        luma: shape (height, width).

    >>> rng = np.random.default_rng(0)
    >>> views = of_query(rng.integers(0, 256, (300, 400), np.uint8))
    >>> views.hashes.shape == (len(views), 32), views.boxes[0].tolist()
    (True, [0.0, 0.0, 1.0, 1.0])
    """
    large = _reduced(luma, _LINE_SIDE)
    whole, *others = find_boxes(large.astype(np.float32), FOUND)
    boxes = [*_within(whole, _QUERY_WHOLE)]
    for box in others:
        boxes += _within(box, _QUERY_FOUND)
    return _views(_reduced(large, _HASH_SIDE), boxes, QUIET_QUERY, {0: slice(None)})


def activity_of(luma: Luma) -> float:
    """The share of a picture in which something happens, 0 to 1.

    Args:
        luma: shape (height, width).
    """
    small = _reduced(_reduced(luma, _LINE_SIDE), _HASH_SIDE)
    return float(_activity(small.astype(np.float32), np.array([WHOLE], np.float32))[0])


def of_sample(luma: Luma) -> Views:
    """The views of a picture that is looked for, as advertisers may cut, turn and flip it.

    Args:
        luma: shape (height, width).
    """
    large = _reduced(luma, _LINE_SIDE)
    small = _reduced(large, _HASH_SIDE)
    found = find_boxes(large.astype(np.float32), FOUND_IN_SAMPLE, lines=False)
    height, width = luma.shape
    every, first = slice(None), slice(1)
    turned = dict.fromkeys(range(2, 8), first)
    whole = [*_SAMPLE_WHOLE, *_cut_to_aspects(width, height)]
    parts = [_views(small, whole, QUIET_SAMPLE, {0: every, 1: every, **turned})]
    for box in found[1:]:
        own = _within(box, _SAMPLE_FOUND)
        parts.append(_views(small, own, QUIET_SAMPLE, {0: every, 1: every, **turned}))
    for degrees in _TURNS:
        picture = Image.fromarray(luma).rotate(degrees, Image.Resampling.BILINEAR)
        tilted = _reduced(_reduced(np.asarray(picture), _LINE_SIDE), _HASH_SIDE)
        parts.append(_views(tilted, _SAMPLE_TURNED, QUIET_SAMPLE, {0: every, 1: every}))
    return together(parts)


def _within(box: Box, parts: Iterable[Box]) -> list[Box]:
    """Parts of a box, as parts of the picture."""
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    return [
        (left + wide * one[0], top + high * one[1], left + wide * one[2], top + high * one[3])
        for one in parts
    ]


def _cut_to_aspects(width: int, height: int) -> list[Box]:
    """The middle of a picture in other shapes, where much is cut off and more is left."""
    boxes: list[Box] = []
    for aspect in _ASPECTS:
        wide, high = min(1, aspect * height / width), min(1, width / aspect / height)
        if 0.5 <= min(wide, high) <= 0.93:
            boxes.append(((1 - wide) / 2, (1 - high) / 2, (1 + wide) / 2, (1 + high) / 2))
    return boxes


def _reduced(luma: Luma, side: int) -> Luma:
    """A picture of which no side is longer; each side by itself, as boxes are shares of both."""
    height, width = luma.shape
    if height <= side and width <= side:
        return luma
    size = min(width, side), min(height, side)
    return np.asarray(Image.fromarray(luma).resize(size, Image.Resampling.BOX))


def _views(luma: Luma, parts: Sequence[Box], quiet: float, turns: dict[int, slice]) -> Views:
    """The views of parts in which enough happens.

    Args:
        luma: shape (height, width).
        parts: boxes in it.
        quiet: share of a part in which something must happen.
        turns: orientation -> the parts that are looked at in it.
    """
    values, boxes = luma.astype(np.float32), np.array(parts, np.float32)
    activity = _activity(values, boxes)
    kept = np.flatnonzero(activity >= quiet)
    found = spectra(values, boxes[kept])
    detail = (activity[kept] * spread(found.whole) * 255).astype(np.uint8)
    some = []
    for turn, chosen in turns.items():
        used = np.flatnonzero(np.isin(kept, np.arange(len(boxes))[chosen]))
        whole, quarters = found.at(used)
        checks = oriented(quarters, turn)[:, _QUARTERS_AFTER[turn]]
        some.append(
            Views(
                boxes[kept[used]],
                hashed(oriented(whole, turn)),
                hashed(checks.reshape(4 * len(used), *checks.shape[2:])).reshape(len(used), 32),
                np.full(len(used), turn, np.uint8),
                detail[used],
            )
        )
    return together(some)


def together(parts: Sequence[Views]) -> Views:
    """The views of several pictures, or of parts, as one."""
    return Views(
        np.concatenate([one.boxes for one in parts]),
        np.concatenate([one.hashes for one in parts]),
        np.concatenate([one.checks for one in parts]),
        np.concatenate([one.orientations for one in parts]),
        np.concatenate([one.detail for one in parts]),
    )


def _quarters_after(turn: int) -> list[int]:
    """Which quarter stands where after a turn."""
    grid = np.arange(4).reshape(2, 2)
    grid = grid[:, ::-1] if turn % 4 in (1, 3) else grid
    grid = grid[::-1] if turn % 4 in (2, 3) else grid
    return [int(one) for one in (grid.T if turn >= 4 else grid).ravel()]


_QUARTERS_AFTER: Final = [_quarters_after(turn) for turn in range(8)]


def _activity(luma: Floats, boxes: Boxes) -> Floats:
    """The share of each box in which something happens: shape (n,).

    Something happens in a block whose levels are further apart than 0.4 standard deviations of its
    box, within 5 to 16. Only blocks wholly inside count: the edge of a box is a step by nature.
    """
    height, width = (side // _BLOCK for side in luma.shape)
    if not height or not width:
        return np.zeros(len(boxes), np.float32)
    cut = luma[: height * _BLOCK, : width * _BLOCK].reshape(height, _BLOCK, width, _BLOCK)
    blocks = np.ascontiguousarray(cut.transpose(0, 2, 1, 3)).reshape(height, width, -1)
    ranges = blocks.max(axis=2) - blocks.min(axis=2)
    squares = np.einsum("ijk,ijk->ij", blocks, blocks) / blocks.shape[2]
    top, bottom = _wholly_inside(boxes[:, 1], boxes[:, 3], height)
    left, right = _wholly_inside(boxes[:, 0], boxes[:, 2], width)
    area = (bottom - top) * (right - left)

    def mean(values: Floats) -> npt.NDArray[np.float64]:
        sums = _summed(values)
        upper, lower = sums[top, right] - sums[top, left], sums[bottom, right] - sums[bottom, left]
        found: npt.NDArray[np.float64] = (lower - upper) / area
        return found

    means = mean(blocks.mean(axis=2))
    deviation = np.sqrt(np.maximum(mean(squares) - means * means, 0))
    least = np.clip(0.4 * deviation, 5, 16)
    active = [
        np.count_nonzero(ranges[top[n] : bottom[n], left[n] : right[n]] > least[n])
        for n in range(len(boxes))
    ]
    return (np.array(active) / area).astype(np.float32)


def _wholly_inside(
    first: Floats, last: Floats, count: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The first block of each box and the one after its last; at the edge of the picture, all."""
    begin = np.where(first > 0.004, np.ceil(first * count + 0.15), 0).astype(np.int64)
    end = np.where(last < 0.996, np.floor(last * count - 0.15), count).astype(np.int64)
    begin = np.minimum(begin, count - 1)
    return begin, np.maximum(end, begin + 1)


def _summed(values: Floats) -> npt.NDArray[np.float64]:
    """The sum of what is above and left of each corner: shape (height + 1, width + 1)."""
    sums = np.zeros((values.shape[0] + 1, values.shape[1] + 1))
    values.cumsum(axis=0, dtype=np.float64).cumsum(axis=1, out=sums[1:, 1:])
    return sums
