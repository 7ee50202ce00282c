"""The brake: what hits far more than expected is switched to shadow, and what does not stays on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from math import exp, log
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from benchmarks import brake as brake_benchmark
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate  # type: ignore[import-untyped]

from automod.cli import exits
from automod.engine.compile import VERSIONS, compile
from automod.errors import InputError
from automod.load.judged_logs import judged_logs
from automod.load.ruleset import load
from automod.model.canonical import digest
from automod.model.counters import OTHER, Counters
from automod.model.decision import Decision, Hit, MarketOutcome
from automod.model.hitlog import hit_rows
from automod.model.ruleset import Condition, Override, Rule, Ruleset, Scope
from automod.monitor.brake import Watched, watch
from automod.monitor.expected import Expectation, expectations
from automod.monitor.judged import Where, judged
from automod.monitor.sequential import log_e, log_threshold
from automod.policy.markets import Markets
from automod.workshop.audit import append, read, same_but_for_overrides
from automod.workshop.switch_off import Order, switch_off, undo
from command import run, write_rules
from rulesets import CODE, TABLE, material, package, ruleset

NOW: Final = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
TODAY: Final = NOW.date()
SIGNED: Final = ("--by", "on-call", "--ticket", "AUTO")


# --- the test ------------------------------------------------------------------------------------


@pytest.mark.parametrize("expected", [0.0005, 0.02, 0.3])
@pytest.mark.parametrize("share", [0.2, 0.6, 1.0])
def test_while_the_rate_is_at_most_as_expected_the_e_value_does_not_grow(
    expected: float, share: float
) -> None:
    """After any creatives so far, its mean after the next is at most what it is: a fair game."""
    rate = expected * share
    for creatives, hits in [(0, 0), (10, 0), (10, 4), (500, 30), (5_000, 1)]:
        now, hit, missed = (
            exp(float(log_e(np.array([k]), np.array([n]), expected)[0]))
            for k, n in [(hits, creatives), (hits + 1, creatives + 1), (hits, creatives + 1)]
        )
        assert rate * hit + (1 - rate) * missed <= now * (1 + 1e-9)


def test_it_is_a_mean_of_likelihood_ratios() -> None:
    """Of rates above the expected one, a quarter of log-odds apart."""
    odds = [log(0.02 / 0.98) + 0.25 * step for step in range(1, 41)]
    rates = [1 / (1 + exp(-one)) for one in odds]
    ratios = [(p / 0.02) ** 30 * ((1 - p) / 0.98) ** 470 for p in rates]
    found = float(log_e(np.array([30]), np.array([500]), 0.02)[0])
    assert found == pytest.approx(log(np.mean(ratios)))


@pytest.mark.parametrize("rate", [0.05, 0.2])
def test_it_loses_little_to_a_mixture_of_all_rates(rate: float) -> None:
    """Against the integral over every rate in the place of forty it is within a factor of 20."""
    hits, creatives = int(500 * rate), 500

    def ratio(p: float) -> float:
        return float((p / 0.02) ** hits * ((1 - p) / 0.98) ** (creatives - hits))

    whole = integrate.quad(ratio, 0.02, 1, points=[rate])[0] / 0.98
    found = float(log_e(np.array([hits]), np.array([creatives]), 0.02)[0])
    assert abs(found - log(whole)) < log(20)


@given(st.integers(0, 400), st.integers(1, 400), st.floats(0.001, 1))
def test_more_hits_are_more_evidence(hits: int, more: int, expected: float) -> None:
    """And of what is expected always there is none."""
    n = np.array([1_000, 1_000])
    one, other = log_e(np.array([hits, hits + more]), n, expected)
    assert other >= one if expected < 1 else other == one == 0


def test_false_alarms_are_as_rare_as_stated_however_often_one_looks() -> None:
    """2,000 honest materials at their rate, looked at after each of 40 windows: at most alpha."""
    rng = np.random.default_rng(20261122)
    for rate in (0.002, 0.02):
        hits = rng.binomial(500, rate, (2_000, 40)).cumsum(axis=1)
        creatives = np.broadcast_to(500 * np.arange(1, 41), hits.shape)
        told = log_e(hits.ravel(), creatives.ravel(), rate).reshape(hits.shape)
        alarms = int((told.max(axis=1) >= log_threshold(0.05, 1)).sum())
        assert alarms <= 0.05 * 2_000


@pytest.mark.parametrize("materials", [1, 1_000, 100_000])
def test_what_hits_a_fifth_of_all_ads_is_found_in_one_window(materials: int) -> None:
    """However many materials there are: 1,000 planted ones, each in the first 500 creatives."""
    rng = np.random.default_rng(7)
    hits = rng.binomial(500, 0.2, 1_000)
    told = log_e(hits, np.full(1_000, 500), 0.02)
    assert (told >= log_threshold(0.05, materials)).all()


def test_the_benchmark_of_the_brake_agrees() -> None:
    """Planted ones are told in window 1, honest ones nearly never."""
    assert (brake_benchmark.told(0.2, 0.02, 200, 100_000) == 1).all()
    assert (brake_benchmark.told(0.02, 0.02, 200, 1) > 0).sum() <= 10


# --- what is expected ----------------------------------------------------------------------------


def _one(**more: Any) -> Ruleset:
    return ruleset(package([replace(material("casino"), **more)]))


Row = tuple[Ruleset, list[tuple[str, float, str]]]

ROWS: Final[Mapping[str, Row]] = {
    "nothing is known of it": (_one(), []),
    "its own rate": (_one(expected_rate=0.1), [("p/m", 0.1, "written")]),
    "written before young": (
        _one(expected_rate=0.1, about={"added": "2026-11-22"}), [("p/m", 0.1, "written")],
    ),
    "added today": (_one(about={"added": "2026-11-22"}), [("p/m", 0.02, "young")]),
    "from yesterday": (_one(scope=Scope(from_=date(2026, 11, 21))), [("p/m", 0.02, "young")]),
    "not yet": (_one(scope=Scope(from_=date(2026, 11, 23))), []),
    "over": (_one(scope=Scope(until=date(2026, 11, 21)), expected_rate=0.1), []),
    "in shadow": (_one(status="shadow", expected_rate=0.1), []),
    "young and a signal": (_one(weight=0.0, about={"added": "2026-11-22"}), []),
    "young and of no code": (_one(policies=(), about={"added": "2026-11-22"}), []),
    "its package's": (
        ruleset(replace(package([material("casino")]), expected_rate=0.3)),
        [("p/m", 0.3, "written")],
    ),
    "back from an override": (
        replace(_one(), overrides=(Override("O", "p/m", "me", "T", status="shadow",
                                            until=date(2026, 11, 21)),)),
        [("p/m", 0.02, "young")],
    ),
    "the rule of a need": (
        ruleset(replace(package([material("casino", weight=0.0)]), rules=(
            Rule("p/m+needs", Condition("material", "p/m"), 0.9, (CODE,), expected_rate=0.2),))),
        [("p/m+needs", 0.2, "written")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_what_material_is_held_to(name: str) -> None:
    """Its own rate, else its package's, else 2 % where it adds to a score and is young."""
    rules, expected = ROWS[name]
    found = expectations(rules, TODAY, {})
    assert [(one.id, one.rate, one.why) for one in found] == expected


def test_what_was_approved_today_is_young() -> None:
    """The days are those of the approval and the one after it."""
    found = expectations(_one(), TODAY, {"p/m": date(2026, 11, 21)})
    assert found[0].scopes[-1] == Scope(from_=date(2026, 11, 21), until=date(2026, 11, 22))


# --- what was judged -----------------------------------------------------------------------------


def decision(
    n: int, hits: Sequence[str], *, markets: Sequence[str] = ("SA",), on: str = "2026-11-22",
    by: str = "sha256:0", status: Any = "live", allowed_by: str | None = None,
) -> Decision:  # fmt: skip
    """A decision on creative n, hit by some materials."""
    made = tuple(
        Hit(k, name, "1", (CODE,), status, "keyword", "body", 0, 6, None, "safe",
            allowed_by=allowed_by)
        for k, name in enumerate(hits)
    )  # fmt: skip
    outcome = MarketOutcome("approve", complete=True)
    return Decision(
        f"c{n}", n, on, by, "approve", dict.fromkeys(markets, outcome), (), made
    )  # fmt: skip


def write_decisions(path: Path, decisions: Sequence[Decision]) -> Path:
    """A file of decisions."""
    path.write_text("".join(f"{one.to_json()}\n" for one in decisions), "utf-8")
    return path


def watched(path: Path, rules: Ruleset, held: Sequence[Expectation], **more: Any) -> Watched:
    """What is over, of a file."""
    of_log = more.pop("of_log", None)
    seen = judged(judged_logs([path]), lambda one: one == "sha256:0", of_log=of_log)
    return watch(rules, held, seen, TODAY, **more)


def held_to(rate: float, *scopes: Scope, name: str = "p/m") -> Expectation:
    """A material that is held to a rate."""
    return Expectation(name, name, rate, "written", scopes, (CODE,))


def every(n: int, fifth: int = 5) -> list[str]:
    """What hits creative n: the broad material each fifth, the honest one each hundredth."""
    return [*(["p/m"] if n % fifth == 0 else []), *(["p/n"] if n % 100 == 0 else [])]


@pytest.mark.parametrize("source", ["decisions", "counts", "hits"])
def test_all_sorts_of_logs_tell_the_same(tmp_path: Path, source: str) -> None:
    """Decisions, their counts, and their hits with the number of creatives."""
    made = [decision(n, every(n)) for n in range(1_000)]
    path, of_log = tmp_path / "log.jsonl", None
    if source == "decisions":
        write_decisions(path, made)
    elif source == "counts":
        path, counters = tmp_path / "counts.json", Counters()
        for one in made:
            counters.add(one)
        path.write_text(json.dumps(counters.to_dict()), "utf-8")
    else:
        rows = [json.dumps(row) for one in made for row in hit_rows(one)]
        path.write_text("\n".join(rows), "utf-8")
        of_log = 1_000
    held = [held_to(0.02), held_to(0.02, name="p/n")]
    found = watched(path, _one(), held, of_log=of_log)
    at = (1, 1_000, 200) if source == "counts" else (1, 500, 100)
    assert [(one.target, one.window, one.creatives, one.hits) for one in found.over] == [
        ("p/m", *at)
    ]


def test_hits_that_count_nothing_and_creatives_that_come_again_do_not_count(
    tmp_path: Path,
) -> None:
    """Under an allow; and one creative, judged a hundred times, is one."""
    allowed = [decision(n, ["p/m"], allowed_by="p/a") for n in range(500)]
    again = [decision(n % 10, ["p/m"] if n % 10 == 0 else []) for n in range(1_000)]
    held = [held_to(0.02)]
    assert not watched(write_decisions(tmp_path / "a.jsonl", allowed), _one(), held).over
    found = watched(write_decisions(tmp_path / "b.jsonl", again), _one(), held)
    assert (found.over, found.creatives, found.windows) == ((), 10, 0)


def test_hits_in_shadow_count(tmp_path: Path) -> None:
    """A ramp is braked by what it would do to all: nine of ten hits of its tenth are in shadow."""
    made = [decision(n, every(n), status="live" if n % 10 == 0 else "shadow") for n in range(500)]
    found = watched(write_decisions(tmp_path / "a.jsonl", made), _one(), [held_to(0.02)])
    assert [one.hits for one in found.over] == [100]


def test_only_creatives_in_scope_count(tmp_path: Path) -> None:
    """Ten of the hundred that run in the UAE are a tenth, of five hundred in all a fiftieth."""
    made = [
        decision(n, ["p/m"] if n < 10 else [], markets=["AE"] if n < 100 else ["SA"])
        for n in range(500)
    ]
    path = write_decisions(tmp_path / "a.jsonl", made)
    inside = Scope(markets=("AE",))
    assert watched(path, _one(), [held_to(0.02, inside)]).over[0].creatives == 100
    assert watched(path, _one(), [held_to(0.02)]).over == ()


def test_young_material_is_judged_by_the_days_on_which_it_is_young(tmp_path: Path) -> None:
    """And not before 500 creatives of these days."""
    rules = _one(about={"added": "2026-11-22"})
    held = expectations(rules, TODAY, {})
    few = [decision(n, ["p/m"], on="2026-11-22" if n < 499 else "2026-11-21") for n in range(999)]
    enough = [decision(n, every(n), on="2026-11-22") for n in range(500)]
    assert not watched(write_decisions(tmp_path / "a.jsonl", few), rules, held).over
    assert watched(write_decisions(tmp_path / "b.jsonl", enough), rules, held).over


def test_a_hit_log_alone_is_refused_with_what_would_do(tmp_path: Path) -> None:
    """And a number that cannot be."""
    rows = [json.dumps(row) for n in range(100) for row in hit_rows(decision(n, ["p/m"]))]
    path = tmp_path / "hits.jsonl"
    path.write_text("\n".join(rows), "utf-8")
    with pytest.raises(InputError, match=r"give the decisions .* or say how many"):
        judged(judged_logs([path]), bool)
    with pytest.raises(InputError, match="creative 100 was hit, so that more than --judged 50"):
        judged(judged_logs([path]), bool, of_log=50)


def _counts(path: Path, *decisions: Decision) -> Path:
    counters = Counters()
    for one in decisions:
        counters.add(one)
    path.write_text(json.dumps(counters.to_dict()), "utf-8")
    return path


def test_creatives_that_other_rules_judged_before_count_where_these_judged_them(
    tmp_path: Path,
) -> None:
    """A catalogue is judged again by new rules: the log of the old ones hides nothing."""
    old = [decision(n, [], by="sha256:old") for n in range(500)]
    new = [decision(n, every(n)) for n in range(500)]
    found = watched(write_decisions(tmp_path / "a.jsonl", old + new), _one(), [held_to(0.02)])
    assert [(one.creatives, one.hits) for one in found.over] == [(500, 100)]
    assert (found.creatives, found.others) == (500, {})
    rows = [json.dumps(row) for one in old + new for row in hit_rows(one)]
    rows += [json.dumps(row) for row in hit_rows(decision(0, ["p/m"], by="sha256:older"))]
    (tmp_path / "hits.jsonl").write_text("\n".join(reversed(rows)), "utf-8")
    logged_ = watched(tmp_path / "hits.jsonl", _one(), [held_to(0.02)], of_log=500)
    assert [one.hits for one in logged_.over] == [100]


def test_no_creative_counts_twice(tmp_path: Path) -> None:
    """Decisions beside their counts, and counts beside themselves, would double the evidence."""
    made = [decision(n, every(n)) for n in range(20)]
    log = write_decisions(tmp_path / "a.jsonl", made)
    counts, again = (_counts(tmp_path / name, *made) for name in ("a.json", "b.json"))
    for several in ([log, counts], [counts, again], [counts, counts]):
        with pytest.raises(InputError, match=r"a\.json .*: give one of them"):
            judged(judged_logs(several), bool)
    other = _counts(tmp_path / "c.json", *(decision(n, [], on="2026-11-21") for n in range(20)))
    assert judged(judged_logs([log, other]), bool).creatives == 40


def test_counts_of_markets_that_came_late_are_in_every_scope(tmp_path: Path) -> None:
    """Nobody knows which they were: too many creatives make no false alarm, too few would."""
    late = [decision(n, ["p/m"] if n < 10 else [], markets=[OTHER]) for n in range(500)]
    path = _counts(tmp_path / "a.json", *late)
    inside = Scope(markets=("SA",))
    seen = judged(judged_logs([path]), bool)
    assert seen.so_far(Where([inside], Markets(TABLE))).tolist() == [500]


def test_counts_that_cannot_be_are_refused(tmp_path: Path) -> None:
    """More creatives that were hit than there were."""
    path = _counts(tmp_path / "a.json", *(decision(n, ["p/m"]) for n in range(5)))
    path.write_text(path.read_text("utf-8").replace('"creatives": 5, "inc', '"creatives": 4, "inc'))
    with pytest.raises(InputError, match=r"a\.json: p/m hit 5 of 4 creatives on 2026-11-22"):
        judged(judged_logs([path]), bool)


# --- what is left on -----------------------------------------------------------------------------


def _many(count: int, severity: Any = "high") -> tuple[Ruleset, list[Expectation]]:
    names = [f"p/m{n}" for n in range(count)]
    table = replace(
        TABLE, codes={name: replace(one, severity=severity) for name, one in TABLE.codes.items()}
    )
    made = package([material(f"word{n}", name=name) for n, name in enumerate(names)])
    return Ruleset((made,), table), [held_to(0.02, name=name) for name in names]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [None, None, None, "too_many", "too_many"]),
        ({"most": 1}, [None, *["too_many"] * 4]),
        ({"most": 0}, ["too_many"] * 5),
    ],
)
def test_one_run_switches_off_only_so_many(
    tmp_path: Path, options: Any, expected: list[str | None]
) -> None:
    """The clearest first; a broken window must not switch everything off."""
    rules, held = _many(5)
    made = [
        decision(n, [f"p/m{k}" for k in range(5) if n % 10 <= k]) for n in range(500)
    ]  # fmt: skip
    found = watched(write_decisions(tmp_path / "a.jsonl", made), rules, held, **options)
    assert [one.left for one in found.over] == expected
    assert [one.target for one in found.over] == ["p/m4", "p/m3", "p/m2", "p/m1", "p/m0"]


@pytest.mark.parametrize(("critical", "left"), [(False, "critical"), (True, None)])
def test_critical_codes_are_left_on_unless_told(
    tmp_path: Path, critical: bool, left: str | None
) -> None:
    """They are told all the same."""
    rules, held = _many(1, "critical")
    path = write_decisions(tmp_path / "a.jsonl", [decision(n, ["p/m0"]) for n in range(500)])
    assert watched(path, rules, held, critical=critical).over[0].left == left


@pytest.mark.parametrize(
    ("order", "left"),
    [
        (Override("O", "p/m", "me", "T", status="shadow"), "off"),
        (Override("O", "p", "me", "T", status="retired"), "off"),
        (Override("O", "p/m", "me", "T", status="shadow", markets=("SA",)), None),
        (Override("O", "p/m", "me", "T", status="shadow", until=date(2026, 11, 21)), None),
        (Override("O", "p/m", "me", "T", weight=0.1), None),
    ],
)
def test_what_is_in_shadow_already_is_left(
    tmp_path: Path, order: Override, left: str | None
) -> None:
    """By an override for all markets that holds today."""
    rules = replace(_one(), overrides=(order,))
    path = write_decisions(tmp_path / "a.jsonl", [decision(n, ["p/m"]) for n in range(500)])
    assert watched(path, rules, [held_to(0.02)]).over[0].left == left


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is half past three on 22 November 2026."""
    monkeypatch.setattr("automod.cli.clock.now", lambda: NOW)


@pytest.fixture
def rules(tmp_path: Path) -> str:
    """The small ruleset with two new words: one far too broad, one honest."""
    folder = write_rules(tmp_path / "rules")
    path = Path(folder, "gambling.yaml")
    new = (
        "  - {id: broad, kind: keyword, value: our, weight: strong, added: 2026-11-22}\n"
        "  - {id: honest, kind: keyword, value: rare, weight: strong, expected_rate: 2%}\n"
    )
    text = path.read_text("utf-8").replace("materials:\n", f"materials:\n{new}")
    path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def logged(tmp_path: Path, rules: str) -> Path:
    """The decisions of these rules on 500 creatives: each fifth is hit, each hundredth rightly."""
    words = ["our cinema" if n % 5 == 0 else "a cinema" for n in range(500)]
    ads = [
        {"id": f"c{n}", "markets": ["SA"],
         "text": {"body": f"{word}{' rare' if n % 100 == 0 else ''}"}}
        for n, word in enumerate(words)
    ]  # fmt: skip
    decided = compile(load(rules)).decide_batch(ads, on=TODAY)
    return write_decisions(tmp_path / "decisions.jsonl", decided)


def digest_of(rules: str) -> str:
    """The digest of the rules in a folder."""
    return digest(load(rules), VERSIONS)


def test_a_broad_material_is_switched_to_shadow_within_one_window(rules: str, logged: Path) -> None:
    """An override is written, signed and told of; the honest one stays on."""
    before = digest_of(rules)
    result = run("monitor", str(logged), "-r", rules, *SIGNED, "--for", "24h")
    assert result.exit_code == exits.NO
    assert "gambling/broad: hit 100 of 500 creatives (20 %)" in result.stdout
    assert "honest" not in result.stdout
    override = next(one for one in load(rules).overrides if one.id == "AUTO")
    assert (override.target, override.status, override.by) == (
        "gambling/broad",
        "shadow",
        "on-call",
    )
    assert override.until == date(2026, 11, 23)
    line = read(Path(rules, "overrides.audit.jsonl"))[-1]
    assert (line["before"], line["after"]) == (before, digest_of(rules))
    assert (line["when"], line["dry_run"]) == ("2026-11-22T15:30:00Z", False)
    seen = {"window", "creatives", "hits", "expected", "log10_e", "log10_threshold", "alpha"}
    assert seen <= line["evidence"].keys()
    ad = {"id": "c1", "markets": ["SA"], "text": {"body": "our cinema"}}
    assert compile(load(rules)).decide(ad, TODAY).action == "approve"


def test_running_again_changes_nothing(rules: str, logged: Path) -> None:
    """The log of before counts still, and the material is in shadow already."""
    run("monitor", str(logged), "-r", rules, *SIGNED)
    before, audit = digest_of(rules), Path(rules, "overrides.audit.jsonl").read_bytes()
    again = run("monitor", str(logged), "-r", rules, *SIGNED)
    assert again.exit_code == exits.YES
    assert "is in shadow already" in again.stdout
    assert digest_of(rules) == before
    assert Path(rules, "overrides.audit.jsonl").read_bytes() == audit


def test_a_dry_run_writes_nothing_but_the_audit_that_is_named(
    rules: str, logged: Path, tmp_path: Path
) -> None:
    """It ends as the run would, and says what would be written."""
    before = {path: path.read_bytes() for path in Path(rules).rglob("*") if path.is_file()}
    audit = tmp_path / "audit.jsonl"
    result = run("monitor", str(logged), "-r", rules, "--dry-run", "--audit", str(audit))
    assert result.exit_code == exits.NO
    assert "nothing was written" in result.stdout
    after = {path: path.read_bytes() for path in Path(rules).rglob("*") if path.is_file()}
    assert after == before
    assert [one["dry_run"] for one in read(audit)] == [True]


def test_taken_back_in_one_command(rules: str, logged: Path) -> None:
    """The ruleset is the one before it, to the digest, which is printed."""
    before = digest_of(rules)
    run("monitor", str(logged), "-r", rules, *SIGNED)
    result = run("off", "--undo", "AUTO", "-r", rules, "--by", "n.fares")
    assert (result.exit_code, result.stdout.strip()) == (exits.YES, before)
    assert digest_of(rules) == before
    assert "as before AUTO" in result.stderr
    line = read(Path(rules, "overrides.audit.jsonl"))[-1]
    assert (line["did"], line["override"], line["by"]) == ("undone", "AUTO", "n.fares")
    assert line["after"] == before


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("INC-1", "", "was not written by 'automod off'"),
        ("AUTO", "# by hand\n", "was changed since it was written"),
        ("NOBODY", "", "there is no such override"),
        ("../policies", "", "was not written by 'automod off'"),
    ],
)
def test_only_what_was_written_so_is_taken_away(
    rules: str, logged: Path, name: str, change: str, expected: str
) -> None:
    """What people wrote or changed stays."""
    run("monitor", str(logged), "-r", rules, *SIGNED)
    if change:
        with Path(rules, "overrides", f"{name}.yaml").open("a") as file:
            file.write(change)
    before = digest_of(rules)
    with pytest.raises(InputError, match=expected):
        undo([rules], name, NOW)
    assert digest_of(rules) == before


def test_where_more_was_changed_since_the_undo_says_so(rules: str, logged: Path) -> None:
    """The override goes; the ruleset is another all the same."""
    run("monitor", str(logged), "-r", rules, *SIGNED)
    path = Path(rules, "gambling.yaml")
    path.write_text(path.read_text("utf-8").replace("2026.11.1", "2026.11.2"), "utf-8")
    told = run("off", "--undo", "AUTO", "-r", rules).stderr
    assert "before AUTO it was" in told


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((), "give --by, or --dry-run"),
        (("--dry-run", "--alpha", "0"), "above 0"),
        (("--dry-run", "--for", "1d", "--until", "2027-01-01"), "give one of"),
        (("--dry-run", "--for", "soon"), "no duration"),
    ],
)
def test_what_cannot_start(rules: str, logged: Path, flags: tuple[str, ...], expected: str) -> None:
    """With a sentence."""
    result = run("monitor", str(logged), "-r", rules, *flags)
    assert result.exit_code == exits.NOT_STARTED
    assert expected in result.stderr


def test_decisions_of_other_rules_alone_are_refused(rules: str, logged: Path) -> None:
    """Nothing that was watched must not look like nothing that was found."""
    path = Path(rules, "gambling.yaml")
    path.write_text(path.read_text("utf-8").replace("2026.11.1", "2026.11.2"), "utf-8")
    result = run("monitor", str(logged), "-r", rules, "--dry-run")
    assert result.exit_code == exits.NOT_STARTED
    assert "none of 500 creatives was judged by these rules" in result.stderr
    assert (
        run("monitor", str(logged), "-r", rules, "--dry-run", "--any-ruleset").exit_code == exits.NO
    )


def test_json_and_arabic(rules: str, logged: Path) -> None:
    """The same for machines, and for who reads Arabic."""
    told = json.loads(run("monitor", str(logged), "-r", rules, "--dry-run", "-f", "json").stdout)
    assert told["over"][0]["target"] == "gambling/broad"
    assert told["before"] == digest_of(rules) != told["after"]
    arabic = run("monitor", str(logged), "-r", rules, "--dry-run", "--lang", "ar").stdout
    assert "أصابت 100 من 500 إعلان" in arabic
    assert re.search("الدليل \u200e10\\^", arabic)


def test_rules_that_differ_by_overrides_alone_are_told_apart_from_others(tmp_path: Path) -> None:
    """Through several changes, there and back; dry runs join nothing."""
    path = tmp_path / "audit.jsonl"
    append(path, [{"schema": 1, "did": "switched_off", "before": "a", "after": "b"}])
    append(path, [{"schema": 1, "did": "switched_off", "before": "b", "after": "c"},
                  {"schema": 1, "did": "undone", "before": "c", "after": "d"},
                  {"schema": 1, "did": "switched_off", "before": "d", "after": "e",
                   "dry_run": True}])  # fmt: skip
    assert same_but_for_overrides("a", read(path)) == {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    "line",
    [
        b"{}", b"{", b'{"schema": 1}', b'{"schema": 1, "did": "undone", "before": ["a"]}',
        b'{"schema": 1, "did": "undone", "after": 5}', b"[" * 100_000, b"\xff",
    ],
)  # fmt: skip
def test_what_is_no_line_of_an_audit_is_told_with_its_number(line: bytes, tmp_path: Path) -> None:
    """Whoever edited the file finds it."""
    path = tmp_path / "audit.jsonl"
    append(path, [{"schema": 1, "did": "undone", "by": "who\u2028ever"}])
    with path.open("ab") as file:
        file.write(line)
    with pytest.raises(InputError, match="jsonl:2: is no line of an audit"):
        read(path)


def test_a_line_that_does_not_say_what_was_written_takes_nothing_back(
    rules: str, logged: Path, tmp_path: Path
) -> None:
    """An audit that was written by hand is no proof."""
    run("monitor", str(logged), "-r", rules, *SIGNED)
    audit = tmp_path / "audit.jsonl"
    append(audit, [{"schema": 1, "did": "switched_off", "override": "AUTO"}])
    with pytest.raises(InputError, match="was not written by 'automod off'"):
        undo([rules], "AUTO", NOW, audit=audit)


def test_what_another_override_still_holds_is_not_told_to_act_again(rules: str) -> None:
    """Of the material, of its package, or of its tag: they are named."""
    for ticket, target in (("T", "gambling/broad"), ("U", "gambling"), ("V", "gambling/honest")):
        run("off", target, "--for", "24h", "--by", "me", "--ticket", ticket, "-r", rules)
    first = run("off", "--undo", "T", "-r", rules).stderr
    assert "other overrides of gambling/broad are left: U" in first
    run("off", "--undo", "U", "-r", rules)
    assert "gambling/honest acts again" in run("off", "--undo", "V", "-r", rules).stderr


def test_of_rules_that_need_approval_the_digests_are_of_what_is_approved(rules: str) -> None:
    """Taken back, they are those that they were: monitoring goes on where it was."""
    order = Order("gambling/broad", "me", "T", until=TODAY)
    done = switch_off([rules], [order], NOW, approved=True)[0]
    back = undo([rules], "T", NOW)
    assert (back.before, back.after, back.meant) == (done.after, done.before, done.before)
    assert done.before != digest_of(rules)


def test_what_the_audit_cannot_be_told_of_is_not_done(
    rules: str, logged: Path, tmp_path: Path
) -> None:
    """An override without its line could not be taken back: there is none."""
    before = digest_of(rules)
    result = run(
        "monitor", str(logged), "-r", rules, *SIGNED, "--audit", str(tmp_path / "no" / "audit"),
    )  # fmt: skip
    assert result.exit_code == exits.NOT_STARTED
    assert digest_of(rules) == before
    assert not list(Path(rules).glob("overrides/AUTO*"))


# --- in simulation -------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_month_of_windows_in_simulation(tmp_path: Path) -> None:
    """Of 200 honest materials none is told, and 10 that are ten times too broad in window 1."""
    rng = np.random.default_rng(11)
    names = [f"p/m{n:03}" for n in range(210)]
    rates = np.where(np.arange(210) < 200, 0.01, 0.1)
    hit = rng.random((15_000, 210)) < rates
    made = [decision(n, [names[k] for k in np.flatnonzero(hit[n])]) for n in range(len(hit))]
    rules, _ = _many(1)
    held = [held_to(0.01, name=name) for name in names]
    found = watched(write_decisions(tmp_path / "a.jsonl", made), rules, held, most=99)
    assert [one.target for one in sorted(found.over, key=lambda one: one.target)] == names[200:]
    assert {one.window for one in found.over} == {1}
