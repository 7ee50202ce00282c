"""The attacker itself: what it promises about its words, its tricks, and how they go together."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import combinations
from random import Random

import pytest
from benchmarks import attack

import adversary
import adversary_words
from adversary import SCRIPTS, TRICKS, Disguise, Trick, applicable, carrier, disguise, words

USED = [
    (script, trick) for script in SCRIPTS for trick in TRICKS.values() if script in trick.scripts
]
SWAPS = [(script, trick) for script, trick in USED if trick.kind == "swap"]
BETWEEN = [(script, trick) for script, trick in USED if trick.stage >= adversary.HIDE]
SHORTEST = {"latin": 5, "cyrillic": 5, "greek": 5, "han": 2, "kana": 2, "hangul": 2}
"""Script -> letters of its shortest word; four in the others."""
SEEDS = range(5)
RECALL = {0: 1.0, 1: 0.95, 3: 0.85}
"""Tricks at once -> the share of disguised words that is found, at least."""
IN_EACH_SCRIPT = 0.8
"""The same under one trick, for every script."""
TABLES = ["LOOK_ALIKES", "FAUX", "STROKES", "LEET", "ALEFS", "PERSIAN", "FAR_LETTERS", "NUKTAS"]


def named(value: object) -> str | None:
    """What a parametrized test is called after."""
    return value.name if isinstance(value, Trick) else None


def fitting(script: str, trick: Trick) -> list[str]:
    """The words that a trick applies to."""
    return [word for word in words(script) if trick.name in applicable(word, script)]


def disguises(script: str, count: int) -> list[tuple[str, Disguise]]:
    """Every word of a script under so many tricks, where so many apply."""
    rng = Random(count)
    made = [(word, disguise(word, script, count, rng)) for word in words(script)]
    return [(word, one) for word, one in made if one is not None]


@pytest.mark.parametrize("script", SCRIPTS)
def test_words_are_many_and_distinct(script: str) -> None:
    """Forty words or more, long enough, composed, and none inside another."""
    found = words(script)

    assert len(found) >= 40
    assert len(found) == len(set(found))
    assert [word for word in found if len(word) < SHORTEST.get(script, 4)] == []
    assert [word for word in found if word != unicodedata.normalize("NFC", word)] == []
    assert [
        pair for pair in combinations(found, 2) if pair[0] in pair[1] or pair[1] in pair[0]
    ] == []


def test_there_are_ten_scripts() -> None:
    """Every script has words and carriers; every trick is named once and is used somewhere."""
    assert len(SCRIPTS) == 10
    assert set(SCRIPTS) == set(adversary_words.CARRIERS)
    assert len(adversary.ROWS) == len(TRICKS)
    assert [trick.name for trick in TRICKS.values() if not set(trick.scripts) <= set(SCRIPTS)] == []


@pytest.mark.parametrize(("script", "trick"), USED, ids=named)
def test_a_trick_changes_a_word_of_each_of_its_scripts(script: str, trick: Trick) -> None:
    """A trick changes at least one word, and whether it changes a word is not left to chance."""
    assert fitting(script, trick)
    for word in words(script):
        changed = {trick.write(word, Random(seed)) != word for seed in SEEDS}
        assert changed == {trick.name in applicable(word, script)}, word


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_same_seed_gives_the_same_disguises(script: str) -> None:
    """Nothing but the seed decides; another seed decides otherwise."""
    first, again, other = (
        [disguise(word, script, 2, rng) for word in words(script)]
        for rng in (Random(1), Random(1), Random(2))
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_disguise_has_the_promised_tricks(script: str, count: int) -> None:
    """So many tricks, all different, in their order, and none that would spoil another."""
    made = disguises(script, count)

    assert len(made) == len(words(script))
    for word, one in made:
        tricks = [TRICKS[name] for name in one.tricks]
        assert one.text != word
        assert len({trick.name for trick in tricks}) == count
        assert [trick.stage for trick in tricks] == sorted(trick.stage for trick in tricks)
        assert all(adversary.together(*pair) for pair in combinations(tricks, 2))


def test_no_disguise_of_more_tricks_than_go_together() -> None:
    """None, rather than a disguise of fewer tricks."""
    assert disguise("casino", "latin", len(TRICKS), Random(0)) is None


@pytest.mark.parametrize(("script", "trick"), SWAPS, ids=named)
def test_most_letters_stay_plain_under_exchanged_ones(script: str, trick: Trick) -> None:
    """Look-alikes and leet leave three letters in five alone, dotless ones every other."""
    for word in fitting(script, trick):
        most = len(word) // 2 if trick.name == "dotless" else int(0.4 * len(word))
        for seed in SEEDS:
            text = trick.write(word, Random(seed))
            exchanged = sum(one != two for one, two in zip(word, text, strict=True))
            assert 1 <= exchanged <= max(1, most)


@pytest.mark.parametrize(("script", "trick"), BETWEEN, ids=named)
def test_what_is_put_between_letters_leaves_them_alone(script: str, trick: Trick) -> None:
    """Without what was put in, and read from the right end, the word is there again."""
    for word in fitting(script, trick):
        text = trick.write(word, Random(len(word)))
        if trick.name == "reversed":
            text = "".join(reversed(adversary.letters(text[1:-1])))
        assert "".join(char for char in text if char in word) == word


@pytest.mark.parametrize("name", TABLES)
def test_nothing_stands_for_itself(name: str) -> None:
    """A stand-in differs from its letter and is no mark without a letter."""
    for letter, stand_ins in getattr(adversary_words, name).items():
        assert stand_ins
        assert letter not in stand_ins or isinstance(stand_ins, tuple)
        assert not any(one == letter or unicodedata.combining(one[0]) for one in stand_ins)


def test_arabizi_has_a_digit_and_no_arabic() -> None:
    """A romanised word is Latin, with one of the digits that stand for Arabic letters."""
    trick = TRICKS["arabizi"]
    for word in fitting("arabic", trick):
        text = trick.write(word, Random(len(word)))
        assert text.isascii()
        assert set(text) & set("2356789")


def test_arabic_print_forms_join_as_they_should() -> None:
    """The forms fold back, and a letter after one that does not join stands alone or first."""
    rng = Random(3)
    forms = {adversary.presentation("كازينو", rng) for _ in range(9)}
    assert forms == {"\ufedb\ufe8e\ufeaf\ufef3\ufee8\ufeee"}
    for word in words("arabic"):
        assert word == unicodedata.normalize("NFKC", adversary.presentation(word, rng))


@pytest.mark.parametrize("script", SCRIPTS)
def test_carriers_hold_none_of_the_words(script: str) -> None:
    """Text before and after is long enough, and there is nothing risky in it."""
    risky = {word for each in SCRIPTS for word in words(each)}
    for seed in range(60):
        for text in carrier(script, Random(seed)):
            assert text == text.strip()
            assert len(text) >= 6
            assert [word for word in risky if word in text.casefold()] == []


def test_the_command_prints_counts_and_samples(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of counts for every trick, then samples with their code points."""
    monkeypatch.setattr("sys.argv", ["adversary.py", "--show", "1"])
    adversary.main()
    lines = capsys.readouterr().out.splitlines()
    table, samples = lines[: len(TRICKS) + 2], lines[len(TRICKS) + 2 :]

    assert [line[:26].strip() for line in table[1:-1]] == list(TRICKS)
    assert len(samples) == len(USED) + 2 * len(SCRIPTS)
    for line in samples:
        _, word, _, text, codes = line.split("\t")
        assert "".join(chr(int(code, 16)) for code in codes.split(" ")) == text != word


@cache
def tried() -> list[attack.Attempt]:
    """Words of every script in disguise, looked for in the view `evasion`."""
    return attack.attempts("tests", {0: 1, 1: 2, 3: 1})


@pytest.mark.parametrize("count", RECALL)
def test_the_library_finds_words_in_disguise(count: int) -> None:
    """Every clean word, and of disguised ones the promised share; what is missed is listed."""
    rate = attack.by_count(tried())[count]
    missed = [one for one in tried() if not one.found and len(one.tricks) == count]

    assert rate.of >= 400
    assert rate.value >= RECALL[count], [(one.word, one.tricks) for one in missed]


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_script_is_left_behind(script: str) -> None:
    """Under one trick words are found in every script."""
    rate = attack.by_script(tried(), 1)[script]

    assert rate.of >= 80
    assert rate.value >= IN_EACH_SCRIPT, str(rate)
