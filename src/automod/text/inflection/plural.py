"""English, Spanish, French, German, Portuguese: the plain plural, of words of four letters or more.

The ending depends on how the word ends, so the first rule that fits the word's end decides. Where
the plural also changes the end (cities, luces, journaux, promoções), the changed part stands in a
literal of its own. The rules are those of any grammar: R. Quirk et al., *A Comprehensive Grammar of
the English Language* (1985); RAE, *Nueva gramática de la lengua española* (2009), on number; M.
Grevisse, *Le bon usage*; *Duden: Die Grammatik*; C. Cunha and L. Cintra, *Nova gramática do
português contemporâneo*. Texts are loose-folded: Portuguese ões is oes, a German umlaut is its bare
vowel.

A regular plural is nearly sure, 0.95; the second choice of a class, 0.9; German -er, which also
makes other nouns (Spiel, Spieler), 0.75. Words that are no plural though they look it (news, links)
are listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from .stem import ALONE, Paradigm, Row, Stem, endings

LEAST_LETTERS: Final = 4

SURE: Final = 0.95
SECOND: Final = 0.9


class Rule(NamedTuple):
    """How words with one of these ends make their plural."""

    ends: tuple[str, ...]
    after: Row
    """What follows the word."""
    changed: Mapping[tuple[int, str], float] = MappingProxyType({})
    """(letters dropped, what takes their place) -> confidence."""


_S: Final[Row] = {"s": SURE}
_ES: Final[Row] = {"es": SURE}
_CONSONANTS: Final = "bcdfghjklmnpqrstvwxz"
_ANY: Final = ("",)

RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "en": (
        Rule(("s", "x", "z", "ch", "sh"), _ES),
        Rule(tuple(letter + "y" for letter in _CONSONANTS), {}, {(1, "ies"): SURE}),
        Rule(("ife",), _S, {(2, "ves"): SECOND}),
        Rule(("eaf", "oaf", "alf", "elf", "olf", "arf", "thief"), _S, {(1, "ves"): SECOND}),
        Rule(("o",), {"s": SURE, "es": SECOND}),
        Rule(_ANY, _S),
    ),
    "es": (
        Rule(("z",), {}, {(1, "ces"): SURE}),
        Rule(("i", "u"), {"s": SURE, "es": SECOND}),
        Rule(("a", "e", "o"), _S),
        Rule(("s", "x"), {"es": SECOND}),
        Rule(_ANY, {"es": SURE, "s": SECOND}),
    ),
    "fr": (
        Rule(("s", "x", "z"), {}),
        Rule(("au", "eu"), {"x": SURE, "s": 0.8}),
        Rule(("ou",), {"s": SURE, "x": SECOND}),
        Rule(("al", "ail"), {"s": SECOND}, {(1, "ux"): SURE}),
        Rule(_ANY, _S),
    ),
    "pt": (
        Rule(("ao",), {"s": SECOND}, {(2, "oes"): SURE, (2, "aes"): SECOND}),
        Rule(("m",), {}, {(1, "ns"): SURE}),
        Rule(("al", "el", "ol", "ul"), {}, {(1, "is"): SURE}),
        Rule(("il",), {}, {(1, "s"): SURE, (2, "eis"): SURE}),
        Rule(("r", "z", "s", "n"), _ES),
        Rule(("x",), {}),
        Rule(_ANY, _S),
    ),
    "de": (
        Rule(("chen", "lein"), {"s": SECOND}),
        Rule(("in",), {"nen": SURE, "e": SECOND, "s": SECOND}),
        Rule(("nis",), {"se": SURE, "sen": SECOND, "ses": SECOND}),
        Rule(("el", "er", "en"), {"n": SURE, "s": SURE}),
        Rule(("e",), {"n": SURE, "s": 0.8}),
        Rule(("a", "i", "o", "u", "y"), {"s": SURE, "en": 0.8}),
        Rule(("s", "x", "z"), {"e": SURE, "en": SECOND, "es": SECOND, "er": 0.75, "ern": 0.75}),
        Rule(
            _ANY,
            {"e": SURE, "en": SURE, "s": SURE, "es": SECOND, "er": 0.75, "ern": 0.75},
        ),
    ),
}

_NO_PLURAL: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset(
        """
        always athletics besides blues customs damages economics electronics ethics
        genetics logistics lens mathematics means mechanics acoustics news perhaps physics
        politics premises series sometimes species statistics thanks towards
        """.split()  # noqa: SIM905
    ),
    "es": frozenset(
        """
        ademas antes apenas entonces gracias jamas lejos martes mientras quizas veras
        """.split()  # noqa: SIM905
    ),
    "fr": frozenset(
        """
        alors aupres corps cours divers envers fonds frais jamais leurs moins paris sens
        toujours
        """.split()  # noqa: SIM905
    ),
    "pt": frozenset(
        """
        antes apenas demais depois jamais mais pois simples
        """.split()  # noqa: SIM905
    ),
    "de": frozenset(
        """
        abends alles anders anfangs angesichts bereits besten etwas falls jeder links
        master meisten mittags morgens nachts nichts poster rechts sicher stets teils
        tester wander wenigstens wetter zwecks
        """.split()  # noqa: SIM905
    ),
}
"""Words of their own that look like a plural."""


class _Made(NamedTuple):
    """A rule with its paradigms."""

    ends: tuple[str, ...]
    first: Paradigm
    changed: tuple[tuple[int, str, Paradigm], ...]


def _made(rule: Rule, apart: frozenset[str]) -> _Made:
    changed = [
        (drop, end, endings({"": sure}, apart)) for (drop, end), sure in rule.changed.items()
    ]
    return _Made(rule.ends, endings({"": 1.0, **rule.after}, apart), tuple(changed))


_RULES: Final = {
    language: tuple(_made(rule, _NO_PLURAL[language]) for rule in rules)
    for language, rules in RULES.items()
}


def stems(word: str, language: str) -> tuple[Stem, ...]:
    """The stems of a word in one of the languages of `RULES`; the first is the word itself.

    >>> [stem.text for stem in stems("lottery", "en")]
    ['lottery', 'lotteries']
    >>> stems("casino", "fr")[0].confidence("", "s")
    0.95
    """
    if len(word) < LEAST_LETTERS or not word.isalpha() or not word.isascii():
        return (Stem(word, ALONE),)
    made = next(made for made in _RULES[language] if word.endswith(made.ends))
    first = Stem(word, made.first)
    if not made.changed:
        return (first,)
    changed = ((word[:-drop] + end, rows) for drop, end, rows in made.changed)
    apart = _NO_PLURAL[language]
    return (first, *(Stem(text, rows) for text, rows in changed if text not in apart))
