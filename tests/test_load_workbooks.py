"""Workbooks that are packages or tables: what their cells mean, and every fault at its cell."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import automod
from automod.errors import LoadError, MissingExtra
from automod.load import workbook_parts, workbooks
from automod.load.cell_words import ALSO, WORDS_AR, word_of
from automod.load.faults import Faults
from automod.load.headers import (
    ALLOW_KEYS,
    ARABIC,
    EXAMPLE_KEYS,
    KEYS,
    OF_ALLOWS,
    OF_EXAMPLES,
    OF_PACKAGES,
    PACKAGE_KEYS,
    SHEETS,
    allow_key_of,
    arabic_of,
    example_key_of,
    key_of,
    package_path,
    sheet_of,
)
from automod.load.ruleset import load, load_with_notes, read_source
from automod.load.workbook_parts import merged_cells, sheet_parts
from automod.model.package import Allow, Example, Material
from automod.model.vocabulary import BOUNDARIES, KINDS, STATUSES, VIEWS, WEIGHTS
from loading import HEAD, faults_of, package_of, table, write

Rows = Sequence[Sequence[Any]]
Sheets = Mapping[str, Rows]

PAIRS: Rows = [
    ("key", "value"), ("package", "p"), ("version", "2027.10"), ("owner", "me"),
    ("policy", "GMB.REAL"),
]  # fmt: skip
TERMS: Rows = [("id", "kind", "value", "weight"), ("casino", "keyword", "casino", "strong")]


def book(sheets: Sheets, merged: Iterable[str] = (), hidden: Iterable[str] = ()) -> bytes:
    """A workbook with these sheets; `merged`: ranges, each as `sheet!A1:B2`."""
    made = openpyxl.Workbook()
    del made["Sheet"]
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                cell = sheet.cell(line, column)
                cell.value = value
    for one in merged:
        title, _, area = one.partition("!")
        # `merge_cells` would clear all cells but the first: a sheet of a person may hold more.
        made[title].merged_cells.add(area)
    for title in hidden:
        made[title].sheet_state = "hidden"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def package_book(terms: Rows = TERMS, more: Rows = (), **others: Rows) -> dict[str, bytes]:
    """A folder with one package, which is a workbook."""
    return {"package.xlsx": book({"package": [*PAIRS, *more], "materials": terms, **others})}


# --- the same package, written in two ways --------------------------------------------------------

YAML = """\
package: gambling-ar
version: 2026.11.1
title: {en: Gambling, ar: قمار}
owner: mena
policy: [GMB.REAL, KID.SAFE]
languages: [ar, en]
markets: [SA, AE]
status: shadow
from: 2026-11-01
until: 2027-11-01
note: seen in November
x-team: ads; ops
defaults: {weight: medium, tags: [all], only_if_obfuscated: false}
caps: {bare: 0.5}
approved: {by: lead, on: 2026-11-02, ticket: T-1, digest: "sha256:%s"}
materials:
  - {id: casino, kind: keyword, value: كازينو, weight: 0.9, tags: [a, b], group: bare, status: live}
  - {id: sure-win, kind: phrase, value: ربح مضمون, gap: 2, until: 2027-01-31, x-rank: "3"}
  - {kind: phone, value: "0501234567", weight: strong, added: 2026-11-01, added_by: sara}
  - {id: hidden, kind: keyword, value: مراهنات, only_if_obfuscated: true, view: evasion}
allow:
  - {id: aware, kind: phrase, value: مكافحة القمار, boundary: word, until: 2027-01-01}
  - {id: licensed, kind: advertiser, values: [adv-1, adv-2], policies: [GMB.REAL], by: lead}
examples:
  - {text: العب في الكازينو, hits: [casino]}
  - {text: صورة كبيرة, hits: []}
  - {text: قديم, hits: [casino, sure-win], known: miss}
""" % ("a" * 64)

ENGLISH: Sheets = {
    "package": [
        ("key", "value", "note"),
        ("package", "gambling-ar"), ("version", "2026.11.1"), ("title.en", "Gambling", "shown"),
        ("title.ar", "قمار"), ("owner", "mena"), ("policy", "KID.SAFE; GMB.REAL"),
        ("languages", "ar؛ en"), ("markets", "SA، AE"), ("status", "shadow"),
        ("from", date(2026, 11, 1)), ("until", "2027-11-01"), ("note", "seen in November"),
        ("x-team", "ads; ops"), ("defaults.weight", "medium"), ("defaults.tags", "all"),
        ("defaults.only_if_obfuscated", False), ("caps.bare", 0.5), ("approved.by", "lead"),
        ("approved.on", date(2026, 11, 2)), ("approved.ticket", "T-1"),
        ("approved.digest", "sha256:" + "a" * 64), ("ticket", None), (None, None),
    ],
    "materials": [
        ("id", "kind", "value", "weight", "tags", "group", "status", "gap", "until", "x-rank",
         "added", "added_by", "only_if_obfuscated", "view"),
        ("casino", "keyword", "كازينو", 0.9, "a; b", "bare", "live"),
        (None,) * 20,
        ("sure-win", "phrase", "ربح مضمون", None, None, None, None, 2, date(2027, 1, 31), 3),
        (None, "phone", "0501234567", "strong", *[None] * 6, date(2026, 11, 1), "sara"),
        ("hidden", "keyword", "مراهنات", *[None] * 9, True, "evasion"),
    ],
    "allow": [
        ("id", "kind", "value", "boundary", "until", "values", "policies", "by"),
        ("aware", "phrase", "مكافحة القمار", "word", date(2027, 1, 1)),
        ("licensed", "advertiser", None, None, None, "adv-1; adv-2", "GMB.REAL", "lead"),
    ],
    "examples": [
        ("text", "hits", "known"),
        ("العب في الكازينو", "casino"), ("صورة كبيرة",), ("قديم", "casino; sure-win", "miss"),
    ],
}  # fmt: skip

_AR_PAIRS = {
    "title.en": "العنوان.الإنجليزية", "title.ar": "العنوان.العربية",
    "defaults.weight": "القيم الافتراضية.الوزن", "defaults.tags": "القيم الافتراضية.الوسوم",
    "defaults.only_if_obfuscated": "القيم الافتراضية.عند التمويه فقط", "caps.bare": "السقف.bare",
    "approved.by": "الموافقة.بواسطة", "approved.on": "الموافقة.في",
    "approved.ticket": "الموافقة.التذكرة", "approved.digest": "الموافقة.البصمة",
    "x-team": "x-team",
}  # fmt: skip


def in_arabic(sheets: Sheets) -> Sheets:
    """The same sheets with Arabic names, headers, keys and words to choose from."""
    found: dict[str, Rows] = {}
    for title, (header, *rows) in sheets.items():
        of = {"materials": ARABIC, "allow": OF_ALLOWS, "examples": OF_EXAMPLES}.get(title)
        name = arabic_of(SHEETS)[title]
        if of is None:
            keys = {**arabic_of(OF_PACKAGES), **_AR_PAIRS}
            body = [(keys.get(row[0], row[0]), *_worded((row[0],), row[1:])) for row in rows]
            found[name] = [("المفتاح", "القيمة", "ملاحظة"), *body]
        else:
            names = arabic_of(of)
            found[name] = [tuple(names.get(one, one) for one in header),
                           *(tuple(_worded(header, row)) for row in rows)]  # fmt: skip
    return found


def _worded(keys: Sequence[str], cells: Sequence[Any]) -> list[Any]:
    padded = [*keys, *[""] * (len(cells) - len(keys))]
    return [
        WORDS_AR.get((key or "").rpartition(".")[2], {}).get(str(cell).lower(), cell)
        for key, cell in zip(padded, cells, strict=False)
    ]


@pytest.mark.parametrize("sheets", [ENGLISH, in_arabic(ENGLISH)], ids=["English", "Arabic"])
def test_a_workbook_is_a_package_like_one_in_yaml(tmp_path: Path, sheets: Sheets) -> None:
    """The same keys in sheets and in YAML make the same ruleset, in both languages."""
    as_yaml = write(tmp_path / "yaml", {"package.yaml": YAML})
    as_book = write(tmp_path / "book", {"package.xlsx": book(sheets)})
    ruleset, notes = load_with_notes(as_book)
    assert ruleset == load(as_yaml)
    assert notes == ()
    written = [read_source(one).packages[0].file.package for one in (as_yaml, as_book)]
    assert written[1] == written[0].model_copy(update={"materials": ()})


def test_every_part_of_a_workbook_has_its_cell(tmp_path: Path) -> None:
    """Materials, allows, examples and keys know sheet, row and column."""
    source = read_source(write(tmp_path, {"package.xlsx": book(ENGLISH)}))
    package = source.packages[0]
    places = {
        one.id: [str(package.at(number, key)).rpartition("/")[2] for key in ("value", None, "gap")]
        for number, one in enumerate(package.materials)
    }
    assert places["gambling-ar/sure-win"] == [
        'package.xlsx!materials!C4, column "value"', "package.xlsx!materials:4",
        'package.xlsx!materials!H4, column "gap"',
    ]  # fmt: skip
    read = package.file.read
    told = [
        str(read.at(path, is_key)).rpartition("/")[2]
        for path, is_key in [
            (("owner",), False), (("owner",), True), (("title", "ar"), False), (("title",), False),
            (("allow", 1, "by"), False), (("allow", 1), False), (("allow", 1, "by"), True),
            (("examples", 2, "hits"), False), (("nothing",), False), (("allow",), False),
        ]
    ]  # fmt: skip
    assert told == [
        'package.xlsx!package!B6, column "value"', 'package.xlsx!package!A6, column "key"',
        'package.xlsx!package!B5, column "value"', 'package.xlsx!package!B4, column "value"',
        'package.xlsx!allow!H3, column "by"', "package.xlsx!allow:3",
        'package.xlsx!allow!H1, column "by"', 'package.xlsx!examples!B4, column "hits"',
        "package.xlsx!package", "package.xlsx!allow",
    ]  # fmt: skip


def test_pictures_are_looked_for_beside_a_workbook(tmp_path: Path) -> None:
    """A sample that is not there is a fault at its cell."""
    terms = [("id", "kind", "file", "weight"), ("a", "image", "samples/a.png", "strong")]
    (told,) = faults_of(tmp_path, package_book(terms))
    assert told.startswith('package.xlsx!materials!C2, column "file": there is no file')


# --- faults, each at its cell ---------------------------------------------------------------------

AS_TEXT = "format the column as text and type it again"

CELLS: list[tuple[str, Rows, list[str]]] = [
    ("a formula", [(..., "=A1")],
     ["C2 value: holds a formula, not a value; put its value in its place"]),
    ("an error", [(..., "#N/A")], ["C2 value: holds the error #N/A, not a value"]),
    ("a phone that lost its zero", [(..., 501234567)],
     [f"C2 value: 501234567 is a number in this workbook, and text belongs here; {AS_TEXT}"]),
    ("a phone in powers of ten", [(..., 1.2e12)],
     [f"C2 value: 1200000000000 is a number in this workbook, and text belongs here; {AS_TEXT}"]),
    ("a date where text is meant", [(..., date(2026, 5, 1))],
     [f"C2 value: 2026-05-01 is a date in this workbook, and text belongs here; {AS_TEXT}"]),
    ("a time", [(..., time(9, 30))],
     [f"C2 value: 09:30:00 is a time in this workbook, and text belongs here; {AS_TEXT}"]),
    ("true", [(..., True)],
     [f"C2 value: TRUE is true or false in this workbook, and text belongs here; {AS_TEXT}"]),
    ("an id that is a number", [("=1", "keyword", "a", "weak"), (17, "keyword", "b", "weak")],
     ["A2 id: holds a formula, not a value; put its value in its place",
      f"A3 id: 17 is a number in this workbook, and text belongs here; {AS_TEXT}"]),
    ("a date as weight", [("a", "keyword", "a", date(2026, 9, 1))],
     [f"D2 weight: 2026-09-01 is a date in this workbook, and a number belongs here; {AS_TEXT}"]),
    ("a weight above 1", [("a", "keyword", "a", 90)],
     ["D2 weight: '90' is not a weight; write 0 to 1, or certain, strong, medium, weak, signal"]),
    ("a number as day", [("a", "keyword", "a", 0.5, 46000)],
     [("E2 until: 46000 is a number in this workbook, and a date belongs here; "
      "write it as 2026-11-01")]),
    ("a time of a day", [("a", "keyword", "a", 0.5, datetime.fromisoformat("2026-01-01T09:00"))],
     ["E2 until: 2026-01-01 09:00:00 is a time, and a date belongs here"]),
    ("half a gap", [("a", "phrase", "a b", 0.5, None, 1.5)],
     ["F2 gap: '1.5' is not a whole number; write it as 12"]),
    ("yes as a number", [("a", "keyword", "a", 0.5, None, None, 1)],
     ["G2 only_if_obfuscated: 1 is a number in this workbook, and true or false belongs here"]),
    ("several in one row", [("=1", "keywrod", 7, "heavy")],
     ["A2 id: holds a formula, not a value; put its value in its place",
      "B2 kind: 'keywrod' is not a kind; did you mean 'keyword'?",
      f"C2 value: 7 is a number in this workbook, and text belongs here; {AS_TEXT}",
      ("D2 weight: 'heavy' is not a weight; "
       "write 0 to 1, or certain, strong, medium, weak, signal")]),
    ("beside the table", [(*("a", "keyword", "a", 0.5), *[None] * 5, "why?")],
     ["J2: 'why?' stands below no header; write above it what the column is, or clear it"]),
    ("only a kind", [("a", "keyword", None, 0.5)], ["C2 value: 'value' is missing"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"), [one[1:] for one in CELLS], ids=[one[0] for one in CELLS]
)
def test_a_cell_is_told_where_what_was_typed_is_lost(
    tmp_path: Path, rows: Rows, expected: list[str]
) -> None:
    """Each row of cells has exactly these faults; in a table of YAML they are the same."""
    header = ("id", "kind", "value", "weight", "until", "gap", "only_if_obfuscated")
    full = [("a", "keyword", *row[1:], "weak") if row[0] is ... else row for row in rows]
    terms = [header, *full]
    told = [_in_short(one) for one in faults_of(tmp_path / "a", package_book(terms))]
    assert told == expected
    files = {"p.yaml": f"{HEAD}materials: [{{table: t.xlsx}}]".encode(),
             "t.xlsx": book({"S": terms})}  # fmt: skip
    assert [_in_short(one) for one in faults_of(tmp_path / "b", files)] == expected


def _in_short(fault: str) -> str:
    """A fault of the sheet of materials without file, sheet and the marks around a header."""
    place = fault.removeprefix("package.xlsx!materials!").removeprefix("t.xlsx!S!")
    return place.replace(', column "', " ", 1).replace('":', ":", 1)


WHOLE: list[tuple[str, dict[str, bytes], list[str]]] = [
    ("unknown header", package_book([("kidn", "value"), ("x", "y")]),
     [("package.xlsx!materials!A1, column \"kidn\": 'kidn' is not a key of a material; "
      "did you mean 'kind'?")]),
    ("a key twice", package_book(more=[("المالك", "you")]),
     [("package.xlsx!package!A6, column \"key\": the key 'المالك' is written twice; "
      "it is in row 4 already")]),
    ("an unknown key", package_book(more=[("ownr", "you"), ("owner.x", "a")]),
     ["package.xlsx!package!A6, column \"key\": 'ownr' is not a key here; did you mean 'owner'?",
      ("package.xlsx!package!A7, column \"key\": 'owner.x' is not a key here; "
      "did you mean 'owner'?")]),
    ("rules in cells", package_book(more=[("rules", "a")], rules=[("id", "all")]),
     [("package.xlsx!package!A6, column \"key\": 'rules' does not stand here; "
      "write the package as YAML: rules have parts within parts"),
      ("package.xlsx!rules: a workbook has no rules: they have parts within parts; "
      "write the package as YAML")]),
    ("a key with parts", package_book(more=[("title", "Mine"), ("defaults.wieght", 0.5)]),
     [("package.xlsx!package!A6, column \"key\": 'title' has parts; "
      "write each in a row of its own, as title.en"),
      ("package.xlsx!package!A7, column \"key\": 'wieght' is not a key here; "
      "did you mean 'weight'?")]),
    ("odd values", package_book(more=[("schema", 2), ("until", "=NOW()"), ("caps.a", 7),
                                      (None, "alone"), ("markets", 12)]),
     ['package.xlsx!package!A9, column "key": there is a value and no key',
      ('package.xlsx!package!B6, column "value": schema 2 is not known; '
      "this automod reads schema 1"),
      ('package.xlsx!package!B7, column "value": holds a formula, not a value; '
      "put its value in its place"),
      "package.xlsx!package!B8, column \"value\": '7' is not from 0 to 1",
      ('package.xlsx!package!B10, column "value": 12 is a number in this workbook, '
      f"and text belongs here; {AS_TEXT}")]),
    ("a version that is a number", {"package.xlsx": book({"package": [
        ("key", "value"), ("package", "p"), ("version", 2027.10), ("policy", "GMB.REAL")]})},
     ["package.xlsx!package: 'owner' is missing",
      ('package.xlsx!package!B3, column "value": 2027.1 is a number in this workbook, '
      f"and text belongs here; {AS_TEXT}")]),
    ("no header of pairs", {"package.xlsx": book({"package": PAIRS[1:]})},
     [("package.xlsx!package!A1, column \"package\": 'package' is not a column here; "
      "the first row is: key, value"),
      ("package.xlsx!package!B1, column \"p\": 'p' is not a column here; "
      "the first row is: key, value")]),
    ("a misspelt sheet", package_book(exampels=[("text", "hits")], الاستثناآت=[("id",)]),
     ["package.xlsx!exampels: 'exampels' is no sheet of a package; did you mean 'examples'?",
      ("package.xlsx!الاستثناآت: 'الاستثناآت' is no sheet of a package; "
       "did you mean 'الاستثناءات'?")]),
    ("a misspelt sheet of materials", {"package.xlsx": book({
        "package": PAIRS, "materails": TERMS, "examples": [("text", "hits"), ("x", "casino")]})},
     ["package.xlsx!materails: 'materails' is no sheet of a package; did you mean 'materials'?"]),
    ("a misspelt Arabic header", package_book(
        [("المعرف", "النوعع", "القيمة", "الوزن"), ("a", "keyword", "x", 1)],
        allow=[("المعرف", "النوع", "القيممة"), ("b", "phrase", "y")]),
     [("package.xlsx!allow!C1, column \"القيممة\": 'القيممة' is not a key of an allow; "
      "did you mean 'القيمة'?"),
      ("package.xlsx!materials!B1, column \"النوعع\": 'النوعع' is not a key of a material; "
      "did you mean 'النوع'?")]),
    ("misspelt headers of pairs", {"package.xlsx": book({
        "package": [("kye", "valeu"), *PAIRS[1:]]})},
     [("package.xlsx!package!A1, column \"kye\": 'kye' is not a column here; "
      "the first row is: key, value"),
      ("package.xlsx!package!B1, column \"valeu\": 'valeu' is not a column here; "
      "did you mean 'value'?")]),
    ("no column of values", {"package.xlsx": book({"package": [("key",), ("package",)]})},
     ["package.xlsx!package:1: the column 'value' is missing; the first row is: key, value"]),
    ("a title above the header", package_book([("Our words",), (), *TERMS]),
     [("package.xlsx!materials!A1, column \"Our words\": 'Our words' is not a key of a "
      "material")]),
    ("misspelt headers of lists", package_book(
        allow=[("id", "kind", "vlaue"), ("a", "phrase", "x"), ("b", "phrase", "y")],
        examples=[("txet", "hits"), ("a", "casino"), ("b", None)]),
     [("package.xlsx!allow!C1, column \"vlaue\": 'vlaue' is not a key of an allow; "
      "did you mean 'value'?"),
      ("package.xlsx!examples!A1, column \"txet\": 'txet' is not a key of an example; "
      "did you mean 'text'?")]),
    ("lists without a column", package_book(
        allow=[("id", "value"), ("a", "x"), ("b", "y")], examples=[("hits",), ("casino",)]),
     ["package.xlsx!allow:1: the column 'kind' is missing",
      "package.xlsx!examples:1: the column 'text' is missing"]),
    ("no column of kinds", package_book([("id", "value", "weight"), ("a", "x", 1), ("b", "y", 1)],
                                        examples=[("text", "hits"), ("x", "a")]),
     [("package.xlsx!materials:1: the column 'kind' is missing; "
      "add it, or write it once for all in 'defaults'")]),
    ("a blank package", {"package.xlsx": book({"package": []})},
     ["package.xlsx!package: has no header row"]),
    ("faults of lists", package_book(
        allow=[("id", "kind", "valeu", "until"), ("a", "phrase", "x", 3), (5, "sentence")],
        examples=[("text", "image", "hits", "known"), ("a", None, "casion"), ("b", "c.png"),
                  (7, None, "casino", "maybe"), (None, None, "casino")]),
     [('package.xlsx!allow!A3, column "id": 5 is a number in this workbook, '
      f"and text belongs here; {AS_TEXT}"),
      ("package.xlsx!allow!B3, column \"kind\": 'sentence' is not a kind; one of: keyword, phrase, "
      "regex, domain, url, handle, phone, image, video, advertiser"),
      ("package.xlsx!allow!C1, column \"valeu\": 'valeu' is not a key of an allow; "
      "did you mean 'value'?"),
      ('package.xlsx!allow!D2, column "until": 3 is a number in this workbook, '
      "and a date belongs here; write it as 2026-11-01"),
      "package.xlsx!examples:3: an example has either 'text' or 'image'",
      "package.xlsx!examples:5: an example has either 'text' or 'image'",
      ('package.xlsx!examples!A4, column "text": 7 is a number in this workbook, '
      f"and text belongs here; {AS_TEXT}"),
      ("package.xlsx!examples!C2, column \"hits\": there is no material or rule 'casion'; "
      "did you mean 'casino'?"),
      ("package.xlsx!examples!D4, column \"known\": 'maybe' is not one of the known words; "
      "one of: miss, false_alarm")]),
    ("examples of nothing", package_book(examples=[("text",), ("a",), ("b",)]),
     [("package.xlsx!examples:1: the column 'hits' is missing; "
      "it names what must be found; where nothing must, its cell is blank")]),
    ("two sheets of one thing", package_book(المواد=TERMS),
     ["package.xlsx!المواد: a second sheet 'materials' (the first is 'materials')"]),
    ("two of one name", {**package_book(), "package.yaml": HEAD.encode()},
     [("package.xlsx!package!B2, column \"value\": a second package 'p' "
      "(the first is in package.yaml)")]),
    ("no workbook", {**package_book(), "other.xlsx": b"PK"},
     [("other.xlsx: is no workbook that can be read: File is not a zip file; "
      "save it as .xlsx, or as CSV")]),
    ("in the folder of overrides", {**package_book(), "overrides/o.xlsx": book({"S": TERMS})},
     ["overrides/o.xlsx: an override is no workbook; write it as YAML"]),
    ("naming what is faulty", package_book(
        [("id", "kind", "value", "weight"), ("a", "keyword", "=1", 1), ("=2", "keyword", "b", 1)],
        examples=[("text", "hits"), ("x", "a"), ("x", "c")]),
     [('package.xlsx!materials!A3, column "id": holds a formula, not a value; '
      "put its value in its place"),
      ('package.xlsx!materials!C2, column "value": holds a formula, not a value; '
      "put its value in its place")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "expected"), [one[1:] for one in WHOLE], ids=[one[0] for one in WHOLE]
)
def test_a_workbook_is_refused_with_every_fault(
    tmp_path: Path, files: dict[str, bytes], expected: list[str]
) -> None:
    """Each workbook has exactly these faults, and one hides no other."""
    assert sorted(faults_of(tmp_path, files)) == sorted(expected)


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("B2:B3", ['B2, column "kind": holds merged cells (B2:B3), not a value']),
        ("A3:C3", ['A3, column "id": holds merged cells (A3:C3), not a value']),
        ("C3:G9", ['C3, column "value": holds merged cells (C3:G9), not a value']),
        ("E1:F9", []),
        ("A5:C9", []),
    ],
)  # fmt: skip
def test_merged_cells_are_told_once(tmp_path: Path, area: str, expected: list[str]) -> None:
    """Merged cells of the table are one fault, at the first; beside and below it they are none."""
    terms = [*TERMS, ("b", "keyword", "bet", "weak"), ("c", "keyword", "slot", "weak")]
    sheets = {"package": PAIRS, "materials": terms}
    data = book(sheets, [f"materials!{area}"])
    hint = "; unmerge them and fill each cell"
    told = [f"package.xlsx!materials!{one}{hint}" for one in expected]
    assert faults_of(tmp_path, {"package.xlsx": data}) == told


def test_merged_headers_are_told(tmp_path: Path) -> None:
    """A header over two columns says of neither what it is."""
    sheets = {"package": PAIRS, "materials": TERMS, "examples": [("text", "hits", "known")]}
    told = faults_of(tmp_path, {"package.xlsx": book(sheets, ["examples!A1:B1"])})
    assert told == [
        (
            "package.xlsx!examples!A1, column \"merged cells (A1:B1)\": 'merged cells (A1:B1)' "
            "is not a key of an example"
        )
    ]


# --- what is no fault -----------------------------------------------------------------------------


def test_a_percent_format_changes_no_weight(tmp_path: Path) -> None:
    """A cell that shows 90% holds 0.9; so does the text 90%."""
    made = openpyxl.load_workbook(io.BytesIO(package_book()["package.xlsx"]))
    sheet = made["materials"]
    sheet["D2"], sheet["D2"].number_format = 0.9, "0%"
    sheet.append(["b", "keyword", "bet", "٩٠٪"])
    stream = io.BytesIO()
    made.save(stream)
    package = package_of(tmp_path, {"package.xlsx": stream.getvalue()})
    assert [one.weight for one in package.materials] == [0.9, 0.9]


def test_texts_that_look_like_something_else_stay_texts(tmp_path: Path) -> None:
    """An id of digits keeps its zeros, a value that begins with '=' is a value where it is text."""
    made = openpyxl.load_workbook(io.BytesIO(package_book()["package.xlsx"]))
    sheet = made["materials"]
    sheet.append(["007", "keyword", "=win", 0.5])
    sheet["C3"].data_type = "s"
    stream = io.BytesIO()
    made.save(stream)
    first = package_of(tmp_path, {"package.xlsx": stream.getvalue()}).materials[0]
    assert (first.id, first.value) == ("p/007", "=win")


def test_headers_may_carry_remarks(tmp_path: Path) -> None:
    """What stands in brackets, behind a star or in a second line is for people."""
    terms = [("id *", "Kind (choose)", "القيمة\nas seen", "weight"), *TERMS[1:]]
    assert [one.id for one in package_of(tmp_path, package_book(terms)).materials] == ["p/casino"]


@pytest.mark.parametrize(
    ("files", "notes"),
    [
        ({**package_book(), "ads.xlsx": book({"Ads": [("id",)]})},
         ["ads.xlsx: left out, it has no 'package' sheet"]),
        ({**package_book(), "~$package.xlsx": b"open", ".x.xlsx": b"hidden"}, []),
        (package_book(Other=[("a",)], _lists=[("a",)], examples=[], allow=[]),
         [("package.xlsx: the sheet 'Other' is not read "
          "(those read: package, materials, allow, examples)")]),
        ({"package.xlsx": book({"package": PAIRS, "materials": TERMS, "lists": [("a",)]},
                               hidden=["lists"])}, []),
        ({"p.yaml": f"{HEAD}materials: [{{table: t.xlsx}}]".encode(),
          "t.xlsx": book({"One": TERMS, "Two": [("a",)], "_x": [("b",)]})},
         ["t.xlsx: the sheet 'One' is read, not 'Two'"]),
        ({"p.yaml": f"{HEAD}materials: [{{table: t.xlsx}}]".encode(),
          "t.xlsx": book({"lists": [("a",)], "One": TERMS}, hidden=["lists"])}, []),
        ({"p.yaml": f"{HEAD}materials: [{{table: t/t.XLSX}}]".encode(),
          "t/t.XLSX": book({"package": PAIRS, "المواد": TERMS})},
         ["t/t.XLSX: the sheet 'المواد' is read, not 'package'"]),
    ],
    ids=["left out", "in use", "other sheets", "hidden", "first sheet", "first seen", "named"],
)  # fmt: skip
def test_what_is_not_read_is_told(
    tmp_path: Path, files: dict[str, bytes], notes: list[str]
) -> None:
    """Sheets and workbooks that people may take for material are named; the others are not."""
    ruleset, told = load_with_notes(write(tmp_path, files))
    assert [one.id for one in ruleset.packages[0].materials] == ["p/casino"]
    assert [one.replace(f"{tmp_path}/", "") for one in told] == notes


def test_a_workbook_may_be_given_by_itself(tmp_path: Path) -> None:
    """A path of a package is read; one of another workbook is a fault."""
    write(tmp_path, {**package_book(), "ads.xlsx": book({"Ads": [("id",)]})})
    policies = tmp_path / "policies.yaml"
    assert load(policies, tmp_path / "package.xlsx").packages[0].name == "p"
    with pytest.raises(LoadError, match=r"ads\.xlsx: has no 'package' sheet"):
        load(policies, tmp_path / "ads.xlsx")


def test_packages_stand_in_the_order_of_their_files(tmp_path: Path) -> None:
    """YAML and workbooks are one list."""
    second = HEAD.replace("package: p", "package: q")
    source = read_source(
        write(tmp_path, {"b.yaml": second, "a.xlsx": package_book()["package.xlsx"]})
    )
    assert [one.name for one in source.packages] == ["p", "q"]


@pytest.mark.parametrize(
    ("of", "read", "keys"),
    [
        (ARABIC, key_of, KEYS), (OF_ALLOWS, allow_key_of, ALLOW_KEYS),
        (OF_EXAMPLES, example_key_of, EXAMPLE_KEYS),
        (OF_PACKAGES, lambda name: package_path(name)[0],
         PACKAGE_KEYS - {"materials", "rules", "allow", "examples"}),
        (SHEETS, sheet_of, {"package", "materials", "allow", "examples", "rules"}),
    ],
    ids=["materials", "allow", "examples", "package", "sheets"],
)  # fmt: skip
def test_every_key_has_an_arabic_name(of: dict[str, str], read: Any, keys: Iterable[str]) -> None:
    """Each key can be written in Arabic and in English, and is read back as itself."""
    assert set(of.values()) == set(keys)
    assert {name: read(name) for name in of} == of
    assert {key: read(key.replace("_", " ").title()) for key in keys} == {key: key for key in keys}


def test_every_word_has_an_arabic_one() -> None:
    """Each list that is chosen from has an Arabic word for each of its words, and no two alike."""
    lists = {"kind": (*KINDS, "advertiser"), "status": STATUSES, "view": VIEWS,
             "boundary": BOUNDARIES, "weight": tuple(WEIGHTS), "known": ("miss", "false_alarm"),
             "only_if_obfuscated": ("true", "false")}  # fmt: skip
    assert {key: tuple(words) for key, words in WORDS_AR.items()} == lists
    for key, words in WORDS_AR.items():
        assert {word: word_of(key, arabic) for word, arabic in words.items()} == {
            word: word for word in words
        }
        assert {one: word_of(key, one) for one in ALSO.get(key, {})} == ALSO.get(key, {})


def test_arabic_words_are_read_in_csv(tmp_path: Path) -> None:
    """What a cell may hold is the same in every table."""
    rows = "النوع,القيمة,الوزن,المستوى,الحالة\nعبارةٌ,ربح مضمون,قوي,موسّع,نشطة\n"
    first = package_of(tmp_path, table(rows)).materials[0]
    assert (first.kind, first.weight, first.view, first.status) == ("phrase", 0.9, "loose", "live")


@pytest.mark.parametrize(
    ("word", "hint"),
    [("كلمه مفتاحيه", ""), ("كلم", "did you mean 'كلمة'?"), ("شيء", "one of: كلمة, عبارة, نمط, ")],
)
def test_hints_are_in_the_language_of_the_cell(tmp_path: Path, word: str, hint: str) -> None:
    """Where an Arabic word is none of those, Arabic ones are named; small slips are none."""
    terms = [("id", "kind", "value", "weight"), ("a", word, "x", "weak")]
    told = faults_of(tmp_path, package_book(terms))
    assert len(told) == bool(hint)
    assert all(hint in one for one in told)


# --- laws -----------------------------------------------------------------------------------------

_WORDS = st.text("abكازينوربح 07=-", min_size=1, max_size=8).filter(lambda one: one.strip())
_ROWS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "id": st.from_regex(r"[a-z0-9]{1,4}", fullmatch=True),
            "kind": st.sampled_from(["keyword", "phrase", "phone", "عبارة", "keywrod"]),
            "value": _WORDS,
            "weight": st.one_of(st.sampled_from(["strong", "0,9", "7"]), st.integers(0, 100)
                                .map(lambda one: one / 100)),
            "gap": st.integers(0, 5),
            "until": st.dates(date(2026, 1, 1), date(2030, 1, 1)),
            "only_if_obfuscated": st.booleans(),
            "tags": st.sampled_from(["a", "a; b", "b؛ c"]),
        },
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(_ROWS)
def test_a_sheet_says_what_a_csv_file_says(rows: list[dict[str, Any]]) -> None:
    """The same rows as CSV and as a sheet make the same materials and the same faults."""
    header = list(dict.fromkeys(["value", *(key for row in rows for key in row)]))
    told = []
    with tempfile.TemporaryDirectory() as name:
        for suffix in (".csv", ".xlsx"):
            folder = Path(name, suffix[1:])
            files = {"p.yaml": f"{HEAD}materials: [{{table: t{suffix}}}]".encode(),
                     f"t{suffix}": _as(suffix, header, rows)}  # fmt: skip
            source = read_source(write(folder, files))
            faults = [
                (one.location.line, one.location.header, one.message.partition("t.csv")[0]
                 .partition("t.xlsx")[0].replace(str(folder), ""), one.hint)
                for one in source.faults
            ]  # fmt: skip
            told.append((faults, list(source.packages[0].materials)))
    assert told[0] == told[1]


def _as(suffix: str, header: Sequence[str], rows: list[dict[str, Any]]) -> bytes:
    if suffix == ".csv":
        lines = [header, *([_text(row.get(key)) for key in header] for row in rows)]
        return "\n".join(";".join(f'"{one}"' for one in line) for line in lines).encode()
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for line, row in enumerate([dict(zip(header, header, strict=True)), *rows], 1):
        for column, key in enumerate(header, 1):
            cell = sheet.cell(line, column, row.get(key))
            if isinstance(row.get(key), str):
                cell.data_type = "s"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


# --- budgets and broken files ---------------------------------------------------------------------


def test_a_package_in_sheets_needs_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without openpyxl a package is not passed over, and a workbook that is none is left out."""
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    write(tmp_path, {"p.yaml": HEAD, "ads.xlsx": book_of_zip()})
    assert "left out" in load_with_notes(tmp_path)[1][0]
    (tmp_path / "ads.xlsx").write_bytes(book_of_zip("package"))
    with pytest.raises(MissingExtra, match="'analyst'"):
        automod.load(tmp_path)


SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def book_of_zip(title: str = "S", sheet: str = "", **parts: str) -> bytes:
    """A workbook written by hand: the barest that can be opened."""
    held = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Override PartName="/xl/workbook.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet '
        f'name="{title}" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet or f'<worksheet xmlns="{SHEET}"><sheetData/></worksheet>',
        **parts,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return stream.getvalue()


def rows_of(rows: str, after: str = "") -> str:
    """The part of a sheet with these rows."""
    return f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData>{after}</worksheet>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (book_of_zip(sheet=rows_of('<row r="1"><c r="A1"><v>1</v></c></row><row r="900000000"/>')),
         "has more than 10000 rows"),
        (book_of_zip(sheet=rows_of("".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>'
                                           for n in range(1, 40)))), "has more than 50000 cells"),
        (book_of_zip(sheet='<!DOCTYPE a [<!ENTITY b "c">]>' + rows_of("")),
         "is no workbook that can be read: it declares a document type"),
        (book_of_zip(**{"xl/workbook.xml": "<!DOCTYPE a><a/>"}),
         "is no workbook that can be read: it declares a document type"),
        (book_of_zip(**{"_rels/.rels": "<a/>"}),
         "is no workbook that can be read: there is no list of sheets in it"),
        (book_of_zip(**{"xl/workbook.xml": "<a>"}), "is no workbook that can be read: no element"),
        (book_of_zip(**{"xl/_rels/workbook.xml.rels": "<a/>"}), "has no sheet"),
        (book_of_zip(**{"xl/workbook.xml": "<a>" + " " * (17 << 20) + "</a>"}),
         "is no workbook that can be read: xl/workbook.xml is larger than 16 MiB"),
        (book_of_zip(sheet=rows_of("<row><c><v>1</v></c></row>" * 3, "<mergeCells>" + "".join(
            '<mergeCell ref="A1:XFD9"/>' for _ in range(18_000)) + "</mergeCells>")),
         "is no workbook that can be read: its merged cells lie over each other"),
        (book_of_zip(sheet=rows_of("", "<mergeCell ref='A1:B9'/>" * 20_001)),
         "is no workbook that can be read: a sheet has more than 20000 merged cells"),
        (book_of_zip(sheet=rows_of("<row><c><v>one</v></c></row>")),
         "is no workbook that can be read"),
        (book_of_zip(**{"xl/sharedStrings.xml": "<sst>" + " " * (33 << 20) + "</sst>"}),
         "is larger than 256 MiB"),
        (book_of_zip(), "has no header row"),
    ],
)  # fmt: skip
def test_what_would_take_all_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, message: str
) -> None:
    """A broken or hostile workbook is one fault, found before it costs much."""
    monkeypatch.setattr(workbooks, "MAX_CELLS", 50_000)
    monkeypatch.setattr(workbooks, "MAX_LINES", 10_000)
    monkeypatch.setattr(workbook_parts, "MAX_MERGED", 20_000)
    monkeypatch.setattr(workbooks, "MAX_WHOLE", 32 << 20)
    path = tmp_path / "t.xlsx"
    path.write_bytes(data)
    faults = Faults()
    assert workbooks.read_workbook(path, "t.xlsx", faults) is None
    assert [message in str(one) for one in faults.found] == [True]


def test_merged_cells_are_found_in_any_encoding(tmp_path: Path) -> None:
    """Also where the letters of the part are not those of ASCII, and next to each other."""
    after = '<mergeCells><mergeCell ref="B3:C7"/><mergeCell ref="AA1"/></mergeCells>'
    path = tmp_path / "t.xlsx"
    for declared, codec in (("UTF-8", "utf-8"), ("UTF-16", "utf-16")):
        text = f'<?xml version="1.0" encoding="{declared}"?>{rows_of("", after)}'
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("s.xml", text.encode(codec))
        found = merged_cells(path, "s.xml")
        assert [(one.top, one.left, one.bottom, one.right) for one in found] == [
            (3, 2, 7, 3), (1, 27, 1, 27),
        ]  # fmt: skip


def test_sheets_are_listed_without_opening_them(tmp_path: Path) -> None:
    """Names and what is hidden are known before any cell is read; charts are no sheets of cells."""
    path = tmp_path / "t.xlsx"
    made = openpyxl.Workbook()
    made.create_sheet("ورقة").sheet_state = "veryHidden"
    made.create_chartsheet("Chart")
    made.save(path)
    assert [(one.title, one.hidden) for one in sheet_parts(path)] == [
        ("Sheet", False), ("ورقة", True),
    ]  # fmt: skip


def test_models_hold_what_headers_promise() -> None:
    """A key that a model gets later has a header as well."""
    for model, keys in ((Material, KEYS), (Allow, ALLOW_KEYS), (Example, EXAMPLE_KEYS)):
        assert {field.alias or name for name, field in model.model_fields.items()} == keys
