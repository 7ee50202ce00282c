"""Words: where they begin and end in folded text, by script.

The *skeleton* of a text keeps its word characters and puts one space for each run of one to four
other characters, two spaces for a longer run, and one space at a break between scripts. A word is
then literally " word ", and a phrase " first second ": boundaries and separators cost nothing at
scan time, and a raw match is nearly always a real one.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, cast

import numpy as np
import numpy.typing as npt

from .fold import FoldedText, Folding, Index, decode, fold_texts, split_folded
from .tables import GROUP_BITS, GROUP_SHIFT, GROUPS, MARK, UNSPACED, Words, tables

Flags = npt.NDArray[np.bool_]

SPACE = 32
BETWEEN = "  "
"""What stands between two texts, as between words that are far apart."""
LONGEST_GAP = 4
"""The words of a phrase are apart by at most so many characters that are no letters or digits."""


@dataclass(frozen=True)
class Skeleton:
    """Word characters and single spaces, with the folded index of each character."""

    chars: Words
    at: Index
    """Folded index; of a space at a break, that of the character after it."""

    @cached_property
    def text(self) -> FoldedText:
        """The skeleton as a string."""
        return decode(self.chars)


def skeleton(folding: Folding) -> Skeleton:
    """The skeleton of folded texts (all of them in one string, apart by two spaces).

    >>> skeleton(fold_texts(["Win  $500 -- NOW!", "500ريال"])).text
    '  win 500 now  500 ريال  '
    """
    groups = folding.groups
    gap = groups == 0
    first = gap.copy()
    first[1:] &= ~gap[:-1]
    keep = ~gap | first
    keep[_long_gaps(gap, first) + 1] = True
    at = keep.nonzero()[0]
    # Twice as fast as np.where, and `keep` twice as fast as `at`.
    chars = (folding.chars * ~gap + gap * np.uint32(SPACE))[keep]
    broken = _breaks(groups, gap).nonzero()[0] + 1
    if len(broken):
        chars, at = _with_breaks(chars, at, broken)
    return Skeleton(chars.astype(np.uint32, copy=False), at)


def _with_breaks(chars: Words, at: Index, broken: Index) -> tuple[Words, Index]:
    """A skeleton with a space before each of the characters that begin another script.

    `np.insert` for each of the two would work out the same places twice.
    """
    places = np.searchsorted(at, broken)
    places += np.arange(len(places))
    kept = np.ones(len(at) + len(places), np.bool_)
    kept[places] = False
    new_chars, new_at = np.empty(len(kept), np.uint32), np.empty(len(kept), np.int64)
    new_chars[kept], new_at[kept] = chars, at
    new_chars[places], new_at[places] = SPACE, broken
    return new_chars, new_at


def _long_gaps(gap: Flags, first: Flags) -> Index:
    """Where gaps of more than four characters begin."""
    two = gap[:-1] & gap[1:]
    five = two[:-3] & two[2:-1] & gap[4:]
    return (five & first[: len(five)]).nonzero()[0]


def _breaks(groups: npt.NDArray[np.uint8], gap: Flags) -> Flags:
    """Whether a break lies between a character and the one after it."""
    shared = groups | -gap.view(np.uint8)  # a gap has a part in every group
    apart: Flags = (shared[:-1] & shared[1:]) == 0
    return apart


def cores(texts: list[str]) -> tuple[list[FoldedText], list[FoldedText]]:
    """For each text its folded form and its skeleton without the spaces around.

    >>> cores(["Ｃ++", "ربح مضمون"])
    (['c++', 'ربح مضمون'], ['c', 'ربح مضمون'])
    """
    folding = fold_texts(texts)
    bones = skeleton(folding)
    cuts = np.searchsorted(bones.at, folding.folded_at)
    return split_folded(folding), split_words(bones, cuts)


def split_words(bones: Skeleton, cuts: Index) -> list[FoldedText]:
    """The skeleton of each of several texts, without the spaces around; `cuts`: where they begin.

    >>> split_words(skeleton(fold_texts(["Casino!", "win"])), np.array([2, 10, 15]))
    ['casino', 'win']
    """
    text = bones.text
    split = text.split(BETWEEN)[1:-1]
    # Where every text has a word, and there are no more pieces than texts, each is one of them.
    if len(split) == len(cuts) - 1 and bool((np.diff(cuts) > len(BETWEEN)).all()):
        return cast("list[FoldedText]", split)
    # Else by place, which takes ten times as long.
    return [FoldedText(text[a:b].strip(" ")) for a, b in pairwise(cuts.tolist())]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a folded text; half-open, in folded characters."""

    start: int
    end: int
    text: str
    tied: bool = False
    """It is read as one with the word before it, whatever stands between them."""


def words(text: FoldedText) -> list[Word]:
    """The words of one folded text, in order.

    In scripts written without spaces each character with its marks is a word of its own.

    >>> [word.text for word in words(FoldedText("t20 500ريال 赌博!"))]
    ['t20', '500', 'ريال', '赌', '博']
    """
    spans: list[list[int]] = []
    before = 0
    for place, char in enumerate(text):
        group = group_of(char)
        if group and not _starts_word(before, group, char):
            spans[-1][1] = place + 1
        elif group:
            spans.append([place, place + 1])
        before = group
    return [Word(start, end, text[start:end]) for start, end in spans]


def _starts_word(before: int, group: int, char: str) -> bool:
    if not before & group:
        return True
    return bool(before & group & UNSPACED) and group != GROUPS["*"] and not is_mark(char)


class _Groups(dict[str, int]):
    """Character -> its group bits, filled as they come: indexing an array costs far more."""

    def __missing__(self, char: str) -> int:
        group = int(tables().entries[ord(char)]) >> GROUP_SHIFT & GROUP_BITS
        if char <= LAST_KEPT:
            self[char] = group
        return group


class _Marks(dict[str, bool]):
    """Character -> whether it is a combining mark."""

    def __missing__(self, char: str) -> bool:
        mark = bool(tables().kinds[ord(char)] & MARK)
        if char <= LAST_KEPT:
            self[char] = mark
        return mark


LAST_KEPT: Final = "\uffff"
"""What is remembered stays small, whatever comes."""
_GROUP_OF: Final = _Groups()
_IS_MARK: Final = _Marks()


def group_of(char: str) -> int:
    """The script group bits of a folded character; 0 where it is no word character."""
    return _GROUP_OF[char]


def is_mark(char: str) -> bool:
    """Whether the character is a combining mark: no span begins or ends before it."""
    return _IS_MARK[char]


def is_unspaced(text: str) -> bool:
    """Whether any letter is of a script without spaces: Han, kana, Thai, Lao, Khmer, Myanmar."""
    return any(group != GROUPS["*"] and group & UNSPACED for group in map(group_of, text))


def word_index(starts: list[int], offset: int) -> int:
    """The number of the word at an offset, given where the words start."""
    return max(bisect_right(starts, offset) - 1, 0)
