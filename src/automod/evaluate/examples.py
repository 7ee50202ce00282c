"""A few right hits, false alarms and misses, with their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from typing import Any, Final, Literal

import numpy as np

from ..model.case_table import CaseTable
from ..model.coded import Flags, Ints, begins
from ..model.decision_table import DecisionTable
from ..model.evaluation import Example
from ..model.vocabulary import ACTIONS
from .slicing import at_point
from .trials import Trials

EACH: Final = 50
"""Examples of each outcome."""

Outcome = Literal["right", "false_alarm", "missed"]


def examples(
    trials: Trials, cases: CaseTable, decisions: DecisionTable, most: int = EACH
) -> list[Example]:
    """Up to `most` of each outcome at the point `flagged`, spread over the policy codes.

    The plainest come first: right hits and false alarms with the highest score, misses with the
    lowest. A creative that runs in several markets is told once for each code, in one of them.
    """
    actual, caught = at_point(trials, "flagged")
    wanted: dict[Outcome, Flags] = {
        "missed": actual & ~caught, "false_alarm": ~actual & caught, "right": actual & caught,
    }  # fmt: skip
    found = []
    for outcome, rows in wanted.items():
        first = _once(trials, np.flatnonzero(rows))
        chosen = _spread(trials, first, most, up=outcome == "missed")
        found += [_example(outcome, trials, row, cases, decisions) for row in chosen]
    return found


def _once(trials: Trials, rows: Ints) -> Ints:
    """The first row of each creative x code; those of one stand together."""
    return rows[begins(trials.unit[rows])]


def _spread(trials: Trials, rows: Ints, most: int, *, up: bool) -> Iterator[int]:
    """At most so many rows, of one code after another, in turns."""
    score = trials.score[rows] if up else -trials.score[rows]
    ordered = rows[np.lexsort((trials.case[rows], score))]
    codes = trials.policy.codes[ordered]
    turns = [ordered[codes == code][:most].tolist() for code in np.unique(codes)]
    mixed = (row for turn in zip_longest(*turns) for row in turn if row is not None)
    return islice(mixed, most)


def _example(
    outcome: Outcome, trials: Trials, row: int, cases: CaseTable, decisions: DecisionTable
) -> Example:
    creative = cases.creatives[int(trials.case[row])]
    market, policy = trials.market[row] or "", trials.policy[row] or ""
    decision = decisions.sources[int(trials.decision[row])]
    return Example(
        outcome, cases.ids[int(trials.case[row])], market, policy,
        ACTIONS[int(trials.action[row])], ACTIONS[int(trials.wanted[row])],
        float(trials.score[row]), texts_of(creative), _images(creative),
        evidence(decision, market, policy),
    )  # fmt: skip


def texts_of(creative: Mapping[str, Any]) -> dict[str, str]:
    """The text fields of a creative, and its links as the fields hits name."""
    found = dict(creative.get("text") or {})
    found |= {f"links[{k}]": link for k, link in enumerate(creative.get("links") or ())}
    return {name: text for name, text in found.items() if isinstance(text, str)}


def _images(creative: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(one for one in creative.get("images") or () if isinstance(one, str))


def evidence(decision: Mapping[str, Any], market: str, policy: str) -> tuple[dict[str, Any], ...]:
    """The hits a verdict of a decision rests on; where there is none, those of the code."""
    verdicts: Sequence[Mapping[str, Any]] = decision["verdicts"]
    because = [
        n for one in verdicts if (one["market"], one["policy"]) == (market, policy)
        for n in one["because"]
    ]  # fmt: skip
    return tuple(
        dict(hit) for hit in decision["hits"]
        if hit["n"] in because or (not because and policy in hit["policies"])
    )  # fmt: skip
