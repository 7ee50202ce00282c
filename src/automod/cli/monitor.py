"""`automod monitor`: what hits far more than expected is switched to shadow."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from automod.errors import InputError, LoadError

from .exits import NO, YES, say
from .options import (
    approval_option,
    audit_option,
    format_of,
    format_option,
    lang_option,
    output_option,
    quiet_option,
    read_chance,
    read_day,
    rules_option,
    sample_cache,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automod.load.source import Source
    from automod.model.ruleset import Ruleset
    from automod.monitor.brake import Watched
    from automod.monitor.judged import Judged
    from automod.workshop.switch_off import SwitchedOff

SUFFIXES = {".txt": "text", ".json": "json"}


@click.command()
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@rules_option
@click.option("--dry-run", is_flag=True, help="Say what would be switched off; write nothing.")
@click.option(
    "--window", type=click.IntRange(min=1), default=500, show_default=True,
    help="Creatives of a window: after each it is looked.",
)  # fmt: skip
@click.option(
    "--alpha", default="5%", show_default=True, metavar="SHARE", callback=read_chance,
    help="The chance that any honest material that is watched is ever switched off.",
)  # fmt: skip
@click.option(
    "--at-most", type=click.IntRange(min=0), default=3, show_default=True, metavar="N",
    help="Switch off so many at most, the clearest first; the rest is told.",
)  # fmt: skip
@click.option("--critical", is_flag=True, help="Also what has a policy code of severity critical.")
@click.option("--by", metavar="NAME", help="Who answers for it.")
@click.option("--ticket", metavar="T", help="Where it is discussed; names the overrides.")
@click.option(
    "--for", "duration", metavar="DURATION",
    help="24h, 7d or 2w from now, up to the end of that day (UTC); left out: 24h.",
)  # fmt: skip
@click.option("--until", metavar="DATE", callback=read_day, help="The last day, inclusive, UTC.")
@click.option(
    "--judged", type=click.IntRange(min=0), metavar="N",
    help="LOG is the hit log of a scan of so many creatives.",
)  # fmt: skip
@click.option("--any-ruleset", is_flag=True, help="Count what other rules decided as well.")
@click.option("--on", metavar="DATE", callback=read_day, help="As if today were this day (UTC).")
@audit_option
@approval_option
@format_option(["text", "json"])
@output_option
@lang_option
@quiet_option
def monitor(logs: tuple[str, ...], rules: tuple[str, ...], **options: Any) -> int:
    """Switch material to shadow that hits far more than expected.

    LOG is decisions (automod scan -o decisions.jsonl, or Parquet), counts (automod scan --counts)
    or, with --judged, a hit log. Material is held to its expected_rate, or its package's; without
    one, what began today or yesterday to 2 % of at least 500 creatives.

    An override is written for each, as 'automod off' does; the rules themselves stay as they are.
    Run it after every window with all logs so far: looking often makes no false alarms, a new log
    by itself each time does. Exit code 1: something was, or would be, switched off, or is left on.

    \b
    automod monitor decisions.jsonl -r rules/ --by on-call --ticket AUTO --for 24h
    automod off --undo AUTO -r rules/
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    chosen = format_of(options["chosen"], options["output"], SUFFIXES)
    _check(options)
    from .clock import now

    moment = now()
    on = options["on"] or moment.date()
    source, ruleset, digest = _rules(rules, options)
    seen = _seen(logs, rules, digest, options)
    found = _watch(source, ruleset, seen, on, options)
    done = _switch_off(found, rules, moment, options) if found.chosen else []
    _write(found, done, digest, chosen, options)
    return NO if any(one.left != "off" for one in found.over) else YES


def _check(options: dict[str, Any]) -> None:
    for name in ("by", "ticket"):
        if options[name] is None and not options["dry_run"]:
            raise click.UsageError(f"give --{name}, or --dry-run")
    if options["duration"] is not None and options["until"] is not None:
        raise click.UsageError("give one of --for and --until")


def _rules(rules: tuple[str, ...], options: dict[str, Any]) -> tuple[Source, Ruleset, str]:
    """The rules as they are written, as they are decided with, and the digest of these."""
    from automod.engine.compile import VERSIONS
    from automod.load.held_back import approved_only
    from automod.load.ruleset import read_source
    from automod.model.canonical import digest

    source = read_source(*rules, cache=sample_cache())
    if source.faults:
        raise LoadError(source.faults)
    ruleset = approved_only(source)[0] if options["require_approval"] else source.ruleset
    return source, ruleset, digest(ruleset, VERSIONS)


def _seen(
    logs: tuple[str, ...], rules: tuple[str, ...], digest: str, options: dict[str, Any]
) -> Judged:
    from automod.load.judged_logs import judged_logs
    from automod.monitor.judged import judged
    from automod.workshop.audit import read, same_but_for_overrides
    from automod.workshop.switch_off import audit_of

    entries = read(options["audit"] or audit_of(rules))
    mine = same_but_for_overrides(digest, entries)
    seen = judged(
        judged_logs(logs), lambda one: options["any_ruleset"] or one in mine,
        window=options["window"], of_log=options["judged"],
    )  # fmt: skip
    if not seen.creatives and (others := seen.others):
        most = max(others, key=lambda one: others[one])
        raise InputError(
            f"none of {sum(others.values()):,} creatives was judged by these rules ({digest}); "
            f"most were by {most}: give logs of these rules, or --any-ruleset"
        )
    return seen


def _watch(
    source: Source, ruleset: Ruleset, seen: Judged, on: date, options: dict[str, Any]
) -> Watched:
    from automod.monitor.brake import watch
    from automod.monitor.expected import approval_days, expectations

    held = expectations(ruleset, on, approval_days(source))
    return watch(
        ruleset, held, seen, on, alpha=options["alpha"], window=options["window"],
        most=options["at_most"], critical=options["critical"],
    )  # fmt: skip


def _switch_off(
    found: Watched, rules: tuple[str, ...], moment: Any, options: dict[str, Any]
) -> Sequence[SwitchedOff]:
    from automod.workshop.switch_off import Order, switch_off, try_off

    from .off import last_day

    until = options["until"]
    until = last_day(options["duration"] or ("24h" if until is None else None), until)
    orders = [
        Order(
            one.target, options["by"] or "dry-run", options["ticket"] or "dry-run", until=until,
            note=found.note(one), evidence=found.evidence(one),
        )
        for one in found.chosen
    ]  # fmt: skip
    act = try_off if options["dry_run"] else switch_off
    return act(rules, orders, moment, options["audit"], approved=options["require_approval"])


def _write(
    found: Watched,
    done: Sequence[SwitchedOff],
    digest: str,
    chosen: str,
    options: dict[str, Any],
) -> None:
    from automod.report.brake_text import brake_json, brake_lines
    from automod.report.target import writing

    dry_run, lang = options["dry_run"], options["lang"]
    with writing(options["output"]) as stream:
        if chosen == "json":
            told = brake_json(found, done, digest, dry_run=dry_run)
            stream.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        else:
            lines = brake_lines(found, done, lang, dry_run=dry_run)
            stream.writelines(f"{line}\n" for line in lines)
    if chosen == "json" and not options["quiet"]:
        say(*brake_lines(found, done, lang, dry_run=dry_run))
