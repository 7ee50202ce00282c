"""The condition of a rule, compiled: leaves by number, and truth from how many hits each has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..model.facts import Facts
from ..model.ruleset import Condition

Key: TypeAlias = tuple[str, str]
"""What a hit satisfies or a leaf asks for: ("material" | "tag" | "found", name)."""

_FACTS: Final = ("advertiser", "attribute")


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A leaf (`leaf` is its number) or a node over `parts`."""

    op: str
    leaf: int = -1
    need: int = 0
    parts: tuple[Node, ...] = ()

    def leaves(self) -> frozenset[int]:
        """The numbers of the leaves in it."""
        if self.leaf >= 0:
            return frozenset({self.leaf})
        return frozenset[int]().union(*(part.leaves() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf where it stands in its condition.

    `guards` are the `none` nodes that stand beside it, or beside a node it is in, in an `all`.
    `about_all`: it stands in a `none` that guards nothing. `assumed`: it stands in a `none` in a
    `none` that is a guard: near the hits that are guarded it was looked for, elsewhere it is given.
    """

    condition: Condition
    positive: bool
    about_all: bool
    assumed: bool
    guards: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A condition ready to be judged."""

    root: Node
    leaves: tuple[Leaf, ...]
    asking: Mapping[Key, tuple[int, ...]]
    """What a hit may satisfy -> the numbers of the leaves that ask for it."""
    facts: tuple[tuple[int, Condition], ...]
    """The leaves that ask for facts, by number."""
    guards: tuple[Node, ...]
    """The `none` nodes that guard any leaf."""


def compile_condition(condition: Condition) -> Plan:
    """The condition with its leaves numbered.

    >>> plan = compile_condition(Condition("all", parts=(Condition("tag", "p/a"),)))
    >>> holds(plan.root, [0]), holds(plan.root, [1])
    (False, True)
    """
    leaves: list[Condition] = []
    root = _node(condition, leaves)
    asked = {leaf: (how, guards) for leaf, how, guards in _walk(root, leaves)}
    compiled = tuple(_leaf(condition, *asked[n]) for n, condition in enumerate(leaves))
    asking: dict[Key, tuple[int, ...]] = {}
    for n, one in enumerate(leaves):
        if one.op not in _FACTS:
            asking[one.op, one.name] = (*asking.get((one.op, one.name), ()), n)
    facts = tuple((n, one) for n, one in enumerate(leaves) if one.op in _FACTS)
    guards = tuple(dict.fromkeys(guard for leaf in compiled for guard in leaf.guards))
    return Plan(root, compiled, asking, facts, guards)


def _leaf(condition: Condition, how: int, guards: tuple[Node, ...]) -> Leaf:
    is_fact = condition.op in _FACTS
    positive = how == _WANTED and not is_fact
    return Leaf(condition, positive, how == _ABOUT_ALL, how == _ASSUMED and not is_fact, guards)


def holds(node: Node, counts: Sequence[int]) -> bool:
    """Whether it is true, given the number of hits (or 1 for a fact) that satisfy each leaf."""
    op = node.op
    if op == "leaf":
        return counts[node.leaf] > 0
    if op == "all":
        return all(holds(part, counts) for part in node.parts)
    if op == "any":
        return any(holds(part, counts) for part in node.parts)
    if op == "none":
        return not any(holds(part, counts) for part in node.parts)
    return sum(holds(part, counts) for part in node.parts) >= node.need


def holding_leaves(node: Node, counts: Sequence[int]) -> Iterator[int]:
    """The leaves on which a node that holds rests: in the branches that hold, never in a `none`."""
    if node.op == "leaf":
        yield node.leaf
    elif node.op != "none":
        for part in node.parts:
            if holds(part, counts):
                yield from holding_leaves(part, counts)


def fact_counts(plan: Plan, facts: Facts) -> list[int]:
    """1 for each leaf that is a fact and true, else 0."""
    counts = [0] * len(plan.leaves)
    for number, condition in plan.facts:
        counts[number] = int(_is_fact(condition, facts))
    return counts


def _is_fact(condition: Condition, facts: Facts) -> bool:
    if condition.op == "advertiser":
        return facts.advertiser in condition.values and condition.name not in facts.lapsed
    if condition.op == "attribute":
        value = facts.attributes.get(condition.name)
        if isinstance(value, list | tuple):
            return any(_written(one) in condition.values for one in value)
        return value is not None and _written(value) in condition.values
    return False


def _written(value: object) -> str:
    """A value as a package writes it: JSON's `true`, not Python's `True`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _node(condition: Condition, leaves: list[Condition]) -> Node:
    if condition.op in ("all", "any", "none", "at_least"):
        # The same part written twice is one part: `at_least` counts different ones.
        parts = tuple(_node(part, leaves) for part in dict.fromkeys(condition.parts))
        return Node(condition.op, need=condition.count, parts=parts)
    leaves.append(condition)
    return Node("leaf", leaf=len(leaves) - 1)


_WANTED, _FORBIDDEN_NEAR, _ABOUT_ALL, _ASSUMED = range(4)


def _walk(
    node: Node, leaves: Sequence[Condition], guards: tuple[Node, ...] = ()
) -> Iterator[tuple[int, int, tuple[Node, ...]]]:
    """Each leaf, how it is asked for, and the guards around it."""
    if node.op == "leaf":
        yield node.leaf, _WANTED, guards
        return
    beside: tuple[Node, ...] = ()
    if node.op == "all" and _asks_for_hits(node, leaves):
        beside = tuple(part for part in node.parts if part.op == "none")
    if node.op == "none":
        yield from ((leaf, _ABOUT_ALL, ()) for leaf in node.leaves())
        return
    for part in node.parts:
        if part in beside:
            yield from ((leaf, how, ()) for leaf, how in _guarding(part, _ASSUMED))
        else:
            yield from _walk(part, leaves, (*guards, *beside))


def _guarding(node: Node, how: int) -> Iterator[tuple[int, int]]:
    """The leaves of a guard; each `none` turns what is forbidden into what is wanted, and back."""
    if node.op == "none":
        how = _FORBIDDEN_NEAR if how == _ASSUMED else _ASSUMED
    if node.op == "leaf":
        yield node.leaf, how
    for part in node.parts:
        yield from _guarding(part, how)


def _asks_for_hits(node: Node, leaves: Sequence[Condition]) -> bool:
    if node.op == "leaf":
        return leaves[node.leaf].op not in _FACTS
    return node.op != "none" and any(_asks_for_hits(part, leaves) for part in node.parts)
