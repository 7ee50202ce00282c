"""Text that is shown in the opposite order: an override turns it round for the reader alone."""

from __future__ import annotations

import unicodedata
from typing import Final

from .disguise import read
from .fold import FoldedText
from .letters import Spelling
from .vocabulary import Vocabulary
from .words import is_mark

REVERSAL: Final = "reversal"


def read_backwards(text: FoldedText, vocabulary: Vocabulary) -> list[list[Spelling]]:
    """The readings of a stretch whose characters are shown in the opposite order.

    >>> read_backwards(FoldedText("onisac"), Vocabulary(()))[0][0].text
    'casino'
    """
    size = len(text)
    return [
        [_mirrored(word, size) for word in reading]
        for reading in read(FoldedText("".join(_clusters(text)[::-1])), vocabulary)
    ]


def _clusters(text: str) -> list[str]:
    """Letters with their marks, which stay behind them."""
    found: list[str] = []
    for char in text:
        if found and (is_mark(char) or unicodedata.combining(found[-1][-1]) == VIRAMA):
            found[-1] += char
        else:
            found.append(char)
    return found


def _mirrored(word: Spelling, size: int) -> Spelling:
    firsts = [size - 1 - place for place in word.lasts]
    lasts = [size - 1 - place for place in word.firsts]
    return Spelling(word.text, firsts, lasts, word.folds | {REVERSAL})


VIRAMA: Final = 9
"""The combining class of what joins two consonants into one sign."""


OVERRIDES: Final = "\u202d\u202e"


def is_overridden(text: str) -> bool:
    """Whether a text sets the direction of its characters by force."""
    return any(char in text for char in OVERRIDES)
