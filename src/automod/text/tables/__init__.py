"""The folding tables, read once: one packed look-up table over all code points.

Every code point has one 32-bit entry: what it becomes (21 bits) and what matters about the result.
One gather per character then answers everything the common case asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

CODE_POINTS: Final = 0x110000
CHAR: Final = 0x1FFFFF
SPECIAL: Final = 1 << 21
"""The entry is the number of an expansion (0: deleted), not a character."""
COMPOSES: Final = 1 << 22
"""NFC_Quick_Check = Maybe: the result may merge with what stands before it."""
COMBINING: Final = 1 << 23
"""Canonical combining class is not 0."""
GROUP_SHIFT: Final = 24
GROUP_BITS: Final = 0x7F
SOFT: Final = 1 << 31
"""The original looks like a gap or a symbol, and folds into (or out of) a word."""

GROUPS: Final[dict[str, int]] = {
    "a": 1, "r": 2, "h": 4, "c": 8, "k": 16, "s": 32, "i": 64, "*": GROUP_BITS,
}  # fmt: skip
"""Script groups: a (the rest, digits), Arabic, Hebrew, CJK, Korean, South-East Asia, Indic, any."""

UNSPACED: Final = GROUPS["c"] | GROUPS["s"]
"""Scripts written without spaces between words."""

IOTA_BELOW: Final = "\u0345"

MARK: Final = 1
EXTENDS: Final = 2

Words = npt.NDArray[np.uint32]

Fold = tuple[str, str]
"""What a character becomes, and the name of that fold."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What the two files say, laid out for gathers."""

    entries: Words
    """(0x110000,): the packed entries."""
    expansions: Words
    """All multi-character results, one after another."""
    offsets: npt.NDArray[np.int64]
    """(expansions + 1,): where each begins in `expansions`; number 0 is the empty one."""
    kinds: npt.NDArray[np.uint8]
    """(0x110000,): MARK and EXTENDS of the original code points."""
    folds: dict[str, Fold]
    """Of each character that changes."""


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables; read at the first fold, about 20 ms."""
    folds = folds_of("safe.txt")
    properties, kinds = _properties()
    entries = np.arange(CODE_POINTS, dtype=np.uint32)
    entries[0xD800:0xE000] = 0xFFFD
    entries |= properties & ~np.uint32(SOFT)
    targets = {char: target for char, (target, _) in folds.items()}
    # A letter with an iota below, taken apart: the iota becomes a letter after all other marks.
    for char in [char for char in folds if IOTA_BELOW in normalize("NFD", char)]:
        parts = normalize("NFD", char)
        targets[char] = "".join(c if c == IOTA_BELOW else folds.get(c, (c,))[0] for c in parts)
    expansions: list[str] = [""]
    for char, target in targets.items():
        if len(target) != 1:
            entries[ord(char)] = _special(target, expansions)
    alone = {ord(char): ord(target) for char, target in targets.items() if len(target) == 1}
    becomes = np.array([*alone.values()], np.uint32)
    entries[[*alone]] = becomes | properties[becomes] & ~np.uint32(SOFT)
    entries |= properties & np.uint32(SOFT)
    flat = "".join(expansions)
    offsets = np.cumsum([0, *map(len, expansions)])
    codes = np.frombuffer(flat.encode("utf-32-le"), np.uint32)
    for array in (entries, codes, offsets, kinds):
        array.flags.writeable = False
    return Tables(entries, codes, offsets, kinds, folds)


def _special(target: str, expansions: list[str]) -> int:
    """The entry of what becomes nothing, or several characters."""
    if not target:
        return SPECIAL
    expansions.append(target)
    return SPECIAL | len(expansions) - 1


def rows(name: str, encoding: str = "ascii") -> Iterator[list[str]]:
    """The rows of one of the files, cut at tabs."""
    text = files(__name__).joinpath(name).read_text(encoding=encoding)
    return (line.split("\t") for line in text.splitlines() if not line.startswith("#"))


def folds_of(name: str) -> dict[str, Fold]:
    """Character -> its fold, as one of the files says: `E0..E5`, `61 65` (`-`: nothing), a name."""
    folds: dict[str, Fold] = {}
    for codes, target, label in rows(name):
        letters = [chr(int(code, 16)) for code in target.split()] if target != "-" else []
        fold = "".join(letters), label
        first, last = codes.split("..")
        if first == last:
            folds[chr(int(first, 16))] = fold
        else:
            folds.update(dict.fromkeys(map(chr, span(codes)), fold))
    return folds


def span(text: str) -> range:
    """The code points that `41..5A` means."""
    first, last = text.split("..")
    return range(int(first, 16), int(last, 16) + 1)


def _properties() -> tuple[Words, npt.NDArray[np.uint8]]:
    properties = np.zeros(CODE_POINTS, dtype=np.uint32)
    kinds = np.zeros(CODE_POINTS, dtype=np.uint8)
    for written, flags in rows("words.txt"):
        codes = span(written)
        packed = GROUPS.get(flags[0], 0) << GROUP_SHIFT
        packed |= ("Q" in flags) * COMPOSES | ("C" in flags) * COMBINING | ("S" in flags) * SOFT
        properties[codes.start : codes.stop] = packed
        kinds[codes.start : codes.stop] = ("M" in flags) * MARK | ("X" in flags) * EXTENDS
    return properties, kinds
