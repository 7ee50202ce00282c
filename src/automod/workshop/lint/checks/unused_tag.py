"""A tag that nothing asks for, and that is nearly one which is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from automod.load.source import PackageSource
from automod.model.columns import various
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import asked_tags, in_use, rules_of


def _look(world: World) -> Iterator[Found]:
    asked = {*asked_tags(world)}
    asked |= {
        one.target.replace("/tag:", "/") for one, _ in world.source.overrides if ":" in one.target
    }
    for package in in_use(world):
        carried = {tag for tags in various(package.materials, "tags") for tag in tags}
        carried |= {tag for _, rule in rules_of(package) for tag in rule.tags}
        wanted = {tag.partition("/")[2] for tag in asked if tag.startswith(f"{package.name}/")}
        for tag in sorted(carried - asked):
            meant = _meant(tag.partition("/")[2], wanted)
            if meant is not None:
                yield _found(package, tag, meant)


_NEAR = 0.8


def _meant(tag: str, wanted: Collection[str]) -> str | None:
    """The tag that was probably meant; None where it may well be there for people alone.

    >>> _meant("promis", ["promise"]), _meant("seen-in-may", ["promise"]), _meant("t2", ["t1"])
    ('promise', None, None)
    """
    near = get_close_matches(tag, sorted(wanted), n=1, cutoff=_NEAR)
    # Tags that differ in a number are numbered: `tier-1` and `tier-2` are two.
    return near[0] if near and _letters(near[0]) != _letters(tag) else None


def _letters(tag: str) -> str:
    return "".join(char for char in tag if char.isalpha())


def _found(package: PackageSource, tag: str, meant: str) -> Found:
    values = {"tag": tag.partition("/")[2], "meant": meant}
    for number, tags in enumerate(package.materials.column("tags")):
        if tag in tags:
            name = package.materials[number].id
            return Found(package.at(number, "tags"), values, package.name, name)
    number, rule = next((n, rule) for n, rule in rules_of(package) if tag in rule.tags)
    place = package.file.read.at(("rules", number, "tags"))
    return Found(place, values, package.name, rule.id)


CHECK = Check(
    code="AM313",
    name="unused_tag",
    severity="info",
    title={
        "en": "a tag that nothing asks for, and nearly one that is asked for",
        "ar": "وسم لا يطلبه شيء، وهو قريب جدًا من وسم مطلوب",
    },
    why={
        "en": "A rule, 'needs', 'unless' or override of this package asks for a tag that is "
        "spelt nearly like this one, and nothing asks for this one. If it is the same tag "
        "misspelt, the rule does not see what carries it.",
        "ar": "تطلب قاعدة أو needs أو unless أو تجاوز في هذه الحزمة وسمًا يُكتب مثل هذا تقريبًا، "
        "ولا شيء يطلب هذا. فإن كان الوسم نفسه مكتوبًا خطأ، فالقاعدة لا ترى ما يحمله.",
    },
    message={
        "en": "nothing asks for the tag {tag!r} (first carried here); is {meant!r} meant?",
        "ar": "لا شيء يطلب الوسم {tag!r} (أول ظهور له هنا)؛ هل المقصود {meant!r}؟",
    },
    look=_look,
    of_absence=True,
)
