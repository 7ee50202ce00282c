"""Files of rules in their canonical form: the same content always looks the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final

from pydantic_core import PydanticCustomError

from automod.errors import LoadError, Location
from automod.load.cell_words import word_of
from automod.load.faults import Faults
from automod.load.files import MAX_TABLE_BYTES, MAX_YAML_BYTES, decode, read_bytes, refuse_suffix
from automod.load.headers import ARABIC, KEYS, key_of
from automod.load.ruleset import OVERRIDES, POLICIES
from automod.load.tables import describe, guess_delimiter, read_sheet
from automod.load.yaml_tree import read_tree
from automod.model.scalars import parse_texts, shown

from .key_order import FREE, MATERIAL, SHAPES, Shape
from .table_edit import cell
from .yaml_comments import comments
from .yaml_layout import Layout
from .yaml_scalars import right_to_left
from .yaml_spans import spans

Paths = str | PathLike[str] | Iterable[str | PathLike[str]]

_YAML: Final = (".yaml", ".yml")
_TABLES: Final = {".csv": ",", ".tsv": "\t"}
_BASIC: Final = ("id", "value", "kind", "weight")
"""Columns that a table keeps when they are blank; of a new row they are asked for first."""

COLUMNS: Final = (
    "id", "value", "kind", "weight", "gap", "radius", "view", "boundary", "file", "hash",
    "algorithm", "policy", "group", "tags", "fields", "markets", "only_languages",
    "only_if_obfuscated", "status", "ramp", "from", "until", "expected_rate", "needs",
    "needs_within", "unless", "source",
    "ticket", "added", "added_by", "example", "not_example", "note",
)  # fmt: skip
"""The columns of a table in their order.

`kind` is directly behind `value`: of `كازينو,0.9` a screen shows the number on the left, in front
of the word, but not of `كازينو,keyword,0.9`. Texts that people write come last for that reason.
"""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file as it is, and in its canonical form."""

    file: str
    before: bytes
    after: bytes
    note: str | None = None
    """What was guessed of a table: its encoding, and what its cells are apart at."""

    @property
    def changes(self) -> bool:
        """Whether the file is not in its canonical form."""
        return self.before != self.after


def formatted(paths: Paths) -> list[Formatted]:
    """Files in their canonical form; nothing is written.

    Of a folder these are the packages, the tables that they name, overrides and the policy table.
    Workbooks have no canonical form: they are left out of folders.

    Raises:
        LoadError: a file cannot be read, is no YAML or no table; it carries every fault.

    >>> [one.file for one in formatted("tests/small_rulesets/contact")]
    ['tests/small_rulesets/contact/package.yaml']
    """
    faults = Faults()
    given = [paths] if isinstance(paths, str | PathLike) else list(paths)
    found: dict[Path, Formatted] = {}
    for name, inside in _files([fspath(one) for one in given], faults):
        for one in _formatted(name, inside, faults):
            found.setdefault(Path(one.file).resolve(), one)
    if faults.found:
        raise LoadError(faults.found)
    return sorted(found.values(), key=lambda one: one.file)


def _files(paths: Iterable[str], faults: Faults) -> Iterator[tuple[str, bool]]:
    """Every file to be looked at, and whether it was found in a folder."""
    for name in paths:
        path = Path(name)
        if path.is_dir():
            below = (one for one in path.rglob("*") if one.suffix in _YAML and one.is_file())
            seen = (one for one in below if not _hidden(one.relative_to(path)))
            yield from ((str(one), True) for one in sorted(seen))
        elif not path.exists():
            faults.add(Location(name), "there is no such file or folder")
        elif path.suffix.lower() in (*_YAML, *_TABLES):
            yield name, False
        else:
            refuse_suffix(name, (*_YAML, *_TABLES), faults)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _formatted(name: str, inside: bool, faults: Faults) -> Iterator[Formatted]:
    if Path(name).suffix.lower() in _TABLES:
        yield from _one(name, MAX_TABLE_BYTES, faults)
        return
    data = read_bytes(Path(name), name, MAX_YAML_BYTES, faults)
    decoded = None if data is None else decode(data, name, faults, windows=False)
    tree = None if decoded is None else read_tree(decoded.text, name, faults)
    if tree is None or data is None or decoded is None or tree.broken:
        return
    if not isinstance(tree.data, dict):
        faults.add(tree.at(()), "the file is no mapping of keys to values")
        return
    sort = sort_of(Path(name), tree.data)
    if sort == "other" and inside:
        return
    after = format_yaml(decoded.text, SHAPES.get(sort, FREE))
    yield Formatted(name, data, after.encode())
    for table in _tables(tree.data) if inside and sort == "package" else ():
        beside = str(Path(name).parent / table)
        if Path(beside).suffix.lower() in _TABLES and Path(beside).is_file():
            yield from _one(beside, MAX_TABLE_BYTES, faults)


def _one(name: str, most: int, faults: Faults) -> Iterator[Formatted]:
    data = read_bytes(Path(name), name, most, faults)
    decoded = None if data is None else decode(data, name, faults, windows=True)
    if data is None or decoded is None:
        return
    after = format_table(decoded.text, name, faults)
    if after is not None:
        note = describe(name, decoded.encoding, guess_delimiter(decoded.text, KEYS))
        yield Formatted(name, data, after.encode(), note)


def sort_of(path: Path, data: Mapping[str, Any]) -> str:
    """What a file of rules is: `package`, `policies`, `override`, or `other`.

    >>> sort_of(Path("overrides/a.yaml"), {}), sort_of(Path("a.yaml"), {"package": "a"})
    ('override', 'package')
    """
    if path.name in (POLICIES, "policies.yml") or ("codes" in data and "package" not in data):
        return "policies"
    if path.parent.name == OVERRIDES or "override" in data:
        return "override"
    return "package" if "package" in data else "other"


def _tables(data: Mapping[str, Any]) -> Iterator[str]:
    entries = data.get("materials")
    for one in entries if isinstance(entries, list) else ():
        if isinstance(one, dict) and isinstance(one.get("table"), str):
            yield one["table"]


def format_yaml(text: str, shape: Shape = FREE) -> str:
    r"""A YAML text in its canonical form: blocks, keys in order, quotes only where they are needed.

    Raises:
        yaml.YAMLError: it is no YAML.

    >>> from .key_order import PACKAGE
    >>> print(format_yaml("{package: a, version: '1.0',\n  policy: A}", PACKAGE), end="")
    package: a
    version: "1.0"
    policy: [A]
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    root = spans(text)
    tree = read_tree(text, "", Faults())
    data = {} if tree is None else tree.data
    return Layout(comments(text, root)).file(with_lists(data, shape), shape)


def with_lists(data: Any, shape: Shape) -> Any:
    """Values in which every list that is written as one text is a list.

    >>> with_lists({"tags": "a; b"}, Shape(lists=frozenset({"tags"})))
    {'tags': ['a', 'b']}
    """
    if isinstance(data, list):
        return [with_lists(one, shape) for one in data]
    if not isinstance(data, dict):
        return data
    return {
        key: _as_list(value) if key in shape.lists else with_lists(value, shape.under(key))
        for key, value in data.items()
    }


def _as_list(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return list(parse_texts(value))
    except PydanticCustomError:
        return value


def format_table(text: str, name: str, faults: Faults) -> str | None:
    r"""A table of materials in its canonical form; None, with faults, when it is none.

    >>> format_table("\ufeffWeight;القيمة;kind\n0.9;كازينو;keyword\n;;\n", "t.csv", Faults())
    'id,value,kind,weight\n,كازينو,keyword,0.9\n'
    """
    sheet = read_sheet(text.removeprefix("\ufeff"), guess_delimiter(text, KEYS), name, faults)
    if sheet is None:
        return None
    before = len(faults.found)
    for line, cells in sheet.wider:
        message = f"the row has {cells} cells, the header has {len(sheet.header)}"
        faults.add(Location(name, line), message, "quote a cell that holds the delimiter")
    columns: dict[str, list[str]] = {}
    for header, cells_ in zip(sheet.header, sheet.columns, strict=True):
        key, place = key_of(header), Location(name, sheet.line, header=header.strip())
        if key in columns:
            faults.add(place, f"the column {key!r} is there twice")
        elif key is not None:
            columns[key] = [_cell(key, one) for one in cells_]
        elif header.strip():
            message = f"{shown(header.strip())} is not a key of a material"
            names = KEYS if header.isascii() else ARABIC
            faults.add(place, message, near=(header.strip(), names))
        elif any(map(str.strip, cells_)):
            faults.add(Location(name, sheet.line), "a column without a header holds cells")
    if len(faults.found) > before:
        return None
    return table_text(columns, _TABLES.get(Path(name).suffix.lower(), ","))


def _cell(key: str, written: str) -> str:
    """A cell in its canonical form: words as files have them, lists apart at one sort of mark."""
    told = word_of(key, "" if written.isspace() else written)
    return cell(_as_list(told)) if told and key in MATERIAL.lists else told


def table_text(columns: Mapping[str, list[str]], delimiter: str = ",") -> str:
    """The text of a table; columns that are blank all the way down are left out."""
    rows = max(map(len, columns.values()), default=0)
    blank = [""] * rows
    held = {key: cells for key, cells in columns.items() if any(cells)}
    basic = dict.fromkeys(_BASIC, blank)
    names = _ordered({**basic, **held})
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(names)
    for row in zip(*(held.get(key, blank) for key in names), strict=True):
        if any(row):
            writer.writerow(row)
    return stream.getvalue()


def _ordered(columns: Mapping[str, list[str]]) -> list[str]:
    """The columns in order; `value` goes to the end where nothing can stand behind it."""
    known = [key for key in COLUMNS if key in columns]
    known += sorted(key for key in columns if key not in COLUMNS)
    kinds, values = columns["kind"], columns["value"]
    parted = all(
        kind or not right_to_left(value) for kind, value in zip(kinds, values, strict=True)
    )
    if not parted:
        known.remove("value")
        known.append("value")
    return known
