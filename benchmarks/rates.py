"""Shares of a whole, with their counts and intervals."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


def wilson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson score interval for k successes in n trials: its low and its high end.

    Raises:
        ValueError: n is 0; a ratio of nothing has no interval.

    >>> [round(end, 4) for end in wilson(10, 10)]
    [0.7225, 1.0]

    E. B. Wilson, J. Amer. Stat. Assoc. 22 (1927), 209-212.
    """
    if n == 0:
        raise ValueError("a ratio of nothing has no interval")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    middle = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * sqrt(k * (n - k) / n + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share.

        Raises:
            ZeroDivisionError: of nothing.
        """
        return self.hits / self.of

    def times(self, other: Rate) -> float | None:
        """How many times another's share this one is; None where that is unknown.

        >>> Rate(3, 10).times(Rate(1, 10))
        3.0
        """
        if not self.of or not other.hits:
            return None
        return round(self.value / other.value, 4)

    def __str__(self) -> str:
        """The share in per cent, its interval, its counts.

        >>> str(Rate(1, 8)), str(Rate(0, 0))
        ('12.50 % (2.24-47.09; 1 of 8)', 'unknown (0 of 0)')
        """
        if not self.of:
            return "unknown (0 of 0)"
        low, high = wilson(self.hits, self.of)
        ends = f"{low * 100:.2f}-{high * 100:.2f}"
        return f"{self.value * 100:.2f} % ({ends}; {self.hits:,} of {self.of:,})"


def rate(marks: list[bool]) -> Rate:
    """The share of those that are true."""
    return Rate(sum(marks), len(marks))
