"""A package that shows nothing of what it should leave alone."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.source import PackageSource
from automod.model.columns import various
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import in_use


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        if package.package.examples and not _spares(package):
            place = package.file.read.at(("examples",), is_key=True)
            yield Found(place, {"name": package.name}, package.name, package.name)


def _spares(package: PackageSource) -> bool:
    rows = various(package.materials, "about")
    spared = any(not one.hits for one in package.package.examples)
    return spared or any("not_example" in one for one in rows)


CHECK = Check(
    code="AM328",
    name="no_near_miss",
    severity="info",
    title={
        "en": "no example of what should be left alone",
        "ar": "لا مثال لما ينبغي تركه",
    },
    why={
        "en": "The harmless ad that looks most like a risky one is the example that teaches most: "
        "it fails first when somebody makes a word too wide. Write it with 'hits: []'.",
        "ar": "الإعلان السليم الأشبه بالإعلان الخطر هو أنفع مثال: يفشل أولًا حين يوسع أحد كلمة "
        "أكثر مما ينبغي. اكتبه مع hits: [].",
    },
    message={
        "en": "no example of {name} has 'hits: []': add a harmless ad that looks like a risky one",
        "ar": "لا مثال في {name} له hits: []، أضف إعلانًا سليمًا يشبه الإعلان الخطر",
    },
    look=_look,
    of_absence=True,
)
