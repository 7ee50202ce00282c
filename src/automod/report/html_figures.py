"""Figures as a page writes them: short, and 0% or 100% of nothing but these."""

from __future__ import annotations

from automod.model.comparison import Difference
from automod.model.evaluation import Ratio

_MINUS = "−"


def percent(value: float, of: int = 0) -> str:
    """A share as a percentage.

    Args:
        value: 0 to 1.
        of: how many trials it is of: a tenth of a percent is told from a thousand on.

    >>> percent(0.94, 50), percent(0.999, 50), percent(0.00001), percent(1), percent(0.941, 2000)
    ('94%', '99.9%', '<0.01%', '100%', '94.1%')
    """
    if value in {0, 1}:
        return f"{value:.0%}"
    for decimals in range(1 if of >= 1000 else 0, 3):
        told = f"{value:.{decimals}%}"
        if 0 < float(told[:-1]) < 100:
            return told
    return "<0.01%" if value < 0.5 else ">99.99%"


def interval(ratio: Ratio) -> str:
    """The ends of an interval, which has some.

    >>> interval(Ratio(47, 50, 0.94, 0.8378, 0.9794, "wilson", enough=True))
    '84–98%'
    """
    low = percent(ratio.low or 0.0, ratio.of).removesuffix("%")
    return f"{low}–{percent(ratio.high or 0.0, ratio.of)}"


def thousands(count: int) -> str:
    """A count.

    >>> thousands(12345)
    '12,345'
    """
    return f"{count:,}"


def per_thousand(value: float) -> str:
    """A share as so many of a thousand.

    >>> per_thousand(0.0123), per_thousand(0.5), per_thousand(0.00001), per_thousand(0)
    ('12.3', '500', '<0.1', '0')
    """
    if value == 0:
        return "0"
    if value < 0.00005:
        return "<0.1"
    return f"{value * 1000:.{0 if value >= 0.1 else 1}f}"


def decimal(value: float) -> str:
    """A figure that is no share, with two decimals; 0 and 1 of nothing but these.

    >>> decimal(0.876), decimal(0.999), decimal(1), decimal(0.001), decimal(-0.2)
    ('0.88', '>0.99', '1.00', '<0.01', '−0.20')
    """
    told = f"{abs(value):.2f}"
    if told == "1.00" and abs(value) < 1:
        told = ">0.99"
    if told == "0.00" and value:
        told = "<0.01"
    return f"{_MINUS}{told}" if value < 0 else told


def score(value: float) -> str:
    """A score or threshold with two decimals, or as many as keep it from reading as 1.

    >>> score(0.5), score(0.998), score(1.0)
    ('0.50', '0.998', '1.00')
    """
    told = f"{value:.2f}"
    return told if told != "1.00" or value == 1 else f"{value:.4f}".rstrip("0")


def signed(value: float) -> str:
    """A difference of two shares in points of percent, with its sign.

    >>> signed(0.0312), signed(-0.2), signed(0), signed(0.0001)
    ('+3.1', '−20.0', '0.0', '+0.01')
    """
    told = f"{abs(100 * value):.1f}"
    if value and told == "0.0":
        told = f"{abs(100 * value):.2f}"
    return f"{'+' if value > 0 else _MINUS if value < 0 else ''}{told}"


def difference_ends(difference: Difference) -> str | None:
    """The interval of a difference; None where nobody knows it.

    >>> difference_ends(Difference(0.05, -0.01, 0.11, enough=True))
    '−1.0, +11.0'
    """
    if difference.low is None or difference.high is None:
        return None
    return f"{signed(difference.low)}, {signed(difference.high)}"


def probability(p: float) -> str:
    """A probability, with as many decimals as tell something.

    >>> probability(0.03125), probability(1.0), probability(0.0000012)
    ('0.031', '1', '<0.0001')
    """
    if p < 0.0001:
        return "<0.0001"
    return f"{p:.{4 if p < 0.001 else 3}f}".rstrip("0").rstrip(".")
