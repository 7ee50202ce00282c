"""`automod scan` into Parquet and into a log of hits: the same results, complete or not there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from automod.cli import exits
from automod.load.decisions import load_decisions
from automod.model.decision import json_text
from automod.model.hitlog import HitRow
from case_files import pa
from command import creative, run, write_jsonl, write_rules

ADS = [
    creative(1, "A garden party"), creative(2, "Our casino, free spins"), {"id": 5},
    creative(3, "casino \ud800", "SA", "MT"), creative(4, "a jackpot"),
]  # fmt: skip


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small ruleset, in files."""
    return write_rules(tmp_path_factory.mktemp("rules") / "rules")


@pytest.fixture
def ads(tmp_path: Path) -> str:
    """Clean and risky creatives, and what is none."""
    return write_jsonl(tmp_path / "ads.jsonl", ADS)


def test_parquet_holds_what_jsonl_does(rules: str, ads: str, tmp_path: Path) -> None:
    """The suffix alone decides; the decisions are the same to the byte."""
    lines, rows = tmp_path / "d.jsonl", tmp_path / "d.parquet"
    for path in (lines, rows):
        result = run("scan", ads, "-r", rules, "-o", str(path), "--on", "2026-11-20")
        assert result.exit_code == exits.INCOMPLETE
        assert result.stdout == ""
    expected = lines.read_text(encoding="utf-8").splitlines()
    assert len(expected) == len(ADS)
    assert [json_text(one) for one in load_decisions(rows).sources] == expected
    assert sorted(path.name for path in tmp_path.glob("*.partial")) == []


def test_a_log_of_hits(rules: str, ads: str, tmp_path: Path) -> None:
    """A row for each hit, of its schema, in either format; letters only where they are wanted."""
    lines, rows = tmp_path / "h.jsonl", tmp_path / "h.parquet"
    for path in (lines, rows):
        run("scan", ads, "-r", rules, "-f", "jsonl", "--hits", str(path), "--allow-incomplete", "1")
    found = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert [(one["creative"], one["material"]) for one in found] == [
        ("c2", "gambling/casino"), ("c2", "gambling/spins"), ("c3", "gambling/casino"),
        ("c4", "gambling/new"),
    ]  # fmt: skip
    assert not any("text" in one for one in found)
    assert [HitRow.model_validate(one).status for one in found][-1] == "shadow"
    stored = pa.parquet.read_table(rows).to_pylist()
    for row, line in zip(stored, found, strict=True):
        told = {**row, "on": str(row["on"]), "markets": dict(row["markets"])}
        assert {"schema": 1, **told} == {"text": None, **line}


def test_the_letters_are_kept_when_asked_for(rules: str, ads: str, tmp_path: Path) -> None:
    """`--hits-text`; only what fits --where is logged."""
    path = tmp_path / "h.jsonl"
    run("scan", ads, "-r", rules, "-f", "csv", "--hits", str(path), "--hits-text",
        "--where", "creative=c2")  # fmt: skip
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [one["text"] for one in found] == ["casino", "free spins"]


def test_half_a_character_in_a_log(rules: str, tmp_path: Path) -> None:
    """Parquet has it escaped; JSON has it as JSON does."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [creative(1, "casino") | {"id": "c\ud800"}])
    for name in ("h.jsonl", "h.parquet"):
        run("scan", ads, "-r", rules, "-f", "csv", "--hits", str(tmp_path / name))
    line = (tmp_path / "h.jsonl").read_text(encoding="utf-8")
    assert json.loads(line)["creative"] == "c\ud800"
    assert pa.parquet.read_table(tmp_path / "h.parquet")["creative"].to_pylist() == ["c\\ud800"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-f", "parquet"], "-f parquet needs -o FILE"),
        (["--hits", "h.csv"], "--hits h.csv: the suffix is none of .jsonl, .ndjson, .parquet"),
        (["--hits-text"], "--hits-text goes with --hits"),
        (["-o", "same.jsonl", "--hits", "./same.jsonl"], "name the same file"),
        (["--hits", "ADS"], "would write over an INPUT"),
        (["--hits", "no/such/folder/h.jsonl"], "No such file or directory"),
        (["-o", "no/such/folder/d.parquet"], "No such file or directory"),
    ],
)
def test_what_cannot_be_written(arguments: list[str], told: str, rules: str, ads: str) -> None:
    """2: told before anything is decided, and nothing is on standard output."""
    result = run("scan", ads, "-r", rules, *(ads if one == "ADS" else one for one in arguments))
    assert result.exit_code == exits.NOT_STARTED
    assert told in result.stderr
    assert result.stdout == ""


def test_what_is_not_complete_has_no_name(
    rules: str, ads: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan that breaks off leaves `.partial` files, as far as it came."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("automod.report.tally.Tally.judge", stop)
    decisions, hits = tmp_path / "d.parquet", tmp_path / "h.parquet"
    result = run("scan", ads, "-r", rules, "-o", str(decisions), "--hits", str(hits))
    assert result.exit_code == exits.INTERRUPTED
    assert not decisions.exists() and not hits.exists()
    assert sorted(path.name for path in tmp_path.glob("*.partial")) == [
        "d.parquet.partial", "h.parquet.partial",
    ]  # fmt: skip


def test_a_missing_extra_is_named(
    rules: str, ads: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2, before anything is decided."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for option, name in (("-o", "d.parquet"), ("--hits", "h.parquet")):
        result = run("scan", ads, "-r", rules, option, str(tmp_path / name))
        assert result.exit_code == exits.NOT_STARTED
        assert "needs the extra 'arrow'" in result.stderr
