"""The labelled ads of benchmarks/accuracy: what the collection promises of itself."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
import regex
import yaml
from benchmarks.accuracy import counts
from PIL import Image

from automod.model.case import Case
from automod.text.fold import fold

FILES: Final = counts.read()
CASES: Final = tuple(case for cases in FILES.values() for case in cases)
IDS: Final = [case.creative.id for case in CASES]
POLICIES: Final = Path(__file__).parents[1] / "rulesets/policies.yaml"

LEAST: Final = {
    "ar": 270, "en": 290, "es": 50, "fr": 50, "hi": 40, "id": 50, "pt": 40, "ru": 40, "tr": 40,
    "ur": 40, "vi": 40, "zh": 60, "images": 14,
}  # fmt: skip
LEAST_OF_ALL: Final = 1_000
LARGEST_PICTURE: Final = 40_000
FICTION: Final = regex.compile(r"1\d{3}55501\d\d|447700900\d{3}")
"""Telephone numbers that are given to nobody."""

LONGEST_RUN: Final = 12
"""Characters that two ads may hardly have in common by chance."""


def text_of(case: Case) -> str:
    """All words of an ad, folded."""
    return fold(" ".join(case.creative.text.values())).text


def runs(text: str) -> set[str]:
    """Every run of `LONGEST_RUN` characters."""
    return {text[at : at + LONGEST_RUN] for at in range(len(text) - LONGEST_RUN + 1)}


@pytest.mark.parametrize("name", LEAST)
def test_a_file_holds_as_many_as_promised(name: str) -> None:
    """Twelve languages and the pictures, none too few; each in the language it is named by."""
    assert len(FILES[name]) >= LEAST[name]
    if name != "images":
        assert {case.creative.language for case in FILES[name]} == {name}


def test_there_are_no_other_files_and_enough_of_all() -> None:
    """What is counted is what is there."""
    assert FILES.keys() == LEAST.keys()
    assert len(CASES) >= LEAST_OF_ALL


def test_ids_are_unique() -> None:
    """An id is one ad."""
    assert [one for one, times in Counter(IDS).items() if times > 1] == []


def test_at_least_half_are_harmless() -> None:
    """False alarms are measured on as many ads as misses are."""
    sorts = Counter(counts.reason(case).sort for case in CASES)
    assert sorts["near-miss"] + sorts["clean"] >= len(CASES) / 2
    assert sorts["near-miss"] > sorts["clean"] > 0
    assert sorts["evasion"] >= (sorts["evasion"] + sorts["violation"]) * 0.2


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_case(case: Case) -> None:
    """A reason of a known sort that the labels bear out, with tricks where it is an evasion."""
    why = counts.reason(case)
    assert (why.sort == "evasion") == bool(why.tricks)
    assert (why.sort in counts.HARMFUL) == any(counts.settled(case).values())
    assert case.creative.markets
    assert str(case.creative.on) == "2026-11-20"


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_two_readers_label_what_is_judged(case: Case) -> None:
    """Both judge the same codes, once each; the arbiter speaks where they differ, and says why."""
    first, second = (counts.said(case, by) for by in counts.READERS)
    apart = {code for code in first if first[code] != second[code]}
    third = counts.said(case, counts.ARBITER)
    assert tuple(first) == tuple(second) == case.judged
    assert third.keys() == apart
    assert len(case.labels) == 2 * len(case.judged) + len(third)
    assert {(one.market, one.kind) for one in case.labels} == {("*", "random")}
    assert {one.present for one in case.labels} <= {"yes", "no"}
    assert ("x-arbiter" in (case.model_extra or {})) == bool(apart)


def test_readers_differ_seldom_but_do() -> None:
    """Two who never differ are one."""
    apart = sum(bool(counts.said(case, counts.ARBITER)) for case in CASES)
    assert 0 < apart < len(CASES) * 0.08


def test_codes_are_those_of_the_policy_table() -> None:
    """Every judged code is there, and every code of the cases is present and absent somewhere."""
    known = set(yaml.safe_load(POLICIES.read_text("utf-8"))["codes"])
    judged = {code for case in CASES for code in case.judged}
    assert judged <= known
    for code in judged:
        found = [counts.settled(case)[code] for case in CASES if code in case.judged]
        assert 15 <= sum(found) <= len(found) - 50


def test_no_text_is_repeated() -> None:
    """No field of two ads is the same after the safe fold."""
    texts = [fold(text).text for case in CASES for text in case.creative.text.values()]
    assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_no_ad_is_another_with_words_swapped() -> None:
    """No two have a fifth of the shorter one's runs of characters in common.

    Authors who never saw each other's ads share what the trade, or the law, says word by word: up
    to a sixth.
    """
    every = [(case.creative.id, runs(text_of(case))) for case in CASES]
    alike = [
        (one, other)
        for (one, first), (other, second) in combinations(every, 2)
        if len(first & second) > 0.2 * min(len(first), len(second))
    ]
    assert alike == []


def test_bodies_are_as_long_as_ads_are() -> None:
    """Five to sixty words; in Chinese, which has no spaces, ten to a hundred and twenty signs."""
    for case in CASES:
        body = case.creative.text["body"]
        if case.creative.language == "zh":
            assert 10 <= len(body) <= 120
        else:
            assert 5 <= len(body.split()) <= 60, case.creative.id


def test_links_point_at_nobody() -> None:
    """Hosts end in `.example`; a messenger's link holds a number or name of nobody."""
    for link in (link for case in CASES for link in case.creative.links):
        parts = urlsplit(link)
        host, path = parts.hostname or "", parts.path.strip("/")
        if host == "wa.me":
            assert FICTION.fullmatch(path), link
        elif parts.scheme == "tel":
            assert FICTION.fullmatch(path.removeprefix("+")), link
        elif host == "t.me":
            assert path.startswith("example_"), link
        else:
            assert host.endswith(".example"), link


def test_pictures_are_there_small_and_all_in_use() -> None:
    """A path counts from the file of the case; words of a picture belong to a picture."""
    folder = counts.FOLDER / "cases"
    used = set()
    for case in FILES["images"]:
        (picture,) = case.creative.images
        assert isinstance(picture, str)
        path = (folder / picture).resolve()
        used.add(path)
        assert path.stat().st_size < LARGEST_PICTURE
        with Image.open(path) as opened:
            opened.load()
        assert set(case.creative.text) <= {"title", "body", "ocr:images[0]"}
    assert used == set((counts.FOLDER / "pictures").resolve().iterdir())
    assert not any(case.creative.images for case in CASES if case not in FILES["images"])


def test_the_readme_has_the_counts_of_today() -> None:
    """`python -m benchmarks.accuracy.counts` was run after the last change."""
    assert counts.README.is_current(counts.tables(FILES))


@pytest.mark.parametrize(
    "text", ["", "violation", "violation:", "evasion (leet):", "joke: a pun", "clean () : a shop"]
)
def test_what_is_no_reason(text: str) -> None:
    """A sort without a sentence, and a sort that nobody knows."""
    case = Case.model_validate({"creative": {"id": "c1"}, "x-reason": text})
    with pytest.raises(ValueError, match="is no reason"):
        counts.reason(case)
