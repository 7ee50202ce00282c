"""Gates as they are written, and evaluations that were kept: whole, or refused with a place."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evaluations
from automod.errors import InputError, LoadError
from automod.evaluate.parts import PART_AXES
from automod.evaluate.slicing import AXES
from automod.load.runs import load_gates, load_run
from automod.model import gates as written
from automod.model.evaluation import Measures
from automod.model.gates import Gates, Promise
from case_files import faults

EXAMPLE = """\
schema: 1
support: 30
gates:
  - name: Arabic gambling is found
    where: {policy: GMB.REAL, language: ar}
    point: stopped
    precision: {low: 0.90}
    recall: {low: ٨٠٪, high: 1}
    false_alarm_rate: {high: 2%}
    allow_not_enough: yes
  - name: every material
    where: {material: gambling-ar/casino, policy: GMB.REAL}
    precision: {low: 0.5}
  - name: all of it
    so: {low: 0.9}
regression:
  point: flagged
  by: [market, policy]
  p: 0.05
"""


def read(text: str | bytes) -> Gates:
    """The gates of a text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gates.yaml")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_gates(path)


FAULTS: list[tuple[str, list[str]]] = [
    ("", ["g.yaml: is empty"]),
    ("[]", ["g.yaml:1:1: [] is not a mapping of keys to values"]),
    ("a: [", [
        ("g.yaml:2:1: this is not YAML: did not find expected node content; "
        "while parsing a flow node")]),
    ("schema: 2", ["g.yaml:1:9: schema 2 is not known; this automod reads schema 1"]),
    ("support: 5", ["g.yaml:1:1: no gate is written; write gates, or regression"]),
    ("gates: [{name: a, recall: {low: 1}}]\nregresion: {}\nsupport: many", [
        "g.yaml:2:1: 'regresion' is not a key here; did you mean 'regression'?",
        "g.yaml:3:10: 'many' is not a whole number; write it as 12"]),
    ("gates:\n  - {recall: {low: 1}}\n  - {name: a}\n  - words\n  - {name: b, recall: {}}", [
        "g.yaml:2:5: 'name' is missing",
        "g.yaml:3:5: it promises nothing; write recall: {low: 0.8}, say",
        "g.yaml:4:5: 'words' is not a mapping of keys to values",
        "g.yaml:5:23: no bound is written; write low: 0.9 (at least), or high: 0.02 (at most)"]),
    ("gates:\n  - {name: a, precison: {low: 1}, recall: {least: 1}, point: flaged}", [
        "g.yaml:2:15: 'precison' is not a key here; did you mean 'precision'?",
        "g.yaml:2:44: 'least' is not a key here",
        "g.yaml:2:62: 'flaged' is not a point; did you mean 'flagged'?"]),
    ("gates:\n  - {name: a, recall: {low: 80}, f1: {low: high}, so: {low: 0.9, high: 0.1}}", [
        "g.yaml:2:29: '80' is not from 0 to 1",
        "g.yaml:2:44: 'high' is not a number; write it as 0.9 or 90%",
        "g.yaml:2:72: high (0.1) is below low (0.9)"]),
    ("gates:\n  - {name: a, recall: {low: 1}, where: {polcy: A.B, month: may, complete: maybe}}", [
        "g.yaml:2:41: 'polcy' is not a key here; did you mean 'policy'?",
        "g.yaml:2:60: 'may' is not a month; write it as 2026-11",
        "g.yaml:2:75: 'maybe' is not yes or no; one of: yes, no"]),
    ("gates:\n  - {name: a, recall: {low: 1}, where: {material: m, rule: r, policy: A.B}}", [
        "g.yaml:2:60: 'rule' stands beside 'material'; keep one of them"]),
    ("gates:\n  - {name: a, recall: {low: 1}, where: {material: m}}", [
        "g.yaml:2:51: 'material' needs a policy; write policy: GMB.REAL, which it is judged for"]),
    ("gates:\n  - {name: a, recall: {low: 1}, where: {view: safe, policy: A.B, market: SA}}", [
        ("g.yaml:2:74: 'market' stands beside 'view'; a part of the material is told by its policy "
        "alone")]),
    ("gates:\n  - {name: a, recall: {low: 1}, point: stopped, where: {view: safe, policy: A.B}}", [
        ("g.yaml:2:40: 'point' stands beside 'view'; a part of the material is judged by what it "
        "hits; leave 'point' out")]),
    ("gates:\n  - {name: a, f1: {low: 1}}\n  - {name: a, f1: {low: 0.5}}", [
        "g.yaml:3:12: a second gate 'a' (first in line 2)"]),
    ("regression: {point: hit, by: [markt], p: 0}", [
        "g.yaml:1:21: 'hit' is not a point; one of: stopped, flagged, restricted",
        "g.yaml:1:30: 'markt' is not an axis; one of: market, policy, language",
        "g.yaml:1:42: '0' is not above 0"]),
    ("gates: [{name: , recall: {low: 1}}]", [
        "g.yaml:1:16: 'name' has no value (null); quote it if you mean text"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_faults(text: str, expected: list[str], tmp_path: Path) -> None:
    """Every fault at its line and column, with what may be meant."""
    path = tmp_path / "g.yaml"
    path.write_text(text, encoding="utf-8")
    assert faults(lambda: load_gates(path), tmp_path) == expected


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Told as any other fault."""
    assert faults(lambda: load_gates(tmp_path / "g.yaml"), tmp_path) == [
        "g.yaml: there is no such file"
    ]


def test_the_example() -> None:
    """What is written is what is promised, defaults filled in."""
    found = read(EXAMPLE)
    first, second, third = found.gates
    assert (found.support, first.name) == (30, "Arabic gambling is found")
    assert first.where == {"policy": "GMB.REAL", "language": "ar"}
    assert (first.point, first.allow_not_enough) == ("stopped", True)
    assert first.promises == (
        Promise("precision", "low", 0.9), Promise("recall", "low", 0.8),
        Promise("recall", "high", 1.0), Promise("false_alarm_rate", "high", 0.02),
    )  # fmt: skip
    assert second.slice_.part == "material" and second.point == "flagged"
    assert (third.where, third.slice_.by, third.slice_.part) == ({}, (), None)
    assert found.regression is not None
    assert found.regression.by == ("market", "policy") and found.regression.p == 0.05
    assert read("regression: {}").regression == written.Regression()


def test_gates_know_the_axes_and_measures_of_the_evaluator() -> None:
    """The names are written twice, on two floors: they are the same."""
    assert written.AXES == AXES
    assert written.PART_AXES == PART_AXES
    assert set(written.Where.model_fields) == {*AXES, *PART_AXES}
    assert set(written.MEASURES) <= set(Measures.__slots__)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_as_gates(data: bytes) -> None:
    """Bytes that are no gates are faults with a place."""
    try:
        read(data)
    except LoadError as error:
        told = error.faults
    else:
        return
    assert told
    assert all(one.message and one.location.file for one in told)


PIECES = [
    *"{}[]:,-\n '\"#", "\n  ", ": ", "- ", "gates", "name", "where", "policy", "GMB.REAL",
    "recall", "low", "high", "0.9", "point", "hit", "regression", "by", "p", "market", "material",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_keys_as_gates(text: str) -> None:
    """Keys and marks in any order are gates or faults."""
    for whole in (text, f"gates: [{{name: a, recall: {{low: 1}}, {text}}}]"):
        try:
            read(whole)
        except LoadError as error:
            told = error.faults
        else:
            continue
        assert told


# --- evaluations that were kept -------------------------------------------------------------------


def kept(folder: Path, change: dict[str, Any] | None = None) -> Path:
    """An evaluation in a file."""
    path = folder / "run.json"
    path.write_text(json.dumps(evaluations.small().to_dict() | (change or {})), encoding="utf-8")
    return path


def test_an_evaluation_comes_back_as_it_was(tmp_path: Path) -> None:
    """What `to_dict` gives, read again, is equal."""
    assert load_run(kept(tmp_path)) == evaluations.small()
    path = tmp_path / "whole.json"
    path.write_text(json.dumps(evaluations.evaluation().to_dict()), encoding="utf-8")
    assert load_run(path) == evaluations.evaluation()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "run.json: '' is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("5", "run.json: is no evaluation; write one with: automod eval -o run.json"),
        ('{"schema": 1, "creative": "c1"}',
         "run.json: is no evaluation; write one with: automod eval -o run.json"),
        ('{"schema": 2, "slices": []}',
         "run.json: is an evaluation of schema 2; this automod reads 1"),
        ('{"schema": true, "slices": []}',
         "run.json: is an evaluation of schema True; this automod reads 1"),
        ('{"schema": 1, "slices": [{"point": "stoped"}]}', "run.json: is no evaluation: "),
    ],
)  # fmt: skip
def test_what_is_no_evaluation(text: str, expected: str, tmp_path: Path) -> None:
    """One sentence that names the file, and where it is no evaluation."""
    path = tmp_path / "run.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_run(path)
    assert str(caught.value).replace(f"{tmp_path}/", "").startswith(expected)


def test_where_an_evaluation_is_none(tmp_path: Path) -> None:
    """The first place that is wrong, and how many more there are."""
    path = kept(tmp_path, {"dead": 5, "overlaps": [1]})
    with pytest.raises(InputError, match=r"overlaps\[0\]: .* \(and 1 more\)"):
        load_run(path)
    with pytest.raises(InputError, match="there is no such file"):
        load_run(tmp_path / "none.json")


@given(st.binary(max_size=100) | st.text('{}[]:,"schemaslices12 ', max_size=60).map(str.encode))
def test_any_bytes_as_an_evaluation(data: bytes) -> None:
    """An InputError that names the file, never anything else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run.json")
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"run\.json"):
            load_run(path)
