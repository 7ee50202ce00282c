"""CSV tables of materials: encoding and delimiter guessed, and told; a place for each cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Final

from pydantic import TypeAdapter, ValidationError

from automod.errors import Location
from automod.model.package import Material
from automod.model.scalars import shown

from .faults import Faults, Path, add_errors
from .files import MAX_TABLE_BYTES, decode, read_bytes
from .headers import KEYS, key_of

MAX_ROWS: Final = 3_000_000
DELIMITERS: Final = (",", ";", "\t")
_NAMES: Final = {",": "','", ";": "';'", "\t": "tab"}

_ROWS: Final = TypeAdapter(list[Material])


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells of a table: the header row, then rows, each with the line it begins in."""

    header: list[str]
    rows: list[list[str]]
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are valid by themselves, with their lines; `headers` is the header of each key.

    `ghosts` are the cells of faulty rows (key -> text): their ids and tags are known names.
    """

    file: str
    materials: list[Material]
    lines: Sequence[int]
    headers: dict[str, str]
    ghosts: list[dict[str, str]]

    def at(self, row: int, key: str | None = None) -> Location:
        """The place of a row, or of one of its cells."""
        return Location(self.file, self.lines[row], header=self.headers.get(key or ""))


def read_table(path: FilePath, name: str, faults: Faults, notes: list[str]) -> Table | None:
    """The materials of a CSV file; its faults go to `faults`, what was guessed to `notes`."""
    data = read_bytes(path, name, MAX_TABLE_BYTES, faults)
    decoded = None if data is None else decode(data, name, faults, windows=True)
    if decoded is None:
        return None
    delimiter = guess_delimiter(decoded.text, KEYS)
    note = describe(name, decoded.encoding, delimiter)
    if note:
        notes.append(note)
    sheet = read_sheet(decoded.text, delimiter, name, faults)
    return None if sheet is None else _table(sheet, name, faults)


def describe(name: str, encoding: str, delimiter: str) -> str | None:
    """What a reader should be told of a guess; None for UTF-8 with commas.

    >>> describe("terms.csv", "cp1256", ";")
    "terms.csv: read as cp1256, cells apart at ';'"
    """
    if encoding == "utf-8" and delimiter == ",":
        return None
    return f"{name}: read as {encoding}, cells apart at {_NAMES[delimiter]}"


def guess_delimiter(text: str, known: Iterable[str]) -> str:
    """The delimiter that makes most known headers of the first line; the comma when in doubt.

    >>> guess_delimiter("kind;value;weight", {"kind", "value"})
    ';'
    """
    names = set(known)
    first = text[:100_000].lstrip("\r\n").split("\n", 1)[0].rstrip("\r")

    def score(delimiter: str) -> tuple[int, int]:
        cells = [cell.strip().strip('"') for cell in first.split(delimiter)]
        return sum(cell in names or key_of(cell) is not None for cell in cells), len(cells)

    return max(DELIMITERS, key=score)


def read_sheet(text: str, delimiter: str, name: str, faults: Faults) -> Sheet | None:
    """The cells of a CSV text; None, with a fault, when it has no header."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        before = 0
        for row in reader:
            rows.append(row)
            lines.append(before + 1)
            before = reader.line_num
            if len(rows) > MAX_ROWS:
                faults.add(Location(name), f"has more than {MAX_ROWS} rows")
                return None
    except csv.Error as error:
        place = Location(name, (lines[-1] if lines else 0) + 1 if not rows else before + 1)
        faults.add(place, f"this row is not CSV: {error}", "is a quotation mark left open?")
    first = next((i for i, row in enumerate(rows) if any(map(str.strip, row))), None)
    if first is None:
        faults.add(Location(name), "has no header row") if not lines else None
        return None
    return Sheet(rows[first], rows[first + 1 :], lines[first:])


def _table(sheet: Sheet, name: str, faults: Faults) -> Table | None:
    keys = _keys(sheet, name, faults)
    headers = {key: sheet.header[i].strip() for i, key in enumerate(keys) if key}
    width = len(keys)
    records: list[dict[str, str]] = []
    lines: list[int] = []
    for row, line in zip(sheet.rows, sheet.lines[1:], strict=True):
        if len(row) > width and any(map(str.strip, row[width:])):
            message = f"the row has {len(row)} cells, the header has {width}"
            faults.add(Location(name, line), message, "quote a cell that holds the delimiter")
            continue
        record = {
            key: cell
            for key, cell in zip(keys, row, strict=False)
            if key and cell and not cell.isspace()
        }
        if record:
            records.append(record)
            lines.append(line)
    return _validated(records, lines, headers, name, faults)


def _keys(sheet: Sheet, name: str, faults: Faults) -> list[str | None]:
    line = sheet.lines[0]
    keys: list[str | None] = []
    for header in sheet.header:
        key = key_of(header)
        place = Location(name, line, header=header.strip())
        if key is None and header.strip():
            message = f"{shown(header.strip())} is not a key of a material"
            faults.add(place, message, near=(header.strip(), KEYS))
        if key is not None and key in keys:
            faults.add(place, f"the column {key!r} is there twice")
            key = None
        keys.append(key)
    return keys


def _validated(
    records: list[dict[str, str]],
    lines: list[int],
    headers: dict[str, str],
    name: str,
    faults: Faults,
) -> Table:
    try:
        return Table(name, _ROWS.validate_python(records), lines, headers, [])
    except ValidationError as error:
        bad = {int(detail["loc"][0]) for detail in error.errors(include_url=False)}

        def at(path: Path, _is_key: bool) -> Location:
            header = headers.get(str(path[1])) if len(path) > 1 else None
            return Location(name, lines[int(path[0])], header=header)

        add_errors(faults, error, Material, at)
    good = [i for i in range(len(records)) if i not in bad]
    materials = _ROWS.validate_python([records[i] for i in good])
    ghosts = [records[i] for i in sorted(bad)]
    return Table(name, materials, [lines[i] for i in good], headers, ghosts)
