"""Russian: the cases of nouns and adjectives, on a stem of four letters or more.

The end of the dictionary form tells the class (A. A. Zaliznyak, *Grammatical Dictionary of
Russian*, 1977): that end is dropped and the endings of the class may follow. The text has е for ё.
Nothing stands before a stem: Russian prefixes make other words. A zero ending, the genitive plural
of feminine and neuter nouns (карт, слов), is the least sure; with ок or ек (ставок) it is a literal
of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .stem import ALONE, Paradigm, Row, Stem, endings

LEAST_LETTERS: Final = 4


def _table(forms: str, sure: float = 0.95) -> Row:
    return dict.fromkeys(forms.split(), sure)


_PLURAL: Final = _table("ам ами ах")
_SOFT_PLURAL: Final = _table("ям ями ях")
_HARD: Final = {**_table("а у ом е ы и ов"), **_PLURAL}

_ADJECTIVE_HARD: Final = _table("ый ой ого ому ым ом ая ую ою ое ые ых ыми ий им их ими ие")
_ADJECTIVE_SOFT: Final = _table("ий ей его ему им ем яя юю ее ие их ими ая ую ое ого ому ой")

CLASSES: Final[Mapping[str, Row]] = {
    "ый": _ADJECTIVE_HARD, "ой": _ADJECTIVE_HARD, "ая": _ADJECTIVE_HARD, "ое": _ADJECTIVE_HARD,
    "ые": _ADJECTIVE_HARD, "яя": _ADJECTIVE_SOFT, "ее": _ADJECTIVE_SOFT,
    "а": {**_table("а ы и е у ой ою ей"), **_PLURAL, "": 0.85},
    "я": {**_table("я и е ю ей ею й"), **_SOFT_PLURAL, "ь": 0.85},
    "о": {**_table("о а у ом е"), **_PLURAL, "": 0.85},
    "е": {**_table("е я а ю у ем и й"), **_PLURAL, **_SOFT_PLURAL},
    "ь": {**_table("ь я ю ем е и ью ей"), **_SOFT_PLURAL},
    "й": {**_table("й я ю ем е и ев"), **_SOFT_PLURAL},
    "ы": _HARD, "и": {**_HARD, **_SOFT_PLURAL, "": 0.85},
}  # fmt: skip
"""End of the dictionary form, the longer first -> the endings that may take its place."""

_HUSHED: Final = frozenset("жчшщц")
_VOWELS: Final = frozenset("аеиоуыэюяьйъ")

_APART: Final = frozenset(
    "более вместе вместо зимой летом перед после почти потом почему поэтому рядом среди".split()  # noqa: SIM905
)

_CONSONANT: Final = endings({"": 1.0, **_HARD}, _APART)
_AFTER_HUSH: Final = endings({"": 1.0, **_HARD, **_table("ем ей ев")}, _APART)
_OK: Final = endings({"": 0.95})
_IY: Final = endings({**_ADJECTIVE_SOFT, **_table("ый ая ое ые ых"), **_table("ия ию ием ии иев")})


def _without(end: str, row: Row) -> Paradigm:
    """Of a stem whose own end is dropped: the word itself is another literal."""
    return endings({after: sure for after, sure in row.items() if after != end}, _APART)


_PARADIGMS: Final = {end: _without(end, row) for end, row in CLASSES.items()}


def stems(word: str) -> tuple[Stem, ...]:
    """The stems of a word; the first is the word itself.

    >>> [stem.text for stem in stems("ставка")]
    ['ставка', 'ставк', 'ставок']
    >>> stems("ставка")[1].confidence("", "ами")
    0.95
    """
    if len(word) < LEAST_LETTERS or not "а" <= word[0] <= "я":
        return (Stem(word, ALONE),)
    last = word[-1]
    if last not in _VOWELS:
        return (Stem(word, _AFTER_HUSH if last in _HUSHED else _CONSONANT),)
    end = word[-2:] if word[-2:] in _PARADIGMS else last
    first = Stem(word, ALONE)
    if word.endswith("ий") and len(word) - 2 >= LEAST_LETTERS:
        return (first, Stem(word[:-2], _IY))
    base = word.removesuffix(end)
    if end not in _PARADIGMS or len(base) < LEAST_LETTERS:
        return (first,)
    second = (first, Stem(base, _PARADIGMS[end]))
    if last != "а" or base[-1] != "к" or base[-2] in _VOWELS:
        return second
    return (*second, Stem(base[:-1] + ("ек" if base[-2] in _HUSHED else "ок"), _OK))
