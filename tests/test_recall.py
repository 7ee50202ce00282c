"""What the default view and boundary find in Arabic that whole words do not, and at what price."""

from __future__ import annotations

from functools import cache

import pytest
from benchmarks import datasets, recall
from benchmarks.rates import Rate

from rulesets import creative
from shared_data import data

SURE = 0.9
"""Hits that are less sure are left to a reviewer: the engine itself sets no floor."""
MORE_RECALL, FALSE_ALARMS = 1.3, 1.5


@pytest.fixture(autouse=True)
def lists_and_tweets() -> None:
    """Skips, by name, where the data is not here."""
    for name in ("text_osact4", "lex_ldnoobw", "lex_npm"):
        data(name)


@cache
def marks() -> dict[str, list[bool]]:
    """Whether each tweet is hit, as a whole word after a plain fold and by the library."""
    from automod.engine.compile import compile as compile_ruleset

    values = datasets.arabic_lists()
    whole = recall.plain_searches(values)["whole word"]
    engine = compile_ruleset(datasets.ruleset(datasets.materials(values, "ar")))
    texts, _ = recall.groups()["train and dev"]
    found = [[hit.confidence for hit in engine.scan(creative(text))] for text in texts]
    return {
        "whole word": [whole(text) for text in texts],
        "sure": [max(some, default=0.0) >= SURE for some in found],
        "any": [bool(some) for some in found],
    }


def rates(how: str) -> tuple[Rate, Rate]:
    """Recall, and the rate of false alarms."""
    return recall.two_rates(marks()[how], recall.groups()["train and dev"][1])


def test_inflected_words_are_found_where_whole_words_are_not() -> None:
    """Recall is at least 1.3 times that of whole words, false alarms at most 1.5 times."""
    (found, alarms), (plain, plain_alarms) = rates("sure"), rates("whole word")
    more, worse = found.times(plain), alarms.times(plain_alarms)

    assert (1_589, 6_411) == (found.of, alarms.of)
    assert more is not None and more >= MORE_RECALL, f"{found} against {plain}"
    assert worse is not None and worse <= FALSE_ALARMS, f"{alarms} against {plain_alarms}"


def test_no_whole_word_is_lost() -> None:
    """Whatever a plain search finds as a whole word, the library finds as well."""
    texts, _ = recall.groups()["train and dev"]
    rows = zip(marks()["whole word"], marks()["any"], texts, strict=True)

    assert [] == [text for plain, ours, text in rows if plain and not ours]
