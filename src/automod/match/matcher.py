"""Compiled materials and texts to matches.

Every text is folded and searched once, in the loosest fold that any material asks for. What may be
a disguise is read anew, and the readings are searched by the same automaton: what is found in a
reading is a match if evidence says so.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from automod.model.ruleset import Material
from automod.model.vocabulary import BEYOND_SAFE
from automod.text.chinese import is_across_words
from automod.text.evidence import accepts
from automod.text.fold import Folding, Index, fold_texts, is_malformed
from automod.text.lexicon import wanted_of
from automod.text.loose import loose, loosen
from automod.text.quick import quick_skeleton
from automod.text.soft import between, soften
from automod.text.words import Skeleton, Word, group_of, skeleton

from .closer import Task
from .literals import Backend, Find, build
from .patterns import (
    CHECKED,
    INFLECTED,
    LITERAL,
    MODES,
    NO_REGIONS,
    NUMBER,
    PLAIN,
    TASK,
    TIGHT,
    Demand,
    Patterns,
    Regions,
    Uses,
)
from .places import Match, Places
from .sieve import Sieve
from .sought import sought_of
from .suspects import Suspects
from .texts import Batch, Texts

CHANGED: Final = b"\1"

TOO_DISGUISED: Final = "text.too_disguised"

MOST_REMEMBERED: Final = 100_000
"""Words of which it is remembered whether they are forms of a stem; it begins anew when full."""

FEW: Final = 8
"""Texts of a creative that comes alone: it is first looked at without arrays."""


@dataclass(slots=True)
class Found:
    """Matches of a batch, and the (text, code) pairs that could not be looked at."""

    matches: list[Match]
    not_evaluated: list[tuple[int, str]]


@dataclass(slots=True)
class _Scene:
    """What a search is in: a skeleton of texts or of readings, and what came of it so far."""

    bones: Skeleton
    text: str
    places: Places
    ends: Index
    """The folded index of the last character that each of the skeleton comes from."""
    changed: bytes | None = None
    """CHANGED for each character that loose changed; None where it changed none."""
    is_reading: bool = False
    matches: list[Match] = field(default_factory=list)
    cut: frozenset[int] = frozenset()
    """Places of texts that hold too much disguise to be read whole."""
    tasks: set[tuple[int, int]] = field(default_factory=set)
    """(place, material) pairs that need a task."""


class _Packed(NamedTuple):
    """The uses of patterns by their numbers; see `Uses`."""

    first: array[int]
    several: Sequence[Sequence[int]]

    @classmethod
    def of(cls, uses: Uses) -> _Packed:
        """Those that were collected."""
        return cls(array("q", uses.patterns.values()), uses.several)


class Matcher:
    """Compiled materials. Immutable, safe to share between threads."""

    def __init__(
        self, materials: Sequence[Material], backend: Backend, regions: Regions = NO_REGIONS
    ) -> None:
        """`regions`: material number of a phone -> markets in which it is a national number."""
        made = Patterns(materials, regions)
        self._materials = materials
        self._values, self._stems, self._far = made.values, made.stems, made.far
        self._touched = made.touched
        self._forms: dict[tuple[int, int, int, str], bool] = {}
        """Use, place of a stem in a word, that word -> whether it is a form: words come again."""
        self._tasks: Mapping[int, Task] = made.tasks
        self._always = _by_demand(made)
        self._demands, self._alphabets = made.demands, made.alphabets
        self._uses = _Packed.of(made.words)
        self._symbol_uses = _Packed.of(made.symbols)
        self.patterns = len(made.words.patterns) + len(made.symbols.patterns)
        self._find: Find = build(list(made.words.patterns), backend)
        self._sieve = Sieve(made.words, made.touched, made.stems)
        self._find_symbols: Find | None = None
        if made.symbols.patterns:
            self._find_symbols = build(list(made.symbols.patterns), backend)
        sought = sought_of(materials, made) if made.far else None
        self._suspects = None if sought is None else Suspects(sought, self._find, backend)

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
        if self._suspects is not None and not self._suspects.none_in(texts):
            return False
        bones = quick_skeleton(texts)
        if bones is None:
            return False
        return not self._find(loose(bones) if self._far else bones)

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
        places = Places(folding, numbers)
        loosened = loosen(bones) if self._far else None
        flags = None if loosened is None else loosened.changed
        changed = None if flags is None else flags.tobytes()
        spelt = bones if loosened is None else loosened.bones
        text = spelt.text
        scene = _Scene(spelt, text, places, spelt.at, changed)
        sure, raw = self._sieve(self._find(text), folding, spelt, flags)
        if sure is not None:
            scene.matches += places.originals(sure, spelt.at, scene.ends, loosened=self._far)
        self._use(self._uses, raw, scene)
        if self._find_symbols is not None:
            plain = Skeleton(folding.chars, np.arange(len(folding.chars)))
            symbols = _Scene(plain, "", places, plain.at)
            self._use(self._symbol_uses, self._find_symbols(plain.text), symbols)
            scene.matches += symbols.matches
        restored = self._scan_readings(folding, scene)
        found.not_evaluated += [(numbers[place], TOO_DISGUISED) for place in sorted(scene.cut)]
        if batch is not None and (scene.tasks or self._always):
            texts = Texts(batch, folding, numbers, restored, self._alphabets)
            self._look_closer(texts, scene, found)
        found.matches += scene.matches
        if folding.start is not None:
            # Two letters of one ligature are one place of the original.
            found.matches = list(dict.fromkeys(found.matches))

    def _scan_readings(self, folding: Folding, scene: _Scene) -> Mapping[int, list[list[Word]]]:
        """Scan what may be disguised; returns its words by place, for the tasks of phrases."""
        if self._suspects is None:
            return {}
        reading = self._suspects.read(folding, scene.bones)
        if reading is None:
            return {}
        scene.cut = reading.cut
        text = reading.bones.text
        again = _Scene(reading.bones, text, scene.places, reading.ends, is_reading=True)
        self._use(self._uses, self._find(text), again)
        scene.tasks |= again.tasks
        covered: dict[tuple[int, int], set[int]] = {}
        for text_, start, end, number in scene.matches:
            covered.setdefault((text_, number), set()).update(range(start, end))
        for match in dict.fromkeys(again.matches):
            held = covered.setdefault((match[0], match[3]), set())
            # One material at one place is one hit, in the tightest view.
            if held.isdisjoint(range(match[1], match[2])):
                held.update(range(match[1], match[2]))
                scene.matches.append(match)
        return reading.words_by_place(scene.places, folding) if scene.tasks else {}

    def _use(
        self,
        packed: _Packed,
        raw: Sequence[tuple[int, int, int]],
        scene: _Scene,
    ) -> None:
        """Turn raw matches into matches, and into tasks."""
        text, original = scene.text, scene.places.original
        at, ends = scene.bones.at.item, scene.ends.item
        forms, simple = self._forms, not scene.is_reading
        first, several = packed
        for pattern, start, end in raw:
            held = first[pattern]
            for use in (held,) if held >= 0 else several[~held]:
                begin, finish, mode = start + (use >> 1 & 1), end - (use & 1), use & MODES
                if mode == INFLECTED:
                    left, right = text.rfind(" ", 0, begin) + 1, text.find(" ", finish)
                    form = use, begin - left, finish - left, text[left:right]
                    known = forms.get(form)
                    if self._is_form(*form) if known is None else known:
                        self._check(use, left, right, scene)
                elif simple and mode == PLAIN:  # as nearly all are that are found
                    last = ends(finish - 1) + 1
                    last = scene.places.past_marks(last) if self._far else last
                    scene.matches.append(original(at(begin), last, use >> NUMBER))
                elif not simple or mode != TIGHT or self._is_value(use, begin, finish, scene):
                    self._check(use, begin, finish, scene)

    def _is_value(self, use: int, begin: int, finish: int, scene: _Scene) -> bool:
        """Whether the value itself stands there: loose changed neither, or made both the same."""
        changed = scene.changed is not None and CHANGED in scene.changed[begin:finish]
        before = self._touched.get(use >> NUMBER)
        if not changed or before is None:
            return changed == (before is not None)
        at = scene.bones.at
        # Up to the next character that loose left: marks that it took out are part of the value.
        last = at.item(finish) if finish < len(at) else at.item(finish - 1) + 1
        value = scene.places.folded(at.item(begin), last)
        return value in before or " " in scene.text[begin:finish]

    def _check(self, use: int, begin: int, finish: int, scene: _Scene) -> None:
        """Look at a raw match (characters of the skeleton) that has to be looked at."""
        mode, number = use & MODES, use >> NUMBER
        first, last = scene.bones.at.item(begin), scene.ends.item(finish - 1) + 1
        if self._far and not scene.is_reading:
            last = scene.places.past_marks(last)
        if mode == TASK:
            scene.tasks.add((scene.places.text_at(first), number))
        elif scene.is_reading:
            self._check_reading(number, begin, finish, scene)
        elif mode == LITERAL:
            self._check_literal(number, first, last, scene)
        elif scene.places.whole(first, last) and not _is_chance(scene.text, begin, finish):
            match = scene.places.original(first, last, number)
            if mode <= LITERAL or self._is_tight(mode, match, begin, finish, scene):
                scene.matches.append(match)

    def _check_literal(self, number: int, first: int, last: int, scene: _Scene) -> None:
        """A core (folded characters first to last): one if its symbols stand around and in it."""
        lead, value = self._values[number]
        trail = next(n for n, char in enumerate(reversed(value)) if group_of(char))
        first, last = first - lead, last + trail
        loosely = self._materials[number].view in BEYOND_SAFE
        if scene.places.holds(first, last, value, loosely=loosely) and scene.places.whole(
            first, last
        ):
            scene.matches.append(scene.places.original(first, last, number))

    def _is_tight(self, mode: int, match: Match, begin: int, finish: int, scene: _Scene) -> bool:
        """Whether a match may be one in the view of its material."""
        material = self._materials[match[3]]
        if mode == CHECKED:
            return accepts(wanted_of(material), scene.places.surface(match))
        if material.view in BEYOND_SAFE:
            return True
        if mode == INFLECTED:
            bare = scene.text[begin:finish] in {one.text for one in self._stems[match[3]]}
            return not bare or self._is_value(match[3] << NUMBER, begin, finish, scene)
        if match[3] not in self._touched or " " not in scene.text[begin:finish]:
            return True
        return accepts(wanted_of(material), scene.places.surface(match))

    def _is_form(self, use: int, begin: int, finish: int, word: str) -> bool:
        """Whether a word is an inflected form of the stem within it (characters of the word)."""
        before, stem, after = word[:begin], word[begin:finish], word[finish:]
        found = any(
            one.text == stem and one.accepts(before, after) is not None
            for one in self._stems[use >> NUMBER]
        )
        if len(self._forms) >= MOST_REMEMBERED:
            self._forms.clear()
        self._forms[use, begin, finish, word] = found
        return found

    def _check_reading(self, number: int, begin: int, finish: int, scene: _Scene) -> None:
        """A match in a reading: one if its surface can be explained."""
        at, ends = scene.bones.at, scene.ends
        first = min(at.item(begin), at.item(finish - 1))
        last = max(ends.item(begin), ends.item(finish - 1)) + 1
        if _is_chance(scene.text, begin, finish):
            return
        match = scene.places.overridden(scene.places.original(first, last, number))
        if accepts(wanted_of(self._materials[number]), scene.places.surface(match)):
            scene.matches.append(match)

    def _look_closer(self, texts: Texts, scene: _Scene, found: Found) -> None:
        for place, number in sorted(scene.tasks):
            if _is_met(self._demands.get(number), place, texts):
                self._run(self._tasks[number], place, texts, found)
        for place in range(len(texts.numbers)) if self._always else ():
            for demand, tasks in self._always:
                if _is_met(demand, place, texts):
                    for task in tasks:
                        self._run(task, place, texts, found)

    def _run(self, task: Task, place: int, texts: Texts, found: Found) -> None:
        spans, code = task(texts, place)
        number = texts.numbers[place]
        found.matches += [(number, start, end, material) for start, end, material in spans]
        if code is not None:
            found.not_evaluated.append((number, code))


def _by_demand(made: Patterns) -> list[tuple[Demand | None, list[Task]]]:
    """The tasks for every text, those together that ask for the same characters."""
    found: dict[Demand | None, list[Task]] = {}
    for number, task in made.always:
        found.setdefault(made.demands.get(number), []).append(task)
    return list(found.items())


def _is_met(demand: Demand | None, place: int, texts: Texts) -> bool:
    """Whether a text has the characters that a pattern asks for; None: it asks for none."""
    if demand is None:
        return True
    view, ways = demand
    met = texts.met(place, view)
    return any(met & way == way for way in ways)


def _is_chance(text: str, begin: int, finish: int) -> bool:
    """Whether a match is made of the end of one Chinese word and the beginning of the next."""
    return "\u4e00" <= text[begin : begin + 1] <= "\u9fff" and is_across_words(text, begin, finish)
