"""Which creatives to label: strata of decisions, and a draw by chance from each of them.

So every drawn creative has a known probability and stands for 1 / probability of them: what is
counted with these weights is unbiased (D. G. Horvitz and D. J. Thompson, J. Amer. Stat. Assoc. 47
(1952), 663-685). How many to draw says `sample_size`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..model.coded import NONE, Coded, Flags, Ints
from ..model.decision_table import DecisionTable
from ..model.vocabulary import ACTION_RANK, ACTIONS, Action

Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Stratum:
    """Creatives for which the same was done, all of them wholly evaluated, or none."""

    action: Action
    complete: bool


STRATA: Final = tuple(
    Stratum(action, complete) for complete in (True, False) for action in reversed(ACTIONS)
)
"""All there are: the strictest action first, what was not wholly evaluated last."""


def strata(
    decisions: DecisionTable, policies: Collection[str], markets: Collection[str] | None = None
) -> Ints:
    """The stratum of each decision, as a place in `STRATA`; -1 for one that is not asked about.

    A stratum goes by what was done for the codes, not for the ad: one that is rejected for another
    code, and has no verdict for these, was approved. Of several codes and markets the strictest
    action counts; in a market that was not wholly evaluated, that of the market, up to `review`.

    Args:
        decisions: one a creative.
        policies: the codes that are asked about.
        markets: where; None for all markets of each creative. Who runs in none of them, has no
            market at all, or is no creative, is not asked about.

    >>> from ..model.decision import Decision, MarketOutcome
    >>> from ..model.decision_table import decision_table
    >>> clean = Decision("c1", 0, "2026-11-20", "sha256:0", "approve",
    ...                  {"SA": MarketOutcome("approve", complete=True)})
    >>> [STRATA[k].action for k in strata(decision_table([clean]), {"GMB.REAL"})]
    ['approve']
    """
    outcomes, verdicts = decisions.outcomes, decisions.verdicts
    asked = _among(outcomes.market, markets)
    ours = _among(verdicts.market, markets) & _among(verdicts.policy, policies)
    faulty = asked & ~outcomes.complete
    strictest = np.zeros(len(decisions), dtype=np.int64)
    np.maximum.at(strictest, verdicts.decision[ours], verdicts.action[ours])
    at_most_review = np.minimum(outcomes.action[faulty], ACTION_RANK["review"])
    np.maximum.at(strictest, outcomes.decision[faulty], at_most_review)
    place = len(ACTIONS) - 1 - strictest
    place[np.unique(outcomes.decision[faulty])] += len(ACTIONS)
    there = np.zeros(len(decisions), dtype=bool)
    there[outcomes.decision[asked]] = True
    there &= np.array([name is not None for name in decisions.creatives], dtype=bool)
    return np.where(there, place, NONE)


def _among(column: Coded[str], names: Collection[str] | None) -> Flags:
    """Whether each row has one of the names; any, where none are given."""
    if names is None:
        return np.ones(len(column), dtype=bool)
    wanted = np.array([*(value in names for value in column.values), False])
    return np.asarray(wanted[column.codes])


def select(ids: Sequence[str], stratum: Ints, sizes: Sequence[int], seed: int) -> Ints:
    """The rows that are drawn: in each stratum those whose ids come first in a shuffled order.

    The order is that of a keyed hash of the id alone. So a draw can be made again, whatever order
    the decisions are in; more rows contain the fewer; and the same creatives are drawn for several
    codes and rulesets as far as their strata let them (permanent random numbers: E. Ohlsson,
    Coordination of Samples Using Permanent Random Numbers (1995)).

    Args:
        ids: of all creatives, each once.
        stratum: the stratum of each; -1 for those that are not drawn from.
        sizes: how many to draw of each stratum; at most what it has.
        seed: another seed, another draw.

    Returns:
        Rows in an order that tells nothing of their strata, and of which every beginning is such a
        draw again: whoever stops early has labelled a smaller one.

    >>> names = [f"c{number}" for number in range(1_000)]
    >>> few, more = (set(select(names, np.zeros(1_000, int), [n], seed=7)) for n in (10, 50))
    >>> len(few), few < more
    (10, True)
    """
    keys = shuffled(ids, seed)
    rows, when = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for number, size in enumerate(sizes):
        there = np.flatnonzero(stratum == number)
        first = there[np.lexsort((keys[there, 1], keys[there, 0]))[:size]]
        rows.append(first)
        # How far down its stratum's draw each stands: evenly spread over 0 to 1, in each of them.
        last = float(keys[first[-1], 0]) if len(first) else 1.0
        when.append(keys[first, 0] / last)
    drawn = np.concatenate(rows)
    order = np.lexsort((keys[drawn, 1], keys[drawn, 0], np.concatenate(when)))
    return np.asarray(drawn[order])


def shuffled(ids: Sequence[str], seed: int) -> Keys:
    """A number of 128 bits for each id, in two halves: no two ids have the same.

    >>> shuffled(["c1"], seed=7).shape
    (1, 2)
    """
    fresh: Any = blake2b(key=str(seed).encode(), digest_size=16)
    digests = []
    for name in ids:
        one = fresh.copy()
        one.update(name.encode("utf-8", "surrogatepass"))
        digests.append(one.digest())
    return np.frombuffer(b"".join(digests), dtype=">u8").reshape(-1, 2).astype(np.uint64)
