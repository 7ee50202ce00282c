"""`automod convert`: another sort of file, the same content, to the byte where it can be."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import messy
from automod.cli import exits
from automod.engine.compile import compile
from automod.engine.reading import load, read_source
from automod.errors import InputError, LoadError
from automod.load.cell_words import WORDS_AR
from automod.load.faults import Faults
from automod.report.labels import LANGS, Lang
from automod.report.package_words import explained
from automod.report.package_workbook import package_workbook, table_workbook
from automod.workshop.choices import Choices
from automod.workshop.conversion import (
    Content,
    csv_text,
    differences,
    read_again,
    read_content,
    refuse_what_no_table_holds,
    yaml_text,
)
from automod.workshop.foreign_lists import read_foreign
from automod.workshop.key_order import ALLOW, EXAMPLE, MATERIAL, PACKAGE
from command import run, write_rules
from loading import POLICIES
from shared_data import data as shared

PACKAGE_TEXT = """\
package: p
version: "2027.10"
title:
  en: A package
  ar: حزمة
  fr: Un paquet
owner: "007"
policy: [GMB.REAL]
languages: [ar, en]
markets: ["NO", SA]
status: shadow
from: 2026-11-01
x-team: "12"
approved:
  by: n.fares
  on: 2026-11-02
  ticket: ADS-1
  digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
defaults:
  weight: medium
  markets: [SA]
caps:
  bare: 0.7
  more.words: 1
materials:
  - id: "007"
    kind: phone
    value: "0501234567"
    weight: 0.9
    tags: [a, b]
    group: bare
    from: 2026-11-01
    x-n: "0010"
  - kind: keyword
    value: كازينو
    weight: "0.90"
    policy: []
    group: more.words
    only_if_obfuscated: true
    until: 2027-01-31
    added: 2026-11-01
    note: |-
      two
      lines
  - id: r
    kind: regex
    value: '  =a;b\\d_x0041_ '
    weight: certain
    tags:
      - وسم
    gap: 1
allow:
  - id: adv
    kind: advertiser
    values: [adv-1, "002"]
    policies: [GMB.REAL]
    until: 2026-12-31
    by: n.fares
    ticket: T
examples:
  - text: "العب في كازينو: 5"
    hits: [r, "007"]
    known: miss
  - text: =1+1
    hits: []
"""


DAY = datetime(2026, 11, 1)  # noqa: DTZ001 - as openpyxl reads it


def canonical() -> str:
    """The package above, as YAML has it."""
    return PACKAGE_TEXT.replace('weight: "0.90"', "weight: 0.90")


@pytest.mark.parametrize("lang", LANGS)
def test_yaml_to_a_workbook_and_back(tmp_path: Path, lang: Lang) -> None:
    """The canonical YAML is the same to the byte, in whatever language the workbook is."""
    (tmp_path / "p.yaml").write_text(canonical(), encoding="utf-8")
    there = run("convert", str(tmp_path / "p.yaml"), "-o", str(tmp_path / "p.xlsx"), "--lang", lang)
    back = run("convert", str(tmp_path / "p.xlsx"), "-o", str(tmp_path / "again.yaml"))
    assert (there.exit_code, back.exit_code) == (exits.YES, exits.YES), there.stderr + back.stderr
    assert (tmp_path / "again.yaml").read_text("utf-8") == canonical()
    assert run("fmt", "--check", str(tmp_path / "again.yaml")).exit_code == exits.YES
    assert there.stderr == f"wrote {tmp_path / 'p.xlsx'}: 3 materials\n"


def test_what_is_what_in_the_workbook() -> None:
    """Ids and phones are text, weights numbers or words as they were, days are days."""
    data = yaml.load(canonical(), yaml.BaseLoader)
    book = openpyxl.load_workbook(io.BytesIO(package_workbook(data)))
    sheet = book["materials"]
    head = {cell.value: cell.column or 0 for cell in sheet[1]}
    rows = [
        [sheet.cell(row, head[key]).value for key in ("id", "value", "weight", "from", "x-n")]
        for row in (2, 3, 4)
    ]
    assert rows == [
        ["007", "0501234567", 0.9, DAY, "0010"],
        [None, "كازينو", "0.90", None, None],
        ["r", "  =a;b\\d_x0041_ ", "certain", None, None],
    ]
    assert sheet.cell(4, head["value"]).data_type == "s"
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.cell(2, head["id"]).number_format == "@"


@pytest.mark.parametrize("lang", LANGS)
def test_a_workbook_helps_to_fill_it_in(lang: Lang) -> None:
    """Lists to choose from, notes on headers, right to left in Arabic, lists out of sight."""
    choices = Choices(("GCC", "SA"), ("GMB.REAL",))
    data = {"package": "p", "version": "1", "owner": "me", "policy": ["GMB.REAL"]}
    book = openpyxl.load_workbook(io.BytesIO(package_workbook(data, choices, lang=lang)))
    package, materials, allow, examples, lists = book.worksheets
    assert lists.sheet_state == "hidden"
    assert [sheet.sheet_view.rightToLeft or False for sheet in book.worksheets[:4]] == (
        [lang == "ar"] * 4
    )
    assert all(cell.comment for sheet in (materials, allow, examples) for cell in sheet[1])
    held = {tuple(one.value for one in column if one.value) for column in lists.columns}
    kinds = WORDS_AR["kind"] if lang == "ar" else {one: one for one in WORDS_AR["kind"]}
    assert tuple(kinds.values())[:9] in held
    assert ("GCC", "SA") in held
    chosen = {
        sheet.title: {str(one.sqref) for one in sheet.data_validations.dataValidation}
        for sheet in (package, materials, allow, examples)
    }
    # kind, weight, view, boundary, markets, status
    assert len(chosen[materials.title]) == 6
    assert len(chosen[examples.title]) == 1
    assert package["C2"].value == explained("package", "package", lang)


@pytest.mark.parametrize("lang", LANGS)
def test_every_key_is_explained(lang: Lang) -> None:
    """Each header that automod knows has a note, in both languages."""
    shapes = {"materials": MATERIAL, "allow": ALLOW, "examples": EXAMPLE, "package": PACKAGE}
    silent = [
        (sheet, key)
        for sheet, shape in shapes.items()
        for key in shape.keys
        if not key.startswith("x-")
        and key not in ("table", "materials", "rules", "allow", "examples")
        and not explained(sheet, key, lang)
    ]
    assert silent == []


def test_the_same_content_has_the_same_bytes() -> None:
    """No time of day is in a workbook."""
    data = yaml.load(canonical(), yaml.BaseLoader)
    assert package_workbook(data, lang="ar") == package_workbook(data, lang="ar")


def test_a_package_means_the_same(tmp_path: Path) -> None:
    """The digest of a ruleset whose package has become a workbook is the same."""
    rules = Path(write_rules(tmp_path / "rules"))
    text = (rules / "gambling.yaml").read_text("utf-8")
    head, _, rest = text.partition("rules:\n")
    (rules / "gambling.yaml").write_text(head + rest[rest.index("allow:") :], encoding="utf-8")
    before = compile(load(rules)).digest
    result = run("convert", str(rules / "gambling.yaml"), "-o", str(rules / "gambling.xlsx"))
    assert result.exit_code == exits.YES
    (rules / "gambling.yaml").unlink()
    assert compile(load(rules)).digest == before


values = messy.texts.filter(lambda text: bool(text.strip()))
RECORDS = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["keyword", "phrase"]), "value": values},
        optional={
            "weight": st.sampled_from(["0.5", "0.50", "50%", "strong", "1", "0", "٠٫٩"]),
            "tags": st.lists(st.sampled_from(["a", "b", "وسم"]), max_size=2),
            "until": st.sampled_from(["2026-11-01", "2026-1-1", "1900-01-01"]),
            "note": values,
            "x-a": values,
        },
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@given(RECORDS, st.sampled_from(LANGS))
def test_a_table_goes_through_a_workbook(rows: list[dict[str, Any]], lang: Lang) -> None:
    """CSV, XLSX and CSV again are the same to the byte, whatever the cells hold."""
    text = csv_text(Content(False, {"materials": rows}))
    before = read_again(text.encode(), "t.csv")
    book = table_workbook(before.materials, lang=lang)
    after = read_again(book, "t.xlsx")
    assert differences(before, after) == []
    assert csv_text(after) == text


def test_tables_of_a_package_go_into_its_workbook(tmp_path: Path) -> None:
    """CSV and XLSX tables become rows, in the order in which they are named."""
    (tmp_path / "policies.yaml").write_text(POLICIES, encoding="utf-8")
    head = "package: p\nversion: 1\nowner: me\npolicy: GMB.REAL\n"
    listed = "materials: [{table: a.csv}, {kind: keyword, value: b, weight: 1}, {table: c.xlsx}]\n"
    (tmp_path / "p.yaml").write_text(head + listed, encoding="utf-8")
    (tmp_path / "a.csv").write_bytes("النوع;القيمة;الوزن\nكلمة;كازينو;0,5\n".encode("cp1256"))
    (tmp_path / "c.xlsx").write_bytes(
        table_workbook([{"kind": "keyword", "value": "c", "weight": "0.2"}])
    )
    content = read_content(str(tmp_path / "p.yaml"))
    assert [one["value"] for one in content.materials] == ["كازينو", "b", "c"]
    assert content.notes == (f"{tmp_path / 'a.csv'}: read as cp1256, cells apart at ';'",)
    made = read_again(package_workbook(content.data), "p.xlsx")
    assert differences(content, made) == []
    assert read_source(tmp_path).faults == ()


def test_comments_stay_behind_and_that_is_said(tmp_path: Path) -> None:
    """A workbook has no comments of YAML: a note on standard error, unless it is to be quiet."""
    (tmp_path / "p.yaml").write_text("# why\n" + canonical(), encoding="utf-8")
    told = run("convert", str(tmp_path / "p.yaml"), "-o", str(tmp_path / "p.xlsx"))
    quiet = run("convert", "-q", str(tmp_path / "p.yaml"), "-o", str(tmp_path / "q.xlsx"))
    assert "comments" in told.stderr
    assert quiet.stderr == ""


REFUSED = [
    pytest.param({"rules": [{"id": "r", "any": [{"tag": "a"}]}]}, "1 rule: conditions", id="rules"),
    pytest.param({"x-a": {"b": "c"}}, "'x-a' has parts", id="a note with parts"),
    pytest.param({"materials": [{"x-a": ["b"]}]}, "'x-a' has parts", id="of a material"),
]


@pytest.mark.parametrize(("data", "said"), REFUSED)
def test_what_no_table_holds_is_refused(data: dict[str, Any], said: str) -> None:
    """In one sentence; nothing of it is dropped."""
    with pytest.raises(InputError, match=said):
        refuse_what_no_table_holds(Content(True, data))


def test_what_does_not_fit_is_not_written(tmp_path: Path) -> None:
    """A package is no CSV, a table no package, a file that is there stays."""
    rules = write_rules(tmp_path / "rules")
    (tmp_path / "t.csv").write_text("kind,value\nkeyword,a\n", encoding="utf-8")
    package = f"{rules}/gambling.yaml"
    for source, name, said in (
        (package, "out.csv", "a package is more than a table"),
        (package, "out.xlsx", "the package has 1 rule"),
        (package, "out.doc", "cannot write"),
        (package, "t.csv", "is there already"),
        (str(tmp_path / "t.csv"), "out.yaml", "a table of materials is no package"),
        (f"{rules}/policies.yaml", "out.xlsx", "is no package"),
        (f"{rules}/none.yaml", "out.xlsx", "there is no such file"),
    ):
        result = run("convert", source, "-o", str(tmp_path / name))
        assert result.exit_code == exits.NOT_STARTED, name
        assert said in result.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == ["rules", "t.csv"]
    done = run("convert", str(tmp_path / "t.csv"), "-o", str(tmp_path / "t.csv"), "--force")
    assert done.exit_code == exits.YES
    assert (tmp_path / "t.csv").read_text("utf-8") == "id,value,kind,weight\n,a,keyword,\n"


UNHELD = [
    pytest.param({"x-a": "🎰" * 16_384}, "'x-a' is 32768 characters long; a cell holds 32767",
                 id="an emoji is two"),
    pytest.param({"x-a": " "}, "x-a: ' ' became None", id="a blank note"),
    pytest.param({"x-a": "_x000D_"}, "x-a: '_x000D_' became", id="what stands for a control"),
    pytest.param({"examples": [{"text": " ", "hits": "a", "known": "miss"}],
                  "materials": [{"id": "a", "kind": "keyword", "value": "x"}]},
                 "cannot hold all of it: an example has either 'text' or 'image'", id="blank text"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "said"), UNHELD)
def test_what_no_cell_holds_is_refused(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    """Before the file takes its name; the sentence names that file and no other."""
    data = {"package": "p", "version": "1", "owner": "me", **more}
    (tmp_path / "p.yaml").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    result = run("convert", str(tmp_path / "p.yaml"), "-o", str(tmp_path / "p.xlsx"))
    assert result.exit_code == exits.NOT_STARTED
    assert said in result.stderr
    assert "tmp/tmp" not in result.stderr
    assert not (tmp_path / "p.xlsx").exists()


@pytest.mark.parametrize("text", ["a\r\nb", "\x0bvt", "\x1f", "\x00", "\uffff", "_x0041_"])
def test_what_xml_cannot_hold_comes_back(tmp_path: Path, text: str) -> None:
    """A workbook writes such a character as its number; a loader reads it."""
    rows = [{"id": "a", "kind": "keyword", "value": "x", "note": f"n{text}n"}]
    (tmp_path / "t.xlsx").write_bytes(table_workbook(rows))
    assert read_content(str(tmp_path / "t.xlsx")).materials == rows


def test_blank_parts_go_through_a_workbook(tmp_path: Path) -> None:
    """A sheet without rows says what a list without entries says: nothing."""
    text = 'package: p\nversion: "1"\nowner: me\nallow: []\nexamples: []\ntitle: {}\n'
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    assert run("fmt", str(tmp_path / "p.yaml")).exit_code == exits.YES
    for source, name in (("p.yaml", "p.xlsx"), ("p.xlsx", "q.yaml")):
        assert run("convert", str(tmp_path / source), "-o", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "q.yaml").read_bytes() == (tmp_path / "p.yaml").read_bytes()


def test_faults_are_told_all_at_once(tmp_path: Path) -> None:
    """A table with faults is not converted: each has its line."""
    (tmp_path / "t.csv").write_text("kind,value,gap\nkeywrod,a,\nphrase,b,x\n", encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        read_content(str(tmp_path / "t.csv"))
    assert [one.location.line for one in caught.value.faults] == [2, 3]


def test_faults_of_a_workbook_are_told_once(tmp_path: Path) -> None:
    """Each with its cell, in a package and in a table alike."""
    rows = [{"id": "a", "kind": "keywrod", "value": "a"}, {"kind": "phrase", "gap": "x"}]
    data = {"package": "p", "version": "1", "owner": "me", "materials": rows}
    for name, book in (("p.xlsx", package_workbook(data)), ("t.xlsx", table_workbook(rows))):
        (tmp_path / name).write_bytes(book)
        with pytest.raises(LoadError) as caught:
            read_content(str(tmp_path / name))
        places = [one.location for one in caught.value.faults]
        assert [(one.sheet, one.line, one.header) for one in places] == [
            ("materials", 2, "kind"), ("materials", 3, "gap"),
        ]  # fmt: skip


def listed(path: Path, content: str | bytes) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    """The rows of a foreign list, what is left out and why, and what is noted."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    faults, notes = Faults(), list[str]()
    rows, left_out = read_foreign(str(path), faults, notes)
    assert faults.found == []
    return rows, [f"{one.place.line}: {one.value}: {one.why}" for one in left_out], notes


def test_a_word_list(tmp_path: Path) -> None:
    """One a line, `#` for comments; several words are a phrase; doubles are told."""
    rows, left_out, notes = listed(
        tmp_path / "words.txt",
        "# list\ncasino\n\nfree  spins\r\nكازينو\nCasino\n\u0640\u0640\nc++\n",
    )
    assert rows == [
        {"kind": "keyword", "value": "casino"}, {"kind": "phrase", "value": "free spins"},
        {"kind": "keyword", "value": "كازينو"}, {"kind": "keyword", "value": "c++"},
    ]  # fmt: skip
    path = tmp_path / "words.txt"
    assert left_out == [
        f"6: Casino: the same as in {path}:2", "7: \u0640\u0640: it is empty after folding"
    ]  # fmt: skip
    assert notes == [f"{path}: has no weights; write a column 'weight', or defaults in the package"]


def test_a_word_list_in_another_encoding(tmp_path: Path) -> None:
    """Windows-1256 is guessed, and that is told."""
    rows, _, notes = listed(tmp_path / "ar", "قمار\nكازينو\n".encode("cp1256"))
    assert [one["value"] for one in rows] == ["قمار", "كازينو"]
    assert notes[0] == f"{tmp_path / 'ar'}: read as cp1256"


PDQ = "f8" * 32
THREATS: list[Any] = [
    {
        "id": "811927545529339", "raw_indicator": PDQ.upper(), "type": "HASH_PDQ",
        "status": "MALICIOUS", "tags": {"data": [{"id": "1", "text": "media_type_photo"}]},
        "description": "a banner\nseen twice", "expired_on": 1798761600,
    },
    {"id": "2", "indicator": {"indicator": "bad.example.com", "type": "DOMAIN"}, "tags": None},
    {"id": "3", "raw_indicator": "https://bad.example.com/win?x=1", "type": "URI",
     "tags": ["scam links"]},
    {"id": "4", "raw_indicator": "https://worse.example.com/", "type": "URI"},
    {"id": "5", "indicator": "free spins", "type": "TEXT_STRING",
     "descriptors": {"data": [{"tags": ["bonus"]}]}},
    {"id": "6", "raw_indicator": "facefacefacefacefacefacefaceface", "type": "HASH_MD5"},
    {"id": "7", "raw_indicator": "good.example.com", "type": "DOMAIN", "status": "NON_MALICIOUS"},
    {"id": "8", "indicator": "gone.example.com", "type": "DOMAIN", "should_delete": True},
    {"id": "9", "raw_indicator": "10.0.0.1", "type": "IP_ADDRESS"},
    {"id": "10", "raw_indicator": "12", "type": "HASH_PDQ"},
    {"id": "11", "status": "MALICIOUS"},
    "nothing",
]  # fmt: skip


@pytest.mark.parametrize("shape", ["data", "list", "lines"])
def test_indicators_of_threatexchange(tmp_path: Path, shape: str) -> None:
    """Hashes, domains, links and texts become materials; each of the others is told."""
    text = {
        "data": json.dumps({"data": THREATS, "paging": {}}), "list": json.dumps(THREATS),
        "lines": "\n".join(map(json.dumps, THREATS)),
    }[shape]  # fmt: skip
    rows, left_out, _ = listed(tmp_path / "threats.json", text)
    about = {"source": "ThreatExchange"}
    assert rows == [
        {"kind": "image", "hash": PDQ, "tags": ["media_type_photo"], "until": "2027-01-01",
         "ticket": "811927545529339", "note": "a banner seen twice", **about},
        {"kind": "domain", "value": "bad.example.com", "ticket": "2", **about},
        {"kind": "url", "value": "bad.example.com/win?x=1", "tags": ["scam-links"], "ticket": "3",
         **about},
        {"kind": "domain", "value": "worse.example.com", "ticket": "4", **about},
        {"kind": "phrase", "value": "free spins", "tags": ["bonus"], "ticket": "5", **about},
    ]  # fmt: skip
    whys = [one.split(": ", 1)[1] for one in left_out]
    assert len(left_out) + len(rows) == len(THREATS)
    assert any("the same bytes alone" in one for one in whys)
    assert "good.example.com: it is marked as harmless" in whys
    assert "gone.example.com: it was taken back" in whys
    assert "10.0.0.1: there is no kind of material for IP_ADDRESS" in whys


def test_a_list_becomes_a_table_that_loads(tmp_path: Path) -> None:
    """What is written of a foreign list is a table of a package at once."""
    (tmp_path / "policies.yaml").write_text(POLICIES, encoding="utf-8")
    (tmp_path / "threats.json").write_text(json.dumps(THREATS), encoding="utf-8")
    head = "package: p\nversion: 1\nowner: me\npolicy: GMB.REAL\ndefaults: {weight: weak}\n"
    (tmp_path / "p.yaml").write_text(head + "materials: [{table: t.csv}]\n", encoding="utf-8")
    result = run("convert", str(tmp_path / "threats.json"), "-o", str(tmp_path / "t.csv"))
    assert result.exit_code == exits.YES
    assert result.stderr.splitlines()[-1] == f"wrote {tmp_path / 't.csv'}: 5 materials, 7 left out"
    source = read_source(tmp_path)
    assert source.faults == ()
    assert len(source.packages[0].materials) == 5


@pytest.mark.parametrize(("name", "text"), [("a.json", "["), ("a.json", '{"data": 1}'), ("a", "#")])
def test_a_list_of_nothing(tmp_path: Path, name: str, text: str) -> None:
    """It is refused: an empty table would look as if all had gone well."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(LoadError):
        read_content(str(tmp_path / name))


def test_every_list_of_ldnoobw() -> None:
    """All languages are read; nothing but doubles is left out."""
    folder = shared("lex_ldnoobw")
    files = [one for one in sorted(folder.iterdir()) if one.name.islower() and not one.suffix]
    found = [read_content(str(one)) for one in [*files, folder / "fr-CA-u-sd-caqc"]]
    assert len(found) > 20
    whys = {one.why.split(" as in ")[0] for content in found for one in content.left_out}
    assert whys == {"the same"}


def test_yaml_of_a_table_is_refused() -> None:
    """A table alone has no name, no owner and no policy."""
    with pytest.raises(InputError, match="no package"):
        yaml_text(Content(False, {"materials": []}))
