"""What has drifted, as JSON has it: between two windows of time, or day after day."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args

SCHEMA: Final = 1

Level = Literal["material", "material-market", "package", "package-market", "market"]
"""What counts are of: each material or package, in all markets or in each; all hits of a market."""
LEVELS: Final[tuple[Level, ...]] = get_args(Level)

Verdict = Literal["noisy", "dead", "steady", "too_little", "unknown", "left_out"]
"""noisy: it rose; dead: it fell, or hits nothing any more; steady: neither has it doubled nor
halved; too_little: that cannot be told; unknown: no hit in either window; left_out: it was changed
on purpose, or had not begun or had ended."""
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a window, and what is in it."""

    name: str
    first: str
    last: str
    days: int
    creatives: int | None
    """That were judged; None: hit logs do not tell."""
    hits: int
    """Creatives, once for each material that hit them."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A new version of a package, or another ruleset: a likely cause."""

    on: str
    package: str | None
    """None: the ruleset, and nobody knows what of it."""
    value: str


@dataclass(frozen=True, slots=True)
class DriftCell:
    """One material, package or market: how often it hits now against before."""

    level: Level
    subject: str
    """A material or a package; `*` for all."""
    market: str
    """`*` for all: each creative once."""
    before: int
    """Creatives hit."""
    after: int
    expected: float | None
    """Creatives that would have been hit in the second window at the rate of the first."""
    ratio: float | None
    """Of the rates; None: nothing was hit before."""
    low: float | None
    high: float | None
    """None: without bound."""
    p: float | None
    """None: it was not tested."""
    adjusted: float | None
    """The least rate of false discoveries at which it would be told."""
    verdict: Verdict
    needed_days: int | None
    """So many days in each window would show whether it has halved."""
    reason: str | None
    """Why it was left out."""
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """Two windows against each other."""

    before: Span
    after: Span
    exposure: bool
    """Rates are of the creatives judged; else of days."""
    false_discoveries: float
    """The share of what is told as noisy or dead that may be chance (Benjamini-Hochberg)."""
    confidence: float
    """Of the intervals, each for itself."""
    least: float
    """A change by less is not told, however sure it is."""
    tested: int
    dispersion: dict[Level, float | None]
    """The variance of a day's count is `mean + dispersion * mean**2`; None: it was assumed."""
    memory: dict[Level, float]
    """How many times more the sums over weeks vary than days apart from each other would."""
    changes: tuple[Changed, ...]
    cells: tuple[DriftCell, ...]
    schema: int = SCHEMA

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (the published schema `drift`)."""
        return {"schema": SCHEMA, **asdict(self)}


@dataclass(frozen=True, slots=True)
class DriftAlarm:
    """Something changed while it was watched."""

    level: Level
    subject: str
    market: str
    verdict: Verdict
    since: str
    """The day from which on it seems to be so."""
    known_on: str
    """The day on which the days since then were enough to tell."""
    hits: int
    """From the one to the other."""
    expected: float
    ratio: float | None
    low: float | None
    high: float | None
    changes: tuple[Changed, ...]
    """From a week before `since` on."""


@dataclass(frozen=True, slots=True)
class NotTold:
    """Something that was watched for too few days, or hits too seldom."""

    level: Level
    subject: str
    market: str
    watched_days: int
    slow_days: int | None
    """Days without a hit after which it would be told as dead; None: nobody knows yet."""
    reason: str | None
    """Why it was left out."""


@dataclass(frozen=True, slots=True)
class DriftWatch:
    """A stored series, day after day."""

    window: Span
    exposure: bool
    per_year: float
    """False alarms of each row in a year of its being watched, at most."""
    learning_days: int
    rows: int
    watched_days: int
    """Of all rows together."""
    by_chance: float
    """So many of the alarms may be false."""
    changes: tuple[Changed, ...]
    alarms: tuple[DriftAlarm, ...]
    too_little: tuple[NotTold, ...]
    schema: int = SCHEMA

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (the published schema `drift_watch`)."""
        return {"schema": SCHEMA, **asdict(self)}
