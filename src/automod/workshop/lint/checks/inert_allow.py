"""AM204: an allow in whose words nothing that it protects can hit."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.allowed import inert
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.wording import visible


def _look(world: World) -> Iterator[Found]:
    for held in inert(world.text_allows, world.wordings):
        values = {"value": visible(held.material.value)}
        yield Found(held.place, values, held.package.name, held.allow.id)


CHECK = Check(
    code="AM204",
    name="inert_allow",
    severity="warning",
    title={
        "en": "an allow that protects nothing",
        "ar": "استثناء لا يحمي شيئًا",
    },
    why={
        "en": "An allow protects a hit whose letters lie within its own. No material that this one "
        "is for hits in its words: the material was taken out or is spelt otherwise, or the allow "
        "is in the wrong package. The harmless ads that it was written for may be stopped.",
        "ar": "يحمي الاستثناء إصابةً تقع حروفها داخل حروفه. ولا تصيب أي مادة مما يخصه كلماتِ هذا "
        "الاستثناء: فإما أن المادة حُذفت أو كُتبت بصورة أخرى، وإما أن الاستثناء في غير حزمته. وقد "
        "تُوقَف الإعلانات البريئة التي كُتب لأجلها.",
    },
    message={
        "en": "{value} protects nothing: no material that it is for hits in its words",
        "ar": "{value} لا يحمي شيئًا: لا تطابق كلماتِه أيُّ مادة يشملها",
    },
    look=_look,
    of_absence=True,
)
