"""How values are written: in which scripts, in letters enough to be known in a disguise, by whom.

What a material leaves open (view, boundary, language) follows from it. All values of a package are
looked at in one pass over their characters: 100,000 of them cost 25 ms, one by one four times that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import regex

from automod.model.vocabulary import Boundary, Kind, View
from automod.text.language import base

Codes = npt.NDArray[np.int64]

LATIN, CYRILLIC, GREEK, ARABIC, HEBREW, CJK, HANGUL, SOUTH_EAST, OTHER = (
    1 << bit for bit in range(9)
)
"""Scripts of letters, one bit each. CJK: Han and kana; SOUTH_EAST: Thai, Lao, Khmer, Myanmar."""
LONG: Final = 1 << 9
"""The bit that says: every way to write the value has letters enough for the view `evasion`."""
WRITINGS: Final = 1 << 10
"""How many writings there are: scripts, and whether long."""

TEXT: Final[frozenset[Kind]] = frozenset({"keyword", "phrase"})
"""The kinds that are read letter by letter; the others have rules of their own."""

_NAMED: Final = {
    "LATIN": (LATIN, r"\p{Latin}"),
    "CYRILLIC": (CYRILLIC, r"\p{Cyrillic}"),
    "GREEK": (GREEK, r"\p{Greek}"),
    "ARABIC": (ARABIC, r"\p{Arabic}"),
    "HEBREW": (HEBREW, r"\p{Hebrew}"),
    "CJK": (CJK, r"\p{Han}\p{Hiragana}\p{Katakana}"),
    "HANGUL": (HANGUL, r"\p{Hangul}"),
    "SOUTH_EAST": (SOUTH_EAST, r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"),
    "OTHER": (OTHER, r"[\p{L}--\p{Common}--\p{Inherited}]"),
}
_SCRIPT: Final = regex.compile(
    "|".join(rf"(?P<{name}>[[{letters}]&&\p{{L}}])" for name, (_, letters) in _NAMED.items()),
    regex.VERSION1,
)

_FEWEST: Final = {LATIN: 5, CYRILLIC: 5, GREEK: 5, ARABIC: 4, HEBREW: 4, CJK: 2, HANGUL: 2}
_NEVER: Final = 1 << 40
_UNSPACED: Final = CJK | SOUTH_EAST

_ELEMENT: Final = re.compile(r"<[^<>]*>|\([^()]*\)|[^\s<>()]+")

_WRITTEN_IN: Final[Mapping[str, int]] = {
    **dict.fromkeys(("ar", "fa", "ks", "ps", "sd", "ug", "ur"), ARABIC),
    **dict.fromkeys(("ba", "be", "bg", "ce", "cv", "mk", "mn", "os", "ru", "tg", "tt", "uk"),
                    CYRILLIC),
    **dict.fromkeys(("kk", "ky", "sr", "tk", "uz"), CYRILLIC | LATIN),
    **dict.fromkeys(("he", "yi"), HEBREW),
    **dict.fromkeys(("ja", "zh"), CJK),
    **dict.fromkeys(("km", "lo", "my", "th"), SOUTH_EAST),
    **dict.fromkeys(("am", "as", "bn", "dv", "gu", "hi", "hy", "ka", "kn", "ml", "mr", "ne", "or",
                     "sa", "si", "ta", "te", "ti"), OTHER),
    "el": GREEK, "ko": HANGUL, "ku": ARABIC | LATIN, "pa": ARABIC | OTHER,
}  # fmt: skip
"""Language -> its scripts; Latin where it is not here."""
_SUBTAGS: Final[Mapping[str, int]] = {
    "arab": ARABIC, "cyrl": CYRILLIC, "grek": GREEK, "hebr": HEBREW, "latn": LATIN,
}  # fmt: skip
"""A script that a tag names, as in `sr-Latn`."""

INFLECTED: Final[Mapping[str, int]] = {"ar": ARABIC, "id": LATIN, "ms": LATIN}
"""Languages (in a script) whose words are inflected unless told otherwise: few stand there bare."""
SPELT: Final = frozenset({"az", "tr"})
"""Languages whose spelling is checked on the hit, whatever the boundary."""


def writing_of(value: str, kind: Kind) -> int:
    """In which scripts a safe-folded value is written, and whether it is long.

    It is long if every way to write it has letters enough: five, of Arabic and Hebrew four, of
    Han, kana and Hangul two; of letters of several scripts the most that one of these asks for. In
    other scripts nothing is. A phrase is written in any of its alternatives: all letters of its
    words count, and those of a slot do not.

    >>> bool(writing_of("casino", "keyword") & LONG), bool(writing_of("bet", "keyword") & LONG)
    (True, False)
    >>> bool(writing_of("win (cash|a car)", "phrase") & LONG)
    True
    >>> writing_of("vip كازينو", "phrase") == LATIN | ARABIC | LONG
    True
    """
    scripts = 0
    fewest = {0: 0}  # the scripts of a way -> the fewest letters of such ways
    for options in _options(value) if kind == "phrase" else ([value],):
        counted = [_count(option) for option in options]
        ways: dict[int, int] = {}
        for (before, some), (more, letters) in product(fewest.items(), counted):
            both = before | more
            scripts |= both
            ways[both] = min(some + letters, ways.get(both, _NEVER))
        fewest = ways
    long = all(letters >= _needed(way) for way, letters in fewest.items())
    return scripts | long * LONG


def writings_of(values: Sequence[str], phrases: Iterable[int]) -> Codes:
    """`writing_of` of many values, none of them empty; `phrases` are the places of phrases.

    >>> [hex(one) for one in writings_of(["casino", "赌"], [])]
    ['0x201', '0x20']
    """
    lengths = np.fromiter(map(len, values), np.int64, len(values))
    joined = "".join(values).encode("utf-32-le", "surrogatepass")
    chars = np.frombuffer(joined, np.uint32)
    scripts = _scripts_of(chars)
    starts = np.cumsum(lengths) - lengths
    found = np.bitwise_or.reduceat(scripts, starts).astype(np.int64)
    letters = np.add.reduceat((scripts != 0).astype(np.int64), starts)
    needed = np.array([_needed(one) for one in range(LONG)])
    found |= (letters >= needed[found]) * np.int64(LONG)
    for place in phrases:
        if "(" in values[place] or "<" in values[place]:
            found[place] = writing_of(values[place], "phrase")
    return found


def _scripts_of(chars: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint16]:
    """The script of each character; only the different ones, which are few, are looked up."""
    top = int(chars.max()) + 1
    there = np.zeros(top, np.bool_)
    there[chars] = True
    table = np.zeros(top, np.uint16)
    for code in there.nonzero()[0].tolist():
        table[code] = _script_of(chr(code))
    return table[chars]


def _options(value: str) -> Iterator[list[str]]:
    """The alternatives of each element of a phrase; slots have none."""
    for part in _ELEMENT.findall(value):
        if part[0] != "<":
            yield part[1:-1].split("|") if part[0] == "(" else [part]


def _count(text: str) -> tuple[int, int]:
    """The scripts of a text's letters, and how many letters there are."""
    found = list(filter(None, map(_script_of, text)))
    scripts = 0
    for one in found:
        scripts |= one
    return scripts, len(found)


@lru_cache(maxsize=8_192)
def _script_of(char: str) -> int:
    match = _SCRIPT.match(char)
    return 0 if match is None or match.lastgroup is None else _NAMED[match.lastgroup][0]


@lru_cache(maxsize=LONG)
def _needed(scripts: int) -> int:
    """How many letters of these scripts are enough; never, where there is none that is counted."""
    bits = [1 << bit for bit in range(LONG.bit_length() - 1) if scripts >> bit & 1]
    return max((_FEWEST.get(bit, _NEVER) for bit in bits), default=_NEVER)


# --- what is left out ----------------------------------------------------------------------------


def language_of(writing: int, languages: Sequence[str]) -> str:
    """The language of a value: the first that a package names and that is written so.

    Where there is none, Arabic letters are Arabic; of other letters the language stays unknown.
    Names in Latin letters are in every language's texts: beside other letters they say nothing.

    >>> language_of(ARABIC, ("en", "arz")), language_of(ARABIC, ("fa", "ar"))
    ('ar', 'fa')
    >>> language_of(ARABIC, ()), language_of(LATIN, ("ar",))
    ('ar', '')
    """
    letters = writing & (LONG - 1)
    letters = letters & ~LATIN or letters
    named = (base(code) for code in languages if scripts_of_language(code) & letters)
    return next(named, "ar" if letters & ARABIC else "")


def scripts_of_language(code: str) -> int:
    """The scripts that a language is written in; Latin where it is not known.

    >>> scripts_of_language("ar") == ARABIC, scripts_of_language("sr-Latn") == LATIN
    (True, True)
    """
    for part in code.lower().split("-")[1:]:
        if part in _SUBTAGS:
            return _SUBTAGS[part]
    return _WRITTEN_IN.get(base(code), LATIN)


def default_view(writing: int) -> View:
    """The view of a value that says none.

    >>> default_view(writing_of("رهان", "keyword")), default_view(writing_of("ربح", "keyword"))
    ('evasion', 'safe')
    """
    return "evasion" if writing & LONG else "safe"


def default_boundary(writing: int, language: str) -> Boundary:
    """The boundary of a value that says none: `substring` in scripts without spaces.

    >>> default_boundary(LATIN, "en"), default_boundary(CJK, "zh"), default_boundary(ARABIC, "ar")
    ('word', 'substring', 'inflected')
    """
    if writing & _UNSPACED:
        return "substring"
    return "inflected" if writing & INFLECTED.get(language, 0) else "word"


def kept_language(language: str, boundary: Boundary) -> str:
    """The language as far as a material needs it: for inflection and for its spelling."""
    return language if boundary == "inflected" or language in SPELT else ""
