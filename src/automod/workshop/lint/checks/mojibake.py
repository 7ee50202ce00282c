"""AM224: letters that were lost when a file was saved or read."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.spoilt import meant_by
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        for number, cause in wording.spoilt.items():
            if cause == "mojibake":
                meant = meant_by(wording.values[number])
                yield told(wording, number, meant=meant or "…")


CHECK = Check(
    code="AM224",
    name="mojibake",
    severity="error",
    title={
        "en": "the letters of the value were lost",
        "ar": "حروف القيمة تالفة",
    },
    why={
        "en": "The file was saved in one encoding and read in another on its way here, or letters "
        "were replaced by a sign for 'unknown'. No ad says what is left, so the material never "
        "hits. Write it again, and save tables as CSV UTF-8.",
        "ar": "حُفظ الملف بترميز وقُرئ بترميز آخر في طريقه إلى هنا، أو استُبدلت حروفه بعلامة "
        "«غير معروف». لا إعلان يقول ما تبقى منها، فلن تصيب المادة شيئًا أبدًا. اكتبها من جديد، "
        "واحفظ "
        "الجداول بصيغة CSV UTF-8.",
    },
    message={
        "en": "{value} was read in the wrong encoding; it was probably {meant}",
        "ar": "{value} قُرئت بترميز خاطئ؛ والأرجح أن أصلها {meant}",
    },
    look=_look,
)
