"""Sheets of a workbook -> the mapping that a YAML file would have, and the cell of each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from automod.errors import Location
from automod.model.package import Approved
from automod.model.scalars import shown

from .cell_words import word_of
from .cells import read_cell
from .faults import Faults, Path
from .headers import (
    ALLOW_KEYS,
    EXAMPLE_KEYS,
    KEYS,
    OF_ALLOWS,
    OF_EXAMPLES,
    PACKAGE_KEYS,
    allow_key_of,
    example_key_of,
    package_path,
    pair_column_of,
)
from .sheet_tables import columns_of
from .workbooks import Grid

LISTS: Final[
    Mapping[str, tuple[Callable[[str], str | None], frozenset[str], Mapping[str, str]]]
] = {
    "allow": (allow_key_of, ALLOW_KEYS, OF_ALLOWS),
    "examples": (example_key_of, EXAMPLE_KEYS, OF_EXAMPLES),
}
"""Sheets with one entry a row: what a header stands for, and the keys that there are."""

PARTED: Final = frozenset({"title", "defaults", "caps", "approved"})
"""Keys of a package that have keys below them."""

_NEEDED: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "allow": (("id",), ("kind",), ("value", "values", "file", "hash")),
    "examples": (("hits",), ("text", "image")),
}
"""Of each list the keys of which every entry has one."""
_HITS_HINT: Final = "it names what must be found; where nothing must, its cell is blank"

_ELSEWHERE: Final = {
    "materials": "write them in the sheet 'materials', one a row",
    "allow": "write them in the sheet 'allow', one a row",
    "examples": "write them in the sheet 'examples', one a row",
    "rules": "write the package as YAML: rules have parts within parts",
}


@dataclass(frozen=True, slots=True)
class Entries:
    """The rows of a sheet that is a list: one entry a row, the keys as columns."""

    grid: Grid
    columns: Mapping[str, int]
    """Key -> the number of its column."""
    lines: list[int]
    """That of each entry."""

    def at(self, path: Path, is_key: bool) -> Location:
        """The place of a path below the list."""
        if not path or not isinstance(path[0], int) or path[0] >= len(self.lines):
            return Location(self.grid.file, sheet=self.grid.sheet)
        column = self.columns.get(str(path[1])) if len(path) > 1 else None
        line = self.grid.line if is_key and column is not None else self.lines[path[0]]
        return self.grid.at(line, column)


@dataclass(frozen=True, slots=True)
class SheetTree:
    """A package in sheets: `data` as a YAML file would have it, and where each path lies."""

    grid: Grid
    """The sheet `package`."""
    data: dict[str, Any]
    broken: frozenset[Path]
    """Paths that have a fault already."""
    lines: Mapping[Path, int]
    """That of each key of the sheet `package`."""
    columns: tuple[int, int]
    """Those of its keys and of their values."""
    lists: Mapping[str, Entries]

    @property
    def file(self) -> str:
        """The file's name."""
        return self.grid.file

    def at(self, path: Path, is_key: bool = False) -> Location:
        """The place of a path (or of its key); of the nearest thing above it that exists."""
        entries = self.lists.get(str(path[0])) if path else None
        if entries is not None:
            return entries.at(path[1:], is_key)
        for length in range(len(path), 0, -1):
            below = [line for one, line in self.lines.items() if one[:length] == path[:length]]
            if below:
                return self.grid.at(below[0], self.columns[0 if is_key else 1])
        return Location(self.file, sheet=self.grid.sheet)


def read_tree(package: Grid, lists: Mapping[str, Grid], faults: Faults) -> SheetTree | None:
    """The tree of the sheets of a package; None, with a fault, where its keys cannot be told.

    Args:
        package: the sheet of keys and values.
        lists: the sheets of `LISTS` that there are.
        faults: where faults go.
    """
    columns = _pair_columns(package, faults)
    if columns is None:
        return None
    reader = _Reader(faults)
    reader.read_pairs(package, columns)
    found = {name: reader.read_list(name, grid) for name, grid in lists.items()}
    return SheetTree(package, reader.data, frozenset(reader.broken), reader.lines, columns, found)


def _pair_columns(grid: Grid, faults: Faults) -> tuple[int, int] | None:
    """The columns of keys and of values; any other is for notes, or a fault."""
    found: dict[str, int] = {}
    before = len(faults.found)
    for number, header in enumerate(map(str, grid.header)):
        name = pair_column_of(header)
        if name is None and header.strip():
            message = f"{shown(header.strip())} is not a column here"
            near = header.strip(), ("key", "value", "note")
            hint = "the first row is: key, value"
            faults.add(grid.at(grid.line, number), message, hint, near, code="unknown_key")
        elif name is not None and found.setdefault(name, number) != number:
            message = f"the column {name!r} is there twice"
            faults.add(grid.at(grid.line, number), message, code="table")
    missing = [name for name in ("key", "value") if name not in found]
    # What is no column may be the one that was meant.
    for name in missing if len(faults.found) == before else ():
        message = f"the column {name!r} is missing"
        faults.add(grid.at(grid.line), message, "the first row is: key, value", code="table")
    return None if missing else (found["key"], found["value"])


class _Reader:
    """Reads sheet after sheet into one mapping."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.data: dict[str, Any] = {}
        self.broken: set[Path] = set()
        self.lines: dict[Path, int] = {}

    def read_pairs(self, grid: Grid, columns: tuple[int, int]) -> None:
        """The keys and values of the sheet `package`."""
        lines, cells = columns_of(grid, self.faults)
        keys, values = (cells[number] for number in columns)
        for line, raw, value in zip(lines, keys, values, strict=True):
            key = read_cell(raw, "key", partial(grid.at, line, columns[0]), self.faults)
            if key is None or (not key.strip() and _is_blank(value)):
                continue
            if not key.strip():
                message = "there is a value and no key"
                self.faults.add(grid.at(line, columns[0]), message, code="table")
                continue
            path = self._path(key, line, grid, columns[0])
            if path is not None and not _is_blank(value):
                place = partial(grid.at, line, columns[1])
                self._put(path, read_cell(value, _read_as(path), place, self.faults))

    def _path(self, key: str, line: int, grid: Grid, column: int) -> Path | None:
        """Where a key lies; None, with a fault, where it cannot stand here."""
        path = package_path(key)
        if len(path) > 1 and path[0] not in PARTED:
            path = (key.strip(),)
        first, sort = path[0], "table"
        if path in self.lines:
            message = f"the key {shown(key.strip())} is written twice"
            hint = f"it is in row {self.lines[path]} already"
        elif first in _ELSEWHERE:
            message, hint, sort = f"{first!r} does not stand here", _ELSEWHERE[first], "misplaced"
        elif first in PARTED and len(path) == 1:
            message = f"{first!r} has parts"
            hint, sort = f"write each in a row of its own, as {_part_of(first)}", "misplaced"
        else:
            self.lines[path] = line
            return path
        self.faults.add(grid.at(line, column), message, hint, code=sort)
        return None

    def _put(self, path: Path, text: str | None) -> None:
        if text is None:
            self.broken.add(path)
        elif path[0] in ("status", "defaults"):
            text = word_of(str(path[-1]), text)
        if len(path) == 1:
            self.data[str(path[0])] = text
        else:
            self.data.setdefault(str(path[0]), {})[path[1]] = text

    def read_list(self, name: str, grid: Grid) -> Entries:
        """The entries of a sheet that is a list."""
        columns, lacking = self._list_columns(name, grid)
        lines, cells = columns_of(grid, self.faults)
        entries = Entries(grid, columns, [])
        found: list[dict[str, str | None]] = []
        for number, line in enumerate(lines):
            row = {key: cells[column][number] for key, column in columns.items()}
            if all(map(_is_blank, row.values())):
                continue
            self.broken |= {(name, len(found), key) for key in lacking}
            found.append(self._entry((name, len(found)), row, partial(_at, grid, line, columns)))
            entries.lines.append(line)
        if found:
            self.data[name] = found
        return entries

    def _list_columns(self, name: str, grid: Grid) -> tuple[dict[str, int], list[str]]:
        """The columns of a list by their keys, and the keys of every entry that have none."""
        key_of, keys, arabic = LISTS[name]
        found: dict[str, int] = {}
        before = len(self.faults.found)
        for number, header in enumerate(map(str, grid.header)):
            key, place = key_of(header), grid.at(grid.line, number)
            if key is None and header.strip():
                message = f"{shown(header.strip())} is not a key of {_ONE[name]}"
                near = header.strip(), keys if header.isascii() else arabic
                self.faults.add(place, message, near=near, code="unknown_key")
            elif key is not None and found.setdefault(key, number) != number:
                self.faults.add(place, f"the column {key!r} is there twice", code="table")
        lacking = [one[0] for one in _NEEDED[name] if found.keys().isdisjoint(one)]
        # What is no key may be the one that was meant.
        for key in lacking if len(self.faults.found) == before else ():
            hint = _HITS_HINT if key == "hits" else None
            message = f"the column {key!r} is missing"
            self.faults.add(grid.at(grid.line), message, hint, code="table")
        return found, lacking

    def _entry(
        self, path: Path, row: Mapping[str, Any], at: Callable[[str], Location]
    ) -> dict[str, str | None]:
        # A blank cell says that nothing is hit: a list in YAML is written out for that.
        entry: dict[str, str | None] = {"hits": ""} if path[0] == "examples" else {}
        for key, cell in row.items():
            if _is_blank(cell):
                continue
            text = read_cell(cell, key, partial(at, key), self.faults)
            entry[key] = None if text is None else word_of(key, text)
            if text is None:
                self.broken.add((*path, key))
        return entry


_PLAIN_KEYS: Final = PACKAGE_KEYS | Approved.model_fields.keys()
_ONE: Final = {"allow": "an allow", "examples": "an example"}


def _at(grid: Grid, line: int, columns: Mapping[str, int], key: str) -> Location:
    return grid.at(line, columns[key])


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _read_as(path: Path) -> str:
    """The key by whose type a value is read; of a key that is none only that is told."""
    first, last = str(path[0]), str(path[-1])
    if first == "caps":
        return "weight"
    known = {"defaults": KEYS, "title": frozenset({last})}.get(first, _PLAIN_KEYS)
    return last if last in known else "x-"


def _part_of(key: str) -> str:
    parts = {"title": "title.en", "defaults": "defaults.weight", "caps": "caps.NAME of a group"}
    return parts.get(key, "approved.by")
