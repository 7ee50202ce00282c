"""What a backtest answers: what other rules would have changed on traffic that is stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from .vocabulary import Action

SCHEMA: Final = 1

Turn = Literal["gained", "lost", "changed"]
"""Now hit, or stricter; no more hit, or laxer; otherwise decided: by other codes, hits, markets."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its counts; what is unknown (0 of 0) is None."""

    count: int
    of: int
    value: float | None
    low: float | None
    high: float | None
    estimated: bool = False
    """Some of what is counted was drawn, and stands for the rest."""


@dataclass(frozen=True, slots=True)
class Turned:
    """How many creatives of one group are decided otherwise."""

    by: str
    """`market`, `language` or `policy`; empty for all traffic."""
    value: str
    creatives: int | None
    """Of the group; None where nobody counted: of a policy code."""
    gained: int
    lost: int
    changed: int
    share: Share
    """Of those that are decided otherwise."""


@dataclass(frozen=True, slots=True)
class Transition:
    """How many creatives of a market go from one action to another."""

    market: str
    before: Action
    after: Action
    creatives: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """Work for people: creatives of a market with one action."""

    market: str
    """Empty for all: the strictest action of each creative."""
    action: Action
    before: Share
    after: Share
    more: int
    """After less before; exact."""
    more_in_population: int | None = None
    """The same, where the traffic stands for so many."""


@dataclass(frozen=True, slots=True)
class Noisy:
    """A material that differs, and what it did among the creatives that are decided otherwise."""

    material: str
    hits: int
    creatives: int
    alone: int
    """Of those creatives in which nothing else hits that differs."""
    share: Share
    """`alone` by all that are decided otherwise."""


@dataclass(frozen=True, slots=True)
class Missed:
    """What could not be evaluated among the creatives that were decided by both."""

    code: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Flipped:
    """One creative that is decided otherwise."""

    creative: str
    index: int
    turn: Turn
    before: Action
    after: Action
    markets: tuple[str, ...]
    """Those in which it is decided otherwise."""
    materials: tuple[str, ...]
    """Those that differ, of what hits it before or after."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How the answer was come by."""

    everywhere: tuple[str, ...]
    """Why everything was decided by both: codes; empty where that was not needed."""
    materials: int
    """That may make a difference."""
    looked_at: int
    """Creatives whose text was scanned for them."""
    decided: int
    """Creatives that both rulesets decided."""
    drawn: int
    """Of the others, those that were decided to know the load."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """What another ruleset would have changed."""

    schema: int
    ruleset_before: str
    ruleset_after: str
    on: str
    """The day for creatives without one."""
    creatives: int
    no_creatives: int
    """Lines, rows and entries that are none; they are among `creatives`."""
    population: int | None
    """How many the traffic is a sample of."""
    whole: Turned
    groups: tuple[Turned, ...]
    transitions: tuple[Transition, ...]
    load: tuple[Load, ...]
    noisiest: tuple[Noisy, ...]
    not_evaluated: tuple[Missed, ...]
    incomplete: Share
    """Creatives of those decided by both that could not be evaluated wholly, and all that are
    none, by all traffic."""
    effort: Effort
    flips: tuple[Flipped, ...] = ()
    """In the order of the traffic; at most as many as were asked for."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: every key is always there."""
        return asdict(self)
