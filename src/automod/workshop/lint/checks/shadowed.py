"""AM203: a material that an allow protects wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording, found in zip(world.wordings, world.shadows, strict=True):
        for one in found:
            if one.whole:
                place, allow = one.held.place, one.held.allow.id
                yield told(wording, one.number, related=[place], allow=allow, place=place)


CHECK = Check(
    code="AM203",
    name="shadowed",
    severity="warning",
    title={
        "en": "an allow protects the material wherever it stands",
        "ar": "استثناء يحمي المادة أينما وردت",
    },
    why={
        "en": "Hits inside an allow count nothing. This allow says the same words as the material, "
        "so every hit of the plain word is protected: the material is switched off, and nobody "
        "said so. Leave one of them out, or write into the allow the words that make it harmless.",
        "ar": "الإصابات داخل الاستثناء لا تُحتسب. وهذا الاستثناء يقول كلمات المادة نفسها، فكل "
        "إصابة "
        "للكلمة الصريحة محمية: عُطّلت المادة دون أن يقصد أحد ذلك. احذف أحدهما، أو أضف إلى "
        "الاستثناء "
        "الكلمات التي تجعل العبارة بريئة.",
    },
    message={
        "en": "{value} never counts as it is written: the allow {allow} ({place}) says the same",
        "ar": "{value} لا تُحتسب أبدًا كما كُتبت: الاستثناء {allow} ({place}) يقول الشيء نفسه",
    },
    look=_look,
)
