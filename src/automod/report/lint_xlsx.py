"""What the linter found, as a workbook: one row a finding, in the analyst's language."""

from __future__ import annotations

from collections.abc import Sequence

from automod.errors import letters_of
from automod.model.finding import Finding
from automod.workshop.lint.check import Check
from automod.workshop.lint.run import Linted

from .labels import Lang
from .lint_words import checks_by_code, hint_of, lint_word, message_of
from .workbook import Cell, Column, Sheet, workbook


def lint_xlsx(linted: Linted, lang: Lang) -> bytes:
    """Two sheets: what was found, and what is left out and why."""
    checks = checks_by_code()
    found = [_row(one, checks[one.code], lang) for one in linted.findings]
    out = [
        [*_row(one.finding, checks[one.finding.code], lang), one.reason,
         lint_word(f"by.{one.by}", lang)]
        for one in linted.suppressed
    ]  # fmt: skip
    columns = _columns(lang)
    more = (Column(lint_word("reason", lang), "wrapped", 40), Column(lint_word("by", lang)))
    sheets = [Sheet(lint_word("finding", lang), columns, found)]
    if out:
        sheets.append(Sheet(lint_word("left_out", lang), (*columns, *more), out))
    return workbook(sheets, rtl=lang == "ar", created=linted.on.isoformat())


def _columns(lang: Lang) -> tuple[Column, ...]:
    widths = {
        "severity": 10, "code": 8, "file": 34, "sheet": 12, "line": 8, "column": 14, "message": 60,
        "hint": 36, "title": 30, "package": 18, "subject": 28, "fix": 8,
    }  # fmt: skip
    styled = {"line": "count", "message": "wrapped", "hint": "wrapped", "title": "wrapped"}
    return tuple(
        Column(lint_word(key, lang), "count" if key == "line" else
               "wrapped" if key in styled else "text", width)
        for key, width in widths.items()
    )  # fmt: skip


def _row(one: Finding, check: Check, lang: Lang) -> Sequence[Cell]:
    place = one.location
    column = place.header or (letters_of(place.column) if place.sheet and place.column else None)
    if column is None and place.column is not None:
        column = str(place.column)
    return [
        lint_word(one.severity, lang), one.code, place.file, place.sheet, place.line, column,
        message_of(one, check, lang), hint_of(one, lang), check.title[lang], one.package,
        one.subject, lint_word("yes" if one.fix else "no", lang),
    ]  # fmt: skip
