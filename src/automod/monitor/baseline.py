"""What a material is expected to hit on a day: rate, week and dispersion, with what is unsure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .dispersion import dispersion, memory
from .season import weekday_factors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_OWN: Final = 3.0
"""Numbers estimated from each row: its rate, and what it has of a week of its own."""
_ROUNDS: Final = 2
LEAST_ALPHA: Final = 1e-6
"""So small that a count is a Poisson one, and large enough to divide by."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Of each row of counts, learned from days that are past."""

    factors: Floats
    """Shape (rows, 7): of the days of the week."""
    doubt: Floats
    """Shape (rows, 7): how far each may be off, as a variance over its square."""
    rate: Floats
    """Hits for one unit of exposure on an average day."""
    low: Floats
    """A rate that is as low as it may well be, given the few days it was learned from."""
    high: Floats
    hits: Floats
    """That it was learned from."""
    days: Floats
    """As many days that are alike would tell as much."""
    alpha: Floats
    """Dispersion: the variance of a count is `mean + alpha * mean**2`."""
    memory: float
    """How many times more weeks vary than days tell."""
    assumed: bool
    """The dispersion is assumed: nothing told."""

    def means(self, exposure: Floats, weekday: Ints) -> Floats:
        """The expected counts, of shape (rows, days)."""
        return np.asarray(exposure * self.factors[:, weekday] * self.rate[:, None])


def learned(counts: Floats, exposure: Floats, weekday: Ints, steps: float = 0.0) -> Baseline:
    """The baseline of rows of counts.

    Args:
        counts: shape (rows, days).
        exposure: shape (rows, days); 0 where a day is not known, or not to be learned from.
        weekday: shape (days,), 0 to 6.
        steps: standard errors that `low` and `high` lie from the rate.

    >>> days = np.arange(28)
    >>> learned(np.full((1, 28), 20.0), np.ones((1, 28)), days % 7).rate.round(1).tolist()
    [20.0]
    """
    known = exposure > 0
    counts = np.where(known, counts, 0.0)
    spread = np.ones(len(counts))
    for _ in range(_ROUNDS):
        factors, doubt = weekday_factors(counts, exposure, weekday, spread)
        held = exposure * factors[:, weekday]
        total = held.sum(axis=1)
        rate = np.divide(counts.sum(axis=1), total, out=np.zeros(len(counts)), where=total > 0)
        means = held * rate[:, None]
        found = dispersion(counts, means, _OWN)
        alpha = np.maximum(found.alpha, LEAST_ALPHA)
        spread = 1 + alpha * means.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    kept = memory(counts, means, alpha)
    unit = spread * kept
    # What is expected by the pool when a row has none at all: the next hit would be the first.
    low, high = (
        np.divide(unit * some, total, out=np.zeros(len(counts)), where=total > 0)
        for some in (
            gamma_quantile(counts.sum(axis=1) / unit, -steps),
            gamma_quantile(counts.sum(axis=1) / unit + 1, steps),
        )
    )
    return Baseline(
        factors, doubt, rate, low, high, counts.sum(axis=1), alike_days(held), alpha,
        kept, found.assumed,
    )  # fmt: skip


def alike_days(held: Floats) -> Floats:
    """As many days of the same mean would tell as much of a rate as these, where days vary.

    >>> alike_days(np.array([[1.0, 1.0, 0.0], [4.0, 1.0, 1.0]])).tolist()
    [2.0, 2.0]
    """
    square = (held**2).sum(axis=1)
    total = held.sum(axis=1)
    zero = np.zeros(len(held))
    return np.asarray(np.divide(total**2, square, out=zero, where=square > 0))


def gamma_quantile(shape: Floats, steps: float) -> Floats:
    """The quantile of gamma variables of unit scale, by how many standard deviations of a normal.

    >>> gamma_quantile(np.array([10.0]), 1.96).round(2).tolist()
    [17.09]

    E. B. Wilson and M. M. Hilferty, Proc. Natl. Acad. Sci. 17 (1931), 684-688.
    """
    some = np.maximum(shape, 1e-9)
    root = np.maximum(1 - 1 / (9 * some) + steps / (3 * np.sqrt(some)), 0.0)
    return np.asarray(some * root**3)
