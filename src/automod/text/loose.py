"""The loose view: one more look-up for each character of a skeleton, and for short texts a string.

Words stay where they are: what loose changes are letters within them. So one skeleton serves both
views, and a match without a changed letter is a match of the safe view.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple, cast

import numpy as np

from .fold import FoldedText, Index, decode
from .tables import CHAR, Words
from .tables.far import DELETED, LONG, far_tables
from .words import Flags, Skeleton, split_words

_LINE: Final = "\n"
_SPACE: Final = np.uint32(ord(" "))


class Loosened(NamedTuple):
    """A skeleton in the loose view, and where it differs from the safe one."""

    bones: Skeleton
    changed: Flags | None
    """(characters,): whether loose changed each; None where it changed none."""


def loosen(bones: Skeleton) -> Loosened:
    """The loose view of a skeleton.

    >>> from .fold import fold_texts
    >>> from .words import skeleton
    >>> loosen(skeleton(fold_texts(["مراهنة", "Été"]))).bones.text
    '  مراهنه  ete  '
    """
    chars = far_tables().loose.take(bones.chars)
    changed = chars != bones.chars
    places = changed.nonzero()[0]
    if not len(places):
        return Loosened(bones, None)
    special = places[chars[places] >= DELETED].tolist()
    if not special:
        return Loosened(Skeleton(chars, bones.at), changed)
    return _resized(bones, chars, changed, special)


def _resized(bones: Skeleton, chars: Words, changed: Flags, special: list[int]) -> Loosened:
    """Put deletions and second letters into effect: few, so that pieces are copied."""
    second = far_tables().second
    new, at, flags, done = [], [], [], 0
    for place in special:
        new.append(chars[done:place])
        at.append(bones.at[done:place])
        flags.append(changed[done:place])
        if chars.item(place) & LONG:
            letters = [chars.item(place) & CHAR, second[bones.chars.item(place)]]
            new.append(np.array(letters, np.uint32))
            at.append(np.full(2, bones.at.item(place)))
            flags.append(np.ones(2, np.bool_))
        elif place:
            changed[place - 1] = True  # a letter that lost its mark is a changed letter
        done = place + 1
    new.append(chars[done:])
    at.append(bones.at[done:])
    flags.append(changed[done:])
    return Loosened(Skeleton(np.concatenate(new), np.concatenate(at)), np.concatenate(flags))


def loose_many(texts: Sequence[FoldedText]) -> list[FoldedText]:
    """Safe-folded texts without line breaks in the loose view, in one pass.

    >>> loose_many([FoldedText("مراهنة"), FoldedText("casino")])
    ['مراهنه', 'casino']
    """
    joined = _LINE.join(texts)
    if joined.isascii():
        return list(texts)
    table = far_tables().loose
    chars = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    new = table.take(chars)
    odd = new >= DELETED
    found = cast("list[FoldedText]", decode(np.where(odd, _SPACE, new)).split(_LINE))
    if odd.any():  # of a text with letters that vanish or become two, one at a time
        lines = np.searchsorted((chars == ord(_LINE)).nonzero()[0], odd.nonzero()[0])
        for number in np.unique(lines).tolist():
            found[number] = loose(texts[number])
    return found


def loose_words(bones: Skeleton, cuts: Index) -> tuple[list[FoldedText], dict[int, FoldedText]]:
    """The words of each of several texts in the loose view, and of those it changed as they were.

    `bones`: the skeleton of all; `cuts`: where each begins in it.

    >>> from .fold import fold_texts
    >>> from .words import skeleton
    >>> loose_words(skeleton(fold_texts(["مراهنة", "casino"])), np.array([2, 10, 18]))
    (['مراهنه', 'casino'], {0: 'مراهنة'})
    """
    chars = far_tables().loose.take(bones.chars)
    places = (chars != bones.chars).nonzero()[0]
    odd = places[chars[places] >= DELETED]
    chars[odd] = bones.chars[odd]
    found = split_words(Skeleton(chars, bones.at), cuts)
    text, changed = bones.text, _texts_at(cuts, places)
    spans = zip(cuts[changed].tolist(), cuts[changed + 1].tolist(), strict=True)
    words = [FoldedText(text[start:end].strip(" ")) for start, end in spans]
    before = dict(zip(changed.tolist(), words, strict=True))
    for number in _texts_at(cuts, odd).tolist():  # with letters that vanish or become two
        found[number] = loose(before[number])
        if found[number] == before[number]:
            del before[number]
    return found, before


def _texts_at(cuts: Index, places: Index) -> Index:
    """The texts in which places, in order, lie: each once."""
    numbers = np.searchsorted(cuts, places, side="right") - 1
    found: Index = numbers[np.diff(numbers, prepend=-1) != 0]
    return found


def loose(text: FoldedText) -> FoldedText:
    """One safe-folded text in the loose view.

    >>> loose(FoldedText("été"))
    'ete'
    """
    return FoldedText(text if text.isascii() else text.translate(_letters()))


@lru_cache(maxsize=1)
def _letters() -> dict[int, str]:
    return {ord(char): target for char, (target, _) in far_tables().loose_folds.items()}


def loose_names(text: str) -> frozenset[str]:
    """The names of the folds that loose makes in a safe-folded text."""
    folds = far_tables().loose_folds
    return frozenset(folds[char][1] for char in text if char in folds)
