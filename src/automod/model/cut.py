"""The columns of a canonical JSON, cut out of its bytes before those are parsed.

Nearly all of a large ruleset is a few columns of its materials. To parse them as JSON, and to write
them again to see that they were canonical, took a third of a worker's start. A column whose text is
written plainly is cut at its line breaks instead, and a column of lists at their brackets; a number
stands for it in what remains. What is written in another way stays where it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from .quick import shared


class Cells(list[Any]):
    """A column that was cut out, read already: texts, or tuples of texts."""

    __slots__ = ("number",)

    def __init__(self, cells: Iterable[Any], number: int) -> None:
        """`number`: what stands for it in the outline."""
        super().__init__(cells)
        self.number = number


class Cut(NamedTuple):
    """A JSON without its columns."""

    outline: str
    tables: list[dict[str, Cells]]
    """Of each place where materials stand in it, the columns that were cut out."""


def cut(data: bytes) -> Cut:
    r"""What remains of a canonical JSON, and the columns, which are as `to_canonical` writes them.

    >>> data = b'[{"materials":{"each":{"id":"a\\nb","weight":[0.5,1.0]},"same":{}}}]'
    >>> outline, tables = cut(data)
    >>> outline, tables
    ('[{"materials":{"each":{"id":0,"weight":[0.5,1.0]},"same":{}}}]', [{'id': ['a', 'b']}])
    """
    pieces: list[bytes] = []
    tables: list[dict[str, Cells]] = []
    done, at, number = 0, data.find(_TABLE), 0
    while at >= 0:
        columns: dict[str, Cells] = {}
        stop = data.find(_END, at)
        name = _NAME.match(data, at + len(_TABLE))
        while name is not None:
            cells, end = _cells(data, name.end(), stop)
            if cells is not None:
                columns[name[1].decode()] = Cells(cells, number)
                pieces += (data[done : name.end()], b"%d" % number)
                done, number = end, number + 1
            name = _NAME.match(data, end + 1) if data[end : end + 1] == b"," else None
        tables.append(columns)
        at = data.find(_TABLE, at + 1)
    pieces.append(data[done:])
    return Cut(str(b"".join(pieces), "utf-8", "surrogatepass"), tables)


_TABLE: Final = b'"materials":{"each":{'
_NAME: Final = re.compile(rb'"(\w+)":')
_END: Final = b'},"same":'
"""How the columns of a table end. No text holds this: quotes in texts stand behind a backslash."""

_PLAIN: Final = bytes(range(0x20, 0x100))
_FEW: Final = 64
"""Different lists of a column of lists: each is looked at."""


def _cells(data: bytes, at: int, stop: int) -> tuple[list[Any] | None, int]:
    """A column that begins here, or None where it is not written plainly; and where it ends."""
    if data[at : at + 1] == b'"':
        end = data.find(b'"', at + 1)
        return _texts(data[at + 1 : end]), end + 1
    next_name = data.find(b'],"', at, stop)
    end = stop if next_name < 0 else next_name + 1
    is_lists = data[at : at + 2] == b"[[" and data[end - 2 : end] == b"]]"
    return _lists(data[at + 2 : end - 2]) if is_lists else None, end


def _texts(line: bytes) -> list[str] | None:
    r"""The lines of a text in JSON, if `\n` is all that it has of escapes."""
    try:
        cells = line.decode().split("\\n")
    except UnicodeDecodeError:
        return None
    if line.count(b"\\") != len(cells) - 1 or line.translate(None, _PLAIN):
        return None
    return shared(cells)


def _lists(between: bytes) -> list[tuple[str, ...]] | None:
    """Lists of texts in JSON, without the outermost brackets, if few differ."""
    cells = between.split(b"],[")
    known: dict[bytes, tuple[str, ...]] = {}
    different = set(cells)
    if len(different) > _FEW:
        return None
    for cell in different:
        written = b"[%b]" % cell
        try:
            values = json.loads(written)
            again = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        except ValueError:
            return None
        if again != written or not all(isinstance(value, str) for value in values):
            return None
        known[cell] = tuple(values)
    return list(map(known.__getitem__, cells))
