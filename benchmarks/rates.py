"""Shares of a whole, with their counts and intervals."""

from __future__ import annotations

from dataclasses import dataclass

from automod.evaluate.intervals import wilson


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
        interval = wilson(self.hits, self.of)
        ends = f"{interval.low * 100:.2f}-{interval.high * 100:.2f}"
        return f"{self.value * 100:.2f} % ({ends}; {self.hits:,} of {self.of:,})"


def rate(marks: list[bool]) -> Rate:
    """The share of those that are true."""
    return Rate(sum(marks), len(marks))
