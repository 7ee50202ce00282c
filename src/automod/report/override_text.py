"""What an override does, in a sentence or two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from automod.workshop.switch_off import SwitchedOff

_EFFECTS: Final = {
    "shadow": "still hits, decides nothing",
    "retired": "no longer hits",
}
MOST: Final = 5


def switched_off_text(done: SwitchedOff) -> Iterator[str]:
    """What was switched off, where and until when, for the person who did it."""
    override = done.override
    where = ", ".join(override.markets) or "all markets"
    until = "for good" if override.until is None else f"until the end of {override.until} (UTC)"
    count = len(done.covered)
    named = ", ".join(done.covered[:MOST]) + (f" and {count - MOST} more" if count > MOST else "")
    effect = _EFFECTS[override.status or "shadow"]
    yield f"wrote {done.path}; the ruleset loads with it"
    yield f"{override.status} in {where}, {until}; {effect}: {named}"
    if not done.affected:
        yield "this changes nothing: all of it was as inactive before"
    elif len(done.affected) < count:
        yield f"{count - len(done.affected)} of {count} were as inactive before"
