"""An evaluation as a workbook: what an analyst sorts, filters and sends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from automod.model.evaluation import (
    About,
    Agreement,
    By,
    Curve,
    Evaluation,
    Example,
    Measures,
    Part,
    Ratio,
    Slice,
)
from automod.model.vocabulary import ACTIONS

from .evaluation_text import told_about, told_account
from .evaluation_view import NOISY, axes_of, is_noisy
from .evaluation_words import (
    WARNING_SIGN,
    axis_word,
    glossary,
    status_word,
    value_word,
    warning_count,
    warning_text,
    warning_title,
    word,
)
from .labels import Lang, fold_words
from .labels import word as action_word
from .part_text import by_hits, part_name, split
from .sheet_words import sheet_word
from .visible import FSI, PDI
from .workbook import Cell, Column, Sheet, Style, workbook

_COUNTS: Final = ("tp", "fp", "fn", "tn")
_RATIOS: Final = ("precision", "recall", "f1", "false_alarm_rate", "rate")


def evaluation_xlsx(evaluation: Evaluation, lang: Lang = "en") -> bytes:
    """A workbook: about (its warnings first), slices, materials, overlap, thresholds and so on.

    Args:
        evaluation: what was found.
        lang: of all words; in Arabic the sheets run from right to left.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    sheets = [
        about_sheet(evaluation, lang),
        _slices("slices", evaluation.slices, lang),
        *([_slices("impressions", evaluation.impressions, lang)] * bool(evaluation.impressions)),
        _materials(evaluation, lang),
        _overlap(evaluation, lang),
        _thresholds(evaluation, lang),
        _examples(evaluation.examples, lang),
        _agreement(evaluation.agreement, lang),
    ]
    return workbook(sheets, rtl=lang == "ar", created=evaluation.about.decided_until)


# --- about ---------------------------------------------------------------------------------------


def about_sheet(evaluation: Evaluation, lang: Lang) -> Sheet:
    """What must be said first, what was counted, where it comes from, what the words mean."""
    rows: list[Sequence[Cell]] = [
        (word("warnings", lang), f"{WARNING_SIGN} {warning_title(one, lang)}",
         unisolated(warning_count(one, lang)), warning_text(one, lang))
        for one in evaluation.warnings
    ]  # fmt: skip
    rows = rows or [(word("warnings", lang), word("no_warnings", lang), None, None)]
    account = word("account", lang)
    rows += [
        (account, word(key, lang), count, None) for key, count in told_account(evaluation.account)
    ]
    rows += about_rows(evaluation.about, word("about", lang), lang)
    title = word("glossary", lang)
    rows += [(title, term, None, text) for _, term, text in glossary(lang)]
    return Sheet(sheet_word("about", lang), about_columns(lang), rows, 0)


def about_columns(lang: Lang) -> tuple[Column, ...]:
    """The columns of a sheet that says where figures come from."""
    return (
        Column(sheet_word("section", lang), "text", 22),
        Column(sheet_word("what", lang), "wrapped", 36),
        Column(sheet_word("number", lang), "count", 30),
        Column(sheet_word("note", lang), "wrapped", 90),
    )  # fmt: skip


def about_rows(about: About, section: str, lang: Lang) -> list[Sequence[Cell]]:
    """Version, digests, dates and how intervals are made."""
    return [
        (section, word(key, lang), unisolated(value), None)
        for key, value in told_about(about, lang)
    ]


def unisolated(text: str) -> str:
    """A sentence of ours without the marks that keep directions apart on a line."""
    return text.replace(FSI, "").replace(PDI, "")


# --- ratios --------------------------------------------------------------------------------------


def ratio_columns(name: str, lang: Lang, style: Style = "percent") -> tuple[Column, ...]:
    """The six columns of a ratio."""
    styles: tuple[tuple[str, Style], ...] = (
        ("count", "count"), ("of", "count"), ("value", style), ("low", style), ("high", style),
        ("enough", "text"),
    )  # fmt: skip
    return tuple(Column(sheet_word(key, lang, name=name), one, 11) for key, one in styles)


def ratio_cells(ratio: Ratio, lang: Lang) -> list[Cell]:
    """A ratio: its counts, its value (a word where it is unknown), its interval, whether enough."""
    value: Cell = word("unknown", lang) if ratio.value is None else ratio.value
    enough = yes(ratio.enough, lang)
    return [ratio.count, ratio.of, value, ratio.low, ratio.high, enough]


def yes(flag: bool, lang: Lang) -> str:
    """A word that can be filtered by."""
    return word("yes" if flag else "no", lang)


def _measure_columns(lang: Lang) -> tuple[Column, ...]:
    counts = (Column(word(key, lang), "count", 11) for key in _COUNTS)
    ratios = (one for key in _RATIOS for one in ratio_columns(word(key, lang), lang))
    return (*counts, *ratios)


def _measure_cells(measures: Measures, lang: Lang) -> list[Cell]:
    counts: list[Cell] = [measures.tp, measures.fp, measures.fn, measures.tn]
    ratios = (
        measures.precision, measures.recall, measures.f1, measures.false_alarm_rate, measures.rate,
    )  # fmt: skip
    return counts + [cell for ratio in ratios for cell in ratio_cells(ratio, lang)]


# --- slices --------------------------------------------------------------------------------------


def axis_columns(axes: Iterable[str], lang: Lang) -> tuple[Column, ...]:
    """What a table is cut by, then a column for each axis."""
    cut = Column(sheet_word("cut", lang), "text", 18)
    return (cut, *(Column(axis_word(axis, lang), "text", 14) for axis in axes))


def axis_cells(by: By, axes: Iterable[str], lang: Lang) -> list[Cell]:
    """What a slice is cut by, and its value on each axis."""
    return [_cut(by, lang), *axis_values(by, axes, lang)]


def _cut(by: By, lang: Lang) -> str:
    return " × ".join(axis_word(axis, lang) for axis in axes_of(by)) or word("all", lang)


def axis_values(by: By, axes: Iterable[str], lang: Lang) -> list[Cell]:
    """The value on each axis; the word for all on one that the slice is not cut by."""
    values = dict(by)
    return [
        value_word(axis, values[axis], lang) if axis in values else word("all", lang)
        for axis in axes
    ]


def all_axes(cuts: Iterable[By]) -> tuple[str, ...]:
    """Every axis of some slices, once."""
    return tuple(dict.fromkeys(axis for by in cuts for axis in axes_of(by)))


def _slices(name: str, slices: Sequence[Slice], lang: Lang) -> Sheet:
    axes = all_axes(one.by for one in slices)
    columns = (
        *axis_columns(axes, lang), Column(word("point", lang)),
        Column(word("incomplete", lang), "count"), *_measure_columns(lang),
    )  # fmt: skip
    rows = [
        [*axis_cells(one.by, axes, lang), word(one.point, lang), one.incomplete,
         *_measure_cells(one.measures, lang)]
        for one in slices
    ]  # fmt: skip
    return Sheet(sheet_word(name, lang), columns, rows, len(axes) + 2)


# --- material ------------------------------------------------------------------------------------


def _materials(evaluation: Evaluation, lang: Lang) -> Sheet:
    """Every part of the material by every axis; what has no hit at all comes last."""
    axes = all_axes(split(one.by)[1] for one in evaluation.parts)
    columns = (
        Column(sheet_word("cut", lang), "text", 18), Column(word("part", lang), "text", 32),
        *(Column(axis_word(axis, lang), "text", 14) for axis in axes),
        Column(word("status", lang)), Column(word("hits", lang), "count"),
        Column(word("alone", lang), "count"), Column(word("covered_by", lang), "text", 24),
        Column(sheet_word("noisy", lang)), *ratio_columns(word("so", lang), lang, "score"),
        *_measure_columns(lang),
    )  # fmt: skip
    cuts = list(dict.fromkeys(axes_of(one.by) for one in evaluation.parts))
    parts = sorted(evaluation.parts, key=lambda one: (cuts.index(axes_of(one.by)), *by_hits(one)))
    rows = [_part(one, axes, lang) for one in parts]
    rows += [_dead(name, len(axes), len(columns), lang) for name in evaluation.dead]
    return Sheet(sheet_word("materials", lang), columns, rows, 2)


def _part(part: Part, axes: Sequence[str], lang: Lang) -> list[Cell]:
    found = part.measures
    named, within = split(part.by)
    return [
        _cut(named, lang), unisolated(part_name(part.by)), *axis_values(within, axes, lang),
        status_word(part.status, lang), found.tp + found.fp, part.alone, part.covered_by,
        yes(is_noisy(part, NOISY), lang), *ratio_cells(found.so, lang),
        *_measure_cells(found, lang),
    ]  # fmt: skip


def _dead(name: str, axes: int, width: int, lang: Lang) -> list[Cell]:
    """A material or rule without a hit: its name, and 0."""
    blank: list[Cell] = [None] * axes
    row = [axis_word("material", lang), name, *blank, word("dead", lang), 0, 0]
    return row + [None] * (width - len(row))


def _overlap(evaluation: Evaluation, lang: Lang) -> Sheet:
    columns = (
        Column(word("policy", lang), "text", 14), Column(word("part", lang), "text", 30),
        Column(sheet_word("part.2", lang), "text", 30), Column(word("in_both", lang), "count"),
        Column(word("in_either", lang), "count"), Column(sheet_word("share", lang), "percent"),
    )  # fmt: skip
    rows: list[Sequence[Cell]] = [
        [one.policy, one.one, one.other, one.both, one.either, one.both / one.either]
        for one in evaluation.overlaps
        if one.either
    ]
    return Sheet(sheet_word("overlap", lang), columns, rows)


# --- thresholds, examples, agreement -------------------------------------------------------------


def _thresholds(evaluation: Evaluation, lang: Lang) -> Sheet:
    """What each threshold would give: for each stance, then for each policy code."""
    curves: Sequence[Curve] = (*evaluation.thresholds, *evaluation.curves)
    axes = all_axes(one.by for one in curves)
    columns = (
        *axis_columns(axes, lang), Column(word("threshold", lang), "score"),
        *(one for key in ("precision", "recall", "load")
          for one in ratio_columns(word(key, lang), lang)),
    )  # fmt: skip
    rows = [
        [*axis_cells(curve.by, axes, lang), one.threshold,
         *(cell for ratio in (one.precision, one.recall, one.load)
           for cell in ratio_cells(ratio, lang))]
        for curve in curves
        for one in curve.points
    ]  # fmt: skip
    return Sheet(sheet_word("thresholds", lang), columns, rows, len(axes) + 2)


def _examples(examples: Sequence[Example], lang: Lang) -> Sheet:
    columns = (
        Column(sheet_word("kind", lang), "text", 16), Column(word("creative", lang), "text", 18),
        Column(word("market", lang), "text", 10), Column(word("policy", lang), "text", 14),
        Column(word("action", lang)), Column(word("wanted", lang)),
        Column(word("score", lang), "score"), Column(sheet_word("text", lang), "wrapped", 60),
        Column(sheet_word("images", lang), "wrapped", 20),
        Column(sheet_word("materials.hit", lang), "wrapped", 30),
        Column(sheet_word("surface", lang), "wrapped", 24),
        Column(sheet_word("folds", lang), "wrapped", 24),
    )  # fmt: skip
    rows: list[Sequence[Cell]] = [
        [word(one.outcome, lang), one.creative, one.market, one.policy,
         action_cell(one.action, lang), action_cell(one.wanted, lang), one.score,
         text_cell(one.text), "\n".join(one.images), *hit_cells(one.hits, lang)]
        for one in examples
    ]  # fmt: skip
    return Sheet(sheet_word("examples", lang), columns, rows, 2)


def action_cell(action: str, lang: Lang) -> str:
    """An action in words; one of somebody else's by its own name."""
    return action_word(action, lang) if action in ACTIONS else action


def text_cell(text: Mapping[str, str]) -> str:
    """The fields of a creative, one a line; in a field's own text there are no ends of lines."""
    return "\n".join(f"{name}: {_one_line(one)}" for name, one in text.items())


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def hit_cells(hits: Sequence[Mapping[str, Any]], lang: Lang) -> tuple[str, str, str]:
    """The materials of some hits, what they found, and how that was disguised: a line for each."""
    once = dict.fromkeys((str(hit["material"]), str(hit.get("text") or ""), _folds(hit, lang))
                         for hit in hits)  # fmt: skip
    materials, surfaces, folds = zip(*once, strict=True) if once else ((), (), ())
    return "\n".join(materials), _lines(surfaces), _lines(folds)


def _folds(hit: Mapping[str, Any], lang: Lang) -> str:
    return fold_words(tuple(hit.get("folds") or ()), lang)


def _lines(parts: Sequence[str]) -> str:
    return "\n".join(map(_one_line, parts)) if any(parts) else ""


def _agreement(agreement: Sequence[Agreement], lang: Lang) -> Sheet:
    kappa = word("kappa", lang)
    columns = (
        Column(word("market", lang)), Column(word("labeller", lang), "text", 20),
        Column(sheet_word("labeller.2", lang), "text", 20),
        Column(word("items", lang), "count"), Column(word("agreed", lang), "count"),
        Column(sheet_word("share", lang), "percent"), Column(kappa, "score"),
        Column(sheet_word("low", lang, name=kappa), "score"),
        Column(sheet_word("high", lang, name=kappa), "score"),
        Column(sheet_word("enough", lang, name=kappa)),
    )  # fmt: skip
    return Sheet(sheet_word("agreement", lang), columns, list(_agreed(agreement, lang)), 3)


def _agreed(agreement: Sequence[Agreement], lang: Lang) -> Iterator[list[Cell]]:
    for one in agreement:
        market = word("all", lang) if one.market == "*" else one.market
        share = one.agreed / one.items if one.items else None
        kappa: Cell = word("unknown", lang) if one.kappa is None else one.kappa
        yield [
            market, one.one, one.other, one.items, one.agreed, share, kappa, one.low, one.high,
            yes(one.enough, lang),
        ]  # fmt: skip
