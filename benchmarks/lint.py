"""How long it takes to lint a table of materials, over how long it takes to load it.

    python -m benchmarks.lint [--materials 100000] [--rounds 5] [--no-record]

The table is that of `benchmarks.loading`. `lint` reads it and makes every check; `load` reads it.
Below, each check on its own: what several share is worked out for the first that asks.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import median

import automod
from automod.engine.reading import read_source
from automod.workshop.lint.check import World
from automod.workshop.lint.registry import all_checks
from automod.workshop.lint.run import ALWAYS, Linted, lint

from . import corpus
from .answers import WrongAnswerError
from .harness import (
    Contender,
    Figure,
    Report,
    at_most,
    begin,
    hide_from_collector,
    ratio,
    take_turns,
)
from .loading import write_rules

ON = date(2026, 11, 20)
TOLD = 0.01
"""Seconds from which on a check has a line of its own."""

PLANTED = (
    ("AM022", "keyword,ــــ,strong,en"),
    ("AM023", "keyword,????,strong,en"),
    ("AM011", "keywrod,planted one,strong,en"),
    ("AM011", "keyword,planted two,stronk,en"),
    ("AM012", ",planted three,strong,en"),
    ("AM024", 'regex,"plant(ed",strong,en'),
    ("AM004", "keyword,planted,four,strong,en"),
)
"""Faulty rows at the end of the table, and what is found of each."""


def assert_answers(folder: Path, on: date = ON) -> Linted:
    """Of faulty rows each is found in its line, and none of the sound ones has a fault.

    Raises:
        WrongAnswerError: one is missing, or there is one too many.
    """
    terms = folder / "terms.csv"
    sound = terms.read_bytes()
    found = _lint(folder, on)
    rows = sound.count(b"\n")
    try:
        terms.write_bytes(sound + "".join(f"{row}\r\n" for _, row in PLANTED).encode())
        faults = _faults(_lint(folder, on))
    finally:
        terms.write_bytes(sound)
    expected = [(rows + 1 + number, code) for number, (code, _) in enumerate(PLANTED)]
    if faults != expected or _faults(found) or found.broken:
        raise WrongAnswerError(f"expected {expected}, found {faults} and {found.broken}")
    return found


def _faults(found: Linted) -> list[tuple[int | None, str]]:
    """Line and code of what does not load."""
    return [(one.location.line, one.code) for one in found.findings if one.code in ALWAYS]


def _lint(folder: Path, on: date = ON) -> Linted:
    return lint(read_source(folder), on)


def run(materials: int, rounds: int) -> Report:
    """The whole benchmark."""
    chosen = corpus.keywords(materials, corpus.texts(1_000))
    hide_from_collector()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_rules(folder, chosen)
        found = assert_answers(folder)
        counts = Counter(one.code for one in found.findings)
        report = begin("lint", {
            "materials": len(chosen), "checks": len(all_checks()), "rounds": rounds,
            "findings": ", ".join(f"{code} {n:,}" for code, n in sorted(counts.items())) or "none",
        })  # fmt: skip
        print(f"  {'answers':<62} as planted, {len(PLANTED)} faults")
        times = take_turns(
            {
                "load": Contender(lambda: None, lambda _: automod.load(folder)),
                "lint": Contender(lambda: None, lambda _: _lint(folder)),
            },
            rounds,
        )
        for what, one in times.items():
            report.raw[what] = {"process": one.process, "wall": one.wall}
            report.add(Figure(f"{what}: seconds", f"{median(one.process):.2f}"))
        got = ratio(times["lint"].process, times["load"].process)
        report.add(at_most("lint, with reading / load", got, 3.0))
        _each(report, folder)
    return report


def _each(report: Report, folder: Path) -> None:
    """How long each check takes by itself, in a world that is new."""
    world = World(read_source(folder), ON)
    for check in all_checks():
        begun = time.process_time()
        list(check.look(world))
        taken = time.process_time() - begun
        report.raw[check.name] = taken
        if taken >= TOLD:
            report.add(Figure(f"{check.code} {check.name}: seconds", f"{taken:.2f}"))


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--materials", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    report = run(given.materials, given.rounds)
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
