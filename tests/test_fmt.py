"""`automod fmt`: one form for one content, and the content stays."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import automod
import messy
from automod.cli import exits
from automod.engine.reading import read_source
from automod.errors import LoadError
from automod.load.faults import Faults
from automod.load.headers import ALLOW_KEYS, EXAMPLE_KEYS, KEYS, PACKAGE_KEYS
from automod.load.yaml_tree import read_tree
from automod.model.override import Override
from automod.model.package import Condition, Rule
from automod.model.policies import Policies, PolicyCode, Row
from automod.workshop import key_order
from automod.workshop.formatting import COLUMNS, format_table, format_yaml, formatted, with_lists
from automod.workshop.key_order import PACKAGE
from command import run, write_rules

RULESETS = Path(__file__).parents[1] / "tests/small_rulesets"


def tree_of(text: str) -> Any:
    """What a YAML text says."""
    faults = Faults()
    tree = read_tree(text, "x.yaml", faults)
    assert tree is not None
    assert faults.found == []
    return tree.data


def names(model: Any) -> set[str]:
    """The keys of a model, as files have them."""
    keys = {field.alias or name for name, field in model.model_fields.items()}
    return {key for key in keys if not key.startswith("x-")}


@pytest.mark.parametrize(
    ("keys", "known"),
    [
        (key_order.MATERIAL.keys, {*KEYS, "table"}), (key_order.ALLOW.keys, ALLOW_KEYS),
        (key_order.EXAMPLE.keys, EXAMPLE_KEYS), (PACKAGE.keys, PACKAGE_KEYS),
        (key_order.RULE.keys, names(Rule)), (key_order.OVERRIDE.keys, names(Override)),
        (key_order.POLICIES.keys, names(Policies)), (COLUMNS, KEYS),
        (key_order.shape_at(key_order.POLICIES, ("codes", "A", "rows", 0)).keys, names(Row)),
        (key_order.shape_at(key_order.POLICIES, ("codes", "A")).keys, names(PolicyCode)),
        (key_order.shape_at(PACKAGE, ("rules", 0, "all", 0, "any", 1)).keys, names(Condition)),
    ],
)  # fmt: skip
def test_every_key_has_its_place(keys: tuple[str, ...], known: set[str]) -> None:
    """The order knows each key of the format once, and no other."""
    assert sorted(keys) == sorted(known)


ROWS = [
    pytest.param("{b: v, a: [x]}\n", "b: v\na: [x]\n", id="block"),
    pytest.param("version: '2027.10'\npackage: p", 'package: p\nversion: "2027.10"\n', id="order"),
    pytest.param("policy: A.B; C\n", "policy: [A.B, C]\n", id="a list in one text"),
    pytest.param("markets: ['NO', \"SA\"]\n", 'markets: ["NO", SA]\n', id="norway"),
    pytest.param(
        "defaults: {weight: '0.5', note: '0.5'}\n",
        'defaults:\n  weight: 0.5\n  note: "0.5"\n',
        id="a number is quoted where text is meant",
    ),
    pytest.param(
        "materials:\n  - {id: a, value: كازينو}   # why\n",
        "materials:\n  # why\n  - id: a\n    value: كازينو\n",
        id="a comment beside braces goes above",
    ),
    pytest.param(
        "a: كازينو  # 5 words\nb: x      # 5 words\n",
        "# 5 words\na: كازينو\nb: x  # 5 words\n",
        id="no comment behind arabic",
    ),
    pytest.param(
        "# file\n\nversion: 1\n# p\npackage: a\n",
        '# file\n\n# p\npackage: a\nversion: "1"\n',
        id="what stands above the file stays there",
    ),
    pytest.param("a: x\n\n\n\nb: z   \n", "a: x\n\nb: z\n", id="one blank line"),
    pytest.param(
        "a:\n  - x\n  # end\n# next\nb: z\n",
        "a:\n  - x\n  # end\n# next\nb: z\n",
        id="end of a list",
    ),
    pytest.param(
        "a:\n  - {k: x}\n  # end\n# next\nb: z\n",
        "a:\n  - k: x\n  # end\n# next\nb: z\n",
        id="the end of a block",
    ),
    pytest.param(
        "groups: [A, # one\n  B]\n", "groups:\n  - A  # one\n  - B\n", id="comments within brackets"
    ),
    pytest.param("tags: [لعب, ربح]\n", "tags:\n  - لعب\n  - ربح\n", id="arabic has its own line"),
    pytest.param("note: >\n  a\n  b\n\n  c\n", "note: |\n  a b\n  c\n", id="several lines"),
    pytest.param("\ufeffa: x\r\nb: z\r\n", "a: x\nb: z\n", id="line ends"),
    pytest.param("a: [" + "x, " * 50 + "x]\n", "a:\n" + "  - x\n" * 51, id="a long list"),
    pytest.param(
        "package: p\nallow: []\nrules: [] # none yet\ntitle: {}\nmarkets: []\n",
        "package: p\nmarkets: []\nrules: []  # none yet\n",
        id="a blank part without a comment is left out",
    ),
    pytest.param('a: "won\u202e"\n', 'a: "won\\u202E"\n', id="what nobody sees is written out"),
]


@pytest.mark.parametrize(("text", "wanted"), ROWS)
def test_the_canonical_form(text: str, wanted: str) -> None:
    """Row by row what it looks like; formatted again it stays."""
    text = text.removeprefix("\ufeff")
    made = format_yaml(text, PACKAGE)
    assert made == wanted
    assert format_yaml(made, PACKAGE) == made


@given(messy.files, st.integers(0, 2**32))
@example({"materials": [["x", "y"], {"id": "a"}]}, 7)
def test_formatting_is_idempotent_and_keeps_everything(value: dict[str, Any], seed: int) -> None:
    """What a file says and its comments are there afterwards; a second time is no change."""
    writer = messy.Writer(Random(seed))
    text = writer.file(value)
    made = format_yaml(text, PACKAGE)
    said = with_lists(tree_of(text), PACKAGE)
    assert tree_of(made) == {key: one for key, one in said.items() if one or key in tree_of(made)}
    assert sorted(re.findall(r"# \d+$", made, re.MULTILINE)) == sorted(writer.comments)
    assert format_yaml(made, PACKAGE) == made
    assert not re.search(r"[ \t]$", made, re.MULTILINE)


TABLES = [
    pytest.param(
        "\ufeffkind;value;weight\r\nkeyword;كازينو;0.9\r\n;;\r\n",
        "id,value,kind,weight\n,كازينو,keyword,0.9\n",
        id="excel",
    ),
    pytest.param(
        "النوع\tالكلمة\tالوسوم\nعبارة\tربح مضمون\t\n",
        "id,value,kind,weight\n,ربح مضمون,phrase,\n",
        id="arabic headers and words; blank columns go",
    ),
    pytest.param(
        "value,kind,tags,markets\na,keyword,x;y؛ z ,\nb,keyword,,SA\n",
        "id,value,kind,weight,tags,markets\n,a,keyword,,x; y; z,\n,b,keyword,,,SA\n",
        id="lists are apart at one mark",
    ),
    pytest.param(
        "value,weight,x-b,x-a\nكازينو,0.9,2,1\n",
        "id,kind,weight,x-a,x-b,value\n,,0.9,1,2,كازينو\n",
        id="without a kind behind it the value comes last",
    ),
    pytest.param(
        'value,kind,note\n"a, b",phrase,"say ""x"""\n',
        'id,value,kind,weight,note\n,"a, b",phrase,,"say ""x"""\n',
        id="quotes where they are needed",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), TABLES)
def test_the_canonical_table(text: str, wanted: str) -> None:
    """Row by row what it looks like; formatted again it stays."""
    faults = Faults()
    assert format_table(text, "t.csv", faults) == wanted
    assert format_table(wanted, "t.csv", faults) == wanted
    assert faults.found == []


cells = st.sampled_from(["", "a", "كازينو", "0.9", "a,b", 'q"q', "x; y", "two\nlines", "é"])


@given(
    st.lists(st.sampled_from(COLUMNS), min_size=1, unique=True).flatmap(
        lambda keys: st.tuples(
            st.just(keys), st.lists(st.lists(cells, min_size=len(keys), max_size=len(keys)))
        )
    )
)
def test_a_table_is_formatted_once(table: tuple[list[str], list[list[str]]]) -> None:
    """A second time is no change, and no cell that holds anything is lost."""
    keys, rows = table
    quoted = [
        ["" if not one else '"' + one.replace('"', '""') + '"' for one in row] for row in rows
    ]
    text = "\n".join(",".join(row) for row in [keys, *quoted]) + "\n"
    faults = Faults()
    made = format_table(text, "t.csv", faults)
    assert made is not None
    assert format_table(made, "t.csv", faults) == made
    assert sorted(one for row in rows for one in row if one) == sorted(
        one for row in _cells(made)[1:] for one in row if one
    )


def _cells(text: str) -> list[list[str]]:
    import csv
    import io

    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("value,kidn\na,b\n", "'kidn' is not a key of a material"),
        ("value,value\na,b\n", "is there twice"),
        ("value\na,b\n", "the row has 2 cells, the header has 1"),
        ("value,\na,b\n", "a column without a header holds cells"),
    ],
)
def test_what_is_no_table_is_left_alone(tmp_path: Path, text: str, fault: str) -> None:
    """A table with a fault is not formatted: nothing of it is thrown away."""
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    result = run("fmt", str(tmp_path / "t.csv"))
    assert result.exit_code == exits.NOT_STARTED
    assert fault in result.stderr
    assert (tmp_path / "t.csv").read_text("utf-8") == text


def test_the_digest_stays(tmp_path: Path) -> None:
    """The rulesets that come with automod are the same ruleset when they are formatted."""
    copied = tmp_path / "rulesets"
    shutil.copytree(RULESETS, copied)
    result = run("fmt", str(copied))
    assert result.exit_code == exits.YES
    engines = [automod.compile(automod.load(folder)) for folder in (copied, RULESETS)]
    assert engines[0].digest == engines[1].digest
    assert run("fmt", str(copied), "--check").exit_code == exits.YES


@given(messy.texts)
def test_a_value_is_read_as_it_was_written(value: str) -> None:
    """Whatever a material matches, quotes or none, it still does."""
    text = format_yaml("materials:\n  - {value: " + messy.Writer(Random(1)).flow(value) + "}\n")
    assert tree_of(text)["materials"][0]["value"] == value


def test_check_and_diff_change_nothing(tmp_path: Path) -> None:
    """`--check` answers no and names the files; `--diff` shows the lines."""
    rules = write_rules(tmp_path / "rules")
    before = {path: path.read_bytes() for path in Path(rules).rglob("*.yaml")}
    checked = run("fmt", rules, "--check")
    shown = run("fmt", rules, "--diff")
    assert checked.exit_code == exits.NO
    assert "gambling.yaml" in checked.stdout
    assert "3 of 3 files would change" in checked.stderr
    assert shown.exit_code == exits.YES
    assert "-  - {id: casino, kind: keyword, value: casino, weight: strong, tags: [game]}" in (
        shown.stdout.splitlines()
    )
    assert before == {path: path.read_bytes() for path in Path(rules).rglob("*.yaml")}


def test_a_folder_is_its_rules(tmp_path: Path) -> None:
    """Of a folder: packages, tables that they name, overrides, policies; nothing else."""
    rules = Path(write_rules(tmp_path / "rules"))
    (rules / "named.csv").write_text("kind;value;weight\nkeyword;a;weak\n", encoding="utf-8")
    (rules / "cases.csv").write_text("id;text\n1;a\n", encoding="utf-8")
    (rules / "other.yaml").write_text("{a: 1}\n", encoding="utf-8")
    text = (rules / "gambling.yaml").read_text("utf-8")
    named = text.replace("materials:\n", "materials:\n  - {table: named.csv}\n")
    (rules / "gambling.yaml").write_text(named, encoding="utf-8")
    found = [Path(one.file).name for one in formatted(rules)]
    assert found == ["gambling.yaml", "named.csv", "INC-1.yaml", "policies.yaml"]
    assert run("fmt", str(rules)).stderr.startswith(f"{rules / 'named.csv'}: read as utf-8")
    assert read_source(rules).faults == ()


def test_every_fault_at_once(tmp_path: Path) -> None:
    """A file that is none, one that is not there, one of another sort: each has its fault."""
    (tmp_path / "a.yaml").write_text("a: [", encoding="utf-8")
    (tmp_path / "b.txt").write_text("", encoding="utf-8")
    paths = [tmp_path / name for name in ("a.yaml", "b.txt", "c.yaml")]
    with pytest.raises(LoadError) as caught:
        formatted(paths)
    assert len(caught.value.faults) == 3
