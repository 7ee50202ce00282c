"""A record batch of decisions -> counts of what was judged, with no object for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

import numpy as np

from automod.model.arrow import arrow
from automod.model.coded import NONE, Coded, Flags, Ints, begins, counting
from automod.model.counters import COUNTED, EVERYWHERE, FOUND, Counters, Hits, Judged
from automod.model.vocabulary import ACTIONS

from .arrow_columns import coded, column_of, distinct, field_of, opened

Labels = tuple[Coded[str], Coded[str], Coded[str]]
"""Ruleset, day and market of each outcome."""

_ALLOWED: Final = COUNTED.index("allowed")


def count_batch(decisions: Any) -> Counters:
    """The counts of a record batch (or table) of decisions: as `Counters.add` of each of them.

    Args:
        decisions: with the columns of `model.arrow.decision_schema`.

    Raises:
        MissingExtra: the extra `arrow` is not installed.

    >>> from automod.model.arrow import decision_batch
    >>> from automod.model.decision import Decision
    >>> one = Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {})
    >>> count_batch(decision_batch([one, one])).creatives()
    2
    """
    pa = arrow("counting record batches")
    found = Counters()
    for batch in decisions.to_batches() if isinstance(decisions, pa.Table) else [decisions]:
        found.merge(_count(batch, pa))
    return found


def _count(batch: Any, pa: Any) -> Counters:
    lists, inside = opened(column_of(batch, "markets"))
    # Each decision's own row first: EVERYWHERE, then its markets in their order.
    rows = np.concatenate([np.arange(len(batch)), lists.rows()])
    order = np.argsort(rows, kind="stable")
    names = coded(field_of(inside, "market"))
    markets = Coded.joined([Coded.of([EVERYWHERE] * len(batch)), names]).take(order)
    whole = np.diff(opened(column_of(batch, "not_evaluated"))[0].starts) == 0
    complete = np.concatenate([whole, _flags(field_of(inside, "complete"))])[order]
    actions = np.concatenate([
        coded(column_of(batch, "action")).among(ACTIONS),
        coded(field_of(inside, "action")).among(ACTIONS),
    ])[order]  # fmt: skip
    ruleset = coded(column_of(batch, "ruleset"))
    on = coded(column_of(batch, "on").cast(pa.date32()).cast(pa.string()))
    labels = (ruleset.take(rows[order]), on.take(rows[order]), markets)
    found = Counters()
    found.take(_judged(labels, complete, actions), _hits(batch, labels, lists.lengths() + 1))
    return found


def _judged(labels: Labels, complete: Flags, actions: Any) -> Iterator[tuple[Judged, list[int]]]:
    """The counts of what was judged, by ruleset, day and market."""
    first, number = distinct([column.codes for column in labels])
    counts = np.stack([
        np.bincount(number, minlength=len(first)),
        np.bincount(number[~complete], minlength=len(first)),
        *(np.bincount(number[actions == n], minlength=len(first)) for n in range(len(ACTIONS))),
    ], axis=1).tolist()  # fmt: skip
    ruleset, on, market = labels
    for n, row in enumerate(first.tolist()):
        yield (str(ruleset[row]), str(on[row]), str(market[row])), counts[n]


def _flags(array: Any) -> Flags:
    return np.asarray(array.fill_null(False).cast("int8")).astype(bool)


def _hits(batch: Any, labels: Labels, lengths: Ints) -> list[tuple[Hits, int]]:
    """The counts of hits: each material of a decision once, in all markets of the decision."""
    lists, inside = opened(column_of(batch, "hits"))
    material, version = (coded(field_of(inside, name)) for name in ("material", "version"))
    how = strictest(inside)
    kept = np.flatnonzero((how != NONE) & (material.codes != NONE))
    rows = lists.rows()[kept]
    keys = (rows, material.codes[kept], version.codes[kept])
    order = np.lexsort((how[kept], *keys[::-1]))
    order = order[begins(*(key[order] for key in keys))] if len(order) else order
    kept, rows = kept[order], rows[order]
    times = lengths[rows]
    outcome = np.repeat((np.cumsum(lengths) - lengths)[rows], times) + counting(times)
    hit = np.repeat(kept, times)
    columns: list[Any] = [column.take(outcome) for column in labels]
    columns += [material.take(hit), version.take(hit), Coded(COUNTED, how[hit])]
    first, number = distinct([column.codes for column in columns])
    counts = np.bincount(number, minlength=len(first)).tolist()
    return [
        (cast("Hits", tuple(str(column[int(row)]) for column in columns)), counts[n])
        for n, row in enumerate(first)
    ]


def strictest(hits: Any) -> Any:
    """How each hit counts, as a place in `COUNTED`; -1 for one that is of no material.

    Args:
        hits: structs, or a record batch, with `status`, `allowed_by` and `kind`.
    """
    get = field_of if hasattr(hits, "type") else column_of
    how = coded(get(hits, "status")).among(COUNTED)
    how = np.where(np.asarray(get(hits, "allowed_by").is_valid()), _ALLOWED, how)
    kind = coded(get(hits, "kind")).among((FOUND,))
    return np.where(kind == 0, NONE, how).astype(np.int32)
