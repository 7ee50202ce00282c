"""Whether a pattern can read one text in ever more ways: then its time grows with no bound.

A loop is ambiguous if what it repeats can be cut into turns of the loop in two ways. Its positions
(V. M. Glushkov, Russian Math. Surveys 16 (1961), 1-53) are states; there are exponentially many
ways exactly if two different walks lead from a state back to it over one word (A. Weber and H.
Seidl, Theoret. Comput. Sci. 88 (1991), 325-349). A matcher that goes back tries them all when what
follows the loop fails.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from .regex_tree import Node, plainest

_MOST_POSITIONS: Final = 300
_MOST_STEPS: Final = 100_000
"""Steps that are looked at for one loop."""
MANY: Final = 10
"""A part that may come so often is a loop: ten turns in ten turns are as bad as no bound."""

Pair = tuple[int, int]


class Growth(NamedTuple):
    """A loop that reads a text in ever more ways."""

    loop: Node
    pump: str
    """What, repeated, is read in more and more ways."""


class _Unknown(Exception):
    """Too many states to look at, or a part that gives nothing back once it has matched."""


def growing(tree: Node) -> Growth | None:
    r"""The first loop whose time has no bound, and what to feed it; None where there is none.

    >>> from .regex_tree import tree_of
    >>> found = growing(tree_of(r"(?:[a-z]+ ?)+!"))
    >>> found.loop.start, found.pump
    (0, 'a')
    >>> growing(tree_of(r"(?:[a-z]+ )+!")) is None
    True
    """
    for loop in _failing_loops(tree, may_fail=False):
        try:
            pump = _ambiguous(loop)
        except _Unknown:
            continue
        if pump:
            return Growth(loop, pump)
    return None


def is_loop(node: Node) -> bool:
    """Whether a part may come any number of times, or many."""
    return node.op == "repeat" and (node.most is None or node.most >= MANY)


def _failing_loops(node: Node, *, may_fail: bool) -> Iterator[Node]:
    """The loops after which something may fail, the outermost first."""
    if is_loop(node) and may_fail:
        yield node
    if node.op == "row":
        fails = [may_fail] * (len(node.parts) + 1)
        for place in range(len(node.parts) - 1, -1, -1):
            after = node.parts[place]
            fails[place] = fails[place + 1] or not after.nullable or after.op in ("anchor", "look")
        for place, part in enumerate(node.parts):
            yield from _failing_loops(part, may_fail=fails[place + 1])
        return
    if node.op == "look":
        may_fail = False
    inner = may_fail or (node.op == "repeat" and (node.most is None or node.most > 1))
    for part in node.parts:
        yield from _failing_loops(part, may_fail=inner and node.op != "atomic")


# --- positions -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Piece:
    """A part as a piece of an automaton."""

    nullable: bool
    first: list[int]
    last: list[int]


@dataclass(slots=True)
class _Automaton:
    """Positions with their characters, and how often each follows each."""

    chars: list[frozenset[str]] = field(default_factory=list)
    follow: Counter[Pair] = field(default_factory=Counter)

    def add(self, node: Node) -> _Piece:
        """The piece of a part; its positions are added."""
        if node.op == "set":
            if len(self.chars) >= _MOST_POSITIONS:
                raise _Unknown
            self.chars.append(node.chars)
            own = [len(self.chars) - 1]
            return _Piece(nullable=False, first=own, last=own)
        if node.op == "atomic":
            raise _Unknown
        if node.op in ("anchor", "look"):
            return _Piece(nullable=True, first=[], last=[])
        if node.op == "or":
            pieces = [self.add(part) for part in node.parts]
            return _Piece(
                any(piece.nullable for piece in pieces),
                [one for piece in pieces for one in piece.first],
                [one for piece in pieces for one in piece.last],
            )
        if node.op == "repeat":
            return self._repeat(node)
        return self._row([self.add(part) for part in node.parts])

    def _row(self, pieces: Sequence[_Piece]) -> _Piece:
        made = _Piece(nullable=True, first=[], last=[])
        for piece in pieces:
            self._join(made.last, piece.first)
            first = made.first + piece.first if made.nullable else made.first
            last = made.last + piece.last if piece.nullable else piece.last
            made = _Piece(made.nullable and piece.nullable, first, last)
        return made

    def _repeat(self, node: Node) -> _Piece:
        body = node.parts[0]
        loops = is_loop(node)
        copies = max(node.least, 1) if loops else max(node.most or 1, 1)
        pieces = [self.add(body) for _ in range(copies)]
        if loops:
            self._join(pieces[-1].last, pieces[-1].first)
        for place, piece in enumerate(pieces):
            piece.nullable = piece.nullable or place >= node.least
        return self._row(pieces)

    def _join(self, before: Iterable[int], after: Iterable[int]) -> None:
        after = list(after)
        self.follow.update((one, other) for one in before for other in after)
        if len(self.follow) > _MOST_POSITIONS * 100:
            raise _Unknown


# --- two walks over one word ---------------------------------------------------------------------


def _ambiguous(loop: Node) -> str:
    """What is read in more and more ways by a loop; empty where nothing is."""
    made = _Automaton()
    made.add(loop)
    follow: dict[int, list[int]] = defaultdict(list)
    for one, other in made.follow:
        follow[one].append(other)
    walk = _Walk(made, follow, [_MOST_STEPS])
    for state in range(len(made.chars)):
        word = walk.twice(state)
        if word:
            return word
    return ""


class _Walk(NamedTuple):
    """Pairs of walks over one word."""

    automaton: _Automaton
    follow: dict[int, list[int]]
    left: list[int]
    """Steps that may still be looked at."""

    def twice(self, state: int) -> str:
        """A word over which two walks lead from a state back to it; empty where there is none."""
        start = (state, state, False)
        came: dict[tuple[int, int, bool], tuple[int, int, bool] | None] = {start: None}
        waiting = deque([start])
        while waiting:
            one = waiting.popleft()
            for after in self._after(one):
                if after == (state, state, True):
                    return self._word([after, *_back(came, one)])
                if after not in came:
                    came[after] = one
                    waiting.append(after)
        return ""

    def _after(self, one: tuple[int, int, bool]) -> Iterator[tuple[int, int, bool]]:
        left, right, apart = one
        chars, times = self.automaton.chars, self.automaton.follow
        self.left[0] -= len(self.follow[left]) * len(self.follow[right])
        if self.left[0] < 0:
            raise _Unknown
        for a in self.follow[left]:
            for b in self.follow[right]:
                if a == b or not chars[a].isdisjoint(chars[b]):
                    forked = left == right and a == b and times[left, a] > 1
                    yield a, b, apart or a != b or forked

    def _word(self, path: list[tuple[int, int, bool]]) -> str:
        """What a path reads, given from its end."""
        chars = self.automaton.chars
        steps = [after for _, after in pairwise(path[::-1])]
        return "".join(min(chars[a] & chars[b], key=plainest, default="") for a, b, _ in steps)


def _back(
    came: dict[tuple[int, int, bool], tuple[int, int, bool] | None], one: tuple[int, int, bool]
) -> Iterator[tuple[int, int, bool]]:
    at: tuple[int, int, bool] | None = one
    while at is not None:
        yield at
        at = came[at]
