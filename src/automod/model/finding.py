"""What the linter says of a package, and what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from automod.errors import Location

Severity = Literal["error", "warning", "info"]

SEVERITY_RANK: Final[Mapping[Severity, int]] = {"info": 0, "warning": 1, "error": 2}

Path = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a package as it is written.

    `path` is the entry it is about: `("materials", 3)` is the material of that number in
    `PackageSource.materials`, wherever it is written; `("allow", 0)`, `("rules", 1)` and
    `("examples", 2)` count as the package file does; `()` is the package itself.
    """

    package: str
    path: Path
    key: str | None
    """None: the whole entry."""
    value: Any = None
    """What the key says from now on, as it is written in YAML; None: it is taken out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    code: str
    """`AM` and three digits."""
    severity: Severity
    location: Location
    package: str = ""
    subject: str = ""
    """The qualified id of what it is about, where it has one."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the check's message has blanks for."""
    related: tuple[Location, ...] = ()
    """Other places that matter: the first of two, the word that swallows."""
    fix: tuple[Edit, ...] = ()
    """Edits that mend it and change nothing else; empty where a person must decide."""
