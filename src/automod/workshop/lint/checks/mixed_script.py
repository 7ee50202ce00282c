"""AM218: letters of two scripts in one word of a material."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told
from automod.workshop.lint.wording import point_of


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        for number, cause in wording.spoilt.items():
            if cause == "mixed_script":
                yield told(wording, number, points=_spelt(wording.values[number]))


def _spelt(value: str) -> str:
    """Which letters are not in ASCII, or, among Arabic ones, which are.

    >>> _spelt("cаsino"), _spelt("كaزينو")
    ('а U+0430', 'a U+0061')
    """
    letters = [char for char in value if char.isalpha()]
    latin = [char for char in letters if char.isascii()]
    other = [char for char in letters if not char.isascii()]
    few = latin if len(latin) < len(other) else other
    return ", ".join(f"{char} {point_of(char)}" for char in dict.fromkeys(few[:6]))


CHECK = Check(
    code="AM218",
    name="mixed_script",
    severity="error",
    title={
        "en": "letters of two scripts in one word",
        "ar": "حروف من كتابتين في كلمة واحدة",
    },
    why={
        "en": "The value was copied from an ad that hides the word behind look-alike letters, or "
        "the keyboard was in another language. Look-alikes are undone in ads, not in materials, so "
        "the plain word is not found. Write the plain word; in the view 'evasion' it is found "
        "with look-alike letters as well.",
        "ar": "نُسخت القيمة من إعلان يخفي الكلمة خلف حروف شبيهة، أو كانت لوحة المفاتيح بلغة أخرى. "
        "تُعاد "
        "الحروف الشبيهة إلى أصلها في الإعلانات لا في المواد، فلا تُكتشف الكلمة الصريحة. اكتب "
        "الكلمة "
        "الصريحة؛ ففي العرض evasion تُكتشف بالحروف الشبيهة أيضًا.",
    },
    message={
        "en": "{value} mixes letters of two scripts in one word ({points}); write the plain word",
        "ar": "تخلط {value} حروفًا من كتابتين في كلمة واحدة ({points})؛ اكتب الكلمة الصريحة",
    },
    look=_look,
)
