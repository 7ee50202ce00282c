"""The scripts that are told apart when a word mixes them."""

from __future__ import annotations

import unicodedata

import regex
from tools.tables.safe import standing
from tools.tables.ucd import runs

SCRIPTS = {
    "L": regex.compile(r"\p{Script=Latin}"),
    "C": regex.compile(r"\p{Script=Cyrillic}"),
    "G": regex.compile(r"\p{Script=Greek}"),
    "H": regex.compile(r"\p{Script=Han}"),
    "K": regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}ー]"),  # Unicode shares ー out
    "J": regex.compile("[\u1100-\u11ff]"),
}


def script(char: str) -> str:
    """The letter of the script of a letter that stands in safe text, or nothing."""
    if char not in standing() or not (unicodedata.category(char)[0] == "L" or char == "〇"):
        return ""
    return next((letter for letter, matcher in SCRIPTS.items() if matcher.match(char)), "")


def rows() -> list[str]:
    """The rows of scripts.txt."""
    return [f"{start:X}..{end:X}\t{letter}" for start, end, letter in runs(script)]
