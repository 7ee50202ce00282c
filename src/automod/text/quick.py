"""The skeleton of a few short texts without arrays, where every character is a plain one.

NumPy costs about a microsecond a call and a skeleton takes forty calls: for a batch that is
nothing, for one short creative it is most of the time. Here each character is looked up in a
dictionary by `str.translate`, and the first that is not plain (a script that breaks words, a mark
that may compose, a soft character) sends the text the long way round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from .fold import FoldedText
from .tables import (
    CHAR,
    COMBINING,
    COMPOSES,
    GROUP_BITS,
    GROUP_SHIFT,
    GROUPS,
    SOFT,
    SPECIAL,
    tables,
)
from .words import LONGEST_GAP, group_of

LONGEST: Final = 2_000
"""Characters of texts up to which this is the faster way."""

LAST_KEPT: Final = 0xFFFF
"""What is remembered stays under ten megabytes, whatever comes."""

_HARD: Final = "\0"
_LONG_GAP: Final = " " * (LONGEST_GAP + 1)


class _Remembered(dict[int, str]):
    """Code point -> what one is in some form, filled as they come."""

    def __init__(self, form: Callable[[int], str]) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, code: int) -> str:
        found = self._form(code)
        if code <= LAST_KEPT:
            self[code] = found
        return found


def _entries_of(code: int) -> list[int] | None:
    """The table entries of the characters that one folds into; None where more decides."""
    table = tables()
    entry = int(table.entries[code])
    if entry & SOFT or 0xD800 <= code < 0xE000:
        return None
    if not entry & SPECIAL:
        return [entry]
    number = entry & CHAR
    first, last = int(table.offsets[number]), int(table.offsets[number + 1])
    return [int(table.entries[one]) for one in table.expansions[first:last]]


def _plain(code: int) -> str:
    """Its folded word characters, spaces for others."""
    entries = _entries_of(code)
    return _HARD if entries is None else "".join(map(_piece, entries))


def _piece(entry: int) -> str:
    group = entry >> GROUP_SHIFT & GROUP_BITS
    if entry & (SPECIAL | COMPOSES | COMBINING) or group not in (0, GROUPS["a"]):
        return _HARD
    return chr(entry & CHAR) if group else " "


_PLAIN: Final = _Remembered(_plain)


def quick_skeleton(texts: Sequence[str]) -> FoldedText | None:
    """What `skeleton(fold_texts(texts)).text` is, or None where that has to be worked out.

    >>> quick_skeleton(["Win  $500 -- NOW!"])
    '  win 500 now  '
    >>> quick_skeleton(["500ريال"]) is None
    True
    """
    if sum(map(len, texts)) > LONGEST:
        return None
    pieces = []
    for text in texts:
        plain = text.translate(_PLAIN)
        if _HARD in plain or _LONG_GAP in plain:
            return None
        words = plain.split()
        if words:
            pieces.append(" ".join(words))
    return FoldedText(f"  {'  '.join(pieces)}  ")


def _letters(code: int) -> str:
    """Its folded letters, _HARD for all that is no plain letter of any script."""
    entries = _entries_of(code)
    if entries is None or any(
        one & (SPECIAL | COMPOSES | COMBINING) or not one >> GROUP_SHIFT & GROUP_BITS
        for one in entries
    ):
        return _HARD
    return "".join(chr(one & CHAR) for one in entries)


_LETTERS: Final = _Remembered(_letters)


def quick_word(text: str) -> FoldedText | None:
    """The folded form of a text that is one word of plain letters; None of any other.

    >>> quick_word("كــازينو"), quick_word("c++"), quick_word("500ريال")
    ('كازينو', None, None)
    """
    folded = text.translate(_LETTERS)
    if not folded or _HARD in folded:
        return None
    if not folded.isascii() and any(not group_of(a) & group_of(b) for a, b in pairwise(folded)):
        return None
    return FoldedText(folded)
