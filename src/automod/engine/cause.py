"""Why something did not count: causes by code, with the values that their sentences need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Code = Literal[
    "counts",
    "allowed",
    "signal",
    "needs",
    "no_policy",
    "status",
    "shadow",
    "ramp",
    "override",
    "market",
    "not_yet",
    "over",
    "field",
    "language",
    "not_obfuscated",
    "view",
    "swaps",
    "few_letters",
    "rule_part",
    "rule_apart",
    "advertiser",
    "protects",
    "protects_nothing",
    "boundary",
    "inflection",
    "own_word",
    "across_words",
    "measure",
    "pieces",
    "words_apart",
    "apart",
    "order",
    "missing_words",
    "letters",
    "absent",
]
"""What can be the cause."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause, with the values its sentence needs."""

    code: Code
    values: dict[str, Any] = field(default_factory=dict)
