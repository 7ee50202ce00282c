"""An override that narrows nothing."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.overrides import covered
from automod.model.override import Override
from automod.model.ruleset import Material, Package, Rule
from automod.model.vocabulary import STATUS_RANK, VIEW_RANK
from automod.workshop.lint.check import Check, Found, World


def _look(world: World) -> Iterator[Found]:
    homes = {package.name: package for package in world.source.ruleset.packages}
    for one, read in world.source.overrides:
        if one.until is not None and one.until < world.on:
            continue
        package = one.target.partition("/")[0]
        if not _narrows(world, one, homes.get(package)):
            values = {"override": one.override, "target": one.target}
            yield Found(read.at(("target",)), values, package, one.override)


def _narrows(world: World, one: Override, package: Package | None) -> bool:
    if package is None:
        return False  # draft or retired
    return any(
        _changes(one, member, package) and _meets(world, one, member, package)
        for member in covered(one.target, package)
    )


def _changes(one: Override, member: Material | Rule, package: Package) -> bool:
    """Whether it makes a member narrower than it is."""
    to = one.set_
    status = min(member.status, package.status, key=STATUS_RANK.__getitem__)
    if to.status is not None and STATUS_RANK[to.status] < STATUS_RANK[status]:
        return True
    if to.weight is not None and to.weight < member.weight:
        return True
    if to.ramp is not None and to.ramp < 1 and status == "live":
        return True
    if to.view is None or not isinstance(member, Material):
        return False
    return VIEW_RANK[to.view] < VIEW_RANK[member.view]


def _meets(world: World, one: Override, member: Material | Rule, package: Package) -> bool:
    """Whether some market is both its own and the member's."""
    asked = [names for names in (one.markets, member.scope.markets, package.scope.markets) if names]
    if len(asked) < 2 or not one.markets:
        return True
    lineages = map(world.reach.markets.lineage, world.reach.names)
    return any(all(not lineage.isdisjoint(some) for some in asked) for lineage in lineages)


CHECK = Check(
    code="AM412",
    name="idle_override",
    severity="warning",
    title={"en": "an override that changes nothing", "ar": "تجاوز لا يغير شيئًا"},
    why={
        "en": "What it is about is as narrow already, is draft or retired, or never acts in its "
        "markets. Somebody believes that it switches something off: look whether it is the right "
        "target.",
        "ar": "هدفه ضيق بهذا القدر أصلًا، أو مسودة أو متقاعد، أو لا يعمل في أسواقه. وهناك من يظن "
        "أنه يوقف شيئًا: تأكد من أن الهدف صحيح.",
    },
    message={
        "en": "the override {override} changes nothing of {target}",
        "ar": "التجاوز {override} لا يغير شيئًا من {target}",
    },
    look=_look,
    of_absence=True,
)
