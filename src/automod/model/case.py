"""A labelled creative: what a person says is there, and how the creative came to be looked at."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from .creative import Creative
from .package import NotedKey, NotedValue
from .scalars import Chance, Code, Codes, Day, SchemaVersion, Text, Written


class Label(Written):
    """What one labeller says of one code, in every market (`*`) or in one."""

    policy: Code
    market: Text = "*"
    present: Literal["yes", "no", "unsure"]
    by: Text
    on: Day
    kind: Literal["random", "hit", "appeal"]


class Case(Written):
    """A creative with its labels. A code that is not in `judged` is unknown, not clean.

    Names that begin `x-` are notes for readers: why it is a case, who found it.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[NotedKey, NotedValue]

    schema_: SchemaVersion = Field(1, alias="schema")
    creative: Creative
    labels: tuple[Label, ...] = ()
    judged: Codes = ()
    probability: Chance | None = None
    """The chance it had to be drawn, when it was sampled."""
    volume: float | None = Field(None, ge=0, allow_inf_nan=False)
    """Impressions, or any other size."""
    group: Text | None = None
    """Near-duplicates of each other share one."""
