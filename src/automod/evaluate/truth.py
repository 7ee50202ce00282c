"""Labels of several people -> what is there: by majority, or as the arbiter says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..model.case_table import ANYWHERE, PRESENT, CaseTable, LabelRows
from ..model.coded import NONE, Codes, Flags, Ints

ABSENT: Final = PRESENT["no"]
THERE: Final = PRESENT["yes"]
UNKNOWN: Final = PRESENT["unsure"]
ARBITERS: Final = ("arbiter",)
"""Labellers whose word ends a dispute, where nobody names others."""

Marks = NDArray[np.int8]
Days = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of the content of cases, by case, policy code and market of the label.

    `keys` ascend; `find` looks things up in them.
    """

    policies: tuple[str, ...]
    markets: tuple[str, ...]
    """Markets that labels name, `*` first."""
    keys: Ints
    present: Marks
    on: Days
    """Of the last label that decides: an arbiter's, where one has spoken."""
    disputed: Flags
    """As many labellers say yes as no, and no arbiter has spoken."""

    def of(self, case: Ints, policy: Codes, market: Codes) -> tuple[Marks, Days]:
        """What is present, and the day of the last label, of each case x policy x market.

        A label for one market wins there over one for all. Codes are places in `policies` and
        `markets`, -1 for a market that no label names. Where no label speaks: unknown if the code
        was labelled for other markets alone, else absent; callers ask only for judged codes.
        """
        base = (case * len(self.policies) + policy) * len(self.markets)
        own, everywhere = self.find(base + market), self.find(base)
        own = np.where(market == NONE, NONE, own)
        row = np.where(own == NONE, everywhere, own)
        elsewhere = np.searchsorted(self.keys, base + len(self.markets)) > np.searchsorted(
            self.keys, base
        )
        silent = np.where(elsewhere, UNKNOWN, ABSENT)
        if not len(self.keys):
            return silent.astype(np.int8), np.zeros(len(case), dtype=np.int32)
        present = np.where(row == NONE, silent, self.present[row])
        return present.astype(np.int8), np.where(row == NONE, 0, self.on[row]).astype(np.int32)

    def find(self, keys: Ints) -> Ints:
        """The row of each key; -1 for one that is not there."""
        if not len(self.keys):
            return np.full(len(keys), NONE, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, place, NONE)


def settle(cases: CaseTable, arbiters: Collection[str] = ARBITERS) -> Truth:
    """What the labels of all cases come to.

    Of several labels of one labeller for the same thing the last counts. An arbiter's word wins;
    else the majority of yes and no does (unsure is no vote); as many of each is a dispute, and
    unknown.

    Args:
        cases: with their labels.
        arbiters: labellers whose word wins.
    """
    labels = cases.labels
    policies = tuple(sorted({*cases.policies, *labels.policy.values}))
    markets = (ANYWHERE, *(one for one in labels.market.values if one != ANYWHERE))
    keys = _keys(labels, policies, markets)
    return _counted(labels, keys, _latest(labels, keys), arbiters, policies, markets)


def latest_labels(labels: LabelRows) -> tuple[Ints, Ints]:
    """Of each labeller the last label for each thing, and a number for the thing, ascending."""
    keys = _keys(labels, labels.policy.values, labels.market.values)
    rows = _latest(labels, keys)
    return rows, keys[rows]


def _keys(labels: LabelRows, policies: Sequence[str], markets: Sequence[str]) -> Ints:
    """A number for each case x policy x market."""
    keys = labels.case * len(policies) + labels.policy.among(policies)
    return np.asarray(keys * len(markets) + labels.market.among(markets))


def _latest(labels: LabelRows, keys: Ints) -> Ints:
    """Of each labeller the last label for each key, in the order of keys."""
    order = np.lexsort((labels.on, labels.by.codes, keys))
    same = (keys[order][1:] == keys[order][:-1]) & (
        labels.by.codes[order][1:] == labels.by.codes[order][:-1]
    )
    return np.asarray(order[np.append(~same, True)[: len(order)]])


def _counted(
    labels: LabelRows,
    keys: Ints,
    rows: Ints,
    arbiters: Collection[str],
    policies: tuple[str, ...],
    markets: tuple[str, ...],
) -> Truth:
    found, group = np.unique(keys[rows], return_inverse=True)
    arbiter = np.array([name in arbiters for name in labels.by.values] + [False])
    rules = arbiter[labels.by.codes[rows]]
    present = labels.present[rows]
    yes, no = _votes(present, group, len(found), ~rules)
    arbiter_yes, arbiter_no = _votes(present, group, len(found), rules)
    ruled = np.bincount(group, weights=rules, minlength=len(found)) > 0
    yes, no = np.where(ruled, arbiter_yes, yes), np.where(ruled, arbiter_no, no)
    on = np.zeros(len(found), dtype=np.int32)
    # Who disagrees with an arbiter later on makes the arbiter's word no younger.
    decides = rules == ruled[group]
    np.maximum.at(on, group[decides], labels.on[rows][decides])
    verdict = np.where(yes > no, THERE, np.where(no > yes, ABSENT, UNKNOWN))
    disputed = (yes == no) & (yes > 0)
    return Truth(policies, markets, found, verdict.astype(np.int8), on, disputed)


def _votes(present: Marks, group: Ints, groups: int, counted: Flags) -> tuple[Ints, Ints]:
    """How many of the counted labels of each group say yes, and how many no."""
    said = [
        np.bincount(group, weights=counted & (present == answer), minlength=groups)
        for answer in (THERE, ABSENT)
    ]
    return said[0].astype(np.int64), said[1].astype(np.int64)
