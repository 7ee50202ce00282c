"""A stored series of daily counts, watched day after day: alarms, and what changed about then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import isfinite
from typing import Final

import numpy as np

from automod.evaluate.intervals import wilson_many
from automod.load.windows import Window
from automod.model.counters import EVERYWHERE
from automod.model.drift import DriftAlarm, DriftWatch, Level, NotTold, Verdict

from .drift import DEFAULT, LeftOut, chunks, nothing
from .drift_rows import Rows, Wanted, changes_of, day_of, rows_of, span
from .drift_watch import YEAR, Alarm, Watch, Watched, watch
from .rate_ratio import effective

_WEEK: Final = timedelta(days=7)
_LONG: Final = 60
"""A row that would have to be silent for longer than this is not watched for its death."""


def drift_series(
    window: Window,
    by: Sequence[Level] = DEFAULT,
    wanted: Wanted | None = None,
    how: Watch | None = None,
    left_out: LeftOut = nothing,
) -> DriftWatch:
    """Every change of a stored series, with the day on which it could be known.

    Args:
        window: all of the series.
        by: what is watched: materials, packages, and these by market.
        wanted: which; left out, all.
        how: how often it may be wrong, and how many days it learns from.
        left_out: what was changed on purpose, and why.
    """
    how = how or Watch()
    exposure = bool(window.judged)
    alarms: list[DriftAlarm] = []
    untold: list[NotTold] = []
    total = rows = 0
    for level in by:
        for some in chunks(rows_of((window,), level, wanted or Wanted(), exposure=exposure)):
            found = watch(some.counts, some.exposure, window.weekday, how)
            reasons = [left_out(*one) for one in zip(some.subjects, some.markets, strict=True)]
            alarms += [_told(one, some, window) for one in found.alarms if reasons[one.row] is None]
            untold += _untold(some, found, reasons)
            rows += len(some.subjects)
            total += int(found.days.sum())
    untold += _missing(wanted or Wanted(), window)
    alarms.sort(key=lambda one: (one.known_on, one.level, one.subject, one.market))
    return DriftWatch(
        span(window), exposure, how.per_year, how.learning, rows, total,
        total / YEAR * how.per_year, changes_of((window,)), tuple(alarms), tuple(untold),
    )  # fmt: skip


def known_since(found: DriftWatch, day: date | None) -> DriftWatch:
    """The same, with only the alarms that could be known from a day on; None: all."""
    if day is None:
        return found
    kept = tuple(one for one in found.alarms if one.known_on >= day.isoformat())
    return replace(found, alarms=kept)


def _told(alarm: Alarm, rows: Rows, window: Window) -> DriftAlarm:
    package = rows.subjects[alarm.row].partition("/")[0]
    since = date.fromisoformat(day_of(window, alarm.since))
    verdict: Verdict = "dead" if alarm.direction == "fell" else "noisy"
    low, high = bounds(alarm)
    return DriftAlarm(
        rows.level, rows.subjects[alarm.row], rows.markets[alarm.row], verdict,
        since.isoformat(), day_of(window, alarm.day), int(alarm.got), round(alarm.expected, 4),
        alarm.got / alarm.expected if alarm.expected else None, low, high,
        changes_of((window,), None if package == "*" else package, since - _WEEK),
    )  # fmt: skip


def bounds(alarm: Alarm) -> tuple[float | None, float | None]:
    """The interval of the ratio of what was hit since a change to what was expected.

    It does not know that the days were chosen because they differ: the true ratio is likely to be
    nearer to 1 within it.
    """
    if not alarm.expected or not alarm.learned:
        return None, None
    share = alarm.expected / (alarm.expected + alarm.learned)
    both = np.array([alarm.got + alarm.learned])
    weight = 1 / (share * (1 - share) * max(alarm.doubt, 1e-9))
    trials = effective(both, np.array([weight]))
    low, high = wilson_many(alarm.got / both * trials, trials)
    factor = (1 - share) / share
    return (
        float(low[0] / (1 - low[0])) * factor,
        float(high[0] / (1 - high[0])) * factor if high[0] < 1 else None,
    )


def _untold(rows: Rows, found: Watched, reasons: Sequence[str | None]) -> Iterator[NotTold]:
    """What was left out, was never watched, or would have to be silent for too long."""
    for row, (subject, market) in enumerate(zip(rows.subjects, rows.markets, strict=True)):
        days, slow = int(found.days[row]), float(found.slow[row])
        if reasons[row] is not None or not days or slow > _LONG:
            known = int(slow) if days and isfinite(slow) and slow < 1e6 else None
            yield NotTold(rows.level, subject, market, days, known, reasons[row])


def _missing(wanted: Wanted, window: Window) -> Iterator[NotTold]:
    """What is asked about by name and was never hit."""
    packages = {one.partition("/")[0] for one in window.materials}
    names: list[tuple[Level, str]] = [
        ("material", one) for one in wanted.materials if one not in window.materials
    ]
    names += [("package", one) for one in wanted.packages if one not in packages]
    for level, name in names:
        yield NotTold(level, name, EVERYWHERE, 0, None, None)
