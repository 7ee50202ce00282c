"""The score of one policy code. One function holds the formula.

An occurrence (a piece of evidence) is *covered* by another if it lies in the span of the other, in
the same field (equal spans cover each other), or if the other is a fired rule that has it among
its parts. A set of materials is *admissible* if each of them has an occurrence that no occurrence
of another of them covers. The value of a set is `1 - prod(1 - value)`, where each material counts
once, by the largest of its values, and what a capped group adds is bounded by its cap. The score is
the largest value of any admissible set.

So a hit that contains others counts as the larger of its own value and their combined score, and a
fired rule likewise with its parts. And two laws hold by construction, because who covers whom never
depends on a third: a material that is added, with all its occurrences, never lowers a score (every
set that was admissible still is), and a text that repeats itself scores what it says once (each
occurrence is covered by the same materials as the one it repeats).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import Final, NamedTuple

NO_CAPS: Final[Mapping[str, float]] = MappingProxyType({})

# Half up: with named weights a product often lies exactly between two scores (certain and three
# times weak: 0.98285), where the last bit, which depends on the order of ids, would decide.
HALF_UP: Final = 5e-13


# Up to here comparing each with each is faster than sorting them.
_FEW: Final = 5


class Evidence(NamedTuple):
    """A counted hit, as far as the score is concerned.

    `n` is the number of the hit, `value` its weight times confidence (above 0, at most 1), `start`
    and `end` its span in the original field (None: it lies in no span), `parts` the numbers of all
    the hits that a fired rule covers (directly or through other rules), `group` the qualified
    group of the material, if any.
    """

    n: int
    material: str
    value: float
    field: str | None = None
    start: int | None = None
    end: int | None = None
    parts: tuple[int, ...] = ()
    group: str | None = None


def score(evidence: Sequence[Evidence], caps: Mapping[str, float] = NO_CAPS) -> float:
    """The score of a code, 0 to 1 with 4 decimals (half up).

    Args:
        evidence: the counted hits of this code, in any order.
        caps: qualified group -> the most that the materials of the group may add.

    >>> casino = Evidence(0, "g/casino", 0.9, "body", 0, 6)
    >>> bonus = Evidence(1, "g/casino-bonus", 0.6, "body", 0, 12)
    >>> phone = Evidence(2, "g/phone", 0.5, "body", 20, 30)
    >>> score([casino]), score([casino, bonus]), score([casino, bonus, phone])
    (0.9, 0.9, 0.95)

    The search for the best admissible set is exact up to `best_set.BUDGET`; see there.
    """
    if len(evidence) == 1:
        only = evidence[0]
        if only.group is None:
            return round(only.value + HALF_UP, 4)
    elif len(evidence) == 2:
        a, b = evidence
        if a.group is None and b.group is None:
            if a.material == b.material or either_covers(a, b):
                return round(max(a.value, b.value) + HALF_UP, 4)
            return round(1.0 - (1.0 - a.value) * (1.0 - b.value) + HALF_UP, 4)
    if not any_covered(evidence):
        return round(combined(evidence, caps) + HALF_UP, 4)
    from .best_set import best_set  # rare: most creatives never need the search

    return round(combined(best_set(evidence, caps), caps) + HALF_UP, 4)


def combined(evidence: Sequence[Evidence], caps: Mapping[str, float] = NO_CAPS) -> float:
    """The value of a set: each material counts once, by its largest value; not rounded.

    Materials come in the order of their ids, then capped groups in the order of theirs: a factor
    never moves when another is added, so that floating point keeps the order of scores as well.

    >>> round(combined([Evidence(0, "p/a", 0.5), Evidence(1, "p/b", 0.5)]), 4)
    0.75
    """
    best: dict[str, float] = {}
    for hit in evidence:
        material, value = hit.material, hit.value
        if material not in best or value > best[material]:
            best[material] = value
    if caps:
        return _combined_in_groups(evidence, best, caps)
    open_ = 1.0
    for material in sorted(best):
        open_ *= 1.0 - best[material]
    return 1.0 - open_


def _combined_in_groups(
    evidence: Sequence[Evidence], best: Mapping[str, float], caps: Mapping[str, float]
) -> float:
    grouped = {hit.material: hit.group for hit in evidence if hit.group in caps}
    open_ = 1.0
    groups: dict[str, float] = {}
    for material in sorted(best):
        group = grouped.get(material)
        if group is None:
            open_ *= 1.0 - best[material]
        else:
            groups[group] = groups.get(group, 1.0) * (1.0 - best[material])
    for group in sorted(groups):
        open_ *= max(groups[group], 1.0 - caps[group])
    return 1.0 - open_


def any_covered(evidence: Sequence[Evidence]) -> bool:
    """Whether any occurrence is covered by another.

    >>> casino = Evidence(0, "p/casino", 0.9, "body", 0, 6)
    >>> any_covered([casino, Evidence(1, "p/bonus", 0.5, "body", 7, 12)])
    False
    """
    if len(evidence) < _FEW:
        for a, b in combinations(evidence, 2):  # noqa: SIM110 - any() costs a third more
            if either_covers(a, b):
                return True
        return False
    rules = [hit.parts for hit in evidence if hit.parts]
    if rules:
        numbers = {hit.n for hit in evidence}
        if not all(numbers.isdisjoint(parts) for parts in rules):
            return True
    return _any_nested(evidence)


def either_covers(a: Evidence, b: Evidence) -> bool:
    """Whether one of the two contains the other, or is a rule that has it among its parts.

    >>> either_covers(Evidence(0, "p/a", 0.5, "body", 2, 4), Evidence(1, "p/r", 0.5, parts=(0,)))
    True
    """
    if a.field == b.field and a.field is not None:
        start, other, end, stop = a.start, b.start, a.end, b.end
        if start is None or other is None or end is None or stop is None:
            pass
        elif (stop <= end) if start < other else (end <= stop or start == other):
            return True
    return (bool(a.parts) and b.n in a.parts) or (bool(b.parts) and a.n in b.parts)


def _any_nested(evidence: Sequence[Evidence]) -> bool:
    """Whether a span contains another: by start and the longer first, one ends inside another."""
    spans = sorted(
        (hit.field, hit.start, -hit.end)
        for hit in evidence
        if hit.field is not None and hit.start is not None and hit.end is not None
    )
    field: str | None = None
    furthest = 0
    for name, _, minus_end in spans:
        if name != field:
            field, furthest = name, -minus_end
        elif -minus_end <= furthest:
            return True
        else:
            furthest = -minus_end
    return False
