"""Phrases as literal patterns: words and alternatives only, and not too many of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise, product
from typing import Final

from automod.text.words import group_of, is_unspaced

from .phrase import Phrase

FORMS: Final = 64
"""Literal forms a phrase may expand into."""


def literal_forms(phrase: Phrase, most: int = FORMS) -> list[str] | None:
    """The skeletons a literal phrase may have, or None where they would be too many.

    >>> from .phrase import parse
    >>> literal_forms(parse("free (spins|bonus)", 0, "word"))
    ['free spins', 'free bonus']
    """
    count = 1
    for element in phrase.elements:
        count *= len(element.forms)
    if count > most:
        return None
    found: list[str] = []
    for choice in product(*(element.forms for element in phrase.elements)):
        joined = _joined([word for form in choice for word in form])
        found += joined
        if len(found) > most or len(joined) > FORMS:
            return None
    return list(dict.fromkeys(found))


def pattern_forms(phrase: Phrase) -> list[str] | None:
    """The patterns that say all of a phrase; None where it is none, or they would be too many.

    Alternatives in one place may be any number: each would be an anchor of the phrase anyway.

    >>> from .phrase import parse
    >>> pattern_forms(parse("(online casino|casino|<number> slots)", 0, "word")) is None
    True
    >>> pattern_forms(parse("(online casino|casino|slots)", 0, "word"))
    ['casino', 'slots']
    """
    if not phrase.literal:
        return None
    most = 2 * len(phrase.elements[0].forms) if len(phrase.elements) == 1 else 0
    forms = literal_forms(phrase, max(FORMS, most))
    return None if forms is None else latest_starting(forms, open_left=phrase.open_left)


def latest_starting(forms: Iterable[str], *, open_left: bool) -> list[str]:
    """Skeletons without those in which another ends: where both do, the latest start is the match.

    Args:
        forms: of one phrase.
        open_left: they may begin within a word, so they may end in each other there too.

    >>> latest_starting(["online casino", "casino", "mycasino"], open_left=False)
    ['casino', 'mycasino']
    >>> latest_starting(["online casino", "casino", "mycasino"], open_left=True)
    ['casino']
    """
    every = dict.fromkeys(forms)
    return [
        form
        for form in every
        if not any(
            form[start:] in every
            for start in range(1, len(form))
            if open_left or form[start - 1] == " "
        )
    ]


def _joined(sequence: list[str]) -> list[str]:
    """All ways to write the words: apart, and in unspaced scripts also together."""
    texts = [sequence[0]]
    for before, after in pairwise(sequence):
        joints = [" ", ""] if _meets(before, after) else [" "]
        texts = [text + joint + after for text in texts for joint in joints]
        if len(texts) > FORMS:
            return texts
    return texts


def _meets(before: str, after: str) -> bool:
    shared = group_of(before[-1]) & group_of(after[0])
    return bool(shared) and is_unspaced(before[-1]) and is_unspaced(after[0])
