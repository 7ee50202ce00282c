"""Files that tell what was judged: decisions, counts, hit logs; each sort by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Final

from automod.errors import LoadError
from automod.model.counters import Counters
from automod.model.decision_table import DecisionTable

from .counter_files import read_counters
from .decisions import SUFFIXES as ROWS
from .decisions import load_decisions
from .faults import Faults
from .files import named_files, refuse_suffix
from .hit_logs import Touched, holds_decisions, touched

COUNTS: Final = ".json"
SUFFIXES: Final = (*ROWS, COUNTS)


@dataclass(frozen=True, slots=True)
class JudgedLogs:
    """What files tell, by their sort."""

    decisions: DecisionTable | None
    """Of all files of decisions, in their order; None where there is none."""
    counters: tuple[tuple[str, Counters], ...]
    """The name of each file of counts, and what it holds."""
    hits: tuple[tuple[str, list[Touched]], ...]
    """The name of each hit log, and the decisions in which something hit."""


def judged_logs(paths: Iterable[str | PathLike[str]]) -> JudgedLogs:
    """What files tell of what was judged.

    Args:
        paths: decisions (`automod scan -o`) and hit logs (`automod scan --hits`), JSONL or Parquet,
            and counts (`automod scan --counts`), JSON.

    Raises:
        LoadError: every fault of every file.
        MissingExtra: one is Parquet, and the extra `arrow` is not installed.
    """
    faults = Faults()
    decisions: list[Path] = []
    logs: list[tuple[str, Path]] = []
    counts: list[tuple[str, Path]] = []
    for path, name in named_files(paths, faults):
        suffix = path.suffix.lower()
        if suffix == COUNTS:
            counts.append((name, path))
        elif suffix not in ROWS:
            refuse_suffix(name, SUFFIXES, faults)
        elif holds_decisions(path, name, suffix):
            decisions.append(path)
        else:
            logs.append((name, path))
    read = [(name, read_counters(path, name, faults)) for name, path in counts]
    counters = tuple((name, one) for name, one in read if one is not None)
    table, hits = None, []
    try:
        table = load_decisions(decisions) if decisions else None
    except LoadError as error:
        faults.found += error.faults
    for name, path in logs:
        try:
            hits.append((name, touched(path, lambda _: True)))
        except LoadError as error:
            faults.found += error.faults
    if faults.found:
        raise LoadError(faults.found)
    return JudgedLogs(table, counters, tuple(hits))
