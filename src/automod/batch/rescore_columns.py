"""Which rows of a record batch stay clean, told from columns: no object for any of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np

from automod.engine.intake import MOST_FIELDS, MOST_MEDIA, OF_CODE
from automod.errors import InputError
from automod.load.arrow_columns import (
    coded,
    coded_lists,
    column_of,
    distinct,
    field_of,
    is_list,
    opened,
    ordinals_of,
)
from automod.model.arrow import arrow
from automod.model.coded import Coded, Flags, Ints
from automod.text.fold import JoinedTexts

from .creative_block import Block
from .creative_columns import Layout

COLUMNS: Final = ("creative", "on", "ruleset", "markets", "verdicts", "hits", "not_evaluated")
"""What is read of stored decisions."""

_OF_HITS: Final = (
    "material", "kind", "field", "start", "end", "text", "view", "confidence", "distance", "at",
    "box",
)  # fmt: skip
"""What a hit is made again of."""

Markets = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What rows have in common that decides whether clean ones stay so."""

    markets: Markets
    before: date
    """The day they were decided for."""
    day: date
    """The day they are to be decided for."""
    media: bool
    """Whether they have pictures."""


@dataclass(frozen=True, slots=True)
class StoredColumns:
    """Stored decisions by row."""

    decisions: Any

    @classmethod
    def of(cls, decisions: Any, rows: int) -> StoredColumns:
        """The decisions of so many creatives.

        Raises:
            InputError: there are not as many, or a column is missing.
        """
        if len(decisions) != rows:
            raise InputError(f"there are {len(decisions):,} decisions for {rows:,} creatives")
        missing = [name for name in COLUMNS if name not in decisions.schema.names]
        if missing:
            raise InputError(f"the decisions have no column {', '.join(missing)}")
        return cls(decisions)

    def slice(self, first: int, rows: int) -> StoredColumns:
        """Some rows in a row."""
        return StoredColumns(self.decisions.slice(first, rows))

    def clean(self) -> Flags:
        """Of each row whether nothing is said of it but that it is approved."""
        pc = arrow("stored decisions").compute
        clean = np.asarray(column_of(self.decisions, "json").is_null())
        for name in ("verdicts", "hits", "not_evaluated"):
            sizes = pc.list_value_length(self.decisions.column(name)).fill_null(1)
            clean &= np.asarray(sizes) == 0
        return clean

    def of_ruleset(self, digest: str) -> Flags:
        """Of each row whether it was decided by a ruleset."""
        found = coded(self.decisions.column("ruleset"))
        return np.array([*(one == digest for one in found.values), False])[found.codes]

    def of_creatives(self, ids: Any) -> Flags:
        """Of each row whether it is of a creative."""
        pa = arrow("stored decisions")
        mine = self.decisions.column("creative").cast(pa.string())
        return np.asarray(pa.compute.equal(mine, ids).fill_null(False))

    def markets(self) -> Coded[Markets]:
        """The markets of each row."""
        lists, inner = opened(self.decisions.column("markets"))
        return coded_lists(coded(field_of(inner, "market")), lists)

    def days(self) -> Ints:
        """The ordinal of the day of each row."""
        return ordinals_of(self.decisions.column("on"))

    def dicts(self, rows: Sequence[int]) -> list[dict[str, Any]]:
        """Some rows as far as they are made again of, as their JSON has it."""
        pa = arrow("stored decisions")
        taken = StoredColumns(self.decisions.take(pa.array(rows, pa.int64())))
        table = taken.decisions
        markets, hits = taken.markets(), _hits(pa, table.column("hits"))
        names = ("creative", "ruleset", "on", "not_evaluated")
        columns = [table.column(name).to_pylist() for name in names]
        whole = column_of(table, "json").to_pylist()
        return [
            dict(json.loads(text)) if text is not None else {
                "creative": creative, "ruleset": ruleset, "on": str(day),
                "markets": markets[row] or (), "hits": hits[row], "not_evaluated": gaps or (),
            }
            for row, (creative, ruleset, day, gaps, text) in enumerate(
                zip(*columns, whole, strict=True)
            )
        ]  # fmt: skip


def _hits(pa: Any, column: Any) -> list[list[dict[str, Any]]]:
    """The hits of each row, without what is made anew: field by field, which is a third as slow."""
    lists, inner = opened(column)
    if not pa.types.is_struct(inner.type):
        return [[] for _ in range(len(lists))]
    names = [name for name in _OF_HITS if inner.type.get_field_index(name) >= 0]
    fields = [field_of(inner, name).to_pylist() for name in names]
    made = [dict(zip(names, one, strict=True)) for one in zip(*fields, strict=True)]
    starts = lists.starts.tolist()
    return [made[first:last] for first, last in pairwise(starts)]


@dataclass(frozen=True, slots=True)
class Fields:
    """The names of fields that creatives of a record batch may have."""

    texts: tuple[str, ...]
    media: tuple[str, ...]
    with_media: Flags
    """Of each row whether it has pictures."""

    @classmethod
    def of(cls, creatives: Any, layout: Layout, *, opened: bool) -> Fields:
        """Those of a record batch; `opened`: whether pictures are looked at."""
        names = ["*", *_text_names(creatives, layout)]
        for number in range(min(_most(creatives, layout, "links"), MOST_FIELDS)):
            names += [f"links[{number}]", f"links[{number}].host", f"links[{number}].path"]
        media: list[str] = []
        for key in ("images", "videos"):
            # One more: of what is too much the first is told, also where nobody looks.
            most = min(_most(creatives, layout, key), MOST_MEDIA + 1)
            media += [f"{key}[{n}]" for n in range(0 if opened else MOST_MEDIA, most)]
        own = [f"{OF_CODE}{name}" for name in media]
        columns = [number for key in ("images", "videos") for number, _ in layout.numbers(key)]
        there = np.zeros(len(creatives), dtype=bool)
        for number in columns:
            there |= _sizes(creatives.column(number)) > 0
        return cls(tuple(names), (*media, *own), there)

    def names(self, *, media: bool) -> tuple[str, ...]:
        """Those of creatives with pictures, or without."""
        return (*self.texts, *self.media) if media else self.texts


def _text_names(creatives: Any, layout: Layout) -> list[str]:
    pa = arrow("creatives in Arrow")
    names: dict[str, None] = {}
    for number, inside in layout.numbers("text"):
        column = creatives.column(number)
        if inside is not None:
            names[inside] = None
        elif pa.types.is_struct(column.type):
            names |= dict.fromkeys(field.name for field in column.type)
        elif pa.types.is_map(column.type):
            names |= dict.fromkeys(coded(column.keys).values)
        elif not pa.types.is_null(column.type):
            names |= dict.fromkeys(_names_in_cells(column))
    return [*names]


def _names_in_cells(column: Any) -> list[str]:
    """Of cells of text, which may hold several as JSON."""
    names = ["body"]
    pa = arrow("creatives in Arrow")
    written = column.cast(pa.string())
    several = pa.compute.match_substring_regex(written, r"^\s*\{").fill_null(False)
    for cell in written.filter(several).to_pylist():
        try:
            held = json.loads(cell)
        except (ValueError, RecursionError):
            continue
        names += [str(name) for name in held] if isinstance(held, dict) else []
    return names


def _most(creatives: Any, layout: Layout, key: str) -> int:
    """The most things of a sort that one creative has."""
    sizes = [_sizes(creatives.column(number)) for number, _ in layout.numbers(key)]
    return max((int(one.max(initial=0)) for one in sizes), default=0)


def _sizes(column: Any) -> Ints:
    pa = arrow("creatives in Arrow")
    if is_list(column.type):
        return np.asarray(pa.compute.list_value_length(column).fill_null(0)).astype(np.int64)
    if pa.types.is_null(column.type):
        return np.zeros(len(column), dtype=np.int64)
    # A cell: as many as there are separators in it, and one more.
    written = column.cast(pa.string())
    commas = pa.compute.count_substring_regex(written, "[;؛،,\n|]").fill_null(-1)
    return np.asarray(commas).astype(np.int64) + 1


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of both record batches."""

    creatives: Any
    layout: Layout
    held: StoredColumns
    block: Block
    on: date | None
    today: date

    def days(self) -> Ints:
        """The ordinal of the day that each row is decided for."""
        if self.on is not None:
            return np.full(len(self.block.days), self.on.toordinal())
        return np.where(self.block.days == 0, self.today.toordinal(), self.block.days)

    def cases(self, media: Flags) -> tuple[list[Case | None], Ints]:
        """The different cases of rows, None where there is none; and the number of each row's."""
        markets, before, day = self.block.markets, self.held.days(), self.days()
        first, number = distinct([markets.codes, before, day, media.astype(np.int64)])
        cases: list[Case | None] = []
        for row in first.tolist():
            own = markets[row]
            days = int(before[row]), int(day[row])
            if own is None or min(days) < 1:
                cases.append(None)
            else:
                one, other = map(date.fromordinal, days)
                cases.append(Case(own, one, other, media=bool(media[row])))
        return cases, number

    def characters(self) -> Ints:
        """How many characters the texts of each row have that are in the block."""
        texts = self.block.columns.batch.texts
        whole = texts if isinstance(texts, JoinedTexts) else JoinedTexts.of(texts)
        owners = np.repeat(np.arange(len(self.block.days)), self.sizes())
        counts = np.bincount(owners, weights=whole.lengths, minlength=len(self.block.days))
        return counts.astype(np.int64)

    def sizes(self) -> Ints:
        """How many texts of the block each row has."""
        columns = self.block.columns
        firsts = np.fromiter(columns.first, np.int64, len(columns.first))
        return np.diff(firsts, append=len(columns.batch.texts))


def alike(one: Coded[Markets], other: Coded[Markets]) -> Flags:
    """Of each row whether both columns say the same."""
    first, number = distinct([one.codes, other.codes])
    same = [one[row] is not None and one[row] == other[row] for row in first.tolist()]
    return np.array(same, dtype=bool)[number]
