"""The cluster bootstrap: an interval for anything that is made of sums over clusters.

For a ratio `clustered` covers better and costs less; this asks nothing of how clusters vary, and
serves what has no formula: the mean of several recalls, a ratio of ratios.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isnan
from statistics import NormalDist
from typing import Final

import numpy as np

from .intervals import (
    Floats,
    Interval,
    Ints,
    Numbers,
    clustered,
    distinct_clusters,
    normal_quantile,
)

Statistic = Callable[[Floats], Floats]
"""Sums, shape (n, columns) -> one value of each row, shape (n,); nan where there is none."""

REPLICATES: Final = 1_999
"""So many that a 2.5 % quantile rests on 50 of them."""

# Numbers that are drawn at once: 16 MB.
_AT_ONCE: Final = 2_000_000
# Numbers that are drawn for a ratio: half a second. With more than 2,000 different clusters the
# ends of `clustered` are those of the bootstrap to within a tenth of the width.
_MOST: Final = 4_000_000


def cluster_bootstrap(
    numerators: Numbers,
    denominators: Numbers,
    *,
    counts: Ints | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Interval | None:
    """Interval for sum(numerators) / sum(denominators) by drawing whole clusters again.

    It is that of `clustered` where resampling has nothing to say, as every cluster has the same
    ratio; and where there are so many different sums that both are nearly the same.

    Args:
        numerators: shape (clusters,), from 0 to the denominator; weights are multiplied in.
        denominators: shape (clusters,), 0 or more. Clusters with 0 tell nothing and are left out.
        counts: shape (clusters,), how many clusters there are with these sums; left out, 1 each.
        confidence: share of such intervals that should hold the truth, between 0 and 1.
        seed: of the drawing.
        replicates: resamples, 100 or more.

    Returns:
        None where fewer than two clusters have a denominator: nobody knows how much they differ.
        The same clusters in any order, and counted or repeated, have the same interval.

    Raises:
        ValueError: as for `clustered`, or replicates are fewer than 100.

    >>> clusters = np.array([1.0, 0.0, 5.0, 0.0]), np.array([1.0, 1.0, 5.0, 5.0])
    >>> found = cluster_bootstrap(*clusters, counts=np.array([60, 30, 20, 10]))
    >>> round(found.low, 2), round(found.high, 2)
    (0.54, 0.77)
    """
    clusters = distinct_clusters(numerators, denominators, counts)
    few = len(clusters.den) * replicates <= _MOST and clusters.number >= 2
    sums = np.column_stack([clusters.num, clusters.den])
    drawn = few and bootstrap(
        sums, _ratio, counts=clusters.times, confidence=confidence, seed=seed, replicates=replicates
    )
    return drawn or clustered(
        clusters.num, clusters.den, counts=clusters.times, confidence=confidence
    )


def _ratio(sums: Floats) -> Floats:
    return sums[:, 0] / sums[:, 1]


def bootstrap(
    sums: Numbers,
    statistic: Statistic,
    *,
    counts: Numbers | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Interval | None:
    """Interval for a statistic of sums over clusters, by drawing whole clusters again.

    Clusters with the same sums are exchangeable: how often each kind is drawn is drawn at once, so
    that a resample costs the number of kinds and not that of clusters. The ends are those of BCa,
    corrected for bias and for skewness.

    Args:
        sums: shape (clusters, columns): what each cluster adds to each sum, weights multiplied in.
        statistic: of many rows of sums at once.
        counts: shape (clusters,), how many clusters there are with these sums; left out, 1 each.
        confidence: share of such intervals that should hold the truth, between 0 and 1.
        seed: of the drawing.
        replicates: resamples, 100 or more.

    Returns:
        None where the statistic has no value, or the same one in every resample: that is no proof
        of it. The same clusters in any order, and counted or repeated, have the same interval.

    Raises:
        ValueError: the shapes do not fit, a count is negative, replicates are fewer than 100, or
            confidence is not between 0 and 1.

    >>> recalls = lambda sums: (sums[:, 0] / sums[:, 1] + sums[:, 2] / sums[:, 3]) / 2
    >>> groups = np.array([[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]])
    >>> found = bootstrap(groups, recalls, counts=np.array([80, 20, 50, 50]))
    >>> round(found.low, 2), round(found.high, 2)
    (0.58, 0.71)

    B. Efron, J. Amer. Stat. Assoc. 82 (1987), 171-185; whole clusters: A. C. Davison and D. V.
    Hinkley, Bootstrap Methods and their Application (1997), section 3.8.
    """
    z = normal_quantile(confidence)
    if replicates < 100:
        raise ValueError(f"a quantile needs 100 replicates or more: {replicates}")
    kinds, times = _kinds(sums, counts)
    if times.sum() < 2:
        return None
    value = float(statistic((times @ kinds)[None, :])[0])
    drawn = np.concatenate([statistic(some) for some in _resampled(kinds, times, seed, replicates)])
    drawn = np.sort(drawn[~np.isnan(drawn)])
    if isnan(value) or not len(drawn) or drawn[0] == drawn[-1]:
        return None
    bias = _bias(drawn, value)
    skew = _skewness(kinds, times, statistic)
    low, high = (_quantile(drawn, _corrected(end, bias, skew)) for end in (-z, z))
    return Interval(low, high)


def _kinds(sums: Numbers, counts: Numbers | None) -> tuple[Floats, Floats]:
    """The different rows in order, and how many clusters have each."""
    rows = np.asarray(sums, np.float64)
    times = np.ones(len(rows)) if counts is None else np.asarray(counts, np.float64)
    if rows.ndim != 2 or times.shape != rows.shape[:1]:
        raise ValueError(f"a row of sums and a count for each cluster: {rows.shape}, {times.shape}")
    if not (times >= 0).all():
        raise ValueError("a count must not be negative")
    kinds, which = np.unique(rows[times > 0], axis=0, return_inverse=True)
    often = np.zeros(len(kinds))
    np.add.at(often, which.ravel(), times[times > 0])
    return kinds, often


def _resampled(kinds: Floats, times: Floats, seed: int, replicates: int) -> Iterator[Floats]:
    """Sums of resamples, some rows at a time."""
    rng, clusters = np.random.default_rng(seed), int(times.sum())
    step = max(1, _AT_ONCE // len(kinds))
    for done in range(0, replicates, step):
        often = rng.multinomial(clusters, times / clusters, size=min(step, replicates - done))
        yield often @ kinds


def _bias(drawn: Floats, value: float) -> float:
    """How far the median of the resamples is from the value, in standard deviations."""
    below = float((drawn < value).mean() + (drawn == value).mean() / 2)
    edge = 0.5 / len(drawn)
    return NormalDist().inv_cdf(min(max(below, edge), 1 - edge))


def _skewness(kinds: Floats, times: Floats, statistic: Statistic) -> float:
    """The acceleration of BCa: skewness of the values that leave one cluster out."""
    left = statistic(times @ kinds - kinds)
    known = ~np.isnan(left)
    left, often = left[known], times[known]
    away = (often @ left / often.sum() if len(left) else 0.0) - left
    square = float(often @ away**2)
    return float(often @ away**3) / (6 * square**1.5) if square > 0 else 0.0


def _corrected(end: float, bias: float, skew: float) -> float:
    """Which share of the resamples should lie below this end of a normal."""
    moved = bias + end
    return NormalDist().cdf(bias + moved / (1 - skew * moved)) if skew * moved < 1 else 1.0


def _quantile(drawn: Floats, share: float) -> float:
    place = min(max(share * (len(drawn) + 1) - 1, 0.0), len(drawn) - 1.0)
    return float(np.interp(place, np.arange(len(drawn)), drawn))
