"""`automod explain`: why a creative was decided on as it was."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from .exits import INCOMPLETE, NO, YES, say
from .options import (
    approval_option,
    on_option,
    page_options,
    sample_cache,
    text_creative,
    text_options,
)

if TYPE_CHECKING:
    from automod.engine.explain import Explanation
    from automod.model.ruleset import Ruleset
    from automod.workshop.remaking import Difference


@click.command()
@click.argument("source", required=False, metavar="[INPUT]")
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="Folder or file of packages, overrides and policies.yaml, or a bundle. Repeatable.",
)  # fmt: skip
@click.option(
    "--bundle", metavar="FILE",
    help="A ruleset that 'automod bundle' put away, instead of -r.",
)  # fmt: skip
@click.option(
    "--other-version", is_flag=True,
    help="Take a bundle of another version of folding or matching: decisions may differ.",
)  # fmt: skip
@click.option(
    "--decision", "stored", metavar="FILE",
    help="Stored decisions (JSONL or Parquet): exit 1 if the creative's is another now. It is made "
    "for the day of the stored one.",
)  # fmt: skip
@approval_option
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
    automod explain ads.jsonl --id ad-7 --bundle sha256-….automod --decision decisions.jsonl

    Exits with 3, and says why, where the creative is none: an unknown key, a date that is none.
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.engine.compile import compile
    from automod.engine.explain import explain as explanation_of

    from .clock import now

    _check(source, rules, options)
    ruleset = _ruleset(rules, options)
    asked = _asked(options["material"], ruleset)
    creative = _creative(source, options)
    engine = compile(ruleset)
    stored = _stored(creative, engine.digest, options)
    on = options["on"] or (None if stored is None else stored["on"])
    if on is None and creative.get("on") is None:
        on = now().date()
    found = explanation_of(engine, creative, asked, on)
    differing = None if stored is None else _differing(stored, found)
    _print(creative, found, differing, options, ruleset)
    if found.fault is not None:
        return INCOMPLETE
    return NO if differing else YES


def _ruleset(rules: tuple[str, ...], options: dict[str, Any]) -> Ruleset:
    from automod.engine.reading import load_with_notes

    ruleset, notes = load_with_notes(
        *(rules or [options["bundle"]]), cache=sample_cache(),
        require_approval=options["require_approval"], other_version=options["other_version"],
    )  # fmt: skip
    if not options["quiet"]:
        say(*notes)
    return ruleset


def _stored(creative: dict[str, Any], digest: str, options: dict[str, Any]) -> Any:
    """The stored decision that --decision asks for; None where it was not given."""
    if options["stored"] is None:
        return None
    from automod.workshop.remaking import stored_decision

    on = options["on"]
    day = None if on is None else on.isoformat()
    return stored_decision(options["stored"], str(creative.get("id")), digest, day)


def _differing(stored: Any, found: Explanation) -> tuple[Difference, ...]:
    from automod.workshop.remaking import differences

    return differences(stored, json.loads(found.decision.to_json()))


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


def _check(source: str | None, rules: tuple[str, ...], options: dict[str, Any]) -> None:
    if bool(rules) == (options["bundle"] is not None):
        raise click.UsageError("give either -r RULES or --bundle FILE")
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
    creative: dict[str, Any],
    found: Explanation,
    differing: tuple[Difference, ...] | None,
    options: dict[str, Any],
    ruleset: Ruleset,
) -> None:
    from automod.report.explanation_text import explanation_dict, explanation_text
    from automod.report.page import titles_of
    from automod.report.remade_text import remade_dict, remade_text
    from automod.report.scan_report import console_for, page_for, show
    from automod.report.target import standard_output

    stream = standard_output()
    if options["chosen"] == "json":
        told = explanation_dict(found)
        if differing is not None:
            told["stored"] = remade_dict(differing)
        stream.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return
    console, lang = console_for(stream), options["lang"]
    titles = titles_of(ruleset.policies, lang)
    page = page_for(console, lang, detail=options["verbose"], titles=titles)
    show(console, explanation_text(creative, found, page))
    if differing is not None:
        console.print()
        for line in remade_text(differing, lang):
            console.print(line, markup=False, highlight=False)
