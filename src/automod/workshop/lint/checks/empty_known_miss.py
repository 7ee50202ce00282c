"""A known miss that names nothing which is missed."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import is_on, shortened


def _look(world: World) -> Iterator[Found]:
    for package in filter(is_on, world.packages):
        for number, one in enumerate(package.package.examples):
            if one.known == "miss" and not one.hits:
                place = package.file.read.at(("examples", number, "known"))
                values = {"text": shortened(one.text or one.image)}
                yield Found(place, values, package.name, package.name)


CHECK = Check(
    code="AM329",
    name="empty_known_miss",
    severity="warning",
    title={
        "en": "a known miss that names nothing",
        "ar": "إصابة فائتة معروفة بلا اسم",
    },
    why={
        "en": "An example with 'known: miss' lists what should hit and does not yet, so that "
        "somebody is told when it is mended. With an empty list there is nothing to be mended, "
        "and nobody will ever be told.",
        "ar": "المثال ذو known: miss يذكر ما ينبغي أن يصيب ولا يصيب بعد، ليُعلم عند إصلاحه. ومع "
        "قائمة فارغة لا شيء يُصلح ولن يُعلم أحد.",
    },
    message={
        "en": "{text!r} is a known miss of nothing: list what it should hit",
        "ar": "{text!r} إصابة فائتة بلا اسم: اذكر ما ينبغي أن يصيبها",
    },
    look=_look,
    of_absence=True,
)
