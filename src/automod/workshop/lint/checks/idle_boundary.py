"""AM211: a boundary that does not do what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from automod.load.writing import CJK, SOUTH_EAST
from automod.text.inflection import stems
from automod.text.inflection.stem import ALONE
from automod.text.words import group_of
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.swallow import is_bare_word
from automod.workshop.lint.told import told
from automod.workshop.lint.wording import Wording

_WHY: Final = {
    "unspaced": {
        "en": "in scripts without spaces it matches only where no other letter stands beside it",
        "ar": "في الكتابات التي لا مسافات فيها لا تُطابَق إلا حيث لا يجاورها حرف آخر",
    },
    "several": {
        "en": "a keyword of several words or with symbols is not inflected; make it a phrase",
        "ar": "الكلمة المفتاحية المؤلفة من عدة كلمات أو فيها رموز لا تُصرَّف؛ اجعلها phrase",
    },
    "language": {
        "en": "no forms are known in its language, so it is matched as 'word'",
        "ar": "لا صيغ معروفة في لغتها، فتُطابَق كأنها word",
    },
    "edge": {
        "en": "the value ends in no letter, so there is no word that could go on",
        "ar": "القيمة لا تنتهي بحرف، فلا كلمة يمكن أن تمتد بعدها",
    },
}


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        said = wording.saying("boundary")
        sound = set(wording.sound) if said else set[int]()
        for number in said:
            why = _wrong(wording, number) if number in sound else None
            if why is not None:
                boundary = wording.said(number, "boundary")
                key = "boundary" if wording.own(number, "boundary") else "value"
                hints = _WHY[why]["en"], _WHY[why]["ar"]
                yield told(wording, number, key, hints=hints, boundary=boundary)


def _wrong(wording: Wording, number: int) -> str | None:
    """Why a boundary that was written out says what is not so."""
    boundary, key = wording.said(number, "boundary"), wording.keys[number]
    if boundary == "substring":
        return None
    if wording.writings[number] & (CJK | SOUTH_EAST):
        return "unspaced"
    keyword = wording.kinds[number] == "keyword"
    if boundary == "inflected":
        if keyword and not is_bare_word(key):
            return "several"
        return "language" if _has_no_forms(wording, number) else None
    return "edge" if boundary == "prefix" and keyword and not group_of(key[-1]) else None


def _has_no_forms(wording: Wording, number: int) -> bool:
    """Whether every word of a material stands alone in its language."""
    language = wording.column("language")[number]
    words = "".join(char if group_of(char) else " " for char in wording.plain[number]).split()
    return all(stem.paradigm is ALONE for word in words for stem in stems(word, language))


CHECK = Check(
    code="AM211",
    name="idle_boundary",
    severity="warning",
    title={
        "en": "a boundary that does not do what it says",
        "ar": "حدود لا تفعل ما تقول",
    },
    why={
        "en": "What is written under 'boundary' has no effect on this value, or another one than "
        "one thinks, so the material hits less than its author expects. Left out, the boundary "
        "follows from the script and the language.",
        "ar": "ما كُتب في boundary لا أثر له على هذه القيمة أو له أثر غير المتوقع، فتصيب المادة "
        "أقل مما "
        "ينتظر كاتبها. وإن حُذف أُخذت الحدود من الكتابة واللغة.",
    },
    message={
        "en": "'boundary: {boundary}' does not do for {value} what it says",
        "ar": "لا تفعل «boundary: {boundary}» في {value} ما تقول",
    },
    look=_look,
)
