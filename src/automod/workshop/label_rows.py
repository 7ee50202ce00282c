"""The rows of a sheet for labelling: what it shows of a creative, and what a reader gets back."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from automod.evaluate.sampling import STRATA
from automod.model.creative import Creative
from automod.model.scalars import parse_texts

from .labelling import Draw

Cell = str | float | None

MAX_CELL: Final = 32_767
"""UTF-16 units that a cell of a workbook holds."""

_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LIST_MARKS: Final = re.compile("[;؛،]")
_FIRST_TEXTS: Final = ("title", "body")


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """The rows of a sheet, by column. What the readers of cases do not know begins `x-`."""

    columns: tuple[str, ...]
    to_fill: frozenset[str]
    hidden: frozenset[str]
    rows: tuple[Mapping[str, Cell], ...]
    missing: tuple[str, ...]
    """Ids of creatives that were drawn and whose text nobody gave."""


_HIDDEN: Final = ("label.kind", "probability", "x-stratum", "x-ruleset", "x-not-here")
_SEEN: Final = ("x-action", "x-score", "x-matched", "x-materials")


def label_columns(policies: Iterable[str]) -> tuple[str, ...]:
    """The columns that are filled in.

    >>> label_columns(["GMB.REAL"])
    ('label.GMB.REAL', 'label.by', 'label.on', 'x-note')
    """
    return (*(f"label.{code}" for code in policies), "label.by", "label.on", "x-note")


def label_sheet(
    drawn: Draw, creatives: Mapping[str, Mapping[str, Any]], *, show_decision: bool = False
) -> LabelSheet:
    """The sheet of a draw: one row a creative.

    Who sees what the machine thinks agrees with it more often than they would, which flatters
    precision and recall alike (K. Goddard and others, Automation bias, J. Am. Med. Inform. Assoc.
    19 (2012), 121-127). So the sheet leaves its opinion out unless somebody asks for it.

    Args:
        drawn: what was drawn.
        creatives: by id, as JSON has them; of those that are not there the row has the id and the
            markets.
        show_decision: with the action, the score, the letters that matched and their materials.
    """
    held = [creative_cells(name, creatives.get(name), drawn.running_in(row), drawn.markets)
            for name, row in zip(drawn.ids, drawn.rows.tolist(), strict=True)]  # fmt: skip
    fill = label_columns(drawn.policies)
    about = _SEEN if show_decision else ()
    rows = [
        cells | _chance(drawn, row, place) | (_opinion(drawn, row, place) if show_decision else {})
        for cells, row, place in zip(held, drawn.rows.tolist(), drawn.places.tolist(), strict=True)
    ]
    columns = (*creative_columns(held), *about, *fill, *_HIDDEN)
    missing = tuple(name for name in drawn.ids if name not in creatives)
    return LabelSheet(columns, frozenset(fill), frozenset(_HIDDEN), tuple(rows), missing)


def creative_columns(rows: Iterable[Mapping[str, Cell]]) -> list[str]:
    """The columns of the creatives: what they are, what they say, where they lead."""
    there = {column for row in rows for column, cell in row.items() if cell is not None}
    texts = [f"text.{name}" for name in _FIRST_TEXTS]
    texts += sorted(column for column in there if column.startswith("text."))
    order = ["id", "x-market", "language", "advertiser", *texts, "links", "images", "videos",
             "markets", "on"]  # fmt: skip
    return [column for column in dict.fromkeys(order) if column in there or column == "id"]


def creative_cells(
    name: str,
    creative: Mapping[str, Any] | None,
    running: Sequence[str],
    markets: Collection[str] = (),
) -> dict[str, Cell]:
    """What the sheet shows of a creative, and under `x-not-here` what it cannot.

    Args:
        name: its id.
        creative: as JSON has it; None where nobody gave it.
        running: its markets.
        markets: those that are asked about; empty for all.
    """
    asked = [market for market in running if not markets or market in markets]
    if creative is None:
        return {"id": name, "x-market": _list_cell(asked), "markets": _list_cell(running)}
    texts = creative.get("text") or {}
    cells: dict[str, Cell] = {
        "id": name,
        "x-market": _list_cell(asked),
        **{key: _text_cell(creative.get(key)) for key in ("language", "advertiser", "on")},
        **{f"text.{key}": _text_cell(text) for key, text in texts.items()},
        **{key: _list_cell(creative.get(key) or ()) for key in ("links", "images", "videos")},
        "markets": _list_cell(creative.get("markets") or running),
    }
    return cells | {"x-not-here": _list_cell(_not_here(cells, creative))}


def _text_cell(text: Any) -> str | None:
    r"""A text as a cell can hold it.

    >>> _text_cell("a\r\nb\x1b"), _text_cell(" "), _text_cell(None)
    ('a\nb\ufffd', None, None)
    """
    if not isinstance(text, str) or not text.strip():
        return None
    clean = _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n"))[:MAX_CELL]
    # Beyond the first 65,536 characters of Unicode one takes two units.
    return clean.encode("utf-16-le")[: 2 * MAX_CELL].decode("utf-16-le", "ignore")


def _list_cell(items: Iterable[Any]) -> str | None:
    """Several texts as one cell; what is no text (a fingerprint) is not shown.

    >>> _list_cell(["SA", "AE"]), _list_cell(["a;b"]), _list_cell([])
    ('SA; AE', '["a;b"]', None)
    """
    texts = [one for one in items if isinstance(one, str)]
    joined = "; ".join(texts)
    if joined.startswith("[") or any(map(_LIST_MARKS.search, texts)):
        joined = json.dumps(texts, ensure_ascii=False)
    return _text_cell(joined)


def _not_here(cells: Mapping[str, Cell], creative: Mapping[str, Any]) -> list[str]:
    """The keys of a creative that the cells do not hold as they are."""
    held = creative_of(cells)
    found = []
    for key, value in creative.items():
        if key == "text" and isinstance(value, Mapping):
            texts = held.get("text", {})
            found += [f"text.{one}" for one in value if not _same(value[one], texts.get(one))]
        elif key != "schema" and not key.startswith("x-") and not _same(value, held.get(key)):
            found.append(key)
    return found


def _same(value: Any, held: Any) -> bool:
    """Whether a cell holds a value; one that says nothing needs none."""
    blank = not value.strip() if isinstance(value, str) else value in (None, [], {})
    return blank or value == held


def creative_of(cells: Mapping[str, Cell]) -> dict[str, Any]:
    """The creative of a row, as JSON has it.

    >>> creative_of({"id": "c1", "markets": "SA; AE", "text.body": "hello", "links": None})
    {'id': 'c1', 'markets': ['SA', 'AE'], 'text': {'body': 'hello'}}
    """
    found: dict[str, Any] = {}
    for column, cell in cells.items():
        if not isinstance(cell, str):
            continue
        if column in Creative.model_fields:
            several = column in {"markets", "links", "images", "videos"}
            found[column] = list(parse_texts(cell)) if several else cell
        elif column.startswith("text."):
            found.setdefault("text", {})[column.removeprefix("text.")] = cell
    return found


def _chance(drawn: Draw, row: int, place: int) -> dict[str, Cell]:
    """How a creative came into the sheet. The stratum goes by its number: its name would tell."""
    return {
        "label.kind": drawn.kind,
        "probability": drawn.parts[place].probability,
        "x-stratum": place + 1,
        "x-ruleset": drawn.decisions.ruleset[row],
    }


def _opinion(drawn: Draw, row: int, place: int) -> dict[str, Cell]:
    """What the machine thinks of a creative: for the codes and markets that were asked for."""
    decision = drawn.decisions.sources[row]
    verdicts = [
        one
        for one in decision["verdicts"]
        if one["policy"] in drawn.policies and (not drawn.markets or one["market"] in drawn.markets)
    ]
    hits = list(_hits_of(verdicts, decision["hits"]))
    texts = (f"{hit['field']}: {hit['text']}" for hit in hits if hit["text"])
    materials = sorted({hit["material"] for hit in hits})
    return {
        "x-action": STRATA[place].action,
        "x-score": max((float(one["score"]) for one in verdicts), default=None),
        "x-matched": _text_cell("; ".join(dict.fromkeys(texts))),
        "x-materials": _list_cell(materials),
    }


def _hits_of(
    verdicts: Iterable[Mapping[str, Any]], hits: Iterable[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """The hits that verdicts rest on, those that a rule rests on among them."""
    numbered = {hit["n"]: hit for hit in hits}
    for number in sorted({n for one in verdicts for n in one["because"]}):
        for n in (number, *numbered[number]["parts"]):
            yield numbered[n]
