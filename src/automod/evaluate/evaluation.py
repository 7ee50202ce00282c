"""Cases and decisions -> how well the decisions, and the material behind them, do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np

from ..model.canonical import digest
from ..model.case_table import CaseTable
from ..model.coded import NONE, Coded
from ..model.decision_table import DecisionTable
from ..model.evaluation import (
    POINTS,
    About,
    Account,
    By,
    Curve,
    Evaluation,
    Outcomes,
    Part,
    Slice,
    Warned,
)  # fmt: skip
from ..model.ruleset import PolicyTable, Ruleset
from ..version import __version__
from .curves import curves
from .examples import EACH, examples
from .labellers import agreement
from .parts import PART_AXES, Incidence, incidence, overlaps, parts
from .ratios import USUAL, Settings
from .slicing import AXES, cut, slices
from .trials import Trials, make_trials
from .truth import ARBITERS

SCHEMA: Final = 1

TOLD: Final[tuple[tuple[str, ...], ...]] = (
    (), ("policy",), ("market",), ("language",), ("month",), ("complete",),
    ("policy", "market"), ("policy", "language"), ("market", "language"),
)  # fmt: skip
"""The cuts that are always told."""

THRESHOLDS: Final = tuple(round(0.05 * k, 2) for k in range(1, 21))
"""Where the table of each stance looks."""

MOST_OUTCOMES: Final = 2_000_000

Where = Mapping[str, Collection[str]]
Axes = Sequence[str]


def evaluate(
    cases: CaseTable,
    decisions: DecisionTable,
    policies: PolicyTable | None = None,
    *,
    materials: Sequence[str] | None = None,
    cuts: Sequence[Axes] = (),
    where: Where | None = None,
    settings: Settings = USUAL,
    arbiters: Collection[str] = ARBITERS,
    most_examples: int = EACH,
    most_outcomes: int = MOST_OUTCOMES,
) -> Evaluation:
    """Judge decisions by labelled cases.

    Args:
        cases: labelled creatives.
        decisions: anybody's decisions on them, joined by the id of the creative.
        policies: what markets ask of content that is there; without it all is to be rejected.
        materials: ids of the materials and rules that decided: those without a hit are told. None:
            nobody knows.
        cuts: axes of more cuts than are always told, each of `market`, `policy`, `language`,
            `month`, `complete`, `stance`, and of `material`, `rule`, `package`, `field`, `kind`,
            `view`.
        where: axis -> values that count; the rest is left out. A group stands for its markets.
        settings: how intervals are made, and from which support on they are promised.
        arbiters: labellers whose word wins.
        most_examples: right hits, false alarms and misses that are told, of each.
        most_outcomes: trials up to which each is kept, for a comparison with a later evaluation.

    Raises:
        ValueError: an axis is unknown; two cases or two decisions have one id.

    >>> from automod.model.case import Case
    >>> from automod.model.case_table import case_table
    >>> from automod.model.decision import Decision, MarketOutcome
    >>> from automod.model.decision_table import decision_table
    >>> case = Case.model_validate({"creative": {"id": "c1"}, "judged": ["GMB.REAL"]})
    >>> approved = {"SA": MarketOutcome("approve", complete=True)}
    >>> clean = Decision("c1", 0, "2026-11-20", "sha256:0", "approve", approved)
    >>> found = evaluate(case_table([case]), decision_table([clean])).at("flagged")
    >>> found.measures.tn, found.measures.recall.value
    (1, None)
    """
    check_axes([axis for axes in cuts for axis in axes], where or {})
    trials, account = make_trials(cases, decisions, policies, arbiters)
    trials = trials if where is None else trials.take(chosen(trials, where, policies))
    account = recounted(account, trials)
    found = incidence(trials, decisions)
    judge = _Judge(trials, decisions, policies, settings, found)
    return Evaluation(
        schema=SCHEMA,
        about=replace(
            _about(cases, decisions, policies, trials, where or {}, settings),
            materials=None if materials is None else len(materials),
        ),
        account=account,
        warnings=warnings(cases, decisions, account, policies),
        slices=tuple(judge.slices(cuts)),
        impressions=tuple(judge.impressions()),
        parts=tuple(judge.parts(cuts)),
        overlaps=tuple(overlaps(trials, decisions, found)),
        dead=dead(materials or (), decisions),
        curves=tuple(curves(trials, cut(trials, ("policy",)), settings)),
        thresholds=tuple(judge.thresholds()),
        agreement=tuple(agreement(cases, decisions, settings, arbiters)),
        examples=tuple(examples(trials, cases, decisions, most_examples)),
        outcomes=kept_outcomes(
            cases.ids, trials if len(trials) <= most_outcomes else trials.take(slice(0))
        ),
    )


def check_axes(by: Axes, where: Where) -> None:
    """Whether all can be asked for.

    Raises:
        ValueError: an axis is unknown.
    """
    known = {*AXES, *PART_AXES}
    for axis in by:
        if axis not in known:
            raise ValueError(f"{axis!r} is no axis; one of: {', '.join((*AXES, *PART_AXES))}")
    for axis in where:
        if axis not in AXES:
            raise ValueError(f"{axis!r} cannot be asked for; one of: {', '.join(AXES)}")


def chosen(trials: Trials, where: Where, policies: PolicyTable | None) -> Any:
    """Which trials have one of the values of every axis."""
    kept = np.ones(len(trials), dtype=bool)
    for axis, values in where.items():
        made = cut(trials, (axis,), policies)
        wanted = np.array([name[0][1] in values for name in made.names] + [False])
        kept &= np.bincount(made.rows[wanted[made.slice]], minlength=len(trials)) > 0
    return kept


def recounted(account: Account, trials: Trials) -> Account:
    """The account, of the trials that are left."""
    return replace(
        account, trials=len(trials), present=int(trials.present.sum()),
        incomplete=int((~trials.complete).sum()), stale=int(trials.stale.sum()),
        groups=len(np.unique(trials.cluster)),
    )  # fmt: skip


class _Judge:
    """The trials, looked at in one way after another."""

    def __init__(
        self,
        trials: Trials,
        decisions: DecisionTable,
        policies: PolicyTable | None,
        settings: Settings,
        found: Incidence,
    ) -> None:
        self._trials, self._decisions, self._policies = trials, decisions, policies
        self._settings, self._found = settings, found

    def slices(self, cuts: Sequence[Axes]) -> list[Slice]:
        """Every cut that is always told, and those that were asked for."""
        asked = [tuple(axis for axis in axes if axis in AXES) for axes in cuts]
        once = {frozenset(axes): axes for axes in (*asked, *TOLD)}
        return [
            one
            for axes in once.values()
            for one in slices(
                self._trials, cut(self._trials, axes, self._policies), POINTS, self._settings
            )
        ]

    def impressions(self) -> list[Slice]:
        """The whole and each code by volume, of the cases that have one."""
        known = ~np.isnan(self._trials.volume)
        if not known.any():
            return []
        trials = self._trials.take(known)
        # Ratios have no unit, and the largest volume times itself must still be a number.
        _, size = np.frexp(trials.volume.max())
        weight = trials.weight * np.ldexp(trials.volume, -size)
        return [
            one
            for axes in ((), ("policy",))
            for one in slices(trials, cut(trials, axes), POINTS, self._settings, weight)
        ]

    def parts(self, cuts: Sequence[Axes]) -> list[Part]:
        """Every axis of the material by itself, and the combinations that were asked for."""
        found = self._parts([(axis,) for axis in PART_AXES], ())
        for axes in cuts:
            asked = tuple(axis for axis in axes if axis in PART_AXES)
            within = tuple(axis for axis in axes if axis in AXES)
            if asked and (len(asked) > 1 or set(within) - {"policy"}):
                found += self._parts([asked], within)
        return found

    def _parts(self, several: Sequence[Axes], within: Axes) -> list[Part]:
        return parts(
            self._trials, self._decisions, self._found, several, self._settings, within,
            self._policies,
        )  # fmt: skip

    def thresholds(self) -> list[Curve]:
        """For each stance what a threshold would give; for all trials where none is known."""
        axes = ("stance",) if self._policies is not None else ()
        return curves(
            self._trials, cut(self._trials, axes), self._settings,
            thresholds=THRESHOLDS, asked=True,
        )  # fmt: skip


def dead(materials: Sequence[str], decisions: DecisionTable) -> tuple[str, ...]:
    """Materials and rules that have no hit at all, not even one that counts nothing."""
    hits = decisions.hits.material
    alive = {hits.values[code] for code in np.unique(hits.codes).tolist() if code != NONE}
    return tuple(one for one in materials if one not in alive)


def warnings(
    cases: CaseTable, decisions: DecisionTable, account: Account, policies: PolicyTable | None
) -> tuple[Warned, ...]:
    """What must be said with the figures."""
    drawn = account.sampled
    said = [
        ("recall.hits_only", account.found_by_hits, {"cases": account.found_by_hits}),
        ("weights.partial", 0 < drawn < len(cases), {"sampled": drawn, "cases": len(cases)}),
        ("cases.undecided", account.undecided, {"cases": account.undecided}),
        ("cases.without_markets", account.without_markets, {"cases": account.without_markets}),
        ("cases.without_codes", account.without_codes, {"cases": account.without_codes}),
        ("decisions.unexplained", account.unexplained, {"decisions": account.unexplained}),
        ("decisions.incomplete", account.incomplete, {"trials": account.incomplete}),
        ("labels.disputed", account.disputed, {"labels": account.disputed}),
        ("labels.stale", account.stale, {"trials": account.stale}),
        ("rulesets.many", len(decisions.rulesets) > 1, {"rulesets": len(decisions.rulesets)}),
        ("policies.none", policies is None, {}),
        ("groups.unknown", bool(len(cases)) and not _grouped(cases), {}),
    ]
    return tuple(Warned(code, tuple(values.items())) for code, is_so, values in said if is_so)


def _grouped(cases: CaseTable) -> bool:
    return bool((cases.group.codes != NONE).any())


def _about(
    cases: CaseTable,
    decisions: DecisionTable,
    policies: PolicyTable | None,
    trials: Trials,
    where: Where,
    settings: Settings,
) -> About:
    labelled = [date.fromordinal(int(day)).isoformat() for day in _ends(trials.on[trials.on > 0])]
    decided = sorted(decisions.on.values)
    return About(
        automod=__version__,
        rulesets=tuple(sorted(decisions.rulesets)),
        policies=None if policies is None else digest(Ruleset((), policies), {}),
        decided_from=decided[0] if decided else None,
        decided_until=decided[-1] if decided else None,
        labelled_from=labelled[0] if labelled else None,
        labelled_until=labelled[-1] if labelled else None,
        where=written(where),
        confidence=settings.confidence, exact=settings.exact, support=settings.support,
        clusters=settings.clusters, weighted=bool((trials.weight != 1).any()),
        grouped=_grouped(cases),
    )  # fmt: skip


def _ends(days: Any) -> tuple[int, ...]:
    return (int(days.min()), int(days.max())) if len(days) else ()


def written(where: Where) -> By:
    """What was asked for, as it is told."""
    return tuple((axis, "|".join(sorted(values))) for axis, values in sorted(where.items()))


def kept_outcomes(names: Sequence[str], trials: Trials) -> Outcomes:
    """What was counted, to be kept.

    Args:
        names: ids of creatives, by the number that trials call `case`.
        trials: what was counted.
    """
    rows, creative = np.unique(trials.case, return_inverse=True)
    return Outcomes(
        creatives=tuple(names[int(one)] for one in rows),
        markets=trials.market.values, policies=trials.policy.values,
        languages=trials.language.values,
        creative=tuple(creative.tolist()), market=_listed(trials.market),
        policy=_listed(trials.policy), language=_listed(trials.language),
        present=tuple(trials.present.tolist()), wanted=tuple(trials.wanted.tolist()),
        action=tuple(trials.action.tolist()), score=tuple(trials.score.tolist()),
        weight=tuple(trials.weight.tolist()), group=tuple(trials.cluster.tolist()),
        complete=tuple(trials.complete.tolist()), stale=tuple(trials.stale.tolist()),
    )  # fmt: skip


def _listed(column: Coded[str]) -> tuple[int, ...]:
    return tuple(column.codes.tolist())
