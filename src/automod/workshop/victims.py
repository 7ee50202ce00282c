"""The creatives that a material touched: what was done with them, and what would be without it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Any, Final, Literal

from automod.engine.compile import compile
from automod.errors import InputError
from automod.load.hit_logs import Touched, touched
from automod.load.overrides import covered
from automod.model.decision import Decision
from automod.model.ruleset import Override, Ruleset
from automod.model.vocabulary import ACTION_RANK, Action

from .lookup import ids

Share = Literal["alone", "perhaps", "together", "nothing"]
"""alone: nothing else counted; perhaps: else only rules that rest on it, and may hold without it;
together: others counted as well; nothing: the creative was approved, or its hits did not count."""

_NOBODY: Final = "hits"
"""Who signs the override that stands for 'without it', which is never written."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which victims are wanted."""

    target: str
    """`package`, `package/id`, an id alone, or `package/tag:NAME`."""
    since: date | None = None
    until: date | None = None
    """The last day; both ends belong to it."""
    markets: tuple[str, ...] = ()
    """Those whose action counts; all when empty."""


@dataclass(frozen=True, slots=True)
class Victim:
    """One decision in which the material was hit."""

    creative: str | None
    index: int
    on: str
    ruleset: str
    action: Action
    """The strictest of the markets that are asked about."""
    markets: Mapping[str, str]
    """What each of these did."""
    materials: tuple[str, ...]
    """What was hit of what is asked about."""
    fields: tuple[str, ...]
    texts: tuple[str, ...]
    """The letters, where the log has them."""
    share: Share
    others: tuple[str, ...]
    """What else counted."""
    now: Action | None = None
    """The action without the material; None: it was not decided again."""


def victims(
    paths: Sequence[str], asked: Asked, ruleset: Ruleset | None = None
) -> tuple[Victim, ...]:
    """Every decision of some logs in which a material was hit.

    Args:
        paths: hit logs or files of decisions.
        asked: about what, when and where.
        ruleset: says what a tag stands for.

    Raises:
        LoadError: a file holds something else.
        InputError: a tag is asked about, and there is no ruleset, or nothing has it.
    """
    wanted = wanted_by(asked.target, ruleset)
    found = (_victim(one, asked, wanted) for one in touched(paths, wanted) if _when(one, asked))
    return tuple(one for one in found if one is not None)


def wanted_by(target: str, ruleset: Ruleset | None) -> Callable[[str], bool]:
    """Whether a material is meant by a target, by its id.

    >>> wanted_by("gambling", None)("gambling/casino"), wanted_by("casino", None)("gambling/casino")
    (True, True)
    >>> wanted_by("gambling/casino", None)("gambling/casino-ar")
    False
    """
    package, _, part = target.partition("/")
    if part.startswith("tag:"):
        names = _tagged(target, ruleset)
        return names.__contains__
    if part:
        # The rule that a material's `needs` stands for goes with it, as with `automod off`.
        return frozenset((target, f"{target}+needs")).__contains__

    def named(name: str) -> bool:
        home, _, local = name.partition("/")
        return home == package or local in (package, f"{package}+needs")

    return named


def _tagged(target: str, ruleset: Ruleset | None) -> Collection[str]:
    if ruleset is None:
        raise InputError(f"{target!r} is a tag: give -r RULES, which say what has it")
    names = {
        one.id
        for package in ruleset.packages
        if package.name == target.partition("/")[0]
        for one in covered(target, package)
    }
    if not names:
        raise InputError(f"nothing has the tag {target!r}")
    return frozenset(names)


def _when(one: Touched, asked: Asked) -> bool:
    since, until = asked.since or date.min, asked.until or date.max
    return since.isoformat() <= one.on <= until.isoformat()


def _victim(one: Touched, asked: Asked, wanted: Callable[[str], bool]) -> Victim | None:
    """The victim of a decision; None where it did not run in the markets that are asked about."""
    markets = {
        market: action
        for market, action in one.markets.items()
        if not asked.markets or market in asked.markets
    }
    if asked.markets and not markets:
        return None
    own = [hit for hit in one.hits if wanted(hit["material"])]
    action = strictest(markets.values()) if asked.markets else strictest([one.action])
    share, others = _share(one, {hit["n"] for hit in own}, action)
    return Victim(
        one.creative, one.index, one.on, one.ruleset, action, markets,
        _each(hit["material"] for hit in own), _each(hit.get("field") for hit in own),
        _each(hit.get("text") for hit in own), share, others,
    )  # fmt: skip


def strictest(actions: Iterable[Any]) -> Action:
    """The strictest of some actions.

    >>> strictest(["approve", "review"])
    'review'
    """
    return max(actions, key=ACTION_RANK.__getitem__, default="approve")


def _each(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _share(one: Touched, own: set[int], action: Action) -> tuple[Share, tuple[str, ...]]:
    """What a material's hits had to do with the action, by the hits alone."""
    resting = {hit["n"] for hit in one.hits if hit["n"] not in own and _rests(hit, own, one.hits)}
    counted = [hit for hit in one.hits if _counts(hit)]
    others = _each(hit["material"] for hit in counted if hit["n"] not in own | resting)
    rules = _each(hit["material"] for hit in counted if hit["n"] in resting)
    if action == "approve" or not any(hit["n"] in own | resting for hit in counted):
        return "nothing", (*others, *rules)
    if others or not one.complete:
        return "together", (*others, *rules)
    return ("perhaps" if rules else "alone"), rules


def _counts(hit: Mapping[str, Any]) -> bool:
    live = hit["status"] == "live" and hit.get("allowed_by") is None
    return live and bool(hit["policies"]) and hit["weight"] > 0


def _rests(hit: Mapping[str, Any], own: set[int], hits: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a fired rule rests on hits, or on a rule that does."""
    by_number = {one["n"]: one for one in hits}
    waiting, seen = list(hit.get("parts") or ()), set[int]()
    while waiting:
        n = waiting.pop()
        if n in own:
            return True
        if n not in seen and n in by_number:
            seen.add(n)
            waiting += by_number[n].get("parts") or ()
    return False


# --- without it ----------------------------------------------------------------------------------


def without(ruleset: Ruleset, target: str) -> Ruleset:
    """The ruleset in which a target hits nothing: as `automod off --status retired` would have it.

    Args:
        ruleset: what was loaded.
        target: as for `victims`.
    """
    named = target
    if "/" not in target and all(one.name != target for one in ruleset.packages):
        several = ids(ruleset, target)
        if len(several) > 1:
            raise InputError(f"{target!r} may be any of: {', '.join(several)}")
        named = several[0] if several else target
    off = Override(_NOBODY, named, _NOBODY, _NOBODY, status="retired")
    return replace(ruleset, overrides=(*ruleset.overrides, off))


def decided_again(
    found: Sequence[Victim], creatives: Iterable[Any], ruleset: Ruleset, asked: Asked, on: date
) -> tuple[tuple[Victim, ...], tuple[str, ...]]:
    """Victims with the action that they would have now, without the material.

    Every one is scanned anew with the rules as they are now: what other material has come since
    counts as well, so nothing is released that would be stopped. Of creatives that share an id the
    strictest action counts.

    Args:
        found: the victims.
        creatives: those that were judged, as `read_all` gives them; others are passed over.
        ruleset: the rules as they are now.
        asked: what is asked about.
        on: the day to decide for.

    Returns:
        The victims, and the ids of those whose creative was not there.
    """
    names = {one.creative for one in found if one.creative is not None}
    there = [one for one in creatives if isinstance(one, dict) and one.get("id") in names]
    engine = compile(without(ruleset, asked.target))
    actions: dict[str | None, list[Decision]] = {}
    for decision in engine.decide_batch(there, on):
        actions.setdefault(decision.creative, []).append(decision)
    told = tuple(_again(one, actions.get(one.creative), asked) for one in found)
    missing = dict.fromkeys(one.creative or f"#{one.index}" for one in told if one.now is None)
    return told, tuple(missing)


def _again(one: Victim, decisions: Sequence[Decision] | None, asked: Asked) -> Victim:
    if one.creative is None or decisions is None:
        return one
    if not asked.markets:
        return replace(one, now=strictest(decision.action for decision in decisions))
    actions = [
        outcome.action
        for decision in decisions
        for market, outcome in decision.markets.items()
        if market in asked.markets
    ]
    # What runs in none of them any more is approved in none.
    return replace(one, now=strictest(actions or ["review"]))


def held(found: Iterable[Victim]) -> tuple[Victim, ...]:
    """One victim for each creative that was stopped, was decided again, and would be stopped still.

    >>> held([])
    ()
    """
    return tuple(one for one in _stopped(found) if one.now not in (None, "approve"))


def released(found: Iterable[Victim], *, again: bool) -> tuple[Victim, ...]:
    """One victim for each creative that would be approved: the latest, if that is so of it.

    Args:
        found: the victims.
        again: whether they were decided again: then those that were not stay as they are. Else
            those are meant which the material alone decided.
    """
    return tuple(
        one for one in _stopped(found) if (one.now == "approve" if again else one.share == "alone")
    )


def _stopped(found: Iterable[Victim]) -> Iterator[Victim]:
    """The latest victim of each creative, where it was not approved."""
    latest: dict[tuple[str | None, int | None], Victim] = {}
    for one in sorted(found, key=attrgetter("on")):
        latest[one.creative, one.index if one.creative is None else None] = one
    return (one for one in latest.values() if one.action != "approve")
