"""`automod hits`: the creatives that a material touched, and those to be let go."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .exits import INCOMPLETE, YES, say
from .options import (
    approval_option,
    format_of,
    format_option,
    lang_option,
    on_option,
    output_option,
    quiet_option,
    read_day,
    refuse_without_file,
    sample_cache,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automod.model.ruleset import Ruleset
    from automod.workshop.victims import Asked, Victim


@click.command()
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@click.option(
    "--material", "target", required=True, metavar="ID",
    help="PACKAGE/ID, an id alone, PACKAGE, or, with -r, PACKAGE/tag:NAME.",
)  # fmt: skip
@click.option("--since", metavar="DATE", callback=read_day, help="From this day on.")
@click.option("--until", metavar="DATE", callback=read_day, help="Up to this day, inclusive.")
@click.option(
    "--market", "markets", multiple=True, metavar="MARKET",
    help="Only what ran in this market, by what it did; may be repeated.",
)  # fmt: skip
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="With --creatives: decide again with these rules, without the material.",
)  # fmt: skip
@click.option(
    "--creatives", multiple=True, metavar="FILE",
    help="The creatives that were judged, as 'automod scan' takes them; may be repeated.",
)  # fmt: skip
@click.option(
    "--release", is_flag=True,
    help="Only creatives that would be approved without the material, each once.",
)  # fmt: skip
@on_option
@approval_option
@format_option(["text", "csv", "jsonl", "xlsx"])
@output_option
@lang_option
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Text: every line, however many.")
def hits(logs: tuple[str, ...], rules: tuple[str, ...], **options: Any) -> int:
    """List the creatives that a material touched.

    LOG is a hit log (automod scan --hits) or decisions, JSONL or Parquet. Told are the action that
    was taken, and whether the material decided it alone, by the hits that are in the log. With -r
    and --creatives every one is decided again, as the rules are now but without the material; for
    today, or for --on.

    A bad material, found, switched off, its victims listed and released:

    \b
    automod show gambling/casino -r rules/
    automod off gambling/casino --for 24h --by n.fares --ticket INC-7 -r rules/
    automod hits hits.parquet --material gambling/casino -o victims.xlsx
    automod hits hits.parquet --material gambling/casino -r rules/ --creatives ads.jsonl --release
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.victims_text import SUFFIXES, summary
    from automod.workshop.victims import released, victims

    chosen = format_of(options["chosen"], options["output"], SUFFIXES)
    _check(rules, chosen, options)
    asked = _asked(options)
    ruleset = _ruleset(rules, options) if rules else None
    found = victims(logs, asked, ruleset)
    missing: tuple[str, ...] = ()
    again = ruleset is not None and bool(options["creatives"])
    if ruleset is not None and again and found:
        found, missing = _again(found, ruleset, asked, options)
    free = released(found, again=again)
    _write(free if options["release"] else found, chosen, options)
    if not options["quiet"]:
        say(*summary(found, asked.target, len(free), missing, options["lang"]))
    return INCOMPLETE if missing else YES


def _check(rules: tuple[str, ...], chosen: str, options: dict[str, Any]) -> None:
    tag = "/tag:" in options["target"]
    if options["creatives"] and not rules:
        raise click.UsageError("--creatives needs -r RULES to decide with")
    if rules and not (options["creatives"] or tag):
        raise click.UsageError("-r needs --creatives FILE: what is to be decided again")
    since, until = options["since"], options["until"]
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is after --until {until}")
    refuse_without_file(chosen, options["output"])


def _asked(options: dict[str, Any]) -> Asked:
    from automod.workshop.victims import Asked

    return Asked(options["target"].strip(), options["since"], options["until"], options["markets"])


def _ruleset(rules: tuple[str, ...], options: dict[str, Any]) -> Ruleset:
    from automod.engine.reading import load_with_notes

    ruleset, notes = load_with_notes(
        *rules, cache=sample_cache(), require_approval=options["require_approval"]
    )
    if not options["quiet"]:
        say(*notes)
    return ruleset


def _again(
    found: Sequence[Victim], ruleset: Ruleset, asked: Asked, options: dict[str, Any]
) -> tuple[tuple[Victim, ...], tuple[str, ...]]:
    from automod.batch.sources import read_all
    from automod.workshop.victims import decided_again

    from .clock import now

    sources = [(name, sys.stdin.buffer if name == "-" else name) for name in options["creatives"]]
    on = options["on"] or now().date()
    return decided_again(found, read_all(sources), ruleset, asked, on)


def _write(found: Sequence[Victim], chosen: str, options: dict[str, Any]) -> None:
    from automod.report.target import placing, writing
    from automod.report.victims_text import (
        victims_csv,
        victims_jsonl,
        victims_lines,
        victims_xlsx,
    )

    lang, output = options["lang"], options["output"]
    if chosen == "xlsx":
        data = victims_xlsx(found, lang)
        with placing(output) as partial:
            Path(partial).write_bytes(data)
        return
    with writing(output, bom=chosen == "csv") as stream:
        if chosen == "csv":
            victims_csv(found, stream)
        elif chosen == "jsonl":
            victims_jsonl(found, stream)
        else:
            lines = victims_lines(found, lang, detail=options["verbose"])
            stream.writelines(f"{line}\n" for line in lines)
