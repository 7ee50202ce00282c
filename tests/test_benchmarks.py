"""The benchmarks' corpus and answers, small and untimed."""

import random
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks import (
    answers,
    backtest,
    corpus,
    crops,
    datasets,
    hash_index,
    lint,
    loading,
    readme,
    recall,
    scenes,
    throughput,
    views,
    worker_start,
)
from benchmarks.growth import of_length
from benchmarks.harness import Figure, Report, at_least, at_most, ratio, spread
from benchmarks.rates import Rate
from benchmarks.rivals import fold_by_hand, fold_tuned

import reference_hashes
from automod.engine.compile import compile as compile_ruleset
from automod.match.hash_index import HashIndex
from automod.match.matcher import Matcher

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


def test_a_worker_that_starts_from_a_bundle_answers_as_from_files(tmp_path: Path) -> None:
    """Digest and decisions are the same; every way of starting says how long it took."""
    planting, chosen = worker_start.prepare(tmp_path, 400)

    digest = worker_start.assert_answers(tmp_path, planting, chosen)

    assert digest.startswith("sha256:")
    for way in worker_start.WAYS:
        found = worker_start.start(way, tmp_path)
        assert found["process"] > 0
        assert found["peak"] >= 0


def test_a_table_of_keywords_is_linted_to_the_same_answer(tmp_path: Path) -> None:
    """Faulty rows are found in their lines, and no sound one has a fault."""
    loading.write_rules(tmp_path, scene().keywords)
    before = (tmp_path / "terms.csv").read_bytes()

    found = lint.assert_answers(tmp_path)

    assert found.broken == ()
    assert (tmp_path / "terms.csv").read_bytes() == before


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
    assert readme.README.is_current(readme.tables())
    assert readme.FRONT.is_current(readme.word_lists())


def test_codes_weights_markets_a_rule_and_an_allow_change_no_hit() -> None:
    """The varied ruleset has the hits of the plain one."""
    engine = compile_ruleset(corpus.varied_ruleset(scene().keywords))
    planting = scene().plantings[1.0]
    fresh = corpus.creatives(corpus.encoded(planting.texts), corpus.VARIED_MARKETS)

    decisions = engine.decide_batch(fresh, on=corpus.ON)

    got = answers.of_decisions(decisions, answers.ids_of(scene().keywords))
    answers.must_equal("varied", got, planting)
    assert {3} >= {len(decision.markets) for decision in decisions} - {1, 2}


# --- the looser views -----------------------------------------------------------------------------


@lru_cache(maxsize=1)
def far_scene() -> views.Scene:
    """The contenders of the looser views on a small corpus, built once."""
    return views.prepare(MATERIALS, TEXTS)


def test_the_looser_views_find_what_was_planted() -> None:
    """Every planted keyword at its place; what is found besides is counted by its folds."""
    besides = views.assert_answers(far_scene())

    assert set(throughput.RATES) == set(besides)
    assert MATERIALS == len(far_scene().keywords)
    for rate, counted in besides.items():
        assert counted.total() <= 0.02 * len(far_scene().plantings[rate].expected)


def test_a_keyword_missing_stops_the_benchmark_of_the_views() -> None:
    """More may be found than was planted; less may not."""
    planting = far_scene().plantings[1.0]
    more = (0, 0, 0, 1)

    assert [more] == answers.must_include("someone", [*planting.expected, more], planting)
    with pytest.raises(answers.WrongAnswerError, match=r"someone: 1 of .* missing"):
        answers.must_include("someone", planting.expected[1:], planting)


def test_keywords_have_the_views_and_boundaries_of_the_loader() -> None:
    """Long ones are looked for in disguise, Arabic and Indonesian ones inflected."""
    pairs = zip(far_scene().ruleset.packages[0].materials, far_scene().keywords, strict=True)
    for material, keyword in pairs:
        loaded = datasets.materials([keyword.value], keyword.language)[0]
        assert loaded.view == material.view
        if keyword.language in views.INFLECTED:
            assert ("inflected", keyword.language) == (material.boundary, material.language)
        else:
            assert keyword.boundary == material.boundary


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("win at c4sino", "tokens"),
        ("win at c a s i n o", "single letters"),
        ("win at cas ino now", "joined neighbours"),
        ("赌★博", "bridged symbols"),
        ("\u202eonisac\u202c", "overrides"),
        ("nothing to see here", None),
    ],
)
def test_why_a_text_is_read_again(text: str, cause: str | None) -> None:
    """Each way to find a suspicious stretch has its name."""
    matcher = Matcher(datasets.materials(["casino", "赌博"], view="evasion"), "ahocorasick-rs")

    causes = views.causes_in(matcher, text)
    assert (set() if cause is None else {cause}) <= causes
    assert bool(cause) == bool(causes)


# --- recall ---------------------------------------------------------------------------------------


def test_a_rate_carries_its_counts() -> None:
    """And nothing of nothing is unknown, as are times of nothing."""
    assert "12.50 % (2.24-47.09; 1 of 8)" == str(Rate(1, 8))
    assert "unknown (0 of 0)" == str(Rate(0, 0))
    assert Rate(3, 10).times(Rate(1, 10)) == 3.0
    assert Rate(3, 10).times(Rate(0, 10)) is None


def test_a_view_that_is_not_allowed_finds_nothing() -> None:
    """Each view adds what it is for, and nothing is lost in a looser one."""
    made = datasets.ruleset(datasets.materials(["Casino", "مراهنة"], "ar"))
    texts = ["Casino", "CASINO", "مراهنه", "c4sino", "cosine"]

    found = recall.found_by_view(lambda view: recall.capped(made, view), texts)

    assert [1, 2, 3, 4] == [rate.hits for rate in found.rates().values()]
    assert {"leet": 1} == {
        name: len(hits)
        for name, hits in recall.classes(filter(None, found.added("evasion"))).items()
    }


def test_entries_of_one_letter_are_left_out() -> None:
    """And so is what a fold makes the same as another entry."""
    assert ["ab", "c++x"] == datasets.entries(["a", "(b)", "ab", "AB", "c++x", " ", "♪"])


# --- hashes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rival", [hash_index.flat, hash_index.multi_hash])
def test_faiss_and_the_index_give_one_answer(rival: Callable[[hash_index.Hashes], Any]) -> None:
    """Both find what is at the radius; one pair too few stops the benchmark."""
    hashes = hash_index.drawn(2_000, 1)
    nearly = [hashes[0] ^ np.packbits(np.arange(256) < bits) for bits in (31, 32)]
    queries = np.concatenate([hash_index.queries_for(hashes, 40, 2), nearly])

    ours = hash_index.ours(HashIndex().add(hashes))(queries)
    theirs = hash_index.theirs(rival(hashes))(queries)

    hash_index.must_agree("automod", ours, theirs)
    assert [[40, 0, 31]] == ours[ours[:, 0] >= 40].tolist()
    with pytest.raises(answers.WrongAnswerError, match="someone"):
        hash_index.must_agree("someone", ours[1:], theirs)


def test_half_of_the_queries_are_near_a_hash() -> None:
    """Up to 40 bits away, and the others are drawn."""
    hashes = hash_index.drawn(50, 1)
    queries = hash_index.queries_for(hashes, 30, 2)

    nearest = reference_hashes.distances(queries, hashes).min(axis=1)

    assert 15 == (nearest <= 40).sum()


@pytest.mark.skipif(not scenes.are_here(), reason="the data folder is not here")
def test_crops_cluster_and_are_the_same_every_time() -> None:
    """One seed, one set of hashes; many lie nearer than any drawn ones do."""
    hashes = crops.hashes(400, 1)

    assert (400, 32) == hashes.shape
    assert np.array_equal(hashes, crops.hashes(400, 1))
    assert 8 <= _with_a_neighbour(hashes)
    assert 0 == _with_a_neighbour(hash_index.drawn(400, 1))


def _with_a_neighbour(hashes: hash_index.Hashes, radius: int = 60) -> int:
    apart = reference_hashes.distances(hashes, hashes)
    return int(((apart <= radius).sum(axis=1) > 1).sum())


def test_a_backtest_in_the_benchmark_answers_as_two_full_runs(tmp_path: Path) -> None:
    """Whatever is timed gives the answer of two full runs, and looks at less."""
    small = backtest.prepare(tmp_path, MATERIALS, 3 * TEXTS, TEXTS, 0.4)

    found = backtest.assert_answers(small)

    assert found.whole.gained
    assert found.effort.decided < small.creatives
