"""Lint of structure, policy and media: what is said of files is what the engine then does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFilter

from automod.engine.compile import compile
from automod.engine.reading import read_source
from automod.load.source import Source
from automod.match.pattern import compile_pattern
from automod.model.ruleset import (
    Condition,
    Material,
    Override,
    Package,
    PolicyCode,
    PolicyTable,
    Row,
    Rule,
    Ruleset,
    Scope,
)
from automod.model.vocabulary import Status
from automod.workshop.lint.check import Found, World
from automod.workshop.lint.example_files import source_of
from automod.workshop.lint.reach import Reach
from automod.workshop.lint.regex_attack import LENGTH, slow_text
from automod.workshop.lint.regex_growth import growing
from automod.workshop.lint.regex_tree import shortest, tree_of
from automod.workshop.lint.registry import all_checks, check_of
from loading import write
from pictures import file_of, scene

ON = date(2026, 11, 20)
Files = dict[str, str | bytes]
MINE = tuple(check for check in all_checks() if "AM300" < check.code < "AM600")

POLICIES = """\
groups: {GCC: [SA, AE, KW], GULF: [SA, IQ], MENA: [GCC, EG]}
codes:
  GMB.REAL: {severity: high, default: {stance: certificate, ground: platform}}
  SCM.FRAUD: {severity: critical, default: {stance: certificate, ground: platform}}
"""
HEAD = """\
package: p
version: 2026.11
title: {en: Test, ar: اختبار}
owner: mena-ads
policy: [GMB.REAL]
materials:
  - {id: casino, kind: keyword, value: casino, weight: strong}
  - {id: bank, kind: keyword, value: بنك, policy: [SCM.FRAUD], weight: strong}
"""
"""Eight lines: what a row adds begins in line 9."""
EXAMPLES = "examples:\n  - {text: our casino, hits: [casino]}\n  - {text: our cinema, hits: []}\n"


def source_in(folder: Path, files: Files) -> Source:
    """What some files hold; none of them is faulty."""
    source = read_source(write(folder, {"policies.yaml": POLICIES, **files}))
    assert [str(fault) for fault in source.faults] == []
    return source


def looked(source: Source) -> list[tuple[str, Found]]:
    """What the checks of structure, policy and media find."""
    world = World(source, ON)
    return [(check.code, found) for check in MINE for found in check.look(world)]


def said(folder: Path, files: Files) -> list[str]:
    """Code, file and line of what is found in some files."""
    source = source_in(folder, files)
    return sorted(
        f"{code} {Path(found.location.file).name}:{found.location.line}"
        for code, found in looked(source)
    )


def of_package(more: str, head: str = HEAD) -> Files:
    """A package with its examples, and something more."""
    return {"p.yaml": head + more + EXAMPLES}


SIGNAL = "  - {id: win, kind: phrase, value: اربح الآن, weight: signal, tags: [promise]%s}\n"


def ruled(condition: str, material: str = "", more: str = "") -> str:
    """A package with a rule in line 10, whose condition is in line 12."""
    return SIGNAL % material + f"rules:\n  - id: r\n    {condition}\n{more}    weight: strong\n"


ROWS = {
    # Rules.
    "other markets": (ruled("all: [{tag: promise}]", ", markets: [EG]", "    markets: [GCC]\n"),
                      "AM310 p.yaml:11"),
    "other days": (ruled("all: [{tag: promise}]", ", until: 2026-12-01", "    from: 2026-12-02\n"),
                   "AM310 p.yaml:11"),
    "other fields": (ruled("all: [{tag: promise}]", ", fields: [title]", "    fields: [body]\n"),
                     "AM310 p.yaml:11"),
    "forbids itself": (ruled("all: [{tag: promise}]", more="    none: [{material: win}]\n"),
                       "AM310 p.yaml:11"),
    "the same part twice": (
        ruled("at_least: 2", more="    of: [{tag: promise}, {tag: promise}]\n"), "AM310 p.yaml:11"
    ),
    "never in one field": (
        ruled("all: [{material: casino-title}, {tag: promise}]", ", fields: [body]",
              "    same_field: true\n").replace(
            "rules:", "  - {id: casino-title, kind: keyword, value: slots, weight: weak, "
            "fields: [title]}\nrules:"),
        "AM310 p.yaml:12",
    ),
    "a retired material": (
        ruled("all: [{material: win}]", ", status: retired").replace(", tags: [promise]", ""),
        "AM310 p.yaml:11",
    ),
    "a tag of drafts": (ruled("all: [{tag: promise}]", ", status: draft"), "AM311 p.yaml:12"),
    "an exception of drafts": (
        ruled("all: [{material: casino}]", ", status: draft", "    none: [{tag: promise}]\n"),
        "AM311 p.yaml:13",
    ),
    "a tag that is over, needed": (
        ("  - {id: odds, kind: keyword, value: odds, weight: weak, needs: [game]}\n"
        "  - {id: slots, kind: keyword, value: slots, weight: weak, tags: [game], "
        "until: 2026-01-01}\n"),
        "AM311 p.yaml:9", "AM320 p.yaml:10",
    ),
    "a tag that is nearly one asked for": (
        SIGNAL % "" + "  - {id: w, kind: keyword, value: ربح, weight: weak, tags: [promis]}\n"
        "rules:\n  - {id: r, all: [{tag: promise}], weight: strong}\n",
        "AM313 p.yaml:10",
    ),
    "a signal for nothing": ("  - {id: win, kind: phrase, value: اربح الآن, weight: signal}\n",
                             "AM314 p.yaml:9"),
    # Scopes and groups.
    "a market outside": (("  - {id: w, kind: keyword, value: ربح, weight: weak, markets: [EG]}\n"
                         "markets: [GCC]\n"), "AM312 p.yaml:9"),
    "before it begins": (("  - {id: w, kind: keyword, value: ربح, weight: 0.6, until: 2026-11-30}\n"
                         "from: 2026-12-01\n"), "AM312 p.yaml:9"),
    "an allow outside": (("allow:\n  - {id: a, kind: phrase, value: كازينو رويال, markets: [EG]}\n"
                         "markets: [AE]\n"), "AM312 p.yaml:10"),
    "boddy": ("  - {id: w, kind: keyword, value: ربح, weight: weak, fields: [boddy, title]}\n",
              "AM316 p.yaml:9"),
    "an allow for a misspelt link": (
        "allow:\n  - {id: a, kind: phrase, value: casino royale, fields: ['link[0].host']}\n",
        "AM316 p.yaml:10",
    ),
    "no cap": ("  - {id: w, kind: keyword, value: ربح, weight: weak, group: bare}\n",
               "AM317 p.yaml:9"),
    # Days.
    "a rule that is over": (ruled("all: [{tag: promise}]", more="    until: 2026-11-19\n"),
                            "AM320 p.yaml:13"),
    "defaults that are over": ("defaults: {until: 2026-11-19}\n", "AM320 p.yaml:9"),
    "2062": ("  - {id: w, kind: keyword, value: ربح, weight: weak, from: 2062-11-01}\n",
             "AM321 p.yaml:9"),
    # Examples.
    "two minds": (
        "examples:\n  - {text: كازينو, hits: []}\n  - {text: ' كازينو', hits: [casino]}\n",
        "AM324 p.yaml:11",
    ),
    "a row's own example": (
        ("  - {id: w, kind: keyword, value: ربح, weight: weak, example: ربح كبير}\n"
        "examples:\n  - {text: ربح كبير, hits: []}\n"),
        "AM324 p.yaml:9",
    ),
    "both example and not": (
        "  - {id: w, kind: keyword, value: ربح, weight: weak, example: ربح, not_example: ربح}\n",
        "AM324 p.yaml:9",
    ),
    "hits a draft": (
        ("  - {id: w, kind: keyword, value: ربح, weight: weak, status: draft}\n"
        "examples:\n  - {text: ربح كبير, hits: [w]}\n  - {text: بيت, hits: []}\n"),
        "AM325 p.yaml:11",
    ),
    "misses nothing": ("examples:\n  - {text: كازينو, hits: [], known: miss}\n", "AM329 p.yaml:10"),
    "only hits": ("examples:\n  - {text: casino, hits: [casino]}\n", "AM328 p.yaml:9"),
    # Advertisers.
    "a whole package": (
        ("allow:\n  - {id: a, kind: advertiser, values: [adv-1], until: 2027-01-01, by: a, "
        "ticket: t}\n"),
        "AM413 p.yaml:10",
    ),
    "for ever": (
        ("allow:\n  - {id: a, kind: advertiser, values: [adv-1], policies: [GMB.REAL], by: a, "
        "ticket: t}\n"),
        "AM413 p.yaml:10",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_planted_fault_is_found_at_its_place_and_nothing_else_is(
    name: str, tmp_path: Path
) -> None:
    """One finding for one cause."""
    more, *expected = ROWS[name]
    files: Files = {"p.yaml": HEAD + more} if "examples:" in more else of_package(more)
    assert said(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("codes", "lacking", "hinted"),
    [
        ("[SCM.FRAUD]", "policies", True),
        ("[GMB.REAL]", "by, ticket, until, policies", False),
        ("[SCM.FRAUD, GMB.REAL]", "by, ticket, until, policies", False),
    ],
)
def test_an_allow_past_critical_codes_is_not_asked_for_more(
    codes: str, lacking: str, *, hinted: bool, tmp_path: Path
) -> None:
    """What it lacks would not make it act: written out, the codes would not load."""
    allow = "allow:\n  - {id: a, kind: advertiser, values: [adv-1]}\n"
    files = {"p.yaml": HEAD.replace("[GMB.REAL]", codes).replace(", policy: [SCM.FRAUD]", "")
             + allow}  # fmt: skip
    found = [one for code, one in looked(source_in(tmp_path, {**files})) if code == "AM413"]
    assert [one.values["lacking"] for one in found] == [lacking]
    assert hinted == ("SCM.FRAUD is critical" in found[0].values.get("hint", ""))


SILENT = {
    "a rule where its parts meet": ruled("all: [{tag: promise}]", ", markets: [SA]",
                                         "    markets: [GCC]\n"),
    "a rule of days to come": ruled("all: [{tag: promise}]", ", from: 2026-12-01"),
    "a rule that forbids another": ruled("all: [{tag: promise}]",
                                         more="    none: [{material: casino}]\n"),
    "one of two is there": ruled("any: [{tag: promise}, {material: win}]", ", status: live"),
    "at least one": ruled("at_least: 1", more="    of: [{tag: promise}, {material: casino}]\n"),
    "apart, in two fields": ruled("all: [{material: casino}, {tag: promise}]", ", fields: [body]"),
    "a field of its own": "  - {id: w, kind: keyword, value: ربح, weight: weak, "
                          "fields: [my_text, title_2, 'ocr:images[0]', 'links[*].host']}\n",
    "a market inside a group": "  - {id: w, kind: keyword, value: ربح, weight: weak, "
                               "markets: [KW]}\nmarkets: [MENA]\n",
    "the last day": "  - {id: w, kind: keyword, value: ربح, weight: weak, until: 2026-11-20}\n",
    "a year ahead": "  - {id: w, kind: keyword, value: ربح, weight: weak, from: 2027-11-01}\n",
    "retired and over": "  - {id: w, kind: keyword, value: ربح, weight: weak, status: retired, "
                        "until: 2025-01-01}\n",
    "a group with a cap": "  - {id: w, kind: keyword, value: ربح, weight: weak, group: g}\n"
                          "caps: {g: 0.4}\n",
    "hidden alone": "  - {id: w, kind: keyword, value: رابح, weight: signal, "
                    "only_if_obfuscated: true}\n",
    "a phone that rules know": ruled("all: [{found: phone}, {tag: promise}]"),
    "an allow for one code": "allow:\n  - {id: a, kind: advertiser, values: [adv-1], "
                             "policies: [GMB.REAL], until: 2027-01-01, by: n.fares, ticket: T-1}\n",
    "a regex of an amount": "  - {id: r, kind: regex, value: '[0-9]{1,3} ?(?:usd|ريال)', "
                            "weight: weak}\n",
    "a regex of a sign": "  - {id: r, kind: regex, value: '\\[(?:\\.|dot)\\]', weight: weak}\n",
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_what_is_nearly_a_fault_is_none(name: str, tmp_path: Path) -> None:
    """No check fires on what works."""
    assert said(tmp_path, of_package(SILENT[name])) == []


OVERRIDE = "override: INC-1\ntarget: %s\nset: {%s}\n%s\nby: o.haddad\nticket: INC-1\n"
OVERRIDES = {
    "over": (OVERRIDE % ("p/casino", "status: shadow", "until: 2026-11-19"),
             ["AM410 INC-1.yaml:4"]),
    "as weak already": (OVERRIDE % ("p/casino", "weight: strong", "until: 2026-12-01"),
                        ["AM412 INC-1.yaml:2"]),
    "as tight already": (OVERRIDE % ("p/casino", "view: evasion", "until: 2026-12-01"),
                         ["AM412 INC-1.yaml:2"]),
    "for good": (OVERRIDE % ("p/casino", "status: shadow", "permanent: لأنها اسم متجر معروف"),
                 ["AM411 INC-1.yaml:4"]),
    "for good, no reason": (OVERRIDE % ("p/casino", "status: shadow", "permanent: ؟"),
                            ["AM415 INC-1.yaml:4"]),
    "weaker": (OVERRIDE % ("p", "weight: weak", "until: 2026-12-01"), []),
}  # fmt: skip


@pytest.mark.parametrize("name", OVERRIDES)
def test_overrides(name: str, tmp_path: Path) -> None:
    """One that is over, changes nothing, or never ends is told; one that works is not."""
    text, expected = OVERRIDES[name]
    files = of_package("") | {"overrides/INC-1.yaml": text}
    assert said(tmp_path, files) == expected


LAW = "ground: law, source: https://example.org, checked: 2026-11-01"
TABLES = {
    "the newer is laxer": (
        (f"      - {{market: AE, stance: prohibited, {LAW}}}\n"
        f"      - {{market: AE, stance: certificate, {LAW}, from: 2025-01-01}}\n"),
        ["AM401 policies.yaml:10"],
    ),
    "one after the other": (
        (f"      - {{market: AE, stance: prohibited, {LAW}, until: 2024-12-31}}\n"
        f"      - {{market: AE, stance: certificate, {LAW}, from: 2025-01-01}}\n"),
        [],
    ),
    "the same twice": (
        (f"      - {{market: AE, stance: certificate, {LAW}}}\n"
        f"      - {{market: AE, stance: certificate, {LAW}, from: 2025-01-01}}\n"),
        [],
    ),
    "two groups": (
        (f"      - {{market: GCC, stance: prohibited, {LAW}}}\n"
        f"      - {{market: GULF, stance: certificate, {LAW}}}\n"),
        ["AM405 policies.yaml:9"],
    ),
    "a group in a group": (
        (f"      - {{market: GCC, stance: prohibited, {LAW}}}\n"
        f"      - {{market: MENA, stance: certificate, {LAW}}}\n"),
        [],
    ),
    "not looked at": (
        "      - {market: AE, stance: certificate, ground: law, source: x, checked: 2025-01-01}\n",
        ["AM403 policies.yaml:9"],
    ),
    "not looked at, and over": (
        ("      - {market: AE, stance: certificate, ground: law, source: x, checked: 2020-01-01, "
        "until: 2021-01-01}\n"),
        [],
    ),
    "which law": ("      - {market: AE, stance: certificate, ground: law}\n",
                  ["AM407 policies.yaml:9"]),
}  # fmt: skip


def table(rows: str) -> str:
    """A policy table whose first row is in line 9."""
    groups = POLICIES.splitlines()[0]
    asks = "{stance: certificate, ground: platform}"
    return (
        f"{groups}\ncodes:\n  SCM.FRAUD: {{severity: low, default: {asks}}}\n"
        f"  # The one that rows are about.\n  GMB.REAL:\n    severity: high\n"
        f"    default: {asks}\n    rows:\n{rows}"
    )


@pytest.mark.parametrize("name", TABLES)
def test_rows_of_the_policy_table(name: str, tmp_path: Path) -> None:
    """Rows that disagree, are old or name no law are told; rows that follow each other are not."""
    rows, expected = TABLES[name]
    files = of_package("") | {"policies.yaml": table(rows)}
    assert said(tmp_path, files) == expected


def test_of_two_rows_in_force_the_stricter_counts(tmp_path: Path) -> None:
    """That is why the laxer one is told."""
    rows = TABLES["the newer is laxer"][0]
    source = source_in(tmp_path, of_package("") | {"policies.yaml": table(rows)})
    decision = compile(source.ruleset).decide(
        ad("casino", "AE", certificates=[{"policy": "GMB.REAL", "market": "AE"}]), on=ON
    )
    assert decision.action == "reject"


GAPS = [
    ("markets: [GCC]\n", f"      - {{market: MENA, stance: prohibited, {LAW}}}\n", ["AM402"]),
    ("markets: [MENA]\n", f"      - {{market: GCC, stance: prohibited, {LAW}}}\n", []),
    ("", f"      - {{market: MENA, stance: prohibited, {LAW}}}\n", []),
    ("until: 2026-11-01\n", f"      - {{market: AE, stance: prohibited, {LAW}}}\n",
     ["AM320", "AM402"]),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "rows", "expected"), GAPS)
def test_a_market_that_prohibits_and_has_no_material(
    scope: str, rows: str, expected: list[str], tmp_path: Path
) -> None:
    """Where nothing acts, the very ad is approved that is prohibited there."""
    files = of_package(scope) | {"policies.yaml": table(rows)}
    source = source_in(tmp_path, files)
    assert sorted({code for code, _ in looked(source)} - {"AM404"}) == expected
    if "AM402" in expected:
        action = compile(source.ruleset).decide(ad("casino", "EG"), on=ON).action
        assert action == "approve"


def ad(text: str, market: str = "SA", **more: Any) -> dict[str, Any]:
    """A creative of one text."""
    return {"id": "c", "markets": [market], "text": {"body": text}, **more}


# --- weights -------------------------------------------------------------------------------------

WEAK = [
    (["0.2", "0.3"], "", True),
    (["0.3", "0.3"], "", False),  # 0.51
    (["0.6", "0.6"], "caps: {g: 0.4}\n", True),
    (["0.6", "0.6"], "caps: {g: 0.5}\n", False),
]


@pytest.mark.parametrize(("weights", "caps", "low"), WEAK)
def test_weights_that_reach_no_threshold(
    weights: list[str], caps: str, low: bool, tmp_path: Path
) -> None:
    """It is told exactly where an ad with every word in it is approved."""
    group = ", group: g" if caps else ""
    words = ["قمار", "رهان", "ربح"][: len(weights)]
    rows = "".join(
        f"  - {{kind: keyword, value: {word}, weight: {weight}{group}}}\n"
        for word, weight in zip(words, weights, strict=True)
    )
    head = HEAD.split("  - {id: casino", maxsplit=1)[0]
    files: Files = {"p.yaml": head + rows + caps + "examples:\n  - {text: بيت, hits: []}\n"}
    source = source_in(tmp_path, files)
    found = [code for code, _ in looked(source)]
    verdict = compile(source.ruleset).decide(ad("، ".join(words)), on=ON).verdicts[0]
    assert ("AM315" in found) is low
    assert (verdict.action == "approve") is low


# --- rules: nothing that fires is called unreachable ---------------------------------------------

MARKETS, FIELDS = ("SA", "EG"), ("title", "body")
scopes = st.builds(
    Scope,
    markets=st.sampled_from([(), ("SA",), ("EG",)]),
    fields=st.sampled_from([(), ("title",), ("body",)]),
    from_=st.sampled_from([None, None, date(2026, 12, 1)]),
    until=st.sampled_from([None, None, date(2026, 11, 30)]),
)
leaves = st.one_of(
    st.builds(Condition, op=st.just("tag"), name=st.sampled_from(["p/a", "p/b"])),
    st.builds(Condition, op=st.just("material"), name=st.sampled_from(["p/m0", "p/m1", "p/m2"])),
)


def _nodes(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Condition, op=st.sampled_from(["all", "any", "none"]), parts=parts),
        parts.flatmap(
            lambda some: st.builds(
                Condition, op=st.just("at_least"), parts=st.just(some),
                count=st.integers(1, len(some)),
            )
        ),
    )  # fmt: skip


conditions = st.recursive(leaves, _nodes, max_leaves=6)
WORDS = ("alpha", "bravo", "delta")


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    """Three materials, a rule, and perhaps an override."""
    tags = st.sampled_from([(), ("p/a",), ("p/b",), ("p/a", "p/b")])
    statuses: st.SearchStrategy[Status] = st.sampled_from(["live", "live", "shadow"])
    materials = tuple(
        Material(
            f"p/m{n}", "keyword", word, 0.5, ("X",), draw(tags), status=draw(statuses),
            scope=draw(scopes),
        )
        for n, word in enumerate(WORDS)
    )  # fmt: skip
    inner = Condition("all", parts=(draw(leaves), draw(conditions)))
    rule = Rule(
        "p/r", inner, 0.5, ("X",), within=draw(st.sampled_from([None, None, 3])),
        same_field=draw(st.booleans()), status=draw(statuses), scope=draw(scopes),
    )  # fmt: skip
    override = Override("o", draw(st.sampled_from(["p/m0", "p/tag:a"])), "a", "t", status="shadow")
    table_ = PolicyTable({"X": PolicyCode("X", {}, "low", Row("X", None, ("prohibited",), "law"))})
    package = Package("p", "1", "o", policies=("X",), materials=materials, rules=(rule,))
    return Ruleset((package,), table_, (override,) if draw(st.booleans()) else ())


@settings(max_examples=120, deadline=None)
@given(rulesets(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True),
       st.sampled_from(MARKETS), st.sampled_from([ON, date(2026, 12, 1)]))  # fmt: skip
def test_a_rule_that_fires_is_never_called_unreachable(
    ruleset: Ruleset, words: list[str], market: str, day: date
) -> None:
    """Whatever its condition, scopes and overrides are, and whatever the ad says."""
    engine = compile(ruleset)
    text = " ".join(words)
    creative = {"id": "c", "markets": [market], "text": dict.fromkeys(FIELDS, text)}
    fired = any(hit.material == "p/r" for hit in engine.decide(creative, on=day).hits)
    reach = Reach(Source(ruleset, (), (), (), (), None), ON)
    package = ruleset.packages[0]
    assert reach.can_fire(package, package.rules[0]) or not fired


UNREACHABLE = [name for name, row in ROWS.items() if row[1].startswith("AM310")]


@pytest.mark.parametrize("name", UNREACHABLE)
def test_a_rule_that_is_called_unreachable_fires_on_no_ad(name: str, tmp_path: Path) -> None:
    """Not on one that has everything, everywhere, on any day that differs."""
    engine = compile(source_in(tmp_path, of_package(ROWS[name][0])).ruleset)
    text = dict.fromkeys(("title", "body", "other"), "casino slots اربح الآن")
    creative = {"id": "c", "markets": ["SA", "EG", "US"], "text": text}
    for day in (ON, date(2026, 12, 1), date(2026, 12, 2), date(2030, 1, 1)):
        assert "rule" not in {hit.kind for hit in engine.decide(creative, on=day).hits}


# --- patterns ------------------------------------------------------------------------------------

GROWING = [
    ("(a+)+b", True), (r"(\w+\s?)+!", True), ("(a|aa)+$", True), ("(?:[اأ]+ ?)+ربح", True),
    ("(?:(?:ab|a)b?)+c", True), ("(a{1,20}){1,20}b", True), ("([^,]+,?)*;", True),
    ("(?:a+b)+c", False), (r"(?:\w+ )+!", False), ("(?:win|free)+ now", False), ("(?>a+)+b", False),
    (r"(?:\w+ ?)+", False), (r"(?:\d{3})+x", False), ("(ربح|فوز)+ مضمون", False),
    (r"(?:[a-z0-9-]+\.)+com", False), ("a*a*a*b", False),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "grows"), GROWING)
def test_a_loop_that_reads_a_text_in_ever_more_ways(pattern: str, grows: bool) -> None:
    """Two ways to cut what is repeated, and something that may fail behind it; nothing less."""
    tree = tree_of(pattern)
    assert tree is not None
    assert (growing(tree) is not None) is grows


@pytest.mark.parametrize(
    "pattern", ["[0-9]+,?[0-9]+,?[0-9]+ ?usd", r"\s*-?\s*-?\s*ربح", "(?:a|a)+b", "(a+){2}b"]
)
def test_a_slow_pattern_is_out_of_time_on_the_text_made_for_it(pattern: str) -> None:
    """The text has an ad's length; the engine says that it was not evaluated."""
    text = slow_text(compile_pattern(pattern, "safe"))
    assert text is not None
    assert len(text) <= 1.1 * LENGTH + 20


@pytest.mark.parametrize(
    "pattern",
    [r"\d+ ?usd", r"\w+@\w+\.com", ".*casino.*", r"win.*free.*now",
     r"\b(?:bc1|0x)[0-9a-z]{25,62}\b", r"(?:[a-z0-9-]+\.)+[a-z]{2,}", "(?:ha)+!",
     "(ربح|أرباح) +مضمون"],
)  # fmt: skip
def test_a_pattern_whose_time_grows_with_the_square_is_let_be(pattern: str) -> None:
    """An ad is short enough for it."""
    assert slow_text(compile_pattern(pattern, "safe")) is None


@pytest.mark.parametrize("name", ["unsafe_regex", "slow_regex"])
def test_the_engine_is_out_of_time_on_what_the_checks_name(name: str) -> None:
    """And with the good pattern it is not."""
    bad, good = (source_of(check_of(name), sort)[0] for sort in ("bad", "good"))
    (one,) = World(bad, ON).regexes
    text = slow_text(one.pattern) or ""
    if one.growth is not None and one.tree is not None:
        text = f"{shortest(one.tree)[:4]}{one.growth.pump}" * 1_500 + f" ~{shortest(one.tree)}"
    assert unread(bad, text) == {"regex.timeout"}
    assert unread(good, text) == set()


def unread(source: Source, text: str) -> set[str]:
    """Why a text is not evaluated."""
    decision = compile(source.ruleset).decide(ad(text), on=ON)
    return {entry.code for entry in decision.not_evaluated}


# --- pictures ------------------------------------------------------------------------------------


def pictured(folder: Path, files: dict[str, bytes], more: str = "") -> Source:
    """A package of sample images."""
    rows = "".join(
        f"  - {{id: {Path(name).stem}, kind: image, file: {name}, weight: strong{more}}}\n"
        for name in files
    )
    return source_in(folder, {**of_package(rows), **files})


@pytest.mark.parametrize(("blur", "poor"), [(0, False), (12, False), (24, True)])
def test_a_poor_sample_is_missed_when_it_is_saved_again(
    blur: int, poor: bool, tmp_path: Path
) -> None:
    """And a good one is found."""
    picture = scene(3).filter(ImageFilter.GaussianBlur(blur))
    source = pictured(tmp_path, {"banner.png": file_of(picture)})
    copy = file_of(picture.resize((240, 180)), "JPEG", quality=30)
    hits = compile(source.ruleset).scan(ad("", images=[copy]))
    assert ("AM501" in [code for code, _ in looked(source)]) is poor
    assert (hits == ()) is poor


@pytest.mark.parametrize(("other", "same"), [(7, True), (8, False)])
def test_near_duplicates_hit_one_picture_together(other: int, same: bool, tmp_path: Path) -> None:
    """Two samples are called the same exactly where one picture is hit by both."""
    second = file_of(scene(other).resize((360, 270)), "JPEG", quality=70)
    source = pictured(tmp_path, {"banner.png": file_of(scene(7)), "story.jpg": second})
    hits = compile(source.ruleset).scan(ad("", images=[file_of(scene(7))]))
    assert ("AM502" in [code for code, _ in looked(source)]) is same
    assert len({hit.material for hit in hits}) == 1 + same


@pytest.mark.parametrize(("radius", "narrow"), [(4, True), (24, False)])
def test_a_narrow_radius_misses_a_smaller_copy(radius: int, narrow: bool, tmp_path: Path) -> None:
    """One saved at half the size."""
    more = f", algorithm: pdq, radius: {radius}"
    source = pictured(tmp_path, {"banner.png": file_of(scene(9))}, more)
    copy = file_of(scene(9).resize((240, 180)), "JPEG", quality=70)
    hits = compile(source.ruleset).scan(ad("", images=[copy]))
    assert ("AM503" in [code for code, _ in looked(source)]) is narrow
    assert (hits == ()) is narrow


@pytest.mark.parametrize(("algorithm", "radius", "wide"), [("phash", 12, True), ("phash", 8, False),
                                                           ("pdq", 31, False)])  # fmt: skip
def test_a_wide_radius_is_told(algorithm: str, radius: int, wide: bool, tmp_path: Path) -> None:
    """Beyond what is taken where nothing is written."""
    more = f", algorithm: {algorithm}, radius: {radius}"
    source = pictured(tmp_path, {"banner.png": file_of(scene(10))}, more)
    assert ("AM504" in [code for code, _ in looked(source)]) is wide


def test_every_code_of_three_families_is_tried() -> None:
    """Structure, policy and media: at least thirty checks."""
    assert len(MINE) >= 30
