"""The tables of the views `loose` and `evasion`, read once: what they make of safe-folded text.

`loose` is one more look-up a character. For `evasion` every character has a class: which classes
stand side by side tells, for a whole batch at once, where a disguise may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from . import (
    CODE_POINTS,
    GROUP_BITS,
    GROUP_SHIFT,
    GROUPS,
    UNSPACED,
    Fold,
    Words,
    folds_of,
    rows,
    span,
    tables,
)

DELETED: Final = 1 << 21
"""Loose takes the character out."""
LONG: Final = 1 << 22
"""Loose makes two letters of it: the entry holds the first, `second` the other."""

(
    GAP, LATIN, CYRILLIC, GREEK, DIGIT, SIGN, EDGE, ARABIC, ODD, DOTLESS, JAMO, UNSPACED_LETTER,
    OTHER, BETWEEN, BLANK,
) = range(15)  # fmt: skip
"""Classes of safe-folded characters. SIGN: a symbol that stands for a letter also at the end of a
word ($), EDGE: one that does so only before a letter (!); ODD: what is never part of a plain word
but stands for a letter; OTHER: any other letter; BETWEEN: other symbols that are put between
letters, which punctuation of sentences is not."""

ALPHABETS: Final = frozenset({LATIN, CYRILLIC, GREEK})
ENDING_SIGNS: Final = frozenset("$€£¥¢@")
_BETWEEN: Final = (
    *map(ord, "#*-.=\\^_`~"), 0xB7, *range(0x2010, 0x2016), *range(0x2020, 0x2026),
    *range(0x2190, 0x2C00), *range(0x1F000, 0x1FB00),
)  # fmt: skip

_BLANKS: Final = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029"
"""Blanks as they are after the safe fold."""


@dataclass(frozen=True, slots=True)
class FarTables:
    """What the files say."""

    loose: Words
    """(0x110000,): what loose makes of a character, with DELETED and LONG."""
    second: Mapping[int, int]
    """The second letter where there are two."""
    loose_folds: Mapping[str, Fold]
    stand_ins: Mapping[str, Fold]
    """What passes for a Latin letter."""
    arabic_stand_ins: Mapping[str, Fold]
    """What passes for an Arabic letter beside Arabic letters."""
    dotless: Mapping[str, str]
    """A dotless letter -> the letters that it may stand for."""
    classes: npt.NDArray[np.uint8]
    """(0x110000,): the class of a safe-folded character."""


@lru_cache(maxsize=1)
def far_tables() -> FarTables:
    """The tables; read when the first material asks for a view beyond safe."""
    loose_folds = folds_of("loose.txt")
    stand_ins = folds_of("evasion.txt")
    dotless = {char: letters for char, (letters, _) in folds_of("dotless.txt").items()}
    loose = np.arange(CODE_POINTS, dtype=np.uint32)
    loose[[ord(char) for char in loose_folds]] = [_entry(one) for one, _ in loose_folds.values()]
    second = {ord(char): ord(one[1]) for char, (one, _) in loose_folds.items() if len(one) > 1}
    classes = _classes(stand_ins, dotless, loose_folds)
    for array in (loose, classes):
        array.flags.writeable = False
    arabic = folds_of("arabic_stand_ins.txt")
    return FarTables(loose, second, loose_folds, stand_ins, arabic, dotless, classes)


def _entry(target: str) -> int:
    if not target:
        return DELETED
    return ord(target[0]) | (LONG if len(target) > 1 else 0)


def _classes(
    stand_ins: Mapping[str, Fold], dotless: Mapping[str, str], loose_folds: Mapping[str, Fold]
) -> npt.NDArray[np.uint8]:
    groups = tables().entries >> np.uint32(GROUP_SHIFT) & np.uint32(GROUP_BITS)
    classes = np.where(groups == 0, np.uint8(GAP), np.uint8(OTHER))
    classes[groups == GROUPS["r"]] = ARABIC
    # Marks of any script share a bit with each; they are letters of no class.
    classes[((groups & UNSPACED) != 0) & (groups != GROUP_BITS)] = UNSPACED_LETTER
    scripts = {"L": LATIN, "C": CYRILLIC, "G": GREEK, "J": JAMO}
    for chars, script in rows("scripts.txt"):
        codes = span(chars)
        if script in scripts:
            classes[codes.start : codes.stop] = scripts[script]
    classes[[*map(ord, _BLANKS)]] = BLANK
    between = np.array(_BETWEEN)
    classes[between[classes[between] == GAP]] = BETWEEN
    for char, (_, name) in stand_ins.items():
        if name == "leet":
            classes[ord(char)] = SIGN if char in ENDING_SIGNS else EDGE
        elif not _is_everyday(char):
            classes[ord(char)] = ODD
    for _, char, _, _ in rows("alphabets.txt", encoding="utf-8"):
        if char.isalpha() and not char.isascii() and not _is_everyday(char):
            classes[ord(char)] = ODD
    classes[ord("0") : ord("9") + 1] = DIGIT
    classes[ord("(")] = GAP  # for one that stands for a c there are a thousand that open a bracket
    classes[[ord(char) for char in dotless if char not in loose_folds]] = DOTLESS
    return classes


def _is_everyday(char: str) -> bool:
    """The common letters of Cyrillic and Greek: they pass for Latin only among Latin letters."""
    return "\u0430" <= char <= "\u045f" or "\u03b1" <= char <= "\u03c9"


class _Classes(dict[str, int]):
    """Character -> its class, filled as they come."""

    def __missing__(self, char: str) -> int:
        found = int(far_tables().classes[ord(char)])
        if char <= LAST_KEPT:
            self[char] = found
        return found


LAST_KEPT: Final = "\uffff"
"""What is remembered stays small, whatever comes."""
CLASSES: Final = _Classes()
"""The class of a character."""
