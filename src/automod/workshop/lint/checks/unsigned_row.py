"""A row that does not say who added it, where most do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from automod.load.forms import OFF
from automod.load.source import PackageSource
from automod.model.columns import various
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import found_in, in_use

_KEYS = ("added_by", "added")


def _look(world: World) -> Iterator[Found]:
    for package in in_use(world):
        notes = various(package.materials, "about")
        lacking = {id(one): [key for key in _KEYS if key not in one] for one in notes}
        if any("added_by" not in one for one in lacking.values()) and any(lacking.values()):
            yield from _unsigned(package, lacking)


def _unsigned(package: PackageSource, lacking: Mapping[int, list[str]]) -> Iterator[Found]:
    about, statuses = package.materials.column("about"), package.materials.column("status")
    times = Counter(zip(map(id, about), statuses, strict=True))
    on = {sort: number for sort, number in times.items() if sort[1] not in OFF}
    half = sum(on.values()) / 2
    usual = [
        key
        for key in _KEYS
        if sum(number for (one, _), number in on.items() if key not in lacking[one]) > half
    ]
    odd = {one for one, keys in lacking.items() if not set(usual).isdisjoint(keys)}
    if "added_by" not in usual or not odd:
        return
    for number, (notes, status) in enumerate(zip(about, statuses, strict=True)):
        if id(notes) in odd and status not in OFF:
            asked = [key for key in lacking[id(notes)] if key in usual]
            yield found_in(package, number, asked[0], keys=", ".join(asked))


CHECK = Check(
    code="AM327",
    name="unsigned_row",
    severity="info",
    title={
        "en": "a row that does not say who added it",
        "ar": "صف لا يذكر من أضافه",
    },
    why={
        "en": "Most rows here say who added them and when. A row that does not cannot be asked "
        "about, and an approval cannot tell whether somebody approves what is their own.",
        "ar": "معظم الصفوف هنا تذكر من أضافها ومتى. والصف الذي لا يذكر لا يُسأل عنه أحد، ولا "
        "يُعرف عند الموافقة هل يوافق شخص على عمله هو.",
    },
    message={
        "en": "{value!r} does not have {keys}, most rows here do",
        "ar": "لا يوجد {keys} للقيمة {value!r}، ومعظم الصفوف هنا تذكره",
    },
    look=_look,
)
