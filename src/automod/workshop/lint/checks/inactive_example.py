"""An example that expects a hit of what is not in use."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.forms import OFF
from automod.load.source import PackageSource
from automod.model.columns import places
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import in_use, listed


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        off = _off(package) if package.package.examples else frozenset()
        for number, one in enumerate(package.package.examples):
            names = off.intersection(one.hits)
            if names and one.known != "miss":
                place = package.file.read.at(("examples", number, "hits"))
                yield Found(place, {"names": listed(names)}, package.name, package.name)


def _off(package: PackageSource) -> frozenset[str]:
    """The ids of materials and rules that are draft or retired."""
    numbers = places(package.materials, "status", OFF)
    names = {package.materials[n].id.partition("/")[2] for n in numbers}
    rules = package.file.package.rules
    return frozenset(names | {rule.id for rule in rules if rule.status in OFF})


CHECK = Check(
    code="AM325",
    name="inactive_example",
    severity="warning",
    title={
        "en": "an example that expects a hit of what is not in use",
        "ar": "مثال ينتظر إصابة مما ليس مستعملًا",
    },
    why={
        "en": "What is draft or retired hits nothing, so an example that lists it fails. Take the "
        "name out, or write 'known: miss' while it is off.",
        "ar": "المسودة والمتقاعد لا يصيبان شيئًا، فالمثال الذي يذكرهما يفشل. احذف الاسم، أو اكتب "
        "known: miss ما دام موقوفًا.",
    },
    message={
        "en": "the example expects a hit of what is draft or retired: {names}",
        "ar": "ينتظر المثال إصابة من مسودة أو متقاعد: {names}",
    },
    look=_look,
    of_absence=True,
)
