"""Files of labelled creatives: one table whatever the format, and every fault at its place."""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.errors import InputError, LoadError, MissingExtra
from automod.load.cases import load_cases
from automod.model.case_table import CaseTable, Permits
from automod.model.facts import Certificate
from automod.model.ruleset import PolicyCode, PolicyTable, Row
from case_files import (
    ABOUT,
    CASE,
    CREATIVE,
    LABEL,
    WRITERS,
    Guessed,
    Json,
    arrow_row,
    case,
    csv_text,
    faults,
    pa,
    told_cases,
    workbook,
    write_csv,
    write_jsonl,
    write_parquet,
)

DEFAULT = Row("GMB.REAL/default", None, ("prohibited",), "platform")
POLICIES = PolicyTable(
    {code: PolicyCode(code, {}, "high", DEFAULT) for code in ("GMB.REAL", "FIN.RICH")},
    groups={"GCC": ("SA", "AE")}, parents={"US-NV": "US"},
)  # fmt: skip
FORMATS = sorted(WRITERS)
HEAD = ["id", "label.GMB.REAL", "label.by", "label.on", "label.kind"]
SAID = ["yes", "mona", "2026-11-20", "random"]


# --- rows of faults -------------------------------------------------------------------------------

JSON_FAULTS: list[tuple[list[Any], list[str]]] = [
    (['{"creative": {"id": "c1"}', case("c2")], [
        ("f.jsonl:1: '{\"creative\": {\"id\": \"c1\"}' is not JSON: "
        "Expecting ',' delimiter: line 1 column 26 (char 25)")]),
    (["[]", "5", '{"a": 1, "a": 2}'], [
        "f.jsonl:1: [] is not a JSON object", "f.jsonl:2: 5 is not a JSON object",
        "f.jsonl:3: the name 'a' is written twice in the JSON"]),
    ([{}], ["f.jsonl:1: 'creative' is missing"]),
    ([{"creative": {}}], ["f.jsonl:1, column \"creative\": 'id' is missing"]),
    ([{"creative": "c1"}], [
        "f.jsonl:1, column \"creative\": 'c1' is not a mapping of keys to values"]),
    ([{"creative": {"id": 5}}], ['f.jsonl:1, column "creative.id": 5 is not one text']),
    ([{"creative": {"id": " "}}], ["f.jsonl:1, column \"creative.id\": 'id' is empty"]),
    ([case(probability=0), case("c2", probability=1.01), case("c3", probability="half")], [
        'f.jsonl:1, column "probability": 0 is not above 0',
        'f.jsonl:2, column "probability": 1.01 is not from 0 to 1',
        "f.jsonl:3, column \"probability\": 'half' is not a number; write it as 0.9 or 90%"]),
    ([case(volume=-1)], [
        'f.jsonl:1, column "volume": -1: input should be greater than or equal to 0']),
    ([case(lables=[])], [
        "f.jsonl:1, column \"lables\": 'lables' is not a key here; did you mean 'labels'?"]),
    ([{"creative": {"id": "c1", "titel": "x"}}], [
        "f.jsonl:1, column \"creative.titel\": 'titel' is not a key here"]),
    ([case(judged=["gmb"])], [
        "f.jsonl:1, column \"judged\": 'gmb' is not a policy code; write it as GMB.REAL"]),
    ([case(labels=[{**LABEL, "present": "maybe", "on": "20.11.2026", "kind": "randomly"}])], [
        "f.jsonl:1, column \"labels[0].kind\": 'randomly' is not a kind; did you mean 'random'?",
        "f.jsonl:1, column \"labels[0].on\": '20.11.2026' is not a date; write it as 2026-11-01",
        ("f.jsonl:1, column \"labels[0].present\": 'maybe' is not a label; "
        "one of: yes, no, unsure")]),
    ([case(labels=[{"policy": "GMB.REAL"}])], [
        f"f.jsonl:1, column \"labels[0]\": '{key}' is missing"
        for key in ("by", "kind", "on", "present")]),
    ([case("c1"), case("c2"), case(" c1 ")], [
        ("f.jsonl:3, column \"creative.id\": the creative 'c1' is there already, in "
        'f.jsonl:1, column "creative.id"; one case for each creative')]),
    ([case("c1", volume="x"), case("c1")], [
        ("f.jsonl:1, column \"volume\": 'x': input should be a valid number, unable to parse "
        "string as a number"),
        ("f.jsonl:2, column \"creative.id\": the creative 'c1' is there already, in "
        'f.jsonl:1, column "creative.id"; one case for each creative')]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), JSON_FAULTS)
def test_faults_of_lines(lines: list[Any], expected: list[str], tmp_path: Path) -> None:
    """Every fault of every line, with the path of what it is about."""
    path = write_jsonl(tmp_path / "f.jsonl", lines)
    assert faults(lambda: load_cases(path), tmp_path) == expected


JSON_TEXTS: list[tuple[str, list[str]]] = [
    ("", ["f.json:1: this is not JSON: Expecting value"]),
    ("5", ["f.json:1: 5 is not a JSON object"]),
    ('[{"creative": {"id": "c1"}},\n\n 7,\n {"creative": {}}]', [
        "f.json:3: 7 is not a JSON object",
        "f.json:4, column \"creative\": 'id' is missing"]),
    ('[{"creative": {"id": "c1"}}\n {}]', ["f.json:2: this is not JSON: ',' or ']' is missing"]),
    ('[{"creative":\n {"id": }}]', ["f.json:2: this is not JSON: Expecting value"]),
    ("[] x", ["f.json:1: this is not JSON: more comes after its end"]),
    ('{"creative": {"id": "c1"}}\n\n x', ["f.json:3: this is not JSON: more comes after its end"]),
    ("[" * 100_000, ["f.json:1: this is not JSON: it cannot be read"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), JSON_TEXTS)
def test_faults_of_a_list(text: str, expected: list[str], tmp_path: Path) -> None:
    """Each entry is told by the line it begins in."""
    path = tmp_path / "f.json"
    path.write_text(text, encoding="utf-8")
    assert faults(lambda: load_cases(path), tmp_path) == expected


CSV_FAULTS: list[tuple[list[list[str]], list[str]]] = [
    ([], ["f.csv: has no header row"]),
    ([["id", "titel", "id", "x-note"], ["c1", "a", "b", "c"]], [
        "f.csv:1, column \"id\": the column 'id' is there twice",
        "f.csv:1, column \"titel\": 'titel' is no column of cases; did you mean 'title'?"]),
    ([["id", "judgd"], ["c1", ""]], [
        "f.csv:1, column \"judgd\": 'judgd' is no column of cases; did you mean 'judged'?"]),
    ([["text.title"], ["a"]], ["f.csv:2: 'id' is missing"]),
    ([["id", "markets"], ["c1", "SA", "x"]], [
        "f.csv:2: the row has 3 cells, the header has 2; quote a cell that holds the delimiter"]),
    ([["id", "المجموعة"], ["c1", "a"], ["c2", "b"], ["c1", "a"]], [
        ("f.csv:4, column \"id\": the creative 'c1' is there already, in f.csv:2, column \"id\"; "
        "one case for each creative")]),
    ([["id", "probability", "volume", "targeting.min_age", "on"],
      ["c1", "0", "1,000", "old", "20/11/2026"], ["c2", "٢", "10%", "-1", "2026-02-30"]], [
        "f.csv:2, column \"on\": '20/11/2026' is not a date; write it as 2026-11-01",
        "f.csv:2, column \"probability\": '0' is not above 0",
        "f.csv:2, column \"targeting.min_age\": 'old' is not a whole number; write it as 12",
            ("f.csv:2, column \"volume\": '1,000' may be read in two ways; write it as 1000, or as "
            "1.0000"),
        "f.csv:3, column \"on\": '2026-02-30' is no day of the calendar",
        "f.csv:3, column \"probability\": '٢' is not from 0 to 1",
        "f.csv:3, column \"targeting.min_age\": '-1' is not a whole number; write it as 12",
        "f.csv:3, column \"volume\": '10%' is a share, not a size"]),
    ([["id", "labels", "judged"], ["c1", "[", "gmb"], ["c2", '[{"policy": "GMB.REAL"}]', "["]], [
        "f.csv:2, column \"judged\": 'gmb' is not a policy code; write it as GMB.REAL",
        "f.csv:2, column \"labels\": '[' is not JSON: Expecting value: line 1 column 2 (char 1)",
        "f.csv:3, column \"judged\": '[' is not a policy code; write it as GMB.REAL",
        *(f"f.csv:3, column \"labels\": '{key}' is missing"
          for key in ("by", "kind", "on", "present"))]),
    ([["id", "label.GMB.REAL"], ["c1", "yes"], ["c2", "nope"]], [
        "f.csv:1: the labels need a column 'label.by'; write who said so",
        ("f.csv:1: the labels need a column 'label.kind'; write how the creative came to be "
        "looked at: random, hit or appeal"),
        "f.csv:1: the labels need a column 'label.on'; write the day it was said",
        "f.csv:3, column \"label.GMB.REAL\": 'nope' is not a label; one of: yes, no, unsure"]),
    ([HEAD, ["c1", "yess", "mona", "2026-11-20", "random"], ["c2", "yes", "", "later", "hits"]], [
        "f.csv:2, column \"label.GMB.REAL\": 'yess' is not a label; did you mean 'yes'?",
        "f.csv:3, column \"label.by\": 'label.by' is blank; write who said so",
        "f.csv:3, column \"label.kind\": 'hits' is not a kind of label; did you mean 'hit'?",
        "f.csv:3, column \"label.on\": 'later' is not a date; write it as 2026-11-01"]),
    ([["id", "label.gmb", *HEAD[2:]], ["c1", *SAID]], [
        "f.csv:1, column \"label.gmb\": 'gmb' is not a policy code; write it as label.GMB.REAL"]),
    ([["id", "certificates"], ["c1", '[{"market": "SA"}]']], [
        "f.csv:2, column \"certificates\": 'policy' is missing"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), CSV_FAULTS)
def test_faults_of_a_table(lines: list[list[str]], expected: list[str], tmp_path: Path) -> None:
    """Every fault of every cell, under its header."""
    path = tmp_path / "f.csv"
    path.write_text(csv_text(*lines), encoding="utf-8")
    assert faults(lambda: load_cases(path), tmp_path) == expected


TYPED = "make the column text, then type it again"
SHEETS: list[tuple[list[list[Any]], list[str]]] = [
    ([], ["f.xlsx!Cases: has no header row"]),
    ([["id"], [123], [date(2026, 11, 1)], [True], [Guessed("=A1&A2")]], [
        (f'f.xlsx!Cases!A2, column "id": 123 is a number in this workbook, and text belongs here; '
        f'{TYPED}'),
        (f'f.xlsx!Cases!A3, column "id": 2026-11-01 is a date in this workbook, and text belongs '
        f'here; {TYPED}'),
        (f'f.xlsx!Cases!A4, column "id": True is true or false in this workbook, and text belongs '
        f'here; {TYPED}'),
        'f.xlsx!Cases!A5, column "id": holds a formula, not a value; put its value in its place']),
    ([["id", "text.title", "probability", "volume", "on"],
      ["c1", 2024, date(2026, 1, 1), Guessed("#N/A"), datetime(2026, 1, 1, 3, 4)]], [  # noqa: DTZ001
        (f'f.xlsx!Cases!B2, column "text.title": 2024 is a number in this workbook, and text '
        f'belongs here; {TYPED}'),
        (f'f.xlsx!Cases!C2, column "probability": 2026-01-01 is a date in this workbook, and text '
        f'belongs here; {TYPED}'),
        'f.xlsx!Cases!D2, column "volume": holds the error #N/A, not a value',
        'f.xlsx!Cases!E2, column "on": 2026-01-01T03:04:00 is a time, and a date belongs here']),
    ([HEAD, ["c1", True, 7, date(2026, 11, 20), "random"]], [
        ("f.xlsx!Cases!B2, column \"label.GMB.REAL\": 'True' is not a label; "
        "one of: yes, no, unsure"),
        (f'f.xlsx!Cases!C2, column "label.by": 7 is a number in this workbook, and text belongs '
        f'here; {TYPED}')]),
    ([["id", "targeting.min_age"], ["c1", 18.5]], [
        ("f.xlsx!Cases!B2, column \"targeting.min_age\": '18.5' is not a whole number; "
        "write it as 12")]),
    ([["id"], ["a"], [], ["a"]], [
        ("f.xlsx!Cases!A4, column \"id\": the creative 'a' is there already, in "
        'f.xlsx!Cases!A2, column "id"; one case for each creative')]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), SHEETS)
def test_faults_of_a_workbook(lines: list[list[Any]], expected: list[str], tmp_path: Path) -> None:
    """What Excel made of a cell is told with the sheet and the cell; nothing is guessed back."""
    path = workbook(tmp_path / "f.xlsx", lines)
    assert faults(lambda: load_cases(path), tmp_path) == expected


def parquet(folder: Path, rows: list[Json], schema: Any = None) -> Path:
    """A Parquet file of rows as they are, or as a schema says."""
    path = folder / "f.parquet"
    pa.parquet.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return path


STORED: list[tuple[list[Json], list[str]]] = [
    ([case("a"), case("b"), case("a")], [
        ("f.parquet:3, column \"creative.id\": the creative 'a' is there already, in "
        'f.parquet:1, column "creative.id"; one case for each creative')]),
    ([{"creative": {"id": None}}, {"creative": {"id": " "}}, {"creative": None}], [
        'f.parquet:1, column "creative.id": has no value (null)',
        'f.parquet:2, column "creative.id": is blank',
        'f.parquet:3, column "creative.id": has no value (null)']),
    ([case("a", probability=0.0), case("b", probability=1.5, volume=-1.0),
      case("c", probability=float("inf"))], [
        'f.parquet:1, column "probability": 0.0 is not above 0 and at most 1',
        'f.parquet:2, column "probability": 1.5 is not above 0 and at most 1',
        'f.parquet:2, column "volume": -1.0 is not a number from 0 on',
        'f.parquet:3, column "probability": inf is not above 0 and at most 1']),
    ([case("a", labels=[arrow_row({"creative": {}, **LABEL}) | {"creative": None}][:0]),
      case("b", labels=[{**LABEL, "present": "maybe", "kind": "rand", "policy": "gmb",
                         "on": date(2026, 1, 1)}]),
      case("c", labels=[{**LABEL, "by": None, "on": None}, None])], [
        "f.parquet:2, column \"labels.kind\": 'rand' is not a kind; did you mean 'random'?",
        "f.parquet:2, column \"labels.policy\": 'gmb' is not a policy code; write it as GMB.REAL",
        "f.parquet:2, column \"labels.present\": 'maybe' is not a label; one of: yes, no, unsure",
        'f.parquet:3, column "labels": has no value (null)',
        'f.parquet:3, column "labels.by": has no value (null)',
        'f.parquet:3, column "labels.kind": has no value (null)',
        'f.parquet:3, column "labels.on": has no value (null)',
        'f.parquet:3, column "labels.policy": has no value (null)',
        'f.parquet:3, column "labels.present": has no value (null)']),
    ([case("a", judged=["GMB.REAL", None, "x"])], [
        'f.parquet:1, column "judged": \'x\' is not a policy code; write it as GMB.REAL',
        'f.parquet:1, column "judged": has no value (null)']),
    ([{"creative": {"id": "a", "markets": ["SA", ""], "links": [None], "attributes": "[]",
                    "targeting": {"min_age": -1}}}], [
        "f.parquet:1, column \"creative.attributes\": '[]' is not a JSON object",
        'f.parquet:1, column "creative.links": has no value (null)',
        'f.parquet:1, column "creative.markets": is blank',
        'f.parquet:1, column "creative.targeting.min_age": -1.0 is not a number from 0 on']),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "expected"), STORED)
def test_faults_of_parquet(stored: list[Json], expected: list[str], tmp_path: Path) -> None:
    """Every fault with the number of its row and the path of its column."""
    from automod.model.arrow import case_schema

    path = parquet(tmp_path, stored, case_schema())
    assert faults(lambda: load_cases(path), tmp_path) == expected


SHAPES: list[tuple[list[Json], list[str]]] = [
    ([{"id": "a"}], [
        'f.parquet, column "creative": the column is missing',
        "f.parquet, column \"id\": 'id' is no column here"]),
    ([{"creative": {"id": 5, "titel": "x", "x-note": 1}, "judgd": ["A"], "x-more": 2}], [
        'f.parquet, column "creative.id": holds int64, which are not texts',
        "f.parquet, column \"creative.titel\": 'titel' is no column here",
        "f.parquet, column \"judgd\": 'judgd' is no column here; did you mean 'judged'?"]),
    ([{"creative": {"id": "a", "certificates": [{"polcy": "A"}]}, "labels": ["yes"],
       "probability": "1%"}], [
        'f.parquet, column "creative.certificates.policy": the column is missing',
        ("f.parquet, column \"creative.certificates.polcy\": 'polcy' is no column here; "
        "did you mean 'policy'?"),
        'f.parquet, column "labels.by": the column is missing',
        'f.parquet, column "labels.kind": the column is missing',
        'f.parquet, column "labels.on": the column is missing',
        'f.parquet, column "labels.policy": the column is missing',
        'f.parquet, column "labels.present": the column is missing',
        'f.parquet, column "probability": holds string, which are not numbers']),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "expected"), SHAPES)
def test_columns_of_parquet(stored: list[Json], expected: list[str], tmp_path: Path) -> None:
    """What is missing, unknown or of another type is told before any row is read."""
    path = parquet(tmp_path, stored)
    assert sorted(faults(lambda: load_cases(path), tmp_path)) == sorted(expected)


def test_a_fault_in_very_many_rows_is_told_a_thousand_times(tmp_path: Path) -> None:
    """What a machine wrote wrong it wrote wrong everywhere: the rest is said to be left out."""
    path = parquet(tmp_path, [case(f"c{i}", probability=0.0) for i in range(3_000)])
    told = faults(lambda: load_cases(path), tmp_path)
    assert len(told) == 1_000
    assert told[-1].endswith("further rows are not told")


@pytest.mark.parametrize("form", FORMATS)
def test_names_of_the_policy_table(form: str, tmp_path: Path) -> None:
    """Codes and markets that a table does not know are faults, each with what may be meant."""
    wrong: Json = {
        "creative": {"id": "c1", "markets": ["SA", "SAA"],
                     "certificates": [{"policy": "GMB.REEL", "market": "GCC"}]},
        "labels": [{**LABEL, "policy": "GMB.RAEL"}, {**LABEL, "market": "US-NW"}],
        "judged": ["FIN.RICHE"],
    }  # fmt: skip
    path = WRITERS[form](tmp_path / f"f.{form}", [wrong, case("c2", judged=["FIN.RICH"])])
    assert faults(lambda: load_cases(path), tmp_path) == []
    told = {one.partition('": ')[2] for one in faults(lambda: load_cases(path, POLICIES), tmp_path)}
    assert told == {
        "'SAA' is not a market; did you mean 'SA'?", "'GCC' is a group of markets; write AE, SA",
        "'US-NW' is not a market; did you mean 'US-NV'?",
        "'GMB.REEL' is not a code of the policy table; did you mean 'GMB.REAL'?",
        "'GMB.RAEL' is not a code of the policy table; did you mean 'GMB.REAL'?",
        "'FIN.RICHE' is not a code of the policy table; did you mean 'FIN.RICH'?",
    }  # fmt: skip


def test_an_unknown_code_of_a_column_is_told_once(tmp_path: Path) -> None:
    """Not once for each row below it; the words in the column are looked at all the same."""
    header = ["id", "label.GMB.REEL", "label.GMB.REAL@XX", *HEAD[2:]]
    lines = [header, ["c1", "yes", "no", *SAID[1:]], ["c2", "perhaps", "", *SAID[1:]]]
    path = tmp_path / "f.csv"
    path.write_text(csv_text(*lines), encoding="utf-8")
    assert faults(lambda: load_cases(path, POLICIES), tmp_path) == [
        "f.csv:1, column \"label.GMB.REAL@XX\": 'XX' is not a market",
        (
            "f.csv:1, column \"label.GMB.REEL\": 'GMB.REEL' is not a code of the policy table; "
            "did you mean 'GMB.REAL'?"
        ),
        "f.csv:3, column \"label.GMB.REEL\": 'perhaps' is not a label; one of: yes, no, unsure",
    ]


def test_all_files_are_read_before_anything_is_said(tmp_path: Path) -> None:
    """Faults of every file come together, and a creative may be in one file only."""
    paths = [
        write_jsonl(tmp_path / "a.jsonl", [case("c1"), case("c2", volume=-1)]),
        write_csv(tmp_path / "b.csv", [case("c3"), case("c1")]),
        write_parquet(tmp_path / "c.parquet", [case("c3")]),
        tmp_path / "none.jsonl", tmp_path, tmp_path / "d.txt",
    ]  # fmt: skip
    (tmp_path / "d.txt").write_text("")
    assert [one.replace(str(tmp_path), "FOLDER") for one in faults(
        lambda: load_cases(paths), tmp_path
    )] == [
        "FOLDER: is a folder; name the files in it",
        'a.jsonl:2, column "volume": -1: input should be greater than or equal to 0',
        ("b.csv:3, column \"id\": the creative 'c1' is there already, in a.jsonl:1, "
        'column "creative.id"; one case for each creative'),
        ("c.parquet:1, column \"creative.id\": the creative 'c3' is there already, in b.csv:2, "
        'column "id"; one case for each creative'),
        ("d.txt: '.txt' is not a suffix that is read here; "
        "one of: .jsonl, .ndjson, .json, .csv, .tsv, .xlsx, .parquet"),
        "none.jsonl: there is no such file",
    ]  # fmt: skip


# --- laws -----------------------------------------------------------------------------------------

words = st.text("abcكازي ,;\n\"'=١7", min_size=1, max_size=6).filter(lambda one: one.strip() == one)
names = st.text("abcde", min_size=1, max_size=3)
codes = st.sampled_from(["GMB.REAL", "FIN.RICH", "A.B"])
markets = st.sampled_from(["SA", "NG", "US-NV"])
days = st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(date.isoformat)
labels = st.fixed_dictionaries(
    {"policy": codes, "present": st.sampled_from(["yes", "no", "unsure"]), "by": names,
     "on": days, "kind": st.sampled_from(["random", "hit", "appeal"])},
    optional={"market": markets},
)  # fmt: skip
certificates = st.fixed_dictionaries(
    {"policy": codes},
    optional={"market": markets, "number": names, "holder": names, "from": days, "until": days},
)
creatives = st.fixed_dictionaries(
    {},
    optional={
        "markets": st.lists(markets, min_size=1, max_size=3),
        "language": st.sampled_from(["ar", "en"]), "advertiser": names, "on": days,
        "text": st.dictionaries(st.sampled_from(["title", "body", "cta"]), words, min_size=1),
        "images": st.lists(names, min_size=1, max_size=2),
        "links": st.lists(names, min_size=1, max_size=2),
        "certificates": st.lists(certificates, min_size=1, max_size=2),
        "targeting": st.fixed_dictionaries({"min_age": st.integers(0, 99)}),
        "attributes": st.dictionaries(names, st.one_of(names, st.integers(0, 5)), min_size=1),
    },
)  # fmt: skip
chances = st.floats(1e-6, 1).map(lambda one: float(f"{one:.9g}"))
sizes = st.floats(0, 1e6).map(lambda one: round(one, 4)).filter(lambda one: one * 1000 % 1)
cases = st.lists(
    st.tuples(creatives, st.fixed_dictionaries({}, optional={
        "labels": st.lists(labels, min_size=1, max_size=3),
        "judged": st.lists(codes, min_size=1, max_size=3),
        "probability": chances, "volume": sizes, "group": names,
    })),
    max_size=5,
).map(lambda some: [
    {"creative": {"id": f"c{number}", **creative}, **more}
    for number, (creative, more) in enumerate(some)
])  # fmt: skip


def read(form: str, some: list[Json]) -> dict[str, Any]:
    """What a file of these cases says, in one format."""
    with tempfile.TemporaryDirectory() as folder:
        path = WRITERS[form](Path(folder, f"f.{form}"), some)
        told = told_cases(load_cases(path))
        return json.loads(json.dumps(told, default=repr).replace(f"{folder}/", ""))  # type: ignore[no-any-return]


@given(cases)
def test_the_format_changes_nothing(some: list[Json]) -> None:
    """JSONL = JSON = CSV = XLSX = Parquet: the same cases are the same table."""
    expected = read("jsonl", some)
    for form in FORMATS:
        assert read(form, some) == expected, form


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_case(form: str, tmp_path: Path) -> None:
    """Every column of a table, and the creative as the engine takes it."""
    path = WRITERS[form](tmp_path / f"f.{form}", [CASE, case("c2")])
    told = told_cases(load_cases(path, POLICIES))
    held = {**CREATIVE, "images": (f"{tmp_path}/ads/banner.png",),
            "certificates": tuple(CREATIVE["certificates"])}  # fmt: skip
    assert told == {
        "ids": ["c1", "c2"], "language": ["ar", None], "group": ["g1", None],
        "judged": [["FIN.RICH", "GMB.REAL"], []], "probability": ["0.01", "nan"],
        "volume": ["1000.0", "nan"], "creatives": [held, {"id": "c2"}],
        "permits": [
            Permits((Certificate("GMB.REAL", "NG", "7", None, date(2026, 1, 1)),), 18, "adv-9"),
            None,
        ],
        "labels": [
            (0, "GMB.REAL", "*", 1, "mona", date(2026, 11, 20).toordinal(), "random"),
            (0, "GMB.REAL", "SA", 0, "mona", date(2026, 11, 20).toordinal(), "random"),
        ],
    }  # fmt: skip


ARABIC = """\
المعرف;الأسواق;العنوان;النص;الاحتمال;مرات الظهور;المجموعة;تصنيف.GMB.REAL;التصنيف.FIN.RICH@SA;\
المصنف;تاريخ التصنيف;نوع التصنيف
c1;SA، NG;عرض;كازينو;١٪;١٠٠٠;م١;نعم;غير متأكّد;منى;٢٠٢٦-١١-٢٠;عشوائي
c2;SA;;;;;;لا;;منى;2026-11-20;اعتراض
c3;SA;;;;;;;;;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_table_in_arabic(encoding: str, tmp_path: Path) -> None:
    """Headers, words, digits and dates as they are typed; a blank label cell is no label."""
    path = tmp_path / "f.csv"
    path.write_bytes(ARABIC.encode(encoding))
    notes: list[str] = []
    told = told_cases(load_cases(path, POLICIES, notes.append))
    day = date(2026, 11, 20).toordinal()
    assert told["labels"] == [
        (0, "GMB.REAL", "*", 1, "منى", day, "random"),
        (0, "FIN.RICH", "SA", 2, "منى", day, "random"),
        (1, "GMB.REAL", "*", 0, "منى", day, "appeal"),
    ]
    assert told["probability"][0] == "0.01" and told["volume"][0] == "1000.0"
    assert told["creatives"][0] == {
        "id": "c1", "markets": ["SA", "NG"], "text": {"title": "عرض", "body": "كازينو"},
    }  # fmt: skip
    assert notes == [f"{path}: read as {encoding}, cells apart at ';'"]


def test_labels_as_json_and_as_columns_add_up(tmp_path: Path) -> None:
    """A row may have the labels of several people: those of the others are JSON."""
    path = tmp_path / "f.csv"
    rows = [[*HEAD, "labels"], ["c1", *SAID, json.dumps([{**LABEL, "by": "omar"}])]]
    path.write_text(csv_text(*rows), encoding="utf-8")
    assert [row[4] for row in told_cases(load_cases(path))["labels"]] == ["omar", "mona"]


def test_what_is_not_read_of_a_workbook_is_said(tmp_path: Path) -> None:
    """Only the first sheet has cases; a text that begins with = is a text."""
    path = workbook(tmp_path / "f.xlsx", [["id", "text.body"], ["c1", "=1+1"]], "Notes", "Lists")
    notes: list[str] = []
    assert told_cases(load_cases(path, note=notes.append))["creatives"] == [
        {"id": "c1", "text": {"body": "=1+1"}}
    ]
    assert notes == [f"{path}: the sheet 'Cases' is read, not 'Notes', 'Lists'"]


def test_parquet_as_others_write_it(tmp_path: Path) -> None:
    """Text as a struct, days as texts or times, dictionaries, large types, columns left out."""
    made = pa.table({
        "creative": pa.array(
            [{"id": "a", "text": {"title": "t", "body": None}, "on": datetime(2026, 1, 2)},  # noqa: DTZ001
             {"id": "b", "text": {"title": None, "body": None}, "on": None}],
            pa.struct([("id", pa.large_string()), ("on", pa.timestamp("us")),
                       ("text", pa.struct([("title", pa.string()), ("body", pa.string())]))])),
        "labels": pa.array(
            [[{**LABEL, "policy": "A.B"}], None],
            pa.large_list(pa.struct([(key, pa.string()) for key in LABEL]))),
        "judged": pa.array([["B.C", "A.B", "B.C"], None], pa.list_(pa.large_string())),
        "group": pa.array(["g", " "]).dictionary_encode(),
        "volume": pa.array([5, None], pa.int64()),
    })  # fmt: skip
    path = tmp_path / "f.parquet"
    pa.parquet.write_table(made, path)
    found = load_cases(path)
    told = told_cases(found)
    assert told["creatives"] == [{"id": "a", "text": {"title": "t"}, "on": "2026-01-02"},
                                 {"id": "b"}]  # fmt: skip
    assert told["labels"] == [(0, "A.B", "*", 1, "mona", date(2026, 11, 20).toordinal(), "random")]
    assert told["judged"] == [["A.B", "B.C"], []]
    assert told["group"] == ["g", None] and told["volume"] == ["5.0", "nan"]


def test_parquet_makes_creatives_when_they_are_asked_for(tmp_path: Path) -> None:
    """From any end, over row groups, and never from a file that has become another."""
    path = write_parquet(tmp_path / "f.parquet", [case(f"c{number}") for number in range(300)])
    creatives = load_cases(path).creatives
    assert [creatives[number]["id"] for number in (299, 0, -1, 150)] == [
        "c299", "c0", "c299", "c150",
    ]  # fmt: skip
    assert [one["id"] for one in creatives[10:13]] == ["c10", "c11", "c12"]
    with pytest.raises(IndexError):
        creatives[300]
    write_parquet(path, [case("other")])
    with pytest.raises(InputError, match="has changed since it was read"):
        creatives[5]
    path.unlink()
    with pytest.raises(InputError, match="cannot be read again"):
        creatives[5]


def test_tables_of_several_files_are_one(tmp_path: Path) -> None:
    """In the order of the files, whatever their formats."""
    first, second = (
        [CASE, case("c2", judged=["A.B"])],
        [case("c3", judged=["GMB.REAL"], group="g1")],
    )
    paths = [write_parquet(tmp_path / "a.parquet", first), write_csv(tmp_path / "b.csv", second)]
    whole = load_cases(write_jsonl(tmp_path / "all.jsonl", [*first, *second]))
    assert told_cases(load_cases(paths)) == told_cases(whole)
    assert told_cases(CaseTable.joined([])) == told_cases(load_cases([]))
    assert np.isnan(whole.probability[2])


def test_names_that_begin_x_pass(tmp_path: Path) -> None:
    """In a case, in a creative, and as columns."""
    noted = {"creative": {"id": "c1", "x-seen": 1}, "x-reason": "a bakery"}
    for path in (
        write_jsonl(tmp_path / "a.jsonl", [noted]),
        write_csv(tmp_path / "b.csv", [noted]),
    ):
        assert told_cases(load_cases(path))["creatives"] == [{"id": "c1"}]


@pytest.mark.parametrize(
    ("module", "form", "extra"), [("openpyxl", "xlsx", "analyst"), ("pyarrow", "parquet", "arrow")]
)
def test_a_missing_extra_is_named(
    module: str, form: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it the file cannot be read, and one sentence says what would help."""
    path = WRITERS[form](tmp_path / f"f.{form}", [case()])
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=f"needs the extra '{extra}'"):
        load_cases(path)


# --- whatever is in the file ----------------------------------------------------------------------


def answers(form: str, data: bytes) -> None:
    """Read the file; anything but a table or faults with places is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"f.{form}")
        path.write_bytes(data)
        try:
            list(load_cases(path, POLICIES).creatives)
        except LoadError as error:
            told = [f"{one.location}: {one.message}" for one in error.faults]
        except InputError as error:
            told = [str(error)]
        else:
            return
    assert told
    assert all(one.startswith(str(path)) for one in told)


@given(st.binary(max_size=300), st.sampled_from(FORMATS))
def test_any_bytes(data: bytes, form: str) -> None:
    """Bytes that are no file of cases are faults."""
    answers(form, data)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A sound file of each format."""
    folder = tmp_path_factory.mktemp("sound")
    some = [CASE, case("c2", labels=[LABEL])]
    return {form: write(folder / f"f.{form}", some).read_bytes() for form, write in WRITERS.items()}


@given(st.data(), st.sampled_from(FORMATS))
def test_damaged_files(sound: dict[str, bytes], data: st.DataObject, form: str) -> None:
    """A sound file with a few bytes changed, or cut off, is read or told to be broken."""
    damaged = bytearray(sound[form])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.just(len(damaged)) | st.integers(0, len(damaged)))
    answers(form, bytes(damaged[:cut]))


CELLS = [
    "", "c1", "SA; NG", "GMB.REAL", "yes", "نعم", "0", "1%", "nan", "[1]", '{"a": 1}', '"', "\n",
    "2026-11-20", "\x00", "=1", "x" * 300, "[", "null", json.dumps([LABEL]),
]  # fmt: skip
HEADERS = [
    "id", "markets", "judged", "labels", "probability", "volume", "group", "text", "text.a",
    "targeting", "certificates", "attributes.a", "on", "label.GMB.REAL", "label.A@", "label.",
    "label.by", "label.on", "label.kind", "label.GMB.REAL@SA", "x-a", "", "المعرف",
]  # fmt: skip
sheets = st.tuples(
    st.lists(st.sampled_from(HEADERS), max_size=6),
    st.lists(st.lists(st.sampled_from(CELLS), max_size=6), max_size=4),
)


@given(sheets)
def test_any_cells(one: tuple[list[str], list[list[str]]]) -> None:
    """Cells in any order under any headers are cases or faults."""
    answers("csv", csv_text(one[0], *one[1]).encode())


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.sampled_from(CELLS),
              st.just("\ud800")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(
            ["creative", "id", "labels", "policy", "judged", "on", "text", "targeting"]
        ), inner, max_size=4),
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(
    st.sampled_from(["creative", "labels", "judged", "probability", "volume", "group", "x-a"]),
    values,
))  # fmt: skip
def test_any_values(one: Json) -> None:
    """JSON of any shape is a case or faults."""
    answers("jsonl", json.dumps(one).encode())
    answers("json", json.dumps([{**case(), **one}]).encode())


assert ABOUT.items() <= LABEL.items()
