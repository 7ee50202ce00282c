"""Which decisions somebody wants to see: `market=SA,action=reject`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from automod.engine.firing import FOUND
from automod.load.faults import did_you_mean
from automod.model.columns import column
from automod.model.decision import Decision
from automod.model.markets import ISO_3166
from automod.model.ruleset import Ruleset
from automod.model.vocabulary import ACTIONS
from automod.policy.markets import Markets

Lineage = Callable[[str], frozenset[str]]
"""Market -> itself, its parents and the groups it is in."""

KEYS: Final = ("market", "action", "policy", "material", "package", "creative", "complete")
_CHOICES: Final[Mapping[str, frozenset[str]]] = {
    "action": frozenset(ACTIONS), "complete": frozenset({"yes", "no"}),
}  # fmt: skip
_MOST_TOLD: Final = 20
"""Values of a key that a message lists."""


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


def parse_where(text: str, ruleset: Ruleset | None = None) -> Where:
    """The conditions a text holds: `key=value` with commas between, alternatives with `|`.

    Args:
        text: the conditions.
        ruleset: what decisions are made with. Its groups stand for the markets in them, and a
            market, policy, material or package that it does not know is refused: a gate on a name
            that no decision ever has would stay open for ever.

    Raises:
        ValueError: a part is no condition, a key or a value is unknown, or a key stands twice.

    >>> sorted(parse_where("market=SA|AE,action=reject").conditions["market"])
    ['AE', 'SA']
    """
    known = dict(_CHOICES) if ruleset is None else {**_CHOICES, **_names(ruleset)}
    conditions = read_conditions(text, KEYS)
    for key, values in conditions.items():
        if unknown := values - known.get(key, values):
            raise ValueError(_unknown(key, min(unknown), known[key]))
    return Where(conditions, _alone if ruleset is None else Markets(ruleset.policies).lineage)


def read_conditions(text: str, keys: Sequence[str]) -> dict[str, frozenset[str]]:
    """The conditions a text holds, by key: `key=value` with commas between, alternatives with `|`.

    Args:
        text: the conditions.
        keys: what may be asked for.

    Raises:
        ValueError: a part is no condition, a key is unknown, or stands twice.

    >>> sorted(read_conditions("market=SA|AE", ("market",))["market"])
    ['AE', 'SA']
    """
    conditions: dict[str, frozenset[str]] = {}
    for part in text.split(","):
        key, values = _condition(part, keys)
        if key in conditions:
            raise ValueError(f"{key!r} stands twice; write {key}=ONE|OTHER")
        conditions[key] = values
    return conditions


def _condition(part: str, keys: Sequence[str]) -> tuple[str, frozenset[str]]:
    key, sign, value = (piece.strip() for piece in part.partition("="))
    values = frozenset(one.strip() for one in value.split("|") if one.strip())
    if not sign or not values:
        raise ValueError(f"{part.strip()!r} is no condition; write it as {keys[0]}=VALUE")
    if key not in keys:
        raise ValueError(f"{key!r} cannot be asked for; one of: {', '.join(keys)}")
    return key, values


def _names(ruleset: Ruleset) -> dict[str, frozenset[str]]:
    """What a decision may name under each key."""
    table = ruleset.policies
    markets = {*ISO_3166, *table.groups, *table.parents, *table.parents.values()}
    materials = {f"found/{name}" for name in FOUND}
    for package in ruleset.packages:
        materials.update(column(package.materials, "id"))
        materials.update(one.id for one in package.rules)
        # An allow for advertisers protects, and is never a hit.
        materials.update(one.id for one in package.allows if one.material is not None)
    return {
        "market": frozenset(markets),
        "policy": frozenset(table.codes),
        "material": frozenset(materials),
        "package": frozenset(one.partition("/")[0] for one in materials)
        | {package.name for package in ruleset.packages},
    }


def _unknown(key: str, value: str, known: frozenset[str]) -> str:
    hint = did_you_mean(value, known)
    if hint is None and len(known) <= _MOST_TOLD:
        hint = f"one of: {', '.join(sorted(known))}"
    told = f"{value!r} is not a value of {key}" if key in _CHOICES else f"no {key} {value!r}"
    return told if hint is None else f"{told}; {hint}"
