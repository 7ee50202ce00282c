"""Files of creatives -> dicts, one by one; what cannot be read is said in its place."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, TextIO

from pydantic_core import PydanticCustomError

from automod.errors import InputError, Location
from automod.model.scalars import (
    has_lone_surrogate,
    parse_count,
    parse_json,
    parse_texts,
    refuse,
    shown,
)

from .ad_headers import header_hint
from .faults import Faults
from .files import UTF16, Decoded, bare_utf16, decode
from .headers import CREATIVE_KEYS, case_column
from .json_files import Unreadable, json_lines
from .kept_rows import Row, Rowed
from .tables import describe, guess_delimiter

Format = Literal["jsonl", "json", "csv", "xlsx"]
Note = Callable[[str], None]
Numbered = Iterator["tuple[int, dict[str, Any] | Unreadable]"]
"""What was read, each with the line, row or entry it stands in, from 1."""

MAX_JSON: Final = 1024 * 1024 * 1024
"""Bytes of one JSON file, which is read as a whole."""

_SAMPLE: Final = 256 * 1024
_ARCHIVE: Final = b"PK\x03\x04"
"""How a workbook begins: it is an archive."""
_BY_SUFFIX: Final[dict[str, Format]] = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "csv",
    ".xlsx": "xlsx",
}  # fmt: skip


def read_creatives(
    source: str | os.PathLike[str] | BinaryIO | TextIO,
    format: Format | None = None,  # noqa: A002 - the word every command uses for it
    note: Note | None = None,
    *,
    keep: bool = False,
) -> Iterator[dict[str, Any] | Unreadable]:
    """The creatives of a file, one by one, as dicts that the engine judges.

    Args:
        source: A path, or an open stream of bytes or text.
        format: `jsonl`, `json`, `csv` or `xlsx` (of a path); from the suffix when left out, else
            from what it begins with.
        note: Called with what was guessed (the encoding and the delimiter of a table).
        keep: With each creative of a CSV its row, and let columns pass that are none of ours; those
            of a workbook always are so.

    Raises:
        InputError: the file cannot be read at all.

    >>> lines = io.BytesIO(b'{"id": "c1", "text": {"body": "hello"}}')
    >>> list(read_creatives(lines, "jsonl"))
    [{'id': 'c1', 'text': {'body': 'hello'}}]
    """
    return (found for _, found in read_numbered(source, format, note, keep=keep))


def read_numbered(
    source: str | os.PathLike[str] | BinaryIO | TextIO,
    format: Format | None = None,  # noqa: A002 - the word every command uses for it
    note: Note | None = None,
    *,
    keep: bool = False,
) -> Numbered:
    r"""The creatives of a file as `read_creatives` has them, each with the line or row it is in.

    >>> list(read_numbered(io.BytesIO(b'\n{"id": "c1"}'), "jsonl"))
    [(2, {'id': 'c1'})]
    """
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        chosen = format or _BY_SUFFIX.get(path.suffix.lower())
        if chosen == "xlsx":
            from .creative_sheets import read_creative_sheet

            for found in read_creative_sheet(path, str(source), note or _say_nothing):
                yield found.row.place.line or 0 if isinstance(found, Rowed) else found.line, found
            return
        try:
            with path.open("rb") as stream:
                yield from _read(stream, str(source), chosen, note, keep)
        except (OSError, ValueError) as error:
            raise InputError(f"{source}: cannot be read: {error}") from error
        return
    yield from _read(_bytes_of(source), getattr(source, "name", "input"), format, note, keep)


def placed(creative: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A creative whose images and videos are paths from anywhere.

    Args:
        creative: as it was read.
        folder: where its file lies, from which the paths in it count.

    >>> placed({"id": "c1", "images": ["a.png"]}, Path("ads"))
    {'id': 'c1', 'images': ['ads/a.png']}
    """
    paths = {
        key: [str(folder / one) if isinstance(one, str) else one for one in creative[key]]
        for key in ("images", "videos")
        if isinstance(creative.get(key), list)
    }
    if not paths:
        return creative
    found = {**creative, **paths}
    return Rowed(found, creative.row) if isinstance(creative, Rowed) else found


def _bytes_of(stream: BinaryIO | TextIO) -> BinaryIO:
    if isinstance(stream, io.TextIOBase):
        buffer = getattr(stream, "buffer", None)
        if buffer is not None:
            return _bytes_of(buffer)
        return io.BytesIO(str(stream.read()).encode("utf-8", "surrogatepass"))
    return stream  # type: ignore[return-value]  # what is no text stream gives bytes


def _read(
    stream: BinaryIO, name: Any, chosen: Format | None, note: Note | None, keep: bool
) -> Numbered:
    sample = stream.read(_SAMPLE)
    chosen = chosen or sniff(sample)
    if chosen == "xlsx" or sample.startswith(_ARCHIVE):
        raise InputError(f"{name}: a workbook is read from a file whose name ends in .xlsx")
    if chosen == "csv":
        return _csv(sample, stream, str(name), note or _say_nothing, keep)
    refuse_utf16(sample, str(name))
    sample = sample.removeprefix(codecs.BOM_UTF8)
    return _json(sample, stream, str(name)) if chosen == "json" else json_lines(stream, sample)


def refuse_utf16(sample: bytes, name: str) -> None:
    """Refuse JSON that is UTF-16.

    Raises:
        InputError: it is.
    """
    if sample.startswith(UTF16):
        raise InputError(f"{name}: is UTF-16; JSON is UTF-8: save it as that")


def _say_nothing(_: str) -> None:
    """Nobody asked what was guessed."""


def sniff(sample: bytes) -> Format:
    """The format of a file, by its beginning.

    >>> sniff(b'[{"id": "c1"}]'), sniff(b'{"id": "c1"}'), sniff(b"id,text.body")
    ('json', 'jsonl', 'csv')
    """
    start = sample.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start == b"[":
        return "json"
    return "jsonl" if start == b"{" else "csv"


def _json(sample: bytes, stream: BinaryIO, name: str) -> Numbered:
    data = sample + stream.read(MAX_JSON)
    if len(data) > MAX_JSON:
        raise InputError(f"{name}: is larger than {MAX_JSON // 2**20} MiB; use JSONL")
    try:
        found = parse_json(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}:{line}: byte 0x{data[error.start]:02X} is not UTF-8") from error
    except PydanticCustomError as error:
        raise InputError(f"{name}: {error.message()}") from error
    if not isinstance(found, (dict, list)):
        raise InputError(f"{name}: {shown(found)} is no list of creatives")
    for i, one in enumerate([found] if isinstance(found, dict) else found, 1):
        if isinstance(one, dict):
            yield i, one
        else:
            yield i, Unreadable(i, f"{shown(one)} is not a JSON object", raw=one)


def _csv(sample: bytes, stream: BinaryIO, name: str, note: Note, keep: bool) -> Numbered:
    encoding, delimiter = _guess(sample, name, note)
    reader = csv.reader(_text(sample, stream, encoding), delimiter=delimiter, strict=True)
    rows = _numbered(reader)
    line, header = next(((n, row) for n, row in rows if _holds_something(row)), (0, None))
    if header is None or isinstance(header, Unreadable):
        why = "has no header row" if header is None else header.message
        raise InputError(f"{name}: {why}")
    if keep:
        yield from _kept(rows, Location(name, line), header, note)
        return
    columns = _columns(header, f"{name}:{line}")
    for line, row in rows:
        if isinstance(row, Unreadable):
            yield line, row
        elif _holds_something(row):
            yield line, _creative(line, row, columns)


def _kept(
    rows: Iterator[tuple[int, list[str] | Unreadable]], place: Location, head: list[str], note: Note
) -> Numbered:
    """Creatives with their rows, under a header that may have columns that are none of ours."""
    from .creative_sheets import columns_kept, own_columns_note

    columns, own = columns_kept(head, str(place))
    if own:
        note(own_columns_note(str(place), own))
    header = tuple(head)
    for line, cells in rows:
        if isinstance(cells, Unreadable):
            yield line, cells
        elif _holds_something(cells):
            filled = (*cells[: len(header)], *[""] * (len(header) - len(cells)))
            row = Row(header, filled, Location(place.file, line))
            found = _creative(line, cells, columns)
            if isinstance(found, Unreadable):
                yield line, Unreadable(line, found.message, row.place, row, cells)
            else:
                yield line, Rowed(found, row)


def _holds_something(row: list[str] | Unreadable) -> bool:
    return isinstance(row, Unreadable) or any(map(str.strip, row))


def _guess(sample: bytes, name: str, note: Note) -> tuple[str, str]:
    """The encoding and the delimiter of a table, by its beginning."""
    if len(sample) == _SAMPLE:
        cut = sample.rfind(b"\n") + 1 or _SAMPLE
        sample = sample[: cut - cut % 2] if b"\0" in sample[:400] else sample[:cut]
    faults = Faults()
    decoded = decode(sample, name, faults, windows=True)
    if decoded is None:
        # Good UTF-8 with a few broken bytes: the rows that hold them are told one by one.
        if b"\0" in sample:
            raise InputError(str(faults.found[0]))
        decoded = Decoded(sample.decode("utf-8-sig", "replace"), "utf-8")
    delimiter = guess_delimiter(decoded.text, is_ad_header)
    said = describe(name, decoded.encoding, delimiter)
    if said:
        note(said)
    return decoded.encoding, delimiter


def _text(sample: bytes, stream: BinaryIO, encoding: str) -> TextIO:
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    if encoding == "utf-16" and not sample.startswith(UTF16):
        codec = bare_utf16(sample) or encoding
    joined = io.BufferedReader(_Joined(sample, stream), 1 << 16)
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    return io.TextIOWrapper(joined, encoding=codec, errors=errors, newline="")


class _Joined(io.RawIOBase):
    """A stream again from its beginning, after some of it was read; it closes nothing."""

    def __init__(self, sample: bytes, stream: BinaryIO) -> None:
        self._left, self._stream = memoryview(sample), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._left = memoryview(self._stream.read(len(buffer)) or b"")
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def _numbered(reader: Any) -> Iterator[tuple[int, list[str] | Unreadable]]:
    """Rows with the line each begins in; a row that is no CSV is said, and the next goes on."""
    for _ in itertools.count():
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Unreadable(line, f"the row is not CSV: {error}")


_BETWEEN_MARKETS: Final = re.compile(
    r"(?<=[A-Za-z])\s*,\s*(?=[A-Za-z])|(?<=[A-Za-z])\s+(?=[A-Za-z])"
)
_LISTS: Final = frozenset({"markets", "images", "videos", "links"})
_OBJECT: Final = re.compile(r'\s*\{\s*["}]')
"""How a cell of `text` begins that is JSON; any other is the text of the ad."""
_NESTED: Final = frozenset({"certificates", "targeting", "attributes", "text"})
_INSIDE: Final = ("text", "attributes", "targeting")
"""What may be written as columns of its own: `text.title`."""

Column = tuple[str, str | None]
"""The key of a creative, and the name inside it (`text.title`)."""


def _columns(header: list[str], place: str) -> list[Column | None]:
    """What each column is; None for those that begin `x-` and those without a header.

    Raises:
        InputError: a header is none of ours, or is there twice.
    """
    refuse_title(header, place)
    columns: list[Column | None] = []
    wrong: list[str] = []
    for raw in header:
        name = raw.strip()
        column = column_of(case_column(name))
        if column is None and name and not name.startswith("x-"):
            wrong.append(
                f'{place}, column "{name}": {shown(name)} is no column of creatives; '
                f"{header_hint(name, kept=_KEEPING)}"
            )
        elif column is not None and column in columns:
            wrong.append(f'{place}, column "{name}": {said_twice(column)}')
        columns.append(column)
    if wrong:
        raise InputError("\n".join(wrong))
    return columns


_KEEPING: Final = ", or write the result as .xlsx, which keeps it"
"""What else may be done where a file of text has a column of somebody's own."""


def said_twice(column: Column) -> str:
    """What is wrong with the second of two columns that are one.

    >>> said_twice(("text", "body"))
    "the column is there twice: both are 'text.body'"
    """
    name = ".".join(one for one in column if one is not None)
    return f"the column is there twice: both are '{name}'"


def refuse_title(header: Sequence[str], place: str) -> None:
    """Refuse a row of one cell that is no header: a title above the table.

    Raises:
        InputError: the row is one.
    """
    filled = [cell for cell in header if cell.strip()]
    if len(filled) == 1 and not is_ad_header(filled[0]):
        raise InputError(
            f"{place}: only {shown(filled[0])} stands here; is it a title? the headers must stand "
            "in the first row"
        )


def is_ad_header(cell: str) -> bool:
    """Whether a header is one of a creative's, however it is written.

    >>> is_ad_header("Ad text"), is_ad_header("النص"), is_ad_header("Campaign")
    (True, True, False)
    """
    return column_of(case_column(cell)) is not None


def column_of(name: str) -> Column | None:
    """What a column of a table of creatives holds; None where it holds nothing of a creative.

    >>> column_of("text.title"), column_of("markets"), column_of("titel")
    (('text', 'title'), ('markets', None), None)
    """
    if name in CREATIVE_KEYS:
        return name, None
    key, _, inside = name.partition(".")
    return (key, inside) if key in _INSIDE and inside else None


def _creative(
    line: int, row: list[str], columns: list[Column | None]
) -> dict[str, Any] | Unreadable:
    if len(row) > len(columns) and any(map(str.strip, row[len(columns) :])):
        message = f"the row has {len(row)} cells, the header has {len(columns)}"
        return Unreadable(line, message, raw=row)
    found: dict[str, Any] = {}
    try:
        for column, cell in zip(columns, row, strict=False):
            if column is not None and cell.strip():
                put_cell(found, column, cell)
    except PydanticCustomError as error:
        return Unreadable(line, error.message(), raw=row)
    return found


def put_cell(found: dict[str, Any], column: Column, cell: str) -> None:
    """Put what a cell says into a creative.

    Raises:
        PydanticCustomError: it is nothing that stands in such a column.

    >>> found = {}
    >>> put_cell(found, ("markets", None), "SA؛ NG")
    >>> put_cell(found, ("text", None), "Win big")
    >>> found
    {'markets': ['SA', 'NG'], 'text': {'body': 'Win big'}}
    """
    key, inside = column
    if not cell.isascii() and has_lone_surrogate(cell):
        raise refuse(f"{shown(cell)} is not UTF-8")
    if inside is not None:
        part = found.setdefault(key, {})
        if not isinstance(part, dict):
            raise refuse(f"{key!r} is not a JSON object")
        if key == "text" and part.get(inside, cell) != cell:
            raise refuse(f"two columns say what 'text.{inside}' is", "keep one of them")
        part[inside] = parse_count(cell) if key == "targeting" else cell
    elif key == "text" and not _OBJECT.match(cell):
        put_cell(found, ("text", "body"), cell)
    elif key in _NESTED:
        value = parse_json(cell)
        found[key] = {**value, **found[key]} if key in found and isinstance(value, dict) else value
    elif key == "markets":
        # No market's name holds a comma or a space, so those can only stand between two.
        found[key] = list(parse_texts(_BETWEEN_MARKETS.sub(";", cell.strip())))
    else:
        found[key] = list(parse_texts(cell)) if key in _LISTS else cell.strip()
