"""Where Chinese words end: only as far as it tells that a hit is none.

Chinese is written without spaces, so a short material also stands across two words that have
nothing to do with it: 口交 in 路口 | 交通. A hit is none where two words of the dictionary, one
after the other, lie across its two ends.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

LONGEST: Final = 4
"""Characters of the longest word of the dictionary."""


@lru_cache(maxsize=1)
def chinese_words() -> frozenset[str]:
    """Common words of two to four characters, simplified."""
    text = files("automod.text.tables").joinpath("chinese_words.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def is_across_words(text: str, start: int, end: int) -> bool:
    """Whether words of the dictionary lie across both ends of a span, one after the other.

    >>> is_across_words("路口交通", 1, 3), is_across_words("网上赌博平台", 2, 4)
    (True, False)
    """
    known = chinese_words()
    firsts = [start + b for a, b in _OVER if text[max(start + a, 0) : start + b] in known]
    if not firsts:
        return False
    least = min(firsts)
    return any(end + a >= least and text[max(end + a, 0) : end + b] in known for a, b in _OVER)


_OVER: Final = [
    (first, last)
    for first in range(1 - LONGEST, 0)
    for last in range(1, LONGEST + 1)
    if last - first <= LONGEST
]
"""Where a word may begin and end that goes on across a place, counted from it."""
