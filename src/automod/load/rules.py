"""Rules as written -> rules: conditions with every name resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from automod.errors import Location
from automod.model import package as written
from automod.model.ruleset import Condition, Rule

from .entries import Known, Setting, about
from .faults import Path
from .forms import OFF, full, less_active, scope_of
from .materials import NO_WEIGHT
from .policy_table import check_days

_LEAVES = ("material", "tag", "found", "advertiser", "attribute")


@dataclass(frozen=True, slots=True)
class World:
    """What every package's name stands for, and packages of which nothing could be read.

    `blind` is True when a file was too broken to tell even the name of its package.
    """

    packages: Mapping[str, Known]
    blind: bool

    def find(self, qualified: str) -> tuple[Known | None, str]:
        """The package of a qualified name, and the name in it."""
        package, _, name = qualified.partition("/")
        return self.packages.get(package), name


def make_rules(setting: Setting, world: World) -> list[Rule]:
    """The rules of a package that are not draft or retired."""
    found = []
    for i, one in enumerate(setting.package.rules):
        rule = _rule(one, ("rules", i), setting, world)
        if rule is not None and rule.status not in OFF:
            found.append(rule)
    return found


def _rule(one: written.Rule, path: Path, setting: Setting, world: World) -> Rule | None:
    read, faults = setting.file.read, setting.faults
    values = one.__dict__
    setting.names.check_codes(one.policy or (), read.at((*path, "policy")), faults)
    setting.names.check_markets(one.markets or (), read.at((*path, "markets")), faults)
    check_days(one.from_, one.until, read.at((*path, "until")), faults)
    policies = setting.package.policy if one.policy is None else one.policy
    if one.weight is None and policies:
        faults.add(read.at(path), NO_WEIGHT, "a rule has no default weight", code="weightless")
    condition = _Conditions(setting, world).node(one, path)
    if condition is None:
        return None
    if not _rests(condition):
        hint = "name a material, a tag or what is found outside of 'none'"
        faults.add(read.at(path), "the rule could fire without any hit", hint, code="condition")
    package = setting.package.package
    return Rule(
        id=f"{package}/{one.id}", condition=condition, weight=one.weight or 0.0,
        policies=policies, tags=tuple(f"{package}/{tag}" for tag in one.tags or ()),
        group=f"{package}/{one.group}" if one.group else None,
        within=one.within, same_field=bool(one.same_field),
        status=less_active(setting.status, one.status), scope=scope_of(values),
        about=about(values, one.model_extra), ramp=full(one.ramp), expected_rate=one.expected_rate,
    )  # fmt: skip


def _rests(condition: Condition) -> bool:
    """Whether a condition can hold only where something was hit."""
    parts = condition.parts
    if condition.op == "all":
        return any(map(_rests, parts))
    if condition.op == "any":
        return all(map(_rests, parts))
    if condition.op == "at_least":
        return sum(not _rests(part) for part in parts) < condition.count
    return condition.op in ("material", "tag", "found")


class _Conditions:
    """Makes conditions of one package; faults are kept, a faulty part is left out."""

    def __init__(self, setting: Setting, world: World) -> None:
        self.setting, self.world = setting, world
        self.faults = setting.faults

    def at(self, path: Path) -> Location:
        """The place of a path of the package file."""
        return self.setting.file.read.at(path)

    def node(self, one: written.Condition | written.Rule, path: Path) -> Condition | None:
        """One condition; None, with a fault, when it is none."""
        leaves = _written_leaves(one)
        groups = [
            (op, parts)
            for op, parts in (("all", one.all_), ("any", one.any_), ("none", one.none_))
            if parts is not None
        ]
        if len(leaves) + bool(groups or one.at_least is not None or one.of is not None) != 1:
            self._refuse_shape(one, leaves, path)
            return None
        if leaves and isinstance(one, written.Condition):
            return self._leaf(one, leaves[0], path)
        found = [self._group(op, parts, path) for op, parts in groups]
        if one.at_least is not None or one.of is not None:
            found.append(self._at_least(one, path))
        made = [part for part in found if part is not None]
        if len(made) < len(found):
            return None
        return made[0] if len(made) == 1 else Condition("all", parts=tuple(_flat(made)))

    def _refuse_shape(
        self, one: written.Condition | written.Rule, leaves: list[str], path: Path
    ) -> None:
        if isinstance(one, written.Rule):
            hint = "write all, any or at_least"
            self.faults.add(self.at(path), "the rule has no condition", hint, code="condition")
        elif leaves:
            message = f"one condition says {' and '.join(leaves)}" if len(leaves) > 1 else (
                f"{leaves[0]!r} stands beside all, any, none or at_least")  # fmt: skip
            self.faults.add(self.at(path), message, "make a list entry of each", code="condition")
        else:
            hint = f"one of: {', '.join(_LEAVES)}"
            self.faults.add(self.at(path), "the condition is empty", hint, code="condition")

    def _group(self, op: str, parts: tuple[written.Condition, ...], path: Path) -> Condition | None:
        made = self._parts(parts, (*path, op))
        if made is None:
            return None
        if op == "all":
            return Condition("all", parts=made)
        return Condition("any" if op == "any" else "none", parts=made)

    def _parts(
        self, parts: tuple[written.Condition, ...], path: Path
    ) -> tuple[Condition, ...] | None:
        if not parts:
            self.faults.add(self.at(path), f"{path[-1]!r} is an empty list", code="condition")
            return None
        made = [self.node(part, (*path, i)) for i, part in enumerate(parts)]
        whole = tuple(part for part in made if part is not None)
        return whole if len(whole) == len(made) else None

    def _at_least(self, one: written.Condition | written.Rule, path: Path) -> Condition | None:
        if one.at_least is None or one.of is None:
            self.faults.add(self.at(path), "'at_least' and 'of' go together", code="condition")
            return None
        parts = self._parts(one.of, (*path, "of"))
        if parts is None:
            return None
        if not 1 <= one.at_least <= len(parts):
            message = f"'at_least' is {one.at_least}, 'of' has {len(parts)} parts"
            self.faults.add(self.at((*path, "at_least")), message, code="condition")
            return None
        return Condition("at_least", count=one.at_least, parts=parts)

    def _leaf(self, one: written.Condition, key: str, path: Path) -> Condition | None:
        place = self.at((*path, key))
        if (one.in_ is None) != (one.attribute is None):
            self.faults.add(place, "'attribute' and 'in' go together", code="condition")
            return None
        if one.material is not None:
            return self._material(self._qualified(one.material), place)
        if one.tag is not None:
            tag = self._qualified(one.tag)
            check_tag(tag, place, self.setting, self.world)
            return Condition("tag", tag)
        if one.found is not None:
            return Condition("found", one.found)
        if one.advertiser is not None:
            return self._advertiser(one.advertiser, place)
        return Condition("attribute", one.attribute or "", one.in_ or ())

    def _qualified(self, name: str) -> str:
        return name if "/" in name else f"{self.setting.package.package}/{name}"

    def _material(self, name: str, place: Location) -> Condition:
        known, local = self.world.find(name)
        if known is not None and known.lacks(local, "materials"):
            near = (local, known.materials)
            self.faults.add(place, f"there is no material {name!r}", near=near, code="unknown_name")
        check_package(name, known, place, self.setting, self.world)
        return Condition("material", name)

    def _advertiser(self, asked: str | tuple[str, ...], place: Location) -> Condition:
        if not isinstance(asked, str):
            return Condition("advertiser", values=asked)
        name = self._qualified(asked)
        known, local = self.world.find(name)
        values = () if known is None else known.advertisers.get(local, ())
        if known is not None and known.lacks(local, "allow"):
            message = f"there is no allow {name!r} of kind advertiser"
            hint = "or write a list of advertisers' ids"
            self.faults.add(
                place, message, hint, near=(local, known.advertisers), code="unknown_name"
            )
        check_package(name, known, place, self.setting, self.world)
        return Condition("advertiser", name, values)


def _written_leaves(one: written.Condition | written.Rule) -> list[str]:
    if isinstance(one, written.Rule):
        return []
    leaves = [key for key in _LEAVES if getattr(one, key) is not None]
    return leaves or (["attribute"] if one.in_ is not None else [])


def _flat(parts: list[Condition]) -> Iterator[Condition]:
    for part in parts:
        if part.op == "all":
            yield from part.parts
        else:
            yield part


def check_package(
    name: str, known: Known | None, place: Location, setting: Setting, world: World
) -> None:
    """Keep a fault when the package of a qualified name is not there."""
    if known is None and not world.blind:
        package = name.partition("/")[0]
        near = (package, world.packages)
        setting.faults.add(
            place, f"there is no package {package!r}", near=near, code="unknown_name"
        )


def check_tag(name: str, place: Location, setting: Setting, world: World) -> None:
    """Keep a fault when nothing has a tag."""
    known, local = world.find(name)
    if known is not None and not known.unsure & {"materials", "rules"} and local not in known.tags:
        near = (local, known.tags)
        setting.faults.add(place, f"nothing has the tag {name!r}", near=near, code="unknown_name")
    check_package(name, known, place, setting, world)


def tags_under(condition: Condition) -> Iterator[str]:
    """The tags a condition leans on, at any depth."""
    if condition.op == "tag":
        yield condition.name
    for part in condition.parts:
        yield from tags_under(part)
