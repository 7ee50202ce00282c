"""Rows of a file that are read again when somebody asks for one: a million would not fit."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, overload

import numpy as np

from automod.errors import InputError
from automod.model.arrow import arrow
from automod.model.coded import Ints

from .files import why
from .json_files import Unreadable, json_line

WINDOW: Final = 64
"""Neighbours that are made together: one row of Arrow costs as much as twenty."""

Json = dict[str, Any]


class StoredRows(Sequence[Json]):
    """Rows as JSON has them, by number."""

    @overload
    def __getitem__(self, place: int) -> Json: ...
    @overload
    def __getitem__(self, place: slice) -> list[Json]: ...
    def __getitem__(self, place: int | slice) -> Json | list[Json]:
        if isinstance(place, slice):
            return [self._read(one) for one in range(*place.indices(len(self)))]
        return self._read(range(len(self))[place])

    @abstractmethod
    def _read(self, at: int) -> Json:
        """The row with this number."""


class StoredLines(StoredRows):
    """Decisions of a JSONL file.

    Args:
        path: the file.
        lines: the line of each, from 1.
        creatives: what each is of, by which it is known again.
    """

    def __init__(self, path: Path, lines: Sequence[int], creatives: Sequence[str | None]) -> None:
        self._path, self._creatives = path, creatives
        self._lines = np.array(lines, dtype=np.int64)
        self._starts: Ints | None = None

    def __len__(self) -> int:
        return len(self._lines)

    def _read(self, at: int) -> Json:
        line = int(self._lines[at])
        try:
            found = json_line(line, self._bytes(at))
        except OSError as error:
            raise InputError(f"{self._path}: cannot be read again: {why(error)}") from error
        if isinstance(found, Unreadable) or found.get("creative") != self._creatives[at]:
            raise InputError(f"{self._path}:{line}: has changed since it was read")
        return found

    def _bytes(self, at: int) -> bytes:
        with self._path.open("rb") as stream:
            if self._starts is None:
                ends = np.cumsum([0, *map(len, stream)])
                self._starts = ends[np.minimum(self._lines, len(ends)) - 1]
            stream.seek(int(self._starts[at]))
            return stream.readline()


class StoredParquet(StoredRows):
    """Rows of a Parquet file.

    Args:
        path: the file.
        file: the same, open: how many rows there are where.
        make: what a row is made into, of the row as `to_pylist` gives it and its number.
        columns: those that are read; left out: all.
    """

    def __init__(
        self,
        path: Path,
        file: Any,
        make: Callable[[Json, int], Json],
        columns: list[str] | None = None,
    ) -> None:
        self._path, self._make, self._columns = path, make, columns
        self._ends = _ends(file)
        self._group: tuple[int, Any] = (-1, None)
        self._window: tuple[int, list[Json]] = (0, [])

    def __len__(self) -> int:
        return int(self._ends[-1])

    def _read(self, at: int) -> Json:
        first, held = self._window
        if not first <= at < first + len(held):
            first, held = self._window = self._near(at)
        return self._make(held[at - first], at)

    def _near(self, at: int) -> tuple[int, list[Json]]:
        """Some rows from here on, and the number of the first."""
        group = int(np.searchsorted(self._ends, at, side="right")) - 1
        if self._group[0] != group:
            self._group = group, self._read_group(group)
        rows = self._group[1].slice(at - int(self._ends[group]), WINDOW)
        try:
            return at, rows.to_pylist()
        except (ValueError, OverflowError) as error:  # texts that are none, days of no calendar
            raise InputError(f"{self._path}: is damaged: {error}") from error

    def _read_group(self, group: int) -> Any:
        pa = arrow(f"reading {self._path}")
        try:
            with pa.parquet.ParquetFile(self._path) as file:
                if not np.array_equal(_ends(file), self._ends):
                    raise InputError(f"{self._path}: has changed since it was read")
                return file.read_row_group(group, columns=self._columns)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{self._path}: cannot be read again: {error}") from error


def _ends(file: Any) -> Ints:
    sizes = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
    return np.cumsum([0, *sizes])
