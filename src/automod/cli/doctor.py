"""`automod doctor`: what is installed, and whether it is enough."""

from __future__ import annotations

from typing import Final

import click

from .exits import NO, YES

COLOURS: Final = {"well": "green", "ill": "red", "absent": "bright_black"}


@click.command()
def doctor() -> int:
    """Check what is installed.

    Versions, back ends and extras; exit 1 if something that is needed is missing.
    """
    from automod.report.installation_text import installation_text
    from automod.workshop.installation import installation

    found = installation()
    for mood, line in installation_text(found):
        click.secho(line, fg=COLOURS[mood])
    return YES if found.ok else NO
