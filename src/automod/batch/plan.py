"""Inputs -> chunks: neighbouring creatives that a process reads, and decides, together.

What a worker can read itself it is only told of: a range of bytes of a JSONL file, rows of a
Parquet file. What has to be read from its beginning (a table of text, a workbook, a list of JSON,
standard input) is read here, and its rows are sent.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, cast

from automod.errors import InputError
from automod.load.creatives import read_numbered, refuse_utf16, sniff
from automod.load.json_files import raw_lines

from .inputs import Source, sort_of
from .lines import ranges_of

Note = Callable[[str], None]

MOST: Final = 8_192
"""Creatives of a chunk: a tenth of a second or more, and some MB of decisions."""
SIZE: Final = 4 << 20
"""Bytes of JSONL at which a chunk ends."""
STREAMED: Final = 512
"""Creatives of a chunk where nothing is gained by more, and somebody may wait for the first."""
PART: Final = 131_072
"""Creatives of a part of an output."""

_SAMPLE: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring creatives of one input."""

    kind: Literal["lines", "table", "raw", "rows"]
    """Bytes of a file, rows of a Parquet file, lines that are held, creatives that are held."""
    name: str
    path: str | None
    """None of a stream; else paths of media count from its folder."""
    start: int
    stop: int
    line: int
    """The number of the first line or row, from 1."""
    count: int
    weight: int = 0
    """Bytes of the input that it stands for."""
    held: tuple[Any, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Spans that are decided together."""

    number: int
    first: int
    """The index of the first creative."""
    spans: tuple[Span, ...]
    part: int = 0
    """The part of the output that it goes to."""
    within: tuple[int, int] | None = None
    """Only these of its creatives, half-open; all when left out."""
    lost: Literal["", "crashed", "unread"] = ""
    """What happened when it was looked at: it is only read, or not even that."""

    @property
    def count(self) -> int:
        """How many creatives."""
        start, stop = self.range
        return stop - start

    @property
    def range(self) -> tuple[int, int]:
        """Which of the creatives of its spans, half-open."""
        return self.within or (0, sum(span.count for span in self.spans))

    @property
    def weight(self) -> int:
        """Bytes of the inputs that it stands for."""
        return sum(span.weight for span in self.spans)

    def halves(self) -> tuple[Chunk, Chunk] | None:
        """The first half and the other; None of a single creative."""
        start, stop = self.range
        if stop - start < 2:
            return None
        middle = (start + stop) // 2
        return replace(self, within=(start, middle)), replace(self, within=(middle, stop))


@dataclass(frozen=True, slots=True)
class Cut:
    """How large chunks and parts are; the same cut of the same inputs gives the same chunks."""

    most: int = MOST
    size: int = SIZE
    part: int = PART
    streamed: bool = False
    """Read every line here, as it comes."""

    @classmethod
    def for_parts(cls, part: int = PART) -> Cut:
        """The cut for parts of so many creatives."""
        return cls(most=min(MOST, part), part=part)

    @classmethod
    def for_stream(cls) -> Cut:
        """The cut for one process, with small chunks as they come."""
        return cls(most=STREAMED, streamed=True)


def chunks_of(
    sources: Iterable[Source], cut: Cut, note: Note | None = None, *, keep: bool = False
) -> Iterator[Chunk]:
    r"""The chunks of some inputs, in order.

    Args:
        sources: names and what to read.
        cut: how large they are.
        note: called with what was guessed of a table.
        keep: with each creative of a table its row, also columns that are none of ours.

    Raises:
        InputError: an input cannot be read at all.
        MissingExtra: one is Parquet, and the extra `arrow` is not installed.

    >>> import io
    >>> data = io.BytesIO(b'{"id": "a"}\n{"id": "b"}\n{"id": "c"}')
    >>> [(one.number, one.first, one.count) for one in chunks_of([("in", data)], Cut(most=2))]
    [(0, 0, 2), (1, 2, 1)]
    """
    number = first = part = in_part = 0
    for spans in _together(_spans(sources, cut, note, keep), cut):
        chunk = Chunk(number, first, spans, part)
        yield chunk
        number, first, in_part = number + 1, first + chunk.count, in_part + chunk.count
        if in_part >= cut.part:
            part, in_part = part + 1, 0


def _together(spans: Iterable[Span], cut: Cut) -> Iterator[tuple[Span, ...]]:
    """Small spans, of small files, joined."""
    held: list[Span] = []
    count = weight = 0
    for span in spans:
        if held and (count + span.count > cut.most or weight + span.weight > cut.size):
            yield tuple(held)
            held, count, weight = [], 0, 0
        held.append(span)
        count, weight = count + span.count, weight + span.weight
        if count >= cut.most or cut.streamed:
            yield tuple(held)
            held, count, weight = [], 0, 0
    if held:
        yield tuple(held)


def _spans(sources: Iterable[Source], cut: Cut, note: Note | None, keep: bool) -> Iterator[Span]:
    for name, source in sources:
        sort = sort_of(source)
        if sort == "parquet":
            from .tables import table_spans

            yield from table_spans(str(source), name, most=MOST if cut.streamed else cut.most)
        elif sort == "jsonl" and not cut.streamed:
            yield from _lines(str(source), name, cut)
        elif sort == "csv" and not cut.streamed:
            yield from _table_rows(str(source), name, cut, note, keep)
        elif sort is None and not cut.streamed:
            yield from _stream(cast("BinaryIO", source), name, cut, note, keep)
        else:
            yield from _rows(source, name, cut, note, keep)


def _lines(path: str, name: str, cut: Cut) -> Iterator[Span]:
    try:
        for one in ranges_of(Path(path), name, most=cut.most, size=cut.size):
            place = one.start, one.stop, one.line, one.count
            yield Span("lines", name, path, *place, weight=one.stop - one.start)
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error}") from error


def _stream(stream: BinaryIO, name: str, cut: Cut, note: Note | None, keep: bool) -> Iterator[Span]:
    """Of standard input lines are only split: taking JSON apart is left to the workers."""
    sample = stream.read(_SAMPLE)
    if sniff(sample) != "jsonl":
        yield from _rows(_Again(sample, stream), name, cut, note, keep)
        return
    refuse_utf16(sample, name)
    lines = enumerate(raw_lines(stream, sample.removeprefix(codecs.BOM_UTF8)), 1)
    written = (pair for pair in lines if pair[1] is None or pair[1].strip())
    while held := tuple(_some(written, cut)):
        yield Span("raw", name, None, 0, 0, held[0][0], len(held), held=held)


def _some(lines: Iterator[tuple[int, bytes | None]], cut: Cut) -> Iterator[Any]:
    size = 0
    for number, raw in islice(lines, cut.most):
        yield number, raw
        size += len(raw or b"")
        if size >= cut.size:
            return


def _rows(source: Any, name: str, cut: Cut, note: Note | None, keep: bool) -> Iterator[Span]:
    path = None if hasattr(source, "read") else str(source)
    rows = read_numbered(source, note=note, keep=keep)
    while held := tuple(islice(rows, cut.most)):
        yield Span("rows", name, path, 0, 0, held[0][0], len(held), held=held)


def _table_rows(path: str, name: str, cut: Cut, note: Note | None, keep: bool) -> Iterator[Span]:
    """As `_rows`, of a table of text: how far its reader has come is known."""
    done = 0
    try:
        with Path(path).open("rb") as stream:
            rows = read_numbered(stream, "csv", note, keep=keep)
            while held := tuple(islice(rows, cut.most)):
                here = stream.tell()
                line, count = held[0][0], len(held)
                yield Span("rows", name, path, 0, 0, line, count, here - done, held)
                done = here
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


class _Again:
    """A stream of bytes from its beginning, after some of it was read."""

    def __init__(self, sample: bytes, stream: BinaryIO) -> None:
        self._sample, self._stream = sample, stream
        self.name = getattr(stream, "name", "input")

    def read(self, size: int = -1) -> bytes:
        """The next bytes: those that were read already, then the others."""
        if self._sample:
            found = self._sample if size < 0 else self._sample[:size]
            self._sample = self._sample[len(found) :]
            return found if size >= 0 else found + self._stream.read()
        return self._stream.read(size)
