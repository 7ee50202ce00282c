"""A pattern that finds something in harmless texts of any kind."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import shortened
from automod.workshop.lint.regexes import HARMLESS

_HALF = len(HARMLESS) // 2


def _look(world: World) -> Iterator[Found]:
    for one in world.regexes:
        if one.finds > _HALF:
            values = {
                "value": shortened(one.material.value), "finds": one.finds, "of": len(HARMLESS),
            }  # fmt: skip
            yield Found(one.place, values, one.package, one.material.id)


CHECK = Check(
    code="AM304",
    name="regex_finds_everything",
    severity="error",
    title={
        "en": "a pattern that matches nearly every text",
        "ar": "نمط يطابق كل نص تقريبًا",
    },
    why={
        "en": "It was tried on ten harmless ads in seven languages, of bread, books and sofas, "
        "and finds something in most of them. As a material it stops everybody; as an allow it "
        "lets everything through.",
        "ar": "جُرب على عشرة إعلانات سليمة بسبع لغات عن الخبز والكتب والأرائك فوجد شيئًا في "
        "معظمها. فإن كان مادة أوقف الجميع، وإن كان سماحًا مر كل شيء.",
    },
    message={
        "en": "{value!r} finds something in {finds} of {of} harmless texts",
        "ar": "{value!r} يجد شيئًا في {finds} من {of} نصوص سليمة",
    },
    look=_look,
)
