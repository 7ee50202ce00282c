"""How often an interval of 95 % holds the truth, where the truth is known.

    python -m benchmarks.coverage [--samples 10000] [--no-record]

Worlds are made up: groups of near-duplicates of many sizes that share their fate wholly, in part
or not at all, and strata of which one in three, twenty or a hundred is reviewed. From each, samples
of 100 groups (or what the name says) are drawn with ratios from 0.1 to 0.9, and it is counted how
many intervals hold the ratio of the world. Beside it what is usual: Wilson's interval as if all
trials were independent, the same of the effective sample size that the sample shows, and BCa and
percentile bootstraps of whole groups.

Intervals of independent trials need no drawing: their coverage is a sum over the binomial.

`leans` are worlds at the rim of the promise: a group's ratio depends on its weight, and the heavy
ones that decide are few. There is no target for them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from math import lgamma
from statistics import median
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from automod.evaluate.bootstrap import cluster_bootstrap
from automod.evaluate.intervals import (
    Interval,
    clopper_pearson,
    clustered,
    normal_quantile,
    wilson,
    wilson_many,
)
from automod.evaluate.paired import clustered_difference

from .harness import Contender, Figure, Report, begin, take_turns
from .harness import ratio as ratio_of
from .rates import Rate

Floats = NDArray[np.float64]
Sums = tuple[Floats, Floats]
"""Numerators and denominators, shape (samples, groups)."""
Draw = Callable[[np.random.Generator, int, float], Sums]
"""Generator, samples, ratio of the world -> samples of it."""
Method = Callable[[Floats, Floats], Interval | None]

RATIOS: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
GROUPS: Final = 100
LEAST, MOST = 0.93, 0.97
SAMPLES: Final = 10_000
REPLICATES: Final = 999
"""Of the bootstraps that are shown for comparison."""
CALLS: Final = 100
"""That are timed together."""


# --- worlds ---------------------------------------------------------------------------------------


def one(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Single creatives."""
    del rng
    return np.ones(shape)


def five(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Groups of five."""
    del rng
    return np.full(shape, 5.0)


def up_to_20(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Groups of 1 to 20, each size as likely."""
    return rng.integers(1, 21, shape).astype(np.float64)


def mixed(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Four in five creatives alone, the fifth a group of 2 to 20."""
    return np.where(rng.random(shape) < 0.8, 1.0, rng.integers(2, 21, shape))


def heavy(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Lognormal sizes: a hundred groups tell as much as 37 equal ones."""
    return np.ceil(rng.lognormal(0.5, 1.0, shape))


@dataclass(frozen=True, slots=True)
class Grouped:
    """Groups of trials that correlate: 1, they share their fate; 0, each has its own."""

    sizes: Callable[[np.random.Generator, tuple[int, int]], Floats]
    alike: float
    groups: int = GROUPS

    def __call__(self, rng: np.random.Generator, samples: int, ratio: float) -> Sums:
        """Samples; a group's own ratio is drawn from a beta distribution."""
        den = self.sizes(rng, (samples, self.groups))
        if self.alike == 1:
            return den * (rng.random(den.shape) < ratio), den
        if self.alike == 0:
            return rng.binomial(den.astype(np.int64), ratio).astype(np.float64), den
        spread = (1 - self.alike) / self.alike
        own = rng.beta(ratio * spread, (1 - ratio) * spread, den.shape)
        return rng.binomial(den.astype(np.int64), own).astype(np.float64), den


@dataclass(frozen=True, slots=True)
class Strata:
    """Single creatives of strata that are reviewed in part, and weigh the inverse of it."""

    shares: tuple[float, ...]
    """Of the reviewed, by stratum."""
    reviewed: tuple[float, ...]
    """The probability of review in each."""
    lean: float = 0.0
    """Log-odds of the first stratum above the mean; those of the last are as far below it."""
    groups: int = GROUPS

    def __call__(self, rng: np.random.Generator, samples: int, ratio: float) -> Sums:
        """Samples; strata are drawn as well, as what is judged falls into them by chance."""
        weights = 1 / np.array(self.reviewed)
        which = rng.choice(len(weights), (samples, self.groups), p=self.shares)
        den = weights[which]
        return den * (rng.random(den.shape) < self._ratios(ratio, weights)[which]), den

    def _ratios(self, ratio: float, weights: Floats) -> Floats:
        """Of each stratum, so that that of all is as told."""
        all_of = np.array(self.shares) * weights
        away = np.linspace(self.lean, -self.lean, len(weights))
        low, high = -30.0, 30.0
        for _ in range(100):
            middle = (low + high) / 2
            found = 1 / (1 + np.exp(-middle - away))
            low, high = (middle, high) if all_of @ found / all_of.sum() < ratio else (low, middle)
        return np.asarray(found)


WORLDS: Final[Mapping[str, Draw]] = {
    "single creatives": Grouped(one, 1),
    **{
        f"groups of {name}, alike {alike:g}": Grouped(sizes, alike)
        for name, sizes in {
            "5": five, "1 to 20": up_to_20, "1, some to 20": mixed, "lognormal size": heavy,
        }.items()
        for alike in (0, 0.2, 0.5, 1)
    },
    **{
        f"reviewed {name}, log-odds {lean:+g}": Strata(shares, reviewed, lean)
        for name, shares, reviewed in (
            ("1 and 0.3", (0.6, 0.4), (1, 0.3)),
            ("1 and 0.05", (0.5, 0.5), (1, 0.05)),
            ("1 and 0.01", (0.5, 0.5), (1, 0.01)),
            ("1, 0.3 and 0.05", (0.4, 0.3, 0.3), (1, 0.3, 0.05)),
            ("1, 0.3, 0.05 and 0.01", (0.2, 0.2, 0.25, 0.35), (1, 0.3, 0.05, 0.01)),
        )
        for lean in (-1, 0, 1)
    },
}  # fmt: skip
"""Where from 93 to 97 % is promised."""

RIM: Final[Mapping[str, Draw]] = {
    f"reviewed {name}, log-odds {lean:+g} (leans)": Strata(shares, reviewed, lean)
    for name, shares, reviewed in (
        ("1 and 0.05, 20 % of them", (0.8, 0.2), (1, 0.05)),
        ("1 and 0.01, 20 % of them", (0.8, 0.2), (1, 0.01)),
        ("1, 0.3, 0.05 and 0.01, as many of each", (0.25,) * 4, (1, 0.3, 0.05, 0.01)),
    )
    for lean in (-2, -1, 1, 2)
}


# --- coverage -------------------------------------------------------------------------------------


def ours(num: Floats, den: Floats) -> Interval | None:
    """The interval that is judged."""
    return clustered(num, den)


def covered(name: str, draw: Draw, ratio: float, samples: int, method: Method = ours) -> Rate:
    """How many intervals hold the truth; the seed is made of the name and the ratio."""
    rng = np.random.default_rng(crc32(f"{name} {ratio}".encode()))
    num, den = draw(rng, samples, ratio)
    found = [method(top, of) for top, of in zip(num, den, strict=True)]
    return Rate(sum(_holds(one, ratio) for one in found), samples)


def _holds(interval: Interval | None, truth: float) -> bool:
    return interval is not None and interval.low <= truth <= interval.high


def promised_is_kept(one: Rate) -> bool:
    """Whether a coverage is from 93 to 97 %, or not further from it than so many samples tell."""
    told = wilson(one.hits, one.of)
    return told.high >= LEAST and told.low <= MOST


def rivals(name: str, draw: Draw, ratio: float, samples: int) -> dict[str, Rate]:
    """The same of what is usual: samples are resampled all at once, with the same draws."""
    rng = np.random.default_rng(crc32(f"{name} {ratio}".encode()))
    num, den = draw(rng, samples, ratio)
    often = rng.multinomial(num.shape[1], np.full(num.shape[1], 1 / num.shape[1]), REPLICATES)
    ends = {"independent": _independent(num, den), "effective": _effective(num, den)}
    ends.update(_bootstraps(num, den, often.T.astype(np.float64)))
    return {
        rival: Rate(int(((low <= ratio) & (ratio <= high)).sum()), samples)
        for rival, (low, high) in ends.items()
    }


def _independent(num: Floats, den: Floats) -> Sums:
    return wilson_many(num.sum(axis=1), den.sum(axis=1))


def _effective(num: Floats, den: Floats) -> Sums:
    """Wilson's interval of the effective sample size by the variance that is seen."""
    total = den.sum(axis=1)
    ratio = num.sum(axis=1) / total
    seen = ((num - ratio[:, None] * den) ** 2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        trials = np.where(seen > 0, ratio * (1 - ratio) * total**2 / seen, den.shape[1])
    return wilson_many(ratio * trials, trials)


def _bootstraps(num: Floats, den: Floats, often: Floats) -> dict[str, Sums]:
    total = den.sum(axis=1)
    ratio = num.sum(axis=1) / total
    drawn = np.sort((num @ often) / (den @ often), axis=1)
    z = normal_quantile(0.95)
    below = (drawn < ratio[:, None]).mean(axis=1) + (drawn == ratio[:, None]).mean(axis=1) / 2
    bias = _normal_quantiles(below)
    away = num - ratio[:, None] * den
    with np.errstate(divide="ignore", invalid="ignore"):
        skew = np.nan_to_num((away**3).sum(axis=1) / (6 * (away**2).sum(axis=1) ** 1.5))
    corrected = [bias + (bias + end) / (1 - skew * (bias + end)) for end in (-z, z)]
    return {
        "percentile": (_at(drawn, np.full(len(num), -z)), _at(drawn, np.full(len(num), z))),
        "BCa": (_at(drawn, corrected[0]), _at(drawn, corrected[1])),
    }


_GRID: Final = np.linspace(-6, 6, 24_001)
_BELOW: Final = np.concatenate([[0.0], np.cumsum(np.exp(-(_GRID[1:] ** 2) / 2))])


def _normal_quantiles(shares: Floats) -> Floats:
    return np.interp(np.clip(shares, 1e-4, 1 - 1e-4), _BELOW / _BELOW[-1], _GRID)


def _at(drawn: Floats, z: Floats) -> Floats:
    """The resample in each row that has as much below it as z in a normal."""
    share = np.interp(z, _GRID, _BELOW / _BELOW[-1])
    place = np.clip((share * (drawn.shape[1] + 1)).astype(np.int64) - 1, 0, drawn.shape[1] - 1)
    return np.asarray(drawn[np.arange(len(drawn)), place])


# --- independent trials, without drawing ----------------------------------------------------------


def binomial(n: int, ratios: Floats) -> Floats:
    """The probability of 0 to n successes, a row for each ratio."""
    k = np.arange(n + 1)
    ways: Floats = np.array(
        [lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) for i in range(n + 1)]
    )
    return np.asarray(
        np.exp(ways + k * np.log(ratios)[:, None] + (n - k) * np.log1p(-ratios)[:, None])
    )


def exactly(n: int, ratios: Floats, low: Floats, high: Floats) -> Floats:
    """The coverage at each ratio of the intervals of 0 to n successes."""
    holds = (low <= ratios[:, None]) & (ratios[:, None] <= high)
    return np.asarray((binomial(n, ratios) * holds).sum(axis=1))


def of_wilson(n: int, ratios: Floats) -> Floats:
    """The coverage of Wilson's interval at each ratio."""
    return exactly(n, ratios, *wilson_many(np.arange(n + 1), np.full(n + 1, n)))


def of_clopper_pearson(n: int, ratios: Floats) -> Floats:
    """The coverage of Clopper and Pearson's interval at each ratio."""
    found = [clopper_pearson(k, n) for k in range(n + 1)]
    low, high = np.array([one.low for one in found]), np.array([one.high for one in found])
    return exactly(n, ratios, low, high)


# --- selective review -----------------------------------------------------------------------------

ADS: Final = 100_000
VIOLATE, HIT, ALARMS, LOOKED_AT = 0.03, 0.7, 0.01, 0.01
"""Ads that violate; of them those hit; of the rest those hit; reviewed of what is not hit."""


@dataclass(frozen=True, slots=True)
class Review:
    """What one review of all hits and of some of the rest says of recall."""

    truth: float
    naive: float
    num: Floats
    den: Floats
    """Weights of the violating ads that were reviewed: all of them, and those that were hit."""

    @property
    def weighted(self) -> float:
        """Recall with every ad counted as often as there are ads like it."""
        return float(self.num.sum() / self.den.sum())


def review(seed: int, looked_at: float = LOOKED_AT) -> Review:
    """Draw ads, hit some, review all hits and a share of the rest."""
    rng = np.random.default_rng(seed)
    bad = rng.random(ADS) < VIOLATE
    hit = rng.random(ADS) < np.where(bad, HIT, ALARMS)
    seen = hit | (rng.random(ADS) < looked_at)
    weight, hit = np.where(hit, 1.0, 1 / looked_at)[seen & bad], hit[seen & bad]
    return Review(HIT, float(hit.mean()), weight * hit, weight)


def review_intervals(runs: int, looked_at: float = LOOKED_AT) -> dict[str, Rate]:
    """How often the interval holds the recall, told of the weight of a miss and not told of it."""
    made = [review(seed, looked_at) for seed in range(runs)]
    return {
        name: Rate(
            sum(_holds(clustered(one.num, one.den, heaviest=most), one.truth) for one in made), runs
        )
        for name, most in {"told": 1 / looked_at, "not told": 0.0}.items()
    }


# --- differences ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Two:
    """Two filters that look at the same groups, and mostly see the same in them."""

    sizes: Callable[[np.random.Generator, tuple[int, int]], Floats]
    precise: bool
    """Their precision; else their recall."""
    same: float = 0.8
    """How often the second sees what the first does."""
    groups: int = 2 * GROUPS

    def __call__(self, rng: np.random.Generator, samples: int) -> tuple[Sums, Sums]:
        """Samples of both filters; all of a group share their fate."""
        den = self.sizes(rng, (samples, self.groups))
        bad = (rng.random(den.shape) < 0.5) | (not self.precise)
        first = rng.random(den.shape)
        second = np.where(rng.random(den.shape) < self.same, first, rng.random(den.shape))
        caught = first < np.where(bad, *_CATCH[0]), second < np.where(bad, *_CATCH[1])
        if self.precise:
            return tuple((den * (bad & one), den * one) for one in caught)  # type: ignore[return-value]
        return tuple((den * one, den) for one in caught)  # type: ignore[return-value]

    @property
    def truth(self) -> float:
        """First minus second."""
        if self.precise:
            return _CATCH[0][0] / sum(_CATCH[0]) - _CATCH[1][0] / sum(_CATCH[1])
        return _CATCH[0][0] - _CATCH[1][0]


_CATCH: Final = ((0.8, 0.15), (0.7, 0.2))
"""What each filter catches: of what is bad, and of the rest."""

PAIRS: Final[Mapping[str, Two]] = {
    f"difference of two {what}, {name}": Two(sizes, precise)
    for name, sizes in {
        "single creatives": one, "groups of 5": five, "groups of 1 to 20": up_to_20,
        "groups of 1, some to 20": mixed, "groups of lognormal size": heavy,
    }.items()
    for what, precise in {"recalls": False, "precisions": True}.items()
}  # fmt: skip


def covered_difference(name: str, two: Two, samples: int) -> Rate:
    """How many intervals of the difference hold the truth."""
    (num, den), (other_num, other_den) = two(np.random.default_rng(crc32(name.encode())), samples)
    rows = zip(num, den, other_num, other_den, strict=True)
    found = [clustered_difference(*sums) for sums in rows]
    return Rate(sum(_holds(one, two.truth) for one in found), samples)


# --- the report -----------------------------------------------------------------------------------


def run(samples: int) -> Report:
    """The whole benchmark."""
    counts: dict[str, float | str] = {
        "scipy": version("scipy"), "samples": samples, "groups": GROUPS, "confidence": "95 %",
        "ratios": ", ".join(f"{ratio:g}" for ratio in RATIOS),
    }  # fmt: skip
    report = begin("coverage", counts)
    report.add(*_of_trials())
    for name, draw in WORLDS.items():
        report.add(_of_world(report, name, draw, samples))
    for name, draw in RIM.items():
        report.add(_of_world(report, name, draw, samples, promised=False))
    report.add(*_of_rivals(report, samples // 5))
    report.add(*_of_review(), *_of_differences(samples), *_of_cost())
    return report


def _of_trials() -> Iterator[Figure]:
    ratios = np.linspace(0, 1, 2_002)[1:-1]
    means = {n: float(of_wilson(n, ratios).mean()) for n in (20, 30, 50, 100, 200, 500)}
    told = ", ".join(f"{mean:.2%} of {n}" for n, mean in means.items())
    met = all(0.94 <= mean <= 0.96 for mean in means.values())
    yield Figure("Wilson, mean over all ratios", told, "94 to 96 %", met)
    middle = ratios[(ratios >= 0.1) & (ratios <= 0.9)]
    least = min(float(of_wilson(n, middle).min()) for n in range(30, 501, 10))
    yield Figure("Wilson, least from 0.1 to 0.9, 30 to 500 trials", f"{least:.2%}")
    least = min(float(of_clopper_pearson(n, ratios).min()) for n in (5, 20, 50, 100, 200, 500))
    yield Figure("Clopper-Pearson, least", f"{least:.2%}", "at least 95 %", least >= 0.95 - 1e-12)


def _of_world(
    report: Report, name: str, draw: Draw, samples: int, *, promised: bool = True
) -> Figure:
    found = [covered(name, draw, ratio, samples) for ratio in RATIOS]
    report.raw[name] = [[one.hits, one.of] for one in found]
    told = " ".join(f"{one.value:.1%}" for one in found)
    if not promised:
        return Figure(name, told)
    return Figure(name, told, "93 to 97 %", all(promised_is_kept(one) for one in found))


def _of_rivals(report: Report, samples: int) -> Iterator[Figure]:
    """The least and the greatest coverage of each over all worlds."""
    cells: dict[str, list[float]] = {}
    for name, draw in WORLDS.items():
        for ratio in RATIOS:
            for rival, one in rivals(name, draw, ratio, samples).items():
                cells.setdefault(rival, []).append(one.value)
                report.raw.setdefault(f"{rival}: {name}", []).append([one.hits, one.of])
    for rival, values in cells.items():
        within = sum(LEAST <= value <= MOST for value in values)
        told = f"{min(values):.1%} to {max(values):.1%}; {within} of {len(values)} are 93 to 97 %"
        yield Figure(f"instead, {rival}", told)


def _of_review() -> Iterator[Figure]:
    made = [review(seed) for seed in range(200)]
    weighted = float(np.mean([one.weighted for one in made]))
    naive = float(np.mean([one.naive for one in made]))
    yield Figure("selective review, weighted recall", f"{weighted:.1%}, the truth {HIT:.0%}",
                 "within 2 points", abs(weighted - HIT) <= 0.02)  # fmt: skip
    yield Figure("selective review, naive recall", f"{naive:.1%}, the truth {HIT:.0%}")
    for looked_at in (LOOKED_AT, LOOKED_AT / 5):
        for name, one in review_intervals(500, looked_at).items():
            yield Figure(
                f"selective review of {looked_at:.1%}, weight of a miss {name}", f"{one.value:.1%}"
            )


def _of_differences(samples: int) -> Iterator[Figure]:
    for name, two in PAIRS.items():
        one = covered_difference(name, two, samples)
        yield Figure(name, f"{one.value:.1%}")


def _of_cost() -> Iterator[Figure]:
    """What one interval costs, of ten kinds of groups and of 100,000."""
    rng = np.random.default_rng(0)
    num: Floats = (np.arange(10) % 3).astype(np.float64)
    few = num, num + np.arange(10) % 2 + 1
    counts = rng.integers(1, 100, 10)
    den = rng.lognormal(0, 1, 100_000)
    many = den * (rng.random(100_000) < 0.2), den
    times = take_turns(
        {
            "clustered": Contender(lambda: None, lambda _: _often(clustered, few, counts)),
            "bootstrap": Contender(lambda: None, lambda _: _often(cluster_bootstrap, few, counts)),
            "many": Contender(lambda: None, lambda _: clustered(*many)),
        },
        5,
    )
    each = median(times["clustered"].process) / CALLS
    yield Figure("an interval, 10 kinds of groups", f"{each * 1e3:.2f} ms", "0.5 ms", each <= 5e-4)
    bootstraps = ratio_of(times["bootstrap"].process, times["clustered"].process)
    yield Figure("a bootstrap of the same", f"{bootstraps} times as long")
    one = median(times["many"].process)
    yield Figure("an interval, 100,000 kinds of groups", f"{one:.2f} s", "0.5 s", one <= 0.5)


def _often(ask: Callable[..., Interval | None], sums: Sums, counts: NDArray[np.int64]) -> None:
    for _ in range(CALLS):
        ask(*sums, counts=counts)


def main() -> None:
    """Run it from the command line.

    Raises:
        SystemExit: a coverage that is promised is not reached.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=SAMPLES, help="of every world and ratio")
    parser.add_argument("--no-record", action="store_true")
    given = parser.parse_args()
    report = run(given.samples)
    if not given.no_record:
        report.write()
    missed = [one.name for one in report.figures if one.met is False]
    if missed:
        raise SystemExit(f"not reached: {', '.join(missed)}")


if __name__ == "__main__":
    main()
