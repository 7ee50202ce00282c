"""What automod is compared with.

`HandRolled` is what teams write: fold each text with the standard library and pyarabic, search it
with pyahocorasick, check the word boundary of every raw match in Python. It answers in places of
the folded text; it has no way back to the original, no score, no market and no decision.

`HandTuned` is the same by somebody who measured: one regular expression for the Arabic marks
(pyarabic looks at every character in Python), and ahocorasick-rs.

`Bare` is the floor: ahocorasick-rs over text that is folded already, with the same folded patterns
and the implementation that automod picks. No folding, no boundary, no answer that anybody could
use.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Callable, Sequence
from typing import Final

import ahocorasick
import regex
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from automod.match.literals import SMALL

with warnings.catch_warnings():
    # From Python 3.12 on, the first import prints warnings about its escape sequences.
    warnings.simplefilter("ignore")
    from pyarabic import araby

Raw = tuple[int, int, int]
"""Keyword number, start, end in the folded text (half-open)."""

_MARKS: Final = regex.compile("[\u0640\u064b-\u0652]+")
_ALEF: Final = regex.compile("[أإآٱى]")


def fold_by_hand(text: str) -> str:
    """NFKC, case, and Arabic marks, tatweel and alefs by pyarabic."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = araby.strip_tashkeel(text)
    text = araby.strip_tatweel(text)
    return araby.normalize_alef(text)


def fold_tuned(text: str) -> str:
    """The same result by regular expressions, and nothing of it for ASCII."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    return str(_ALEF.sub("ا", _MARKS.sub("", text)))


def is_letter(char: str) -> bool:
    """Whether a word goes on with this character: letters, digits, marks."""
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def whole(text: str, start: int, end: int) -> bool:
    """Whether a match begins and ends where a word does."""
    if start > 0 and is_letter(text[start - 1]):
        return False
    return end == len(text) or not is_letter(text[end])


class HandRolled:
    """Keywords by pyahocorasick."""

    def __init__(
        self,
        values: Sequence[str],
        substring: Sequence[bool] = (),
        fold: Callable[[str], str] = fold_by_hand,
    ) -> None:
        """`substring[n]`: keyword n needs no boundary; left out, every keyword needs one."""
        self._fold = fold
        self._substring = substring or [False] * len(values)
        self._automaton = ahocorasick.Automaton()
        for number, value in enumerate(values):
            folded = fold(value)
            self._automaton.add_word(folded, (number, len(folded)))
        self._automaton.make_automaton()

    def raw(self, folded: str) -> list[Raw]:
        """Every occurrence in an already folded text, in words too."""
        return [
            (number, last + 1 - length, last + 1)
            for last, (number, length) in self._automaton.iter(folded)
        ]

    def find(self, text: str) -> list[Raw]:
        """Every keyword that stands in the text as a word."""
        folded = self._fold(text)
        found = []
        for last, (number, length) in self._automaton.iter(folded):
            start, end = last + 1 - length, last + 1
            if self._substring[number] or whole(folded, start, end):
                found.append((number, start, end))
        return found


class HandTuned:
    """Keywords by ahocorasick-rs."""

    def __init__(self, values: Sequence[str], substring: Sequence[bool]) -> None:
        """`substring[n]`: keyword n needs no boundary."""
        self._substring = substring
        self._find = Bare([fold_tuned(value) for value in values]).find

    def find(self, text: str) -> list[Raw]:
        """Every keyword that stands in the text as a word."""
        folded = fold_tuned(text)
        return [
            (number, start, end)
            for number, start, end in self._find(folded)
            if self._substring[number] or whole(folded, start, end)
        ]


class Bare:
    """ahocorasick-rs, overlapping, as automod configures it."""

    def __init__(self, folded_values: Sequence[str]) -> None:
        """The patterns, folded already; a pattern may come twice."""
        small = len(folded_values) <= SMALL
        self._automaton = AhoCorasick(
            folded_values,
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.DFA if small else Implementation.ContiguousNFA,
        )

    def find(self, folded: str) -> list[Raw]:
        """Every occurrence in an already folded text, in words too."""
        return self._automaton.find_matches_as_indexes(folded, overlapping=True)
