"""Evaluations, comparisons and gates as text, for GitHub, as JSON and as a workbook."""

from __future__ import annotations

import inspect
import io
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, get_args

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from rich.text import Text

from automod.errors import MissingExtra
from automod.model.comparison import (
    Change,
    Comparison,
    Difference,
    Flip,
    FlipKind,
    GateLine,
    GateResult,
)
from automod.model.evaluation import (
    NOTHING,
    Agreement,
    By,
    Curve,
    CurvePoint,
    Evaluation,
    Example,
    Overlap,
    Part,
    Ratio,
    Warned,
)
from automod.report.comparison_text import MOST_FLIPS, comparison_text
from automod.report.comparison_xlsx import comparison_xlsx
from automod.report.evaluation_github import (
    annotation,
    evaluation_annotations,
    evaluation_markdown,
    gate_annotations,
    gate_markdown,
    markdown,
)
from automod.report.evaluation_json import result_json
from automod.report.evaluation_text import evaluation_text
from automod.report.evaluation_words import warning_text, warning_title, word
from automod.report.evaluation_xlsx import evaluation_xlsx
from automod.report.excerpt import CLOSE, OPEN
from automod.report.figures import (
    compared,
    difference_parts,
    interval,
    percent,
    probability,
    ratio_parts,
    two_decimals,
)
from automod.report.gate_text import gate_text
from automod.report.labels import LANGS, Lang
from automod.report.page import Page
from automod.report.part_text import MOST
from automod.report.workbook import LONGEST, Column, Sheet, workbook
from evaluations import ABOUT, evaluation, measures, ratio, small

CODE: By = (("policy", "GMB.REAL"),)
ARABIC = "العب في كـــازينو الآن واربح"
HOSTILE = "a\x1b[31m\u202e|`<b>\n::error::x, y: 100%"
"""What somebody may write into an id: control characters, marks, commands."""

WARNED = (
    "recall.hits_only", "labels.stale", "labels.disputed", "cases.undecided", "weights.partial",
    "cases.without_markets", "decisions.incomplete", "rulesets.many", "policies.none",
    "groups.unknown", "cases.without_codes", "decisions.unexplained", "of.another.version",
)  # fmt: skip


def plain(lines: Sequence[Text]) -> list[str]:
    """Lines as text, without the marks that keep directions apart."""
    return [re.sub("[\u2066-\u2069]", "", line.plain).rstrip() for line in lines]


def told(lines: Sequence[Text]) -> str:
    """All lines as one text."""
    return "\n".join(plain(lines))


def hit(material: str, text: str, surface: str, **more: Any) -> dict[str, Any]:
    """A hit as a decision has it in JSON."""
    start = text.index(surface)
    return {
        "n": 0, "material": material, "version": "1", "policies": ["GMB.REAL"], "status": "live",
        "kind": "keyword", "field": "body", "start": start, "end": start + len(surface),
        "text": surface, "view": "safe", "folds": [], "confidence": 1.0, "weight": 0.9,
        "distance": None, "at": None, "box": None, "parts": [], "allowed_by": None,
        "overridden_by": None, **more,
    }  # fmt: skip


def part(name: str, right: int, wrong: int, **more: Any) -> Part:
    """A material of which 60 creatives were there to be hit, and 940 not."""
    worth = measures(right, wrong, 60 - right, 940 - wrong)
    whole: dict[str, Any] = {"alone": right, "covered_by": None, "status": "live", **more}
    return Part((("material", name), *CODE), worth, **whole)


# --- figures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "of", "expected"),
    [
        (47, 50, "94.0 % [83.8-97.9] 47/50"),
        (50, 50, "100.0 % [92.9-100.0] 50/50"),
        (0, 50, "0.0 % [0.0-7.1] 0/50"),
        (99_999, 100_000, "99.999 % [99.99->99.999] 99,999/100,000"),
        (9, 12, "75.0 % [46.8-91.1] 9/12 not enough data"),
        (0, 0, "unknown 0/0"),
    ],
)
def test_a_ratio_has_its_interval_and_counts(count: int, of: int, expected: str) -> None:
    """0 of 0 is unknown, never 0 % or 100 %; what is too few says so."""
    found = Text(" ").join(ratio_parts(ratio(count, of), "en", aligned=False)).plain
    assert found == expected


@given(st.floats(0, 1))
def test_nothing_but_all_is_100_percent(value: float) -> None:
    """99.96 % is not 100 %, and 0.0001 % is not 0 %."""
    assert (percent(value) == "100.0 %") == (value == 1)
    assert (percent(value) == "0.0 %") == (value == 0)
    assert (two_decimals(value).plain == "1.00") == (value == 1)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_limit_that_is_missed_is_seen_to_be_missed(found: float, limit: float) -> None:
    """79.97 % beside 80.0 % is told with decimals enough; less than a millionth apart is not."""
    one, other = compared(found, limit)
    assert (one == other) <= (abs(found - limit) < 1e-6)


@given(st.floats(0, 1))
def test_a_probability_is_0_or_1_only_where_it_is(p: float) -> None:
    """A p of 0.00001 is no 0."""
    assert (probability(p) == "0") == (p == 0)
    assert (probability(p) == "1") == (p == 1)


def test_a_difference_that_is_not_known_has_no_figure() -> None:
    """Unknown before or after: unknown; an interval that nobody knows has question marks."""
    unknown = Difference(None, None, None, enough=False)
    assert told(difference_parts(unknown, "en")) == "unknown"
    halfway = Difference(0.1, None, None, enough=False)
    assert told(difference_parts(halfway, "en")) == "+10.0 pp [?, ?]\nnot enough data"
    assert interval(None, None) == "[?-?]"


# --- text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("detail", [False, True])
def test_warnings_come_first_and_cannot_be_left_out(lang: Lang, detail: bool) -> None:
    """Every warning stands before every figure, whatever is asked for."""
    warned = tuple(Warned(code, (("cases", 7),)) for code in WARNED)
    lines = plain(evaluation_text(replace(evaluation(), warnings=warned),
                                  Page(100, lang, detail=detail), ("market",)))  # fmt: skip
    account = next(k for k, line in enumerate(lines) if line.strip() == word("account", lang))
    first = " ".join(" ".join(lines[:account]).split())
    bare = re.compile("[\u2066-\u2069]")
    for one in warned:
        assert bare.sub("", warning_title(one, lang)) in first
        assert " ".join(bare.sub("", warning_text(one, lang)).split()) in first
    assert "%" not in first


def test_no_argument_leaves_warnings_out() -> None:
    """The report takes the evaluation, the page and the axes, and no switch."""
    assert list(inspect.signature(evaluation_text).parameters) == ["evaluation", "page", "cuts"]


def test_nothing_to_warn_of_is_said() -> None:
    """No warning is a line of its own: nobody wonders whether they were left out."""
    assert plain(evaluation_text(small(), Page()))[0].strip() == "Nothing to warn of."


Report = Callable[[Page], list[Text]]


def reports() -> list[Report]:
    """Everything that is printed, of much and of little."""
    return [
        *(lambda page, one=one: evaluation_text(one, page, [("policy", "market", "field")])
          for one in (evaluation(), small(), hostile())),
        *(lambda page, one=one: comparison_text(one, page, [("market",)])
          for one in (comparison(), replace(comparison(), paired=False))),
        lambda page: gate_text(gate(), page),
    ]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("columns", [60, 80, 100, 120])
@pytest.mark.parametrize("detail", [False, True])
def test_every_line_fits_and_every_isolate_is_closed(
    lang: Lang, columns: int, detail: bool
) -> None:
    """No line is wider than the page, none leaves a direction open, none can act."""
    titles = {"GMB.REAL": "القمار بمال حقيقي" if lang == "ar" else "Real-money gambling"}
    for report in reports():
        for line in report(Page(columns, lang, detail=detail, titles=titles)):
            line.rstrip()
            assert line.cell_len <= columns, line.plain
            assert line.plain.count("\u2068") == line.plain.count("\u2069")
            assert not set("\x1b\u202e\n") & set(line.plain)


def hostile() -> Evaluation:
    """Ids that would break a line, a table or a terminal, and figures of every size."""
    some = [
        part(f"{HOSTILE}/{'long' * 30}", 60, 940, covered_by=HOSTILE * 3, status="-"),
        part("حزمة/" + "طويل" * 20, 1, 0, covered_by="حزمة/كازينو", status="shadow"),
        Part((("field", HOSTILE), ("view", "كازينو"), *CODE), measures(0, 0, 0, 0), 0, None, "-"),
    ]
    many = measures(123_456, 98_765, 12_345, 98_765_432)
    more = tuple(replace(one, measures=many, by=(("policy", HOSTILE), ("market", "العراق")))
                 for one in evaluation().slices[:3])  # fmt: skip
    text = {"body": ARABIC, HOSTILE: "x" * 2000}
    seen = (hit("عربي/مادة", ARABIC, "كـــازينو", folds=["tatweel"], status="shadow"),)
    return replace(
        evaluation(), parts=tuple(some), slices=evaluation().slices + more,
        dead=(HOSTILE, "ميت"), overlaps=(Overlap(HOSTILE, "أ" * 90, "b" * 90, 1, 2),),
        examples=(Example("missed", HOSTILE, "SA", HOSTILE, "odd", "reject", 0.1, text, (), seen),),
        about=replace(ABOUT, where=(("language", HOSTILE),), rulesets=("sha256:" + "0" * 64,) * 9),
    )  # fmt: skip


def test_arabic_is_arabic() -> None:
    """--lang ar: titles, points, ratios and warnings are in Arabic; codes and ids stay."""
    page = Page(100, "ar", detail=True)
    text = told([*evaluation_text(evaluation(), page, [("market",)]),
                 *comparison_text(comparison(), page), *gate_text(gate(), page)])  # fmt: skip
    for expected in ("اقرأ هذا أولًا", "الإيقاف", "الدقة", "البيانات لا تكفي", "لم يعد يُكشف", "فشل"):
        assert expected in text
    words = set(re.findall(r"[A-Za-z]{3,}", text))
    assert not words & {
        "precision", "recall", "stopped", "flagged", "unknown", "enough", "cases", "missed",
        "FAIL", "pass", "PRECISION", "hits", "covered", "live", "newly", "more",
    }  # fmt: skip


def test_two_points_stand_beside_each_other_and_restrictions_below() -> None:
    """Stopped and flagged in one row; restricted only where there is any."""
    made = [
        replace(one, by=CODE, measures=worth, incomplete=2)
        for one, worth in zip(evaluation().slices[:3],
                              (measures(47, 3, 13, 937), measures(9, 0, 3, 988),
                               measures(0, 0, 0, 1000)), strict=True)
    ]  # fmt: skip
    one = replace(small(), slices=tuple(made))
    lines = plain(evaluation_text(one, Page(100, titles={"GMB.REAL": "Gambling"})))
    place = lines.index(" GMB.REAL  Gambling  ⚠ 2 not wholly evaluated")
    assert re.split(r"  +", lines[place - 1].strip()) == ["✖ STOPPED", "◆ FLAGGED"]
    assert re.split(r"  +", lines[place + 1].strip()) == [
        "precision", "94.0 % [83.8-97.9]", "47/50", "100.0 % [70.1-100.0] 9/9 not enough data",
    ]  # fmt: skip
    assert "restricted" not in "".join(lines)
    restricted = replace(made[2], measures=measures(12, 1, 3, 984))
    more = told(evaluation_text(replace(one, slices=(*made[:2], restricted)), Page(100)))
    assert "▲ restricted  precision 92.3 % [66.7-98.6] 12/13 not enough data" in more


def test_a_slice_in_which_nothing_is_or_was_caught_is_unknown() -> None:
    """0/0 is no success: the line says unknown, and how many were let through."""
    lines = told(evaluation_text(small(), Page()))
    assert "unknown 0/0  (4 rightly let through)" in lines
    assert "100.0 %" not in lines


def test_a_cut_is_told_where_it_is_asked_for() -> None:
    """Policy codes always; markets, and the two together, when somebody asks."""
    brief = plain(evaluation_text(evaluation(), Page()))
    assert " Market" not in brief and not any(line.startswith(" SA") for line in brief)
    by_market = plain(evaluation_text(evaluation(), Page(), [("market",)]))
    assert any(line.startswith(" SA  ") for line in by_market)
    both = plain(evaluation_text(evaluation(), Page(), [("market", "policy")]))
    assert any(line.startswith(" GMB.REAL  SA  ") for line in both)


def test_parts_by_another_axis_are_told_where_they_are_asked_for() -> None:
    """--by field --by market: a table of fields in each market."""
    field = Part((("field", "body"), *CODE), measures(30, 0, 30, 940), 3, None, "live")
    placed = replace(field, by=(("field", "title"), *CODE, ("market", "SA")))
    some = replace(evaluation(), parts=(*evaluation().parts, field, placed))
    assert "  body" not in told(evaluation_text(some, Page()))
    assert "  body  30/30" in told(evaluation_text(some, Page(), [("field",)]))
    both = told(evaluation_text(some, Page(), [("market", "field")]))
    assert "Field × Policy × Market" in both and "  title  30/30" in both


def test_materials_are_sorted_by_hits_and_limited() -> None:
    """Those that hit most first, thirty of them; -v shows all."""
    some = [part(f"p/m{k:02}", k, 0) for k in range(40)]
    brief = told(evaluation_text(replace(evaluation(), parts=tuple(some)), Page()))
    assert re.findall(r"p/m\d\d", brief) == [f"p/m{k:02}" for k in range(39, 39 - MOST, -1)]
    assert "… 10 more (-v)" in brief
    full = told(evaluation_text(replace(evaluation(), parts=tuple(some)), Page(detail=True)))
    assert len(set(re.findall(r"p/m\d\d", full))) == 40


def test_a_row_of_a_material() -> None:
    """Right of all hits, the share of what is there and of what is not, S/O, precision, alone."""
    some = (part("p/casino", 47, 3, alone=11), part("p/few", 1, 1, status="shadow",
                                                    covered_by="p/casino"))  # fmt: skip
    lines = plain(evaluation_text(replace(evaluation(), parts=some), Page(100)))
    row = next(line for line in lines if line.startswith("  p/casino"))
    assert row.split() == [
        "p/casino", "47/50", "78.3", "0.3", ">.99", "94.0", "[83.8-97.9]", "11", "live",
    ]  # fmt: skip
    few = next(line for line in lines if line.startswith("  p/few"))
    assert few.split()[-4:] == ["*", "1", "p/casino", "shadow"]
    head = next(line for line in lines if "BAD %" in line)
    assert head.split() == [
        "HITS", "BAD", "%", "OK", "%", "S/O", "PRECISION", "[95%]", "ALONE", "COVERED", "BY",
        "STATUS",
    ]  # fmt: skip


def test_the_noisy_and_the_dead_are_counted_and_named_in_detail() -> None:
    """How many always; which with -v."""
    noisy = replace(evaluation(), parts=(part("p/loud", 10, 90),), dead=("p/dead", "p/gone"))
    brief = told(evaluation_text(noisy, Page()))
    assert re.search(r"^ +1  noisy", brief, re.MULTILINE)
    assert re.search(r"^ +2  Dead", brief, re.MULTILINE)
    assert "p/dead" not in brief
    assert "p/dead" in told(evaluation_text(noisy, Page(detail=True)))


def test_thresholds_that_give_the_same_share_a_line() -> None:
    """Nineteen thresholds, two outcomes: two lines; none for a stance that asks nothing."""
    few = [
        CurvePoint(k / 20, ratio(47, 50), ratio(47, 60), ratio(50, 1000))
        if k < 12 else CurvePoint(k / 20, ratio(9, 9), ratio(9, 60), ratio(9, 1000))
        for k in range(1, 20)
    ]  # fmt: skip
    none = [CurvePoint(0.5, NOTHING, NOTHING, ratio(5, 1000))]
    made = (Curve((("stance", "prohibited"),), tuple(few)),
            Curve((("stance", "allowed"),), tuple(none)))  # fmt: skip
    lines = plain(evaluation_text(replace(evaluation(), thresholds=made), Page(100)))
    rows = [line for line in lines if re.match(r"  0\.\d\d", line)]
    assert [row.split()[0] for row in rows] == ["0.05-0.55", "0.60-0.95"]
    assert rows[0].endswith(
        "94.0 % [83.8-97.9] 47/50    78.3 % [66.4-86.9] 47/60    5.0 % [3.8-6.5] 50/1,000"
    )
    assert rows[1].split()[4] == "9/9" and rows[1].split()[5] == "*"
    assert "allowed" not in told(evaluation_text(replace(evaluation(), thresholds=made), Page()))


def test_of_many_markets_those_are_told_in_which_labellers_agree_least() -> None:
    """All together first, then the few that are sure and worst; -v shows every market."""
    some = [Agreement("*", "a", "b", 999, 990, 0.9, 0.8, 1.0, enough=True)]
    some += [Agreement(f"M{k:02}", "a", "b", 40, 30 + k % 10, k / 40, -0.1, 1.0, enough=k > 4)
             for k in range(30)]  # fmt: skip
    made = replace(evaluation(), agreement=tuple(some))
    brief = told(evaluation_text(made, Page()))
    assert re.findall(r"^  (M\d\d|All) ", brief, re.MULTILINE) == [
        "All", *(f"M{k:02}" for k in range(5, 10)),
    ]  # fmt: skip
    assert "kappa 0.12 [-0.10, 1.00]" in brief and "… 25 more (-v)" in brief
    assert len(set(re.findall(r"M\d\d ", told(evaluation_text(made, Page(detail=True)))))) == 30


# --- comparison ----------------------------------------------------------------------------------


def change(by: By, gained: int, lost: int) -> Change:
    """A change at the point `stopped` of sixty that were there."""
    before, after = ratio(40, 60), ratio(40 + gained - lost, 60)
    moved = Difference((gained - lost) / 60, -0.05, 0.25, enough=True)
    return Change(
        by, "stopped", gained, lost, 4, 1, before, after, moved, 0.0352, ratio(40, 43),
        ratio(40 + gained - lost, 49), moved, ratio(3, 940), ratio(6, 940), moved, 0.375,
    )  # fmt: skip


def flip(number: int, kind: FlipKind = "gained") -> Flip:
    """A creative in which a casino was found by one of the two, or more by the second."""
    casino = hit("gambling-ar/casino", ARABIC, "كـــازينو", folds=["tatweel"])
    earn = hit("gambling-ar/earn", ARABIC, "واربح")
    before: tuple[dict[str, Any], ...] = (casino,) if kind != "new_alarm" else ()
    after: tuple[dict[str, Any], ...] = () if kind == "lost" else (casino, earn)
    return Flip(kind, f"c{number}", "SA", "GMB.REAL", "reject", "reject", "approve",
                {"title": "Today", "body": ARABIC}, before, after)  # fmt: skip


def comparison() -> Comparison:
    """Thirty flips, most of one kind, and slices of which some did not change."""
    quiet = replace(change((("policy", "WGT.PROD"),), 0, 0), new_alarms=0, gone_alarms=0)
    changes = (change((), 12, 3), change(CODE, 12, 3), quiet, change((("market", "SA"),), 1, 0))
    flips = [flip(k) for k in range(30)]
    flips += [flip(30 + k, kind) for k, kind in enumerate(get_args(FlipKind)) if kind != "gained"]
    after = replace(ABOUT, rulesets=("sha256:" + "9f" * 32,))
    return Comparison(1, ABOUT, after, True, 3400, 12, 0, changes, tuple(flips))


def test_a_change_has_its_counts_p_and_difference() -> None:
    """Gained and lost with McNemar's p; each ratio before and after with its difference."""
    lines = plain(comparison_text(comparison(), Page(100)))
    place = lines.index(" GMB.REAL")
    assert lines[place + 1] == "  ✖ STOPPED  12 newly caught  3 no longer caught  (p 0.035)"
    assert lines[place + 2].strip() == "4 new false alarms  1 false alarms gone  (p 0.375)"
    assert lines[place + 3].split("  ")[-1].strip() == (
        "66.7 % [54.1-77.3] 40/60 → 81.7 % [70.1-89.4] 49/60"
    )
    assert "+15.0 pp [-5.0, +25.0]" in lines[place + 3]
    assert "  1 more: nothing changed" in lines
    assert "WGT.PROD" not in "".join(lines)


def test_flips_are_limited_and_of_every_kind() -> None:
    """Twenty of them, what got worse first, no kind crowded out; -v shows all."""
    text = told(comparison_text(comparison(), Page()))
    kinds = ("no longer caught  c31", "new false alarm  c32", "newly caught  c0",
             "false alarm gone  c33")  # fmt: skip
    places = [text.index(kind) for kind in kinds]
    assert places == sorted(places)
    assert len(re.findall(r" c\d+  SA  GMB.REAL", text)) == MOST_FLIPS
    assert "… 13 more (-v)" in text
    assert (
        len(re.findall(r" c\d+  SA", told(comparison_text(comparison(), Page(detail=True))))) == 33
    )


def test_a_flip_has_the_evidence_of_both() -> None:
    """What is gone, new and kept is told apart, and marked in the text."""
    one = replace(comparison(), flips=(flip(1),))
    text = told(comparison_text(one, Page()))
    assert f"{OPEN}كـــازينو{CLOSE} الآن {OPEN}واربح{CLOSE}" in text
    assert "= gambling-ar/casino  0.90  body  كـــازينو  tatweel" in text
    assert "+ gambling-ar/earn  0.90  body  واربح" in text
    lost = told(comparison_text(replace(one, flips=(flip(1, "lost"),)), Page()))
    assert "- gambling-ar/casino" in lost
    assert "✖ reject → ✔ approve  (wanted ✖ reject)" in lost


def test_what_is_not_paired_says_so_and_counts_nothing() -> None:
    """Two sets of cases: no flips to count, and a warning above."""
    text = told(comparison_text(replace(comparison(), paired=False, flips=()), Page()))
    assert "⚠ not the same cases" in text
    assert "newly caught" not in text and "(p " not in text


def test_two_policy_tables_are_warned_of() -> None:
    """What the two were judged by differs: the change may be the policy's."""
    other = replace(comparison(), after=replace(ABOUT, policies=None))
    assert "⚠ judged by two different policy tables" in told(comparison_text(other, Page()))


# --- gates ---------------------------------------------------------------------------------------


def promise(name: str, passed: Any, ratio_: Ratio | None, **more: Any) -> GateLine:
    """A promise on the recall of what is stopped."""
    whole: dict[str, Any] = {
        "by": CODE, "point": "stopped", "measure": "recall", "bound": "low", "limit": 0.8,
        "found": ratio_.low if ratio_ else None, "allowed": False, **more,
    }  # fmt: skip
    return GateLine(name, ratio=ratio_, passed=passed, **whole)


def gate() -> GateResult:
    """Promises of every end."""
    return GateResult((
        promise("z-kept", "pass", ratio(58, 60)),
        promise("a-broken", "fail", ratio(48, 60)),
        promise("too-many", "fail", ratio(30, 3180), measure="false_alarm_rate", bound="high",
                limit=0.01, found=0.0134, by=()),
        promise("few-let", "not_enough_data", ratio(9, 12), allowed=True),
        promise("few", "not_enough_data", NOTHING, by=(*CODE, ("complete", "no"))),
        promise("same", "pass", None, measure="no_regression", bound="p", limit=0.05, found=0.625,
                by=()),
        promise(HOSTILE, "fail", ratio(48, 60)),
    ))  # fmt: skip


def test_a_gate_is_a_line_for_each_promise_in_the_order_of_the_file() -> None:
    """Sign, result, name, what it is of, what was found and the limit, the ratio."""
    lines = plain(gate_text(GateResult(gate().lines[:6]), Page(100)))
    assert lines == [
        " Gate",
        " ✔ pass  z-kept    GMB.REAL stopped recall  88.6 % ≥ 80.0 %  96.7 % [88.6-99.1] 58/60",
        " ✖ FAIL  a-broken  GMB.REAL stopped recall  68.2 % < 80.0 %  80.0 % [68.2-88.2] 48/60",
        " ✖ FAIL  too-many  stopped false-alarm rate  1.3 % > 1.0 %  0.9 % [0.7-1.3] 30/3,180",
        " ?       few-let   GMB.REAL stopped recall  46.8 % < 80.0 %  75.0 % [46.8-91.1] 9/12*",
        "         not enough data  (let through)",
        " ?       few       GMB.REAL Wholly evaluated no stopped recall  ? ≥ 80 %  unknown 0/0",
        "         not enough data",
        " ✔ pass  same      stopped no regression  p 0.625 ≥ 0.05",
        " ✖ A promise is broken or unproved.  kept 2, broken 2, not enough data 2",
    ]  # fmt: skip


def test_a_gate_that_is_kept_ends_well() -> None:
    """Too little data that is let through breaks nothing."""
    result = GateResult((gate().lines[0], gate().lines[3]))
    assert told(gate_text(result, Page())).splitlines()[-1].startswith(" ✔ Every promise is kept.")


def test_annotations_are_an_error_for_each_broken_promise() -> None:
    """A warning for what is let through, one notice with the counts; a command a line."""
    lines = gate_annotations(gate(), "rules/gates.yaml").splitlines()
    assert [line.split("::")[1].split(" ")[0] for line in lines] == [
        "error", "error", "warning", "error", "error", "notice",
    ]  # fmt: skip
    assert lines[0] == (
        "::error file=rules/gates.yaml,title=a-broken::broken: GMB.REAL stopped recall: "
        "lower end 68.2 %25 < 80.0 %25; 80.0 %25 [68.2-88.2] 48/60"
    )
    assert lines[-1].endswith("kept 2, broken 3, not enough data 2")


def unescaped(text: str) -> str:
    """What GitHub makes of an escaped value."""
    for escape, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(escape, char)
    return text


@given(st.text(), st.text(), st.text())
def test_an_annotation_cannot_be_broken_out_of(message: str, title: str, file: str) -> None:
    """One line, two properties, and what went in comes out again."""
    line = annotation("error", message, file=file, title=title)
    assert not set("\r\n") & set(line)
    head, body = line.removeprefix("::error ").split("::", 1)
    names, values = zip(*(one.split("=", 1) for one in head.split(",")), strict=True)
    assert names == ("file", "title")
    assert [unescaped(one) for one in (*values, body)] == [file, title, message]


def cells(row: str) -> list[str]:
    """The cells of a row of a Markdown table."""
    return re.split(r"(?<!\\)(?:\\\\)*\|", row)[1:-1]


@given(st.text())
def test_a_cell_of_markdown_is_one_cell(text: str) -> None:
    """No text can end its cell, its row, or begin a tag."""
    told = markdown(text)
    assert len(cells(f"| {told} |")) == 1
    assert not set("<>") & set(told) and len(told.splitlines()) <= 1


@pytest.mark.parametrize("lang", LANGS)
def test_a_summary_has_a_row_for_each_promise(lang: Lang) -> None:
    """A table of five columns whatever names hold."""
    rows = [line for line in gate_markdown(gate(), lang).splitlines() if line.startswith("|")]
    assert len(rows) == 2 + len(gate().lines)
    assert {len(cells(row)) for row in rows} == {5}


@pytest.mark.parametrize("lang", LANGS)
def test_a_summary_of_an_evaluation_begins_with_its_warnings(lang: Lang) -> None:
    """Warnings as a list, as annotations too, then the table."""
    text = evaluation_markdown(evaluation(), lang, cuts=[("market",)], titles={"GMB.REAL": "a|b"})
    head = text[: text.index("\n|")]
    for one in evaluation().warnings:
        assert warning_title(one, lang) in re.sub("[\u2066-\u2069]", "", head)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(cells(row)) for row in rows} == {5}
    assert any(row.startswith("| GMB.REAL<br>a\\|b |") for row in rows)
    assert any(row.startswith("| SA |") for row in rows)
    notes = evaluation_annotations(evaluation(), lang).splitlines()
    assert len(notes) == len(evaluation().warnings)
    assert all(note.startswith("::warning title=") for note in notes)
    nothing = evaluation_markdown(small(), lang)
    assert word("no_warnings", lang) in nothing and word("unknown", lang) in nothing


# --- JSON ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", [evaluation(), small(), comparison(), gate()],
                         ids=["evaluation", "small", "comparison", "gate"])  # fmt: skip
def test_json_comes_back_as_the_same(result: Any) -> None:
    """One line, and what it is read into equals what was written, tuples and all."""
    text = result_json(result)
    assert text.endswith("}\n") and text.count("\n") == 1
    back = TypeAdapter(type(result)).validate_json(text)
    assert back == result
    assert result_json(TypeAdapter(type(result)).validate_json(result_json(back))) == (
        result_json(back)
    )


def test_json_has_no_number_that_json_has_not() -> None:
    """NaN is a fault of ours, never written."""
    odd = replace(gate().lines[0], found=float("nan"))
    with pytest.raises(ValueError, match="not JSON compliant"):
        result_json(GateResult((odd,)))


def test_half_a_character_is_written_as_an_escape() -> None:
    """An ad's text may hold what UTF-8 cannot."""
    odd = replace(flip(1), text={"body": "a\ud800b"})
    text = result_json(replace(comparison(), flips=(odd,)))
    assert json.loads(text.encode())["flips"][0]["text"]["body"] == "a\ud800b"


# --- workbooks -----------------------------------------------------------------------------------


def opened(data: bytes) -> Any:
    """A workbook, as a spreadsheet reads it."""
    return openpyxl.load_workbook(io.BytesIO(data))


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by the heads of its columns."""
    heads, *rows = sheet.iter_rows(values_only=True)
    assert len(set(heads)) == len(heads), "two columns with one name"
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_a_workbook_has_a_sheet_for_each_question() -> None:
    """Sheets in order, warnings first, heads that stay in sight and can be filtered."""
    book = opened(evaluation_xlsx(evaluation()))
    assert book.sheetnames == [
        "about", "slices", "impressions", "materials", "overlap", "thresholds", "examples",
        "agreement",
    ]  # fmt: skip
    about = rows_of(book["about"])
    count = len(evaluation().warnings)
    assert [row["Section"] for row in about[: count + 1]] == ["Read this first"] * count + [
        "What was counted"
    ]
    for sheet in book:
        assert sheet.freeze_panes and sheet.auto_filter.ref and not sheet.sheet_view.rightToLeft


def test_a_workbook_without_warnings_says_so() -> None:
    """The first row is about warnings in any case."""
    first = rows_of(opened(evaluation_xlsx(small()))["about"])[0]
    assert first["What"] == "Nothing to warn of."


def test_ratios_have_their_counts_ends_and_enough() -> None:
    """count, of, value, low, high, enough; percentages are numbers; unknown is a word."""
    book = opened(evaluation_xlsx(evaluation()))
    found = evaluation().at("flagged", policy="GMB.REAL", market="SA")
    assert found is not None
    (row,) = (
        row for row in rows_of(book["slices"])
        if (row["Policy"], row["Market"], row["Point"]) == ("GMB.REAL", "SA", "Flagged")
    )  # fmt: skip
    recall = found.measures.recall
    assert [row[f"Recall {key}"] for key in ("count", "of", "value", "low", "high", "enough")] == [
        recall.count, recall.of, pytest.approx(recall.value), pytest.approx(recall.low),
        pytest.approx(recall.high), "yes",
    ]  # fmt: skip
    heads = [cell.value for cell in book["slices"][1]]
    formats = [cell.number_format for cell in book["slices"][2]]
    assert formats[heads.index("Recall value")] == "0.0%"
    assert formats[heads.index("Recall of")] == "#,##0"
    unknown = rows_of(opened(evaluation_xlsx(small()))["slices"])[0]
    assert unknown["Recall value"] == "unknown" and unknown["Recall low"] is None


def test_materials_of_a_workbook_end_with_the_dead() -> None:
    """Every part with its hits; what has none at all has its name and a 0."""
    rows = rows_of(opened(evaluation_xlsx(evaluation()))["materials"])
    assert len(rows) == len(evaluation().parts) + len(evaluation().dead)
    assert [row["Part"] for row in rows[-3:]] == list(evaluation().dead)
    assert {row["Hits"] for row in rows[-3:]} == {0}
    casino = next(row for row in rows if row["Part"] == "gambling-ar/casino")
    assert casino["Hits"] == casino["Rightly caught"] + casino["Caught by mistake"]


def test_an_arabic_workbook_runs_from_right_to_left() -> None:
    """Names of sheets, heads and words in Arabic; codes and ids as they are."""
    book = opened(evaluation_xlsx(evaluation(), "ar"))
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    assert not any(re.search("[a-z]", name) for name in book.sheetnames)
    heads = [cell.value for sheet in book for cell in sheet[1]]
    english = {one for one in heads if re.search("[a-z]{2}", one)}
    assert english == set()
    assert rows_of(opened(comparison_xlsx(comparison(), "ar"))["قرارات تغيّرت"])


def test_a_comparison_as_a_workbook() -> None:
    """about, changes with p, flips with the evidence of both."""
    book = opened(comparison_xlsx(comparison()))
    assert book.sheetnames == ["about", "changes", "flips"]
    row = rows_of(book["changes"])[1]
    assert (row["Policy"], row["Newly caught"], row["No longer caught"]) == ("GMB.REAL", 12, 3)
    assert row["Recall p"] == pytest.approx(0.0352)
    assert row["Recall difference value"] == pytest.approx(0.15)
    first = rows_of(book["flips"])[0]
    assert first["Found by, before"] == "gambling-ar/casino"
    assert first["Found by, after"] == "gambling-ar/casino\ngambling-ar/earn"
    assert first["Text"] == f"title: Today\nbody: {ARABIC}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "=1+1"),
        ("007", "007"),
        ("https://example.com", "https://example.com"),
        ("{=A1}", "{=A1}"),
        ("a\x1b[2Jb", "a␛[2Jb"),
        ("a\ud800b", "a\ufffdb"),
        ("_x0041_", "_x0041_"),
        ("x" * (LONGEST + 9), "x" * (LONGEST - 1) + "…"),
    ],
)
def test_a_text_stays_a_text(text: str, expected: str) -> None:
    """No formula, no number, no link, nothing that acts, and never an empty cell in its place."""
    made = opened(workbook([Sheet("a", (Column("id"),), [[text]])]))["a"]["A2"]
    assert (made.value, made.data_type, made.hyperlink) == (expected, "s", None)


def test_the_same_sheets_give_the_same_bytes() -> None:
    """Nothing of the time of day is in the file."""
    assert evaluation_xlsx(evaluation()) == evaluation_xlsx(evaluation())


def test_a_sheet_that_cannot_hold_all_rows_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel has a last row: the one there says how many more there were."""
    monkeypatch.setattr("automod.report.workbook.MOST_ROWS", 3)
    sheet = Sheet("a", (Column("n"), Column("m")), [[f"r{k}", None] for k in range(9)])
    values = [row[0] for row in opened(workbook([sheet]))["a"].iter_rows(values_only=True)]
    assert values == ["N", "r0", "r1", "… +7"]


def test_a_missing_xlsxwriter_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says what to install."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match=r"needs the extra 'analyst'"):
        evaluation_xlsx(small())
