"""Which markets there are, what lies inside what, and where and when something acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..model.markets import ISO_3166
from ..model.ruleset import PolicyTable, Scope


def acts_on(scope: Scope, on: date) -> bool:
    """Whether the date lies in the scope; both ends belong to it.

    >>> acts_on(Scope(until=date(2026, 11, 20)), date(2026, 11, 20))
    True
    """
    if scope.from_ is not None and on < scope.from_:
        return False
    return scope.until is None or on <= scope.until


class Markets:
    """The markets of a policy table: parents, groups, and what a market lies in.

    >>> table = PolicyTable({}, {"GCC": ("SA", "AE"), "MENA": ("GCC", "EG")}, {"US-NV": "US"})
    >>> markets = Markets(table)
    >>> sorted(markets.lineage("SA")), sorted(markets.lineage("US-NV"))
    (['GCC', 'MENA', 'SA'], ['US', 'US-NV'])
    >>> markets.acts(Scope(markets=("MENA",)), "EG", date(2026, 11, 20))
    True
    """

    def __init__(self, table: PolicyTable) -> None:
        self._parents = dict(table.parents)
        self._within = _memberships(table.groups)
        self._lineages: dict[str, frozenset[str]] = {}

    def known(self, market: str) -> bool:
        """Whether a creative may name it: an ISO 3166 country, or a sub-market of the table."""
        return market in ISO_3166 or market in self._parents

    def ancestors(self, market: str) -> tuple[str, ...]:
        """The market itself, its parent, the parent of that, and so on."""
        found = [market]
        parent = self._parents.get(market)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self._parents.get(parent)
        return tuple(found)

    def lineage(self, market: str) -> frozenset[str]:
        """The market, its ancestors, and every group that any of them is in, directly or not."""
        held = self._lineages.get(market)
        if held is None:
            held = frozenset(self._closed(self.ancestors(market)))
            if self.known(market):
                # Anybody can name a market that does not exist: those would pile up here.
                self._lineages[market] = held
        return held

    def groups_around(self, name: str) -> frozenset[str]:
        """Every group that this market or group is in, directly or not (parents aside)."""
        return frozenset(self._closed((name,))) - {name}

    def acts(self, scope: Scope, market: str, on: date) -> bool:
        """Whether what has this scope acts in this market on this date; fields are not asked."""
        if scope.markets and self.lineage(market).isdisjoint(scope.markets):
            return False
        return acts_on(scope, on)

    def _closed(self, names: tuple[str, ...]) -> set[str]:
        reached: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += self._within.get(name, ())
        return reached


def _memberships(groups: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Market or group -> the groups it is listed in."""
    within: dict[str, list[str]] = {}
    for group, members in groups.items():
        for member in members:
            within.setdefault(member, []).append(group)
    return within
