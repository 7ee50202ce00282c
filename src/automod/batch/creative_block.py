"""Rows of a record batch of creatives as columns that the engine scans: arrays, no dicts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np
from pydantic_core import PydanticCustomError

from automod.engine.columns import CreativeColumns, Derived
from automod.engine.engine import Engine
from automod.engine.intake import LONGEST, Intake, NotACreative, read
from automod.load.arrow_columns import (
    coded,
    coded_lists,
    is_list,
    is_text,
    opened,
    ordinals_of,
)
from automod.load.creatives import put_cell
from automod.match.closer import Batch
from automod.match.links import Link, split_link
from automod.model.arrow import arrow
from automod.model.coded import NONE, Coded, Flags, Ints, Lists
from automod.model.facts import Facts
from automod.text.fold import SEPARATOR, JoinedTexts

from .creative_columns import Layout, creative_of

MOST_TEXTS: Final = 200
"""Texts, and links, of a creative that are looked at in columns; few have ten."""

Markets = tuple[str, ...]

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RESERVED: Final = "links["
_OBJECT: Final = r"^\s*\{"


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of creatives, and whose they are: an Arrow array without nulls, rows ascending."""

    values: Any
    row: Ints
    field: Ints
    fields: tuple[str, ...]


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
    return _Reader(engine, batch, layout, first).block()


class _Reader:
    """One record batch, read key by key; rows that need a closer look are marked as odd."""

    def __init__(self, engine: Engine, batch: Any, layout: Layout, first: int) -> None:
        self._engine, self._batch, self._layout = engine, batch, layout
        self._first = first
        self._pa = arrow("creatives in Arrow")
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
        texts, links = self._with_links(self._texts())
        lengths = np.asarray(self._pa.compute.utf8_length(texts.values)).astype(np.int64)
        self._limit(texts, lengths)
        self._ask_rules(texts, lengths)
        heads = _Heads(ids, markets, days, self._advertisers())
        columns = self._columns(texts, lengths, links, heads)
        return Block(columns, ids, markets, days, int(lengths.sum()))

    def _mark(self, rows: Any) -> None:
        self._odd |= np.asarray(rows)

    def _there(self, number: int) -> Flags:
        return np.asarray(self._batch.column(number).is_valid())

    # --- what is known of a creative --------------------------------------------------------------

    def _ids(self) -> Any:
        number = self._layout.numbers("id")[0][0]
        ids = _texts_of(self._batch.column(number), self._pa)
        size = self._pa.compute.binary_length(ids).fill_null(0)
        self._mark(np.asarray(size) == 0)
        return ids

    def _markets(self) -> Coded[Markets]:
        """The markets of each row, those of odd ones too; a row without any is odd."""
        columns = self._layout.numbers("markets")
        if not columns:
            self._odd[:] = True
            return Coded((), np.full(len(self._batch), NONE, dtype=np.int32))
        column = self._batch.column(columns[0][0])
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
        written = coded(_texts_of(column, self._pa))
        return Coded(tuple(map(_markets_of_cell, written.values)), written.codes)

    def _days(self) -> Ints:
        columns = self._layout.numbers("on")
        if not columns:
            return np.zeros(len(self._batch), dtype=np.int64)
        column = self._batch.column(columns[0][0])
        if not _is_written(column.type, self._pa):
            return ordinals_of(column)
        written = coded(_texts_of(column, self._pa))
        ordinals = [_ordinal(one) for one in written.values]
        days = np.array([*ordinals, 0], dtype=np.int64)[written.codes]
        self._mark((days == 0) & (written.codes != NONE))
        return days

    def _advertisers(self) -> Any | None:
        columns = self._layout.numbers("advertiser")
        if not columns:
            return None
        return _texts_of(self._batch.column(columns[0][0]), self._pa)

    def _facts(self) -> None:
        """Odd is a row of whose facts some may be none; the engine reads them where it hit."""
        for key in ("certificates", "targeting", "attributes"):
            columns = self._layout.numbers(key)
            for number, inside in columns:
                column = self._batch.column(number)
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
        if types.is_integer(column.type):
            return pc.less(column, 0).fill_null(False)
        return column.is_valid()

    def _attributes(self, column: Any, inside: str | None) -> Any:
        types = self._pa.types
        if inside is not None or types.is_struct(column.type):
            return np.zeros(len(column), dtype=bool)
        if not _is_written(column.type, self._pa):
            return column.is_valid()
        written = coded(_texts_of(column, self._pa))
        good = [_is_object(one) for one in written.values]
        return ~np.array([*good, True], dtype=bool)[written.codes]

    def _media(self) -> None:
        for key in ("images", "videos"):
            for number, _ in self._layout.numbers(key):
                column = self._batch.column(number)
                if not is_list(column.type):
                    self._mark(self._there(number))
                else:
                    most = 0 if self._engine.opens_media else MOST_TEXTS // 2
                    self._mark(self._lengths(column) > most)

    def _lengths(self, column: Any) -> Ints:
        lengths = self._pa.compute.list_value_length(column).fill_null(0)
        return np.asarray(lengths).astype(np.int64)

    # --- texts ------------------------------------------------------------------------------------

    def _texts(self) -> Texts:
        columns = self._layout.numbers("text")
        parts = [part for number, inside in columns for part in self._part(number, inside)]
        several = len(columns) > 1 or len(parts) > 1
        texts = _together(self._pa, parts)
        if several or self._has_maps(columns):
            key = texts.row * max(len(texts.fields), 1) + texts.field
            twice = np.bincount(key) > 1
            self._odd[np.unique(twice.nonzero()[0] // max(len(texts.fields), 1))] = True
        for code, name in enumerate(texts.fields):
            if name.startswith(_RESERVED):
                self._odd[texts.row[texts.field == code]] = True
        return texts

    def _has_maps(self, columns: Sequence[tuple[int, str | None]]) -> bool:
        is_map = self._pa.types.is_map
        return any(is_map(self._batch.column(number).type) for number, _ in columns)

    def _part(self, number: int, inside: str | None) -> list[Texts]:
        """The texts of a column: those of a field, of several, or of a map."""
        column, types = self._batch.column(number), self._pa.types
        if types.is_null(column.type):
            return []
        if inside is not None:
            return [self._field(column, inside)]
        if types.is_map(column.type):
            return [self._of_map(column)]
        if types.is_struct(column.type):
            pairs = zip(column.type, column.flatten(), strict=True)
            return [self._field(one, field.name) for field, one in pairs]
        written = _texts_of(column, self._pa)
        pc = self._pa.compute
        # A cell that begins like JSON may hold several texts; a blank one holds none.
        self._mark(pc.match_substring_regex(written, _OBJECT).fill_null(False))
        blank = pc.equal(pc.binary_length(pc.utf8_trim_whitespace(written)), 0)
        return [self._field(pc.if_else(blank, None, written), "body")]

    def _field(self, column: Any, name: str) -> Texts:
        if not (_is_written(column.type, self._pa) or self._pa.types.is_null(column.type)):
            self._mark(column.is_valid())
            column = self._pa.nulls(len(column), self._pa.string())
        texts = _texts_of(column, self._pa)
        rows = np.asarray(texts.is_valid()).nonzero()[0]
        values = texts.drop_null() if texts.null_count else texts
        return Texts(values, rows, np.zeros(len(rows), dtype=np.int64), (name,))

    def _of_map(self, column: Any) -> Texts:
        lists, inner = opened_map(column)
        row = lists.rows()
        keys = coded(inner[0]) if _is_written(inner[0].type, self._pa) else None
        if keys is None or not _is_written(inner[1].type, self._pa):
            self._odd[row] = True
            return Texts(self._pa.array([], self._pa.string()), row[:0], row[:0], ())
        values = _texts_of(inner[1], self._pa)
        missing = np.asarray(values.is_null())
        self._odd[row[missing]] = True  # a text that is null is told, not passed over
        if missing.any():
            row, values = row[~missing], values.drop_null()
        codes = keys.codes[~missing].astype(np.int64)
        return Texts(values, row, codes, keys.values)

    def _with_links(self, texts: Texts) -> tuple[Texts, dict[int, Link]]:
        """The texts with those of links behind the others of their row."""
        parts = [self._of_links(number) for number, _ in self._layout.numbers("links")]
        found = [part for part in parts if part is not None]
        if not found:
            return texts, {}
        linked, links = found[0]
        pa = self._pa
        order = np.argsort(np.concatenate([texts.row, linked.row]), kind="stable")
        values = pa.concat_arrays([texts.values, linked.values]).take(pa.array(order))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        shifted = place[len(texts.row) :].tolist()
        field = np.concatenate([texts.field, linked.field + len(texts.fields)])[order]
        row = np.concatenate([texts.row, linked.row])[order]
        hosts = {shifted[2 * n]: link for n, link in enumerate(links)}
        return Texts(values, row, field, (*texts.fields, *linked.fields)), hosts

    def _of_links(self, number: int) -> tuple[Texts, list[Link]] | None:
        column = self._batch.column(number)
        if not is_list(column.type):
            self._mark(self._there(number))
            return None
        lists, inner = opened(column)
        if not len(inner):
            return None
        row = lists.rows()
        split = [None if url is None else _split(url) for url in inner.to_pylist()]
        bad = np.array([one is None for one in split], dtype=bool)
        self._odd[row[bad]] = True
        row = row[~bad]
        links = [one for one in split if one is not None]
        pairs = [text for link in links for text in (link.host_text, link.path)]
        rows, none = np.repeat(row, 2), np.zeros(2 * len(row), dtype=np.int64)
        try:
            values = self._pa.array(pairs, self._pa.string())
        except UnicodeEncodeError:  # an escape in a link may say what UTF-8 cannot hold
            self._mark(self._lengths(column) > 0)
            return None
        return Texts(values, rows, none, ("links",)), links

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
        self, texts: Texts, lengths: Ints, links: Mapping[int, Link], heads: _Heads
    ) -> CreativeColumns:
        values, row, field = texts.values, texts.row, texts.field
        if self._odd.any():
            kept = ~self._odd[row]
            place = np.cumsum(kept) - 1
            links = {int(place[n]): link for n, link in links.items() if kept[n]}
            values, row, lengths = values.filter(self._pa.array(kept)), row[kept], lengths[kept]
            field = field[kept]
        counts = np.bincount(row, minlength=len(self._batch))
        owner, markets = row.item, heads.markets
        joined = JoinedTexts(_joined(values, self._pa), lengths)
        batch = Batch(
            joined,
            Derived(len(row), owner),
            Derived(len(row), lambda n: markets.values[markets.codes.item(owner(n))]),
            links,
        )
        first = np.cumsum(counts) - counts
        names = _Names(field.item, texts.fields, links)
        rows = _Rows(heads, joined, first.item, counts.item, names)

        def taken_in(row: int) -> Intake:
            if self._odd.item(row) or self._rich.item(row):
                return self._whole(row)
            return rows.intake(row, self._first + row)

        return CreativeColumns(self._odd, batch, Derived(len(first), first.item), taken_in)

    def _whole(self, row: int) -> Intake:
        """A row taken in as a creative that comes alone is."""
        creative = creative_of(self._batch, self._layout, row)
        if creative is None:
            raise NotACreative("it says something twice, or what is none of a creative")
        return read(creative, self._first + row)


@dataclass(frozen=True, slots=True)
class _Heads:
    """What is known of each row."""

    ids: Any
    markets: Coded[Markets]
    days: Ints
    advertisers: Any | None


@dataclass(frozen=True, slots=True)
class _Names:
    """The field of each text, and the links that texts are of."""

    code: Callable[[int], int]
    fields: tuple[str, ...]
    links: Mapping[int, Link]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of which the columns say all that a decision needs, one by one."""

    heads: _Heads
    texts: JoinedTexts
    first: Callable[[int], int]
    count: Callable[[int], int]
    names: _Names

    def intake(self, row: int, index: int) -> Intake:
        """What `engine.intake.read` makes of the row as a dict."""
        heads, first = self.heads, self.first(row)
        ids, day = heads.ids[row].as_py(), heads.days.item(row)
        markets = heads.markets.values[heads.markets.codes.item(row)]
        texts = self.texts[first : first + self.count(row)]
        intake = Intake(index, ids, markets, [], texts, sum(map(len, texts)), [])
        self._name(intake, first)
        intake.on = date.fromordinal(day) if day else None
        advertiser = None if heads.advertisers is None else heads.advertisers[row].as_py()
        if advertiser is not None:
            intake.known = Facts(ids, markets, advertiser)
        return intake

    def _name(self, intake: Intake, first: int) -> None:
        """Give each text the name of its field; those of a link come in pairs, at the end."""
        names, number = self.names, 0
        for place in range(first, first + len(intake.texts)):
            link = names.links.get(place)
            if link is not None:
                intake.links = {**(intake.links or {}), place - first: link}
                intake.fields += [f"links[{number}].host", f"links[{number}].path"]
                number += 1
            elif len(intake.fields) == place - first:
                intake.fields.append(names.fields[names.code(place)])


def opened_map(column: Any) -> tuple[Lists, tuple[Any, Any]]:
    """Where each map begins, and the keys and values that are in them; a null is an empty one."""
    pa = arrow("creatives in Arrow")
    as_list = pa.list_(pa.struct([("key", column.type.key_type), ("value", column.type.item_type)]))
    lists, inner = opened(column.cast(as_list))
    return lists, (inner.field("key"), inner.field("value"))


def _together(pa: Any, parts: Sequence[Texts]) -> Texts:
    """Parts that are each in the order of rows, as one that is."""
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Texts(pa.array([], pa.string()), none, none, ())
    if len(parts) == 1:
        return parts[0]
    fields = tuple(dict.fromkeys(name for part in parts for name in part.fields))
    number = {name: place for place, name in enumerate(fields)}
    codes = [
        np.array([number[name] for name in part.fields], dtype=np.int64)[part.field]
        for part in parts
    ]
    row = np.concatenate([part.row for part in parts])
    order = np.argsort(row, kind="stable")
    values = pa.concat_arrays([part.values for part in parts]).take(pa.array(order))
    return Texts(values, row[order], np.concatenate(codes)[order], fields)


def _joined(values: Any, pa: Any) -> str:
    """Texts as one, with separators before, between and after them."""
    if not len(values):
        return SEPARATOR
    offsets = pa.array([0, len(values)], pa.int32())
    whole = pa.compute.binary_join(pa.ListArray.from_arrays(offsets, values), SEPARATOR)
    return f"{SEPARATOR}{whole[0].as_py()}{SEPARATOR}"


def _is_written(found: Any, pa: Any) -> bool:
    return bool(is_text(found) or pa.types.is_string_view(found))


def _texts_of(column: Any, pa: Any) -> Any:
    """A column of texts as plain ones, whichever way they are held."""
    return column if column.type == pa.string() else column.cast(pa.string())


@lru_cache(maxsize=4_096)
def _split(url: str) -> Link | None:
    return split_link(url)


@lru_cache(maxsize=4_096)
def _markets_of_cell(cell: str) -> Markets:
    """The markets that a cell names; none where it is none."""
    found: dict[str, Any] = {}
    if cell.strip():
        try:
            put_cell(found, ("markets", None), cell)
        except PydanticCustomError:
            return ()
    return tuple(found.get("markets", ()))


@lru_cache(maxsize=4_096)
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


@lru_cache(maxsize=4_096)
def _ordinal(text: str) -> int:
    """The ordinal of a day as it is written; 0 where it is none."""
    try:
        return date.fromisoformat(text).toordinal() if _DAY.fullmatch(text) else 0
    except ValueError:
        return 0
