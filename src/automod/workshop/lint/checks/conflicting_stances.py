"""Two rows of one code and market that ask for different things on the same day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.policy_rows import PolicyRow, overlap, rows_of


def _look(world: World) -> Iterator[Found]:
    before: dict[tuple[str, str], list[PolicyRow]] = defaultdict(list)
    for row in rows_of(world):
        others = before[row.code, row.market]
        for other in others:
            if overlap(row, other) and row.demand != other.demand:
                values = {"name": row.name, "first": str(other.at())}
                yield Found(row.at(), values, subject=row.name, related=(other.at(),))
                break
        others.append(row)


CHECK = Check(
    code="AM401",
    name="conflicting_stances",
    severity="warning",
    title={
        "en": "two rows that disagree about one market on one day",
        "ar": "صفان يختلفان في سوق واحد في يوم واحد",
    },
    why={
        "en": "Where two rows of a code are in force in a market, the stricter answer of both "
        "counts. A new row that relaxes the old one does nothing until the old one has an end.",
        "ar": "إن سرى صفان للرمز نفسه في سوق واحد يُعمل بالأشد منهما. فالصف الجديد الأخف لا أثر "
        "له ما لم يُكتب للقديم آخر يوم.",
    },
    message={
        "en": "{name} is asked for differently on the same days in {first}: give the older row an "
        "'until'",
        "ar": "{name} مطلوب بصورة أخرى في الأيام نفسها في {first}: اكتب until للصف الأقدم",
    },
    look=_look,
)
