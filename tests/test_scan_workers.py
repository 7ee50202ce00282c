"""Processes: the same answer with any number of them, and none of it lost when one dies."""

from __future__ import annotations

import gc
import io
import json
import os
import signal
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from multiprocessing import Value
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automod.batch import lines, reading, tables
from automod.batch.lines import ranges_of
from automod.batch.plan import Chunk, Cut, chunks_of
from automod.batch.pool import Pool, WorkerError
from automod.batch.reading import Reader
from automod.cli import exits
from automod.engine.engine import Engine
from automod.errors import InputError
from automod.load import json_files
from automod.load.json_files import Unreadable, json_lines
from automod.model.arrow import arrow, creative_schema
from automod.model.counters import Counters
from command import DAY, creative, decisions, run, write_jsonl, write_rules

BODIES = (
    "a garden party", "Our casino opens", "free spins", "a lottery", "casino addiction", "كازينو",
)  # fmt: skip


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small ruleset, in files."""
    return write_rules(tmp_path_factory.mktemp("rules") / "rules")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of seven creatives, so that few make many."""
    whole = Cut.__init__

    def seven(self: Cut, most: int = 7, **more: Any) -> None:
        whole(self, most=min(most, 7), **more)

    monkeypatch.setattr(Cut, "__init__", seven)


def ads(count: int) -> list[Any]:
    """Creatives of every sort, and between them what is none."""
    made: list[Any] = [
        creative(n, BODIES[n % len(BODIES)], "SA", "AE", *(["MT"] if n % 3 else []))
        for n in range(count)
    ]
    made[count // 3] = "{broken"
    made[count // 2] = {"id": "bad", "colour": 1}
    return made


def table_of(creatives: list[Any]) -> str:
    """The same as CSV, with a row that is none."""
    rows = ["id,markets,on,text.body"]
    rows += [
        f"{one['id']},{';'.join(one['markets'])},{one['on']},{one['text']['body']}"
        for one in creatives
        if isinstance(one, dict) and "text" in one
    ]
    return "\n".join([*rows, "one,two,three,four,five"]) + "\n"


def parquet_of(creatives: list[Any], path: Path) -> None:
    """The same as Parquet, in row groups of ten, with a row that has no id."""
    pa = arrow("a test")
    rows = [
        {**one, "on": date.fromisoformat(one["on"]), "text": list(one["text"].items())}
        for one in creatives
        if isinstance(one, dict) and "text" in one
    ]
    table = pa.Table.from_pylist([*rows, {"id": None}], schema=creative_schema())
    pa.parquet.write_table(table, path, row_group_size=10)


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, str]:
    """The creatives in every format."""
    made, folder = ads(40), tmp_path / "in"
    folder.mkdir()
    good = [one if isinstance(one, dict) else {"id": 5} for one in made]
    write_jsonl(folder / "ads.jsonl", made)
    (folder / "ads.json").write_text(json.dumps(good), "utf-8")
    (folder / "ads.csv").write_text(table_of(made), "utf-8")
    parquet_of(made, folder / "ads.parquet")
    return {one.suffix: str(one) for one in folder.iterdir()} | {"folder": str(folder)}


# --- the same answer ----------------------------------------------------------------------------


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("output", ["jsonl", "csv", "parquet", "txt"])
@pytest.mark.parametrize("input_", [".jsonl", ".json", ".csv", ".parquet", "folder"])
def test_any_number_of_workers_says_the_same(
    input_: str, output: str, inputs: dict[str, str], rules: str, tmp_path: Path
) -> None:
    """To the byte: decisions, hits, quarantine, counts, and what is said on standard error."""
    found = []
    for workers in (1, 2):
        place = tmp_path / f"w{workers}"
        place.mkdir()
        result = run(
            "scan", inputs[input_], "-r", rules, "--workers", str(workers), "-v",
            "-o", str(place / f"out.{output}"), "--hits", str(place / "hits.parquet"),
            "--quarantine", str(place / "bad.jsonl"), "--counts", str(place / "counts.json"),
        )  # fmt: skip
        assert result.exit_code == exits.INCOMPLETE, result.stderr
        told = result.stderr.replace(str(place), "").splitlines()[:-1]
        found.append((told, {one.name: one.read_bytes() for one in place.iterdir()}))
    assert found[0] == found[1]
    assert len(found[0][1]) == 4


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("output", ["jsonl", "csv", "txt"])
@pytest.mark.parametrize("input_", [".jsonl", ".json", ".csv", ".parquet"])
def test_workers_say_what_one_process_says(
    input_: str, output: str, inputs: dict[str, str], rules: str, tmp_path: Path
) -> None:
    """With no new option a scan runs as it always did; processes change no byte of it."""
    asked = ("scan", inputs[input_], "-r", rules, "--where", "market=SA", "--fail-on", "reject")
    alone, beside = tmp_path / f"alone.{output}", tmp_path / f"beside.{output}"
    first = run(*asked, "-o", str(alone), "--hits", str(tmp_path / "one.jsonl"))
    other = run(*asked, "-o", str(beside), "--hits", str(tmp_path / "two.jsonl"), "--workers", "2")
    assert (first.exit_code, first.stderr) == (other.exit_code, other.stderr)
    assert alone.read_bytes() == beside.read_bytes()
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


@pytest.mark.usefixtures("small")
def test_columns_say_what_objects_say(inputs: dict[str, str], rules: str, tmp_path: Path) -> None:
    """Parquet to Parquet is decided as columns: the same decisions, hits, counts and quarantine."""
    found = []
    for suffix in ("parquet", "jsonl"):
        place = tmp_path / suffix
        place.mkdir()
        result = run(
            "scan", inputs[".parquet"], "-r", rules, "-o", str(place / f"out.{suffix}"),
            "--hits", str(place / f"hits.{suffix}"), "--quarantine", str(place / "bad.jsonl"),
            "--counts", str(place / "counts.json"), "--fail-on", "reject",
        )  # fmt: skip
        read = automod_rows if suffix == "parquet" else json_rows
        found.append((
            result.exit_code, result.stderr.splitlines()[:-1],
            read(place / f"out.{suffix}"), (place / "bad.jsonl").read_bytes(),
            (place / "counts.json").read_bytes(),
        ))  # fmt: skip
    assert found[0] == found[1]


def automod_rows(path: Path) -> list[str]:
    """The decisions of a Parquet file, as JSON."""
    from automod.model.arrow import decision_json

    rows = arrow("a test").parquet.read_table(path).to_pylist()
    return [json.dumps(decision_json(row), ensure_ascii=False) for row in rows]


def json_rows(path: Path) -> list[str]:
    """The lines of a file."""
    return path.read_text("utf-8").splitlines()


def test_counts_do_not_depend_on_how_a_scan_is_cut(
    rules: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where advertisers write more markets than a service counts by name."""
    monkeypatch.setattr(Counters.__init__, "__defaults__", (3,))
    made = [creative(n, "a casino", markets=[f"M{n}"]) for n in range(20)]
    path = write_jsonl(tmp_path / "ads.jsonl", made)
    parts = ["--workers", "2", "-o", f"{tmp_path}/out/", "--part-size", "2"]
    for name, more in (("one", []), ("two", parts)):
        run("scan", path, "-r", rules, "--counts", str(tmp_path / f"{name}.json"), "-q", *more)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_standard_input_is_decided_by_workers(rules: str) -> None:
    """Lines are handed out as they come; a table and a list of JSON as well."""
    written = "".join(json.dumps(one) + "\n" for one in ads(20) if isinstance(one, dict))
    for given_ in (written, table_of(ads(20)), json.dumps(ads(20)[:5])):
        asked = ("scan", "-", "-r", rules, "-f", "jsonl")
        alone, beside = run(*asked, stdin=given_), run(*asked, "--workers", "2", stdin=given_)
        assert alone.stdout
        assert (alone.stdout, alone.stderr) == (beside.stdout, beside.stderr)


def test_a_workbook_is_the_same_with_workers(rules: str, tmp_path: Path) -> None:
    """Rows of a table keep their own columns on the way through a process."""
    table = tmp_path / "ads.csv"
    table.write_text("id,markets,on,text.body,Campaign\nc1,SA,2026-11-20,a casino,Summer\n")
    asked = ("scan", str(table), "-r", rules, "-o")
    for name, more in (("one.xlsx", ()), ("two.xlsx", ("--workers", "1"))):
        assert run(*asked, str(tmp_path / name), *more).exit_code == exits.YES
    openpyxl = pytest.importorskip("openpyxl")
    one, two = (
        [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / name).active]
        for name in ("one.xlsx", "two.xlsx")
    )
    assert one == two
    assert "Summer" in str(one)


# --- inputs -------------------------------------------------------------------------------------


def test_a_folder_is_its_files_in_order(rules: str, tmp_path: Path) -> None:
    """Also those of folders in it; hidden and temporary ones are passed over, others are told."""
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("c.jsonl", "b/a.ndjson", "a.jsonl", ".x.jsonl", ".git/y.jsonl", "_z.jsonl",
                 "d.jsonl.tmp", "e.jsonl.partial", "~$f.csv"):  # fmt: skip
        write_jsonl(folder / name, [creative(name, "hello")])
    (folder / "readme.md").touch()
    result = run("scan", str(folder), "-r", rules, "-f", "jsonl", "--workers", "1")
    names = [one["creative"] for one in decisions(result.stdout)]
    assert names == ["ca.jsonl", "cb/a.ndjson", "cc.jsonl"]
    assert f"{folder / 'readme.md'}: passed over: its suffix is none of" in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_paths_of_media_count_from_the_file_that_names_them(tmp_path: Path) -> None:
    """Wherever the program runs, and whatever sort of file it is."""
    made = [creative(1, "hello", images=["a.png"])]
    write_jsonl(tmp_path / "ads.jsonl", made)
    (tmp_path / "ads.csv").write_text("id,markets,images\nc1,SA,a.png\n", "utf-8")
    parquet_of(made, tmp_path / "ads.parquet")
    for name in ("ads.jsonl", "ads.csv", "ads.parquet"):
        (chunk,) = chunks_of([(name, str(tmp_path / name))], Cut())
        given_ = next(Reader().creatives(chunk))
        assert isinstance(given_.one, dict)
        assert given_.one["images"] == [str(tmp_path / "a.png")]


PIECES = st.sampled_from(
    [b'{"id": "a"}', b"", b" ", b"\t \r", b"\x0b\x0c", b"[]", b"{broken", b"  {}", b"\xff"]
)


@given(
    st.lists(PIECES, max_size=30), st.sampled_from([b"", b"\n", b"\n\n"]), st.booleans(),
    st.integers(1, 9), st.integers(1, 60), st.integers(3, 40),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_ranges_hold_every_line_once(
    pieces: list[bytes], end: bytes, bom: bool, most: int, size: int, read: int
) -> None:
    """What is read range by range is what is read as a whole, with the same lines and counts."""
    data = (b"\xef\xbb\xbf" if bom else b"") + b"\n".join(pieces) + end
    path = _PLACE / "ads.jsonl"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "READ", read)
        found = list(ranges_of(path, "ads.jsonl", most=most, size=size))
        chunks = list(chunks_of([("ads.jsonl", str(path))], Cut(most, size)))
    whole = list(json_lines(io.BytesIO(data.removeprefix(b"\xef\xbb\xbf"))))
    assert sum(one.count for one in found) == len(whole)
    assert all(one.count <= most for one in found)
    read_ = [
        (given_.place.line, given_.one) for one in chunks for given_ in Reader().creatives(one)
    ]
    assert [one.first for one in chunks] == [
        sum(other.count for other in chunks[:n]) for n in range(len(chunks))
    ]
    told = [(n, one.message if isinstance(one, Unreadable) else one) for n, one in whole]
    assert [(n, one if isinstance(one, dict) else one.message) for n, one in read_] == told


@pytest.fixture(scope="module", autouse=True)
def _place(tmp_path_factory: pytest.TempPathFactory) -> None:
    global _PLACE  # noqa: PLW0603 - Hypothesis takes no fixture of a function
    _PLACE = tmp_path_factory.mktemp("ranges")


_PLACE = Path()


def test_a_line_that_is_too_long_is_one_creative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one of blanks; it is never held whole."""
    for module in (json_files, lines):
        monkeypatch.setattr(module, "MAX_LINE", 40)
    monkeypatch.setattr(lines, "READ", 16)
    path = tmp_path / "ads.jsonl"
    path.write_bytes(b'{"id": "a"}\n' + b"x" * 100 + b"\n" + b" " * 100 + b'\n\n{"id": "b"}')
    chunks = list(chunks_of([("ads.jsonl", str(path))], Cut(most=1)))
    found = [given_ for one in chunks for given_ in Reader().creatives(one)]
    assert [one.place.line for one in found] == [1, 2, 3, 5]
    assert sum(isinstance(one.one, dict) for one in found) == 2


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("text.parquet", "is no Parquet file that can be read"),
        ("columns.parquet", "columns.parquet, column \"colour\": 'colour' is no column"),
        ("wide.jsonl", "is UTF-16"),
        ("head.csv", 'column "colour"'),
    ],
)
@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
def test_a_file_that_cannot_be_read_is_told_by_its_name(
    name: str, told: str, workers: tuple[str, ...], rules: str, tmp_path: Path
) -> None:
    """2: with processes as without, and nothing is left of the output."""
    pa = arrow("a test")
    (tmp_path / "text.parquet").write_text("hello", "utf-8")
    pa.parquet.write_table(pa.table({"id": ["a"], "colour": [1]}), tmp_path / "columns.parquet")
    (tmp_path / "wide.jsonl").write_text('{"id": "a"}', "utf-16")
    (tmp_path / "head.csv").write_text("id,colour\na,1\n", "utf-8")
    out = tmp_path / "out.jsonl"
    result = run("scan", str(tmp_path / name), "-r", rules, "-o", str(out), *workers)
    assert result.exit_code == exits.NOT_STARTED
    assert told in result.stderr
    assert not out.exists()


# --- a process that dies ------------------------------------------------------------------------


@pytest.fixture
def killers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have creatives end the process that decides on them, as the system would."""

    def plant(*ids: str, times: Path | None = None) -> None:
        parent, decide = os.getpid(), Engine.decide_batch

        def dying(self: Engine, creatives: Any, on: Any = None) -> Any:
            names = {one.get("id") for one in creatives if isinstance(one, dict)}
            due = times is None or not times.exists()
            if os.getpid() != parent and not names.isdisjoint(ids) and due:
                if times is not None:
                    times.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return decide(self, creatives, on)

        monkeypatch.setattr(Engine, "decide_batch", dying)

    return plant


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_creative_that_kills_is_not_evaluated_and_nothing_else_is_lost(
    workers: str, rules: str, tmp_path: Path, killers: Callable[..., None]
) -> None:
    """It is found among its neighbours, which are decided as ever; never clean, never lost."""
    path = write_jsonl(tmp_path / "ads.jsonl", [creative(n, BODIES[n % 6]) for n in range(40)])
    asked = ("scan", path, "-r", rules, "-f", "jsonl")
    expected = run(*asked).stdout.splitlines()
    killers("c0", "c11", "c12", "c39")
    bad = tmp_path / "bad.jsonl"
    result = run(*asked, "--workers", workers, "--quarantine", str(bad))
    found = result.stdout.splitlines()
    assert result.exit_code == exits.INCOMPLETE
    assert len(found) == 40
    for number, (one, line) in enumerate(zip(map(json.loads, found), expected, strict=True)):
        if number not in (0, 11, 12, 39):
            assert found[number] == line
            continue
        assert (one["creative"], one["index"], one["action"]) == (f"c{number}", number, "review")
        assert one["markets"]["SA"] == {"action": "review", "complete": False, "restrictions": []}
        assert one["not_evaluated"] == [{"field": "*", "code": "engine.crashed", "transient": True}]
        assert (one["on"], one["hits"]) == (DAY, [])
    rows = list(map(json.loads, bad.read_text("utf-8").splitlines()))
    assert [(one["line"], one["creative"], one["code"]) for one in rows] == [
        (n + 1, f"c{n}", "engine.crashed") for n in (0, 11, 12, 39)
    ]
    assert json.loads(rows[0]["row"])["id"] == "c0"
    assert "SIGKILL" in result.stderr


@pytest.mark.usefixtures("small")
def test_a_worker_that_dies_once_changes_nothing(
    rules: str, tmp_path: Path, killers: Callable[..., None]
) -> None:
    """Its chunk is tried again, alone, and succeeds: the answer is that of a quiet day."""
    path = write_jsonl(tmp_path / "ads.jsonl", ads(40))
    asked = ("scan", path, "-r", rules, "-f", "jsonl", "--quarantine", str(tmp_path / "bad"))
    expected = run(*asked).stdout
    killers("c30", times=tmp_path / "killed")
    result = run(*asked, "--workers", "2")
    assert (tmp_path / "killed").exists()
    assert result.stdout == expected


def test_one_that_cannot_even_be_read_is_not_evaluated() -> None:
    """What ends every process is a decision without an id, in its place."""
    parent = os.getpid()

    def start() -> Callable[[Chunk], tuple[int, str]]:
        def make(chunk: Chunk) -> tuple[int, str]:
            start_, stop = chunk.range
            if os.getpid() != parent and start_ <= 2 < stop and chunk.lost != "unread":
                os.kill(os.getpid(), signal.SIGKILL)
            return chunk.first + start_, chunk.lost

        return make

    data = io.BytesIO(b'{"id": "a"}\n' * 5)
    said: list[str] = []
    with Pool(start, 1, said.append) as pool:
        found = list(pool.results(chunks_of([("in", data)], Cut())))
    assert found == [[(0, ""), (2, "unread"), (3, "")]]
    assert said[-1] == "the creative 2 ends every worker"


def test_what_ends_the_process_is_not_read_for_what_comes_after_it(
    monkeypatch: pytest.MonkeyPatch, inputs: dict[str, str]
) -> None:
    """A half is read without the other: else one line would take all behind it along."""
    chunk = next(chunks_of([("ads", inputs[".jsonl"])], Cut(most=20)))
    whole = [given.one for given in Reader().creatives(chunk)]
    real = json_files.json_line

    def deadly(line: int, raw: bytes) -> Any:
        assert line != 4
        return real(line, raw)

    monkeypatch.setattr(reading, "json_line", deadly)
    for within in ((0, 3), (4, 9), (9, 20)):
        found = [given.one for given in Reader().creatives(replace(chunk, within=within))]
        assert found == whole[slice(*within)]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the tables that are opened, as they are."""
    names: list[str] = []
    real = tables.opened

    def counted(path: str, name: str) -> Any:
        names.append(name)
        return real(path, name)

    monkeypatch.setattr(tables, "opened", counted)
    return names


def test_a_table_is_read_on_where_the_chunk_before_ended(
    opened: list[str], inputs: dict[str, str]
) -> None:
    """By objects too: each of its row groups is opened once, whatever the chunks are."""
    chunks = list(chunks_of([("ads", inputs[".parquet"])], Cut(most=7)))
    opened.clear()
    reader = Reader()
    found = [given.one for chunk in chunks for given in reader.creatives(chunk)]
    assert len(opened) == len({span.start for chunk in chunks for span in chunk.spans})
    again = [given.one for chunk in chunks for given in Reader().creatives(chunk)]
    assert found == again


def test_a_table_is_read_on_where_chunks_between_were_another_workers(
    opened: list[str], inputs: dict[str, str]
) -> None:
    """Its rows are the same, and each of its row groups is opened once."""
    chunks = list(chunks_of([("ads", inputs[".parquet"])], Cut(most=2)))
    whole = [[given.one for given in Reader().creatives(chunk)] for chunk in chunks]
    for first in (0, 1):
        mine = chunks[first::2]
        opened.clear()
        reader = Reader()
        found = [[given.one for given in reader.creatives(chunk)] for chunk in mine]
        assert found == whole[first::2]
        assert len(opened) == len({span.start for chunk in mine for span in chunk.spans})


@pytest.mark.parametrize(
    ("raised", "expected"), [(InputError("gone"), InputError), (KeyError("x"), WorkerError)]
)
def test_what_a_worker_raises_is_raised_here(raised: Exception, expected: type[Exception]) -> None:
    """A file that has gone is an error of the input; anything else is a bug, with its traceback."""

    def start() -> Callable[[Chunk], int]:
        def make(chunk: Chunk) -> int:
            if chunk.number:
                raise raised
            return chunk.count

        return make

    data = io.BytesIO(b'{"id": "a"}\n' * 5)
    with Pool(start, 2, print) as pool:
        results = pool.results(chunks_of([("in", data)], Cut(most=4)))
        with pytest.raises(expected, match=r"gone|KeyError"):
            list(results)


def test_a_worker_that_dies_in_the_middle_of_its_answer_has_died() -> None:
    """What it had is tried again, as if it had not begun to answer."""
    parent = os.getpid()
    died = Value("i", 0)

    def start() -> Callable[[Chunk], int]:
        def make(chunk: Chunk) -> int:
            if os.getpid() != parent and chunk.number == 1 and not died.value:
                died.value = 1
                pipes = [one for one in gc.get_objects() if isinstance(one, Connection)]
                theirs = next(one for one in pipes if not one.closed)
                os.write(theirs.fileno(), struct.pack("!i", 1_000) + b"half")
                os.kill(os.getpid(), signal.SIGKILL)
            return chunk.count

        return make

    data = io.BytesIO(b'{"id": "a"}\n' * 8)
    said: list[str] = []
    with Pool(start, 1, said.append) as pool:
        found = list(pool.results(chunks_of([("in", data)], Cut(most=4))))
    assert (found, len(said), died.value) == ([[4], [4]], 1, 1)


def test_few_chunks_are_under_way() -> None:
    """The inputs are never read far ahead of what came out."""
    read: list[int] = []

    def chunks() -> Iterator[Chunk]:
        for chunk in chunks_of([("in", io.BytesIO(b'{"id": "a"}\n' * 200))], Cut(most=1)):
            read.append(chunk.number)
            yield chunk

    with Pool(lambda: lambda chunk: chunk.number, 2, print) as pool:
        for done, found in enumerate(pool.results(chunks())):
            assert found == [done]
            assert len(read) - done <= 10
    assert len(read) == 200
