"""How many real texts the bundled rulesets stop that are no ads for what they look for.

    python -m benchmarks.first_day [--show N] [--no-record]

The commercial ads of `text_fb_ads` (English, judged for the US) and the tweets of `text_osact4`
that are not offensive (Arabic, judged for SA), each text alone in a creative. Most of the ads are
harmless, not all: some do sell bets, pills or coins. An alarm is of a class: the policy, and the
material or rule of the most weight that the verdict rests on. `alarms.csv` says of the classes what
they are, as somebody saw who read them; one that it does not know is told as such, and fails.
`--show 3` prints that many texts of each class, to be read.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import automod
from automod.engine.engine import Engine
from automod.evaluate.intervals import wilson
from automod.model.decision import Decision
from automod.model.vocabulary import ACTION_RANK

from . import datasets
from .harness import Figure, Report, begin

ROOT: Final = Path(__file__).parents[1]
KNOWN: Final = Path(__file__).with_name("alarms.csv")
DAY: Final = "2026-11-20"
REJECT: Final = 0.005
REVIEW: Final = 0.02
"""Shares that may be rejected, and reviewed or rejected."""

Class = tuple[str, str]
"""A policy, and the material or rule that weighs most."""


@dataclass(slots=True)
class Alarms:
    """What the rulesets stop of some texts."""

    texts: int
    rejected: int = 0
    reviewed: int = 0
    """Reviewed or rejected."""
    packages: Counter[str] = field(default_factory=Counter)
    classes: Counter[Class] = field(default_factory=Counter)
    examples: dict[Class, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, text: str, decision: Decision) -> None:
        """Count one decision."""
        rank = ACTION_RANK[decision.action]
        self.rejected += rank >= ACTION_RANK["reject"]
        self.reviewed += rank >= ACTION_RANK["review"]
        found = {hit.n: (-hit.weight, hit.material) for hit in decision.hits}
        packages = set()
        for one in decision.verdicts:
            if ACTION_RANK[one.action] >= ACTION_RANK["review"]:
                _, name = min(found[n] for n in one.because)
                packages.add(name.partition("/")[0])
                self.classes[one.policy, name] += 1
                self.examples[one.policy, name].append(text)
        self.packages.update(packages)


def judged(engine: Engine, texts: Sequence[str], market: str) -> Alarms:
    """What an engine stops of texts, each alone in a creative."""
    creatives = [
        {"id": str(number), "markets": [market], "on": DAY, "text": {"body": text}}
        for number, text in enumerate(texts)
    ]
    found = Alarms(len(texts))
    for text, decision in zip(texts, engine.decide_batch(creatives), strict=True):
        found.add(text, decision)
    return found


def sets() -> dict[str, tuple[list[str], str]]:
    """Name -> texts, and the market that they are judged for."""
    tweets = [text for part in datasets.PARTS for text, off in datasets.tweets(part) if not off]
    return {
        "commercial ads, English": (datasets.ads("0"), "US"),
        "tweets, not offensive, Arabic": (tweets, "SA"),
    }


def known(path: Path = KNOWN) -> dict[Class, str]:
    """What classes of alarms are, as somebody saw who read them."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["policy"], row["because"]): row["what"] for row in csv.DictReader(file)}


def figures(report: Report, name: str, found: Alarms) -> None:
    """The shares, with their intervals, and each class."""
    for what, count, most in (
        ("rejected", found.rejected, REJECT),
        ("reviewed or rejected", found.reviewed, REVIEW),
    ):
        share = count / found.texts
        around = wilson(count, found.texts)
        told = f"{share:.2%} ({around.low:.2%}-{around.high:.2%}; {count} of {found.texts:,})"
        report.add(Figure(f"{name}: {what}", told, f"at most {most:.1%}", share <= most))


def raw(found: Alarms, explained: Mapping[Class, str]) -> dict[str, Any]:
    """All of it for the record: counts, no text."""
    return {
        "texts": found.texts, "rejected": found.rejected, "reviewed": found.reviewed,
        "packages": dict(sorted(found.packages.items())),
        "classes": [
            {"policy": one[0], "because": one[1], "count": count, "what": explained.get(one, "")}
            for one, count in sorted(found.classes.items(), key=lambda one: (-one[1], one[0]))
        ],
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and write the record; 1 where an alarm is of no known class."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="texts of each class")
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args(arguments)
    engine, explained = automod.compile(automod.load(ROOT / "rulesets")), known()
    report = begin("first_day", {"ruleset": engine.digest})
    unknown: set[Class] = set()
    for name, (texts, market) in sets().items():
        found = judged(engine, texts, market)
        figures(report, name, found)
        report.raw[name] = raw(found, explained)
        unknown |= found.classes.keys() - explained.keys()
        for one, count in found.classes.most_common():
            print(f"    {count:4} {one[0]} {one[1]}: {explained.get(one, 'NOT KNOWN')}")
            for text in found.examples[one][: asked.show]:
                print("           ", " ".join(text.split())[:300])
    if not asked.no_record:
        report.write()
    return int(bool(unknown))


if __name__ == "__main__":
    sys.exit(main())
