"""A pattern that is a plain word."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import shortened

_SPACES = " "


def _look(world: World) -> Iterator[Found]:
    for one in world.regexes:
        words = one.material.value.removeprefix(r"\b").removesuffix(r"\b").split(_SPACES)
        if all(word.isalnum() for word in words):
            kind = "keyword" if len(words) == 1 else "phrase"
            values = {"value": shortened(one.material.value), "kind": kind}
            yield Found(one.place, values, one.package, one.material.id)


CHECK = Check(
    code="AM305",
    name="plain_regex",
    severity="info",
    title={"en": "a pattern that is a plain word", "ar": "نمط هو كلمة عادية"},
    why={
        "en": "A keyword or phrase finds the word also in disguise, with its endings and "
        "prefixes, and not inside other words. A pattern finds these letters and no others, "
        "wherever they stand.",
        "ar": "الكلمة أو العبارة تُوجد أيضًا متنكرة ومع لواحقها وسوابقها، ولا تُوجد داخل كلمات "
        "أخرى. أما النمط فيجد هذه الحروف وحدها أينما كانت.",
    },
    message={
        "en": "{value!r} has nothing of a pattern: is it meant to be a {kind}?",
        "ar": "{value!r} ليس فيه شيء من الأنماط: هل المقصود أن يكون {kind}؟",
    },
    look=_look,
)
