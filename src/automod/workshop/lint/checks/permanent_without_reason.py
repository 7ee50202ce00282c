"""An override without an end, and without a reason that one could check."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import says_why, shortened


def _look(world: World) -> Iterator[Found]:
    for one, read in world.source.overrides:
        if one.permanent is not None and not says_why(one.permanent):
            values = {"override": one.override, "reason": shortened(one.permanent)}
            package = one.target.partition("/")[0]
            yield Found(read.at(("permanent",)), values, package, one.override)


CHECK = Check(
    code="AM415",
    name="permanent_without_reason",
    severity="warning",
    title={
        "en": "an override for good that does not say why",
        "ar": "تجاوز دائم لا يذكر السبب",
    },
    why={
        "en": "What is narrowed for good has to say why in a sentence: a year later nobody knows "
        "whether it may go. One word, or a stand-in, is no reason.",
        "ar": "ما يُضيّق دائمًا لا بد أن يذكر السبب في جملة: بعد سنة لن يعرف أحد هل يجوز رفعه. "
        "وكلمة واحدة أو حشو ليست سببًا.",
    },
    message={
        "en": "the override {override} holds for good, and {reason!r} does not say why",
        "ar": "التجاوز {override} دائم، و{reason!r} لا يوضح السبب",
    },
    look=_look,
)
