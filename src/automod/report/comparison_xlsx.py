"""A comparison as a workbook: what changed in each slice, and every flip with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from automod.model.comparison import Change, Comparison, Difference, Flip
from automod.model.evaluation import Ratio

from .evaluation_words import word
from .evaluation_xlsx import (
    about_columns,
    about_rows,
    action_cell,
    all_axes,
    axis_cells,
    axis_columns,
    hit_cells,
    ratio_cells,
    ratio_columns,
    text_cell,
    yes,
)
from .labels import Lang
from .sheet_words import sheet_word
from .workbook import Cell, Column, Sheet, Style, workbook

_COUNTS: Final = ("gained", "lost", "new_alarms", "gone_alarms")
_RATIOS: Final = ("recall", "precision", "false_alarm_rate")


def comparison_xlsx(comparison: Comparison, lang: Lang = "en") -> bytes:
    """A workbook: about, changes, flips.

    Args:
        comparison: what changed.
        lang: of all words; in Arabic the sheets run from right to left.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    sheets = [
        _about(comparison, lang),
        _changes(comparison.changes, lang),
        _flips(comparison.flips, lang),
    ]
    return workbook(sheets, rtl=lang == "ar", created=comparison.after.decided_until)


def _about(comparison: Comparison, lang: Lang) -> Sheet:
    section = word("comparison", lang)
    pairing = word("paired" if comparison.paired else "unpaired", lang)
    differ = comparison.before.policies != comparison.after.policies
    rows: list[Sequence[Cell]] = [
        (section, pairing, None, None),
        *([(section, word("policies.differ", lang), None, None)] * differ),
        (section, word("trials", lang), comparison.trials, None),
        (section, word("only_before", lang), comparison.only_before, None),
        (section, word("only_after", lang), comparison.only_after, None),
        *about_rows(comparison.before, word("baseline", lang), lang),
        *about_rows(comparison.after, word("after", lang), lang),
    ]
    return Sheet(sheet_word("about", lang), about_columns(lang), rows, 0)


def _changes(changes: Sequence[Change], lang: Lang) -> Sheet:
    axes = all_axes(one.by for one in changes)
    columns = (
        *axis_columns(axes, lang), Column(word("point", lang)),
        *(Column(word(key, lang), "count") for key in _COUNTS),
        *(one for key in _RATIOS for one in _moved_columns(word(key, lang), lang)),
        *(Column(sheet_word("p", lang, name=word(key, lang)), "p")
          for key in ("recall", "false_alarm_rate")),
    )  # fmt: skip
    rows = [[*axis_cells(one.by, axes, lang), *_change(one, lang)] for one in changes]
    return Sheet(sheet_word("changes", lang), columns, rows, len(axes) + 2)


def _moved_columns(name: str, lang: Lang) -> tuple[Column, ...]:
    """A ratio before, after, and the difference with its interval."""
    before, after = (sheet_word(key, lang, name=name) for key in ("before", "after"))
    change = sheet_word("difference", lang, name=name)
    styles: tuple[tuple[str, Style], ...] = (
        ("value", "points"), ("low", "points"), ("high", "points"), ("enough", "text"),
    )  # fmt: skip
    told = (Column(sheet_word(key, lang, name=change), style) for key, style in styles)
    return (*ratio_columns(before, lang), *ratio_columns(after, lang), *told)


def _change(one: Change, lang: Lang) -> list[Cell]:
    moved = (
        *_moved(one.recall_before, one.recall_after, one.recall, lang),
        *_moved(one.precision_before, one.precision_after, one.precision, lang),
        *_moved(one.alarms_before, one.alarms_after, one.alarms, lang),
    )
    return [
        word(one.point, lang), one.gained, one.lost, one.new_alarms, one.gone_alarms, *moved,
        one.recall_p, one.alarms_p,
    ]  # fmt: skip


def _moved(before: Ratio, after: Ratio, change: Difference, lang: Lang) -> list[Cell]:
    value: Cell = word("unknown", lang) if change.value is None else change.value
    return [
        *ratio_cells(before, lang), *ratio_cells(after, lang), value, change.low, change.high,
        yes(change.enough, lang),
    ]  # fmt: skip


def _flips(flips: Sequence[Flip], lang: Lang) -> Sheet:
    columns = (
        Column(sheet_word("kind", lang), "text", 20), Column(word("creative", lang), "text", 18),
        Column(word("market", lang), "text", 10), Column(word("policy", lang), "text", 14),
        Column(word("wanted", lang)), Column(word("before", lang)), Column(word("after", lang)),
        Column(sheet_word("text", lang), "wrapped", 60),
        Column(sheet_word("materials.before", lang), "wrapped", 30),
        Column(sheet_word("materials.after", lang), "wrapped", 30),
        Column(sheet_word("surface", lang), "wrapped", 24),
        Column(sheet_word("folds", lang), "wrapped", 24),
    )  # fmt: skip
    return Sheet(sheet_word("flips", lang), columns, [_flip(one, lang) for one in flips], 2)


def _flip(one: Flip, lang: Lang) -> list[Cell]:
    before, after = (hit_cells(hits, lang)[0] for hits in (one.hits_before, one.hits_after))
    _, surfaces, folds = hit_cells((*one.hits_before, *one.hits_after), lang)
    return [
        word(one.kind, lang), one.creative, one.market, one.policy,
        *(action_cell(action, lang) for action in (one.wanted, one.before, one.after)),
        text_cell(one.text), before, after, surfaces, folds,
    ]  # fmt: skip
