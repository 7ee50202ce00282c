"""What a comparison and a gate answer: which of two is better, and whether it is good enough."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from .evaluation import About, By, Point, Ratio, Warned

FlipKind = Literal["gained", "lost", "new_alarm", "gone_alarm"]
"""A right catch more or less; a false alarm more or less."""


@dataclass(frozen=True, slots=True)
class Difference:
    """After minus before, with its interval; None where one of the two is unknown."""

    value: float | None
    low: float | None
    high: float | None
    enough: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one slice, at one point."""

    by: By
    point: Point
    gained: int
    """Right catches that only the second makes; unpaired it and the other counts are 0."""
    lost: int
    new_alarms: int
    gone_alarms: int
    recall_before: Ratio
    recall_after: Ratio
    recall: Difference
    recall_p: float | None
    """Exact McNemar test of gained against lost; None where nothing is paired."""
    precision_before: Ratio
    precision_after: Ratio
    precision: Difference
    alarms_before: Ratio
    """False-alarm rate."""
    alarms_after: Ratio
    alarms: Difference
    alarms_p: float | None
    """Exact McNemar test of new against gone alarms."""
    recall_groups: tuple[int, int] = (0, 0)
    """What `recall_p` is of: groups of near-duplicates that gained more than they lost, and that
    lost more."""
    alarms_groups: tuple[int, int] = (0, 0)
    """What `alarms_p` is of: groups with more new alarms than gone ones, and with fewer."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One creative that the second decides otherwise, with the evidence of both."""

    kind: FlipKind
    creative: str
    market: str
    policy: str
    wanted: str
    before: str
    after: str
    text: dict[str, str]
    hits_before: tuple[dict[str, Any], ...]
    hits_after: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sets of decisions: on the same cases (paired), or on two sets of cases."""

    schema: int
    before: About
    after: About
    paired: bool
    trials: int
    """Creatives x markets x codes that both decided; unpaired: of both together."""
    only_before: int
    only_after: int
    changes: tuple[Change, ...]
    flips: tuple[Flip, ...]
    warnings: tuple[Warned, ...] = ()
    """What must be said with the figures of either: no report is made without."""

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON has it."""
        return asdict(self)


Passed = Literal["pass", "fail", "not_enough_data"]


@dataclass(frozen=True, slots=True)
class GateLine:
    """One promise of a gate, and whether it was kept."""

    name: str
    by: By
    point: Point
    measure: str
    """`precision`, `recall`, `f1`, `false_alarm_rate`, `so`, `rate`, or `no_regression`."""
    bound: Literal["low", "high", "p"]
    """Which end of the interval is held to the limit; of a regression its probability."""
    limit: float
    found: float | None
    ratio: Ratio | None
    passed: Passed
    allowed: bool
    """Whether too little data is let through, as the gate says."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """Every promise of a gate."""

    lines: tuple[GateLine, ...]

    @property
    def passed(self) -> bool:
        """Whether no promise is broken, or left unproved that had to be proved."""
        return all(
            one.passed == "pass" or (one.passed == "not_enough_data" and one.allowed)
            for one in self.lines
        )

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON has it."""
        return {"passed": self.passed, **asdict(self)}
