"""What decisions are worth, slice by slice, as lines of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from automod.model.evaluation import By, Measures, Point, Ratio, Slice

from .evaluation_words import POINT_SIGNS, WARNING_SIGN, axis_word, value_word, word
from .figures import counts, ratio_lines, ratio_parts
from .labels import Lang
from .page import NARROWEST, Page, clipped, flowing, ink, pad
from .visible import isolated

Ratios = Sequence[tuple[str, Ratio]]
"""Words of ratios, each with its ratio."""

SIDE_BY_SIDE: Final = 96
"""Columns from which on two points stand beside each other."""

POINT_STYLES: Final[Mapping[Point, str]] = {
    "stopped": "red", "flagged": "yellow", "restricted": "cyan", "hit": "magenta",
}  # fmt: skip
MOST_NAME: Final = 40
_INDENT: Final = 2
_BESIDE: Final[tuple[Point, Point]] = ("stopped", "flagged")


def roomy(page: Page) -> Page:
    """The page, at least as wide as tables can be told on."""
    return replace(page, width=max(page.width, NARROWEST))


def heading(text: str) -> Text:
    """The line above a section."""
    return Text(" ") + ink(isolated(text), "bold underline")


def axes_words(axes: Sequence[str], lang: Lang) -> str:
    """What a table is cut by.

    >>> axes_words(("policy", "market"), "en"), axes_words((), "en")
    ('Policy × Market', 'All')
    """
    return " × ".join(isolated(axis_word(axis, lang)) for axis in axes) or word("all", lang)


def slice_name(by: By, page: Page) -> Text:
    """The values of a slice, with the title of its policy code where there is one."""
    if not by:
        return ink(isolated(word("all", page.lang)), "bold")
    values = [isolated(value_word(axis, value, page.lang)) for axis, value in by]
    name = Text("  ").join(clipped(ink(value, "bold"), MOST_NAME) for value in values)
    title = page.titles.get(dict(by).get("policy", ""))
    return name + ink(f"  {isolated(title)}", "italic") if title else name


def slice_table(slices: Sequence[Slice], page: Page) -> list[Text]:
    """A block of lines for each slice: precision and recall, stopped and flagged side by side.

    What is restricted stands in a line of its own, where there is any; on a narrow page the points
    stand below each other.

    Args:
        slices: at several points, those of one slice in any order.
        page: width, language; with detail every other ratio too.
    """
    found: dict[By, dict[Point, Slice]] = {}
    for one in slices:
        found.setdefault(one.by, {})[one.point] = one
    beside = page.width >= SIDE_BY_SIDE
    lines = [_points(page)] if beside and found else []
    for by, at in found.items():
        lines += _head(by, at, page)
        lines += _beside(at, page) if beside else _below(at, page)
    return lines


def _points(page: Page) -> Text:
    """The two points above their columns."""
    line = Text(" " * (_INDENT + _labels(page)))
    for point in _BESIDE:
        line += pad(_point(point, page), _column(page))
    return line


def _point(point: Point, page: Page) -> Text:
    told = f"{POINT_SIGNS[point]} {isolated(word(point, page.lang).upper())}"
    return ink(told, f"bold {POINT_STYLES[point]}")


def _labels(page: Page) -> int:
    """Columns of the words of ratios."""
    keys = ["precision", "recall", *["f1", "false_alarm_rate", "rate"] * page.detail]
    return max(cell_len(isolated(word(key, page.lang))) for key in keys) + 1


def _column(page: Page) -> int:
    return (page.width - 1 - _INDENT - _labels(page)) // 2


def _head(by: By, at: Mapping[Point, Slice], page: Page) -> list[Text]:
    parts = [slice_name(by, page)]
    if incomplete := max(one.incomplete for one in at.values()):
        told = isolated(word("incomplete", page.lang))
        parts.append(ink(f"{WARNING_SIGN} {incomplete:,} {told}", "magenta"))
    return [Text(" ") + line for line in flowing(parts, page.width - 2)]


def ratios_of(measures: Measures, page: Page) -> Ratios:
    """The ratios of a slice that are told: precision and recall, with detail all."""
    found = [("precision", measures.precision), ("recall", measures.recall)]
    if page.detail:
        found += [
            ("f1", measures.f1), ("false_alarm_rate", measures.false_alarm_rate),
            ("rate", measures.rate),
        ]  # fmt: skip
    return found


def _is_empty(one: Slice) -> bool:
    """Whether nothing was asked for and nothing caught."""
    return not (one.measures.tp or one.measures.fp or one.measures.fn)


def _beside(at: Mapping[Point, Slice], page: Page) -> Iterator[Text]:
    told = [at.get(point) for point in _BESIDE]
    sides = [[] if one is None else ratios_of(one.measures, page) for one in told]
    if all(one is None or _is_empty(one) for one in told) and not page.detail:
        yield from _nothing(at, page)
        sides = []
    width = _column(page)
    for row in zip_longest(*sides):
        names = [one[0] for one in row if one is not None]
        cells = [[] if one is None else ratio_lines(one[1], page.lang, width - 1) for one in row]
        for place, parts in enumerate(zip_longest(*cells, fillvalue=Text())):
            line = _label(names[0] if place == 0 else None, page)
            yield line + Text().join(pad(part, width) for part in parts)
    yield from _restricted(at, page)


def _label(name: str | None, page: Page) -> Text:
    told = Text() if name is None else ink(isolated(word(name, page.lang)).lower(), "dim")
    return Text(" " * _INDENT) + pad(told, _labels(page))


def _nothing(at: Mapping[Point, Slice], page: Page) -> Iterator[Text]:
    """One line where nothing was asked for and nothing was caught."""
    one = at.get("flagged") or at.get("stopped")
    if one is not None:
        ratio = one.measures.precision
        told = f"{isolated(word('unknown', page.lang))} {counts(ratio)}"
        passed = f"{one.measures.tn:,} {isolated(word('tn', page.lang))}"
        yield Text(" " * _INDENT) + ink(f"{told}  ({passed})", "dim")


def _restricted(at: Mapping[Point, Slice], page: Page) -> Iterator[Text]:
    """Restrictions in a line of their own, where some are asked for or made."""
    one = at.get("restricted")
    if one is None or _is_empty(one):
        return
    head = f"{POINT_SIGNS['restricted']} {isolated(word('restricted', page.lang).lower())}  "
    indent = _INDENT + cell_len(head)
    lines = flowing(_named(ratios_of(one.measures, page), page), page.width - 1 - indent, "   ")
    for place, line in enumerate(lines):
        begin = ink(head, POINT_STYLES["restricted"]) if place == 0 else Text(" " * cell_len(head))
        yield Text(" " * _INDENT) + begin + line


def _named(ratios: Ratios, page: Page) -> Iterator[Text]:
    for name, ratio in ratios:
        label = ink(f"{isolated(word(name, page.lang)).lower()} ", "dim")
        yield label + Text(" ").join(ratio_parts(ratio, page.lang, aligned=False))


def _below(at: Mapping[Point, Slice], page: Page) -> Iterator[Text]:
    """Every point below the other, with its ratios."""
    if all(_is_empty(one) for one in at.values()) and not page.detail:
        yield from _nothing(at, page)
        return
    indent = 2 * _INDENT + _labels(page)
    for point in (*_BESIDE, "restricted"):
        one = at.get(point)
        if one is None or (point == "restricted" and _is_empty(one)):
            continue
        yield Text("  ") + _point(point, page)
        for name, ratio in ratios_of(one.measures, page):
            lines = ratio_lines(ratio, page.lang, page.width - indent - 1)
            for place, line in enumerate(lines):
                label = _label(name if place == 0 else None, page)
                yield Text(" " * _INDENT) + label + line
