"""Parts of decisions as Arrow arrays, built column by column: no dict for a verdict or a hit."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, TypeVar

import numpy as np

from .coded import Codes, Ints
from .decision import Decision, Hit, MarketOutcome, NotEvaluated, Verdict
from .vocabulary import ACTION_RANK

Outcomes = Mapping[str, MarketOutcome]
Item = TypeVar("Item")

_NO_ITEMS: Final = "[]"


def lists_of(pa: Any, kind: Any, lengths: Ints, inner: Any) -> Any:
    """An array of lists of a type, of how many each holds and all that is in them."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), inner, type=kind)


def market_lists(pa: Any, kind: Any, outcomes: Sequence[Outcomes]) -> Any:
    """What markets do, a list for each decision.

    >>> import pyarrow as pa
    >>> from .arrow import decision_schema
    >>> kind = decision_schema().field("markets").type
    >>> market_lists(pa, kind, [{"SA": MarketOutcome("approve", True)}]).to_pylist()
    [[{'market': 'SA', 'action': 'approve', 'complete': True, 'restrictions': '[]'}]]
    """
    pairs = [pair for one in outcomes for pair in one.items()]
    some = [outcome for _, outcome in pairs]
    columns = [
        [market for market, _ in pairs],
        [one.action for one in some],
        [one.complete for one in some],
        [
            json.dumps([dict(each) for each in one.restrictions], ensure_ascii=False)
            if one.restrictions
            else _NO_ITEMS
            for one in some
        ],
    ]
    return lists_of(pa, kind, _lengths(outcomes), _struct(pa, kind.value_type, columns))


def each_once(items: Sequence[Item], key: Callable[[Item], Hashable]) -> tuple[list[Item], Codes]:
    """The items that differ, and which of them each one is.

    >>> found, codes = each_once([(1,), (), (1,)], id)
    >>> [found[code] for code in codes]
    [(1,), (), (1,)]
    """
    known: dict[Hashable, int] = {}
    found: list[Item] = []
    codes = np.empty(len(items), dtype=np.int32)
    for place, item in enumerate(items):
        name = key(item)
        number = known.setdefault(name, len(found))
        if number == len(found):
            found.append(item)
        codes[place] = number
    return found, codes


def verdict_lists(pa: Any, kind: Any, rows: Sequence[Sequence[Verdict]]) -> Any:
    """Verdicts, a list for each decision.

    What came of hits that are of the same sort is one object: it is written down once.
    """
    different, codes = each_once(rows, id)
    some = [one for row in different for one in row]
    struct = kind.value_type
    columns = [_column(pa, struct, some, name) for name in Verdict.__slots__ if name != "reason"]
    reasons = [
        [one.reason.code for one in some],
        [json.dumps(one.reason.values, ensure_ascii=False) for one in some],
    ]
    reason = _struct(pa, struct.field("reason").type, reasons)
    lists = lists_of(pa, kind, _lengths(different), _struct(pa, struct, [*columns, reason]))
    return lists.take(pa.array(codes))


def hit_lists(pa: Any, kind: Any, rows: Sequence[Sequence[Hit]]) -> Any:
    """Hits, a list for each decision."""
    some = [one for row in rows for one in row]
    columns = [_column(pa, kind.value_type, some, name) for name in Hit.__slots__]
    return lists_of(pa, kind, _lengths(rows), _struct(pa, kind.value_type, columns))


def missing_lists(pa: Any, kind: Any, rows: Sequence[Sequence[NotEvaluated]]) -> Any:
    """What was not evaluated, a list for each decision."""
    some = [one for row in rows for one in row]
    columns = [_column(pa, kind.value_type, some, name) for name in NotEvaluated.__slots__]
    return lists_of(pa, kind, _lengths(rows), _struct(pa, kind.value_type, columns))


def _column(pa: Any, struct: Any, some: Sequence[Any], name: str) -> Any:
    """A column of some objects; most have the same in it, or one of a few lists."""
    values, kind = list(map(attrgetter(name), some)), struct.field(name).type
    if not values or values.count(values[0]) == len(values):
        return pa.array(values[:1], kind).take(pa.array(np.zeros(len(values), dtype=np.int32)))
    if pa.types.is_list(kind):
        different, codes = each_once(values, _itself)
        return pa.array(different, kind).take(pa.array(codes))
    return pa.array(values, kind)


def _itself(value: Hashable) -> Hashable:
    return value


def _struct(pa: Any, kind: Any, columns: Sequence[Any]) -> Any:
    """Structs of columns that are in the order of their fields."""
    fields = list(kind)
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column, field.type)
        for field, column in zip(fields, columns, strict=True)
    ]
    return pa.StructArray.from_arrays(arrays, fields=fields)


def _lengths(rows: Iterable[Any]) -> Ints:
    return np.fromiter(map(len, rows), np.int64)


def sparse(pa: Any, made: Any, at: Ints, rows: int) -> Any:
    """A column of lists that are empty but at some rows.

    Args:
        pa: the module `pyarrow`.
        made: the lists of those rows.
        at: which rows they are, ascending.
        rows: how many there are in all.

    >>> import pyarrow as pa
    >>> sparse(pa, pa.array([[7, 8]]), np.array([1]), 3).to_pylist()
    [[], [7, 8], []]
    """
    lengths = np.zeros(rows, dtype=np.int64)
    lengths[at] = np.diff(np.asarray(made.offsets))
    return lists_of(pa, made.type, lengths, made.values)


def sparse_texts(pa: Any, made: Any, at: Ints, rows: int) -> Any:
    """A column of texts that are null but at some rows.

    >>> import pyarrow as pa
    >>> sparse_texts(pa, pa.array(["a"]), np.array([1]), 2).to_pylist()
    [None, 'a']
    """
    if made.null_count == len(made):
        return pa.nulls(rows, made.type)
    places = np.full(rows, -1, dtype=np.int64)
    places[at] = np.arange(len(at))
    return made.take(pa.array(places, mask=places < 0))


def named(pa: Any, kind: Any, codes: Any, values: Sequence[str]) -> Any:
    """A column of texts that come again and again: each different one once."""
    texts = pa.array(values, kind.value_type)
    return pa.DictionaryArray.from_arrays(pa.array(codes, kind.index_type), texts)


ACTIONS: Final = tuple(sorted(ACTION_RANK, key=ACTION_RANK.__getitem__))
"""By their rank, which is their number in a dictionary of them."""


def digests_of(decisions: Iterable[Decision]) -> tuple[list[int], list[str]]:
    """The number of each decision's ruleset, and the digests by their number."""
    known: dict[str, int] = {}
    return [known.setdefault(one.ruleset, len(known)) for one in decisions], list(known)
