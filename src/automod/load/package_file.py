"""A package file and the tables it names -> its model, with the place of everything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic_core import PydanticCustomError

from automod.errors import Location
from automod.model import package as written
from automod.model.scalars import parse_texts

from .entries import Inline, Known, PackageFile
from .faults import Faults, Path
from .files import beside
from .tables import Table, read_table
from .written import validate
from .yaml_tree import Tree

PARTS = ((str, int), (str, str))
"""What may be left out of a faulty package: a material, rule, allow, example; a default, a cap."""

NAMELESS = "?"
"""Stands for the name of a package that has none."""

_STAND_INS: Mapping[str, Any] = {"package": NAMELESS, "version": "0", "owner": "?"}


def read_package(
    tree: Tree, path: FilePath, faults: Faults, notes: list[str]
) -> tuple[PackageFile | None, Known]:
    """The package of a file, and the names that its faulty parts would have had."""
    ghost = Known()
    model, read = validate(tree, written.Package, faults, PARTS, _STAND_INS)
    if model is None:
        return None, ghost
    batches: list[Inline | Table] = []
    inline = Inline(read, [], [])
    for i, entry in enumerate(model.materials):
        if isinstance(entry, written.Material):
            inline.forms.append(entry)
            inline.entries.append(i)
            continue
        place = read.at(("materials", i, "table"))
        table = _table(entry.table, place, path, tree.file, faults, notes)
        if table is None:
            ghost.unsure.add("materials")
        else:
            batches.append(table)
            for cells in table.ghosts:
                _haunt(ghost, cells)
    for unit in read.dropped:
        _haunt_entry(ghost, tree.data, unit)
    return PackageFile(read, model, [inline, *batches], path.parent), ghost


def _table(
    table: str, place: Location, path: FilePath, file: str, faults: Faults, notes: list[str]
) -> Table | None:
    """A table beside the package; it may not lie outside the package's folder."""
    suffix = FilePath(table).suffix.lower()
    if suffix == ".xlsx":
        faults.add(place, "xlsx tables are not supported yet", "save the sheet as CSV")
        return None
    if suffix not in (".csv", ".tsv"):
        faults.add(place, f"{table!r} is not a table", "name a .csv file")
        return None
    target, inside, there = beside(path.resolve().parent, table)
    if not inside:
        faults.add(place, f"{table!r} is outside the package's folder", "put it beside the package")
        return None
    if not there:
        faults.add(place, f"there is no table {table!r}", f"it is looked for beside {file}")
        return None
    return read_table(target, str(FilePath(file).parent / table), faults, notes)


def _haunt(ghost: Known, values: Mapping[str, Any]) -> None:
    """Note the id and tags of a faulty material, so that naming them is no second fault."""
    name = values.get("id")
    if isinstance(name, str):
        ghost.materials.add(name.strip())
    else:
        ghost.unsure.add("materials")
    _haunt_tags(ghost, values)


def _haunt_tags(ghost: Known, values: Mapping[str, Any]) -> None:
    try:
        ghost.tags.update(parse_texts(values.get("tags", ())))
    except PydanticCustomError:
        ghost.unsure.add("materials")


def _haunt_entry(ghost: Known, data: Any, unit: Path) -> None:
    """Note what a part that was left out would have been called by."""
    part = unit[0] if unit else ""
    if part not in ("materials", "rules", "allow"):
        return
    entry = data[part][unit[1]] if len(unit) == 2 else None
    if not isinstance(entry, dict) or "table" in entry:
        ghost.unsure.add(str(part))
        return
    name = entry.get("id")
    if part == "materials":
        _haunt(ghost, entry)
    elif not isinstance(name, str):
        ghost.unsure.add(str(part))
    elif part == "rules":
        ghost.rules.add(name)
        _haunt_tags(ghost, entry)
    else:
        ghost.advertisers[name] = (NAMELESS,)
