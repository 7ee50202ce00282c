"""A pattern whose time grows without bound with the text."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import shortened


def _look(world: World) -> Iterator[Found]:
    for one in world.regexes:
        if one.growth is not None:
            loop, pump = one.growth
            values = {"part": shortened(one.text[loop.start : loop.end]), "pump": pump}
            yield Found(one.place, values, one.package, one.material.id)


CHECK = Check(
    code="AM301",
    name="unsafe_regex",
    severity="error",
    title={
        "en": "a pattern with a repetition inside a repetition",
        "ar": "نمط فيه تكرار داخل تكرار",
    },
    why={
        "en": "What is repeated can read the same letters in ever more ways, and where the rest "
        "of the pattern fails all of them are tried. One ad of a few hundred letters uses up the "
        "time of the creative, and it is 'not evaluated' (regex.timeout). Repeat once, "
        "and say how often at most: '[a-z ]{1,60}' in place of '([a-z]+ ?)+'.",
        "ar": "الجزء المكرر يستطيع قراءة الحروف نفسها بطرق تتزايد بلا حد، وإن لم يتطابق باقي "
        "النمط تُجرب كلها. فإعلان من بضع مئات من الحروف يستنفد الوقت فلا يُقيّم (regex.timeout). "
        "كرر مرة واحدة واذكر حدًا أقصى: «[a-z ]{1,60}» بدلًا من «([a-z]+ ?)+».",
    },
    message={
        "en": "{part!r} can read {pump!r}, repeated, in ever more ways: its time has no bound",
        "ar": "{part!r} يقرأ {pump!r} مكررًا بطرق تتزايد بلا حد: لا حد لوقته",
    },
    look=_look,
)
