"""What a package in shadow costs, and whether anything that is served changes.

    python -m benchmarks.shadow [--materials 100000] [--texts N] [--rounds 7] [--no-record]

The same creatives are decided with and without a package in shadow of a tenth of the live material.
The automaton of the first is then a tenth larger, and each tenth planted keyword more is one of the
shadow's. Beside it the same package live, in a ramp of 10 %, and live for all.

Answered first: both find what is planted, and the decisions with the package in shadow are, but for
its hits, those without it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.model.decision import Decision
from automod.model.ramp import is_in
from automod.model.ruleset import Package, Ruleset
from automod.model.vocabulary import Status

from . import answers, corpus
from .harness import Figure, Report, at_most, begin, hide_from_collector, ratio, take_turns
from .throughput import automod_contender

RATE: Final = 0.1
"""Hits of live material a creative, on average."""
SHARE: Final = 10
"""The live material has so many times as many keywords as the one in shadow."""
RAMP: Final = 0.1
NAME: Final = "bench-shadow"
MOST: Final = 1.10


@dataclass(frozen=True, slots=True)
class Scene:
    """Creatives, and the engines that decide them."""

    planting: corpus.Planting
    live: int
    """Keywords from this number on are those of the package in shadow."""
    engines: Mapping[str, Engine]
    ids: Mapping[str, int]


def prepare(materials: int, limit: int | None = None) -> Scene:
    """Make the corpus and compile all rulesets."""
    texts = corpus.texts(limit)
    chosen = corpus.keywords(materials + materials // SHARE, texts)
    hits = round(RATE * len(texts) * (1 + 1 / SHARE))
    planting = corpus.plant(texts, chosen, hits)
    hide_from_collector()
    whole = corpus.ruleset(chosen)
    package = whole.packages[0]
    live = replace(package, materials=package.materials[:materials])
    both = {
        "without": (live,), "shadow": (live, _beside(package, materials, "shadow")),
        "ramp": (live, replace(_beside(package, materials, "live"), ramp=RAMP)),
        "live": (live, _beside(package, materials, "live")),
    }  # fmt: skip
    engines = {
        name: compile_ruleset(Ruleset(packages, whole.policies)) for name, packages in both.items()
    }
    ids = {
        f"{package}/{corpus.material_id(number).partition('/')[2]}": number
        for package in (corpus.PACKAGE, NAME)
        for number in range(len(chosen))
    }
    return Scene(planting, materials, engines, ids)


def _beside(package: Package, first: int, status: Status) -> Package:
    """The package of the keywords from a number on."""
    materials = tuple(
        replace(one, id=f"{NAME}/{one.id.partition('/')[2]}", status=status)
        for one in package.materials[first:]
    )
    return replace(package, name=NAME, materials=materials, status=status)


def served(decision: Decision) -> Mapping[str, Any]:
    """A decision without its hits in shadow and the digest."""
    told = decision.to_dict()
    live = [hit for hit in told["hits"] if hit["status"] == "live"]
    number = {hit["n"]: n for n, hit in enumerate(live)}
    for hit in live:
        hit["n"] = number[hit["n"]]
    for verdict in told["verdicts"]:
        verdict["because"] = [number[n] for n in verdict["because"]]
    return told | {"hits": live, "ruleset": ""}


def assert_answers(scene: Scene) -> dict[str, int]:
    """Everybody finds what is planted; in shadow, and outside of a ramp, it changes nothing.

    Returns:
        Hits of the package, by how it stands.

    Raises:
        WrongAnswerError: something else was found, or served.
    """
    original = corpus.encoded(scene.planting.texts)
    decided = {
        name: engine.decide_batch(corpus.creatives(original), on=corpus.ON)
        for name, engine in scene.engines.items()
    }
    mine = corpus.Planting(
        scene.planting.texts,
        tuple(one for one in scene.planting.expected if one[1] < scene.live),
    )
    for name, some in decided.items():
        found = answers.of_decisions(some, dict(scene.ids))
        answers.must_equal(name, found, mine if name == "without" else scene.planting)
    without = list(map(served, decided["without"]))
    _must_be("in shadow", decided["shadow"], without)
    inside = [
        is_in(NAME, RAMP, str(one.creative)) for one in decided["ramp"]
    ]  # fmt: skip
    live = map(served, decided["live"])
    expected = [a if into else b for into, a, b in zip(inside, live, without, strict=True)]
    _must_be("in a ramp", decided["ramp"], expected)
    return {
        f"hits of the package, {name}": sum(hit.material.startswith(NAME) for hit in hits)
        for name, hits in (
            (name, [hit for one in some for hit in one.hits]) for name, some in decided.items()
        )
    }


def _must_be(what: str, some: Sequence[Decision], expected: Sequence[Mapping[str, Any]]) -> None:
    for got, wanted in zip(map(served, some), expected, strict=True):
        if got != wanted:
            raise answers.WrongAnswerError(f"{what}: served is {got}, not {wanted}")


def figures(report: Report, scene: Scene, rounds: int) -> None:
    """What each costs over the engine without it, turn by turn."""
    original = corpus.encoded(scene.planting.texts)
    times = take_turns(
        {name: automod_contender(engine, original) for name, engine in scene.engines.items()},
        rounds,
    )
    without = times["without"]
    for name, one in times.items():
        report.raw[name] = {"process": one.process, "wall": one.wall}
    wall = f"times, wall {ratio(times['shadow'].wall, without.wall).value:.2f}"
    got = ratio(times["shadow"].process, without.process)
    report.add(at_most(f"{RATE:g} hits: with a package in shadow / without", got, MOST, wall))
    for name, what in (("ramp", "in a ramp of 10 %"), ("live", "live")):
        got = ratio(times[name].process, without.process)
        report.add(Figure(f"{RATE:g} hits: with the package {what} / without", f"{got} times"))


def main() -> None:
    """Answer, then time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--materials", type=int, default=100_000)
    parser.add_argument("--texts", type=int)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args()
    scene = prepare(asked.materials, asked.texts)
    counts = assert_answers(scene)
    report = begin(
        "shadow",
        {"creatives": len(scene.planting.texts), "live materials": scene.live,
         "in shadow": scene.live // SHARE, **counts},
    )  # fmt: skip
    figures(report, scene, asked.rounds)
    if not asked.no_record:
        report.write()


if __name__ == "__main__":
    main()
