"""What runs in the Python workers of Spark, without Spark: batches in, batches out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pytest

import automod
from automod.batch import spark_worker
from automod.batch.arrow import decide_record_batch, hit_log_of
from automod.batch.bad_text import with_readable_text
from automod.batch.spark import _engine_of, decide
from automod.batch.spark_types import MissingSpark, spark, without_dictionaries
from automod.batch.spark_worker import (
    COMPILED,
    Wire,
    engine_of,
    fingerprint_rows,
    hit_rows,
    rescored,
    wire_of,
)
from automod.batch.spark_worker import (
    decided as decided_rows,
)
from automod.engine.compile import VERSIONS
from automod.errors import AutomodError, InputError
from automod.load.bundle import bundle_bytes, bundle_name
from automod.model.arrow import decision_schema, hit_schema
from automod.model.canonical import to_canonical
from automod.model.ruleset import Ruleset
from pictures import file_of, scene
from rulesets import ON, material, package, ruleset
from spark_ads import CAMPAIGN, creatives, put_pictures, rules, table

DAY: Final = date.fromisoformat(ON)


@dataclass(frozen=True)
class Held:
    """What a broadcast of Spark looks like to a task."""

    value: str


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    """The rules that hit some of the creatives."""
    return rules(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pictures that they name."""
    return put_pictures(tmp_path_factory.mktemp("media") / "pictures")


def small(word: str) -> Ruleset:
    """A ruleset of one word."""
    return ruleset(package([material(word)]))


def asked(by: Ruleset | automod.Engine, **more: Any) -> tuple[Wire, Held]:
    """What a worker gets to decide by some rules."""
    options, text = _engine_of(by)
    given = {
        "on": ON,
        "today": None,
        "media": None,
        "json": False,
        "names": ["id", "index"],
        "kept": 0,
    }
    return wire_of(options, **{**given, **more}), Held(text)


def decided(by: Ruleset, ads: pa.Table, **more: Any) -> Iterator[Any]:
    """The batches that a worker makes of some creatives, in batches of 100."""
    wire, held = asked(by, names=ads.schema.names, **more)
    return decided_rows(wire, held, iter(ads.to_batches(max_chunksize=100)))


def test_a_worker_decides_as_the_engine_does(known: Ruleset, pictures: Path) -> None:
    """The JSON of each row is that of `decide_batch`, byte for byte, in its place."""
    ads = creatives(pictures)
    columns = table(ads).drop_columns(["campaign"])
    made = [text for one in decided(known, columns, json=True) for text in one[0].to_pylist()]
    assert made == [one.to_json() for one in automod.compile(known).decide_batch(ads, ON)]


def test_a_worker_gives_the_columns_of_a_decision(known: Ruleset, pictures: Path) -> None:
    """They are those of `decide_record_batch`, with texts in place of dictionaries."""
    (ads,) = table(creatives(pictures, 90)).drop_columns(["campaign"]).to_batches()
    (made,) = decided(known, pa.Table.from_batches([ads]))
    wanted = decide_record_batch(automod.compile(known), ads, on=DAY)
    assert made.schema.types == without_dictionaries(decision_schema()).types
    assert made.rename_columns(wanted.schema.names).to_pylist() == wanted.to_pylist()


def test_a_creative_has_its_own_date(known: Ruleset, pictures: Path) -> None:
    """Where `on` is not given; `today` is that of all others."""
    ads = creatives(pictures, 90)
    columns = table(ads).drop_columns(["campaign"])
    (made,) = decided(known, columns, on=None, today="2026-02-03", json=True)
    engine, today = automod.compile(known), date(2026, 2, 3)
    assert made[0].to_pylist() == [
        replace(engine.decide(one, (one or {}).get("on", today)), index=n).to_json()
        for n, one in enumerate(ads)
    ]


def test_a_ruleset_is_compiled_once() -> None:
    """However many tasks ask for it; another one beside it does not push it out, a third does."""
    one, other, third = small("once-a"), small("once-b"), small("once-c")
    digest = automod.compile(one).digest
    first = engine_of(*asked(one))
    assert engine_of(*asked(one)) is first
    engine_of(*asked(other))
    assert engine_of(*asked(one)) is first
    assert COMPILED[digest] == 1
    engine_of(*asked(third))
    engine_of(*asked(other))
    assert engine_of(*asked(one)) is not first
    assert COMPILED[digest] == 2
    assert len(spark_worker._KEPT) == spark_worker.MOST_ENGINES == 2


def test_options_of_an_engine_travel() -> None:
    """An engine for some materials, of the other back end, is made so again."""
    made = automod.compile(small("only"), "pyahocorasick", only=["p/m"], isolated=True)
    again = engine_of(*asked(made))
    same = ("digest", "backend", "only", "isolated")
    assert [getattr(again, name) for name in same] == [getattr(made, name) for name in same]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"automod": "9.9.9"}, "the driver has automod 9.9.9 "),
        ({"versions": {"folding": "0"}}, r"\(folding 0\), this executor automod "),
        ({"digest": "sha256:00"}, "the ruleset is sha256:00 on the driver and sha256:"),
    ],
)
def test_another_engine_is_none(changed: dict[str, Any], told: str) -> None:
    """A worker never decides by other rules, or otherwise, than the driver says."""
    wire, held = asked(small("version"))
    with pytest.raises(AutomodError, match=told):
        engine_of({**wire, **changed}, held)


def test_paths_count_from_the_folder(known: Ruleset, pictures: Path) -> None:
    """A relative path is found there; a whole one, and a fingerprint as JSON, are what they are."""
    held = automod.fingerprint(pictures / "1.png").to_json()
    images = [["1.png"], [str(pictures / "1.png")], [held], ["none.png"], None]
    ads = pa.table({
        "id": [f"c{n}" for n in range(5)], "markets": [["SA"]] * 5, "index": range(5),
        "images": images,
    })  # fmt: skip
    (made,) = decided(known, ads, media=str(pictures))
    rows = made.rename_columns(decision_schema().names).to_pylist()
    assert [len(row["hits"]) for row in rows] == [1, 1, 1, 0, 0]
    missed = [[one["code"] for one in row["not_evaluated"]] for row in rows]
    assert missed == [[], [], [], ["media.missing"], []]


def bad_texts() -> pa.Array:
    """Three texts, of which the second is none."""
    return pa.array([b"casino", b"casino \xff", b"x"]).cast(pa.string(), safe=False)


@pytest.mark.parametrize("column", ["id", "text.body", "advertiser", "links", "text"])
def test_bytes_that_are_no_text_harm_their_row_alone(column: str) -> None:
    """It is no creative, in its place; the rows beside it are decided on."""
    texts = bad_texts()
    ads = {"id": pa.array(["a", "b", "c"]), "markets": pa.array([["SA"]] * 3), "index": [7, 8, 9]}
    offsets = pa.array([0, 1, 2, 3], pa.int32())
    lists = {
        "links": lambda: pa.ListArray.from_arrays(offsets, texts),
        "text": lambda: pa.MapArray.from_arrays(offsets, pa.array(["body"] * 3), texts),
    }
    ads[column] = lists[column]() if column in lists else texts
    (made,) = decided(small("casino"), pa.table(ads))
    rows = made.rename_columns(decision_schema().names).to_pylist()
    assert [row["index"] for row in rows] == [7, 8, 9]
    assert [row["creative"] is None for row in rows] == [False, True, False]
    assert [one["code"] for one in rows[1]["not_evaluated"]] == ["creative.invalid"]


def test_readable_rows_are_not_copied() -> None:
    """A batch in which all is well comes back itself."""
    batch = pa.record_batch({"id": ["a", "b"]})
    assert with_readable_text(batch) is batch


def test_hits_are_the_hit_log(known: Ruleset, pictures: Path) -> None:
    """The rows are those of `hit_log_of`, whose types are dictionaries."""
    ads = table(creatives(pictures)).drop_columns(["campaign"]).combine_chunks().to_batches()[0]
    made = decide_record_batch(automod.compile(known), ads, on=DAY)
    plain = made.cast(without_dictionaries(decision_schema()))
    for text in (False, True):
        (rows,) = hit_rows({"text": text}, iter([plain]))
        wanted = hit_log_of(made, text=text)
        assert rows.rename_columns(hit_schema().names).to_pylist() == wanted.to_pylist()
        assert rows.num_rows > 100


def test_what_has_no_fingerprint_stays_what_it_is() -> None:
    """A file that cannot be decoded is handed on, never null, with the code of why."""
    good, bad = file_of(scene(1)), b"no picture"
    files = pa.record_batch({
        "content": pa.array([good, bad, None, b""], pa.binary()), "path": ["g", "b", "n", "e"],
    })  # fmt: skip
    (made,) = fingerprint_rows({"also": ()}, iter([files]))
    path, prints, faults = (column.to_pylist() for column in made)
    assert path == ["g", "b", "n", "e"]
    assert prints == [automod.fingerprint(good).to_bytes(), bad, b"", b""]
    assert faults == [None, "media.unsupported", "media.missing", "media.missing"]


def test_without_pyspark_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """PySpark is the user's: the sentence says how to bring it."""
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MissingSpark, match="pip install pyspark"):
        decide(None, small("missing"), on=ON)
    with pytest.raises(MissingSpark, match=r"automod-ads\[spark\]"):
        spark("this")


def test_nothing_loads_pyspark_before_it_is_asked() -> None:
    """Importing automod, or its part for Spark, imports neither PySpark nor pandas."""
    code = "import automod.batch.spark, sys; print(*{'pyspark', 'pandas'} & sys.modules.keys())"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


@pytest.mark.parametrize("text", ["{}", '{"packages": 5}', "{ no JSON"])
def test_what_is_no_ruleset_is_told_on_the_driver(text: str) -> None:
    """A text that begins like JSON, and is not that of a ruleset."""
    with pytest.raises(InputError, match=r"^rules: "):
        _engine_of(text)


def test_rules_come_in_many_forms(tmp_path: Path) -> None:
    """A ruleset, its text in any spelling, its bundle and its engine are the same to a worker."""
    known = small("forms")

    digest, data = bundle_bytes(known, VERSIONS)
    (tmp_path / bundle_name(digest)).write_bytes(data)
    text = to_canonical(known)
    forms: list[str | Path] = [text, text.replace(":", ": ", 1), tmp_path / bundle_name(digest)]
    wanted = _engine_of(known)
    assert [_engine_of(form) for form in (*forms, automod.compile(known))] == [wanted] * 4


@pytest.mark.parametrize("gone", [1, 3], ids=["all stored", "a third stored"])
@pytest.mark.parametrize("change", ["threshold", "allow", "material"])
def test_stored_decisions_by_other_rules(
    known: Ruleset, pictures: Path, change: str, gone: int
) -> None:
    """What comes of them, or of nothing where there is none, is what those rules say."""
    (own,) = known.packages
    more = package([material("hotel", name="q/hotel")], "q")
    changed = {
        "threshold": replace(known, policies=replace(known.policies, review=0.7)),
        "allow": replace(known, packages=(replace(own, allows=()),)),
        "material": replace(known, packages=(own, more)),
    }[change]
    ads = creatives(pictures, 200)
    columns = table(ads)
    names = columns.schema.names[:-1]
    (batch,) = columns.to_batches()
    stored = decide_record_batch(automod.compile(known), batch.drop_columns([CAMPAIGN]), on=DAY)
    stored = stored.cast(without_dictionaries(decision_schema()))
    stored = stored.take(pa.array([row if row % gone == 0 else None for row in range(len(stored))]))
    rows = pa.RecordBatch.from_arrays(
        [*batch.columns, *stored.columns], names=[*columns.schema.names, *stored.schema.names]
    )
    options, text = _engine_of(known)
    wire, held = asked(changed, names=names, kept=1, since=options["digest"], json=True)
    wire = {**wire, "stored": stored.schema.names}
    for _ in range(2):  # the second time with what the first has made
        (made,) = rescored(wire, Held(text), held, iter([rows]))
        wanted = [one.to_json() for one in automod.compile(changed).decide_batch(ads, ON)]
        assert made[0].to_pylist() == wanted
        assert made[1].to_pylist() == batch[CAMPAIGN].to_pylist()
