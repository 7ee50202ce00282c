"""A row that says it is the law, and not which."""

from __future__ import annotations

from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.policy_rows import rows_of


def _look(world: World) -> Iterator[Found]:
    for row in rows_of(world):
        if row.asked.ground == "law" and not row.asked.source:
            yield Found(row.at("ground"), {"name": row.name}, subject=row.name)


CHECK = Check(
    code="AM407",
    name="law_without_source",
    severity="info",
    title={"en": "a law without its source", "ar": "قانون بلا مصدر"},
    why={
        "en": "The source stands in every verdict that rests on the row. Without it nobody can "
        "check the stance, and an advertiser who asks gets no answer.",
        "ar": "يظهر المصدر في كل حكم يستند إلى الصف. ومن دونه لا يستطيع أحد مراجعة الموقف، ولا "
        "يجد المعلن السائل جوابًا.",
    },
    message={
        "en": "{name} rests on law and names no source: write 'source'",
        "ar": "يستند {name} إلى قانون بلا مصدر: اكتب source",
    },
    look=_look,
)
