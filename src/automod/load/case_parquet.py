"""Parquet files of labelled creatives -> their columns, with no object for a nested value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from automod.errors import LoadError, Location
from automod.model.arrow import arrow
from automod.model.case import Label
from automod.model.case_table import ANYWHERE, PRESENT, CaseTable, LabelRows, Permits
from automod.model.coded import NONE, Coded, Ints, Lists
from automod.model.creative import Creative
from automod.model.facts import Certificate
from automod.model.scalars import parse_code, parse_json, shown

from .arrow_columns import (
    coded,
    coded_lists,
    column_of,
    distinct,
    field_of,
    filled,
    is_text,
    opened,
)
from .arrow_rows import NULL, Rows
from .case_rows import CasePart, check_markets
from .creatives import placed
from .faults import Faults, add_errors, dotted
from .files import first_line
from .parquet_files import (
    Sort,
    batches,
    check_columns,
    leaves,
    open_parquet,
    refuse_unknown,
)
from .policy_table import PolicyNames
from .stored_rows import StoredParquet

COLUMNS: Final[dict[str, Sort]] = {
    "creative": "struct", "creative.id": "text", "creative.markets": "list",
    "creative.language": "text", "creative.advertiser": "text", "creative.on": "day",
    "creative.images": "list", "creative.videos": "list", "creative.links": "list",
    "creative.certificates": "list", "creative.certificates.policy": "text",
    "creative.certificates.market": "text", "creative.certificates.number": "text",
    "creative.certificates.holder": "text", "creative.certificates.from": "day",
    "creative.certificates.until": "day",
    "creative.targeting": "struct", "creative.targeting.min_age": "whole",
    "labels": "list", "labels.policy": "text", "labels.market": "text",
    "labels.present": "text", "labels.by": "text", "labels.on": "day", "labels.kind": "text",
    "judged": "list", "probability": "number", "volume": "number", "group": "text",
}  # fmt: skip
REQUIRED: Final = frozenset({
    "creative", "creative.id", "creative.certificates.policy", "labels.policy", "labels.present",
    "labels.by", "labels.on", "labels.kind",
})  # fmt: skip
LISTS: Final = ("markets", "images", "videos", "links")
KINDS: Final = get_args(Label.model_fields["kind"].annotation)
WORDS: Final = get_args(Label.model_fields["present"].annotation)

_KNOWN: Final = frozenset({*COLUMNS, "creative.text", "creative.attributes"})


def read_parquet_cases(
    path: Path, name: str, names: PolicyNames, faults: Faults
) -> CasePart | None:
    """The cases of a Parquet file; None, with faults, where it cannot be read.

    Raises:
        MissingExtra: the extra `arrow` is not installed.
    """
    before = len(faults.found)
    file = open_parquet(path, name, "case", faults)
    if file is None:
        return None
    with file:
        check_columns(file.schema_arrow, COLUMNS, name, faults, COLUMNS.keys() - REQUIRED)
        refuse_unknown(file.schema_arrow, _KNOWN, name, faults)
        if len(faults.found) > before:
            return None
        table = _read(file, name, names, faults)
        make = partial(_creative, folder=path.parent, name=name)
        creatives = StoredParquet(path, file, make, leaves(file, ["creative"]))
    if table is None:
        return None
    found = replace(table, creatives=creatives)
    return CasePart(found, found.ids, lambda row: Location(name, row + 1, header="creative.id"))


def _read(file: Any, name: str, names: PolicyNames, faults: Faults) -> CaseTable | None:
    pa = arrow(f"reading {name}")
    told: dict[str, int] = {}
    wanted = [column for column in leaves(file, _KNOWN) if not column.startswith("creative.text")]
    try:
        return CaseTable.joined([
            _Batch(batch, Rows(name, first, faults, told, strip=True), names).table()
            for first, batch in batches(file, wanted)
        ])  # fmt: skip
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        faults.add(Location(name), f"is damaged: {first_line(error)}")
        return None


class _Batch:
    """Some rows of the file."""

    def __init__(self, batch: Any, rows: Rows, names: PolicyNames) -> None:
        self._batch, self._rows, self._names = batch, rows, names
        self._creative = batch.column("creative")
        self._every = np.arange(len(batch), dtype=np.int64)

    def table(self) -> CaseTable:
        """The table of the rows; its creatives are read again when somebody asks for them."""
        rows, every = self._rows, self._every
        judged, policies = self._judged()
        self._check_creatives()
        return CaseTable(
            ids=rows.names(field_of(self._creative, "id"), every, "creative.id"),
            language=self._texts("language"), labels=self._labels(),
            judged=judged, policies=policies,
            probability=rows.numbers(
                self._column("probability"), every, "probability",
                required=False, least=0.0, most=1.0, above=True,
            ),
            volume=rows.numbers(self._column("volume"), every, "volume", required=False),
            group=rows.texts(self._column("group"), every, "group", required=False),
            permits=self._permits(), creatives=(),
        )  # fmt: skip

    def _column(self, name: str) -> Any:
        return column_of(self._batch, name)

    def _texts(self, key: str) -> Coded[str]:
        found = field_of(self._creative, key)
        return self._rows.texts(found, self._every, f"creative.{key}", required=False)

    def _judged(self) -> tuple[Lists, tuple[str, ...]]:
        """Codes of each row, sorted and each once, as a case has them."""
        lists, inner = opened(self._column("judged"))
        of = lists.rows()
        column = self._codes(inner, of, "judged")
        policies = tuple(sorted(column.values))
        pairs = np.sort(of * (len(policies) + 1) + column.among(policies), kind="stable")
        pairs = pairs[np.append(True, np.diff(pairs) > 0)[: len(pairs)]]
        row, policy = np.divmod(pairs, len(policies) + 1)
        starts = np.searchsorted(row, np.arange(len(self._every) + 1))
        return Lists(starts.astype(np.int64), policy), policies

    def _labels(self) -> LabelRows:
        rows = self._rows
        lists, inner = opened(self._column("labels"))
        of = lists.rows()
        rows.refuse(of[np.asarray(inner.is_null())], "labels", NULL)
        market = rows.texts(field_of(inner, "market"), of, "labels.market", required=False)
        self._check_markets(market, of, "labels.market")
        present = rows.texts(field_of(inner, "present"), of, "labels.present", known=WORDS)
        marks = np.array([*(PRESENT.get(one, 0) for one in present.values), 0], dtype=np.int8)
        return LabelRows(
            of,
            self._codes(field_of(inner, "policy"), of, "labels.policy"),
            filled(market, ANYWHERE),
            marks[present.codes],
            rows.texts(field_of(inner, "by"), of, "labels.by"),
            rows.days(field_of(inner, "on"), of, "labels.on"),
            rows.texts(field_of(inner, "kind"), of, "labels.kind", known=KINDS),
        )

    def _codes(self, array: Any, of: Ints, header: str) -> Coded[str]:
        """A column of policy codes, of the right form and known."""
        column = self._rows.texts(array, of, header)
        self._rows.check(column, of, header, self._check_code)
        return column

    def _check_code(self, code: str, place: Location, faults: Faults) -> None:
        try:
            self._names.check_codes([parse_code(code)], place, faults)
        except PydanticCustomError as error:
            faults.add(place, error.message(), "write it as GMB.REAL")

    def _check_markets(self, column: Coded[str], of: Ints, header: str) -> None:
        def check(market: str, place: Location, faults: Faults) -> None:
            if market != ANYWHERE:
                check_markets([market], self._names, place, faults)

        self._rows.check(column, of, header, check)

    def _check_creatives(self) -> None:
        """Keep a fault for what no creative has, so that each can be made later."""
        for key in LISTS:
            lists, inner = opened(field_of(self._creative, key))
            of, header = lists.rows(), f"creative.{key}"
            self._rows.refuse_unlike(inner, of, header)
            if key == "markets":
                found = self._rows.texts(inner, of, header, required=False)
                self._check_markets(found, of, header)
        self._texts("advertiser")
        on = field_of(self._creative, "on")
        self._rows.days(on, self._every, "creative.on", required=False)
        self._check_attributes()

    def _check_attributes(self) -> None:
        """Attributes that are a text are JSON."""
        found = field_of(self._creative, "attributes")
        if not is_text(found.type):
            return
        self._rows.check(coded(found), self._every, "creative.attributes", _check_object)

    def _permits(self) -> Coded[Permits]:
        """What may make risky content lawful, each different set once."""
        certificates = self._certificates()
        ages = self._rows.numbers(
            field_of(field_of(self._creative, "targeting"), "min_age"), self._every,
            "creative.targeting.min_age", required=False,
        )  # fmt: skip
        advertiser = self._texts("advertiser")
        age = np.where(np.isnan(ages), NONE, ages).astype(np.int64)
        given = (age != NONE) | (certificates.codes != _code_of((), certificates.values))
        rows = np.flatnonzero(given)
        columns = certificates.codes, age, advertiser.codes
        first, number = distinct([column[rows] for column in columns])
        made = [
            Permits(certificates[row] or (), int(age[row]) if age[row] != NONE else None,
                    advertiser[row])
            for row in rows[first].tolist()
        ]  # fmt: skip
        codes = np.full(len(age), NONE, dtype=np.int32)
        codes[rows] = number
        return Coded(tuple(made), codes)

    def _certificates(self) -> Coded[tuple[Certificate, ...]]:
        """The certificates of each row, each different list once."""
        rows, above = self._rows, "creative.certificates"
        lists, inner = opened(field_of(self._creative, "certificates"))
        of = lists.rows()
        policy = self._codes(field_of(inner, "policy"), of, f"{above}.policy")
        market, number, holder = (
            rows.texts(field_of(inner, key), of, f"{above}.{key}", required=False)
            for key in ("market", "number", "holder")
        )
        self._check_markets(market, of, f"{above}.market")
        days = [
            rows.days(field_of(inner, key), of, f"{above}.{key}", required=False)
            for key in ("from", "until")
        ]
        texts = [one.codes for one in (policy, market, number, holder)]
        first, sort = distinct([*texts, *days])
        made = tuple(
            Certificate(
                policy[row] or "", market[row], number[row], holder[row],
                _day(int(days[0][row])), _day(int(days[1][row])),
            )
            for row in first.tolist()
        )  # fmt: skip
        return coded_lists(Coded(made, sort.astype(np.int32)), lists)


def _code_of(value: tuple[Certificate, ...], values: tuple[tuple[Certificate, ...], ...]) -> int:
    return values.index(value) if value in values else len(values)


def _check_object(text: str, place: Location, faults: Faults) -> None:
    try:
        if not isinstance(parse_json(text), dict):
            faults.add(place, f"{shown(text)} is not a JSON object")
    except PydanticCustomError as error:
        faults.add(place, error.message())


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def _creative(row: dict[str, Any], at: int, *, folder: Path, name: str) -> dict[str, Any]:
    """The creative of a row, as a dict that the engine judges."""
    written = {key: _plain(value) for key, value in row["creative"].items()}
    if isinstance(written.get("attributes"), str):
        written["attributes"] = parse_json(written["attributes"])
    if written.get("text") is not None:
        written["text"] = dict(written["text"])
    told = {key: value for key, value in written.items() if value is not None and value != {}}
    try:
        return Creative.model_validate(placed(told, folder)).as_dict()
    except ValidationError as error:
        faults = Faults()
        add_errors(faults, error, Creative, dotted(Location(name, at + 1)))
        raise LoadError(faults.found) from None


def _plain(value: Any) -> Any:
    """A nested value without the fields that are null."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value
