"""`automod test`: exit codes, formats, languages, and which packages are tried."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from automod.cli import exits
from command import POLICIES, run

PACKAGE: Final = """\
package: p
version: 1
owner: tests
policy: [GMB.REAL]
languages: [ar, en]
materials:
  - {id: casino, kind: keyword, value: casino, weight: strong}
  - {id: casino-ar, kind: keyword, value: كازينو, weight: strong, not_example: كازينوهات المدينة}
examples:
"""
GOOD: Final = "  - {text: our casino, hits: [casino]}\n"
BAD: Final = "  - {text: our casinos, hits: [casino]}\n"
KNOWN: Final = "  - {text: our casinos, hits: [casino], known: miss}\n"
MENDED: Final = "  - {text: our casino, hits: [casino], known: miss}\n"
QUIET: Final = PACKAGE.replace(", not_example: كازينوهات المدينة", "")


def rules(folder: Path, text: str, name: str = "p.yaml") -> str:
    """A folder with one package."""
    (folder / "policies.yaml").write_text(POLICIES, encoding="utf-8")
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("examples", "options", "code"),
    [
        (GOOD, [], exits.YES),
        (GOOD + KNOWN, ["--strict"], exits.YES),
        (GOOD + MENDED, [], exits.YES),
        (GOOD + MENDED, ["--strict"], exits.NO),
        (GOOD + BAD, [], exits.NO),
    ],
)
def test_exit_codes(tmp_path: Path, examples: str, options: list[str], code: int) -> None:
    """0: none failed; 1: one did, or with --strict one is mended."""
    result = run("test", rules(tmp_path, QUIET + examples), *options)
    assert result.exit_code == code, result.output


@pytest.mark.parametrize("asked", ["p/p.yaml", "p"])
@pytest.mark.parametrize("quiet", [True, False])
def test_the_policy_table_above(tmp_path: Path, asked: str, *, quiet: bool) -> None:
    """A package alone is tried with the table of the folder above it, and with nothing else."""
    folder = rules(tmp_path, QUIET + GOOD, "p/p.yaml")
    (tmp_path / "broken.yaml").write_text("package: q\nmaterials: 5\n", encoding="utf-8")
    result = run("test", f"{folder}/{asked}", *(["-q"] if quiet else []))
    assert result.exit_code == exits.YES, result.output
    assert ("policies.yaml: is read as well" in result.stderr) != quiet


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give a PATH"),
        (["{rules}", "-f", "xlsx"], "-f xlsx needs -o FILE"),
        (["{rules}", "--package", "q"], "there is no package 'q'; there are: p"),
        (["{rules}", "-o", "a.pdf"], "cannot tell a format"),
    ],
)
def test_2_what_cannot_start(tmp_path: Path, arguments: list[str], told: str) -> None:
    """2: an option that makes no sense is told before anything is loaded."""
    path = rules(tmp_path, QUIET + GOOD)
    result = run("test", *(one.format(rules=path) for one in arguments))
    assert (result.exit_code, told in result.stderr) == (exits.NOT_STARTED, True)


def test_2_files_with_faults(tmp_path: Path) -> None:
    """2: where files have faults all of them are told, and nothing is tried."""
    text = QUIET.replace("kind: keyword, value: casino", "kind: keywrod, value: casino")
    result = run("test", rules(tmp_path, text + "  - {image: none.png, hits: []}\n"))
    assert result.exit_code == exits.NOT_STARTED
    assert "'keywrod' is not a kind" in result.stderr
    assert "there is no file 'none.png' beside the package" in result.stderr
    assert result.stdout == ""


def test_text(tmp_path: Path) -> None:
    """Each example that did not pass stands with its place, its text, and why."""
    result = run("test", rules(tmp_path, PACKAGE + GOOD + BAD + KNOWN + MENDED))
    lines = result.stdout.replace(f"{tmp_path}/", "").splitlines()
    why = "casino stands inside a longer word, casinos; the boundary is word"
    assert lines[:8] == [
        "✖ p.yaml:11:5",
        "    our casinos",
        f"    - casino did not hit: {why}",
        "· p.yaml:12:5",
        "    our casinos",
        "    - a known miss",
        "◆ p.yaml:13:5",
        "    our casino",
    ]
    assert "    - this works now: remove known: miss" in lines
    column = PACKAGE.splitlines()[7].index("كازينوهات") + 1
    assert f"✖ p.yaml:8:{column}  counter-example of casino-ar" in lines
    assert lines[-1] == "5 examples: ✖ 2 failed ◆ 1 mended · 1 known ✔ 1 passed"


def test_verbose_shows_what_passed(tmp_path: Path) -> None:
    """-v: the examples that passed as well."""
    result = run("test", rules(tmp_path, QUIET + GOOD), "-v")
    assert result.stdout.startswith("✔ ") and "our casino" in result.stdout


def test_arabic(tmp_path: Path) -> None:
    """--lang ar: the same in Arabic."""
    result = run("test", rules(tmp_path, PACKAGE + BAD + MENDED), "--lang", "ar")
    assert "لم يتطابق casino" in result.stdout and "فشل 2" in result.stdout
    assert "احذف" in result.stdout and "مثال مضاد" in result.stdout


def test_json(tmp_path: Path) -> None:
    """JSON has all of it: places, causes, hits, and the sentences."""
    result = run("test", rules(tmp_path, PACKAGE + BAD), "-f", "json")
    told = json.loads(result.stdout)
    first, second = told["examples"]
    assert (told["schema"], told["passed"], told["counts"]) == (1, False, {"failed": 2})
    assert first["place"]["line"] == 10 and first["expected"] == ["casino"]
    assert first["missing"][0]["causes"][0]["code"] == "boundary"
    assert second["extra"][0]["stops"] == [{"key": "boundary", "value": "word"}]
    assert second["extra"][0]["hit"]["folds"] == ["inflection"]
    assert second["sort"] == "hits_not" and len(second["sentences"]) == 3


def test_github(tmp_path: Path) -> None:
    """An annotation at the line of each that failed; a warning for what is mended."""
    path = rules(tmp_path, QUIET + BAD + MENDED)
    plain, strict = (
        run("test", path, "-f", "github", *more).stdout.splitlines() for more in ((), ("--strict",))
    )
    assert plain[0].startswith("::error ") and "line=10" in plain[0]
    assert plain[1].startswith("::warning ") and strict[1].startswith("::error ")
    assert plain[-1].startswith("::notice::2 examples")


def test_xlsx(tmp_path: Path) -> None:
    """A workbook: a row for each example, what failed first, nothing a formula."""
    examples = GOOD + '  - {text: "=1+1 casinos", hits: [casino]}\n'
    target = tmp_path / "out.xlsx"
    assert run("test", rules(tmp_path, QUIET + examples), "-o", str(target)).exit_code == exits.NO
    sheet = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("Result", "Package", "Place")
    assert [row[0] for row in rows[1:]] == ["failed", "passed"]
    assert sheet["D2"].value == "=1+1 casinos" and sheet["D2"].data_type == "s"


def test_which_packages_are_tried(tmp_path: Path) -> None:
    """With PATH and -r only what is below PATH is tried; --package names one."""
    rules(tmp_path, QUIET + GOOD, "a/p.yaml")
    path = rules(tmp_path, QUIET.replace("package: p", "package: q") + BAD, "b/q.yaml")
    assert run("test", path).exit_code == exits.NO
    assert run("test", f"{path}/a", "-r", path).exit_code == exits.YES
    assert run("test", f"{path}/b", "-r", path).exit_code == exits.NO
    assert run("test", "-r", path, "--package", "p").exit_code == exits.YES
    outside = run("test", f"{path}/policies.yaml", "-r", path)
    assert (outside.exit_code, "no package is in" in outside.stderr) == (exits.NOT_STARTED, True)


def test_nothing_to_try_is_told(tmp_path: Path) -> None:
    """No example at all is no failure, and no silence either."""
    result = run("test", rules(tmp_path, QUIET.replace("examples:\n", "")))
    assert (result.exit_code, result.stdout) == (
        exits.YES, "no example was found: nothing was tried\n",
    )  # fmt: skip
