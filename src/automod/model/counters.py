"""What was judged, as counts that add up: of creatives, and of the creatives each material hit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from threading import Lock
from typing import Annotated, Any, Final, Literal, TypeVar, get_args

from pydantic import Field

from .decision import Decision, Json
from .scalars import Day, SchemaVersion, Written
from .vocabulary import ACTIONS, Action

SCHEMA: Final = 1

EVERYWHERE: Final = "*"
"""The market under which every creative counts once, whatever its markets."""
OTHER: Final = "other"
"""The market of those that come after `MOST_MARKETS`: advertisers write what they like."""
MOST_MARKETS: Final = 1_000
FOUND: Final = "found"
"""The kind of what a rule saw and nobody listed: any phone, any link. It is no material."""

Counted = Literal["live", "shadow", "allowed"]
"""How a material hit a creative, at its strictest: acting, only recorded, or under an allow."""
COUNTED: Final[tuple[Counted, ...]] = get_args(Counted)

Judged = tuple[str, str, str]
"""Digest of the ruleset, day, market."""
Hits = tuple[str, str, str, str, str, str]
"""Digest of the ruleset, day, market, material, version of its package, how it hit."""


_MOST: Final = 2**53
"""What every reader of JSON keeps whole, and no sum of some thousand outgrows 64 bits."""
Count = Annotated[int, Field(ge=0, le=_MOST)]


class JudgedCounts(Written):
    """The creatives that one ruleset judged for one day in one market."""

    ruleset: str
    on: Day
    market: str
    creatives: Count
    incomplete: Count
    """Those of which something was not evaluated."""
    actions: dict[Action, Count]


class HitCounts(Written):
    """The creatives that a material hit, for one ruleset, day and market."""

    ruleset: str
    on: Day
    market: str
    material: str
    version: str
    status: Counted
    creatives: Count


class CountersForm(Written):
    """Counters as JSON has them."""

    schema_: SchemaVersion = Field(1, alias="schema")
    judged: tuple[JudgedCounts, ...] = ()
    hits: tuple[HitCounts, ...] = ()


class Counters:
    """Counts of what was judged: no text of an ad, no id of a creative.

    Every creative counts once in each of its markets, and once under `EVERYWHERE`. A creative that
    a material hit, however often, is one, in each of the creative's markets.

    Threads may share one: an increment holds a lock. So may processes each have their own, and the
    counts are merged.

    >>> counters = Counters()
    >>> counters.add(Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}))
    >>> counters.creatives(), counters.creatives(market="SA")
    (1, 0)
    """

    __slots__ = ("_lock", "_markets", "_most", "hits", "judged")

    def __init__(self, most: int | None = MOST_MARKETS) -> None:
        """None counted yet.

        Args:
            most: markets that `add` counts by name, the first that come; None: all. What is added
                up of parts is the same however they are cut only if each has all.
        """
        self._most = most
        self.judged: dict[Judged, list[int]] = {}
        """-> creatives, those that are incomplete, and one count for each of `ACTIONS`."""
        self.hits: dict[Hits, int] = {}
        """-> creatives."""
        self._markets: set[str] = {EVERYWHERE, OTHER}
        self._lock = Lock()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Counters):
            return NotImplemented
        return self.judged == other.judged and self.hits == other.hits

    __hash__ = None  # type: ignore[assignment]  # what changes has no hash

    def __repr__(self) -> str:
        return f"Counters(creatives={self.creatives()}, rows={len(self.judged) + len(self.hits)})"

    def __reduce__(self) -> tuple[Any, ...]:  # a lock goes to no other process
        return Counters.from_dict, (self.to_dict(),)

    # --- counting --------------------------------------------------------------------------------

    def add(self, decision: Decision | Mapping[str, Any]) -> None:
        """Count one decision.

        Args:
            decision: as `decide` gives it, or its JSON.
        """
        judged, hits = (_of_decision if isinstance(decision, Decision) else _of_json)(decision)
        with self._lock:
            for key, row in judged:
                _raise(self.judged, self._bounded(key), row)
            for hit in hits:
                here: Hits = self._bounded(hit)
                self.hits[here] = self.hits.get(here, 0) + 1

    def _bounded(self, key: Any) -> Any:
        """The key, with a market that is one too many under `OTHER`."""
        market = key[2]
        if market not in self._markets:
            if self._most is not None and len(self._markets) >= self._most + 2:
                return (*key[:2], OTHER, *key[3:])
            self._markets.add(market)
        return key

    def merge(self, *others: Counters) -> Counters:
        """Take over the counts of others; in any order the same.

        Returns:
            These counters.

        >>> one, two = Counters(), Counters()
        >>> two.add(Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}))
        >>> one.merge(two, two.snapshot()).creatives()
        2
        """
        for other in others:
            taken = other.snapshot()  # by itself: two that take each other over would wait forever
            self.take(taken.judged.items(), taken.hits.items())
        return self

    def take(
        self,
        judged: Iterable[tuple[Judged, Iterable[int]]],
        hits: Iterable[tuple[Hits, int]],
    ) -> None:
        """Take over counts by their keys, as `judged` and `hits` hold them."""
        with self._lock:
            for key, row in judged:
                self._markets.add(key[2])
                _raise(self.judged, key, row)
            for hit, n in hits:
                self._markets.add(hit[2])
                self.hits[hit] = self.hits.get(hit, 0) + n

    def snapshot(self) -> Counters:
        """The counts as they are at one moment; what is counted later does not change them."""
        found = Counters(self._most)
        with self._lock:
            found.judged = {key: list(row) for key, row in self.judged.items()}
            found.hits = dict(self.hits)
            found._markets = set(self._markets)
        return found

    # --- asking ----------------------------------------------------------------------------------

    def creatives(
        self, market: str = EVERYWHERE, on: str | None = None, ruleset: str | None = None
    ) -> int:
        """How many creatives were judged.

        Args:
            market: in which market; left out, each creative once.
            on: for which day; left out, all.
            ruleset: by which ruleset; left out, all.
        """
        return sum(row[0] for row in self._judged(market, on, ruleset))

    def incomplete(
        self, market: str = EVERYWHERE, on: str | None = None, ruleset: str | None = None
    ) -> int:
        """How many of these were not evaluated in full."""
        return sum(row[1] for row in self._judged(market, on, ruleset))

    def _judged(self, market: str, on: str | None, ruleset: str | None) -> Iterator[list[int]]:
        for (digest, day, place), row in self.snapshot().judged.items():
            if place == market and on in (None, day) and ruleset in (None, digest):
                yield row

    def hit(
        self,
        target: str,
        market: str = EVERYWHERE,
        on: str | None = None,
        status: Counted | None = None,
    ) -> int:
        """How many creatives a material hit.

        Args:
            target: its id.
            market: in which market; left out, each creative once.
            on: for which day; left out, all.
            status: how; left out, live or in shadow.
        """
        wanted = ("live", "shadow") if status is None else (status,)
        return sum(
            n
            for (_, day, place, material, _, how), n in self.snapshot().hits.items()
            if material == target and place == market and on in (None, day) and how in wanted
        )

    # --- JSON ------------------------------------------------------------------------------------

    def to_dict(self) -> Json:
        """The counts as JSON has them (the published schema `counters`), sorted by their keys."""
        held = self.snapshot()
        return {
            "schema": SCHEMA,
            "judged": [_judged_row(key, held.judged[key]) for key in sorted(held.judged)],
            "hits": [_hit_row(key, held.hits[key]) for key in sorted(held.hits)],
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Counters:
        """The counters of their JSON.

        Raises:
            pydantic.ValidationError: it is something else.

        >>> Counters.from_dict(Counters().to_dict()) == Counters()
        True
        """
        return cls.of_form(CountersForm.model_validate(value))

    @classmethod
    def of_form(cls, form: CountersForm) -> Counters:
        """The counters of their JSON, read already."""
        found = cls()
        found.take(map(_judged_of, form.judged), map(_hits_of, form.hits))
        return found


Key = TypeVar("Key")


def _raise(counts: dict[Key, list[int]], key: Key, more: Iterable[int]) -> None:
    row = counts.get(key)
    counts[key] = list(more) if row is None else [a + b for a, b in zip(row, more, strict=True)]


def _of_decision(decision: Any) -> tuple[list[tuple[Judged, list[int]]], Iterable[Hits]]:
    on, ruleset = decision.on, decision.ruleset
    whole = (EVERYWHERE, decision.action, not decision.not_evaluated)
    markets = [(name, one.action, one.complete) for name, one in decision.markets.items()]
    hits = (
        (hit.material, hit.version, "allowed" if hit.allowed_by is not None else hit.status)
        for hit in decision.hits
        if hit.kind != FOUND
    )
    return _rows(on, ruleset, [whole, *markets], hits)


def _of_json(decision: Any) -> tuple[list[tuple[Judged, list[int]]], Iterable[Hits]]:
    whole = (EVERYWHERE, decision["action"], not decision.get("not_evaluated"))
    markets = [(name, one["action"], one["complete"]) for name, one in decision["markets"].items()]
    hits = (
        (hit["material"], hit["version"],
         "allowed" if hit.get("allowed_by") is not None else hit["status"])
        for hit in decision["hits"]
        if hit.get("kind") != FOUND
    )  # fmt: skip
    return _rows(decision["on"], decision["ruleset"], [whole, *markets], hits)


def _rows(
    on: str,
    ruleset: str,
    outcomes: list[tuple[str, str, bool]],
    hits: Iterable[tuple[str, str, str]],
) -> tuple[list[tuple[Judged, list[int]]], Iterable[Hits]]:
    judged = [
        ((ruleset, on, market), [1, not complete, *(action == one for one in ACTIONS)])
        for market, action, complete in outcomes
    ]
    strictest: dict[tuple[str, str], str] = {}
    for material, version, how in hits:
        known = strictest.get((material, version))
        if known is None or COUNTED.index(how) < COUNTED.index(known):
            strictest[material, version] = how
    return judged, [
        (ruleset, on, market, material, version, how)
        for (material, version), how in strictest.items()
        for market, _, _ in outcomes
    ]


def _judged_row(key: Judged, row: list[int]) -> Json:
    creatives, incomplete, *actions = map(int, row)
    return {
        **dict(zip(("ruleset", "on", "market"), key, strict=True)),
        "creatives": creatives, "incomplete": incomplete,
        "actions": dict(zip(ACTIONS, actions, strict=True)),
    }  # fmt: skip


def _hit_row(key: Hits, creatives: int) -> Json:
    names = ("ruleset", "on", "market", "material", "version", "status")
    return dict(zip(names, key, strict=True)) | {"creatives": creatives}


def _judged_of(row: JudgedCounts) -> tuple[Judged, list[int]]:
    actions = [row.actions.get(one, 0) for one in ACTIONS]
    return (row.ruleset, row.on.isoformat(), row.market), [row.creatives, row.incomplete, *actions]


def _hits_of(row: HitCounts) -> tuple[Hits, int]:
    key = (row.ruleset, row.on.isoformat(), row.market, row.material, row.version, row.status)
    return key, row.creatives
