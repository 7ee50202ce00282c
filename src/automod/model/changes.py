"""Which parts of two rulesets differ, by content: what came, what went, what is another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import compress, count
from operator import itemgetter, ne
from typing import Any, Final

from .columns import Columns, column
from .ruleset import Material, Package, PolicyCode, PolicyTable, Ruleset

Fields = tuple[str, ...]
"""Names of the fields in which two versions of one thing differ."""

_NOTHING: Final[Mapping[str, Fields]] = {}


@dataclass(frozen=True, slots=True)
class Delta:
    """What differs among things of one sort; ids in order."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: Mapping[str, Fields] = field(default_factory=lambda: _NOTHING)
    """Those that both have -> the fields that differ."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def ids(self, but_for: Iterable[str] = ()) -> frozenset[str]:
        """All that differ, but for those that differ in nothing else than some fields.

        >>> sorted(Delta(("a",), (), {"b": ("about",), "c": ("about", "gap")}).ids(["about"]))
        ['a', 'c']
        """
        idle = frozenset(but_for)
        others = [one for one, names in self.changed.items() if not idle.issuperset(names)]
        return frozenset((*self.added, *self.removed, *others))


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two rulesets."""

    packages: Delta
    """By name: their fields, but for what they hold (materials, rules, allows)."""
    materials: Delta
    rules: Delta
    allows: Delta
    overrides: Delta
    codes: Delta
    """Policy codes: their fields, but for their rows."""
    rows: Delta
    """Rows of the policy table, and defaults, by `CODE/MARKET/FROM` and `CODE/default`."""
    table: Fields
    """What else of the policy table differs: `groups`, `parents`, `review`, `act` …"""

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


def changes(old: Ruleset, new: Ruleset) -> Changes:
    """What differs between two rulesets, by content.

    Of a package that only one has, all materials, rules and allows differ as well. Materials are
    compared column by column: of 100,000 none is made.

    Args:
        old: the one before.
        new: the one after.

    >>> from automod.model.ruleset import PolicyTable
    >>> old = Package("p", "1", "o", materials=(Material("p/a", "keyword", "casino"),))
    >>> new = Package("p", "2", "o", materials=(Material("p/a", "keyword", "casino", 0.9),))
    >>> found = changes(Ruleset((old,), PolicyTable({})), Ruleset((new,), PolicyTable({})))
    >>> dict(found.packages.changed), dict(found.materials.changed)
    ({'p': ('version',)}, {'p/a': ('weight',)})
    """
    before, after = _by(old.packages, "name"), _by(new.packages, "name")
    return Changes(
        packages=_delta(before, after, _PACKAGE),
        materials=_materials(before, after),
        rules=_delta(_parts(before, "rules"), _parts(after, "rules")),
        allows=_delta(_parts(before, "allows"), _parts(after, "allows")),
        overrides=_delta(_by(old.overrides, "id"), _by(new.overrides, "id")),
        codes=_delta(old.policies.codes, new.policies.codes, _CODE),
        rows=_delta(_rows(old.policies), _rows(new.policies)),
        table=_differing(old.policies, new.policies, _TABLE),
    )


def _but_for(kind: type[Any], *names: str) -> Fields:
    return tuple(one.name for one in fields(kind) if one.name not in names)


_PACKAGE: Final = _but_for(Package, "materials", "rules", "allows")
_CODE: Final = _but_for(PolicyCode, "rows", "default")
_TABLE: Final = _but_for(PolicyTable, "codes")
_MATERIAL: Final = _but_for(Material, "id")


def _by(several: Iterable[Any], key: str) -> dict[str, Any]:
    return {getattr(one, key): one for one in several}


def _parts(packages: Mapping[str, Package], name: str) -> dict[str, Any]:
    """The rules or the allows of packages, by id."""
    return _by((one for package in packages.values() for one in getattr(package, name)), "id")


def _rows(table: PolicyTable) -> dict[str, Any]:
    codes = table.codes.values()
    return _by((row for code in codes for row in (code.default, *code.rows)), "id")


def _delta(
    old: Mapping[str, Any], new: Mapping[str, Any], names: Sequence[str] | None = None
) -> Delta:
    """What differs among things by their ids; of those that both have in some fields (or all)."""
    changed = {}
    for one in sorted(old.keys() & new.keys()):
        if old[one] is not new[one]:
            own = names or [name.name for name in fields(old[one])]
            if found := _differing(old[one], new[one], own):
                changed[one] = found
    return Delta(
        tuple(sorted(new.keys() - old.keys())), tuple(sorted(old.keys() - new.keys())), changed
    )


def _differing(old: Any, new: Any, names: Sequence[str]) -> Fields:
    return tuple(name for name in names if getattr(old, name) != getattr(new, name))


def _materials(old: Mapping[str, Package], new: Mapping[str, Package]) -> Delta:
    added: list[str] = []
    removed: list[str] = []
    changed: dict[str, Fields] = {}
    for name in sorted(old.keys() | new.keys()):
        before, after = (
            packages[name].materials if name in packages else () for packages in (old, new)
        )
        if before is after:
            continue
        ids_before, ids_after = list(column(before, "id")), list(column(after, "id"))
        if ids_before != ids_after:
            places_before, places_after = _places(ids_before), _places(ids_after)
            added += places_after.keys() - places_before.keys()
            removed += places_before.keys() - places_after.keys()
            both = [one for one in places_before if one in places_after]
            aligned = [places_before[one] for one in both], [places_after[one] for one in both]
            changed |= _columns(both, before, after, aligned) if both else {}
        elif ids_before:
            changed |= _columns(ids_before, before, after, None)
    return Delta(tuple(sorted(added)), tuple(sorted(removed)), dict(sorted(changed.items())))


def _places(ids: Sequence[str]) -> dict[str, int]:
    return dict(zip(ids, count(), strict=False))


def _columns(
    ids: Sequence[str],
    before: Sequence[Material],
    after: Sequence[Material],
    aligned: tuple[list[int], list[int]] | None,
) -> dict[str, Fields]:
    """Of materials that both have, the fields that differ; `aligned`: their places in each."""
    found: dict[str, list[str]] = {}
    pick = aligned and tuple(itemgetter(*places, places[-1]) for places in aligned if places)
    for name in _MATERIAL:
        if _are_same(before, after, name):
            continue
        one, other = column(before, name), column(after, name)
        if pick:
            one, other = pick[0](one)[:-1], pick[1](other)[:-1]
        if one == other:
            continue
        for place in compress(count(), map(ne, one, other)):
            found.setdefault(ids[place], []).append(name)
    return {one: tuple(names) for one, names in found.items()}


def _are_same(before: Sequence[Material], after: Sequence[Material], name: str) -> bool:
    """Whether all materials of both have one value in a field, as most fields of most have."""
    held = [
        some.same for some in (before, after) if isinstance(some, Columns) and name in some.same
    ]
    return len(held) == 2 and held[0][name] == held[1][name]
