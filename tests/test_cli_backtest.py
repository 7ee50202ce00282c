"""`automod backtest`: what new rules would have changed, as people and their pipelines read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import openpyxl
import pytest
from jsonschema import Draft202012Validator

from automod.cli import exits
from automod.load import json_files
from automod.load.cases import load_cases
from automod.model.schema import schema
from command import GAMBLING, POLICIES, run, write_jsonl

NOW: Final = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is half past three on 22 November 2026."""
    monkeypatch.setattr("automod.cli.clock.now", lambda: NOW)


OTHER: Final = (
    GAMBLING.replace("value: casino, weight: strong", "value: casino, weight: weak")
    .replace("id: spins,", "id: rounds,")
    .replace("value: free spins", "value: free rounds")
)
"""`casino` is weak now, and `free spins` gives way to `free rounds`."""


def ad(number: int, body: str, *markets: str, language: str = "en") -> dict[str, Any]:
    """A creative."""
    return {
        "id": f"c{number:03}", "markets": list(markets or ("SA",)), "language": language,
        "text": {"body": body},
    }  # fmt: skip


ADS: Final = (
    *[ad(n, "the casino opens") for n in range(40)],
    *[ad(n, "free rounds", "AE", language="ar") for n in range(40, 50)],
    *[ad(n, "jackpot and كازينو") for n in range(50, 60)],
    *[ad(n, "new shoes") for n in range(60, 100)],
)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Old rules, new rules and traffic."""
    for name, package in (("old", GAMBLING), ("new", OTHER)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "policies.yaml").write_text(POLICIES, encoding="utf-8")
        (folder / "gambling.yaml").write_text(package, encoding="utf-8")
    write_jsonl(tmp_path / "ads.jsonl", ADS)
    return tmp_path


def tried(world: Path, *more: str) -> Any:
    """A backtest of the new rules against the old ones."""
    rules = ("-r", str(world / "new"), "--against", str(world / "old"))
    return run("backtest", str(world / "ads.jsonl"), *rules, *more)


def told(world: Path, *more: str) -> dict[str, Any]:
    """Its answer as JSON."""
    done = tried(world, "-f", "json", *more)
    assert done.exit_code == exits.YES, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# --- the answer ----------------------------------------------------------------------------------


def test_what_came_and_went_is_counted_where_it_did(world: Path) -> None:
    """Gained, lost and changed by market, language and code; the load before and after."""
    found = told(world)

    whole = found["whole"]
    assert (whole["gained"], whole["lost"], whole["changed"]) == (10, 40, 0)
    groups = {(one["by"], one["value"]): one for one in found["groups"]}
    assert (groups["market", "SA"]["lost"], groups["market", "SA"]["creatives"]) == (40, 90)
    assert groups["language", "ar"]["gained"] == 10
    assert groups["policy", "GMB.REAL"]["lost"] == 40
    load = {(one["market"], one["action"]): one for one in found["load"]}
    assert (load["SA", "reject"]["before"]["count"], load["SA", "reject"]["after"]["count"]) == (
        50, 10,
    )  # fmt: skip
    assert load["AE", "review"]["more"] == 10
    moves = {
        (one["market"], one["before"], one["after"]): one["creatives"]
        for one in found["transitions"]
    }
    assert moves["SA", "reject", "approve"] == 40
    assert moves["SA", "approve", "approve"] == 40


def test_who_makes_the_difference_is_told(world: Path) -> None:
    """Each material with its creatives, and those in which nothing else differs."""
    found = told(world)

    names = [(one["material"], one["creatives"], one["alone"]) for one in found["noisiest"]]
    assert names == [("gambling/casino", 40, 40), ("gambling/rounds", 10, 10)]
    assert found["noisiest"][0]["share"]["of"] == 50


def test_only_what_differs_is_looked_at(world: Path) -> None:
    """Creatives in which nothing hits that differs are not decided, but for those drawn."""
    effort = told(world, "--draw", "5")["effort"]

    assert effort == {
        "everywhere": [], "materials": 3, "looked_at": 50, "decided": 50, "drawn": 5,
    }  # fmt: skip


def test_the_answer_is_that_of_two_full_runs(world: Path) -> None:
    """`--full` and `--signatures`, the first time and the second, answer the same."""
    kept = str(world / "kept.npz")

    plain = told(world)
    others = [
        told(world, *more) for more in (["--full"], ["--signatures", kept], ["--signatures", kept])
    ]

    for other in others:
        assert {**other, "effort": plain["effort"]} == plain
    assert others[0]["effort"]["decided"] == len(ADS)


def test_a_signature_of_other_traffic_is_made_anew(world: Path) -> None:
    """What is kept of one file is not taken for another; what is no signature is refused."""
    kept = world / "kept.npz"
    told(world, "--signatures", str(kept))
    write_jsonl(world / "ads.jsonl", ADS[:45])
    assert told(world, "--signatures", str(kept))["creatives"] == 45

    kept.write_bytes(b"nothing")
    refused = tried(world, "--signatures", str(kept))

    assert refused.exit_code == exits.NOT_STARTED
    assert "is no file of signatures" in refused.stderr


@pytest.mark.parametrize(
    "content", [b"", b"nothing", b"PK\x03\x04", b"\x93NUMPY\x01\x00"], ids=repr
)
def test_what_is_no_signature_is_refused(world: Path, content: bytes) -> None:
    """Whatever the file holds."""
    kept = world / "kept.npz"
    kept.write_bytes(content)

    refused = tried(world, "--signatures", str(kept))

    assert refused.exit_code == exits.NOT_STARTED
    assert "is no file of signatures" in refused.stderr


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("rich.0", lambda one: one[:-1]),
        ("markets.0", lambda one: one + 100),
        ("days.0", lambda one: one - 1),
        ("texts.0", lambda one: one * 0),
        ("starts.0", lambda one: one[::-1]),
        ("starts.0", lambda one: one + 1),
        ("text.0", lambda one: one[:-1]),
        ("bits.0", lambda one: one[1:]),
        ("bits.0", lambda one: one.astype(np.float64)),
        ("tokens.of.0", lambda one: np.array([5_000], np.int32)),
        ("text.0", lambda one: np.frombuffer(b"\xff", np.uint8)),
        ("about", lambda one: np.frombuffer(one.tobytes().replace(b": 1,", b": 2,"), np.uint8)),
        ("about", lambda one: np.frombuffer(one.tobytes().replace(b": 1,", b": 0,"), np.uint8)),
    ],
)  # fmt: skip
def test_a_signature_that_does_not_fit_is_refused(world: Path, name: str, changed: Any) -> None:
    """A creative that it leaves out, or says nothing of, would be one that nothing hits."""
    kept = world / "kept.npz"
    told(world, "--signatures", str(kept))
    with np.load(kept, allow_pickle=False) as held:
        arrays = {one: held[one] for one in held.files}
    np.savez(kept, **arrays | {name: changed(arrays[name])})

    refused = tried(world, "--signatures", str(kept))

    assert refused.exit_code == exits.NOT_STARTED
    assert "is damaged" in refused.stderr or "than its signature" in refused.stderr


def test_where_traffic_cannot_be_read_no_signature_is_left(world: Path) -> None:
    """Neither whole nor in part."""
    (world / "ads.jsonl").write_bytes("{}".encode("utf-16"))

    refused = tried(world, "--signatures", str(world / "kept.npz"))

    assert refused.exit_code == exits.NOT_STARTED
    assert not list(world.glob("kept*"))


def test_a_line_that_is_too_long_is_never_held(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no creative, as for `automod scan`, and is counted."""
    monkeypatch.setattr(json_files, "MAX_LINE", 1_000)
    write_jsonl(world / "ads.jsonl", [*ADS[:3], ad(3, "casino " * 1_000), *ADS[4:6]])

    done = tried(world, "-f", "json")

    found = json.loads(done.stdout)
    assert done.exit_code == exits.INCOMPLETE
    assert (found["creatives"], found["no_creatives"]) == (6, 1)
    assert "ads.jsonl:4: the line is longer than" in done.stderr


def test_only_what_is_approved_is_tried_where_that_is_asked(world: Path) -> None:
    """With `--require-approval` both sides are as they would be in force: here all is shadow."""
    done = tried(world, "-f", "json", "--require-approval")

    assert "loads as shadow" in done.stderr
    assert {one["after"]["count"] for one in json.loads(done.stdout)["load"]} == {0}


def test_a_signature_holds_no_objects(world: Path) -> None:
    """It is read without pickle, and tells nothing but arrays."""
    kept = world / "kept.npz"
    told(world, "--signatures", str(kept))

    with np.load(kept, allow_pickle=False) as held:
        assert all(held[name].dtype != object for name in held.files)


def test_lines_that_are_no_creative_are_counted(world: Path) -> None:
    """They are in the traffic, not evaluated, and the exit code says so; signed or not."""
    with (world / "ads.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": \n{"id": "x", "colour": "red"}\n')
    for more in (
        [],
        ["--signatures", str(world / "k.npz")],
        ["--signatures", str(world / "k.npz")],
    ):
        done = tried(world, "-f", "json", *more)
        found = json.loads(done.stdout)

        assert done.exit_code == exits.INCOMPLETE
        assert (found["creatives"], found["no_creatives"]) == (102, 2)
        assert found["incomplete"]["count"] == 2
    assert tried(world, "--allow-incomplete", "5%").exit_code == exits.YES


def test_a_sample_has_intervals_and_is_scaled(world: Path) -> None:
    """With a population every share has its interval, and the load its difference in it."""
    found = told(world, "--population", "1000000")

    share = found["whole"]["share"]
    assert share["low"] < share["value"] == 0.5 < share["high"]
    load = {(one["market"], one["action"]): one for one in found["load"]}
    assert load["SA", "reject"]["more_in_population"] == -400_000
    assert told(world)["load"][0]["more_in_population"] is None


def test_a_drawn_load_says_that_it_is_estimated(world: Path) -> None:
    """Where more creatives are left than are drawn, the load has an interval that holds it."""
    exact, drawn = told(world), told(world, "--draw", "20")

    for one, other in zip(exact["load"], drawn["load"], strict=True):
        assert other["before"]["estimated"] == (one["market"] != "AE")
        assert other["before"]["low"] <= one["before"]["value"] <= other["before"]["high"]
        assert one["more"] == other["more"]


def test_conditions_narrow_what_is_counted(world: Path) -> None:
    """`--where` counts changes of creatives of which it holds before or after."""
    whole = told(world, "--where", "market=AE")["whole"]

    assert (whole["gained"], whole["lost"]) == (10, 0)
    refused = tried(world, "--where", "colour=red")
    assert refused.exit_code == exits.NOT_STARTED


def test_the_json_is_as_published(world: Path) -> None:
    """What is written is valid by the published schema."""
    Draft202012Validator(schema("backtest")).validate(told(world, "--population", "1000"))


# --- limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        (["--max-gained", "10%"], exits.YES),
        (["--max-gained", "9%"], exits.NO),
        (["--max-lost", "39%"], exits.NO),
        (["--max-changed", "50%"], exits.YES),
        (["--max-review-load", "50%"], exits.NO),
        (["--max-review-load", "100%"], exits.YES),
    ],
)
def test_a_limit_that_is_not_kept_fails(world: Path, limit: list[str], code: int) -> None:
    """A pipeline stops at more than was said, and is told by how much."""
    done = tried(world, *limit)

    assert done.exit_code == code
    assert ("✖" in done.stderr) == (code == exits.NO)


# --- what people read ----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_text_tells_it_all(world: Path, lang: str) -> None:
    """Groups, load, materials, creatives and how it was come by, in both languages."""
    lines = tried(world, "--lang", lang, "-v").stdout

    for part in ("40", "gambling/casino", "c000", "SA", "GMB.REAL"):
        assert part in lines
    assert ("gained: now hit" in lines) == (lang == "en")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_workbook_holds_it_all(world: Path, lang: str) -> None:
    """Six sheets; in Arabic they run from right to left."""
    path = world / "found.xlsx"
    done = tried(world, "-o", str(path), "--lang", lang)

    book = openpyxl.load_workbook(path)
    assert done.exit_code == exits.YES
    assert len(book.sheetnames) == 6
    assert all(bool(sheet.sheet_view.rightToLeft) == (lang == "ar") for sheet in book)
    assert [row[0].value for row in book.worksheets[4].iter_rows(min_row=2)] == [
        "gambling/casino", "gambling/rounds",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--by", "colour"], "cannot count by"),
        (["--review", "sheet.csv"], "name it .xlsx"),
        (["--signatures", "kept.txt"], "name the file .npz"),
        (["-f", "xlsx"], "needs -o"),
    ],
)
def test_what_cannot_end_well_is_refused(world: Path, more: list[str], said: str) -> None:
    """Before anything is done."""
    done = tried(world, *more)

    assert done.exit_code == exits.NOT_STARTED
    assert said in done.stderr


# --- a sheet for review --------------------------------------------------------------------------


def drawn(world: Path, *more: str, name: str = "review.xlsx") -> Path:
    """A sheet of changes."""
    path = world / name
    done = tried(world, "--review", str(path), "--sample", "20", "--seed", "7", *more)
    assert done.exit_code == exits.YES, done.stderr
    return path


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_was_drawn_filled_in_and_imported_is_a_case_with_its_probability(
    world: Path, lang: str
) -> None:
    """Draw, fill in, import: each case stands for 1 / probability of the changes."""
    path = drawn(world, "--lang", lang)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [str(cell.value) for cell in sheet[1]]
    label = next(n for n, head in enumerate(heads, 1) if head.endswith(".GMB.REAL"))
    by, on = label + 1, label + 2
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, label, "yes" if row % 2 else "no")
        sheet.cell(row, by, "nadia")
        sheet.cell(row, on, "2026-11-23")
    book.save(path)
    cases = world / "cases.jsonl"

    done = run("label", "import", str(path), "-o", str(cases))

    assert done.exit_code == exits.YES, done.stderr
    found = [json.loads(line) for line in cases.read_text("utf-8").splitlines()]
    assert len(found) == 20
    assert round(sum(1 / one["probability"] for one in found)) == 50
    assert {label["kind"] for one in found for label in one["labels"]} == {"hit"}
    assert len(load_cases([cases])) == 20


def test_one_seed_gives_one_draw(world: Path) -> None:
    """Another seed draws others; the same one the same bytes."""
    one, again = drawn(world), drawn(world, name="again.xlsx")
    ids = [
        [row[0].value for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2)]
        for path in (one, again, drawn(world, "--seed", "8", name="other.xlsx"))
    ]

    assert ids[0] == ids[1] != ids[2]
    refused = tried(world, "--review", str(one))
    assert refused.exit_code == exits.NOT_STARTED
    assert "may have labels in it" in refused.stderr
