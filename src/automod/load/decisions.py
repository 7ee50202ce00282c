"""Files of decisions -> their columns: anybody's, as long as they have the published schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path as FilePath
from typing import Any, Final

from pydantic import ValidationError

from automod.errors import LoadError, Location
from automod.model.decision import SCHEMA
from automod.model.decision_form import decision_form
from automod.model.decision_table import DecisionTable, decision_table

from .faults import Faults, Path, add_errors, dotted
from .files import Paths, named_files, refuse_suffix, why
from .json_files import Unreadable, json_lines
from .stored_rows import StoredLines

SUFFIXES: Final = (".jsonl", ".ndjson", ".parquet")
MOST_FAULTS: Final = 1_000
"""Faults that are told of one file: what a machine wrote is wrong in every line, or in none."""

_BLOCK: Final = 4_096


def load_decisions(paths: Paths) -> DecisionTable:
    """The decisions of files, as columns.

    Args:
        paths: one file or several: JSONL as `automod scan -o decisions.jsonl` writes it (the
            published schema `decision`), or Parquet as `-o decisions.parquet` does.

    Raises:
        LoadError: every fault of every file: of lines that are no decisions, or of another
            schema. Of one file at most `MOST_FAULTS` are told.
        MissingExtra: it is Parquet, and the extra `arrow` is not installed.

    >>> import tempfile
    >>> from automod.model.decision import Decision
    >>> file = FilePath(tempfile.mkdtemp()) / "decisions.jsonl"
    >>> _ = file.write_text(Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}).to_json())
    >>> load_decisions(file).creatives
    ['c1']
    """
    faults = Faults()
    tables: list[DecisionTable] = []
    for path, name in named_files(paths, faults):
        found = _load(path, name, faults)
        if found is not None:
            tables.append(found)
    if faults.found:
        raise LoadError(faults.found)
    return DecisionTable.joined(tables)


def _load(path: FilePath, name: str, faults: Faults) -> DecisionTable | None:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        from .decision_parquet import read_decisions

        return read_decisions(path, name, faults)
    if suffix in SUFFIXES:
        return _read_lines(path, name, faults)
    refuse_suffix(name, SUFFIXES, faults)
    return None


def _read_lines(path: FilePath, name: str, faults: Faults) -> DecisionTable | None:
    before = len(faults.found)
    tables: list[DecisionTable] = []
    lines: list[int] = []
    try:
        with path.open("rb") as stream:
            rows = json_lines(stream)
            while block := list(islice(rows, _BLOCK)):
                good = list(_checked(block, name, faults))
                # A million dicts would not fit: they are read again when asked for.
                tables.append(replace(decision_table(one for _, one in good), sources=()))
                lines += [line for line, _ in good]
                if len(faults.found) - before > MOST_FAULTS:
                    cut_short(faults, before, Location(name))
                    break
    except OSError as error:
        faults.add(Location(name), f"cannot be read: {why(error)}")
    if len(faults.found) > before:
        return None
    table = DecisionTable.joined(tables)
    return replace(table, sources=StoredLines(path, lines, table.creatives))


def cut_short(faults: Faults, before: int, place: Location) -> None:
    """Keep `MOST_FAULTS` of the faults that came since `before`, and say that there were more."""
    del faults.found[before + MOST_FAULTS :]
    faults.add(place, f"more than {MOST_FAULTS:,} faults; the rest is not told")


def _checked(
    block: Iterable[tuple[int, dict[str, Any] | Unreadable]], name: str, faults: Faults
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The decisions among some lines; what is none is a fault."""
    for line, found in block:
        if isinstance(found, Unreadable):
            faults.add(Location(name, line), found.message)
        elif _is_decision(found, Location(name, line), faults):
            yield line, found


def _is_decision(found: dict[str, Any], place: Location, faults: Faults) -> bool:
    try:
        decision_form().model_validate(found)
    except ValidationError as error:
        known: frozenset[Path] = frozenset()
        if found.get("schema", SCHEMA) != SCHEMA:
            # What another schema has is nothing to be measured against this one.
            keys = {*found, *decision_form().model_fields} - {"schema"}
            known = frozenset((key,) for key in keys)
        add_errors(faults, error, decision_form(), dotted(place), known)
        return False
    return True
