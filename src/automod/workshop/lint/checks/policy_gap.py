"""A market that forbids something, and in which nothing looks for it."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import listed
from automod.workshop.lint.policy_rows import PolicyRow, rows_of


def _look(world: World) -> Iterator[Found]:
    for row in rows_of(world):
        markets = world.served.get(row.code)
        if row.market and markets is not None and _forbids(world, row):
            uncovered = {one for one in _inside(world, row.market) if one not in markets}
            if uncovered:
                values = {"policy": row.code, "markets": listed(uncovered)}
                yield Found(row.at("market"), values, subject=row.name)


def _forbids(world: World, row: PolicyRow) -> bool:
    first, last = row.days
    return "prohibited" in row.asked.stance and first <= world.on <= last


def _inside(world: World, name: str) -> Iterator[str]:
    """The markets that a market or group means."""
    return (one for one in world.reach.names if name in world.reach.markets.lineage(one))


CHECK = Check(
    code="AM402",
    name="policy_gap",
    severity="warning",
    title={
        "en": "a market that prohibits a code, and no material for it there",
        "ar": "سوق يحظر رمزًا ولا مادة له هناك",
    },
    why={
        "en": "The policy table says that this is prohibited in the market, and there is material "
        "for it elsewhere; here none acts today, so every such ad is approved.",
        "ar": "يقول جدول السياسات إن هذا محظور في السوق، وتوجد مواد له في أماكن أخرى، لكن لا "
        "مادة تعمل هنا اليوم، فتتم الموافقة على كل إعلان من هذا النوع.",
    },
    message={
        "en": "{policy} is prohibited in {markets}, and nothing that counts for it acts there",
        "ar": "{policy} محظور في {markets}، ولا شيء يُحسب له يعمل هناك",
    },
    look=_look,
    of_absence=True,
)
