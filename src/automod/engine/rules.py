"""Conditions over hits: whether a rule fires, and on what it rests.

What a condition means:

- a leaf `material`, `tag` or `found` holds when some hit satisfies it; `advertiser` and
  `attribute` ask the creative's facts; `all`, `any`, `none` (no part holds) and `at_least` (so many
  *different* parts hold; one hit may satisfy several) nest freely;
- `same_field`: the rule is judged on each field alone, and fires if it holds in one;
- `within: n`: it is judged on each stretch of a field: the hits that touch the words `w` to
  `w + n`, for any `w`. That is the same as a choice of hits, one for each part needed, of which the
  last to begin does so at most `n` words after the first to end has ended (neighbours: 1);
- `none` in a rule with `within`, beside positive parts in an `all`: a hit is no part of the rule
  when what is forbidden holds among the hits at most `n` words from it (facts hold everywhere).
  A `none` that stands beside no hit (in `any` or `at_least`, or with facts only) is about the
  whole creative;
- a hit without a field (a fired rule that others use) is in every field and near everything; one
  with a field and no span is near nothing. What a rule forbids that rests on no field (on facts
  only, say) may be nowhere in the creative;
- a rule rests on every hit that is part of any way to fulfil it, in the branches that hold.

So without `none`, more hits never stop a rule from firing, and never take a part away.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol, TypeAlias

from ..model.facts import Facts
from ..model.ruleset import Rule
from .conditions import (
    Key,
    Node,
    Plan,
    compile_condition,
    fact_counts,
    holding_leaves,
    holds,
)
from .standing import covers

Tags: TypeAlias = Mapping[str, frozenset[str]]
"""Material id -> its qualified tags."""

WordAt: TypeAlias = Callable[[str, int], int]
"""(field, offset in the original text) -> number of the word there, counted within the field."""


class HitLike(Protocol):
    """What a rule needs to know of a hit: `model.decision.Hit` has it."""

    @property
    def material(self) -> str:
        """Its qualified id, `found/phone` and the like, or the id of a fired rule."""

    @property
    def kind(self) -> str:
        """A kind of material, `found` or `rule`."""

    @property
    def field(self) -> str | None:
        """Where it was found."""

    @property
    def start(self) -> int | None:
        """Its first code point."""

    @property
    def end(self) -> int | None:
        """The one after its last."""


_KIND_FOUND: Final[Mapping[str, str]] = {
    "phone": "phone", "url": "url", "domain": "url", "handle": "handle",
}  # fmt: skip
"""A listed phone is a phone that was found, too."""


class Judge:
    """A rule with its condition compiled: `fire` and `shares` for many creatives.

    >>> from automod.model.ruleset import Condition
    >>> judge = Judge(Rule("p/games", Condition("attribute", "vertical", ("games",))))
    >>> judge.fire([], Facts("c1", (), attributes={"vertical": "games"}), {}, lambda f, i: 0)
    ()
    """

    __slots__ = ("_plan", "rule")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._plan = compile_condition(rule.condition)

    def fire(
        self, hits: Sequence[HitLike], facts: Facts, tags: Tags, word_at: WordAt
    ) -> tuple[int, ...] | None:
        """The positions of the hits that the rule rests on, ascending; None: it does not fire.

        A rule that asks for facts only, or for what is absent, rests on nothing: `()`.

        Args:
            hits: those that act: in scope, under no allow, and no shadow unless the rule is. The
                rule's own `fields` are looked at here; its markets, dates and status are not.
            facts: the creative's advertiser and attributes.
            tags: the tags of each material and fired rule among the hits.
            word_at: asked only for rules with `within`.
        """
        plan, rule = self._plan, self.rule
        found = self._found(hits, tags)
        known = fact_counts(plan, facts)
        if rule.within is not None:
            return _within(Scene(plan, found, known, hits), word_at, rule.within)
        if rule.same_field:
            return _same_field(Scene(plan, found, known, hits))
        counts = [fact + len(leaf) for fact, leaf in zip(known, found, strict=True)]
        if not holds(plan.root, counts):
            return None
        return _sorted(p for leaf in holding_leaves(plan.root, counts) for p in found[leaf])

    def shares(self, hits: Sequence[HitLike], tags: Tags) -> tuple[int, ...]:
        """The positions of all hits that satisfy any positive leaf, wherever they stand.

        Whether a hit is among them depends on the rule and that hit alone. What a rule rests on
        grows with other hits, so a score in which a rule covers its parts only can fall when a
        material is added; one in which it covers these cannot.
        """
        found = self._found(hits, tags)
        leaves = enumerate(self._plan.leaves)
        return _sorted(p for n, leaf in leaves if leaf.positive for p in found[n])

    def _found(self, hits: Sequence[HitLike], tags: Tags) -> list[list[int]]:
        """For each leaf, the positions of the hits that satisfy it."""
        asking = self._plan.asking
        found: list[list[int]] = [[] for _ in self._plan.leaves]
        fields = self.rule.scope.fields
        for position, hit in enumerate(hits):
            if fields and hit.field and not any(covers(one, hit.field) for one in fields):
                continue
            for key in _keys(hit, tags):
                for leaf in asking.get(key, ()):
                    found[leaf].append(position)
        return found


def fire(
    rule: Rule, hits: Sequence[HitLike], facts: Facts, tags: Tags, word_at: WordAt
) -> tuple[int, ...] | None:
    """`Judge(rule).fire(...)`, for one creative.

    >>> from automod.model.decision import Hit
    >>> from automod.model.ruleset import Condition
    >>> both = Condition("all", parts=(Condition("tag", "p/promise"), Condition("found", "phone")))
    >>> hits = [Hit(0, "p/sure-win", "1", (), "live", "phrase", "body", 0, 8, "sure win", "safe"),
    ...         Hit(1, "found/phone", "1", (), "live", "found", "body", 14, 20, "050123", "safe")]
    >>> word_at = lambda field, offset: "sure win call 050123"[:offset].count(" ")
    >>> tags = {"p/sure-win": frozenset({"p/promise"})}
    >>> fire(Rule("p/contact", both, within=2), hits, Facts("c1", ()), tags, word_at)
    (0, 1)
    >>> fire(Rule("p/contact", both, within=1), hits, Facts("c1", ()), tags, word_at) is None
    True
    """
    return Judge(rule).fire(hits, facts, tags, word_at)


class Scene(NamedTuple):
    """What a rule is judged on."""

    plan: Plan
    found: Sequence[Sequence[int]]
    """For each leaf, the positions of the hits that satisfy it."""
    known: list[int]
    """For each leaf, whether it is a true fact."""
    hits: Sequence[HitLike]

    def everywhere(self) -> tuple[list[int], set[int]]:
        """For each leaf the count of what holds in every field; the positions without a field."""
        loose = {p for leaf in self.found for p in leaf if self.hits[p].field is None}
        counts = [
            fact + sum(p in loose for p in leaf)
            for fact, leaf in zip(self.known, self.found, strict=True)
        ]
        return counts, loose

    def nowhere(self, near: list[int]) -> list[int]:
        """The counts for a rule that rests on no field: what it forbids may then be nowhere."""
        return [
            near[n] if leaf.positive else self.known[n] + len(self.found[n])
            for n, leaf in enumerate(self.plan.leaves)
        ]

    def resting(self, counts: Sequence[int], among: set[int]) -> set[int]:
        """Of some positions those that leaves rest on which hold."""
        leaves = holding_leaves(self.plan.root, counts)
        return {p for leaf in leaves for p in self.found[leaf] if p in among}


def _keys(hit: HitLike, tags: Tags) -> list[Key]:
    material = hit.material
    keys = [("material", material)]
    if material in tags:
        keys += [("tag", tag) for tag in tags[material]]
    if material.startswith("found/"):
        keys.append(("found", material.removeprefix("found/")))
    elif hit.kind in _KIND_FOUND:
        keys.append(("found", _KIND_FOUND[hit.kind]))
    return keys


def _same_field(scene: Scene) -> tuple[int, ...] | None:
    by_field: dict[str, list[list[int]]] = {}
    for leaf, positions in enumerate(scene.found):
        for position in positions:
            field = scene.hits[position].field
            if field is not None:
                here = by_field.setdefault(field, [[] for _ in scene.found])
                here[leaf].append(position)
    fixed, loose = scene.everywhere()
    nowhere = scene.nowhere(fixed)
    fired = holds(scene.plan.root, nowhere)
    parts = scene.resting(nowhere, loose) if fired else set()
    for here in by_field.values():
        counts = [base + len(leaf) for base, leaf in zip(fixed, here, strict=True)]
        if holds(scene.plan.root, counts):
            fired = True
            parts |= scene.resting(counts, loose.union(*here))
    return _sorted(parts) if fired else None


class Stand(NamedTuple):
    """A hit that satisfies a leaf, in words."""

    first: int
    last: int
    leaf: int
    position: int


def _within(scene: Scene, word_at: WordAt, reach: int) -> tuple[int, ...] | None:
    plan = scene.plan
    near, loose = scene.everywhere()
    # A `none` that guards positive parts bars stands; here only what is near everything speaks.
    fixed = [
        scene.known[n] + len(scene.found[n]) if leaf.about_all else near[n] + leaf.assumed
        for n, leaf in enumerate(plan.leaves)
    ]
    nowhere = scene.nowhere(near)
    fired = holds(plan.root, nowhere)
    parts = scene.resting(nowhere, loose) if fired else set()
    for stands in _stands(scene, word_at).values():
        found = _sweep(scene, _usable(plan, stands, near, reach), fixed, reach, loose)
        if found is not None:
            fired = True
            parts |= found
    return _sorted(parts) if fired else None


def _stands(scene: Scene, word_at: WordAt) -> dict[str, list[Stand]]:
    fields: dict[str, list[Stand]] = {}
    words: dict[int, tuple[int, int]] = {}
    for leaf, positions in enumerate(scene.found):
        for position in positions:
            hit = scene.hits[position]
            if hit.field is None or hit.start is None or hit.end is None:
                continue
            if position not in words:
                first = word_at(hit.field, hit.start)
                last = word_at(hit.field, max(hit.start, hit.end - 1))
                words[position] = first, max(first, last)
            fields.setdefault(hit.field, []).append(Stand(*words[position], leaf, position))
    return fields


def _usable(plan: Plan, stands: list[Stand], near: list[int], reach: int) -> list[Stand]:
    """The stands of positive leaves near which nothing forbidden holds."""
    wanted = [stand for stand in stands if plan.leaves[stand.leaf].positive]
    if not plan.guards:
        return wanted
    barred = {guard: _barred(guard, wanted, stands, near, reach) for guard in plan.guards}
    return [
        stand
        for stand in wanted
        if not any(stand in barred[guard] for guard in plan.leaves[stand.leaf].guards)
    ]


def _barred(
    guard: Node, wanted: list[Stand], stands: list[Stand], near: list[int], reach: int
) -> set[Stand]:
    """The stands that have what `guard` forbids at most `reach` words away."""
    leaves = guard.leaves()
    firsts = {leaf: sorted(s.first for s in stands if s.leaf == leaf) for leaf in leaves}
    lasts = {leaf: sorted(s.last for s in stands if s.leaf == leaf) for leaf in leaves}
    counts = list(near)
    barred: set[Stand] = set()
    for stand in wanted:
        for leaf in leaves:
            # Those that began before the far edge, less those that ended before the near one.
            begun = bisect_right(firsts[leaf], stand.last + reach)
            ended = bisect_left(lasts[leaf], stand.first - reach)
            counts[leaf] = near[leaf] + begun - ended
        if not holds(guard, counts):
            barred.add(stand)
    return barred


def _sweep(
    scene: Scene, stands: list[Stand], fixed: list[int], reach: int, loose: set[int]
) -> set[int] | None:
    """Moves a window over the words: the positions used by any window that fulfils the rule."""
    root = scene.plan.root
    entering = sorted(stands)
    leaving = sorted(stands, key=_last)
    counts = list(fixed)
    fulfilled: dict[int, list[int]] = {}
    come = gone = 0
    fired = False
    for start in sorted({stand.last for stand in stands}):
        while come < len(entering) and entering[come].first <= start + reach:
            counts[entering[come].leaf] += 1
            come += 1
        while leaving[gone].last < start:
            counts[leaving[gone].leaf] -= 1
            gone += 1
        if holds(root, counts):
            fired = True
            for leaf in holding_leaves(root, counts):
                fulfilled.setdefault(leaf, []).append(start)
    if not fired:
        return None
    used = {s.position for s in stands if _touched(s, fulfilled.get(s.leaf, []), reach)}
    return used | {p for leaf in fulfilled for p in scene.found[leaf] if p in loose}


def _touched(stand: Stand, starts: list[int], reach: int) -> bool:
    """Whether a window that begins at one of these words touches it."""
    at = bisect_left(starts, stand.first - reach)
    return at < len(starts) and starts[at] <= stand.last


def _last(stand: Stand) -> int:
    return stand.last


def _sorted(positions: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(positions)))
