"""An attacker for the tests: words of risky advertisements, disguised as advertisers disguise them.

It owes nothing to the library that it attacks: the tables are its own, or those of Unicode. Whoever
gives it the same seed gets the same disguises.

    python tests/adversary.py --show 3
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from random import Random
from types import MappingProxyType
from typing import Final

from adversary_words import (
    ACCENTS,
    ALEFS,
    CARRIERS,
    CLITICS,
    DIGITS,
    DOTLESS,
    DOTLESS_AT_END,
    DOTS,
    EMOJI,
    ENDINGS,
    FAR_LETTERS,
    FAUX,
    FINALS,
    GREEK_VOWELS,
    HANGS,
    HYPHENS,
    INTERLEAVED,
    JOINERS,
    LATIN_INSIDE,
    LEADING,
    LEET,
    LONG,
    LONG_MARKS,
    LOOK_ALIKES,
    LTR_PAIRS,
    NIQQUD,
    NUKTAS,
    PERSIAN,
    RARE_IGNORABLES,
    ROMAN,
    RTL_PAIRS,
    SELECTORS,
    SEMIVOWELS,
    SIMPLIFIED,
    SMALL_CAPITALS,
    SPACES,
    STACKED,
    STARS,
    STRIKES,
    STROKES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
    TAGS,
    TASHKEEL,
    TONES,
    TRADITIONAL,
    TRAILING,
    UNDERSCORES,
    VIRAMA,
    VOWELS,
    WORDS,
    ZERO_WIDTH,
    Table,
)

Write = Callable[[str, Random], str]
"""A way to write a word; the word itself comes back where the trick has nothing to take hold of."""
SCRIPTS: Final = tuple(WORDS)
ATTEMPTS: Final = 60
"""How often a set of tricks is drawn before the attacker gives up."""


@dataclass(frozen=True)
class Trick:
    """One way to disguise a word.

    Attributes:
        name: what the trick is called, unique.
        scripts: where it is used.
        kind: at most one trick of a kind is in a disguise.
        stage: tricks of a lower stage are applied before it.
        write: the trick itself.
    """

    name: str
    scripts: tuple[str, ...]
    kind: str
    stage: int
    write: Write


@dataclass(frozen=True)
class Disguise:
    """A word in disguise, and the tricks that made it, in the order in which they were applied."""

    text: str
    tricks: tuple[str, ...]


# --- letters --------------------------------------------------------------------------------------


def hangs(char: str) -> bool:
    """Whether a character belongs to the letter before: marks, invisible ones, vowels of jamo."""
    jamo = "\u1160" <= char <= "\u11ff"
    return char in HANGS or jamo or unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf"}


def letters(text: str) -> list[str]:
    """The letters a reader sees, each with what hangs on it; Devanagari conjuncts are one.

    >>> letters("पोर्न")
    ['पो', 'र्न']
    """
    found: list[str] = []
    for char in text:
        if found and (hangs(char) or found[-1].endswith(VIRAMA)):
            found[-1] += char
        else:
            found.append(char)
    return found


def some(items: Sequence[int], most: int, rng: Random) -> set[int]:
    """At least one of the places, at most so many."""
    return set(rng.sample(items, rng.randint(1, max(1, min(most, len(items)))))) if items else set()


def swapped(word: str, rng: Random, *, by: Table, share: float = 1.0) -> str:
    """A word with at least one letter, and at most this share of its letters, exchanged."""
    most = max(1, int(share * len(letters(word))))
    places = some([at for at, char in enumerate(word) if char in by], most, rng)
    return "".join(rng.choice(by[char]) if at in places else char for at, char in enumerate(word))


def restyled(word: str, rng: Random, *, by: Table) -> str:
    """A word with every letter exchanged that has a stand-in."""
    return "".join(rng.choice(by[char]) if char in by else char for char in word)


def marked(word: str, rng: Random, *, marks: str, most: int = 1) -> str:
    """A word with marks on some of its letters, up to so many on each."""
    parts = letters(word)
    places = some([at for at, part in enumerate(parts) if part[0].isalpha()], len(parts), rng)
    for at in sorted(places):
        parts[at] += "".join(rng.choice(marks) for _ in range(rng.randint(1, most)))
    return "".join(parts)


def inserted(word: str, rng: Random, *, what: Sequence[str], most: int = 99) -> str:
    """A word with something between some of its letters, at up to so many places."""
    parts = letters(word)
    for at in sorted(some(range(len(parts) - 1), most, rng)):
        parts[at] += rng.choice(what)
    return "".join(parts)


def separated(word: str, rng: Random, *, by: Sequence[str]) -> str:
    """A word with one and the same symbol between all its letters."""
    return rng.choice(by).join(letters(word))


# --- all scripts ----------------------------------------------------------------------------------

RTL: Final = ("arabic", "hebrew")
EUROPEAN: Final = ("latin", "cyrillic", "greek")


def rtl(word: str) -> bool:
    """Whether a word is read from right to left."""
    return any(unicodedata.bidirectional(char) in {"R", "AL"} for char in word)


def directed(word: str, rng: Random) -> str:
    """Marks of the word's own direction inside it: it looks as before."""
    if rng.random() < 0.5:
        return inserted(word, rng, what="\u200f\u061c" if rtl(word) else "\u200e")
    opening, closing = rng.choice(RTL_PAIRS if rtl(word) else LTR_PAIRS)
    parts = letters(word)
    first = rng.randrange(len(parts))
    last = rng.randrange(first, len(parts))
    parts[first] = opening + parts[first]
    parts[last] += closing
    return "".join(parts)


def elongated(word: str, rng: Random) -> str:
    """One to three letters, three to six times each."""
    parts = letters(word)
    places = some([at for at, part in enumerate(parts) if not part[0].isdigit()], 3, rng)
    return "".join(
        part * rng.randint(3, 6) if at in places else part for at, part in enumerate(parts)
    )


def split(word: str, rng: Random) -> str:
    """One space inside a word of five letters or more, four if it is read from right to left."""
    parts = letters(word)
    if len(parts) < (4 if rtl(word) else 5):
        return word
    at = rng.randrange(1, len(parts))
    return "".join(parts[:at]) + " " + "".join(parts[at:])


def reversed_(word: str, rng: Random) -> str:
    """The letters backwards, under an override that shows them forwards."""
    del rng
    opening = "\u202d" if rtl(word) else "\u202e"
    return opening + "".join(reversed(letters(word))) + "\u202c"


# --- Latin, Cyrillic, Greek -----------------------------------------------------------------------


def greek(word: str) -> bool:
    """Whether most of a word is Greek."""
    return 2 * sum("GREEK" in unicodedata.name(char, "") for char in word) > len(word)


def cased(word: str, rng: Random) -> str:
    """All capitals, or capitals here and there; Greek capitals carry no accents."""
    if rng.random() < 0.4:
        capitals = unicodedata.normalize("NFD", word.upper())
        bare = capitals.replace("\u0301", "") if greek(word) else capitals
        return unicodedata.normalize("NFC", bare)
    return swapped(word, rng, by={char: char.upper() for char in word if char.islower()})


def accented(word: str, rng: Random) -> str:
    """Accents on Latin and Cyrillic letters, composed or not; Greek vowels with another one."""
    toned = {char: _toned(char) for char in word if _base(char).lower() in GREEK_VOWELS}
    if greek(word) and toned:
        return swapped(word, rng, by=toned)
    text = marked(word, rng, marks=ACCENTS)
    return unicodedata.normalize("NFC", text) if rng.random() < 0.7 else text


def _base(char: str) -> str:
    """A letter without its accents."""
    return unicodedata.normalize("NFD", char)[0]


def _toned(char: str) -> tuple[str, ...]:
    """A Greek vowel with every other accent."""
    forms = [unicodedata.normalize("NFC", _base(char) + tone) for tone in TONES]
    return tuple(form for form in forms if form != char)


def alphabet(first: int, small: int | None = None) -> Table:
    """The letters a to z, and A to Z, in the alphabets that begin at these code points."""
    pairs = [(chr(97 + n), chr((first if small is None else small) + n)) for n in range(26)]
    return dict(pairs) | {char.upper(): chr(first + n) for n, (char, _) in enumerate(pairs)}


FULL_WIDTH: Final = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
CIRCLES: Final = tuple(
    alphabet(*codes)
    for codes in [(0x24B6, 0x24D0), (0x24B6,), (0x1F150,), (0x1F110, 0x249C), (0x1F110,)]
)
SQUARES: Final = (alphabet(0x1F130), alphabet(0x1F170))
REGIONAL: Final = alphabet(0x1F1E6)


@cache
def fonts() -> Mapping[str, Table]:
    """Name of a font of mathematics -> its letters, as Unicode tells them; Arabic ones as well."""
    found: dict[str, dict[str, str]] = {}
    for code in [*range(0x2100, 0x2150), *range(0x1D400, 0x1D7CC), *range(0x1EE00, 0x1EEF0)]:
        kind, *plain = unicodedata.decomposition(chr(code)).split(" ") or [""]
        if kind != "<font>" or len(plain) != 1:
            continue
        name = unicodedata.name(chr(code)).replace(" SMALL ", " CAPITAL ").split(" CAPITAL ")[0]
        name = name.rsplit(" ", 1)[0] if name.startswith("ARABIC") else name
        name = name.removeprefix("MATHEMATICAL ")
        found.setdefault(name, {}).setdefault(chr(int(plain[0], 16)), chr(code))
    return found


def mathematical(word: str, rng: Random) -> str:
    """A word in a font of mathematics that has most of its letters."""
    enough = 0.6 * len(word)
    fitting = [font for font in fonts().values() if sum(char in font for char in word) >= enough]
    return restyled(word, rng, by=rng.choice(fitting)) if fitting else word


def badged(word: str, rng: Random, *, by: Sequence[Table]) -> str:
    """A word in circles, squares, or whatever is one of these alphabets."""
    return restyled(word, rng, by=rng.choice(by))


def regional(word: str, rng: Random) -> str:
    """A word in letters of flags, at times kept apart so that no flag is shown."""
    between = rng.choice(["", "", "\u200b", "\u200c"])
    return between.join(letters(restyled(word, rng, by=REGIONAL)))


# --- Arabic and Hebrew ----------------------------------------------------------------------------


def tatweeled(word: str, rng: Random) -> str:
    """Kashidas between the letters."""
    return inserted(word, rng, what=("ـ", "ـ", "ــ", "ـــ"))


def ended(word: str, rng: Random) -> str:
    """Another form of the last letter: alef maqsura for ya, ha for ta marbuta, or back."""
    del rng
    return word[:-1] + ENDINGS.get(word[-1], word[-1])


def dotless(word: str, rng: Random) -> str:
    """Up to half of the letters without their dots."""
    bare = {at: DOTLESS[char] for at, char in enumerate(word) if char in DOTLESS}
    if word[-1] in DOTLESS_AT_END:
        bare[len(word) - 1] = DOTLESS_AT_END[word[-1]]
    places = some(list(bare), len(word) // 2, rng)
    return "".join(rng.choice(bare[at]) if at in places else char for at, char in enumerate(word))


def prefixed(word: str, rng: Random) -> str:
    """An article, a preposition or an "and" before the word."""
    return rng.choice(CLITICS) + word


def arabizi(word: str, rng: Random) -> str:
    """A word in Latin letters and at least one of the digits 2 3 5 6 7 8 9."""
    digits = [at for at, char in enumerate(word) if char in DIGITS]
    if not digits:
        return word
    sure, short = rng.choice(digits), rng.choice("aeio")
    text = ""
    for at, char in enumerate(word):
        if at and _consonant(word, at) and _consonant(word, at - 1) and rng.random() < 0.7:
            text += short
        text += rng.choice(DIGITS[char] if at == sure else _romans(word, at))
    return text


def _romans(word: str, at: int) -> Sequence[str]:
    """How a letter may be written in Latin letters or digits, where it stands."""
    char = word[at]
    if char in SEMIVOWELS:
        return {"و": "w", "ي": "y"}[char] if _consonant(word, at) else SEMIVOWELS[char]
    return (*ROMAN[char], *DIGITS.get(char, ()))


def _consonant(word: str, at: int) -> bool:
    """Whether a letter is heard as a consonant: waw and ya are at the start and beside vowels."""
    if word[at] in SEMIVOWELS:
        beside = (word[at - 1 : at] if at else "") + word[at + 1 : at + 2]
        return at == 0 or any(char in LONG + "أإآ" for char in beside)
    return word[at] not in LONG + "أإآؤئء"


@cache
def presented() -> Mapping[str, Mapping[str, str]]:
    """Arabic letters, or lam and alef, -> how they look alone, first, in the middle, last."""
    found: dict[str, dict[str, str]] = {}
    for code in [*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFC00), *range(0xFE80, 0xFEFD)]:
        place, *plain = unicodedata.decomposition(chr(code)).split(" ")
        if plain:
            letter = "".join(chr(int(one, 16)) for one in plain)
            found.setdefault(letter, {}).setdefault(place.strip("<>"), chr(code))
    return found


def presentation(word: str, rng: Random) -> str:
    """Arabic letters in the forms that they have in print, Hebrew letters in their wide ones."""
    if any(char in hebrew_forms() for char in word):
        return swapped(word, rng, by=hebrew_forms())
    units = _ligated(letters(word)) if rng.random() < 0.5 else letters(word)
    joins = ["initial" in _shapes(unit) for unit in units] + [False]
    ends = ["final" in _shapes(unit) for unit in units] + [False]
    return "".join(
        _shaped(unit, before=at > 0 and joins[at - 1], after=joins[at] and ends[at + 1])
        for at, unit in enumerate(units)
    )


def _ligated(parts: Iterable[str]) -> list[str]:
    """Letters with lam and alef as one."""
    found: list[str] = []
    for part in parts:
        if found and found[-1] + part in presented():
            found[-1] += part
        else:
            found.append(part)
    return found


def _shapes(unit: str) -> Mapping[str, str]:
    """The forms of a letter, whatever marks are on it, or of a ligature."""
    return presented().get(unit) or presented().get(unit[0], {})


def _shaped(unit: str, *, before: bool, after: bool) -> str:
    """A letter as it looks beside those that it is joined to; marks on it stay."""
    marks = "" if unit in presented() else unit[1:]
    place = ("medial" if after else "final") if before else ("initial" if after else "isolated")
    return _shapes(unit).get(place, unit[: len(unit) - len(marks)]) + marks


@cache
def hebrew_forms() -> Table:
    """Hebrew letters -> their presentation forms, the wide ones and those with points."""
    found: dict[str, str] = {}
    for code in range(0xFB1D, 0xFB4F):
        plain = unicodedata.normalize("NFKD", chr(code))
        if plain[0].isalpha() and all(hangs(char) for char in plain[1:]):
            found[plain[0]] = found.get(plain[0], "") + chr(code)
    return found


# --- Han, kana, Hangul ----------------------------------------------------------------------------

TO_TRADITIONAL: Final = dict(zip(SIMPLIFIED, TRADITIONAL, strict=True))
YO: Final = {"е": "ё", "ё": "е"}


@cache
def one_to_one(*ranges: tuple[int, int]) -> Table:
    """Character -> those of some ranges of Unicode that are compatible with it alone."""
    found: dict[str, str] = {}
    for first, last in ranges:
        for char in map(chr, range(first, last)):
            plain = unicodedata.normalize("NFKC", char)
            if len(plain) == 1 and plain != char:
                found[plain] = found.get(plain, "") + char
    return found


def compatible(word: str, rng: Random) -> str:
    """Radicals and compatibility ideographs in place of the letters."""
    return swapped(word, rng, by=one_to_one((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0x2F800, 0x2FA20)))


def half_width(word: str, rng: Random) -> str:
    """Half-width katakana; hiragana become katakana before."""
    plain = unicodedata.normalize("NFD", katakana(word))
    marks = plain.replace("\u3099", "ﾞ").replace("\u309a", "ﾟ")
    return restyled(marks, rng, by=one_to_one((0xFF65, 0xFF9E)))


def katakana(word: str) -> str:
    """A word with its hiragana as katakana."""
    return "".join(chr(ord(char) + 96) if "ぁ" <= char <= "ゖ" else char for char in word)


def kana_exchanged(word: str, rng: Random) -> str:
    """Hiragana for katakana, or the other way round."""
    del rng
    other = katakana(word)
    if other != word:
        return other
    return "".join(chr(ord(char) - 96) if "ァ" <= char <= "ヶ" else char for char in word)


def voiced(word: str, rng: Random) -> str:
    """The voicing marks of kana on their own: combining ones, or those that take room."""
    mark = rng.choice(["\u3099\u309a", "\u309b\u309c", "ﾞﾟ"])
    plain = unicodedata.normalize("NFD", word)
    return plain.replace("\u3099", mark[0]).replace("\u309a", mark[1])


def circled_kana(word: str, rng: Random) -> str:
    """Katakana in circles."""
    return restyled(word, rng, by=one_to_one((0x32D0, 0x32FF)))


def conjoining(word: str, rng: Random) -> str:
    """Hangul syllables taken apart into the jamo that join again on the screen."""
    del rng
    return unicodedata.normalize("NFD", word)


def jamo(word: str, rng: Random) -> str:
    """Hangul syllables as a row of letters."""
    del rng
    return "".join(_row(char) for char in word)


def half_width_jamo(word: str, rng: Random) -> str:
    """Hangul syllables as a row of half-width letters."""
    halves = {
        chr(int(unicodedata.decomposition(chr(code)).split(" ")[1], 16)): chr(code)
        for code in range(0xFFA1, 0xFFDD)
        if unicodedata.decomposition(chr(code))
    }
    return restyled(jamo(word, rng), rng, by=halves)


def _row(syllable: str) -> str:
    """The letters of a Hangul syllable; anything else as it is."""
    at = ord(syllable) - 0xAC00
    if not 0 <= at < 11172:
        return syllable
    end = at % 28
    return LEADING[at // 588] + VOWELS[at % 588 // 28] + (TRAILING[end - 1] if end else "")


# --- Devanagari and Thai --------------------------------------------------------------------------


def nuktas(word: str, rng: Random) -> str:
    """Dots under letters that have none, and none under one that has."""
    if "\u093c" in unicodedata.normalize("NFD", word):
        return unicodedata.normalize("NFD", word).replace("\u093c", "")
    return swapped(word, rng, by=NUKTAS, share=0.5)


def joiners(word: str, rng: Random) -> str:
    """A joiner or a non-joiner after each stroke that joins two consonants."""
    return word.replace(VIRAMA, VIRAMA + rng.choice("\u200c\u200d"))


def sara_am(word: str, rng: Random) -> str:
    """Sara am as the ring and the vowel of which it consists."""
    del rng
    return word.replace("\u0e33", "\u0e4d\u0e32")


def sara_ae(word: str, rng: Random) -> str:
    """Sara ae as twice sara e, which looks the same."""
    del rng
    return word.replace("แ", "เเ")


# --- the tricks -----------------------------------------------------------------------------------

PREFIX, SPELL, CASE, SWAP, STYLE, STRETCH, MARK, HIDE, INSIDE, APART, WRAP = range(11)
"""The stages, in the order in which tricks are applied."""

ROWS: Final[list[tuple[str, tuple[str, ...], str, int, Write]]] = [
    ("clitic", ("arabic",), "clitic", PREFIX, prefixed),
    ("alef", ("arabic",), "alef", SPELL, partial(swapped, by=ALEFS)),
    ("ending", ("arabic",), "ending", SPELL, ended),
    ("persian letters", ("arabic",), "persian", SPELL, partial(swapped, by=PERSIAN)),
    ("far letters", ("arabic",), "far", SPELL, partial(swapped, by=FAR_LETTERS, share=0.4)),
    ("arabizi", ("arabic",), "roman", SPELL, arabizi),
    ("final letters", ("hebrew",), "finals", SPELL, partial(swapped, by=FINALS, share=0.4)),
    ("traditional", ("han",), "traditional", SPELL, partial(swapped, by=TO_TRADITIONAL)),
    ("yo", ("cyrillic",), "yo", SPELL, partial(swapped, by=YO)),
    ("nukta", ("devanagari",), "nukta", SPELL, nuktas),
    ("joiners", ("devanagari",), "joiners", SPELL, joiners),
    ("nikhahit and aa", ("thai",), "sara am", SPELL, sara_am),
    ("twice sara e", ("thai",), "sara ae", SPELL, sara_ae),
    ("long marks", ("kana",), "long marks", SPELL, partial(swapped, by=LONG_MARKS)),
    ("case", EUROPEAN, "case", CASE, cased),
    ("look-alikes", EUROPEAN, "swap", SWAP, partial(swapped, by=LOOK_ALIKES, share=0.4)),
    ("faux letters", EUROPEAN, "swap", SWAP, partial(swapped, by=FAUX, share=0.4)),
    ("strokes", ("latin", "cyrillic"), "swap", SWAP, partial(swapped, by=STROKES, share=0.4)),
    ("leet", EUROPEAN, "swap", SWAP, partial(swapped, by=LEET, share=0.4)),
    ("dotless", ("arabic",), "swap", SWAP, dotless),
    ("latin inside", ("arabic",), "swap", SWAP, partial(swapped, by=LATIN_INSIDE, share=0.4)),
    ("full width", ("latin",), "font", STYLE, partial(restyled, by=FULL_WIDTH)),
    ("mathematical", ("latin", "greek", "arabic"), "font", STYLE, mathematical),
    ("circled", ("latin",), "badge", STYLE, partial(badged, by=CIRCLES)),
    ("squared", ("latin",), "badge", STYLE, partial(badged, by=SQUARES)),
    ("regional indicators", ("latin",), "badge", STYLE, regional),
    ("small capitals", ("latin",), "badge", STYLE, partial(restyled, by=SMALL_CAPITALS)),
    ("superscripts", ("latin",), "badge", STYLE, partial(restyled, by=SUPERSCRIPTS)),
    ("subscripts", ("latin",), "badge", STYLE, partial(restyled, by=SUBSCRIPTS)),
    ("presentation forms", RTL, "font", STYLE, presentation),
    ("compatibility ideographs", ("han",), "font", STYLE, compatible),
    ("half width", ("kana",), "font", STYLE, half_width),
    ("kana exchanged", ("kana",), "font", STYLE, kana_exchanged),
    ("voicing marks", ("kana",), "font", STYLE, voiced),
    ("circled kana", ("kana",), "font", STYLE, circled_kana),
    ("conjoining jamo", ("hangul",), "font", STYLE, conjoining),
    ("compatibility jamo", ("hangul",), "font", STYLE, jamo),
    ("half-width jamo", ("hangul",), "font", STYLE, half_width_jamo),
    ("elongation", (*EUROPEAN, *RTL, "kana", "thai"), "stretch", STRETCH, elongated),
    ("tatweel", ("arabic",), "tatweel", MARK, tatweeled),
    ("tashkeel", ("arabic",), "marks", MARK, partial(marked, marks=TASHKEEL, most=2)),
    ("niqqud", ("hebrew",), "marks", MARK, partial(marked, marks=NIQQUD)),
    ("accents", EUROPEAN, "marks", MARK, accented),
    ("stacked marks", EUROPEAN, "marks", MARK, partial(marked, marks=STACKED, most=5)),
    ("struck through", EUROPEAN, "marks", MARK, partial(marked, marks=STRIKES)),
    ("zero width", SCRIPTS, "zero width", HIDE, partial(inserted, what=ZERO_WIDTH)),
    ("hidden joiners", SCRIPTS, "hidden joiners", HIDE, partial(inserted, what=JOINERS)),
    ("rare ignorables", SCRIPTS, "rare", HIDE, partial(inserted, what=RARE_IGNORABLES)),
    ("variation selectors", SCRIPTS, "selectors", HIDE, partial(inserted, what=SELECTORS)),
    ("tag characters", SCRIPTS, "tags", HIDE, partial(inserted, what=TAGS)),
    ("bidi marks", SCRIPTS, "bidi", HIDE, directed),
    ("symbols inside", SCRIPTS, "inside", INSIDE, partial(inserted, what=SYMBOLS, most=2)),
    ("emoji inside", SCRIPTS, "inside", INSIDE, partial(inserted, what=EMOJI, most=2)),
    ("interleaved", ("han",), "inside", INSIDE, partial(inserted, what=INTERLEAVED)),
    ("split", (*EUROPEAN, *RTL, "thai"), "split", APART, split),
    ("spaced", SCRIPTS, "apart", APART, partial(separated, by=" ")),
    ("odd spaces", SCRIPTS, "apart", APART, partial(separated, by=SPACES)),
    ("dotted", SCRIPTS, "apart", APART, partial(separated, by=DOTS)),
    ("starred", SCRIPTS, "apart", APART, partial(separated, by=STARS)),
    ("hyphenated", SCRIPTS, "apart", APART, partial(separated, by=HYPHENS)),
    ("underscored", SCRIPTS, "apart", APART, partial(separated, by=UNDERSCORES)),
    ("reversed", SCRIPTS, "wrap", WRAP, reversed_),
]
TRICKS: Final[Mapping[str, Trick]] = MappingProxyType({row[0]: Trick(*row) for row in ROWS})

BARRED: Final = {
    "badge": {"case", "swap", "font", "marks"},  # one alphabet a word, and nothing on top of it
    "roman": {"clitic", "alef", "ending", "persian", "far", "swap", "font", "tatweel", "marks"},
    "far": {"persian", "swap"},  # three letters in four would be strange
    "apart": {"inside", "split"},
    "wrap": {"bidi"},  # pairs of controls would be turned round
}
"""Kind -> the kinds that it would undo, or beside which no reader could read the word."""


def words(script: str) -> tuple[str, ...]:
    """The words of a script, as they are written when nothing is hidden."""
    return tuple(WORDS[script].split())


def carrier(script: str, rng: Random) -> tuple[str, str]:
    """Harmless text to stand before and after a disguised word."""
    pairs = [line.split(" | ") for line in CARRIERS[script].strip().splitlines()]
    return rng.choice(pairs)[0].strip(), rng.choice(pairs)[1].strip()


def disguise(word: str, script: str, count: int, rng: Random) -> Disguise | None:
    """A word under so many tricks that go together; None if so many do not apply to it.

    >>> disguise("casino", "latin", 2, Random(5)) == disguise("casino", "latin", 2, Random(5))
    True
    """
    usable = [TRICKS[name] for name in applicable(word, script)]
    for _ in range(ATTEMPTS):
        tricks = drawn(usable, count, rng)
        text = composed(word, tricks, rng) if len(tricks) == count else None
        if text is not None:
            return Disguise(text, tuple(trick.name for trick in tricks))
    return None


@cache
def applicable(word: str, script: str) -> tuple[str, ...]:
    """The tricks that change a word; which ones they are does not depend on chance."""
    of_script = [trick for trick in TRICKS.values() if script in trick.scripts]
    return tuple(trick.name for trick in of_script if trick.write(word, Random(0)) != word)


def drawn(usable: Sequence[Trick], count: int, rng: Random) -> list[Trick]:
    """Up to so many tricks that go together, in the order in which they are applied."""
    chosen: list[Trick] = []
    for trick in rng.sample(usable, len(usable)):
        if len(chosen) < count and all(together(trick, other) for other in chosen):
            chosen.append(trick)
    return sorted(chosen, key=lambda trick: trick.stage)


def together(one: Trick, other: Trick) -> bool:
    """Whether two tricks go together in one word."""
    barred = other.kind in BARRED.get(one.kind, ()) or one.kind in BARRED.get(other.kind, ())
    return one.kind != other.kind and not barred


def composed(word: str, tricks: Sequence[Trick], rng: Random) -> str | None:
    """A word under these tricks, one after the other; None if one changed nothing or was undone."""
    for trick in tricks:
        before, word = word, trick.write(word, rng)
        if word == before:
            return None
    cased = any(trick.kind == "case" for trick in tricks)
    return None if cased and not any(unicodedata.category(char) == "Lu" for char in word) else word


# --- the command ----------------------------------------------------------------------------------


def counts() -> list[str]:
    """Lines of a table: trick, and how many words of each script it applies to."""
    applied = {
        script: [name for word in words(script) for name in applicable(word, script)]
        for script in SCRIPTS
    }
    head = f"{'':26}" + "".join(f"{script[:7]:>8}" for script in SCRIPTS)
    body = [
        f"{name:26}" + "".join(f"{applied[script].count(name) or '':>8}" for script in SCRIPTS)
        for name in TRICKS
    ]
    total = f"{'words':26}" + "".join(f"{len(words(script)):>8}" for script in SCRIPTS)
    return [head, *body, total]


def samples(many: int, seed: int) -> list[str]:
    """Lines with so many disguises by each trick alone, and by two and by three, of each script."""
    rng = Random(seed)
    lines = []
    for script in SCRIPTS:
        for trick in TRICKS.values():
            fit = [word for word in words(script) if trick.name in applicable(word, script)]
            chosen = rng.sample(fit, min(many, len(fit)))
            alone = [(word, Disguise(trick.write(word, rng), (trick.name,))) for word in chosen]
            lines += [shown(script, *pair) for pair in alone]
        for count in (2, 3):
            chosen = rng.sample(words(script), min(many, len(words(script))))
            lines += [shown(script, word, disguise(word, script, count, rng)) for word in chosen]
    return lines


def shown(script: str, word: str, disguised: Disguise | None) -> str:
    """One line: script, word, tricks, disguise, and its code points."""
    if disguised is None:
        return f"{script}\t{word}\t-"
    codes = " ".join(f"{ord(char):04X}" for char in disguised.text)
    return "\t".join([script, word, " + ".join(disguised.tricks), disguised.text, codes])


def main() -> None:
    """Print the table of counts, and samples if they are asked for."""
    parser = argparse.ArgumentParser(description="Words in disguise, as advertisers write them.")
    parser.add_argument("--show", type=int, default=0, help="samples of each script and trick")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    sys.stdout.write("\n".join([*counts(), *samples(args.show, args.seed)]) + "\n")


if __name__ == "__main__":
    main()
