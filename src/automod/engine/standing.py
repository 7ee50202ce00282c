"""What stands behind a hit: a material with its package, scope and overrides, by day and market."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from automod.model.columns import joined, picked
from automod.model.ramp import is_in
from automod.model.ruleset import (
    EVERYWHERE,
    Allow,
    Material,
    Override,
    Package,
    Rule,
    Ruleset,
    Scope,
)
from automod.model.vocabulary import STATUS_RANK, VIEW_RANK, Status, View


class Standing(NamedTuple):
    """How something acts in one market on one day."""

    status: Status
    weight: float
    view: View
    override: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A material, rule or allow with all that narrows it."""

    id: str
    kind: str
    material: Material | None
    allow: Allow | None
    package: Package
    policies: tuple[str, ...]
    tags: frozenset[str]
    weight: float
    group: str | None
    status: Status
    view: View
    scopes: tuple[Scope, ...]
    """Those of package and material that narrow anything."""
    overrides: tuple[Override, ...]
    ramps: tuple[tuple[str, float], ...] = ()
    """The shares of creatives in which it is live, each with what it is written on."""
    everywhere: bool = field(init=False)
    """It is the same in every market on every day."""
    plain: bool = field(init=False)
    """A material, live or shadow, everywhere, in no group: nothing has to be worked out for it."""
    value: str | None = field(init=False)
    """The material's."""
    cased: str | None = field(init=False)
    """A keyword's value without case, where it may hit so and asks for nothing else."""
    strict: bool = field(init=False)
    """It asks more of a hit than to be one: a language, or a disguise."""
    base: Standing = field(init=False)
    """How it stands before scope and overrides."""

    def __post_init__(self) -> None:
        everywhere = not self.scopes and not self.overrides
        object.__setattr__(self, "everywhere", everywhere)
        object.__setattr__(
            self,
            "plain",
            everywhere
            and self.allow is None
            and self.status in ("live", "shadow")
            and self.group is None,
        )
        object.__setattr__(self, "value", self.material and self.material.value)
        one = self.material
        strict = one is not None and (one.only_if_obfuscated or bool(one.only_languages))
        object.__setattr__(self, "strict", strict)
        cased = (
            one is not None
            and one.kind == "keyword"
            and one.value.isascii()
            and self.view != "exact"
            and not strict
        )
        object.__setattr__(self, "cased", one.value.casefold() if one and cased else None)
        base = Standing(self.status, self.weight, self.view, None)
        object.__setattr__(self, "base", base)

    def base_for(self, creative: str | None) -> Standing:
        """How it stands before scope and overrides; for a creative outside of a ramp in shadow."""
        if not self.ramps or creative is None:
            return self.base
        if all(is_in(*ramp, creative) for ramp in self.ramps):
            return self.base
        return self.base._replace(status=_less(self.status, "shadow"))


_INDEX = re.compile(r"\[\d+\]")


def covers(name: str, field: str) -> bool:
    """Whether a name that a package wrote means this field of a creative.

    A name means the field of that name and what hangs on it; `[*]` means any number.

    >>> covers("ocr", "ocr:images[0]"), covers("links", "links[0].host"), covers("link", "links[0]")
    (True, True, False)
    >>> covers("links[*].host", "links[7].host")
    True
    """
    if name == field:
        return True
    if "[*]" in name:
        field = _INDEX.sub("[*]", field)
    return field.startswith(name) and (len(field) == len(name) or field[len(name)] in "[:.")


def touches(name: str, field: str) -> bool:
    """Whether what happened to a field, or to all (`*`), may matter to a name in a package.

    >>> touches("links[*].host", "links[0]"), touches("body", "title"), touches("body", "*")
    (True, False, True)
    """
    if field == "*" or covers(name, field):
        return True
    return covers(_INDEX.sub("[*]", field) if "[*]" in name else field, name)


def reads_codes(scopes: Iterable[Scope]) -> bool:
    """Whether some scope names what codes in pictures say among its fields."""
    return any(name.startswith("code") for scope in scopes for name in scope.fields)


def in_field(subject: Subject, field: str) -> bool:
    """Whether a subject may match in a field."""
    return all(
        not scope.fields or any(covers(name, field) for name in scope.fields)
        for scope in subject.scopes
    )


def in_market(subject: Subject, lineage: frozenset[str]) -> bool:
    """Whether a subject acts in a market, on some day."""
    return all(
        not scope.markets or not lineage.isdisjoint(scope.markets) for scope in subject.scopes
    )


def stand(
    subject: Subject, lineage: frozenset[str], on: date, creative: str | None = None
) -> Standing:
    """How a subject stands in a market (given by its lineage) on a day.

    Outside its dates it is a `draft` (before) or `retired` (after); the strictest override wins
    each of status, weight and view. Outside of a ramp it is in `shadow`.

    Args:
        subject: a material, rule or allow.
        lineage: the market, its parents and groups.
        on: the day.
        creative: the id that ramps go by; left out, one that all of them let in.
    """
    status, weight, view, override = subject.base_for(creative)
    for scope in subject.scopes:
        if scope.from_ is not None and on < scope.from_:
            status = _less(status, "draft")
        if scope.until is not None and on > scope.until:
            status = _less(status, "retired")
    for one in subject.overrides:
        if one.markets and lineage.isdisjoint(one.markets):
            continue
        if (one.from_ or on) > on or (one.until or on) < on:
            continue
        before = (status, weight, view)
        status = _less(status, one.status or status)
        if creative is not None and one.ramp is not None:
            status = status if is_in(one.target, one.ramp, creative) else _less(status, "shadow")
        weight = min(weight, weight if one.weight is None else one.weight)
        view = min(view, one.view or view, key=VIEW_RANK.__getitem__)
        if (status, weight, view) != before:
            override = one.id
    return Standing(status, weight, view, override)


def is_ramped(subject: Subject) -> bool:
    """Whether a subject may be live for some creatives and in shadow for others."""
    return bool(subject.ramps) or any(one.ramp is not None for one in subject.overrides)


def _less(one: Status, other: Status) -> Status:
    return min(one, other, key=STATUS_RANK.__getitem__)


class Subjects(dict[int, Subject]):
    """Everything that can hit, by number and by id; made when first asked for."""

    def __init__(self, ruleset: Ruleset, only: frozenset[str] | None) -> None:
        super().__init__()
        self._overrides: dict[str, list[Override]] = {}
        for override in ruleset.overrides:
            self._overrides.setdefault(override.target, []).append(override)
        self._packages = ruleset.packages
        self._starts: list[int] = []
        """The number of the first material of each package."""
        self._allows: dict[int, Allow] = {}
        parts: list[Sequence[Material]] = []
        count = 0
        for package in ruleset.packages:
            self._starts.append(count)
            own = package.materials if only is None else picked(package.materials, "id", only)
            allows = [allow for allow in package.allows if allow.material is not None]
            count += len(own)
            self._allows.update(enumerate(allows, count))
            count += len(allows)
            parts += filter(None, (own, [one.material for one in allows if one.material]))
        self.materials = joined(Material, parts)
        self._numbers: dict[str, int] | None = None

    def __missing__(self, number: int) -> Subject:
        made = self[number] = self._make(number)
        return made

    def number(self, material: str) -> int | None:
        """The number of a material or allow, by its id."""
        if self._numbers is None:
            self._numbers = {one: n for n, one in enumerate(self.materials.column("id"))}
        return self._numbers.get(material)

    def _make(self, number: int) -> Subject:
        material = self.materials[number]
        package = self._packages[bisect_right(self._starts, number) - 1]
        allow = self._allows.get(number)
        kind: str = material.kind if allow is None else "allow"
        status = material.status if allow is None else allow.status
        scopes = (package.scope, material.scope, EVERYWHERE if allow is None else allow.scope)
        return Subject(
            material.id,
            kind,
            material,
            allow,
            package,
            material.policies,
            frozenset(material.tags),
            material.weight,
            material.group,
            _less(status, package.status),
            material.view,
            _narrowing(scopes),
            self.overrides(package.name, material.id, material.tags),
            _ramps(package, material if allow is None else None),
        )

    def rule(self, package: Package, rule: Rule) -> Subject:
        """The subject of a rule."""
        return Subject(
            rule.id,
            "rule",
            None,
            None,
            package,
            rule.policies,
            frozenset(rule.tags),
            rule.weight,
            rule.group,
            _less(rule.status, package.status),
            "exact",
            _narrowing((package.scope, rule.scope)),
            self.overrides(package.name, rule.id, rule.tags),
            _ramps(package, rule),
        )

    def advertisers(self, package: Package, allow: Allow) -> Subject:
        """The subject of an allow for advertisers."""
        return Subject(
            allow.id,
            "allow",
            None,
            allow,
            package,
            (),
            frozenset(),
            0.0,
            None,
            _less(allow.status, package.status),
            "exact",
            _narrowing((package.scope, allow.scope)),
            self.overrides(package.name, allow.id, ()),
            _ramps(package, None),
        )

    def overrides(self, package: str, name: str, tags: Sequence[str]) -> tuple[Override, ...]:
        """The overrides that narrow something, in order of their ids."""
        if not self._overrides:
            return ()
        targets = {package, name, name.removesuffix("+needs")}
        targets |= {tag.replace("/", "/tag:", 1) for tag in tags}
        found = [one for target in targets for one in self._overrides.get(target, ())]
        return tuple(sorted(found, key=lambda one: one.id))


def _narrowing(scopes: Sequence[Scope]) -> tuple[Scope, ...]:
    return tuple(dict.fromkeys(scope for scope in scopes if scope != EVERYWHERE))


def _ramps(package: Package, part: Material | Rule | None) -> tuple[tuple[str, float], ...]:
    """The shares that the package and a part of it write; the rule of a `needs` has its material's.

    The same creatives then see the hits of both.
    """
    ramps = [(package.name, package.ramp)] if package.ramp < 1 else []
    if part is not None and part.ramp < 1:
        ramps.append((part.id.removesuffix("+needs"), part.ramp))
    return tuple(ramps)
