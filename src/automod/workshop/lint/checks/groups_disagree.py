"""Two groups that hold one market, of which the rows ask for different things."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from automod.model.ruleset import PolicyCode, Row
from automod.policy.verdict import Policy
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import listed
from automod.workshop.lint.policy_rows import PolicyRow, rows_of


def _look(world: World) -> Iterator[Found]:
    table = world.source.ruleset.policies
    policy = Policy(table)
    written = {(row.code, row.market): row for row in rows_of(world) if row.market}
    for code, one in table.codes.items():
        for markets, rows in _sides(world, policy, code, one).items():
            asked = [written.get((code, row.market or "")) for row in rows]
            places = [row for row in asked if row is not None]
            if len(places) > 1:
                yield _found(code, markets, places)


def _sides(
    world: World, policy: Policy, code: str, one: PolicyCode
) -> dict[tuple[str, ...], tuple[Row, ...]]:
    """The markets in which rows of different groups stand side by side, by these rows."""
    if len({row.market for row in one.rows if row.market in policy.table.groups}) < 2:
        return {}
    found: dict[tuple[Row, ...], list[str]] = {}
    for market in world.reach.names:
        rows = _apart(policy, code, market, world.on)
        if rows:
            found.setdefault(rows, []).append(market)
    return {tuple(markets): rows for rows, markets in found.items()}


def _apart(policy: Policy, code: str, market: str, on: date) -> tuple[Row, ...]:
    rows = policy.rows(code, market, on)
    several = len({row.market for row in rows}) > 1
    asked = {(row.stances, row.min_age, row.limits) for row in rows}
    return rows if several and len(asked) > 1 else ()


def _found(code: str, markets: tuple[str, ...], rows: list[PolicyRow]) -> Found:
    values = {
        "policy": code,
        "markets": listed(markets),
        "groups": listed(row.market for row in rows),
    }
    related = tuple(row.at() for row in rows[1:])
    return Found(rows[0].at(), values, subject=rows[0].name, related=related)


CHECK = Check(
    code="AM405",
    name="groups_disagree",
    severity="info",
    title={
        "en": "groups that disagree about a market they share",
        "ar": "مجموعات تختلف في سوق مشترك بينها",
    },
    why={
        "en": "A market that lies in two groups, neither of which is in the other, gets the "
        "stricter answer of both rows. That may be meant; a row of its own would say so.",
        "ar": "السوق الواقع في مجموعتين ليست إحداهما داخل الأخرى يأخذ الأشد من صفيهما. قد يكون "
        "ذلك مقصودًا، وصف خاص بالسوق يوضحه.",
    },
    message={
        "en": "in {markets} the rows of {groups} both hold for {policy} and disagree; the "
        "stricter counts",
        "ar": "في {markets} يسري للرمز {policy} صفا {groups} معًا وهما مختلفان؛ ويُعمل بالأشد",
    },
    look=_look,
)
