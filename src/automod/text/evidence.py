"""Which view a hit needed, and which folds: what makes a spelling evidence."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from automod.model.vocabulary import View

from .fold import FoldedText, exact, fold, fold_many
from .tables import tables
from .words import words

COMPOSED = "composition"
"""A letter and its marks written apart."""


@lru_cache(maxsize=16_384)
def needed(value: str, surface: str) -> tuple[View, tuple[str, ...]]:
    """The tightest view in which a surface equals a material's value, and the folds that it took.

    >>> needed("كازينو", "كــازينو")
    ('safe', ('tatweel',))
    >>> needed("Casino", "Casino")
    ('exact', ())
    """
    if surface == value:
        return "exact", ()
    # NFC leaves ASCII as it is: two that differ still do.
    if not (surface.isascii() and value.isascii()) and exact(surface) == exact(value):
        return "exact", ()
    if surface.casefold() == value.casefold():
        return "safe", ("case",)
    names = sorted({*changes(value), *changes(surface)})
    if len(names) > 1:
        names = [name for name in names if not _equal_without(value, surface, name)]
    return "safe", tuple(names) or (COMPOSED,)


def phrase_needed(value: str, surface: str) -> tuple[View, tuple[str, ...]]:
    """As `needed`, word by word: words between those of the phrase count nothing.

    >>> phrase_needed("free (spins|bonus)", "Free 50 ｂonus")
    ('safe', ('case', 'width'))
    """
    written = dict(_words(value))
    names: set[str] = set()
    for word, original in _words(surface):
        if word in written:
            names.update(needed(written[word], original)[1])
    return ("safe", tuple(sorted(names))) if names else ("exact", ())


def _words(text: str) -> list[tuple[str, str]]:
    """The words of a text: folded, and as written."""
    folded = fold(text)
    spans = [(word.text, folded.span(word.start, word.end)) for word in words(folded.text)]
    return [(word, text[start:end]) for word, (start, end) in spans]


def surface_folds(surface: str) -> tuple[View, tuple[str, ...]]:
    """The folds that a surface goes through, where there is no value to compare it with.

    Case is left out: patterns, links and numbers are matched in any case.

    >>> surface_folds("٠٥٠ 123")
    ('safe', ('digit',))
    """
    names = tuple(sorted(set(changes(surface)) - {"case"}))
    return ("safe", names) if names else ("exact", ())


def changes(text: str) -> Iterable[str]:
    """The names of the folds that change a character of the text, with repeats."""
    folds = tables().folds
    return (folds[char][1] for char in text if char in folds)


def _equal_without(value: str, surface: str, name: str) -> bool:
    """Whether the two are still equal when one fold is left out on both sides."""
    held = _without(value, name), _without(surface, name)
    return held[0] == held[1]


def _without(text: str, name: str) -> str:
    """The text folded but for one named fold, whose characters stand for themselves."""
    folds = tables().folds
    pieces = (char if folds.get(char, ("", ""))[1] == name else _alone(char) for char in text)
    return exact("".join(pieces))


@lru_cache(maxsize=4_096)
def _alone(char: str) -> FoldedText:
    """One character folded: the alphabet of spellings is small."""
    return fold_many([char])[0]
