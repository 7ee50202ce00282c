"""Drift: the statistics against oracles, what is told of two windows, and what of a series."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from benchmarks.drifting import MONDAY, WEEKS, Floats, World, drawn, window
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from scipy import stats  # type: ignore[import-untyped]
from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]

from automod.errors import InputError
from automod.load.windows import Change, Window
from automod.model.drift import Drift, DriftCell
from automod.model.schema import schema
from automod.monitor.baseline import gamma_quantile
from automod.monitor.dispersion import ASSUMED, dispersion, memory
from automod.monitor.drift import Comparing, drift
from automod.monitor.drift_rows import Wanted
from automod.monitor.drift_series import drift_series, known_since
from automod.monitor.drift_watch import YEAR, Watch, likelihood_ratio, watch
from automod.monitor.rate_ratio import EXACT, chance, false_discoveries
from automod.monitor.season import weekday_factors

MATERIAL = Comparing(by=("material",))


# --- statistics ----------------------------------------------------------------------------------


@given(
    st.integers(0, 60), st.integers(0, 60), st.floats(0.05, 0.95), st.floats(0.5, 1e6)
)  # fmt: skip
def test_chance_is_that_of_a_beta_binomial_variable(
    after: int, before: int, share: float, weight: float
) -> None:
    """Twice the smaller tail, as SciPy has it; no outcome is rarer than the least."""
    both = max(after + before, 1)
    after = min(after, both)
    oracle = stats.betabinom(both, share * weight, (1 - share) * weight)
    p, least = chance(after, both, share, weight)
    mass = oracle.pmf(np.arange(both + 1))
    tails = mass[: after + 1].sum(), mass[after:].sum()
    assert p == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-6, abs=1e-9)
    assert least == pytest.approx(min(1, 2 * min(mass[0], mass[-1])), rel=1e-6, abs=1e-9)
    assert least <= p * (1 + 1e-9)


@pytest.mark.parametrize("share", [0.1, 0.5])
@pytest.mark.parametrize("weight", [50.0, 500.0])
@pytest.mark.parametrize("apart", [0.7, 1.0, 1.3])
def test_many_hits_are_as_likely_as_a_few_less(share: float, weight: float, apart: float) -> None:
    """Above the number up to which all outcomes are added up, the p-value goes on as it was."""
    below, above = (
        chance(round(both * min(share * apart, 0.99)), both, share, weight)[0]
        for both in (EXACT, EXACT + 2)
    )
    assert above == pytest.approx(below, rel=0.03, abs=1e-4)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_false_discoveries_are_those_of_benjamini_and_hochberg(p: list[float]) -> None:
    """As statsmodels has them."""
    oracle = multipletests(p, method="fdr_bh")[1]
    assert false_discoveries(np.array(p)) == pytest.approx(oracle, abs=1e-12)


@pytest.mark.parametrize("shape", [1.0, 5.0, 40.0])
@pytest.mark.parametrize("steps", [-1.28, 0.67, 1.96])
def test_gamma_quantiles(shape: float, steps: float) -> None:
    """Within 8 % of the exact ones, from a single hit on."""
    oracle = stats.gamma.ppf(stats.norm.cdf(steps), shape)
    assert gamma_quantile(np.array([shape]), steps)[0] == pytest.approx(oracle, rel=0.08)


@given(st.integers(0, 80), st.floats(0.1, 50), st.sampled_from([0.1, 0.5, 2.0]), st.floats(0.01, 2))
def test_a_likelihood_ratio_is_that_of_negative_binomial_counts(
    got: int, mean: float, ratio: float, alpha: float
) -> None:
    """As SciPy has it, and without dispersion that of Poisson counts."""

    def logs(mean: float) -> float:
        return float(stats.nbinom.logpmf(got, 1 / alpha, 1 / (1 + alpha * mean)))

    one = likelihood_ratio(np.array([got]), np.array([mean]), ratio, np.array([alpha]))[0]
    assert one == pytest.approx(logs(mean * ratio) - logs(mean), abs=1e-7)
    none = likelihood_ratio(np.array([got]), np.array([mean]), ratio, np.array([0.0]))[0]
    poisson = stats.poisson.logpmf(got, mean * ratio) - stats.poisson.logpmf(got, mean)
    assert none == pytest.approx(poisson, abs=1e-2)


@pytest.mark.parametrize("week", WEEKS)
def test_a_week_is_learned(week: str) -> None:
    """Its factors are found, and average to 1."""
    counts, weekday = drawn(World(week=week), 300, 56, 1)
    factors, doubt = weekday_factors(counts, np.ones(counts.shape), weekday, np.full(300, 3.0))
    shape = np.array(WEEKS[week]) / np.mean(WEEKS[week])
    assert factors.mean(axis=0) == pytest.approx(shape, rel=0.05)
    assert factors.mean(axis=1) == pytest.approx(np.ones(300))
    assert (doubt >= 0).all()


def test_a_week_of_its_own_is_learned_as_far_as_it_shows() -> None:
    """With few hits a material has the week of all, with many its own."""
    few, weekday = drawn(World(mean=1.0, week="flat", own=0.5), 200, 56, 2)
    many, _ = drawn(World(mean=500.0, alpha=0.01, week="flat", own=0.5), 200, 56, 2)
    apart = [
        weekday_factors(counts, np.ones(counts.shape), weekday, np.full(200, spread))[0].std()
        for counts, spread in ((few, 1.1), (many, 6.0))
    ]
    assert apart[0] < apart[1]
    assert apart[1] == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("mean", [2.0, 50.0])
def test_dispersion_is_learned(alpha: float, mean: float) -> None:
    """From many materials together, of few hits too."""
    counts, _ = drawn(World(mean=mean, alpha=alpha, week="flat"), 400, 56, 3)
    means = np.broadcast_to(counts.mean(axis=1)[:, None], counts.shape)
    assert dispersion(counts, means, 1.0).pooled == pytest.approx(alpha, abs=0.05 + alpha / 6)


def test_without_days_a_dispersion_is_assumed() -> None:
    """Two days of a material tell nothing of how it varies."""
    found = dispersion(np.array([[3.0, 4.0]]), np.full((1, 2), 3.5), 2.0)
    assert found.assumed
    assert found.alpha.tolist() == [ASSUMED]


def test_memory_is_seen_where_days_belong_together() -> None:
    """Waves that last for days make weeks vary more; days drawn apart do not."""
    apart, _ = drawn(World(week="flat"), 100, 84, 4)
    waves, _ = drawn(World(week="flat", wave=(0.5, 0.8)), 100, 84, 4)
    means = np.full(apart.shape, 20.0)
    assert memory(apart, means, np.full(100, 0.1)) < 1.1
    assert memory(waves, means, np.full(100, 0.4)) > 1.5


# --- two windows ---------------------------------------------------------------------------------


def two(counts: Floats, days: int, judged: Sequence[int] = ()) -> tuple[Window, Window]:
    """The same counts as two windows, of which the first has some days."""
    known = np.array(judged, dtype=np.int64) if len(judged) else None
    return (
        window(counts[:, :days], judged=None if known is None else known[:days]),
        window(
            counts[:, days:], MONDAY + timedelta(days=days),
            judged=None if known is None else known[days:],
        ),
    )  # fmt: skip


def cell(found: Drift, subject: str = "p/0000") -> DriftCell:
    """The cell of a material."""
    return next(one for one in found.cells if one.subject == subject)


def drifted(found: Drift) -> dict[str, str]:
    """What was told: material -> verdict."""
    return {one.subject: one.verdict for one in found.cells if one.verdict in ("noisy", "dead")}


@pytest.mark.parametrize(
    ("mean", "ratio", "verdict"),
    [
        (20.0, 0.5, "dead"), (20.0, 2.0, "noisy"), (20.0, 1.0, "steady"), (2.0, 0.0, "dead"),
        (0.1, 0.0, "too_little"), (200.0, 0.95, "steady"),
    ],
)  # fmt: skip
def test_what_has_changed_is_told_with_its_side(mean: float, ratio: float, verdict: str) -> None:
    """A fall, a rise, a death, and what cannot be told."""
    counts, _ = drawn(World(mean=mean), 60, 42, 5)
    changed, _ = drawn(World(mean=mean, change=28, ratio=ratio), 60, 42, 6)
    counts[0] = changed[0]
    counts[0, 0] += counts[0].sum() == 0
    found = drift(*two(counts, 28), MATERIAL)
    one = cell(found)
    assert one.verdict == verdict
    assert one.low is not None and one.ratio is not None
    assert one.low <= one.ratio
    assert one.high is None or one.ratio <= one.high
    assert drifted(found) in ({}, {"p/0000": verdict})


def test_nothing_before_is_noisy_without_a_ratio() -> None:
    """A material that hits for the first time rose from nothing: no ratio has such a bound."""
    counts, _ = drawn(World(), 30, 42, 7)
    counts[0, :28] = 0
    one = cell(drift(*two(counts, 28), MATERIAL))
    assert (one.verdict, one.ratio, one.high, one.expected) == ("noisy", None, None, 0.0)
    assert one.low is not None and one.low > 1.25


def test_creatives_judged_are_what_a_rate_is_of() -> None:
    """Half the creatives and half the hits are no drift; half the hits alone are."""
    counts, _ = drawn(World(mean=40.0, week="flat", change=28, ratio=0.5), 40, 42, 8)
    judged = [1_000] * 28 + [500] * 14
    assert drifted(drift(*two(counts, 28, judged), MATERIAL)) == {}
    assert len(drifted(drift(*two(counts, 28), MATERIAL))) > 35


def test_without_creatives_judged_nobody_knows() -> None:
    """A market in which nothing was judged did not fall: 0 of 0 is unknown."""
    counts, _ = drawn(World(), 5, 42, 9)
    counts[:, 28:] = 0
    judged = [100] * 28 + [0] * 14
    found = drift(*two(counts, 28, judged), MATERIAL)
    assert {one.verdict for one in found.cells} == {"unknown"}
    assert {one.ratio for one in found.cells} == {None}


def test_days_of_the_week_are_made_alike() -> None:
    """A window of weekdays against one of weekends is no fall."""
    counts, _ = drawn(World(mean=60.0, week="deep"), 60, 42, 10)
    assert drifted(drift(*two(counts[:, :40], 40 - 2), MATERIAL)) == {}


@pytest.mark.parametrize(
    ("world", "days", "length"),
    [
        (World(), 28, 42), (World(alpha=0.3, week="deep"), 14, 21), (World(mean=2.0), 28, 42),
        (World(own=0.2, week="friday"), 28, 42),
    ],
)  # fmt: skip
def test_chance_alone_is_told_no_more_often_than_stated(
    world: World, days: int, length: int
) -> None:
    """Where nothing changed p-values below 5 % are about as rare, and intervals hold 1."""
    found = drift(*two(drawn(world, 1_500, length, 11)[0], days), MATERIAL)
    tested = [one for one in found.cells if one.p is not None]
    assert np.mean([(one.p or 0) < 0.05 for one in tested]) < 0.07
    held = [(one.low or 0) <= 1 <= (one.high or np.inf) for one in tested]
    assert np.mean(held) > 0.93
    assert len(drifted(found)) <= 3


def test_false_discoveries_are_few_among_what_is_told() -> None:
    """With a tenth fallen by half, at most about 5 % of what is told did not fall."""
    counts, _ = drawn(World(), 500, 42, 12)
    fallen, _ = drawn(World(change=28, ratio=0.5), 50, 42, 13)
    counts[:50] = fallen
    told = drifted(drift(*two(counts, 28), MATERIAL))
    right = {one for one in told if int(one[2:]) < 50}
    assert len(right) >= 40
    assert len(told) - len(right) <= 0.1 * len(told)


def test_what_would_be_needed_is_told() -> None:
    """The fewer the hits, the longer the windows."""
    counts, _ = drawn(World(mean=0.4), 40, 42, 14)
    found = drift(*two(counts, 28), MATERIAL)
    short = [one for one in found.cells if one.verdict == "too_little"]
    assert len(short) > 30
    assert all(one.needed_days and 40 < one.needed_days < 600 for one in short)


def test_windows_that_overlap_are_refused() -> None:
    """A day that is in both says nothing of a change."""
    counts, _ = drawn(World(), 1, 14, 15)
    with pytest.raises(InputError, match="2026-09-07 is in both"):
        drift(window(counts), window(counts))


def test_what_is_asked_about_and_never_hit_is_unknown() -> None:
    """A name that no log has is told, not passed over."""
    counts, _ = drawn(World(), 2, 42, 16)
    asked = Comparing(by=("material",), wanted=Wanted(materials=["p/0000", "p/none"]))
    found = drift(*two(counts, 28), asked)
    assert [(one.subject, one.verdict) for one in found.cells][-1] == ("p/none", "unknown")
    assert len(found.cells) == 2


def test_new_versions_stand_beside_what_drifted() -> None:
    """The package changed on that day: the likely cause."""
    counts, _ = drawn(World(change=28, ratio=0.1), 20, 42, 17)
    before, after = two(counts, 28)
    came = Change(after.first, "p", "2026.11.2")
    after = window(counts[:, 28:], after.first, changes=(came,))
    found = drift(before, after, MATERIAL)
    one = cell(found)
    assert [(change.package, change.value) for change in one.changes] == [("p", "2026.11.2")]
    Draft202012Validator(schema("drift")).validate(json.loads(json.dumps(found.to_dict())))


def test_what_was_changed_on_purpose_is_left_out() -> None:
    """It has its numbers and the reason, and is tested with no other."""
    counts, _ = drawn(World(change=28, ratio=0.1), 20, 42, 18)
    found = drift(
        *two(counts, 28), MATERIAL, lambda name, _: "override INC-1" if name == "p/0003" else None
    )
    one = cell(found, "p/0003")
    assert (one.verdict, one.reason, one.adjusted) == ("left_out", "override INC-1", None)
    assert found.tested == 19


def test_a_market_that_falls_alone_is_told_where_the_sum_hides_it() -> None:
    """One of five markets is dead; the sum fell by a fifth, which may be chance."""
    counts, _ = drawn(World(mean=4.0, change=28, ratio=1.0), 5 * 20, 42, 19)
    counts[0, 28:] = 0
    days = np.arange(42)
    rows = [
        (day, market, material, int(counts[material * 5 + market - 1, day]))
        for day in days for market in range(1, 6) for material in range(20)
    ]  # fmt: skip
    whole = counts.reshape(20, 5, 42).sum(axis=1)
    rows += [
        (day, 0, material, int(whole[material, day])) for day in days for material in range(20)
    ]
    columns = np.array([row for row in rows if row[3]], dtype=np.int64).T

    def part(first: int, last: int) -> Window:
        kept = columns[:, (columns[0] >= first) & (columns[0] < last)]
        return Window(
            "w", MONDAY + timedelta(days=first), last - first, kept[0] - first, kept[1], kept[2],
            kept[3], ("*", "SA", "AE", "EG", "KW", "MA"), tuple(f"p/{n}" for n in range(20)), {},
            (), 1,
        )  # fmt: skip

    found = drift(part(0, 28), part(28, 42), Comparing(by=("material", "material-market")))
    told = {(one.subject, one.market) for one in found.cells if one.verdict == "dead"}
    assert told == {("p/0", "SA")}


# --- a series ------------------------------------------------------------------------------------


def test_a_fall_by_half_is_known_within_two_weeks() -> None:
    """At 20 hits a day, with a week and over-dispersion, from four weeks of learning."""
    counts, weekday = drawn(World(change=49, ratio=0.5), 300, 77, 20)
    found = watch(counts, np.ones(counts.shape), weekday)
    first = {one.row: one for one in reversed(found.alarms)}
    early = {row for row, one in first.items() if one.day < 49}
    within = [row for row, one in first.items() if 49 <= one.day < 63 and one.direction == "fell"]
    assert len(within) >= 0.93 * (300 - len(early))
    late = [abs(first[row].since - 49) for row in within]
    assert np.median(late) <= 3


@pytest.mark.parametrize(
    "world", [World(), World(mean=2.0, alpha=0.3), World(week="deep", own=0.15), World(alpha=0.0)]
)
def test_false_alarms_are_no_more_than_one_in_a_year(world: World) -> None:
    """Of each row, both sides together, with baselines that are learned."""
    counts, weekday = drawn(world, 150, 28 + 364, 21)
    found = watch(counts, np.ones(counts.shape), weekday)
    assert len(found.alarms) / (found.days.sum() / YEAR) <= 1.0


def test_fewer_false_alarms_are_had_by_asking() -> None:
    """A tenth of the rate makes a tenth of the alarms, about."""
    counts, weekday = drawn(World(), 120, 28 + 364, 22)
    often, seldom = (
        len(watch(counts, np.ones(counts.shape), weekday, Watch(per_year=rate)).alarms)
        for rate in (1.0, 0.1)
    )
    assert seldom < often / 4


def test_days_that_are_not_known_raise_no_alarm() -> None:
    """Two weeks without a creative judged are no death."""
    counts, weekday = drawn(World(), 50, 100, 23)
    exposure = np.full(counts.shape, 1_000.0)
    counts[:, 60:74], exposure[:, 60:74] = 0, 0
    quiet = watch(counts, exposure, weekday, Watch(per_year=0.1))
    assert len(quiet.alarms) <= 1
    assert quiet.days.max() == 100 - 28 - 14


def test_after_an_alarm_a_row_is_learned_anew() -> None:
    """One change is one alarm, not one a day; a second change is a second."""
    counts = np.full((1, 200), 30.0)
    counts[0, 60:120] = 10
    counts[0, 120:] = 30
    found = watch(counts, np.ones((1, 200)), np.arange(200) % 7)
    told = [(one.direction, one.since) for one in found.alarms]
    assert told == [("fell", 60), ("rose", 120)]


def test_a_series_tells_its_alarms_by_date_and_cause() -> None:
    """With the ratio, its interval, and the version that came."""
    counts, _ = drawn(World(), 30, 70, 24)
    counts[3, 50:] = 0
    came = Change(MONDAY + timedelta(days=50), "p", "2")
    found = drift_series(window(counts, changes=(came,)), ("material",))
    one = next(alarm for alarm in found.alarms if alarm.subject == "p/0003")
    assert (one.verdict, one.since, one.hits) == ("dead", "2026-10-27", 0)
    assert one.known_on <= "2026-10-31"
    assert one.ratio == 0.0 and one.high is not None and one.high < 1
    assert [change.value for change in one.changes] == ["2"]
    Draft202012Validator(schema("drift_watch")).validate(json.loads(json.dumps(found.to_dict())))
    later = known_since(found, date(2026, 11, 10))
    assert all(alarm.known_on >= "2026-11-10" for alarm in later.alarms)


def test_what_cannot_be_watched_is_listed() -> None:
    """Hits that are too seldom, and names without any: with the silence that would tell."""
    counts, _ = drawn(World(), 10, 70, 25)
    counts[0] = 0
    counts[0, ::23] = 1
    found = drift_series(window(counts), ("material",), Wanted(materials=["p/0000", "p/none"]))
    told = {one.subject: one for one in found.too_little}
    assert set(told) == {"p/0000", "p/none"}
    assert told["p/0000"].slow_days is None or told["p/0000"].slow_days > 60
    assert told["p/none"].watched_days == 0
