"""AM220: a keyword or phrase written as if it were a pattern."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        for number, cause in wording.spoilt.items():
            if cause == "wildcard":
                yield told(wording, number, kind=wording.kinds[number])


CHECK = Check(
    code="AM220",
    name="wildcard",
    severity="error",
    title={
        "en": "signs of a pattern in a keyword or a phrase",
        "ar": "رموز أنماط داخل كلمة أو عبارة",
    },
    why={
        "en": "A keyword is found as it is written: a star, a bar or a slot in it is a character "
        "that the ad has to hold. In a phrase a star is a mere gap. So the material hits far less "
        "than its author thinks. For word beginnings there is 'boundary: prefix', for alternatives "
        "and slots the kind 'phrase' with (a|b) and <number>, for the rest the kind 'regex'.",
        "ar": "الكلمة المفتاحية يُبحث عنها كما كُتبت: فالنجمة أو الخط العمودي أو الخانة فيها حرف "
        "يجب أن "
        "يرد في الإعلان، والنجمة في العبارة مجرد فاصل. لذلك تصيب المادة أقل بكثير مما يظن كاتبها. "
        "لأوائل الكلمات استعمل boundary: prefix، وللبدائل والخانات النوع phrase مع (أ|ب) "
        "و<number>، "
        "ولما عدا ذلك النوع regex.",
    },
    message={
        "en": "{value} is written like a pattern, and as a {kind} its signs are read as "
        "characters; "
        "use 'boundary: prefix', a phrase with (a|b), or kind: regex",
        "ar": "{value} مكتوبة كأنها نمط، ورموزها في مادة من نوع {kind} تُقرأ حروفًا؛ استعمل "
        "boundary: prefix أو عبارة فيها (أ|ب) أو kind: regex",
    },
    look=_look,
)
