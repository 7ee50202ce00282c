"""Two windows of time against each other: which materials have become noisy, and which are dead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from automod.errors import InputError
from automod.evaluate.intervals import wilson_many
from automod.load.windows import Window
from automod.model.counters import EVERYWHERE
from automod.model.drift import Changed, Drift, DriftCell, Level, Verdict

from .baseline import LEAST_ALPHA, alike_days
from .dispersion import dispersion, memory
from .drift_rows import Rows, Wanted, changes_of, rows_of, span, weekdays
from .rate_ratio import chance, effective, false_discoveries, needed_days
from .season import weekday_factors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LeftOut = Callable[[str, str], str | None]
"""Subject and market -> why it is not compared, or None."""

DEFAULT: Final[tuple[Level, ...]] = ("material", "material-market", "package")
_OWN: Final = 4.0
"""Numbers estimated from each row: two rates, and what it has of a week of its own."""
_CHUNK: Final = 20_000
"""Rows that are compared, and learned from, together."""


@dataclass(frozen=True, slots=True)
class Comparing:
    """How two windows are compared."""

    by: tuple[Level, ...] = DEFAULT
    wanted: Wanted = field(default_factory=Wanted)
    false_discoveries: float = 0.05
    """The share of what is told that may be chance."""
    confidence: float = 0.95
    """Of intervals."""
    least: float = 1.25
    """A change by a smaller factor is not told."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """The numbers of some rows of one level."""

    before: Floats
    after: Floats
    share: Floats
    """Of all hits that is expected in the second window."""
    weight: Floats
    """What is known of the rates: the sum of the parameters of a beta variable."""
    mean: Floats
    """Hits a day."""
    alpha: Floats
    memory: float
    pooled: float | None


def nothing(_subject: str, _market: str) -> str | None:
    """Nothing is left out."""
    return None


def drift(
    before: Window, after: Window, how: Comparing | None = None, left_out: LeftOut = nothing
) -> Drift:
    """What hits more, and what hits less or nothing, in one window than in another.

    Rates are of the creatives judged where both windows know them, else of days. Days of the week
    are made alike by factors that are learned from both windows; counts vary more than by chance,
    by a dispersion that is learned as well, and shared by materials with few hits. Of all that
    differ those are told of which no more than a stated share is chance (Benjamini and Hochberg);
    what cannot be told apart from chance by any outcome is not among them (Gilbert).

    Args:
        before: the window that is compared with.
        after: the one that is asked about.
        how: left out, materials, materials by market, and packages.
        left_out: what was changed on purpose, and why.

    Raises:
        InputError: a day is in both windows.

    P. B. Gilbert, Appl. Stat. 54 (2005), 143-158; the others in `rate_ratio` and `season`.
    """
    how = how or Comparing()
    _refuse_overlap(before, after)
    exposure = bool(before.judged) and bool(after.judged)
    cells: list[DriftCell] = []
    pooled: dict[Level, float | None] = {}
    kept: dict[Level, float] = {}
    for level in how.by:
        rows = rows_of((before, after), level, how.wanted, exposure=exposure)
        for part in chunks(rows):
            numbers = _compared(part, before.days, weekdays((before, after)))
            cells += _cells(part, numbers, how, left_out)
            pooled.setdefault(level, numbers.pooled)
            kept.setdefault(level, numbers.memory)
    cells += _missing(cells, how)
    cells, tested = _judged(cells, how)
    with_causes = _with_changes(cells, before, after)
    return Drift(
        span(before), span(after), exposure, how.false_discoveries, how.confidence, how.least,
        tested, pooled, kept, changes_of((before, after)), tuple(with_causes),
    )  # fmt: skip


def _refuse_overlap(before: Window, after: Window) -> None:
    first, last = max(before.first, after.first), min(_last(before), _last(after))
    if first <= last:
        raise InputError(f"the windows overlap: {first} is in both; give PATH@FROM..UNTIL")


def _last(window: Window) -> date:
    return window.first + timedelta(days=window.days - 1)


def chunks(rows: Rows) -> Iterator[Rows]:
    """Rows in parts that fit into memory; each is learned from on its own."""
    for first in range(0, len(rows.subjects), _CHUNK):
        part = slice(first, first + _CHUNK)
        yield Rows(
            rows.level, rows.subjects[part], rows.markets[part], rows.counts[part],
            rows.exposure[part],
        )  # fmt: skip


# --- numbers -------------------------------------------------------------------------------------


def _compared(rows: Rows, days: int, weekday: Ints) -> _Compared:
    """What is expected of each row, if nothing has changed.

    Args:
        rows: counts of both windows.
        days: of the first one.
        weekday: of each day.
    """
    known = rows.exposure > 0
    counts = np.where(known, rows.counts, 0.0)
    second = np.arange(counts.shape[1]) >= days
    spread = np.ones(len(counts))
    for _ in range(2):
        held = _held(counts, rows.exposure, weekday, second, spread)
        means = sum(_fitted(counts, held, part) for part in (second, ~second))
        found = dispersion(counts, np.asarray(means), _OWN)
        alpha = np.maximum(found.alpha, LEAST_ALPHA)
        daily = counts.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        spread = 1 + alpha * daily
    kept = memory(counts, np.asarray(means), alpha)
    first, last = held[:, ~second].sum(axis=1), held[:, second].sum(axis=1)
    both = first + last
    share = np.divide(last, both, out=np.zeros(len(both)), where=both > 0)
    # The beta variable whose variance is that of the share of the two sums: days of a large mean
    # count for less than days of the same mean each.
    with np.errstate(divide="ignore", invalid="ignore"):
        doubt = alpha * sum(1 / alike_days(held[:, part]) for part in (second, ~second))
        weight = 1 / (share * (1 - share) * doubt)
        total = counts.sum(axis=1)
        weight = 1 / (kept / weight + (kept - 1) / np.maximum(total, 1))
    return _Compared(
        counts[:, ~second].sum(axis=1), counts[:, second].sum(axis=1), share, weight,
        daily, alpha, kept, None if found.assumed else found.pooled,
    )  # fmt: skip


def _held(
    counts: Floats, exposure: Floats, weekday: Ints, second: NDArray[np.bool_], spread: Floats
) -> Floats:
    """The exposure of each day, times the factor of its day of the week.

    Factors are learned from both windows, each with a rate of its own: a fall is no season.
    """
    rates = exposure.copy()
    for part in (second, ~second):
        total = exposure[:, part].sum(axis=1)
        rate = np.divide(
            counts[:, part].sum(axis=1), total, out=np.zeros(len(total)), where=total > 0
        )
        rates[:, part] *= rate[:, None]
    factors, _ = weekday_factors(counts, rates, weekday, spread)
    return np.asarray(exposure * factors[:, weekday])


def _fitted(counts: Floats, held: Floats, part: NDArray[np.bool_]) -> Floats:
    """The expected counts of one window at its own rate; 0 on the days of the other."""
    inside = np.where(part, held, 0.0)
    total = inside.sum(axis=1)
    got = np.where(part, counts, 0.0).sum(axis=1)
    rate = np.divide(got, total, out=np.zeros(len(total)), where=total > 0)
    return np.asarray(inside * rate[:, None])


# --- cells ---------------------------------------------------------------------------------------


def _cells(
    rows: Rows, numbers: _Compared, how: Comparing, left_out: LeftOut
) -> Iterator[DriftCell]:
    both = numbers.before + numbers.after
    known = (both > 0) & (numbers.share > 0) & (numbers.share < 1)
    trials = np.where(known, effective(both, np.where(known, numbers.weight, 1.0)), 0.0)
    part = np.divide(numbers.after, both, out=np.zeros(len(both)), where=both > 0)
    low, high = wilson_many(part * trials, trials, how.confidence)
    odds = np.divide(1 - numbers.share, numbers.share, out=np.zeros(len(both)), where=known)
    for row, (subject, market) in enumerate(zip(rows.subjects, rows.markets, strict=True)):
        before, after = int(numbers.before[row]), int(numbers.after[row])
        if not known[row]:
            yield _untold(rows.level, subject, market, before, after, left_out(subject, market))
            continue
        factor = float(odds[row])
        expected = before / factor
        p, least = chance(
            after, before + after, float(numbers.share[row]), float(numbers.weight[row])
        )
        yield DriftCell(
            rows.level, subject, market, before, after, round(expected, 4),
            after / expected if before else None, _odds(low[row]) * factor,
            _odds(high[row]) * factor if high[row] < 1 else None,
            p if least <= how.false_discoveries else None, None, "too_little",
            needed_days(
                float(numbers.mean[row]), float(numbers.alpha[row]), numbers.memory, how.confidence
            ),
            left_out(subject, market), (),
        )  # fmt: skip


def _odds(share: float) -> float:
    return float(share / (1 - share))


def _untold(
    level: Level, subject: str, market: str, before: int, after: int, reason: str | None
) -> DriftCell:
    """What was hit in neither window, or of which one window knows no day."""
    return DriftCell(
        level, subject, market, before, after, None, None, None, None, None, None,
        "unknown", None, reason, (),
    )  # fmt: skip


def _missing(cells: Sequence[DriftCell], how: Comparing) -> Iterator[DriftCell]:
    """What is asked about by name and was hit in neither window: 0 of 0."""
    there = {one.subject for one in cells}
    there |= {one.subject.partition("/")[0] for one in cells}
    asked: list[tuple[Level, str]] = [("material", one) for one in how.wanted.materials]
    asked += [("package", one) for one in how.wanted.packages]
    for level, name in asked:
        if name not in there:
            yield _untold(level, name, EVERYWHERE, 0, 0, None)


def _judged(cells: Sequence[DriftCell], how: Comparing) -> tuple[list[DriftCell], int]:
    """The cells with their verdicts; and how many were tested together."""
    tested = [n for n, one in enumerate(cells) if one.p is not None and one.reason is None]
    found = false_discoveries(np.array([cells[n].p for n in tested], np.float64))
    adjusted = dict(zip(tested, found.tolist(), strict=True))
    return [
        replace(one, verdict=_verdict(one, adjusted.get(n), how), adjusted=adjusted.get(n))
        for n, one in enumerate(cells)
    ], len(tested)


def _verdict(one: DriftCell, adjusted: float | None, how: Comparing) -> Verdict:
    if one.reason is not None:
        return "left_out"
    if one.low is None:
        return "unknown"
    rose = one.ratio is None or one.ratio >= how.least
    fell = one.ratio is not None and one.ratio <= 1 / how.least
    if adjusted is not None and adjusted <= how.false_discoveries and (rose or fell):
        return "noisy" if rose else "dead"
    steady = one.high is not None and one.low > 0.5 and one.high < 2
    return "steady" if steady else "too_little"


def _with_changes(cells: Sequence[DriftCell], before: Window, after: Window) -> Iterator[DriftCell]:
    """What has drifted, with what changed meanwhile: a new version is the likely cause."""
    known: dict[str, tuple[Changed, ...]] = {}
    for one in cells:
        if one.verdict not in ("noisy", "dead"):
            yield one
            continue
        package = one.subject.partition("/")[0]
        if package not in known:
            known[package] = changes_of((before, after), None if package == "*" else package)
        yield replace(one, changes=known[package])


def counted(cells: Sequence[DriftCell]) -> Mapping[Verdict, int]:
    """How many cells there are of each verdict.

    >>> counted([])
    {}
    """
    found: dict[Verdict, int] = {}
    for one in cells:
        found[one.verdict] = found.get(one.verdict, 0) + 1
    return found
