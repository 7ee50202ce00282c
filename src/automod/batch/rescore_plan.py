"""What has to be looked at again when a ruleset changes, and what stored hits answer.

A stored decision has every hit of its ruleset, also those that counted nothing. So thresholds,
stances, weights, rules, dates and overrides are decided again from the hits, without a text. What
another material would have hit is in no decision: what is new, or matches otherwise, is searched
for, and creatives in which it may be are scanned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from automod.engine.reach import IDLE
from automod.model.changes import Changes, Delta, changes
from automod.model.columns import column
from automod.model.markets import ISO_3166
from automod.model.ruleset import Allow, PolicyTable, Ruleset, Scope
from automod.model.vocabulary import MEDIA
from automod.policy.markets import Markets

from .hunt import is_hidden

MATCHING: Final = frozenset(
    {
        "kind", "value", "view", "boundary", "gap", "language", "only_languages",
        "only_if_obfuscated", "swaps", "sample",
    }
)  # fmt: skip
"""Fields of a material that say where it hits; its markets and fields, in `scope`, do too."""

MOST: Final = 0.5
"""Share of the materials from which on everything is scanned: a search would cost as much."""

_NAMED: Final = 3
"""Things of a sort that are named one by one; of more the number is told."""

_TOLD: Final[Mapping[str, tuple[str, str]]] = {
    "materials": ("material", "materials"), "rules": ("rule", "rules"),
    "allows": ("allow", "allows"), "overrides": ("override", "overrides"),
    "codes": ("policy code", "policy codes"), "rows": ("policy row", "policy rows"),
    "packages": ("package", "packages"),
}  # fmt: skip

NO_SCAN: Final = "no scan"
ALONE: Final = "searched for alone"


@dataclass(frozen=True, slots=True)
class RescorePlan:
    """What a change between two rulesets asks for."""

    sought: frozenset[str]
    """Ids of materials and allows that are searched for, as they were and as they are.

    What they may hit is scanned in full; all other creatives are decided from their hits."""
    gone: frozenset[str]
    """Ids of those whose hits are dropped."""
    everything: tuple[str, ...]
    """Why nothing less than a scan of every creative gives the right answer; empty: less does."""
    steady: bool
    """Rules and what they ask for are the same: where nothing hits, nothing is otherwise."""
    restated: bool
    """Something is in shadow that was not, or no more."""
    why: tuple[str, ...]
    """What differs and what that asks for, as a person reads it."""

    @property
    def matches_otherwise(self) -> bool:
        """Whether some material may be found where it was not, or no more where it was."""
        return bool(self.sought or self.gone)

    @property
    def cuts_otherwise(self) -> bool:
        """Whether of too many hits others may be kept than before."""
        return self.matches_otherwise or self.restated


def rescore_plan(old: Ruleset, new: Ruleset) -> RescorePlan:
    r"""What decisions of one ruleset need to become those of another.

    Args:
        old: the ruleset of the stored decisions.
        new: the ruleset that is asked for.

    >>> from automod.model.ruleset import Material, Package
    >>> few = [Material(f"p/{name}", "keyword", name) for name in ("bet", "win", "odds")]
    >>> one = Ruleset((Package("p", "1", "o", materials=few[:2]),), PolicyTable({}))
    >>> two = Ruleset((Package("p", "2", "o", materials=few),), PolicyTable({}, review=0.4))
    >>> plan = rescore_plan(one, two)
    >>> sorted(plan.sought), sorted(plan.gone), plan.everything
    (['p/odds'], [], ())
    >>> print(*plan.why, sep="\n")
    package p changed in its version: no scan
    policy table changed in review: no scan
    material p/odds is new: searched for alone
    """
    found = changes(old, new)
    sides = _Side(old), _Side(new)
    moved = _moved(old.policies, new.policies) if {"groups", "parents"} & {*found.table} else set()
    alone = {*found.materials.removed, *filter(sides[0].matches, found.allows.removed)}
    sought = _otherwise(found, sides, moved) | {one for one in alone if sides[0].is_hidden(one)}
    if any(side.pictures(sought | alone) for side in sides):
        # Which places of a sample are told depends on the harmless pictures beside it.
        sought |= sides[0].media | sides[1].media | set(sides[0].pictures(alone))
    gone = alone - sought
    size = max(1, *(side.size for side in sides))
    everything: tuple[str, ...] = ()
    if len(sought) > MOST * size and len(sought) > 1:
        everything = (f"{len(sought):,} of {size:,} materials match otherwise",)
    return RescorePlan(
        frozenset(sought), frozenset(gone), everything, _is_steady(found), _is_restated(found),
        tuple(_why(found, frozenset(sought), frozenset(gone), moved)),
    )  # fmt: skip


class _Side:
    """One of the rulesets, by what is asked of it."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.allows = {one.id: one for package in ruleset.packages for one in package.allows}
        self._hidden: frozenset[str] | None = None

    @property
    def size(self) -> int:
        """How many materials it has."""
        return sum(len(package.materials) for package in self.ruleset.packages)

    @property
    def media(self) -> set[str]:
        """The materials of pictures."""
        columns = self._columns("id", "kind")
        return {name for name, kind in columns if kind in MEDIA}

    def scopes(self, names: Collection[str]) -> dict[str, Scope]:
        """The scopes of some materials."""
        return {name: scope for name, scope in self._columns("id", "scope") if name in names}

    def is_hidden(self, name: str) -> bool:
        """Whether something is read in disguise: then others may be read in its place."""
        if self._hidden is None:
            columns = self._columns("id", "kind", "view")
            self._hidden = frozenset(name for name, *one in columns if is_hidden(*one))
        own = self.allows[name].material if name in self.allows else None
        return name in self._hidden or (own is not None and is_hidden(own.kind, own.view))

    def matches(self, name: str) -> bool:
        """Whether an allow hits: one of advertisers does not."""
        return name in self.allows and self.allows[name].material is not None

    def pictures(self, names: Iterable[str]) -> list[str]:
        """The allows of pictures among them."""
        held = ((name, self.allows[name].material) for name in names if name in self.allows)
        return [name for name, one in held if one is not None and one.kind in MEDIA]

    def of_packages(self, names: Collection[str]) -> Iterator[str]:
        """What some packages hold that matches."""
        for package in self.ruleset.packages:
            if package.name in names:
                yield from column(package.materials, "id")
                yield from (one.id for one in package.allows if one.material is not None)

    def naming(self, markets: Collection[str]) -> Iterator[str]:
        """What is bound to some markets or groups by their names."""
        names = frozenset(markets)
        for package in self.ruleset.packages if names else ():
            if not names.isdisjoint(package.scope.markets):
                yield from self.of_packages({package.name})
                continue
            columns = (column(package.materials, name) for name in ("id", "scope"))
            for one, scope in zip(*columns, strict=True):
                if not names.isdisjoint(scope.markets):
                    yield one
            yield from (one.id for one in package.allows if not names.isdisjoint(_named(one)))

    def _columns(self, *names: str) -> Iterator[tuple[Any, ...]]:
        for package in self.ruleset.packages:
            yield from zip(*(column(package.materials, name) for name in names), strict=True)


def _named(allow: Allow) -> tuple[str, ...]:
    own = () if allow.material is None else allow.material.scope.markets
    return (*allow.scope.markets, *own)


def _otherwise(found: Changes, sides: tuple[_Side, _Side], moved: Collection[str]) -> set[str]:
    """What is there in the new ruleset and hits where it did not, or no more where it did."""
    old, new = sides
    names = {*found.materials.added, *found.allows.added}
    changed = found.materials.changed
    names |= {one for one, own in changed.items() if not MATCHING.isdisjoint(own)}
    scoped = [one for one, own in changed.items() if "scope" in own]
    before, after = old.scopes(frozenset(scoped)), new.scopes(frozenset(scoped))
    names |= {one for one in scoped if _reach(before[one]) != _reach(after[one])}
    names |= {one for one in found.allows.changed if _differs(old.allows[one], new.allows[one])}
    packages = {
        name for name, own in found.packages.changed.items()
        if "scope" in own and _package_reach(old, name) != _package_reach(new, name)
    }  # fmt: skip
    for side in sides:
        names.update(side.of_packages(packages))
        names.update(side.naming(moved))
    # Advertisers' allows hit nothing.
    allows = old.allows.keys() | new.allows.keys()
    return {one for one in names if one not in allows or old.matches(one) or new.matches(one)}


def _reach(scope: Scope) -> tuple[object, ...]:
    return scope.markets, scope.fields


def _package_reach(side: _Side, name: str) -> tuple[object, ...]:
    return next(_reach(one.scope) for one in side.ruleset.packages if one.name == name)


def _differs(old: Allow, new: Allow) -> bool:
    """Whether an allow hits otherwise."""
    if old.material is None or new.material is None:
        return old.material is not new.material
    same = all(getattr(old.material, name) == getattr(new.material, name) for name in MATCHING)
    scopes = [(_reach(one.scope), _reach(one.material.scope)) for one in (old, new) if one.material]
    return not same or scopes[0] != scopes[1]


def _moved(old: PolicyTable, new: PolicyTable) -> set[str]:
    """The markets and groups that cover something else than they did."""
    one, other = Markets(old), Markets(new)
    names: set[str] = {*ISO_3166}
    for table in (old, new):
        names.update(table.parents, table.groups, *table.groups.values())
    return set().union(*(one.lineage(name) ^ other.lineage(name) for name in names))


def _is_steady(found: Changes) -> bool:
    """Whether no rule holds, where nothing hits, in which it did not hold before."""
    packages = chain.from_iterable(found.packages.changed.values())
    idle = frozenset(IDLE["rules"])
    return not (
        found.rules.ids(idle)
        or found.allows.ids(IDLE["allows"])
        or found.overrides
        or {"scope", "status", "ramp"} & {*packages}
        or {"groups", "parents"} & {*found.table}
    )


def _is_restated(found: Changes) -> bool:
    several = (found.materials, found.allows, found.packages)
    return any("status" in own for delta in several for own in delta.changed.values())


# --- what a person reads -------------------------------------------------------------------------


def _why(
    found: Changes, sought: Collection[str], gone: Collection[str], moved: Collection[str]
) -> Iterator[str]:
    for name in ("packages", "codes", "rows"):
        yield from _of(name, getattr(found, name))
    for name, what in (("groups", "groups"), ("parents", "parents of markets")):
        if name in found.table:
            yield f"{what} changed ({len(moved):,} cover something else): {_asked(moved)}"
    if others := [name for name in found.table if name not in ("groups", "parents")]:
        yield f"policy table changed in {', '.join(others)}: {NO_SCAN}"
    for name in ("overrides", "rules"):
        yield from _of(name, getattr(found, name))
    for name in ("materials", "allows"):
        yield from _matching(name, getattr(found, name), sought, gone)


def _asked(some: Collection[str]) -> str:
    return f"what names them is {ALONE}" if some else NO_SCAN


def _of(name: str, delta: Delta) -> Iterator[str]:
    """What differs among things that match nothing."""
    yield from _lines(name, delta.added, "new", NO_SCAN)
    yield from _lines(name, delta.removed, "gone", NO_SCAN)
    yield from _changed(name, delta.changed, NO_SCAN)


def _matching(
    name: str, delta: Delta, sought: Collection[str], gone: Collection[str]
) -> Iterator[str]:
    """What differs among materials or allows."""
    for ids, state in ((delta.added, "new"), (delta.removed, "gone")):
        yield from _lines(name, [one for one in ids if one in sought], state, ALONE)
        dropped = [one for one in ids if one in gone]
        yield from _lines(name, dropped, state, "no scan, its hits are dropped")
        rest = [one for one in ids if one not in sought and one not in gone]
        yield from _lines(name, rest, state, NO_SCAN)
    for how, wanted in ((ALONE, True), (NO_SCAN, False)):
        held = {one: own for one, own in delta.changed.items() if (one in sought) == wanted}
        yield from _changed(name, held, how)


def _lines(name: str, ids: Sequence[str], state: str, how: str) -> Iterator[str]:
    one, several = _TOLD[name]
    if len(ids) > _NAMED:
        yield f"{len(ids):,} {several} are {state}: {how}"
        return
    yield from (f"{one} {each} is {state}: {how}" for each in ids)


def _changed(name: str, changed: Mapping[str, Sequence[str]], how: str) -> Iterator[str]:
    one, several = _TOLD[name]
    if len(changed) > _NAMED:
        told = ", ".join(_words(chain.from_iterable(changed.values())))
        yield f"{len(changed):,} {several} changed in {told}: {how}"
        return
    for each, own in changed.items():
        yield f"{one} {each} changed in its {', '.join(_words(own))}: {how}"


def _words(names: Iterable[str]) -> list[str]:
    """Names of fields as files have them."""
    return sorted({name.rstrip("_").replace("_", " ") for name in names})


def is_dated(ruleset: Ruleset) -> bool:
    """Whether a rule, an advertiser's allow, or what narrows them, depends on the day.

    >>> is_dated(Ruleset((), PolicyTable({})))
    False
    """
    scopes: list[Scope] = []
    for package in ruleset.packages:
        own = [one.scope for one in package.rules]
        own += [one.scope for one in package.allows if one.material is None]
        scopes += [*own, package.scope] if own else []
    days = [(one.from_, one.until) for one in scopes]
    days += [(one.from_, one.until) for one in ruleset.overrides]
    return any(day is not None for pair in days for day in pair)
