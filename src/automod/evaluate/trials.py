"""Cases and decisions, joined: one trial for each creative x market x policy code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..model.case_table import CaseTable, Permits
from ..model.coded import NONE, Coded, Codes, Flags, Floats, Ints, Ranks, begins, counting
from ..model.decision_table import DecisionTable
from ..model.evaluation import Account
from ..model.facts import Facts
from ..model.ruleset import PolicyTable
from ..model.vocabulary import ACTION_RANK
from ..policy.verdict import Policy
from .truth import ARBITERS, THERE, UNKNOWN, Truth, settle

APPROVE: Final = ACTION_RANK["approve"]
RESTRICT: Final = ACTION_RANK["restrict"]
REVIEW: Final = ACTION_RANK["review"]
REJECT: Final = ACTION_RANK["reject"]

LEAST_CHANCE: Final = 1e-15
"""Beside a creative that stands for more, one that stands for itself is lost to rounding."""

_MOST_FLAGS: Final = 200_000_000
"""Cases x codes that are marked in a table; beyond that those that come are sorted."""

SAID_NOTHING: Final = frozenset({"und", "unknown"})
"""Languages that are none: a feed writes them where it knows of none."""


@dataclass(frozen=True, slots=True)
class Trials:
    """One row for each creative x market x code whose content is known and that was decided.

    They stand in the order of groups of near-duplicates, creatives and codes.
    """

    case: Ints
    decision: Ints
    market: Coded[str]
    policy: Coded[str]
    present: Flags
    """Whether the content is there, whatever the market says of it."""
    wanted: Ranks
    """The action that the market's row asks of what is there; without a policy table: reject."""
    action: Ranks
    """The action that was taken for this code in this market."""
    score: Floats
    complete: Flags
    verdict: Ints
    """Row of the decision's verdict; -1 for none."""
    stance: Coded[tuple[str, ...]]
    """What the row that decides asks; -1 without a policy table."""
    stale: Flags
    """Whether the label is older than the row it is judged by."""
    on: NDArray[np.int32]
    """Ordinal of the day of the last label that decides; 0 for none."""
    weight: Floats
    """Creatives that one stands for: 1 / probability, or 1."""
    volume: Floats
    """Impressions; NaN where not known."""
    cluster: Ints
    """Number of the group of near-duplicates."""
    language: Coded[str]
    """The primary language subtag the creative declares."""
    unit: NDArray[np.int32]
    """Number of the creative x code: those of one stand together, and it ascends."""

    def __len__(self) -> int:
        return len(self.case)

    def take(self, rows: Any) -> Trials:
        """Some of the trials: numbers or a mask."""
        return Trials(
            self.case[rows], self.decision[rows], self.market.take(rows), self.policy.take(rows),
            self.present[rows], self.wanted[rows], self.action[rows], self.score[rows],
            self.complete[rows], self.verdict[rows], self.stance.take(rows), self.stale[rows],
            self.on[rows], self.weight[rows], self.volume[rows], self.cluster[rows],
            self.language.take(rows), self.unit[rows],
        )  # fmt: skip


def make_trials(
    cases: CaseTable,
    decisions: DecisionTable,
    policies: PolicyTable | None = None,
    arbiters: Collection[str] = ARBITERS,
) -> tuple[Trials, Account]:
    """Join cases and decisions by the id of the creative.

    Args:
        cases: with labels; a code that is neither judged nor labelled is unknown, and no trial.
        decisions: anybody's.
        policies: what the markets ask; without it, and where it lacks the code, everything that is
            there is to be rejected.
        arbiters: labellers whose word wins.

    Raises:
        ValueError: two cases, or two decisions, have the same id; a probability is so small that
            nothing else would count beside its case.
    """
    truth = settle(cases, arbiters)
    case_of = cases_of(cases, decisions)
    outcome, policy = _crossed(cases, decisions, case_of, truth)
    case = case_of[decisions.outcomes.decision[outcome]]
    market = decisions.outcomes.market.take(outcome)
    present, on = truth.of(case, policy, market.among(truth.markets))
    known = present != UNKNOWN
    found = _Found(cases, decisions, truth, case, outcome, policy, present, on)
    trials = _in_order(found.trials(policies).take(known))
    return trials, _account(cases, decisions, truth, case_of, trials, int((~known).sum()))


def cases_of(cases: CaseTable, decisions: DecisionTable) -> Ints:
    """The case of each decision; -1 where there is none.

    Raises:
        ValueError: two cases, or two decisions, have the same id.
    """
    place = {name: number for number, name in enumerate(cases.ids)}
    if len(place) < len(cases):
        raise ValueError(f"two cases have the id {_twice(cases.ids)!r}")
    named = [name for name in decisions.creatives if name is not None]
    if len(set(named)) < len(named):
        raise ValueError(f"two decisions are of the creative {_twice(named)!r}")
    found = [NONE if name is None else place.get(name, NONE) for name in decisions.creatives]
    return np.array(found, dtype=np.int64)


def _twice(names: Sequence[str]) -> str:
    return next(name for name, times in Counter(names).items() if times > 1)


def _crossed(
    cases: CaseTable, decisions: DecisionTable, case_of: Ints, truth: Truth
) -> tuple[Ints, Codes]:
    """Every market of a decision with every code that its case was judged on."""
    judged = _judged(cases, truth)
    starts = np.searchsorted(judged // len(truth.policies), np.arange(len(cases) + 1))
    counts = np.diff(starts)
    owner = case_of[decisions.outcomes.decision]
    rows = np.flatnonzero(owner != NONE)
    each = counts[owner[rows]]
    place = counting(each) + np.repeat(starts[:-1][owner[rows]], each)
    return np.repeat(rows, each), (judged[place] % len(truth.policies)).astype(np.int32)


def _in_order(trials: Trials) -> Trials:
    """The trials of a group together, those of a creative in it, and those of a code in that."""
    ordered = trials.take(np.lexsort((trials.policy.codes, trials.case, trials.cluster)))
    return replace(ordered, unit=units_of(ordered.case, ordered.policy.codes))


def units_of(case: Ints, policy: Codes) -> NDArray[np.int32]:
    """A number for each creative x code, those of which stand together."""
    return np.cumsum(begins(case, policy), dtype=np.int32)


def _judged(cases: CaseTable, truth: Truth) -> Ints:
    """Case x policy, ascending: what was judged, or labelled, which is to judge it."""
    width = max(len(truth.policies), 1)
    place = np.array([truth.policies.index(code) for code in cases.policies], dtype=np.int64)
    listed = cases.judged.rows() * width + (place[cases.judged.flat] if len(place) else 0)
    labelled = cases.labels.case * width + cases.labels.policy.among(truth.policies)
    if len(cases) * width > _MOST_FLAGS:
        return np.union1d(listed, labelled)
    there = np.zeros(len(cases) * width, dtype=bool)
    there[listed] = True
    there[labelled] = True
    return np.flatnonzero(there)


@dataclass(frozen=True, slots=True)
class _Found:
    """The columns of the trials to be, those that nobody is sure of among them."""

    cases: CaseTable
    decisions: DecisionTable
    truth: Truth
    case: Ints
    outcome: Ints
    policy: Codes
    present: Ranks
    on: NDArray[np.int32]

    def trials(self, policies: PolicyTable | None) -> Trials:
        outcomes = self.decisions.outcomes
        decision = outcomes.decision[self.outcome]
        market = outcomes.market.take(self.outcome).sorted()
        verdict = self._verdicts(decision, market)
        policy = Coded(self.truth.policies, self.policy)
        wanted, stance, stale = self._asked(policies, decision, market)
        scores = np.append(self.decisions.verdicts.score, 0.0)
        return Trials(
            case=self.case, decision=decision, market=market, policy=policy,
            present=self.present == THERE, wanted=wanted,
            action=self._taken(verdict), score=scores[verdict],
            complete=outcomes.complete[self.outcome], verdict=verdict, stance=stance, stale=stale,
            on=self.on, weight=_weights(self.cases)[self.case],
            volume=self.cases.volume[self.case], cluster=_clusters(self.cases)[self.case],
            language=_primary(self.cases.language).take(self.case),
            unit=np.zeros(len(self.case), dtype=np.int32),
        )  # fmt: skip

    def _verdicts(self, decision: Ints, market: Coded[str]) -> Ints:
        """The verdict of each trial; -1 where the code has none in the market: approve.

        Of several for one code in one market, which an engine never makes, the strictest.
        """
        rows = self.decisions.verdicts
        markets = len(market.values) + 1
        codes = len(self.truth.policies) + 1

        def key(of: Ints, where: Codes, code: Codes) -> Ints:
            return (of * markets + where) * codes + code

        theirs = key(rows.decision, rows.market.among(market.values),
                     rows.policy.among(self.truth.policies))  # fmt: skip
        theirs[(rows.policy.among(self.truth.policies) == NONE)] = NONE
        order = np.lexsort((-rows.action, theirs))
        wanted = key(decision, market.codes, self.policy)
        place = np.minimum(np.searchsorted(theirs, wanted, sorter=order), max(len(order) - 1, 0))
        if not len(order):
            return np.full(len(wanted), NONE, dtype=np.int64)
        row = order[place]
        return np.where(theirs[row] == wanted, row, NONE)

    def _taken(self, verdict: Ints) -> Ranks:
        """What was done for the code: its verdict, and whatever no verdict explains.

        The decision says what a market did, not why. Where it did more than any of its verdicts
        that was a fault, or somebody's system that names no codes: it was done for every code. Of
        an incomplete market the fault asked at most for what was done, and a review is what it
        asks unless a table says otherwise.
        """
        outcomes = self.decisions.outcomes
        fault = np.where(outcomes.complete, APPROVE, np.minimum(outcomes.action, REVIEW))
        beyond = unexplained(self.decisions)
        for_all = np.where(beyond, outcomes.action, fault)[self.outcome]
        own = np.append(self.decisions.verdicts.action, APPROVE)[verdict]
        return np.asarray(np.maximum(own, for_all), dtype=np.int8)

    def _asked(
        self, policies: PolicyTable | None, decision: Ints, market: Coded[str]
    ) -> tuple[Ranks, Coded[tuple[str, ...]], Flags]:
        """What each market asks of content that is surely there, and since when."""
        there = self.present == THERE
        if policies is None:
            none = np.full(len(there), NONE, dtype=np.int32)
            wanted = np.where(there, REJECT, APPROVE).astype(np.int8)
            return wanted, Coded((), none), np.zeros(len(there), dtype=bool)
        asked = _Asked(policies, self.truth.policies, market.values, self.decisions.on.values,
                       self.cases.permits.values)  # fmt: skip
        day = self.decisions.on.codes[decision]
        permits = self.cases.permits.codes[self.case]
        action, stances, since = asked.of(self.policy, market.codes, day, permits)
        stale = (self.on > 0) & (self.on < since)
        return np.where(there, action, APPROVE).astype(np.int8), stances, stale


@dataclass(frozen=True, slots=True)
class _Asked:
    """A policy table, asked once for each different question."""

    table: PolicyTable
    codes: tuple[str, ...]
    markets: tuple[str, ...]
    days: tuple[str, ...]
    permits: tuple[Permits, ...]

    def of(
        self, code: Codes, market: Codes, day: Codes, permits: Codes
    ) -> tuple[Ranks, Coded[tuple[str, ...]], NDArray[np.int32]]:
        """The action, the stances, and the ordinal of the day from which the row holds."""
        widths = len(self.markets) + 1, len(self.days) + 1, len(self.permits) + 2
        key = code.astype(np.int64)
        for width, part in zip(widths, (market, day, permits + 1), strict=True):
            key = key * width + part
        _, first, group = np.unique(key, return_index=True, return_inverse=True)
        policy = Policy(self.table)
        answers = [
            self._ask(policy, int(code[k]), int(market[k]), int(day[k]), int(permits[k]))
            for k in first
        ]
        actions = np.array([answer[0] for answer in answers], dtype=np.int8)
        since = np.array([answer[2] for answer in answers], dtype=np.int32)
        stances = Coded.of(answer[1] for answer in answers).sorted()
        if not answers:
            return actions, stances, since
        return actions[group], stances.take(group), since[group]

    def _ask(
        self, policy: Policy, code: int, market: int, day: int, permits: int
    ) -> tuple[int, tuple[str, ...] | None, int]:
        name, where = self.codes[code], self.markets[market]
        if name not in self.table.codes:
            # A code of another table: nobody knows what is asked, so all of it is to be rejected.
            return REJECT, None, 0
        given = Permits() if permits == NONE else self.permits[permits]
        facts = Facts(None, (where,), given.advertiser, given.certificates, given.min_age)
        row, action = policy.sure(name, where, date.fromisoformat(self.days[day]), facts)
        since = 0 if row.from_ is None else row.from_.toordinal()
        return ACTION_RANK[action], tuple(row.stances), since


def unexplained(decisions: DecisionTable) -> Flags:
    """The markets of decisions that did more than any verdict of theirs asks."""
    return np.asarray(decisions.outcomes.action > _strictest_verdict(decisions))


def _strictest_verdict(decisions: DecisionTable) -> Ranks:
    """The strictest action of the verdicts of each market of each decision."""
    outcomes, verdicts = decisions.outcomes, decisions.verdicts
    markets = len(outcomes.market.values) + 1
    key = outcomes.decision * markets + outcomes.market.codes
    strictest = np.zeros(len(key), dtype=np.int8)
    if not len(key):
        return strictest
    order = np.argsort(key, kind="stable")
    theirs = verdicts.decision * markets + verdicts.market.among(outcomes.market.values)
    row = order[np.minimum(np.searchsorted(key, theirs, sorter=order), len(order) - 1)]
    # A verdict may be of a market that its decision does not name.
    named = key[row] == theirs
    np.maximum.at(strictest, row[named], verdicts.action[named])
    return strictest


def _weights(cases: CaseTable) -> Floats:
    """Creatives that each case stands for; one that was not drawn by chance stands for itself."""
    drawn = np.where(cases.probability > 0, cases.probability, 1.0)
    small = [cases.ids[row] for row in np.flatnonzero(drawn < LEAST_CHANCE).tolist()]
    if small:
        named = f"{small[0]!r} and {len(small) - 1} more" if len(small) > 1 else repr(small[0])
        raise ValueError(f"case {named}: a probability below {LEAST_CHANCE:g} is no chance")
    return np.asarray(1.0 / drawn)


def _clusters(cases: CaseTable) -> Ints:
    """A number for each group; a case without one is a group of its own."""
    alone = len(cases.group.values) + np.arange(len(cases))
    return np.where(cases.group.codes == NONE, alone, cases.group.codes).astype(np.int64)


def _primary(language: Coded[str]) -> Coded[str]:
    """`ar-EG` and `AR` are Arabic."""
    names = [name.replace("_", "-").split("-")[0].lower() for name in language.values]
    primary = Coded.of(None if name in SAID_NOTHING else name for name in names).sorted()
    return Coded(primary.values, np.append(primary.codes, np.int32(NONE))[language.codes])


def _account(
    cases: CaseTable, decisions: DecisionTable, truth: Truth, case_of: Ints, trials: Trials,
    unknown: int,
) -> Account:  # fmt: skip
    decided = np.zeros(len(cases), dtype=bool)
    decided[case_of[case_of != NONE]] = True
    placed = np.zeros(len(decisions), dtype=bool)
    placed[decisions.outcomes.decision] = True
    drawn = cases.probability > 0
    at_random, by_hit = _brought_by(cases, "random"), _brought_by(cases, "hit", "appeal")
    # The chance of a case among hits says nothing of those that nothing hit: some must be drawn.
    drawn_of_all = bool((at_random & drawn).any())
    biased = by_hit & ~at_random & ~(drawn & drawn_of_all)
    of_case = case_of[decisions.outcomes.decision] != NONE
    beyond = unexplained(decisions) & decisions.outcomes.complete & of_case
    return Account(
        cases=len(cases), decisions=len(decisions), undecided=int((~decided).sum()),
        without_markets=int(((case_of != NONE) & ~placed).sum()),
        unlabelled=int((case_of == NONE).sum()), unknown=unknown,
        disputed=int(truth.disputed.sum()), trials=len(trials), present=int(trials.present.sum()),
        incomplete=int((~trials.complete).sum()), stale=int(trials.stale.sum()),
        groups=len(np.unique(trials.cluster)), sampled=int(drawn.sum()),
        found_by_hits=int(biased.sum()), without_codes=int((~_told(cases)).sum()),
        unexplained=int(beyond.sum()),
    )  # fmt: skip


def _told(cases: CaseTable) -> Flags:
    """The cases of which anything is known."""
    told = cases.judged.lengths() > 0
    told[cases.labels.case] = True
    return told


def _brought_by(cases: CaseTable, *kinds: str) -> Flags:
    """The cases with a label of one of these kinds."""
    wanted = np.array([kind in kinds for kind in cases.labels.kind.values] + [False])
    found = np.zeros(len(cases), dtype=bool)
    found[cases.labels.case[wanted[cases.labels.kind.codes]]] = True
    return found
