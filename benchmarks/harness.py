"""Timing side by side, and the record of what came of it.

Contenders take turns, round after round (A B C, A B C, ...), so that a busy machine is busy for all
of them; a ratio is the median of the ratios of one round each. Every turn gets strings made for it:
CPython keeps the UTF-8 of a string once a Rust extension has asked for it, and a second search
would be cheaper.

The garbage collector is on, as it is for users, and has just run before every turn. What only a
benchmark holds (the corpus, what is expected) is taken out of its sight by `hide_from_collector`.
"""

from __future__ import annotations

import gc
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Final

from automod.version import __version__

RECORDS: Final = Path(__file__).parent / "records"
LIBRARIES: Final = ("ahocorasick-rs", "pyahocorasick", "pyarabic", "numpy", "wordfreq")


@dataclass(frozen=True, slots=True)
class Contender:
    """Something to time: `prepare` is not timed, and its result goes into `run`."""

    prepare: Callable[[], Any]
    run: Callable[[Any], object]


@dataclass(slots=True)
class Times:
    """Seconds of every round."""

    wall: list[float] = field(default_factory=list)
    process: list[float] = field(default_factory=list)


def hide_from_collector() -> None:
    """Freeze all objects there are, so that the collector does not walk over them again and again.

    Called when the corpus is made and nothing else: what a user would hold as well, materials,
    engine, creatives and decisions, comes later and stays in sight.
    """
    gc.collect()
    gc.freeze()


def take_turns(contenders: Mapping[str, Contender], rounds: int) -> dict[str, Times]:
    """Time the contenders in turn, `rounds` times, after one turn each that does not count."""
    times = {name: Times() for name in contenders}
    for number in range(rounds + 1):
        for name, contender in contenders.items():
            wall, process = _turn(contender)
            if number:
                times[name].wall.append(wall)
                times[name].process.append(process)
    return times


def _turn(contender: Contender) -> tuple[float, float]:
    prepared = contender.prepare()
    gc.collect()
    process, wall = time.process_time(), time.perf_counter()
    result = contender.run(prepared)
    wall, process = time.perf_counter() - wall, time.process_time() - process
    del result
    return wall, process


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two times: the median over the rounds, and the least and the greatest."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}-{self.high:.2f})"


def ratio(over: Sequence[float], under: Sequence[float]) -> Ratio:
    """Round by round `over` / `under`."""
    return spread([a / b for a, b in zip(over, under, strict=True)])


def spread(values: Sequence[float]) -> Ratio:
    """Median, least and greatest."""
    return Ratio(median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table: what was asked for, and what was reached."""

    name: str
    reached: str
    target: str = ""
    met: bool | None = None
    """None: there is no target."""


def at_least(name: str, got: Ratio, target: float, unit: str = "times") -> Figure:
    """A figure that should not be below its target."""
    return Figure(name, f"{got} {unit}", f"at least {target:g}", got.value >= target)


def at_most(name: str, got: Ratio, target: float, unit: str = "times") -> Figure:
    """A figure that should not be above its target."""
    return Figure(name, f"{got} {unit}", f"at most {target:g}", got.value <= target)


@dataclass(slots=True)
class Report:
    """All figures of one benchmark, with where and on what they were measured."""

    name: str
    counts: dict[str, float | str]
    figures: list[Figure] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)
    """Times as measured, in seconds."""

    def add(self, *figures: Figure) -> None:
        """Take figures over and print them at once: a benchmark may run for minutes."""
        self.figures += figures
        for figure in figures:
            print(_line(figure), flush=True)

    def write(self, folder: Path = RECORDS) -> Path:
        """Write the record as JSON and say where it lies."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        record = {
            "benchmark": self.name,
            "made": datetime.now(UTC).strftime("%Y-%m-%d"),
            "environment": environment(),
            "counts": self.counts,
            "figures": [asdict(figure) for figure in self.figures],
            "raw": self.raw,
        }
        text = json.dumps(record, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
        print(f"written: {path}")
        return path


def _line(figure: Figure) -> str:
    verdict = {None: "", True: "met", False: "NOT MET"}[figure.met]
    return f"  {figure.name:<62} {figure.reached:<34} {figure.target:<14} {verdict}".rstrip()


def begin(name: str, counts: Mapping[str, float | str]) -> Report:
    """A new report; prints what it is about and on what it runs."""
    print(f"\n{name}")
    for key, value in {**environment(), **counts}.items():
        print(f"  {key}: {value}")
    return Report(name, dict(counts))


def environment() -> dict[str, str]:
    """Versions and machine."""
    return {
        "automod": __version__,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        **{library: version(library) for library in LIBRARIES},
        "cpu": cpu_model(),
        "garbage collector": "on, run before every turn" if gc.isenabled() else "off",
    }


def cpu_model() -> str:
    """What the system says of its processor."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.processor() or "unknown"


def in_a_new_process(module: str, *arguments: str) -> dict[str, float]:
    """Run a module of the benchmarks on its own; it prints one line of JSON last."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def resident(what: str = "VmRSS") -> int:
    """Bytes of memory that this process holds now; `VmHWM`: the most that it held."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) * 1024
    raise OSError(f"/proc/self/status has no {what}")
