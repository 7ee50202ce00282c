"""What other rules would have changed on stored traffic, with as little work as that takes.

Two full runs would tell it. But where nothing matches that differs between the rulesets, both
decide alike: such creatives are found by a first look, and only a few of them, drawn by chance, are
decided at all, to know how much work there is for people. The answer is that of two full runs; only
the load is estimated, with its interval, where more creatives are left than are drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from automod.batch.hunt import BLOCK, Hunt, Taken, take
from automod.batch.stream import BLOCK as DECIDED
from automod.batch.stream import decide_stream
from automod.engine.engine import Engine
from automod.engine.reach import IDLE, reach
from automod.errors import InputError
from automod.match.traces import Flags
from automod.model.backtest import SCHEMA, Backtest, Effort, Flipped
from automod.model.changes import Changes, changes
from automod.model.decision import Decision
from automod.model.quick import nothing_collected

from .backtest_parts import Line, Names, Numbers, Part, Reader, lines_of
from .backtest_signatures import Signature, StaleError, Writing, digest_of
from .backtest_tally import (
    AXES,
    Drawn,
    Tally,
    flipped,
    groups,
    language_of,
    loads,
    missed,
    noisiest,
    rest_of,
    share,
    transitions,
    whole,
)
from .backtest_turns import Pair, turned

LINES: Final = 4_096
"""Lines that are looked at together."""

DRAWN: Final = 10_000
"""Creatives that both decide alike of which is looked at what is done with them."""

T = TypeVar("T")

Wanted = Callable[[Decision], bool]
"""Whether a decision is asked about."""


def _every(_: Decision) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a backtest."""

    today: date
    """The day for creatives without one."""
    on: date | None = None
    """The day for all creatives, whatever they say."""
    by: Sequence[str] = AXES
    wanted: Wanted = _every
    """Changes are told of creatives of which it holds before or after."""
    population: int | None = None
    """How many creatives the traffic is a sample of; None: it is all there is."""
    drawn: int = DRAWN
    """How many of those that both decide alike are decided to know the load."""
    seed: int = 0
    flips: int = 0
    """How many creatives are told one by one."""
    full: bool = False
    """Decide everything by both, whatever that costs: the answer is the same."""


def _nobody(_: Any) -> None:
    """Nobody asked."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told of what is found on the way."""

    pair: Callable[[Pair], None] = _nobody
    """Of each creative that is decided otherwise, in the order of the traffic."""
    no_creative: Callable[[Taken], None] = _nobody
    """Of what is no creative."""
    progress: Callable[[int], None] = _nobody
    """Of how many creatives were looked at so far."""


def backtest(
    old: Engine,
    new: Engine,
    creatives: Iterable[Any],
    asked: Asked,
    watch: Watch = Watch(),
) -> Backtest:
    """What a ruleset would have changed.

    Args:
        old: the engine of the ruleset in force.
        new: the engine of the one that may follow it.
        creatives: the traffic; also what could not be read.
        asked: what is asked.
        watch: who is told of what is found on the way.

    >>> from automod.engine.compile import compile
    >>> from automod.model.ruleset import Material, Package, PolicyCode, PolicyTable, Row, Ruleset
    >>> row = Row("X.Y/default", None, ("prohibited",), "platform")
    >>> table = PolicyTable({"X.Y": PolicyCode("X.Y", {}, "high", row)})
    >>> few = [Material(f"p/{name}", "keyword", name, 0.9, ("X.Y",)) for name in ("bet", "win")]
    >>> old, new = (compile(Ruleset((Package("p", "1", "o", materials=some),), table))
    ...             for some in (few[:1], few))
    >>> ads = [{"id": text, "markets": ["SA"], "text": {"body": text}} for text in ("win", "bet")]
    >>> found = backtest(old, new, ads, Asked(date(2026, 11, 20)))
    >>> found.whole.gained, [one.material for one in found.noisiest]
    (1, ['p/win'])
    """
    run = _Run(old, new, asked, watch)
    with nothing_collected():
        run.take(creatives)
    return run.answer()


def backtest_lines(
    old: Engine,
    new: Engine,
    files: Sequence[str],
    asked: Asked,
    watch: Watch = Watch(),
    signatures: str | Path | None = None,
) -> Backtest:
    """The same for files of JSONL, most lines of which are not even read.

    Args:
        old: the engine of the ruleset in force.
        new: the engine of the one that may follow it.
        files: the traffic.
        asked: what is asked.
        watch: who is told of what is found on the way.
        signatures: a file that keeps what can be kept of the traffic. Where it is not there, or is
            of other traffic, it is made: every further backtest then takes about half as long.

    Raises:
        InputError: a file cannot be read, or the one of signatures is none.
    """
    run = _Run(old, new, asked, watch)
    with nothing_collected():
        if signatures is None:
            run.take_lines(lines_of(files))
            return run.answer()
        path, digest = Path(signatures), digest_of(files)
        held = _opened(path, digest)
        if held is not None:
            with held:
                run.take_signed(lines_of(files), held)
            return run.answer()
        with Writing(path, digest) as signing:
            run.take_lines(lines_of(files), signing)
    return run.answer()


def _opened(path: Path, digest: str) -> Signature | None:
    """The signature of a traffic, where it is there."""
    if not path.exists():
        return None
    try:
        return Signature(path, digest)
    except StaleError:
        return None


class _Run:
    """One backtest while it runs."""

    def __init__(self, old: Engine, new: Engine, asked: Asked, watch: Watch) -> None:
        self._old, self._new, self._asked, self._watch = old, new, asked, watch
        found = changes(old.ruleset, new.ruleset)
        self._reach = reach(old.ruleset, new.ruleset, found)
        self._touched = _touched(found)
        self._tally = Tally(self._touched)
        self._drawn = Drawn(asked.drawn, asked.seed)
        self._flips: list[Flipped] = []
        self._waiting: list[Taken] = []
        full = asked.full or bool(self._reach.everywhere)
        self._hunt = None if full else Hunt(old, new, self._reach, asked.today, asked.on)

    def take(self, creatives: Iterable[Any]) -> None:
        """Look at all traffic."""
        waiting = iter(creatives)
        first = 0
        while block := list(islice(waiting, BLOCK)):
            taken = take(block, first)
            markets = Counter(one.intake.markets if one.intake else () for one in taken)
            self._tally.count(len(block), markets, Counter(map(language_of, block)))
            chosen = taken if self._hunt is None else self._hunt.suspected(taken)
            self._choose(chosen, block, first)
            first += len(block)
        self._decide(self._waiting)

    def take_lines(self, lines: Iterable[Line], signing: Writing | None = None) -> None:
        """Look at all traffic, line by line; `signing` keeps what can be kept of it."""
        if self._hunt is None and signing is None:
            self.take(line.read() for line in lines)
            return
        reader = Reader(Names() if signing is None else signing.names)
        waiting = iter(lines)
        first = 0
        while block := list(islice(waiting, LINES)):
            part, read = reader.part(block, first)
            if signing is not None:
                signing.add(part)
            self._take_part(part, reader.names, block, first, read)
            first += len(block)
        self._decide(self._waiting)

    def take_signed(self, lines: Iterable[Line], signature: Signature) -> None:
        """Look at traffic of which a signature is kept."""
        waiting = iter(lines)
        first = 0
        for part in signature:
            block = list(islice(waiting, len(part)))
            if len(block) < len(part):
                raise InputError("the traffic has fewer creatives than its signature")
            self._take_part(part, signature.names, block, first, {})
            first += len(block)
        if next(waiting, None) is not None:
            raise InputError("the traffic has more creatives than its signature")
        self._decide(self._waiting)

    def _take_part(
        self,
        part: Part,
        names: Names,
        block: Sequence[Line],
        first: int,
        read: Mapping[int, Taken],
    ) -> None:
        """Look at some lines of which something is known; `read`: those that had to be read."""
        self._tally.count(
            len(block),
            _counted(part.markets, names.markets.values),
            _counted(part.languages, names.languages.values),
        )

        def taken(places: Flags) -> list[Taken]:
            return [
                read[n] if n in read else take([block[n].read()], first + n)[0]
                for n in places.nonzero()[0].tolist()
            ]

        hunt = self._hunt
        if hunt is None:
            chosen = taken(np.ones(len(block), np.bool_))
        else:
            near, certain = hunt.near(part.traces, part.texts)
            certain |= self._certain_by_markets(hunt, names, part)
            if self._reach.advertisers:
                near |= part.known
            plain = taken((near | certain) & ~part.rich)
            for one in plain:
                one.certain = bool(certain[one.index - first])
            chosen = hunt.confirmed(taken(part.rich), plain, plain)
        self._choose(chosen, block, first)

    def _certain_by_markets(self, hunt: Hunt, names: Names, part: Part) -> Flags:
        """Those that are decided by both for where and when they run."""
        today, on = self._asked.today, self._asked.on
        size = len(names.days.values)
        pairs, places = np.unique(
            part.markets.astype(np.int64) * size + part.days, return_inverse=True
        )
        certain = []
        for pair in pairs.tolist():
            markets, day = names.markets.values[pair // size], names.days.values[pair % size]
            certain.append(hunt.certain_in(markets, on or day or today))
        return np.asarray(np.array(certain, np.bool_)[places])

    def _choose(self, chosen: Sequence[Taken], block: Sequence[Any], first: int) -> None:
        """Decide those that were chosen, as soon as there are enough, and draw from the others."""
        for one in chosen:
            if one.intake is None:
                self._tally.no_creatives += 1
                self._watch.no_creative(one)
        self._drawn.offer(block, first, {one.index for one in chosen})
        self._waiting += chosen
        while len(self._waiting) >= DECIDED:
            self._decide(self._waiting[:DECIDED])
            del self._waiting[:DECIDED]
        self._watch.progress(first + len(block))

    def _decide(self, some: Sequence[Taken]) -> None:
        """Decide creatives by both, and count."""
        sides = (self._decided(engine, some) for engine in (self._old, self._new))
        for one, before, after in zip(some, *sides, strict=True):
            self._tally.decide(before, after)
            turn = turned(before, after)
            if turn is None:
                continue
            if not (self._asked.wanted(before) or self._asked.wanted(after)):
                continue
            pair = Pair(one.index, one.creative, before, after, turn)
            self._tally.turn(pair)
            if len(self._flips) < self._asked.flips:
                self._flips.append(flipped(pair, self._touched))
            self._watch.pair(pair)

    def _decided(self, engine: Engine, some: Sequence[Taken]) -> Iterator[Decision]:
        asked = self._asked
        creatives = (one.creative for one in some)
        stream = decide_stream(engine, creatives, today=asked.today, on=asked.on)
        return (decision for _, decision in stream)

    def answer(self) -> Backtest:
        """What came of it."""
        asked, tally, hunt = self._asked, self._tally, self._hunt
        drawn = self._drawn.creatives
        creatives = [one.read() if isinstance(one, Line) else one for one in drawn]
        stream = decide_stream(self._new, creatives, today=asked.today, on=asked.on)
        rest = rest_of(tally, (decision for _, decision in stream))
        sampled = asked.population is not None
        effort = Effort(
            self._reach.everywhere,
            len(self._reach.materials),
            tally.creatives if hunt is None else hunt.looked_at,
            tally.decided,
            len(creatives),
        )
        return Backtest(
            SCHEMA,
            self._old.digest,
            self._new.digest,
            (asked.on or asked.today).isoformat(),
            tally.creatives,
            tally.no_creatives,
            asked.population,
            whole(tally, sampled=sampled),
            tuple(groups(tally, asked.by, sampled=sampled)),
            tuple(transitions(tally, rest)),
            tuple(loads(tally, rest, asked.population)),
            tuple(noisiest(tally, sampled=sampled)),
            tuple(missed(tally)),
            share(tally.incomplete, tally.creatives, sampled=False),
            effort,
            tuple(self._flips),
        )


def _counted(numbers: Numbers, names: Sequence[T]) -> Counter[T]:
    """How often each name is there."""
    counts = np.bincount(numbers, minlength=len(names)).tolist()
    return +Counter(dict(zip(names, counts, strict=True)))


def _touched(found: Changes) -> frozenset[str]:
    """What differs and may hit: materials, rules and allows."""
    parts = (getattr(found, name).ids(IDLE[name]) for name in ("materials", "rules", "allows"))
    return frozenset[str]().union(*parts)
