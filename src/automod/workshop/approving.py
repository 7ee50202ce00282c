"""Approving a package: what is there now is signed for, part by part, beside it and in its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from automod.engine.reading import read_source
from automod.errors import InputError, LoadError
from automod.load.approval import (
    FRAME,
    PROTECTS,
    Approval,
    Line,
    added_by,
    approval_of,
    list_digest,
    list_of,
    list_text,
    places_of,
)
from automod.load.faults import did_you_mean
from automod.load.held_back import Held
from automod.load.people import same_person
from automod.load.ruleset import POLICIES
from automod.load.source import PackageSource, Source
from automod.model.finding import Edit

from .editing import edited, write_files


@dataclass(frozen=True, slots=True)
class Signature:
    """Who approves, when, and where it was talked over."""

    by: str
    on: date
    ticket: str


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval did, or why it was not given."""

    package: str
    files: tuple[str, ...]
    """Those that were written: the list, and the package file."""
    signed: tuple[str, ...]
    """Parts that are signed for now; with `own`, those that would have been."""
    kept: int
    """Parts that had been approved as they are, which keep the name of who did."""
    dropped: tuple[str, ...]
    """Parts that had been approved and are gone."""
    own: tuple[Held, ...] = ()
    """Parts that whoever approves had added: where there are any, nothing is written."""
    fault: str = ""
    """Why the list that was there did not count."""


def approve(
    package: str, signature: Signature, rules: Sequence[str] = (), *, cache: Path | None = None
) -> Approved:
    """Sign for a package as it is now.

    Parts that had been approved and are the same keep their line; the others get one of this
    signature. Nothing is written if the signer had added any of them, or if nothing differs.

    Args:
        package: its name, or its file or folder.
        signature: who signs, when, and the ticket.
        rules: what is loaded; left out: the folder above `package` that has `policies.yaml`.
        cache: as for `load`.

    Raises:
        LoadError: the rules do not load.
        InputError: there is no such package, or a name is blank.
        OSError: a file cannot be written.
    """
    if not signature.by.strip() or not signature.ticket.strip():
        raise InputError("an approval needs the name of who gives it, and a ticket")
    source = read_source(*(rules or [_home(package)]), cache=cache)
    if source.faults:
        raise LoadError(source.faults)
    one = _package(source, package)
    approval = approval_of(one)
    due = _due(approval)
    adders = added_by(one.package)
    own = [part for part in due if part in adders and same_person(adders[part], signature.by)]
    files = () if own or not (due or approval.removed) else _sign(source, one, approval, signature)
    places = places_of(one, own) if own else {}
    held = [Held(_name(one, part), "own", place) for part, place in places.items()]
    parts = sum(not part.startswith(PROTECTS) for part in approval.digests)
    return Approved(
        one.name, files, tuple(due), parts - len(due), approval.removed, tuple(held),
        approval.fault,
    )  # fmt: skip


def _due(approval: Approval) -> list[str]:
    """The parts that no line covers, the package itself first."""
    return sorted(approval.uncovered, key=lambda part: (part != FRAME, part))


def _name(source: PackageSource, part: str) -> str:
    return source.name if part == FRAME else f"{source.name}/{part.partition('/')[2]}"


def _sign(
    source: Source, one: PackageSource, approval: Approval, signature: Signature
) -> tuple[str, ...]:
    """Write the list and its digest."""
    by, on, ticket = signature.by.strip(), signature.on.isoformat(), signature.ticket.strip()
    lines = [
        Line(part, digest, by, on, ticket)
        if part in approval.uncovered or part not in approval.lines
        else approval.lines[part]
        for part, digest in approval.digests.items()
    ]
    text = list_text(lines).encode()
    approved = {"by": by, "on": signature.on, "ticket": ticket, "digest": list_digest(text)}
    made = edited(source, [Edit(one.name, (), "approved", approved)])
    # The list first: until the package names its digest it counts for nothing.
    written = {str(list_of(one)): text, **made}
    write_files(written)
    return tuple(written)


def _home(package: str) -> str:
    """The folder that holds the policy table which a package is loaded with.

    Raises:
        InputError: there is none.
    """
    path = Path(package)
    if not path.exists():
        raise InputError(
            f"{package}: there is no such file or folder; name a package with -r RULES"
        )
    for folder in (path.absolute(), *path.absolute().parents):
        if (folder / POLICIES).is_file():
            return _short(folder)
    raise InputError(f"{package}: no folder above it has a {POLICIES}; name the rules with -r")


def _short(folder: Path) -> str:
    """A folder as from where the program runs, where it lies below."""
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)


def _package(source: Source, asked: str) -> PackageSource:
    """The package of a name, a file or a folder.

    Raises:
        InputError: there is none, or several.
    """
    named = [one for one in source.packages if one.name == asked]
    if not named and Path(asked).exists():
        named = [one for one in source.packages if _lies_in(one, Path(asked).resolve())]
    if len(named) == 1:
        return named[0]
    names = [one.name for one in named or source.packages]
    if named:
        raise InputError(f"{asked}: holds several packages: {', '.join(names)}; name one of them")
    hint = did_you_mean(asked, names) or f"one of: {', '.join(names)}"
    raise InputError(f"there is no package {asked!r}; {hint}")


def _lies_in(one: PackageSource, path: Path) -> bool:
    file = Path(one.file.read.tree.file).resolve()
    return path in {file, file.parent}


def by_sort(parts: Iterable[str]) -> dict[str, int]:
    """How many parts there are of each sort.

    >>> by_sort(["materials/a", "package", "materials/b"])
    {'materials': 2, 'package': 1}
    """
    return dict(Counter(part.partition("/")[0] for part in parts))
