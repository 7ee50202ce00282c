"""`automod bundle`: put a ruleset away in one file."""

from __future__ import annotations

from typing import Any

import click

from .exits import YES, say
from .options import approval_option, lang_option, quiet_option, rules_option, sample_cache


@click.command()
@rules_option
@approval_option
@click.option(
    "-o", "--output", "store", required=True, metavar="DIR",
    help="The folder that the file is put into; it is made where there is none.",
)  # fmt: skip
@lang_option
@quiet_option
def bundle(rules: tuple[str, ...], store: str, **options: Any) -> int:
    """Put a ruleset away in one file, named by its digest.

    The file sha256-….automod holds all that decisions rest on, pictures too (as their hashes), and
    is taken wherever -r takes rules. Every decision names the digest of its ruleset: so its
    bundle is found, and makes it again, years later. A file that was changed is refused. The same
    ruleset gives the same bytes. Prints the path of the file.

    \b
    automod bundle -r rules/ --require-approval -o store/
    automod explain ads.jsonl --id ad-7 --bundle store/sha256-….automod --decision decisions.jsonl
    """  # noqa: D301 - click keeps the lines after a backspace as they are
    from automod.engine.reading import load_with_notes
    from automod.report.approval_text import bundled_text
    from automod.workshop.bundling import bundle as put_away

    ruleset, notes = load_with_notes(
        *rules, cache=sample_cache(), require_approval=options["require_approval"]
    )
    if not options["quiet"]:
        say(*notes)
    done = put_away(ruleset, store)
    click.echo(str(done.path))
    if not options["quiet"]:
        say(bundled_text(done, options["lang"]))
    return YES
