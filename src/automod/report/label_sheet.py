"""The sheet that labellers fill in: a workbook, or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TextIO, TypeAlias

from automod.errors import InputError, MissingExtra
from automod.load.headers import LABEL_PREFIXES, OF_CASES
from automod.workshop.label_cells import ANSWERS, guarded
from automod.workshop.label_rows import Cell, LabelSheet
from automod.workshop.labelling import Draw

from .label_text import bare, draw_text, sentence, stratum_name
from .labels import LANGS, Lang
from .target import placing
from .visible import is_rtl

# XlsxWriter brings no types.
Workbook: TypeAlias = Any
Worksheet: TypeAlias = Any
Format: TypeAlias = Any

MAX_ROWS: Final = 1_048_575
"""Rows that a sheet of a workbook has below its header."""

SHEET: Final = "label"
ABOUT: Final = "about"

_WIDE, _MIDDLE, _NARROW = 48, 20, 12
_WIDTHS: Final = {"id": _MIDDLE, "links": _MIDDLE, "x-note": _MIDDLE, "x-matched": _MIDDLE}
_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "what": ("What to do", "المطلوب"),
    "there": (
        "Say of each ad whether the content is there: yes, no or unsure; not whether it may run.",
        "قل عن كل إعلان هل فيه هذا المحتوى: نعم أو لا أو غير متأكد؛ لا هل يجوز عرضه.",
    ),
    "sign": (
        "Fill in label.by with your name and label.on with the day.",
        "اكتب اسمك في عمود المصنف واليوم في عمود تاريخ التصنيف.",
    ),
    "early": (
        "Go from the top down: whoever stops early has labelled a smaller draw, and a fair one.",
        "ابدأ من الأعلى: من يتوقف قبل النهاية يكون قد صنّف سحبًا أصغر، وهو سليم.",
    ),
    "keep": (
        "Change nothing else: the hidden columns say what each row stands for.",
        "لا تغيّر غير ذلك: الأعمدة المخفية تقول ما يمثّله كل صف.",
    ),
    "codes": ("Codes", "الرموز"),
    "markets": ("Markets", "الأسواق"),
    "population": ("Creatives drawn from (N)", "الإعلانات المسحوب منها (N)"),
    "rows": ("Creatives drawn (n)", "الإعلانات المسحوبة (n)"),
    "seed": ("Seed", "البذرة"),
    "day": ("Drawn on", "تاريخ السحب"),
    "decided": ("Decided on", "تاريخ القرارات"),
    "ruleset": ("Ruleset", "القواعد"),
    "command": ("Command", "الأمر"),
    "stratum": ("Stratum", "الطبقة"),
    "name": ("What was done", "الإجراء"),
    "probability": ("Probability", "الاحتمال"),
    "tells": ("What it will tell", "ما الذي سيُعرف"),
    "choose": ("yes, no or unsure", "نعم أو لا أو غير متأكد"),
    "choose.wrong": ("Write yes, no or unsure.", "اكتب نعم أو لا أو غير متأكد."),
    "on": ("The day, as 2026-11-20", "اليوم، مثل 2026-11-20"),
}  # fmt: skip
"""Key -> English, Arabic."""

_ARABIC: Final[dict[str, str]] = {
    **{name: heading for heading, name in reversed(OF_CASES.items())},
    "label.by": "المصنف",
    "x-market": "x-السوق",
    "x-note": "x-ملاحظة",
    "x-action": "x-الإجراء",
    "x-score": "x-الدرجة",
    "x-matched": "x-المطابق",
    "x-materials": "x-المواد",
}
"""Column -> its Arabic header; what begins `x-` no reader asks for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sheet says of its own making, beside what the draw knows."""

    day: date
    command: str
    lang: Lang = "en"
    titles: Mapping[str, str] = field(default_factory=dict)
    """Of the codes, in that language; they stand in a note at their headers."""


def write_workbook(path: str, sheet: LabelSheet, drawn: Draw, asked: Asked) -> None:
    """Write the sheet as XLSX, with a second sheet that says what was drawn, and how.

    Text stays text, whatever it begins with; nothing in it can be clicked. The same draw gives the
    same bytes. The file appears when it is whole.

    Args:
        path: where it goes.
        sheet: its rows.
        drawn: what they were drawn from.
        asked: when and by which command; the language of its words.

    Raises:
        MissingExtra: the extra `analyst` is not installed.
        InputError: a sheet has no room for so many rows.
        OSError: the file cannot be written.
    """
    write_sheet(path, sheet, about_rows(sheet, drawn, asked), asked)


def write_sheet(
    path: str, sheet: LabelSheet, about: Iterable[Sequence[Cell]], asked: Asked
) -> None:
    """Write a sheet that labellers fill in, and a second one that says how it came about.

    Args:
        path: where it goes.
        sheet: its rows.
        about: the rows of the second sheet.
        asked: when, by which command, in which language.

    Raises:
        MissingExtra: the extra `analyst` is not installed.
        InputError: a sheet has no room for so many rows.
        OSError: the file cannot be written.
    """
    if len(sheet.rows) > MAX_ROWS:
        raise InputError(f"{path}: a sheet has room for {MAX_ROWS:,} rows; write CSV, or draw less")
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtra("analyst", "writing XLSX") from error
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": datetime(asked.day.year, asked.day.month, asked.day.day)})  # noqa: DTZ001 - a day, as XLSX has it
    _write_rows(book, sheet, asked)
    _write_about(book, about, asked.lang)
    book.close()
    with placing(path) as place:
        place.write_bytes(buffer.getvalue())


def header(column: str, lang: Lang) -> str:
    """What stands above a column: a name that the readers of cases know in each language.

    >>> header("label.GMB.REAL", "ar"), header("label.by", "ar"), header("text.cta", "ar")
    ('تصنيف.GMB.REAL', 'المصنف', 'text.cta')
    """
    if lang == "en":
        return column
    if column in _ARABIC:
        return _ARABIC[column]
    code = column.removeprefix(LABEL_PREFIXES[0])
    return column if code == column else LABEL_PREFIXES[1] + code


class _Formats:
    """How cells look."""

    def __init__(self, book: Workbook) -> None:
        top = {"valign": "top"}
        self.head = book.add_format({"bold": True, "bottom": 1, **top})
        self.fill_head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FFE699", **top})
        self.plain = book.add_format(top)
        fill = {"bg_color": "#FFF9E5", "border": 1, "border_color": "#D9D9D9", **top}
        self.fill = book.add_format({**fill, "num_format": "@"})
        self.day = book.add_format({**fill, "num_format": "yyyy-mm-dd"})
        wrapped = {"text_wrap": True, "num_format": "@", **top}
        self.ltr = book.add_format({**wrapped, "reading_order": 1})
        self.rtl = book.add_format({**wrapped, "reading_order": 2})

    def of(self, text: str) -> Format:
        """That of a text, by its direction."""
        return self.rtl if is_rtl(text) else self.ltr


def _write_rows(book: Workbook, sheet: LabelSheet, asked: Asked) -> None:
    page, formats, lang = book.add_worksheet(SHEET), _Formats(book), asked.lang
    if lang == "ar":
        page.right_to_left()
    page.freeze_panes(1, 1)
    for place, column in enumerate(sheet.columns):
        fills = column in sheet.to_fill
        heading = header(column, lang)
        page.write_string(0, place, heading, formats.fill_head if fills else formats.head)
        title = asked.titles.get(_code(column))
        if title is not None:
            page.write_comment(0, place, title, {"author": ""})
        _shape(page, place, column, sheet, formats)
        if fills and sheet.rows:
            _guide(page, place, column, len(sheet.rows), lang)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    for number, row in enumerate(sheet.rows, 1):
        for place, column in enumerate(sheet.columns):
            _write_cell(page, number, place, row.get(column), formats)
            if column in sheet.to_fill:
                page.write_blank(number, place, None, _fill_format(column, formats))


def _code(column: str) -> str:
    """The policy code of a column of labels, without the market behind it."""
    return column.removeprefix(LABEL_PREFIXES[0]).partition("@")[0]


def _shape(page: Worksheet, place: int, column: str, sheet: LabelSheet, formats: _Formats) -> None:
    """The width of a column, its format, and whether it is seen."""
    narrow = _MIDDLE if column.startswith("label.") else _NARROW
    width = _WIDE if column.startswith("text.") else _WIDTHS.get(column, narrow)
    look = _fill_format(column, formats) if column in sheet.to_fill else formats.plain
    page.set_column(place, place, width, look, {"hidden": column in sheet.hidden})


def _fill_format(column: str, formats: _Formats) -> Format:
    return formats.day if column == "label.on" else formats.fill


def _guide(page: Worksheet, place: int, column: str, rows: int, lang: Lang) -> None:
    """What a cell that is filled in offers, and what it refuses."""
    words = ANSWERS[lang]
    if column == "label.on":
        rule: dict[str, Any] = {
            "validate": "date", "criteria": ">=", "value": date(2000, 1, 1),
            "input_message": _text("on", lang), "error_message": _text("on", lang),
        }  # fmt: skip
    elif column.startswith("label.") and column != "label.by":
        rule = {
            "validate": "list", "source": list(words),
            "input_message": _text("choose", lang), "error_message": _text("choose.wrong", lang),
        }  # fmt: skip
    else:
        return
    page.data_validation(1, place, rows, place, rule)


def _write_cell(page: Worksheet, row: int, place: int, cell: Cell, formats: _Formats) -> None:
    if isinstance(cell, str):
        page.write_string(row, place, cell, formats.of(cell))
    elif cell is not None:
        page.write_number(row, place, cell, formats.plain)


# --- the second sheet ----------------------------------------------------------------------------


def _write_about(book: Workbook, about: Iterable[Sequence[Cell]], lang: Lang) -> None:
    page = book.add_worksheet(ABOUT)
    if lang == "ar":
        page.right_to_left()
    bold = book.add_format({"bold": True})
    page.set_column(0, 0, 28)
    page.set_column(1, 4, 16)
    for number, row in enumerate(about):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, place, cell, None if len(row) > 1 and place else bold)
            elif cell is not None:
                page.write_number(number, place, cell)


def about_rows(sheet: LabelSheet, drawn: Draw, asked: Asked) -> Iterator[Sequence[Cell]]:
    """The rows of the second sheet: what to do, what was drawn from what, and what it will tell.

    Args:
        sheet: the first sheet.
        drawn: what was drawn.
        asked: when, by which command, in which language.
    """
    lang = asked.lang
    yield from how_rows(lang)
    yield from ((_text(key, lang), cell) for key, cell in _facts(sheet, drawn, asked))
    yield ()
    yield _text("stratum", lang), _text("name", lang), "N", "n", _text("probability", lang)
    for part in drawn.plan.parts:
        name = bare(stratum_name(part.place, lang))
        yield str(part.place + 1), name, part.population, part.drawn, part.probability
    yield ()
    yield (_text("tells", lang),)
    yield from ((None, bare(line.strip())) for line in draw_text(drawn, lang))


def how_rows(lang: Lang) -> Iterator[Sequence[Cell]]:
    """What a labeller has to do, and an empty row."""
    yield (_text("what", lang),)
    yield from ((None, _text(key, lang)) for key in ("there", "sign", "early", "keep"))
    yield ()


def _facts(sheet: LabelSheet, drawn: Draw, asked: Asked) -> Iterator[tuple[str, Cell]]:
    days = sorted({drawn.decisions.on[row] or "" for row in drawn.rows.tolist()})
    titles = asked.titles
    told = [f"{one} ({titles[one]})" if one in titles else one for one in drawn.policies]
    yield "codes", ("، " if asked.lang == "ar" else ", ").join(told)
    yield "markets", ", ".join(drawn.markets) or bare(sentence("everywhere", asked.lang))
    yield "population", drawn.plan.population
    yield "rows", len(sheet.rows)
    yield "seed", str(drawn.seed)
    yield "day", asked.day.isoformat()
    yield "decided", " - ".join(dict.fromkeys((days[0], days[-1]))) if days else None
    rulesets = dict.fromkeys(drawn.decisions.ruleset[row] for row in drawn.rows.tolist())
    yield from (("ruleset", digest) for digest in rulesets)
    yield "command", asked.command


def _text(key: str, lang: Lang) -> str:
    return _TEXTS[key][LANGS.index(lang)]


# --- CSV -----------------------------------------------------------------------------------------


def write_csv(stream: TextIO, sheet: LabelSheet, lang: Lang = "en") -> None:
    r"""Write the sheet as CSV: the same columns, and nothing about the draw beside them.

    What a spreadsheet would take for a formula, a number or a date gets an apostrophe, which the
    import takes off again.

    Args:
        stream: where it goes.
        sheet: its rows.
        lang: language of the headers.

    >>> rows = ({"id": "007", "text.body": "=1+1", "probability": 0.25},)
    >>> columns = ("id", "text.body", "label.A", "probability")
    >>> out = io.StringIO()
    >>> write_csv(out, LabelSheet(columns, frozenset({"label.A"}), frozenset(), rows, ()))
    >>> out.getvalue().splitlines()[1]
    "'007,'=1+1,,0.25"
    """
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([header(column, lang) for column in sheet.columns])
    writer.writerows(_csv_row(row, sheet.columns) for row in sheet.rows)


def _csv_row(row: Mapping[str, Cell], columns: Iterable[str]) -> list[str]:
    cells = (row.get(column) for column in columns)
    return [
        guarded(cell) if isinstance(cell, str) else "" if cell is None else repr(cell)
        for cell in cells
    ]
