"""What does not begin for more than a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from automod.model.ruleset import Scope
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import dated, in_use

_LONG = timedelta(days=366)


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        for scope, place, name in dated(package, partial(_is_far, world.on)):
            values = {"name": name, "from": str(scope.from_)}
            yield Found(place("from"), values, package.name, name)


def _is_far(on: date, scope: Scope) -> bool:
    return scope.from_ is not None and scope.from_ - on > _LONG


CHECK = Check(
    code="AM321",
    name="far_future",
    severity="warning",
    title={"en": "begins in more than a year", "ar": "يبدأ بعد أكثر من سنة"},
    why={
        "en": "Until its first day it does nothing. A first day more than a year away is mostly a "
        "slip of the year, and then nobody is protected meanwhile.",
        "ar": "لا يعمل قبل أول يوم له. والبداية بعد أكثر من سنة تكون غالبًا خطأ في كتابة السنة، "
        "وفي أثناء ذلك لا أحد محمي.",
    },
    message={
        "en": "{name} begins on {from} only: is the year right?",
        "ar": "لا يبدأ {name} إلا في {from}: هل السنة صحيحة؟",
    },
    look=_look,
)
