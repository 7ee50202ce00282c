"""Counting what two rulesets decide otherwise: groups, transitions, load, who made the noise."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, get_args

import numpy as np

from automod.evaluate.intervals import wilson
from automod.model.backtest import (
    Flipped,
    Load,
    Missed,
    Noisy,
    Share,
    Transition,
    Turn,
    Turned,
)
from automod.model.decision import Decision
from automod.model.vocabulary import ACTIONS, Action

from .backtest_turns import Pair, counting, turned_for, turned_in

AXES: Final = ("market", "language", "policy")
"""What is decided otherwise is counted by."""

LOADS: Final[tuple[Action, ...]] = ("review", "reject")
"""Actions that are work for people, or an appeal of the advertiser."""

TURNS: Final[tuple[Turn, ...]] = get_args(Turn)

Moves = Counter[tuple[str, Action, Action]]
"""Market (empty: the strictest of all), action before, action after."""


@dataclass(slots=True)
class Drawn:
    """Creatives drawn by chance from those that both decide alike: they tell what is done there.

    A creative is drawn if its number, which depends on the seed and its place alone, is among the
    least: so a longer draw holds the shorter one.
    """

    most: int
    seed: int
    held: list[tuple[float, int, Any]] = field(default_factory=list)
    """As a heap with the greatest number first."""
    _generator: np.random.Generator | None = None

    def offer(self, block: Sequence[Any], first: int, but_for: Collection[int]) -> None:
        """Look at more creatives.

        Args:
            block: the next of the traffic.
            first: the place of the first of them in the traffic.
            but_for: places of those that are not drawn from.
        """
        if self._generator is None:
            self._generator = np.random.Generator(np.random.PCG64(self.seed))
        numbers = self._generator.random(len(block))
        held, most = self.held, self.most
        if len(held) >= most:  # all but a few are too great, and that is seen at once
            few = np.flatnonzero(numbers < (-held[0][0] if held else 0.0))
        else:
            few = np.arange(len(block))
        for place in few.tolist():
            index, number = first + place, float(numbers[place])
            if index in but_for:
                continue
            if len(held) < most:
                heapq.heappush(held, (-number, -index, block[place]))
            elif -number > held[0][0]:
                heapq.heapreplace(held, (-number, -index, block[place]))

    @property
    def creatives(self) -> list[Any]:
        """Those that are drawn, in the order of the traffic."""
        return [one for _, one in sorted((-place, one) for _, place, one in self.held)]


@dataclass(slots=True)
class Tally:
    """Counts of a backtest while it runs."""

    touched: frozenset[str]
    """Ids of materials, rules and allows that differ."""
    creatives: int = 0
    no_creatives: int = 0
    decided: int = 0
    incomplete: int = 0
    markets: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """Of all creatives."""
    languages: Counter[str] = field(default_factory=Counter)
    moves: Moves = field(default_factory=Counter)
    """Of those that were decided by both."""
    turns: Counter[tuple[str, str, Turn]] = field(default_factory=Counter)
    """Axis, value and turn; the axis of all is empty."""
    missed: tuple[Counter[str], Counter[str]] = field(
        default_factory=lambda: (Counter(), Counter())
    )
    hits: Counter[str] = field(default_factory=Counter)
    touching: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)

    def count(
        self, creatives: int, markets: Counter[tuple[str, ...]], languages: Counter[str]
    ) -> None:
        """Count creatives of the traffic, whatever becomes of them."""
        self.creatives += creatives
        self.markets.update(markets)
        self.languages.update(languages)

    def decide(self, before: Decision, after: Decision) -> None:
        """Count a creative that was decided by both."""
        self.decided += 1
        self.moves["", before.action, after.action] += 1
        for market in before.markets:
            one, other = before.markets[market].action, after.markets[market].action
            self.moves[market, one, other] += 1
        for counts, side in zip(self.missed, (before, after), strict=True):
            counts.update({one.code for one in side.not_evaluated})
        self.incomplete += bool(before.not_evaluated or after.not_evaluated)

    def turn(self, pair: Pair) -> None:
        """Count a creative that is decided otherwise."""
        self.turns["", "", pair.turn] += 1
        self.turns["language", language_of(pair.creative), pair.turn] += 1
        for market in pair.before.markets:
            turn = turned_in(pair.before, pair.after, market)
            if turn is not None:
                self.turns["market", market, turn] += 1
        for code, turn in turned_for(pair.before, pair.after):
            self.turns["policy", code, turn] += 1
        before, after = counting(pair.before), counting(pair.after)
        own = sorted({*before, *after} & self.touched)
        self.touching.update(own)
        self.hits.update({one: max(before.get(one, 0), after.get(one, 0)) for one in own})
        if len(own) == 1:
            self.alone[own[0]] += 1

    @property
    def otherwise(self) -> int:
        """Creatives that are decided otherwise."""
        return sum(count for (axis, _, _), count in self.turns.items() if not axis)


def language_of(creative: Any) -> str:
    """The language that a creative says it is in; empty where it says none."""
    written = creative.get("language") if isinstance(creative, dict) else None
    return written if isinstance(written, str) else ""


# --- what the counts say -------------------------------------------------------------------------


def share(count: int, of: int, *, sampled: bool) -> Share:
    """A share of counts; with an interval where they are of a sample.

    >>> share(1, 4, sampled=False)
    Share(count=1, of=4, value=0.25, low=0.25, high=0.25, estimated=False)
    >>> share(0, 0, sampled=True).value is None
    True
    """
    if of == 0:
        return Share(count, of, None, None, None)
    value = count / of
    ends = wilson(count, of) if sampled else None
    low, high = (value, value) if ends is None else (ends.low, ends.high)
    return Share(count, of, value, low, high)


def whole(tally: Tally, *, sampled: bool) -> Turned:
    """All that is decided otherwise."""
    return _turned(tally, ("", ""), tally.creatives, sampled=sampled)


def groups(tally: Tally, by: Sequence[str], *, sampled: bool) -> Iterator[Turned]:
    """What is decided otherwise, by each of some axes, group by group; only where something is."""
    held = {"market": _by_market(tally), "language": tally.languages}
    for axis in by:
        values = {value for one, value, _ in tally.turns if one == axis}
        found = [
            _turned(tally, (axis, value), held[axis][value] if axis in held else None,
                    sampled=sampled)
            for value in sorted(values)
        ]  # fmt: skip
        yield from sorted(found, key=lambda one: -(one.gained + one.lost + one.changed))


def _turned(tally: Tally, group: tuple[str, str], of: int | None, *, sampled: bool) -> Turned:
    axis, value = group
    gained, lost, changed = (tally.turns[axis, value, turn] for turn in TURNS)
    of_all = tally.creatives if of is None else of
    part = share(gained + lost + changed, of_all, sampled=sampled)
    return Turned(axis, value, of, gained, lost, changed, part)


def _by_market(tally: Tally) -> Counter[str]:
    found: Counter[str] = Counter()
    for markets, count in tally.markets.items():
        for market in markets:
            found[market] += count
    return found


@dataclass(frozen=True, slots=True)
class Rest:
    """The creatives that both decide alike, and what was done with those that were drawn."""

    counts: Counter[tuple[str, Action]]
    """Market (empty: all) and action, of those drawn."""
    drawn: Counter[str]
    """How many were drawn of each market."""
    of: Counter[str]
    """How many there are."""

    @property
    def whole(self) -> bool:
        """Whether all of them were drawn."""
        return self.drawn == self.of

    def estimate(self, market: str, action: Action) -> int:
        """How many of a market have an action."""
        drawn = self.drawn[market]
        return round(self.counts[market, action] * self.of[market] / drawn) if drawn else 0


def rest_of(tally: Tally, drawn: Iterable[Decision]) -> Rest:
    """What is known of the creatives that both decide alike, from those that were drawn."""
    counts: Counter[tuple[str, Action]] = Counter()
    own: Counter[str] = Counter()
    for decision in drawn:
        outcomes = {market: one.action for market, one in decision.markets.items()}
        for market, action in (("", decision.action), *outcomes.items()):
            counts[market, action] += 1
            own[market] += 1
    of = _by_market(tally)
    of[""] = tally.creatives
    for (market, _, _), count in tally.moves.items():
        of[market] -= count
    return Rest(counts, own, +of)


def transitions(tally: Tally, rest: Rest) -> Iterator[Transition]:
    """From which action to which, market by market; what stays is estimated where it was drawn."""
    markets = sorted({market for market, _, _ in tally.moves} | set(rest.of))
    for market in markets:
        for before in ACTIONS:
            for after in ACTIONS:
                count, guess = tally.moves[market, before, after], 0
                if before == after:
                    guess = rest.estimate(market, before)
                if count + guess:
                    yield Transition(
                        market, before, after, count + guess, bool(guess) and not rest.whole
                    )


def loads(tally: Tally, rest: Rest, population: int | None) -> Iterator[Load]:
    """The work for people before and after, market by market."""
    markets = sorted({market for market, _, _ in tally.moves} | set(rest.of))
    for market in markets:
        for action in LOADS:
            sides = [
                sum(
                    count
                    for move, count in tally.moves.items()
                    if move[0] == market and move[place] == action
                )
                for place in (1, 2)
            ]
            before, after = (
                _load(side, market, action, tally, rest, sampled=population is not None)
                for side in sides
            )
            more = sides[1] - sides[0]
            scaled = None
            if population is not None and tally.creatives:
                scaled = round(more * population / tally.creatives)
            yield Load(market, action, before, after, more, scaled)


def _load(
    known: int, market: str, action: Action, tally: Tally, rest: Rest, *, sampled: bool
) -> Share:
    """The share of creatives of a market with an action: counted, and of the rest estimated."""
    decided = sum(count for move, count in tally.moves.items() if move[0] == market)
    others, drawn = rest.of[market], rest.drawn[market]
    every = decided + others
    if drawn == others:
        return share(known + rest.counts[market, action], every, sampled=sampled)
    if drawn == 0:
        return Share(known, every, None, None, None, estimated=True)
    part = rest.counts[market, action] / drawn
    value = (known + part * others) / every
    ends = wilson(rest.counts[market, action], drawn)
    low, high = ((known + end * others) / every for end in (ends.low, ends.high))
    if sampled:
        # The traffic is a sample of its own: both errors, as independent ones.
        own = wilson(value * every, every)
        low = max(0.0, value - _hypotenuse(value - low, value - own.low))
        high = min(1.0, value + _hypotenuse(high - value, own.high - value))
    return Share(round(value * every), every, value, low, high, estimated=True)


def _hypotenuse(one: float, other: float) -> float:
    return float(np.hypot(one, other))


def noisiest(tally: Tally, *, sampled: bool) -> list[Noisy]:
    """The materials that differ, by how many changes they alone cause, then by creatives."""
    of = tally.otherwise
    found = [
        Noisy(name, tally.hits[name], count, tally.alone[name],
              share(tally.alone[name], of, sampled=sampled))
        for name, count in tally.touching.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.alone, -one.creatives, one.material))


def missed(tally: Tally) -> list[Missed]:
    """What was not evaluated, by its code."""
    before, after = tally.missed
    return [Missed(code, before[code], after[code]) for code in sorted({*before, *after})]


def flipped(pair: Pair, touched: frozenset[str]) -> Flipped:
    """A creative that is decided otherwise, as reports tell of it."""
    before, after = pair.before, pair.after
    name = before.creative or ""
    markets = tuple(one for one in before.markets if turned_in(before, after, one))
    materials = {*counting(before), *counting(after)} & touched
    return Flipped(
        name, pair.index, pair.turn, before.action, after.action, markets, tuple(sorted(materials))
    )
