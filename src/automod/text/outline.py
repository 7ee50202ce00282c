"""Outlines: whether a token may be a word in disguise at all, by what costs little.

A 1 passes for an i or an l, an 8 for a b, and letters are drawn out. In outline the letters and
signs that pass for each other are one, and none stands twice in a row: what has no word's outline
is hardly ever a word in a reading, and most tokens with a digit or a sign have none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice
from typing import Final

from .inflection import Stem

MOST_AROUND: Final = 7
"""Letters around a literal that may stand anywhere in a word in disguise."""
FEWEST: Final = 2
"""Letters of a word that somebody hides with digits or drawn out letters."""
LONGEST_CODE: Final = 3
"""Characters of a token in which 2 and 9 stand for themselves: B2B, G20."""
MOST_PARTS: Final = 3
"""Parts of a token, or of two that stand side by side, that are put together."""
FEWEST_APART: Final = 3
"""Words in a row that are one word which was taken apart."""

_HEAD: Final = 2
_SIGNS: Final = "01345678!|lg@$(+"
_CODE: Final = str.maketrans(_SIGNS, "oieasbtbiiibasct")
_COARSE: Final = _CODE | str.maketrans("29", "zb")
_REPEATED: Final = re.compile(r"(.)\1+")
_THRICE: Final = re.compile(r"(.)\1\1+")
_PART: Final = re.compile("[a-z0-9]+")
_UNUSUAL: Final = re.compile(r"[^a-z]|(.)\1\1")
"""In a part of a token: it may be read otherwise than it stands."""


@dataclass(frozen=True, slots=True)
class _Inflected:
    """Stems with letters as coarse as signs are, and what may stand before and after them."""

    stems: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    longest: tuple[int, int, int]
    """Of each of the three, its longest."""

    def may_hold(self, letters: str) -> bool:
        """Whether letters may be a form of one of the stems."""
        size = len(letters)
        stem, before, after = self.longest
        if size > before + stem + after:
            return False
        lasts = [n for n in range(max(size - after, FEWEST), size + 1) if letters[n:] in self.after]
        return any(
            letters[first:last] in self.stems
            for first in range(min(size - 1, before) + 1)
            if letters[:first] in self.before
            for last in lasts
        )


class Outlines:
    """The outlines of words, of stems, and of literals that may stand anywhere in a word.

    Immutable; made when they are first needed.
    """

    def __init__(
        self,
        words: Collection[str],
        stems: Collection[Stem] = (),
        anywhere: Collection[str] = (),
    ) -> None:
        """All in loose fold."""
        self._given = words, stems, anywhere

    @cached_property
    def _words(self) -> frozenset[str]:
        return _outlines_of(self._given[0])

    @cached_property
    def _anywhere(self) -> frozenset[str]:
        return _outlines_of(self._given[2])

    @cached_property
    def _sizes(self) -> dict[str, set[int]]:
        """The first two letters of what may stand anywhere -> how long it may be."""
        sizes: dict[str, set[int]] = {}
        for one in self._anywhere:
            sizes.setdefault(one[:_HEAD], set()).add(len(one))
        return sizes

    @cached_property
    def _inflected(self) -> _Inflected:
        some = self._given[1]
        rows = [row for paradigm in {one.paradigm for one in some} for row in paradigm.rows.items()]
        parts = (
            _coarse(one.text for one in some),
            _coarse(before for before, _ in rows),
            _coarse(after for _, row in rows for after in row),
        )
        stem, before, after = (max(map(len, part), default=0) for part in parts)
        return _Inflected(*parts, (stem, before, after))

    def may_be_word(self, token: str, before: str = "", after: str = "") -> bool:
        """Whether an ASCII token, or it and what stands beside it, may be a word in disguise.

        >>> outlines = Outlines(["casino"])
        >>> outlines.may_be_word("c4$$1n0"), outlines.may_be_word("1n0", before="cas")
        (True, True)
        >>> outlines.may_be_word("10.5")
        False
        """
        table = _CODE if len(token) <= LONGEST_CODE else _COARSE
        own = _parts(token, table)
        if not own:
            return False
        # A part that can be read as it stands only is none in disguise.
        suspicious = own if len(own) == 1 else filter(_UNUSUAL.search, own)
        if any(self._may_hold(part, table) for part in suspicious):
            return True
        if any(map(str.isdigit, own)):
            table = _CODE  # COVID-19
        if len(own) > 1 and self._may_hold("".join(own), table):
            return True
        left = _parts(before, table)[1 - MOST_PARTS :] if before else []
        right = _parts(after, table)[: MOST_PARTS - 1] if after else []
        parts = [*left, *own, *right]
        return any(
            self._is_word("".join(parts[first : first + count]), table)
            for count in range(2, MOST_PARTS + 1)
            for first in range(max(len(left) - count + 1, 0), len(left) + len(own))
            if first + count <= len(parts)
        )

    def _is_word(self, letters: str, table: dict[int, int]) -> bool:
        return _outline(letters, table) in self._words

    def may_be_apart(self, words: Sequence[str]) -> bool:
        """Whether three or more words in a row, of few letters each, put together may be a word.

        >>> Outlines(["casino"]).may_be_apart("at c a s i n o now".split())
        True
        """
        return any(
            self._is_literal(joined)
            for first in range(len(words) - FEWEST_APART + 1)
            for joined in islice(accumulate(words[first:]), FEWEST_APART - 1, None)
        )

    def _is_literal(self, letters: str) -> bool:
        outline = _outline(letters, _COARSE)
        if outline in self._words or outline in self._anywhere:
            return True
        return any(one.translate(_COARSE) in self._inflected.stems for one in _drawn_in(letters))

    def _may_hold(self, letters: str, table: dict[int, int]) -> bool:
        """Whether letters are a word in outline, or hold one that may be inside."""
        outline = _outline(letters, table)
        if outline in self._words:
            return True
        if self._inflected.stems and any(
            self._inflected.may_hold(one.translate(table)) for one in _drawn_in(letters)
        ):
            return True
        size, sizes = len(outline), self._sizes
        return any(
            outline[first : first + length] in self._anywhere
            for first in range(min(size - _HEAD, MOST_AROUND) + 1)
            for length in sizes.get(outline[first : first + _HEAD], ())
            if size - MOST_AROUND <= length <= size - first
        )


def _outline(letters: str, table: dict[int, int]) -> str:
    """Letters as coarse as signs are, and none of them twice in a row."""
    return _REPEATED.sub(r"\1", letters.translate(table))


def _parts(token: str, table: dict[int, int]) -> list[str]:
    """What a token has of letters, digits and signs that stand for letters, without a break."""
    coarse = token.translate(table)
    return [token[slice(*match.span())] for match in _PART.finditer(coarse)]


def _drawn_in(letters: str) -> Sequence[str]:
    """Letters as they are, or those that stand three times or more once and twice."""
    if not _THRICE.search(letters):
        return (letters,)
    return [_THRICE.sub(to, letters) for to in _ONCE_AND_TWICE]


_ONCE_AND_TWICE: Final = (r"\1", r"\1\1")


def _coarse(words: Iterable[str]) -> frozenset[str]:
    return frozenset("\n".join(words).translate(_COARSE).split("\n"))


def _outlines_of(words: Collection[str]) -> frozenset[str]:
    """The outlines of those that are long enough, all in one pass."""
    joined = "\n".join([word for word in words if len(word) >= FEWEST])
    return frozenset(_outline(joined, _COARSE).split("\n")) - {""}
