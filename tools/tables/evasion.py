"""Look-alikes and stand-ins: what passes for a letter a-z, on top of the loose view."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterator
from typing import cast

import regex
from tools.tables.safe import standing
from tools.tables.ucd import CONFUSABLES, Folds, bare

LEET = {
    "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "$": "s",
    "@": "a", "!": "i", "|": "i", "€": "e", "£": "l", "¥": "y", "¢": "c", "(": "c", "+": "t",
}  # fmt: skip
CURRENCY = {
    "₳": "a", "฿": "b", "₿": "b", "₵": "c", "₣": "f", "₲": "g", "₥": "m", "₦": "n", "₱": "p",
    "₽": "p", "₴": "s", "₸": "t",
}  # fmt: skip
"""Beside those that UTS #39 knows: the letters of "currency" text generators."""

BY_EYE = {"λ": "a", "ʌ": "a", "ǃ": "i", "ⅎ": "f", "ƨ": "s"}
"""Λ is the A of logos, ǃ an exclamation mark; none is in UTS #39."""

CLOSE = regex.compile(
    r"[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Common}\p{Script=Inherited}]"
)
"""Here a letter with something through or below it counts as that letter."""

FAR = regex.compile(r"[\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Armenian}]")
"""Here only a bare letter does."""

LATIN = regex.compile(r"\p{Script=Latin}")

READS = {
    "ALPHA": "a", "BETA": "b", "ETH": "d", "SCHWA": "e", "BLACKE": "e", "HENG": "h", "IOTA": "i",
    "KRA": "k", "ENG": "n", "BLACKO": "o", "ESH": "s", "UPSILON": "u", "OMEGA": "w", "CHI": "x",
    "GAMMA": "y", "EZH": "z",
}  # fmt: skip
"""Latin letters with names of their own."""

SHAPES = (
    "ANGLICANA|ARCHAIC|BARRED|BROKEN|CAPITAL|CLOSED|DIAERESIZED|DOTLESS|DOUBLE|GLOTTAL|INSULAR|"
    "INVERTED|LENIS|LONG|MIDDLE SCOTS|MIDDLE-WELSH|OLD POLISH|OPEN|REVERSED|SCRIPT|SIDEWAYS|"
    "SIGMOID|SMALL|STIRRUP|TURNED|VISIGOTHIC"
)
NAMED = regex.compile(
    r"(?:LATIN (?:EPIGRAPHIC )?LETTER|LATIN SMALL LETTER|MODIFIER LETTER)"
    rf"(?: (?:{SHAPES}))* (?P<letter>[A-Z]|{'|'.join(READS)})"
    r"(?: (?:WITH|WITHOUT|BAR|ROTUNDA|LONGA|REVERSED|LOOP)\b.*)?"
)
SYMBOL = regex.compile(r".* LETTER ([A-Z])")

# Where the small and the capital form resemble different letters, the small form decides: folded
# text is small. All such conflicts: η is n (Η h), ν is v (Ν n), υ is u (Υ y).
# Where UTS #39 and the name differ, UTS #39 decides, for it looks at shapes: ɯ is w (turned m),
# ʋ is u (v with hook), ᶌ is y (v with palatal hook), ẝ is f (long s with high stroke).


def evasion(loose: Folds) -> Folds:
    """Every character that stands in loose text and passes for a letter a-z."""
    like = _pairs()
    folds: Folds = {}
    for char in sorted(standing() - loose.keys()):
        leet = LEET.get(char) or CURRENCY.get(char)
        if leet:
            folds[char] = leet, "leet"
        elif not char.isascii():
            symbol = _symbol(char)
            letter = symbol or _lookalike(char, like)
            if letter:
                folds[char] = letter, "emoji_letter" if symbol else "lookalike"
    return folds


def _pairs() -> dict[str, list[str]]:
    """Character -> what UTS #39 says it looks like."""
    data = cast("dict[str, list[dict[str, str]]]", CONFUSABLES.read_json())
    return {char: [other["c"] for other in others] for char, others in data.items()}


def _symbol(char: str) -> str:
    found = SYMBOL.fullmatch(unicodedata.name(char, ""))
    return found[1].lower() if found and unicodedata.category(char) == "So" else ""


def _lookalike(char: str, like: dict[str, list[str]]) -> str:
    if char in BY_EYE:
        return BY_EYE[char]
    small, capital = resemblance(char, like)
    base = bare(char)  # ї, ӓ, ў: letters that the loose view keeps apart
    whole = _lookalike(base, like) if base != char and len(base) == 1 and CLOSE.match(char) else ""
    return small or _named(char) or capital or whole


def resemblance(char: str, like: dict[str, list[str]]) -> tuple[str, str]:
    """The letters that the small and the capital form of a character look like, by UTS #39."""
    if not CLOSE.match(char) and not FAR.match(char):
        return "", ""
    small, capital = char.lower(), char.upper()
    return (
        next(_letters(small, like), ""),
        next(_letters(capital, like), "") if capital != small else "",
    )


def _letters(char: str, like: dict[str, list[str]]) -> Iterator[str]:
    for other in like.get(char, ()):
        letter = bare(other) if CLOSE.match(char) else other
        if other == "l" and unicodedata.category(char) != "Ll":
            yield "i"  # UTS #39 writes l for any bar; a capital or symbol is read I, like | in leet
        elif len(letter) == 1 and letter in string.ascii_letters:
            yield letter.lower()


def _named(char: str) -> str:
    if not LATIN.match(char):
        return ""
    found = NAMED.fullmatch(unicodedata.name(char, ""))
    return READS.get(found["letter"], found["letter"].lower()) if found else ""
