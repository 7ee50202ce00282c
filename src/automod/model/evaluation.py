"""What an evaluation answers: ratios with their counts and intervals, by slice and by material."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

Point = Literal["stopped", "flagged", "restricted", "hit"]
"""What is counted as caught: a reject; a review or a reject; a restriction; any counted hit.

The first three judge actions by what the market asks; `hit` judges material by the content."""

POINTS: Final[tuple[Point, ...]] = ("stopped", "flagged", "restricted")
Method = Literal["wilson", "clopper-pearson", "clustered", "bootstrap", "mover"]
"""How an interval was made; `clustered`: over groups of near-duplicates, or with weights."""

By = tuple[tuple[str, str], ...]
"""The axes of a slice and its value on each: `(("policy", "GMB.REAL"), ("market", "SA"))`."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """`count` of `of`; `value` and the interval are of what the counted cases stand for.

    Unknown (None) where there is nothing to divide by.
    """

    count: int
    of: int
    value: float | None
    low: float | None
    high: float | None
    method: Method | None
    enough: bool
    """Whether there are trials, or groups of near-duplicates, enough to promise the interval."""


NOTHING: Final = Ratio(0, 0, None, None, None, None, enough=False)


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts and ratios at one point of one slice, or of one part of the material."""

    tp: int
    """There, and caught."""
    fp: int
    """Not there, or not asked for, and caught all the same."""
    fn: int
    """There, and missed."""
    tn: int
    precision: Ratio
    recall: Ratio
    f1: Ratio
    false_alarm_rate: Ratio
    so: Ratio
    """Recall / (recall + false-alarm rate): 1 hits only what is there, 0.5 tells nothing."""
    rate: Ratio
    """Share of creatives (x codes) that are caught; times 1,000: hits per 1,000."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What the decisions of one slice are worth, at one point."""

    by: By
    point: Point
    measures: Measures
    incomplete: int
    """How many of the counted were not wholly evaluated: counted by their action, and here."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the material (a material, rule, package, field ...) is worth for a code."""

    by: By
    measures: Measures
    alone: int
    """Right hits that nothing else makes."""
    covered_by: str | None
    """Another part that hits everything that this one hits; None where there is none."""
    status: str
    """`live` or `shadow`; `-` where parts of both are in it."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two materials that hit the same creatives."""

    policy: str
    one: str
    other: str
    both: int
    either: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A threshold on the score, and what it would give."""

    threshold: float
    precision: Ratio
    recall: Ratio
    load: Ratio
    """Share of creatives (x codes) with such a score or more: what there is to review."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Thresholds, ascending, of one policy code or one stance."""

    by: By
    points: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two labellers agree in one market (`*`: in all)."""

    market: str
    one: str
    other: str
    items: int
    agreed: int
    kappa: float | None
    low: float | None
    high: float | None
    enough: bool


@dataclass(frozen=True, slots=True)
class Warned:
    """A thing that must be said with the figures: a code with its values."""

    code: str
    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One counted trial with its evidence: a right hit, a false alarm or a miss."""

    outcome: Literal["right", "false_alarm", "missed"]
    creative: str
    market: str
    policy: str
    action: str
    wanted: str
    score: float
    text: dict[str, str]
    images: tuple[str, ...]
    hits: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What became of every case and decision: what was counted, and what was not and why."""

    cases: int
    decisions: int
    undecided: int
    """Cases that no decision speaks of."""
    without_markets: int
    """Cases whose decision names no market: nothing can be asked of it."""
    unlabelled: int
    """Decisions that no case speaks of."""
    unknown: int
    """Trials whose content nobody is sure of."""
    disputed: int
    """Labels of one thing that come to as many yes as no."""
    trials: int
    """Creatives x markets x codes that are counted."""
    present: int
    incomplete: int
    stale: int
    """Trials whose label is older than the stance it is judged by."""
    groups: int
    """Groups of near-duplicates among the counted."""
    sampled: int
    """Cases with a probability."""
    found_by_hits: int
    """Cases that only a hit or an appeal brought before a labeller, and that no chance makes up
    for: without a probability, or where nothing was drawn at random from all there is."""
    without_codes: int = 0
    """Cases with neither a label nor a judged code: nothing is known of them."""
    unexplained: int = 0
    """Markets of decisions that did more than their verdicts ask, though nothing was left out."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What was counted, one row for each creative x market x code: for a paired comparison.

    `market`, `policy` and `language` are places in `markets`, `policies` and `languages` (-1: not
    said); actions are ranks. Empty where there were too many to keep.
    """

    creatives: tuple[str, ...]
    markets: tuple[str, ...]
    policies: tuple[str, ...]
    languages: tuple[str, ...]
    creative: tuple[int, ...]
    market: tuple[int, ...]
    policy: tuple[int, ...]
    language: tuple[int, ...]
    present: tuple[bool, ...]
    wanted: tuple[int, ...]
    action: tuple[int, ...]
    score: tuple[float, ...]
    weight: tuple[float, ...]
    group: tuple[int, ...]
    complete: tuple[bool, ...]
    stale: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """Where an evaluation comes from."""

    automod: str
    rulesets: tuple[str, ...]
    """Digests of the rulesets that decided."""
    policies: str | None
    """Digest of the policy table that says what is asked; None: all that is there is."""
    decided_from: str | None
    decided_until: str | None
    labelled_from: str | None
    labelled_until: str | None
    where: By
    confidence: float
    exact: bool
    support: int
    clusters: int
    weighted: bool
    """Whether cases stand for more than themselves."""
    grouped: bool
    """Whether near-duplicates are known."""
    materials: int | None = None
    """Materials and rules that decided; None: nobody said which there are, nor which are dead."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well the decisions, and each part of the material behind them, do on labelled cases."""

    schema: int
    about: About
    account: Account
    warnings: tuple[Warned, ...]
    """What must be said with the figures: no report is made without."""
    slices: tuple[Slice, ...]
    impressions: tuple[Slice, ...]
    """The same by volume, for the whole and for codes, where cases have one."""
    parts: tuple[Part, ...]
    overlaps: tuple[Overlap, ...]
    dead: tuple[str, ...]
    """Materials and rules without a single hit; empty where nobody said which there are."""
    curves: tuple[Curve, ...]
    """For each policy code, over every score."""
    thresholds: tuple[Curve, ...]
    """For each stance: what a threshold would catch and send to review."""
    agreement: tuple[Agreement, ...]
    examples: tuple[Example, ...]
    outcomes: Outcomes

    def to_dict(self) -> dict[str, Any]:
        """The evaluation as JSON has it."""
        return asdict(self)

    def at(self, point: Point, **by: str) -> Slice | None:
        """The slice with exactly these axes, at a point; None where there is none.

        Args:
            point: where the line is drawn.
            by: axis and value, as `market="SA"`; none at all: everything.
        """
        wanted = set(by.items())
        found = (one for one in self.slices if one.point == point and set(one.by) == wanted)
        return next(found, None)
