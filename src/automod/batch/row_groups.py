"""Decisions and hits -> Parquet, in bounded memory: a row group as soon as there are enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from automod.model.arrow import (
    arrow,
    decision_batch,
    decision_schema,
    hit_batch,
    hit_schema,
)
from automod.model.decision import Decision

BLOCK: Final = 512
"""Rows that are held as objects: as Arrow they take a tenth of the memory."""
GROUP: Final = 32 * BLOCK
"""Rows of a row group: whoever wants to see one decision reads all of them."""

Row = TypeVar("Row")


class RowGroups(Generic[Row]):
    """Takes rows one by one; what was taken last is written by `end`."""

    def __init__(self, writer: Any, make: Callable[[Sequence[Row]], Any]) -> None:
        self._writer, self._make = writer, make
        self._rows: list[Row] = []
        self._batches: list[Any] = []

    def add(self, row: Row) -> None:
        """Take one more row."""
        self._rows.append(row)
        if len(self._rows) == BLOCK:
            self._pack()
            if len(self._batches) * BLOCK == GROUP:
                self._write()

    def end(self) -> None:
        """Write what is left."""
        if self._rows:
            self._pack()
        if self._batches:
            self._write()

    def _pack(self) -> None:
        self._batches.append(self._make(self._rows))
        self._rows = []

    def _write(self) -> None:
        table = arrow("writing Parquet").Table.from_batches(self._batches)
        self._writer.write_table(table, row_group_size=GROUP)
        self._batches = []


class TableGroups:
    """Takes tables of any size; writes row groups of `GROUP` rows, however they came."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer
        self._held: list[Any] = []
        self._rows = 0

    def add(self, table: Any) -> None:
        """Take one more table."""
        self._held.append(table)
        self._rows += len(table)
        if self._rows >= GROUP:
            self._write(self._rows - self._rows % GROUP)

    def end(self) -> None:
        """Write what is left."""
        if self._rows:
            self._write(self._rows)

    def _write(self, rows: int) -> None:
        # In one piece: the bytes of a file do not tell where the pieces came from.
        table = arrow("writing Parquet").concat_tables(self._held).unify_dictionaries()
        for place in range(0, rows, GROUP):
            group = table.slice(place, min(GROUP, rows - place)).combine_chunks()
            self._writer.write_table(group, row_group_size=GROUP)
        self._held = [table.slice(rows)] if len(table) > rows else []
        self._rows = len(table) - rows


@contextmanager
def tables_to(path: Path, schema: Any) -> Iterator[TableGroups]:
    """A Parquet file that takes tables of a schema.

    Raises:
        MissingExtra: the extra `arrow` is not installed.
    """
    with _open(path, schema) as writer:
        groups = TableGroups(writer)
        yield groups
        groups.end()


@contextmanager
def decisions_to(path: Path) -> Iterator[RowGroups[Decision]]:
    """A Parquet file that takes decisions (`model.arrow.decision_schema`).

    Args:
        path: the file, which is written as rows come.

    Raises:
        MissingExtra: the extra `arrow` is not installed.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "decisions.parquet"
    >>> with decisions_to(path) as rows:
    ...     rows.add(Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}))
    >>> arrow("an example").parquet.read_table(path).num_rows
    1
    """
    with _open(path, decision_schema()) as writer:
        rows = RowGroups(writer, decision_batch)
        yield rows
        rows.end()


@contextmanager
def hits_to(path: Path) -> Iterator[RowGroups[dict[str, Any]]]:
    """A Parquet file that takes rows of a hit log (`model.arrow.hit_schema`).

    Args:
        path: the file, which is written as rows come.

    Raises:
        MissingExtra: the extra `arrow` is not installed.
    """
    with _open(path, hit_schema()) as writer:
        rows = RowGroups(writer, hit_batch)
        yield rows
        rows.end()


def _open(path: Path, schema: Any) -> Any:
    return arrow(f"writing {path.name}").parquet.ParquetWriter(path, schema, compression="zstd")
