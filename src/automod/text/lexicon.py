"""What a keyword or phrase is recognised by: its words folded, as written, and inflected."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final, NamedTuple

from automod.model.ruleset import Material
from automod.model.vocabulary import Boundary, View

from .fold import FoldedText, fold
from .inflection import Stem, stems
from .loose import loose
from .quick import quick_word
from .swaps import spellings
from .tables import tables
from .tables.far import far_tables
from .vocabulary import Vocabulary
from .words import cores, is_mark, is_unspaced, words


class Wanted(NamedTuple):
    """What of a material its evidence depends on."""

    kind: str
    value: str
    view: View
    boundary: Boundary
    language: str
    swaps: bool = False


def wanted_of(material: Material) -> Wanted:
    """What the evidence for a material depends on."""
    return Wanted(
        material.kind, material.value, material.view, material.boundary, material.language,
        material.swaps,
    )  # fmt: skip


class Lexicon:
    """The words of a material, ready to be recognised in a surface."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.core = core_of(wanted.value)
        self.loose_core = loose(self.core)
        self.symbolic = fold(wanted.value).text != self.core

    def is_in(self, core: str, own: str, surface: str) -> bool:
        """Whether a surface is the value.

        It may hold more: marks behind it, and what else one character folds into.
        """
        if core == own or self.stems or own not in core:
            return core == own
        rest = core.replace(own, "", 1)
        rest = rest.replace(" ", "")
        held = _marks_that_stay(rest) or (self.symbolic and all(map(is_mark, rest)))
        return held or _expands(surface)

    @cached_property
    def written(self) -> dict[str, list[str]]:
        """Each word in loose fold -> the different ways in which the value writes it."""
        found: dict[str, dict[str, None]] = {}
        for word, original in words_in(self.wanted.value):
            found.setdefault(loose(word), {})[original] = None
        return {word: list(ways) for word, ways in found.items()}

    @cached_property
    def ways(self) -> list[dict[str, list[list[tuple[FoldedText, str]]]]]:
        """By element of a phrase: first word in loose fold -> alternatives, word by word."""
        found: list[dict[str, list[list[tuple[FoldedText, str]]]]] = []
        for options in _options(self.wanted.value):
            found.append({})
            for option in options:
                several = [(loose(word), original) for word, original in words_in(option)]
                first = several[0][0] if several else ""
                found[-1].setdefault(first, []).append(several)
        return found

    @cached_property
    def fewest(self) -> int:
        """How many words a phrase has at least: those of its shortest alternatives."""
        return sum(min(map(len, chain(*first.values()))) for first in self.ways)

    def is_interleaved(self, surface: str) -> bool:
        """Whether a word of a script without spaces has something between its letters."""
        text = loose(fold(surface).text)
        return sum(word in text for word in self._together) < self._fewest_together

    def glued(self, word: str) -> int:
        """How many letters of its words whose letters touch stand in a longer word of that kind.

        Of a script without spaces words are letters, and a disguised one runs into its neighbours.
        """
        return sum(map(len, self._inner.findall(word))) if is_unspaced(word) else 0

    @cached_property
    def _inner(self) -> re.Pattern[str]:
        longest_first = sorted(self._together, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    @cached_property
    def _together(self) -> list[str]:
        """The words whose letters touch."""
        return [word for word in self.vocabulary.words if _touches(word)]

    @cached_property
    def _fewest_together(self) -> int:
        """How many of them a phrase has at least."""
        return sum(
            min(sum(map(_touches, loose(core_of(option)).split())) for option in some)
            for some in _options(self.wanted.value)
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that a disguised word may turn out to be."""
        return Vocabulary({*self.written, *self.loose_core.split()})

    @cached_property
    def stems(self) -> tuple[Stem, ...]:
        """What inflected words are recognised by; none where the boundary asks for whole words."""
        if self.wanted.boundary != "inflected" or (self.symbolic and self.wanted.kind == "keyword"):
            return ()
        language = self.wanted.language
        return tuple(stem for word in self.written for stem in stems(word, language))

    @cached_property
    def swaps(self) -> dict[str, str]:
        """Its other spellings, where its author asked for them."""
        return spellings(self.loose_core) if self.wanted.swaps else {}


def _marks_that_stay(rest: str) -> bool:
    """Whether characters are marks, and none that loose takes out."""
    folds = far_tables().loose_folds
    return all(is_mark(char) and char not in folds for char in rest)


def _expands(surface: str) -> bool:
    """Whether a character folds into several, or the whole is no word at all."""
    folds = tables().folds
    return any(len(folds[char][0]) > 1 for char in surface if char in folds) or not core_of(surface)


def _options(value: str) -> list[list[str]]:
    """The alternatives of each element of a phrase that has words, without slots."""
    elements = [_SLOT.sub(" ", one) for one in _ELEMENT.findall(value) if one[0] != "<"]
    return [one[1:-1].split("|") if one[0] == "(" else [one] for one in elements]


def _touches(word: str) -> bool:
    """Whether a word has letters that are written without spaces between."""
    return len(word) > 1 and is_unspaced(word)


_ELEMENT: Final = re.compile(r"<[^<>]*>|\([^()]*\)|[^\s<>()]+")
"""What a phrase is made of: slots, alternatives, words."""
_SLOT: Final = re.compile(r"<[^<>]*>")


@lru_cache(maxsize=4_096)
def lexicon_of(wanted: Wanted) -> Lexicon:
    """The lexicon of a material, made once."""
    return Lexicon(wanted)


def words_in(text: str) -> list[tuple[FoldedText, str]]:
    """The words of a text: folded, and as written."""
    folded = fold(text)
    spans = [(word.text, folded.span(word.start, word.end)) for word in words(folded.text)]
    return [(FoldedText(word), text[start:end]) for word, (start, end) in spans]


@lru_cache(maxsize=16_384)
def core_of(text: str) -> FoldedText:
    """The words of a text in the safe fold, apart by spaces."""
    word = quick_word(text)
    return cores([text])[1][0] if word is None else word
