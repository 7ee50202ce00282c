"""Which decisions somebody wants to see: `market=SA,action=reject`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from automod.model.decision import Decision
from automod.model.vocabulary import ACTIONS

Lineage = Callable[[str], frozenset[str]]
"""Market -> itself, its parents and the groups it is in."""

KEYS: Final = ("market", "action", "policy", "material", "package", "creative", "complete")
_CHOICES: Final[Mapping[str, frozenset[str]]] = {
    "action": frozenset(ACTIONS), "complete": frozenset({"yes", "no"}),
}  # fmt: skip


def _alone(market: str) -> frozenset[str]:
    return frozenset({market})


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that must all hold; of the values of one condition any will do."""

    conditions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lineage: Lineage = _alone

    def matches(self, decision: Decision) -> bool:
        """Whether a decision is wanted.

        `market`, `action` and `policy` must hold of one market together.
        """
        return self._of_creative(decision) and (
            self.conditions.keys().isdisjoint({"market", "action", "policy"})
            or bool(self.markets(decision))
            or self._nowhere(decision)
        )

    def markets(self, decision: Decision) -> list[str]:
        """The markets of a decision in which the conditions hold."""
        return [market for market in decision.markets if self._in_market(decision, market)]

    def _of_creative(self, decision: Decision) -> bool:
        complete = {"no" if decision.not_evaluated else "yes"}
        hits = [hit.material for hit in decision.hits]
        return (
            self._holds("creative", {decision.creative or ""})
            and self._holds("complete", complete)
            and self._holds("material", set(hits))
            and self._holds("package", {material.split("/")[0] for material in hits})
        )

    def _in_market(self, decision: Decision, market: str) -> bool:
        codes = {one.policy for one in decision.verdicts if one.market == market}
        return (
            self._holds("market", self.lineage(market))
            and self._holds("action", {decision.markets[market].action})
            and self._holds("policy", codes)
        )

    def _nowhere(self, decision: Decision) -> bool:
        """A decision that has no market: only its action can be asked for."""
        asked = self.conditions.keys() & {"market", "policy"}
        return not decision.markets and not asked and self._holds("action", {decision.action})

    def _holds(self, key: str, values: frozenset[str] | set[str]) -> bool:
        wanted = self.conditions.get(key)
        return wanted is None or not wanted.isdisjoint(values)


def parse_where(text: str, lineage: Lineage = _alone) -> Where:
    """The conditions a text holds: `key=value` with commas between, alternatives with `|`.

    Raises:
        ValueError: a part is no condition, a key or an action is unknown, or a key stands twice.

    >>> sorted(parse_where("market=SA|AE,action=reject").conditions["market"])
    ['AE', 'SA']
    """
    conditions: dict[str, frozenset[str]] = {}
    for part in text.split(","):
        key, sign, value = (piece.strip() for piece in part.partition("="))
        values = frozenset(one.strip() for one in value.split("|") if one.strip())
        if not sign or not values:
            raise ValueError(f"{part.strip()!r} is no condition; write it as action=reject")
        if key not in KEYS:
            raise ValueError(f"{key!r} cannot be asked for; one of: {', '.join(KEYS)}")
        if key in conditions:
            raise ValueError(f"{key!r} stands twice; write {key}=ONE|OTHER")
        if unknown := values - _CHOICES.get(key, values):
            known = ", ".join(sorted(_CHOICES[key]))
            raise ValueError(f"{min(unknown)!r} is not a value of {key}; one of: {known}")
        conditions[key] = values
    return Where(conditions, lineage)
