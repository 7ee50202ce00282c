"""Two sample images that look the same, for one code or in one package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from automod.load.source import PackageSource
from automod.match.hash_index import HashIndex
from automod.media.hexes import from_hex
from automod.media.sample import RADIUS
from automod.model.ruleset import Material
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import found_in, is_on, some


class _Image(NamedTuple):
    package: PackageSource
    number: int
    material: Material

    def goes_with(self, other: _Image) -> bool:
        """Whether both stop the same ads: of one package, or for one code."""
        shared = set(self.material.policies) & set(other.material.policies)
        return self.package is other.package or bool(shared)


def _look(world: World) -> Iterator[Found]:
    images = [
        _Image(package, number, material)
        for package in filter(is_on, world.packages)
        for number, material in some(package, ("image",))
        if material.sample is not None and material.sample.pdq
    ]
    for later, earlier, bits in _pairs(images):
        first = earlier.package.at(earlier.number)
        key = "file" if later.material.sample and later.material.sample.sha256 else "hash"
        found = found_in(
            later.package, later.number, key, bits=bits, first=str(first),
            other=earlier.material.id,
        )  # fmt: skip
        yield Found(found.location, found.values, found.package, found.subject, (first,))


def _pairs(images: list[_Image]) -> Iterator[tuple[_Image, _Image, int]]:
    """Each image that is near an earlier one, with the first of these and their distance."""
    if len(images) < 2:
        return
    hashes = from_hex([one.material.sample.pdq for one in images if one.material.sample], 32)
    near = HashIndex().add(hashes).search(hashes, RADIUS["pdq"])
    told: set[int] = set()
    for later, earlier, bits in zip(
        near.query.tolist(), near.row.tolist(), near.distance.tolist(), strict=True
    ):
        if earlier < later and later not in told and images[later].goes_with(images[earlier]):
            told.add(later)
            yield images[later], images[earlier], bits


CHECK = Check(
    code="AM502",
    name="near_duplicate_image",
    severity="warning",
    title={
        "en": "two sample images that look the same",
        "ar": "صورتا عينة متشابهتان",
    },
    why={
        "en": "One picture twice, in two sizes or from two sources: every ad that shows it is "
        "hit by both, counts both weights, and a person reads two lines for one thing. Keep the "
        "sharper.",
        "ar": "صورة واحدة مرتين، بحجمين أو من مصدرين: كل إعلان يعرضها تصيبه الاثنتان ويُحسب "
        "الوزنان ويقرأ الموظف سطرين لشيء واحد. أبقِ الأوضح منهما.",
    },
    message={
        "en": "it looks the same as {other} ({first}): they differ in {bits} of 256 bits",
        "ar": "تبدو مثل {other} ({first}): الفرق بينهما {bits} من 256 بت",
    },
    look=_look,
)
