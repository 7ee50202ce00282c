"""A material that adds nothing to a score and that no rule looks for."""

from __future__ import annotations

from collections.abc import Iterator

from automod.load.forms import OFF
from automod.load.source import PackageSource
from automod.model.columns import places, various
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import asked_tags, found_in, in_use
from automod.workshop.lint.reach import leaves_of

_MANY = 20
"""Where so many are all there is, it is said once for the package."""


def _look(world: World) -> Iterator[Found]:
    if not world.only_rows_are_faulty:
        return
    tags = frozenset(asked_tags(world))
    named = {
        leaf.name
        for package in in_use(world)
        for rule in package.package.rules
        for leaf in leaves_of(rule.condition)
        if leaf.op == "material"
    }
    for package in in_use(world):
        idle = _idle(package, tags, named)
        if world.source.faults:
            # A row that is faulty may be the one that needs a tag.
            carried = package.materials.column("tags") if idle else ()
            idle = [number for number in idle if not carried[number]]
        if len(idle) == len(package.materials) > _MANY:
            yield Found(
                package.file.read.at(("materials",), is_key=True),
                {}, package.name,
            )  # fmt: skip
            continue
        yield from (found_in(package, number, "weight") for number in idle)


def _idle(package: PackageSource, tags: frozenset[str], named: set[str]) -> list[int]:
    materials = package.materials
    weightless = 0.0 in various(materials, "weight")
    scoreless = () in various(materials, "policies")
    if not weightless and not scoreless:
        return []
    suspects = {*places(materials, "weight", [0.0]), *places(materials, "policies", [()])}
    if all(tags.intersection(one) for one in various(materials, "tags")):
        return []
    columns = [materials.column(name) for name in ("id", "tags", "status", "only_if_obfuscated")]
    return [
        number
        for number, (name, own, status, hidden) in enumerate(zip(*columns, strict=True))
        if number in suspects
        and name not in named
        and tags.isdisjoint(own)
        and status not in OFF
        and not hidden
    ]


CHECK = Check(
    code="AM314",
    name="idle_signal",
    severity="warning",
    title={
        "en": "a material that counts nowhere",
        "ar": "مادة لا تُحسب في أي مكان",
    },
    why={
        "en": "A material of weight 'signal', or of a package without a policy, adds nothing to a "
        "score: it is there for rules. No rule names this one or a tag of it, so it can be hit "
        "all day and change nothing.",
        "ar": "المادة ذات الوزن signal، أو التي في حزمة بلا سياسة، لا تضيف شيئًا إلى النتيجة: هي "
        "للقواعد فقط. ولا قاعدة تذكر هذه المادة أو وسمًا من وسومها، فقد تُصاب طوال اليوم دون أن "
        "يتغير شيء.",
    },
    message={
        "en": "it counts nowhere: it adds nothing to a score, and no rule names it or a tag of it",
        "ar": "لا تُحسب في أي مكان: لا تضيف شيئًا إلى النتيجة ولا قاعدة تذكرها أو تذكر وسمًا لها",
    },
    look=_look,
)
