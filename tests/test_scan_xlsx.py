"""Workbooks in and out of `automod scan`: an analyst's sheet, judged, with nothing of it lost."""

from __future__ import annotations

import csv
import json
import re
import sys
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils.escape import unescape
from pydantic_core import PydanticCustomError

from automod.batch.sources import Misread, read_all
from automod.cli import exits
from automod.errors import InputError
from automod.load.ad_headers import slip
from automod.load.creative_sheets import text_of
from automod.load.headers import CREATIVE_KEYS, OF_ADS, OF_CASES, case_column
from automod.load.kept_rows import Rowed
from automod.report.decision_book import Seen, write_book
from automod.report.tally import Tally
from command import creative, run, write_jsonl, write_rules

HEAD: Final = ("Campaign", "id", "markets", "text.body", "Cost")


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small ruleset, in files."""
    return write_rules(tmp_path_factory.mktemp("rules") / "rules")


def sheet(path: Path, *rows: Sequence[Any], merged: str = "") -> str:
    """A workbook of these rows."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "Ads"
    for row in rows:
        page.append(list(row))
    if merged:
        page.merge_cells(merged)
    book.save(path)
    return str(path)


def read(path: str) -> list[Any]:
    """What is in a file."""
    return list(read_all([(path, path)]))


def result_of(path: str, rules: str, *more: str) -> list[dict[str, Any]]:
    """The rows of a result, by their headers."""
    target = str(Path(path).with_name("result.xlsx"))
    ran = run("scan", path, "-r", rules, "-o", target, "--on", "2026-11-20", *more)
    assert ran.exit_code in (exits.YES, exits.INCOMPLETE), ran.output
    page = openpyxl.load_workbook(target, rich_text=True).worksheets[0]
    head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


# --- in -----------------------------------------------------------------------------------------


CELLS: Final[list[tuple[object, str]]] = [
    (123, "123"),
    (123.0, "123"),
    (0.5, "0.5"),
    ("007", "007"),
    (True, "TRUE"),
    (datetime(2026, 1, 2), "2026-01-02"),  # noqa: DTZ001 - a workbook knows no zones
    (datetime(2026, 1, 2, 3, 4), "2026-01-02 03:04:00"),  # noqa: DTZ001
    (None, ""),
]


@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_what_a_cell_says(cell: object, text: str) -> None:
    """A number is its digits and a date its day, as a text file would have them."""
    assert text_of(cell, ("text", "body")) == text


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_no_digit_of_a_number_is_lost(number: int) -> None:
    """Every whole number that a spreadsheet keeps comes back as it was typed, also as a float."""
    assert text_of(number, ("id", None)) == text_of(float(number), ("id", None)) == str(number)


@pytest.mark.parametrize("number", [10**15, -(10**15), 1.5e20])
def test_a_number_that_lost_digits_is_refused(number: float) -> None:
    """Past 15 digits nobody knows what was typed."""
    with pytest.raises(PydanticCustomError, match="more digits"):
        text_of(number, ("id", None))


def test_arabic_headers(tmp_path: Path) -> None:
    """Headers may be Arabic; the cells are those of a CSV file."""
    head = ("المعرف", "الأسواق", "النص", "التاريخ", "العمر الأدنى")
    path = sheet(
        tmp_path / "a.xlsx",
        head,
        (7, "SA؛ NG", "كازينو", datetime(2026, 11, 20), 18),  # noqa: DTZ001
    )
    found = read(path)
    assert found == [
        {"id": "7", "markets": ["SA", "NG"], "text": {"body": "كازينو"}, "on": "2026-11-20",
         "targeting": {"min_age": 18}},
    ]  # fmt: skip
    assert isinstance(found[0], Rowed) and found[0].row.header == head


@pytest.mark.parametrize(
    ("row", "place", "message"),
    [
        (("c", "a", "SA", "=A1&A2", 1), 'D2, column "text.body"', "holds a formula, not a value"),
        (("c", "a", "SA", "#REF!", 1), 'D2, column "text.body"', "holds the error #REF!"),
        (("c", 10**15, "SA", "x", 1), 'B2, column "id"', "more digits"),
    ],
)
def test_a_cell_that_says_nothing(
    tmp_path: Path, row: Sequence[Any], place: str, message: str
) -> None:
    """A formula, an error, a number cut short: the row cannot be read, and the cell is named."""
    path = sheet(tmp_path / "a.xlsx", HEAD, row, ("c", "b", "SA", "x", 1))
    bad, good = read(path)
    assert isinstance(bad, Misread) and good["id"] == "b"
    assert str(bad.location) == f"{path}!Ads!{place}" and message in bad.message
    assert bad.row is not None and bad.row.cells[0] == "c"


def test_a_control_is_read_as_it_was_typed(tmp_path: Path) -> None:
    """A workbook has `_x000D_` where a line ends as in Windows."""
    path = sheet(tmp_path / "a.xlsx", HEAD, ("c", "a", "SA", "one_x000D_\ntwo", 1))
    assert read(path)[0]["text"] == {"body": "one\r\ntwo"}


def test_a_blank_id_is_missing(tmp_path: Path, rules: str) -> None:
    """The reason says so in the words of whoever filled in the sheet."""
    path = sheet(tmp_path / "a.xlsx", HEAD, ("c", None, "SA", "x", 1))
    done = run("scan", path, "-r", rules, "-o", str(tmp_path / "r.xlsx"))
    assert "the id is missing" in done.stderr


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    """A merged cell leaves the rows below it blank: they would be taken for clean."""
    rows = [("c", "a", "SA", "casino", 1), ("c", "b", "SA", None, 1), ("c", "d", "SA", "x", 1)]
    found = read(sheet(tmp_path / "a.xlsx", HEAD, *rows, merged="D2:D3"))
    assert [isinstance(one, Misread) for one in found] == [True, True, False]
    assert "the cell is merged (D2:D3)" in found[1].message


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (("id", "text.boddy", "text.body"), None),
        (("id", "txet.body", "links"), "did you mean 'text.body'?"),
        (("id", "Titel", "text.body"), "did you mean 'title'?"),
        (("id", "markt", "text.body"), "did you mean 'markets'?"),
        (("id", "النص", "text.body"), "the column is there twice: both are 'text.body'"),
        (("id", "Headline", "Ad title"), "the column is there twice: both are 'text.title'"),
        (("id", "نص الإعلان القديم", "النص"), "it says 'نص', as what people see does; name it"),
        (("id", "Headline 2", "Headline"), "'text.ANYTHING' to have it judged, or begin its name"),
        (("id", "Display URL", "links"), "name it 'links' to have it judged"),
        (("id", "Second image", "text.body"), "name it 'images'"),
        (("إعلانات شهر نوفمبر",), "is it a title? the headers must stand in the first row"),
        (("", "Ads of November"), "only 'Ads of November' stands here; is it a title?"),
        (("Campaign", "text.body"), "no column 'id'"),
        (("id", "Campaign"), "no column holds anything to judge"),
        ((), "has no header row"),
    ],
)
def test_headers(tmp_path: Path, head: Sequence[str], message: str | None) -> None:
    """A header of one's own is kept; one that is nearly ours is a slip, and is refused."""
    path = sheet(tmp_path / "a.xlsx", head, ["x"] * len(head))
    if message is None:
        assert read(path)[0]["text"] == {"boddy": "x", "body": "x"}
        return
    with pytest.raises(InputError) as raised:
        read(path)
    assert message in str(raised.value)


NAMES: Final[list[tuple[str, list[str]]]] = [
    ("id", ["Ad ID", "creative-id", "معرف الإعلان", "رقم الاعلان", "المعرّف *"]),
    ("markets", ["Country", "countries", "Market", "البلد", "البلدان", "الدوله"]),
    ("text.title", ["Title", "Headline", "ad_title", "عنوان الإعلان", "العنوان", "عنوان"]),
    ("text.body", ["Body", "Ad text", "Primary text", "نص الإعلان", "النص الإعلاني", "نص إعلان",
                   "محتوى الإعلان", "body (Arabic)"]),
    ("text.description", ["Description", "الوصف", "وصف الاعلان"]),
    ("links", ["Link", "Final URL", "Landing page", "رابط الإعلان", "الروابط"]),
    ("images", ["Image", "صورة الإعلان", "الصوره"]),
    ("videos", ["Video", "فيديو الإعلان"]),
    ("x-نص", ["x-نص"]), ("Campaign", ["Campaign"]), ("text", ["text"]),
]  # fmt: skip


@pytest.mark.parametrize(("column", "headers"), NAMES)
def test_the_names_people_use(column: str, headers: Sequence[str]) -> None:
    """What a column of ads holds is known by any of its usual names, in both languages."""
    assert {one: case_column(one) for one in headers} == dict.fromkeys(headers, column)


HEADERS: Final = st.sampled_from([*OF_CASES, *OF_ADS, *CREATIVE_KEYS])


@given(HEADERS, st.sampled_from(["", " *", " (required)", "ـ"]), st.booleans())
def test_no_header_depends_on_how_it_is_typed(header: str, after: str, upper: bool) -> None:
    """Case, a remark behind it and a tatweel change nothing of what a header means."""
    typed = (header.upper() if upper else header) + after
    assert case_column(typed) == case_column(header)


OWN: Final = (
    "Campaign", "Ad set ID", "Ad name", "Cost", "Start date", "Status", "Platform", "Owner", "Page",
    "Budget", "Impressions", "Objective", "الحملة", "المنصة", "التكلفة", "الحالة", "تاريخ البدء",
    "المالك", "الميزانية", "الشركة", "القسم", "رقم الحملة", "المصدر", "الصفحة", "#", "م",
)  # fmt: skip


def test_what_teams_write_beside_an_ad_is_kept() -> None:
    """No usual column of a campaign is taken for a slip of the pen."""
    assert {one: slip(one) for one in OWN} == dict.fromkeys(OWN)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"id,text.body\n"])
def test_what_is_no_workbook(tmp_path: Path, rules: str, content: bytes) -> None:
    """A file that is no workbook is told, whatever it is."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    result = run("scan", str(path), "-r", rules)
    assert (result.exit_code, "is no workbook" in result.stderr) == (exits.NOT_STARTED, True)


def test_a_workbook_is_no_stream(rules: str, tmp_path: Path) -> None:
    """A workbook cannot be read from standard input, and that is said."""
    path = sheet(tmp_path / "a.xlsx", HEAD)
    result = run("scan", "-", "-r", rules, stdin=Path(path).read_bytes())
    assert result.exit_code == exits.NOT_STARTED
    assert "a workbook is read from a file whose name ends in .xlsx" in result.stderr


# --- out ----------------------------------------------------------------------------------------


def test_an_analysts_sheet(tmp_path: Path, rules: str) -> None:
    """Their columns come back as they were, with the decision, its reason, and marked text."""
    day = datetime(2026, 1, 2)  # noqa: DTZ001
    head = ("Campaign", "id", "markets", "text.body", "Cost", "Start", "Campaign", "x-note")
    path = sheet(
        tmp_path / "a.xlsx", head,
        ("Spring", 7, "SA", "Our c4sino tonight", 1.5, day, "again", "n"),
        ("Autumn", "007", "SA", "A garden", None, None, None, None),
    )  # fmt: skip
    target = tmp_path / "r.xlsx"
    ran = run("scan", path, "-r", rules, "-o", str(target), "--on", "2026-11-20")
    assert "kept, not judged: the columns 'Campaign', 'Cost', 'Start', 'Campaign'" in ran.stderr
    page = openpyxl.load_workbook(target, rich_text=True).worksheets[0]
    first, risky, clean = page.iter_rows(values_only=True)
    assert first[:8] == head
    assert first[8:] == (
        "automod: decision", "automod: body", "automod: reason", "automod: by market",
        "automod: policies", "automod: found by", "automod: found", "automod: checked in full",
    )  # fmt: skip
    assert risky[:8] == ("Spring", 7, "SA", "Our c4sino tonight", 1.5, day, "again", "n")
    assert risky[8] == "reject" and risky[11:16] == (
        "SA: reject", "GMB.REAL", "gambling/casino", "body: c4sino", "yes",
    )  # fmt: skip
    assert "Real-money gambling (GMB.REAL): reject:" in str(risky[10])
    marked = risky[9]
    assert isinstance(marked, CellRichText) and str(marked) == "Our c4sino tonight"
    bold = [one.text for one in marked if not isinstance(one, str) and one.font.b]
    assert bold == ["c4sino"]
    assert clean[:9] == ("Autumn", "007", "SA", "A garden", None, None, None, None, "approve")
    assert clean[9] is None and clean[10] is None
    about = list(openpyxl.load_workbook(target)["about"].iter_rows(values_only=True))
    assert about[-1] == ("columns not judged", "Campaign, Cost, Start, Campaign, x-note")


def test_a_row_that_cannot_be_read_is_never_clean(tmp_path: Path, rules: str) -> None:
    """It stands in its place, with the cell, and the analyst's columns."""
    path = sheet(
        tmp_path / "a.xlsx", HEAD, ("c", "a", "SA", "=B1", 1), ("d", "b", "SA", "A garden", 2)
    )
    bad, good = result_of(path, rules)
    assert (bad["Campaign"], bad["automod: decision"]) == ("c", "review")
    assert bad["automod: checked in full"] == "no"
    assert 'D2, column "text.body": holds a formula' in bad["automod: reason"]
    assert good["automod: decision"] == "approve"


def test_arabic_results(tmp_path: Path, rules: str) -> None:
    """--lang ar: headers and sentences in Arabic, from right to left."""
    path = sheet(tmp_path / "a.xlsx", HEAD, ("c", "a", "SA", "العب في كازينو", 1))
    (row,) = result_of(path, rules, "--lang", "ar")
    assert row["automod: القرار"] == "رفض" and "القمار (GMB.REAL)" in row["automod: السبب"]
    page = openpyxl.load_workbook(tmp_path / "result.xlsx").worksheets[0]
    assert page.sheet_view.rightToLeft


HOSTILE: Final = (
    "=HYPERLINK(1)", "+1", "@x", "<r><t>injected</t></r>", "<r></r>", "_x0041_", "a\x01b", " a ",
)  # fmt: skip


def test_nothing_acts(tmp_path: Path, rules: str) -> None:
    """No text of a table becomes a formula, markup of the workbook, or another text."""
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        writer.writerows((text, n, "SA", f"{text} casino", text) for n, text in enumerate(HOSTILE))
    rows = result_of(str(path), rules)
    # As a spreadsheet reads it: openpyxl leaves a control character in its escape.
    assert [unescape(str(row["Campaign"])) for row in rows] == [*map(unescape, HOSTILE)]
    page = openpyxl.load_workbook(tmp_path / "result.xlsx").worksheets[0]
    assert {cell.data_type for line in page.iter_rows() for cell in line} <= {"s", "n"}
    assert b"injected</t></r></t>" not in zipfile.ZipFile(tmp_path / "result.xlsx").read(
        "xl/worksheets/sheet1.xml"
    )


@given(st.lists(st.tuples(st.text(max_size=30), st.booleans()), max_size=4), st.text(max_size=40))
def test_every_text_can_be_written(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[str, bool]], own: str
) -> None:
    """Whatever an ad and a cell hold, the workbook opens and says it, but for half characters."""
    place = tmp_path_factory.mktemp("book") / "a.xlsx"
    record = {"own": [(0, own)], "action": "review", "added": [""] * 7, "texts": {"body": pieces}}
    seen = Seen(own={("own", 0): 0}, fields={"body": None}, days={"2026-11-20"})
    write_book(place, [record], seen, Tally(), "en")
    row = openpyxl.load_workbook(place).worksheets[0]
    assert row.max_row in (1, 2)


def test_what_a_sheet_cannot_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than one sheet has room for go on in the next; a long text is cut, and ends so."""
    monkeypatch.setattr("automod.report.decision_book.MOST_ROWS", 2)
    record: dict[str, Any] = {
        "own": [(0, "x" * 40_000)], "action": "review", "added": ["review", *[""] * 6], "texts": {},
    }  # fmt: skip
    seen = Seen(own={("own", 0): 0}, days={"2026-11-20"})
    write_book(tmp_path / "a.xlsx", [record] * 5, seen, Tally(), "en")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["ads", "ads 2", "ads 3", "about"]
    assert [page.max_row for page in book.worksheets[:3]] == [3, 3, 2]
    text = str(book.worksheets[0]["A2"].value)
    assert len(text) == 32_767 and text.endswith("x…")


def test_csv_and_jsonl_become_workbooks(tmp_path: Path, rules: str) -> None:
    """Columns of one's own pass in a CSV as well; what has no columns shows its text."""
    table = tmp_path / "a.csv"
    table.write_text("Campaign,id,markets,text.body\nSpring,a,SA,our casino\n", encoding="utf-8")
    (row,) = result_of(str(table), rules)
    assert (row["Campaign"], row["automod: decision"]) == ("Spring", "reject")
    lines = write_jsonl(tmp_path / "b.jsonl", [creative(1, "a garden"), "no json"])
    clean, bad = result_of(lines, rules)
    assert (clean["id"], clean["markets"], clean["automod: body"]) == ("c1", "SA", "a garden")
    assert "b.jsonl:2" in bad["automod: reason"]
    assert bad["automod: decision"] == "review"


def test_other_results_of_a_csv_are_as_strict_as_ever(tmp_path: Path, rules: str) -> None:
    """Where the result has no place for a column, one that is unknown is refused."""
    table = tmp_path / "a.csv"
    table.write_text("Campaign,id,text.body\nSpring,a,our casino\n", encoding="utf-8")
    result = run("scan", str(table), "-r", rules, "-f", "jsonl")
    assert result.exit_code == exits.NOT_STARTED
    assert "'Campaign' is no column of creatives" in result.stderr
    assert "begin the name of one of your own with 'x-', or write the result as .xlsx" in (
        result.stderr
    )


def test_a_result_is_judged_again(tmp_path: Path, rules: str) -> None:
    """A result with a mended text may be scanned: what was added to it is made anew."""
    path = sheet(tmp_path / "a.xlsx", HEAD, ("c", "a", "SA", "our casino", 1))
    first = result_of(path, rules)
    again = tmp_path / "again"
    again.mkdir()
    (tmp_path / "result.xlsx").rename(again / "a.xlsx")
    assert result_of(str(again / "a.xlsx"), rules) == first


def test_the_same_decisions_whatever_the_file(tmp_path: Path, rules: str) -> None:
    """A workbook is judged as the same rows in JSONL are."""
    texts = ["our casino", "free spins", "a garden", "casino addiction"]
    path = sheet(tmp_path / "a.xlsx", HEAD, *(("x", n, "SA", t, 1) for n, t in enumerate(texts)))
    ads = [{"id": str(n), "markets": ["SA"], "text": {"body": t}} for n, t in enumerate(texts)]
    lines = write_jsonl(tmp_path / "a.jsonl", ads)
    one, other = (
        run("scan", name, "-r", rules, "-f", "jsonl", "--on", "2026-11-20", "-q").stdout
        for name in (path, lines)
    )
    assert one == other and len([json.loads(line) for line in one.splitlines()]) == 4


MARKETS: Final = [
    ("kw", "en", "for kw, did you mean KW?"),
    ("UAE", "en", "for UAE, did you mean AE?"),
    ("الامارات", "ar", "هل المقصود بـ الامارات هو AE؟"),
    ("Saudi Arabia", "en", "for Saudi, did you mean SA?"),
    ("Atlantis", "en", None),
]


@pytest.mark.parametrize(("market", "lang", "told"), MARKETS)
def test_a_market_that_is_not_known(
    tmp_path: Path, rules: str, market: str, lang: str, told: str | None
) -> None:
    """The ad is not judged in full, and the reason names the market that may be meant."""
    path = sheet(tmp_path / "a.xlsx", HEAD, ("c", "a", market, "x", 1))
    (row,) = result_of(path, rules, "--lang", lang)
    checked, reason = ("فُحص بالكامل", "السبب") if lang == "ar" else ("checked in full", "reason")
    assert row[f"automod: {checked}"] in ("no", "لا")
    said = re.sub("[\u2066-\u2069]", "", str(row[f"automod: {reason}"]))
    assert told in said if told is not None else "did you mean" not in said


def test_images_count_from_the_folder_of_the_workbook(tmp_path: Path) -> None:
    """A path in a cell counts from where the workbook lies; the cell comes back as it was."""
    path = sheet(tmp_path / "a.xlsx", ("id", "images"), ("a", "pic.png"))
    (found,) = read(path)
    assert found["images"] == [str(tmp_path / "pic.png")] and found.row.cells == ("a", "pic.png")


def test_a_missing_extra_is_named(
    tmp_path: Path, rules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra `analyst` a workbook is neither read nor written, and that is said."""
    path = sheet(tmp_path / "a.xlsx", HEAD)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    written = run("scan", path, "-r", rules, "-o", str(tmp_path / "r.xlsx"))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    result = run("scan", path, "-r", rules)
    for one in (written, result):
        assert (one.exit_code, "automod-ads[analyst]" in one.stderr) == (exits.NOT_STARTED, True)
    assert not (tmp_path / "r.xlsx").exists()
