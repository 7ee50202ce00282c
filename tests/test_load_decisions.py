"""Files of decisions: JSONL and Parquet are one table, and what is none of ours is told."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import automod
from automod.batch.row_groups import BLOCK, GROUP, decisions_to
from automod.engine.compile import compile
from automod.errors import InputError, LoadError
from automod.load import decisions as reader
from automod.load.decisions import load_decisions
from automod.load.ruleset import load
from automod.model.arrow import (
    FORMAT,
    SCHEMA,
    case_schema,
    decision_batch,
    decision_json,
    decision_schema,
    hit_schema,
)
from automod.model.decision import (
    Decision,
    Hit,
    MarketOutcome,
    NotEvaluated,
    Reason,
    Verdict,
    json_text,
)
from automod.model.decision_table import DecisionTable, decision_table
from automod.model.hitlog import HitRow, hit_rows
from case_files import Json, faults, pa, told_decisions, write_decisions

PACKAGE: Final = Path(automod.__file__).parent
ROOT: Final = PACKAGE.parents[1]


def hit(n: int = 0, **more: Any) -> Hit:
    """A hit."""
    given: Json = {"policies": ("GMB.REAL",), "status": "live", "kind": "keyword", "field": "body",
             "start": 0, "end": 6, "text": "casino", "view": "safe"} | more  # fmt: skip
    return Hit(n, "gambling/casino", "1", **given)


def verdict(*because: int, **more: Any) -> Verdict:
    """A verdict."""
    given: Json = {"market": "SA", "policy": "GMB.REAL", "action": "reject", "score": 0.9} | more
    reason = Reason("prohibited", (("policy", "GMB.REAL"), ("fields", ("body",))))
    return Verdict(
        severity="high", stance=("prohibited",), row="GMB.REAL/SA", ground="law", source="",
        threshold=0.85, because=because, reason=reason, **given,
    )  # fmt: skip


def decision(name: str | None = "c1", **more: Any) -> Decision:
    """A decision with a hit."""
    given: dict[str, Any] = {
        "action": "reject", "markets": {"SA": MarketOutcome("reject", complete=True)},
        "verdicts": (verdict(0),), "hits": (hit(),),
    } | more  # fmt: skip
    return Decision(name, 0, "2026-11-20", "sha256:0", **given)


FULL: Final = [
    decision(), decision("c2", verdicts=(), hits=(), markets={}, action="approve"),
    decision(None, action="review", markets={}, verdicts=(), hits=(),
             not_evaluated=(NotEvaluated("*", "creative.invalid", transient=False),)),
    decision("c3", hits=(hit(3, allowed_by="gambling/help", policies=()),
                         hit(1, field=None, view=None, policies=("B.C", "A.B"), parts=(3,),
                             box=(0, 1, 2, 3), at=0.5, distance=4, status="shadow")),
             verdicts=(verdict(1, 3, 7), verdict(market="AE", action="approve", score=0.0)),
             markets={"SA": MarketOutcome("reject", complete=False, restrictions=(
                 {"kind": "age", "min": 18},)), "AE": MarketOutcome("restrict", complete=True)}),
]  # fmt: skip


# --- rows of faults -------------------------------------------------------------------------------


def changed(**more: Any) -> str:
    """A line of a decision with something else in it; None leaves a key out."""
    return json.dumps(decision().to_dict() | more)


def inside(key: str, **more: Any) -> str:
    """The same, inside the first of a list."""
    held = decision().to_dict()
    held[key][0] |= more
    return json.dumps(held)


LINES: list[tuple[str, list[str]]] = [
    ("[]", ["[] is not a JSON object"]),
    ('{"schema": 1', [("'{\"schema\": 1' is not JSON: Expecting ',' delimiter: "
                      "line 1 column 13 (char 12)")]),
    (changed(schema=2, colour="red", hits=5),
     ['column "schema": schema 2 is not known; this automod reads schema 1']),
    ('{"creative": {"id": "c1"}}', [
        "column \"creative\": {'id': 'c1'} is not one text",
        *(f"'{key}' is missing" for key in sorted((
            "action", "engine", "hits", "index", "markets", "not_evaluated", "on", "ruleset",
            "schema", "verdicts")))]),
    (changed(colour="red"), ["column \"colour\": 'colour' is not a key here"]),
    (changed(on="20.11.2026"), [
        "column \"on\": '20.11.2026' is not a date; write it as 2026-11-01"]),
    (changed(action="rejct"), [
        "column \"action\": 'rejct' is not an action; did you mean 'reject'?"]),
    (changed(markets={"SA": {"action": "stop", "complete": "yes"}}), [
        "column \"markets.SA\": 'restrictions' is missing",
        ("column \"markets.SA.action\": 'stop' is not an action; "
        "one of: approve, restrict, review, reject"),
        "column \"markets.SA.complete\": 'yes' is not true or false"]),
    (inside("verdicts", score="0.9", because=["0"]), [
        "column \"verdicts[0].because[0]\": '0' is not a whole number",
        "column \"verdicts[0].score\": '0.9' is not a number"]),
    (inside("verdicts", score=1.5), [
        'column "verdicts[0].score": 1.5: input should be less than or equal to 1']),
    (inside("hits", n=-1, policies="GMB.REAL", status="on"), [
        'column "hits[0].n": -1: input should be greater than or equal to 0',
        "column \"hits[0].policies\": 'GMB.REAL' is not a list",
        ("column \"hits[0].status\": 'on' is not a status; "
        "one of: draft, shadow, live, retired")]),
    (inside("hits", box=[1, 2]), [
        ('column "hits[0].box": [1, 2]: list should have at least 4 items after validation, '
        "not 2")]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_faults_of_lines(line: str, expected: list[str], tmp_path: Path) -> None:
    """What is no decision is told with its line and the path in it; of another schema only that."""
    path = tmp_path / "f.jsonl"
    path.write_text(f"{decision().to_json()}\n\n{line}\n", encoding="utf-8")
    told = [f"f.jsonl:3, {one}" if one.startswith("column") else f"f.jsonl:3: {one}"
            for one in expected]  # fmt: skip
    assert sorted(faults(lambda: load_decisions(path), tmp_path)) == sorted(told)


def test_many_faults_are_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of something else is told to be so, and is not read to its end."""
    monkeypatch.setattr(reader, "MOST_FAULTS", 3)
    path = tmp_path / "f.jsonl"
    path.write_text('{"a": 1}\n' * 10, encoding="utf-8")
    assert len(faults(lambda: load_decisions(path), tmp_path)) == 4
    assert "more than 3 faults" in faults(lambda: load_decisions(path), tmp_path)[0]


def stored(folder: Path, change: Callable[[list[Json]], None], schema: Any = None) -> Path:
    """A Parquet file of the full decisions, changed."""
    rows = decision_batch(FULL).to_pylist()
    change(rows)
    path = folder / "f.parquet"
    pa.parquet.write_table(pa.Table.from_pylist(rows, schema=schema or decision_schema()), path)
    return path


def put(row: int, key: str, value: Any, name: str | None = None) -> Callable[[list[Json]], None]:
    """Put a value into a row, or into the first of a list in it."""

    def change(rows: list[Json]) -> None:
        if name is None:
            rows[row][key] = value
        else:
            rows[row][key][0][name] = value

    return change


def test_a_day_of_no_calendar(tmp_path: Path) -> None:
    """Arrow has days that Python does not: they are told, and never asked for."""
    path = write_decisions(tmp_path / "f.parquet", FULL[:2])
    read = pa.parquet.read_table(path)
    far = pa.array([-5_000_000, 2**31 - 1], pa.int32()).cast(pa.date32())
    pa.parquet.write_table(read.set_column(read.schema.get_field_index("on"), "on", far), path)
    assert faults(lambda: load_decisions(path), tmp_path) == [
        f'f.parquet:{row}, column "on": is no day of the calendar' for row in (1, 2)
    ]


ROWS: list[tuple[Callable[[list[Json]], None], str]] = [
    (put(1, "on", None), 'f.parquet:2, column "on": has no value (null)'),
    (put(2, "ruleset", None), 'f.parquet:3, column "ruleset": has no value (null)'),
    (put(3, "markets", None), 'f.parquet:4, column "markets": has no value (null)'),
    (put(3, "markets", "rejct", "action"),
     "f.parquet:4, column \"markets.action\": 'rejct' is not an action; did you mean 'reject'?"),
    (put(0, "markets", None, "complete"),
     'f.parquet:1, column "markets.complete": has no value (null)'),
    (put(3, "verdicts", float("nan"), "score"),
     'f.parquet:4, column "verdicts.score": nan is not from 0 to 1'),
    (put(3, "verdicts", 1.5, "score"),
     'f.parquet:4, column "verdicts.score": 1.5 is not from 0 to 1'),
    (put(3, "verdicts", None, "because"),
     'f.parquet:4, column "verdicts.because": has no value (null)'),
    (put(3, "hits", None, "material"),
     'f.parquet:4, column "hits.material": has no value (null)'),
    (put(0, "hits", -1, "n"), 'f.parquet:1, column "hits.n": -1.0 is not a number from 0 on'),
    (put(0, "hits", "on", "status"),
     ("f.parquet:1, column \"hits.status\": 'on' is not a status; "
     "one of: draft, shadow, live, retired")),
    (put(0, "hits", [None], "policies"),
     'f.parquet:1, column "hits.policies": has no value (null)'),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), ROWS)
def test_faults_of_rows(
    change: Callable[[list[Json]], None], expected: str, tmp_path: Path
) -> None:
    """What is wrong in a row of Parquet is told with the row and the column."""
    path = stored(tmp_path, change)
    assert faults(lambda: load_decisions(path), tmp_path) == [expected]


def test_columns_of_parquet(tmp_path: Path) -> None:
    """Columns that are missing or hold something else; formats and schemas of others."""
    path = tmp_path / "f.parquet"
    pa.parquet.write_table(pa.table({"creative": [5], "hits": [[{"n": "0"}]]}), path)
    assert sorted(faults(lambda: load_decisions(path), tmp_path)) == sorted([
        'f.parquet, column "creative": holds int64, which are not texts',
        'f.parquet, column "hits.n": holds string, which are not whole numbers',
        *(f'f.parquet, column "{name}": the column is missing' for name in (
            "on", "ruleset", "markets", "verdicts", "hits.material", "hits.kind", "hits.status",
            "hits.policies")),
    ])  # fmt: skip
    for schema, expected in (
        (case_schema(), "f.parquet: holds the format 'case', not 'decision'"),
        (hit_schema(), "f.parquet: holds the format 'hit_log', not 'decision'"),
        (decision_schema().with_metadata({FORMAT: b"decision", SCHEMA: b"2"}),
         "f.parquet: schema 2 is not known; this automod reads schema 1"),
    ):  # fmt: skip
        pa.parquet.write_table(pa.Table.from_pylist([], schema=schema), path)
        assert faults(lambda: load_decisions(path), tmp_path) == [expected]
    path.write_bytes(b"PAR1")
    assert "is no Parquet file" in faults(lambda: load_decisions(path), tmp_path)[0]


def test_every_file_is_told(tmp_path: Path) -> None:
    """Faults of all files at once."""
    broken = tmp_path / "a.jsonl"
    broken.write_text("5\n", encoding="utf-8")
    other = stored(tmp_path, put(0, "ruleset", None))
    paths = [broken, other, tmp_path / "b.csv", tmp_path / "none.parquet"]
    (tmp_path / "b.csv").write_text("")
    assert faults(lambda: load_decisions(paths), tmp_path) == [
        "a.jsonl:1: 5 is not a JSON object",
        "b.csv: '.csv' is not a suffix that is read here; one of: .jsonl, .ndjson, .parquet",
        'f.parquet:1, column "ruleset": has no value (null)',
        "none.parquet: there is no such file",
    ]


# --- laws -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_the_table_is_that_of_the_decisions(suffix: str, tmp_path: Path) -> None:
    """Read from either format: what the decisions themselves make, sources too."""
    path = write_decisions(tmp_path / f"f{suffix}", FULL)
    found = load_decisions(path)
    assert told_decisions(found) == told_decisions(decision_table(FULL))
    assert found.verdicts.because[1].tolist() == [2, 1]  # n is no place, and hit 7 is not there
    assert [found.sources[-1], *found.sources[:2]] == [
        FULL[number].to_dict() for number in (-1, 0, 1)
    ]


def test_several_files_are_one_table(tmp_path: Path) -> None:
    """In the order of the files."""
    paths = [
        write_decisions(tmp_path / "a.parquet", FULL), write_decisions(tmp_path / "b.jsonl", FULL),
        write_decisions(tmp_path / "c.parquet", []), write_decisions(tmp_path / "d.jsonl", []),
    ]  # fmt: skip
    expected = told_decisions(decision_table([*FULL, *FULL]))
    assert told_decisions(load_decisions(paths)) == expected
    assert told_decisions(DecisionTable.joined([])) == told_decisions(decision_table([]))


def demo() -> list[Decision]:
    """The decisions on the bundled creatives, what is no creative among them."""
    engine = compile(load(ROOT / "rulesets"))
    lines = (PACKAGE / "demo" / "creatives.jsonl").read_text(encoding="utf-8").splitlines()
    return engine.decide_batch([*map(json.loads, lines), {"id": 5}], on=date(2026, 11, 20))


def test_parquet_keeps_the_bundled_decisions_to_the_byte(tmp_path: Path) -> None:
    """Written, read, and written as JSON: the same bytes as at first."""
    decided = demo()
    path = tmp_path / "f.parquet"
    with decisions_to(path) as rows:
        for one in decided:
            rows.add(one)
    expected = [one.to_json() for one in decided]
    assert [json_text(one) for one in load_decisions(path).sources] == expected
    whole = pa.parquet.read_table(path)
    assert whole.schema.metadata[FORMAT] == b"decision"
    assert [json_text(decision_json(row)) for row in whole.to_pylist()] == expected


def test_half_a_character_is_kept(tmp_path: Path) -> None:
    """Arrow cannot hold it: the JSON is kept beside, and the columns have it escaped."""
    half = decision("c\ud800", hits=(hit(text="\udfff", field="a\ud800"),))
    path = tmp_path / "f.parquet"
    with decisions_to(path) as rows:
        for one in (decision(), half):
            rows.add(one)
    found = load_decisions(path)
    assert [json_text(one) for one in found.sources] == [decision().to_json(), half.to_json()]
    assert found.creatives == ["c1", "c\\ud800"]
    lines = write_decisions(tmp_path / "f.jsonl", [half])
    assert load_decisions(lines).creatives == ["c\ud800"]


def test_row_groups_are_bounded(tmp_path: Path) -> None:
    """However many decisions come, so many at most are held."""
    path = tmp_path / "f.parquet"
    batch = decision()
    with decisions_to(path) as rows:
        for _ in range(GROUP + BLOCK + 1):
            rows.add(batch)
        assert len(rows._rows) + len(rows._batches) * BLOCK == BLOCK + 1
    groups = pa.parquet.ParquetFile(path).metadata
    assert [groups.row_group(number).num_rows for number in range(2)] == [GROUP, BLOCK + 1]
    found = load_decisions(path)
    assert len(found) == GROUP + BLOCK + 1
    assert found.sources[GROUP]["creative"] == "c1"


def test_parquet_as_others_write_it(tmp_path: Path) -> None:
    """Only what a table needs, in other types: large lists and texts, dictionaries, times."""
    made = pa.table({
        "creative": pa.array(["a", None], pa.large_string()),
        "on": pa.array([datetime(2026, 11, 20, 3, 4), datetime(2026, 11, 21)]),  # noqa: DTZ001
        "ruleset": pa.array(["r", "r"]).dictionary_encode(),
        "markets": pa.array([[{"market": "SA", "action": "review", "complete": True}], []]),
        "verdicts": pa.array(
            [[{"market": "SA", "policy": "A.B", "action": "review", "score": 1, "because": [0]}],
             []]),
        "hits": pa.array(
            [[{"n": 0, "material": "m", "kind": "model", "status": "live",
               "policies": ["A.B", "B.C"], "extra": 1}], []],
            pa.large_list(pa.struct([
                ("n", pa.uint8()), ("material", pa.large_string()), ("kind", pa.string()),
                ("status", pa.string()), ("policies", pa.large_list(pa.string())),
                ("extra", pa.int64())]))),
        "score": pa.array([0.5, 0.7]),
    })  # fmt: skip
    path = tmp_path / "f.parquet"
    pa.parquet.write_table(made, path)
    told = told_decisions(load_decisions(path))
    assert told["on"] == ["2026-11-20", "2026-11-21"]
    assert told["hits"] == [(0, "m", "model", None, None, "live", ("A.B", "B.C"), False)]
    assert told["because"] == [[0]] and told["verdicts"] == [(0, "SA", "A.B", 2, 1.0)]
    assert told["sources"][0]["hits"][0]["extra"] == 1
    assert told["sources"][0]["markets"] == {"SA": {"action": "review", "complete": True}}


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_a_file_that_has_changed_is_not_believed(suffix: str, tmp_path: Path) -> None:
    """What is read again must be what it was."""
    path = write_decisions(tmp_path / f"f{suffix}", FULL)
    found = load_decisions(path)
    write_decisions(path, [decision("other")])
    with pytest.raises(InputError, match="has changed since it was read"):
        found.sources[3]
    path.unlink()
    with pytest.raises(InputError, match="cannot be read again"):
        found.sources[1]


texts = st.text(st.characters(codec="utf-8"), max_size=4)
numbers = st.integers(0, 6)
actions = st.sampled_from(["approve", "restrict", "review", "reject"])
hits = st.builds(
    hit, numbers, text=texts, field=st.none() | texts, policies=st.lists(
        st.sampled_from(["A", "B", "C"]), max_size=3).map(tuple),
    status=st.sampled_from(["live", "shadow"]), allowed_by=st.none() | texts,
    weight=st.floats(0, 1), parts=st.lists(numbers, max_size=2).map(tuple),
)  # fmt: skip
verdicts = st.builds(
    lambda because, market, action, score: verdict(
        *because, market=market, action=action, score=score
    ),
    st.lists(numbers, max_size=3), st.sampled_from(["SA", "AE"]), actions, st.floats(0, 1),
)  # fmt: skip
outcomes = st.builds(
    MarketOutcome, actions, st.booleans(),
    st.lists(st.fixed_dictionaries({"kind": texts, "min": numbers}), max_size=2).map(tuple),
)  # fmt: skip
made = st.builds(
    lambda name, markets, verdicts, hits: decision(
        name, markets=markets, verdicts=tuple(verdicts),
        hits=tuple({one.n: one for one in hits}.values()),
    ),
    st.none() | texts, st.dictionaries(st.sampled_from(["SA", "AE", "NG"]), outcomes),
    st.lists(verdicts, max_size=3), st.lists(hits, max_size=4),
)  # fmt: skip


@given(st.lists(made, max_size=6), st.integers(1, 4))
def test_any_decisions(some: list[Decision], group: int) -> None:
    """JSONL = Parquet = the decisions themselves, sources to the byte."""
    expected = told_decisions(decision_table(some))
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("jsonl", "parquet"):
            path = write_decisions(Path(folder, f"f.{suffix}"), some, group)
            found = load_decisions(path)
            assert told_decisions(found) == expected
            assert [json_text(one) for one in found.sources] == [one.to_json() for one in some]


# --- whatever is in the file ----------------------------------------------------------------------


def answers(suffix: str, data: bytes) -> None:
    """Read the file; anything but a table or faults with places is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"f.{suffix}")
        path.write_bytes(data)
        try:
            load_decisions(path)
        except LoadError as error:
            told = [str(one) for one in error.faults]
        else:
            return
    assert told
    assert all(one.startswith(str(path)) for one in told)


@given(st.binary(max_size=300), st.sampled_from(["jsonl", "parquet"]))
def test_any_bytes(data: bytes, suffix: str) -> None:
    """Bytes that are no file of decisions are faults."""
    answers(suffix, data)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A sound file of each format."""
    folder = tmp_path_factory.mktemp("sound")
    return {
        suffix: write_decisions(folder / f"f.{suffix}", FULL).read_bytes()
        for suffix in ("jsonl", "parquet")
    }


@given(st.data(), st.sampled_from(["jsonl", "parquet"]))
def test_damaged_files(sound: dict[str, bytes], data: st.DataObject, suffix: str) -> None:
    """A sound file with a few bytes changed, or cut off, is read or told to be broken."""
    damaged = bytearray(sound[suffix])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.just(len(damaged)) | st.integers(0, len(damaged)))
    answers(suffix, bytes(damaged[:cut]))


# --- the log of hits ------------------------------------------------------------------------------


def test_a_hit_row_is_of_its_schema() -> None:
    """One row a hit, with what was decided; the letters only when they are asked for."""
    rows = [row for one in FULL for row in hit_rows(one)]
    read = [HitRow.model_validate(row) for row in rows]
    assert [(one.creative, one.n, one.complete) for one in read] == [
        ("c1", 0, True), ("c3", 3, True), ("c3", 1, True),
    ]  # fmt: skip
    assert not any("text" in row for row in rows)
    assert [row["text"] for row in hit_rows(FULL[0], text=True)] == ["casino"]
    assert rows[1]["markets"] == {"SA": "reject", "AE": "restrict"}
