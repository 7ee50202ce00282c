"""A column of texts in which each different text is held once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Value = TypeVar("Value", bound=Hashable)

NONE: Final = -1
"""The code of a row that has no value."""


@dataclass(frozen=True, slots=True)
class Coded(Generic[Value]):
    """Rows by number: `values[codes[row]]`, or nothing where the code is -1.

    >>> column = Coded.of(["SA", None, "AE", "SA"])
    >>> column.values, column.codes.tolist(), column[2]
    (('SA', 'AE'), [0, -1, 1, 0], 'AE')
    """

    values: tuple[Value, ...]
    codes: Codes

    @classmethod
    def of(cls, rows: Iterable[Value | None]) -> Coded[Value]:
        """The column of some rows, values in the order in which they first come."""
        known: dict[Value, int] = {}
        codes = [NONE if row is None else known.setdefault(row, len(known)) for row in rows]
        return cls(tuple(known), np.array(codes, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Value | None:
        code = int(self.codes[row])
        return None if code == NONE else self.values[code]

    def take(self, rows: Any) -> Coded[Value]:
        """Some rows (numbers, a mask or a slice), with the same values."""
        return Coded(self.values, self.codes[rows])

    def among(self, values: Sequence[Value]) -> Codes:
        """The codes that the rows have in another list of values; -1 for one that is not in it."""
        place = {value: number for number, value in enumerate(values)}
        there = [place.get(value, NONE) for value in self.values]
        return np.array([*there, NONE], dtype=np.int32)[self.codes]


@dataclass(frozen=True, slots=True)
class Lists:
    """Several numbers a row: those of one are `flat[starts[row]:starts[row + 1]]`.

    >>> some = Lists.of([[3, 1], [], [7]])
    >>> some.starts.tolist(), some.flat.tolist(), some[0].tolist(), some.rows().tolist()
    ([0, 2, 2, 3], [3, 1, 7], [3, 1], [0, 0, 2])
    """

    starts: Ints
    flat: Ints

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> Lists:
        """The lists of some rows."""
        held = list(rows)
        starts = np.zeros(len(held) + 1, dtype=np.int64)
        np.cumsum([len(row) for row in held], out=starts[1:])
        return cls(starts, np.array([one for row in held for one in row], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> Ints:
        return self.flat[self.starts[row] : self.starts[row + 1]]

    def lengths(self) -> Ints:
        """How many each row has."""
        return np.diff(self.starts)

    def rows(self) -> Ints:
        """The row of each number of `flat`."""
        return np.repeat(np.arange(len(self)), self.lengths())
