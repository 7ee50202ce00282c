"""Materials to literal patterns over skeletons, and what a raw match of each is worth.

A material becomes patterns in the fold of the loosest view that any material asks for; where a
pattern cannot say all of it, its use says what has to be looked at: the letters that loose changed,
the word around a stem, or, in a task, the whole text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from automod.model.ruleset import Material
from automod.model.vocabulary import VIEW_RANK
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

LOOSE: Final = VIEW_RANK["loose"]
EVASION: Final = VIEW_RANK["evasion"]


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
        self.stems: dict[tuple[int, str], list[Stem]] = {}
        """Material number and what is searched for -> the stems that it may be."""
        self.touched: dict[int, frozenset[str]] = {}
        """Materials whose value loose changes -> what it is before."""
        self.far = any(
            VIEW_RANK[m.view] >= LOOSE or m.boundary == "inflected"
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
        numbers = [n for n, m in enumerate(self._materials) if m.kind == "keyword"]
        folded, bare = cores([self._materials[n].value for n in numbers])
        if self.far:
            for number, value, core, spelt in zip(
                numbers, folded, bare, loose_many(bare), strict=True
            ):
                self._far_keyword(number, value, core, spelt)
            return
        hold = self.words.patterns.setdefault
        for number, value, core in zip(numbers, folded, bare, strict=True):
            boundary = self._materials[number].boundary
            if boundary == "inflected" or core != value or " " in core or not core:
                self._far_keyword(number, value, core, core)
                continue
            # Nearly every keyword is one word; at its edges there are letters then.
            lead, trail, marks = _EDGES[boundary]
            pattern, use = f"{lead}{core}{trail}", number << NUMBER | marks
            if hold(pattern, use) != use:
                self.words.add(pattern, use)

    def _far_keyword(
        self, number: int, value: FoldedText, core: FoldedText, spelt: FoldedText
    ) -> None:
        material = self._materials[number]
        if not core:
            self.symbols.add(value, pack(number, CLUSTER, False, False))
            return
        boundary = material.boundary
        if material.swaps and core == value and " " not in core:
            self._swaps(number, spelt, boundary)
        if spelt != core:
            self.touched[number] = frozenset([core])
        inflections = stems_of(spelt, material) if core == value and " " not in spelt else ()
        if inflections:
            self._inflected(number, inflections, INFLECTED)
            return
        left = boundary != "substring" or not group_of(value[0])
        right = boundary in ("word", "inflected") or not group_of(value[-1])
        mode = PLAIN if left and right else CLUSTER
        if core != value or " " in core:
            lead = next(n for n, char in enumerate(value) if group_of(char))
            self.values[number] = (lead, value)
            mode = LITERAL
        elif self.far and VIEW_RANK[material.view] < LOOSE:
            mode = TIGHT
        self._add(spelt, left, right, number, mode)

    def _inflected(self, number: int, some: Sequence[Stem], mode: int) -> None:
        for stem in some:
            self.stems.setdefault((number, stem.text), []).append(stem)
            self._add(stem.text, False, False, number, mode)

    def _swaps(self, number: int, spelt: str, boundary: str) -> None:
        for form in spellings(spelt):
            # Pinyin is a word among words, wherever the characters may stand.
            whole = boundary in ("word", "inflected") or form.isascii()
            self._add(form, whole or boundary == "prefix", whole, number, CHECKED)

    def _phrase(self, number: int, material: Material) -> None:
        phrase = parse(material.value, material.gap, material.boundary)
        forms = literal_forms(phrase) if phrase.literal else None
        words = {word for element in phrase.elements for form in element.forms for word in form}
        affixed = any(stems_of(loose(FoldedText(word)), material) for word in words)
        if affixed or forms is None or _one_ends_another(forms):
            self._closer(number, task_of(number, material, far=self.far))
            return
        left, right = not phrase.open_left, not phrase.open_right
        mode = PLAIN if left and right else CLUSTER
        if self.far:
            spelt = [loose(FoldedText(form)) for form in forms]
            if spelt != forms:
                self.touched[number] = frozenset(forms)
            forms = list(dict.fromkeys(spelt))
            mode = TIGHT if VIEW_RANK[material.view] < LOOSE else mode
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


def stems_of(word: str, material: Material) -> tuple[Stem, ...]:
    """The stems of a word of a material with the boundary `inflected`; none of any other."""
    if material.boundary != "inflected":
        return ()
    return stems(word, material.language)
