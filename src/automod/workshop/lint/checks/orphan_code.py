"""A code of the policy table that nothing counts for."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World


def _look(world: World) -> Iterator[Found]:
    tree = world.source.policies
    for code in world.source.ruleset.policies.codes if tree is not None else ():
        if tree is not None and code not in world.served:
            place = tree.at(("codes", code), is_key=True)
            yield Found(place, {"policy": code}, subject=code)


CHECK = Check(
    code="AM404",
    name="orphan_code",
    severity="info",
    title={"en": "a code that nothing counts for", "ar": "رمز لا شيء يُحسب له"},
    why={
        "en": "The table says what the markets ask of this code, but no material and no rule "
        "that is live and has a weight counts for it. Its rows decide nothing.",
        "ar": "يذكر الجدول ما تطلبه الأسواق لهذا الرمز، لكن لا مادة ولا قاعدة عاملة ذات وزن "
        "تُحسب له. فصفوفه لا تقرر شيئًا.",
    },
    message={
        "en": "nothing live with a weight counts for {policy}",
        "ar": "لا توجد مادة فعّالة ذات وزن لهذا الرمز ({policy})",
    },
    look=_look,
    of_absence=True,
)
