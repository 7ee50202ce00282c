"""Many instances at once: frozen ones at the price of mutable ones, and no collector meanwhile."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, field, fields, make_dataclass
from threading import RLock, get_ident
from typing import Any, Final, TypeVar

T = TypeVar("T")


def maker(cls: type[T]) -> Callable[..., T]:
    """A function that makes instances of a frozen, slotted dataclass, arguments in their order.

    A frozen dataclass sets each of its fields through `object.__setattr__`: for the 20 fields of a
    hit that is four fifths of making it. Here a mutable twin with the same slots is filled, and
    then becomes the frozen class. What comes out is an instance like any other.

    >>> from automod.model.decision import NotEvaluated
    >>> made = maker(NotEvaluated)("body", "regex.timeout", True)
    >>> made == NotEvaluated("body", "regex.timeout", True)
    True
    """

    def become(made: Any) -> None:
        made.__class__ = cls

    twin: Callable[..., T] = _twin(cls, {"__post_init__": become})
    return twin


def _twin(cls: type[Any], namespace: dict[str, Any]) -> Any:
    """A class with the slots of a frozen one, whose fields can be set."""
    columns: list[Any] = []
    for one in fields(cls):
        default = field() if one.default is MISSING else field(default=one.default)
        if one.default_factory is not MISSING:
            default = field(default_factory=one.default_factory)
        columns.append((one.name, Any, default))
    return make_dataclass(
        f"_{cls.__name__}", columns, namespace=namespace, slots=True, eq=False, repr=False
    )


def side_by_side(texts: list[str], prefix: str = "") -> list[str]:
    """The same texts behind a prefix, as new strings which lie in memory one after another.

    Strings of a table lie in the order of the file, between all its other cells. Materials go by
    id: every pass over 100,000 of them then waits for memory at each one, for longer than it works.

    >>> side_by_side(["casino", "", "win big"])
    ['casino', '', 'win big']
    >>> side_by_side(["casino", "slots"], "gambling/")
    ['gambling/casino', 'gambling/slots']
    """
    new = f"{_END}{prefix}".join(["", *texts]).split(_END)[1:]
    return new if len(new) == len(texts) else [f"{prefix}{text}" for text in texts]


def shared(values: list[T]) -> list[T]:
    """The same values, where few differ each of them once in memory: texts, or tuples of texts.

    A table that was read has an object for each cell, though there may be ten different values.

    >>> one, other = shared(["".join(["wo", "rd"]) for _ in range(2)])
    >>> one is other
    True
    """
    if len(set(values[:_SAMPLE])) * 2 > len(values[:_SAMPLE]) > 2:  # as ids and words are
        return values
    known: dict[T, T] = {}
    return list(map(known.setdefault, values, values))


_SAMPLE: Final = 256
_END: Final = "\0"
"""What no text of a table holds; where another does, the strings stay where they are."""


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Hold the garbage collector off while much is made that stays.

    Looking for garbage among 100,000 materials again and again took a quarter of the time. Any
    number of threads may be in here: the last one out lets the collector go on.

    >>> with nothing_collected():
    ...     gc.isenabled()
    False
    """
    me = _HELD.enter()
    try:
        yield
    finally:
        _HELD.leave(me)


class _Hold:
    """Who holds the collector off; nobody does where it was off already."""

    def __init__(self) -> None:
        # One that a thread may take twice: the turn that the collector gets runs anybody's code.
        self._lock = RLock()
        self._threads: list[int] = []

    def enter(self) -> int | None:
        """Hold it off; returns what to leave with."""
        with self._lock:
            if not self._threads and not gc.isenabled():
                return None
            gc.disable()
            self._threads.append(get_ident())
            return self._threads[-1]

    def leave(self, me: int | None) -> None:
        """Let it go on, if nobody else holds it off."""
        if me is None:
            return
        with self._lock:
            self._threads.remove(me)
            gc.enable()
            if self._threads:
                # Batches of a busy service always overlap: without a turn now and then, what only
                # the collector finds would never be found. Making a container is what starts it,
                # if it is one of which Python keeps no spare ones, as it does of lists.
                set[None]()
                gc.disable()

    def forked(self) -> None:
        """In a new process there is one thread, and no other will ever come out."""
        self._lock = RLock()
        others = [one for one in self._threads if one != get_ident()]
        self._threads = [one for one in self._threads if one == get_ident()]
        if others and not self._threads:
            gc.enable()


_HELD: Final = _Hold()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_HELD.forked)
