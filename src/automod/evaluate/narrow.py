"""An evaluation of less: the slices again, of some markets, codes or languages alone."""

from __future__ import annotations

from dataclasses import replace

from ..model.evaluation import POINTS, Evaluation
from .compare import settings_of, trials_of
from .evaluation import TOLD, Where, check_axes, chosen, kept_outcomes, recounted, written
from .slicing import cut, slices

_KEPT = ("market", "policy", "language")
"""What outcomes remember of a trial."""


def narrow(evaluation: Evaluation, where: Where) -> Evaluation:
    """The evaluation of what fits alone, from the outcomes that were kept.

    Slices, account and outcomes are of what fits; examples too. What was said of the material
    cannot be told apart by market afterwards, and is left out, as are curves and overlaps.

    Args:
        evaluation: with its outcomes.
        where: axis -> values: of `market`, `policy`, `language`.

    Raises:
        ValueError: another axis, no outcomes were kept, or none fits.
    """
    check_axes((), where)
    if others := where.keys() - set(_KEPT):
        raise ValueError(f"{min(others)!r} was not kept; one of: {', '.join(_KEPT)}")
    trials = trials_of(evaluation.outcomes)
    trials = trials.take(chosen(trials, where, None))
    if not len(trials):
        told = ",".join(f"{axis}={'|'.join(sorted(some))}" for axis, some in where.items())
        raise ValueError(f"nothing that was counted has {told}")
    cuts = [axes for axes in TOLD if set(axes) <= set(_KEPT)]
    settings = settings_of(evaluation)
    return replace(
        evaluation,
        about=replace(evaluation.about, where=written(where)),
        account=recounted(evaluation.account, trials),
        slices=tuple(
            one for axes in cuts for one in slices(trials, cut(trials, axes), POINTS, settings)
        ),
        impressions=(), parts=(), overlaps=(), dead=(), curves=(), thresholds=(),
        examples=tuple(
            one for one in evaluation.examples
            if _fits(one.market, where.get("market")) and _fits(one.policy, where.get("policy"))
        ),
        outcomes=kept_outcomes(evaluation.outcomes.creatives, trials),
    )  # fmt: skip


def _fits(value: str, wanted: object) -> bool:
    return wanted is None or value in wanted  # type: ignore[operator]
