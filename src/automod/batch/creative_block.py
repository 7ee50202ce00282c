"""Rows of a record batch of creatives as columns that the engine scans: arrays, no dicts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

import numpy as np
from pydantic_core import PydanticCustomError

from automod.engine.columns import CreativeColumns, Derived
from automod.engine.engine import Engine
from automod.engine.intake import LONGEST, MOST_MEDIA, Intake, NotACreative, read
from automod.load.arrow_columns import (
    coded,
    coded_lists,
    is_list,
    is_text,
    opened,
    ordinals_of,
    texts_of,
)
from automod.load.creatives import put_cell
from automod.match.links import Link
from automod.match.texts import Batch
from automod.model.arrow import VERSION, arrow
from automod.model.coded import NONE, Coded, Flags, Ints
from automod.text.fold import JoinedTexts

from .creative_columns import (
    SCHEMA,
    WHERE,
    Layout,
    Unreadable,
    column_in,
    creative_of,
    plain_texts,
    readable,
    remembered,
)
from .creative_rows import Heads, Markets, RowTexts, intakes_of
from .creative_texts import Texts, joined, links_in, texts_in, with_links

MOST_TEXTS: Final = 200
"""Texts, and links, of a creative that are looked at in columns; few have ten."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a record batch, ready to be decided."""

    columns: CreativeColumns
    ids: Any
    """An Arrow array of texts."""
    markets: Coded[Markets]
    days: Ints
    """Ordinals of dates; 0 where a row has none."""
    characters: int


def block_of(engine: Engine, batch: Any, layout: Layout, first: int) -> Block:
    """The columns of a record batch.

    Args:
        engine: what is to decide on them.
        batch: a record batch of creatives.
        layout: of its schema.
        first: the index of its first row.
    """
    try:
        return _Reader(engine, batch, layout, first).block()
    except (UnicodeDecodeError, Unreadable):
        return _Reader(engine, readable(batch, layout), layout, first).block()


class _Reader:
    """One record batch, read key by key; rows that need a closer look are marked as odd."""

    def __init__(self, engine: Engine, batch: Any, layout: Layout, first: int) -> None:
        self._engine, self._batch, self._layout = engine, batch, layout
        self._first = first
        self._pa = arrow(WHERE)
        self._odd: Flags = np.zeros(len(batch), dtype=bool)
        self._rich: Flags = np.zeros(len(batch), dtype=bool)
        """Rows with facts that are not worth a column: few are asked for them."""

    def block(self) -> Block:
        """All of it."""
        ids = self._ids()
        markets = self._markets()
        days = self._days()
        self._facts()
        self._media()
        texts, links = self._texts()
        lengths = np.asarray(self._pa.compute.utf8_length(texts.values)).astype(np.int64)
        self._limit(texts, lengths)
        self._ask_rules(texts, lengths)
        heads = Heads(ids, markets, days, self._named("advertiser"), self._first)
        columns = self._columns(texts, lengths, links, heads)
        return Block(columns, ids, markets, days, int(lengths.sum()))

    def _mark(self, rows: Any) -> None:
        self._odd |= np.asarray(rows)

    def _column(self, number: int) -> Any:
        return column_in(self._batch, number)

    def _there(self, number: int) -> Flags:
        return np.asarray(self._column(number).is_valid())

    # --- what is known of a creative --------------------------------------------------------------

    def _ids(self) -> Any:
        ids = self._named("id")
        size = self._pa.compute.binary_length(ids).fill_null(0)
        self._mark(np.asarray(size) == 0)
        return ids

    def _markets(self) -> Coded[Markets]:
        """The markets of each row, those of odd ones too; a row without any is odd."""
        columns = self._layout.numbers("markets")
        if not columns:
            self._odd[:] = True
            return Coded((), np.full(len(self._batch), NONE, dtype=np.int32))
        column = self._column(columns[0][0])
        found = self._listed_markets(column) if is_list(column.type) else self._cells(column)
        known = [None not in markets and self._is_known(markets) for markets in found.values]
        # The last is for rows that have none: their code is -1.
        self._mark(~np.array([*known, False], dtype=bool)[found.codes])
        values = tuple(tuple(dict.fromkeys(markets)) for markets in found.values)
        return Coded(values, found.codes)

    def _is_known(self, markets: Markets) -> bool:
        return self._engine.clean_outcome(tuple(dict.fromkeys(markets))) is not None

    def _listed_markets(self, column: Any) -> Coded[Markets]:
        lists, inner = opened(column)
        names = coded(inner)
        if len(inner) == len(column) and (lists.lengths() == 1).all():
            values = tuple((name,) for name in names.values)
            return Coded(values, names.codes)
        return coded_lists(names, lists)

    def _cells(self, column: Any) -> Coded[Markets]:
        """Markets that are written as the cell of a table is."""
        written = coded(texts_of(column))
        return Coded(tuple(map(_markets_of_cell, written.values)), written.codes)

    def _days(self) -> Ints:
        columns = self._layout.numbers("on")
        if not columns:
            return np.zeros(len(self._batch), dtype=np.int64)
        column = self._column(columns[0][0])
        if not is_text(column.type):
            days = ordinals_of(column)
            self._mark((days == 0) & np.asarray(column.is_valid()))
            return days
        written = coded(texts_of(column))
        ordinals = [_ordinal(one) for one in written.values]
        days = np.array([*ordinals, 0], dtype=np.int64)[written.codes]
        self._mark((days == 0) & (written.codes != NONE))
        return days

    def _named(self, key: str) -> Any | None:
        """A column of plain texts, all of which can be read; None where there is no such column."""
        columns = self._layout.numbers(key)
        return plain_texts(self._column(columns[0][0])) if columns else None

    def _facts(self) -> None:
        """Odd is a row of whose facts some may be none; the engine reads them where it hit."""
        self._named("language")
        for number, _ in self._layout.numbers(SCHEMA):
            version = self._column(number).cast("int64", safe=False)
            self._mark(self._pa.compute.not_equal(version, VERSION).fill_null(False))
        for key in ("certificates", "targeting", "attributes"):
            columns = self._layout.numbers(key)
            for number, inside in columns:
                column = self._column(number)
                self._rich |= np.asarray(column.is_valid())
                if key == "targeting" and len(columns) == 1:
                    self._mark(self._ageless(column, inside))
                elif key == "attributes" and len(columns) == 1:
                    self._mark(self._attributes(column, inside))
                elif key == "certificates" and is_list(column.type):
                    self._mark(self._lengths(column) > 0)
                else:
                    self._mark(self._there(number))

    def _ageless(self, column: Any, inside: str | None) -> Any:
        """Rows whose targeting may be none."""
        types, pc = self._pa.types, self._pa.compute
        if types.is_struct(column.type) and [one.name for one in column.type] == ["min_age"]:
            column = pc.struct_field(column, "min_age")
        elif inside != "min_age":
            return column.is_valid()
        if types.is_signed_integer(column.type):
            return pc.less(column, 0).fill_null(False)
        return column.is_valid()

    def _attributes(self, column: Any, inside: str | None) -> Any:
        if inside is not None or self._pa.types.is_struct(column.type):
            parts = [column] if inside is not None else column.flatten()
            return np.asarray(column.is_valid()) & (not all(map(_is_plain, parts)))
        if not is_text(column.type):
            return column.is_valid()
        written = coded(texts_of(column))
        good = [_is_object(one) for one in written.values]
        return ~np.array([*good, True], dtype=bool)[written.codes]

    def _media(self) -> None:
        for key in ("images", "videos"):
            for number, _ in self._layout.numbers(key):
                column = self._column(number)
                if not is_list(column.type):
                    self._mark(self._there(number))
                else:
                    most = 0 if self._engine.opens_media else MOST_MEDIA
                    self._mark(self._lengths(column) > most)
                    if is_text(column.type.value_type):
                        plain_texts(column.flatten())

    def _lengths(self, column: Any) -> Ints:
        lengths = self._pa.compute.list_value_length(column).fill_null(0)
        return np.asarray(lengths).astype(np.int64)

    def _texts(self) -> tuple[Texts, Mapping[int, Link]]:
        """The texts of all rows, with those of links behind the others of their row."""
        texts, odd = texts_in(self._batch, self._layout)
        self._mark(odd)
        for number, _ in self._layout.numbers("links"):
            found, odd = links_in(self._column(number))
            self._mark(odd)
            if found is not None:
                return with_links(texts, found)
        return texts, {}

    # --- what makes a row odd by its texts ------------------------------------------------------

    def _limit(self, texts: Texts, lengths: Ints) -> None:
        rows = len(self._batch)
        sizes = np.bincount(texts.row, weights=lengths, minlength=rows)
        counts = np.bincount(texts.row, minlength=rows)
        self._mark((sizes > LONGEST) | (counts > MOST_TEXTS))

    def _ask_rules(self, texts: Texts, lengths: Ints) -> None:
        asked = self._engine.asks_of_clean
        if asked == "everything":
            self._odd[:] = True
        elif asked == "what is not ASCII":
            size = np.asarray(self._pa.compute.binary_length(texts.values)).astype(np.int64)
            self._odd[texts.row[size != lengths]] = True

    # --- together ---------------------------------------------------------------------------------

    def _columns(
        self, texts: Texts, lengths: Ints, links: Mapping[int, Link], heads: Heads
    ) -> CreativeColumns:
        values, row, field = texts.values, texts.row, texts.field
        if self._odd.any():
            kept = ~self._odd[row]
            place = np.cumsum(kept) - 1
            links = {int(place[n]): link for n, link in links.items() if kept[n]}
            values, row, lengths = values.filter(self._pa.array(kept)), row[kept], lengths[kept]
            field = field[kept]
        count = np.bincount(row, minlength=len(self._batch))
        first = np.cumsum(count) - count
        owner, markets = row.item, heads.markets
        together = JoinedTexts(joined(values), lengths)
        batch = Batch(
            together,
            Derived(len(row), owner),
            Derived(len(row), lambda n: markets.values[markets.codes.item(owner(n))]),
            links,
        )
        own = RowTexts(together, field, texts.fields, links, first, count)
        intakes = partial(self._intakes, heads, own)
        return CreativeColumns(self._odd, batch, Derived(len(first), first.item), intakes)

    def _intakes(self, heads: Heads, texts: RowTexts, rows: Sequence[int]) -> list[Intake | None]:
        """Rows taken in: together where the columns say all of them, else one by one."""
        whole = self._odd | self._rich
        plain = iter(intakes_of(heads, texts, [row for row in rows if not whole[row]]))
        return [self._whole(row) if whole[row] else next(plain) for row in rows]

    def _whole(self, row: int) -> Intake | None:
        """A row taken in as a creative that comes alone is; None where it is none."""
        creative = creative_of(self._batch, self._layout, row)
        try:
            return None if creative is None else read(creative, self._first + row)
        except NotACreative:
            return None


def _is_plain(column: Any) -> bool:
    """Whether a column is one of texts, numbers, or truth values, all of which can be read.

    Raises:
        Unreadable: they are texts, and some are no UTF-8.
    """
    types, found = arrow(WHERE).types, column.type
    if is_text(found):
        plain_texts(column)
        return True
    kinds = (types.is_integer, types.is_floating, types.is_boolean, types.is_null)
    return any(kind(found) for kind in kinds)


@remembered
def _markets_of_cell(cell: str) -> Markets:
    """The markets that a cell names; none where it is none."""
    found: dict[str, Any] = {}
    if cell.strip():
        try:
            put_cell(found, ("markets", None), cell)
        except PydanticCustomError:
            return ()
    return tuple(found.get("markets", ()))


@remembered
def _is_object(cell: str) -> bool:
    """Whether a cell says attributes; a blank one says none."""
    found: dict[str, Any] = {}
    if not cell.strip():
        return True
    try:
        put_cell(found, ("attributes", None), cell)
    except PydanticCustomError:
        return False
    return isinstance(found["attributes"], dict)


@remembered
def _ordinal(text: str) -> int:
    """The ordinal of a day as it is written; 0 where it is none."""
    try:
        return date.fromisoformat(text).toordinal() if _DAY.fullmatch(text) else 0
    except ValueError:
        return 0
