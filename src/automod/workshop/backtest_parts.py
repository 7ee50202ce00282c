"""Traffic in parts: of each creative what a first look needs, mostly without reading its JSON.

A line that is written as machines write it, with few keys in their usual order and nothing escaped,
is taken apart by a pattern, for a third of what reading and taking in costs. Every other line is
read; the answer is the same.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from automod.batch.sources import Misread
from automod.engine.intake import LONGEST
from automod.errors import InputError, Location
from automod.load.creatives import placed
from automod.load.files import UTF16
from automod.load.json_files import MAX_LINE, Unreadable, json_line

from .backtest_hunt import Taken, take
from .backtest_tally import language_of
from .backtest_traces import Flags, Traces, traces

Numbers = npt.NDArray[np.int32]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of some creatives in a row."""

    rich: Flags
    """Of each creative: it has to be seen whole (`Taken.rich`)."""
    known: Flags
    """Of each: it names an advertiser, or other facts."""
    markets: Numbers
    """Numbers of lists of markets."""
    languages: Numbers
    """Numbers of languages."""
    days: Numbers
    """Numbers of days."""
    texts: Numbers
    """How many texts of it are in `traces`; none of those that are rich."""
    traces: Traces

    def __len__(self) -> int:
        return len(self.rich)


class Numbered(Generic[T]):
    """Values by their numbers, in the order in which they come.

    >>> names = Numbered(["SA"])
    >>> names.number("AE"), names.number("SA"), names.values
    (1, 0, ['SA', 'AE'])
    """

    def __init__(self, values: Iterable[T] = ()) -> None:
        self.values = list(values)
        self._numbers = {value: number for number, value in enumerate(self.values)}

    def number(self, value: T) -> int:
        """The number of a value, which is new or was there before."""
        found = self._numbers.get(value)
        if found is None:
            found = self._numbers[value] = len(self.values)
            self.values.append(value)
        return found


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers of parts stand for."""

    markets: Numbered[tuple[str, ...]] = field(default_factory=Numbered)
    languages: Numbered[str] = field(default_factory=Numbered)
    days: Numbered[date | None] = field(default_factory=Numbered)


def _numbers(several: Iterable[int]) -> Numbers:
    return np.fromiter(several, np.int32)


# --- traffic, line by line -----------------------------------------------------------------------


class Line(NamedTuple):
    """A line of a file that may hold a creative, not read yet."""

    file: str
    number: int
    raw: bytes

    def read(self) -> Any:
        """The creative, or why there is none: as `batch.sources.read_all` gives it."""
        if len(self.raw) > MAX_LINE:
            found: Any = Unreadable(self.number, f"the line is longer than {MAX_LINE // 2**20} MiB")
        else:
            found = json_line(self.number, self.raw)
        if isinstance(found, Unreadable):
            return Misread(Location(self.file, found.line), found.message)
        return placed(found, _folder(self.file))


@lru_cache(maxsize=8)
def _folder(file: str) -> Path:
    return Path(file).parent


def lines_of(files: Iterable[str]) -> Iterator[Line]:
    """The lines of JSONL files that hold something."""
    for name in files:
        with Path(name).open("rb") as stream:
            begin = stream.read(len(codecs.BOM_UTF8))
            if begin.startswith(UTF16):
                raise InputError(f"{name}: is UTF-16; JSON is UTF-8: save it as that")
            if begin != codecs.BOM_UTF8:
                stream.seek(0)
            for number, raw in enumerate(stream, 1):
                if not raw.isspace():
                    yield Line(name, number, raw)


# --- lines that are not read ----------------------------------------------------------------------

_TEXT: Final = rb'"[^"\\\x00-\x1f]*"'
_SOME: Final = rb'"[^"\\\x00-\x1f]+"'
_PLAIN: Final = re.compile(
    rb'\{ ?"id": ?' + _SOME + rb'(, ?"markets": ?\[' + _SOME + rb"(?:, ?" + _SOME + rb")*\]"
    rb'(?:, ?"language": ?' + _TEXT + rb')?(?:, ?"advertiser": ?' + _TEXT + rb")?"
    rb'(?:, ?"on": ?' + _TEXT + rb')?), ?"text": ?\{(' + _TEXT + rb": ?" + _TEXT
    + rb"(?:, ?" + _TEXT + rb": ?" + _TEXT + rb")*)\} ?\}[ \r\n]*"
)  # fmt: skip
"""A line of which nothing else need be known than what stands in its groups."""

_MOST_FIELDS: Final = 100
_MOST_KNOWN: Final = 10_000
"""Ways to stand between the id and the texts of a line that are remembered."""


class Reader:
    """Takes lines apart, and gives numbers to what they have in common."""

    def __init__(self, names: Names) -> None:
        """`names`: where numbers come from."""
        self.names = names
        self._known: dict[bytes, tuple[bool, int, int, int]] = {}

    def part(self, block: Sequence[Line], first: int) -> tuple[Part, dict[int, Taken]]:
        """What is known of the creatives of lines, and those lines that had to be read, by place.

        Args:
            block: the lines.
            first: the place of the first of them in the traffic.
        """
        read: dict[int, Taken] = {}
        facts: list[tuple[bool, int, int, int]] = []
        texts: list[str] = []
        counts: list[int] = []
        for place, line in enumerate(block):
            found = self._taken_apart(line.raw)
            if found is None:
                one = read[place] = take([line.read()], first + place)[0]
                found = self._facts(one), [] if one.rich else one.texts
            facts.append(found[0])
            counts.append(len(found[1]))
            texts += found[1]
        known, markets, languages, days = zip(*facts, strict=True)
        rich = np.zeros(len(block), np.bool_)
        rich[[place for place, one in read.items() if one.rich]] = True
        part = Part(
            rich, np.array(known, np.bool_), _numbers(markets), _numbers(languages),
            _numbers(days), _numbers(counts), traces(texts),
        )  # fmt: skip
        return part, read

    def _facts(self, one: Taken) -> tuple[bool, int, int, int]:
        """Whether a creative has facts, and the numbers of its markets, language and day."""
        intake, names = one.intake, self.names
        return (
            intake is not None and intake.known is not None,
            names.markets.number(() if intake is None else intake.markets),
            names.languages.number(language_of(one.creative)),
            names.days.number(None if intake is None else intake.on),
        )

    def _taken_apart(self, raw: bytes) -> tuple[tuple[bool, int, int, int], list[str]] | None:
        """The facts and texts of a line; None where it has to be read.

        >>> reader = Reader(Names())
        >>> reader._taken_apart(b'{"id": "c1", "markets": ["SA"], "text": {"body": "hello"}}')
        ((False, 0, 0, 0), ['hello'])
        >>> reader._taken_apart(b'{"id": "c1", "markets": ["SA"], "text": {"a": "", "a": ""}}')
        """
        match = _PLAIN.fullmatch(raw)
        if match is None or len(raw) > LONGEST:
            return None
        between, fields = match.groups()
        try:
            raw.decode()
            facts = self._known.get(between) or self._learn(between)
            written = fields.decode()
        except ValueError:  # what is no UTF-8, or no day
            return None
        pieces = written.split('"')
        names, texts = pieces[1::4], pieces[3::4]
        if len(names) > 1 and len({*names}) < len(names):
            return None
        if len(names) > _MOST_FIELDS or "links[" in written:
            return None
        return facts, texts

    def _learn(self, between: bytes) -> tuple[bool, int, int, int]:
        """The facts that stand between the id and the texts of a line.

        Raises:
            ValueError: a day is none.
        """
        written: dict[str, Any] = json.loads(b"{" + between.strip(b", ") + b"}")
        if "on" in written and not _DAY.fullmatch(written["on"]):
            raise ValueError(written["on"])
        day = date.fromisoformat(written["on"]) if "on" in written else None
        names = self.names
        facts = (
            bool(written.keys() & {"advertiser", "on"}),
            names.markets.number(tuple(dict.fromkeys(written["markets"]))),
            names.languages.number(written.get("language", "")),
            names.days.number(day),
        )
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[between] = facts
        return facts


_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
