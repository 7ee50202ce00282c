"""Which part of the material made which catch: what each adds, and what adds nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from re import compile as pattern
from typing import Final

import numpy as np

from ..model.coded import NONE, Coded, Codes, Flags, Ints, Lists, counting
from ..model.decision_table import DecisionTable, HitRows
from ..model.evaluation import By, Measures, Overlap, Part
from ..model.ruleset import PolicyTable
from .measures import measure
from .ratios import Settings
from .slicing import Merged, cut, merge
from .trials import Trials
from .units import Catches, Units

_INDEX: Final = pattern(r"\[\d+\]")
_PAIRS_AT_ONCE: Final = 20_000_000
MOST_OVERLAPS: Final = 200
"""Pairs of materials that are told, those that overlap most first."""


def _package(hits: HitRows) -> Coded[str]:
    return _renamed(hits.material, lambda name: name.partition("/")[0])


def _rule(hits: HitRows) -> Coded[str]:
    return _kept(hits.material, _is_rule(hits))


def _material(hits: HitRows) -> Coded[str]:
    return _kept(hits.material, ~_is_rule(hits))


def _field(hits: HitRows) -> Coded[str]:
    """`images[0]` and `images[7]` are both `images[]`."""
    return _renamed(hits.field, lambda name: _INDEX.sub("[]", name))


def _is_rule(hits: HitRows) -> Flags:
    rule = np.array([kind == "rule" for kind in hits.kind.values] + [False])
    return np.asarray(rule[hits.kind.codes])


def _renamed(column: Coded[str], name: Callable[[str], str]) -> Coded[str]:
    names = [name(value) for value in column.values]
    known = tuple(dict.fromkeys(names))
    place = {value: number for number, value in enumerate(known)}
    codes = np.array([*(place[value] for value in names), NONE], dtype=np.int32)
    return Coded(known, codes[column.codes])


def _kept(column: Coded[str], rows: Flags) -> Coded[str]:
    return Coded(column.values, np.where(rows, column.codes, NONE).astype(np.int32))


_AXES: Final[Mapping[str, Callable[[HitRows], Coded[str]]]] = {
    "material": _material,
    "rule": _rule,
    "package": _package,
    "field": _field,
    "kind": lambda hits: hits.kind,
    "view": lambda hits: hits.view,
}

PART_AXES: Final = tuple(_AXES)
"""What hits can be told apart by."""


@dataclass(frozen=True, slots=True)
class Incidence:
    """Which hit speaks in which trial: in its verdict; a shadow hit in those it would be in."""

    trial: Ints
    hit: Ints


def incidence(trials: Trials, decisions: DecisionTable) -> Incidence:
    """Pairs of trial and hit: what verdicts rest on, and shadow hits of the trial's code."""
    trial_of = np.full(len(decisions.verdicts.decision) + 1, NONE, dtype=np.int64)
    judged = np.flatnonzero(trials.verdict != NONE)
    trial_of[trials.verdict[judged]] = judged
    because = decisions.verdicts.because
    trial = trial_of[because.rows()]
    counted = trial != NONE
    shadow = _shadow(trials, decisions)
    return Incidence(
        np.concatenate([trial[counted], shadow.trial]),
        np.concatenate([because.flat[counted], shadow.hit]),
    )


def _shadow(trials: Trials, decisions: DecisionTable) -> Incidence:
    """Shadow hits, in every market in which their decision was judged on a code of theirs."""
    hits = decisions.hits
    shadow = np.array([status == "shadow" for status in hits.status.values] + [False])
    rows = np.flatnonzero(shadow[hits.status.codes] & ~hits.allowed)
    place = {code: number for number, code in enumerate(trials.policy.values)}
    codes = Lists.of([place[one] for one in some if one in place] for some in hits.policies.values)
    each = codes.lengths()[hits.policies.codes[rows]] if len(rows) else np.zeros(0, dtype=np.int64)
    hit = np.repeat(rows, each)
    code = np.concatenate([codes[int(k)] for k in hits.policies.codes[rows]] or [hit])
    return _in_trials(trials, hits.decision[hit], code, hit)


def _in_trials(trials: Trials, decision: Ints, code: Ints, hit: Ints) -> Incidence:
    """Every trial of each decision x code."""
    width = len(trials.policy.values) + 1
    key = trials.decision * width + trials.policy.codes
    order = np.argsort(key, kind="stable")
    wanted = decision * width + code
    start = np.searchsorted(key, wanted, side="left", sorter=order)
    each = np.searchsorted(key, wanted, side="right", sorter=order) - start
    place = counting(each) + np.repeat(start, each)
    return Incidence(order[place], np.repeat(hit, each))


def parts(
    trials: Trials,
    decisions: DecisionTable,
    found: Incidence,
    several: Sequence[Sequence[str]],
    settings: Settings,
    within: Sequence[str] = (),
    policies: PolicyTable | None = None,
) -> list[Part]:
    """What every part of the material is worth, for each code it speaks of.

    A part is right where the content is there, whatever the market asks: material finds, policy
    decides. A creative is caught by a part when it spoke in any of its markets.

    Args:
        trials: what was counted.
        decisions: with their hits.
        found: which hit speaks in which trial.
        several: axes of parts, each of `material`, `rule`, `package`, `field`, `kind`, `view`;
            several of them together: one part for each combination.
        settings: how intervals are made.
        within: axes of slices to tell parts apart in, too.
        policies: whose market groups are counted, where `market` is one of these.
    """
    stratum_axes = tuple(dict.fromkeys(("policy", *within)))
    merged = merge(trials, cut(trials, stratum_axes, policies))
    units = merged.units(trials, merged.any(trials.present[merged.rows]))
    of_trials = _units_of(merged, len(trials))
    return [
        part
        for axes in several
        for part in _of_axes(axes, merged, units, of_trials, found, decisions.hits, settings)
    ]


def _of_axes(
    axes: Sequence[str], merged: Merged, units: Units, of_trials: Lists, found: Incidence,
    hits: HitRows, settings: Settings,
) -> list[Part]:  # fmt: skip
    pairs = _caught(of_trials, found, _combined(hits, axes))
    keys, catches = _catches(merged, pairs)
    worth = measure(units, catches, settings)
    stratum, part = keys // pairs.width, keys % pairs.width
    names = _names(hits, axes, pairs.first[part], merged.names, stratum)
    return _told(names, worth, catches, units.actual, _statuses(hits, found, pairs, part))


def _catches(merged: Merged, pairs: _Caught) -> tuple[Ints, Catches]:
    """What each part catches in each stratum, and a number for part and stratum together."""
    keys, catcher = np.unique(
        merged.slice[pairs.unit] * pairs.width + pairs.part, return_inverse=True
    )
    return keys, Catches(pairs.unit, catcher.astype(np.int64), keys // pairs.width)


@dataclass(frozen=True, slots=True)
class _Caught:
    """Pairs of unit and part, each once."""

    unit: Ints
    part: Ints
    width: int
    first: Ints
    """A hit of each part."""
    of_hit: Ints


def _combined(hits: HitRows, axes: Sequence[str]) -> Ints:
    """A number for each combination of values; -1 for a hit that lacks one."""
    key = np.zeros(len(hits.decision), dtype=np.int64)
    lacking = np.zeros(len(hits.decision), dtype=bool)
    for axis in axes:
        column = _AXES[axis](hits).sorted()
        lacking |= column.codes == NONE
        key = key * (len(column.values) + 1) + column.codes + 1
    return np.where(lacking, NONE, key)


def _caught(units: Lists, found: Incidence, part: Ints) -> _Caught:
    """Which unit is caught by which part."""
    values, first, number = np.unique(part, return_index=True, return_inverse=True)
    lacking = len(values) > 0 and values[0] == NONE
    of_hit = number.astype(np.int64) - int(lacking)
    first = first[1:] if lacking else first
    kept = of_hit[found.hit] != NONE
    trial, which = found.trial[kept], of_hit[found.hit[kept]]
    each = units.lengths()[trial]
    unit = units.flat[counting(each) + np.repeat(units.starts[trial], each)]
    width = max(len(first), 1)
    pairs = np.unique(unit * width + np.repeat(which, each))
    return _Caught(pairs // width, pairs % width, width, first, of_hit)


def _units_of(merged: Merged, trials: int) -> Lists:
    """The units of each trial: one for each slice it is in."""
    unit = np.repeat(
        np.arange(len(merged.starts)), np.diff(np.append(merged.starts, len(merged.rows)))
    )
    order = np.argsort(merged.rows, kind="stable")
    counts = np.bincount(merged.rows, minlength=trials)
    return Lists(np.append(0, np.cumsum(counts)), unit[order])


def _names(
    hits: HitRows, axes: Sequence[str], hit: Ints, slices: Sequence[By], stratum: Ints
) -> list[By]:
    columns = [(axis, _AXES[axis](hits)) for axis in axes]
    return [
        (*((axis, column[int(row)] or "") for axis, column in columns), *slices[int(where)])
        for row, where in zip(hit, stratum, strict=True)
    ]


def _statuses(hits: HitRows, found: Incidence, pairs: _Caught, part: Ints) -> list[str]:
    """`live`, `shadow`, or `-` for a part that has hits of both."""
    used = found.hit[pairs.of_hit[found.hit] != NONE]
    shadow = np.array([status == "shadow" for status in hits.status.values] + [False])
    is_shadow = shadow[hits.status.codes[used]]
    of = pairs.of_hit[used]
    both = [np.bincount(of[is_shadow == one], minlength=pairs.width) > 0 for one in (False, True)]
    return [
        "-" if live and quiet else "shadow" if quiet else "live"
        for live, quiet in zip(both[0][part].tolist(), both[1][part].tolist(), strict=True)
    ]


def _told(
    names: Sequence[By], worth: Sequence[Measures], catches: Catches, actual: Flags,
    statuses: Sequence[str],
) -> list[Part]:  # fmt: skip
    units = int(catches.unit.max()) + 1 if len(catches.unit) else 0
    times = np.bincount(catches.unit, minlength=units)
    right = actual[catches.unit] & (times[catches.unit] == 1)
    alone = np.bincount(catches.catcher[right], minlength=len(names))
    covered = _covering(catches, len(names))
    return [
        Part(name, worth[k], int(alone[k]),
             None if covered[k] == NONE else _title(names[int(covered[k])]), statuses[k])
        for k, name in enumerate(names)
    ]  # fmt: skip


def _title(name: By) -> str:
    """What a part is called beside others of its axes: `p/casino`, or `p, body` of two axes."""
    return ", ".join(value for axis, value in name if axis in _AXES)


def _covering(catches: Catches, count: int) -> Codes:
    """Of each part another that catches all it catches, the largest of them; -1 for none."""
    size = np.bincount(catches.catcher, minlength=count)
    one, other, both = together(catches, count)
    whole = both == size[one]
    cover = np.full(count, NONE, dtype=np.int32)
    order = np.argsort(size[other[whole]], kind="stable")
    cover[one[whole][order]] = other[whole][order]
    return cover


def together(catches: Catches, count: int) -> tuple[Ints, Ints, Ints]:
    """Pairs of parts that catch a unit together, in both orders, and how many units."""
    order = np.argsort(catches.unit, kind="stable")
    catcher = catches.catcher[order]
    _, starts, each = np.unique(catches.unit[order], return_index=True, return_counts=True)
    keys, times = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    for some in _blocks(each):
        found = _pairs(catcher, starts[some], each[some])
        new, added = np.unique(found[0] * count + found[1], return_counts=True)
        keys, place = np.unique(np.concatenate([keys, new]), return_inverse=True)
        times = np.bincount(place, np.concatenate([times, added]), len(keys)).astype(np.int64)
    return keys // max(count, 1), keys % max(count, 1), times


def _blocks(each: Ints) -> list[slice]:
    """Runs of units whose pairs fit into memory together."""
    ends = np.cumsum(each * each) // _PAIRS_AT_ONCE
    cuts = [0, *(np.flatnonzero(np.diff(ends)) + 1).tolist(), len(each)]
    return [slice(a, b) for a, b in pairwise(cuts) if a < b]


def _pairs(catcher: Ints, starts: Ints, each: Ints) -> tuple[Ints, Ints]:
    """Every ordered pair of different catchers of each unit."""
    row = np.repeat(starts, each) + counting(each)
    times = np.repeat(each, each)
    one = np.repeat(catcher[row], times)
    other = catcher[np.repeat(np.repeat(starts, each), times) + counting(times)]
    apart = one != other
    return one[apart], other[apart]


def overlaps(
    trials: Trials, decisions: DecisionTable, found: Incidence, most: int = MOST_OVERLAPS
) -> list[Overlap]:
    """The pairs of materials and rules that share most of what they hit, for each code."""
    merged = merge(trials, cut(trials, ("policy",)))
    of_material = decisions.hits.material.sorted().codes.astype(np.int64)
    pairs = _caught(_units_of(merged, len(trials)), found, of_material)
    keys, catches = _catches(merged, pairs)
    one, other, both = together(catches, len(keys))
    size = np.bincount(catches.catcher, minlength=len(keys))
    either = size[one] + size[other] - both
    once = np.flatnonzero(one < other)
    best = once[np.lexsort((other[once], one[once], -both[once] / either[once]))][:most]
    hit = pairs.first[keys % pairs.width]
    names = [decisions.hits.material[int(row)] or "" for row in hit]
    codes = [merged.names[int(key // pairs.width)][0][1] for key in keys]
    return [
        Overlap(codes[one[k]], names[one[k]], names[other[k]], int(both[k]), int(either[k]))
        for k in best
    ]
