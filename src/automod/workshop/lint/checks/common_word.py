"""AM207: a common word of its own language that leads to a review by itself."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told
from automod.workshop.lint.word_lists import one_in


def _look(world: World) -> Iterator[Found]:
    for wording, common in zip(world.wordings, world.commonness, strict=True):
        for one in common.own:
            yield told(wording, one.number, language=one.language, one_in=one_in(one.zipf))


CHECK = Check(
    code="AM207",
    name="common_word",
    severity="warning",
    title={
        "en": "a common word that leads to a review by itself",
        "ar": "كلمة شائعة تكفي وحدها للمراجعة",
    },
    why={
        "en": "Everybody uses the word, most of them for something harmless, and every ad that "
        "says it would go to a person. Give it a weight below the threshold for review (weak, or "
        "signal for rules), 'needs' another tag, or write the phrase that is meant.",
        "ar": "الجميع يستعمل هذه الكلمة، وأغلبهم لأمر بريء، وكل إعلان يقولها سيُحال إلى مراجع. "
        "أعطها "
        "وزنًا دون حد المراجعة (weak، أو signal للقواعد)، أو اطلب معها وسمًا آخر بالمفتاح needs، "
        "أو اكتب "
        "العبارة المقصودة.",
    },
    message={
        "en": "{value} is too common to act alone: it is about one in {one_in} words of "
        "language '{language}'; lower its weight, or add 'needs'",
        "ar": "{value} أشيع من أن تكفي وحدها: فهي نحو كلمة من كل {one_in} في اللغة "
        "«{language}»؛ خفّض وزنها أو أضف needs",
    },
    look=_look,
)
