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
_NAME: Final = re.compile(r"\d{1,20}|[\w.:-]{1,60}")
_HEADER: Final = 1


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
    for line, written in enumerate(text.splitlines(), 1):
        if not written.strip() or written.lstrip().startswith("#"):
            continue
        cells = [cell for row in csv.reader([written]) for part in row for cell in part.split()]
        hashes = [cell for cell in cells if _PDQ.fullmatch(cell)]
        if len(hashes) == 1:
            others = [cell for cell in cells if cell != hashes[0] and cell.lower() != "pdq"]
            named = others[0] if others and _NAME.fullmatch(others[0]) else ""
            yield Listed(hashes[0].lower(), named, Location(name, line))
        elif hashes or line > _HEADER:
            message = f"{len(hashes) or 'no'} PDQ hash in this line"
            faults.add(Location(name, line), message, "a line has one, of 64 hexadecimal digits")
