"""Sheets that labellers filled in -> labelled cases; every fault at its cell."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from automod.errors import LoadError, Location
from automod.load.case_cells import read_csv_grid
from automod.load.creatives import placed
from automod.load.faults import Faults, add_errors
from automod.load.files import named_files, refuse_suffix
from automod.load.headers import case_column
from automod.load.workbooks import Grid, Odd, holds_something, read_workbook
from automod.model.case import Case, Label
from automod.model.case_table import ANYWHERE
from automod.model.scalars import ascii_digits, parse_code, parse_day, parse_market, shown

from .label_cells import answer, unguarded
from .label_rows import creative_of
from .labelling import seen_from

KINDS: Final = get_args(Label.model_fields["kind"].annotation)
MOST_CREATIVES: Final = 10_000_000
"""Creatives of which a probability is known to be a number of them by all."""

_NO_CODES: Final = frozenset({"label.by", "label.on", "label.kind"})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet: what its cells hold, as texts; blank ones are not there."""

    sheet: FilledSheet
    line: int
    cells: Mapping[str, str]

    def at(self, column: str | None = None) -> Location:
        """The place of the row, or of one of its cells."""
        return self.sheet.at(self.line, column)


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet that somebody filled in."""

    grid: Grid
    columns: Sequence[str]
    rows: list[SheetRow] = field(default_factory=list)

    def at(self, line: int | None = None, column: str | None = None) -> Location:
        """The place of a row (None: the header), or of the cell of a column in it."""
        line = self.grid.line if line is None else line
        if column not in self.columns:
            return replace(self.grid.at(line), header=column)
        return self.grid.at(line, self.columns.index(column))

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return Path(self.grid.file).parent


@dataclass(frozen=True, slots=True)
class Signed:
    """What a row says that does not say it itself."""

    by: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """Cases, and what became of the rows that make none."""

    cases: tuple[Case, ...]
    creatives: int
    """In all sheets, each once."""
    unfilled: Mapping[str, tuple[int, int]]
    """Stratum -> creatives that nobody labelled, and all of its; where there are some."""
    partly: int
    """Creatives that are labelled for some of the codes only."""

    @property
    def blank(self) -> int:
        """Creatives that nobody labelled."""
        return sum(count for count, _ in self.unfilled.values())

    @property
    def labels(self) -> list[Label]:
        """Those of all cases."""
        return [label for case in self.cases for label in case.labels]


def read_filled(
    paths: Iterable[str | os.PathLike[str]], note: Callable[[str], None] | None = None
) -> list[FilledSheet]:
    """The sheets of files, as texts.

    Args:
        paths: XLSX (its first sheet) or CSV, told by the suffix.
        note: called with what was guessed of a CSV file.

    Raises:
        LoadError: every fault of every file: what cannot be read, a column that is there twice or
            not at all, a formula.
        MissingExtra: it is XLSX, and the extra `analyst` is not installed.
    """
    faults = Faults()
    found = [
        _read_file(path, name, faults, note) for path, name in named_files(list(paths), faults)
    ]
    if faults.found:
        raise LoadError(faults.found)
    return [one for one in found if one is not None]


def _read_file(
    path: Path, name: str, faults: Faults, note: Callable[[str], None] | None
) -> FilledSheet | None:
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        # Nothing is said of the second sheet: it is ours.
        grid = read_workbook(path, name, faults)
    elif suffix in {".csv", ".tsv"}:
        grid = read_csv_grid(path, name, faults, note)
    else:
        refuse_suffix(name, (".xlsx", ".csv", ".tsv"), faults)
        return None
    return None if grid is None else _filled(grid, faults)


def _filled(grid: Grid, faults: Faults) -> FilledSheet:
    columns = [case_column(str(header)) for header in grid.header]
    for number, column in enumerate(columns):
        if column and column in columns[:number]:
            faults.add(grid.at(grid.line, number), f"the column {column!r} is there twice")
    if "id" not in columns:
        faults.add(grid.at(grid.line), "has no column 'id'", "import a sheet of label draw")
    sheet = FilledSheet(grid, columns)
    for line, cells in grid.rows:
        if holds_something(cells):
            sheet.rows.append(SheetRow(sheet, line, _texts(grid, line, columns, cells, faults)))
    return sheet


def _texts(
    grid: Grid, line: int, columns: Sequence[str], cells: Sequence[Any], faults: Faults
) -> dict[str, str]:
    """What the cells of a row hold, by column."""
    written = unguarded if grid.sheet is None else str
    found: dict[str, str] = {}
    for number, (column, cell) in enumerate(zip(columns, cells, strict=False)):
        if isinstance(cell, Odd):
            if not cell.told:
                faults.add(grid.at(line, number), f"holds {cell.what}, not a value")
        elif column and cell is not None and str(cell).strip():
            found[column] = written(cell) if isinstance(cell, str) else _number_or_day(cell)
    if "id" in found:
        found["id"] = found["id"].strip()
    return found


def _number_or_day(cell: Any) -> str:
    """What a spreadsheet made of what was typed, as text.

    >>> _number_or_day(date(2026, 11, 20)), _number_or_day(7.0), _number_or_day(0.25)
    ('2026-11-20', '7', '0.25')
    """
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def import_sheets(
    sheets: Iterable[FilledSheet],
    creatives: Mapping[str, Mapping[str, Any]] | None = None,
    signed: Signed = Signed(),
    folder: Path | None = None,
) -> Imported:
    """The cases that filled sheets make: one a creative, with the labels of all who labelled it.

    Args:
        sheets: of one draw; several labellers may have filled in one each.
        creatives: by id, as JSON has them; None: what the sheets show of them.
        signed: who labelled, and when, where a row does not say.
        folder: where the cases will lie, from which paths of images and videos count.

    Raises:
        LoadError: every fault of every sheet: what is no answer, who did not sign, an id that is
            no creative's, rows of one creative that contradict each other.
    """
    faults = Faults()
    drafts: dict[str, _Draft] = {}
    for sheet in sheets:
        columns = _label_columns(sheet, faults)
        _read(sheet, columns, drafts, _Reader(creatives, signed, columns, faults))
    filled = [draft for draft in drafts.values() if draft.labels]
    if creatives is None:
        _refuse_lost(filled, faults)
    found = [_case(draft, folder, faults) for draft in filled]
    if faults.found:
        raise LoadError(faults.found)
    cases = tuple(case for case in found if case is not None)
    partly = sum(len(draft.codes) < len(draft.asked) for draft in filled)
    return Imported(cases, len(drafts), _unfilled(drafts.values()), partly)


@dataclass(slots=True)
class _Draft:
    """What rows say of one creative."""

    row: SheetRow
    """The first of them."""
    creative: Mapping[str, Any]
    probability: float | None
    labels: dict[tuple[str, str, str, date], tuple[Label, SheetRow, str]] = field(
        default_factory=dict
    )
    """By code, market, labeller and day; with the row and the column where it was said."""
    codes: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


_ANSWERS: Final = "write yes, no or unsure (نعم، لا، غير متأكد)"

Columns = Mapping[str, tuple[str, str]]
"""Column -> the code and the market that it is about."""


def _label_columns(sheet: FilledSheet, faults: Faults) -> Columns:
    found: dict[str, tuple[str, str]] = {}
    for column in sheet.columns:
        if not column.startswith("label.") or column in _NO_CODES:
            continue
        code, sign, market = column.removeprefix("label.").partition("@")
        try:
            found[column] = parse_code(code), parse_market(market) if sign else ANYWHERE
        except PydanticCustomError as error:
            place = sheet.at(None, column)
            faults.add(place, error.message(), "write it as label.GMB.REAL or label.GMB.REAL@SA")
    if not found:
        faults.add(sheet.at(), "has no column of labels", "one is named as label.GMB.REAL")
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a row is read with."""

    creatives: Mapping[str, Mapping[str, Any]] | None
    signed: Signed
    columns: Columns
    faults: Faults

    def labels(self, row: SheetRow) -> Iterator[tuple[str, Label]]:
        """The labels of a row, each with its column."""
        said = [
            (column, found)
            for column in self.columns
            if (text := row.cells.get(column)) is not None
            and (found := self._answer(text, row, column)) is not None
        ]
        if not said:
            return
        by, on, kind = self._by(row), self._on(row), self._kind(row)
        if by is None or on is None or kind is None:
            return
        for column, present in said:
            code, market = self.columns[column]
            where = {} if market == ANYWHERE else {"market": market}
            label = {"policy": code, **where, "present": present, "by": by, "on": on, "kind": kind}
            try:
                yield column, Label.model_validate(label)
            except ValidationError as error:
                add_errors(self.faults, error, Label, lambda path, _: row.at(f"label.{path[-1]}"))

    def _answer(self, text: str, row: SheetRow, column: str) -> str | None:
        found = answer(text)
        if found is None:
            self.faults.add(row.at(column), f"{shown(text)} is no answer", _ANSWERS)
        return found

    def _by(self, row: SheetRow) -> str | None:
        found = row.cells.get("label.by", self.signed.by)
        if found is None:
            self.faults.add(row.at("label.by"), "nobody signed this row", "or give --by NAME")
        return found

    def _on(self, row: SheetRow) -> date | None:
        text = row.cells.get("label.on")
        if text is None:
            if self.signed.on is None:
                self.faults.add(row.at("label.on"), "has no day", "or give --on DATE")
            return self.signed.on
        try:
            return parse_day(text)
        except PydanticCustomError as error:
            self.faults.add(row.at("label.on"), error.message(), "write it as 2026-11-01")
            return None

    def _kind(self, row: SheetRow) -> str | None:
        kind = row.cells.get("label.kind", "random")
        if kind not in KINDS:
            hint = f"one of: {', '.join(KINDS)}"
            self.faults.add(row.at("label.kind"), f"{shown(kind)} is no kind of label", hint)
            return None
        return kind

    def creative(self, name: str, row: SheetRow) -> Mapping[str, Any] | None:
        """The creative of a row: as it was given, else as the row shows it."""
        if self.creatives is not None:
            found = self.creatives.get(name)
            if found is None:
                message = f"no creative has the id {shown(name)}"
                self.faults.add(row.at("id"), message, "was the cell changed?")
            return found
        try:
            return placed(creative_of(row.cells), row.sheet.folder)
        except PydanticCustomError as error:
            self.faults.add(row.at(), error.message())
            return None

    def probability(self, row: SheetRow) -> float | None:
        """The chance that the row had; None where it says none."""
        text = row.cells.get("probability")
        if text is None:
            return None
        try:
            return exact(text)
        except ValueError:
            message = f"{shown(text)} is no probability: more than 0, and at most 1"
            self.faults.add(row.at("probability"), message, "was the cell changed?")
            return None


@lru_cache(maxsize=1024)
def exact(text: str) -> float:
    """A probability as it was drawn with: a spreadsheet keeps 15 to 16 digits of it.

    Raises:
        ValueError: it is no number above 0, up to 1.

    >>> exact("0.0362389813907933") == 37 / 1021, exact("0,25")
    (True, 0.25)
    """
    number = float(ascii_digits(text.strip()).replace(",", "."))
    if not 0 < number <= 1:
        raise ValueError(text)
    # So many of so many creatives were drawn: no two such fractions are nearer than 1e-14.
    drawn = float(Fraction(number).limit_denominator(MOST_CREATIVES))
    return drawn if abs(drawn - number) <= 1e-14 * number else number


def _read(sheet: FilledSheet, columns: Columns, drafts: dict[str, _Draft], reader: _Reader) -> None:
    seen: dict[str, SheetRow] = {}
    for row in sheet.rows:
        name = row.cells.get("id")
        if name is None:
            reader.faults.add(row.at("id"), "the row has no id", "was the cell changed?")
        elif name in seen:
            message = f"the creative {shown(name)} is there already, in {seen[name].at('id')}"
            reader.faults.add(row.at("id"), message)
        else:
            seen[name] = row
            _add(name, row, drafts, reader)
            if name in drafts:
                drafts[name].asked.update(code for code, _ in columns.values())


def _add(name: str, row: SheetRow, drafts: dict[str, _Draft], reader: _Reader) -> None:
    """Put what a row says to what others say of the same creative."""
    creative, probability = reader.creative(name, row), reader.probability(row)
    labels = list(reader.labels(row))
    if creative is None:
        return
    draft = drafts.setdefault(name, _Draft(row, creative, probability))
    _compare(draft, row, creative, probability, reader.faults)
    for column, label in labels:
        key = label.policy, label.market, label.by, label.on
        there, first, where = draft.labels.setdefault(key, (label, row, column))
        draft.codes.add(label.policy)
        if there != label:
            place = first.at(where)
            message = f"{shown(label.by)} says {label.present}, and {there.present} in {place}"
            reader.faults.add(row.at(column), message, "one answer a day")


def _compare(
    draft: _Draft, row: SheetRow, creative: Mapping[str, Any], probability: float | None,
    faults: Faults,
) -> None:  # fmt: skip
    if probability != draft.probability:
        message = f"is another than in {draft.row.at('probability')}"
        faults.add(row.at("probability"), message, "import sheets of one draw")
    for key in sorted(draft.creative.keys() | creative.keys()):
        if draft.creative.get(key) != creative.get(key):
            faults.add(row.at(), f"{key!r} is another than in {draft.row.at()}")


def _refuse_lost(drafts: Iterable[_Draft], faults: Faults) -> None:
    """Keep one fault for all rows that do not show the whole of their creatives, at the first.

    A case made of them would be another ad than the one that was decided on.
    """
    lost = [draft.row for draft in drafts if "x-not-here" in draft.row.cells]
    if lost:
        shown_not = lost[0].cells["x-not-here"]
        more = f", nor do {len(lost) - 1:,} more rows" if len(lost) > 1 else ""
        message = f"the sheet does not hold all of the creative: {shown_not}{more}"
        faults.add(lost[0].at("x-not-here"), message, "give --creatives")


def _case(draft: _Draft, folder: Path | None, faults: Faults) -> Case | None:
    order = sorted(draft.labels)
    data = {
        "schema": 1,
        "creative": _told(draft.creative, folder),
        "labels": [draft.labels[key][0] for key in order],
        "judged": sorted(draft.codes),
    }
    if draft.probability is not None:
        data["probability"] = draft.probability
    try:
        return Case.model_validate(data)
    except ValidationError as error:
        add_errors(faults, error, Case, lambda _, __: draft.row.at())
        return None


def _told(creative: Mapping[str, Any], folder: Path | None) -> dict[str, Any]:
    """A creative as a case has it: what begins `x-` is for whoever wrote it alone."""
    told = {key: value for key, value in creative.items() if not str(key).startswith("x-")}
    return told if folder is None else seen_from(folder, told)


def _unfilled(drafts: Iterable[_Draft]) -> dict[str, tuple[int, int]]:
    held = [(draft.row.cells.get("x-stratum", ""), bool(draft.labels)) for draft in drafts]
    every, blank = (
        Counter(name for name, _ in held),
        Counter(name for name, full in held if not full),
    )
    return {name: (blank[name], every[name]) for name in sorted(blank)}


def case_line(case: Case) -> str:
    """A case as one line of JSON, with what is known of it and nothing else.

    >>> case_line(Case.model_validate({"creative": {"id": "c1"}, "judged": ["GMB.REAL"]}))
    '{"creative":{"id":"c1"},"judged":["GMB.REAL"]}'
    """
    return case.model_dump_json(by_alias=True, exclude_unset=True)
