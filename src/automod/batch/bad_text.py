"""Rows of a record batch whose texts are not UTF-8: they must not take the other rows with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from automod.model.arrow import arrow

from .creative_columns import INDEX


def with_readable_text(batch: Any) -> Any:
    """A record batch in which a row that holds bytes which are no text is null in every column.

    Such a row is no creative, and its decision says so. Nothing is copied where all is well, which
    Arrow finds out at gigabytes a second; files and other engines write what they like.

    >>> import pyarrow as pa
    >>> ids = pa.array([b"c1", b"c" + bytes([255])]).cast(pa.string(), safe=False)
    >>> with_readable_text(pa.record_batch({"id": ids, "index": [4, 5]})).to_pylist()
    [{'id': 'c1', 'index': 4}, {'id': None, 'index': 5}]
    """
    pa = arrow("creatives in Arrow")
    if _is_readable(batch, pa):
        return batch
    bad = set(_bad_rows(batch, 0, pa))
    kept = pa.array([None if row in bad else row for row in range(len(batch))], pa.int64())
    found = batch.take(kept)
    if INDEX not in batch.schema.names:
        return found
    place = batch.schema.get_field_index(INDEX)
    return found.set_column(place, batch.schema.field(place), batch.column(place))


def _is_readable(batch: Any, pa: Any) -> bool:
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _bad_rows(batch: Any, first: int, pa: Any) -> Iterator[int]:
    """The rows that are not readable: halves that are, are not looked through."""
    if _is_readable(batch, pa):
        return
    if len(batch) == 1:
        yield first
        return
    half = len(batch) // 2
    yield from _bad_rows(_copied(batch, 0, half, pa), first, pa)
    yield from _bad_rows(_copied(batch, half, len(batch), pa), first + half, pa)


def _copied(batch: Any, begin: int, end: int, pa: Any) -> Any:
    # Not a slice: what validates the lists of one looks at the rows beside it too.
    return batch.take(pa.array(range(begin, end), pa.int64()))
