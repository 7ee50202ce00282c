"""Outlines: whether a token may be a word in disguise at all, by what costs little.

A 1 passes for an i or an l, a 6 for a b or a g, and letters are doubled at will. In outline the
letters and signs that pass for each other are one, and none stands twice in a row: what has no
word's outline is no word in any reading, and most tokens with a digit or a sign have none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Final

MOST_AROUND: Final = 7
"""Letters that prefixes and endings may put around a stem."""
FEWEST: Final = 2
"""Letters of an outline: nobody hides a word of one letter."""
FEWEST_APART: Final = 3
"""Letters of a word that is put together from single ones."""

# 2 for z and 9 for g are left out: B2B, G20 and COVID-19 are no words in disguise.
_COARSE: Final = str.maketrans("01345678!|lg@$(+", "oieasbtbiiibasct")
_REPEATED: Final = re.compile(r"(.)\1+")
_PART: Final = re.compile("[a-z0-9]+")
_UNUSUAL: Final = re.compile(r"[^a-z]|(.)\1\1")
"""In a part of a token: it may be read otherwise than it stands."""


class Outlines:
    """The outlines of words, and of literals that may stand inside longer words.

    Immutable; made when they are first needed.
    """

    def __init__(self, words: Collection[str], inside: Collection[str] = ()) -> None:
        """Words and literals in loose fold."""
        self._given = words, inside

    @cached_property
    def _words(self) -> frozenset[str]:
        return _outlines_of(self._given[0])

    @cached_property
    def _inside(self) -> frozenset[str]:
        return _outlines_of(self._given[1])

    def may_be_word(self, token: str, before: str = "", after: str = "") -> bool:
        """Whether an ASCII token, or it and the word beside it, may be a word in disguise.

        >>> outlines = Outlines(["casino"], ["judi"])
        >>> outlines.may_be_word("c4$$1n0"), outlines.may_be_word("1n0", before="cas")
        (True, True)
        >>> outlines.may_be_word("perjud1an"), outlines.may_be_word("10.5")
        (True, False)
        """
        coarse = token.translate(_COARSE)
        parts = [match.span() for match in _PART.finditer(coarse)]
        letters = "".join([coarse[first:last] for first, last in parts])
        if self._may_hold(letters) or not letters:
            return bool(letters)
        # A part that can be read as it stands only is none in disguise.
        if len(parts) > 1 and any(
            _UNUSUAL.search(token, *part) and self._may_hold(coarse[slice(*part)]) for part in parts
        ):
            return True
        return (before != "" and self._may_hold(before.translate(_COARSE) + letters)) or (
            after != "" and self._may_hold(letters + after.translate(_COARSE))
        )

    def _may_hold(self, coarse: str) -> bool:
        """Whether coarse letters are a word in outline, or hold one that may be inside."""
        outline = _REPEATED.sub(r"\1", coarse)
        if outline in self._words:
            return True
        size, inside = len(outline), self._inside
        return bool(inside) and any(
            outline[first : first + length] in inside
            for length in range(max(size - MOST_AROUND, FEWEST), size + 1)
            for first in range(size - length + 1)
        )

    def may_be_apart(self, words: Sequence[str]) -> bool:
        """Whether words of a few plain letters each, put together, may be a word.

        >>> Outlines(["casino"]).may_be_apart("at c a s i n o now".split())
        True
        """
        coarse = [word.translate(_COARSE) for word in words]
        return any(
            len(joined) >= FEWEST_APART and self._may_hold(joined)
            for first in range(len(words) - 2)
            for joined in accumulate(coarse[first:])
        )


def _outlines_of(words: Collection[str]) -> frozenset[str]:
    """Their outlines, all in one pass."""
    coarse = "\n".join(words).translate(_COARSE)
    found = _REPEATED.sub(r"\1", coarse).split("\n")
    return frozenset(one for one in found if len(one) >= FEWEST)
