"""Two ratios: whether and by how much they differ, on the same trials or on different ones."""

from __future__ import annotations

from math import sqrt

import numpy as np

from .intervals import (
    Floats,
    Interval,
    Numbers,
    beta_probability,
    distinct_clusters,
    effective_trials,
    wilson,
)


def mcnemar(gained: int, lost: int) -> float:
    """Exact two-sided p of McNemar's test: how rare so uneven a split is if both are as likely.

    Args:
        gained: trials that the second has and the first has not.
        lost: trials that the first has and the second has not.

    Returns:
        1.0 where nothing changed: nothing speaks against equality.

    Raises:
        ValueError: a count is negative.

    >>> round(mcnemar(0, 5), 12), mcnemar(2, 3)
    (0.0625, 1.0)

    Q. McNemar, Psychometrika 12 (1947), 153-157; with the binomial distribution in place of its
    limit. That P(X <= k) of n tosses is an incomplete beta function: DLMF 8.17.5.
    """
    fewer, more = sorted((gained, lost))
    if fewer < 0:
        raise ValueError(f"counts must not be negative: {gained}, {lost}")
    if more - fewer <= 1:
        return 1.0
    return 2 * beta_probability(0.5, more, fewer + 1)


def paired_difference(
    both: int, first: int, second: int, neither: int, confidence: float = 0.95
) -> Interval:
    """Interval for the difference of two ratios of the same independent trials, first - second.

    Args:
        both: trials that both have.
        first: trials that only the first has.
        second: trials that only the second has.
        neither: trials that neither has.
        confidence: share of such intervals that should hold the truth, between 0 and 1.

    Raises:
        ValueError: there are no trials, a count is negative, or confidence is not between 0 and 1.

    >>> found = paired_difference(36, 12, 2, 0)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0569, 0.3404)

    R. G. Newcombe, Stat. Med. 17 (1998), 2635-2650, method 10.
    """
    counts = np.array([both, first, second, neither], dtype=np.float64)
    if counts.min() < 0:
        raise ValueError(f"counts must not be negative: {both}, {first}, {second}, {neither}")
    n, one, other = float(counts.sum()), both + first, both + second
    ends = wilson(one, n, confidence), wilson(other, n, confidence)
    margins = float(one) * (n - one) * other * (n - other)
    # In products of two counts of trials, as the margins are.
    shared = _towards_zero(float(both) * neither - float(first) * second, n / 2)
    correlation = shared / sqrt(margins) if margins else 0.0
    return mover_difference(one / n, ends[0], other / n, ends[1], correlation)


def unpaired_difference(
    k: float, n: float, other_k: float, other_n: float, confidence: float = 0.95
) -> Interval:
    """Interval for the difference of two ratios of different independent trials.

    Args:
        k: successes of the first.
        n: trials of the first.
        other_k: successes of the second, which is taken away.
        other_n: trials of the second.
        confidence: share of such intervals that should hold the truth, between 0 and 1.

    Raises:
        ValueError: as for `wilson`.

    >>> found = unpaired_difference(56, 70, 48, 80)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0524, 0.3339)

    R. G. Newcombe, Stat. Med. 17 (1998), 873-890, method 10.
    """
    first, second = wilson(k, n, confidence), wilson(other_k, other_n, confidence)
    return mover_difference(k / n, first, other_k / other_n, second)


def mover_difference(
    first: float, of_first: Interval, second: float, of_second: Interval, correlation: float = 0.0
) -> Interval:
    """Interval for first - second, from the two values and an interval of each.

    Args:
        first: a value.
        of_first: its interval.
        second: another value, which is taken away.
        of_second: its interval, with the same confidence.
        correlation: of the two as estimates, -1 to 1: 0 if they come from different trials.

    >>> mover_difference(0.9, Interval(0.8, 0.95), 0.6, Interval(0.6, 0.6)).low.__round__(4)
    0.2

    Method of variance estimates recovery: G. Y. Zou and A. Donner, Stat. Med. 27 (2008), 1693-1702.
    """
    down, up = first - of_first.low, of_first.high - first
    under, over = second - of_second.low, of_second.high - second
    return Interval(
        first - second - _joined(down, over, correlation),
        first - second + _joined(up, under, correlation),
    )


def _joined(a: float, b: float, correlation: float) -> float:
    """Length of the side across from an angle with this cosine."""
    return sqrt(max(a * a - 2 * correlation * a * b + b * b, 0.0))


def clustered_difference(
    numerators: Numbers,
    denominators: Numbers,
    other_numerators: Numbers,
    other_denominators: Numbers,
    *,
    counts: Numbers | None = None,
    heaviest: float = 0.0,
    confidence: float = 0.95,
) -> Interval | None:
    """Interval for the difference of two ratios of sums over the same clusters, first - second.

    As `clustered` for each of the two, joined by how they vary together from cluster to cluster.
    The denominators may differ: of the precision of two filters each has its own. Two ratios that
    never differed were not proved the same: their correlation is at most what Newcombe's method 10
    gives to as many independent trials of which none differs. He takes as much from every
    correlation, which from 100 clusters on covers more than is asked for.

    Args:
        numerators: of the first; shape (clusters,), from 0 to the denominator, with weights.
        denominators: of the first; shape (clusters,), 0 or more.
        other_numerators: of the second, in the same order of clusters.
        other_denominators: of the second.
        counts: shape (clusters,), how many clusters there are with these four sums.
        heaviest: as for `clustered`.
        confidence: share of such intervals that should hold the truth, between 0 and 1.

    Returns:
        None where either ratio has no interval by itself.

    Raises:
        ValueError: as for `clustered`.

    >>> one, all_of = np.array([1, 1, 0, 0]), np.ones(4)
    >>> other, times = np.array([1, 0, 1, 0]), np.array([36, 12, 2, 0])
    >>> found = clustered_difference(one, all_of, other, all_of, counts=times)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0569, 0.3404)

    R. G. Newcombe, Stat. Med. 17 (1998), 2635-2650; G. Y. Zou and A. Donner, Stat. Med. 27 (2008),
    1693-1702.
    """
    pairs = (numerators, denominators), (other_numerators, other_denominators)
    both = [distinct_clusters(*pair, counts) for pair in pairs]
    if min(clusters.number for clusters in both) < 2:
        return None
    trials = [effective_trials(one, heaviest=heaviest, confidence=confidence) for one in both]
    one, other = (
        wilson(clusters.ratio * n, n, confidence) for clusters, n in zip(both, trials, strict=True)
    )
    ratios = both[0].ratio, both[1].ratio
    spreads = [n * ratio * (1 - ratio) for n, ratio in zip(trials, ratios, strict=True)]
    most = 1 - 0.5 / sqrt(spreads[0] * spreads[1]) if all(spreads) else 0.0
    columns = [np.asarray(sums, np.float64) for pair in pairs for sums in pair]
    correlation = min(_correlation(_in_order(columns, counts), ratios), max(most, 0.0))
    return mover_difference(ratios[0], one, ratios[1], other, correlation)


def _in_order(columns: list[Floats], counts: Numbers | None) -> list[Floats]:
    """The columns and the counts, sorted: so the order of clusters decides no bit of the answer."""
    times = np.ones(len(columns[0])) if counts is None else counts.astype(np.float64)
    order = np.lexsort([times, *columns])
    return [one[order] for one in (*columns, times)]


def _correlation(rows: list[Floats], ratios: tuple[float, float]) -> float:
    """Of two ratios as estimates, by how far clusters are from both at once."""
    num, den, other_num, other_den, times = rows
    first, second = num - ratios[0] * den, other_num - ratios[1] * other_den
    square = float(times @ first**2) * float(times @ second**2)
    return float(times @ (first * second)) / sqrt(square) if square > 0 else 0.0


def _towards_zero(value: float, by: float) -> float:
    """A positive value less so much, but not below 0; another as it is."""
    return max(value - by, 0.0) if value > 0 else value
