"""A workbook that is a package: its sheets -> the same model, tables and places as of YAML."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from automod.errors import Location
from automod.model.scalars import shown

from .entries import Known, PackageFile
from .faults import Faults, did_you_mean
from .headers import SHEETS as ARABIC_SHEETS
from .headers import sheet_of
from .package_file import read_package
from .sheet_tables import is_shown, table_of
from .sheet_tree import LISTS, read_tree
from .workbook_parts import SheetPart
from .workbooks import no_header, read_sheets

SHEETS: Final = ("package", "materials", *LISTS)
"""The sheets of a package, in their order."""


_TITLES: Final = {**dict(zip(SHEETS, SHEETS, strict=True)), **ARABIC_SHEETS}
"""What sheets are called, and the part that each is."""


def is_package(parts: Iterable[SheetPart]) -> bool:
    """Whether a workbook is a package: it has a sheet of that name."""
    return any(sheet_of(one.title) == "package" for one in parts)


def read_package_book(
    path: Path, name: str, parts: Iterable[SheetPart], faults: Faults, notes: list[str]
) -> tuple[PackageFile | None, Known]:
    """The package of a workbook, and the names that its faulty parts would have had.

    Args:
        path: the file.
        name: what it is called in faults.
        parts: its sheets.
        faults: where they go.
        notes: where it goes which sheets were not read.

    Raises:
        MissingExtra: the extra `analyst` is not installed.
    """
    before = len(faults.found)
    chosen = _choose(name, parts, faults, notes)
    lost = set(SHEETS).difference(chosen) if len(faults.found) > before else set()
    grids = read_sheets(path, name, chosen.values(), faults)
    sheets = {part: grids[one.title] for part, one in chosen.items() if one.title in grids}
    package = sheets.get("package")
    if package is None or no_header(package, faults):
        return None, Known()
    lists = {part: sheets[part] for part in LISTS if part in sheets and sheets[part].header}
    tree = read_tree(package, lists, faults)
    materials = sheets.get("materials")
    tables = [table_of(materials, faults)] if materials is not None and materials.header else []
    if tree is None:
        return None, Known()
    found, ghost = read_package(tree, path, faults, notes, tables)
    # What is in a sheet that cannot be read is not known.
    ghost.unsure.update(lost, (part for part in chosen if part not in sheets))
    return found, ghost


def _choose(
    name: str, parts: Iterable[SheetPart], faults: Faults, notes: list[str]
) -> dict[str, SheetPart]:
    """The sheets to read by what they hold; any other that people see is told."""
    chosen: dict[str, SheetPart] = {}
    others: list[SheetPart] = []
    for one in parts:
        part, place = sheet_of(one.title), Location(name, sheet=one.title)
        if part == "rules":
            hint = "write the package as YAML"
            faults.add(place, "a workbook has no rules: they have parts within parts", hint,
                       code="unsupported")  # fmt: skip
        elif part in SHEETS and part in chosen:
            message = f"a second sheet {part!r} (the first is {chosen[part].title!r})"
            faults.add(place, message, code="second")
        elif part in SHEETS:
            chosen[part] = one
        elif is_shown(one):
            others.append(one)
    lacking = [title for title, part in _TITLES.items() if part not in chosen]
    for one in others:
        # A sheet of one's own is welcome; one that is nearly ours would be left out by a slip.
        near = did_you_mean(one.title, lacking)
        if near is not None:
            message = f"{shown(one.title)} is no sheet of a package"
            faults.add(Location(name, sheet=one.title), message, near, code="unknown_key")
        else:
            known = ", ".join(SHEETS)
            notes.append(f"{name}: the sheet {one.title!r} is not read (those read: {known})")
    return chosen
