"""Worlds in which hits are drawn, for the benchmark of drift and the tests of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from automod.load.windows import Change, Window

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONDAY: Final = date(2026, 9, 7)
WEEKS: Final[dict[str, tuple[float, ...]]] = {
    "weekend": (1.0, 1.0, 1.05, 1.0, 0.9, 0.6, 0.7),
    "flat": (1.0,) * 7,
    "deep": (1.3, 1.2, 1.2, 1.2, 1.1, 0.3, 0.4),
    "friday": (1.0, 1.1, 1.1, 1.2, 0.35, 0.7, 1.1),
}
"""Name -> what the days of a week have, from a Monday on."""


@dataclass(frozen=True, slots=True)
class World:
    """How hits of a day are drawn: negative binomial, around a mean with a week."""

    mean: float = 20.0
    alpha: float = 0.1
    """The variance is `mean + alpha * mean**2`."""
    week: str = "weekend"
    own: float = 0.0
    """How far each material's week is its own: standard deviation of logarithms."""
    change: int | None = None
    """The day from which on the mean is `ratio` times as large."""
    ratio: float = 1.0
    trend: float = 0.0
    """Logarithm of what the mean grows by in a year."""
    wave: tuple[float, float] = (0.0, 0.0)
    """Standard deviation of the mean's logarithm, and how much of it is left a day later."""


def drawn(world: World, rows: int, days: int, seed: int) -> tuple[Floats, Ints]:
    """Counts of shape (rows, days), and the days of the week."""
    random = np.random.default_rng(seed)
    weekday = np.arange(days) % 7
    week = np.array(WEEKS[world.week]) / np.mean(WEEKS[world.week])
    each = week * np.exp(world.own * random.standard_normal((rows, 7)))
    mean = world.mean * (each / each.mean(axis=1, keepdims=True))[:, weekday]
    mean = mean * np.exp(world.trend * np.arange(days) / 365)
    if world.change is not None:
        mean[:, world.change :] *= world.ratio
    mean = mean * _wave(world.wave, rows, days, random)
    if world.alpha:
        mean = random.gamma(1 / world.alpha, mean * world.alpha)
    return random.poisson(mean).astype(np.float64), weekday


def _wave(wave: tuple[float, float], rows: int, days: int, random: np.random.Generator) -> Floats:
    deviation, kept = wave
    at = np.zeros((rows, days))
    if deviation:
        at[:, 0] = random.standard_normal(rows)
        for day in range(1, days):
            fresh = random.standard_normal(rows)
            at[:, day] = kept * at[:, day - 1] + (1 - kept**2) ** 0.5 * fresh
    return np.asarray(np.exp(deviation * at - deviation**2 / 2))


def window(
    counts: Floats,
    first: date = MONDAY,
    *,
    market: str = "*",
    judged: Ints | None = None,
    changes: tuple[Change, ...] = (),
) -> Window:
    """A window with these counts of materials `p/0000`, `p/0001` and so on."""
    material, day = np.nonzero(counts)
    names = tuple(f"p/{n:04}" for n in range(len(counts)))
    return Window(
        "drawn", first, counts.shape[1], day, np.zeros(len(day), np.int64), material,
        counts[material, day].astype(np.int64), (market,), names,
        {} if judged is None else {market: judged}, changes, 1,
    )  # fmt: skip
