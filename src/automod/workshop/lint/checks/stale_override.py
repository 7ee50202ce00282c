"""An override that is over."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World


def _look(world: World) -> Iterator[Found]:
    for one, read in world.source.overrides:
        if one.until is not None and one.until < world.on:
            values = {"override": one.override, "target": one.target, "until": str(one.until)}
            package = one.target.partition("/")[0]
            yield Found(read.at(("until",)), values, package, one.override)


CHECK = Check(
    code="AM410",
    name="stale_override",
    severity="warning",
    title={"en": "an override that is over", "ar": "تجاوز انتهى وقته"},
    why={
        "en": "It does nothing any more, and its target acts again. Whoever looks for what is "
        "switched off has to read past it: take the file away, or give it a new day if it is "
        "still needed.",
        "ar": "لم يعد له أثر، وعاد هدفه إلى العمل. ومن يبحث عما هو موقوف يضطر إلى تخطيه: احذف "
        "الملف، أو اكتب يومًا جديدًا إن كان لا يزال مطلوبًا.",
    },
    message={
        "en": "the override {override} of {target} ended on {until}: remove it or extend it",
        "ar": "انتهى التجاوز {override} للهدف {target} في {until}: احذفه أو مدده",
    },
    look=_look,
)
