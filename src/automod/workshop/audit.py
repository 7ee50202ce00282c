"""What was switched off and back on: a file that is only ever added to, a line for each change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal

from automod.errors import InputError
from automod.load.json_files import Unreadable, json_line
from automod.model.decision import json_text

AUDIT: Final = "overrides.audit.jsonl"
"""Its name, in the folder whose `overrides/` it tells of."""
SCHEMA: Final = 1

_TEXTS: Final = ("before", "after", "override", "target", "sha256")
"""Keys that hold text where they are there."""

Entry = Mapping[str, Any]
Did = Literal["switched_off", "undone"]


def entry(when: datetime, did: Did, **told: Any) -> Entry:
    """A line: when (UTC), what was done, and all that is told of it.

    >>> entry(datetime(2026, 11, 22, 15, tzinfo=UTC), "undone", override="INC-7")
    {'schema': 1, 'when': '2026-11-22T15:00:00Z', 'did': 'undone', 'override': 'INC-7'}
    """
    moment = when.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return {"schema": SCHEMA, "when": f"{moment.isoformat()}Z", "did": did, **told}


def append(path: str | PathLike[str], entries: Iterable[Entry]) -> None:
    """Add lines to the file, which is made where there is none.

    All are written at once and behind whatever another process added meanwhile.

    Raises:
        OSError: it cannot be written.
    """
    text = "".join(f"{json_text(one)}\n" for one in entries)
    if text:
        with Path(path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)


def read(path: str | PathLike[str]) -> Sequence[Entry]:
    """The lines of the file, in their order; none where there is no file.

    Raises:
        InputError: a line is none of an audit.
        OSError: it cannot be read.
    """
    place = Path(path)
    if not place.exists():
        return ()
    found = []
    # Not splitlines: a name may hold one of the other characters that it takes for line ends.
    for number, line in enumerate(place.read_bytes().split(b"\n"), 1):
        if line.strip():
            one = json_line(number, line)
            if isinstance(one, Unreadable) or not _is_entry(one):
                raise InputError(f"{path}:{number}: is no line of an audit")
            found.append(one)
    return found


def _is_entry(one: Entry) -> bool:
    texts = all(isinstance(one.get(name, ""), str) for name in _TEXTS)
    return one.get("schema") == SCHEMA and "did" in one and texts


def same_but_for_overrides(digest: str, entries: Iterable[Entry]) -> frozenset[str]:
    """The digests of rulesets that differ from one only by what the lines tell of.

    >>> lines = [{"did": "switched_off", "before": "a", "after": "b", "dry_run": False}]
    >>> sorted(same_but_for_overrides("b", lines)), sorted(same_but_for_overrides("c", lines))
    (['a', 'b'], ['c'])
    """
    pairs = [
        {one["before"], one["after"]}
        for one in entries
        if not one.get("dry_run") and one.get("before") and one.get("after")
    ]
    found = {digest}
    while more := [pair for pair in pairs if found & pair and not pair <= found]:
        found.update(*more)
    return frozenset(found)
