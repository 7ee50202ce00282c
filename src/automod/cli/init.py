"""`automod init`: a package to begin with."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

import click

from .exits import YES, say
from .options import lang_option, quiet_option

if TYPE_CHECKING:
    from automod.workshop.starting import Order


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--name", metavar="NAME", help="The package's name; else as DIR is called.")
@click.option("--owner", metavar="TEAM", help="Who answers for it; else whoever runs this.")
@click.option(
    "--policy", "policies", multiple=True, metavar="CODE",
    help="A policy code that it is about, as GMB.REAL; may be repeated.",
)  # fmt: skip
@click.option(
    "--language", "languages", multiple=True, metavar="LANG",
    help="How its material is written, as ar; may be repeated. Else as --lang.",
)  # fmt: skip
@click.option(
    "--market", "markets", multiple=True, metavar="MARKET",
    help="Only in this market or group; may be repeated. Left out: everywhere.",
)  # fmt: skip
@click.option(
    "--form", type=click.Choice(["xlsx", "yaml"]), default="xlsx", show_default=True,
    help="A workbook to fill in; or package.yaml with a table, terms.csv.",
)  # fmt: skip
@lang_option
@quiet_option
def init(folder: str, **options: Any) -> int:
    """Begin a package in DIR: it loads, its examples pass, and a sheet waits to be filled in.

    Where there is no policies.yaml in DIR or above it, the least that one can say is written
    as well, into the folder above DIR. No file is ever written over.

    \b
    automod init rules/prize-scams --policy SCM.FRAUD --language ar --market KW --lang ar
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.package_workbook import package_workbook
    from automod.report.start_text import started_text
    from automod.workshop.starting import start

    lang = options["lang"]
    done = start(
        _order(folder, options),
        lambda data, choices: package_workbook(data, choices, lang=lang),
    )
    click.echo(str(done.package))
    if not options["quiet"]:
        say(*started_text(done, lang))
    return YES


def _order(folder: str, options: dict[str, Any]) -> Order:
    from automod.workshop.starting import Order

    from .clock import now

    return Order(
        folder=folder, owner=options["owner"] or _whoever(), on=now().date(),
        name=options["name"], policies=options["policies"],
        languages=options["languages"] or (options["lang"],), markets=options["markets"],
        form=options["form"],
    )  # fmt: skip


def _whoever() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise click.UsageError("give --owner: who answers for the package?") from None
