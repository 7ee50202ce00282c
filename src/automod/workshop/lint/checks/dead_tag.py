"""A tag that a rule asks for, and that nothing which acts carries."""

from __future__ import annotations

from collections.abc import Iterator

from automod.errors import Location
from automod.load.source import PackageSource
from automod.model import package as written
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import in_use, rules_of

_GROUPS = (("all_", "all"), ("any_", "any"), ("none_", "none"), ("of", "of"))


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        asked = [*_of_rules(package), *_of_materials(package)]
        for tag, place, subject in asked:
            if _is_there(world, tag) and world.reach.dead(tag):
                yield Found(place, {"tag": tag}, package.name, subject)


def _of_rules(package: PackageSource) -> Iterator[tuple[str, Location, str]]:
    for number, rule in rules_of(package):
        one = package.file.package.rules[number]
        for path, tag in _tags(one, ("rules", number)):
            place = package.file.read.at((*path, "tag"))
            yield _qualified(package, tag), place, rule.id


def _tags(
    one: written.Rule | written.Condition, path: tuple[int | str, ...]
) -> Iterator[tuple[tuple[int | str, ...], str]]:
    if isinstance(one, written.Condition) and one.tag is not None:
        yield path, one.tag
    for name, key in _GROUPS:
        for number, part in enumerate(getattr(one, name) or ()):
            yield from _tags(part, (*path, key, number))


def _of_materials(package: PackageSource) -> Iterator[tuple[str, Location, str]]:
    """The tags that `needs` and `unless` name, of what is in use."""
    sugar = {one.id for one in package.package.rules if one.id.endswith("+needs")}
    if not sugar:
        return
    for number, name in enumerate(package.materials.column("id")):
        if f"{name}+needs" in sugar:
            form = package.rows.forms[package.rows.form_of[package.order[number]]]
            for key in ("needs", "unless"):
                for tag in form.values[key] or ():
                    yield _qualified(package, tag), package.at(number, key), name


def _qualified(package: PackageSource, tag: str) -> str:
    return tag if "/" in tag else f"{package.name}/{tag}"


def _is_there(world: World, tag: str) -> bool:
    """Whether something is written that has the tag; where nothing is, loading has said so."""
    home, _, name = tag.partition("/")
    return any(name in one.known.tags for one in world.packages if one.name == home)


CHECK = Check(
    code="AM311",
    name="dead_tag",
    severity="warning",
    title={
        "en": "a tag that nothing in use carries",
        "ar": "وسم لا يحمله شيء مستعمل",
    },
    why={
        "en": "All that carries the tag is draft, retired, switched off or at an end. Where a "
        "rule needs the tag it can no longer hold; where it stands in 'none' or 'unless' it "
        "protects nobody any more.",
        "ar": "كل ما يحمل هذا الوسم مسودة أو متقاعد أو موقوف أو منتهٍ. فإن كانت القاعدة تحتاجه "
        "فلن تتحقق، وإن كان في none أو unless فلم يعد يحمي أحدًا.",
    },
    message={
        "en": "nothing in use carries the tag {tag!r}: all that has it is draft, retired, "
        "switched off or at an end",
        "ar": "لا شيء مستعمل يحمل الوسم {tag!r}: كل ما يحمله مسودة أو متقاعد أو موقوف أو منتهٍ",
    },
    look=_look,
    of_absence=True,
)
