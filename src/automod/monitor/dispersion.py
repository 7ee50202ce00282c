"""How much more counts of hits vary than by chance alone: from day to day, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ASSUMED: Final = 0.25
"""Where nothing tells: a day's own mean varies by half of the mean."""
_MOST: Final = 10.0
_ROUNDS: Final = 3
_LAGS: Final = 6


@dataclass(frozen=True, slots=True)
class Dispersion:
    """The variance of a count is `mean + alpha * mean**2`."""

    alpha: Floats
    """Of each row; between what it shows itself and what all show."""
    pooled: float
    assumed: bool
    """Nothing told: it is `ASSUMED`."""


def dispersion(counts: Floats, means: Floats, parameters: float) -> Dispersion:
    """The dispersion of each row of counts around its means.

    Args:
        counts: shape (rows, days).
        means: shape (rows, days); 0 where a day is not known, or nothing is expected.
        parameters: how many numbers were estimated from each row for its means.

    >>> from numpy.random import default_rng
    >>> counts = default_rng(7).negative_binomial(10, 10 / 30, (200, 56)).astype(float)
    >>> means = np.broadcast_to(counts.mean(axis=1)[:, None], counts.shape)
    >>> round(dispersion(counts, means, 1.0).pooled, 1)
    0.1

    Moments weighted by what they tell, and held towards their common mean as in R. DerSimonian and
    N. Laird, Control. Clin. Trials 7 (1986), 177-188.
    """
    known = means > 0
    days = known.sum(axis=1)
    free = np.maximum(days - parameters, 1.0)
    safe = np.where(known, means, 1.0)
    excess = ((counts - safe) ** 2 * (days / free)[:, None] - safe) / safe**2
    usable = known & (days > parameters + 1)[:, None]
    pooled = ASSUMED
    for _ in range(_ROUNDS):
        told = np.where(usable, _told(safe, pooled), 0.0) * (free / np.maximum(days, 1))[:, None]
        weight = told.sum(axis=1)
        total = float(weight.sum())
        if total <= 0:
            return Dispersion(np.full(len(counts), ASSUMED), ASSUMED, assumed=True)
        sums = (told * excess).sum(axis=1)
        own = np.divide(sums, weight, out=np.zeros(len(counts)), where=weight > 0)
        pooled = float(np.clip(weight @ own / total, 0.0, _MOST))
    between = _between(own, weight, pooled)
    alpha = np.full(len(own), pooled)
    if between > 0:
        alpha = (weight * own + pooled / between) / (weight + 1 / between)
    # A few rows alone may happen to vary little: by as much as they may be off it is taken larger.
    alpha = alpha + total**-0.5
    return Dispersion(np.clip(alpha, 0.0, _MOST), pooled, assumed=False)


def _told(means: Floats, alpha: float) -> Floats:
    """One over the variance of a day's moment: as of normal counts, and more where few are."""
    return 0.5 / ((1 / means + alpha) ** 2 * (1 + 2 * alpha) + 0.5 / means**3)


def _between(own: Floats, weight: Floats, pooled: float) -> float:
    """The variance of the dispersions of rows among each other."""
    total, square = float(weight.sum()), float((weight**2).sum())
    spare = total - square / total
    apart = float((weight * (own - pooled) ** 2).sum()) - (int((weight > 0).sum()) - 1)
    return max(apart / spare, 0.0) if spare > 0 else 0.0


def memory(counts: Floats, means: Floats, alpha: Floats) -> float:
    """How many times more sums over a week vary than if days had nothing to do with each other.

    A campaign that runs for days raises all of them: such sums vary more than days tell. One number
    for all rows, less its standard error, and at least 1: what a few rows show may be chance.

    Args:
        counts: shape (rows, days), in the order of days.
        means: shape (rows, days); 0 where a day is not known.
        alpha: shape (rows,), the dispersion of each.

    >>> means = np.full((50, 56), 20.0)
    >>> memory(np.random.default_rng(7).poisson(means).astype(float), means, np.zeros(50)) < 1.1
    True

    Bartlett's weights of autocovariances: W. K. Newey and K. D. West, Econometrica 55 (1987),
    703-708.
    """
    known = means > 0
    safe = np.where(known, means, 1.0)
    apart = np.where(known, (counts - safe) / np.sqrt(safe + alpha[:, None] * safe**2), 0.0)
    square = float((apart**2).sum())
    if square <= 0 or counts.shape[1] <= _LAGS:
        return 1.0
    weights = 1 - np.arange(1, _LAGS + 1) / (_LAGS + 1)
    sums = np.array([
        (apart[:, lag:] * apart[:, :-lag]).sum(axis=1) for lag in range(1, _LAGS + 1)
    ])  # fmt: skip
    each = 2 * weights @ sums / square
    # Rows are taken as apart from each other; a single one tells its error by its length alone.
    error = max(
        float(np.sqrt((each**2).sum())), 2 * float(np.sqrt((weights**2).sum() / known.sum()))
    )
    return max(1.0, 1.0 + float(each.sum()) - error)
