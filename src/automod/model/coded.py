"""A column of texts in which each different text is held once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
Ranks = NDArray[np.int8]
Floats = NDArray[np.float64]
Value = TypeVar("Value", bound=Hashable)
Item = TypeVar("Item")

NONE: Final = -1
"""The code of a row that has no value."""


def begins(*columns: NDArray[Any]) -> Flags:
    """Whether each row begins a run: differs in some column from the row before it.

    >>> begins(np.array([7, 7, 8]), np.array([1, 1, 1])).tolist()
    [True, False, True]
    """
    new = np.ones(len(columns[0]), dtype=bool)
    new[1:] = columns[0][1:] != columns[0][:-1]
    for column in columns[1:]:
        new[1:] |= column[1:] != column[:-1]
    return new


def counting(each: Ints) -> Ints:
    """0, 1, ... up to each length, one after another.

    >>> counting(np.array([2, 0, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    return np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)


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

    @classmethod
    def joined(cls, columns: Sequence[Coded[Value]]) -> Coded[Value]:
        """Columns one below the other.

        >>> Coded.joined([Coded.of(["SA"]), Coded.of(["AE", "SA"])]).codes.tolist()
        [0, 1, 0]
        """
        values = tuple(dict.fromkeys(value for column in columns for value in column.values))
        codes = [column.among(values) for column in columns]
        return cls(values, np.concatenate([np.zeros(0, dtype=np.int32), *codes]))

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> Value | None:
        code = int(self.codes[row])
        return None if code == NONE else self.values[code]

    def take(self, rows: Any) -> Coded[Value]:
        """Some rows (numbers, a mask or a slice), with the same values."""
        return Coded(self.values, self.codes[rows])

    def sorted(self) -> Coded[Value]:
        """The same rows, with the values in ascending order: whatever order rows came in.

        >>> column = Coded.of(["SA", None, "AE"]).sorted()
        >>> column.values, column.codes.tolist()
        (('AE', 'SA'), [1, -1, 0])
        """
        values = tuple(sorted(self.values))  # type: ignore[type-var]
        return self if values == self.values else Coded(values, self.among(values))

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

    @classmethod
    def joined(cls, some: Sequence[Lists]) -> Lists:
        """Lists of rows, and then of further rows.

        >>> Lists.joined([Lists.of([[3, 1]]), Lists.of([[], [7]])]).starts.tolist()
        [0, 2, 2, 3]
        """
        none = np.zeros(0, dtype=np.int64)
        starts = np.zeros(1 + sum(map(len, some)), dtype=np.int64)
        np.cumsum(np.concatenate([none, *(one.lengths() for one in some)]), out=starts[1:])
        return cls(starts, np.concatenate([none, *(one.flat for one in some)]))

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


def numbered_on(columns: Iterable[tuple[Ints, int]]) -> Ints:
    """Numbers of rows of several tables, as they are where one table stands below the other.

    Args:
        columns: numbers, and how many rows the table has that they speak of.

    >>> numbered_on([(np.array([0, 1]), 3), (np.array([0, 2]), 3)]).tolist()
    [0, 1, 3, 5]
    """
    found, before = [np.zeros(0, dtype=np.int64)], 0
    for numbers, rows in columns:
        found.append(numbers + before)
        before += rows
    return np.concatenate(found)


class Chained(Sequence[Item]):
    """Sequences one after the other, none of them copied.

    >>> both = Chained(["ab", range(3)])
    >>> len(both), both[1], both[2], both[-1]
    (5, 'b', 0, 2)
    """

    def __init__(self, parts: Iterable[Sequence[Item]]) -> None:
        self._parts = tuple(parts)
        self._ends = tuple(accumulate(map(len, self._parts)))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        at = range(len(self))[place]
        part = bisect_right(self._ends, at)
        return self._parts[part][at - (self._ends[part - 1] if part else 0)]
