"""An evaluation of less: the slices again, of some markets, codes or languages alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from ..model.evaluation import POINTS, Account, Evaluation, Warned
from .compare import settings_of, trials_of
from .evaluation import TOLD, Where, check_axes, chosen, kept_outcomes, recounted, written
from .slicing import cut, slices

_KEPT: Final = ("market", "policy", "language")
"""What can be asked for: the axes of a trial that outcomes remember."""

_OF_TRIALS: Final = {"decisions.incomplete": "incomplete", "labels.stale": "stale"}
"""Warnings that count trials -> where the account has how many are left."""


def narrow(evaluation: Evaluation, where: Where) -> Evaluation:
    """The evaluation of what fits alone, from the outcomes that were kept.

    Slices, account and outcomes are of what fits; examples too. What was said of the material
    cannot be told apart by market afterwards, and is left out, as are curves and overlaps. What the
    account and the warnings say of cases and labels, and how far labellers agree, is of all.

    Args:
        evaluation: with its outcomes.
        where: axis -> values: of `market`, `policy`, `language`.

    Raises:
        ValueError: another axis, no outcomes were kept, or none fits.

    >>> from automod.evaluate.evaluation import evaluate
    >>> from automod.model.case import Case
    >>> from automod.model.case_table import case_table
    >>> from automod.model.decision import Decision, MarketOutcome
    >>> from automod.model.decision_table import decision_table
    >>> case = Case.model_validate({"creative": {"id": "c1"}, "judged": ["GMB.REAL"]})
    >>> outcome = MarketOutcome("approve", complete=True)
    >>> clean = Decision("c1", 0, "2026-11-20", "sha256:0", "approve", dict.fromkeys(
    ...     ("SA", "AE"), outcome))
    >>> whole = evaluate(case_table([case]), decision_table([clean]))
    >>> whole.account.trials, narrow(whole, {"market": {"SA"}}).account.trials
    (2, 1)
    """
    check_axes((), where)
    if others := where.keys() - set(_KEPT):
        raise ValueError(f"{min(others)!r} was not kept; one of: {', '.join(_KEPT)}")
    trials = trials_of(evaluation.outcomes)
    if evaluation.account.trials and not len(trials):
        raise ValueError("it counted too many to keep each: judge again with the same condition")
    trials = trials.take(chosen(trials, where, None))
    if not len(trials):
        told = ",".join(f"{axis}={'|'.join(sorted(some))}" for axis, some in where.items())
        raise ValueError(f"nothing that was counted has {told}")
    cuts = [axes for axes in TOLD if set(axes) <= {*_KEPT, "complete"}]
    settings = settings_of(evaluation)
    account = recounted(evaluation.account, trials)
    outcomes = kept_outcomes(evaluation.outcomes.creatives, trials)
    creatives = frozenset(outcomes.creatives)
    return replace(
        evaluation,
        about=replace(evaluation.about, where=written(where)),
        account=account, warnings=tuple(_warned(evaluation.warnings, account)),
        slices=tuple(
            one for axes in cuts for one in slices(trials, cut(trials, axes), POINTS, settings)
        ),
        impressions=(), parts=(), overlaps=(), dead=(), curves=(), thresholds=(),
        examples=tuple(
            one for one in evaluation.examples
            if one.creative in creatives
            and _fits(one.market, where.get("market")) and _fits(one.policy, where.get("policy"))
        ),
        outcomes=outcomes,
    )  # fmt: skip


def _fits(value: str, wanted: Collection[str] | None) -> bool:
    return wanted is None or value in wanted


def _warned(warnings: Sequence[Warned], account: Account) -> Iterator[Warned]:
    """The warnings, those of trials with how many are left; none is left out otherwise."""
    for one in warnings:
        count = getattr(account, _OF_TRIALS[one.code]) if one.code in _OF_TRIALS else None
        if count is None:
            yield one
        elif count:
            yield Warned(one.code, (("trials", count),))
