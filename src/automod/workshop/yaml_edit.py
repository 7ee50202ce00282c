"""Edits of YAML text: what is not edited stays as it is, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from .key_order import PACKAGE, Shape, shape_at
from .yaml_comments import dash
from .yaml_layout import Layout, in_brackets, inline, plain, typed
from .yaml_scalars import literal, scalar
from .yaml_spans import Listed, Mapped, Pair, Path, Scalar, Value, at, spans

_LAID: Final = Layout()
_CROWDED: Final = Layout(literals=False)
GONE: Final = None
"""The value of what is taken out."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a file: of a key of the mapping at `path`, or (None) of all of it."""

    path: Path
    key: str | None
    value: Any


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Characters of a text, and what stands there instead."""

    start: int
    end: int
    text: str


def edit_yaml(text: str, changes: Iterable[Change], shape: Shape = PACKAGE) -> str:
    r"""A YAML text with changes.

    A key that is new comes where its order puts it; of two changes of one key the last holds. A
    list whose entries are all taken out stays as `[]`.

    Raises:
        KeyError: a path leads nowhere.
        yaml.YAMLError: the text is no YAML.

    >>> edit_yaml("a:   1  # one\nb: {c: 2}\n", [Change((), "a", 3), Change(("b",), "c", "x")])
    'a:   3  # one\nb: {c: x}\n'
    """
    found = _Text(text, spans(text), shape)
    wanted: dict[Path, dict[str | None, Any]] = {}
    for one in changes:
        wanted.setdefault(one.path, {})[one.key] = one.value
    whole = {path: keys[None] for path, keys in wanted.items() if None in keys}
    return spliced(text, [*_entries(found, whole), *_keys(found, wanted, whole)])


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """A text with some of its parts exchanged; no two of them may overlap.

    >>> spliced("abc", [Splice(0, 1, "x"), Splice(3, 3, "d")])
    'xbcd'
    """
    parts, done = [], 0
    for one in sorted(splices):
        if one.start < done:
            raise ValueError(f"two edits meet at character {one.start}")
        parts += [text[done : one.start], one.text]
        done = one.end
    return "".join([*parts, text[done:]])


class _Text:
    """A text, what is in it, and how its lines lie."""

    def __init__(self, text: str, root: Value, shape: Shape) -> None:
        self.text, self.root, self.shape = text, root, shape
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def joined(self, lines: Iterable[str]) -> str:
        """Lines as they stand where the first begins behind something."""
        return self.newline.join(lines).lstrip(" ")

    def layout(self, place: int) -> Layout:
        """How to lay out what ends at a place: a comment may stand behind it."""
        return _CROWDED if self.text[place : self.line_end(place)].strip() else _LAID

    def line_start(self, place: int) -> int:
        """Where the line of a place begins."""
        return self.text.rfind("\n", 0, place) + 1

    def line_end(self, place: int) -> int:
        """Where the line of a place ends, before its line break."""
        end = self.text.find("\n", place)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[place:end].endswith("\r") else end

    def next_line(self, place: int) -> int:
        """Where the next line begins."""
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end + 1

    def column(self, place: int) -> int:
        """How many characters stand before a place in its line."""
        return place - self.line_start(place)

    def begins_line(self, place: int) -> bool:
        """Whether nothing but blanks stands before a place."""
        return not self.text[self.line_start(place) : place].strip()


def _entries(found: _Text, whole: Mapping[Path, Any]) -> Iterator[Splice]:
    """What takes out or exchanges entries of lists."""
    taken = sorted(path for path, value in whole.items() if value is GONE)
    for above, paths in groupby(taken, key=lambda path: path[:-1]):
        yield from _without(found, above, [path[-1] for path in paths])
    for path, value in whole.items():
        if value is not GONE:
            yield _exchanged(found, at(found.root, path), value, shape_at(found.shape, path))


def _without(found: _Text, above: Path, steps: Sequence[int | str]) -> Iterator[Splice]:
    listed = at(found.root, above)
    if not isinstance(listed, Listed):
        raise KeyError(steps[0])
    gone = {step for step in steps if isinstance(step, int)}
    if gone and not 0 <= min(gone) <= max(gone) < len(listed.items):
        raise KeyError(max(gone))
    if len(gone) == len(listed.items):
        parent = at(found.root, above[:-1])
        pair = parent.pair(str(above[-1])) if isinstance(parent, Mapped) else None
        splices = [Splice(listed.start, listed.end, "[]")]
        yield from splices if pair is None else _put(found, pair, "[]")
    elif listed.flow:
        yield from _cut_flow(listed.items, gone)
    else:
        for step in sorted(gone):
            one = listed.items[step]
            start = found.line_start(dash(found.text, one.start))
            yield Splice(start, found.next_line(one.end), "")


def _put(found: _Text, pair: Pair, text: str) -> Iterator[Splice]:
    """What puts a text in place of a value; of one in a block, behind the colon of its key."""
    old = pair.value
    if isinstance(old, Scalar) or old.flow:
        told = text if found.text[old.start - 1] in " \t\n[{-" else f" {text}"
        yield Splice(old.start, old.end, told)
        return
    colon = found.text.index(":", pair.key.end) + 1
    if found.text[colon : old.start].strip():
        # A comment is between: it stays.
        yield Splice(colon, colon, f" {text}")
        before = found.line_end(found.line_start(old.start) - len(found.newline))
        yield Splice(before, found.line_end(old.end), "")
    else:
        yield Splice(colon, old.end, f" {text}")


def _cut_flow(parts: Sequence[Value | Pair], gone: set[int]) -> Iterator[Splice]:
    """What takes some of the parts between brackets out, each with its comma."""
    for is_gone, numbers in groupby(range(len(parts)), key=lambda number: number in gone):
        if is_gone:
            run = list(numbers)
            if run[0]:
                yield Splice(parts[run[0] - 1].end, parts[run[-1]].end, "")
            else:
                yield Splice(parts[0].start, parts[run[-1] + 1].start, "")


def _exchanged(found: _Text, old: Value, value: Any, shape: Shape) -> Splice:
    if not isinstance(value, Mapping) or (isinstance(old, Mapped) and old.flow):
        return Splice(old.start, old.end, inline(value))
    lines = found.layout(old.end).mapping(value, found.column(old.start), shape)
    return Splice(old.start, old.end, found.joined(lines))


def _keys(
    found: _Text, wanted: Mapping[Path, Mapping[str | None, Any]], whole: Mapping[Path, Any]
) -> Iterator[Splice]:
    """What sets and takes out keys of mappings."""
    for path, keys in wanted.items():
        if any(path[: len(one)] == one for one in whole):
            continue
        mapped = at(found.root, path)
        if not isinstance(mapped, Mapped):
            raise KeyError(path)
        values = {key: value for key, value in keys.items() if key is not None}
        yield from _changed(found, mapped, values, shape_at(found.shape, path))


def _changed(
    found: _Text, mapped: Mapped, values: Mapping[str, Any], shape: Shape
) -> Iterator[Splice]:
    there = {one.key.text for one in mapped.pairs}
    gone = {i for i, one in enumerate(mapped.pairs) if values.get(one.key.text, 0) is GONE}
    new = {key: value for key, value in values.items() if key not in there and value is not GONE}
    if len(gone) == len(mapped.pairs):
        text = _all_new(found, mapped, new, shape)
        yield Splice(mapped.start, mapped.end, text)
        return
    kept = [one for i, one in enumerate(mapped.pairs) if i not in gone]
    for one in kept:
        if one.key.text in values:
            yield from _set(found, mapped, one, values[one.key.text], shape)
    if gone:
        yield from (_cut_flow if mapped.flow else _cutting_lines(found))(mapped.pairs, gone)
    yield from _added(found, mapped, kept, new, shape)


def _all_new(found: _Text, mapped: Mapped, new: Mapping[str, Any], shape: Shape) -> str:
    """What stands for a mapping of which nothing stays."""
    if mapped.flow or not new:
        return inline({key: new[key] for key in sorted(new, key=shape.rank)})
    lines = found.layout(mapped.end).mapping(new, found.column(mapped.start), shape)
    return found.joined(lines)


def _cutting_lines(found: _Text) -> Any:
    """What takes keys of a block out with their lines; the first after a dash leaves the dash."""

    def cut(pairs: Sequence[Pair], gone: set[int]) -> Iterator[Splice]:
        head = 0
        if not found.begins_line(pairs[0].start):
            head = next(number for number in range(len(pairs)) if number not in gone)
            if head:
                yield Splice(pairs[0].start, pairs[head].start, "")
        for number in sorted(gone):
            if number >= head:
                one = pairs[number]
                yield Splice(found.line_start(one.start), found.next_line(one.end), "")

    return cut


def _set(found: _Text, mapped: Mapped, pair: Pair, value: Any, shape: Shape) -> Iterator[Splice]:
    """What gives a key another value."""
    old, key, held = pair.value, pair.key.text, plain(value)
    in_flow = not isinstance(old, Scalar) and old.flow
    if isinstance(held, str):
        yield from _put(found, pair, _told(found, mapped, pair, value, shape))
    elif isinstance(held, list) and held and isinstance(old, Listed) and not old.flow:
        lines = found.layout(old.end).items(held, found.column(old.start), shape.under(key))
        yield Splice(old.start, old.end, found.joined(lines))
    elif mapped.flow or in_flow or not held or (isinstance(held, list) and in_brackets(held)):
        yield from _put(found, pair, inline(value))
    else:
        lines = found.layout(old.end).pair(key, value, found.column(pair.start), shape)
        yield Splice(pair.start, old.end, found.joined(lines))


def _told(found: _Text, mapped: Mapped, pair: Pair, value: Any, shape: Shape) -> str:
    """A text as it is written: in several lines only where nothing else stands in its line."""
    text, indent = plain(value), found.column(pair.start)
    alone = not mapped.flow and isinstance(pair.value, Scalar)
    alone = alone and found.layout(pair.value.end).literals
    block = literal(text, " " * (indent + 2)) if alone else None
    told = block or scalar(text, flow=mapped.flow, typed=typed(pair.key.text, value, shape))
    return told.replace("\n", found.newline)


def _added(
    found: _Text, mapped: Mapped, kept: Sequence[Pair], new: Mapping[str, Any], shape: Shape
) -> Iterator[Splice]:
    """What puts new keys after those that come before them."""
    places: dict[int, list[str]] = {}
    for key in sorted(new, key=shape.rank):
        lower = [i for i, one in enumerate(kept) if shape.rank(one.key.text) <= shape.rank(key)]
        places.setdefault(max(lower, default=-1), []).append(key)
    for place, keys in places.items():
        indent = found.column(mapped.pairs[0].start)
        if mapped.flow:
            told = inline({key: new[key] for key in keys})[1:-1]
            after = kept[place] if place >= 0 else None
            where = after.end if after else kept[0].start
            yield Splice(where, where, f", {told}" if after else f"{told}, ")
        else:
            lines = _LAID.mapping({key: new[key] for key in keys}, indent, shape)
            yield _lines_added(found, kept, place, lines)


def _lines_added(found: _Text, kept: Sequence[Pair], place: int, lines: Iterable[str]) -> Splice:
    if place < 0:
        first = kept[0].start
        margin = " " * found.column(first)
        return Splice(first, first, found.joined([*lines, margin]))
    end = found.line_end(kept[place].end)
    return Splice(end, end, found.newline + found.newline.join(lines))
