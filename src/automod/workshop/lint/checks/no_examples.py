"""A package that shows nothing of what it should find."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.source import PackageSource
from automod.model.columns import various
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import in_use


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        made = package.package
        if (len(made.materials) or made.rules) and not _shows(package):
            place = package.file.read.at(("package",))
            yield Found(place, {"name": package.name}, package.name, package.name)


def _shows(package: PackageSource) -> bool:
    rows = various(package.materials, "about")
    return bool(package.package.examples) or any("example" in one for one in rows)


CHECK = Check(
    code="AM323",
    name="no_examples",
    severity="warning",
    title={"en": "a package without an example", "ar": "حزمة بلا مثال"},
    why={
        "en": "Examples are the tests of a package: 'automod test' runs them, and whoever changes "
        "it sees at once what no longer hits. Without one, nobody knows that it works.",
        "ar": "الأمثلة هي اختبارات الحزمة: يشغلها automod test، ومن يغير شيئًا يرى فورًا ما لم "
        "يعد يُصاب. ومن دونها لا يعرف أحد أنها تعمل.",
    },
    message={
        "en": "{name} has no example: write one ad that it should find, under 'examples'",
        "ar": "لا مثال في {name}: اكتب في examples إعلانًا ينبغي أن تجده",
    },
    look=_look,
    of_absence=True,
)
