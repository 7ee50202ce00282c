"""Day after day: which counts have changed, and since when, at a stated rate of false alarms."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from .baseline import LEAST_ALPHA, Baseline, alike_days, learned

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Direction = Literal["fell", "rose"]

YEAR: Final = 365.0
_RATIOS: Final = (0.5, 0.1, 2.0, 5.0)
"""What each chart looks for: half, hardly any, twice, five times."""
_FURTHER: Final = np.array([0.0, 1.5, 0.0, 1.5])
"""How much higher the threshold of each is: large changes are seen soon enough, and chance makes
the most alarms there, where one day may do it."""
_PER_YEAR: Final = 180.0
"""Alarms a year, as many as `exp(threshold)` makes one of them: measured in
benchmarks/drift.py, with baselines of 4 and 8 weeks; a bound on it (Lorden) would be 890."""
_STEPS: Final = 0.6745
"""Standard errors by which a baseline is taken to be off, so that one that is learned from a few
weeks makes no more alarms than one that is known."""


@dataclass(frozen=True, slots=True)
class Watch:
    """How counts are watched."""

    per_year: float = 1.0
    """False alarms of one row of counts in a year of its being watched, at most."""
    learning: int = 28
    """Days before a row is watched: from its first day, or from its last change."""
    longest: int = 56
    """Days that a baseline is learned from, at most."""
    gap: int = 14
    """Days before the present that it is not learned from: a change may be among them."""
    every: int = 7
    """Days after which it is learned anew."""

    @property
    def threshold(self) -> float:
        """What a chart must reach.

        >>> round(Watch(per_year=1.0).threshold, 2)
        5.19
        """
        return log(_PER_YEAR / self.per_year)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One row of counts changed."""

    row: int
    day: int
    """The day on which it is known, of the days given."""
    since: int
    """The day on which it seems to have begun."""
    direction: Direction
    got: float
    """Hits from `since` to `day`."""
    expected: float
    """As many there would have been."""
    learned: float
    """Hits that the expectation was learned from."""
    doubt: float
    """The variance of the ratio that is not by chance alone, over its square."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What came of watching."""

    alarms: tuple[Alarm, ...]
    days: Ints
    """Shape (rows,): days on which each was watched; the others it was learned from."""
    slow: Floats
    """Shape (rows,): days in which the last baseline of each would show that it is dead."""


@dataclass(slots=True)
class _State:
    """Where the charts of all rows are."""

    start: Ints
    """The day from which each row is learned."""
    charts: Floats
    """Shape (charts, rows)."""
    zero: Ints
    """The day after each chart was last at nothing."""
    watched: Ints
    baseline: Baseline | None = None
    alarms: list[Alarm] = field(default_factory=list)


def watch(counts: Floats, exposure: Floats, weekday: Ints, how: Watch | None = None) -> Watched:
    """Watch rows of daily counts for a fall and for a rise.

    Each row has a chart of cumulated log-likelihood ratios of negative binomial counts for each
    change that is looked for. A day's mean is a baseline, times what could be hit that day, times a
    factor of its day of the week; the baseline is taken at the end of its range that makes an alarm
    least likely, and moves along, some weeks behind. After an alarm a row is learned anew from
    where the change seems to have begun.

    Args:
        counts: shape (rows, days).
        exposure: shape (rows, days): what could be hit, in any unit; 0 where a day is not known.
        weekday: shape (days,), 0 to 6.
        how: left out, one false alarm of a row in a year at most.

    >>> counts = np.full((1, 60), 20.0)
    >>> counts[0, 42:] = 10
    >>> found = watch(counts, np.ones((1, 60)), np.arange(60) % 7)
    >>> [(one.direction, one.since, one.day) for one in found.alarms]
    [('fell', 42, 44)]

    E. S. Page, Biometrika 41 (1954), 100-115; J. M. Lucas, Technometrics 27 (1985), 129-144; of
    negative binomial counts with a season M. Hoehle and M. Paul, Comput. Stat. Data Anal. 52
    (2008), 4357-4368; on baselines that are estimated A. Gandy and J. T. Kvaloy, Scand. J. Stat. 40
    (2013), 647-668; G. Lorden, Ann. Math. Stat. 42 (1971), 1897-1908.
    """
    how = how or Watch()
    rows, days = counts.shape
    known = exposure > 0
    first = np.where(known.any(axis=1), known.argmax(axis=1), days)
    state = _State(
        first, np.zeros((len(_RATIOS), rows)), np.tile(first + how.learning, (len(_RATIOS), 1)),
        np.zeros(rows, np.int64),
    )  # fmt: skip
    refit = -1
    for day in range(int(first.min(initial=days)) + how.learning, days):
        due = day >= state.start + how.learning
        fresh = bool((state.start + how.learning == day).any())
        if state.baseline is None or day >= refit or fresh:
            state.baseline = _relearned(state, counts, exposure, weekday, day, how)
            refit = day + how.every
        _step(state, counts, exposure, int(weekday[day]), day, due & known[:, day], how)
    return Watched(tuple(state.alarms), state.watched, _slow(state, exposure, how, rows))


def _relearned(
    state: _State, counts: Floats, exposure: Floats, weekday: Ints, day: int, how: Watch
) -> Baseline:
    """The baseline of every row, each of its own stretch of days."""
    end = np.minimum(np.maximum(state.start + how.learning, day - how.gap), day)
    begin = np.maximum(state.start, end - how.longest)
    left = int(min(begin.min(), day - 1))
    span = np.arange(left, day)
    inside = (span >= begin[:, None]) & (span < end[:, None])
    return learned(
        counts[:, left:day], np.where(inside, exposure[:, left:day], 0.0), weekday[left:day], _STEPS
    )


def _step(
    state: _State,
    counts: Floats,
    exposure: Floats,
    weekday: int,
    day: int,
    watched: Flags,
    how: Watch,
) -> None:
    """One more day of the rows that are watched."""
    base = state.baseline
    if base is None:
        return
    held = exposure[:, day] * base.factors[:, weekday]
    got = counts[:, day]
    alpha = base.alpha + base.doubt[:, weekday]
    for chart, ratio in enumerate(_RATIOS):
        mean = held * (base.low if ratio < 1 else base.high)
        gain = likelihood_ratio(got, mean, ratio, alpha) / base.memory
        grown = np.maximum(state.charts[chart] + gain, 0.0)
        state.charts[chart] = np.where(watched, grown, state.charts[chart])
    state.zero[state.charts <= 0] = day + 1
    state.watched += watched
    over = state.charts - _FURTHER[:, None] >= how.threshold
    for row in np.flatnonzero(over.any(axis=0) & watched):
        chart = int((state.charts[:, row] - _FURTHER).argmax())
        _alarm(state, int(row), chart, counts, exposure, weekday, day, base)


def _alarm(
    state: _State,
    row: int,
    chart: int,
    counts: Floats,
    exposure: Floats,
    weekday: int,
    day: int,
    base: Baseline,
) -> None:
    since = int(state.zero[chart, row])
    span = np.arange(since, day + 1)
    held = exposure[row, since : day + 1] * base.factors[row, (span - day + weekday) % 7]
    alike = 1 / max(float(alike_days(held[None, :])[0]), 1e-9) + 1 / max(
        float(base.days[row]), 1e-9
    )
    state.alarms.append(Alarm(
        row, day, since, "fell" if _RATIOS[chart] < 1 else "rose",
        float(counts[row, since : day + 1].sum()), float(held.sum() * base.rate[row]),
        float(base.hits[row]), float(base.alpha[row]) * base.memory * alike,
    ))  # fmt: skip
    state.start[row] = since
    state.charts[:, row] = 0.0
    state.zero[:, row] = day + 1


def likelihood_ratio(got: Floats, mean: Floats, ratio: float, alpha: Floats) -> Floats:
    """Log-likelihood of negative binomial counts with a mean `ratio` times as large, less that of
    the mean itself.

    Args:
        got: counts.
        mean: expected ones, where nothing has changed; 0: the day tells nothing.
        ratio: of the change that is looked for.
        alpha: dispersion.

    >>> one = likelihood_ratio(np.array([0.0]), np.array([2.0]), 0.5, np.array([1e-6]))
    >>> one.round(3).tolist()
    [1.0]
    """  # noqa: D205 - one sentence
    size = 1 / np.maximum(alpha, LEAST_ALPHA)
    mean = np.maximum(mean, 1e-12)
    # As logarithms of 1 + something, which stays exact where the dispersion is next to nothing.
    apart = np.log1p((1 - ratio) * mean / (size + ratio * mean))
    return np.asarray(got * log(ratio) + (got + size) * apart)


def _slow(state: _State, exposure: Floats, how: Watch, rows: int) -> Floats:
    base = state.baseline
    if base is None:
        return np.full(rows, np.inf)
    known = exposure > 0
    usual = exposure.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    none = np.zeros(rows)
    gains = [
        likelihood_ratio(none, usual * base.low, ratio, base.alpha) / base.memory
        for ratio in _RATIOS[:2]
    ]
    needed = [
        (how.threshold + more) / np.maximum(gain, 1e-12)
        for gain, more in zip(gains, _FURTHER[:2], strict=True)
    ]
    return np.asarray(np.ceil(np.minimum(*needed)))
