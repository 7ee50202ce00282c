"""Why a material, rule or allow did not count: the nearest cause first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from automod.model.decision import Decision, Hit
from automod.model.ramp import is_in
from automod.model.ruleset import EVERYWHERE, Allow, Condition, Material, Package, Rule, Ruleset
from automod.policy.markets import Markets

from .cause import Cause
from .compile import compile
from .engine import Engine
from .intake import Intake
from .near_miss import near_miss
from .nearest import Nearest
from .standing import Subject, Subjects, in_field, in_market, stand
from .trial import Trial


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What was asked about, whether it hit, and every cause found, the nearest first."""

    id: str
    kind: str
    value: str | Condition
    """What a material matches, whom an allow names, when a rule holds."""
    hit: bool
    causes: tuple[Cause, ...]
    nearest: Nearest | None = None


def why_not(engine: Engine, intake: Intake, creative: Any, decision: Decision, name: str) -> WhyNot:
    """Why something of the ruleset did not count in a decision.

    Args:
        engine: the engine that decided.
        intake: the creative, taken in.
        creative: the creative.
        decision: what was decided.
        name: `package/id` of a material, rule or allow.

    Raises:
        KeyError: the ruleset has nothing of that id.
    """
    subjects = Subjects(engine.ruleset, None)
    on = date.fromisoformat(decision.on)
    ask = _Ask(engine, subjects, intake, creative, decision, on)
    for package in engine.ruleset.packages:
        for rule in package.rules:
            if rule.id == name:
                return ask.rule(package, rule)
        for allow in package.allows:
            if allow.id == name and allow.material is None:
                return ask.advertisers(package, allow)
    number = subjects.number(name)
    if number is None:
        raise KeyError(name)
    return ask.material(subjects[number])


@dataclass(frozen=True, slots=True)
class _Ask:
    """A question about one decision."""

    engine: Engine
    subjects: Subjects
    intake: Intake
    creative: Any
    decision: Decision
    on: date

    def material(self, subject: Subject) -> WhyNot:
        material = subject.material
        if material is None:
            raise KeyError(subject.id)
        hits = [hit for hit in self.decision.hits if hit.material == subject.id]
        matched = hits or self._alone(material)
        causes = list(self._standing(subject, matched)) if matched else []
        causes = list(self._counting(subject, hits)) + causes
        near = None
        if not matched:
            texts = dict(zip(self.intake.fields, self.intake.texts, strict=True))
            causes, near = near_miss(material, texts, self._alone)
            causes += self._standing(subject, ())
        elif not causes and subject.allow is not None:
            causes = [self._protected(subject.id)]
        # What stands in the way of a material and of its rule is told once.
        told = [cause for place, cause in enumerate(causes) if cause not in causes[:place]]
        return WhyNot(subject.id, subject.kind, material.value, bool(hits), tuple(told), near)

    def _protected(self, allow: str) -> Cause:
        """What an allow that matches protects."""
        named = [hit.material for hit in self.decision.hits if hit.allowed_by == allow]
        if not named:
            return Cause("protects_nothing")
        return Cause("protects", {"hits": list(dict.fromkeys(named))})

    def _counting(self, subject: Subject, hits: Sequence[Hit]) -> Iterator[Cause]:
        """Why hits that are there count for nothing; or that they count."""
        because = {n for verdict in self.decision.verdicts for n in verdict.because}
        if any(hit.n in because for hit in hits):
            markets = [v.market for v in self.decision.verdicts if self._rests(v.because, hits)]
            yield Cause("counts", {"markets": list(dict.fromkeys(markets))})
            return
        for allow in dict.fromkeys(hit.allowed_by for hit in hits if hit.allowed_by):
            yield Cause("allowed", {"allow": allow})
        if hits and subject.allow is None and not subject.weight:
            yield from self._needed(subject)
        if hits and subject.allow is None and not subject.policies:
            yield Cause("no_policy", {"package": subject.package.name})

    def _rests(self, because: Sequence[int], hits: Sequence[Hit]) -> bool:
        return any(hit.n in because for hit in hits)

    def _standing(self, subject: Subject, hits: Sequence[Hit]) -> Iterator[Cause]:
        """What in scope, dates, status and overrides keeps a match from counting."""
        fields = list(dict.fromkeys(hit.field for hit in hits if hit.field is not None))
        if fields and not any(in_field(subject, name) for name in fields):
            scoped = sorted({name for scope in subject.scopes for name in scope.fields})
            yield Cause("field", {"fields": scoped, "found": fields})
        for scope in subject.scopes:
            if scope.from_ is not None and self.on < scope.from_:
                yield Cause("not_yet", {"from": scope.from_.isoformat(), "on": self.decision.on})
            if scope.until is not None and self.on > scope.until:
                yield Cause("over", {"until": scope.until.isoformat(), "on": self.decision.on})
        if subject.status == "shadow":
            yield Cause("shadow")
        elif subject.status != "live":
            yield Cause("status", {"status": subject.status})
        for on, share in subject.ramps:
            if not is_in(on, share, self.intake.id):
                yield Cause("ramp", {"on": on, "share": f"{100 * share:.10g}%"})
        yield from self._in_markets(subject)

    def _in_markets(self, subject: Subject) -> Iterator[Cause]:
        lineage = Markets(self.engine.ruleset.policies).lineage
        lineages = {market: lineage(market) for market in self.intake.facts.markets}
        outside = [market for market, one in lineages.items() if not in_market(subject, one)]
        if outside:
            scoped = sorted({name for scope in subject.scopes for name in scope.markets})
            yield Cause("market", {"markets": scoped, "outside": outside})
        for override in subject.overrides:
            where = [
                market
                for market, one in lineages.items()
                if stand(subject, one, self.on, self.intake.id).override == override.id
            ]
            if where:
                yield Cause("override", {"override": override.id, "markets": where})

    def _alone(self, material: Material) -> tuple[Hit, ...]:
        """Where a material matches, whatever its scope, status and allows say."""
        free = replace(
            material,
            id="asked/asked",
            scope=EVERYWHERE,
            status="live",
            policies=(),
            tags=(),
            group=None,
        )
        package = Package("asked", "1", "", materials=(free,))
        alone = Ruleset((package,), self.engine.ruleset.policies)
        return compile(alone, self.engine.backend).scan(self.creative)

    def rule(self, package: Package, rule: Rule) -> WhyNot:
        """Which parts of a rule hold and which do not."""
        subject = self.subjects.rule(package, rule)
        hits = [hit for hit in self.decision.hits if hit.material == rule.id]
        causes = self._of_rule(subject, rule, hits)
        return WhyNot(rule.id, "rule", rule.condition, bool(hits), tuple(causes))

    def _of_rule(self, subject: Subject, rule: Rule, hits: Sequence[Hit]) -> Iterator[Cause]:
        standing = list(self._standing(subject, ()))
        if hits:
            yield from self._counting(subject, hits)
            yield from standing
            return
        tried = Trial(self.engine.ruleset, self.intake, self.decision, subject, rule).nearest()
        if tried.apart:
            yield Cause("rule_apart", {"how": _together(rule)})
        elif tried.fires:
            yield from standing
            standing = []
        for part in tried.parts:
            values = {"part": part.condition, "holds": part.holds, "wanted": part.wanted}
            yield Cause("rule_part", values)
        yield from standing

    def _needed(self, subject: Subject) -> Iterator[Cause]:
        """Why the rule that `needs` and `unless` stand for does not hold, or that it does."""
        name = f"{subject.id}+needs"
        rule = next((one for one in subject.package.rules if one.id == name), None)
        if rule is None:
            yield Cause("signal")
            return
        hits = [hit for hit in self.decision.hits if hit.material == name]
        if not hits:
            yield Cause("needs", {"rule": name, "when": rule.condition})
        yield from self._of_rule(self.subjects.rule(subject.package, rule), rule, hits)

    def advertisers(self, package: Package, allow: Allow) -> WhyNot:
        """An allow for advertisers: whether this creative's is among them, and whether it acts."""
        used = any(hit.allowed_by == allow.id for hit in self.decision.hits)
        values = {"advertiser": self.intake.facts.advertiser, "listed": list(allow.advertisers)}
        standing = list(self._standing(self.subjects.advertisers(package, allow), ()))
        causes = [] if used else standing or [Cause("protects_nothing")]
        if self.intake.facts.advertiser not in allow.advertisers:
            causes = [Cause("advertiser", values), *standing]
        return WhyNot(allow.id, "allow", ", ".join(allow.advertisers), used, tuple(causes))


def _together(rule: Rule) -> str:
    """How near to each other the parts of a rule must be."""
    if rule.within is not None:
        return f"within: {rule.within}"
    return "same_field" if rule.same_field else "fields, markets"
