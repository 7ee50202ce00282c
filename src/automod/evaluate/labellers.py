"""How far those who labelled the same thing agree, in each market."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..model.case_table import ANYWHERE, CaseTable
from ..model.coded import NONE, Coded, Flags, Ints
from ..model.decision_table import DecisionTable
from ..model.evaluation import Agreement
from .agreement import cohen_kappa
from .ratios import Settings
from .trials import cases_of
from .truth import ARBITERS, latest_labels

ANSWERS: Final = 3
"""no, yes, unsure."""


def agreement(
    cases: CaseTable,
    decisions: DecisionTable,
    settings: Settings,
    arbiters: Collection[str] = ARBITERS,
) -> list[Agreement]:
    """Cohen's kappa of every two labellers, in all markets together (`*`) and in each.

    A label for every market counts in each market that its creative was decided in, also where
    labellers disagree so that nothing is counted there: those are what kappa is about. Arbiters
    saw what the others said, and are left out.

    Args:
        cases: with their labels.
        decisions: which say in which markets each case runs.
        settings: confidence, and the support from which on the interval is promised.
        arbiters: labellers who are left out.
    """
    pairs = _pairs(cases, arbiters)
    if not len(pairs.case):
        return []
    found = [_agreed(ANYWHERE, pairs, np.ones(len(pairs.case), dtype=bool), settings)]
    case_of, outcomes = cases_of(cases, decisions), decisions.outcomes
    markets = outcomes.market.sorted()
    for code, market in enumerate(markets.values):
        ran = case_of[outcomes.decision[markets.codes == code]]
        runs = np.zeros(len(cases), dtype=bool)
        runs[ran[ran != NONE]] = True
        here = np.array([one in (ANYWHERE, market) for one in pairs.market.values] + [False])
        found.append(_agreed(market, pairs, runs[pairs.case] & here[pairs.market.codes], settings))
    return [one for some in found for one in some]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Two labels of the same thing by two labellers, the first of them first by name."""

    case: Ints
    market: Coded[str]
    who: NDArray[np.int32]
    """Places in `names`, shape (pairs, 2)."""
    said: NDArray[np.int8]
    """0 no, 1 yes, 2 unsure, of the same shape."""
    names: Sequence[str]


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


def _agreed(market: str, pairs: _Pairs, rows: Flags, settings: Settings) -> list[Agreement]:
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


def _told(market: str, one: str, other: str, table: Ints, settings: Settings) -> Agreement:
    items, agreed = int(table.sum()), int(np.trace(table))
    kappa = cohen_kappa(table, settings.confidence)
    value, low, high = (None, None, None) if kappa is None else (kappa.value, kappa.low, kappa.high)
    return Agreement(
        market, one, other, items, agreed, value, low, high,
        enough=kappa is not None and items >= settings.support,
    )  # fmt: skip
