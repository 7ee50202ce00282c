"""Figures on a line of text: a ratio never without its counts and its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.text import Text

from automod.model.comparison import Difference
from automod.model.evaluation import Ratio

from .evaluation_words import word
from .labels import Lang
from .page import flowing, ink, pad
from .visible import isolated

MOST_DECIMALS: Final = 3
VALUE: Final = 7
"""Columns of `100.0 %`."""
ENDS: Final = 12
"""Columns of `[72.2-100.0]`."""
FEW: Final = "*"
"""Stands by a figure of too little data, where there is no room for words."""


def percent(value: float) -> str:
    """A share as a percentage, that says 0 and 100 of nothing but these.

    >>> percent(0.94), percent(1), percent(0.9999), percent(0.0000001)
    ('94.0 %', '100.0 %', '99.99 %', '<0.001 %')
    """
    return f"{_bare(value)} %"


def _bare(value: float) -> str:
    for decimals in range(1, MOST_DECIMALS + 1):
        told = f"{100 * value:.{decimals}f}"
        if value in {0, 1} or 0 < float(told) < 100:
            return told
    return "<0.001" if value < 0.5 else ">99.999"


def interval(low: float | None, high: float | None) -> str:
    """The ends of an interval of percentages; nobody knows them where they are None.

    >>> interval(0.8378, 0.9794), interval(None, None)
    ('[83.8-97.9]', '[?-?]')
    """
    ends = ("?" if end is None else _bare(end) for end in (low, high))
    return f"[{'-'.join(ends)}]"


def counts(ratio: Ratio) -> str:
    """`47/50`."""
    return f"{ratio.count:,}/{ratio.of:,}"


def ratio_line(ratio: Ratio) -> str:
    """A ratio in one line of plain text, in words that every reader of figures knows.

    >>> ratio_line(Ratio(47, 50, 0.94, 0.8378, 0.9794, "wilson", enough=True))
    '94.0 % [83.8-97.9] 47/50'
    """
    if ratio.value is None:
        return f"? {counts(ratio)}"
    return f"{percent(ratio.value)} {interval(ratio.low, ratio.high)} {counts(ratio)}"


def ratio_parts(ratio: Ratio, lang: Lang, *, aligned: bool = True) -> list[Text]:
    """A ratio, and the words for too little data.

    Args:
        ratio: what is told.
        lang: of the words.
        aligned: in columns of its own, so that ratios below each other can be compared.

    >>> nothing = Ratio(0, 0, None, None, None, None, enough=False)
    >>> [part.plain for part in ratio_parts(nothing, "en", aligned=False)]
    ['unknown 0/0']
    """
    figure = _value(ratio, lang, aligned=aligned) + Text(f" {counts(ratio)}")
    return [figure] if ratio.enough or ratio.value is None else [figure, not_enough(lang)]


def ratio_lines(ratio: Ratio, lang: Lang, width: int) -> list[Text]:
    """A ratio in a column: on one line where it fits, else its counts or its words below."""
    parts = ratio_parts(ratio, lang)
    if parts[0].cell_len > width:
        parts = ratio_parts(ratio, lang, aligned=False)
    if parts[0].cell_len > width:
        parts = [_value(ratio, lang, aligned=False), Text(counts(ratio)), *parts[1:]]
    return flowing(parts, width, " ")


def _value(ratio: Ratio, lang: Lang, *, aligned: bool) -> Text:
    """The value with its interval."""
    if ratio.value is None:
        unknown = ink(isolated(word("unknown", lang)), "dim")
        return pad(unknown, VALUE + 1 + ENDS) if aligned else unknown
    share, ends = percent(ratio.value), interval(ratio.low, ratio.high)
    if aligned:
        share, ends = share.rjust(VALUE), ends.ljust(ENDS)
    return ink(share, "bold" if ratio.enough else "") + ink(f" {ends}", "dim")


def marked_ratio(ratio: Ratio, lang: Lang) -> Text:
    """A ratio on one line, `*` in place of the words for too little data."""
    figure = ratio_parts(ratio, lang, aligned=False)[0]
    return figure if ratio.enough or ratio.value is None else figure + ink(FEW, "yellow")


def not_enough(lang: Lang) -> Text:
    """The words for too little data."""
    return ink(isolated(word("not_enough", lang)), "yellow")


def narrow_ratio(ratio: Ratio) -> Text:
    """A ratio for a table that has its counts in another column, with `*` for too little data."""
    if ratio.value is None:
        return ink("?", "dim")
    ends = interval(ratio.low, ratio.high).ljust(ENDS)
    mark = Text() if ratio.enough else ink(f" {FEW}", "yellow")
    return Text(_bare(ratio.value).rjust(5)) + ink(f" {ends}", "dim") + mark


def bare_percent(ratio: Ratio) -> Text:
    """The value alone, for a column whose head says what it is of; `?` where it is not known."""
    return ink("?", "dim") if ratio.value is None else Text(_bare(ratio.value))


def two_decimals(value: float | None) -> Text:
    """A figure from 0 to 1 that is no share; 0 and 1 of nothing but these.

    >>> str(two_decimals(0.999)), str(two_decimals(1)), str(two_decimals(None))
    ('>.99', '1.00', '?')
    """
    if value is None:
        return ink("?", "dim")
    told = f"{value:.2f}"
    if value in {0, 1} or told not in {"0.00", "1.00"}:
        return Text(told)
    return Text(">.99" if value > 0.5 else "<.01")


def points(value: float, lang: Lang) -> str:
    """A difference of two shares, in points of percent.

    >>> points(0.0312, "en"), points(-0.2, "en")
    ('+3.1 pp', '-20.0 pp')
    """
    return word("points_of_percent", lang, value=_signed(value))


def _signed(value: float) -> str:
    told = f"{100 * value:+.1f}"
    return told if value == 0 or float(told) else f"{100 * value:+.3f}"


def difference_parts(difference: Difference, lang: Lang) -> list[Text]:
    """After minus before with its interval, and the word for too little data.

    >>> told = difference_parts(Difference(0.05, -0.01, 0.11, True), "en")
    >>> [part.plain for part in told]
    ['+5.0 pp [-1.0, +11.0]']
    """
    if difference.value is None:
        return [ink(isolated(word("unknown", lang)), "dim")]
    ends = ("?" if end is None else _signed(end) for end in (difference.low, difference.high))
    figure = ink(isolated(points(difference.value, lang)), "bold" if difference.enough else "")
    figure += ink(f" [{', '.join(ends)}]", "dim")
    return [figure] if difference.enough else [figure, not_enough(lang)]


def probability(p: float | None) -> str:
    """A probability with as many decimals as tell something.

    >>> probability(0.03125), probability(1.0), probability(0.0000012), probability(None)
    ('0.031', '1', '<0.0001', '?')
    """
    if p is None:
        return "?"
    if 0 < p < 0.0001:
        return "<0.0001"
    if 0.9995 <= p < 1:
        return ">0.999"
    return f"{p:.{4 if p < 0.001 else 3}f}".rstrip("0").rstrip(".")


def compared(found: float, limit: float) -> tuple[str, str]:
    """A share and its limit with decimals enough to see that they differ.

    >>> compared(0.7996, 0.8), compared(0.8, 0.8)
    (('79.96 %', '80.00 %'), ('80.0 %', '80.0 %'))
    """
    for decimals in range(1, 7):
        told = f"{100 * found:.{decimals}f} %", f"{100 * limit:.{decimals}f} %"
        if told[0] != told[1] or found == limit:
            return told
    return told


def in_columns(
    cells: Sequence[Text], widths: Sequence[int], rights: Sequence[bool], gap: int = 2
) -> Text:
    """Cells beside each other, so many spaces apart, each as wide as its column.

    >>> str(in_columns([Text("a"), Text("7")], [3, 2], [False, True]))
    'a     7'
    """
    placed = [
        Text(" " * max(width - cell.cell_len, 0)) + cell if right else pad(cell, width)
        for cell, width, right in zip(cells, widths, rights, strict=True)
    ]
    line = Text(" " * gap).join(placed)
    line.rstrip()
    return line
