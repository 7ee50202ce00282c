"""The words that disguised ones may turn out to be, and the ways to find one by what is left of it.

A disguise may be read in many ways; most readings are no word. Knowing the words that material is
made of, a reading can be chosen instead of guessed: a dotless letter is whichever of its five
letters makes a word, a digit whichever of its two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice, product
from typing import Final

from .tables.far import far_tables
from .words import is_unspaced

LONGEST_TOKEN: Final = 40
"""Characters of a token that may be Arabic in Latin letters."""

SHORTEST: Final = 5
"""Letters of a word that is put together from pieces; see `is_joinable`."""

# Arabic letters that one drawing without dots stands for (Unicode, chapter 9: the skeletons of the
# joining groups BEH, FEH, QAF, HAH, SEEN, SAD, TAH, AIN, DAL, REH).
_SKELETONS: Final = ("ٮبتثنيئں", "ٯفقڡ", "حجخ", "سش", "صض", "طظ", "عغ", "دذ", "رز")
_RASM: Final = str.maketrans({char: row[0] for row in _SKELETONS for char in row})
_DOTTED: Final[Mapping[str, str]] = {row[0]: row[1:] for row in _SKELETONS[2:]}

# How Arabic is written on Latin keyboards: M. Yaghan, "Arabizi: a contemporary style of Arabic
# slang", Design Issues 24 (2008); qaf and jeem as in Cairo, the Levant, the Gulf and the Maghreb.
_ROMAN: Final[Mapping[str, str]] = {
    "ء": "2", "ا": "aa?|e|2a?", "ب": "bb?|pp?", "ت": "tt?", "ث": "th|s|t", "ج": "jj?|gg?|dj",
    "ح": "77?|hh?", "خ": "5|kh|7'|x", "د": "dd?", "ذ": "dh?|z|th", "ر": "rr?", "ز": "zz?",
    "س": "ss?|c", "ش": "sh|ch|4|x", "ص": "99?|ss?", "ض": "9'?|dh?", "ط": "66?|tt?",
    "ظ": "6'?|z|th|dh", "ع": "33?", "غ": "3'|gh|8|g", "ف": "ff?|vv?", "ق": "[289]|qq?|k|g",
    "ك": "kk?|c", "ل": "ll?", "م": "mm?", "ن": "nn?", "ه": "hh?|ah?|eh?", "و": "ww?|oo?|ou|u",
    "ي": "yy?|ii?|ee?|iy",
}  # fmt: skip
_VOWEL: Final = "[aeiou]?"

# What is left of a spelling when all that people write in different ways is taken out: the
# consonants, one sign each. A letter that one and the same person may write in two ways has both.
_CONSONANTS: Final[Mapping[str, str]] = {
    "ء": "2", "ا": "", "ب": "b", "ت": "t", "ث": "ts", "ج": "jg", "ح": "7", "خ": "5x", "د": "d",
    "ذ": "dz", "ر": "r", "ز": "z", "س": "sc", "ش": "$x4", "ص": "9s", "ض": "9d", "ط": "6t",
    "ظ": "6zd", "ع": "3", "غ": "38g", "ف": "f", "ق": "289qkg", "ك": "kc", "ل": "l", "م": "m",
    "ن": "n", "ه": "", "و": "", "ي": "",
}  # fmt: skip
_DIGRAPHS: Final = (
    ("sh", "$"), ("ch", "$"), ("kh", "5"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("dj", "j"),
    ("3'", "3"), ("7'", "5"), ("6'", "6"), ("9'", "9"),
)  # fmt: skip
_LEFT: Final = str.maketrans("pv", "bf", "aeiouwyh'")
ARABIC_DIGITS: Final = frozenset("2356789")
"""Those that stand for Arabic letters among Latin ones."""
_HAS_LETTER: Final = re.compile("[a-z]")
MOST_FORMS: Final = 64
"""Ways to write the consonants of one Arabic word that are looked for."""


class Vocabulary:
    """Words in loose fold. Immutable; what it is searched by is made when first needed."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words: frozenset[str] = frozenset(words)

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def joins(self, pieces: str) -> bool:
        """Whether pieces, put together, are a word that may be put together from pieces."""
        return pieces in self.words and is_joinable(pieces)

    def undotted(self, word: str) -> list[str]:
        """The words that this one may be when a letter without dots may be any of its letters.

        >>> Vocabulary(["ربح", "رنج"]).undotted("رٮح")
        ['ربح', 'رنج']
        """
        found = self._by_rasm.get(word.translate(_RASM), ())
        return [one for one in found if _stands_for(word, one)]

    @property
    def is_romanised(self) -> bool:
        """Whether some word may be spelt in Latin letters and digits."""
        return bool(self._by_consonants)

    def romanised(self, token: str) -> list[str]:
        """The Arabic words that a token in Latin letters and digits may spell.

        >>> Vocabulary(["قمار", "ربح"]).romanised("2omar")
        ['قمار']
        """
        if ARABIC_DIGITS.isdisjoint(token) or not _HAS_LETTER.search(token):
            return []
        if len(token) > LONGEST_TOKEN or not self.is_romanised:
            return []
        consonants = _consonants_of(token)
        # An alef may be written as the hamza that it carries: 2rba7.
        keys = dict.fromkeys((consonants, once(consonants.replace("2", ""))))
        found = [word for key in keys for word in self._by_consonants.get(key, ())]
        return [word for word in found if _spelling_of(word).fullmatch(token)]

    @cached_property
    def _by_rasm(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for word in sorted(filter(_is_arabic, self.words)):
            index.setdefault(word.translate(_RASM), []).append(word)
        return index

    @cached_property
    def _by_consonants(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for word in sorted(filter(_is_arabic, self.words)):
            if len(word) > 2 and all(char in _CONSONANTS for char in word):
                for form in _forms(word):
                    index.setdefault(form, []).append(word)
        return index


def _forms(word: str) -> Iterator[str]:
    """The consonants of a word as they are written with a digit, with the article too."""
    slots = [_CONSONANTS[char] for char in word if _CONSONANTS[char]]
    if ARABIC_DIGITS.isdisjoint("".join(slots)):
        return
    for form in islice(product(*slots), MOST_FORMS):
        if not ARABIC_DIGITS.isdisjoint(form):
            text = once("".join(form))
            yield text
            yield f"l{text}"


def _consonants_of(token: str) -> str:
    """What is left of a token: its consonants, one sign each, doubled ones once."""
    if "h" in token or "dj" in token or "'" in token:
        for written, sign in _DIGRAPHS:
            token = token.replace(written, sign)
    return once(token.translate(_LEFT))


def once(text: str) -> str:
    """A text in which no character stands twice in a row.

    >>> once("caasinno")
    'casino'
    """
    return _REPEATED.sub("", text)


_REPEATED: Final = re.compile(r"(.)(?=\1)")


def joinable(words: Iterable[str]) -> list[str]:
    """Those of words that may be put together from pieces.

    >>> joinable(["casino", "sex"])
    ['casino']
    """
    fewest = _Fewest()
    return [word for word in words if len(word) >= SHORTEST or len(word) >= fewest[word[:1]]]


def is_joinable(word: str) -> bool:
    """Whether a word is long enough to be put together from pieces.

    >>> is_joinable("casino"), is_joinable("sex"), is_joinable("قمار"), is_joinable("赌博")
    (True, False, True, True)
    """
    size = len(word)
    return size >= SHORTEST or (size > 1 and size >= _fewest(word[0]))


class _Fewest(dict[str, int]):
    """The first letter of a word -> how many letters are enough, looked up once each."""

    def __missing__(self, first: str) -> int:
        found = self[first] = _fewest(first) if first else SHORTEST
        return found


@lru_cache(maxsize=4_096)
def _fewest(first: str) -> int:
    """How many letters are enough for a word that begins so."""
    if is_unspaced(first) or "\uac00" <= first <= "\ud7a3":
        return 2
    return SHORTEST - 1 if "\u0590" <= first < "\u1e00" else SHORTEST


def _is_arabic(word: str) -> bool:
    return "\u0620" <= word[:1] <= "\u06d3"


def _stands_for(word: str, other: str) -> bool:
    dotless = far_tables().dotless
    return all(
        a == b or b in dotless.get(a, "") or b in _DOTTED.get(a, "")
        for a, b in zip(word, other, strict=True)
    )


@lru_cache(maxsize=4_096)
def _spelling_of(word: str) -> re.Pattern[str]:
    """What an Arabic word looks like in Latin letters and digits; short vowels may be written."""
    parts = _VOWEL.join(f"(?:{_ROMAN[char]})" for char in word)
    return re.compile(f"(?:[aei]?l)?{parts}{_VOWEL}")
