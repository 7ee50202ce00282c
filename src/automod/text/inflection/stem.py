"""A stem and its paradigm: which rests of a word may stand around a literal, and how sure that is.

A paradigm is a table *before -> after -> confidence*, so an order of affixes is legal exactly if it
has a row. Asking it costs two dictionary look-ups, and mostly one: a raw substring of a word seldom
has a legal prefix before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

Row = Mapping[str, float]
"""What stands after a stem -> confidence in (0, 1]."""

CERTAIN: Final = 1.0

LONG: Final = 5
"""Letters of an Arabic stem that seldom stands in another word by chance."""
SURE_LONG: Final = 0.7
SURE_SHORT: Final = 0.9
"""The least confidence of a hit, for long and for short stems of Arabic."""
WITH_BI: Final = frozenset({"ب", "وب", "فب"})
"""The one preposition that a stem of four letters is surely seen behind (with no ending)."""


@dataclass(frozen=True, slots=True, eq=False)
class Paradigm:
    """The legal affixes of a sort of words, shared by all stems of that sort."""

    rows: Mapping[str, Row]
    """What stands before a stem -> what stands after it -> confidence."""
    apart: frozenset[str] = frozenset()
    """Words of their own that look like a stem and its affixes."""
    cuts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Prefix -> where within it a word of its own may begin; only at 0 where it is not listed."""


class Stem(NamedTuple):
    """A literal that stands inside a word of loose-folded text, and what the rest may be."""

    text: str
    paradigm: Paradigm

    @property
    def has_prefixes(self) -> bool:
        """Whether anything may stand before it in its word."""
        return self.paradigm.rows.keys() != {""}

    def confidence(self, before: str, after: str) -> float | None:
        """How sure it is that before + text + after is an inflected form of the material's word.

        None: it is not one. `before` and `after` are the rest of the same word, loose-folded.

        >>> stem = Stem("casino", Paradigm({"": {"": 1.0, "s": 0.95}}))
        >>> stem.confidence("", "s"), stem.confidence("", "x")
        (0.95, None)
        """
        row = self.paradigm.rows.get(before)
        if row is None:
            return None
        sure = row.get(after)
        if sure is None or not (before or after) or not self.paradigm.apart:
            return sure
        return None if self._is_apart(before, after) else sure

    def accepts(self, before: str, after: str) -> float | None:
        """As `confidence`; None also where that is too little to call it a hit.

        Short stems are part of too many words: there only what is nearly sure counts.

        >>> stem = Stem("\u0642\u0645\u0627\u0631", Paradigm({"": {"": 1.0, "s": 0.7}}))
        >>> stem.confidence("", "s"), stem.accepts("", "s")
        (0.7, None)
        """
        sure = self.confidence(before, after)
        if sure is None or not "\u0600" <= self.text[:1] <= "\u06ff":
            return sure
        size = len(self.text)
        if size >= LONG or (size == LONG - 1 and before in WITH_BI and not after):
            return sure if sure >= SURE_LONG else None
        return sure if sure >= SURE_SHORT else None

    def _is_apart(self, before: str, after: str) -> bool:
        """Whether the word, or what outer affixes leave of it, is a word of its own.

        It holds the stem and more: a legal hit is rare, so every place to cut is tried.
        """
        apart, first = self.paradigm.apart, len(before)
        word = before + self.text + after
        least, most = first + len(self.text), len(word) + 1
        cuts = self.paradigm.cuts.get(before, (0,))
        if any(word[cut:end] in apart for cut in cuts for end in range(least, most) if cut < first):
            return True
        return any(word[first:end] in apart for end in range(least + 1, most))


ALONE: Final = Paradigm({"": {"": CERTAIN}})
"""The paradigm of a word that has no other forms."""


def endings(figures: Row, apart: frozenset[str] = frozenset()) -> Paradigm:
    """The paradigm of words that take endings only.

    >>> Stem("wette", endings({"": 1.0, "n": 0.95})).confidence("", "n")
    0.95
    """
    return Paradigm({"": figures}, apart)
