"""Inflection: the forms of a word that analysts write once, by language.

A word becomes *stems*: literals that a scan finds anywhere, each with a paradigm that judges what
else stands in the same word. Both the word and the text are loose-folded (`text.fold`): alef forms,
ya, ta marbuta and hamza seats are one letter each, Latin diacritics are gone, ё is е. Everything is
pure; tables are made once, and a stem costs a few look-ups to make and to ask.

Confidence 1.0 is the word itself, or it and nothing but the article. Each module says what its
figures rest on. A phrase is inflected word by word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from . import arabic, malay, plural, russian
from .stem import ALONE, Paradigm, Stem

__all__ = ["ALONE", "Paradigm", "Stem", "stems", "stems_of"]

_BY_LANGUAGE: Final[Mapping[str, Callable[[str], tuple[Stem, ...]]]] = {
    "ar": arabic.stems,
    "id": malay.stems,
    "ms": malay.stems,
    "ru": russian.stems,
    **{language: partial(plural.stems, language=language) for language in plural.RULES},
}


def stems(word: str, language: str) -> tuple[Stem, ...]:
    """The stems to search for one loose-folded word; the first is the word itself.

    Args:
        word: one word in the loose fold.
        language: a code such as "ar"; of a language without rules the word stands alone.

    >>> stems("قمار", "ar")[0].confidence("وبال", "")
    0.95
    >>> stems("قمار", "ar")[0].confidence("ا", "") is None  # اقمار: moons
    True
    >>> [stem.text for stem in stems("赌博", "zh")]
    ['赌博']
    """
    made = _BY_LANGUAGE.get(language)
    return (Stem(word, ALONE),) if made is None else made(word)


def stems_of(words: Sequence[str], language: str) -> list[tuple[Stem, ...]]:
    """The stems of each of many words, as `stems` has them.

    >>> [[stem.text for stem in own] for own in stems_of(["赌博", "casino"], "zh")]
    [['赌博'], ['casino']]
    """
    if language == "ar":
        return arabic.stems_of(words)
    made = _BY_LANGUAGE.get(language)
    return [(Stem(word, ALONE),) if made is None else made(word) for word in words]
