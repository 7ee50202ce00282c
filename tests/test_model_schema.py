"""The published schemas: they say what the models take, by one list of names."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from automod.model.case import Case
from automod.model.creative import Creative
from automod.model.decision import Decision, Hit, MarketOutcome, NotEvaluated, Verdict
from automod.model.hitlog import HitRow
from automod.model.package import Material, Package
from automod.model.schema import DRAFT, SCHEMAS, schema

CREATIVE: dict[str, Any] = {
    "id": "c1", "markets": ["SA", "NG"], "language": "ar", "advertiser": "adv-9",
    "on": "2026-11-20", "text": {"title": "...", "body": "...", "ocr:images[0]": "..."},
    "images": ["banner.jpg"], "videos": ["spot.mp4"], "links": ["https://example.com"],
    "certificates": [
        {"policy": "GMB.REAL", "market": "NG", "number": "7", "from": "2026-01-01",
         "until": "2026-12-31"}
    ],
    "targeting": {"min_age": 18}, "attributes": {"vertical": "games"},
}  # fmt: skip
CASE: dict[str, Any] = {
    "creative": {"id": "c1"},
    "labels": [
        {"policy": "GMB.REAL", "market": "SA", "present": "yes", "by": "me", "on": "2026-11-20",
         "kind": "random"}
    ],
    "judged": ["GMB.REAL"], "probability": 0.01, "volume": 1000, "group": "g1",
}  # fmt: skip
ROW: dict[str, Any] = {
    "schema": 1, "ruleset": "sha256:0", "on": "2026-11-20", "creative": "c1", "index": 0,
    "action": "reject", "markets": {"SA": "reject"}, "complete": True, "n": 0,
    "material": "p/casino", "version": "1", "policies": ["GMB.REAL"], "status": "live",
    "kind": "keyword", "field": "body", "start": 10, "end": 16, "view": "safe", "weight": 0.9,
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_names_its_draft_its_format_and_its_version(name: str) -> None:
    """Every schema is whole by itself, and `schema` is 1 in it."""
    found = schema(name)
    assert found["$schema"] == DRAFT
    assert found["title"] == f"automod {name}, schema 1"
    assert found["properties"]["schema"] == {"const": 1}
    references = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(found)))
    assert references <= found.get("$defs", {}).keys()


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_lets_no_unknown_key_through(name: str) -> None:
    """Every object of known keys is closed, but for names that begin `x-` where notes are."""
    found = schema(name)
    for part in [found, *found.get("$defs", {}).values()]:
        if "properties" in part:
            assert part["additionalProperties"] is False
            assert part.get("patternProperties", {"^x-": {}}) == {"^x-": {}}


@pytest.mark.parametrize("name", ["package", "policies", "override"])
def test_a_file_has_no_nulls(name: str) -> None:
    """The loader refuses a null in a file, and so does its schema."""
    assert '"null"' not in json.dumps(schema(name))


def test_a_schema_is_the_caller_s_own() -> None:
    """Changing one changes no other."""
    schema("package").clear()
    assert schema("package")["type"] == "object"


def test_an_unknown_schema_is_a_key_error() -> None:
    """There is nothing to guess."""
    with pytest.raises(KeyError):
        schema("packages")


def test_the_schema_of_a_decision_has_every_key_of_it() -> None:
    """What the dataclasses have, the schema requires, and the two keys the JSON adds."""
    found = schema("decision")
    names = {"schema", "engine", *(field.name for field in fields(Decision))}
    assert set(found["required"]) == names
    assert found["$defs"]["Reason"]["required"] == ["code", "values"]
    for part in (Hit, Verdict, MarketOutcome, NotEvaluated):
        keys = {field.name for field in fields(part)}
        assert set(found["$defs"][part.__name__]["required"]) == keys


def test_the_schema_of_a_material_has_every_key_of_design() -> None:
    """The whole format is there from the start, also what is not built yet."""
    keys = set(schema("package")["$defs"]["Material"]["properties"])
    assert keys == {
        "id", "kind", "value", "file", "hash", "weight", "policy", "tags", "group", "view",
        "boundary", "gap", "fields", "markets", "only_languages", "only_if_obfuscated", "status",
        "from", "until", "needs", "needs_within", "unless", "example", "not_example", "source",
        "ramp", "expected_rate",
        "ticket", "added", "added_by", "note", "algorithm", "radius",
    }  # fmt: skip


def test_a_creative_is_read_and_given_back() -> None:
    """A creative of JSON comes out as it went in."""
    creative = Creative.model_validate(CREATIVE)
    assert creative.on == date(2026, 11, 20)
    assert creative.as_dict()["on"] == "2026-11-20"
    assert creative.model_dump(mode="json", by_alias=True, exclude_unset=True) == CREATIVE
    assert json.loads(creative.model_dump_json(by_alias=True, exclude_unset=True)) == CREATIVE


def test_a_case_and_a_hit_row_are_read() -> None:
    """The formats of labels and of the log hold what their readers need."""
    case = Case.model_validate(CASE)
    assert (case.labels[0].present, case.judged, case.probability) == ("yes", ("GMB.REAL",), 0.01)
    row = HitRow.model_validate(ROW)
    assert (row.material, row.text, row.parts) == ("p/casino", None, ())


@pytest.mark.parametrize(
    "seen",
    [
        {"view": "framed, mirrored", "box": (0, 370, 720, 910)},
        {"view": "frame 6, framed", "box": (0, 0, 96, 64)},
        {"view": "clip, 2.0-5.5 s, 67% of the video, 50% of the sample", "at": 2.0},
    ],
)
def test_a_row_of_a_picture_is_a_hit_row(seen: dict[str, Any]) -> None:
    """How a picture was seen is no folding level; the log, its model and its schema take it."""
    no_text = {"field": "images[0]", "start": None, "end": None, "text": None, "distance": 4}
    hit = Hit(
        0, "p/wheel", "1", ("GMB.REAL",), "live", "image", **{"view": None, **no_text, **seen}
    )
    row = {name: value for name, value in ROW.items() if name not in hit.to_dict()}
    row |= hit.to_dict()
    assert list(Draft202012Validator(schema("hit_log")).iter_errors(row)) == []
    assert HitRow.model_validate(row).view == seen["view"]


@pytest.mark.parametrize("model", [Creative, Case, HitRow])
def test_an_unknown_key_is_refused(model: type[Creative | Case | HitRow]) -> None:
    """A key that nobody knows is a mistake, not an extension."""
    rows = {Creative: CREATIVE, Case: CASE, HitRow: ROW}
    with pytest.raises(ValidationError, match=r"Extra inputs are not permitted|is not a key here"):
        model.model_validate({**rows[model], "surprise": 1})


def test_names_that_begin_x_pass_through() -> None:
    """They are kept as text; what is nested in them, as JSON."""
    material = Material.model_validate({"kind": "keyword", "x-team": "a", "x-more": ["b", 1]})
    assert material.model_extra == {"x-team": "a", "x-more": '["b", 1]'}
    case = Case.model_validate({**CASE, "x-reason": " clean: a bakery "})
    assert case.model_extra == {"x-reason": "clean: a bakery"}


def test_what_people_write_is_frozen() -> None:
    """A model does not change after it was read."""
    package = Package.model_validate({"package": "p", "version": "1", "owner": "me"})
    with pytest.raises(ValidationError, match="frozen"):
        package.owner = "you"
