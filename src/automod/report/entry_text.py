"""What `automod show` prints of one entry of a ruleset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from automod.workshop.lookup import Entry

from .page import Page, flowing, ink, labelled, wrapped
from .visible import code_points, has_rtl, isolated, shown

MOST: Final = 30
"""Lines of one list, unless detail is asked for."""

COMPARABLE: Final = 24
"""Characters of which code points are a help and not a wall."""

_LETTERS: Final = ("value", "folded")


def entry_text(entry: Entry, page: Page) -> list[Text]:
    """The lines of one entry: its name, then each fact beside what it is called.

    >>> lines = entry_text(Entry("policy", "GMB.REAL", {"severity": "high"}), Page())
    >>> [line.plain for line in lines]
    [' policy         GMB.REAL', '  severity      high']
    """
    lines = [Text(" ") + ink(entry.kind.ljust(15), "dim") + ink(isolated(entry.id), "bold")]
    for name, value in entry.facts.items():
        lines += labelled(ink(isolated(name), "dim"), _value(name, value, page))
    return lines


def _value(name: str, value: Any, page: Page) -> list[Text]:
    if isinstance(value, list):
        return _list(value, page)
    lines = wrapped(shown(str(value)), page.room)
    if name in _LETTERS and has_rtl(str(value)) and len(value) <= COMPARABLE:
        # Right-to-left letters are hard to compare on a screen.
        lines += wrapped(code_points(str(value), COMPARABLE), page.room, "dim")
    return lines


def _list(values: Sequence[Any], page: Page) -> list[Text]:
    most = len(values) if page.detail else MOST
    lines = [*_items(values[:most], page)]
    if len(values) > most:
        lines.append(ink(f"… {len(values) - most} more (-v shows them)", "dim"))
    return lines


def _items(values: Sequence[Any], page: Page) -> Iterator[Text]:
    if all(isinstance(value, str) and len(value) < 16 for value in values):
        yield from flowing([Text(isolated(value)) for value in values], page.room)
        return
    for value in values:
        if isinstance(value, Mapping):
            yield from _mapping(value, page)
        else:
            first, *rest = wrapped(shown(str(value)), page.room - 2)
            yield first
            yield from (Text("  ") + line for line in rest)


def _mapping(value: Mapping[str, Any], page: Page) -> Iterator[Text]:
    """A row: its first value as head, the others flowing after it."""
    (_, head), *rest = value.items()
    parts = [ink(f"{name} ", "dim") + Text(isolated(str(one))) for name, one in rest]
    lines = flowing(parts, page.room - 10)
    for place, line in enumerate(lines):
        yield ink(isolated(str(head)).ljust(10) if place == 0 else " " * 10, "bold") + line
