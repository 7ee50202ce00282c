"""Two decisions on one creative: whether they are the same, and which way it went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final

from automod.model.backtest import Turn
from automod.model.decision import Decision, Hit, Verdict
from automod.model.vocabulary import ACTION_RANK, Action

Strictness = tuple[int, bool]
"""Rank of the action, and whether something counted."""

_OF_HITS: Final = attrgetter(
    *(one.name for one in fields(Hit) if one.name not in ("n", "version", "parts"))
)
_OF_VERDICTS: Final = attrgetter(
    *(one.name for one in fields(Verdict) if one.name not in ("because", "reason"))
)


@dataclass(frozen=True, slots=True)
class Pair:
    """The decisions of both rulesets on one creative, where they differ."""

    index: int
    creative: Any
    before: Decision
    after: Decision
    turn: Turn


def turned(before: Decision, after: Decision) -> Turn | None:
    """Which way a creative went; None where both decide the same.

    What is no part of the answer is left out: the digest, versions of packages, and in which order
    hits are numbered.

    >>> from automod.model.decision import MarketOutcome
    >>> sides = [Decision("c1", 0, "2026-11-20", name, name, {"SA": MarketOutcome(name, True)})
    ...          for name in ("approve", "review")]
    >>> turned(sides[0], sides[1]), turned(sides[1], sides[0]), turned(sides[0], sides[0])
    ('gained', 'lost', None)
    """
    if _told(before) == _told(after):
        return None
    by_market = [
        (_strictness(before, market), _strictness(after, market))
        for market in dict.fromkeys((*before.markets, *after.markets))
    ]
    return _turn(by_market or [((ACTION_RANK[before.action], False),
                                (ACTION_RANK[after.action], False))])  # fmt: skip


def turned_in(before: Decision, after: Decision, market: str) -> Turn | None:
    """Which way it went in one market; None where both do and say the same there."""
    one, other = (_strictness(side, market) for side in (before, after))
    if one != other:
        return _turn([(one, other)])
    alike = _told_in(before, market) == _told_in(after, market)
    return None if alike else "changed"


def turned_for(before: Decision, after: Decision) -> Iterator[tuple[str, Turn]]:
    """Which way it went for each policy code with another verdict in some market."""
    held = [{(one.market, one.policy): one for one in side.verdicts} for side in (before, after)]
    moves: dict[str, list[tuple[Strictness, Strictness]]] = {}
    for key in dict.fromkeys((*held[0], *held[1])):
        one, other = (some.get(key) for some in held)
        if _verdict(before, one) != _verdict(after, other):
            moves.setdefault(key[1], []).append((_of_verdict(one), _of_verdict(other)))
    for code, pairs in moves.items():
        yield code, _turn(pairs)


def _turn(pairs: Iterable[tuple[Strictness, Strictness]]) -> Turn:
    """Which way most of it went: stricter or laxer, if nothing went the other way."""
    moves = {(after > before) - (after < before) for before, after in pairs} - {0}
    return "gained" if moves == {1} else "lost" if moves == {-1} else "changed"


def _strictness(decision: Decision, market: str) -> Strictness:
    outcome = decision.markets.get(market)
    action: Action = "approve" if outcome is None else outcome.action
    return ACTION_RANK[action], any(one.market == market for one in decision.verdicts)


def _of_verdict(one: Verdict | None) -> Strictness:
    return (0, False) if one is None else (ACTION_RANK[one.action], True)


def _told(decision: Decision) -> tuple[object, ...]:
    """All that a decision says, without numbers that stand for something else."""
    return (
        decision.creative,
        decision.on,
        decision.action,
        decision.markets,
        frozenset(_hit(one, decision.hits) for one in decision.hits),
        frozenset(_verdict(decision, one) for one in decision.verdicts),
        frozenset(decision.not_evaluated),
    )


def _told_in(decision: Decision, market: str) -> tuple[object, ...]:
    verdicts = (one for one in decision.verdicts if one.market == market)
    told = frozenset(_verdict(decision, one) for one in verdicts)
    return decision.markets.get(market), told


def _hit(one: Hit, hits: tuple[Hit, ...]) -> tuple[object, ...]:
    parts = frozenset(_place(hits[n]) for n in one.parts)
    return (*_OF_HITS(one), parts)


def _verdict(decision: Decision, one: Verdict | None) -> tuple[object, ...] | None:
    if one is None:
        return None
    because = frozenset(_place(decision.hits[n]) for n in one.because)
    reason = one.reason.code, frozenset(map(_item, one.reason.items))
    return (*_OF_VERDICTS(one), because, reason)


def _item(item: tuple[str, Any]) -> tuple[str, str]:
    return item[0], repr(item[1])


def _place(hit: Hit) -> tuple[object, ...]:
    return hit.material, hit.field, hit.start, hit.end, hit.view, hit.at


def counting(decision: Decision) -> Mapping[str, int]:
    """How often each material hits, those that count nothing among them."""
    found: dict[str, int] = {}
    for hit in decision.hits:
        found[hit.material] = found.get(hit.material, 0) + 1
    return found
