"""Text of an advertiser on a page: in its own direction, with what was found in it marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .excerpt import Span, merged
from .visible import clusters, shown_char

MOST: Final = 1200
"""Characters shown of one field; of a longer one what is around the marks."""
AROUND: Final = 160
"""Characters shown on each side of a mark, in a field that is too long to show whole."""
GAP: Final = " … "


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that are shown alike."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class MarkedField:
    """One field of a creative: its name, and its text in pieces."""

    name: str
    pieces: tuple[Piece, ...]


def marked_fields(
    text: Mapping[str, str], hits: Iterable[Mapping[str, Any]]
) -> tuple[MarkedField, ...]:
    """Every field of a creative, the spans of its hits marked whole, overlapping ones as one.

    Args:
        text: field -> its text as the creative has it.
        hits: as a decision has them in JSON: `field`, `start` and `end` in code points.

    >>> hits = [{"field": "body", "start": 0, "end": 3}, {"field": "body", "start": 2, "end": 5}]
    >>> [(one.text, one.marked) for one in marked_fields({"body": "casino"}, hits)[0].pieces]
    [('casin', True), ('o', False)]
    """
    spans: dict[str, list[Span]] = {}
    for hit in hits:
        field, start, end = hit.get("field"), hit.get("start"), hit.get("end")
        if isinstance(field, str) and isinstance(start, int) and isinstance(end, int):
            spans.setdefault(field, []).append((start, end))
    return tuple(
        MarkedField(name, tuple(pieces(body, spans.get(name, ())))) for name, body in text.items()
    )


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    r"""A text cut where marks begin and end; what does not show, or would act, replaced.

    A letter keeps the marks on it, an emoji its tone: a span that ends inside one is widened.

    >>> pieces("win a\u202eb", [(0, 3)])
    [Piece(text='win', marked=True), Piece(text=' a·b', marked=False)]
    """
    marks = merged((max(start, 0), min(end, len(text))) for start, end in spans)
    found: list[Piece] = []
    windows = _windows(len(text), marks)
    for number, (start, end) in enumerate(windows):
        if start > 0 or number:
            found.append(Piece(GAP, marked=False))
        found += _joined(_cells(text, start, end, marks))
    if windows and windows[-1][1] < len(text):
        found.append(Piece(GAP, marked=False))
    return found


def _windows(length: int, marks: Sequence[Span]) -> list[Span]:
    if length <= MOST:
        return [(0, length)] if length else []
    if not marks:
        return [(0, MOST)]
    return merged((max(start - AROUND, 0), min(end + AROUND, length)) for start, end in marks)


def _cells(text: str, first: int, last: int, marks: Sequence[Span]) -> Iterator[Piece]:
    place = 0
    for start, end in clusters(text[first:last]):
        while place < len(marks) and marks[place][1] <= first + start:
            place += 1
        inside = place < len(marks) and marks[place][0] < first + end
        yield Piece("".join(map(_shown, text[first + start : first + end])), inside)


def _shown(char: str) -> str:
    """A line end is shown, and ends the line."""
    return "↵\n" if char == "\n" else shown_char(char)


def _joined(cells: Iterable[Piece]) -> list[Piece]:
    texts: list[str] = []
    marked: bool | None = None
    found: list[Piece] = []
    for cell in cells:
        if cell.marked != marked and texts:
            found.append(Piece("".join(texts), bool(marked)))
            texts = []
        texts.append(cell.text)
        marked = cell.marked
    if texts:
        found.append(Piece("".join(texts), bool(marked)))
    return found
