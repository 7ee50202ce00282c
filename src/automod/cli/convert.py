"""`automod convert`: the same content in another sort of file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from automod.errors import InputError, LoadError

from .exits import YES, say
from .options import lang_option, quiet_option

if TYPE_CHECKING:
    from automod.report.labels import Lang
    from automod.workshop.conversion import Content


@click.command()
@click.argument("source", metavar="IN")
@click.option(
    "-o", "--output", required=True, metavar="FILE",
    help="The file to write; its suffix says of what sort.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@lang_option
@quiet_option
def convert(source: str, *, output: str, force: bool, lang: Lang, quiet: bool) -> int:
    """Write what a file holds as a file of another sort.

    \b
    a package    .yaml <-> .xlsx      its tables go into the workbook; rules stay in YAML
    a table      .csv  <-> .xlsx
    a word list  .txt   -> .csv .xlsx  one a line, # for comments; LDNOOBW's files have no suffix
    a hash list  .json  -> .csv .xlsx  indicators as ThreatExchange's API returns them

    What was written is read again before it takes its name: it holds the same, or it is not
    there. What a list has that makes no material is told on standard error, one by one.

    \b
    automod convert rules/gambling/package.yaml -o gambling.xlsx --lang ar
    automod convert words.txt -o terms.csv
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.workshop.conversion import read_content

    if Path(output).exists() and not force:
        raise click.UsageError(f"{output} is there already; give --force to write over it")
    content = read_content(source)
    data = _written(content, source, output, lang)
    _place(data, content, output)
    if not quiet:
        say(*content.notes, *map(str, content.left_out), _told(content, output))
    return YES


def _written(content: Content, source: str, output: str, lang: Lang) -> bytes:
    from automod.report.package_workbook import package_workbook, table_workbook
    from automod.workshop.choices import choices_above
    from automod.workshop.conversion import csv_text, refuse_what_no_table_holds, yaml_text

    suffix = Path(output).suffix.lower()
    if suffix in (".yaml", ".yml"):
        return yaml_text(content).encode()
    if suffix in (".csv", ".tsv"):
        return csv_text(content, "\t" if suffix == ".tsv" else ",").encode()
    if suffix != ".xlsx":
        raise click.UsageError(f"cannot write {output!r}; the suffix is .yaml, .csv, .tsv or .xlsx")
    refuse_what_no_table_holds(content)
    choices = choices_above(source, output)
    if content.is_package:
        return package_workbook(content.data, choices, lang=lang)
    return table_workbook(content.materials, choices, lang=lang)


def _place(data: bytes, content: Content, output: str) -> None:
    """Let a file take its name when it was read again and holds the same."""
    from automod.workshop.conversion import differences, read_again
    from automod.workshop.editing import write_files

    try:
        lost = differences(content, read_again(data, output))
    except LoadError as error:
        lost = [fault.message for fault in error.faults]
    if lost:
        raise InputError(f"{output} cannot hold all of it: {'; '.join(lost)}; nothing was written")
    write_files({output: data})


def _told(content: Content, output: str) -> str:
    count = len(content.materials)
    told = f"wrote {output}: {count} material{'' if count == 1 else 's'}"
    out = len(content.left_out)
    return f"{told}, {out} left out" if out else told
