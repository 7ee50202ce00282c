"""`automod drift`: what it prints, writes, and ends with."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from benchmarks.drifting import MONDAY, World, drawn
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from automod.model.counters import Counters, Hits, Judged
from automod.model.schema import schema
from automod.report.drift_words import _WORDS, word
from command import run, write_rules

DAYS, CHANGE = 70, 49
NAMES = ("gambling/casino", "gambling/casino-ar", "gambling/spins", "gambling/new", "loans/quick")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten weeks of counters, a file a day: spins goes dead, quick doubles, all else stays."""
    folder = tmp_path_factory.mktemp("logs")
    counts, _ = drawn(World(), len(NAMES), DAYS, 3)
    counts[2, CHANGE:] = 0
    counts[4, CHANGE:] += counts[4, :21] + 20
    for day in range(DAYS):
        on = (MONDAY + timedelta(days=day)).isoformat()
        version = "2026.11.2" if day >= CHANGE else "2026.11.1"
        found = Counters()
        found.take(_judged(on), _hits(on, version, counts[:, day].astype(int).tolist()))
        (folder / f"{on}.json").write_text(json.dumps(found.to_dict()), encoding="utf-8")
    return folder


def _judged(on: str) -> Iterable[tuple[Judged, list[int]]]:
    for market in ("*", "SA"):
        yield ("sha256:0", on, market), [1_000, 0, 1_000, 0, 0, 0]


def _hits(on: str, version: str, counts: list[int]) -> Iterable[tuple[Hits, int]]:
    for name, n in zip(NAMES, counts, strict=True):
        for market in ("*", "SA"):
            if n:
                yield ("sha256:0", on, market, name, version, "live"), n


def day(number: int) -> date:
    """A day of the logs."""
    return MONDAY + timedelta(days=number)


def windows(logs: Path) -> tuple[str, str]:
    """Six weeks before, three after."""
    return (f"{logs}@{day(0)}..{day(41)}", f"{logs}@{day(CHANGE)}..{day(DAYS - 1)}")


def test_two_windows_are_told_in_two_groups(logs: Path) -> None:
    """Noisy and dead apart, with counts, ratio, interval and cause; exit code 1."""
    done = run("drift", *windows(logs), "--by", "material")
    assert done.exit_code == 1, done.output
    noisy, dead = done.stdout.index("noisy:"), done.stdout.index("dead:")
    assert noisy < done.stdout.index("loans/quick") < dead < done.stdout.index("gambling/spins")
    assert "hits 0, expected" in done.stdout
    assert "gambling 2026.11.2 since 2026-10-26" in done.stdout
    assert "Benjamini-Hochberg" in done.stdout
    assert "all others: steady 3" in done.stdout


def test_nothing_that_drifted_is_exit_code_0(logs: Path) -> None:
    """Yes, all is as it was."""
    asked = ("--by", "material", "--material", "gambling/casino")
    done = run("drift", *windows(logs), *asked)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "no drift found" in done.stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--material", "gambling/none"), "gambling/none: no hits"),
        (("--package", "none"), "none: no hits"),
        (("--material", "gambling/none", "--material", "gambling/spins"), "gambling/none: no hits"),
    ],
)
def test_what_is_asked_for_and_cannot_be_told_is_exit_code_3(
    asked: tuple[str, ...], said: str, logs: Path
) -> None:
    """Silence about a name is no "steady"; it wins over what drifted."""
    done = run("drift", *windows(logs), *asked)
    assert done.exit_code == 3
    assert said in done.stderr


def test_too_few_days_are_exit_code_3(logs: Path) -> None:
    """A day against a day tells nothing of materials that stay; what is needed is told."""
    before, after = (f"{logs}@{day(n)}..{day(n)}" for n in (0, 7))
    done = run("drift", before, after, "--material", "gambling/casino")
    assert done.exit_code == 3
    assert "days in each window would show a fall by half" in done.stderr
    assert "a dispersion of 0.25 is assumed" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{logs}"], "give two windows"),
        (["{logs}", "{logs}", "{logs}"], "give two windows"),
        (["{logs}", "{logs}"], "windows overlap"),
        (["{logs}@2026-09-07..2026-09-20", "none.parquet"], "there is no such file"),
        (["{logs}", "{logs}", "--since", "2026-10-01"], "--since goes with --rolling"),
        (["{logs}@2026-09-20..2026-09-07", "{logs}"], "is after"),
        (["{logs}", "{logs}", "-f", "xlsx"], "needs -o FILE"),
        (["{logs}", "{logs}", "--false-discoveries", "0%"], "lies between"),
    ],
)
def test_what_cannot_start_is_exit_code_2(arguments: list[str], message: str, logs: Path) -> None:
    """With what is wrong, on standard error."""
    done = run("drift", *(one.format(logs=logs) for one in arguments))
    assert done.exit_code == 2
    assert message in done.stderr


def test_json_has_its_schema(logs: Path) -> None:
    """Both forms, every cell or alarm."""
    found = json.loads(run("drift", *windows(logs), "-f", "json").stdout)
    Draft202012Validator(schema("drift")).validate(found)
    assert {one["level"] for one in found["cells"]} == {"material", "material-market", "package"}
    assert found["before"]["creatives"] == 42_000
    rolling = json.loads(run("drift", str(logs), "--rolling", "-f", "json").stdout)
    Draft202012Validator(schema("drift_watch")).validate(rolling)
    assert rolling["alarms"]


def test_csv_and_workbook_have_a_row_for_each(logs: Path, tmp_path: Path) -> None:
    """As many as there are cells, told by the suffix."""
    table, book = tmp_path / "drift.csv", tmp_path / "drift.xlsx"
    for path in (table, book):
        assert run("drift", *windows(logs), "--by", "material", "-o", str(path)).exit_code == 1
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert {row["subject"]: row["verdict"] for row in rows}["gambling/spins"] == "dead"
    sheet = load_workbook(book).active
    assert sheet is not None
    assert sheet.max_row == len(rows) + 1 == len(NAMES) + 1


def test_a_series_is_watched_day_after_day(logs: Path) -> None:
    """When it began and when it could be known; how many alarms may be chance."""
    done = run("drift", str(logs / "*.json"), "--rolling", "--by", "material")
    assert done.exit_code == 1
    line = next(one for one in done.stdout.splitlines() if "gambling/spins" in one)
    assert "since 2026-10-26, known on 2026-10-2" in line
    assert "false alarms by chance: up to" in done.stdout
    late = run("drift", str(logs), "--rolling", "--by", "material", "--since", "2026-11-30")
    assert (late.exit_code, "no drift found" in late.stdout) == (0, True)


def test_a_series_that_is_too_short_is_exit_code_3(logs: Path) -> None:
    """Four weeks are learned from, and nothing was watched."""
    done = run("drift", f"{logs}@{day(0)}..{day(20)}", "--rolling")
    assert done.exit_code == 3


def test_what_was_switched_off_is_left_out(logs: Path, tmp_path: Path) -> None:
    """An override on spins: whoever wrote it knows; the reason is told in JSON."""
    folder = Path(write_rules(tmp_path))
    overrides = folder / "overrides"
    overrides.mkdir(exist_ok=True)
    (overrides / "INC-9.yaml").write_text(
        "override: INC-9\ntarget: gambling/spins\nset: {status: retired}\n"
        "from: 2026-10-26\nuntil: 2027-01-01\nby: tests\nticket: INC-9\n",
        encoding="utf-8",
    )
    done = run("drift", *windows(logs), "--by", "material", "-r", str(folder), "-f", "json")
    cells = {one["subject"]: one for one in json.loads(done.stdout)["cells"]}
    assert cells["gambling/spins"]["verdict"] == "left_out"
    assert cells["gambling/spins"]["reason"] == "override INC-9"
    assert cells["loans/quick"]["verdict"] == "noisy"


def test_arabic_is_arabic(logs: Path) -> None:
    """Every sentence in the language that was asked for; names stay as they are."""
    done = run("drift", *windows(logs), "--lang", "ar")
    assert "صاخبة" in done.stdout
    assert "خاملة" in done.stdout
    assert "gambling/spins" in done.stdout
    assert "expected" not in done.stdout


@pytest.mark.parametrize("key", _WORDS)
def test_every_word_has_both_languages_with_the_same_values(key: str) -> None:
    """What is told in one is told in the other."""
    values = {
        name: name for name in (
            "name", "first", "last", "told", "days", "creatives", "hits", "subject", "market",
            "after", "expected", "ratio", "low", "high", "package", "value", "on", "n", "share",
            "rows", "years", "alpha", "place", "since", "known", "slow",
        )
    }  # fmt: skip
    english, arabic = (word(key, lang, **values) for lang in ("en", "ar"))
    assert english and arabic
    used = [name for name in values if f"{{{name}}}" in _WORDS[key][0]]
    assert used == [name for name in values if f"{{{name}}}" in _WORDS[key][1]]
