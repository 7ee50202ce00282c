"""Many instances at once: frozen ones at the price of mutable ones, and no collector meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, field, fields, make_dataclass
from typing import Any, TypeVar

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
    columns: list[Any] = []
    for one in fields(cls):  # type: ignore[arg-type]  # any dataclass will do
        default = field() if one.default is MISSING else field(default=one.default)
        if one.default_factory is not MISSING:
            default = field(default_factory=one.default_factory)
        columns.append((one.name, Any, default))
    twin = make_dataclass(f"_{cls.__name__}", columns, slots=True, eq=False, repr=False)

    def make(*args: Any) -> T:
        made = twin(*args)
        made.__class__ = cls
        return made  # type: ignore[no-any-return]

    return make


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
