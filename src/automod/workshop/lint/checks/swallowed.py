"""AM202: a material that hits only where another hits as well, and adds nothing to it."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told
from automod.workshop.lint.wording import visible


def _look(world: World) -> Iterator[Found]:
    for wording, pairs in zip(world.wordings, world.swallowed, strict=True):
        for pair in pairs:
            if not pair.same:
                place = wording.source.at(pair.large, "value")
                other = visible(wording.values[pair.large])
                yield told(wording, pair.small, related=[place], by=other, place=place)


CHECK = Check(
    code="AM202",
    name="swallowed",
    severity="warning",
    title={
        "en": "another material hits wherever this one does",
        "ar": "مادة أخرى تصيب حيثما أصابت هذه",
    },
    why={
        "en": "The same letters count once: where a material of at least the same weight hits "
        "inside this one, or in its place, this one adds nothing to any score. It only makes the "
        "list longer. Leave it out, or give it a weight, a tag or a code of its own.",
        "ar": "الحروف نفسها تُحتسب مرة واحدة: فإذا أصابت داخل هذه المادة أو مكانها مادة لا يقل "
        "وزنها "
        "عنها، لم تضف هذه شيئًا إلى أي درجة، وإنما تطيل القائمة. احذفها، أو أعطها وزنًا أو وسمًا "
        "أو "
        "رمز سياسة خاصًا بها.",
    },
    message={
        "en": "{value} adds nothing: {by} ({place}) hits wherever it does, with at least its "
        "weight",
        "ar": "{value} لا تضيف شيئًا: {by} ({place}) تصيب حيثما أصابت، ووزنها لا يقل عن وزنها",
    },
    look=_look,
)
