"""A package file and the tables it names -> its model, with the place of everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from pydantic_core import PydanticCustomError

from automod.errors import Location
from automod.model import package as written
from automod.model.scalars import parse_texts

from .entries import Inline, Known, PackageFile
from .faults import Faults, Path
from .files import beside
from .sheet_tables import read_book_table
from .tables import Table, read_table
from .written import Placed, validate

PARTS = ((str, int), (str, str))
"""What may be left out of a faulty package: a material, rule, allow, example; a default, a cap."""

NAMELESS = "?"
"""Stands for the name of a package that has none."""

_SHOWN = frozenset({"value", "file", "hash"})
"""Keys of which every material has one: what it matches."""

_STAND_INS: Mapping[str, Any] = {"package": NAMELESS, "version": "0", "owner": "?"}


def read_package(
    tree: Placed,
    path: FilePath,
    faults: Faults,
    notes: list[str],
    tables: Iterable[Table] = (),
) -> tuple[PackageFile | None, Known]:
    """The package of a file, and the names that its faulty parts would have had.

    Args:
        tree: what the file holds.
        path: the file: what the package names is looked for beside it.
        faults: where faults go.
        notes: where guesses go.
        tables: materials that the file has beside those in the tree.
    """
    ghost = Known()
    model, read = validate(tree, written.Package, faults, PARTS, _STAND_INS)
    if model is None:
        return None, ghost
    batches: list[Inline | Table] = [_readable(one, model, faults) for one in tables]
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
            batches.append(_readable(table, model, faults))
    for cells in (cells for one in batches if isinstance(one, Table) for cells in one.ghosts):
        _haunt(ghost, cells)
    for unit in read.dropped:
        _haunt_entry(ghost, tree.data, unit)
    return PackageFile(read, model, [inline, *batches], path.parent), ghost


def _table(
    table: str, place: Location, path: FilePath, file: str, faults: Faults, notes: list[str]
) -> Table | None:
    """A table beside the package; it may not lie outside the package's folder."""
    suffix = FilePath(table).suffix.lower()
    if suffix not in (".csv", ".tsv", ".xlsx"):
        faults.add(place, f"{table!r} is not a table", "name a .csv or .xlsx file", code="file")
        return None
    target, inside, there = beside(path.resolve().parent, table)
    if not inside:
        faults.add(
            place,
            f"{table!r} is outside the package's folder",
            "put it beside the package",
            code="file",
        )
        return None
    if not there:
        faults.add(
            place, f"there is no table {table!r}", f"it is looked for beside {file}", code="file"
        )
        return None
    read = read_book_table if suffix == ".xlsx" else read_table
    return read(target, str(FilePath(file).parent / table), faults, notes)


def _readable(table: Table, model: written.Package, faults: Faults) -> Table:
    """The table as far as it can be read: a column that no row can do without may not be there.

    That is told once, not of each of 100,000 rows; and not at all where a header is no key: it is
    told of already, and may be the one that was meant.
    """
    lacking = list(_lacking(table, model)) if table.lines else []
    if not table.head.unsure:
        place = Location(table.file, table.head.line, sheet=table.head.sheet)
        for key in lacking:
            hint = None if key == "value" else "add it, or write it once for all in 'defaults'"
            faults.add(place, f"the column {key!r} is missing", hint, code="missing")
    if not lacking:
        return table
    if lacking == ["weight"]:
        # What else is wrong with the rows can be told all the same.
        forms = [one.model_copy(update={"weight": one.weight or 0.0}) for one in table.forms]
        return replace(table, forms=forms)
    ghosts = [{"id": name} if name else {} for name in table.ids]
    tags = [",".join(one.tags) for one in table.forms if one.tags]
    return replace(
        table, forms=[], form_of=[], ids=[], values=[], lines=[],
        ghosts=[*table.ghosts, *ghosts, *({"tags": one} for one in tags)],
    )  # fmt: skip


def _lacking(table: Table, model: written.Package) -> Iterator[str]:
    """The keys that every row needs, and that neither a column nor the defaults give."""
    keys = table.headers.keys()
    if "kind" not in keys and model.defaults.kind is None:
        yield "kind"
    if keys.isdisjoint(_SHOWN):
        yield "value"
    if "weight" not in keys and model.defaults.weight is None and model.policy:
        yield "weight"


def _haunt(ghost: Known, values: Mapping[str, Any]) -> None:
    """Note the id and tags of a faulty material, so that naming them is no second fault."""
    name = values.get("id")
    if isinstance(name, str):
        ghost.materials.add(name.strip())
    else:
        ghost.unsure.add("materials")
    group = values.get("group")
    if isinstance(group, str):
        ghost.groups.add(group.strip())
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
