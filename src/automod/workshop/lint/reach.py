"""Where and when things act, and whether a rule can ever hold.

A moment is a day with a market, of those between which something may differ: markets that lie in
the same of the groups and markets that are named are one, and so are days between which nothing
begins or ends. What holds in which moments is a number of which each bit is one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from automod.engine.standing import touches
from automod.load.source import Source
from automod.model.columns import column, picked, various
from automod.model.markets import ISO_3166
from automod.model.ruleset import (
    EVERYWHERE,
    Condition,
    Material,
    Override,
    Package,
    Rule,
    Scope,
)
from automod.model.vocabulary import MEDIA, OF_MEDIA, STATUS_RANK, Status
from automod.policy.markets import Markets

_FOUND_BY = {"phone": "phone", "url": "url", "domain": "url", "handle": "handle"}
_TELLING = ("tags", "scope", "status", "kind")
"""In what carriers of a tag may differ."""
_SOME_TEXT = "some text"
"""A field that nothing names."""

Key = tuple[str, str]


class Carrier(NamedTuple):
    """What may satisfy leaves: materials that differ in nothing that matters here, or a rule."""

    keys: frozenset[Key]
    live: int
    """The moments in which it acts."""
    shadow: int
    """The moments in which rules in shadow see it, those of `live` among them."""
    fields: tuple[str, ...]
    kind: str
    rule: Rule | None = None


class Reach:
    """Where and when the parts of a ruleset act, from a day on."""

    def __init__(self, source: Source, on: date) -> None:
        ruleset = source.ruleset
        self._packages = ruleset.packages
        self._overrides = ruleset.overrides
        self._homes = {package.name: package for package in ruleset.packages}
        self.markets = Markets(ruleset.policies)
        self.names = sorted(ISO_3166 | ruleset.policies.parents.keys())
        self._days = sorted({on, *_changes(self._scopes(), on)})
        self._sorts = self._sorts_of_markets()
        self.always = (1 << len(self._days) * len(self._sorts)) - 1
        self._masks: dict[Scope, int] = {EVERYWHERE: self.always}

    def _scopes(self) -> Iterator[Scope]:
        for package in self._packages:
            yield package.scope
            for parts in (package.materials, package.rules, package.allows):
                yield from various(parts, "scope")
        for one in self._overrides:
            yield Scope(one.markets, (), one.from_, one.until)

    def _sorts_of_markets(self) -> list[frozenset[str]]:
        named = frozenset(name for scope in self._scopes() for name in scope.markets)
        return list(dict.fromkeys(self.markets.lineage(name) & named for name in self.names))

    def mask(self, scope: Scope) -> int:
        """The moments in which something of a scope acts; its fields are not asked."""
        known = self._masks.get(scope)
        if known is None:
            known = self._masks[scope] = self._mask(scope)
        return known

    def _mask(self, scope: Scope) -> int:
        markets = [not scope.markets or not one.isdisjoint(scope.markets) for one in self._sorts]
        row = sum(1 << n for n, inside in enumerate(markets) if inside)
        width, mask = len(self._sorts), 0
        for number, day in enumerate(self._days):
            if (scope.from_ or day) <= day <= (scope.until or day):
                mask |= row << number * width
        return mask

    def acting(self, package: Package, part: Material | Rule, demand: Status = "live") -> int:
        """The moments in which a material or rule acts; `demand`: the least active that counts."""
        least = STATUS_RANK[demand]
        if min(STATUS_RANK[part.status], STATUS_RANK[package.status]) < least:
            return 0
        mask = self.mask(package.scope) & self.mask(part.scope)
        for one in self._narrowing(package, part.id, part.tags):
            if one.status is not None and STATUS_RANK[one.status] < least:
                mask &= ~self.mask(Scope(one.markets, (), one.from_, one.until))
        return mask

    def _narrowing(self, package: Package, name: str, tags: Sequence[str]) -> list[Override]:
        if not self._overrides:
            return []
        targets = {package.name, name, name.removesuffix("+needs")}
        targets |= {tag.replace("/", "/tag:", 1) for tag in tags}
        return [one for one in self._overrides if one.target in targets]

    @cached_property
    def _asked(self) -> frozenset[Key]:
        rules = (rule for package in self._packages for rule in package.rules)
        leaves = (leaf for rule in rules for leaf in leaves_of(rule.condition))
        return frozenset((leaf.op, leaf.name) for leaf in leaves if leaf.op in ("material", "tag"))

    @cached_property
    def carriers(self) -> Mapping[Key, Sequence[Carrier]]:
        """Of each material and tag that a rule asks for what satisfies it."""
        found: dict[Key, list[Carrier]] = defaultdict(list)
        for package in self._packages:
            parts: Iterator[Material | Rule] = chain(self._asked_of(package), package.rules)
            for part in parts:
                made = self._carrier(package, part)
                for key in made.keys & self._asked:
                    found[key].append(made)
        return found

    def _asked_of(self, package: Package) -> Iterator[Material]:
        """The materials of a package that rules ask for; of those with one tag each sort once."""
        names = {name for op, name in self._asked if op == "material"}
        # What an override names stands for itself alone.
        alone = names | {one.target for one in self._overrides}
        own = {name for name in alone if name.startswith(f"{package.name}/")}
        yield from picked(package.materials, "id", own) if own else ()
        tags = {name for op, name in self._asked if op == "tag"}
        if all(tags.isdisjoint(some) for some in various(package.materials, "tags")):
            return
        columns = [column(package.materials, name) for name in _TELLING]
        others: Sequence[int] = range(len(package.materials))
        if own:
            others = [n for n, one in enumerate(column(package.materials, "id")) if one not in own]
            columns = [[one[n] for n in others] for one in columns]
        sorts = dict(zip(zip(*(map(id, one) for one in columns), strict=True), others, strict=True))
        yield from map(package.materials.__getitem__, sorts.values())

    def _carrier(self, package: Package, part: Material | Rule) -> Carrier:
        keys: set[Key] = {("material", part.id), *(("tag", tag) for tag in part.tags)}
        live, shadow = self.acting(package, part), self.acting(package, part, "shadow")
        if isinstance(part, Rule):
            return Carrier(frozenset(keys), live, shadow, (), "rule", part)
        if part.kind in _FOUND_BY:
            keys.add(("found", _FOUND_BY[part.kind]))
        return Carrier(frozenset(keys), live, shadow, part.scope.fields, part.kind)

    def dead(self, tag: str) -> bool:
        """Whether nothing that has a tag acts, now or later."""
        return not any(one.shadow for one in self.carriers.get(("tag", tag), ()))

    def can_fire(self, package: Package, rule: Rule) -> bool:
        """Whether a rule can ever hold where it acts."""
        demand: Status = "shadow" if rule.status == "shadow" else "live"
        mask = self.acting(package, rule, demand)
        return not mask or bool(mask & self._holding(rule, demand))

    def _holding(self, rule: Rule, demand: Status) -> int:
        together = rule.same_field or rule.within is not None
        fields = self._fields(rule) if together else [None]
        holding = 0
        for field in fields:
            holding |= _Asking(self, rule, demand, field).of(rule.condition, frozenset())
        return holding

    def _fields(self, rule: Rule) -> list[str | None]:
        """The fields in which a rule is tried: all that are named, and one that is not."""
        leaves = leaves_of(rule.condition)
        carriers = (one for leaf in leaves for one in self.carriers.get((leaf.op, leaf.name), ()))
        named = {name for one in carriers for name in one.fields} | {*rule.scope.fields}
        return [_SOME_TEXT, *(f"{start}0]" for start in OF_MEDIA), *sorted(named)]


class _Asking(NamedTuple):
    """A rule that is tried; in one field, or anywhere."""

    reach: Reach
    rule: Rule
    demand: Status
    field: str | None

    def of(self, condition: Condition, forbidden: frozenset[Key]) -> int:
        """The moments in which a condition may hold with hits that have no forbidden key."""
        if condition.op in ("material", "tag"):
            return self._leaf((condition.op, condition.name), forbidden)
        if condition.op == "found":
            return 0 if ("found", condition.name) in forbidden else self.reach.always
        if condition.op == "advertiser":
            return self.reach.always if condition.values else 0
        if condition.op == "all":
            barred = forbidden.union(*map(_forbidden, condition.parts))
            mask = self.reach.always
            for part in condition.parts:
                mask &= self.of(part, barred)
            return mask
        if condition.op in ("any", "at_least"):
            need = max(condition.count, 1)
            # The same part written twice is one part.
            masks = [self.of(part, forbidden) for part in dict.fromkeys(condition.parts)]
            return _in_so_many(masks, need)
        return self.reach.always

    def _leaf(self, key: Key, forbidden: frozenset[Key]) -> int:
        if key[0] == "tag" and self.reach.dead(key[1]):
            return self.reach.always  # that nothing has the tag is told where it stands
        mask = 0
        for one in self.reach.carriers.get(key, ()):
            if forbidden.isdisjoint(one.keys) and self._is_seen(one):
                acts = one.shadow if self.demand == "shadow" else one.live
                if one.rule is not None and one.rule is not self.rule:
                    acts &= self.reach._holding(one.rule, self.demand)  # noqa: SLF001
                mask |= acts
        return mask

    def _is_seen(self, one: Carrier) -> bool:
        """Whether what satisfies a leaf can stand where the rule looks."""
        if one.kind == "rule":
            return True
        if one.kind in MEDIA and self.rule.within is not None:
            return False  # a picture stands beside no word
        own = one.fields or (OF_MEDIA if one.kind in MEDIA else ())
        asked = self.rule.scope.fields
        if asked and not _meet(own, asked, one.kind):
            return False
        return self.field is None or _meet(own, (self.field,), one.kind)


def leaves_of(condition: Condition) -> Iterator[Condition]:
    """The leaves of a condition, at any depth."""
    if not condition.parts:
        yield condition
    for part in condition.parts:
        yield from leaves_of(part)


def _meet(own: Sequence[str], asked: Sequence[str], kind: str) -> bool:
    """Whether something may be found both in one of its own fields and in one that is asked for."""
    if kind in MEDIA:
        return any(name.startswith(("images", "videos")) for name in asked)
    text = [name for name in asked if not name.startswith(OF_MEDIA)]
    if not own:
        return bool(text)
    return any(touches(a, b) or touches(b, a) for a in own for b in text)


def _forbidden(part: Condition) -> frozenset[Key]:
    """What no hit may be beside which a part stands."""
    if part.op != "none":
        return frozenset()
    waiting, keys = list(part.parts), set[Key]()
    while waiting:
        one = waiting.pop()
        if one.op == "any":
            waiting += one.parts
        elif one.op in ("material", "tag", "found"):
            keys.add((one.op, one.name))
    return frozenset(keys)


def _in_so_many(masks: Iterable[int], need: int) -> int:
    """The bits that are set in at least so many of some numbers.

    >>> bin(_in_so_many([0b011, 0b110, 0b010], 2))
    '0b10'
    """
    reached = [-1] + [0] * need
    for mask in masks:
        for count in range(need, 0, -1):
            reached[count] |= reached[count - 1] & mask
    return reached[need]


def _changes(scopes: Iterable[Scope], on: date) -> Iterator[date]:
    """The days after a day on which something begins, or is no more."""
    for scope in scopes:
        if scope.from_ is not None and scope.from_ > on:
            yield scope.from_
        if scope.until is not None and on <= scope.until < date.max:
            yield scope.until + timedelta(days=1)
