"""How long it takes to load a table of materials and compile it, and how much memory that holds.

    python -m benchmarks.loading [--materials 100000] [--rounds 5] [--no-record]

The table is what analysts write: `kind`, `value`, `weight` and `tags`, no ids. `load` reads and
checks every row, `compile` makes the automaton and the digest. The rival is the bare build of the
same automaton: the patterns are there already, and nothing is read, checked, named or kept.

Memory is what a new process holds afterwards over what it held before, libraries and folding tables
loaded.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import automod
from automod.text.fold import fold_many

from . import answers, corpus
from .harness import (
    Contender,
    Figure,
    Report,
    at_most,
    begin,
    hide_from_collector,
    in_a_new_process,
    ratio,
    resident,
    take_turns,
)
from .rivals import Bare
from .throughput import patterns_of

_POLICIES = f"""\
codes:
  {corpus.CODE}:
    title: {{en: Benchmark}}
    severity: high
    default: {{stance: prohibited, ground: platform}}
"""
_PACKAGE = f"""\
package: {corpus.PACKAGE}
version: 1.0
owner: benchmarks
policy: [{corpus.CODE}]
status: live
materials:
  - {{table: terms.csv}}
"""


def write_rules(folder: Path, chosen: Sequence[corpus.Keyword]) -> None:
    """A policy table, and a package whose materials are a table."""
    (folder / "policies.yaml").write_text(_POLICIES, encoding="utf-8")
    (folder / "package.yaml").write_text(_PACKAGE, encoding="utf-8")
    with (folder / "terms.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("kind", "value", "weight", "tags"))
        rows.writerows(("keyword", one.value, "strong", one.language) for one in chosen)
    patterns = json.dumps(patterns_of(chosen), ensure_ascii=False)
    (folder / "patterns.json").write_text(patterns, encoding="utf-8")


def assert_answers(
    folder: Path, planting: corpus.Planting, chosen: Sequence[corpus.Keyword]
) -> str:
    """What was loaded finds what was planted, and in its default views may find more; its digest.

    Raises:
        WrongAnswerError: something is missing.
    """
    ruleset = automod.load(folder)
    engine = automod.compile(ruleset)
    numbers = {keyword.value: number for number, keyword in enumerate(chosen)}
    materials = ruleset.packages[0].materials
    ids = {material.id: numbers[material.value] for material in materials}
    decisions = engine.decide_batch(corpus.creatives(corpus.encoded(planting.texts)), on=corpus.ON)
    answers.must_include("automod", answers.of_decisions(decisions, ids), planting)
    return engine.digest


def run(materials: int, rounds: int) -> Report:
    """The whole benchmark."""
    texts = corpus.texts(1_000)
    chosen = corpus.keywords(materials, texts)
    planting = corpus.plant(texts, chosen, len(texts))
    hide_from_collector()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_rules(folder, chosen)
        digest = assert_answers(folder, planting, chosen)
        size = (folder / "terms.csv").stat().st_size
        counts: dict[str, float | str] = {
            "materials": len(chosen),
            "bytes of CSV": size,
            "digest": digest,
        }
        report = begin("loading", counts | {"rounds": rounds})
        print(f"  {'answers':<62} as planted, {len(planting.expected)} hits")
        _times(report, folder, patterns_of(chosen), rounds)
        _memory(report, folder, materials)
    return report


def _times(report: Report, folder: Path, patterns: Sequence[str], rounds: int) -> None:
    times = take_turns(
        {
            "load": Contender(lambda: None, lambda _: automod.load(folder)),
            "compile": Contender(lambda: automod.load(folder), automod.compile),
            "both": Contender(lambda: None, lambda _: automod.compile(automod.load(folder))),
            "bare": Contender(lambda: list(patterns), Bare),
        },
        rounds,
    )
    for name, one in times.items():
        report.raw[name] = {"process": one.process, "wall": one.wall}
        report.add(Figure(f"{name}: seconds", f"{median(one.process):.2f}"))
    got = ratio(times["both"].process, times["bare"].process)
    report.add(at_most("load, compile and digest / bare build", got, 4.0))


def _memory(report: Report, folder: Path, materials: int) -> None:
    for what in ("automod", "bare"):
        held = in_a_new_process("benchmarks.loading", "--hold", what, str(folder))
        report.raw[f"memory of {what}"] = held
        per = held["bytes"] / materials * 100_000 / 1e6
        report.add(Figure(f"{what}: memory per 100,000 materials", f"{per:.0f} MB"))


def hold(what: str, folder: Path) -> int:
    """Bytes that this process holds more once everything is built."""
    fold_many(["warm", "كازينو"])
    if what == "automod":
        _warm_up(folder)
    patterns = json.loads((folder / "patterns.json").read_text("utf-8")) if what == "bare" else []
    gc.collect()
    before = resident()
    held = Bare(patterns) if what == "bare" else automod.compile(automod.load(folder))
    gc.collect()
    grown = resident() - before
    del held
    return grown


def _warm_up(folder: Path) -> None:
    """Load the same rules with one material: that loads every library and table."""
    with tempfile.TemporaryDirectory() as name:
        for file in ("policies.yaml", "package.yaml"):
            text = (folder / file).read_text("utf-8")
            (Path(name) / file).write_text(text, encoding="utf-8")
        with (folder / "terms.csv").open(encoding="utf-8") as rows:
            text = next(rows) + next(rows)
        (Path(name) / "terms.csv").write_text(text, encoding="utf-8")
        automod.compile(automod.load(name))


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--materials", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-record", action="store_true")
    parser.add_argument("--hold", nargs=2, metavar=("WHAT", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.hold:
        json.dump({"bytes": hold(given.hold[0], Path(given.hold[1]))}, sys.stdout)
        return
    report = run(given.materials, given.rounds)
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
