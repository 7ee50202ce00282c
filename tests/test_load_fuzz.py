"""Whatever is in the files, loading them answers or says what is wrong, and soon."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.errors import InputError, LoadError
from automod.load.creatives import Format, read_creatives
from automod.load.ruleset import load
from loading import CASINO, HEAD, POLICIES, table, write

PIECES = [
    *"{}[]:,-#&*!|>'\"%@`?~ \n\t\\", "\n  ", ": ", "- ", "null", "&a", "*a", "!!str", "<<", "---\n",
    "package", "materials", "rules", "allow", "defaults", "kind", "keyword", "value",
    "weight", "tags", "needs", "all", "any", "none", "at_least", "of", "tag", "found", "advertiser",
    "table", "t.csv", "id", "codes", "set", "target", "GMB.REAL", "SA", "0.9", "٠٫٩", "كازينو",
    "\x00", "\x85", "\ufeff", "\u202e", "\ud7ff", "x-a", "9" * 400, "2026-11-01", "[" * 50,
]  # fmt: skip
soup = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
CELLS = [
    "", "keyword", "phrase", "image", "كازينو", "0.9", "90%", "strong", "nan", "a;b", '"', "=1",
    "\n", "SA", "GMB.REAL", "2026-11-01", "x" * 300, "[1]", '["a"]', "\u0640", "\x00", "id",
]  # fmt: skip
HEADERS = [
    "kind", "value", "weight", "id", "tags", "markets", "policy", "from", "النوع", "x-a", "",
]  # fmt: skip
rows = st.lists(st.lists(st.sampled_from(CELLS), max_size=6), max_size=6)
sheets = st.tuples(
    st.lists(st.sampled_from(HEADERS), max_size=6), rows, st.sampled_from([",", ";", "\t"])
).map(lambda one: "\n".join(one[2].join(row) for row in [one[0], *one[1]]))


def answers(files: dict[str, str | bytes]) -> None:
    """Load the files; anything but an answer or a LoadError with places is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            ruleset = load(write(Path(folder), files))
        except LoadError as error:
            faults = error.faults
        else:
            assert ruleset.policies.codes
            return
    assert faults
    assert all(fault.message and fault.location.file for fault in faults)


@given(st.binary(max_size=200), st.sampled_from(["p.yaml", "overrides/o.yaml", "policies.yaml"]))
def test_any_bytes_as_yaml(data: bytes, name: str) -> None:
    """Bytes that are no YAML are a fault with a place."""
    answers({"q.yaml": HEAD.replace("package: p", "package: q") + CASINO, name: data})


@given(soup, st.sampled_from(["p.yaml", "overrides/o.yaml", "policies.yaml"]))
def test_yaml_like_text(text: str, name: str) -> None:
    """Keys and marks in any order are faults or a ruleset."""
    answers({"q.yaml": HEAD.replace("package: p", "package: q") + CASINO, name: text})


@given(soup)
def test_yaml_like_text_inside_a_package(text: str) -> None:
    """Behind a sound head the faults are about keys and values."""
    answers({"p.yaml": HEAD + "materials: [{" + text + "}]\n", "t.csv": "kind,value\n"})
    answers({"p.yaml": HEAD + CASINO + "rules: [{id: r, weight: 1, all: [{" + text + "}]}]\n"})


@given(st.binary(max_size=200))
def test_any_bytes_as_a_table(data: bytes) -> None:
    """Bytes that are no table are a fault with a place."""
    answers(table(data))


@given(sheets, st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1256"]))
def test_any_cells_as_a_table(text: str, encoding: str) -> None:
    """Cells in any order and any encoding are faults or materials."""
    answers(table(text.encode(encoding, "replace")))


@given(st.binary(max_size=300), st.sampled_from(["jsonl", "json", "csv", None]))
def test_any_bytes_as_creatives(data: bytes, form: Format | None) -> None:
    """A file of creatives gives dicts and Unreadable, or is refused as a whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "creatives")
        path.write_bytes(data)
        try:
            found = list(read_creatives(path, form))
        except InputError as error:
            message = str(error)
        else:
            assert all(isinstance(one, dict) or one.message for one in found)
            return
        assert message.startswith(str(path))


BOMBS = {
    "aliases": "a: &a [x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(20)
    ),
    "open brackets": "a: " + "[" * 200_000,
    "open braces": "a: " + "{" * 200_000,
    "pairs": "a: " + "{a: " * 100_000,
    "dashes": "- " * 200_000,
    "indents": "".join(f"{' ' * i}a:\n" for i in range(2_000)),
    "questions": "? " * 100_000,
    "one long word": "a: " + "x" * 2_000_000,
    "one long key": "x" * 1_000_000 + ": a",
    "many keys": "".join(f"k{i}: a\n" for i in range(20_000)),
    "the same key": "k: a\n" * 20_000,
    "many entries": "materials:\n" + "- {kind: keywrod}\n" * 5_000,
    "many kinds": "materials:\n" + "".join(f"- {{kind: k{i}}}\n" for i in range(5_000)),
    "flow of commas": "a: [" + "a," * 200_000 + "]",
    "quotes": 'a: "' + "\\x41" * 200_000 + '"',
    "anchors": "".join(f"k{i}: &a{i} b\n" for i in range(20_000)),
    "marks": "note: " + "\u0651" * 1_000_000,
    "a circle of groups": "groups:\n" + "".join(
        f"  G{i}: [G{(i + 1) % 5_000}, G{(i + 2) % 5_000}]\n" for i in range(5_000)
    ),
    "groups": "groups:\n" + "".join(f"  G{i}: [G{i + 1}]\n" for i in range(20_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", ["p.yaml", "policies.yaml"])
@pytest.mark.parametrize("bomb", BOMBS, ids=str)
def test_a_bomb_goes_off_in_bounded_time(tmp_path: Path, bomb: str, name: str) -> None:
    """Small files that are made to take all time or memory take seconds at most."""
    files = {"p.yaml": HEAD, "policies.yaml": POLICIES}
    files[name] += BOMBS[bomb]
    started = time.monotonic()
    with pytest.raises(LoadError):
        load(write(tmp_path, files))
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "sheet",
    [
        "kind,value\n" + 'keyword,"' * 50_000,
        "kind,value\n" + "keyword," + "x" * 1_000_000,
        ",".join(["kind"] * 5_000) + "\n",
        ",".join(f"k{i}" for i in range(5_000)) + "\n",
        "kind,value\n" + "keywrod,a\n" * 20_000,
        "kind,value\n" + "".join(f"k{i},a\n" for i in range(20_000)),
        "kind,value,weight\n" + "keyword,a,1\n" * 20_000,
        "kind,value,weight\n" + f"keyword,{'ّ' * 20_000},1\n" * 50,
    ],
    ids=["quotes", "long cell", "one header", "headers", "one fault", "faults", "twins", "marks"],
)
def test_a_bomb_of_a_table_goes_off_in_bounded_time(tmp_path: Path, sheet: str) -> None:
    """The same for tables."""
    started = time.monotonic()
    with pytest.raises(LoadError):
        load(write(tmp_path, table(sheet)))
    assert time.monotonic() - started < 20
