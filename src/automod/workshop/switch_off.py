"""Switching something off for a while, and back on: an override is written, or taken away again.

The ruleset loads before and after, and every change leaves a line in the audit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from automod.engine.compile import VERSIONS
from automod.errors import InputError
from automod.load.overrides import covered
from automod.load.ruleset import OVERRIDES, POLICIES, load_with_notes
from automod.model.canonical import digest
from automod.model.ruleset import Material, Override, Rule, Ruleset

from .audit import AUDIT, Entry, append, entry, read

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
    note: str | None = None
    """Why, for who reads the file."""
    evidence: Mapping[str, Any] | None = None
    """What was seen, for the audit."""


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
    before: str
    """Digest of the ruleset without it."""
    after: str


@dataclass(frozen=True, slots=True)
class Undone:
    """An override that was taken away again."""

    path: Path
    override: str
    target: str
    before: str
    """Digest of the ruleset with it."""
    after: str
    meant: str
    """Digest of the ruleset before it was written: the same, unless more was changed since."""
    others: tuple[str, ...] = ()
    """Overrides that are left of something that it was about."""


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


def switch_off(
    rules: Sequence[str],
    orders: Sequence[Order],
    when: datetime,
    audit: str | PathLike[str] | None = None,
    *,
    approved: bool = False,
) -> list[SwitchedOff]:
    """Write overrides beside the rules, load them with these, and tell the audit.

    No file is ever overwritten, and where one does not load, or the audit cannot be written, all
    are taken away again.

    Args:
        rules: what is loaded; the files go into `overrides/` of the first folder among them.
        orders: what to switch off.
        when: the time now.
        audit: the file that is told; left out, `overrides.audit.jsonl` beside `overrides/`.
        approved: digests are those of the rules of which only what is approved is live.

    Raises:
        LoadError: the rules do not load, or not with these overrides.
        InputError: there is no folder among the rules.
        OSError: a file cannot be written.
    """
    before = load_with_notes(*rules, require_approval=approved)[0]
    folder = _home(rules) / OVERRIDES
    made = not folder.exists()
    folder.mkdir(exist_ok=True)
    files: dict[Path, str] = {}
    try:
        for order in orders:
            taken = [*(one.id for one in before.overrides), *(path.stem for path in files)]
            name = _free_name(order.ticket, folder, set(taken))
            path, text = folder / f"{name}.yaml", _written(name, order)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                files[path] = text
                file.write(text)
        after = load_with_notes(*rules, require_approval=approved)[0]
        written = [_loaded(after, path.stem, path) for path in files]
        done = list(_described(files, before, written))
        # What the audit cannot be told of does not stay: nobody could take it back.
        lines = _told(done, orders, when, approved=approved, dry_run=False)
        append(audit or audit_of(rules), lines)
    except BaseException:
        for path in files:
            path.unlink()
        if made:
            folder.rmdir()
        raise
    return done


def try_off(
    rules: Sequence[str],
    orders: Sequence[Order],
    when: datetime,
    audit: str | PathLike[str] | None = None,
    *,
    approved: bool = False,
) -> list[SwitchedOff]:
    """What `switch_off` would write and change; nothing but an audit that is named is written.

    Raises:
        LoadError: the rules do not load.
        InputError: there is no folder among the rules.
    """
    before = load_with_notes(*rules, require_approval=approved)[0]
    folder = _home(rules) / OVERRIDES
    files: dict[Path, str] = {}
    written = []
    for order in orders:
        taken = [*(one.id for one in before.overrides), *(path.stem for path in files)]
        name = _free_name(order.ticket, folder, set(taken))
        files[folder / f"{name}.yaml"] = _written(name, order)
        written.append(
            Override(
                name, order.target, order.by, order.ticket, tuple(sorted(set(order.markets))),
                order.status, until=order.until, reason=order.permanent or "",
            )
        )  # fmt: skip
    done = list(_described(files, before, written))
    if audit is not None:
        append(audit, _told(done, orders, when, approved=approved, dry_run=True))
    return done


def undo(
    rules: Sequence[str],
    name: str,
    when: datetime,
    by: str | None = None,
    audit: str | PathLike[str] | None = None,
) -> Undone:
    """Take an override away again that `switch_off` wrote, and tell the audit.

    Args:
        rules: what is loaded.
        name: the override's id.
        when: the time now.
        by: who does.
        audit: the file that told of it; left out, `overrides.audit.jsonl` beside `overrides/`.

    Raises:
        InputError: there is no such override, it was not written so, or it was changed since.
        LoadError: the rules do not load, or not without it: then it stays.
    """
    told = audit or audit_of(rules)
    path = _home(rules) / OVERRIDES / f"{name}.yaml"
    line = _written_so(name, path, told)
    # Digests of the same sort as its line has: else none could be compared with any.
    approved = line.get("require_approval") is True
    before = digest(load_with_notes(*rules, require_approval=approved)[0], VERSIONS)
    aside = path.with_name(f".{path.name}.undone")
    path.rename(aside)
    try:
        ruleset = load_with_notes(*rules, require_approval=approved)[0]
    except BaseException:
        aside.rename(path)
        raise
    aside.unlink()
    after, others = digest(ruleset, VERSIONS), tuple(_left(ruleset, line["target"]))
    found = Undone(path, name, line["target"], before, after, line["before"], others)
    more = {"override": name, "target": found.target, "by": by, "file": str(path)}
    append(told, [entry(when, "undone", **more, before=before, after=after)])
    return found


def _left(ruleset: Ruleset, target: str) -> Iterator[str]:
    """The overrides of something that a target covers."""
    name = target.partition("/")[0]
    package = next((one for one in ruleset.packages if one.name == name), None)
    if package is None:
        return
    ids = {one.id for one in covered(target, package)}
    for override in ruleset.overrides:
        same = override.target.partition("/")[0] == name
        if same and not ids.isdisjoint(one.id for one in covered(override.target, package)):
            yield override.id


def audit_of(rules: Sequence[str]) -> Path:
    """The file that is told of every change to the overrides of some rules.

    Raises:
        InputError: there is no folder among the rules.
    """
    return _home(rules) / AUDIT


def _written_so(name: str, path: Path, audit: str | PathLike[str]) -> Entry:
    """The last line that tells of an override, whose file is still as it was written."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such override")
    lines = [one for one in read(audit) if one.get("override") == name and not one.get("dry_run")]
    needed = {"target", "sha256", "before"}
    if not lines or lines[-1]["did"] != "switched_off" or not needed <= lines[-1].keys():
        raise InputError(
            f"{path}: was not written by 'automod off' or 'automod monitor' ({audit} does not tell "
            "of it); take it away by hand"
        )
    if lines[-1]["sha256"] != _sha256(path.read_text("utf-8")):
        raise InputError(f"{path}: was changed since it was written; take it away by hand")
    return lines[-1]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _told(
    done: Iterable[SwitchedOff],
    orders: Iterable[Order],
    when: datetime,
    *,
    approved: bool,
    dry_run: bool,
) -> Iterator[Entry]:
    for one, order in zip(done, orders, strict=True):
        override = one.override
        yield entry(
            when, "switched_off", dry_run=dry_run, override=override.id, target=override.target,
            markets=list(override.markets), status=override.status,
            until=None if override.until is None else override.until.isoformat(),
            by=override.by, ticket=override.ticket, file=str(one.path), sha256=_sha256(one.text),
            require_approval=approved, before=one.before, after=one.after, evidence=order.evidence,
        )  # fmt: skip


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
    if order.note is not None:
        content["note"] = order.note
    return yaml.safe_dump(
        content, allow_unicode=True, sort_keys=False, width=1_000, default_flow_style=None
    )


def _described(
    files: Mapping[Path, str], before: Ruleset, written: Sequence[Override]
) -> Iterator[SwitchedOff]:
    """What each file does, one after another."""
    ruleset, known = before, digest(before, VERSIONS)
    for (path, text), override in zip(files.items(), written, strict=True):
        overrides = sorted([*ruleset.overrides, override], key=attrgetter("id"))
        ruleset = replace(ruleset, overrides=tuple(overrides))
        members, active = _members(before, override)
        after = digest(ruleset, VERSIONS)
        yield SwitchedOff(path, text, override, members, active, known, after)
        known = after


def _members(before: Ruleset, override: Override) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of what an override is about, and of those that are more active without it."""
    package = next(one for one in before.packages if one.name == override.target.split("/")[0])
    members: list[Material | Rule] = list(covered(override.target, package))
    active = [one for one in members if one.status == "live" or override.status == "retired"]
    if package.status == "shadow" and override.status == "shadow":
        active = []
    return tuple(one.id for one in members), tuple(one.id for one in active)
