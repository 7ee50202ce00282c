"""A finding about a material."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from automod.errors import Location
from automod.model.finding import Edit

from .check import Found
from .wording import Wording, visible


def told(
    wording: Wording,
    number: int,
    key: str | None = "value",
    *,
    related: Iterable[Location] = (),
    fix: tuple[Edit, ...] = (),
    hints: tuple[str, str] | None = None,
    **values: Any,
) -> Found:
    """A finding about a material; its `value` is shown so that nothing in it is hidden.

    Args:
        wording: its package.
        number: its number there.
        key: the key that is wrong.
        related: other places that matter.
        fix: what would mend it.
        hints: what would be right, in English and in Arabic.
        values: what else the message has blanks for.
    """
    shown = {"value": visible(wording.values[number]), **values}
    if hints is not None:
        shown["hint"], shown["hint_ar"] = hints
    where = wording.source.at(number, key)
    name = wording.name(number)
    return Found(where, shown, wording.source.name, name, tuple(related), fix)
