"""Decisions as a workbook: the analyst's own columns, and beside them what was decided, and why.

Rows wait in a file of their own until all are there: which columns there are is known only then,
and a workbook that is written row by row needs no memory for them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from automod.batch.sources import Misread
from automod.engine.explain import fault_of
from automod.errors import Location
from automod.load.creative_sheets import OURS
from automod.load.kept_rows import Row, Rowed
from automod.model.decision import Decision, Hit

from .decision_book import ADDED, Seen, check_writer, write_book
from .decision_book import head as named
from .decision_csv import told
from .decision_text import fields_of
from .labels import Lang, word
from .marked_text import pieces
from .spoken import missed_sentence, verdict_sentence
from .tally import Tally
from .visible import shown

_BARE: Final = ("id", "markets", "language", "advertiser")
"""The columns of what comes from no table."""

_NOWHERE: Final = Location("")


class XlsxReport:
    """One row for each creative; the workbook is written when there are no more."""

    def __init__(self, place: Path, lang: Lang, titles: Mapping[str, str] | None = None) -> None:
        check_writer()
        self._place, self._lang, self._titles = place, lang, titles or {}
        # Closed with the report; a file that has no name needs no cleaning up.
        self._waiting = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115
        self._seen = Seen()
        self._headers: dict[tuple[str, ...], list[int | None]] = {}

    def add(
        self, creative: Any, decision: Decision, markets: Container[str] | None = None, /
    ) -> None:
        """Keep the row of one decision, of some of its markets or of all."""
        shown_ = _narrowed(decision, markets)
        texts = _texts(creative, shown_)
        for name in texts:
            self._seen.fields.setdefault(name)
        self._seen.days.add(decision.on)
        self._seen.rulesets.setdefault(decision.ruleset)
        record = {
            "own": self._own(_row_of(creative)),
            "action": shown_.action,
            "added": list(_added(creative, shown_, self._lang, self._titles)),
            "texts": texts,
        }
        self._waiting.write(json.dumps(record, default=_plain) + "\n")

    def end(self, tally: Tally) -> None:
        """Write the workbook."""
        with self._waiting:
            self._waiting.seek(0)
            write_book(self._place, map(json.loads, self._waiting), self._seen, tally, self._lang)

    def _own(self, row: Row) -> list[tuple[int, Any]]:
        """The cells of a row by the number of their column; blank ones are left out."""
        numbers = self._headers.get(row.header)
        if numbers is None:
            numbers = self._headers[row.header] = self._columns(row.header)
        cells = zip(numbers, row.cells, strict=True)
        found = [(n, cell) for n, cell in cells if n is not None and cell not in (None, "")]
        for n, cell in found:
            self._seen.widths[n] = max(self._seen.widths.get(n, 0), len(str(cell)))
        return found

    def _columns(self, header: Iterable[str]) -> list[int | None]:
        """The number of each column in the result; None of what an earlier result added."""
        counts: dict[str, int] = {}
        found: list[int | None] = []
        for name in header:
            if name.strip().startswith(OURS.strip()):
                found.append(None)
                continue
            # Two columns may have one name.
            key = name, counts.get(name, 0)
            counts[name] = key[1] + 1
            found.append(self._seen.own.setdefault(key, len(self._seen.own)))
        return found


def _narrowed(decision: Decision, markets: Container[str] | None) -> Decision:
    """The decision with what it says of some markets only."""
    if markets is None:
        return decision
    return replace(
        decision,
        markets={name: one for name, one in decision.markets.items() if name in markets},
        verdicts=tuple(one for one in decision.verdicts if one.market in markets),
    )


def _row_of(creative: Any) -> Row:
    """The row of a creative as its table has it; else what names it."""
    if isinstance(creative, (Rowed, Misread)) and creative.row is not None:
        return creative.row
    if isinstance(creative, Misread):
        return Row(("id",), (str(creative.location),), creative.location)
    written = creative if isinstance(creative, dict) else {}
    return Row(_BARE, tuple(_listed(written.get(key)) for key in _BARE), _NOWHERE)


def _listed(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _plain(cell: Any) -> Any:
    """A cell that JSON does not know."""
    if isinstance(cell, (date, datetime)):
        return {"day": cell.isoformat()}
    return str(cell)


def _texts(creative: Any, decision: Decision) -> dict[str, list[tuple[str, bool]]]:
    """The fields with a mark; where no column of the analyst's has the text, the others as well."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for hit in _counted(decision):
        if hit.field is not None and hit.start is not None and hit.end is not None:
            spans.setdefault(hit.field, []).append((hit.start, hit.end))
    if not spans and isinstance(creative, Rowed):
        return {}
    return {
        name: [(piece.text, piece.marked) for piece in pieces(text, spans.get(name, ()))]
        for name, text in fields_of(creative).items()
        if name in spans or not isinstance(creative, Rowed)
    }


def _counted(decision: Decision) -> Iterator[Hit]:
    """The hits that verdicts rest on, and what those of rules rest on."""
    because = {n for verdict in decision.verdicts for n in verdict.because}
    for hit in decision.hits:
        if hit.n in because:
            yield hit
            yield from (decision.hits[n] for n in hit.parts)


def _added(
    creative: Any, decision: Decision, lang: Lang, titles: Mapping[str, str]
) -> Iterator[str]:
    """The cells that are added to a row, in the order of `ADDED`."""
    hits = list(_counted(decision))
    places = (f"{hit.field}: {shown(text)}" for hit in hits if (text := told(hit, lang)))
    complete = all(one.complete for one in decision.markets.values())
    cells = {
        "action": word(decision.action, lang),
        "reason": "\n".join((*_faults(creative), *_reasons(decision, lang, titles))),
        "markets": "\n".join(
            f"{market}: {word(one.action, lang)}" for market, one in decision.markets.items()
        ),
        "policies": "; ".join(dict.fromkeys(one.policy for one in decision.verdicts)),
        "materials": "\n".join(dict.fromkeys(one.material for one in hits if one.kind != "found")),
        "evidence": "\n".join(dict.fromkeys(places)),
        "complete": named("yes" if complete and not decision.not_evaluated else "no", lang),
    }
    yield from (cells[key] for key in ADDED)


def _faults(creative: Any) -> Iterator[str]:
    """Why a row is no creative, where it is none."""
    if isinstance(creative, Misread):
        yield shown(str(creative))
    elif (fault := fault_of(creative)) is not None:
        yield shown(fault)


def _reasons(decision: Decision, lang: Lang, titles: Mapping[str, str]) -> Iterator[str]:
    """A line for each thing that is decided, with its markets; for what was missed, and allowed."""
    comma, told_ = "، " if lang == "ar" else ", ", dict[str, list[str]]()
    for one in decision.verdicts:
        if one.action != "approve":
            title = titles.get(one.policy)
            named = one.policy if title is None else f"{title} ({one.policy})"
            sentence = f"{named}: {word(one.action, lang)}: {verdict_sentence(one, lang)}"
            told_.setdefault(sentence, []).append(shown(one.market))
    yield from (f"{comma.join(markets)}: {sentence}" for sentence, markets in told_.items())
    for entry in decision.not_evaluated:
        where = "" if entry.field == "*" else f"{shown(entry.field)}: "
        sentence = missed_sentence(entry, lang, decision.markets)
        yield f"{word('not_evaluated', lang)}: {where}{sentence}"
    allowed = {(hit.material, hit.allowed_by) for hit in decision.hits if hit.allowed_by}
    for material, allow in sorted(allowed, key=str):
        yield f"{material}: {word('allowed_by', lang)} {allow}"
