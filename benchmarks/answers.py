"""Whether everybody found what stands in the texts. Asked before anything is timed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from automod.model.decision import Decision
from automod.text.fold import fold, fold_many

from .corpus import Expected, Keyword, Planting, material_id
from .rivals import Bare, Raw, fold_by_hand


class Finder(Protocol):
    """Anything that finds keywords in a text."""

    def find(self, text: str, /) -> Sequence[Raw]:
        """(keyword number, start, end) of every match."""
        ...


class WrongAnswerError(AssertionError):
    """Somebody found something else than what was planted; a time would mean nothing."""


def of_decisions(decisions: Sequence[Decision], ids: dict[str, int]) -> list[Expected]:
    """The hits of decisions, in the form of what is expected."""
    return sorted(
        (decision.index, ids[hit.material], hit.start or 0, hit.end or 0)
        for decision in decisions
        for hit in decision.hits
    )


def ids_of(chosen: Sequence[Keyword]) -> dict[str, int]:
    """Material id -> keyword number."""
    return {material_id(number): number for number in range(len(chosen))}


def must_equal(who: str, got: Iterable[Expected], planting: Planting) -> None:
    """Compare with what was planted.

    Raises:
        WrongAnswerError: something is missing or too much; the first few are named.
    """
    found, expected = sorted(got), list(planting.expected)
    if found == expected:
        return
    extra, missing = sorted({*found} - {*expected}), sorted({*expected} - {*found})
    lines = [f"{who}: {len(found)} hits, {len(expected)} were planted"]
    lines += [f"  too much: {_shown(one, planting)}" for one in extra[:5]]
    lines += [f"  missing: {_shown(one, planting)}" for one in missing[:5]]
    raise WrongAnswerError("\n".join(lines))


def must_include(who: str, got: Iterable[Expected], planting: Planting) -> list[Expected]:
    """Compare with what was planted, where more may be found; what was found besides.

    Raises:
        WrongAnswerError: a planted keyword is not found at its place; the first few are named.
    """
    found = sorted(got)
    missing = sorted({*planting.expected} - {*found})
    if missing:
        lines = [f"{who}: {len(missing)} of {len(planting.expected)} planted are missing"]
        lines += [f"  missing: {_shown(one, planting)}" for one in missing[:5]]
        raise WrongAnswerError("\n".join(lines))
    return sorted({*found} - {*planting.expected})


def _shown(one: Expected, planting: Planting) -> str:
    creative, number, start, end = one
    around = planting.texts[creative][max(0, start - 15) : end + 15]
    return f"keyword {number} at {start}-{end} of text {creative}, in {around!r}"


def by_hand(finder: Finder, planting: Planting) -> list[Expected]:
    """What a hand-rolled search finds, in places of the original text.

    It knows places in its folded text only: where the fold of the text before a planted keyword
    ends, the keyword begins. What it finds anywhere else stands in the answer as place -1.
    """
    places = _folded_places(planting)
    return [
        (creative, number, *places.get((creative, start, end), (-1, -1)))
        for creative, text in enumerate(planting.texts)
        for number, start, end in finder.find(text)
    ]


def _folded_places(planting: Planting) -> dict[tuple[int, int, int], tuple[int, int]]:
    places = {}
    for creative, _, start, end in planting.expected:
        text = planting.texts[creative]
        folded = len(fold_by_hand(text[:start])), len(fold_by_hand(text[:end]))
        places[creative, *folded] = start, end
    return places


def bare_matches(bare: Bare, planting: Planting) -> int:
    """How many raw matches the bare scan has, of which the planted ones are some.

    Raises:
        WrongAnswerError: one of the planted is not among them.
    """
    raw = [set(bare.find(text)) for text in fold_many(planting.texts)]
    for creative, number, start, end in planting.expected:
        text = planting.texts[creative]
        folded = len(fold(text[:start]).text), len(fold(text[:end]).text)
        if (number, *folded) not in raw[creative]:
            missing = _shown((creative, number, start, end), planting)
            raise WrongAnswerError(f"the bare scan misses {missing}")
    return sum(map(len, raw))
