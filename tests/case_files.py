"""Files of labelled creatives and of decisions for the tests of their readers, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import openpyxl

from automod.errors import LoadError
from automod.model.arrow import arrow, case_schema, decision_batch
from automod.model.case_table import CaseTable
from automod.model.coded import Coded
from automod.model.decision import Decision
from automod.model.decision_table import DecisionTable

Json = dict[str, Any]
pa = arrow("the tests")

ABOUT: Final = {"by": "mona", "on": "2026-11-20", "kind": "random"}
LABEL: Final = {"policy": "GMB.REAL", "present": "yes", **ABOUT}
CREATIVE: Final[Json] = {
    "id": "c1", "markets": ["SA", "NG"], "language": "ar", "advertiser": "adv-9",
    "on": "2026-11-20", "text": {"title": "عنوان", "body": "كازينو, الآن"},
    "images": ["ads/banner.png"], "links": ["https://a.example/?x=1"],
    "certificates": [{"policy": "GMB.REAL", "market": "NG", "number": "7", "from": "2026-01-01"}],
    "targeting": {"min_age": 18}, "attributes": {"vertical": "games"},
}  # fmt: skip
CASE: Final[Json] = {
    "creative": CREATIVE, "labels": [LABEL, {**LABEL, "market": "SA", "present": "no"}],
    "judged": ["FIN.RICH", "GMB.REAL"], "probability": 0.01, "volume": 1000.0, "group": "g1",
}  # fmt: skip


def case(name: str = "c1", **more: Any) -> Json:
    """A case with an id."""
    return {"creative": {"id": name}, **more}


class Guessed(NamedTuple):
    """A cell of a workbook that a program takes for what it looks like: a formula, an error."""

    value: str


# --- writers --------------------------------------------------------------------------------------


def write_jsonl(path: Path, cases: Iterable[Any]) -> Path:
    """A line for each; a text as it is."""
    lines = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in cases]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def write_json(path: Path, cases: Iterable[Json]) -> Path:
    """A list, an entry a line."""
    entries = ",\n".join(json.dumps(one, ensure_ascii=False) for one in cases)
    path.write_text(f"[{entries}]", encoding="utf-8")
    return path


def write_csv(path: Path, cases: Iterable[Json]) -> Path:
    """A table with what is nested as JSON."""
    rows = list(table(cases))
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def write_xlsx(path: Path, cases: Iterable[Json]) -> Path:
    """The same table as a workbook: texts are texts, numbers are numbers, dates are dates."""
    header, *rows = table(cases)
    number = {"probability", "volume"}
    return workbook(
        path,
        [
            header,
            *(
                [_typed(cell, name, number) for cell, name in zip(row, header, strict=True)]
                for row in rows
            ),
        ],
    )


def _typed(cell: str, name: str, numbers: set[str]) -> Any:
    if name in numbers and cell:
        return float(cell)
    return date.fromisoformat(cell) if name == "on" and cell else cell or None


def workbook(path: Path, rows: Iterable[Sequence[Any]], *others: str) -> Path:
    """A workbook with these cells in its first sheet, and further sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Cases"
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(line, column, value.value if isinstance(value, Guessed) else value)
            if isinstance(value, str):
                cell.data_type = "s"
    for name in others:
        book.create_sheet(name)["A1"] = name
    book.save(path)
    return path


def table(cases: Iterable[Json]) -> Iterable[list[str]]:
    """Header and cells of cases."""
    held = [dict(_cells(one)) for one in cases]
    header = list(dict.fromkeys(name for one in held for name in one))
    yield header or ["id"]
    yield from ([one.get(name, "") for name in header] for one in held)


def _cells(one: Json) -> Iterable[tuple[str, str]]:
    for key, value in one["creative"].items():
        if key == "text":
            yield from ((f"text.{name}", text) for name, text in value.items())
        elif isinstance(value, str):
            yield key, value
        else:
            yield key, json.dumps(value, ensure_ascii=False)
    for key, value in one.items():
        if key != "creative":
            yield key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def write_parquet(path: Path, cases: Iterable[Json]) -> Path:
    """A Parquet file of the published schema, in row groups of two."""
    rows = [arrow_row(one) for one in cases]
    made = pa.Table.from_pylist(rows, schema=case_schema())
    pa.parquet.write_table(made, path, row_group_size=2)
    return path


def arrow_row(one: Json) -> Json:
    """A row of a case: days are dates, maps are pairs, attributes are JSON."""
    creative: Json = _dated(one["creative"])
    if "text" in creative:
        creative["text"] = list(creative["text"].items())
    if "attributes" in creative:
        creative["attributes"] = json.dumps(creative["attributes"])
    row: Json = _dated({**one, "creative": creative})
    return row


def _dated(value: Any) -> Any:
    if isinstance(value, dict):
        days = {"on", "from", "until"}
        return {
            key: date.fromisoformat(one) if key in days and isinstance(one, str) else _dated(one)
            for key, one in value.items()
        }
    return [_dated(one) for one in value] if isinstance(value, list) else value


WRITERS: Final[Mapping[str, Callable[[Path, Iterable[Json]], Path]]] = {
    "jsonl": write_jsonl, "json": write_json, "csv": write_csv, "xlsx": write_xlsx,
    "parquet": write_parquet,
}  # fmt: skip


def write_decisions(path: Path, decisions: Sequence[Decision], group: int = 3) -> Path:
    """A file of decisions, told by its suffix."""
    if path.suffix == ".parquet":
        made = pa.Table.from_batches([decision_batch(decisions)])
        pa.parquet.write_table(made, path, row_group_size=group)
    else:
        path.write_text("".join(f"{one.to_json()}\n" for one in decisions), encoding="utf-8")
    return path


# --- what is in a table, whatever the order of its values -----------------------------------------


def rows(column: Coded[Any]) -> list[Any]:
    """The values of a column, row by row."""
    return [column[row] for row in range(len(column))]


def told_cases(found: CaseTable) -> dict[str, Any]:
    """All that a table of cases says."""
    labels = found.labels
    return {
        "ids": list(found.ids), "language": rows(found.language), "group": rows(found.group),
        "judged": [[found.policies[code] for code in found.judged[row]] for row in
                   range(len(found))],
        "probability": [repr(one) for one in found.probability.tolist()],
        "volume": [repr(one) for one in found.volume.tolist()],
        "permits": rows(found.permits), "creatives": list(found.creatives),
        "labels": list(zip(labels.case.tolist(), rows(labels.policy), rows(labels.market),
                           labels.present.tolist(), rows(labels.by), labels.on.tolist(),
                           rows(labels.kind), strict=True)),
    }  # fmt: skip


def told_decisions(found: DecisionTable) -> dict[str, Any]:
    """All that a table of decisions says."""
    outcomes, verdicts, hits = found.outcomes, found.verdicts, found.hits
    return {
        "creatives": list(found.creatives), "on": rows(found.on), "ruleset": rows(found.ruleset),
        "outcomes": list(zip(outcomes.decision.tolist(), rows(outcomes.market),
                             outcomes.action.tolist(), outcomes.complete.tolist(), strict=True)),
        "verdicts": list(zip(verdicts.decision.tolist(), rows(verdicts.market),
                             rows(verdicts.policy), verdicts.action.tolist(),
                             verdicts.score.tolist(), strict=True)),
        "because": [verdicts.because[row].tolist() for row in range(len(verdicts.because))],
        "hits": list(zip(hits.decision.tolist(), rows(hits.material), rows(hits.kind),
                         rows(hits.field), rows(hits.view), rows(hits.status),
                         rows(hits.policies), hits.allowed.tolist(), strict=True)),
        "sources": list(found.sources),
    }  # fmt: skip


def faults(load: Callable[[], object], folder: Path) -> list[str]:
    """What a reader says is wrong, with places relative to the folder."""
    try:
        load()
    except LoadError as error:
        return [str(fault).replace(f"{folder}/", "") for fault in error.faults]
    return []


def csv_text(*lines: Sequence[str]) -> str:
    """Rows as CSV."""
    stream = io.StringIO()
    csv.writer(stream).writerows(lines)
    return stream.getvalue()
