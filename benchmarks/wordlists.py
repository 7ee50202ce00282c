"""Public word lists as packages, judged on tweets that people labelled: the evaluator end to end.

    python -m benchmarks.wordlists [--no-record]

The lists of LDNOOBW in Arabic, English and French, each a package, decide on the tweets of OSACT4
(Arabic, offensive or not; training and development part) and of MLMA (Arabic, English, French; any
label but `normal`). What comes out is not how good the engine is but how far a plain word list
gets: that is what an evaluation is for. Near-duplicates (retweets) are found and make one group;
intervals are over groups. MLMA was collected by searching for such words, so that its precision
says little.

Of lists and tweets nothing is recorded but counts and how many entries hit nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from automod.engine.compile import compile as compile_ruleset
from automod.evaluate.evaluation import evaluate
from automod.model.case import Case
from automod.model.case_table import CaseTable, case_table
from automod.model.decision_table import decision_table
from automod.model.evaluation import Evaluation, Ratio
from automod.model.ruleset import Package, Ruleset
from automod.workshop.accuracy import decide_cases, materials_of, with_groups

from . import corpus, datasets
from .harness import Figure, Report, begin

LANGUAGES: Final = ("ar", "en", "fr")
DAY: Final = date(2026, 11, 20)


def lists() -> Ruleset:
    """A package for each language."""
    packages = []
    for language in LANGUAGES:
        name = f"ldnoobw-{language}"
        materials = tuple(
            replace(one, id=f"{name}/{number}")
            for number, one in enumerate(datasets.materials(datasets.ldnoobw(language), language))
        )
        packages.append(
            Package(name, "1", "benchmarks", policies=(corpus.CODE,), languages=(language,),
                    materials=materials)
        )  # fmt: skip
    return Ruleset(tuple(packages), corpus.policy_table())


def sets() -> dict[str, list[tuple[str, bool]]]:
    """Name of a set, its language first -> its tweets, and whether each is offensive."""
    arabic = [one for part in datasets.PARTS for one in datasets.tweets(part)]
    return {"ar, OSACT4": arabic} | {
        f"{language}, MLMA": datasets.hateful(language) for language in LANGUAGES
    }


def cases_of(name: str, tweets: Sequence[tuple[str, bool]]) -> CaseTable:
    """Each tweet as a case, in groups of near-duplicates."""
    return with_groups(case_table(_cases(name, tweets)))


def _cases(name: str, tweets: Sequence[tuple[str, bool]]) -> Iterable[Case]:
    language = name.split(",", maxsplit=1)[0]
    for number, (text, offensive) in enumerate(tweets):
        creative = {"id": f"{name} {number}", "markets": ["SA"], "language": language,
                    "text": {"body": text}}  # fmt: skip
        label = {"policy": corpus.CODE, "present": "yes" if offensive else "no", "by": name,
                 "on": DAY, "kind": "random"}  # fmt: skip
        yield Case.model_validate(
            {"creative": creative, "labels": [label], "judged": [corpus.CODE]}
        )


def judged(ruleset: Ruleset, cases: CaseTable) -> Evaluation:
    """What the lists are worth on some cases."""
    decisions = decision_table(decide_cases(cases, compile_ruleset(ruleset), today=DAY))
    return evaluate(cases, decisions, ruleset.policies, materials=materials_of(ruleset))


def shown(ratio: Ratio) -> str:
    """A ratio with its interval and its counts."""
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return f"unknown ({ratio.count} of {ratio.of})"
    ends = f"{ratio.low * 100:.1f}-{ratio.high * 100:.1f}"
    doubt = "" if ratio.enough else ", not enough data"
    return f"{ratio.value * 100:.1f} % ({ends}; {ratio.count:,} of {ratio.of:,}{doubt})"


def figures(name: str, found: Evaluation) -> list[Figure]:
    """The lines of one set."""
    whole = found.at("flagged")
    if whole is None:
        return []
    worth = whole.measures
    return [
        Figure(f"{name}: precision", shown(worth.precision)),
        Figure(f"{name}: recall", shown(worth.recall)),
        Figure(f"{name}: false alarms", shown(worth.false_alarm_rate)),
        Figure(f"{name}: groups of near-duplicates", f"{found.account.groups:,}"),
        Figure(f"{name}: entries of its language without a hit", _silent(name, found)),
    ]


def _silent(name: str, found: Evaluation) -> str:
    package = f"ldnoobw-{name.split(',', maxsplit=1)[0]}/"
    own = [one for one in materials_of(lists()) if one.startswith(package)]
    return f"{sum(one.startswith(package) for one in found.dead)} of {len(own)}"


def main(arguments: Sequence[str] | None = None) -> Report:
    """Judge the lists on every set, and print what came out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wordlists")
    parser.add_argument("--no-record", action="store_true")
    asked = parser.parse_args(arguments)
    ruleset, tweets = lists(), sets()
    report = begin("wordlists", {
        **{f"tweets, {name}": len(some) for name, some in tweets.items()},
        **{f"entries, {one.name}": len(one.materials) for one in ruleset.packages},
    })  # fmt: skip
    for name, some in tweets.items():
        report.add(*figures(name, judged(ruleset, cases_of(name, some))))
    if not asked.no_record:
        report.write()
    return report


if __name__ == "__main__":
    main()
