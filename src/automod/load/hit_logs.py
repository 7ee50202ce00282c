"""Hit logs and files of decisions -> the decisions in which some material was hit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from automod.errors import LoadError, Location
from automod.model.arrow import FORMAT, arrow
from automod.model.hitlog import HitRow

from .decisions import MOST_FAULTS, SUFFIXES, load_decisions
from .faults import Faults, add_errors, dotted
from .files import Paths, first_line, named_files, refuse_suffix, why
from .json_files import Unreadable, json_line, json_lines
from .parquet_files import Sort, check_columns, open_parquet

Json = dict[str, Any]
Wanted = Callable[[str], bool]

_KEY: Final = ("ruleset", "on", "creative", "index")
_ALL: Final = itemgetter(*_KEY)
_COLUMNS: Final[dict[str, Sort]] = {
    "ruleset": "text", "on": "day", "creative": "text", "index": "whole", "action": "text",
    "complete": "flag", "n": "whole", "material": "text", "version": "text", "policies": "list",
    "status": "text", "kind": "text", "weight": "number", "parts": "list", "allowed_by": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Touched:
    """One decision in which a material was hit, as a log tells of it."""

    creative: str | None
    index: int
    on: str
    ruleset: str
    action: str
    markets: Mapping[str, str]
    """What each market of the creative did."""
    complete: bool
    hits: tuple[Json, ...]
    """All of the decision, not only those of the material."""


def touched(paths: Paths, wanted: Wanted) -> list[Touched]:
    """The decisions of logs in which some material was hit, in their order.

    Args:
        paths: hit logs (`automod scan --hits`) or files of decisions, JSONL or Parquet.
        wanted: whether a material is asked about, by its id.

    Raises:
        LoadError: every fault of every file: of lines that are no hits and no decisions.
        MissingExtra: it is Parquet, and the extra `arrow` is not installed.

    >>> import tempfile
    >>> from automod.model.decision import Decision
    >>> file = Path(tempfile.mkdtemp()) / "decisions.jsonl"
    >>> _ = file.write_text(Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}).to_json())
    >>> touched(file, lambda _: True)
    []
    """
    faults = Faults()
    found: list[Touched] = []
    for path, name in named_files(paths, faults):
        found += _touched(path, name, wanted, faults)
    if faults.found:
        raise LoadError(faults.found)
    return found


def _touched(path: Path, name: str, wanted: Wanted, faults: Faults) -> Iterator[Touched]:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        refuse_suffix(name, SUFFIXES, faults)
    elif holds_decisions(path, name, suffix):
        try:
            yield from _of_decisions(path, wanted)
        except LoadError as error:
            faults.found += error.faults
    else:
        rows = _parquet if suffix == ".parquet" else _lines
        yield from _of_hits(rows(path, name, wanted, faults))


def holds_decisions(path: Path, name: str, suffix: str) -> bool:
    """Whether a file has a decision in each row; what has neither is read as hits."""
    if suffix == ".parquet":
        pa = arrow(f"reading {name}")
        try:
            schema = pa.parquet.read_schema(path)
        except (pa.ArrowException, OSError, ValueError):
            return False
        said = (schema.metadata or {}).get(FORMAT)
        return said == b"decision" if said is not None else "hits" in schema.names
    with path.open("rb") as stream:
        first = next((line for line in stream if line.strip()), b"{}")
    found = json_line(1, first)
    return isinstance(found, dict) and "material" not in found and "hits" in found


# --- decisions -----------------------------------------------------------------------------------


def _of_decisions(path: Path, wanted: Wanted) -> Iterator[Touched]:
    """Of a file of decisions only those that are asked about are made."""
    table = load_decisions(path)
    column = table.hits.material
    codes = [code for code, name in enumerate(column.values) if wanted(name)]
    rows = {
        int(table.hits.decision[n]) for code in codes for n in (column.codes == code).nonzero()[0]
    }
    for row in sorted(rows):
        one = table.sources[row]
        yield Touched(
            one["creative"], one.get("index", row), one["on"], one["ruleset"], one["action"],
            {market: outcome["action"] for market, outcome in one["markets"].items()},
            not one.get("not_evaluated"), tuple(one["hits"]),
        )  # fmt: skip


# --- hit logs ------------------------------------------------------------------------------------


def _of_hits(rows: Iterator[Json]) -> Iterator[Touched]:
    """The decisions that rows of hits belong to, put together again."""
    found: dict[Any, list[Json]] = {}
    for row in rows:
        found.setdefault(_ALL(row), []).append(row)
    for several in found.values():
        one = several[0]
        yield Touched(
            one["creative"], one["index"], str(one["on"]), one["ruleset"], one["action"],
            dict(one["markets"]), one["complete"], tuple(sorted(several, key=itemgetter("n"))),
        )  # fmt: skip


def _lines(path: Path, name: str, wanted: Wanted, faults: Faults) -> Iterator[Json]:
    """The rows of JSONL whose decision is asked about: a scan writes those of one together."""
    before = len(faults.found)
    try:
        with path.open("rb") as stream:
            whole = _whole(json_lines(stream), name, faults)
            for _, several in groupby(whole, key=lambda one: _ALL(one[1])):
                rows = list(several)
                if any(wanted(row["material"]) for _, row in rows):
                    checked = [row for line, row in rows if _is_hit(row, name, line, faults)]
                    yield from checked
                if len(faults.found) - before > MOST_FAULTS:
                    return
    except OSError as error:
        faults.add(Location(name), f"cannot be read: {why(error)}", code="file")


def _whole(rows: Any, name: str, faults: Faults) -> Iterator[tuple[int, Json]]:
    """The rows that say what they are of; all others are faults."""
    needed = {*_KEY, "material"}
    for line, found in rows:
        if isinstance(found, Unreadable):
            faults.add(Location(name, line), found.message)
        elif missing := sorted(needed - found.keys()):
            told = ", ".join(map(repr, missing))
            hint = "give hit logs or decisions, as 'automod scan' writes them"
            faults.add(Location(name, line), f"is no hit: {told} missing", hint)
        elif not isinstance(found["material"], str):
            faults.add(Location(name, line), "is no hit: 'material' is no text")
        else:
            yield line, found
        if len(faults.found) > MOST_FAULTS:
            return


def _is_hit(row: Json, name: str, line: int, faults: Faults) -> bool:
    try:
        HitRow.model_validate(row)
    except ValidationError as error:
        add_errors(faults, error, HitRow, dotted(Location(name, line)), frozenset())
        return False
    return True


def _parquet(path: Path, name: str, wanted: Wanted, faults: Faults) -> Iterator[Json]:
    """The rows of Parquet whose decision is asked about: read twice, made once."""
    before = len(faults.found)
    file = open_parquet(path, name, "hit_log", faults)
    if file is None:
        return
    pa = arrow(f"reading {name}")
    with file:
        check_columns(file.schema_arrow, _COLUMNS, name, faults, frozenset())
        if len(faults.found) > before:
            return
        try:
            keys = _keys(file, wanted, pa)
            indexes = pa.array({key[3] for key in keys}, type=pa.int64())
            for batch in file.iter_batches() if keys else ():
                near = pa.compute.is_in(batch.column("index"), value_set=indexes)
                for row in batch.filter(near).to_pylist():
                    if _ALL(row) in keys:
                        yield {**row, "on": str(row["on"])}
        except (pa.ArrowException, OSError, ValueError) as error:
            faults.add(Location(name), f"is damaged: {first_line(error)}")


def _keys(file: Any, wanted: Wanted, pa: Any) -> set[tuple[Any, ...]]:
    """What tells the decisions that are asked about from all others."""
    keys: set[tuple[Any, ...]] = set()
    for batch in file.iter_batches(columns=[*_KEY, "material"]):
        materials = batch.column("material")
        names = [one for one in pa.compute.unique(materials).to_pylist() if one and wanted(one)]
        if names:
            hit = pa.compute.is_in(materials.cast(pa.string()), value_set=pa.array(names))
            keys.update(map(_ALL, batch.filter(hit).to_pylist()))
    return keys
