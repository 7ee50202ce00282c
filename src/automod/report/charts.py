"""Curves as static SVG: drawn when the report is made, with nothing left to run or to fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from automod.errors import MissingExtra
from automod.model.evaluation import Curve, CurvePoint

from .evaluation_words import word
from .html_figures import percent, score
from .labels import Lang

WIDTH, HEIGHT = 400, 240
FONT: Final = "'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', system-ui, sans-serif"
INK, QUIET, LINE, BAND = "#1c2430", "#5b6675", "#1b5e94", "#9cc3e3"
MOST_LABELS: Final = 7
LEAST_APART: Final = 0.1
"""Of the whole axis, between two thresholds that are written on a curve."""
MOST_DOTS: Final = 30

_NAMESPACE: Final = re.compile(r' (?:xmlns(?::\w+)?|version|class)="[^"]*"')
_SPOKEN: Final = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


def curve_svg(curve: Curve, lang: Lang) -> str | None:
    """Precision over recall, with the interval of precision as a band; None with nothing to draw.

    What it draws is numbers and words of ours: no text of a package or an ad is in it. Axes run
    from left to right in every language, as numbers do.

    Args:
        curve: thresholds, ascending.
        lang: the language of the axes.

    Raises:
        MissingExtra: altair and vl-convert are not installed.
    """
    rows = list(_rows(curve))
    if not rows:
        return None
    try:
        import vl_convert
    except ImportError:
        raise MissingExtra("report", needed_for="a chart") from None
    return _bare(vl_convert.vegalite_to_svg(_chart(rows, lang)))


def _bare(svg: str) -> str:
    """The SVG as part of a page, which says itself what the picture shows."""
    inside = _SPOKEN.sub("", _NAMESPACE.sub("", svg))
    return inside.replace("<svg", '<svg class="chart" aria-hidden="true" focusable="false"', 1)


def _rows(curve: Curve) -> Iterator[dict[str, Any]]:
    """The points that are known, by recall; some of them with what is written on the curve."""
    known = [one for one in curve.points if _drawn(one)]
    known.sort(key=lambda one: (one.recall.value, -one.threshold))
    labelled = _labelled(known)
    for one in known:
        precision = one.precision
        yield {
            "recall": one.recall.value, "precision": precision.value,
            "low": precision.value if precision.low is None else precision.low,
            "high": precision.value if precision.high is None else precision.high,
            "said": score(one.threshold) if one in labelled else "",
        }  # fmt: skip


def _drawn(point: CurvePoint) -> bool:
    return point.precision.value is not None and point.recall.value is not None


def _labelled(points: list[CurvePoint]) -> list[CurvePoint]:
    """A few points that lie apart; the lowest threshold, which finds most, is among them."""
    chosen: list[CurvePoint] = []
    for one in reversed(points):
        recall = one.recall.value or 0.0
        if not chosen or (chosen[-1].recall.value or 0.0) - recall >= LEAST_APART:
            chosen.append(one)
    return chosen[:MOST_LABELS]


def _chart(rows: list[dict[str, Any]], lang: Lang) -> dict[str, Any]:
    try:
        import altair as alt
    except ImportError:
        raise MissingExtra("report", needed_for="a chart") from None

    def scale(name: str) -> dict[str, Any]:
        return {
            "title": word(name, lang),
            "scale": alt.Scale(domain=[0, 1]),
            "axis": alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        }

    base = alt.Chart(alt.InlineData(values=rows)).encode(x=alt.X("recall:Q", **scale("recall")))
    middle = base.encode(y=alt.Y("precision:Q", **scale("precision")))
    # Many thresholds are a line; of few each is seen.
    dots = "true" if len(rows) <= MOST_DOTS else "datum.said != ''"
    layers = [
        base.mark_area(color=BAND, opacity=0.45).encode(y=alt.Y("low:Q"), y2="high:Q"),
        middle.mark_line(color=LINE, strokeWidth=2),
        middle.transform_filter(dots).mark_point(
            fill="white", stroke=LINE, strokeWidth=1.75, size=38, opacity=1
        ),
        middle.mark_text(
            dy=-13, font=FONT, fontSize=11.5, color=INK, fontWeight=600, align="center"
        ).encode(text="said:N"),
    ]
    drawn: dict[str, Any] = (
        alt.layer(*layers)
        .properties(width=WIDTH, height=HEIGHT)
        .configure_view(stroke=None)
        .configure_axis(**_axes())
        .to_dict()
    )
    return drawn


def _axes() -> dict[str, Any]:
    return {
        "labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12.5,
        "labelColor": QUIET, "titleColor": INK, "titleFontWeight": 600, "titlePadding": 10,
        "gridColor": "#e6e9ed", "domainColor": "#c4cad2", "ticks": False, "labelPadding": 6,
    }  # fmt: skip


def curve_words(curve: Curve, lang: Lang) -> str:
    """The ends of a curve in words, for who cannot see it.

    >>> curve_words(Curve((), ()), "en")
    'unknown'
    """
    known = [one for one in curve.points if _drawn(one)]
    ends = dict.fromkeys((known[0], known[-1])) if known else {}
    comma = "؛ " if lang == "ar" else "; "
    told = (
        f"{word('threshold', lang)} {score(one.threshold)}: "
        f"{word('precision', lang)} {percent(one.precision.value or 0.0)}, "
        f"{word('recall', lang)} {percent(one.recall.value or 0.0)}"
        for one in ends
    )
    return comma.join(told) or word("unknown", lang)
