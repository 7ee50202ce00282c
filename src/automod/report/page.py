"""A page of a terminal: how wide it is, in which language, and labelled lines on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.text import Text

from automod.model.ruleset import PolicyTable

from .excerpt import Marking
from .labels import Lang
from .visible import FSI, PDI, apart

MARGIN: Final = 2
LABEL: Final = 13
"""The column of labels: as wide as `links[0].host`."""
INDENT: Final = MARGIN + LABEL + 1
"""Where the content of a line begins."""

_PARTS: Final = re.compile(r"[^|/]*[|/]?")

NARROWEST: Final = 60
WIDEST: Final = 120
"""Lines longer than that are hard to read back from."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a report is laid out for."""

    width: int = 100
    lang: Lang = "en"
    marking: Marking = field(default_factory=Marking)
    detail: bool = False
    """Also what counts for nothing: clean texts, signals, sources."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Policy code -> its title in this language."""
    idle: bool = True
    """With `detail`: also signals that no rule joined; an ad has dozens of them."""

    @property
    def room(self) -> int:
        """Columns for the content of a labelled line."""
        return min(max(self.width, NARROWEST), WIDEST) - INDENT


def ink(text: str, style: str) -> Text:
    """A styled piece of a line, whose style ends where it ends.

    The style that `Text` itself is given would cover all that is put after it.

    >>> (ink("a", "red") + Text("b")).spans
    [Span(0, 1, 'red')]
    """
    return Text().append(text, style)


def titles_of(table: PolicyTable, lang: Lang) -> dict[str, str]:
    """The titles of policy codes in a language; in English where that language has none.

    >>> titles_of(PolicyTable({}), "ar")
    {}
    """
    titles = {
        name: code.title.get(lang) or code.title.get("en") for name, code in table.codes.items()
    }
    return {name: title for name, title in titles.items() if title}


def labelled(label: Text, lines: Iterable[Text]) -> list[Text]:
    """Lines of content with a label beside the first."""
    found: list[Text] = []
    for line in lines or [Text()]:
        head = pad(clipped(label, LABEL), LABEL + 1) if not found else Text(" " * (LABEL + 1))
        found.append(Text(" " * MARGIN) + head + line)
    return found


def pad(text: Text, width: int) -> Text:
    """The text with spaces after it, up to a width."""
    return text + Text(" " * max(width - cell_len(text.plain), 0))


def clipped(text: Text, width: int) -> Text:
    """The text, its middle left out where it is too wide: the ends tell fields and ids apart."""
    plain = text.plain
    if cell_len(plain) <= width:
        return text
    keep = (width - 1) // 2
    style = text.spans[0].style if text.spans else ""
    start = set_cell_size(plain, width - 1 - keep).rstrip()
    end = set_cell_size(plain[::-1], keep)[::-1]
    return Text().append(f"{start}…{end}", style)


def wrapped(text: str, width: int, style: str = "") -> list[Text]:
    """A sentence in lines, each in an isolate where it needs one.

    >>> [line.plain for line in wrapped("one two three", 8)]
    ['one two', 'three']
    """
    lines: list[str] = []
    for word in text.split():
        if lines and cell_len(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines += _pieces(word, width)
    return [ink(apart(line), style) for line in _closed(lines)]


def _closed(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with every isolate that goes over the end of one closed there and opened anew."""
    depth = 0
    for line in lines:
        opened = FSI * depth
        depth = max(depth + line.count(FSI) - line.count(PDI), 0)
        yield f"{opened}{line}{PDI * depth}"


def _pieces(word: str, width: int) -> list[str]:
    """A word in pieces that fit, cut after `|` or `/` where it has any."""
    lines = [""]
    for part in _PARTS.findall(word):
        if cell_len(lines[-1] + part) <= width:
            lines[-1] += part
        else:
            lines += chop_cells(part, width)
    return [line for line in lines if line]


def flowing(parts: Iterable[Text], width: int, between: str = "  ") -> list[Text]:
    """Parts on as few lines as they need, none of them cut."""
    lines: list[Text] = []
    for part in parts:
        together = lines[-1] + Text(between) + part if lines else part
        if lines and cell_len(together.plain) <= width:
            lines[-1] = together
        else:
            lines.append(part)
    return lines
