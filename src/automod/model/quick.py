"""Many instances at once: frozen ones at the price of mutable ones, and no collector meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, field, fields, make_dataclass
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


_END: Final = "\0"
"""What no text of a table holds; where another does, the strings stay where they are."""


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Hold the garbage collector off while much is made that stays.

    Looking for garbage among 100,000 materials again and again took a quarter of the time.

    >>> with nothing_collected():
    ...     gc.isenabled()
    False
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
