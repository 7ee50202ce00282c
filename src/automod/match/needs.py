r"""Which characters a pattern needs: a cheap look at a text before the pattern is tried in it.

`[0-9]+ ?%` needs a digit and a `%`. What a text has of all that patterns need is worked out once,
as bits of a number, by its distinct characters; a pattern whose needs are not met is not searched
for. Like atoms, needs are read from the pattern itself; in doubt it needs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import regex

from .atoms import Reader, Token, Unsure, may_be_nothing, tokens_of

Unit = frozenset[str]
"""Patterns of single characters, of which one has to match."""
Needs = frozenset[Unit]
"""All of them have to be met."""

_MOST_WAYS: Final = 32
_COMMON: Final = "abcdefghijklmnopqrstuvwxyz ابتدرسلمنويه 0123456789.,"
_MOST_DISTINCT: Final = 2_000
"""Distinct characters of a text beyond which it is taken to have everything."""
_MOST_KNOWN: Final = 50_000
"""Characters of which it is remembered what they meet; it begins anew when full."""
_NO_CHARACTER: Final = frozenset("AbBGKmMZzXR")
"""Escapes that stand for a place, or for what is not always one character."""


def needs_of(pattern: str, *, exact: bool = False) -> tuple[Needs, ...]:
    r"""Ways to match: of each the units that are met wherever it matches. None: no way is known.

    Args:
        pattern: a pattern the `regex` module compiles, its literals folded.
        exact: its case counts.

    >>> [sorted(map(sorted, way)) for way in needs_of("[0-9]{2}\\b ?[%٪]|🎰")]
    [[['[%٪]'], ['[0-9]']], [['🎰']]]
    >>> needs_of(".+"), needs_of("a?")
    ((), ())
    """
    try:
        tokens = list(tokens_of(pattern))
        if any(_changes_letters(token, exact) for token in tokens):
            return ()
        reader = _Reader(tokens, exact=exact)
        ways = reader.alternatives()
        return _least(ways) if all(ways) and reader.is_done() else ()
    except (Unsure, RecursionError):
        return ()


def _least(ways: Sequence[Needs]) -> tuple[Needs, ...]:
    """The ways without those that need more than another."""
    return tuple(one for one in dict.fromkeys(ways) if not any(other < one for other in ways))


def _changes_letters(token: Token, exact: bool) -> bool:
    """Whether a bracket sets flags under which a character is another than outside it."""
    if not token.text.startswith("(?") or token.text[2:3] in ("P", "<", "=", "!", ">", ":"):
        return False
    return any(flag in token.text for flag in ("a", "-", *("i" if exact else "")))


class _Reader(Reader[list[Needs]]):
    """Recursive descent: alternatives -> rows -> items, each a list of ways."""

    def alternatives(self) -> list[Needs]:
        """The ways up to the closing bracket or the end."""
        return [way for row in self.rows() for way in row]

    def row(self) -> list[Needs]:
        """The ways of a row: those of all its items, one after another."""
        ways: list[Needs] = [frozenset()]
        for token, group, quantifier in self.items():
            own = [frozenset({unit}) for unit in _unit_of(token)] if group is None else group
            if not own or may_be_nothing(quantifier) or token.text in ("(?!", "(?<!"):
                continue
            if len(ways) * len(own) > _MOST_WAYS:
                own = _as_one(own)
            ways = [way | other for way in ways for other in own]
        return ways


def _unit_of(token: Token) -> list[Unit]:
    """What a token that is no bracket needs."""
    if token.kind == "escape":
        name = token.text[1]
        if name in _NO_CHARACTER or name in "gkL" or name in "0123456789":
            return []
    elif token.kind == "char":
        return [frozenset({regex.escape(token.text)})]
    elif token.kind != "class" or token.text == ".":
        return []
    return [frozenset({token.text})]


def _as_one(ways: Sequence[Needs]) -> list[Needs]:
    """Weaker, and one way: the rarest unit of each, one of which is met."""
    if not all(ways):
        return []
    return [frozenset({frozenset[str]().union(*(min(way, key=_commonness) for way in ways))})]


@lru_cache(maxsize=4096)
def _commonness(unit: Unit) -> tuple[int, list[str]]:
    return len(_compiled(unit, regex.IGNORECASE).findall(_COMMON)), sorted(unit)


def _compiled(unit: Unit, flags: int) -> regex.Pattern[str]:
    return regex.compile("|".join(sorted(unit)), flags | regex.VERSION0 | regex.DOTALL)


class Alphabet:
    """What characters meet of all that some patterns need; safe to share between threads."""

    def __init__(self, flags: int = 0) -> None:
        """`flags`: those that the patterns are compiled with."""
        self._flags = flags
        self._units: dict[Unit, int] = {}
        self._met: list[regex.Pattern[str]] = []
        self._known: dict[str, int] = {}

    def ways(self, needs: Iterable[Needs]) -> tuple[int, ...]:
        """The ways of a pattern, each as the bits of what it needs."""
        return tuple(sum(1 << self._number(unit) for unit in way) for way in needs)

    def _number(self, unit: Unit) -> int:
        if unit not in self._units:
            self._units[unit] = len(self._met)
            self._met.append(_compiled(unit, self._flags))
        return self._units[unit]

    def met(self, text: str) -> int:
        """The bits of all that the characters of a text meet."""
        characters = set(text)
        if len(characters) > _MOST_DISTINCT:
            return -1
        if len(self._known) > _MOST_KNOWN:
            self._known = {}  # another thread may still be reading the old one
        known, bits = self._known, 0
        new = [one for one in characters if one not in known]
        if new:
            known.update(self._learnt(new))
        for one in characters:
            bits |= known[one]
        return bits

    def _learnt(self, characters: Sequence[str]) -> dict[str, int]:
        """What some characters meet."""
        joined, found = "".join(characters), dict.fromkeys(characters, 0)
        for number, unit in enumerate(self._met):
            for one in unit.findall(joined):
                found[one] |= 1 << number
        return found
