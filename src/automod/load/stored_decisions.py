"""Stored decisions by the place of their creatives: of files of decisions, or of hit logs.

A file of decisions has all of them. A hit log does not say of which creatives nothing was found,
nor what could not be evaluated: of it only decisions count that were complete, with all their hits.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from automod.errors import LoadError, Location
from automod.model.arrow import FORMAT, arrow, decision_json
from automod.model.scalars import has_lone_surrogate

from .faults import Faults
from .files import Paths, first_line, named_files, refuse_suffix, why
from .json_files import Unreadable, json_line, raw_lines
from .parquet_files import open_parquet

Json = Mapping[str, Any]
Held = list[Json | None]

SUFFIXES: Final = (".jsonl", ".ndjson", ".parquet")
MARKED: Final = 4_096
"""Of so many lines one is remembered by its place."""

_OF_DECISION: Final = frozenset(
    {"schema", "ruleset", "on", "creative", "index", "action", "markets", "complete"}
)
"""Keys of a row of a hit log that are no hit's."""


class StoredDecisions:
    """Files of stored decisions, of which some are read at a time.

    >>> import tempfile
    >>> from automod.model.decision import Decision
    >>> file = Path(tempfile.mkdtemp()) / "decisions.jsonl"
    >>> _ = file.write_text(Decision("c1", 1, "2026-11-20", "sha256:0", "approve", {}).to_json())
    >>> [one and one["creative"] for one in StoredDecisions(file).dicts(0, 3)]
    [None, 'c1', None]
    """

    def __init__(self, paths: Paths) -> None:
        """Look at them.

        Args:
            paths: files of decisions or hit logs, JSONL or Parquet, in the order of their `index`,
                as `automod scan` writes them.

        Raises:
            LoadError: every fault of every file: it holds something else, or is in another order.
            MissingExtra: it is Parquet, and the extra `arrow` is not installed.
        """
        faults = Faults()
        self._files: list[_File] = []
        for path, name in named_files(paths, faults):
            found = _opened(path, name, faults)
            if found is not None:
                self._files.append(found)
        if faults.found:
            raise LoadError(faults.found)

    def dicts(self, first: int, count: int) -> Held:
        """The stored decisions with some indexes, as JSON has them; None where there is none.

        Where two have one index none of them counts. What cannot be read is not there.
        """
        held: Held = [None] * count
        times: Counter[int] = Counter()
        for file in self._files:
            for index, decision in file.between(first, first + count):
                times[index] += 1
                held[index - first] = decision if times[index] == 1 else None
        return held

    def batch(self, first: int, count: int) -> Any:
        """The same as an Arrow record batch: a row of nulls where there is none.

        It has what `batch.rescore` reads. Those on which more is to be said than that they are
        approved stand as JSON in the column `json`.
        """
        if len(self._files) == 1 and isinstance(self._files[0], _Decisions):
            return self._files[0].aligned(first, first + count)
        return _columns(self.dicts(first, count))


class _File(Protocol):
    def between(self, start: int, stop: int) -> Iterator[tuple[int, Json]]:
        """The decisions with indexes in a range, each with its own."""


def _opened(path: Path, name: str, faults: Faults) -> _File | None:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _parquet(path, name, faults)
    if suffix in SUFFIXES:
        return _lines(path, name, faults)
    refuse_suffix(name, SUFFIXES, faults)
    return None


# --- Parquet -------------------------------------------------------------------------------------


def _parquet(path: Path, name: str, faults: Faults) -> _File | None:
    pa = arrow(f"reading {name}")
    try:
        schema = pa.parquet.read_schema(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        message = f"is no Parquet file that can be read: {first_line(error)}"
        faults.add(Location(name), message)
        return None
    said = (schema.metadata or {}).get(FORMAT, b"decision" if "hits" in schema.names else b"")
    what = "hit_log" if said == b"hit_log" or "material" in schema.names else "decision"
    file = open_parquet(path, name, what, faults)
    if file is None:
        return None
    wanted = _OF_DECISIONS if what == "decision" else _OF_LOGS
    missing = [one for one in wanted if one not in schema.names]
    for one in missing:
        faults.add(Location(name, header=one), "the column is missing")
    if missing:
        return None
    groups = _Groups(file, _ranges(file))
    return _Decisions(groups) if what == "decision" else _Log(groups)


_OF_DECISIONS: Final = (
    "creative", "index", "on", "ruleset", "markets", "verdicts", "hits", "not_evaluated",
)  # fmt: skip
_OF_LOGS: Final = (
    "ruleset", "on", "creative", "index", "markets", "complete", "n", "material", "kind", "field",
    "start", "end", "view", "confidence", "distance", "at", "box",
)  # fmt: skip


def _ranges(file: Any) -> list[tuple[int, int]]:
    """The least and the greatest index of each group of rows."""
    place = file.schema_arrow.get_field_index("index")
    names = [file.schema.column(number).path for number in range(len(file.schema))]
    leaf = names.index(file.schema_arrow.names[place])
    ranges: list[tuple[int, int]] = []
    for number in range(file.metadata.num_row_groups):
        told = file.metadata.row_group(number).column(leaf).statistics
        if told is not None and told.has_min_max:
            ranges.append((told.min, told.max))
            continue
        own = file.read_row_group(number, ["index"]).column("index")
        low_high = arrow("reading Parquet").compute.min_max(own).as_py()
        least, most = low_high["min"], low_high["max"]
        ranges.append((0, -1) if least is None else (least, most))
    return ranges


@dataclass(slots=True)
class _Groups:
    """Groups of rows of a Parquet file; those that were read last are kept."""

    file: Any
    ranges: Sequence[tuple[int, int]]
    _kept: dict[int, Any] = field(default_factory=dict)

    def rows(self, start: int, stop: int, columns: Sequence[str]) -> Any:
        """The rows with indexes in a range, as a table."""
        pa = arrow("reading Parquet")
        wanted = [
            n for n, (least, most) in enumerate(self.ranges) if least < stop and most >= start
        ]
        self._kept = {
            n: self._kept[n] if n in self._kept else self.file.read_row_group(n, list(columns))
            for n in wanted
        }
        if not wanted:
            return self.file.schema_arrow.empty_table().select(list(columns))
        table = pa.concat_tables(self._kept.values())
        pc, index = pa.compute, table.column("index")
        inside = pc.and_(pc.greater_equal(index, start), pc.less(index, stop))
        return table.filter(inside)


@dataclass(frozen=True, slots=True)
class _Decisions:
    """A Parquet file of decisions."""

    groups: _Groups

    def _rows(self, start: int, stop: int) -> Any:
        names = self.groups.file.schema_arrow.names
        return self.groups.rows(start, stop, [*_OF_DECISIONS, *({"json"} & {*names})])

    def between(self, start: int, stop: int) -> Iterator[tuple[int, Json]]:
        for row in self._rows(start, stop).to_pylist():
            # Where something is missing that every decision has, it is none.
            if all(row[name] is not None for name in _OF_DECISIONS if name != "creative"):
                yield row["index"], decision_json(row)

    def aligned(self, start: int, stop: int) -> Any:
        """A row for each index in a range; of nulls where there is none, or there are several."""
        pa = arrow("stored decisions")
        table = self._rows(start, stop).unify_dictionaries().combine_chunks()
        index = table.column("index").to_numpy() - start
        places = np.full(stop - start, -1, dtype=np.int64)
        places[index] = np.arange(len(index))
        places[np.bincount(index, minlength=stop - start) != 1] = -1
        if not len(table):
            nulls = [pa.nulls(stop - start, column.type) for column in table.schema]
            return pa.RecordBatch.from_arrays(nulls, schema=table.schema)
        taken = table.take(pa.array(places, mask=places < 0)).combine_chunks()
        return taken.to_batches(max_chunksize=None)[0]


@dataclass(frozen=True, slots=True)
class _Log:
    """A Parquet hit log."""

    groups: _Groups

    def between(self, start: int, stop: int) -> Iterator[tuple[int, Json]]:
        names = self.groups.file.schema_arrow.names
        rows = self.groups.rows(start, stop, [*_OF_LOGS, *({"text"} & {*names})]).to_pylist()
        yield from _put_together(rows)


def _put_together(rows: Sequence[Json]) -> Iterator[tuple[int, Json]]:
    """The decisions that rows of a hit log belong to, where all of them is there."""
    for index, several in groupby(rows, key=itemgetter("index")):
        own = list(several)
        first = own[0]
        numbers = sorted(one["n"] for one in own)
        if all(one["complete"] for one in own) and numbers == list(range(len(own))):
            yield index, {
                "creative": first["creative"], "on": str(first["on"]), "index": index,
                "ruleset": first["ruleset"], "markets": dict(first["markets"]), "verdicts": [],
                "hits": [_hit(one) for one in own],
                "not_evaluated": [],
            }  # fmt: skip


def _hit(row: Json) -> Json:
    return {key: row[key] for key in row if key not in _OF_DECISION}


# --- JSONL ---------------------------------------------------------------------------------------


def _lines(path: Path, name: str, faults: Faults) -> _File | None:
    """A file of JSONL, with the places of some of its lines."""
    marks: list[tuple[int, int]] = []
    is_log = False
    try:
        with path.open("rb") as stream:
            place = 0
            for number, raw in enumerate(raw_lines(stream)):
                if raw is not None and raw.isspace():
                    continue
                if number % MARKED == 0:
                    found = json_line(number + 1, raw or b"")
                    if isinstance(found, Unreadable) or not _is_stored(found):
                        faults.add(Location(name, number + 1), "is neither a decision nor a hit")
                        return None
                    is_log = is_log or "material" in found
                    marks.append((found["index"], place))
                place = stream.tell()
    except OSError as error:
        faults.add(Location(name), f"cannot be read: {why(error)}", code="file")
        return None
    if marks != sorted(marks):
        hint = "give it as 'automod scan' wrote it"
        faults.add(Location(name), "is not in the order of its indexes", hint)
        return None
    return _Lines(path, marks, is_log)


def _is_stored(one: Json) -> bool:
    index = one.get("index")
    return isinstance(index, int) and not isinstance(index, bool) and "ruleset" in one


@dataclass(frozen=True, slots=True)
class _Lines:
    """A file of JSONL: decisions, or a hit log."""

    path: Path
    marks: Sequence[tuple[int, int]]
    is_log: bool

    def between(self, start: int, stop: int) -> Iterator[tuple[int, Json]]:
        rows, whole = self._rows(start, stop)
        if not self.is_log:
            yield from ((one["index"], one) for one in rows if start <= one["index"] < stop)
            return
        # A log may end in the middle of a decision: of the last nobody knows.
        last = rows[-1]["index"] if rows and not whole else None
        inside = [one for one in rows if start <= one["index"] < stop and one["index"] != last]
        try:
            yield from _put_together(inside)
        except (KeyError, TypeError, ValueError):
            return

    def _rows(self, start: int, stop: int) -> tuple[list[Any], bool]:
        """The lines near a range that can be read, and whether others come after them."""
        # Hits of one decision may lie on both sides of a mark.
        mark = max(bisect_right(self.marks, (start - 1, -1)) - 1, 0)
        rows: list[Any] = []
        with self.path.open("rb") as stream:
            stream.seek(self.marks[mark][1] if self.marks else 0)
            for raw in raw_lines(stream):
                found = json_line(0, raw or b"")
                if isinstance(found, Unreadable) or not _is_stored(found):
                    continue
                if found["index"] >= stop:
                    return rows, True
                rows.append(found)
        return rows, False


def _columns(held: Sequence[Json | None]) -> Any:
    """Decisions as a record batch, as far as `batch.rescore` reads them."""
    pa = arrow("stored decisions")
    clean = [one if one is not None and _is_clean(one) else None for one in held]
    empty = pa.array([None if one is None else [] for one in clean], pa.list_(pa.null()))
    market = pa.list_(pa.struct([("market", pa.string())]))
    markets = [
        None if one is None else [{"market": name} for name in one["markets"]] for one in clean
    ]
    days = [None if one is None else date.fromisoformat(one["on"]) for one in clean]
    columns = {
        "creative": pa.array([one and one["creative"] for one in clean], pa.string()),
        "on": pa.array(days, pa.date32()),
        # Also of the others, which are known by it.
        "ruleset": pa.array([one and _text(one.get("ruleset")) for one in held], pa.string()),
        "markets": pa.array(markets, market),
        "verdicts": empty, "hits": empty, "not_evaluated": empty,
        "json": pa.array(
            [
                None if one is None or good is not None else json.dumps(one)
                for one, good in zip(held, clean, strict=True)
            ],
            pa.string(),
        ),
    }  # fmt: skip
    return pa.RecordBatch.from_pydict(columns)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and not has_lone_surrogate(value) else None


def _is_clean(one: Json) -> bool:
    """Whether nothing is said but that it is approved, in columns that can hold it."""
    try:
        date.fromisoformat(one["on"])
        said = one["verdicts"] or one["hits"] or one["not_evaluated"]
        texts = (one["creative"], one["ruleset"], *one["markets"])
    except (KeyError, TypeError, ValueError):
        return False
    return not said and None not in map(_text, texts)
