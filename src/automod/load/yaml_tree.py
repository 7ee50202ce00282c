"""YAML -> plain texts, lists and mappings, and the place of each.

Scalars stay text, to be read by the type of their field. The tree is made of parser events and not
by `compose`: that one follows aliases and recurses in C, so that a small file could take all memory
or the whole stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from automod.errors import Location

from .faults import Faults, Path

MAX_DEPTH: Final = 32
MAX_NODES: Final = 3_000_000

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Node:
    """A value of a YAML file at its place; `keys` has the places of a mapping's keys."""

    line: int
    column: int
    value: str | list[Node] | dict[str, Node] | None
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tree:
    """A YAML file: `data` for the models, and where each path of it lies."""

    file: str
    root: Node
    data: Any
    broken: frozenset[Path]
    """Paths that have a fault already."""

    def at(self, path: Path, is_key: bool = False) -> Location:
        """The place of a path (or of its key); of the nearest thing above it that exists."""
        node, spot = self.root, (self.root.line, self.root.column)
        for step in path:
            below = _child(node, step)
            if below is None:
                break
            spot = (below.line, below.column)
            if is_key and isinstance(step, str):
                spot = node.keys[step]
            node = below
        return Location(self.file, *spot)


def _child(node: Node, step: int | str) -> Node | None:
    if isinstance(node.value, dict) and isinstance(step, str):
        return node.value.get(step)
    if isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


class _Stop(Exception):
    """The file has a fault after which nothing of it can be read."""


def read_tree(text: str, file: str, faults: Faults) -> Tree | None:
    """The tree of a YAML text; None, with a fault, when it is none."""
    if found := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"U+{ord(found[0]):04X} cannot stand in YAML"
        faults.add(
            Location(file, line, column), message, 'write it as an escape in "..."', code="yaml"
        )
        return None
    builder = _Builder(file, faults)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Location(file) if mark is None else Location(file, mark.line + 1, mark.column + 1)
        faults.add(place, f"this is not YAML: {error.problem}", error.context, code="yaml")
        return None
    except (_Stop, yaml.YAMLError) as error:
        if not isinstance(error, _Stop):
            faults.add(Location(file), f"this is not YAML: {error}", code="yaml")
        return None
    return builder.tree()


class _Builder:
    """Takes the parser's events, one by one."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file, self.faults = file, faults
        self.root: Node | None = None
        self.open: list[tuple[Node, list[Node | None]]] = []
        """Nodes that are not closed yet, each with the key that waits for its value."""
        self.nodes = 0
        self.path: list[int | str] = []
        self.broken: set[Path] = set()
        self.twice: list[Path] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._stop(event, "an alias ('*') is not read here", "write the value out")
        if isinstance(event, yaml.NodeEvent):
            self._start(event)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            node, _ = self.open.pop()
            self._attach(node)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._stop(event, "a second document begins here", "one file, one document")

    def _start(self, event: yaml.NodeEvent) -> None:
        self._refuse_marks(event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._stop(event, f"has more than {MAX_NODES} values", "use a table")
        line, column = _mark(event)
        if isinstance(event, yaml.ScalarEvent):
            plain = bool(event.implicit[0]) and event.value in _NULLS
            self._attach(Node(line, column, None if plain else event.value))
            return
        if len(self.open) >= MAX_DEPTH:
            self._stop(event, f"is nested more than {MAX_DEPTH} deep")
        empty: list[Node] | dict[str, Node] = (
            [] if isinstance(event, yaml.SequenceStartEvent) else {}
        )
        self.open.append((Node(line, column, empty), [None]))

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor is not None:
            self._add(event, f"an anchor ('&{event.anchor}') is not read here", "leave it out")
        if event.tag is not None:
            self._add(event, f"a YAML tag ({event.tag!r}) is not read here", "leave it out")

    def _attach(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent, waiting = self.open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif waiting[0] is None:
            waiting[0] = node
        else:
            key, waiting[0] = waiting[0], None
            self._put(parent, key, node)

    def _put(self, parent: Node, key: Node, node: Node) -> None:
        if not isinstance(key.value, str):
            what = "a key is missing" if key.value is None else "a key must be one text"
            self.faults.add(
                Location(self.file, key.line, key.column), what, "quote it", code="yaml"
            )
            return
        if key.value in parent.keys:
            first = parent.keys[key.value][0]
            message = f"the key {key.value!r} is written twice (first in line {first})"
            self.faults.add(Location(self.file, key.line, key.column), message, code="yaml")
            return
        if isinstance(parent.value, dict):
            parent.value[key.value] = node
        parent.keys[key.value] = (key.line, key.column)

    def _add(self, event: Any, message: str, hint: str | None = None) -> None:
        self.faults.add(Location(self.file, *_mark(event)), message, hint, code="yaml")

    def _stop(self, event: Any, message: str, hint: str | None = None) -> None:
        self._add(event, message, hint)
        raise _Stop

    def tree(self) -> Tree | None:
        if self.root is None:
            self.faults.add(Location(self.file), "is empty", code="yaml")
            return None
        data = self._plain(self.root, ())
        return Tree(self.file, self.root, data, frozenset(self.broken))

    def _plain(self, node: Node, path: Path) -> Any:
        value = node.value
        if isinstance(value, str):
            return value
        if isinstance(value, list):
            return [self._plain(one, (*path, i)) for i, one in enumerate(value)]
        if isinstance(value, dict):
            return {key: self._plain(one, (*path, key)) for key, one in value.items()}
        name = f"{path[-1]!r}" if path and isinstance(path[-1], str) else "this entry"
        place = Location(self.file, node.line, node.column)
        self.faults.add(
            place, f"{name} has no value (null)", "quote it if you mean text", code="null"
        )
        self.broken.add(path)
        return None


def _mark(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
