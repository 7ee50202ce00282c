"""The forms in which findings are told, each against what others read it as."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from automod.errors import Location
from automod.model.finding import Edit, Finding
from automod.model.schema import schema
from automod.report.lint_github import lint_github
from automod.report.lint_json import lint_json
from automod.report.lint_sarif import MOST, lint_sarif
from automod.report.lint_text import MOST as MOST_TOLD
from automod.report.lint_text import lint_text
from automod.report.lint_words import _WORDS
from automod.report.lint_xlsx import lint_xlsx
from automod.report.page import Page
from automod.workshop.lint.ignores import Suppressed
from automod.workshop.lint.load_faults import OF_LOADING
from automod.workshop.lint.run import Linted

ON = date(2026, 11, 20)
HOSTILE = "\u202eكازينو\x1b[31m"
PLACES = (
    Location("rules/p.yaml", 8, 25),
    Location("rules/my terms.csv", 14, header="kind"),
    Location("rules/book.xlsx", 14, 3, "id", "materials"),
    Location("policies.yaml"),
)


def finding(place: Location, code: str = "AM011", said: str = "x", **more: Any) -> Finding:
    """A finding of a load fault, which says what it is given."""
    values = {"fault": said, "fault_ar": said, "hint": "y", "hint_ar": "ي"}
    return Finding(code, "error", place, "p", values=values, **more)


FOUND = Linted(
    (
        finding(PLACES[0], said=f"'{HOSTILE}' is not a kind", related=(PLACES[1],)),
        replace(finding(PLACES[1], "AM020"), severity="warning", fix=(Edit("p", (), "x", 1),)),
        replace(finding(PLACES[2], "AM021"), severity="info"),
        finding(PLACES[3], "AM005"),
    ),
    (Suppressed(finding(PLACES[0], "AM022"), "agreed", "ignore"),),
    (),
    ON,
)


def text_of(found: Linted, page: Page) -> str:
    """What a terminal shows."""
    return "\n".join(line.plain.rstrip() for line in lint_text(found, page))


def test_the_text_is_grouped_by_file() -> None:
    """Place, how grave, code, message, hint; then how many of each, and what is left out."""
    assert text_of(FOUND, Page(70)).replace("\u2068", "").replace("\u2069", "") == (
        " rules/p.yaml\n"
        "  8:25        error    AM011  '·كازينو␛[31m' is not a kind\n"
        "                              y\n"
        '                              see rules/my terms.csv:14, column "kind"\n'
        "\n"
        " rules/my terms.csv\n"
        "  14 kind     warning  AM020  x\n"
        "                              y\n"
        "\n"
        " rules/book.xlsx\n"
        "  materials!C14  info     AM021  x\n"
        "                                 y\n"
        "\n"
        " policies.yaml\n"
        "              error    AM005  x\n"
        "                              y\n"
        "\n"
        " errors: 2   warnings: 1   info: 1   ignored with a reason: 1\n"
        " can be mended with --fix: 1"
    )


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_nothing_in_a_text_acts_on_a_terminal(lang: Any) -> None:
    """No control character and no override of direction gets through, and isolates are closed."""
    told = text_of(FOUND, Page(70, lang))
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert told.count("\u2068") == told.count("\u2069") > 0


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_json_is_what_the_schema_says(lang: Any) -> None:
    """Every key is published, and the text is as it was written."""
    told = json.loads(lint_json(FOUND, lang))
    jsonschema.validate(told, schema("lint"), jsonschema.Draft202012Validator)
    assert [one["code"] for one in told["findings"]] == ["AM011", "AM020", "AM021", "AM005"]
    assert HOSTILE in told["findings"][0]["message"]
    assert told["left_out"][0]["reason"] == "agreed"
    assert told["counts"] == {"error": 2, "warning": 1, "info": 1}


def test_github_annotations() -> None:
    """One command a line; a cell is named in the message, since GitHub knows lines alone."""
    lines = lint_github(FOUND, "en").splitlines()
    title = {check.code: check.title["en"] for check in OF_LOADING}
    assert len(lines) == 5
    assert lines[0].startswith(
        f"::error file=rules/p.yaml,line=8,col=25,title=AM011 {title['AM011']}::"
    )
    assert lines[1].startswith("::warning file=rules/my terms.csv,line=14,title=AM020")
    assert lines[2].startswith("::notice file=rules/book.xlsx,title=AM021")
    assert "materials!C14" in lines[2]
    assert lines[3].startswith("::error file=policies.yaml,title=AM005")
    assert not any("\x1b" in line for line in lines)


def test_sarif_has_what_code_hosts_need() -> None:
    """Rules, levels, places with lines, fingerprints; a cell is a logical place."""
    told = json.loads(lint_sarif(FOUND, "en"))
    (run,) = told["runs"]
    assert told["version"] == "2.1.0"
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    for one in run["results"]:
        assert one["ruleId"] in rules
        assert one["level"] in {"error", "warning", "note"}
        assert one["message"]["text"]
        assert one["partialFingerprints"]["automod/v1"]
        uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert " " not in uri
    by_code = {one["ruleId"]: one["locations"][0] for one in run["results"]}
    assert by_code["AM011"]["physicalLocation"]["region"] == {"startLine": 8, "startColumn": 25}
    assert by_code["AM020"]["physicalLocation"]["region"] == {"startLine": 14}
    assert by_code["AM021"]["logicalLocations"][0]["name"] == "materials!C14"
    assert "region" not in by_code["AM005"]["physicalLocation"]
    assert [one["level"] for one in run["results"]] == ["error", "error", "warning", "note"]


def test_sarif_holds_as_many_as_are_taken() -> None:
    """The gravest are kept, and how many are left out is said."""
    light = tuple(replace(finding(Location("p.yaml", n + 1)), severity="info") for n in range(MOST))
    found = Linted((*light, finding(Location("p.yaml", 1))), (), (), ON)
    (run,) = json.loads(lint_sarif(found, "en"))["runs"]
    assert len(run["results"]) == MOST
    assert run["results"][0]["level"] == "error"
    notes = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert any(note.startswith("1 more") for note in notes)


@pytest.mark.parametrize(("lang", "rtl"), [("en", False), ("ar", True)])
def test_a_workbook_has_a_row_for_each(lang: Any, rtl: bool) -> None:
    """In the direction of its language; what is left out has its reason."""
    book = openpyxl.load_workbook(BytesIO(lint_xlsx(FOUND, lang)))
    first, second = book.worksheets
    assert bool(first.sheet_view.rightToLeft) is rtl
    rows = list(first.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["AM011", "AM020", "AM021", "AM005"]
    assert [row[2:6] for row in rows[1:]] == [
        ("rules/p.yaml", None, 8, "25"),
        ("rules/my terms.csv", None, 14, "kind"),
        ("rules/book.xlsx", "materials", 14, "id"),
        ("policies.yaml", None, None, None),
    ]
    assert list(second.iter_rows(values_only=True))[1][-2] == "agreed"


def test_every_word_is_there_in_both_languages() -> None:
    """And the Arabic is Arabic, but for names of keys."""
    assert all(english and arabic for english, arabic in _WORDS.values())
    same = {key for key, (english, arabic) in _WORDS.items() if english == arabic}
    assert same == {"by.ignore"}


def test_the_files_of_a_report_are_named_as_they_were_given(tmp_path: Path) -> None:
    """An absolute path is a URI of a file, so that a viewer finds it."""
    path = tmp_path / "p.yaml"
    (run,) = json.loads(lint_sarif(Linted((finding(Location(str(path), 1)),), (), (), ON), "en"))[
        "runs"
    ]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == path.as_uri()


def test_of_very_many_the_text_shows_the_first() -> None:
    """How many more there are is said, and all are counted."""
    many = tuple(finding(Location("p.yaml", n + 1)) for n in range(MOST_TOLD + 7))
    told = text_of(Linted(many, (), (), ON), Page(100))
    assert "… 7 more here" in told
    assert f"errors: {len(many)}" in told
    assert f"  {MOST_TOLD}  " in told
    assert f"  {MOST_TOLD + 1}  " not in told
