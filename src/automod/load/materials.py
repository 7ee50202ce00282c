"""Materials as written -> materials as matched: defaults, ids, duplicates, scopes, sugar."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import regex

from automod.errors import Location
from automod.model import package as written
from automod.model.ruleset import EVERYWHERE, Condition, Material, Rule, Scope
from automod.model.vocabulary import STATUS_RANK, Boundary, Kind, Status
from automod.text.fold import fold_many

from .entries import Batch, Known, Setting, about
from .policy_table import check_days
from .unsupported import LATER_WORDS, refuse_later

_PLAIN: Final = frozenset({"kind", "value", "weight", "id"})
"""Keys that need no check beyond their own."""

_MEDIA: Final = LATER_WORDS["kind"]

_NO_SPACES: Final = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}&&\p{L}]",
    regex.VERSION1,
)
_NO_WORD: Final = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_LONGEST_SLUG: Final = 40
OFF: Final = frozenset({"draft", "retired"})


@dataclass(slots=True)
class Row:
    """A material on its way: all its values with the defaults filled in, and its place."""

    values: Mapping[str, Any]
    batch: Batch
    index: int
    plain: bool
    """Whether it has no keys that need a look beyond their own."""
    key: str = ""
    """What makes it the same as another of its kind: the folded value."""
    id: str = ""

    def at(self, key: str | None = None) -> Location:
        """The place of the material, or of one of its keys."""
        return self.batch.at(self.index, key)


def rows_of(batch: Batch, setting: Setting) -> list[Row]:
    """The rows of a batch that can become materials; the others leave faults."""
    rows = []
    defaults = setting.defaults
    for i, one in enumerate(batch.materials):
        values: Mapping[str, Any] = one.__dict__
        if defaults:
            missing = defaults.keys() - one.model_fields_set
            values = {**values, **{key: defaults[key] for key in missing}}
        _note(values, setting.known)
        if values["kind"] is None:
            setting.faults.add(batch.at(i, "kind"), "'kind' is missing")
            continue
        plain = one.model_fields_set <= _PLAIN and values["kind"] not in _MEDIA
        if plain or _fits(one, values, batch, i, setting):
            if values["value"] is None:
                setting.faults.add(batch.at(i, "value"), "'value' is missing")
            else:
                rows.append(Row(values, batch, i, plain))
    return _with_keys(rows, setting)


def _note(values: Mapping[str, Any], known: Known) -> None:
    """Note what a material is called by, also when it is faulty: naming it is no second fault."""
    if values["id"]:
        known.materials.add(values["id"])
    if values["tags"]:
        known.tags.update(values["tags"])
    if values["group"]:
        known.groups.add(values["group"])


def _fits(
    one: written.Material, values: Mapping[str, Any], batch: Batch, i: int, setting: Setting
) -> bool:
    """Check the keys that not every material has; whether the material can be used."""
    faults, names = setting.faults, setting.names
    own = {
        written.Material.model_fields[key].alias or key: values[key]
        for key in one.model_fields_set & written.Material.model_fields.keys()
        if values[key] is not None
    }

    def at(key: str) -> Location:
        return batch.at(i, key)

    if refuse_later(own, at, faults):
        return False
    kind = values["kind"]
    if "gap" in own and kind != "phrase":
        faults.add(at("gap"), f"'gap' is for phrases, this is a {kind}")
    if "boundary" in own and kind not in ("keyword", "phrase"):
        faults.add(at("boundary"), f"'boundary' is for keywords and phrases, this is a {kind}")
    if "needs_within" in own and not (values["needs"] or values["unless"]):
        faults.add(at("needs_within"), "'needs_within' goes with 'needs' or 'unless'")
    names.check_codes(own.get("policy", ()), at("policy"), faults)
    names.check_markets(own.get("markets", ()), at("markets"), faults)
    check_days(values["from_"], values["until"], at("until" if "until" in own else "from"), faults)
    return True


def _with_keys(rows: list[Row], setting: Setting) -> list[Row]:
    """Fold all values at once, and leave out those of which nothing stays."""
    folded = fold_many([row.values["value"].strip() for row in rows], "safe")
    kept = []
    for row, text in zip(rows, folded, strict=True):
        if not text.strip():
            _refuse_empty(row, setting)
            continue
        kind, view = row.values["kind"], row.values["view"]
        # What folding merges is still two things where case or letters are matched as written.
        as_written = kind == "regex" or view == "exact"
        row.key = row.values["value"].strip() if as_written else text
        kept.append(row)
    return kept


def _refuse_empty(row: Row, setting: Setting) -> None:
    setting.faults.add(row.at("value"), empty_value(row.values["kind"], row.values["value"]))


def empty_value(kind: str, value: str) -> str:
    """What is said of a value of which folding leaves nothing: code points can be read, it cannot.

    >>> empty_value("phrase", chr(0x640))
    'the phrase is empty after folding (it was U+0640)'
    """
    points = " ".join(f"U+{ord(char):04X}" for char in value[:8])
    return f"the {kind} is empty after folding (it was {points})"


def name_rows(rows: Sequence[Row], taken: dict[str, Row | Location], setting: Setting) -> list[Row]:
    """Give every row its id, refuse what is there twice, and return the rows that stay.

    Args:
        rows: The rows of the package, in the order they were written.
        taken: Ids that are used already; those of the rows are added.
        setting: The package.
    """
    seen: dict[tuple[str, str], Row] = {}
    kept = []
    for row in rows:
        name = row.values["id"]
        if name is not None and _take(name, row, taken, setting):
            row.id = name
    for row in rows:
        kind = row.values["kind"]
        first = seen.setdefault((kind, row.key), row)
        if first is not row:
            place = row.at("value")
            setting.faults.add(place, f"the same {kind} as in {first.at()}", "leave one out")
        elif row.id or row.values["id"] is None:
            if not row.id:
                row.id = derived_id(kind, row.key, taken)
                taken[row.id] = row
            kept.append(row)
    return kept


def _take(name: str, row: Row, taken: dict[str, Row | Location], setting: Setting) -> bool:
    other = taken.setdefault(name, row)
    if other is row:
        return True
    first = other.at() if isinstance(other, Row) else other
    setting.faults.add(row.at("id"), f"the id {name!r} is taken by {first}")
    return False


def derived_id(kind: str, key: str, taken: Mapping[str, object]) -> str:
    """An id for a material that has none, of its kind and what it matches.

    >>> derived_id("phrase", "get rich quick", {})
    'phrase-get-rich-quick'
    >>> derived_id("keyword", "a b", {"keyword-a-b": 1})
    'keyword-a-b-47ec59'
    """
    slug = _NO_WORD.sub("-", key).strip("-")[:_LONGEST_SLUG].rstrip("-")
    name = f"{kind}-{slug}"
    if slug and name not in taken:
        return name
    mark = hashlib.sha256(f"{kind}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()
    size = 6
    while (longer := f"{name}-{mark[:size]}" if slug else f"{kind}-{mark[:size]}") in taken:
        size += 1
    return longer


def boundary_of(value: str) -> Boundary:
    """The boundary of a value that says none: `substring` in scripts without spaces.

    >>> boundary_of("casino"), boundary_of("赌场")
    ('word', 'substring')
    """
    return "substring" if not value.isascii() and _NO_SPACES.search(value) else "word"


def less_active(one: Status, other: Status | None) -> Status:
    """The less active of two statuses.

    >>> less_active("live", "shadow")
    'shadow'
    """
    if other is None:
        return one
    return min(one, other, key=STATUS_RANK.__getitem__)


def make_materials(rows: Sequence[Row], setting: Setting) -> tuple[list[Material], list[Rule]]:
    """The materials of rows, and the rules that `needs` and `unless` stand for."""
    materials: list[Material] = []
    rules: list[Rule] = []
    package, known = setting.package.package, setting.known
    for row in rows:
        values = row.values
        known.materials.add(row.id)
        status = less_active(setting.status, values["status"])
        made = _material(row, f"{package}/{row.id}", status, setting)
        if made.kind != "keyword":
            setting.refuse_value(made, row.at)
        if values["needs"] or values["unless"]:
            made, rule = _needing(made, row, setting)
            known.rules.add(f"{row.id}+needs")
            if status not in OFF:
                rules.append(rule)
        if status not in OFF:
            materials.append(made)
    return materials, rules


def _material(row: Row, name: str, status: Status, setting: Setting) -> Material:
    values = row.values
    kind: Kind = values["kind"]
    value: str = values["value"] if kind == "regex" else values["value"].strip()
    policies = values["policy"]
    if policies is None:
        policies = setting.package.policy
    weight = values["weight"]
    if weight is None:
        weight = 0.0
        if policies:
            setting.faults.add(row.at("weight"), NO_WEIGHT, NO_WEIGHT_HINT)
    tags, group = values["tags"], values["group"]
    package = setting.package.package
    notes = setting.about
    if not row.plain:
        extra = row.batch.materials[row.index].model_extra or {}
        notes = about(values, {**setting.about, **extra})
    return Material(
        id=name, kind=kind, value=value, weight=weight, policies=policies,
        tags=tuple(f"{package}/{tag}" for tag in tags) if tags else (),
        group=f"{package}/{group}" if group else None,
        view=values["view"] or "safe",
        boundary=values["boundary"] or _boundary(kind, value),
        gap=values["gap"] or 0, status=status, scope=scope_of(values),
        about=notes,
    )  # fmt: skip


NO_WEIGHT: Final = "'weight' is missing"
NO_WEIGHT_HINT: Final = "write it, or once for all in 'defaults'; signal counts only in rules"


def _boundary(kind: Kind, value: str) -> Boundary:
    return boundary_of(value) if kind in ("keyword", "phrase") else "word"


def scope_of(values: Mapping[str, Any]) -> Scope:
    """Where and when something acts; one shared object for everywhere."""
    markets, fields = values.get("markets") or (), values.get("fields") or ()
    from_, until = values.get("from_"), values.get("until")
    if not (markets or fields or from_ or until):
        return EVERYWHERE
    return Scope(markets, fields, from_, until)


def _needing(made: Material, row: Row, setting: Setting) -> tuple[Material, Rule]:
    """A material that counts only beside certain tags: it, without weight, and its rule."""
    values = row.values
    needs = [_tag(name, "needs", row, setting) for name in values["needs"] or ()]
    unless = [_tag(name, "unless", row, setting) for name in values["unless"] or ()]
    parts = (Condition("material", made.id), *needs)
    if unless:
        parts = (*parts, Condition("none", parts=tuple(unless)))
    rule = Rule(
        id=f"{made.id}+needs", condition=Condition("all", parts=parts), weight=made.weight,
        policies=made.policies, group=made.group, within=values["needs_within"],
        status=made.status, scope=made.scope,
    )  # fmt: skip
    return replace(made, weight=0.0, group=None), rule


def _tag(name: str, key: str, row: Row, setting: Setting) -> Condition:
    qualified = name if "/" in name else f"{setting.package.package}/{name}"
    setting.known.asked.append((qualified, row.at(key)))
    return Condition("tag", qualified)
