"""How fast Spark decides on two cores, against one process of ours that does the same.

    .venv-spark4/bin/python -m benchmarks.spark [--creatives 1000000] [--materials 100000]
                                                [--rounds 3] [--no-record]

`make spark` makes the environment. Both read creatives from Parquet, decide, and write decisions to
Parquet: Spark as `local[2]`, we with PyArrow and `decide_record_batch`. The creatives are those of
the shared corpus with 0.1 hits each, again and again under new ids. Starting Spark, starting its
Python workers and compiling in them is not in the time: the first turn of each does not count.
The decisions are compared, column by column, before anything is timed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.dataset as ds  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from automod.batch.arrow import decide_record_batch
from automod.batch.spark import decide
from automod.batch.spark_types import without_dictionaries
from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.model.arrow import decision_schema
from automod.model.ruleset import Ruleset

from . import corpus
from .harness import (
    Contender,
    Figure,
    Report,
    at_least,
    begin,
    hide_from_collector,
    ratio,
    take_turns,
)
from .throughput import forget

RATE = 0.1
"""Hits a creative, on average."""
TARGET = 1.3
FILES = 16
ROWS = 16_384
"""Rows of a record batch, there and here."""
ON = date.fromisoformat(corpus.ON)


def put(folder: Path, planting: corpus.Planting, count: int) -> None:
    """So many creatives, in files of one size."""
    rows: list[dict[str, Any]] = corpus.creatives(corpus.encoded(planting.texts))
    texts = pa.array([row["text"]["body"] for row in rows])
    markets = pa.array([row["markets"] for row in rows])
    each = -(-count // FILES)
    for number in range(FILES):
        places = range(number * each, min(count, (number + 1) * each))
        took = pa.array([place % len(rows) for place in places], pa.int64())
        body = pa.MapArray.from_arrays(
            pa.array(range(len(places) + 1), pa.int32()),
            pa.array(["body"] * len(places)),
            texts.take(took),
        )
        part = pa.table({
            "id": [f"c{place}" for place in places], "markets": markets.take(took), "text": body,
            "index": pa.array(places, pa.int64()),
        })  # fmt: skip
        pq.write_table(part, folder / f"part-{number:02}.parquet")


def here(engine: Engine, source: Path, target: Path) -> None:
    """One process: batch by batch from file to file."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for path in sorted(source.iterdir()):
        with pq.ParquetWriter(target / path.name, decision_schema()) as writer:
            for batch in pq.ParquetFile(path).iter_batches(ROWS):
                writer.write_batch(decide_record_batch(engine, batch, on=ON))


def on_spark(session: Any, rules: Ruleset, source: Path, target: Path) -> None:
    """The same by `local[2]`."""
    made = decide(session.read.parquet(str(source)), rules, on=ON)
    made.write.mode("overwrite").parquet(str(target))


@contextmanager
def started(folder: Path) -> Iterator[Any]:
    """A session of Spark on two cores."""
    from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]

    os.environ["PYSPARK_PYTHON"] = sys.executable
    options = {
        "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.log.level": "ERROR",
        "spark.driver.bindAddress": "127.0.0.1", "spark.local.dir": str(folder),
        "spark.driver.memory": "3g", "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(ROWS),
    }  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def assert_same(ours: Path, theirs: Path) -> int:
    """Both decided the same of every creative.

    Returns:
        How many hits there are.

    Raises:
        AssertionError: something differs.
    """
    plain = without_dictionaries(decision_schema())
    tables = [
        ds.dataset(folder, schema=plain, format="parquet").to_table().sort_by("index")
        for folder in (ours, theirs)
    ]
    for name in plain.names:
        mine, other = (table[name].combine_chunks() for table in tables)
        assert mine.equals(other), f"the column {name} differs"
    return int(pc.sum(pc.list_value_length(tables[0]["hits"])).as_py())


def run(creatives: int, materials: int, rounds: int) -> Report:
    """Both, on the same files."""
    texts = corpus.texts()
    chosen = corpus.keywords(materials, texts)
    planting = corpus.plant(texts, chosen, round(RATE * len(texts)))
    rules = corpus.ruleset(chosen)
    with tempfile.TemporaryDirectory() as name, started(Path(name) / "spark") as session:
        source, ours, theirs = (Path(name) / part for part in ("ads", "ours", "theirs"))
        source.mkdir()
        put(source, planting, creatives)
        hide_from_collector()
        engine = compile_ruleset(rules)
        here(engine, source, ours)
        on_spark(session, rules, source, theirs)
        hits = assert_same(ours, theirs)
        counts = {
            "creatives": creatives, "materials": materials, "hits": hits, "rounds": rounds,
            "of real ads": texts.real, "PySpark": session.version,
        }  # fmt: skip
        report = begin("spark", counts)
        print(f"  {'answers':<62} the same, {hits:,} hits")
        times = take_turns({
            "one process": Contender(forget, lambda _: here(engine, source, ours)),
            "local[2]": Contender(forget, lambda _: on_spark(session, rules, source, theirs)),
        }, rounds)  # fmt: skip
        for who, one in times.items():
            report.raw[who] = {"wall": one.wall}
            rate = creatives / median(one.wall)
            report.add(Figure(f"{who}: creatives a second", f"{rate:,.0f}"))
        got = ratio(times["one process"].wall, times["local[2]"].wall)
        report.add(at_least("local[2] / one process, creatives a second", got, TARGET))
    return report


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--creatives", type=int, default=1_000_000)
    parser.add_argument("--materials", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    report = run(given.creatives, given.materials, given.rounds)
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
