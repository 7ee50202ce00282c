"""What the loader makes of the files people wrote: frozen, slotted, complete.

Ids are qualified: `package/material`. Names of markets are as written (a market or a group);
`policy.markets` knows what they cover.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .vocabulary import (
    Boundary,
    Ground,
    Kind,
    Severity,
    Stance,
    Status,
    View,
    WhileReview,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and when something acts; an empty tuple means everywhere."""

    markets: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    from_: date | None = None
    until: date | None = None


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True)
class Sample:
    """What an image is found by: worked out of its file, or a hash that was written down."""

    algorithm: str
    """`pdq`, `phash` …"""
    version: str
    """Of the views and their hashes: others cannot be compared."""
    hashes: str
    """In base64: one hash, or the views of a file."""
    times: str = ""
    """Of a video, in base64: seconds of the frame of each hash (float32, little end first)."""
    sha256: str = ""
    """Of the file's bytes; empty where there was no file."""
    pixels: str = ""
    """SHA-256 of the decoded picture, reduced."""
    pdq: str = ""
    """In hex; of a file, whatever its algorithm: what others exchange."""
    dhash: str = ""
    """In hex; for pictures in which there is little to see."""
    quality: int | None = None
    """How much there is to tell it by, 0 to 100."""
    radius: int | None = None
    """Bits that it may differ in, as its package says."""


@dataclass(frozen=True, slots=True)
class Material:
    """One thing that can match, with what its package left it resolved into it."""

    id: str
    """Qualified: `package/id`."""
    kind: Kind
    value: str
    weight: float = 0.0
    policies: tuple[str, ...] = ()
    """Its own codes, or its package's; sorted."""
    tags: tuple[str, ...] = ()
    """Qualified: `package/tag`; sorted."""
    group: str | None = None
    """Qualified: `package/group`."""
    view: View = "safe"
    """The loosest view it may match in (default resolved)."""
    boundary: Boundary = "word"
    """Resolved from the value's script and the languages."""
    gap: int = 0
    status: Status = "live"
    """The less active of its own and its package's."""
    scope: Scope = EVERYWHERE
    """Its own scope; the package's applies as well (`Package.scope`)."""
    about: Mapping[str, str] = field(default_factory=dict)
    """source, ticket, added, added_by, note, example, not_example, x-...: matches nothing."""
    language: str = ""
    """The language that it is written in, as far as inflection and spelling ask; else empty."""
    only_languages: tuple[str, ...] = ()
    """It hits in text of these languages alone; empty: in any."""
    only_if_obfuscated: bool = False
    """It hits only where evasion folds were needed."""
    swaps: bool = False
    """Its file says `view: evasion`: exchanged letters, reversal and homophones count as well."""
    sample: Sample | None = None
    """Of an image; its `value` is the name of that, `sha256:…` or `pdq:…`."""
    ramp: float = 1.0
    """The share of creatives in which it is live; in the others it is shadow."""
    expected_rate: float | None = None
    """The share of creatives in its scope that it is expected to hit at most."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A leaf or a node of a rule.

    `op` and what it uses: `material` (name: qualified id), `tag` (name: qualified), `found`
    (name: a Found word), `advertiser` (values: ids), `attribute` (name, values), `all`, `any`,
    `none`, `at_least` (count) with `parts`.
    """

    op: Literal[
        "material", "tag", "found", "advertiser", "attribute", "all", "any", "none", "at_least"
    ]
    name: str = ""
    values: tuple[str, ...] = ()
    count: int = 0
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition over materials and over what was found."""

    id: str
    condition: Condition
    weight: float = 0.0
    policies: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    group: str | None = None
    within: int | None = None
    """Words; implies the same field."""
    same_field: bool = False
    status: Status = "live"
    scope: Scope = EVERYWHERE
    about: Mapping[str, str] = field(default_factory=dict)
    ramp: float = 1.0
    expected_rate: float | None = None


@dataclass(frozen=True, slots=True)
class Allow:
    """What protects: a longer harmless phrase, or an advertiser.

    For text kinds `material` holds how it matches (weight 0, no policies). For kind `advertiser`
    `material` is None and `advertisers` lists the ids.
    """

    id: str
    material: Material | None
    advertisers: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    """Packages whose hits it protects (its own, unless `protects:` said otherwise)."""
    policies: tuple[str, ...] = ()
    """Codes whose hits it protects, in any package."""
    status: Status = "live"
    scope: Scope = EVERYWHERE
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A text or an image of which the package says what must hit (local ids, sorted)."""

    text: str
    hits: tuple[str, ...]
    known: Literal["miss", "false_alarm"] | None = None
    image: str = ""
    """A file, named as from the package's folder; then there is no text."""


@dataclass(frozen=True, slots=True)
class Package:
    """One owner's versioned unit."""

    name: str
    version: str
    owner: str
    title: Mapping[str, str] = field(default_factory=dict)
    policies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    status: Status = "live"
    scope: Scope = EVERYWHERE
    materials: Sequence[Material] = ()
    rules: tuple[Rule, ...] = ()
    allows: tuple[Allow, ...] = ()
    caps: Mapping[str, float] = field(default_factory=dict)
    """Qualified group -> the most it may add, 0 to 1."""
    examples: tuple[Example, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    ramp: float = 1.0
    """The share of creatives in which all of it is live; beside what its parts say."""
    expected_rate: float | None = None
    """Of materials and rules that say none."""


@dataclass(frozen=True, slots=True)
class Override:
    """A dated, signed-for narrowing of a package, a material or a tag."""

    id: str
    target: str
    """`package`, `package/id`, or `package/tag:NAME`."""
    by: str
    ticket: str
    markets: tuple[str, ...] = ()
    status: Status | None = None
    weight: float | None = None
    view: View | None = None
    from_: date | None = None
    until: date | None = None
    """None: permanent, and `reason` says why."""
    reason: str = ""
    ramp: float | None = None
    """The share of creatives in which its target stays live."""


@dataclass(frozen=True, slots=True)
class Row:
    """What law or platform policy asks of one code in one market (or by default)."""

    id: str
    """`CODE/MARKET/FROM`, or `CODE/default`."""
    market: str | None
    stances: tuple[Stance, ...]
    ground: Ground
    source: str = ""
    min_age: int | None = None
    limits: tuple[str, ...] = ()
    from_: date | None = None
    until: date | None = None
    checked: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PolicyCode:
    """One policy code with its rows."""

    code: str
    title: Mapping[str, str]
    severity: Severity
    default: Row
    while_review: WhileReview = "hold"
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """Codes, rows, markets, thresholds."""

    codes: Mapping[str, PolicyCode]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Group -> members: markets or other groups."""
    parents: Mapping[str, str] = field(default_factory=dict)
    """Sub-market -> parent market (`US-NV` -> `US`)."""
    review: float = 0.5
    act: float = 0.85
    not_evaluated: Mapping[str, str] = field(default_factory=lambda: {"default": "review"})
    """Code of what was not evaluated (or `default`) -> action; `approve` never loads."""


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Packages, overrides and the policy table, ready to compile. Sorted by id throughout."""

    packages: tuple[Package, ...]
    policies: PolicyTable
    overrides: tuple[Override, ...] = ()
