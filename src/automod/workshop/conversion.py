"""The same content in another sort of file: packages as YAML or XLSX, tables as CSV or XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from automod.errors import InputError, LoadError, Location
from automod.load.cell_words import with_words
from automod.load.cells import texts_of
from automod.load.faults import Faults
from automod.load.files import (
    MAX_TABLE_BYTES,
    MAX_YAML_BYTES,
    beside,
    decode,
    read_bytes,
    refuse_suffix,
)
from automod.load.headers import KEYS, sheet_of
from automod.load.package_book import is_package, read_package_book
from automod.load.package_file import read_package
from automod.load.sheet_tables import columns_of, is_shown, table_of
from automod.load.tables import Head, guess_delimiter, head_of, read_sheet, read_table
from automod.load.workbook_parts import SheetPart
from automod.load.workbooks import Grid, look_into, no_header, read_sheets
from automod.load.yaml_tree import read_tree
from automod.model.scalars import shown

from .foreign_lists import LeftOut, is_foreign, read_foreign
from .formatting import table_text, with_lists
from .key_order import MATERIAL, PACKAGE
from .table_edit import cell
from .yaml_comments import comments
from .yaml_layout import Layout
from .yaml_spans import spans

_YAML: Final = (".yaml", ".yml")
_TABLES: Final = {".csv": ",", ".tsv": "\t"}
_BOOK: Final = ".xlsx"
_LISTS: Final = ("materials", "allow", "examples")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, whatever sort of file it is.

    `data` is a package as YAML has it, every list a list and the rows of its tables among its
    materials; of a table it is `materials` alone.
    """

    is_package: bool
    data: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    """What was guessed, and what another sort of file cannot hold."""
    left_out: tuple[LeftOut, ...] = ()
    """What others list and automod has no material for."""

    @property
    def materials(self) -> list[Record]:
        """Its materials."""
        return list(self.data.get("materials", ()))


def read_content(path: str) -> Content:
    """What a file holds: a package, a table of materials, or a list that others keep.

    Raises:
        LoadError: it cannot be read, or has faults; it carries every one of them.

    >>> content = read_content("tests/small_rulesets/gambling/terms.csv")
    >>> content.is_package, content.materials[1]["value"]
    (False, 'كازينو')
    """
    faults, notes = Faults(), list[str]()
    suffix = Path(path).suffix.lower()
    content: Content | None = None
    if suffix in _YAML:
        content = _of_yaml(path, faults, notes)
    elif suffix == _BOOK:
        content = _of_workbook(path, faults, notes)
    elif suffix in _TABLES:
        rows = _rows_of_csv(path, faults, notes)
        content = None if rows is None else Content(False, {"materials": rows})
    elif is_foreign(path):
        rows, left_out = read_foreign(path, faults, notes)
        content = Content(False, {"materials": rows}, (), tuple(left_out))
    else:
        refuse_suffix(path, (*_YAML, *_TABLES, _BOOK, ".json", ".txt"), faults)
    if faults.found or content is None:
        raise LoadError(faults.found)
    return Content(content.is_package, content.data, tuple(notes), content.left_out)


def _of_yaml(path: str, faults: Faults, notes: list[str]) -> Content | None:
    data = read_bytes(Path(path), path, MAX_YAML_BYTES, faults)
    decoded = None if data is None else decode(data, path, faults, windows=False)
    tree = None if decoded is None else read_tree(decoded.text, path, faults)
    if tree is None or decoded is None:
        return None
    if not isinstance(tree.data, dict) or "package" not in tree.data:
        faults.add(tree.at(()), "is no package: it has no key 'package'")
        return None
    read_package(tree, Path(path), faults, notes)
    if faults.found:
        return None
    whole = with_lists(tree.data, PACKAGE)
    rows = [row for one in whole.get("materials", ()) for row in _rows(one, path, faults)]
    if "materials" in whole:
        whole["materials"] = rows
    if comments(decoded.text, spans(decoded.text)):
        notes.append(f"{path}: its comments and blank lines stay behind: other files have none")
    return Content(True, whole)


def _rows(entry: Record, path: str, faults: Faults) -> Iterable[Record]:
    """An entry of `materials`, or the rows of the table that it names."""
    if "table" not in entry:
        return [entry]
    target, _, _ = beside(Path(path).resolve().parent, entry["table"])
    if target.suffix.lower() == _BOOK:
        return _rows_of_book(target, str(target), faults, [], None) or ()
    # What was guessed of it was noted when it was read as part of the package.
    return _rows_of_csv(str(target), faults, []) or ()


def _rows_of_csv(path: str, faults: Faults, notes: list[str]) -> list[Record] | None:
    if read_table(Path(path), path, faults, notes) is None or faults.found:
        return None
    data = read_bytes(Path(path), path, MAX_TABLE_BYTES, faults)
    decoded = None if data is None else decode(data, path, faults, windows=True)
    if decoded is None:
        return None
    delimiter = guess_delimiter(decoded.text, KEYS)
    sheet = read_sheet(decoded.text, delimiter, path, faults)
    if sheet is None:
        return None
    head = head_of(path, sheet.header, lambda _: Location(path), faults)
    return _records(head, sheet.columns)


def _records(head: Head, columns: Iterable[Iterable[str]]) -> list[Record]:
    """Rows by their keys; what is blank says nothing."""
    found = []
    for cells in zip(*columns, strict=True):
        pairs = zip(head.keys, cells, strict=True)
        row = with_words({key: one for key, one in pairs if key and one.strip()})
        if row:
            found.append(with_lists(row, MATERIAL))
    return found


def _of_workbook(path: str, faults: Faults, notes: list[str]) -> Content | None:
    parts = look_into(Path(path), path, faults)
    if parts is None:
        return None
    if not is_package(parts):
        rows = _rows_of_book(Path(path), path, faults, notes, parts)
        return None if rows is None else Content(False, {"materials": rows})
    package, _ = read_package_book(Path(path), path, parts, faults, notes)
    if package is None or faults.found:
        return None
    rows = _rows_of_book(Path(path), path, faults, [], parts)
    data = with_lists(package.read.tree.data, PACKAGE)
    return Content(True, {**data, "materials": rows} if rows else data)


def _rows_of_book(
    path: Path, name: str, faults: Faults, notes: list[str], parts: Sequence[SheetPart] | None
) -> list[Record] | None:
    """The rows of the sheet `materials`; of a table, else of its first sheet. None with faults."""
    parts = look_into(path, name, faults) if parts is None else parts
    seen = [one for one in parts or () if is_shown(one)]
    chosen = [one for one in parts or () if sheet_of(one.title) == "materials"]
    if parts is None or (is_package(parts) and not chosen):
        return None
    if not is_package(parts):
        chosen = chosen or seen[:1]
        others = ", ".join(repr(one.title) for one in seen if one not in chosen)
        if others and chosen:
            notes.append(f"{name}: the sheet {chosen[0].title!r} is read, not {others}")
    if len(chosen) != 1:
        message = "has two sheets of materials" if chosen else "has no sheet that is not hidden"
        faults.add(Location(name), message)
        return None
    grid = read_sheets(path, name, chosen, faults).get(chosen[0].title)
    if grid is None or not grid.header:
        if grid is not None and not is_package(parts):
            no_header(grid, faults)
        return None
    return _records_of(grid, faults)


def _records_of(grid: Grid, faults: Faults) -> list[Record] | None:
    """The rows of a sheet; None with faults."""
    rows = list(grid.rows)
    before = len(faults.found)
    table_of(replace(grid, rows=iter(rows)), faults)
    if len(faults.found) > before:
        return None
    lines, columns = columns_of(replace(grid, rows=iter(rows)), faults)
    head = head_of(grid.file, grid.header, lambda _: grid.at(grid.line), faults, grid.sheet)
    texts = [
        texts_of(column, key, lambda row: grid.at(lines[row]), faults)[0]
        if key
        else [""] * len(lines)
        for key, column in zip(head.keys, columns, strict=True)
    ]
    return _records(head, texts)


def yaml_text(content: Content) -> str:
    """A package as YAML, in its canonical form.

    Raises:
        InputError: it is a table.
    """
    if not content.is_package:
        hint = "write a .csv or .xlsx, and name it in a package as table:"
        raise InputError(f"a table of materials is no package; {hint}")
    return Layout().file(content.data, PACKAGE)


def csv_text(content: Content, delimiter: str = ",") -> str:
    """A table as CSV, in its canonical form.

    Raises:
        InputError: it is a package.
    """
    if content.is_package:
        raise InputError("a package is more than a table; write it as .yaml or .xlsx")
    rows = content.materials
    keys = dict.fromkeys(key for row in rows for key in row)
    columns = {key: [cell(row.get(key)) for row in rows] for key in keys}
    return table_text(columns, delimiter)


def refuse_what_no_table_holds(content: Content) -> None:
    """Raise where a workbook could not hold all of a package.

    Raises:
        InputError: it has rules, or notes with parts.
    """
    data = content.data
    if data.get("rules"):
        count = len(data["rules"])
        raise InputError(
            f"the package has {count} rule{'' if count == 1 else 's'}: conditions within conditions"
            " have no place in a sheet; keep it as YAML, its materials may be a table of it"
        )
    for path, value in _notes_with_parts(data):
        raise InputError(f"{path!r} has parts ({value!r}): a cell holds one text")


def _notes_with_parts(data: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    entries = [one for key in ("materials", "allow") for one in data.get(key, ())]
    for one in (data, data.get("defaults", {}), *entries):
        for key, value in one.items():
            if key.startswith("x-") and not isinstance(value, str):
                yield key, value


def read_again(data: bytes, name: str) -> Content:
    """What bytes hold that are to become a file of this name.

    Raises:
        LoadError: they cannot be read; it carries every fault.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder, Path(name).name)
        path.write_bytes(data)
        return read_content(str(path))


def differences(before: Content, after: Content) -> list[str]:
    """What is in one of two contents and not in the other, by its path; at most a few.

    >>> a, b = Content(True, {"owner": "a"}), Content(True, {"owner": "b"})
    >>> differences(a, b)
    ["owner: 'a' became 'b'"]
    """
    found: list[str] = []
    _compare(before.data, after.data, "", found.append)
    return found[:10]


def _compare(one: Any, other: Any, path: str, tell: Callable[[str], None]) -> None:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys([*one, *other]):
            below = f"{path}.{key}".removeprefix(".")
            _compare(one.get(key), other.get(key), below, tell)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            _compare(left, right, f"{path}[{number}]", tell)
    elif one != other and not (_says_nothing(one, path) and _says_nothing(other, path)):
        tell(f"{path}: {shown(one)} became {shown(other)}")


def _says_nothing(value: Any, path: str) -> bool:
    """Whether a value is as good as none: a blank one, or an empty list of entries."""
    return value in (None, "", {}) or (not value and path in (*_LISTS, "rules"))
