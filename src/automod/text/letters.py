"""Letters and words as they are read: each knows where it comes from, and by what folds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final, NamedTuple

import regex

from .tables.far import far_tables
from .words import LONGEST_GAP, group_of, is_mark

ELONGATION: Final = "elongation"

MOST_OPTIONS: Final = 64
"""Spellings of one token that are tried."""


class Letter(NamedTuple):
    """A letter as it is read, and which characters of the text it comes from (last included)."""

    char: str
    first: int
    last: int
    folds: frozenset[str] = frozenset()


Letters = tuple[Letter, ...]
NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word as it may be read, and which characters of the text each of its letters comes from."""

    text: str
    firsts: Sequence[int]
    lasts: Sequence[int]
    """The last character that each letter comes from, included."""
    folds: frozenset[str] = NONE

    @property
    def first(self) -> int:
        """The first character of the text that it comes from."""
        return min(self.firsts[0], self.firsts[-1])

    @property
    def last(self) -> int:
        """The last character of the text that it comes from."""
        return max(self.lasts[0], self.lasts[-1])


def spelling_of(letters: Sequence[Letter]) -> Spelling:
    """The word that letters make."""
    if not letters:
        return Spelling("", (), ())
    chars, firsts, lasts, folds = zip(*letters, strict=True)
    return Spelling("".join(chars), firsts, lasts, NONE.union(*folds))


def are_neighbours(before: Spelling, word: Spelling) -> bool:
    """Whether two words are as near as those of a phrase may be."""
    return (
        abs(word.first - before.last) - 1 <= LONGEST_GAP
        or abs(before.first - word.last) - 1 <= LONGEST_GAP
    )


def loosened(letters: Sequence[Letter]) -> Letters:
    """What the loose view makes of letters."""
    folds = far_tables().loose_folds
    kept: list[Letter] = []
    for letter in letters:
        fold = folds.get(letter.char)
        if fold is None:
            kept.append(letter)
            continue
        target, name = fold
        named = letter.folds | {name}
        if not target and kept:
            kept[-1] = kept[-1]._replace(last=letter.last, folds=kept[-1].folds | named)
        kept += [Letter(char, letter.first, letter.last, named) for char in target]
    return tuple(kept)


def is_drawn_out(text: str) -> bool:
    """Whether a letter, with its marks, stands three times in a row."""
    if _THRICE.search(text) is not None:
        return True
    return not text.isascii() and _MARKED_THRICE.search(text) is not None


_THRICE: Final = re.compile(r"(.)\1\1", re.DOTALL)
_MARKED_THRICE: Final = regex.compile(r"(\p{L}\p{M}++)\1\1")


def drawn_in(letters: Letters) -> Iterator[Letters]:
    """Letters that stand three times or more: once, twice, as they are."""
    text = "".join(letter.char for letter in letters)
    if not is_drawn_out(text):
        yield letters
        return
    # Marks that are drawn out by themselves are no letter's.
    marked = not text.isascii() and _MARKED_THRICE.search(text) is not None
    runs: list[list[Letters]] = []
    for one in _with_marks(letters) if marked else [(letter,) for letter in letters]:
        if runs and _are_alike(runs[-1][0], one) and group_of(one[0].char):
            runs[-1].append(one)
        else:
            runs.append([one])
    slots = [
        [_drawn_to(run, 1), _drawn_to(run, 2)]
        if len(run) > 2 and not run[0][0].char.isdigit()
        else [run]
        for run in runs
    ]
    for choice in islice(product(*slots), MOST_OPTIONS):
        yield tuple(letter for run in choice for one in run for letter in one)


def _with_marks(letters: Letters) -> list[Letters]:
    """Letters, each with the marks behind it."""
    found: list[Letters] = []
    for letter in letters:
        if found and is_mark(letter.char):
            found[-1] += (letter,)
        else:
            found.append((letter,))
    return found


def _are_alike(one: Letters, other: Letters) -> bool:
    return [letter.char for letter in one] == [letter.char for letter in other]


def _drawn_to(run: list[Letters], count: int) -> list[Letters]:
    kept = run[:count]
    *whole, last = kept[-1]
    drawn = last._replace(last=run[-1][-1].last, folds=last.folds | {ELONGATION})
    return [*kept[:-1], (*whole, drawn)]


def words_of(letters: Letters) -> list[Spelling]:
    """The words that letters make, apart where symbols or a change of script part them."""
    found: list[list[Letter]] = []
    before = 0
    for letter in letters:
        group = group_of(letter.char)
        if group and before & group:
            found[-1].append(letter)
        elif group:
            found.append([letter])
        before = group
    return [spelling_of(one) for one in found]
