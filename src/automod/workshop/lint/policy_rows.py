"""The rows of the policy table as they are written, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from automod.errors import Location
from automod.load.yaml_tree import Tree
from automod.model import policies as written

from .check import World


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """What is asked of a code in a market, or by default."""

    code: str
    asked: written.Row | written.Default
    tree: Tree
    path: tuple[str | int, ...]

    @property
    def market(self) -> str:
        """A market or a group; empty for the default."""
        return self.asked.market if isinstance(self.asked, written.Row) else ""

    @property
    def name(self) -> str:
        """What a reader calls it."""
        return f"{self.code}/{self.market or 'default'}"

    @property
    def days(self) -> tuple[date, date]:
        """Its first and its last day."""
        if not isinstance(self.asked, written.Row):
            return date.min, date.max
        return self.asked.from_ or date.min, self.asked.until or date.max

    @property
    def demand(self) -> tuple[object, ...]:
        """What is asked, and nothing of why."""
        return self.asked.stance, self.asked.min_age, self.asked.limits

    def at(self, key: str | None = None) -> Location:
        """Where it is, or one of its keys."""
        return self.tree.at(self.path if key is None else (*self.path, key))


def rows_of(world: World) -> Iterator[PolicyRow]:
    """The rows of all codes, those by default among them; what is faulty is left out."""
    tree = world.source.policies
    codes = tree.data.get("codes") if tree is not None else None
    for code, one in (codes if isinstance(codes, dict) else {}).items():
        if tree is None or code not in world.source.ruleset.policies.codes:
            continue
        path = ("codes", code)
        yield from _row(code, one.get("default"), written.Default, tree, (*path, "default"))
        for number, row in enumerate(one.get("rows") or ()):
            yield from _row(code, row, written.Row, tree, (*path, "rows", number))


def _row(
    code: str,
    data: object,
    model: type[written.Row | written.Default],
    tree: Tree,
    path: tuple[str | int, ...],
) -> Iterator[PolicyRow]:
    try:
        yield PolicyRow(code, model.model_validate(data), tree, path)
    except ValidationError:
        return


def overlap(one: PolicyRow, other: PolicyRow) -> bool:
    """Whether two rows are in force on one day."""
    return max(one.days[0], other.days[0]) <= min(one.days[1], other.days[1])
