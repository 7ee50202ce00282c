"""A ruleset on labelled cases: decide on each, group the copies, judge the decisions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np

from automod.batch.stream import decide_stream
from automod.engine.engine import Engine
from automod.model.case_table import CaseTable
from automod.model.coded import NONE, Coded
from automod.model.columns import column
from automod.model.decision import Decision
from automod.model.decision_table import DecisionTable
from automod.model.ruleset import Ruleset

from .grouping import groups

Tick = Callable[[int], None]

_ACTING: Final = frozenset({"live", "shadow"})


def decide_cases(
    cases: CaseTable, engine: Engine, *, today: date, on: date | None = None
) -> Iterator[Decision]:
    """The engine's decision on each case.

    Args:
        cases: with their creatives.
        engine: the compiled ruleset.
        today: the date for a creative that has none.
        on: the date for all, whatever they say.
    """
    stream = decide_stream(engine, cases.creatives, today=today, on=on)
    return (decision for _, decision in stream)


def decide_again(
    cases: CaseTable,
    decisions: DecisionTable,
    engine: Engine,
    *,
    today: date,
    on: date | None = None,
) -> Iterator[Decision]:
    """The decision on each case made again from its stored hits: no text is scanned.

    A threshold, stance, certificate, override or date may be another; material that is new hits
    nothing. A case without a stored decision gets none.

    Args:
        cases: with their creatives.
        decisions: what was decided, with hits and what was not evaluated.
        engine: the ruleset to decide by.
        today: the date for a creative that has none.
        on: the date for all, whatever they say.

    Raises:
        ValueError: a stored hit does not lie within its creative's text.
    """
    place = {name: row for row, name in enumerate(decisions.creatives)}
    for row, name in enumerate(cases.ids):
        if name not in place:
            continue
        creative = dict(cases.creatives[row])
        day = on or _day(creative.get("on")) or today
        try:
            yield engine.decide_hits(creative, decisions.sources[place[name]], day)
        except ValueError as error:
            raise ValueError(f"creative {name!r}: {error}") from None


def _day(written: Any) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) else written


def with_groups(cases: CaseTable) -> CaseTable:
    """The cases, those without a group in one with their near-duplicates among these.

    A group that was given stays as it is.
    """
    alone = np.flatnonzero(cases.group.codes == NONE)
    if not len(alone):
        return cases
    found = groups([dict(cases.creatives[int(row)]) for row in alone])
    codes = cases.group.codes.copy()
    codes[alone] = np.asarray(found, dtype=np.int32) + len(cases.group.values)
    made = _names(int(found.max()) + 1, frozenset(cases.group.values))
    return replace(cases, group=Coded((*cases.group.values, *made), codes))


def _names(count: int, taken: Collection[str]) -> tuple[str, ...]:
    """Names for groups that were found: `~0` and so on, none of which anybody gave."""
    mark = "~"
    while any(f"{mark}{number}" in taken for number in range(count)):
        mark += "~"
    return tuple(f"{mark}{number}" for number in range(count))


def materials_of(ruleset: Ruleset) -> list[str]:
    """The ids of all materials and rules that act, or would: live and shadow ones."""
    found: list[str] = []
    for package in ruleset.packages:
        if package.status not in _ACTING:
            continue
        statuses = column(package.materials, "status")
        ids = column(package.materials, "id")
        found += [name for name, status in zip(ids, statuses, strict=True) if status in _ACTING]
        found += [one.id for one in package.rules if one.status in _ACTING]
    return found
