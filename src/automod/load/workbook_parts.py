"""The parts inside a workbook: which sheets there are, and which cells are merged.

Looked up in the archive itself: to open a workbook, openpyxl reads the texts of all sheets, and in
the mode that reads row by row it tells nothing of merged cells.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.parsers import expat

MAX_SMALL_PART: Final = 16 * 1024 * 1024
"""Bytes that the list of sheets may have, unpacked."""
MAX_MERGED: Final = 100_000
"""Merged cells that a sheet may have."""

_CHUNK: Final = 1 << 18
_MERGED: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?")
_MARK: Final = b"mergeCell"
_DOCTYPE: Final = b"<!DOCTYPE"

Started = Callable[[str, Mapping[str, str]], None]
"""Called with the local name of an element that begins, and its attributes by their local names."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet of cells: what it is called, and where in the archive it lies."""

    title: str
    hidden: bool
    part: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A rectangle of merged cells; rows and columns count from 1, the last ones included."""

    name: str
    """As a spreadsheet writes it: `B3:B7`."""
    top: int
    left: int
    bottom: int
    right: int


def sheet_parts(path: Path) -> tuple[SheetPart, ...]:
    """The sheets of cells of a workbook, in their order; charts are none.

    Raises:
        ValueError: it is no workbook, or one of a strange make.
        OSError, zipfile.BadZipFile, expat.ExpatError: it cannot be read.
    """
    with zipfile.ZipFile(path) as archive:
        book = _book_part(archive)
        targets = {
            name: target
            for name, sort, target in _relations(archive, book)
            if sort == "worksheet" and target in archive.NameToInfo
        }
        sheets: list[SheetPart] = []

        def start(tag: str, known: Mapping[str, str]) -> None:
            target = targets.get(known.get("id", "")) if tag == "sheet" else None
            if target is not None:
                hidden = known.get("state", "visible") != "visible"
                sheets.append(SheetPart(known.get("name", ""), hidden, target))

        _parse(_pieces(archive, book, MAX_SMALL_PART), start)
    return tuple(sheets)


def _book_part(archive: zipfile.ZipFile) -> str:
    found = [target for _, sort, target in _relations(archive, "") if sort == "officeDocument"]
    if not found or found[0] not in archive.NameToInfo:
        raise ValueError("there is no list of sheets in it")
    return found[0]


def _relations(archive: zipfile.ZipFile, part: str) -> list[tuple[str, str, str]]:
    """What a part refers to: name, sort and part of each."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in archive.NameToInfo:
        return []
    found: list[tuple[str, str, str]] = []

    def start(tag: str, known: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, known.get("Target", "")))
            sort = known.get("Type", "").rpartition("/")[2]
            found.append((known.get("Id", ""), sort, target.lstrip("/")))

    _parse(_pieces(archive, listed, MAX_SMALL_PART), start)
    return found


def merged_cells(path: Path, part: str) -> list[Merged]:
    """The merged cells of a sheet.

    Raises:
        ValueError: the part declares a document type, which no workbook does; or there are too
            many.
        OSError, KeyError, zipfile.BadZipFile, expat.ExpatError: it cannot be read.
    """
    found: list[Merged] = []

    def start(tag: str, known: Mapping[str, str]) -> None:
        match = _MERGED.fullmatch(known.get("ref", "")) if tag == "mergeCell" else None
        if match is not None:
            if len(found) >= MAX_MERGED:
                raise ValueError(f"a sheet has more than {MAX_MERGED} merged cells")
            left, top, right, bottom = match.groups()
            found.append(
                Merged(
                    match[0], int(top), _number_of(left), int(bottom or top),
                    _number_of(right or left),
                )
            )  # fmt: skip

    with zipfile.ZipFile(path) as archive:
        # Nearly no sheet has any, and looking for the word takes a tenth of parsing.
        if _may_have(archive, part):
            _parse(_pieces(archive, part), start)
    return found


def _may_have(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether a part has the word for merged cells, or is in an encoding where it looks other."""
    before = b""
    for number, piece in enumerate(_pieces(archive, part)):
        both = before + piece
        if _DOCTYPE in both:
            raise ValueError("it declares a document type")
        if _MARK in both or (not number and b"\0" in piece[:8]):
            return True
        before = piece[-len(_MARK) :]
    return False


def _number_of(letters: str) -> int:
    """The number of a column by its letters, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _pieces(archive: zipfile.ZipFile, part: str, most: int | None = None) -> Iterator[bytes]:
    with archive.open(part) as stream:
        size = 0
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if most is not None and size > most:
                raise ValueError(f"{part} is larger than {most // 2**20} MiB")
            yield piece


def _parse(pieces: Iterator[bytes], start: Started) -> None:
    parser = expat.ParserCreate(namespace_separator="}")

    def begin(tag: str, known: dict[str, str]) -> None:
        start(_local(tag), {_local(name): value for name, value in known.items()})

    def refuse(*_: object) -> None:
        raise ValueError("it declares a document type")

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
