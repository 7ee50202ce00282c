"""What differs between two rulesets: for a screen, as JSON, as a workbook, for GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from automod.workshop.ruleset_diff import SORTS, Change, Diff
from automod.workshop.stance_diff import StanceChange

from .diff_words import change_dict, stance_dict, stance_text, value_text, word
from .evaluation_github import literal
from .labels import Lang
from .visible import isolated
from .workbook import Column, Sheet, workbook

SUFFIXES: Final = {".txt": "text", ".json": "json", ".xlsx": "xlsx", ".md": "github"}
"""Suffix of a file -> how it is written."""
MOST: Final = 20
"""Changes of one sort that are told, unless all are asked for."""
MOST_MARKDOWN: Final = 200

Line = tuple[str, str, str]
"""Of a change: what it is of, its id, what differs."""


def diff_text(diff: Diff, lang: Lang = "en", *, detail: bool = False) -> Iterator[str]:
    """A heading for each sort of change, and a line for each change.

    Args:
        diff: what differs.
        lang: of the words.
        detail: all of them, however many.
    """
    if not diff:
        yield word("same", lang)
    for number, (head, lines) in enumerate(_groups(diff, lang)):
        if number:
            yield ""
        yield f"{head} ({len(lines):,})"
        shown = lines if detail else lines[:MOST]
        width = max((len(f"{part} {name}") for part, name, _ in shown), default=0)
        for part, name, told in shown:
            yield f"  {f'{part} {name}'.ljust(min(width, 60))}  {told}".rstrip()
        if len(lines) > len(shown):
            yield f"  {word('more', lang, n=f'{len(lines) - len(shown):,}')}"


def _groups(diff: Diff, lang: Lang) -> Iterator[tuple[str, list[Line]]]:
    for sort in SORTS:
        lines = [_line(one, lang) for one in diff.changes if one.sort == sort]
        if lines:
            yield word(sort, lang), lines
    if diff.stances:
        lines = [_stance(one, lang) for one in diff.stances]
        yield word("stances", lang, on=diff.on), lines


def _line(change: Change, lang: Lang) -> Line:
    told = [isolated(change.what)] if change.what else []
    if change.was:
        told.append(word("was", lang, id=change.was))
    for one in change.fields:
        old, new = (isolated(value_text(one, value, lang)) for value in (one.old, one.new))
        told.append(f"{one.name}: {old} -> {new}")
    if change.sort in ("added", "removed", "moved") and change.effect != "none":
        told.append(word(change.effect, lang))
    return word(change.part, lang), isolated(change.id), "; ".join(told)


def _stance(change: StanceChange, lang: Lang) -> Line:
    where, old, new = stance_text(change, lang)
    effect = "" if change.effect == "none" else f" ({word(change.effect, lang)})"
    return change.code, where, f"{old} -> {new}{effect}"


def diff_json(diff: Diff) -> str:
    """All that differs, as JSON."""
    found = {
        "schema": 1, "old": diff.old, "new": diff.new, "on": diff.on.isoformat(),
        "changes": [change_dict(one) for one in diff.changes],
        "stances": [stance_dict(one) for one in diff.stances],
    }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def diff_markdown(diff: Diff, lang: Lang = "en") -> Iterator[str]:
    """A table for each sort of change, as GitHub shows it in a summary or a comment."""
    if not diff:
        yield word("same", lang)
    heads = [word(key, lang) for key in ("part", "id", "field")]
    for head, lines in _groups(diff, lang):
        yield f"### {literal(head)} ({len(lines):,})"
        yield ""
        yield f"| {' | '.join(heads)} |"
        yield "|---|---|---|"
        yield from (f"| {' | '.join(map(literal, line))} |" for line in lines[:MOST_MARKDOWN])
        if len(lines) > MOST_MARKDOWN:
            yield ""
            yield word("more", lang, n=f"{len(lines) - MOST_MARKDOWN:,}")
        yield ""


def diff_xlsx(diff: Diff, lang: Lang = "en") -> bytes:
    """A workbook: a row for each field that changed, and one for each stance.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    sheets = [_changes_sheet(diff.changes, lang), _stances_sheet(diff.stances, lang)]
    return workbook(sheets, rtl=lang == "ar", created=diff.on.isoformat())


def _changes_sheet(changes: Iterable[Change], lang: Lang) -> Sheet:
    widths = {
        "sort": 24, "part": 10, "id": 32, "value": 32, "field": 14, "old": 24, "new": 24,
        "effect": 18,
    }  # fmt: skip
    columns = tuple(Column(word(key, lang), width=width) for key, width in widths.items())
    rows: list[list[str | float | None]] = []
    for change in changes:
        head = [word(change.sort, lang), word(change.part, lang), change.id, change.what]
        effect = None if change.effect == "none" else word(change.effect, lang)
        if change.was:
            rows.append([*head, word("id", lang), change.was, change.id, effect])
        for one in change.fields:
            told = [value_text(one, value, lang) for value in (one.old, one.new)]
            own = None if one.effect == "none" else word(one.effect, lang)
            rows.append([*head, one.name, *told, own])
        if not (change.fields or change.was):
            rows.append([*head, None, None, None, effect])
    return Sheet(word("changes", lang), columns, rows)


def _stances_sheet(stances: Iterable[StanceChange], lang: Lang) -> Sheet:
    widths = {"code": 16, "market": 14, "old": 28, "new": 28, "effect": 18}
    columns = tuple(Column(word(key, lang), width=width) for key, width in widths.items())
    rows = [
        [
            one.code,
            *stance_text(one, lang),
            None if one.effect == "none" else word(one.effect, lang),
        ]
        for one in stances
    ]
    return Sheet(word("stances.sheet", lang), columns, rows)
