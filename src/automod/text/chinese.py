"""Where Chinese words end: only as far as it tells that a hit is none.

Chinese is written without spaces, so a short material also stands across two words that have
nothing to do with it: 口交 in 路口 | 交通. A hit is none where two words of the dictionary, one
after the other, lie across its two ends.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    firsts = [last for _, last in _words_over(text, start)]
    return bool(firsts) and any(first >= min(firsts) for first, _ in _words_over(text, end))


def _words_over(text: str, place: int) -> Iterator[tuple[int, int]]:
    """The words of the dictionary that go on across a place."""
    known = chinese_words()
    for first in range(max(place - LONGEST + 1, 0), place):
        for last in range(place + 1, min(first + LONGEST, len(text)) + 1):
            if text[first:last] in known:
                yield first, last
