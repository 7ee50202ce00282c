"""Raw matches of one creative to its decision: standing, allows, rules, verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Final

from automod.model.decision import Decision, Hit, MarketOutcome, NotEvaluated, Verdict
from automod.model.facts import Facts
from automod.model.markets import ISO_3166
from automod.model.quick import maker
from automod.model.ruleset import Ruleset
from automod.model.vocabulary import (
    ACTION_RANK,
    MEDIA,
    NOT_EVALUATED,
    OF_MEDIA,
    STATUS_RANK,
    VIEW_RANK,
    Action,
    Status,
)
from automod.policy.score import Evidence
from automod.policy.verdict import Policy

from .evidence import Likeness, Raw, Sighting, hit_of, is_held_by, plain_hits, sightings
from .firing import AsksOfClean, FiredRule, Firing, Key, Scene, publish
from .intake import OF_CODE, READ_OFF_CODES, Intake
from .protection import Protection, advertiser_allows, both, protection_of
from .standing import (
    Standing,
    Subject,
    Subjects,
    in_market,
    is_ramped,
    reads_codes,
    stand,
    touches,
)

make_decision = maker(Decision)

_text_of: Final = lru_cache(maxsize=64)(date.isoformat)
"""A day as decisions write it: a batch has few."""

MOST_REMEMBERED: Final = 10_000
"""Entries of a cache; it begins anew when it is full."""

Judged = tuple[Action, dict[str, MarketOutcome], tuple[Verdict, ...]]
"""The strictest action, what markets do, and why."""

UNKNOWN_MARKET: Final = "creative.unknown_market"


@dataclass(slots=True)
class Sight:
    """How the hits of a creative stand in one market."""

    standings: list[Standing]
    protections: dict[int, Protection]
    advertised: list[Subject]
    """Allows for the creative's advertiser."""
    fired: list[FiredRule] = field(default_factory=list)


class Decider:
    """Everything between raw matches and a decision. Immutable but for its caches."""

    def __init__(self, ruleset: Ruleset, digest: str, subjects: Subjects, policy: Policy) -> None:
        self._digest = digest
        self._subjects = subjects
        self._policy = policy
        self.lineage = policy.markets.lineage
        self._rules = Firing(ruleset, subjects)
        caps = [package.caps for package in ruleset.packages]
        self._caps = {group: cap for some in caps for group, cap in some.items()}
        self._advertisers = advertiser_allows(ruleset, subjects)
        self._critical = {
            code for code, entry in ruleset.policies.codes.items() if entry.severity == "critical"
        }
        self._clean: dict[tuple[str, ...], dict[str, MarketOutcome]] = {}
        self._judged: dict[tuple[object, ...], Judged] = {}
        self._matters: dict[tuple[str, str, date], bool | tuple[Subject, ...]] = {}

    @property
    def finds_things(self) -> bool:
        """Whether some rule asks for what a code in a picture may hold, or for codes."""
        return not self._rules.finds.isdisjoint(("code", "phone", "url", "handle"))

    @property
    def asks_of_clean(self) -> AsksOfClean:
        """Of which creatives some rule may hold although no material hit."""
        return self._rules.asks_of_clean

    def regions(self, subject: Subject) -> tuple[str, ...]:
        """The countries that a subject's scopes name, groups and sub-markets resolved."""
        names = {market for scope in subject.scopes for market in scope.markets}
        lineage = self.lineage
        return tuple(sorted(one for one in ISO_3166 if not names.isdisjoint(lineage(one))))

    def invalid(self, index: int, on: date) -> Decision:
        """The decision on what is no creative."""
        return self._nowhere(None, index, on, [("*", "creative.invalid")])

    def decide(
        self,
        intake: Intake,
        raws: Sequence[Raw],
        faults: Sequence[tuple[str, str]],
        on: date,
        likenesses: Sequence[Likeness] = (),
    ) -> Decision:
        """The decision on one creative from its raw matches, in texts and of pictures."""
        clean = None
        plain = not (faults or intake.faults or likenesses)
        if plain and not self._rules.unprompted(intake.texts):
            clean = self.clean_outcome(intake.markets)
        if clean is not None and not raws:
            return make_decision(
                intake.id, intake.index, _text_of(on), self._digest, "approve", clean.copy()
            )
        known = intake.known
        if clean is not None and (known is None or known.advertiser not in self._advertisers):
            rules = self._rules
            hits = plain_hits(raws, intake, self._subjects, rules.prompts, rules.signs)
            if hits:
                # The same answer as the long way round, where there is nothing on the way.
                action, outcomes, verdicts = self._judge_plain(intake, hits, on)
                return make_decision(
                    intake.id, intake.index, _text_of(on), self._digest, action,
                    outcomes.copy(), verdicts, tuple(hits),
                )  # fmt: skip
        if not intake.markets:
            faults = [("*", "creative.no_markets"), *intake.faults, *faults]
            return self._nowhere(intake.id, intake.index, on, faults)
        return self._decide(intake, raws, likenesses, [*intake.faults, *faults], on)

    def _nowhere(
        self, creative: str | None, index: int, on: date, faults: Sequence[tuple[str, str]]
    ) -> Decision:
        """A decision without markets: nothing was looked at for anyone."""
        missing = _not_evaluated(faults)
        action = self._policy.outcome((), missing).action
        return Decision(
            creative, index, _text_of(on), self._digest, action, {}, not_evaluated=missing
        )

    def clean_outcome(self, markets: tuple[str, ...]) -> dict[str, MarketOutcome] | None:
        """The outcome where nothing hit and nothing was missed; None where that cannot be."""
        held = self._clean.get(markets)
        if held is not None:
            return held
        known = bool(markets) and all(map(self._policy.markets.known, markets))
        if not known:
            return None
        clean = {market: self._policy.outcome((), ()) for market in markets}
        if len(self._clean) >= MOST_REMEMBERED:
            self._clean.clear()
        self._clean[markets] = clean
        return clean

    def _decide(
        self,
        intake: Intake,
        raws: Iterable[Raw],
        likenesses: Iterable[Likeness],
        faults: list[tuple[str, str]],
        on: date,
    ) -> Decision:
        facts = intake.facts
        found = sightings(raws, likenesses, intake, self._subjects, self.lineage)
        lineages = {market: self.lineage(market) for market in facts.markets}
        sights = self._sights(found, intake, lineages, on)
        hits, numbers = self._hits(found, sights)
        verdicts: list[Verdict] = []
        outcomes: dict[str, MarketOutcome] = {}
        missing: dict[tuple[str, str], None] = {}
        for market, sight in sights.items():
            mine = self._verdicts(market, sight, found, numbers, facts, on)
            codes = self._missing_in(market, lineages[market], faults, facts.id, on)
            outcomes[market] = self._policy.outcome(mine, _not_evaluated(codes))
            verdicts += mine
            missing |= dict.fromkeys(codes)
        return Decision(
            facts.id,
            intake.index,
            _text_of(on),
            self._digest,
            _strictest(outcomes),
            outcomes,
            tuple(verdicts),
            tuple(hits),
            _not_evaluated(missing),
        )

    def _judge_plain(self, intake: Intake, hits: list[Hit], on: date) -> Judged:
        """What hits make of a creative; remembered where codes, weights and fields say it all.

        Those in shadow are left out.
        """
        hits = [hit for hit in hits if hit.status == "live"]
        if not hits and (clean := self.clean_outcome(intake.markets)):
            return "approve", clean, ()
        if intake.known is not None or (len(hits) > 1 and _entangled(hits)):
            return self._judge(intake.facts, hits, on)
        whole: list[object] = [intake.markets, on]
        for hit in hits:
            whole += hit.n, hit.policies, hit.weight, hit.confidence, hit.field
        key = tuple(whole)
        judged = self._judged.get(key)
        if judged is None:
            if len(self._judged) >= MOST_REMEMBERED:
                self._judged.clear()
            judged = self._judge(intake.facts, hits, on)
            if not any(outcome.restrictions for outcome in judged[1].values()):
                self._judged[key] = judged  # nothing in it that a caller could change
        return judged

    def _judge(self, facts: Facts, hits: list[Hit], on: date) -> Judged:
        by_code: dict[str, list[Evidence]] = {}
        for hit in hits:
            if hit.weight > 0:
                value = hit.weight * hit.confidence
                evidence = Evidence(hit.n, hit.material, value, hit.field, hit.start, hit.end)
                for code in hit.policies:
                    by_code.setdefault(code, []).append(evidence)
        policy = self._policy
        verdicts: list[Verdict] = []
        outcomes = {}
        for market in facts.markets:
            mine = policy.verdicts(market, on, by_code, facts, self._caps)
            outcomes[market] = policy.outcome(mine)
            verdicts += mine
        return _strictest(outcomes), outcomes, tuple(verdicts)

    def _sights(
        self,
        found: list[Sighting],
        intake: Intake,
        lineages: Mapping[str, frozenset[str]],
        on: date,
    ) -> dict[str, Sight]:
        """How the hits stand in each market; worked out once where markets cannot differ."""
        alike = all(one.subject.everywhere and one.subject.allow is None for one in found)
        alike = alike and self._rules.everywhere and not self._allows_of(intake.facts)
        # A national number is one in one market and none in the next.
        alike = alike and "phone" not in self._rules.finds
        scene = Scene(intake, found) if self._rules.any else None
        sights: dict[str, Sight] = {}
        for market, lineage in lineages.items():
            if alike and sights:
                sights[market] = next(iter(sights.values()))
                continue
            if scene is not None:
                scene.market = market
            sights[market] = self._sight(found, scene, intake.facts, lineage, on)
        return sights

    def _sight(
        self,
        found: list[Sighting],
        scene: Scene | None,
        facts: Facts,
        lineage: frozenset[str],
        on: date,
    ) -> Sight:
        standings = [_standing(one, lineage, on, facts.id) for one in found]
        advertised = [
            allow
            for allow in self._allows_of(facts)
            if in_market(allow, lineage) and stand(allow, lineage, on, facts.id).status == "live"
        ]
        protections = self._protections(found, standings, advertised)
        sight = Sight(standings, protections, advertised)
        if scene is not None:
            scene.statuses = [standing.status for standing in standings]
            by_status: dict[Status, list[int]] = {"live": [], "shadow": []}
            for n, one in enumerate(found):
                whole = n in protections and protections[n].whole(one.subject.policies)
                if one.subject.allow is None and not whole:
                    by_status.setdefault(standings[n].status, []).append(n)
            live, shadow = by_status["live"], by_status["shadow"]
            lapsed = frozenset(allow.id for allow in self._allows_of(facts)) - {
                allow.id for allow in advertised
            }
            here = replace(facts, lapsed=lapsed) if lapsed else facts
            sight.fired = self._rules.fire(scene, here, live, shadow, lineage, on, protections)
        return sight

    def _allows_of(self, facts: Facts) -> Sequence[Subject]:
        return self._advertisers.get(facts.advertiser or "", ())

    def _protections(
        self,
        found: list[Sighting],
        standings: list[Standing],
        advertised: list[Subject],
    ) -> dict[int, Protection]:
        allows = [
            one
            for one, standing in zip(found, standings, strict=True)
            if one.subject.allow is not None and standing.status == "live"
        ]
        if not advertised and not allows:
            return {}
        protections: dict[int, Protection] = {}
        for n, one in enumerate(found):
            if one.subject.allow is not None:
                continue
            near = [allow.subject for allow in allows if is_held_by(one, allow)]
            protection = both(
                protection_of(one.subject, near, frozenset()),
                protection_of(one.subject, advertised, self._critical),
            )
            if protection is not None:
                protections[n] = protection
        return protections

    def _hits(
        self, found: list[Sighting], sights: Mapping[str, Sight]
    ) -> tuple[list[Hit], dict[Key, int]]:
        """The published hits: sightings, things found that rules rest on, fired rules."""
        distinct = list({id(sight): sight for sight in sights.values()}.values())
        hits = [self._hit(n, one, distinct) for n, one in enumerate(found)]
        numbers: dict[Key, int] = {}
        if any(sight.fired for sight in distinct):
            numbers = {(hit.material, hit.field, hit.start, hit.end): hit.n for hit in hits}
            for rule in (rule for sight in distinct for rule in sight.fired):
                publish(rule, hits, numbers)
        return hits, numbers

    def _hit(self, n: int, one: Sighting, sights: list[Sight]) -> Hit:
        standings = [sight.standings[n] for sight in sights]
        status: Status = max((s.status for s in standings), key=STATUS_RANK.__getitem__)
        weight = max(s.weight for s in standings)
        allowed = next((s.protections[n].allow for s in sights if n in s.protections), None)
        override = next((s.override for s in standings if s.override), None)
        return hit_of(n, one, Standing(status, weight, one.view, None), allowed, override)

    def _verdicts(
        self,
        market: str,
        sight: Sight,
        found: list[Sighting],
        numbers: Mapping[Key, int],
        facts: Facts,
        on: date,
    ) -> tuple[Verdict, ...]:
        by_code: dict[str, list[Evidence]] = {}
        for n, one in enumerate(found):
            standing = sight.standings[n]
            if standing.status != "live" or standing.weight <= 0:
                continue
            subject = one.subject
            protection = sight.protections.get(n)
            value = standing.weight * one.confidence
            evidence = Evidence(
                n, subject.id, value, one.field, one.start, one.end, (), subject.group
            )
            for code in subject.policies:
                if protection is None or not protection.covers(code):
                    by_code.setdefault(code, []).append(evidence)
        for rule in sight.fired:
            self._count_rule(rule, numbers, sight.advertised, by_code)
        if not by_code:
            return ()
        return self._policy.verdicts(market, on, by_code, facts, self._caps)

    def _count_rule(
        self,
        rule: FiredRule,
        numbers: Mapping[Key, int],
        advertised: list[Subject],
        by_code: dict[str, list[Evidence]],
    ) -> None:
        if rule.standing.status != "live" or rule.standing.weight <= 0:
            return
        subject = rule.subject
        protection = protection_of(subject, advertised, self._critical)
        shares = tuple(sorted(numbers[key] for key in rule.shares if key in numbers))
        n, weight = numbers[rule.key], rule.standing.weight
        field_ = next((part.field for part in rule.parts if part.field), None)
        evidence = Evidence(n, subject.id, weight, field_, None, None, shares, subject.group)
        for code in subject.policies:
            if protection is None or not protection.covers(code):
                by_code.setdefault(code, []).append(evidence)

    def _missing_in(
        self,
        market: str,
        lineage: frozenset[str],
        faults: list[tuple[str, str]],
        creative: str | None,
        on: date,
    ) -> list[tuple[str, str]]:
        """What was not evaluated and might have hit in this market."""
        missing = [
            fault for fault in faults if self.might_hit(fault[0], market, lineage, on, creative)
        ]
        if not self._policy.markets.known(market):
            missing.insert(0, ("markets", UNKNOWN_MARKET))
        return missing

    def might_hit(
        self,
        name: str,
        market: str,
        lineage: frozenset[str],
        on: date,
        creative: str | None = None,
    ) -> bool:
        """Whether a hit in a field could count in a market on a day: in a creative, or in any."""
        matters = self.matters(name, market, lineage, on)
        if creative is None or isinstance(matters, bool):
            return bool(matters)
        return any(stand(one, lineage, on, creative).status == "live" for one in matters)

    def matters(
        self, name: str, market: str, lineage: frozenset[str], on: date
    ) -> bool | tuple[Subject, ...]:
        """Whether a hit in a field could count; where only some creatives' could, those of what."""
        key = (name, market, on)
        found = self._matters.get(key)
        if found is None:
            if len(self._matters) >= MOST_REMEMBERED:
                self._matters.clear()
            found = self._matters[key] = self._counting(name, lineage, on)
        return found

    def _counting(self, name: str, lineage: frozenset[str], on: date) -> bool | tuple[Subject, ...]:
        subjects = chain(
            map(self._subjects.__getitem__, range(len(self._subjects.materials))),
            self._rules.subjects,
        )
        ramped: list[Subject] = []
        for one in subjects:
            if self._might_count(one, name, lineage, on):
                if not is_ramped(one):
                    return True
                ramped.append(one)
        return tuple(ramped) or False

    def _might_count(self, subject: Subject, name: str, lineage: frozenset[str], on: date) -> bool:
        """Whether a hit in this field would add to a score in this market on this day."""
        if not subject.policies or subject.weight <= 0 or not _reads(subject, name):
            return False
        fields = [scope.fields for scope in subject.scopes if scope.fields]
        names = (name, f"{OF_CODE}{name}") if name.startswith(OF_MEDIA) else (name,)
        if not all(any(touches(one, own) for one in some for own in names) for some in fields):
            return False
        return in_market(subject, lineage) and stand(subject, lineage, on).status == "live"


def _reads(subject: Subject, name: str) -> bool:
    """Whether a subject is of the sort that looks at a field; a rule may rest on any."""
    if name == "*" or subject.kind == "rule":
        return True
    if not name.startswith(OF_MEDIA):
        return subject.kind not in MEDIA
    if subject.kind in MEDIA:
        return subject.kind == "image" or name.startswith("videos")
    return subject.kind in READ_OFF_CODES or reads_codes(subject.scopes)


def _standing(one: Sighting, lineage: frozenset[str], on: date, creative: str | None) -> Standing:
    subject = one.subject
    if subject.everywhere:
        return subject.base_for(creative)
    standing = stand(subject, lineage, on, creative)
    if not in_market(subject, lineage) or VIEW_RANK[one.view] > VIEW_RANK[standing.view]:
        return standing._replace(status="retired")
    return standing


def _not_evaluated(faults: Iterable[tuple[str, str]]) -> tuple[NotEvaluated, ...]:
    return tuple(
        NotEvaluated(name, code, NOT_EVALUATED[code]) for name, code in dict.fromkeys(faults)
    )


def _entangled(hits: Sequence[Hit]) -> bool:
    """Whether hits, in order of place, share letters or a material: not each counts by itself."""
    before = hits[0]
    materials = {before.material}
    for hit in hits[1:]:
        if hit.field == before.field and (hit.start or 0) < (before.end or 0):
            return True
        materials.add(hit.material)
        before = hit
    return len(materials) < len(hits)


def _strictest(outcomes: Mapping[str, MarketOutcome]) -> Action:
    if len(outcomes) == 1:
        return next(iter(outcomes.values())).action
    return max((one.action for one in outcomes.values()), key=ACTION_RANK.__getitem__)
