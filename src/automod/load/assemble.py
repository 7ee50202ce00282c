"""Package files, policy table, overrides -> Ruleset: every name resolved, every fault kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from automod.errors import Location
from automod.model import override as override_model
from automod.model.columns import Columns
from automod.model.ruleset import (
    EVERYWHERE,
    Example,
    Material,
    Override,
    Package,
    PolicyTable,
    Rule,
    Ruleset,
    Scope,
)

from .allows import make_allows
from .entries import Check, Known, PackageFile, Setting, about, set_values
from .faults import Faults
from .files import beside
from .forms import OFF, full
from .materials import Rows, active, make_materials, name_rows, rows_of
from .overrides import make_override
from .policy_table import PolicyNames, check_days, circles
from .rules import World, check_tag, make_rules, tags_under
from .sample_cache import SampleCache
from .written import Read


@dataclass(frozen=True, slots=True)
class Parts:
    """A package half made: its own parts, before names of other packages are looked at."""

    setting: Setting
    materials: Columns[Material]
    """In order of their ids; also those that are draft or retired."""
    sugar: list[Rule]
    """What `needs` and `unless` stand for."""
    rows: Rows
    order: Sequence[int]
    """The row of each material."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A ruleset, and what it was made of."""

    ruleset: Ruleset
    parts: tuple[Parts, ...]
    packages: Mapping[str, Package]
    """By name; also those that are draft or retired."""


def assemble(
    files: Sequence[tuple[PackageFile, Known]],
    policies: tuple[PolicyTable, PolicyNames],
    overrides: Sequence[tuple[override_model.Override, Read]],
    blind: bool,
    check: Check,
    samples: SampleCache,
    faults: Faults,
) -> Assembled:
    """The ruleset of what was read; what does not fit together goes to `faults`.

    Args:
        files: Packages, each with the names its faulty parts would have had.
        policies: The policy table, and what it lets packages name.
        overrides: Overrides, with their places.
        blind: Whether a file was too broken to tell which package it holds.
        check: What is wrong with the value of a material, if anything.
        samples: Those of files that were read before.
        faults: Where faults go.
    """
    table, names = policies
    parts = [_own_parts(file, ghost, names, check, samples, faults) for file, ghost in files]
    world = World({one.setting.package.package: one.setting.known for one in parts}, blind)
    packages = {
        one.setting.package.package: _package(one, world)
        for one in parts
    }  # fmt: skip
    loaded = {name: package for name, package in packages.items() if package.status not in OFF}
    _refuse_circles(parts, loaded, faults)
    found: dict[str, Override] = {}
    for one, read in overrides:
        made = make_override(one, read, names, world, loaded, faults)
        if made.id in found:
            faults.add(read.at(("override",)), f"a second override {made.id!r}", code="second")
        found[made.id] = made
    ruleset = Ruleset(
        packages=tuple(loaded[name] for name in sorted(loaded)),
        policies=table,
        overrides=tuple(found[name] for name in sorted(found)),
    )
    return Assembled(ruleset, tuple(parts), packages)


def _own_parts(
    file: PackageFile,
    ghost: Known,
    names: PolicyNames,
    check: Check,
    samples: SampleCache,
    faults: Faults,
) -> Parts:
    package, read = file.package, file.read
    defaults = set_values(package.defaults)
    notes = about(defaults, package.defaults.model_extra)
    setting = Setting(file, names, faults, ghost, defaults, notes, check, samples)
    names.check_codes(package.policy, read.at(("policy",)), faults)
    names.check_markets(package.markets, read.at(("markets",)), faults)
    check_days(package.from_, package.until, read.at(("until",)), faults)
    _check_defaults(setting)
    taken = _taken_by_rules(setting)
    rows = rows_of(file.batches, setting)
    names_, order = name_rows(rows, taken, setting)
    materials, order, sugar = make_materials(rows, names_, order, setting)
    return Parts(setting, materials, sugar, rows, order)


def _check_defaults(setting: Setting) -> None:
    read, faults, defaults = setting.file.read, setting.faults, setting.defaults
    if not defaults:
        return

    def at(key: str) -> Location:
        return read.at(("defaults", key))

    setting.names.check_codes(defaults.get("policy", ()), at("policy"), faults)
    setting.names.check_markets(defaults.get("markets", ()), at("markets"), faults)
    check_days(defaults.get("from_"), defaults.get("until"), at("until"), faults)


def _taken_by_rules(setting: Setting) -> dict[str, int | Location]:
    """The ids of rules and allows: materials share one set of names with them."""
    taken: dict[str, int | Location] = {}
    known, read = setting.known, setting.file.read
    entries = [
        *((("rules", i), rule.id) for i, rule in enumerate(setting.package.rules)),
        *((("allow", i), allow.id) for i, allow in enumerate(setting.package.allow)),
    ]
    for path, name in entries:
        place = read.at((*path, "id"))
        first = taken.setdefault(name, place)
        if first is not place:
            setting.faults.add(place, f"the id {name!r} is taken by {first}", code="id_taken")
    for rule in setting.package.rules:
        known.rules.add(rule.id)
        known.tags.update(rule.tags or ())
        known.groups |= {rule.group} if rule.group else set()
    for allow in setting.package.allow:
        known.allows.add(allow.id)
        if allow.kind == "advertiser" and allow.values:
            known.advertisers[allow.id] = tuple(sorted(set(allow.values)))
    return taken


def _package(parts: Parts, world: World) -> Package:
    setting = parts.setting
    one, read = setting.package, setting.file.read
    for tag, place in setting.known.asked:
        check_tag(tag, place, setting, world)
    rules = [*make_rules(setting, world), *(one for one in parts.sugar if one.status not in OFF)]
    scope = Scope(one.markets, (), one.from_, one.until)
    return Package(
        name=one.package, version=one.version, owner=one.owner, title=dict(one.title),
        policies=one.policy, languages=one.languages, status=one.status,
        scope=EVERYWHERE if scope == EVERYWHERE else scope,
        materials=active(parts.materials),
        rules=tuple(sorted(rules, key=attrgetter("id"))),
        allows=tuple(sorted(make_allows(setting, world), key=attrgetter("id"))),
        caps=_caps(setting, read), examples=_examples(setting, read),
        about=about(one.__dict__, one.model_extra), ramp=full(one.ramp),
        expected_rate=one.expected_rate,
    )  # fmt: skip


def _caps(setting: Setting, read: Read) -> dict[str, float]:
    known, caps = setting.known, setting.package.caps
    for group in caps:
        if group not in known.groups and not known.unsure & {"materials", "rules"}:
            place = read.at(("caps", group), True)
            near = (group, known.groups)
            setting.faults.add(place, f"no group {group!r} here", near=near, code="unknown_name")
    return {f"{setting.package.package}/{group}": most for group, most in sorted(caps.items())}


def _examples(setting: Setting, read: Read) -> tuple[Example, ...]:
    known = setting.known
    there = known.materials | known.rules
    found = []
    for i, one in enumerate(setting.package.examples):
        for name in one.hits:
            if known.lacks(name, "materials", "rules"):
                place = read.at(("examples", i, "hits"))
                message = f"there is no material or rule {name!r}"
                # A comma parts nothing in a cell: several ids were taken for one.
                hint = "several ids stand apart by ';'" if "," in name else None
                near = None if hint else (name, there)
                setting.faults.add(place, message, hint, near=near, code="unknown_name")
        if one.image is not None:
            _refuse_image(one.image, read.at(("examples", i, "image")), setting)
        found.append(Example(one.text or "", one.hits, one.known, one.image or ""))
    return tuple(found)


def _refuse_image(name: str, place: Location, setting: Setting) -> None:
    """Keep a fault about the image of an example that is not there, or elsewhere."""
    _, inside, there = beside(setting.file.folder, name)
    if not inside:
        setting.faults.add(place, f"{name!r} is outside the package's folder", code="file")
    elif not there:
        message = f"there is no file {name!r} beside the package"
        setting.faults.add(place, message, code="file")


def _refuse_circles(
    parts: Iterable[Parts], packages: Mapping[str, Package], faults: Faults
) -> None:
    """Keep a fault for each rule that leans on a tag which it, or a rule it leans on, carries."""
    rules = {rule.id: rule for package in packages.values() for rule in package.rules}
    carriers: dict[str, list[str]] = {}
    for rule in rules.values():
        for tag in rule.tags:
            carriers.setdefault(tag, []).append(rule.id)
    below = {
        name: [one for tag in tags_under(rule.condition) for one in carriers.get(tag, ())]
        for name, rule in rules.items()
    }
    for name in circles(below) if carriers else ():
        package, _, local = name.partition("/")
        for one in parts:
            if one.setting.package.package == package:
                place = _rule_place(one.setting, local)
                faults.add(
                    place,
                    f"the rule {local!r} rests on itself",
                    "use another tag",
                    code="condition",
                )


def _rule_place(setting: Setting, name: str) -> Location:
    for i, rule in enumerate(setting.package.rules):
        if rule.id == name:
            return setting.file.read.at(("rules", i))
    return setting.file.read.at(())
