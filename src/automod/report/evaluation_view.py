"""An evaluation cut to what a page shows: which slices stand together, which parts are noisy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from automod.model.evaluation import (
    By,
    Curve,
    CurvePoint,
    Evaluation,
    Part,
    Point,
    Ratio,
    Slice,
)  # fmt: skip

Measured = Literal["precision", "recall"]

MATERIAL_AXES: Final = frozenset({"material", "rule"})
NOISY: Final = 0.8
"""A part is noisy whose precision is surely below: the upper end of its interval is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One slice at every point."""

    by: By
    at: Mapping[Point, Slice]

    @property
    def market(self) -> str:
        """The market it is of; empty where it is of several."""
        return dict(self.by).get("market", "")

    @property
    def incomplete(self) -> int:
        """How many were not wholly evaluated: the same at every point."""
        return max((one.incomplete for one in self.at.values()), default=0)

    def has(self, point: Point) -> bool:
        """Whether anything was asked for, or caught, at a point."""
        one = self.at.get(point)
        return one is not None and one.measures.precision.of + one.measures.recall.of > 0


@dataclass(frozen=True, slots=True)
class CodeLines:
    """A policy code, in all markets together and in each."""

    policy: str
    whole: Line
    markets: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a heat map: a ratio, and the step of colour it falls into."""

    ratio: Ratio | None
    step: int | None


@dataclass(frozen=True, slots=True)
class Heat:
    """A ratio over two axes."""

    point: Point
    measure: Measured
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class HeatGroup:
    """All heat maps over the same two axes."""

    down: str
    across: str
    maps: tuple[Heat, ...]


STEPS: Final = (0.5, 0.7, 0.8, 0.9, 0.95)
"""Where a heat map goes over to the next colour."""

SHOWN_HEATS: Final[tuple[tuple[Point, Measured], ...]] = (
    ("stopped", "precision"), ("flagged", "recall"),
    ("flagged", "precision"), ("stopped", "recall"),
)  # fmt: skip
"""What hurts first: what is wrongly stopped, what is missed."""


def axes_of(by: By) -> tuple[str, ...]:
    """The axes of a slice.

    >>> axes_of((("policy", "GMB.REAL"), ("market", "SA")))
    ('policy', 'market')
    """
    return tuple(axis for axis, _ in by)


def lines(slices: Iterable[Slice]) -> dict[By, Line]:
    """Slices with the same axes and values as one line, in the order they come."""
    found: dict[By, dict[Point, Slice]] = {}
    for one in slices:
        found.setdefault(one.by, {})[one.point] = one
    return {by: Line(by, at) for by, at in found.items()}


def whole(evaluation: Evaluation) -> Line:
    """Everything together; nothing at any point where the evaluation does not say."""
    return lines(evaluation.slices).get((), Line((), {}))


def by_code(evaluation: Evaluation) -> tuple[CodeLines, ...]:
    """Every policy code, with its markets."""
    known = lines(evaluation.slices)
    markets: dict[str, list[Line]] = {}
    for by, line in known.items():
        values = dict(by)
        if values.keys() == {"policy", "market"}:
            markets.setdefault(values["policy"], []).append(line)
    wholes = {dict(by)["policy"]: line for by, line in known.items() if axes_of(by) == ("policy",)}
    return tuple(
        CodeLines(code, wholes.get(code, Line((), {})), tuple(markets.get(code, ())))
        for code in dict.fromkeys((*wholes, *markets))
    )


def by_axis(evaluation: Evaluation) -> dict[str, tuple[Line, ...]]:
    """Lines of one axis each, but for policy codes, which have a section of their own."""
    found: dict[str, list[Line]] = {}
    for by, line in lines(evaluation.slices).items():
        if len(by) == 1 and by[0][0] != "policy":
            found.setdefault(by[0][0], []).append(line)
    return {axis: tuple(some) for axis, some in found.items() if len(some) > 1}


def cuts(evaluation: Evaluation) -> dict[tuple[str, ...], tuple[Line, ...]]:
    """All lines by their axes."""
    found: dict[tuple[str, ...], list[Line]] = {}
    for by, line in lines(evaluation.slices).items():
        found.setdefault(axes_of(by), []).append(line)
    return {axes: tuple(some) for axes, some in found.items()}


# --- heat maps -----------------------------------------------------------------------------------


def heats(evaluation: Evaluation) -> tuple[HeatGroup, ...]:
    """Every cut along two axes as heat maps, the axis with more values downwards."""
    return tuple(
        _group(some) for axes, some in cuts(evaluation).items() if len(axes) == 2 and len(some) > 1
    )


def _group(some: Sequence[Line]) -> HeatGroup:
    first, second = axes_of(some[0].by)
    values = {
        axis: tuple(dict.fromkeys(dict(line.by)[axis] for line in some)) for axis in (first, second)
    }
    down, across = sorted((first, second), key=lambda axis: -len(values[axis]))
    at = {(dict(line.by)[down], dict(line.by)[across]): line for line in some}
    maps = (
        Heat(point, measure, values[down], values[across], tuple(
            tuple(_cell(at.get((row, column)), point, measure) for column in values[across])
            for row in values[down]
        ))
        for point, measure in SHOWN_HEATS
    )  # fmt: skip
    return HeatGroup(down, across, tuple(maps))


def _cell(line: Line | None, point: Point, measure: Measured) -> Cell:
    one = None if line is None else line.at.get(point)
    if one is None:
        return Cell(None, None)
    ratio = one.measures.precision if measure == "precision" else one.measures.recall
    return Cell(ratio, step(ratio.value))


def step(value: float | None) -> int | None:
    """The step of colour of a share: 0 is worst; None for what is unknown.

    >>> step(0.49), step(0.5), step(0.97), step(None)
    (0, 1, 5, None)
    """
    return None if value is None else sum(value >= end for end in STEPS)


# --- material ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Material:
    """A material or rule, judged for one code (and, where asked, in one slice)."""

    kind: str
    name: str
    within: By
    part: Part
    noisy: bool

    @property
    def hits(self) -> int:
        """Creatives it hits."""
        return self.part.measures.tp + self.part.measures.fp


def materials(evaluation: Evaluation, noisy: float = NOISY) -> tuple[Material, ...]:
    """Every material and rule, those with most hits first."""
    found = [
        Material(part.by[0][0], part.by[0][1], part.by[1:], part, is_noisy(part, noisy))
        for part in evaluation.parts
        if len(part.by) > 1
        and part.by[0][0] in MATERIAL_AXES
        and axes_of(part.by)[1:] == ("policy",)
    ]
    return tuple(sorted(found, key=lambda one: (-one.hits, one.name, one.within)))


def is_noisy(part: Part, limit: float = NOISY) -> bool:
    """Whether the precision of a part is surely below a limit; one hit is no proof of that."""
    precision = part.measures.precision
    return precision.enough and precision.high is not None and precision.high < limit


def other_parts(evaluation: Evaluation) -> dict[tuple[str, ...], tuple[Part, ...]]:
    """The other ways in which material is told apart: packages, fields, kinds, views, and cuts."""
    found: dict[tuple[str, ...], list[Part]] = {}
    for part in evaluation.parts:
        axes = axes_of(part.by)
        if not (axes[:1] and axes[0] in MATERIAL_AXES and axes[1:] == ("policy",)):
            found.setdefault(axes, []).append(part)
    return {axes: tuple(some) for axes, some in found.items()}


def curves_by_policy(evaluation: Evaluation) -> tuple[tuple[str, Curve], ...]:
    """The curve of each code, by its code."""
    return tuple((dict(one.by).get("policy", ""), one) for one in evaluation.curves)


def runs(curve: Curve) -> tuple[tuple[float, CurvePoint], ...]:
    """Thresholds in a row that give the same, as one: the first of them, and the last.

    >>> from automod.model.evaluation import NOTHING
    >>> same = [CurvePoint(one / 10, NOTHING, NOTHING, NOTHING) for one in (1, 2, 3)]
    >>> [(first, last.threshold) for first, last in runs(Curve((), tuple(same)))]
    [(0.1, 0.3)]
    """
    found: list[tuple[float, CurvePoint]] = []
    for one in curve.points:
        gives = one.precision, one.recall, one.load
        if found and gives == (found[-1][1].precision, found[-1][1].recall, found[-1][1].load):
            found[-1] = found[-1][0], one
        else:
            found.append((one.threshold, one))
    return tuple(found)
