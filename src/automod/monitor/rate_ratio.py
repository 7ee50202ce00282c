"""Two counts against each other: how likely by chance, between which bounds, how much is needed."""

from __future__ import annotations

from math import ceil, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from automod.evaluate.intervals import beta_probability, normal_quantile

Floats = NDArray[np.float64]

EXACT: Final = 50_000
"""Hits in both windows up to which every outcome is added up."""
_POWER: Final = 0.6
"""The share of a normal that lies within the quantile of a power of 80 %."""


def chance(after: int, both: int, share: float, weight: float) -> tuple[float, float]:
    """The two-sided p-value of a count, given the sum of two; and the least there could have been.

    Where the days of both windows vary alike (negative binomial, the same mean and dispersion) the
    second count, given the sum, is a beta-binomial variable: exactly so for whole days of equal
    means, and with the same variance else. Both tails count as twice the smaller.

    Args:
        after: hits in the second window.
        both: hits in both; more than 0.
        share: of these that is expected in the second window, between 0 and 1.
        weight: the sum of the parameters of the beta variable: what is known of the rates.

    >>> p, least = chance(0, 10, 0.5, 1e9)
    >>> round(p, 6), round(least, 6)
    (0.001953, 0.001953)

    The conditional test of two rates: J. Przyborowski and H. Wilenski, Biometrika 31 (1940),
    313-323; of negative binomial ones: M. D. Robinson and G. K. Smyth, Biostatistics 9 (2008),
    321-332.
    """
    a, b = share * weight, (1 - share) * weight
    if both > EXACT:
        trials = both / (1 + (both - 1) / (weight + 1)) - 1
        below = beta_probability(
            min(max(after / both, 1e-12), 1 - 1e-12), share * trials, (1 - share) * trials
        )
        return min(1.0, 2 * min(below, 1 - below)), 0.0
    x = np.arange(both, dtype=np.float64)
    steps = np.log((both - x) * (x + a)) - np.log((x + 1) * (both - x - 1 + b))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    mass = np.exp(logs - logs.max())
    mass /= mass.sum()
    p = 2 * min(float(mass[: after + 1].sum()), float(mass[after:].sum()))
    return min(1.0, p), min(1.0, 2 * min(float(mass[0]), float(mass[-1])))


def effective(both: Floats, weight: Floats) -> Floats:
    """Trials of which a share would vary as much as that of over-dispersed hits.

    >>> effective(np.array([1.0, 100.0]), np.array([99.0, 99.0])).round(2).tolist()
    [1.0, 50.25]
    """
    return np.asarray(both / (1 + np.maximum(both - 1, 0.0) / (weight + 1)))


def needed_days(mean: float, alpha: float, memory: float, confidence: float) -> int | None:
    """So many days in each of two windows show in 4 of 5 cases that a count has halved.

    Args:
        mean: hits a day.
        alpha: dispersion: the variance is `mean + alpha * mean**2`.
        memory: how many times more weeks vary than days tell.
        confidence: of the test, for itself.

    Returns:
        None: without a hit nobody can tell.

    >>> needed_days(20.0, 0.1, 1.0, 0.95), needed_days(0.2, 0.1, 1.0, 0.95)
    (6, 249)
    """
    if mean <= 0:
        return None
    steps = normal_quantile(confidence) + normal_quantile(_POWER)
    # The counts of one window are halved there, and vary the more for it.
    each = memory * (1.5 / mean + alpha)
    return ceil(2 * steps**2 * each / log(2) ** 2)


def false_discoveries(p: Floats) -> Floats:
    """The least rate of false discoveries at which each of many hypotheses would be told.

    >>> false_discoveries(np.array([0.01, 0.04, 0.03, 0.5])).round(3).tolist()
    [0.04, 0.053, 0.053, 0.5]

    Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57 (1995), 289-300.
    """
    order = np.argsort(p)[::-1]
    places = np.arange(len(p), 0, -1)
    least = np.minimum.accumulate(p[order] * len(p) / places)
    found = np.empty(len(p))
    found[order] = np.minimum(least, 1.0)
    return found
