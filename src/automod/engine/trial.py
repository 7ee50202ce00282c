"""A rule that did not hit, tried part by part on what a creative has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from automod.model.columns import picked
from automod.model.decision import Decision, Hit
from automod.model.facts import Facts
from automod.model.ruleset import Condition, Rule, Ruleset
from automod.policy.markets import Markets

from .firing import FOUND, Scene
from .intake import Intake
from .rules import HitLike, Judge
from .standing import Subject, Subjects, in_market, stand


@dataclass(frozen=True, slots=True)
class Part:
    """A part that stands at the top of a rule: whether it holds anywhere, and whether it should."""

    condition: Condition
    holds: bool
    wanted: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule in one market."""

    parts: tuple[Part, ...]
    fires: bool
    """It holds: what keeps it from hitting is no part of it."""
    apart: bool
    """All that it wants is there, but not together."""

    @property
    def amiss(self) -> int:
        """How many parts are not as the rule wants them."""
        return sum(part.holds != part.wanted for part in self.parts)


class Trial:
    """A rule and a decision in which it did not hit; judged by what the engine judges with."""

    def __init__(
        self, ruleset: Ruleset, intake: Intake, decision: Decision, subject: Subject, rule: Rule
    ) -> None:
        self._ruleset = ruleset
        self._subject = subject
        self._rule = rule
        self._facts = intake.facts
        self._on = date.fromisoformat(decision.on)
        self._lineage = Markets(ruleset.policies).lineage
        self._scene = Scene(intake, ())
        self._seen: list[HitLike] = [hit for hit in decision.hits if self._sees(hit)]
        self._tags = _tags(ruleset, {hit.material for hit in decision.hits})

    def nearest(self) -> Tried:
        """The rule in the market in which least stands in its way, of those in its scope."""
        markets = self._facts.markets or ("",)
        mine = [one for one in markets if in_market(self._subject, self._lineage(one))]
        tried = [self._try(market) for market in mine or markets]
        return min(tried, key=lambda one: (not one.fires, one.amiss))

    def _sees(self, hit: Hit) -> bool:
        """Whether rules see a hit: under no allow; in shadow, only those that are so themselves."""
        in_shadow = self._subject.base_for(self._facts.id).status == "shadow"
        statuses = ("live", "shadow") if in_shadow else ("live",)
        return hit.status in statuses and hit.allowed_by is None and hit.kind != "found"

    def _try(self, market: str) -> Tried:
        self._scene.market = market
        seen = [*self._seen, *self._scene.things(FOUND)]
        facts = replace(self._facts, lapsed=self._lapsed(market))
        anywhere = replace(self._rule, within=None, same_field=False)
        parts = tuple(
            Part(one, self._fires(replace(anywhere, condition=one), seen, facts), wanted)
            for one, wanted in _parts(self._rule.condition)
        )
        asked = tuple(part.condition for part in parts if part.wanted)
        bare = replace(self._rule, condition=Condition("all", parts=asked))
        there = all(part.holds for part in parts if part.wanted)
        apart = there and not self._fires(bare, seen, facts)
        return Tried(parts, self._fires(self._rule, seen, facts), apart)

    def _fires(self, rule: Rule, seen: list[HitLike], facts: Facts) -> bool:
        return Judge(rule).fire(seen, facts, self._tags, self._scene.word_at) is not None

    def _lapsed(self, market: str) -> frozenset[str]:
        """The allows for the creative's advertiser that do not act in a market."""
        subjects = Subjects(self._ruleset, frozenset())
        lineage = self._lineage(market)
        named = [
            subjects.advertisers(package, allow)
            for package in self._ruleset.packages
            for allow in package.allows
            if self._facts.advertiser in allow.advertisers
        ]
        return frozenset(
            one.id
            for one in named
            if not in_market(one, lineage)
            or stand(one, lineage, self._on, self._facts.id).status != "live"
        )


def _parts(condition: Condition) -> Iterator[tuple[Condition, bool]]:
    """The parts at the top of a condition, and whether each should hold."""
    if condition.op == "all":
        for part in condition.parts:
            yield from _parts(part)
    elif condition.op == "none":
        yield from ((part, False) for part in condition.parts)
    else:
        yield condition, True


def _tags(ruleset: Ruleset, names: set[str]) -> dict[str, frozenset[str]]:
    """The tags of materials and rules."""
    tags: dict[str, frozenset[str]] = {}
    for package in ruleset.packages:
        tags |= {one.id: frozenset(one.tags) for one in picked(package.materials, "id", names)}
        tags |= {one.id: frozenset(one.tags) for one in package.rules if one.id in names}
    return tags
