"""Whether something happens more often than it should: a test that may be looked at all the time.

For each rate above the expected one there is a bettor who starts with 1 and bets, at fair odds,
that the true rate is that one. While the true rate is at most the expected one, nobody's fortune
grows on average, nor does the mean of all fortunes: the e-value. The chance that it ever reaches
1 / alpha, however often one looks, is then at most alpha (J. Ville, Étude critique de la notion de
collectif, 1939). The mean over many rates is a mixture (H. Robbins, Ann. Math. Statist. 41 (1970),
1397-1409); as bets: I. Waudby-Smith, A. Ramdas, J. R. Stat. Soc. B 86 (2024), 1-27. It asks for no
independence: only that no creative, given all before it, is hit with a larger chance than expected.

Of many e-values, each is held to alpha divided by how many there are (Bonferroni): then the chance
that any of them is a false alarm is at most alpha, however they depend on each other (V. Vovk,
R. Wang, Ann. Statist. 49 (2021), 1736-1754).
"""

from __future__ import annotations

from math import log
from typing import Final

import numpy as np

from automod.model.coded import Floats, Ints

_STEP: Final = 0.25
_BETTORS: Final = 40
"""Their rates lie so far apart in log-odds: the best of them loses little to the true rate, and the
mean loses the logarithm of how many they are, 3.7, of what grows with every creative."""


def log_e(hits: Ints, creatives: Ints, expected: float) -> Floats:
    """The natural logarithm of the e-value against a rate of at most `expected`.

    Args:
        hits: how many creatives were hit, at each look.
        creatives: of how many, at each look.
        expected: above 0, at most 1.

    >>> log_e(np.array([10, 30, 100]), np.array([500, 500, 500]), 0.02).round(1).tolist()
    [-3.7, 10.3, 145.5]
    """
    if expected >= 1:
        return np.zeros(len(hits))  # of what may happen always there cannot be too much
    odds = log(expected / (1 - expected)) + _STEP * np.arange(1, _BETTORS + 1)
    # log p and log(1 - p) of each bettor, without losing the digits of small ones.
    yes, no = -np.logaddexp(0, -odds) - log(expected), -np.logaddexp(0, odds) - np.log1p(-expected)
    misses = creatives - hits
    fortunes = hits[:, None] * yes[None, :] + misses[:, None] * no[None, :]
    found: Floats = np.logaddexp.reduce(fortunes, axis=1) - log(_BETTORS)
    return found


def log_threshold(alpha: float, tests: int) -> float:
    """What the logarithm of one of several e-values must reach.

    >>> round(log_threshold(0.05, 1), 2), round(log_threshold(0.05, 1_000), 2)
    (3.0, 9.9)
    """
    return log(max(tests, 1) / alpha)
