"""Parquet files of decisions -> their columns, with no object for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from automod.errors import Location
from automod.model.arrow import arrow, decision_json
from automod.model.coded import Coded, Ints, Lists
from automod.model.decision_table import DecisionTable, HitRows, OutcomeRows, VerdictRows
from automod.model.vocabulary import STATUSES

from .arrow_columns import coded_lists, field_of
from .arrow_rows import Rows
from .faults import Faults
from .files import first_line
from .parquet_files import Sort, batches, check_columns, leaves, open_parquet
from .stored_rows import StoredParquet

COLUMNS: Final[dict[str, Sort]] = {
    "creative": "text", "on": "day", "ruleset": "text",
    "markets": "list", "markets.market": "text", "markets.action": "text",
    "markets.complete": "flag",
    "verdicts": "list", "verdicts.market": "text", "verdicts.policy": "text",
    "verdicts.action": "text", "verdicts.score": "number", "verdicts.because": "list",
    "hits": "list", "hits.n": "whole", "hits.material": "text", "hits.kind": "text",
    "hits.field": "text", "hits.view": "text", "hits.status": "text", "hits.policies": "list",
    "hits.allowed_by": "text",
}  # fmt: skip
"""What a table of decisions is made of."""

OPTIONAL: Final = frozenset({"hits.field", "hits.view", "hits.allowed_by"})


def read_decisions(path: Path, name: str, faults: Faults) -> DecisionTable | None:
    """The decisions of a Parquet file; None, with faults, where something is wrong with them.

    Raises:
        MissingExtra: the extra `arrow` is not installed.
    """
    before = len(faults.found)
    file = open_parquet(path, name, "decision", faults)
    if file is None:
        return None
    with file:
        check_columns(file.schema_arrow, COLUMNS, name, faults, OPTIONAL)
        tables = [] if len(faults.found) > before else _tables(file, name, faults)
        sources = StoredParquet(path, file, lambda row, _: decision_json(row))
    if len(faults.found) > before:
        return None
    return replace(DecisionTable.joined(tables), sources=sources)


def _tables(file: Any, name: str, faults: Faults) -> list[DecisionTable]:
    pa = arrow(f"reading {name}")
    wanted = leaves(file, COLUMNS)
    told: dict[str, int] = {}
    try:
        return [
            _table(batch, Rows(name, first, faults, told)) for first, batch in batches(file, wanted)
        ]
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        faults.add(Location(name), f"is damaged: {first_line(error)}")
        return []


def _table(batch: Any, rows: Rows) -> DecisionTable:
    every = np.arange(len(batch))
    days, codes = np.unique(rows.days(batch.column("on"), every, "on"), return_inverse=True)
    names = tuple(date.fromordinal(max(day, 1)).isoformat() for day in days.tolist())
    hits, numbers = _hits(batch.column("hits"), rows)
    return DecisionTable(
        creatives=batch.column("creative").to_pylist(),
        on=Coded(names, codes.astype(np.int32)),
        ruleset=rows.texts(batch.column("ruleset"), every, "ruleset"),
        outcomes=_outcomes(batch.column("markets"), rows),
        verdicts=_verdicts(batch.column("verdicts"), hits.decision, numbers, rows),
        hits=hits, sources=(),
    )  # fmt: skip


def _outcomes(array: Any, rows: Rows) -> OutcomeRows:
    lists, inner = rows.lists(array, "markets")
    of = lists.rows()
    return OutcomeRows(
        of,
        rows.texts(field_of(inner, "market"), of, "markets.market"),
        rows.ranks(field_of(inner, "action"), of, "markets.action"),
        rows.flags(field_of(inner, "complete"), of, "markets.complete"),
    )


def _verdicts(array: Any, hit_of: Ints, numbers: Ints, rows: Rows) -> VerdictRows:
    lists, inner = rows.lists(array, "verdicts")
    of = lists.rows()
    return VerdictRows(
        of,
        rows.texts(field_of(inner, "market"), of, "verdicts.market"),
        rows.texts(field_of(inner, "policy"), of, "verdicts.policy"),
        rows.ranks(field_of(inner, "action"), of, "verdicts.action"),
        rows.numbers(field_of(inner, "score"), of, "verdicts.score", most=1.0),
        _because(field_of(inner, "because"), of, hit_of, numbers, rows),
    )


def _because(array: Any, of: Ints, hit_of: Ints, numbers: Ints, rows: Rows) -> Lists:
    """The rows of hits that verdicts rest on; those that are not there are left out."""
    lists, inner = rows.lists(array, "verdicts.because", of)
    verdict = lists.rows()
    named = rows.wholes(inner, of[verdict], "verdicts.because")
    width = int(max(numbers.max(initial=0), named.max(initial=0))) + 1
    keys, wanted = hit_of * width + numbers, of[verdict] * width + named
    order = np.argsort(keys, kind="stable")
    place = np.searchsorted(keys, wanted, sorter=order)
    place = np.minimum(place, max(len(keys) - 1, 0))
    row = order[place] if len(keys) else np.zeros(len(wanted), dtype=np.int64)
    there = keys[row] == wanted if len(keys) else np.zeros(len(wanted), dtype=bool)
    starts = np.zeros(len(lists) + 1, dtype=np.int64)
    np.cumsum(np.bincount(verdict[there], minlength=len(lists)), out=starts[1:])
    return Lists(starts, row[there].astype(np.int64))


def _hits(array: Any, rows: Rows) -> tuple[HitRows, Ints]:
    """The hits, and the number of each within its decision."""
    lists, inner = rows.lists(array, "hits")
    of = lists.rows()

    def texts(
        name: str, *, required: bool = True, known: Sequence[str] | None = None
    ) -> Coded[str]:
        return rows.texts(field_of(inner, name), of, f"hits.{name}", required=required, known=known)

    policies, codes = rows.lists(field_of(inner, "policies"), "hits.policies", of)
    return HitRows(
        of, texts("material"), texts("kind"),
        texts("field", required=False), texts("view", required=False),
        texts("status", known=STATUSES),
        coded_lists(rows.texts(codes, of[policies.rows()], "hits.policies"), policies),
        ~np.asarray(field_of(inner, "allowed_by").is_null()),
    ), rows.wholes(field_of(inner, "n"), of, "hits.n")  # fmt: skip
