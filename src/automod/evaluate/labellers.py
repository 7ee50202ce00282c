"""How far those who labelled the same thing agree, in each market."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import numpy as np

from ..model.case_table import ANYWHERE, CaseTable
from ..model.coded import Coded, Ints
from ..model.evaluation import Agreement
from .agreement import cohen_kappa
from .ratios import Settings
from .trials import Trials
from .truth import ARBITERS, latest_labels

ANSWERS: Final = 3
"""no, yes, unsure."""


def agreement(
    cases: CaseTable,
    trials: Trials,
    settings: Settings,
    arbiters: Collection[str] = ARBITERS,
) -> list[Agreement]:
    """Cohen's kappa of every two labellers, in all markets together (`*`) and in each.

    A label for every market counts in each market that its creative was counted in. Arbiters saw
    what the others said, and are left out.

    Args:
        cases: with their labels.
        trials: where each case was counted.
        settings: confidence, and the support from which on the interval is promised.
        arbiters: labellers who are left out.
    """
    pairs = _pairs(cases, arbiters)
    found = [_agreed(ANYWHERE, pairs, np.ones(len(pairs.case), dtype=bool), settings)]
    for code, market in enumerate(trials.market.values):
        runs = np.zeros(len(cases), dtype=bool)
        runs[trials.case[trials.market.codes == code]] = True
        here = np.array([one in (ANYWHERE, market) for one in pairs.market.values] + [False])
        found.append(_agreed(market, pairs, runs[pairs.case] & here[pairs.market.codes], settings))
    return [one for some in found for one in some]


class _Pairs:
    """Two labels of the same thing by two labellers, the first of them first by name."""

    def __init__(self, case: Ints, market: Coded[str], who: Any, said: Any, names: Any) -> None:
        self.case, self.market, self.who, self.said, self.names = case, market, who, said, names


def _pairs(cases: CaseTable, arbiters: Collection[str]) -> _Pairs:
    labels = cases.labels
    names = sorted(labels.by.values)
    by = labels.by.among(names)
    judge = np.array([name in arbiters for name in names] + [False])
    rows, keys = latest_labels(labels)
    rows, keys = rows[~judge[by[rows]]], keys[~judge[by[rows]]]
    order = np.lexsort((by[rows], keys))
    rows, keys = rows[order], keys[order]
    one, other = _within(keys)
    a, b = rows[one], rows[other]
    return _Pairs(
        labels.case[a], labels.market.take(a), np.stack([by[a], by[b]], axis=1),
        np.stack([labels.present[a], labels.present[b]], axis=1), names,
    )  # fmt: skip


def _within(keys: Ints) -> tuple[Ints, Ints]:
    """Every two places with the same key, the earlier first; keys ascend."""
    found: list[tuple[Ints, Ints]] = []
    step = 1
    while step < len(keys) + 1:
        same = np.flatnonzero(keys[step:] == keys[: len(keys) - step])
        if not len(same):
            break
        found.append((same, same + step))
        step += 1
    none = np.zeros(0, dtype=np.int64)
    return (
        np.concatenate([none, *(pair[0] for pair in found)]),
        np.concatenate([none, *(pair[1] for pair in found)]),
    )


def _agreed(market: str, pairs: _Pairs, rows: Any, settings: Settings) -> list[Agreement]:
    who, said = pairs.who[rows], pairs.said[rows]
    found = []
    for one, other in np.unique(who, axis=0).tolist():
        answers = said[(who == (one, other)).all(axis=1)].astype(np.int64)
        table = np.bincount(answers[:, 0] * ANSWERS + answers[:, 1], minlength=ANSWERS**2)
        found.append(
            _told(market, pairs.names[one], pairs.names[other],
                  table.reshape(ANSWERS, ANSWERS), settings)
        )  # fmt: skip
    return found


def _told(market: str, one: str, other: str, table: Any, settings: Settings) -> Agreement:
    items, agreed = int(table.sum()), int(np.trace(table))
    kappa = cohen_kappa(table, settings.confidence)
    value, low, high = (None, None, None) if kappa is None else (kappa.value, kappa.low, kappa.high)
    return Agreement(
        market, one, other, items, agreed, value, low, high,
        enough=kappa is not None and items >= settings.support,
    )  # fmt: skip
