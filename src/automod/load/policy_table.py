"""The policy table: written form -> `PolicyTable`, with markets, groups and rows checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from automod.errors import Location
from automod.model import policies as written
from automod.model.markets import ISO_3166
from automod.model.ruleset import PolicyCode, PolicyTable, Row
from automod.model.scalars import shown

from .faults import Faults, Path
from .written import Read, validate
from .yaml_tree import Tree

PARTS = ((str, str), (str, str, str, int))
"""What may be left out of a faulty table: a code (or group, market), a row of a code."""


@dataclass(frozen=True, slots=True)
class PolicyNames:
    """Codes and markets that packages may name; None where the table itself is faulty."""

    severities: Mapping[str, str] | None
    markets: frozenset[str] | None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def countries(self, names: Iterable[str]) -> tuple[str, ...]:
        """The markets that names stand for: themselves, or what their groups hold; sorted.

        >>> PolicyNames(None, None, {"GCC": ("SA", "AE")}).countries(["GCC", "EG"])
        ('AE', 'EG', 'SA')
        """
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.groups.get(name, ()))
        return tuple(sorted(found - self.groups.keys()))

    def check_markets(self, names: Iterable[str], at: Location, faults: Faults) -> None:
        """Keep a fault for each name that is no market and no group."""
        if self.markets is None:
            return
        for name in names:
            if name not in self.markets:
                refuse_market(name, f"{shown(name)} is not a market", at, self.markets, faults)

    def check_codes(self, codes: Iterable[str], at: Location, faults: Faults) -> None:
        """Keep a fault for each code the table does not have."""
        if self.severities is None:
            return
        for code in codes:
            if code not in self.severities:
                message = f"{shown(code)} is not a code of the policy table"
                faults.add(at, message, near=(code, self.severities), code="unknown_code")


UNKNOWN_NAMES = PolicyNames(None, None)


def names_of(table: PolicyTable) -> PolicyNames:
    """The codes of a policy table, and the markets that a creative may run in.

    >>> names = names_of(PolicyTable({}, {"GCC": ("SA",)}, {"US-NV": "US"}))
    >>> names.markets >= {"SA", "US-NV"}, "GCC" in names.markets
    (True, False)
    """
    severities = {code: one.severity for code, one in table.codes.items()}
    return PolicyNames(severities, ISO_3166 | table.parents.keys(), table.groups)


def refuse_market(
    name: str, message: str, at: Location, markets: Iterable[str], faults: Faults
) -> None:
    """Keep a fault about a name that is no market, with what may be meant."""
    if "," in name:
        faults.add(at, message, "split a list at ';'", code="unknown_market")
    else:
        faults.add(at, message, near=(name, markets), code="unknown_market")


def read_policies(tree: Tree, faults: Faults) -> tuple[PolicyTable, PolicyNames] | None:
    """The policy table of a file, and what packages may name; None when nothing can be read."""
    table, read = validate(tree, written.Policies, faults, PARTS, {"codes": {}})
    if table is None:
        return None
    markets = _markets(table, read, faults)
    codes = {
        code: _code(code, one, read, markets, faults) for code, one in sorted(table.codes.items())
    }
    if table.thresholds.review > table.thresholds.act:
        message = f"review ({table.thresholds.review}) is above act ({table.thresholds.act})"
        faults.add(read.at(("thresholds", "review")), message, code="policy")
    severities = {code: one.severity for code, one in codes.items()}
    return _table(table, codes), _names(read, severities, markets, table.groups)


def _table(table: written.Policies, codes: dict[str, PolicyCode]) -> PolicyTable:
    return PolicyTable(
        codes=codes,
        groups=dict(sorted(table.groups.items())),
        parents={name: one.parent for name, one in sorted(table.markets.items())},
        review=table.thresholds.review,
        act=table.thresholds.act,
        not_evaluated={"default": "review", **dict(sorted(table.not_evaluated.items()))},
    )


def _names(
    read: Read,
    severities: Mapping[str, str],
    markets: frozenset[str],
    groups: Mapping[str, tuple[str, ...]],
) -> PolicyNames:
    """What a faulty part of the table would have named is not held against packages."""
    tops = {path[0] for path in read.dropped}
    known = dict(severities)
    for path in read.dropped:
        if path[0] == "codes" and len(path) == 2:
            known[str(path[1])] = ""
    unsure = bool(tops & {"groups", "markets"})
    return PolicyNames(
        None if ("codes",) in read.dropped else known,
        None if unsure else markets,
        {} if unsure else groups,
    )


def _markets(table: written.Policies, read: Read, faults: Faults) -> frozenset[str]:
    """Every name a market may be called by."""
    markets = ISO_3166 | table.markets.keys()
    names = frozenset(markets | table.groups.keys())
    for name, market in table.markets.items():
        path: Path = ("markets", name)
        if name in ISO_3166:
            faults.add(read.at(path, True), f"{shown(name)} is a country already", code="policy")
        if market.parent not in markets:
            message = f"the parent {shown(market.parent)} is not a market"
            refuse_market(market.parent, message, read.at((*path, "parent")), markets, faults)
    for name, members in table.groups.items():
        path = ("groups", name)
        if name in markets:
            message = f"{shown(name)} is a market already"
            faults.add(read.at(path, True), message, "rename the group", code="policy")
        for member in members:
            if member not in names:
                message = f"{shown(member)} is not a market"
                refuse_market(member, message, read.at(path), names, faults)
    parents = {name: (one.parent,) for name, one in table.markets.items()}
    _refuse_circles("markets", parents, read, faults)
    _refuse_circles("groups", table.groups, read, faults)
    return names


def _refuse_circles(
    key: str, below: Mapping[str, tuple[str, ...]], read: Read, faults: Faults
) -> None:
    for name in circles(below):
        faults.add(read.at((key, name), True), f"{shown(name)} holds itself", code="policy")


def circles(below: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The names that can be reached from themselves, sorted.

    >>> circles({"A": ["B"], "B": ["A", "C"], "C": ["D"], "D": []})
    ('A', 'B')

    What leads nowhere, then what nothing leads to, is taken away until nothing changes (A. B. Kahn,
    Comm. ACM 5 (1962), 558-562); what stays may lie between two circles: that is told one by one.
    """
    known = {name: {one for one in found if one in below} for name, found in below.items()}
    left = _unravelled(_turned(_unravelled(known)))
    # A circle is a fault in any case: past this many, all that hangs together is named.
    if len(left) > _MOST_NAMED:
        return tuple(sorted(left))
    return tuple(sorted(name for name in left if _reaches(name, name, left)))


_MOST_NAMED = 500

Links = Mapping[str, set[str]]


def _turned(below: Links) -> dict[str, set[str]]:
    above: dict[str, set[str]] = {name: set() for name in below}
    for name, found in below.items():
        for one in found:
            above[one].add(name)
    return above


def _unravelled(below: Links) -> dict[str, set[str]]:
    """What is left when names that lead nowhere are taken away, one after the other."""
    above = _turned(below)
    left = {name: set(found) for name, found in below.items()}
    ends = [name for name, found in left.items() if not found]
    while ends:
        gone = ends.pop()
        del left[gone]
        for name in above[gone]:
            left[name].discard(gone)
            if not left[name]:
                ends.append(name)
    return left


def _reaches(start: str, goal: str, below: Links) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for one in below[waiting.pop()] - seen:
            if one == goal:
                return True
            seen.add(one)
            waiting.append(one)
    return False


def _code(
    code: str,
    one: written.PolicyCode,
    read: Read,
    markets: frozenset[str],
    faults: Faults,
) -> PolicyCode:
    path: Path = ("codes", code)
    _check_asked(one.default, read, (*path, "default"), faults)
    rows: dict[str, Row] = {}
    for i, row in enumerate(one.rows):
        place = (*path, "rows", i)
        _check_asked(row, read, place, faults)
        if row.market not in markets:
            message = f"{shown(row.market)} is not a market"
            refuse_market(row.market, message, read.at((*place, "market")), markets, faults)
        check_days(row.from_, row.until, read.at((*place, "until")), faults)
        made = _row(row_id(code, row.market, row.from_), row.market, row, row.from_, row.until)
        if made.id in rows:
            faults.add(
                read.at(place),
                f"a second row {made.id}",
                "one row a market and first day",
                code="policy",
            )
        rows[made.id] = made
    default = _row(f"{code}/default", None, one.default, None, None)
    in_order = tuple(rows[name] for name in sorted(rows))
    return PolicyCode(code, one.title, one.severity, default, one.while_review, in_order)


def row_id(code: str, market: str, from_: date | None) -> str:
    """The id of a row: `CODE/MARKET/FROM`, without a date when it has always held.

    >>> row_id("GMB.REAL", "SA", date(2026, 1, 1)), row_id("GMB.REAL", "SA", None)
    ('GMB.REAL/SA/2026-01-01', 'GMB.REAL/SA')
    """
    return f"{code}/{market}" if from_ is None else f"{code}/{market}/{from_.isoformat()}"


def _row(
    name: str,
    market: str | None,
    asked: written.Asked,
    from_: date | None,
    until: date | None,
) -> Row:
    return Row(
        id=name, market=market, stances=asked.stance, ground=asked.ground,
        source=asked.source or "", min_age=asked.min_age, limits=asked.limits,
        from_=from_, until=until, checked=asked.checked, note=asked.note or "",
    )  # fmt: skip


def _check_asked(asked: written.Asked, read: Read, path: Path, faults: Faults) -> None:
    stances = set(asked.stance)
    place = read.at((*path, "stance"))
    alone = stances & {"prohibited", "allowed"}
    if alone and len(stances) > 1:
        faults.add(
            place, f"{min(alone)!r} stands with nothing else", "leave the others out", code="policy"
        )
    if "age_gate" in stances and asked.min_age is None:
        faults.add(place, "an age_gate needs an age", "write min_age: 18", code="policy")
    if asked.min_age is not None and "age_gate" not in stances:
        faults.add(
            read.at((*path, "min_age")), "'min_age' is for the stance age_gate", code="policy"
        )
    if asked.limits and "limited" not in stances:
        faults.add(read.at((*path, "limits")), "'limits' is for the stance limited", code="policy")


def check_days(from_: date | None, until: date | None, at: Location, faults: Faults) -> None:
    """Keep a fault when the last day is before the first."""
    if from_ is not None and until is not None and until < from_:
        faults.add(at, f"'until' ({until}) is before 'from' ({from_})", code="dates")
