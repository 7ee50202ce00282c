"""Tables of labelled creatives: rows of CSV or of a workbook -> cases as JSON has them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from pathlib import Path as FilePath
from typing import Any, Final

from pydantic_core import PydanticCustomError

from automod.errors import Location
from automod.model.scalars import (
    ascii_digits,
    parse_chance,
    parse_code,
    parse_day,
    parse_json,
    parse_number,
    refuse,
    shown,
)

from .ad_headers import header_hint
from .case_rows import CaseRow, check_markets
from .creatives import Column, column_of, is_ad_header, put_cell
from .faults import Faults, Path, did_you_mean
from .files import MAX_TABLE_BYTES, decode, read_bytes
from .headers import CASE_KEYS, CREATIVE_KEYS, LABEL_PREFIXES, case_column, plain
from .policy_table import PolicyNames
from .tables import describe, guess_delimiter, read_sheet
from .workbooks import Grid, Odd, holds_something

LABEL: Final = LABEL_PREFIXES[0]
ABOUT: Final = ("by", "on", "kind")
"""What is said once of all labels of a row: `label.by`, `label.on`, `label.kind`."""

_WHY: Final = {
    "by": "write who said so", "on": "write the day it was said",
    "kind": "write how the creative came to be looked at: random, hit or appeal",
}  # fmt: skip

WORDS: Final = {
    "present": {
        "yes": "yes", "نعم": "yes", "no": "no", "لا": "no",
        "unsure": "unsure", "غير متأكد": "unsure", "غير متأكدة": "unsure",
    },
    "kind": {
        "random": "random", "عشوائي": "random", "hit": "hit", "مطابقة": "hit",
        "appeal": "appeal", "اعتراض": "appeal", "تظلم": "appeal",
    },
}  # fmt: skip
"""What may stand in a cell, and what it means."""

_BY_WORD: Final = {
    key: {plain(word): meaning for word, meaning in words.items()} for key, words in WORDS.items()
}
_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}(?:[,.]\d{3})+")
_SEPARATORS: Final = str.maketrans("٬٫", ",.")
_FLOAT: Final = re.compile(r"\d+(?:\.\d{13,}|(?:\.\d+)?[eE][+-]?\d{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Head:
    """What the columns of a table are, by the number of each."""

    creative: dict[int, Column] = field(default_factory=dict)
    case: dict[int, str] = field(default_factory=dict)
    labels: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    """Policy code (None where it has a fault already) and market."""
    about: dict[str, int] = field(default_factory=dict)
    """`by`, `on` and `kind` of labels."""


def read_csv_grid(
    path: FilePath, name: str, faults: Faults, note: Callable[[str], None] | None
) -> Grid | None:
    """The rows of a CSV file; None, with a fault, where it is none."""
    before = len(faults.found)
    data = read_bytes(path, name, MAX_TABLE_BYTES, faults)
    decoded = None if data is None else decode(data, name, faults, windows=True)
    if decoded is None:
        return None
    delimiter = guess_delimiter(decoded.text, _is_header)
    said = describe(name, decoded.encoding, delimiter)
    if said and note is not None:
        note(said)
    sheet = read_sheet(decoded.text, delimiter, name, faults)
    if sheet is None:
        if len(faults.found) == before:
            faults.add(Location(name), "has no header row")
        return None
    for line, cells in sheet.wider:
        message = f"the row has {cells} cells, the header has {len(sheet.header)}"
        faults.add(Location(name, line), message, "quote a cell that holds the delimiter")
    rows = zip(sheet.lines, zip(*sheet.columns, strict=True), strict=True)
    return Grid(name, sheet.header, sheet.line, iter(rows))


def _is_header(cell: str) -> bool:
    name = case_column(cell)
    return is_ad_header(name) or name in CASE_KEYS or name.startswith(LABEL)


def rows_of(grid: Grid, names: PolicyNames, faults: Faults) -> Iterator[CaseRow]:
    """The cases of a table, as JSON would have them; what is wrong with a cell is told.

    Args:
        grid: header and rows.
        names: codes and markets that there are.
        faults: where faults go.
    """
    head = _head(grid, names, faults)
    for line, cells in grid.rows:
        if holds_something(cells):
            yield _Row(grid, head, line, cells, faults).read()


def _head(grid: Grid, names: PolicyNames, faults: Faults) -> Head:
    head = Head()
    seen: dict[str, int] = {}
    for number, raw in enumerate(grid.header):
        name = case_column(str(raw))
        place = grid.at(grid.line, number)
        if not name or name.startswith("x-"):
            continue
        if name in seen:
            faults.add(place, f"the column {name!r} is there twice")
            continue
        seen[name] = number
        _add_column(head, number, name, place, names, faults)
    if head.labels:
        for key in ABOUT:
            if key not in head.about:
                message = f"the labels need a column '{LABEL}{key}'"
                faults.add(grid.at(grid.line), message, _WHY[key])
    return head


def _add_column(
    head: Head, number: int, name: str, place: Location, names: PolicyNames, faults: Faults
) -> None:
    column = column_of(name)
    if name in CASE_KEYS:
        head.case[number] = name
    elif name.startswith(LABEL) and name.removeprefix(LABEL) in ABOUT:
        head.about[name.removeprefix(LABEL)] = number
    elif name.startswith(LABEL):
        head.labels[number] = _label_column(name.removeprefix(LABEL), place, names, faults)
    elif column is not None:
        head.creative[number] = column
    else:
        known = CREATIVE_KEYS | CASE_KEYS
        faults.add(place, f"{shown(name)} is no column of cases", header_hint(name, known))


def _label_column(
    name: str, place: Location, names: PolicyNames, faults: Faults
) -> tuple[str | None, str | None]:
    """The code and the market of `GMB.REAL@SA`."""
    before = len(faults.found)
    code, _, market = (part.strip() for part in name.partition("@"))
    try:
        names.check_codes([parse_code(code)], place, faults)
    except PydanticCustomError as error:
        faults.add(place, error.message(), f"write it as {LABEL}GMB.REAL")
    if market:
        check_markets([market], names, place, faults)
    return code if len(faults.found) == before else None, market or None


class _Row:
    """One row on its way to a case."""

    def __init__(
        self, grid: Grid, head: Head, line: int, cells: Sequence[Any], faults: Faults
    ) -> None:
        self._grid, self._head, self._line = grid, head, line
        self._cells, self._faults = cells, faults
        self._from: dict[Path, int] = {}
        """The column that each part of the case stands in."""
        self._broken: set[Path] = set()

    def read(self) -> CaseRow:
        creative: dict[str, Any] = {}
        data: dict[str, Any] = {"creative": creative}
        for number, column in self._head.creative.items():
            path = ("creative", *(one for one in column if one is not None))
            self._read(number, path, partial(_put, creative, column))
        for number, name in self._head.case.items():
            self._read(number, (name,), partial(_of_case, data, name))
        self._add_labels(data)
        place = self._grid.at(self._line)
        return CaseRow(data, place, self._at, frozenset(self._broken))

    def _read(self, number: int, path: Path, take: Callable[[Any], Any]) -> bool:
        """Take a cell, unless it is blank; whether that went well."""
        cell = self._cells[number] if number < len(self._cells) else None
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            return False
        self._from[path] = number
        if isinstance(cell, Odd) and cell.told:
            self._broken.add(path)
            return False
        try:
            if isinstance(cell, Odd):
                raise refuse(f"holds {cell.what}, not a value", cell.hint)
            take(cell)
        except PydanticCustomError as error:
            hint = (error.context or {}).get("hint")
            self._faults.add(self._grid.at(self._line, number), error.message(), hint)
            self._broken.add(path)
            return False
        return True

    def _add_labels(self, data: dict[str, Any]) -> None:
        """The labels of label columns, after those that the row has as JSON."""
        about: dict[str, Any] = {}
        for key, number in self._head.about.items():
            self._read(number, (LABEL, key), partial(_about, about, key))
        found = data.get("labels", [])
        labelled = False
        for number, (code, market) in self._head.labels.items():
            label = {"policy": code, **about} | ({} if market is None else {"market": market})
            if self._read(number, (LABEL, number), partial(_label, label)):
                labelled = True
                if code is not None and isinstance(found, list):
                    self._from["labels", len(found)] = number
                    found.append(label)
        if labelled:
            self._refuse_unsaid(about)
            data["labels"] = found

    def _refuse_unsaid(self, about: dict[str, Any]) -> None:
        """Keep a fault for each blank cell without which a label is none."""
        for key in ABOUT:
            if key not in about:
                self._broken.add(("labels",))
                if key in self._head.about and (LABEL, key) not in self._broken:
                    place = self._grid.at(self._line, self._head.about[key])
                    self._faults.add(place, f"'{LABEL}{key}' is blank", _WHY[key])

    def _at(self, path: Path, _is_key: bool) -> Location:
        for length in range(len(path), 0, -1):
            if path[:length] in self._from:
                return self._grid.at(self._line, self._from[path[:length]])
        return self._grid.at(self._line)


def _put(creative: dict[str, Any], column: Column, cell: Any) -> None:
    if column == ("on", None):
        creative["on"] = _day(cell)
    elif column[0] == "targeting" and isinstance(cell, (int, float)):
        put_cell(creative, column, f"{cell:.15g}")
    else:
        put_cell(creative, column, _text(cell))


def _of_case(data: dict[str, Any], name: str, cell: Any) -> None:
    if name == "volume":
        data[name] = _size(cell)
    elif name == "probability":
        data[name] = parse_chance(_number(cell))
    else:
        data[name] = parse_json(_text(cell)) if name == "labels" else _text(cell)


def _about(about: dict[str, Any], key: str, cell: Any) -> None:
    if key == "on":
        about[key] = _day(cell)
    else:
        about[key] = _word(key, cell) if key in WORDS else _text(cell)


def _label(label: dict[str, Any], cell: Any) -> None:
    label["present"] = _word("present", cell)


def _word(key: str, cell: Any) -> str:
    text = _text(cell) if not isinstance(cell, bool) else str(cell)
    meaning = _BY_WORD[key].get(plain(text))
    if meaning is None:
        named = "label" if key == "present" else "kind of label"
        words = tuple(dict.fromkeys(WORDS[key].values()))
        raise refuse(
            f"{shown(text)} is not a {named}",
            did_you_mean(text, WORDS[key]) or f"one of: {', '.join(words)}",
        )
    return meaning


def _text(cell: Any) -> str:
    """A cell that is text.

    Raises:
        PydanticCustomError: a program made something else of it: what was typed is lost.
    """
    if isinstance(cell, str):
        return cell
    what = "a number" if isinstance(cell, (int, float)) else "a date"
    if isinstance(cell, bool):
        what = "true or false"
    told = str(cell).removesuffix(" 00:00:00")
    hint = "make the column text, then type it again"
    raise refuse(f"{told} is {what} in this workbook, and text belongs here", hint)


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise refuse(f"{cell.isoformat()} is a time, and a date belongs here")
        return cell.date()
    return parse_day(cell)


def _number(cell: Any) -> float | str:
    """A number as programs write it (`1e-05`, sixteen digits), else the text as it is."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell
    text = _text(cell).strip()
    return float(text) if _FLOAT.fullmatch(text) else text


def _size(cell: Any) -> float:
    """A size: of `1,000` nobody can tell whether it is a thousand or one."""
    if isinstance(cell, str):
        text = ascii_digits(cell.strip().translate(_SEPARATORS))
        if _THOUSANDS.fullmatch(text):
            raise refuse(f"{shown(cell)} may be read in two ways", "write it as 1000, or as 1.0000")
        if "%" in text:
            raise refuse(f"{shown(cell)} is a share, not a size")
    size = parse_number(_number(cell))
    if not 0 <= size < math.inf:
        raise refuse(f"{shown(cell)} is not a number from 0 on")
    return size
