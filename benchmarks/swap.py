"""What a service sees while its rules are exchanged under it: decisions, pauses and memory.

    python -m benchmarks.swap [--materials 100000] [--decisions 1000000] [--no-record]

First the answers: threads decide, one creative or a batch at a time, while an editor changes the
policy table and the table of materials again and again, every third time into something broken.
Every creative must be answered once, by one ruleset, and every decision must be what another engine
of the digest it names gives: thresholds and materials differ, so that a decision of two rulesets
would be that of none.

Then the times: one thread decides one creative after the other, quiet and during swaps. A pause is
how long one decision took, from the call to the answer.

Memory is that of the process, sampled all through a swap; the process that reads the files has its
own. The share of forked workers is what the system calls PSS: a page that four processes have in
common counts a quarter for each.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import os
import sys
import tempfile
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any, Final

import automod
from automod.engine import aside
from automod.engine.live import Live

from . import corpus
from .harness import Figure, Report, begin, hide_from_collector, in_a_new_process, resident
from .loading import write_rules

TEXTS: Final = 1_000
VARIANTS: Final = 4
THREADS: Final = 4
BATCH: Final = 256
"""Creatives that a thread takes at a time: as one batch, or every fourth time one by one."""
QUIET: Final = 3.0
"""Seconds of quiet between the swaps that are timed."""
TIMED: Final = 6
FORKS: Final = 4
MB: Final = 1e6
_KEPT: Final = ".rules.json"
_ADS: Final = ".ads.json"
"""Hidden: no part of the rules."""

Answer = tuple[Any, ...]


class WrongDecisionError(AssertionError):
    """A decision was lost, given twice, or is that of no ruleset."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A folder of rules that can be put into several states."""

    folder: Path
    rows: Sequence[Sequence[str]]
    planted: frozenset[str]

    def put(self, variant: int) -> None:
        """Thresholds of their own, and without each VARIANTS-th of the planted keywords."""
        beside = self.folder / ".terms.csv"
        left_out = {*sorted(self.planted)[variant::VARIANTS]}
        with beside.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(("kind", "value", "weight", "tags"))
            table.writerows(row for row in self.rows if row[1] not in left_out)
        policies = self.folder / "policies.yaml"
        text = policies.read_text("utf-8").partition("thresholds:")[0]
        head = f"thresholds: {{review: 0.{30 + variant}, act: 0.{91 + variant}}}\n"
        policies.with_name(".policies.yaml").write_text(text + head, "utf-8")
        # Both at once, as near as can be: what lies between them is a ruleset, too.
        policies.with_name(".policies.yaml").replace(policies)
        beside.replace(self.folder / "terms.csv")

    def store(self) -> None:
        """Where another process of this benchmark finds them."""
        kept = {"rows": self.rows, "planted": sorted(self.planted)}
        (self.folder / _KEPT).write_text(json.dumps(kept), "utf-8")

    @classmethod
    def stored(cls, folder: Path) -> Rules:
        """Those that `store` left in a folder."""
        kept = json.loads((folder / _KEPT).read_text("utf-8"))
        return cls(folder, kept["rows"], frozenset(kept["planted"]))

    def break_it(self) -> None:
        """A threshold that is none."""
        path = self.folder / "policies.yaml"
        text = path.read_text("utf-8")
        path.write_text(text.replace("review: ", "review: x"), "utf-8")


def rules_in(folder: Path, materials: int) -> tuple[Rules, list[dict[str, object]]]:
    """Rules of so many materials, and creatives in which some of them stand."""
    texts = corpus.texts(TEXTS)
    chosen = corpus.keywords(materials, texts)
    planting = corpus.plant(texts, chosen, len(texts))
    planted = {chosen[number].value for _, number, _, _ in planting.expected}
    write_rules(folder, chosen)
    (folder / "patterns.json").unlink()
    rows = [("keyword", one.value, "strong", one.language) for one in chosen]
    ads = corpus.creatives(corpus.encoded(planting.texts))
    return Rules(folder, rows, frozenset(planted)), ads


def answer_of(decision: automod.Decision) -> Answer:
    """All of a decision but its place in a batch."""
    return decision.creative, decision.markets, decision.verdicts, decision.hits, decision.action


def truths(rules: Rules, ads: Sequence[Any]) -> dict[str, list[Answer]]:
    """By digest, what an engine made of the files alone decides, for every state of the rules."""
    found = {}
    for variant in range(VARIANTS):
        rules.put(variant)
        engine = automod.compile(automod.load(rules.folder))
        found[engine.digest] = [answer_of(engine.decide(ad, on=corpus.ON)) for ad in ads]
    if len({tuple(one[4] for one in answers) for answers in found.values()}) < 2:
        raise WrongDecisionError("the rulesets decide alike: a mixture could not be told")
    return found


# --- answers --------------------------------------------------------------------------------------


def assert_answers(
    rules: Rules, live: Live, ads: Sequence[Any], truth: Mapping[str, Sequence[Answer]], number: int
) -> dict[str, float]:
    """Threads decide `number` creatives under an editor that never rests.

    Raises:
        WrongDecisionError: a decision is missing, too much, or that of no ruleset.
    """
    portions = iter(range(0, number, BATCH))
    answered = bytearray(number)
    seen: Counter[str] = Counter()

    def serve(which: int) -> Counter[str]:
        own: Counter[str] = Counter()
        for turn in count(which):
            first = next(portions, None)
            if first is None:
                return own
            places = range(first, min(first + BATCH, number))
            some = [ads[place % len(ads)] for place in places]
            _check(_decided(live, some, one_by_one=turn % 4 == 0), places, truth, answered, own)
        return own

    over = Event()
    with ThreadPoolExecutor(THREADS + 1) as pool:
        editing = pool.submit(_edit, rules, live, over)
        try:
            for own in pool.map(serve, range(THREADS)):
                seen += own
        finally:
            over.set()
        broken = editing.result()
    if answered.count(1) != number or sum(seen.values()) != number:
        raise WrongDecisionError(f"{number - answered.count(1)} decisions lost or given twice")
    swaps = live.status.swaps
    return {"decisions": number, "swaps": swaps, "broken edits": broken, "digests": len(seen)}


def _decided(live: Live, some: Sequence[Any], *, one_by_one: bool) -> list[automod.Decision]:
    if one_by_one:
        return [live.decide(ad, on=corpus.ON) for ad in some]
    decisions = live.decide_batch(some, on=corpus.ON)
    if len({one.ruleset for one in decisions}) != 1:
        raise WrongDecisionError("one batch names several rulesets")
    return decisions


def _check(
    decisions: Sequence[automod.Decision],
    places: range,
    truth: Mapping[str, Sequence[Answer]],
    answered: bytearray,
    seen: Counter[str],
) -> None:
    if len(decisions) != len(places):
        raise WrongDecisionError(f"{len(decisions)} decisions on {len(places)} creatives")
    for place, one in zip(places, decisions, strict=True):
        expected = truth[one.ruleset]
        if answer_of(one) != expected[place % len(expected)]:
            raise WrongDecisionError(f"{one} is not what {one.ruleset} decides")
        answered[place] += 1
        seen[one.ruleset] += 1


def _edit(rules: Rules, live: Live, over: Event) -> int:
    """One edit after the other, each loaded before the next; how many were broken."""
    broken = 0
    for number in count():
        if over.is_set():
            return broken
        before = live.status.attempts
        if number % 3 == 2:
            rules.break_it()
            broken += 1
        else:
            rules.put(number % VARIANTS)
        status = live.wait_for(attempts=before + 1, timeout=600)
        if bool(status.faults) != (number % 3 == 2):
            raise WrongDecisionError(f"edit {number} came out as {status}")
    return broken


# --- times and memory -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Served:
    """When each decision began, and how long it took, in seconds."""

    begun: list[float]
    took: list[float]

    def within(self, spans: Sequence[tuple[float, float]]) -> list[float]:
        """Those that began or ended in one of some spans of time, sorted."""
        return sorted(
            took
            for begun, took in zip(self.begun, self.took, strict=True)
            if any(first <= begun + took and begun <= last for first, last in spans)
        )


@contextmanager
def _serving(live: Live, ads: Sequence[Any]) -> Iterator[Served]:
    """One thread that decides all the time."""
    over, served = Event(), Served([], [])

    def serve() -> None:
        for place in count():
            if over.is_set():
                return
            begun = time.perf_counter()
            live.decide(ads[place % len(ads)], on=corpus.ON)
            served.took.append(time.perf_counter() - begun)
            served.begun.append(begun)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield served
    finally:
        over.set()
        thread.join()


@contextmanager
def _sampled() -> Iterator[list[int]]:
    """Bytes that the process holds, every few milliseconds."""
    over, found = Event(), [resident()]

    def sample() -> None:
        while not over.wait(0.02):
            found.append(resident())

    thread = Thread(target=sample)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def timed(folder: Path) -> dict[str, Any]:
    """Pauses and memory, quiet and during swaps, of a process that does nothing else."""
    rules, ads = Rules.stored(folder), json.loads((folder / _ADS).read_text("utf-8"))
    rules.put(0)
    quiet: list[tuple[float, float]] = []
    swaps: list[tuple[float, float]] = []
    holds: list[tuple[int, int, int]] = []
    with automod.watch(folder) as live:
        live.decide_batch(ads, on=corpus.ON)
        hide_from_collector()  # as a service does once it is ready
        with _serving(live, ads) as served:
            for number in range(TIMED):
                begun = time.perf_counter()
                time.sleep(QUIET)
                quiet.append((begun, time.perf_counter()))
                swaps.append(_timed_swap(rules, live, (number + 1) % VARIANTS, holds))
    return {
        "quiet": served.within(quiet), "during a swap": served.within(swaps),
        "seconds of a swap": [last - first for first, last in swaps], "bytes": holds,
    }  # fmt: skip


def _timed_swap(
    rules: Rules, live: Live, variant: int, holds: list[tuple[int, int, int]]
) -> tuple[float, float]:
    """When one swap began and ended; the memory before, at most and after goes to `holds`."""
    old = weakref.ref(live.engine)
    with _sampled() as held:
        rules.put(variant)
        begun = time.perf_counter()
        live.wait_for(swaps=live.status.swaps + 1, timeout=600)
        span = begun, time.perf_counter()
        time.sleep(QUIET / 10)
    if old() is not None:
        raise WrongDecisionError("the old engine is still held")
    holds.append((held[0], max(held), held[-1]))
    return span


def times(report: Report, folder: Path) -> None:
    """Pauses and memory, measured in a process of their own."""
    got: dict[str, Any] = in_a_new_process("benchmarks.swap", "--hold", "times", str(folder))
    for name in ("quiet", "during a swap"):
        took = got[name]
        p50, p99 = (took[int(len(took) * share)] * 1e3 for share in (0.5, 0.99))
        report.raw[name] = {"decisions": len(took), "longest": took[-20:]}
        report.add(
            Figure(f"{name}: p50 / p99 of a decision", f"{p50:.2f} / {p99:.2f} ms"),
            Figure(f"{name}: longest pause", f"{took[-1] * 1e3:.0f} ms"),
        )
    lengths, holds = got["seconds of a swap"], got["bytes"]
    before, most, after = (median(column) / MB for column in zip(*holds, strict=True))
    child = in_a_new_process("benchmarks.swap", "--hold", "loading", str(folder))
    report.raw |= {"seconds of a swap": lengths, "bytes before, at most, after": holds}
    report.add(
        Figure("from an edit to its first decision", f"{median(lengths):.1f} s"),
        Figure(
            "memory before a swap / at most / after",
            f"{before:.0f} / {most:.0f} / {after:.0f} MB",
        ),
        Figure("memory of the process that loads, at most", f"{child['bytes'] / MB:.0f} MB"),
    )


def loading(folder: Path) -> dict[str, float]:
    """Bytes that the process holds at most which reads the files."""
    with tempfile.TemporaryDirectory() as name:
        request = {"paths": [str(folder)], "cache": None, "require_approval": False}
        Path(name, "request.json").write_text(json.dumps(request), "utf-8")
        aside.answer(Path(name))
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    return {"bytes": int(next(one for one in status if "VmHWM" in one).split()[1]) * 1024}


# --- forks ----------------------------------------------------------------------------------------


def forks(report: Report, folder: Path) -> None:
    """What forked workers hold of one engine that was compiled before."""
    for frozen in ("frozen", "not frozen"):
        got = in_a_new_process("benchmarks.swap", "--hold", frozen, str(folder))
        report.raw[f"bytes of {FORKS} forks, {frozen}"] = got
        text = f"{got['alone'] / MB:.0f} / {got['each'] / MB:.0f} / {got['all'] / MB:.0f} MB"
        report.add(Figure(f"{frozen}: one process / each of {FORKS} forks / all together", text))


def hold(frozen: str, folder: Path) -> dict[str, float]:
    """PSS of one process with an engine, of a fork of it that has decided, and of all."""
    ads = json.loads((folder / _ADS).read_text("utf-8"))
    engine = automod.compile(automod.load(folder))
    engine.decide_batch(ads, on=corpus.ON)
    gc.collect()
    alone = _pss("self")
    if frozen == "frozen":
        gc.freeze()
    pipes = [(os.pipe(), os.pipe()) for _ in range(FORKS)]
    children = [_forked(lambda: engine.decide_batch(ads, on=corpus.ON), *one) for one in pipes]
    for (ready, _), _ in pipes:
        os.read(ready, 1)
    each = [_pss(str(child)) for child in children]
    own = _pss("self")
    for _, (_, go) in pipes:
        os.write(go, b"x")
    for child in children:
        os.waitpid(child, 0)
    return {"alone": alone, "each": median(each), "all": sum(each) + own}


def _forked(work: Callable[[], object], told: tuple[int, int], asked: tuple[int, int]) -> int:
    child = os.fork()
    if not child:
        work()
        gc.collect()  # as it comes in any service that runs for a while
        os.write(told[1], b"x")
        os.read(asked[0], 1)
        os._exit(0)
    return child


def _pss(process: str) -> int:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise OSError("smaps_rollup has no Pss")


# --- all ------------------------------------------------------------------------------------------


def run(materials: int, decisions: int) -> Report:
    """The whole benchmark."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rules, ads = rules_in(folder, materials)
        hide_from_collector()
        truth = truths(rules, ads)
        counts = {"materials": materials, "creatives": len(ads), "threads": THREADS}
        report = begin("swap", {**counts, "decisions": decisions})
        with automod.watch(folder) as live:
            told = assert_answers(rules, live, ads, truth, decisions)
            report.counts |= told
            text = f"{told['decisions']}, none failed, lost or mixed"
            report.add(Figure(f"decisions, with {told['swaps']} swaps", text))
        rules.store()
        (folder / _ADS).write_text(json.dumps(ads), "utf-8")
        times(report, folder)
        forks(report, folder)
    return report


def _held(what: str, folder: Path) -> dict[str, Any]:
    if what == "times":
        return timed(folder)
    return loading(folder) if what == "loading" else hold(what, folder)


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--materials", type=int, default=100_000)
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--no-record", action="store_true")
    parser.add_argument("--hold", nargs=2, metavar=("WHAT", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.hold:
        json.dump(_held(given.hold[0], Path(given.hold[1])), sys.stdout)
        return
    report = run(given.materials, given.decisions)
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
