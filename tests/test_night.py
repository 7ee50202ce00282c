"""Three in the morning: a bad material is found, switched off, its victims listed and released."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from automod.cli import exits
from command import creative, run, write_jsonl, write_rules

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ADS = [
    creative(1, "the old casino street market"),
    creative(2, "casino casino casino"),
    creative(3, "casino and free spins"),
    creative(4, "free spins and a call"),
    creative(5, "a quiet walk"),
    creative(6, "casino addiction help"),
]


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automod.cli.clock.now", lambda: NOW)


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_four_commands_from_a_bad_material_to_released_creatives(
    tmp_path: Path, suffix: str
) -> None:
    """show, off, hits, hits --release: nothing that other material stops is let go."""
    rules, ads = write_rules(tmp_path / "rules"), write_jsonl(tmp_path / "ads.jsonl", ADS)
    log, listed, free = (str(tmp_path / name) for name in (f"hits{suffix}", "v.jsonl", "free.csv"))
    run("scan", ads, "-r", rules, "-o", str(tmp_path / "d.jsonl"), "--hits", log)

    found = run("show", "casino", "-r", rules, "--market", "SA")
    off = run("off", "gambling/casino", "--for", "24h", "--by", "n.fares", "--ticket", "INC-7",
              "-r", rules)  # fmt: skip
    victims = run("hits", log, "--material", "gambling/casino", "-o", listed)
    release = run("hits", log, "--material", "gambling/casino", "-r", rules, "--creatives", ads,
                  "--release", "-o", free)  # fmt: skip

    codes = [one.exit_code for one in (found, off, victims, release)]
    assert codes == [exits.YES] * 4, release.output
    rows = [json.loads(line) for line in Path(listed).read_text("utf-8").splitlines()]
    assert {row["creative"]: row["share"] for row in rows} == {
        "c1": "alone", "c2": "alone", "c3": "together", "c6": "nothing",
    }  # fmt: skip
    with Path(free).open(encoding="utf-8-sig", newline="") as stream:
        assert [(row["creative"], row["now"]) for row in csv.DictReader(stream)] == [
            ("c1", "approve"), ("c2", "approve"),
        ]  # fmt: skip
    assert "creatives that would be approved now: 2" in release.stderr
    again = run("scan", ads, "-r", rules, "-f", "jsonl")
    actions = {one["creative"]: one["action"] for one in map(json.loads, again.stdout.splitlines())}
    assert (actions["c1"], actions["c3"]) == ("approve", "review")


def test_release_before_the_material_is_off(tmp_path: Path) -> None:
    """What would be without it does not depend on whether somebody has switched it off yet."""
    rules, ads = write_rules(tmp_path / "rules"), write_jsonl(tmp_path / "ads.jsonl", ADS)
    log = str(tmp_path / "decisions.jsonl")
    run("scan", ads, "-r", rules, "-o", log)
    asked = ("hits", log, "--material", "gambling/casino", "-r", rules, "--creatives", ads)
    before = run(*asked, "--release", "-f", "jsonl")
    run("off", "gambling/casino", "--for", "24h", "--by", "n", "--ticket", "T", "-r", rules)
    after = run(*asked, "--release", "-f", "jsonl")
    assert before.exit_code == after.exit_code == exits.YES
    assert before.stdout == after.stdout
    assert [json.loads(line)["creative"] for line in after.stdout.splitlines()] == ["c1", "c2"]
