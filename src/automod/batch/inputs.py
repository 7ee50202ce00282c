"""What is to be read: files, standard input, and the files of folders, each with its format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, TextIO

from automod.errors import InputError
from automod.load.creatives import sniff

Source = tuple[str, "str | BinaryIO | TextIO"]
"""The name of a file as it was given, and its path or the open stream."""

Sort = Literal["jsonl", "json", "csv", "xlsx", "parquet"]

SORTS: Final[dict[str, Sort]] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "csv",
    ".xlsx": "xlsx", ".parquet": "parquet",
}  # fmt: skip
"""Suffix of a file -> how its creatives are written."""

_HIDDEN: Final = (".", "_", "~$")
"""How the names begin of what a folder holds beside its data: of systems, jobs, open workbooks."""
_TEMPORARY: Final = (".partial", ".tmp", ".crdownload", "~")
_PARQUET: Final = b"PAR1"
_MOST_TOLD: Final = 5


def files_of(folder: str, note: Callable[[str], None] | None = None) -> list[str]:
    """The files of a folder that creatives are read from, also of the folders in it, in order.

    Hidden and temporary ones are passed over; those of another suffix are told.

    Args:
        folder: its path; each file's begins with it.
        note: called with what is left out.

    Raises:
        InputError: it cannot be read, or has no such file.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("b.csv", "a.jsonl", "readme.md", ".hidden.csv"):
    ...     (folder / name).touch()
    >>> [Path(one).name for one in files_of(str(folder))]
    ['a.jsonl', 'b.csv']
    """
    every = [Path(folder, *steps) for steps in sorted(_walk(folder))]
    found = [str(one) for one in every if one.suffix.lower() in SORTS]
    others = [str(one) for one in every if one.suffix.lower() not in SORTS]
    if note is not None:
        for one in others[:_MOST_TOLD]:
            note(f"{one}: passed over: its suffix is none of {', '.join(SORTS)}")
        if len(others) > _MOST_TOLD:
            note(f"… and {len(others) - _MOST_TOLD:,} more files of other suffixes")
    if not found:
        raise InputError(f"{folder}: holds no file of creatives ({', '.join(SORTS)})")
    return found


def _walk(folder: str) -> Iterator[tuple[str, ...]]:
    """The steps from the folder to each of its files."""

    def fail(error: OSError) -> None:
        raise InputError(f"{error.filename}: cannot be read: {error.strerror}") from error

    for above, inside, files in os.walk(folder, onerror=fail):
        inside[:] = [one for one in inside if not one.startswith(_HIDDEN)]
        steps = Path(above).relative_to(folder).parts
        yield from ((*steps, one) for one in files if not _passed_over(one))


def _passed_over(name: str) -> bool:
    return name.startswith(_HIDDEN) or name.lower().endswith(_TEMPORARY)


def sort_of(source: Any) -> Sort | None:
    """How the creatives of a file are written, by its suffix or its beginning; None of a stream.

    Raises:
        InputError: it cannot be read.
    """
    if not isinstance(source, (str, os.PathLike)):
        return None
    known = SORTS.get(Path(source).suffix.lower())
    if known is not None:
        return known
    try:
        with Path(source).open("rb") as stream:
            sample = stream.read(1 << 16)
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error}") from error
    return "parquet" if sample.startswith(_PARQUET) else sniff(sample)


def size_of(sources: Iterable[Source]) -> int | None:
    """The bytes of all files together; None where one does not tell how far its reader has come."""
    total = 0
    for _, source in sources:
        if sort_of(source) in {None, "json", "xlsx"}:
            return None
        total += Path(str(source)).stat().st_size
    return total
