"""What is ruled out before a disguise is read, and what a batch rules out in arrays."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

import adversary
from automod.match.literals import BACKENDS, Backend
from automod.model.ruleset import Material
from automod.model.vocabulary import Boundary, View
from automod.text.inflection import stems
from automod.text.outline import Outlines
from rulesets import ON, creative, engine, material
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

    together = sought.decide_batch(texts, on=ON)

    alone = [sought.decide(text, on=ON) for text in texts]
    assert [one.hits for one in together] == [one.hits for one in alone]
    assert sum(map(len, (one.hits for one in together))) > len(texts)


FOUND = [
    ("an ending behind letters that pass for one another", "thrill", "inflected", "en", "thr1lls"),
    ("a nine for a g", "togel", "word", "", "to9el"),
    ("two letters", "bj", "word", "", "get 8j now"),
    ("the end of a neighbour", "slots", "word", "", "best/slo tttts"),
    ("the beginning of a neighbour", "casino", "prefix", "", "the cas 1n0-now bet"),
    ("signs in a run of letters", "casino", "word", "", "go c.@.s.i.n.o now"),
    ("drawn out letters apart", "lottery", "inflected", "en", "l.o.o.o.t.t.e.r.i.e.s"),
    ("a literal that begins where the window does", "การพนันออนไลน์", "substring", "",
     "เรามีการพนันออนไล*น์ดี"),
    ("a word and what stands beside it in the token", "casino", "inflected", "en",
     "casiiiinos|xyz.casino"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "boundary", "language", "text"), FOUND, ids=[row[0] for row in FOUND]
)
def test_what_reading_would_find_is_not_ruled_out(
    name: str, value: str, boundary: Boundary, language: str, text: str
) -> None:
    """Alone and beside other texts."""
    one = replace(material(value, view="evasion", boundary=boundary), language=language)
    sought = engine((one,), "ahocorasick-rs")
    others = [creative(other) for other in ("é я", "plain", "1 2 3")]

    assert sought.decide(creative(text), on=ON).hits
    for together in ([creative(text), *others], [*others, creative(text)]):
        assert any(one.hits for one in sought.decide_batch(together, on=ON))


@pytest.mark.parametrize("view", ["safe", "evasion"])
def test_every_pattern_is_shared(view: View) -> None:
    """A copy of a package beside the original compiles, and both hit."""
    words = [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(80)]
    twice = [material(word, view=view) for word in words * 2]
    sought = engine(numbered(twice), "ahocorasick-rs")

    assert len(sought.decide(creative(" ".join(words)), on=ON).hits) == len(twice)


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [("полёт", "ru", "наш полёт здесь"), ("müller", "de", "herr müller kommt")],
)
def test_one_alone_is_found_as_in_a_batch(value: str, language: str, text: str) -> None:
    """Also where no material may match beyond the safe view, and patterns are loose."""
    one = replace(material(value, view="safe", boundary="inflected"), language=language)
    sought = engine((one,), "ahocorasick-rs")

    alone = sought.decide(creative(text), on=ON).hits
    together = sought.decide_batch([creative(text)] * 30, on=ON)

    assert alone
    assert all(one.hits == alone for one in together)


MORE = [
    ("a run beside another text", ["slots"], "sl-0+5 x", "é я"),
    ("bridges near one another", ["网上赌场", "赌博"], "赌*博一二三四五六七网上*赌场甲乙丙丁", ""),
    ("a token of two words", ["lottery", "казино"], "l0ttery-казино", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "text", "beside"), MORE, ids=[row[0] for row in MORE])
def test_each_is_found_as_if_it_were_alone(
    name: str, values: list[str], text: str, beside: str
) -> None:
    """Neither other material nor other texts change what a material finds."""
    many = [material(value, view="evasion", boundary="substring") for value in values]
    whole = engine(numbered(many), "ahocorasick-rs")

    for n, one in enumerate(many):
        alone = engine((replace(one, id=f"p/m{n}"),), "ahocorasick-rs").scan(creative(text))
        mine = [hit for hit in whole.scan(creative(text)) if hit.material == f"p/m{n}"]
        assert [(hit.start, hit.end) for hit in mine] == [(hit.start, hit.end) for hit in alone]
    if beside:
        first, _ = whole.decide_batch([creative(text), creative(beside)], on=ON)
        assert first.hits == whole.decide(creative(text), on=ON).hits


def test_a_phrase_whose_choices_loose_changes_in_part() -> None:
    """Of two choices one has an accent: the other is found all the same."""
    phrase = material("(casino|été) now", kind="phrase", view="safe")
    far = material("silver", view="evasion")
    sought = engine(numbered([phrase, far]), "ahocorasick-rs")

    for text in ("go casino now", "été now"):
        assert [hit.material for hit in sought.scan(creative(text))] == ["p/m0"]
    assert not sought.scan(creative("ete now"))


@pytest.mark.parametrize("word", ["c4s1n0", "cаsino", "caaaasino"])
def test_a_text_of_nothing_but_disguises(word: str) -> None:
    """Its first part is read, and the rest is said to be not evaluated: it goes to review."""
    sought = engine((material("casino", view="evasion"),), "ahocorasick-rs")

    decision = sought.decide(creative(f"{word} " * 5_000), on=ON)

    assert decision.hits
    assert "text.too_disguised" in {one.code for one in decision.not_evaluated}
    assert decision.action in ("review", "reject")


def numbered(materials: list[Material]) -> tuple[Material, ...]:
    """Materials with ids of their own."""
    return tuple(replace(one, id=f"p/m{n}") for n, one in enumerate(materials))


@pytest.mark.parametrize("boundary", ["word", "inflected", "prefix", "substring"])
@pytest.mark.parametrize("gap", [0, 1])
def test_a_phrase_with_open_edges_and_letters_apart(boundary: Boundary, gap: int) -> None:
    """A word that is read anew has no places for a part of it: it is in the hit as a whole."""
    one = replace(material("ربح مضمون", kind="phrase", view="evasion", boundary=boundary), gap=gap)

    (hit,) = engine((one,), "ahocorasick-rs").scan(creative("ربح م.ض.م.و.ن الآن"))

    assert (hit.start, hit.end, hit.view) == (0, 13, "evasion")
