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
    symbol alone parts its letters; both together end a sentence. An apostrophe is spelling where
    one side of it is short.

    >>> joint(["cas", "ino"], [" "]), joint(["cas", "ino"], ["*"])
    ('split', 'separator')
    >>> joint(["pen", "is"], [" "]), joint(["martin", "i"], [". "]), joint(["york", "s"], ["'"])
    (None, None, None)
    """
    if max(map(len, gaps)) > LONGEST_GAP:
        return None
    if all(map(str.isspace, gaps)):
        return None if not short_words().isdisjoint(pieces) else SPLIT
    if any(char.isspace() for gap in gaps for char in gap):
        return None
    spelt = any(gap in APOSTROPHES for gap in gaps) and min(map(len, pieces)) < LONGEST_CLITIC
    return None if spelt else SEPARATOR


APOSTROPHES: Final = ("'", "\u2019", "\u02bc", "`", "\u00b4")
LONGEST_CLITIC: Final = 3
"""Letters beside an apostrophe from which on it is no spelling: l'amore, they'll."""


@lru_cache(maxsize=1)
def short_words() -> frozenset[str]:
    """Words that stand between others everywhere."""
    return frozenset(word for row in rows("short_words.txt", "utf-8") for word in row[0].split())
