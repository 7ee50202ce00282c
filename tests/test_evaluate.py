"""The evaluator: the same counts as the naive one, and what stands beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automod.evaluate.evaluation import evaluate
from automod.evaluate.ratios import Settings
from automod.model.case import Case
from automod.model.case_table import case_table
from automod.model.decision_table import decision_table
from automod.model.evaluation import POINTS, Evaluation, Measures, Ratio
from automod.model.ruleset import PolicyCode, PolicyTable, Row
from reference_evaluation import Counts, by_material, by_slice, trials

CODES = ("FIN.INV", "GMB.REAL", "SCM.FRAUD")
MARKETS = ("SA", "AE", "NG", "US", "US-NV")


def table() -> PolicyTable:
    """Prohibited, with a certificate, restricted by age, limited, allowed: by code and market."""

    def row(code: str, market: str | None, *stances: Any, since: date | None = None) -> Row:
        name = f"{code}/{market or 'default'}"
        return Row(name, market, stances, "law", "", 18, ("no-x",), since)

    def code(name: str, default: Any, *rows: Row) -> PolicyCode:
        return PolicyCode(name, {}, "high", row(name, None, default), "hold", rows)

    return PolicyTable(
        {
            "GMB.REAL": code(
                "GMB.REAL", "prohibited",
                row("GMB.REAL", "NG", "certificate"),
                row("GMB.REAL", "SA", "prohibited", since=date(2026, 6, 1)),
            ),
            "FIN.INV": code("FIN.INV", "limited", row("FIN.INV", "GCC", "age_gate")),
            "SCM.FRAUD": code("SCM.FRAUD", "prohibited", row("SCM.FRAUD", "US", "allowed")),
        },
        {"GCC": ("SA", "AE"), "MENA": ("GCC",)},
        {"US-NV": "US"},
    )  # fmt: skip


def label(policy: str, present: str, by: str = "ann", market: str = "*", on: str = "2026-07-01",
          kind: str = "random") -> dict[str, str]:  # fmt: skip
    """A label."""
    return {"policy": policy, "present": present, "by": by, "market": market, "on": on,
            "kind": kind}  # fmt: skip


def case(name: str, *labels: dict[str, str], judged: tuple[str, ...] = (), **more: Any) -> Case:
    """A case; what is not of the case is of its creative."""
    own = {key: more.pop(key) for key in ("probability", "volume", "group") if key in more}
    return Case.model_validate(
        {"creative": {"id": name, **more}, "labels": labels, "judged": judged, **own}
    )


def verdict(
    market: str, policy: str, action: str, *because: int, score: float = 0.9
) -> dict[str, Any]:
    """A verdict, of what an evaluator reads."""
    return {"market": market, "policy": policy, "action": action, "score": score,
            "because": list(because)}  # fmt: skip


def hit(n: int, material: str, *policies: str, **more: Any) -> dict[str, Any]:
    """A hit, of what an evaluator reads."""
    return {"n": n, "material": material, "policies": list(policies), "status": "live",
            "kind": "keyword", "field": "body", "view": "safe", "allowed_by": None,
            **more}  # fmt: skip


def decision(
    name: str, markets: dict[str, str], *verdicts: dict[str, Any], hits: tuple[Any, ...] = (),
    partly: tuple[str, ...] = (),
) -> dict[str, Any]:  # fmt: skip
    """A decision, of what an evaluator reads."""
    outcomes = {
        market: {"action": action, "complete": market not in partly, "restrictions": []}
        for market, action in markets.items()
    }
    return {"creative": name, "on": "2026-11-20", "ruleset": "sha256:0", "markets": outcomes,
            "verdicts": list(verdicts), "hits": list(hits), "not_evaluated": []}  # fmt: skip


def judged(
    cases: list[Case], decisions: list[dict[str, Any]], *args: Any, **kwargs: Any
) -> Evaluation:
    """An evaluation of both."""
    return evaluate(case_table(cases), decision_table(decisions), *args, **kwargs)


def counted(measures: Measures) -> Counts:
    """Right, wrong, missed, clean."""
    return measures.tp, measures.fp, measures.fn, measures.tn


ACTIONS_UP = ["approve", "restrict", "review", "reject"]
ACTIONS = st.sampled_from(ACTIONS_UP)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Case], list[dict[str, Any]]]:
    """Cases and decisions of a few creatives, all kinds of labels among them."""
    cases, decisions = [], []
    for number in range(draw(st.integers(0, 12))):
        name = f"c{number}"
        labels = [
            label(
                draw(st.sampled_from(CODES)), draw(st.sampled_from(["yes", "no", "unsure"])),
                draw(st.sampled_from(["ann", "bob", "eve", "arbiter"])),
                draw(st.sampled_from(["*", *MARKETS])),
                draw(st.sampled_from(["2026-05-01", "2026-07-01", "2026-08-01"])),
            )
            for _ in range(draw(st.integers(0, 4)))
        ]  # fmt: skip
        # One labeller says one thing on one day: which of two counts nobody could say.
        unique = {(one["policy"], one["by"], one["market"], one["on"]): one for one in labels}
        codes = draw(st.lists(st.sampled_from(CODES), unique=True))
        language = draw(st.sampled_from(["ar", "en", None]))
        group = draw(st.sampled_from(["g1", "g2", None]))
        cases.append(
            case(name, *unique.values(), judged=tuple(codes), group=group, language=language)
        )
        if draw(st.booleans()) or number < 4:
            decisions.append(_decided(draw, name))
    return cases, decisions


def _decided(draw: st.DrawFn, name: str) -> dict[str, Any]:
    markets = draw(st.lists(st.sampled_from(MARKETS), unique=True, max_size=3))
    hits = [
        hit(n, draw(st.sampled_from(["p/a", "p/b", "q/c", "q/d"])), draw(st.sampled_from(CODES)),
            status=draw(st.sampled_from(["live", "live", "shadow"])))
        for n in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    live = [one for one in hits if one["status"] == "live"]
    verdicts = [
        verdict(market, code, draw(ACTIONS), *[one["n"] for one in live if code in one["policies"]])
        for market in markets
        for code in sorted({code for one in live for code in one["policies"]})
    ]
    outcomes = {}
    for market in markets:
        done = [one["action"] for one in verdicts if one["market"] == market]
        outcomes[market] = max([draw(ACTIONS), *done], key=ACTIONS_UP.index)
    partly = tuple(market for market in markets if draw(st.booleans()))
    return decision(name, outcomes, *verdicts, hits=tuple(hits), partly=partly)


@settings(max_examples=25)
@given(worlds(), st.booleans())
def test_counts_are_those_of_the_naive_evaluator(world: Any, with_table: bool) -> None:
    """Every slice at every point: right, wrong, missed and clean are what loops over dicts find."""
    policies = table() if with_table else None
    cases, decisions = world
    found = judged(cases, decisions, policies)
    rows = trials(cases, decisions, policies)
    told = {(one.by, one.point): counted(one.measures) for one in found.slices}
    for axes in [(), ("policy",), ("market",), ("language",), ("policy", "market"),
                 ("market", "language")]:  # fmt: skip
        for point in POINTS:
            naive = by_slice(rows, axes, point, policies)
            mine = {
                tuple(value for _, value in by): counts
                for (by, at), counts in told.items()
                if at == point and tuple(axis for axis, _ in by) == axes
            }
            assert mine == naive, (axes, point)


@settings(max_examples=25)
@given(worlds())
def test_materials_are_those_of_the_naive_evaluator(world: Any) -> None:
    """Every material x code: counts, and the right hits that nothing else makes."""
    found = judged(*world)
    mine = {
        (dict(one.by)["material"], dict(one.by)["policy"]): (counted(one.measures), one.alone)
        for one in found.parts
        if dict(one.by).keys() == {"material", "policy"}
    }
    assert mine == by_material(trials(*world))


@settings(max_examples=15)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_cases_and_decisions_changes_nothing(world: Any, random: Any) -> None:
    """All figures are the same, and in the same order, whatever order the files were in.

    Rows that are kept, and which of like examples are told, follow the files.
    """
    cases, decisions = world
    other = random.sample(cases, len(cases)), random.sample(decisions, len(decisions))
    one, two = (judged(*some, table(), cuts=[("package", "field")]) for some in (world, other))
    for name in ("account", "warnings", "slices", "parts", "overlaps", "curves", "thresholds",
                 "agreement"):  # fmt: skip
        assert getattr(one, name) == getattr(two, name), name


# --- rows: what is known of the content ----------------------------------------------------------


def test_a_label_for_one_market_wins_there() -> None:
    """There everywhere but in the US, as the label for the US says."""
    one = case("c1", label("GMB.REAL", "yes"), label("GMB.REAL", "no", market="US"))
    done = decision("c1", {"SA": "approve", "US": "approve"})
    found = judged([one], [done])
    assert counted(measures_of(found, market="SA")) == (0, 0, 1, 0)
    assert counted(measures_of(found, market="US")) == (0, 0, 0, 1)


def test_a_code_that_was_not_judged_is_unknown() -> None:
    """It is no trial, neither right nor wrong; a judged one without a label is clean."""
    one = case("c1", judged=("FIN.INV",))
    done = decision("c1", {"SA": "reject"}, verdict("SA", "GMB.REAL", "reject"))
    found = judged([one], [done])
    assert [one.by for one in found.slices if dict(one.by).keys() == {"policy"}] == [
        (("policy", "FIN.INV"),)
    ] * 3
    assert counted(measures_of(found)) == (0, 0, 0, 1)


ROWS: dict[str, tuple[list[dict[str, str]], int | None]] = {
    "majority": ([label("GMB.REAL", "yes", "a"), label("GMB.REAL", "yes", "b"),
                  label("GMB.REAL", "no", "c")], 1),
    "as many yes as no": ([label("GMB.REAL", "yes", "a"), label("GMB.REAL", "no", "b")], None),
    "the arbiter": ([label("GMB.REAL", "yes", "a"), label("GMB.REAL", "yes", "b"),
                     label("GMB.REAL", "no", "arbiter")], 0),
    "an arbiter who is not sure": ([label("GMB.REAL", "yes", "a"),
                                    label("GMB.REAL", "unsure", "arbiter")], None),
    "unsure is no vote": ([label("GMB.REAL", "yes", "a"), label("GMB.REAL", "unsure", "b")], 1),
    "nobody is sure": ([label("GMB.REAL", "unsure", "a")], None),
    "who changed their mind": ([label("GMB.REAL", "yes", "a", on="2026-01-01"),
                                label("GMB.REAL", "no", "a", on="2026-02-01")], 0),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_several_labellers(name: str) -> None:
    """The majority, unless an arbiter spoke; a tie is unknown, and a dispute is told."""
    labels, there = ROWS[name]
    found = judged([case("c1", *labels)], [decision("c1", {"SA": "approve"})])
    trials = found.account.trials, found.account.unknown
    assert trials == ((0, 1) if there is None else (1, 0))
    assert found.account.present == (there or 0)
    assert (found.account.disputed == 1) == (name == "as many yes as no")


# --- rows: what is asked and done ----------------------------------------------------------------


def test_what_is_there_and_allowed_is_rightly_approved() -> None:
    """`present` speaks of content; what is to be done with it the market's row says."""
    one = case("c1", label("SCM.FRAUD", "yes"))
    found = judged([one], [decision("c1", {"US": "approve"})], table())
    assert counted(measures_of(found, "flagged")) == (0, 0, 0, 1)
    without = judged([one], [decision("c1", {"US": "approve"})])
    assert counted(measures_of(without, "flagged")) == (0, 0, 1, 0)


def test_a_certificate_makes_approval_right() -> None:
    """Without it the same approval is a miss."""
    certificate = {"policy": "GMB.REAL", "market": "NG"}
    cases = [
        case("with", label("GMB.REAL", "yes"), certificates=[certificate]),
        case("without", label("GMB.REAL", "yes")),
    ]
    done = [decision(one.creative.id, {"NG": "approve"}) for one in cases]
    assert counted(measures_of(judged(cases, done, table()), "flagged")) == (0, 0, 1, 1)


def test_restriction_has_a_line_of_its_own() -> None:
    """Where a market asks for an age, a restriction is right, and a review is too much."""
    cases = [case(name, label("FIN.INV", "yes")) for name in ("right", "strict", "missed")]
    done = [
        decision("right", {"SA": "restrict"}, verdict("SA", "FIN.INV", "restrict")),
        decision("strict", {"SA": "review"}, verdict("SA", "FIN.INV", "review")),
        decision("missed", {"SA": "approve"}),
    ]
    found = judged(cases, done, table())
    assert counted(measures_of(found, "restricted")) == (1, 0, 2, 0)
    assert counted(measures_of(found, "flagged")) == (0, 1, 0, 2)
    assert counted(measures_of(found, "stopped")) == (0, 0, 0, 3)


def test_a_review_is_flagged_and_not_stopped() -> None:
    """The two points, side by side."""
    found = judged(
        [case("c1", label("GMB.REAL", "yes"))],
        [decision("c1", {"SA": "review"}, verdict("SA", "GMB.REAL", "review"))],
    )
    assert counted(measures_of(found, "flagged")) == (1, 0, 0, 0)
    assert counted(measures_of(found, "stopped")) == (0, 0, 1, 0)


def test_what_was_not_evaluated_is_counted_by_its_action_and_apart() -> None:
    """A review because a picture is missing flags what is there; how many such is told."""
    cases = [case("there", label("GMB.REAL", "yes")), case("clean", judged=("GMB.REAL",))]
    done = [decision(one.creative.id, {"SA": "review"}, partly=("SA",)) for one in cases]
    found = judged(cases, done)
    assert counted(measures_of(found, "flagged")) == (1, 1, 0, 0)
    whole = found.at("flagged")
    assert whole is not None and whole.incomplete == 2
    assert measures_of(found, complete="no").tp == 1
    assert "decisions.incomplete" in codes_of(found)


def test_a_verdict_of_a_market_that_is_not_named_is_of_no_other() -> None:
    """SA did more than any verdict of SA, so that was the fault; the verdict for XX is not its."""
    cases = [case("c1", label("GMB.REAL", "yes"))]
    stray = verdict("XX", "GMB.REAL", "reject")
    done = [decision("c1", {"SA": "reject"}, stray, partly=("SA",))]
    assert judged(cases, done).outcomes.action == (3,)


@pytest.mark.parametrize("actions", [("approve", "reject"), ("reject", "approve")])
def test_of_two_verdicts_for_one_code_the_stricter_counts(actions: tuple[str, str]) -> None:
    """Another system may say two things: whatever order they come in."""
    said = [verdict("SA", "GMB.REAL", action) for action in actions]
    found = judged(
        [case("c1", label("GMB.REAL", "yes"))], [decision("c1", {"SA": "reject"}, *said)]
    )
    assert found.outcomes.action == (3,)


def test_an_unknown_language_is_none() -> None:
    """What a feed calls unknown is one slice with what says nothing."""
    cases = [case(f"c{k}", label("GMB.REAL", "yes"), language=language)
             for k, language in enumerate([None, "unknown", "und", "en-GB"])]  # fmt: skip
    found = judged(cases, [stopped(one.creative.id) for one in cases])
    slices = [one for one in found.slices if [axis for axis, _ in one.by] == ["language"]]
    told = [(one.by[0][1], one.measures.tp) for one in slices if one.point == "flagged"]
    assert told == [("unknown", 3), ("en", 1)]


def test_a_case_that_was_judged_on_nothing_is_told() -> None:
    """It is in no figure, and nobody else would say so."""
    found = judged([case("c1"), case("c2", judged=("GMB.REAL",))], [stopped("c1"), stopped("c2")])
    assert (found.account.trials, found.account.without_codes) == (1, 1)
    assert "cases.without_codes" in codes_of(found)


def test_who_contradicts_an_arbiter_makes_the_label_no_younger() -> None:
    """The arbiter's word of January decides, and the row is from June."""
    labels = [label("GMB.REAL", "yes", "arbiter", on="2026-01-01"), label("GMB.REAL", "no")]
    found = judged([case("c1", *labels)], [stopped("c1")], table())
    assert (found.account.present, found.account.stale) == (1, 1)


def test_labellers_who_disagree_are_compared_in_the_market_too() -> None:
    """A dispute is no trial, and is what kappa is about: 30 of 40 agree, in SA as everywhere."""
    cases = [
        case(f"c{k}", label("GMB.REAL", "yes" if k < 20 else "no", "ann"),
             label("GMB.REAL", "yes" if (k < 20) == (k % 4 > 0) else "no", "bob"))
        for k in range(40)
    ]  # fmt: skip
    found = judged(cases, [decision(one.creative.id, {"SA": "approve"}) for one in cases])
    told = [(one.market, one.items, one.agreed) for one in found.agreement]
    assert told == [("*", 40, 30), ("SA", 40, 30)]
    assert [one.kappa for one in found.agreement] == pytest.approx([0.5, 0.5])


def test_an_action_that_no_verdict_explains_counts_for_every_code_and_is_told() -> None:
    """Somebody's system says reject and no code: right for the one that is there, and warned of."""
    one = case("c1", label("GMB.REAL", "yes"), judged=("GMB.REAL", "FIN.INV"))
    found = judged([one], [decision("c1", {"SA": "reject"})])
    assert counted(measures_of(found, policy="GMB.REAL")) == (1, 0, 0, 0)
    assert counted(measures_of(found, policy="FIN.INV")) == (0, 1, 0, 0)
    assert found.account.unexplained == 1
    assert "decisions.unexplained" in codes_of(found)


def test_a_label_older_than_the_stance_is_reported() -> None:
    """The row for SA is from June; a label of May was made by another."""
    done = [decision("c1", {"SA": "approve", "AE": "approve"})]
    old = judged([case("c1", label("GMB.REAL", "yes", on="2026-05-31"))], done, table())
    new = judged([case("c1", label("GMB.REAL", "yes", on="2026-06-01"))], done, table())
    assert (old.account.stale, new.account.stale) == (1, 0)
    assert "labels.stale" in codes_of(old) and "labels.stale" not in codes_of(new)


def test_a_case_is_counted_once_in_a_group_of_markets() -> None:
    """Caught in SA and missed in AE it is missed in the Gulf: one does not make good another."""
    one = case("c1", label("GMB.REAL", "yes"))
    done = decision("c1", {"SA": "reject", "AE": "approve"}, verdict("SA", "GMB.REAL", "reject"))
    found = judged([one], [done], table())
    assert counted(measures_of(found, "stopped", market="SA")) == (1, 0, 0, 0)
    assert counted(measures_of(found, "stopped", market="GCC")) == (0, 0, 1, 0)
    assert counted(measures_of(found, "stopped")) == (0, 0, 1, 0)


def test_nothing_of_nothing_is_unknown() -> None:
    """0/0 is no 0 and no 1."""
    clean = measures_of(
        judged([case("c1", judged=("GMB.REAL",))], [decision("c1", {"SA": "approve"})])
    )
    for ratio in (clean.precision, clean.recall, clean.f1, clean.so):
        assert (ratio.value, ratio.low, ratio.high, ratio.of) == (None, None, None, 0)
    assert clean.false_alarm_rate.value == 0


def test_what_nobody_decided_is_told() -> None:
    """A case without a decision is no trial, and no miss; a decision without a case is told too."""
    found = judged(
        [case("c1", label("GMB.REAL", "yes")), case("c2", judged=("GMB.REAL",))],
        [decision("c2", {"SA": "approve"}), decision("c3", {"SA": "approve"})],
    )
    assert (found.account.undecided, found.account.unlabelled, found.account.trials) == (1, 1, 1)
    assert "cases.undecided" in codes_of(found)


@pytest.mark.parametrize("twice", ["case", "decision"])
def test_an_id_that_comes_twice_is_refused(twice: str) -> None:
    """Nobody could say which of the two is meant."""
    cases, done = [case("c1")] * 2, [decision("c1", {})] * 2
    with pytest.raises(ValueError, match="'c1'"):
        judged(cases[: 1 + (twice == "case")], done[: 1 + (twice == "decision")])


# --- rows: weights, groups, volume ---------------------------------------------------------------


def test_a_sampled_case_stands_for_others() -> None:
    """One miss drawn with a chance of 1 % stands for a hundred: recall 10 of 110."""
    cases = [case(f"h{k}", label("GMB.REAL", "yes"), probability=1) for k in range(10)]
    cases.append(case("m", label("GMB.REAL", "yes"), probability=0.01))
    done = [stopped(one.creative.id) for one in cases[:-1]] + [decision("m", {"SA": "approve"})]
    recall = measures_of(judged(cases, done)).recall
    assert (recall.count, recall.of, round(recall.value or 0, 6)) == (10, 11, round(10 / 110, 6))
    assert recall.method == "clustered" and not recall.enough


def test_recall_of_what_only_hits_brought_up_is_warned_of() -> None:
    """Unless each had its chance to be drawn, and others were drawn from all there is."""
    hit_only = case("c1", label("GMB.REAL", "yes", kind="hit"))
    with_chance = case("c1", label("GMB.REAL", "yes", kind="hit"), probability=1)
    at_random = case("c2", judged=("GMB.REAL",), probability=0.01)
    random_label = case("c2", label("GMB.REAL", "no"), probability=0.01)
    done = [stopped("c1"), decision("c2", {"SA": "approve"})]
    for cases, warned in [
        ([hit_only], True), ([with_chance], True), ([with_chance, at_random], True),
        ([with_chance, random_label], False), ([hit_only, random_label], True),
    ]:  # fmt: skip
        assert ("recall.hits_only" in codes_of(judged(cases, done))) == warned


def test_copies_of_one_ad_are_one_piece_of_evidence() -> None:
    """A hundred copies that are all caught leave the interval of the others as wide as it was."""
    cases = [case(f"c{k}", label("GMB.REAL", "yes"), group=f"g{min(k, 120)}") for k in range(220)]
    done = [stopped(one.creative.id) if k % 2 else decision(one.creative.id, {"SA": "approve"})
            for k, one in enumerate(cases)]  # fmt: skip
    done[120:] = [stopped(one.creative.id) for one in cases[120:]]
    together = measures_of(judged(cases, done)).recall
    apart = measures_of(
        judged([one.model_copy(update={"group": None}) for one in cases], done)
    ).recall
    assert together.value == apart.value
    assert together.method == "clustered" and apart.method == "wilson"
    assert width(together) > 2 * width(apart)


def test_what_nobody_saw_is_unknown_by_impressions() -> None:
    """Three of three ads, shown to nobody: 0 of 0 impressions, which is no ratio."""
    cases = [case(f"c{k}", label("GMB.REAL", "yes"), volume=0) for k in range(3)]
    whole = judged(cases, [stopped(one.creative.id) for one in cases]).impressions[0].measures
    assert (whole.recall.count, whole.recall.of, whole.recall.value) == (3, 3, None)
    assert whole.so.value is None


def test_volumes_of_any_size_are_weighed() -> None:
    """Their squares need not be numbers: two of three that are as large."""
    cases = [case(f"c{k}", label("GMB.REAL", "yes"), volume=1.7e308) for k in range(3)]
    done = [stopped("c0"), stopped("c1"), decision("c2", {"SA": "approve"})]
    recall = judged(cases, done).impressions[0].measures.recall
    assert recall.value == pytest.approx(2 / 3) and recall.low is not None


def test_a_probability_beside_which_nothing_counts_is_refused() -> None:
    """With the case that has it."""
    cases = [case("c1", label("GMB.REAL", "yes"), probability=1e-300)]
    with pytest.raises(ValueError, match="'c1': a probability below 1e-15"):
        judged(cases, [stopped("c1")])


def test_volume_weighs_by_impressions() -> None:
    """One large ad that is missed outweighs nine small ones that are caught."""
    cases = [case(f"c{k}", label("GMB.REAL", "yes"), volume=1) for k in range(9)]
    cases.append(case("large", label("GMB.REAL", "yes"), volume=91))
    done = [stopped(one.creative.id) for one in cases[:-1]] + [decision("large", {"SA": "approve"})]
    found = judged(cases, done)
    whole = next(one for one in found.impressions if one.point == "flagged" and not one.by)
    assert round(whole.measures.recall.value or 0, 6) == 0.09
    assert measures_of(found).recall.value == 0.9


def test_one_large_ad_among_hundreds_is_not_enough() -> None:
    """By impressions it is nearly alone, whatever the others are."""
    cases = [case(f"c{k}", label("GMB.REAL", "yes"), volume=1) for k in range(300)]
    cases.append(case("large", label("GMB.REAL", "yes"), volume=1_000))
    found = judged(cases, [stopped(one.creative.id) for one in cases])
    whole = next(one for one in found.impressions if one.point == "flagged" and not one.by)
    assert not whole.measures.recall.enough and measures_of(found).recall.enough


def test_less_than_the_support_is_not_enough() -> None:
    """29 of 29 say less than they seem to."""
    cases = [case(f"c{k}", label("GMB.REAL", "yes")) for k in range(30)]
    done = [stopped(one.creative.id) for one in cases]
    assert measures_of(judged(cases, done)).recall.enough
    assert not measures_of(judged(cases[:29], done)).recall.enough
    few = judged(cases[:29], done, settings=Settings(support=20))
    assert measures_of(few).recall.enough


# --- rows: what each part adds -------------------------------------------------------------------


def test_what_only_one_material_finds_what_another_covers_and_what_is_dead() -> None:
    """`a` finds c1 alone; all that `b` finds `a` finds too; `c` finds nothing."""
    cases = [case(f"c{k}", label("GMB.REAL", "yes")) for k in (1, 2)]
    done = [stopped("c1", "p/a"), stopped("c2", "p/a", "p/b")]
    found = judged(cases, done, materials=["p/a", "p/b", "p/c"])
    parts = {dict(one.by)["material"]: one for one in found.parts if "material" in dict(one.by)}
    assert [(name, one.alone, one.covered_by) for name, one in sorted(parts.items())] == [
        ("p/a", 1, None), ("p/b", 0, "p/a"),
    ]  # fmt: skip
    assert found.dead == ("p/c",)
    assert [(one.one, one.other, one.both, one.either) for one in found.overlaps] == [
        ("p/a", "p/b", 1, 2)
    ]


def test_a_shadow_material_is_judged_though_it_does_nothing() -> None:
    """Before it goes live somebody wants to know what it would be worth."""
    quiet = hit(0, "p/new", "GMB.REAL", status="shadow")
    cases = [case("c1", label("GMB.REAL", "yes")), case("c2", judged=("GMB.REAL",))]
    done = [decision(one.creative.id, {"SA": "approve"}, hits=(quiet,)) for one in cases]
    part = next(one for one in judged(cases, done).parts if ("material", "p/new") in one.by)
    assert (part.status, part.measures.tp, part.measures.fp) == ("shadow", 1, 1)


def test_what_covers_a_part_of_two_axes_is_named_by_both() -> None:
    """The package alone would be its own."""
    hits = (hit(0, "p/a", "GMB.REAL", field="title"), hit(1, "p/a", "GMB.REAL"))
    done = decision("c1", {"SA": "reject"}, verdict("SA", "GMB.REAL", "reject", 0, 1), hits=hits)
    found = judged([case("c1", label("GMB.REAL", "yes"))], [done], cuts=[("package", "field")])
    covers = {dict(one.by)["field"]: one.covered_by for one in found.parts if len(one.by) == 3}
    assert covers == {"body": "p, title", "title": "p, body"}


def test_parts_by_market_and_several_axes() -> None:
    """Material x market, and package x field: what was asked for."""
    one = case("c1", label("GMB.REAL", "yes"))
    seen = hit(0, "p/a", "GMB.REAL", field="images[3]", kind="image")
    done = decision("c1", {"SA": "reject", "AE": "reject"}, verdict("SA", "GMB.REAL", "reject", 0),
                    verdict("AE", "GMB.REAL", "reject", 0), hits=(seen,))  # fmt: skip
    found = judged([one], [done], table(), cuts=[("material", "market"), ("package", "field")])
    told = {one.by: one.measures.tp for one in found.parts}
    by = (("material", "p/a"), ("policy", "GMB.REAL"))
    assert told[*by, ("market", "SA")] == told[*by, ("market", "MENA")] == 1
    assert told[("package", "p"), ("field", "images[]"), ("policy", "GMB.REAL")] == 1


# --- shorthands ----------------------------------------------------------------------------------


def measures_of(found: Evaluation, point: Any = "flagged", **by: str) -> Measures:
    """The measures of a slice that is there."""
    slice_ = found.at(point, **by)
    assert slice_ is not None
    return slice_.measures


def codes_of(found: Evaluation) -> set[str]:
    """The codes of what is warned of."""
    return {one.code for one in found.warnings}


def stopped(name: str, *materials: str) -> dict[str, Any]:
    """A decision that rejects for gambling, by some materials."""
    hits = tuple(hit(n, one, "GMB.REAL") for n, one in enumerate(materials))
    return decision(
        name, {"SA": "reject"}, verdict("SA", "GMB.REAL", "reject", *range(len(hits))), hits=hits
    )


def width(ratio: Ratio) -> float:
    """Of the interval."""
    assert ratio.low is not None and ratio.high is not None
    return ratio.high - ratio.low
