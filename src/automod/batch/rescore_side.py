"""A ruleset as far as its decisions are compared with those of another: without its matcher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from automod.engine.compile import VERSIONS
from automod.engine.decide import Decider
from automod.engine.pictures import are_opened
from automod.engine.standing import Subjects
from automod.match.literals import Backend
from automod.media.phash import OTHER_ALGORITHMS
from automod.model.canonical import digest
from automod.model.columns import picked, various
from automod.model.ruleset import Ruleset
from automod.model.vocabulary import MEDIA
from automod.policy.verdict import Policy


class Side:
    """What one ruleset says of what was not evaluated, and of pictures.

    >>> from automod.model.ruleset import PolicyTable
    >>> side = Side(Ruleset((), PolicyTable({})))
    >>> side.opens_media, side.might_hit("body", "SA", date(2026, 11, 20))
    (False, False)
    """

    def __init__(
        self, ruleset: Ruleset, backend: Backend = "ahocorasick-rs", *, isolated: bool = False
    ) -> None:
        """Prepare it; `backend` and `isolated`: of those who search for some of its materials."""
        self.ruleset, self.backend, self.isolated = ruleset, backend, isolated
        self.digest = digest(ruleset, VERSIONS)
        subjects = Subjects(ruleset, None)
        self._decider = Decider(ruleset, self.digest, subjects, Policy(ruleset.policies))
        self.opens_media = are_opened(subjects, finds_things=self._decider.finds_things)
        """Whether pictures are looked at."""
        self.hashes = _hashes(subjects)
        """The algorithms, beside its own, by which pictures are compared."""

    def might_hit(self, field: str, market: str, on: date, creative: str | None = None) -> bool:
        """Whether what is found in a field could count in a market on a day.

        Without a creative: in that of any that ramps let in.
        """
        lineage = self._decider.lineage(market)
        return self._decider.might_hit(field, market, lineage, on, creative)

    def tells(
        self, field: str, markets: Sequence[str], on: date, creative: str | None = None
    ) -> bool:
        """Whether it is told that a field could not be evaluated, in one of some markets."""
        return any(self.might_hit(field, market, on, creative) for market in markets)

    def tells_of_all(self, field: str, markets: Sequence[str], on: date) -> bool:
        """Whether it is told of any creative, whatever ramps let in."""
        decider = self._decider
        return any(decider.matters(field, one, decider.lineage(one), on) is True for one in markets)


def _hashes(subjects: Subjects) -> frozenset[str]:
    media = [kind for kind in MEDIA if kind in various(subjects.materials, "kind")]
    samples = [one.sample for one in picked(subjects.materials, "kind", media)]
    held = {one.algorithm for one in samples if one is not None and not one.times}
    return frozenset(OTHER_ALGORITHMS) & held
