"""The engine: creatives in, hits and decisions out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any, Final

from automod.match.links import Link
from automod.match.literals import Backend
from automod.match.matcher import Matcher
from automod.match.texts import Batch
from automod.model.canonical import to_canonical
from automod.model.columns import places
from automod.model.decision import Decision, Hit, MarketOutcome
from automod.model.quick import nothing_collected
from automod.model.ruleset import Ruleset
from automod.model.vocabulary import NOT_EVALUATED, OF_MEDIA
from automod.policy.verdict import Policy
from automod.text.fold import is_malformed

from .columns import CreativeColumns, Places, Remembered
from .decide import Decider
from .evidence import Raw, hits_of, of_code, raw_of
from .firing import AsksOfClean
from .intake import OF_CODE, Intake, NotACreative, read
from .pictures import Viewer
from .standing import Subjects

MOST_CREATIVES: Final = 1_024
MOST_CHARACTERS: Final = 262_144
"""A block of a batch: half the size costs a tenth more, for what each call of NumPy costs."""


MOST_HITS: Final = 2_000
"""Raw matches of one creative; with more, only the first of each material are kept."""

MOST_OF_ONE: Final = 20
"""How many of a material's matches are kept then."""

SCAN_ONLY: Final = ("regex.timeout", "text.too_many_hits", "text.too_disguised")
"""What was not evaluated that only a scan can know."""

MALFORMED: Final = "text.malformed"


class Engine:
    """A compiled ruleset. Immutable, safe to share between threads; made by `automod.compile`."""

    def __init__(
        self,
        ruleset: Ruleset,
        digest: str,
        backend: Backend,
        only: frozenset[str] | None,
        isolated: bool,
        restore: Callable[..., Engine],
    ) -> None:
        self.ruleset = ruleset
        self.digest = digest
        """`sha256:...` of the canonical ruleset and the versions of folding and matching."""
        self.backend = backend
        self.only = only
        self.isolated = isolated
        """Whether images are decoded in a child process; videos always are."""
        self._restore = restore
        self._policy = Policy(ruleset.policies)
        self._subjects = Subjects(ruleset, only)
        self._decider = Decider(ruleset, digest, self._subjects, self._policy)
        self._matcher = Matcher(self._subjects.materials, backend, self._regions())
        finds_things = self._decider.finds_things
        self._viewer = Viewer(self._subjects, finds_things=finds_things, isolated=isolated)

    def __reduce__(self) -> tuple[Any, ...]:
        own = self.digest, self.backend, self.only, self.isolated
        return self._restore, (to_canonical(self.ruleset), *own)

    @property
    def patterns(self) -> int:
        """How many literal patterns the materials became."""
        return self._matcher.patterns

    @property
    def opens_media(self) -> bool:
        """Whether pictures are looked at: some material or rule could match one, or its codes."""
        return self._viewer.opens

    @property
    def hashes(self) -> frozenset[str]:
        """The algorithms, beside its own, by which pictures are compared."""
        return self._viewer.hashes

    def might_hit(self, field: str, market: str, on: date) -> bool:
        """Whether what is found in a field could count in a market on a day.

        Where nothing could, it is no matter that it was not evaluated.
        """
        return self._decider.might_hit(field, market, self._decider.lineage(market), on)

    def decide(self, creative: Any, on: date | str | None = None) -> Decision:
        """The decision on one creative.

        Args:
            creative: a dict (the JSON of a creative) or a `Creative`.
            on: the date to decide for; else the creative's `on`, else today in UTC.

        What is no creative gets a decision that says so: `creative` None, `creative.invalid`.
        """
        day = day_of(on)
        try:
            intake = read(creative, 0)
        except NotACreative:
            return self._decider.invalid(0, day or utc_today())
        likenesses = self._viewer.look_at([intake])
        raws, faults = self._scan_block([intake])
        day = day or intake.on or utc_today()
        return self._decider.decide(
            intake, raws.get(0, ()), faults.get(0, ()), day, likenesses.get(0, ())
        )

    def decide_batch(
        self, creatives: Sequence[Any], on: date | str | None = None
    ) -> list[Decision]:
        """A decision for each creative, in order; the same as one by one.

        Args:
            creatives: dicts or `Creative`s.
            on: as for `decide`; today is read once for the whole call.

        Raises:
            TypeError: one creative was given, not a list of them.
        """
        if isinstance(creatives, Mapping | str | bytes):
            raise TypeError("decide_batch takes a list of creatives; decide takes one")
        day = day_of(on)
        now = utc_today() if day is None else day
        with nothing_collected():
            return self._decide_all(creatives, day, now)

    def scan(self, creative: Any) -> tuple[Hit, ...]:
        """The hits of one creative before any day, rule or allow is looked at.

        Those of material for other markets than the creative's are left out.

        Raises:
            ValueError: the input is no creative.
        """
        intake = read(creative, 0)
        likenesses = self._viewer.look_at([intake]).get(0, ())
        raws, _ = self._scan_block([intake])
        return hits_of(raws.get(0, ()), likenesses, intake, self._subjects, self._decider.lineage)

    def decide_hits(
        self,
        creative: Any,
        hits: Decision | Mapping[str, Any] | Iterable[Hit | Mapping[str, Any]],
        on: date | str | None = None,
    ) -> Decision:
        """A decision made again from stored hits, without a scan.

        Args:
            creative: the creative that the hits are of.
            hits: a decision (or its dict), or hits alone (`Hit`s or their dicts). Hits of rules
                and of things found are worked out anew; those of materials that are gone are
                dropped. Hits alone do not say that a pattern ran out of time: give the decision.
            on: as for `decide`.

        Raises:
            ValueError: a hit is none, or does not lie within the creative's texts.
        """
        day = day_of(on)
        today = utc_today() if day is None else day
        try:
            intake = read(creative, 0)
        except NotACreative:
            return self._decider.invalid(0, today)
        stored: Any = hits.to_dict() if isinstance(hits, Decision) else hits
        missed: list[tuple[str, str]] = []
        if isinstance(stored, Mapping):
            missed = [(one["field"], one["code"]) for one in stored["not_evaluated"]]
            stored = stored["hits"]
        return self.decide_taken(intake, list(stored), missed, day or intake.on or today)

    def decide_taken(
        self,
        intake: Intake,
        stored: Sequence[Hit | Mapping[str, Any]],
        missed: Sequence[tuple[str, str]],
        day: date,
    ) -> Decision:
        """`decide_hits` of a creative that is taken in already.

        Args:
            intake: its pictures not looked at so far.
            stored: its hits.
            missed: field and code of what could not be evaluated.
            day: the date to decide for.

        Raises:
            ValueError: as `decide_hits` does.
        """
        read_alone = list(intake.faults)
        if self._decider.finds_things or any(map(of_code, stored)):
            self._viewer.look_at([intake])  # what codes say is not in the creative's own texts
            intake.faults = read_alone
        raws, likenesses = raw_of(stored, intake, self._subjects)
        # In the order of a scan: what was amiss with pictures, with texts, with searching them.
        looked_at = [one for one in missed if one[0].startswith((*OF_MEDIA, OF_CODE))]
        faults = [one for one in looked_at if one[1] not in (*SCAN_ONLY, MALFORMED)]
        faults += [
            (field, MALFORMED)
            for field, text in zip(intake.fields, intake.texts, strict=True)
            if is_malformed(text)
        ]
        faults += [one for one in looked_at if one[1] == MALFORMED]
        faults += [one for one in missed if one[1] in SCAN_ONLY]
        return self._decider.decide(intake, raws, faults, day, likenesses)

    def _decide_all(
        self, creatives: Iterable[Any], day: date | None, today: date
    ) -> list[Decision]:
        """A decision for each; once it returns, the collector finds nothing else to look at."""
        decisions: list[Decision] = []
        for block in _blocks(_intakes(creatives)):
            decisions += self._decide_block(block, day, today)
        return decisions

    def _decide_block(
        self, block: list[Intake | int], day: date | None, today: date
    ) -> list[Decision]:
        intakes = [one for one in block if isinstance(one, Intake)]
        likenesses = self._viewer.look_at(intakes)
        raws, faults = self._scan_block(intakes)
        decide = self._decider.decide
        decisions: list[Decision] = []
        place = 0
        for one in block:
            if isinstance(one, int):
                decisions.append(self._decider.invalid(one, day or today))
                continue
            on = day or one.on or today
            own = raws.get(place, ()), faults.get(place, ())
            decisions.append(decide(one, *own, on, likenesses.get(place, ())))
            place += 1
        return decisions

    def decide_columns(
        self, block: CreativeColumns, day: date | None, today: date
    ) -> list[tuple[int, Decision]]:
        """The decisions that are more than clean, of creatives in columns, each with its row.

        On all others it is approved in all of their markets, and nothing is to be said of them.

        Args:
            block: a few thousand rows; what is found in all of them is held at once.
            day: the date for all of them, whatever they say.
            today: the date of those without one.
        """
        odd = block.odd.nonzero()[0].tolist()
        intakes = [
            row if one is None else one for row, one in zip(odd, block.intakes(odd), strict=True)
        ]
        found = list(zip(odd, self._decide_block(intakes, day, today), strict=True))
        if len(odd) < len(block.odd):
            found += self._decide_rows(block, day, today)
        return sorted(found, key=itemgetter(0))

    def _decide_rows(
        self, block: CreativeColumns, day: date | None, today: date
    ) -> Iterable[tuple[int, Decision]]:
        """The decisions on the rows that are not odd in which something was found, or missed."""
        raws, faults = self._scan(block.batch, block.first, Remembered(block.intake))
        rows = list({**raws, **faults})
        for row, intake in zip(rows, block.intakes(rows), strict=True):
            if intake is None:  # never: it has texts in the batch
                raise ValueError(f"row {row} is no creative")
            own = raws.get(row, ()), faults.get(row, ())
            yield row, self._decider.decide(intake, *own, day or intake.on or today)

    def clean_outcome(self, markets: tuple[str, ...]) -> Mapping[str, MarketOutcome] | None:
        """What markets do where nothing is found; None where they are not known, or there are none.

        >>> from .compile import compile
        >>> from automod.model.ruleset import PolicyTable, Ruleset
        >>> compile(Ruleset((), PolicyTable({}))).clean_outcome(("SA",))
        {'SA': MarketOutcome(action='approve', complete=True, restrictions=())}
        """
        return self._decider.clean_outcome(markets)

    @property
    def asks_of_clean(self) -> AsksOfClean:
        """Of which creatives some rule may hold although no material hit."""
        return self._decider.asks_of_clean

    def _scan_block(
        self, intakes: list[Intake]
    ) -> tuple[dict[int, list[Raw]], dict[int, list[tuple[str, str]]]]:
        """By place in the block: raw hits, and (field, code) of what could not be looked at."""
        return self._scan(batch_of(intakes), _firsts(intakes), intakes)

    def _scan(
        self, batch: Batch, first: Sequence[int], intakes: Places[Intake]
    ) -> tuple[dict[int, list[Raw]], dict[int, list[tuple[str, str]]]]:
        """The same of texts that are there already; `first`: the number of each one's first."""
        found = self._matcher.scan(batch)
        raws: dict[int, list[Raw]] = defaultdict(list)
        owners = batch.owners
        for text, start, end, number in found.matches:
            owner = owners[text]
            raws[owner].append((text - first[owner], start, end, number))
        faults: dict[int, list[tuple[str, str]]] = {}
        for text, code in found.not_evaluated:
            owner = owners[text]
            field = intakes[owner].fields[text - first[owner]]
            faults.setdefault(owner, []).append((field, code))
        if len(first) > 1:
            self._retry(intakes, raws, faults)
        for owner in [owner for owner, some in raws.items() if len(some) > MOST_HITS]:
            raws[owner], is_cut = self._fewer(raws[owner])
            if is_cut:
                faults.setdefault(owner, []).append(("*", "text.too_many_hits"))
        return raws, faults

    def _fewer(self, raws: list[Raw]) -> tuple[list[Raw], bool]:
        """Few enough matches, and whether any is left out that may count.

        Those in shadow are no reason to leave out others.
        """
        shadow = [raw for raw in raws if self._subjects[raw[3]].status == "shadow"]
        others = [raw for raw in raws if self._subjects[raw[3]].status != "shadow"]
        is_cut = len(others) > MOST_HITS
        return [*(_first_of_each(others) if is_cut else others), *_first_of_each(shadow)], is_cut

    def _retry(
        self,
        intakes: Places[Intake],
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
        phones = places(self._subjects.materials, "kind", ["phone"])
        return {number: self._decider.regions(self._subjects[number]) for number in phones}


def _first_of_each(raws: list[Raw]) -> list[Raw]:
    """The first MOST_OF_ONE places of each material: it counts once, however often it is there."""
    counts: Counter[int] = Counter()
    kept = []
    for raw in sorted(raws):
        counts[raw[3]] += 1
        if counts[raw[3]] <= MOST_OF_ONE:
            kept.append(raw)
    return kept


def _transient(code: str) -> bool:
    return NOT_EVALUATED[code]


def utc_today() -> date:
    """The date now, in UTC: what counts where nobody says another."""
    return datetime.now(UTC).date()


def day_of(on: date | str | None) -> date | None:
    """The date to decide for, as a caller gives it.

    Raises:
        TypeError: it is no date (a time is none), and no text.
        ValueError: it is a text that is no date.

    >>> day_of("2026-11-20")
    datetime.date(2026, 11, 20)
    """
    if on is None or type(on) is date:
        return on
    if not isinstance(on, str):
        raise TypeError(f"on is {on!r}; a date, or its text such as 2026-11-20, is needed")
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise ValueError(f"on is {on!r}, not a date such as 2026-11-20") from None


def _intakes(creatives: Iterable[Any]) -> Iterable[Intake | int]:
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


def batch_of(intakes: Sequence[Intake]) -> Batch:
    """The texts of creatives, as the matcher takes them."""
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
