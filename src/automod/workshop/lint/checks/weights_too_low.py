"""A code that no creative can be looked at for, even where everything hits at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, repeat
from typing import Any

from automod.load.source import PackageSource
from automod.model.columns import column, various
from automod.policy.score import Evidence, combined
from automod.workshop.lint.check import Check, Found, World
from automod.workshop.lint.parts import in_use, listed

Sort = tuple[tuple[str, ...], str | None, float, str]
"""Codes, group, weight and status of something that counts."""


def _look(world: World) -> Iterator[Found]:
    review = world.source.ruleset.policies.review
    packages = [one for one in in_use(world) if one.package.status == "live"]
    sorts = [(package, sort) for package in packages for sort in _sorts(package)]
    caps = {group: most for one in packages for group, most in one.package.caps.items()}
    codes = {code for _, (policies, *_) in sorts for code in policies}
    for code in sorted(codes):
        serving = [(package, sort) for package, sort in sorts if code in sort[0] and sort[2] > 0]
        if serving:
            most = round(_together([sort for _, sort in serving], caps), 4)
            if most < review:
                yield _found([package for package, _ in serving], code, most, review)


def _sorts(package: PackageSource) -> Iterator[Sort]:
    """What counts in a package; of many that are alike as many as matter."""
    names = ("policies", "group", "weight", "status")
    for some in (package.materials, package.package.rules):
        if len(some) > _ENOUGH and all(len(various(some, name)) == 1 for name in names):
            one: Any = tuple(getattr(some[0], name) for name in names)
            counted: Mapping[Sort, int] = {one: len(some)}
        else:
            rows: Iterator[Sort] = zip(*(column(some, name) for name in names), strict=True)
            counted = Counter(rows)
        for sort, times in counted.items():
            if sort[3] == "live":
                yield from repeat(sort, min(times, _ENOUGH))


_ENOUGH = 500
"""So many together reach what any number of them reaches."""


def _together(sorts: Iterable[Sort], caps: Mapping[str, float]) -> float:
    numbers = count()
    evidence = [
        Evidence(n, f"{n:09}", weight, group=group)
        for n, (_, group, weight, _) in zip(numbers, sorts, strict=False)
    ]
    return combined(evidence, caps)


def _found(packages: list[PackageSource], code: str, most: float, review: float) -> Found:
    homes = list({one.name: one for one in packages}.values())
    first = homes[0]
    values = {
        "policy": code, "most": f"{most:g}", "review": f"{review:g}",
        "packages": listed(one.name for one in homes),
    }  # fmt: skip
    related = tuple(one.file.read.at(("policy",)) for one in homes[1:])
    return Found(first.file.read.at(("policy",)), values, first.name, first.name, related)


CHECK = Check(
    code="AM315",
    name="weights_too_low",
    severity="warning",
    title={
        "en": "weights that cannot reach any threshold",
        "ar": "أوزان لا تبلغ أي حد",
    },
    why={
        "en": "Even an ad in which every material and rule of this code hits at once stays under "
        "the score for review, because the weights, or the caps of their groups, are too low. "
        "Whatever is found, the ad is approved.",
        "ar": "حتى الإعلان الذي تصيبه كل مواد هذا الرمز وقواعده معًا يبقى تحت حد المراجعة، لأن "
        "الأوزان أو سقوف المجموعات منخفضة. فمهما وُجد تتم الموافقة على الإعلان.",
    },
    message={
        "en": "all that counts for {policy} reaches {most} at most, review begins at {review} "
        "({packages})",
        "ar": "كل ما يُحسب للرمز {policy} يبلغ {most} على الأكثر، والمراجعة تبدأ من {review} "
        "({packages})",
    },
    look=_look,
    of_absence=True,
)
