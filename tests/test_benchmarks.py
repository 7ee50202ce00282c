"""The benchmarks' corpus and answers, small and untimed."""

import random
from functools import lru_cache
from pathlib import Path

import pytest
from benchmarks import answers, corpus, loading, readme, throughput
from benchmarks.growth import of_length
from benchmarks.harness import Figure, Report, at_least, at_most, ratio, spread
from benchmarks.rivals import fold_by_hand, fold_tuned

from automod.engine.compile import compile as compile_ruleset

MATERIALS, TEXTS = 1_600, 160


@lru_cache(maxsize=1)
def scene() -> throughput.Scene:
    """All contenders on a small corpus, built once."""
    return throughput.prepare(MATERIALS, TEXTS)


def test_everybody_finds_exactly_what_was_planted() -> None:
    """Automod, hand-rolled and hand-tuned agree; the bare scan has every hit among the rest."""
    raw = throughput.assert_answers(scene())

    for rate, planting in scene().plantings.items():
        assert round(rate * len(scene().texts)) == len(planting.expected)
        assert raw[f"raw matches of bare at {rate:g} hits"] >= len(planting.expected)


def test_a_wrong_answer_stops_a_benchmark() -> None:
    """One hit too few, one too many or one elsewhere is told."""
    planting = scene().plantings[1.0]
    creative, number, start, end = planting.expected[0]
    rest = planting.expected[1:]

    for got in (
        rest,
        [*planting.expected, planting.expected[0]],
        [(creative, number, start, end + 1), *rest],
    ):
        with pytest.raises(answers.WrongAnswerError, match=r"someone: .* were planted"):
            answers.must_equal("someone", got, planting)


def test_the_corpus_is_the_same_every_time() -> None:
    """One seed, one corpus; fewer materials are not other materials of fewer languages."""
    again = throughput.prepare(MATERIALS, TEXTS)

    assert scene().texts == again.texts
    assert scene().keywords == again.keywords
    assert scene().plantings == again.plantings
    assert {keyword.language for keyword in again.keywords} == set(corpus.LANGUAGES)


def test_planted_keywords_stand_where_they_are_expected() -> None:
    """The slice of the original text is the keyword, but for its spelling."""
    plain = 0
    for creative, number, start, end in scene().plantings[1.0].expected:
        spelt = scene().plantings[1.0].texts[creative][start:end]
        value = scene().keywords[number].value
        assert fold_by_hand(value) == fold_by_hand(spelt)
        plain += spelt == value
    assert 0 < plain < len(scene().plantings[1.0].expected)


def test_without_the_data_folder_there_are_generated_texts_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No ads, and the corpus says so."""
    monkeypatch.setenv("AUTOMOD_DATA", str(tmp_path))

    texts = corpus.texts(40)

    assert (40, 0) == (len(texts), texts.real)
    assert all(texts.texts)


@pytest.mark.parametrize("language", corpus.LANGUAGES)
def test_generated_texts_have_the_length_asked_for(language: str) -> None:
    """Never longer, and shorter by less than a word."""
    lengths = [len(corpus.generate(language, 200, random.Random(seed))) for seed in range(20)]

    assert max(lengths) <= 200
    assert min(lengths) > 150


def test_a_table_of_keywords_loads_to_the_same_answer(tmp_path: Path) -> None:
    """What is written as CSV, loaded and compiled finds what was planted."""
    loading.write_rules(tmp_path, scene().keywords)

    digest = loading.assert_answers(tmp_path, scene().plantings[1.0], scene().keywords)

    assert digest.startswith("sha256:")


def test_growth_has_as_many_characters_at_every_length() -> None:
    """Long creatives are fewer."""
    assert 200 == len(of_length(10, 2_000))
    assert {10} >= {len(text) for text in of_length(10, 2_000).texts} - set(range(10))


@pytest.mark.parametrize(
    "text", ["كَازِينُو", "كـــازينو", "CASINO", "Straße", "أحمد إلى آل", "ى", "١٢", ""]
)
def test_both_hand_rolled_folds_are_one_fold(text: str) -> None:
    """The tuned one saves time, not work."""
    assert fold_by_hand(text) == fold_tuned(text)


def test_ratios_are_taken_round_by_round() -> None:
    """The median of ratios, not the ratio of medians."""
    got = ratio([1.0, 20.0, 3.0], [1.0, 10.0, 1.0])

    assert (2.0, 1.0, 3.0) == (got.value, got.low, got.high)
    assert [True, False] == [at_most("x", got, 2.0).met, at_least("x", got, 2.1).met]


def test_the_readme_shows_the_records(tmp_path: Path) -> None:
    """A record becomes a table; README.md holds the newest ones."""
    report = Report("growth", {"materials": 10})
    report.add(Figure("x", str(spread([1.0])), "at most 2", met=True))
    report.write(tmp_path)

    assert "| x | 1.00 (1.00-1.00) | at most 2 | met |" in readme.tables(tmp_path)
    text = readme.README.read_text("utf-8")
    assert text == readme.current(text, readme.tables())


def test_codes_weights_markets_a_rule_and_an_allow_change_no_hit() -> None:
    """The varied ruleset has the hits of the plain one."""
    engine = compile_ruleset(corpus.varied_ruleset(scene().keywords))
    planting = scene().plantings[1.0]
    fresh = corpus.creatives(corpus.encoded(planting.texts), corpus.VARIED_MARKETS)

    decisions = engine.decide_batch(fresh, on=corpus.ON)

    got = answers.of_decisions(decisions, answers.ids_of(scene().keywords))
    answers.must_equal("varied", got, planting)
    assert {3} >= {len(decision.markets) for decision in decisions} - {1, 2}
