"""Law 4: from columns it is decided what is decided of the same creatives as dicts, to the byte."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import automod
from arrow_shapes import Shape, batch_of, in_shape, maps, shapes, structs, texts
from arrow_worlds import creatives, world
from automod.batch.arrow import (
    MOST_ROWS,
    creative_dict,
    decide_arrow,
    decide_record_batch,
    hit_log_of,
    reader_of,
)
from automod.batch.creative_columns import layout_of, taken
from automod.batch.creative_texts import texts_in
from automod.batch.stream import decide_stream
from automod.errors import InputError
from automod.model.arrow import (
    creative_schema,
    decision_json,
    decision_schema,
    hit_batch,
    hit_schema,
)
from automod.model.decision import Decision, json_text
from automod.model.hitlog import hit_rows
from pictures import file_of, scene
from rulesets import ON, creative, material, of
from strategies import more

if TYPE_CHECKING:
    from automod.engine.engine import Engine

DAY: Final = date.fromisoformat(ON)
SA: Final = ["SA"]
Rows = Sequence[dict[str, Any]]
decide = partial(decide_record_batch, today=DAY)


def as_dicts(engine: Engine, rows: Rows, on: date | None = None) -> list[Decision]:
    """What is decided of dicts."""
    return [one for _, one in decide_stream(engine, rows, today=DAY, on=on)]


def lines(decisions: Sequence[Decision]) -> list[str]:
    """Their JSON."""
    return [one.to_json() for one in decisions]


def of_batch(batch: pa.RecordBatch) -> list[str]:
    """The JSON of decisions in columns, which are what their schema says."""
    batch.validate(full=True)
    assert batch.schema.equals(decision_schema(), check_metadata=True)
    return [json_text(decision_json(row)) for row in batch.to_pylist()]


def found(batch: pa.RecordBatch) -> list[Any]:
    """Of each decision, in short: the creative, and what was not evaluated or what hit."""
    return [
        (row["creative"], [one["code"] for one in row["not_evaluated"]]
         or [f"{one['field']}: {one['text']}" for one in row["hits"]])
        for row in batch.to_pylist()
    ]  # fmt: skip


def logged(log: pa.RecordBatch) -> list[dict[str, Any]]:
    """The rows of a hit log, which are what its schema says."""
    log.validate(full=True)
    assert log.schema.equals(hit_schema(), check_metadata=True)
    return list(log.to_pylist())


# --- laws -----------------------------------------------------------------------------------------


@more(120)
@given(
    st.lists(creatives(), max_size=6),
    shapes(),
    st.sampled_from(["words", "words", "media", "hidden", "asks"]),
    st.sampled_from([None, DAY, date(2026, 12, 30)]),
)
def test_columns_decide_as_dicts(rows: Rows, shape: Shape, name: str, on: date | None) -> None:
    """In whatever shape creatives come, the decision is that of the dict; so is the hit log."""
    expected = as_dicts(world(name), in_shape(rows, shape), on)
    made = decide(world(name), batch_of(rows, shape), on=on)

    assert lines(expected) == of_batch(made)
    for text in (True, False):
        log = hit_batch([row for one in expected for row in hit_rows(one, text=text)])
        assert logged(log) == logged(hit_log_of(made, text=text))


@settings(max_examples=30)
@given(st.lists(creatives(), min_size=1, max_size=6), st.integers(0, 3), st.integers(1, 4))
def test_a_part_of_a_batch_is_decided_as_the_whole(rows: Rows, start: int, count: int) -> None:
    """A slice of creatives has the decisions of the whole, sliced, and their hits."""
    batch = batch_of(rows, Shape())
    whole = decide(world("words"), batch).slice(start, count)
    part = decide(world("words"), batch.slice(start, count), first=start)

    assert of_batch(whole) == of_batch(part)
    assert logged(hit_log_of(whole)) == logged(hit_log_of(part))


@settings(max_examples=30)
@given(st.lists(creatives(), max_size=6), st.integers(1, 4))
def test_a_stream_is_decided_as_a_batch(rows: Rows, size: int) -> None:
    """However a stream is cut, its decisions are those of one batch, numbered on."""
    batch = batch_of(rows, Shape())
    reader = pa.Table.from_batches([batch]).to_reader(size)
    made = decide_arrow(world("words"), reader, today=DAY, first=7).read_all()

    assert of_batch(decide(world("words"), batch, first=7)) == [
        line for one in made.to_batches() for line in of_batch(one)
    ]


# --- creatives that need a closer look ------------------------------------------------------------


BOTH: Final = ["body: casino", "title: bonus"]
SEVERAL: Final = {f"n{number}": f"casino {number}" for number in range(220)}


@pytest.mark.parametrize("told", ["map", "struct", "columns"])
@pytest.mark.parametrize(
    "one",
    [
        creative(SEVERAL),
        creative({f"n{number}": "casino" for number in range(1_005)}),
        creative("casino " + "x" * 100_000),
        creative({"a": "casino " * 7_000, "b": "shoes " * 9_000, "c": "casino"}),
        creative("casino " * 2_500),
        creative({"a": "casino", "b": "\n\n\n\n\ncasino\n\n\n\n\n", "c": "\n" * 11}),
        creative("casino\0casino\0"),
        creative("🎰casino🎰 كازينو"),
        creative("c\u200bas\u200bino ca\u00adsino"),
        creative("casino", links=["https://casino.example/a"] * 3 + ["http://["]),
        creative("x", links=[f"https://casino.example/{n}" for n in range(130)]),
        creative("x", links=[f"https://casino.example/{n}" for n in range(520)]),
        creative("casino", images=["gone.png"] * 101, videos=["gone.mp4"] * 120),
        creative("casino", markets=["SA", "SA", "NG", "SA"]),
        creative("casino", advertiser="adv-1"),
        creative("jackpot", id="c7"),
    ],
)
def test_rich_creatives(one: dict[str, Any], told: Any) -> None:
    """What is much, long, strange or said twice is decided as in a dict; so are its neighbours."""
    rows, shape = [one, creative("poker"), one], Shape(text=told)

    assert lines(as_dicts(world("words"), in_shape(rows, shape))) == of_batch(
        decide(world("words"), batch_of(rows, shape))
    )


def test_pictures_as_bytes() -> None:
    """A file, a fingerprint of it, and a list of both are looked at where pictures are opened."""
    file = file_of(scene(1))
    print_ = automod.fingerprint(file).to_bytes()
    rows = [creative("x", images=images) for images in ([file], [print_, file], [b"no"], [])]
    made = decide(world("media"), batch_of(rows, Shape()))

    assert lines(as_dicts(world("media"), rows)) == of_batch(made)
    assert "p/banner" == made.to_pylist()[0]["hits"][0]["material"]


def test_a_pattern_out_of_time() -> None:
    """A text in which a pattern runs out of time is told, in its place."""
    slow = automod.compile(of([material("(?:x+x+)+y", "regex")]))
    rows = [creative("hello"), creative({"title": "x", "body": "y" + "x" * 5_000})]

    assert [("c1", []), ("c1", ["regex.timeout"])] == found(decide(slow, batch_of(rows, Shape())))


def test_half_a_character() -> None:
    """A text of JSON may say half a character: the decision has it, the others are whole."""
    cells = ["casino", '{"body": "casino \\ud800"}', "hello"]
    rows = [creative("casino"), creative("casino \ud800"), creative("hello")]
    batch = pa.record_batch({"id": ["c1"] * 3, "markets": [SA] * 3, "text": cells})

    assert lines(as_dicts(world("words"), rows)) == of_batch(decide(world("words"), batch))


# --- what a row may hold --------------------------------------------------------------------------


def rotten(*values: str | None) -> pa.Array:
    """Texts, the second of which is no UTF-8."""
    held = [None if one is None else one.encode() for one in values]
    held[1] = b"casino \xff"
    return pa.array(held, pa.binary()).cast(pa.string(), safe=False)


def one_each(values: pa.Array) -> pa.Array:
    """Lists of one text each."""
    return pa.ListArray.from_arrays(pa.array(range(len(values) + 1), pa.int32()), values)


def far(kind: pa.DataType) -> pa.Array:
    """Dates of which the second is none of the calendar."""
    size = pa.int32() if pa.types.is_date32(kind) else pa.int64()
    most = np.iinfo(np.int32 if pa.types.is_date32(kind) else np.int64).max
    return pa.array([0, most, None], size).cast(kind)


BAD: Final = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int8()), rotten("SA", ""))
NAMED: Final = rotten("a", "b", "c")
CASINO: Final = rotten("casino", "", "casino")


@pytest.mark.parametrize(
    "columns",
    [
        {"id": NAMED},
        {"language": NAMED},
        {"advertiser": NAMED},
        {"advertiser": NAMED.cast(pa.large_string())},
        {"text.title": NAMED},
        {"text.title": NAMED.cast(pa.string_view())},
        {"text.body": None, "text": CASINO},
        {"text.body": None, "text": structs([{"body": "casino"}] * 3, ["body"], lambda _: CASINO)},
        {"text": pa.MapArray.from_arrays([0, 1, 2, 3], pa.array(["a"] * 3), NAMED)},
        {"text": pa.MapArray.from_arrays([0, 1, 2, 3], NAMED, pa.array(["a"] * 3))},
        {"text": pa.array([[("a", "x")], [("a", "x"), ("a", "y")], None],
                          pa.map_(pa.string(), pa.string()))},
        {"text": pa.array([None, '{"body": "x"}', None])},
        {"text": pa.array([None, '{"a": 1, "a": 2}', None])},
        {"markets": one_each(BAD)},
        {"markets": BAD},
        {"markets": pa.array(["SA", "SA; " + "x" * 30_000, "SA"])},
        {"markets": pa.array([SA, ["SA", None], SA])},
        {"links": one_each(rotten("t.me/a", "", "t.me/b"))},
        {"images": one_each(NAMED)},
        {"on": rotten(ON, "", ON)},
        {"on": ["2026-11-20", "2026-11-31", None]},
        {"on": ["2026-11-20", "", None]},
        {"on": far(pa.date32())},
        {"on": far(pa.date64())},
        {"on": far(pa.timestamp("s"))},
        {"on": far(pa.timestamp("ms", "Asia/Riyadh"))},
        {"attributes": rotten("{}", "", None)},
        {"attributes": ["{}", "[1]", None]},
        {"attributes": ["{}", '{"a": 1, "a": 1}', " "]},
        {"attributes": ["{}", "[" * 9_000, None]},
        {"attributes.x": NAMED},
        {"attributes": structs([{"x": "a"}] * 3, ["x"], lambda _: NAMED)},
        {"attributes": structs([{"x": "a"}] * 3, ["x"], lambda _: one_each(NAMED))},
        {"attributes": structs([{"x": "a"}] * 3, ["x"], lambda _: far(pa.timestamp("s")))},
        {"attributes.x": ["a", "b", None], "attributes": [None, '{"x": "b"}', None]},
        {"targeting.min_age": pa.array([18, -1, None], pa.int8())},
        {"targeting.min_age": ["18", "young", None]},
        {"targeting": pa.array([{"min_age": 1}, {"min_age": -1}, None])},
        {"targeting": pa.array([{"max_age": None}, {"max_age": 9}, None])},
        {"certificates": pa.array([[], [{"market": "SA"}], None])},
        {"certificates": pa.array([[], [None], None],
                                  pa.list_(pa.struct([("policy", pa.string())])))},
        {"schema": pa.array([1, 2, None], pa.int8())},
        {"schema": pa.array([1, 2**64 - 1, None], pa.uint64())},
    ],
)  # fmt: skip
def test_a_bad_row_is_told_in_its_place(columns: dict[str, Any]) -> None:
    """Whatever a row holds, it is a decision that says so, and the others are decided."""
    held = {"id": ["a", "b", "c"], "markets": [SA] * 3, "text.body": ["casino"] * 3} | columns
    batch = pa.record_batch({name: one for name, one in held.items() if one is not None})
    made = found(decide(world("words"), batch))

    assert (None, ["creative.invalid"]) == made[1]
    whole = [one for one in (made[0], made[2]) if "creative.invalid" not in one[1]]
    assert ["a", "c"] == [name for name, _ in whole]
    assert all("casino" in "".join(hits) for _, hits in whole)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"text": maps([{"body": "casino"}], "string")}, ["body: casino"]),
        ({"text": pa.array([{"body": 3}])}, ["text.not_text"]),
        ({"text": pa.array([[("body", 3)]], pa.map_(pa.string(), pa.int8()))}, ["text.not_text"]),
        ({"text": pa.array([[("body", None)]], pa.map_(pa.string(), pa.string()))},
         ["text.not_text"]),
        ({"text": ["\u2028"]}, []),
        ({"text": ["\u00a0{casino}"]}, ["body: casino"]),
        ({"text": ['\t{"title": "bonus", "body": "casino"}']}, BOTH),
        ({"text": ['{"title": "bonus"}'], "text.body": ["casino"]}, BOTH),
        ({"text.body": ["casino"], "text": ['{"title": "bonus"}']}, BOTH),
        ({"text.body": pa.nulls(1), "text": pa.nulls(1), "links": pa.nulls(1)}, []),
        ({"text.body": ["casino"], "images": pa.nulls(1), "attributes": pa.nulls(1),
          "targeting": pa.nulls(1), "on": pa.nulls(1), "schema": pa.nulls(1)}, ["body: casino"]),
        ({"النص": ["casino"], "العنوان": ["bonus"]}, BOTH),
        ({"text.body": ["casino"], "x-text": [3], "x-": [None]}, ["body: casino"]),
        ({"text.body": ["casino"], "targeting.min_age": pa.array([2**63], pa.uint64())},
         ["body: casino"]),
        ({"text.body": ["casino"], "attributes": pa.array([[("a", 1)]],
                                                          pa.map_(pa.string(), pa.int8()))},
         ["body: casino"]),
        ({"text.body": texts([None, "casino"], "nulls").slice(1)}, ["body: casino"]),
    ],
)  # fmt: skip
def test_what_a_column_may_hold(columns: dict[str, Any], expected: list[str]) -> None:
    """Cells, JSON, nulls and headers are read as in a table; a text that is none is told."""
    batch = pa.record_batch({"id": ["c1"], "markets": [SA]} | columns)

    assert [("c1", expected)] == found(decide(world("words"), batch))


@pytest.mark.skipif(not hasattr(pa, "json_"), reason="Arrow has no type for JSON yet")
def test_json_of_arrow() -> None:
    """A column of Arrow's own type for JSON is read as texts of JSON are."""
    held = pa.array(['{"body": "casino"}'])
    text = pa.ExtensionArray.from_storage(pa.json_(), held)
    batch = pa.record_batch({"id": ["c1"], "markets": [SA], "text": text, "attributes": text})

    assert [("c1", ["body: casino"])] == found(decide(world("words"), batch))


@pytest.mark.parametrize(
    ("cell", "markets"),
    [("SA", ["SA"]), ("SA; NG", ["SA", "NG"]), ("SA؛ NG", ["SA", "NG"]), ("SA,NG", ["SA", "NG"]),
     ("SA NG", ["SA", "NG"]), ("SA; SA", ["SA"]), (" ", []), ("ZZ", ["ZZ"]), (None, [])],
)  # fmt: skip
def test_markets_as_cells(cell: str | None, markets: list[str]) -> None:
    """Markets may be written as the cell of a table is."""
    batch = pa.record_batch({"id": ["c1"], "markets": pa.array([cell], pa.string())})

    assert lines(as_dicts(world("words"), [{"id": "c1", "markets": markets}])) == of_batch(
        decide(world("words"), batch)
    )


def test_times_are_days_in_utc() -> None:
    """A time with a zone is the day it is in UTC: of a creative, and of its certificates."""
    until = pa.struct([("policy", pa.string()), ("until", pa.timestamp("us", "Asia/Kolkata"))])
    late = datetime(2026, 11, 19, 23, tzinfo=UTC)
    batch = pa.record_batch({
        "id": ["c1"], "markets": [SA], "on": pa.array([late], pa.timestamp("s", "Asia/Riyadh")),
        "certificates": pa.array([[{"policy": "A", "until": late}]], pa.list_(until)),
    })  # fmt: skip
    one = creative_dict(batch, 0)

    assert one is not None
    assert (date(2026, 11, 19), date(2026, 11, 19)) == (one["on"], one["certificates"][0]["until"])
    assert [date(2026, 11, 19)] == decide(world("words"), batch)["on"].to_pylist()


@settings(max_examples=30)
@given(st.lists(creatives(), max_size=4))
def test_one_row_as_a_dict(rows: Rows) -> None:
    """A row as a dict is decided as the row is."""
    batch = batch_of(rows, Shape())
    dicts = [creative_dict(batch, row) or {} for row in range(len(rows))]

    assert of_batch(decide(world("words"), batch)) == lines(as_dicts(world("words"), dicts))


# --- columns that are none ------------------------------------------------------------------------


def test_every_wrong_column_is_named_at_once() -> None:
    """One error names all columns that are none of a creative, come twice, or hold other things."""
    names = ["text.body", "النص", "targetting", "markets", "on", "images", "certificates",
             "targeting", "attributes", "language", "index", "schema", "text", "links",
             "targeting.min_age",
             "text.title", "videos", "index", "advertiser"]  # fmt: skip
    twice = pa.StructArray.from_arrays([pa.array(["a"])] * 2, names=["a", "a"])
    held = [pa.array([2.5])] * len(names)
    held[0], held[1], held[2], held[12] = pa.array(["a"]), pa.array(["a"]), pa.array(["a"]), twice
    with pytest.raises(InputError) as told:
        decide(world("words"), pa.RecordBatch.from_arrays(held, names=names))
    said = str(told.value)

    assert [] == [name for name in {*names, "id"} - {"text.body"} if f'"{name}"' not in said]
    assert "did you mean" in said


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"id": ["a"]}, "dict has no Arrow interface"),
        (pa.array([1]), "Int64Array cannot be read as columns"),
        (pa.chunked_array([["a"]]), "ChunkedArray cannot be read as columns"),
        (pa.table({"id": [1]}), r'column "id": holds int64, which are not texts'),
        (pa.table({"markets": [SA]}), r'column "id": the column is missing'),
    ],
)
def test_what_is_no_table_of_creatives(given_: Any, said: str) -> None:
    """What has no columns of creatives is refused before anything is decided."""
    with pytest.raises(InputError, match=said):
        decide_arrow(world("words"), given_)


@pytest.mark.parametrize(("on", "error"), [(datetime(2026, 1, 1, tzinfo=UTC), TypeError),
                                           ("2026-13-01", ValueError)])  # fmt: skip
def test_a_date_that_is_none(on: Any, error: type[Exception]) -> None:
    """The date to decide for is a date, or its text, as for one creative."""
    batch = pa.record_batch({"id": ["c1"], "markets": [SA]})

    assert [DAY] == decide(world("words"), batch, on=ON)["on"].to_pylist()
    with pytest.raises(error):
        decide(world("words"), batch, on=on)


# --- numbers, streams and sources -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (None, [5, 6, 7]),
        (pa.nulls(3), [5, 6, 7]),
        (pa.array([9, None, 3], pa.int32()), [9, 6, 3]),
        (pa.array([2**64 - 1, 2**63 - 1, None], pa.uint64()), [5, 2**63 - 1, 7]),
        (pa.array([-1, 0, 0], pa.int8()), [-1, 0, 0]),
    ],
)
def test_the_index_of_a_row(index: pa.Array | None, expected: list[int]) -> None:
    """It is what the column says, where there is one that says it; else the place."""
    columns: dict[str, Any] = {
        "id": ["a", None, "c"],
        "markets": [SA] * 3,
        "text.body": ["casino"] * 3,
    }
    columns |= {} if index is None else {"index": index}
    made = decide(world("words"), pa.record_batch(columns), first=5)

    assert expected == made["index"].to_pylist()
    assert [number for number, hit in zip(expected, [1, 0, 1], strict=True) if hit] == (
        hit_log_of(made)["index"].to_pylist()
    )


def many(count: int, said: str = "casino") -> pa.RecordBatch:
    """So many creatives, one of a hundred of which says something."""
    bodies = [said if number % 100 == 50 else f"shoes {number}" for number in range(count)]
    ids = pa.array([f"c{number}" for number in range(count)])
    return pa.record_batch({"id": ids, "markets": [SA] * count, "text.body": bodies})


def test_blocks_follow_one_another() -> None:
    """Thousands of rows are decided block by block, whatever the length of their texts."""
    batch = many(3_000)
    long = pa.array(["shoes " * (500 if number % 7 else 1) for number in range(3_000)])
    batch = batch.append_column("text.long", long)
    rows = [creative_dict(batch, row) or {} for row in range(len(batch))]

    assert lines(as_dicts(world("words"), rows)) == of_batch(decide(world("words"), batch))


def test_a_stream_is_decided_as_it_is_read() -> None:
    """No batch is taken before the decisions on the one before it; they are bounded."""
    taken: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(3):
            taken.append(number)
            yield many(MOST_ROWS + 5) if number == 1 else many(3)

    schema = many(1).schema
    reader = decide_arrow(
        world("words"), pa.RecordBatchReader.from_batches(schema, batches()), today=DAY
    )
    assert [] == taken
    sizes = []
    for made, most in zip(reader, [1, 2, 2, 3], strict=True):
        sizes.append(len(made))
        assert most >= len(taken)
        assert made["index"][0].as_py() == sum(sizes[:-1])
    assert [3, MOST_ROWS, 5, 3] == sizes


ADS: Final = {
    "id": ["a", "b", "c"], "markets": [SA, ["SA", "NG"], ["NG"]],
    "text.body": ["casino", "shoes", None], "links": [["https://casino.example/a"], [], None],
    "on": [date(2026, 1, 1), None, date(2026, 12, 2)], "advertiser": ["adv-1", None, "adv-2"],
}  # fmt: skip


def test_frames_go_in() -> None:
    """PyArrow, pandas, Polars and DuckDB are decided alike, whatever types they give."""
    import duckdb
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl

    expected = of_batch(decide(world("words"), pa.record_batch(ADS)))
    polars, pandas = pl.DataFrame(ADS), pd.DataFrame(ADS)
    known = pl.Enum(["casino", "shoes"])
    duck = duckdb.connect()
    duck.register("ads", pa.table(ADS))
    views = duckdb.connect(config={"arrow_output_list_view": True})
    views.sql("set produce_arrow_string_view = true; set arrow_lossless_conversion = true")
    views.register("ads", pa.table(ADS))
    for source in (
        pa.table(ADS), pa.table(ADS).to_reader(2), pa.record_batch(ADS),
        pa.record_batch(ADS).to_struct_array(), pandas, pandas.astype({"id": "category"}),
        pandas.assign(on=pd.to_datetime(pandas["on"])), polars, polars.to_struct("x"),
        polars.with_columns(pl.col("id").cast(pl.Categorical), pl.col("text.body").cast(known)),
        polars.with_columns(pl.col("markets").cast(pl.List(pl.Categorical))),
        duck.sql("from ads"), duck.sql("select * replace (id::enum('a', 'b', 'c') as id) from ads"),
        views.sql("from ads"), views.sql("select * replace (id::enum('a','b','c') as id) from ads"),
    ):  # fmt: skip
        made = decide_arrow(world("words"), source, today=DAY).read_all().to_batches()
        assert expected == [line for one in made for line in of_batch(one)]


def test_nested_texts_of_frames() -> None:
    """Structs of Polars and pandas and maps of DuckDB are the texts of a creative."""
    import duckdb
    import pandas as pd
    import polars as pl

    said = [{"title": "bonus", "body": "casino"}, {"title": None, "body": "shoes"}, None]
    held = {"id": ["a", "b", "c"], "markets": [SA] * 3, "text": said}
    duck = duckdb.sql("""
        select 'a' id, ['SA'] markets, map {'title': 'bonus', 'body': 'casino'} "text"
        union all select 'b', ['SA'], map {'body': 'shoes'} union all select 'c', ['SA'], null
        order by id""")
    expected = [("a", BOTH), ("b", []), ("c", [])]
    for source in (pl.DataFrame(held), pd.DataFrame(held), duck):
        assert expected == found(decide_arrow(world("words"), source, today=DAY).read_all())


def test_a_null_struct_is_no_creative() -> None:
    """Structs come in as a batch does; a null one says nothing."""
    ads = pa.record_batch(ADS).to_struct_array().field
    whole = pa.StructArray.from_arrays(
        [ads(name) for name in ADS], names=list(ADS), mask=pa.array([False, True, False])
    )
    made = decide_arrow(world("words"), whole, today=DAY).read_all()

    assert [
        ("a", ["body: casino", "links[0].host: casino"]),
        (None, ["creative.invalid"]),
        ("c", []),
    ] == found(made)


# --- nothing is made, nothing is copied -----------------------------------------------------------


@pytest.mark.parametrize("how", ["column", "struct", "map"])
def test_texts_are_not_copied(how: str) -> None:
    """Plain texts reach the one place where they are joined as they came, whoever sent them."""
    import polars as pl

    body = pa.array(["casino", "shoes and more shoes", "x"])
    fields = {
        "column": {"text.body": body},
        "struct": {"text": pa.StructArray.from_arrays([body], names=["body"])},
        "map": {"text": pa.MapArray.from_arrays([0, 1, 2, 3], pa.array(["body"] * 3), body)},
    }
    batch = pa.record_batch({"id": ["a", "b", "c"], "markets": [SA] * 3} | fields[how])
    frame = pl.DataFrame({"id": ["a long id, longer than a view"] * 3})
    first, again = (next(iter(reader_of(frame)))["id"].buffers() for _ in range(2))
    for source in (batch, pa.Table.from_batches([batch])):
        held, odd = texts_in(next(iter(reader_of(source))), layout_of(batch.schema))
        assert not odd.any()
        texts_now = held.values  # noqa: PD011 - no frame of pandas
        assert body.buffers()[2].address == texts_now.buffers()[2].address
    assert [one and one.address for one in first] == [one and one.address for one in again]


def calls_of(work: Callable[[], Any]) -> int:
    """How many functions are called, of Python and of C."""
    counted = itertools.count()
    sys.setprofile(lambda _frame, event, _of: next(counted) if "call" in event else 0)
    try:
        work()
    finally:
        sys.setprofile(None)
    return next(counted)


def test_nothing_is_made_of_a_clean_creative() -> None:
    """Of a creative that is clean no object is made, and no function is called for it alone."""
    engine = world("words")
    few, all_, more_ = (many(count, said="boots") for count in (256, 1_024, 10_240))
    for batch in (few, all_, more_):
        made = decide(engine, batch)
    assert made.nbytes / len(made) < 120

    # Of one block: what is called is called for all of it.
    calls = [calls_of(partial(decide, engine, batch)) for batch in (few, all_)]
    assert calls[1] - calls[0] < 100
    blocks = sys.getallocatedblocks()
    again = decide(engine, more_)
    assert sys.getallocatedblocks() - blocks < 200
    assert again.equals(made)


def test_a_clean_decision_is_empty() -> None:
    """It has an id, the markets, a digest that is held once, and nothing else."""
    made = decide(world("words"), many(40))
    row = made.to_pylist()[0]

    assert [[], [], [], None] == [
        row[name] for name in ("verdicts", "hits", "not_evaluated", "json")
    ]
    assert [world("words").digest] == made["ruleset"].dictionary.to_pylist()
    assert [{"market": "SA", "action": "approve", "complete": True, "restrictions": "[]"}] == (
        row["markets"]
    )


def test_the_published_schema_is_read() -> None:
    """A batch of the published schema, and one without rows, are decided."""
    rows: list[dict[str, Any]] = [{
        "id": "c1", "markets": ["NG"], "language": "ar", "advertiser": "adv-9", "on": DAY,
        "text": [("body", "casino")], "images": ["a.png"], "videos": [], "links": ["t.me/x"],
        "certificates": [{"policy": "GMB.REAL", "market": "NG", "until": date(2027, 1, 1)}],
        "targeting": {"min_age": 18}, "attributes": json.dumps({"vertical": "games"}),
    }]  # fmt: skip
    as_dict = rows[0] | {"text": {"body": "casino"}, "attributes": {"vertical": "games"}}
    batch = pa.RecordBatch.from_pylist(rows, schema=creative_schema())

    assert lines(as_dicts(world("words"), [as_dict])) == of_batch(decide(world("words"), batch))
    assert [] == of_batch(decide(world("words"), batch.slice(1)))
    assert 0 == len(hit_log_of(decide(world("words"), batch.slice(1))))


def test_rows_of_views_are_taken() -> None:
    """Rows of columns out of which Arrow takes none are those rows; what is no text is null."""
    rows: Rows = [creative("casino", id="a", links=["t.me/a"]), {}, creative("x", id="c")]
    views = Shape(texts="string_view", ids="string_view", lists="large_list")
    for shape in (Shape(), views, replace(views, lists="list_view")):
        batch = batch_of(rows, shape)
        some = taken(batch, layout_of(batch.schema), [2, 0])
        assert [creative_dict(batch, 2), creative_dict(batch, 0)] == [
            creative_dict(some, 0), creative_dict(some, 1)
        ]  # fmt: skip
