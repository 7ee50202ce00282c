"""YAML text -> where each of its values begins and ends, to change one and no other byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

Path = tuple[int | str, ...]

_BLOCK: Final = ("|", ">")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, a number, a word; `style` is `'`, `"`, `|`, `>`, or blank where it is plain."""

    start: int
    end: int
    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A list; `flow` where it is in brackets."""

    start: int
    end: int
    items: tuple[Value, ...]
    flow: bool


@dataclass(frozen=True, slots=True)
class Mapped:
    """Keys and their values in the order they are written in; `flow` where they are in braces."""

    start: int
    end: int
    pairs: tuple[Pair, ...]
    flow: bool

    def pair(self, key: str) -> Pair | None:
        """The pair of a key; None where there is none."""
        return next((one for one in self.pairs if one.key.text == key), None)


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its value."""

    key: Scalar
    value: Value

    @property
    def start(self) -> int:
        """Where the key begins."""
        return self.key.start

    @property
    def end(self) -> int:
        """Where the value ends."""
        return self.value.end


Value = Scalar | Listed | Mapped


def spans(text: str) -> Value:
    """The one value that a YAML text is, with the span of everything in it.

    What is in blocks ends with its last letter: comments and blank lines after it are not its own.

    Raises:
        yaml.YAMLError: it is no YAML, or more than one document; anchors and aliases are none here.

    >>> read = spans("a: [1, 2]   # why")
    >>> read.start, read.end, read.pair("a").value.end
    (0, 9, 9)
    """
    events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
    kept = [one for one in events if isinstance(one, yaml.NodeEvent | yaml.CollectionEndEvent)]
    if any(isinstance(one, yaml.AliasEvent) for one in kept):
        raise yaml.YAMLError("an alias ('*') is not read here")
    if not kept:
        raise yaml.YAMLError("the file is empty")
    walk = iter(kept)
    found = _value(next(walk), walk, text)
    if next(walk, None) is not None:
        raise yaml.YAMLError("a second document begins here")
    return found


def _value(event: Any, walk: Iterator[Any], text: str) -> Value:
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or ""
        if style in _BLOCK:
            end = start + len(text[start:end].rstrip())
        return Scalar(start, end, event.value, style)
    inside: list[Value] = []
    while not isinstance(after := next(walk), yaml.CollectionEndEvent):
        inside.append(_value(after, walk, text))
    flow = bool(event.flow_style)
    end = _mark_of(after) if flow or not inside else inside[-1].end
    if isinstance(event, yaml.SequenceStartEvent):
        return Listed(start, end, tuple(inside), flow)
    keys, values = inside[::2], inside[1::2]
    pairs = [Pair(_key(key), value) for key, value in zip(keys, values, strict=True)]
    return Mapped(start, end, tuple(pairs), flow)


def _mark_of(event: Any) -> int:
    """Where an event ends."""
    return int(event.end_mark.index)


def _key(value: Value) -> Scalar:
    if not isinstance(value, Scalar):
        raise yaml.YAMLError("a key must be one text")
    return value


def at(value: Value, path: Sequence[int | str]) -> Value:
    """The value at a path.

    Raises:
        KeyError: there is none.

    >>> at(spans("a: [1, {b: 2}]"), ("a", 1, "b")).text
    '2'
    """
    for step in path:
        if isinstance(value, Listed) and isinstance(step, int) and 0 <= step < len(value.items):
            value = value.items[step]
        elif isinstance(value, Mapped) and (found := value.pair(str(step))):
            value = found.value
        else:
            raise KeyError(step)
    return value
