"""AM217: a word in the exact view that people spell in several ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from automod.text.fold import fold
from automod.text.loose import loose
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told

_LETTERS: Final = regex.compile("[أإآٱىةؤئـ\u064b-\u0652\u0670]")


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        views = wording.column("view")
        if "exact" not in views:
            continue
        for number in wording.holding(_LETTERS):
            if views[number] == "exact":
                other = loose(fold(wording.values[number]).text)
                key = "view" if wording.own(number, "view") else "value"
                yield told(wording, number, key, other=other)


CHECK = Check(
    code="AM217",
    name="one_spelling",
    severity="info",
    title={
        "en": "one Arabic spelling alone, in the view 'exact'",
        "ar": "رسم عربي واحد فقط في العرض exact",
    },
    why={
        "en": "In the view 'exact' nothing is folded: hamza or none, ta marbuta or ha, alef "
        "maqsura or ya, marks or none are other words. Most people leave the hamza out when they "
        "type. If just this spelling is meant, all is well; else use 'safe' or 'loose'.",
        "ar": "لا شيء يُوحَّد في العرض exact: فالهمزة وعدمها، والتاء المربوطة والهاء، والألف "
        "المقصورة "
        "والياء، والحركات وعدمها كلمات مختلفة. وأغلب الناس لا يكتبون الهمزة. إن كان هذا الرسم "
        "وحده هو "
        "المقصود فلا بأس، وإلا فاستعمل safe أو loose.",
    },
    message={
        "en": "{value} is found in this one spelling (view: exact), and not as {other}",
        "ar": "تُكتشف {value} بهذا الرسم وحده (view: exact) ولا تُكتشف إذا كُتبت {other}",
    },
    look=_look,
)
