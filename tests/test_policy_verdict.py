"""Verdicts: which row applies, what each stance asks, and what a market does in the end."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.model.decision import MarketOutcome, NotEvaluated, Verdict
from automod.model.facts import Certificate, Facts
from automod.model.ruleset import PolicyCode, PolicyTable, Row
from automod.model.vocabulary import ACTION_RANK, ACTIONS, STANCES, Action, Stance
from automod.policy.score import Evidence
from automod.policy.verdict import Policy

DAY = date(2026, 11, 20)
OLD, NEW = date(2026, 1, 1), date(2027, 1, 1)
SOMEBODY = Facts("c1", ("SA",), "adv-1")


def row(*stances: Stance, market: str | None = None, **more: Any) -> Row:
    """A row, named by its market."""
    return Row(f"X/{market or 'default'}", market, stances, "law", "https://example.org", **more)


def policy(default: Row, *rows: Row, **table: Any) -> Policy:
    """A policy with one code."""
    code = PolicyCode("X", {"en": "X"}, "high", default, rows=rows)
    return Policy(PolicyTable({"X": code}, **table))


def verdict(
    asked: Policy, value: float, facts: Facts = SOMEBODY, market: str = "SA", on: date = DAY
) -> Verdict:
    """The verdict on one hit."""
    evidence = {"X": [Evidence(4, "p/a", value, "body", 0, 6)]}
    (only,) = asked.verdicts(market, on, evidence, facts)
    return only


def brought(**certificate: Any) -> Facts:
    """Facts with a certificate for X."""
    return replace(SOMEBODY, certificates=(Certificate("X", **certificate),))


CERT = row("certificate")
AGE = row("age_gate", min_age=18)
LIMITED = row("limited", limits=("quiet", "no-bonus"))
ALL = row("certificate", "age_gate", "limited", min_age=21, limits=("quiet",))
ADULTS = replace(SOMEBODY, min_age=18)

STANCE_TABLE: list[tuple[str, Row, Facts, float, Action, str]] = [
    ("under review", row("prohibited"), SOMEBODY, 0.49, "approve", "below_review"),
    ("prohibited, review", row("prohibited"), SOMEBODY, 0.5, "review", "prohibited_suspected"),
    ("prohibited, below act", row("prohibited"), SOMEBODY, 0.84, "review", "prohibited_suspected"),
    ("prohibited, act", row("prohibited"), SOMEBODY, 0.85, "reject", "prohibited"),
    ("no certificate, review", CERT, SOMEBODY, 0.6, "review", "certificate_missing"),
    ("no certificate, act", CERT, SOMEBODY, 0.9, "reject", "certificate_missing"),
    ("certificate", CERT, brought(), 0.9, "approve", "allowed"),
    ("for this market", CERT, brought(market="SA"), 0.9, "approve", "allowed"),
    ("for its group", CERT, brought(market="GCC"), 0.9, "approve", "allowed"),
    ("for another market", CERT, brought(market="AE"), 0.9, "reject", "certificate_wrong_market"),
    ("its holder", CERT, brought(holder="adv-1"), 0.9, "approve", "allowed"),
    ("another holder", CERT, brought(holder="adv-2"), 0.9, "reject", "certificate_wrong_holder"),
    ("until today", CERT, brought(until=DAY), 0.9, "approve", "allowed"),
    ("from today", CERT, brought(from_=DAY), 0.9, "approve", "allowed"),
    ("expired", CERT, brought(until=OLD), 0.9, "reject", "certificate_expired"),
    ("expired, review", CERT, brought(until=OLD), 0.6, "review", "certificate_expired"),
    ("not yet valid", CERT, brought(from_=NEW), 0.9, "reject", "certificate_not_yet_valid"),
    ("for another code", CERT, replace(SOMEBODY, certificates=(Certificate("Y"),)), 0.9,
     "reject", "certificate_missing"),
    ("age unknown", AGE, SOMEBODY, 0.6, "restrict", "age_gate"),
    ("age too low", AGE, replace(SOMEBODY, min_age=17), 0.9, "restrict", "age_gate"),
    ("age met", AGE, ADULTS, 0.9, "approve", "allowed"),
    ("limited, review", LIMITED, ADULTS, 0.6, "review", "limited"),
    ("limited, act", LIMITED, ADULTS, 0.9, "review", "limited"),
    ("allowed", row("allowed"), SOMEBODY, 0.95, "approve", "allowed"),
    ("nothing met", ALL, SOMEBODY, 0.9, "reject", "certificate_missing"),
    ("certificate before limits", ALL, SOMEBODY, 0.6, "review", "certificate_missing"),
    ("limits are left", ALL, replace(brought(), min_age=21), 0.9, "review", "limited"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asks", "facts", "value", "action", "code"),
    [case[1:] for case in STANCE_TABLE],
    ids=[case[0] for case in STANCE_TABLE],
)
def test_stances(asks: Row, facts: Facts, value: float, action: Action, code: str) -> None:
    """Each condition asks what the table of stances says; the strictest unmet one is the answer."""
    asked = policy(asks, groups={"GCC": ("SA", "AE")})
    found = verdict(asked, value, facts)
    assert (found.action, found.reason.code) == (action, code)
    assert verdict(asked, value, facts) == found  # the remembered answer is the same
    assert found.threshold == (0.85 if value >= 0.85 else 0.5)


def test_a_verdict_says_what_it_rests_on() -> None:
    """A verdict carries score, row, ground, source, hits, policy and the first field."""
    evidence = [
        Evidence(7, "p/b", 0.5, "title", 0, 3),
        Evidence(2, "p/rule", 0.2),
        Evidence(3, "p/a", 0.5, "body", 0, 3),
    ]
    (found,) = policy(row("prohibited")).verdicts("SA", DAY, {"X": evidence}, SOMEBODY)
    assert (found.market, found.policy, found.severity) == ("SA", "X", "high")
    assert (found.row, found.ground, found.source) == ("X/default", "law", "https://example.org")
    assert (found.score, found.because) == (0.8, (2, 3, 7))
    assert found.reason.values == {"policy": "X", "field": "body"}


def test_no_field_no_value() -> None:
    """A hit without a field (a rule over facts) gives a reason without one."""
    (found,) = policy(row("prohibited")).verdicts(
        "SA", DAY, {"X": [Evidence(0, "p/r", 0.9)]}, SOMEBODY
    )
    assert found.reason.values == {"policy": "X"}


def test_values_of_reasons() -> None:
    """Ages, limits and certificates stand in the reason where they apply."""
    values = verdict(policy(ALL), 0.9).reason.values
    assert values == {"policy": "X", "field": "body", "min_age": 21, "limits": ("quiet",)}
    values = verdict(policy(CERT), 0.9, brought(number="7", until=OLD)).reason.values
    assert (values["number"], values["until"]) == ("7", "2026-01-01")
    assert "min_age" not in verdict(policy(AGE), 0.9, ADULTS).reason.values
    assert "min_age" not in verdict(policy(AGE), 0.4).reason.values


def test_nobody_gets_what_is_remembered() -> None:
    """Changing the values of one decision changes no later one."""
    asked = policy(LIMITED)
    verdict(asked, 0.9).reason.values["limits"] = ("spoilt",)
    assert verdict(asked, 0.9).reason.values["limits"] == ("no-bonus", "quiet")


def test_nearest_certificate_is_the_reason() -> None:
    """Of several certificates that will not do the one nearest to it is named, in any order."""
    wrong = (
        Certificate("X", market="AE"),
        Certificate("X", until=OLD, number="1"),
        Certificate("X", until=date(2026, 6, 1), number="2"),
        Certificate("X", holder="adv-2"),
    )
    for some in (wrong, wrong[::-1]):
        found = verdict(policy(CERT), 0.9, replace(SOMEBODY, certificates=some))
        assert (found.reason.code, found.reason.values["number"]) == ("certificate_expired", "2")
    held = (*wrong, Certificate("X"))
    assert verdict(policy(CERT), 0.9, replace(SOMEBODY, certificates=held)).action == "approve"


GROUPS = {"GCC": ("SA", "AE"), "MENA": ("GCC", "EG"), "RICH": ("SA", "US")}
DEFAULT = row("allowed")

ROWS: list[tuple[str, tuple[Row, ...], str, list[str]]] = [
    ("default", (), "SA", ["X/default"]),
    ("another market's", (row("prohibited", market="AE"),), "SA", ["X/default"]),
    ("the market beats its group", (row("prohibited", market="GCC"), row("allowed", market="SA")),
     "SA", ["X/SA"]),
    ("a sub-market beats its parent", (row("allowed", market="US"), row("limited", market="US-NV")),
     "US-NV", ["X/US-NV"]),
    ("a parent beats a group", (row("allowed", market="US"), row("limited", market="RICH")),
     "US-NV", ["X/US"]),
    ("a parent's group beats the default", (row("limited", market="RICH"),), "US-NV", ["X/RICH"]),
    ("an inner group wins", (row("prohibited", market="MENA"), row("allowed", market="GCC")),
     "SA", ["X/GCC"]),
    ("the outer group where the inner says nothing", (row("prohibited", market="MENA"),),
     "SA", ["X/MENA"]),
    ("unrelated groups both apply", (row("limited", market="RICH"), row("allowed", market="GCC")),
     "SA", ["X/GCC", "X/RICH"]),
    ("before its time", (row("prohibited", market="SA", from_=NEW),), "SA", ["X/default"]),
    ("after its time", (row("prohibited", market="SA", until=OLD),), "SA", ["X/default"]),
    ("on its first and last day", (row("prohibited", market="SA", from_=DAY, until=DAY),),
     "SA", ["X/SA"]),
    ("a group's, when the market's has ended",
     (row("prohibited", market="SA", until=OLD), row("limited", market="GCC")), "SA", ["X/GCC"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "market", "expected"), [case[1:] for case in ROWS], ids=[case[0] for case in ROWS]
)
def test_rows(rows: tuple[Row, ...], market: str, expected: list[str]) -> None:
    """The most specific market wins: market, parent, group inside group, default."""
    for some in (rows, rows[::-1]):
        asked = policy(DEFAULT, *some, groups=GROUPS, parents={"US-NV": "US"})
        assert [one.id for one in asked.rows("X", market, DAY)] == expected


def test_of_unrelated_groups_the_stricter_decides() -> None:
    """Where two groups speak the stricter answer counts, and both ages and limits stay."""
    rich = row("age_gate", market="RICH", min_age=21)
    gulf = row("limited", "age_gate", market="GCC", min_age=18, limits=("quiet",))
    asked = policy(DEFAULT, rich, gulf, groups=GROUPS)
    found = verdict(asked, 0.9)
    assert (found.row, found.action) == ("X/GCC", "review")
    assert (found.reason.values["min_age"], found.reason.values["limits"]) == (21, ("quiet",))
    # The stricter for this creative: a certificate it has asks less than an age it has not set.
    asked = policy(DEFAULT, rich, row("certificate", market="GCC"), groups=GROUPS)
    assert verdict(asked, 0.9).row == "X/GCC"
    assert verdict(asked, 0.9, brought()).row == "X/RICH"


def test_a_row_changes_with_the_day() -> None:
    """One policy judges two days differently, and remembers each for itself."""
    asked = policy(DEFAULT, row("prohibited", market="SA", from_=NEW))
    assert [verdict(asked, 0.9, on=on).action for on in (DAY, NEW, DAY)] == [
        "approve", "reject", "approve",
    ]  # fmt: skip


def test_plans_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered of dates and markets does not grow without end."""
    monkeypatch.setattr("automod.policy.verdict._PLANS_KEPT", 10)
    monkeypatch.setattr("automod.policy.verdict._VERDICTS_KEPT", 10)
    asked = policy(AGE)
    for day in range(1, 29):
        found = verdict(asked, 0.9, replace(SOMEBODY, min_age=day), on=date(2026, 2, day))
        assert found.action == ("approve" if day >= 18 else "restrict")
        verdict(asked, 0.9, replace(SOMEBODY, min_age=-day))
    assert len(asked._plans) <= 10
    assert all(len(plan.made) <= 10 for plans in asked._plans.values() for plan in plans.values())


def test_codes_come_in_order() -> None:
    """Verdicts come by code; an unknown code is an error, not silence."""
    codes = {code: PolicyCode(code, {}, "low", row("prohibited")) for code in ("B", "A", "C")}
    asked = Policy(PolicyTable(codes))
    evidence = {code: [Evidence(0, "p/a", 0.9, "body", 0, 1)] for code in ("C", "B", "A")}
    assert [v.policy for v in asked.verdicts("SA", DAY, evidence, SOMEBODY)] == ["A", "B", "C"]
    assert asked.verdicts("SA", DAY, {}, SOMEBODY) == ()
    with pytest.raises(KeyError):
        asked.verdicts("SA", DAY, {"Z": evidence["A"]}, SOMEBODY)


def test_caps_reach_the_score() -> None:
    """What a group adds is bounded in the verdict as well."""
    evidence = {"X": [Evidence(0, "p/a", 0.9, "body", 0, 1, (), "p/g")]}
    (found,) = policy(row("prohibited")).verdicts("SA", DAY, evidence, SOMEBODY, {"p/g": 0.6})
    assert (found.score, found.action) == (0.6, "review")


MISSED = NotEvaluated("body", "text.too_long", transient=False)


def test_outcome_of_nothing() -> None:
    """No verdict and nothing missed: approved, complete, unrestricted."""
    assert policy(DEFAULT).outcome((), ()) == MarketOutcome("approve", complete=True)


@pytest.mark.parametrize(
    ("not_evaluated", "action"),
    [
        ({"default": "review"}, "review"),
        ({"default": "restrict"}, "restrict"),
        ({"default": "restrict", "text.too_long": "reject"}, "reject"),
        ({"text.too_long": "restrict"}, "restrict"),
        ({"media.missing": "reject"}, "review"),
        ({"default": "approve"}, "review"),
        ({}, "review"),
    ],
)
def test_what_was_missed_is_never_clean(not_evaluated: dict[str, str], action: Action) -> None:
    """What was not evaluated has the table's action, or review, and is not complete."""
    asked = policy(DEFAULT, not_evaluated=not_evaluated)
    assert asked.outcome((), (MISSED,)) == MarketOutcome(action, complete=False)


def test_outcome_takes_the_strictest() -> None:
    """Verdicts and what was missed together: the strictest action; restrictions of all."""
    asked = policy(row("prohibited"), not_evaluated={"default": "restrict"})
    rejected, restricted = verdict(asked, 0.9), verdict(policy(AGE), 0.9)
    older = verdict(policy(row("age_gate", "limited", min_age=21, limits=("quiet", "late"))), 0.9)
    assert asked.outcome((restricted,)).restrictions == ({"kind": "age", "min": 18},)
    outcome = asked.outcome((restricted, rejected, older), (MISSED,))
    assert (outcome.action, outcome.complete) == ("reject", False)
    assert outcome.restrictions == (
        {"kind": "age", "min": 21},
        {"kind": "limit", "limit": "late"},
        {"kind": "limit", "limit": "quiet"},
    )
    assert asked.outcome((verdict(policy(AGE), 0.9, ADULTS),)).restrictions == ()


STANCE_SETS = st.lists(st.sampled_from(STANCES), min_size=1, unique=True)
FACTS = st.builds(
    Facts,
    st.just("c"),
    st.just(("SA",)),
    st.sampled_from([None, "adv-1"]),
    st.sampled_from([(), (Certificate("X"),), (Certificate("X", until=OLD),)]),
    st.sampled_from([None, 17, 18]),
)


@given(STANCE_SETS, FACTS, st.floats(0.01, 1), st.floats(0.01, 1))
def test_more_risk_is_never_milder(
    stances: list[Stance], facts: Facts, one: float, other: float
) -> None:
    """A higher score never gives a milder action."""
    asked = policy(row(*stances, min_age=18, limits=("quiet",)))
    low, high = (verdict(asked, value, facts).action for value in sorted((one, other)))
    assert ACTION_RANK[low] <= ACTION_RANK[high]


@given(STANCE_SETS, STANCE_SETS, FACTS, st.sampled_from([0.3, 0.6, 0.9]))
def test_more_conditions_are_never_milder(
    stances: list[Stance], more: list[Stance], facts: Facts, value: float
) -> None:
    """A row that asks for more gives no milder action; each condition alone would be met first."""
    both = [*stances, *(stance for stance in more if stance not in stances)]
    asked: dict[str, Any] = {"min_age": 18, "limits": ("quiet",)}
    one = verdict(policy(row(*stances, **asked)), value, facts).action
    two = verdict(policy(row(*both, **asked)), value, facts).action
    assert ACTION_RANK[one] <= ACTION_RANK[two]
    alone = [verdict(policy(row(stance, **asked)), value, facts).action for stance in both]
    assert two == max(alone, key=ACTIONS.index)
