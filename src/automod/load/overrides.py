"""Overrides as written -> overrides: the target is there, and nothing is widened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from automod.errors import Location
from automod.model import override as written
from automod.model.columns import column, picked
from automod.model.ruleset import Material, Override, Package, Rule
from automod.model.vocabulary import STATUS_RANK, VIEW_RANK, View

from .faults import Faults
from .policy_table import PolicyNames, check_days
from .rules import World
from .written import Read


def make_override(
    one: written.Override,
    read: Read,
    names: PolicyNames,
    world: World,
    packages: Mapping[str, Package],
    faults: Faults,
) -> Override:
    """The override of a file; what is wrong with it goes to `faults`."""
    names.check_markets(one.markets, read.at(("markets",)), faults)
    check_days(one.from_, one.until, read.at(("until",)), faults)
    if _target_is_there(one.target, read.at(("target",)), world, faults):
        package = packages.get(one.target.partition("/")[0])
        if package is not None:
            _refuse_widening(one, list(covered(one.target, package)), read, faults)
            _refuse_longer_ramp(one, package, read, faults)
    return Override(
        id=one.override, target=one.target, by=one.by, ticket=one.ticket, markets=one.markets,
        status=one.set_.status, weight=one.set_.weight, view=one.set_.view,
        from_=one.from_, until=one.until, reason=one.permanent or "", ramp=one.set_.ramp,
    )  # fmt: skip


def _target_is_there(target: str, place: Location, world: World, faults: Faults) -> bool:
    package, _, part = target.partition("/")
    known = world.packages.get(package)
    if known is None:
        if not world.blind:
            near = (package, world.packages)
            faults.add(place, f"there is no package {package!r}", near=near, code="unknown_name")
        return False
    if part in known.allows:
        message = f"{target!r} is an allow: to take it away would widen"
        faults.add(place, message, "edit the package", code="widening")
        return False
    is_tag = part.startswith("tag:")
    name = part.removeprefix("tag:")
    there = known.tags if is_tag else known.materials | known.rules
    if not part or name in there or known.unsure & {"materials", "rules"}:
        return True
    what = "tag" if is_tag else "material or rule"
    faults.add(
        place, f"{package!r} has no {what} {name!r}", near=(name, there), code="unknown_name"
    )
    return False


def covered(target: str, package: Package) -> Iterable[Material | Rule]:
    """The materials and rules of a package that a target speaks of.

    The rule that `needs` or `unless` stands for goes with its material.
    """
    name, _, part = target.partition("/")
    parts: tuple[Sequence[Material | Rule], ...] = (package.materials, package.rules)
    for some in parts:
        if not part:
            yield from some
        elif part.startswith("tag:"):
            tag = f"{name}/{part.removeprefix('tag:')}"
            yield from (some[n] for n, tags in enumerate(column(some, "tags")) if tag in tags)
        else:
            yield from picked(some, "id", (target, f"{target}+needs"))


def _refuse_widening(
    one: written.Override, members: list[Material | Rule], read: Read, faults: Faults
) -> None:
    """An override of many must narrow some: those that are narrower already stay as they are."""
    if not members:
        return
    weights = [member.weight for member in members]
    if one.set_.weight is not None and one.set_.weight > max(weights):
        message = f"weight {one.set_.weight} is above {max(weights)}: an override only narrows"
        faults.add(read.at(("set", "weight")), message, code="widening")
    views = [member.view for member in members if isinstance(member, Material)]
    loosest: View = max(views, key=VIEW_RANK.__getitem__, default="exact")
    view = one.set_.view
    if view is not None and VIEW_RANK[view] > VIEW_RANK[loosest]:
        message = f"view {view!r} is looser than {loosest!r}: an override only narrows"
        faults.add(read.at(("set", "view")), message, code="widening")
    most = max((member.status for member in members), key=STATUS_RANK.__getitem__)
    if one.set_.status is not None and STATUS_RANK[one.set_.status] > STATUS_RANK[most]:
        message = f"status {one.set_.status!r} is above {most!r}: an override only narrows"
        faults.add(read.at(("set", "status")), message, code="widening")


def _refuse_longer_ramp(
    one: written.Override, package: Package, read: Read, faults: Faults
) -> None:
    """A ramp of what has one already takes from it: the same creatives, and no more of them."""
    ramp = one.set_.ramp
    if ramp is None:
        return
    named = [package] if one.target == package.name else covered(one.target, package)
    own = [member.ramp for member in named]
    if own and ramp > max(own):
        message = f"ramp {ramp:g} is above {max(own):g}: an override only narrows"
        faults.add(read.at(("set", "ramp")), message, code="widening")
