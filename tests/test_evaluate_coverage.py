"""Intervals hold the truth as often as they say, where the truth is known.

The worlds are those of benchmarks/coverage.py, drawn by seed. In CI a thousand samples of each tell
a coverage to within 1.5 points, which is added to what is promised; `make nightly` draws ten
thousand, at more ratios.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest
from benchmarks import coverage
from benchmarks.coverage import LEAST, MOST, RATIOS, Draw
from benchmarks.rates import Rate
from hypothesis import settings
from numpy.typing import NDArray

from automod.evaluate.intervals import clopper_pearson, clustered
from automod.evaluate.paired import paired_difference

Floats = NDArray[np.float64]

NIGHTLY = settings().max_examples >= 1_000
SAMPLES = 10_000 if NIGHTLY else 1_000
AT = RATIOS if NIGHTLY else (0.1, 0.5, 0.9)
GRID: Floats = np.linspace(0, 1, 2_002)[1:-1]


def within(one: Rate, least: float = LEAST, most: float = MOST) -> bool:
    """Whether a coverage is as promised, or not further from it than two or three errors."""
    return least - error(least, one.of) <= one.value <= most + error(most, one.of)


def error(share: float, samples: int) -> float:
    """What chance makes of a share in so many samples, but for one time in a hundred."""
    return 2.6 * sqrt(share * (1 - share) / samples)


# --- independent trials: sums over the binomial --------------------------------------------------


@pytest.mark.parametrize("n", [20, 30, 50, 100, 200, 350, 500])
def test_wilson_covers_95_percent_on_average(n: int) -> None:
    """Over all ratios from 94 to 96 %; at no ratio from 0.1 to 0.9 below 92 %, from 30 trials."""
    found = coverage.of_wilson(n, GRID)
    assert 0.94 <= found.mean() <= 0.96
    middle = found[(GRID >= 0.1) & (GRID <= 0.9)]
    assert n < 30 or middle.min() > 0.92


@pytest.mark.parametrize("n", [1, 2, 5, 20, 50, 100, 200, 500])
def test_clopper_pearson_never_covers_less_than_it_says(n: int) -> None:
    """On a grid, and where coverage is least: beside the ends of the intervals."""
    intervals = [clopper_pearson(k, n) for k in range(n + 1)]
    ends = np.array([end for one in intervals for end in (one.low, one.high)])
    beside = np.concatenate([GRID, ends - 1e-9, ends + 1e-9])
    ratios = beside[(beside > 0) & (beside < 1)]
    assert coverage.of_clopper_pearson(n, ratios).min() >= 0.95 - 1e-9


@pytest.mark.parametrize(
    "shares",
    [(0.5, 0.05, 0.02, 0.43), (0.3, 0.2, 0.2, 0.3), (0.8, 0.1, 0.02, 0.08), (0.7, 0.1, 0.05, 0.15)],
)
def test_a_paired_difference_covers_what_it_says(shares: tuple[float, ...]) -> None:
    """A hundred pairs that two filters caught: both, the first, the second, neither."""
    tables, times = np.unique(
        np.random.default_rng(5).multinomial(100, shares, 5 * SAMPLES), axis=0, return_counts=True
    )
    found = [paired_difference(*map(int, table)) for table in tables]
    truth = shares[1] - shares[2]
    held = np.array([one.low <= truth <= one.high for one in found])
    assert within(Rate(int(times[held].sum()), int(times.sum())), 0.94, 0.98)


# --- clusters and weights: simulated -------------------------------------------------------------


@pytest.mark.parametrize(("name", "draw"), coverage.WORLDS.items(), ids=list(coverage.WORLDS))
def test_clusters_are_covered_from_93_to_97_percent(name: str, draw: Draw) -> None:
    """A hundred clusters, of every size, however alike, however reviewed, whatever the ratio."""
    found = {ratio: coverage.covered(name, draw, ratio, SAMPLES) for ratio in AT}
    assert {ratio: str(one) for ratio, one in found.items() if not within(one)} == {}


@pytest.mark.parametrize(("name", "draw"), coverage.RIM.items(), ids=list(coverage.RIM))
def test_what_lies_at_the_rim_of_the_promise(name: str, draw: Draw) -> None:
    """Few heavy clusters whose ratio is another than that of the light ones: 91 % or more."""
    found = {ratio: coverage.covered(name, draw, ratio, SAMPLES) for ratio in (0.1, 0.9)}
    kept = {ratio: str(one) for ratio, one in found.items() if not within(one, 0.915, 1.0)}
    assert kept == {}


@pytest.mark.parametrize("groups", [300, 1_000])
@pytest.mark.parametrize(
    "world",
    [
        coverage.Grouped(coverage.mixed, 1),
        coverage.Grouped(coverage.heavy, 0.5),
        coverage.Strata((0.8, 0.2), (1, 0.01), 2),
        coverage.Strata((0.25,) * 4, (1, 0.3, 0.05, 0.01), -2),
    ],
)
def test_more_clusters_are_covered_as_well(
    world: coverage.Grouped | coverage.Strata, groups: int
) -> None:
    """Also where a hundred were too few."""
    larger: Callable[..., tuple[Floats, Floats]] = (
        coverage.Grouped(world.sizes, world.alike, groups)
        if isinstance(world, coverage.Grouped)
        else coverage.Strata(world.shares, world.reviewed, world.lean, groups)
    )
    for ratio in (0.1, 0.5, 0.9):
        assert within(coverage.covered(f"{world} {groups}", larger, ratio, SAMPLES))


@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.99])
def test_other_confidences_are_kept(confidence: float) -> None:
    """As near to what they say as 95 % is."""
    apart = {0.8: (0.78, 0.84), 0.9: (0.88, 0.93), 0.99: (0.975, 0.998)}[confidence]
    for world in (coverage.Grouped(coverage.up_to_20, 0.5), coverage.Strata((0.5, 0.5), (1, 0.05))):
        for ratio in (0.1, 0.5, 0.9):
            one = coverage.covered(
                f"{world}", world, ratio, SAMPLES,
                lambda num, den: clustered(num, den, confidence=confidence),
            )  # fmt: skip
            assert within(one, *apart)


def test_the_bootstraps_cover_less() -> None:
    """Why it is none: the worst of what is usual, on samples of which ours covers 95 %."""
    name = "groups of 1, some to 20, alike 1"
    found = coverage.rivals(name, coverage.WORLDS[name], 0.1, 500)
    assert max(one.value for one in found.values()) < 0.9
    assert found["independent"].value < 0.6


@pytest.mark.parametrize(("name", "two"), coverage.PAIRS.items(), ids=list(coverage.PAIRS))
def test_differences_over_clusters_are_covered(name: str, two: coverage.Two) -> None:
    """Of two recalls from 93 to 97 %; of two precisions of groups that vary in size, 93 or more."""
    one = coverage.covered_difference(name, two, SAMPLES)
    assert within(one, LEAST, 1.0 if two.precise else MOST)


# --- selective review ----------------------------------------------------------------------------


def test_recall_under_selective_review() -> None:
    """All hits are reviewed and 1 % of the rest: weights give the recall, counts do not.

    Two hundred times 100,000 ads of which 3 % violate; 70 % of these are hit, and 1 % of the rest.
    """
    made = [coverage.review(seed) for seed in range(200)]
    weighted = np.mean([one.weighted for one in made])
    naive = np.mean([one.naive for one in made])
    assert abs(weighted - 0.7) <= 0.02
    assert naive - 0.7 >= 0.15


@pytest.mark.parametrize("looked_at", [0.01, 0.002])
def test_the_interval_of_a_selective_review(looked_at: float) -> None:
    """Told what a miss weighs it holds the recall, though in places no miss was found."""
    found = coverage.review_intervals(500 if NIGHTLY else 200, looked_at)
    assert within(found["told"], LEAST, 1.0)
    assert looked_at > 0.005 or found["not told"].value < 0.9
