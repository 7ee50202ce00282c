"""An ad's text on a screen: marked, wrapped, isolated, and unable to act."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from automod.report.excerpt import CLOSE, OPEN, excerpt, merged
from automod.report.page import wrapped
from automod.report.visible import FSI, LRM, PDI, RLM, apart, clusters, is_rtl, isolated, shown

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x07\x00\r\n\t\u202e\u2067\u2068\u2069\u200f\u200b\ufeff\u0301\u200d"),
        st.sampled_from("اربحكازينو ً casino玩🎰🇸🇦"),
    ),
    max_size=80,
)
ACTS = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("casino", "casino"),
        ("كازينو", "كازينو"),
        ("a\x1b[2Jb", "a␛[2Jb"),
        ("a\tb\nc", "a b↵c"),
        ("a\x00b\x7fc\x9bd", "a␀b␡c\ufffdd"),
        ("a\u202eb\u2067c\u2069d", "a·b·c·d"),
        ("ca\u200bsi\u00adno\u3164x", "ca·si·no·x"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("a\ud800b", "a\ufffdb"),
        ("a\u00a0b\u2003c", "a b c"),
        ("a\u2028b", "a↵b"),
    ],
)
def test_what_is_shown(text: str, expected: str) -> None:
    """What would act on a terminal, or show nothing, is shown as something that is seen."""
    assert shown(text) == expected


@given(HOSTILE)
def test_nothing_that_is_shown_acts(text: str) -> None:
    """No control character, line end, bidi control or half character ever reaches a terminal."""
    safe = shown(text)
    assert ACTS.isdisjoint(safe)
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(char) for char in safe}
    assert len(safe.splitlines()) <= 1
    safe.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("casino 50", "casino 50"),
        ("café 玩 🎰", "café 玩 🎰"),
        ("ربح", f"{FSI}ربح{PDI}"),
        ("win ربح", f"{FSI}win ربح{PDI}"),
        ("שלום", f"{FSI}שלום{PDI}"),
        ("٥٠", f"{FSI}٥٠{PDI}"),
        ("a\u2069ربح", f"{FSI}a·ربح{PDI}"),
    ],
)
def test_isolates(text: str, expected: str) -> None:
    """Text with right-to-left letters is in an isolate that it cannot leave."""
    assert isolated(text) == expected


def test_an_isolate_over_a_line_end_is_closed_and_opened_anew() -> None:
    """A quotation that is broken into lines keeps its direction, and its line to itself."""
    lines = [line.plain for line in wrapped(f"it is {FSI}ربح مضمون لك{PDI} here", 12)]
    assert len(lines) > 1
    assert [line.count(FSI) - line.count(PDI) for line in lines] == [0] * len(lines)


def test_a_sentence_of_ours_keeps_the_isolates_within() -> None:
    """Sentences are ours: isolates around their values stay."""
    sentence = f"سوق {FSI}SA{PDI}"
    assert apart(sentence) == f"{FSI}{sentence}{PDI}"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("abc", ["a", "b", "c"]),
        ("e\u0301x", ["e\u0301", "x"]),
        ("رَبّ", ["رَ", "بّ"]),
        ("👨\u200d👩\u200d👧x", ["👨\u200d👩\u200d👧", "x"]),
        ("🇸🇦🇪🇬", ["🇸🇦", "🇪🇬"]),
        ("👍🏽!", ["👍🏽", "!"]),
        ("", []),
    ],
)
def test_clusters(text: str, parts: list[str]) -> None:
    """A letter stays with its marks, an emoji in one piece, a flag whole."""
    assert [text[start:end] for start, end in clusters(text)] == parts


@given(HOSTILE)
def test_clusters_cover_the_text(text: str) -> None:
    """Every character is in one cluster, in order."""
    assert "".join(text[start:end] for start, end in clusters(text)) == text


def plain(text: str, spans: list[tuple[int, int]], width: int = 40, most: int = 320) -> list[str]:
    """An excerpt without its styles."""
    marks = [(start, end, "red") for start, end in spans]
    lines = excerpt(text, marks, width, brackets=True, most=most)
    return [line.plain for line in lines]


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("our casino", [(4, 10)], ["our ⟦casino⟧"]),
        ("our casino", [(4, 10), (4, 7)], ["our ⟦casino⟧"]),
        ("casino casino", [(0, 6), (7, 13)], ["⟦casino⟧ ⟦casino⟧"]),
        ("casinowin", [(0, 6), (6, 9)], ["⟦casino⟧⟦win⟧"]),
        ("", [], [""]),
        ("في كـازينو", [(3, 10)], [f"{FSI}في ⟦كـازينو⟧{PDI}"]),
        ("x" * 50, [], ["x" * 40, "x" * 10]),
        ("a\nb", [(0, 3)], ["⟦a↵b⟧"]),
    ],
)
def test_excerpts(text: str, spans: list[tuple[int, int]], expected: list[str]) -> None:
    """Evidence is marked where it stands, lines break at spaces, and each is in an isolate."""
    assert plain(text, spans) == expected


def test_every_line_has_the_direction_of_its_field() -> None:
    """A line that begins with a word of the other direction does not turn around."""
    arabic = plain("اربح الآن معنا casino كل يوم", [], width=16)
    english = plain("win now with us كازينو every day", [], width=16)
    assert arabic[1].startswith(f"{FSI}{RLM}casino")
    assert english[1].startswith(f"{FSI}{LRM}كازينو")
    assert all(line.count(FSI) == line.count(PDI) for line in (*arabic, *english))


def test_a_long_field_shows_what_is_around_its_marks() -> None:
    """Ten megabytes with one hit are three lines."""
    text = "word " * 2_000_000
    start = 5_000_000
    lines = plain(text, [(start, start + 4)], width=80)
    joined = " ".join(lines)
    assert len(lines) <= 3
    assert joined.startswith("… ")
    assert joined.endswith(" …")
    assert joined.count(OPEN) == 1
    assert len(plain(text, [], width=80)) <= 5


@given(HOSTILE, st.lists(st.tuples(st.integers(0, 80), st.integers(1, 10)), max_size=5))
def test_an_excerpt_loses_no_letter_and_fits(text: str, places: list[tuple[int, int]]) -> None:
    """All that is shown of the text is in the lines, marks are closed, and no line is too wide."""
    spans = [(at, min(at + size, len(text))) for at, size in places if at < len(text)]
    lines = plain(text, spans, width=20)
    told = "".join(lines)
    for extra in (FSI, PDI, LRM, RLM, OPEN, CLOSE, " "):
        told = told.replace(extra, "")
    kept = shown(text)
    for extra in (LRM, RLM, OPEN, CLOSE, " "):
        kept = kept.replace(extra, "")
    assert told == kept
    assert sum(line.count(OPEN) for line in lines) == text.count(OPEN) + len(merged(spans))
    assert sum(line.count(FSI) for line in lines) == sum(line.count(PDI) for line in lines)
    widest = max(cell_len(shown(text[i:j])) for i, j in clusters(text)) if text else 0
    assert all(cell_len(line) <= max(20, widest) + 2 for line in lines)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10)), max_size=8))
def test_merged_spans(places: list[tuple[int, int]]) -> None:
    """Merged spans cover the same letters, in order, and none overlaps another."""
    spans = [(start, start + size) for start, size in places]
    found = merged(spans)
    covered = {place for start, end in spans for place in range(start, end)}
    assert {place for start, end in found for place in range(start, end)} == covered
    assert all(one[1] <= two[0] for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("text", "expected"), [("50 ريال", True), ("ok ريال", False), ("123 !", False), ("", False)]
)
def test_direction(text: str, expected: bool) -> None:
    """The first letter with a direction gives a text its own; digits have none."""
    assert is_rtl(text) is expected
