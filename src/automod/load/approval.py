"""Approvals: which parts of a package somebody looked at as they are now, and what the rest may do.

A package's approval is a list beside it, one line for each material, rule and allow and one for
the package's own frame: the digest of what was looked at, who did, when, and the ticket. The
package file holds the digest of the list. This records, it does not authenticate: whoever may write
both files may write anybody's name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from automod.errors import Location
from automod.model.canonical import canonical_text, canonical_texts
from automod.model.columns import column, various
from automod.model.ruleset import Package

from .people import same_person
from .source import PackageSource

FRAME: Final = "package"
"""The part that is the package itself: its name, codes and scope, and what groups may add."""
SUFFIX: Final = ".approved.jsonl"
PROTECTS: Final = "protects/"
"""Begins the parts that name what the allows of a package protect of others: where one of these
allows is gone, nobody could tell any more."""
SUGAR: Final = "+needs"
"""What the rule that a material's `needs` stands for is called, behind the material."""

_KEYS: Final = ("part", "digest", "by", "on", "ticket")
_CELLS: Final = itemgetter(*_KEYS)

Cause = Literal["new", "changed", "own"]
"""Why a part is not covered: nobody approved it; not as it is now; who did had added it."""


class Line(NamedTuple):
    """One part of a package as somebody approved it."""

    part: str
    """`materials/ID`, `rules/ID`, `allow/ID`, `protects/PACKAGE`, `protects/CODE`, or `package`."""
    digest: str
    by: str
    on: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Approval:
    """How a package as it is now compares with what was approved of it."""

    package: str
    approved: bool
    """Whether its file says that it is."""
    fault: str
    """Why its list does not count; blank where it does."""
    lines: Mapping[str, Line]
    """By part: what the list says; none where it does not count."""
    digests: Mapping[str, str]
    """By part: what is there now."""
    uncovered: Mapping[str, Cause]
    """By part: what is there now and not covered."""
    removed: tuple[str, ...]
    """Parts that were approved and are gone."""


# --- what there is ------------------------------------------------------------------------------


def digests(package: Package) -> dict[str, str]:
    """The digest of every part of a package, by the part's name: of all that it says, also notes.

    >>> sorted(digests(Package("p", "1", "me")))
    ['package']
    """
    frame = replace(
        package, version="", owner="", title={}, languages=(), status="live", materials=(),
        rules=(), allows=(), examples=(), about={},
    )  # fmt: skip
    found = {FRAME: _sha256(canonical_text(frame))}
    for sort, some in parts_of(package):
        names = [f"{sort}/{one.partition('/')[2]}" for one in column(some, "id")]
        found.update(zip(names, map(_sha256, canonical_texts(some)), strict=True))
    found.update((f"{PROTECTS}{name}", _sha256(name)) for name in sorted(guarded(package)))
    return found


def guarded(package: Package) -> set[str]:
    """The packages and codes, beside the package itself, that its allows protect."""
    names = {name for one in package.allows for name in (*one.packages, *one.policies)}
    return names - {package.name}


def parts_of(package: Package) -> tuple[tuple[str, Sequence[Any]], ...]:
    """The parts of a package by their sort, as the names of parts begin."""
    return ("materials", package.materials), ("rules", package.rules), ("allow", package.allows)


def _sha256(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def added_by(package: Package) -> dict[str, str]:
    """Who added each part that says so, by the part's name."""
    found = {FRAME: name} if (name := package.about.get("added_by")) else {}
    for sort, some in parts_of(package):
        if any("added_by" in about for about in various(some, "about")):
            for one, about in zip(column(some, "id"), column(some, "about"), strict=True):
                if name := about.get("added_by"):
                    found[f"{sort}/{one.partition('/')[2]}"] = name
    for rule in package.rules:
        local = rule.id.partition("/")[2]
        if local.endswith(SUGAR) and (name := found.get(f"materials/{local[: -len(SUGAR)]}")):
            found[f"rules/{local}"] = name
    return found


# --- what was approved --------------------------------------------------------------------------


def list_of(source: PackageSource) -> Path:
    """The file beside a package that lists what was approved of it."""
    return source.file.folder / f"{source.name}{SUFFIX}"


def list_text(lines: Iterable[Line]) -> str:
    """The text of a list, a line for each part, in their order.

    >>> print(list_text([Line("package", "sha256:0", "nadia", "2026-11-20", "A-1")]), end="")
    {"part": "package", "digest": "sha256:0", "by": "nadia", "on": "2026-11-20", "ticket": "A-1"}
    """
    encode = lru_cache(maxsize=1_024)(json.JSONEncoder(ensure_ascii=False).encode)
    texts = [
        f'{{"part": {encode(one.part)}, "digest": {encode(one.digest)}, "by": {encode(one.by)}, '
        f'"on": {encode(one.on)}, "ticket": {encode(one.ticket)}}}\n'
        for one in sorted(lines, key=attrgetter("part"))
    ]
    return "".join(texts)


def list_digest(text: bytes) -> str:
    r"""The digest of a list; line ends do not count, as version control may change them.

    >>> list_digest(b"{}\r\n") == list_digest(b"{}\n")
    True
    """
    plain = text.replace(b"\r\n", b"\n")
    return f"sha256:{hashlib.sha256(plain).hexdigest()}"


def approval_of(source: PackageSource) -> Approval:
    """What of a package is covered by its approval, and what is not.

    Args:
        source: the package; its list is read from beside it.
    """
    approved = source.file.package.approved
    lines: dict[str, Line] = {}
    fault = ""
    if approved is not None:
        found = _read(list_of(source), approved.digest)
        lines, fault = ({}, found) if isinstance(found, str) else (found, "")
    now = digests(source.package)
    gone = lines.keys() - now.keys()
    removed = tuple(sorted(part for part in gone if not part.startswith(PROTECTS)))
    uncovered = dict(_uncovered(now, lines, added_by(source.package)))
    return Approval(source.name, approved is not None, fault, lines, now, uncovered, removed)


def _read(path: Path, digest: str) -> dict[str, Line] | str:
    """The lines of a list, or why it does not count."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return f"there is no {path.name}"
    except OSError as error:
        return f"{path.name} cannot be read: {error.strerror}"
    if list_digest(text) != digest:
        return f"{path.name} was changed since it was signed"
    try:
        # One list is parsed faster than a hundred thousand lines.
        rows = json.loads(b"[%s]" % b",".join(text.splitlines()))
        lines = list(map(Line._make, map(_CELLS, rows)))
        if all(len(row) == len(_KEYS) for row in rows) and _are_texts(lines):
            return {line.part: line for line in lines}
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    return f"{path.name} is no list of approvals"


def _are_texts(lines: Iterable[Line]) -> bool:
    return {type(cell) for cell in chain.from_iterable(lines)} <= {str}


def _uncovered(
    now: Mapping[str, str], lines: Mapping[str, Line], adders: Mapping[str, str]
) -> Iterator[tuple[str, Cause]]:
    for part, digest in now.items():
        line = lines.get(part)
        if part.startswith(PROTECTS):
            continue  # it goes with the allows that say so
        if line is None:
            yield part, "new"
        elif line.digest != digest:
            yield part, "changed"
        elif part in adders and same_person(line.by, adders[part]):
            yield part, "own"


def _places(source: PackageSource) -> dict[str, tuple[str, int]]:
    """Where each part is written, by its id: in which list, and its number there."""
    package = source.file.package
    found = {name: ("materials", n) for n, name in enumerate(source.materials.column("id"))}
    rules, allows = [one.id for one in package.rules], [one.id for one in package.allow]
    for sort, some in (("rules", rules), ("allow", allows)):
        found.update((f"{source.name}/{one}", (sort, n)) for n, one in enumerate(some))
    return found


def _at(source: PackageSource, place: tuple[str, int]) -> Location:
    return source.at(place[1]) if place[0] == "materials" else source.file.read.at(place)


def places_of(source: PackageSource, parts: Iterable[str]) -> dict[str, Location]:
    """Where parts of a package, as it is now, are written."""
    places = _places(source)
    return {
        part: source.file.read.at(("package",))
        if part == FRAME
        else _at(source, places[f"{source.name}/{part.partition('/')[2].removesuffix(SUGAR)}"])
        for part in parts
    }
