"""How many disguised words are found: the attacker of `tests/adversary.py` against the library."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from automod.engine.compile import compile as compile_ruleset
from automod.engine.engine import Engine

from . import corpus, datasets
from .rates import Rate, rate

sys.path.append(str(corpus.ROOT / "tests"))

import adversary

COUNTS: Final = (0, 1, 2, 3)
"""Tricks at once; 0 is the word as it is."""
LANGUAGES: Final = {"arabic": "ar", "thai": "th", "han": "zh", "kana": "ja"}
"""Script -> the language of its package, where that decides on the boundary."""


Try = tuple[int, tuple[str, ...], str, int, int]
"""Number of a word, the tricks it is under, the text it is in, and where: start, end."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One word in disguise, in a harmless text, and whether it was found."""

    script: str
    word: str
    tricks: tuple[str, ...]
    text: str
    found: bool


def engine_of(script: str) -> Engine:
    """The words of a script, in the view `evasion`, with the boundary of their language."""
    values = list(adversary.words(script))
    made = datasets.materials(values, LANGUAGES.get(script, ""), "evasion")
    return compile_ruleset(datasets.ruleset(made))


def attempts(seed: str, many: Mapping[int, int]) -> list[Attempt]:
    """Every word of every script, so many times under each number of tricks.

    Args:
        seed: what chance follows from.
        many: tricks at once -> disguises of each word.
    """
    return [one for script in adversary.SCRIPTS for one in _attempts_of(script, seed, many)]


def _attempts_of(script: str, seed: str, many: Mapping[int, int]) -> Iterator[Attempt]:
    tries = list(_tries(script, seed, many))
    texts = corpus.encoded([text for _, _, text, _, _ in tries])
    decisions = engine_of(script).decide_batch(corpus.creatives(texts), on=corpus.ON)
    words = adversary.words(script)
    for (number, tricks, text, start, end), decision in zip(tries, decisions, strict=True):
        found = any(
            hit.material == corpus.material_id(number)
            and (hit.start or 0) < end
            and start < (hit.end or 0)
            for hit in decision.hits
        )
        yield Attempt(script, words[number], tricks, text, found)


def _tries(script: str, seed: str, many: Mapping[int, int]) -> Iterator[Try]:
    for number, word in enumerate(adversary.words(script)):
        for count, times in many.items():
            for again in range(times):
                rng = Random(f"{seed}/{word}/{count}/{again}")
                made = _disguised(word, script, count, rng)
                if made is not None:
                    before, after = adversary.carrier(script, rng)
                    start = len(before) + 1
                    text = f"{before} {made.text} {after}"
                    yield number, made.tricks, text, start, start + len(made.text)


def _disguised(word: str, script: str, count: int, rng: Random) -> adversary.Disguise | None:
    if not count:
        return adversary.Disguise(word, ())
    return adversary.disguise(word, script, count, rng)


def recall(some: list[Attempt]) -> Rate:
    """The share that was found."""
    return rate([one.found for one in some])


def by_count(some: list[Attempt]) -> dict[int, Rate]:
    """Recall by the number of tricks."""
    return {n: recall([one for one in some if len(one.tricks) == n]) for n in COUNTS}


def by_script(some: list[Attempt], count: int) -> dict[str, Rate]:
    """Recall under so many tricks, by script."""
    return {
        script: recall([one for one in some if one.script == script and len(one.tricks) == count])
        for script in adversary.SCRIPTS
    }


def by_trick(some: list[Attempt]) -> dict[str, Rate]:
    """Recall of single tricks, the worst first."""
    held: dict[str, list[bool]] = defaultdict(list)
    for one in some:
        if len(one.tricks) == 1:
            held[one.tricks[0]].append(one.found)
    rates = {trick: rate(marks) for trick, marks in held.items()}
    return dict(sorted(rates.items(), key=lambda pair: (pair[1].value, pair[0])))
