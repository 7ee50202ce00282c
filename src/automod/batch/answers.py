"""What is decided of a record batch, block by block, until it becomes columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from automod.engine.engine import Engine
from automod.load.arrow_columns import EPOCH
from automod.model.arrow import Heads, Made, Markets, arrow, decision_columns, made_of
from automod.model.arrow_nested import Outcomes, each_once
from automod.model.coded import Codes, Ints
from automod.model.decision import Decision

from .creative_block import Block

MOST_HELD: Final = 1_024
"""Decisions that are held as objects: while they are new, what they are made of is near at hand."""


class Answers:
    """Decisions on blocks of creatives, objects for the few that are more than clean.

    Args:
        engine: what decides.
        on: the date to decide for, whatever the creatives say.
        today: the date of those without one.
    """

    def __init__(self, engine: Engine, on: date | None, today: date) -> None:
        self._engine, self._on, self._today = engine, on, today
        self._rows = 0
        self._ids: list[Any] = []
        self._days: list[Ints] = [np.zeros(0, dtype=np.int64)]
        self._markets: list[Codes] = [np.zeros(0, dtype=np.int32)]
        self._clean: dict[tuple[str, ...], int] = {}
        """Markets of creatives on which nothing is to be said -> their number."""
        self._held: list[tuple[int, Decision]] = []
        self._packed: list[_Packed] = []

    def add(self, block: Block) -> None:
        """Decide on one more block."""
        self.take(block, self._engine.decide_columns(block.columns, self._on, self._today))

    def take(self, block: Block, made: Iterable[tuple[int, Decision]]) -> None:
        """What was decided on one more block: all rows but those of `made` are clean."""
        known, first = self._clean, self._rows
        self._held += [(first + row, decision) for row, decision in made]
        codes = [known.setdefault(one, len(known)) for one in block.markets.values]
        self._markets.append(np.array([*codes, 0], dtype=np.int32)[block.markets.codes])
        self._days.append(block.days)
        self._ids.append(block.ids)
        self._rows += len(block.days)
        if len(self._held) >= MOST_HELD:
            self._pack()

    def _pack(self) -> None:
        self._packed.append(_Packed(self._held, self._on or self._today))
        self._held = []

    def batch(self, index: Any) -> Any:
        """All of it as a record batch of `model.arrow.decision_schema`.

        Args:
            index: an Arrow array of whole numbers, one a row.
        """
        pa = arrow("decisions in Arrow")
        self._pack()
        packed = self._packed
        rows = np.concatenate([one.rows for one in packed])
        actions = np.zeros(self._rows, dtype=np.int32)
        days = np.concatenate(self._days)
        days = np.where(days == 0, self._today.toordinal(), days)
        if self._on is not None:
            days[:] = self._on.toordinal()
        for one in packed:
            actions[one.rows] = one.made.actions
            days[one.rows] = one.days
        ids = pa.concat_arrays([pa.array([], pa.string()), *self._ids])
        heads = Heads(
            _without(ids, [row for one in packed for row in one.nobody]),
            index,
            pa.array((days - EPOCH).astype(np.int32)).view(pa.date32()),
            np.zeros(self._rows, dtype=np.int32),
            (self._engine.digest,),
        )
        return decision_columns(heads, actions, self._outcomes(), rows, [o.made for o in packed])

    def _outcomes(self) -> Markets:
        """The answer for each list of markets of clean creatives, then those of the others."""
        answers: list[Outcomes] = [self._engine.clean_outcome(one) or {} for one in self._clean]
        which = np.concatenate(self._markets)
        for one in self._packed:
            which[one.rows] = one.outcome + len(answers)
            answers += one.outcomes
        return Markets(answers, which)


class _Packed:
    """Some decisions, with their rows, that have become columns."""

    def __init__(self, held: Sequence[tuple[int, Decision]], day: date) -> None:
        decisions = [decision for _, decision in held]
        self.rows: Ints = np.array([row for row, _ in held], dtype=np.int64)
        self.nobody = [row for row, decision in held if decision.creative is None]
        self.days: Ints = np.array(
            # What is no creative has no date of its own, and the engine reads the clock for it.
            [_ordinal(one.on) if one.creative is not None else day.toordinal()
             for one in decisions],
            dtype=np.int64,
        )  # fmt: skip
        self.outcomes, self.outcome = each_once([one.markets for one in decisions], _known_by)
        self.made: Made = made_of(decisions)


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _known_by(markets: Outcomes) -> tuple[object, ...]:
    """The same for outcomes that are the same: those that come again and again share objects."""
    return *markets, *map(id, markets.values())


def _without(ids: Any, gone: list[int]) -> Any:
    """Ids, but for those of rows that are no creatives."""
    if not gone:
        return ids
    pa = arrow("decisions in Arrow")
    kept = np.ones(len(ids), dtype=bool)
    kept[gone] = False
    return pa.compute.if_else(pa.array(kept), ids, None)
