"""Word characters, and what joins them."""

from __future__ import annotations

import unicodedata

import regex
from tools.tables.safe import deleted, fold
from tools.tables.ucd import assigned, runs

SCRIPTS = {
    "r": ("Arabic",),
    "h": ("Hebrew",),
    "c": ("Han", "Hiragana", "Katakana", "Bopomofo"),
    "k": ("Hangul",),
    "s": ("Thai", "Lao", "Khmer", "Myanmar"),
    "i": (
        "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada",
        "Malayalam", "Sinhala",
    ),
}  # fmt: skip
KANA_MARKS = frozenset("ー々〆ヽヾゝゞ")
INHERITED = regex.compile(r"\p{Script=Inherited}")
MATCHERS = {
    letter: regex.compile("|".join(rf"\p{{Script={name}}}" for name in names))
    for letter, names in SCRIPTS.items()
}


def group(char: str) -> str:
    """The letter of the script group of a word character, or nothing."""
    category = unicodedata.category(char)
    if category[0] not in "LMN":
        return ""
    if category[0] == "N":
        return "a"
    if char in KANA_MARKS:
        return "c"
    if INHERITED.match(char):
        return "*"
    return next((key for key, matcher in MATCHERS.items() if matcher.match(char)), "a")


def extends(char: str) -> bool:
    """Whether a span that ends before this character grows over it."""
    code = ord(char)
    return (
        unicodedata.category(char)[0] == "M"
        or code in (0x200C, 0x200D, 0xFF9E, 0xFF9F)
        or 0x1160 <= code <= 0x11FF
        or 0xFFA0 <= code <= 0xFFDC
    )


def soft(char: str) -> bool:
    """A character that readers see as a gap or a symbol, and that folds into (or out of) a word."""
    if char == "\u200b":
        return True
    folded = fold(char)
    if all(unicodedata.category(c)[0] == "M" for c in folded):
        return False  # a voicing mark of kana
    return unicodedata.category(char)[0] in "SP" and any(map(group, folded))


def flags(char: str) -> str:
    marks = group(char)
    marks += "M" if unicodedata.category(char)[0] == "M" else ""
    marks += "C" if unicodedata.combining(char) and not deleted(char) else ""
    marks += "Q" if composes(char) else ""
    marks += "X" if extends(char) else ""
    marks += "S" if soft(char) else ""
    return marks


def composes(char: str) -> bool:
    """NFC_Quick_Check = Maybe: it may merge with what stands before it."""
    return char in SECONDS and not deleted(char)


def seconds() -> frozenset[str]:
    found = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for char in assigned():
        parts = unicodedata.decomposition(char)
        if parts and not parts.startswith("<") and " " in parts:
            whole = unicodedata.normalize("NFD", char)
            if unicodedata.normalize("NFC", whole) == char:
                found.add(chr(int(parts.split()[1], 16)))
    return frozenset(found)


SECONDS = seconds()


def rows() -> list[str]:
    """The rows of words.txt."""
    return [f"{start:X}..{end:X}\t{label}" for start, end, label in runs(flags)]
