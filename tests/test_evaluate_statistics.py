"""Intervals, tests and agreement: published values first, then laws, then other libraries."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats  # type: ignore[import-untyped]
from sklearn.metrics import cohen_kappa_score  # type: ignore[import-untyped]
from statsmodels.stats import (  # type: ignore[import-untyped]
    contingency_tables,
    inter_rater,
    proportion,
)

from automod.evaluate.agreement import cohen_kappa
from automod.evaluate.bootstrap import bootstrap, cluster_bootstrap
from automod.evaluate.intervals import (
    Interval,
    beta_probability,
    beta_quantile,
    clopper_pearson,
    clustered,
    distinct_clusters,
    effective_number,
    effective_trials,
    normal_quantile,
    wilson,
    wilson_many,
)
from automod.evaluate.paired import (
    clustered_difference,
    mcnemar,
    mover_difference,
    paired_difference,
    unpaired_difference,
)

Floats = NDArray[np.float64]

CONFIDENCES = st.floats(0.5, 0.999)
MANY = 10_000_000


@st.composite
def shares(draw: st.DrawFn, most: int = 1_000) -> tuple[int, int]:
    """Successes and trials."""
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


@st.composite
def clusters(draw: st.DrawFn, least: int = 2, most: int = 30) -> tuple[Floats, Floats]:
    """Sums of clusters: counts, or weights of any size; some are missed, some caught in part."""
    rows = draw(
        st.lists(
            st.tuples(
                st.one_of(st.integers(1, 20).map(float), st.floats(0.01, 1e4)),
                st.sampled_from([0.0, 0.0, 1.0, 1.0, 0.25, 0.5]),
            ),
            min_size=least,
            max_size=most,
        )
    )
    den, part = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    return den * part, den


def ends(interval: Interval | None, digits: int = 4) -> tuple[float, float] | None:
    """Both ends, rounded."""
    if interval is None:
        return None
    return round(interval.low, digits), round(interval.high, digits)


def near(one: Interval | None, other: Interval | None, within: float = 1e-9) -> bool:
    """Whether two intervals are the same but for rounding."""
    if one is None or other is None:
        return one is other
    return abs(one.low - other.low) <= within and abs(one.high - other.high) <= within


# --- single trials -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("k", "n", "score", "exact"),
    [
        # R. G. Newcombe, Stat. Med. 17 (1998), 857-872, table I, methods 3 and 5.
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
        (10, 10, (0.7225, 1.0), (0.6915, 1.0)),
    ],
)
def test_published_intervals_of_one_share(
    k: int, n: int, score: tuple[float, float], exact: tuple[float, float]
) -> None:
    """Wilson and Clopper-Pearson, to the printed digit."""
    assert ends(wilson(k, n)) == score
    assert ends(clopper_pearson(k, n)) == exact


@pytest.mark.parametrize("interval", [wilson, clopper_pearson])
@pytest.mark.parametrize(("k", "n"), [(0, 0), (1, 0), (-1, 5), (6, 5), (float("nan"), 5)])
def test_a_share_that_is_none_has_no_interval(
    interval: Callable[[Any, Any], Interval], k: float, n: float
) -> None:
    """Neither of nothing, nor of more than all."""
    with pytest.raises(ValueError, match=r"a ratio of nothing has no interval|within 0 and n"):
        interval(k, n)


@pytest.mark.parametrize("confidence", [0.0, 1.0, -0.5, 95.0, float("nan")])
def test_a_confidence_is_between_0_and_1(confidence: float) -> None:
    """95 is no confidence; 0.95 is."""
    one = np.ones(3)
    for ask in (
        lambda: wilson(1, 2, confidence),
        lambda: wilson_many(one, one, confidence),
        lambda: clopper_pearson(1, 2, confidence),
        lambda: clustered(one, one, confidence=confidence),
        lambda: clustered(one[:1], one[:1], confidence=confidence),
        lambda: cluster_bootstrap(one, one, confidence=confidence),
        lambda: clustered_difference(one, one, one, one, confidence=confidence),
        lambda: paired_difference(1, 2, 3, 4, confidence),
        lambda: unpaired_difference(1, 2, 3, 4, confidence),
        lambda: cohen_kappa(np.ones((2, 2)), confidence),
    ):
        with pytest.raises(ValueError, match="confidence must be between 0 and 1"):
            ask()


@given(shares(MANY), CONFIDENCES)
@example((0, MANY), 0.95)
@example((MANY, MANY), 0.95)
@example((1, MANY), 0.999)
@example((MANY // 2, MANY), 0.5)
def test_clopper_pearson_is_the_inverse_of_scipy_s_beta(
    share: tuple[int, int], confidence: float
) -> None:
    """To 1e-10, for up to ten million trials."""
    (k, n), tail = share, (1 - confidence) / 2
    found = clopper_pearson(k, n, confidence)
    low = 0.0 if k == 0 else float(stats.beta.ppf(tail, k, n - k + 1))
    high = 1.0 if k == n else float(stats.beta.ppf(1 - tail, k + 1, n - k))
    assert near(found, Interval(low, high), 1e-10)


@given(st.floats(0.5, 1e6), st.floats(0.5, 1e6), st.floats(1e-6, 1 - 1e-6))
@example(10.0, 9.999, 0.5)
def test_the_beta_distribution_is_scipy_s(a: float, b: float, p: float) -> None:
    """The probability below a quantile is what was asked for, and what SciPy says it is."""
    x = beta_quantile(p, a, b)
    assume(x < 1 - 1e-7)
    assert beta_probability(x, a, b) == pytest.approx(p, rel=1e-9)
    assert beta_probability(x, a, b) == pytest.approx(float(stats.beta.cdf(x, a, b)), rel=1e-8)


@given(CONFIDENCES)
def test_normal_quantiles_are_scipy_s(confidence: float) -> None:
    """Both tails together are what is left."""
    found = normal_quantile(confidence)
    assert found == pytest.approx(float(stats.norm.ppf(0.5 + confidence / 2)), abs=1e-12)


@given(shares(), CONFIDENCES)
def test_intervals_of_one_share_are_statsmodels(share: tuple[int, int], confidence: float) -> None:
    """Wilson and Clopper-Pearson ("beta")."""
    for interval, method in ((wilson, "wilson"), (clopper_pearson, "beta")):
        low, high = proportion.proportion_confint(*share, alpha=1 - confidence, method=method)
        assert near(interval(*share, confidence), Interval(max(low, 0.0), min(high, 1.0)))


@given(shares(MANY), CONFIDENCES)
def test_an_interval_holds_its_share_within_0_and_1(
    share: tuple[int, int], confidence: float
) -> None:
    """And is no point, though the share be 0 or 1."""
    (k, n) = share
    for interval in (wilson, clopper_pearson):
        found = interval(k, n, confidence)
        assert 0 <= found.low <= k / n <= found.high <= 1
        assert found.low < found.high
        mirrored = interval(n - k, n, confidence)
        assert near(Interval(1 - mirrored.high, 1 - mirrored.low), found)


@given(st.lists(st.one_of(shares(), st.just((0, 0))), max_size=20), CONFIDENCES)
def test_many_wilson_intervals_are_each_one_s(
    several: list[tuple[int, int]], confidence: float
) -> None:
    """To the last bit; nan of nothing."""
    counts = np.array(several, dtype=np.int64).reshape(-1, 2)
    low, high = wilson_many(counts[:, 0], counts[:, 1], confidence)
    for (k, n), *both in zip(several, low.tolist(), high.tolist(), strict=True):
        if n == 0:
            assert all(isnan(end) for end in both)
        else:
            assert Interval(*both) == wilson(k, n, confidence)


def test_many_intervals_of_shares_that_are_none() -> None:
    """One k above its n is told."""
    with pytest.raises(ValueError, match="every k must be within 0 and its n"):
        wilson_many(np.array([1, 3]), np.array([2, 2]))


# --- clusters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("num", "den"),
    [
        ([], []),
        ([1], [1]),
        ([3, 0], [5, 0]),
        ([0, 0], [0, 0]),
    ],
)
def test_one_cluster_says_nothing_of_others(num: list[int], den: list[int]) -> None:
    """Fewer than two with a denominator: None."""
    sums = np.array(num), np.array(den)
    assert clustered(*sums) is None
    assert cluster_bootstrap(*sums) is None
    assert clustered_difference(*sums, *sums) is None


@pytest.mark.parametrize(
    ("num", "den"),
    [
        ([2, 0], [1, 1]),
        ([-1, 0], [1, 1]),
        ([0.0, np.nan], [1.0, 1.0]),
        ([0.0, 1.0], [1.0, np.nan]),
        ([0.0, 1.0], [1.0, np.inf]),
        ([0, 1, 1], [1, 1]),
    ],
)
def test_sums_that_are_none_are_refused(num: list[float], den: list[float]) -> None:
    """A ratio above 1, below 0, or of what is no number."""
    sums = np.array(num), np.array(den)
    for ask in (clustered, cluster_bootstrap):
        with pytest.raises(ValueError, match=r"as many numerators|every numerator must"):
            ask(*sums)
    with pytest.raises(ValueError, match=r"as many numerators|every numerator must"):
        clustered(np.ones(2), np.ones(2), counts=np.array([1, -1]))


@pytest.mark.parametrize(
    ("num", "den", "expected"),
    [
        # All mass in one cluster: as wide as two trials are, whatever its size.
        ([1_000, 0], [1_000, 1], (0.2065, 1.0)),
        ([500, 0], [1_000, 1], (0.0548, 0.9450)),
        # All are caught: Wilson's for four, not for two thousand.
        ([500] * 4, [500] * 4, (0.5101, 1.0)),
        ([0] * 4, [500] * 4, (0.0, 0.4899)),
        # All clusters have the same ratio: two trials each.
        ([5, 5, 5], [10, 10, 10], (0.1876, 0.8124)),
    ],
)
def test_no_false_certainty(num: list[int], den: list[int], expected: tuple[float, float]) -> None:
    """Where clusters cannot tell how much they differ, the interval is wide."""
    assert ends(clustered(np.array(num), np.array(den))) == expected


def test_a_miss_that_weighs_more_than_all_that_was_found() -> None:
    """All 40 hits were reviewed, one in a hundred of the rest, and no miss was found."""
    ones = np.ones(40)
    assert ends(clustered(ones, ones)) == ends(wilson(40, 40))
    assert ends(clustered(ones, ones, heaviest=100)) == ends(wilson(0.4, 0.4))
    found = np.append(ones, 100.0)
    caught = np.append(ones, 0)
    assert clustered(caught, found) == clustered(caught, found, heaviest=100)
    # A group of 150 hits is no miss.
    hits = np.append(np.ones(1_000), 150.0)
    assert clustered(hits, hits, heaviest=100) == wilson(11.5, 11.5)


@given(shares(300), CONFIDENCES)
def test_clusters_of_one_trial_have_wilson_s_interval(
    share: tuple[int, int], confidence: float
) -> None:
    """Whatever each of them weighs, as long as all weigh the same."""
    (k, n) = share
    assume(n > 1)
    for weight in (1.0, 0.037, 1e6):
        num = np.repeat([weight, 0.0], [k, n - k])
        found = clustered(num, np.full(n, weight), confidence=confidence)
        assert near(found, wilson(k, n, confidence))


@given(clusters(), CONFIDENCES, st.randoms(use_true_random=False))
def test_the_order_of_clusters_changes_no_bit(
    sums: tuple[Floats, Floats], confidence: float, random: Any
) -> None:
    """Nor does it matter whether clusters with the same sums are counted or repeated."""
    num, den = sums
    order = list(range(len(den)))
    random.shuffle(order)
    shuffled = num[order], den[order]
    pairs, times = np.unique(np.column_stack(sums), axis=0, return_counts=True)
    for ask in (clustered, cluster_bootstrap):
        expected = ask(num, den, confidence=confidence)
        assert ask(*shuffled, confidence=confidence) == expected
        assert ask(pairs[:, 0], pairs[:, 1], counts=times, confidence=confidence) == expected
    difference = clustered_difference(num, den, den - num, den, confidence=confidence)
    assert difference == clustered_difference(
        *shuffled, shuffled[1] - shuffled[0], shuffled[1], confidence=confidence
    )


@given(clusters(), CONFIDENCES)
def test_an_interval_of_clusters_holds_its_ratio(
    sums: tuple[Floats, Floats], confidence: float
) -> None:
    """Within 0 and 1, no point, mirrored for what is not caught, and the same in other units."""
    num, den = sums
    found = clustered(num, den, confidence=confidence)
    assert found is not None
    ratio = num.sum() / den.sum()
    assert 0 <= found.low <= ratio + 1e-12 and ratio - 1e-12 <= found.high <= 1
    assert found.high - found.low > 1e-4
    missed = clustered(den - num, den, confidence=confidence)
    assert missed is not None
    assert near(Interval(1 - missed.high, 1 - missed.low), found, 1e-6)
    assert near(clustered(num * 0.37, den * 0.37, confidence=confidence), found, 1e-6)


@given(clusters(), st.floats(0.5, 0.9), st.floats(0.01, 0.09))
def test_more_confidence_is_a_wider_interval(
    sums: tuple[Floats, Floats], confidence: float, more: float
) -> None:
    """On either side."""
    narrow = clustered(*sums, confidence=confidence)
    wide = clustered(*sums, confidence=confidence + more)
    assert narrow is not None and wide is not None
    assert wide.low <= narrow.low and narrow.high <= wide.high


@given(clusters(), st.floats(0.01, 1e5))
def test_effective_trials_are_no_more_than_there_can_be(
    sums: tuple[Floats, Floats], heaviest: float
) -> None:
    """Of all or nothing, Kish's number of clusters; and told of a weight never seen, not more."""
    num, den = sums
    seen = effective_trials(distinct_clusters(num, den, None))
    assert 0 < seen
    assert effective_trials(distinct_clusters(den, den, None)) == pytest.approx(
        effective_number(den)
    )
    told = effective_trials(distinct_clusters(num, den, None), heaviest=heaviest)
    missed = (den - num).max()
    expected = seen if heaviest <= missed else min(seen, den.sum() / heaviest)
    assert told == pytest.approx(expected)


@given(st.lists(st.integers(0, 100), max_size=20))
def test_effective_numbers(weights: list[int]) -> None:
    """From 1, one holds all, to how many there are, all the same; 0 of none."""
    found = effective_number(np.array(weights, dtype=np.int64))
    some = [one for one in weights if one]
    assert (
        found == pytest.approx(sum(some) ** 2 / sum(one * one for one in some))
        if some
        else (found == 0)
    )
    counted = np.unique(np.array(weights, dtype=np.int64), return_counts=True)
    assert effective_number(*counted) == pytest.approx(found)


@pytest.mark.parametrize("alike", [0.0, 1.0])
def test_with_many_clusters_it_is_the_bootstrap(alike: float) -> None:
    """Both ends within a tenth of the width."""
    rng = np.random.default_rng(7)
    den = np.ceil(rng.lognormal(0.5, 0.8, 3_000))
    own = np.where(rng.random(3_000) < alike, rng.random(3_000) < 0.3, 0.3)
    num = rng.binomial(den.astype(np.int64), own).astype(np.float64)
    found, drawn = clustered(num, den), cluster_bootstrap(num, den)
    assert found is not None and drawn is not None and found != drawn
    assert near(found, drawn, 0.1 * (found.high - found.low))


def test_with_more_different_clusters_than_are_drawn_it_is_no_bootstrap() -> None:
    """Weights of 100,000 clusters, all different: what the bootstrap of fewer agrees with."""
    rng = np.random.default_rng(8)
    den = rng.lognormal(0, 0.8, 100_000)
    num = den * (rng.random(100_000) < 0.2)
    assert cluster_bootstrap(num, den) == clustered(num, den)
    few = num[:4_000], den[:4_000]
    found = clustered(*few)
    drawn = bootstrap(np.column_stack(few), lambda sums: sums[:, 0] / sums[:, 1], replicates=999)
    assert found is not None and drawn is not None
    assert near(found, drawn, 0.1 * (found.high - found.low))


# --- the bootstrap -------------------------------------------------------------------------------


def mean_ratio(sums: Floats) -> Floats:
    """The mean of two ratios."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((sums[:, 0] / sums[:, 1] + sums[:, 2] / sums[:, 3]) / 2)


def test_the_bootstrap_of_a_mean_is_the_textbook_s() -> None:
    """The mean of 400 normal numbers: the normal interval, up to the noise of drawing."""
    rng = np.random.default_rng(1)
    numbers = rng.normal(10, 2, 400)
    found = bootstrap(
        np.column_stack([numbers, np.ones(400)]), lambda sums: sums[:, 0] / sums[:, 1]
    )
    half = normal_quantile(0.95) * numbers.std() / 20
    assert found is not None
    assert near(found, Interval(numbers.mean() - half, numbers.mean() + half), 0.1 * half)


@pytest.mark.parametrize("skewed", [False, True])
def test_the_bootstrap_is_scipy_s(*, skewed: bool) -> None:
    """BCa of a mean, both up to the noise of drawing."""
    rng = np.random.default_rng(2)
    numbers = rng.lognormal(0, 1, 200) if skewed else rng.normal(0, 1, 200)
    theirs = stats.bootstrap((numbers,), np.mean, n_resamples=9_999, rng=3).confidence_interval
    ours = bootstrap(
        np.column_stack([numbers, np.ones(200)]),
        lambda sums: sums[:, 0] / sums[:, 1],
        replicates=9_999,
    )
    assert near(ours, Interval(*theirs), 0.05 * (theirs.high - theirs.low))


def test_a_seed_is_an_answer() -> None:
    """The same seed, the same interval; another seed, another."""
    rows = np.random.default_rng(4).integers(1, 9, (50, 4))
    one, again, other = (bootstrap(rows, mean_ratio, seed=seed) for seed in (0, 0, 1))
    assert one == again != other


def test_resampling_that_says_nothing_says_so() -> None:
    """No value, the same one always, or one cluster: None."""
    same, empty = np.ones((30, 4)), np.zeros((30, 4))
    assert bootstrap(same, mean_ratio) is None
    assert bootstrap(empty, mean_ratio) is None
    assert bootstrap(same[:1], mean_ratio) is None
    assert bootstrap(same, mean_ratio, counts=np.zeros(30)) is None


@pytest.mark.parametrize(
    ("rows", "counts", "replicates"),
    [((3,), None, 999), ((3, 2), np.ones(2), 999), ((3, 2), -np.ones(3), 999), ((3, 2), None, 99)],
)
def test_what_the_bootstrap_refuses(
    rows: tuple[int, ...], counts: Floats | None, replicates: int
) -> None:
    """Shapes that do not fit, negative counts, too few replicates."""
    with pytest.raises(ValueError, match=r"a row of sums|negative|100 replicates"):
        bootstrap(np.ones(rows), mean_ratio, counts=counts, replicates=replicates)


# --- differences ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # R. G. Newcombe, Stat. Med. 17 (1998), 2635-2650, table III, method 10.
        ((36, 12, 2, 0), (0.0569, 0.3404)),
        ((18, 12, 2, 18), (0.0562, 0.3290)),
        ((53, 0, 0, 1), (-0.0729, 0.0729)),
        # M. W. Fagerland and others, Stat. Med. 33 (2014), 2850-2875: square-and-add.
        ((1, 1, 7, 12), (-0.5069, -0.0256)),
    ],
)
def test_published_paired_differences(
    counts: tuple[int, int, int, int], expected: tuple[float, float]
) -> None:
    """Newcombe's method 10, to the printed digit."""
    assert ends(paired_difference(*counts)) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # R. G. Newcombe, Stat. Med. 17 (1998), 873-890, table II, method 10.
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
    ],
)
def test_published_differences_of_different_trials(
    counts: tuple[int, int, int, int], expected: tuple[float, float]
) -> None:
    """Newcombe's hybrid score interval, to the printed digit."""
    assert ends(unpaired_difference(*counts)) == expected


@given(shares(), shares())
def test_differences_of_different_trials_are_statsmodels(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    """Method "newcomb"."""
    theirs = proportion.confint_proportions_2indep(*one, *other, method="newcomb", compare="diff")
    assert near(unpaired_difference(*one, *other), Interval(*map(float, theirs)), 1e-6)


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4), CONFIDENCES)
def test_a_paired_difference_holds_the_difference(counts: list[int], confidence: float) -> None:
    """No point, turned round when the two are, and about as long as that of the clusters."""
    assume(sum(counts) > 1)
    both, first, second, neither = counts
    n = sum(counts)
    found = paired_difference(both, first, second, neither, confidence)
    assert -1 <= found.low <= (first - second) / n <= found.high <= 1
    assert found.high - found.low > 1e-3
    turned = paired_difference(both, second, first, neither, confidence)
    assert near(Interval(-turned.high, -turned.low), found)
    one, other = np.array([1, 1, 0, 0]), np.array([1, 0, 1, 0])
    grouped = clustered_difference(
        one, np.ones(4), other, np.ones(4), counts=np.array(counts), confidence=confidence
    )
    # Newcombe takes half a trial from every positive correlation; over clusters it is a bound.
    assert grouped is not None
    assert found.low - 1e-9 <= grouped.low and grouped.high <= found.high + 1e-9
    if min(first, second) > both * neither:
        assert near(found, grouped)
    if first == second == 0:
        assert near(found, grouped)


@given(clusters(least=5), st.data())
def test_a_difference_over_clusters_holds_the_difference(
    sums: tuple[Floats, Floats], data: st.DataObject
) -> None:
    """Turned round when the two are; of two that are the same it holds 0, and is no point."""
    num, den = sums
    which = data.draw(st.lists(st.booleans(), min_size=len(den), max_size=len(den)))
    caught = np.array(which)
    assume(caught.sum() > 1)
    pair = num, den, num * caught, den * caught
    found = clustered_difference(*pair)
    turned = clustered_difference(*pair[2:], *pair[:2])
    same = clustered_difference(num, den, num, den)
    assert found is not None and turned is not None and same is not None
    value = pair[0].sum() / pair[1].sum() - pair[2].sum() / pair[3].sum()
    assert found.low - 1e-9 <= value <= found.high + 1e-9
    assert near(Interval(-turned.high, -turned.low), found, 1e-9)
    assert same.low <= 0 <= same.high and same.high - same.low > 1e-6


@given(shares(), shares(), st.floats(-1, 1))
def test_correlation_makes_a_difference_surer(
    one: tuple[int, int], other: tuple[int, int], correlation: float
) -> None:
    """From ends that are apart by both lengths (-1) to ends by what one is longer (1)."""
    parts = one[0] / one[1], wilson(*one), other[0] / other[1], wilson(*other)
    opposed, found, alike = (mover_difference(*parts, each) for each in (-1, correlation, 1))
    assert opposed.low - 1e-9 <= found.low <= alike.low + 1e-9
    assert alike.high - 1e-9 <= found.high <= opposed.high + 1e-9


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [
        (0, 0, 1.0),
        (0, 1, 1.0),
        (5, 0, 0.0625),
        (0, 6, 0.03125),
        (1, 7, 0.0703125),
        (4, 4, 1.0),
        (2, 14, 137 / 32_768),
    ],
)
def test_mcnemar_rows(gained: int, lost: int, p: float) -> None:
    """Twice the tail of a fair coin."""
    assert mcnemar(gained, lost) == pytest.approx(p, rel=1e-9)
    assert mcnemar(lost, gained) == mcnemar(gained, lost)


@given(st.integers(0, 3_000), st.integers(0, 3_000))
def test_mcnemar_is_statsmodels(gained: int, lost: int) -> None:
    """The exact test, whatever agreed."""
    table = [[7, gained], [lost, 9]]
    theirs = contingency_tables.mcnemar(table, exact=True).pvalue
    assert mcnemar(gained, lost) == pytest.approx(float(theirs), rel=1e-9, abs=1e-300)


def test_counts_are_not_negative() -> None:
    """Neither discordant ones nor others."""
    with pytest.raises(ValueError, match="must not be negative"):
        mcnemar(-1, 3)
    with pytest.raises(ValueError, match="must not be negative"):
        paired_difference(3, 1, -1, 3)


# --- agreement -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "value", "error"),
    [
        # The table of J. L. Fleiss, J. Cohen and B. S. Everitt, Psychol. Bull. 72 (1969), 323-327.
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.4915, 0.0510),
        ([[20, 5], [10, 15]], 0.4, 0.1270),
        ([[45, 15], [25, 15]], 0.1304, 0.0987),
    ],
)
def test_published_kappas(table: list[list[int]], value: float, error: float) -> None:
    """Kappa as published, and the error by their formula."""
    found = cohen_kappa(np.array(table))
    assert found is not None
    assert (round(found.value, 4), round(found.error, 4)) == (value, error)
    assert (found.low, found.high) == pytest.approx(
        (found.value - 1.959964 * found.error, found.value + 1.959964 * found.error), abs=1e-6
    )


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[5, 0], [0, 0]], [[0, 0, 0]] * 3, [[3]]])
def test_no_kappa(table: list[list[int]]) -> None:
    """Nothing was labelled, or both always said the same: 0/0 is unknown."""
    assert cohen_kappa(np.array(table)) is None


@pytest.mark.parametrize("table", [[1, 2], [[1, 2]], [[1, -2], [3, 4]], [[1.0, np.nan], [3, 4]]])
def test_no_table_of_counts(table: list[Any]) -> None:
    """Square, not negative, finite."""
    with pytest.raises(ValueError, match=r"must be square|0 or more"):
        cohen_kappa(np.array(table))


def test_kappa_knows_no_certainty() -> None:
    """Ten of ten agree: that of the share of agreement, not the point that large samples give."""
    found = cohen_kappa(np.diag([5, 5]))
    assert found is not None and (found.value, found.error, found.high) == (1.0, 0.0, 1.0)
    assert found.low == pytest.approx(2 * wilson(10, 10).low - 1)
    constant = cohen_kappa(np.array([[8, 0], [2, 0]]))
    assert constant is not None and constant.value == pytest.approx(0)
    assert constant.low < 0 < constant.high


@st.composite
def tables(draw: st.DrawFn) -> NDArray[np.int64]:
    """Square tables of counts."""
    size, most = draw(st.integers(2, 4)), draw(st.sampled_from([2, 9, 500]))
    cells = draw(st.lists(st.integers(0, most), min_size=size**2, max_size=size**2))
    return np.array(cells, dtype=np.int64).reshape(size, size)


@given(tables(), CONFIDENCES)
def test_kappa_is_statsmodels_and_sklearn_s(table: NDArray[np.int64], confidence: float) -> None:
    """Value and error; unknown where they divide by nothing."""
    found = cohen_kappa(table, confidence)
    if found is None:
        assert np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) <= 1
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = inter_rater.cohens_kappa(table)
        rows, columns = np.indices(table.shape)
        labels = (np.repeat(one.ravel(), table.ravel()) for one in (rows, columns))
        score = cohen_kappa_score(*labels, labels=range(len(table)))
    assert found.value == pytest.approx(float(theirs.kappa), abs=1e-9)
    assert found.value == pytest.approx(float(score), abs=1e-9)
    assert found.error == pytest.approx(np.nan_to_num(float(theirs.std_kappa)), abs=1e-6)
    assert -1 <= found.low <= found.value + 1e-9 and found.value - 1e-9 <= found.high <= 1
    turned = cohen_kappa(table.T, confidence)
    assert turned is not None and turned.value == pytest.approx(found.value, abs=1e-12)
