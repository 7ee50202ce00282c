"""AM222: a word that is for texts of languages which are not written so."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.writing import LATIN, LONG, scripts_of_language
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        only = wording.saying("only_languages")
        sound = set(wording.sound) if only else set[int]()
        for number in only:
            letters = int(wording.writings[number]) & (LONG - 1) if number in sound else 0
            languages = wording.column("only_languages")[number]
            if not letters or letters & LATIN or not languages:
                continue
            if not any(scripts_of_language(one) & letters for one in languages):
                yield told(wording, number, "only_languages", languages=", ".join(languages))


CHECK = Check(
    code="AM222",
    name="foreign_only_languages",
    severity="warning",
    title={
        "en": "'only_languages' in which nobody writes these letters",
        "ar": "only_languages لا يُكتب فيها بهذه الحروف",
    },
    why={
        "en": "'only_languages' lets a word hit in texts of those languages alone, and none of "
        "them is written in the letters of this word. It hits only where a text is too short for "
        "its language to be told. To say how a word is written, use the package's 'languages'.",
        "ar": "يجعل only_languages الكلمة تصيب في نصوص تلك اللغات وحدها، ولا تُكتب أي منها بحروف "
        "هذه "
        "الكلمة، فلا تصيب إلا حيث يقصر النص عن معرفة لغته. ولبيان كتابة الكلمة استعمل languages في "
        "الحزمة.",
    },
    message={
        "en": "{value} is not in the letters of {languages}, in whose texts alone it would hit",
        "ar": "{value} ليست بحروف {languages}، وهي لا تصيب إلا في نصوصها",
    },
    look=_look,
)
