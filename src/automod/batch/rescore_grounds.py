"""Why the stored decision on a creative does not tell what a full run would say of it now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from automod.engine.engine import MOST_OF_ONE
from automod.engine.intake import OF_CODE, Intake
from automod.model.vocabulary import NOT_EVALUATED

from .rescore_plan import RescorePlan, is_dated
from .rescore_side import Side

Json = Mapping[str, Any]

EVERYTHING: Final = "everything is scanned"
NONE: Final = "no stored decision"
OTHER: Final = "decided by another ruleset"
ELSE: Final = "decided as another creative"
TEXTS: Final = "decided with other texts"
INVALID: Final = "no creative"
BROKEN: Final = "its stored decision is none"
PICTURES: Final = "its pictures are looked at otherwise"
MISSED: Final = "not evaluated before"
UNTOLD: Final = "what was not evaluated was not told"
CUT: Final = "hits may have been cut"
NEAR: Final = "may hold what hits otherwise"
READ: Final = "was not clean, and read already"
"""Why creatives are scanned."""

TOO_MANY: Final = "text.too_many_hits"

_MADE_ANEW: Final = frozenset({"found", "rule"})
"""Kinds of hits that are no material's: they are worked out from the others."""

SURE_SIZE, SURE_HITS, SURE_OF_ONE = 500, 200, MOST_OF_ONE
"""Of a creative of no more characters, with fewer hits in all and of any one material, no hit was
cut: that takes 2,000 matches. Those of materials of other markets and fields count there, and are
not stored; so many of them are in no short text."""

_MOST: Final = 10_000
"""Answers that are remembered; it begins anew when there are more."""


class Grounds:
    """What a plan asks of stored decisions, one by one. Immutable but for what it remembers."""

    def __init__(self, plan: RescorePlan, old: Side, new: Side) -> None:
        self.plan, self.old, self.new = plan, old, new
        self.pictures_anew = new.opens_media != old.opens_media or new.hashes != old.hashes
        """Whether what is amiss with pictures, and what codes say, is looked at only now, or no
        more."""
        self.rules_stay = plan.steady and not (is_dated(old.ruleset) or is_dated(new.ruleset))
        """Whether where nothing hits no rule holds, on whatever day, if none held."""
        self._untold: dict[tuple[object, ...], bool] = {}

    def why(self, intake: Intake, held: Json | None, day: date) -> str | None:
        """Why a creative has to be scanned for a day; None where its stored decision may do.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: what is stored is no decision.
        """
        if self.plan.everything:
            return EVERYTHING
        if held is None:
            return NONE
        return self._other(intake, held) or self._touched(intake, held) or self._hidden(
            intake, date.fromisoformat(held["on"]), day
        )  # fmt: skip

    def _other(self, intake: Intake, held: Json) -> str | None:
        """Whether it is of something else."""
        if held["ruleset"] != self.old.digest:
            return OTHER
        if held["creative"] != intake.id or tuple(held["markets"]) != intake.markets:
            return ELSE
        return None if _are_of(held["hits"], intake) else TEXTS

    def _touched(self, intake: Intake, held: Json) -> str | None:
        """Whether what it says may be said otherwise."""
        if self.pictures_anew and (intake.images or intake.videos):
            return PICTURES
        if self._may_close(held["not_evaluated"]):
            return MISSED
        if self.plan.cuts_otherwise and _may_be_cut(intake, held["hits"]):
            return CUT
        sought = self.plan.sought
        return NEAR if any(one["material"] in sought for one in held["hits"]) else None

    def _may_close(self, gaps: Sequence[Json]) -> bool:
        """Whether a gap may close, or change, by a scan."""
        if self.plan.matches_otherwise:
            return bool(gaps)
        cut = self.plan.restated
        return any(
            NOT_EVALUATED.get(one["code"], True) or (cut and one["code"] == TOO_MANY)
            for one in gaps
        )

    def _hidden(self, intake: Intake, before: date, day: date) -> str | None:
        """Whether it may not say all that was there."""
        markets, names = intake.markets, _fields_of(intake, media=self.new.opens_media)
        if self.untold(names, markets, before, day) and any(
            self.new.tells(name, markets, day, intake.id)
            and not self.old.tells(name, markets, before, intake.id)
            for name in names
        ):
            return UNTOLD
        return None

    def untold(
        self, names: tuple[str, ...], markets: tuple[str, ...], before: date, day: date
    ) -> bool:
        """Whether it may be told now of a field of which nobody would have told before.

        Of some creative at least: ramps let in some of them.
        """
        key = names, markets, before, day
        found = self._untold.get(key)
        if found is None:
            if len(self._untold) >= _MOST:
                self._untold.clear()
            found = self._untold[key] = any(
                self.new.tells(name, markets, day)
                and not self.old.tells_of_all(name, markets, before)
                for name in names
            )
        return found


def taken_over(hits: Iterable[Json]) -> list[Json]:
    """The stored hits that are of materials; those of rules and things are made anew."""
    return [one for one in hits if one["kind"] not in _MADE_ANEW]


def _are_of(hits: Iterable[Json], intake: Intake) -> bool:
    """Whether hits that say what letters they found have found them in these texts."""
    fields = intake.fields
    for one in hits:
        letters, field = one.get("text"), one.get("field")
        if letters is not None and field in fields:
            text = intake.texts[fields.index(field)]
            if text[one["start"] : one["end"]] != letters:
                return False
    return True


def _may_be_cut(intake: Intake, hits: Sequence[Json]) -> bool:
    """Whether hits may be missing that others crowded out."""
    if intake.size > SURE_SIZE or len(hits) >= SURE_HITS:
        return True
    return len(hits) >= SURE_OF_ONE and (
        max(Counter(one["material"] for one in hits).values()) >= SURE_OF_ONE
    )


def _fields_of(intake: Intake, *, media: bool) -> tuple[str, ...]:
    """The fields of a creative of which it may be told that they were not evaluated.

    `media`: whether pictures are looked at.
    """
    names = ["*", *intake.fields, *(name for name, _ in intake.faults)]
    for name, _ in (*intake.images, *intake.videos) if media else ():
        names += [name, f"{OF_CODE}{name}"]
    return tuple(dict.fromkeys(names)) if len(names) > len(intake.fields) + 1 else tuple(names)
