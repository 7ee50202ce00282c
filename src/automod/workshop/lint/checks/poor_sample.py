"""A sample image in which there is little to tell it by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from automod.match.pictures import DETAIL
from automod.media.sample import VIEWS, views_of
from automod.model.ruleset import Sample
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import found_in, is_on, some

_GOOD: Final = 80
"""From this quality on a hash stays nearly the same when a picture is saved again."""


def _look(world: World) -> Iterator[Found]:
    for package in filter(is_on, world.packages):
        for number, material in some(package, ("image",)):
            sample = material.sample
            if sample is not None and sample.quality is not None and _is_poor(sample):
                yield found_in(package, number, "file", quality=sample.quality)


def _is_poor(sample: Sample) -> bool:
    """Whether it is of low quality, or too smooth in most of its views."""
    if (sample.quality or 0) <= _GOOD:
        return True
    return sample.algorithm == VIEWS and float((views_of(sample).detail >= DETAIL).mean()) < 0.5


CHECK = Check(
    code="AM501",
    name="poor_sample",
    severity="warning",
    title={
        "en": "a sample image with little in it",
        "ar": "صورة عينة قليلة التفاصيل",
    },
    why={
        "en": "In a blurred or nearly plain picture there is little to tell it by: the very file "
        "is found, but a copy that was saved again, made smaller or framed often is not. Take a "
        "sharper original, or a part of it in which something is to be seen.",
        "ar": "الصورة الضبابية أو شبه الفارغة لا يميزها الكثير: يُوجد الملف نفسه، أما نسخة حُفظت "
        "ثانية أو صُغرت أو أُطرت فغالبًا لا تُوجد. استعمل أصلًا أوضح، أو جزءًا منها فيه تفاصيل.",
    },
    message={
        "en": "there is little in this sample to tell it by (quality {quality} of 100): copies "
        "of it will be missed",
        "ar": "في هذه العينة القليل مما يميزها (الجودة {quality} من 100)، وستفوت نسخ منها",
    },
    look=_look,
)
