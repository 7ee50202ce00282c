"""Approvals: which parts of a package somebody looked at as they are now, and what the rest may do.

A package's approval is a list beside it, one line for each material, rule and allow and one for
the package's own frame: the digest of what was looked at, who did, when, and the ticket. The
package file holds the digest of the list. This records, it does not authenticate: whoever may write
both files may write anybody's name.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from automod.errors import Location
from automod.model.canonical import canonical_text, canonical_texts
from automod.model.columns import Columns, column, various
from automod.model.ruleset import Condition, Package, Ruleset

from .source import PackageSource, Source

FRAME: Final = "package"
"""The part that is the package itself: its name, codes and scope, and what groups may add."""
SUFFIX: Final = ".approved.jsonl"
SUGAR: Final = "+needs"
"""What the rule that a material's `needs` stands for is called, behind the material."""

_KEYS: Final = ("part", "digest", "by", "on", "ticket")
_CELLS: Final = itemgetter(*_KEYS)
_BETWEEN_NAMES: Final = re.compile(r"[;,،؛&]")

Cause = Literal["new", "changed", "own"]
"""Why a part is not covered: nobody approved it; not as it is now; who did had added it."""
Why = Literal["never", "list", "new", "changed", "own", "frame", "allow", "exception"]
"""Why something loads as shadow; `sentence` says it."""


class Line(NamedTuple):
    """One part of a package as somebody approved it."""

    part: str
    """`materials/ID`, `rules/ID`, `allow/ID`, or `package`."""
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


@dataclass(frozen=True, slots=True)
class Held:
    """What loads as shadow because no approval covers it."""

    id: str
    """`package/id`; the package's name: all of it."""
    why: Why
    location: Location

    def __str__(self) -> str:
        what = "all of " * ("/" not in self.id)
        return f"{self.location}: {what}{self.id!r} loads as shadow: {_SENTENCES[self.why]}"


_SENTENCES: Final[Mapping[Why, str]] = {
    "never": "the package was never approved",
    "list": "the list of what was approved is missing, or was changed since",
    "new": "nobody approved it yet",
    "changed": "it was changed since it was approved",
    "own": "who approved it had added it",
    "frame": "its codes, markets, dates or caps were changed since they were approved",
    "allow": "what its allows protect was changed since it was approved",
    "exception": "what it makes an exception for was changed since it was approved",
}


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, whatever their case and spaces; a text may name several.

    >>> same_person("O. Haddad", "o.haddad"), same_person("nadia", "omar; Nadia")
    (True, True)
    """
    return not people(one).isdisjoint(people(other))


@lru_cache(maxsize=1_024)
def people(names: str) -> frozenset[str]:
    """The people that a text names, each without case and spaces.

    >>> sorted(people("O. Haddad, Nadia"))
    ['nadia', 'o.haddad']
    """
    folded = unicodedata.normalize("NFKC", names).casefold()
    return frozenset(filter(None, ("".join(one.split()) for one in _BETWEEN_NAMES.split(folded))))


MOST_TOLD: Final = 100


def told(held: Sequence[Held]) -> tuple[str, ...]:
    """A line for each thing that is held back, and one for what is more than can be read."""
    lines = [str(one) for one in held[:MOST_TOLD]]
    more = len(held) - MOST_TOLD
    return (*lines, f"… and {more:,} more load as shadow") if more > 0 else tuple(lines)


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
    for sort, some in _parts(package):
        names = [f"{sort}/{one.partition('/')[2]}" for one in column(some, "id")]
        found.update(zip(names, map(_sha256, canonical_texts(some)), strict=True))
    return found


def _parts(package: Package) -> tuple[tuple[str, Sequence[Any]], ...]:
    return ("materials", package.materials), ("rules", package.rules), ("allow", package.allows)


def _sha256(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def added_by(package: Package) -> dict[str, str]:
    """Who added each part that says so, by the part's name."""
    found = {FRAME: name} if (name := package.about.get("added_by")) else {}
    for sort, some in _parts(package):
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
    removed = tuple(sorted(lines.keys() - now.keys()))
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
        if line is None:
            yield part, "new"
        elif line.digest != digest:
            yield part, "changed"
        elif part in adders and same_person(line.by, adders[part]):
            yield part, "own"


# --- what the rest may do -----------------------------------------------------------------------


def approved_only(source: Source) -> tuple[Ruleset, tuple[Held, ...]]:
    """The ruleset of files in which only that is live which an approval covers, and the rest.

    The rest is shadow: a material or rule still hits and decides nothing, an allow protects
    nothing. Where it cannot be told part by part, the whole package is: it was never approved, or
    its codes, scope or caps are others now; and all that it stops is, where one of its allows went
    or changed, as it would stop more than anybody agreed to. Overrides only narrow: they need none.
    """
    of = {one.name: one for one in source.packages}
    loaded = source.ruleset.packages
    approvals = {one.name: approval_of(of[one.name]) for one in loaded}
    held = [_held(package, approvals[package.name]) for package in loaded]
    _hold_exceptions(loaded, approvals, held)
    both = list(zip(loaded, held, strict=True))
    told = [one for package, parts in both for one in _told(of[package.name], package, parts)]
    made = tuple(_shadowed(package, parts) for package, parts in both)
    return replace(source.ruleset, packages=made), tuple(told)


Parts = dict[str, Why]
"""What is held back of a package, by `package/id`; the package's name stands for all of it."""


def _held(package: Package, approval: Approval) -> Parts:
    whole = _whole(approval)
    found: Parts = {} if whole is None else {package.name: whole}
    for part, cause in approval.uncovered.items():
        if part != FRAME:
            found[f"{package.name}/{part.partition('/')[2]}"] = cause
    return found


def _whole(approval: Approval) -> Why | None:
    """Why nothing of a package may act, if that is so."""
    if not approval.approved:
        return "never"
    if approval.fault:
        return "list"
    if FRAME in approval.uncovered:
        return "own" if approval.uncovered[FRAME] == "own" else "frame"
    changed = (part for part, cause in approval.uncovered.items() if cause == "changed")
    allows = (part.startswith("allow/") for part in (*approval.removed, *changed))
    return "allow" if any(allows) else None


def _hold_exceptions(
    packages: Sequence[Package], approvals: Mapping[str, Approval], held: Sequence[Parts]
) -> None:
    """Also hold back the rules whose exceptions are: a rule fires more where its `none` fires less.

    Of what was changed or is gone nobody knows the tags that it had: any tag of its package counts.
    """
    names = {name for parts in held for name in parts}
    unsure = {name for name, one in approvals.items() if _lost(one)}
    rules = [
        (parts, rule, frozenset(exceptions(rule.condition)))
        for package, parts in zip(packages, held, strict=True)
        for rule in package.rules
    ]
    tags = {tag for package in packages for tag in _tags(package, names)}
    more = True
    while more:
        more = False
        for parts, rule, asked in rules:
            if rule.id not in parts and any(_is_held(one, names, tags, unsure) for one in asked):
                parts[rule.id], more = "exception", True
                names.add(rule.id)
                tags.update(rule.tags)


def _lost(approval: Approval) -> bool:
    changed = (part for part, cause in approval.uncovered.items() if cause == "changed")
    return any(not part.startswith(("allow/", FRAME)) for part in (*approval.removed, *changed))


def _tags(package: Package, names: set[str]) -> Iterator[str]:
    """The tags of what is held back of a package."""
    whole = package.name in names
    for some in (package.materials, package.rules):
        for own, tags in zip(column(some, "id"), column(some, "tags"), strict=True):
            if tags and (whole or own in names):
                yield from tags


def exceptions(condition: Condition, *, inside: bool = False) -> Iterator[tuple[str, str]]:
    """The materials and tags that must not be there for a condition to hold, as (op, name)."""
    if inside and condition.op in ("material", "tag"):
        yield condition.op, condition.name
    for part in condition.parts:
        yield from exceptions(part, inside=inside or condition.op == "none")


def _is_held(one: tuple[str, str], names: set[str], tags: set[str], unsure: set[str]) -> bool:
    op, name = one
    package = name.partition("/")[0]
    if op == "material":
        return name in names or package in names
    return name in tags or package in unsure


def _shadowed(package: Package, parts: Parts) -> Package:
    """The package in which what is held back is shadow."""
    whole = parts.get(package.name)
    if whole is not None:
        # What was approved to be let through still is, where only other allows are in doubt.
        keep = whole == "allow"
        allows = [
            one if keep and one.id not in parts else replace(one, status="shadow")
            for one in package.allows
        ]
        return replace(
            package, status=package.status if keep else "shadow",
            materials=_in_shadow(package.materials, None), allows=tuple(allows),
            rules=tuple(replace(one, status="shadow") for one in package.rules),
        )  # fmt: skip
    if not parts:
        return package
    return replace(
        package, materials=_in_shadow(package.materials, parts.keys()),
        rules=tuple(_one(rule, parts) for rule in package.rules),
        allows=tuple(_one(allow, parts) for allow in package.allows),
    )  # fmt: skip


def _one(part: Any, parts: Parts) -> Any:
    return replace(part, status="shadow") if part.id in parts else part


def _in_shadow(materials: Sequence[Any], ids: Iterable[str] | None) -> Sequence[Any]:
    """The materials, of which some (None: all) are shadow."""
    if not materials:
        return materials
    if not isinstance(materials, Columns):
        names = None if ids is None else frozenset(ids)
        return tuple(
            replace(one, status="shadow") if names is None or one.id in names else one
            for one in materials
        )
    each = {name: values for name, values in materials.each.items() if name != "status"}
    if ids is None:
        same = {**materials.same, "status": "shadow"}
        return Columns(materials.kind, each, same)
    statuses = zip(materials.column("id"), materials.column("status"), strict=True)
    names = frozenset(ids)
    each["status"] = ["shadow" if one in names else status for one, status in statuses]
    same = {name: one for name, one in materials.same.items() if name != "status"}
    return Columns(materials.kind, each, same)


def _told(source: PackageSource, package: Package, parts: Parts) -> Iterator[Held]:
    """What is held back and would have acted, with its place; a whole package is told once."""
    whole = parts.get(package.name)
    if whole is not None:
        if package.status == "live":
            yield Held(package.name, whole, source.file.read.at(("package",)))
        return
    if not parts:
        return
    places = _places(source)
    for _, some in _parts(package):
        for name, status in zip(column(some, "id"), column(some, "status"), strict=True):
            if name in parts and status == "live":
                place = places[name.removesuffix(SUGAR)]
                yield Held(name, parts[name], _at(source, place))


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
