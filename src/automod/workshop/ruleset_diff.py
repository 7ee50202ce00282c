"""What differs between two rulesets, in words of what the platform stops and lets through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, Literal

from automod.engine.compile import VERSIONS
from automod.load.held_back import exceptions
from automod.model.canonical import digest
from automod.model.changes import Changes, Delta, changes
from automod.model.columns import picked
from automod.model.ruleset import (
    Allow,
    Material,
    Override,
    Package,
    PolicyCode,
    PolicyTable,
    Row,
    Rule,
    Ruleset,
)
from automod.model.vocabulary import MEDIA
from automod.text.fold import fold

from .condition_text import condition_text
from .directions import (
    Effect,
    flat,
    more,
    of_action,
    of_field,
    of_override,
    together,
    turned,
)
from .stance_diff import StanceChange, asked, stance_changes

Part = Literal["package", "material", "rule", "allow", "override", "code", "row", "table"]
Sort = Literal["added", "removed", "moved", "tightened", "loosened", "changed", "noted"]
"""moved: the same value under another id. tightened: stops more than before; loosened: lets more
through; changed: which of the two depends on the ads; noted: no decision changes."""

SORTS: Final[tuple[Sort, ...]] = (
    "loosened", "tightened", "changed", "added", "removed", "moved", "noted",
)  # fmt: skip
_BY_EFFECT: Final[Mapping[Effect, Sort]] = {
    "tighter": "tightened", "looser": "loosened", "either": "changed", "none": "noted",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that says something else."""

    name: str
    old: Any
    """As the ruleset has it; None: it is not there."""
    new: Any
    effect: Effect


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs."""

    part: Part
    id: str
    sort: Sort
    effect: Effect
    """Of all that differs in it together."""
    what: str
    """What it matches, or asks; blank where its id says it."""
    fields: tuple[FieldChange, ...] = ()
    was: str = ""
    """The id that it had, where it was moved."""


@dataclass(frozen=True, slots=True)
class Diff:
    """All that differs."""

    old: str
    """Digest of the ruleset before."""
    new: str
    on: date
    """The day for which stances are told."""
    changes: tuple[Change, ...]
    stances: tuple[StanceChange, ...]

    def __bool__(self) -> bool:
        return bool(self.changes or self.stances)


def ruleset_diff(old: Ruleset, new: Ruleset, on: date) -> Diff:
    """What differs between two rulesets.

    Args:
        old: the one before.
        new: the one after.
        on: the day for which it is told what codes ask in which market.

    >>> table = PolicyTable({})
    >>> before = Package("p", "1", "o", materials=(Material("p/a", "keyword", "casino", 0.6),))
    >>> after = Package("p", "1", "o", materials=(Material("p/a", "keyword", "casino", 0.9),))
    >>> old, new = Ruleset((before,), table), Ruleset((after,), table)
    >>> found = ruleset_diff(old, new, date(2026, 11, 20))
    >>> [(one.id, one.sort, one.fields[0].name) for one in found.changes]
    [('p/a', 'tightened', 'weight')]
    """
    delta = changes(old, new)
    excepted = _excepted(old) | _excepted(new)
    found = [
        *_packages(old, new, delta),
        *_moving(_parts("material", old, new, delta.materials, excepted), excepted),
        *(change for change, _ in _parts("rule", old, new, delta.rules, excepted)),
        *_moving(_parts("allow", old, new, delta.allows, excepted), excepted),
        *_overrides(old, new, delta),
        *_codes(old.policies, new.policies, delta),
        *_rows(old.policies, new.policies, delta),
        *_table(old.policies, new.policies, delta),
    ]
    stances = tuple(stance_changes(old.policies, new.policies, on))
    ends = digest(old, VERSIONS), digest(new, VERSIONS)
    return Diff(*ends, on, tuple(found), stances)


def _excepted(ruleset: Ruleset) -> frozenset[str]:
    """Materials and tags that some rule makes an exception for: the more of them, the less hits."""
    rules = (rule for package in ruleset.packages for rule in package.rules)
    return frozenset(name for rule in rules for _, name in exceptions(rule.condition))


# --- packages ------------------------------------------------------------------------------------

_PACKAGE: Final = (
    "version", "owner", "title", "policies", "languages", "status", "ramp", "scope",
    "expected_rate", "caps", "examples", "about",
)  # fmt: skip
_OF_ITS_PARTS: Final = frozenset({"policies", "languages"})
"""What materials have taken over: they tell it themselves."""


def _packages(old: Ruleset, new: Ruleset, delta: Changes) -> Iterator[Change]:
    before, after = ({one.name: one for one in some.packages} for some in (old, new))
    for name in delta.packages.added:
        yield Change("package", name, "added", "none", _about(after[name]))
    for name in delta.packages.removed:
        yield Change("package", name, "removed", "none", _about(before[name]))
    for name in delta.packages.changed:
        one, other = (flat(some[name], _PACKAGE) for some in (before, after))
        told = _fields(one, other, _of_package)
        effect = together(field.effect for field in told)
        yield Change("package", name, _BY_EFFECT[effect], effect, "", told)


def _about(package: Package) -> str:
    return f"{package.version}, {package.owner}"


def _of_package(name: str, old: Any, new: Any) -> Effect:
    return "none" if name in _OF_ITS_PARTS else of_field(name, old, new)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any], effect: Any) -> tuple[FieldChange, ...]:
    """The fields that differ, in their order."""
    names = [*old, *(name for name in new if name not in old)]
    pairs = [(name, old.get(name), new.get(name)) for name in names]
    return tuple(
        FieldChange(name, one, other, effect(name, one, other))
        for name, one, other in pairs
        if one != other
    )


# --- materials, rules, allows --------------------------------------------------------------------

One = Material | Rule | Allow


def _parts(
    part: Part, old: Ruleset, new: Ruleset, delta: Delta, excepted: frozenset[str]
) -> Iterator[tuple[Change, One]]:
    before = _found(part, old, (*delta.removed, *delta.changed))
    after = _found(part, new, (*delta.added, *delta.changed))
    for name in delta.added:
        effect = _effect_of(part, after[name], excepted)
        yield Change(part, name, "added", effect, _what(after[name])), after[name]
    for name in delta.removed:
        effect = turned(_effect_of(part, before[name], excepted))
        yield Change(part, name, "removed", effect, _what(before[name])), before[name]
    for name in delta.changed:
        change = _changed(part, before[name], after[name], excepted)
        yield change, after[name]


def _found(part: Part, ruleset: Ruleset, ids: Iterable[str]) -> dict[str, One]:
    """Materials, rules or allows by their ids; only these are made."""
    wanted = frozenset(ids)
    several: list[Sequence[One]] = []
    for package in ruleset.packages:
        every: Mapping[str, Sequence[One]] = {
            "material": package.materials, "rule": package.rules, "allow": package.allows,
        }  # fmt: skip
        several.append(picked(every[part], "id", wanted))
    return {one.id: one for some in several for one in some}


def _effect_of(part: Part, one: One, excepted: frozenset[str]) -> Effect:
    """The effect of there being such a thing."""
    if one.status != "live":
        return "none"
    if part == "allow":
        return "looser"
    return "either" if _is_excepted(one, excepted) else "tighter"


def _is_excepted(one: One, excepted: frozenset[str]) -> bool:
    return one.id in excepted or not excepted.isdisjoint(getattr(one, "tags", ()))


def _changed(part: Part, old: One, new: One, excepted: frozenset[str]) -> Change:
    allow = part == "allow"
    told = _fields(_flat(old), _flat(new), _turned if allow else of_field)
    effect = together(field.effect for field in told)
    if "live" not in (old.status, new.status):
        effect = "none"
    elif old.status != new.status:
        # What was not live did nothing, whatever else it said.
        effect = more(old.status == "live", new.status == "live")
        effect = turned(effect) if allow else effect
    if effect != "none" and (_is_excepted(old, excepted) or _is_excepted(new, excepted)):
        effect = "either"
    return Change(part, new.id, _BY_EFFECT[effect], effect, _what(new), told)


def _moving(found: Iterable[tuple[Change, One]], excepted: frozenset[str]) -> Iterator[Change]:
    """The changes, with what is gone here and come there told as one."""
    several = list(found)
    gone: dict[tuple[str, str], list[One]] = {}
    for change, one in several:
        if change.sort == "removed" and (key := _key(one)):
            gone.setdefault(key, []).append(one)
    moved: set[str] = set()
    told: list[Change] = []
    for change, one in several:
        key = _key(one) if gone and change.sort == "added" else None
        if key is None or not gone.get(key):
            told.append(change)
            continue
        was = gone[key].pop(0)
        moved.add(was.id)
        told.append(replace(_changed(change.part, was, one, excepted), sort="moved", was=was.id))
    yield from (one for one in told if one.sort != "removed" or one.id not in moved)


def _key(one: One) -> tuple[str, str] | None:
    """What makes two the same, whatever they are called."""
    held = one.material if isinstance(one, Allow) else one
    if not isinstance(held, Material):
        return None
    return held.kind, held.value if held.kind == "regex" else fold(held.value, "safe").text


def _turned(name: str, old: Any, new: Any) -> Effect:
    return turned(of_field(name, old, new))


def _flat(one: One) -> dict[str, Any]:
    """The fields of a part by name; those of what an allow matches are its own."""
    found = flat(one, [field.name for field in fields(one) if field.name not in _NAMES])
    if isinstance(one, Allow) and one.material is not None:
        return {**flat(one.material, _MATCHES), **found}
    return found


_NAMES: Final = frozenset({"id", "material"})
_MATCHES: Final = ("kind", "value", "view", "boundary", "gap", "sample", "language", "swaps")


_NAMED: Final = len("sha256:") + 12
"""Enough of a digest to tell a picture from others."""


def _what(one: One) -> str:
    if isinstance(one, Rule):
        return condition_text(one.condition)
    if isinstance(one, Allow):
        return _what(one.material) if one.material else ", ".join(one.advertisers)
    return f"{one.kind}: {one.value if one.kind not in MEDIA else one.value[:_NAMED]}"


# --- overrides and the policy table --------------------------------------------------------------


def _overrides(old: Ruleset, new: Ruleset, delta: Changes) -> Iterator[Change]:
    before, after = ({one.id: one for one in some.overrides} for some in (old, new))
    for name in delta.overrides.added:
        yield Change("override", name, "added", "looser", _target(after[name]))
    for name in delta.overrides.removed:
        yield Change("override", name, "removed", "tighter", _target(before[name]))
    for name in delta.overrides.changed:
        told = _fields(_narrowing(before[name]), _narrowing(after[name]), of_override)
        effect = together(field.effect for field in told)
        sort = _BY_EFFECT[effect]
        yield Change("override", name, sort, effect, _target(after[name]), told)


def _narrowing(one: Override) -> dict[str, Any]:
    return flat(one, [field.name for field in fields(one) if field.name != "id"])


def _target(one: Override) -> str:
    sets = [f"{name} {value}" for name in ("status", "weight", "view", "ramp")
            if (value := getattr(one, name)) is not None]  # fmt: skip
    where = ", ".join(one.markets)
    return f"{one.target}: {', '.join(sets)}" + (f" ({where})" if where else "")


def _codes(old: PolicyTable, new: PolicyTable, delta: Changes) -> Iterator[Change]:
    for name in delta.codes.added:
        yield Change("code", name, "added", "tighter", _title(new.codes[name]))
    for name in delta.codes.removed:
        yield Change("code", name, "removed", "looser", _title(old.codes[name]))
    for name, names in delta.codes.changed.items():
        told = _fields(flat(old.codes[name], names), flat(new.codes[name], names), _of_code)
        effect = together(field.effect for field in told)
        yield Change("code", name, _BY_EFFECT[effect], effect, _title(new.codes[name]), told)


def _title(code: PolicyCode) -> str:
    return code.title.get("en", "")


def _of_code(name: str, old: Any, _new: Any) -> Effect:
    if name == "while_review":
        return "looser" if old == "hold" else "tighter"
    return "none"  # severity is the order of review


def _rows(old: PolicyTable, new: PolicyTable, delta: Changes) -> Iterator[Change]:
    """Rows that differ; one that came or went is held to the default that speaks without it."""
    before, after = _by_id(old), _by_id(new)
    for name in delta.rows.added:
        code, row = after[name]
        default = (code.default,) if row is not code.default else ()
        yield Change("row", name, "added", asked(default, [row]), asks(row))
    for name in delta.rows.removed:
        code, row = before[name]
        default = (code.default,) if row is not code.default else ()
        yield Change("row", name, "removed", asked([row], default), asks(row))
    for name in delta.rows.changed:
        one, other = before[name][1], after[name][1]
        names = [field.name for field in fields(one) if field.name != "id"]
        told = _fields(flat(one, names), flat(other, names), _of_row)
        effect = together([asked([one], [other]), *(field.effect for field in told)])
        yield Change("row", name, _BY_EFFECT[effect], effect, asks(other), told)


def _by_id(table: PolicyTable) -> dict[str, tuple[PolicyCode, Row]]:
    codes = table.codes.values()
    return {row.id: (code, row) for code in codes for row in (code.default, *code.rows)}


def asks(row: Row) -> str:
    """What a row asks, in the words of its file.

    >>> asks(Row("A/SA", "SA", ("certificate", "age_gate"), "law", min_age=18))
    'certificate + age_gate (18+)'
    """
    told = " + ".join(row.stances)
    return told if row.min_age is None else f"{told} ({row.min_age}+)"


def _of_row(name: str, _old: Any, _new: Any) -> Effect:
    """What `asked` does not tell: other days are another row for some of them."""
    return "either" if name in ("from", "until", "market") else "none"


def _table(old: PolicyTable, new: PolicyTable, delta: Changes) -> Iterator[Change]:
    for name in delta.table:
        one, other = getattr(old, name), getattr(new, name)
        if name in ("review", "act"):
            told: tuple[FieldChange, ...] = (
                FieldChange(name, one, other, turned(more(one, other))),
            )
        elif name == "not_evaluated":
            told = _fields(one, other, lambda _, before, after: of_action(before, after))
        else:
            told = _fields(one, other, lambda *_: "either")
        effect = together(field.effect for field in told)
        yield Change("table", name, _BY_EFFECT[effect], effect, "", told)
