"""How often which counts come: what an interval over groups of near-duplicates needs to know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..model.coded import Ints, begins, counting
from ..model.evaluation import Ratio
from .ratios import Settings, of_cells, shares
from .sums import Name
from .units import Catches, Units, by_cell

_MOST_KEYS = 50_000_000
"""Keys that are counted in a table; beyond that they are sorted."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """A row for each catcher x pattern: how many cells of its stratum have these four counts.

    Cells with the same counts are exchangeable, so nothing else of them is needed. What a catcher
    did not touch has the patterns of its stratum: thousands of materials cost what they hit.
    """

    catchers: int
    catcher: Ints
    """Ascending."""
    size: Ints
    """Units of a cell."""
    there: Ints
    tp: Ints
    fp: Ints
    times: Ints

    @classmethod
    def of(cls, units: Units, catches: Catches) -> Patterns | None:
        """The patterns of what was caught of units that weigh the same.

        None where cells are so large that a pattern's number would be too long.
        """
        size = np.diff(np.append(units.first, len(units)))
        width = int(size.max(initial=0)) + 1
        if len(catches.stratum) * width**4 > np.iinfo(np.int64).max:
            return None
        shape = _Shape(size, by_cell(units, units.actual), width)
        touched = _touched(units, catches, shape)
        rows = [
            np.concatenate(pair)
            for pair in zip(touched, _others(units, catches, shape, touched), strict=True)
        ]
        order = np.argsort(rows[0], kind="stable")
        catcher, seen, there, tp, fp, times = (column[order] for column in rows)
        return cls(len(catches.stratum), catcher, seen, there, tp, fp, times)

    def sums(self, counts: Ints) -> Ints:
        """The total of a count over the cells of each catcher."""
        found = np.bincount(self.catcher, counts * self.times, minlength=self.catchers)
        return found.round().astype(np.int64)

    def ratios(self, name: Name, settings: Settings) -> list[Ratio]:
        """One ratio for every catcher."""
        num, den = self._parts_of(name)
        count, total = self.sums(num), self.sums(den)
        shared = (total > 0) & (name == "f1")
        shared[self.catcher[den > 1]] = True
        found = shares(count, total, settings)
        starts = np.searchsorted(self.catcher, np.arange(self.catchers + 1))
        for k in np.flatnonzero(shared).tolist():
            rows = slice(starts[k], starts[k + 1])
            counts = int(count[k]), int(total[k])
            sums = num[rows].astype(np.float64), den[rows].astype(np.float64)
            found[k] = of_cells(*sums, self.times[rows], counts, settings)
        return found

    def _parts_of(self, name: Name) -> tuple[Ints, Ints]:
        caught = self.tp + self.fp
        return {
            "precision": (self.tp, caught), "recall": (self.tp, self.there),
            "f1": (2 * self.tp, self.there + caught),
            "false_alarm_rate": (self.fp, self.size - self.there), "rate": (caught, self.size),
        }[name]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shape:
    """Of every cell how many units it has, and how many of them are there."""

    size: Ints
    there: Ints
    width: int
    """More than any cell has units."""


def _touched(units: Units, catches: Catches, shape: _Shape) -> tuple[Ints, ...]:
    """Patterns of the cells that each catcher caught something of."""
    order = np.lexsort((catches.unit, catches.catcher))
    unit, catcher = catches.unit[order], catches.catcher[order]
    cell, actual = units.cell[unit], units.actual[unit]
    first = np.flatnonzero(begins(catcher, cell))
    tp = np.add.reduceat(actual, first, dtype=np.int64) if len(first) else first
    caught = np.diff(np.append(first, len(cell)))
    at = cell[first]
    columns = (shape.size[at], shape.there[at], tp, caught - tp)
    keys, times = np.unique(_packed(catcher[first], columns, shape.width), return_counts=True)
    return *_unpacked(keys, len(columns), shape.width), times


def _others(
    units: Units, catches: Catches, shape: _Shape, touched: tuple[Ints, ...]
) -> tuple[Ints, ...]:
    """Patterns of the cells of its stratum that each catcher caught nothing of."""
    strata = units.stratum[units.first]
    keys, times = _counted(
        _packed(strata, (shape.size, shape.there), shape.width), units.strata * shape.width**2
    )
    stratum, size, there = _unpacked(keys, 2, shape.width)
    starts = np.searchsorted(stratum, np.arange(units.strata + 1))
    each = np.diff(starts)[catches.stratum]
    catcher = np.repeat(np.arange(len(each)), each)
    row = counting(each) + starts[:-1][catches.stratum][catcher]
    left = times[row].copy()
    of_each = _packed(catcher, (size[row], there[row]), shape.width)
    gone = _packed(touched[0], touched[1:3], shape.width)
    np.subtract.at(left, np.searchsorted(of_each, gone), touched[-1])
    some = left > 0
    nothing = np.zeros(int(some.sum()), dtype=np.int64)
    return catcher[some], size[row][some], there[row][some], nothing, nothing, left[some]


def _packed(head: Ints, columns: tuple[Ints, ...], width: int) -> Ints:
    """One number for several, of which all but the first are below a width."""
    key = head.astype(np.int64)
    for one in columns:
        key = key * width + one
    return key


def _unpacked(keys: Ints, count: int, width: int) -> tuple[Ints, ...]:
    found = []
    for _ in range(count):
        keys, one = np.divmod(keys, width)
        found.append(one)
    return keys, *reversed(found)


def _counted(keys: Ints, most: int) -> tuple[Ints, Ints]:
    """The different keys, ascending, and how often each comes."""
    if most > _MOST_KEYS:
        return np.unique(keys, return_counts=True)
    times = np.bincount(keys)
    there = np.flatnonzero(times)
    return there, times[there]
