"""A backtest as a workbook: about, groups, load, transitions, materials, creatives."""

from __future__ import annotations

from collections.abc import Sequence

from automod.model.backtest import Backtest, Load, Share, Turned

from .backtest_words import why, word
from .labels import Lang
from .labels import word as label
from .workbook import Cell, Column, Sheet, Style, workbook


def backtest_xlsx(found: Backtest, lang: Lang = "en") -> bytes:
    """The bytes of an XLSX file.

    Args:
        found: what the backtest found.
        lang: of all words; in Arabic the sheets run from right to left.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    sheets = [
        _about(found, lang), _groups(found, lang), _load(found, lang), _transitions(found, lang),
        _noisiest(found, lang), _flips(found, lang),
    ]  # fmt: skip
    return workbook(sheets, rtl=lang == "ar", created=found.on)


def _about(found: Backtest, lang: Lang) -> Sheet:
    effort = found.effort
    rows: list[Sequence[Cell]] = [
        (word("ruleset.before", lang), found.ruleset_before),
        (word("ruleset.after", lang), found.ruleset_after),
        (word("on", lang), found.on),
        (word("creatives", lang), f"{found.creatives:,}"),
        (word("otherwise", lang, count=""), f"{found.whole.share.count:,}"),
    ]
    if found.population is not None:
        rows.append((word("population", lang, count=""), f"{found.population:,}"))
    rows += [(word("effort", lang), why(code, lang)) for code in effort.everywhere]
    told = word(
        "effort.few", lang, materials=f"{effort.materials:,}", looked=f"{effort.looked_at:,}",
        decided=f"{effort.decided:,}",
    )  # fmt: skip
    rows.append((word("effort", lang), told))
    rows += [
        (f"{word('missed', lang)}: {one.code}", f"{one.before:,} -> {one.after:,}")
        for one in found.not_evaluated
    ]
    columns = (Column(word("what", lang), "wrapped", 36), Column(word("number", lang), "text", 90))
    return Sheet(word("about", lang), columns, rows)


def _columns(lang: Lang, *keys: str) -> tuple[Column, ...]:
    return tuple(Column(word(key, lang), "text", 18) for key in keys)


def _counts(lang: Lang, *keys: str) -> tuple[Column, ...]:
    return tuple(Column(word(key, lang), "count") for key in keys)


def _shares(lang: Lang, key: str) -> tuple[Column, ...]:
    name = word(key, lang)
    style: Style = "percent"
    heads = (name, word("low", lang, name=name), word("high", lang, name=name))
    return (*(Column(head, style) for head in heads), Column(word("estimated", lang)))


def _share_cells(one: Share, lang: Lang) -> tuple[Cell, ...]:
    return one.value, one.low, one.high, word("yes" if one.estimated else "no", lang)


def _groups(found: Backtest, lang: Lang) -> Sheet:
    columns = (
        *_columns(lang, "by", "value"), *_counts(lang, "creatives", "gained", "lost", "changed"),
        *_shares(lang, "share"),
    )  # fmt: skip
    rows = [_group(one, lang) for one in (found.whole, *found.groups)]
    return Sheet(word("groups", lang), columns, rows, 2)


def _group(one: Turned, lang: Lang) -> Sequence[Cell]:
    axis = word(one.by, lang) if one.by else word("everywhere", lang)
    value = one.value or (word("no_value", lang) if one.by else None)
    return (
        axis, value, one.creatives, one.gained, one.lost, one.changed,
        *_share_cells(one.share, lang),
    )  # fmt: skip


def _load(found: Backtest, lang: Lang) -> Sheet:
    columns = (
        *_columns(lang, "market", "action"), *_counts(lang, "creatives", "count.before"),
        *_shares(lang, "share.before"), *_counts(lang, "count.after"),
        *_shares(lang, "share.after"), *_counts(lang, "more", "more_in_population"),
    )  # fmt: skip
    rows = [_load_cells(one, lang) for one in found.load]
    return Sheet(word("sheet.load", lang), columns, rows, 2)


def _load_cells(one: Load, lang: Lang) -> Sequence[Cell]:
    return (
        one.market or word("everywhere", lang), label(one.action, lang), one.before.of,
        one.before.count, *_share_cells(one.before, lang), one.after.count,
        *_share_cells(one.after, lang), one.more, one.more_in_population,
    )  # fmt: skip


def _transitions(found: Backtest, lang: Lang) -> Sheet:
    columns = (
        *_columns(lang, "market", "before", "after"), *_counts(lang, "creatives"),
        *_columns(lang, "estimated"),
    )  # fmt: skip
    rows = [
        (one.market or word("everywhere", lang), label(one.before, lang), label(one.after, lang),
         one.creatives, word("yes" if one.estimated else "no", lang))
        for one in found.transitions
    ]  # fmt: skip
    return Sheet(word("sheet.transitions", lang), columns, rows, 3)


def _noisiest(found: Backtest, lang: Lang) -> Sheet:
    columns = (
        Column(word("material", lang), "text", 36), *_counts(lang, "hits", "creatives", "alone"),
        *_shares(lang, "share"),
    )  # fmt: skip
    rows = [
        (one.material, one.hits, one.creatives, one.alone, *_share_cells(one.share, lang))
        for one in found.noisiest
    ]
    return Sheet(word("sheet.noisiest", lang), columns, rows)


def _flips(found: Backtest, lang: Lang) -> Sheet:
    columns = (
        *_counts(lang, "index"), *_columns(lang, "creative", "turn", "before", "after", "markets"),
        Column(word("materials", lang), "wrapped", 48),
    )  # fmt: skip
    rows = [
        (one.index, one.creative, word(one.turn, lang), label(one.before, lang),
         label(one.after, lang), "; ".join(one.markets), "; ".join(one.materials))
        for one in found.flips
    ]  # fmt: skip
    return Sheet(word("sheet.flips", lang), columns, rows, 2)
