"""AM201: the same material twice, in two kinds, two spellings or two packages."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told
from automod.workshop.lint.twins import twins


def _look(world: World) -> Iterator[Found]:
    for wording, pairs in zip(world.wordings, world.swallowed, strict=True):
        for pair in pairs:
            if pair.same:
                place = wording.source.at(pair.large, "value")
                yield told(wording, pair.small, related=[place], place=place)
    for twin in twins(world.wordings, world.targets, world.names, world.claims):
        place = twin.other.source.at(twin.of_other, "value")
        yield told(twin.wording, twin.number, related=[place], place=place)


CHECK = Check(
    code="AM201",
    name="said_twice",
    severity="warning",
    title={
        "en": "the same thing is listed twice",
        "ar": "الشيء نفسه مدرج مرتين",
    },
    why={
        "en": "A word as a keyword and as a phrase, a host with and without www., one number in "
        "two "
        "spellings, or one word in two packages of one policy code: both hit at one place, and "
        "count once. Whoever changes one of them later wonders why nothing changes. Leave one out.",
        "ar": "كلمة مدرجة keyword ومدرجة phrase، أو نطاق مع www. وبدونها، أو رقم واحد بكتابتين، "
        "أو كلمة "
        "واحدة في حزمتين لهما رمز السياسة نفسه: تصيبان في موضع واحد وتُحتسبان مرة واحدة. ومن يعدّل "
        "إحداهما لاحقًا يتعجب من أن شيئًا لم يتغير. احذف إحداهما.",
    },
    message={
        "en": "{value} is listed a second time: the same is in {place}; leave one out",
        "ar": "{value} مدرجة مرة ثانية: هي نفسها في {place}؛ احذف إحداهما",
    },
    look=_look,
)
