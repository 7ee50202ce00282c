"""`automod hits`: whom a material touched, what it decided, and who would be let go without it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from automod.cli import exits
from automod.engine.compile import compile
from automod.errors import InputError, LoadError
from automod.load.hit_logs import Touched, touched
from automod.load.ruleset import load
from automod.model.vocabulary import Action
from automod.report.victims_text import summary
from automod.workshop.victims import Asked, Victim, released, victims, wanted_by, without
from command import creative, run, write_jsonl, write_rules

ADS = [
    creative(1, "casino"),
    creative(2, "casino call +971501234567", "AE"),
    creative(3, "casino and free spins", "SA", "MT"),
    creative(4, "كازينو"),
    creative(5, "jackpot"),
    creative(6, "clean"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Rules, creatives, and what a scan of them wrote, in every form."""
    folder = tmp_path_factory.mktemp("hits")
    rules, ads = write_rules(folder / "rules"), write_jsonl(folder / "ads.jsonl", ADS)
    made = {"rules": rules, "ads": ads}
    for suffix in ("jsonl", "parquet"):
        decisions, hits = str(folder / f"decisions.{suffix}"), str(folder / f"hits.{suffix}")
        run("scan", ads, "-r", rules, "-o", decisions, "--hits", hits, "--hits-text")
        made |= {f"decisions.{suffix}": decisions, f"hits.{suffix}": hits}
    return made


NO_ACTION = json.dumps({
    "material": "p/m", "index": 0, "on": "2026-11-20", "ruleset": "", "creative": "c",
    "action": "never",
})  # fmt: skip
LOGS = ("hits.jsonl", "hits.parquet", "decisions.jsonl", "decisions.parquet")


@pytest.mark.parametrize("log", LOGS)
def test_every_form_of_log_tells_the_same(world: dict[str, str], log: str) -> None:
    """A hit log and the decisions that it is of have the same victims, JSONL as Parquet."""
    first = victims([world["decisions.jsonl"]], Asked("gambling/casino"))
    assert victims([world[log]], Asked("gambling/casino")) == first
    assert [(one.creative, one.action, one.share) for one in first] == [
        ("c1", "reject", "alone"), ("c2", "reject", "perhaps"), ("c3", "reject", "together"),
    ]  # fmt: skip
    assert first[1].others == ("gambling/game-phone",)
    assert first[0].texts == ("casino",)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked("gambling"), ["c1", "c2", "c3", "c4", "c5"]),
        (Asked("casino"), ["c1", "c2", "c3"]),
        (Asked("gambling/casino", markets=("AE",)), ["c2"]),
        (Asked("gambling/casino", markets=("MT",)), ["c3"]),
        (Asked("gambling/casino", since=date(2026, 11, 20), until=date(2026, 11, 20)),
         ["c1", "c2", "c3"]),
        (Asked("gambling/casino", since=date(2026, 11, 21)), []),
        (Asked("gambling/casino", until=date(2026, 11, 19)), []),
        (Asked("gambling/tag:game"), ["c1", "c2", "c3", "c4"]),
        (Asked("gambling/game-phone"), ["c2"]),
        (Asked("nobody/knows"), []),
    ],
)  # fmt: skip
def test_who_is_asked_about(world: dict[str, str], asked: Asked, expected: list[str]) -> None:
    """By material, package, tag and rule; both days belong to the time that is asked about."""
    found = victims([world["hits.parquet"]], asked, load(world["rules"]))
    assert [one.creative for one in found] == expected


def test_in_a_market_counts_what_that_market_did(world: dict[str, str]) -> None:
    """Where gambling is allowed nothing was stopped: there nothing was decided."""
    (one,) = victims([world["hits.jsonl"]], Asked("gambling/casino", markets=("MT",)))
    assert (one.action, one.share) == ("approve", "nothing")


def test_a_tag_needs_the_rules_that_have_it(world: dict[str, str]) -> None:
    """A log does not say what has a tag."""
    with pytest.raises(InputError, match="give -r RULES"):
        victims([world["hits.jsonl"]], Asked("gambling/tag:game"))
    with pytest.raises(InputError, match="nothing has the tag"):
        wanted_by("gambling/tag:none", load(world["rules"]))


def test_without_it_is_the_ruleset_that_lacks_it(world: dict[str, str]) -> None:
    """What is taken out hits nothing; all else stays."""
    engine = compile(without(load(world["rules"]), "casino"))
    assert engine.decide(ADS[0]).action == "approve"
    assert engine.decide(ADS[3]).action == "reject"


def test_decided_again(world: dict[str, str]) -> None:
    """A creative that only rules on the material stopped is let go; one that others stop is not."""
    result = run(
        "hits", world["hits.parquet"], "--material", "gambling/casino", "-r", world["rules"],
        "--creatives", world["ads"], "--on", "2026-11-20", "-f", "jsonl",
    )  # fmt: skip
    told = {one["creative"]: one["now"] for one in map(json.loads, result.stdout.splitlines())}
    assert told == {"c1": "approve", "c2": "approve", "c3": "review"}
    assert "would be approved now: 2\nwould go to review: 1\n" in result.stderr
    assert result.exit_code == exits.YES


def test_a_creative_that_is_not_there_is_not_released(
    world: dict[str, str], tmp_path: Path
) -> None:
    """It is named, and the answer is incomplete."""
    some = write_jsonl(tmp_path / "some.jsonl", ADS[1:])
    result = run(
        "hits", world["hits.jsonl"], "--material", "gambling/casino", "-r", world["rules"],
        "--creatives", some, "--on", "2026-11-20", "--release",
    )  # fmt: skip
    assert result.exit_code == exits.INCOMPLETE
    assert "c1" in result.stderr
    assert "not decided again" in result.stderr
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["c2"]


@pytest.mark.parametrize(
    ("now", "en", "ar"),
    [
        ("reject", "still stopped by other material: 1", "توقفها مواد أخرى: 1"),
        ("review", "would go to review: 1", "تذهب إلى المراجعة: 1"),
        ("restrict", "would be restricted: 1", "تُقيَّد: 1"),
        (
            "approve",
            "creatives that would be approved now: 1",
            "عدد الإعلانات التي تتم الموافقة عليها الآن: 1",
        ),
    ],
)
def test_those_who_are_not_let_go_are_counted(now: Action, en: str, ar: str) -> None:
    """The summary says how many are not in the list, and what becomes of them."""
    one = Victim("c", 0, "2026-11-20", "", "reject", {}, (), (), (), "alone", (), now)
    before = replace(one, on="2026-11-19", now="reject")
    free = len(released([one], again=True))
    assert [*summary([before, one], "p/m", free, (), "en")][2:][-1] == en
    assert [*summary([before, one], "p/m", free, (), "ar")][2:][-1] == ar


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("form", ["text", "csv", "jsonl"])
def test_every_form_has_every_victim(world: dict[str, str], form: str, lang: str) -> None:
    """On the screen, as CSV and as JSONL, in both languages."""
    result = run("hits", world["hits.jsonl"], "--material", "gambling", "-f", form, "--lang", lang)
    assert result.exit_code == exits.YES
    assert all(f"c{n}" in result.stdout for n in range(1, 6))
    assert "gambling" in result.stderr


def test_as_a_workbook(world: dict[str, str], tmp_path: Path) -> None:
    """Ids stay texts; in Arabic the sheet runs from right to left."""
    import openpyxl

    path = tmp_path / "victims.xlsx"
    run("hits", world["hits.jsonl"], "--material", "casino", "-o", str(path), "--lang", "ar")
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["c1", "c2", "c3"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", '{"id": "c1"}\n', "a.jsonl:1: is no hit: 'creative', 'index', 'material'"),
        ("a.jsonl", "{\n", "a.jsonl:1"),
        ("a.csv", "x", "'.csv' is not a suffix that is read here"),
        ("a.parquet", "x", "is no Parquet file that can be read"),
        ("a.jsonl", NO_ACTION, 'a.jsonl:1, column "action"'),
    ],
)  # fmt: skip
def test_what_is_no_log_is_told_with_its_place(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    """A line that is no hit is no victim who was not there: it is a fault."""
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(LoadError) as caught:
        touched(path, lambda _: True)
    assert message in str(caught.value)


def hit(n: int, material: str, **more: Any) -> dict[str, Any]:
    """A hit as a log has it, that counts."""
    plain = {"n": n, "material": material, "policies": ["A"], "status": "live", "weight": 0.9}
    return plain | more


@pytest.mark.parametrize(
    ("hits", "complete", "share"),
    [
        ([hit(0, "p/m")], True, "alone"),
        ([hit(0, "p/m"), hit(1, "p/m")], True, "alone"),
        ([hit(0, "p/m"), hit(1, "p/x", status="shadow")], True, "alone"),
        ([hit(0, "p/m"), hit(1, "p/x", allowed_by="p/a")], True, "alone"),
        ([hit(0, "p/m"), hit(1, "p/x", weight=0.0)], True, "alone"),
        ([hit(0, "p/m"), hit(1, "p/x")], True, "together"),
        ([hit(0, "p/m")], False, "together"),
        ([hit(0, "p/m"), hit(1, "p/r", parts=[0])], True, "perhaps"),
        ([hit(0, "p/m", weight=0.0), hit(1, "p/r", parts=[0])], True, "perhaps"),
        ([hit(0, "p/m"), hit(1, "p/r", parts=[0]), hit(2, "p/q", parts=[1])], True, "perhaps"),
        ([hit(0, "p/m", allowed_by="p/a"), hit(1, "p/x")], True, "nothing"),
        ([hit(0, "p/m", status="shadow")], True, "nothing"),
    ],
)
def test_what_a_material_had_to_do_with_it(
    hits: list[Mapping[str, Any]],
    complete: bool,
    share: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only what is certain by the hits alone is said to be so."""
    one = Touched(
        "c", 0, "2026-11-20", "", "reject", {"SA": "reject"}, complete, tuple(map(dict, hits))
    )
    monkeypatch.setattr("automod.workshop.victims.touched", lambda *_: [one])
    (found,) = victims(["log"], Asked("p/m"))
    assert found.share == share
    assert bool(released([found], again=False)) == (share == "alone")
    assert not released([found], again=True)


@pytest.mark.parametrize(
    "options",
    [
        ["--creatives", "ads.jsonl"],
        ["-r", "rules"],
        ["-f", "xlsx"],
        ["-o", "victims.pdf"],
        ["--since", "2026-11-05", "--until", "2026-11-01"],
    ],
)
def test_what_does_not_go_together(world: dict[str, str], options: list[str]) -> None:
    """It is told before anything is read."""
    result = run("hits", world["hits.jsonl"], "--material", "casino", *options)
    assert result.exit_code == exits.NOT_STARTED
