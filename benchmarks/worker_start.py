"""How fast a worker is ready that gets a ruleset as a bundle, and how much memory that holds.

    python -m benchmarks.worker_start [--materials 100000] [--rounds 7] [--million] [--no-record]

A worker of a cluster is a new process: it reads the bundle, checks every byte of it, compiles, and
decides its first creative. The rival is the bare build of the automaton in a new process as well:
the patterns lie in a list already, folded, in the order of the table (as in `benchmarks.loading`);
nothing is read, checked, named or kept. To import the libraries is in neither; how long that takes
is stated, as is what the first block of creatives costs on top, for which tables are made that one
creative does not need.

The order of patterns matters to a build: words that begin alike lie side by side in memory. The
engine has its materials by id; the bare build of its own patterns in its own order is stated too.

An unpickled engine is restored by the same way, from canonical JSON that the pickle carries.
"""

from __future__ import annotations

import argparse
import gc
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from operator import sub
from pathlib import Path
from statistics import median
from typing import Any, Final

import automod
from automod.match.patterns import Patterns
from automod.workshop.bundling import bundle

from . import answers, corpus
from .harness import (
    Figure,
    Report,
    at_most,
    begin,
    in_a_new_process,
    ratio,
    resident,
)
from .loading import write_rules
from .rivals import Bare

TARGET: Final = 2.0
BLOCK: Final = 64
BUNDLE: Final = "rules.automod"
MILLION: Final = 1_000_000
PATTERNS: Final = {"bare": "patterns.json", "own order": "own.json"}
WAYS: Final = ("bundle", "pickle", *PATTERNS)


def prepare(folder: Path, materials: int) -> tuple[corpus.Planting, list[corpus.Keyword]]:
    """The rules, the creatives, and what each way starts from, as files of a folder."""
    texts = corpus.texts(1_000)
    chosen = corpus.keywords(materials, texts)
    planting = corpus.plant(texts, chosen, len(texts))
    write_rules(folder, chosen)
    creatives = corpus.creatives(corpus.encoded(planting.texts[:BLOCK]))
    (folder / "creatives.json").write_text(json.dumps(creatives), encoding="utf-8")
    return planting, chosen


def assert_answers(
    folder: Path, planting: corpus.Planting, chosen: Sequence[corpus.Keyword]
) -> str:
    """The bundle's engine has the digest and the decisions of the files' engine; the digest.

    Raises:
        WrongAnswerError: it differs, or does not find what was planted.
    """
    ruleset = automod.load(folder)
    engine = automod.compile(ruleset)
    path = bundle(ruleset, folder).path
    path.rename(folder / BUNDLE)
    other = automod.compile(automod.load(folder / BUNDLE))
    if other.digest != engine.digest:
        raise answers.WrongAnswerError(f"another digest: {other.digest}, not {engine.digest}")
    creatives = corpus.creatives(corpus.encoded(planting.texts))
    decisions = [one.decide_batch(creatives, on=corpus.ON) for one in (engine, other)]
    if decisions[0] != decisions[1]:
        raise answers.WrongAnswerError("a bundle decides otherwise than the files it was made of")
    numbers = {keyword.value: number for number, keyword in enumerate(chosen)}
    materials = ruleset.packages[0].materials
    ids = {material.id: numbers[material.value] for material in materials}
    answers.must_include("automod", answers.of_decisions(decisions[1], ids), planting)
    own = json.dumps([*Patterns(materials).words.patterns], ensure_ascii=False)
    (folder / "own.json").write_text(own, encoding="utf-8")
    (folder / "pickle").write_bytes(pickle.dumps(engine))
    return engine.digest


def run(materials: int, rounds: int, ways: Sequence[str] = WAYS) -> Report:
    """The whole benchmark."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        planting, chosen = prepare(folder, materials)
        digest = assert_answers(folder, planting, chosen)
        counts: dict[str, float | str] = {
            "materials": len(chosen),
            "bytes of the bundle": (folder / BUNDLE).stat().st_size,
            "bytes of the pickle": (folder / "pickle").stat().st_size,
            "digest": digest,
        }
        report = begin("worker_start", counts | {"rounds": rounds})
        print(f"  {'answers':<62} as from files, {len(planting.expected)} hits planted")
        turns: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
        for number in range(rounds + 1):
            for way, own in turns.items():
                one = in_a_new_process("benchmarks.worker_start", "--start", way, str(folder))
                if number:  # the first turn warms the disk's cache
                    own.append(one)
    _tell(report, turns)
    return report


def _tell(report: Report, turns: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
    report.raw |= turns
    for way, own in turns.items():
        told = ", ".join(f"{median(_of(own, unit)):.2f} {unit}" for unit in ("wall", "process"))
        report.add(Figure(f"{way}: seconds until ready", told))
    for unit, target in (("wall", TARGET), ("process", TARGET)):
        got = ratio(_of(turns["bundle"], unit), _of(turns["bare"], unit))
        report.add(at_most(f"ready from a bundle / bare build ({unit})", got, target))
    for way in set(turns) - {"bundle", "bare"}:
        over, under = ("bundle", way) if way == "own order" else (way, "bare")
        got = ratio(_of(turns[over], "process"), _of(turns[under], "process"))
        report.add(Figure(f"{over} / {under} (process)", f"{got} times"))
    for part in ("read", "compile", "first", "block"):
        shown = f"{median(_of(turns['bundle'], part)) * 1e3:.0f} ms process"
        report.add(Figure(f"bundle: {part}", shown))
    report.add(Figure("not counted: imports", f"{imports() * 1e3:.0f} ms process"))
    for way in ("bundle", "bare"):
        held, peak = (median(_of(turns[way], key)) / 1e6 for key in ("bytes", "peak"))
        report.add(Figure(f"{way}: memory held, at most", f"{held:.0f} MB, {peak:.0f} MB"))


def _of(turns: Sequence[Mapping[str, float]], key: str) -> list[float]:
    return [one[key] for one in turns]


_IMPORTS: Final = """\
import time
begun = time.process_time()
import automod
automod.load, automod.compile
print(time.process_time() - begun)
"""


def imports() -> float:
    """Process seconds of a new process to import what loads and compiles."""
    command = [sys.executable, "-c", _IMPORTS]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def start(way: str, folder: Path) -> dict[str, float]:
    """Seconds and bytes of one way to be ready, in this process, which has done nothing yet."""
    if way in PATTERNS:
        patterns = json.loads((folder / PATTERNS[way]).read_text("utf-8"))
        return _timed(lambda: (Bare(patterns), {}))[1]
    creatives = json.loads((folder / "creatives.json").read_text("utf-8"))
    _ = automod.load, automod.compile  # they are imported when they are first asked for
    engine, found = _timed(lambda: _ready(way, folder, creatives[0]))
    begun = time.process_time()
    engine.decide_batch(creatives, on=corpus.ON)
    return {**found, "block": time.process_time() - begun}


def _ready(way: str, folder: Path, creative: object) -> tuple[Any, dict[str, float]]:
    """An engine that made its first decision, and the process seconds of each part."""
    laps = [time.process_time()]
    if way == "pickle":
        engine = pickle.loads((folder / "pickle").read_bytes())
        laps += [time.process_time()] * 2
    else:
        ruleset = automod.load(folder / BUNDLE)
        laps.append(time.process_time())
        engine = automod.compile(ruleset)
        laps.append(time.process_time())
    engine.decide(creative, on=corpus.ON)
    laps.append(time.process_time())
    return engine, dict(zip(("read", "compile", "first"), map(sub, laps[1:], laps), strict=True))


def _timed(ready: Callable[[], tuple[Any, dict[str, float]]]) -> tuple[Any, dict[str, float]]:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    before = resident()
    wall, process = time.perf_counter(), time.process_time()
    held, parts = ready()
    wall, process = time.perf_counter() - wall, time.process_time() - process
    peak = resident("VmHWM") - before
    gc.collect()
    grown = resident() - before
    return held, {**parts, "wall": wall, "process": process, "bytes": grown, "peak": peak}


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--materials", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--million", action="store_true", help="1,000,000 materials as well, once")
    parser.add_argument("--no-record", action="store_true")
    parser.add_argument("--start", nargs=2, metavar=("WAY", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.start:
        json.dump(start(given.start[0], Path(given.start[1])), sys.stdout)
        return
    report = run(given.materials, given.rounds)
    if given.million:
        report.raw["million"] = asdict(run(MILLION, 1, ("bundle", "bare")))
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
