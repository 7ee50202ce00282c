"""A package whose owner is a stand-in."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import is_on, is_stand_in


def _look(world: World) -> Iterator[Found]:
    for package in filter(is_on, world.packages):
        owner = package.package.owner
        if is_stand_in(owner):
            place = package.file.read.at(("owner",))
            yield Found(place, {"owner": owner}, package.name, package.name)


CHECK = Check(
    code="AM322",
    name="no_owner",
    severity="warning",
    title={"en": "nobody owns the package", "ar": "لا مالك للحزمة"},
    why={
        "en": "When a material stops what it should not, somebody has to be called. A stand-in "
        "such as '?' or 'todo' is nobody.",
        "ar": "حين توقف مادة ما لا ينبغي إيقافه لا بد من شخص يُتصل به. وكلمة مثل «؟» أو todo ليست "
        "أحدًا.",
    },
    message={
        "en": "the owner is {owner!r}, which is nobody: name a person or a team",
        "ar": "المالك هو {owner!r}، وهذا ليس أحدًا: اكتب اسم شخص أو فريق",
    },
    look=_look,
)
