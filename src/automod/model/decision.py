"""What the engine answers: hits, verdicts, a decision; and their JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automod.version import UNICODE, __version__

from .vocabulary import Action, Ground, Kind, Severity, Stance, Status, View

SCHEMA = 1

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """One material (or fired rule, allow, or thing found) at one place of the original text.

    `start` and `end` are code points of the original field, half-open. A rule has no field and
    no span; its `parts` are the `n` of the hits it rests on.
    """

    n: int
    material: str
    version: str
    policies: tuple[str, ...]
    status: Status
    kind: Kind | str
    """A material kind, `rule`, `allow`, or `found`."""
    field: str | None
    start: int | None
    end: int | None
    text: str | None
    view: View | str | None
    """Of text the folding level that was needed; of a picture how it was looked at."""
    folds: tuple[str, ...] = ()
    confidence: float = 1.0
    weight: float = 0.0
    distance: int | None = None
    """Bits in which a picture differs from the sample."""
    at: float | None = None
    """Seconds into a video."""
    box: tuple[int, int, int, int] | None = None
    """Left, top, right, bottom in the original picture: half-open, in pixels."""
    parts: tuple[int, ...] = ()
    allowed_by: str | None = None
    overridden_by: str | None = None

    def to_dict(self) -> Json:
        """The hit as JSON has it."""
        return {name: _plain(getattr(self, name)) for name in Hit.__slots__}


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with values; sentences come from the catalogue."""

    code: str
    items: tuple[tuple[str, Any], ...]

    @property
    def values(self) -> Json:
        """The values by name."""
        return dict(self.items)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One policy code in one market, with the hits it rests on."""

    market: str
    policy: str
    severity: Severity
    stance: tuple[Stance, ...]
    row: str
    ground: Ground
    source: str
    score: float
    threshold: float
    """The threshold the score was measured against: `act` when it was reached, else `review`."""
    action: Action
    because: tuple[int, ...]
    reason: Reason

    def to_dict(self) -> Json:
        """The verdict as JSON has it."""
        verdict = {name: _plain(getattr(self, name)) for name in Verdict.__slots__}
        values = {name: _plain(value) for name, value in self.reason.items}
        return verdict | {"reason": {"code": self.reason.code, "values": values}}


@dataclass(frozen=True, slots=True)
class MarketOutcome:
    """What one market does with the creative."""

    action: Action
    complete: bool
    restrictions: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """A field that no matcher could look at. Never read as clean."""

    field: str
    code: str
    transient: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The actions by market, verdicts, hits and what was not evaluated, of one creative."""

    creative: str | None
    index: int
    on: str
    ruleset: str
    action: Action
    markets: dict[str, MarketOutcome]
    verdicts: tuple[Verdict, ...] = ()
    hits: tuple[Hit, ...] = ()
    not_evaluated: tuple[NotEvaluated, ...] = ()

    def to_dict(self) -> Json:
        """The decision as JSON has it (the published schema `decision`)."""
        return {
            "schema": SCHEMA,
            "creative": self.creative,
            "index": self.index,
            "on": self.on,
            "ruleset": self.ruleset,
            "engine": {"automod": __version__, "unicode": UNICODE},
            "action": self.action,
            "markets": {market: _outcome(one) for market, one in self.markets.items()},
            "verdicts": [verdict.to_dict() for verdict in self.verdicts],
            "hits": [hit.to_dict() for hit in self.hits],
            "not_evaluated": [
                {"field": one.field, "code": one.code, "transient": one.transient}
                for one in self.not_evaluated
            ],
        }

    def to_json(self) -> str:
        """The decision as one line of JSON; the same decision gives the same bytes.

        >>> Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {}).to_json()[:43]
        '{"schema": 1, "creative": "c1", "index": 0,'
        """
        return json_text(self.to_dict())


def json_text(value: Mapping[str, Any]) -> str:
    r"""A value as one line of JSON, in its own letters where UTF-8 can hold them.

    >>> print(json_text({"creative": "ج"}), json_text({"creative": "ج" + chr(0xD800)}))
    {"creative": "ج"} {"creative": "\u062c\ud800"}
    """
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate in the ad's text, which no UTF-8 can hold
        return json.dumps(value)
    return text


def _outcome(outcome: MarketOutcome) -> Json:
    return {
        "action": outcome.action,
        "complete": outcome.complete,
        "restrictions": [dict(one) for one in outcome.restrictions],
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
