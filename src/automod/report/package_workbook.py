"""A package or a table of materials as a workbook to fill in: lists to choose from, notes, text.

Every column is text, so that ids and phone numbers keep their zeros and nothing becomes a date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final, TypeAlias

from automod.errors import InputError, MissingExtra
from automod.load.cell_words import WORDS_AR
from automod.load.headers import (
    ARABIC,
    OF_ALLOWS,
    OF_EXAMPLES,
    OF_PACKAGES,
    OF_PAIRS,
    SHEETS,
    arabic_of,
    package_key,
)
from automod.model.vocabulary import BOUNDARIES, KINDS, STATUSES, VIEWS, WEIGHTS
from automod.workshop.choices import Choices
from automod.workshop.key_order import ALLOW, EXAMPLE, MATERIAL, PACKAGE, Shape
from automod.workshop.table_edit import cell

from .labels import Lang
from .package_words import explained, sheet_sentence
from .workbook import LONGEST, MOST_ROWS

# XlsxWriter brings no types.
Book: TypeAlias = Any
Sheet: TypeAlias = Any

_SHAPES: Final[Mapping[str, Shape]] = {"materials": MATERIAL, "allow": ALLOW, "examples": EXAMPLE}
_ARABIC: Final[Mapping[str, Mapping[str, str]]] = {
    "package": arabic_of(OF_PACKAGES), "materials": arabic_of(ARABIC),
    "allow": arabic_of(OF_ALLOWS), "examples": arabic_of(OF_EXAMPLES),
}  # fmt: skip
_ALWAYS: Final[Mapping[str, Sequence[str]]] = {
    "materials": (
        "id", "kind", "value", "file", "weight", "tags", "view", "boundary", "markets", "status",
        "from", "until", "added_by", "note",
    ),
    "allow": ("id", "kind", "value", "values", "policies", "markets", "until", "ticket", "by",
              "note"),
    "examples": ("text", "image", "hits", "known"),
}  # fmt: skip
"""Columns that are there also where they are blank."""
_ROWS: Final = (
    ("package",), ("version",), ("title", "en"), ("title", "ar"), ("owner",), ("policy",),
    ("languages",), ("markets",), ("status",), ("from",), ("until",), ("note",),
    ("defaults", "weight"),
)  # fmt: skip
"""Rows of the sheet `package` that are there also where they are blank."""
_PARTED: Final = ("title", "defaults", "caps", "approved")
_DAYS: Final = frozenset({"from", "until", "added", "on"})
_NUMBERS: Final = frozenset({
    "weight", "gap", "radius", "needs_within", "schema", "ramp", "expected_rate",
})  # fmt: skip
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "kind": KINDS, "view": VIEWS, "boundary": BOUNDARIES, "status": STATUSES,
    "known": ("miss", "false_alarm"), "weight": tuple(WEIGHTS),
    "only_if_obfuscated": ("true", "false"), "kind of allow": (*KINDS, "advertiser"),
}  # fmt: skip
_OPEN: Final = frozenset({"weight", "markets", "policy", "policies"})
"""Keys where something else than what the list has may be written: a number, several."""
_LISTS: Final = "_lists"
_SPARE: Final = 500
"""Blank rows below the last one that have lists to choose from as well."""
_WIDTHS: Final = {"value": 40, "text": 60, "note": 40, "hits": 30, "values": 30, "example": 40,
                  "not_example": 40}  # fmt: skip


def package_workbook(
    data: Mapping[str, Any], choices: Choices | None = None, *, lang: Lang = "en"
) -> bytes:
    """The bytes of a workbook that holds a package; the same package gives the same bytes.

    Args:
        data: the package as YAML has it, without rules.
        choices: markets and codes to choose from.
        lang: the language of headers, lists and notes; Arabic runs from right to left.

    Raises:
        InputError: there are more rows than a sheet has, or a text is longer than a cell can be.
        MissingExtra: XlsxWriter is not installed.

    >>> package_workbook({"package": "p", "version": "1", "owner": "me"})[:2]
    b'PK'
    """
    writer = _Writer(choices or Choices(), lang)
    writer.pairs(data)
    for name in _SHAPES:
        writer.rows(name, data.get(name) or ())
    return writer.done()


def table_workbook(
    rows: Sequence[Mapping[str, Any]], choices: Choices | None = None, *, lang: Lang = "en"
) -> bytes:
    """The bytes of a workbook that holds a table of materials.

    Raises:
        InputError, MissingExtra: as for `package_workbook`.

    >>> table_workbook([{"id": "007", "kind": "keyword", "value": "casino"}])[:2]
    b'PK'
    """
    writer = _Writer(choices or Choices(), lang)
    writer.rows("materials", rows)
    return writer.done()


class _Writer:
    """Writes sheet after sheet."""

    def __init__(self, choices: Choices, lang: Lang) -> None:
        try:
            from xlsxwriter import Workbook
        except ImportError:
            raise MissingExtra("analyst", "writing XLSX") from None
        self.stream, self.lang = BytesIO(), lang
        self.book: Book = Workbook(self.stream, {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False,
        })  # fmt: skip
        # Else the file would hold the time of day.
        self.book.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001 - Excel has no zones
        top = {"valign": "top"}
        self.text = self.book.add_format({**top, "num_format": "@"})
        self.number = self.book.add_format({**top, "num_format": "General"})
        self.day = self.book.add_format({**top, "num_format": "yyyy-mm-dd"})
        self.told = self.book.add_format({**top, "text_wrap": True, "font_color": "#595959"})
        self.head = self.book.add_format({
            **top, "num_format": "@", "bold": True, "bg_color": "#E7ECF3", "bottom": 1,
        })  # fmt: skip
        offered = {
            "markets": choices.markets, "policy": choices.codes, "policies": choices.codes,
        }  # fmt: skip
        self.offered = {key: held for key, held in {**_CHOICES, **offered}.items() if held}
        self.columns = {key: column for column, key in enumerate(self.offered)}

    def done(self) -> bytes:
        """The bytes of the file, with its lists on a sheet that is hidden."""
        sheet = self.book.add_worksheet(_LISTS)
        for key, column in self.columns.items():
            for row, word in enumerate(self.offered[key]):
                sheet.write_string(row, column, self.word(key, word), self.text)
        sheet.hide()
        self.book.close()
        return self.stream.getvalue()

    def word(self, key: str, word: str) -> str:
        """A word of a cell in the language of the workbook."""
        known = WORDS_AR.get("kind" if key == "kind of allow" else key, {})
        return known.get(word, word) if self.lang == "ar" else word

    def name(self, sheet: str, key: str) -> str:
        """A header in the language of the workbook."""
        return _ARABIC[sheet].get(key, key) if self.lang == "ar" else key

    def sheet(self, name: str) -> Sheet:
        """A new sheet."""
        title = arabic_of(SHEETS)[name] if self.lang == "ar" else name
        sheet = self.book.add_worksheet(title)
        if self.lang == "ar":
            sheet.right_to_left()
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def pairs(self, data: Mapping[str, Any]) -> None:
        """The sheet of keys and values."""
        sheet = self.sheet("package")
        names = arabic_of(OF_PAIRS) if self.lang == "ar" else {}
        for column, (key, width) in enumerate((("key", 28), ("value", 40), ("note", 70))):
            sheet.set_column(column, column, width, self.told if key == "note" else self.text)
            sheet.write_string(0, column, names.get(key, key), self.head)
        held = dict(_pairs(data))
        paths = sorted(dict.fromkeys([*held, *_ROWS]), key=_rank)
        for row, path in enumerate(paths, start=1):
            key = path[-1] if path[0] != "caps" else "weight"
            sheet.write_string(row, 0, self.path_name(path), self.text)
            self.put(sheet, row, 1, key, held.get(path))
            note = explained("package", path[0], self.lang) or ""
            if path[0] == "defaults":
                note = explained("materials", path[1], self.lang) or note
            sheet.write_string(row, 2, note, self.told)
            if path[0] != "caps":
                self.choose(sheet, key, key, row, row, 1)

    def path_name(self, path: Sequence[str]) -> str:
        """A key of the sheet `package` in the language of the workbook."""
        return package_key(path) if self.lang == "ar" else ".".join(path)

    def rows(self, name: str, entries: Sequence[Mapping[str, Any]]) -> None:
        """A sheet with an entry a row."""
        if len(entries) > MOST_ROWS:
            raise InputError(f"there are {len(entries)} {name}; a sheet has {MOST_ROWS} rows")
        sheet, shape = self.sheet(name), _SHAPES[name]
        used = {key for one in entries for key in one} | set(_ALWAYS[name])
        keys = sorted(used, key=shape.rank)
        for column, key in enumerate(keys):
            sheet.set_column(column, column, _WIDTHS.get(key, 14), self.text)
            sheet.write_string(0, column, self.name(name, key), self.head)
            note = explained(name, key, self.lang)
            if note:
                sheet.write_comment(0, column, note, {"author": "", "x_scale": 2})
            list_ = "kind of allow" if name == "allow" and key == "kind" else key
            self.choose(sheet, key, list_, 1, len(entries) + _SPARE, column)
        for row, one in enumerate(entries, start=1):
            for column, key in enumerate(keys):
                value = one.get(key)
                # A blank cell says that nothing is hit.
                self.put(sheet, row, column, key, None if key == "hits" and not value else value)

    def choose(
        self, sheet: Sheet, key: str, list_: str, first: int, last: int, column: int
    ) -> None:
        """Let cells be filled from a list."""
        if list_ not in self.columns:
            return
        letters = _letters(self.columns[list_])
        source = f"={_LISTS}!${letters}$1:${letters}${len(self.offered[list_])}"
        sheet.data_validation(first, column, last, column, {
            "validate": "list", "source": source, "show_error": key not in _OPEN,
            "error_title": self.name("materials", key)[:32],
            "error_message": f"{sheet_sentence('wrong', self.lang)} "
                             f"{sheet_sentence('choose', self.lang)}",
        })  # fmt: skip

    def put(self, sheet: Sheet, row: int, column: int, key: str, value: Any) -> None:
        """Put a value into a cell: numbers and days as such where nothing of them is lost."""
        if value is None or value == "":
            return
        told = cell(value)
        if key in _NUMBERS and _as_number(told) is not None:
            sheet.write_number(row, column, _as_number(told), self.number)
        elif key in _DAYS and _as_day(told) is not None:
            sheet.write_datetime(row, column, _as_day(told), self.day)
        elif (size := len(told.encode("utf-16-le", "surrogatepass")) // 2) > LONGEST:
            # A spreadsheet counts an emoji as two.
            raise InputError(f"{key!r} is {size} characters long; a cell holds {LONGEST}")
        else:
            sheet.write_string(row, column, self.word(key, told), self.text)


def _pairs(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The keys of a package that have a row, and their values."""
    for key, value in data.items():
        if key in _PARTED and isinstance(value, Mapping):
            yield from (((key, part), one) for part, one in value.items())
        elif key not in (*_SHAPES, "rules"):
            yield (key,), value


def _rank(path: Sequence[str]) -> Any:
    """The place of a row; titles and caps keep theirs."""
    below = PACKAGE.under(path[0]).rank(path[1]) if len(path) > 1 else (0, "")
    return PACKAGE.rank(path[0]), below


def _as_number(text: str) -> float | None:
    """The number of a text that is read again as the same text; None for any other."""
    try:
        number = float(text) if text.isascii() else None
    except ValueError:
        return None
    if number is None or f"{number:.12f}".rstrip("0").rstrip(".") != text:
        return None
    return number


def _as_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Excel counts days from 1900 on.
    return day if day.isoformat() == text and day.year > 1900 else None


def _letters(column: int) -> str:
    return chr(ord("A") + column)
