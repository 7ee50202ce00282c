"""Record batches of a hit log -> counts of the creatives that were hit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np

from automod.model.arrow import arrow
from automod.model.coded import NONE, Coded, Flags, Ints, Lists, begins, counting
from automod.model.counters import COUNTED, EVERYWHERE, Counters, Hits

from .arrow_columns import coded, column_of, distinct, field_of, is_list, opened
from .decision_counts import strictest
from .parquet_files import Sort

HIT_COLUMNS: Final[dict[str, Sort]] = {
    "ruleset": "text", "on": "day", "creative": "text", "index": "whole",
    "material": "text", "version": "text", "status": "text", "kind": "text", "allowed_by": "text",
}  # fmt: skip
"""What is read of a hit log, beside `markets`: a map, or a list of structs as others write it."""


@dataclass(frozen=True, slots=True)
class HitColumns:
    """Creatives hit, by what a row of the columns says; each different row once."""

    ruleset: Coded[str]
    on: Coded[str]
    market: Coded[str]
    material: Coded[str]
    version: Coded[str]
    status: Coded[str]
    creatives: Ints

    def counters(self) -> Counters:
        """The same as counters; what was judged is not known."""
        columns = (
            self.ruleset, self.on, self.market, self.material, self.version, self.status,
        )  # fmt: skip
        keys = [
            cast("Hits", tuple(str(column[row]) for column in columns))
            for row in range(len(self.creatives))
        ]
        found = Counters()
        found.take((), zip(keys, self.creatives.tolist(), strict=True))
        return found


class HitBatches:
    """Counts the record batches of one hit log, in which the hits of a decision stand together."""

    def __init__(self) -> None:
        self._kept: Any = None

    def counts(self, batches: Iterable[Any]) -> Iterator[HitColumns]:
        """The counts of each batch.

        A decision whose hits go on in the next batch is counted there: a material that hit it
        twice is one.
        """
        pa = arrow("reading hit logs")
        for batch in batches:
            if len(batch):
                table = pa.Table.from_batches([batch])
                if self._kept is not None:
                    table = pa.concat_tables([self._kept, table], promote_options="permissive")
                whole = _one_batch(table)
                last = int(np.flatnonzero(_begins(whole))[-1])
                self._kept = pa.Table.from_batches([whole.slice(last)])
                yield count_hits(whole.slice(0, last))
        if self._kept is not None:
            yield count_hits(_one_batch(self._kept))
            self._kept = None


def _one_batch(table: Any) -> Any:
    combined = table.unify_dictionaries().combine_chunks()
    return combined.to_batches()[0]


def _decisions(batch: Any) -> list[Ints]:
    """What tells one decision from another: four columns of numbers."""
    pa = arrow("reading hit logs")
    index = np.asarray(column_of(batch, "index").cast(pa.int64()).fill_null(NONE))
    names = [_numbers(column_of(batch, name), pa) for name in ("ruleset", "on", "creative")]
    return [*names, index]


def _numbers(array: Any, pa: Any) -> Ints:
    """A number for each different value, and no object of it; -1 for none."""
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    return np.asarray(array.indices.cast(pa.int64()).fill_null(NONE))


def _text(array: Any, pa: Any) -> Any:
    dated = pa.types.is_date(array.type) or pa.types.is_timestamp(array.type)
    return array.cast(pa.date32(), safe=False).cast(pa.string()) if dated else array


def _begins(batch: Any) -> Flags:
    return begins(*_decisions(batch))


def count_hits(batch: Any) -> HitColumns:
    """The counts of a record batch of a hit log.

    Args:
        batch: with the columns of `model.arrow.hit_schema`.

    Raises:
        MissingExtra: the extra `arrow` is not installed.

    >>> from automod.model.arrow import hit_batch
    >>> count_hits(hit_batch([])).creatives.tolist()
    []
    """
    pa = arrow("reading hit logs")
    first, decision = distinct(_decisions(batch))
    names = ("ruleset", "on", "material", "version")
    ruleset, on, material, version = (coded(_text(column_of(batch, name), pa)) for name in names)
    how = strictest(batch)
    kept = np.flatnonzero((how != NONE) & (material.codes != NONE))
    sorts = (decision[kept], material.codes[kept], version.codes[kept])
    order = np.lexsort((how[kept], *sorts[::-1]))
    order = order[begins(*(sort[order] for sort in sorts))] if len(order) else order
    kept = kept[order]
    lists, market = _markets(column_of(batch, "markets"), pa)
    row = first[decision[kept]]
    lengths = lists.lengths()[row]
    hit = np.repeat(kept, lengths + 1)
    place = counting(lengths + 1)
    markets = Coded.joined([Coded.of([EVERYWHERE]), market])
    at = np.where(place == 0, 0, np.repeat(lists.starts[row], lengths + 1) + place)
    columns: list[Any] = [
        ruleset.take(hit), on.take(hit), markets.take(at), material.take(hit), version.take(hit),
        Coded(COUNTED, how[hit]),
    ]  # fmt: skip
    some, number = distinct([column.codes for column in columns])
    counts = np.bincount(number, minlength=len(some))
    rules, days, places, materials, versions, status = (column.take(some) for column in columns)
    return HitColumns(rules, days, places, materials, versions, status, counts)


def _markets(array: Any, pa: Any) -> tuple[Lists, Coded[str]]:
    """The markets of each row, of a map or of a list of structs as other tools write it."""
    if is_list(array.type):
        lists, inside = opened(array)
        return lists, coded(field_of(inside, "key"))
    if pa.types.is_map(array.type):
        starts = np.asarray(array.offsets).astype(np.int64)
        return Lists(starts, np.arange(int(starts[-1]))), coded(array.keys)
    none = np.zeros(len(array) + 1, dtype=np.int64)
    return Lists(none, none[:0]), Coded((), np.zeros(0, dtype=np.int32))
