"""What was changed on purpose: overrides, and dates of materials, which are no drift."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from automod.load.overrides import covered
from automod.model.counters import EVERYWHERE
from automod.model.ruleset import Material, Override, Package, Rule, Ruleset
from automod.policy.markets import Markets

from .drift import LeftOut


@dataclass(frozen=True, slots=True)
class _Known:
    """One override, and the subjects it is about."""

    override: Override
    subjects: frozenset[str]


def left_out_by(ruleset: Ruleset, first: date, last: date) -> LeftOut:
    """What says why a material or package is not to be watched for drift.

    An override that was in force on some of the days changes what it is about, and whoever wrote it
    knows; so does the day on which a material begins or ends. A weight changes no hit.

    Args:
        ruleset: the rules as they are now.
        first: of the days that are looked at.
        last: of them, inclusive.
    """
    packages = {one.name: one for one in ruleset.packages}
    markets = Markets(ruleset.policies)
    known = [
        _Known(one, _subjects(one, packages[one.target.partition("/")[0]]))
        for one in ruleset.overrides
        if (one.status is not None or one.view is not None)
        and _during(one, first, last)
        and one.target.partition("/")[0] in packages
    ]
    ends = dict(_dated(ruleset.packages, first, last))

    def reason(subject: str, market: str) -> str | None:
        package = subject.partition("/")[0]
        for one in known:
            about = subject in one.subjects
            if about and _reaches(one.override, market, markets):
                return f"override {one.override.id}"
        return ends.get(subject) or ends.get(package)

    return reason


def _during(one: Override, first: date, last: date) -> bool:
    return (one.from_ or date.min) <= last and (one.until or date.max) >= first


def _subjects(one: Override, package: Package) -> frozenset[str]:
    names = {member.id for member in covered(one.target, package)}
    return frozenset({*names, package.name} if "/" not in one.target else names)


def _reaches(one: Override, market: str, markets: Markets) -> bool:
    """Whether an override changes the hits that are counted in a market.

    One for some markets that leaves hits as they are, but in shadow, changes no sum of all markets.
    """
    if not one.markets:
        return True
    if market == EVERYWHERE:
        return one.status != "shadow"
    return not markets.lineage(market).isdisjoint(one.markets)


def _dated(packages: Iterable[Package], first: date, last: date) -> Iterator[tuple[str, str]]:
    for package in packages:
        parts: tuple[Package | Material | Rule, ...] = (
            package, *package.materials, *package.rules,
        )  # fmt: skip
        for one in parts:
            name = one.name if isinstance(one, Package) else one.id
            if one.scope.from_ is not None and first < one.scope.from_ <= last:
                yield name, f"from {one.scope.from_}"
            elif one.scope.until is not None and first <= one.scope.until < last:
                yield name, f"until {one.scope.until}"
