"""A stream of creatives to a stream of decisions: in order, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any, Final

from automod.engine.engine import Engine
from automod.model.decision import Decision

BLOCK: Final = 512
"""Creatives decided together: from 128 on a batch is as fast as it gets."""


def decide_stream(
    engine: Engine,
    creatives: Iterable[Any],
    *,
    today: date,
    on: date | None = None,
    block: int = BLOCK,
    first: int = 0,
) -> Iterator[tuple[Any, Decision]]:
    """Each creative with its decision, in order; `index` counts over the whole stream.

    What is no creative (a line that could not be read, say) gets a decision that says so, in its
    place. At most `block` creatives are held at a time.

    Args:
        engine: the compiled ruleset.
        creatives: dicts, `Creative`s, or what could not be read.
        today: the date for a creative without an `on`, the same for the whole stream.
        on: the date for all of them, whatever they say.
        block: creatives decided together.
        first: the index of the first.

    >>> from automod.engine.compile import compile
    >>> from automod.model.ruleset import PolicyTable, Ruleset
    >>> engine = compile(Ruleset((), PolicyTable({})))
    >>> creatives = ({"id": name, "markets": ["SA"]} for name in "abc")
    >>> [(one["id"], decision.index, decision.on) for one, decision in
    ...  decide_stream(engine, creatives, today=date(2026, 11, 20), block=2)]
    [('a', 0, '2026-11-20'), ('b', 1, '2026-11-20'), ('c', 2, '2026-11-20')]
    """
    waiting = iter(creatives)
    while held := list(islice(waiting, block)):
        dated = held if on is not None else [_dated(one, today) for one in held]
        decisions = engine.decide_batch(dated, on)
        for place, (creative, decision) in enumerate(zip(held, decisions, strict=True)):
            yield creative, _placed(decision, first + place, on or today)
        first += len(held)


def _dated(creative: Any, today: date) -> Any:
    """The creative with today's date where it has none: a long stream may run past midnight."""
    written = creative if isinstance(creative, dict) else _written(creative)
    if written is None or written.get("on") is not None:
        return creative
    return {**written, "on": today.isoformat()}


def _written(creative: Any) -> dict[str, Any] | None:
    """What the engine would read of a `Creative`; None of what is none, which it is to refuse."""
    try:
        return dict(creative.as_dict())
    except Exception:  # noqa: BLE001 - somebody's object: the engine meets it again, and says so
        return None


def _placed(decision: Decision, index: int, day: date) -> Decision:
    if decision.creative is None:
        # What is no creative has no date of its own, and the engine reads the clock for it.
        return replace(decision, index=index, on=day.isoformat())
    return decision if decision.index == index else replace(decision, index=index)
