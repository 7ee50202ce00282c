"""Which creatives of a stream may be decided otherwise: what costs little comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from automod.engine.engine import batch_of
from automod.engine.intake import Intake, NotACreative, read
from automod.engine.pictures import Viewer
from automod.engine.reach import Reach
from automod.engine.standing import Subjects
from automod.match.literals import Backend
from automod.match.matcher import Matcher
from automod.match.texts import Batch
from automod.match.traces import CROWDED, MALFORMED, Flags, Look, Traces, many_traces, traces
from automod.model.columns import picked, places
from automod.model.markets import ISO_3166
from automod.model.ruleset import Material, Ruleset
from automod.model.vocabulary import BEYOND_SAFE, MEDIA
from automod.policy.markets import Markets

BLOCK: Final = 1_024
"""Creatives that are looked at together."""


class Ruled(Protocol):
    """A ruleset as far as a hunt asks: an engine is one."""

    ruleset: Ruleset
    backend: Backend
    isolated: bool

    @property
    def opens_media(self) -> bool:
        """Whether pictures are looked at."""

    @property
    def hashes(self) -> frozenset[str]:
        """The algorithms, beside its own, by which pictures are compared."""

    def might_hit(self, field: str, market: str, on: date) -> bool:
        """Whether what is found in a field could count in a market on a day."""


@dataclass(slots=True)
class Taken:
    """A creative of the traffic, taken in."""

    index: int
    creative: Any
    intake: Intake | None
    """None: it is none."""
    certain: bool = False
    """It has to be decided by both, whatever hits it."""

    @property
    def rich(self) -> bool:
        """Whether it has to be seen whole: for its pictures or faults, or as it is none."""
        one = self.intake
        return one is None or bool(one.images or one.videos or one.faults or not one.markets)

    @property
    def texts(self) -> list[str]:
        """Its texts."""
        return [] if self.intake is None else self.intake.texts


def take(creatives: Iterable[Any], first: int) -> list[Taken]:
    """Take creatives in.

    Args:
        creatives: of the traffic, also what is none.
        first: the place of the first of them in the traffic.
    """
    found = []
    for index, creative in enumerate(creatives, first):
        try:
            found.append(Taken(index, creative, read(creative, index)))
        except NotACreative:
            found.append(Taken(index, creative, None))
    return found


class Hunt:
    """Finds the creatives of a stream that two rulesets may decide otherwise.

    >>> from automod.engine.compile import compile
    >>> from automod.model.ruleset import Package, PolicyTable
    >>> from automod.engine.reach import reach
    >>> from automod.model.changes import changes
    >>> few = [Material(f"p/{name}", "keyword", name) for name in ("casino", "poker", "slots")]
    >>> old, new = (Ruleset((Package("p", "1", "o", materials=some),), PolicyTable({}))
    ...             for some in (few[:2], few))
    >>> near = reach(old, new, changes(old, new))
    >>> hunt = Hunt(compile(old), compile(new), near, date(2026, 11, 20))
    >>> ads = [{"id": t, "markets": ["SA"], "text": {"a": t}} for t in ("free slots", "poker")]
    >>> [one.creative["id"] for one in hunt.suspected(take(ads, 0))]
    ['free slots']
    """

    def __init__(
        self, old: Ruled, new: Ruled, reach: Reach, today: date, on: date | None = None
    ) -> None:
        """Compile what is hunted for.

        Args:
            old: the engine of the ruleset before.
            new: the engine of the ruleset after.
            reach: what a creative must hold to be decided otherwise.
            today: the day for creatives without one.
            on: the day for all of them, whatever they say.
        """
        self._engines, self._reach = (old, new), reach
        self._today, self._on = today, on
        materials, regions = _sought(old.ruleset, new.ruleset, reach)
        self._nothing = not materials
        self._look = Look(materials, regions)
        self._matcher = Matcher(materials, old.backend, regions)
        # What is in no disguise changes nothing in how others are read: a scan for it is enough.
        self._plain = not any(is_hidden(one.kind, one.view) for one in materials)
        self._known = Markets(new.ruleset.policies).known
        self._media = _Media((old, new), reach, reads=bool(materials))
        self._might: dict[tuple[str, str, date], bool] = {}
        self._certain: dict[tuple[object, ...], bool] = {}
        self.looked_at = 0
        """Creatives whose text was scanned."""

    @property
    def looks_everywhere(self) -> bool:
        """Whether some material leaves no trace, so that every text is scanned."""
        return self._look.everything

    def certain_in(self, markets: Sequence[str], day: date) -> bool:
        """Whether creatives of some markets are decided by both, whatever their texts hold."""
        key = (*markets, day)
        found = self._certain.get(key)
        if found is None:
            found = self._certain[key] = (
                not markets
                or not all(map(self._known, markets))
                or any(self._differs("*", market, day) for market in markets)
            )
        return found

    def _differs(self, field: str, market: str, day: date) -> bool:
        """Whether it matters to one of the rulesets alone that a field was not evaluated."""
        key = field, market, day
        found = self._might.get(key)
        if found is None:
            old, new = (engine.might_hit(field, market, day) for engine in self._engines)
            found = self._might[key] = old != new
        return found

    def suspected(self, block: Sequence[Taken]) -> list[Taken]:
        """Those of some creatives in a row that may be decided otherwise, in order."""
        plain = [one for one in block if not one.rich]
        rich = [one for one in block if one.rich]
        return self.confirmed(rich, plain, self._marked(plain))

    def confirmed(
        self, rich: Sequence[Taken], plain: Iterable[Taken], near: Iterable[Taken]
    ) -> list[Taken]:
        """Those that may be decided otherwise, in order.

        Args:
            rich: all that are rich.
            plain: those that are not, of which some may be certain by their markets.
            near: those of them whose texts may hold something.
        """
        self._judge(plain)
        self._judge(rich)
        self._look_at_pictures(rich)
        # What codes say is among their texts by now, and may crowd them.
        looked = [one for one in (*near, *self._marked(rich)) if not one.certain]
        self.looked_at += len(looked)
        hit = set(self._scanned(looked)) if looked else set()
        chosen = {one.index: one for one in looked if one.index in hit}
        chosen |= {one.index: one for some in (rich, plain) for one in some if one.certain}
        return [chosen[index] for index in sorted(chosen)]

    def may_hold(self, several: Sequence[Taken]) -> list[Taken]:
        """Those that may hold what is hunted for, wherever and whenever they run.

        Also those of which it is not plain: what cannot be read, or is crowded.
        """
        for one, intake in self._media.look_at(several):
            one.certain = one.certain or bool(intake.faults)
        near = several if self._plain else self._marked(several)
        held = {one.index for one in near}
        if near and (self._plain or self.looks_everywhere):
            held = set(self._scanned(near))
        return [one for one in several if one.certain or one.index in held]

    def may_hold_rows(self, batch: Batch, sizes: npt.NDArray[np.integer[Any]]) -> Flags:
        """The same of creatives whose texts are together: of each, whether it may.

        Args:
            batch: their texts, owners being creatives by number.
            sizes: how many texts each has.
        """
        near = certain = np.zeros(len(sizes), np.bool_)
        if not self._plain:
            near, certain = self.near(traces(batch.texts), sizes)
        if self._plain or self.looks_everywhere:
            scanned = self._matcher.scan(batch)
            places = {match[0] for match in scanned.matches}
            places.update(text for text, _ in scanned.not_evaluated)
            near = np.zeros(len(sizes), np.bool_)
            near[[batch.owners[text] for text in places]] = True
        return near | certain

    def _marked(self, several: Sequence[Taken]) -> list[Taken]:
        """Those whose texts may hold something; what is decided by both anyway is marked."""
        found = many_traces([text for one in several for text in one.texts])
        sizes = np.fromiter((len(one.texts) for one in several), np.int64, len(several))
        near, certain = self.near(found, sizes)
        for place in certain.nonzero()[0].tolist():
            several[place].certain = True
        return [several[place] for place in near.nonzero()[0].tolist()]

    def near(self, found: Traces, sizes: npt.NDArray[np.integer[Any]]) -> tuple[Flags, Flags]:
        """Which creatives may hold something by their traces, and which are decided by both anyway.

        Args:
            found: of all their texts, one after another.
            sizes: how many texts each has.
        """
        owners = np.repeat(np.arange(len(sizes)), sizes)
        near, certain = (np.zeros(len(sizes), np.bool_) for _ in range(2))
        certain[owners[(found.bits & MALFORMED) != 0]] = True
        if not self._nothing:
            near[owners[self._look(found)]] = True
            certain[owners[(found.bits & CROWDED) != 0]] = True
        return near, certain

    def _judge(self, several: Iterable[Taken]) -> None:
        """Mark those that are decided by both whatever their texts hold.

        So is what could not be looked at, to tell how much that is.
        """
        advertisers = self._reach.advertisers
        for one in several:
            intake = one.intake
            one.certain = (
                one.certain
                or intake is None
                or bool(intake.faults)
                or self.certain_in(intake.markets, self._day(intake))
                or (intake.known is not None and intake.known.advertiser in advertisers)
            )

    def _look_at_pictures(self, several: Iterable[Taken]) -> None:
        for one, intake in self._media.look_at([one for one in several if not one.certain]):
            one.certain = one.certain or self._matters(intake)

    def _matters(self, intake: Intake) -> bool:
        """Whether what is amiss with its pictures may be told by one ruleset alone."""
        if intake.faults or self._media.differs:
            return True
        day = self._day(intake)
        fields = [name for name, _ in (*intake.images, *intake.videos)]
        return any(self._differs(one, market, day) for market in intake.markets for one in fields)

    def _day(self, intake: Intake) -> date:
        return self._on or intake.on or self._today

    def _scanned(self, near: Sequence[Taken]) -> Iterator[int]:
        """The places of those in whose text something matches, or could not be looked at."""
        batch = batch_of([one.intake for one in near if one.intake is not None])
        scanned = self._matcher.scan(batch)
        yield from (near[batch.owners[match[0]]].index for match in scanned.matches)
        yield from (near[batch.owners[text]].index for text, _ in scanned.not_evaluated)


class _Media:
    """Pictures: those that look like a sample that differs, and what codes in them say."""

    def __init__(self, engines: tuple[Ruled, Ruled], reach: Reach, *, reads: bool) -> None:
        """`reads`: whether some text may make a difference."""
        one, other = engines
        self.differs = one.opens_media != other.opens_media or one.hashes != other.hashes
        """Whether any creative with pictures may be decided otherwise."""
        self._viewers: list[Viewer] = []
        if not (one.opens_media or other.opens_media):
            return
        own = [_of_media(engine.ruleset, reach.materials) for engine in engines]
        for engine, ids in zip(engines, own, strict=True):
            # Where pictures are no matter, what codes in them say is, once.
            if ids or (reads and not any(own) and not self._viewers):
                subjects = Subjects(engine.ruleset, ids)
                viewer = Viewer(subjects, finds_things=True, isolated=engine.isolated)
                self._viewers.append(viewer)

    def look_at(self, block: Sequence[Taken]) -> list[tuple[Taken, Intake]]:
        """Those with pictures, marked where one matches; what codes say becomes their texts."""
        some = [
            (one, one.intake)
            for one in block
            if one.intake is not None and (one.intake.images or one.intake.videos)
        ]
        if not some:
            return []
        for number, viewer in enumerate(self._viewers):
            # What codes say is added once.
            intakes = [_copied(intake) if number else intake for _, intake in some]
            for place in viewer.look_at(intakes):
                some[place][0].certain = True
        return some


def is_hidden(kind: str, view: str) -> bool:
    """Whether materials of a kind and view are read in disguise.

    >>> is_hidden("keyword", "evasion"), is_hidden("keyword", "safe"), is_hidden("url", "evasion")
    (True, False, False)
    """
    return kind in ("keyword", "phrase") and view in BEYOND_SAFE


def _copied(intake: Intake) -> Intake:
    return replace(intake, fields=[*intake.fields], texts=[*intake.texts], faults=[*intake.faults])


def _of_media(ruleset: Ruleset, ids: frozenset[str]) -> frozenset[str]:
    """Which materials and allows of pictures are looked for, of some that may make a difference.

    An allow is found only in a picture that looks like a material too: with it all of these are.
    """
    allows = {
        one.id
        for package in ruleset.packages
        for one in package.allows
        if one.id in ids and one.material is not None and one.material.kind in MEDIA
    }
    name, values = ("kind", MEDIA) if allows else ("id", ids)
    found = {
        one.id
        for package in ruleset.packages
        for one in picked(package.materials, name, values)
        if one.kind in MEDIA
    }
    return frozenset(found | allows)


def _sought(
    old: Ruleset, new: Ruleset, reach: Reach
) -> tuple[list[Material], dict[int, tuple[str, ...]]]:
    """The materials of text that are hunted for, of both rulesets, and the regions of phones."""
    found: dict[tuple[str, tuple[str, ...]], list[Material]] = {}
    for ruleset in (old, new):
        lineage = Markets(ruleset.policies).lineage
        subjects = Subjects(ruleset, reach.materials)
        for number in places(subjects.materials, "id", reach.materials):
            one = subjects.materials[number]
            if one.kind in MEDIA:
                continue
            regions: tuple[str, ...] = ()
            if one.kind == "phone":
                names = {market for scope in subjects[number].scopes for market in scope.markets}
                regions = tuple(m for m in sorted(ISO_3166) if not names.isdisjoint(lineage(m)))
            same = found.setdefault((one.id, regions), [])
            if one not in same:
                same.append(one)
    pairs = [(one, regions) for (_, regions), some in found.items() for one in some]
    return [one for one, _ in pairs], {n: own for n, (_, own) in enumerate(pairs) if own}
