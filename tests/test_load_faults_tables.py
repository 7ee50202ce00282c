"""What can be wrong with the policy table, overrides and tables of materials."""

from __future__ import annotations

from pathlib import Path

import pytest

from loading import (
    CODE,
    HEAD,
    KEYWORD,
    POLICIES,
    Files,
    faults_of,
    material,
    override,
    package,
    policies,
    table,
)

POLICY_ROWS: list[tuple[str, Files, list[str]]] = [
    (
        "no default",
        policies("codes: {A.B: {severity: low}}\n"),
        ["policies.yaml:1:14: 'default' is missing"],
    ),
    (
        "severity",
        policies(CODE.replace("low", "hgh")),
        ["policies.yaml:1:25: 'hgh' is not a severity; did you mean 'high'?"],
    ),
    (
        "stance",
        policies(CODE.replace("prohibited", "forbidden")),
        [
            (
                "policies.yaml:1:48: 'forbidden' is not a stance; "
                "one of: prohibited, certificate, age_gate, limited, allowed"
            )
        ],
    ),
    (
        "two that exclude each other",
        policies(CODE.replace("prohibited", "[prohibited, limited]")),
        ["policies.yaml:1:48: 'prohibited' stands with nothing else; leave the others out"],
    ),
    (
        "age",
        policies(CODE.replace("prohibited", "age_gate")),
        ["policies.yaml:1:48: an age_gate needs an age; write min_age: 18"],
    ),
    (
        "age without gate",
        policies(CODE.replace("law", "law, min_age: 18")),
        ["policies.yaml:1:82: 'min_age' is for the stance age_gate"],
    ),
    (
        "limits without limited",
        policies(CODE.replace("law", "law, limits: [x]")),
        ["policies.yaml:1:81: 'limits' is for the stance limited"],
    ),
    (
        "approve what was not looked at",
        policies("not_evaluated: {default: approve}\n" + CODE),
        ["policies.yaml:1:26: 'approve' is not a default; one of: restrict, review, reject"],
    ),
    (
        "not a code of it",
        policies("not_evaluated: {media.misssing: review}\n" + CODE),
        [
            (
                "policies.yaml:1:17: 'media.misssing' is not a code of what was not evaluated; "
                "did you mean 'media.missing'?"
            )
        ],
    ),
    (
        "thresholds",
        policies("thresholds: {review: 0.9, act: 0.5}\n" + CODE),
        ["policies.yaml:1:22: review (0.9) is above act (0.5)"],
    ),
    (
        "group's member",
        policies("groups: {GCC: [SA, XX]}\n" + CODE),
        ["policies.yaml:1:15: 'XX' is not a market"],
    ),
    (
        "group named as a country",
        policies("groups: {SA: [AE]}\n" + CODE),
        ["policies.yaml:1:10: 'SA' is a market already; rename the group"],
    ),
    (
        "group in itself",
        policies("groups: {A1: [B1], B1: [A1]}\n" + CODE),
        ["policies.yaml:1:10: 'A1' holds itself", "policies.yaml:1:20: 'B1' holds itself"],
    ),
    (
        "parent",
        policies("markets: {US-NV: {parent: USA}}\n" + CODE),
        ["policies.yaml:1:27: the parent 'USA' is not a market; did you mean 'US'?"],
    ),
    (
        "market that is a country",
        policies("markets: {SA: {parent: AE}}\n" + CODE),
        ["policies.yaml:1:11: 'SA' is a country already"],
    ),
    (
        "row's market",
        policies(CODE.replace("}}}", "}, rows: [{market: XX, stance: allowed, ground: law}]}}")),
        ["policies.yaml:1:90: 'XX' is not a market"],
    ),
    (
        "row's dates",
        policies(
            CODE.replace(
                "}}}",
                "}, rows: [{market: SA, stance: allowed, ground: law, "
                "from: 2026-02-01, until: 2026-01-01}]}}",
            )
        ),
        ["policies.yaml:1:149: 'until' (2026-01-01) is before 'from' (2026-02-01)"],
    ),
    (
        "row twice",
        policies(
            CODE.replace(
                "}}}",
                "}, rows: [{market: SA, stance: allowed, ground: law}, "
                "{market: SA, stance: prohibited, ground: law}]}}",
            )
        ),
        ["policies.yaml:1:125: a second row A.B/SA; one row a market and first day"],
    ),
    (
        "no code",
        policies("codes: {weight-loss: {severity: low, default: {stance: allowed, ground: law}}}"),
        ["policies.yaml:1:9: 'weight-loss' is not a policy code; write it as GMB.REAL"],
    ),
    (
        "two tables",
        {"p.yaml": HEAD, "more/policies.yaml": POLICIES},
        [
            (
                "policies.yaml: a second policy table (the first is "
                "more/policies.yaml); exactly one in all"
            )
        ],
    ),
]

OVERRIDE_ROWS: list[tuple[str, Files, list[str]]] = [
    (
        "no end",
        override("target: p\nset: {status: shadow}\n"),
        ["overrides/o.yaml:1:1: no end is written; write until: 2026-12-01, or permanent: REASON"],
    ),
    (
        "two ends",
        override("target: p\nset: {status: shadow}\nuntil: 2027-01-01\npermanent: yes\n"),
        ["overrides/o.yaml:7:12: both 'until' and 'permanent' are written; keep one"],
    ),
    (
        "nobody",
        override("target: p\nset: {status: shadow}\nuntil: 2027-01-01\n", "override: o\n"),
        ["overrides/o.yaml:1:1: 'by' is missing", "overrides/o.yaml:1:1: 'ticket' is missing"],
    ),
    (
        "sets nothing",
        override("target: p\nset: {}\nuntil: 2027-01-01\n"),
        ["overrides/o.yaml:5:6: 'set' is empty; set status, weight, view or ramp"],
    ),
    (
        "live",
        override("target: p\nset: {status: live}\nuntil: 2027-01-01\n"),
        ["overrides/o.yaml:5:15: 'live' is not a status; one of: draft, shadow, retired"],
    ),
    (
        "target",
        override("target: p/tag/x\nset: {status: shadow}\nuntil: 2027-01-01\n"),
        [
            (
                "overrides/o.yaml:4:9: 'p/tag/x' is not a target; "
                "write it as package, package/id or package/tag:NAME"
            )
        ],
    ),
    (
        "no package",
        override("target: pp\nset: {status: shadow}\nuntil: 2027-01-01\n"),
        ["overrides/o.yaml:4:9: there is no package 'pp'"],
    ),
    (
        "no material",
        override("target: p/casio\nset: {status: shadow}\nuntil: 2027-01-01\n"),
        ["overrides/o.yaml:4:9: 'p' has no material or rule 'casio'; did you mean 'casino'?"],
    ),
    (
        "no tag",
        override("target: p/tag:x\nset: {status: shadow}\nuntil: 2027-01-01\n"),
        ["overrides/o.yaml:4:9: 'p' has no tag 'x'"],
    ),
    (
        "heavier",
        override("target: p/casino\nset: {weight: 0.95}\nuntil: 2027-01-01\n"),
        ["overrides/o.yaml:5:15: weight 0.95 is above 0.9: an override only narrows"],
    ),
    (
        "heavier, a tag",
        override("target: p/tag:t\nset: {weight: certain}\nuntil: 2027-01-01\n"),
        ["overrides/o.yaml:5:15: weight 0.95 is above 0.9: an override only narrows"],
    ),
    (
        "market",
        override("target: p\nmarkets: [K W]\nset: {status: shadow}\nuntil: 2027-01-01\n"),
        ["overrides/o.yaml:5:10: 'K W' is not a market; did you mean 'KW'?"],
    ),
    (
        "dates",
        override("target: p\nset: {status: shadow}\nfrom: 2027-02-01\nuntil: 2027-01-01\n"),
        ["overrides/o.yaml:7:8: 'until' (2027-01-01) is before 'from' (2027-02-01)"],
    ),
    (
        "unknown key",
        override("target: p\nset: {stauts: shadow}\nuntil: 2027-01-01\n"),
        ["overrides/o.yaml:5:7: 'stauts' is not a key here; did you mean 'status'?"],
    ),
    (
        "an allow",
        {
            **package("allow: [{id: a, kind: phrase, value: b}]\n"),
            "overrides/o.yaml": (
                "override: o\nby: me\nticket: T\ntarget: p/a\nset: {status: "
                "shadow}\nuntil: 2027-01-01\n"
            ),
        },
        ["overrides/o.yaml:4:9: 'p/a' is an allow: to take it away would widen; edit the package"],
    ),
    (
        "looser",
        {
            **material(KEYWORD + ", id: m, view: exact"),
            "overrides/o.yaml": (
                "override: o\nby: me\nticket: T\ntarget: p/m\nset: {view: "
                "safe}\nuntil: 2027-01-01\n"
            ),
        },
        ["overrides/o.yaml:5:13: view 'safe' is looser than 'exact': an override only narrows"],
    ),
    (
        "looser than the default",
        {
            **material("id: m, kind: keyword, value: bet, weight: weak"),
            "overrides/o.yaml": (
                "override: o\nby: me\nticket: T\ntarget: p\nset: {view: "
                "evasion}\nuntil: 2027-01-01\n"
            ),
        },
        ["overrides/o.yaml:5:13: view 'evasion' is looser than 'safe': an override only narrows"],
    ),
    (
        "more active",
        {
            **material(KEYWORD + ", id: m, status: shadow"),
            "overrides/o.yaml": (
                "override: o\nby: me\nticket: T\ntarget: p/m\nset: {status: "
                "shadow}\nuntil: 2027-01-01\n"
            ),
        },
        [],
    ),
    (
        "two of a name",
        {
            **override("target: p\nset: {status: shadow}\nuntil: 2027-01-01\n"),
            "overrides/p.yaml": "override: o\nby: me\nticket: T\ntarget: p\nset: {status: shadow}\n"
            "until: 2027-01-01\n",
        },
        ["overrides/p.yaml:1:11: a second override 'o'"],
    ),
]

TABLE_ROWS: list[tuple[str, Files, list[str]]] = [
    (
        "no table",
        package("materials: [{table: t.csv}]\n"),
        ["p.yaml:5:21: there is no table 't.csv'; it is looked for beside p.yaml"],
    ),
    (
        "letters that a spreadsheet lost",
        table("id,kind,value,weight\na,keyword,??,weak\nb,keyword,???,weak\nc,keyword,w?,weak\n"),
        [
            (
                f't.csv:{line}, column "value": the keyword is nothing but question marks; '
                "a table saved without UTF-8 loses letters: save it as CSV UTF-8"
            )
            for line in (2, 3)
        ],
    ),
    (
        "outside",
        package("materials: [{table: ../t.csv}]\n"),
        ["p.yaml:5:21: '../t.csv' is outside the package's folder; put it beside the package"],
    ),
    (
        "absolute",
        package("materials: [{table: /etc/t.csv}]\n"),
        ["p.yaml:5:21: '/etc/t.csv' is outside the package's folder; put it beside the package"],
    ),
    (
        "no CSV",
        package("materials: [{table: /etc/passwd}]\n"),
        ["p.yaml:5:21: '/etc/passwd' is not a table; name a .csv or .xlsx file"],
    ),
    (
        "beside other keys",
        package("materials: [{table: t.csv, weight: weak}]\n"),
        [
            (
                "p.yaml:5:28: 'weight' cannot stand here; a table stands alone; "
                "'defaults' hold for its rows"
            )
        ],
    ),
    ("empty", table(""), ["t.csv: has no header row"]),
    (
        "header",
        table("kidn,value,weight\nkeyword,a,1\n"),
        [
            "t.csv:1, column \"kidn\": 'kidn' is not a key of a material; did you mean 'kind'?",
        ],
    ),
    (
        "header of what matches",
        table("kind,valeu,weight\nkeyword,a,1\nkeyword,b,heavy\n"),
        [
            "t.csv:1, column \"valeu\": 'valeu' is not a key of a material; did you mean 'value'?",
            (
                "t.csv:3, column \"weight\": 'heavy' is not a weight; "
                "write 0 to 1, or certain, strong, medium, weak, signal"
            ),
        ],
    ),
    (
        "no header of what matches",
        table("id,kind,weight\na,keyword,1\nb,keyword,1\n"),
        ["t.csv:1: the column 'value' is missing"],
    ),
    (
        "no weights",
        table("kind,value\nkeyword,a\nkeyword,b\nkeyword,A\n"),
        [
            (
                "t.csv:1: the column 'weight' is missing; "
                "add it, or write it once for all in 'defaults'"
            ),
            't.csv:4, column "value": the same keyword as in t.csv:2; leave one out',
        ],
    ),
    (
        "header twice",
        table("kind,value,القيمة,weight\nkeyword,a,b,1\n"),
        ["t.csv:1, column \"القيمة\": the column 'value' is there twice"],
    ),
    (
        "cells",
        table("kind,value,weight\nkeyword,a,1,x\n"),
        ["t.csv:2: the row has 4 cells, the header has 3; quote a cell that holds the delimiter"],
    ),
    (
        "kind",
        table("kind,value,weight\nkeyword,a,1\nkeywrod,b,1\n"),
        ["t.csv:3, column \"kind\": 'keywrod' is not a kind; did you mean 'keyword'?"],
    ),
    (
        "Arabic header",
        table("النوع,القيمة,الوزن\nkeyword,a,عالي\n"),
        [
            (
                "t.csv:2, column \"الوزن\": 'عالي' is not a weight; "
                "write 0 to 1, or certain, strong, medium, weak, signal"
            )
        ],
    ),
    (
        "after a line break in a cell",
        table('kind,value,weight\nkeyword,"a\nb",1\nx,c,1\n'),
        [
            (
                "t.csv:4, column \"kind\": 'x' is not a kind; one of: keyword, phrase, "
                "regex, domain, url, "
                "handle, phone, image, video"
            )
        ],
    ),
    (
        "quotation mark",
        table('kind,value,weight\nkeyword,a,1\nkeyword,"b,1\n'),
        ["t.csv:3: this row is not CSV: unexpected end of data; is a quotation mark left open?"],
    ),
    (
        "NUL",
        table("kind,value\nkeyword,a\0\n"),
        ["t.csv:2:10: holds a NUL (U+0000); is it a text file?"],
    ),
    (
        "broken UTF-8",
        table("kind,value\nkeyword,كازينو\n".encode() + b"keyword,\xff\n"),
        ["t.csv:3:9: byte 0xFF is not UTF-8; save the file as UTF-8"],
    ),
    (
        "Latin-1",
        table("kind,value\nkeyword,café\n".encode("latin-1")),
        ["t.csv:2:12: byte 0xE9 is not UTF-8; save the file as UTF-8"],
    ),
]

ROWS = [*POLICY_ROWS, *OVERRIDE_ROWS, *TABLE_ROWS]


@pytest.mark.parametrize(("files", "expected"), [pytest.param(f, e, id=i) for i, f, e in ROWS])
def test_a_fault_says_where_what_and_what_would_be_right(
    tmp_path: Path, files: Files, expected: list[str]
) -> None:
    """Each row of files has exactly these faults."""
    assert faults_of(tmp_path, files) == expected
