"""What two policy tables ask differently: of which code, in which market, from when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from automod.model.ruleset import PolicyTable, Row
from automod.policy.verdict import Policy

from .directions import Effect, larger, more, stances, together


@dataclass(frozen=True, slots=True)
class StanceChange:
    """A code that asks something else in a market on a day."""

    code: str
    market: str | None
    """None: wherever no row speaks."""
    old: tuple[Row, ...]
    """In force before; none: the table had no such code."""
    new: tuple[Row, ...]
    effect: Effect


def stance_changes(old: PolicyTable, new: PolicyTable, on: date) -> Iterator[StanceChange]:
    """Every code and market in which another row is in force, where that asks something else.

    Args:
        old: the table before.
        new: the table after.
        on: the day for which rows are looked up.
    """
    before, after = Policy(old), Policy(new)
    for code in sorted(old.codes.keys() | new.codes.keys()):
        default = in_force(before, code, None, on), in_force(after, code, None, on)
        if _asks(default[0]) != _asks(default[1]):
            yield StanceChange(code, None, *default, asked(*default))
        for market in _markets(code, old, new):
            rows = in_force(before, code, market, on), in_force(after, code, market, on)
            if _asks(rows[0]) != _asks(rows[1]) and rows != default:
                yield StanceChange(code, market, *rows, asked(*rows))


def in_force(policy: Policy, code: str, market: str | None, on: date) -> tuple[Row, ...]:
    """The rows of a code that apply in a market (None: by default); none without such a code."""
    if code not in policy.table.codes:
        return ()
    if market is None:
        return (policy.table.codes[code].default,)
    return policy.rows(code, market, on)


def asked(old: Iterable[Row], new: Iterable[Row]) -> Effect:
    """Which way it goes, from what some rows ask to what others do."""
    (before, age_before, limits_before), (after, age_after, limits_after) = _asks(old), _asks(new)
    if not before or not after:
        return more(bool(before), bool(after))
    effect = stances(before, after)
    if effect != "none":
        return effect
    return together([more(age_before, age_after), larger(limits_before, limits_after)])


def _asks(rows: Iterable[Row]) -> tuple[frozenset[str], int, frozenset[str]]:
    """All that rows ask: stances, age, limits."""
    held = list(rows)
    return (
        frozenset(stance for row in held for stance in row.stances),
        max((row.min_age or 0 for row in held), default=0),
        frozenset(limit for row in held for limit in row.limits),
    )


def _markets(code: str, *tables: PolicyTable) -> list[str]:
    """The markets that rows of a code speak of, those of their groups one by one."""
    named = {
        row.market for table in tables if code in table.codes for row in table.codes[code].rows
    }
    found: set[str] = set()
    for table in tables:
        waiting = [name for name in named if name is not None]
        while waiting:
            name = waiting.pop()
            if name in table.groups:
                waiting += table.groups[name]
            elif not any(name in other.groups for other in tables):
                found.add(name)
    return sorted(found)
