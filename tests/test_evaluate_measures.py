"""Ratios and curves: as others compute them, and two ways to the same answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from benchmarks import datasets, rule_statistics
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics  # type: ignore[import-untyped]

from automod.evaluate.curves import average_precision
from automod.evaluate.measures import measure_slices, of_counts, total_cost_ratio
from automod.evaluate.ratios import Settings
from automod.evaluate.sums import Sums
from automod.evaluate.units import Catches, Units
from automod.model.evaluation import Measures
from shared_data import present
from test_evaluate import case, decision, judged, label, verdict

COUNTS = st.integers(0, 2_000)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_ratios_are_those_of_scikit_learn(tp: int, fp: int, fn: int, tn: int) -> None:
    """Precision, recall, F1 of any table; where theirs divides by nothing, ours is unknown."""
    made = of_counts(*np.array([[tp], [fp], [fn], [tn]]))[0]
    truth = [1] * tp + [0] * fp + [1] * fn + [0] * tn
    said = [1] * (tp + fp) + [0] * (fn + tn)
    for mine, theirs, of in (
        (made.precision, metrics.precision_score, tp + fp),
        (made.recall, metrics.recall_score, tp + fn),
        (made.f1, metrics.f1_score, 2 * tp + fp + fn),
    ):
        assert (mine.value is None) == (of == 0)
        if of:
            assert mine.value == pytest.approx(theirs(truth, said), abs=1e-12)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_so_lies_within_its_ends(tp: int, fp: int, fn: int, tn: int) -> None:
    """And the ends within 0 and 1; unknown where nothing was caught, or one side is empty."""
    so = of_counts(*np.array([[tp], [fp], [fn], [tn]]))[0].so
    if so.value is None:
        assert tp + fp == 0 or tp + fn == 0 or fp + tn == 0
        return
    assert so.low is not None and so.high is not None
    assert -1e-12 <= so.low <= so.value + 1e-12
    assert so.value - 1e-12 <= so.high <= 1 + 1e-12


@st.composite
def cells(draw: st.DrawFn) -> tuple[Units, Any]:
    """Units of a few strata and groups, and whether each was caught."""
    rows = sorted(
        draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), min_size=1, max_size=40))
    )
    flags = st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))
    stratum, group = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    actual, caught = np.array(draw(flags)), np.array(draw(flags))
    return Units.of(stratum, 3, actual, np.ones(len(rows)), group), caught


@given(cells(), st.booleans())
def test_patterns_and_sums_are_the_same(world: tuple[Units, Any], exact: bool) -> None:
    """What weighs the same is measured by patterns, the rest by sums: they say the same."""
    units, caught = world
    which = np.flatnonzero(caught)
    settings = Settings(exact=exact)
    catches = Catches(which, units.stratum[which], np.arange(3))
    sums = Sums(units, catches, settings).measures()
    for one, other in zip(sums, measure_slices(units, caught, settings), strict=True):
        assert close(one, other)


def close(one: Measures, other: Measures) -> bool:
    """Whether two are the same but for the last bits."""
    counts = (one.tp, one.fp, one.fn, one.tn) == (other.tp, other.fp, other.fn, other.tn)
    pairs = [
        (getattr(getattr(one, name), end), getattr(getattr(other, name), end))
        for name in ("precision", "recall", "f1", "false_alarm_rate", "so", "rate")
        for end in ("value", "low", "high", "count", "of", "method", "enough")
    ]
    return counts and all(
        mine == theirs if not isinstance(mine, float) else mine == pytest.approx(theirs, abs=1e-9)
        for mine, theirs in pairs
    )


SCORED = st.lists(
    st.tuples(st.booleans(), st.integers(0, 20).map(lambda k: k / 20)), min_size=1, max_size=60
)


@given(SCORED)
def test_curves_are_those_of_scikit_learn(rows: list[tuple[bool, float]]) -> None:
    """Precision and recall at every score above 0, and the area under the steps."""
    cases, done = [], []
    for k, (there, score) in enumerate(rows):
        cases.append(case(f"c{k}", label("GMB.REAL", "yes" if there else "no")))
        found = [verdict("SA", "GMB.REAL", "approve", score=score)] if score else []
        done.append(decision(f"c{k}", {"SA": "approve"}, *found))
    curve = judged(cases, done).curves[0]
    truth, scores = np.array([there for there, _ in rows]), np.array([score for _, score in rows])
    for point in curve.points:
        at = scores >= point.threshold
        assert point.precision.value == pytest.approx(float(truth[at].mean()))
        if truth.any():
            assert point.recall.value == pytest.approx(float(truth[at].sum() / truth.sum()))
        assert point.load.value == pytest.approx(float(at.mean()))
    if truth.any() and (scores > 0).all():
        theirs = metrics.average_precision_score(truth, scores)
        assert average_precision(curve) == pytest.approx(float(theirs))


def test_a_filter_that_errs_never_is_infinitely_cheaper() -> None:
    """Nothing wrong, nothing missed: the ratio of costs is unknown, not infinite."""
    five, none = np.array([5]), np.array([0])
    assert total_cost_ratio(of_counts(five, none, none, five)[0], 9) is None


def test_published_statistics_come_out_to_the_digit() -> None:
    """Every printed figure of SpamAssassin's thresholds and rules, but RANK and SCORE."""
    checked, thresholds, rules = rule_statistics.check(present(datasets.rule_statistics()))
    assert (thresholds, rules) == (22, 775)
    assert checked.apart == []
    assert checked.same == checked.printed == 3_163
    assert len(checked.unknown) == 94
    assert {line.split()[-1] for line in checked.unknown} == {"0.500"}
