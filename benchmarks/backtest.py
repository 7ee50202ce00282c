"""What a backtest costs, against full runs: one in a hundred materials differs.

    python -m benchmarks.backtest [--materials 100000] [--creatives 100000] [--rounds 3]
        [--no-record]

Materials and texts are those of the looser views, with a hit in every tenth text. Between the two
rulesets half of what differs is new, the other half has another weight. Traffic is a file of JSONL
with one text a creative; where it has more creatives than the corpus has texts, these come again.
Hits in texts that come again cost no less: what is remembered of spellings is forgotten before
every turn.

A full run reads the file, decides every creative with the new ruleset and counts the actions, as
`automod scan` does before it writes anything. Who would know what changed needs two of them. The
answer of every backtest is asserted to be that of two full runs before anything is timed.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Final

from automod.batch.sources import read_all
from automod.batch.stream import decide_stream
from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.model.backtest import Backtest
from automod.model.canonical import from_canonical, to_canonical
from automod.model.ruleset import Ruleset
from automod.report.tally import Tally
from automod.workshop.backtest import Asked, backtest_lines

from . import answers, corpus, views
from .harness import Contender, Figure, Report, at_most, begin, ratio, take_turns
from .throughput import forget

SHARE: Final = 0.01
"""Of the materials, how many differ."""
DRAWN: Final = 0.01
"""Of the creatives, how many are drawn to know the load."""
LITTLE, SIGNED = 0.30, 0.15
"""Of full runs with the same answer, what a backtest may cost, and one with signatures."""
ON: Final = date.fromisoformat(corpus.ON)


@dataclass(frozen=True, slots=True)
class Scene:
    """Two engines, and a file of traffic."""

    old: Engine
    new: Engine
    traffic: Path
    creatives: int
    texts: int
    differing: int

    @property
    def signatures(self) -> Path:
        """Where signatures are kept."""
        return self.traffic.with_suffix(".npz")

    @property
    def asked(self) -> Asked:
        """What is asked of a backtest."""
        drawn = round(DRAWN * self.creatives)
        return Asked(ON, ON, drawn=drawn, seed=corpus.SEED, flips=1_000)


def changed(ruleset: Ruleset, share: float = SHARE) -> tuple[Ruleset, Ruleset, int]:
    """A ruleset before and after, of which a share of the materials differs; and how many do."""
    package = ruleset.packages[0]
    materials = list(package.materials)
    count = max(2, round(share * len(materials)))
    chosen = random.Random(corpus.SEED).sample(range(len(materials)), count)
    added, weighed = frozenset(chosen[: count // 2]), frozenset(chosen[count // 2 :])
    before = [one for number, one in enumerate(materials) if number not in added]
    after = [
        replace(one, weight=0.3) if number in weighed else one
        for number, one in enumerate(materials)
    ]
    # As loading gives them: field by field.
    old, new = (
        from_canonical(
            to_canonical(replace(ruleset, packages=(replace(package, materials=tuple(some)),)))
        )
        for some in (before, after)
    )
    return old, new, count


def prepare(
    folder: Path, materials: int, creatives: int, limit: int | None = None, share: float = SHARE
) -> Scene:
    """Make the corpus, write the traffic and compile both rulesets."""
    made = views.prepare(materials, limit)
    texts = made.plantings[0.1].texts
    traffic = folder / "traffic.jsonl"
    _write(traffic, texts, made.texts.languages, creatives)
    old, new, differing = changed(made.ruleset, share)
    del made
    engines = compile_ruleset(old), compile_ruleset(new)
    return Scene(*engines, traffic, creatives, len(texts), differing)


def _write(path: Path, texts: Sequence[str], languages: Sequence[str], count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            place = number % len(texts)
            creative = {
                "id": f"c{number:07}", "markets": [corpus.MARKET], "language": languages[place],
                "text": {"body": texts[place]},
            }  # fmt: skip
            file.write(json.dumps(creative, ensure_ascii=False) + "\n")


def one_full_run(scene: Scene) -> Tally:
    """Every creative decided by the new ruleset."""
    tally = Tally()
    creatives = read_all([(scene.traffic.name, str(scene.traffic))])
    for _, decision in decide_stream(scene.new, creatives, today=ON, on=ON):
        tally.add(decision)
    return tally


def little(scene: Scene, *, full: bool = False, signed: bool = False) -> Backtest:
    """A backtest: as it is, with everything decided by both, or with signatures."""
    kept = scene.signatures if signed else None
    asked = replace(scene.asked, full=full)
    return backtest_lines(scene.old, scene.new, [str(scene.traffic)], asked, signatures=kept)


def assert_answers(scene: Scene) -> Backtest:
    """That little work gives the answer of two full runs, and the load that of one.

    Raises:
        WrongAnswerError: it does not.
    """
    full = little(scene, full=True)
    tally = one_full_run(scene)
    found = [little(scene), little(scene, signed=True), little(scene, signed=True)]
    for one in found:
        if (one.whole, one.groups, one.flips, one.noisiest) != (
            full.whole, full.groups, full.flips, full.noisiest,
        ):  # fmt: skip
            raise answers.WrongAnswerError("a backtest differs from two full runs")
        for ours, theirs in zip(one.load, full.load, strict=True):
            if ours.more != theirs.more:
                raise answers.WrongAnswerError("the load differs from that of two full runs")
    counts = {one.action: one.after.count for one in full.load if not one.market}
    if any(tally.counts[action] != count for action, count in counts.items()):
        raise answers.WrongAnswerError("two full runs differ from one")
    if not full.whole.gained or not full.whole.lost:
        raise answers.WrongAnswerError("nothing changed: there is nothing to find")
    return found[-1]


def figures(report: Report, scene: Scene, rounds: int) -> None:
    """What a backtest costs of one full run, and of the two that it stands for."""
    runs: dict[str, Callable[[], object]] = {
        "one full run": lambda: one_full_run(scene),
        "two full runs": lambda: little(scene, full=True),
        "backtest": lambda: little(scene),
        "with signatures": lambda: little(scene, signed=True),
    }
    times = take_turns(
        {name: Contender(forget, _ignoring(run)) for name, run in runs.items()}, rounds
    )
    for name, one in times.items():
        report.raw[name] = {"process": one.process, "wall": one.wall}
        mean = median(one.process) / scene.creatives * 1e6
        report.add(Figure(f"{name}: microseconds a creative", f"{mean:.1f}"))
    full, both = times["one full run"].process, times["two full runs"].process
    for name, target in (("backtest", LITTLE), ("with signatures", SIGNED)):
        got = times[name].process
        report.add(
            at_most(f"{name} / full runs with the same answer", ratio(got, both), target),
            Figure(f"{name} / one full run, of the new rules alone", f"{ratio(got, full)} times"),
        )


def _ignoring(run: Callable[[], object]) -> Callable[[object], object]:
    return lambda _: run()


def run(folder: Path, materials: int, creatives: int, rounds: int) -> Report:
    """The whole benchmark."""
    scene = prepare(folder, materials, creatives)
    found = assert_answers(scene)
    size = scene.signatures.stat().st_size / creatives
    report = begin(
        "backtest",
        {
            "materials": materials,
            "materials that differ": scene.differing,
            "creatives": f"{creatives:,}, of {scene.texts:,} texts",
            "decided otherwise": found.whole.share.count,
            "texts scanned": found.effort.looked_at,
            "decided by both": found.effort.decided,
            "drawn to know the load": found.effort.drawn,
            "bytes of a creative": round(scene.traffic.stat().st_size / creatives),
            "bytes of its signature": round(size),
            "rounds": rounds,
        },
    )
    print(f"  {'answers':<62} those of two full runs")
    figures(report, scene, rounds)
    return report


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--materials", type=int, default=100_000)
    parser.add_argument("--creatives", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder), given.materials, given.creatives, given.rounds)
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
