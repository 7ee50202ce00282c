"""What stored decisions cost that are decided again, against a full run of the new rules.

    python -m benchmarks.rescore [--materials 100000] [--texts N] [--rounds 5] [--no-record]

Record batches of 16,384 creatives and their stored decisions in, decisions out, in process time. A
full run scans the same batches with the new ruleset, in columns too. The corpus is the shared one
at 0.1 hits a creative, with keywords in the safe view as the throughput has them, and in the looser
views that loading gives. A threshold, a stance, an override or a date changes; or one in a hundred
materials, of which half come and half go. The answers are asserted to be those of a full run, to
the byte of their JSON, before anything is timed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from typing import Any, Final

from automod.batch.arrow import MOST_ROWS, decide_record_batch
from automod.batch.rescore import Effort, Rescorer
from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.model.arrow import decision_json
from automod.model.canonical import from_canonical, to_canonical
from automod.model.decision import json_text
from automod.model.ruleset import Override, Row, Ruleset

from . import answers, corpus, throughput, views
from .columns import record_batch
from .harness import Contender, Figure, Report, at_most, begin, ratio, take_turns
from .throughput import forget, from_command_line

HITS: Final = 0.1
SAFE, LOOSER = "safe view", "looser views"
SHARE: Final = 0.01
"""Of the materials, how many differ."""
AGAIN, ALONE = 0.5, 0.9
"""Of a full run, what it may cost to decide again from hits, and to search for what differs in the
looser views. In the safe view a scan of everything is little more than reading: a search for some
costs as much."""
ON: Final = date.fromisoformat(corpus.ON)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a ruleset, or of the day."""

    name: str
    old: Ruleset
    new: Ruleset
    day: date = ON
    target: float = AGAIN


@dataclass(slots=True)
class Case:
    """A change on some creatives with their stored decisions."""

    change: Change
    engine: Engine
    rescorer: Rescorer
    creatives: Sequence[Any]
    stored: Sequence[Any]
    effort: list[Effort]

    def again(self) -> list[Any]:
        """The decisions, of the stored ones."""
        day = self.change.day
        pairs = zip(self.creatives, self.stored, strict=True)
        return [self.rescorer.decide_record_batch(*pair, on=day, today=day) for pair in pairs]

    def whole(self) -> list[Any]:
        """The decisions of a full run."""
        day = self.change.day
        return [decide_record_batch(self.engine, one, on=day, today=day) for one in self.creatives]


def changes(ruleset: Ruleset) -> list[Change]:
    """What changes, one at a time."""
    table, package = ruleset.policies, ruleset.packages[0]
    code = table.codes[corpus.CODE]
    row = Row(f"{corpus.CODE}/{corpus.MARKET}/2026-01-01", corpus.MARKET, ("limited",), "law")
    stance = replace(table, codes={**table.codes, corpus.CODE: replace(code, rows=(row,))})
    shadow = Override("INC-1", f"{package.name}/{_some(ruleset)}", "o", "T-1", status="shadow")
    later = replace(shadow, until=ON + timedelta(days=30))
    before, after = _materials(ruleset)
    return [
        Change("threshold", ruleset, replace(ruleset, policies=replace(table, review=0.7))),
        Change("stance", ruleset, replace(ruleset, policies=stance)),
        Change("override", ruleset, replace(ruleset, overrides=(shadow,))),
        Change(
            "date", replace(ruleset, overrides=(later,)), replace(ruleset, overrides=(later,)),
            ON + timedelta(days=60),
        ),
        Change(f"{SHARE:.0%} of the materials", before, after, target=ALONE),
    ]  # fmt: skip


def _some(ruleset: Ruleset) -> str:
    """The local id of a material."""
    return ruleset.packages[0].materials[0].id.partition("/")[2]


def _materials(ruleset: Ruleset) -> tuple[Ruleset, Ruleset]:
    """A ruleset before and after some materials came and as many went."""
    package = ruleset.packages[0]
    count = max(2, round(SHARE * len(package.materials)))
    chosen = random.Random(corpus.SEED).sample(range(len(package.materials)), count)
    come, gone = frozenset(chosen[: count // 2]), frozenset(chosen[count // 2 :])
    sides = []
    for left_out in (come, gone):
        kept = tuple(one for n, one in enumerate(package.materials) if n not in left_out)
        whole = replace(ruleset, packages=(replace(package, materials=kept),))
        sides.append(from_canonical(to_canonical(whole)))  # as loading gives them: in columns
    return sides[0], sides[1]


def case_of(change: Change, batch: Any) -> Case:
    """A change on the creatives of a record batch."""
    effort: list[Effort] = []
    engine = compile_ruleset(change.new)
    old = engine if change.old is change.new else compile_ruleset(change.old)
    parts = [batch.slice(first, MOST_ROWS) for first in range(0, len(batch), MOST_ROWS)]
    stored = [decide_record_batch(old, part, on=ON, today=ON) for part in parts]
    rescorer = Rescorer(change.old, change.new, engine=engine, note=effort.append)
    return Case(change, engine, rescorer, parts, stored, effort)


def assert_answers(case: Case) -> dict[str, int]:
    """What was done of each sort; the answers are those of a full run.

    Raises:
        WrongAnswerError: they are not.
    """
    case.effort.clear()
    for mine, theirs in zip(case.again(), case.whole(), strict=True):
        for ours, wanted in zip(_lines(mine), _lines(theirs), strict=True):
            if ours != wanted:
                raise answers.WrongAnswerError(f"{case.change.name}: {ours}, not {wanted}")
    return {
        "kept": sum(one.kept for one in case.effort),
        "remade": sum(one.remade for one in case.effort),
        "scanned": sum(sum((one.scanned or {}).values()) for one in case.effort),
    }


def _lines(batch: Any) -> list[str]:
    return [json_text(decision_json(row)) for row in batch.to_pylist()]


def figures(report: Report, name: str, case: Case, count: int, rounds: int) -> None:
    """What a change costs, against a full run."""
    done = assert_answers(case)
    runs: Mapping[str, Callable[[], object]] = {"again": case.again, "full run": case.whole}
    times = take_turns(
        {one: Contender(forget, _ignoring(run)) for one, run in runs.items()}, rounds
    )
    title = f"{name}, {case.change.name}"
    for one, time in times.items():
        report.raw[f"{title}: {one}"] = {"process": time.process, "wall": time.wall}
    again, full = times["again"].process, times["full run"].process
    mean = [median(some) / count * 1e6 for some in (again, full)]
    told = ", ".join(f"{number:,} {what}" for what, number in done.items())
    got, least = ratio(again, full), f"{title}: again / full run"
    searched = case.change.target == ALONE
    report.add(
        Figure(least, f"{got} times")
        if searched and name == SAFE
        else at_most(least, got, case.change.target),
        Figure(f"{title}: microseconds a creative", f"{mean[0]:.2f} against {mean[1]:.2f}"),
        Figure(f"{title}: creatives", told),
    )


def _ignoring(run: Callable[[], object]) -> Callable[[object], object]:
    return lambda _: run()


def run(materials: int, limit: int | None, rounds: int) -> Report:
    """The whole benchmark."""
    report = begin("rescore", {"materials": materials, "hits a creative": HITS, "rounds": rounds})
    safe = throughput.prepare(materials, limit)
    scene = safe.engine.ruleset, safe.plantings[HITS]
    del safe
    for name in (SAFE, LOOSER):
        if name == LOOSER:
            made = views.prepare(materials, limit)
            scene = made.ruleset, made.plantings[HITS]
            del made
        ruleset, planting = scene
        batch = record_batch(planting)
        for change in changes(ruleset):
            figures(report, name, case_of(change, batch), len(batch), rounds)
    return report


def main() -> None:
    """Run it from the command line."""
    from_command_line(__doc__, run, rounds=5)


if __name__ == "__main__":
    main()
