"""What of a text can be kept to be searched later, and a first look at it for a few materials.

A text's trace is its words in the loose fold, as the matcher searches them, and what of it may be
read otherwise than it stands. It depends on no material. A first look at traces costs a fraction of
a scan, and never misses: what it lets through is scanned by whoever wants to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from automod.model.ruleset import Material
from automod.text.backwards import is_overridden
from automod.text.fold import FoldedText, Folding, Index, fold_texts, is_malformed
from automod.text.loose import loose, loosen
from automod.text.outline import Outlines, squeezed
from automod.text.tables import Words
from automod.text.words import group_of, skeleton

from .literals import Backend, Raw, build
from .neighbours import Row, WordMap
from .patterns import INFLECTED, MODES, NUMBER, Patterns
from .sought import Sought, sought_of
from .suspects import MOST_STRETCHES, Hints, hints

Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint8]

ODD: Final = 1
"""Bit of a text in which anything may be read otherwise than it stands."""
CROWDED: Final = 2
"""Bit of a text that may hold more disguises than are read: any other word changes which."""
SYMBOLS: Final = 4
"""Bit of a text with symbols that are no ASCII."""
MALFORMED: Final = 8
"""Bit of a text that cannot be evaluated."""

MOST_REMEMBERED: Final = 100_000
"""Words of which it is remembered whether they are forms; it begins anew when full."""

TOGETHER: Final = 1_024
"""Texts whose traces are worked out together."""

_LAST_ASCII: Final = 0x7F
_LINE: Final = "\n"


@dataclass(frozen=True, slots=True)
class Lines:
    """Pieces of texts, a line each."""

    text: str
    owners: Index
    """The number of the text of each line."""


@dataclass(frozen=True, slots=True)
class Traces:
    """The traces of some texts, one after another."""

    text: str
    """Their words in the loose fold, apart by one space or two."""
    starts: Index
    """Where the words of each text begin, and one past the last."""
    bits: Bits
    """Of each text: `ODD`, `CROWDED`, `SYMBOLS`, `MALFORMED`."""
    tokens: Lines
    """What of it may be a word in disguise, as `match.suspects.Hints` has it."""
    runs: Lines
    bridges: Lines

    def __len__(self) -> int:
        return len(self.bits)

    @property
    def chars(self) -> Words:
        """The code points of the words."""
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32)


def traces(texts: Sequence[str]) -> Traces:
    r"""The traces of texts.

    >>> found = traces(["Win BIG!", "c4sino", "саsino"])
    >>> found.text, found.bits.tolist(), found.tokens.text
    ('  win big  c4sino  саsino  ', [0, 0, 1], 'big\tc4sino\tсаsino')
    """
    folding = fold_texts(texts)
    bones = loosen(skeleton(folding)).bones
    starts = np.searchsorted(bones.at, folding.folded_at)
    found = hints(folding, bones)
    own = [_lines(folding, some) for some in (found.tokens, found.runs, found.bridges)]
    bits = _bits(folding, found, np.concatenate([own[0].owners, own[1].owners]))
    return Traces(bones.text, starts, bits, own[0], own[1], own[2])


def many_traces(texts: Sequence[str]) -> Traces:
    """The traces of many texts, worked out for so many at a time that they stay near the processor.

    >>> many_traces(["win"] * 2_000).starts.tolist()[-1]
    10004
    """
    cuts = range(0, len(texts), TOGETHER)
    return joined([traces(texts[cut : cut + TOGETHER]) for cut in cuts] or [traces([])])


def joined(several: Sequence[Traces]) -> Traces:
    """The traces of some texts after those of others.

    >>> both = joined([traces(["win"]), traces(["c4sino"])])
    >>> both.text, both.starts.tolist(), both.tokens.owners.tolist()
    ('  win    c4sino  ', [2, 9, 17], [1])
    """
    firsts = np.cumsum([0, *(len(one.text) for one in several)])
    counts = np.cumsum([0, *map(len, several)]).tolist()
    starts = [one.starts[:-1] + first for one, first in zip(several, firsts, strict=False)]
    return Traces(
        "".join(one.text for one in several),
        np.concatenate([*starts, firsts[-1:]]),
        np.concatenate([one.bits for one in several]),
        _joined([one.tokens for one in several], counts),
        _joined([one.runs for one in several], counts),
        _joined([one.bridges for one in several], counts),
    )


def _joined(several: Sequence[Lines], counts: Sequence[int]) -> Lines:
    owners = [one.owners + count for one, count in zip(several, counts, strict=False)]
    text = _LINE.join(one.text for one in several if len(one.owners))
    return Lines(text, np.concatenate(owners))


def _lines(folding: Folding, several: Sequence[tuple[int, str]]) -> Lines:
    """Lines with the numbers of the texts that they are of."""
    places = [place for place, _ in several]
    return Lines(_LINE.join(line for _, line in several), _owners(folding, places))


def _owners(folding: Folding, places: Sequence[int]) -> Index:
    """The numbers of the texts that hold some folded characters."""
    numbers: Index = np.searchsorted(folding.folded_at, np.array(places, np.int64), side="right")
    return numbers - 1


def _bits(folding: Folding, found: Hints, owners: Index) -> Bits:
    count = len(folding.texts)
    places = _owners(folding, found.places)
    bits = np.zeros(count, np.uint8)
    bits[places] = ODD
    times = np.bincount(np.concatenate([places, owners]), minlength=count)
    bits[times > MOST_STRETCHES] |= CROWDED
    bits[list(folding.soft)] |= ODD
    if folding.malformed:
        bits[[*map(is_malformed, folding.texts)]] |= MALFORMED
    if is_overridden(folding.joined):
        bits[[*map(is_overridden, folding.texts)]] |= ODD
    symbols = ((folding.groups == 0) & (folding.chars > _LAST_ASCII)).nonzero()[0]
    bits[np.searchsorted(folding.folded_at, symbols, side="right") - 1] |= SYMBOLS
    return bits


class Look:
    """A first look at traces for a few materials. Immutable."""

    def __init__(
        self,
        materials: Sequence[Material],
        regions: Mapping[int, tuple[str, ...]],
        backend: Backend = "ahocorasick-rs",
    ) -> None:
        """`materials`: of text; `regions`: as the matcher takes them."""
        made = Patterns(materials, regions)
        # A text in loose fold holds whatever the text held, in loose fold.
        patterns = [loose(FoldedText(pattern)) for pattern in made.words.patterns]
        self._forms = _Forms(made, patterns)
        self._find = build(self._forms.patterns, backend)
        sought = sought_of(materials, made) if made.far else None
        self._joined = WordMap(sought.joinable) if sought and sought.joinable else None
        self._disguised = None if sought is None else _Disguised(sought, backend)
        unspaced = () if sought is None else sought.unspaced
        self._close_up = build(sorted({*filter(None, patterns), *unspaced}), backend)
        symbols = [*made.symbols.patterns]
        self._odd = ODD | MALFORMED | (SYMBOLS if symbols else 0)
        self.everything = (
            bool(made.always) or not all(map(str.strip, patterns)) or any(map(_is_common, symbols))
        )
        """Whether every text has to be looked at: some material leaves no trace."""

    def __call__(self, found: Traces) -> Flags:
        """Whether each text may hold one of the materials."""
        if self.everything:
            return np.ones(len(found), np.bool_)
        flags: Flags = (found.bits & self._odd) != 0
        raw = self._find(FoldedText(found.text))
        # The middle: at either end of a pattern may be the space before or after a text.
        flags[_texts_at(found, _middles(self._forms.among(raw, found.text)))] = True
        if self._joined is not None:
            row = Row(found.chars)
            for count in (2, 3):
                words = self._joined.joined(row, count)
                flags[_texts_at(found, row.starts[words])] = True
        if self._disguised is not None:
            flags[found.tokens.owners[self._disguised.tokens(found.tokens.text)]] = True
            flags[found.runs.owners[self._disguised.runs(found.runs.text)]] = True
            closed = self._close_up(FoldedText(found.bridges.text))
            flags[found.bridges.owners[_lines_at(found.bridges.text, closed)]] = True
        return flags


class _Forms:
    """Raw matches that come to something: of those within a word, where the word is a form."""

    def __init__(self, made: Patterns, patterns: Sequence[str]) -> None:
        """`patterns`: those of words, in loose fold."""
        uses: dict[str, set[int]] = {}
        for pattern, use in zip(patterns, made.words.patterns.values(), strict=True):
            own = made.words.several[~use] if use < 0 else [use]
            uses.setdefault(pattern, set()).update(own)
        self.patterns = sorted(filter(None, uses))
        self._stems = [
            frozenset(stem for use in uses[one] for stem in made.stems[use >> NUMBER]
                      if stem.text == one)
            if all(use & MODES == INFLECTED for use in uses[one]) else None
            for one in self.patterns
        ]  # fmt: skip
        """Of each pattern that is nothing but stems, those; else None."""
        self._known: dict[tuple[int, str, str], bool] = {}

    def among(self, raw: Iterable[Raw], text: str) -> Iterator[Raw]:
        """Those of some raw matches in a text."""
        for one in raw:
            number, start, end = one
            stems = self._stems[number]
            if stems is None:
                yield one
                continue
            before = text[text.rfind(" ", 0, start) + 1 : start]
            after = text[end : text.find(" ", end)]
            key = number, before, after
            known = self._known.get(key)
            if known is None:
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                known = any(stem.accepts(before, after) is not None for stem in stems)
                self._known[key] = known
            if known:
                yield one


class _Disguised:
    """Which tokens and runs may hide a word that is sought."""

    def __init__(self, sought: Sought, backend: Backend) -> None:
        self._words = sought.vocabulary
        self._outlines = Outlines(self._words.words, sought.stems, sought.anywhere)
        self._find = build(sorted(self._outlines.shapes), backend)

    def tokens(self, text: str) -> list[int]:
        """The numbers of the tokens, each on a line with what is around it, that may."""
        near = self._near(text.encode("ascii", "ignore").decode())
        lines = text.split(_LINE) if near else []
        found = {n for n in near if self._outlines.may_be_word(*_token(lines[n]))}
        if self._words.is_romanised:
            spelt = [(0, *one.span()) for one in _SPELT.finditer(text)
                     if self._words.romanised(one.group())]  # fmt: skip
            found.update(_lines_at(text, spelt))
        return sorted(found)

    def runs(self, text: str) -> list[int]:
        """The numbers of the runs, each on a line, that may."""
        near = self._near(text)
        lines = text.split(_LINE) if near else []
        return [n for n in sorted(near) if self._outlines.may_be_apart(lines[n].split())]

    def _near(self, text: str) -> set[int]:
        """The numbers of the lines in whose outline there is one of a word."""
        found: set[int] = set()
        for lines in squeezed(text):
            found.update(_lines_at(lines, self._find(FoldedText(lines))).tolist())
        return found


_SPELT: Final = re.compile(r"(?<=\t)[^\t\n]*[2356789][^\t\n]*(?=\t)")
"""A token with digits that stand for Arabic letters among Latin ones."""


def _token(line: str) -> tuple[str, str, str]:
    """A token, and what is before and after it."""
    before, token, after = line.split("\t")
    return token, before, after


def _lines_at(lines: str, raw: Sequence[Raw]) -> Index:
    """The numbers of the lines that hold raw matches."""
    if not raw:
        return np.zeros(0, np.int64)
    chars = np.frombuffer(lines.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.flatnonzero(chars == ord(_LINE))
    numbers: Index = np.searchsorted(ends, _middles(raw), side="right")
    return numbers


def _middles(raw: Iterable[Raw]) -> Index:
    spans = np.fromiter(chain.from_iterable(raw), np.int64).reshape(-1, 3)
    middles: Index = (spans[:, 1] + spans[:, 2]) >> 1
    return middles


def _texts_at(found: Traces, places: Index) -> Index:
    """The numbers of the texts that hold some characters of their words."""
    numbers: Index = np.searchsorted(found.starts, places, side="right")
    return numbers - 1


def _is_common(symbol: str) -> bool:
    """Whether nothing in a trace tells of a symbol."""
    return all(ord(char) <= _LAST_ASCII or group_of(char) for char in symbol)
