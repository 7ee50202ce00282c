"""A chunk -> its creatives, one by one, each with where it stands and what stands there."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from automod.errors import InputError, Location
from automod.load.creatives import placed
from automod.load.json_files import MAX_LINE, Unreadable, json_line, raw_lines

from .plan import Chunk, Span
from .sources import Misread
from .tables import Tables, creatives_in, row_text

LONGEST: Final = 4_096
"""Characters that are kept of a row that is no creative."""


class Given(NamedTuple):
    """One creative, or what was to be one."""

    one: dict[str, Any] | Misread
    place: Location
    raw: Callable[[], Any]
    """What stands there, worked out when somebody asks."""


class Reader:
    """Reads chunks, one after another."""

    def __init__(self) -> None:
        self.tables = Tables()

    def creatives(self, chunk: Chunk) -> Iterator[Given]:
        """What is in a chunk, in order.

        Raises:
            InputError: a file cannot be read any more.
        """
        start, stop = chunk.range
        for span in chunk.spans:
            first, last = max(start, 0), min(stop, span.count)
            if first < last:
                yield from islice(self._of_span(span, first), last - first)
            start, stop = start - span.count, stop - span.count

    def of_spans(self, spans: Iterable[Span]) -> Iterator[Given]:
        """What is in spans, in order; otherwise as `creatives`."""
        for span in spans:
            yield from self._of_span(span)

    def _of_span(self, span: Span, skip: int = 0) -> Iterator[Given]:
        """What is in a span but for the first few: one of these may end the process."""
        if span.kind == "table":
            return islice(self._of_table(span), skip, None)
        if span.kind == "rows":
            return _numbered(span, ((n, one, None) for n, one in span.held[skip:]))
        return _numbered(span, _of_lines(span, skip))

    def _of_table(self, span: Span) -> Iterator[Given]:
        folder = Path(str(span.path)).parent
        for line, batch in self.tables.batches(span, media=False):
            for row, one in enumerate(creatives_in(batch, span.name, line)):
                given = placed(one, folder) if isinstance(one, dict) else one
                yield Given(given, Location(span.name, line + row), _RowOf(batch, row))


class _RowOf:
    def __init__(self, batch: Any, row: int) -> None:
        self._batch, self._row = batch, row

    def __call__(self) -> Any:
        return row_text(self._batch, self._row)


def _numbered(span: Span, found: Iterable[tuple[int, Any, bytes | None]]) -> Iterator[Given]:
    folder = None if span.path is None else Path(span.path).parent
    for line, one, raw in found:
        place = Location(span.name, line)
        if isinstance(one, Unreadable):
            held: Any = raw if raw is not None else one.raw
            if held is None and one.row is not None:
                held = one.row.cells
            told = Misread(one.place or place, one.message, one.row)
            yield Given(told, one.place or place, _Held(held))
        else:
            given = one if folder is None else placed(one, folder)
            yield Given(given, place, _Held(one if raw is None else raw))


class _Held:
    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def __call__(self) -> Any:
        return self._value


def _of_lines(span: Span, skip: int) -> Iterator[tuple[int, Any, bytes | None]]:
    lines = span.held if span.kind == "raw" else _lines_of(span)
    written = ((line, raw) for line, raw in lines if raw is None or raw.strip())
    for line, raw in islice(written, skip, None):
        if raw is None:
            told = Unreadable(line, f"the line is longer than {MAX_LINE // 2**20} MiB")
            yield line, told, None
        else:
            yield line, json_line(line, raw), raw


def _lines_of(span: Span) -> Iterator[tuple[int, bytes | None]]:
    try:
        with Path(str(span.path)).open("rb") as stream:
            stream.seek(span.start)
            window: Any = _Window(stream, span.stop - span.start)
            yield from enumerate(raw_lines(window), span.line)
            if window.left:
                raise InputError(f"{span.name}: has changed since it was first read")
    except OSError as error:
        raise InputError(f"{span.name}: cannot be read: {error}") from error


class _Window:
    """Some bytes of a stream, line by line."""

    def __init__(self, stream: Any, left: int) -> None:
        self._stream, self.left = stream, left

    def readline(self, size: int) -> bytes:
        """A line, or `size` bytes of it."""
        found: bytes = self._stream.readline(min(size, self.left))
        self.left -= len(found)
        return found


def raw_text(raw: Any) -> str | None:
    """What stood in a row, as text of bounded length; None where it is not known any more.

    >>> raw_text(b'{"id": '), raw_text(["c1", "SA, AE"]), raw_text({"id": 5})
    ('{"id": ', 'c1,"SA, AE"', '{"id": 5}')
    """
    if raw is None:
        return None
    if isinstance(raw, bytes):
        text = raw[: 4 * LONGEST].decode("utf-8", "backslashreplace").rstrip("\r\n")
    elif isinstance(raw, (list, tuple)):
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(raw)
        text = out.getvalue()
    else:
        text = json.dumps(raw, ensure_ascii=False, default=_told)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _told(value: Any) -> str:
    return f"<{len(value)} bytes>" if isinstance(value, bytes) else str(value)
