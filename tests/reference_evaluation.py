"""The evaluator as anybody would write it first: dicts, loops, one case after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from automod.model.case import Case
from automod.model.facts import Certificate, Facts
from automod.model.ruleset import PolicyTable
from automod.model.vocabulary import ACTION_RANK
from automod.policy.markets import Markets
from automod.policy.verdict import Policy

Trial = dict[str, Any]


def known(case: Case, policy: str, market: str) -> bool | None:
    """Whether the content is there; None where nobody is sure, or nobody looked."""
    labels = [one for one in case.labels if one.policy == policy]
    own = [one for one in labels if one.market == market]
    if own:
        return decided(own)
    everywhere = [one for one in labels if one.market == "*"]
    if everywhere:
        return decided(everywhere)
    return False if policy in case.judged and not labels else None


def decided(labels: Sequence[Any]) -> bool | None:
    """The arbiter's word, else the majority of the last words of all."""
    last: dict[str, Any] = {}
    for one in labels:
        if one.by not in last or one.on >= last[one.by].on:
            last[one.by] = one
    arbiters = [one for by, one in last.items() if by == "arbiter"]
    said = [one.present for one in arbiters or last.values()]
    yes, no = said.count("yes"), said.count("no")
    return None if yes == no else yes > no


def asked(table: PolicyTable | None, case: Case, policy: str, market: str, on: str) -> int:
    """The action that is asked of content that is there."""
    if table is None or policy not in table.codes:
        return 3
    creative = case.creative
    certificates = tuple(
        Certificate(one.policy, one.market, one.number, one.holder, one.from_, one.until)
        for one in creative.certificates
    )
    facts = Facts(None, (market,), creative.advertiser, certificates, creative.targeting.min_age)
    return ACTION_RANK[Policy(table).sure(policy, market, date.fromisoformat(on), facts)[1]]


def taken(decision: Mapping[str, Any], market: str, policy: str) -> int:
    """The action for a code in a market, and whatever no verdict of the market explains."""
    verdicts = {
        one["policy"]: ACTION_RANK[one["action"]]
        for one in decision["verdicts"]
        if one["market"] == market
    }
    outcome, own = decision["markets"][market], verdicts.get(policy, 0)
    done = ACTION_RANK[outcome["action"]]
    if done > max(verdicts.values(), default=0):
        return done
    return own if outcome["complete"] else max(own, min(done, 2))


def trials(
    cases: Sequence[Case], decisions: Sequence[Mapping[str, Any]], table: PolicyTable | None = None
) -> list[Trial]:
    """Every creative x market x code whose content is known and that was decided."""
    by_id = {one["creative"]: one for one in decisions}
    found = []
    for number, case in enumerate(cases):
        decision = by_id.get(case.creative.id)
        codes = dict.fromkeys((*case.judged, *(one.policy for one in case.labels)))
        for market in decision["markets"] if decision else ():
            for policy in codes:
                present = known(case, policy, market)
                if present is None or decision is None:
                    continue
                because = _because(decision, market, policy)
                found.append({
                    "case": number, "creative": case.creative.id, "market": market,
                    "policy": policy, "language": case.creative.language, "present": present,
                    "wanted": asked(table, case, policy, market, decision["on"]) if present else 0,
                    "action": taken(decision, market, policy),
                    "materials": sorted({hit["material"] for hit in because}),
                })  # fmt: skip
    return found


def _because(decision: Mapping[str, Any], market: str, policy: str) -> list[Mapping[str, Any]]:
    """The hits the verdict rests on, and shadow hits of the code."""
    numbers = [
        n
        for one in decision["verdicts"]
        if (one["market"], one["policy"]) == (market, policy)
        for n in one["because"]
    ]
    return [
        hit
        for hit in decision["hits"]
        if hit["n"] in numbers
        or (hit["status"] == "shadow" and policy in hit["policies"] and not hit["allowed_by"])
    ]


Counts = tuple[int, int, int, int]
"""Right, wrong, missed, clean."""


def counts(rows: Sequence[Trial], point: str) -> Counts:
    """Each creative x code once: missed where it is missed in any market that it is there in."""
    once: dict[tuple[int, str], list[Trial]] = defaultdict(list)
    for row in rows:
        once[row["case"], row["policy"]].append(row)
    found = [0, 0, 0, 0]
    for some in once.values():
        there = [row for row in some if is_asked(row, point)]
        if there:
            found[0 if all(is_done(row, point) for row in there) else 2] += 1
        else:
            found[1 if any(is_done(row, point) for row in some) else 3] += 1
    return found[0], found[1], found[2], found[3]


def is_asked(row: Trial, point: str) -> bool:
    """Whether the market asks for what the point counts."""
    wanted = {"stopped": row["wanted"] == 3, "flagged": row["wanted"] >= 2}
    return bool(wanted.get(point, row["wanted"] == 1))


def is_done(row: Trial, point: str) -> bool:
    """Whether it was done."""
    done = {"stopped": row["action"] == 3, "flagged": row["action"] >= 2}
    return bool(done.get(point, row["action"] == 1))


def by_slice(
    rows: Sequence[Trial], axes: Sequence[str], point: str, table: PolicyTable | None = None
) -> dict[tuple[str, ...], Counts]:
    """The counts of every slice; along `market` also of the groups that a market lies in."""
    markets = Markets(table) if table is not None else None
    sorted_out: dict[tuple[str, ...], list[Trial]] = defaultdict(list)
    for row in rows:
        values: list[list[str]] = [[]]
        for axis in axes:
            several = [row[axis] or "unknown"]
            if axis == "market" and markets is not None:
                several = sorted(markets.lineage(row["market"]))
            values = [[*before, one] for before in values for one in several]
        for one in values:
            sorted_out[tuple(one)].append(row)
    return {name: counts(some, point) for name, some in sorted_out.items()}


def by_material(rows: Sequence[Trial]) -> dict[tuple[str, str], tuple[Counts, int]]:
    """The counts of every material x code, and the right hits that nothing else makes."""
    once: dict[tuple[int, str], list[Trial]] = defaultdict(list)
    for row in rows:
        once[row["case"], row["policy"]].append(row)
    units = [
        (code, any(row["present"] for row in some), {m for row in some for m in row["materials"]})
        for (_, code), some in once.items()
    ]
    names = {(name, code) for code, _, some in units for name in some}
    found = {}
    for name, code in names:
        mine = [(there, some) for of, there, some in units if of == code]
        right = [some for there, some in mine if there and name in some]
        wrong = sum(not there and name in some for there, some in mine)
        missed = sum(there and name not in some for there, some in mine)
        clean = sum(not there and name not in some for there, some in mine)
        alone = sum(some == {name} for some in right)
        found[name, code] = (len(right), wrong, missed, clean), alone
    return found
