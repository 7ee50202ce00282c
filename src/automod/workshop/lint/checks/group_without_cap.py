"""A group that bounds nothing."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.source import PackageSource
from automod.model.columns import places, various
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import in_use, rules_of


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        groups = {*various(package.materials, "group")}
        groups |= {rule.group for _, rule in rules_of(package)}
        for group in sorted(filter(None, groups - package.package.caps.keys())):
            yield _found(package, group)


def _found(package: PackageSource, group: str) -> Found:
    values = {"group": group.partition("/")[2]}
    numbers = places(package.materials, "group", [group])
    if numbers:
        name = package.materials[numbers[0]].id
        return Found(package.at(numbers[0], "group"), values, package.name, name)
    number, rule = next((n, rule) for n, rule in rules_of(package) if rule.group == group)
    place = package.file.read.at(("rules", number, "group"))
    return Found(place, values, package.name, rule.id)


CHECK = Check(
    code="AM317",
    name="group_without_cap",
    severity="info",
    title={"en": "a group without a cap", "ar": "مجموعة بلا سقف"},
    why={
        "en": "A group is there to bound what its materials add together, and 'caps' of the "
        "package says how much that is. Without it the group does nothing: five weak words of it "
        "make a strong score.",
        "ar": "فائدة المجموعة أن تحد مما تضيفه موادها معًا، وcaps في الحزمة يحدد المقدار. ومن "
        "دونه لا تفعل المجموعة شيئًا: خمس كلمات ضعيفة منها تعطي نتيجة قوية.",
    },
    message={
        "en": "the group {group!r} has no cap, so it bounds nothing; write it under 'caps'",
        "ar": "المجموعة {group!r} بلا سقف فلا تحد من شيء؛ اكتب السقف في caps",
    },
    look=_look,
)
