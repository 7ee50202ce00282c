"""Materials to literal patterns over skeletons, and what a raw match of each is worth.

A material becomes patterns in the fold of the loosest view that any material asks for; where a
pattern cannot say all of it, its use says what has to be looked at: the letters that loose changed,
the word around a stem, or, in a task, the whole text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from automod.model.ruleset import Material
from automod.model.vocabulary import BEYOND_SAFE
from automod.text.fold import FoldedText
from automod.text.inflection import Stem, stems
from automod.text.loose import loose, loose_many
from automod.text.swaps import spellings
from automod.text.words import cores, group_of

from .closer import Anchors, Task, link_task, phone_task, task_of
from .phrase import literal_forms, parse

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

Regions = Mapping[int, tuple[str, ...]]
NO_REGIONS: Final[Regions] = MappingProxyType({})


@dataclass(slots=True)
class Uses:
    """Patterns as they are collected: pattern -> packed uses."""

    patterns: dict[str, int | tuple[int, ...]] = field(default_factory=dict)

    def add(self, pattern: str, use: int) -> None:
        """Keep one more use of a pattern."""
        held = self.patterns.setdefault(pattern, use)
        if held != use:
            uses = held if isinstance(held, tuple) else (held,)
            if use not in uses:
                self.patterns[pattern] = (*uses, use)


def pack(number: int, mode: int, lead: bool, trail: bool) -> int:
    """A use of a pattern: material number, mode, and whether a space is at either end of it."""
    return number << NUMBER | mode | lead << 1 | trail


_EDGES: Final[Mapping[str, tuple[str, str, int]]] = {
    "word": (" ", " ", pack(0, PLAIN, True, True)),
    "inflected": (" ", " ", pack(0, PLAIN, True, True)),
    "prefix": (" ", "", pack(0, CLUSTER, True, False)),
    "substring": ("", "", pack(0, CLUSTER, False, False)),
}
"""Boundary -> what stands around a word in its pattern, and its use without the number."""


class Patterns:
    """What a list of materials becomes. Filled once, then only read."""

    def __init__(self, materials: Sequence[Material], regions: Regions = NO_REGIONS) -> None:
        """`regions`: material number of a phone -> markets in which it is a national number."""
        self._materials = materials
        self.words, self.symbols = Uses(), Uses()
        self.values: dict[int, tuple[int, FoldedText]] = {}
        """Material number -> where its first letter is in its folded value, and that value."""
        self.tasks: dict[int, Task] = {}
        self.always: list[Task] = []
        self.stems: dict[int, tuple[Stem, ...]] = {}
        """Keywords that are inflected -> what is searched for."""
        self.touched: dict[int, Collection[str]] = {}
        """Materials whose value loose changes -> what it is before."""
        self.spelt: Mapping[int, FoldedText]
        """Keywords -> their letters and digits as they are searched for."""
        self.far = any(
            m.view in BEYOND_SAFE or m.boundary == "inflected"
            for m in materials
            if m.kind in ("keyword", "phrase")
        )
        """Patterns are in the loose fold: some material may match in it, or is inflected, as
        the forms of words are known in the loose fold alone."""
        self._keywords()
        for number, material in enumerate(materials):
            if material.kind == "phrase":
                self._phrase(number, material)
            elif material.kind in ("regex", "handle"):
                self._closer(number, task_of(number, material))
        links = [(n, m) for n, m in enumerate(materials) if m.kind in ("domain", "url")]
        if links:
            self._closer(links[0][0], link_task(links))
        phones = [
            (n, m.value, regions.get(n, ())) for n, m in enumerate(materials) if m.kind == "phone"
        ]
        if phones:
            self.always.append(phone_task(phones))

    def _keywords(self) -> None:
        materials = self._materials
        numbers = [n for n, m in enumerate(materials) if m.kind == "keyword"]
        folded, bare = cores([materials[n].value for n in numbers])
        spelt = loose_many(bare) if self.far else bare
        self.spelt = dict(zip(numbers, spelt, strict=True))
        hold = self.words.patterns.setdefault
        for number, value, core, pattern in zip(numbers, folded, bare, spelt, strict=True):
            material = materials[number]
            if core != value or " " in core or not core or material.swaps:
                self._odd_keyword(number, value, core, pattern)
                continue
            # Nearly every keyword is one word; at its edges there are letters then.
            if pattern != core:
                self.touched[number] = (core,)
            if material.boundary == "inflected":
                self._inflected(number, pattern, material.language)
                continue
            lead, trail, use = _EDGES[material.boundary]
            if self.far and material.view not in BEYOND_SAFE:
                use = use & ~MODES | TIGHT
            edged = f"{lead}{pattern}{trail}"
            if hold(edged, number << NUMBER | use) != number << NUMBER | use:
                self.words.add(edged, number << NUMBER | use)

    def _odd_keyword(
        self, number: int, value: FoldedText, core: FoldedText, spelt: FoldedText
    ) -> None:
        """A keyword of several words, with symbols, of symbols alone, or with other spellings."""
        material = self._materials[number]
        boundary = material.boundary
        if not core:
            self.symbols.add(value, pack(number, CLUSTER, False, False))
            return
        one_word = core == value and " " not in core
        if material.swaps and one_word:
            self._swaps(number, spelt, boundary)
        if spelt != core:
            self.touched[number] = (core,)
        if boundary == "inflected" and one_word:
            self._inflected(number, spelt, material.language)
            return
        left = boundary != "substring" or not group_of(value[0])
        right = boundary in ("word", "inflected") or not group_of(value[-1])
        mode = PLAIN if left and right else CLUSTER
        if not one_word:
            lead = next(n for n, char in enumerate(value) if group_of(char))
            self.values[number] = (lead, value)
            mode = LITERAL
        elif self.far and material.view not in BEYOND_SAFE:
            mode = TIGHT
        self._add(spelt, left, right, number, mode)

    def _inflected(self, number: int, word: FoldedText, language: str) -> None:
        some = self.stems[number] = stems(word, language)
        use = pack(number, INFLECTED, False, False)
        for stem in some:
            self.words.add(stem.text, use)

    def _swaps(self, number: int, spelt: str, boundary: str) -> None:
        for form in spellings(spelt):
            # Pinyin is a word among words, wherever the characters may stand.
            whole = boundary in ("word", "inflected") or form.isascii()
            self._add(form, whole or boundary == "prefix", whole, number, CHECKED)

    def _phrase(self, number: int, material: Material) -> None:
        phrase = parse(material.value, material.gap, material.boundary)
        forms = literal_forms(phrase) if phrase.literal else None
        if material.boundary == "inflected" or forms is None or _one_ends_another(forms):
            self._closer(number, task_of(number, material, far=self.far))
            return
        left, right = not phrase.open_left, not phrase.open_right
        mode = PLAIN if left and right else CLUSTER
        if self.far:
            spelt = [loose(FoldedText(form)) for form in forms]
            if spelt != forms:
                self.touched[number] = forms
            forms = list(dict.fromkeys(spelt))
            mode = mode if material.view in BEYOND_SAFE else TIGHT
        for form in forms:
            self._add(form, left, right, number, mode)

    def _closer(self, number: int, made: tuple[Anchors | None, Task]) -> None:
        anchors, task = made
        if anchors is None:
            self.always.append(task)
            return
        self.tasks[number] = task
        for core, left, right in anchors:
            self._add(core, left, right, number, TASK)

    def _add(self, core: str, left: bool, right: bool, number: int, mode: int) -> None:
        pattern = f"{' ' if left else ''}{core}{' ' if right else ''}"
        self.words.add(pattern, pack(number, mode, left, right))


def _one_ends_another(forms: list[str]) -> bool:
    """Whether two forms may end at one place: of those only the latest start is a match."""
    return any(one != other and one.endswith(other) for one in forms for other in forms)
