"""The decision on a creative that ended the process that looked at it: never clean, never lost."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from automod.engine.engine import Engine
from automod.engine.intake import Intake, NotACreative, read
from automod.model.decision import Decision, NotEvaluated
from automod.model.vocabulary import NOT_EVALUATED
from automod.policy.verdict import Policy

CRASHED: Final = "engine.crashed"


def crashed_decision(
    engine: Engine, creative: Any, index: int, *, today: date, on: date | None = None
) -> Decision:
    """The decision on what nothing is known of but what it says of itself.

    Every one of its markets is incomplete, also one in which no material could have hit: that
    nothing of it was looked at is all that is known.

    Args:
        engine: whose ruleset says what is done with what was not evaluated.
        creative: the creative; None where reading it is what ended the process.
        index: its place in what it is taken from.
        today: the date of a creative without one.
        on: the date for all of them.

    >>> from automod.engine.compile import compile
    >>> from automod.model.ruleset import PolicyTable, Ruleset
    >>> engine = compile(Ruleset((), PolicyTable({})))
    >>> found = crashed_decision(engine, {"id": "c1", "markets": ["SA"]}, 7, today=date(2026, 1, 1))
    >>> found.action, found.markets["SA"].complete, found.not_evaluated[0].code
    ('review', False, 'engine.crashed')
    """
    intake = _intake(creative, index)
    missed = (NotEvaluated("*", CRASHED, NOT_EVALUATED[CRASHED]),)
    outcome = Policy(engine.ruleset.policies).outcome((), missed)
    markets = {} if intake is None else dict.fromkeys(intake.markets, outcome)
    day = on or (today if intake is None else intake.on or today)
    return Decision(
        None if intake is None else intake.id, index, day.isoformat(), engine.digest,
        outcome.action, markets, not_evaluated=missed,
    )  # fmt: skip


def _intake(creative: Any, index: int) -> Intake | None:
    try:
        return None if creative is None else read(creative, index)
    except NotACreative:
        return None
