"""A radius that is too narrow for copies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import found_in, is_on, some

_LEAST: Final = 16
"""Bits by which the PDQ hashes of a picture and of it saved at half its size usually differ."""


def _look(world: World) -> Iterator[Found]:
    for package in filter(is_on, world.packages):
        for number, material in some(package, ("image",)):
            sample = material.sample
            if sample is None or sample.algorithm != "pdq" or sample.radius is None:
                continue
            if sample.radius < _LEAST:
                yield found_in(package, number, "radius", radius=sample.radius, least=_LEAST)


CHECK = Check(
    code="AM503",
    name="radius_too_narrow",
    severity="info",
    title={
        "en": "a radius too narrow for copies",
        "ar": "نصف قطر أضيق من أن يجد النسخ",
    },
    why={
        "en": "The PDQ hash of a picture that was made smaller differs by about 16 bits of 256. "
        "With a smaller radius only copies of the same size are found.",
        "ar": "بصمة PDQ لصورة صُغرت تختلف بنحو 16 بت من 256. ومع نصف قطر أصغر لا تُوجد إلا النسخ "
        "بالحجم نفسه.",
    },
    message={
        "en": "the radius {radius} misses copies that were made smaller; they need {least} or more",
        "ar": "نصف القطر {radius} يفوّت النسخ المصغرة، وهي تحتاج {least} أو أكثر",
    },
    look=_look,
)
