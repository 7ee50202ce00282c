"""Edits of tables: one cell or one row changes, and nothing of the rest."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from automod.errors import MissingExtra
from automod.load.headers import (
    ARABIC,
    OF_ALLOWS,
    OF_EXAMPLES,
    allow_key_of,
    arabic_of,
    example_key_of,
    key_of,
    package_key,
    package_path,
    pair_column_of,
    sheet_of,
)

from .yaml_edit import Splice, spliced

_MARKS: Final = re.compile("[;؛،]")


@dataclass(frozen=True, slots=True)
class CellChange:
    """One change of a table: of a cell of the row in `line`, or (None) of the whole row."""

    line: int
    key: str | None
    value: Any
    sheet: str | None = None


def cell(value: Any) -> str:
    """A value as a cell has it: a list apart at semicolons, as JSON where its items have some.

    >>> cell(["SA", "AE"]), cell(True), cell(0.5), cell(["a;b"])
    ('SA; AE', 'true', '0.5', '["a;b"]')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        texts = [str(one) for one in value]
        # A blank cell says nothing, an empty list that there is none.
        if not texts or any(map(_MARKS.search, texts)) or texts[0][:1] == "[":
            return json.dumps(texts, ensure_ascii=False)
        return "; ".join(texts)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else str(value)


@dataclass(frozen=True, slots=True)
class PairChange:
    """One change of a sheet of keys and values; what has parts has a row for each of them."""

    sheet: str
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class _Record:
    """A row of CSV text: the line that it begins in, and its span."""

    line: int
    start: int
    end: int
    next: int
    """Where the next row begins."""


def _records(text: str, part: re.Pattern[str], delimiter: str) -> Iterator[_Record]:
    """The rows of a CSV text that loads."""
    place, line, bare = 0, 1, "\r" in text.replace("\r\n", "")
    while place < len(text):
        start = place
        end = len(text) if (end := text.find("\n", place)) < 0 else end
        if bare or text.find('"', place, end) >= 0:
            *_, (_, end) = _cells(text, place, part, delimiter)
        elif text[end - 1 : end] == "\r":
            end -= 1
        place = min(len(text), end + (2 if text.startswith("\r\n", end) else 1))
        yield _Record(line, start, end, place)
        line += _breaks(text[start:place])


def _cells(
    text: str, place: int, part: re.Pattern[str], delimiter: str
) -> Iterator[tuple[int, int]]:
    """The spans of the cells of the row that begins at a place."""
    while True:
        found = part.match(text, place)
        end = found.end() if found else place
        yield place, end
        if text[end : end + 1] != delimiter:
            return
        place = end + 1


def _part(delimiter: str) -> re.Pattern[str]:
    """What a cell is."""
    plain = rf"[^{re.escape(delimiter)}\r\n]*"
    return re.compile(rf'"(?:[^"]|"")*"{plain}|{plain}')


def _breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def edit_csv(text: str, delimiter: str, changes: Iterable[CellChange]) -> str:
    r"""A CSV text with changes; a column that is not there yet comes last.

    >>> edit_csv("id,value\r\na,\"x, y\"\r\nb,z\r\n", ",", [CellChange(2, "value", "w")])
    'id,value\r\na,w\r\nb,z\r\n'
    """
    wanted: dict[int, dict[str | None, Any]] = {}
    for change in changes:
        wanted.setdefault(change.line, {})[change.key] = change.value
    part = _part(delimiter)
    records = list(_records(text, part, delimiter))
    header = next(one for one in records if text[one.start : one.end].strip(f" \t{delimiter}\r\n"))
    cells = _cells(text, header.start, part, delimiter)
    keys = [key_of(_unquoted(text[start:end])) for start, end in cells]
    asked = (key for row in wanted.values() for key, value in row.items() if value is not None)
    new = [key for key in dict.fromkeys(asked) if key is not None and key not in keys]
    splices = [_ended(header, delimiter, new)] if new else []
    for row in records:
        values = wanted.get(row.line, {})
        if row.start > header.start and (values or new):
            spans = list(_cells(text, row.start, part, delimiter))
            splices += _row_edited(row, spans, values, keys, new, delimiter)
    return spliced(text, splices)


def _row_edited(
    row: _Record,
    cells: Sequence[tuple[int, int]],
    values: Mapping[str | None, Any],
    keys: Sequence[str | None],
    new: Sequence[str],
    delimiter: str,
) -> Iterable[Splice]:
    if None in values:
        yield Splice(row.start, row.next, "")
        return
    missing: dict[int, str] = {}
    for key, value in values.items():
        if key not in keys:
            continue
        place, told = keys.index(key), _quoted(cell(value), delimiter)
        if place < len(cells):
            yield Splice(*cells[place], told)
        else:
            missing[place] = told
    last = max([*missing, *([len(keys) - 1] if new else [])], default=0)
    ends = [missing.get(place, "") for place in range(len(cells), last + 1)]
    ends += [_quoted(cell(values.get(key)), delimiter) for key in new]
    if ends and row.end > row.start:
        yield Splice(row.end, row.end, "".join(delimiter + one for one in ends))


def _ended(header: _Record, delimiter: str, new: Sequence[str]) -> Splice:
    return Splice(header.end, header.end, "".join(delimiter + key for key in new))


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1].replace('""', '"') if text[:1] == '"' and text[-1:] == '"' else text


def _quoted(text: str, delimiter: str) -> str:
    if any(mark in text for mark in (delimiter, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


def edit_workbook(data: bytes, changes: Iterable[CellChange | PairChange]) -> bytes:
    """The bytes of a workbook with changes of its cells; what is typed in stays text.

    Raises:
        MissingExtra: openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("analyst", "editing XLSX") from None

    book = openpyxl.load_workbook(io.BytesIO(data))
    gone: set[tuple[str, int]] = set()
    for one in changes:
        sheet = book[one.sheet] if one.sheet else book.worksheets[0]
        if isinstance(one, PairChange):
            gone |= {(sheet.title, line) for line in _put_pairs(sheet, one)}
        elif one.key is None:
            gone.add((sheet.title, one.line))
        elif (column := _column(sheet, one.key, one.value)) is not None:
            _put(sheet.cell(one.line, column), one.value)
    for title, line in sorted(gone, reverse=True):
        book[title].delete_rows(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_KEYS: Final = {"allow": allow_key_of, "examples": example_key_of}
_ARABIC: Final = {
    "materials": arabic_of(ARABIC), "allow": arabic_of(OF_ALLOWS),
    "examples": arabic_of(OF_EXAMPLES),
}  # fmt: skip


def _header(sheet: Any) -> Any:
    return next(row for row in sheet.iter_rows() if any(one.value is not None for one in row))


def _column(sheet: Any, key: str, value: Any) -> int | None:
    """The number of a key's column, which is added where there is none and a value is to go."""
    header = _header(sheet)
    keys_of = _KEYS.get(sheet_of(sheet.title) or "", key_of)
    held = [one for one in header if one.value is not None]
    for one in held:
        if keys_of(str(one.value)) == key:
            return int(one.column)
    if value is None:
        return None
    last = int(held[-1].column) + 1
    arabic = not any(str(one.value).isascii() for one in held)
    sheet.cell(held[-1].row, last, _ARABIC.get(sheet_of(sheet.title) or "", {}).get(key, key)
               if arabic else key)  # fmt: skip
    return last


def _put_pairs(sheet: Any, change: PairChange) -> Iterator[int]:
    """Set the rows of a key; the lines of those that go are given."""
    header = _header(sheet)
    columns = {pair_column_of(str(one.value)): one.column for one in header if one.value}
    lines = {
        package_path(str(cell.value)): cell.row
        for cell in (sheet.cell(row, columns["key"]) for row in range(2, sheet.max_row + 1))
        if cell.value is not None and cell.row > header[0].row
    }
    value = change.value if isinstance(change.value, Mapping) else {None: change.value}
    wanted = {
        (change.key,) if part is None else (change.key, str(part)): one
        for part, one in value.items()
        if one is not None
    }
    yield from (
        line for path, line in lines.items() if path[0] == change.key and path not in wanted
    )
    for path, one in wanted.items():
        line = lines.get(path, sheet.max_row + 1)
        if path not in lines:
            own = lines.get(("package",))
            arabic = own is not None and not str(sheet.cell(own, columns["key"]).value).isascii()
            _put(sheet.cell(line, columns["key"]), package_key(path) if arabic else ".".join(path))
        _put(sheet.cell(line, columns["value"]), one)


def _put(target: Any, value: Any) -> None:
    """Put a value into a cell."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        target.value, target.number_format = value, "General"
    elif isinstance(value, date):
        target.value, target.number_format = value, "yyyy-mm-dd"
    else:
        target.value, target.number_format = cell(value) or None, "@"
        if target.value is not None:
            # Else a value that begins with `=` would be a formula.
            target.data_type = "s"
