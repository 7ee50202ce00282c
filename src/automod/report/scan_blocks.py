"""What a worker makes of a chunk: its decisions as they are written, and what is counted of them.

Everything that costs time for each creative is done here: reading, deciding, choosing, writing out.
Whoever takes the blocks only joins them.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from automod.batch.changed import Earlier, open_earlier
from automod.batch.crashed import CRASHED, crashed_decision
from automod.batch.plan import Chunk
from automod.batch.reading import Given, Reader, raw_text
from automod.batch.rescore_files import Again, Since
from automod.batch.sources import Misread, fault_at, why_none
from automod.batch.stream import BLOCK, decide_stream
from automod.batch.where import Where, parse_where
from automod.engine.engine import Engine
from automod.errors import Location
from automod.model.arrow import arrow, decision_batch, hit_batch
from automod.model.counters import Counters
from automod.model.decision import Decision, json_text
from automod.model.hitlog import hit_rows

from .decision_csv import DecisionTable
from .labels import Lang
from .tally import Tally

MOST_TOLD: Final = 20
"""Complaints of a block: nobody is told more of a whole scan."""
NOBODY: Final = "#"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be made of chunks."""

    format: str
    today: date
    on: date | None = None
    lang: Lang = "en"
    objects: bool = False
    """Give the decisions themselves, not what is written of them."""
    hits: str | None = None
    """How hits are written."""
    hits_text: bool = False
    conditions: tuple[str, ...] = ()
    """Of `--where`."""
    earlier: str | None = None
    """The folder of the decisions that others are to differ from."""
    since: Since | None = None
    """What was decided before, by another ruleset."""
    quarantine: bool = False
    counters: bool = False
    quiet: bool = False


@dataclass(slots=True)
class Block:
    """What was made of a chunk, or of pieces of it."""

    part: int
    count: int
    weight: int
    pairs: list[tuple[Any, Decision, Any]] = field(default_factory=list)
    """Creative, decision, and the markets that are shown (None: all), of those that are written."""
    text: str = ""
    tables: list[bytes] = field(default_factory=list)
    """Arrow streams of decisions."""
    hits_text: str = ""
    hits_tables: list[bytes] = field(default_factory=list)
    quarantine: str = ""
    tally: Tally = field(default_factory=Tally)
    complaints: list[str] = field(default_factory=list)
    invalid: int = 0
    counters: Counters | None = None
    seen: Any = None
    """Places of the creatives among the earlier ones."""
    unchanged: int = 0
    changed: int = 0
    new: int = 0


class Written(Protocol):
    """Takes the decisions of a block and puts them into it, written out."""

    def add(self, creative: Any, decision: Decision, markets: Any, /) -> None:
        """Take one more."""

    def end(self, block: Block) -> None:
        """Put all of them into the block."""


class _Pairs:
    def __init__(self) -> None:
        self._pairs: list[tuple[Any, Decision, Any]] = []

    def add(self, creative: Any, decision: Decision, markets: Any, /) -> None:
        self._pairs.append((creative, decision, markets))

    def end(self, block: Block) -> None:
        block.pairs = self._pairs


class _Lines:
    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, _creative: Any, decision: Decision, _markets: Any, /) -> None:
        self._lines.append(decision.to_json() + "\n")

    def end(self, block: Block) -> None:
        block.text = "".join(self._lines)


class _Cells:
    def __init__(self, lang: Lang) -> None:
        self._out = io.StringIO(newline="")
        self._table = DecisionTable(self._out, lang)
        self._head = self._out.tell()

    def add(self, _creative: Any, decision: Decision, markets: Any, /) -> None:
        self._table.add(decision, markets)

    def end(self, block: Block) -> None:
        block.text = self._out.getvalue()[self._head :]


class _Rows:
    def __init__(self) -> None:
        self._held: list[Decision] = []
        self._batches: list[Any] = []

    def add(self, _creative: Any, decision: Decision, _markets: Any, /) -> None:
        self._held.append(decision)
        if len(self._held) == BLOCK:
            self._pack()

    def _pack(self) -> None:
        self._batches.append(decision_batch(self._held))
        self._held = []

    def end(self, block: Block) -> None:
        if self._held:
            self._pack()
        block.tables = [packed(self._batches)] if self._batches else []


def _written(asked: Asked) -> Written:
    if asked.objects:
        return _Pairs()
    if asked.format == "jsonl":
        return _Lines()
    return _Cells(asked.lang) if asked.format == "csv" else _Rows()


class _Hits:
    """The hits of the decisions that are written."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._rows: list[Any] = []
        self._batches: list[Any] = []

    def add(self, decision: Decision) -> None:
        """Take the hits of one decision."""
        if self._asked.hits is None or self._asked.objects:
            return
        self._rows += hit_rows(decision, text=self._asked.hits_text)
        if self._asked.hits == "parquet" and len(self._rows) >= BLOCK:
            self._pack()

    def _pack(self) -> None:
        self._batches.append(hit_batch(self._rows))
        self._rows = []

    def end(self, block: Block) -> None:
        """Put all of them into the block."""
        if self._asked.hits == "jsonl":
            block.hits_text = "".join(json_text(row) + "\n" for row in self._rows)
            return
        if self._rows:
            self._pack()
        block.hits_tables = [packed(self._batches)] if self._batches else []


def packed(batches: list[Any]) -> bytes:
    """Record batches of one schema as an Arrow stream."""
    pa = arrow("sending record batches")
    sink = pa.BufferOutputStream()
    table = pa.Table.from_batches(batches).unify_dictionaries()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def unpacked(data: bytes) -> Any:
    """The table of an Arrow stream."""
    return arrow("taking record batches").ipc.open_stream(data).read_all()


@dataclass(frozen=True, slots=True)
class BlockMaker:
    """Starts in a worker: called there, it gives what makes blocks of chunks."""

    engine: Engine
    asked: Asked

    def __call__(self) -> _Maker:
        """What makes blocks, in this process."""
        return _Maker(self.engine, self.asked)


class _Maker:
    def __init__(self, engine: Engine, asked: Asked) -> None:
        self._engine, self._asked = engine, asked
        self._reader = Reader()
        self._wanted: list[Where] = [parse_where(one, engine.ruleset) for one in asked.conditions]
        self._again = None if asked.since is None else Again(engine, asked.since)
        self._earlier: Earlier | None = None
        if asked.earlier is not None:
            self._earlier = open_earlier(Path(asked.earlier))

    def __call__(self, chunk: Chunk) -> Block:
        from automod.batch.arrow import decide_record_batch

        from .scan_columns import columnar, decide_columns

        if columnar(chunk, self._asked, self._reader.tables):
            again, whole = self._again, partial(decide_record_batch, self._engine)
            decide = whole if again is None else again.decide_record_batch
            return decide_columns(self._engine, self._asked, self._reader.tables, chunk, decide)
        return self._by_objects(chunk)

    def _by_objects(self, chunk: Chunk) -> Block:
        asked = self._asked
        block = started(chunk, asked)
        written, hits = _written(asked), _Hits(asked)
        for given, decision in self._decided(chunk):
            block.tally.add(decision)
            if block.counters is not None:
                block.counters.add(decision)
            if decision.creative is None or chunk.lost:
                complain(block, asked, given, decision)
            if (markets := self._choose(decision, block)) is not _NOT_WANTED:
                block.tally.judge(decision, markets)
                block.tally.shown += 1
                written.add(given.one, decision, markets)
                hits.add(decision)
        written.end(block)
        hits.end(block)
        if block.seen is not None:
            block.seen = _places(block.seen)
        return block

    def _decided(self, chunk: Chunk) -> Iterator[tuple[Given, Decision]]:
        today, on = self._asked.today, self._asked.on
        first = chunk.first + chunk.range[0]
        if chunk.lost:
            given = _NOT_READ if chunk.lost == "unread" else next(self._reader.creatives(chunk))
            one = given.one if isinstance(given.one, dict) and chunk.lost == "crashed" else None
            yield given, crashed_decision(self._engine, one, first, today=today, on=on)
            return
        waiting: deque[Given] = deque()

        def ones() -> Iterator[Any]:
            for given in self._reader.creatives(chunk):
                waiting.append(given)
                yield given.one

        again = self._again
        decide = partial(decide_stream, self._engine) if again is None else again.decide_stream
        for _, decision in decide(ones(), today=today, on=on, first=first):
            yield waiting.popleft(), decision

    def _choose(self, decision: Decision, block: Block) -> Any:
        """The markets that are shown (None: all); `_NOT_WANTED` of what is not to be written."""
        fitting = [one for one in self._wanted if one.matches(decision)]
        changed = self._earlier is None or self._differs(self._earlier, decision, block)
        if (self._wanted and not fitting) or not changed:
            return _NOT_WANTED
        return {market for one in fitting for market in one.markets(decision)} or None

    def _differs(self, earlier: Earlier, decision: Decision, block: Block) -> bool:
        place = -1 if decision.creative is None else earlier.place(decision.creative)
        if place < 0:
            block.new += 1
            return True
        block.seen.append(place)
        same = earlier.same(place, decision)
        block.unchanged += same
        block.changed += not same
        return not same


_NOT_WANTED: Final = object()
_NOT_READ: Final = Given(
    Misread(Location(NOBODY), "reading it ends the process"), Location(NOBODY), lambda: None
)


def started(chunk: Chunk, asked: Asked) -> Block:
    """A block that nothing was put into yet."""
    block = Block(chunk.part, chunk.count, chunk.weight if chunk.range[0] == 0 else 0)
    # All markets: which came first in a block is no matter of how a scan is cut.
    block.counters = Counters(None) if asked.counters else None
    block.seen = None if asked.earlier is None else []
    return block


def complain(block: Block, asked: Asked, given: Given, decision: Decision) -> None:
    """Keep why something is no creative, or was not looked at, for those who have to mend it."""
    crashed = any(one.code == CRASHED for one in decision.not_evaluated)
    block.invalid += not crashed
    if not asked.quiet and not crashed and len(block.complaints) < MOST_TOLD:
        place = None if given.place.file == NOBODY else given.place
        block.complaints.append(fault_at(given.one, decision.index, place))
    if asked.quarantine:
        block.quarantine += quarantined(given, decision, crashed=crashed)


def quarantined(given: Given, decision: Decision, *, crashed: bool) -> str:
    """The line of the quarantine for what was not evaluated at all."""
    place = given.place
    nowhere = place.file == NOBODY
    row = {
        "file": None if nowhere else place.file, "sheet": place.sheet, "line": place.line,
        "index": decision.index, "creative": decision.creative,
        "code": decision.not_evaluated[0].code,
        "message": "looking at it ends the process" if crashed else why_none(given.one),
        "row": raw_text(given.raw()),
    }  # fmt: skip
    return json_text(row) + "\n"


def _places(places: Iterable[int]) -> Any:
    return np.fromiter(places, dtype=np.int64)
