"""A creative as JSON has it: what is judged."""

from __future__ import annotations

from typing import Any

from pydantic import Field, JsonValue

from .scalars import Code, Count, Day, SchemaVersion, Text, Texts, Written

Media = str | bytes | dict[str, JsonValue]
"""A path, the file's bytes, or a stored fingerprint."""


class Certificate(Written):
    """A permission that comes with a creative."""

    policy: Code
    market: Text | None = None
    number: Text | None = None
    holder: Text | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None


class Targeting(Written):
    """Whom the creative is shown to."""

    min_age: Count | None = None


class Creative(Written):
    """What is judged.

    >>> Creative.model_validate({"id": "c1", "markets": "SA; NG", "text": {"body": "…"}}).markets
    ('SA', 'NG')
    """

    schema_: SchemaVersion = Field(1, alias="schema")
    id: Text
    markets: Texts = ()
    language: Text | None = None
    advertiser: Text | None = None
    on: Day | None = None
    text: dict[Text, str] = Field(default_factory=dict)
    images: tuple[Media, ...] = ()
    videos: tuple[Media, ...] = ()
    links: Texts = ()
    certificates: tuple[Certificate, ...] = ()
    targeting: Targeting = Field(default_factory=Targeting)
    attributes: dict[str, JsonValue] = Field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The dict the engine takes: written keys only, under their written names.

        >>> Creative.model_validate({"id": "c1"}).as_dict()
        {'id': 'c1'}
        """
        return self.model_dump(by_alias=True, exclude_unset=True)
