"""Slices by how often which counts come: for intervals over groups of near-duplicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..model.coded import Ints
from ..model.evaluation import Ratio
from .ratios import Settings, of_cells, shares
from .sums import Name
from .units import Flags, Units, by_cell


@dataclass(frozen=True, slots=True)
class Patterns:
    """How often cells of a stratum have the same counts: a row for each stratum x pattern."""

    strata: int
    stratum: Ints
    size: Ints
    there: Ints
    tp: Ints
    fp: Ints
    times: Ints

    @classmethod
    def of(cls, units: Units, caught: Flags) -> Patterns | None:
        """The patterns of what was caught; None where units weigh differently or cells are vast."""
        if not bool((units.weight == 1).all()):
            return None
        size = np.diff(np.append(units.first, len(units)))
        single = (size == 1)[units.cell]
        alone = _alone(units, caught, single)
        if bool(single.all()):
            return cls(units.strata, *alone)
        many = _many(units, caught, size)
        if many is None:
            return None
        rows = [np.concatenate(pair) for pair in zip(alone, many, strict=True)]
        return cls(units.strata, *rows)

    def sums(self, counts: Ints) -> Ints:
        """The total of a count over the cells of each stratum."""
        found = np.bincount(self.stratum, counts * self.times, minlength=self.strata)
        return found.round().astype(np.int64)

    def ratios(self, name: Name, settings: Settings) -> list[Ratio]:
        """One ratio for every stratum."""
        num, den = self._parts_of(name)
        count, total = self.sums(num), self.sums(den)
        shared = np.zeros(self.strata, dtype=bool)
        shared[self.stratum[(den > 1) & (self.times > 0)]] = True
        found = shares(count, total, settings)
        for k in np.flatnonzero(shared | ((total > 0) & (name == "f1"))):
            rows = (self.stratum == k) & (den > 0) & (self.times > 0)
            sums = num[rows].astype(np.float64), den[rows].astype(np.float64)
            counts = int(count[k]), int(total[k])
            found[k] = of_cells(*sums, self.times[rows], counts, settings)
        return found

    def _parts_of(self, name: Name) -> tuple[Ints, Ints]:
        caught = self.tp + self.fp
        return {
            "precision": (self.tp, caught), "recall": (self.tp, self.there),
            "f1": (2 * self.tp, self.there + caught),
            "false_alarm_rate": (self.fp, self.size - self.there), "rate": (caught, self.size),
        }[name]  # fmt: skip


def _alone(units: Units, caught: Flags, single: Flags) -> tuple[Ints, ...]:
    """The patterns of cells of one unit: there or not, caught or not."""
    code = units.stratum * 4 + units.actual * 2 + caught
    times = np.bincount(code[single], minlength=units.strata * 4)
    there, done = np.tile([0, 0, 1, 1], units.strata), np.tile([0, 1, 0, 1], units.strata)
    return (
        np.repeat(np.arange(units.strata), 4), np.ones(len(times), dtype=np.int64), there,
        there & done, (1 - there) & done, times,
    )  # fmt: skip


def _many(units: Units, caught: Flags, size: Ints) -> tuple[Ints, ...] | None:
    """The patterns of cells of several units; None where a pattern's number would be too long."""
    width = int(size.max()) + 1
    if units.strata * width**4 > np.iinfo(np.int64).max:
        return None
    several = size > 1
    counts = [
        by_cell(units, one)[several]
        for one in (units.actual, units.actual & caught, ~units.actual & caught)
    ]
    key = units.stratum[units.first][several]
    for one in (size[several], *counts):
        key = key * width + one
    keys, times = np.unique(key, return_counts=True)
    found = []
    for _ in range(4):
        keys, one = np.divmod(keys, width)
        found.append(one)
    return keys, *reversed(found), times
