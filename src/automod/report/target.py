"""Where a report goes: standard output, or a file that appears when it is whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

PARTIAL = ".partial"


@contextmanager
def writing(path: str | None, *, bom: bool = False) -> Iterator[TextIO]:
    """A stream to write a report to.

    A file is written beside its place, as `NAME.partial`, and takes its name only when all of it is
    written: whoever waits for NAME never reads half a report. Line ends are as written.

    Args:
        path: the file; None for standard output.
        bom: begin a file with a byte order mark, by which Excel knows UTF-8.

    Raises:
        OSError: the file cannot be written.

    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "out.jsonl"
    >>> with writing(str(place)) as stream:
    ...     _ = stream.write("{}")
    ...     place.exists()
    False
    >>> place.read_text()
    '{}'
    """
    if path is None:
        yield standard_output(bom=bom)
        sys.stdout.flush()
        return
    encoding = "utf-8-sig" if bom else "utf-8"
    with (
        placing(path) as partial,
        # An ad may hold half a character, which no encoding has.
        partial.open("w", encoding=encoding, errors="backslashreplace", newline="") as stream,
    ):
        yield stream


@contextmanager
def placing(path: str) -> Iterator[Path]:
    """Where to write a file that takes its name when all of it is written.

    Args:
        path: the file.

    Raises:
        OSError: the file cannot be written.
    """
    partial = Path(path + PARTIAL)
    yield partial
    with partial.open("rb+") as stream:
        os.fsync(stream.fileno())
    partial.replace(path)


def standard_output(*, bom: bool = False) -> TextIO:
    """Standard output, in UTF-8 whatever the surroundings say: results are data."""
    reconfigure: Callable[..., None] | None = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    if bom and not sys.stdout.isatty():
        sys.stdout.write("\ufeff")
    return sys.stdout
