"""What the linter found, as SARIF 2.1.0, which code hosts read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from automod.errors import Location
from automod.model.finding import Finding, Severity
from automod.version import __version__
from automod.workshop.lint.baseline import fingerprints
from automod.workshop.lint.check import Check
from automod.workshop.lint.registry import all_checks
from automod.workshop.lint.run import Linted

from .labels import Lang
from .lint_words import checks_by_code, hint_of, message_of, spot, summary

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
MOST: Final = 5_000
"""Results of a run: GitHub takes no more. The gravest are kept."""

_LEVELS: Final[Mapping[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}
_RANK: Final[Mapping[Severity, int]] = {"error": 0, "warning": 1, "info": 2}


def lint_sarif(linted: Linted, lang: Lang) -> str:
    """One run with its rules and results."""
    found = zip(linted.findings, fingerprints(linted.findings), strict=True)
    kept = sorted(found, key=lambda pair: _RANK[pair[0].severity])[:MOST]
    checks = checks_by_code()
    run = {
        "tool": {"driver": {
            "name": "automod", "version": __version__,
            "rules": [_rule(check, lang) for check in all_checks()],
        }},
        "columnKind": "unicodeCodePoints",
        "invocations": [{
            "executionSuccessful": not linted.broken,
            "toolExecutionNotifications": _notes(linted, len(linted.findings) - len(kept), lang),
        }],
        "results": [_result(one, checks[one.code], mark, lang) for one, mark in kept],
    }  # fmt: skip
    content = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(content, ensure_ascii=False)


def _rule(check: Check, lang: Lang) -> dict[str, Any]:
    return {
        "id": check.code, "name": check.name,
        "shortDescription": {"text": check.title[lang]},
        "fullDescription": {"text": check.why[lang]},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
    }  # fmt: skip


def _notes(linted: Linted, cut: int, lang: Lang) -> list[dict[str, Any]]:
    """What no result says: how many there are, how many are cut, what could not be checked."""
    told = [("note", "; ".join(summary(linted, lang)))]
    if cut:
        told.append(("warning", f"{cut} more results are left out: a run holds {MOST}"))
    told += [("error", f"{one.check.code} could not be checked") for one in linted.broken]
    return [{"level": level, "message": {"text": text}} for level, text in told]


def _result(one: Finding, check: Check, mark: str, lang: Lang) -> dict[str, Any]:
    said, hint = message_of(one, check, lang), hint_of(one, lang)
    result: dict[str, Any] = {
        "ruleId": one.code, "level": _LEVELS[one.severity],
        "message": {"text": f"{said}; {hint}" if hint else said},
        "locations": [_location(one.location)],
        "partialFingerprints": {"automod/v1": mark},
    }  # fmt: skip
    if one.related:
        result["relatedLocations"] = [_location(place) for place in one.related]
    return result


def _location(place: Location) -> dict[str, Any]:
    """A place; a cell of a workbook has no lines of text, so it is told by name."""
    where: dict[str, Any] = {"artifactLocation": {"uri": uri_of(place.file)}}
    if place.sheet is not None:
        cell = {"name": spot(place), "fullyQualifiedName": str(place), "kind": "member"}
        return {"physicalLocation": where, "logicalLocations": [cell]}
    if place.line is not None:
        where["region"] = {"startLine": place.line}
        if place.column is not None:
            where["region"]["startColumn"] = place.column
    return {"physicalLocation": where}


def uri_of(file: str) -> str:
    """A path as the relative or absolute URI that SARIF asks for.

    >>> uri_of("rules/my terms.csv"), uri_of("/rules/p.yaml")
    ('rules/my%20terms.csv', 'file:///rules/p.yaml')
    """
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
