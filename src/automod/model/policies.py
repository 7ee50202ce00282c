"""The policy table as it is written: codes, what each market asks, thresholds."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from .scalars import (
    Code,
    Count,
    Day,
    Language,
    MarketName,
    Names,
    SchemaVersion,
    Share,
    Text,
    Written,
    parse_texts,
    refuse,
    shown,
)
from .vocabulary import (
    NOT_EVALUATED,
    STANCES,
    Ground,
    Severity,
    Stance,
    WhileReview,
)


def parse_stances(value: object) -> tuple[Any, ...]:
    """Stances as a list or in a cell, in the order of the vocabulary, each once.

    >>> parse_stances("age_gate; certificate")
    ('certificate', 'age_gate')
    """
    words = parse_texts(value)
    for word in words:
        if word not in STANCES:
            raise refuse(f"{shown(word)} is not a stance", f"one of: {', '.join(STANCES)}")
    if not words:
        raise refuse("no stance is written", f"one of: {', '.join(STANCES)}")
    return tuple(stance for stance in STANCES if stance in words)


def parse_not_evaluated(value: object) -> str:
    """A published code of what was not evaluated, or `default`.

    >>> parse_not_evaluated("media.missing")
    'media.missing'
    """
    if value == "default" or value in NOT_EVALUATED:
        return str(value)
    known = ["default", *NOT_EVALUATED]
    near = get_close_matches(str(value)[:60], known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"one of: {', '.join(known)}"
    raise refuse(f"{shown(value)} is not a code of what was not evaluated", hint)


Stances = Annotated[
    tuple[Stance, ...],
    PlainValidator(parse_stances, json_schema_input_type=list[Stance] | Stance),
]
NotEvaluatedCode = Annotated[str, PlainValidator(parse_not_evaluated, json_schema_input_type=str)]


class Asked(Written):
    """What law or platform policy asks of a code."""

    stance: Stances
    ground: Ground
    min_age: Count | None = None
    limits: Names = ()
    source: Text | None = None
    checked: Day | None = None
    note: Text | None = None


class Default(Asked):
    """What is asked where no row speaks."""


class Row(Asked):
    """What is asked in one market or group, for a time."""

    market: MarketName
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None


class PolicyCode(Written):
    """One code with its rows."""

    title: dict[Language, Text] = Field(default_factory=dict)
    severity: Severity
    while_review: WhileReview = "hold"
    default: Default
    rows: tuple[Row, ...] = ()


class SubMarket(Written):
    """A market inside another, as a state."""

    parent: MarketName


class Thresholds(Written):
    """The scores at which a code is looked at and acted on."""

    review: Share = 0.5
    act: Share = 0.85


class Policies(Written):
    """`policies.yaml`."""

    schema_: SchemaVersion = Field(1, alias="schema")
    groups: dict[MarketName, Names] = Field(default_factory=dict)
    markets: dict[MarketName, SubMarket] = Field(default_factory=dict)
    thresholds: Thresholds = Field(default_factory=Thresholds)
    not_evaluated: dict[NotEvaluatedCode, Literal["restrict", "review", "reject"]] = Field(
        default_factory=dict
    )
    codes: dict[Code, PolicyCode]
