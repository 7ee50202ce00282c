"""AM216: a part of a link that is never compared."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.link_parts import ignored_in, leads_alike
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        for number in wording.of(["url"]):
            value = wording.values[number]
            part = ignored_in(value)
            if part is not None and leads_alike(value, part.rest):
                fix = wording.edit(number, "value", part.rest)
                yield told(wording, number, fix=fix, part=part.text, rest=part.rest)


CHECK = Check(
    code="AM216",
    name="ignored_link_part",
    severity="warning",
    title={
        "en": "a part of a link that is not compared",
        "ar": "جزء من رابط لا يُقارَن",
    },
    why={
        "en": "What follows # never reaches the server, and user and port are left out as well: a "
        "link is compared by host, path and query. 'example.com/#/offer' hits every page of "
        "example.com. Write what is compared, so that everybody sees how much is hit.",
        "ar": "ما بعد # لا يصل إلى الخادم، واسم المستخدم والمنفذ لا يُحتسبان: يُقارَن الرابط "
        "بالنطاق "
        "والمسار والاستعلام. فالقيمة example.com/#/offer تصيب كل صفحات example.com. اكتب ما "
        "يُقارَن "
        "ليرى الجميع مقدار ما يُصاب.",
    },
    message={
        "en": "{part} of {value} is not compared: it matches whatever begins with {rest}",
        "ar": "الجزء {part} من {value} لا يُقارَن: فهي تطابق كل ما يبدأ بـ {rest}",
    },
    look=_look,
)
