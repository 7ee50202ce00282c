"""Where a word is split: which pieces a reader puts together, and which are words of their own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from .tables import rows
from .words import LONGEST_GAP

SEPARATOR, SPLIT = "separator", "split"


def joint(pieces: Sequence[str], gaps: Sequence[str]) -> str | None:
    """The fold that puts pieces together, by what is between them; None where they are words.

    A space alone splits a word, but not where a piece is one of the short words of a language; a
    symbol alone parts its letters; both together end a sentence. An apostrophe is spelling in Latin
    letters behind what loses its vowel and before an ending, in Greek and Cyrillic behind a short
    word, in Ukrainian before some letters, in Hebrew behind some.

    >>> joint(["cas", "ino"], [" "]), joint(["cas", "ino"], ["*"])
    ('split', 'separator')
    >>> joint(["pen", "is"], [" "]), joint(["martin", "i"], [". "]), joint(["york", "s"], ["'"])
    (None, None, None)
    >>> joint(["каз", "ино"], ["'"]), joint(["д", "артаньян"], ["'"]), joint(["赌", "博"], ["'"])
    ('separator', None, 'separator')
    """
    if max(map(len, gaps)) > LONGEST_GAP:
        return None
    if all(map(str.isspace, gaps)):
        return None if not short_words().isdisjoint(pieces) else SPLIT
    if any(char.isspace() for gap in gaps for char in gap):
        return None
    return None if any(map(_is_spelling, pieces, gaps, pieces[1:])) else SEPARATOR


def _is_spelling(before: str, gap: str, after: str) -> bool:
    """Whether what stands between two pieces may be an apostrophe of their spelling."""
    if gap not in APOSTROPHES:
        return False
    last = before[-1:]
    if "\u0590" <= last <= "\u05ff":
        return last in _WITH_GERESH and gap not in GRAVES
    if last < "\u0250":
        return before in ELIDED or after in ENDINGS
    if not "\u0370" <= last <= "\u052f" or gap in GRAVES:
        return False
    return len(before) < FEWEST_APART or after[0] in _AFTER_UKRAINIAN


GRAVES: Final = ("`", "\u00b4")
"""Written for an apostrophe by who writes Latin letters."""
APOSTROPHES: Final = ("'", "\u2019", "\u02bc", *GRAVES)
FEWEST_APART: Final = 3
"""Letters before an apostrophe from which on it is no spelling, in Greek and Cyrillic."""
_AFTER_UKRAINIAN: Final = frozenset("яюєїе")
"""Letters before which Ukrainian and Belarusian write an apostrophe."""
ELIDED: Final = frozenset({
    "l", "d", "j", "m", "t", "s", "c", "n", "o", "v", "b", "y", "g", "qu", "un", "gl", "ch",
    "jusqu", "lorsqu", "puisqu", "quelqu", "presqu", "quoiqu", "aujourd",
    "all", "dell", "nell", "dall", "sull", "coll", "quell", "quest", "sant", "anch", "com", "cos",
    "dov", "tutt", "senz", "vent", "degl", "bell", "buon", "mezz", "cent", "rock",
})  # fmt: skip
"""What stands before an apostrophe: words that lose a vowel before another, O'Brien, y'all."""
ENDINGS: Final = frozenset({
    "s", "t", "d", "m", "n", "ll", "re", "ve", "em", "all",
    "a", "e", "i", "u", "ya", "ye", "yi", "yu", "na", "ne", "ni", "nu", "da", "de", "ta", "te",
    "dan", "den", "tan", "ten", "in", "un", "nin", "nun", "la", "le", "li", "lu", "ki", "ca", "ce",
})  # fmt: skip
"""What stands behind one: English short forms, Turkish endings of names (loose: without dots)."""
_WITH_GERESH: Final = frozenset("גדזחטעצץרת")
"""Hebrew letters of which a mark makes the sound of another language."""


@lru_cache(maxsize=1)
def short_words() -> frozenset[str]:
    """Words that stand between others everywhere."""
    return frozenset(word for row in rows("short_words.txt", "utf-8") for word in row[0].split())
