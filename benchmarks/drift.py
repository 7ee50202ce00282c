"""What drift finds, how soon, and how often it is wrong, where the truth is known.

    python -m benchmarks.drift [--materials 1000] [--rows 10000000] [--no-record]

Hits are drawn day by day: negative binomial counts around a mean with a week. Nothing of it is told
to the detector: rate, week and dispersion are learned from four weeks before it watches (where a
name says so, from eight), as they would be. False alarms are counted over a year in which nothing
changes, for each year that a material is really watched: the days it learns from do not count. A
fall begins three weeks after watching does; who had a false alarm before is left out of who found
it. Median: the days from the change to the day on which it is known, that day included.

The threshold and the margins were set while looking at 2, 20 and 200 hits a day, alpha from 0.05
to 0.3, and no, a usual or a deep weekend, with other seeds. Weeks with Friday off, 5, 12, 35 and 50
hits a day, alpha 0.02, 0.08 and 0.15, six weeks of learning, a single market and weeks that differ
by 25 % between materials came afterwards, and nothing was changed for them. Where no target stands
the figure is stated: days that belong together (waves) and slow trends are not what the model is
of, and at 20 a day `alpha 0.3` is a material whose days vary sevenfold.

Reading is measured with a hit log of many rows, in Parquet, in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from automod.load.windows import load_window
from automod.monitor.baseline import gamma_quantile
from automod.monitor.drift import Comparing, drift
from automod.monitor.drift_watch import YEAR, Watch, Watched, watch

from .drifting import MONDAY, World, drawn, window
from .harness import Figure, Report, begin, in_a_new_process, resident
from .rates import Rate

MATERIALS: Final = 1_000
ROWS: Final = 10_000_000
LEARNING: Final = 28
WITHIN: Final = 14
_LEAD: Final = 21
_AFTER: Final = 28
_SIGMAS: Final = 1.96


@dataclass(frozen=True, slots=True)
class Scene:
    """A world, and what is asked of it."""

    name: str
    world: World
    learning: int = LEARNING
    ratio: float = 0.5
    within: int = WITHIN
    found: float | None = None
    """The least share that is to be found in time."""
    alarms: float | None = 1.0
    """False alarms of a material in a year, at most."""


SCENES: Final = (
    Scene("20 a day, as tuned", World(), found=0.95),
    Scene("20 a day, as tuned, 8 weeks", World(), 56, found=0.95),
    Scene("20 a day, alpha 0.05", World(alpha=0.05), found=0.95),
    Scene("20 a day, alpha 0.2", World(alpha=0.2)),
    Scene("20 a day, alpha 0.2, 8 weeks", World(alpha=0.2), 56),
    Scene("20 a day, alpha 0.3, 8 weeks", World(alpha=0.3), 56),
    Scene("20 a day, no week", World(week="flat"), found=0.95),
    Scene("20 a day, deep weekend", World(week="deep"), found=0.95),
    Scene("20 a day, Friday off, 8 weeks", World(week="friday"), 56, found=0.95),
    Scene("20 a day, weeks of their own", World(week="friday", own=0.15), found=0.95),
    Scene("12 a day, alpha 0.15, Friday off, 6 weeks", World(12.0, 0.15, "friday"), 42),
    Scene("35 a day, alpha 0.08, weeks far apart", World(35.0, 0.08, "friday", 0.25), found=0.95),
    Scene("5 a day", World(mean=5.0)),
    Scene("5 a day, 8 weeks", World(mean=5.0), 56),
    Scene("50 a day", World(mean=50.0), found=0.95),
    Scene("200 a day", World(mean=200.0), found=0.95),
    Scene("200 a day, alpha 0.02, in 3 days", World(mean=200.0, alpha=0.02), within=3, found=0.95),
    Scene("20 a day, doubled", World(), ratio=2.0, found=0.95),
    Scene("2 a day, dead", World(mean=2.0), ratio=0.0, found=0.95),
    Scene("2 a day, dead, alpha 0.3", World(mean=2.0, alpha=0.3), ratio=0.0),
    Scene("20 a day, grows by half a year", World(trend=0.405), alarms=None),
    Scene("20 a day, shrinks by a third", World(trend=-0.405), alarms=None),
    Scene("20 a day, waves of 20 % for days", World(wave=(0.2, 0.7)), alarms=None),
    Scene("20 a day, waves of 40 % for days", World(wave=(0.4, 0.7)), alarms=None),
)


@dataclass(frozen=True, slots=True)
class Yearly:
    """So many false alarms in so many years."""

    alarms: int
    years: float

    @property
    def value(self) -> float:
        """In one year."""
        return self.alarms / self.years

    @property
    def ends(self) -> tuple[float, float]:
        """Within which the true rate lies, of 95 % of such intervals: of a Poisson count."""
        count = np.array([self.alarms, self.alarms + 1.0])
        low = gamma_quantile(count[:1], -_SIGMAS)[0] if self.alarms else 0.0
        return float(low) / self.years, float(gamma_quantile(count[1:], _SIGMAS)[0]) / self.years

    def __str__(self) -> str:
        """The rate, its interval, its counts."""
        low, high = self.ends
        return (
            f"{self.value:.2f} ({low:.2f}-{high:.2f}; {self.alarms:,} in {self.years:,.0f} years)"
        )


def watched(world: World, materials: int, days: int, how: Watch, seed: int) -> Watched:
    """What comes of watching a world."""
    counts, weekday = drawn(world, materials, days, seed)
    return watch(counts, np.ones(counts.shape), weekday, how)


def false_alarms(scene: Scene, materials: int, seed: int = 1) -> Yearly:
    """Alarms in a year without a change."""
    how = _how(scene)
    found = watched(scene.world, materials, scene.learning + 364, how, seed)
    return Yearly(len(found.alarms), float(found.days.sum() / YEAR))


def _how(scene: Scene) -> Watch:
    return Watch(learning=scene.learning, longest=max(56, scene.learning))


@dataclass(frozen=True, slots=True)
class Found:
    """How many changes were found in time, and after how many days."""

    rate: Rate
    delay: float


def found(scene: Scene, materials: int, seed: int = 2) -> Found:
    """Of materials that change on one day: which are found, on the right side."""
    change = scene.learning + _LEAD
    world = replace(scene.world, change=change, ratio=scene.ratio)
    come = watched(world, materials, change + _AFTER, _how(scene), seed)
    first = {one.row: one for one in reversed(come.alarms)}
    early = sum(one.day < change for one in first.values())
    side = "fell" if scene.ratio < 1 else "rose"
    later = [one for one in first.values() if one.day >= change and one.direction == side]
    delays = [one.day - change + 1 for one in later]
    never = [_AFTER + 1] * (materials - early - len(delays))
    within = sum(delay <= scene.within for delay in delays)
    return Found(Rate(within, materials - early), median([*delays, *never]))


def run(materials: int, rows: int) -> Report:
    """The whole benchmark."""
    counts: dict[str, float | str] = {
        "materials of each world": materials, "rows of the hit log": rows,
        "threshold": round(Watch().threshold, 3),
    }  # fmt: skip
    report = begin("drift", counts)
    for scene in SCENES:
        report.add(*_of_scene(scene, materials))
    report.add(*_alone(materials))
    report.add(*_of_a_market(materials))
    report.add(*_of_windows(materials))
    if rows:
        report.add(*_reading(report, rows))
    return report


def _of_scene(scene: Scene, materials: int) -> Iterator[Figure]:
    rate = false_alarms(scene, materials)
    most = scene.alarms
    yield Figure(
        f"{scene.name}: false alarms of a material in a year", str(rate),
        "" if most is None else f"at most {most:g}",
        None if most is None else rate.ends[1] <= most,
    )  # fmt: skip
    got = found(scene, materials)
    least = scene.found
    told = f"{got.rate}, median {got.delay:g} days"
    yield Figure(
        f"{scene.name}: x {scene.ratio:g} found within {scene.within} days", told,
        "" if least is None else f"at least {least:.0%}",
        None if least is None else got.rate.value >= least,
    )  # fmt: skip


def _alone(materials: int) -> Iterator[Figure]:
    """Materials that are watched one by one: nothing is shared between them."""
    alarms, years = 0, 0.0
    for seed in range(max(materials // 5, 1)):
        come = watched(World(), 1, LEARNING + 364, Watch(), seed)
        alarms += len(come.alarms)
        years += float(come.days.sum() / YEAR)
    rate = Yearly(alarms, years)
    name = "20 a day, one material alone: false alarms in a year"
    yield Figure(name, str(rate), "at most 1", rate.ends[1] <= 1)


def _of_a_market(materials: int) -> Iterator[Figure]:
    """One of five markets falls silent: 4 of 20 hits a day; the sum alone hides it."""
    change, days = LEARNING + _LEAD, LEARNING + _LEAD + _AFTER
    parts = [drawn(World(mean=4.0), materials, days, 30 + market)[0] for market in range(5)]
    parts[0][:, change:] = 0
    weekday = np.arange(days) % 7
    for name, counts in (("the market", parts[0]), ("all markets", sum(parts))):
        come = watch(np.asarray(counts), np.ones((materials, days)), weekday, Watch())
        first = {one.row: one for one in reversed(come.alarms)}
        early = sum(one.day < change for one in first.values())
        within = [
            row for row, one in first.items()
            if change <= one.day < change + WITHIN and one.direction == "fell"
        ]  # fmt: skip
        rate = Rate(len(within), materials - early)
        least = "at least 95%" if name == "the market" else ""
        met = rate.value >= 0.95 if least else None
        yield Figure(
            f"one of 5 markets dead, found within 14 days by {name}", str(rate), least, met
        )


def _of_windows(materials: int) -> Iterator[Figure]:
    """Four weeks against two: of materials that stay, and a tenth that fall by half."""
    days, of = 28, 42
    how = Comparing(by=("material",))
    for name, world in (
        ("20 a day", World()), ("2 a day", World(mean=2.0)),
        ("20 a day, alpha 0.3", World(alpha=0.3)),
        ("20 a day, weeks of their own", World(own=0.15)),
    ):  # fmt: skip
        counts, _ = drawn(world, materials, of, 40)
        changed, _ = drawn(replace(world, change=days, ratio=0.5), materials // 10, of, 41)
        same = _compared(counts, days, how)
        tested = [one for one in same.cells if one.p is not None]
        chance = Rate(sum((one.p or 0.0) < 0.05 for one in tested), len(tested))
        held = Rate(sum((one.low or 0) <= 1 <= (one.high or np.inf) for one in tested), len(tested))
        yield Figure(
            f"two windows, {name}: p below 5 % by chance", str(chance), "at most 7%",
            chance.value <= 0.07,
        )  # fmt: skip
        yield Figure(
            f"two windows, {name}: intervals that hold 1", str(held), "at least 93%",
            held.value >= 0.93,
        )  # fmt: skip
        counts[: len(changed)] = changed
        yield from _discoveries(f"two windows, {name}", _compared(counts, days, how), len(changed))


def _compared(counts: Any, days: int, how: Comparing) -> Any:
    later = MONDAY + timedelta(days=days)
    return drift(window(counts[:, :days]), window(counts[:, days:], later), how)


def _discoveries(name: str, come: Any, changed: int) -> Iterator[Figure]:
    told = [
        int(one.subject[2:]) < changed for one in come.cells if one.verdict in ("noisy", "dead")
    ]
    right = sum(told)
    yield Figure(f"{name}: a tenth halved, of these told", str(Rate(right, changed)))
    yield Figure(f"{name}: of what is told, false", str(Rate(len(told) - right, len(told))))


# --- reading -------------------------------------------------------------------------------------


def _reading(report: Report, rows: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        for some in (rows // 10, rows):
            path = Path(folder) / f"{some}.parquet"
            write_log(path, some)
            got = in_a_new_process("benchmarks.drift", "--read", str(path))
            report.raw[f"reading {some} rows"] = got
            if got["hits"] != some:
                raise SystemExit(f"{got['hits']:,} hits were read of {some:,}")
            told = f"{got['seconds']:.1f} s, {got['bytes'] / 1e6:.0f} MB more at its highest"
            yield Figure(f"reading a hit log of {some:,} rows", told)


def write_log(path: Path, rows: int) -> None:
    """A hit log of 4 weeks, 2,000 materials and 5 markets; every row is a creative of its own."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    from automod.model.arrow import hit_schema

    schema, random = hit_schema(), np.random.default_rng(50)
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, rows, 1 << 17):
            n = min(1 << 17, rows - first)
            writer.write_table(pa.table(_columns(pa, schema, random, first, n), schema=schema))


def _columns(pa: Any, schema: Any, random: Any, first: int, n: int) -> dict[str, Any]:
    numbers = np.arange(first, first + n)
    markets = random.integers(0, 5, n).astype(np.int32)
    named = {
        "on": pa.array(20_700 + random.integers(0, 28, n).astype(np.int32)).cast(pa.date32()),
        "index": pa.array(numbers),
        "creative": pa.array(numbers).cast(pa.string()),
        "material": pa.DictionaryArray.from_arrays(
            random.integers(0, 2_000, n).astype(np.int32), [f"p/{k:04}" for k in range(2_000)]
        ),
        "markets": pa.MapArray.from_arrays(
            np.arange(n + 1, dtype=np.int32),
            pa.array(["SA", "AE", "EG", "KW", "MA"]).take(pa.array(markets)),
            pa.array(["approve"] * n),
        ),
    }
    same = {"ruleset": "sha256:0", "action": "approve", "version": "1", "status": "live"}
    for name, value in same.items():
        named[name] = pa.DictionaryArray.from_arrays(np.zeros(n, np.int32), [value])
    return {
        field.name: named[field.name].cast(field.type) if field.name in named
        else pa.nulls(n, field.type)
        for field in schema
    }  # fmt: skip


def read_log(path: str) -> dict[str, float]:
    """What reading a log takes: in this process, of which nothing else is asked."""
    load_window(f"{path}@2026-09-01..2026-09-01")  # libraries are loaded, and every row is seen
    before, since = resident(), time.perf_counter()
    read = load_window(path)
    seconds = time.perf_counter() - since
    whole = read.market == read.markets.index("*")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "hits": float(read.creatives[whole].sum()), "seconds": seconds, "bytes": most - before,
    }  # fmt: skip


def main() -> int:
    """Run it from the command line; 1 if a target is not reached."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--materials", type=int, default=MATERIALS, help="of every world")
    parser.add_argument("--rows", type=int, default=ROWS, help="of the hit log; 0: none is read")
    parser.add_argument("--read", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    if given.read:
        print(json.dumps(read_log(given.read)))
        return 0
    report = run(given.materials, given.rows)
    if not given.no_record:
        report.write()
    return int(any(one.met is False for one in report.figures))


if __name__ == "__main__":
    sys.exit(main())
