"""Materials of kind `regex`: compiled for folded text, with a budget and literal pre-filters.

The syntax is that of the `regex` module, version 0 (what Python's `re` reads, and more). In the
safe view a pattern is searched in safe-folded text, case ignored, and its literals are folded; a
character that folding deletes (tatweel, vowel marks) is left out. In the exact view it is searched
in NFC text, as written.

**Matches** are all that begin at different places, also inside one another, but one for each end:
the one that begins first (`[0-9]+` in `123` is one match). After `DENSE` searches in one text the
next begins behind the end of each match, so that a greedy pattern is not quadratic.
"""

from __future__ import annotations

import time
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import regex

from automod.model.vocabulary import View

from .atoms import atoms_of, folded
from .needs import Needs, needs_of

LONGEST: Final = 2000
"""Characters of a pattern; a longer one is a table of keywords."""
DENSE: Final = 100
_PROBES: Final = ("", "a", "0", " ", "ب", "a b", "ab, ba. 0")
_PROBE_SECONDS: Final = 0.05


class TimedOut(Exception):
    """The patterns of one creative used up their budget; what they would match is not known."""


@dataclass(slots=True)
class Budget:
    """Seconds that all patterns together may still take for one creative.

    They are seconds of this thread's work: what it waits for other threads, or for a ruleset that
    is compiled beside it, is not the fault of a pattern.
    """

    left: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `atoms` are texts of which one is in every text it matches, if known."""

    value: str
    view: View
    atoms: tuple[str, ...] | None
    compiled: regex.Pattern[str] = field(repr=False)

    def needs(self) -> tuple[Needs, ...]:
        """What characters a text has to have for it to match; see `needs_of`."""
        return needs_of(self.compiled.pattern, exact=self.view == "exact")

    def find(self, text: str, budget: Budget) -> list[tuple[int, int]]:
        """The spans of all matches in a text of the pattern's view, by where they begin.

        Raises:
            TimedOut: the budget is used up; it then holds 0.

        >>> compile_pattern("a[bc]+a", "safe").find("abaca", Budget(0.1))
        [(0, 3), (2, 5)]
        """
        started = time.thread_time()
        found: dict[int, int] = {}
        at = searches = 0
        try:
            while at <= len(text):
                left = budget.left - (time.thread_time() - started)
                match = self._search(text, at, left)
                if match is None:
                    break
                start, end = match.span()
                if end > start:
                    found.setdefault(end, start)
                searches += 1
                at = start + 1 if searches < DENSE else max(end, start + 1)
        except TimedOut:
            budget.left = 0.0
            raise
        budget.left = max(0.0, budget.left - (time.thread_time() - started))
        return sorted((start, end) for end, start in found.items())

    def _search(self, text: str, at: int, left: float) -> regex.Match[str] | None:
        if left <= 0:
            raise TimedOut(self.value)
        given = left
        while True:
            started = time.thread_time()
            try:
                return self.compiled.search(text, at, timeout=given)
            except TimeoutError:
                # What `regex` counts is the work of all threads of the process together.
                if time.thread_time() - started >= left / 2:
                    raise TimedOut(self.value) from None
                given *= 4


@lru_cache(maxsize=1024)  # loading and compiling ask for the same ones
def compile_pattern(value: str, view: View) -> Pattern:
    r"""The pattern of a material of kind `regex`.

    Raises:
        ValueError: no pattern, too long, or one that matches where there is nothing.

    >>> compile_pattern(r"(كازينو|قمار) ?\d+", "safe").atoms
    ('قمار', 'كازينو')
    >>> compile_pattern("a*", "safe")
    Traceback (most recent call last):
        ...
    ValueError: 'a*' matches the empty text, so it would match everywhere
    """
    if not value:
        raise ValueError("the pattern is empty")
    if len(value) > LONGEST:
        raise ValueError(f"the pattern has {len(value)} characters; at most {LONGEST} are allowed")
    written = unicodedata.normalize("NFC", value)
    if view != "exact":
        written = folded(written)
    if written != value:
        _compiled(value, value, 0)  # what is wrong with it is told of what was written
    compiled = _compiled(value, written, 0 if view == "exact" else regex.IGNORECASE)
    if compiled.flags & regex.REVERSE:
        raise ValueError(f"{value!r} searches backwards, (?r), which is not supported")
    if _matches_nothing(compiled):
        raise ValueError(f"{value!r} matches the empty text, so it would match everywhere")
    return Pattern(value, view, atoms_of(written, exact=view == "exact"), compiled)


def _compiled(value: str, written: str, flags: int) -> regex.Pattern[str]:
    try:
        return regex.compile(written, flags | regex.VERSION0)
    except regex.error as error:
        at: int | None = getattr(error, "pos", None)
        place = "" if at is None else f" at character {at + 1}"
        said = getattr(error, "msg", str(error))
        raise ValueError(f"{value!r} is no pattern: {said}{place}") from None
    except (ValueError, OverflowError, RecursionError, KeyError, IndexError, TypeError) as error:
        raise ValueError(f"{value!r} is no pattern: {error}") from None


def _matches_nothing(compiled: regex.Pattern[str]) -> bool:
    try:
        matches = [compiled.search(text, timeout=_PROBE_SECONDS) for text in _PROBES]
    except TimeoutError:
        return False
    return any(match is not None and match.start() == match.end() for match in matches)
