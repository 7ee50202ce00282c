"""Edits of packages as they are written: what else stands in their files stays byte for byte."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from automod.errors import InputError, Location
from automod.load.entries import Inline
from automod.load.faults import Faults
from automod.load.files import decode
from automod.load.headers import KEYS
from automod.load.source import PackageSource, Source
from automod.load.tables import guess_delimiter
from automod.model.finding import Edit

from .table_edit import CellChange, PairChange, edit_csv, edit_workbook
from .yaml_edit import Change, edit_yaml

_MATERIALS: Final = "materials"
_WORKBOOK: Final = ".xlsx"
_YAML: Final = (".yaml", ".yml")

Placed = Change | CellChange | PairChange


def edited(source: Source, edits: Iterable[Edit]) -> dict[str, bytes]:
    """The new content of each file that edits change, by its name as in `Location.file`.

    Comments, order, quoting and layout of everything else are kept. Nothing is written.

    Raises:
        InputError: an edit names no package, no entry, or what its file cannot hold.
        OSError: a file cannot be read again.

    >>> from automod.engine.reading import read_source
    >>> source = read_source("tests/small_rulesets")
    >>> made = edited(source, [Edit("finance", (), "status", "shadow")])
    >>> [(name, b"status: shadow" in data) for name, data in made.items()]
    [('tests/small_rulesets/finance/package.yaml', True)]
    """
    packages = {one.name: one for one in source.packages}
    by_file: dict[str, list[Placed]] = {}
    for edit in edits:
        if edit.package not in packages:
            raise InputError(f"there is no package {edit.package!r}")
        file, change = _placed(packages[edit.package], edit)
        by_file.setdefault(file, []).append(change)
    made = {name: _edited(name, changes) for name, changes in by_file.items()}
    return {name: new for name, (old, new) in made.items() if new != old}


def write_files(files: Mapping[str, bytes]) -> None:
    """Write files, each of which changes in one step: nobody ever reads half of one.

    Raises:
        OSError: a file cannot be written; those before it are.
    """
    for name, data in files.items():
        path = Path(name).resolve()  # through links, which stay
        partial = path.with_name(path.name + ".partial")
        try:
            with partial.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            if path.exists():
                partial.chmod(path.stat().st_mode & 0o7777)
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def _placed(package: PackageSource, edit: Edit) -> tuple[str, Placed]:
    """The file that an edit is about, and what changes there."""
    if edit.path[:1] != (_MATERIALS,):
        read = package.file.read
        place = read.at(edit.path if edit.key is None else (*edit.path, edit.key))
        if place.sheet is None:
            return place.file, Change(read.original(edit.path), edit.key, edit.value)
        return _in_sheet(place, edit)
    number = edit.path[1] if len(edit.path) == 2 else None
    if not isinstance(number, int) or not 0 <= number < len(package.order):
        raise InputError(f"the package {edit.package!r} has no material {edit.path}")
    place = package.at(number)
    batch, row = package.rows.batch_of(package.order[number])
    if isinstance(batch, Inline) and place.sheet is None:
        path = batch.read.original((_MATERIALS, batch.entries[row]))
        return place.file, Change(path, edit.key, edit.value)
    return _in_sheet(place, edit)


def _in_sheet(place: Location, edit: Edit) -> tuple[str, Placed]:
    if not edit.path and edit.key is not None and place.sheet is not None:
        return place.file, PairChange(place.sheet, edit.key, edit.value)
    if place.line is None:
        raise InputError(f"{place}: cannot be edited, its row is not known")
    return place.file, CellChange(place.line, edit.key, edit.value, place.sheet)


def _edited(name: str, changes: Sequence[Placed]) -> tuple[bytes, bytes]:
    """What a file holds, and what it holds after its changes."""
    data = Path(name).read_bytes()
    if name.lower().endswith(_WORKBOOK):
        return data, edit_workbook(data, [one for one in changes if not isinstance(one, Change)])
    cells = [one for one in changes if isinstance(one, CellChange)]
    faults = Faults()
    decoded = decode(data, name, faults, windows=not name.lower().endswith(_YAML))
    if decoded is None:
        raise InputError(str(faults.found[0]))
    text = decoded.text
    if cells:
        new = edit_csv(text, guess_delimiter(text, KEYS), cells)
    else:
        new = _yaml_edited(name, text, [one for one in changes if isinstance(one, Change)])
    return data, _encoded(name, new, data, decoded.encoding)


def _yaml_edited(name: str, text: str, changes: Iterable[Change]) -> str:
    try:
        return edit_yaml(text, changes)
    except KeyError as error:
        raise InputError(f"{name}: there is no {error.args[0]!r} to edit") from None


def _encoded(name: str, text: str, like: bytes, encoding: str) -> bytes:
    """A text as bytes in the encoding of others, with their mark at the beginning."""
    marks: Iterable[tuple[bytes, str]] = (
        (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    )  # fmt: skip
    for mark, codec in marks:
        if like.startswith(mark):
            return mark + text.encode(codec)
    if encoding == "utf-16":
        encoding = "utf-16-le" if like[1:2] == b"\0" else "utf-16-be"
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        char: Any = text[error.start]
        message = f"U+{ord(char):04X} cannot be written in {encoding}; save the file as UTF-8"
        raise InputError(f"{name}: {message}") from None
