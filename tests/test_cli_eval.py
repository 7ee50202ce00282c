"""`automod eval`, `compare` and `report`: exit codes, forms by suffix, and what is refused.

What the figures mean is tested where they are made; here it is the commands around them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from automod.cli import exits
from command import DAY, creative, run, write_jsonl, write_rules


def case(number: int, body: str, present: str | None, *markets: str, **more: Any) -> dict[str, Any]:
    """A labelled creative; without a label it was looked at, and nothing is there."""
    label = {"policy": "GMB.REAL", "present": present, "by": "nadia", "on": DAY, "kind": "random"}
    return {
        "creative": creative(number, body, *markets),
        "labels": [] if present is None else [label], "judged": ["GMB.REAL"],
    } | more  # fmt: skip


BODIES = (
    "one casino tonight", "a casino for everybody", "the casino on the hill", "casino and hotel",
)  # fmt: skip
CASES = [
    *(case(number, body, "yes", "SA", "AE") for number, body in enumerate(BODIES)),
    case(10, "try your luck with us", "yes", "SA"),
    case(11, "jackpot of the week", "yes", "GB"),
    case(12, "free spins of the wheel of a bicycle", "no", "SA"),
    case(13, "telescopes for the moons", None, "KW"),
    case(14, "chairs and tables", None, "AE"),
]
LOST = {
    "creative": {"id": "lost", "on": DAY, "text": {"body": "casino"}}, "judged": ["GMB.REAL"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with rules, cases and gates, in which commands run."""
    monkeypatch.chdir(tmp_path)
    write_rules(tmp_path / "rules")
    write_jsonl(tmp_path / "cases.jsonl", CASES)


def gate(*lines: str) -> str:
    """A file of gates."""
    Path("gates.yaml").write_text("\n".join(("support: 2", *lines)), encoding="utf-8")
    return "gates.yaml"


def evaluate(*arguments: str) -> Result:
    """`automod eval` of the cases with the rules."""
    return run("eval", "cases.jsonl", "-r", "rules", *arguments)


def kept(name: str = "run.json", *arguments: str) -> str:
    """A result, in a file."""
    assert evaluate("-o", name, *arguments).exit_code == exits.YES
    return name


def refused(result: Result, *told: str) -> None:
    """It could not start, and says why."""
    assert result.exit_code == exits.NOT_STARTED, result.output
    for one in told:
        assert one in result.stderr


def decided(*arguments: str) -> str:
    """The decisions on the cases, in a file."""
    write_jsonl(Path("ads.jsonl"), [one["creative"] for one in CASES])
    run("scan", "ads.jsonl", "-r", "rules", "-o", "decisions.jsonl", *arguments)
    return "decisions.jsonl"


# --- exit codes ----------------------------------------------------------------------------------


def test_an_evaluation_says_yes() -> None:
    """Whatever the figures are: without a gate nobody asked whether they are good enough."""
    result = evaluate()
    assert result.exit_code == exits.YES
    assert "9  cases" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("promise", "code"),
    [
        ("recall: {low: 0.2}", exits.YES),
        ("recall: {low: 0.9}", exits.NO),
        ("false_alarm_rate: {high: 0.9}", exits.YES),
        ("false_alarm_rate: {high: 0.1}", exits.NO),
    ],
)
def test_a_gate_holds_the_end_of_the_interval(promise: str, code: int) -> None:
    """A promise that is proved passes; one that is not, does not."""
    assert evaluate("--gate", gate(f"gates: [{{name: g, {promise}}}]")).exit_code == code


@pytest.mark.parametrize(("allowed", "code"), [("true", exits.YES), ("false", exits.NO)])
def test_too_little_data_proves_nothing(allowed: str, code: int) -> None:
    """It breaks a promise, unless the gate lets it through."""
    path = gate(f"gates: [{{name: g, recall: {{low: 0.1}}, allow_not_enough: {allowed}}}]")
    text = Path(path).read_text("utf-8").replace("support: 2", "support: 500")
    Path(path).write_text(text, encoding="utf-8")
    assert evaluate("--gate", path).exit_code == code


def test_incomplete_wins_over_a_broken_promise() -> None:
    """A case without a decision, with a decision without a market; a share of them is let pass."""
    write_jsonl(Path("cases.jsonl"), [*CASES, LOST])
    broken = ("--gate", gate("gates: [{name: g, recall: {low: 0.99}}]"))
    result = evaluate(*broken)
    assert result.exit_code == exits.INCOMPLETE
    assert "exit 3: 1 of 10 cases have no decision, or one without a market" in result.stderr
    assert evaluate(*broken, "--allow-incomplete", "20%").exit_code == exits.NO
    assert evaluate("--allow-incomplete", "20%").exit_code == exits.YES


def test_what_was_not_wholly_evaluated_is_incomplete() -> None:
    """The decision was made on part of the creative."""
    path = Path(decided())
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    lines[0]["markets"]["SA"]["complete"] = False
    write_jsonl(path, lines)
    result = run("eval", "cases.jsonl", "--decisions", str(path), "-r", "rules")
    assert result.exit_code == exits.INCOMPLETE
    assert "exit 3: 1 of 13 judgements were not wholly evaluated" in result.stderr


def test_nothing_counted_is_not_yes() -> None:
    """Cases of which nobody is sure give no figure, and no figure is no success."""
    write_jsonl(Path("cases.jsonl"), [case(1, "casino", "unsure")])
    result = evaluate()
    assert result.exit_code == exits.INCOMPLETE
    assert "exit 3: nothing was counted" in result.stderr
    assert "رمز الخروج 3" in evaluate("--lang", "ar").stderr


def test_quiet_says_nothing_on_standard_error() -> None:
    """The exit code says it."""
    write_jsonl(Path("cases.jsonl"), [*CASES, LOST])
    result = evaluate("-q", "-o", "run.json")
    assert (result.exit_code, result.stderr) == (exits.INCOMPLETE, "")


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "give -r RULES to decide with, or --decisions FILE"),
        (("-r", "rules", "--again"), "--again needs both --decisions and -r"),
        (("-r", "rules", "--by", "marktet"), "'marktet' is no axis"),
        (("-r", "rules", "--where", "marktet=SA"), "'marktet' cannot be asked for"),
        (("-r", "rules", "--where", "market=FR"), "nothing that was counted has market=FR"),
        (("-r", "rules", "--where", "market"), "is no condition"),
        (("-r", "rules", "-o", "run.pdf"), "cannot tell a format"),
        (("-r", "rules", "-f", "html"), "needs -o FILE"),
        (("-r", "rules", "-f", "xlsx"), "needs -o FILE"),
        (("-r", "rules", "--gate", "none.yaml"), "none.yaml: there is no such file"),
        (("-r", "rules", "--baseline", "none.json"), "none.json: there is no such file"),
        (("-r", "none"), "none: there is no such file"),
        (("--decisions", "none.jsonl"), "none.jsonl: there is no such file"),
    ],
)
def test_what_cannot_start_says_why(arguments: Sequence[str], told: str) -> None:
    """With exit code 2, and no result."""
    refused(run("eval", "cases.jsonl", *arguments), told)


def test_every_fault_of_the_cases_is_told() -> None:
    """A column that is none, a label that is none, a code that the policy table does not know."""
    Path("cases.csv").write_text(
        "id,markets,text.body,label.GMB.REAL,label.GMB.RAEL,label.by,label.on,label.kind,colour\n"
        f"c1,SA,casino,maybe,,nadia,{DAY},random,red\n",
        encoding="utf-8",
    )
    refused(
        run("eval", "cases.csv", "-r", "rules"),
        "'colour' is no column", "'maybe' is not a label", "did you mean 'GMB.REAL'?",
    )  # fmt: skip


def test_a_file_without_a_case_is_refused() -> None:
    """Zero cases would pass every check that only looks for faults."""
    Path("cases.jsonl").write_text("", encoding="utf-8")
    refused(evaluate(), "cases.jsonl: there is no case to judge")


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("policy: GMB.REEL", "gates.yaml: gate 'g': 'GMB.REEL' is not a code of the policy table"),
        ("market: SAA", "gates.yaml: gate 'g': 'SAA' is not a market"),
    ],
)
def test_a_gate_on_a_name_that_is_none_is_refused(where: str, told: str) -> None:
    """Of a slice that never is, a gate that lets too little data pass would pass for ever."""
    promise = f"where: {{{where}}}, recall: {{low: 0.1}}, allow_not_enough: true"
    refused(evaluate("--gate", gate(f"gates: [{{name: g, {promise}}}]")), told)


def test_a_gate_on_a_group_of_markets_is_none_of_these() -> None:
    """A group is a slice like any other."""
    promise = "where: {market: GCC}, recall: {low: 0.1}"
    assert evaluate("--gate", gate(f"gates: [{{name: g, {promise}}}]")).exit_code == exits.YES


def test_decisions_that_were_cut_off_are_refused() -> None:
    """Half a file is no smaller file."""
    path = Path(decided())
    text = path.read_text("utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    refused(run("eval", "cases.jsonl", "--decisions", str(path)), "is not JSON")


def test_deciding_again_about_another_text_is_refused() -> None:
    """A stored hit points into the text that was scanned; of another it says nothing."""
    path = decided()
    write_jsonl(Path("cases.jsonl"), [case(0, "gone", "yes", "SA", "AE"), *CASES[1:]])
    refused(evaluate("--decisions", path, "--again"), "--again: creative 'c0'", "scan it again")


# --- baseline ------------------------------------------------------------------------------------


def test_a_regression_needs_a_baseline_of_the_same_cases() -> None:
    """Without one, with one of another policy table, or of other cases, nothing is proved."""
    path = gate("regression: {by: [market]}")
    refused(evaluate("--gate", path), "give --baseline RUN")
    assert evaluate("--gate", path, "--baseline", kept()).exit_code == exits.YES
    others = [one | {"creative": one["creative"] | {"id": f"o{k}"}} for k, one in enumerate(CASES)]
    write_jsonl(Path("cases.jsonl"), others)
    refused(evaluate("--gate", path, "--baseline", "run.json"), "counted other cases")
    run(
        "eval",
        "cases.jsonl",
        "--decisions",
        decided(),
        "-o",
        "other.json",
        "--allow-incomplete",
        "1",
    )
    refused(evaluate("--baseline", "other.json"), "another policy table")


def test_a_regression_beyond_chance_breaks_the_gate() -> None:
    """Every casino is missed since the word was taken out."""
    bodies = [f"{word} casino {word * 2}" for word in "abcdefgh"]
    write_jsonl(Path("cases.jsonl"), [case(k, body, "yes") for k, body in enumerate(bodies)])
    kept("before.json", "--no-groups")
    package = Path("rules/gambling.yaml")
    text = package.read_text("utf-8").replace("value: casino,", "value: casinova,")
    package.write_text(text, encoding="utf-8")
    path = gate("regression: {point: flagged}")
    result = evaluate("--gate", path, "--baseline", "before.json", "--no-groups")
    assert result.exit_code == exits.NO
    assert "p 0.008 < 0.05" in result.stdout


def test_parts_of_the_material_do_not_stop_a_comparison() -> None:
    """A result keeps no hits, so that it cannot be compared along them; all else is told."""
    result = evaluate("--baseline", kept(), "--by", "material")
    assert result.exit_code == exits.YES
    assert "What changed" in result.stdout


# --- forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("run.json", b'{"schema": 1'),
        ("run.txt", b" Nothing to warn of."),
        ("run.md", b"#"),
        ("run.xlsx", b"PK"),
        ("run.html", b"<!doctype html>"),
        ("run.HTM", b"<!doctype html>"),
    ],
)
def test_the_suffix_names_the_form(name: str, begins: bytes) -> None:
    """And the line on standard error says what went into it."""
    result = evaluate("-o", name)
    assert result.exit_code == exits.YES
    assert Path(name).read_bytes().startswith(begins)
    assert result.stderr == f"{name}: 9 cases, 13 judgements counted\n"


def test_a_form_that_is_asked_for_wins_over_the_suffix() -> None:
    """As everywhere."""
    evaluate("-f", "json", "-o", "run.txt")
    assert json.loads(Path("run.txt").read_text("utf-8"))["account"]["cases"] == 9


@pytest.mark.parametrize("name", ["run.json", "run.xlsx", "run.txt", "run.html"])
def test_a_gate_is_told_whatever_the_form(name: str) -> None:
    """Exit code 1 without a word would leave everybody guessing."""
    result = evaluate("--gate", gate("gates: [{name: high, recall: {low: 0.99}}]"), "-o", name)
    assert result.exit_code == exits.NO
    assert "FAIL  high" in result.stderr


def test_annotations_go_to_standard_output() -> None:
    """GitHub reads them there; the summary goes to the file."""
    path = gate("gates: [{name: high, recall: {low: 0.99}}]")
    result = evaluate("--gate", path, "-f", "github", "-o", "summary.md")
    assert result.exit_code == exits.NO
    assert "::error file=gates.yaml,title=high::" in result.stdout
    assert "high" in Path("summary.md").read_text("utf-8")


def test_the_same_input_gives_the_same_bytes() -> None:
    """Results are kept, compared and signed for."""
    assert Path(kept("one.json")).read_bytes() == Path(kept("two.json")).read_bytes()


def test_decided_here_or_before_the_result_is_the_same() -> None:
    """Stored decisions, decided again or not, are judged as those made here."""
    path = decided()
    kept("here.json")
    for name, more in (("stored.json", ()), ("again.json", ("--again",))):
        evaluate("--decisions", path, *more, "-o", name)
    here, stored, again = (
        json.loads(Path(name).read_text("utf-8"))
        for name in ("here.json", "stored.json", "again.json")
    )
    assert here["slices"] == stored["slices"] == again["slices"]
    assert here["parts"] == stored["parts"] == again["parts"]


def test_a_threshold_changes_without_a_scan() -> None:
    """Hits are there already: what was stopped goes to review."""
    path = decided()
    table = Path("rules/policies.yaml")
    table.write_text(table.read_text("utf-8").replace("act: 0.85", "act: 0.99"), encoding="utf-8")
    evaluate("--decisions", path, "--again", "-o", "run.json")
    slices = json.loads(Path("run.json").read_text("utf-8"))["slices"]
    caught = {one["point"]: one["measures"]["tp"] for one in slices if one["by"] == []}
    assert (caught["stopped"], caught["flagged"]) == (0, 4)


def test_arabic_in_every_form() -> None:
    """Labels, warnings and the gate."""
    path = gate("gates: [{name: high, recall: {low: 0.99}}]")
    result = evaluate("--gate", path, "--lang", "ar")
    assert "ما الذي أُحصي" in result.stdout
    assert "شروط القبول" in result.stdout


# --- compare -------------------------------------------------------------------------------------


def changed_rules() -> str:
    """The rules, without a word and with the shadow material live."""
    write_rules(Path("new"))
    package = Path("new/gambling.yaml")
    text = package.read_text("utf-8").replace(", status: shadow", "")
    package.write_text(text.replace("value: casino,", "value: casinova,"), encoding="utf-8")
    return "new"


def test_two_rulesets_are_compared_on_the_same_cases() -> None:
    """What was lost and gained, each with its text and hits."""
    result = run("compare", "rules", changed_rules(), "--cases", "cases.jsonl", "-v")
    assert result.exit_code == exits.YES
    assert "no longer caught  c0" in result.stdout
    assert "- gambling/casino" in result.stdout
    assert "⟦casino⟧" in result.stdout


def test_two_folders_may_share_a_policy_table() -> None:
    """`-r` is what both are decided with besides."""
    changed_rules()
    for folder in ("rules", "new"):
        Path(folder, "policies.yaml").rename("policies.yaml")
    compared = ("compare", "rules", "new", "--cases", "cases.jsonl")
    refused(run(*compared), "no policy table was found")
    assert run(*compared, "-r", "policies.yaml").exit_code == exits.YES


def test_results_decisions_and_rules_compare_with_each_other() -> None:
    """Each side is what its name says: .json a result, a folder rules, else decisions."""
    sides = (kept(), decided(), "rules")
    judged = ("--cases", "cases.jsonl", "-r", "rules")
    for before, after in product(sides, sides):
        more = {"run.json": (), "rules": judged[:2]}.get(before, judged)
        more = more if before == after else judged
        result = run("compare", before, after, *more, "-f", "json")
        assert result.exit_code == exits.YES, result.output
        found = json.loads(result.stdout)
        assert (found["paired"], found["flips"]) == (True, [])


def test_conditions_hold_of_results_too() -> None:
    """A result is narrowed by what it keeps of each judgement."""
    result = run("compare", kept(), kept(), "--where", "market=AE", "-f", "json")
    assert json.loads(result.stdout)["trials"] == 5
    refused(run("compare", "run.json", "run.json", "--where", "market=FR"), "nothing that was")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run.json", "none.json"), "none.json: there is no such file"),
        (("run.json", "none"), "none: there is no such file or folder"),
        (("rules", "rules"), "rules is to be judged: give --cases CASES"),
        (("run.json", "run.json", "--by", "material"), "cannot compare along 'material'"),
        (("run.json", "run.json", "--exact"), "--exact is for judging"),
        (("run.json", "run.json", "--cases", "cases.jsonl"), "--cases is for judging"),
        (("run.json", "run.json", "-o", "c.html"), "cannot tell a format"),
        (("run.json", "run.json", "-f", "xlsx"), "needs -o FILE"),
        (("run.json", "cases.json"), "is no evaluation"),
    ],
)
def test_what_cannot_be_compared_says_why(arguments: Sequence[str], told: str) -> None:
    """With exit code 2."""
    kept()
    Path("cases.json").write_text("{}", encoding="utf-8")
    refused(run("compare", *arguments), told)


def test_a_side_that_is_incomplete_makes_the_comparison_so() -> None:
    """Exit code 3, unless so much is allowed."""
    write_jsonl(Path("cases.jsonl"), [*CASES, LOST])
    compared = ("compare", "rules", "rules", "--cases", "cases.jsonl")
    assert run(*compared).exit_code == exits.INCOMPLETE
    assert run(*compared, "--allow-incomplete", "0.2").exit_code == exits.YES


@pytest.mark.parametrize(("name", "begins"), [("c.json", b"{"), ("c.xlsx", b"PK"), ("c.txt", b" ")])
def test_the_suffix_names_the_form_of_a_comparison(name: str, begins: bytes) -> None:
    """JSON, a workbook or text."""
    assert run("compare", kept(), kept("two.json"), "-o", name).exit_code == exits.YES
    assert Path(name).read_bytes().startswith(begins)


# --- report --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [(), ("--lang", "ar"), ("--statement", "--where", "market=AE", "--mask"), ("-r", "rules"),
     ("--baseline", "run.json")],
)  # fmt: skip
def test_a_page_of_a_result(arguments: Sequence[str]) -> None:
    """The same bytes each time, in the language that was asked for."""
    kept()
    pages = []
    for _ in range(2):
        result = run("report", "run.json", *arguments, "-o", "page.html")
        assert (result.exit_code, result.stdout) == (exits.YES, ""), result.output
        pages.append(Path("page.html").read_bytes())
    language = b"ar" if "ar" in arguments else b"en"
    assert pages[0] == pages[1]
    assert b'<html lang="' + language in pages[0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("none.json",), "none.json: there is no such file"),
        (("cases.jsonl",), "is not JSON"),
        (("half.json",), "is not JSON"),
        (("later.json",), "is an evaluation of schema 2; this automod reads 1"),
        (("run.json", "--where", "market=FR"), "nothing that was counted has market=FR"),
        (("run.json", "--where", "month=2026-11"), "'month' was not kept"),
    ],
)
def test_what_is_no_result_is_refused(arguments: Sequence[str], told: str) -> None:
    """Cut off, of a later automod, or of nothing that was counted."""
    text = Path(kept()).read_text("utf-8")
    Path("half.json").write_text(text[: len(text) // 2], encoding="utf-8")
    later = text.replace('"schema": 1', '"schema": 2', 1)
    Path("later.json").write_text(later, encoding="utf-8")
    refused(run("report", *arguments, "-o", "page.html"), told)


def test_a_condition_narrows_the_baseline_of_a_page_too() -> None:
    """What changed in the Emirates is not told by a baseline of Kuwait alone."""
    kept("kw.json", "--where", "market=KW")
    page = ("report", kept(), "--where", "market=AE", "-o", "page.html")
    refused(run(*page, "--baseline", "kw.json"), "nothing that was counted has market=AE")
    assert run(*page, "--baseline", "run.json").exit_code == exits.YES
