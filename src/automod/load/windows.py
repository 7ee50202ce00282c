"""Hit logs, decisions and counters -> the daily counts of hits of one window of time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from pydantic_core import PydanticCustomError

from automod.errors import InputError, LoadError, Location
from automod.model.arrow import FORMAT, arrow
from automod.model.coded import Coded, Ints
from automod.model.counters import COUNTED, EVERYWHERE, OTHER, Counters
from automod.model.scalars import parse_day

from .arrow_columns import distinct
from .counter_files import read_counters
from .decision_counts import count_batch
from .decisions import MOST_FAULTS, cut_short
from .faults import Faults
from .files import first_line, refuse_suffix, why
from .hit_counts import HIT_COLUMNS, HitBatches, HitColumns
from .json_files import Unreadable, json_line, json_lines
from .parquet_files import BATCH, Sort, check_columns, leaves, open_parquet

Json = dict[str, Any]
Source = Literal["a hit log", "decisions", "counters"]

SUFFIXES: Final = (".jsonl", ".ndjson", ".parquet", ".json")
_SPAN: Final = re.compile(r"(?P<path>.+)@(?P<first>[^@.]*)\.\.(?P<last>[^@.]*)")
_MAGIC: Final = re.compile(r"[*?\[]")
_BLOCK: Final = 1 << 14
_COMPACT: Final = 1 << 20
_DAYS, _MARKETS, _MATERIALS = 20, 16, 26
"""Bits of each in the key of a count."""
_OPTIONAL: Final = frozenset({"hits.allowed_by", "hits.kind", "allowed_by", "kind"})
_DECISIONS: Final[dict[str, Sort]] = {
    "ruleset": "text", "on": "day", "action": "text", "markets": "list", "markets.market": "text",
    "markets.action": "text", "markets.complete": "flag", "hits": "list", "hits.material": "text",
    "hits.version": "text", "hits.status": "text", "hits.allowed_by": "text", "hits.kind": "text",
    "not_evaluated": "list", "not_evaluated.code": "text",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A new ruleset, or a new version of a package, from its first day on."""

    on: date
    package: str | None
    """None: the ruleset as a whole."""
    value: str
    """Version, or digest."""


@dataclass(frozen=True, slots=True)
class Window:
    """Counts of a stretch of days; a row is a day, a market and a material that hit something.

    Hits are creatives, live or in shadow, which no allow protected. The market `EVERYWHERE` has
    each creative once.
    """

    name: str
    first: date
    days: int
    day: Ints
    """Days after `first`."""
    market: Ints
    material: Ints
    creatives: Ints
    markets: tuple[str, ...]
    materials: tuple[str, ...]
    judged: dict[str, Ints]
    """Market -> the creatives that were judged, day by day; empty: hit logs do not tell."""
    changes: tuple[Change, ...]
    files: int

    @property
    def weekday(self) -> Ints:
        """Of each day, 0 for a Monday."""
        return (self.first.weekday() + np.arange(self.days)) % 7


def load_window(paths: str | Sequence[str]) -> Window:
    """The daily counts of some logs.

    Args:
        paths: files, folders (with all in them) or patterns as `logs/*.parquet`, of hit logs or
            decisions, JSONL or Parquet, or of counters, JSON. `PATH@FROM..UNTIL` takes these days
            of it, both inclusive, and either may be left out. Days are those given, else those
            that were seen.

    Raises:
        LoadError: every fault of every file.
        InputError: nothing is there, a span is no span, or nothing was judged in it.
        MissingExtra: it is Parquet, and the extra `arrow` is not installed.

    >>> import tempfile
    >>> from automod.model.decision import Decision
    >>> file = Path(tempfile.mkdtemp()) / "decisions.jsonl"
    >>> _ = file.write_text(Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}).to_json())
    >>> load_window(str(file)).judged["*"].tolist()
    [1]
    """
    several = [paths] if isinstance(paths, str) else list(paths)
    faults, tally = Faults(), Tally()
    for given in several:
        path, first, last = span_of(given)
        tally.between(first, last)
        for file, name in _files(path, faults):
            if tally.is_new(file):
                _read(file, name, tally, faults)
            else:
                faults.add(Location(name), "is given twice: hits would count twice")
    if faults.found:
        raise LoadError(faults.found)
    return tally.window(" ".join(several))


def span_of(given: str) -> tuple[str, date | None, date | None]:
    """A path, and the days of it that are meant.

    Raises:
        InputError: what stands after the `@` are no days.

    >>> span_of("logs/@2026-11-01..2026-11-14")[1:]
    (datetime.date(2026, 11, 1), datetime.date(2026, 11, 14))
    >>> span_of("logs/")
    ('logs/', None, None)
    """
    found = _SPAN.fullmatch(given)
    if found is None or os.path.lexists(given):
        return given, None, None
    days: list[date | None] = []
    for written in found.group("first", "last"):
        try:
            days.append(parse_day(written) if written else None)
        except PydanticCustomError as error:
            raise InputError(f"{given!r}: {error.message()}; write PATH@FROM..UNTIL") from None
    if days[0] and days[1] and days[0] > days[1]:
        raise InputError(f"{given!r}: {days[0]} is after {days[1]}")
    return found["path"], days[0], days[1]


def _files(path: str, faults: Faults) -> Iterator[tuple[Path, str]]:
    """The files that a path or a pattern names, in their order."""
    if Path(path).is_dir():
        inside = [one for one in sorted(Path(path).rglob("*")) if one.suffix.lower() in SUFFIXES]
        # `_parts` and the like hold what a job keeps beside its data.
        found = [str(one) for one in inside if one.is_file() and not _is_hidden(one, path)]
        message = f"the folder holds no log: one of {', '.join(SUFFIXES)}"
    elif _MAGIC.search(path) and not os.path.lexists(path):
        top = Path(Path(path).anchor or ".")
        found = sorted(map(str, top.glob(str(Path(path).relative_to(top)))))
        message = "no file has such a name"
    else:
        found, message = [path] if os.path.lexists(path) else [], "there is no such file"
    if not found:
        faults.add(Location(path), message, code="file")
    for one in found:
        yield Path(one), one


def _is_hidden(file: Path, folder: str) -> bool:
    return any(step.startswith((".", "_")) for step in file.relative_to(folder).parts)


# --- one file ------------------------------------------------------------------------------------


def _read(path: Path, name: str, tally: Tally, faults: Faults) -> None:
    suffix = path.suffix.lower()
    before = len(faults.found)
    try:
        if suffix == ".json":
            if (found := read_counters(path, name, faults)) is not None:
                tally.take(found, "counters", name, faults)
        elif suffix == ".parquet":
            _parquet(path, name, tally, faults)
        elif suffix in SUFFIXES:
            _lines(path, name, tally, faults)
        else:
            refuse_suffix(name, SUFFIXES, faults)
    except OSError as error:
        faults.add(Location(name), f"cannot be read: {why(error)}", code="file")
    if len(faults.found) - before > MOST_FAULTS:
        cut_short(faults, before, Location(name))
    tally.files += 1


def _lines(path: Path, name: str, tally: Tally, faults: Faults) -> None:
    with path.open("rb") as stream:
        first = next((line for line in stream if line.strip()), b"{}")
    found = json_line(1, first)
    hits = isinstance(found, dict) and "material" in found
    source: Source = "a hit log" if hits else "decisions"
    with path.open("rb") as stream:
        rows = _objects(stream, name, faults)
        decisions = _of_hits(rows, name, faults) if hits else rows
        counters = Counters()
        for n, (line, one) in enumerate(decisions, 1):
            try:
                _check_texts(one)
                counters.add(one)
            except (KeyError, TypeError, ValueError, AttributeError):
                hint = "give hit logs or decisions, as 'automod scan' writes them"
                faults.add(Location(name, line), f"is no line of {source}", hint)
            if n % _BLOCK == 0:
                tally.take(counters, source, name, faults)
                counters = Counters()
            if len(faults.found) > MOST_FAULTS:
                return
        tally.take(counters, source, name, faults)


def _check_texts(one: Json) -> None:
    """Raise where something is no text by which counts are kept.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: some is none.
    """
    date.fromisoformat(one["on"])
    texts = [one["ruleset"]]
    texts += [hit[name] for hit in one["hits"] for name in ("material", "version")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError


def _objects(stream: Any, name: str, faults: Faults) -> Iterator[tuple[int, Json]]:
    for line, found in json_lines(stream):
        if isinstance(found, Unreadable):
            faults.add(Location(name, line), found.message)
        else:
            yield line, found


_DECISION: Final = ("ruleset", "on", "creative", "index")


def _of_hits(
    rows: Iterable[tuple[int, Json]], name: str, faults: Faults
) -> Iterator[tuple[int, Json]]:
    """The decisions that rows of hits belong to: a scan writes those of one together."""

    def whole() -> Iterator[tuple[int, Json]]:
        needed = {*_DECISION, "material", "version", "status", "markets", "action"}
        for line, row in rows:
            if missing := sorted(needed - row.keys()):
                told = ", ".join(map(repr, missing))
                faults.add(Location(name, line), f"is no hit: {told} missing")
            elif not isinstance(row["markets"], dict):
                faults.add(Location(name, line), "is no hit: 'markets' is no object")
            else:
                yield line, row

    key = itemgetter(*_DECISION)
    for (ruleset, on, _, _), several in groupby(whole(), key=lambda one: key(one[1])):
        held = list(several)
        line, first = held[0]
        outcomes = {
            market: {"action": action, "complete": True}
            for market, action in first["markets"].items()
        }
        yield line, {
            "ruleset": ruleset, "on": on, "action": first["action"], "markets": outcomes,
            "hits": [row for _, row in held],
        }  # fmt: skip


def _parquet(path: Path, name: str, tally: Tally, faults: Faults) -> None:
    pa = arrow(f"reading {name}")
    try:
        schema = pa.parquet.read_schema(path)
    except (pa.ArrowException, ValueError) as error:
        message = f"is no Parquet file that can be read: {first_line(error)}"
        faults.add(Location(name), message)
        return
    said = (schema.metadata or {}).get(FORMAT)
    hits = said == b"hit_log" if said is not None else "hits" not in schema.names
    source: Source = "a hit log" if hits else "decisions"
    what, columns = ("hit_log", HIT_COLUMNS) if hits else ("decision", _DECISIONS)
    before = len(faults.found)
    file = open_parquet(path, name, what, faults)
    if file is None:
        return
    with file:
        check_columns(file.schema_arrow, columns, name, faults, _OPTIONAL)
        if len(faults.found) > before:
            return
        rows = file.iter_batches(batch_size=BATCH, columns=leaves(file, [*columns, "markets"]))
        try:
            if hits:
                for columns_ in HitBatches().counts(rows):
                    tally.take_hits(columns_, name, faults)
            else:
                for counters in map(count_batch, rows):
                    tally.take(counters, source, name, faults)
        except (pa.ArrowException, ValueError) as error:
            faults.add(Location(name), f"is damaged: {first_line(error)}")


# --- adding up -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """Counts of many files, in memory for what differs and not for what was read."""

    files: int = 0
    first: int = 0
    last: int = date.max.toordinal()
    given: list[tuple[int, int | None]] = field(default_factory=list)
    read: dict[Path, list[tuple[int, int]]] = field(default_factory=dict)
    """File -> the first and the last day that were taken of it."""
    sorts: set[Source] = field(default_factory=set)
    """Of the files that were read."""
    markets: dict[str, int] = field(default_factory=lambda: {EVERYWHERE: 0})
    materials: dict[str, int] = field(default_factory=dict)
    keys: list[Ints] = field(default_factory=list)
    counts: list[Ints] = field(default_factory=list)
    pending: int = 0
    judged: dict[tuple[str, int], int] = field(default_factory=dict)
    rulesets: dict[str, int] = field(default_factory=dict)
    """-> the first day."""
    versions: dict[tuple[str, str], int] = field(default_factory=dict)
    """Package, version -> the first day."""
    sources: dict[tuple[str, int], Source] = field(default_factory=dict)
    """Ruleset, day -> what told of it."""
    twice: set[str] = field(default_factory=set)
    """Files that tell what another sort of file tells as well."""
    seen: set[int] = field(default_factory=set)
    """Days of hits, and of what was judged."""

    def between(self, first: date | None, last: date | None) -> None:
        """Take only these days of what comes next."""
        self.first = first.toordinal() if first else 0
        self.last = last.toordinal() if last else date.max.toordinal()
        self.given.append((self.first, self.last if last else None))

    def is_new(self, file: Path) -> bool:
        """Whether none of these days were taken of a file before; they are from now on."""
        spans = self.read.setdefault(file.resolve(), [])
        new = all(last < self.first or self.last < first for first, last in spans)
        spans.append((self.first, self.last))
        return new

    def take(self, counters: Counters, source: Source, name: str, faults: Faults) -> None:
        """Add counts; those of a hit log do not tell how many creatives were judged."""
        self.sorts.add(source)
        days: dict[str, int] = {}
        for (ruleset, on, market), row in counters.judged.items():
            day = self._day(on, days)
            if day and source != "a hit log":
                self._check(ruleset, day, source, name, faults)
                self.judged[market, day] = self.judged.get((market, day), 0) + row[0]
        found: dict[int, int] = {}
        for (ruleset, on, market, material, version, how), n in counters.hits.items():
            day = self._day(on, days)
            if not day:
                continue
            self._check(ruleset, day, source, name, faults)
            package = (material.partition("/")[0], version)
            self.versions[package] = min(day, self.versions.get(package, day))
            if how != "allowed":
                key = self._key(day, market, material)
                found[key] = found.get(key, 0) + n
        n = len(found)
        self._keep(np.fromiter(found.keys(), np.int64, n), np.fromiter(found.values(), np.int64, n))

    def take_hits(self, hits: HitColumns, name: str, faults: Faults) -> None:
        """Add the counts of a part of a hit log, with no object for each."""
        self.sorts.add("a hit log")
        known: dict[str, int] = {}
        days = np.array([*(self._day(one, known) for one in hits.on.values), 0], np.int64)
        day = days[hits.on.codes]
        packages = Coded.of([one.partition("/")[0] for one in hits.material.values])
        package = packages.codes[hits.material.codes] if len(hits.material) else day
        inside = day > 0
        first, _ = distinct([
            day[inside], package[inside], hits.version.codes[inside], hits.ruleset.codes[inside],
        ])  # fmt: skip
        for row in np.flatnonzero(inside)[first].tolist():
            on = int(day[row])
            self._check(str(hits.ruleset[row]), on, "a hit log", name, faults)
            key = (packages.values[package[row]], str(hits.version[row]))
            self.versions[key] = min(on, self.versions.get(key, on))
        markets = np.array([self._market(one) for one in hits.market.values], np.int64)
        materials = np.array([self._material(one) for one in hits.material.values], np.int64)
        kept = np.flatnonzero(inside & (hits.status.codes != COUNTED.index("allowed")))
        number, place = materials[hits.material.codes[kept]], markets[hits.market.codes[kept]]
        keys = ((number << _MARKETS | place) << _DAYS) | day[kept]
        self._keep(keys, hits.creatives[kept].astype(np.int64))

    def _day(self, on: str, known: dict[str, int]) -> int:
        """The ordinal of a day, or 0 where it is not asked for."""
        if on not in known:
            day = date.fromisoformat(on).toordinal()
            known[on] = day if self.first <= day <= self.last else 0
        return known[on]

    def _check(self, ruleset: str, day: int, source: Source, name: str, faults: Faults) -> None:
        self.seen.add(day)
        self.rulesets[ruleset] = min(day, self.rulesets.get(ruleset, day))
        other = self.sources.setdefault((ruleset, day), source)
        if other != source and name not in self.twice:
            self.twice.add(name)
            message = f"these are {source}, and {other} tell of {date.fromordinal(day)} as well"
            faults.add(Location(name), message, "give one of them, or hits would count twice")

    def _key(self, day: int, market: str, material: str) -> int:
        return ((self._material(material) << _MARKETS | self._market(market)) << _DAYS) | day

    def _material(self, name: str) -> int:
        return self.materials.setdefault(name, len(self.materials))

    def _market(self, name: str) -> int:
        known = self.markets
        if name not in known and len(known) >= (1 << _MARKETS) - 1:
            name = OTHER
        return known.setdefault(name, len(known))

    def _keep(self, keys: Ints, counts: Ints) -> None:
        self.keys.append(keys)
        self.counts.append(counts)
        self.pending += len(keys)
        if self.pending > max(_COMPACT, 2 * len(self.keys[0])):
            self._compact()

    def _compact(self) -> None:
        keys = np.concatenate([np.zeros(0, np.int64), *self.keys])
        counts = np.concatenate([np.zeros(0, np.int64), *self.counts])
        kept, place = np.unique(keys, return_inverse=True)
        total = np.zeros(len(kept), np.int64)
        np.add.at(total, place, counts)
        self.keys, self.counts, self.pending = [kept], [total], 0

    def window(self, name: str) -> Window:
        """All that was taken, as columns."""
        self._compact()
        first, last = self._ends(name)
        key = self.keys[0]
        changes = [Change(date.fromordinal(day), None, one) for one, day in self.rulesets.items()]
        changes += [
            Change(date.fromordinal(day), package, version)
            for (package, version), day in self.versions.items()
        ]
        return Window(
            name, date.fromordinal(first), last - first + 1,
            (key & ((1 << _DAYS) - 1)) - first, (key >> _DAYS) & ((1 << _MARKETS) - 1),
            key >> (_DAYS + _MARKETS), self.counts[0], tuple(self.markets), tuple(self.materials),
            self._judged(first, last - first + 1),
            tuple(sorted(changes, key=lambda one: (one.on, one.package or "", one.value))),
            self.files,
        )  # fmt: skip

    def _ends(self, name: str) -> tuple[int, int]:
        """The first and the last day: as they were given, else as they were seen."""
        firsts = [first for first, _ in self.given if first] or sorted(self.seen)[:1]
        open_first = any(not first for first, _ in self.given)
        open_last = any(last is None for _, last in self.given)
        lasts = [last for _, last in self.given if last is not None]
        if not firsts or not (lasts or self.seen):
            raise InputError(f"{name}: nothing was judged there, and no days are given")
        first = min([*firsts, *(self.seen if open_first else ())])
        last = max([*lasts, *(self.seen if open_last else ())], default=max(self.seen, default=0))
        if last - first >= 3_700:
            span = f"{date.fromordinal(first)} to {date.fromordinal(last)}"
            raise InputError(f"{name}: {span} are more than ten years; give PATH@FROM..UNTIL")
        return first, max(first, last)

    def _judged(self, first: int, days: int) -> dict[str, Ints]:
        if "a hit log" in self.sources.values():
            return {}  # its creatives are not known, and a part of a sum is none
        found: dict[str, Ints] = {}
        for (market, day), n in self.judged.items():
            found.setdefault(market, np.zeros(days, np.int64))[day - first] += n
        if not found and "a hit log" not in self.sorts:
            # That nothing was judged is known, and no reason to take days for alike.
            found[EVERYWHERE] = np.zeros(days, np.int64)
        return found
