"""What a second process brings to a scan, and that its memory does not grow with its input.

    python -m benchmarks.processes [--materials 100000] [--rounds 5] [--quick] [--no-record]

Creatives are the texts of the corpus with 0.1 hits on average, over and over, each with its own id.
Time is by the clock, of a whole scan from files to a file: forking the workers is in it, the
compiled ruleset is not. One process that does all, one with a worker beside it and one with two
take turns; their files are the same to the byte, asserted before any time is told. A parent
writes while its worker decides, so one worker is more than one process.

Memory is that of `automod scan --workers 2` as a command of its own, looked at 20 times a second:
the most that its own process, and a worker, held (VmHWM), and the most of all together, where what
several share counts once (the sum of PSS).
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from automod.batch.plan import Cut
from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.model.arrow import arrow, creative_schema
from automod.report.scan_blocks import Asked
from automod.report.scan_output import Files
from automod.report.scan_run import Scan, scan
from automod.workshop.bundling import bundle

from . import corpus
from .harness import Figure, Ratio, Report, at_least, begin, hide_from_collector, ratio

RATE: Final = 0.1
DAY: Final = date(2026, 11, 20)
FORMATS: Final = ("jsonl", "parquet")
GROUP: Final = 1 << 17
"""Rows of a row group of the Parquet inputs."""
LARGEST: Final = (10_000, 100_000, 1_000_000, 3_000_000)
QUICK: Final = (60_000, 150_000)
"""With fewer than six chunks not all that may be under way is."""
TIMED: Final = 200_000
QUICK_TIMED: Final = 30_000
LEAST: Final = 1.7
SPREAD: Final = 1.25
"""Times the memory of a scan of 100,000 (quick: of the smallest) from which on it grows."""
EVERY: Final = 0.05


def write_input(path: Path, texts: Sequence[str], count: int) -> None:
    """Creatives in a file: of texts that come again and again, with ids of their own."""
    bodies = islice(cycle(texts), count)
    rows: Iterator[dict[str, Any]] = (
        {"id": f"c{number}", "markets": [corpus.MARKET], "text": {"body": body}}
        for number, body in enumerate(bodies)
    )
    if path.suffix == ".jsonl":
        with path.open("w", encoding="utf-8") as stream:
            for row in rows:
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    pa = arrow("a benchmark")
    with pa.parquet.ParquetWriter(path, creative_schema(), compression="zstd") as writer:
        while some := list(islice(rows, GROUP)):
            held = [{**row, "text": list(row["text"].items())} for row in some]
            writer.write_table(pa.Table.from_pylist(held, schema=creative_schema()))


def timed(engine: Engine, source: Path, out: Path, workers: int) -> float:
    """Seconds of a scan."""
    asked = Asked(source.suffix[1:], DAY, DAY)
    job = Scan(
        asked, ((source.name, str(source)),), files=Files(str(out)), workers=workers, cut=Cut()
    )
    gc.collect()
    began = time.perf_counter()
    scan(engine, job, Silent())
    return time.perf_counter() - began


class Silent:
    """Follows a scan and says nothing."""

    def note(self, *lines: str) -> None:
        """Nothing."""

    def block(self, block: Any) -> None:
        """Nothing."""

    def skipped(self, chunk: Any) -> None:
        """Nothing."""


def speed(report: Report, engine: Engine, folder: Path, rounds: int) -> None:
    """Two processes over one, of each format."""
    for name in FORMATS:
        source = folder / f"timed.{name}"
        outs = {workers: folder / f"out-{workers}.{name}" for workers in (0, 1, 2)}
        times: dict[int, list[float]] = {workers: [] for workers in outs}
        for number in range(rounds + 1):
            for workers, out in outs.items():
                seconds = timed(engine, source, out, workers)
                if number:
                    times[workers].append(seconds)
            if len({out.read_bytes() for out in outs.values()}) != 1:
                raise AssertionError(f"{name}: two workers do not say what one says")
        report.raw[name] = {str(workers): some for workers, some in times.items()}
        gained: Ratio = ratio(times[0], times[2])
        report.add(at_least(f"one process over two workers, {name}", gained, LEAST))
        beside = f"{ratio(times[1], times[2])} times"
        report.add(Figure(f"one worker over two, {name}", beside))


@dataclass(frozen=True, slots=True)
class Peak:
    """The most memory that a command held, in bytes."""

    parent: int
    worker: int
    together: int


def peak_of(command: Sequence[str]) -> Peak:
    """Run a command, and look at its memory and that of its children meanwhile."""
    parent = worker = together = 0
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            children = list(_children(process.pid))
            parent = max(parent, _status(process.pid))
            worker = max([worker, *map(_status, children)])
            together = max(together, sum(map(_share, [process.pid, *children])))
            time.sleep(EVERY)
    if process.returncode not in (0, 3):
        raise AssertionError(f"{command} ended with {process.returncode}")
    return Peak(parent, worker, together)


def _children(pid: int) -> Iterator[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return
    yield from map(int, text.split())


def _status(pid: int) -> int:
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmHWM:")


def _share(pid: int) -> int:
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def _kilobytes(path: Path, name: str) -> int:
    """What a line of a file of the system says; 0 where the process has gone."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(one.split()[1]) * 1024 for one in lines if one.startswith(name)), 0)


def memory(
    report: Report, texts: Sequence[str], rules: Path, folder: Path, sizes: Sequence[int]
) -> None:
    """The most memory of scans of more and more creatives."""
    program = str(Path(sys.executable).with_name("automod"))
    for name in FORMATS:
        peaks: dict[int, Peak] = {}
        for size in sizes:
            source, out = folder / f"in.{name}", folder / f"out.{name}"
            write_input(source, texts, size)
            peaks[size] = peak_of(
                [program, "scan", str(source), "-r", str(rules), "-o", str(out), "-q",
                 "--workers", "2", "--on", DAY.isoformat()]
            )  # fmt: skip
            _check_rows(out, size)
            report.add(_row(name, size, peaks[size]))
            source.unlink()
        largest, base = max(sizes), sorted(sizes)[1] if len(sizes) > len(QUICK) else min(sizes)
        grown = peaks[largest].together / peaks[base].together
        told = f"{name}: memory at {largest:,} over {base:,}"
        spread = Ratio(grown, grown, grown)
        report.add(
            Figure(told, f"{spread.value:.2f} times", f"at most {SPREAD:g}", grown <= SPREAD)
        )
        report.raw[f"memory {name}"] = {
            str(size): [one.parent, one.worker, one.together] for size, one in peaks.items()
        }


def _check_rows(out: Path, size: int) -> None:
    """Every creative has a decision, before anything is said of memory."""
    if out.suffix == ".parquet":
        rows = arrow("a benchmark").parquet.ParquetFile(out).metadata.num_rows
    else:
        with out.open("rb") as stream:
            rows = sum(1 for _ in stream)
    if rows != size:
        raise AssertionError(f"{out.name} has {rows} decisions of {size} creatives")


def _row(name: str, size: int, peak: Peak) -> Figure:
    parent, worker, together = (
        f"{value / 1e6:,.0f} MB" for value in (peak.parent, peak.worker, peak.together)
    )
    return Figure(
        f"{name}, {size:,} creatives: parent, a worker, all",
        f"{parent}, {worker}, {together}",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--materials", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="small inputs, to see that it runs")
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args(arguments)
    sizes, count = (QUICK, QUICK_TIMED) if asked.quick else (LARGEST, TIMED)
    some = corpus.texts()
    chosen = corpus.keywords(asked.materials, some)
    texts = corpus.plant(some, chosen, round(RATE * len(some))).texts
    ruleset = corpus.ruleset(chosen)
    report = begin(
        "processes",
        {"materials": len(chosen), "hits a creative": RATE, "creatives, timed": count,
         "creatives, memory": ", ".join(f"{size:,}" for size in sizes)},
    )  # fmt: skip
    hide_from_collector()
    with tempfile.TemporaryDirectory(prefix="automod-processes-") as place:
        folder = Path(place)
        rules = bundle(ruleset, folder / "rules").path
        for name in FORMATS:
            write_input(folder / f"timed.{name}", texts, count)
        speed(report, compile_ruleset(ruleset), folder, 1 if asked.quick else asked.rounds)
        memory(report, texts, rules, folder, sizes)
    if not asked.no_record and not asked.quick:
        report.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
