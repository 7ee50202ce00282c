"""AM223: an error or a number that a spreadsheet made of what was typed."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.told import told


def _look(world: World) -> Iterator[Found]:
    for wording in world.wordings:
        for number, cause in wording.spoilt.items():
            if cause == "spreadsheet_error":
                yield told(wording, number)


CHECK = Check(
    code="AM223",
    name="spreadsheet_error",
    severity="error",
    title={
        "en": "the value is what a spreadsheet made of it",
        "ar": "القيمة من صنع برنامج الجداول",
    },
    why={
        "en": "A cell that begins with = or @ is taken for a formula, a long number is rounded "
        "and shown with an exponent, and 3-5 becomes 05-Mar. What was typed is gone. Format the "
        "column as text and type it again.",
        "ar": "الخلية التي تبدأ بعلامة = أو @ تُعامل معادلةً، والرقم الطويل يُقرَّب ويُعرض بالأس، "
        "و3-5 يصير 05-Mar، فيضيع ما كُتب. اجعل تنسيق العمود نصًا واكتب القيمة من جديد.",
    },
    message={
        "en": "{value} is what a spreadsheet made of what was typed; "
        "format the column as text and type it again",
        "ar": "{value} من صنع برنامج الجداول لا مما كُتب؛ اجعل تنسيق العمود نصًا واكتب القيمة من "
        "جديد",
    },
    look=_look,
)
