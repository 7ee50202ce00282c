"""YAML text -> its comments, each with the key or the entry that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .yaml_layout import Notes
from .yaml_scalars import right_to_left
from .yaml_spans import Listed, Mapped, Path, Scalar, Value

_HEADER: Final = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n]*)")


@dataclass(frozen=True, slots=True)
class _Slot:
    """A key with its value, or an entry of a list."""

    start: int
    """Where its key or its dash begins."""
    column: int
    path: Path
    value: Value
    parent: _Slot | None
    """What it lies in."""

    @property
    def in_flow(self) -> bool:
        """Whether it lies in brackets or braces: its column says nothing then."""
        above = self.parent
        return above is not None and not isinstance(above.value, Scalar) and above.value.flow


@dataclass(frozen=True, slots=True)
class _Comment:
    start: int
    column: int
    text: str
    """Blank for a blank line."""
    alone: bool
    """Whether nothing else stands in its line."""


def comments(text: str, root: Value) -> dict[Path, Notes]:
    r"""The comments and blank lines of a text, by the path of what they are about.

    What stands before the first key is about the file, and has the path `()`.

    >>> from .yaml_spans import spans
    >>> text = "# file\na: 1  # one\n\n# two\nb: [x]\n"
    >>> {path: (one.before, one.beside) for path, one in comments(text, spans(text)).items()}
    {(): (['# file'], []), ('a',): ([], ['# one']), ('b',): (['', '# two'], [])}
    """
    slots = list(_slots(root, (), None, text))
    notes: dict[Path, Notes] = {}
    blank, done = False, 0
    for one in _found(text, root):
        while done < len(slots) and slots[done].start < one.start:
            _part(slots, done, notes, blank=blank)
            blank, done = False, done + 1
        if not one.text:
            blank = True
            continue
        last = slots[done - 1] if done else None
        next_ = slots[done] if done < len(slots) else None
        _attach(one, last, next_, notes, blank=blank)
        blank = False
    if done < len(slots):
        _part(slots, done, notes, blank=blank)
    return notes


def _part(slots: Sequence[_Slot], number: int, notes: dict[Path, Notes], *, blank: bool) -> None:
    """Keep a blank line before a slot, unless it is the first in what it lies in."""
    if not blank:
        return
    if number == 0:
        if () in notes:
            notes[()].before.append("")
    elif slots[number].parent is not slots[number - 1]:
        notes.setdefault(slots[number].path, Notes()).before.append("")


def _slots(value: Value, path: Path, parent: _Slot | None, text: str) -> Iterator[_Slot]:
    """The keys and entries of a value, in the order of the text."""
    inside: list[tuple[int, Path, Value]] = []
    if isinstance(value, Mapped):
        inside = [(one.key.start, (*path, one.key.text), one.value) for one in value.pairs]
    elif isinstance(value, Listed):
        inside = [
            (one.start if value.flow else dash(text, one.start), (*path, number), one)
            for number, one in enumerate(value.items)
        ]
    for start, below, one in inside:
        column = start - text.rfind("\n", 0, start) - 1
        slot = _Slot(start, column, below, one, parent)
        yield slot
        yield from _slots(one, below, slot, text)


def dash(text: str, start: int) -> int:
    r"""Where the dash stands of the entry that begins at a place.

    >>> dash("- # why\n  a", 10)
    0
    """
    while True:
        first = text.rfind("\n", 0, start) + 1
        before = text[first:start].split("#", maxsplit=1)[0].rstrip()
        if before.endswith("-"):
            return first + len(before) - 1
        start = first - 1


def _found(text: str, root: Value) -> Iterator[_Comment]:
    """The comments and the blank lines of a text, in order."""
    place = 0
    for scalar in (*_scalars(root), None):
        yield from _between(text, place, len(text) if scalar is None else scalar.start)
        if scalar is None:
            return
        header = _HEADER.match(text, scalar.start) if scalar.style in ("|", ">") else None
        if header:
            yield _Comment(header.start(1), 0, header[1].rstrip(), alone=False)
        place = scalar.end


def _scalars(value: Value) -> Iterator[Scalar]:
    if isinstance(value, Scalar):
        yield value
    elif isinstance(value, Listed):
        for one in value.items:
            yield from _scalars(one)
    else:
        for pair in value.pairs:
            yield pair.key
            yield from _scalars(pair.value)


def _between(text: str, place: int, end: int) -> Iterator[_Comment]:
    """What stands between two scalars: there a `#` begins a comment, whatever is before it."""
    while place < end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        mark = text.find("#", place, stop)
        first = text.rfind("\n", 0, place) + 1
        if mark >= 0:
            alone = not text[first:mark].strip()
            yield _Comment(mark, mark - first, text[mark:stop].rstrip(), alone)
        elif first == place and stop < end and not text[place:stop].strip():
            yield _Comment(place, 0, "", alone=True)
        place = stop + 1


def _attach(
    one: _Comment,
    last: _Slot | None,
    next_: _Slot | None,
    notes: dict[Path, Notes],
    *,
    blank: bool,
) -> None:
    """Put a comment where it belongs; `last` and `next_` are the slots around it."""
    said = ["", one.text] if blank else [one.text]
    if last is None:
        notes.setdefault((), Notes()).before.extend(said)
    elif not one.alone:
        _attach_beside(one, last, notes)
    elif _open_at(last, one.start):
        inside = next_ is not None and _open_at(next_.parent, one.start)
        slot = next_ if next_ is not None and inside else last
        notes.setdefault(slot.path, Notes()).before.append(one.text)
    elif next_ is not None and (next_.parent is last or one.column <= next_.column):
        notes.setdefault(next_.path, Notes()).before.extend(said)
    else:
        notes.setdefault(_around(last, one.column).path, Notes()).after.extend(said)


def _attach_beside(one: _Comment, last: _Slot, notes: dict[Path, Notes]) -> None:
    """Put a comment at the end of a line; above what becomes a block it is out of the way."""
    owner = last
    while owner.parent is not None and owner.in_flow and not _open_at(owner.parent, one.start):
        owner = owner.parent
    value = owner.value
    flow = not isinstance(value, Scalar) and value.flow
    moves = flow and (one.start < value.end or not _stays_in_line(value))
    kept = notes.setdefault(owner.path, Notes())
    (kept.before if moves else kept.beside).append(one.text)


def _stays_in_line(value: Value) -> bool:
    """Whether what is in brackets may stay there."""
    if isinstance(value, Scalar):
        return True
    parts = value.pairs if isinstance(value, Mapped) else value.items
    return not parts or (
        isinstance(value, Listed)
        and all(isinstance(one, Scalar) and not right_to_left(one.text) for one in value.items)
    )


def _open_at(slot: _Slot | None, place: int) -> bool:
    """Whether a place lies within the brackets or braces of a slot, or of what it lies in."""
    while slot is not None:
        value = slot.value
        if not isinstance(value, Scalar) and value.flow and value.start < place < value.end:
            return True
        slot = slot.parent
    return False


def _around(last: _Slot, column: int) -> _Slot:
    """What a comment below `last` is the end of: the nearest that is not further to the right."""
    while last.parent is not None and (last.in_flow or last.column > column):
        last = last.parent
    return last
