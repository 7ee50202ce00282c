"""Two evaluations compared, and evaluations held to promises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from statsmodels.stats.contingency_tables import mcnemar  # type: ignore[import-untyped]

from automod.evaluate.compare import Evidence, compare
from automod.evaluate.evaluation import evaluate
from automod.evaluate.gate import hold
from automod.evaluate.narrow import narrow
from automod.evaluate.ratios import Settings
from automod.model.case import Case
from automod.model.case_table import case_table
from automod.model.comparison import Change, Comparison, GateResult
from automod.model.decision_table import decision_table
from automod.model.evaluation import Evaluation
from automod.model.gates import Gates
from automod.model.schema import schema
from test_evaluate import case, decision, judged, label, measures_of, stopped, table


def cases_of(*there: bool, **more: Any) -> list[Case]:
    """Cases c0, c1 ... of gambling, there or not."""
    return [
        case(f"c{k}", label("GMB.REAL", "yes" if one else "no"), **more)
        for k, one in enumerate(there)
    ]


def done(*caught: bool) -> list[dict[str, Any]]:
    """Decisions on c0, c1 ...: rejected or approved."""
    return [
        stopped(f"c{k}", "p/a") if one else decision(f"c{k}", {"SA": "approve"})
        for k, one in enumerate(caught)
    ]


def both(
    there: list[bool], before: list[bool], after: list[bool], **more: Any
) -> tuple[Evaluation, Evaluation]:
    """Two evaluations of the same cases."""
    cases = cases_of(*there, **more)
    return judged(cases, done(*before)), judged(cases, done(*after))


def change(found: Comparison, point: str = "flagged", **by: str) -> Change:
    """The change of a slice that is there."""
    wanted = set(by.items())
    return next(one for one in found.changes if one.point == point and set(one.by) == wanted)


FLAGS = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=25)
@given(FLAGS)
def test_gained_and_lost_are_counted_and_tested(rows: list[tuple[bool, bool, bool]]) -> None:
    """Counts as anybody would count them; p as statsmodels has it, exact."""
    there, before, after = (list(column) for column in zip(*rows, strict=True))
    whole = change(compare(*both(there, before, after)))
    counts = [
        sum(one == is_there and new and not old for one, old, new in rows)
        for is_there in (True, False)
    ]
    losses = [
        sum(one == is_there and old and not new for one, old, new in rows)
        for is_there in (True, False)
    ]
    assert [whole.gained, whole.new_alarms] == counts
    assert [whole.lost, whole.gone_alarms] == losses
    if any(there):
        theirs = mcnemar([[0, counts[0]], [losses[0], 0]], exact=True).pvalue
        assert whole.recall_p == pytest.approx(min(float(theirs), 1.0))
    else:
        assert whole.recall_p is None and whole.recall.value is None


def test_what_is_decided_otherwise_is_told_with_the_evidence_of_both() -> None:
    """Losses first; with the ad's text and the hits it rested on."""
    cases = cases_of(True, False, text={"body": "play"})
    old, new = done(True, False), done(False, True)
    seen = Evidence(case_table(cases), decision_table(old), decision_table(new))
    found = compare(judged(cases, old), judged(cases, new), seen=seen)
    assert [(one.kind, one.creative, one.before, one.after) for one in found.flips] == [
        ("lost", "c0", "reject", "approve"), ("new_alarm", "c1", "approve", "reject"),
    ]  # fmt: skip
    assert found.flips[0].text == {"body": "play"}
    assert [hit["material"] for hit in found.flips[0].hits_before] == ["p/a"]
    assert found.flips[0].hits_after == ()


def test_a_group_of_copies_counts_once_in_the_test() -> None:
    """A hundred copies that are all lost are one loss: no proof of anything."""
    there, was, now = [True] * 100, [True] * 100, [False] * 100
    apart = change(compare(*both(there, was, now)))
    together = change(compare(*both(there, was, now, group="g")))
    assert apart.lost == together.lost == 100
    assert apart.recall_p is not None and apart.recall_p < 1e-9
    assert together.recall_p == 1


def test_paired_differences_have_their_interval() -> None:
    """Recall up from 50 to 75 of 100, none lost: surely better, by a quarter or so."""
    before = [k % 2 == 0 for k in range(100)]
    after = [k % 4 != 1 for k in range(100)]
    found = change(compare(*both([True] * 100, before, after)))
    assert found.recall.value == pytest.approx(0.25)
    assert found.recall.low is not None and found.recall.high is not None
    assert 0.1 < found.recall.low < 0.25 < found.recall.high < 0.4


def test_different_cases_are_compared_by_their_ratios() -> None:
    """Two months: no pairs, no test, and an interval of the difference from both."""
    one = judged(cases_of(*[True] * 60), done(*[True] * 30 + [False] * 30))
    cases = [
        case(f"d{k}", label("GMB.REAL", "yes")) for k in range(60)
    ]  # fmt: skip
    other = judged(cases, [stopped(f"d{k}") for k in range(60)])
    found = compare(one, other)
    assert not found.paired and found.flips == ()
    whole = change(found)
    assert whole.recall_p is None and whole.recall.value == pytest.approx(0.5)
    assert whole.recall.low is not None and whole.recall.low > 0.3


def test_what_is_warned_of_either_is_warned_of_both() -> None:
    """A comparison of recalls that are too high is told with that."""
    cases = [case("c0", label("GMB.REAL", "yes", kind="hit"))]
    found = compare(judged(cases, done(True)), judged(cases_of(True), done(False)))
    assert "recall.hits_only" in {one.code for one in found.warnings}


def test_pairs_that_are_not_there_are_refused() -> None:
    """Nothing in common cannot be compared in pairs."""
    one = judged(cases_of(True), done(True))
    other = judged([case("d", label("GMB.REAL", "yes"))], [stopped("d")])
    with pytest.raises(ValueError, match="in common"):
        compare(one, other, paired=True)


# --- gates ---------------------------------------------------------------------------------------


def held(found: Evaluation, gate: dict[str, Any], since: Comparison | None = None) -> GateResult:
    """An evaluation held to one gate."""
    return hold(Gates.model_validate({"gates": [{"name": "g", **gate}]}), found, since)


def hundred() -> Evaluation:
    """90 of 100 found, 2 of 100 false alarms."""
    flags = [k < 100 for k in range(200)]
    caught = [k < 90 or k >= 198 for k in range(200)]
    return judged(cases_of(*flags), done(*caught), table())


GATES: dict[str, tuple[dict[str, Any], str, bool]] = {
    "kept by the low end": ({"recall": {"low": 0.82}}, "pass", True),
    "not proved though reached": ({"recall": {"low": 0.89}}, "fail", False),
    "kept by the high end": ({"false_alarm_rate": {"high": 0.08}}, "pass", True),
    "beyond the high end": ({"false_alarm_rate": {"high": 0.05}}, "fail", False),
    "a slice": ({"where": {"policy": "GMB.REAL", "market": "SA"}, "recall": {"low": 0.8}},
                "pass", True),
    "a slice that is not there": ({"where": {"policy": "FIN.INV"}, "recall": {"low": 0.1}},
                                  "not_enough_data", False),
    "a slice that need not be there": (
        {"where": {"policy": "FIN.INV"}, "recall": {"low": 0.1}, "allow_not_enough": True},
        "not_enough_data", True,
    ),
    "a material": ({"where": {"material": "p/a", "policy": "GMB.REAL"}, "precision": {"low": 0.9}},
                   "pass", True),
}  # fmt: skip


@pytest.mark.parametrize("name", GATES)
def test_a_promise_is_kept_when_it_is_proved(name: str) -> None:
    """By the end of the interval; too little data breaks it unless it is let through."""
    gate, passed, whole = GATES[name]
    found = held(hundred(), gate)
    assert [one.passed for one in found.lines] == [passed]
    assert found.passed == whole


def test_few_trials_prove_nothing() -> None:
    """29 of 29 keep no promise, though the interval would."""
    found = judged(cases_of(*[True] * 29), done(*[True] * 29))
    assert held(found, {"recall": {"low": 0.5}}).lines[0].passed == "not_enough_data"
    few = judged(cases_of(*[True] * 29), done(*[True] * 29), settings=Settings(support=10))
    assert held(few, {"recall": {"low": 0.5}}).lines[0].passed == "pass"


@pytest.mark.parametrize(("losses", "passed"), [(0, "pass"), (4, "pass"), (8, "fail")])
def test_a_regression_is_a_loss_beyond_chance(losses: int, passed: str) -> None:
    """Four lost of a hundred may be chance (p 0.125), eight are none (p 0.008)."""
    found = both([True] * 100, [True] * 100, [k >= losses for k in range(100)])
    gates = Gates.model_validate({"regression": {"by": ["policy"], "p": 0.05}})
    result = hold(gates, found[1], compare(*found))
    assert [(one.by, one.passed) for one in result.lines] == [((("policy", "GMB.REAL"),), passed)]


def test_new_alarms_are_a_regression_and_gains_are_none() -> None:
    """Whatever gets better, more false alarms are worse."""
    there = [k < 100 for k in range(200)]
    found = both(there, [False] * 200, [k < 100 or k >= 190 for k in range(200)])
    gates = Gates.model_validate({"regression": {}})
    assert hold(gates, found[1], compare(*found)).lines[0].passed == "fail"
    better = both(there, [False] * 200, [k < 100 for k in range(200)])
    assert hold(gates, better[1], compare(*better)).passed


@pytest.mark.parametrize(("copies_are_lost", "passed"), [(True, "pass"), (False, "fail")])
def test_which_way_it_went_is_told_by_groups(copies_are_lost: bool, passed: str) -> None:
    """A hundred copies one way and fifty ads the other: one group against fifty."""
    cases = [
        case(f"c{k}", label("GMB.REAL", "yes"), group="g" if k < 100 else None) for k in range(150)
    ]
    before, after = (
        judged(cases, done(*[(k < 100) == first for k in range(150)]))
        for first in (copies_are_lost, not copies_are_lost)
    )
    compared = compare(before, after)
    whole = change(compared)
    assert whole.recall_groups == ((50, 1) if copies_are_lost else (1, 50))
    gates = Gates.model_validate({"regression": {}})
    assert [one.passed for one in hold(gates, after, compared).lines] == [passed]


def test_a_regression_between_other_cases_is_not_proved() -> None:
    """Ratio against ratio there is no test, so nothing passes it."""
    found = both([True] * 100, [True] * 100, [True] * 100)
    gates = Gates.model_validate({"regression": {}})
    assert not hold(gates, found[1], compare(*found, paired=False)).passed


def test_a_regression_is_held_once_whatever_the_order_of_its_axes() -> None:
    """`market, policy` is the same cut as `policy, market`, which is always compared."""
    found = both([True] * 100, [True] * 100, [True] * 100)
    gates = Gates.model_validate({"regression": {"by": ["market", "policy"]}})
    compared = compare(*found, cuts=[("market", "policy")])
    assert len(hold(gates, found[1], compared).lines) == 1


def test_a_regression_without_a_baseline_is_not_proved() -> None:
    """Nobody can say that nothing got worse."""
    gates = Gates.model_validate({"regression": {}})
    assert not hold(gates, hundred()).passed


# --- less of it ----------------------------------------------------------------------------------


def test_an_evaluation_of_one_market_alone() -> None:
    """As if only that market had been evaluated."""
    cases = [case(f"c{k}", label("GMB.REAL", "yes")) for k in range(3)]
    made = [
        decision(f"c{k}", {"SA": "reject" if k else "approve", "AE": "approve"},
                 *([{**stopped("x")["verdicts"][0]}] if k else []))
        for k in range(3)
    ]  # fmt: skip
    less = narrow(judged(cases, made, table()), {"market": {"SA"}})
    direct = judged(cases, made, table(), where={"market": {"SA"}})
    assert measures_of(less) == measures_of(direct)
    assert less.account.trials == direct.account.trials == 3
    assert less.about.where == (("market", "SA"),)
    with pytest.raises(ValueError, match="nothing that was counted"):
        narrow(judged(cases, made), {"market": {"US"}})


def test_results_are_what_their_schemas_say() -> None:
    """An evaluation and a comparison as JSON fit the published schemas."""
    found = both([True, False, True], [True, True, False], [False, False, True])
    for name, result in (("evaluation", found[0]), ("comparison", compare(*found))):
        written = json.loads(json.dumps(result.to_dict()))
        assert list(Draft202012Validator(schema(name)).iter_errors(written)) == []


def test_less_has_the_examples_and_warnings_of_what_is_left() -> None:
    """English alone: no Arabic example; one stale and one incomplete trial of two."""
    cases = [
        case(f"c{k}", label("GMB.REAL", "yes", on="2026-05-01"), language=language)
        for k, language in enumerate(["ar", "en"])
    ]
    made = [decision(f"c{k}", {"SA": "review"}, partly=("SA",)) for k in range(2)]
    less = narrow(judged(cases, made, table()), {"language": {"en"}})
    direct = judged(cases, made, table(), where={"language": {"en"}})
    assert {one.creative for one in less.examples} == {"c1"}
    assert less.account == direct.account and less.account.stale == 1
    assert less.warnings == direct.warnings
    assert less.at("flagged", complete="no") == direct.at("flagged", complete="no")


def test_what_was_too_much_to_keep_is_not_narrowed() -> None:
    """And the reason is said: it is not that nothing fits."""
    cases = cases_of(True, True)
    whole = evaluate(case_table(cases), decision_table(done(True, True)), most_outcomes=1)
    with pytest.raises(ValueError, match="too many to keep"):
        narrow(whole, {"market": {"SA"}})
