"""What a backtest prints: how much is decided otherwise, where, by what, and what work it makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len

from automod.model.backtest import Backtest, Effort, Flipped, Load, Share, Turned
from automod.model.vocabulary import ACTIONS
from automod.workshop.backtest_limits import Line
from automod.workshop.backtest_review import Review

from .backtest_words import why, word
from .figures import interval, percent
from .labels import Lang
from .labels import word as label
from .visible import isolated

SUFFIXES: Final = {".txt": "text", ".json": "json", ".xlsx": "xlsx"}
"""Suffix of a file -> how it is written."""

MOST_GROUPS, MOST_NOISY, MOST_FLIPS = 10, 10, 20
"""Lines of one sort that are told, unless all are asked for."""

Row = Sequence[str]


def backtest_text(found: Backtest, lang: Lang = "en", *, detail: bool = False) -> Iterator[str]:
    """The lines of a backtest.

    Args:
        found: what it found.
        lang: of the words.
        detail: all groups, materials and creatives that were kept, and the transitions.
    """
    sections = (
        _head(found, lang),
        *(_groups(found, axis, lang, detail=detail) for axis in _axes(found.groups)),
        _load(found, lang),
        _transitions(found, lang) if detail else [],
        _noisiest(found, lang, detail=detail),
        _missed(found, lang),
        _flips(found, lang, detail=detail),
        _effort(found.effort, lang),
    )
    for number, section in enumerate(filter(None, sections)):
        if number:
            yield ""
        yield from section


def _head(found: Backtest, lang: Lang) -> list[str]:
    whole = found.whole
    facts = [word("traffic", lang, creatives=f"{found.creatives:,}")]
    if found.population is not None:
        facts.append(word("population", lang, count=f"{found.population:,}"))
    count = whole.gained + whole.lost + whole.changed
    facts.append(word("otherwise", lang, count=f"{count:,}") + f" ({_share(whole.share, lang)})")
    if found.no_creatives:
        facts.append(word("no_creatives", lang, count=f"{found.no_creatives:,}"))
    lines = [word("backtest", lang), *(f"  {fact}" for fact in facts)]
    turns = ("gained", whole.gained), ("lost", whole.lost), ("changed", whole.changed)
    rows = [(f"{times:,}", word(f"{turn}.long", lang)) for turn, times in turns if times]
    return lines + (_table(rows) if rows else [f"  {word('nothing', lang)}"])


def _axes(groups: Sequence[Turned]) -> list[str]:
    return list(dict.fromkeys(one.by for one in groups))


def _groups(found: Backtest, axis: str, lang: Lang, *, detail: bool) -> list[str]:
    own = [one for one in found.groups if one.by == axis]
    shown = own if detail else own[:MOST_GROUPS]
    head = ("", *(word(turn, lang) for turn in ("gained", "lost", "changed")), word("share", lang))
    rows = [head]
    for one in shown:
        name = isolated(one.value) if one.value else word("no_value", lang)
        counts = (f"{count:,}" for count in (one.gained, one.lost, one.changed))
        rows.append((name, *counts, _share(one.share, lang)))
    return [word(f"by.{axis}", lang), *_table(rows), *_more(len(own) - len(shown), lang)]


def _load(found: Backtest, lang: Lang) -> list[str]:
    """Where anything differs, and all together."""
    told = [one for one in found.load if one.more or not one.market]
    if not told:
        return []
    heads = ["", word("action", lang), word("before", lang), word("after", lang)]
    heads.append(word("more", lang))
    if found.population is not None:
        heads.append(word("more_in_population", lang))
    rows: list[Row] = [heads, *(_load_row(one, lang) for one in told)]
    return [word("load", lang), *_table(rows)]


def _load_row(one: Load, lang: Lang) -> Row:
    market = isolated(one.market) if one.market else word("everywhere", lang)
    row = [market, label(one.action, lang), _share(one.before, lang), _share(one.after, lang)]
    row.append(f"{one.more:+,}")
    if one.more_in_population is not None:
        row.append(f"{one.more_in_population:+,}")
    return row


def _transitions(found: Backtest, lang: Lang) -> list[str]:
    """A row for each market and action before, a column for each action after."""
    counts = {(one.market, one.before, one.after): one for one in found.transitions}
    heads = ["", "", *(f"-> {label(action, lang)}" for action in ACTIONS)]
    rows: list[Row] = [heads]
    for market, before in dict.fromkeys((one.market, one.before) for one in found.transitions):
        row = [isolated(market) if market else word("everywhere", lang), label(before, lang)]
        for after in ACTIONS:
            one = counts.get((market, before, after))
            row.append("" if one is None else f"{'~' * one.estimated}{one.creatives:,}")
        rows.append(row)
    return [word("transitions", lang), *_table(rows)] if len(rows) > 1 else []


def _noisiest(found: Backtest, lang: Lang, *, detail: bool) -> list[str]:
    shown = found.noisiest if detail else found.noisiest[:MOST_NOISY]
    if not shown:
        return []
    heads = ("", word("creatives", lang), word("hits", lang), word("alone", lang), "")
    rows: list[Row] = [heads]
    rows += [
        (isolated(one.material), f"{one.creatives:,}", f"{one.hits:,}", f"{one.alone:,}",
         _share(one.share, lang))
        for one in shown
    ]  # fmt: skip
    left = len(found.noisiest) - len(shown)
    return [word("noisiest", lang), *_table(rows), *_more(left, lang)]


def _missed(found: Backtest, lang: Lang) -> list[str]:
    if not found.not_evaluated:
        return []
    rows: list[Row] = [("", word("before", lang), word("after", lang))]
    rows += [(one.code, f"{one.before:,}", f"{one.after:,}") for one in found.not_evaluated]
    return [word("missed", lang), *_table(rows)]


def _flips(found: Backtest, lang: Lang, *, detail: bool) -> list[str]:
    shown = found.flips if detail else found.flips[:MOST_FLIPS]
    if not shown:
        return []
    whole = found.whole
    left = whole.gained + whole.lost + whole.changed - len(shown)
    rows = [_flip(one, lang) for one in shown]
    return [word("flips", lang), *_table(rows), *_more(left, lang)]


def _flip(one: Flipped, lang: Lang) -> Row:
    actions = f"{label(one.before, lang)} -> {label(one.after, lang)}"
    return (
        isolated(one.creative), word(one.turn, lang), actions, " ".join(one.markets),
        " ".join(one.materials),
    )  # fmt: skip


def _effort(effort: Effort, lang: Lang) -> list[str]:
    if effort.everywhere or effort.looked_at == effort.decided > 0 == effort.drawn:
        reasons = ", ".join(why(code, lang) for code in effort.everywhere)
        told = word("effort.all", lang, why=reasons or word("why.asked", lang))
        return [word("effort", lang), f"  {told}"]
    lines = [
        word("effort", lang),
        "  " + word("effort.few", lang, materials=f"{effort.materials:,}",
                    looked=f"{effort.looked_at:,}", decided=f"{effort.decided:,}"),
    ]  # fmt: skip
    if effort.drawn:
        lines.append("  " + word("effort.drawn", lang, drawn=f"{effort.drawn:,}"))
    return lines


def _more(count: int, lang: Lang) -> list[str]:
    return [f"  {word('more_flips', lang, count=f'{count:,}')}"] if count > 0 else []


def _share(one: Share, lang: Lang) -> str:
    """A share with its counts; with its interval where it has one.

    >>> _share(Share(1, 4, 0.25, 0.25, 0.25), "en"), _share(Share(0, 0, None, None, None), "ar")
    ('25.0 % 1/4', '? 0/0')
    """
    counts = f"{one.count:,}/{one.of:,}"
    if one.value is None:
        return f"? {counts}"
    ends = "" if one.low == one.high else f" {interval(one.low, one.high)}"
    guess = f" {word('estimated', lang)}" if one.estimated else ""
    return f"{percent(one.value)}{ends} {counts}{guess}"


def _table(rows: Sequence[Row]) -> list[str]:
    """Rows in columns, each as wide as its widest cell."""
    widths = [max(cell_len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = (cell + " " * (width - cell_len(cell))
                 for cell, width in zip(row, widths, strict=True))  # fmt: skip
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines


def limit_text(lines: Sequence[Line], lang: Lang) -> Iterator[str]:
    """What became of limits, one line each."""
    for one in lines:
        name = word(one.name, lang, market=one.market or word("everywhere", lang))
        value = "?" if one.value is None else percent(one.value)
        state = "unknown" if one.value is None else "passed" if one.passed else "failed"
        sign = "✔" if one.passed else "✖"
        told = word(f"limit.{state}", lang, name=name, value=value, limit=percent(one.limit))
        yield f"{sign} {told}"


def review_text(review: Review, file: str, lang: Lang) -> Iterator[str]:
    """What was drawn for review."""
    rows, population = len(review.sheet.rows), review.population
    yield word("review.drawn", lang, rows=f"{rows:,}", population=f"{population:,}", file=file)
    if review.repeated:
        yield word("review.repeated", lang, count=f"{review.repeated:,}")
