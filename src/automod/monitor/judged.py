"""What logs tell, window by window: how many creatives could be hit, and how many were."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np

from automod.errors import InputError
from automod.load.hit_logs import Touched
from automod.load.judged_logs import JudgedLogs
from automod.model.coded import NONE, Flags, Ints
from automod.model.counters import EVERYWHERE, OTHER, Counters
from automod.model.decision_table import DecisionTable
from automod.model.ruleset import Scope
from automod.policy.markets import Markets

WINDOW: Final = 500
"""Creatives of a window."""

HIT: Final = ("live", "shadow")
"""How what hits must stand: a ramp, or a market of an override, makes one and the same either."""

NO_COUNT: Final = (
    "{name}: a hit log says what was hit, not how many creatives were judged; give the decisions "
    "(automod scan -o decisions.jsonl) or the counts (automod scan --counts counts.json) in its "
    "place, or say how many there were: --judged N"
)


TWICE: Final = (
    "{name} and {other} both tell of what {ruleset} decided on {day}: give one of them, or "
    "creatives would count twice"
)


class Where:
    """Whether creatives lie in scopes, by their markets and days."""

    def __init__(self, scopes: Sequence[Scope], markets: Markets) -> None:
        self._asked = [scope.markets for scope in scopes if scope.markets]
        self._markets = markets
        begins = [scope.from_ for scope in scopes if scope.from_ is not None]
        ends = [scope.until for scope in scopes if scope.until is not None]
        self._first = max(begins, default=date.min).isoformat()
        self._last = min(ends, default=date.max).isoformat()

    @property
    def anywhere(self) -> bool:
        """Whether the market is no matter."""
        return not self._asked

    @property
    def key(self) -> tuple[Any, ...]:
        """What two that ask for the same have in common."""
        return (*self._asked, self._first, self._last)

    def market(self, name: str) -> bool:
        """Whether a market lies in all scopes."""
        lineage = self._markets.lineage(name)
        return all(not lineage.isdisjoint(names) for names in self._asked)

    def day(self, on: str) -> bool:
        """Whether a day does."""
        return self._first <= on <= self._last


class Part(Protocol):
    """One source, window by window."""

    windows: int
    """How many there are."""
    judged: int
    """Creatives that count."""
    others: dict[str, int]
    """Creatives that other rulesets judged, by the digest."""

    def creatives(self, where: Where) -> Ints:
        """Of each window how many creatives could be hit."""

    def hit(self) -> Collection[str]:
        """The materials that hit."""

    def hits(self, material: str, where: Where) -> Ints:
        """Of each window how many of these a material hit."""


@dataclass(frozen=True, slots=True)
class Judged:
    """All that logs tell."""

    parts: tuple[Part, ...]

    @property
    def creatives(self) -> int:
        """How many creatives count."""
        return sum(part.judged for part in self.parts)

    @property
    def windows(self) -> int:
        """How many windows there are."""
        return sum(part.windows for part in self.parts)

    @property
    def others(self) -> dict[str, int]:
        """How many creatives were judged by other rulesets, by the digest."""
        found: dict[str, int] = {}
        for part in self.parts:
            for digest, count in part.others.items():
                found[digest] = found.get(digest, 0) + count
        return found

    def hit(self) -> set[str]:
        """The materials that hit."""
        return set().union(*(part.hit() for part in self.parts))

    def so_far(self, where: Where) -> Ints:
        """How many creatives could be hit, up to the end of each window."""
        return _summed(part.creatives(where) for part in self.parts)

    def hits_so_far(self, material: str, where: Where) -> Ints:
        """How many of them a material hit, up to the end of each window."""
        return _summed(part.hits(material, where) for part in self.parts)


def _summed(parts: Iterable[Ints]) -> Ints:
    found: Ints = np.cumsum(np.concatenate([np.zeros(0, dtype=np.int64), *parts]))
    return found


def judged(
    logs: JudgedLogs,
    counts: Callable[[str], bool],
    *,
    window: int = WINDOW,
    of_log: int | None = None,
) -> Judged:
    """What logs tell, window by window.

    Of decisions, a window is so many creatives in the order of the files; a creative counts once,
    where a ruleset that counts judged it first. A file of counts is a window of its own. Of a hit
    log the windows go by the `index` of the scan; where its clean creatives ran, and when, nobody
    knows, so that all of them are taken to be in scope: too many creatives, never a false alarm.

    Args:
        logs: what was read.
        counts: whether decisions of a ruleset count, by its digest.
        window: creatives of a window; what is no whole one waits for the next run.
        of_log: how many creatives the scan judged that wrote the hit log.

    Raises:
        InputError: there is a hit log, and it is not said how many were judged, or too few; two
            files tell of the same creatives; or counts cannot be.
    """
    _refuse_twice(logs, counts)
    parts: list[Part] = []
    if logs.decisions is not None:
        parts.append(OfDecisions(logs.decisions, counts, window))
    parts += [OfCounts(name, one, counts) for name, one in logs.counters]
    if logs.hits and of_log is None:
        raise InputError(NO_COUNT.format(name=logs.hits[0][0]))
    if len(logs.hits) > 1:
        names = ", ".join(name for name, _ in logs.hits)
        raise InputError(f"--judged is of one hit log, and there are several: {names}")
    for name, several in logs.hits:
        parts.append(OfHits(name, several, counts, window, of_log or 0))
    return Judged(tuple(parts))


def _refuse_twice(logs: JudgedLogs, counts: Callable[[str], bool]) -> None:
    """Refuse two sorts of files of one ruleset and day, and the same counts twice.

    Raises:
        InputError: there are such; it names both.
    """
    told: dict[tuple[str, str], tuple[str, str]] = {}
    for sort, name, pairs in _days_told(logs):
        for pair in pairs:
            other_sort, other = told.setdefault(pair, (sort, name))
            if other_sort != sort and counts(pair[0]):
                ruleset, day = pair
                raise InputError(TWICE.format(name=name, other=other, ruleset=ruleset, day=day))
    for place, (name, one) in enumerate(logs.counters):
        for other, before in logs.counters[:place]:
            if one == before and one.judged:
                raise InputError(f"{name} and {other} hold the same counts: give one of them")


def _days_told(logs: JudgedLogs) -> Iterator[tuple[str, str, set[tuple[str, str]]]]:
    """The sort of each file, its name, and the rulesets and days that it tells of."""
    if (table := logs.decisions) is not None:
        pairs = np.unique(np.stack([table.ruleset.codes, table.on.codes]), axis=1).T.tolist()
        found = {
            (table.ruleset.values[one], table.on.values[day])
            for one, day in pairs
            if NONE not in (one, day)
        }
        yield "decisions", "the decisions", found
    for name, counters in logs.counters:
        yield "counts", name, {(ruleset, on) for ruleset, on, _ in counters.judged}
    for name, several in logs.hits:
        yield "hits", name, {(one.ruleset, one.on) for one in several}


class OfDecisions:
    """Decisions, in their order."""

    def __init__(self, table: DecisionTable, counts: Callable[[str], bool], window: int) -> None:
        self._table = table
        accepted = _among(table.ruleset.values, table.ruleset.codes, counts)
        kept = _first_of_each(table.creatives, accepted)
        self._kept = kept
        self.judged = int(kept.sum())
        self.windows = self.judged // window
        self._window = (np.cumsum(kept) - 1) // window
        others = _first_of_each(table.creatives, ~accepted, besides=kept)
        rest = table.ruleset.codes[others]
        times = np.bincount(rest, minlength=len(table.rulesets)) if len(rest) else ()
        pairs = zip(table.rulesets, times, strict=False)
        self.others = {name: int(n) for name, n in pairs if n}

    def creatives(self, where: Where) -> Ints:
        """Of each window how many creatives could be hit."""
        return self._by_window(self._inside(where).nonzero()[0])

    def _inside(self, where: Where) -> Flags:
        table = self._table
        inside = self._kept & _among(table.on.values, table.on.codes, where.day)
        if where.anywhere:
            return inside
        markets = table.outcomes.market
        rows = _among(markets.values, markets.codes, where.market)
        found = np.zeros(len(table), dtype=bool)
        found[table.outcomes.decision[rows]] = True
        return inside & found

    def _by_window(self, decisions: Ints) -> Ints:
        windows = self._window[decisions]
        counts: Ints = np.bincount(windows, minlength=self.windows)[: self.windows]
        return counts

    @cached_property
    def _rows(self) -> tuple[Ints, Ints]:
        """The hits that count, in order of material, and where each material begins."""
        hits = self._table.hits
        counting = _among(hits.status.values, hits.status.codes, HIT.__contains__) & ~hits.allowed
        rows = counting.nonzero()[0]
        rows = rows[np.argsort(hits.material.codes[rows], kind="stable")]
        begins = np.arange(len(hits.material.values) + 1)
        return rows, np.searchsorted(hits.material.codes[rows], begins)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: code for code, name in enumerate(self._table.hits.material.values)}

    def hit(self) -> Collection[str]:
        """The materials that hit."""
        return self._numbers

    def hits(self, material: str, where: Where) -> Ints:
        """Of each window how many of these a material hit."""
        code = self._numbers.get(material)
        if code is None:
            return np.zeros(self.windows, dtype=np.int64)
        rows, begins = self._rows
        decisions = np.unique(self._table.hits.decision[rows[begins[code] : begins[code + 1]]])
        return self._by_window(decisions[self._inside(where)[decisions]])


class OfCounts:
    """A file of counts: one window."""

    windows = 1

    def __init__(self, name: str, counters: Counters, counts: Callable[[str], bool]) -> None:
        _refuse_too_many(name, counters)
        self._judged = [
            (on, market, row[0])
            for (digest, on, market), row in counters.judged.items()
            if counts(digest)
        ]
        self._hits: dict[str, list[tuple[str, int]]] = {}
        for (digest, on, market, material, _, how), n in counters.hits.items():
            if counts(digest) and market == EVERYWHERE and how in HIT:
                self._hits.setdefault(material, []).append((on, n))
        self.judged = sum(n for _, market, n in self._judged if market == EVERYWHERE)
        self.others = {
            digest: counters.creatives(ruleset=digest)
            for digest in {digest for digest, _, _ in counters.judged}
            if not counts(digest)
        }

    def creatives(self, where: Where) -> Ints:
        """How many creatives could be hit; in several markets, at most so many.

        A creative of two markets is counted in both, and who it is is not known any more; nor is
        which markets `OTHER` stands for. Too many are never too few.
        """
        days = [(market, n) for on, market, n in self._judged if where.day(on)]
        all_of_them = sum(n for market, n in days if market == EVERYWHERE)
        if where.anywhere:
            return np.array([all_of_them])
        named = sum(
            n
            for market, n in days
            if market == OTHER or (market != EVERYWHERE and where.market(market))
        )
        return np.array([min(named, all_of_them)])

    def hit(self) -> Collection[str]:
        """The materials that hit."""
        return self._hits

    def hits(self, material: str, where: Where) -> Ints:
        """How many of these a material hit."""
        return np.array([sum(n for on, n in self._hits.get(material, ()) if where.day(on))])


def _refuse_too_many(name: str, counters: Counters) -> None:
    """Refuse counts by which a material hit more creatives than there were.

    Raises:
        InputError: it names the material.
    """
    hits: dict[tuple[str, str, str], int] = {}
    for (ruleset, on, market, material, _, _), n in counters.hits.items():
        if market == EVERYWHERE:
            key = (ruleset, on, material)
            hits[key] = hits.get(key, 0) + n
    for (ruleset, on, material), n in hits.items():
        there = counters.judged.get((ruleset, on, EVERYWHERE), (0,))[0]
        if n > there:
            raise InputError(f"{name}: {material} hit {n} of {there} creatives on {on}")


class OfHits:
    """A hit log of one scan."""

    def __init__(
        self,
        name: str,
        several: Sequence[Touched],
        counts: Callable[[str], bool],
        window: int,
        of_log: int,
    ) -> None:
        last = max((one.index for one in several), default=-1)
        if last >= of_log:
            raise InputError(
                f"{name}: creative {last + 1} was hit, so that more than --judged {of_log} were "
                "judged"
            )
        self.judged = of_log
        self.windows = of_log // window
        self._window = window
        self._hits: dict[str, list[tuple[str, int]]] = {}
        self.others: dict[str, int] = {}
        seen: set[str | None] = set()
        # Those that count first: a creative that other rules judged as well is one of them.
        for one in sorted(several, key=lambda one: not counts(one.ruleset)):
            if one.creative in seen:
                continue
            seen.add(one.creative)
            if not counts(one.ruleset):
                self.others[one.ruleset] = self.others.get(one.ruleset, 0) + 1
                continue
            for material in set(_counting(one)):
                self._hits.setdefault(material, []).append((one.on, one.index))

    def creatives(self, where: Where) -> Ints:  # noqa: ARG002 - nobody knows where they ran
        """Of each window all."""
        return np.full(self.windows, self._window)

    def hit(self) -> Collection[str]:
        """The materials that hit."""
        return self._hits

    def hits(self, material: str, where: Where) -> Ints:
        """Of each window how many a material hit."""
        indexes = [index for on, index in self._hits.get(material, ()) if where.day(on)]
        windows = np.array(indexes, dtype=np.int64) // self._window
        counts: Ints = np.bincount(windows, minlength=self.windows)[: self.windows]
        return counts


def _counting(one: Touched) -> Iterator[str]:
    for hit in one.hits:
        if hit["status"] in HIT and hit.get("allowed_by") is None:
            yield hit["material"]


def _among(values: Sequence[str], codes: Any, wanted: Callable[[str], bool]) -> Flags:
    """The rows whose value is wanted; none without a value is."""
    found: Flags = np.array([*map(wanted, values), False], dtype=bool)[codes]
    return found


def _first_of_each(
    creatives: Sequence[str | None], among: Flags, besides: Flags | None = None
) -> Flags:
    """Of some rows those in which each creative comes first; what was no creative is in none.

    Args:
        creatives: of all rows.
        among: the rows.
        besides: rows whose creatives do not count.
    """
    seen: set[str | None] = {None}
    if besides is not None:
        seen.update(creatives[row] for row in besides.nonzero()[0].tolist())
    found = np.zeros(len(creatives), dtype=bool)
    for row in among.nonzero()[0].tolist():
        creative = creatives[row]
        if creative not in seen:
            seen.add(creative)
            found[row] = True
    return found
