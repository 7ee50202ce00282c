"""The parts of packages that checks ask for: what is in use, and where rules and allows lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from automod.errors import Location
from automod.load.forms import OFF, scope_of
from automod.load.source import PackageSource
from automod.load.written import Read
from automod.model.columns import various
from automod.model.ruleset import Allow, Material, Rule, Scope

from .check import Found, World
from .reach import leaves_of

Place = Callable[[str], Location]
"""Where a key is."""


def in_use(world: World) -> Iterator[PackageSource]:
    """The packages that are neither draft nor retired, nor at an end."""
    return (one for one in world.packages if not is_over(one, world.on) and is_on(one))


def is_on(package: PackageSource) -> bool:
    """Whether a package is neither draft nor retired."""
    return package.package.status not in OFF


def is_over(package: PackageSource, on: date) -> bool:
    """Whether the last day of a package is past."""
    until = package.package.scope.until
    return until is not None and until < on


def rules_of(package: PackageSource) -> Iterator[tuple[int, Rule]]:
    """The rules of a package that are in use, each with its number in the file.

    Those that `needs` and `unless` stand for are not among them.
    """
    made = {rule.id: rule for rule in package.package.rules}
    for number, one in enumerate(package.file.package.rules):
        rule = made.get(f"{package.name}/{one.id}")
        if rule is not None:
            yield number, rule


def allows_of(package: PackageSource) -> Iterator[tuple[int, Allow]]:
    """The allows of a package that are in use, each with its number in the file."""
    made = {allow.id: allow for allow in package.package.allows}
    for number, one in enumerate(package.file.package.allow):
        allow = made.get(f"{package.name}/{one.id}")
        if allow is not None:
            yield number, allow


def some(package: PackageSource, kinds: Iterable[str]) -> Iterator[tuple[int, Material]]:
    """The materials of some kinds that are in use, each with its number."""
    wanted = frozenset(kinds).intersection(various(package.materials, "kind"))
    if wanted:
        for number, kind in enumerate(package.materials.column("kind")):
            if kind in wanted and package.materials[number].status not in OFF:
                yield number, package.materials[number]


def found_in(
    package: PackageSource, number: int, key: str | None = None, **values: object
) -> Found:
    """What is said of a material by its number."""
    material = package.materials[number]
    value = shortened(material.value)
    where = package.at(number, key)
    return Found(where, {"value": value, **values}, package.name, material.id)


def shortened(text: str, longest: int = 60) -> str:
    """A text that fits into a sentence.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def listed(names: Iterable[str], most: int = 6) -> str:
    """Some names in a row, and how many more there are.

    >>> listed(["SA", "AE", "EG"], most=2)
    'AE, EG (+1)'
    """
    ordered = sorted(set(names))
    more = f" (+{len(ordered) - most})" if len(ordered) > most else ""
    return ", ".join(ordered[:most]) + more


def asked_tags(world: World) -> Mapping[str, list[Rule]]:
    """Qualified tags that rules in use ask for, and which rules do."""
    asked: dict[str, list[Rule]] = defaultdict(list)
    for package in in_use(world):
        for rule in package.package.rules:
            for leaf in leaves_of(rule.condition):
                if leaf.op == "tag":
                    asked[leaf.name].append(rule)
    return asked


def dated(
    package: PackageSource, asked: Callable[[Scope], bool]
) -> Iterator[tuple[Scope, Place, str]]:
    """Each scope that a package writes and that is asked for: how its keys are found, and whose.

    What `defaults` say comes once, not for each material that has it from there.
    """
    read = package.file.read
    common = scope_of(package.file.package.defaults.__dict__)
    found: list[tuple[Scope, Place, str]] = [
        (package.package.scope, _below(read, ()), package.name),
        (common, _below(read, ("defaults",)), package.name),
    ]
    found += _of_materials(package, asked)
    found += [(one.scope, _below(read, ("rules", n)), one.id) for n, one in rules_of(package)]
    found += [(one.scope, _below(read, ("allow", n)), one.id) for n, one in allows_of(package)]
    return (one for one in found if asked(one[0]))


def _of_materials(
    package: PackageSource, asked: Callable[[Scope], bool]
) -> Iterator[tuple[Scope, Place, str]]:
    scopes = {id(scope) for scope in various(package.materials, "scope") if asked(scope)}
    if not scopes:
        return
    columns = (package.materials.column("scope"), package.materials.column("status"))
    for number, (scope, status) in enumerate(zip(*columns, strict=True)):
        if id(scope) in scopes and status not in OFF:
            form = package.rows.forms[package.rows.form_of[package.order[number]]]
            name = package.materials[number].id
            yield _own_days(scope, form.own), partial(package.at, number), name


def _own_days(scope: Scope, own: Mapping[str, object]) -> Scope:
    """The days that a row says itself."""
    from_ = scope.from_ if "from" in own else None
    return replace(scope, from_=from_, until=scope.until if "until" in own else None)


def _below(read: Read, path: tuple[str | int, ...]) -> Place:
    return lambda key: read.at((*path, key))


_STAND_INS = frozenset(
    {
        "todo", "tbd", "fixme", "xxx", "na", "none", "nobody", "noone", "unknown", "unassigned",
        "someone", "somebody", "placeholder", "changeme", "null",
        "مجهول", "غيرمعروف", "لااحد", "لاأحد", "لايوجد", "بدون", "احدهم", "أحدهم",
    }
)  # fmt: skip
"""Without spaces and signs."""


def is_stand_in(text: str) -> bool:
    """Whether a text stands where a name or a reason should, and is none.

    >>> is_stand_in("?"), is_stand_in("T.B.D."), is_stand_in("لا أحد"), is_stand_in("n.fares")
    (True, True, True, False)
    """
    letters = "".join(char for char in text.casefold() if char.isalnum())
    return not letters or letters in _STAND_INS or len(set(letters)) == 1 < len(letters)


def says_why(text: str) -> bool:
    """Whether a reason is a sentence: of two words, that are no stand-ins.

    >>> says_why("names a chain of food shops"), says_why("todo"), says_why("tbd later!")
    (True, False, True)
    """
    return len(text.split()) > 1 and not is_stand_in(text)
