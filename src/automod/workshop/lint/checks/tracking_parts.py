"""AM215: a link with parts that only count clicks."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.link_parts import tracking_in
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        for number in wording.of(["url"]):
            value = wording.values[number]
            part = tracking_in(value) if "?" in value else None
            if part is not None:
                yield told(wording, number, part=part.text, rest=part.rest)


CHECK = Check(
    code="AM215",
    name="tracking_parts",
    severity="warning",
    title={
        "en": "a link with parts that only count clicks",
        "ar": "رابط فيه أجزاء لعدّ النقرات",
    },
    why={
        "en": "A url material matches links that begin like it, its query included. utm_source, "
        "fbclid and the like differ from click to click, so nearly no other link begins so. Take "
        "them out, and the page is found whoever shared it.",
        "ar": "مادة url تطابق الروابط التي تبدأ مثلها، بما في ذلك ما بعد علامة الاستفهام. و "
        "utm_source و "
        "fbclid وأمثالهما تتغير من نقرة إلى أخرى، فلا يكاد رابط آخر يبدأ كذلك. احذفها لتُكتشف "
        "الصفحة "
        "أيًا كان من شاركها.",
    },
    message={
        "en": "{value} has {part}, which only counts clicks: links without it are not matched; "
        "write {rest}",
        "ar": "في {value} الجزء {part} وهو لعدّ النقرات فقط، والروابط التي تخلو منه لا تُطابَق؛ "
        "اكتب {rest}",
    },
    look=_look,
)
