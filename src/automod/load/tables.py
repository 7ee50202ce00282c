"""CSV tables of materials: encoding and delimiter guessed, and told; a place for each cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter
from pathlib import Path as FilePath
from typing import Final

from pydantic import TypeAdapter, ValidationError

from automod.errors import Location
from automod.model.package import Material
from automod.model.scalars import Id, RawText, shown

from .faults import Faults, Path, add_errors
from .files import MAX_TABLE_BYTES, decode, read_bytes
from .headers import KEYS, key_of

MAX_ROWS: Final = 3_000_000
DELIMITERS: Final = (",", ";", "\t")
_NAMES: Final = {",": "','", ";": "';'", "\t": "tab"}

_OWN: Final = frozenset({"id", "value"})
"""The keys in which nearly every row differs from every other."""

_FORMS: Final = TypeAdapter(list[Material])
_IDS: Final = TypeAdapter(list[Id | None])
_VALUES: Final = TypeAdapter(list[RawText | None])

Keys = Sequence[str | None]
"""What the columns are; None where a header is no key."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells of a table: the header row, then rows, each with the line it begins in."""

    header: list[str]
    rows: list[list[str]]
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are valid by themselves, with their lines; `headers` is the header of each key.

    `forms` are the rows without id and value, each once. `ghosts` are the cells of faulty rows
    (key -> text): their ids and tags are known names.
    """

    file: str
    forms: list[Material]
    form_of: list[int]
    ids: list[str | None]
    values: list[str | None]
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
    rows, lines = _rows_at_once(text, delimiter) or _rows_one_by_one(text, delimiter, name, faults)
    if len(rows) > MAX_ROWS:
        faults.add(Location(name), f"has more than {MAX_ROWS} rows")
        return None
    first = next((i for i, row in enumerate(rows) if any(map(str.strip, row))), None)
    if first is None:
        faults.add(Location(name), "has no header row") if not lines else None
        return None
    return Sheet(rows[first], rows[first + 1 :], lines[first:])


def _rows_at_once(text: str, delimiter: str) -> tuple[list[list[str]], Sequence[int]] | None:
    """All rows and their lines; None when a row is faulty or goes over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(islice(reader, MAX_ROWS + 1))
    except csv.Error:
        return None
    return (rows, range(1, len(rows) + 1)) if reader.line_num == len(rows) else None


def _rows_one_by_one(
    text: str, delimiter: str, name: str, faults: Faults
) -> tuple[list[list[str]], Sequence[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    before = 0
    try:
        for row in islice(reader, MAX_ROWS + 1):
            rows.append(row)
            lines.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        message = f"this row is not CSV: {error}"
        faults.add(Location(name, before + 1), message, "is a quotation mark left open?")
    return rows, lines


def _table(sheet: Sheet, name: str, faults: Faults) -> Table:
    keys = _keys(sheet, name, faults)
    headers = {key: sheet.header[i].strip() for i, key in enumerate(keys) if key}
    rows, lines = _without_blank(*_as_wide_as_header(sheet, name, faults), keys)
    try:
        return _by_form(name, rows, lines, keys, headers)
    except ValidationError:
        records = [_record(row, keys) for row in rows]

    def at(path: Path, _is_key: bool) -> Location:
        header = headers.get(str(path[1])) if len(path) > 1 else None
        return Location(name, lines[int(path[0])], header=header)

    bad = _refuse(records, at, faults)
    good = [i for i in range(len(rows)) if i not in bad]
    rest = _by_form(name, [rows[i] for i in good], [lines[i] for i in good], keys, headers)
    return replace(rest, ghosts=[records[i] for i in sorted(bad)])


def _as_wide_as_header(
    sheet: Sheet, name: str, faults: Faults
) -> tuple[list[list[str]], Sequence[int]]:
    """The rows with blank cells added or left out at their end; wider ones are refused."""
    width = len(sheet.header)
    if all(len(row) == width for row in sheet.rows):
        return sheet.rows, sheet.lines[1:]
    rows, lines = [], []
    for row, line in zip(sheet.rows, sheet.lines[1:], strict=True):
        if any(map(str.strip, row[width:])):
            message = f"the row has {len(row)} cells, the header has {width}"
            faults.add(Location(name, line), message, "quote a cell that holds the delimiter")
            continue
        rows.append([*row[:width], *[""] * (width - len(row))])
        lines.append(line)
    return rows, lines


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


def _without_blank(
    rows: list[list[str]], lines: Sequence[int], keys: Keys
) -> tuple[list[list[str]], Sequence[int]]:
    if None not in _column("value", rows, keys):
        return rows, lines
    full = [i for i, row in enumerate(rows) if _record(row, keys)]
    return [rows[i] for i in full], [lines[i] for i in full]


def _by_form(
    name: str, rows: list[list[str]], lines: Sequence[int], keys: Keys, headers: dict[str, str]
) -> Table:
    """The table of these rows; what they agree in is validated once.

    Most rows of a table differ in id and value alone: a model for each would take ten times as
    long. The types of the three parts are those of the model, so that no fault is passed over.

    Raises:
        ValidationError: a row is faulty; which one and why is not told.
    """
    ids = _IDS.validate_python(_column("id", rows, keys))
    values = _VALUES.validate_python(_column("value", rows, keys))
    common = [i for i, key in enumerate(keys) if key and key not in _OWN]
    columns = [[row[i] for row in rows] for i in common]
    cells = list(zip(*columns, strict=True)) if columns else [()] * len(rows)
    numbers = {one: number for number, one in enumerate(dict.fromkeys(cells))}
    names = [keys[i] for i in common]
    forms = _FORMS.validate_python([_record(one, names) for one in numbers])
    form_of = list(map(numbers.__getitem__, cells))
    return Table(name, forms, form_of, ids, values, lines, headers, [])


def _column(key: str, rows: list[list[str]], keys: Keys) -> list[str | None]:
    """The cells under a key; None for blank ones."""
    if key not in keys:
        return [None] * len(rows)
    place = keys.index(key)
    return [None if not cell or cell.isspace() else cell for cell in map(itemgetter(place), rows)]


def _record(cells: Iterable[str], keys: Keys) -> dict[str, str]:
    """What a row says, by keys; blank cells say nothing."""
    return {
        key: cell
        for key, cell in zip(keys, cells, strict=True)
        if key and cell and not cell.isspace()
    }


def _refuse(
    records: list[dict[str, str]], at: Callable[[Path, bool], Location], faults: Faults
) -> set[int]:
    """Keep a fault for all that is wrong with the rows; which of them are faulty."""
    try:
        _FORMS.validate_python(records)
    except ValidationError as error:
        add_errors(faults, error, Material, at)
        return {int(detail["loc"][0]) for detail in error.errors(include_url=False)}
    return set()
