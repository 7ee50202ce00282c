"""Lists of hashes that others keep -> hashes with the names they have there.

A line is one hash, in any of the forms that ThreatExchange's tools write and read: `pdq HASH`, a
CSV row with the hash in one of its cells (`ID,HASH,TAGS`), or the hash alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Final

from automod.errors import LoadError, Location

from .faults import Faults
from .files import MAX_TABLE_BYTES, decode, read_bytes

_PDQ: Final = re.compile(r"[0-9a-fA-F]{64}")
_RIGHT: Final = "a line has one, of 64 hexadecimal digits"
_APART: Final = re.compile(r"[\s;]+")
_NAME: Final = re.compile(r"\d{1,20}|[\w.:-]{1,60}")
_HASH_LIKE: Final = re.compile(r"[0-9a-fA-F]{32}|\s*pdq\s", re.IGNORECASE)
"""What makes a line one with a hash, be it a damaged one: no header has such a run of digits."""
_NEWLINE: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Listed:
    """One hash of a list."""

    hash: str
    """64 hexadecimal digits, lower case."""
    name: str
    """What the list calls it; empty where it has no name for it."""
    place: Location


def read_hash_list(path: str | PathLike[str]) -> list[Listed]:
    r"""The PDQ hashes of a list, each once, in the order in which they stand.

    Raises:
        LoadError: the file cannot be read, or lines hold no hash; it names each of them.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "list.txt"
    >>> _ = file.write_text("pdq " + "ab" * 32 + "\n77," + "CD" * 32 + ",scam\n")
    >>> [(one.name, one.hash[:4]) for one in read_hash_list(file)]
    [('', 'abab'), ('77', 'cdcd')]
    """
    faults = Faults()
    name = str(path)
    data = read_bytes(Path(path), name, MAX_TABLE_BYTES, faults)
    decoded = None if data is None else decode(data, name, faults, windows=False)
    found = [] if decoded is None else list(_rows(decoded.text, name, faults))
    if faults.found:
        raise LoadError(faults.found)
    first: dict[str, Listed] = {}
    for one in found:
        first.setdefault(one.hash, one)
    return list(first.values())


def _rows(text: str, name: str, faults: Faults) -> Iterator[Listed]:
    for line, written in enumerate(_NEWLINE.split(text), 1):
        if not written.strip() or written.lstrip().startswith("#"):
            continue
        place = Location(name, line)
        try:
            rows = csv.reader([written])
            cells = [cell for row in rows for part in row for cell in _APART.split(part) if cell]
        except csv.Error as error:
            faults.add(place, f"this line is not CSV: {error}", _RIGHT)
            continue
        hashes = [cell for cell in cells if _PDQ.fullmatch(cell)]
        if len(hashes) == 1:
            yield Listed(hashes[0].lower(), _name_of(cells, hashes[0]), place)
        elif hashes or not _is_header(line, written):
            faults.add(place, f"{len(hashes) or 'no'} PDQ hash in this line", _RIGHT)


def _name_of(cells: list[str], hash_: str) -> str:
    """What a list calls a hash: the first of the other cells, where that can be a name."""
    others = [cell for cell in cells if cell != hash_ and cell.lower() != "pdq"]
    return others[0] if others and _NAME.fullmatch(others[0]) else ""


def _is_header(line: int, written: str) -> bool:
    return line == 1 and not _HASH_LIKE.search(written)
