"""A pattern that is not ready in time on a text made to slow it down."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import shortened
from automod.workshop.lint.regex_attack import LENGTH, SECONDS, slow_text


def _look(world: World) -> Iterator[Found]:
    for one in world.regexes:
        # Of a loop that reads a text in ever more ways another check has told.
        if one.growth is None and (text := slow_text(one.pattern)) is not None:
            values = {"ms": round(SECONDS * 1000), "length": LENGTH, "text": shortened(text, 16)}
            yield Found(one.place, values, one.package, one.material.id)


CHECK = Check(
    code="AM302",
    name="slow_regex",
    severity="error",
    title={
        "en": "a pattern that is too slow on a text made for it",
        "ar": "نمط بطيء جدًا على نص صُنع له",
    },
    why={
        "en": "An ad of a thousand letters was made from the pattern itself, and it was not "
        "ready in 50 ms. Whoever knows the pattern can send such an ad, which is then 'not "
        "evaluated' (regex.timeout) and costs a person's time. Mostly two repetitions side by "
        "side can read the same letters: '\\s*\\s*', '.*.*.*'.",
        "ar": "صُنع من النمط نفسه إعلان من ألف حرف فلم يكتمل في 50 مللي ثانية. ومن يعرف النمط "
        "يستطيع إرسال إعلان كهذا فلا يُقيّم (regex.timeout) ويأخذ وقت موظف. غالبًا ما يكون السبب "
        "تكرارين متجاورين يقرآن الحروف نفسها: «\\s*\\s*» أو «.*.*.*».",
    },
    message={
        "en": "not ready in {ms} ms on {length} letters that begin {text!r}",
        "ar": "لم يكتمل في {ms} مللي ثانية على {length} حرف تبدأ بـ {text!r}",
    },
    look=_look,
)
