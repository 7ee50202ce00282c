"""An evaluation as one page of HTML: for who decides, without help, and without a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Final

from automod.model.comparison import Comparison, GateResult
from automod.model.evaluation import Evaluation, Warned

from .cards import Card, Cards
from .charts import curve_svg, curve_words
from .comparison_html import changes, gate_found, gate_limit
from .evaluation_about import counted, facts, meta, subtitle
from .evaluation_view import (
    NOISY,
    STEPS,
    by_axis,
    by_code,
    curves_by_policy,
    heats,
    lines,
    materials,
    other_parts,
    runs,
    whole,
)
from .evaluation_words import axis_word, glossary, warning_title
from .html_figures import percent
from .html_page import drawn, page
from .html_words import page_word
from .labels import Lang
from .thumbnails import Show

MOST_MATERIALS: Final = 1000
"""Rows of the table of materials: those that hit most, and every noisy one."""
MOST_DEAD: Final = 200
MOST_FIGURES: Final = 600
"""Slices of the table of all figures."""
MOST_EXAMPLES: Final = 30
"""Cards of one outcome."""

OUTCOMES: Final = ("missed", "false_alarm", "right")


def report(
    evaluation: Evaluation,
    lang: Lang = "en",
    *,
    titles: Mapping[str, str] | None = None,
    comparison: Comparison | None = None,
    gate: GateResult | None = None,
    picture: Show | None = None,
    command: str = "",
    mask: bool = False,
    noisy: float = NOISY,
) -> str:
    """The report of an evaluation: one HTML file that fetches nothing, and runs nothing but itself.

    Args:
        evaluation: what is told.
        lang: the language of the page.
        titles: policy code -> its title in that language; codes stand alone without.
        comparison: what changed since a baseline.
        gate: which promises were kept.
        picture: gives the data URI of a picture that an ad names, as `thumbnails.beside` does;
            without it no picture is shown.
        command: the command line that made the evaluation, as it was typed.
        mask: dot out phone numbers and accounts in the texts of ads.
        noisy: a material is noisy whose precision is surely below this.

    Raises:
        MissingExtra: the extra `report` is not installed.
    """
    cards = Cards(lang, mask, picture)
    values: dict[str, Any] = {
        "evaluation": evaluation, "titles": titles or {}, "comparison": comparison, "gate": gate,
        "command": command, "meta": meta(evaluation, lang), "subtitle": subtitle(evaluation.about),
        "terms": glossary(lang), "facts": facts(evaluation, lang),
        "counted": counted(evaluation.account), "labeller": str,
        "hits_only": _hits_only(evaluation.warnings, lang),
        "gate_limit": gate_limit(lang), "gate_found": gate_found,
        **_figures(evaluation), **_curves(evaluation, lang),
        **_materials(evaluation, lang, noisy), **changes(comparison, cards),
        "examples": examples_of(evaluation, cards),
    }  # fmt: skip
    return page("evaluation.html", lang, values | {"contents": _contents(values, lang)})


def _hits_only(warnings: Iterable[Warned], lang: Lang) -> str | None:
    """What is said beside every recall that is biased."""
    found = (warning_title(one, lang) for one in warnings if one.code == "recall.hits_only")
    return next(found, None)


def _figures(evaluation: Evaluation) -> dict[str, Any]:
    """Everything that slices tell."""
    figures = evaluation.slices
    return {
        "whole": whole(evaluation), "codes": by_code(evaluation), "heats": heats(evaluation),
        "axes": by_axis(evaluation), "legend": _legend(),
        "impressions": tuple(lines(evaluation.impressions).values()),
        "figures": figures[:MOST_FIGURES], "figures_more": len(figures[MOST_FIGURES:]),
    }  # fmt: skip


def _legend() -> list[tuple[int, str]]:
    """The steps of colour of a heat map, and what they stand for."""
    ends = [f"{end:.0%}" for end in STEPS]
    between = [f"{low[:-1]}–{high}" for low, high in pairwise(ends)]
    return list(enumerate([f"<{ends[0]}", *between, f"≥{ends[-1]}"]))


def _curves(evaluation: Evaluation, lang: Lang) -> dict[str, Any]:
    told = []
    for name, curve in curves_by_policy(evaluation):
        svg = curve_svg(curve, lang)
        told.append((name, None if svg is None else drawn(svg), curve_words(curve, lang)))
    return {"curves": told, "runs": runs}


def _materials(evaluation: Evaluation, lang: Lang, noisy: float) -> dict[str, Any]:
    known = materials(evaluation, noisy)
    loud = [one for one in known if one.noisy]
    kept = [*known[:MOST_MATERIALS], *(one for one in known[MOST_MATERIALS:] if one.noisy)]
    others = [
        (" × ".join(axis_word(axis, lang) for axis in axes), some[:MOST_FIGURES])
        for axes, some in other_parts(evaluation).items()
    ]
    limit = percent(noisy)
    return {
        "materials": kept, "materials_more": len(known) - len(kept),
        "noisy": sorted(loud, key=lambda one: -one.part.measures.fp),
        "noisy_is": page_word("noisy.is", lang, limit=limit),
        "dead": evaluation.dead[:MOST_DEAD], "dead_more": len(evaluation.dead[MOST_DEAD:]),
        "other_parts": others,
    }  # fmt: skip


def examples_of(
    evaluation: Evaluation, cards: Cards, most: int = MOST_EXAMPLES
) -> list[tuple[str, list[Card], int]]:
    """Cards by outcome, misses first; and of each outcome how many more there are.

    Args:
        evaluation: with its examples.
        cards: how cards are made.
        most: cards of one outcome.
    """
    found = []
    for outcome in OUTCOMES:
        some = [one for one in evaluation.examples if one.outcome == outcome]
        if some and most:
            told = [cards.example(one) for one in some[:most]]
            found.append((outcome, told, len(some) - len(told)))
    return found


def _contents(values: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """The sections that the page has, in their order."""
    there = {
        "warnings": True, "gate": values["gate"], "short": True,
        "comparison": values["comparison"], "headline": True,
        "slices": values["heats"] or values["axes"],
        "curves": values["curves"] or values["evaluation"].thresholds,
        "materials": values["materials"] or values["dead"] or values["other_parts"],
        "examples": values["examples"], "impressions": values["impressions"],
        "account": True, "glossary": True, "about": True,
    }  # fmt: skip
    return [(key, page_word(key, lang)) for key, shown in there.items() if shown]
