"""A text on its way to the matchers, step by step: what each view makes of it, by which fold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import regex

from automod.text import disguise
from automod.text.backwards import read_backwards
from automod.text.evidence import COMPOSED, EVASION_FOLDS, inflected
from automod.text.fold import Folded, FoldedText, fold
from automod.text.letters import ELONGATION, Spelling
from automod.text.lexicon import Lexicon
from automod.text.loose import loose
from automod.text.tables import tables
from automod.text.tables.far import far_tables
from automod.text.vocabulary import Vocabulary
from automod.text.words import words

LONGEST: Final = 20_000
"""Characters of a text that is read through disguises; a creative has some hundreds."""

DISGUISES: Final = EVASION_FOLDS | {ELONGATION}
"""What is no look-up of a letter: the token around it has to be read."""

_OVERRIDDEN: Final = regex.compile("[\u202d\u202e]([^\u202c\u202d\u202e\n]+)")


@dataclass(frozen=True, slots=True)
class Change:
    """Part of a text that a fold changed: where (code points), into what, by which fold."""

    start: int
    end: int
    original: str
    """What it was before this fold: in the loose view, what the safe one left."""
    becomes: str
    fold: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A disguised stretch of a text (code points), as it is read, and the folds that it takes."""

    start: int
    end: int
    original: str
    becomes: str
    folds: tuple[str, ...]
    known: bool
    """It makes a word, or a form of a word, of the material that is looked at."""


@dataclass(frozen=True, slots=True)
class Steps:
    """One field on its way to the matchers."""

    field: str
    original: str
    exact: str
    safe: str
    changes: tuple[Change, ...]
    words: tuple[str, ...]
    loose: str = ""
    loose_changes: tuple[Change, ...] = ()
    readings: tuple[Reading, ...] = ()
    """Other readings of one stretch follow each other, the likeliest first."""


def steps(field: str, text: str, lexicons: Sequence[Lexicon] = ()) -> Steps:
    """One text, folded step by step.

    Args:
        field: its name.
        text: as it is written.
        lexicons: of the material whose words a disguise may hide.

    >>> [(one.original, one.becomes, one.fold) for one in steps("body", "ربـــح ٥٠").changes]
    [('ـــ', '', 'tatweel'), ('٥٠', '50', 'digit')]
    >>> [(one.becomes, one.folds, one.known) for one in steps("body", "C4sino").readings]
    [('casino', ('leet',), False)]
    """
    safe = fold(text)
    return Steps(
        field, text, fold(text, "exact").text, safe.text, tuple(changes(safe)),
        tuple(word.text for word in words(safe.text)),
        loose(safe.text), tuple(loose_changes(safe)), tuple(readings(safe, lexicons)),
    )  # fmt: skip


# --- the safe and the loose view ------------------------------------------------------------------


def changes(folded: Folded) -> Iterator[Change]:
    """What folding changed, in order; neighbours that the same fold changed as one."""
    return _together(_changes(folded))


def loose_changes(folded: Folded) -> Iterator[Change]:
    """What the loose view changes in a folded text, in order; neighbours of one fold as one.

    >>> [(one.original, one.becomes, one.fold) for one in loose_changes(fold("مراهنة"))]
    [('ة', 'ه', 'ta_marbuta')]
    """
    folds = far_tables().loose_folds
    return _together(
        Change(*folded.span(place, place + 1), char, *folds[char])
        for place, char in enumerate(folded.text)
        if char in folds
    )


def _together(found: Iterable[Change]) -> Iterator[Change]:
    held: Change | None = None
    for change in found:
        if held is not None and held.end == change.start and held.fold == change.fold:
            original, becomes = held.original + change.original, held.becomes + change.becomes
            held = Change(held.start, change.end, original, becomes, held.fold)
            continue
        if held is not None:
            yield held
        held = change
    if held is not None:
        yield held


def _changes(folded: Folded) -> Iterator[Change]:
    composed = dict(_composed(folded))
    folds = tables().folds
    place = 0
    while place < len(folded.original):
        char = folded.original[place]
        if place in composed:
            end, becomes = composed[place]
            yield Change(place, end, folded.original[place:end], becomes, COMPOSED)
            place = end
            continue
        if char in folds:
            yield Change(place, place + 1, char, *folds[char])
        place += 1


def _composed(folded: Folded) -> Iterator[tuple[int, tuple[int, str]]]:
    """Start -> (end, result) of letters that became something together that none becomes alone."""
    folds = tables().folds
    places = [folded.span(k, k + 1) for k in range(len(folded.text))]
    first = 0
    while first < len(places):
        last = first
        while last < len(places) and places[last][0] == places[first][0]:
            last += 1
        start, end = places[first][0], places[last - 1][1]
        becomes = folded.text[first:last]
        alone = "".join(folds.get(char, (char,))[0] for char in folded.original[start:end])
        if alone != becomes:
            yield start, (end, becomes)
        first = last


# --- disguises ------------------------------------------------------------------------------------


def readings(folded: Folded, lexicons: Sequence[Lexicon]) -> Iterator[Reading]:
    """How the disguised stretches of a text are read, in order.

    Of one stretch, the readings that make a word of the material; else the likeliest alone.
    """
    if len(folded.text) > LONGEST:
        return
    vocabulary = Vocabulary(word for one in lexicons for word in one.vocabulary.words)
    by_place: dict[tuple[int, int], list[Spelling]] = {}
    for word in _read(folded, vocabulary):
        if not DISGUISES.isdisjoint(word.folds):
            by_place.setdefault((word.first, word.last + 1), []).append(word)
    held = [word for some in by_place.values() for word in some if _is_known(word.text, lexicons)]
    covered = {place for word in held for place in range(word.first, word.last + 1)}
    for span in sorted(by_place):
        known = [word for word in by_place[span] if word in held]
        if not known and covered.isdisjoint(range(*span)):
            known = by_place[span][:1]
        start, end = folded.span(*span)
        for text, word in {word.text: word for word in known}.items():
            folds = tuple(sorted(word.folds))
            yield Reading(start, end, folded.original[start:end], text, folds, word in held)


def _read(folded: Folded, vocabulary: Vocabulary) -> Iterator[Spelling]:
    for reading in disguise.read(folded.text, vocabulary):
        yield from reading
    for match in _OVERRIDDEN.finditer(folded.original):
        first, last = _folded_span(folded, *match.span(1))
        text = FoldedText(folded.text[first:last])
        for reading in read_backwards(text, vocabulary):
            for word in reading:
                firsts = [first + place for place in word.firsts]
                lasts = [first + place for place in word.lasts]
                yield Spelling(word.text, firsts, lasts, word.folds)


def _folded_span(folded: Folded, start: int, end: int) -> tuple[int, int]:
    """The folded characters that come from a span of the original."""
    spans = [folded.span(place, place + 1) for place in range(len(folded.text))]
    inside = [place for place, span in enumerate(spans) if start <= span[0] and span[1] <= end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _is_known(word: str, lexicons: Iterable[Lexicon]) -> bool:
    return any(word in one.vocabulary or inflected(word, one.stems) is not None for one in lexicons)
