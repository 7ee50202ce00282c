"""Every block of every page runs, and every generated page is current.

A page is a session in one folder, which holds the bundled rulesets and creatives:

- `python`: runs; with `>>>` what it prints is compared (doctest). `python spark` needs a Spark, and
  runs where `test_spark.py` does.
- `console`: lines that begin `$ ` run in a shell; the lines below each are what it prints (`...`
  stands for anything). A command without output shown must succeed.
- any language with `file=NAME`: is written to that file, for the blocks after it.
- `sh`: set-up commands a reader runs once; only their names are checked.

No other block is let in: what nothing runs drifts. On the page about matching that holds for tables
too: each is known by its head, and every row of it is tried.
"""

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import automod
import generate
from automod.cli.main import main
from automod.engine.engine import Engine
from automod.engine.explain import Explanation, explain
from automod.model.ruleset import Material
from automod.report.labels import fold_words
from automod.text.evidence import CONFIDENCE

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md"))]
WRITTEN = [page for page in PAGES if page not in generate.GENERATED]
FENCE = re.compile(r"^```(\w*) *(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*\n(?:> .*\n)*)((?:(?!\$ ).*\n)*)", re.MULTILINE)
INVISIBLE = re.compile("[\u200e\u200f\u2066-\u2069]")
"""What holds Arabic together on a terminal; a page shows the line without it."""
LINK = re.compile(r"\]\(([^)#\s]+)")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.FAIL_FAST


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    place: str
    language: str
    info: str
    text: str


class Session:
    """One reader, going down one page: a folder, a namespace, the last exit code."""

    def __init__(self, folder: Path, *, has_spark: bool = False) -> None:
        self.folder = folder
        self.has_spark = has_spark
        self.names: dict[str, object] = {}
        self.code = 0

    def run(self, block: Block) -> None:
        """Does with the block what a reader would do."""
        if block.info == "spark" and block.language == "python" and not self.has_spark:
            return
        if block.info.startswith("file="):
            self.write(block)
        elif block.language == "python":
            self.python(block)
        elif block.language == "console":
            self.console(block)
        elif block.language == "sh":
            check_setup(block)
        else:
            pytest.fail(
                f"{block.place}: a block of {block.language or 'no language'} that nothing runs"
            )

    def write(self, block: Block) -> None:
        """Writes a file of the page; one that ends in .yaml or .yml must be YAML."""
        target = self.folder / block.info.removeprefix("file=")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, encoding="utf-8")
        if target.suffix in {".yaml", ".yml"}:
            assert yaml.safe_load(block.text), block.place

    def python(self, block: Block) -> None:
        """Runs the block, as a doctest where it has prompts."""
        if ">>> " not in block.text:
            exec(compile(block.text, block.place, "exec"), self.names)
            return
        parsed = doctest.DocTestParser().get_doctest(block.text, self.names, block.place, None, 0)
        report: list[str] = []
        runner = doctest.DocTestRunner(optionflags=FLAGS)
        failed, _ = runner.run(parsed, out=report.append, clear_globs=False)
        self.names.update(parsed.globs)
        assert not failed, f"{block.place}\n{''.join(report)}"

    def console(self, block: Block) -> None:
        """Runs each command, and compares what it prints with what the page shows."""
        commands = COMMAND.findall(block.text)
        assert commands, f"{block.place}: no line begins '$ '"
        for typed, shown in commands:
            command = typed.replace("\n> ", "\n").strip()
            printed = self.shell(command)
            if shown.strip():
                same = doctest.OutputChecker().check_output(shown, printed, FLAGS)
                assert same, f"{block.place}: $ {command}\n{printed}"
            else:
                assert self.code == 0, f"{block.place}: $ {command}\n{printed}"

    def shell(self, command: str) -> str:
        """What a terminal 100 columns wide shows; `$?` is the exit code of the command before."""
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        ran = subprocess.run(
            ["bash", "-c", f"(exit {self.code}); {command}"],
            cwd=self.folder,
            env={**os.environ, "PATH": programs, "COLUMNS": "100", "NO_COLOR": "1"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        self.code = ran.returncode
        return INVISIBLE.sub("", ran.stdout)


def check_setup(block: Block) -> None:
    """A set-up block has only known commands: make with a target there is, pip with our name."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in block.text.splitlines():
        words = line.split("#")[0].split()
        if words[:1] == ["make"]:
            assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), f"{block.place}: {line}"
        else:
            wanted = r'pip install (automod-ads|"automod-ads\[[a-z]+\]")'
            assert re.fullmatch(wanted, " ".join(words)), f"{block.place}: {line}"


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(f"{page}:{line}", *found.groups())


@pytest.mark.parametrize("page", WRITTEN)
def test_every_block_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who types what the page says sees what the page shows."""
    shutil.copytree(ROOT / "tests/small_rulesets", tmp_path / "rulesets")
    shutil.copytree(ROOT / "src/automod/demo", tmp_path / "src/automod/demo")
    monkeypatch.chdir(tmp_path)
    session = Session(tmp_path)
    found = list(blocks(page))
    for block in found:
        session.run(block)
    assert found


# --- tables of the page about matching -----------------------------------------------------------

MATCHING = "docs/matching.md"
POLICIES = """\
codes: {X.Y: {title: {en: T}, severity: high, default: {stance: prohibited, ground: platform}}}
"""
HITS = ("material", "text", "hit", "why")
DEFAULTS = ("written in", "letters", "`evasion`", "`safe`", "boundary")
COSTS = ("fold", "in reports", "leaves")
CELL = re.compile(r"(?<!\\)\|")
CODE = re.compile(r"`([^`]*)`")
ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def tables(page: str) -> Iterator[tuple[tuple[str, ...], list[list[str]]]]:
    """The tables of a page: head and rows, cells as they are written."""
    text = FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    for found in re.finditer(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        rows = [
            [cell.strip().replace("\\|", "|") for cell in CELL.split(line)[1:-1]]
            for line in found[0].splitlines()
        ]
        yield tuple(rows[0]), rows[2:]


def rows_of(head: tuple[str, ...]) -> list[list[str]]:
    """The rows of every table with this head."""
    return [row for one, rows in tables(MATCHING) if one == head for row in rows]


def codes(cell: str) -> list[str]:
    """What a cell has in code, escapes undone."""
    return [ESCAPE.sub(lambda one: chr(int(one[1], 16)), code) for code in CODE.findall(cell)]


def loaded(folder: Path, value: str, settings: Iterable[str]) -> tuple[Engine, Material]:
    """A package of one material, loaded as an analyst's is."""
    keys = dict(re.split(": ", one, maxsplit=1) for one in settings)
    languages = keys.pop("languages", "[]")
    material: dict[str, Any] = {"id": "m", "kind": "keyword", "weight": "strong", "value": value}
    material |= {key: yaml.safe_load(text) for key, text in keys.items()}
    package: dict[str, Any] = {"package": "p", "version": "1", "owner": "o", "policy": ["X.Y"]}
    package |= {"languages": yaml.safe_load(languages), "materials": [material]}
    (folder / "policies.yaml").write_text(POLICIES, encoding="utf-8")
    (folder / "p.yaml").write_text(json.dumps(package), encoding="utf-8")
    ruleset = automod.load(folder)
    return automod.compile(ruleset), ruleset.packages[0].materials[0]


@pytest.mark.parametrize("row", rows_of(HITS), ids=" | ".join)
def test_what_the_page_says_of_a_spelling_is_so(row: list[str], tmp_path: Path) -> None:
    """Whether it hits, in which view, how sure, by which folds; or the cause why it does not."""
    (value, *settings), (text,) = map(codes, row[:2])
    engine, _ = loaded(tmp_path, value, settings)
    found = explain(engine, {"id": "c", "markets": ["SA"], "text": {"body": text}}, "p/m")
    if row[2] == "no":
        assert (found.decision.hits, cause_of(found)) == ((), codes(row[3])[0])
        return
    (hit,) = found.decision.hits
    view, _, sure = row[2].partition(" ")
    assert (hit.view, hit.confidence) == (view, float(sure or 1))
    names = fold_words(tuple(name for name in hit.folds if name != "case"), "en")
    assert row[3].partition(":")[0] == names or not names
    product = reduce(lambda sofar, factor: sofar * factor[1], found.how[0].factors, 1.0)
    assert round(product, 4) == hit.confidence


def cause_of(found: Explanation) -> str:
    """The nearest cause why what was asked about did not hit."""
    assert found.asked is not None
    return found.asked.causes[0].code


@pytest.mark.parametrize("row", rows_of(DEFAULTS), ids=lambda row: row[0])
def test_the_defaults_are_what_the_page_says(row: list[str], tmp_path: Path) -> None:
    """A word of so many letters is looked for in evasion, one of fewer in safe; its boundary."""
    settings, boundary = codes(row[0]), codes(row[4])[0]
    for view, cell in (("evasion", row[2]), ("safe", row[3])):
        for value in codes(cell):
            _, material = loaded(tmp_path, value, settings)
            assert (material.view, material.boundary) == (view, boundary)
    lengths = [len(codes(cell)[0]) for cell in row[2:4] if cell]
    assert row[1] == "never" or lengths in ([int(row[1]), int(row[1]) - 1], [int(row[1])])


def test_every_fold_that_costs_confidence_is_in_the_table() -> None:
    """With its label, and what it leaves."""
    told = [(codes(fold)[0], label, float(leaves)) for fold, label, leaves in rows_of(COSTS)]
    expected = [(name, fold_words((name,), "en"), sure) for name, sure in CONFIDENCE.items()]
    assert sorted(told) == sorted(expected)


def test_no_table_about_matching_is_left_out() -> None:
    """Each has a head that a test above reads."""
    assert {head for head, _ in tables(MATCHING)} == {HITS, DEFAULTS, COSTS}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """A link inside the project names a file of the project."""
    text = FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    local = [link for link in LINK.findall(text) if not link.startswith("http")]
    assert [link for link in local if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("name", sorted(generate.GENERATED))
def test_generated_pages_are_current(name: str) -> None:
    """What is generated is what would be generated now; `make docs` writes it anew."""
    assert (ROOT / name).read_text(encoding="utf-8") == generate.GENERATED[name]()


def test_every_command_and_option_has_help() -> None:
    """No command, and no option of one, is left to guessing."""
    silent = [
        f"{name} {parameter.opts[-1]}"
        for name, command in main.commands.items()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert [name for name, command in main.commands.items() if not command.help] == []
    assert silent == []
