"""Keywords and phrases with too few letters for how freely they may match."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from automod.load.writing import ARABIC, CJK, CYRILLIC, GREEK, HANGUL, HEBREW, LATIN, LONG, TEXT
from automod.text.words import group_of

from .wording import Wording

_LEAST: Final = ((LATIN | CYRILLIC | GREEK, 5), (ARABIC | HEBREW, 4), (CJK | HANGUL, 2))
"""Letters that the view `evasion` has by itself (`load.writing`)."""
_COUNTED: Final = sum(scripts for scripts, _ in _LEAST)
_FEW: Final = 2


class Short(NamedTuple):
    """What is too short: how many letters it has, what asks for more, and for how many."""

    letters: int
    least: int
    key: str
    """`view` or `boundary`."""
    said: str


def short(wording: Wording) -> Mapping[int, Short]:
    """The keywords and phrases of a package that are too short."""
    if not len(wording):
        return {}
    spoilt = wording.spoilt
    found = {}
    lengths = np.fromiter(map(len, wording.keys), np.int64, len(wording))
    # Two letters of a script without spaces are enough.
    few = (lengths < _FEW) | ((lengths == _FEW) & ((wording.writings & (CJK | HANGUL)) == 0))
    few |= (wording.writings & (LONG - 1)) == 0  # no letters at all
    for number in few.nonzero()[0].tolist():
        one = _too_open(wording, number)
        if one is not None and number not in spoilt and wording.counts(number):
            found[number] = one
    for number in wording.saying("view"):
        if number not in found and number not in spoilt and wording.counts(number):
            one = _too_loose(wording, number)
            if one is not None:
                found[number] = one
    return found


def _too_open(wording: Wording, number: int) -> Short | None:
    """A word of one or two letters or marks, which stands in many texts by chance."""
    if wording.kinds[number] not in TEXT or wording.column("only_if_obfuscated")[number]:
        return None
    key = wording.keys[number]
    letters = sum(map(bool, map(group_of, key)))
    boundary = wording.column("boundary")[number]
    if all(map(_is_mark, key)) and (len(key) <= _FEW or not any(map(_is_sign, key))):
        return Short(0, 1, "boundary", boundary)
    if letters < len(key) or letters > _FEW:
        return None
    writing = int(wording.writings[number])
    whole = boundary in ("word", "inflected") and not key.isdigit()
    least = 2 if writing & (CJK | HANGUL) or whole else 3
    return Short(letters, least, "boundary", boundary) if 0 < letters < least else None


def _is_mark(char: str) -> bool:
    """Whether a character stands in any text: what is punctuation, or a sign of ASCII.

    >>> _is_mark("!"), _is_mark("،"), _is_mark("$"), _is_mark("🎰"), _is_mark("a")
    (True, True, True, False, False)
    """
    return unicodedata.category(char).startswith("P") or _is_sign(char)


def _is_sign(char: str) -> bool:
    """Whether a character is a sign of ASCII; a row of them says something: `$$$`."""
    return char.isascii() and unicodedata.category(char).startswith("S")


def _too_loose(wording: Wording, number: int) -> Short | None:
    """What is written to match in disguise and has too few letters to be known in one."""
    if wording.said(number, "view") != "evasion":
        return None
    if wording.column("only_if_obfuscated")[number]:
        return None
    writing = int(wording.writings[number])
    scripts = writing & _COUNTED
    if writing & LONG or not scripts or wording.kinds[number] not in ("keyword", "phrase"):
        return None
    least = max(fewest for bits, fewest in _LEAST if scripts & bits)
    letters = sum(map(str.isalpha, wording.keys[number]))
    return Short(letters, least, "view", "evasion") if letters < least else None
