"""Two evaluations: what the second catches and wrongly stops that the first did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..model.case_table import CaseTable
from ..model.coded import NONE, Coded, Flags, Ints
from ..model.comparison import Change, Comparison, Difference, Flip, FlipKind
from ..model.decision_table import DecisionTable
from ..model.evaluation import POINTS, Evaluation, Measures, Outcomes, Point, Ratio, Slice, Warned
from ..model.ruleset import PolicyTable
from ..model.vocabulary import ACTIONS
from .examples import evidence, texts_of
from .intervals import Interval
from .measures import measure_slices
from .paired import clustered_difference, mcnemar, mover_difference
from .ratios import Settings
from .slicing import Cut, Merged, at_point, cut, merge
from .trials import Trials, units_of

SCHEMA: Final = 1
CUTS: Final[tuple[tuple[str, ...], ...]] = (
    (), ("policy",), ("market",), ("language",), ("policy", "market"),
)  # fmt: skip
"""The cuts that are always compared."""
MOST_FLIPS: Final = 500
SHARED: Final = 0.5
"""From this share of the smaller evaluation on that both counted, they are compared in pairs."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the text and the hits of what is decided otherwise are found; None: not kept."""

    cases: CaseTable | None = None
    before: DecisionTable | None = None
    after: DecisionTable | None = None


NO_EVIDENCE: Final = Evidence()


def compare(
    before: Evaluation,
    after: Evaluation,
    policies: PolicyTable | None = None,
    *,
    cuts: Sequence[Sequence[str]] = (),
    seen: Evidence = NO_EVIDENCE,
    most_flips: int = MOST_FLIPS,
    paired: bool | None = None,
) -> Comparison:
    """Compare two evaluations: in pairs where they counted the same cases, else by their ratios.

    Args:
        before: what was.
        after: what is to be; of what both counted its labels and its table say what is right.
        policies: whose market groups are compared.
        cuts: axes to compare along, besides those of `CUTS`: of what decisions are cut by.
        seen: where evidence is found.
        most_flips: creatives decided otherwise that are told one by one.
        paired: whether to compare in pairs; left out, it is told by how many trials they share.

    Raises:
        ValueError: pairs are asked for, and there is none.
    """
    old, new = trials_of(before.outcomes), trials_of(after.outcomes)
    mine, theirs = _shared(before.outcomes, after.outcomes, old, new)
    if paired is None:
        paired = len(mine) > 0 and len(mine) >= SHARED * min(len(old), len(new))
    if not paired:
        return _unpaired(before, after)
    if not len(mine):
        raise ValueError(
            "the two have no creative x market x code in common, or one counted too many to keep"
        )
    both = new.take(mine)
    pair = _Pair(replace(both, action=old.action[theirs]), both, settings_of(after))
    flips = _Flips(pair, after.outcomes, seen).told(most_flips)
    return Comparison(
        SCHEMA, before.about, after.about, paired=True, trials=len(both),
        only_before=len(old) - len(both), only_after=len(new) - len(both),
        changes=tuple(
            one for axes in _once(cuts) for one in pair.changes(cut(both, axes, policies))
        ),
        flips=tuple(flips), warnings=_warned(before, after),
    )  # fmt: skip


def _once(cuts: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The cuts that are always compared and those asked for, each once in whatever order."""
    seen: dict[frozenset[str], Sequence[str]] = {}
    for axes in (*CUTS, *cuts):
        seen.setdefault(frozenset(axes), axes)
    yield from seen.values()


def trials_of(outcomes: Outcomes) -> Trials:
    """What was counted, as trials again; verdicts, stances, days and volumes were not kept."""
    rows = len(outcomes.creative)
    nothing = np.full(rows, NONE, dtype=np.int64)
    return Trials(
        case=np.array(outcomes.creative, dtype=np.int64), decision=nothing,
        market=_coded(outcomes.markets, outcomes.market),
        policy=_coded(outcomes.policies, outcomes.policy),
        present=np.array(outcomes.present, dtype=bool),
        wanted=np.array(outcomes.wanted, dtype=np.int8),
        action=np.array(outcomes.action, dtype=np.int8),
        score=np.array(outcomes.score, dtype=np.float64),
        complete=np.array(outcomes.complete, dtype=bool), verdict=nothing,
        stance=Coded((), nothing.astype(np.int32)), stale=_flags(outcomes.stale, rows),
        on=np.zeros(rows, dtype=np.int32), weight=np.array(outcomes.weight, dtype=np.float64),
        volume=np.full(rows, np.nan), cluster=np.array(outcomes.group, dtype=np.int64),
        language=_coded(outcomes.languages, outcomes.language),
        unit=units_of(
            np.array(outcomes.creative, dtype=np.int64), np.array(outcomes.policy, dtype=np.int32)
        ),
    )  # fmt: skip


def _flags(kept: tuple[bool, ...], rows: int) -> Flags:
    """A column that older results do not have: of those nobody knows."""
    return np.array(kept, dtype=bool) if kept else np.zeros(rows, dtype=bool)


def _coded(values: tuple[str, ...], codes: Sequence[int]) -> Coded[str]:
    return Coded(values, np.array(codes, dtype=np.int32))


def settings_of(run: Evaluation) -> Settings:
    """How the intervals of an evaluation were made."""
    about = run.about
    return Settings(about.confidence, about.exact, about.support, about.clusters)


def _shared(before: Outcomes, after: Outcomes, old: Trials, new: Trials) -> tuple[Ints, Ints]:
    """Rows of `after` that `before` has too, in their order, and which of `before` they are."""
    place = {name: number for number, name in enumerate(before.creatives)}
    creative = np.array([place.get(name, NONE) for name in after.creatives] + [NONE])[new.case]
    market, policy = new.market.among(before.markets), new.policy.among(before.policies)
    there = np.flatnonzero((creative != NONE) & (market != NONE) & (policy != NONE))
    widths = len(before.markets) + 1, len(before.policies) + 1

    def key(case: Ints, where: Any, code: Any) -> Ints:
        return np.asarray((case * widths[0] + where) * widths[1] + code)

    known = key(old.case, old.market.codes, old.policy.codes)
    order = np.argsort(known, kind="stable")
    wanted = key(creative[there], market[there], policy[there])
    if not len(order):
        return order, order
    row = order[np.minimum(np.searchsorted(known, wanted, sorter=order), len(order) - 1)]
    same = known[row] == wanted
    return there[same], row[same]


class _Pair:
    """The trials both counted, as they were decided before and after."""

    def __init__(self, old: Trials, new: Trials, settings: Settings) -> None:
        self.old, self.new, self._settings = old, new, settings

    def changes(self, made: Cut) -> Iterator[Change]:
        """What changed in each slice, at each point."""
        merged = merge(self.new, made)
        for point in POINTS:
            yield from self._at(merged, point)

    def _at(self, merged: Merged, point: Point) -> Iterator[Change]:
        actual, was = merged.caught(*at_point(self.old, point))
        _, done = merged.caught(*at_point(self.new, point))
        units = merged.units(self.new, actual)
        worth = [measure_slices(units, caught, self._settings) for caught in (was, done)]
        bounds = np.searchsorted(merged.slice, np.arange(len(merged.names) + 1))
        for k, name in enumerate(merged.names):
            rows = slice(bounds[k], bounds[k + 1])
            found = _Rows(
                actual[rows], was[rows], done[rows], units.weight[rows], units.cell[rows],
                self._settings,
            )  # fmt: skip
            yield _change(Slice(name, point, worth[0][k], 0), worth[1][k], found)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The units of one slice."""

    actual: Flags
    was: Flags
    done: Flags
    weight: NDArray[np.float64]
    cell: Ints
    settings: Settings

    def flipped(self, *, actual: bool) -> tuple[int, int]:
        """How many are caught that were not, and the other way round."""
        of = self.actual == actual
        return int((of & self.done & ~self.was).sum()), int((of & self.was & ~self.done).sum())

    def groups(self, *, actual: bool) -> tuple[int, int]:
        """How many groups of near-duplicates have more that is newly caught, and how many less."""
        of, cell = self.actual == actual, self.cell - self.cell[0]
        net = np.bincount(cell, of & self.done) - np.bincount(cell, of & self.was)
        return int((net > 0).sum()), int((net < 0).sum())

    def p(self, *, actual: bool) -> float | None:
        """McNemar's exact test; a group of near-duplicates counts once, by what most of it did."""
        of = self.actual == actual
        return mcnemar(*self.groups(actual=actual)) if of.any() else None

    def difference(self, before: _Share, after: _Share) -> Difference:
        """After minus before, with the groups that both share."""
        old, new = before.ratio, after.ratio
        if old.value is None or new.value is None:
            return Difference(None, None, None, enough=False)
        sums = (self._total(rows) for rows in (after.top, after.of, before.top, before.of))
        found = clustered_difference(*sums, confidence=self.settings.confidence)
        low, high = (None, None) if found is None else (found.low, found.high)
        enough = old.enough and new.enough and found is not None
        return Difference(new.value - old.value, low, high, enough)

    def _total(self, rows: Flags) -> NDArray[np.float64]:
        """The weight of some units of each group."""
        return np.bincount(self.cell - self.cell[0], self.weight * rows).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Share:
    """A ratio, and the units that it counts: some of others."""

    ratio: Ratio
    top: Flags
    of: Flags


def _change(was: Slice, done: Measures, rows: _Rows) -> Change:
    before, there = was.measures, rows.actual
    gained, lost = rows.flipped(actual=True)
    alarms, gone = rows.flipped(actual=False)
    return Change(
        was.by, was.point, gained, lost, alarms, gone,
        before.recall, done.recall,
        rows.difference(_Share(before.recall, there & rows.was, there),
                        _Share(done.recall, there & rows.done, there)),
        rows.p(actual=True),
        before.precision, done.precision,
        rows.difference(_Share(before.precision, there & rows.was, rows.was),
                        _Share(done.precision, there & rows.done, rows.done)),
        before.false_alarm_rate, done.false_alarm_rate,
        rows.difference(_Share(before.false_alarm_rate, ~there & rows.was, ~there),
                        _Share(done.false_alarm_rate, ~there & rows.done, ~there)),
        rows.p(actual=False), rows.groups(actual=True), rows.groups(actual=False),
    )  # fmt: skip


class _Flips:
    """What is decided otherwise at the point `flagged`, one by one."""

    def __init__(self, pair: _Pair, outcomes: Outcomes, seen: Evidence) -> None:
        self._pair, self._outcomes, self._seen = pair, outcomes, seen
        self._cases = _places(None if seen.cases is None else seen.cases.ids)
        self._before = _places(None if seen.before is None else seen.before.creatives)
        self._after = _places(None if seen.after is None else seen.after.creatives)

    def told(self, most: int) -> list[Flip]:
        """At most so many: losses and new alarms first, which a change has to answer for."""
        actual, was = at_point(self._pair.old, "flagged")
        _, done = at_point(self._pair.new, "flagged")
        kinds: list[tuple[FlipKind, Flags]] = [
            ("lost", actual & was & ~done), ("new_alarm", ~actual & done & ~was),
            ("gained", actual & done & ~was), ("gone_alarm", ~actual & was & ~done),
        ]  # fmt: skip
        flipped = ((kind, row) for kind, rows in kinds for row in np.flatnonzero(rows).tolist())
        return [self._flip(kind, row) for kind, row in islice(flipped, most)]

    def _flip(self, kind: FlipKind, row: int) -> Flip:
        new, seen = self._pair.new, self._seen
        name = self._outcomes.creatives[int(new.case[row])]
        market, policy = new.market[row] or "", new.policy[row] or ""
        case = self._cases.get(name)
        text = {} if case is None or seen.cases is None else texts_of(seen.cases.creatives[case])
        return Flip(
            kind, name, market, policy, ACTIONS[int(new.wanted[row])],
            ACTIONS[int(self._pair.old.action[row])], ACTIONS[int(new.action[row])], text,
            _hits(seen.before, self._before.get(name), market, policy),
            _hits(seen.after, self._after.get(name), market, policy),
        )  # fmt: skip


def _places(names: Sequence[str | None] | None) -> dict[str, int]:
    return {name: place for place, name in enumerate(names or ()) if name is not None}


def _hits(
    decisions: DecisionTable | None, row: int | None, market: str, policy: str
) -> tuple[dict[str, Any], ...]:
    if decisions is None or row is None:
        return ()
    return evidence(decisions.sources[row], market, policy)


def _unpaired(before: Evaluation, after: Evaluation) -> Comparison:
    """The slices that both have, by their ratios alone."""
    known = {(frozenset(one.by), one.point): one for one in before.slices}
    pairs = [(known.get((frozenset(one.by), one.point)), one) for one in after.slices]
    return Comparison(
        SCHEMA, before.about, after.about, paired=False,
        trials=before.account.trials + after.account.trials,
        only_before=before.account.trials, only_after=after.account.trials,
        changes=tuple(_apart(one, other) for one, other in pairs if one is not None), flips=(),
        warnings=_warned(before, after),
    )  # fmt: skip


def _warned(before: Evaluation, after: Evaluation) -> tuple[Warned, ...]:
    """What is warned of either; of both as it is of the second."""
    return tuple({one.code: one for one in (*before.warnings, *after.warnings)}.values())


def _apart(before: Slice, after: Slice) -> Change:
    old, new = before.measures, after.measures
    return Change(
        after.by, after.point, 0, 0, 0, 0,
        old.recall, new.recall, apart(old.recall, new.recall), None,
        old.precision, new.precision, apart(old.precision, new.precision),
        old.false_alarm_rate, new.false_alarm_rate,
        apart(old.false_alarm_rate, new.false_alarm_rate), None,
    )  # fmt: skip


def apart(before: Ratio, after: Ratio) -> Difference:
    """After minus before of two ratios of different cases, from the intervals of both.

    >>> from automod.model.evaluation import NOTHING
    >>> apart(NOTHING, NOTHING).value is None
    True
    """
    if before.value is None or after.value is None:
        return Difference(None, None, None, enough=False)
    value = after.value - before.value
    if None in (before.low, before.high, after.low, after.high):
        return Difference(value, None, None, enough=False)
    found = mover_difference(
        after.value, Interval(after.low or 0.0, after.high or 0.0),
        before.value, Interval(before.low or 0.0, before.high or 0.0),
    )  # fmt: skip
    return Difference(value, found.low, found.high, before.enough and after.enough)
