"""A statement of accuracy for a regulator: how it was measured, and what came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from automod.model.evaluation import POINTS, Evaluation, Point, Slice
from automod.model.vocabulary import ACTIONS

from .cards import Cards
from .evaluation_about import (
    counted,
    facts,
    labellers,
    meta,
    period,
    rows,
    sampling,
    subtitle,
)  # fmt: skip
from .evaluation_html import examples_of
from .evaluation_words import glossary
from .html_page import page
from .html_words import page_word
from .labels import SIGNS, Lang
from .labels import word as label

TERMS: Final = frozenset({
    "precision", "recall", "wrongly", "trial", "stopped", "flagged", "restricted", "interval",
    "not_enough", "unknown", "false_alarm_rate", "groups", "kappa",
})  # fmt: skip
"""Of the glossary, what a statement uses."""


def statement(
    evaluation: Evaluation,
    lang: Lang = "en",
    *,
    by: Sequence[Sequence[str]] = ((), ("policy",), ("policy", "market")),
    titles: Mapping[str, str] | None = None,
    command: str = "",
    examples: int = 0,
    mask: bool = False,
) -> str:
    """A statement of accuracy, for a regulator: definitions, sampling, counts, what was left out.

    Args:
        evaluation: what is told.
        lang: the language of the page.
        by: the cuts whose slices are told, each as its axes; `()` is everything.
        titles: policy code -> its title in that language.
        command: the command line that made the evaluation, as it was typed.
        examples: of each outcome so many are shown with their text.
        mask: dot out phone numbers and accounts in texts, and give labellers numbers for names.

    Raises:
        MissingExtra: the extra `report` is not installed.
    """
    wanted = [frozenset(axes) for axes in by]
    told = [one for one in evaluation.slices if frozenset(dict(one.by)) in wanted]
    cards = Cards(lang, mask)
    values: dict[str, Any] = {
        "evaluation": evaluation, "titles": titles or {}, "command": command,
        "meta": meta(evaluation, lang), "subtitle": subtitle(evaluation.about),
        "period": period(evaluation.about, lang),
        "terms": [one for one in glossary(lang) if one[0] in TERMS],
        "sampling": sampling(evaluation, lang), "results": _results(told),
        "counted": counted(evaluation.account), "labeller": labellers(evaluation, lang, mask=mask),
        "facts": facts(evaluation, lang), "rows": list(rows(evaluation.outcomes)),
        "examples": examples_of(evaluation, cards, examples),
        "number": "{}.".format,
        "presence": {True: page_word("yes", lang), False: page_word("no", lang)},
        "plain_actions": {one: f"{SIGNS[one]} {label(one, lang)}" for one in ACTIONS},
    }  # fmt: skip
    return page("statement.html", lang, values)


def _results(slices: Sequence[Slice]) -> list[tuple[Point, list[Slice]]]:
    """The slices of every point at which anything was asked for, or caught."""
    found = []
    for point in POINTS:
        here = [one for one in slices if one.point == point]
        if any(one.measures.precision.of + one.measures.recall.of for one in here):
            found.append((point, here))
    return found
