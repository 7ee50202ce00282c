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
    return bool(
        types.is_string(value) or types.is_large_string(value) or types.is_string_view(value)
    )


def texts_of(array: Any) -> Any:
    """An array of texts as a plain one, whichever way it holds them; itself where it is one."""
    pa = arrow("reading Parquet")
    plain = pa.string()
    if pa.types.is_dictionary(array.type) and pa.types.is_string_view(array.type.value_type):
        # Arrow takes nothing out of a dictionary of views.
        held = array.dictionary.cast(plain)
        array = pa.DictionaryArray.from_arrays(array.indices, held)
    return array if array.type == plain else array.cast(plain)


def is_list(found: Any) -> bool:
    """Whether an Arrow type is one of lists."""
    types = arrow("reading Parquet").types
    return bool(
        types.is_list(found)
        or types.is_large_list(found)
        or types.is_fixed_size_list(found)
        or types.is_list_view(found)
        or types.is_large_list_view(found)
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
    """Dates or times -> ordinals of their days, in UTC; 0 where there is none, or none of ours.

    >>> import pyarrow as pa
    >>> ordinals_of(pa.array([0, -1, None, 2**50], pa.timestamp("s", "Asia/Riyadh"))).tolist()
    [719163, 719162, 0, 0]
    """
    types = arrow("reading Parquet").types
    if types.is_null(array.type):
        return np.zeros(len(array), dtype=np.int64)
    if types.is_date32(array.type):
        array, a_day = array.cast("int32"), 1
    else:
        a_day = _PER_DAY["ms" if types.is_date64(array.type) else array.type.unit]
    # Divided here: Arrow's cast to days lets what is too far away come round again.
    counted = np.asarray(array.cast("int64").fill_null(0)) // a_day
    good = (counted >= 1 - EPOCH) & (counted <= date.max.toordinal() - EPOCH)
    return np.where(good & np.asarray(array.is_valid()), counted + EPOCH, 0)


_PER_DAY: Final = {unit: 86_400 * 1_000**n for n, unit in enumerate(("s", "ms", "us", "ns"))}


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


_MANY: Final = 16


def coded(array: Any, *, strip: bool = False) -> Coded[str]:
    """The column of an Arrow array of texts, each different text once.

    Args:
        array: texts, or a dictionary of them.
        strip: cut blanks off their ends; what is blank is not there.
    """
    pa = arrow("reading Parquet")
    if pa.types.is_null(array.type):
        return Coded((), np.full(len(array), NONE, dtype=np.int32))
    if not pa.types.is_dictionary(array.type) or len(array.dictionary) > _MANY * len(array):
        # Of a dictionary of all that a file holds, a few rows need a few.
        array = texts_of(array).dictionary_encode()
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
