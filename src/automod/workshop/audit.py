"""What was switched off and back on: a file that is only ever added to, a line for each change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal

from automod.errors import InputError
from automod.model.decision import json_text

AUDIT: Final = "overrides.audit.jsonl"
"""Its name, in the folder whose `overrides/` it tells of."""
SCHEMA: Final = 1

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
    for number, line in enumerate(place.read_text("utf-8").splitlines(), 1):
        try:
            one = json.loads(line) if line.strip() else None
        except ValueError:
            one = ""
        if one is None:
            continue
        if not isinstance(one, dict) or one.get("schema") != SCHEMA or "did" not in one:
            raise InputError(f"{path}:{number}: is no line of an audit")
        found.append(one)
    return found


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
