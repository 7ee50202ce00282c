"""Thresholds on the score: what each would catch, wrongly stop and send to review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ..model.coded import Floats
from ..model.evaluation import Curve, CurvePoint
from .measures import measure_slices
from .ratios import Settings
from .slicing import Cut, merge
from .trials import RESTRICT, Trials
from .units import Units

MOST_POINTS: Final = 100
"""Thresholds of one curve: of more different scores every so many is told."""


def curves(
    trials: Trials,
    made: Cut,
    settings: Settings,
    *,
    thresholds: Sequence[float] | None = None,
    asked: bool = False,
) -> list[Curve]:
    """Precision, recall and review load at each threshold, for each slice of a cut.

    Args:
        trials: with scores; one without a verdict has 0.
        made: the slices: one curve for each.
        settings: how intervals are made.
        thresholds: where to look; else at every score that comes.
        asked: whether right is what the market asks to act on, in place of what is there.
    """
    merged = merge(trials, made)
    wanted = trials.wanted >= RESTRICT if asked else trials.present
    actual, score = merged.any(wanted[merged.rows]), merged.score(wanted, trials.score)
    bounds = np.searchsorted(merged.slice, np.arange(len(made.names) + 1))
    found = []
    for k, name in enumerate(made.names):
        rows = slice(bounds[k], bounds[k + 1])
        first = merged.first[rows]
        none = np.zeros(len(first), dtype=np.int64)
        units = Units.of(none, 1, actual[rows], trials.weight[first], trials.cluster[first])
        some = _scores(score[rows]) if thresholds is None else np.array(sorted(thresholds))
        found.append(Curve(name, _points(units, score[rows], some, settings)))
    return found


def _scores(score: Floats) -> Floats:
    """The different scores above 0, thinned out evenly by how many there are."""
    values = np.unique(score[score > 0])
    if len(values) <= MOST_POINTS:
        return np.asarray(values)
    return np.asarray(
        values[np.unique(np.linspace(0, len(values) - 1, MOST_POINTS).round().astype(int))]
    )


def _points(
    units: Units, score: Floats, thresholds: Floats, settings: Settings
) -> tuple[CurvePoint, ...]:
    """What each threshold catches: what has its score or more."""
    found = [(one, measure_slices(units, score >= one, settings)[0]) for one in thresholds.tolist()]
    return tuple(CurvePoint(one, worth.precision, worth.recall, worth.rate) for one, worth in found)


def average_precision(curve: Curve) -> float | None:
    """Area under the steps of precision over recall; None where nothing is there to be found.

    Args:
        curve: with a point for every score that comes.

    >>> average_precision(Curve((), ())) is None
    True

    As scikit-learn's `average_precision_score` defines it: the precision at each threshold,
    weighted by the recall gained there.
    """
    known = [(one.recall.value, one.precision.value) for one in reversed(curve.points)]
    if not known or known[0][0] is None:
        return None
    recalls = [0.0, *(recall or 0.0 for recall, _ in known)]
    gained: Sequence[float] = np.diff(recalls).tolist()
    return float(sum(g * (one[1] or 0.0) for g, one in zip(gained, known, strict=True)))
