"""The suites: evasions that a view must catch, hard negatives it must leave alone."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from typing import Final, get_args

import pytest

import reference
from automod.load.writing import default_boundary, kept_language, language_of, writing_of
from automod.model.ruleset import Material
from automod.model.vocabulary import VIEW_RANK, View
from automod.text.fold import fold
from rulesets import BACKENDS, creative, engine, material
from shared_data import DATA, suite

SAFE_ROWS = {*range(1, 8), *range(11, 23)}
"""The phenomena that the safe view covers; the others belong to looser views."""
SWAP_ROWS = {30, 32}
"""Those that need `view: evasion` written out."""
SENTENCES = ["{}", "العرض: {}، الان", "win {} now", "({})!"]
CONTROLS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks of direction: a span begins at the first letter and ends with the last one's marks."""

LANGUAGES: Final = {
    "Arabic": "ar", "Indonesian": "id", "Turkish": "tr", "Vietnamese": "vi", "Persian": "fa",
}  # fmt: skip
"""Script or language of a row -> the language its package would name."""


@cache
def rows(name: str) -> list[dict[str, str]]:
    """The rows of a suite; none where it is not here (`test_the_suites_are_here` says so)."""
    path = DATA.parent / "suites" / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def evasions() -> list[dict[str, str]]:
    """The rows of Arabic evasions that the safe view must catch."""
    return [row for row in rows("arabic_evasion.tsv") if int(row["number"]) in SAFE_ROWS]


def hard_negatives() -> list[dict[str, str]]:
    """The rows of Arabic hard negatives that no safe match may hit."""
    return [
        row for row in rows("arabic_hard_negatives.tsv") if row["never_hits_at"] in ("any", "safe")
    ]


def test_the_suites_are_here() -> None:
    """The suites hold the rows that the tests below run; skipped, by name, if they are not here."""
    suite("arabic_evasion.tsv")
    suite("arabic_hard_negatives.tsv")

    assert len(evasions()) == 39
    assert len(hard_negatives()) == 12


@pytest.mark.parametrize("row", evasions(), ids=lambda row: f"{row['number']} {row['surface']}")
def test_the_safe_view_catches(row: dict[str, str]) -> None:
    """The canonical spelling hits the disguised one, and the span covers every letter of it."""
    surface = row["surface"].strip(CONTROLS)
    one = material(row["canonical"])
    for sentence in SENTENCES:
        text = sentence.format(row["surface"])
        start = text.index(surface)

        assert {(start, start + len(surface))} == reference.find(one, text)
        for backend in BACKENDS:
            hits = engine((one,), backend).scan(creative(text))
            assert [(start, start + len(surface))] == [(hit.start, hit.end) for hit in hits]


@pytest.mark.parametrize("row", evasions(), ids=lambda row: f"{row['number']} {row['surface']}")
def test_the_safe_view_catches_either_way(row: dict[str, str]) -> None:
    """Material in the disguised spelling hits the canonical one: both sides fold alike."""
    for backend in BACKENDS:
        hits = engine((material(row["surface"]),), backend).scan(creative(row["canonical"]))
        assert [(0, len(row["canonical"]))] == [(hit.start, hit.end) for hit in hits]


@pytest.mark.parametrize(
    "row", hard_negatives(), ids=lambda row: f"{row['text']} {row['material']}"
)
def test_the_safe_view_leaves_alone(row: dict[str, str]) -> None:
    """Innocent words that look like risky ones do not hit."""
    one = material(row["material"])
    for sentence in SENTENCES:
        text = sentence.format(row["text"])

        assert set() == reference.find(one, text)
        for backend in BACKENDS:
            assert () == engine((one,), backend).scan(creative(text))


@pytest.mark.parametrize("row", rows("scripts_hard_negatives.tsv"), ids=lambda row: row["text"])
def test_words_of_other_scripts_are_left_alone(row: dict[str, str]) -> None:
    """A risky word inside an innocent one does not hit, where its script writes words apart."""
    if row["language"] == "zh":
        pytest.skip("Chinese has no words: the reference knows none")
    one = material(row["material"])

    assert set() == reference.find(one, row["text"])
    for backend in BACKENDS:
        assert () == engine((one,), backend).scan(creative(row["text"]))


# --- the looser views -----------------------------------------------------------------------------


def as_loaded(value: str, language: str, view: View, *, swaps: bool = False) -> Material:
    """A material with the boundary that the loader gives it in a package of that language."""
    writing = writing_of(fold(value, "safe").text, "keyword")
    spoken = language_of(writing, (language,) if language else ())
    boundary = default_boundary(writing, spoken)
    one = material(value, boundary=boundary, view=view)
    return replace(one, language=kept_language(spoken, boundary), swaps=swaps)


def all_evasions() -> list[tuple[str, str, str, bool]]:
    """(language, surface, canonical, swaps) of every row of both suites."""
    arabic = [
        ("ar", row["surface"], row["canonical"], int(row["number"]) in SWAP_ROWS)
        for row in rows("arabic_evasion.tsv")
    ]
    others = [
        (
            LANGUAGES.get(row["script"], ""), row["surface"], row["canonical"],
            row["phenomenon"] == "homophone",
        )
        for row in rows("scripts_evasion.tsv")
    ]  # fmt: skip
    return arabic + others


@pytest.mark.parametrize(("language", "surface", "canonical", "swaps"), all_evasions())
def test_the_evasion_view_catches(language: str, surface: str, canonical: str, swaps: bool) -> None:
    """The canonical spelling hits every disguise of it; the span covers all of the disguise."""
    one = as_loaded(canonical, language, "evasion", swaps=swaps)
    # Letters that only an override turns round are no disguise without it: it is part of the hit.
    bare = surface if "onisac" in surface else surface.strip(CONTROLS)
    for sentence in SENTENCES:
        text = sentence.format(surface)
        start = text.index(bare)
        expected = [(start, start + len(bare))]
        for backend in BACKENDS:
            hits = engine((one,), backend).scan(creative(text))
            assert [(hit.start, hit.end) for hit in hits] == expected


@pytest.mark.parametrize(
    ("language", "surface", "canonical"), [row[:3] for row in all_evasions() if row[3]]
)
def test_swaps_are_not_looked_for_unasked(language: str, surface: str, canonical: str) -> None:
    """Exchanged letters and reversal make other words: they need `view: evasion` written out."""
    one = as_loaded(canonical, language, "evasion")
    for backend in BACKENDS:
        assert () == engine((one,), backend).scan(creative(surface))


def forbidden() -> list[tuple[str, str, str, View]]:
    """(language, text, material, view) of every hard negative, in every view it is one."""
    views: tuple[View, ...] = get_args(View)
    arabic = [
        ("ar", row["text"], row["material"], view)
        for row in rows("arabic_hard_negatives.tsv")
        for view in views
        if row["never_hits_at"] == "any" or VIEW_RANK[view] <= VIEW_RANK[as_view(row)]
    ]
    others = [
        (row["language"], row["text"], row["material"], view)
        for row in rows("scripts_hard_negatives.tsv")
        for view in views
    ]
    return arabic + others


def as_view(row: dict[str, str]) -> View:
    """The loosest view that a row of Arabic hard negatives names."""
    return next(view for view in get_args(View) if view == row["never_hits_at"])


@pytest.mark.parametrize(("language", "text", "value", "view"), forbidden())
def test_no_view_hits_an_innocent_word(language: str, text: str, value: str, view: View) -> None:
    """With the boundary that the language has: inflected words included."""
    for swaps in {False, view == "evasion"}:
        one = as_loaded(value, language, view, swaps=swaps)
        for sentence in SENTENCES:
            for backend in BACKENDS:
                assert () == engine((one,), backend).scan(creative(sentence.format(text)))


def test_every_row_of_the_suites_is_run() -> None:
    """No row is left out."""
    for name in ("scripts_evasion.tsv", "scripts_hard_negatives.tsv"):
        suite(name)
    assert len(all_evasions()) == len(rows("arabic_evasion.tsv")) + len(rows("scripts_evasion.tsv"))
    assert len({row[:3] for row in forbidden()}) == 13 + len(rows("scripts_hard_negatives.tsv"))
