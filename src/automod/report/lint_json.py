"""What the linter found, as JSON: the schema is published, and the same bytes come of the same."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from automod.errors import Location
from automod.model.finding import Finding
from automod.model.lint import SCHEMA, LeftOut, Lint, LintFinding, Mending, Place
from automod.version import __version__
from automod.workshop.lint.baseline import fingerprints
from automod.workshop.lint.check import Check
from automod.workshop.lint.run import Linted

from .labels import Lang
from .lint_words import checks_by_code, hint_of, message_of


def lint_of(linted: Linted, lang: Lang) -> Lint:
    """What was found, as it is published."""
    checks = checks_by_code()
    marks = fingerprints(linted.findings)
    out = fingerprints(one.finding for one in linted.suppressed)
    return Lint(
        schema=SCHEMA, automod=__version__, on=linted.on, lang=lang, counts=linted.counts,
        findings=tuple(
            _finding(one, checks[one.code], mark, lang)
            for one, mark in zip(linted.findings, marks, strict=True)
        ),
        left_out=tuple(
            LeftOut(_finding(one.finding, checks[one.finding.code], mark, lang), one.reason, one.by)
            for one, mark in zip(linted.suppressed, out, strict=True)
        ),
        broken=tuple(one.check.code for one in linted.broken),
    )  # fmt: skip


def _finding(one: Finding, check: Check, mark: str, lang: Lang) -> LintFinding:
    return LintFinding(
        code=one.code, name=check.name, severity=one.severity, title=check.title[lang],
        message=message_of(one, check, lang), hint=hint_of(one, lang),
        place=_place(one.location), package=one.package, subject=one.subject,
        related=tuple(map(_place, one.related)),
        fix=tuple(Mending(edit.package, edit.path, edit.key, edit.value) for edit in one.fix),
        fingerprint=mark,
    )  # fmt: skip


def _place(place: Location) -> Place:
    return Place(place.file, place.sheet, place.line, place.column, place.header)


def lint_json(linted: Linted, lang: Lang) -> str:
    """One line of JSON, its keys in the order of the fields."""
    return json.dumps(lint_of(linted, lang), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    # One level at a time: `asdict` would copy all that is below as well.
    if is_dataclass(value):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    return value.isoformat() if isinstance(value, date) else str(value)
