"""What a package file holds, ready to be assembled: batches of materials, and where each lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from automod.errors import Location
from automod.model import package as written
from automod.model.ruleset import Material
from automod.model.vocabulary import Status

from .faults import Faults
from .policy_table import PolicyNames
from .sample_cache import SampleCache
from .tables import Table
from .written import Read

Check = Callable[[Material, tuple[str, ...]], str | None]
"""What is wrong with a material's value, read in these countries; None when nothing is."""


class Batch(Protocol):
    """Materials from one place, the package file or a table, each valid by itself."""

    @property
    def forms(self) -> Sequence[written.Material]:
        """What materials say besides id and value; those that agree in it share one form."""

    @property
    def form_of(self) -> Sequence[int]:
        """The number of each material's form."""

    @property
    def ids(self) -> Sequence[str | None]:
        """The id of each material."""

    @property
    def values(self) -> Sequence[str | None]:
        """The value of each material."""

    def at(self, row: int, key: str | None = None) -> Location:
        """The place of a material, or of one of its keys."""


@dataclass(frozen=True, slots=True)
class Inline:
    """Materials in the package file itself; `entries` has the index of each in the list."""

    read: Read
    forms: list[written.Material]
    entries: list[int]

    @property
    def form_of(self) -> Sequence[int]:
        """The number of each material's form: its own."""
        return range(len(self.forms))

    @property
    def ids(self) -> Sequence[str | None]:
        """The id of each material."""
        return [one.id for one in self.forms]

    @property
    def values(self) -> Sequence[str | None]:
        """The value of each material."""
        return [one.value for one in self.forms]

    def at(self, row: int, key: str | None = None) -> Location:
        """The place of a material, or of one of its keys."""
        path: tuple[int | str, ...] = ("materials", self.entries[row])
        return self.read.at(path if key is None else (*path, key))


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A package as it was read, without its faulty parts."""

    read: Read
    package: written.Package
    batches: list[Inline | Table]
    folder: Path
    """Where the files that it names are looked for."""

    @property
    def name(self) -> str:
        """The package's name."""
        return self.package.package


@dataclass(slots=True)
class Known:
    """What a package's name stands for to others, also what is draft, retired or faulty."""

    materials: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    allows: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    advertisers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Id of an allow of kind `advertiser` -> its values."""
    asked: list[tuple[str, Location]] = field(default_factory=list)
    """Tags that `needs` and `unless` name (qualified), and where."""
    unsure: set[str] = field(default_factory=set)
    """Lists (`materials`, `rules`, `allow`) with a faulty part: what they lack may be in there."""

    def lacks(self, name: str, *lists: str) -> bool:
        """Whether none of these lists has an id, as far as that can be told."""
        there = {"materials": self.materials, "rules": self.rules, "allow": self.advertisers}
        return not self.unsure & {*lists} and not any(name in there[one] for one in lists)


@dataclass(frozen=True, slots=True)
class Setting:
    """What assembling the parts of one package needs to know."""

    file: PackageFile
    names: PolicyNames
    faults: Faults
    known: Known
    defaults: Mapping[str, Any]
    about: Mapping[str, str]
    """The notes among the defaults."""
    check: Check
    samples: SampleCache

    @property
    def package(self) -> written.Package:
        """The package as it is written."""
        return self.file.package

    @property
    def status(self) -> Status:
        """The package's status."""
        return self.file.package.status

    def refuse_value(self, material: Material, at: Callable[[str], Location]) -> None:
        """Keep a fault when the value is none of its kind."""
        markets = material.scope.markets or self.package.markets
        message = self.check(material, self.names.countries(markets))
        if message is not None:
            self.faults.add(at("value"), message, code="unusable")


def set_values(model: written.MaterialKeys) -> dict[str, Any]:
    """The keys that were written, with their values."""
    return {key: value for key, value in model.__dict__.items() if value is not None}


_ABOUT = ("source", "ticket", "added", "added_by", "note", "example", "not_example")
NOTHING: dict[str, str] = {}
"""Shared by the 100,000 materials that have no notes."""


def about(values: Mapping[str, Any], extra: Mapping[str, str] | None) -> dict[str, str]:
    """The notes of something: what matches nothing, as texts."""
    found = dict(extra) if extra else {}
    found.update((key, str(values[key])) for key in _ABOUT if values.get(key) is not None)
    return found or NOTHING
