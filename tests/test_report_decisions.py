"""Decisions as text and as tables.

The texts are in tests/golden; run this file to write them anew, and look at what changed.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from automod.cli import exits
from automod.model.decision import Decision, Hit, MarketOutcome, NotEvaluated, Reason, Verdict
from automod.model.markets import ISO_3166
from automod.model.vocabulary import NOT_EVALUATED
from automod.policy.reasons import sentence
from automod.report.decision_csv import COLUMNS, DecisionTable, cell, rows
from automod.report.decision_text import decision_text
from automod.report.evidence_text import evidence_lines
from automod.report.excerpt import Marking
from automod.report.labels import LANGS, Lang, fold_words, has_label, word
from automod.report.page import Page
from automod.report.spoken import verdict_sentence
from automod.report.tally import Tally, tally_line
from automod.report.visible import shown
from automod.text.evidence import COMPOSED, CONFIDENCE, EVASION_FOLDS, INFLECTION, LOOSE_FOLDS
from automod.text.tables import tables
from automod.text.tables.far import far_tables
from command import creative, run, write_jsonl, write_rules

GOLDEN = Path(__file__).with_name("golden")
LICENCE = {"policy": "GMB.REAL", "market": "GB", "number": "7", "until": "2026-01-01"}
CREATIVES: list[Any] = [
    creative(
        1, "Our Ｃasi\u200bno: free new spins, call +971 50 123 4567", "SA", "MT", "FR",
        links=["https://casino.example/free"],
    ),
    creative(2, "", "KW", text={"title": "اربح", "body": "العب في كـــازينو الآن"}),
    creative(3, "Help with casino addiction", "SA", "GB"),
    creative(4, "Hello", "SA", "AE"),
    creative(5, "Hello", "SA"),
    creative(6, "A jackpot and free spins", "KW"),
    "{broken",
    creative(7, "casino", "GB", targeting={"min_age": 18}, certificates=[LICENCE]),
    creative(8, "", "XX", text={"body": "hello", "title": 5}),
    creative(9, "\x1b[31m casino\x07\u202e onisac", "SA"),
]  # fmt: skip
REASON = Reason("prohibited", (("policy", "X.Y"),))
PAGES = [("en", 80), ("en", 100), ("ar", 80)]


def verdict_of(code: str, *because: int) -> Verdict:
    """A rejection in SA that rests on these hits."""
    return Verdict(
        "SA", code, "high", ("prohibited",), f"{code}/SA", "law", "", 0.9, 0.85, "reject", because,
        REASON,
    )  # fmt: skip


def scanned(folder: Path, lang: str, columns: int, *flags: str) -> str:
    """What `automod scan` prints of the creatives."""
    write_jsonl(folder / "ads.jsonl", CREATIVES)
    rules = write_rules(folder / "rules")
    # From within the folder: the report names the file, and must not depend on where it lies.
    with contextlib.chdir(folder):
        asked = ("scan", "ads.jsonl", "-r", rules, "--lang", lang, *flags)
        result = run(*asked, columns=columns)
    assert result.exit_code == exits.INCOMPLETE, result.stderr
    return result.stdout


@pytest.mark.parametrize(("lang", "columns"), PAGES)
def test_a_scan_as_a_person_sees_it(lang: str, columns: int, tmp_path: Path) -> None:
    """The report is what it was; a change of it is looked at, in both languages and widths."""
    golden = GOLDEN / f"scan-{lang}-{columns}.txt"
    assert scanned(tmp_path, lang, columns) == golden.read_text("utf-8")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("columns", [60, 80, 132])
def test_every_line_fits_the_window(lang: str, columns: int, tmp_path: Path) -> None:
    """No line is wider than the window, so that no terminal breaks it again."""
    lines = scanned(tmp_path, lang, columns, "-v").splitlines()
    long = [line for line in lines if cell_len(line) > columns]
    # An address is not cut where it could not be copied any more.
    assert [line for line in long if "://" not in line] == []


@pytest.mark.parametrize("lang", LANGS)
def test_isolates_are_closed_on_every_line(lang: str, tmp_path: Path) -> None:
    """Each line of the report opens as many isolates as it closes, and no ad can open one."""
    for line in scanned(tmp_path, lang, 80, "-v").splitlines():
        assert line.count("\u2068") == line.count("\u2069")
        assert not set("\x1b\x07\u202e") & set(line)


def test_arabic_is_arabic(tmp_path: Path) -> None:
    """--lang ar: actions, reasons, folds and counts are in Arabic; ids and codes stay."""
    told = scanned(tmp_path, "ar", 80)
    for expected in ("رفض", "مراجعة", "موافقة", "تطويل", "يسمح به", "السبب", "غير مكتمل"):
        assert f"\u2068{expected}" in told
    words = set(re.findall(r"[A-Za-z]{3,}", told))
    assert not words & {
        "reject",
        "review",
        "because",
        "prohibited",
        "allowed",
        "incomplete",
        "rule",
    }


def test_the_evidence_is_in_the_text(tmp_path: Path) -> None:
    """The report marks it in the ad, names folds, allow and override, and what is missing."""
    told = scanned(tmp_path, "en", 100)
    for expected in (
        "⟦Ｃasi·no⟧", "invisible characters, wide letters", "⟦كـــازينو⟧", "tatweel",
        "allowed by gambling/help", "shadow: no action", "overridden by INC-1",
        "creative.invalid", "text.not_text", "certificate 7 expired on 2026-01-01",
        "no creative (ads.jsonl:7)", "FR 18+", "Real-money gambling",
    ):  # fmt: skip
        assert expected in told


def test_clean_creatives_take_one_line_unless_detail_is_asked_for(tmp_path: Path) -> None:
    """What needs nobody takes no room; -v shows it all."""
    (tmp_path / "v").mkdir()
    brief, full = scanned(tmp_path, "en", 100), scanned(tmp_path / "v", "en", 100, "-v")
    assert " ✔ APPROVE      c4  SA AE\n ✔ APPROVE      c5  SA\n" in brief
    assert " ✔ APPROVE      c4  SA AE\n  body          Hello\n" in full


def test_colours_need_a_terminal_and_brackets_stand_in_for_them() -> None:
    """With colours the evidence is red; without, it is in brackets."""
    hit = Hit(
        0, "p/m", "1", ("X.Y",), "live", "keyword", "body", 0, 6, "casino", "exact", weight=0.9
    )
    verdict = verdict_of("X.Y", 0)
    outcome = {"SA": MarketOutcome("reject", complete=True)}
    decision = Decision("c", 0, "2026-11-20", "sha256:0", "reject", outcome, (verdict,), (hit,))
    ad = creative("", "casino night")
    for brackets, expected in ((True, "⟦casino⟧ night"), (False, "casino night")):
        page = Page(marking=Marking(brackets=brackets))
        (line,) = [one for one in decision_text(ad, decision, page) if "night" in one.plain]
        assert line.plain.endswith(expected)
        assert "bold red" in {str(span.style) for span in line.spans}


CLIP = "clip, 2.0-5.5 s, 67% of the video, 50% of the sample"


@pytest.mark.parametrize(
    ("view", "at", "box", "english", "arabic"),
    [
        (
            CLIP, 2.0, None, [CLIP, "0 bits apart", "at 0:02"],
            ["مقطع، 2.0-5.5 ث، 67% من الفيديو، 50% من العيّنة", "عند 0:02"],
        ),
        (
            "frame 6, framed", None, (0, 17, 96, 64),
            ["frame 6, inside the picture", "0 bits apart", "at 0,17-96,64"],
            ["الإطار 6، داخل الصورة", "عند 0,17-96,64"],
        ),
        (
            "pdq, mirrored", 64.9, (0, 0, 96, 64),
            ["pdq, mirrored", "0 bits apart", "at 1:04", "at 0,0-96,64"],
            ["pdq، معكوسة أفقيًا", "عند 1:04", "عند 0,0-96,64"],
        ),
        ("phash", None, None, ["phash", "0 bits apart"], ["phash"]),
        ("partly", None, None, ["compared in part", "0 bits apart"], ["قورن جزء منها"]),
    ],
)  # fmt: skip
def test_how_when_and_where_a_picture_was_seen(
    view: str, at: float | None, box: Any, english: list[str], arabic: list[str]
) -> None:
    """The second in a video and the box in a picture, where there is one; both languages."""
    hit = Hit(
        0, "p/m", "1", ("X.Y",), "live", "video", "videos[0]", None, None, None, view, weight=0.9,
        distance=0, at=at, box=box,
    )  # fmt: skip
    outcome = {"SA": MarketOutcome("reject", complete=True)}
    verdicts = (verdict_of("X.Y", 0),)
    decision = Decision("c", 0, "2026-11-20", "sha256:0", "reject", outcome, verdicts, (hit,))
    lines = "".join(one.plain for one in evidence_lines(decision, Page(width=200)))
    assert [part for part in re.split(r"  +", lines) if part][3:] == [
        f"videos[0] {english[0]}", *english[1:],
    ]  # fmt: skip
    told = "".join(one.plain for one in evidence_lines(decision, Page(width=200, lang="ar")))
    assert [part for part in arabic if part not in told] == []


def test_many_hits_of_one_creative(tmp_path: Path) -> None:
    """A creative with a thousand hits is a page, not a book; equal rows are one."""
    ads = write_jsonl(tmp_path / "ads.jsonl", [creative(1, "casino " * 1_000)])
    rules = write_rules(tmp_path / "rules")
    lines = run("scan", ads, "-r", rules).stdout.splitlines()
    assert len(lines) < 25
    assert sum("gambling/casino" in line for line in lines) == 1


def test_whatever_size_somebody_sends(tmp_path: Path) -> None:
    """An id of 5,000 characters, every market there is, half a million marks: lines that fit."""
    markets = [*sorted(ISO_3166), "Z" * 500]
    huge = creative("5" * 5_000, "casino " + "\u0301" * 500_000, *markets)
    ads = write_jsonl(tmp_path / "ads.jsonl", [huge, creative("玩" * 500, "casino 玩" * 900)])
    rules = write_rules(tmp_path / "rules")
    lines = run("scan", ads, "-r", rules, columns=80).stdout.splitlines()
    assert len(lines) < 120
    assert [line for line in lines if cell_len(line) > 80] == []
    told = "\n".join(lines)
    assert all(re.search(rf"\b{market}\b", told) for market in sorted(ISO_3166))


@pytest.mark.parametrize("lang", LANGS)
def test_every_word_exists_in_every_language(lang: Lang) -> None:
    """Every fold and every code of what was not evaluated can be told."""
    folds = sorted(
        {name for _, name in tables().folds.values()}
        | {name for _, name in far_tables().loose_folds.values()}
        | {name for _, name in far_tables().stand_ins.values()}
        | {name for _, name in far_tables().arabic_stand_ins.values()}
        | LOOSE_FOLDS | EVASION_FOLDS | CONFIDENCE.keys() | {COMPOSED, INFLECTION}
    )  # fmt: skip
    assert [fold for fold in folds if not has_label(fold)] == []
    told = re.split("[,،] ", fold_words(tuple(folds), lang))
    assert len(set(told)) == len(folds)
    missed = tuple(NotEvaluated("body", code, again) for code, again in NOT_EVALUATED.items())
    decision = Decision("c", 0, "2026-11-20", "sha256:0", "review", {}, not_evaluated=missed)
    lines = [line.plain for line in decision_text({"id": "c"}, decision, Page(lang=lang))]
    assert all(any(code in line for line in lines) for code in NOT_EVALUATED)
    assert word("reject", lang)


def test_the_last_line() -> None:
    """The strictest first; zeros are left out; incomplete ones are counted beside."""
    tally = Tally(creatives=1_234, incomplete=3, shown=5)
    tally.counts |= {"reject": 1_000, "approve": 234}
    expected = "1,234 creatives: ✖ 1,000 rejected, ✔ 234 approved, ⚠ 3 incomplete (5 shown)"
    assert tally_line(tally, "en").plain == expected


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("casino", "casino"),
        ("=1+1", "'=1+1"),
        ("+971 50", "'+971 50"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "↵=1"),
        ("  =1", "'  =1"),
        ("\u00a0@x", "' @x"),
        ("\u200e=1", "'\u200e=1"),
        ("\ufeff=1", "·=1"),
        ("\u3000＝1", "' ＝1"),
        ("＝1+1", "'＝1+1"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        (None, ""),
        (0.9, "0.9"),
    ],
)
def test_no_cell_is_a_formula(value: object, expected: str) -> None:
    """What a spreadsheet would run gets an apostrophe, by which it is text."""
    assert cell(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a\x1b[2Jb", "a␛[2Jb"),
        ("a\x1b]0;title\x07b", "a␛]0;title␇b"),
        ("a\x9b2Jb\x9d0;t\x9c", "a\ufffd2Jb\ufffd0;t\ufffd"),
        ("a\u202eb\u2066c\u2069", "a·b·c·"),
        ("a\nb\x00\x7f", "a↵b␀␡"),
        ("رَبح", "رَبح"),
    ],
)
def test_nothing_in_a_cell_acts(value: str, expected: str) -> None:
    """A table is looked at in terminals too: escapes and bidi controls are shown, not obeyed."""
    assert cell(value) == expected


def table(*decisions: Decision, lang: Lang = "en") -> list[dict[str, str]]:
    """The rows a spreadsheet reads."""
    out = io.StringIO()
    writer = DecisionTable(out, lang)
    for decision in decisions:
        writer.add(decision)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def test_formulas_of_an_ad_reach_no_spreadsheet(tmp_path: Path) -> None:
    """Ids and texts are an advertiser's words; no cell of the whole file begins a formula."""
    evil = creative("", "=casino")
    ids = ["=HYPERLINK(1)", "@x", "+1\t\r\n-2"]
    ads = write_jsonl(tmp_path / "ads.jsonl", [evil | {"id": one} for one in ids])
    rules = write_rules(tmp_path / "rules")
    out = tmp_path / "out.csv"
    run("scan", ads, "-r", rules, "-o", str(out))
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(out.read_bytes().decode("utf-8-sig"), newline="")))
    assert len(found) == 4
    assert [one[0] for one in found[1:]] == ["'=HYPERLINK(1)", "'@x", "'+1 ↵↵-2"]
    assert not [one for row in found for one in row if one.startswith(("=", "+", "-", "@"))]


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_table_gives_back_what_was_put_in(name: str, text: str) -> None:
    """Quotes and commas change nothing, what acts is `shown`, and no cell begins a formula."""
    hit = Hit(0, "p/m", "1", ("X.Y",), "live", "keyword", "body", 0, 1, text, "exact")
    verdict = verdict_of("X.Y", 0)
    outcome = {"SA": MarketOutcome("reject", complete=True)}
    decision = Decision(name, 0, "2026-11-20", "sha256:0", "reject", outcome, (verdict,), (hit,))
    (row,) = table(decision)
    assert row["creative"].removeprefix("'") == shown(name).removeprefix("'")
    assert row["evidence"] == f"body: {shown(text)}"
    assert not [one for cell_ in row.values() for one in cell_ if unicodedata.category(one) == "Cc"]
    assert not [one for one in row.values() if one.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_row_for_each_market_and_verdict() -> None:
    """A market without a verdict has a row, and so has a creative without markets."""
    verdicts = tuple(
        verdict_of(code)
        for code in ("X.Y", "X.Z")
    )  # fmt: skip
    outcomes = {"SA": MarketOutcome("reject", True, ({"kind": "age", "min": 18},)),
                "AE": MarketOutcome("approve", complete=True)}  # fmt: skip
    two = Decision("c", 0, "2026-11-20", "sha256:0", "reject", outcomes, verdicts)
    missed = (NotEvaluated("*", "creative.invalid", transient=False),)
    none = Decision(None, 1, "2026-11-20", "sha256:0", "review", {}, not_evaluated=missed)
    found = table(two, none)
    assert list(found[0]) == list(COLUMNS)
    assert [(one["creative"], one["market"], one["policy"], one["action"]) for one in found] == [
        ("c", "SA", "X.Y", "reject"), ("c", "SA", "X.Z", "reject"), ("c", "AE", "", "approve"),
        ("", "", "", "review"),
    ]  # fmt: skip
    assert found[0]["restrictions"] == "age 18"
    assert (found[3]["complete"], found[3]["not_evaluated"]) == ("no", "*: creative.invalid")
    assert [one["market"] for one in rows(two, markets={"AE"})] == ["AE"]


def test_a_table_in_arabic() -> None:
    """Reasons in Arabic; the columns keep their names, which programs read."""
    verdict = verdict_of("X.Y")
    outcome = {"SA": MarketOutcome("reject", complete=True)}
    decision = Decision("c", 0, "2026-11-20", "sha256:0", "reject", outcome, (verdict,))
    (row,) = table(decision, lang="ar")
    assert row["action"] == "reject"
    assert row["reason"].startswith("محظور")


def test_a_reason_keeps_its_isolates_and_nothing_of_an_ad_acts_in_it() -> None:
    """What a certificate is called is an advertiser's word, too."""
    reason = Reason("certificate_expired", (("number", "\x1b[2J\u202e7"), ("until", "2026-01-01")))
    verdict = replace(verdict_of("X.Y"), reason=reason)
    outcome = {"SA": MarketOutcome("reject", complete=True)}
    decision = Decision("c", 0, "2026-11-20", "sha256:0", "reject", outcome, (verdict,))
    for lang in LANGS:
        (row,) = table(decision, lang=lang)
        assert not set("\x1b\u202e") & set(row["reason"])
        assert row["reason"].count("\u2068") == row["reason"].count("\u2069")
        assert "<U+001B>[2J<U+202E>7" in row["reason"]


@pytest.mark.parametrize("lang", LANGS)
def test_a_report_says_what_the_catalogue_says(lang: Lang) -> None:
    """The sentence of a reason is one function's; a value that is missing is a question mark."""
    verdict = replace(verdict_of("X.Y"), reason=Reason("certificate_expired", ()))
    told = verdict_sentence(verdict, lang)
    assert told.startswith(sentence("certificate_expired", {}, "analyst", lang))
    assert "?" in told


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for lang_, columns_ in PAGES:
        with tempfile.TemporaryDirectory() as name_:
            text_ = scanned(Path(name_), lang_, columns_)
        (GOLDEN / f"scan-{lang_}-{columns_}.txt").write_text(text_, "utf-8")
