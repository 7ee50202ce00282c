"""How long it takes to judge a million decisions, from Parquet to every slice.

    python -m benchmarks.evaluation [--no-record] [--most 1000000]

Made up with one seed: creatives in six languages that run in one to three of eight markets, each
judged on three codes, one in twenty violating each; 5,000 materials of which few make most hits, as
in life. One half of the creatives are copies of others: intervals are over groups. A new process
reads cases and decisions and makes the whole evaluation: every slice, material, curve, threshold,
overlap and interval. What it counts is known from how the data was made, and asserted first.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from numpy.typing import NDArray

from automod.evaluate.evaluation import evaluate
from automod.load.cases import load_cases
from automod.load.decisions import load_decisions
from automod.model.arrow import case_schema, decision_schema
from automod.model.ruleset import PolicyCode, PolicyTable, Row
from automod.model.vocabulary import ACTIONS

from .harness import Figure, Report, begin, in_a_new_process

MATERIALS: Final = 5_000
MARKETS: Final = ("SA", "AE", "EG", "KW", "GB", "US", "ES", "ID")
CODES: Final = ("FIN.INV", "GMB.REAL", "SCM.FRAUD")
LANGUAGES: Final = ("ar", "en", "es", "fr", "id", "zh")
VIOLATING, FOUND, ALARMS = 0.05, 0.85, 0.01
SIZES: Final = (10_000, 100_000, 1_000_000)
LONGEST, LARGEST = 60.0, 4 * 2**30
BLOCK: Final = 100_000
"""Creatives of a row group."""
SEED: Final = 20_261_120

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class World:
    """What the next block is made of."""

    present: Array
    hit: Array
    action: Array
    """Rank, of each creative x code: the same in every market."""


def make_world(count: int, rng: np.random.Generator) -> World:
    """Some creatives: what is there, what hits, what is done."""
    present = rng.random((count, len(CODES))) < VIOLATING
    hit = rng.random(present.shape) < np.where(present, FOUND, ALARMS)
    score = rng.random(present.shape)
    return World(present, hit, np.where(hit, np.where(score > 0.4, 3, 2), 0))


def table() -> PolicyTable:
    """Prohibited everywhere; two groups of markets."""

    def code(name: str) -> PolicyCode:
        return PolicyCode(name, {}, "high", Row(f"{name}/default", None, ("prohibited",), "law"))

    groups = {"GCC": ("SA", "AE", "KW"), "MENA": ("GCC", "EG")}
    return PolicyTable({name: code(name) for name in CODES}, groups)


# --- files --------------------------------------------------------------------------------------


def write(folder: Path, count: int) -> dict[str, int]:
    """Write `cases.parquet` and `decisions.parquet`; what an evaluation has to count."""
    rng = np.random.default_rng(SEED)
    right = wrong = missed = 0
    with (
        pq.ParquetWriter(folder / "cases.parquet", case_schema()) as cases,
        pq.ParquetWriter(folder / "decisions.parquet", decision_schema()) as decisions,
    ):
        for first in range(0, count, BLOCK):
            world = make_world(min(BLOCK, count - first), rng)
            cases.write_table(case_block(world, first, count, rng))
            decisions.write_table(decision_block(world, first, rng))
            flagged = world.action >= 2
            right += int((world.present & flagged).sum())
            wrong += int((~world.present & flagged).sum())
            missed += int((world.present & ~flagged).sum())
    return {"tp": right, "fp": wrong, "fn": missed}


def names(first: int, count: int) -> list[str]:
    """Ids of creatives."""
    return [f"c{number}" for number in range(first, first + count)]


def case_block(world: World, first: int, total: int, rng: np.random.Generator) -> Any:
    """The cases of a block, as an Arrow table."""
    count, codes = len(world.present), len(CODES)
    nothing = {name: pa.nulls(count, kind) for name, kind in _fields(case_schema(), "creative")}
    language = np.array(LANGUAGES)[rng.integers(0, len(LANGUAGES), count)]
    creative = nothing | {"id": pa.array(names(first, count)), "language": pa.array(language)}
    label = {
        "policy": np.tile(CODES, count), "market": np.full(count * codes, "*"),
        "present": np.where(world.present.ravel(), "yes", "no"),
        "by": np.full(count * codes, "reader"),
        "on": np.full(count * codes, "2026-11-01", dtype="datetime64[D]"),
        "kind": np.full(count * codes, "random"),
    }  # fmt: skip
    group = rng.integers(0, max(total // 2, 1), count)
    columns = {
        "creative": _structs(case_schema().field("creative").type, creative),
        "labels": _lists(_structs(case_schema().field("labels").type.value_type, label), codes),
        "judged": _lists(pa.array(np.tile(CODES, count)), codes),
        "probability": pa.nulls(count, pa.float64()), "volume": pa.nulls(count, pa.float64()),
        "group": pa.array([f"g{number}" for number in group.tolist()]),
    }  # fmt: skip
    return pa.table(columns, schema=case_schema())


def decision_block(world: World, first: int, rng: np.random.Generator) -> Any:
    """The decisions of a block, as an Arrow table."""
    schema, count = decision_schema(), len(world.present)
    markets = rng.integers(1, 4, count)
    start = rng.integers(0, len(MARKETS), count)
    row = np.repeat(np.arange(count), markets)
    place = np.arange(len(row)) - np.repeat(np.cumsum(markets) - markets, markets)
    market = np.array(MARKETS)[(start[row] + place) % len(MARKETS)]
    words = np.array(ACTIONS)
    strictest = world.action.max(axis=1)
    outcome = {
        "market": market, "action": words[strictest[row]],
        "complete": np.ones(len(row), dtype=bool), "restrictions": np.full(len(row), "[]"),
    }  # fmt: skip
    hits, hit_counts, numbers = _hits(world, rng)
    verdicts, verdict_counts = _verdicts(world, row, market, numbers, words)
    columns = {
        "creative": pa.array(names(first, count)), "index": pa.array(np.arange(count)),
        "on": pa.array(np.full(count, "2026-11-20", dtype="datetime64[D]")),
        "ruleset": pa.array(np.full(count, "sha256:0")).dictionary_encode(),
        "engine": _structs(schema.field("engine").type,
                           {"automod": np.full(count, "0"), "unicode": np.full(count, "0")}),
        "action": pa.array(words[strictest]).dictionary_encode(),
        "markets": _by(schema, "markets", outcome, markets),
        "verdicts": _by(schema, "verdicts", verdicts, verdict_counts),
        "hits": _by(schema, "hits", hits, hit_counts),
        "not_evaluated": _by(schema, "not_evaluated", {}, np.zeros(count, dtype=np.int64)),
        "json": pa.nulls(count, pa.string()),
    }  # fmt: skip
    return pa.table(columns, schema=schema)


def _hits(world: World, rng: np.random.Generator) -> tuple[dict[str, Any], Array, Array]:
    """One to three hits for each creative x code that hits; numbers: the first, and how many."""
    decision, code = np.nonzero(world.hit)
    each = rng.integers(1, 4, len(decision))
    counts = np.bincount(decision, each, len(world.hit)).astype(np.int64)
    of = np.repeat(code, each)
    material = (rng.zipf(1.3, len(of)) % (MATERIALS // 3)) * 3 + of
    owner = np.repeat(decision, each)
    number = np.arange(len(of)) - (np.cumsum(counts) - counts)[owner]
    first = np.zeros((*world.hit.shape, 2), dtype=np.int64)
    first[decision, code, 0] = number[np.cumsum(each) - each]
    first[decision, code, 1] = each
    named = np.array([f"p{k % 3}/m{k}" for k in range(MATERIALS + 3)])
    size = len(of)
    columns = {
        "n": number, "material": named[material], "version": np.full(size, "1"),
        "policies": _lists(pa.array(np.array(CODES)[of]), 1), "status": np.full(size, "live"),
        "kind": np.where(material % 10 == 0, "phrase", "keyword"),
        "field": np.where(rng.random(size) < 0.3, "title", "body"),
        "view": np.where(rng.random(size) < 0.2, "evasion", "safe"),
        "start": np.zeros(size, dtype=np.int64), "end": np.ones(size, dtype=np.int64),
        "confidence": np.ones(size), "weight": np.full(size, 0.9),
    }  # fmt: skip
    return columns, counts, first


def _verdicts(
    world: World, row: Array, market: Array, numbers: Array, words: Array
) -> tuple[dict[str, Any], Array]:
    """One for each market x code that hits."""
    at, code = np.nonzero(world.hit[row])
    decision = row[at]
    each = numbers[decision, code, 1]
    flat = np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)
    because = pa.ListArray.from_arrays(
        pa.array(np.append(0, np.cumsum(each)).astype(np.int32)),
        pa.array((flat + np.repeat(numbers[decision, code, 0], each)).astype(np.int32)),
    )
    action = world.action[decision, code]
    size = len(at)
    reason = {"code": np.full(size, "prohibited"), "values": np.full(size, "{}")}
    verdicts = {
        "market": market[at], "policy": np.array(CODES)[code], "severity": np.full(size, "high"),
        "stance": _lists(pa.array(np.full(size, "prohibited")), 1),
        "row": np.full(size, "default"), "ground": np.full(size, "law"),
        "source": np.full(size, ""), "score": np.where(action == 3, 0.9, 0.6),
        "threshold": np.where(action == 3, 0.85, 0.5), "action": words[action],
        "because": because,
        "reason": pa.StructArray.from_arrays(list(map(pa.array, reason.values())), list(reason)),
    }  # fmt: skip
    return verdicts, np.bincount(decision, minlength=len(world.hit))


def _fields(schema: Any, name: str) -> list[tuple[str, Any]]:
    return [(one.name, one.type) for one in schema.field(name).type]


def _structs(kind: Any, columns: dict[str, Any]) -> Any:
    """Structs of some columns; what has none is null."""
    size = len(next(iter(columns.values()))) if columns else 0
    parts = []
    for field in kind:
        column = columns.get(field.name)
        if column is None:
            parts.append(pa.nulls(size, field.type))
        else:
            held = column if isinstance(column, pa.Array) else pa.array(column)
            parts.append(held.cast(field.type))
    return pa.StructArray.from_arrays(parts, fields=list(kind))


def _lists(values: Any, each: int) -> Any:
    starts = np.arange(0, len(values) + each, each, dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(starts), values)


def _by(schema: Any, name: str, columns: dict[str, Any], counts: Array) -> Any:
    """Lists of structs, so many in each row."""
    kind = schema.field(name).type.value_type
    starts = pa.array(np.append(0, np.cumsum(counts)).astype(np.int32))
    return pa.ListArray.from_arrays(starts, _structs(kind, columns))


# --- what is timed ------------------------------------------------------------------------------


def judge(folder: Path) -> dict[str, float]:
    """Read both files and evaluate; seconds of each, and the most memory that was held."""
    begun = time.perf_counter()
    policies = table()
    cases = load_cases(folder / "cases.parquet", policies)
    decisions = load_decisions(folder / "decisions.parquet")
    read = time.perf_counter()
    found = evaluate(cases, decisions, policies)
    done = time.perf_counter()
    whole = found.at("flagged")
    counts = (0, 0, 0) if whole is None else (
        whole.measures.tp, whole.measures.fp, whole.measures.fn
    )  # fmt: skip
    return {
        "reading": read - begun, "judging": done - read, "all": done - begun,
        "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "tp": counts[0], "fp": counts[1], "fn": counts[2],
        "slices": len(found.slices), "parts": len(found.parts), "trials": found.account.trials,
        "materials": len({dict(one.by).get("material") for one in found.parts} - {None}),
    }  # fmt: skip


def measured(count: int) -> dict[str, float]:
    """What a new process needs for so many decisions, when it has counted rightly."""
    with tempfile.TemporaryDirectory() as folder:
        expected = write(Path(folder), count)
        found = in_a_new_process("benchmarks.evaluation", "--judge", folder)
    if any(found[name] != value for name, value in expected.items()):
        raise SystemExit(f"it counts {found}, and {expected} is right")
    return found


def main(arguments: Sequence[str] | None = None) -> Report | None:
    """Time every size and print what came out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluation")
    parser.add_argument("--no-record", action="store_true")
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--judge", metavar="FOLDER", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.judge:
        print(json.dumps(judge(Path(asked.judge))))
        return None
    report = begin("evaluation", {"materials": MATERIALS, "pyarrow": pa.__version__})
    before = None
    for count in [size for size in SIZES if size <= asked.most]:
        found = measured(count)
        report.raw[str(count)] = found
        report.add(*_figures(count, found, before))
        before = found
    if not asked.no_record:
        report.write()
    return report


def _figures(count: int, found: dict[str, float], before: dict[str, float] | None) -> list[Figure]:
    last = count == SIZES[-1]
    seconds = f"{found['all']:.1f} s ({found['reading']:.1f} of it reading)"
    quick = found["all"] <= LONGEST if last else None
    small = found["bytes"] < LARGEST if last else None
    lines = [
        Figure(f"{count:,} decisions: rightly counted",
               f"{found['trials']:,.0f} trials, {found['materials']:,.0f} materials with hits"),
        Figure(f"{count:,} decisions: from Parquet to every slice", seconds,
               f"at most {LONGEST:.0f} s" if last else "", quick),
        Figure(f"{count:,} decisions: most memory", f"{found['bytes'] / 2**30:.2f} GiB",
               "under 4 GiB" if last else "", small),
    ]  # fmt: skip
    if before is not None:
        lines.append(Figure(f"{count:,} decisions: times ten times fewer",
                            f"{found['all'] / before['all']:.1f}"))  # fmt: skip
    return lines


if __name__ == "__main__":
    main()
