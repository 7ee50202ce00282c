"""Outlines: whether a token may be a word in disguise at all, by what costs little.

A 1 passes for an i or an l, an 8 for a b, and letters are drawn out. In outline the letters and
signs that pass for each other are one, and none stands twice in a row: what has no word's outline
is hardly ever a word in a reading, and most tokens with a digit or a sign have none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import eq
from typing import Final

from .inflection import Stem
from .vocabulary import once

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
_HEAD_OF_WORD: Final = 4
_SIGNS: Final = "01345678!|lg@$(+"


class _Table:
    """Characters -> the letters that they pass for."""

    def __init__(self, signs: str, letters: str) -> None:
        self._letters = str.maketrans(signs, letters)
        self._bytes = bytes.maketrans(signs.encode(), letters.encode())

    def of(self, text: str) -> str:
        """A text with signs as letters."""
        if text.isascii():  # eight times as fast
            return text.encode().translate(self._bytes).decode()
        return text.translate(self._letters)


_CODE: Final = _Table(_SIGNS, "oieasbtbiiibasct")
_COARSE: Final = _Table(_SIGNS + "29", "oieasbtbiiibasctzb")

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
    heads: frozenset[str]
    """How stems begin, the short ones whole."""
    longest: tuple[int, int, int]
    """Of each of the three, its longest."""

    @classmethod
    def of(cls, stems: Iterable[Stem]) -> _Inflected:
        """Stems with what their paradigms say."""
        some = list(stems)
        rows = [row for paradigm in {one.paradigm for one in some} for row in paradigm.rows.items()]
        parts = (
            _coarse(one.text for one in some),
            _coarse(before for before, _ in rows),
            _coarse(after for _, row in rows for after in row),
        )
        heads = frozenset(stem[:_HEAD_OF_WORD] for stem in parts[0])
        stem, before, after = (max(map(len, part), default=0) for part in parts)
        return cls(*parts, heads, (stem, before, after))

    def may_hold(self, letters: str) -> bool:
        """Whether letters may be a form of one of the stems."""
        size = len(letters)
        stem, before, after = self.longest
        if size > before + stem + after:
            return False
        for first in range(min(size - FEWEST, before) + 1):
            if letters[:first] in self.before and self._begins(letters, first):
                for last in range(max(size - after, first + FEWEST), size + 1):
                    if letters[last:] in self.after and letters[first:last] in self.stems:
                        return True
        return False

    def _begins(self, letters: str, first: int) -> bool:
        """Whether a stem may begin at a place: most tokens end here."""
        heads = self.heads
        return (
            letters[first : first + 4] in heads
            or letters[first : first + 3] in heads
            or letters[first : first + 2] in heads
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
        """The first two letters of what may stand anywhere in a token -> how long it may be."""
        sizes: dict[str, set[int]] = {}
        for one in filter(str.isascii, self._anywhere):
            sizes.setdefault(one[:_HEAD], set()).add(len(one))
        return sizes

    @cached_property
    def _inflected(self) -> _Inflected:
        return _Inflected.of(self._given[1])

    @cached_property
    def _in_tokens(self) -> _Inflected:
        """Those that an ASCII token may be a form of."""
        return _Inflected.of(stem for stem in self._given[1] if stem.text.isascii())

    @property
    def shapes(self) -> frozenset[str]:
        """The outlines of all words, stems and literals."""
        stems = _outlines_of([stem.text for stem in self._given[1]])
        return self._words | self._anywhere | stems

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
        if any(self._may_hold(*one) for one in own if len(own) == 1 or _UNUSUAL.search(one[0])):
            return True
        if any(letters.isdigit() for letters, _ in own):
            own, table = _parts(token, _CODE), _CODE  # COVID-19
        if len(own) > 1 and self._may_hold(*map("".join, zip(*own, strict=True))):
            return True
        left = _parts(before, table)[1 - MOST_PARTS :] if before else []
        right = _parts(after, table)[: MOST_PARTS - 1] if after else []
        parts = [once(coarse) for _, coarse in (*left, *own, *right)]
        return self._are_word(parts, len(left), len(left) + len(own))

    def _are_word(self, parts: Sequence[str], first: int, last: int) -> bool:
        """Whether outlines side by side, one at least of first to last among them, are a word."""
        words = self._words
        for begin in range(max(first - MOST_PARTS + 1, 0), last):
            whole = parts[begin]
            for end in range(begin + 1, min(begin + MOST_PARTS, len(parts))):
                one = parts[end]
                whole += one[1:] if one[:1] == whole[-1:] else one
                if end >= first and whole in words:
                    return True
        return False

    def may_be_apart(self, words: Sequence[str]) -> bool:
        """Whether three or more words in a row, of few letters each, put together may be a word.

        >>> Outlines(["casino"]).may_be_apart("at c a s i n o now".split())
        True
        """
        return any(
            self._is_literal(*joined)
            for first in range(len(words) - FEWEST_APART + 1)
            for joined in islice(self._beginnings(words[first:]), FEWEST_APART - 1, None)
        )

    def _beginnings(self, words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Words put together one after another: as they are, coarse, and in outline.

        It ends where no word begins so.
        """
        letters = coarse = ""
        for word in words:
            letters += word
            coarse += _COARSE.of(word)
            outline = once(coarse)
            if len(outline) >= _HEAD_OF_WORD and outline[:_HEAD_OF_WORD] not in self._heads:
                return
            yield letters, coarse, outline

    @cached_property
    def _heads(self) -> frozenset[str]:
        """How the outlines of words, of literals anywhere and of stems begin."""
        stems = _outlines_of([stem.text for stem in self._given[1]])
        whole = (self._words, self._anywhere, stems)
        return frozenset(one[:_HEAD_OF_WORD] for some in whole for one in some)

    def _is_literal(self, letters: str, coarse: str, outline: str) -> bool:
        if outline in self._words or outline in self._anywhere:
            return True
        stems = self._inflected.stems
        return coarse in stems or any(one in stems for one in _drawn_in(letters, coarse))

    def _may_hold(self, letters: str, coarse: str) -> bool:
        """Whether letters are a word in outline, or hold one that may be inside."""
        outline = once(coarse)
        if outline in self._words:
            return True
        inflected = self._in_tokens
        if inflected.stems and (
            inflected.may_hold(coarse) or any(map(inflected.may_hold, _drawn_in(letters, coarse)))
        ):
            return True
        size, sizes = len(outline), self._sizes
        for first in range(min(size - _HEAD, MOST_AROUND) + 1) if sizes else ():
            for length in sizes.get(outline[first : first + _HEAD], ()):
                fits = size - MOST_AROUND <= length <= size - first
                if fits and outline[first : first + length] in self._anywhere:
                    return True
        return False


def squeezed(lines: str) -> tuple[str, str]:
    r"""What of lines may stand for letters, without all that is between it, in outline.

    Whatever in a line may be a word in disguise has its outline in one of the two: in one of them
    2 and 9 stand for letters, in the other for themselves.

    >>> squeezed("c4s-1n0 now\n2-am")
    ('casinonow\nzam', 'casinonow\n2am')
    """
    coarse, code = (once(_BETWEEN.sub("", table.of(lines))) for table in (_COARSE, _CODE))
    return coarse, code


_BETWEEN: Final = re.compile(r"[\x00-\x09\x0b-\x2f\x3a-\x60\x7b-\x7f]+")
"""ASCII that is neither a letter, nor a digit, nor the end of a line."""


def _parts(token: str, table: _Table) -> list[tuple[str, str]]:
    """What a token has of letters, digits and signs that stand for letters, without a break.

    Each as it is and coarse.
    """
    coarse = table.of(token)
    if coarse.isalnum() and coarse.isascii():
        return [(token, coarse)]
    spans = [slice(*match.span()) for match in _PART.finditer(coarse)]
    return [(token[span], coarse[span]) for span in spans]


def _drawn_in(letters: str, coarse: str) -> Sequence[str]:
    """Coarse letters without those that stand three times or more: these once, and twice."""
    if not any(map(eq, coarse, coarse[2:])) or not _THRICE.search(letters):
        return ()
    return [_COARSE.of(_THRICE.sub(to, letters)) for to in _ONCE_AND_TWICE]


_ONCE_AND_TWICE: Final = (r"\1", r"\1\1")


def _coarse(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_COARSE.of("\n".join(words)).split("\n"))


def _outlines_of(words: Collection[str]) -> frozenset[str]:
    """The outlines of those that are long enough, all in one pass."""
    joined = "\n".join([word for word in words if len(word) >= FEWEST])
    return frozenset(once(_COARSE.of(joined)).split("\n")) - {""}
