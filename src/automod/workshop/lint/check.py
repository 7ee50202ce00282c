"""What a check is, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.errors import Location
from automod.load.source import PackageSource, Source
from automod.model.finding import Edit, Severity

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

    @cached_property
    def engine(self) -> Engine:
        """The ruleset compiled, without what is faulty, draft or retired."""
        return compile_ruleset(self.source.ruleset)
