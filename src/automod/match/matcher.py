"""Materials to one compiled matcher; texts to matches.

Every material becomes literal patterns over the skeleton (see `text.words`), plus, where literals
cannot say all of it, a task that looks closer at the texts in which one of its patterns occurred.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from automod.model.ruleset import Material
from automod.text.fold import FoldedText, Folding, decode, fold_texts, grow, is_malformed
from automod.text.quick import quick_skeleton
from automod.text.soft import between, soften
from automod.text.tables import MARK, tables
from automod.text.words import Skeleton, cores, group_of, skeleton

from .closer import Anchors, Batch, Task, Texts, link_task, phone_task, task_of
from .literals import Backend, Find, build
from .phrase import literal_forms, parse

FIRST_MARK: Final = "\u0300"

FEW: Final = 8
"""Texts of a creative that comes alone: it is first looked at without arrays."""

MODES: Final = 3 << 2
"""The bits of a use that say what a raw match of its pattern is worth."""
PLAIN: Final = 0 << 2
"""A raw match is a match."""
CLUSTER: Final = 1 << 2
"""It is one unless it cuts a letter from its marks."""
LITERAL: Final = 2 << 2
"""It is one if the folded text holds the whole value there, symbols included."""
TASK: Final = 3 << 2
"""The material's task decides, once for the text."""

Regions = Mapping[int, tuple[str, ...]]
NO_REGIONS: Final[Regions] = MappingProxyType({})

Match = tuple[int, int, int, int]
"""Text number, start, end (half-open, code points of the original text), material number."""


@dataclass(slots=True)
class Found:
    """Matches of a batch, and the (text, code) pairs that could not be looked at."""

    matches: list[Match]
    not_evaluated: list[tuple[int, str]]


@dataclass(slots=True)
class _Builder:
    """Patterns as they are collected: pattern -> packed uses."""

    patterns: dict[str, int | tuple[int, ...]]

    def add(self, pattern: str, use: int) -> None:
        held = self.patterns.setdefault(pattern, use)
        if held != use:
            uses = held if isinstance(held, tuple) else (held,)
            if use not in uses:
                self.patterns[pattern] = (*uses, use)


def _pack(number: int, mode: int, lead: bool, trail: bool) -> int:
    """A use of a pattern: material number, mode, and whether a space is at either end of it."""
    return number << 4 | mode | lead << 1 | trail


_EDGES: Final[Mapping[str, tuple[str, str, int]]] = {
    "word": (" ", " ", _pack(0, PLAIN, True, True)),
    "inflected": (" ", " ", _pack(0, PLAIN, True, True)),
    "prefix": (" ", "", _pack(0, CLUSTER, True, False)),
    "substring": ("", "", _pack(0, CLUSTER, False, False)),
}
"""Boundary -> what stands around a word in its pattern, and its use without the number."""


class Matcher:
    """Compiled materials. Immutable, safe to share between threads."""

    def __init__(
        self, materials: Sequence[Material], backend: Backend, regions: Regions = NO_REGIONS
    ) -> None:
        """`regions`: material number of a phone -> markets in which it is a national number."""
        self._values: dict[int, tuple[int, str]] = {}
        self._tasks: dict[int, Task] = {}
        self._always: list[Task] = []
        words, symbols = _Builder({}), _Builder({})
        _Compiler(materials, words, symbols, self._values, self._tasks, self._always, regions).run()
        self._uses = list(words.patterns.values())
        self._symbol_uses = list(symbols.patterns.values())
        self.patterns = len(words.patterns) + len(symbols.patterns)
        self._find: Find = build(list(words.patterns), backend)
        self._find_symbols: Find | None = None
        if symbols.patterns:
            self._find_symbols = build(list(symbols.patterns), backend)

    def scan(self, batch: Batch) -> Found:
        """Every match of every material in every text, in no particular order."""
        if len(batch.texts) <= FEW and self._quickly_nothing(batch.texts):
            return Found([], [])
        folding = fold_texts(batch.texts)
        found = Found([], [])
        if folding.malformed:
            found.not_evaluated += [
                (n, "text.malformed") for n, text in enumerate(batch.texts) if is_malformed(text)
            ]
        self._scan(batch, folding, range(len(batch.texts)), found)
        if folding.soft:
            self._scan_softened(batch, folding.soft, found)
        return found

    def _quickly_nothing(self, texts: Sequence[str]) -> bool:
        """Whether it is plain that nothing is in these few texts: most creatives are clean."""
        if self._always or self._find_symbols is not None:
            return False
        bones = quick_skeleton(texts)
        return bones is not None and not self._find(bones)

    def _scan_softened(self, batch: Batch, numbers: Sequence[int], found: Found) -> None:
        """Scan again where a soft character may be a gap: a zero width space also parts words."""
        texts = [batch.texts[n] for n in numbers]
        again = Found([], [])
        self._scan(batch, fold_texts([soften(text) for text in texts]), numbers, again)
        pieces = [
            (n, *piece) for n, text in zip(numbers, texts, strict=True) for piece in between(text)
        ]
        if pieces:
            whole = Found([], [])
            folding = fold_texts([text for _, _, text in pieces])
            self._scan(None, folding, range(len(pieces)), whole)
            for place, start, end, material in whole.matches:
                number, offset, _ = pieces[place]
                again.matches.append((number, start + offset, end + offset, material))
        found.matches = list({*found.matches, *again.matches})
        found.not_evaluated += again.not_evaluated

    def _scan(
        self, batch: Batch | None, folding: Folding, numbers: Sequence[int], found: Found
    ) -> None:
        """Scan folded texts; without a batch, which is for pieces of texts, by literals alone."""
        bones = skeleton(folding)
        places = _Places(folding, numbers)
        tasks = self._use(self._uses, self._find(bones.text), bones, places, found.matches)
        if self._find_symbols is not None:
            plain = Skeleton(folding.chars, np.arange(len(folding.chars)))
            raw = self._find_symbols(plain.text)
            tasks |= self._use(self._symbol_uses, raw, plain, places, found.matches)
        if batch is not None and (tasks or self._always):
            self._look_closer(batch, folding, numbers, tasks, found)
        if folding.start is not None:
            # Two letters of one ligature are one place of the original.
            found.matches = list(dict.fromkeys(found.matches))

    def _use(
        self,
        pattern_uses: Sequence[int | tuple[int, ...]],
        raw: Sequence[tuple[int, int, int]],
        bones: Skeleton,
        places: _Places,
        matches: list[Match],
    ) -> set[tuple[int, int]]:
        """Turn raw matches into matches; returns the (place, material) pairs that need a task."""
        tasks: set[tuple[int, int]] = set()
        at, original = bones.at.item, places.original
        for pattern, start, end in raw:
            uses = pattern_uses[pattern]
            for use in uses if isinstance(uses, tuple) else (uses,):
                first = at(start + (use >> 1 & 1))
                last = at(end - 1 - (use & 1)) + 1
                mode, number = use & MODES, use >> 4
                if not mode:  # PLAIN, as nearly all are
                    matches.append(original(first, last, number))
                elif mode == TASK:
                    tasks.add((places.text_at(first), number))
                else:
                    self._check(mode, number, first, last, places, matches)
        return tasks

    def _check(
        self, mode: int, number: int, first: int, last: int, places: _Places, matches: list[Match]
    ) -> None:
        if mode == LITERAL:
            lead, value = self._values[number]
            first -= lead
            last = first + len(value)
            if not places.holds(first, value):
                return
        if places.whole(first, last):
            matches.append(places.original(first, last, number))

    def _look_closer(
        self,
        batch: Batch,
        folding: Folding,
        numbers: Sequence[int],
        tasks: Iterable[tuple[int, int]],
        found: Found,
    ) -> None:
        texts = Texts(batch, folding, numbers)
        for place, number in sorted(tasks):
            self._run(self._tasks[number], place, texts, found)
        for task in self._always:
            for place in range(len(numbers)):
                self._run(task, place, texts, found)

    def _run(self, task: Task, place: int, texts: Texts, found: Found) -> None:
        spans, code = task(texts, place)
        number = texts.numbers[place]
        found.matches += [(number, start, end, material) for start, end, material in spans]
        if code is not None:
            found.not_evaluated.append((number, code))


class _Places:
    """From folded characters back to the text they are of."""

    __slots__ = ("_end", "_folding", "_joined", "_joined_at", "_kinds", "_numbers", "_start")

    def __init__(self, folding: Folding, numbers: Sequence[int]) -> None:
        self._folding = folding
        self._joined = folding.joined
        self._joined_at: list[int] = folding.joined_at.tolist()
        self._numbers = numbers
        self._kinds = tables().kinds.item
        self._start = None if folding.start is None else folding.start.item
        self._end = None if folding.end is None else folding.end.item

    def text_at(self, index: int) -> int:
        """The place in the folding of the text that holds a folded character."""
        joined = index if self._start is None else self._start(index)
        return bisect_right(self._joined_at, joined) - 1

    def original(self, first: int, last: int, number: int) -> Match:
        """The match of a material at folded characters first to last."""
        if self._start is None or self._end is None:
            start, end = first, last
        else:
            start, end = self._start(first), self._end(last - 1)
        # Nothing below U+0300 belongs to the letter before it, and most of what follows does not.
        if self._joined[end] >= FIRST_MARK:
            end = grow(self._joined, end)
        begins = self._joined_at
        place = bisect_right(begins, start) - 1
        offset = begins[place]
        return self._numbers[place], start - offset, end - offset, number

    def whole(self, first: int, last: int) -> bool:
        """Whether the span cuts no letter from its marks."""
        return not self._inside(first) and not self._inside(last)

    def _inside(self, place: int) -> bool:
        groups = self._folding.groups
        if not groups[place - 1] & groups[place]:
            return False
        return bool(self._kinds(self._folding.chars.item(place)) & MARK)

    def holds(self, first: int, value: str) -> bool:
        """Whether the folded text has the value at this place."""
        return decode(self._folding.chars[max(first, 0) : first + len(value)]) == value


def _one_ends_another(forms: list[str]) -> bool:
    """Whether two forms may end at one place: of those only the latest start is a match."""
    return any(one != other and one.endswith(other) for one in forms for other in forms)


@dataclass(slots=True)
class _Compiler:
    """Sorts materials into patterns and tasks."""

    materials: Sequence[Material]
    words: _Builder
    symbols: _Builder
    values: dict[int, tuple[int, str]]
    tasks: dict[int, Task]
    always: list[Task]
    regions: Regions

    def run(self) -> None:
        keywords = [n for n, m in enumerate(self.materials) if m.kind == "keyword"]
        folded, bare = cores([self.materials[n].value for n in keywords])
        self.keywords(keywords, folded, bare)
        others = [(n, m) for n, m in enumerate(self.materials) if m.kind != "keyword"]
        for number, material in others:
            if material.kind == "phrase":
                self.phrase(number, material)
            elif material.kind in ("regex", "handle"):
                self.closer(number, task_of(number, material))
        links = [(n, m) for n, m in others if m.kind in ("domain", "url")]
        if links:
            self.closer(links[0][0], link_task(links))
        phones = [(n, m.value, self.regions.get(n, ())) for n, m in others if m.kind == "phone"]
        if phones:
            self.always.append(phone_task(phones))

    def keywords(
        self, numbers: list[int], folded: list[FoldedText], bare: list[FoldedText]
    ) -> None:
        hold = self.words.patterns.setdefault
        for number, value, core in zip(numbers, folded, bare, strict=True):
            boundary = self.materials[number].boundary
            if core != value or " " in core or not core:
                self.keyword(number, value, core, boundary)
                continue
            # Nearly every keyword is one word; at its edges there are letters then.
            lead, trail, marks = _EDGES[boundary]
            pattern, use = f"{lead}{core}{trail}", number << 4 | marks
            if hold(pattern, use) != use:
                self.words.add(pattern, use)

    def keyword(self, number: int, value: FoldedText, core: FoldedText, boundary: str) -> None:
        if not core:
            self.symbols.add(value, _pack(number, CLUSTER, False, False))
            return
        left = boundary in ("word", "inflected", "prefix") or not group_of(value[0])
        right = boundary in ("word", "inflected") or not group_of(value[-1])
        mode = PLAIN if left and right else CLUSTER
        if core != value or " " in core:
            lead = next(n for n, char in enumerate(value) if group_of(char))
            self.values[number] = (lead, value)
            mode = LITERAL
        self.add(core, left, right, number, mode)

    def phrase(self, number: int, material: Material) -> None:
        phrase = parse(material.value, material.gap, material.boundary)
        forms = literal_forms(phrase) if phrase.literal else None
        if forms is None or _one_ends_another(forms):
            self.closer(number, task_of(number, material))
            return
        left, right = not phrase.open_left, not phrase.open_right
        for form in forms:
            self.add(form, left, right, number, PLAIN if left and right else CLUSTER)

    def closer(self, number: int, made: tuple[Anchors | None, Task]) -> None:
        anchors, task = made
        if anchors is None:
            self.always.append(task)
            return
        self.tasks[number] = task
        for core, left, right in anchors:
            self.add(core, left, right, number, TASK)

    def add(self, core: str, left: bool, right: bool, number: int, mode: int) -> None:
        pattern = f"{' ' if left else ''}{core}{' ' if right else ''}"
        self.words.add(pattern, _pack(number, mode, left, right))
