"""Writes the generated pages: commands, the linter's checks, reasons, and the picture of a scan.

`python docs/generate.py` writes them anew, `--check` fails if one of them is not current.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

import package_pages
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


def lint_codes() -> str:
    """Every check of the linter, with a bad and a good file."""
    from automod.workshop.lint.registry import all_checks

    checks = all_checks()
    table = "\n".join(
        f"| [{one.code}](#{one.code.lower()}-{one.name}) | {one.severity} | {_begun(one, 'en')} |"
        for one in checks
    )
    parts = "\n\n".join(map(_lint_check, checks))
    return f"{LINT_HEAD}\n| code | severity | what is found |\n|---|---|---|\n{table}\n\n{parts}\n"


LINT_HEAD = """\
# What `automod lint` finds

This page is made from the checks themselves; `make docs` writes it, and `automod lint --explain
CODE` prints a part of it. Every bad file below is found by its check, and no good file is.

`error`: it does not load, or does not do what it says. `warning`: it probably does not do what was
meant. `info`: worth a look. A finding is left out by a key in its entry, with a reason:
`x-ignore: "AM203: the brand is spelt so"`. What does not load (AM0) cannot be left out.
"""


def _lint_check(check: Any) -> str:
    from automod.workshop.lint.example_files import is_fixable

    mended = "`--fix` mends it" if is_fixable(check) else "a person has to decide"
    lines = [
        f"## {check.code} {check.name}",
        f"**{_begun(check, 'en')}** ({check.severity}; {mended}).", check.why["en"],
        f'<div dir="rtl">{check.title["ar"]}. {check.why["ar"]}</div>',
        *_lint_files(check, "bad"), *_lint_files(check, "good"),
    ]  # fmt: skip
    return "\n\n".join(lines)


def _begun(check: Any, lang: str) -> str:
    """The title of a check, as a line begins."""
    title: str = check.title[lang]
    return title[:1].upper() + title[1:]


def _lint_files(check: Any, sort: Any) -> Iterator[str]:
    from automod.report.lint_text import content_of
    from automod.workshop.lint.example_files import files_of, place_of

    place = place_of(check, sort)
    for file in files_of(check, sort):
        name = "" if file == place else f" `{file.relative_to(place).as_posix()}`"
        text = content_of(file).rstrip("\n")
        yield f"{sort.capitalize()}{name}:\n\n```{file.suffix.removeprefix('.')}\n{text}\n```"


REASONS_ARE = """\
The codes that a decision gives, and what they say to whom; blanks are filled in from the reason's
values. This page is made of the catalogue; `make docs` writes it."""


def reasons() -> str:
    """Every reason of a decision, and every code of what was not evaluated, in its sentences."""
    parts = [
        "# Reasons",
        REASONS_ARE,
        "## Of a verdict",
        "\n\n".join(_spoken("reasons")),
        "## Of what was not evaluated",
        "\n\n".join(_spoken("not_evaluated")),
    ]
    return "\n\n".join(parts) + "\n"


def _spoken(part: str) -> Iterator[str]:
    from automod.model.vocabulary import NOT_EVALUATED
    from automod.policy.reasons import AUDIENCES, LANGUAGES, catalogue

    for code in catalogue("en")["analyst"][part]:
        later = " Trying again may help." if NOT_EVALUATED.get(code) else ""
        told = [
            f"| {reader} | {language} | {catalogue(language)[reader][part].get(code, '')} |"
            for reader in AUDIENCES
            for language in LANGUAGES
        ]
        head = ["| for | in | sentence |", "|---|---|---|"]
        yield (
            f"### {code}\n\n"
            + (f"{later.strip()}\n\n" if later else "")
            + "\n".join([*head, *told])
        )


PACKAGES = sorted(path.parent.name for path in (ROOT / "rulesets").glob("*/package.yaml"))

GENERATED: dict[str, Callable[[], str]] = {
    "docs/cli.md": cli_reference,
    "docs/lint.md": lint_codes,
    "docs/reasons.md": reasons,
    "docs/images/scan.svg": scan_image,
    "docs/rulesets/README.md": package_pages.index,
    "docs/rulesets/misses.md": package_pages.misses,
    **{f"docs/rulesets/{name}.md": partial(package_pages.page, name) for name in PACKAGES},
}
"""File -> what makes its text."""


def stale() -> list[str]:
    """The generated files that are not what would be generated now, or that nothing makes."""
    held = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/rulesets").glob("*.md")}
    return sorted(held - GENERATED.keys()) + [
        name
        for name, make in GENERATED.items()
        if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != make()
    ]


def write() -> None:
    """Writes every generated file anew, and takes away the pages of packages that are gone."""
    for path in (ROOT / "docs/rulesets").glob("*.md"):
        if path.relative_to(ROOT).as_posix() not in GENERATED:
            path.unlink()
    for name, make in GENERATED.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(make(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        write()
    elif names := stale():
        sys.exit(f"not current, `make docs` writes them anew: {', '.join(names)}")
