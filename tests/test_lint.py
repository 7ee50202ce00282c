"""The frame of the linter: load faults as findings, ignores, baselines, mending."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import automod
from automod.engine.reading import read_source
from automod.errors import Location
from automod.load.source import Source
from automod.model.finding import Edit, Finding
from automod.workshop.lint import run as runner
from automod.workshop.lint.baseline import Baseline, baseline_text, fingerprints, read_baseline
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.example_files import POLICIES, files_of, place_of
from automod.workshop.lint.fault_sorts import SORTS
from automod.workshop.lint.fault_words import in_arabic
from automod.workshop.lint.fixing import FixError, apart, differences, fix
from automod.workshop.lint.ignores import parse_ignores
from automod.workshop.lint.registry import all_checks, check_of, codes_of
from automod.workshop.lint.run import Linted, lint

ON: Final = date(2026, 11, 20)
TABLE: Final = """\
codes:
  GMB.REAL:
    title: {en: Real-money gambling, ar: القمار بالمال}
    severity: high
    default: {stance: prohibited, ground: platform}
"""
HEAD: Final = """\
package: gambling
version: 2026.11.1
owner: mena-ads-integrity
title: {en: Gambling, ar: القمار}
policy: [GMB.REAL]
languages: [en]
"""
CASINO: Final = "materials:\n  - {id: casino, kind: keyword, value: casino, weight: strong%s}\n"
EXAMPLES: Final = """\
examples:
  - {text: our casino pays, hits: [casino]}
  - {text: our cinema pays, hits: []}
"""
IDLE: Final = ", group: game"
"""What an info is found of: a group without a cap."""


def folder_of(folder: Path, files: dict[str, str | bytes]) -> Path:
    """A folder with these files and a policy table of one code."""
    (folder / "policies.yaml").write_text(TABLE, "utf-8")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def found_in(folder: Path, baseline: Baseline | None = None) -> Linted:
    """What is found in a folder; nothing breaks."""
    found = lint(read_source(folder), ON, baseline=baseline)
    assert found.broken == ()
    return found


def codes(found: Linted) -> list[str]:
    """The codes of what is found, in order."""
    return [one.code for one in found.findings]


# --- what does not load --------------------------------------------------------------------------

ROWS: Final = (
    ("casino,keyword,casino,strong,,,,", None),
    ("casino-2,keyword,CASINO,strong,,,,", "AM020"),
    ("roulette,keyword,roulette,strong,,,,", None),
    ("roulette,keyword,blackjack,strong,,,,", "AM021"),
    ("tatweel,keyword,ــــ,strong,,,,", "AM022"),
    ("lost,keyword,?????,strong,,,,", "AM023"),
    ("kind,keywrod,baccarat,strong,,,,", "AM011"),
    ("pattern,regex,slot(s,strong,,,,", "AM024"),
    ("code,keyword,bingo,strong,GMB.RAEL,,,", "AM030"),
    ("market,keyword,keno,strong,,UEA,,", "AM031"),
    ("dates,keyword,craps,strong,,,2026-12-01,2026-11-01", "AM026"),
    ("nothing,keyword,,strong,,,,", "AM012"),
    ("wide,phrase,spins, free,strong,GMB.REAL,,,2026-12-01", "AM004"),
    ("blank,keyword,poker,,,,,", "AM025"),
    ("slots,keyword,slots,strong,,,,", None),
)
"""Rows of a table, and what is wrong with each."""


def test_twelve_planted_faults_give_twelve_findings(tmp_path: Path) -> None:
    """Each in its row, with its code, and no thirteenth."""
    header = "id,kind,value,weight,policy,markets,from,until"
    table = "\n".join([header, *(row for row, _ in ROWS)]) + "\n"
    package = f"{HEAD}materials:\n  - {{table: terms.csv}}\n{EXAMPLES}"
    found = found_in(folder_of(tmp_path, {"gambling.yaml": package, "terms.csv": table}))
    planted = [(line, code) for line, (_, code) in enumerate(ROWS, start=2) if code]
    assert [(one.location.line, one.code) for one in found.findings] == planted
    assert {one.location.file for one in found.findings} == {str(tmp_path / "terms.csv")}
    assert len(planted) == 12


def test_a_faulty_row_hides_no_row_that_counts_nowhere(tmp_path: Path) -> None:
    """A signal without a tag is for no rule, whatever else is wrong; one with a tag may be."""
    table = (
        "id,kind,value,weight,tags\n"
        "casino,keyword,casino,strong,\n"
        "idle,keyword,roulette,signal,\n"
        "tagged,keyword,baccarat,signal,game\n"
        "kind,keywrod,bingo,strong,\n"
    )
    package = f"{HEAD}materials:\n  - {{table: terms.csv}}\n{EXAMPLES}"
    found = found_in(folder_of(tmp_path, {"gambling.yaml": package, "terms.csv": table}))
    assert [(one.location.line, one.code) for one in found.findings] == [(3, "AM314"), (5, "AM011")]
    faulty = package.replace("examples:", "rules:\n  - {id: r, all: []}\nexamples:")
    found = found_in(folder_of(tmp_path, {"gambling.yaml": faulty}))
    assert "AM314" not in codes(found)


def test_every_slug_of_the_loader_has_a_sort() -> None:
    """What the loader calls a fault is what a check tells about, and no check is for nothing."""
    slugs = {slug for sort in SORTS for slug in sort.slugs}
    said = {one for node in loader() if isinstance(node, ast.keyword) for one in words(node)}
    assert said - slugs - {"unsupported"} == set()
    assert slugs - {one for node in loader() for one in words(node)} == set()


def loader() -> Iterator[ast.AST]:
    """The words `code=...` of calls in the loader, and all of its constants."""
    for path in (Path(automod.__file__).parent / "load").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) or (
                isinstance(node, ast.keyword) and node.arg == "code"
            ):
                yield node


def words(node: ast.AST) -> Iterator[str]:
    """The texts in a part of a module."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def test_faults_hide_nothing_of_the_rest(tmp_path: Path) -> None:
    """What is found of another entry is found as well; the faulty one is told once."""
    package = HEAD + CASINO % IDLE + "  - {id: b, kind: keyword, value: bingo, group: other}\n"
    found = found_in(folder_of(tmp_path, {"gambling.yaml": package + EXAMPLES}))
    lines = {(one.location.line, one.code) for one in found.findings}
    assert (9, "AM025") in lines
    assert {code for line, code in lines if line == 9} == {"AM025"}
    assert (8, check_of("group_without_cap").code) in lines


def test_what_is_left_out_is_not_missed(tmp_path: Path) -> None:
    """No tag, group or material is said to be nowhere that a faulty entry holds."""
    package = HEAD + (
        "materials:\n"
        "  - {id: casino, kind: keywrod, value: casino, weight: strong, tags: [game]}\n"
        "  - {id: bingo, kind: keyword, value: bingo, weight: stronk, group: g}\n"
        "  - {table: t.csv}\n"
        "rules:\n"
        "  - {id: r, all: [{tag: game}, {found: phone}], weight: strong}\n"
        "  - {id: s, all: [{material: bingo}, {tag: keno}], weight: strong}\n"
        "allow:\n"
        "  - {id: help, kind: phrase, value: casino addiction}\n"
        "caps: {g: 0.9}\n"
    )
    table = "id,kind,value,weight,tags\nk,keyword,????,strong,keno\n"
    found = found_in(folder_of(tmp_path, {"gambling.yaml": package + EXAMPLES, "t.csv": table}))
    assert codes(found) == ["AM011", "AM011", "AM023"]


def test_a_file_that_is_no_yaml_hides_no_other(tmp_path: Path) -> None:
    """The other package is checked."""
    files: dict[str, str | bytes] = {
        "a.yaml": "package: [",
        "b.yaml": HEAD + CASINO % IDLE + EXAMPLES,
    }
    found = found_in(folder_of(tmp_path, files))
    assert codes(found)[0] == "AM001"
    assert check_of("group_without_cap").code in codes(found)


@pytest.mark.parametrize(
    ("said", "arabic"),
    [
        ("'keywrod' is not a kind", "'keywrod' ليس قيمة معروفة للمفتاح kind"),
        ("did you mean 'keyword'?", "هل تقصد 'keyword'؟"),
        ("'UEA' is not a market", "'UEA' ليس سوقًا معروفًا"),
        ("'id' is missing", "'id' غير موجود"),
        (
            "'co.uk' is a public suffix, under which anybody registers; name a domain under it",
            "'co.uk' لاحقة عامة يسجل تحتها من شاء؛ اكتب نطاقًا تحتها",
        ),
        (
            "'gap' is for phrases, this is a keyword",
            "'gap' للنوع phrases، وهذه مادة من نوع keyword",
        ),
        ("something that is new", "خطأ في التحميل: something that is new"),
    ],
)
def test_what_the_loader_says_in_arabic(said: str, arabic: str) -> None:
    """The commonest sentences are translated; others stand in a frame."""
    assert in_arabic(said) == arabic


# --- which checks are made -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["AM020"], {"AM020"}),
        (["duplicate_material", "id-taken"], {"AM020", "AM021"}),
        (["am02"], {f"AM02{n}" for n in range(7)}),
        ([], set()),
    ],
)
def test_checks_are_named_by_code_beginning_or_name(names: list[str], expected: set[str]) -> None:
    """In any case, with `-` or `_`."""
    assert codes_of(names) == expected


@pytest.mark.parametrize("name", ["AM", "AM888", "casino", "", "duplicate_materials"])
def test_a_name_of_no_check_is_refused(name: str) -> None:
    """With the nearest, where one is near."""
    with pytest.raises(KeyError, match="no check"):
        codes_of([name])


def test_what_does_not_load_is_told_whatever_is_chosen(tmp_path: Path) -> None:
    """Rules that do not load are never clean."""
    folder_of(tmp_path, {"a.yaml": HEAD})
    (tmp_path / "b.yaml").write_text("package: [")
    source = read_source(tmp_path)
    assert codes(lint(source, ON, select=["AM901"])) == ["AM001"]
    assert codes(lint(source, ON, ignore=["AM0", "AM3", "AM4", "AM9"])) == ["AM001"]


def _raise(_world: World) -> Iterator[Found]:
    raise ZeroDivisionError("x")


def test_a_check_that_breaks_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, with what it raised; the others found what they find."""
    folder_of(tmp_path, {"a.yaml": HEAD + CASINO % IDLE + EXAMPLES})
    before = found_in(tmp_path)
    bad = replace(all_checks()[-1], code="AM999", name="broken", look=_raise)
    monkeypatch.setattr(runner, "all_checks", lambda: (bad, *all_checks()))
    found = lint(read_source(tmp_path), ON)
    assert [(one.check.code, type(one.error)) for one in found.broken] == [
        ("AM999", ZeroDivisionError)
    ]
    assert found.findings == before.findings != ()


# --- ignores -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AM203: why", [("AM203", "why")]),
        ("AM203: a: b ; group_without_cap:c", [("AM203", "a: b"), ("group_without_cap", "c")]),
        ("AM203: أ؛ AM204: ب", [("AM203", "أ"), ("AM204", "ب")]),
        ("AM203", [("AM203", "")]),
        ("  ; ", []),
    ],
)
def test_an_ignore_is_a_code_and_a_reason(text: str, expected: list[tuple[str, str]]) -> None:
    """Several are apart at `;`, in either script."""
    assert list(parse_ignores(text)) == expected


IGNORE: Final = 'x-ignore: "group_without_cap: one word for all"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + CASINO % f"{IDLE}, {IGNORE}", []),
        (HEAD + f"{IGNORE}\n" + CASINO % IDLE, []),
        (HEAD + f"defaults: {{{IGNORE}}}\n" + CASINO % IDLE, []),
        (HEAD + CASINO % f"{IDLE}, x-ignore: group_without_cap", ["AM317", "AM903"]),
        (HEAD + CASINO % f'{IDLE}, x-ignore: "AM888: no such"', ["AM317", "AM902"]),
        (HEAD + CASINO % f'{IDLE}, x-ignore: "AM020: loads all the same"', ["AM317", "AM902"]),
        (HEAD + CASINO % f", {IGNORE}", ["AM901"]),
        (HEAD + f"{IGNORE}\n" + CASINO % "", ["AM901"]),
        (HEAD + f"defaults: {{{IGNORE}}}\n" + CASINO % "", ["AM901"]),
    ],
)
def test_ignores(text: str, expected: list[str], tmp_path: Path) -> None:
    """On a material, a package or the defaults: with a reason it leaves out, else it is told."""
    wanted = [check_of("group_without_cap").code if one == "AM317" else one for one in expected]
    found = found_in(folder_of(tmp_path, {"gambling.yaml": text + EXAMPLES}))
    assert sorted(codes(found)) == sorted(wanted)
    assert len(found.suppressed) == int(not expected)
    assert all(one.reason == "one word for all" for one in found.suppressed)


def test_a_column_ignores_row_by_row(tmp_path: Path) -> None:
    """In a table the key is a column; only its row is silent."""
    table = (
        "id,kind,value,weight,group,x-ignore\n"
        "casino,keyword,casino,strong,game,group_without_cap: one word for all\n"
        "bingo,keyword,bingo,strong,hall,\n"
        "keno,keyword,keno,strong,,group_without_cap: one word for all\n"
    )
    package = f"{HEAD}materials:\n  - {{table: terms.csv}}\n{EXAMPLES}"
    found = found_in(folder_of(tmp_path, {"gambling.yaml": package, "terms.csv": table}))
    told = [(one.location.line, one.code) for one in found.findings]
    assert told == [(3, check_of("group_without_cap").code), (4, "AM901")]
    assert [one.finding.location.line for one in found.suppressed] == [2]


def test_an_ignore_of_a_check_that_was_not_made_is_not_unused(tmp_path: Path) -> None:
    """With `--select`, nothing is said of ignores of other checks."""
    folder_of(tmp_path, {"a.yaml": HEAD + CASINO % f", {IGNORE}" + EXAMPLES})
    assert lint(read_source(tmp_path), ON, select=["AM901"]).findings == ()
    assert codes(lint(read_source(tmp_path), ON, select=["AM901", "group_without_cap"])) == [
        "AM901"
    ]


def test_an_override_ignores_what_is_said_of_it(tmp_path: Path) -> None:
    """The key stands in its file."""
    override = (
        "override: INC-1\ntarget: gambling/casino\nset: {status: shadow}\n"
        "permanent: a chain of shops\nby: o.haddad\nticket: INC-1\n"
    )
    files: dict[str, str | bytes] = {
        "a.yaml": HEAD + CASINO % "" + EXAMPLES,
        "overrides/o.yaml": override,
    }
    loud = found_in(folder_of(tmp_path, files))
    assert codes(loud)
    (tmp_path / "overrides/o.yaml").write_text(
        override + 'x-ignore: "' + "; ".join(f"{code}: agreed" for code in codes(loud)) + '"\n'
    )
    found = found_in(tmp_path)
    assert codes(found) == []
    assert [one.finding.code for one in found.suppressed] == codes(loud)


# --- baseline ------------------------------------------------------------------------------------


def noisy(folder: Path) -> Path:
    """Two packages with several findings."""
    other = HEAD.replace("gambling", "other").replace("owner: mena-ads-integrity", "owner: unknown")
    bingo = "  - {id: b, kind: keyword, value: bingo, weight: strong, group: x}\n"
    return folder_of(folder, {
        "a.yaml": HEAD + CASINO % IDLE + bingo,
        "b.yaml": other + CASINO.replace("casino", "keno") % IDLE,
    })  # fmt: skip


def kept(found: Linted, folder: Path) -> Baseline:
    """A baseline of all that is found, written and read."""
    path = folder / ".automod-baseline.json"
    path.write_text(baseline_text(found.findings, read_baseline(path)), "utf-8")
    return read_baseline(path)


def test_a_baseline_leaves_out_what_was_there(tmp_path: Path) -> None:
    """Nothing is told again, wherever the lines move to; what is new is told."""
    first = found_in(noisy(tmp_path))
    assert len(first.findings) >= 4
    baseline = kept(first, tmp_path)
    for name in ("a.yaml", "b.yaml"):
        text = (tmp_path / name).read_text("utf-8")
        (tmp_path / name).write_text("# a\n\n# b\n" + text, "utf-8")
    again = found_in(tmp_path, baseline)
    assert again.findings == ()
    assert {one.by for one in again.suppressed} == {"baseline"}
    assert len(again.suppressed) == len(first.findings)
    with (tmp_path / "a.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {id: c, kind: keyword, value: keno, weight: strong, group: y}\n")
    new = [one.subject for one in found_in(tmp_path, baseline).findings]
    assert set(new) == {"gambling/c"}


def test_a_baseline_that_is_written_again_keeps_reasons(tmp_path: Path) -> None:
    """Reason and last day stay with the finding; what is mended goes."""
    first = found_in(noisy(tmp_path))
    path = tmp_path / ".automod-baseline.json"
    baseline = kept(first, tmp_path)
    signed = replace(baseline.known[0], reason="asked", until=date(2027, 1, 1))
    before = Baseline(str(path), (signed, *baseline.known[1:]))
    path.write_text(baseline_text(first.findings, before), "utf-8")
    assert signed in read_baseline(path).known
    path.write_text(baseline_text([], before), "utf-8")
    assert read_baseline(path).known == ()


def test_what_does_not_load_is_in_no_baseline(tmp_path: Path) -> None:
    """Also where somebody wrote it in."""
    folder_of(tmp_path, {"a.yaml": HEAD + CASINO % "" + EXAMPLES, "b.yaml": "package: ["})
    found = found_in(tmp_path)
    assert "AM001" in codes(found)
    assert "AM001" in codes(found_in(tmp_path, kept(found, tmp_path)))


LETTERS: Final = st.text("abc ", max_size=4)
FINDINGS: Final = st.builds(
    Finding,
    st.sampled_from(["AM201", "AM301"]),
    st.just("info"),
    st.builds(Location, st.just("p.yaml"), st.integers(1, 9), st.integers(1, 9)),
    st.sampled_from(["p", "q"]),
    st.sampled_from(["", "p/a", "p/b"]),
    st.dictionaries(st.sampled_from(["word", "other"]), LETTERS, max_size=2),
)


@given(st.lists(FINDINGS, max_size=8), st.integers(1, 50))
def test_a_fingerprint_does_not_know_its_line(findings: list[Finding], down: int) -> None:
    """Moved down by any number of lines, it is known by the same; no two are known by one."""
    moved = [
        replace(one, location=replace(one.location, line=(one.location.line or 0) + down))
        for one in findings
    ]
    assert fingerprints(findings) == fingerprints(moved)
    assert len(set(fingerprints(findings))) == len(findings)


# --- mending -------------------------------------------------------------------------------------


def copied(check: Check, folder: Path) -> Path:
    """The bad example of a check, where it may be written to."""
    place = place_of(check, "bad")
    if place.is_dir():
        shutil.copytree(place, folder, dirs_exist_ok=True)
    else:
        shutil.copy(place, folder)
    names = {one.name for one in files_of(check, "bad")}
    if not names & {"policies.yaml", "no-policies.txt"}:
        shutil.copy(POLICIES, folder / "policies.yaml")
    return folder


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.name)
def test_what_can_be_mended_is_gone(check: Check, tmp_path: Path) -> None:
    """After mending no finding has a fix, no error is new, and what had none is as it was."""
    folder = copied(check, tmp_path)
    before = lint(read_source(folder), ON)
    done = fix(lambda: read_source(folder), lambda source: lint(source, ON))
    assert [one.code for one in done.left.findings if one.fix] == []
    had_none = [one for one in before.findings if not one.fix]
    still = set(fingerprints(done.left.findings))
    assert [one.code for one in done.mended if not one.fix] == [
        one.code
        for one, mark in zip(had_none, fingerprints(had_none), strict=True)
        if mark not in still
    ]
    errors = {"before": before.counts["error"], "after": done.left.counts["error"]}
    assert errors["after"] <= errors["before"]
    assert bool(done.before) == any(one.fix for one in before.findings)


def test_a_difference_is_shown_and_not_written(tmp_path: Path) -> None:
    """What the first round would write, as a diff."""
    text = HEAD + CASINO % f", {IGNORE}" + EXAMPLES
    folder = folder_of(tmp_path, {"gambling.yaml": text})
    source = read_source(folder)
    told = differences(source, lint(source, ON).findings)
    assert (folder / "gambling.yaml").read_text("utf-8") == text
    assert f"-  - {{id: casino, kind: keyword, value: casino, weight: strong, {IGNORE}}}" in told
    assert "+  - {id: casino, kind: keyword, value: casino, weight: strong}" in told


def test_mending_that_makes_an_error_puts_all_back(tmp_path: Path) -> None:
    """A fix that breaks something is a bug of ours, never of the files."""
    text = HEAD + CASINO % "" + EXAMPLES
    folder = folder_of(tmp_path, {"gambling.yaml": text})
    edit = Edit("gambling", ("materials", 0), "weight", "stronk")

    def look(source: Source) -> Linted:
        found = lint(source, ON)
        if any(one.severity == "error" for one in found.findings):
            return found
        one = Finding("AM901", "info", Location("x", 1), fix=(edit,))
        return replace(found, findings=(*found.findings, one))

    with pytest.raises(FixError, match="AM011"):
        fix(lambda: read_source(folder), look)
    assert (folder / "gambling.yaml").read_text("utf-8") == text


PLACES: Final = st.tuples(
    st.sampled_from([("materials", 0), ("materials", 1), ()]),
    st.sampled_from(["value", "weight", None]),
)


@given(st.lists(st.lists(PLACES, min_size=1, max_size=2, unique=True), max_size=6))
def test_edits_of_one_round_do_not_meet(
    several: list[list[tuple[tuple[int | str, ...], str | None]]],
) -> None:
    """No key is written twice, and no entry is written to that is taken out by another finding."""
    findings = [
        Finding("AM201", "info", Location("p", 1),
                fix=tuple(Edit("p", path, key, number) for path, key in places))
        for number, places in enumerate(several)
    ]  # fmt: skip
    made = list(apart(findings))
    by_finding = {edit.value for edit in made}
    for edit in made:
        others = [one for one in made if one.value != edit.value and one.path == edit.path]
        assert all(one.key != edit.key and None not in (one.key, edit.key) for one in others)
    assert len(made) == sum(len(several[number]) for number in by_finding)
