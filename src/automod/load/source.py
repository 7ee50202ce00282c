"""What files hold as people wrote them, beside what was made of it: for whoever looks at both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from automod.errors import Fault, Location
from automod.model.columns import Columns
from automod.model.override import Override
from automod.model.ruleset import Material, Package, Ruleset

from .entries import Known, PackageFile
from .materials import Rows
from .written import Read
from .yaml_tree import Tree


@dataclass(frozen=True, slots=True)
class PackageSource:
    """One package: as it is written, as it was made, and where each part of it lies.

    Faulty parts are left out. What is draft or retired is in `materials`, not in `package`.
    """

    file: PackageFile
    """The package as it is written; `file.read.at(path)` has the place of its rules and allows."""
    known: Known
    """What its names stand for."""
    package: Package
    """As it is loaded."""
    materials: Columns[Material]
    """All of them, in order of their ids."""
    rows: Rows
    """What `materials` were made of, in the order that they were written in; `keys` are folded."""
    order: Sequence[int]
    """The row of each material."""

    @property
    def name(self) -> str:
        """The package's name."""
        return self.package.name

    def at(self, number: int, key: str | None = None) -> Location:
        """The place of a material by its number in `materials`, or of one of its keys."""
        return self.rows.at(self.order[number], key)


@dataclass(frozen=True, slots=True)
class Source:
    """All that some files hold: the ruleset of what is sound in it, and every fault."""

    ruleset: Ruleset
    """Without what is faulty, draft or retired: it is used only where there are no faults."""
    faults: tuple[Fault, ...]
    """In the order that they were found."""
    notes: tuple[str, ...]
    """What was guessed: encodings, delimiters, files left out."""
    packages: tuple[PackageSource, ...]
    """In the order of their files; also those that are draft or retired."""
    overrides: tuple[tuple[Override, Read], ...]
    """As they are written, with their places."""
    policies: Tree | None
    """The policy table as it is written; None where there is none that can be read."""
