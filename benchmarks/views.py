"""What the looser views cost: creatives a second with the view and boundary that loading gives.

    python -m benchmarks.views [--materials 100000] [--texts N] [--rounds 5] [--no-record]

The corpus is that of the throughput. Each keyword has its default view (`evasion` from five Latin,
Cyrillic or Greek letters, four Arabic or Hebrew ones, two of Han and kana, else `safe`), and
Arabic and Indonesian ones are `inflected`. By construction it is known where a keyword stands in
the folds of the safe view only, so a tenth more keywords are drawn, and those are dropped that the
looser views find in the texts before anything is planted. What the looser views find besides,
once keywords are planted, is counted and stated by its folds.

The bare scan searches text that is folded already: for the keywords alone, as in the throughput,
and for all patterns that the engine searches for, which inflection multiplies.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, Final
from unittest.mock import patch

from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.load.writing import default_view, writing_of
from automod.match import suspects
from automod.match.matcher import Matcher
from automod.match.patterns import Patterns
from automod.model.ruleset import Material, Ruleset
from automod.text.backwards import is_overridden
from automod.text.fold import fold, fold_many, fold_texts
from automod.text.loose import loosen
from automod.text.words import skeleton

from . import answers, corpus
from .harness import (
    Contender,
    Figure,
    Report,
    at_least,
    at_most,
    begin,
    hide_from_collector,
    in_a_new_process,
    ratio,
    resident,
    take_turns,
)
from .rates import Rate
from .rivals import Bare, HandRolled
from .throughput import RATES, automod_contender, decoding, each

INFLECTED: Final = ("ar", "id")
"""Languages of the corpus whose words are inflected."""
SPARE: Final = 1.1
"""So many times the keywords are drawn, of which some are dropped."""
FASTER, SLOWER = 2.5, 3.5
"""Than hand-rolled at least, than bare with the same patterns at most; at the lesser rate."""
OVERRIDES: Final = "overrides"
CAUSES: Final = {
    "_joins": "joined neighbours",
    "_tokens": "tokens",
    "_singles": "single letters",
    "bridged": "bridged symbols",
    "_overridden": OVERRIDES,
}
"""What of `suspects` finds stretches that are read again -> what it is called in the report."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is timed, on the same materials."""

    texts: corpus.Texts
    keywords: list[corpus.Keyword]
    drawn: int
    """How many keywords were looked at to have so many."""
    plantings: dict[float, corpus.Planting]
    ruleset: Ruleset
    engine: Engine
    safe: Engine
    hand: HandRolled
    bare: Bare
    same: Bare
    """With the patterns of the engine."""


def far(material: Material, language: str) -> Material:
    """A keyword with the view and the boundary that it is loaded with."""
    view = default_view(writing_of(fold(material.value, "safe").text, "keyword"))
    if language in INFLECTED:
        return replace(material, view=view, boundary="inflected", language=language)
    return replace(material, view=view)


def far_ruleset(chosen: Sequence[corpus.Keyword]) -> Ruleset:
    """The ruleset of the throughput, each keyword as it is loaded."""
    ruleset = corpus.ruleset(chosen)
    package = ruleset.packages[0]
    pairs = zip(package.materials, chosen, strict=True)
    materials = tuple(far(material, keyword.language) for material, keyword in pairs)
    return replace(ruleset, packages=(replace(package, materials=materials),))


def prepare(materials: int, limit: int | None = None) -> Scene:
    """Make the corpus and build all contenders."""
    texts = corpus.texts(limit)
    drawn = corpus.keywords(round(SPARE * materials), texts)
    found = _found(drawn, texts.texts)
    kept = [number for number in range(len(drawn)) if number not in found][:materials]
    chosen = [drawn[number] for number in kept]
    plantings = {rate: corpus.plant(texts, chosen, round(rate * len(texts))) for rate in RATES}
    hide_from_collector()
    ruleset = far_ruleset(chosen)
    return Scene(
        texts, chosen, kept[-1] + 1, plantings, ruleset,
        compile_ruleset(ruleset),
        compile_ruleset(corpus.ruleset(chosen)),
        HandRolled([one.value for one in chosen], [one.boundary == "substring" for one in chosen]),
        Bare(fold_many([one.value for one in chosen])),
        Bare(patterns_of(ruleset)),
    )  # fmt: skip


def _found(drawn: Sequence[corpus.Keyword], texts: Sequence[str]) -> set[int]:
    """The numbers of keywords that the looser views find in texts where none was planted."""
    ids = answers.ids_of(drawn)
    engine = compile_ruleset(far_ruleset(drawn))
    decisions = engine.decide_batch(corpus.creatives(corpus.encoded(texts)), on=corpus.ON)
    return {number for _, number, _, _ in answers.of_decisions(decisions, ids)}


def patterns_of(ruleset: Ruleset) -> list[str]:
    """The patterns that the engine of a ruleset searches for."""
    return list(Patterns(ruleset.packages[0].materials).words.patterns)


def bones_of(texts: Sequence[str]) -> list[str]:
    """What the engine searches of each text: its words in loose fold, one space between them."""
    return [loosen(skeleton(fold_texts([text]))).bones.text for text in texts]


# --- the answer ---------------------------------------------------------------------------------


def assert_answers(scene: Scene) -> dict[float, Counter[str]]:
    """Every planted keyword is found at its place; what is found besides, by rate and fold.

    Raises:
        WrongAnswerError: a planted one is missing; of the others, something is too much as well.
    """
    ids = answers.ids_of(scene.keywords)
    besides = {}
    for rate, planting in scene.plantings.items():
        fresh = corpus.creatives(corpus.encoded(planting.texts))
        decisions = scene.engine.decide_batch(fresh, on=corpus.ON)
        extra = set(answers.must_include("automod", answers.of_decisions(decisions, ids), planting))
        besides[rate] = Counter(
            " + ".join(name for name in hit.folds if name != "case") or "case alone"
            for decision in decisions
            for hit in decision.hits
            if (decision.index, ids[hit.material], hit.start, hit.end) in extra
        )
        safe = scene.safe.decide_batch(fresh, on=corpus.ON)
        answers.must_equal("automod, safe", answers.of_decisions(safe, ids), planting)
        answers.must_equal("hand-rolled", answers.by_hand(scene.hand, planting), planting)
        answers.bare_matches(scene.bare, planting)
    return besides


# --- how fast -----------------------------------------------------------------------------------


def forgetful(engine: Engine, original: Sequence[bytes]) -> Contender:
    """`decide_batch`, with what is remembered of inflected words forgotten as well."""
    usual = automod_contender(engine, original)

    def fresh() -> Any:
        engine._matcher._forms.clear()  # noqa: SLF001 - the next turn brings the same words
        return usual.prepare()

    return Contender(fresh, usual.run)


def contenders(scene: Scene) -> dict[str, Contender]:
    """All contenders at all rates."""
    made = {}
    for rate, planting in scene.plantings.items():
        original = corpus.encoded(planting.texts)
        made[f"automod {rate:g}"] = automod_contender(scene.engine, original)
        made[f"forgetful {rate:g}"] = forgetful(scene.engine, original)
        made[f"safe view {rate:g}"] = automod_contender(scene.safe, original)
        made[f"hand {rate:g}"] = Contender(decoding(original), each(scene.hand.find))
        made[f"bare {rate:g}"] = Contender(
            decoding(corpus.encoded(fold_many(planting.texts))), each(scene.bare.find)
        )
        made[f"bare, same patterns {rate:g}"] = Contender(
            decoding(corpus.encoded(bones_of(planting.texts))), each(scene.same.find)
        )
    return made


def speed_figures(report: Report, scene: Scene, rounds: int) -> None:
    """`decide_batch` against the others."""
    times = take_turns(contenders(scene), rounds)
    for name, one in times.items():
        report.raw[name] = {"process": one.process, "wall": one.wall}
        mean = median(one.process) / len(scene.texts) * 1e6
        report.add(Figure(f"{name} hits: microseconds a creative", f"{mean:.1f}"))
    for rate in RATES:
        of = {name.removesuffix(f" {rate:g}"): one.process for name, one in times.items()}
        ours, low = of["automod"], rate == RATES[0]
        faster, slower = ratio(of["hand"], ours), ratio(ours, of["bare, same patterns"])
        names = f"{rate:g} hits: hand-rolled / automod", f"{rate:g} hits: automod / bare"
        report.add(
            at_least(names[0], faster, FASTER) if low else Figure(names[0], f"{faster} times"),
            at_most(f"{names[1]} with the same patterns", slower, SLOWER)
            if low
            else Figure(f"{names[1]} with the same patterns", f"{slower} times"),
            Figure(f"{names[1]} with the keywords alone", f"{ratio(ours, of['bare'])} times"),
            Figure(f"{rate:g} hits: automod / safe view", f"{ratio(ours, of['safe view'])} times"),
            Figure(
                f"{rate:g} hits: with inflected words forgotten / automod",
                f"{ratio(of['forgetful'], ours)} times",
            ),
        )


# --- what is compiled ---------------------------------------------------------------------------


def size_figures(report: Report, scene: Scene, rounds: int) -> None:
    """Patterns, seconds to compile, memory; against the safe view."""
    safe = corpus.ruleset(scene.keywords)
    grown = scene.engine.patterns / len(scene.keywords)
    report.add(
        Figure(
            "patterns / materials",
            f"{grown:.2f} times ({scene.engine.patterns:,} of {len(scene.keywords):,}); "
            f"safe view {scene.safe.patterns / len(scene.keywords):.2f}",
        )
    )
    times = take_turns(
        {
            "views": Contender(lambda: scene.ruleset, compile_ruleset),
            "safe": Contender(lambda: safe, compile_ruleset),
        },
        rounds,
    )
    report.raw["compile"] = {name: one.process for name, one in times.items()}
    got = ratio(times["views"].process, times["safe"].process)
    seconds = [median(times[name].process) for name in ("views", "safe")]
    shown = f"{got} times: {seconds[0]:.2f} s, {seconds[1]:.2f} s"
    report.add(Figure("compile: default views / safe view", shown))
    _memory(report, scene)


def _memory(report: Report, scene: Scene) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "keywords.json"
        path.write_text(
            json.dumps(
                {
                    "keywords": [[one.value, one.language] for one in scene.keywords],
                    "texts": scene.plantings[RATES[0]].texts[:1_000],
                }
            ),
            encoding="utf-8",
        )
        held = {
            what: in_a_new_process("benchmarks.views", "--hold", what, str(path))["bytes"]
            for what in ("views", "safe")
        }
    report.raw["memory"] = held
    views, safe = (one / 1e6 for one in held.values())
    shown = f"{views / safe:.2f} times: {views:.0f} MB, {safe:.0f} MB"
    report.add(Figure("memory, compiled and used: default views / safe view", shown))


def hold(what: str, path: Path) -> int:
    """Bytes that this process holds more once the engine is compiled and has scanned a little."""
    stored = json.loads(path.read_text("utf-8"))
    chosen = [corpus.Keyword(*one) for one in stored["keywords"]]
    make = far_ruleset if what == "views" else corpus.ruleset
    fresh = corpus.creatives(corpus.encoded(stored["texts"]))
    compile_ruleset(make(chosen[:1])).decide_batch(fresh, on=corpus.ON)  # libraries and tables
    ruleset = make(chosen)
    gc.collect()
    before = resident()
    engine = compile_ruleset(ruleset)
    engine.decide_batch(fresh, on=corpus.ON)
    gc.collect()
    return resident() - before


# --- who pays -----------------------------------------------------------------------------------


def share_figures(report: Report, scene: Scene) -> None:
    """The share of texts in which a looser view has something to do."""
    matcher = scene.engine._matcher  # noqa: SLF001 - what it does with a text is to be told
    texts = scene.plantings[RATES[0]].texts
    counts: Counter[str] = Counter()
    for text in texts:
        bones = skeleton(fold_texts([text]))
        loosened = loosen(bones)
        counts["loose changed a letter"] += loosened.changed is not None
        causes = causes_in(matcher, text)
        counts["a stretch was read again"] += bool(causes)
        counts.update(f"read again: {cause}" for cause in causes)
    for name, count in counts.most_common():
        report.raw[name] = [count, len(texts)]
        report.add(Figure(f"texts: {name}", str(Rate(count, len(texts)))))


def causes_in(matcher: Matcher, text: str) -> set[str]:
    """Why stretches of a text are read again."""
    sought = matcher._suspects  # noqa: SLF001 - it has no other way to say so
    if sought is None:
        return set()
    seen: set[str] = set()
    folding = fold_texts([text])
    bones = loosen(skeleton(folding)).bones
    with ExitStack() as stack:
        for name, cause in CAUSES.items():
            owner = suspects.Suspects if hasattr(suspects.Suspects, name) else suspects
            spy = _spied(getattr(owner, name), cause, seen)
            stack.enter_context(patch.object(owner, name, spy))
        sought.read(folding, bones)
    return seen | ({OVERRIDES} if is_overridden(folding.joined) else set())


def _spied(
    original: Callable[..., Iterator[Any]], cause: str, seen: set[str]
) -> Callable[..., Iterator[Any]]:
    """The same, but what yields anything is noted."""

    def spy(*given: Any) -> Iterator[Any]:
        for one in original(*given):
            seen.add(cause)
            yield one

    return spy


# --- the command --------------------------------------------------------------------------------


def run(materials: int, limit: int | None, rounds: int) -> Report:
    """The whole benchmark."""
    scene = prepare(materials, limit)
    besides = assert_answers(scene)
    report = begin("views", described(scene, rounds))
    print(f"  {'answers':<62} every planted keyword at its place")
    for rate, counted in besides.items():
        planted = len(scene.plantings[rate].expected)
        shown = ", ".join(f"{count} {name}" for name, count in counted.most_common(8))
        report.raw[f"besides at {rate:g}"] = dict(counted)
        report.add(
            Figure(
                f"{rate:g} hits: found besides the {planted:,} that were planted",
                f"{counted.total()}" + (f": {shown}" if shown else ""),
            )
        )
    share_figures(report, scene)
    size_figures(report, scene, min(rounds, 3))
    speed_figures(report, scene, rounds)
    return report


def described(scene: Scene, rounds: int) -> dict[str, float | str]:
    """Counts of the corpus."""
    views = Counter(one.view for one in scene.ruleset.packages[0].materials)
    inflected = sum(one.boundary == "inflected" for one in scene.ruleset.packages[0].materials)
    return {
        "materials": len(scene.keywords),
        "of view evasion": views["evasion"],
        "inflected": inflected,
        "dropped, as looser views find them unplanted": scene.drawn - len(scene.keywords),
        "creatives": len(scene.texts),
        "real": scene.texts.real,
        "rounds": rounds,
    }


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--materials", type=int, default=100_000)
    parser.add_argument("--texts", type=int, help="the first so many of real and generated texts")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-record", action="store_true")
    parser.add_argument("--hold", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.hold:
        json.dump({"bytes": hold(given.hold[0], Path(given.hold[1]))}, sys.stdout)
        return
    report = run(given.materials, given.texts, given.rounds)
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
