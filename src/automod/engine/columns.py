"""Creatives as columns: what the engine scans without making an object for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, overload

from automod.match.texts import Batch
from automod.model.coded import Flags

from .intake import Intake

Item = TypeVar("Item")
Made_co = TypeVar("Made_co", covariant=True)


class Places(Protocol[Made_co]):
    """Anything that gives what stands at a place."""

    def __getitem__(self, place: int, /) -> Made_co:
        """What stands there."""


@dataclass(frozen=True, slots=True)
class CreativeColumns:
    """Some creatives, row by row.

    A row is odd where columns do not say all that the engine must know before it scans: it is no
    creative, has pictures to be opened, too much text, or a market that nobody knows. Its texts are
    not in the batch.
    """

    odd: Flags
    batch: Batch
    """The texts of the rows that are not odd, owners being rows."""
    first: Sequence[int]
    """For each row, how many texts of the batch come before its own."""
    intakes: Callable[[Sequence[int]], list[Intake | None]]
    """Takes rows in, with all that they say; None for one that is no creative. The texts of a row
    are in the order of the batch.
    """

    def intake(self, row: int) -> Intake:
        """The intake of a row that has texts in the batch."""
        found = self.intakes([row])[0]
        if found is None:
            raise ValueError(f"row {row} is no creative, and has texts in the batch")
        return found


class Remembered(Generic[Item]):
    """What a function makes for numbers, made once for each."""

    __slots__ = ("_known", "_make")

    def __init__(self, make: Callable[[int], Item]) -> None:
        self._make, self._known = make, dict[int, Item]()

    def __getitem__(self, place: int) -> Item:
        if place not in self._known:
            self._known[place] = self._make(place)
        return self._known[place]


class Derived(Sequence[Item]):
    """A sequence of which each item is worked out when it is asked for.

    >>> squares = Derived(3, lambda n: n * n)
    >>> len(squares), squares[2], list(squares)
    (3, 4, [0, 1, 4])
    """

    __slots__ = ("_length", "_make")

    def __init__(self, length: int, make: Callable[[int], Item]) -> None:
        self._length, self._make = length, make

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> Item: ...

    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...

    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        if isinstance(place, slice):
            return [self._make(n) for n in range(*place.indices(self._length))]
        if not 0 <= place < self._length:
            raise IndexError(place)
        return self._make(place)

    def __iter__(self) -> Iterator[Item]:
        return map(self._make, range(self._length))
