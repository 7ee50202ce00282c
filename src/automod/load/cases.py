"""Files of labelled creatives -> their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from automod.errors import LoadError, Location
from automod.model.case_table import CaseTable, case_table
from automod.model.ruleset import PolicyTable
from automod.model.scalars import shown

from .case_cells import read_csv_grid, rows_of
from .case_rows import CasePart, make_cases, read_json_cases
from .faults import Faults
from .files import Paths, named_files, refuse_suffix, why
from .policy_table import UNKNOWN_NAMES, PolicyNames, names_of
from .workbooks import read_workbook

SUFFIXES: Final = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".xlsx", ".parquet")

Note = Callable[[str], None]


def load_cases(
    paths: Paths, policies: PolicyTable | None = None, note: Note | None = None
) -> CaseTable:
    """The labelled creatives of files, as columns.

    Args:
        paths: one file or several: JSONL, JSON, CSV, XLSX or Parquet, told by the suffix. A path
            of an image or a video in them counts from the folder of the file.
        policies: whose codes and markets are known; without it any code is taken that looks like
            one.
        note: called with what was guessed (the encoding and the delimiter of a table), and with
            what was not read (further sheets of a workbook).

    Raises:
        LoadError: every fault of every file; a creative that is there twice is one.
        MissingExtra: it is XLSX, or Parquet, and the extra `analyst`, or `arrow`, is not installed.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "cases.jsonl"
    >>> _ = file.write_text('{"creative": {"id": "c1"}, "judged": ["GMB.REAL"]}')
    >>> load_cases(file).ids
    ['c1']
    """
    faults = Faults()
    names = UNKNOWN_NAMES if policies is None else names_of(policies)
    files = named_files(paths, faults)
    found = [_load(path, name, names, faults, note) for path, name in files]
    parts = [part for part in found if part is not None]
    refuse_twice(parts, faults)
    if faults.found:
        raise LoadError(faults.found)
    return CaseTable.joined([part.table for part in parts] or [case_table(())])


def _load(
    path: Path, name: str, names: PolicyNames, faults: Faults, note: Note | None
) -> CasePart | None:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        refuse_suffix(name, SUFFIXES, faults)
        return None
    try:
        if suffix in {".jsonl", ".ndjson", ".json"}:
            return read_json_cases(path, name, names, faults, lines=suffix != ".json")
        if suffix == ".parquet":
            from .case_parquet import read_parquet_cases

            return read_parquet_cases(path, name, names, faults)
        read = read_workbook if suffix == ".xlsx" else read_csv_grid
        grid = read(path, name, faults, note)
    except OSError as error:
        faults.add(Location(name), f"cannot be read: {why(error)}")
        return None
    if grid is None:
        return None
    return make_cases(rows_of(grid, names, faults), path.parent, names, faults)


def refuse_twice(parts: Iterable[CasePart], faults: Faults) -> None:
    """Keep a fault for each id that is there already, with the place where it is first."""
    held = list(parts)
    if len({name for part in held for name in part.ids}) == sum(len(part.ids) for part in held):
        return
    first: dict[str, Location] = {}
    for part in held:
        for number, name in enumerate(part.ids):
            if not name:
                continue  # which is a fault already
            if name in first:
                message = f"the creative {shown(name)} is there already, in {first[name]}"
                faults.add(part.at(number), message, "one case for each creative")
            else:
                first[name] = part.at(number)
