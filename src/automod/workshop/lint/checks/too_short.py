"""AM206: too few letters for how freely the material may match."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording, found in zip(world.wordings, world.short, strict=True):
        for number, one in found.items():
            key = one.key if wording.own(number, one.key) else "value"
            said = f"{one.key}: {one.said}"
            yield told(wording, number, key, letters=one.letters, least=one.least, said=said)


CHECK = Check(
    code="AM206",
    name="too_short",
    severity="warning",
    title={
        "en": "too few letters for how freely it may match",
        "ar": "حروف أقل مما تتطلبه حرية المطابقة",
    },
    why={
        "en": "In disguise a few letters are any word: 'bet' is read out of 'b e t' and '8et' in "
        "ads that mean nothing of the kind, and two letters within a word stand in half of all "
        "texts. Leave 'view' or 'boundary' out, or write a longer word.",
        "ar": "الحروف القليلة وهي متنكرة قد تكون أي كلمة، والحرفان داخل الكلمة يردان في نصف "
        "النصوص. "
        "احذف view أو boundary، أو اكتب كلمة أطول.",
    },
    message={
        "en": "{value} has too few letters ({letters}) for '{said}', which asks for at least "
        "{least}",
        "ar": "عدد حروف {value} ({letters}) قليل على «{said}»، والحد الأدنى له {least}",
    },
    look=_look,
)
