"""The engine: creatives in, hits and decisions out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from automod.match.links import Link
from automod.match.literals import Backend
from automod.match.matcher import Batch, Matcher
from automod.model.canonical import to_canonical
from automod.model.decision import Decision, Hit
from automod.model.ruleset import Ruleset
from automod.model.vocabulary import NOT_EVALUATED
from automod.policy.verdict import Policy
from automod.text.fold import is_malformed

from .decide import Decider
from .evidence import Raw, hits_of, raw_of
from .intake import Intake, NotACreative, read
from .standing import Subjects

MOST_CREATIVES: Final = 128
MOST_CHARACTERS: Final = 32_768
"""A block of a batch: with 128 creatives the gain is whole, and the arrays still fit in cache."""


class Engine:
    """A compiled ruleset. Immutable, safe to share between threads; made by `automod.compile`."""

    def __init__(
        self,
        ruleset: Ruleset,
        digest: str,
        backend: Backend,
        only: frozenset[str] | None,
        restore: Callable[..., Engine],
    ) -> None:
        self.ruleset = ruleset
        self.digest = digest
        """`sha256:...` of the canonical ruleset and the versions of folding and matching."""
        self.backend = backend
        self.only = only
        self._restore = restore
        self._policy = Policy(ruleset.policies)
        self._subjects = Subjects(ruleset, only)
        self._decider = Decider(ruleset, digest, self._subjects, self._policy)
        self._matcher = Matcher(self._subjects.materials, backend, self._regions())

    def __reduce__(self) -> tuple[Any, ...]:
        return self._restore, (to_canonical(self.ruleset), self.digest, self.backend, self.only)

    @property
    def patterns(self) -> int:
        """How many literal patterns the materials became."""
        return self._matcher.patterns

    def decide(self, creative: Any, on: date | str | None = None) -> Decision:
        """The decision on one creative.

        Args:
            creative: a dict (the JSON of a creative) or a `Creative`.
            on: the date to decide for; else the creative's `on`, else today in UTC.

        What is no creative gets a decision that says so: `creative` None, `creative.invalid`.
        """
        return self.decide_batch([creative], on)[0]

    def decide_batch(
        self, creatives: Sequence[Any], on: date | str | None = None
    ) -> list[Decision]:
        """A decision for each creative, in order; the same as one by one.

        Args:
            creatives: dicts or `Creative`s.
            on: as for `decide`; today is read once for the whole call.
        """
        day = _day(on)
        today = datetime.now(UTC).date() if day is None else day
        decisions: list[Decision] = []
        for block in _blocks(_intakes(creatives)):
            decisions += self._decide_block(block, day, today)
        return decisions

    def scan(self, creative: Any) -> tuple[Hit, ...]:
        """The hits of one creative, of every status and date, before rules and allows.

        Raises:
            ValueError: the input is no creative.
        """
        intake = read(creative, 0)
        raws, _ = self._scan_block([intake])
        return hits_of(raws.get(0, ()), intake, self._subjects, self._decider.lineage)

    def decide_hits(
        self, creative: Any, hits: Iterable[Hit | dict[str, Any]], on: date | str | None = None
    ) -> Decision:
        """A decision made again from stored hits, without a scan.

        Args:
            creative: the creative that the hits are of.
            hits: what `scan` or a decision gave (`Hit`s or their dicts). Hits of rules and of
                things found are worked out anew; hits of materials that are gone are dropped.
            on: as for `decide`.

        Raises:
            ValueError: a hit does not lie within the creative's texts.
        """
        day = _day(on)
        today = datetime.now(UTC).date() if day is None else day
        try:
            intake = read(creative, 0)
        except NotACreative:
            return self._decider.invalid(0, today)
        raws = raw_of(hits, intake, self._subjects)
        malformed = [
            (field, "text.malformed")
            for field, text in zip(intake.fields, intake.texts, strict=True)
            if is_malformed(text)
        ]
        return self._decider.decide(intake, raws, malformed, day or _own_day(intake, today))

    def _decide_block(
        self, block: list[Intake | int], day: date | None, today: date
    ) -> list[Decision]:
        intakes = [one for one in block if isinstance(one, Intake)]
        raws, faults = self._scan_block(intakes)
        decide = self._decider.decide
        decisions: list[Decision] = []
        place = 0
        for one in block:
            if isinstance(one, int):
                decisions.append(self._decider.invalid(one, day or today))
                continue
            on = day or (today if one.on is None else _own_day(one, today))
            decisions.append(decide(one, raws.get(place, ()), faults.get(place, ()), on))
            place += 1
        return decisions

    def _scan_block(
        self, intakes: list[Intake]
    ) -> tuple[dict[int, list[Raw]], dict[int, list[tuple[str, str]]]]:
        """By place in the block: raw hits, and (field, code) of what could not be looked at."""
        batch = _batch(intakes)
        found = self._matcher.scan(batch)
        first = _firsts(intakes)
        raws: dict[int, list[Raw]] = {}
        for text, start, end, number in found.matches:
            owner = batch.owners[text]
            raws.setdefault(owner, []).append((text - first[owner], start, end, number))
        faults: dict[int, list[tuple[str, str]]] = {}
        for text, code in found.not_evaluated:
            owner = batch.owners[text]
            field = intakes[owner].fields[text - first[owner]]
            faults.setdefault(owner, []).append((field, code))
        if len(intakes) > 1:
            self._retry(intakes, raws, faults)
        return raws, faults

    def _retry(
        self,
        intakes: list[Intake],
        raws: dict[int, list[Raw]],
        faults: dict[int, list[tuple[str, str]]],
    ) -> None:
        """A creative that ran out of time is tried once more, alone."""
        for owner in [o for o, ones in faults.items() if any(_transient(code) for _, code in ones)]:
            again, codes = self._scan_block([intakes[owner]])
            raws[owner] = again.get(0, [])
            faults[owner] = codes.get(0, [])

    def _regions(self) -> dict[int, tuple[str, ...]]:
        """Phone materials -> the markets in which their national numbers are read."""
        return {
            number: self._decider.regions(self._subjects[number])
            for number, material in enumerate(self._subjects.materials)
            if material.kind == "phone"
        }


def _transient(code: str) -> bool:
    return NOT_EVALUATED[code]


def _day(on: date | str | None) -> date | None:
    if not isinstance(on, str):
        return on
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise ValueError(f"on is {on!r}, not a date such as 2026-11-20") from None


def _own_day(intake: Intake, today: date) -> date:
    return today if intake.on is None else date.fromisoformat(intake.on)


def _intakes(creatives: Sequence[Any]) -> Iterable[Intake | int]:
    """Each creative taken in; the index alone where it is none."""
    for index, creative in enumerate(creatives):
        try:
            yield read(creative, index)
        except NotACreative:
            yield index


def _blocks(intakes: Iterable[Intake | int]) -> Iterable[list[Intake | int]]:
    block: list[Intake | int] = []
    size = 0
    for intake in intakes:
        block.append(intake)
        size += intake.size if isinstance(intake, Intake) else 0
        if len(block) >= MOST_CREATIVES or size >= MOST_CHARACTERS:
            yield block
            block, size = [], 0
    if block:
        yield block


def _firsts(intakes: list[Intake]) -> list[int]:
    firsts, count = [], 0
    for intake in intakes:
        firsts.append(count)
        count += len(intake.texts)
    return firsts


def _batch(intakes: list[Intake]) -> Batch:
    texts: list[str] = []
    owners: list[int] = []
    regions: list[tuple[str, ...]] = []
    links: dict[int, Link] = {}
    for place, intake in enumerate(intakes):
        if intake.links:
            first = len(texts)
            links.update({first + at: link for at, link in intake.links.items()})
        texts += intake.texts
        owners += [place] * len(intake.texts)
        regions += [intake.markets] * len(intake.texts)
    return Batch(texts, owners, regions, links)
