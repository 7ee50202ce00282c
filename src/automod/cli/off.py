"""`automod off`: write an override that switches something off, or take it away again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from automod.errors import LoadError

from .exits import YES, say
from .options import audit_option, lang_option, quiet_option, read_day, rules_option

if TYPE_CHECKING:
    from automod.workshop.switch_off import Order


@click.command()
@click.argument("target", required=False)
@rules_option
@click.option(
    "--undo", "undone", metavar="OVERRIDE",
    help="In place of TARGET: take this override away again, which 'off' or 'monitor' wrote.",
)  # fmt: skip
@click.option(
    "--market", "markets", multiple=True, metavar="MARKET",
    help="Only in this market or group; may be repeated. Left out: everywhere.",
)  # fmt: skip
@click.option(
    "--for", "duration", metavar="DURATION",
    help="24h, 7d or 2w from now, up to the end of that day (UTC).",
)  # fmt: skip
@click.option("--until", metavar="DATE", callback=read_day, help="The last day, inclusive, UTC.")
@click.option("--permanent", metavar="REASON", help="For good, and why.")
@click.option("--by", metavar="NAME", help="Who answers for it.")
@click.option("--ticket", metavar="T", help="Where it is discussed; names the file.")
@audit_option
@click.option(
    "--status", type=click.Choice(["shadow", "retired"]), default="shadow", show_default=True,
    help="shadow: still hits, decides nothing; retired: does not hit.",
)  # fmt: skip
@lang_option
@quiet_option
def off(target: str | None, rules: tuple[str, ...], **options: Any) -> int:
    """Switch something off, for a while or for good; or back on.

    TARGET is PACKAGE, PACKAGE/ID or PACKAGE/tag:NAME. Writes overrides/TICKET.yaml into the
    folder of the rules, never over a file that is there. The packages themselves stay as they are.
    Every change leaves a line in overrides.audit.jsonl beside it.

    \b
    automod off gambling/casino --market FR --for 24h --by n.fares --ticket ADS-7 -r rules/
    automod off --undo ADS-7 -r rules/
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.override_text import switched_off_text
    from automod.workshop.switch_off import switch_off

    from .clock import now

    if options["undone"] is not None:
        return _undo(target, rules, options)
    order = _order(target, options)
    try:
        done = switch_off(rules, [order], now(), options["audit"])[0]
    except LoadError:
        say("nothing was written: the ruleset does not load")
        raise
    click.echo(f"# {done.path}\n{done.text}", nl=False)
    if not options["quiet"]:
        say(*switched_off_text(done, options["lang"]))
    return YES


def _undo(target: str | None, rules: tuple[str, ...], options: dict[str, Any]) -> int:
    from automod.report.override_text import undone_text
    from automod.workshop.switch_off import undo

    from .clock import now

    others = ("markets", "duration", "until", "permanent", "ticket")
    if target is not None or any(options[name] for name in others):
        raise click.UsageError("--undo takes nothing but the id of an override, --by and --audit")
    try:
        done = undo(rules, options["undone"], now(), options["by"], options["audit"])
    except LoadError:
        say("nothing was taken away: the ruleset does not load")
        raise
    click.echo(done.after)
    if not options["quiet"]:
        say(*undone_text(done, options["lang"]))
    return YES


def _order(target: str | None, options: dict[str, Any]) -> Order:
    from automod.workshop.switch_off import Order

    if target is None:
        raise click.UsageError("give TARGET, what to switch off; or --undo OVERRIDE")
    for name in ("by", "ticket"):
        if options[name] is None:
            raise click.UsageError(f"Missing option '--{name}'.")
    ends = [options[name] for name in ("duration", "until", "permanent")]
    if sum(one is not None for one in ends) != 1:
        raise click.UsageError("give one of --for, --until and --permanent")
    return Order(
        target=target, by=options["by"], ticket=options["ticket"], markets=options["markets"],
        status=options["status"], until=last_day(options["duration"], options["until"]),
        permanent=options["permanent"],
    )  # fmt: skip


def last_day(duration: str | None, until: date | None) -> date | None:
    """The last day of an override, by how long it is to hold or as it was given."""
    from automod.workshop.switch_off import end_after

    from .clock import now

    moment = now()
    if until is not None and until < moment.date():
        raise click.BadParameter(f"{until} is over: today is {moment.date()} in UTC")
    if duration is None:
        return until
    try:
        return end_after(duration, moment)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(str(error), param_hint="--for") from None
