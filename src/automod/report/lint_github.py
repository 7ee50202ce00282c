"""What the linter found, as annotations of a GitHub run."""

from __future__ import annotations

from typing import Final

from automod.model.finding import Finding, Severity
from automod.workshop.lint.check import Check
from automod.workshop.lint.run import Linted

from .evaluation_github import Level, annotation
from .labels import Lang
from .lint_words import checks_by_code, hint_of, lint_word, message_of, spot, summary
from .visible import isolated

_LEVELS: Final[dict[Severity, Level]] = {"error": "error", "warning": "warning", "info": "notice"}


def lint_github(linted: Linted, lang: Lang) -> str:
    """A line for each finding at its place, and one that says how many there are.

    GitHub shows the first ten of each level in a step; the log has them all.
    """
    checks = checks_by_code()
    lines = [_line(one, checks[one.code], lang) for one in linted.findings]
    title = lint_word("finding", lang)
    lines.append(annotation("notice", "; ".join(summary(linted, lang)), title=title))
    return "".join(f"{line}\n" for line in lines)


def _line(one: Finding, check: Check, lang: Lang) -> str:
    said = message_of(one, check, lang, isolated)
    hint = hint_of(one, lang, isolated)
    place = one.location
    where = {"file": place.file}
    if place.line is not None and place.sheet is None:
        where["line"] = str(place.line)
        where |= {"col": str(place.column)} if place.column is not None else {}
    elif place.sheet is not None:
        said = f"{spot(place)}: {said}"
    title = f"{one.code} {check.title[lang]}"
    return annotation(_LEVELS[one.severity], f"{said}; {hint}" if hint else said, **where,
                      title=title)  # fmt: skip
