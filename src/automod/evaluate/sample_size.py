"""How many creatives of each stratum to label, and what that will tell of precision and recall.

W. G. Cochran, Sampling Techniques, 3rd ed. (1977).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final

import numpy as np

from ..model.coded import Ints, counting
from .intervals import clopper_pearson, normal_quantile, wilson
from .sampling import STRATA, Stratum

LEAST: Final = 30
"""Rows of every stratum, or all it has: with fewer nothing is told of it."""
LEAST_APPROVED: Final = 100
"""Rows of the approved, or all of them: what is missed is looked for there."""
SHARE: Final = 100
"""One in so many of every stratum is drawn, where that is more."""

_APPROVED: Final = STRATA.index(Stratum("approve", complete=True))
_FLAGGED: Final = np.array([one.complete and one.action != "approve" for one in STRATA])


def needed(
    width: float, population: int | None = None, guess: float = 0.5, confidence: float = 0.95
) -> int:
    """How many to draw, so that the interval of a share is the share ± `width`.

    Args:
        width: half the length of the interval, more than 0 and less than 1.
        population: how many there are to draw from; None for any number.
        guess: what the share is thought to be, between 0 and 1. A half is the worst there is.
        confidence: share of such intervals that should hold the truth.

    Returns:
        Never more than the population.

    Raises:
        ValueError: width, guess or confidence is not between 0 and 1.

    >>> needed(0.03), needed(0.03, 1_700), needed(0.03, guess=0.95)
    (1068, 656, 215)

    Cochran, section 4.4; or as many as Wilson's interval needs at the guess, where that is more:
    W. W. Piegorsch, Comput. Stat. Data Anal. 46 (2004), 309-316.
    """
    if not (0 < width < 1 and 0 < guess < 1):
        raise ValueError(f"width and guess must be between 0 and 1: {width}, {guess}")
    z = normal_quantile(confidence) ** 2
    spread = z * guess * (1 - guess)
    normal = spread / width**2
    b = 2 * z - spread / width**2
    c = z**2 - z**2 / (4 * width**2)
    score = (sqrt(b * b - 4 * c) - b) / 2
    size = max(normal, score)
    if population is not None:
        size = size / (1 + (size - 1) / population) if population else 0.0
    # A rounding error is not worth a label.
    return ceil(size - 1e-9)


def half_width(drawn: int, population: int, guess: float = 0.5, confidence: float = 0.95) -> float:
    """What `needed` would draw so many for: the ± of a share of those that were drawn from.

    Args:
        drawn: 1 to the population.
        population: how many there are.
        guess: what the share is thought to be.
        confidence: share of such intervals that should hold the truth.

    >>> round(half_width(656, 1_700), 4), half_width(20, 20)
    (0.03, 0.0)

    Cochran, section 3.2: the correction for a finite population, on the interval without it.
    """
    left = (population - drawn) / max(population - 1, 1)
    return _ahead(drawn, guess, confidence) * sqrt(left)


def _ahead(drawn: int, guess: float, confidence: float) -> float:
    """The ± of a share of all that will ever come: nothing is corrected for."""
    z = normal_quantile(confidence)
    interval = wilson(guess * drawn, drawn, confidence)
    return max((interval.high - interval.low) / 2, z * sqrt(guess * (1 - guess) / drawn))


@dataclass(frozen=True, slots=True)
class Frame:
    """What recall is worked out from: how many there are, and how many of them are drawn."""

    flagged: int
    drawn_flagged: int
    approved: int
    guess: float = 0.5
    """Share of the flagged that are rightly so."""
    confidence: float = 0.95

    def recall_width(self, drawn: int) -> float | None:
        """The ± of recall when so many of the approved are drawn, whatever recall is.

        Returns:
            None where nothing is flagged: there is no recall to speak of.

        Recall is T / (T + M): T is right among the flagged, M is missed among the approved. Both
        are estimated, and the error of the ratio is that of its linear part (Cochran, chapter 6),
        at the recall where it is largest. It is a rough one where little is found missed, and the
        estimate then reads high: by about width² / 3, so by a point where it is ± 0.2.

        >>> round(Frame(2_000, 700, 100_000).recall_width(1_000), 2)
        0.2
        """
        right = self.guess * self.flagged
        if not right or not drawn or not self.drawn_flagged:
            return None
        recall = np.linspace(0.005, 0.995, 199)
        total = right / recall
        missed = (total - right) / max(self.approved, 1)
        recall, total, missed = (one[missed <= 1] for one in (recall, total, missed))
        wrongly = self.flagged**2 * self.guess * (1 - self.guess) / self.drawn_flagged
        wrongly *= _left(self.drawn_flagged, self.flagged)
        unseen = self.approved**2 * missed * (1 - missed) / drawn * _left(drawn, self.approved)
        error = ((1 - recall) ** 2 * wrongly + recall**2 * unseen) / total**2
        worst = float(error.max(initial=0.0))
        return min(1.0, normal_quantile(self.confidence) * sqrt(worst))

    def needed(self, width: float) -> int | None:
        """How many of the approved to draw for recall ± width.

        Returns:
            None where even all of them do not do: precision is not known well enough, or nothing
            is flagged.

        >>> Frame(2_000, 700, 100_000).needed(0.03)
        34657
        """
        if not self._does(self.approved, width):
            return None
        low, high = 1, self.approved
        while low < high:
            middle = (low + high) // 2
            if self._does(middle, width):
                high = middle
            else:
                low = middle + 1
        return high

    def _does(self, drawn: int, width: float) -> bool:
        found = self.recall_width(drawn)
        return found is not None and found <= width


def _left(drawn: int, population: int) -> float:
    """The correction for a finite population."""
    return (population - drawn) / max(population - 1, 1)


def spread(size: int, populations: Sequence[int], shares: Sequence[float], least: int = 0) -> Ints:
    """So many rows, divided over strata by their shares; no stratum gets more than it has.

    More rows never leave a stratum with fewer of them, which rounding shares would do: each row in
    turn goes where it is missed most (the highest averages of Sainte-Laguë: M. L. Balinski and
    H. P. Young, Fair Representation (1982)).

    Args:
        size: rows in all, where the strata have as many.
        populations: how many each stratum has.
        shares: what each stratum should get; need not sum to 1.
        least: rows that each gets first, in turn.

    >>> spread(10, [900, 90, 10], [900, 90, 10]).tolist()
    [9, 1, 0]
    >>> spread(10, [900, 90, 10], [900, 90, 10], least=2).tolist()
    [6, 2, 2]
    """
    most = np.minimum(populations, size)
    stratum = np.repeat(np.arange(len(most)), most)
    turn = counting(most) + 1
    later = turn > least
    average = np.asarray(shares, dtype=np.float64)[stratum] / (2 * turn - 1)
    order = np.lexsort((stratum, np.where(later, -average, turn), later))
    counts: Ints = np.bincount(stratum[order[:size]], minlength=len(most))
    return counts


# --- a plan --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to know, or how many rows they can label."""

    width: float = 0.03
    """Half the length of the interval of precision: precision ± width."""
    recall_width: float | None = None
    """The same of recall; None: as many of the approved as every draw has."""
    size: int | None = None
    """Rows in all, in place of the widths."""
    guess: float = 0.5
    """Share of the flagged that are thought to be rightly so; a half is the worst for precision."""
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Part:
    """One stratum of a plan."""

    place: int
    """In `STRATA`."""
    population: int
    drawn: int

    @property
    def probability(self) -> float:
        """The chance of each of its creatives to be drawn."""
        return self.drawn / self.population


@dataclass(frozen=True, slots=True)
class PrecisionPlan:
    """How well precision will be known: of all that was flagged and wholly evaluated."""

    flagged: int
    drawn: int
    needed: int
    """For the width that was wished for, of these."""
    unlimited: int
    """For the same if there were any number of them."""
    width: float
    """± of these."""
    ahead: float
    """± of ads like these that are still to come: what an evaluation tells."""


@dataclass(frozen=True, slots=True)
class RecallPlan:
    """How well recall will be known: of all that was approved and wholly evaluated."""

    approved: int
    drawn: int
    needed: int | None
    """For the width that was wished for; None where even all of them do not do."""
    width: float | None
    """± at the worst; None where nothing is flagged."""
    missed: float
    """Share of the approved that may still be missed when none of the drawn are."""
    least: float | None
    """Recall is at least this then; None where nothing is flagged."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many creatives of each stratum are drawn, and what they will tell.

    `precision` and `recall` are None where nothing was flagged, or approved, to draw from.
    """

    wish: Wish
    parts: tuple[Part, ...]
    """Of the strata that have creatives."""
    precision: PrecisionPlan | None
    recall: RecallPlan | None

    @property
    def population(self) -> int:
        """Creatives in all strata."""
        return sum(part.population for part in self.parts)

    @property
    def drawn(self) -> int:
        """Rows in all strata."""
        return sum(part.drawn for part in self.parts)


def make_plan(populations: Sequence[int], wish: Wish) -> Plan:
    """How many to draw of each stratum.

    By width: of the flagged as many as precision needs, in proportion to their strata; of the
    approved as many as recall needs, where a width for it is wished for; of every stratum at least
    one in 100 and 30 (of the approved 100), or all of it. By size: 30 of each stratum, in turn;
    of what is left half for the flagged, half for the others.

    Args:
        populations: how many creatives each of `STRATA` has.
        wish: what to know.

    Raises:
        ValueError: something of the wish is not between 0 and 1, or the size is less than one row
            for each stratum: of what has no chance to be drawn nothing can be told.

    >>> plan = make_plan([1_200, 500, 0, 98_300, 0, 0, 0, 0], Wish(width=0.03))
    >>> [(STRATA[part.place].action, part.drawn) for part in plan.parts]
    [('reject', 463), ('review', 193), ('approve', 983)]
    """
    held = np.asarray(populations, dtype=np.int64)
    sizes = _by_width(held, wish) if wish.size is None else _by_size(held, wish.size)
    return Plan(
        wish,
        tuple(Part(int(k), int(held[k]), int(sizes[k])) for k in np.flatnonzero(held)),
        _precision_plan(held, sizes, wish),
        _recall_plan(held, sizes, wish),
    )


def _by_width(held: Ints, wish: Wish) -> Ints:
    flagged = np.where(_FLAGGED, held, 0)
    wanted = needed(wish.width, int(flagged.sum()), wish.guess, wish.confidence)
    sizes = np.maximum(spread(wanted, flagged.tolist(), flagged.tolist()), _least(held))
    if wish.recall_width is not None:
        wanted_too = _frame(held, sizes, wish).needed(_proper(wish.recall_width))
        everything = int(held[_APPROVED])
        sizes[_APPROVED] = max(sizes[_APPROVED], everything if wanted_too is None else wanted_too)
    return np.asarray(sizes)


def _least(held: Ints) -> Ints:
    """What every draw has of each stratum."""
    least = np.full(len(held), LEAST)
    least[_APPROVED] = LEAST_APPROVED
    return np.asarray(np.minimum(held, np.maximum(least, -(-held // SHARE))))


def _by_size(held: Ints, size: int) -> Ints:
    there = int((held > 0).sum())
    if size < there:
        raise ValueError(f"{size} rows are fewer than the {there} strata: each needs one")
    flagged, others = np.where(_FLAGGED, held, 0), np.where(_FLAGGED, 0, held)
    shares = flagged / max(flagged.sum(), 1) + others / max(others.sum(), 1)
    return spread(size, held.tolist(), shares.tolist(), LEAST)


def _proper(width: float) -> float:
    if not 0 < width < 1:
        raise ValueError(f"width must be between 0 and 1: {width}")
    return width


def _frame(held: Ints, sizes: Ints, wish: Wish) -> Frame:
    flagged, drawn = int(held[_FLAGGED].sum()), int(sizes[_FLAGGED].sum())
    return Frame(flagged, drawn, int(held[_APPROVED]), wish.guess, wish.confidence)


def _precision_plan(held: Ints, sizes: Ints, wish: Wish) -> PrecisionPlan | None:
    frame = _frame(held, sizes, wish)
    if not frame.drawn_flagged:
        return None
    guess, confidence = wish.guess, wish.confidence
    return PrecisionPlan(
        frame.flagged, frame.drawn_flagged,
        needed(wish.width, frame.flagged, guess, confidence),
        needed(wish.width, None, guess, confidence),
        half_width(frame.drawn_flagged, frame.flagged, guess, confidence),
        _ahead(frame.drawn_flagged, guess, confidence),
    )  # fmt: skip


def _recall_plan(held: Ints, sizes: Ints, wish: Wish) -> RecallPlan | None:
    frame, drawn = _frame(held, sizes, wish), int(sizes[_APPROVED])
    if not drawn:
        return None
    # Those that were looked at are not missed: at most the others can be.
    unseen = (frame.approved - drawn) / frame.approved
    missed = min(clopper_pearson(0, drawn, wish.confidence).high, unseen)
    right = frame.guess * frame.flagged
    return RecallPlan(
        frame.approved, drawn, frame.needed(wish.recall_width or wish.width),
        frame.recall_width(drawn), missed,
        right / (right + missed * frame.approved) if right else None,
    )  # fmt: skip
