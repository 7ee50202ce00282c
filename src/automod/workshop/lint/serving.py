"""Which markets each policy code has material for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count

from automod.model.columns import column
from automod.model.ruleset import Material, Rule, Ruleset, Scope

from .reach import Reach


def served(ruleset: Ruleset, reach: Reach, on: date) -> Mapping[str, frozenset[str]]:
    """Of each code the markets in which something that counts for it acts, on the day."""
    scopes: dict[str, set[tuple[Scope, Scope]]] = defaultdict(set)
    for package in ruleset.packages:
        for parts in (package.materials, package.rules):
            for policies, scope in _sorts(parts):
                for code in policies:
                    scopes[code].add((package.scope, scope))
    return {code: _markets(reach, on, some) for code, some in scopes.items()}


def _sorts(parts: Sequence[Material | Rule]) -> Iterator[tuple[tuple[str, ...], Scope]]:
    """Codes and scopes of what counts, each pair of objects once."""
    codes, scopes = column(parts, "policies"), column(parts, "scope")
    weights, statuses = column(parts, "weight"), column(parts, "status")
    sorts = zip(map(id, codes), map(id, scopes), weights, statuses, strict=True)
    for sort, number in dict(zip(sorts, count(), strict=False)).items():
        if sort[2] > 0 and sort[3] == "live":
            yield codes[number], scopes[number]


def _markets(reach: Reach, on: date, scopes: set[tuple[Scope, Scope]]) -> frozenset[str]:
    acts = reach.markets.acts
    open_ = [one for one in scopes if not one[0].markets and not one[1].markets]
    # Nearly always something of a code acts everywhere.
    if any(acts(one, "", on) and acts(other, "", on) for one, other in open_):
        return frozenset(reach.names)
    return frozenset(
        market
        for market in reach.names
        if any(acts(one, market, on) and acts(other, market, on) for one, other in scopes)
    )
