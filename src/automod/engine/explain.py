"""Why an engine decided as it did: the text folded step by step, and why a material did not hit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from automod.model.decision import Decision
from automod.text.evidence import COMPOSED
from automod.text.fold import Folded, fold
from automod.text.tables import tables
from automod.text.words import words

from .engine import Engine
from .intake import NotACreative, read
from .why_not import WhyNot, why_not


@dataclass(frozen=True, slots=True)
class Change:
    """Part of a text that a fold changed: where (code points), into what, by which fold."""

    start: int
    end: int
    original: str
    becomes: str
    fold: str


@dataclass(frozen=True, slots=True)
class Steps:
    """One field on its way to the matchers."""

    field: str
    original: str
    exact: str
    safe: str
    changes: tuple[Change, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How each field was folded, what was decided, and why one material did not count."""

    fields: tuple[Steps, ...]
    decision: Decision
    asked: WhyNot | None = None
    fault: str | None = None
    """Why it is no creative, where it is none."""


def fault_of(creative: Any) -> str | None:
    """Why something is no creative; None where it is one.

    >>> fault_of({"id": "c1", "colour": "red"})
    "unknown keys: 'colour'"
    """
    try:
        read(creative, 0)
    except NotACreative as error:
        return str(error)
    return None


def explain(
    engine: Engine, creative: Any, material: str | None = None, on: date | None = None
) -> Explanation:
    """How an engine reads a creative, and why one of its materials did not count.

    Args:
        engine: the compiled ruleset.
        creative: a dict or a `Creative`.
        material: the id of a material, rule or allow (`package/id`) that is asked about.
        on: the date to decide for.

    Raises:
        KeyError: the ruleset has nothing of that id.

    >>> from automod.engine.compile import compile
    >>> from automod.model.ruleset import PolicyTable, Ruleset
    >>> engine = compile(Ruleset((), PolicyTable({})))
    >>> creative = {"id": "c1", "markets": ["SA"], "text": {"body": "Free SPINS"}}
    >>> steps = explain(engine, creative).fields[0]
    >>> steps.safe, steps.words, [(one.original, one.fold) for one in steps.changes]
    ('free spins', ('free', 'spins'), [('F', 'case'), ('SPINS', 'case')])
    """
    decision = engine.decide(creative, on)
    try:
        intake = read(creative, 0)
    except NotACreative as error:
        return Explanation((), decision, fault=str(error))
    fields = tuple(map(steps, intake.fields, intake.texts))
    asked = None if material is None else why_not(engine, intake, creative, decision, material)
    return Explanation(fields, decision, asked)


def steps(field: str, text: str) -> Steps:
    """One text, folded step by step.

    >>> [(one.original, one.becomes, one.fold) for one in steps("body", "ربـــح ٥٠").changes]
    [('ـــ', '', 'tatweel'), ('٥٠', '50', 'digit')]
    """
    safe = fold(text)
    found = tuple(word.text for word in words(safe.text))
    return Steps(field, text, fold(text, "exact").text, safe.text, tuple(changes(safe)), found)


def changes(folded: Folded) -> Iterator[Change]:
    """What folding changed, in order; neighbours that the same fold changed as one."""
    held: Change | None = None
    for change in _changes(folded):
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
