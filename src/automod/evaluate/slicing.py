"""Trials -> what is counted in a slice: each creative once for each code, also in many markets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from ..model.coded import NONE, Coded, Flags, Floats, Ints, begins
from ..model.evaluation import By, Point, Slice
from ..model.ruleset import PolicyTable
from ..policy.markets import Markets
from .measures import measure_slices
from .ratios import Settings
from .trials import REJECT, RESTRICT, REVIEW, Trials
from .units import Units

_MOST_KEYS: Final = 10_000_000
"""Different values of all axes of a cut together that are looked up in a table."""

UNKNOWN: Final = "unknown"
"""The value of an axis that a creative says nothing of."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Rows of trials, each with the slice it is in; a market group repeats rows of its markets."""

    rows: Ints
    slice: Ints
    names: tuple[By, ...]
    """The slices, by number."""


def cut(trials: Trials, axes: Sequence[str], policies: PolicyTable | None = None) -> Cut:
    """Cut trials into slices.

    Args:
        trials: what is cut.
        axes: of `market`, `policy`, `language`, `month`, `complete`, `stance`. Along `market`
            there is a slice for each group of the policy table as well.
        policies: whose groups are counted.

    Raises:
        KeyError: an axis is none.
    """
    rows = np.arange(len(trials))
    columns = {axis: _AXES[axis](trials) for axis in axes}
    if "market" in columns and policies is not None:
        rows, columns["market"] = _with_groups(columns["market"], policies)
    key = np.zeros(len(rows), dtype=np.int64)
    width = 1
    for column in columns.values():
        codes = column.codes if len(column) == len(rows) else column.codes[rows]
        key = key * (len(column.values) + 1) + codes + 1
        width *= len(column.values) + 1
    first, number = _numbered(key, width)
    names = tuple(_name(columns, rows, int(at)) for at in first)
    return Cut(rows, number, names)


def _numbered(key: Ints, width: int) -> tuple[Ints, Ints]:
    """The first row of each different key, keys ascending; and of each row which key it has."""
    if width > _MOST_KEYS:
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
        return first, number.astype(np.int64)
    there = np.flatnonzero(np.bincount(key, minlength=width))
    place, first = np.zeros(width, dtype=np.int64), np.zeros(width, dtype=np.int64)
    place[there] = np.arange(len(there))
    first[key[::-1]] = np.arange(len(key) - 1, -1, -1)  # the last one written is the first
    return first[there], place[key]


def _name(columns: Mapping[str, Coded[str]], rows: Ints, at: int) -> By:
    def value(column: Coded[str]) -> str:
        return column[at if len(column) == len(rows) else int(rows[at])] or UNKNOWN

    return tuple((axis, value(column)) for axis, column in columns.items())


def _with_groups(market: Coded[str], policies: PolicyTable) -> tuple[Ints, Coded[str]]:
    """Every row by its market, and again by each group or parent that its market lies in."""
    markets = Markets(policies)
    wider = [sorted(markets.lineage(name) - {name}) for name in market.values]
    names = tuple(dict.fromkeys((*market.values, *(one for some in wider for one in some))))
    rows, codes = [np.arange(len(market))], [market.codes]
    for name in dict.fromkeys(one for some in wider for one in some):
        inside = np.array([name in some for some in wider] + [False])
        there = np.flatnonzero(inside[market.codes])
        rows.append(there)
        codes.append(np.full(len(there), names.index(name), dtype=np.int32))
    repeated, code = np.concatenate(rows), np.concatenate(codes)
    if len(names) < len(market.values) + len(rows) - 1:
        # A parent that is a market too has its own rows and those inside it: in one order.
        order = np.argsort(repeated, kind="stable")
        repeated, code = repeated[order], code[order]
    return repeated, Coded(names, code)


def _month(trials: Trials) -> Coded[str]:
    days, place = np.unique(trials.on, return_inverse=True)
    names = [date.fromordinal(day).isoformat()[:7] if day else None for day in days.tolist()]
    return Coded.of(names).take(place)


def _complete(trials: Trials) -> Coded[str]:
    return Coded(("no", "yes"), trials.complete.astype(np.int32))


def _stance(trials: Trials) -> Coded[str]:
    return Coded(tuple("+".join(one) for one in trials.stance.values), trials.stance.codes)


_AXES: Final[Mapping[str, Callable[[Trials], Coded[str]]]] = {
    "market": lambda trials: trials.market,
    "policy": lambda trials: trials.policy,
    "language": lambda trials: trials.language,
    "month": _month,
    "complete": _complete,
    "stance": _stance,
}

AXES: Final = tuple(_AXES)
"""What decisions can be cut by."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Each creative x code of a slice once, in the order of slices, and of groups within each."""

    rows: Ints
    """Rows of trials, those of one unit together."""
    starts: Ints
    """Where each unit begins in `rows`."""
    slice: Ints
    """Of each unit."""
    names: tuple[By, ...]

    @property
    def first(self) -> Ints:
        """A row of trials for each unit."""
        return self.rows[self.starts]

    def any(self, rows: Flags) -> Flags:
        """Whether any row of each unit is one of these."""
        if len(self.starts) == len(rows):
            return rows
        # Sums up to each end are five times as fast as `logical_or.reduceat`.
        upto = np.zeros(len(rows) + 1, dtype=np.int32)
        np.cumsum(rows, dtype=np.int32, out=upto[1:])
        return np.asarray(np.diff(upto[np.append(self.starts, len(rows))]) > 0)

    def caught(self, actual: Flags, predicted: Flags) -> tuple[Flags, Flags]:
        """Of each unit whether it is actual, and whether it is caught.

        What is there in some market is caught when it is in each market that it is there in: a miss
        in one is not made good by another. What is there in none is caught when any market does.

        Args:
            actual: of each trial.
            predicted: of each trial.
        """
        there, caught = actual[self.rows], predicted[self.rows]
        is_there = self.any(there)
        missed = self.any(there & ~caught)
        return is_there, np.where(is_there, ~missed, self.any(caught))

    def score(self, actual: Flags, score: Floats) -> Floats:
        """The score of each unit, so that `score >= t` says what `caught` says of scores >= t."""
        if not len(self.rows):
            return np.zeros(0)
        there, points = actual[self.rows], score[self.rows]
        least = np.minimum.reduceat(np.where(there, points, np.inf), self.starts)
        most = np.maximum.reduceat(np.where(there, 0.0, points), self.starts)
        return np.where(self.any(there), least, most)

    def units(self, trials: Trials, actual: Flags, weight: Floats | None = None) -> Units:
        """The units, to be measured.

        Args:
            trials: what was merged.
            actual: of each unit.
            weight: of each trial, in place of the creatives it stands for.
        """
        first = self.first
        heavy = (trials.weight if weight is None else weight)[first]
        return Units.of(self.slice, len(self.names), actual, heavy, trials.cluster[first])


def merge(trials: Trials, made: Cut) -> Merged:
    """Each creative x code once in each slice.

    Trials stand in the order of groups, creatives and codes, and so do the rows of each slice of a
    cut: sorted by slice alone, what belongs together stands together.
    """
    few = len(made.names) <= np.iinfo(np.uint16).max
    # A stable sort of short numbers is a radix sort.
    order = np.argsort(made.slice.astype(np.uint16) if few else made.slice, kind="stable")
    rows, of = made.rows[order], made.slice[order]
    new = begins(of, trials.unit[rows])
    return Merged(rows, np.flatnonzero(new), of[new], made.names)


def at_point(trials: Trials, point: Point) -> tuple[Flags, Flags]:
    """Of each trial whether the point asks for it, and whether the action reaches it."""
    if point == "stopped":
        return trials.wanted == REJECT, trials.action == REJECT
    if point == "flagged":
        return trials.wanted >= REVIEW, trials.action >= REVIEW
    if point == "restricted":
        return trials.wanted == RESTRICT, trials.action == RESTRICT
    return trials.present, trials.verdict != NONE


def slices(
    trials: Trials,
    made: Cut,
    points: Sequence[Point],
    settings: Settings,
    weight: Floats | None = None,
) -> list[Slice]:
    """What every slice of a cut is worth, at every point.

    Args:
        trials: what was cut.
        made: the cut.
        points: where the line is drawn.
        settings: how intervals are made.
        weight: of each trial, in place of the creatives it stands for.
    """
    merged = merge(trials, made)
    partly = merged.slice[merged.any(~trials.complete[merged.rows])]
    incomplete = np.bincount(partly, minlength=len(made.names)).tolist()
    found = []
    units = merged.units(trials, merged.any(trials.present[merged.rows]), weight)
    for point in points:
        actual, caught = merged.caught(*at_point(trials, point))
        worth = measure_slices(replace(units, actual=actual), caught, settings)
        found += [Slice(made.names[k], point, one, incomplete[k]) for k, one in enumerate(worth)]
    return found
