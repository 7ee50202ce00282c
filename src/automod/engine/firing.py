"""The rules of a ruleset over the hits of one creative, market by market."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, Protocol

from automod.match.things import LinkPart, find_things
from automod.model.decision import Hit
from automod.model.facts import Facts
from automod.model.ruleset import Condition, Package, Rule, Ruleset
from automod.model.vocabulary import Found, Status
from automod.text.alphabets import MIXED
from automod.text.evidence import DELIBERATE
from automod.text.fold import fold
from automod.text.words import word_index, words

from .evidence import Sighting, make_hit
from .intake import OF_CODE, Intake
from .rules import Judge, WordAt
from .standing import Standing, Subject, Subjects, in_market, stand


class Protected(Protocol):
    """What an allow protects a hit from."""

    def covers(self, code: str) -> bool:
        """Whether the hit counts nothing for a code."""


AsksOfClean = Literal["nothing", "what is not ASCII", "everything"]

Key = tuple[object, ...]
"""What a hit is known by while its number is not settled."""

FOUND: Final[tuple[Found, ...]] = (
    "phone", "url", "handle", "code", "mixed_script", "obfuscation",
)  # fmt: skip
MOST_THINGS: Final = 200
"""Things of a sort in one text that rules look at."""

KINDS_OF: Final[dict[Found, tuple[str, ...]]] = {
    "phone": ("phone",), "url": ("domain", "url"), "handle": ("handle",), "code": (),
    "mixed_script": (), "obfuscation": (),
}  # fmt: skip
"""Material kinds whose hits are also things found."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A hit as rules see it."""

    material: str
    kind: str
    field: str | None
    start: int | None
    end: int | None
    tags: frozenset[str]
    text: str
    rule: Key = ()
    """Of a fired rule: its key."""

    @property
    def key(self) -> Key:
        """What it is known by."""
        return self.rule or (self.material, self.field, self.start, self.end)


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that holds in some market, and what it rests on."""

    subject: Subject
    standing: Standing
    parts: tuple[Seen, ...]
    shares: frozenset[Key]
    """All hits that it covers, through other rules too: they and it count once."""

    @property
    def key(self) -> Key:
        """Known by its parts too: in another market it may rest on other hits."""
        return self.subject.id, self.standing, tuple(part.key for part in self.parts)

    @property
    def seen(self) -> Seen:
        """This rule, as other rules see it."""
        return Seen(self.subject.id, "rule", None, None, None, self.subject.tags, "", self.key)


class Firing:
    """All rules, each after those it uses, and which hits may make one hold."""

    def __init__(self, ruleset: Ruleset, subjects: Subjects) -> None:
        pairs = [(package, rule) for package in ruleset.packages for rule in package.rules]
        self._rules = [
            (Judge(rule), subjects.rule(package, rule), _founds(rule.condition))
            for package, rule in _ordered(pairs)
        ]
        self._prompted: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number, (judge, _, _) in enumerate(self._rules):
            prompts = _prompts(judge.rule.condition)
            if prompts is None:
                self._always.append(number)
            for prompt in prompts or ():
                self._prompted.setdefault(prompt, []).append(number)
        self.prompts: Collection[str] = self._prompted
        """Ids and tags that some rule asks for."""
        self.any = bool(pairs)
        self.subjects = [subject for _, subject, _ in self._rules]
        self.finds = frozenset[Found]().union(*(founds for _, _, founds in self._rules))
        """The sorts of things that rules ask for."""
        always = [self._rules[number][0].rule.condition for number in self._always]
        self._hidden_alone = all(map(_asks_what_is_hidden, always))
        self.signs: frozenset[str] = frozenset().union(*_SIGNS.values() if always else ())
        """Folds that make a hit of any material something that a rule may ask for."""
        self.everywhere = all(subject.everywhere for _, subject, _ in self._rules)

    @property
    def asks_of_clean(self) -> AsksOfClean:
        """Of which creatives some rule may hold although no material hit."""
        if not self._always:
            return "nothing"
        # Nothing is hidden in ASCII but by spelling, which is a hit of what is spelt.
        return "what is not ASCII" if self._hidden_alone else "everything"

    def unprompted(self, texts: Iterable[str]) -> bool:
        """Whether some rule may hold for a creative in which no material hit."""
        if not self._always:
            return False
        return not (self._hidden_alone and all(map(str.isascii, texts)))

    def fire(
        self,
        scene: Scene,
        facts: Facts,
        live: Sequence[int],
        shadow: Sequence[int],
        lineage: frozenset[str],
        on: date,
        protections: Mapping[int, Protected],
    ) -> list[FiredRule]:
        """The rules that hold in one market.

        Args:
            scene: the sightings and texts of the creative.
            facts: the creative's, as they are in this market.
            live: places of the sightings that act.
            shadow: places of those that only rules in shadow see.
            lineage: the market's.
            on: the date.
            protections: by place, what allows protect a sighting from; a rule of a protected code
                does not see it.
        """
        fired: list[FiredRule] = []
        for number in self._candidates([scene.seen[n] for n in (*live, *shadow)]):
            subject = self._rules[number][1]
            standing = stand(subject, lineage, on, scene.intake.id)
            if standing.status in ("live", "shadow") and in_market(subject, lineage):
                held = {
                    n for n, one in protections.items() if any(map(one.covers, subject.policies))
                }
                acting = [scene.seen[n] for n in live if n not in held]
                hidden = [scene.seen[n] for n in shadow if n not in held]
                rule = self._fire_one(number, standing, scene, facts, acting, hidden, fired)
                if rule is not None:
                    fired.append(rule)
        return fired

    def _fire_one(
        self,
        number: int,
        standing: Standing,
        scene: Scene,
        facts: Facts,
        acting: list[Seen],
        hidden: list[Seen],
        fired: list[FiredRule],
    ) -> FiredRule | None:
        judge, subject, founds = self._rules[number]
        in_shadow = standing.status == "shadow"
        seen = [*acting, *(hidden if in_shadow else ())]
        seen += [one.seen for one in fired if in_shadow or one.standing.status == "live"]
        seen += scene.things(founds, in_shadow=in_shadow)
        tags = {one.material: one.tags for one in seen}
        parts = judge.fire(seen, facts, tags, scene.word_at)
        if parts is None:
            return None
        rests_on = tuple(seen[place] for place in parts)
        keys = {seen[place].key for place in judge.shares(seen, tags)}
        keys.update(part.key for part in rests_on)
        for inner in fired:
            if inner.key in keys:
                keys.update(inner.shares)
        return FiredRule(subject, standing, rests_on, frozenset(keys))

    def _candidates(self, seen: Iterable[Seen]) -> list[int]:
        """The rules that these hits may make hold, through other rules too, in order.

        Finding things costs more than all else, so it waits until a rule is near to holding.
        """
        numbers: set[int] = set()
        waiting = [name for one in seen for name in (one.material, *one.tags)]
        woken = list(self._always)
        done: set[str] = set()
        while waiting or woken:
            while woken:
                number = woken.pop()
                if number not in numbers:
                    numbers.add(number)
                    subject = self._rules[number][1]
                    waiting += (subject.id, *subject.tags)
            name = waiting.pop() if waiting else ""
            if name not in done:
                done.add(name)
                woken = list(self._prompted.get(name, ()))
        return sorted(numbers)


class Scene:
    """The sightings and texts of a creative, as far as rules ask for them."""

    def __init__(self, intake: Intake, found: Sequence[Sighting]) -> None:
        self.intake = intake
        self._found = found
        self.seen = [_seen(one) for one in found]
        self.word_at: WordAt = self._word_at
        self.market = ""
        """The one that is looked at: its national phone numbers are phones."""
        self.statuses: Sequence[Status] = ()
        """How each sighting stands there."""
        self._things: dict[tuple[Found, str, bool], list[Seen]] = {}
        self._unlisted: dict[tuple[Found, str], list[Seen]] = {}
        self._words: dict[str, list[int]] = {}

    def _word_at(self, field: str, offset: int) -> int:
        starts = self._words.get(field)
        if starts is None:
            folded = fold(self.intake.texts[self.intake.fields.index(field)])
            starts = [folded.span(word.start, word.end)[0] for word in words(folded.text)]
            self._words[field] = starts
        return word_index(starts, offset)

    def things(self, kinds: Iterable[Found], *, in_shadow: bool = False) -> list[Seen]:
        """Things found, but for those that a material already hit.

        What is in shadow neither is such a thing nor hides one, but for rules that are so as well.
        """
        wanted = [kind for kind in FOUND if kind in kinds]
        things: list[Seen] = []
        for kind in wanted:
            key = kind, self.market, in_shadow
            if key not in self._things:
                acting = ("live", "shadow") if in_shadow else ("live",)
                places = [n for n, status in enumerate(self.statuses) if status in acting]
                self._things[key] = self._known(kind, places)
            things += self._things[key]
        return things

    def _known(self, kind: Found, acting: Sequence[int]) -> list[Seen]:
        """The things of a sort, where some sightings act."""
        things = self._disguised(kind, acting)
        listed = {(one.field, one.start, one.end) for one in things}
        if kind != "code":
            seen = [self.seen[n] for n in acting]
            listed |= {
                (one.field, one.start, one.end) for one in seen if one.kind in KINDS_OF[kind]
            }
        key = kind, self.market if kind == "phone" else ""
        if key not in self._unlisted:
            self._unlisted[key] = self._codes() if kind == "code" else self._find(kind)
        found = self._unlisted[key]
        return things + [one for one in found if (one.field, one.start, one.end) not in listed]

    def _codes(self) -> list[Seen]:
        """What each code in a picture says."""
        found = []
        for field, text in zip(self.intake.fields, self.intake.texts, strict=True):
            if field.startswith(OF_CODE):
                for line in re.finditer(r".+", text):
                    place = line.start(), line.end()
                    found.append(
                        Seen("found/code", "found", field, *place, frozenset(), line.group())
                    )
        return found

    def _find(self, kind: Found) -> list[Seen]:
        """The things of a sort in the texts, listed or not."""
        intake, things = self.intake, list[Seen]()
        links = intake.links or {}
        for place, (field, text) in enumerate(zip(intake.fields, intake.texts, strict=True)):
            part = LinkPart(links.get(place), links.get(place - 1))
            for start, end in find_things(kind, text, (self.market,), part)[:MOST_THINGS]:
                name, surface = f"found/{kind}", text[start:end]
                things.append(Seen(name, "found", field, start, end, frozenset(), surface))
        return things

    def _disguised(self, kind: Found, acting: Sequence[int]) -> list[Seen]:
        """Hits in disguise: where a listed word is hidden, something is obfuscated."""
        names = _SIGNS.get(kind)
        if names is None:
            return []
        pairs = [(self.seen[n], self._found[n]) for n in acting]
        return [
            Seen(f"found/{kind}", "found", one.field, one.start, one.end, frozenset(), one.text)
            for one, sighting in pairs
            if not names.isdisjoint(sighting.folds) and sighting.subject.allow is None
        ]


_SIGNS: Final[dict[Found, frozenset[str]]] = {
    "mixed_script": frozenset({MIXED}), "obfuscation": DELIBERATE,
}  # fmt: skip
"""Folds that make a hit such a thing."""


def publish(rule: FiredRule, hits: list[Hit], numbers: dict[Key, int]) -> None:
    """Append the hit of a fired rule, and those of the things it rests on.

    `numbers` has the number of every hit so far by its key, and is kept up to date.
    """
    if rule.key in numbers:
        return
    status = rule.standing.status
    for thing in rule.parts:
        if thing.kind == "found" and thing.key not in numbers:
            n = numbers[thing.key] = len(hits)
            hits.append(
                make_hit(
                    n, thing.material, "", (), status, "found",
                    thing.field, thing.start, thing.end, thing.text, "exact",
                )
            )  # fmt: skip
        elif thing.kind == "found" and status == "live":
            n = numbers[thing.key]  # which a rule in shadow may have named before
            hits[n] = replace(hits[n], status="live")
    n = numbers[rule.key] = len(hits)
    subject = rule.subject
    parts = tuple(sorted(numbers[part.key] for part in rule.parts))
    hits.append(
        make_hit(
            n, subject.id, subject.package.version, subject.policies, status, "rule",
            None, None, None, None, None, (), 1.0, subject.weight, None, None, None, parts, None,
            rule.standing.override,
        )
    )  # fmt: skip


def _seen(one: Sighting) -> Seen:
    subject = one.subject
    text = one.text or ""
    return Seen(subject.id, subject.kind, one.field, one.start, one.end, subject.tags, text)


def _founds(condition: Condition) -> frozenset[Found]:
    """The sorts of things that a condition asks for."""
    names = {leaf.name for leaf in _leaves(condition) if leaf.op == "found"}
    return frozenset(kind for kind in FOUND if kind in names)


def _asks_what_is_hidden(condition: Condition) -> bool:
    """Whether a condition cannot hold where nothing is obfuscated."""
    if condition.op == "found":
        return condition.name in _SIGNS
    return condition.op == "all" and any(map(_asks_what_is_hidden, condition.parts))


def _leaves(condition: Condition) -> Iterable[Condition]:
    if not condition.parts:
        yield condition
    for part in condition.parts:
        yield from _leaves(part)


def _prompts(condition: Condition) -> frozenset[str] | None:
    """Ids and tags of which one must hit for the condition to hold; None where it needs none."""
    if condition.op in ("material", "tag"):
        return frozenset((condition.name,))
    held = [found for part in condition.parts if (found := _prompts(part)) is not None]
    if condition.op == "all":
        return min(held, key=lambda one: (len(one), sorted(one)), default=None)
    if condition.op in ("any", "at_least") and len(held) == len(condition.parts):
        return frozenset[str]().union(*held)
    return None


def _ordered(rules: list[tuple[Package, Rule]]) -> list[tuple[Package, Rule]]:
    """Rules by id, each after those whose id or tags it asks for; rules in a circle come last.

    In a circle no rule can be the first to hold, so their order among themselves is no matter.
    """
    waiting = sorted(rules, key=lambda pair: pair[1].id)
    ordered: list[tuple[Package, Rule]] = []
    while waiting:
        made = Counter(name for _, rule in waiting for name in (rule.id, *rule.tags))
        ready = [pair for pair in waiting if not _waits(pair[1], made)]
        if not ready:
            return ordered + waiting
        ordered += ready
        placed = {rule.id for _, rule in ready}
        waiting = [pair for pair in waiting if pair[1].id not in placed]
    return ordered


def _waits(rule: Rule, made: Counter[str]) -> bool:
    """Whether another rule that is still waiting makes what this one asks for."""
    own = {rule.id, *rule.tags}
    asked = {leaf.name for leaf in _leaves(rule.condition) if leaf.op in ("material", "tag")}
    return any(made[name] > (name in own) for name in asked)
