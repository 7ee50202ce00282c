"""How the time per character grows with the number of materials and with the length of creatives.

    python -m benchmarks.growth [--most 1000000] [--rounds 3] [--no-record]

In the first table the creatives are the corpus, at 0.1 hits a creative. In the second there are
100,000 materials, and for each length as many generated creatives as make two million characters,
with one hit in 2,000 characters whatever the length. The bare scan of the same texts stands beside
both.
"""

from __future__ import annotations

import argparse
import random
from statistics import median

from automod.engine.compile import compile as compile_ruleset
from automod.text.fold import fold_many

from . import answers, corpus
from .harness import Contender, Figure, Report, Times, begin, hide_from_collector, ratio, take_turns
from .rivals import Bare
from .throughput import automod_contender, decoding, each

MATERIALS = (1_000, 10_000, 100_000, 1_000_000)
LENGTHS = (10, 100, 1_000, 10_000)
CHARACTERS = 2_000_000
BETWEEN_HITS = 2_000
FLAT = 1.25
"""How much more a character of the longest creatives may cost than one of 100."""


def of_length(length: int, characters: int = CHARACTERS) -> corpus.Texts:
    """Generated creatives of one length, the languages in turn."""
    rng = random.Random(f"{corpus.SEED}/{length}")
    count = max(characters // length, len(corpus.LANGUAGES))
    languages = tuple(corpus.LANGUAGES[n % len(corpus.LANGUAGES)] for n in range(count))
    texts = tuple(corpus.generate(language, length, rng) for language in languages)
    return corpus.Texts(texts, languages, 0)


def _measure(
    report: Report,
    name: str,
    chosen: list[corpus.Keyword],
    texts: corpus.Texts,
    hits: int,
    rounds: int,
) -> float:
    """Assert the answer, time automod and bare, say nanoseconds a character; the former's."""
    planting = corpus.plant(texts, chosen, hits)
    hide_from_collector()
    engine = compile_ruleset(corpus.ruleset(chosen))
    original = corpus.encoded(planting.texts)
    decisions = engine.decide_batch(corpus.creatives(original), on=corpus.ON)
    ids = answers.ids_of(chosen)
    answers.must_equal(name, answers.of_decisions(decisions, ids), planting)
    del decisions
    bare = Bare(fold_many([keyword.value for keyword in chosen]))
    folded = corpus.encoded(fold_many(planting.texts))
    ours = automod_contender(engine, original)
    times = take_turns(
        {"automod": ours, "bare": Contender(decoding(folded), each(bare.find))}, rounds
    )
    return _reported(report, name, times, sum(map(len, planting.texts)))


def _reported(report: Report, name: str, times: dict[str, Times], characters: int) -> float:
    report.raw[name] = {"characters": characters} | {
        who: {"process": one.process, "wall": one.wall} for who, one in times.items()
    }
    ours = median(times["automod"].process) / characters * 1e9
    theirs = median(times["bare"].process) / characters * 1e9
    got = ratio(times["automod"].process, times["bare"].process)
    report.add(Figure(name, f"{ours:.0f} ns a character, bare {theirs:.0f}, ratio {got}"))
    return ours


def run(most: int, rounds: int) -> Report:
    """The whole benchmark."""
    texts = corpus.texts()
    counts = {"creatives": len(texts), "real": texts.real, "rounds": rounds}
    report = begin("growth", counts)
    for count in [one for one in MATERIALS if one <= most]:
        chosen = corpus.keywords(count, texts)
        hits = round(0.1 * len(texts))
        _measure(report, f"{count:,} materials", chosen, texts, hits, rounds)
    per: dict[int, float] = {}
    for length in LENGTHS:
        some = of_length(length)
        chosen = corpus.keywords(min(100_000, most), some)
        name = f"{length:,} characters a creative ({len(some):,} of them)"
        per[length] = _measure(report, name, chosen, some, CHARACTERS // BETWEEN_HITS, rounds)
    flat = per[LENGTHS[-1]] / per[100]
    text = f"{flat:.2f} times"
    target = f"at most {FLAT:g}"
    report.add(Figure("a character of 10,000 / a character of 100", text, target, flat <= FLAT))
    return report


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--most", type=int, default=1_000_000, help="materials at most")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    report = run(given.most, given.rounds)
    if not given.no_record:
        report.write()


if __name__ == "__main__":
    main()
