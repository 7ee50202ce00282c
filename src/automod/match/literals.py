"""Many literals at once, overlapping, by either of two libraries behind one function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, get_args

from automod.errors import CompileError
from automod.text.fold import FoldedText

Backend = Literal["ahocorasick-rs", "pyahocorasick"]
BACKENDS: Final[tuple[Backend, ...]] = get_args(Backend)

Raw = tuple[int, int, int]
"""Number of a pattern, start, end (half-open)."""

Find = Callable[[FoldedText], list[Raw]]
"""Folded text -> (pattern number, start, end) of every occurrence, half-open, code points."""

SMALL: Final = 2000
"""Up to so many patterns a DFA pays: two to three times as fast, and memory does not matter yet."""


def build(patterns: Sequence[str], backend: Backend = "ahocorasick-rs") -> Find:
    """A function that finds every occurrence of every pattern, overlapping ones included.

    Args:
        patterns: distinct, none empty.
        backend: `ahocorasick-rs` scans three to ten times as fast; `pyahocorasick` builds faster.

    Raises:
        CompileError: the back end is not one of BACKENDS.

    >>> sorted(build(["he", "she"])("ushers"))
    [(0, 2, 4), (1, 1, 4)]
    """
    if backend not in BACKENDS:
        raise CompileError(f"{backend!r} is no back end; there are {', '.join(BACKENDS)}")
    if not patterns:
        return lambda _: []
    return _rust(patterns) if backend == "ahocorasick-rs" else _trie(patterns)


def _rust(patterns: Sequence[str]) -> Find:
    from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

    kind = Implementation.DFA if len(patterns) <= SMALL else Implementation.ContiguousNFA
    # Standard and overlapping: leftmost-longest would hide a short material inside a long one.
    automaton = AhoCorasick(
        patterns, matchkind=MatchKind.Standard, store_patterns=False, implementation=kind
    )
    return lambda text: automaton.find_matches_as_indexes(text, overlapping=True)


def _trie(patterns: Sequence[str]) -> Find:
    from ahocorasick import Automaton

    automaton = Automaton()
    for number, pattern in enumerate(patterns):
        automaton.add_word(pattern, (number, len(pattern)))
    automaton.make_automaton()

    def find(text: FoldedText) -> list[tuple[int, int, int]]:
        return [
            (number, last + 1 - length, last + 1) for last, (number, length) in automaton.iter(text)
        ]

    return find
