"""A radius beyond which pictures that have nothing to do with each other come near."""

from __future__ import annotations

from collections.abc import Iterator

from automod.media.sample import RADIUS
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import found_in, is_on, some


def _look(world: World) -> Iterator[Found]:
    for package in filter(is_on, world.packages):
        for number, material in some(package, ("image",)):
            sample = material.sample
            if sample is None or sample.radius is None:
                continue
            safe = RADIUS[sample.algorithm]
            if sample.radius > safe:
                values = {"radius": sample.radius, "safe": safe, "algorithm": sample.algorithm}
                yield found_in(package, number, "radius", **values)


CHECK = Check(
    code="AM504",
    name="radius_too_wide",
    severity="warning",
    title={
        "en": "a radius wider than is safe",
        "ar": "نصف قطر أوسع من الآمن",
    },
    why={
        "en": "Hashes of 64 bits and fewer have little room: a few bits more, and pictures that "
        "have nothing to do with each other are found. The safe radius already finds copies that "
        "were saved again or made smaller.",
        "ar": "البصمات من 64 بت أو أقل ضيقة المجال: بضعة بتات زيادة وتُوجد صور لا علاقة بينها. "
        "ونصف القطر الآمن يجد النسخ المحفوظة ثانية والمصغرة.",
    },
    message={
        "en": "the radius {radius} is wider than is safe for {algorithm} ({safe})",
        "ar": "نصف القطر {radius} أوسع من الآمن لـ {algorithm} ({safe})",
    },
    look=_look,
)
