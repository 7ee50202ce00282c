"""Arrow arrays -> numbers, and what they stand for: nothing is made for each nested value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from automod.model.arrow import arrow
from automod.model.coded import NONE, Coded, Ints, Lists

EPOCH: Final = date(1970, 1, 1).toordinal()


def is_text(found: Any) -> bool:
    """Whether an Arrow type is one of texts, or of a dictionary of them."""
    types = arrow("reading Parquet").types
    value = found.value_type if types.is_dictionary(found) else found
    return bool(types.is_string(value) or types.is_large_string(value))


def is_list(found: Any) -> bool:
    """Whether an Arrow type is one of lists."""
    types = arrow("reading Parquet").types
    return bool(
        types.is_list(found) or types.is_large_list(found) or types.is_fixed_size_list(found)
    )


def opened(array: Any) -> tuple[Lists, Any]:
    """Where each list begins, and what is in them; a null is an empty list."""
    pa = arrow("reading Parquet")
    starts = np.zeros(len(array) + 1, dtype=np.int64)
    if pa.types.is_null(array.type):
        return Lists(starts, np.zeros(0, dtype=np.int64)), array[:0]
    np.cumsum(np.asarray(pa.compute.list_value_length(array).fill_null(0)), out=starts[1:])
    inner = array.flatten()
    return Lists(starts, np.arange(len(inner), dtype=np.int64)), inner


def ordinals_of(array: Any) -> Ints:
    """Dates or times -> ordinals of their days; 0 where there is none."""
    pa = arrow("reading Parquet")
    if pa.types.is_null(array.type):
        return np.zeros(len(array), dtype=np.int64)
    days = array.cast("date32", safe=False).cast("int32").cast("int64").fill_null(-EPOCH)
    return np.asarray(days) + EPOCH


def column_of(batch: Any, name: str) -> Any:
    """A column of a record batch; all nulls where there is none."""
    place = batch.schema.get_field_index(name)
    return arrow(name).nulls(len(batch)) if place < 0 else batch.column(place)


def field_of(array: Any, name: str) -> Any:
    """A field of a column of structs, null where the struct is; all nulls where there is none."""
    pa = arrow(name)
    if not pa.types.is_struct(array.type) or array.type.get_field_index(name) < 0:
        return pa.nulls(len(array))
    return pa.compute.struct_field(array, name)


def coded(array: Any, *, strip: bool = False) -> Coded[str]:
    """The column of an Arrow array of texts, each different text once.

    Args:
        array: texts, or a dictionary of them.
        strip: cut blanks off their ends; what is blank is not there.
    """
    pa = arrow("reading Parquet")
    if pa.types.is_null(array.type):
        return Coded((), np.full(len(array), NONE, dtype=np.int32))
    if not pa.types.is_dictionary(array.type):
        array = array.cast(pa.string()).dictionary_encode()
    written = array.dictionary.cast(pa.string()).to_pylist()
    codes = np.asarray(array.indices.cast("int32").fill_null(NONE))
    if strip:
        written = [None if value is None else value.strip() or None for value in written]
    known: dict[str, int] = {}
    place = [NONE if one is None else known.setdefault(one, len(known)) for one in written]
    return Coded(tuple(known), np.array([*place, NONE], dtype=np.int32)[codes])


def filled(column: Coded[str], value: str) -> Coded[str]:
    """A column with a value where there is none.

    >>> filled(Coded.of(["SA", None]), "*")[1]
    '*'
    """
    if not (column.codes == NONE).any():
        return column
    values = tuple(dict.fromkeys((*column.values, value)))
    codes = np.where(column.codes == NONE, values.index(value), column.codes)
    return Coded(values, codes.astype(np.int32))


def distinct(columns: Sequence[NDArray[Any]]) -> tuple[Ints, Ints]:
    """Rows of whole numbers that differ: the first row of each sort, and the sort of each row.

    >>> first, number = distinct([np.array([7, 7, 8]), np.array([-1, -1, 0])])
    >>> first.tolist(), number.tolist()
    ([0, 2], [0, 0, 1])
    """
    number = np.zeros(len(columns[0]), dtype=np.int64)
    first = np.zeros(0, dtype=np.int64)
    for column in columns:
        least = int(column.min(initial=0))
        width = int(column.max(initial=0)) - least + 1
        key = number * width + (column.astype(np.int64) - least)
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
    return first, number


def coded_lists(column: Coded[Any], lists: Lists) -> Coded[tuple[Any, ...]]:
    """Lists of texts, each different list once.

    Args:
        column: what is in the lists, one after the other.
        lists: where each list begins in it.

    >>> texts = Coded.of(["A", "B", "A", "B", "A"])
    >>> found = coded_lists(texts, Lists(np.array([0, 2, 4, 4, 5]), np.arange(5)))
    >>> found.values, found.codes.tolist()
    ((('A', 'B'), (), ('A',)), [0, 0, 1, 2])
    """
    lengths, width = lists.lengths(), len(column.values) + 1
    state = np.zeros(len(lengths), dtype=np.int64)
    live, place, used = np.flatnonzero(lengths > 0), 0, 1
    while len(live):
        key = state[live] * width + column.codes[lists.starts[live] + place] + 1
        _, number = np.unique(key, return_inverse=True)
        state[live] = used + number
        used, place = used + int(number.max()) + 1, place + 1
        live = live[lengths[live] > place]
    _, first, number = np.unique(state, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order))
    values = tuple(_listed(column, lists, int(row)) for row in first[order])
    return Coded(values, rank[number].astype(np.int32))


def _listed(column: Coded[Any], lists: Lists, row: int) -> tuple[Any, ...]:
    return tuple(column[at] for at in range(int(lists.starts[row]), int(lists.starts[row + 1])))
