"""Values -> YAML in its canonical layout: blocks, keys in their order, comments where they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import dropwhile
from typing import Any, Final

from .key_order import FREE, TYPED, Shape
from .yaml_scalars import literal, right_to_left, scalar
from .yaml_spans import Path

WIDTH: Final = 120
"""Characters of the longest line that a list in brackets may make."""


@dataclass(slots=True)
class Notes:
    """Comments of a key or an entry; a blank text is a blank line."""

    before: list[str] = field(default_factory=list)
    """Above it."""
    beside: list[str] = field(default_factory=list)
    """At the end of its line."""
    after: list[str] = field(default_factory=list)
    """Below all that is in it."""


_NONE: Final = Notes()
_PARTS: Final = frozenset({
    "title", "defaults", "caps", "materials", "rules", "allow", "examples",
})  # fmt: skip
"""Parts of a package that are as good as left out where nothing is in them."""


def plain(value: Any) -> Any:
    """A value as the texts, lists and mappings that YAML holds.

    >>> plain({"weight": 0.5, "known": True, "hits": ("a",)})
    {'weight': '0.5', 'known': 'true', 'hits': ['a']}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def typed(key: str, value: Any, shape: Shape = FREE) -> bool:
    """Whether the value under a key needs no quotes: it is a number, a day, or yes and no."""
    if not isinstance(value, str):
        return isinstance(value, int | float | date)
    return shape.typed or key in TYPED


def inline(value: Any, *, bare: bool = False) -> str:
    """A value within brackets or braces.

    >>> inline({"text": "a, b", "hits": ["x"]})
    '{text: "a, b", hits: [x]}'
    """
    if isinstance(value, Mapping):
        pairs = (
            f"{scalar(str(key), flow=True)}: {inline(one, bare=typed(key, one))}"
            for key, one in value.items()
            if one is not None
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inline, value)) + "]"
    return scalar(plain(value), flow=True, typed=bare)


def in_brackets(value: Sequence[Any]) -> bool:
    """Whether a list may be written in brackets: its items are texts from left to right.

    >>> in_brackets(["a", "b"]), in_brackets(["كازينو"]), in_brackets([{"tag": "a"}])
    (True, False, False)
    """
    return all(isinstance(one, str) and not right_to_left(one) for one in value)


@dataclass(frozen=True, slots=True)
class Layout:
    r"""How values are laid out in lines, with the comments that some of them have.

    >>> print(*Layout().pair("all", [{"tag": "a"}, {"tag": "b"}], 2), sep="\n")
      all:
        - tag: a
        - tag: b
    """

    notes: Mapping[Path, Notes] = field(default_factory=dict)
    literals: bool = True
    """Whether a text of several lines is written as such; a comment cannot stand behind one."""

    def file(self, value: Mapping[str, Any], shape: Shape = FREE) -> str:
        """The text of a file; what stands above its first key stays there."""
        head = self.notes.get((), _NONE)
        held = {key: one for key, one in value.items() if one or not self._is_idle(key, value)}
        lines = [*_told(head.before, ""), *_from_first(self.mapping(held, 0, shape))]
        return "\n".join([*lines, ""])

    def _is_idle(self, key: str, value: Mapping[str, Any]) -> bool:
        """Whether a blank part of a package says nothing: also no comment is at it."""
        notes = self.notes.get((key,), _NONE)
        return (
            key in _PARTS
            and "package" in value
            and not any((*notes.before, *notes.beside, *notes.after))
        )

    def mapping(
        self, value: Mapping[str, Any], indent: int, shape: Shape = FREE, path: Path = ()
    ) -> Iterator[str]:
        """The lines of a mapping, its keys in the order of its shape."""
        held = [key for key in value if value[key] is not None]
        for key in sorted(held, key=shape.rank):
            yield from self.pair(key, value[key], indent, shape, path)

    def pair(
        self, key: str, value: Any, indent: int, shape: Shape = FREE, path: Path = ()
    ) -> Iterator[str]:
        """The lines of a key and its value, which stand at an indentation."""
        path = (*path, key)
        notes, margin = self.notes.get(path, _NONE), " " * indent
        first, *rest = self._value(key, value, indent, shape, path)
        beside, above = _beside(notes, first, rest, value)
        yield from _told([*notes.before, *above], margin)
        name = scalar(key, typed=key in shape.keys)
        yield f"{margin}{name}:{first and ' '}{first}{beside}"
        yield from rest
        yield from _told(notes.after, margin)

    def items(
        self, items: Sequence[Any], indent: int, shape: Shape = FREE, path: Path = ()
    ) -> Iterator[str]:
        """The lines of a list in block form, its dashes at an indentation."""
        for number, value in enumerate(items):
            yield from self._item(value, indent, shape, (*path, number))

    def _item(self, value: Any, indent: int, shape: Shape, path: Path) -> Iterator[str]:
        notes, margin = self.notes.get(path, _NONE), " " * indent
        held = plain(value)
        if isinstance(held, Mapping) and held:
            lines = list(self.mapping(value, indent + 2, shape, path))
            # A comment that has come to stand above the first key goes above the dash.
            inner = next(i for i, line in enumerate(lines) if _says(line))
            above = [*notes.beside, *(line.strip() for line in lines[:inner] if line)]
            first, rest, beside = lines[inner][indent + 2 :], lines[inner + 1 :], ""
        else:
            first, *rest = self._value("", value, indent, Shape(below={"": shape}), path)
            beside, above = _beside(notes, first, rest, value)
        yield from _told([*notes.before, *above], margin)
        yield f"{margin}-{first and ' '}{first}{beside}"
        yield from rest
        yield from _told(notes.after, margin)

    def _value(self, key: str, value: Any, indent: int, shape: Shape, path: Path) -> list[str]:
        """The lines of a value; the first stands beside its key, or its dash."""
        held = plain(value)
        if isinstance(held, str):
            return self._text(held, indent, bare=typed(key, value, shape))
        below = shape.under(key)
        if not held:
            return [inline(held)]
        if isinstance(held, Mapping):
            return ["", *_from_first(self.mapping(value, indent + 2, below, path))]
        told = inline(held)
        noted = any((*path, number) in self.notes for number in range(len(held)))
        fits = indent + len(key) + 2 + len(told) <= WIDTH
        if in_brackets(held) and fits and not noted:
            return [told]
        return ["", *_from_first(self.items(value, indent + 2, below, path))]

    def _text(self, text: str, indent: int, *, bare: bool) -> list[str]:
        """The lines of a text."""
        block = literal(text, " " * (indent + 2)) if self.literals else None
        return block.split("\n") if block else [scalar(text, typed=bare)]


def _beside(notes: Notes, first: str, rest: Sequence[str], value: Any) -> tuple[str, list[str]]:
    """The comment at the end of a line, and those that go above it.

    After letters from right to left a comment would be displayed before them, and after the mark of
    a text of several lines it would be taken for a part of it.
    """
    crowded = len(notes.beside) > 1 or right_to_left(first) or (rest and isinstance(value, str))
    if crowded:
        return "", notes.beside
    return "".join(f"  {one}" for one in notes.beside), []


def _told(comments: Sequence[str], margin: str) -> Iterator[str]:
    for one in comments:
        yield margin + one if one else ""


def _from_first(lines: Iterator[str]) -> Iterator[str]:
    """Lines without blank ones at the beginning."""
    return dropwhile(lambda line: not line, lines)


def _says(line: str) -> bool:
    """Whether a line is neither blank nor a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")
