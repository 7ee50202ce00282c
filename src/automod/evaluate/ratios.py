"""Counts -> a ratio with its interval, and whether there is enough of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np

from ..model.coded import Floats, Ints
from ..model.evaluation import NOTHING, Method, Ratio
from .bootstrap import bootstrap
from .intervals import (
    Interval,
    clopper_pearson,
    clustered,
    effective_number,
    wilson_many,
)  # fmt: skip

SUPPORT: Final = 30
"""Trials from which on an interval of independent trials is told without a word of doubt."""
CLUSTERS: Final = 100
"""Groups from which on an interval over groups covers what it says: benchmarks/coverage.py."""
EFFECTIVE: Final = 20
"""Groups of the same weight that these must tell as much as: one ad with nearly all impressions
leaves the others nothing to tell."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How intervals are made."""

    confidence: float = 0.95
    exact: bool = False
    """Clopper-Pearson in place of Wilson."""
    support: int = SUPPORT
    clusters: int = CLUSTERS
    bootstrap: bool = False
    """Over groups of near-duplicates, draw them again in place of the interval of `clustered`."""


USUAL: Final = Settings()


def shares(count: Ints, total: Ints, settings: Settings) -> list[Ratio]:
    """Shares of independent trials that weigh the same."""
    low, high = wilson_many(count, total, settings.confidence)
    ends = zip(count.tolist(), total.tolist(), low.tolist(), high.tolist(), strict=True)
    return [_share(k, n, Interval(least, most), settings) for k, n, least, most in ends]


def _share(k: int, n: int, wilson: Interval, settings: Settings) -> Ratio:
    if n == 0:
        return NOTHING
    method: Method = "clopper-pearson" if settings.exact else "wilson"
    ends = clopper_pearson(k, n, settings.confidence) if settings.exact else wilson
    return Ratio(k, n, k / n, ends.low, ends.high, method, enough=n >= settings.support)


def of_cells(
    num: Floats, den: Floats, times: Ints, counts: tuple[int, int], settings: Settings,
    heaviest: float = 0.0,
) -> Ratio:  # fmt: skip
    """A ratio of sums over groups of near-duplicates, or of creatives that weigh differently.

    Args:
        num: numerators, shape (cells,).
        den: denominators, of the same shape.
        times: how many groups have these sums.
        counts: the counts to tell, without weights.
        settings: how intervals are made.
        heaviest: the largest weight that one could have had.

    Returns:
        Unknown where the denominators come to nothing, as those of ads that nobody was shown do.
    """
    groups, whole = int(times[den > 0].sum()), float((den * times).sum())
    if whole == 0:
        return replace(NOTHING, count=counts[0], of=counts[1])
    value = float((num * times).sum() / whole)
    method: Method = "bootstrap" if settings.bootstrap else "clustered"
    confidence = settings.confidence
    if settings.bootstrap:
        sums = np.stack([num, den], axis=1)
        interval = bootstrap(sums, _quotient, counts=times, confidence=confidence)
    else:
        interval = clustered(num, den, counts=times, heaviest=heaviest, confidence=confidence)
    if interval is None:
        return Ratio(*counts, value, None, None, method, enough=False)
    enough = groups >= settings.clusters and effective_number(den, times) >= EFFECTIVE
    return Ratio(*counts, value, interval.low, interval.high, method, enough)


def _quotient(sums: Floats) -> Floats:
    """The first sum over the second of each row; nan where that is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums[:, 1] > 0, sums[:, 0] / sums[:, 1], np.nan)


def so_ratio(recall: Ratio, alarms: Ratio) -> Ratio:
    """Recall / (recall + false alarms), and what the ends of both leave possible.

    The ends join the ratio's distance to the ends of its two parts (MOVER: Zou and Donner, Stat.
    Med. 27 (2008), 1693-1702), on the scale of recall : false alarms.
    """
    if recall.value is None or alarms.value is None or recall.value + alarms.value == 0:
        return NOTHING
    value = recall.value / (recall.value + alarms.value)
    low, high = _mover_ratio(recall, alarms)
    enough = recall.enough and alarms.enough
    return Ratio(recall.count, recall.count + alarms.count, value, low, high, "mover", enough)


def _mover_ratio(one: Ratio, other: Ratio) -> tuple[float | None, float | None]:
    """The ends of one / (one + other)."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return None, None
    return _ends(one, other), 1 - _ends(other, one)


def _ends(one: Ratio, other: Ratio) -> float:
    """The low end of one / (one + other), by the low end of one : other.

    Donner and Zou, Stat. Methods Med. Res. 21 (2012), 347-359, formula for a ratio.
    """
    p, q = one.value or 0.0, other.value or 0.0
    low, high = one.low or 0.0, other.high or 0.0
    inside = (p * q) ** 2 - low * high * (2 * p - low) * (2 * q - high)
    divisor = high * (2 * q - high)
    if divisor != 0:
        ratio = (p * q - sqrt(max(inside, 0.0))) / divisor
    else:
        ratio = low * (2 * p - low) / (2 * p * q) if p * q else 0.0
    return max(ratio, 0.0) / (1 + max(ratio, 0.0))
