"""Decisions as a table: one row for each creative, market and verdict."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterator
from typing import Any, Final, Protocol

from automod.model.decision import Decision, Hit, Verdict

from .decision_text import number
from .labels import Lang, look_words
from .spoken import verdict_sentence
from .visible import shown

COLUMNS: Final = (
    "creative", "index", "on", "market", "action", "complete", "policy", "severity", "score",
    "threshold", "verdict", "reason", "evidence", "materials", "restrictions", "not_evaluated",
    "row", "ruleset",
)  # fmt: skip

# Read as a formula (or a part of one) by a spreadsheet, which may drop what is blank before it.
# OWASP, "CSV Injection".
_FORMULA: Final = re.compile(r"[\s\u200c-\u200f\u061c]*[=+\-@＝＋－＠﹦﹢﹣﹫]")


class Stream(Protocol):
    """What a table is written to."""

    def write(self, text: str, /) -> Any:
        """Take a piece of text."""


def cell(value: object) -> str:
    r"""A value as `shown`, that a spreadsheet takes for text: no formula, nothing that acts.

    What would be a formula gets an apostrophe.

    >>> cell("=1+1"), cell("casino"), cell(None), cell("a\x1b[2Jb")
    ("'=1+1", 'casino', '', 'a␛[2Jb')
    """
    return _guarded("" if value is None else shown(str(value)))


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


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
            self._writer.writerow([_cell(column, row.get(column)) for column in COLUMNS])


def _cell(column: str, value: object) -> str:
    # A reason is a sentence of ours: its values are visible already, in isolates that must stay.
    return _guarded(str(value)) if column == "reason" and value else cell(value)


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
    texts = [f"{hit.field}: {seen_as}" for hit in seen if (seen_as := told(hit, lang)) is not None]
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


def told(hit: Hit, lang: Lang) -> str | None:
    """What was found at the place of a hit: its text, or how a picture was seen, and when."""
    if hit.distance is None or hit.view is None:
        return hit.text
    when = "" if hit.at is None else f" ({hit.at:.1f} s)"
    return f"{look_words(hit.view, lang)}{when}"
