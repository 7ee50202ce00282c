"""The texts of a record batch of creatives, however their columns hold them, as one column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from automod.load.arrow_columns import coded, is_list, is_text, opened, texts_of
from automod.match.links import Link, split_link
from automod.model.arrow import arrow
from automod.model.coded import NONE, Flags, Ints, Lists
from automod.model.scalars import has_lone_surrogate
from automod.text.fold import SEPARATOR

from .creative_columns import Layout, column_in, plain_texts, remembered

_RESERVED: Final = "links["
_NEEDED_FOR: Final = "creatives in Arrow"


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of creatives, and whose they are: an Arrow array without nulls, rows ascending."""

    values: Any
    row: Ints
    field: Ints
    fields: tuple[str, ...]

    @classmethod
    def none(cls) -> Texts:
        """No texts at all."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(arrow(_NEEDED_FOR).array([], "string"), nothing, nothing, ())


@dataclass(frozen=True, slots=True)
class Links:
    """What is read of a column of links: two texts for each, its host and its path."""

    texts: Texts
    links: Sequence[Link]


def texts_in(batch: Any, layout: Layout) -> tuple[Texts, Flags]:
    """All texts but those of links, and the rows of which they are not all that must be known.

    Args:
        batch: a record batch of creatives.
        layout: of its schema.
    """
    return _Reader(batch, layout).texts()


class _Reader:
    """Reads the columns of texts one by one; a row that needs a closer look is odd."""

    def __init__(self, batch: Any, layout: Layout) -> None:
        self._batch, self._layout = batch, layout
        self._pa = arrow(_NEEDED_FOR)
        self._odd: Flags = np.zeros(len(batch), dtype=bool)

    def texts(self) -> tuple[Texts, Flags]:
        """All of them."""
        columns = self._layout.numbers("text")
        parts = [part for number, inside in columns for part in self._part(number, inside)]
        texts = _together(parts)
        if len(parts) > 1 or self._has_maps(columns):
            self._odd[_rows_with_twins(texts)] = True
        for code, name in enumerate(texts.fields):
            if name.startswith(_RESERVED):
                self._odd[texts.row[texts.field == code]] = True
        return texts, self._odd

    def _has_maps(self, columns: Sequence[tuple[int, str | None]]) -> bool:
        is_map = self._pa.types.is_map
        return any(is_map(column_in(self._batch, number).type) for number, _ in columns)

    def _part(self, number: int, inside: str | None) -> list[Texts]:
        """The texts of a column: those of a field, of several, or of a map."""
        column, types = column_in(self._batch, number), self._pa.types
        if types.is_null(column.type):
            return []
        if inside is not None:
            return [self._field(column, inside)]
        if types.is_map(column.type):
            return [self._of_map(column)]
        if types.is_struct(column.type):
            pairs = zip(column.type, column.flatten(), strict=True)
            return [self._field(one, field.name) for field, one in pairs]
        return [self._of_cells(plain_texts(column))]

    def _of_cells(self, written: Any) -> Texts:
        """The texts of a column that is read as the cells of a table are."""
        pc = self._pa.compute
        # Blanks are any of Unicode: to a pattern of Arrow they are those of ASCII.
        cut = pc.utf8_ltrim_whitespace(written)
        # A cell that begins like JSON may hold several texts; a blank one holds none.
        self._odd |= np.asarray(pc.starts_with(cut, "{").fill_null(False))
        blank = pc.equal(pc.binary_length(cut), 0)
        return self._field(pc.if_else(blank, None, written), "body")

    def _field(self, column: Any, name: str) -> Texts:
        if not (is_text(column.type) or self._pa.types.is_null(column.type)):
            self._odd |= np.asarray(column.is_valid())
            column = self._pa.nulls(len(column), self._pa.string())
        texts = texts_of(column)
        rows = np.asarray(texts.is_valid()).nonzero()[0]
        values = texts.drop_null() if texts.null_count else texts
        return Texts(values, rows, np.zeros(len(rows), dtype=np.int64), (name,))

    def _of_map(self, column: Any) -> Texts:
        lists, inner = opened_map(column)
        row = lists.rows()
        if not (is_text(inner[0].type) and is_text(inner[1].type)):
            self._odd[row] = True
            return Texts.none()
        keys, values = coded(inner[0]), texts_of(inner[1])
        missing = np.asarray(values.is_null()) | (keys.codes == NONE)
        codes = keys.codes.astype(np.int64)
        if missing.any():
            self._odd[row[missing]] = True  # a text that is null is told, not passed over
            values = values.filter(self._pa.array(~missing))
            row, codes = row[~missing], codes[~missing]
        return Texts(values, row, codes, keys.values)


def opened_map(column: Any) -> tuple[Lists, tuple[Any, Any]]:
    """Where each map begins, and the keys and values that are in them; a null is an empty one."""
    pa = arrow(_NEEDED_FOR)
    as_list = pa.list_(pa.struct([("key", column.type.key_type), ("value", column.type.item_type)]))
    lists, inner = opened(column.cast(as_list))
    return lists, (inner.field("key"), inner.field("value"))


def _rows_with_twins(texts: Texts) -> Ints:
    """The rows that have two texts of one field."""
    width = max(len(texts.fields), 1)
    # Sorted, not counted: every row may have names that no other has.
    key = np.sort(texts.row * width + texts.field)
    return np.unique(key[1:][key[1:] == key[:-1]] // width)


def _together(parts: Sequence[Texts]) -> Texts:
    """Parts that are each in the order of rows, as one that is."""
    if not parts:
        return Texts.none()
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
    pa = arrow(_NEEDED_FOR)
    values = pa.concat_arrays([part.values for part in parts]).take(pa.array(order))
    return Texts(values, row[order], np.concatenate(codes)[order], fields)


# --- links ----------------------------------------------------------------------------------------


def links_in(column: Any) -> tuple[Links | None, Flags]:
    """The links of a column, and the rows of which they are not all that must be known."""
    odd = np.zeros(len(column), dtype=bool)
    if not is_list(column.type):
        return None, np.asarray(column.is_valid())
    lists, inner = opened(column)
    if not len(inner):
        return None, odd
    row = lists.rows()
    split = [None if url is None else _parts(url) for url in inner.to_pylist()]
    good = np.array([one is not None for one in split], dtype=bool)
    odd[row[~good]] = True
    parts = [one for one in split if one is not None]
    texts = [text for _, host, path in parts for text in (host, path)]
    rows, none = np.repeat(row[good], 2), np.zeros(2 * len(parts), dtype=np.int64)
    values = arrow(_NEEDED_FOR).array(texts, "string")
    return Links(Texts(values, rows, none, ("links",)), [link for link, _, _ in parts]), odd


@remembered
def _parts(url: str) -> tuple[Link, str, str] | None:
    """A link with its two texts; None where it is malformed, or Arrow cannot hold them."""
    link = split_link(url)
    if link is None:
        return None
    host, path = link.host_text, link.path
    # An escape may say half a character, which UTF-8 cannot hold.
    return None if has_lone_surrogate(host) or has_lone_surrogate(path) else (link, host, path)


def with_links(texts: Texts, found: Links) -> tuple[Texts, dict[int, Link]]:
    """The texts with those of links behind the others of their row, and where each link begins."""
    linked = found.texts
    pa = arrow(_NEEDED_FOR)
    order = np.argsort(np.concatenate([texts.row, linked.row]), kind="stable")
    values = pa.concat_arrays([texts.values, linked.values]).take(pa.array(order))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    shifted = place[len(texts.row) :].tolist()
    field = np.concatenate([texts.field, linked.field + len(texts.fields)])[order]
    row = np.concatenate([texts.row, linked.row])[order]
    hosts = {shifted[2 * n]: link for n, link in enumerate(found.links)}
    return Texts(values, row, field, (*texts.fields, *linked.fields)), hosts


def joined(values: Any) -> str:
    """Texts as one, with separators before, between and after them."""
    if not len(values):
        return SEPARATOR
    pa = arrow(_NEEDED_FOR)
    offsets = pa.array([0, len(values)], pa.int32())
    whole = pa.compute.binary_join(pa.ListArray.from_arrays(offsets, values), SEPARATOR)
    return f"{SEPARATOR}{whole[0].as_py()}{SEPARATOR}"
