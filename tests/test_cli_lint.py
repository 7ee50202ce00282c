"""`automod lint`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import openpyxl
import pytest
import yaml

from automod.cli import exits
from automod.report.package_workbook import package_workbook
from automod.workshop.lint import run as runner
from automod.workshop.lint.check import Found, World
from automod.workshop.lint.example_files import place_of
from automod.workshop.lint.registry import all_checks, check_of
from automod.workshop.workbook_diff import workbook_differences
from command import run
from test_lint import CASINO, EXAMPLES, HEAD, IDLE, IGNORE, folder_of

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is half past three on 20 November 2026."""
    monkeypatch.setattr("automod.cli.clock.now", lambda: NOW)


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """Rules in which nothing is found."""
    return folder_of(tmp_path, {"gambling.yaml": HEAD + CASINO % "" + EXAMPLES})


@pytest.fixture
def idle(tmp_path: Path) -> Path:
    """Rules in which one info is found."""
    return folder_of(tmp_path, {"gambling.yaml": HEAD + CASINO % IDLE + EXAMPLES})


@pytest.fixture
def unused(tmp_path: Path) -> Path:
    """Rules in which one warning is found, which can be mended."""
    return folder_of(tmp_path, {"gambling.yaml": HEAD + CASINO % f", {IGNORE}" + EXAMPLES})


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Rules that do not load."""
    package = (HEAD + CASINO % "" + EXAMPLES).replace("keyword", "keywrod")
    return folder_of(tmp_path, {"gambling.yaml": package})


def test_nothing_found(clean: Path) -> None:
    """0, and one line."""
    result = run("lint", str(clean))
    assert (result.exit_code, result.stdout.strip(), result.stderr) == (0, "nothing found", "")


def test_what_does_not_load_is_a_finding(faulty: Path) -> None:
    """1, not 2: that is what lint is asked for."""
    result = run("lint", str(faulty))
    assert result.exit_code == exits.NO
    place = "8:24        error    AM011  'keywrod' is not a kind"
    assert place in result.stdout
    assert "did you mean 'keyword'?" in result.stdout


@pytest.mark.parametrize("asked", ["p/gambling.yaml", "p"])
def test_the_policy_table_above(tmp_path: Path, asked: str) -> None:
    """A package alone is looked at with the table above it, of which nothing is told."""
    folder = folder_of(tmp_path, {"p/gambling.yaml": HEAD + CASINO % IDLE + EXAMPLES})
    (folder / "broken.yaml").write_text("package: q\nmaterials: 5\n", encoding="utf-8")
    result = run("lint", f"{folder}/{asked}", "--fail-on", "info")
    assert "policies.yaml: is read as well; the packages beside it are, with" in result.stderr
    assert "policies.yaml" not in result.stdout
    assert result.exit_code == exits.NO
    assert run("lint", f"{folder}/{asked}", "-q").stderr == ""


def test_what_would_change_in_a_workbook(tmp_path: Path) -> None:
    """--diff says each cell, before and after, and writes nothing."""
    data = yaml.safe_load(HEAD + CASINO % ", gap: 2" + EXAMPLES)
    data["materials"][0]["kind"] = "phrase"
    folder = folder_of(tmp_path, {"book.xlsx": package_workbook(data)})
    path = folder / "book.xlsx"
    before = path.read_bytes()
    result = run("lint", str(folder), "--diff", "--select", "idle_gap")
    assert result.stdout == f"{path}!materials!I2: 2 → (blank)\n"
    assert (result.exit_code, path.read_bytes()) == (exits.NO, before)


ROWS: Final[list[tuple[str, str | int | None]]] = [
    ("id", "note"),
    ("a", "x"),
    ("b", "y"),
    ("c", None),
    ("d", "z"),
]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (ROWS, []),
        ([ROWS[0], ("a", "w"), *ROWS[2:]], ["b.xlsx!S!B2: x → w"]),
        ([*ROWS[:3], ("c", "n\nm"), ROWS[4]], ["b.xlsx!S!B4: (blank) → n\\nm"]),
        ([*ROWS[:2], *ROWS[3:]], ["b.xlsx!S!3: row deleted: b | y"]),
        ([*ROWS, ("e", 5)], ["b.xlsx!S!6: row added: e | 5"]),
    ],
)
def test_what_differs_between_workbooks(
    after: list[tuple[str, str | int | None]], told: list[str]
) -> None:
    """A cell is told with its place; a row that goes or comes is told once."""

    def book(rows: Sequence[tuple[str, str | int | None]]) -> bytes:
        made, stream = openpyxl.Workbook(), io.BytesIO()
        assert made.active is not None
        made.active.title = "S"
        for row in rows:
            made.active.append(row)
        made.save(stream)
        return stream.getvalue()

    assert [*workbook_differences("b.xlsx", book(ROWS), book(after))] == told


@pytest.mark.parametrize(
    ("rules", "flag", "code"),
    [
        ("idle", "error", exits.YES), ("idle", "warning", exits.YES), ("idle", "info", exits.NO),
        ("unused", "error", exits.YES), ("unused", "warning", exits.NO),
        ("unused", "info", exits.NO), ("faulty", "error", exits.NO),
    ],
)  # fmt: skip
def test_how_grave_it_must_be_to_fail(
    rules: str, flag: str, code: int, request: pytest.FixtureRequest
) -> None:
    """`--fail-on` decides between 0 and 1."""
    folder = request.getfixturevalue(rules)
    assert run("lint", "-r", str(folder), "--fail-on", flag).exit_code == code


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "name a folder"),
        (["{}", "--select", "AM888"], "no check 'AM888'"),
        (["{}", "--ignore", "duplicate_materials"], "did you mean 'duplicate_material'?"),
        (["{}", "--ignore", "AM020"], "cannot be ignored"),
        (["{}", "--on", "tomorrow"], "is not a date"),
        (["{}", "-f", "xlsx"], "needs -o FILE"),
        (["{}", "-o", "out.bin"], "cannot tell a format"),
        (["--explain", "AM888"], "no check 'AM888'"),
    ],
)  # fmt: skip
def test_what_cannot_start(arguments: list[str], told: str, clean: Path) -> None:
    """2, and a sentence."""
    result = run("lint", *(one.format(clean) for one in arguments))
    assert (result.exit_code, result.stdout) == (exits.NOT_STARTED, "")
    assert told in " ".join(result.stderr.split())


def test_no_such_folder_is_a_finding(tmp_path: Path) -> None:
    """Named like any other file that cannot be read."""
    result = run("lint", str(tmp_path / "nowhere"))
    assert result.exit_code == exits.NO
    assert "there is no such file or folder" in result.stdout


@pytest.mark.parametrize("name", ["AM020", "duplicate_material", "duplicate-material"])
def test_explaining_a_check(name: str) -> None:
    """Title, severity, why, whether it is mended, and both files, in two languages."""
    check = check_of("AM020")
    english = run("lint", "--explain", name)
    arabic = run("lint", "--explain", name, "--lang", "ar")
    assert english.exit_code == arabic.exit_code == exits.YES
    for result, lang in ((english, "en"), (arabic, "ar")):
        told = " ".join(result.stdout.translate({0x2068: None, 0x2069: None}).split())
        assert check.title[lang] in told
        assert check.why[lang] in told
        assert "casino-2,keyword,CASINO,strong" in told


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.name)
def test_every_check_can_be_explained(check: object) -> None:
    """None of their files breaks the page."""
    assert run("lint", "--explain", getattr(check, "code")).exit_code == exits.YES  # noqa: B009


def test_mending(unused: Path) -> None:
    """The file is written, what was mended is counted, and nothing is left."""
    shown = run("lint", str(unused), "--diff")
    assert shown.exit_code == exits.NO
    assert (
        f"-  - {{id: casino, kind: keyword, value: casino, weight: strong, {IGNORE}}}"
        in shown.stdout
    )
    result = run("lint", str(unused), "--fix")
    assert result.exit_code == exits.YES
    assert result.stdout.strip() == "nothing found"
    assert result.stderr.splitlines() == [f"{unused / 'gambling.yaml'}: written", "mended: 1"]
    assert (unused / "gambling.yaml").read_text("utf-8") == HEAD + CASINO % "" + EXAMPLES
    assert run("lint", str(unused), "--diff").exit_code == exits.YES


def test_a_baseline(idle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written with 0 and a note; then only what is new is told, and the line counts the rest."""
    monkeypatch.chdir(idle)
    written = run("lint", ".", "--update-baseline")
    assert (written.exit_code, written.stdout) == (exits.YES, "")
    assert written.stderr == "wrote .automod-baseline.json: 1 findings\n"
    result = run("lint", ".", "--baseline", ".automod-baseline.json", "--fail-on", "info")
    assert result.exit_code == exits.YES
    assert result.stdout.split("   ") == [" nothing found", "in the baseline: 1\n"]
    assert run("lint", ".", "--fail-on", "info").exit_code == exits.NO


def test_a_file_that_is_no_baseline(clean: Path) -> None:
    """2: it is not read as an empty one."""
    path = clean / "other.json"
    path.write_text("{}")
    result = run("lint", str(clean), "--baseline", str(path))
    assert result.exit_code == exits.NOT_STARTED
    assert "no baseline" in result.stderr


def _raise(_world: World) -> Iterator[Found]:
    raise ZeroDivisionError("x")


def test_a_check_that_breaks_is_a_bug_after_the_rest(
    idle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """70, it is named, and what the others found is printed."""
    from dataclasses import replace

    bad = replace(all_checks()[-1], code="AM999", name="broken", look=_raise)
    monkeypatch.setattr(runner, "all_checks", lambda: (bad, *all_checks()))
    result = run("lint", str(idle))
    assert result.exit_code == exits.BUG
    assert "AM999" in result.stderr
    assert check_of("group_without_cap").code in result.stdout


def test_a_file_appears_when_it_is_whole(idle: Path) -> None:
    """`-o` tells the format by its suffix."""
    path = idle / "out.json"
    assert run("lint", str(idle), "-o", str(path)).stdout == ""
    assert json.loads(path.read_text("utf-8"))["counts"]["info"] == 1


def test_files_may_be_named_one_by_one() -> None:
    """A package and a policy table, in no folder together."""
    place = place_of(check_of("AM901"), "bad")
    result = run(
        "lint", str(place), str(place.parents[1] / "policies.yaml"), "--select", "AM901,unused_tag"
    )
    assert "AM901" in result.stdout
