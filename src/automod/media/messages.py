"""Messages between a process and its child: a line of JSON with its length, then raw bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO, Final, NamedTuple

Blob = bytes | bytearray | memoryview

_LENGTHS: Final = struct.Struct("<II")
"""Bytes of the JSON, and number of blobs; the length of each blob follows."""

_LENGTH: Final = struct.Struct("<Q")
MOST_JSON: Final = 64 << 20
MOST_BLOBS: Final = 1 << 16


class BrokenMessageError(Exception):
    """What arrives is no message, or more than was to be expected."""


class Message(NamedTuple):
    """What one side tells the other."""

    head: dict[str, Any]
    """Of JSON."""
    blobs: tuple[Blob, ...] = ()


def send(stream: BinaryIO, head: dict[str, Any], blobs: Sequence[Blob] = ()) -> None:
    """Write a message and flush it.

    Raises:
        OSError: nobody reads it.
    """
    text = json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    lengths = b"".join(_LENGTH.pack(memoryview(blob).nbytes) for blob in blobs)
    stream.write(_LENGTHS.pack(len(text), len(blobs)) + lengths + text)
    stream.writelines(blobs)
    stream.flush()


def receive(stream: BinaryIO, most: int) -> Message:
    """Read a message.

    Args:
        stream: where it comes from.
        most: bytes of its blobs together; a child that was taken over may promise any number.

    Raises:
        EOFError: the other side is gone.
        BrokenMessageError: it is none, or too long.

    >>> from io import BytesIO
    >>> pipe = BytesIO()
    >>> send(pipe, {"task": "hash"}, [b"abc"])
    >>> _ = pipe.seek(0)
    >>> receive(pipe, 3)
    Message(head={'task': 'hash'}, blobs=(b'abc',))
    """
    size, count = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    if size > MOST_JSON or count > MOST_BLOBS:
        raise BrokenMessageError(f"{size} bytes of JSON and {count} blobs")
    lengths = [length for (length,) in _LENGTH.iter_unpack(_exactly(stream, 8 * count))]
    if sum(lengths) > most:
        raise BrokenMessageError(f"{sum(lengths)} bytes, at most {most}")
    try:
        head = json.loads(_exactly(stream, size))
    except (ValueError, RecursionError) as error:
        raise BrokenMessageError(str(error)) from None
    if not isinstance(head, dict):
        raise BrokenMessageError("the JSON is no object")
    return Message(head, tuple(_exactly(stream, length) for length in lengths))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError("the other side is gone")
    return data
