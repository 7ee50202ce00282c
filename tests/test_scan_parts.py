"""Parts in a folder: each whole or not there, a killed job goes on, and only what changed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from automod.batch.changed import Earlier, read_earlier, state_of
from automod.batch.parts import DONE, JOB, RECORDS, open_parts
from automod.batch.row_groups import GROUP, tables_to
from automod.cli import clock, exits
from automod.errors import InputError
from automod.model.arrow import arrow
from automod.model.counters import Counters
from automod.model.decision import Decision, MarketOutcome
from command import creative, decisions, run, write_jsonl, write_rules

BODIES = ("a garden party", "Our casino opens", "free spins", "a lottery", "casino addiction")


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small ruleset, in files."""
    return write_rules(tmp_path_factory.mktemp("rules") / "rules")


@pytest.fixture(scope="module")
def ads(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A hundred creatives, of which two are none."""
    made: list[Any] = [creative(n, BODIES[n % 5], "SA", "AE") for n in range(100)]
    made[13], made[77] = "{broken", {"id": "bad", "colour": 1}
    return write_jsonl(tmp_path_factory.mktemp("ads") / "ads.jsonl", made)


def files_of(folder: Path) -> dict[str, bytes]:
    """What a folder holds, but what only the run itself needs."""
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in sorted(folder.rglob("*"))
        if one.is_file() and one.name != "_lock"
    }


@pytest.mark.parametrize("format_", ["parquet", "jsonl", "csv"])
def test_parts_hold_what_one_file_holds(format_: str, ads: str, rules: str, tmp_path: Path) -> None:
    """The same decisions, hits and counts; what was no creative lies beside its part."""
    asked = ("scan", ads, "-r", rules)
    hits = tmp_path / f"hits.{'parquet' if format_ == 'parquet' else 'jsonl'}"
    whole = run(
        *asked, "-o", str(tmp_path / f"out.{format_}"), "--hits", str(hits),
        "--counts", str(tmp_path / "whole.json"), "--quarantine", str(tmp_path / "bad.jsonl"),
    )  # fmt: skip
    out, logs = tmp_path / "out", tmp_path / "hits"
    result = run(
        *asked, "-o", f"{out}/", "-f", format_, "--hits", f"{logs}/", "--part-size", "30",
        "--counts", str(tmp_path / "parts.json"),
    )  # fmt: skip
    assert result.exit_code == whole.exit_code == exits.INCOMPLETE
    parts = sorted(out.glob("part-*"))
    assert [one.name for one in parts] == [f"part-{n:05}.{format_}" for n in range(4)]
    assert joined(parts, format_) == joined([tmp_path / f"out.{format_}"], format_)
    assert joined(sorted(logs.glob("hits-*")), hits.suffix[1:]) == joined([hits], hits.suffix[1:])
    bad = sorted(out.glob("_quarantine-*"))
    assert [one.name for one in bad] == ["_quarantine-00000.jsonl", "_quarantine-00002.jsonl"]
    assert joined(bad, "jsonl") == joined([tmp_path / "bad.jsonl"], "jsonl")
    assert (tmp_path / "parts.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    counts = Counters.from_dict(json.loads((tmp_path / "parts.json").read_text("utf-8")))
    assert counts.creatives() == 100
    done = json.loads((out / DONE).read_text("utf-8"))
    assert done["tally"]["creatives"] == 100


def joined(files: list[Path], format_: str) -> list[Any]:
    """The rows of some files, one after another."""
    if format_ == "parquet":
        tables = [arrow("a test").parquet.read_table(one) for one in files]
        return [row for one in tables for row in one.to_pylist()]
    heads = 1 if format_ == "csv" else 0
    return [line for one in files for line in one.read_bytes().splitlines()[heads:]]


def test_a_folder_of_parts_reads_as_one_table(ads: str, rules: str, tmp_path: Path) -> None:
    """What is no data has a name that engines pass over."""
    out = tmp_path / "out"
    run("scan", ads, "-r", rules, "-o", f"{out}/", "--part-size", "30")
    pytest.importorskip("pyarrow.dataset")
    import pyarrow.dataset  # type: ignore[import-untyped]

    found = pyarrow.dataset.dataset(str(out), format="parquet")
    assert found.count_rows() == 100


def test_nothing_at_all_is_a_part_without_rows(rules: str, tmp_path: Path) -> None:
    """Whoever reads the folder finds its columns."""
    empty = write_jsonl(tmp_path / "ads.jsonl", [])
    assert run("scan", empty, "-r", rules, "-o", f"{tmp_path}/out/").exit_code == exits.YES
    table = arrow("a test").parquet.read_table(tmp_path / "out" / "part-00000.parquet")
    assert (len(table), table.column_names[0]) == (0, "creative")


# --- going on -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 7))]
)
def test_a_job_that_is_killed_goes_on_without_loss_or_repeats(
    seed: int, rules: str, tmp_path: Path
) -> None:
    """SIGKILL at any moment, several times: what is there at the end is what a quiet run leaves."""
    chance = random.Random(seed)
    made: list[Any] = [creative(n, BODIES[n % 5]) for n in range(1_500)]  # 25 parts of 60
    made[chance.randrange(1_500)] = "{broken"
    ads = write_jsonl(tmp_path / "ads.jsonl", made)
    folders = tmp_path / "quiet" / "out", tmp_path / "killed" / "out"
    command = [
        str(Path(sys.executable).with_name("automod")), "scan", ads, "-r", rules, "-q", "--on",
        "2026-11-20", "--part-size", "60", "--workers", str(1 + seed % 2), "-f",
        ("parquet", "jsonl")[seed % 2], "--resume",
    ]  # fmt: skip
    kills = 0
    for attempt in range(40):
        finished = attempt == 39
        ended = begun(command, folders[1], None if finished else chance.randint(2, 16))
        if ended != -signal.SIGKILL:
            break
        kills += 1
        # The kill may come between the last file and the end of the process: all is there then.
        if (folders[1] / DONE).exists():
            assert len(list(folders[1].glob(f"{RECORDS}/*.json"))) == 25
    assert ended == exits.INCOMPLETE
    assert kills > 0
    assert begun(command, folders[0], None) == exits.INCOMPLETE
    quiet, killed = (files_of(one.parent) for one in folders)
    assert quiet.keys() == {name for name in killed if not name.endswith((".partial", ".tmp"))}
    assert {name: killed[name] for name in quiet} == quiet


def begun(command: list[str], folder: Path, kill_at: int | None) -> int:
    """Run a scan into a folder; kill it when so many more parts of it are there. How it ended."""
    arguments = [*command, "-o", f"{folder}/", "--hits", f"{folder.parent}/hits/"]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE) as process:
        if kill_at is None:
            return process.wait(timeout=120)
        wanted = len(list(folder.glob(f"{RECORDS}/*.json"))) + kill_at
        give_up = threading.Timer(120, process.kill)
        give_up.start()
        while process.poll() is None and len(list(folder.glob(f"{RECORDS}/*.json"))) < wanted:
            os.sched_yield()
        process.kill()
        give_up.cancel()
        return process.wait(timeout=60)


@pytest.mark.parametrize("finished", [False, True])
def test_a_part_that_is_gone_is_made_again(
    finished: bool, ads: str, rules: str, tmp_path: Path
) -> None:
    """A record counts only with its files as they were written, also of a job that was done."""
    out = tmp_path / "out"
    command = ("scan", ads, "-r", rules, "-o", f"{out}/", "--part-size", "30", "--resume")
    run(*command)
    before = files_of(out)
    if not finished:
        (out / DONE).unlink()
    (out / "part-00001.parquet").unlink()
    result = run(*command)
    assert files_of(out) == before
    assert "done before, by the run that this one goes on with: 30 creatives" in result.stderr


def test_hits_of_one_job_are_in_one_folder_and_of_no_other(
    ads: str, rules: str, tmp_path: Path
) -> None:
    """Going on into another would leave half of them behind; a new job writes over none."""
    log = tmp_path / "log"

    def scanned(out: str, hits: str, *more: str) -> Result:
        return run("scan", ads, "-r", rules, "-o", f"{tmp_path}/{out}/", "--hits", hits, *more)

    assert scanned("a", f"{log}/").exit_code == exits.INCOMPLETE
    before = files_of(log)
    other = scanned("a", f"{tmp_path}/other/", "--resume")
    assert "hits_folder was '../log', now '../other'" in other.stderr
    for _ in range(2):
        new = scanned("b", f"{log}/", "--resume")
        assert f"{log}/: holds hits of another job" in new.stderr
    assert {other.exit_code, new.exit_code} == {exits.NOT_STARTED}
    assert files_of(log) == before
    assert scanned("a", f"{log}/", "--resume").exit_code == exits.INCOMPLETE


def test_a_finished_job_is_not_done_again(ads: str, rules: str, tmp_path: Path) -> None:
    """It says what it said, with the same exit code."""
    command = ("scan", ads, "-r", rules, "-o", f"{tmp_path}/out/", "--part-size", "30")
    first = run(*command, "--fail-on", "hit", "--allow-incomplete", "5%")
    again = run(*command, "--fail-on", "hit", "--allow-incomplete", "5%", "--resume")
    assert first.exit_code == again.exit_code == exits.NO
    assert [line for line in again.stderr.splitlines() if line.startswith("100 creatives")]


def test_a_job_that_goes_on_decides_for_the_day_it_began(
    ads: str, rules: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The date is read once, and kept."""
    undated = write_jsonl(
        tmp_path / "ads.jsonl", [{"id": f"c{n}", "markets": ["SA"]} for n in range(9)]
    )
    out = tmp_path / "out"
    command = ("scan", undated, "-r", rules, "-f", "jsonl", "-o", f"{out}/", "--part-size", "3")
    for day in ("2026-11-20", "2026-11-21"):
        moment = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        assert run(*command, "--resume").exit_code == exits.YES
        (out / DONE).unlink()
        (out / "part-00002.jsonl").unlink()
    run(*command, "--resume")
    found = [one for part in sorted(out.glob("part-*")) for one in decisions(part.read_text())]
    assert {one["on"] for one in found} == {"2026-11-20"}
    given_ = run(*command, "--resume", "--on", "2026-11-20")
    assert "given was False, now True" in given_.stderr


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("rules", "ruleset was 'sha256:"),
        ("input", "ads.jsonl changed since"),
        ("inputs", "the inputs were"),
        ("--where=market=SA", "where was [], now ['market=SA']"),
        ("--on=2026-11-21", "day was '2026-11-20', now '2026-11-21'"),
        ("--part-size=31", "part_size was 30, now 31"),
        ("--format=jsonl", "format was 'parquet', now 'jsonl'"),
        ("--hits=HITS/", "hits was None, now 'parquet'"),
    ],
)
def test_another_job_does_not_go_on(change: str, told: str, tmp_path: Path) -> None:
    """2: other rules, inputs, date or options would leave a folder of two minds."""
    rules = write_rules(tmp_path / "rules")
    ads = write_jsonl(tmp_path / "ads.jsonl", [creative(n, "a casino") for n in range(9)])
    options = {"--on": "2026-11-20", "--part-size": "30", "--format": "parquet"}
    inputs = [ads]
    out = f"{tmp_path}/out/"
    run("scan", ads, "-r", rules, "-o", out, *flat(options))
    before = files_of(tmp_path / "out")
    if change == "rules":
        package = Path(rules, "gambling.yaml")
        package.write_text(package.read_text("utf-8").replace("value: casino,", "value: bet,"))
    elif change == "input":
        write_jsonl(tmp_path / "ads.jsonl", [creative(n, "a casina") for n in range(9)])
    elif change == "inputs":
        inputs = [write_jsonl(tmp_path / "more.jsonl", [creative(1, "x")]), ads]
    else:
        name, _, value = change.partition("=")
        options[name] = value.replace("HITS", str(tmp_path / "hits"))
    result = run("scan", *inputs, "-r", rules, "-o", out, "--resume", *flat(options))
    assert result.exit_code == exits.NOT_STARTED
    assert told in result.stderr
    assert files_of(tmp_path / "out") == before


def flat(options: dict[str, str]) -> list[str]:
    """Options as a command takes them."""
    return [part for pair in options.items() for part in pair]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ADS", "-o", "SAME", "--only-changed", "SAME"], "-o would write over --only-changed"),
        (["ADS", "-o", "FULL/"], "is not empty, and holds no job"),
        (["ADS", "-o", "DONE/"], "holds a finished job; go on with --resume"),
        (["ADS", "-o", "STOPPED/"], "holds a job that was not finished; go on with --resume"),
        (["ADS", "-o", "NEW/", "-f", "text"], "parts are one of parquet, jsonl, csv"),
        (["ADS", "-o", "NEW/", "-f", "xlsx"], "parts are one of parquet, jsonl, csv"),
        (["ADS", "-o", "NEW/", "--hits", "hits.parquet"], "beside parts it is a folder"),
        (["ADS", "-o", "NEW/", "--hits", "NEW/hits/"], "would be read as decisions"),
        (["ADS", "-o", "NEW/", "--quarantine", "bad.jsonl"], "beside parts it always is"),
        (["-", "-o", "NEW/", "--resume"], "standard input cannot be read again"),
        (["--text", "x", "--market", "SA", "-o", "NEW/"], "-o names a file"),
        (["ADS", "--resume"], "--resume needs -o FOLDER/"),
        (["ADS", "--part-size", "5"], "--part-size needs -o FOLDER/"),
        (["HERE", "-o", "HERE/out/"], "-o out lies in INPUT"),
        (["ADS", "--workers", "0"], "0 is not in the range"),
        (["ADS", "--counts", "ADS"], "would write over an INPUT"),
        (["ADS", "-o", "SAME", "--quarantine", "SAME", "-f", "jsonl"], "name the same file"),
        (["ADS", "--only-changed", "nowhere"], "there is no such file or folder"),
        (["ADS", "--only-changed", "STOPPED"], "not finished"),
        (["ADS", "--only-changed", "SOME"], "was written with --where: not all decisions"),
        (["ADS", "--only-changed", "ADS"], "ads.jsonl:1: is no decision"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(
    arguments: list[str], told: str, ads: str, rules: str, tmp_path: Path
) -> None:
    """2: in a sentence, before anything is written."""
    full, done, stopped, some = (tmp_path / name for name in ("full", "done", "stopped", "some"))
    full.mkdir()
    (full / "x.txt").touch()
    for folder, more in ((done, []), (stopped, []), (some, ["--where", "market=SA"])):
        run("scan", ads, "-r", rules, "-o", f"{folder}/", *more)
    (stopped / DONE).unlink()
    known = {
        "ADS": ads, "HERE": str(tmp_path), "FULL": str(full), "DONE": str(done),
        "STOPPED": str(stopped), "SOME": str(some), "SAME": str(tmp_path / "same.jsonl"),
        "NEW": str(tmp_path / "new"),
    }  # fmt: skip
    before = files_of(tmp_path)
    filled = [
        "/".join([known.get(head, head), *rest])
        for head, *rest in (one.split("/") for one in arguments)
    ]
    result = run("scan", "-r", rules, *filled)
    assert result.exit_code == exits.NOT_STARTED, result.output
    assert told in result.stderr
    assert files_of(tmp_path) == before


def test_two_processes_do_not_write_to_one_folder(tmp_path: Path) -> None:
    """The second is refused while the first is at it, and may go on when that has ended."""
    manifest = {"schema": 1}
    code = (
        "import sys; from automod.batch.parts import open_parts\n"
        "parts = open_parts(sys.argv[1], {'schema': 1}, resume=True)\n"
        "print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"ready\n"
        with pytest.raises(InputError, match="another process writes to it"):
            open_parts(str(tmp_path), manifest, resume=True)
        other.communicate()
    open_parts(str(tmp_path), manifest, resume=True).close()
    assert (tmp_path / JOB).exists()


def test_130_leaves_no_part_that_is_not_whole(rules: str, tmp_path: Path) -> None:
    """Ctrl-C ends the workers too; what is there is whole, and the job goes on from it."""
    made = [creative(n, BODIES[n % 5]) for n in range(20_000)]
    ads, out = write_jsonl(tmp_path / "ads.jsonl", made), tmp_path / "out"
    command = [
        str(Path(sys.executable).with_name("automod")), "scan", ads, "-r", rules, "-o", f"{out}/",
        "--part-size", "200", "--workers", "2", "-f", "jsonl",
    ]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as process:
        while not list(out.glob("part-00001*")) and process.poll() is None:
            os.sched_yield()
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == exits.INTERRUPTED
    assert told.strip() == b"interrupted"
    assert not (out / DONE).exists()
    for record in out.glob(f"{RECORDS}/*.json"):
        part = out / f"part-{record.stem}.jsonl"
        assert len(part.read_text("utf-8").splitlines()) == 200


# --- only what changed --------------------------------------------------------------------------


@pytest.mark.parametrize("earlier", ["out.jsonl", "out.parquet", "parts/"])
@pytest.mark.parametrize("workers", [[], ["--workers", "2"]])
def test_only_what_changed_is_written(earlier: str, workers: list[str], tmp_path: Path) -> None:
    """By creative: an action, a code, completeness; what is new; not evidence, nor the place."""
    rules = write_rules(tmp_path / "rules")
    texts = ["hello", "a casino", "free spins", "a casino and casino", "a jackpot", "Casino!"]
    before = [creative(n, text, "SA", "AE") for n, text in enumerate(texts)]
    first = write_jsonl(tmp_path / "first.jsonl", [*before, creative("gone", "hello"), "{broken"])
    run("scan", first, "-r", rules, "-o", f"{tmp_path}/{earlier}")
    package = Path(rules, "gambling.yaml")
    package.write_text(package.read_text("utf-8").replace("weight: medium, gap: 1", "weight: 0.95"))
    after = [creative("new", "hello"), *before[::-1], "{broken"]
    after[3] = creative(3, "casino, once", "SA", "AE")
    after[6] = creative(0, "hello", "SA", "AE", images=["missing.png"])
    second = write_jsonl(tmp_path / "second.jsonl", after)
    result = run(
        "scan", second, "-r", rules, "-f", "jsonl", "--only-changed", str(tmp_path / earlier),
        "--hits", str(tmp_path / "hits.jsonl"), "--fail-on", "review", *workers,
    )  # fmt: skip
    found = decisions(result.stdout)
    assert [one["creative"] for one in found] == ["cnew", "c2", "c0", None]
    told = "beside the earlier run: 4 unchanged, 2 changed, 2 new, 1 gone"
    assert told in result.stderr.splitlines()
    rows = [json.loads(line) for line in (tmp_path / "hits.jsonl").read_text("utf-8").splitlines()]
    assert {row["creative"] for row in rows} == {"c2"}


def test_what_changed_is_known_after_a_kill(ads: str, rules: str, tmp_path: Path) -> None:
    """Which of the earlier creatives are there is kept with each part."""
    earlier, out = tmp_path / "earlier.jsonl", tmp_path / "out"
    run("scan", ads, "-r", rules, "-o", str(earlier))
    lines = Path(ads).read_text("utf-8").splitlines()
    fewer = write_jsonl(tmp_path / "fewer.jsonl", lines[:90])
    command = (
        "scan", fewer, "-r", rules, "-o", f"{out}/", "--part-size", "30", "--resume",
        "--only-changed", str(earlier),
    )  # fmt: skip
    first = run(*command)
    (out / DONE).unlink()
    (out / "part-00001.parquet").unlink()
    again = run(*command)
    told = "beside the earlier run: 88 unchanged, 0 changed, 2 new, 10 gone"
    assert told in first.stderr
    assert told in again.stderr
    write_jsonl(earlier, earlier.read_text("utf-8").splitlines()[:50])
    another = run(*command)
    assert another.exit_code == exits.NOT_STARTED and "earlier was" in another.stderr


@pytest.mark.parametrize(
    "change",
    [
        {"creative": 5}, {"action": ["approve"]}, {"markets": [1]}, {"markets": {"SA": {}}},
        {"markets": {"SA": {"action": [], "complete": {}}}}, {"verdicts": 5}, {"verdicts": [{}]},
    ],
)  # fmt: skip
def test_what_is_no_earlier_decision_is_told_with_its_line(
    change: dict[str, Any], tmp_path: Path
) -> None:
    """Anybody may have written the file."""
    made = Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {})
    rows = [made.to_json(), json.dumps(json.loads(made.to_json()) | change)]
    path = write_jsonl(tmp_path / "earlier.jsonl", rows)
    with pytest.raises(InputError, match=r"earlier\.jsonl:2: is no decision"):
        read_earlier(path)


OUTCOMES = st.builds(MarketOutcome, st.sampled_from(["approve", "review", "reject"]), st.booleans())
MADE = st.builds(
    Decision, st.text(max_size=3), st.just(0), st.just("2026-11-20"), st.just("sha256:0"),
    st.sampled_from(["approve", "review"]), st.dictionaries(st.sampled_from("ABC"), OUTCOMES),
)  # fmt: skip


@given(st.lists(MADE, max_size=20), MADE)
@settings(max_examples=60)
def test_earlier_decisions_are_found_by_id(made: list[Decision], other: Decision) -> None:
    """The last of an id counts; markets in any order are the same."""
    path = _PLACE / "earlier.jsonl"
    path.write_text("".join(one.to_json() + "\n" for one in made), "utf-8")
    earlier: Earlier = read_earlier(str(path))
    last = {one.creative: one for one in made}
    assert len(earlier) == len(last)
    place = earlier.place(str(other.creative))
    known = last.get(other.creative)
    assert (place >= 0) is (known is not None)
    if known is not None:
        turned = dict(reversed(known.markets.items()))
        assert earlier.same(place, Decision(known.creative, 7, "", "", known.action, turned))
        assert earlier.same(place, other) is (state_of(known) == state_of(other))
        same = (known.action, known.markets) == (other.action, other.markets)
        assert earlier.same(place, other) is same


@pytest.fixture(scope="module", autouse=True)
def _place(tmp_path_factory: pytest.TempPathFactory) -> None:
    global _PLACE  # noqa: PLW0603 - Hypothesis takes no fixture of a function
    _PLACE = tmp_path_factory.mktemp("earlier")


_PLACE = Path()


@given(st.lists(st.integers(0, GROUP), max_size=4))
@settings(max_examples=10, deadline=None)
def test_row_groups_do_not_tell_where_rows_came_from(sizes: list[int]) -> None:
    """The bytes of a file depend on its rows alone."""
    pa = arrow("a test")
    names = pa.array([f"n{n % 7}" for n in range(sum(sizes))]).dictionary_encode()
    table = pa.table({"a": pa.array(range(sum(sizes))), "b": names})
    written = []
    for number, some in enumerate((sizes, [sum(sizes)])):
        path, place = _PLACE / f"{number}.parquet", 0
        with tables_to(path, table.schema) as groups:
            for size in some:
                groups.add(table.slice(place, size))
                place += size
        written.append(path.read_bytes())
    assert written[0] == written[1]
