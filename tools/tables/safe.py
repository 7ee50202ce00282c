"""The safe fold of one character: NFKC_Casefold with the Arabic, digit and letter folds."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from tools.tables.ucd import IGNORABLE, assigned, code_points, runs

ALEFS = "أإآٱٲٳ"
LETTERS = {
    **dict.fromkeys(ALEFS, "ا"),
    **dict.fromkeys("یےۍېێ", "ي"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ہھەۀۂۃ", "ه"),
    "ۓ": "ئ",  # as its parts: yeh barree is yeh, and takes the hamza
    "پ": "ب", "ڤ": "ف", "چ": "ج", "گ": "ك", "ژ": "ز",
    "\u309b": "\u3099", "\u309c": "\u309a",  # kana voicing marks, which NFKC puts a space before
}  # fmt: skip
TATWEEL = "ـ"
COMPOSING = range(0x653, 0x656)
"""Madda and hamza marks: they make letters with what stands before, so they outlive the table."""

ARABIC_MARKS = frozenset(
    code
    for start, end in (
        (0x610, 0x61A), (0x64B, 0x652), (0x656, 0x65F), (0x670, 0x670), (0x674, 0x674),
        (0x6D6, 0x6DC), (0x6DF, 0x6E4), (0x6E7, 0x6E8), (0x6EA, 0x6ED), (0x898, 0x89F),
        (0x8CA, 0x8E1), (0x8E3, 0x8FF),
    )
    for code in range(start, end + 1)
)  # fmt: skip

TRADEMARKS = frozenset("™℠")
"""Left alone: NFKC would glue the letters TM to the word before and hide its end."""

IOTA_BELOW = "\u0345"
"""Case folding makes a letter of this mark; only once the marks around it are in order."""
BIDI = frozenset([0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def deleted(char: str) -> bool:
    return (
        char == TATWEEL
        or ord(char) in ARABIC_MARKS
        or unicodedata.category(char) == "Cf"
        or IGNORABLE.match(char) is not None
    )


def settle(char: str) -> str:
    """The safe fold of one character, on its own."""
    text = letter(char)
    while True:
        folded = unicodedata.normalize("NFKC", text)
        folded = unicodedata.normalize("NFKC", folded.casefold())
        folded = "".join(letter(c) for c in folded if not deleted(c))
        if folded == text:
            return text
        text = folded


def letter(char: str) -> str:
    if char in LETTERS:
        return LETTERS[char]
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.decimal(char))
    return char


def fold(char: str) -> str:
    if char in TRADEMARKS or char == IOTA_BELOW:
        return char
    return "" if deleted(char) else settle(char)


def is_long_form(char: str) -> bool:
    """An Arabic presentation form of more than one letter."""
    return 0xFB50 <= ord(char) <= 0xFEFF and len(settle(char)) > 1


def name(char: str) -> str:
    """What an analyst calls the fold that this character needs."""
    code = ord(char)
    rules: tuple[tuple[str, bool], ...] = (
        ("bidi", code in BIDI),
        ("tatweel", char == TATWEEL),
        ("mark", code in ARABIC_MARKS),
        ("invisible", deleted(char)),
        ("alef", char in ALEFS),
        ("letter", char in LETTERS),
        ("digit", unicodedata.category(char) == "Nd"),
        ("ligature", 0xFB00 <= code <= 0xFB06 or is_long_form(char)),
        ("presentation", 0xFB1D <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFF),
        ("width", 0xFF00 <= code <= 0xFFEF),
        ("case", unicodedata.normalize("NFKC", char) == char),
    )
    return next((label for label, applies in rules if applies), "compatibility")


def fold_label(char: str) -> str:
    folded = fold(char)
    return "" if folded == char else f"{code_points(folded)}\t{name(char)}"


def rows() -> list[str]:
    """The rows of safe.txt."""
    return [f"{start:X}..{end:X}\t{label}" for start, end, label in runs(fold_label)]


@lru_cache(maxsize=1)
def standing() -> frozenset[str]:
    """The characters that the safe fold leaves as they are: all that a looser view can meet."""
    late = {IOTA_BELOW, *map(chr, COMPOSING)}  # gone once they had the chance to compose
    return frozenset(char for char in assigned() if char not in late and fold(char) == char)
