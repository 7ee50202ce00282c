"""What of a stretch is read as a whole: a token, or a run of single letters held apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import regex

from .alphabets import PUNCTUATION
from .fold import FoldedText
from .joints import SEPARATOR
from .letters import Letter, Letters
from .tables.far import far_tables
from .words import group_of

FEWEST_SINGLES: Final = 3
"""Single letters in a row that are one word."""
LONGEST_REST: Final = 80
"""Characters of a token that are looked at beside a letter of its own."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is read as a whole: a token, or a run of single letters."""

    text: str
    first: int
    usual: str | None = None
    """What holds the letters of a run apart; None for a token."""

    @property
    def letters(self) -> Letters:
        """Its letters; of a run without what is between them."""
        if self.usual is not None:
            return _closed_up(self.text, self.first, self.usual)
        return tuple(Letter(char, n, n) for n, char in enumerate(self.text, self.first))


def units_of(text: FoldedText) -> Iterator[Unit]:
    """The units of a stretch, in order.

    >>> [unit.text for unit in units_of(FoldedText("c4sino n.o.w free"))]
    ['c4sino', 'n.o.w', 'free']
    """
    done = 0
    for match in _SINGLES.finditer(text):
        if len(match.captures(1)) + 1 < FEWEST_SINGLES:
            continue
        for first, last in _even_runs(match):
            yield from _tokens(text, done, first)
            gaps = Counter(_gaps(text[first:last]))
            yield Unit(text[first:last], first, gaps.most_common(1)[0][0])
            done = last
    yield from _tokens(text, done, len(text))


VIRAMAS: Final = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d"
"""Marks that tie the next consonant to the one before."""
SARA_AM: Final = "\u0e4d\u0e32"
"""A Thai vowel that folds into a mark and a letter."""
_LETTER: Final = (
    rf"[\p{{L}}\p{{N}}](?:\p{{M}}|(?<=[{VIRAMAS}])\p{{L}}|(?<={SARA_AM[0]}){SARA_AM[1]})*+"
)
"""What a reader takes for one letter."""
_SINGLES: Final = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}\p{{N}}]){_LETTER}"
    rf"(?:[^\p{{L}}\p{{M}}\p{{N}}]{{1,4}}+({_LETTER})(?![\p{{L}}\p{{N}}]))++"
)
"""Letters apart from each other."""


def _even_runs(match: regex.Match[str]) -> list[tuple[int, int]]:
    """A run of single letters, cut where they are further apart than usual: there words end."""
    starts = [match.start(), *match.starts(1)]
    ends = [match.starts(1)[0], *match.ends(1)]
    text = match.string
    while not group_of(text[ends[0] - 1]):
        ends[0] -= 1
    gaps = [text[before:after] for before, after in zip(ends, starts[1:], strict=False)]
    if gaps[-1].isspace() and _is_spelt_on(text[ends[-1] : ends[-1] + LONGEST_REST]):
        del starts[-1], ends[-1], gaps[-1]
    if (
        gaps
        and gaps[0].isspace()
        and _is_spelt_on(text[max(starts[0] - LONGEST_REST, 0) : starts[0]][::-1])
    ):
        del starts[0], ends[0], gaps[0]
    if len(starts) < FEWEST_SINGLES:
        return []
    usual = Counter(gaps).most_common(1)[0][0]
    blank = usual.isspace()
    longer = [
        n for n, gap in enumerate(gaps, 1) if len(gap) > len(usual) or (gap.isspace() and not blank)
    ]
    other = [n for n, gap in enumerate(gaps, 1) if gap != usual]
    cuts = [0, *other, len(starts)]
    if any(b - a < FEWEST_SINGLES for a, b in pairwise(cuts)):
        cuts = [0, *longer, len(starts)]
    return [
        (starts[a], ends[b - 1])
        for a, b in pairwise(cuts)
        if b - a >= FEWEST_SINGLES and not text[starts[a] : ends[b - 1]].replace(" ", "").isdigit()
    ]


def _is_spelt_on(rest: str) -> bool:
    """Whether a letter's token goes on with signs for letters: in `x c a$$` the `a` is no single.

    `rest`: what follows the letter; what stands before it, backwards. Signs that often end a
    sentence or open a bracket count where another sign or digit is beside them, a sign alone never.
    """
    signs = far_tables().stand_ins
    if rest[:1] not in signs or (rest[0] in PUNCTUATION and rest[1:2] not in signs):
        return False
    token = rest.split(maxsplit=1)[0]
    letters = [char for char in token if group_of(char) or char in signs]
    return len(letters) > 1 and any(char not in PUNCTUATION for char in letters)


_NOT_BLANK: Final = re.compile(r"\S+")


def _tokens(text: str, start: int, end: int) -> Iterator[Unit]:
    for match in _NOT_BLANK.finditer(text, start, end):
        yield Unit(match[0], match.start())


def _closed_up(text: str, start: int, usual: str) -> Letters:
    """A run without what holds its letters apart; a sign that is apart like a letter stays."""
    signs = far_tables().stand_ins
    return tuple(
        Letter(char, place, place, frozenset([SEPARATOR]))
        for place, char in enumerate(text, start)
        if group_of(char) or (char in signs and char not in usual)
    )


def _gaps(text: str) -> Iterator[str]:
    gap = ""
    for char in text:
        if group_of(char):
            if gap:
                yield gap
            gap = ""
        else:
            gap += char
