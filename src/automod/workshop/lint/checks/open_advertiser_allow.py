"""An advertiser who is let past without an end, a ticket or a name, or past everything."""

from __future__ import annotations

from collections.abc import Iterator

from automod.model.ruleset import Allow
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import allows_of, in_use

_MANY = 3
"""Codes past which an allow is no exception any more."""


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        for number, allow in allows_of(package):
            lacking = _lacking(allow) if allow.material is None else []
            if lacking:
                place = package.file.read.at(("allow", number))
                values = {"allow": allow.id.partition("/")[2], "lacking": ", ".join(lacking)}
                yield Found(place, values, package.name, allow.id)


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
