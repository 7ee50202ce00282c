"""Thresholds on the score, and what each would give, as lines of a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from automod.model.evaluation import By, Curve, CurvePoint, Ratio

from .evaluation_words import axis_word, value_word, word
from .figures import FEW, VALUE, counts, interval, percent
from .labels import Lang
from .page import Page, ink, pad
from .slice_text import heading
from .visible import isolated

WIDE: Final = 96
"""Columns from which on the three ratios stand beside each other."""
_RATIOS: Final = ("precision", "recall", "load")

Row = tuple[str, Sequence[Text]]
"""Thresholds that give the same, and their three ratios."""


def threshold_lines(curves: Sequence[Curve], page: Page) -> list[Text]:
    """A table for each stance: precision, recall and review load at each threshold.

    Thresholds that give the same share a line; a stance under which nothing is asked for has none.

    Args:
        curves: one for each stance.
        page: width and language.
    """
    told = [one for one in curves if any(point.recall.of for point in one.points)]
    if not told:
        return []
    lines = [heading(word("curves", page.lang))]
    for curve in told:
        lines.append(Text(" ") + ink(_named(curve.by, page.lang), "bold"))
        rows = list(_rows(curve.points))
        lines += _wide(rows, page) if page.width >= WIDE else _narrow(rows, page)
    if any(not _is_enough(point) for curve in told for point in curve.points):
        lines.append(Text("  ") + ink(f"{FEW} {isolated(word('not_enough', page.lang))}", "dim"))
    return lines


def _named(by: By, lang: Lang) -> str:
    told = (
        f"{isolated(axis_word(axis, lang))}: {isolated(value_word(axis, value, lang))}"
        for axis, value in by
    )
    return "  ".join(told) or word("all", lang)


def _ratios(point: CurvePoint) -> tuple[Ratio, Ratio, Ratio]:
    return point.precision, point.recall, point.load


def _is_enough(point: CurvePoint) -> bool:
    return all(ratio.enough for ratio in _ratios(point) if ratio.value is not None)


def _rows(points: Sequence[CurvePoint]) -> Iterator[Row]:
    for ratios, members in groupby(points, _ratios):
        same = list(members)
        ends = dict.fromkeys(map(_threshold, (same[0], same[-1])))
        yield "-".join(ends), [_cell(ratio) for ratio in ratios]


def _threshold(point: CurvePoint) -> str:
    """At least two decimals: `0.50`, `0.8575`."""
    whole, _, decimals = f"{point.threshold:.4f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _cell(ratio: Ratio) -> Text:
    if ratio.value is None:
        return ink(f"{'?':>{VALUE}} {counts(ratio)}", "dim")
    ends = ink(f" {interval(ratio.low, ratio.high)} ", "dim")
    mark = Text() if ratio.enough else ink(f" {FEW}", "yellow")
    return Text(percent(ratio.value).rjust(VALUE)) + ends + Text(counts(ratio)) + mark


def _wide(rows: Sequence[Row], page: Page) -> Iterator[Text]:
    heads = [ink(isolated(word(key, page.lang).upper()), "dim") for key in _RATIOS]
    cells = [heads, *(ratios for _, ratios in rows)]
    widths = [max(cell.cell_len for cell in column) + 2 for column in zip(*cells, strict=True)]
    label = ink(isolated(word("threshold", page.lang).upper()), "dim")
    first = max(label.cell_len, *(len(name) for name, _ in rows)) + 1
    yield Text("  ") + pad(label, first) + _laid(heads, widths)
    for name, ratios in rows:
        yield Text("  ") + pad(ink(name, "bold"), first) + _laid(ratios, widths)


def _laid(cells: Sequence[Text], widths: Sequence[int]) -> Text:
    line = Text().join(pad(cell, width) for cell, width in zip(cells, widths, strict=True))
    line.rstrip()
    return line


def _narrow(rows: Sequence[Row], page: Page) -> Iterator[Text]:
    """The ratios of each threshold below each other."""
    labels = [isolated(word(key, page.lang).lower()) for key in _RATIOS]
    width = max(map(cell_len, labels)) + 1
    first = max(len(name) for name, _ in rows) + 2
    for name, ratios in rows:
        for place, (label, cell) in enumerate(zip(labels, ratios, strict=True)):
            head = ink(name if place == 0 else "", "bold")
            yield Text("  ") + pad(head, first) + pad(ink(label, "dim"), width) + cell
