"""A row of the policy table that nobody has checked for a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.policy_rows import rows_of

_YEAR = timedelta(days=366)


def _look(world: World) -> Iterator[Found]:
    for row in rows_of(world):
        checked = row.asked.checked
        if checked is not None and world.on - checked > _YEAR and row.days[1] >= world.on:
            values = {"name": row.name, "checked": checked.isoformat()}
            yield Found(row.at("checked"), values, subject=row.name)


CHECK = Check(
    code="AM403",
    name="stale_row",
    severity="info",
    title={
        "en": "a stance that nobody has checked for a year",
        "ar": "موقف لم يراجعه أحد منذ سنة",
    },
    why={
        "en": "Law and platform policies change. A row that was last looked at more than a year "
        "ago may reject what is allowed by now, or allow what is not.",
        "ar": "القوانين وسياسات المنصات تتغير. والصف الذي مر على مراجعته أكثر من سنة قد يرفض ما "
        "صار مسموحًا أو يسمح بما لم يعد كذلك.",
    },
    message={
        "en": "{name} was last checked on {checked}, more than a year ago",
        "ar": "آخر مراجعة للصف {name} في {checked}، قبل أكثر من سنة",
    },
    look=_look,
)
