"""`automod approve`: sign for a package as it is now."""

from __future__ import annotations

from typing import Any

import click

from automod.errors import LoadError

from .exits import NO, YES, say
from .options import lang_option, quiet_option, sample_cache


@click.command()
@click.argument("package")
@click.option("--by", required=True, metavar="NAME", help="Who approves.")
@click.option("--ticket", required=True, metavar="T", help="Where it was talked over.")
@click.option(
    "-r", "--rules", "rules", multiple=True, metavar="PATH",
    help="Folder or file of packages, overrides and policies.yaml; may be repeated. Left out: the "
    "folder above PACKAGE that has policies.yaml.",
)  # fmt: skip
@lang_option
@quiet_option
def approve(package: str, rules: tuple[str, ...], **options: Any) -> int:
    """Approve a package as it is now.

    PACKAGE is a package's name (with -r), its file or its folder. Writes PACKAGE.approved.jsonl
    beside it, with one line for each material, rule and allow: its digest, by whom it was approved,
    when, and the ticket; and the digest of that list into the package file. What was approved
    before and is the same keeps its line. --require-approval takes nothing else as live.

    Exits with 1, and writes nothing, where NAME had added (added_by) something that is new or
    changed: somebody else must approve it. This records who approved; it does not prove it.

    \b
    automod approve rulesets/gambling --by o.haddad --ticket ADS-7
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.report.approval_text import approved_text
    from automod.workshop.approving import Signature
    from automod.workshop.approving import approve as sign

    from .clock import now

    signature = Signature(options["by"], now().date(), options["ticket"])
    try:
        done = sign(package, signature, rules, cache=sample_cache())
    except LoadError:
        say("nothing was written: the ruleset does not load")
        raise
    if not options["quiet"] or done.own:
        say(*approved_text(done, options["by"], options["lang"]))
    return NO if done.own else YES
