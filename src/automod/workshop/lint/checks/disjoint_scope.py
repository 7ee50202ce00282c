"""A part of a package that acts nowhere, because its package acts elsewhere or at other times."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.source import PackageSource
from automod.model.columns import various
from automod.model.ruleset import EVERYWHERE, Scope
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import allows_of, in_use, listed, rules_of


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        yield from _of_materials(world, package)
        for number, rule in rules_of(package):
            yield from _of_part(world, package, ("rules", number), rule.id, rule.scope)
        for number, allow in allows_of(package):
            yield from _of_part(world, package, ("allow", number), allow.id, allow.scope)


def _of_materials(world: World, package: PackageSource) -> Iterator[Found]:
    scopes = {scope: _clash(world, package, scope) for scope in various(package.materials, "scope")}
    if not any(scopes.values()):
        return
    for number, scope in enumerate(package.materials.column("scope")):
        key = scopes[scope]
        if key:
            values = _values(package, scope, key)
            name = package.materials[number].id
            yield Found(package.at(number, key), values, package.name, name)


def _of_part(
    world: World, package: PackageSource, path: tuple[str, int], name: str, scope: Scope
) -> Iterator[Found]:
    key = _clash(world, package, scope)
    if key:
        place = package.file.read.at((*path, key))
        yield Found(place, _values(package, scope, key), package.name, name)


def _clash(world: World, package: PackageSource, scope: Scope) -> str:
    """The key that shuts a part out of its package; empty where none does."""
    above = package.package.scope
    if EVERYWHERE in (scope, above):
        return ""
    if scope.until is not None and above.from_ is not None and scope.until < above.from_:
        return "until"
    if scope.from_ is not None and above.until is not None and scope.from_ > above.until:
        return "from"
    if scope.markets and above.markets:
        lineages = map(world.reach.markets.lineage, world.reach.names)
        shared = any(
            not one.isdisjoint(scope.markets) and not one.isdisjoint(above.markets)
            for one in lineages
        )
        return "" if shared else "markets"
    return ""


def _values(package: PackageSource, scope: Scope, key: str) -> dict[str, str]:
    above = package.package.scope
    if key == "markets":
        return {"key": key, "own": listed(scope.markets), "theirs": listed(above.markets)}
    own, theirs = (scope.until, above.from_) if key == "until" else (scope.from_, above.until)
    return {"key": key, "own": str(own), "theirs": str(theirs)}


CHECK = Check(
    code="AM312",
    name="disjoint_scope",
    severity="error",
    title={
        "en": "a part that its own package never lets act",
        "ar": "جزء لا تسمح له حزمته بالعمل أبدًا",
    },
    why={
        "en": "A part acts where and when both it and its package do. These markets or days have "
        "nothing in common, so it never acts: nobody is protected, and nothing says so.",
        "ar": "يعمل الجزء حيث وحين يعمل هو وحزمته معًا. وهذه الأسواق أو الأيام لا يجمعها شيء، فلا "
        "يعمل أبدًا: لا أحد محمي ولا شيء ينبه إلى ذلك.",
    },
    message={
        "en": "it never acts: its {key} ({own}) has nothing in common with its package's "
        "({theirs})",
        "ar": "لا يعمل أبدًا: قيمة {key} فيه ({own}) لا تلتقي بما في حزمته ({theirs})",
    },
    look=_look,
)
