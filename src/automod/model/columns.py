"""Many instances of one frozen class, held field by field; each is made when it is asked for.

Of 100,000 materials a scan looks at a few. Making all of them took longer than reading their table,
and every pass over a field of theirs waits for memory at each one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import chain, count
from operator import attrgetter, eq
from typing import Any, Final, TypeVar, overload

from .quick import maker

T = TypeVar("T")


class Columns(Sequence[T]):
    """A sequence of instances of a dataclass, none of whose columns may be changed.

    Safe to share between threads. It equals any other sequence of the same instances. One that is
    asked for by its place is made once; those that are iterated over are made for the loop.

    >>> from automod.model.ruleset import Example
    >>> some = Columns(Example, {"text": ["1", "2"]}, {"hits": ("a",), "known": None, "image": ""})
    >>> some[1], len(some), some == (Example("1", ("a",)), Example("2", ("a",)))
    (Example(text='2', hits=('a',), known=None, image=''), 2, True)
    """

    __slots__ = ("_made", "each", "kind", "number", "same")

    def __init__(
        self, kind: type[T], each: Mapping[str, Sequence[Any]], same: Mapping[str, Any]
    ) -> None:
        """Of every field its values (at least of one), or the value that all have.

        Raises:
            ValueError: a field is missing, there twice, or none; or columns differ in length.
        """
        if sorted([*each, *same]) != sorted(_names(kind)):
            raise ValueError(f"the columns are not the fields of {kind.__name__}")
        if len({len(values) for values in each.values()}) != 1:
            raise ValueError(f"the columns of {kind.__name__} differ in length")
        self.kind = kind
        self.each = each
        self.same = same
        self.number = next(_NUMBERS)
        """No other of this process has it: it stands for what these hold, which never changes."""
        self._made: dict[int, T] = {}

    def column(self, name: str) -> Sequence[Any]:
        """The values of a field, in order."""
        return self.each[name] if name in self.each else [self.same[name]] * len(self)

    def __len__(self) -> int:
        return len(next(iter(self.each.values())))

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return tuple(map(self.__getitem__, range(len(self))[place]))
        place = range(len(self))[place]
        made = self._made.get(place)
        if made is None:
            each = {name: column[place] for name, column in self.each.items()}
            made = self._made[place] = self.kind(**each, **self.same)
        return made

    def __iter__(self) -> Iterator[T]:
        return map(_maker(self.kind), *map(self.column, _names(self.kind)))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sequence) and not isinstance(other, str | bytes):
            return len(self) == len(other) and all(map(eq, self, other))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # what it holds has none

    def __repr__(self) -> str:
        return f"<{len(self)} of {self.kind.__name__}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Columns, (self.kind, self.each, self.same)

    def replaced(self, by: Mapping[int, T]) -> Columns[T]:
        """These, with others at some places."""
        each, same = dict(self.each), dict(self.same)
        for name in _names(self.kind):
            new = {place: getattr(one, name) for place, one in by.items()}
            if name in same and all(value == same[name] for value in new.values()):
                continue
            column = [*self.column(name)]
            for place, value in new.items():
                column[place] = value
            each[name] = column
            same.pop(name, None)
        return Columns(self.kind, each, same)

    def at(self, places: Sequence[int]) -> Columns[T]:
        """Those at some places."""
        each = {name: [column[n] for n in places] for name, column in self.each.items()}
        return Columns(self.kind, each, self.same)


def joined(kind: type[T], parts: Sequence[Sequence[T]]) -> Columns[T]:
    """Several sequences of instances one after another."""
    columns = [part for part in parts if isinstance(part, Columns)]
    if len(columns) == len(parts) == 1:
        return columns[0]
    each, same = {}, {}
    for name in _names(kind):
        if len(columns) == len(parts) and all(name in part.same for part in columns):
            values = [part.same[name] for part in columns]
            if values and all(value == values[0] for value in values):
                same[name] = values[0]
                continue
        each[name] = list(chain.from_iterable(column(part, name) for part in parts))
    return Columns(kind, each, same)


def column(several: Sequence[Any], name: str) -> Sequence[Any]:
    """The values of a field of instances, in order.

    >>> from automod.model.ruleset import Example
    >>> column([Example("1", ()), Example("2", ())], "text")
    ['1', '2']
    """
    if isinstance(several, Columns):
        return several.column(name)
    return list(map(attrgetter(name), several))


def various(several: Sequence[Any], name: str) -> Collection[Any]:
    """What instances have in a field, each object once: of 100,000 materials that is little.

    >>> from automod.model.ruleset import Example
    >>> list(various([Example("1", ()), Example("2", ())], "hits"))
    [()]
    """
    if isinstance(several, Columns) and name in several.same:
        return [several.same[name]]
    return {id(value): value for value in column(several, name)}.values()


def places(several: Sequence[Any], name: str, values: Iterable[Any]) -> Sequence[int]:
    """Where those instances are whose field has one of some values.

    >>> from automod.model.ruleset import Example
    >>> places([Example("1", ()), Example("2", ())], "text", ["2", "3"])
    [1]
    """
    wanted = frozenset(values)
    if isinstance(several, Columns) and name in several.same:
        return range(len(several) if several.same[name] in wanted else 0)
    return [n for n, value in enumerate(column(several, name)) if value in wanted]


def picked(several: Sequence[T], name: str, values: Iterable[Any]) -> list[T]:
    """Those instances whose field has one of some values.

    >>> from automod.model.ruleset import Example
    >>> picked([Example("1", ()), Example("2", ())], "text", ["2", "3"])
    [Example(text='2', hits=(), known=None, image='')]
    """
    return [several[n] for n in places(several, name, values)]


_NUMBERS: Final = count()

_MAKERS: Final[dict[type[Any], Callable[..., Any]]] = {}
"""Each makes a class of its own, so it is kept."""


def _maker(kind: type[Any]) -> Callable[..., Any]:
    return _MAKERS.get(kind) or _MAKERS.setdefault(kind, maker(kind))


def _names(kind: type[Any]) -> list[str]:
    return [one.name for one in fields(kind)]
