"""Stored decisions of one ruleset to those of another, with as little work as that takes.

The law: what comes out is what a full run of the new ruleset gives, to the byte of its JSON. A
stored decision has every hit of its ruleset, so most that changes is decided again from the hits;
materials that hit otherwise are searched for alone. Wherever that does not surely give the answer
of a full run, the creative is scanned: a decision of another ruleset or another creative, what
could not be evaluated for the moment, what might not be evaluated any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from operator import itemgetter
from typing import Any, Self

import numpy as np

from automod.engine.columns import CreativeColumns
from automod.engine.compile import compile
from automod.engine.engine import Engine
from automod.engine.intake import Intake, NotACreative, read
from automod.engine.reach import Reach
from automod.match.literals import Backend
from automod.model.canonical import from_canonical
from automod.model.coded import Flags
from automod.model.decision import Decision
from automod.model.quick import nothing_collected
from automod.model.ruleset import Ruleset

from .answers import Answers
from .arrow import (
    BLOCK_ROWS,
    MOST_ROWS,
    blocks_of,
    decide_record_batch,
    indexes_of,
    next_block,
)
from .creative_block import block_of
from .creative_columns import Layout, layout_of, taken
from .hunt import Hunt, Taken
from .rescore_columns import Case, Fields, Part, StoredColumns, alike
from .rescore_grounds import (
    BROKEN,
    EVERYTHING,
    INVALID,
    NEAR,
    OTHER,
    READ,
    SURE_SIZE,
    TEXTS,
    Grounds,
    Json,
    taken_over,
)
from .rescore_plan import RescorePlan, rescore_plan
from .rescore_side import Side
from .stream import decide_stream

Stored = Decision | Json | None
"""A stored decision, its dict, or that there is none."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What was done for some creatives."""

    kept: int = 0
    """Clean decisions that stay clean."""
    remade: int = 0
    """Decided again from their hits."""
    scanned: Mapping[str, int] = field(default_factory=dict)
    """Scanned in full, by why."""


def _nobody(_: Effort) -> None:
    """Nobody asked."""


class Rescorer:
    """Decides stored creatives by another ruleset. Immutable but for its caches.

    >>> from automod.model.ruleset import Material, Package, PolicyCode, PolicyTable, Row
    >>> row = Row("X.Y/default", None, ("prohibited",), "platform")
    >>> code = PolicyCode("X.Y", {}, "high", row)
    >>> bet = Material("p/bet", "keyword", "bet", 0.6, ("X.Y",))
    >>> package = Package("p", "1", "o", materials=(bet,))
    >>> old = Ruleset((package,), PolicyTable({"X.Y": code}))
    >>> ad = {"id": "c1", "markets": ["SA"], "text": {"body": "bet"}, "on": "2026-11-20"}
    >>> stored = compile(old).decide(ad)
    >>> new = replace(old, policies=replace(old.policies, review=0.7))
    >>> again, = Rescorer(old, new).decide([ad], [stored], today=date(2026, 11, 20))
    >>> stored.action, again.action, again == compile(new).decide(ad)
    ('review', 'approve', True)
    """

    def __init__(
        self,
        old: Ruleset,
        new: Ruleset,
        *,
        backend: Backend = "ahocorasick-rs",
        isolated: bool = False,
        engine: Engine | None = None,
        note: Callable[[Effort], None] = _nobody,
    ) -> None:
        """Compare the rulesets.

        Args:
            old: the ruleset of the stored decisions.
            new: the ruleset that is asked for.
            backend: as for `compile`.
            isolated: as for `compile`.
            engine: of the new ruleset, where it is at hand; else it is compiled when it is needed.
            note: who is told of what is done, some creatives at a time.
        """
        self.plan: RescorePlan = rescore_plan(old, new)
        self._old = Side(old, backend, isolated=isolated)
        self._new = Side(new, backend, isolated=isolated)
        self._grounds = Grounds(self.plan, self._old, self._new)
        self._engine = engine
        self._note = note

    @classmethod
    def of_canonical(
        cls, old: str, new: str, *, backend: Backend = "ahocorasick-rs", isolated: bool = False
    ) -> Self:
        """The same of two canonical texts of rulesets, which travel better than objects.

        Raises:
            ValueError: a text is not the canonical JSON of a ruleset.
        """
        return cls(from_canonical(old), from_canonical(new), backend=backend, isolated=isolated)

    @property
    def digest(self) -> str:
        """Of the new ruleset: of all decisions that come out."""
        return self._new.digest

    @property
    def since(self) -> str:
        """Of the old ruleset: creatives with decisions of any other are scanned."""
        return self._old.digest

    @cached_property
    def engine(self) -> Engine:
        """Of the new ruleset."""
        side = self._new
        return self._engine or compile(side.ruleset, side.backend, isolated=side.isolated)

    @cached_property
    def _hunt(self) -> Hunt | None:
        """Finds what may hold a material that hits otherwise; None where there is none."""
        if not self.plan.sought or self.plan.everything:
            return None
        return Hunt(self._old, self._new, Reach(self.plan.sought, frozenset(), ()), date.min)

    # --- one by one -------------------------------------------------------------------------------

    def decide(
        self,
        creatives: Sequence[Any],
        stored: Sequence[Stored],
        on: date | None = None,
        *,
        today: date,
        first: int = 0,
    ) -> list[Decision]:
        """The decisions of the new ruleset, those of a full run to the byte of their JSON.

        Args:
            creatives: dicts or `Creative`s, as they were when they were decided.
            stored: of each its decision by the old ruleset; None, or one of another creative or
                ruleset: it is scanned.
            on: the date for all of them, whatever they say.
            today: the date of creatives without one.
            first: the index of the first.

        Raises:
            ValueError: there are not as many of one as of the other.
        """
        with nothing_collected():
            rows = [
                self._row(
                    place,
                    one,
                    _taken_in(creative, place),
                    partial(_taken_in, creative, place),
                    on,
                    today,
                )
                for place, (creative, one) in enumerate(zip(creatives, stored, strict=True))
            ]
            made = self._without_scan(rows)
            left = [place for place, one in enumerate(made) if one is None]
            several = (creatives[place] for place in left)
            scanned = decide_stream(self.engine, several, today=today, on=on)
            for place, (_, decision) in zip(left, scanned, strict=True):
                made[place] = decision
        return [
            one if one.index == first + place else replace(one, index=first + place)
            for place, one in enumerate(made)
            if one is not None
        ]

    def _row(
        self,
        place: int,
        stored: Stored,
        intake: Intake | None,
        again: Callable[[], Intake | None],
        on: date | None,
        today: date,
    ) -> _Row:
        held = stored.to_dict() if isinstance(stored, Decision) else stored
        if intake is None:
            return _Row(place, None, again, held, today, INVALID)
        day = on or intake.on or today
        try:
            why = self._grounds.why(intake, held, day)
        except (KeyError, TypeError, ValueError, AttributeError):
            why = BROKEN
        return _Row(place, intake, again, held, day, why)

    def _without_scan(self, rows: Sequence[_Row]) -> list[Decision | None]:
        """The decisions on some rows without a scan; None of those that have to be scanned."""
        self._search([row for row in rows if row.why is None])
        made = [self._decided(row) for row in rows]
        why = Counter(row.why for row in rows if row.why is not None)
        kept = sum(row.kept for row in rows)
        self._note(Effort(kept, len(rows) - kept - why.total(), dict(why)))
        return made

    def _search(self, rows: Sequence[_Row]) -> None:
        """Mark those that may hold what hits otherwise."""
        if self._hunt is None:
            return
        some = [Taken(row.place, None, row.intake) for row in rows]
        near = {one.index for one in self._hunt.may_hold(some)}
        for row in rows:
            if row.place in near:
                row.why = NEAR

    def _decided(self, row: _Row) -> Decision | None:
        """The decision without a scan; None where there is none."""
        intake, held = row.intake, row.held
        if row.why is not None or intake is None or held is None:
            return None
        if not (held["hits"] or held["not_evaluated"]):
            clean = self._clean(intake, row.day, same_day=held["on"] == row.day.isoformat())
            row.kept = clean is not None
            if clean is not None:
                return clean
        if intake.images or intake.videos:
            intake = row.again() or intake  # what codes said is among its texts by now
        missed = [(one["field"], one["code"]) for one in held["not_evaluated"]]
        try:
            return self.engine.decide_taken(intake, taken_over(held["hits"]), missed, row.day)
        except ValueError:
            row.why = TEXTS
            return None

    def _clean(self, intake: Intake, day: date, *, same_day: bool) -> Decision | None:
        """The decision on what was clean and stays so; None where that is not plain."""
        outcome = self.engine.clean_outcome(intake.markets)
        if outcome is None or not self._stays_clean(same_day=same_day):
            return None
        return Decision(
            intake.id, intake.index, day.isoformat(), self.digest, "approve", dict(outcome)
        )

    def _stays_clean(self, *, same_day: bool) -> bool:
        """Whether no rule can hold now where nothing hits, and none held."""
        if self.engine.asks_of_clean == "nothing":
            return True
        return self._grounds.rules_stay or (self.plan.steady and same_day)

    # --- columns ----------------------------------------------------------------------------------

    def decide_record_batch(
        self,
        creatives: Any,
        decisions: Any,
        *,
        on: date | None = None,
        today: date,
        first: int = 0,
    ) -> Any:
        """The same of a record batch of creatives and one of their decisions, row by row.

        What was clean and cannot be touched by the change costs no object. Of decisions only the
        columns `creative`, `on`, `ruleset`, `markets`, `verdicts`, `hits` and `not_evaluated` are
        read (and `json`, where it is there).

        Args:
            creatives: a `pyarrow.RecordBatch`, as `batch.arrow.decide_record_batch` takes it.
            decisions: a `pyarrow.RecordBatch` of as many rows; a row of nulls: it is scanned.
            on: the date for all of them, whatever they say.
            today: the date of creatives without one.
            first: the index of the first row, where there is no column `index`.

        Returns:
            A `pyarrow.RecordBatch` of `model.arrow.decision_schema`: what
            `batch.arrow.decide_record_batch` gives for the new ruleset.

        Raises:
            InputError: the creatives have columns that are none of theirs, the decisions lack one,
                or there are not as many of one as of the other.
            MissingExtra: the extra `arrow` is not installed.
        """
        held = StoredColumns.of(decisions, len(creatives))
        if self.plan.everything:
            self._note(Effort(scanned={EVERYTHING: len(creatives)}))
            return decide_record_batch(self.engine, creatives, on=on, today=today, first=first)
        layout = layout_of(creatives.schema)
        answers, place = Answers(self.engine, on, today), 0
        while place < len(creatives):
            part = self._part(creatives, layout, held, place, on, today)
            answers.take(part.block, sorted(self._of_part(part), key=itemgetter(0)))
            place += len(part.block.days)
        return answers.batch(indexes_of(creatives, layout, first))

    def _part(
        self,
        creatives: Any,
        layout: Layout,
        held: StoredColumns,
        place: int,
        on: date | None,
        today: date,
    ) -> Part:
        """The rows from one on that are looked at together."""
        rest = creatives.slice(place, BLOCK_ROWS if self._reads_texts else MOST_ROWS)
        seen, own = rest, layout
        if not self._reads_texts:
            keys = ("id", "markets", "on")
            seen = rest.select([number for key in keys for number, _ in layout.numbers(key)])
            own = layout_of(seen.schema)
        block = next_block(self.engine, seen, own, place)
        rows = len(block.days)
        return Part(rest.slice(0, rows), layout, held.slice(place, rows), block, on, today)

    @property
    def _asks_letters(self) -> bool:
        """Whether a rule may hold now where a text is not ASCII, and nothing hits."""
        return self.engine.asks_of_clean == "what is not ASCII" and not self._grounds.rules_stay

    @cached_property
    def _reads_texts(self) -> bool:
        """Whether it is a matter what a creative holds whose stored decision is clean."""
        return self.plan.cuts_otherwise or self._asks_letters

    def _of_part(self, part: Part) -> list[tuple[int, Decision]]:
        """The decisions on all rows but those that are clean."""
        mine = part.held.of_ruleset(self.since)
        near = np.zeros(len(mine), dtype=bool)
        if self._hunt is not None:
            near = self._hunt.may_hold_rows(part.block.columns.batch, part.sizes())
        kept = mine & ~near & self._stay(part)
        # Texts that were read for the search are scanned for less than hits are taken over.
        read = ~kept & ~part.block.columns.odd & (self._hunt is not None)
        scanned = near | ~mine | read
        why = {NEAR: near & mine, OTHER: ~mine, READ: read & mine & ~near}
        counts = {name: int(rows.sum()) for name, rows in why.items()}
        self._note(Effort(int(kept.sum()), 0, {name: n for name, n in counts.items() if n}))
        made = self._one_by_one(part, (~kept & ~scanned).nonzero()[0].tolist())
        scanned[[row for row, one in made if one is None]] = True
        found = [(row, one) for row, one in made if one is not None]
        return found + self._scan_rows(part, scanned)

    def _one_by_one(self, part: Part, rows: Sequence[int]) -> list[tuple[int, Decision | None]]:
        """The decisions on some rows, of each from its stored one; None: it has to be scanned."""
        columns, places = part.block.columns, rows
        if not self._reads_texts:
            some = taken(part.creatives, part.layout, rows)
            columns = block_of(self.engine, some, part.layout, 0).columns
            places = range(len(rows))
        with nothing_collected():
            several = [
                self._row(row, held, intake, partial(_again, columns, place), part.on, part.today)
                for row, place, held, intake in zip(
                    rows, places, part.held.dicts(rows), columns.intakes(places), strict=True
                )
            ]
            made = self._without_scan(several)
        return list(zip(rows, made, strict=True))

    def _stay(self, part: Part) -> Flags:
        """Of each row whether its stored decision is clean and stays so."""
        held, block = part.held, part.block
        fields = Fields.of(part.creatives, part.layout, opened=self._new.opens_media)
        stay = held.clean() & held.of_creatives(block.ids) & alike(block.markets, held.markets())
        if self._reads_texts:
            stay &= ~block.columns.odd
        if self.plan.cuts_otherwise:
            stay &= part.characters() <= SURE_SIZE
        if self._grounds.pictures_anew:
            stay &= ~fields.with_media
        cases, number = part.cases(fields.with_media)
        good = [one is not None and self._case_stays(one, fields) for one in cases]
        stay &= np.array([*good, False], dtype=bool)[number]
        return stay

    def _case_stays(self, case: Case, fields: Fields) -> bool:
        """Whether clean decisions of a case stay clean, as far as no text is looked at."""
        markets, before, day = case.markets, case.before, case.day
        names = fields.names(media=case.media)
        return (
            self.engine.clean_outcome(markets) is not None
            and (self._asks_letters or self._stays_clean(same_day=before == day))
            and not self._grounds.untold(names, markets, before, day)
        )

    def _scan_rows(self, part: Part, wanted: Flags) -> list[tuple[int, Decision]]:
        """Of rows that are scanned the decisions that are not clean."""
        rows = wanted.nonzero()[0]
        some_rows = taken(part.creatives, part.layout, rows.tolist())
        made: list[tuple[int, Decision]] = []
        place = 0
        for block in blocks_of(self.engine, some_rows, part.layout, 0):
            found = self.engine.decide_columns(block.columns, part.on, part.today)
            made += [(int(rows[place + row]), decision) for row, decision in found]
            place += len(block.days)
        return made


@dataclass(slots=True)
class _Row:
    """A creative with its stored decision, and what is to be done with them."""

    place: int
    intake: Intake | None
    again: Callable[[], Intake | None]
    """Takes it in once more."""
    held: Json | None
    day: date
    why: str | None
    """Why it is scanned."""
    kept: bool = False


def _taken_in(creative: Any, place: int) -> Intake | None:
    """A creative taken in; None where it is none."""
    try:
        return read(creative, place)
    except NotACreative:
        return None


def _again(columns: CreativeColumns, place: int) -> Intake | None:
    """A row taken in."""
    return columns.intakes([place])[0]
