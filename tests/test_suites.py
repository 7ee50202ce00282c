"""The suites: evasions that the safe view must catch, hard negatives it must leave alone."""

from __future__ import annotations

import csv
from functools import cache

import pytest

import reference
from rulesets import BACKENDS, creative, engine, material
from shared_data import DATA, suite

SAFE_ROWS = {*range(1, 8), *range(11, 23)}
"""The phenomena that the safe view covers; the others belong to looser views."""
SENTENCES = ["{}", "العرض: {}، الان", "win {} now", "({})!"]
CONTROLS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks of direction: a span begins at the first letter and ends with the last one's marks."""


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
        pytest.skip("Chinese has no words: a longer allowed phrase is the remedy there")
    one = material(row["material"])

    assert set() == reference.find(one, row["text"])
    for backend in BACKENDS:
        assert () == engine((one,), backend).scan(creative(row["text"]))
