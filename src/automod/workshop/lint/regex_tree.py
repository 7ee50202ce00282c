"""A pattern as a tree, with what each part of it may stand for.

What a class or an escape means is asked of the `regex` module, over an alphabet: letters of several
scripts, digits, signs, and whatever the pattern names itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

import regex

from automod.match.atoms import Token, Unsure, tokens_of

_SAMPLE: Final = "".join(map(chr, range(0x20, 0x7F))).lower() + "\n\tابكونيةéñжи中の"
_ANCHORS: Final = frozenset({r"\b", r"\B", r"\A", r"\Z", r"\z", r"\m", r"\M", r"\G", r"\K"})
_BOUNDS: Final = re.compile(r"\{([0-9]*)(,?)([0-9]*)\}")

Op = Literal["set", "row", "or", "repeat", "atomic", "look", "anchor"]


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a pattern; `start` and `end` say where it is written."""

    op: Op
    start: int
    end: int
    parts: tuple[Node, ...] = ()
    chars: frozenset[str] = field(default=frozenset(), repr=False)
    least: int = 1
    most: int | None = 1
    """None: any number."""

    @property
    def nullable(self) -> bool:
        """Whether it may stand for nothing."""
        if self.op in ("anchor", "look"):
            return True
        if self.op == "or":
            return any(part.nullable for part in self.parts)
        if self.op == "repeat" and self.least == 0:
            return True
        return self.op != "set" and all(part.nullable for part in self.parts)

    def walk(self) -> Iterator[Node]:
        """It and all that is in it, from the outside in."""
        yield self
        for part in self.parts:
            yield from part.walk()


def tree_of(pattern: str) -> Node | None:
    r"""The tree of a pattern; None where something in it is not understood.

    >>> tree = tree_of(r"(a|b+)c")
    >>> [part.op for part in tree.walk()]
    ['row', 'or', 'set', 'repeat', 'set', 'set']
    """
    try:
        tokens = list(tokens_of(pattern))
        reader = _Reader(tokens, pattern)
        tree = reader.alternatives()
    except (Unsure, RecursionError):
        return None
    return tree if reader.done else None


class _Reader:
    """Recursive descent over tokens: alternatives -> rows -> items."""

    def __init__(self, tokens: list[Token], pattern: str) -> None:
        self._tokens, self._at, self._place = tokens, 0, 0
        own = "".join(sorted({char for char in pattern.lower() if char.isalnum()}))
        self._alphabet = "".join(dict.fromkeys(_SAMPLE + own))

    @property
    def done(self) -> bool:
        return self._at == len(self._tokens)

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        self._place += len(token.text)
        return token

    def _kind(self) -> str:
        return "" if self.done else self._tokens[self._at].kind

    def alternatives(self) -> Node:
        start, rows = self._place, [self._row()]
        while self._kind() == "or":
            self._next()
            rows.append(self._row())
        return rows[0] if len(rows) == 1 else Node("or", start, self._place, tuple(rows))

    def _row(self) -> Node:
        start, parts = self._place, list[Node]()
        while self._kind() not in ("", "or", "close"):
            parts.append(self._repeated(self._item()))
        return parts[0] if len(parts) == 1 else Node("row", start, self._place, tuple(parts))

    def _item(self) -> Node:
        start, token = self._place, self._next()
        if token.kind == "open":
            return self._group(token, start)
        if token.kind == "quantifier":
            raise Unsure
        if token.text in ("^", "$") or token.text in _ANCHORS:
            return Node("anchor", start, self._place)
        if token.kind == "other":
            if "x" in token.text:
                raise Unsure  # spaces and comments in it are none of the pattern
            return Node("row", start, self._place)
        if re.fullmatch(r"\\(?:[0-9]+|[gkLXR].*)", token.text, re.DOTALL):
            raise Unsure  # what it stands for depends on the rest
        chars = _chars_of(_plain(token), self._alphabet)
        return Node("set", start, self._place, chars=chars)

    def _group(self, token: Token, start: int) -> Node:
        if token.text.startswith("(?") and "x" in token.text.partition("-")[0].partition("<")[0]:
            raise Unsure
        inner = self.alternatives()
        if self._kind() != "close":
            raise Unsure
        self._next()
        if token.text in ("(?=", "(?!", "(?<=", "(?<!"):
            return Node("look", start, self._place, (inner,))
        if token.text == "(?>":
            return Node("atomic", start, self._place, (inner,))
        return Node(inner.op, start, self._place, inner.parts, inner.chars, inner.least, inner.most)

    def _repeated(self, item: Node) -> Node:
        if self._kind() != "quantifier":
            return item
        text = self._next().text
        least, most = _bounds(text)
        made = Node("repeat", item.start, self._place, (item,), least=least, most=most)
        if text.endswith("+") and len(text) > 1:
            return Node("atomic", item.start, self._place, (made,))
        return made


def _plain(token: Token) -> str:
    return token.text if token.kind != "char" else re.escape(token.text)


def _bounds(quantifier: str) -> tuple[int, int | None]:
    """How often at least and at most.

    >>> _bounds("*?"), _bounds("{2}"), _bounds("{,3}"), _bounds("{4,}+")
    ((0, None), (2, 2), (0, 3), (4, None))
    """
    bounds = _BOUNDS.match(quantifier)
    if bounds is None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[quantifier[0]]
    least = int(bounds[1] or 0)
    if not bounds[2]:
        return least, least
    return least, int(bounds[3]) if bounds[3] else None


@lru_cache(maxsize=4_096)
def _chars_of(text: str, alphabet: str) -> frozenset[str]:
    """The characters of an alphabet that a class, an escape or a character stands for."""
    try:
        one = regex.compile(text, regex.IGNORECASE | regex.VERSION0)
    except regex.error:
        raise Unsure from None
    # Each stands for one character, whatever is beside it: one search asks about all of them.
    return frozenset(one.findall(alphabet))


def shortest(node: Node) -> str:
    r"""A short text that a part may stand for; `look` and anchors are taken to hold.

    >>> shortest(tree_of(r"(ab|c)d{2}e*"))
    'cdd'
    """
    if node.op == "set":
        return min(node.chars, key=plainest, default="")
    if node.op in ("anchor", "look"):
        return ""
    if node.op == "or":
        return min(map(shortest, node.parts), key=len)
    text = "".join(map(shortest, node.parts))
    return text * min(node.least, _MOST_COPIES) if node.op == "repeat" else text


_MOST_COPIES: Final = 200


def plainest(char: str) -> tuple[bool, bool, str]:
    """How characters are put in order: letters, digits, then signs."""
    return not char.isalnum(), not char.isalpha(), char
