"""What does not load, as findings: each sort of fault is a check like any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from automod.errors import Fault

from .check import Check, Found, World
from .fault_sorts import SORTS, Sort
from .fault_words import in_arabic

_MESSAGE: Final = {"en": "{fault}", "ar": "{fault_ar}"}


def _look(sort: Sort) -> Callable[[World], Iterator[Found]]:
    def look(world: World) -> Iterator[Found]:
        return (_found(fault, world) for fault in world.source.faults if sort_of(fault) is sort)

    return look


def sort_of(fault: Fault) -> Sort:
    """The sort of a fault: what has none of its own is a value that cannot be read."""
    return _BY_SLUG.get(fault.code, _BY_SLUG["bad_value"])


def _found(fault: Fault, world: World) -> Found:
    values = {"fault": fault.message, "fault_ar": in_arabic(fault.message)}
    if fault.hint:
        values |= {"hint": fault.hint, "hint_ar": in_arabic(fault.hint)}
    return Found(fault.location, values, world.package_at(fault.location))


_BY_SLUG: Final = {slug: sort for sort in SORTS for slug in sort.slugs}

OF_LOADING: Final = tuple(
    Check(sort.code, sort.name, "error", sort.title, sort.why, _MESSAGE, _look(sort))
    for sort in SORTS
)
"""In order of their codes."""
