"""On a real Spark: the same decisions as here, also where workers and executors are killed.

`make spark` runs this with PySpark 3.5 and 4; without PySpark, or Java, it is skipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pytest

import automod
import test_docs
from automod.batch import spark_worker
from automod.batch.arrow import decide_record_batch, hit_log_of
from automod.batch.spark import decide, fingerprints, hits, rescore
from automod.errors import InputError
from automod.model.arrow import decision_json, decision_schema, hit_schema
from automod.model.decision import json_text
from automod.model.ruleset import Ruleset
from rulesets import ON, material, package, ruleset
from spark_ads import CAMPAIGN, MANY, creatives, put_files, put_pictures, rules, table

pytest.importorskip("pyspark", reason="no PySpark here: `make spark` has its own environments")
if shutil.which("java") is None:
    pytest.skip("no Java here, which Spark runs on", allow_module_level=True)

from pyspark.sql import DataFrame, SparkSession  # type: ignore[import-not-found,unused-ignore]
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

# PySpark's own warnings, of its sockets and of what it uses of pandas, are not ours.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(600)]

LOCAL: Final = "local[2]"
CLUSTER: Final = "local-cluster[2,1,1024]"
"""Two executors, each a JVM with one core: what dies there is replaced, as on a real cluster."""

DAY: Final = date.fromisoformat(ON)
Ads = list[dict[str, Any] | None]


@dataclass(frozen=True)
class World:
    """Creatives, as dicts and as files, and the rules that they are decided by."""

    ads: Ads
    files: Path
    pictures: Path
    rules: Ruleset

    @property
    def decided(self) -> list[str]:
        """The JSON of every decision, made here."""
        return [one.to_json() for one in automod.compile(self.rules).decide_batch(self.ads, ON)]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One for all tests."""
    folder = tmp_path_factory.mktemp("world")
    pictures = put_pictures(folder / "pictures")
    ads = creatives(pictures)
    return World(ads, put_files(folder / "ads", table(ads)), pictures, rules(folder / "rules"))


def session(master: str, folder: Path) -> SparkSession:
    """A session of Spark that talks to nobody and keeps nothing."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    options = {
        "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1", "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"), "spark.log.level": "OFF",
        "spark.ui.showConsoleProgress": "false", "spark.sql.session.timeZone": "Asia/Riyadh",
        "spark.sql.files.openCostInBytes": "0", "spark.sql.files.maxPartitionBytes": "20000",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "25", "spark.sql.shuffle.partitions": "3",
    }  # fmt: skip
    builder = SparkSession.builder.master(master).appName("automod")
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


@pytest.fixture(scope="session", params=[LOCAL, CLUSTER])
def spark(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SparkSession]:
    """A session: one after the other for all tests that ask for it."""
    made = session(request.param, tmp_path_factory.mktemp("spark"))
    yield made
    made.stop()


on_both = pytest.mark.parametrize("spark", [LOCAL, CLUSTER], indirect=True)
on_local = pytest.mark.parametrize("spark", [LOCAL], indirect=True)
on_cluster = pytest.mark.parametrize("spark", [CLUSTER], indirect=True)


def read(spark: SparkSession, world: World, *columns: str) -> DataFrame:
    """The creatives, without the column that is none of them, or some columns."""
    found = spark.read.parquet(str(world.files))
    return found.select(*columns) if columns else found.drop(CAMPAIGN)


def jsons(decisions: DataFrame) -> list[str]:
    """The JSON of decisions in columns, in the order of the input."""
    rows = [row.asDict(recursive=True) for row in decisions.collect()]
    rows.sort(key=lambda row: row["index"])
    return [json_text(decision_json(row)) for row in rows]


@on_both
def test_as_here(spark: SparkSession, world: World) -> None:
    """A decision in columns is the one made here, to the byte of its JSON."""
    made = decide(read(spark, world), world.rules, on=ON)
    assert made.columns == decision_schema().names
    assert made.rdd.getNumPartitions() > 2
    assert jsons(made) == world.decided


@on_local
def test_as_here_in_json(spark: SparkSession, world: World) -> None:
    """So is its line of JSON, beside columns that are carried through."""
    ads = spark.read.parquet(str(world.files))
    made = decide(ads, world.rules, on=DAY, json=True, keep=["index", CAMPAIGN])
    assert made.columns == ["json", "index", CAMPAIGN]
    rows = sorted(made.collect(), key=lambda row: row["index"])
    assert [row["json"] for row in rows] == world.decided
    assert [row[CAMPAIGN] for row in rows] == [f"k{number % 9}" for number in range(MANY)]


@on_local
def test_as_here_with_large_types(spark: SparkSession, world: World) -> None:
    """Texts that may be of any length are texts."""
    name = "spark.sql.execution.arrow.useLargeVarTypes"
    spark.conf.set(name, "true")
    try:
        assert jsons(decide(read(spark, world), world.rules, on=ON)) == world.decided
    finally:
        spark.conf.unset(name)


@on_local
def test_columns_of_other_shapes(spark: SparkSession, world: World) -> None:
    """A column for each text, with a point in its name, and the place under a name of its own."""
    ads = read(spark, world, "id", "markets", "text", "index").where("id is not null")
    texts = [F.col("text")[name].alias(f"text.{name}") for name in ("title", "body")]
    frame = ads.select("id", "markets", *texts, F.col("index").cast("int").alias("place"))
    made = decide(frame, world.rules, on=ON, index="place", keep=["text.title", "place"])
    assert made.columns == [*decision_schema().names, "text.title", "place"]
    engine = automod.compile(world.rules)
    wanted = []
    for number, one in enumerate(world.ads):
        if one is not None:
            kept = {name: one["text"][name] for name in ("title", "body") if name in one["text"]}
            ad = {"id": one["id"], "markets": one["markets"], "text": kept}
            wanted.append(replace(engine.decide(ad, ON), index=number).to_json())
    assert jsons(made.select(*decision_schema().names)) == wanted


@on_local
def test_a_time_is_a_day_in_utc(spark: SparkSession) -> None:
    """Whatever the zone of the session: a local run, which has none, reads the same day."""
    late = F.timestamp_seconds(F.lit(1_795_212_000))  # 2026-11-20 22:00 UTC, the 21st in Riyadh
    frame = spark.range(1).select(
        F.lit("c").alias("id"), F.array(F.lit("SA")).alias("markets"), late.alias("on"),
        F.col("id").alias("index"),
    )  # fmt: skip
    (row,) = decide(frame, small("utc"), today="2026-01-01").collect()
    assert row["on"] == DAY


@on_local
def test_rows_without_a_place_are_numbered(spark: SparkSession, world: World) -> None:
    """As `monotonically_increasing_id` numbers them, and the same again."""
    ads = read(spark, world).drop("index").withColumn("x", F.monotonically_increasing_id())
    ads = ads.withColumnRenamed("x", "x-number")
    made = decide(ads, world.rules, on=ON, index=None, keep=["x-number"])
    rows = made.select("index", "x-number").collect()
    assert [row["index"] for row in rows] == [row["x-number"] for row in rows]
    assert len({row["index"] for row in rows}) == MANY


@on_local
def test_hits_are_the_hit_log(spark: SparkSession, world: World) -> None:
    """A row for each hit, as the hit log made here has them."""
    made = hits(decide(read(spark, world), world.rules, on=ON), text=True)
    assert made.columns == hit_schema().names
    rows = [row.asDict(recursive=True) for row in made.collect()]
    rows.sort(key=lambda row: (row["index"], row["n"]))
    (ads,) = table(world.ads).drop_columns([CAMPAIGN]).combine_chunks().to_batches()
    here = hit_log_of(decide_record_batch(automod.compile(world.rules), ads, on=DAY), text=True)
    assert rows == [row | {"markets": dict(row["markets"])} for row in here.to_pylist()]


@on_local
def test_a_worker_compiles_once(spark: SparkSession, world: World) -> None:
    """Workers are used again, for task after task and job after job, and so is their engine."""
    by = replace(world.rules, policies=replace(world.rules.policies, review=0.41))
    digest = automod.compile(by).digest
    made = decide(read(spark, world), by, on=ON)
    tasks = made.rdd.getNumPartitions()
    assert made.count() == made.count() == MANY

    def ask(batches: Iterator[Any]) -> Iterator[Any]:
        from automod.batch.spark_worker import COMPILED

        for _ in batches:
            yield pa.record_batch({"pid": [os.getpid()], "count": [COMPILED[digest]]})

    asked = spark.range(0, 40, 1, 20).mapInArrow(ask, "pid long, count long").collect()
    counts = {row["pid"]: row["count"] for row in asked}
    assert set(counts.values()) <= {0, 1}
    assert 0 < sum(counts.values()) < tasks  # of each job; tasks, not only jobs, share a worker


@on_local
def test_no_engine_travels(
    spark: SparkSession, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its ruleset's text and its options do: no engine is pickled, and none is built here."""
    engine = automod.compile(world.rules, "pyahocorasick")

    def refuse(*_: Any) -> Any:
        pytest.fail("an engine was pickled, or compiled, on the driver")

    monkeypatch.setattr(automod.Engine, "__reduce__", refuse)
    monkeypatch.setattr(automod.Engine, "__init__", refuse)
    made = jsons(decide(read(spark, world), engine, on=ON))
    monkeypatch.undo()
    assert made == world.decided


@on_local
def test_another_version_is_told(
    spark: SparkSession, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job whose executors have another automod than its driver stops, and says so."""
    monkeypatch.setattr(spark_worker, "__version__", "0.0.9")
    made = decide(read(spark, world), world.rules, on=ON)
    with pytest.raises(Exception, match=r"the driver has automod 0\.0\.9 .*this executor automod"):
        made.collect()


FRAME: Final = "id string, markets array<string>, text map<string, string>, index long"


@on_local
@pytest.mark.parametrize(
    ("columns", "options", "told"),
    [
        (FRAME, {"on": None}, "on is not given, and no clock is read on Spark"),
        (FRAME, {"on": "2026-13-01"}, "on is '2026-13-01', not a date such as"),
        (
            FRAME + ", txt string",
            {},
            "'txt' is no column of creatives; did you mean 'text'",
        ),
        (FRAME + ", gap interval day to second", {}, "holds interval day to second, which no crea"),
        (FRAME + ", links array<int>", {}, "which are not lists of texts"),
        ("markets array<string>, index int", {}, '"id": the column is missing'),
        ("id string", {}, "the column of places is missing; rows have no order on Spark"),
        (FRAME, {"index": "place"}, '"place": the column of places is missing'),
        (FRAME, {"index": None}, '"index": the column is not asked for'),
        (FRAME, {"keep": ["idd"]}, "the column to keep is missing; did you mean 'id'"),
        (FRAME, {"keep": "id"}, "keep is a list of columns, not 'id'"),
        (FRAME, {"keep": ["markets"]}, "markets would be there twice; rename what you keep"),
    ],
    ids=range(1, 13),
)
def test_refused_before_anything_runs(
    spark: SparkSession, columns: str, options: dict[str, Any], told: str
) -> None:
    """What is wrong with a table is told on the driver, with the names of its columns."""
    frame = spark.createDataFrame([], columns)
    with pytest.raises(InputError, match=re.escape(told)):
        decide(frame, small("refused"), **{"on": ON, **options})


@on_local
def test_what_is_no_frame_is_told(spark: SparkSession) -> None:
    """A table of another library, columns that are no decisions, files without bytes."""
    with pytest.raises(
        InputError, match=r"a data frame of Spark is needed, not pyarrow\.lib\.Table"
    ):
        decide(pa.table({"id": ["a"]}), small("none"), on=ON)
    with pytest.raises(InputError, match="no column creative, on, ruleset"):
        hits(spark.createDataFrame([], "index long, action string"))
    with pytest.raises(InputError, match='column "content": holds string; the bytes of files'):
        fingerprints(spark.createDataFrame([], "content string"))
    with pytest.raises(InputError, match='column "bytes": is missing'):
        fingerprints(spark.createDataFrame([], "content binary"), "bytes")


def small(word: str) -> Ruleset:
    """A ruleset of one word."""
    return ruleset(package([material(word)]))


@on_local
def test_pictures_as_fingerprints(spark: SparkSession, world: World, tmp_path: Path) -> None:
    """Decisions from stored fingerprints are those from the files, also of files that are none."""
    for name in ("1.png", "2.png"):
        shutil.copy(world.pictures / name, tmp_path / name)
    (tmp_path / "bad.png").write_bytes(b"no picture")
    stored = fingerprints(spark.read.format("binaryFile").load(str(tmp_path)))
    name = F.regexp_extract("path", r"([^/]+)$", 1)
    stored = stored.select(name.alias("name"), "fingerprint", "fault")
    faults = {row["name"]: row["fault"] for row in stored.collect()}
    assert faults == {"1.png": None, "2.png": None, "bad.png": "media.unsupported"}
    ads = [("a", 0, ["1.png", "bad.png"]), ("b", 1, ["2.png"]), ("c", 2, ["bad.png"])]
    paths = spark.createDataFrame(ads, "id string, index long, images array<string>")
    paths = paths.withColumn("markets", F.array(F.lit("SA")))
    each = paths.select("*", F.posexplode("images").alias("n", "name")).join(stored, "name", "left")
    lists = F.sort_array(F.collect_list(F.struct("n", "fingerprint")))["fingerprint"]
    prints = each.groupBy("id", "index", "markets").agg(lists.alias("images"))
    wanted = jsons(decide(paths, world.rules, on=ON, media=tmp_path))
    assert jsons(decide(prints, world.rules, on=ON)) == wanted
    assert [len(hits_of(one)) for one in wanted] == [1, 0, 0]
    assert ["media.unsupported" in one for one in wanted] == [True, False, True]


def hits_of(decision: str) -> list[Any]:
    """The hits of a decision's JSON."""
    found: list[Any] = json.loads(decision)["hits"]
    return found


@on_local
def test_rescored_as_here(spark: SparkSession, world: World, tmp_path: Path) -> None:
    """What stored decisions become by other rules is what those rules say of the creatives.

    Some have none, some ids have two.
    """
    path = str(tmp_path / "stored")
    decide(read(spark, world), world.rules, on=ON).coalesce(1).write.parquet(path)
    stored = spark.read.parquet(path)
    stored = stored.where("index % 3 > 0").union(stored.where("index in (4, 5)"))
    known, (own,) = world.rules, world.rules.packages
    more = package([material("hotel", name="q/hotel")], "q")
    for changed in (
        replace(known, policies=replace(known.policies, review=0.7)),
        replace(known, packages=(replace(own, allows=()),)),
        replace(known, packages=(own, more)),
    ):
        made = rescore(read(spark, world), stored, world.rules, changed, on=ON)
        engine = automod.compile(changed)
        assert jsons(made) == [one.to_json() for one in engine.decide_batch(world.ads, ON)]


@on_local
def test_every_block_of_the_page_runs(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What docs/spark.md says is what happens, in the session that is there."""
    shutil.copytree(test_docs.ROOT / "tests/small_rulesets", tmp_path / "rulesets")
    shutil.copytree(test_docs.ROOT / "src/automod/demo", tmp_path / "src/automod/demo")
    monkeypatch.chdir(tmp_path)
    reader = test_docs.Session(tmp_path, has_spark=True)
    found = list(test_docs.blocks("docs/spark.md"))
    for block in found:
        text = re.sub(r'\bparquet\("', f'parquet("file://{tmp_path}/', block.text)
        text = re.sub(r'\bload\("src/', f'load("file://{tmp_path}/src/', text)
        reader.run(replace(block, text=text))
    assert len(found) > 8


def dying(marker: Path, what: str) -> Callable[..., Iterator[Any]]:
    """What decides in a worker, and in the middle of it kills something of its machine, once."""
    path = str(marker)

    def decided(*given: Any) -> Iterator[Any]:
        for number, made in enumerate(spark_worker.decided(*given)):
            if number == 1:
                strike()
            yield made

    def strike() -> None:
        daemon = os.getppid()
        stat = Path(f"/proc/{daemon}/stat").read_text(encoding="utf-8")
        executor = int(stat.rsplit(")", 1)[1].split()[1])
        killed = {"worker": os.getpid(), "daemon": daemon, "executor": executor}[what]
        try:
            held = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            return
        os.write(held, str(killed).encode())
        os.close(held)
        os.kill(killed, signal.SIGKILL)

    return decided


@on_cluster
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are found in /proc")
@pytest.mark.parametrize("what", ["worker", "daemon", "executor"])
def test_as_here_when_something_is_killed(
    spark: SparkSession, world: World, tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Python worker, the process that starts them, or an executor: the answer is the same."""
    marker = tmp_path / what
    monkeypatch.setattr("automod.batch.spark.decided", dying(marker, what))
    made = decide(read(spark, world).coalesce(3), world.rules, on=ON)
    context = spark.sparkContext
    context.setJobGroup(what, what)
    assert jsons(made) == world.decided
    assert not is_alive(int(marker.read_text(encoding="utf-8")))
    tracker = context.statusTracker()
    jobs = [tracker.getJobInfo(number) for number in tracker.getJobIdsForGroup(what)]
    stages = [tracker.getStageInfo(number) for job in jobs if job for number in job.stageIds]
    failed = sum(stage.numFailedTasks for stage in stages if stage)
    assert failed >= (0 if what == "daemon" else 1)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet does not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return text.rsplit(")", 1)[1].split()[0] != "Z"
