"""Ratios of units that weigh differently: sums over each group of near-duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np

from ..model.coded import Flags, Floats, Ints, begins
from ..model.evaluation import NOTHING, Measures, Ratio
from .ratios import Settings, of_cells, shares, so_ratio
from .units import Catches, Units, by_cell

Name = Literal["precision", "recall", "f1", "false_alarm_rate", "rate"]

MADE_OF: Final[dict[Name, tuple[str, str, str]]] = {
    # What is counted of the caught; what of the caught is divided by; what of the stratum is.
    "precision": ("actual", "every", "none"),
    "recall": ("actual", "none", "actual"),
    "f1": ("actual", "every", "actual"),
    "false_alarm_rate": ("clean", "none", "clean"),
    "rate": ("every", "none", "every"),
}


def told(tp: int, fp: int, there: int, size: int, ratios: Mapping[Name, Ratio]) -> Measures:
    """The measures of counts and ratios."""
    recall, alarms = ratios["recall"], ratios["false_alarm_rate"]
    return Measures(
        tp, fp, there - tp, size - there - fp, ratios["precision"], recall, ratios["f1"],
        alarms, so_ratio(recall, alarms), ratios["rate"],
    )  # fmt: skip


class Sums:
    """Sums by catcher, stratum and cluster, from which every ratio is made.

    Of a catcher's ratio the numerator and part of the denominator come from what it caught; the
    rest of the denominator (everything that was there, say) is its stratum's, and the same for
    all catchers of it. So thousands of materials cost what they hit, not what there is.
    """

    def __init__(self, units: Units, catches: Catches, settings: Settings) -> None:
        order = np.lexsort((catches.unit, catches.catcher))
        self._unit, self._catcher = catches.unit[order], catches.catcher[order]
        self._stratum, self._units, self._settings = catches.stratum, units, settings
        self._starts = np.searchsorted(self._catcher, np.arange(len(self._stratum) + 1))
        self._actual = units.actual[self._unit]
        self._even = bool((units.weight == 1).all())
        self._bases: dict[str, _Base] = {}

    def measures(self) -> list[Measures]:
        """Counts and ratios of every catcher."""
        ratios = {name: self.ratios(name) for name in MADE_OF}
        right, wrong = self.caught(actual=True), self.caught(actual=False)
        there = self.all(actual=True)
        size = there + self.all(actual=False)
        return [
            told(
                int(right[k]), int(wrong[k]), int(there[k]), int(size[k]),
                {name: some[k] for name, some in ratios.items()},
            )
            for k in range(len(self._stratum))
        ]  # fmt: skip

    def caught(self, *, actual: bool) -> Ints:
        """Units that each catcher caught, of those there or of those not."""
        return self._tally(self._actual == actual)

    def all(self, *, actual: bool) -> Ints:
        """Units of the stratum of each catcher, of those there or of those not."""
        chosen = self._units.stratum[self._units.actual == actual]
        return np.bincount(chosen, minlength=self._units.strata)[self._stratum]

    def ratios(self, name: Name) -> list[Ratio]:
        """One ratio for every catcher."""
        top, extra, of = MADE_OF[name]
        rows = _chosen(self._actual, top)
        count = self._tally(rows) * (2 if name == "f1" else 1)
        added = self._tally(_chosen(self._actual, extra)) if extra != "none" else 0 * count
        base = self._base(of)
        total = added + base.count[self._stratum]
        plain = self._plain(extra, base) & (name != "f1")
        found = shares(count, total, self._settings) if plain.any() else [NOTHING] * len(count)
        for k in np.flatnonzero(~plain & (total > 0)):
            found[k] = self._clustered(int(k), name, int(count[k]), int(total[k]))
        return found

    def _tally(self, rows: Flags) -> Ints:
        return np.bincount(self._catcher[rows], minlength=len(self._stratum))

    def _base(self, of: str) -> _Base:
        if of not in self._bases:
            chosen = None if of == "none" else _chosen(self._units.actual, of)
            self._bases[of] = _Base(self._units, chosen, even=self._even)
        return self._bases[of]

    def _plain(self, extra: str, base: _Base) -> Flags:
        """Whether all that the ratio divides by are independent trials that weigh the same."""
        if not self._even:
            return np.zeros(len(self._stratum), dtype=bool)
        if extra == "none":
            return np.asarray(base.alone[self._stratum])
        rows = _chosen(self._actual, extra)
        catcher, cell = self._catcher[rows], self._units.cell[self._unit[rows]]
        shared = np.zeros(len(self._stratum), dtype=bool)
        shared[catcher[1:][(catcher[1:] == catcher[:-1]) & (cell[1:] == cell[:-1])]] = True
        return np.asarray(~shared & (base.count[self._stratum] == 0))

    def _clustered(self, catcher: int, name: Name, count: int, total: int) -> Ratio:
        cells = self._by_cluster(catcher, name)
        # What was missed may weigh more than anything that was found.
        heaviest = self._heaviest(catcher) if name in ("recall", "f1") else 0.0
        return of_cells(*cells, (count, total), self._settings, heaviest)

    def _heaviest(self, catcher: int) -> float:
        """The largest weight of a unit of the catcher's stratum."""
        if self._even:
            return 0.0
        stratum = self._stratum[catcher]
        start, end = np.searchsorted(self._units.stratum, [stratum, stratum + 1])
        return float(self._units.weight[start:end].max())

    def _by_cluster(self, catcher: int, name: Name) -> tuple[Floats, Floats, Ints]:
        """Numerator and denominator of each cluster, and how many clusters have these."""
        top, extra, of = MADE_OF[name]
        rows = slice(self._starts[catcher], self._starts[catcher + 1])
        actual, unit = self._actual[rows], self._unit[rows]
        weight, cell = self._units.weight[unit], self._units.cell[unit]
        touched, place = _runs(cell)
        factor = 2.0 if name == "f1" else 1.0
        num = np.bincount(place, weight * _chosen(actual, top) * factor, len(touched))
        own = np.bincount(place, weight * _chosen(actual, extra), len(touched))
        base = self._base(of)
        there = base.total[touched]
        values, times = base.others(int(self._stratum[catcher]), there)
        return (
            np.concatenate([num, np.zeros(len(values))]),
            np.concatenate([own + there, values]),
            np.concatenate([(own + there > 0).astype(np.int64), times]),
        )


def _chosen(actual: Flags, which: str) -> Flags:
    if which == "actual":
        return actual
    if which == "clean":
        return ~actual
    return np.full(len(actual), which == "every")


def _runs(ascending: Ints) -> tuple[Ints, Ints]:
    """The different values, and of each row which of them it is."""
    new = begins(ascending)
    return ascending[new], np.cumsum(new) - 1


class _Base:
    """Of every stratum how many of some units, and what each cell has of their weight."""

    def __init__(self, units: Units, chosen: Flags | None, *, even: bool) -> None:
        cells = len(units.first)
        if chosen is None:
            self.count, self.total = np.zeros(units.strata, dtype=np.int64), np.zeros(cells)
        else:
            self.count = np.bincount(units.stratum[chosen], minlength=units.strata)
            self.total = (
                by_cell(units, chosen).astype(np.float64)
                if even or not len(units)
                else np.add.reduceat(units.weight * chosen, units.first)
            )
        self._of = units.stratum[units.first]
        there = np.bincount(self._of[self.total > 0], minlength=units.strata)
        self.alone = there == self.count
        self._even = even
        self._made: dict[int, tuple[Floats, Ints]] = {}

    def others(self, stratum: int, sums: Floats) -> tuple[Floats, Ints]:
        """The different sums of the cells of a stratum, some left out, and how often each comes."""
        if stratum not in self._made:
            start, end = np.searchsorted(self._of, [stratum, stratum + 1])
            self._made[stratum] = self._counted(self.total[start:end])
        values, held = self._made[stratum]
        times = held.copy()
        np.subtract.at(times, np.searchsorted(values, sums[sums > 0]), 1)
        return values[times > 0], times[times > 0]

    def _counted(self, total: Floats) -> tuple[Floats, Ints]:
        if not self._even:
            return np.unique(total[total > 0], return_counts=True)
        times = np.bincount(total.astype(np.int64))
        values = np.flatnonzero(times[1:]) + 1
        return values.astype(np.float64), times[values]
