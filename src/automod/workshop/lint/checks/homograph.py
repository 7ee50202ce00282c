"""AM208: a word that is a common one, and mostly another, in a language of other ads."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told
from automod.workshop.lint.word_lists import one_in


def _look(world: World) -> Iterator[Found]:
    for wording, common in zip(world.wordings, world.commonness, strict=True):
        for one in common.foreign:
            yield told(wording, one.number, language=one.language, one_in=one_in(one.zipf))


CHECK = Check(
    code="AM208",
    name="homograph",
    severity="warning",
    title={
        "en": "a common word of another language",
        "ar": "كلمة شائعة في لغة أخرى",
    },
    why={
        "en": "The languages of a package say how its words are written; they keep no hit away. "
        "Spelt like this the word is common in another language, where it mostly means something "
        "else: 'pie' is Spanish for 'foot'. With 'only_languages' it hits in its own alone.",
        "ar": "لغات الحزمة تقول كيف تُكتب كلماتها ولا تمنع أي إصابة. والكلمة بهذا الرسم شائعة في "
        "لغة "
        "أخرى، ومعناها هناك مختلف في الغالب. مع only_languages لا تصيب إلا في لغتها.",
    },
    message={
        "en": "{value} is a common word of language '{language}' (about one in {one_in} words); "
        "set 'only_languages'",
        "ar": "{value} كلمة شائعة في اللغة «{language}» (نحو كلمة من كل {one_in})؛ حدّد "
        "only_languages",
    },
    look=_look,
)
