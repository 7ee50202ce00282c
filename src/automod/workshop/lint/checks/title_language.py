"""A package whose title its readers cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import is_on, listed

_READ = frozenset({"ar", "en"})
"""The languages that people read here: in any other nothing is reported."""


def _look(world: World) -> Iterator[Found]:
    for package in filter(is_on, world.packages):
        spoken = {one.partition("-")[0] for one in package.package.languages} & _READ
        titled = {one.partition("-")[0] for one in package.package.title}
        missing = spoken - titled
        if missing:
            place = package.file.read.at(("title",), is_key=True)
            yield Found(place, {"languages": listed(missing)}, package.name, package.name)


CHECK = Check(
    code="AM326",
    name="title_language",
    severity="info",
    title={
        "en": "no title in a language of the package",
        "ar": "لا عنوان بإحدى لغات الحزمة",
    },
    why={
        "en": "The title says to people what the package is about, and people read English and "
        "Arabic here. Those who write material in one of the two want to read it in that.",
        "ar": "العنوان يقول للناس ما موضوع الحزمة، والناس هنا يقرؤون العربية والإنجليزية. ومن "
        "يكتب المواد بإحداهما يريد أن يقرأ العنوان بها.",
    },
    message={
        "en": "there is no title in: {languages}",
        "ar": "لا يوجد عنوان باللغة: {languages}",
    },
    look=_look,
    of_absence=True,
)
