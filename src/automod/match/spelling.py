"""The values of many keywords as they are searched for, in one pass over all their letters.

Nearly every keyword is one word with letters at its edges. Which are otherwise is told by lengths
and places in the joined texts: to compare text by text takes longer than to fold them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from automod.text.fold import SEPARATOR, FoldedText, fold_texts
from automod.text.loose import loose_words
from automod.text.words import BETWEEN, SPACE, skeleton, split_words


class Spelling(NamedTuple):
    """The words of values, in the fold that patterns are in."""

    words: Sequence[FoldedText]
    before: Mapping[int, FoldedText]
    """Place of a value that loose changed -> its words as they were."""
    odd: Sequence[int]
    """The places, in order, of values of several words, with symbols, or of no word."""


def spelling_of(values: Sequence[str], *, far: bool) -> Spelling:
    """The words of values; `far`: in the loose fold, else in the safe one.

    >>> spelling_of(["مراهنة", "Casino", "win big", "c++"], far=True)
    Spelling(words=['مراهنه', 'casino', 'win big', 'c'], before={0: 'مراهنة'}, odd=[2, 3])
    """
    folding = fold_texts(values)
    bones = skeleton(folding)
    cuts = np.searchsorted(bones.at, folding.folded_at)
    spaces = np.searchsorted((bones.chars == SPACE).nonzero()[0], cuts)
    sizes = np.diff(cuts) - len(BETWEEN)
    whole = sizes == np.diff(folding.folded_at) - len(SEPARATOR)
    odd = ~(whole & (np.diff(spaces) == len(BETWEEN)))
    words, before = loose_words(bones, cuts) if far else (split_words(bones, cuts), {})
    if not all(words):
        odd |= np.fromiter(map(len, words), np.int64, len(words)) == 0
    return Spelling(words, before, odd.nonzero()[0].tolist())
