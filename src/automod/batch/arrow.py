"""The columnar contract: a record batch of creatives in, a record batch of decisions out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np

from automod.engine.engine import Engine, day_of, utc_today
from automod.errors import InputError
from automod.load.files import first_line
from automod.model.arrow import (
    arrow,
    decision_schema,
    hit_schema,
)
from automod.model.quick import nothing_collected

from .answers import Answers
from .creative_block import Block, block_of
from .creative_columns import WHERE, Layout, creative_of, layout_of

MOST_ROWS: Final = 16_384
"""Rows of a record batch of a stream of decisions, however many come in together."""

# A block costs some 200 calls of Arrow and NumPy whatever its size; one whose arrays outgrow the
# cache of a core costs more a row again. `python -m benchmarks.columns` shows both.
BLOCK_ROWS: Final = 2_048
BLOCK_CHARACTERS: Final = 1 << 19


def decide_record_batch(
    engine: Engine,
    batch: Any,
    *,
    on: date | str | None = None,
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
    layout, day = layout_of(batch.schema), day_of(on)
    today = utc_today() if today is None else today
    answers = Answers(engine, day, today)
    with nothing_collected():
        for block in blocks_of(engine, batch, layout, first):
            answers.add(block)
        return answers.batch(indexes_of(batch, layout, first))


def blocks_of(engine: Engine, batch: Any, layout: Layout, first: int) -> Iterator[Block]:
    """The rows of a record batch, as many at a time as are worth scanning together."""
    place, most = 0, BLOCK_ROWS
    while place < len(batch):
        block = next_block(engine, batch.slice(place, most), layout, first + place)
        rows = len(block.days)
        yield block
        place += rows
        # Rows that are too many are read in vain: the next are as long as these, or a little more.
        fit = 7 * BLOCK_CHARACTERS * rows // (8 * max(block.characters, 1))
        most = min(max(fit, 1), BLOCK_ROWS)


def indexes_of(batch: Any, layout: Layout, first: int) -> Any:
    """The index of each row: what a column says, where a decision can say it; else its place."""
    pa = arrow("creatives in Arrow")
    places = pa.array(np.arange(first, first + len(batch)))
    if layout.index is None or pa.types.is_null(batch.schema.field(layout.index).type):
        return places
    said = batch.column(layout.index)
    if pa.types.is_uint64(said.type):  # decisions have no room for the larger half of them
        most = pa.scalar(np.iinfo(np.int64).max, said.type)
        said = pa.compute.if_else(pa.compute.greater(said, most), None, said)
    return pa.compute.coalesce(said.cast(pa.int64()), places)


def next_block(engine: Engine, batch: Any, layout: Layout, first: int) -> Block:
    """As many rows as are worth scanning together."""
    while True:
        block = _block(engine, batch, layout, first)
        if block is not None and (block.characters <= BLOCK_CHARACTERS or len(batch) == 1):
            return block
        batch = batch.slice(0, len(batch) // 2)


def _block(engine: Engine, batch: Any, layout: Layout, first: int) -> Block | None:
    """Rows as a block; None where an array of texts has no room for all of theirs."""
    try:
        return block_of(engine, batch, layout, first)
    except arrow("creatives in Arrow").ArrowInvalid:
        if len(batch) == 1:
            raise
        return None


def decide_arrow(
    engine: Engine,
    creatives: Any,
    *,
    on: date | str | None = None,
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
    reader, day = reader_of(creatives), day_of(on)
    layout_of(reader.schema)
    today = utc_today() if today is None else today

    def decisions() -> Iterator[Any]:
        place = first
        for whole in reader:
            for start in range(0, len(whole), MOST_ROWS):
                batch = whole.slice(start, MOST_ROWS)
                yield decide_record_batch(engine, batch, on=day, today=today, first=place)
                place += len(batch)

    return pa.RecordBatchReader.from_batches(decision_schema(), decisions())


def reader_of(data: Any) -> Any:
    """A `pyarrow.RecordBatchReader` over anything with the Arrow interface.

    Raises:
        InputError: it has none, or is one column and no table.
        MissingExtra: the extra `arrow` is not installed.
    """
    pa = arrow("the Arrow interface")
    try:
        if hasattr(data, "__arrow_c_array__"):
            batch = data if isinstance(data, pa.RecordBatch) else _opened(pa.array(data), pa)
            return pa.RecordBatchReader.from_batches(batch.schema, [batch])
        if hasattr(data, "__arrow_c_stream__"):
            return pa.RecordBatchReader.from_stream(data)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        told = f"{WHERE}: {type(data).__name__} cannot be read as columns: {first_line(error)}"
        raise InputError(told) from error
    raise InputError(f"{WHERE}: {type(data).__name__} has no Arrow interface")


def _opened(structs: Any, pa: Any) -> Any:
    """An array of structs as a record batch: a null one is null in every column."""
    if not pa.types.is_struct(structs.type):
        raise pa.ArrowTypeError(f"it holds {structs.type}, not structs")
    names = [field.name for field in structs.type]
    return pa.RecordBatch.from_arrays(structs.flatten(), names=names)


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
