"""What a check is, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.errors import Location
from automod.load.policy_table import PolicyNames
from automod.load.source import PackageSource, Source
from automod.model.finding import Edit, Severity

from .allowed import Held, Shadow, shadows, text_allows
from .commonness import Commonness
from .hosts_of import open_hosts
from .reach import Reach
from .serving import served
from .shortness import Short, short
from .swallow import Claims, Pair, claims_of, swallowed
from .targets import Target, link_pairs, targets
from .wording import Wording

if TYPE_CHECKING:
    from .regexes import Regex

Words = Mapping[str, str]
"""A sentence by language: `en` and `ar`."""


@dataclass(frozen=True, slots=True)
class Found:
    """One place where a check holds; the runner makes a `Finding` of it."""

    location: Location
    values: Mapping[str, Any] = field(default_factory=dict)
    package: str = ""
    subject: str = ""
    related: tuple[Location, ...] = ()
    fix: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked for.

    `name` is its module and the folder of its examples: `examples/NAME/bad.yaml` (or `bad/`, a
    folder of files) is found, `good.yaml` (or `good/`) is not.
    """

    code: str
    name: str
    severity: Severity
    title: Words
    """One line: what is wrong."""
    why: Words
    """Why it matters: a few sentences."""
    message: Words
    """What is said of a finding: `str.format` fills in its values."""
    look: Callable[[World], Iterator[Found]]
    of_absence: bool = False
    """Whether it is about what is not there: where something does not load, that may be why."""


class World:
    """All that checks look at; what several need is worked out once.

    Args:
        source: what the files hold.
        on: the day for which expiry and the like are told.
    """

    def __init__(self, source: Source, on: date) -> None:
        self.source = source
        self.on = on

    @property
    def packages(self) -> tuple[PackageSource, ...]:
        """All packages, also those that are draft or retired."""
        return self.source.packages

    def package_at(self, place: Location) -> str:
        """The name of the package that a file belongs to; empty where that cannot be told."""
        return self._packages_of_files.get(place.file, "")

    @cached_property
    def _packages_of_files(self) -> dict[str, str]:
        found = {one.file.read.tree.file: one.name for one in self.packages}
        for one in self.packages:
            found |= {batch.at(0).file: one.name for batch in one.file.batches if batch.ids}
        return found

    @cached_property
    def only_rows_are_faulty(self) -> bool:
        """Whether all faults are in tables, so that every rule was read."""
        trees = {one.file.read.tree.file for one in self.packages}
        tables = self._packages_of_files.keys() - trees
        return all(fault.location.file in tables for fault in self.source.faults)

    @cached_property
    def wordings(self) -> tuple[Wording, ...]:
        """The materials of each package, column by column."""
        return tuple(map(Wording, self.packages))

    @cached_property
    def reach(self) -> Reach:
        """Where and when everything acts, from the day on."""
        return Reach(self.source, self.on)

    @cached_property
    def served(self) -> Mapping[str, frozenset[str]]:
        """Of each policy code the markets in which something that counts for it acts."""
        return served(self.source.ruleset, self.reach, self.on)

    @cached_property
    def claims(self) -> Claims:
        """What rules, allows and overrides ask for by its name."""
        return claims_of(self.source)

    @cached_property
    def swallowed(self) -> tuple[tuple[Pair, ...], ...]:
        """The materials of each package that another of it swallows."""
        claims = self.claims
        return tuple(
            (*swallowed(one, claims, doubtful), *link_pairs(one, claims, led, doubtful))
            for one, led, doubtful in zip(self.wordings, self.targets, self.doubtful, strict=True)
        )

    @cached_property
    def doubtful(self) -> tuple[AbstractSet[int], ...]:
        """The materials of each package that may not stay: none is left out for their sake."""
        parts = (self.wordings, self.targets, self.short, self.commonness, self.shadows)
        return tuple(
            frozenset(short)
            | {one.number for one in (*common.own, *common.foreign)}
            | {one.number for one in shadowed}
            | {number for number, _ in open_hosts(wording, led)}
            for wording, led, short, common, shadowed in zip(*parts, strict=True)
        )

    @cached_property
    def names(self) -> PolicyNames:
        """What groups of markets hold."""
        return PolicyNames(None, None, self.source.ruleset.policies.groups)

    @cached_property
    def targets(self) -> tuple[Mapping[int, Target], ...]:
        """Where the links, handles and phones of each package lead, by their numbers."""
        return tuple(targets(one, self.names) for one in self.wordings)

    @cached_property
    def text_allows(self) -> list[Held]:
        """The allows of words that are in use."""
        return text_allows(self.packages)

    @cached_property
    def shadows(self) -> tuple[tuple[Shadow, ...], ...]:
        """The materials of each package of which an allow says the same words."""
        return tuple(tuple(shadows(one, self.text_allows)) for one in self.wordings)

    @cached_property
    def regexes(self) -> tuple[Regex, ...]:
        """The patterns of all materials and allows that are in use."""
        from .regexes import regexes_of  # it asks packages for their parts, as checks do

        return tuple(regexes_of(self.packages))

    @cached_property
    def short(self) -> tuple[Mapping[int, Short], ...]:
        """The materials of each package that have too few letters."""
        return tuple(map(short, self.wordings))

    @cached_property
    def commonness(self) -> tuple[Commonness, ...]:
        """The common words of each package."""
        policies = self.source.ruleset.policies
        return tuple(
            Commonness(one, some, policies)
            for one, some in zip(self.wordings, self.short, strict=True)
        )

    @cached_property
    def engine(self) -> Engine:
        """The ruleset compiled, without what is faulty, draft or retired."""
        return compile_ruleset(self.source.ruleset)


def found_by_the_runner(_world: World) -> Iterator[Found]:
    """What such a check says is found by the runner: it alone has ignores and baseline."""
    return iter(())
