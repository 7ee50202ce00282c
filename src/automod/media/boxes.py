"""Where in a picture another may lie: in a border, in a letterbox, between bars, in a corner of it.

A picture that was put into another leaves straight lines: rows or columns where most pixels step
together. And what was put around it is quiet more often than not: one colour, a gradient, a blur.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as shares of width and height."""

WHOLE: Final[Box] = (0.0, 0.0, 1.0, 1.0)

SMALLEST: Final = 0.18
"""Share of a side that a box must have: of smaller pictures in pictures too little is left."""

SAME: Final = 0.008
"""Boxes whose sides all lie within this share of the smaller are one: their hashes are the same."""

_STEP: Final = 6.0
"""Levels between two pixels that are a step."""
_REACH: Final = 4
"""Pixels around a line in which no other is looked for, and with which it is compared."""
_LINES: Final = 5
"""Lines that are looked at in each direction."""
_LEAST: Final = 0.1
"""Share of a row that must step more than its surroundings do."""
_EDGE: Final = 0.6
"""What the edge of the picture counts as a line: better than a bad one, worse than a good one."""
_FLOOR: Final = 0.25
"""Share of each side of a box that must be a line."""
_ACTIVE: Final = 1.0
"""Mean second difference along a row above which it is not quiet, in levels."""
_PLAIN: Final = 16
"""Levels within which a row is of one colour."""
_FEWEST: Final = 8
"""Rows, or columns, that are looked into."""
_TRIED: Final = 40
"""Boxes between lines that are looked at, the best first."""


def find_boxes(luma: Floats, most: int, *, lines: bool = True) -> list[Box]:
    """The boxes in which a picture may lie; the whole picture is the first.

    Args:
        luma: shape (height, width), 0 to 255.
        most: boxes besides the whole.
        lines: also those between straight lines; else only what is left without quiet ends.

    >>> picture = np.zeros((100, 100), np.float32)
    >>> picture[20:80, 10:90] = np.random.default_rng(0).uniform(0, 255, (60, 80))
    >>> [tuple(round(side, 2) for side in box) for box in find_boxes(picture, 1)]
    [(0.0, 0.0, 1.0, 1.0), (0.1, 0.2, 0.9, 0.8)]
    """
    found = [WHOLE]
    for box in _candidates(luma, lines):
        large = min(box[2] - box[0], box[3] - box[1]) >= SMALLEST
        if large and all(_differ(box, other) for other in found):
            found.append(box)
        if len(found) > most:
            break
    return found


def _candidates(luma: Floats, lines: bool) -> Iterator[Box]:
    yield from _quiet_boxes(luma)
    if lines:
        yield from _line_boxes(luma)


def _differ(one: Box, other: Box) -> bool:
    wide = min(one[2] - one[0], other[2] - other[0])
    high = min(one[3] - one[1], other[3] - other[1])
    across = max(abs(one[0] - other[0]), abs(one[2] - other[2]))
    down = max(abs(one[1] - other[1]), abs(one[3] - other[3]))
    return max(across / wide, down / high) > SAME


# --- quiet ends ----------------------------------------------------------------------------------


def _quiet_boxes(luma: Floats) -> Iterator[Box]:
    """What is left without quiet ends, and the longest active stretch between quiet bands."""
    height, width = luma.shape
    yield _without_plain_ends(luma)
    rows = _texture(luma)
    for top, bottom in (_ends(rows), _longest(rows, max(2, height // 64))):
        # Columns within those rows, then rows within those columns: a long quiet bar would thin
        # out the mean.
        left, right = 0, width
        if bottom - top > _FEWEST:
            left, right = _ends(_texture(luma[top:bottom].T))
            if right - left > _FEWEST:
                first, last = _ends(_texture(luma[top:bottom, left:right]))
                top, bottom = top + first, top + last  # noqa: PLW2901 - the same rows, fewer
        yield left / width, top / height, right / width, bottom / height


def _without_plain_ends(luma: Floats) -> Box:
    """What is left without rows and columns of one colour: this finds soft pictures as well."""
    height, width = luma.shape
    rows = np.flatnonzero(np.ptp(luma, axis=1) > _PLAIN)
    if len(rows) < _FEWEST:
        return WHOLE
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(np.ptp(luma[top:bottom], axis=0) > _PLAIN)
    if len(columns) < _FEWEST:
        return WHOLE
    return int(columns[0]) / width, top / height, (int(columns[-1]) + 1) / width, bottom / height


def _texture(luma: Floats) -> Floats:
    """Mean second difference along each row: 0 in one colour, in gradients and in blur."""
    if luma.shape[1] < 3:
        return np.zeros(len(luma), np.float32)
    second = luma[:, 2:] - 2 * luma[:, 1:-1] + luma[:, :-2]
    mean: Floats = np.abs(second).mean(axis=1)
    return mean


def _ends(texture: Floats) -> tuple[int, int]:
    active = np.flatnonzero(texture > _ACTIVE)
    return (int(active[0]), int(active[-1]) + 1) if len(active) else (0, len(texture))


def _longest(texture: Floats, gap: int) -> tuple[int, int]:
    """The longest stretch of active rows; a quiet gap that is no longer than `gap` ends none."""
    active = np.flatnonzero(texture > _ACTIVE)
    if not len(active):
        return 0, len(texture)
    cuts = np.flatnonzero(np.diff(active) > gap)
    firsts, lasts = np.append(active[0], active[cuts + 1]), np.append(active[cuts], active[-1])
    longest = int((lasts - firsts).argmax())
    return int(firsts[longest]), int(lasts[longest]) + 1


# --- lines ---------------------------------------------------------------------------------------


def _line_boxes(luma: Floats) -> list[Box]:
    """Boxes whose sides are lines or edges of the picture, the best first.

    A box is as good as its worst side, and a little better for its other sides.
    """
    height, width = luma.shape
    rows, row_sums = _with_edges(luma)
    columns, column_sums = _with_edges(luma.T)
    upper, lower = np.nonzero(rows[None] - rows[:, None] >= SMALLEST * height)
    outer, inner = np.nonzero(columns[None] - columns[:, None] >= SMALLEST * width)
    down, across = (index.ravel() for index in np.indices((len(upper), len(outer))))
    top, bottom, left, right = upper[down], lower[down], outer[across], inner[across]
    wide, high = columns[right] - columns[left], rows[bottom] - rows[top]
    sides = np.stack(
        [
            (row_sums[top, columns[right]] - row_sums[top, columns[left]]) / wide,
            (row_sums[bottom, columns[right]] - row_sums[bottom, columns[left]]) / wide,
            (column_sums[left, rows[bottom]] - column_sums[left, rows[top]]) / high,
            (column_sums[right, rows[bottom]] - column_sums[right, rows[top]]) / high,
        ]
    )
    worst = sides.min(axis=0)
    best = np.argsort(-(worst + 0.25 * sides.mean(axis=0)), kind="stable")[:_TRIED]
    x, y = columns / width, rows / height
    return [
        (float(x[left[n]]), float(y[top[n]]), float(x[right[n]]), float(y[bottom[n]]))
        for n in best
        if worst[n] > _FLOOR
    ]


def _with_edges(luma: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Rows that are lines, both edges first, and for each the sums of its strength from the left.

    Returns:
        Positions, shape (n,), and sums, shape (n, width + 1).
    """
    height, width = luma.shape
    places, strengths = _lines(luma)
    edges = np.full((2, width), _EDGE, np.float32)
    sums = np.zeros((2 + len(places), width + 1), np.float32)
    np.cumsum(np.concatenate([edges, strengths]), axis=1, out=sums[:, 1:])
    return np.concatenate([np.array([0, height]), places]).astype(np.int64), sums


def _lines(luma: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Rows that begin with a step of many pixels, and how much more each pixel steps there.

    More than a little above and below: where everything steps there is no line.
    """
    if len(luma) < 2 * _REACH:
        return np.empty(0, np.int64), np.empty((0, luma.shape[1]), np.float32)
    steps = np.abs(np.diff(luma, axis=0)) > _STEP
    share, last = steps.mean(axis=1, dtype=np.float32), len(steps) - 1
    padded = np.pad(share, _REACH, mode="edge")
    far = (0, 1, 2 * _REACH - 1, 2 * _REACH)
    around = sum(padded[at : at + last + 1] for at in far) / len(far)
    places = _peaks(share - around)
    strengths = [
        steps[max(at - 1, 0) : at + 2].any(axis=0).astype(np.float32)
        - steps[np.clip([at + n - _REACH for n in far], 0, last)].mean(axis=0, dtype=np.float32)
        for at in places
    ]
    shape = len(places), luma.shape[1]
    return np.array(places, np.int64) + 1, np.array(strengths, np.float32).reshape(shape)


def _peaks(values: Floats) -> list[int]:
    """The places of the highest values, none near another."""
    left, places = values.copy(), list[int]()
    while len(places) < _LINES:
        at = int(left.argmax())
        if left[at] <= _LEAST:
            break
        places.append(at)
        left[max(0, at - _REACH) : at + _REACH + 1] = 0
    return places
