"""Writes the generated pages: docs/cli.md from --help, docs/images/scan.svg from a real scan.

`python docs/generate.py` writes them anew, `--check` fails if one of them is not current.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from picture import picture

ROOT = Path(__file__).parents[1]
WIDTH = 100
SHOWN = ("ad-01", "ad-13", "ad-07", "ad-08", "ad-09", "ad-12")
"""The bundled ads of the picture: evasion, a certificate, a doubt, an allow, a near-miss."""


def cli_reference() -> str:
    """The help of every command, as one page of Markdown."""
    from automod.cli.main import main  # the rest of the script runs without the CLI

    pages = "\n\n".join(_help_pages(main, "automod", None))
    return f"# Commands\n\nThis page is what `--help` says; `make docs` writes it.\n\n{pages}\n"


def _help_pages(command: click.Command, path: str, parent: click.Context | None) -> Iterator[str]:
    name = path.rsplit(" ", 1)[-1]
    context = click.Context(command, parent, name, **command.context_settings)
    context.terminal_width = context.max_content_width = WIDTH
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    yield f"{'#' * min(2 + path.count(' '), 4)} {path}\n\n```text\n{text}\n```"
    if isinstance(command, click.Group):
        for sub_name, child in sorted(command.commands.items()):
            yield from _help_pages(child, f"{path} {sub_name}", context)


def scan_image() -> str:
    """A picture of what `automod scan` prints in a terminal."""
    creatives = (ROOT / "src/automod/demo/creatives.jsonl").read_text(encoding="utf-8")
    shown = [line for line in creatives.splitlines() if json.loads(line)["id"][:5] in SHOWN]
    with TemporaryDirectory() as folder:
        (Path(folder) / "ads.jsonl").write_text("\n".join(shown), encoding="utf-8")
        (Path(folder) / "rulesets").symlink_to(ROOT / "rulesets")
        (Path(folder) / "story.jpg").symlink_to(ROOT / "src/automod/demo/story.jpg")
        printed = _in_a_terminal(folder, "scan", "ads.jsonl", "-r", "rulesets")
    typed = "$ automod scan ads.jsonl -r rulesets"
    return picture(f"{typed}\n\n{printed}", "automod scan: six ads and what became of each", WIDTH)


def _in_a_terminal(folder: str, *words: str) -> str:
    """What `automod` prints where it believes that its output is a terminal with colours."""
    surroundings = {
        name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}
    }
    surroundings |= {"COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    program = Path(sys.executable).with_name("automod")
    return subprocess.run(
        [program, *words], cwd=folder, env=surroundings,
        capture_output=True, text=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip


GENERATED: dict[str, Callable[[], str]] = {
    "docs/cli.md": cli_reference,
    "docs/images/scan.svg": scan_image,
}
"""File -> what makes its text."""


def stale() -> list[str]:
    """The generated files that are not what would be generated now."""
    return [
        name
        for name, make in GENERATED.items()
        if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != make()
    ]


def write() -> None:
    """Writes every generated file anew."""
    for name, make in GENERATED.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(make(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        write()
    elif names := stale():
        sys.exit(f"not current, `make docs` writes them anew: {', '.join(names)}")
