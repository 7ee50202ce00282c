"""Materials to literal patterns over skeletons, and what a raw match of each is worth.

A material becomes patterns in the fold of the loosest view that any material asks for; where a
pattern cannot say all of it, its use says what has to be looked at: the letters that loose changed,
the word around a stem, or, in a task, the whole text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress, count
from operator import itemgetter, ne
from types import MappingProxyType
from typing import Any, Final, TypeVar

import numpy as np
import regex

from automod.model.columns import column, places
from automod.model.ruleset import Material
from automod.model.vocabulary import BEYOND_SAFE, Boundary, View
from automod.text.fold import FoldedText, Index
from automod.text.inflection import Stem, stems_of
from automod.text.loose import loose
from automod.text.swaps import spellings
from automod.text.turkish import TURKISH, capitals, is_dotted
from automod.text.words import cores, group_of

from .closer import (
    Anchors,
    Task,
    handle_task,
    link_task,
    phone_task,
    phrase_task,
    regex_task,
)
from .literal_forms import latest_starting, pattern_forms
from .needs import Alphabet
from .pattern import compile_pattern
from .phrase import parse
from .spelling import spelling_of

PLAIN: Final = 0 << 2
"""A raw match is a match."""
CLUSTER: Final = 1 << 2
"""It is one unless it cuts a letter from its marks."""
LITERAL: Final = 2 << 2
"""It is one if the folded text holds the whole value there, symbols included."""
TASK: Final = 3 << 2
"""The material's task decides, once for the text."""
TIGHT: Final = 4 << 2
"""Of a safe view: it is one if loose changed no letter of it, else if evidence says so."""
INFLECTED: Final = 5 << 2
"""It is one if the word around it is an inflected form."""
CHECKED: Final = 6 << 2
"""It is one if evidence says so."""

MODES: Final = 7 << 2
"""The bits of a use that say what a raw match of its pattern is worth."""
NUMBER: Final = 5
"""How many bits of a use lie below the number of the material."""

T = TypeVar("T")

Manner = tuple[Boundary, View, str]
"""How keywords are matched: boundary, view, language."""

Demand = tuple[View, tuple[int, ...]]
"""The view a regex is searched in, and its ways to match: the bits that the text has to have."""

Regions = Mapping[int, tuple[str, ...]]
NO_REGIONS: Final[Regions] = MappingProxyType({})


class _Codes(dict[Manner, int]):
    """Manner -> its number, in the order they come: rows are told apart by these in arrays."""

    def __missing__(self, manner: Manner) -> int:
        code = self[manner] = len(self)
        return code


@dataclass(slots=True)
class Uses:
    """Patterns as they are collected, each with its packed use."""

    patterns: dict[str, int] = field(default_factory=dict)
    """Below zero where there are several uses: ~n stands for the n-th of `several`."""
    several: list[list[int]] = field(default_factory=list)

    def add(self, pattern: str, use: int) -> None:
        """Keep one more use of a pattern."""
        held = self.patterns.setdefault(pattern, use)
        if held < 0:
            if use not in self.several[~held]:
                self.several[~held].append(use)
        elif held != use:
            self.patterns[pattern] = ~len(self.several)
            self.several.append([held, use])

    def add_all(self, patterns: Sequence[str], uses: Sequence[int]) -> None:
        """Keep one more use of each of many patterns."""
        held = map(self.patterns.setdefault, patterns, uses)
        pairs = zip(patterns, uses, strict=True)
        for pattern, use in compress(pairs, map(ne, held, uses)):
            self.add(pattern, use)


def pack(number: int, mode: int, lead: bool, trail: bool) -> int:
    """A use of a pattern: material number, mode, and whether a space is at either end of it."""
    return number << NUMBER | mode | lead << 1 | trail


_EDGES: Final[Mapping[Boundary, tuple[str, str, int]]] = {
    "word": (" ", " ", pack(0, PLAIN, True, True)),
    "inflected": (" ", " ", pack(0, PLAIN, True, True)),
    "prefix": (" ", "", pack(0, CLUSTER, True, False)),
    "substring": ("", "", pack(0, CLUSTER, False, False)),
}
"""Boundary -> what stands around a word in its pattern, and its use without the number."""


@dataclass(slots=True)
class Hidden:
    """What keywords may be disguised as, in loose fold: those that may match beyond safe."""

    words: list[str]
    stems: list[Stem]
    """Of those that are inflected."""
    anywhere: list[str]
    """Those that may stand anywhere in a longer word."""
    several: bool = False
    """Some have more than one word."""


class Patterns:
    """What a list of materials becomes. Filled once, then only read."""

    def __init__(self, materials: Sequence[Material], regions: Regions = NO_REGIONS) -> None:
        """`regions`: material number of a phone -> markets in which it is a national number."""
        self._materials = materials
        self.words, self.symbols = Uses(), Uses()
        self.values: dict[int, tuple[int, FoldedText]] = {}
        """Material number -> where its first letter is in its folded value, and that value."""
        self.tasks: dict[int, Task] = {}
        self.always: list[tuple[int, Task]] = []
        """Tasks for every text, each with the number of a material."""
        self.demands: dict[int, Demand] = {}
        """Material number of a regex -> what it asks of a text, if that is known."""
        self.alphabets: dict[View, Alphabet] = {
            "safe": Alphabet(regex.IGNORECASE), "exact": Alphabet()
        }  # fmt: skip
        self.stems: dict[int, tuple[Stem, ...]] = {}
        """Keywords that are inflected -> what is searched for."""
        self.touched: dict[int, Collection[str]] = {}
        """Materials whose value loose changes -> what it is before."""
        self.hidden = Hidden([], [], [])
        columns = [column(materials, name) for name in ("kind", "view", "boundary")]
        self.far = any(
            kind in ("keyword", "phrase") and (view in BEYOND_SAFE or boundary == "inflected")
            for kind, view, boundary in zip(*columns, strict=True)
        )
        """Patterns are in the loose fold: some material may match in it, or is inflected, as
        the forms of words are known in the loose fold alone."""
        by_kind = {kind: places(materials, "kind", [kind]) for kind in set(columns[0])}
        self.phrases: Sequence[int] = by_kind.get("phrase", ())
        """The numbers of the phrases."""
        self._keywords(by_kind.get("keyword", ()))
        for number in self.phrases:
            self._phrase(number, materials[number])
        for number in by_kind.get("regex", ()):
            self._pattern(number, materials[number])
        for number in by_kind.get("handle", ()):
            self._closer(number, handle_task(number, materials[number]))
        links = [(n, materials[n]) for kind in ("domain", "url") for n in by_kind.get(kind, ())]
        if links:
            self._closer(links[0][0], link_task(links))
        phones = [(n, materials[n].value, regions.get(n, ())) for n in by_kind.get("phone", ())]
        if phones:
            self.always.append((phones[0][0], phone_task(phones)))

    def _keywords(self, numbers: Sequence[int]) -> None:
        values = self._column("value", numbers)
        spelt, before, odd = spelling_of(values, far=self.far)
        self.touched.update((numbers[place], (own,)) for place, own in before.items())
        swaps = self._column("swaps", numbers)
        if any(swaps):
            odd = sorted({*odd, *compress(count(), swaps)})
        manners = [self._column(name, numbers) for name in ("boundary", "view", "language")]
        if not TURKISH.isdisjoint(manners[2]):
            dotted = map(is_dotted, values, manners[2])
            odd = sorted({*odd, *compress(count(), dotted)})
        codes = _Codes()
        code_of = np.fromiter(map(codes.__getitem__, zip(*manners, strict=True)), np.int64)
        code_of[odd] = -1
        number_of = np.fromiter(numbers, np.int64, len(numbers))
        for manner, code in codes.items():
            own = (code_of == code).nonzero()[0]
            self._words(number_of[own], _at(spelt, own.tolist()), manner)
        for place, value, core in zip(odd, *cores([values[n] for n in odd]), strict=True):
            boundary, view, language = (column[place] for column in manners)
            manner = boundary, view, language
            self._odd_keyword(numbers[place], manner, swaps[place], value, core, spelt[place])

    def _column(self, name: str, numbers: Sequence[int]) -> list[Any]:
        """The values of a field of some materials, which often are all of them."""
        values = column(self._materials, name)
        if len(numbers) == len(values):
            return list(values)
        return [values[number] for number in numbers]

    def _words(self, numbers: Index, words: Sequence[FoldedText], manner: Manner) -> None:
        """Keywords of one word, alike in all but that word."""
        if not words:
            return
        boundary, view, language = manner
        beyond = view in BEYOND_SAFE
        if beyond:
            self.hidden.words += words
        if boundary == "inflected":
            self._inflected(numbers, words, language, beyond)
            return
        if beyond and boundary != "word":
            self.hidden.anywhere += words
        lead, trail, use = _EDGES[boundary]
        if self.far and not beyond:
            use = use & ~MODES | TIGHT
        patterns = [f"{lead}{word}{trail}" for word in words]
        self.words.add_all(patterns, (numbers << NUMBER | use).tolist())

    def _odd_keyword(
        self,
        number: int,
        manner: Manner,
        swaps: bool,
        value: FoldedText,
        core: FoldedText,
        spelt: FoldedText,
    ) -> None:
        """A keyword of several words, with symbols, of symbols alone, or with other spellings."""
        boundary, view, language = manner
        beyond = view in BEYOND_SAFE
        if not core or not spelt:
            self.symbols.add(value, pack(number, CLUSTER, False, False))
            return
        one_word = core == value and " " not in core
        if beyond:
            self.hidden.words += spelt.split()
            self.hidden.several = self.hidden.several or " " in spelt
            if boundary in ("prefix", "substring"):
                self.hidden.anywhere += spelt.split()
        if swaps and one_word:
            self._swaps(number, spelt, boundary)
        if boundary == "inflected" and one_word:
            self._inflected(np.array([number]), [spelt], language, beyond)
            return
        left = boundary != "substring" or not group_of(value[0])
        right = boundary in ("word", "inflected") or not group_of(value[-1])
        mode = PLAIN if left and right else CLUSTER
        if not beyond and core == value and is_dotted(value, language):
            self._turkish(number, [value], left, right)
            return
        if not one_word:
            lead = next(n for n, char in enumerate(value) if group_of(char))
            self.values[number] = (lead, value)
            mode = LITERAL
        elif self.far and not beyond:
            mode = TIGHT
        self._add(spelt, left, right, number, mode)

    def _inflected(
        self, numbers: Index, words: Sequence[FoldedText], language: str, beyond: bool
    ) -> None:
        some = stems_of(words, language)
        self.stems.update(zip(numbers.tolist(), some, strict=True))
        if beyond:
            self.hidden.stems += chain.from_iterable(some)
        uses = (numbers << NUMBER | INFLECTED).tolist()
        self.words.add_all(words, uses)  # the first stem of each is the word itself
        for own, use in zip(some, uses, strict=True):
            for stem in own[1:]:
                self.words.add(stem.text, use)

    def _turkish(self, number: int, forms: Iterable[FoldedText], left: bool, right: bool) -> None:
        """Of a view in which other letters are other words: evidence knows its capitals."""
        every = [one for form in forms for one in (form, *capitals(form))]
        for form in dict.fromkeys(map(loose, every) if self.far else every):
            self._add(form, left, right, number, CHECKED)

    def _swaps(self, number: int, spelt: str, boundary: str) -> None:
        for form in spellings(spelt):
            # Pinyin is a word among words, wherever the characters may stand.
            whole = boundary in ("word", "inflected") or form.isascii()
            self._add(form, whole or boundary == "prefix", whole, number, CHECKED)

    def _phrase(self, number: int, material: Material) -> None:
        phrase = parse(material.value, material.gap, material.boundary)
        forms = pattern_forms(phrase)
        if material.boundary == "inflected" or forms is None:
            self._closer(number, phrase_task(number, material, phrase, far=self.far))
            return
        left, right = not phrase.open_left, not phrase.open_right
        mode = PLAIN if left and right else CLUSTER
        if material.view not in BEYOND_SAFE and is_dotted(material.value, material.language):
            self._turkish(number, map(FoldedText, forms), left, right)
            return
        if self.far:
            spelt = [loose(FoldedText(form)) for form in forms]
            same = sum(map(str.__eq__, spelt, forms))
            if same < len(forms):
                self.touched[number] = frozenset(forms)
            if material.view in BEYOND_SAFE:
                forms = latest_starting(spelt, open_left=phrase.open_left)
            else:
                forms = list(dict.fromkeys(spelt))
                # Where loose changes some forms alone, a changed letter tells nothing.
                mode = TIGHT if same in (0, len(spelt)) else CHECKED
        for form in forms:
            self._add(form, left, right, number, mode)

    def _pattern(self, number: int, material: Material) -> None:
        pattern = compile_pattern(material.value, material.view)
        self._closer(number, regex_task(number, material, pattern))
        view: View = "exact" if material.view == "exact" else "safe"
        ways = self.alphabets[view].ways(pattern.needs())
        if ways:
            self.demands[number] = view, ways

    def _closer(self, number: int, made: tuple[Anchors | None, Task]) -> None:
        anchors, task = made
        if anchors is None:
            self.always.append((number, task))
            return
        self.tasks[number] = task
        for core, left, right in anchors:
            spelt = loose(FoldedText(core)) if self.far else core
            self._add(spelt, left, right, number, TASK)

    def _add(self, core: str, left: bool, right: bool, number: int, mode: int) -> None:
        pattern = f"{' ' if left else ''}{core}{' ' if right else ''}"
        self.words.add(pattern, pack(number, mode, left, right))


def _at(several: Sequence[T], places: Sequence[int]) -> Sequence[T]:
    """Those at some places, in order."""
    if len(places) == len(several):
        return several
    return itemgetter(*places)(several) if len(places) > 1 else [several[n] for n in places]
