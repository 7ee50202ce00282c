"""The best admissible set of materials, where some cover others (`score` says what that means).

An occurrence matters by one thing only: which other materials cover it, its *context*. A material
may stand in a set if one of its contexts holds nobody of that set. So a text that says the same
thing twice gives the same contexts, and the same answer.

Materials that every context of `m` names can never stand beside `m`. By this alone, and without
repeats, the best set is a heaviest antichain of nested spans, whose dual is a cheapest cover by
chains. The search is a branch and bound over materials: each node gets its bound from a cover by
chains (weights split from the inside out) and its answer from the same cover read backwards (local
ratio: R. Bar-Yehuda and S. Even, Ann. Discrete Math. 25 (1985), 27-45). The two meet at once where
each span lies in a single larger one, which is nearly always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import exp, log1p
from typing import Final, NamedTuple

from .score import Evidence

BUDGET: Final = 40_000
"""Contexts and links looked at, in all nodes of one search. Counted, not timed, so that the answer
is the same everywhere. Where it runs out (hundreds of materials that cover each other in many ways)
the best set so far counts: a score that may be too low, never one that the text does not bear."""

# Of one material. More than this many that do not contain one another is an attack on the search.
_CONTEXTS: Final = 64
# Settling one sets others free, so once is not always enough; the search goes on from any state.
_ROUNDS: Final = 8
# Of the value, not of the weight: near 1 nothing is left to gain.
_EXACT: Final = 1e-13
_SLACK: Final = 1e-15
_CERTAIN: Final = 1 - 1e-15


def best_set(evidence: Sequence[Evidence], caps: Mapping[str, float]) -> list[Evidence]:
    """All evidence of the admissible set of materials with the largest value, in the order given.

    Which materials are chosen does not depend on the order given.

    >>> long = Evidence(0, "p/long", 0.6, "body", 0, 12)
    >>> parts = [Evidence(1, "p/a", 0.5, "body", 0, 5), Evidence(2, "p/b", 0.5, "body", 6, 12)]
    >>> [hit.n for hit in best_set([long, *parts], caps={})]
    [1, 2]
    """
    names = _outer_first(evidence)
    search = Search(evidence, names, caps)
    start = search.settled(0, (1 << len(names)) - 1)
    chosen = start.chosen if start else 0
    if start and start.left:
        search.keep(start)
        for part in sorted(search.components(start.left), key=lambda part: (part.bit_count(), part)):
            chosen |= search.best(part)
    held = {names[i] for i in _members(chosen)}
    return [hit for hit in evidence if hit.material in held]


class Node(NamedTuple):
    """A state of the search; sets of materials are bits by their numbers."""

    chosen: int
    left: int
    """Undecided: each may still join, and each blocks another or may be blocked."""
    above: dict[int, int]
    """For each that is not free: those that can never stand beside it, since all contexts agree."""
    blockers: int


class Bound(NamedTuple):
    """What no set of a node exceeds, and the chains that say so."""

    most: float
    starts: list[tuple[int, float]]
    """The innermost of each chain with what the chain adds, from the inside out."""


class Search:
    """The materials of one code by number, those that cover before those they cover."""

    def __init__(
        self, evidence: Sequence[Evidence], names: Sequence[str], caps: Mapping[str, float]
    ) -> None:
        number = {name: i for i, name in enumerate(names)}
        value = [0.0] * len(names)
        self.groups: list[str | None] = [None] * len(names)
        for hit in evidence:
            i = number[hit.material]
            value[i] = max(value[i], hit.value)
            if hit.group in caps:
                self.groups[i] = hit.group
        self.weight = [_weight(one) for one in value]
        self.caps = {group: _weight(cap) for group, cap in caps.items()}
        self.contexts = _contexts(evidence, number)
        self.budget = BUDGET

    def settled(self, chosen: int, left: int) -> Node | None:
        """The state after all that follows from it; None if one of the chosen cannot stand."""
        for _ in range(_ROUNDS):
            node = self._settled_once(chosen, left)
            if node is None or (node.chosen == chosen and node.left == left):
                return node
            chosen, left = node.chosen, node.left
        return node

    def _settled_once(self, chosen: int, left: int) -> Node | None:
        above: dict[int, int] = {}
        free = blockers = 0
        for i in _members(chosen | left):
            one = 1 << i
            live = [mask & left for mask in self.contexts[i] if not mask & chosen]
            self.budget -= len(live)
            if not live:
                if chosen & one:
                    return None
                left &= ~one
            elif 0 in live:
                free |= one
            else:
                above[i] = left
                for mask in live:
                    above[i] &= mask
                    blockers |= mask
                if chosen & one:
                    left &= ~above[i]
        # Whom nobody can block, and who blocks nobody that needs it away, is in.
        joins = free & left & ~blockers
        return Node(chosen | joins, left & ~joins, above, blockers)

    def keep(self, start: Node) -> None:
        """Make what is settled from the start part of the question: contexts and caps left."""
        for i in _members(start.left):
            masks = {mask & start.left for mask in self.contexts[i] if not mask & start.chosen}
            self.contexts[i] = _smallest(masks)
        for i in _members(start.chosen):
            group = self.groups[i]
            if group is not None:
                self.caps[group] = max(0.0, self.caps[group] - self.weight[i])

    def components(self, left: int) -> list[int]:
        """Parts of the question that do not touch: by context and capped group."""
        parts: list[int] = []
        in_group: dict[str, int] = {}
        for i in _members(left):
            part = 1 << i
            for mask in self.contexts[i]:
                part |= mask
            group = self.groups[i]
            if group is not None:
                part |= in_group.setdefault(group, part)
            apart = [other for other in parts if not other & part]
            if len(apart) < len(parts):
                for other in parts:
                    part |= other if other & part else 0
            parts = [*apart, part]
        return parts

    def best(self, left: int) -> int:
        """The best admissible set of a component, as far as the budget goes."""
        best, most = self._first_answer(left)
        nodes = [(0, left)]
        while nodes:
            node = self.settled(*nodes.pop())
            if node is None:
                continue
            bound = self.bound(node)
            if exp(-most) - exp(-bound.most) <= _EXACT:
                continue
            answer = self.filled(node.chosen, self._inside_out(node, bound))
            gain = self.gain(answer)
            if gain > most:
                best, most = answer, gain
            if self.budget <= 0:
                break
            if exp(-most) - exp(-bound.most) > _EXACT:
                pivot = self._pivot(node, bound, answer)
                nodes.append((node.chosen, node.left & ~pivot))
                nodes.append((node.chosen | pivot, node.left & ~pivot))
        return best

    def bound(self, node: Node) -> Bound:
        """Each chain holds one of a set at most: what the chains add up to bounds every set."""
        room = self._room(node.chosen)
        rest = {i: min(self.weight[i], room[i]) for i in _members(node.left)}
        heavy = sum(1 << i for i, weight in rest.items() if weight > _SLACK)
        starts: list[tuple[int, float]] = []
        total = 0.0
        grouped: dict[str, float] = {}
        ...
