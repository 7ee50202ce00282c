"""An override as it is written: a dated, signed-for narrowing kept outside the package."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, model_validator

from .scalars import Day, Id, Names, SchemaVersion, Share, Text, Weight, Written, refuse, shown
from .vocabulary import View

_TARGET = re.compile(r"[a-z0-9][a-z0-9._\-]*(?:/(?:tag:)?\w[\w.\-]*)?")


def parse_target(value: object) -> str:
    """What an override is about: `package`, `package/id` or `package/tag:NAME`.

    >>> parse_target("gambling-ar/tag:promise")
    'gambling-ar/tag:promise'
    """
    text = value.strip() if isinstance(value, str) else ""
    if len(text) <= 200 and _TARGET.fullmatch(text):
        return text
    hint = "write it as package, package/id or package/tag:NAME"
    raise refuse(f"{shown(value)} is not a target", hint)


Target = Annotated[str, PlainValidator(parse_target, json_schema_input_type=str)]


class Narrowing(Written):
    """What an override sets; it can only narrow, so `live` is no choice."""

    status: Literal["draft", "shadow", "retired"] | None = None
    weight: Weight | None = None
    view: View | None = None
    ramp: Share | None = None
    """The share of creatives in which its target stays live."""

    @model_validator(mode="after")
    def _sets_something(self) -> Narrowing:
        if not self.model_fields_set:
            raise refuse("'set' is empty", "set status, weight, view or ramp")
        return self


class Override(Written):
    """One file under `overrides/`."""

    schema_: SchemaVersion = Field(1, alias="schema")
    override: Id
    target: Target
    markets: Names = ()
    set_: Narrowing = Field(alias="set")
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    permanent: Text | None = None
    by: Text
    ticket: Text
    note: Text | None = None
    x_ignore: Text | None = Field(None, alias="x-ignore")
    """What the linter leaves out here, and why."""

    @model_validator(mode="after")
    def _ends_or_says_why_not(self) -> Override:
        if self.until is None and self.permanent is None:
            raise refuse("no end is written", "write until: 2026-12-01, or permanent: REASON")
        if self.until is not None and self.permanent is not None:
            raise refuse("both 'until' and 'permanent' are written", "keep one", "permanent")
        return self
