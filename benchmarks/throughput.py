"""How fast many creatives are decided, and how fast one is; against hand-rolled and bare.

    python -m benchmarks.throughput [--materials 100000] [--texts N] [--rounds 7] [--no-record]

A time is process time; wall time stands beside it. `decide_batch` gets dicts and gives decisions:
folding, boundaries, original spans, evidence, score, market and reason are in its time. Hand-rolled
gives spans in its folded text. Bare gives raw matches. Creatives come in batches of 1,000, of which
the decisions are dropped before the next, as in a stream; what one call for all of them costs
stands beside it.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from typing import Any

from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import MOST_CHARACTERS, MOST_CREATIVES, Engine
from automod.engine.intake import LONGEST
from automod.text.evidence import explain, needed
from automod.text.fold import fold_many, fold_texts
from automod.text.words import cores, skeleton

from . import answers, corpus
from .harness import (
    Contender,
    Figure,
    Report,
    Times,
    at_least,
    at_most,
    begin,
    hide_from_collector,
    ratio,
    take_turns,
)
from .rivals import Bare, HandRolled, HandTuned

RATES = (0.1, 1.0)
"""Hits a creative, on average."""
BATCH = 1_000
"""Creatives in a call."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is timed, on the same materials."""

    texts: corpus.Texts
    keywords: list[corpus.Keyword]
    plantings: dict[float, corpus.Planting]
    engine: Engine
    hand: HandRolled
    tuned: HandTuned
    bare: Bare


def prepare(materials: int, limit: int | None = None) -> Scene:
    """Make the corpus and build all contenders."""
    texts = corpus.texts(limit)
    chosen = corpus.keywords(materials, texts)
    plantings = {rate: corpus.plant(texts, chosen, round(rate * len(texts))) for rate in RATES}
    hide_from_collector()
    substring = [keyword.boundary == "substring" for keyword in chosen]
    values = [keyword.value for keyword in chosen]
    return Scene(
        texts,
        chosen,
        plantings,
        compile_ruleset(corpus.ruleset(chosen)),
        HandRolled(values, substring),
        HandTuned(values, substring),
        Bare(fold_many(values)),
    )


def assert_answers(scene: Scene) -> dict[str, int]:
    """Everybody's answer, at every rate and for clean texts.

    Returns:
        Raw matches of the bare scan, by rate.

    Raises:
        WrongAnswerError: somebody did not find exactly what was planted.
    """
    ids = answers.ids_of(scene.keywords)
    raw = {}
    for rate, planting in {0.0: corpus.Planting(scene.texts.texts, ()), **scene.plantings}.items():
        fresh = corpus.creatives(corpus.encoded(planting.texts))
        decisions = scene.engine.decide_batch(fresh, on=corpus.ON)
        answers.must_equal("automod", answers.of_decisions(decisions, ids), planting)
        answers.must_equal("hand-rolled", answers.by_hand(scene.hand, planting), planting)
        answers.must_equal("hand-tuned", answers.by_hand(scene.tuned, planting), planting)
        raw[f"raw matches of bare at {rate:g} hits"] = answers.bare_matches(scene.bare, planting)
    return raw


def each(find: Callable[[str], object]) -> Callable[[Sequence[str]], None]:
    """Search the texts one by one, as hand-rolled code does."""

    def run(texts: Sequence[str]) -> None:
        for text in texts:
            find(text)

    return run


def contenders(scene: Scene) -> dict[str, Contender]:
    """All contenders at all rates."""
    made = {}
    for rate, planting in scene.plantings.items():
        original = corpus.encoded(planting.texts)
        folded = corpus.encoded(fold_many(planting.texts))
        made[f"automod {rate:g}"] = automod_contender(scene.engine, original)
        made[f"hand {rate:g}"] = Contender(decoding(original), each(scene.hand.find))
        made[f"tuned {rate:g}"] = Contender(decoding(original), each(scene.tuned.find))
        made[f"bare {rate:g}"] = Contender(decoding(folded), each(scene.bare.find))
    return made


def automod_contender(
    engine: Engine,
    original: Sequence[bytes],
    size: int = BATCH,
    markets: Sequence[tuple[str, ...]] = ((corpus.MARKET,),),
) -> Contender:
    """`decide_batch`, so many creatives a call.

    What the library remembers of spellings is forgotten before every turn: the next turn brings the
    same ones, which traffic does not.
    """

    def fresh() -> list[dict[str, object]]:
        forget()
        return corpus.creatives(original, markets)

    def run(creatives: Sequence[dict[str, object]]) -> None:
        for first in range(0, len(creatives), size):
            engine.decide_batch(creatives[first : first + size], on=corpus.ON)

    return Contender(fresh, run)


def forget() -> None:
    """Forget the spellings that were seen, and what folds they took."""
    explain.cache_clear()
    needed.cache_clear()


def decoding(some: Sequence[bytes]) -> Callable[[], list[str]]:
    """What makes fresh strings of texts."""
    return lambda: [text.decode() for text in some]


def batch_figures(report: Report, scene: Scene, rounds: int) -> None:
    """`decide_batch` against the others, and what a further hit costs."""
    times = take_turns(contenders(scene), rounds)
    count = len(scene.texts)
    for name, one in times.items():
        report.raw[name] = {"process": one.process, "wall": one.wall}
        mean = median(one.process) / count * 1e6
        report.add(Figure(f"{name} hits: microseconds a creative", f"{mean:.1f}"))
    for rate, faster in zip(RATES, (5.0, 3.0), strict=True):
        ours, hand, tuned = (times[f"{who} {rate:g}"] for who in ("automod", "hand", "tuned"))
        bare, slower = times[f"bare {rate:g}"], 2.5 if rate < 1 else None
        report.add(
            _both(at_least, f"{rate:g} hits: hand-rolled / automod", hand, ours, faster),
            _both(at_most, f"{rate:g} hits: automod / bare", ours, bare, slower),
            _both(at_least, f"{rate:g} hits: hand-tuned / automod", tuned, ours, None),
        )
    report.add(_further_hit(times, count))
    _one_call(report, scene, rounds)


def _one_call(report: Report, scene: Scene, rounds: int) -> None:
    """All creatives in one call: their decisions are all there for the collector to walk over."""
    for rate, planting in scene.plantings.items():
        original = corpus.encoded(planting.texts)
        times = take_turns(
            {
                "batches": automod_contender(scene.engine, original),
                "one call": automod_contender(scene.engine, original, len(original)),
            },
            rounds,
        )
        report.raw[f"one call {rate:g}"] = {name: one.process for name, one in times.items()}
        got = ratio(times["one call"].process, times["batches"].process)
        report.add(Figure(f"{rate:g} hits: one call for all / batches of 1,000", f"{got} times"))


def _both(
    judge: Callable[..., Figure], name: str, over: Times, under: Times, target: float | None
) -> Figure:
    """A ratio of process times, with that of wall times behind it."""
    wall = f"times, wall {ratio(over.wall, under.wall).value:.2f}"
    got = ratio(over.process, under.process)
    return Figure(name, f"{got} {wall}") if target is None else judge(name, got, target, wall)


def _further_hit(times: dict[str, Times], count: int) -> Figure:
    """What each hit beyond the first rate costs, in bare scans of a mean creative."""
    few, many = times[f"automod {RATES[0]:g}"], times[f"automod {RATES[1]:g}"]
    further = round(RATES[1] * count) - round(RATES[0] * count)
    costs = [(b - a) / further * count for a, b in zip(few.process, many.process, strict=True)]
    got = ratio(costs, times[f"bare {RATES[0]:g}"].process)
    return at_most("a further hit, in bare scans of a mean creative", got, 1.0)


def varied_figures(report: Report, scene: Scene, rounds: int) -> None:
    """The same with 16 codes, four weights, up to three markets, and a rule and an allow."""
    engine = compile_ruleset(corpus.varied_ruleset(scene.keywords))
    ids, turns = answers.ids_of(scene.keywords), {}
    for rate, planting in scene.plantings.items():
        original = corpus.encoded(planting.texts)
        fresh = corpus.creatives(original, corpus.VARIED_MARKETS)
        decisions = engine.decide_batch(fresh, on=corpus.ON)
        answers.must_equal("automod, varied", answers.of_decisions(decisions, ids), planting)
        del decisions, fresh
        folded = corpus.encoded(fold_many(planting.texts))
        turns[f"automod {rate:g}"] = automod_contender(
            engine, original, markets=corpus.VARIED_MARKETS
        )
        turns[f"bare {rate:g}"] = Contender(decoding(folded), each(scene.bare.find))
    times = take_turns(turns, rounds)
    report.raw["varied"] = {name: one.process for name, one in times.items()}
    for rate in RATES:
        ours, bare = times[f"automod {rate:g}"], times[f"bare {rate:g}"]
        report.add(
            _both(at_most, f"varied ruleset, {rate:g} hits: automod / bare", ours, bare, None)
        )
    further = _further_hit(times, len(scene.texts))
    report.add(Figure(f"varied ruleset: {further.name}", further.reached))


# --- one at a time ------------------------------------------------------------------------------


def alone_figures(report: Report, scene: Scene, rounds: int) -> None:
    """One creative a call: the median against its share of a batch, the 99th percentile."""
    planting = scene.plantings[RATES[0]]
    numbers = random.Random(corpus.SEED).sample(
        range(len(planting.texts)), min(BATCH, len(planting.texts))
    )
    original = corpus.encoded([planting.texts[number] for number in numbers])
    medians, tails, shares = [], [], []
    for number in range(rounds + 1):
        single = _one_by_one(scene.engine, corpus.creatives(original))
        batch = _in_one(scene.engine, original) / len(original)
        if number:
            medians.append(median(single))
            tails.append(quantiles(single, n=100)[98])
            shares.append(batch)
    report.raw["alone"] = {"median": medians, "p99": tails, "share": shares}
    report.add(
        at_most("one at a time: median / share of a batch of 1,000", ratio(medians, shares), 3.0),
        Figure("one at a time: median", f"{median(medians) * 1e6:.0f} microseconds"),
        Figure("one at a time: 99th percentile", f"{median(tails) * 1e6:.0f} microseconds"),
        Figure("share of a batch of 1,000", f"{median(shares) * 1e6:.1f} microseconds"),
    )


def _one_by_one(engine: Engine, creatives: Sequence[dict[str, object]]) -> list[float]:
    gc.collect()
    times = []
    for creative in creatives:
        start = time.perf_counter()
        engine.decide(creative, on=corpus.ON)
        times.append(time.perf_counter() - start)
    return times


def _in_one(engine: Engine, original: Sequence[bytes]) -> float:
    """The median of five calls, one after another: the first finds everything out of the cache."""
    fresh = [corpus.creatives(original) for _ in range(5)]
    gc.collect()
    times = []
    for creatives in fresh:
        start = time.perf_counter()
        engine.decide_batch(creatives, on=corpus.ON)
        times.append(time.perf_counter() - start)
    return median(times)


def longest_figures(report: Report, scene: Scene, rounds: int) -> None:
    """The longest creative that is looked at whole: one language, and all 16."""
    rng = random.Random(corpus.SEED)
    share = LONGEST // len(corpus.LANGUAGES)
    mixed = " ".join(corpus.generate(one, share - 1, rng) for one in corpus.LANGUAGES)
    for name, text in {
        "English": corpus.generate("en", LONGEST, rng),
        "Arabic": corpus.generate("ar", LONGEST, rng),
        "16 languages": mixed,
    }.items():
        one = take_turns({name: automod_contender(scene.engine, [text.encode()])}, rounds)[name]
        report.raw[f"longest, {name}"] = {"process": one.process, "wall": one.wall}
        took = median(one.wall)
        reached = f"{took * 1e3:.1f} ms, {took / len(text) * 1e9:.0f} ns a character"
        report.add(Figure(f"longest legal creative ({len(text):,} characters, {name})", reached))


# --- where the time of clean creatives goes ------------------------------------------------------


def split_figures(report: Report, scene: Scene, rounds: int) -> None:
    """Clean creatives: folding, skeleton, scan, and everything else."""
    clean = corpus.encoded(scene.texts.texts)
    find = Bare(patterns_of(scene.keywords)).find
    stages: list[dict[str, float]] = []
    folded = corpus.encoded(fold_many(scene.texts.texts))
    times = take_turns(
        {
            "whole": automod_contender(scene.engine, clean),
            "stages": Contender(decoding(clean), lambda texts: stages.append(_stages(texts, find))),
            "bare": Contender(decoding(folded), each(scene.bare.find)),
        },
        rounds,
    )
    del stages[0]  # the turn that does not count
    whole = times["whole"].wall
    report.raw["clean"] = {"whole": whole, "bare": times["bare"].wall, "stages": stages}
    for stage in stages[0]:
        _add_share(report, stage, [one[stage] for one in stages], whole)
    left = [all_ - sum(one.values()) for all_, one in zip(whole, stages, strict=True)]
    _add_share(report, "everything else", left, whole)
    report.add(
        Figure("clean: whole", f"{median(whole) / len(clean) * 1e6:.1f} microseconds a creative"),
        Figure("clean: automod / bare", f"{ratio(whole, times['bare'].wall)} times"),
    )


def _add_share(report: Report, stage: str, part: Sequence[float], whole: Sequence[float]) -> None:
    got = ratio(part, whole)
    report.add(Figure(f"clean: {stage}", f"{got.value:.0%} of the time"))


def patterns_of(chosen: Sequence[corpus.Keyword]) -> list[str]:
    """The patterns that the engine searches skeletons for: words with a space at either end."""
    bare = cores([keyword.value for keyword in chosen])[1]
    return [
        core if keyword.boundary == "substring" else f" {core} "
        for core, keyword in zip(bare, chosen, strict=True)
    ]


def _stages(texts: Sequence[str], find: Callable[[str], Any]) -> dict[str, float]:
    """Seconds of each stage, block by block as the engine does it."""
    spent = {"folding": 0.0, "skeleton": 0.0, "scan": 0.0}
    for block in _blocks(texts):
        begun = time.perf_counter()
        folding = fold_texts(block)
        folded = time.perf_counter()
        bones = skeleton(folding).text
        boned = time.perf_counter()
        find(bones)
        spent["folding"] += folded - begun
        spent["skeleton"] += boned - folded
        spent["scan"] += time.perf_counter() - boned
    return spent


def _blocks(texts: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text)
        if len(block) >= MOST_CREATIVES or size >= MOST_CHARACTERS:
            yield block
            block, size = [], 0
    if block:
        yield block


def run(materials: int, limit: int | None, rounds: int) -> Report:
    """The whole benchmark."""
    scene = prepare(materials, limit)
    raw = assert_answers(scene)
    report = begin("throughput", {**described(scene), **raw, "rounds": rounds})
    print(f"  {'answers':<62} as planted, by all four")
    batch_figures(report, scene, rounds)
    varied_figures(report, scene, rounds)
    alone_figures(report, scene, rounds)
    longest_figures(report, scene, rounds)
    split_figures(report, scene, rounds)
    return report


def described(scene: Scene) -> dict[str, float | str]:
    """Counts of the corpus."""
    texts = scene.texts
    real = f"{texts.real:,} real" if texts.real else "no real ads (the data folder is not here)"
    return {
        "materials": len(scene.keywords),
        "creatives": f"{len(texts):,}: {real}, {len(texts) - texts.real:,} generated",
        "languages": len(corpus.LANGUAGES),
        "mean characters a creative": round(fmean(map(len, texts.texts)), 1),
        **{f"hits planted at {r:g}": len(p.expected) for r, p in scene.plantings.items()},
        **{
            f"mean characters at {r:g}": round(p.mean_length, 1) for r, p in scene.plantings.items()
        },
    }


def from_command_line(
    about: str | None, run: Callable[[int, int | None, int], Report], *, rounds: int
) -> None:
    """Run a benchmark on the corpus: how many materials, texts and rounds, and whether to record.

    Args:
        about: what it says of itself.
        run: takes materials, the most of real and of generated texts, and rounds.
        rounds: how many where nobody says.
    """
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--materials", type=int, default=100_000)
    parser.add_argument(
        "--texts", type=int, help="the first so many of real and of generated texts"
    )
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    report = run(given.materials, given.texts, given.rounds)
    if not given.no_record:
        report.write()


def main() -> None:
    """Run it from the command line."""
    from_command_line(__doc__, run, rounds=7)


if __name__ == "__main__":
    main()
