"""The order in which the keys of packages, policy tables and overrides are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_NOTES: Final = ("source", "ticket", "added", "added_by", "note")
_WHEN: Final = ("status", "from", "until")
_LIVE: Final = ("status", "ramp", "from", "until", "expected_rate")

TYPED: Final = frozenset({
    "weight", "gap", "radius", "within", "needs_within", "at_least", "min_age", "schema",
    "review", "act", "from", "until", "added", "on", "checked", "only_if_obfuscated", "same_field",
    "ramp", "expected_rate",
})  # fmt: skip
"""Keys whose values are numbers, days, or yes and no: those need no quotes."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a mapping holds: its keys in their order, which of them are lists, and what is below.

    `below` has the shape of what lies under a key, or of each entry of the list under it.
    """

    keys: tuple[str, ...] = ()
    lists: frozenset[str] = frozenset()
    below: Mapping[str, Shape] = field(default_factory=dict)
    typed: bool = False
    """Whether all values are numbers, whatever the key."""
    every: Shape | None = None
    """The shape under each key, where keys are names that people give."""

    def under(self, key: str) -> Shape:
        """The shape of what lies under a key."""
        return self.below.get(key, self.every or FREE)

    def rank(self, key: str) -> tuple[int, str]:
        """The place of a key; those that begin `x-` come after the note, by their names.

        Other keys that are not known keep theirs, at the end.
        """
        if key in self.keys:
            return self.keys.index(key), ""
        if key.startswith("x-"):
            last = "note" if "note" in self.keys else (*self.keys, "")[-1]
            return (self.keys.index(last) if last else 0), key
        return len(self.keys), ""


FREE: Final = Shape()
"""Anything: nothing is known of it."""

MATERIAL: Final = Shape(
    (
        "id", "kind", "value", "file", "hash", "algorithm", "radius", "weight", "policy", "tags",
        "group", "view", "boundary", "gap", "fields", "markets", "only_languages",
        "only_if_obfuscated", *_LIVE, "needs", "needs_within", "unless", "example", "not_example",
        *_NOTES, "table",
    ),
    frozenset({"policy", "tags", "fields", "markets", "only_languages", "needs", "unless"}),
)  # fmt: skip

_BRANCHES: Final = ("all", "any", "none", "at_least", "of")
_LEAVES: Final = ("material", "tag", "found", "advertiser", "attribute", "in")


def _condition(depth: int) -> Shape:
    """A condition; files are not nested deeper than the loader reads."""
    lower = _condition(depth - 1) if depth else FREE
    below = {key: lower for key in _BRANCHES if key != "at_least"}
    return Shape((*_LEAVES, *_BRANCHES), frozenset({"in"}), below)


_CONDITION: Final = _condition(16)

RULE: Final = Shape(
    (
        "id", *_BRANCHES, "within", "same_field", "weight", "policy", "tags", "group", "fields",
        "markets", *_LIVE, *_NOTES,
    ),
    frozenset({"policy", "tags", "fields", "markets"}),
    {key: _CONDITION for key in _BRANCHES if key != "at_least"},
)  # fmt: skip

ALLOW: Final = Shape(
    (
        "id", "kind", "value", "values", "file", "hash", "algorithm", "radius", "view", "boundary",
        "gap", "fields", "protects", "policies", "markets", *_WHEN, "by", *_NOTES,
    ),
    frozenset({"values", "fields", "protects", "policies", "markets"}),
)  # fmt: skip

EXAMPLE: Final = Shape(("text", "image", "hits", "known"), frozenset({"hits"}))

PACKAGE: Final = Shape(
    (
        "schema", "package", "version", "title", "owner", "policy", "languages", "markets", *_LIVE,
        *_NOTES, "approved", "defaults", "caps", "materials", "rules", "allow", "examples",
    ),
    frozenset({"policy", "languages", "markets"}),
    {
        "approved": Shape(("by", "on", "ticket", "digest")),
        "defaults": MATERIAL, "caps": Shape(typed=True), "materials": MATERIAL, "rules": RULE,
        "allow": ALLOW, "examples": EXAMPLE,
    },
)  # fmt: skip

_ASKED: Final = (
    "market", "stance", "min_age", "limits", "ground", "from", "until", "source", "checked", "note",
)  # fmt: skip
_ROW: Final = Shape(_ASKED, frozenset({"limits"}))

POLICIES: Final = Shape(
    ("schema", "groups", "markets", "thresholds", "not_evaluated", "codes"),
    below={
        "thresholds": Shape(("review", "act"), typed=True),
        "not_evaluated": Shape(("default",)),
        "markets": Shape(every=Shape(("parent",))),
        "codes": Shape(
            every=Shape(
                ("title", "severity", "while_review", "default", "rows"),
                below={"default": _ROW, "rows": _ROW},
            )
        ),
    },
)

OVERRIDE: Final = Shape(
    (
        "schema", "override", "target", "markets", "set", "from", "until", "permanent", "by",
        "ticket", "note",
    ),
    frozenset({"markets"}),
    {"set": Shape(("status", "weight", "view", "ramp"))},
)  # fmt: skip

SHAPES: Final[Mapping[str, Shape]] = {
    "package": PACKAGE, "policies": POLICIES, "override": OVERRIDE,
}  # fmt: skip


def shape_at(shape: Shape, path: tuple[int | str, ...]) -> Shape:
    """The shape of the mapping at a path.

    >>> shape_at(PACKAGE, ("materials", 3)) is MATERIAL
    True
    """
    for step in path:
        if isinstance(step, str):
            shape = shape.under(step)
    return shape
