"""Parquet in, Parquet out: a chunk is decided as columns, with no object for a clean creative."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from automod.batch.arrow import creative_dict, hit_log_of
from automod.batch.plan import Chunk
from automod.batch.reading import Given
from automod.batch.sources import Misread
from automod.batch.tables import NO_CREATIVE, Tables, has_cells_of_paths, row_text
from automod.engine.engine import Engine
from automod.errors import Location
from automod.load.decision_counts import count_batch
from automod.model.arrow import arrow, decision_json
from automod.model.decision import Decision, NotEvaluated
from automod.model.vocabulary import ACTION_RANK, ACTIONS

from .scan_blocks import Asked, Block, complain, packed, started
from .tally import Tally


def columnar(chunk: Chunk, asked: Asked, tables: Tables) -> bool:
    """Whether a chunk is decided as columns: nothing is asked of it that needs its objects."""
    return (
        asked.format == "parquet"
        and not (asked.objects or asked.conditions or asked.earlier or chunk.lost)
        and asked.hits in (None, "parquet")
        and all(one.kind == "table" for one in chunk.spans)
        and not any(has_cells_of_paths(tables.schema(one)) for one in chunk.spans)
    )


def decide_columns(
    engine: Engine, asked: Asked, tables: Tables, chunk: Chunk, decide: Callable[..., Any]
) -> Block:
    """What is made of a chunk: the same as by objects.

    `decide`: decides on a record batch, as `batch.arrow.decide_record_batch` of the engine does.
    """
    block = started(chunk, asked)
    made: list[Any] = []
    hits: list[Any] = []
    first = chunk.first + chunk.range[0]
    for name, line, batch in _batches(tables, chunk, media=engine.opens_media):
        decisions = decide(batch, on=asked.on, today=asked.today, first=first)
        made.append(decisions)
        if asked.hits is not None:
            hits.append(hit_log_of(decisions, text=asked.hits_text))
        count_actions(block.tally, decisions)
        if block.counters is not None:
            block.counters.merge(count_batch(decisions))
        for row in np.flatnonzero(decisions.column("creative").is_null()).tolist():
            given = _given(batch, row, name, line)
            complain(block, asked, given, _invalid(decisions.slice(row, 1)))
        first += len(batch)
    block.tables = [packed(made)] if made else []
    block.hits_tables = [packed(hits)] if hits else []
    return block


def _batches(tables: Tables, chunk: Chunk, *, media: bool) -> Iterator[tuple[str, int, Any]]:
    """The batches of a chunk, as far as they are within its range, with the first row of each."""
    start, stop = chunk.range
    place = 0
    for span in chunk.spans:
        for line, batch in tables.batches(span, media=media):
            skip = max(start - place, 0)
            count = min(stop - place, len(batch)) - skip
            if count > 0:
                yield span.name, line + skip, batch.slice(skip, count)
            place += len(batch)


def _given(batch: Any, row: int, name: str, line: int) -> Given:
    place = Location(name, line + row)
    one = creative_dict(batch, row)
    held = batch.slice(row, 1)
    given = Misread(place, NO_CREATIVE) if one is None else one
    return Given(given, place, lambda: row_text(held, 0))


def _invalid(row: Any) -> Decision:
    """The decision of a row that is no creative: all that is to be told of it."""
    found = decision_json(row.to_pylist()[0])
    missed = tuple(NotEvaluated(**one) for one in found["not_evaluated"])
    return Decision(
        None, found["index"], found["on"], found["ruleset"], found["action"], {},
        not_evaluated=missed,
    )  # fmt: skip


def count_actions(tally: Tally, decisions: Any) -> None:
    """Count a record batch of decisions, as `Tally.add` and `Tally.judge` count each of them.

    >>> from automod.model.arrow import decision_batch
    >>> tally = Tally()
    >>> count_actions(
    ...     tally, decision_batch([Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {})])
    ... )
    >>> tally.counts["approve"], tally.risks["approve"], tally.shown
    (1, 1, 1)
    """
    pc = arrow("counting decisions").compute
    rows = len(decisions)
    tally.creatives += rows
    tally.shown += rows
    for one in pc.value_counts(decisions.column("action").cast("string")).to_pylist():
        tally.counts[one["values"]] += one["counts"]
    missed = pc.list_value_length(decisions.column("not_evaluated"))
    tally.incomplete += pc.sum(pc.greater(missed, 0)).as_py() or 0
    verdicts = decisions.column("verdicts")
    of = np.asarray(pc.list_parent_indices(verdicts))
    inner = verdicts.flatten()
    rests = np.asarray(pc.greater(pc.list_value_length(inner.field("because")), 0))
    tally.hit += len(np.unique(of[rests.astype(bool)]))
    ranks = np.zeros(rows, dtype=np.int64)
    actions = [ACTION_RANK[one] for one in inner.field("action").to_pylist()]
    np.maximum.at(ranks, of, np.array(actions, dtype=np.int64))
    for rank, count in enumerate(np.bincount(ranks, minlength=len(ACTIONS)).tolist()):
        tally.risks[ACTIONS[rank]] += count
