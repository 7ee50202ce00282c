"""The draw: sizes that keep what they promise, and a choice by chance that can be made again."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, sqrt
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]

from automod.evaluate.intervals import normal_quantile, wilson
from automod.evaluate.sample_size import (
    LEAST,
    LEAST_APPROVED,
    Frame,
    Plan,
    Wish,
    half_width,
    make_plan,
    needed,
    spread,
)
from automod.evaluate.sampling import STRATA, Stratum, select, strata
from automod.model.coded import NONE
from automod.model.decision import Decision, MarketOutcome, Reason, Verdict
from automod.model.decision_table import decision_table
from automod.model.vocabulary import ACTION_RANK, Action

WIDTHS = st.floats(0.005, 0.4)
SHARES = st.floats(0.01, 0.99)
POPULATIONS = st.lists(st.integers(0, 5_000), min_size=len(STRATA), max_size=len(STRATA))


# --- how many ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "population", "guess", "expected"),
    [
        # Cochran's n0 = z^2 pq / d^2, and n0 / (1 + (n0 - 1) / N).
        (0.05, None, 0.5, 385),
        (0.03, None, 0.5, 1068),
        (0.01, None, 0.5, 9604),
        (0.03, 1_700, 0.5, 656),
        (0.03, 1_000_000, 0.5, 1066),
        (0.03, 10, 0.5, 10),
        (0.03, 1, 0.5, 1),
        (0.03, 0, 0.5, 0),
        # Wilson's interval is wider than the normal one near the ends: 203 would not do.
        (0.03, None, 0.95, 215),
        (0.03, None, 0.05, 215),
    ],
)
def test_sizes_of_the_textbook(
    width: float, population: int | None, guess: float, expected: int
) -> None:
    """As many as Cochran says, or as Wilson's interval needs."""
    assert needed(width, population, guess) == expected


@given(WIDTHS, SHARES)
def test_as_many_as_are_needed_give_the_width(width: float, guess: float) -> None:
    """The interval that an evaluation tells is no wider than was asked for, if the guess holds."""
    size = needed(width, None, guess)
    interval = wilson(guess * size, size)
    assert (interval.high - interval.low) / 2 <= width + 1e-9


@given(WIDTHS, st.integers(1, 100_000))
def test_one_fewer_would_not_do(width: float, population: int) -> None:
    """At the worst case the size is the smallest that gives the width."""
    size = needed(width, population)
    assert half_width(size, population) <= width + 1e-9
    assert size == 1 or half_width(size - 1, population) > width - 1e-9


@given(WIDTHS, WIDTHS, st.integers(1, 100_000), SHARES)
def test_a_narrower_interval_needs_no_fewer(
    one: float, other: float, population: int, guess: float
) -> None:
    """And never more than there are."""
    narrow, wide = sorted((one, other))
    assert population >= needed(narrow, population, guess) >= needed(wide, population, guess)


@pytest.mark.parametrize(
    ("width", "guess"), [(0.0, 0.5), (1.0, 0.5), (-0.1, 0.5), (0.03, 0.0), (0.03, 1.0)]
)
def test_what_is_no_width_is_refused(width: float, guess: float) -> None:
    """Half an interval, and a share, lie between 0 and 1."""
    with pytest.raises(ValueError, match="must be between 0 and 1"):
        needed(width, None, guess)


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=6), st.integers(0, 1_000), st.integers(0, 40)
)
def test_rows_are_spread_over_strata(populations: list[int], size: int, least: int) -> None:
    """All rows, as long as there are creatives; and one row more takes none away."""
    sizes = spread(size, populations, populations, least)
    assert sizes.sum() == min(size, sum(populations))
    assert (sizes <= populations).all()
    assert (spread(size + 1, populations, populations, least) >= sizes).all()
    if size >= least * len(populations):
        assert (sizes >= np.minimum(populations, least)).all()


@given(st.lists(st.integers(1, 300), min_size=1, max_size=6), st.floats(0, 1))
def test_strata_get_their_shares(populations: list[int], part: float) -> None:
    """Within one row of what is due, or so: nobody is drawn from in preference."""
    size = int(part * sum(populations))
    due = np.array(populations) * size / sum(populations)
    assert (abs(spread(size, populations, populations) - due) <= len(populations) / 2 + 1).all()


def sizes_of(plan: Plan) -> dict[int, int]:
    """Rows by stratum."""
    return {part.place: part.drawn for part in plan.parts}


@given(POPULATIONS, WIDTHS, WIDTHS, st.none() | WIDTHS)
def test_a_narrower_plan_has_all_of_the_wider(
    populations: list[int], one: float, other: float, recall: float | None
) -> None:
    """Stratum by stratum: so a draw can be made larger, and no label is for nothing."""
    narrow, wide = sorted((one, other))
    more = sizes_of(make_plan(populations, Wish(narrow, recall)))
    fewer = sizes_of(make_plan(populations, Wish(wide)))
    assert all(more[place] >= fewer[place] for place in fewer)


@given(POPULATIONS, st.integers(8, 2_000), st.integers(0, 500))
def test_a_larger_plan_has_all_of_the_smaller(
    populations: list[int], size: int, extra: int
) -> None:
    """The same by size."""
    fewer = sizes_of(make_plan(populations, Wish(size=size)))
    more = sizes_of(make_plan(populations, Wish(size=size + extra)))
    assert all(more[place] >= fewer[place] for place in fewer)
    assert sum(fewer.values()) == min(size, sum(populations))


@given(POPULATIONS, st.one_of(WIDTHS.map(Wish), st.integers(8, 500).map(lambda n: Wish(size=n))))
def test_every_creative_may_be_drawn(populations: list[int], wish: Wish) -> None:
    """No stratum with creatives is without rows: of what cannot be drawn nothing can be told."""
    plan = make_plan(populations, wish)
    assert [part.population for part in plan.parts] == [n for n in populations if n]
    assert all(1 <= part.drawn <= part.population for part in plan.parts)
    assert all(part.probability == part.drawn / part.population for part in plan.parts)


@given(POPULATIONS, WIDTHS)
def test_what_every_draw_has(populations: list[int], width: float) -> None:
    """One in 100 of each stratum, and 30 (of the approved 100), or all."""
    sizes = sizes_of(make_plan(populations, Wish(width)))
    for place, drawn in sizes.items():
        least = LEAST_APPROVED if STRATA[place] == Stratum("approve", complete=True) else LEAST
        assert drawn >= min(populations[place], max(least, ceil(populations[place] / 100)))


def test_fewer_rows_than_strata_are_refused() -> None:
    """Two rows cannot stand for three strata."""
    with pytest.raises(ValueError, match="2 rows are fewer than the 3 strata"):
        make_plan([10, 10, 0, 10, 0, 0, 0, 0], Wish(size=2))


def test_nothing_flagged_and_nothing_approved() -> None:
    """Without flagged there is neither precision nor recall; without approved, no recall."""
    clean = make_plan([0, 0, 0, 5_000, 0, 0, 0, 0], Wish())
    assert clean.precision is None
    assert clean.recall is not None
    assert (clean.recall.width, clean.recall.least) == (None, None)
    assert clean.recall.missed == pytest.approx(1 - 0.025 ** (1 / 100))
    assert make_plan([50, 0, 0, 0, 0, 0, 0, 0], Wish()).recall is None
    assert make_plan([0] * 8, Wish()).parts == ()


def test_all_of_the_approved_leave_nothing_to_be_missed() -> None:
    """Where all are looked at, what is not found is not there."""
    plan = make_plan([100, 0, 0, 80, 0, 0, 0, 0], Wish())
    assert plan.recall is not None
    assert (plan.recall.drawn, plan.recall.missed, plan.recall.least) == (80, 0.0, 1.0)


@given(
    st.integers(1, 5_000), st.integers(1, 5_000), st.integers(1, 20_000), st.floats(0.05, 0.95),
    WIDTHS,
)  # fmt: skip
def test_as_many_approved_as_recall_needs(
    flagged: int, drawn: int, approved: int, guess: float, width: float
) -> None:
    """So many give the width, one fewer does not; or not even all of them do."""
    frame = Frame(flagged, min(drawn, flagged), approved, guess)
    size = frame.needed(width)

    def found(rows: int) -> float:
        return frame.recall_width(rows) or 0.0

    if size is None:
        assert found(approved) > width
        return
    assert 1 <= size <= approved
    assert found(size) <= width
    assert size == 1 or found(size - 1) > width


@pytest.mark.parametrize(("recall", "drawn"), [(0.75, 2_000), (0.5, 1_000), (0.9, 4_000)])
def test_recall_is_known_as_well_as_is_promised(recall: float, drawn: int) -> None:
    """Over many draws no recall is estimated worse than the plan's worst case says."""
    flagged, right, approved = 1_000, 500, 20_000
    missed = round(right * (1 - recall) / recall)
    rng = np.random.default_rng(5)
    found = rng.hypergeometric(right, flagged - right, 600, 4_000) * flagged / 600
    lost = rng.hypergeometric(missed, approved - missed, drawn, 4_000) * approved / drawn
    error = normal_quantile(0.95) * (found / (found + lost)).std()
    promised = Frame(flagged, 600, approved).recall_width(drawn)
    assert promised is not None
    assert error <= promised * 1.05
    if recall == 0.75:
        assert error >= promised * 0.9


# --- which ones ----------------------------------------------------------------------------------

NAMES = [f"c{number}" for number in range(300)]


@given(
    st.lists(st.integers(-1, 2), min_size=1, max_size=200), st.integers(0, 2**31),
    st.tuples(*[st.integers(0, 60)] * 3), st.tuples(*[st.integers(0, 30)] * 3), st.randoms(),
)  # fmt: skip
def test_a_larger_draw_has_all_of_the_smaller(
    stratum: list[int], seed: int, sizes: tuple[int, ...], extra: tuple[int, ...], random: Random
) -> None:
    """The same seed draws the same, in any order of the input, and more where more is asked for."""
    places = np.array(stratum)
    names = NAMES[: len(places)]
    few = [names[row] for row in select(names, places, sizes, seed)]
    larger = [size + more for size, more in zip(sizes, extra, strict=True)]
    assert set(few) <= {names[row] for row in select(names, places, larger, seed)}
    order = list(range(len(names)))
    random.shuffle(order)
    mixed = [names[k] for k in order]
    assert [mixed[row] for row in select(mixed, places[order], sizes, seed)] == few


@given(st.lists(st.integers(-1, 3), min_size=1, max_size=200), st.integers(-5, 5))
def test_as_many_as_asked_for_and_only_from_the_strata(stratum: list[int], seed: int) -> None:
    """Each creative once; all of a stratum where it has no more."""
    places = np.array(stratum)
    rows = select(NAMES[: len(places)], places, [5, 0, 300], seed)
    assert len(set(rows.tolist())) == len(rows)
    for number, size in enumerate([5, 0, 300]):
        assert (places[rows] == number).sum() == min(size, (places == number).sum())
    assert not (np.isin(places[rows], [NONE, 3])).any()


def test_every_beginning_of_the_sheet_is_a_draw() -> None:
    """Whoever stops early has the first of each stratum, in nearly the shares of the whole."""
    places = np.array([0] * 1_000 + [1] * 9_000)
    names = [f"c{number}" for number in range(10_000)]
    rows = select(names, places, [400, 400], seed=3)
    for end in (100, 200, 400, 700):
        beginning = rows[:end]
        counts = np.bincount(places[beginning], minlength=2)
        again = select(names, places, counts.tolist(), seed=3)
        assert set(again.tolist()) == set(beginning.tolist())
        assert abs(counts[0] - end / 2) < 4 * sqrt(end) / 2


def test_every_creative_is_drawn_as_often_as_any_other() -> None:
    """Over many seeds the counts are those of a fair draw: neither more nor less even."""
    seeds, size = 3_000, 25
    counts = np.zeros(len(NAMES))
    for seed in range(seeds):
        counts[select(NAMES, np.zeros(len(NAMES), int), [size], seed)] += 1
    expected = seeds * size / len(NAMES)
    # A draw without replacement is more even than a multinomial, by (1 - n / N) N / (N - 1).
    even = (1 - size / len(NAMES)) * len(NAMES) / (len(NAMES) - 1)
    statistic = ((counts - expected) ** 2).sum() / (expected * even)
    assert 0.001 < stats.chi2.sf(statistic, len(NAMES) - 1) < 0.999


def test_pairs_are_drawn_as_often_as_any_other() -> None:
    """Ids that look alike are not drawn together more often than others."""
    seeds, size = 4_000, 60
    together = 0
    for seed in range(seeds):
        drawn = np.zeros(len(NAMES), dtype=bool)
        drawn[select(NAMES, np.zeros(len(NAMES), int), [size], seed)] = True
        together += int((drawn[:-1] & drawn[1:]).sum())
    chance = size * (size - 1) / (len(NAMES) * (len(NAMES) - 1))
    expected = seeds * (len(NAMES) - 1) * chance
    assert abs(together - expected) < 4 * sqrt(expected)


def test_seeds_draw_apart() -> None:
    """Two seeds share no more creatives than chance makes them."""
    zeros = np.zeros(len(NAMES), int)
    drawn = [set(select(NAMES, zeros, [60], seed).tolist()) for seed in range(40)]
    shared = [len(one & other) for one, other in pairwise(drawn)]
    assert 9 < np.mean(shared) < 15


def test_an_id_may_be_any_text() -> None:
    """Half a character, an empty text, a very long one."""
    names = ["\ud800", "", "إعلان", "x" * 10_000]
    assert len(select(names, np.zeros(4, int), [4], seed=1)) == 4


# --- strata --------------------------------------------------------------------------------------


def decided(
    name: str | None, markets: dict[str, tuple[Action, bool]], *verdicts: tuple[str, str, Action]
) -> Decision:
    """A decision with these actions by market, and verdicts (market, policy, action)."""
    made = tuple(
        Verdict(market, policy, "high", ("prohibited",), policy, "law", "", 0.9, 0.5, action, (),
                Reason("prohibited", ()))
        for market, policy, action in verdicts
    )  # fmt: skip
    outcomes = {key: MarketOutcome(action, complete) for key, (action, complete) in markets.items()}
    strictest: Any = max((one.action for one in outcomes.values()), default="review",
                         key=lambda action: ACTION_RANK[action])  # fmt: skip
    return Decision(name, 0, "2026-11-20", "sha256:0", strictest, outcomes, made)


GMB, WGT = "GMB.REAL", "WGT.PROD"


@pytest.mark.parametrize(
    ("decision", "markets", "expected"),
    [
        (decided("c", {"SA": ("approve", True)}), None, ("approve", True)),
        (decided("c", {"SA": ("reject", True)}, ("SA", GMB, "reject")), None, ("reject", True)),
        # Rejected for another code: for this one it was approved.
        (decided("c", {"SA": ("reject", True)}, ("SA", WGT, "reject")), None, ("approve", True)),
        # A verdict of a market where the code is allowed.
        (decided("c", {"MT": ("approve", True)}, ("MT", GMB, "approve")), None, ("approve", True)),
        # By the markets that are asked for; of several, the strictest.
        (
            decided("c", {"SA": ("reject", True), "AE": ("review", True)},
                    ("SA", GMB, "reject"), ("AE", GMB, "review")),
            {"AE"}, ("review", True),
        ),
        (
            decided("c", {"SA": ("reject", True), "AE": ("review", True)},
                    ("SA", GMB, "reject"), ("AE", GMB, "review")),
            {"AE", "SA"}, ("reject", True),
        ),
        # What could not be seen asked for a review.
        (decided("c", {"SA": ("review", False)}), None, ("review", False)),
        (decided("c", {"SA": ("reject", False)}, ("SA", WGT, "reject")), None, ("review", False)),
        (decided("c", {"SA": ("restrict", False)}), None, ("restrict", False)),
        (decided("c", {"SA": ("reject", False)}, ("SA", GMB, "reject")), None, ("reject", False)),
        # Not seen elsewhere is not asked.
        (
            decided("c", {"SA": ("review", False), "AE": ("approve", True)}), {"AE"},
            ("approve", True),
        ),
        (decided("c", {"SA": ("approve", True)}), {"AE"}, None),
        (decided("c", {}), None, None),
        (decided(None, {"SA": ("review", False)}), None, None),
    ],
)  # fmt: skip
def test_the_stratum_of_a_decision(
    decision: Decision, markets: set[str] | None, expected: tuple[Action, bool] | None
) -> None:
    """What was done for the code in the markets, and whether all was seen."""
    place = strata(decision_table([decision]), {GMB}, markets)[0]
    assert (None if place == NONE else (STRATA[place].action, STRATA[place].complete)) == expected


def test_several_codes_go_by_the_strictest() -> None:
    """An ad is in the sheet once, for all codes that are asked about."""
    decision = decided("c", {"SA": ("reject", True)}, ("SA", GMB, "review"), ("SA", WGT, "reject"))
    place = strata(decision_table([decision]), {GMB, WGT})[0]
    assert STRATA[place] == Stratum("reject", complete=True)


def test_no_decisions_have_no_strata() -> None:
    """An empty table."""
    assert strata(decision_table([]), {GMB}).tolist() == []


@given(st.integers(1, 200), st.integers(1, 200))
def test_widths_shrink(one: int, other: int) -> None:
    """More rows never make an interval wider."""
    assume(one != other)
    few, many = sorted((one, other))
    assert half_width(many, 200) <= half_width(few, 200)
