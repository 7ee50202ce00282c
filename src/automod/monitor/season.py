"""The week in counts of hits: what each day of it has of an average day, by material."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WEEK = 7


def weekday_factors(
    counts: Floats, exposure: Floats, weekday: Ints, spread: Floats
) -> tuple[Floats, Floats]:
    """How a day of the week differs from an average day, for each row of counts.

    What all rows share is told by all of them; a row goes its own way as far as its counts are
    many, and as rows are seen to differ. All rows together are held towards a week without a
    season in the same way, as far as what they show may be chance.

    Args:
        counts: shape (rows, days), hits.
        exposure: shape (rows, days), what could have been hit; 0 where a day is not known.
        weekday: shape (days,), 0 to 6.
        spread: shape (rows,), variance over mean of a day's count.

    Returns:
        Shape (rows, 7): factors, whose mean over the exposure is 1 in each row; and of each how far
        it may be off, as a variance over its square.

    >>> week = np.array([[2, 2, 2, 2, 2, 1, 1]] * 4)
    >>> shape, doubt = weekday_factors(week * 1e4, np.ones((4, 7)), np.arange(7), np.ones(4))
    >>> shape[0].round(2).tolist()
    [1.17, 1.17, 1.17, 1.17, 1.17, 0.58, 0.58]

    Shrinkage of ratios to their mean by moments: D. G. Clayton and J. Kaldor, Biometrics 43 (1987),
    671-681, with counts divided by their spread for quasi-likelihood (P. McCullagh, Ann. Stat. 11
    (1983), 59-67).
    """
    by_day = np.zeros((counts.shape[1], _WEEK))
    by_day[np.arange(len(weekday)), weekday] = 1.0
    known = exposure > 0
    got = (np.where(known, counts, 0.0) @ by_day) / spread[:, None]
    held = exposure @ by_day
    expected = held * _rate(got, held)[:, None]
    shared, unsure = _shrunk(got.sum(axis=0), expected.sum(axis=0))
    expected = expected * shared
    expected *= _rate(got, expected)[:, None]
    own, doubt = _shrunk(got, expected)
    own = np.asarray(own * shared, dtype=np.float64)
    mean = np.maximum(_rate(held * own, held), 1e-300)
    return np.asarray(own / mean[:, None]), doubt + unsure


def _rate(got: Floats, held: Floats) -> Floats:
    total = held.sum(axis=1)
    zero = np.zeros(len(got))
    return np.asarray(np.divide(got.sum(axis=1), total, out=zero, where=total > 0))


def _shrunk(got: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """Got over expected, held towards 1 as far as the differences may be chance; what is unsure."""
    square = float((expected**2).sum())
    apart = max(float(((got - expected) ** 2 - expected).sum()), 0.0) / square if square else 0.0
    if apart == 0:
        return np.ones(got.shape), np.zeros(got.shape)
    return (got + 1 / apart) / (expected + 1 / apart), 1 / (got + 1 / apart)
