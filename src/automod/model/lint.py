"""What the linter found, as JSON has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from .finding import Severity

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; `line` is the row of a table, `header` its column."""

    file: str
    sheet: str | None
    line: int | None
    column: int | None
    header: str | None


@dataclass(frozen=True, slots=True)
class Mending:
    """An edit that would mend it: of which entry, which key, and what it says then."""

    package: str
    path: tuple[int | str, ...]
    key: str | None
    value: Any


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One finding, with its sentences in the language that was asked for."""

    code: str
    name: str
    severity: Severity
    title: str
    message: str
    hint: str | None
    place: Place
    package: str
    subject: str
    related: tuple[Place, ...]
    fix: tuple[Mending, ...]
    fingerprint: str
    """The same wherever its line moves to."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A finding that is not told, why, and what says so."""

    finding: LintFinding
    reason: str
    by: Literal["ignore", "baseline"]


@dataclass(frozen=True, slots=True)
class Lint:
    """All that was found."""

    schema: Literal[1]
    automod: str
    on: date
    lang: Literal["en", "ar"]
    counts: Mapping[Severity, int]
    findings: tuple[LintFinding, ...]
    left_out: tuple[LeftOut, ...]
    broken: tuple[str, ...]
    """Checks that could not be made, which is a bug."""
