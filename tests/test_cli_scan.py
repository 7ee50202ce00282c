"""`automod scan`: exit codes, formats, streams, and that nothing is ever silently clean."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from automod.batch.stream import decide_stream
from automod.cli import exits
from automod.cli.main import main
from automod.engine.compile import compile
from automod.load.ruleset import load
from automod.model.creative import Creative
from command import creative, decisions, run, write_jsonl, write_rules

CLEAN = creative(1, "A garden party for everyone")
RISKY = creative(2, "Our casino opens tonight")
TEXT = "Casino night, free spins"


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small ruleset, in files."""
    return write_rules(tmp_path_factory.mktemp("rules") / "rules")


@pytest.fixture
def ads(tmp_path: Path) -> str:
    """A clean creative and one that is rejected."""
    return write_jsonl(tmp_path / "ads.jsonl", [CLEAN, RISKY])


# --- exit codes ---------------------------------------------------------------------------------


def test_0_a_scan_that_found_something(rules: str, ads: str) -> None:
    """0: it ran; hits are an answer, not a failure."""
    result = run("scan", ads, "-r", rules, "-f", "jsonl")
    assert result.exit_code == exits.YES
    assert [one["action"] for one in decisions(result.stdout)] == ["approve", "reject"]


@pytest.mark.parametrize(
    ("body", "market", "bar", "code"),
    [
        ("our casino", "SA", "reject", exits.NO),
        ("our casino", "SA", "hit", exits.NO),
        ("free spins", "SA", "reject", exits.YES),
        ("free spins", "SA", "review", exits.NO),
        ("our casino", "FR", "restrict", exits.NO),
        ("our casino", "FR", "review", exits.YES),
        ("our casino", "MT", "hit", exits.NO),
        ("our casino", "MT", "restrict", exits.YES),
        ("a jackpot", "SA", "hit", exits.YES),
        ("casino addiction", "SA", "hit", exits.YES),
        ("a garden", "SA", "hit", exits.YES),
    ],
)
def test_1_fail_on(rules: str, body: str, market: str, bar: str, code: int) -> None:
    """1: a decision is as strict as --fail-on; shadow and allowed hits do not count."""
    result = run(
        "scan", "-r", rules, "--text", body, "--market", market, "--on", "2026-11-20",
        "--fail-on", bar,
    )  # fmt: skip
    assert result.exit_code == code


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ads.jsonl"], "Missing option '-r'"),
        (["-r", "RULES"], "give either INPUT or --text"),
        (["ADS", "-r", "RULES", "--text", "x"], "give either INPUT or --text"),
        (["nowhere.jsonl", "-r", "RULES"], "nowhere.jsonl: there is no such file"),
        (["RULES", "-r", "RULES"], "holds no file of creatives"),
        (["ADS", "-r", "nowhere"], "nowhere: there is no such file or folder"),
        (["ADS", "-r", "RULES", "-o", "out.bin"], "cannot tell a format"),
        (["ADS", "-r", "RULES", "-o", "no/such/folder/out.csv"], "No such file or directory"),
        (["ADS", "-r", "RULES", "-f", "csv", "-o", "ADS"], "would write over an INPUT"),
        (["ADS", "-r", "RULES", "--on", "tomorrow"], "is not a date"),
        (["ADS", "-r", "RULES", "--allow-incomplete", "lots"], "is not a number"),
        (["ADS", "-r", "RULES", "--allow-incomplete", "150%"], "is not from 0 to 1"),
        (["ADS", "-r", "RULES", "--where", "colour=red"], "cannot be asked for"),
        (["ADS", "-r", "RULES", "--where", "action=stop"], "is not a value of action"),
        (["ADS", "-r", "RULES", "--where", "market=KSA"], "no market 'KSA'; did you mean 'SA'?"),
        (["ADS", "-r", "RULES", "--where", "market=sa"], "no market 'sa'; did you mean 'SA'?"),
        (["ADS", "-r", "RULES", "--where", "market=GC"], "no market 'GC'; did you mean 'GCC'?"),
        (["ADS", "-r", "RULES", "--where", "policy=GMB.RAEL"], "did you mean 'GMB.REAL'?"),
        (["ADS", "-r", "RULES", "--where", "material=gambling/casin"], "'gambling/casino'?"),
        (["ADS", "-r", "RULES", "--where", "material=casino"], "no material 'casino'"),
        (["ADS", "-r", "RULES", "--where", "package=gamblin"], "did you mean 'gambling'?"),
        (["ADS", "-r", "RULES", "--where", "action=rejected"], "did you mean 'reject'?"),
        (["ADS", "-r", "RULES", "--where", "complete=maybe"], "one of: no, yes"),
        (["ADS", "-r", "RULES", "--where", "action=reject", "--where", "market=SAA"], "'SAA'"),
        (["ADS", "-r", "RULES", "--fail-on", "panic"], "is not one of"),
        (["ADS", "-r", "RULES", "--market", "SA"], "go with --text"),
        (["-r", "RULES", "--text", "x"], "--text needs --market"),
        (["-", "-", "-r", "RULES"], "only once"),
        (["--no-such-flag"], "No such option"),
    ],
)
def test_2_could_not_start(
    arguments: list[str], told: str, rules: str, ads: str, tmp_path: Path
) -> None:
    """2: a sentence that says what is wrong, nothing on standard output, and never a traceback."""
    known = {"RULES": rules, "ADS": ads}
    result = run("scan", *(known.get(one, one) for one in arguments))
    assert result.exit_code == exits.NOT_STARTED
    assert told in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert list(tmp_path.glob("*")) == [Path(ads)]


def test_2_a_ruleset_with_faults_tells_them_all(ads: str, tmp_path: Path) -> None:
    """2: every fault of the rules, one a line, with file, line and column."""
    rules = write_rules(tmp_path / "rules")
    package = Path(rules, "gambling.yaml")
    broken = package.read_text("utf-8").replace("kind: keyword", "kind: keywrod")
    package.write_text(broken, "utf-8")
    result = run("scan", ads, "-r", rules)
    lines = result.stderr.splitlines()
    assert result.exit_code == exits.NOT_STARTED
    assert len(lines) == 5
    assert all(line.startswith(f"{package}:") and "'keywrod'" in line for line in lines)


@pytest.mark.parametrize(
    ("bad", "total", "allowed", "code"),
    [
        (1, 2, None, exits.INCOMPLETE),
        (1, 10, "9.9%", exits.INCOMPLETE),
        (1, 10, "10%", exits.YES),
        (1, 10, "0.1", exits.YES),
        (0, 2, None, exits.YES),
    ],
)
def test_3_incomplete(
    bad: int, total: int, allowed: str | None, code: int, rules: str, tmp_path: Path
) -> None:
    """3: part of the input was not evaluated, unless --allow-incomplete holds."""
    lines = [*["{broken"] * bad, *(creative(n, "hello") for n in range(total - bad))]
    ads = write_jsonl(tmp_path / "ads.jsonl", lines)
    share = [] if allowed is None else ["--allow-incomplete", allowed]
    result = run("scan", ads, "-r", rules, "-f", "jsonl", *share)
    assert result.exit_code == code
    assert len(decisions(result.stdout)) == total


def test_3_wins_over_1(rules: str, tmp_path: Path) -> None:
    """A gate cannot pass, nor fail for the right reason, on input that was not looked at."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [RISKY, "not a creative"])
    both = ("scan", ads, "-r", rules, "-f", "jsonl", "--fail-on", "reject")
    assert run(*both).exit_code == exits.INCOMPLETE
    assert run(*both, "--allow-incomplete", "50%").exit_code == exits.NO


def test_what_was_not_evaluated_reaches_no_bar(rules: str, tmp_path: Path) -> None:
    """Work caused by faults is counted apart from risk: --fail-on is about risk."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [CLEAN, "not a creative"])
    result = run(
        "scan", ads, "-r", rules, "-f", "jsonl", "--fail-on", "review", "--allow-incomplete", "1",
    )  # fmt: skip
    assert result.exit_code == exits.YES
    assert [one["action"] for one in decisions(result.stdout)] == ["approve", "review"]


def test_70_a_bug_leaves_its_traceback_in_a_file(
    rules: str, ads: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """70: something that must not happen did; the user is told where the traceback is."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the automaton is on fire")

    monkeypatch.setattr("automod.engine.compile.compile", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    result = run("scan", ads, "-r", rules)
    (report,) = tmp_path.glob("automod-bug-*.txt")
    assert result.exit_code == exits.BUG
    assert str(report) in result.stderr
    assert "the automaton is on fire" in report.read_text("utf-8")
    assert "Traceback" not in result.stderr


def test_130_interrupted_leaves_only_what_is_partial(rules: str, tmp_path: Path) -> None:
    """130: Ctrl-C in the middle of a scan leaves OUT.partial and no OUT."""
    out = tmp_path / "out.jsonl"
    program = Path(sys.executable).with_name("automod")
    with subprocess.Popen(
        [program, "scan", "-", "-r", rules, "-o", out],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        line = json.dumps(creative(1, "x" * 1_000)) + "\n"
        process.stdin.write(line.encode() * 2_000)
        process.stdin.flush()
        partial = tmp_path / "out.jsonl.partial"
        waited = time.monotonic() + 30
        while not (partial.exists() and partial.stat().st_size) and time.monotonic() < waited:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == exits.INTERRUPTED
    assert b"interrupted" in told
    assert b"Traceback" not in told
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl.partial"]


def test_a_reader_who_leaves_early_is_told_nothing(rules: str, tmp_path: Path) -> None:
    """`automod scan | head -1` ends quietly, and not as a bug or as a broken gate."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [creative(n, "x" * 500) for n in range(2_000)])
    program = Path(sys.executable).with_name("automod")
    with subprocess.Popen(
        [program, "scan", ads, "-r", rules, "-f", "jsonl"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
        process.wait(timeout=30)
    assert process.returncode == exits.INTERRUPTED
    assert told == b""


# --- input --------------------------------------------------------------------------------------


def test_standard_input(rules: str) -> None:
    """- is standard input, in any of the formats that files have."""
    lines = "".join(json.dumps(one) + "\n" for one in (CLEAN, RISKY))
    table = 'id,markets,text.body\nc9,SA,"our casino"\n'
    for given, expected in (
        (lines, ["c1", "c2"]),
        (f"[{json.dumps(RISKY)}]", ["c2"]),
        (table, ["c9"]),
    ):
        result = run("scan", "-", "-r", rules, "-f", "jsonl", stdin=given)
        assert result.exit_code == exits.YES
        assert [one["creative"] for one in decisions(result.stdout)] == expected


def test_several_inputs_are_one_stream(rules: str, tmp_path: Path) -> None:
    """Files come one after another; `index` counts over all of them."""
    files = [
        write_jsonl(tmp_path / f"{name}.jsonl", [creative(name, "hello"), "broken"])
        for name in "ab"
    ]
    result = run("scan", *files, "-r", rules, "-f", "jsonl")
    found = [(one["creative"], one["index"]) for one in decisions(result.stdout)]
    assert found == [("ca", 0), (None, 1), ("cb", 2), (None, 3)]


@pytest.mark.parametrize(
    "line",
    [
        "{broken",
        "[1, 2]",
        '"text"',
        "null",
        "17",
        '{"id": 5}',
        '{"id": "x", "colour": "red"}',
        "{}",
    ],
)
def test_a_line_that_is_no_creative_is_never_lost_and_never_clean(
    line: str, rules: str, tmp_path: Path
) -> None:
    """It becomes a decision in its place: no creative, creative.invalid, not approved."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [CLEAN, line, RISKY])
    result = run("scan", ads, "-r", rules, "-f", "jsonl")
    first, bad, last = decisions(result.stdout)
    assert (first["creative"], last["creative"]) == ("c1", "c2")
    assert bad["creative"] is None
    assert bad["index"] == 1
    assert bad["action"] == "review"
    assert [one["code"] for one in bad["not_evaluated"]] == ["creative.invalid"]
    assert result.exit_code == exits.INCOMPLETE


def test_lines_that_cannot_be_read_are_told_with_their_place(rules: str, tmp_path: Path) -> None:
    """File, line and reason on standard error; after twenty, only how many more."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [CLEAN, *["{broken"] * 25])
    result = run("scan", ads, "-r", rules, "-f", "jsonl")
    lines = result.stderr.splitlines()
    assert lines[0].startswith(f"{ads}:2: ")
    assert lines[20] == "… and 5 more that are no creatives"
    quiet = run("scan", ads, "-r", rules, "-q", "-f", "jsonl")
    assert (quiet.stderr, quiet.exit_code) == ("", exits.INCOMPLETE)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"id": 5}, ": the id is 5, not a text"),
        ({"id": "x", "colour": 1}, ", id 'x': unknown keys: 'colour'"),
        ({"id": "x", "on": "20.11.2026"}, ", id 'x': on is '20.11.2026', not a date"),
        ({"id": "x", "markets": "SA"}, ", id 'x': markets is str"),
        ({"id": "\x1b[2J", "c\u202e\x9b": 1}, ", id '\\x1b[2J': unknown keys: 'c\\u202e\\x9b'"),
        ({"id": "x" * 5_000, "colour": 1}, ", id 'xxxx"),
    ],
)
def test_why_something_is_no_creative_is_told(
    bad: dict[str, Any], told: str, rules: str, tmp_path: Path
) -> None:
    """Which one, and the reason, on one line of standard error that does nothing to a terminal."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [CLEAN, bad, RISKY])
    result = run("scan", ads, "-r", rules, "-f", "jsonl")
    first, *rest = result.stderr.splitlines()
    assert result.exit_code == exits.INCOMPLETE
    assert first.startswith(f"{ads}:2{told}")
    assert first.isprintable()
    assert len(first) <= 300
    assert len(rest) == 1
    assert run("scan", ads, "-r", rules, "-f", "jsonl", "-q").stderr == ""


def test_no_creatives_at_all(rules: str, tmp_path: Path) -> None:
    """An empty file has an empty report, and says that it was empty."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [])
    result = run("scan", ads, "-r", rules, "-f", "jsonl")
    assert (result.exit_code, result.stdout) == (exits.YES, "")
    assert "0 creatives" in result.stderr


# --- output -------------------------------------------------------------------------------------


def test_results_on_standard_output_everything_else_on_standard_error(rules: str, ads: str) -> None:
    """JSONL is decisions and nothing else; the counts go to standard error; -q silences them."""
    result = run("scan", ads, "-r", rules, "-f", "jsonl")
    engine = compile(load(rules))
    expected = [engine.decide(one) for one in (CLEAN, RISKY)]
    assert [json.loads(line)["creative"] for line in result.stdout.splitlines()] == ["c1", "c2"]
    assert result.stdout.splitlines()[0] == expected[0].to_json()
    assert result.stderr == "2 creatives: ✖ 1 rejected, ✔ 1 approved\n"
    assert run("scan", ads, "-r", rules, "-f", "jsonl", "-q").stderr == ""


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("out.jsonl", '{"schema": 1, "creative": "c1"'),
        ("out.ndjson", '{"schema": 1, "creative": "c1"'),
        ("out.csv", "\ufeffcreative,index,on,market,"),
        ("out.txt", " ✔ APPROVE      c1  SA\n"),
    ],
)
def test_a_file_has_the_format_of_its_suffix(
    name: str, begins: str, rules: str, ads: str, tmp_path: Path
) -> None:
    """-o appears whole, in the format its name says, and nothing of it on standard output."""
    out = tmp_path / name
    result = run("scan", ads, "-r", rules, "-o", str(out))
    assert result.exit_code == exits.YES
    assert result.stdout == ""
    assert out.read_text("utf-8").startswith(begins)
    assert not out.with_name(f"{name}.partial").exists()


def test_a_file_that_fails_half_way_keeps_the_one_before(rules: str, tmp_path: Path) -> None:
    """A report that could not be finished never takes the place of an earlier one."""
    out = tmp_path / "out.jsonl"
    out.write_text("the one before", "utf-8")
    broken = tmp_path / "ads.json"
    broken.write_text("[{", "utf-8")
    result = run("scan", str(broken), "-r", rules, "-o", str(out))
    assert result.exit_code == exits.NOT_STARTED
    assert out.read_text("utf-8") == "the one before"


def test_csv_on_standard_output(rules: str, ads: str) -> None:
    """A row for each creative, market and verdict, for a spreadsheet that is told it is UTF-8."""
    result = run("scan", ads, "-r", rules, "-f", "csv")
    assert result.stdout.startswith("\ufeff")
    found = list(csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"))))
    assert [(one["creative"], one["market"], one["action"]) for one in found] == [
        ("c1", "SA", "approve"), ("c2", "SA", "reject"),
    ]  # fmt: skip


def test_one_text(rules: str) -> None:
    """--text is the body of a creative in the markets given."""
    result = run(
        "scan", "-r", rules, "--text", "our casino", "--market", "SA", "--market", "MT",
        "--language", "en", "--on", "2026-11-20", "-f", "jsonl",
    )  # fmt: skip
    (found,) = decisions(result.stdout)
    assert found["on"] == "2026-11-20"
    assert {market: one["action"] for market, one in found["markets"].items()} == {
        "SA": "reject", "MT": "approve",
    }  # fmt: skip


def test_the_date_of_the_command_beats_that_of_the_creative(rules: str, tmp_path: Path) -> None:
    """--on decides for that date, whatever the creatives say."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [creative(1, "play roulette")])
    asked = ("scan", ads, "-r", rules, "-f", "jsonl")
    assert decisions(run(*asked).stdout)[0]["action"] == "approve"
    (later,) = decisions(run(*asked, "--on", "2027-02-01").stdout)
    assert (later["on"], later["action"]) == ("2027-02-01", "reject")


WHERE = [
    creative(1, "our casino", "SA", "MT"),
    creative(2, "free spins", "SA"),
    creative(3, "hello", "SA", "AE"),
    creative(4, "free spins", "AE"),
]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (["market=SA"], ["c1", "c2", "c3"]),
        (["market=GCC,action=review"], ["c2", "c4"]),
        (["market=MT,action=reject"], []),
        (["market=MT,action=approve"], ["c1"]),
        (["action=review|reject"], ["c1", "c2", "c4"]),
        (["policy=GMB.REAL,market=AE"], ["c4"]),
        (["material=gambling/spins"], ["c2", "c4"]),
        (["package=gambling"], ["c1", "c2", "c4"]),
        (["creative=c3"], ["c3"]),
        (["creative=c3", "market=MT"], ["c1", "c3"]),
        (["complete=no"], []),
    ],
)
def test_where(conditions: list[str], expected: list[str], rules: str, tmp_path: Path) -> None:
    """Only decisions that fit are written; conditions hold of one market together."""
    ads = write_jsonl(tmp_path / "ads.jsonl", WHERE)
    flags = [part for one in conditions for part in ("--where", one)]
    result = run("scan", ads, "-r", rules, "-f", "jsonl", *flags)
    assert [one["creative"] for one in decisions(result.stdout)] == expected
    assert "4 creatives" in result.stderr


@pytest.mark.parametrize(
    ("body", "where", "code"),
    [
        ("our casino", ["market=MT"], exits.NO),
        ("a lottery", [], exits.NO),
        ("a lottery", ["market=AE"], exits.NO),
        ("a lottery", ["market=MT"], exits.YES),
        ("a word", [], exits.YES),
        ("a word", ["material=signals/word"], exits.YES),
        ("casino protected", ["market=AE"], exits.YES),
        ("casino protected", ["market=MT"], exits.NO),
        ("casino protected", [], exits.NO),
    ],
)
def test_fail_on_hit_asks_for_a_verdict_that_rests_on_a_hit(
    body: str, where: list[str], code: int, tmp_path: Path
) -> None:
    """In the markets asked about; what is allowed in another does not hide it; signals are none."""
    rules = write_rules(tmp_path / "rules")
    Path(rules, "signals.yaml").write_text(
        "package: signals\nversion: 1\nowner: tests\npolicy: [GMB.REAL]\nmaterials:\n"
        "  - {id: word, kind: keyword, value: word, weight: signal}\n"
        "  - {id: lottery, kind: keyword, value: lottery, weight: strong, markets: [AE]}\n"
        "allow:\n"
        "  - {id: safe, kind: phrase, value: casino protected, markets: [AE],"
        " protects: [gambling]}\n",
        "utf-8",
    )
    ads = write_jsonl(tmp_path / "ads.jsonl", [creative(1, body, "AE", "MT")])
    flags = [part for one in where for part in ("--where", one)]
    result = run("scan", ads, "-r", rules, "--fail-on", "hit", *flags)
    assert result.exit_code == code, result.output


def test_where_is_what_fail_on_looks_at(rules: str, tmp_path: Path) -> None:
    """A gate for one market is not broken by another; what was not evaluated still counts."""
    ads = write_jsonl(tmp_path / "ads.jsonl", WHERE)
    gate = ("scan", ads, "-r", rules, "--fail-on", "reject")
    assert run(*gate).exit_code == exits.NO
    assert run(*gate, "--where", "market=AE").exit_code == exits.YES
    broken = write_jsonl(tmp_path / "broken.jsonl", [*WHERE, "{broken"])
    asked = ("scan", broken, "-r", rules, "--where", "market=AE")
    assert run(*asked).exit_code == exits.INCOMPLETE


# --- streams ------------------------------------------------------------------------------------


def test_a_stream_is_decided_in_blocks_and_in_order(rules: str) -> None:
    """No more than a block is held: the source is never read far ahead of what came out."""
    engine = compile(load(rules))
    ahead, given, taken = [], 0, 0

    def source() -> Iterator[dict[str, Any]]:
        nonlocal given
        for number in range(1_000):
            given += 1
            yield creative(number, "our casino" if number % 7 == 0 else "hello")

    for one, decision in decide_stream(engine, source(), today=date(2026, 11, 20), block=64):
        ahead.append(given - taken)
        assert decision.creative == one["id"]
        assert decision.index == taken
        taken += 1
    assert taken == 1_000
    assert max(ahead) <= 64


@pytest.mark.parametrize("block", [1, 2, 3, 512])
def test_the_size_of_a_block_changes_nothing(block: int, rules: str) -> None:
    """A decision does not depend on what was decided beside it."""
    engine = compile(load(rules))
    stream = [*WHERE, None, "text", {"id": "x", "colour": 1}, creative(9, TEXT, "GB")]
    today = date(2026, 11, 20)
    found = [one for _, one in decide_stream(engine, stream, today=today, block=block)]
    alone = [engine.decide(one, today) for one in stream]
    assert [one.to_dict() | {"index": 0} for one in found] == [one.to_dict() for one in alone]
    assert [one.index for one in found] == list(range(len(stream)))


def test_one_day_for_a_whole_stream(rules: str) -> None:
    """A creative without a date is decided for the day the stream began, even past midnight."""
    undated = [{"id": "a", "markets": ["SA"]}, None, creative(1, "hello", on="2025-05-05")]
    stream = decide_stream(compile(load(rules)), undated, today=date(2026, 1, 2))
    assert [one.on for _, one in stream] == ["2026-01-02", "2026-01-02", "2025-05-05"]


def test_one_day_for_objects_as_for_dicts(rules: str) -> None:
    """A `Creative` without a date gets the stream's as well, and one with a date keeps it."""
    written: list[dict[str, Any]] = [
        {"id": "a", "markets": ["SA"], "text": {"body": "play roulette"}},
        {"id": "b", "markets": ["SA"], "on": None},
        creative(1, "play roulette", on="2025-05-05"),
    ]
    objects = [Creative.model_validate(one) for one in written if one.get("on", "") is not None]

    class Broken:
        def as_dict(self) -> dict[str, Any]:
            raise RuntimeError("no")

    stream = decide_stream(compile(load(rules)), [*objects, Broken()], today=date(2027, 2, 1))
    found = [(one.creative, one.on, one.action) for _, one in stream]
    assert found == [
        ("a", "2027-02-01", "reject"), ("c1", "2025-05-05", "approve"),
        (None, "2027-02-01", "review"),
    ]  # fmt: skip


def test_memory_does_not_grow_with_the_input(rules: str, tmp_path: Path) -> None:
    """Ten times the creatives take hardly more memory."""
    peaks = []
    for count in (2_000, 20_000):
        ads = write_jsonl(
            tmp_path / f"{count}.jsonl", (creative(n, f"{n} {'word ' * 40}") for n in range(count))
        )
        program = Path(sys.executable).with_name("automod")
        out = str(tmp_path / f"{count}.out.jsonl")
        command = [str(program), "scan", ads, "-r", rules, "-o", out]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == exits.YES
        peaks.append(usage.ru_maxrss)
    assert peaks[1] < peaks[0] * 1.2


def test_help_is_quick() -> None:
    """`automod --help` loads no heavy module."""
    code = (
        "import sys; from automod.cli.main import main; main(['--help'], standalone_mode=False);"
        "heavy = {'numpy', 'pydantic', 'yaml', 'rich', 'regex'} & set(sys.modules);"
        "sys.exit(f'loads {sorted(heavy)}' if heavy else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_progress_is_shown_on_a_terminal_and_nowhere_else(
    rules: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long scan says how far it is, on standard error, if that is a terminal."""
    monkeypatch.setattr("automod.cli.terminal.PATIENCE", 0.0)
    ads = write_jsonl(tmp_path / "ads.jsonl", [creative(n, "hello") for n in range(200)])
    asked = ["scan", ads, "-r", rules, "-o", str(tmp_path / "out.jsonl")]
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "100"}
    for flags, shown in (([], True), (["--no-progress"], False), (["-q"], False)):
        told = CliRunner().invoke(main, [*asked, *flags], env=terminal).stderr
        assert ("\x1b[" in told) is shown
    assert "\x1b[" not in run(*asked).stderr
