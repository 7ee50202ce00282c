"""Labelled creatives as a file has them -> `Case`s, each fault at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from automod.errors import Location
from automod.model.case import Case
from automod.model.case_table import ANYWHERE, CaseTable, case_table
from automod.model.scalars import parse_texts, shown

from .creatives import placed
from .faults import Faults, Path, add_errors, dotted
from .files import decode, read_bytes
from .json_files import Numbered, Unreadable, json_entries, json_lines
from .policy_table import PolicyNames

MAX_JSON_BYTES = 1024 * 1024 * 1024
"""Bytes of one JSON file, which is read as a whole."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as it is written: in JSON, or made of cells."""

    data: dict[str, Any]
    place: Location
    at: Callable[[Path, bool], Location]
    """The place of a path of `data`."""
    broken: frozenset[Path] = field(default_factory=frozenset)
    """Paths that have a fault already."""


@dataclass(frozen=True, slots=True)
class CasePart:
    """The cases of one file; `ids` are of faulty ones as well."""

    table: CaseTable
    ids: Sequence[str]
    at: Callable[[int], Location]
    """Where an id stands, by its number in `ids`."""


def read_json_cases(
    path: FilePath, name: str, names: PolicyNames, faults: Faults, *, lines: bool
) -> CasePart | None:
    """The cases of a JSON file: one on each line, or a list of them."""
    if not lines:
        data = read_bytes(path, name, MAX_JSON_BYTES, faults)
        text = None if data is None else decode(data, name, faults, windows=False)
        if text is None:
            return None
        return make_cases(_rows(json_entries(text.text), name, faults), path.parent, names, faults)
    with path.open("rb") as stream:
        return make_cases(_rows(json_lines(stream), name, faults), path.parent, names, faults)


def _rows(found: Numbered, name: str, faults: Faults) -> Iterator[CaseRow]:
    for line, one in found:
        place = Location(name, line)
        if isinstance(one, Unreadable):
            faults.add(place, one.message)
        else:
            yield CaseRow(one, place, dotted(place))


def make_cases(
    rows: Iterable[CaseRow], folder: FilePath, names: PolicyNames, faults: Faults
) -> CasePart:
    """The cases of rows, and the ids of all of them; what is faulty is told.

    Args:
        rows: as they were written.
        folder: from where the paths of images and videos count.
        names: codes and markets that there are.
        faults: where faults go.
    """
    cases: list[Case] = []
    ids: list[str] = []
    places: list[Location] = []
    for row in rows:
        creative = row.data.get("creative")
        if isinstance(creative, dict) and isinstance(creative.get("id"), str):
            ids.append(creative["id"].strip())
            places.append(row.at(("creative", "id"), False))
        case = _case(row, folder, faults)
        if case is not None:
            cases.append(case)
        check_names(row, names, faults)
    return CasePart(case_table(cases), ids, places.__getitem__)


def _case(row: CaseRow, folder: FilePath, faults: Faults) -> Case | None:
    data, creative = row.data, row.data.get("creative")
    if isinstance(creative, dict):
        # The engine lets these pass in a creative as well.
        told = {key: value for key, value in creative.items() if not str(key).startswith("x-")}
        data = {**data, "creative": placed(told, folder)}
    try:
        case = Case.model_validate(data)
    except ValidationError as error:
        add_errors(faults, error, Case, row.at, row.broken)
        return None
    return None if row.broken else case


def check_names(row: CaseRow, names: PolicyNames, faults: Faults) -> None:
    """Keep a fault for each code and market of a row that the policy table does not know.

    What has another shape than a case is passed over: that is told already.
    """
    if names.markets is None:
        return
    creative = row.data.get("creative")
    creative = creative if isinstance(creative, dict) else {}
    judged, markets = row.data.get("judged"), creative.get("markets")
    names.check_codes(_texts(judged), row.at(("judged",), False), faults)
    check_markets(_texts(markets), names, row.at(("creative", "markets"), False), faults)
    for above, some in (
        (("labels",), row.data.get("labels")),
        (("creative", "certificates"), creative.get("certificates")),
    ):
        for i, one in enumerate(some if isinstance(some, list) else ()):
            if isinstance(one, dict):
                policy, market = _texts([one.get("policy")]), _texts([one.get("market")])
                elsewhere = (name for name in market if name != ANYWHERE)
                names.check_codes(policy, row.at((*above, i, "policy"), False), faults)
                check_markets(elsewhere, names, row.at((*above, i, "market"), False), faults)


def check_markets(
    markets: Iterable[str], names: PolicyNames, place: Location, faults: Faults
) -> None:
    """Keep a fault for each name that is no market: a group is none that an ad runs in."""
    for market in markets:
        if market in names.groups:
            members = ", ".join(names.countries([market]))
            faults.add(place, f"{shown(market)} is a group of markets", f"write {members}")
        else:
            names.check_markets([market], place, faults)


def _texts(value: object) -> tuple[str, ...]:
    try:
        return parse_texts(value)
    except PydanticCustomError:
        return ()
