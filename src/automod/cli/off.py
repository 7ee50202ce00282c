"""`automod off`: write an override that switches something off."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from automod.errors import LoadError

from .exits import YES, say
from .options import lang_option, quiet_option, read_day, rules_option

if TYPE_CHECKING:
    from automod.workshop.switch_off import Order


@click.command()
@click.argument("target")
@rules_option
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
@click.option("--by", required=True, metavar="NAME", help="Who answers for it.")
@click.option("--ticket", required=True, metavar="T", help="Where it is discussed; names the file.")
@click.option(
    "--status", type=click.Choice(["shadow", "retired"]), default="shadow", show_default=True,
    help="shadow: still hits, decides nothing; retired: does not hit.",
)  # fmt: skip
@lang_option
@quiet_option
def off(target: str, rules: tuple[str, ...], **options: Any) -> int:
    """Switch something off, for a while or for good.

    TARGET is PACKAGE, PACKAGE/ID or PACKAGE/tag:NAME. Writes overrides/TICKET.yaml into the
    folder of the rules, never over a file that is there. The packages themselves stay as they are.

    \b
    automod off gambling/casino --market FR --for 24h --by n.fares --ticket ADS-7 -r rules/
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.override_text import switched_off_text
    from automod.workshop.switch_off import switch_off

    order = _order(target, options)
    try:
        done = switch_off(rules, order)
    except LoadError:
        say("nothing was written: the ruleset does not load")
        raise
    click.echo(f"# {done.path}\n{done.text}", nl=False)
    if not options["quiet"]:
        say(*switched_off_text(done, options["lang"]))
    return YES


def _order(target: str, options: dict[str, Any]) -> Order:
    from automod.workshop.switch_off import Order

    ends = [options[name] for name in ("duration", "until", "permanent")]
    if sum(one is not None for one in ends) != 1:
        raise click.UsageError("give one of --for, --until and --permanent")
    return Order(
        target=target, by=options["by"], ticket=options["ticket"], markets=options["markets"],
        status=options["status"], until=_last_day(options["duration"], options["until"]),
        permanent=options["permanent"],
    )  # fmt: skip


def _last_day(duration: str | None, until: date | None) -> date | None:
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
