"""Counts of slices and parts of the material -> precision, recall and the rest, with intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..model.coded import Flags, Ints
from ..model.evaluation import Measures
from .patterns import Patterns
from .ratios import USUAL, Settings, shares, so_ratio
from .sums import MADE_OF, Sums, told
from .units import Catches, Units


def measure(units: Units, catches: Catches, settings: Settings) -> list[Measures]:
    """Counts and ratios of every catcher, in order.

    Args:
        units: everything that could be caught.
        catches: what was.
        settings: how intervals are made.
    """
    patterns = Patterns.of(units, catches) if bool((units.weight == 1).all()) else None
    if patterns is None:
        return Sums(units, catches, settings).measures()
    ratios = {name: patterns.ratios(name, settings) for name in MADE_OF}
    tp, fp, there, size = (
        patterns.sums(one).tolist()
        for one in (patterns.tp, patterns.fp, patterns.there, patterns.size)
    )
    return [
        told(tp[k], fp[k], there[k], size[k], {name: some[k] for name, some in ratios.items()})
        for k in range(len(tp))
    ]


def measure_slices(units: Units, caught: Flags, settings: Settings) -> list[Measures]:
    """Counts and ratios of every stratum, of what was caught in it: one catcher for each.

    Args:
        units: everything that could be caught.
        caught: whether each was.
        settings: how intervals are made.
    """
    which = np.flatnonzero(caught)
    catches = Catches(which, units.stratum[which], np.arange(units.strata))
    return measure(units, catches, settings)


def of_counts(tp: Ints, fp: Ints, fn: Ints, tn: Ints, settings: Settings = USUAL) -> list[Measures]:
    """Counts and ratios of tables of independent trials that somebody else has counted.

    Args:
        tp: there and caught, shape (tables,).
        fp: not there and caught, of the same shape.
        fn: there and missed.
        tn: not there and not caught.
        settings: how intervals are made. F1 is no share of trials, and has no interval here.

    >>> one = of_counts(*np.array([[47], [3], [12], [938]]))[0]
    >>> one.precision.count, one.precision.of, round(one.precision.low, 4)
    (47, 50, 0.8378)
    """
    precision, recall = shares(tp, tp + fp, settings), shares(tp, tp + fn, settings)
    f1 = shares(2 * tp, 2 * tp + fp + fn, settings)
    alarms, rate = shares(fp, fp + tn, settings), shares(tp + fp, tp + fp + fn + tn, settings)
    return [
        Measures(
            int(tp[k]), int(fp[k]), int(fn[k]), int(tn[k]), precision[k], recall[k],
            replace(f1[k], low=None, high=None, method=None), alarms[k],
            so_ratio(recall[k], alarms[k]), rate[k],
        )
        for k in range(len(tp))
    ]  # fmt: skip


def total_cost_ratio(measures: Measures, cost: float) -> float | None:
    """How much dearer it is to use no filter at all: what is there / (cost * wrong + missed).

    Args:
        measures: with their counts.
        cost: what a false alarm costs, where a miss costs 1.

    Returns:
        None where nothing is wrong or missed: no filter is infinitely dearer.

    >>> one = of_counts(*np.array([[34456], [238], [9678], [20948]]))[0]
    >>> round(total_cost_ratio(one, 50), 6)
    2.045324

    I. Androutsopoulos and others, An evaluation of naive Bayesian anti-spam filtering (2000).
    """
    spent = cost * measures.fp + measures.fn
    return (measures.tp + measures.fn) / spent if spent else None
