"""An override without an end."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import says_why


def _look(world: World) -> Iterator[Found]:
    for one, read in world.source.overrides:
        if one.permanent is not None and says_why(one.permanent):
            values = {"override": one.override, "target": one.target}
            package = one.target.partition("/")[0]
            yield Found(read.at(("permanent",)), values, package, one.override)


CHECK = Check(
    code="AM411",
    name="permanent_override",
    severity="info",
    title={"en": "an override without an end", "ar": "تجاوز بلا نهاية"},
    why={
        "en": "An override is for the night in which nobody can edit the package. What holds for "
        "good is better written in the package itself, where its owner and its examples see it.",
        "ar": "التجاوز لليلة لا يستطيع فيها أحد تعديل الحزمة. وما يسري دائمًا مكانه الحزمة نفسها "
        "حيث يراه مالكها وأمثلتها.",
    },
    message={
        "en": "the override {override} narrows {target} for good: can its package say so itself?",
        "ar": "التجاوز {override} يضيق {target} بلا نهاية: أيمكن كتابة ذلك في الحزمة نفسها؟",
    },
    look=_look,
)
