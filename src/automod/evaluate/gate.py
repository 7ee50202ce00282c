"""Promises and an evaluation -> which of them are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..model.comparison import Change, Comparison, GateLine, GateResult, Passed
from ..model.evaluation import By, Evaluation, Measures, Ratio
from ..model.gates import Gate, Gates, Promise, Regression

NO_REGRESSION: Final = "no_regression"
SINCE: Final = "no regression"
"""The name of lines that compare with a baseline."""


def hold(gates: Gates, evaluation: Evaluation, comparison: Comparison | None = None) -> GateResult:
    """Hold an evaluation to promises.

    A bound is held by the end of the interval, not by the ratio: a promise is kept when it is
    proved. Where there is too little data, or no such slice, it is unproved; that breaks it unless
    the gate allows it. A regression is a slice in which more groups of near-duplicates lost than
    gained, or more have new alarms than have fewer, by McNemar's exact test.

    Args:
        gates: what is promised.
        evaluation: with the cuts that they speak of.
        comparison: with the baseline, along the axes of the regression; None: no baseline. One
            that is not paired proves nothing.

    >>> from automod.evaluate.evaluation import evaluate
    >>> from automod.model.case_table import case_table
    >>> from automod.model.decision_table import decision_table
    >>> gates = Gates.model_validate({"gates": [{"name": "g", "recall": {"low": "80%"}}]})
    >>> hold(gates, evaluate(case_table([]), decision_table([]))).lines[0].passed
    'not_enough_data'
    """
    lines = [line for gate in gates.gates for line in _kept(gate, evaluation)]
    if gates.regression is not None:
        lines += _unworsened(gates.regression, comparison)
    return GateResult(tuple(lines))


def _kept(gate: Gate, evaluation: Evaluation) -> Iterator[GateLine]:
    by = tuple(gate.where.items())
    measures = _measures(gate, by, evaluation)
    point = "hit" if gate.slice_.part is not None else gate.point
    for promise in gate.promises:
        ratio: Ratio | None = None if measures is None else getattr(measures, promise.measure)
        found = None if ratio is None else ratio.low if promise.bound == "low" else ratio.high
        yield GateLine(
            gate.name, by, point, promise.measure, promise.bound, promise.limit, found, ratio,
            _passed(promise, ratio, found), gate.allow_not_enough,
        )  # fmt: skip


def _measures(gate: Gate, by: By, evaluation: Evaluation) -> Measures | None:
    """The measures of the slice, or of the part of the material, that a gate speaks of."""
    if gate.slice_.part is None:
        slice_ = evaluation.at(gate.point, **gate.where)
        return None if slice_ is None else slice_.measures
    return next((one.measures for one in evaluation.parts if set(one.by) == set(by)), None)


def _passed(promise: Promise, ratio: Ratio | None, found: float | None) -> Passed:
    if ratio is None or found is None or not ratio.enough:
        return "not_enough_data"
    kept = found >= promise.limit if promise.bound == "low" else found <= promise.limit
    return "pass" if kept else "fail"


def _unworsened(regression: Regression, comparison: Comparison | None) -> Iterator[GateLine]:
    changes = comparison.changes if comparison is not None and comparison.paired else ()
    wanted = [
        one
        for one in changes
        if one.point == regression.point and {axis for axis, _ in one.by} == set(regression.by)
    ]
    if not wanted:
        yield _line(regression, (), None, "not_enough_data")
    for change in wanted:
        p = _worse(change)
        yield _line(regression, change.by, p, "fail" if p < regression.p else "pass")


def _worse(change: Change) -> float:
    """The least probability of what became worse; 1 where nothing did.

    What is tested says which way it went: a hundred copies of one ad outnumber fifty ads, and are
    one group.
    """
    found = [1.0]
    gained, lost = change.recall_groups
    if change.recall_p is not None and lost > gained:
        found.append(change.recall_p)
    more, fewer = change.alarms_groups
    if change.alarms_p is not None and more > fewer:
        found.append(change.alarms_p)
    return min(found)


def _line(regression: Regression, by: By, p: float | None, passed: Passed) -> GateLine:
    return GateLine(
        SINCE, by, regression.point, NO_REGRESSION, "p", regression.p, p, None, passed,
        allowed=False,
    )  # fmt: skip
