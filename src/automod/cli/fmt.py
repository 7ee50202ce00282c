"""`automod fmt`: the canonical form of packages, tables, overrides and the policy table."""

from __future__ import annotations

import click

from .exits import NO, YES, say
from .options import quiet_option


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--check", is_flag=True, help="Change nothing; exit with 1 if a file would be changed."
)
@click.option("--diff", is_flag=True, help="Change nothing; print what would be changed.")
@quiet_option
def fmt(paths: tuple[str, ...], *, check: bool, diff: bool, quiet: bool) -> int:
    """Bring files into their canonical form, and print the names of those that changed.

    PATH is a file (.yaml, .csv, .tsv) or a folder of rules. YAML becomes blocks with its keys in
    order and quotes only where they are needed; a text from right to left has a line of its own.
    A table becomes UTF-8 with commas, English headers, and a column in Latin letters behind
    'value'. Comments stay, and what the files say stays the same: the digest does not change.

    \b
    automod fmt rules/
    automod fmt rules/ --check
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.format_text import format_diff, format_summary
    from automod.workshop.editing import write_files
    from automod.workshop.formatting import formatted

    files = formatted(paths)
    changed = [one for one in files if one.changes]
    if not quiet:
        say(*(one.note for one in files if one.note is not None))
    dry = check or diff
    if not dry:
        write_files({one.file: one.after for one in changed})
    for line in format_diff(changed) if diff else (one.file for one in changed):
        click.echo(line)
    if not quiet:
        say(format_summary(files, check=dry))
    return NO if check and changed else YES
