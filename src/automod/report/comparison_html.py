"""What changed since a baseline, and which promises were kept, as a page shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from automod.model.comparison import Change, Comparison, Difference, GateLine
from automod.model.evaluation import POINTS, Point, Ratio

from .cards import Card, Cards
from .html_figures import difference_ends, percent, probability, signed, thousands
from .html_page import Html, isolates, ltr, markup, together
from .html_words import page_word
from .labels import Lang
from .visible import FSI, PDI

MOST_FLIPS: Final = 40
"""Cards of one sort of change."""
FLIPS: Final = ("lost", "new_alarm", "gained", "gone_alarm")
"""What is worse comes first."""


def changes(comparison: Comparison | None, cards: Cards) -> dict[str, Any]:
    """What a template shows of a comparison."""
    if comparison is None:
        return {}
    lang = cards.lang
    key = "paired.is" if comparison.paired else "unpaired.is"
    return {
        "compared": _compared(comparison, key, lang),
        "changes": list(_by_point(comparison.changes)), "flips": list(_flips(comparison, cards)),
        "signed": _counts(lang, paired=comparison.paired), "change": _change(lang),
        "probability": _probability(lang),
    }  # fmt: skip


def _compared(comparison: Comparison, key: str, lang: Lang) -> list[str]:
    """How much was compared, and what was not."""
    apart = {"only_before": comparison.only_before, "only_after": comparison.only_after}
    return [
        page_word(key, lang, trials=thousands(comparison.trials)),
        *(f"{page_word(name, lang)}: {thousands(count)}" for name, count in apart.items() if count),
    ]


def _by_point(changes: Iterable[Change]) -> Iterator[tuple[Point, list[Change]]]:
    some = list(changes)
    for point in POINTS:
        here = [one for one in some if one.point == point and _says_something(one)]
        if here:
            yield point, here


def _says_something(change: Change) -> bool:
    """Whether anything was caught, or to be caught, before or after."""
    ratios = (
        change.recall_before, change.recall_after, change.precision_before, change.precision_after,
    )  # fmt: skip
    return any(ratio.of for ratio in ratios)


def _flips(comparison: Comparison, cards: Cards) -> Iterator[tuple[str, list[Card], int]]:
    for kind in FLIPS:
        some = [one for one in comparison.flips if one.kind == kind]
        if some:
            shown = [cards.flip(one) for one in some[:MOST_FLIPS]]
            yield kind, shown, len(some) - len(shown)


def _counts(lang: Lang, *, paired: bool) -> Callable[[int, str], Html]:
    """A count with its sign; unknown where nothing is paired."""

    def told(count: int, sign: str) -> Html:
        if not paired:
            return markup('<span class="quiet">{}</span>', f"{page_word('unknown', lang)}:")
        if not count:
            return markup('<span class="quiet">0</span>')
        return markup("<b>{}</b>", ltr(f"{sign}{thousands(count)}"))

    return told


def _change(lang: Lang) -> Callable[[Ratio, Ratio, Difference], Html]:
    """How a ratio changed: the difference, its interval, and both ratios with their counts."""

    def told(before: Ratio, after: Ratio, difference: Difference) -> Html:
        if difference.value is None:
            head = markup('<span class="delta quiet">{}</span>', page_word("unknown", lang))
        else:
            value = f"{FSI}{signed(difference.value)}{PDI}"
            points = page_word("points_of_percent", lang, value=value)
            head = markup('<span class="delta">{}</span>', isolates(points))
        ends = difference_ends(difference)
        middle = markup("<small>{}</small>", ltr(f"[{ends}]")) if ends else markup("")
        arrow = "←" if lang == "ar" else "→"
        ratios = _short(before, lang), arrow, _short(after, lang)
        both = markup("<small>{}<br>{} {}</small>", *ratios)
        few = markup("")
        if difference.value is not None and not difference.enough:
            few = markup('<span class="note">? {}</span>', page_word("not_enough", lang))
        return together((head, middle, both, few))

    return told


def _short(ratio: Ratio, lang: Lang) -> Html:
    counts = page_word("of", lang, count=thousands(ratio.count), of=thousands(ratio.of))
    value = page_word("unknown", lang)
    if ratio.value is not None:
        return markup("{} ({})", ltr(percent(ratio.value, ratio.of)), counts)
    return markup("{} ({})", value, counts)


def _probability(lang: Lang) -> Callable[[float | None], Html]:
    def told(p: float | None) -> Html:
        if p is None:
            return markup('<span class="quiet">{}</span>', f"p {page_word('unknown', lang)}")
        known = probability(p)
        return ltr(f"p < {known[1:]}" if known.startswith("<") else f"p = {known}")

    return told


# --- gate ----------------------------------------------------------------------------------------


def gate_limit(lang: Lang) -> Callable[[GateLine], Html]:
    """What a promise asks: the lower end of an interval to be at least so much."""

    def told(line: GateLine) -> Html:
        end = page_word(f"bound.{line.bound}", lang)
        sense = page_word("high" if line.bound == "high" else "low", lang)
        return markup("{} {} {}", end, sense, ltr(_gate_value(line, line.limit)))

    return told


def gate_found(line: GateLine) -> str:
    """What was found, where a promise is about no ratio."""
    return "" if line.found is None else _gate_value(line, line.found)


def _gate_value(line: GateLine, value: float) -> str:
    return probability(value) if line.bound == "p" else percent(value)
