"""The two letters i of Turkish and Azerbaijani, each with a capital of its own.

Folding knows no languages: to it I is the capital of i, and \u0130 an i with one dot more.
"""

from __future__ import annotations

import re
from typing import Final

from .fold import FoldedText

TURKISH: Final = frozenset({"tr", "az"})
_CAPITALS: Final = {"ı": "i", "i": "i\u0307"}
"""What the capital of a letter folds into."""


def lower(text: str) -> str:
    """Lower case as in Turkish: I is \u0131, \u0130 is i."""
    return text.replace("I", "ı").replace("\u0130", "i").lower()


def differ_in_dots(one: str, other: str) -> bool:
    """Whether one has more dotless i than the other: they are other words."""
    return lower(one).count("ı") != lower(other).count("ı")


def is_dotted(text: str, language: str) -> bool:
    """Whether capitals of a text fold into letters that it has not."""
    return language in TURKISH and ("i" in text or "ı" in text)


def capitals(folded: FoldedText) -> tuple[FoldedText, FoldedText]:
    """What a text folds into where it is in capitals, and where its words begin with one.

    >>> capitals(FoldedText("altın ısı"))
    ('altin isi', 'altın isı')
    """
    upper = "".join(_CAPITALS.get(char, char) for char in folded)
    title = re.sub(r"\b[iı]", lambda found: _CAPITALS[found[0]], folded)
    return FoldedText(upper), FoldedText(title)
