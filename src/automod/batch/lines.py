"""A JSONL file cut into ranges of bytes that others read: how many creatives lie in each."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from automod.load.creatives import refuse_utf16
from automod.load.json_files import MAX_LINE

READ: Final = 1 << 20
"""Bytes that are looked at together: fewer than the longest line has (`MAX_LINE`)."""

_NEWLINE: Final = 10
_BLANK: Final = np.zeros(256, dtype=bool)
_BLANK[list(b" \t\n\r\x0b\x0c")] = True
"""What `bytes.strip` takes away: a line of nothing else is no creative, and no fault."""


@dataclass(frozen=True, slots=True)
class Range:
    """Whole lines of a file."""

    start: int
    stop: int
    """Bytes, half-open."""
    line: int
    """The number of the first line, from 1."""
    count: int
    """Lines that are not blank."""


def ranges_of(path: Path, name: str, *, most: int, size: int) -> Iterator[Range]:
    r"""The lines of a file, in ranges of at most `most` creatives and about `size` bytes.

    A line is looked at as bytes, and only one that begins with a blank is looked at as a whole: it
    takes a hundredth of the time of reading the JSON.

    Args:
        path: the file.
        name: what it is called in errors.
        most: creatives of a range.
        size: bytes at which a range ends with its line.

    Raises:
        InputError: the file is UTF-16.
        OSError: it cannot be read.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "ads.jsonl"
    >>> _ = path.write_bytes(b'{"id": "a"}\n\n{"id": "b"}\n{"id": "c"}')
    >>> [(one.start, one.stop, one.line, one.count)
    ...  for one in ranges_of(path, "ads.jsonl", most=2, size=1_000)]
    [(0, 25, 1, 2), (25, 36, 4, 1)]
    """
    with path.open("rb") as stream:
        sample = stream.read(4)
        refuse_utf16(sample, name)
        begin = len(codecs.BOM_UTF8) if sample.startswith(codecs.BOM_UTF8) else 0
        stream.seek(begin)
        cutter = _Cutter(begin, most, size)
        for ends, counts in _lines(stream, begin):
            yield from cutter.cut(ends, counts)
        yield from cutter.rest()


class _Cutter:
    """Joins lines to ranges."""

    def __init__(self, begin: int, most: int, size: int) -> None:
        self._start, self._line, self._count, self._lines = begin, 1, 0, 0
        self._stop = begin
        self._most, self._size = most, size

    def cut(self, ends: Any, counts: Any) -> Iterator[Range]:
        """The ranges that are full with these lines: where each ends, and whether it counts."""
        total = np.cumsum(counts)
        at = 0
        while at < len(ends):
            before = int(total[at - 1]) if at else 0
            # The first line with which there are enough creatives, or enough bytes.
            full = int(np.searchsorted(total, before + self._most - self._count))
            long = int(np.searchsorted(ends, self._start + self._size))
            last = min(full, long)
            if last >= len(ends):
                break
            self._take(last + 1 - at, int(total[last]) - before, int(ends[last]))
            yield from self.rest()
            at = last + 1
        if at < len(ends):
            before = int(total[at - 1]) if at else 0
            self._take(len(ends) - at, int(total[-1]) - before, int(ends[-1]))

    def _take(self, lines: int, count: int, stop: int) -> None:
        self._lines, self._count, self._stop = self._lines + lines, self._count + count, stop

    def rest(self) -> Iterator[Range]:
        """What is left, where it holds a creative."""
        if self._count:
            yield Range(self._start, self._stop, self._line, self._count)
        self._start, self._line = self._stop, self._line + self._lines
        self._count = self._lines = 0


def _lines(stream: BinaryIO, begin: int) -> Iterator[tuple[Any, Any]]:
    """Block by block where lines end (the byte after), and whether each is more than blanks."""
    place, open_from, written = begin, begin, False
    while data := stream.read(READ):
        block = np.frombuffer(data, dtype=np.uint8)
        found = np.flatnonzero(block == _NEWLINE)
        if len(found) == 0:
            written = written or bool(data.strip())
            place += len(data)
            continue
        counts = np.ones(len(found), dtype=np.int64)
        first = int(found[0])
        whole = place + first + 1 - open_from
        counts[0] = written or bool(data[:first].strip()) or whole > MAX_LINE
        for number in (np.flatnonzero(_BLANK[block[found[:-1] + 1]]) + 1).tolist():
            counts[number] = bool(data[int(found[number - 1]) : int(found[number])].strip())
        yield found + (place + 1), counts
        open_from, written = place + int(found[-1]) + 1, bool(data[int(found[-1]) + 1 :].strip())
        place += len(data)
    if place > open_from:
        last = written or place - open_from > MAX_LINE
        yield np.array([place], dtype=np.int64), np.array([last], dtype=np.int64)
