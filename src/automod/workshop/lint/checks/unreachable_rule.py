"""A rule that nothing can fulfil."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import in_use, rules_of


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        for number, rule in rules_of(package):
            if not world.reach.can_fire(package.package, rule):
                place = package.file.read.at(("rules", number))
                yield Found(place, {"rule": rule.id.partition("/")[2]}, package.name, rule.id)


CHECK = Check(
    code="AM310",
    name="unreachable_rule",
    severity="warning",
    title={"en": "a rule that can never hold", "ar": "قاعدة لا يمكن أن تتحقق أبدًا"},
    why={
        "en": "What the rule asks for cannot come together: a material it needs is draft, retired "
        "or at an end, acts in other markets, on other days or in other fields, or the rule "
        "forbids the very hits it asks for. Whoever reads the package believes in a protection "
        "that is not there.",
        "ar": "ما تطلبه القاعدة لا يمكن أن يجتمع: مادة تحتاجها مسودة أو متقاعدة أو منتهية، أو "
        "تعمل في أسواق أو أيام أو حقول أخرى، أو أن القاعدة تمنع الإصابات التي تطلبها نفسها. ومن "
        "يقرأ الحزمة يظن أن هناك حماية وهي غير موجودة.",
    },
    message={
        "en": "the rule {rule!r} can never hold: what it asks for never comes together",
        "ar": "القاعدة {rule!r} لا يمكن أن تتحقق: ما تطلبه لا يجتمع أبدًا",
    },
    look=_look,
    of_absence=True,
)
