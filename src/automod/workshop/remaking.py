"""A decision made again, held to the one that was stored."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from automod.errors import InputError
from automod.load.decisions import load_decisions

Json = Mapping[str, Any]

_ELSEWHERE: Final = frozenset({"index", "engine"})
"""What says where and with what a decision was made, and nothing of the decision."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which a decision that was made again is another than the stored one."""

    path: str
    """As `verdicts[0].score`."""
    stored: Any
    """None: it is not there."""
    again: Any


def stored_decision(
    path: str | os.PathLike[str], creative: str, ruleset: str, on: str | None = None
) -> Json:
    """The stored decision on a creative; of several the last of that ruleset and that day.

    Args:
        path: a file of decisions, JSONL or Parquet.
        creative: its id.
        ruleset: the digest that is preferred.
        on: the day that is preferred.

    Raises:
        LoadError: the file holds something else.
        InputError: it has none on that creative.
    """
    table = load_decisions(path)
    rows = [row for row, name in enumerate(table.creatives) if name == creative]
    if not rows:
        raise InputError(f"{path}: has no decision on the creative {creative!r}")

    def fit(row: int) -> tuple[bool, bool, int]:
        return table.ruleset[row] == ruleset, on in (None, table.on[row]), row

    return table.sources[max(rows, key=fit)]


def differences(stored: Json, again: Json) -> tuple[Difference, ...]:
    """Where two decisions differ, as JSON has them; not in which place of which file they were.

    >>> differences({"action": "reject", "index": 7}, {"action": "review", "index": 0})
    (Difference(path='action', stored='reject', again='review'),)
    """
    return tuple(_differing(_told(stored), _told(again), ""))


def _told(decision: Json) -> Json:
    return {key: value for key, value in decision.items() if key not in _ELSEWHERE}


def _differing(stored: Any, again: Any, path: str) -> Iterator[Difference]:
    if isinstance(stored, Mapping) and isinstance(again, Mapping):
        for key in sorted(stored.keys() | again.keys()):
            inner = f"{path}.{key}" if path else key
            yield from _differing(stored.get(key), again.get(key), inner)
    elif _are_lists(stored, again) and len(stored) == len(again):
        for place, (one, other) in enumerate(zip(stored, again, strict=True)):
            yield from _differing(one, other, f"{path}[{place}]")
    elif stored != again and not (_are_lists(stored, again) and list(stored) == list(again)):
        yield Difference(path, stored, again)


def _are_lists(one: Any, other: Any) -> bool:
    return all(isinstance(some, Sequence) and not isinstance(some, str) for some in (one, other))
