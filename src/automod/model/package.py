"""A package file as its owner writes it: the whole format, also what is not built yet."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StringConstraints,
    Tag,
    model_validator,
)

from .scalars import (
    NO_KEY,
    Chance,
    Codes,
    Count,
    Day,
    Flag,
    Id,
    Language,
    Languages,
    Names,
    PackageName,
    RawText,
    Reference,
    SchemaVersion,
    Share,
    TagReferences,
    Tags,
    Text,
    Texts,
    Version,
    Weight,
    Written,
    parse_names,
    parse_reference,
    refuse,
    shown,
)
from .vocabulary import Boundary, Found, Kind, Status, View


def _noted_key(key: str) -> str:
    if key.startswith("x-"):
        return key
    raise refuse(f"{shown(key)} {NO_KEY}")


def _noted_value(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


NotedKey = Annotated[str, PlainValidator(_noted_key, json_schema_input_type=str)]
NotedValue = Annotated[str, PlainValidator(_noted_value, json_schema_input_type=Any)]


Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class Noted(Written):
    """What may carry notes that match nothing: where it is from, and names that begin `x-`."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[NotedKey, NotedValue]

    source: Text | None = None
    ticket: Text | None = None
    added: Day | None = None
    added_by: Text | None = None
    note: Text | None = None


class MaterialKeys(Noted):
    """The keys a material and the `defaults` block share."""

    kind: Kind | None = None
    weight: Weight | None = None
    policy: Codes | None = None
    tags: Tags | None = None
    group: Id | None = None
    view: View | None = None
    boundary: Boundary | None = None
    gap: Count | None = None
    fields: Names | None = None
    markets: Names | None = None
    only_languages: Languages | None = None
    only_if_obfuscated: Flag | None = None
    status: Status | None = None
    ramp: Share | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    expected_rate: Chance | None = None
    needs: TagReferences | None = None
    needs_within: Count | None = None
    unless: TagReferences | None = None
    algorithm: Text | None = None
    radius: Count | None = None


class Defaults(MaterialKeys):
    """What every material of the package has unless it says otherwise."""


def _no_defaults() -> Defaults:
    return Defaults.model_validate({})


class Material(MaterialKeys):
    """One thing that can match: an entry of `materials`, or a row of a table."""

    id: Id | None = None
    value: RawText | None = None
    file: Text | None = None
    hash: Text | None = None
    example: Text | None = None
    not_example: Text | None = None


class TableRef(Written):
    """A table beside the package file: one material a row, the keys as columns."""

    table: Text


def parse_advertisers(value: object) -> str | tuple[str, ...]:
    """One name of an allow of kind `advertiser`, or a list of advertisers' ids.

    >>> parse_advertisers("licensed"), parse_advertisers(["adv-1", "adv-2"])
    ('licensed', ('adv-1', 'adv-2'))
    """
    return parse_reference(value) if isinstance(value, str) else parse_names(value)


Advertisers = Annotated[
    str | tuple[str, ...],
    PlainValidator(parse_advertisers, json_schema_input_type=list[str] | str),
]


class Condition(Written):
    """A leaf or a node of a rule's condition.

    A leaf has `material`, `tag`, `found`, `advertiser`, or `attribute` with `in`; a node has `all`,
    `any`, `none`, or `at_least` with `of`, and where several are written all must hold.
    """

    material: Reference | None = None
    tag: Reference | None = None
    found: Found | None = None
    advertiser: Advertisers | None = None
    attribute: Text | None = None
    in_: Texts | None = Field(None, alias="in")
    all_: tuple[Condition, ...] | None = Field(None, alias="all")
    any_: tuple[Condition, ...] | None = Field(None, alias="any")
    none_: tuple[Condition, ...] | None = Field(None, alias="none")
    at_least: Count | None = None
    of: tuple[Condition, ...] | None = None


class Rule(Noted):
    """A condition over materials and over what was found."""

    id: Id
    all_: tuple[Condition, ...] | None = Field(None, alias="all")
    any_: tuple[Condition, ...] | None = Field(None, alias="any")
    none_: tuple[Condition, ...] | None = Field(None, alias="none")
    at_least: Count | None = None
    of: tuple[Condition, ...] | None = None
    within: Count | None = None
    same_field: Flag | None = None
    weight: Weight | None = None
    policy: Codes | None = None
    tags: Tags | None = None
    group: Id | None = None
    fields: Names | None = None
    markets: Names | None = None
    status: Status | None = None
    ramp: Share | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    expected_rate: Chance | None = None


class Allow(Noted):
    """What protects: a longer harmless phrase, or an advertiser."""

    id: Id
    kind: Literal[Kind, "advertiser"]
    value: RawText | None = None
    values: Texts | None = None
    file: Text | None = None
    hash: Text | None = None
    view: View | None = None
    boundary: Boundary | None = None
    gap: Count | None = None
    algorithm: Text | None = None
    radius: Count | None = None
    fields: Names | None = None
    markets: Names | None = None
    status: Status | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    protects: Names | None = None
    policies: Codes | None = None
    by: Text | None = None


class Example(Written):
    """A text or an image of which the package says what must hit."""

    text: RawText | None = None
    image: Text | None = None
    """A file beside the package."""
    hits: Names
    known: Literal["miss", "false_alarm"] | None = None

    @model_validator(mode="after")
    def _shows_one_thing(self) -> Example:
        if (self.text is None) == (self.image is None):
            raise refuse("an example has either 'text' or 'image'")
        return self


class Approved(Written):
    """Who looked at a package, and what it was then."""

    by: Text
    on: Day
    ticket: Text
    digest: Digest


def _entry_sort(value: Any) -> str:
    is_table = "table" in value if isinstance(value, dict) else isinstance(value, TableRef)
    return "<table>" if is_table else "<material>"


Entry = Annotated[
    Annotated[Material, Tag("<material>")] | Annotated[TableRef, Tag("<table>")],
    Discriminator(_entry_sort),
]
"""Tags in angle brackets cannot be taken for a key when an error's place is looked up."""


class Package(Noted):
    """A package file: one owner's versioned unit."""

    schema_: SchemaVersion = Field(1, alias="schema")
    package: PackageName
    version: Version
    title: dict[Language, Text] = Field(default_factory=dict)
    owner: Text
    policy: Codes = ()
    languages: Languages = ()
    markets: Names = ()
    status: Status = "live"
    ramp: Share | None = None
    from_: Day | None = Field(None, alias="from")
    until: Day | None = None
    expected_rate: Chance | None = None
    defaults: Defaults = Field(default_factory=_no_defaults)
    materials: tuple[Entry, ...] = ()
    rules: tuple[Rule, ...] = ()
    allow: tuple[Allow, ...] = ()
    examples: tuple[Example, ...] = ()
    caps: dict[Id, Share] = Field(default_factory=dict)
    approved: Approved | None = None
