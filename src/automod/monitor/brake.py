"""Which live material hits far more than expected, so that it is to be switched to shadow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log
from typing import Any, Final, Literal

from automod.engine.standing import Subjects
from automod.model.ruleset import Override, Ruleset
from automod.model.vocabulary import STATUS_RANK
from automod.policy.markets import Markets

from .expected import Expectation, Why
from .judged import WINDOW, Judged, Where
from .sequential import log_e, log_threshold

ALPHA: Final = 0.05
"""The chance that any honest material of those that are watched is ever switched off."""
MOST: Final = 3
"""Materials that one run switches off: a broken window must not switch off everything."""

Left = Literal["off", "critical", "too_many"]
"""Why it is not switched off: it is already; its code is critical; there were enough of them."""


@dataclass(frozen=True, slots=True)
class Over:
    """A material that hits more than expected, as it was at the first window that told."""

    target: str
    ids: tuple[str, ...]
    """What hit logs call it."""
    expected: float
    why: Why
    window: int
    """The number of the window, from 1."""
    creatives: int
    """In its scope, up to the end of that window."""
    hits: int
    log_e: float
    """Natural logarithm of the e-value there."""
    left: Left | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON and the audit have it; an e-value may be too large for a number of JSON."""
        return {
            "target": self.target, "expected": self.expected, "why": self.why,
            "window": self.window, "creatives": self.creatives, "hits": self.hits,
            "log10_e": round(self.log_e / log(10), 2), "left": self.left,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watched:
    """What came of looking at all material."""

    over: tuple[Over, ...]
    """The clearest first; those with `left` are not to be switched off."""
    materials: int
    """How many are held to something."""
    creatives: int
    windows: int
    window: int
    others: Mapping[str, int]
    """Creatives that were judged by other rulesets and do not count, by the digest."""
    alpha: float

    @property
    def log_threshold(self) -> float:
        """What the logarithm of an e-value had to reach."""
        return log_threshold(self.alpha, self.materials)

    @property
    def chosen(self) -> tuple[Over, ...]:
        """Those that are to be switched off."""
        return tuple(one for one in self.over if one.left is None)

    def note(self, one: Over) -> str:
        """Why an override was written, for who reads its file."""
        return (
            f"hit {one.hits} of {one.creatives} creatives; {100 * one.expected:.6g} % was the most "
            f"to expect ({'its expected_rate' if one.why == 'written' else 'it was young'})"
        )

    def evidence(self, one: Over) -> dict[str, Any]:
        """What the audit is told of one."""
        held = {"window_size": self.window, "alpha": self.alpha, "tests": self.materials}
        return one.to_dict() | held | {"log10_threshold": round(self.log_threshold / log(10), 2)}

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "creatives": self.creatives, "windows": self.windows, "window": self.window,
            "watched": self.materials, "alpha": self.alpha,
            "log10_threshold": round(self.log_threshold / log(10), 2),
            "left_out": dict(self.others), "over": [one.to_dict() for one in self.over],
        }  # fmt: skip


def watch(
    ruleset: Ruleset,
    held: Sequence[Expectation],
    seen: Judged,
    on: date,
    *,
    alpha: float = ALPHA,
    window: int = WINDOW,
    most: int = MOST,
    critical: bool = False,
) -> Watched:
    """Which materials hit more than they are expected to.

    Each is looked at after every window. While none hits with a larger chance than expected, given
    all that came before, the chance that any of them is ever told here is at most `alpha`: of one
    set of materials, and of logs that only grow. Logs of other creatives are a test of their own.

    Args:
        ruleset: the present one.
        held: what its materials are held to.
        seen: what was judged.
        on: today: what is in shadow by then is left as it is.
        alpha: above 0, below 1.
        window: creatives of a window, as told.
        most: how many may be switched off.
        critical: whether those of critical codes may be.
    """
    markets, needed = Markets(ruleset.policies), log_threshold(alpha, len(held))
    totals: dict[tuple[Any, ...], Any] = {}
    over: dict[str, Over] = {}
    hit = seen.hit()
    for one in held:
        if one.id not in hit:
            continue
        where = Where(one.scopes, markets)
        if where.key not in totals:
            totals[where.key] = seen.so_far(where)
        found = _over(one, totals[where.key], seen.hits_so_far(one.id, where), needed)
        if found is not None:
            over[one.target] = _clearer(over.get(one.target), found)
    told = sorted(over.values(), key=lambda one: (-one.log_e, one.target))
    policies = {one.target: one.policies for one in held if one.target in over}
    return Watched(
        tuple(_left(told, policies, ruleset, on, most, critical=critical)), len(held),
        seen.creatives, seen.windows, window, seen.others, alpha,
    )  # fmt: skip


def _over(one: Expectation, creatives: Any, hits: Any, needed: float) -> Over | None:
    """It, at the first window in which that is clear."""
    told = log_e(hits, creatives, one.rate)
    clear = ((told >= needed) & (creatives >= one.least)).nonzero()[0]
    if not len(clear):
        return None
    at = int(clear[0])
    return Over(
        one.target, (one.id,), one.rate, one.why, at + 1, int(creatives[at]), int(hits[at]),
        float(told[at]), None,
    )  # fmt: skip


def _clearer(one: Over | None, other: Over) -> Over:
    """Of what hit logs know by two ids, the clearer evidence."""
    return other if one is None or other.log_e > one.log_e else one


def _left(
    over: Iterable[Over],
    policies: Mapping[str, Sequence[str]],
    ruleset: Ruleset,
    on: date,
    most: int,
    *,
    critical: bool,
) -> Iterable[Over]:
    """The same, with why some of them are left as they are."""
    codes = {name for name, one in ruleset.policies.codes.items() if one.severity == "critical"}
    subjects = Subjects(ruleset, None)
    chosen = 0
    for one in over:
        left: Left | None = None
        if _is_off(subjects, one.target, ruleset, on):
            left = "off"
        elif not critical and not codes.isdisjoint(policies[one.target]):
            left = "critical"
        elif chosen == most:
            left = "too_many"
        chosen += left is None
        yield replace(one, left=left)


def _is_off(subjects: Subjects, target: str, ruleset: Ruleset, on: date) -> bool:
    """Whether an override makes it shadow, or less, in all markets on a day."""
    return any(_switches_off(one, on) for one in _overrides(subjects, target, ruleset))


def _overrides(subjects: Subjects, target: str, ruleset: Ruleset) -> Sequence[Override]:
    number = subjects.number(target)
    if number is not None:
        return subjects[number].overrides
    for package in ruleset.packages:
        for rule in package.rules:
            if rule.id == target:
                return subjects.rule(package, rule).overrides
    return ()


def _switches_off(one: Override, on: date) -> bool:
    less = one.status is not None and STATUS_RANK[one.status] <= STATUS_RANK["shadow"]
    return less and not one.markets and (one.from_ or on) <= on <= (one.until or on)
