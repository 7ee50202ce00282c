"""Drift between two windows, or in a series: for a screen, as CSV, and as a workbook."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from automod.model.decision import json_text
from automod.model.drift import (
    Changed,
    Drift,
    DriftAlarm,
    DriftCell,
    DriftWatch,
    NotTold,
    Span,
)
from automod.monitor.dispersion import ASSUMED
from automod.monitor.drift import counted
from automod.monitor.drift_rows import ALL

from .decision_csv import Stream, cell
from .drift_words import word
from .labels import Lang
from .plurals import comma
from .visible import isolated
from .workbook import Column, Sheet, workbook

SUFFIXES: Final = {".txt": "text", ".json": "json", ".csv": "csv", ".xlsx": "xlsx"}
"""Suffix of a file -> how it is written."""
MOST: Final = 30
"""Lines of a group on a screen, unless all are asked for."""

_CELLS: Final = (
    "level", "subject", "market", "before", "after", "expected", "ratio", "low", "high", "p",
    "adjusted", "verdict", "needed_days", "reason", "changes",
)  # fmt: skip
_ALARMS: Final = (
    "level", "subject", "market", "verdict", "since", "known_on", "hits", "expected", "ratio",
    "low", "high", "changes",
)  # fmt: skip
_HEADS: Final[Mapping[str, str]] = {
    "before": "hits_before", "after": "hits_after", "ratio": "ratio_head", "since": "since_head",
    "changes": "changes_head", "hits": "hits_head",
}  # fmt: skip


# --- for a screen --------------------------------------------------------------------------------


def drift_lines(
    found: Drift, lang: Lang = "en", titles: Mapping[str, str] | None = None, *, detail: bool
) -> Iterator[str]:
    """What drifted between two windows: noisy and dead apart, the quiet ones counted.

    Args:
        found: the comparison.
        lang: of the words.
        titles: of packages, told beside what drifted.
        detail: every line, however many.
    """
    yield from _head((("before", found.before), ("after", found.after)), found.exposure, lang)
    if any(alpha is None for alpha in found.dispersion.values()):
        yield word("assumed", lang, alpha=ASSUMED)
    yield from _meanwhile(found.changes, lang)
    told = 0
    for verdict in ("noisy", "dead"):
        group = [one for one in found.cells if one.verdict == verdict]
        told += len(group)
        group.sort(key=lambda one: (one.adjusted or 0.0, -abs(one.after - (one.expected or 0))))
        lines = [(place(one, lang, titles), _cell_text(one, lang)) for one in group]
        yield from _group(word(verdict, lang), lines, lang, detail=detail)
    yield ""
    if not told:
        yield word("none", lang)
    yield word("chance", lang, n=f"{found.tested:,}", share=f"{found.false_discoveries:.0%}")
    numbers = counted(found.cells)
    quiet = [
        f"{word(verdict, lang)} {numbers[verdict]:,}"
        for verdict in ("steady", "too_little", "unknown", "left_out")
        if verdict in numbers
    ]  # fmt: skip
    if quiet:
        yield f"{word('quiet', lang)}: {f'{comma(lang)} '.join(quiet)}"


def watch_lines(
    found: DriftWatch, lang: Lang = "en", titles: Mapping[str, str] | None = None, *, detail: bool
) -> Iterator[str]:
    """The alarms of a series that was watched, the latest first.

    Args:
        found: what came of watching.
        lang: of the words.
        titles: of packages, told beside what drifted.
        detail: every line, however many.
    """
    yield from _head((("series", found.window),), found.exposure, lang)
    yield from _meanwhile(found.changes, lang)
    for verdict in ("noisy", "dead"):
        group = [one for one in reversed(found.alarms) if one.verdict == verdict]
        lines = [(place(one, lang, titles), _alarm_text(one, lang)) for one in group]
        yield from _group(word(verdict, lang), lines, lang, detail=detail)
    yield ""
    if not found.alarms:
        yield word("none", lang)
    yield word(
        "by_chance", lang, rows=f"{found.rows:,}", years=f"{found.watched_days / 365:.1f}",
        n=f"{found.by_chance:.1f}",
    )  # fmt: skip
    short = [one for one in found.too_little if one.reason is None]
    left = len(found.too_little) - len(short)
    quiet = [f"{word('too_little', lang)} {len(short):,}"] if short else []
    quiet += [f"{word('left_out', lang)} {left:,}"] if left else []
    if quiet:
        yield f"{word('quiet', lang)}: {f'{comma(lang)} '.join(quiet)}"


def _head(spans: Sequence[tuple[str, Span]], exposure: bool, lang: Lang) -> Iterator[str]:
    for key, one in spans:
        numbers = {"days": f"{one.days:,}", "hits": f"{one.hits:,}"}
        if one.creatives is None:
            told = word("span.days", lang, **numbers)
        else:
            told = word("span.judged", lang, **numbers, creatives=f"{one.creatives:,}")
        line = word(
            "span", lang, name=isolated(one.name), first=one.first, last=one.last, told=told
        )
        yield f"{word(key, lang)}: {line}"
    yield word("per_creative" if exposure else "per_day", lang)


def _meanwhile(changes: Sequence[Changed], lang: Lang) -> Iterator[str]:
    """New versions of packages; of rulesets only where no package tells why."""
    told = [one for one in changes if one.package is not None] or list(changes)
    if told:
        some = f"{comma(lang)} ".join(_change(one, lang) for one in told[:MOST])
        yield word("changes", lang, told=some)


def _change(one: Changed, lang: Lang) -> str:
    name = word("ruleset", lang) if one.package is None else isolated(one.package)
    value = one.value[:19] if one.package is None else one.value
    return word("changed", lang, package=name, value=value, on=one.on)


def _group(
    title: str, lines: Sequence[tuple[str, str]], lang: Lang, *, detail: bool
) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield f"{title} ({len(lines):,})"
    shown = lines if detail else lines[:MOST]
    width = min(max(len(name) for name, _ in shown), 48)
    for name, told in shown:
        yield f"  {name.ljust(width)}  {told}"
    if len(shown) < len(lines):
        yield f"  {word('more', lang, n=f'{len(lines) - len(shown):,}')}"


def place(
    one: DriftCell | DriftAlarm | NotTold, lang: Lang, titles: Mapping[str, str] | None = None
) -> str:
    """What a line is about: a material or a package, and where."""
    name = word("all", lang) if one.subject == ALL else isolated(one.subject)
    title = (titles or {}).get(one.subject.partition("/")[0])
    if title:
        name = f"{name} ({isolated(title)})"
    if one.market == ALL:
        return name
    return word("place", lang, subject=name, market=isolated(one.market))


def _cell_text(one: DriftCell, lang: Lang) -> str:
    hits = word("hits", lang, after=f"{one.after:,}", expected=_number(one.expected))
    return _told(hits, one, lang)


def _alarm_text(one: DriftAlarm, lang: Lang) -> str:
    hits = word("hits", lang, after=f"{one.hits:,}", expected=_number(one.expected))
    known = word("since", lang, since=one.since, known=one.known_on)
    return f"{known}{comma(lang)} {_told(hits, one, lang)}"


def _told(hits: str, one: DriftCell | DriftAlarm, lang: Lang) -> str:
    parts = [hits]
    if one.ratio is None:
        parts.append(word("new", lang))
    else:
        high = word("no_bound", lang) if one.high is None else f"{one.high:.2f}"
        low = 0.0 if one.low is None else one.low
        parts.append(word("ratio", lang, ratio=f"{one.ratio:.2f}", low=f"{low:.2f}", high=high))
    parts += [_change(change, lang) for change in one.changes[-2:]]
    return f"{comma(lang)} ".join(parts)


def _number(value: float | None) -> str:
    if value is None:
        return "?"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def short_lines(found: Drift | DriftWatch, lang: Lang = "en") -> Iterator[str]:
    """What could not be told, and what would be needed: for who asked about it by name."""
    if isinstance(found, DriftWatch):
        for one in found.too_little:
            days, slow = f"{one.watched_days:,}", one.slow_days
            if one.reason is None and slow is None:
                yield word("unlearned", lang, place=place(one, lang))
            elif one.reason is None:
                yield word("unwatched", lang, place=place(one, lang), days=days, slow=f"{slow:,}")
        return
    for cell_ in found.cells:
        if cell_.verdict == "unknown":
            yield word("nothing", lang, place=place(cell_, lang))
        elif cell_.verdict == "too_little":
            days = f"{cell_.needed_days or 0:,}"
            yield word("needed", lang, place=place(cell_, lang), days=days)


# --- files ---------------------------------------------------------------------------------------


def drift_json(found: Drift | DriftWatch, stream: Stream) -> None:
    """All of it as JSON, of the published schema `drift` or `drift_watch`."""
    stream.write(json_text(found.to_dict()) + "\n")


def drift_csv(found: Drift | DriftWatch, stream: Stream) -> None:
    """A row for each material, package and market, or for each alarm; words are the format's."""
    columns, rows = _rows(found, str)
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(value) for value in row])


def drift_xlsx(found: Drift | DriftWatch, lang: Lang = "en") -> bytes:
    """The same as a workbook.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    columns, rows = _rows(found, lambda verdict: _short(verdict, lang))
    heads = tuple(Column(word(_HEADS.get(name, name), lang), width=16) for name in columns)
    sheet = Sheet(word("drift", lang), heads, [[str(value) for value in row] for row in rows])
    last = found.after.last if isinstance(found, Drift) else found.window.last
    return workbook([sheet], rtl=lang == "ar", created=last)


def _short(verdict: str, lang: Lang) -> str:
    return word(f"short.{verdict}" if verdict in ("noisy", "dead") else verdict, lang)


def _rows(
    found: Drift | DriftWatch, told: Callable[[str], str]
) -> tuple[tuple[str, ...], list[list[Any]]]:
    columns = _CELLS if isinstance(found, Drift) else _ALARMS
    held = found.cells if isinstance(found, Drift) else found.alarms
    return columns, [[_value(one, name, told) for name in columns] for one in held]


def _value(one: DriftCell | DriftAlarm, name: str, told: Callable[[str], str]) -> Any:
    value = getattr(one, name)
    if name == "verdict":
        return told(value)
    if name == "changes":
        return "; ".join(
            f"{change.on}: {change.package or 'ruleset'} {change.value}" for change in value
        )
    if isinstance(value, float):
        return f"{value:.6g}"
    return "" if value is None else value
