"""A field of an ad as lines of a terminal, with what was found in it marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from .visible import FSI, LRM, PDI, RLM, clusters, has_rtl, is_rtl, shown

Span = tuple[int, int]
"""Half-open, in code points of the original field."""

OPEN: Final = "⟦"
CLOSE: Final = "⟧"
"""Mark the evidence where there are no colours. Unicode mirrors them in right-to-left text."""

AROUND: Final = 60
"""Characters of context on each side of a mark, in a field that is too long to show whole."""

MOST_MARKS: Final = 12
"""Marks shown in one field; the list of evidence has them all."""

GAP: Final = " … "


Mark = tuple[int, int, str]
"""Start, end (half-open, in code points of the original field), and the style it is shown in."""


@dataclass(frozen=True, slots=True)
class Marking:
    """How marks look: a style for each sort, and brackets where styles would not be seen."""

    counts: str = "bold red"
    part: str = "underline"
    """What counts only together with other evidence."""
    allowed: str = "green"
    brackets: bool = True


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cluster as it is shown: its letters, whether marked, whether a line may end after it."""

    text: str
    style: str | None
    space: bool

    @property
    def width(self) -> int:
        return cell_len(self.text)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order; those that overlap as one.

    >>> merged([(4, 9), (0, 5), (12, 14)])
    [(0, 9), (12, 14)]
    """
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def excerpt(
    text: str, marks: Sequence[Mark], width: int, *, brackets: bool, most: int = 320
) -> list[Text]:
    """The lines a field is shown in: marked, wrapped, each in an isolate where it needs one.

    Args:
        text: the original field.
        marks: what was found in it; of two at one place the first gives the style.
        width: columns of a line.
        brackets: put marks in brackets, for where no style is seen.
        most: a field of more characters than this shows only what is around its marks.

    >>> lines = excerpt("Win at our casino tonight", [(11, 17, "red")], 20, brackets=True)
    >>> [line.plain for line in lines]
    ['Win at our ⟦casino⟧', 'tonight']
    """
    spans = merged((start, end) for start, end, _ in marks)[:MOST_MARKS]
    cells: list[_Cell] = []
    windows = _windows(text, spans, most)
    for number, window in enumerate(windows):
        if window[0] > 0 or number:
            cells.append(_Cell(GAP if number else "… ", None, space=True))
        cells += _cells(text, window, marks, spans if brackets else ())
    if windows and windows[-1][1] < len(text):
        cells.append(_Cell(" …", None, space=False))
    rtl = is_rtl(text)
    return [_line(line, rtl) for line in _wrapped(cells, max(width, 8))]


def _windows(text: str, marks: Sequence[Span], most: int) -> list[Span]:
    """The parts of a field that are shown: all of it, or what is around its marks."""
    if len(text) <= most:
        return [(0, len(text))]
    if not marks:
        return [(0, _word_end(text, most))]
    wide = [
        (_word_start(text, max(start - AROUND, 0)), _word_end(text, min(end + AROUND, len(text))))
        for start, end in marks
    ]
    return merged(wide)


def _word_start(text: str, place: int) -> int:
    """Where the word around a place begins, if that is near."""
    found = text.rfind(" ", max(place - 20, 0), place)
    return found + 1 if place and found >= 0 else place


def _word_end(text: str, place: int) -> int:
    found = text.find(" ", place, place + 20)
    return found if place < len(text) and found >= 0 else place


def _cells(
    text: str, window: Span, marks: Sequence[Mark], brackets: Sequence[Span]
) -> Iterator[_Cell]:
    """The clusters of one window, brackets put on the first and last of each span that has them."""
    near = [mark for mark in marks if mark[0] < window[1] and window[0] < mark[1]]
    for first, last in clusters(text[window[0] : window[1]]):
        start, end = window[0] + first, window[0] + last
        letters = shown(text[start:end])
        space = letters == " "
        for opens, closes in brackets:
            if start < closes and opens < end:
                left, right = OPEN if start <= opens else "", CLOSE if end >= closes else ""
                letters = f"{left}{letters}{right}"
        style = next((mark[2] for mark in near if start < mark[1] and mark[0] < end), None)
        yield _Cell(letters, style, space)


def _wrapped(cells: Sequence[_Cell], width: int) -> Iterator[list[_Cell]]:
    """Cells in lines of at most `width` columns, broken at spaces where there are any."""
    line: list[_Cell] = []
    used = 0
    for word in _words(cells, width):
        size = sum(cell.width for cell in word)
        bare = size - (word[-1].width if word[-1].space else 0)
        if line and used + bare > width:
            yield line
            line, used = [], 0
        line += word
        used += size
    if line or not cells:
        yield line


def _words(cells: Sequence[_Cell], width: int) -> Iterator[list[_Cell]]:
    """Cells up to and with a space; a word longer than a line comes in pieces."""
    word: list[_Cell] = []
    used = 0
    for cell in cells:
        if word and used + cell.width > width and not cell.space:
            yield word
            word, used = [], 0
        word.append(cell)
        used += cell.width
        if cell.space:
            yield word
            word, used = [], 0
    if word:
        yield word


def _line(cells: Sequence[_Cell], rtl: bool) -> Text:
    line = Text()
    for cell in cells:
        line.append(cell.text, cell.style)
    line.rstrip()
    if not rtl and not has_rtl(line.plain):
        return line
    # A line that begins with a word of the other direction keeps the direction of its field.
    turn = "" if is_rtl(line.plain) == rtl else RLM if rtl else LRM
    return Text(f"{FSI}{turn}") + line + Text(PDI)
