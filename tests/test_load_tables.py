"""Tables as Excel saves them: encodings, delimiters, headers in two languages; and many files."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from automod.load.faults import Faults
from automod.load.files import bare_utf16
from automod.load.headers import ARABIC, KEYS, key_of
from automod.load.ruleset import load_with_notes
from automod.load.tables import guess_delimiter, read_sheet, read_table
from automod.model.package import Material
from loading import CASINO, HEAD, POLICIES, faults_of, package_of, table, write

ROWS = 'النوع,القيمة,الوزن,الأسواق\nkeyword,كازينو,"0,9",SA؛ AE\nphrase,ربح مضمون,٩٠٪,NO\n'
SEMICOLONS = "kind;value;weight\nkeyword;كازينو;0,9\n"
TABS = "kind\tvalue\tweight\nkeyword\tكازينو\t0.9\n"


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (ROWS.encode(), None),
        (ROWS.encode("utf-8-sig"), None),
        (ROWS.encode("utf-16"), "read as utf-16, cells apart at ','"),
        (b"\xfe\xff" + ROWS.encode("utf-16-be"), "read as utf-16, cells apart at ','"),
        (SEMICOLONS.encode("utf-16-le"), "read as utf-16, cells apart at ';'"),
        (SEMICOLONS.encode("utf-16-be"), "read as utf-16, cells apart at ';'"),
        (ROWS.replace("٩٠٪", "0.9").encode("cp1256"), "read as cp1256, cells apart at ','"),
        (SEMICOLONS.encode(), "read as utf-8, cells apart at ';'"),
        (SEMICOLONS.encode("cp1256"), "read as cp1256, cells apart at ';'"),
        (TABS.encode("utf-16"), "read as utf-16, cells apart at tab"),
        (ROWS.replace("\n", "\r\n").encode(), None),
        (SEMICOLONS.replace("\n", "\r").encode(), "read as utf-8, cells apart at ';'"),
    ],
)
def test_a_table_is_read_however_it_was_saved(
    tmp_path: Path, data: bytes, note: str | None
) -> None:
    """The same material comes out of every encoding, and what was guessed is told."""
    ruleset, notes = load_with_notes(write(tmp_path, table(data)))
    first = ruleset.packages[0].materials[0]
    assert (first.kind, first.value, first.weight) == ("keyword", "كازينو", 0.9)
    assert notes == (() if note is None else (f"{tmp_path}/t.csv: {note}",))


def test_cells_of_an_arabic_table(tmp_path: Path) -> None:
    """Arabic headers, list marks, digits and per cent signs mean what the English ones mean."""
    first, second = package_of(tmp_path, table(ROWS)).materials
    assert first.scope.markets == ("AE", "SA")
    assert (second.value, second.weight, second.scope.markets) == ("ربح مضمون", 0.9, ("NO",))


def test_what_a_table_may_hold(tmp_path: Path) -> None:
    """Blank rows, short rows, blank cells, quoted lines and formula-like texts are no faults."""
    rows = (
        "kind,value,weight,note,x-owner,\n"
        "\n"
        "keyword,=SUM(A1),weak\n"
        ",,,,,\n"
        'keyword,"a ""b"", c",weak,"two\nlines",me,\n'
        "keyword,@casino,weak, ,,\n"
    )
    found = package_of(tmp_path, table(rows)).materials
    assert {one.value for one in found} == {"=SUM(A1)", 'a "b", c', "@casino"}
    assert [one.about for one in found if one.about] == [{"note": "two\nlines", "x-owner": "me"}]


TWELVE = """\
kind,value,weight,id,markets,policy,from,until,tags,kidn
keywrod,a,1,,,,,,,
keyword,b,high,,,,,,,
keyword,,1,,,,,,,
keyword,ـ,1,,,,,,,
keyword,c,1,x,,,,,,
keyword,d,1,x,,,,,,
keyword,C,1,,,,,,,
keyword,e,1,,XX,,,,,
keyword,f,1,,,FIN.RICH,,,,
keyword,g,1,,,,2026-02-01,2026-01-01,,
keyword,h,1,,,,01/02/2026,,,
keyword,i,1,a b,,,,,,
"""


def test_twelve_planted_faults_are_twelve(tmp_path: Path) -> None:
    """None hides another, each has its row, and the sound rows have none."""
    lines = TWELVE.splitlines()
    sound = [f"keyword,sound {i},1,,,,,,," for i in range(50)]
    found = faults_of(tmp_path, table("\n".join([*lines[:6], *sound, *lines[6:]]) + "\n"))
    assert found == [
        "t.csv:1, column \"kidn\": 'kidn' is not a key of a material; did you mean 'kind'?",
        "t.csv:2, column \"kind\": 'keywrod' is not a kind; did you mean 'keyword'?",
        (
            "t.csv:3, column \"weight\": 'high' is not a weight; write 0 to 1, or certain, strong, "
            "medium, weak, signal"
        ),
        "t.csv:4, column \"value\": 'value' is missing",
        't.csv:5, column "value": the keyword is empty after folding (it was U+0640)',
        "t.csv:57, column \"id\": the id 'x' is taken by t.csv:6",
        't.csv:58, column "value": the same keyword as in t.csv:6; leave one out',
        "t.csv:59, column \"markets\": 'XX' is not a market",
        "t.csv:60, column \"policy\": 'FIN.RICH' is not a code of the policy table",
        "t.csv:61, column \"until\": 'until' (2026-01-01) is before 'from' (2026-02-01)",
        "t.csv:62, column \"from\": '01/02/2026' is not a date; write it as 2026-11-01",
        "t.csv:63, column \"id\": 'a b' is not an id; letters, digits, '.', '_' and '-' only",
    ]


def test_a_broken_file_hides_no_fault_of_another(tmp_path: Path) -> None:
    """Broken YAML, a broken table, a faulty package: each is told, and causes no other fault."""
    files = {
        "a.yaml": "package: a\nmaterials: [\n",
        "b.yaml": HEAD.replace("package: p", "package: b") + "rules:\n"
        "- {id: r, weight: weak, all: [{tag: a/t}, {tag: c/t}, {material: c/k}, {tag: d/u}]}\n",
        "c.yaml": HEAD.replace("package: p", "package: c")
        + "materials: [{id: k, kind: keywrod, value: v, weight: 1, tags: [t]}]\n",
        "d.yaml": HEAD.replace("package: p", "package: d") + "materials: [{table: t.csv}]\n",
        "t.csv": "kind,value,weight,tags\nkeyword,v,9,u\n",
        "overrides/o.yaml": "{override: o, target: c/k, set: {weight: 1}, permanent: x, by: b}",
        "policies.yaml": POLICIES + "groups2: {}\n",
    }
    assert faults_of(tmp_path, files) == [
        (
            "a.yaml:3:1: this is not YAML: did not find expected node content; "
            "while parsing a flow node"
        ),
        "c.yaml:5:27: 'keywrod' is not a kind; did you mean 'keyword'?",
        "overrides/o.yaml:1:1: 'ticket' is missing",
        "policies.yaml:6:1: 'groups2' is not a key here; did you mean 'groups'?",
        (
            "t.csv:2, column \"weight\": '9' is not a weight; write 0 to 1, or certain, strong, "
            "medium, weak, signal"
        ),
    ]


def test_a_broken_policy_table_is_one_fault(tmp_path: Path) -> None:
    """Codes and markets are not held against packages when the table cannot be read."""
    files = {"p.yaml": HEAD + "markets: [MENA]\n" + CASINO, "policies.yaml": "codes: [\n"}
    assert faults_of(tmp_path, files) == [
        (
            "policies.yaml:2:1: this is not YAML: did not find expected node content; "
            "while parsing a flow node"
        )
    ]


def test_a_table_may_not_be_reached_through_a_link(tmp_path: Path) -> None:
    """A link in the folder that leads out of it is outside of the folder."""
    (tmp_path / "secret.csv").write_text("kind,value\n")
    folder = write(tmp_path / "rules", {"p.yaml": HEAD + "materials: [{table: t.csv}]\n"})
    (folder / "t.csv").symlink_to(tmp_path / "secret.csv")
    found = faults_of(folder, {"p.yaml": HEAD + "materials: [{table: t.csv}]\n"})
    assert found == [
        "p.yaml:5:21: 't.csv' is outside the package's folder; put it beside the package"
    ]


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_has_headers_in_two_languages(key: str) -> None:
    """A key is a header as it is, in any case and with spaces; and there is an Arabic one."""
    assert key_of(key) == key_of(f" {key.upper()} ") == key_of(key.replace("_", " ")) == key
    assert key in ARABIC.values()


@pytest.mark.parametrize(
    ("header", "key"),
    [("الاسواق", "markets"), ("الأسوَاق", "markets"), ("النـــوع", "kind"), ("x-Team", "x-Team"),
     ("materials", None), ("", None), ("table", None)],
)  # fmt: skip
def test_a_header_is_read_as_typists_write_it(header: str, key: str | None) -> None:
    """Hamza, marks and tatweel make no difference; what is no key is none."""
    assert key_of(header) == key


@pytest.mark.parametrize(
    ("line", "expected"),
    [("kind,value", ","), ("kind;value;weight", ";"), ("kind\tvalue", "\t"), ("value", ","),
     ("", ","), ('"kind";"value"', ";"), ("kind;x-a,b", ";"), ("النوع;القيمة", ";")],
)  # fmt: skip
def test_the_delimiter_is_the_one_that_makes_known_headers(line: str, expected: str) -> None:
    """When in doubt it is the comma."""
    assert guess_delimiter(line, KEYS) == expected


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x6FF), min_size=1))
def test_utf8_is_never_taken_for_utf16(text: str) -> None:
    """Text without NUL has no zero bytes in UTF-8."""
    assert bare_utf16(text.encode()) is None


COLUMNS = ("kind", "value", "weight", "id", "tags", "markets", "x-team")
ROW = st.tuples(
    st.sampled_from(["keyword", "keyword", "phrase", "keywrod", "image", ""]),
    st.sampled_from(["casino", "a b", " ", "", "x" * 20_001, "赌场", "\u0640"]),
    st.sampled_from(["strong", "0.9", "٩٠٪", "9", ""]),
    st.sampled_from(["", "", "a", "a b", " c "]),
    st.sampled_from(["", "t", "t؛u", "t u"]),
    st.sampled_from(["", "SA; AE", "XX"]),
    st.sampled_from(["", " red"]),
)


@given(st.lists(ROW, max_size=8), st.permutations(COLUMNS))
def test_rows_read_at_once_are_rows_read_alone(
    cells: list[tuple[str, ...]], order: list[str]
) -> None:
    """What rows agree in is read once; each row is what the model makes of it by itself."""
    records = [dict(zip(COLUMNS, row, strict=True)) for row in cells]
    lines = [",".join(order), *(",".join(one[key] for key in order) for one in records)]
    alone, bad = [], 0
    for one in records:
        written = {key: cell for key, cell in one.items() if cell.strip()}
        try:
            alone += [dict(Material.model_validate(written))] if written else []
        except ValidationError:
            bad += 1
    faults = Faults()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.csv")
        path.write_text("\n".join(lines), encoding="utf-8")
        found = read_table(path, "t.csv", faults, [])
    assert found is not None
    rows = zip(found.form_of, found.ids, found.values, strict=True)
    assert [{**dict(found.forms[n]), "id": id_, "value": value} for n, id_, value in rows] == alone
    assert len({fault.location.line for fault in faults.found}) == len(found.ghosts) == bad


@given(st.text(st.sampled_from('ax,;"\r\n '), max_size=24), st.sampled_from([",", ";"]))
def test_a_text_cut_at_once_is_the_text_that_csv_reads(rows: str, delimiter: str) -> None:
    """A header in quotation marks, which sends the text through `csv`, changes no cell."""
    quoted, plain = (
        read_sheet(f"{first}{delimiter}value\n{rows}", delimiter, "t.csv", Faults())
        for first in ('"kind"', "kind")
    )
    assert quoted is not None
    assert plain is not None
    assert list(map(list, plain.columns)) == list(map(list, quoted.columns))
    assert (plain.header, plain.line) == (quoted.header, quoted.line)
    assert (list(plain.lines), list(plain.wider)) == (list(quoted.lines), list(quoted.wider))


@pytest.mark.parametrize("header", ["kind,value,weight", '"kind",value,weight'])
def test_a_cell_longer_than_csv_takes_is_a_fault(tmp_path: Path, header: str) -> None:
    """However the table is read."""
    rows = f"{header}\nkeyword,casino,weak\nkeyword,{'x' * 131_073},weak\n"
    too_long = "this row is not CSV: field larger than field limit (131072)"
    hint = "is a quotation mark left open?"
    assert faults_of(tmp_path, table(rows)) == [f"t.csv:3: {too_long}; {hint}"]


def test_letters_and_digits_need_no_closer_look() -> None:
    """Whatever Python calls alphanumeric has its place in an id."""
    no_word = regex.compile(r"[^\p{L}\p{M}\p{N}]")
    points = map(chr, range(0x110000))
    assert not [char for char in points if char.isalnum() and no_word.match(char)]
