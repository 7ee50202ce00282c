"""`automod diff`: what a change of the rules means for what is stopped and let through."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import automod
from automod.cli import exits
from automod.model.ruleset import Allow, Condition, Material, Package, Rule, Ruleset, Scope
from automod.workshop.directions import Effect, condition, of_field, of_override, turned
from automod.workshop.ruleset_diff import Change, ruleset_diff
from command import GAMBLING, OVERRIDE, POLICIES, run, write_rules
from rulesets import TABLE
from test_model_canonical import rulesets

ON = date(2026, 11, 20)
LATER = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def changes(old: Ruleset, new: Ruleset) -> dict[str, Change]:
    """What differs, by id."""
    return {one.id: one for one in ruleset_diff(old, new, ON).changes}


def files(folder: Path, name: str, **texts: str) -> Path:
    """The small ruleset in a folder of its own, some of its files as given."""
    home = folder / name
    write_rules(home)
    for file, text in texts.items():
        place = {"override": "overrides/INC-1.yaml"}.get(file, f"{file}.yaml")
        (home / place).write_text(text, encoding="utf-8")
    return home


@pytest.mark.parametrize(
    ("old", "new", "name", "sort", "effect"),
    [
        # materials
        ("value: casino, weight: strong", "value: casino, weight: weak", "gambling/casino",
         "loosened", "looser"),
        ("value: free spins, weight: medium", "value: free spins, weight: strong",
         "gambling/spins", "tightened", "tighter"),
        ("value: free spins", "value: free spins, view: exact", "gambling/spins", "loosened",
         "looser"),
        ("gap: 1", "gap: 2", "gambling/spins", "tightened", "tighter"),
        ("value: free spins", "value: free spin", "gambling/spins", "changed", "either"),
        ("markets: [AE]", "markets: [GCC]", "gambling/uae", "changed", "either"),
        ("markets: [AE], fields", "fields", "gambling/uae", "tightened", "tighter"),
        ("markets: [AE]", "markets: [AE, SA]", "gambling/uae", "tightened", "tighter"),
        (", fields: [title]", "", "gambling/uae", "tightened", "tighter"),
        ("from: 2027-01-01", "from: 2026-12-01", "gambling/later", "tightened", "tighter"),
        ("from: 2027-01-01", "from: 2027-01-01, until: 2027-02-01", "gambling/later", "loosened",
         "looser"),
        ("weight: strong, status: shadow", "weight: strong", "gambling/new", "tightened",
         "tighter"),
        ("value: casino, weight: strong", "value: casino, status: shadow, weight: strong",
         "gambling/casino", "loosened", "looser"),
        ("value: jackpot, weight: strong", "value: jackpot, weight: weak", "gambling/new", "noted",
         "none"),
        ("value: casino, weight: strong", "value: casino, weight: strong, note: x",
         "gambling/casino", "noted", "none"),
        ("materials:\n", "materials:\n  - {id: m2, kind: keyword, value: x1, weight: weak}\n",
         "gambling/m2", "added", "tighter"),
        ("materials:\n",
         "materials:\n  - {id: m2, kind: keyword, value: x1, weight: weak, status: shadow}\n",
         "gambling/m2", "added", "none"),
        ("  - {id: later, kind: keyword, value: roulette, weight: strong, from: 2027-01-01}\n", "",
         "gambling/later", "removed", "looser"),
        ("id: later,", "id: wheel,", "gambling/wheel", "moved", "none"),
        ("id: later, kind: keyword, value: roulette, weight: strong, from: 2027-01-01",
         "id: wheel, kind: keyword, value: Roulette, weight: weak", "gambling/wheel", "moved",
         "either"),
        # rules
        ("within: 10, weight: medium", "within: 10, weight: strong", "gambling/game-phone",
         "tightened", "tighter"),
        ("within: 10", "within: 5", "gambling/game-phone", "loosened", "looser"),
        ("within: 10, ", "", "gambling/game-phone", "tightened", "tighter"),
        ("{found: phone}", "{found: phone}, {tag: bonus}", "gambling/game-phone", "loosened",
         "looser"),
        ("{found: phone}", "{found: url}", "gambling/game-phone", "changed", "either"),
        # allows
        ("value: casino addiction", "value: casino addiction, view: loose", "gambling/help",
         "loosened", "looser"),
        ("value: casino addiction", "value: casino addiction, markets: [SA]", "gambling/help",
         "tightened", "tighter"),
        ("allow:\n", "allow:\n  - {id: a2, kind: phrase, value: casino royale}\n", "gambling/a2",
         "added", "looser"),
        ("  - {id: help, kind: phrase, value: casino addiction}", "  []", "gambling/help",
         "removed", "tighter"),
        # packages
        ("version: 2026.11.1", "version: 2026.11.2", "gambling", "noted", "none"),
        ("owner: tests", "owner: us", "gambling", "noted", "none"),
        ("owner: tests", "owner: tests\nmarkets: [SA]", "gambling", "loosened", "looser"),
        ("owner: tests", "owner: tests\nuntil: 2027-01-01", "gambling", "loosened", "looser"),
    ],
)  # fmt: skip
def test_a_change_of_a_package(
    tmp_path: Path, old: str, new: str, name: str, sort: str, effect: str
) -> None:
    """Which way it goes, and that it alone is told."""
    assert old in GAMBLING
    before = automod.load(files(tmp_path, "old"))
    after = automod.load(files(tmp_path, "new", gambling=GAMBLING.replace(old, new, 1)))
    found = changes(before, after)
    assert list(found) == [name]
    assert (found[name].sort, found[name].effect) == (sort, effect)


@pytest.mark.parametrize(
    ("old", "new", "name", "sort", "effect", "stances"),
    [
        ("review: 0.5", "review: 0.6", "review", "loosened", "looser", []),
        ("act: 0.85", "act: 0.8", "act", "tightened", "tighter", []),
        ("default: review", "default: reject", "not_evaluated", "tightened", "tighter", []),
        ("market: FR, stance: age_gate, min_age: 18", "market: FR, stance: age_gate, min_age: 21",
         "GMB.REAL/FR", "tightened", "tighter", [("FR", "tighter")]),
        ("market: MT, stance: allowed", "market: MT, stance: prohibited", "GMB.REAL/MT",
         "tightened", "tighter", [("MT", "tighter")]),
        ("market: GB, stance: [certificate, age_gate]", "market: GB, stance: age_gate",
         "GMB.REAL/GB", "loosened", "looser", [("GB", "looser")]),
        ("market: SA, stance: prohibited", "market: SA, stance: certificate", "GMB.REAL/SA",
         "loosened", "looser", [("SA", "looser")]),
        ("      - {market: MT, stance: allowed, ground: law}\n", "", "GMB.REAL/MT", "removed",
         "tighter", [("MT", "tighter")]),
        ("    rows:\n", "    rows:\n      - {market: KW, stance: allowed, ground: law}\n",
         "GMB.REAL/KW", "added", "looser", [("KW", "looser")]),
        ("    rows:\n",
         "    rows:\n      - {market: GCC, stance: age_gate, min_age: 18, ground: law}\n",
         "GMB.REAL/GCC", "added", "looser", [("AE", "looser"), ("KW", "looser")]),
        ("source: https://example.org/sa", "source: https://example.org/new", "GMB.REAL/SA",
         "noted", "none", []),
        ("severity: high", "severity: critical", "GMB.REAL", "noted", "none", []),
        ("severity: high", "severity: high\n    while_review: serve", "GMB.REAL", "loosened",
         "looser", []),
        ("[SA, AE, KW]", "[SA, AE]", "groups", "changed", "either", []),
    ],
)  # fmt: skip
def test_a_change_of_the_policy_table(
    tmp_path: Path, old: str, new: str, name: str, sort: str, effect: str,
    stances: list[tuple[str, str]],
) -> None:  # fmt: skip
    """Rows, thresholds, groups; and which market asks for more or less from that day on."""
    assert old in POLICIES
    before = automod.load(files(tmp_path, "old"))
    after = automod.load(files(tmp_path, "new", policies=POLICIES.replace(old, new, 1)))
    diff = ruleset_diff(before, after, ON)
    assert [(one.id.removesuffix("/always"), one.sort, one.effect) for one in diff.changes] == [
        (name, sort, effect)
    ]
    assert [(one.market, one.effect) for one in diff.stances] == stances


@pytest.mark.parametrize(
    ("old", "new", "sort"),
    [
        ("until: 2027-01-01", "until: 2027-02-01", "loosened"),
        ("until: 2027-01-01", "until: 2026-12-01", "tightened"),
        ("markets: [KW]\n", "", "loosened"),
        ("status: shadow", "status: retired", "loosened"),
        ("status: shadow", "status: shadow, weight: 0.1", "loosened"),
        ("by: tests", "by: us", "noted"),
    ],
)
def test_a_change_of_an_override(tmp_path: Path, old: str, new: str, sort: str) -> None:
    """It narrows: the more of it there is, the more is let through."""
    before = automod.load(files(tmp_path, "old"))
    after = automod.load(files(tmp_path, "new", override=OVERRIDE.replace(old, new, 1)))
    assert [(one.id, one.sort) for one in ruleset_diff(before, after, ON).changes] == [
        ("INC-1", sort)
    ]


def test_overrides_that_come_and_go(tmp_path: Path) -> None:
    """One that begins lets more through; one that ends stops it again."""
    one, other = files(tmp_path, "old"), files(tmp_path, "new")
    (other / "overrides/INC-1.yaml").unlink()
    old, new = automod.load(one), automod.load(other)
    (gone,), (come,) = changes(old, new).values(), changes(new, old).values()
    assert (gone.sort, gone.effect, come.sort, come.effect) == (
        "removed", "tighter", "added", "looser",
    )  # fmt: skip


def test_what_a_rule_makes_an_exception_for(tmp_path: Path) -> None:
    """More of it may let more through: which way it goes depends on the ads."""
    excepted = GAMBLING.replace("within: 10", "none: [{tag: bonus}]")
    more = excepted.replace("materials:\n", "materials:\n  - {id: m2, kind: keyword, value: x1, "
                            "weight: weak, tags: [bonus]}\n")  # fmt: skip
    old = automod.load(files(tmp_path, "old", gambling=excepted))
    new = automod.load(files(tmp_path, "new", gambling=more))
    assert changes(old, new)["gambling/m2"].effect == "either"


def test_a_package_that_comes_with_all_it_holds() -> None:
    """The package, and each of its parts."""
    material = Material("p/m", "keyword", "casino", 0.9)
    package = Package("p", "7", "owners", materials=(material,))
    found = changes(Ruleset((), TABLE), Ruleset((package,), TABLE))
    assert {name: one.sort for name, one in found.items()} == {"p": "added", "p/m": "added"}
    assert found["p"].what == "7, owners"


def test_a_material_that_goes_to_another_package() -> None:
    """Moved, with what it says otherwise there."""
    one, other = (
        Material("p/m", "keyword", "Casino", 0.9),
        Material("q/n", "keyword", "casino", 0.6),
    )
    old = Ruleset((Package("p", "1", "o", materials=(one,)), Package("q", "1", "o")), TABLE)
    new = Ruleset((Package("p", "1", "o"), Package("q", "1", "o", materials=(other,))), TABLE)
    (change,) = ruleset_diff(old, new, ON).changes
    assert (change.sort, change.was, change.id) == ("moved", "p/m", "q/n")
    assert [field.name for field in change.fields] == ["value", "weight"]


TAG, PHONE, URL = Condition("tag", "p/a"), Condition("found", "phone"), Condition("found", "url")


def node(op: Any, *parts: Condition, count: int = 0) -> Condition:
    """A node of a condition."""
    return Condition(op, parts=parts, count=count)


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        (node("all", TAG), node("all", TAG, PHONE), "looser"),
        (node("any", TAG), node("any", TAG, PHONE), "tighter"),
        (node("none", TAG), node("none", TAG, PHONE), "looser"),
        (node("at_least", TAG, PHONE, count=2), node("at_least", TAG, PHONE, count=1), "tighter"),
        (node("at_least", TAG, PHONE, count=1), node("at_least", TAG, PHONE, URL, count=1),
         "tighter"),
        (node("all", TAG, node("any", PHONE)), node("all", TAG, node("any", PHONE, URL)),
         "tighter"),
        (node("all", TAG, node("none", PHONE)), node("all", TAG, node("none", PHONE, URL)),
         "looser"),
        (node("none", node("any", PHONE)), node("none", node("any", PHONE, URL)), "looser"),
        (node("all", TAG, PHONE), node("any", TAG, PHONE), "either"),
        (node("all", TAG, PHONE), node("all", URL), "either"),
        (Condition("advertiser", values=("a",)), Condition("advertiser", values=("a", "b")),
         "tighter"),
    ],
)  # fmt: skip
def test_a_condition_that_holds_more_often_stops_more(
    old: Condition, new: Condition, effect: Effect
) -> None:
    """And the way back is the other way."""
    assert condition(old, new) == effect
    assert condition(new, old) == turned(effect)


@pytest.mark.parametrize(
    ("name", "old", "new", "effect"),
    [
        ("boundary", "word", "inflected", "tighter"),
        ("boundary", "prefix", "inflected", "either"),
        ("boundary", "substring", "word", "looser"),
        ("only_if_obfuscated", False, True, "looser"),
        ("swaps", False, True, "tighter"),
        ("only_languages", (), ("ar",), "looser"),
        ("policies", ("A",), ("A", "B"), "tighter"),
        ("cap.p/g", None, 0.5, "looser"),
        ("cap.p/g", 0.5, 0.9, "tighter"),
        ("sample", None, None, "either"),
        ("x-new", 1, 2, "either"),
    ],
)
def test_a_field(name: str, old: Any, new: Any, effect: Effect) -> None:
    """What is not known may go either way."""
    assert of_field(name, old, new) == effect


@pytest.mark.parametrize(
    ("name", "old", "new", "effect"),
    [
        ("status", None, "shadow", "looser"),
        ("status", "shadow", "retired", "looser"),
        ("view", "safe", "exact", "looser"),
        ("view", "exact", None, "tighter"),
        ("target", "p/a", "p/b", "either"),
        ("reason", "", "x", "none"),
    ],
)
def test_a_field_of_an_override(name: str, old: Any, new: Any, effect: Effect) -> None:
    """The stricter it narrows, the more is let through."""
    assert of_override(name, old, new) == effect


@given(rulesets)
def test_nothing_differs_from_itself(ruleset: Ruleset) -> None:
    """Whatever it holds."""
    assert not ruleset_diff(ruleset, ruleset, ON)


@given(rulesets, st.sampled_from(["weight", "gap"]))
def test_the_way_back_goes_the_other_way(ruleset: Ruleset, name: str) -> None:
    """What is loosened there is tightened here."""

    def more(one: Material) -> Material:
        return replace(one, weight=1.0) if name == "weight" else replace(one, gap=one.gap + 1)

    packages = tuple(
        replace(package, materials=tuple(map(more, package.materials)))
        for package in ruleset.packages
    )
    other = replace(ruleset, packages=packages)
    there, back = changes(ruleset, other), changes(other, ruleset)
    assert there.keys() == back.keys()
    assert all(one.effect == turned(there[name].effect) for name, one in back.items())


def test_scopes_and_advertisers_of_an_allow() -> None:
    """An allow for more of anything lets more through."""
    one = Allow("p/a", None, ("adv-1",), (), ("A",), scope=Scope(("SA",)))
    rule = Rule("p/r", TAG, 0.9)
    old = Ruleset((Package("p", "1", "o", allows=(one,), rules=(rule,)),), TABLE)
    wider = replace(one, advertisers=("adv-1", "adv-2"), scope=Scope(("SA", "AE")))
    new = Ruleset((Package("p", "1", "o", allows=(wider,), rules=(rule,)),), TABLE)
    (change,) = ruleset_diff(old, new, ON).changes
    assert (change.sort, [field.name for field in change.fields]) == (
        "loosened", ["advertisers", "markets"],
    )  # fmt: skip


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two folders of rules that differ in a weight, a material, an allow and a row."""
    monkeypatch.setattr("automod.cli.clock.now", lambda: LATER)
    text = GAMBLING.replace("value: casino, weight: strong", "value: casino, weight: weak")
    text = text.replace("materials:\n", "materials:\n  - {id: slot, kind: keyword, value: سلوتس, "
                        "weight: strong}\n")  # fmt: skip
    policies = POLICIES.replace("market: SA, stance: prohibited", "market: SA, stance: certificate")
    new = files(tmp_path, "new", gambling=text, policies=policies)
    return str(files(tmp_path, "old")), str(new)


def test_on_a_screen(two: tuple[str, str]) -> None:
    """A heading for each sort of change, with how many there are of it."""
    result = run("diff", *two)
    lines = result.stdout.splitlines()
    assert result.exit_code == exits.YES
    assert lines[0] == "loosened: lets more through (2)"
    assert "  material gambling/casino  keyword: casino; weight: 0.9 -> 0.3" in lines
    assert "added (1)" in lines
    assert "what is asked, on 2026-11-22 (1)" in lines
    assert lines[-1] == "  GMB.REAL SA  prohibited -> certificate (lets more through)"


def test_exit_codes_as_of_git(two: tuple[str, str]) -> None:
    """1 only where it was asked for, and something differs."""
    old, new = two
    assert run("diff", old, new).exit_code == exits.YES
    assert run("diff", old, new, "--exit-code").exit_code == exits.NO
    assert run("diff", old, old, "--exit-code").exit_code == exits.YES
    assert run("diff", old, old).stdout == "nothing differs\n"
    assert run("diff", old, "nowhere").exit_code == exits.NOT_STARTED


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_form_tells_the_same_ids(two: tuple[str, str], tmp_path: Path, lang: str) -> None:
    """Text, JSON, Markdown and a workbook."""
    told = [run("diff", *two, "-f", form, "--lang", lang).stdout for form in ("text", "github")]
    told.append(run("diff", *two, "-f", "json").stdout)
    path = tmp_path / "changes.xlsx"
    run("diff", *two, "-o", str(path), "--lang", lang)
    book = openpyxl.load_workbook(path)
    told.append(str([list(sheet.iter_rows(values_only=True)) for sheet in book]))
    for text in told:
        assert all(name in text for name in ("gambling/casino", "gambling/slot", "سلوتس"))
    assert all(bool(sheet.sheet_view.rightToLeft) is (lang == "ar") for sheet in book)


def test_as_json(two: tuple[str, str]) -> None:
    """Digests of both, each change with its fields, each stance with its rows."""
    found = json.loads(run("diff", *two, "-f", "json").stdout)
    assert found["old"] == automod.compile(automod.load(two[0])).digest
    (casino,) = (one for one in found["changes"] if one["id"] == "gambling/casino")
    assert casino["fields"] == [{"name": "weight", "old": 0.9, "new": 0.3, "effect": "looser"}]
    assert [one["market"] for one in found["stances"]] == ["SA"]


def test_many_changes_are_cut_on_a_screen_unless_all_are_asked_for(tmp_path: Path) -> None:
    """And it is said how many more there are."""
    rows = "".join(f"  - {{kind: keyword, value: w{n}x, weight: weak}}\n" for n in range(50))
    text = GAMBLING.replace("materials:\n", f"materials:\n{rows}")
    old, new = (str(files(tmp_path, "old")), str(files(tmp_path, "new", gambling=text)))
    assert "  … and 30 more" in run("diff", old, new).stdout.splitlines()
    assert "more" not in run("diff", old, new, "-v").stdout.replace("stops more", "")
