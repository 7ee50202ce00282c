"""A row of the hit log: one hit of one creative, enough to re-make a decision without the text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pydantic import Field

from .decision import Decision
from .scalars import SchemaVersion, Written
from .vocabulary import Action, Status, View

SCHEMA: Final = 1


class HitRow(Written):
    """One creative x hit. The ad's text is left out unless it was asked for."""

    schema_: SchemaVersion = Field(1, alias="schema")
    ruleset: str
    """Digest of the ruleset that hit."""
    on: date
    creative: str | None
    index: int = Field(ge=0)
    action: Action
    """The creative's strictest action."""
    markets: dict[str, Action]
    """What each market of the creative did."""
    complete: bool
    """Whether nothing was left unevaluated."""
    n: int = Field(ge=0)
    material: str
    version: str
    policies: tuple[str, ...] = ()
    status: Status
    kind: str
    field: str | None = None
    start: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=0)
    text: str | None = None
    """The matched letters, only when asked for."""
    view: View | str | None = None
    """A folding level; of a picture or a video, how it was seen: `framed, mirrored`."""
    folds: tuple[str, ...] = ()
    confidence: float = Field(1.0, ge=0, le=1)
    weight: float = Field(0.0, ge=0, le=1)
    distance: int | None = Field(None, ge=0)
    at: float | None = Field(None, ge=0)
    box: tuple[int, int, int, int] | None = None
    parts: tuple[int, ...] = ()
    allowed_by: str | None = None
    overridden_by: str | None = None


def hit_rows(decision: Decision, *, text: bool = False) -> Iterator[dict[str, Any]]:
    """The rows of a decision as JSON has them, one a hit.

    Args:
        decision: with its hits.
        text: keep the letters that matched, which are the advertiser's.

    >>> list(hit_rows(Decision("c1", 0, "2026-11-20", "sha256:0", "approve", {})))
    []
    """
    shared = {
        "schema": SCHEMA,
        "ruleset": decision.ruleset,
        "on": decision.on,
        "creative": decision.creative,
        "index": decision.index,
        "action": decision.action,
        "markets": {market: outcome.action for market, outcome in decision.markets.items()},
        "complete": not decision.not_evaluated,
    }
    for hit in decision.hits:
        row = shared | hit.to_dict()
        if not text:
            del row["text"]
        yield row
