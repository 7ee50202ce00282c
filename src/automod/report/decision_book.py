"""The workbook of a scan, written row by row: nothing in it is a formula, whatever an ad says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.util import find_spec
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from automod.errors import MissingExtra
from automod.load.creative_sheets import OURS
from automod.load.creatives import is_ad_header
from automod.model.vocabulary import ACTIONS
from automod.version import __version__

from .labels import LANGS, Lang
from .tally import Tally, tally_line
from .visible import FSI, PDI
from .workbook import LONGEST, MOST_ROWS

if TYPE_CHECKING:
    from xlsxwriter import Format, Workbook, Worksheet

MOST_FIELDS: Final = 40
"""Columns of marked text; an ad has five fields, and some have a hundred links."""

ADDED: Final = ("action", "reason", "markets", "policies", "materials", "evidence", "complete")
"""What is added to each row, before the marked text."""

_HEADS: Final[dict[str, tuple[str, str]]] = {
    "action": ("decision", "القرار"),
    "reason": ("reason", "السبب"),
    "markets": ("by market", "حسب السوق"),
    "policies": ("policies", "السياسات"),
    "materials": ("found by", "وجدته"),
    "evidence": ("found", "ما وُجد"),
    "complete": ("checked in full", "فُحص بالكامل"),
    "more": ("other fields", "حقول أخرى"),
    "sheet": ("ads", "الإعلانات"),
    "about": ("about", "عن النتيجة"),
    "ruleset": ("ruleset", "القواعد"),
    "days": ("decided as of", "بتاريخ"),
    "total": ("in all", "المجموع"),
    "made": ("made by", "أنشأه"),
    "unread": ("columns not judged", "أعمدة لم تُفحص"),
    "yes": ("yes", "نعم"),
    "no": ("no", "لا"),
}  # fmt: skip
"""Key -> English, Arabic."""

_WIDTHS: Final = {
    "action": 11, "reason": 60, "markets": 20, "policies": 16, "materials": 28, "evidence": 36,
    "complete": 10,
}  # fmt: skip
_MARKED_WIDTH: Final = 60
_NARROW, _WIDE = 10, 50
"""Characters that a column of the analyst's is shown in, at least and at most."""

_COLOURS: Final = {
    "approve": "#E3F4E3", "restrict": "#DCEFF7", "review": "#FFF3CC", "reject": "#FADCD9",
}  # fmt: skip
_HEAD: Final = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
_NOT_XML: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
_AS_MARKUP: Final = "<r>", "</r>"
"""XlsxWriter, row by row, takes a text that begins and ends so for markup of its own."""
_FIRST_YEAR: Final = 1900
"""Of a date that a workbook can hold as one."""


def head(key: str, lang: Lang) -> str:
    """A word of the workbook in one language.

    >>> head("reason", "en"), head("yes", "ar")
    ('reason', 'نعم')
    """
    return _HEADS[key][LANGS.index(lang)]


def check_writer() -> None:
    """Make sure that workbooks can be written.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    if find_spec("xlsxwriter") is None:
        raise MissingExtra("analyst", "writing XLSX")


@dataclass(slots=True)
class Seen:
    """What the rows have that the header, and the page about them, must say."""

    own: dict[tuple[str, int], int] = field(default_factory=dict)
    """(header, how many of its name came before) -> number of an analyst's column."""
    widths: dict[int, int] = field(default_factory=dict)
    fields: dict[str, None] = field(default_factory=dict)
    days: set[str] = field(default_factory=set)
    rulesets: dict[str, None] = field(default_factory=dict)


def write_book(
    place: Path, records: Iterable[Mapping[str, Any]], seen: Seen, tally: Tally, lang: Lang
) -> None:
    """Write a workbook of rows.

    Args:
        place: the file.
        records: of each row `own`, `action`, `added` and `texts`.
        seen: what all of them have.
        tally: how many went which way.
        lang: of headers; Arabic runs from right to left.
    """
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    book = Workbook(str(place), options)
    # Else the file would hold the time of day.
    book.set_properties({"created": datetime.fromisoformat(max(seen.days, default="1980-01-01"))})
    writer = _Writer(book, seen, lang)
    left = iter(records)
    for number in count(1):
        some = list(islice(left, 1))
        if some or number == 1:
            writer.sheet(number, chain(some, islice(left, MOST_ROWS - 1)))
        else:
            break
    writer.about(tally)
    book.close()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Workbook, seen: Seen, lang: Lang) -> None:
        self._book, self._seen, self._lang = book, seen, lang
        self._fields = list(seen.fields)[:MOST_FIELDS]
        self._more = len(seen.fields) > MOST_FIELDS
        top = {"valign": "top"}
        # An Arabic sentence may begin with a market's letters: it still reads from the right.
        told = {**top, "reading_order": 2} if lang == "ar" else top
        self._plain = book.add_format({**top, "num_format": "@"})
        self._number = book.add_format(top)
        self._day = book.add_format({**top, "num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm:ss"})
        self._wrapped = book.add_format({**told, "text_wrap": True})
        self._bare = book.add_format({})
        self._mark = book.add_format({"bold": True, "font_color": "#C00000"})
        self._marked = book.add_format(
            {**top, "text_wrap": True, "bold": True, "font_color": "#C00000"}
        )
        self._actions = {
            one: book.add_format({**top, "bg_color": _COLOURS[one], "bold": True})
            for one in ACTIONS
        }

    def sheet(self, number: int, records: Iterable[Mapping[str, Any]]) -> None:
        """One sheet of at most as many rows as one can hold."""
        name = head("sheet", self._lang)
        sheet = self._new(name if number == 1 else f"{name} {number}")
        first = len(self._seen.own)
        self._headers(sheet, first)
        last = 0
        for last, record in enumerate(records, 1):
            for column, cell in record["own"]:
                self._put(sheet, last, column, cell)
            action, *others = record["added"]
            self._text(sheet, last, first, action, self._actions[record["action"]])
            # What was found is looked at first: it stands beside the action.
            self._write_texts(sheet, last, first + 1, record["texts"])
            for column, cell in enumerate(others, first + 1 + len(self._fields) + self._more):
                self._text(sheet, last, column, cell, self._wrapped)
        columns = first + len(ADDED) + len(self._fields) + self._more
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(last, 1), columns - 1)
        # Ids of digits are texts on purpose: no green corner for each of them.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _new(self, name: str) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        if self._lang == "ar":
            sheet.right_to_left()
        return sheet

    def _headers(self, sheet: Worksheet, first: int) -> None:
        own = self._book.add_format({**_HEAD, "bg_color": "#EEEEEE"})
        ours = self._book.add_format({**_HEAD, "bg_color": "#DCE6F4"})
        for (name, _), column in self._seen.own.items():
            width = min(max(self._seen.widths.get(column, 0) + 2, _NARROW), _WIDE)
            sheet.set_column(column, column, width)
            self._text(sheet, 0, column, name, own)
        action, *others = [(head(key, self._lang), _WIDTHS[key]) for key in ADDED]
        texts = [(name, _MARKED_WIDTH) for name in self._fields]
        texts += [(head("more", self._lang), _MARKED_WIDTH)] if self._more else []
        added = [action, *texts, *others]
        for column, (name, width) in enumerate(added, first):
            sheet.set_column(column, column, width)
            self._text(sheet, 0, column, f"{OURS}{name}", ours)

    def _put(self, sheet: Worksheet, row: int, column: int, cell: Any) -> None:
        """A cell of the analyst's, of the sort that it was."""
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, self._number)
        elif isinstance(cell, (int, float)):
            sheet.write_number(row, column, cell, self._number)
        elif isinstance(cell, dict):
            self._date(sheet, row, column, str(cell["day"]))
        else:
            self._text(sheet, row, column, str(cell), self._plain)

    def _date(self, sheet: Worksheet, row: int, column: int, day: str) -> None:
        moment = datetime.fromisoformat(day)
        if moment.year < _FIRST_YEAR:
            self._text(sheet, row, column, day, self._plain)
            return
        bare = moment.time() == datetime.min.time()
        sheet.write_datetime(row, column, moment, self._day if bare else self._moment)

    def _text(self, sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
        told = _fit(text)
        if told.startswith(_AS_MARKUP[0]) and told.endswith(_AS_MARKUP[1]):
            sheet.write_rich_string(row, column, told[:1], self._bare, told[1:], style)
        elif told:
            sheet.write_string(row, column, told, style)

    def _write_texts(
        self, sheet: Worksheet, row: int, first: int, texts: Mapping[str, Sequence[Any]]
    ) -> None:
        for column, name in enumerate(self._fields, first):
            if name in texts:
                self._rich(sheet, row, column, texts[name])
        if self._more:
            rest = [
                piece
                for name in texts
                if name not in self._fields
                for piece in ([f"{name}: ", False], *texts[name], ["\n", False])
            ]
            self._rich(sheet, row, first + len(self._fields), rest)

    def _rich(
        self, sheet: Worksheet, row: int, column: int, pieces: Sequence[Sequence[Any]]
    ) -> None:
        """Text with its marks in bold red; of a text too long for a cell the beginning."""
        fragments = [(text, marked) for text, marked in _fitting(pieces) if text]
        if len(fragments) <= 1:
            for text, marked in fragments:
                self._text(sheet, row, column, text, self._marked if marked else self._wrapped)
            return
        parts: list[str | Format] = []
        for text, marked in fragments:
            parts += [self._mark, text] if marked else [text]
        sheet.write_rich_string(row, column, *parts, self._wrapped)

    def about(self, tally: Tally) -> None:
        """The sheet that says what decided, as of when, and how many went which way."""
        lang, seen = self._lang, self._seen
        sheet = self._new(head("about", lang))
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 90)
        total = tally_line(tally, lang).plain.replace(FSI, "").replace(PDI, "")
        rows = [
            ("total", total),
            ("days", ", ".join(sorted(seen.days)[:: max(len(seen.days) - 1, 1)])),
            ("ruleset", ", ".join(seen.rulesets)),
            ("made", f"automod {__version__}"),
        ]
        if unread := [name for name, _ in seen.own if name.strip() and not is_ad_header(name)]:
            rows.append(("unread", ("، " if lang == "ar" else ", ").join(unread)))
        for row, (key, value) in enumerate(rows):
            self._text(sheet, row, 0, head(key, lang), self._wrapped)
            self._text(sheet, row, 1, value, self._wrapped)


def _fitting(pieces: Iterable[Sequence[Any]]) -> Iterator[tuple[str, bool]]:
    """Pieces, those next to each other that look alike as one, up to what a cell can hold."""
    room = LONGEST - 8
    held: tuple[str, bool] | None = None
    for text, marked in pieces:
        kept = _fit(text, room)
        room -= _size(kept)
        if held is not None and held[1] == marked:
            held = (held[0] + kept, marked)
        else:
            if held is not None:
                yield held
            held = (kept, marked)
        if room <= 0:
            break
    if held is not None:
        yield held


def _size(text: str) -> int:
    """The units of UTF-16 in a text: what a cell counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fit(text: str, room: int = LONGEST) -> str:
    r"""A text that a cell can hold.

    >>> _fit("win\ud800"), _fit("casino", 4)
    ('win�', 'cas…')
    """
    told = _NOT_XML.sub("\ufffd", text)
    if len(told) * 2 <= room or _size(told) <= room:
        return told
    cut = told.encode("utf-16-le")[: max(room - 1, 0) * 2].decode("utf-16-le", "ignore")
    return f"{cut}…"
