"""An advertiser who is let past without an end, a ticket or a name, or past everything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from automod.model.ruleset import Allow
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import allows_of, in_use

_MANY = 3
"""Codes past which an allow is no exception any more."""


def _look(world: World) -> Iterator[Found]:
    table = world.source.ruleset.policies.codes
    critical = {code for code, entry in table.items() if entry.severity == "critical"}
    for package in in_use(world):
        for number, allow in allows_of(package):
            if allow.material is not None:
                continue
            name, place = allow.id.partition("/")[2], package.file.read.at(("allow", number))
            lacking, more = _lacking(allow), {}
            codes = _codes(allow, world)
            if codes and codes <= critical:
                # Nothing that it lacks would make it act: with the codes written it does not load.
                lacking = ["policies"]
                told = ", ".join(sorted(codes))
                more = {key: text.format(codes=told) for key, text in _IDLE.items()}
            if lacking:
                values = {"allow": name, "lacking": ", ".join(lacking), **more}
                yield Found(place, values, package.name, allow.id)


_IDLE: Final = {
    "hint": "{codes} is critical, and no advertiser is allowed past it: it does nothing; remove it",
    "hint_ar": "{codes} حرج لا يُستثنى منه أي معلن، فلا أثر له؛ احذفه",
}


def _codes(allow: Allow, world: World) -> set[str]:
    """The codes whose verdicts an allow may take away."""
    codes = set(allow.policies)
    for package in world.packages:
        if package.name in allow.packages:
            codes |= {*package.package.policies, *chain(*package.materials.column("policies"))}
            codes |= {code for rule in package.package.rules for code in rule.policies}
    return codes


def _lacking(allow: Allow) -> list[str]:
    lacking = [key for key in ("by", "ticket") if key not in allow.about]
    if allow.scope.until is None:
        lacking.append("until")
    if allow.packages or len(allow.policies) > _MANY:
        lacking.append("policies")
    return lacking


CHECK = Check(
    code="AM413",
    name="open_advertiser_allow",
    severity="warning",
    title={
        "en": "an advertiser let past without limits",
        "ar": "معلن مسموح له بلا حدود",
    },
    why={
        "en": "An allow for an advertiser takes away the verdicts of their ads. It needs an end, "
        "somebody who answers for it, a ticket, and the few codes that it is about ('policies'); "
        "one for a whole package grows with every code that the package gets.",
        "ar": "السماح لمعلن يلغي الأحكام على إعلاناته. ولا بد له من آخر يوم ومسؤول عنه وتذكرة "
        "ورموز قليلة محددة (policies)؛ والسماح لحزمة كاملة يتسع مع كل رمز يضاف إليها.",
    },
    message={
        "en": "the allow {allow!r} for advertisers has no limit of: {lacking}",
        "ar": "السماح {allow!r} للمعلنين لا تحده: {lacking}",
    },
    look=_look,
)
