"""The loose view: one more look-up for each character of a skeleton, and for short texts a string.

Words stay where they are: what loose changes are letters within them. So one skeleton serves both
views, and a match without a changed letter is a match of the safe view.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from .fold import FoldedText, Index, decode
from .tables.far import DELETED, LONG, far_tables
from .words import Skeleton

_CHAR: Final = np.uint32(0x1FFFFF)
_LINE: Final = "\n"


class Loosened(NamedTuple):
    """A skeleton in the loose view, and where it differs from the safe one."""

    bones: Skeleton
    changes: Index | None
    """(characters + 1,): how many before each are changed; None where none is."""


def loosen(bones: Skeleton) -> Loosened:
    """The loose view of a skeleton.

    >>> from .fold import fold_texts
    >>> from .words import skeleton
    >>> loosen(skeleton(fold_texts(["مراهنة", "Été"]))).bones.text
    '  مراهنه  ete  '
    """
    chars = far_tables().loose.take(bones.chars)
    changed = chars != bones.chars
    if not changed.any():
        return Loosened(bones, None)
    at = bones.at
    if int(chars.max()) >= DELETED:
        chars, at, changed = _resized(bones, chars, changed)
    changes = np.zeros(len(chars) + 1, np.int64)
    changed.cumsum(out=changes[1:])
    return Loosened(Skeleton(chars, at), changes)


def _resized(
    bones: Skeleton, chars: np.ndarray, changed: np.ndarray
) -> tuple[np.ndarray, Index, np.ndarray]:
    """Put deletions and second letters into effect."""
    deleted = chars == DELETED
    # A letter that lost its mark is a changed letter.
    changed[:-1] |= deleted[1:]
    counts = np.ones(len(chars), np.int64)
    counts[deleted] = 0
    long = (chars & np.uint32(LONG)) != 0
    counts[long] = 2
    source = np.repeat(np.arange(len(chars)), counts)
    new = chars[source] & _CHAR
    seconds = (source[1:] == source[:-1]).nonzero()[0] + 1
    second = far_tables().second
    new[seconds] = [second[int(bones.chars[source[place]])] for place in seconds]
    return new.astype(np.uint32), bones.at[source], changed[source]


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
    if int(new.max()) >= DELETED:
        return [loose(text) for text in texts]
    return [FoldedText(text) for text in decode(new).split(_LINE)]


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
