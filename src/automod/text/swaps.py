"""Spellings that only material which asks for it has: exchanged letters, reversal, homophones.

Each merges innocent words, so none is a fold of text: they are expanded on the side of the material
(at most FORMS of them), where its author wrote `view: evasion` and knows the word.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Final

from .chinese import chinese_words
from .tables import rows, span
from .words import is_mark

FORMS: Final = 64
"""Spellings of one word."""
SHORTEST: Final = 4
"""Letters of a word of which one may be exchanged; most words of three have such a neighbour."""

SWAP, REVERSED, HOMOPHONE, PINYIN = "swap", "reversed", "homophone", "pinyin"

_ALIKE: Final = (
    # Arabic: one dot away, or one sound in speech
    "بتثني", "جحخ", "دذ", "رز", "سش", "صض", "طظ", "عغ", "فق", "ذزظ", "سصث", "تط", "كق", "حه",
    "ضظد", "اع",
    # Latin and Cyrillic: one sound
    "ck", "sz", "iy", "vw", "fv", "оа", "еи", "сз", "тд", "вф",
)  # fmt: skip


def spellings(word: str) -> dict[str, str]:
    """The other spellings of a word in loose fold, likeliest first, each with the name of its fold.

    >>> spellings("حشيش")["حشيس"], spellings("casino")["onisac"], spellings("微信")["weixin"]
    ('swap', 'reversed', 'pinyin')
    """
    found = {_reversed(word): REVERSED}
    pinyin = _in_pinyin(word)
    if pinyin:
        found[pinyin] = PINYIN
        found |= dict.fromkeys(_homophones(word, FORMS - len(found)), HOMOPHONE)
    elif len(word) >= SHORTEST:
        for place, char in enumerate(word):
            for other in _neighbours().get(char, ()):
                found.setdefault(f"{word[:place]}{other}{word[place + 1 :]}", SWAP)
    found.pop(word, None)
    return dict(list(found.items())[:FORMS])


def _reversed(word: str) -> str:
    clusters: list[str] = []
    for char in word:
        if clusters and is_mark(char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return "".join(clusters[::-1])


@lru_cache(maxsize=1)
def _neighbours() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in _ALIKE:
        for char in row:
            found[char] = found.get(char, "") + row.replace(char, "")
    return found


# --- Chinese --------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _sounds() -> dict[str, tuple[str, str]]:
    """Character -> its pinyin, and its tone."""
    return {
        chr(code): (pinyin, tone)
        for chars, pinyin, tone in rows("pinyin.txt")
        for code in span(chars)
    }


@lru_cache(maxsize=1)
def _alike() -> dict[str, list[str]]:
    """Pinyin -> the characters of that sound, those first that the words of the language use."""
    used = Counter(char for word in chinese_words() for char in word)
    found: dict[str, list[str]] = {}
    sounds = _sounds()
    for char in sorted(sounds, key=lambda one: (-used[one], one)):
        found.setdefault(sounds[char][0], []).append(char)
    return found


def _in_pinyin(word: str) -> str:
    sounds = _sounds() if all("\u4e00" <= char <= "\u9fff" for char in word) else {}
    return "".join(sounds[char][0] for char in word) if all(map(sounds.get, word)) else ""


def _homophones(word: str, most: int) -> list[str]:
    """The word with one character written by another of its sound: same tone first."""
    each = max(1, most // len(word))
    return [
        f"{word[:place]}{other}{word[place + 1 :]}"
        for place, char in enumerate(word)
        for other in _same_sound(char)[:each]
    ]


@lru_cache(maxsize=4_096)
def _same_sound(char: str) -> list[str]:
    pinyin, tone = _sounds()[char]
    others = [other for other in _alike()[pinyin] if other != char]
    return sorted(others, key=lambda other: _sounds()[other][1] != tone)
