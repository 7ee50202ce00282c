"""`automod init`: what is written loads, passes and is clean; nothing is written over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import yaml

from automod.cli import exits
from automod.engine.compile import compile
from automod.engine.reading import load, read_source
from automod.errors import InputError
from automod.report.package_workbook import package_workbook
from automod.workshop.choices import Choices, choices_above, policies_above
from automod.workshop.formatting import formatted
from automod.workshop.starting import Form, Order, Started, start
from command import run, write_rules

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is November 2026, in a folder with nothing in it."""
    monkeypatch.setattr("automod.cli.clock.now", lambda: NOW)
    monkeypatch.chdir(tmp_path)


def begun(folder: str, **options: object) -> Started:
    """A package that was begun."""
    order = Order(folder, "mena", NOW.date(), **options)  # type: ignore[arg-type]
    return start(order, package_workbook)


@pytest.mark.parametrize("form", ["xlsx", "yaml"])
@pytest.mark.parametrize("languages", [("en",), ("ar",), ("ar", "en"), ("fr",)])
def test_what_is_written_works(form: Form, languages: tuple[str, ...]) -> None:
    """It loads, its examples hit what they name, and it is in its canonical form."""
    done = begun("rules/prize-scams", form=form, languages=languages, markets=("KW",))
    assert done.rules == Path("rules")
    assert read_source(done.rules).faults == ()
    ruleset = load(done.rules)
    (package,) = ruleset.packages
    engine = compile(ruleset)
    for example in package.examples:
        creative = {"id": "e", "markets": ["KW"], "text": {"body": example.text}}
        hits = {hit.material.rpartition("/")[2] for hit in engine.scan(creative)}
        assert hits == set(example.hits)
    assert {bool(example.hits) for example in package.examples} == {True, False}
    assert (package.name, package.version, package.owner) == ("prize-scams", "2026.11.1", "mena")
    assert [one.changes for one in formatted(done.rules)] == [False] * (1 if form == "xlsx" else 3)


@pytest.mark.parametrize("form", ["xlsx", "yaml"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_command_and_what_comes_after_it(form: str, lang: str) -> None:
    """It prints the package, and the next steps, each of which runs."""
    result = run(
        "init", "rules/prizes", "--policy", "SCM.FRAUD", "--market", "KW", "--form", form,
        "--lang", lang, "--owner", "mena", "--language", lang,
    )  # fmt: skip
    name = "package.xlsx" if form == "xlsx" else "package.yaml"
    assert (result.exit_code, result.stdout) == (exits.YES, f"rules/prizes/{name}\n")
    commands = [line.partition("automod ")[2] for line in result.stderr.splitlines()]
    steps = [line.replace('"..."', "x").split() for line in commands if line]
    assert [step[0] for step in steps] == ["lint", "test", "scan"]
    for step in steps:
        more = ["--fail-on", "warning"] if step[0] == "lint" else []
        assert run(*step, *more).exit_code == exits.YES, step


def test_the_workbook_is_in_arabic() -> None:
    """Sheets, headers and words, and the markets of the table to choose from."""
    rules = write_rules(Path("rules"))
    result = run(
        "init", f"{rules}/prizes", "--language", "ar", "--lang", "ar", "--policy", "GMB.REAL",
        "--owner", "mena",
    )  # fmt: skip
    assert result.exit_code == exits.YES, result.stderr
    book = openpyxl.load_workbook(f"{rules}/prizes/package.xlsx")
    assert book.sheetnames == ["الحزمة", "المواد", "السماح", "الأمثلة", "_lists"]
    headers = {cell.value for cell in book["المواد"][1]}
    assert {"الملف", "أضافه", "ملاحظة"} <= headers
    assert [cell.value for cell in book["المواد"][2]][:3] == [
        "sure-profit-ar",
        "عبارة",
        "ربح مضمون",
    ]
    held = {cell.value for row in book["_lists"].iter_rows() for cell in row}
    assert {"GCC", "SA", "GMB.REAL"} <= held
    assert sorted(one.name for one in load(rules).packages) == ["gambling", "prizes"]


def test_nothing_is_written_over() -> None:
    """A package that is there stays, and so does everything else in the folder."""
    first = begun("rules/prizes", form="yaml")
    before = {path: path.read_bytes() for path in first.files}
    result = run("init", "rules/prizes", "--form", "yaml", "--owner", "x")
    assert result.exit_code == exits.NOT_STARTED
    assert "there already; nothing was written" in result.stderr
    assert {
        path: path.read_bytes() for path in Path("rules").rglob("*") if path.is_file()
    } == before


def test_a_second_package_shares_the_policy_table() -> None:
    """The table is written once, above the packages."""
    begun("rules/a", form="yaml", policies=("SCM.FRAUD",))
    assert begun("rules/b").files == (Path("rules/b/package.xlsx"),)
    assert [one.name for one in load("rules").packages] == ["a", "b"]
    assert policies_above("rules/b/package.xlsx") == Path("rules/policies.yaml")
    assert choices_above("rules/b/package.xlsx") == Choices((), ("SCM.FRAUD",))


def test_a_package_by_itself_has_its_table_beside_it() -> None:
    """The folder where all else of a person lies is no folder of rules."""
    done = begun("prizes", form="yaml")
    assert done.rules == Path("prizes")
    assert sorted(one.name for one in Path("prizes").iterdir()) == [
        "package.yaml", "policies.yaml", "terms.csv"
    ]  # fmt: skip
    table = yaml.safe_load(Path("prizes/policies.yaml").read_text("utf-8"))
    assert list(table["codes"]) == ["SCM.FRAUD"]


REFUSED = [
    pytest.param({"policies": ("SCM.FRUAD",)}, "did you mean 'SCM.FRAUD'", id="a code"),
    pytest.param({"policies": ("fraud",)}, "'fraud' is not a policy code", id="no code"),
    pytest.param({"name": "القمار"}, "is not a package name.*--name", id="a name"),
    pytest.param({"markets": ("XX",)}, "'XX' is not a market", id="a market"),
    pytest.param({"languages": ("Arabic",)}, "is not a language", id="a language"),
    pytest.param({}, "which policy code is it for.*GMB.REAL, SCM.FRAUD", id="which code"),
]


@pytest.mark.parametrize("form", ["xlsx", "yaml"])
@pytest.mark.parametrize(("options", "said"), REFUSED)
def test_what_cannot_be_begun(options: dict[str, object], said: str, form: Form) -> None:
    """One sentence, and nothing is left behind, no folder either."""
    begun("rules/a", form="yaml", policies=("GMB.REAL", "SCM.FRAUD"))
    before = sorted(Path("rules").rglob("*"))
    with pytest.raises(InputError, match=said):
        begun("rules/b/c", **{"policies": ("SCM.FRAUD",), "form": form} | options if options
              else {"form": form})  # fmt: skip
    assert sorted(Path("rules").rglob("*")) == before


def test_the_version_is_of_its_month() -> None:
    """The first version has the name of the month that the package is begun in."""
    done = start(Order("a", "me", date(2031, 2, 28), form="yaml"), package_workbook)
    assert "version: 2031.2.1\n" in done.package.read_text("utf-8")
