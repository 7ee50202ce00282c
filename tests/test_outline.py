"""What is ruled out before a disguise is read, and what a batch rules out in arrays."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

import adversary
from automod.match.literals import BACKENDS, Backend
from automod.text.inflection import stems
from automod.text.outline import Outlines
from rulesets import creative, engine
from test_views import CASES

LEET = {"a": "4@", "e": "3", "i": "1!|", "l": "1|", "o": "0", "s": "5$", "t": "7+", "b": "8"}

TOKENS = [
    ("digits for letters", "c4s1n0", True),
    ("signs for letters", "ca$!no", True),
    ("drawn out", "caaasiiino", True),
    ("one letter twice, one for two", "cassin0", True),
    ("an ending", "kas1nonya", True),
    ("no ending", "kas1noqx", False),
    ("within a longer word", "my7og3l88", True),
    ("a part between dots", "www.c4sino.example", True),
    ("a plain part says nothing", "casino.example/4x", False),
    ("a size", "iphone12", False),
    ("a letter and a digit", "b2", False),
]


@pytest.mark.parametrize(("name", "token", "expected"), TOKENS, ids=[row[0] for row in TOKENS])
def test_tokens_that_may_be_words(name: str, token: str, expected: bool) -> None:
    """A token that no reading makes a word is not read."""
    outlines = Outlines(["casino", "bi"], stems("kasino", "id"), ["togel"])

    assert outlines.may_be_word(token) == expected


def test_a_neighbour_completes_a_word() -> None:
    """A word in two pieces, one of them disguised, has the outline of the whole."""
    outlines = Outlines(["casino"])

    assert outlines.may_be_word("1n0", before="cas")
    assert outlines.may_be_word("c4s", after="ino")
    assert not outlines.may_be_word("1n0", before="dis")


def test_no_disguise_of_a_word_is_ruled_out() -> None:
    """Whatever letters are exchanged for digits or drawn out, the outline is that of the word."""
    words, rng = adversary.words("latin"), Random("outlines")
    outlines = Outlines(words)
    for word in words:
        for _ in range(20):
            token = "".join(
                rng.choice(LEET[char]) if char in LEET and rng.random() < 0.5 else char
                for char in word
            )
            place = rng.randrange(len(token))
            token = token[:place] + token[place] * rng.choice((1, 2, 5)) + token[place + 1 :]
            assert outlines.may_be_word(token), (word, token)


@pytest.mark.parametrize("words", ["at c a s i n o now", "к а з и н о", "c a s s s i n o"])
def test_letters_apart_that_may_be_a_word(words: str) -> None:
    """In any script, with what stands around them, drawn out or not."""
    assert Outlines(["casino", "казино"]).may_be_apart(words.split())


def test_letters_apart_that_are_none() -> None:
    """Nor are two words side by side, which are looked for otherwise."""
    assert not Outlines(["casino"]).may_be_apart(["plan", "a", "b", "c", "now"])
    assert not Outlines(["casino"]).may_be_apart(["cas", "ino"])


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_batch_finds_what_is_found_alone(backend: Backend) -> None:
    """Hundreds of texts with thousands of raw matches, most of which are none, and one by one."""
    materials = {one.value + one.view: one for case in CASES.values() for one in case.materials}
    sought = engine(
        tuple(replace(one, id=f"p/m{n}") for n, one in enumerate(materials.values())), backend
    )
    texts = [creative(case.text) for case in CASES.values()] * 3

    together = sought.decide_batch(texts, on="2026-11-20")

    alone = [sought.decide(text, on="2026-11-20") for text in texts]
    assert [one.hits for one in together] == [one.hits for one in alone]
    assert sum(map(len, (one.hits for one in together))) > len(texts)
