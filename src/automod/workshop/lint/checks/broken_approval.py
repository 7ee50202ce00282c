"""A package that says it is approved, and whose list of approvals does not count."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.approval import approval_of, list_of
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import in_use


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        if package.file.package.approved is not None and approval_of(package).fault:
            place = package.file.read.at(("approved", "digest"))
            values = {"name": package.name, "file": list_of(package).name}
            yield Found(place, values, package.name, package.name)


CHECK = Check(
    code="AM421",
    name="broken_approval",
    severity="warning",
    title={
        "en": "an approval whose list is missing or was changed",
        "ar": "موافقة قائمتها مفقودة أو مغيّرة",
    },
    why={
        "en": "The package file has the digest of the list beside it that says what was approved. "
        "The list is missing or another one, so nothing of the package counts as approved.",
        "ar": "في ملف الحزمة بصمة القائمة المجاورة التي تذكر ما تمت الموافقة عليه. والقائمة "
        "مفقودة أو ليست هي نفسها، فلا شيء في الحزمة يُعد موافقًا عليه.",
    },
    message={
        "en": "{name} says that it is approved, but {file} is missing or is not the list that was "
        "signed",
        "ar": "تقول {name} إنها موافق عليها، لكن {file} مفقود أو ليس القائمة الموقعة",
    },
    look=_look,
)
