"""JSON on lines, or a list of it: each object with the line it begins in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from pydantic_core import PydanticCustomError

from automod.errors import Location
from automod.model.scalars import json_decoder, parse_json, shown

from .kept_rows import Row

MAX_LINE: Final = 64 * 1024 * 1024
"""Bytes of one line of JSONL."""

Numbered = Iterator["tuple[int, dict[str, Any] | Unreadable]"]

_BLANK: Final = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line, row or entry that holds no object; the rest of the file goes on."""

    line: int
    message: str
    place: Location | None = None
    """The cell, where it is one."""
    row: Row | None = None
    """Of a table of which the rows are kept."""
    raw: Any = field(default=None, compare=False, repr=False)
    """What stands there, where it was taken apart before it was found to be no creative."""


def json_lines(stream: BinaryIO, sample: bytes = b"") -> Numbered:
    r"""The objects of a stream with one on each line, by the number of the line.

    Args:
        stream: what is read, line by line.
        sample: its beginning, where that is read already.

    >>> import io
    >>> first, second = json_lines(io.BytesIO(b'{"id": "c1"}\n\n[]'))
    >>> first, second[0], second[1].message
    ((1, {'id': 'c1'}), 3, '[] is not a JSON object')
    """
    for line, raw in enumerate(raw_lines(stream, sample), 1):
        if raw is None:
            yield line, Unreadable(line, f"the line is longer than {MAX_LINE // 2**20} MiB")
        elif raw.strip():
            yield line, json_line(line, raw)


def json_line(line: int, raw: bytes) -> dict[str, Any] | Unreadable:
    """The object of one line.

    >>> json_line(7, b'{"id": "c1"}')
    {'id': 'c1'}
    """
    try:
        found = parse_json(raw.decode("utf-8").rstrip())
    except UnicodeDecodeError as error:
        return Unreadable(line, f"byte 0x{raw[error.start]:02X} is not UTF-8")
    except PydanticCustomError as error:
        return Unreadable(line, error.message())
    return _object(line, found)


def _object(line: int, found: Any) -> dict[str, Any] | Unreadable:
    if isinstance(found, dict):
        return found
    return Unreadable(line, f"{shown(found)} is not a JSON object")


def raw_lines(stream: BinaryIO, sample: bytes = b"") -> Iterator[bytes | None]:
    r"""The lines of a stream as they are; None for one that is too long, which is never held whole.

    Args:
        stream: what is read, line by line.
        sample: its beginning, where that is read already.

    >>> import io
    >>> list(raw_lines(io.BytesIO(b"c}\n{}"), b"{}\n{b"))
    [b'{}', b'{bc}\n', b'{}']
    """
    *whole, rest = sample.split(b"\n")
    yield from whole
    for chunk in iter(lambda: stream.readline(MAX_LINE), b""):
        rest += chunk
        if len(rest) > MAX_LINE:
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(MAX_LINE)
            yield None
            rest = b""
        elif rest.endswith(b"\n"):
            yield rest
            rest = b""
    if rest:
        yield rest


def json_entries(text: str) -> Numbered:
    r"""The objects of a text with a list of them, or with one, by the line each begins in.

    What is no JSON is told in its place, and nothing after it is read.

    >>> list(json_entries('[{"id": "c1"},\n {"id": "c2"}]'))
    [(1, {'id': 'c1'}), (2, {'id': 'c2'})]
    """
    at = _past(text, 0)
    if not text.startswith("[", at):
        return (yield from _entries(text, at, ""))
    at = _past(text, at + 1)
    if text.startswith("]", at):
        return (yield from _rest(text, at + 1, 1 + text.count("\n", 0, at)))
    return (yield from _entries(text, at, "]"))


def _entries(text: str, at: int, end: str) -> Iterator[tuple[int, dict[str, Any] | Unreadable]]:
    """What stands apart by commas until `end`; one alone where that is empty."""
    decoder, line, counted = json_decoder(), 1, 0
    while True:
        line, counted = line + text.count("\n", counted, at), at
        try:
            found, at = decoder.raw_decode(text, at)
        except PydanticCustomError as error:
            yield line, Unreadable(line, error.message())
            return
        except (ValueError, RecursionError) as error:
            yield _broken(text, error, line)
            return
        yield line, _object(line, found)
        at = _past(text, at)
        if not end or text.startswith(end, at):
            yield from _rest(text, at + len(end), line)
            return
        if not text.startswith(",", at):
            line += text.count("\n", counted, at)
            yield line, Unreadable(line, "this is not JSON: ',' or ']' is missing")
            return
        at = _past(text, at + 1)


def _broken(text: str, error: Exception, line: int) -> tuple[int, Unreadable]:
    if isinstance(error, json.JSONDecodeError):
        line = 1 + text.count("\n", 0, error.pos)
        return line, Unreadable(line, f"this is not JSON: {error.msg}")
    return line, Unreadable(line, "this is not JSON: it cannot be read")


def _rest(text: str, at: int, line: int) -> Iterator[tuple[int, Unreadable]]:
    """What must not come after the end."""
    at = _past(text, at)
    if at < len(text):
        line = 1 + text.count("\n", 0, at)
        yield line, Unreadable(line, "this is not JSON: more comes after its end")


def _past(text: str, at: int) -> int:
    """The first place from here on that is not blank."""
    found = _BLANK.match(text, at)
    return at if found is None else found.end()
