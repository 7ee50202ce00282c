"""Parquet files of creatives: which rows are read together, and their record batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from automod.errors import InputError, Location
from automod.load.arrow_columns import is_list, is_text
from automod.load.files import first_line
from automod.model.arrow import arrow

from .creative_columns import INDEX, WHERE, creative_of, holds_media, layout_of
from .plan import Span
from .sources import Misread

ROWS: Final = 8_192
"""Rows of a record batch."""
_BUFFER: Final = 1 << 18
"""Bytes of a column that are read ahead: without, all of a row group's are held."""


def table_spans(path: str, name: str, *, most: int) -> Iterator[Span]:
    """The rows of a Parquet file, at most so many together, and never of two row groups.

    Raises:
        InputError: it is no Parquet file, or its columns are not those of creatives.
        MissingExtra: the extra `arrow` is not installed.
    """
    with opened(path, name) as file:
        check_columns(file.schema_arrow, name)
        meta, size = file.metadata, Path(path).stat().st_size
        rows, done, line = max(meta.num_rows, 1), 0, 1
        for group in range(meta.num_row_groups):
            stop = line + meta.row_group(group).num_rows
            while line < stop:
                count = min(most, stop - line)
                here = size * (line - 1 + count) // rows
                yield Span("table", name, path, group, group + 1, line, count, here - done)
                line, done = line + count, here


def opened(path: str, name: str) -> Any:
    """A Parquet file, read in small pieces and by this thread alone.

    Raises:
        InputError: it is none.
        MissingExtra: the extra `arrow` is not installed.
    """
    pa = arrow(f"reading {name}")
    try:
        return pa.parquet.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        told = f"{name}: is no Parquet file that can be read: {first_line(error)}"
        raise InputError(told) from error


def check_columns(schema: Any, name: str) -> None:
    """Refuse a table with columns that are none of a creative, by the name of its file.

    Raises:
        InputError: every such column.
    """
    try:
        layout_of(schema)
    except InputError as error:
        lines = str(error).splitlines()
        told = [f"{name}{line.removeprefix(WHERE)}" for line in lines if line.startswith(WHERE)]
        raise InputError("\n".join(told) or f"{name}: {error}") from error


@dataclass(slots=True)
class Tables:
    """Reads the rows of spans; where the next span is further on, it does not begin anew."""

    _group: tuple[str, int] = ("", 0)
    """Path and row group of what is read."""
    _line: int = 0
    """The number of the row that `_rows` gives next, from 1."""
    _rows: Iterator[Any] = field(default_factory=lambda: iter(()))
    _left: Any = None
    _schema: tuple[str, Any] = ("", None)

    def schema(self, span: Span) -> Any:
        """The schema of a span's file, read once for all spans of it that follow."""
        if self._schema[0] != span.path:
            with opened(str(span.path), span.name) as file:
                self._schema = str(span.path), file.schema_arrow
        return self._schema[1]

    def batches(self, span: Span, *, media: bool) -> Iterator[tuple[int, Any]]:
        """The rows of a span as record batches, each with the number of its first row, from 1.

        Args:
            span: of a table.
            media: make the paths in lists of images and videos count from anywhere.

        Raises:
            InputError: the file is damaged, or has changed.
        """
        line, stop = span.line, span.line + span.count
        for batch in self._raw(span):
            yield line, placed(batch, Path(str(span.path)).parent) if media else batch
            line += len(batch)
        if line != stop:
            raise InputError(f"{span.name}: has changed since it was first read")

    def _raw(self, span: Span) -> Iterator[Any]:
        pa = arrow(f"reading {span.name}")
        try:
            # Its neighbours may be another worker's: their rows are passed over, for a group is
            # read from its beginning only.
            if self._group != (str(span.path), span.start) or span.line < self._line:
                self._open(span)
            for _ in self._next(span.line - self._line):
                pass
            yield from self._next(span.count)
        except (pa.ArrowException, OSError, ValueError) as error:
            self._group = ("", 0)
            raise InputError(f"{span.name}: is damaged: {first_line(error)}") from error

    def _next(self, count: int) -> Iterator[Any]:
        """The next rows, so many, as they come."""
        while count:
            batch = next(self._rows, None) if self._left is None else self._left
            if batch is None:
                return
            self._left = batch.slice(count) if len(batch) > count else None
            batch = batch.slice(0, count)
            count -= len(batch)
            # Before it is given: whoever has enough asks for no more.
            self._line += len(batch)
            yield batch

    def _open(self, span: Span) -> None:
        """Begin at the first row of a span's group."""
        file = opened(str(span.path), span.name)
        names = [one for one in file.schema_arrow.names if one != INDEX]
        self._line = 1 + sum(file.metadata.row_group(n).num_rows for n in range(span.start))
        self._group, self._left = (str(span.path), span.start), None
        self._rows = file.iter_batches(
            batch_size=ROWS, row_groups=[span.start], columns=names, use_threads=False
        )


def has_cells_of_paths(schema: Any) -> bool:
    """Whether images or videos are written as the cells of a table are, several in a text."""
    return any(holds_media(one.name) and not is_list(one.type) for one in schema)


def placed(batch: Any, folder: Path) -> Any:
    """A record batch whose images and videos are paths from anywhere (`load.creatives.placed`)."""
    pa = arrow("creatives in Parquet")
    for number, column in enumerate(batch.schema):
        if holds_media(column.name) and is_text(column.type.value_type):
            moved = [_moved(some, folder) for some in batch.column(number).to_pylist()]
            batch = batch.set_column(number, column, pa.array(moved, type=column.type))
    return batch


def _moved(paths: list[Any] | None, folder: Path) -> list[Any] | None:
    if paths is None:
        return None
    return [str(folder / one) if isinstance(one, str) else one for one in paths]


def creatives_in(batch: Any, name: str, line: int) -> Iterator[dict[str, Any] | Misread]:
    """The creatives of a record batch as dicts, one by one; what is none is said in its place.

    Args:
        batch: rows of a table.
        name: what the file is called.
        line: the number of the first row, from 1.
    """
    layout = layout_of(batch.schema)
    for row in range(len(batch)):
        found = creative_of(batch, layout, row)
        if found is None:
            yield Misread(Location(name, line + row), NO_CREATIVE)
        else:
            yield found


NO_CREATIVE: Final = "the row is no creative: a cell cannot be read, or two say what one is"


def row_text(batch: Any, row: int) -> Mapping[str, Any]:
    """A row as it stands in its table, for whoever has to mend it."""
    found: Mapping[str, Any] = batch.slice(row, 1).to_pylist()[0]
    return {name: value for name, value in found.items() if value is not None}
