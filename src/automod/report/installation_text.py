"""What `automod doctor` prints: plain lines, so that they can be told whatever is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from automod.workshop.installation import Installation, Part

Mood = Literal["well", "ill", "absent"]


def installation_text(found: Installation) -> Iterator[tuple[Mood, str]]:
    """A line for each part, and the answer: how it is, and its name, version and purpose.

    >>> from automod.workshop.installation import Part
    >>> list(installation_text(Installation((Part("rich", "reports", "15.0"),))))[0]
    ('well', '✔ rich  15.0  (reports)')
    """
    width = max((len(part.name) for part in found.parts), default=0)
    for part in found.parts:
        yield _line(part, width)
    yield (
        ("well", "everything works") if found.ok else ("ill", "something that is needed is missing")
    )


def _line(part: Part, width: int) -> tuple[Mood, str]:
    name = part.name.ljust(width)
    if part.problem is None:
        return "well", f"✔ {name}  {part.found}  ({part.purpose})"
    told = f"{name}  {part.problem}  ({part.purpose})"
    return ("ill", f"✖ {told}") if part.needed else ("absent", f"· {told}")
