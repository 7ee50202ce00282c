"""Symbols that somebody puts between letters of a script without spaces: what the letters are.

There a symbol parts nothing, and it often stands between letters that belong together anyway. So
what lies on both sides is first closed up for a whole batch, in arrays, and searched: only where a
literal reaches across a symbol the place is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from automod.text import disguise
from automod.text.fold import FoldedText, Folding, Index, decode
from automod.text.tables import Words
from automod.text.tables.far import BETWEEN, UNSPACED_LETTER, far_tables
from automod.text.words import SPACE

from .literals import Find
from .readings import Piece

NEAR: Final = 12
"""Characters before and after a symbol that are read with it."""

Classes = npt.NDArray[np.uint8]

_LONG_MARK: Final = np.uint32(ord("ー"))
_DASHES: Final = np.array([*map(ord, disguise.DASHES)], np.uint32)
_BRIDGEABLE: Final = frozenset({UNSPACED_LETTER, BETWEEN})


def bridged(folding: Folding, classes: Classes, places: Index, find: Find) -> Iterator[Piece]:
    """The readings of what stands on both sides of symbols, where a literal reaches across one.

    Args:
        folding: the texts.
        classes: (characters,), of the folded characters.
        places: the symbols that stand before a letter of a script without spaces.
        find: where the literals are that such a script may be searched for.
    """
    places = _between_letters(classes, places)
    if not len(places):
        return
    crossed = _crossed(folding, classes, places, find)
    windows = dict.fromkeys(_around(folding, classes, place) for place in places[crossed].tolist())
    for start, text in windows:
        yield from ((start, number, [one]) for number, one in enumerate(disguise.closed(text)))


def _between_letters(classes: Classes, places: Index) -> Index:
    """The symbols that have such a letter, or more symbols and then one, before them."""
    before = places - 1
    for _ in range(NEAR):
        symbols = classes[before] == BETWEEN
        if not symbols.any():
            break
        before = before - symbols
    found: Index = places[classes[before] == UNSPACED_LETTER]
    return found


def _crossed(
    folding: Folding, classes: Classes, places: Index, find: Find
) -> npt.NDArray[np.bool_]:
    """Which of the symbols a literal reaches across, when the letters around them are closed up."""
    crossed = np.zeros(len(places), np.bool_)
    for chars, at in _closed_up(folding, classes, places):
        for first, last in _spans(chars, at, find):
            begin, end = np.searchsorted(places, (first, last)).tolist()
            crossed[begin:end] = True
    return crossed


def _closed_up(folding: Folding, classes: Classes, places: Index) -> Iterator[tuple[Words, Index]]:
    """What is around symbols, in loose fold and without them, and where each letter comes from."""
    near = np.zeros(len(classes), np.bool_)
    for place in places.tolist():
        near[max(place - NEAR - 1, 0) : place + NEAR] = True
    at = near.nonzero()[0]
    kinds = classes[at]
    chars = far_tables().loose.take(folding.chars[at])
    apart = np.flatnonzero(np.diff(at, prepend=0) > 1)
    chars[kinds != UNSPACED_LETTER] = SPACE
    chars[apart] = SPACE
    kept = kinds != BETWEEN
    kept[apart] = True
    yield chars[kept], at[kept]
    dashes = np.isin(folding.chars[at], _DASHES)
    if dashes.any():  # they may be the mark of a long vowel
        long = np.where(dashes, _LONG_MARK, chars)
        yield long[kept | dashes], at[kept | dashes]


def bridges(folding: Folding, classes: Classes, places: Index) -> Iterator[tuple[int, str]]:
    """What stands around the symbols of each text, closed up, with a folded place of that text.

    Where no literal is in it, none reaches across a symbol. The arguments are those of `bridged`.
    """
    places = _between_letters(classes, places)
    if not len(places):
        return
    for chars, at in _closed_up(folding, classes, places):
        text = decode(chars)
        owners = np.searchsorted(folding.folded_at, at, side="right")
        cuts = np.flatnonzero(np.diff(owners)) + 1
        for first, last in pairwise([0, *cuts.tolist(), len(at)]):
            yield at.item(last - 1), f" {text[first:last]} "


def _spans(chars: npt.NDArray[np.uint32], at: Index, find: Find) -> list[tuple[int, int]]:
    """First and last place of each literal in closed text that has a symbol, or a dash, within."""
    return [(at.item(start), at.item(end - 1)) for _, start, end in find(decode(chars))]


def _around(folding: Folding, classes: Classes, place: int) -> tuple[int, FoldedText]:
    """Letters and symbols on both sides of a place: where they begin, and they."""
    first, last = max(place - NEAR, 0), place + NEAR
    kinds = classes[first:last].tolist()
    left = next((n for n in range(place - first, -1, -1) if kinds[n] not in _BRIDGEABLE), -1)
    right = next((n for n in range(place - first, len(kinds)) if kinds[n] not in _BRIDGEABLE), None)
    start = first + left + 1
    while classes.item(start) == BETWEEN:
        start += 1
    return start, decode(folding.chars[start : last if right is None else first + right])
