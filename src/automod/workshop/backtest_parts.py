"""Traffic in parts: of each creative what a first look needs, mostly without reading its JSON.

A line that is written as machines write it, with few keys in their usual order and nothing escaped,
is taken apart by a pattern, for a third of what reading and taking in costs. Every other line is
read; the answer is the same.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from automod.batch.hunt import Taken, take
from automod.batch.sources import Misread
from automod.engine.intake import LONGEST
from automod.errors import InputError, Location
from automod.load.creatives import placed
from automod.load.files import UTF16
from automod.load.json_files import MAX_LINE, Unreadable, json_line, raw_lines
from automod.match.traces import Flags, Traces, many_traces

from .backtest_tally import language_of

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


# --- traffic, line by line -----------------------------------------------------------------------


class Line(NamedTuple):
    """A line of a file that may hold a creative, not read yet."""

    file: str
    number: int
    raw: bytes
    """As it is in the file; nothing where it is too long to be held."""

    def read(self) -> Any:
        """The creative, or why there is none: as `batch.sources.read_all` gives it."""
        if not self.raw:
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
    """The lines of JSONL files that hold something.

    Raises:
        InputError: a file is UTF-16.
        OSError: a file cannot be read.
    """
    for name in files:
        with Path(name).open("rb") as stream:
            begin = stream.read(len(codecs.BOM_UTF8))
            if begin.startswith(UTF16):
                raise InputError(f"{name}: is UTF-16; JSON is UTF-8: save it as that")
            if begin != codecs.BOM_UTF8:
                stream.seek(0)
            for number, raw in enumerate(raw_lines(stream), 1):
                if raw is None or not raw.isspace():
                    yield Line(name, number, raw or b"")


# --- lines that are not read ----------------------------------------------------------------------

_KEYS: Final = frozenset({"id", "markets", "language", "advertiser", "on", "text"})
"""A creative that has no others, and texts where texts belong, need not be read."""

_MOST_FIELDS: Final = 100
_MOST_KNOWN: Final = 10_000
"""Shapes of lines, and facts in them, that are remembered."""

_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROLS: Final = bytes({*range(32)} - {10})
"""What no string of JSON holds; the end of a line is at its end alone."""

Facts = tuple[bool, int, int, int]
"""Whether it names an advertiser or a day, and the numbers of its markets, language and day."""

Strings = Callable[[Sequence[str]], tuple[str, ...]]
"""Some of the pieces of a line that is cut at each quotation mark."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where things stand in lines that differ in nothing but what they say."""

    id: int
    """The place of the id, among the pieces."""
    texts: slice
    """Those of the texts."""
    facts: Strings
    """Markets, then the language and the day, where there are any."""
    tells: tuple[bool, bool]
    """Whether there are a language and a day."""
    known: bool
    """Whether there are an advertiser or a day."""
    seen: dict[tuple[str, ...], Facts | None] = field(default_factory=dict)
    """What facts were numbered as; None where they are none."""


class Reader:
    """Takes lines apart, and gives numbers to what they have in common."""

    def __init__(self, names: Names) -> None:
        """`names`: where numbers come from."""
        self.names = names
        self._outlines: dict[str, tuple[Strings, dict[tuple[str, ...], _Shape | None]]] = {}
        """What is between the strings of a line -> where its keys are; by those, its shape."""

    def part(self, block: Sequence[Line], first: int) -> tuple[Part, dict[int, Taken]]:
        """What is known of the creatives of lines, and those lines that had to be read, by place.

        Args:
            block: the lines.
            first: the place of the first of them in the traffic.
        """
        read: dict[int, Taken] = {}
        facts: list[Facts] = []
        texts: list[str] = []
        counts: list[int] = []
        clean = _is_clean(b"".join(line.raw for line in block))
        for place, line in enumerate(block):
            apart = clean or _is_clean(line.raw)
            found = self.taken_apart(line.raw) if apart else None
            if found is None:
                one = read[place] = take([line.read()], first + place)[0]
                found = self._facts(one), [] if one.rich else one.texts
            facts.append(found[0])
            counts.append(len(found[1]))
            texts += found[1]
        columns = np.array(facts, np.int32)
        rich = np.zeros(len(block), np.bool_)
        rich[[place for place, one in read.items() if one.rich]] = True
        part = Part(
            rich, columns[:, 0] != 0, columns[:, 1], columns[:, 2], columns[:, 3],
            np.array(counts, np.int32), many_traces(texts),
        )  # fmt: skip
        return part, read

    def _facts(self, one: Taken) -> Facts:
        intake, names = one.intake, self.names
        return (
            intake is not None and intake.known is not None,
            names.markets.number(() if intake is None else intake.markets),
            names.languages.number(language_of(one.creative)),
            names.days.number(None if intake is None else intake.on),
        )

    def taken_apart(self, raw: bytes) -> tuple[Facts, Sequence[str]] | None:
        """The facts and texts of a line without control characters; None: it has to be read.

        >>> reader = Reader(Names())
        >>> reader.taken_apart(b'{"id": "c1", "markets": ["SA"], "text": {"body": "hello"}}')
        ((False, 0, 0, 0), ['hello'])
        >>> reader.taken_apart(b'{"id": "c1", "markets": ["SA"], "text": {"a": "", "a": ""}}')
        """
        if b"\\" in raw or len(raw) > LONGEST:
            return None
        try:
            line = raw.decode().rstrip()
        except UnicodeDecodeError:
            return None
        pieces = line.split('"')
        outline = '"'.join(pieces[::2])
        keys, shapes = self._outlines.get(outline) or self._learn(outline)
        names = keys(pieces)
        shape = shapes[names] if names in shapes else shapes.setdefault(
            names, _shape_of(outline, pieces)
        )  # fmt: skip
        if shape is None or not pieces[shape.id]:
            return None
        told = shape.facts(pieces)
        facts = shape.seen[told] if told in shape.seen else self._number(shape, told)
        return None if facts is None else (facts, pieces[shape.texts])

    def _learn(self, outline: str) -> tuple[Strings, dict[tuple[str, ...], _Shape | None]]:
        if len(self._outlines) >= _MOST_KNOWN:
            self._outlines.clear()
        learnt = self._outlines[outline] = _picking([*_keys_in(_parsed(outline))]), {}
        return learnt

    def _number(self, shape: _Shape, told: tuple[str, ...]) -> Facts | None:
        """The facts that a line tells; None where a day is none."""
        strings = list(told[:-1])  # the last is there twice
        day = strings.pop() if shape.tells[1] else None
        language = strings.pop() if shape.tells[0] else ""
        if len(shape.seen) >= _MOST_KNOWN:
            shape.seen.clear()
        facts = shape.seen[told] = None
        try:
            on = None if day is None else _day(day)
        except ValueError:
            return facts
        names = self.names
        facts = shape.seen[told] = (
            shape.known, names.markets.number(tuple(dict.fromkeys(strings))),
            names.languages.number(language), names.days.number(on),
        )  # fmt: skip
        return facts


def _is_clean(raw: bytes) -> bool:
    """Whether there are no control characters but the ends of lines."""
    return len(raw.translate(None, _CONTROLS)) == len(raw)


def _day(text: str) -> date:
    """A day as creatives have it.

    Raises:
        ValueError: it is none.
    """
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _picking(places: Sequence[int]) -> Strings:
    """Takes the pieces at some places; the last of them twice, so that there are two at least."""
    return itemgetter(*places, places[-1]) if places else lambda _: ()


def _parsed(outline: str) -> Any:
    """What is between the strings of a line, with numbers for these; None where it is no JSON."""
    first, *others = outline.split('"')
    text = first + "".join(f'"{number}"{other}' for number, other in enumerate(others))
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: ("{", pairs))
    except (ValueError, RecursionError):
        return None


def _place(number: Any) -> int:
    """The place of a string among the pieces of a line."""
    return 2 * int(number) + 1


def _keys_in(value: Any) -> Iterator[int]:
    """The places of all keys."""
    if isinstance(value, tuple):
        for key, one in value[1]:
            yield _place(key)
            yield from _keys_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _keys_in(one)


def _shape_of(outline: str, pieces: Sequence[str]) -> _Shape | None:
    """The shape of a line; None where more of it matters than a shape tells."""
    parsed = _parsed(outline)
    if not isinstance(parsed, tuple):
        return None
    held = {pieces[_place(key)]: value for key, value in parsed[1]}
    if len(held) < len(parsed[1]) or not {"id", "markets", "text"} <= held.keys() <= _KEYS:
        return None
    markets, texts = held.pop("markets"), held.pop("text")
    single = held.values()
    if not isinstance(markets, list) or not markets or not isinstance(texts, tuple):
        return None
    names = [pieces[_place(key)] for key, _ in texts[1]]
    values = [value for _, value in texts[1]]
    if not all(isinstance(one, str) for one in (*single, *markets, *values)):
        return None
    if not _are_names(names):
        return None
    own = [held[key] for key in ("language", "on") if key in held]
    places = [_place(value) for value in values]
    return _Shape(
        _place(held["id"]), slice(places[0], places[-1] + 1, 4),
        _picking([_place(one) for one in (*markets, *own)]), ("language" in held, "on" in held),
        not held.keys().isdisjoint({"advertiser", "on"}),
    )  # fmt: skip


def _are_names(names: Sequence[str]) -> bool:
    """Whether texts may have these names, and stay what they are."""
    return (
        0 < len(names) <= _MOST_FIELDS
        and len({*names}) == len(names)
        and not any(name.startswith("links[") for name in names)
    )
