"""What rules and policy need to know of a creative, besides its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Certificate:
    """A permission that came with the creative."""

    policy: str
    market: str | None = None
    number: str | None = None
    holder: str | None = None
    from_: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The part of a creative that no matcher reads."""

    id: str | None
    markets: tuple[str, ...]
    advertiser: str | None = None
    certificates: tuple[Certificate, ...] = ()
    min_age: int | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    lapsed: frozenset[str] = frozenset()
    """Ids of the advertiser's allows that do not act in the market and on the day looked at."""
