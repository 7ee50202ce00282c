"""The materials of a package column by column: a check asks all of 100,000 values at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import regex

from automod.load.source import PackageSource
from automod.load.writing import TEXT, writings_of
from automod.model.columns import various
from automod.model.finding import Edit
from automod.model.ruleset import Scope
from automod.model.vocabulary import Boundary, Status, View
from automod.text.fold import FoldedText
from automod.text.language import base
from automod.text.loose import loose_many

from .forms import Sayings
from .spoilt import Cause, spoilt

_LONGEST: Final = 60


class Standing(NamedTuple):
    """What a material counts for, and where; as in `model.ruleset.Material`."""

    id: str
    weight: float
    policies: tuple[str, ...]
    tags: tuple[str, ...]
    group: str | None
    view: View
    boundary: Boundary
    language: str
    status: Status
    scope: Scope
    only_languages: tuple[str, ...]
    only_if_obfuscated: bool
    swaps: bool


class Wording:
    """What the materials of one package say, without an object for each.

    Materials are called by their number, as in `PackageSource.materials`.
    """

    def __init__(self, source: PackageSource) -> None:
        """`source`: the package as it was read."""
        self.source = source
        self._columns: dict[str, Sequence[Any]] = {}
        self.languages = tuple(dict.fromkeys(map(base, source.package.languages)))
        """Of the package, dialects as their language."""

    def __len__(self) -> int:
        return len(self.source.materials)

    def column(self, name: str) -> Sequence[Any]:
        """A field of every material."""
        found = self._columns.get(name)
        if found is None:
            # What all have in common is made a column at each call: asked once for each material,
            # that would be most of the time.
            found = self.source.materials.column(name) if len(self) else ()
            self._columns[name] = found
        return found

    @cached_property
    def values(self) -> Sequence[str]:
        """The values as they will be matched."""
        return self.column("value")

    @cached_property
    def kinds(self) -> Sequence[str]:
        """The kind of each."""
        return self.column("kind")

    @cached_property
    def _standing(self) -> list[Sequence[Any]]:
        return [self.column(name) for name in Standing._fields]

    def standing(self, number: int) -> Standing:
        """What a material counts for: to make the material itself takes five times as long."""
        return Standing._make([column[number] for column in self._standing])

    @cached_property
    def keys(self) -> list[str]:
        """The safe-folded values; of patterns and of the exact view as they are written."""
        return list(map(self.source.rows.keys.__getitem__, self.source.order))

    @cached_property
    def plain(self) -> Sequence[str]:
        """The folded values in the loose fold."""
        keys = self.keys
        if "\n" in "".join(keys):
            keys = [key.replace("\n", " ") for key in keys]
        return loose_many(cast("list[FoldedText]", keys))

    @cached_property
    def writings(self) -> npt.NDArray[np.int64]:
        """In which scripts each folded value is written (`load.writing`)."""
        if not len(self):
            return np.zeros(0, np.int64)
        kinds = various(self.source.materials, "kind")
        phrases = self.of(["phrase"]) if "phrase" in kinds else []
        return writings_of(self.keys, phrases)

    def of(self, kinds: Iterable[str]) -> list[int]:
        """The numbers of the materials of some kinds that are not retired."""
        if not len(self):
            return []
        wanted = frozenset(kinds)
        if not wanted.intersection(various(self.source.materials, "kind")):
            return []
        gone = self._gone
        if not gone and wanted.issuperset(various(self.source.materials, "kind")):
            return list(range(len(self)))
        return [n for n, kind in enumerate(self.kinds) if kind in wanted and n not in gone]

    @cached_property
    def text(self) -> list[int]:
        """The numbers of keywords and phrases that are not retired."""
        return self.of(TEXT)

    @cached_property
    def spoilt(self) -> Mapping[int, Cause]:
        """Those whose value is broken, and by what: of these nothing else is told."""
        return spoilt(self)

    @cached_property
    def sound(self) -> list[int]:
        """The numbers of keywords and phrases whose value says what it means."""
        spoilt = self.spoilt
        return [n for n in self.text if n not in spoilt] if spoilt else self.text

    @cached_property
    def sayings(self) -> Sayings:
        """What is literally said, and who says it."""
        return Sayings(self)

    @cached_property
    def _gone(self) -> frozenset[int]:
        if "retired" not in various(self.source.materials, "status"):
            return frozenset()
        statuses = enumerate(self.column("status"))
        return frozenset(n for n, status in statuses if status == "retired")

    @cached_property
    def _starts(self) -> npt.NDArray[np.int64]:
        lengths = np.fromiter(map(len, self.values), np.int64, len(self))
        return (lengths + 1).cumsum() - lengths - 1

    @cached_property
    def _joined(self) -> str:
        return "\n".join(self.values)

    def holding(
        self,
        pattern: regex.Pattern[str],
        kinds: Iterable[str] = TEXT,
        signs: re.Pattern[str] | None = None,
    ) -> list[int]:
        """The materials of some kinds in whose value a pattern is found, in order.

        All values are searched as one text, for `signs` where the pattern takes long: those that
        hold such a sign are looked at by themselves.
        """
        kinds = frozenset(kinds)
        if not len(self) or not kinds.intersection(various(self.source.materials, "kind")):
            return []
        places = [match.start() for match in (signs or pattern).finditer(self._joined)]
        if not places:
            return []
        rows = np.unique(np.searchsorted(self._starts, places, side="right") - 1).tolist()
        return [
            n
            for n in rows
            if self.kinds[n] in kinds and n not in self._gone and pattern.search(self.values[n])
        ]

    def breaking(self, kinds: Iterable[str]) -> list[int]:
        """The materials of some kinds whose value goes over several lines."""
        if self._joined.count("\n") < len(self):
            return []
        return [n for n in self.of(kinds) if "\n" in self.values[n]]

    def saying(self, key: str) -> list[int]:
        """The materials whose row, or the package's defaults, says something under a key."""
        said = [form.values[key] is not None for form in self.source.rows.forms]
        if not any(said):
            return []
        of = self.source.rows.form_of
        return [
            n for n, row in enumerate(self.source.order) if said[of[row]] and n not in self._gone
        ]

    def said(self, number: int, key: str) -> Any:
        """What the row of a material, or the package's defaults, says under a key."""
        rows = self.source.rows
        return rows.forms[rows.form_of[self.source.order[number]]].values[key]

    def own(self, number: int, key: str) -> bool:
        """Whether the row itself, not the package's defaults, says something under a key."""
        rows = self.source.rows
        written = rows.forms[rows.form_of[self.source.order[number]]].own
        return key in written

    def counts(self, number: int) -> bool:
        """Whether a hit of the material adds to a score: it has a weight and a code."""
        return self.column("weight")[number] > 0 and bool(self.column("policies")[number])

    def row(self, number: int) -> int:
        """Which row a material was, in the order that they were written in."""
        return self.source.order[number]

    def name(self, number: int) -> str:
        """The qualified id of a material."""
        name: str = self.column("id")[number]
        return name

    def edit(self, number: int, key: str, value: Any) -> tuple[Edit, ...]:
        """The one edit that gives a key of a material another value; None takes it out."""
        return (Edit(self.source.name, ("materials", number), key, value),)


def visible(text: str) -> str:
    """A text in which every character that shows nothing is written as its code point.

    >>> visible("win" + chr(0x200B) + "now"), visible("كازينو")
    ('win[U+200B]now', 'كازينو')
    """
    shown = text
    if not text.isalnum():
        shown = "".join(f"[{point_of(char)}]" if is_unseen(char) else char for char in text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def point_of(char: str) -> str:
    """The code point of a character, as people write it.

    >>> point_of("ـ")
    'U+0640'
    """
    return f"U+{ord(char):04X}"


def is_unseen(char: str) -> bool:
    """Whether a character shows nothing by itself, a plain space aside.

    >>> is_unseen(chr(0xA0)), is_unseen(" "), is_unseen("a")
    (True, False, False)
    """
    return char not in " \u200c\u200d" and unicodedata.category(char) in (
        "Cc", "Cf", "Zs", "Zl", "Zp", "Cs",
    )  # fmt: skip
