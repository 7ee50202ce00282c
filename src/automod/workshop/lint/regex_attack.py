"""Texts that a pattern reads most slowly, made from the pattern itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from automod.match.pattern import Pattern
from automod.match.texts import REGEX_SECONDS

from .regex_growth import Growth, is_loop
from .regex_tree import Node, shortest, tree_of

SECONDS: Final = 0.05
LENGTH: Final = 1_000
"""Characters: what an ad of some length has."""

_HALF: Final = 0.6
"""Of the time, for half the text: by the square of its length it would be a quarter, and a slow
machine alone is no reason to blame a pattern."""

_LONG: Final = 5_000
"""Of a long ad, with all its fields: creatives have up to 100,000 characters."""

_MOST: Final = 24
_FAILING: Final = "\n~"
"""Characters that few patterns ask for."""


def slow_text(pattern: Pattern) -> str | None:
    """A text of an ad's length on which a pattern is not ready in time; None where none is found.

    >>> from automod.match.pattern import compile_pattern
    >>> slow_text(compile_pattern("casino [0-9]+", "safe")) is None
    True
    >>> slow_text(compile_pattern("(?:a|a)+b", "safe"))[:4]
    'aaaa'
    """
    for text, half in islice(_attacks(pattern), _MOST):
        # The half first: it rules out nearly all, in a quarter of the time.
        if _is_late(pattern, half, SECONDS * _HALF) and _is_late(pattern, text, SECONDS):
            return text
    return None


def is_hopeless(pattern: Pattern, tree: Node, growth: Growth) -> bool:
    """Whether a loop that reads a text in ever more ways uses up the time of a long ad.

    The matcher remembers some of what it tried, so that not all such loops do.

    Args:
        pattern: the pattern.
        tree: that it is made of.
        growth: the loop in it, of this very tree.
    """
    before, whole = _before(tree, growth.loop) or "", shortest(tree)
    anew = before + growth.pump
    longs = (before + growth.pump * (_LONG // len(growth.pump)), anew * (_LONG // len(anew)))
    texts = (text for long in dict.fromkeys(longs) for text in _around(long, whole))
    return any(_is_late(pattern, text, REGEX_SECONDS) for text in texts)


def _around(text: str, whole: str) -> Iterator[str]:
    """A text that fails, in which all is that a pattern looks for before it begins.

    `whole`: what the pattern matches. It stands behind or before: what the loop reads, and what it
    does not read, differs from pattern to pattern.
    """
    yield text + _FAILING
    if whole:
        yield text + _FAILING + whole
        yield whole[-1] + _FAILING + text


def _before(node: Node, loop: Node) -> str | None:
    """A text that leads to a loop; None where the loop is not in a part."""
    if node is loop:
        return ""
    at = ""
    for part in node.parts:
        inner = _before(part, loop)
        if inner is not None:
            return at + inner
        at += shortest(part) if node.op == "row" else ""
    return None


def _is_late(pattern: Pattern, text: str, seconds: float) -> bool:
    try:
        pattern.compiled.search(text, timeout=seconds)
    except TimeoutError:
        return True
    return False


def _attacks(pattern: Pattern) -> Iterator[tuple[str, str]]:
    """Long texts, each with one of half its length: what a loop repeats, then what must not follow.

    What must be in a text is looked for first: it stands where it helps the pattern least.
    """
    tree = tree_of(pattern.compiled.pattern)
    if tree is None:
        pumps = [("", char) for char in sorted({*pattern.value})]
        tail = pattern.value
    else:
        pumps, tail = list(dict.fromkeys(_pumps(tree))), shortest(tree)
    for before, pump in pumps:
        times = LENGTH // max(len(pump), 1)
        whole, half = (before + pump * count for count in (times, times // 2))
        if pump:
            yield from zip(_around(whole, tail), _around(half, tail), strict=True)


def _pumps(node: Node, before: str = "") -> Iterator[tuple[str, str]]:
    """What each loop may repeat, and what leads to it; what several loops share comes first."""
    loops = [one for one in node.walk() if is_loop(one)]
    shared = frozenset.intersection(*map(_chars, loops)) if len(loops) > 1 else frozenset()
    for char in sorted(shared, key=lambda char: (not char.isalnum(), char))[:2]:
        yield "", char
    yield from _each(node, before)


def _chars(node: Node) -> frozenset[str]:
    """The characters that are in a part."""
    return frozenset[str]().union(*(one.chars for one in node.walk()))


def _each(node: Node, before: str) -> Iterator[tuple[str, str]]:
    if is_loop(node):
        pump = shortest(node.parts[0]) or next(iter(sorted(_chars(node))), "")
        yield before, pump
        if _chars(node).issuperset(before):
            yield "", before + pump  # the loop begins anew at each turn
    at = before
    for part in node.parts:
        yield from _each(part, at)
        if node.op == "row":
            at += shortest(part)
