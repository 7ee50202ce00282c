"""Decisions as a table: one row for each creative, market and verdict."""

from __future__ import annotations

import csv
from collections.abc import Container, Iterator
from typing import Any, Final, Protocol

from automod.model.decision import Decision, Verdict

from .decision_text import number
from .labels import Lang
from .spoken import verdict_sentence

COLUMNS: Final = (
    "creative", "index", "on", "market", "action", "complete", "policy", "severity", "score",
    "threshold", "verdict", "reason", "evidence", "materials", "restrictions", "not_evaluated",
    "row", "ruleset",
)  # fmt: skip

# Read as a formula (or a part of one) by a spreadsheet. OWASP, "CSV Injection".
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Stream(Protocol):
    """What a table is written to."""

    def write(self, text: str, /) -> Any:
        """Take a piece of text."""


def cell(value: object) -> str:
    """A value as a spreadsheet takes it for text: what would be a formula gets an apostrophe.

    >>> cell("=1+1"), cell("casino"), cell(None)
    ("'=1+1", 'casino', '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


class DecisionTable:
    """Writes decisions as rows of CSV, header first.

    >>> import io
    >>> out = io.StringIO()
    >>> DecisionTable(out).add(Decision("=c1", 0, "2026-11-20", "sha256:0", "review", {}))
    >>> out.getvalue().splitlines()[1][:29]
    "'=c1,0,2026-11-20,,review,yes"
    """

    def __init__(self, stream: Stream, lang: Lang = "en") -> None:
        self._writer = csv.writer(stream, lineterminator="\r\n")
        self._lang = lang
        self._writer.writerow(COLUMNS)

    def add(self, decision: Decision, markets: Container[str] | None = None) -> None:
        """Write the rows of one decision, of some of its markets or of all."""
        for row in rows(decision, self._lang, markets):
            self._writer.writerow([cell(row.get(column)) for column in COLUMNS])


def rows(
    decision: Decision, lang: Lang = "en", markets: Container[str] | None = None
) -> Iterator[dict[str, object]]:
    """One row for each market and verdict; one for a market, or a creative, without any.

    >>> list(rows(Decision(None, 3, "2026-11-20", "sha256:0", "review", {})))[0]["index"]
    3
    """
    shared = _shared(decision)
    if not decision.markets:
        yield shared | {"action": decision.action, "complete": _yes(not decision.not_evaluated)}
    for market, outcome in decision.markets.items():
        if markets is not None and market not in markets:
            continue
        placed = shared | {
            "market": market,
            "action": outcome.action,
            "complete": _yes(outcome.complete),
            "restrictions": "; ".join(map(_restriction, outcome.restrictions)),
        }
        mine = [verdict for verdict in decision.verdicts if verdict.market == market]
        yield from (placed | _verdict(one, decision, lang) for one in mine)
        if not mine:
            yield placed


def _shared(decision: Decision) -> dict[str, object]:
    missed = (f"{one.field}: {one.code}" for one in decision.not_evaluated)
    return {
        "creative": decision.creative,
        "index": decision.index,
        "on": decision.on,
        "not_evaluated": "; ".join(missed),
        "ruleset": decision.ruleset,
    }


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _verdict(verdict: Verdict, decision: Decision, lang: Lang) -> dict[str, object]:
    hits = [decision.hits[n] for n in verdict.because]
    seen = [part for hit in hits for part in (hit, *(decision.hits[n] for n in hit.parts))]
    texts = [f"{hit.field}: {hit.text}" for hit in seen if hit.text is not None]
    return {
        "policy": verdict.policy,
        "severity": verdict.severity,
        "score": number(verdict.score),
        "threshold": number(verdict.threshold),
        "verdict": verdict.action,
        "reason": verdict_sentence(verdict, lang),
        "evidence": "; ".join(dict.fromkeys(texts)),
        "materials": "; ".join(dict.fromkeys(hit.material for hit in hits)),
        "row": verdict.row,
    }


def _restriction(restriction: dict[str, Any]) -> str:
    kind, *values = restriction.values()
    return f"{kind} {' '.join(map(str, values))}"
