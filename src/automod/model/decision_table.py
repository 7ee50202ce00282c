"""Many decisions as columns: what an evaluator counts, with no object for a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .coded import Chained, Coded, Flags, Floats, Ints, Lists, Ranks, numbered_on
from .decision import Decision
from .vocabulary import ACTION_RANK


@dataclass(frozen=True, slots=True)
class OutcomeRows:
    """One row for each market of each decision."""

    decision: Ints
    market: Coded[str]
    action: Ranks
    """Rank of the action: 0 approve, 1 restrict, 2 review, 3 reject."""
    complete: Flags


@dataclass(frozen=True, slots=True)
class VerdictRows:
    """One row for each verdict: a policy code in one market of a decision."""

    decision: Ints
    market: Coded[str]
    policy: Coded[str]
    action: Ranks
    score: Floats
    because: Lists
    """Rows of `HitRows` the verdict rests on."""


@dataclass(frozen=True, slots=True)
class HitRows:
    """One row for each hit."""

    decision: Ints
    material: Coded[str]
    kind: Coded[str]
    field: Coded[str]
    view: Coded[str]
    status: Coded[str]
    policies: Coded[tuple[str, ...]]
    allowed: Flags
    """Whether an allow protects it: it counts nothing."""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Decisions of one or several rulesets, of anybody's system, as columns.

    `sources` gives a decision as JSON has it, by its number: for evidence of the few that somebody
    wants to see.

    >>> table = decision_table([Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {})])
    >>> len(table), table.creatives[0], table.rulesets
    (1, 'c1', ('sha256:0',))
    """

    creatives: Sequence[str | None]
    on: Coded[str]
    ruleset: Coded[str]
    outcomes: OutcomeRows
    verdicts: VerdictRows
    hits: HitRows
    sources: Sequence[Mapping[str, Any]]

    @classmethod
    def joined(cls, tables: Sequence[DecisionTable]) -> DecisionTable:
        """Tables one below the other.

        >>> one = decision_table([Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {})])
        >>> len(DecisionTable.joined([one, one]))
        2
        """
        if len(tables) == 1:
            return tables[0]
        return cls(
            creatives=[name for one in tables for name in one.creatives],
            on=Coded.joined([one.on for one in tables]),
            ruleset=Coded.joined([one.ruleset for one in tables]),
            outcomes=_joined_outcomes(tables), verdicts=_joined_verdicts(tables),
            hits=_joined_hits(tables), sources=Chained(one.sources for one in tables),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.creatives)

    @property
    def rulesets(self) -> tuple[str, ...]:
        """The digests of the rulesets that decided."""
        return self.ruleset.values


def _joined_outcomes(tables: Sequence[DecisionTable]) -> OutcomeRows:
    some = [one.outcomes for one in tables]
    return OutcomeRows(
        numbered_on((one.outcomes.decision, len(one)) for one in tables),
        Coded.joined([one.market for one in some]),
        np.concatenate([np.zeros(0, dtype=np.int8), *(one.action for one in some)]),
        np.concatenate([np.zeros(0, dtype=bool), *(one.complete for one in some)]),
    )


def _joined_verdicts(tables: Sequence[DecisionTable]) -> VerdictRows:
    some = [one.verdicts for one in tables]
    because = Lists.joined([one.because for one in some])
    hits = numbered_on((one.verdicts.because.flat, len(one.hits.decision)) for one in tables)
    return VerdictRows(
        numbered_on((one.verdicts.decision, len(one)) for one in tables),
        Coded.joined([one.market for one in some]),
        Coded.joined([one.policy for one in some]),
        np.concatenate([np.zeros(0, dtype=np.int8), *(one.action for one in some)]),
        np.concatenate([np.zeros(0, dtype=np.float64), *(one.score for one in some)]),
        Lists(because.starts, hits),
    )


def _joined_hits(tables: Sequence[DecisionTable]) -> HitRows:
    some = [one.hits for one in tables]
    return HitRows(
        numbered_on((one.hits.decision, len(one)) for one in tables),
        Coded.joined([one.material for one in some]),
        Coded.joined([one.kind for one in some]),
        Coded.joined([one.field for one in some]),
        Coded.joined([one.view for one in some]),
        Coded.joined([one.status for one in some]),
        Coded.joined([one.policies for one in some]),
        np.concatenate([np.zeros(0, dtype=bool), *(one.allowed for one in some)]),
    )


def decision_table(decisions: Iterable[Decision | Mapping[str, Any]]) -> DecisionTable:
    """The columns of decisions.

    Args:
        decisions: as the engine gives them, or as their JSON (the published schema `decision`).

    Raises:
        KeyError, TypeError: a dict is no decision; files are checked where they are read.
    """
    held = [one.to_dict() if isinstance(one, Decision) else one for one in decisions]
    return DecisionTable(
        creatives=[one["creative"] for one in held],
        on=Coded.of(one["on"] for one in held),
        ruleset=Coded.of(one["ruleset"] for one in held),
        outcomes=_outcomes(held), verdicts=_verdicts(held), hits=_hits(held), sources=held,
    )  # fmt: skip


def _numbers(decisions: Sequence[Mapping[str, Any]], key: str) -> Ints:
    """The decision of each row of a nested key."""
    return np.repeat(np.arange(len(decisions)), [len(one[key]) for one in decisions])


def _outcomes(decisions: Sequence[Mapping[str, Any]]) -> OutcomeRows:
    rows = [pair for one in decisions for pair in one["markets"].items()]
    return OutcomeRows(
        _numbers(decisions, "markets"),
        Coded.of(market for market, _ in rows),
        _ranks(outcome["action"] for _, outcome in rows),
        np.array([outcome["complete"] for _, outcome in rows], dtype=bool),
    )


def _verdicts(decisions: Sequence[Mapping[str, Any]]) -> VerdictRows:
    rows = [verdict for one in decisions for verdict in one["verdicts"]]
    return VerdictRows(
        _numbers(decisions, "verdicts"),
        Coded.of(row["market"] for row in rows),
        Coded.of(row["policy"] for row in rows),
        _ranks(row["action"] for row in rows),
        np.array([row["score"] for row in rows], dtype=np.float64),
        Lists.of(_because(decisions)),
    )


def _because(decisions: Sequence[Mapping[str, Any]]) -> Iterable[list[int]]:
    """Of each verdict the rows of its hits, which are named by their `n` within the decision."""
    first = 0
    for one in decisions:
        row_of = {hit["n"]: first + place for place, hit in enumerate(one["hits"])}
        for verdict in one["verdicts"]:
            yield [row_of[n] for n in verdict["because"] if n in row_of]
        first += len(one["hits"])


def _hits(decisions: Sequence[Mapping[str, Any]]) -> HitRows:
    rows = [hit for one in decisions for hit in one["hits"]]
    return HitRows(
        _numbers(decisions, "hits"),
        Coded.of(row["material"] for row in rows),
        Coded.of(row["kind"] for row in rows),
        Coded.of(row["field"] for row in rows),
        Coded.of(row["view"] for row in rows),
        Coded.of(row["status"] for row in rows),
        Coded.of(tuple(row["policies"]) for row in rows),
        np.array([row["allowed_by"] is not None for row in rows], dtype=bool),
    )


def _ranks(actions: Iterable[str]) -> Ranks:
    ranks: Mapping[str, int] = ACTION_RANK  # type: ignore[assignment]
    return np.array([ranks[action] for action in actions], dtype=np.int8)
