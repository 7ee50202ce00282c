"""What can be wrong with rules and allows: its place, the value, what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from loading import (
    CASINO,
    Files,
    faults_of,
    package,
)

RULE_ROWS: list[tuple[str, Files, list[str]]] = [
    (
        "no condition",
        package("rules: [{id: r, weight: weak}]\n"),
        ["p.yaml:5:9: the rule has no condition; write all, any or at_least"],
    ),
    (
        "no id",
        package("rules: [{weight: weak, all: [{found: url}]}]\n"),
        ["p.yaml:5:9: 'id' is missing"],
    ),
    (
        "no weight",
        package("rules: [{id: r, all: [{found: url}]}]\n"),
        ["p.yaml:5:9: 'weight' is missing; a rule has no default weight"],
    ),
    (
        "empty list",
        package("rules: [{id: r, weight: weak, all: []}]\n"),
        ["p.yaml:5:36: 'all' is an empty list"],
    ),
    (
        "empty condition",
        package("rules: [{id: r, weight: weak, all: [{}]}]\n"),
        [
            (
                "p.yaml:5:37: the condition is empty; "
                "one of: material, tag, found, advertiser, attribute"
            )
        ],
    ),
    (
        "two leaves",
        package(CASINO + "rules: [{id: r, weight: weak, all: [{tag: t, found: url}]}]\n"),
        ["p.yaml:6:37: one condition says tag and found; make a list entry of each"],
    ),
    (
        "leaf and node",
        package(CASINO + "rules: [{id: r, weight: 1, all: [{tag: t, any: [{tag: t}]}]}]\n"),
        ["p.yaml:6:34: 'tag' stands beside all, any, none or at_least; make a list entry of each"],
    ),
    (
        "unknown material",
        package(CASINO + "rules: [{id: r, weight: 1, all: [{material: casio}]}]\n"),
        ["p.yaml:6:45: there is no material 'p/casio'; did you mean 'casino'?"],
    ),
    (
        "unknown tag",
        package(CASINO + "rules: [{id: r, weight: 1, all: [{tag: nobody}]}]\n"),
        ["p.yaml:6:40: nothing has the tag 'p/nobody'"],
    ),
    (
        "unknown package",
        package(CASINO + "rules: [{id: r, weight: 1, all: [{tag: q/t}]}]\n"),
        ["p.yaml:6:40: there is no package 'q'"],
    ),
    (
        "unknown list",
        package(
            CASINO + "rules: [{id: r, weight: 1, all: [{tag: t}], "
            "none: [{advertiser: licensed}]}]\n"
        ),
        [
            (
                "p.yaml:6:65: there is no allow 'p/licensed' of kind advertiser; "
                "or write a list of advertisers' ids"
            )
        ],
    ),
    (
        "unknown found",
        package("rules: [{id: r, weight: 1, all: [{found: phones}]}]\n"),
        ["p.yaml:5:42: 'phones' is not a found; did you mean 'phone'?"],
    ),
    (
        "unknown key",
        package("rules: [{id: r, weight: 1, all: [{tags: t}]}]\n"),
        ["p.yaml:5:35: 'tags' is not a key here; did you mean 'tag'?"],
    ),
    (
        "attribute without in",
        package("rules: [{id: r, weight: 1, all: [{found: url}, {attribute: a}]}]\n"),
        ["p.yaml:5:60: 'attribute' and 'in' go together"],
    ),
    (
        "at_least without of",
        package("rules: [{id: r, weight: 1, at_least: 2}]\n"),
        ["p.yaml:5:9: 'at_least' and 'of' go together"],
    ),
    (
        "at_least of too few",
        package("rules: [{id: r, weight: 1, at_least: 2, of: [{found: url}]}]\n"),
        ["p.yaml:5:38: 'at_least' is 2, 'of' has 1 parts"],
    ),
    (
        "only none",
        package(CASINO + "rules: [{id: r, weight: 1, none: [{tag: t}]}]\n"),
        [
            (
                "p.yaml:6:9: the rule could fire without any hit; "
                "name a material, a tag or what is found outside of 'none'"
            )
        ],
    ),
    (
        "any with an attribute",
        package(CASINO + "rules: [{id: r, weight: 1, any: [{tag: t}, {attribute: a, in: [b]}]}]\n"),
        [
            (
                "p.yaml:6:9: the rule could fire without any hit; "
                "name a material, a tag or what is found outside of 'none'"
            )
        ],
    ),
    (
        "circle",
        package(
            CASINO + "rules:\n- {id: r, weight: 1, all: [{tag: b}], tags: [a]}\n"
            "- {id: s, weight: 1, all: [{tag: a}], tags: [b]}\n"
        ),
        [
            "p.yaml:7:3: the rule 'r' rests on itself; use another tag",
            "p.yaml:8:3: the rule 's' rests on itself; use another tag",
        ],
    ),
    (
        "id of a material",
        package(CASINO + "rules: [{id: casino, weight: 1, all: [{tag: t}]}]\n"),
        ["p.yaml:5:18: the id 'casino' is taken by p.yaml:6:14"],
    ),
]

ALLOW_ROWS: list[tuple[str, Files, list[str]]] = [
    ("no value", package("allow: [{id: a, kind: phrase}]\n"), ["p.yaml:5:9: 'value' is missing"]),
    (
        "no values",
        package("allow: [{id: a, kind: advertiser}]\n"),
        ["p.yaml:5:9: 'values' is missing"],
    ),
    ("no kind", package("allow: [{id: a, value: b}]\n"), ["p.yaml:5:9: 'kind' is missing"]),
    (
        "kind",
        package("allow: [{id: a, kind: advertisers, values: [b]}]\n"),
        ["p.yaml:5:23: 'advertisers' is not a kind; did you mean 'advertiser'?"],
    ),
    (
        "policies of text",
        package("allow: [{id: a, kind: phrase, value: b, policies: GMB.REAL}]\n"),
        ["p.yaml:5:41: 'policies' is not for an allow of kind phrase; use 'protects'"],
    ),
    (
        "value of an advertiser",
        package("allow: [{id: a, kind: advertiser, values: [b], view: exact}]\n"),
        ["p.yaml:5:48: 'view' is not for an allow of kind advertiser"],
    ),
    (
        "protects",
        package("allow: [{id: a, kind: phrase, value: b, protects: [q]}]\n"),
        ["p.yaml:5:51: 'q' is neither a package nor a policy code"],
    ),
    (
        "critical",
        package("allow: [{id: a, kind: advertiser, values: [b], policies: KID.SAFE}]\n"),
        ["p.yaml:5:58: KID.SAFE is critical: no advertiser is allowed past it"],
    ),
    (
        "critical, by protects",
        package("allow: [{id: a, kind: advertiser, values: [b], protects: KID.SAFE}]\n"),
        ["p.yaml:5:58: KID.SAFE is critical: no advertiser is allowed past it"],
    ),
    (
        "empty after folding",
        package("allow: [{id: a, kind: phrase, value: ـ}]\n"),
        ["p.yaml:5:38: the phrase is empty after folding (it was U+0640)"],
    ),
    (
        "id twice",
        package("allow: [{id: a, kind: phrase, value: b}, {id: a, kind: phrase, value: c}]\n"),
        ["p.yaml:5:47: the id 'a' is taken by p.yaml:5:14"],
    ),
]

ROWS = [*RULE_ROWS, *ALLOW_ROWS]


@pytest.mark.parametrize(("files", "expected"), [pytest.param(f, e, id=i) for i, f, e in ROWS])
def test_a_fault_says_where_what_and_what_would_be_right(
    tmp_path: Path, files: Files, expected: list[str]
) -> None:
    """Each row of files has exactly these faults."""
    assert faults_of(tmp_path, files) == expected
