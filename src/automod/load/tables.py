"""Tables of materials: columns of texts -> rows that are valid, with a place for each cell.

Of a CSV file the encoding and the delimiter are guessed, and told.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress, islice
from pathlib import Path as FilePath
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from automod.errors import Location
from automod.model.package import Material
from automod.model.scalars import Id, RawText, shown

from .cell_words import with_words
from .faults import Faults, Path, add_errors
from .files import MAX_TABLE_BYTES, decode, read_bytes
from .headers import ARABIC, KEYS, key_of

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

Columns = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a table under its header, column by column, and the line of each row.

    A row for itself, as a list, would be thrown away at once: materials are made by columns.
    """

    header: Sequence[str]
    line: int
    """That of the header."""
    columns: Sequence[Sequence[str]]
    lines: Sequence[int]
    wider: Sequence[tuple[int, int]] = ()
    """Of each row with more cells than the header its line and how many; it is left out."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the columns of a table are, and where it lies."""

    file: str
    keys: Keys
    headers: Mapping[str, str]
    """Key -> its header as it is written."""
    sheet: str | None = None
    """Of a workbook."""
    line: int | None = None
    """That of the header."""
    unsure: bool = False
    """Whether some header is no key: any that is missing may be the one that was meant."""

    def at(self, line: int, key: str | None) -> Location:
        """The place of a row, or of one of its cells."""
        header = self.headers.get(key or "")
        number = None
        if self.sheet is not None and header is not None:
            number = self.keys.index(key) + 1
        return Location(self.file, line, number, header=header, sheet=self.sheet)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are valid by themselves, with their lines.

    `forms` are the rows without id and value, each once. `ghosts` are the cells of faulty rows
    (key -> text): their ids and tags are known names.
    """

    head: Head
    forms: list[Material]
    form_of: list[int]
    ids: list[str | None]
    values: list[str | None]
    lines: Sequence[int]
    ghosts: list[dict[str, str]]

    @property
    def file(self) -> str:
        """The file's name."""
        return self.head.file

    @property
    def headers(self) -> Mapping[str, str]:
        """The header of each key, as it is written."""
        return self.head.headers

    def at(self, row: int, key: str | None = None) -> Location:
        """The place of a row, or of one of its cells."""
        return self.head.at(self.lines[row], key)


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


def guess_delimiter(text: str, known: Iterable[str] | Callable[[str], bool]) -> str:
    """The delimiter that makes most known headers of the first line; the comma when in doubt.

    >>> guess_delimiter("kind;value;weight", {"kind", "value"})
    ';'
    """
    is_known = known if callable(known) else set(known).__contains__
    first = text[:100_000].lstrip("\r\n").split("\n", 1)[0].rstrip("\r")

    def score(delimiter: str) -> tuple[int, int]:
        cells = [cell.strip().strip('"') for cell in first.split(delimiter)]
        return sum(is_known(cell) or key_of(cell) is not None for cell in cells), len(cells)

    return max(DELIMITERS, key=score)


def read_sheet(text: str, delimiter: str, name: str, faults: Faults) -> Sheet | None:
    """The cells of a CSV text; None, with a fault, when it has no header."""
    cut = _cut_at_once(text, delimiter)
    if cut is not None:
        return cut
    rows, lines = _rows_at_once(text, delimiter) or _rows_one_by_one(text, delimiter, name, faults)
    if len(rows) > MAX_ROWS:
        faults.add(Location(name), f"has more than {MAX_ROWS} rows", code="file")
        return None
    first = next((i for i, row in enumerate(rows) if any(map(str.strip, row))), None)
    if first is None:
        faults.add(Location(name), "has no header row", code="table") if not lines else None
        return None
    return _as_wide_as_header(rows[first:], lines[first:])


def _cut_at_once(text: str, delimiter: str) -> Sheet | None:
    """The sheet of a plain text: nothing is quoted, and all rows are as wide as the first.

    Most tables are plain, and cutting all of them at every delimiter takes half as long as `csv`,
    which makes a list for each row. None for any other text.
    """
    text = text.replace("\r\n", "\n").removesuffix("\n")
    breaks = text.count("\n")
    if '"' in text or "\r" in text or breaks >= MAX_ROWS:
        return None
    width = text.split("\n", 1)[0].count(delimiter) + 1
    cells = text.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    # Each line break is a cell now. Where all of them stand at one distance, all rows are alike.
    at_one_distance = cells[width :: width + 1].count("\n") == breaks
    if not at_one_distance or len(cells) != (breaks + 1) * (width + 1) - 1:
        return None
    header = cells[:width]
    if not any(map(str.strip, header)) or _may_be_too_long(text, delimiter):
        return None
    columns = [cells[width + 1 + i :: width + 1] for i in range(width)]
    return Sheet(header, 1, columns, range(2, breaks + 2))


def _may_be_too_long(text: str, delimiter: str) -> bool:
    """Whether a cell may be longer than `csv` allows.

    Such a cell covers a whole one of the pieces that are half as long: few are looked at, not all.
    """
    size = max(1, csv.field_size_limit() // 2)
    return any(
        text.find(delimiter, first, first + size) < 0 and text.find("\n", first, first + size) < 0
        for first in range(0, len(text) - size, size)
    )


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
        faults.add(
            Location(name, before + 1), message, "is a quotation mark left open?", code="table"
        )
    return rows, lines


def _as_wide_as_header(rows: list[list[str]], lines: Sequence[int]) -> Sheet:
    """The sheet of rows, the first of which is the header, with blank cells added or left out."""
    header, width, lines_ = rows[0], len(rows[0]), lines[1:]
    rows, wider = rows[1:], []
    if set(map(len, rows)) - {width}:
        fits = [not any(map(str.strip, row[width:])) for row in rows]
        wider = [
            (line, len(row)) for row, line, fit in zip(rows, lines_, fits, strict=True) if not fit
        ]
        lines_ = list(compress(lines_, fits))
        rows = [[*row[:width], *[""] * (width - len(row))] for row in compress(rows, fits)]
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    return Sheet(header, lines[0], columns, lines_, wider)


def _table(sheet: Sheet, name: str, faults: Faults) -> Table:
    for line, cells in sheet.wider:
        message = f"the row has {cells} cells, the header has {len(sheet.header)}"
        faults.add(
            Location(name, line), message, "quote a cell that holds the delimiter", code="table"
        )

    def at(number: int) -> Location:
        return Location(name, sheet.line, header=sheet.header[number].strip())

    head = head_of(name, sheet.header, at, faults)
    return make_table(head, sheet.columns, sheet.lines, faults)


def make_table(
    head: Head,
    columns: Columns,
    lines: Sequence[int],
    faults: Faults,
    spoilt: frozenset[int] = frozenset(),
) -> Table:
    """The rows of a table that are valid by themselves; the others leave faults.

    Args:
        head: what the columns are.
        columns: their texts.
        lines: that of each row.
        faults: where faults go.
        spoilt: the lines of rows that have a fault already; what else is wrong is told too.
    """
    columns, lines = _without_blank(columns, lines, head.keys, spoilt)
    if not spoilt:
        try:
            return _by_form(head, columns, lines)
        except ValidationError:
            pass
    records = [with_words(_record(row, head.keys)) for row in zip(*columns, strict=True)]

    def at(path: Path, _is_key: bool) -> Location:
        return head.at(lines[int(path[0])], str(path[1]) if len(path) > 1 else None)

    bad = _refuse(records, at, faults)
    bad |= {number for number, line in enumerate(lines) if line in spoilt}
    good = [i for i in range(len(records)) if i not in bad]
    rest = _by_form(head, *_picked(columns, lines, good))
    return replace(rest, ghosts=[records[i] for i in sorted(bad)])


def head_of(
    name: str,
    header: Sequence[str],
    at: Callable[[int], Location],
    faults: Faults,
    sheet: str | None = None,
) -> Head:
    """What the columns of a table of materials are; what is no key leaves a fault.

    Args:
        name: of the file.
        header: the headers.
        at: the place of a header by the number of its column.
        faults: where faults go.
        sheet: the title of the sheet, in a workbook.
    """
    keys: list[str | None] = []
    headers: dict[str, str] = {}
    unsure = False
    for number, raw in enumerate(header):
        key, written = key_of(raw), raw.strip()
        if key is None and written:
            unsure = True
            message = f"{shown(written)} is not a key of a material"
            names = KEYS if written.isascii() else ARABIC
            faults.add(at(number), message, near=(written, names), code="unknown_key")
        if key is not None and key in keys:
            faults.add(at(number), f"the column {key!r} is there twice", code="table")
            key = None
        keys.append(key)
        if key is not None:
            headers[key] = written
    return Head(name, keys, headers, sheet, at(0).line, unsure)


def _without_blank(
    columns: Columns, lines: Sequence[int], keys: Keys, spoilt: frozenset[int]
) -> tuple[Columns, Sequence[int]]:
    """The columns and lines of the rows that say anything."""
    if "value" in keys and all(map(str.strip, columns[keys.index("value")])):
        return columns, lines
    rows = zip(lines, zip(*columns, strict=True), strict=True)
    full = [i for i, (line, row) in enumerate(rows) if _record(row, keys) or line in spoilt]
    return _picked(columns, lines, full)


def _picked(
    columns: Columns, lines: Sequence[int], rows: Sequence[int]
) -> tuple[Columns, Sequence[int]]:
    """These rows alone."""
    return [[column[i] for i in rows] for column in columns], [lines[i] for i in rows]


def _by_form(head: Head, columns: Columns, lines: Sequence[int]) -> Table:
    """The table of these rows; what they agree in is validated once.

    Most rows of a table differ in id and value alone: a model for each would take ten times as
    long. The types of the three parts are those of the model, so that no fault is passed over.

    Raises:
        ValidationError: a row is faulty; which one and why is not told.
    """
    keys = head.keys
    rows = len(lines)
    ids: list[str | None] = [None] * rows
    if "id" in keys:
        ids = _IDS.validate_python(_column("id", columns, keys, rows))
    values = _VALUES.validate_python(_column("value", columns, keys, rows))
    shared = {
        key: column for key, column in zip(keys, columns, strict=True) if key and key not in _OWN
    }
    records, form_of = _told_apart(shared, rows)
    forms = _FORMS.validate_python(list(map(with_words, records)))
    return Table(head, forms, form_of, ids, values, lines, [])


def _told_apart(
    shared: Mapping[str, Sequence[str]], rows: int
) -> tuple[list[dict[str, str]], list[int]]:
    """What rows say under these keys, each once, and the number of each row's."""
    if not rows:
        return [], []
    # Under most keys there is one cell all the way down: those tell no rows apart.
    same = {key: cells[0] for key, cells in shared.items() if cells.count(cells[0]) == rows}
    keys = [key for key in shared if key not in same]
    if len(keys) == 1:
        cells: Sequence[Any] = shared[keys[0]]
        different = [(cell,) for cell in dict.fromkeys(cells)]
        numbers = {cell: number for number, (cell,) in enumerate(different)}
    else:
        cells = list(zip(*map(shared.__getitem__, keys), strict=True)) if keys else [()] * rows
        different = list(dict.fromkeys(cells))
        numbers = {one: number for number, one in enumerate(different)}
    records = [_record([*same.values(), *one], [*same, *keys]) for one in different]
    return records, list(map(numbers.__getitem__, cells))


def _column(key: str, columns: Columns, keys: Keys, rows: int) -> list[str | None]:
    """The cells under a key; None for blank ones."""
    if key not in keys:
        return [None] * rows
    column = columns[keys.index(key)]
    if all(column) and not any(map(str.isspace, column)):
        return list(column)
    return [None if not cell or cell.isspace() else cell for cell in column]


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
