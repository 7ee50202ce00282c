"""`automod test`: the examples of packages, tried on what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from automod.errors import LoadError

from .exits import NO, YES, say
from .options import (
    format_of,
    lang_option,
    on_option,
    output_option,
    quiet_option,
    refuse_without_file,
    sample_cache,
)

if TYPE_CHECKING:
    from automod.load.source import Source
    from automod.workshop.examples import ExamplesRun

FORMATS: Final = ("text", "json", "github", "xlsx")
SUFFIXES: Final = {".txt": "text", ".json": "json", ".xlsx": "xlsx"}


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="Folder or file of packages, overrides and policies.yaml; may be repeated. With PATH: "
    "what they lean on, whose own examples are not tried.",
)  # fmt: skip
@click.option(
    "--package", "packages", multiple=True, metavar="NAME",
    help="Try the examples of this package alone; may be repeated.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit 1 also where what is marked as known is mended.")
@on_option
@click.option(
    "-f", "--format", "chosen", type=click.Choice(FORMATS),
    help="How results are written; else told from the suffix of -o, else text.",
)  # fmt: skip
@output_option
@lang_option
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Text: also the examples that passed.")
def examine(paths: tuple[str, ...], rules: tuple[str, ...], **options: Any) -> int:
    """Try the examples of packages, and say why those fail that do.

    An example must hit exactly what it names, wherever and whenever its package acts; drafts are
    tried as if they were live. The columns example and not_example say what must, and what must
    not, hit one material. What is marked `known: miss` or `known: false_alarm` is reported, and no
    failure; once it works, it says so.

    A package without a policy table is read with that of the folders above it.

    \b
    automod test rules/
    automod test rules/gambling -r rules/ --lang ar
    automod test rules/ --strict -f github
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.workshop.choices import read_with_table, table_note
    from automod.workshop.examples import run_examples

    from .clock import now

    if not paths and not rules:
        raise click.UsageError("give a PATH, or -r PATH: where are the packages?")
    chosen = format_of(options["chosen"], options["output"], SUFFIXES)
    refuse_without_file(chosen, options["output"])
    source, table = read_with_table(*paths, *rules, cache=sample_cache())
    if table is not None and not options["quiet"]:
        say(table_note(table))
    if source.faults:
        raise LoadError(source.faults)
    if not options["quiet"]:
        say(*source.notes)
    wanted = _wanted(source, paths if rules else (), options["packages"])
    on = options["on"] or now().date()
    run = run_examples(source, on, wanted, sample_cache())
    _write(run, chosen, options)
    return YES if run.passed(strict=options["strict"]) else NO


def _wanted(source: Source, paths: Sequence[str], packages: Sequence[str]) -> list[str]:
    """The packages whose examples are tried: those that are named, of those below the paths.

    Raises:
        click.UsageError: a name is of no package there, or the paths hold none.
    """
    from automod.load.faults import did_you_mean

    folders = [Path(one).resolve() for one in paths]
    there = [
        one.name
        for one in source.packages
        if not folders
        or any(Path(one.file.read.at(()).file).resolve().is_relative_to(at) for at in folders)
    ]
    for name in packages:
        if name not in there:
            hint = did_you_mean(name, there) or f"there are: {', '.join(there)}"
            raise click.UsageError(f"there is no package {name!r}; {hint}")
    if not there:
        raise click.UsageError(f"no package is in {', '.join(paths)}")
    return list(packages) or there


def _write(run: ExamplesRun, chosen: str, options: dict[str, Any]) -> None:
    from automod.report.examples_github import examples_github
    from automod.report.examples_json import examples_json
    from automod.report.examples_text import examples_text
    from automod.report.examples_xlsx import examples_xlsx
    from automod.report.scan_report import console_for, page_for, show
    from automod.report.target import placing, writing

    lang, output, strict = options["lang"], options["output"], options["strict"]
    if chosen == "xlsx":
        data = examples_xlsx(run, lang)
        with placing(output) as place:
            place.write_bytes(data)
        return
    with writing(output) as stream:
        if chosen == "json":
            stream.write(examples_json(run, lang, strict=strict))
        elif chosen == "github":
            stream.write(examples_github(run, lang, strict=strict))
        else:
            console = console_for(stream, terminal=output is None)
            show(console, examples_text(run, page_for(console, lang, detail=options["verbose"])))
