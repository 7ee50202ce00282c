"""What is kept beside traffic, so that it need not be folded again: the traces of its texts.

A signature belongs to the bytes of its files, and to the tables that texts are folded by. It holds
no object that runs when it is read.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, Self
from zipfile import BadZipFile, ZipFile

import numpy as np
import numpy.typing as npt

from automod.engine.compile import VERSIONS
from automod.errors import InputError
from automod.match.traces import Lines, Traces, joined

from .backtest_parts import Names, Numbered, Part

FORMAT: Final = 1
CHUNK: Final = 16_384
"""Creatives of a part of a signature, which is read at once."""


def digest_of(files: Sequence[str]) -> str:
    """SHA-256 of the traffic, file by file, and of the versions of folding and matching."""
    digest = hashlib.sha256(json.dumps([FORMAT, VERSIONS], sort_keys=True).encode())
    for name in files:
        with Path(name).open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


class Signature:
    """A signature that is read: its parts in order, and what their numbers stand for."""

    def __init__(self, path: Path, digest: str) -> None:
        """Open it.

        Raises:
            InputError: it is no signature.
            OSError: it cannot be opened.
            StaleError: it is one of other traffic.
        """
        self._path = path
        # NumPy leaves a file open that is no archive.
        self._stream = path.open("rb")
        try:
            self._file = np.load(self._stream, allow_pickle=False)
            about = json.loads(self._file["about"].tobytes())
            self.names = _names(about)
            self._parts, traffic = int(about["parts"]), about["traffic"]
        except _DAMAGE as error:
            self._stream.close()
            raise InputError(f"{path}: is no file of signatures: {error}") from error
        if traffic != digest:
            self._stream.close()
            raise StaleError(path)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._stream.close()

    def __iter__(self) -> Iterator[Part]:
        """Its parts.

        Raises:
            InputError: it is damaged.
        """
        for number in range(self._parts):
            try:
                part = self._part(number)
                whole = _is_whole(part, self.names)
            except _DAMAGE as error:
                raise InputError(f"{self._path}: is damaged: {error}") from error
            if not whole:
                raise InputError(f"{self._path}: is damaged: its part {number} does not fit")
            yield part

    def _part(self, number: int) -> Part:
        columns = {name: self._array(name, number) for name in _COLUMNS}
        lines = [
            Lines(self._text(name, number), self._array(f"{name}.of", number).astype(np.int64))
            for name in _LINES
        ]
        starts = self._array("starts", number).astype(np.int64)
        bits = self._array("bits", number)
        found = Traces(self._text("text", number), starts, bits, lines[0], lines[1], lines[2])
        return Part(**columns, traces=found)

    def _text(self, name: str, number: int) -> str:
        found: str = self._array(name, number).tobytes().decode("utf-8", "surrogatepass")
        return found

    def _array(self, name: str, number: int) -> Any:
        return self._file[f"{name}.{number}"]


_DAMAGE: Final = (
    OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, MemoryError,
    RuntimeError, BadZipFile, zlib.error,
)  # fmt: skip
"""What reading raises where a file is not as it was written."""


def _names(about: Any) -> Names:
    days = (date.fromisoformat(one) if one else None for one in about["days"])
    return Names(
        Numbered(map(tuple, about["markets"])), Numbered(about["languages"]), Numbered(days)
    )


def _is_whole(part: Part, names: Names) -> bool:
    """Whether all of a part goes together: a text left out would be one in which nothing is."""
    found, count = part.traces, len(part.traces)
    return (
        all(getattr(part, name).shape == part.rich.shape == (len(part),) for name in _COLUMNS)
        and part.rich.dtype == part.known.dtype == np.bool_
        and _are_below(part.markets, len(names.markets.values))
        and _are_below(part.languages, len(names.languages.values))
        and _are_below(part.days, len(names.days.values))
        and _are_below(part.texts, count + 1)
        and int(part.texts.sum()) == count
        and found.bits.dtype == np.uint8
        and found.bits.shape == (count,)
        and found.starts.shape == (count + 1,)
        and bool((np.diff(found.starts, prepend=0) >= 0).all())
        and int(found.starts[-1]) == len(found.text)
        and all(_are_lines(getattr(found, name), count) for name in _LINES)
    )


def _are_below(numbers: npt.NDArray[Any], most: int) -> bool:
    whole = np.issubdtype(numbers.dtype, np.integer)
    return whole and bool(((numbers >= 0) & (numbers < most)).all())


def _are_lines(some: Lines, texts: int) -> bool:
    """Whether each line is of one of so many texts."""
    count = some.text.count("\n") + 1 if some.text or len(some.owners) else 0
    return some.owners.shape == (count,) and _are_below(some.owners, texts)


class StaleError(InputError):
    """A signature is of other traffic, or of another version of folding."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: is of other traffic, or of another version")


_COLUMNS: Final = ("rich", "known", "markets", "languages", "days", "texts")
"""Arrays of creatives; the others of a part are of their texts."""
_LINES: Final = ("tokens", "runs", "bridges")


class Writing:
    """A signature that is being made, part by part; it is there when the `with` ends well."""

    def __init__(self, path: Path, digest: str) -> None:
        """`path`: the file, which appears when it is whole."""
        self._path, self._digest = path, digest
        self._partial = path.with_name(f"{path.name}.partial")
        self._file = ZipFile(self._partial, "w", allowZip64=True)
        self._waiting: list[Part] = []
        self._count = 0
        self.names = Names()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Put the file in its place; where something failed, leave nothing of it.

        Raises:
            OSError: the file cannot be written.
        """
        try:
            if kind is None:
                self._end()
        finally:
            self._file.close()
            self._partial.unlink(missing_ok=True)

    def add(self, part: Part) -> None:
        """Take one more part."""
        self._waiting.append(part)
        if sum(map(len, self._waiting)) >= CHUNK:
            self._pack()

    def _pack(self) -> None:
        if not self._waiting:
            return
        whole = joined([part.traces for part in self._waiting])
        for name in _COLUMNS:
            self._write(name, np.concatenate([getattr(part, name) for part in self._waiting]))
        self._write_text("text", whole.text)
        self._write("starts", whole.starts.astype(np.int32))
        for name in _LINES:
            lines: Lines = getattr(whole, name)
            self._write_text(name, lines.text)
            self._write(f"{name}.of", lines.owners.astype(np.int32))
        self._write("bits", whole.bits)
        self._waiting = []
        self._count += 1

    def _write_text(self, name: str, text: str) -> None:
        self._write(name, np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8))

    def _write(self, name: str, array: npt.NDArray[Any]) -> None:
        self._save(f"{name}.{self._count}", array)

    def _save(self, name: str, array: npt.NDArray[Any]) -> None:
        with self._file.open(f"{name}.npy", "w", force_zip64=True) as stream:
            np.lib.format.write_array(stream, array, allow_pickle=False)

    def _end(self) -> None:
        """Write what is left, and what the numbers stand for."""
        self._pack()
        about = {
            "traffic": self._digest, "parts": self._count,
            "markets": self.names.markets.values, "languages": self.names.languages.values,
            "days": [one and one.isoformat() for one in self.names.days.values],
        }  # fmt: skip
        self._save("about", np.frombuffer(json.dumps(about).encode(), np.uint8))
        self._file.close()
        self._partial.replace(self._path)
