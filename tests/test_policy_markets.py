"""Markets: what lies in what, which exist, and where and when something acts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.model.ruleset import PolicyTable, Scope
from automod.policy.markets import Markets, acts_on

TABLE = PolicyTable(
    {},
    groups={
        "GCC": ("SA", "AE"),
        "MENA": ("GCC", "EG"),
        "NORTH": ("US", "CA"),
        "WEST": ("US-NV",),
        "ROUND": ("TRIP", "FR"),
        "TRIP": ("ROUND",),
    },
    parents={"US-NV": "US", "US-NV-LV": "US-NV", "XX-A": "XX-B", "XX-B": "XX-A"},
)
MARKETS = Markets(TABLE)
DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("market", "expected"),
    [
        ("SA", {"SA", "GCC", "MENA"}),
        ("EG", {"EG", "MENA"}),
        ("US", {"US", "NORTH"}),
        ("US-NV", {"US-NV", "US", "NORTH", "WEST"}),
        ("US-NV-LV", {"US-NV-LV", "US-NV", "US", "NORTH", "WEST"}),
        ("JP", {"JP"}),
        ("nowhere", {"nowhere"}),
        ("FR", {"FR", "ROUND", "TRIP"}),
        ("XX-A", {"XX-A", "XX-B"}),
    ],
)
def test_lineage(market: str, expected: set[str]) -> None:
    """A market lies in itself, its ancestors and all their groups; circles end."""
    assert MARKETS.lineage(market) == expected
    assert MARKETS.lineage(market) == expected


@pytest.mark.parametrize(
    ("market", "known"),
    [("SA", True), ("US-NV", True), ("GCC", False), ("UK", False), ("sa", False), ("", False)],
)
def test_known(market: str, known: bool) -> None:
    """Creatives run in countries and sub-markets; groups are for those who write rules."""
    assert MARKETS.known(market) is known


@pytest.mark.parametrize(
    ("scope", "market", "acts"),
    [
        (Scope(), "SA", True),
        (Scope(markets=("SA",)), "SA", True),
        (Scope(markets=("SA",)), "AE", False),
        (Scope(markets=("MENA",)), "SA", True),
        (Scope(markets=("US",)), "US-NV", True),
        (Scope(markets=("US-NV",)), "US", False),
        (Scope(markets=("EG", "GCC")), "AE", True),
        (Scope(from_=DAY), "SA", True),
        (Scope(from_=DAY + timedelta(1)), "SA", False),
        (Scope(until=DAY), "SA", True),
        (Scope(until=DAY - timedelta(1)), "SA", False),
        (Scope(markets=("AE",), from_=DAY), "SA", False),
        (Scope(fields=("title",)), "SA", True),
    ],
)
def test_acts(scope: Scope, market: str, acts: bool) -> None:
    """A scope acts in its markets and what lies in them, from its first day to its last."""
    assert MARKETS.acts(scope, market, DAY) is acts


@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3))
def test_dates_are_inclusive(start: int, end: int, day: int) -> None:
    """A scope acts on every day from its first to its last, and on no other."""
    scope = Scope(from_=DAY + timedelta(start), until=DAY + timedelta(end))
    assert acts_on(scope, DAY + timedelta(day)) == (start <= day <= end)


NAMES = ["A", "B", "C", "D", "E"]


@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from([*NAMES, "SA"])).map(tuple))
)
def test_lineage_is_the_closure(groups: dict[str, tuple[str, ...]]) -> None:
    """A lineage holds every group that lists any of its members, and nothing else."""
    lineage = Markets(PolicyTable({}, groups=groups)).lineage("SA")
    for group, members in groups.items():
        assert (group in lineage) >= (not lineage.isdisjoint(members))
    assert all(name == "SA" or not lineage.isdisjoint(groups[name]) for name in lineage)


def test_strange_markets_are_not_kept() -> None:
    """Market names that do not exist, as anybody may send them, do not pile up in memory."""
    markets = Markets(TABLE)
    for number in range(1_000):
        markets.lineage(f"bogus-{number}")
    assert len(markets._lineages) == 0
