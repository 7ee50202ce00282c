"""Edits of files that people wrote: one thing changes, and no byte of the rest."""

from __future__ import annotations

import copy
import io
import re
import shutil
import stat
from difflib import ndiff
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import messy
from automod.engine.reading import read_source
from automod.errors import InputError
from automod.load.faults import Faults
from automod.load.source import Source
from automod.load.yaml_tree import read_tree
from automod.model.finding import Edit
from automod.report.package_workbook import package_workbook
from automod.workshop.editing import edited, write_files
from automod.workshop.table_edit import CellChange, edit_csv
from automod.workshop.yaml_edit import Change, edit_yaml
from loading import HEAD, POLICIES

RULESETS = Path(__file__).parents[1] / "tests/small_rulesets"


def tree_of(text: str) -> Any:
    """What a YAML text says."""
    tree = read_tree(text, "x.yaml", Faults())
    assert tree is not None
    return tree.data


M0, M1 = ("materials", 0), ("materials", 1)
BLOCK = """\
package: p  # name
materials:
  # first
  - id: a   # an id
    kind: keyword
    tags: [x, y]

  # second
  - {id: b, kind: phrase, value: 'x y', weight: 0.5}  # flow
rules: []
"""
YAML = [
    pytest.param(
        [Change(M0, "kind", "phrase")], [("    kind: keyword", "    kind: phrase")], id="a scalar"
    ),
    pytest.param(
        [Change(M0, "tags", ["x"])], [("    tags: [x, y]", "    tags: [x]")], id="a list"
    ),
    pytest.param([Change(M0, "tags", None)], [("    tags: [x, y]", None)], id="a key goes"),
    pytest.param(
        [Change(M0, "id", None)],
        [("  - id: a   # an id", "  - kind: keyword"), ("    kind: keyword", None)],
        id="the key behind the dash goes",
    ),
    pytest.param(
        [Change(M0, "value", "NO")],
        [("    kind: keyword", '    kind: keyword\n    value: "NO"')],
        id="a new key has its place",
    ),
    pytest.param(
        [Change(M1, "weight", "strong"), Change(M1, "boundary", "word")],
        [
            (
                "  - {id: b, kind: phrase, value: 'x y', weight: 0.5}  # flow",
                "  - {id: b, kind: phrase, value: 'x y', weight: strong, boundary: word}  # flow",
            )
        ],
        id="within braces",
    ),
    pytest.param(
        [Change(M1, "kind", None), Change(M1, "id", None), Change(M1, "weight", None)],
        [
            (
                "  - {id: b, kind: phrase, value: 'x y', weight: 0.5}  # flow",
                "  - {value: 'x y'}  # flow",
            )
        ],
        id="several go from braces",
    ),
    pytest.param(
        [Change(M1, None, None)],
        [("  - {id: b, kind: phrase, value: 'x y', weight: 0.5}  # flow", None)],
        id="an entry goes",
    ),
    pytest.param(
        [Change((), "caps", {"bare": 0.7})],
        [("package: p  # name", "package: p  # name\ncaps:\n  bare: 0.7")],
        id="a mapping comes",
    ),
    pytest.param(
        [Change((), "schema", 1)],
        [("package: p  # name", "schema: 1\npackage: p  # name")],
        id="before all others",
    ),
    pytest.param(
        [Change((), "rules", [{"id": "r", "any": [{"tag": "x"}]}])],
        [("rules: []", "rules: [{id: r, any: [{tag: x}]}]")],
        id="a list stays in brackets",
    ),
    pytest.param(
        [Change((), "note", "two\nlines")],
        [("package: p  # name", "package: p  # name\nnote: |-\n  two\n  lines")],
        id="several lines",
    ),
]  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("changes", "lines"), YAML)
def test_an_edit_of_yaml(
    changes: list[Change], lines: list[tuple[str, str | None]], newline: str
) -> None:
    """Row by row: only these lines are others, whatever the line ends."""
    wanted = BLOCK
    for old, new in lines:
        assert wanted.count(f"{old}\n") == 1
        wanted = wanted.replace(f"{old}\n", "" if new is None else f"{new}\n")
    made = edit_yaml(BLOCK.replace("\n", newline), changes)
    assert made == wanted.replace("\n", newline)


def test_a_list_of_which_nothing_stays() -> None:
    """It is written as an empty one: a key without a value would be a fault."""
    gone = [Change(M0, None, None), Change(M1, None, None)]
    assert tree_of(edit_yaml(BLOCK, gone)) == {"package": "p", "materials": [], "rules": []}


def _mappings(value: Any, path: tuple[int | str, ...] = ()) -> list[tuple[int | str, ...]]:
    found = [path] if isinstance(value, dict) and value else []
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for step, one in inside if isinstance(value, dict | list) else ():
        found += _mappings(one, (*path, step))
    return found


def _in(value: Any, path: tuple[int | str, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@given(messy.files, st.integers(0, 2**32), st.data())
def test_an_edit_does_what_it_says(value: dict[str, Any], seed: int, data: st.DataObject) -> None:
    """Whatever a file looks like, afterwards it says the same but for what was edited."""
    text = messy.Writer(Random(seed)).file(value)
    path = data.draw(st.sampled_from(_mappings(value)))
    keys = st.sampled_from([*_in(value, path), *messy.KEYS])
    values = st.none() | messy.texts | st.lists(messy.texts, max_size=2) | messy.data
    wanted = data.draw(st.dictionaries(keys, values, min_size=1, max_size=3))
    expected = copy.deepcopy(value)
    mapping = _in(expected, path)
    for key, one in wanted.items():
        mapping.pop(key, None) if one is None else mapping.update({key: one})
    made = edit_yaml(text, [Change(path, key, one) for key, one in wanted.items()])
    assert tree_of(made) == expected


@given(messy.files, st.integers(0, 2**32), st.data())
def test_a_text_in_place_of_a_text_changes_its_line_alone(
    value: dict[str, Any], seed: int, data: st.DataObject
) -> None:
    """All other lines, and the comments beside it, are the same."""
    text = messy.Writer(Random(seed)).file(value)
    places = [
        (path, key)
        for path in _mappings(value)
        for key, one in _in(value, path).items()
        if isinstance(one, str)
    ]
    assume(places)
    path, key = data.draw(st.sampled_from(places))
    made = edit_yaml(text, [Change(path, key, "new")])
    assert made.count("\n") == text.count("\n")
    pairs = zip(text.split("\n"), made.split("\n"), strict=True)
    other = [(old, new) for old, new in pairs if old != new]
    assert len(other) <= 1
    for old, new in other:
        assert re.findall(r"# \d+$", old) == re.findall(r"# \d+$", new)


CSV = [
    pytest.param(
        'id,value,note\r\na,"x, y","two\r\nlines"\r\nb,z,\r\n',
        [CellChange(4, "note", 'say "x"'), CellChange(2, "value", "w")],
        'id,value,note\r\na,w,"two\r\nlines"\r\nb,z,"say ""x"""\r\n',
        id="cells over several lines",
    ),
    pytest.param(
        "id;value\na;x\nb;y", [CellChange(3, None, None)], "id;value\na;x\n", id="the last row"
    ),
    pytest.param(
        "id,value\na,x\nb,y\n", [CellChange(2, None, None)], "id,value\nb,y\n", id="a row"
    ),
    pytest.param(
        "id\tvalue\na\tx\nb\n", [CellChange(3, "value", "y")], "id\tvalue\na\tx\nb\ty\n",
        id="a row that is too short",
    ),
    pytest.param(
        "id,value\na,x\nb\n", [CellChange(2, "tags", ["p", "q"])],
        "id,value,tags\na,x,p; q\nb,,\n", id="a new column",
    ),
    pytest.param(
        "المعرف,القيمة\na,x\n", [CellChange(2, "value", "ربح")], "المعرف,القيمة\na,ربح\n",
        id="arabic headers",
    ),
    pytest.param(
        "id,value\na,x\n", [CellChange(2, "view", None)], "id,value\na,x\n", id="nothing to go"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "changes", "wanted"), CSV)
def test_an_edit_of_csv(text: str, changes: list[CellChange], wanted: str) -> None:
    """Row by row: only these cells are others; quotes, delimiter and line ends stay."""
    delimiter = next(mark for mark in ";\t," if mark in text)
    assert edit_csv(text, delimiter, changes) == wanted


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rulesets that come with automod."""
    shutil.copytree(RULESETS, tmp_path / "rulesets")
    return tmp_path / "rulesets"


def number_of(source: Source, name: str) -> tuple[str, tuple[int | str, ...]]:
    """The package of a material, and its path in an edit."""
    package = next(one for one in source.packages if one.name == name.split("/", maxsplit=1)[0])
    return package.name, ("materials", list(package.materials.column("id")).index(name))


SHIPPED = read_source(RULESETS)
MATERIALS = [name for one in SHIPPED.packages for name in one.materials.column("id")]


@pytest.mark.parametrize("name", MATERIALS)
def test_each_material_of_the_rulesets_can_be_edited(name: str) -> None:
    """In YAML or in a table: exactly one line is another."""
    edit = Edit(*number_of(SHIPPED, name), "weight", "0.125")
    ((file, new),) = edited(SHIPPED, [edit]).items()
    old = Path(file).read_bytes().decode()
    lines = [line for line in ndiff(old.split("\n"), new.decode().split("\n")) if line[0] in "+-"]
    assert [line[0] for line in lines] in (["-", "+"], ["+"])
    assert "0.125" in lines[-1]


def test_edits_are_loaded_again(rules: Path) -> None:
    """What was edited is what is loaded; of a file that changes nothing there is no new content."""
    source = read_source(rules)
    edits = [
        Edit(*number_of(source, "gambling/casino"), "weight", 0.5),
        Edit(*number_of(source, "gambling/slots"), None),
        Edit(*number_of(source, "gambling/bet-now"), "tags", ["game", "لعب"]),
        Edit("finance", (), "status", "shadow"),
        Edit("contact", (), "status", None),
    ]
    files = edited(source, edits)
    assert sorted(Path(name).name for name in files) == [
        "package.yaml",
        "package.yaml",
        "terms.csv",
    ]
    assert read_source(rules).ruleset == source.ruleset
    write_files(files)
    again = read_source(rules)
    assert [one.message for one in again.faults] == ["there is no material or rule 'slots'"]
    materials = {one.id: one for package in again.packages for one in package.materials}
    assert materials["gambling/casino"].weight == 0.5
    assert materials["gambling/bet-now"].tags == ("gambling/game", "gambling/لعب")
    assert "gambling/slots" not in materials
    assert [one.package.status for one in again.packages if one.name == "finance"] == ["shadow"]


@pytest.mark.parametrize(
    ("codec", "mark"),
    [
        ("utf-8", ""),
        ("utf-8", "\ufeff"),
        ("utf-16-le", "\ufeff"),
        ("utf-16-be", ""),
        ("cp1256", ""),
    ],
)
def test_the_encoding_stays(tmp_path: Path, codec: str, mark: str) -> None:
    """A table is written as it was read, byte order mark or none."""
    (tmp_path / "policies.yaml").write_text(POLICIES, encoding="utf-8")
    (tmp_path / "p.yaml").write_text(HEAD + "materials: [{table: t.csv}]\n", encoding="utf-8")
    text = f"{mark}kind;value;weight\r\nkeyword;كازينو;0.9\r\nphrase;ربح مضمون;0.5\r\n"
    (tmp_path / "t.csv").write_bytes(text.encode(codec))
    source = read_source(tmp_path)
    number = source.packages[0].materials.column("value").index("كازينو")
    (made,) = edited(source, [Edit("p", ("materials", number), "value", "قمار")]).values()
    assert made == text.replace("كازينو", "قمار").encode(codec)


def test_what_an_encoding_lacks_is_said(tmp_path: Path) -> None:
    """Chinese cannot be written into a table in Windows-1256."""
    (tmp_path / "policies.yaml").write_text(POLICIES, encoding="utf-8")
    (tmp_path / "p.yaml").write_text(HEAD + "materials: [{table: t.csv}]\n", encoding="utf-8")
    (tmp_path / "t.csv").write_bytes("kind,value,weight\nkeyword,كازينو,0.9\n".encode("cp1256"))
    with pytest.raises(InputError, match=r"U\+8D4C cannot be written in cp1256"):
        edited(read_source(tmp_path), [Edit("p", ("materials", 0), "value", "赌博")])


SHEETS: dict[str, list[list[Any]]] = {
    "package": [
        ["key", "value"], ["package", "p"], ["version", "1"], ["owner", "me"],
        ["policy", "GMB.REAL"], ["defaults.weight", "medium"], ["caps.g", 0.5],
    ],
    "المواد": [
        ["المعرف", "القيمة", "النوع", "المجموعة"], ["007", "كازينو", "كلمة", "g"], [],
        ["b", "win", "keyword", None],
    ],
    "allow": [["id", "kind", "value"], ["c", "phrase", "win win"]],
    "examples": [["text", "hits"], ["كازينو", "007"]],
}  # fmt: skip


def test_an_edit_of_a_workbook(tmp_path: Path) -> None:
    """Cells, rows and keys; ids stay text, a text that begins with `=` is no formula."""
    (tmp_path / "policies.yaml").write_text(POLICIES, encoding="utf-8")
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in SHEETS.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "p.xlsx")
    source = read_source(tmp_path)
    assert source.faults == ()
    approval = {"by": "x", "on": "2026-11-01", "ticket": "T", "digest": "sha256:" + "0" * 64}
    files = edited(source, [
        Edit(*number_of(source, "p/007"), "value", "=قمار"),
        Edit(*number_of(source, "p/007"), "view", "safe"),
        Edit(*number_of(source, "p/b"), None),
        Edit("p", ("allow", 0), "value", "win a win"),
        Edit("p", ("examples", 0), "text", "=قمار"),
        Edit("p", (), "caps", None), Edit("p", (), "approved", approval),
        Edit("p", (), "defaults", {"weight": "weak"}),
    ])  # fmt: skip
    write_files(files)
    again = read_source(tmp_path)
    assert again.faults == ()
    package = again.packages[0]
    assert [(one.id, one.value, one.view, one.weight) for one in package.materials] == [
        ("p/007", "=قمار", "safe", 0.3)
    ]
    written = package.file.package
    assert (written.allow[0].value, written.examples[0].text) == ("win a win", "=قمار")
    assert written.caps == {}
    assert written.approved is not None
    assert written.approved.by == "x"
    sheet = openpyxl.load_workbook(io.BytesIO(files[str(tmp_path / "p.xlsx")]))["المواد"]
    assert sheet["A2"].value == "007"


def test_what_is_added_to_an_arabic_workbook_is_arabic(tmp_path: Path) -> None:
    """New keys and headers are in the language of those that are there."""
    data = {
        "package": "p", "version": "1", "owner": "me",
        "materials": [{"id": "a", "kind": "keyword", "value": "x", "weight": "1"}],
    }  # fmt: skip
    (tmp_path / "policies.yaml").write_text(POLICIES, encoding="utf-8")
    (tmp_path / "p.xlsx").write_bytes(package_workbook(data, lang="ar"))
    source = read_source(tmp_path)
    approval = {"by": "x", "on": "2026-11-01", "ticket": "T", "digest": "sha256:" + "0" * 64}
    files = edited(source, [
        Edit(*number_of(source, "p/a"), "gap", 0), Edit("p", (), "approved", approval),
    ])  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(files[str(tmp_path / "p.xlsx")]))
    keys = [str(row[0].value) for row in book["الحزمة"].iter_rows(min_row=2)]
    assert {"الموافقة.بواسطة", "الموافقة.في", "الموافقة.البصمة"} < set(keys)
    assert not any(map(str.isascii, keys))
    assert "الفجوة" in [cell.value for cell in book["المواد"][1]]


def test_an_edit_that_leads_nowhere(tmp_path: Path) -> None:
    """No package, no material, no entry: one sentence each."""
    for edit in (
        Edit("nobody", (), "status", "live"),
        Edit("gambling", ("materials", 10_000), "weight", "1"),
        Edit("gambling", ("allow", 99), "view", "safe"),
    ):
        with pytest.raises(InputError):
            edited(SHIPPED, [edit])
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_in_one_step(tmp_path: Path) -> None:
    """Its rights stay, a link stays a link, and nothing is left beside it."""
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_text("a", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    write_files({str(link): b"b", str(tmp_path / "new.yaml"): b"c"})
    assert (real.read_bytes(), link.is_symlink()) == (b"b", True)
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link.yaml", "new.yaml", "real.yaml"]
