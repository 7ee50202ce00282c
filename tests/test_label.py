"""`automod label`: what is drawn, filled in and read back is what was said, with its weight."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automod.batch.where import parse_where
from automod.cli import exits
from automod.cli.label import label
from automod.cli.main import main
from automod.errors import LoadError
from automod.evaluate.intervals import clustered
from automod.evaluate.sample_size import Wish
from automod.evaluate.trials import REVIEW, make_trials
from automod.load.cases import load_cases
from automod.load.decisions import load_decisions
from automod.model.case import Case
from automod.model.case_table import CaseTable, case_table
from automod.model.decision_table import DecisionTable, decision_table
from automod.report.label_sheet import Asked, write_csv, write_workbook
from automod.workshop.label_cells import ANSWERS, guarded, unguarded
from automod.workshop.label_import import (
    Signed,
    case_line,
    exact,
    import_sheets,
    read_filled,
)
from automod.workshop.label_rows import label_sheet
from automod.workshop.labelling import Draw, draw
from command import run, write_jsonl, write_rules

if "label" not in main.commands:
    main.add_command(label)

CODE: Final = "GMB.REAL"
COLUMN: Final = f"label.{CODE}"
WHERE: Final = f"market=AE,policy={CODE}"
NOW: Final = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
DAY: Final = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is half past three on 22 November 2026."""
    monkeypatch.setattr("automod.cli.clock.now", lambda: NOW)


# --- a small world -------------------------------------------------------------------------------


def decided(
    number: int, action: str = "approve", market: str = "AE", *, complete: bool = True
) -> dict[str, Any]:
    """A decision as JSON has it; what is not approved has a verdict that rests on a hit."""
    hit = {
        "n": 0, "material": "gambling/casino", "version": "1", "policies": [CODE],
        "status": "live", "kind": "keyword", "field": "body", "start": 0, "end": 6,
        "text": "cas1no", "view": "evasion", "folds": [], "confidence": 1.0, "weight": 0.9,
        "distance": None, "at": None, "box": None, "parts": [], "allowed_by": None,
        "overridden_by": None,
    }  # fmt: skip
    verdict = {
        "market": market, "policy": CODE, "severity": "high", "stance": ["prohibited"],
        "row": f"{CODE}/{market}", "ground": "law", "source": "", "score": 0.9, "threshold": 0.85,
        "action": action, "because": [0], "reason": {"code": "prohibited", "values": {}},
    }  # fmt: skip
    flagged = action != "approve"
    missed = (
        [] if complete else [{"field": "images[0]", "code": "media.missing", "transient": True}]
    )
    taken = action if flagged or complete else "review"
    return {
        "schema": 1, "creative": f"c{number}", "index": number, "on": "2026-11-20",
        "ruleset": "sha256:abc", "engine": {"automod": "0.1.0", "unicode": "15.0"},
        "action": taken,
        "markets": {market: {"action": taken, "complete": complete, "restrictions": []}},
        "verdicts": [verdict] if flagged else [], "hits": [hit] if flagged else [],
        "not_evaluated": missed,
    }  # fmt: skip


def world(count: int = 400) -> list[dict[str, Any]]:
    """Decisions of which most are approved, some flagged, a few not wholly evaluated."""
    actions = ["reject", "review", *["approve"] * 8]
    return [
        decided(n, actions[n % 10], "SA" if n % 7 == 0 else "AE", complete=n % 50 != 3)
        for n in range(count)
    ]


def ad(number: int, **more: Any) -> dict[str, Any]:
    """The creative of a decision."""
    market = "SA" if number % 7 == 0 else "AE"
    text = {"title": f"=SUM({number})", "body": f"كازينو {number}"}
    return {"id": f"c{number}", "markets": [market], "language": "ar", "text": text,
            "links": ["https://x.example/?a=1"]} | more  # fmt: skip


class Desk:
    """A folder with decisions and ads, and the commands on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.decisions = write_jsonl(folder / "decisions.jsonl", world())
        self.ads = write_jsonl(folder / "ads.jsonl", map(ad, range(400)))

    def path(self, name: str) -> str:
        """A file of the folder."""
        return str(self.folder / name)

    def draw(self, name: str, *more: str, where: str = WHERE, ads: bool = True) -> Any:
        """`automod label draw`."""
        given = ("--creatives", self.ads) if ads else ()
        return run("label", "draw", self.decisions, *given, "--where", where,
                   "-o", self.path(name), *more)  # fmt: skip

    def take(self, *names: str, more: Sequence[str] = (), ads: bool = True) -> Any:
        """`automod label import`."""
        given = ("--creatives", self.ads) if ads else ()
        sheets = [self.path(name) for name in names]
        return run("label", "import", *sheets, *given, "-o", self.path("cases.jsonl"), *more)

    def cases(self) -> list[dict[str, Any]]:
        """What was imported."""
        lines = Path(self.path("cases.jsonl")).read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Decisions and ads in a folder of their own."""
    return Desk(tmp_path)


def page(path: str, name: str = "label") -> list[tuple[Any, ...]]:
    """The cells of a sheet of a workbook."""
    return [tuple(row) for row in openpyxl.load_workbook(path)[name].iter_rows(values_only=True)]


def cells(path: str) -> list[dict[str, Any]]:
    """The rows of a sheet, by header."""
    header, *rows = page(path)
    return [dict(zip(header, row, strict=True)) for row in rows]


Filling = Callable[[int, str], Mapping[str, Any]]
"""Number of a row, from 0, and its id -> the cells that are filled in."""


def say(word: Any, by: Any = "nadia", on: Any = DAY, **more: Any) -> dict[str, Any]:
    """The cells of one answer."""
    return {COLUMN: word, "label.by": by, "label.on": on} | more


def fill(path: str, filling: Filling, to: str | None = None) -> None:
    """Fill in a workbook, as a labeller would."""
    book = openpyxl.load_workbook(path)
    sheet = book["label"]
    place = {cell.value: cell.column or 0 for cell in sheet[1]}
    for number in range(2, sheet.max_row + 1):
        for column, value in filling(number - 2, str(sheet.cell(number, 1).value)).items():
            sheet.cell(number, place[column]).value = value
    book.save(to or path)


def fill_csv(text: str, filling: Filling) -> str:
    """The same of CSV."""
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\r\n")
    writer.writeheader()
    for number, row in enumerate(rows):
        writer.writerow(row | dict(filling(number, row["id"])))
    return out.getvalue()


# --- draw ----------------------------------------------------------------------------------------


def test_what_is_said_of_a_draw(desk: Desk) -> None:
    """How many of what, what that will tell and why, on standard error; nothing on the other."""
    result = desk.draw("sheet.xlsx")
    assert (result.exit_code, result.stdout) == (exits.YES, "")
    assert (
        result.stderr
        == """\
171 of 342 creatives drawn by chance for GMB.REAL in AE; seed 0
  1. reject: 32 of 34; one stands for 1.062
  2. review: 32 of 34; one stands for 1.062
  4. approve: 100 of 267; one stands for 2.67
  6. review, not wholly evaluated: 7 of 7; one stands for 1
precision: 64 of 68 flagged drawn; it will be known ± 0.03 at 95 %
  ± 0.03 needs 64 of these 68: 1,068 of any number of them, at worst: if half of them are right
  that is of these ads; of ads still to come, as eval tells it, ± 0.12
recall: 100 of 267 approved drawn; ± 0.14 or better, if 50 % of the flagged are right
  ± 0.03 would need 251 of them: --recall-width 0.03
  if none of the 100 is in breach, at most 3.6 % of the approved (9) are, and recall is at least 78 %
both are of what was wholly evaluated; the rest is in strata of its own
not drawn from: 58 that run elsewhere, or nowhere
"""  # noqa: E501 - as a terminal has it
    )


def test_a_blind_sheet_shows_the_ad_and_no_opinion(desk: Desk) -> None:
    """What the ad says and where it leads; not what was decided, nor what matched."""
    desk.draw("sheet.xlsx")
    rows = cells(desk.path("sheet.xlsx"))
    assert list(rows[0]) == [
        "id", "x-market", "language", "text.title", "text.body", "links", "markets", COLUMN,
        "label.by", "label.on", "x-note", "label.kind", "probability", "x-stratum", "x-ruleset",
        "x-not-here",
    ]  # fmt: skip
    number = int(rows[0]["id"][1:])
    assert rows[0]["text.title"] == f"=SUM({number})"
    assert rows[0]["links"] == "https://x.example/?a=1"
    assert {row["label.kind"] for row in rows} == {"random"}
    with zipfile.ZipFile(desk.path("sheet.xlsx")) as archive:
        content = archive.read("xl/worksheets/sheet1.xml") + archive.read("xl/sharedStrings.xml")
    assert b"<f>" not in content
    assert b"hyperlink" not in content
    assert b"cas1no" not in content
    assert {"reject", "review", "approve"}.isdisjoint(
        str(cell) for row in rows for cell in row.values()
    )


def test_the_decision_is_shown_to_who_asks(desk: Desk) -> None:
    """The action for the code, its score, the letters that matched and their materials."""
    desk.draw("sheet.xlsx", "--show-decision")
    by_action = {row["x-action"]: row for row in cells(desk.path("sheet.xlsx"))}
    assert by_action["reject"]["x-score"] == 0.9
    assert by_action["reject"]["x-matched"] == "body: cas1no"
    assert by_action["reject"]["x-materials"] == "gambling/casino"
    assert by_action["approve"]["x-matched"] is None


def test_the_chance_of_every_row_is_exact(desk: Desk) -> None:
    """Rows of a stratum by its creatives: as the second sheet says, and as the cell does."""
    desk.draw("sheet.xlsx")
    about = page(desk.path("sheet.xlsx"), "about")
    start = next(k for k, row in enumerate(about) if row[2:4] == ("N", "n"))
    strata = {}
    for number, name, population, drawn, probability in about[start + 1 :]:
        if number is None:
            break
        strata[int(str(number))] = (name, population, drawn)
        # XlsxWriter writes 16 digits; the import takes the fraction they are nearest to.
        assert probability == pytest.approx(drawn / population, rel=1e-15)
    rows = cells(desk.path("sheet.xlsx"))
    for place, (_, population, drawn) in strata.items():
        mine = [row for row in rows if row["x-stratum"] == place]
        assert len(mine) == drawn
        assert {exact(str(row["probability"])) for row in mine} == {drawn / population}
    assert sum(population for _, population, _ in strata.values()) == 342
    assert sum(1 / row["probability"] for row in rows) == pytest.approx(342)


def test_the_second_sheet_says_how_it_was_made(desk: Desk) -> None:
    """Seed, digest, dates and the command: enough to make the draw again."""
    desk.draw("sheet.xlsx", "--seed", "7", "--on", "2026-11-21")
    facts = {row[0]: row[1] for row in page(desk.path("sheet.xlsx"), "about") if row[0]}
    assert facts["Seed"] == "7"
    assert facts["Drawn on"] == "2026-11-21"
    assert facts["Decided on"] == "2026-11-20"
    assert facts["Ruleset"] == "sha256:abc"
    assert (facts["Codes"], facts["Markets"]) == (CODE, "AE")
    assert "--seed 7" in str(facts["Command"])
    assert f"--where {WHERE}" in str(facts["Command"])


@pytest.mark.parametrize(
    ("lang", "header", "title"),
    [("en", "label.GMB.REAL", "Real-money gambling"), ("ar", "تصنيف.GMB.REAL", "القمار")],
)
def test_the_title_of_a_code_stands_at_its_header(
    desk: Desk, lang: str, header: str, title: str
) -> None:
    """In a note, and on the second sheet, where the rules were given."""
    rules = write_rules(desk.folder / "rules")
    desk.draw("sheet.xlsx", "-r", rules, "--lang", lang)
    book = openpyxl.load_workbook(desk.path("sheet.xlsx"))
    notes = {cell.value: cell.comment.text for cell in book["label"][1] if cell.comment}
    assert notes == {header: title}
    assert f"GMB.REAL ({title})" in str(page(desk.path("sheet.xlsx"), "about"))


def test_the_same_command_gives_the_same_bytes(desk: Desk) -> None:
    """In any order of the decisions; another seed draws others."""
    desk.draw("one.xlsx", "--lang", "ar")
    decisions = world()
    Random(1).shuffle(decisions)
    write_jsonl(Path(desk.decisions), decisions)
    Path(desk.path("one.xlsx")).rename(desk.path("first.xlsx"))
    desk.draw("one.xlsx", "--lang", "ar")
    first, again = (Path(desk.path(name)).read_bytes() for name in ("first.xlsx", "one.xlsx"))
    assert first == again
    desk.draw("other.xlsx", "--seed", "1", "--size", "60")
    desk.draw("third.xlsx", "--seed", "2", "--size", "60")
    one, other = ({row["id"] for row in cells(desk.path(f"{name}.xlsx"))}
                  for name in ("other", "third"))  # fmt: skip
    assert len(one) == len(other) == 60
    assert one != other


def test_a_wider_draw_has_the_rows_of_the_smaller(desk: Desk) -> None:
    """So labels that are there already count on."""
    desk.draw("small.xlsx", "--size", "60")
    desk.draw("large.xlsx", "--size", "150")
    small, large = ({row["id"] for row in cells(desk.path(f"{name}.xlsx"))}
                    for name in ("small", "large"))  # fmt: skip
    assert (len(small), len(large)) == (60, 150)
    assert small < large


def test_an_arabic_sheet_runs_from_right_to_left(desk: Desk) -> None:
    """Its headers and words are Arabic, in the list to choose from as well."""
    result = desk.draw("sheet.xlsx", "--lang", "ar")
    assert "سُحب عشوائيًا" in result.stderr
    book = openpyxl.load_workbook(desk.path("sheet.xlsx"))
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    header = [cell.value for cell in book["label"][1]]
    assert {"المعرف", "العنوان", "تصنيف.GMB.REAL", "المصنف", "تاريخ التصنيف"} <= set(header)
    rules = book["label"].data_validations.dataValidation
    assert rules[0].formula1 == '"نعم,لا,غير متأكد"'
    assert "كل صف" in str(page(desk.path("sheet.xlsx"), "about"))


def test_labels_are_chosen_from_a_list(desk: Desk) -> None:
    """Of three words, in every row of the column."""
    desk.draw("sheet.xlsx", "--size", "40")
    sheet = openpyxl.load_workbook(desk.path("sheet.xlsx"))["label"]
    rule = sheet.data_validations.dataValidation[0]
    assert rule.formula1 == '"yes,no,unsure"'
    column = next(cell.column_letter for cell in sheet[1] if cell.value == COLUMN)
    assert str(rule.sqref) == f"{column}2:{column}41"
    hidden = {key for key, one in sheet.column_dimensions.items() if one.hidden}
    assert hidden


def test_without_ads_the_sheet_has_ids(desk: Desk) -> None:
    """Which is said, and is no failure: whoever labels may see the ads elsewhere."""
    result = desk.draw("sheet.csv", ads=False)
    assert result.exit_code == exits.YES
    assert "without --creatives" in result.stderr
    header = Path(desk.path("sheet.csv")).read_text("utf-8-sig").splitlines()[0]
    assert header.startswith(f"id,x-market,markets,{COLUMN},")


def test_ads_that_are_not_there_are_counted(desk: Desk) -> None:
    """A row without text cannot be labelled: incomplete, unless so many are allowed."""
    write_jsonl(Path(desk.ads), map(ad, range(395)))
    result = desk.draw("sheet.xlsx", "--width", "0.001", "--recall-width", "0.001")
    assert result.exit_code == exits.INCOMPLETE
    assert "4 of 342 drawn creatives are not among --creatives" in result.stderr
    result = desk.draw("other.xlsx", "--size", "342", "--allow-incomplete", "2%")
    assert result.exit_code == exits.YES
    quiet = desk.draw("quiet.xlsx", "--size", "342", "-q")
    assert (quiet.exit_code, quiet.stderr) == (exits.INCOMPLETE, "")


def test_what_is_no_creative_is_told(desk: Desk) -> None:
    """A line that cannot be read, with its place."""
    write_jsonl(Path(desk.ads), [*map(ad, range(400)), '{"id": '])
    result = desk.draw("sheet.xlsx")
    assert f"{desk.ads}:401" in result.stderr
    assert desk.draw("quiet.xlsx", "-q").stderr == ""


@pytest.mark.parametrize(
    ("where", "more", "told"),
    [
        ("market=AE", [], "name the code to be labelled"),
        (WHERE, ["--size", "2"], "2 rows are fewer than the"),
        (WHERE, ["--width", "0"], "must be more than 0"),
        (WHERE, ["--guess", "100%"], "must be more than 0"),
        (WHERE, ["--width", "wide"], "is not a number"),
        ("market=UAE,policy=GMB.REAL", [], "no decision is for the market 'UAE'"),
        ("policy=GMB.REAL,material=gambling/casinoo", [], "nothing fits what was asked for"),
        ("policy=GMB.REAL,colour=red", [], "'colour' cannot be asked for"),
        ("policy=GMB.REAL,action=rejct", [], "did you mean 'reject'?"),
    ],
)
def test_what_cannot_be_drawn(where: str, more: list[str], told: str, desk: Desk) -> None:
    """2, a sentence, and no file."""
    result = desk.draw("sheet.xlsx", *more, where=where)
    assert result.exit_code == exits.NOT_STARTED, result.stderr
    assert told in result.stderr
    assert not Path(desk.path("sheet.xlsx")).exists()


def test_a_sheet_that_is_there_is_never_written_over(desk: Desk) -> None:
    """It may hold a day's work."""
    desk.draw("sheet.xlsx")
    before = Path(desk.path("sheet.xlsx")).read_bytes()
    result = desk.draw("sheet.xlsx", "--seed", "5")
    assert result.exit_code == exits.NOT_STARTED
    assert "is there already" in result.stderr
    assert Path(desk.path("sheet.xlsx")).read_bytes() == before
    assert "cannot tell a format" in desk.draw("sheet.pdf").stderr


def test_a_code_that_nothing_was_decided_for_is_asked_about(desk: Desk) -> None:
    """It may be new, and then all of it was approved; it may as well be a slip."""
    result = desk.draw("sheet.xlsx", where="policy=GMB.REEL")
    assert result.exit_code == exits.YES
    assert "no decision has a verdict for GMB.REEL: is it written right?" in result.stderr
    assert "nothing is flagged" in result.stderr or "cannot tell it" in result.stderr


def test_two_decisions_of_one_creative_are_refused(desk: Desk) -> None:
    """Which of them it was drawn by nobody could say."""
    write_jsonl(Path(desk.decisions), [*world(), decided(1, "reject"), decided(2, "reject")])
    result = desk.draw("sheet.xlsx")
    assert result.exit_code == exits.NOT_STARTED
    assert "two decisions are of the creative 'c1', and 1 more" in result.stderr


def test_two_ads_with_one_id_are_refused(desk: Desk) -> None:
    """Which of them was decided on nobody could say."""
    write_jsonl(Path(desk.ads), [*map(ad, range(400)), ad(1, language="en")])
    result = desk.draw("sheet.xlsx", "--size", "342")
    assert result.exit_code == exits.NOT_STARTED
    assert "two creatives have the id 'c1'" in result.stderr


@pytest.mark.parametrize("where", ["action=reject|review", "material=gambling/casino",
                                   "package=gambling"])  # fmt: skip
def test_hits_alone_tell_no_recall(where: str, desk: Desk) -> None:
    """What was drawn from hits says so in every label, and recall is not promised."""
    result = desk.draw("sheet.xlsx", where=f"{WHERE},{where}")
    assert {row["label.kind"] for row in cells(desk.path("sheet.xlsx"))} == {"hit"}
    assert "this draw cannot tell it" in result.stderr
    assert "that --where leaves out" in result.stderr


def test_groups_of_the_ruleset_may_be_asked_for(desk: Desk, tmp_path: Path) -> None:
    """With -r a group stands for its markets, and a name that is none is refused."""
    from command import write_rules

    rules = write_rules(tmp_path / "rules")
    result = desk.draw("sheet.xlsx", "-r", rules, where=f"market=GCC,policy={CODE}")
    assert result.exit_code == exits.YES, result.stderr
    assert "in AE, SA" in result.stderr
    result = desk.draw("other.xlsx", "-r", rules, where="market=GCC,policy=GMB.REEL")
    assert "did you mean 'GMB.REAL'?" in result.stderr


def test_a_file_is_drawn_from_as_its_decisions_are(desk: Desk) -> None:
    """Wherever decisions come from, the same are drawn."""
    table = load_decisions(desk.decisions)
    assert draws(table, 3).ids == draws(decision_table(world()), 3).ids


def draws(decisions: DecisionTable, seed: int, wish: Wish | None = None) -> Draw:
    """A draw by the library."""
    return draw(decisions, parse_where(WHERE), wish or Wish(size=60), seed)


def test_without_xlsxwriter_the_extra_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence; CSV needs nothing."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    result = desk.draw("sheet.xlsx")
    assert result.exit_code == exits.NOT_STARTED
    assert "automod-ads[analyst]" in result.stderr
    assert desk.draw("sheet.csv").exit_code == exits.YES


# --- import --------------------------------------------------------------------------------------


@pytest.mark.parametrize("ads", [True, False])
def test_what_was_filled_in_is_read_back(desk: Desk, ads: bool) -> None:
    """A case a creative: its text, what was said by whom and when, its chance, and no more."""
    desk.draw("sheet.xlsx")
    fill(desk.path("sheet.xlsx"), lambda n, _: say(("yes", "no", "unsure")[n % 3]))
    rows = cells(desk.path("sheet.xlsx"))
    result = desk.take("sheet.xlsx", ads=ads)
    assert (result.exit_code, result.stdout) == (exits.YES, ""), result.stderr
    assert f"cases: {len(rows)}; labels: {len(rows)}, by nadia" in result.stderr
    found = desk.cases()
    assert found[0] == {
        "schema": 1,
        "creative": ad(int(rows[0]["id"][1:])),
        "labels": [{"policy": CODE, "present": "yes", "by": "nadia", "on": "2026-11-22",
                    "kind": "random"}],
        "judged": [CODE],
        "probability": exact(str(rows[0]["probability"])),
    }  # fmt: skip
    table = load_cases(desk.path("cases.jsonl"))
    assert list(table.ids) == [row["id"] for row in rows]
    assert table.probability.tolist() == [exact(str(row["probability"])) for row in rows]


def test_a_filled_sheet_is_a_file_of_cases_by_itself(desk: Desk) -> None:
    """Where all is filled in, the readers of cases take the sheet as the import does."""
    desk.draw("sheet.xlsx", "--lang", "ar")
    header = {"by": "المصنف", "on": "تاريخ التصنيف", "code": "تصنيف.GMB.REAL"}
    fill(desk.path("sheet.xlsx"), lambda n, _: {
        header["code"]: ANSWERS["ar"][n % 3], header["by"]: "نادية", header["on"]: DAY,
    })  # fmt: skip
    assert desk.take("sheet.xlsx").exit_code == exits.YES
    direct, imported = load_cases(desk.path("sheet.xlsx")), load_cases(desk.path("cases.jsonl"))
    assert list(direct.ids) == list(imported.ids)
    assert direct.labels.present.tolist() == imported.labels.present.tolist()
    assert direct.labels.by.values == imported.labels.by.values == ("نادية",)
    assert direct.labels.on.tolist() == imported.labels.on.tolist()


def test_labels_of_several_are_put_together(desk: Desk) -> None:
    """One case with what both said; where only one did, with that."""
    desk.draw("sheet.xlsx")
    fill(desk.path("sheet.xlsx"), lambda n, _: say("yes" if n % 2 else "no"), desk.path("n.xlsx"))
    fill(desk.path("sheet.xlsx"), lambda n, _: say("نعم", "omar") if n < 10 else {},
         desk.path("o.xlsx"))  # fmt: skip
    result = desk.take("n.xlsx", "o.xlsx")
    assert result.exit_code == exits.YES, result.stderr
    assert ", by nadia, omar" in result.stderr
    said = [[(one["by"], one["present"]) for one in case["labels"]] for case in desk.cases()]
    assert said[:2] == [[("nadia", "no"), ("omar", "yes")], [("nadia", "yes"), ("omar", "yes")]]
    assert said[10] == [("nadia", "no")]


def test_rows_that_are_not_filled_in_are_counted(desk: Desk) -> None:
    """They are in no case, are told by stratum, and make it incomplete unless that is allowed."""
    desk.draw("sheet.xlsx", "--size", "100")
    fill(desk.path("sheet.xlsx"), lambda n, _: say("no") if n < 90 else {})
    result = desk.take("sheet.xlsx")
    assert result.exit_code == exits.INCOMPLETE
    assert "without a label, and in no case: 10 of 100 creatives" in result.stderr
    assert "what they hold is unknown" in result.stderr
    assert len(desk.cases()) == 90
    assert desk.take("sheet.xlsx", more=["--allow-incomplete", "10%"]).exit_code == exits.YES
    quiet = desk.take("sheet.xlsx", more=["-q"])
    assert (quiet.exit_code, quiet.stderr) == (exits.INCOMPLETE, "")


def test_a_code_that_was_not_labelled_is_not_judged(desk: Desk) -> None:
    """Of two codes one may be left open: unknown, not absent."""
    desk.draw("sheet.xlsx", where=f"market=AE,policy={CODE}|WGT.PROD")
    fill(desk.path("sheet.xlsx"), lambda n, _: say("yes") | ({"label.WGT.PROD": "no"} if n else {}))
    result = desk.take("sheet.xlsx")
    assert "labelled for some of the codes only: 1" in result.stderr
    assert desk.cases()[0]["judged"] == [CODE]
    assert desk.cases()[1]["judged"] == [CODE, "WGT.PROD"]


def test_who_and_when_may_be_said_once(desk: Desk) -> None:
    """For the rows that do not say it themselves."""
    desk.draw("sheet.xlsx")
    fill(desk.path("sheet.xlsx"), lambda n, _: {COLUMN: "no"} if n else say("no", "omar"))
    result = desk.take("sheet.xlsx", more=["--by", "nadia", "--on", "2026-11-23"])
    assert result.exit_code == exits.YES, result.stderr
    first, second = (case["labels"][0] for case in desk.cases()[:2])
    assert (first["by"], first["on"]) == ("omar", "2026-11-22")
    assert (second["by"], second["on"]) == ("nadia", "2026-11-23")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({COLUMN: "maybe"}, "'maybe' is no answer; write yes, no or unsure (نعم، لا، غير متأكد)"),
        ({COLUMN: 1}, "'1' is no answer"),
        ({"label.by": None}, "nobody signed this row"),
        ({"label.on": None}, "has no day"),
        ({"label.on": "soon"}, "'soon' is not a date"),
        ({"label.by": "x" * 30_000}, "is longer than 20000 characters"),
        ({"id": None}, "the row has no id"),
        ({"id": "c9999"}, "no creative has the id 'c9999'"),
        ({"label.kind": "chosen"}, "'chosen' is no kind of label"),
        ({"probability": 0}, "'0' is no probability"),
        ({"probability": "half"}, "'half' is no probability"),
        ({COLUMN: "=1+1"}, "holds a formula, not a value"),
    ],
)
def test_faults_of_a_sheet(change: dict[str, Any], told: str, desk: Desk) -> None:
    """2, with the sheet, the row and the column; nothing is written."""
    desk.draw("sheet.xlsx", "--size", "40")
    fill(desk.path("sheet.xlsx"), lambda n, _: say("yes") | (change if n == 3 else {}))
    result = desk.take("sheet.xlsx")
    assert result.exit_code == exits.NOT_STARTED
    assert told in result.stderr
    assert "sheet.xlsx!label!" in result.stderr
    assert f'column "{next(iter(change))}"' in result.stderr
    assert not Path(desk.path("cases.jsonl")).exists()


def test_all_faults_come_at_once(desk: Desk) -> None:
    """Of all rows of all sheets."""
    desk.draw("sheet.xlsx", "--size", "40")
    fill(desk.path("sheet.xlsx"), lambda n, _: say("perhaps") if n < 5 else say("no", None),
         desk.path("a.xlsx"))  # fmt: skip
    fill(desk.path("sheet.xlsx"), lambda n, _: say("no", on="x"), desk.path("b.xlsx"))
    assert len(desk.take("a.xlsx", "b.xlsx").stderr.splitlines()) == 80


def test_a_row_that_is_there_twice(desk: Desk) -> None:
    """One row a creative."""
    desk.draw("sheet.xlsx", "--size", "40")
    first = cells(desk.path("sheet.xlsx"))[0]["id"]
    fill(desk.path("sheet.xlsx"), lambda n, _: say("no") | ({"id": first} if n == 1 else {}))
    assert f"the creative '{first}' is there already, in" in desk.take("sheet.xlsx").stderr


def test_who_contradicts_himself(desk: Desk) -> None:
    """On one day; what is said the same way twice is said once."""
    desk.draw("sheet.xlsx", "--size", "40")
    fill(desk.path("sheet.xlsx"), lambda n, _: say("no"), desk.path("a.xlsx"))
    fill(desk.path("sheet.xlsx"), lambda n, _: say("no" if n else "yes"), desk.path("b.xlsx"))
    result = desk.take("a.xlsx", "b.xlsx")
    assert "'nadia' says yes, and no in" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    fill(desk.path("sheet.xlsx"), lambda n, _: say("no", on=date(2026, 11, 23)),
         desk.path("b.xlsx"))  # fmt: skip
    assert desk.take("a.xlsx", "a.xlsx", "b.xlsx").exit_code == exits.YES
    assert [len(case["labels"]) for case in desk.cases()] == [2] * 40


def test_sheets_of_two_draws_do_not_go_together(desk: Desk) -> None:
    """The chance of a creative would be neither the one nor the other."""
    desk.draw("a.xlsx", "--size", "100")
    desk.draw("b.xlsx", "--size", "150")
    for name in ("a.xlsx", "b.xlsx"):
        fill(desk.path(name), lambda n, _: say("no"))
    result = desk.take("a.xlsx", "b.xlsx")
    assert result.exit_code == exits.NOT_STARTED
    assert "import sheets of one draw" in result.stderr


def test_what_the_sheet_cannot_hold_is_asked_for(desk: Desk) -> None:
    """Certificates, ages, a text too long for a cell: from the sheet alone they would be lost."""
    more: dict[str, Any] = {
        "certificates": [{"policy": CODE, "market": "AE"}], "targeting": {"min_age": 21},
        "x-team": "mena",
    }  # fmt: skip
    write_jsonl(Path(desk.ads), (ad(n, **more) for n in range(400)))
    desk.draw("sheet.xlsx", "--size", "40")
    fill(desk.path("sheet.xlsx"), lambda n, _: say("no"))
    result = desk.take("sheet.xlsx", ads=False)
    assert result.exit_code == exits.NOT_STARTED
    assert "certificates; targeting, nor do 39 more rows; give --creatives" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert desk.take("sheet.xlsx").exit_code == exits.YES
    assert desk.cases()[0]["creative"]["targeting"] == {"min_age": 21}
    assert "x-team" not in desk.cases()[0]["creative"]


@pytest.mark.parametrize("text", ["x" * 40_000, "🎰" * 20_000, "a\x1b[31m", "a\r\nb"])
def test_a_text_that_a_cell_cannot_hold(text: str, desk: Desk) -> None:
    """It is shown as far as that goes, and is whole again in the case."""
    write_jsonl(Path(desk.ads), (ad(n, text={"body": text}) for n in range(400)))
    desk.draw("sheet.xlsx", "--size", "40")
    row = cells(desk.path("sheet.xlsx"))[0]
    assert row["x-not-here"] == "text.body"
    assert len(row["text.body"].encode("utf-16-le")) <= 2 * 32_767
    fill(desk.path("sheet.xlsx"), lambda n, _: say("no"))
    desk.take("sheet.xlsx")
    assert {case["creative"]["text"]["body"] for case in desk.cases()} == {text}


def test_pictures_are_found_from_where_the_cases_lie(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path counts from the file that has it: from the ads, the sheet, the cases."""
    monkeypatch.chdir(desk.folder)
    desk.folder, folder = Path("labels"), Path("ads")
    desk.folder.mkdir()
    folder.mkdir()
    desk.ads = write_jsonl(folder / "ads.jsonl", (ad(n, images=["a.png"]) for n in range(400)))
    desk.draw("sheet.xlsx", "--size", "40")
    assert cells(desk.path("sheet.xlsx"))[0]["images"] == "../ads/a.png"
    fill(desk.path("sheet.xlsx"), lambda n, _: say("no"))
    for ads in (True, False):
        desk.take("sheet.xlsx", ads=ads)
        assert desk.cases()[0]["creative"]["images"] == ["../ads/a.png"]
        loaded = load_cases(desk.path("cases.jsonl")).creatives[0]["images"]
        assert [Path(one).resolve() for one in loaded] == [(folder / "a.png").resolve()]


def test_cases_go_to_standard_output(desk: Desk) -> None:
    """Where no file is named; and never over a sheet."""
    desk.draw("sheet.csv", "--size", "40")
    path = Path(desk.path("sheet.csv"))
    text = fill_csv(path.read_text("utf-8-sig"), lambda n, _: say("لا", on="2026-11-22"))
    path.write_text(text, "utf-8-sig")
    result = run("label", "import", str(path), "--creatives", desk.ads, "--lang", "ar")
    assert result.exit_code == exits.YES
    assert len([json.loads(line) for line in result.stdout.splitlines()]) == 40
    assert "الحالات" in result.stderr
    over = run("label", "import", str(path), "-o", str(path))
    assert (over.exit_code, "would write over" in over.stderr) == (exits.NOT_STARTED, True)
    assert run("label", "import", desk.path("none.xlsx")).exit_code == exits.NOT_STARTED
    assert "is not a suffix" in run("label", "import", desk.ads).stderr


# --- laws ----------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
IDS = st.text(
    st.sampled_from("0123456789=-+@' aeMAR1.ب"), min_size=1, max_size=8
).map(str.strip).filter(bool)  # fmt: skip


@given(TEXTS | IDS)
def test_what_is_guarded_is_what_it_was(text: str) -> None:
    """The apostrophe that CSV needs is taken off again; none that was there is."""
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@"))


def said(creative: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a creative that say anything."""
    return {key: text for key, text in creative.get("text", {}).items() if text.strip()}


Ads = st.dictionaries(IDS, st.tuples(TEXTS, TEXTS, st.booleans()), min_size=1, max_size=6)


@given(ads=Ads, suffix=st.sampled_from(["xlsx", "csv"]), given_ads=st.booleans(), data=st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_draw_fill_import_load(
    ads: dict[str, tuple[str, str, bool]], suffix: str, given_ads: bool, data: st.DataObject,
    tmp_path: Path,
) -> None:  # fmt: skip
    """Whatever ids and texts are, what is loaded in the end is what was filled in."""
    made = [decided(0, "review" if flagged else "approve") | {"creative": name}
            for name, (_, _, flagged) in ads.items()]  # fmt: skip
    creatives = {
        name: {"id": name, "markets": ["AE"], "text": {"title": title, "body": body}}
        for name, (title, body, _) in ads.items()
    }
    drawn = draws(decision_table(made), data.draw(st.integers(0, 9)), Wish())
    answers = {name: data.draw(st.sampled_from(ANSWERS["en"] + ANSWERS["ar"])) for name in ads}
    sheet = label_sheet(drawn, creatives)
    lost = any(row["x-not-here"] for row in sheet.rows)
    path = tmp_path / f"sheet.{suffix}"
    if suffix == "xlsx":
        write_workbook(str(path), sheet, drawn, Asked(DAY, "automod"))
        fill(str(path), lambda _, name: say(answers[name]))
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            write_csv(stream, sheet)
        text = fill_csv(path.read_bytes().decode("utf-8-sig"),
                        lambda _, name: say(answers[unguarded(name)], on="2026-11-22"))  # fmt: skip
        path.write_bytes(text.encode("utf-8-sig"))
    if lost and not given_ads:
        with pytest.raises(LoadError, match="does not hold all"):
            import_sheets(read_filled([path]), None)
        return
    done = import_sheets(read_filled([path]), creatives if given_ads else None)
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(case_line(case) + "\n" for case in done.cases), "utf-8")
    table = load_cases(file)
    meanings = dict(zip(ANSWERS["en"] + ANSWERS["ar"], [1, 0, 2, 1, 0, 2], strict=True))
    assert dict(zip(table.ids, table.labels.present.tolist(), strict=True)) == {
        name: meanings[word] for name, word in answers.items()
    }
    assert list(table.ids) == drawn.ids
    for name, creative in zip(table.ids, table.creatives, strict=True):
        assert said(creative) == said(creatives[name])


# --- what the weights are for --------------------------------------------------------------------


def simulated(seed: int) -> tuple[DecisionTable, dict[str, bool]]:
    """A world where the truth is known: many approved, of which a few were missed."""
    rng = Random(seed)
    truth: dict[str, bool] = {}
    made = []
    for number in range(1_500):
        bad = rng.random() < 0.15
        flagged = rng.random() < (0.6 if bad else 0.02)
        action = rng.choice(["reject", "review"]) if flagged else "approve"
        made.append(decided(number, action, complete=rng.random() > 0.01))
        truth[f"c{number}"] = bad
    return decision_table(made), truth


def labelled(
    decisions: DecisionTable, truth: Mapping[str, bool], seed: int, path: Path
) -> CaseTable:
    """A draw, labelled by the truth, as it is imported."""
    drawn = draws(decisions, seed, Wish(size=260))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        write_csv(stream, label_sheet(drawn, {}))
    text = fill_csv(
        path.read_bytes().decode("utf-8-sig"),
        lambda _, name: {COLUMN: "yes" if truth[name] else "no"},
    )
    path.write_bytes(text.encode("utf-8-sig"))
    return case_table(import_sheets(read_filled([path]), None, Signed("nadia", DAY)).cases)


def counted(cases: CaseTable, decisions: DecisionTable) -> dict[str, float]:
    """What is there in all, and recall of the flagged: by weights, and without them."""
    trials, _ = make_trials(cases, decisions)
    there, caught = trials.present, trials.present & (trials.action >= REVIEW)
    interval = clustered(trials.weight * caught, trials.weight * there)
    assert interval is not None
    total = float((trials.weight * there).sum())
    return {
        "total": total, "recall": float((trials.weight * caught).sum()) / total,
        "plain": caught.sum() / there.sum(), "low": interval.low, "high": interval.high,
    }  # fmt: skip


@pytest.mark.slow
def test_weighted_recall_is_right_on_average(tmp_path: Path) -> None:
    """Over 200 draws the mean is the truth within two points; without weights it is far off.

    What is counted by weights (how much there is) has no bias at all; a ratio of such counts has a
    little, the less the more missed are found.
    """
    decisions, truth = simulated(1)
    whole = case_table(
        Case.model_validate({
            "creative": {"id": name}, "labels": [{"policy": CODE, "present": "yes", "by": "t",
            "on": "2026-11-22", "kind": "random"}] if there else [], "judged": [CODE],
        })
        for name, there in truth.items()
    )  # fmt: skip
    true = counted(whole, decisions)
    found = [
        counted(labelled(decisions, truth, seed, tmp_path / "sheet.csv"), decisions)
        for seed in range(200)
    ]
    mean = {key: float(np.mean([one[key] for one in found])) for key in true}
    spread = float(np.std([one["total"] for one in found]))
    assert abs(mean["total"] - true["total"]) < 3 * spread / sqrt(len(found))
    assert abs(mean["recall"] - true["recall"]) < 0.02
    assert mean["plain"] - true["recall"] > 0.2
    covered = [one["low"] <= true["recall"] <= one["high"] for one in found]
    assert np.mean(covered) > 0.9
