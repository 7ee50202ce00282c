"""A code that is prohibited by default, with material for some markets only."""

from __future__ import annotations

from collections.abc import Iterator

from automod.policy.verdict import Policy
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import listed
from automod.workshop.lint.policy_rows import rows_of


def _look(world: World) -> Iterator[Found]:
    policy = Policy(world.source.ruleset.policies)
    for row in rows_of(world):
        markets = world.served.get(row.code)
        if row.market or markets is None or "prohibited" not in row.asked.stance:
            continue
        open_ = [one for one in world.reach.names if one not in markets]
        bare = [one for one in open_ if policy.rows(row.code, one, world.on)[0].market is None]
        if bare:
            values = {"policy": row.code, "count": len(bare), "served": listed(markets) or "-"}
            yield Found(row.at("stance"), values, subject=row.name)


CHECK = Check(
    code="AM406",
    name="default_gap",
    severity="info",
    title={
        "en": "prohibited by default, looked for in some markets only",
        "ar": "محظور افتراضيًا ولا يُبحث عنه إلا في بعض الأسواق",
    },
    why={
        "en": "Where no row speaks the default holds, and it prohibits. Material that acts in "
        "some markets only leaves the others open: that may be meant, if no ads run there.",
        "ar": "حيث لا صف يسري الافتراضي، وهو يحظر. والمواد التي تعمل في بعض الأسواق فقط تترك "
        "غيرها مفتوحًا، وقد يكون ذلك مقصودًا إن لم تكن هناك إعلانات.",
    },
    message={
        "en": "{policy} is prohibited by default, but nothing looks for it in {count} markets "
        "(only in {served})",
        "ar": "{policy} محظور افتراضيًا، ولا شيء يبحث عنه في {count} من الأسواق (فقط في {served})",
    },
    look=_look,
    of_absence=True,
)
