"""The columnar contract: a record batch of creatives in, a record batch of decisions out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np

from automod.engine.engine import MOST_CHARACTERS, MOST_CREATIVES, Engine
from automod.errors import InputError
from automod.load.arrow_columns import EPOCH
from automod.model.arrow import (
    Heads,
    Markets,
    arrow,
    decision_batch,
    decision_columns,
    decision_schema,
    hit_schema,
)
from automod.model.coded import Codes, Ints
from automod.model.decision import Decision
from automod.model.vocabulary import ACTION_RANK

from .creative_block import Block, block_of
from .creative_columns import WHERE, Layout, creative_of, layout_of

MOST_ROWS: Final = 16_384
"""Rows of a record batch of a stream of decisions, however many come in together."""


def decide_record_batch(
    engine: Engine,
    batch: Any,
    *,
    on: date | None = None,
    today: date | None = None,
    first: int = 0,
) -> Any:
    """The decisions on the creatives of a record batch, in their order.

    Args:
        engine: the compiled ruleset.
        batch: a `pyarrow.RecordBatch` of creatives (`creative_columns.layout_of` says which columns
            are read).
        on: the date to decide for, whatever the creatives say.
        today: the date of creatives without one; the clock is read when it is left out.
        first: the index of the first row, where there is no column `index`.

    Returns:
        A `pyarrow.RecordBatch` of `model.arrow.decision_schema`. A row that is no creative is a
        decision that says so, in its place.

    Raises:
        InputError: every column that is none of a creative, or holds something else.
        MissingExtra: the extra `arrow` is not installed.
    """
    layout = layout_of(batch.schema)
    today = datetime.now(UTC).date() if today is None else today
    answers = Answers(engine, on, today)
    place = 0
    while place < len(batch):
        block = next_block(engine, batch.slice(place, MOST_CREATIVES), layout, first + place)
        answers.add(block)
        place += len(block.days)
    return answers.batch(indexes_of(batch, layout, first))


def indexes_of(batch: Any, layout: Layout, first: int) -> Any:
    """The index of each row: what a column says, else its place."""
    pa = arrow("creatives in Arrow")
    places = pa.array(np.arange(first, first + len(batch)))
    if layout.index is None:
        return places
    return pa.compute.coalesce(batch.column(layout.index).cast(pa.int64()), places)


def next_block(engine: Engine, batch: Any, layout: Layout, first: int) -> Block:
    """As many rows as are worth scanning together."""
    block = block_of(engine, batch, layout, first)
    while block.characters > MOST_CHARACTERS and len(batch) > 1:
        batch = batch.slice(0, len(batch) // 2)
        block = block_of(engine, batch, layout, first)
    return block


class Answers:
    """What is decided of a record batch, block by block, until it becomes columns."""

    def __init__(self, engine: Engine, on: date | None, today: date) -> None:
        self._engine, self._on, self._today = engine, on, today
        self._rows = 0
        self._ids: list[Any] = []
        self._days: list[Ints] = [np.zeros(0, dtype=np.int64)]
        self._markets: list[Codes] = [np.zeros(0, dtype=np.int32)]
        self._clean: dict[tuple[str, ...], int] = {}
        """Markets of creatives on which nothing is to be said -> their number."""
        self._made: list[tuple[int, Decision]] = []

    def add(self, block: Block) -> None:
        """Decide on one more block."""
        self.take(block, self._engine.decide_columns(block.columns, self._on, self._today))

    def take(self, block: Block, made: Iterable[tuple[int, Decision]]) -> None:
        """What was decided on one more block: all rows but those of `made` are clean."""
        known, first = self._clean, self._rows
        self._made += [(first + row, decision) for row, decision in made]
        codes = [known.setdefault(one, len(known)) for one in block.markets.values]
        self._markets.append(np.array([*codes, 0], dtype=np.int32)[block.markets.codes])
        self._days.append(block.days)
        self._ids.append(block.ids)
        self._rows += len(block.days)

    def batch(self, index: Any) -> Any:
        """All of it as a record batch: objects become columns, the others never were any."""
        pa = arrow("decisions in Arrow")
        day = self._on or self._today
        rows = np.array([row for row, _ in self._made], dtype=np.int64)
        decisions = [_dated(decision, day) for _, decision in self._made]
        actions = np.zeros(self._rows, dtype=np.int32)
        actions[rows] = [ACTION_RANK[one.action] for one in decisions]
        ids = pa.concat_arrays([pa.array([], pa.string()), *self._ids])
        heads = Heads(
            _without(ids, [row for row, one in self._made if one.creative is None]),
            index,
            self._dates(rows, decisions),
            np.zeros(self._rows, dtype=np.int32),
            (self._engine.digest,),
        )
        markets = self._outcomes(rows, decisions)
        try:
            return decision_columns(heads, actions, markets, rows, decisions)
        except UnicodeEncodeError:  # a half of a character in a text that a cell wrote as JSON
            made = dict(zip(rows.tolist(), decisions, strict=True))
            return decision_batch(_objects(heads, markets, made))

    def _dates(self, rows: Ints, decisions: Sequence[Decision]) -> Any:
        pa, days = arrow("decisions in Arrow"), np.concatenate(self._days)
        days = np.where(days == 0, self._today.toordinal(), days)
        if self._on is not None:
            days[:] = self._on.toordinal()
        days[rows] = [date.fromisoformat(one.on).toordinal() for one in decisions]
        return pa.array((days - EPOCH).astype(np.int32)).view(pa.date32())

    def _outcomes(self, rows: Ints, decisions: Sequence[Decision]) -> Markets:
        """One answer for each list of markets of clean creatives, then those of the others."""
        clean = [self._engine.clean_outcome(markets) or {} for markets in self._clean]
        which = np.concatenate(self._markets)
        which[rows] = np.arange(len(clean), len(clean) + len(rows))
        return Markets([*clean, *(one.markets for one in decisions)], which)


def _dated(decision: Decision, day: date) -> Decision:
    # What is no creative has no date of its own, and the engine reads the clock for it.
    return replace(decision, on=day.isoformat()) if decision.creative is None else decision


def _without(ids: Any, gone: list[int]) -> Any:
    """Ids, but for those of rows that are no creatives."""
    if not gone:
        return ids
    pa = arrow("decisions in Arrow")
    kept = np.ones(len(ids), dtype=bool)
    kept[gone] = False
    return pa.compute.if_else(pa.array(kept), ids, None)


def _objects(heads: Heads, markets: Markets, made: Mapping[int, Decision]) -> Iterator[Decision]:
    """All decisions of a block as objects, in their order."""
    columns = (heads.creative, heads.index, heads.on)
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    for row, (creative, index, day) in enumerate(rows):
        if row in made:
            yield replace(made[row], index=index)
        else:
            outcome = dict(markets.outcomes[row if markets.rows is None else markets.rows[row]])
            digest = heads.digests[0]
            yield Decision(creative, index, day.isoformat(), digest, "approve", outcome)


def decide_arrow(
    engine: Engine,
    creatives: Any,
    *,
    on: date | None = None,
    today: date | None = None,
    first: int = 0,
) -> Any:
    """The decisions on creatives of anything that speaks Arrow, batch by batch.

    Args:
        engine: the compiled ruleset.
        creatives: a table, a data frame or a reader with the Arrow interface
            (`__arrow_c_stream__` or `__arrow_c_array__`): of PyArrow, Polars, DuckDB, pandas.
        on: as for `decide_record_batch`.
        today: as there; read once for the whole stream.
        first: as there.

    Returns:
        A `pyarrow.RecordBatchReader` of decisions, which decides as it is read.

    Raises:
        InputError: it has no Arrow interface, or columns that are none of a creative.
        MissingExtra: the extra `arrow` is not installed.
    """
    pa = arrow("the Arrow interface")
    reader = reader_of(creatives)
    layout_of(reader.schema)
    today = datetime.now(UTC).date() if today is None else today

    def decisions() -> Iterator[Any]:
        place = first
        for whole in reader:
            for start in range(0, len(whole), MOST_ROWS):
                batch = whole.slice(start, MOST_ROWS)
                yield decide_record_batch(engine, batch, on=on, today=today, first=place)
                place += len(batch)

    return pa.RecordBatchReader.from_batches(decision_schema(), decisions())


def reader_of(data: Any) -> Any:
    """A `pyarrow.RecordBatchReader` over anything with the Arrow interface.

    Raises:
        InputError: it has none.
        MissingExtra: the extra `arrow` is not installed.
    """
    pa = arrow("the Arrow interface")
    if isinstance(data, pa.RecordBatch) or hasattr(data, "__arrow_c_array__"):
        batch = data if isinstance(data, pa.RecordBatch) else pa.record_batch(data)
        return pa.RecordBatchReader.from_batches(batch.schema, [batch])
    if hasattr(data, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(data)
    raise InputError(f"{WHERE}: {type(data).__name__} has no Arrow interface")


def creative_dict(batch: Any, row: int) -> dict[str, Any] | None:
    """One row of a record batch as the dict that `engine.decide` takes; None where it is none.

    Raises:
        InputError: the batch has columns that are none of a creative.
    """
    return creative_of(batch, layout_of(batch.schema), row)


def hit_log_of(decisions: Any, *, text: bool = False) -> Any:
    """The hit log of decisions: a row is a hit, with the creative and what was decided.

    Args:
        decisions: a record batch of `model.arrow.decision_schema`.
        text: keep the letters that matched, which are the advertiser's.

    Returns:
        A `pyarrow.RecordBatch` of `model.arrow.hit_schema`.
    """
    pa, pc = arrow("a hit log"), arrow("a hit log").compute
    hits = decisions.column("hits")
    of = pc.list_parent_indices(hits)
    inner = hits.flatten()
    columns: dict[str, Any] = {
        name: decisions.column(name).take(of)
        for name in ("ruleset", "on", "creative", "index", "action")
    }
    columns["markets"] = _market_actions(decisions.column("markets"), pa).take(of)
    missed = pc.list_value_length(decisions.column("not_evaluated"))
    columns["complete"] = pc.equal(missed, 0).take(of)
    for place, field in enumerate(inner.type):
        columns[field.name] = inner.field(place)
    if not text:
        columns["text"] = pa.nulls(len(inner), pa.string())
    schema = hit_schema()
    arrays = [_as(columns[field.name], field.type, pa) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _market_actions(markets: Any, pa: Any) -> Any:
    """What each market did, of the column `markets` of decisions, as a map."""
    inner = markets.flatten()
    kept = pa.compute.list_value_length(markets).to_numpy(zero_copy_only=False)
    offsets = pa.array([0, *kept.cumsum().tolist()], pa.int32())
    return pa.MapArray.from_arrays(
        offsets, inner.field("market"), inner.field("action").cast(pa.string())
    )


def _as(array: Any, wanted: Any, pa: Any) -> Any:
    if array.type == wanted:
        return array
    if pa.types.is_dictionary(wanted):
        return array.cast(wanted.value_type).dictionary_encode()
    return array.cast(wanted)
