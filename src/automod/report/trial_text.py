"""One judged creative on a terminal: its text with the evidence marked, and what hit it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from automod.model.evaluation import Example
from automod.model.vocabulary import ACTIONS, Action

from .evaluation_words import word
from .excerpt import Mark, excerpt
from .labels import SIGNS, STYLES, fold_words
from .labels import word as action_word
from .page import Page, clipped, flowing, ink, labelled, wrapped
from .slice_text import heading
from .visible import isolated

Hits = Sequence[Mapping[str, Any]]
"""Hits as a decision has them in JSON."""

MOST_HITS: Final = 6
MOST_EXAMPLES: Final = 5
"""Of each outcome."""
LONGEST: Final = 240
"""Characters of a field without a mark that are shown."""

OUTCOME_STYLES: Final[Mapping[str, str]] = {
    "missed": "red", "false_alarm": "yellow", "right": "green",
}  # fmt: skip


def example_lines(examples: Sequence[Example], page: Page) -> list[Text]:
    """A few misses, false alarms and right hits, with their evidence."""
    lines: list[Text] = []
    for outcome, style in OUTCOME_STYLES.items():
        told = [one for one in examples if one.outcome == outcome][:MOST_EXAMPLES]
        lines += [heading(word(outcome, page.lang))] if told else []
        for one in told:
            lines += trial_head((one.creative, one.market, one.policy), style, page)
            lines += wanted_lines(one.wanted, (one.action,), page)
            lines += field_lines(one.text, marks_of(one.hits, page.marking.counts), page)
            lines += hit_lines([("", "", hit) for hit in one.hits], page)
    return lines


def trial_head(names: Iterable[str], style: str, page: Page) -> list[Text]:
    """Creative, market and policy code."""
    first, *rest = (clipped(Text(isolated(name)), 40) for name in names)
    parts = [ink(first.plain, f"bold {style}"), *(ink(one.plain, style) for one in rest)]
    return [Text(" ") + line for line in flowing(parts, page.width - 2)]


def wanted_lines(wanted: str, done: Sequence[str], page: Page) -> list[Text]:
    """What was done (once, or before and after), and what was wanted."""
    arrow = Text(" → ").join(_action(one, page) for one in done)
    told = ink(f"({isolated(word('wanted', page.lang))} ", "dim") + _action(wanted, page)
    label = ink(isolated(word("action", page.lang).lower()), "dim")
    return labelled(label, flowing([arrow, told + ink(")", "dim")], page.room))


def _action(name: str, page: Page) -> Text:
    action = next((one for one in ACTIONS if one == name), None)
    if action is None:
        return Text(isolated(name))
    return ink(f"{SIGNS[action]} {isolated(_worded(action, page))}", STYLES[action])


def _worded(action: Action, page: Page) -> str:
    return action_word(action, page.lang)


def marks_of(hits: Hits, style: str) -> dict[str, list[Mark]]:
    """Field -> what was found in it."""
    found: dict[str, list[Mark]] = {}
    for hit in hits:
        field, start, end = hit.get("field"), hit.get("start"), hit.get("end")
        if field is not None and start is not None and end is not None:
            found.setdefault(field, []).append((start, end, style))
    return found


def field_lines(
    text: Mapping[str, str], marks: Mapping[str, Sequence[Mark]], page: Page
) -> Iterator[Text]:
    """The fields with something in them, marked; all fields where nothing was found."""
    told = {name: one for name, one in text.items() if marks.get(name) or page.detail}
    for name, one in (told or text).items():
        lines = excerpt(
            one, marks.get(name, ()), page.room, brackets=page.marking.brackets, most=LONGEST
        )
        yield from labelled(ink(isolated(name), "dim"), lines)


def hit_lines(hits: Sequence[tuple[str, str, Mapping[str, Any]]], page: Page) -> list[Text]:
    """A line for each hit: its sign, material, weight, where, and how it was spelt.

    Args:
        hits: sign (or none), style and hit; those that would read the same are one line.
        page: width and language; with detail all of them.
    """
    rows: dict[str, list[Text]] = {}
    for sign, style, hit in hits:
        lines = _hit(sign, style, hit, page)
        rows.setdefault("\n".join(line.plain for line in lines), lines)
    told = list(rows.values())[: None if page.detail else MOST_HITS]
    content = [line for lines in told for line in lines]
    if len(rows) > len(told):
        more = word("more", page.lang, count=f"{len(rows) - len(told):,}")
        content.append(ink(f"  … {isolated(more)}", "dim"))
    if not rows:
        content = wrapped(word("found_nothing", page.lang), page.room, "dim")
    return labelled(ink(isolated(word("found_by", page.lang)), "dim"), content)


def _hit(sign: str, colour: str, hit: Mapping[str, Any], page: Page) -> list[Text]:
    parts = [ink(isolated(str(hit["material"])), colour), Text(f"{hit.get('weight', 0):.2f}")]
    parts += [
        clipped(ink(isolated(str(hit[key])), style), 40)
        for key, style in (("field", "dim"), ("text", ""))
        if hit.get(key) is not None
    ]
    folds = tuple(one for one in hit.get("folds") or () if page.detail or one != "case")
    if folds:
        parts.append(ink(isolated(fold_words(folds, page.lang)), "magenta"))
    if hit.get("status") == "shadow":
        parts.append(ink(isolated(word("shadow", page.lang)), "cyan"))
    lines = flowing(parts, page.room - 2)
    head = ink(f"{sign} ".lstrip(), colour)
    return [head + lines[0], *(Text("    ") + line for line in lines[1:])]
