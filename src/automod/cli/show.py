"""`automod show`: everything a ruleset knows of one name."""

from __future__ import annotations

import json
from typing import Any

import click

from .exits import YES, say
from .options import approval_option, on_option, page_options, rules_option, sample_cache


@click.command()
@click.argument("name", metavar="ID")
@rules_option
@approval_option
@click.option(
    "--market", "markets", multiple=True, metavar="MARKET",
    help="What is in force in this market; may be repeated.",
)  # fmt: skip
@on_option
@page_options("lists in full")
def show(name: str, rules: tuple[str, ...], **options: Any) -> int:
    """Show all that a ruleset knows of a name.

    ID is a package, PACKAGE/ID (or the ID alone), an override, or a policy code.

    \b
    automod show GMB.REAL --market SA -r rules/
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.engine.reading import load_with_notes
    from automod.workshop.lookup import look_up

    from .clock import now

    ruleset, notes = load_with_notes(
        *rules, cache=sample_cache(), require_approval=options["require_approval"]
    )
    if not options["quiet"]:
        say(*notes)
    try:
        found = look_up(ruleset, name, options["markets"], on=options["on"] or now().date())
    except KeyError:
        raise unknown(name, ruleset) from None
    if options["chosen"] == "json":
        click.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False, indent=2))
    else:
        _print(found, options)
    return YES


def unknown(name: str, ruleset: Any) -> click.UsageError:
    """The error about a name that the ruleset does not have, with the nearest that it has."""
    from automod.load.faults import did_you_mean
    from automod.workshop.lookup import names

    known = list(names(ruleset))
    hint = did_you_mean(name, [*known, *(one.rpartition("/")[2] for one in known)])
    return click.UsageError(f"the ruleset has no {name!r}" + (f"; {hint}" if hint else ""))


def _plain(entry: Any) -> dict[str, Any]:
    return {"kind": entry.kind, "id": entry.id, **entry.facts}


def _print(found: Any, options: dict[str, Any]) -> None:
    from automod.report.entry_text import entry_text
    from automod.report.scan_report import console_for, page_for, show
    from automod.report.target import standard_output

    console = console_for(standard_output())
    page = page_for(console, options["lang"], detail=options["verbose"])
    for place, entry in enumerate(found):
        if place:
            console.print()
        show(console, entry_text(entry, page))
