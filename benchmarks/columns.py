"""How fast creatives in Arrow are decided, against the bare scan and against dicts.

    python -m benchmarks.columns [--materials 100000] [--texts N] [--rounds 7] [--no-record]

Record batches of creatives in, of decisions out: reading the columns, folding, boundaries,
evidence, score, and the columns of the decisions are in the time. Bare is the scan of the texts,
already folded and already strings. A time is process time; wall time stands beside it. Batches are
of 16,384 creatives; dicts come in lists of 1,000, of which the decisions are dropped before the
next. `as an ad has them` adds the columns of an advertiser, a date and a link, which nothing asks
for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from statistics import median
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from automod.batch.arrow import MOST_ROWS, decide_record_batch
from automod.engine.engine import Engine
from automod.model.arrow import creative_schema, decision_json
from automod.text.fold import fold_many

from . import answers, corpus
from .harness import Contender, Figure, Report, at_most, begin, ratio, take_turns
from .throughput import (
    RATES,
    Scene,
    automod_contender,
    decoding,
    described,
    each,
    forget,
    from_command_line,
    prepare,
)

TARGET = 1.7
"""Bare scans that the columnar path may cost, at the lower rate."""
ON = date.fromisoformat(corpus.ON)


def record_batch(planting: corpus.Planting, *, facts: bool = False) -> Any:
    """The creatives of a planting as the published schema has them."""
    rows: list[dict[str, Any]] = corpus.creatives(corpus.encoded(planting.texts))
    kinds = {field.name: field.type for field in creative_schema()}
    columns: dict[str, list[Any]] = {
        "id": [row["id"] for row in rows],
        "markets": [row["markets"] for row in rows],
        "text": [[("body", row["text"]["body"])] for row in rows],
    }
    if facts:
        columns["advertiser"] = [f"adv-{number % 997}" for number in range(len(rows))]
        columns["on"] = [ON for _ in rows]
        columns["links"] = [[f"https://shop{number % 499}.example/{number % 7}"]
                            for number in range(len(rows))]  # fmt: skip
    return pa.record_batch({name: pa.array(column, kinds[name])
                            for name, column in columns.items()})  # fmt: skip


def decided(engine: Engine, batch: Any) -> list[Any]:
    """The decisions on a record batch, in pieces."""
    return [
        decide_record_batch(engine, batch.slice(first, MOST_ROWS), on=ON, first=first)
        for first in range(0, len(batch), MOST_ROWS)
    ]


def assert_answers(scene: Scene) -> None:
    """The decisions are those on dicts, to the byte, and find what was planted.

    Raises:
        AssertionError: they are others.
        WrongAnswerError: the dicts' are wrong themselves.
    """
    ids = answers.ids_of(scene.keywords)
    for planting in scene.plantings.values():
        creatives = corpus.creatives(corpus.encoded(planting.texts))
        wanted = scene.engine.decide_batch(creatives, on=corpus.ON)
        answers.must_equal("automod", answers.of_decisions(wanted, ids), planting)
        rows = (
            row
            for batch in decided(scene.engine, record_batch(planting))
            for row in batch.to_pylist()
        )
        for row, one in zip(rows, wanted, strict=True):
            assert json.dumps(decision_json(row), ensure_ascii=False) == one.to_json(), row


def contenders(scene: Scene) -> Mapping[str, Contender]:
    """All contenders at all rates."""
    made = {}
    for rate, planting in scene.plantings.items():
        original = corpus.encoded(planting.texts)
        folded = corpus.encoded(fold_many(planting.texts))
        made[f"arrow {rate:g}"] = _arrow(scene.engine, record_batch(planting))
        made[f"dicts {rate:g}"] = automod_contender(scene.engine, original)
        made[f"bare {rate:g}"] = Contender(decoding(folded), each(scene.bare.find))
    ads = record_batch(scene.plantings[RATES[0]], facts=True)
    made["as an ad has them"] = _arrow(scene.engine, ads)
    return made


def _arrow(engine: Engine, batch: Any) -> Contender:
    def run(_: object) -> None:
        for first in range(0, len(batch), MOST_ROWS):
            decide_record_batch(engine, batch.slice(first, MOST_ROWS), on=ON, first=first)

    return Contender(forget, run)


def run(materials: int, limit: int | None, rounds: int) -> Report:
    """The whole benchmark."""
    scene = prepare(materials, limit)
    assert_answers(scene)
    report = begin("columns", {**described(scene), "rounds": rounds, "pyarrow": pa.__version__})
    print(f"  {'answers':<62} those on dicts, to the byte")
    times = take_turns(contenders(scene), rounds)
    count = len(scene.texts)
    for name, one in times.items():
        report.raw[name] = {"process": one.process, "wall": one.wall}
        mean = median(one.process) / count * 1e6
        report.add(Figure(f"{name}: microseconds a creative", f"{mean:.1f}"))
    for rate in RATES:
        arrow, dicts, bare = (times[f"{who} {rate:g}"] for who in ("arrow", "dicts", "bare"))
        wall = f"times, wall {ratio(arrow.wall, bare.wall).value:.2f}"
        got = ratio(arrow.process, bare.process)
        name = f"{rate:g} hits: arrow / bare"
        few = rate == RATES[0]
        report.add(at_most(name, got, TARGET, wall) if few else Figure(name, f"{got} {wall}"))
        than = ratio(dicts.process, arrow.process)
        report.add(Figure(f"{rate:g} hits: dicts / arrow", f"{than} times"))
    ads, bare = times["as an ad has them"], times[f"bare {RATES[0]:g}"]
    got = ratio(ads.process, bare.process)
    report.add(Figure("0.1 hits, with advertiser, date and link: arrow / bare", f"{got} times"))
    return report


def main() -> None:
    """Run it from the command line."""
    from_command_line(__doc__, run, rounds=7)


if __name__ == "__main__":
    main()
