"""`automod explain`: why a creative was decided on as it was."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from .exits import INCOMPLETE, YES, say
from .options import (
    on_option,
    page_options,
    rules_option,
    sample_cache,
    text_creative,
    text_options,
)

if TYPE_CHECKING:
    from automod.engine.explain import Explanation
    from automod.model.ruleset import Ruleset


@click.command()
@click.argument("source", required=False, metavar="[INPUT]")
@rules_option
@click.option("--id", "wanted", metavar="ID", help="The creative of INPUT to explain.")
@text_options
@click.option(
    "--material", metavar="ID",
    help="Why this material, rule or allow (PACKAGE/ID) did, or did not, count.",
)  # fmt: skip
@on_option
@page_options("also what changes only in case, and tokens that are read as no word of material")
def explain(source: str | None, rules: tuple[str, ...], **options: Any) -> int:
    """Show how a decision came about, and why not.

    The text as each view has it, and disguises as they are read; what hit, how that came about and
    how sure it is; and, with --material, the nearest reason why something did not hit.

    \b
    automod explain --text "..." --market SA -r rules/ --material gambling/casino
    automod explain ads.jsonl --id ad-7 -r rules/

    Exits with 3, and says why, where the creative is none: an unknown key, a date that is none.
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.engine.compile import compile
    from automod.engine.explain import explain as explanation_of
    from automod.engine.reading import load_with_notes

    from .clock import now

    _check(source, options)
    ruleset, notes = load_with_notes(*rules, cache=sample_cache())
    if not options["quiet"]:
        say(*notes)
    asked = _asked(options["material"], ruleset)
    creative = _creative(source, options)
    on = options["on"]
    if on is None and creative.get("on") is None:
        on = now().date()
    found = explanation_of(compile(ruleset), creative, asked, on)
    _print(creative, found, options, ruleset)
    return YES if found.fault is None else INCOMPLETE


def _asked(name: str | None, ruleset: Ruleset) -> str | None:
    """The one id that --material names.

    Raises:
        click.UsageError: there is none, or there are several.
    """
    if name is None:
        return None
    from automod.workshop.lookup import ids

    from .show import unknown

    found = ids(ruleset, name)
    if not found:
        raise unknown(name, ruleset)
    if len(found) > 1:
        raise click.UsageError(f"{name!r} may be any of: {', '.join(found)}")
    return found[0]


def _check(source: str | None, options: dict[str, Any]) -> None:
    if (source is None) == (options["text"] is None):
        raise click.UsageError("give either INPUT with --id, or --text")
    if source is not None and options["wanted"] is None:
        raise click.UsageError("INPUT needs --id: which of its creatives?")
    if source is not None and (options["markets"] or options["language"]):
        raise click.UsageError("--market and --language go with --text; files have their own")
    if source is None and not options["markets"]:
        raise click.UsageError("--text needs --market: what is risky depends on where it runs")


def _creative(source: str | None, options: dict[str, Any]) -> dict[str, Any]:
    """The one creative that is asked about, as `scan` reads it.

    Raises:
        click.UsageError: the file has none of that id.
    """
    if source is None:
        return text_creative(options["text"], options["markets"], options["language"])
    from automod.batch.sources import read_all

    for one in read_all([(source, sys.stdin.buffer if source == "-" else source)]):
        if isinstance(one, dict) and one.get("id") == options["wanted"]:
            return one
    raise click.UsageError(f"{source} has no creative with the id {options['wanted']!r}")


def _print(
    creative: dict[str, Any], found: Explanation, options: dict[str, Any], ruleset: Ruleset
) -> None:
    from automod.report.explanation_text import explanation_dict, explanation_text
    from automod.report.page import titles_of
    from automod.report.scan_report import console_for, page_for, show
    from automod.report.target import standard_output

    stream = standard_output()
    if options["chosen"] == "json":
        stream.write(json.dumps(explanation_dict(found), ensure_ascii=False, indent=2) + "\n")
        return
    console, lang = console_for(stream), options["lang"]
    titles = titles_of(ruleset.policies, lang)
    page = page_for(console, lang, detail=options["verbose"], titles=titles)
    show(console, explanation_text(creative, found, page))
