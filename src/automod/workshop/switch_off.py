"""Switching something off for a while: an override is written, and the ruleset still loads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from automod.errors import InputError
from automod.load.overrides import covered
from automod.load.ruleset import OVERRIDES, POLICIES, load
from automod.model.ruleset import Material, Override, Rule, Ruleset

_DURATION: Final = re.compile(r"(\d{1,5})\s*(h|d|w)", re.ASCII)
_HOURS: Final = {"h": 1, "d": 24, "w": 168}
_NO_ID: Final = re.compile(r"[^\w.\-]+")


@dataclass(frozen=True, slots=True)
class Order:
    """What to switch off, where, until when, and who says so."""

    target: str
    """`package`, `package/id` or `package/tag:NAME`."""
    by: str
    ticket: str
    markets: tuple[str, ...] = ()
    """Where; everywhere when empty."""
    status: Literal["shadow", "retired"] = "shadow"
    until: date | None = None
    """The last day, inclusive; None: for good, and `permanent` says why."""
    permanent: str | None = None


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """The file that was written, and what it does."""

    path: Path
    text: str
    override: Override
    covered: tuple[str, ...]
    """Ids of the materials and rules it is about."""
    affected: tuple[str, ...]
    """Those of them that were more active before."""


def end_after(duration: str, now: datetime) -> date:
    """The last day of an override that is to hold for a duration, counted from now.

    An override ends with a day (UTC), never within one: it holds at least for the duration, and up
    to the end of the day in which that is over.

    Raises:
        ValueError: the duration is not written as 24h, 7d or 2w.

    >>> now = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    >>> str(end_after("6h", now)), str(end_after("24h", now)), str(end_after("7d", now))
    ('2026-11-22', '2026-11-23', '2026-11-29')
    """
    found = _DURATION.fullmatch(duration.strip().lower())
    if found is None or not int(found[1]):
        raise ValueError(f"{duration!r} is no duration; write it as 24h, 7d or 2w")
    end = now.astimezone(UTC) + timedelta(hours=int(found[1]) * _HOURS[found[2]])
    # Over at midnight is over with the day before.
    return (end - timedelta(microseconds=1)).date()


def switch_off(rules: Sequence[str], order: Order) -> SwitchedOff:
    """Write an override beside the rules, and load them with it.

    No file is ever overwritten, and one that does not load is taken away again.

    Args:
        rules: what is loaded; the file goes into `overrides/` of the first folder among them.
        order: what to switch off.

    Raises:
        LoadError: the rules do not load, or not with this override.
        InputError: there is no folder among the rules.
    """
    before = load(*rules)
    folder = _home(rules) / OVERRIDES
    name = _free_name(order.ticket, folder, {one.id for one in before.overrides})
    path, text = folder / f"{name}.yaml", _written(name, order)
    made = not folder.exists()
    folder.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    try:
        override = _loaded(load(*rules), name, path)
    except BaseException:
        path.unlink()
        if made:
            folder.rmdir()
        raise
    return _described(path, text, before, override)


def _loaded(ruleset: Ruleset, name: str, path: Path) -> Override:
    for override in ruleset.overrides:
        if override.id == name:
            return override
    raise InputError(f"{path}: is not among the rules that were loaded")


def _home(rules: Sequence[str]) -> Path:
    """The folder that has overrides, else the one that has the policy table, else the first."""
    folders = [path for path in map(Path, rules) if path.is_dir()]
    if not folders:
        raise InputError(f"{' '.join(rules)}: an override needs a folder of rules to be written to")
    ranked = [(not (one / OVERRIDES).is_dir(), not (one / POLICIES).is_file()) for one in folders]
    return folders[ranked.index(min(ranked))]


def _free_name(ticket: str, folder: Path, taken: Iterable[str]) -> str:
    """The ticket as an id, with a number behind it where that is taken."""
    stem = _NO_ID.sub("-", ticket.strip()).strip("-.") or "override"
    stem = stem if stem[0].isalnum() else f"override-{stem}"
    names, used = [stem, *(f"{stem}-{n}" for n in range(2, 10_000))], set(taken)
    free = (one for one in names if one not in used and not (folder / f"{one}.yaml").exists())
    return next(free)


def _written(name: str, order: Order) -> str:
    content: dict[str, Any] = {"override": name, "target": order.target}
    if order.markets:
        content["markets"] = sorted(set(order.markets))
    content["set"] = {"status": order.status}
    if order.until is not None:
        content["until"] = order.until
    if order.permanent is not None:
        content["permanent"] = order.permanent
    content |= {"by": order.by, "ticket": order.ticket}
    return yaml.safe_dump(
        content, allow_unicode=True, sort_keys=False, width=1_000, default_flow_style=None
    )


def _described(path: Path, text: str, before: Ruleset, override: Override) -> SwitchedOff:
    package = next(one for one in before.packages if one.name == override.target.split("/")[0])
    members: list[Material | Rule] = list(covered(override.target, package))
    active = [one for one in members if one.status == "live" or override.status == "retired"]
    if package.status == "shadow" and override.status == "shadow":
        active = []
    return SwitchedOff(
        path, text, override,
        tuple(one.id for one in members), tuple(one.id for one in active),
    )  # fmt: skip
