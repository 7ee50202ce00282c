"""Limits to what new rules may change: whether a backtest keeps within them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from automod.model.backtest import Backtest, Share


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that each share may be; None: no limit."""

    max_gained: float | None = None
    max_lost: float | None = None
    max_changed: float | None = None
    """Of all that is decided otherwise, whichever way."""
    max_review_load: float | None = None
    """Of the creatives of any market that go to review after."""


@dataclass(frozen=True, slots=True)
class Line:
    """One limit, and what it is held against."""

    name: str
    """Of the field of `Limits`."""
    market: str
    """Of a load; empty for all traffic."""
    value: float | None
    """None: unknown."""
    limit: float

    @property
    def passed(self) -> bool:
        """Whether the limit is kept; what is unknown keeps none."""
        return self.value is not None and self.value <= self.limit


def held_to(found: Backtest, limits: Limits) -> Iterator[Line]:
    """Each limit that was set, with what was found.

    Of a load that is estimated, or of a sample, its value counts and not the end of its interval.
    """
    whole = found.whole
    for name, count in (
        ("max_gained", whole.gained),
        ("max_lost", whole.lost),
        ("max_changed", whole.gained + whole.lost + whole.changed),
    ):
        limit = getattr(limits, name)
        if limit is not None:
            value = count / found.creatives if found.creatives else None
            yield Line(name, "", value, limit)
    if limits.max_review_load is not None:
        for one in found.load:
            if one.action == "review":
                value = _value(one.after)
                yield Line("max_review_load", one.market, value, limits.max_review_load)


def _value(share: Share) -> float | None:
    return share.value
