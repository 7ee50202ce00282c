"""AM227: an allow that protects disguised words."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.wording import visible


def _look(world: World) -> Iterator[Found]:
    for held in world.text_allows:
        if held.material.view == "evasion":
            place = held.package.file.read.at(("allow", held.number, "view"))
            values = {"value": visible(held.material.value)}
            yield Found(place, values, held.package.name, held.allow.id)


CHECK = Check(
    code="AM227",
    name="allow_in_disguise",
    severity="warning",
    title={
        "en": "an allow protects disguised words",
        "ar": "استثناء يحمي كلمات متنكرة",
    },
    why={
        "en": "Nobody disguises a harmless phrase. With the view 'evasion' whoever writes "
        "'c@sino r0yale' is protected like whoever writes about the film. Leave the view out: "
        "allows match in 'safe', which takes case, marks and width for the same.",
        "ar": "لا أحد يموّه عبارة بريئة. ومع العرض evasion يُحمى من يكتب «ك@زينو ر0يال» كمن يكتب "
        "عن "
        "الفيلم. احذف المفتاح view: فالاستثناءات تُطابَق في العرض safe الذي يتجاهل الحركات "
        "والتطويل.",
    },
    message={
        "en": "{value} is allowed in disguise too (view: evasion); leave 'view' out",
        "ar": "{value} مستثناة حتى وهي متنكرة (view: evasion)؛ احذف view",
    },
    look=_look,
)
