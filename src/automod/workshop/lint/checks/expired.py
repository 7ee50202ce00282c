"""What is past its last day and still stands as in use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from automod.model.ruleset import Scope
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import dated, is_on, is_over


def _look(world: World) -> Iterator[Found]:
    for package in filter(is_on, world.packages):
        for scope, place, name in dated(package, partial(_ended, world.on)):
            values = {"name": name, "until": str(scope.until)}
            yield Found(place("until"), values, package.name, name)
            if is_over(package, world.on):
                break  # of a package that is over nothing else has to be said


def _ended(on: date, scope: Scope) -> bool:
    return scope.until is not None and scope.until < on


CHECK = Check(
    code="AM320",
    name="expired",
    severity="warning",
    title={"en": "past its last day", "ar": "انتهى آخر يوم له"},
    why={
        "en": "What is past its last day does nothing, but looks as if it did. Extend it where "
        "it is still needed; else say so with 'status: retired', and readers know.",
        "ar": "ما انتهى آخر يوم له لا يعمل، لكنه يبدو كأنه يعمل. مدده إن كان لا يزال مطلوبًا، "
        "وإلا فاكتب status: retired ليعرف القراء.",
    },
    message={
        "en": "{name} ended on {until}: extend it, or retire it",
        "ar": "انتهى {name} في {until}: مدده أو اجعله متقاعدًا",
    },
    look=_look,
)
