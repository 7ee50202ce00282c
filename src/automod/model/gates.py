"""A file of gates as it is written: what an evaluation has to reach, and in which slice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, PlainValidator, model_validator

from .evaluation import By, Point
from .scalars import (
    Chance,
    Code,
    Count,
    Flag,
    SchemaVersion,
    Share,
    Text,
    Written,
    parse_texts,
    refuse,
    shown,
)

Measure = Literal["precision", "recall", "f1", "false_alarm_rate", "so", "rate"]

MEASURES: Final[tuple[Measure, ...]] = (
    "precision", "recall", "f1", "false_alarm_rate", "so", "rate",
)  # fmt: skip
"""What a gate can promise."""

AXES: Final = ("market", "policy", "language", "month", "complete", "stance")
"""What decisions are cut by."""

PART_AXES: Final = ("material", "rule", "package", "field", "kind", "view")
"""What parts of the material are told apart by."""

REGRESSION_AXES: Final = ("market", "policy", "language")

_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)


def parse_month(value: object) -> str:
    """A month, as `2026-11`.

    >>> parse_month("2026-11")
    '2026-11'
    """
    if isinstance(value, str) and _MONTH.fullmatch(value.strip()):
        return value.strip()
    raise refuse(f"{shown(value)} is not a month", "write it as 2026-11")


def parse_axes(value: object) -> tuple[str, ...]:
    """Axes of a comparison, each once.

    >>> parse_axes("market; policy")
    ('market', 'policy')
    """
    names = tuple(dict.fromkeys(parse_texts(value)))
    for name in names:
        if name not in REGRESSION_AXES:
            raise refuse(f"{shown(name)} is not an axis", f"one of: {', '.join(REGRESSION_AXES)}")
    return names


Month = Annotated[str, PlainValidator(parse_month, json_schema_input_type=str)]
Axes = Annotated[
    tuple[str, ...], PlainValidator(parse_axes, json_schema_input_type=list[str] | str)
]


class Where(Written):
    """The slice that a gate speaks of; nothing at all: the whole."""

    market: Text | None = None
    policy: Code | None = None
    language: Text | None = None
    month: Month | None = None
    complete: Literal["yes", "no"] | None = None
    stance: Text | None = None
    material: Text | None = None
    rule: Text | None = None
    package: Text | None = None
    field: Text | None = None
    kind: Text | None = None
    view: Text | None = None

    @property
    def by(self) -> By:
        """The axes that are written, and their values."""
        return tuple((axis, value) for axis, value in self if value is not None)

    @property
    def part(self) -> str | None:
        """The axis that names a part of the material; None for a slice of decisions."""
        return next((axis for axis, _ in self.by if axis in PART_AXES), None)

    @model_validator(mode="after")
    def _is_a_slice(self) -> Where:
        parts = [axis for axis, _ in self.by if axis in PART_AXES]
        others = [axis for axis, _ in self.by if axis in AXES and axis != "policy"]
        if len(parts) > 1:
            raise refuse(f"{parts[1]!r} stands beside {parts[0]!r}", "keep one of them", parts[1])
        if parts and others:
            hint = "a part of the material is told by its policy alone"
            raise refuse(f"{others[0]!r} stands beside {parts[0]!r}", hint, others[0])
        if parts and self.policy is None:
            hint = "write policy: GMB.REAL, which it is judged for"
            raise refuse(f"{parts[0]!r} needs a policy", hint, parts[0])
        return self


class Bound(Written):
    """What the interval of a measure is held to: its low end at least, its high end at most."""

    low: Share | None = None
    high: Share | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Bound:
        if self.low is None and self.high is None:
            raise refuse(
                "no bound is written", "write low: 0.9 (at least), or high: 0.02 (at most)"
            )
        if self.low is not None and self.high is not None and self.high < self.low:
            raise refuse(f"high ({self.high}) is below low ({self.low})", None, "high")
        return self


class Promise(NamedTuple):
    """One thing that a gate holds an evaluation to."""

    measure: Measure
    bound: Literal["low", "high"]
    limit: float


class Gate(Written):
    """Promises of one slice, at one point."""

    name: Text
    slice_: Where = Field(default_factory=Where, alias="where")
    point: Point = "flagged"
    precision: Bound | None = None
    recall: Bound | None = None
    f1: Bound | None = None
    false_alarm_rate: Bound | None = None
    so: Bound | None = None
    rate: Bound | None = None
    allow_not_enough: Flag = False
    """Whether too little data is let through."""

    @property
    def where(self) -> dict[str, str]:
        """The slice it speaks of: axis -> value."""
        return dict(self.slice_.by)

    @property
    def promises(self) -> tuple[Promise, ...]:
        """What is promised, in the order of `MEASURES`, low before high."""
        return tuple(self._promises())

    def _promises(self) -> Iterator[Promise]:
        for measure in MEASURES:
            bound: Bound | None = getattr(self, measure)
            if bound is not None and bound.low is not None:
                yield Promise(measure, "low", bound.low)
            if bound is not None and bound.high is not None:
                yield Promise(measure, "high", bound.high)

    @model_validator(mode="after")
    def _promises_something(self) -> Gate:
        if not self.promises:
            raise refuse("it promises nothing", "write recall: {low: 0.8}, say")
        if (
            self.slice_.part is not None
            and "point" in self.model_fields_set
            and self.point != "hit"
        ):
            hint = "a part of the material is judged by what it hits; leave 'point' out"
            raise refuse(f"'point' stands beside {self.slice_.part!r}", hint, "point")
        return self


class Regression(Written):
    """What must not have become worse against a baseline: in no slice, beyond chance."""

    point: Literal["stopped", "flagged", "restricted"] = "flagged"
    by: Axes = ()
    p: Chance = 0.05
    """Smaller probabilities are no chance."""


class Gates(Written):
    """A file of gates.

    >>> found = Gates.model_validate({"gates": [{"name": "g", "recall": {"low": "80%"}}]})
    >>> found.gates[0].promises
    (Promise(measure='recall', bound='low', limit=0.8),)
    """

    schema_: SchemaVersion = Field(1, alias="schema")
    support: Count | None = None
    """Least trials that an interval is promised for."""
    gates: tuple[Gate, ...] = ()
    regression: Regression | None = None

    @model_validator(mode="after")
    def _holds_something(self) -> Gates:
        if not self.gates and self.regression is None:
            raise refuse("no gate is written", "write gates, or regression")
        return self
