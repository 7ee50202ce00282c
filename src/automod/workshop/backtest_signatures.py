"""What is kept beside traffic, so that it need not be folded again: the traces of its texts.

A signature belongs to the bytes of its files, and to the tables that texts are folded by. It holds
no object that runs when it is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import numpy as np
import numpy.typing as npt

from automod.engine.compile import VERSIONS
from automod.errors import InputError

from .backtest_parts import Names, Numbered, Part
from .backtest_traces import Lines, Traces, joined

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
            StaleError: it is one of other traffic.
        """
        self._path = path
        try:
            self._file = np.load(path, allow_pickle=False)
            about = json.loads(self._file["about"].tobytes())
            self.names = Names(
                Numbered(map(tuple, about["markets"])),
                Numbered(about["languages"]),
                Numbered(date.fromisoformat(one) if one else None for one in about["days"]),
            )
            self._parts = int(about["parts"])
        except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
            raise InputError(f"{path}: is no file of signatures: {error}") from error
        if about.get("traffic") != digest:
            raise StaleError(path)

    def __iter__(self) -> Iterator[Part]:
        for number in range(self._parts):
            columns = {name: self._array(name, number) for name in _COLUMNS}
            text = self._text("text", number)
            starts = self._array("starts", number).astype(np.int64)
            lines = [
                Lines(self._text(name, number), self._array(f"{name}.of", number).astype(np.int64))
                for name in _LINES
            ]
            bits = self._array("bits", number)
            found = Traces(text, starts, bits, lines[0], lines[1], lines[2])
            yield Part(**columns, traces=found)

    def _text(self, name: str, number: int) -> str:
        found: str = self._array(name, number).tobytes().decode("utf-8", "surrogatepass")
        return found

    def _array(self, name: str, number: int) -> Any:
        try:
            return self._file[f"{name}.{number}"]
        except (KeyError, ValueError, BadZipFile) as error:
            raise InputError(f"{self._path}: is damaged: {error}") from error


class StaleError(InputError):
    """A signature is of other traffic, or of another version of folding."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: is of other traffic, or of another version")


_COLUMNS: Final = ("rich", "known", "markets", "languages", "days", "texts")
"""Arrays of creatives; the others of a part are of their texts."""
_LINES: Final = ("tokens", "runs", "bridges")


class Writing:
    """A signature that is being made, part by part."""

    def __init__(self, path: Path, digest: str) -> None:
        """`path`: the file, which appears when it is whole."""
        self._path, self._digest = path, digest
        self._partial = path.with_name(f"{path.name}.partial")
        self._file = ZipFile(self._partial, "w", allowZip64=True)
        self._waiting: list[Part] = []
        self._count = 0
        self.names = Names()

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

    def end(self) -> None:
        """Write what is left, and what the numbers stand for.

        Raises:
            OSError: the file cannot be written.
        """
        self._pack()
        about = {
            "traffic": self._digest, "parts": self._count,
            "markets": self.names.markets.values, "languages": self.names.languages.values,
            "days": [one and one.isoformat() for one in self.names.days.values],
        }  # fmt: skip
        self._save("about", np.frombuffer(json.dumps(about).encode(), np.uint8))
        self._file.close()
        self._partial.replace(self._path)
