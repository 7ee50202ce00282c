"""Write the folding tables of `src/automod/text/tables` from the Unicode Character Database.

Run with a Python whose `unicodedata` is Unicode 15.0 (CPython 3.12) and with the `regex` package
for the Script and Default_Ignorable_Code_Point properties:

    python3.12 tools/make_tables.py

The tables are committed, so that folding is the same on every Python.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import regex

UNICODE = "15.0.0"
TABLES = Path(__file__).resolve().parents[1] / "src" / "automod" / "text" / "tables"
HEADER = """\
# {what}
# Derived from the Unicode Character Database {version} by tools/make_tables.py; do not edit.
# Unicode data: Copyright (c) 1991-2022 Unicode, Inc., https://www.unicode.org/license.txt
"""

ALEFS = "أإآٱٲٳ"
LETTERS = {
    **dict.fromkeys(ALEFS, "ا"),
    **dict.fromkeys("یےۍېێ", "ي"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ہھەۀۂۃ", "ه"),
    "ۓ": "ئ",  # as its parts: yeh barree is yeh, and takes the hamza
    "پ": "ب", "ڤ": "ف", "چ": "ج", "گ": "ك", "ژ": "ز",
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
IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
BIDI = frozenset([0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
MATCHERS = {
    letter: regex.compile("|".join(rf"\p{{Script={name}}}" for name in names))
    for letter, names in SCRIPTS.items()
}


def assigned() -> Iterator[str]:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) not in ("Cn", "Co", "Cs") or IGNORABLE.match(char):
            yield char


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
    return unicodedata.category(char)[0] in "SP" and any(group(c) for c in fold(char))


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


def runs(value: Callable[[str], str]) -> Iterator[tuple[int, int, str]]:
    start = previous = -1
    current = ""
    for char in assigned():
        code, label = ord(char), value(char)
        if label != current or code != previous + 1:
            if current:
                yield start, previous, current
            start, current = code, label
        previous = code
    if current:
        yield start, previous, current


def fold_label(char: str) -> str:
    folded = fold(char)
    if folded == char:
        return ""
    target = " ".join(f"{ord(c):X}" for c in folded) or "-"
    return f"{target}\t{name(char)}"


def write_folds() -> None:
    lines = [f"{start:X}..{end:X}\t{label}\n" for start, end, label in runs(fold_label)]
    what = "The safe fold of each character: code points, what they become (- nothing), name."
    text = HEADER.format(what=what, version=UNICODE) + "".join(lines)
    (TABLES / "safe.txt").write_text(text, encoding="ascii")


def write_words() -> None:
    what = (
        "Word characters and what joins them. Script group (a r h c k s i, * any), M mark,"
        "\n# C combining class not 0, Q may compose with what stands before, X a span grows over"
        "\n# it, S soft edge."
    )
    lines = [f"{start:X}..{end:X}\t{label}\n" for start, end, label in runs(flags)]
    text = HEADER.format(what=what, version=UNICODE) + "".join(lines)
    (TABLES / "words.txt").write_text(text, encoding="ascii")


if __name__ == "__main__":
    if unicodedata.unidata_version != UNICODE:
        sys.exit(f"needs unicodedata {UNICODE}, this Python has {unicodedata.unidata_version}")
    TABLES.mkdir(exist_ok=True)
    write_folds()
    write_words()
