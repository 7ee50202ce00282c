"""A decision as a person wants to look at it: the ad with its evidence marked, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.cells import cell_len
from rich.text import Text

from automod.engine.intake import NotACreative, read
from automod.model.decision import Decision, MarketOutcome, NotEvaluated, Verdict
from automod.model.vocabulary import Action

from .evidence_text import evidence_lines, marks_of
from .excerpt import excerpt
from .labels import SIGNS, STYLES, word
from .page import INDENT, Page, clipped, flowing, ink, labelled, pad, wrapped
from .spoken import missed_sentence, verdict_sentence
from .tally import ORDER
from .visible import isolated

LONGEST_NAME: Final = 60
LONGEST_MARKET: Final = 12
"""Columns that an id and a market may take: both are what somebody sent."""


def decision_text(creative: Any, decision: Decision, page: Page) -> list[Text]:
    r"""The lines of one decision; a clean creative takes one.

    Args:
        creative: what was decided on: a dict, or what was no creative.
        decision: the decision.
        page: width, language, marks.

    >>> from automod.model.decision import MarketOutcome
    >>> markets = {"SA": MarketOutcome("approve", True)}
    >>> clean = Decision("c1", 0, "2026-11-20", "sha256:0", "approve", markets)
    >>> print(*decision_text({"id": "c1"}, clean, Page()), sep="\n")
     ✔ APPROVE     c1  SA
    """
    lines = _head(creative, decision, page)
    if decision.hits or decision.not_evaluated or page.detail:
        texts = fields_of(creative)
        lines += _fields(texts, decision, page)
        lines += _verdicts(decision, page)
        lines += evidence_lines(decision, page, list(texts))
        lines += _not_evaluated(decision, page)
    return lines


def is_brief(lines: Sequence[Text]) -> bool:
    """Whether a decision took one line, and needs no empty line around it."""
    return len(lines) == 1


def _head(creative: Any, decision: Decision, page: Page) -> list[Text]:
    badge = _badge(decision.action, page)
    name = ink(_name(creative, decision, page), "bold")
    parts = [clipped(name, LONGEST_NAME), *_markets(decision, page)]
    if decision.not_evaluated:
        parts.append(ink(f" ⚠ {isolated(word('n.incomplete', page.lang))}", "magenta"))
    lines = flowing(parts, page.room, " ")
    first = pad(badge, INDENT) + lines[0]
    return [first, *(Text(" " * INDENT) + line for line in lines[1:])]


def _badge(action: Action, page: Page) -> Text:
    label = isolated(word(action, page.lang).upper())
    return Text(" ") + ink(f"{SIGNS[action]} {label}", f"bold {STYLES[action]}")


def _name(creative: Any, decision: Decision, page: Page) -> str:
    if decision.creative is not None:
        return isolated(decision.creative)
    place = getattr(creative, "location", None)
    where = f"#{decision.index}" if place is None else str(place)
    return f"{isolated(word('no_creative', page.lang))} ({isolated(where)})"


def _markets(decision: Decision, page: Page) -> Iterator[Text]:
    """The markets by what they do, strictest first; the action is named where they differ."""
    outcomes = decision.markets
    differ = len({outcome.action for outcome in outcomes.values()}) > 1
    for action in ORDER:
        # A space more before the first of each action.
        label = f" {SIGNS[action]} {isolated(word(action, page.lang))} " if differ else " "
        for name, outcome in outcomes.items():
            if outcome.action == action:
                yield ink(label, STYLES[action]) + _market(name, outcome, page)
                label = ""


def _market(name: str, outcome: MarketOutcome, page: Page) -> Text:
    text = clipped(ink(isolated(name), f"bold {STYLES[outcome.action]}"), LONGEST_MARKET)
    bounds = [_restriction(one, page) for one in outcome.restrictions if one["kind"] == "age"]
    return text + ink(f" {' '.join(bounds)}", STYLES[outcome.action]) if bounds else text


def _restriction(restriction: Mapping[str, Any], page: Page) -> str:
    return isolated(word(restriction["kind"], page.lang, **restriction))


def _fields(texts: Mapping[str, str], decision: Decision, page: Page) -> Iterator[Text]:
    """The fields with something in them, marked; all of them when asked for detail."""
    marks = marks_of(decision, page)
    for name, text in texts.items():
        mine = marks.get(name, ())
        if mine or page.detail:
            lines = excerpt(text, mine, page.room, brackets=page.marking.brackets)
            yield from labelled(ink(isolated(name), "dim"), lines)


def fields_of(creative: Any) -> dict[str, str]:
    """Field -> text, as the engine scans them (hosts and paths of links too); none of what is none.

    >>> fields_of({"id": "c1", "text": {"body": "hello"}, "links": ["https://a.example/b"]})
    {'body': 'hello', 'links[0].host': 'a.example', 'links[0].path': '/b'}
    """
    try:
        intake = read(creative, 0)
    except NotACreative:
        return {}
    return dict(zip(intake.fields, intake.texts, strict=True))


def _verdicts(decision: Decision, page: Page) -> Iterator[Text]:
    """Verdicts by code, those of several markets together where they say the same."""
    groups: dict[tuple[str, float, Action], list[Verdict]] = {}
    for verdict in decision.verdicts:
        if verdict.action != "approve" or page.detail:
            groups.setdefault((verdict.policy, verdict.score, verdict.action), []).append(verdict)
    # The strictest of one code first, as everywhere.
    for (code, _, action), members in sorted(groups.items(), key=lambda one: _strictness(*one[0])):
        lines = flowing(_score(members[0], page), page.room)
        lines += _sentences(members, page)
        yield from labelled(ink(code, f"bold {STYLES[action]}"), lines)


def _strictness(code: str, score: float, action: Action) -> tuple[str, int, float]:
    return code, ORDER.index(action), -score


def _score(verdict: Verdict, page: Page) -> Iterator[Text]:
    label = f"{SIGNS[verdict.action]} {isolated(word(verdict.action, page.lang))}"
    sign = "≥" if verdict.score >= verdict.threshold else "<"
    figures = f"{number(verdict.score)} {sign} {number(verdict.threshold)}"
    yield ink(label, STYLES[verdict.action]) + ink(f"  {figures}", "not bold default")
    if title := page.titles.get(verdict.policy):
        yield ink(isolated(title), "italic")


def _sentences(members: Sequence[Verdict], page: Page) -> Iterator[Text]:
    """Each sentence once, the markets that it is about before it."""
    markets: dict[str, list[str]] = {}
    for verdict in members:
        markets.setdefault(verdict_sentence(verdict, page.lang), []).append(verdict.market)
    for sentence, names in markets.items():
        style = STYLES[members[0].action]
        shown = [clipped(ink(isolated(name), style), LONGEST_MARKET) for name in names]
        head = flowing(shown, page.room, " ")
        beside = len(head) == 1 and cell_len(head[0].plain) <= page.room // 3
        indent = cell_len(head[0].plain) + 2 if beside else 4
        lines = [Text(" " * indent) + line for line in wrapped(sentence, page.room - indent)]
        if beside:
            yield head[0] + lines[0][cell_len(head[0].plain) :]
            yield from lines[1:]
        else:
            yield from (*head, *lines)
    if page.detail:
        for verdict in members:
            yield from wrapped(f"{verdict.row}  {verdict.source}", page.room, "dim")


def number(value: float) -> str:
    """A score or weight with as many decimals as it needs, at most four.

    >>> number(0.9), number(0.97512), number(1.0)
    ('0.9', '0.9751', '1')
    """
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _not_evaluated(decision: Decision, page: Page) -> Iterator[Text]:
    label = ink(isolated(word("not_evaluated", page.lang)), "bold magenta")
    for entry in decision.not_evaluated:
        sentence = missed_sentence(entry, page.lang, decision.markets)
        yield from labelled(label, [_missed(entry, page), *wrapped(sentence, page.room)])


def _missed(entry: NotEvaluated, page: Page) -> Text:
    line = Text(f"{isolated(entry.field)}  ") + ink(entry.code, "magenta")
    if entry.transient:
        line += ink(f"  {isolated(word('transient', page.lang))}", "dim")
    return line


def separated(before: Sequence[Text], lines: Sequence[Text]) -> bool:
    """Whether an empty line stands between two decisions: long ones stand apart."""
    return bool(before) and not (is_brief(before) and is_brief(lines))
