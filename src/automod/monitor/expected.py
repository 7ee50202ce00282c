"""What each material is expected to hit at most, and on which days it is young."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from automod.load.approval import SUGAR, approval_of
from automod.load.overrides import covered
from automod.load.source import Source
from automod.model.columns import column, various
from automod.model.ruleset import Override, Package, Ruleset, Scope
from automod.policy.markets import acts_on

YOUNG: Final = 0.02
"""The share of creatives that young material is expected to hit at most."""
YOUNG_CREATIVES: Final = 500
"""So many of them at least are looked at before it is judged."""
YOUNG_DAYS: Final = 2
"""It is young on the day on which it began, and on the next: logs know days, not hours."""

Why = Literal["written", "young"]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one material or rule is held to."""

    id: str
    """What hit logs call it."""
    target: str
    """What an override of it names: of the rule of a `needs` its material."""
    rate: float
    why: Why
    scopes: tuple[Scope, ...]
    """Where and when a creative is one that it could hit."""
    policies: tuple[str, ...]

    @property
    def least(self) -> int:
        """How many creatives there must be before it is judged."""
        return YOUNG_CREATIVES if self.why == "young" else 0


def expectations(ruleset: Ruleset, on: date, approved: Mapping[str, date]) -> list[Expectation]:
    """What the live materials and rules of a ruleset are held to; those without are left out.

    Written is `expected_rate`, of the material or of its package. Without it, what is young is held
    to `YOUNG`, if it adds to a score: what began on one of these days, or on the last of them not
    after `on`: `from` and `added`, its own and its package's; its approval; the day after the last
    one of an override that narrowed it.

    Args:
        ruleset: the present one.
        on: today.
        approved: id -> the day on which it was approved, where that is known.
    """
    lapsed = [one for one in ruleset.overrides if one.until is not None and one.until < on]
    return [
        expectation
        for package in ruleset.packages
        if package.status == "live"
        for expectation in _of_package(package, on, approved, lapsed)
    ]


def approval_days(source: Source) -> dict[str, date]:
    """The day on which each part of packages was approved as it is now, by its id."""
    days: dict[str, date] = {}
    for package in source.packages:
        if package.file.package.approved is None:
            continue
        approval = approval_of(package)
        for part, line in approval.lines.items():
            if part not in approval.uncovered and part in approval.digests:
                days[f"{package.name}/{part.partition('/')[2]}"] = date.fromisoformat(line.on)
    return days


@dataclass(frozen=True, slots=True)
class _Part:
    id: str
    status: str
    weight: float
    policies: tuple[str, ...]
    scope: Scope
    about: Mapping[str, str]
    expected_rate: float | None


_COLUMNS: Final = ("id", "status", "weight", "policies", "scope", "about", "expected_rate")


def _of_package(
    package: Package, on: date, approved: Mapping[str, date], lapsed: Iterable[Override]
) -> Iterator[Expectation]:
    back = _back(package, lapsed)
    for part in _parts(package, on, bool(approved or back)):
        if part.status != "live" or not acts_on(part.scope, on):
            continue
        rate = package.expected_rate if part.expected_rate is None else part.expected_rate
        target = part.id.removesuffix(SUGAR)
        scopes = (package.scope, part.scope)
        if rate is not None:
            yield Expectation(part.id, target, rate, "written", scopes, part.policies)
        elif part.weight > 0 and part.policies:
            days = [*_days(package, part), approved.get(part.id), *back.get(part.id, ())]
            if born := max((day for day in days if day is not None and day <= on), default=None):
                young = Scope((), (), born, born + timedelta(days=YOUNG_DAYS - 1))
                yield Expectation(part.id, target, YOUNG, "young", (*scopes, young), part.policies)


def _parts(package: Package, on: date, all_may_be: bool) -> Iterator[_Part]:
    """The materials and rules of a package that may be held to something."""
    if not acts_on(package.scope, on):
        return
    dated = package.scope.from_ is not None or "added" in package.about
    for several in (package.materials, package.rules):
        may_be = all_may_be or dated or package.expected_rate is not None
        # Of 100,000 materials that say nothing of this, none is looked at.
        may_be = may_be or any(one is not None for one in various(several, "expected_rate"))
        may_be = may_be or any(one.from_ is not None for one in various(several, "scope"))
        if may_be or any("added" in one for one in various(several, "about")):
            yield from map(_Part, *(column(several, name) for name in _COLUMNS))


def _days(package: Package, part: _Part) -> Iterator[date | None]:
    yield from (package.scope.from_, part.scope.from_)
    for about in (package.about, part.about):
        if "added" in about:
            yield date.fromisoformat(about["added"])


def _back(package: Package, lapsed: Iterable[Override]) -> dict[str, list[date]]:
    """The days on which an override no longer held, by the id of what it narrowed."""
    found: dict[str, list[date]] = {}
    for override in lapsed:
        if override.target.partition("/")[0] == package.name and override.until is not None:
            for member in covered(override.target, package):
                found.setdefault(member.id, []).append(override.until + timedelta(days=1))
    return found
