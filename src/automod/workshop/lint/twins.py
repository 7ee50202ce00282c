"""The same material in two packages of one policy code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from automod.load.policy_table import PolicyNames
from automod.model.ruleset import Scope

from .forms import is_bare
from .swallow import Claims, dominates
from .targets import Target
from .wording import Wording

Key = tuple[str, Any]


class Twins(NamedTuple):
    """Two materials of different packages: the one that adds nothing, and the other."""

    wording: Wording
    number: int
    other: Wording
    of_other: int


def twins(
    wordings: Sequence[Wording],
    led: Sequence[Mapping[int, Target]],
    names: PolicyNames,
    claims: Claims,
) -> Iterator[Twins]:
    """The materials of one package that another package has as well, with the same code.

    Args:
        wordings: the packages.
        led: where the links, handles and phones of each lead.
        names: what groups of markets hold.
        claims: what is asked for by its name.
    """
    if len(wordings) < 2:
        return
    seen: dict[Key, list[tuple[Wording, int]]] = {}
    told: set[tuple[int, int]] = set()
    for wording, targets in zip(wordings, led, strict=True):
        keys: dict[Key, int] = {}
        for key, number in _keys(wording, targets):
            keys.setdefault(key, number)
        for key in keys.keys() & seen.keys():
            number = keys[key]
            for other, of_other in seen[key]:
                pair = _ordered(Twins(wording, number, other, of_other), names, claims)
                if pair is not None and (id(pair.wording), pair.number) not in told:
                    told.add((id(pair.wording), pair.number))
                    yield pair
        for key, number in keys.items():
            seen.setdefault(key, []).append((wording, number))


def _keys(wording: Wording, targets: Mapping[int, Target]) -> Iterator[tuple[Key, int]]:
    """What each material is the same by."""
    keys, kinds, gaps = wording.keys, wording.kinds, wording.column("gap")
    for number in wording.sound:
        key = keys[number]
        if kinds[number] == "keyword" or (is_bare(key) and not gaps[number]):
            yield ("text", key), number
        else:
            yield ("phrase", (key, gaps[number])), number
    for number in wording.of(["regex"]):
        yield ("regex", keys[number]), number
    for number, target in targets.items():
        yield (wording.kinds[number], target), number


def _ordered(pair: Twins, names: PolicyNames, claims: Claims) -> Twins | None:
    """The pair with that one first which adds nothing; None where both have their reason."""
    turned = Twins(pair.other, pair.of_other, pair.wording, pair.number)
    return next((one for one in (pair, turned) if _adds_nothing(one, names, claims)), None)


def _adds_nothing(pair: Twins, names: PolicyNames, claims: Claims) -> bool:
    small = pair.wording.standing(pair.number)
    large = pair.other.standing(pair.of_other)
    if pair.wording.source.package.status == "shadow" != pair.other.source.package.status:
        return False  # a trial beside what is in use
    alike = small.boundary == large.boundary and small.language == large.language
    if not alike or not dominates(large, small, claims):
        return False
    return _within(pair.wording.source.package.scope, pair.other.source.package.scope, names)


def _within(small: Scope, large: Scope, names: PolicyNames) -> bool:
    """Whether one scope of a package acts nowhere but where the other does."""
    markets = {*names.countries(large.markets)}
    if markets and not (small.markets and {*names.countries(small.markets)} <= markets):
        return False
    begins = (small.from_ or date.min) >= (large.from_ or date.min)
    return begins and (small.until or date.max) <= (large.until or date.max)
