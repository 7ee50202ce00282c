"""AM221: a gap in a phrase that has nothing to be apart."""

from __future__ import annotations

from collections.abc import Iterator

from automod.match.phrase import parse
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.forms import is_bare
from automod.workshop.lint.told import told
from automod.workshop.lint.wording import Wording


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        said = set(wording.saying("gap"))
        for number in wording.sound if said else ():
            gap = wording.column("gap")[number]
            if number in said and gap and wording.own(number, "gap") and _is_one(wording, number):
                fix = wording.edit(number, "gap", None)
                yield told(wording, number, "gap", fix=fix, gap=gap)


def _is_one(wording: Wording, number: int) -> bool:
    """Whether a phrase has one element, so that nothing in it can be apart."""
    if wording.kinds[number] != "phrase":
        return False
    if is_bare(wording.keys[number]) and " " in wording.keys[number]:
        return False  # words apart by spaces; to parse them takes a hundred times as long
    boundary = wording.column("boundary")[number]
    return len(parse(wording.values[number], 0, boundary).elements) == 1


CHECK = Check(
    code="AM221",
    name="idle_gap",
    severity="warning",
    title={
        "en": "a gap where nothing can be apart",
        "ar": "فجوة حيث لا شيء يتباعد",
    },
    why={
        "en": "A gap lets words stand between the elements of a phrase: words, and alternatives in "
        "brackets. This phrase has one element, and within an alternative nothing may stand, so "
        "the gap does nothing. Write the alternatives word by word: (win|earn) (cash|money).",
        "ar": "تسمح الفجوة gap بكلمات بين عناصر العبارة، وهي الكلمات والبدائل بين الأقواس. ولهذه "
        "العبارة عنصر واحد، ولا شيء يدخل داخل البديل، فلا أثر للفجوة. اكتب البدائل كلمة كلمة: "
        "(اربح|اكسب) (كاش|مال).",
    },
    message={
        "en": "{value} is one element, so 'gap: {gap}' does nothing",
        "ar": "{value} عنصر واحد، فلا أثر لـ gap: {gap}",
    },
    look=_look,
)
