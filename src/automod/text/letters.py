"""Letters and words as they are read: each knows where it comes from, and by what folds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final, NamedTuple

from .tables.far import far_tables
from .words import LONGEST_GAP, group_of

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
    return Spelling(
        "".join(letter.char for letter in letters),
        [letter.first for letter in letters],
        [letter.last for letter in letters],
        NONE.union(*(letter.folds for letter in letters)),
    )


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
    """Whether a character stands three times in a row."""
    return _THRICE.search(text) is not None


_THRICE: Final = re.compile(r"(.)\1\1", re.DOTALL)


def drawn_in(letters: Letters) -> Iterator[Letters]:
    """Letters that stand three times or more: once, twice, as they are."""
    text = "".join(letter.char for letter in letters)
    if not is_drawn_out(text):
        yield letters
        return
    runs: list[list[Letter]] = []
    for letter in letters:
        if runs and runs[-1][0].char == letter.char and group_of(letter.char):
            runs[-1].append(letter)
        else:
            runs.append([letter])
    slots = [
        [_drawn_to(run, 1), _drawn_to(run, 2)]
        if len(run) > 2 and not run[0].char.isdigit()
        else [run]
        for run in runs
    ]
    for choice in islice(product(*slots), MOST_OPTIONS):
        yield tuple(letter for run in choice for letter in run)


def _drawn_to(run: list[Letter], count: int) -> list[Letter]:
    kept = run[:count]
    folds = kept[-1].folds | {ELONGATION}
    return [*kept[:-1], kept[-1]._replace(last=run[-1].last, folds=folds)]


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
