"""How far two labellers agree beyond what chance would give."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from .intervals import Floats, Numbers, normal_quantile, wilson


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa with its standard error and interval."""

    value: float
    """1 where they always agree, 0 where no more than by chance, less where less."""
    error: float
    """Large-sample standard error; 0.0 where the sample is too even to tell one."""
    low: float
    high: float


def cohen_kappa(table: Numbers, confidence: float = 0.95) -> Kappa | None:
    """Cohen's kappa of a square table of counts.

    The interval is that of large samples. Where these know no error (all labels agree, or one of
    the two always says the same) it is that of the share of agreement instead, with what chance
    would give taken as known: agreement in a sample is no proof that they will always agree.

    Args:
        table: shape (answers, answers); in row i and column j how many things the first labeller
            called i and the second j.
        confidence: share of such intervals that should hold the truth, between 0 and 1.

    Returns:
        None where kappa is undefined: nothing was labelled, or both always said the same one thing.

    Raises:
        ValueError: the table is not square, a count is negative or not finite, or confidence is not
            between 0 and 1.

    >>> kappa = cohen_kappa(np.array([[20, 5], [10, 15]]))
    >>> round(kappa.value, 4), round(kappa.low, 4), round(kappa.high, 4)
    (0.4, 0.1511, 0.6489)

    J. Cohen, Educ. Psychol. Meas. 20 (1960), 37-46; the error: J. L. Fleiss, J. Cohen and B. S.
    Everitt, Psychol. Bull. 72 (1969), 323-327, formula 13.
    """
    z, counts = normal_quantile(confidence), _square(table)
    n = float(counts.sum())
    if n == 0:
        return None
    shares = counts / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    agreed, expected = float(np.trace(shares)), float(rows @ columns)
    # Written so: 1 - expected is not 0 when rounding makes it so, but when both said one thing.
    if np.count_nonzero(counts.sum(axis=0) + counts.sum(axis=1)) == 1:
        return None
    value = (agreed - expected) / (1 - expected)
    error = _error(shares, value, expected) / sqrt(n)
    low, high = value - z * error, value + z * error
    if error == 0:
        ends = wilson(min(float(np.trace(counts)), n), n, confidence)
        low, high = ((end - expected) / (1 - expected) for end in (ends.low, ends.high))
    return Kappa(value, error, max(low, -1.0), min(high, 1.0))


def _square(table: Numbers) -> Floats:
    counts = np.asarray(table, np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"the table must be square: {counts.shape}")
    if not (np.isfinite(counts) & (counts >= 0)).all():
        raise ValueError("every count must be 0 or more, and finite")
    return counts


def _error(shares: Floats, value: float, expected: float) -> float:
    """The standard error of kappa for one label of each, 0.0 if rounding is all there is of it."""
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    off = (columns[:, None] + rows[None, :]) ** 2
    on = float(np.diag(shares) @ (1 - (rows + columns) * (1 - value)) ** 2)
    beside = (1 - value) ** 2 * float((shares * off).sum() - np.diag(shares) @ np.diag(off))
    variance = on + beside - (value - expected * (1 - value)) ** 2
    return sqrt(variance) / (1 - expected) if variance > 1e-14 else 0.0
