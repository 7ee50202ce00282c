"""What loads as shadow where approval is asked for: all that no approval covers.

And all that would act more than anybody agreed to, because of what is not covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from automod.errors import Location
from automod.model.columns import Columns, column, various
from automod.model.ruleset import Condition, Material, Package, Rule, Ruleset

from .approval import FRAME, PROTECTS, Approval, approval_of, guarded, parts_of, places_of
from .overrides import covered
from .source import PackageSource, Source

Why = Literal[
    "never",
    "list",
    "new",
    "changed",
    "own",
    "frame",
    "allow",
    "other_allow",
    "exception",
    "override",
]
"""Why something loads as shadow; `sentence` says it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What loads as shadow because no approval covers it."""

    id: str
    """`package/id`; the package's name: all of it."""
    why: Why
    location: Location

    def __str__(self) -> str:
        what = "all of " * ("/" not in self.id)
        return f"{self.location}: {what}{self.id!r} loads as shadow: {_SENTENCES[self.why]}"


_SENTENCES: Final[Mapping[Why, str]] = {
    "never": "the package was never approved",
    "list": "the list of what was approved is missing, or was changed since",
    "new": "nobody approved it yet",
    "changed": "it was changed since it was approved",
    "own": "who approved it had added it",
    "frame": "its codes, markets, dates, ramp or caps were changed since they were approved",
    "allow": "what its allows protect was changed since it was approved",
    "other_allow": "what the allows of another package protect of it was changed since approval",
    "exception": "what it makes an exception for was changed since it was approved",
    "override": "an override takes away what it makes an exception for",
}


MOST_TOLD: Final = 100


def told(held: Sequence[Held]) -> tuple[str, ...]:
    """A line for each thing that is held back, and one for what is more than can be read."""
    lines = [str(one) for one in held[:MOST_TOLD]]
    more = len(held) - MOST_TOLD
    return (*lines, f"… and {more:,} more load as shadow") if more > 0 else tuple(lines)


def approved_only(source: Source) -> tuple[Ruleset, tuple[Held, ...]]:
    """The ruleset of files in which only that is live which an approval covers, and the rest.

    The rest is shadow: a material or rule still hits and decides nothing, an allow protects
    nothing. Where it cannot be told part by part, the whole package is: it was never approved, or
    its codes, scope, ramp or caps are others now; and all that it stops is, where one of its allows
    went or changed, as it would stop more than anybody agreed to. Overrides only narrow: they need
    none; but a rule is shadow whose exception one takes away, as it would fire more.
    """
    of = {one.name: one for one in source.packages}
    loaded = source.ruleset.packages
    approvals = {one.name: approval_of(of[one.name]) for one in loaded}
    held = [_held(package, approvals[package.name]) for package in loaded]
    _hold_guarded(loaded, approvals, held)
    _hold_exceptions(loaded, approvals, held, "exception", set())
    off = {one.id for each in loaded for one in _overridden(source.ruleset, each)}
    _hold_exceptions(loaded, {}, held, "override", off)
    both = list(zip(loaded, held, strict=True))
    told = [one for package, parts in both for one in _told(of[package.name], package, parts)]
    made = tuple(_shadowed(package, parts) for package, parts in both)
    return replace(source.ruleset, packages=made), tuple(told)


Parts = dict[str, Why]
"""What is held back of a package, by `package/id`; the package's name stands for all of it."""


def _held(package: Package, approval: Approval) -> Parts:
    whole = _whole(approval)
    found: Parts = {} if whole is None else {package.name: whole}
    for part, cause in approval.uncovered.items():
        if part != FRAME:
            found[f"{package.name}/{part.partition('/')[2]}"] = cause
    return found


def _whole(approval: Approval) -> Why | None:
    """Why nothing of a package may act, if that is so."""
    if not approval.approved:
        return "never"
    if approval.fault:
        return "list"
    if FRAME in approval.uncovered:
        return "own" if approval.uncovered[FRAME] == "own" else "frame"
    changed = (part for part, cause in approval.uncovered.items() if cause == "changed")
    allows = (part.startswith("allow/") for part in (*approval.removed, *changed))
    return "allow" if any(allows) else None


_DOUBTED: Final = frozenset({"list", "own", "frame", "allow"})
"""Why allows that somebody had approved may protect no more."""


def _hold_guarded(
    packages: Sequence[Package], approvals: Mapping[str, Approval], held: Sequence[Parts]
) -> None:
    """Also hold back the packages that the allows of others protect, where these are in doubt."""
    names: set[str] = set()
    for package, parts in zip(packages, held, strict=True):
        whole = parts.get(package.name)
        if whole in _DOUBTED:
            lines = approvals[package.name].lines
            names.update(one.removeprefix(PROTECTS) for one in lines if one.startswith(PROTECTS))
            # Those that are there and approved still protect, where only others are in doubt.
            names |= guarded(package) if whole != "allow" else set()
    for package, parts in zip(packages, held, strict=True) if names else ():
        if package.name in names or not names.isdisjoint(_codes(package)):
            parts.setdefault(package.name, "other_allow")


def _codes(package: Package) -> set[str]:
    """The codes of what there is in a package."""
    some = (*various(package.materials, "policies"), *(one.policies for one in package.rules))
    return {code for codes in some for code in codes}


def _overridden(ruleset: Ruleset, package: Package) -> Iterator[Material | Rule]:
    """What overrides take away of a package, or let match less."""
    for one in ruleset.overrides:
        if (one.status, one.view, one.ramp) != (None, None, None):
            yield from covered(one.target, package) if _owner(one.target) == package.name else ()


def _owner(name: str) -> str:
    return name.partition("/")[0]


def _hold_exceptions(
    packages: Sequence[Package], approvals: Mapping[str, Approval], held: Sequence[Parts],
    why: Why, off: set[str],
) -> None:  # fmt: skip
    """Also hold back the rules whose exceptions are: a rule fires more where its `none` fires less.

    Of what was changed or is gone nobody knows the tags that it had: any tag of its package counts.
    `off`: what is not there for another reason.
    """
    names = {name for parts in held for name in parts} | off
    unsure = {name for name, one in approvals.items() if _lost(one)}
    rules = [
        (parts, rule, frozenset(exceptions(rule.condition)))
        for package, parts in zip(packages, held, strict=True)
        for rule in package.rules
    ]
    tags = {tag for package in packages for tag in _tags(package, names)}
    more = True
    while more:
        more = False
        for parts, rule, asked in rules:
            if rule.id not in parts and any(_is_held(one, names, tags, unsure) for one in asked):
                parts[rule.id], more = why, True
                names.add(rule.id)
                tags.update(rule.tags)


def _lost(approval: Approval) -> bool:
    changed = (part for part, cause in approval.uncovered.items() if cause == "changed")
    return any(not part.startswith(("allow/", FRAME)) for part in (*approval.removed, *changed))


def _tags(package: Package, names: set[str]) -> Iterator[str]:
    """The tags of what is held back of a package."""
    whole = package.name in names
    for some in (package.materials, package.rules):
        for own, tags in zip(column(some, "id"), column(some, "tags"), strict=True):
            if tags and (whole or own in names):
                yield from tags


def exceptions(condition: Condition, *, inside: bool = False) -> Iterator[tuple[str, str]]:
    """The materials and tags that must not be there for a condition to hold, as (op, name)."""
    if inside and condition.op in ("material", "tag"):
        yield condition.op, condition.name
    for part in condition.parts:
        yield from exceptions(part, inside=inside or condition.op == "none")


def _is_held(one: tuple[str, str], names: set[str], tags: set[str], unsure: set[str]) -> bool:
    op, name = one
    package = name.partition("/")[0]
    if op == "material":
        return name in names or package in names
    return name in tags or package in unsure


def _shadowed(package: Package, parts: Parts) -> Package:
    """The package in which what is held back is shadow."""
    whole = parts.get(package.name)
    if whole is not None:
        # What was approved to be let through still is, where only other allows are in doubt.
        keep = whole in ("allow", "other_allow")
        allows = [
            one if keep and one.id not in parts else replace(one, status="shadow")
            for one in package.allows
        ]
        return replace(
            package, status=package.status if keep else "shadow",
            materials=_in_shadow(package.materials, None), allows=tuple(allows),
            rules=tuple(replace(one, status="shadow") for one in package.rules),
        )  # fmt: skip
    if not parts:
        return package
    return replace(
        package, materials=_in_shadow(package.materials, parts.keys()),
        rules=tuple(_one(rule, parts) for rule in package.rules),
        allows=tuple(_one(allow, parts) for allow in package.allows),
    )  # fmt: skip


def _one(part: Any, parts: Parts) -> Any:
    return replace(part, status="shadow") if part.id in parts else part


def _in_shadow(materials: Sequence[Any], ids: Iterable[str] | None) -> Sequence[Any]:
    """The materials, of which some (None: all) are shadow."""
    if not materials:
        return materials
    if not isinstance(materials, Columns):
        names = None if ids is None else frozenset(ids)
        return tuple(
            replace(one, status="shadow") if names is None or one.id in names else one
            for one in materials
        )
    each = {name: values for name, values in materials.each.items() if name != "status"}
    if ids is None:
        same = {**materials.same, "status": "shadow"}
        return Columns(materials.kind, each, same)
    statuses = zip(materials.column("id"), materials.column("status"), strict=True)
    names = frozenset(ids)
    each["status"] = ["shadow" if one in names else status for one, status in statuses]
    same = {name: one for name, one in materials.same.items() if name != "status"}
    return Columns(materials.kind, each, same)


def _told(source: PackageSource, package: Package, parts: Parts) -> Iterator[Held]:
    """What is held back and would have acted, with its place; a whole package is told once."""
    whole = parts.get(package.name)
    if whole is not None:
        if package.status == "live":
            yield Held(package.name, whole, source.file.read.at(("package",)))
        return
    if not parts:
        return
    found = [
        (name, f"{sort}/{name.partition('/')[2]}")
        for sort, some in parts_of(package)
        for name, status in zip(column(some, "id"), column(some, "status"), strict=True)
        if name in parts and status == "live"
    ]
    places = places_of(source, (part for _, part in found))
    for name, part in found:
        yield Held(name, parts[name], places[part])
