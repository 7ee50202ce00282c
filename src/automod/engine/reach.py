"""How far the changes between two rulesets reach: what a creative must hold to be decided anew.

What a creative is decided by is what hits it. So a change matters only where something hits whose
part in a decision is another: a material that was changed, one of the code whose rows were changed,
one without which a changed rule cannot hold. Where none of them matches, in the old version or in
the new one, and nothing could not be evaluated, both rulesets give the same answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Final

from automod.model.changes import Changes, Delta
from automod.model.columns import column
from automod.model.ruleset import Condition, Ruleset

from .firing import Firing
from .standing import Subjects

IDLE: Final[Mapping[str, tuple[str, ...]]] = {
    "materials": ("about", "expected_rate"), "rules": ("about", "expected_rate"),
    "allows": ("about",),
    "overrides": ("by", "ticket", "reason"), "codes": ("title", "while_review"),
    "rows": ("checked", "note"),
}  # fmt: skip
"""Fields that are in no decision."""

_OF_PACKAGES: Final = frozenset({"status", "scope", "ramp"})
"""Fields of a package in which all that it holds differs."""

MOST: Final = 0.5
"""Share of the materials from which on it is cheaper to decide everything at once."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which creatives may be decided otherwise."""

    materials: frozenset[str]
    """Ids of materials and allows of which one must match."""
    advertisers: frozenset[str]
    """Or it is the ad of one of these."""
    everywhere: tuple[str, ...]
    """Why any creative may be decided otherwise; empty where only those may."""

    def __bool__(self) -> bool:
        return bool(self.materials or self.advertisers or self.everywhere)


def reach(old: Ruleset, new: Ruleset, found: Changes) -> Reach:
    """How far changes reach.

    Args:
        old: the ruleset before.
        new: the ruleset after.
        found: what differs between them.

    >>> from automod.model.ruleset import Material, Package, PolicyTable
    >>> from automod.model.changes import changes
    >>> few = [Material(f"p/{name}", "keyword", name) for name in ("a", "b", "c")]
    >>> one = Ruleset((Package("p", "1", "o", materials=few[:2]),), PolicyTable({}))
    >>> two = Ruleset((Package("p", "2", "o", materials=few),), PolicyTable({}))
    >>> sorted(reach(one, two, changes(one, two)).materials)
    ['p/c']
    """
    sides = _Side(old), _Side(new)
    touched = _Touched.by(found, sides)
    rules = set(touched.rules)
    if rules and _order(old, found.rules) != _order(new, found.rules):
        # In a circle the order decides which rule sees which.
        rules |= sides[0].rules.keys() | sides[1].rules.keys()
    everywhere = [f"table.{name}" for name in found.table]
    materials = set(touched.materials)
    for side in sides:
        for rule in sorted(rules & side.rules.keys()):
            needed = side.needed(rule)
            if needed is None:
                everywhere.append(f"rule.{rule}")
            else:
                materials |= needed
    advertisers: set[str] = set()
    for side in sides:
        for one in touched.allows & side.allows.keys():
            allow = side.allows[one]
            if allow.material is None:
                advertisers.update(allow.advertisers)
            else:
                materials.add(one)
    if len(materials) > MOST * max(1, *(side.size for side in sides)):
        everywhere.append("most")
    return Reach(frozenset(materials), frozenset(advertisers), tuple(dict.fromkeys(everywhere)))


@dataclass(slots=True)
class _Touched:
    """What differs, with all that hangs on it: ids."""

    materials: set[str]
    rules: set[str]
    allows: set[str]

    @classmethod
    def by(cls, found: Changes, sides: Collection[_Side]) -> _Touched:
        """What changes touch in either ruleset."""
        own = {name: getattr(found, name).ids(idle) for name, idle in IDLE.items()}
        touched = cls(set(own["materials"]), set(own["rules"]), set(own["allows"]))
        packages = {
            name for name, names in found.packages.changed.items() if _OF_PACKAGES & {*names}
        }
        codes = own["codes"] | {row.partition("/")[0] for row in own["rows"]}
        caps = [name for name, names in found.packages.changed.items() if "caps" in names]
        groups = _capped(caps, sides)
        for side in sides:
            targets = {one.target for one in side.ruleset.overrides if one.id in own["overrides"]}
            touched.take(side, packages | {one for one in targets if "/" not in one})
            touched.take_named(side, targets)
            touched.materials |= side.materials_with("policies", codes)
            touched.rules |= {
                name for name, one in side.rules.items() if not codes.isdisjoint(one.policies)
            }
            touched.materials |= side.materials_with("group", groups)
            touched.rules |= {name for name, one in side.rules.items() if one.group in groups}
        return touched

    def take(self, side: _Side, packages: Collection[str]) -> None:
        """All that some packages hold."""
        for package in side.ruleset.packages:
            if package.name in packages:
                self.materials.update(column(package.materials, "id"))
                self.rules.update(one.id for one in package.rules)
                self.allows.update(one.id for one in package.allows)

    def take_named(self, side: _Side, targets: Collection[str]) -> None:
        """What overrides name: `package/id` or `package/tag:NAME`."""
        names = {*targets, *(f"{one}+needs" for one in targets)}
        tags = {one.replace("/tag:", "/", 1) for one in targets if "/tag:" in one}
        self.materials |= side.materials_with("id", names) | side.materials_with("tags", tags)
        self.allows |= names & side.allows.keys()
        self.rules |= {
            name for name, one in side.rules.items()
            if name in names or not tags.isdisjoint(one.tags)
        }  # fmt: skip


class _Side:
    """One of the two rulesets, by what is asked of it."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.rules = {one.id: one for package in ruleset.packages for one in package.rules}
        self.allows = {one.id: one for package in ruleset.packages for one in package.allows}

    @property
    def size(self) -> int:
        """How many materials it has."""
        return sum(len(package.materials) for package in self.ruleset.packages)

    def materials_with(self, name: str, values: Collection[str]) -> set[str]:
        """The materials that have one of some values in a field, or among those of it."""
        found: set[str] = set()
        wanted = frozenset(values)
        for package in self.ruleset.packages if wanted else ():
            own = column(package.materials, name)
            if name in ("policies", "tags"):
                # Most materials share theirs with many others, or have none.
                alike = {one: not wanted.isdisjoint(one) for one in set(own)}
                held = map(alike.__getitem__, own)
            else:
                held = map(wanted.__contains__, own)
            found.update(compress(column(package.materials, "id"), held))
        return found

    def needed(self, rule: str) -> set[str] | None:
        """The materials of which one must match for a rule to hold; None where it needs none."""
        names: set[str] = set()
        waiting = [rule]
        done: set[str] = set()
        while waiting:
            one = waiting.pop()
            if one in done:
                continue
            done.add(one)
            prompts = prompts_of(self.rules[one].condition)
            if prompts is None:
                return None
            names |= prompts
            for name in prompts:
                waiting += self._makers.get(name, ())
        return self.materials_with("id", names) | self.materials_with("tags", names)

    @cached_property
    def _makers(self) -> dict[str, list[str]]:
        """An id or a tag -> the rules that, when they hold, are a hit of it."""
        makers: dict[str, list[str]] = {}
        for rule in self.rules.values():
            for name in {rule.id, *rule.tags}:
                makers.setdefault(name, []).append(rule.id)
        return makers


def prompts_of(condition: Condition) -> frozenset[str] | None:
    """Ids and tags of which one must hit for a condition to hold; None where it needs none.

    >>> both = Condition("all", parts=(Condition("tag", "p/promise"), Condition("found", "phone")))
    >>> prompts_of(both), prompts_of(Condition("found", "phone"))
    (frozenset({'p/promise'}), None)
    """
    if condition.op in ("material", "tag"):
        return frozenset((condition.name,))
    held = [found for part in condition.parts if (found := prompts_of(part)) is not None]
    if condition.op == "all":
        return min(held, key=lambda one: (len(one), sorted(one)), default=None)
    if condition.op == "any" and len(held) == len(condition.parts):
        return frozenset[str]().union(*held)
    if condition.op == "at_least" and condition.count > len(condition.parts) - len(held):
        return frozenset[str]().union(*held)
    return None


def _capped(packages: Iterable[str], sides: Collection[_Side]) -> set[str]:
    """The groups whose caps differ."""
    names = frozenset(packages)
    caps = [
        {
            item for package in side.ruleset.packages if package.name in names
            for item in package.caps.items()
        }
        for side in sides
    ]  # fmt: skip
    before, after = caps
    return {group for group, _ in before ^ after}


def _order(ruleset: Ruleset, rules: Delta) -> list[str]:
    """The rules that both have, in the order in which they are judged."""
    alone = {*rules.added, *rules.removed}
    return [one for one in _judged(ruleset) if one not in alone]


def _judged(ruleset: Ruleset) -> Iterator[str]:
    firing = Firing(ruleset, Subjects(ruleset, frozenset()))
    yield from (subject.id for subject in firing.subjects)
