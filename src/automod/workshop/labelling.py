"""Drawing creatives for people to label: which of the decisions, and how much that will tell."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from automod.batch.sources import Misread
from automod.batch.where import Where
from automod.errors import InputError
from automod.evaluate.sample_size import Part, Plan, Wish, make_plan
from automod.evaluate.sampling import STRATA, select, strata
from automod.load.faults import did_you_mean
from automod.model.coded import NONE, Ints
from automod.model.decision_table import DecisionTable

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Decisions that nothing is drawn from."""

    no_creative: int
    elsewhere: int
    """They run in none of the markets that were asked for."""
    others: int
    """Something else that was asked for does not hold of them."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn, from what, and how much that will tell."""

    decisions: DecisionTable
    policies: tuple[str, ...]
    """Codes to be labelled."""
    markets: tuple[str, ...]
    """Markets that were asked for, as decisions name them; empty: all of them."""
    seed: int
    plan: Plan
    rows: Ints
    """Numbers of decisions, in the order of the sheet."""
    places: Ints
    """Of each row its stratum, as a place in `STRATA`."""
    kind: Literal["random", "hit"]
    left_out: LeftOut
    unseen: tuple[str, ...]
    """Codes that no decision has a verdict for."""

    @property
    def ids(self) -> list[str]:
        """Of the drawn creatives, in the order of the sheet."""
        return [self.decisions.creatives[row] or "" for row in self.rows.tolist()]

    def running_in(self, row: int) -> list[str]:
        """The markets of a decision."""
        outcomes = self.decisions.outcomes
        start, end = np.searchsorted(outcomes.decision, [row, row + 1]).tolist()
        return [outcomes.market[at] or "" for at in range(start, end)]

    @property
    def parts(self) -> dict[int, Part]:
        """The strata by their places."""
        return {part.place: part for part in self.plan.parts}


def draw(decisions: DecisionTable, where: Where, wish: Wish, seed: int = 0) -> Draw:
    """Draw creatives to label, by chance, with known probability.

    Near-duplicates are drawn like all others, each for itself: that they are one piece of evidence
    is for the evaluation to know, by the `group` of the cases.

    Args:
        decisions: one a creative; anybody's.
        where: `policy`: the codes to be labelled (needed; it leaves nobody out, for what was missed
            has no verdict). `market`: only who runs there, by what was done there. All the others
            narrow what is drawn from.
        wish: what to know, or how many rows.
        seed: another seed, another draw.

    Raises:
        ValueError: no policy is named, or the wish cannot be (`make_plan`).
        InputError: two decisions are of one creative, nobody runs in the markets, or nothing is
            left to draw from.

    >>> from automod.batch.where import parse_where
    >>> from automod.model.decision import Decision, MarketOutcome
    >>> from automod.model.decision_table import decision_table
    >>> clean = {"SA": MarketOutcome("approve", complete=True)}
    >>> table = decision_table(
    ...     Decision(f"c{n}", n, "2026-11-20", "sha256:0", "approve", clean) for n in range(500)
    ... )
    >>> drawn = draw(table, parse_where("market=SA,policy=GMB.REAL"), Wish())
    >>> len(drawn.ids), drawn.plan.parts[0].probability
    (100, 0.2)
    """
    policies = tuple(sorted(where.conditions.get("policy", ())))
    if not policies:
        raise ValueError("name the code to be labelled: policy=CODE")
    markets = _markets(decisions, where)
    place = strata(decisions, policies, markets or None)
    wanted = _narrowed(decisions, where.conditions, place)
    left_out = _left_out(decisions, place, wanted)
    place = np.where(wanted, place, NONE)
    _refuse_twice([decisions.creatives[row] for row in np.flatnonzero(wanted).tolist()])
    if not wanted.any():
        raise InputError("there is no decision to draw from: nothing fits what was asked for")
    plan = make_plan(np.bincount(place[wanted], minlength=len(STRATA)).tolist(), wish)
    sizes = {part.place: part.drawn for part in plan.parts}
    names = [name or "" for name in decisions.creatives]
    rows = select(names, place, [sizes.get(k, 0) for k in range(len(STRATA))], seed)
    return Draw(
        decisions, policies, markets, seed, plan, rows, place[rows], _kind(where.conditions),
        left_out, tuple(code for code in policies if code not in decisions.verdicts.policy.values),
    )  # fmt: skip


def _markets(decisions: DecisionTable, where: Where) -> tuple[str, ...]:
    """The markets of decisions that were asked for; empty for all."""
    wanted = where.conditions.get("market")
    if wanted is None:
        return ()
    there = decisions.outcomes.market.values
    found = tuple(sorted(one for one in there if not where.lineage(one).isdisjoint(wanted)))
    reached = {name for market in found for name in where.lineage(market)}
    for name in sorted(wanted - reached):
        hint = did_you_mean(name, there) or f"there are: {', '.join(sorted(there)) or 'none'}"
        raise InputError(f"no decision is for the market {name!r}; {hint}")
    return found


def _narrowed(
    decisions: DecisionTable, conditions: Mapping[str, frozenset[str]], place: Ints
) -> Flags:
    """Which decisions are drawn from."""
    wanted = place != NONE
    actions = conditions.get("action")
    complete = conditions.get("complete")
    chosen = [
        (actions is None or one.action in actions)
        and (complete is None or ("yes" if one.complete else "no") in complete)
        for one in STRATA
    ]
    wanted &= np.array([*chosen, False])[place]
    if (ids := conditions.get("creative")) is not None:
        wanted &= np.array([name in ids for name in decisions.creatives], dtype=bool)
    material = decisions.hits.material
    if (names := conditions.get("material")) is not None:
        wanted &= _hit(decisions, [one in names for one in material.values])
    if (names := conditions.get("package")) is not None:
        wanted &= _hit(decisions, [one.split("/")[0] in names for one in material.values])
    return np.asarray(wanted)


def _hit(decisions: DecisionTable, chosen: Sequence[bool]) -> Flags:
    """Which decisions have a hit of one of the chosen materials."""
    hits = decisions.hits
    rows = np.array([*chosen, False])[hits.material.codes]
    return np.bincount(hits.decision[rows], minlength=len(decisions)) > 0


def _left_out(decisions: DecisionTable, place: Ints, wanted: Flags) -> LeftOut:
    nobody = sum(name is None for name in decisions.creatives)
    outside = int((place == NONE).sum())
    return LeftOut(nobody, outside - nobody, len(decisions) - outside - int(wanted.sum()))


def _refuse_twice(names: Iterable[str | None]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        more = f", and {len(twice) - 1:,} more" if len(twice) > 1 else ""
        raise InputError(f"two decisions are of the creative {twice[0]!r}{more}: draw from one run")


def _kind(conditions: Mapping[str, frozenset[str]]) -> Literal["random", "hit"]:
    """How the creatives come before a labeller: only by a hit, where all others are left out."""
    by_hit = not conditions.keys().isdisjoint({"material", "package"})
    flagged = "approve" not in conditions.get("action", {"approve"})
    return "hit" if by_hit or flagged else "random"


def drawn_creatives(
    ids: Iterable[str], found: Iterable[Any], note: Callable[[Misread], None] | None = None
) -> dict[str, dict[str, Any]]:
    """The creatives with these ids, out of a stream of many.

    Args:
        ids: of those that are wanted.
        found: dicts, or what could not be read.
        note: called with what could not be read.

    Raises:
        InputError: two of those that are wanted have the same id.

    >>> drawn_creatives(["c2"], [{"id": "c1"}, {"id": "c2", "text": {"body": "hello"}}])
    {'c2': {'id': 'c2', 'text': {'body': 'hello'}}}
    """
    wanted = set(ids)
    kept: dict[str, dict[str, Any]] = {}
    for one in found:
        if isinstance(one, Misread):
            if note is not None:
                note(one)
            continue
        name = one.get("id")
        if not isinstance(name, str) or name.strip() not in wanted:
            continue
        if name.strip() in kept:
            raise InputError(f"two creatives have the id {name.strip()!r}")
        kept[name.strip()] = one
    return kept


def seen_from(folder: Path, creative: Mapping[str, Any]) -> dict[str, Any]:
    """A creative whose images and videos are named as seen from a folder, for a file in it.

    >>> seen_from(Path("out"), {"id": "c1", "images": ["ads/a.png"]})
    {'id': 'c1', 'images': ['../ads/a.png']}
    """
    paths = {
        key: [_path_from(folder, one) for one in creative[key]]
        for key in ("images", "videos")
        if isinstance(creative.get(key), list)
    }
    return {**creative, **paths}


def _path_from(folder: Path, one: Any) -> Any:
    if not isinstance(one, str) or Path(one).is_absolute():
        return one
    return Path(os.path.relpath(one, folder)).as_posix()
