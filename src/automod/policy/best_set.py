"""The best admissible set of materials, where some cover others (`score` says what that means).

An occurrence matters by one thing only: which other materials cover it, its *context*. A material
may stand in a set if one of its contexts holds nobody of that set. So a text that says the same
thing twice has the same contexts, and the same answer.

Two materials never stand together if every context of one holds the other. By this alone the best
set is a heaviest antichain, whose dual is a cheapest cover by chains. So the search is a branch and
bound in which a cover by chains gives each node its bound, and the same cover read backwards an
answer (local ratio: R. Bar-Yehuda and S. Even, Ann. Discrete Math. 25 (1985), 27-45). Where each
span lies in one larger one at most, as nearly always, the two meet at once.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, groupby
from math import exp, inf, log1p
from typing import Final, NamedTuple

from .score import Evidence

BUDGET: Final = 40_000
"""Contexts and links looked at, in all nodes of one search. Counted, not timed, so that the answer
is the same everywhere. Where it runs out (dozens of materials that cover each other in many ways)
the best set so far counts: a score that may be too low, never one that the text does not bear."""

# Of one material. More than this many of which none contains another are an attack on the search.
_CONTEXTS: Final = 64
# Spans of one field. Up to here comparing each with each is faster than a tree.
_FEW: Final = 8
# Materials of a component. Up to here trying every set is faster than a search.
_TINY: Final = 3
# Who is out sets others free, so once is not always enough; the search goes on from any state.
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
    chosen = search.best()
    held = {name for i, name in enumerate(names) if chosen >> i & 1}
    return [hit for hit in evidence if hit.material in held]


class Node(NamedTuple):
    """A state of the search. Sets of materials are the bits of a number."""

    chosen: int
    left: int
    """Undecided: each may still join, and blocks another or may be blocked."""
    above: dict[int, int]
    """Of each that is not free: those that can never stand beside it, as all its contexts agree."""
    blockers: int


class Bound(NamedTuple):
    """What no set of a node exceeds, and the chains that say so."""

    most: float
    chains: list[tuple[float, int]]
    """What each adds, and the innermost of it; from the inside out."""


class Search:
    """The materials of one code, numbered so that those that cover come before the covered."""

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
        self._place = partial(_left_to_right, evidence, number)
        self.budget = BUDGET

    @cached_property
    def line(self) -> list[int]:
        """All materials from left to right: most searches never ask."""
        return self._place()

    def best(self) -> int:
        """The best admissible set, as far as the budget goes."""
        start = self.settled(0, (1 << len(self.weight)) - 1)
        chosen = start.chosen if start else 0
        if start and start.left:
            self._keep(start)
            for component in self._components(start.left):
                chosen |= self._best_of(component)
        return chosen

    def settled(self, chosen: int, left: int) -> Node | None:
        """The state after all that follows from it; None if one of the chosen cannot stand."""
        node = self._settled_once(chosen, left)
        for _ in range(_ROUNDS):
            if node is None or (node.chosen == chosen and node.left == left):
                break
            chosen, left = node.chosen, node.left
            node = self._settled_once(chosen, left)
        return node

    def _settled_once(self, chosen: int, left: int) -> Node | None:
        above: dict[int, int] = {}
        free = blockers = 0
        for i in _members(chosen | left):
            one = 1 << i
            live = [mask & left for mask in self.contexts[i] if not mask & chosen]
            self.budget -= 1 + len(live)
            if not live:
                if chosen & one:
                    return None
                left ^= one
            elif 0 in live:
                free |= one
            else:
                above[i] = left
                for mask in live:
                    above[i] &= mask
                    blockers |= mask
                if chosen & one:
                    left &= ~above[i]
        # Whom nobody can block, and who blocks nobody, is in.
        joins = free & left & ~blockers
        return Node(chosen | joins, left ^ joins, above, blockers)

    def _keep(self, start: Node) -> None:
        """Make what is settled from the start part of the question: contexts, room under caps."""
        for i in _members(start.left):
            live = {mask & start.left for mask in self.contexts[i] if not mask & start.chosen}
            self.contexts[i] = _smallest(live)
        self.caps = self._room(start.chosen)

    def _components(self, left: int) -> list[int]:
        """Parts of the question that do not touch, by context and group; the smallest first."""
        parts: list[int] = []
        first: dict[str, int] = {}
        for i in _members(left):
            part = 1 << i
            for mask in self.contexts[i]:
                part |= mask
            group = self.groups[i]
            if group is not None:
                part |= first.setdefault(group, part)
            touching = [other for other in parts if other & part]
            if touching:
                parts = [other for other in parts if not other & part]
                for other in touching:
                    part |= other
            parts.append(part)
        return sorted(parts, key=lambda part: (part.bit_count(), part))

    def _best_of(self, component: int) -> int:
        if component.bit_count() <= _TINY:
            return max(self._each(component), key=self.gain)
        best = 0
        heaviest = sorted(_members(component), key=lambda i: (-self._at_most(i, self.caps), i))
        states = [(0, component)]
        while states:
            node = self.settled(*states.pop())
            if node is None:
                continue
            bound = self.bound(node)
            if not _exceeds(bound.most, self.gain(best)):
                continue
            outwards = (i for _, i in reversed(bound.chains))
            answer = self.filled(node.chosen, chain(outwards, heaviest))
            best = max(best, answer, key=self.gain)
            if not _exceeds(bound.most, self.gain(best)):
                continue
            most, row = self.row(node)
            rows = [self.filled(node.chosen, order) for order in (chain(row, heaviest), heaviest)]
            best = max(best, *rows, key=self.gain)
            if self.budget <= 0:
                break
            if not _exceeds(min(most, bound.most), self.gain(best)):
                continue
            one = 1 << self._pivot(node, bound, answer)
            states.append((node.chosen, node.left ^ one))
            states.append((node.chosen | one, node.left ^ one))
        return best

    def _each(self, component: int) -> Iterator[int]:
        """Every admissible set of a component."""
        chosen = component
        while chosen:
            if all(self._context(i, chosen) is not None for i in _members(chosen)):
                yield chosen
            chosen = (chosen - 1) & component

    def bound(self, node: Node) -> Bound:
        """No set holds two of a chain: so what the chains add up to bounds every set.

        What the innermost has left of its weight is taken off everybody above it. Chains inside
        one capped group add to that group, which has a bound of its own.
        """
        room = self._room(node.chosen)
        rest = {i: self._at_most(i, room) for i in _members(node.left)}
        heavy = sum(1 << i for i, weight in rest.items() if weight > _SLACK)
        chains: list[tuple[float, int]] = []
        sums: dict[str | None, float] = {None: self.gain(node.chosen)}
        while heavy:
            i = heavy.bit_length() - 1
            chains.append((rest[i], i))
            group, heavy = self._chain(i, node, rest, heavy ^ 1 << i)
            sums[group] = sums.get(group, 0.0) + rest[i]
        most = sum(s if group is None else min(s, room[group]) for group, s in sums.items())
        return Bound(most, chains)

    def _chain(
        self, i: int, node: Node, rest: dict[int, float], heavy: int
    ) -> tuple[str | None, int]:
        """Take the rest of `i` off a chain above it: the group of all of them, who has a rest."""
        group = self.groups[i]
        above = node.above.get(i, 0) & heavy
        while above and self.budget > 0:
            self.budget -= 1
            j = above.bit_length() - 1
            above &= node.above.get(j, 0)
            rest[j] -= rest[i]
            if rest[j] <= _SLACK:
                heavy ^= 1 << j
            if self.groups[j] != group:
                group = None
        return group, heavy

    def row(self, node: Node) -> tuple[float, list[int]]:
        """The heaviest row from left to right in which no two neighbours exclude each other.

        Its weight is a bound too, as a set that nobody blocks is such a row. Among spans that occur
        once, those that stand beside neighbours stand beside everybody: there it is the best set
        (a heaviest increasing subsequence, M. L. Fredman, Discrete Math. 11 (1975), 29-35).
        """
        room = self._room(node.chosen)
        rows: list[tuple[float, int]] = []
        before: dict[int, int | None] = {}
        earlier = 0
        for i in self.line:
            if node.left >> i & 1:
                weight, before[i] = self._neighbour(i, earlier, node.above, rows)
                insort(rows, (weight - self._at_most(i, room), i))
                earlier |= 1 << i
        most, last = rows[0] if rows else (0.0, None)
        row: list[int] = []
        while last is not None:
            row.append(last)
            last = before[last]
        return (self.gain(node.chosen) - most if self.budget > 0 else inf), row

    def _neighbour(
        self, i: int, earlier: int, above: Mapping[int, int], rows: Sequence[tuple[float, int]]
    ) -> tuple[float, int | None]:
        """The heaviest row so far that `i` may go on: minus its weight, and its last."""
        beside = earlier & ~above.get(i, 0)
        for weight, j in rows if beside and self.budget > 0 else ():
            self.budget -= 1
            if beside >> j & 1 and not above.get(j, 0) >> i & 1:
                return weight, j
        return 0.0, None

    def filled(self, chosen: int, order: Iterable[int]) -> int:
        """The chosen, and whoever can still join, in this order."""
        held = dict.fromkeys(_members(chosen), 0)
        away = 0
        for i in held:
            held[i] = self._context(i, chosen) or 0
            away |= held[i]
        for i in order:
            moved = None if chosen >> i & 1 else self._moved(i, chosen, held, away)
            if moved is not None:
                chosen |= 1 << i
                held.update(moved)
                for mask in moved.values():
                    away |= mask
        return chosen

    def _moved(
        self, i: int, chosen: int, held: Mapping[int, int], away: int
    ) -> dict[int, int] | None:
        """The contexts in which `i` and those it would block can stand; None if one cannot."""
        own = self._context(i, chosen)
        if own is None:
            return None
        moved = {i: own}
        if away >> i & 1:
            for j, mask in held.items():
                if mask >> i & 1:
                    other = self._context(j, chosen | 1 << i)
                    if other is None:
                        return None
                    moved[j] = other
        return moved

    def _context(self, i: int, chosen: int) -> int | None:
        return next((mask for mask in self.contexts[i] if not mask & chosen), None)

    def _pivot(self, node: Node, bound: Bound, answer: int) -> int:
        """What to decide next: what the bound counts most and the answer has not."""
        missing = [(weight, i) for weight, i in bound.chains if not answer >> i & 1]
        if missing:
            return max(missing)[1]
        return max((self.weight[i], i) for i in _members(node.left & node.blockers or node.left))[1]

    def gain(self, chosen: int) -> float:
        """The weight of a set: each group up to its cap."""
        total = 0.0
        groups: dict[str, float] = {}
        for i in _members(chosen):
            group = self.groups[i]
            if group is None:
                total += self.weight[i]
            else:
                groups[group] = groups.get(group, 0.0) + self.weight[i]
        return total + sum(min(self.caps[group], weight) for group, weight in groups.items())

    def _room(self, chosen: int) -> dict[str, float]:
        """What each group may still add."""
        room = dict(self.caps)
        for i in _members(chosen) if room else ():
            group = self.groups[i]
            if group is not None:
                room[group] = max(0.0, room[group] - self.weight[i])
        return room

    def _at_most(self, i: int, room: Mapping[str, float]) -> float:
        group = self.groups[i]
        return self.weight[i] if group is None else min(self.weight[i], room[group])


def _exceeds(bound: float, most: float) -> bool:
    return exp(-most) - exp(-bound) > _EXACT


def _outer_first(evidence: Sequence[Evidence]) -> list[str]:
    """All materials: rules over most materials first, then the longest."""
    material = {hit.n: hit.material for hit in evidence}
    under: dict[str, set[str]] = {}
    length = dict.fromkeys(material.values(), 0)
    for hit in evidence:
        if hit.parts:
            parts = (material[n] for n in hit.parts if n in material)
            under.setdefault(hit.material, set()).update(parts)
        if hit.start is not None and hit.end is not None:
            length[hit.material] = max(length[hit.material], hit.end - hit.start)
    return sorted(length, key=lambda name: (-len(under.get(name, ())), -length[name], name))


def _left_to_right(evidence: Sequence[Evidence], number: Mapping[str, int]) -> list[int]:
    """All materials by where they occur first, the longer first."""
    places = sorted(
        (hit.field or "", hit.start or 0, -(hit.end or 0), number[hit.material]) for hit in evidence
    )
    return list(dict.fromkeys(place[-1] for place in places))


def _contexts(evidence: Sequence[Evidence], number: Mapping[str, int]) -> list[list[int]]:
    """For each material, the materials that cover it: a set for each occurrence, smallest first."""
    covering = dict.fromkeys((hit.n for hit in evidence), 0)
    fields: dict[str, list[tuple[int, int, int, int]]] = {}
    for hit in evidence:
        one = 1 << number[hit.material]
        for part in hit.parts:
            if part in covering:
                covering[part] |= one
        if hit.field is not None and hit.start is not None and hit.end is not None:
            fields.setdefault(hit.field, []).append((hit.start, -hit.end, hit.n, one))
    for spans in fields.values():
        if len(spans) > 1:
            for n, mask in _containing(sorted(spans)):
                covering[n] |= mask
    found: list[set[int]] = [set() for _ in number]
    for hit in evidence:
        i = number[hit.material]
        found[i].add(covering[hit.n] & ~(1 << i))
    return [_smallest(masks) for masks in found]


def _containing(spans: Sequence[tuple[int, int, int, int]]) -> Iterator[tuple[int, int]]:
    """For each span, its number and the materials of all that contain it, itself included.

    Args:
        spans: start, minus end, number, bit of the material; sorted.

    By start and the longer first, a span lies in those before it that end no earlier: a prefix of
    the ends, of which a tree keeps the unions (P. M. Fenwick, Softw. Pract. Exper. 24 (1994),
    327-336). Hundreds of nested spans would make as many thousand pairs.
    """
    if len(spans) <= _FEW:
        for start, end, n, mask in spans:
            for other, its_end, _, one in spans:
                if other <= start and its_end <= end:
                    mask |= one  # noqa: PLW2901 - what grows is what it begins with
            yield n, mask
        return
    rank = {end: at for at, end in enumerate(sorted({span[1] for span in spans}), 1)}
    tree = [0] * (len(rank) + 1)
    for (_, end), same in groupby(spans, key=lambda span: span[:2]):
        equal = list(same)
        bits = 0
        for span in equal:
            bits |= span[3]
        at = rank[end]
        while at < len(tree):
            tree[at] |= bits
            at += at & -at
        mask, at = 0, rank[end]
        while at:
            mask |= tree[at]
            at &= at - 1
        yield from ((span[2], mask) for span in equal)


def _smallest(masks: set[int]) -> list[int]:
    """Those that hold no other of them: who can stand in the larger can stand in the smaller."""
    if 0 in masks:
        return [0]
    if len(masks) == 1:
        return list(masks)
    kept: list[int] = []
    for mask in sorted(masks, key=lambda mask: (mask.bit_count(), mask)):
        if not any(mask & other == other for other in kept):
            kept.append(mask)
            if len(kept) == _CONTEXTS:
                break
    return kept


def _members(chosen: int) -> Iterator[int]:
    """The numbers of a set, the last first."""
    while chosen:
        i = chosen.bit_length() - 1
        chosen ^= 1 << i
        yield i


def _weight(value: float) -> float:
    return -log1p(-min(value, _CERTAIN))
