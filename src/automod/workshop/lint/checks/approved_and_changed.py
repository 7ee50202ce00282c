"""A package that was changed after somebody approved it."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.approval import FRAME, approval_of, places_of
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import in_use, listed

_MOST = 20
"""Changed parts whose places are told."""


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        if package.file.package.approved is None:
            continue
        approval = approval_of(package)
        parts = sorted({*approval.uncovered, *approval.removed})
        if parts and not approval.fault:
            there = [part for part in approval.uncovered if part != FRAME]
            related = tuple(places_of(package, sorted(there)[:_MOST]).values())
            names = listed(part.partition("/")[2] or package.name for part in parts)
            values = {"name": package.name, "count": len(parts), "parts": names}
            place = package.file.read.at(("approved",), is_key=True)
            yield Found(place, values, package.name, package.name, related)


CHECK = Check(
    code="AM420",
    name="approved_and_changed",
    severity="warning",
    title={"en": "approved, and changed since", "ar": "تمت الموافقة ثم تغيرت"},
    why={
        "en": "Parts of the package are not as they were when it was approved, are new or are "
        "gone. Under '--require-approval' they load as shadow and stop nothing: have them "
        "approved.",
        "ar": "بعض أجزاء الحزمة لم تعد كما كانت عند الموافقة، أو هي جديدة، أو حُذفت. ومع "
        "--require-approval تُحمّل للمراقبة فقط ولا توقف شيئًا: اطلب الموافقة عليها.",
    },
    message={
        "en": "{name} is not as it was approved in {count} places: {parts}",
        "ar": "{name} ليست كما تمت الموافقة عليها في {count} من المواضع: {parts}",
    },
    look=_look,
)
