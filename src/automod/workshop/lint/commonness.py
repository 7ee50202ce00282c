"""Words of materials that everybody uses: of their own language, or of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from automod.load.writing import (
    ARABIC,
    CJK,
    CYRILLIC,
    GREEK,
    HANGUL,
    HEBREW,
    LATIN,
    OTHER,
    SOUTH_EAST,
    scripts_of_language,
)
from automod.model.ruleset import PolicyTable
from automod.model.vocabulary import VIEW_RANK
from automod.text.fold import FoldedText
from automod.text.loose import loose

from .shortness import Short
from .word_lists import COMMON, OF_SCRIPTS, RARE, common_words, safe_words
from .wording import Wording

_SCRIPTS = {
    "arabic": ARABIC, "latin": LATIN, "cyrillic": CYRILLIC, "cjk": CJK, "hangul": HANGUL,
    "hebrew": HEBREW, "greek": GREEK, "other": OTHER | SOUTH_EAST,
}  # fmt: skip
UNTOLD = ("ar", "en")
"""The languages of a package that names none."""
FAR = 0.5
"""A homograph is at least three times as common in the other language as in its own (Zipf)."""


class Common(NamedTuple):
    """A material one of whose forms is a common word."""

    number: int
    word: str
    language: str
    zipf: float


class Commonness:
    """The common words of a package. Those that are too short anyway are left out."""

    def __init__(self, wording: Wording, short: Mapping[int, Short], policies: PolicyTable) -> None:
        """`policies`: its threshold for review is what a common word must not reach alone."""
        self._wording, self._short = wording, short
        self._review = policies.review
        self._own = wording.languages or UNTOLD

    @cached_property
    def own(self) -> Sequence[Common]:
        """Common words of the package's languages."""
        return list(self._common(self._own))

    @cached_property
    def foreign(self) -> Sequence[Common]:
        """Words that are far more common in another language than in the package's."""
        if not self._wording.languages:
            return ()
        there = int(np.bitwise_or.reduce(self._wording.writings, initial=0))
        # In other letters no word is taken for one of the package's languages.
        there &= LATIN | int(np.bitwise_or.reduce(list(map(scripts_of_language, self._own))))
        others = [
            language
            for script, some in OF_SCRIPTS.items()
            if there & _SCRIPTS[script]
            for language in some
            if language not in self._own
        ]
        known = {one.number for one in self.own}
        strict = self._wording.column("only_languages")
        return [
            one
            for one in self._common(others)
            if one.number not in known and not strict[one.number] and self._is_far(one)
        ]

    def _is_far(self, one: Common) -> bool:
        own = (common_words(language, RARE).get(one.word, 0.0) for language in self._own)
        return max(own, default=0.0) <= one.zipf - FAR

    def _common(self, languages: Sequence[str]) -> Iterator[Common]:
        """The materials with a word that is common in one of some languages, the most so."""
        said = self._wording.sayings
        best: dict[int, Common] = {}
        for language in languages:
            words = common_words(language, COMMON)
            for word in {*(said.first.keys() & words.keys()), *(said.more.keys() & words.keys())}:
                for number in said.of(word):
                    if not self._is_found(number, word, language):
                        continue
                    one = Common(number, word, language, words[word])
                    best[number] = max(best.get(number, one), one, key=_rank)
        return (best[number] for number in sorted(best) if self._acts_alone(number))

    def _is_found(self, number: int, word: str, language: str) -> bool:
        """Whether a material is found where a word stands: in the tighter views spelling counts.

        'hård' is not found in 'hard' unless its view is loose.
        """
        if VIEW_RANK[self._wording.column("view")[number]] >= VIEW_RANK["loose"]:
            return True
        said = self._wording.sayings.safe(number)
        return any(
            loose(one) == word and one in safe_words(language) for one in map(FoldedText, said)
        )

    def _acts_alone(self, number: int) -> bool:
        """Whether a hit of the material is enough for a review."""
        wording = self._wording
        group = wording.column("group")[number]
        cap = wording.source.package.caps.get(group, 1.0) if group else 1.0
        worth = min(wording.column("weight")[number], cap)
        hidden = wording.column("only_if_obfuscated")[number]
        return (
            bool(worth >= self._review)
            and wording.counts(number)
            and not hidden
            and number not in self._short
        )


def _rank(one: Common) -> tuple[float, str]:
    return one.zipf, one.language
