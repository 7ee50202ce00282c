"""What the looser views find, and what they find that is none.

    python -m benchmarks.recall [--examples 3] [--no-record]

Four tables. Arabic tweets that people called offensive or not, with two public word lists: as whole
words after a plain fold, as substrings, and by automod. English profanity on short texts and on
advertisements in which it means nothing. Harmless texts of four sources, with the rulesets that are
bundled and with public word lists. And words of ten scripts in disguise, by the attacker of the
tests, whose seeds are others there.

A rate stands with its Wilson interval and its counts. What a list calls profanity may well stand
in a harmless text: the view `exact` shows how often, and what a looser one adds to it is its price.
The lists and the texts are read from the data folder, and nothing of them is recorded but counts.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import automod
from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine
from automod.model.decision import Hit
from automod.model.ruleset import Material, Ruleset
from automod.model.vocabulary import VIEW_RANK, VIEWS, View

from . import attack, corpus, datasets
from .harness import Figure, Report, begin
from .rates import Rate, rate
from .rivals import HandRolled

FLOORS: Final = (0.0, 0.8, 0.85, 0.9)
"""Hits that are less sure do not count; the first counts all."""
MORE_RECALL, FALSE_ALARMS = 1.3, 1.5
"""Of whole words' recall at least, and of their false alarms at most so many times."""
SINGLE, THREE, CLEAN = 0.95, 0.85, 1.0
"""The least recall of one trick, of three, and of none."""
SEED: Final = "benchmark"
ATTEMPTS: Final = {0: 2, 1: 10, 2: 5, 3: 5}
"""Tricks at once -> disguises of each word."""

Groups = Mapping[str, tuple[Sequence[str], Sequence[bool]]]
"""Name of a set of tweets -> its texts, and whether each is offensive."""


# --- what is found ------------------------------------------------------------------------------


def hits_in(engine: Engine, texts: Sequence[str]) -> list[list[Hit]]:
    """The hits of words and phrases in each text."""
    decisions = engine.decide_batch(corpus.creatives(corpus.encoded(texts)), on=corpus.ON)
    return [
        [hit for hit in decision.hits if hit.kind in ("keyword", "phrase")]
        for decision in decisions
    ]


def capped(ruleset: Ruleset, view: View) -> Ruleset:
    """The ruleset with no material in a looser view than this one."""
    return replace(
        ruleset,
        packages=tuple(
            replace(
                package,
                materials=tuple(
                    replace(one, view=min(one.view, view, key=VIEW_RANK.__getitem__))
                    for one in package.materials
                ),
            )
            for package in ruleset.packages
        ),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """The hits in each text by the loosest view that is allowed."""

    by_view: Mapping[str, Sequence[Sequence[Hit]]]

    def rates(self) -> dict[str, Rate]:
        """The share of texts with a hit."""
        return {view: rate([bool(hits) for hits in some]) for view, some in self.by_view.items()}

    def added(self, view: View) -> list[list[Hit]]:
        """The hits of each text that has some in this view and none in the next tighter one."""
        before = self.by_view[VIEWS[VIEW_RANK[view] - 1]]
        both = zip(before, self.by_view[view], strict=True)
        return [list(hits) for tight, hits in both if hits and not tight]


def found_by_view(ruleset_of: Callable[[View], Ruleset], texts: Sequence[str]) -> Found:
    """The hits with each view as the loosest."""
    return Found({view: hits_in(compile_ruleset(ruleset_of(view)), texts) for view in VIEWS})


def classes(some: Iterable[Sequence[Hit]]) -> dict[str, list[Hit]]:
    """Texts with hits by the folds that the surest of them took, the most frequent first."""
    held: dict[str, list[Hit]] = defaultdict(list)
    for hits in some:
        best = max(hits, key=lambda hit: (hit.confidence, -len(hit.folds)))
        names = [name for name in best.folds if name not in ("case", "composition")]
        held[" + ".join(names) or "case alone"].append(best)
    return dict(sorted(held.items(), key=lambda pair: -len(pair[1])))


def add_classes(
    report: Report, name: str, some: Iterable[Sequence[Hit]], values: Mapping[str, str], show: int
) -> None:
    """A figure for each class of alarms; examples are printed and not recorded."""
    held = classes(some)
    report.raw[f"{name}, by folds"] = {folds: len(hits) for folds, hits in held.items()}
    for folds, hits in list(held.items())[:12]:
        report.add(Figure(f"{name}: {folds}", f"{len(hits)} texts"))
        counts = Counter((values.get(hit.material, hit.material), hit.text) for hit in hits)
        for (value, text), count in counts.most_common(show):
            print(f"      {count:>4} x {value!r} in {text!r}")


# --- Arabic -------------------------------------------------------------------------------------


def groups() -> Groups:
    """The tweets of both parts together, and of each."""
    parts = {part: datasets.tweets(part) for part in datasets.PARTS}
    both = [row for rows in parts.values() for row in rows]
    return {
        name: ([text for text, _ in rows], [offensive for _, offensive in rows])
        for name, rows in [("train and dev", both), *parts.items()]
    }


def sureness(engine: Engine, texts: Sequence[str]) -> list[float | None]:
    """How sure the surest hit of each text is; None where there is none."""
    return [max((hit.confidence for hit in hits), default=None) for hits in hits_in(engine, texts)]


def two_rates(marks: Sequence[bool], offensive: Sequence[bool]) -> tuple[Rate, Rate]:
    """Recall on the offensive, false alarms on the others."""
    pairs = list(zip(marks, offensive, strict=True))
    found, false = ([mark for mark, bad in pairs if bad == wanted] for wanted in (True, False))
    return rate(found), rate(false)


def plain_searches(values: Sequence[str]) -> dict[str, Callable[[str], bool]]:
    """What teams do: whole words, and substrings, after NFKC, case and pyarabic."""
    words = HandRolled(values)
    substrings = HandRolled(values, [True] * len(values))
    return {
        "whole word": lambda text: bool(words.find(text)),
        "substring": lambda text: bool(substrings.find(text)),
    }


def arabic_figures(report: Report) -> None:
    """Word lists on tweets."""
    values = datasets.arabic_lists()
    engine = compile_ruleset(datasets.ruleset(datasets.materials(values, "ar")))
    for name, (texts, offensive) in groups().items():
        marks = {
            how: [search(text) for text in texts] for how, search in plain_searches(values).items()
        }
        sure = sureness(engine, texts)
        for floor in FLOORS:
            kept = [one is not None and one >= floor for one in sure]
            marks[f"automod, hits of {floor:g} or more" if floor else "automod"] = kept
        rates = {how: two_rates(some, offensive) for how, some in marks.items()}
        report.raw[f"Arabic, {name}"] = {
            how: [[one.hits, one.of] for one in both] for how, both in rates.items()
        }
        for how, both in rates.items():
            _add_pair(report, f"tweets, {name}: {how}", both, rates["whole word"])


def _add_pair(report: Report, name: str, both: tuple[Rate, Rate], whole: tuple[Rate, Rate]) -> None:
    report.add(Figure(f"{name}: recall", str(both[0])), Figure(f"{name}: alarms", str(both[1])))
    more, worse = both[0].times(whole[0]), both[1].times(whole[1])
    if both is whole or more is None or worse is None:
        return
    got = f"{more:.2f} times the recall, {worse:.2f} times the alarms"
    target = f"at least {MORE_RECALL:g}, at most {FALSE_ALARMS:g}" if "automod" in name else ""
    met = more >= MORE_RECALL and worse <= FALSE_ALARMS if target else None
    report.add(Figure(f"{name}: against whole words", got, target, met))


# --- harmless texts -----------------------------------------------------------------------------


def profanity_figures(report: Report, show: int) -> None:
    """English profanity, every entry in the same view, where it means nothing."""
    values = datasets.rustrict()
    ids = {corpus.material_id(number): value for number, value in enumerate(values)}
    for name, texts in {
        "safe.txt": datasets.not_profane(),
        "commercial ads": datasets.ads("0"),
    }.items():
        found = found_by_view(
            lambda view: datasets.ruleset(datasets.materials(values, "en", view)), texts
        )
        _add_views(report, f"profanity on {name}", found, ids, show)
        usual = compile_ruleset(datasets.ruleset(datasets.materials(values, "en")))
        marks = [bool(hits) for hits in hits_in(usual, texts)]
        report.add(Figure(f"profanity on {name}: default views", str(rate(marks))))


def _add_views(
    report: Report, name: str, found: Found, values: Mapping[str, str], show: int
) -> None:
    rates = found.rates()
    report.raw[name] = {view: [one.hits, one.of] for view, one in rates.items()}
    for view, one in rates.items():
        report.add(Figure(f"{name}: {view}", str(one)))
    for view in VIEWS[1:]:
        add_classes(report, f"{name}: added by {view}", found.added(view), values, show)


def word_lists() -> dict[str, Ruleset]:
    """Public lists with their own language, views left open; and the rulesets that are bundled."""
    lists = [(language, datasets.ldnoobw(language)) for language in datasets.ldnoobw_languages()]
    lists += [(language, datasets.toad(language)) for language in datasets.toad_languages()]
    return {
        "bundled rulesets": automod.load(corpus.ROOT / "rulesets"),
        "lists in English and Arabic": _of([pair for pair in lists if pair[0] in ("ar", "en")]),
        f"lists in {len({code[:2] for code, _ in lists})} languages": _of(lists),
        "list of rustrict": _of([("en", datasets.rustrict())]),
    }


def _of(lists: Sequence[tuple[str, Sequence[str]]]) -> Ruleset:
    """(Language, entries) -> one package."""
    made: list[Material] = []
    for language, values in lists:
        made += datasets.materials(values, language, first=len(made))
    return datasets.ruleset(made)


def harmless_figures(report: Report, show: int) -> None:
    """Harmless texts, with rulesets as they are loaded, each view the loosest in turn."""
    sources = datasets.harmless()
    texts = [text for some in sources.values() for text in some]
    for name, ruleset in word_lists().items():
        ids = {one.id: one.value for package in ruleset.packages for one in package.materials}
        found = found_by_view(lambda view, of=ruleset: capped(of, view), texts)  # type: ignore[misc]
        _add_views(report, f"harmless, {name}", found, ids, show)
        _by_source(report, name, found, sources)


def _by_source(
    report: Report, name: str, found: Found, sources: Mapping[str, Sequence[str]]
) -> None:
    first = 0
    for source, some in sources.items():
        last = first + len(some)
        counts = [sum(map(bool, hits[first:last])) for hits in found.by_view.values()]
        report.raw[f"harmless, {name}, {source}"] = [*counts, len(some)]
        shown = ", ".join(f"{view} {n}" for view, n in zip(VIEWS, counts, strict=True))
        report.add(Figure(f"harmless, {name}, {source}", f"{shown} of {len(some):,}"))
        first = last


# --- disguises ----------------------------------------------------------------------------------


def disguise_figures(report: Report, show: int) -> None:
    """The attacker, by how many tricks, by script, by trick."""
    tried = attack.attempts(SEED, ATTEMPTS)
    targets = {0: CLEAN, 1: SINGLE, 2: None, 3: THREE}
    names = {0: "clean words", 1: "one trick", 2: "two tricks", 3: "three tricks"}
    for count, one in attack.by_count(tried).items():
        _add_rate(report, f"disguised: {names[count]}", one, targets[count])
    for count in (1, 3):
        for script, one in attack.by_script(tried, count).items():
            _add_rate(report, f"disguised: {names[count]}, {script}", one, None)
            _print_missed([a for a in tried if a.script == script and len(a.tricks) == count], show)
    for trick, one in attack.by_trick(tried).items():
        report.raw[f"trick, {trick}"] = [one.hits, one.of]
        if one.value < SINGLE:
            _add_rate(report, f"disguised: {trick}", one, None)


def _print_missed(some: Sequence[attack.Attempt], show: int) -> None:
    for one in [one for one in some if not one.found][:show]:
        print(f"      {one.word} {' + '.join(one.tricks)}: {one.text!a}")


def _add_rate(report: Report, name: str, one: Rate, target: float | None) -> None:
    report.raw[name] = [one.hits, one.of]
    if target is None:
        report.add(Figure(name, str(one)))
    else:
        report.add(Figure(name, str(one), f"at least {target:.0%}", one.value >= target))


# --- the command --------------------------------------------------------------------------------


def run(show: int, parts: Sequence[str]) -> Report:
    """The whole benchmark, or parts of it."""
    counts: dict[str, float | str] = {}
    if datasets.are_here():
        sources = {name: len(some) for name, some in datasets.harmless().items()}
        counts = {
            "Arabic entries": len(datasets.arabic_lists()),
            "profanity": len(datasets.rustrict()),
            "harmless": "; ".join(f"{count:,} {name}" for name, count in sources.items()),
        }
    report = begin("recall", counts)
    if not datasets.are_here():
        print("  no data folder (AUTOMOD_DATA): disguises only")
    for name, part in PARTS.items():
        if name in parts and (datasets.are_here() or name == "disguises"):
            part(report, show)
    return report


PARTS: Final[Mapping[str, Callable[[Report, int], None]]] = {
    "arabic": lambda report, _: arabic_figures(report),
    "profanity": profanity_figures,
    "harmless": harmless_figures,
    "disguises": disguise_figures,
}


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--examples", type=int, default=3, help="so many of each class are printed")
    parser.add_argument("--only", choices=PARTS, help="one part; nothing is recorded")
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    report = run(given.examples, [given.only] if given.only else list(PARTS))
    if not (given.no_record or given.only):
        report.write()


if __name__ == "__main__":
    main()
