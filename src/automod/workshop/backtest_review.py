"""A sheet of creatives that are decided otherwise, drawn by chance, for people to label.

Each is drawn from its stratum: which way it went, and what is done with it now. What labellers say
of it stands for 1 / probability of them. Within a stratum it is the draw of `evaluate.sampling`:
the same creatives come for the same seed, in whatever order the traffic is.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

import numpy as np

from automod.evaluate.sampling import select, shuffled
from automod.model.backtest import Turn
from automod.model.vocabulary import ACTIONS, Action

from .backtest_turns import Pair, turned_for
from .label_rows import Cell, LabelSheet, creative_cells, creative_columns, label_columns
from .labelling import seen_from

TURNS: Final[tuple[Turn, ...]] = get_args(Turn)
STRATA: Final = tuple((turn, action) for turn in TURNS for action in reversed(ACTIONS))
"""All there are: what was gained first, the strictest action now first."""

_HIDDEN: Final = ("label.kind", "probability", "x-stratum", "x-ruleset", "x-not-here")


@dataclass(frozen=True, slots=True)
class Part:
    """One stratum of a draw."""

    place: int
    """In `STRATA`."""
    population: int
    drawn: int

    @property
    def turn(self) -> Turn:
        """Which way its creatives went."""
        return STRATA[self.place][0]

    @property
    def action(self) -> Action:
        """What is done with them now."""
        return STRATA[self.place][1]

    @property
    def probability(self) -> float:
        """The chance of each of its creatives to be drawn."""
        return self.drawn / self.population


@dataclass(frozen=True, slots=True)
class Review:
    """A sheet, and from what it was drawn."""

    sheet: LabelSheet
    parts: tuple[Part, ...]
    policies: tuple[str, ...]
    """Codes to be labelled: those that are decided otherwise for some creative."""
    seed: int
    repeated: int
    """Creatives whose id another has: the first of them alone could be drawn."""

    @property
    def population(self) -> int:
        """How many were drawn from."""
        return sum(part.population for part in self.parts)


class Drawing:
    """Takes creatives that are decided otherwise, and keeps those that may be drawn."""

    def __init__(self, size: int, seed: int) -> None:
        """`size`: rows of the sheet; `seed`: another seed, another draw."""
        self._size, self._seed = size, seed
        self._places: dict[str, int] = {}
        """Id -> stratum."""
        self._held: dict[int, list[tuple[tuple[int, int], str, Pair]]] = {}
        self._repeated = 0

    def add(self, pair: Pair) -> None:
        """Take one more."""
        name = (pair.before.creative or "").strip()
        if not name or name in self._places:
            self._repeated += 1
            return
        place = STRATA.index((pair.turn, pair.after.action))
        self._places[name] = place
        high, low = shuffled([name], self._seed)[0].tolist()
        held = self._held.setdefault(place, [])
        # No stratum has more rows than the sheet: the rest cannot be drawn.
        push = heapq.heappush if len(held) < self._size else heapq.heappushpop
        push(held, ((-high, -low), name, pair))

    def review(self, folder: Path) -> Review:
        """Draw.

        Args:
            folder: where the sheet will lie, from which paths of images and videos count.
        """
        counts = Counter(self._places.values())
        populations = [counts[place] for place in range(len(STRATA))]
        sizes = shares(populations, self._size)
        names, places = list(self._places), np.array(list(self._places.values()), np.int64)
        rows = select(names, places, sizes, self._seed).tolist()
        pairs = {name: pair for some in self._held.values() for _, name, pair in some}
        drawn = [(pairs[names[row]], int(places[row])) for row in rows]
        parts = tuple(
            Part(place, population, sizes[place])
            for place, population in enumerate(populations)
            if population
        )
        policies = sorted({code for pair, _ in drawn for code in _codes(pair)})
        probabilities = {part.place: part.probability for part in parts}
        sheet = _sheet(drawn, policies, probabilities, folder)
        return Review(sheet, parts, tuple(policies), self._seed, self._repeated)


def shares(populations: Sequence[int], size: int) -> list[int]:
    """How many of each stratum are drawn: half in equal parts, half in proportion to what is left.

    So a small stratum is known as well as its size lets it.

    Raises:
        ValueError: there is not a row for each stratum: nothing could be told of some.

    >>> shares([1_000, 10, 0, 90], 100)
    [70, 10, 0, 20]
    >>> shares([3, 2], 100)
    [3, 2]
    """
    there = sum(one > 0 for one in populations)
    if size < there:
        raise ValueError(f"{size} rows are less than one for each of {there} strata")
    if sum(populations) <= size:
        return list(populations)
    drawn = [min(one, max(1, size // (2 * there))) for one in populations]
    left = size - sum(drawn)
    rest = [one - own for one, own in zip(populations, drawn, strict=True)]
    exact = [left * one / sum(rest) for one in rest]
    drawn = [own + int(one) for own, one in zip(drawn, exact, strict=True)]
    nearest = sorted(range(len(exact)), key=lambda n: int(exact[n]) - exact[n])
    for n in nearest[: size - sum(drawn)]:
        drawn[n] += 1
    return drawn


def _codes(pair: Pair) -> list[str]:
    """The codes that are decided otherwise for a creative; else all that it has a verdict for."""
    found = [code for code, _ in turned_for(pair.before, pair.after)]
    held = {one.policy for side in (pair.before, pair.after) for one in side.verdicts}
    return sorted(found or held)


def _sheet(
    drawn: Sequence[tuple[Pair, int]],
    policies: Sequence[str],
    probabilities: dict[int, float],
    folder: Path,
) -> LabelSheet:
    held = [_creative_cells(pair, folder) for pair, _ in drawn]
    fill = label_columns(policies)
    rows: list[dict[str, Cell]] = []
    for cells, (pair, place) in zip(held, drawn, strict=True):
        chance: dict[str, Cell] = {
            "label.kind": "hit", "probability": probabilities[place], "x-stratum": place + 1,
            "x-ruleset": pair.after.ruleset, "x-codes": "; ".join(_codes(pair)),
        }  # fmt: skip
        rows.append(cells | chance)
    columns = (*creative_columns(held), "x-codes", *fill, *_HIDDEN)
    return LabelSheet(columns, frozenset(fill), frozenset(_HIDDEN), tuple(rows), ())


def _creative_cells(pair: Pair, folder: Path) -> dict[str, Cell]:
    creative: dict[str, Any] = seen_from(folder, pair.creative)
    return creative_cells((pair.before.creative or "").strip(), creative, [*pair.before.markets])
