"""How common words are, by language: the lists of wordfreq, which come with the extra `analyst`.

Only the head of a list is kept: a word that is rarer is common in no sense.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from automod.text.fold import fold_many
from automod.text.loose import loose_many

COMMON: Final = 5.0
"""Zipf's scale: the logarithm of how often a word stands in a billion. 5: once in 10,000.

Half as common are the words that lists of material are about: beer, wine, gun, bet, cash, dating.
"""
RARE: Final = 3.0
"""Once in a million: the least that is read."""

OF_SCRIPTS: Final[Mapping[str, tuple[str, ...]]] = {
    "arabic": ("ar", "fa", "ur"),
    "latin": ("en", "es", "fr", "de", "pt", "it", "nl", "tr", "id", "vi", "pl"),
    "cyrillic": ("ru", "uk"),
    "cjk": ("zh", "ja"),
    "hangul": ("ko",),
    "hebrew": ("he",),
    "greek": ("el",),
    "other": ("hi", "bn", "ta"),
}
"""The big languages by their script: in another script no word looks like theirs."""
BIG: Final = tuple(language for some in OF_SCRIPTS.values() for language in some)


def is_there() -> bool:
    """Whether the lists are installed."""
    return importlib.util.find_spec("wordfreq") is not None


def is_listed(language: str) -> bool:
    """Whether there is a list of a language.

    >>> is_listed("xx")
    False
    """
    return language in _lists()


@lru_cache(maxsize=64)
def safe_words(language: str, least: float = COMMON) -> frozenset[str]:
    """The words of a language in the safe fold, as `common_words` has them in the loose one."""
    return frozenset(fold_many([word for some in _bins(language, least) for word in some]))


@lru_cache(maxsize=64)
def common_words(language: str, least: float = COMMON) -> Mapping[str, float]:
    """The words of a language in the loose fold, each with how common it is on Zipf's scale.

    Empty where there is no list. `least`: rarer ones are left out.

    Source of the scale: W. van Heuven et al., "SUBTLEX-UK", QJEP 67 (2014).
    """
    bins = _bins(language, least)
    found: dict[str, float] = {}
    words = [word for some in bins for word in some]
    figures = [round(9 - place / 100, 2) for place, some in enumerate(bins) for _ in some]
    for word, zipf in zip(loose_many(fold_many(words)), figures, strict=True):
        found.setdefault(word, zipf)  # the commonest of those that folding merges
    return found


def _bins(language: str, least: float) -> Sequence[Sequence[str]]:
    """One list for each hundredth of the logarithm, from the commonest on."""
    if not is_listed(language):
        return ()
    from wordfreq import read_cBpack

    bins: Sequence[Sequence[str]] = read_cBpack(_lists()[language])
    return bins[: round((9 - least) * 100) + 1]


def one_in(zipf: float) -> int:
    """Of how many words one is a word of that figure, to two digits.

    >>> one_in(4.7), one_in(COMMON)
    (20000, 10000)
    """
    exact = 10 ** (9 - zipf)
    size = 10 ** max(len(str(int(exact))) - 2, 0)
    return int(round(exact / size) * size)


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, str]:
    """The file of each language; none where the extra is missing."""
    if not is_there():
        return {}
    from wordfreq import available_languages

    return available_languages("small")
