"""Every block of every page runs, and every generated page is current.

A page is a session in one folder, which holds the bundled rulesets and creatives:

- `python`: runs; with `>>>` what it prints is compared (doctest).
- `console`: lines that begin `$ ` run in a shell; the lines below each are what it prints (`...`
  stands for anything). A command without output shown must succeed.
- any language with `file=NAME`: is written to that file, for the blocks after it.
- `sh`: set-up commands a reader runs once; only their names are checked.

No other block is let in: what nothing runs drifts.
"""

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
import yaml

import generate
from automod.cli.main import main

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

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, object] = {}
        self.code = 0

    def run(self, block: Block) -> None:
        """Does with the block what a reader would do."""
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
            assert words[:3] == ["pip", "install", "automod-ads"], f"{block.place}: {line}"


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(f"{page}:{line}", *found.groups())


@pytest.mark.parametrize("page", WRITTEN)
def test_every_block_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who types what the page says sees what the page shows."""
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    shutil.copytree(ROOT / "src/automod/demo", tmp_path / "src/automod/demo")
    monkeypatch.chdir(tmp_path)
    session = Session(tmp_path)
    found = list(blocks(page))
    for block in found:
        session.run(block)
    assert found


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
