"""Windows of daily counts -> a row of counts for each material, package and market."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from automod.load.windows import Window
from automod.model.counters import EVERYWHERE
from automod.model.drift import Changed, Level, Span

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ALL: Final = "*"


@dataclass(frozen=True, slots=True)
class Rows:
    """Of one level: who each row is of, and its counts day by day, one window after the other."""

    level: Level
    subjects: tuple[str, ...]
    markets: tuple[str, ...]
    counts: Floats
    exposure: Floats
    """What could be hit: the creatives that were judged, or 1; 0 where a day is not known."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """These materials and these packages, in these markets; all where empty."""

    materials: Collection[str] = ()
    packages: Collection[str] = ()
    markets: Collection[str] = ()

    def takes(self, materials: Sequence[str], packages: Sequence[str]) -> list[bool]:
        """Whether each material is asked about, by its id or its package."""
        every = not (self.materials or self.packages)
        return [
            every or one in self.materials or package in self.packages
            for one, package in zip(materials, packages, strict=True)
        ]

    @property
    def anything(self) -> bool:
        """Whether something is asked about by name."""
        return bool(self.materials or self.packages or self.markets)


def rows_of(windows: Sequence[Window], level: Level, wanted: Wanted, *, exposure: bool) -> Rows:
    """The rows of one level, sorted: everything that was hit in some window.

    Args:
        windows: one or more, whose days follow each other in the rows.
        level: what a row is of.
        wanted: what is asked about.
        exposure: whether rates are of the creatives judged.
    """
    named: dict[tuple[str, str], int] = {}
    parts: list[tuple[Ints, Ints, Ints]] = []
    first = 0
    for window in windows:
        own, day, creatives = _numbered(window, level, wanted, named)
        parts.append((own, day + first, creatives))
        first += window.days
    order = sorted(named)
    place = np.zeros(len(named), np.int64)
    place[[named[key] for key in order]] = np.arange(len(order))
    counts = np.zeros((len(order), first))
    for own, day, creatives in parts:
        np.add.at(counts, (place[own], day), creatives)
    subjects, markets = tuple(one for one, _ in order), tuple(market for _, market in order)
    return Rows(level, subjects, markets, counts, _exposure(windows, markets, exposure=exposure))


def _numbered(
    window: Window, level: Level, wanted: Wanted, named: dict[tuple[str, str], int]
) -> tuple[Ints, Ints, Ints]:
    """The rows of a window that count, by the number of what they are of."""
    packages = [one.partition("/")[0] for one in window.materials]
    within = wanted.takes(window.materials, packages)
    apart = level.endswith("market")
    there = [
        (market != EVERYWHERE) == apart
        and (not apart or not wanted.markets or market in wanted.markets)
        for market in window.markets
    ]
    kept = np.flatnonzero(
        np.array([*within, False])[window.material] & np.array([*there, False])[window.market]
    )
    by = {"material": window.materials, "package": packages}.get(level.partition("-")[0])
    subjects = by if by is not None else [ALL] * len(window.materials)
    width = len(window.markets)
    codes, number = np.unique(
        window.material[kept] * width + window.market[kept], return_inverse=True
    )
    numbers = [
        named.setdefault((subjects[code // width], window.markets[code % width]), len(named))
        for code in codes.tolist()
    ]
    own = np.array([*numbers, 0], np.int64)[number]
    return own, window.day[kept], window.creatives[kept]


def _exposure(windows: Sequence[Window], markets: Sequence[str], *, exposure: bool) -> Floats:
    each: dict[str, Floats] = {}
    for market in dict.fromkeys(markets):
        each[market] = np.concatenate([
            window.judged.get(market, np.zeros(window.days)).astype(np.float64)
            if exposure
            else np.ones(window.days)
            for window in windows
        ])  # fmt: skip
    days = sum(window.days for window in windows)
    return np.array([each[market] for market in markets]).reshape(len(markets), days)


def weekdays(windows: Sequence[Window]) -> Ints:
    """The day of the week of each day of the rows, 0 for a Monday."""
    return np.concatenate([window.weekday for window in windows])


def span(window: Window) -> Span:
    """The days of a window and what is in it, as the report has it."""
    judged = window.judged.get(EVERYWHERE)
    here = window.market == window.markets.index(EVERYWHERE)
    return Span(
        window.name, window.first.isoformat(), day_of(window, window.days - 1), window.days,
        int(judged.sum()) if judged is not None else None, int(window.creatives[here].sum()),
    )  # fmt: skip


def day_of(window: Window, day: int) -> str:
    """A day of a window as a date."""
    return (window.first + timedelta(days=day)).isoformat()


def changes_of(
    windows: Sequence[Window], package: str | None = None, since: date | None = None
) -> tuple[Changed, ...]:
    """The new versions and rulesets that came within windows: not those of their first day.

    Args:
        windows: one or more, in the order of their days.
        package: only its versions, and the rulesets only if it has none; None: all.
        since: not before this day.
    """
    first = min(window.first for window in windows)
    seen: dict[tuple[str | None, str], date] = {}
    for window in windows:
        for one in window.changes:
            key = (one.package, one.value)
            seen[key] = min(one.on, seen.get(key, one.on))
    told = [
        Changed(on.isoformat(), name, value)
        for (name, value), on in sorted(seen.items(), key=lambda one: (one[1], str(one[0])))
        if on > first and (since is None or on >= since)
    ]
    if package is None:
        return tuple(told)
    own = tuple(one for one in told if one.package == package)
    return own or tuple(one for one in told if one.package is None)
