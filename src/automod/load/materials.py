"""Materials as written -> materials as matched: ids, duplicates, sugar."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import repeat
from operator import itemgetter
from typing import Final

import regex

from automod.errors import Location
from automod.model.ruleset import Condition, Material, Rule
from automod.text.fold import fold_many

from .entries import Batch, Known, Setting
from .forms import OFF, Form, fits, form_of

_NO_WORD: Final = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_LONGEST_SLUG: Final = 40

At = Callable[[str], Location]
"""The place of a key."""


@dataclass(slots=True)
class Rows:
    """Materials on their way, column by column: an object for each would take half the time."""

    forms: list[Form] = field(default_factory=list)
    ids: list[str | None] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    """As written."""
    keys: list[str] = field(default_factory=list)
    """What makes each the same as another of its kind: the folded value."""
    places: list[tuple[Batch, int]] = field(default_factory=list)

    def at(self, row: int, key: str | None = None) -> Location:
        """The place of a material, or of one of its keys."""
        batch, index = self.places[row]
        return batch.at(index, key)


def rows_of(batches: Iterable[Batch], setting: Setting) -> Rows:
    """The rows that can become materials; the others leave faults."""
    rows = Rows()
    for batch in batches:
        forms = [form_of(one, setting) for one in batch.forms]
        _note(forms, batch, setting.known)
        _add(list(map(forms.__getitem__, batch.form_of)), batch, rows, setting)
    return rows


def _note(forms: Iterable[Form], batch: Batch, known: Known) -> None:
    """Note what materials are called by, also faulty ones: naming them is no second fault."""
    known.materials.update(filter(None, batch.ids))
    for form in forms:
        known.tags.update(form.values["tags"] or ())
        known.groups.update(filter(None, [form.values["group"]]))


def _add(forms: Sequence[Form], batch: Batch, rows: Rows, setting: Setting) -> None:
    ids, values = batch.ids, [value or "" for value in batch.values]
    used = [
        i
        for i, (form, value) in enumerate(zip(forms, values, strict=True))
        if (form.sound and value) or _usable(form, value, partial(batch.at, i), setting)
    ]
    folded = fold_many([values[i].strip() for i in used], "safe")
    empty = {i for i, text in zip(used, folded, strict=True) if not text or text.isspace()}
    for i in empty:
        setting.faults.add(batch.at(i, "value"), empty_value(forms[i].kind, values[i]))
    if empty:
        folded = [text for i, text in zip(used, folded, strict=True) if i not in empty]
        used = [i for i in used if i not in empty]
    rows.forms += [forms[i] for i in used]
    rows.ids += [ids[i] for i in used]
    rows.values += [values[i] for i in used]
    rows.keys += [
        values[i].strip() if forms[i].as_written else text
        for i, text in zip(used, folded, strict=True)
    ]
    rows.places += zip(repeat(batch), used)


def _usable(form: Form, value: str, at: At, setting: Setting) -> bool:
    if not fits(form, at, setting.names, setting.faults):
        return False
    if not value:
        setting.faults.add(at("value"), "'value' is missing")
    return bool(value)


def empty_value(kind: str, value: str) -> str:
    """What is said of a value of which folding leaves nothing: code points can be read, it cannot.

    >>> empty_value("phrase", chr(0x640))
    'the phrase is empty after folding (it was U+0640)'
    """
    points = " ".join(f"U+{ord(char):04X}" for char in value[:8])
    return f"the {kind} is empty after folding (it was {points})"


def name_rows(
    rows: Rows, taken: dict[str, int | Location], setting: Setting
) -> list[tuple[str, int]]:
    """Give every row its id, and refuse what is there twice.

    Args:
        rows: The rows of the package, in the order they were written.
        taken: Ids that are used already; those of the rows are added.
        setting: The package.

    Returns:
        The rows that stay, with their ids and in order of them.
    """
    # Before any id is derived: those that are written keep theirs.
    for row, name in enumerate(rows.ids):
        if name is not None:
            _take(name, row, rows, taken, setting)
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    named: list[tuple[str, int]] = []
    for row, (form, own, key) in enumerate(zip(rows.forms, rows.ids, rows.keys, strict=True)):
        first = seen[form.kind].setdefault(key, row)
        if first != row:
            message = f"the same {form.kind} as in {rows.at(first)}"
            setting.faults.add(rows.at(row, "value"), message, "leave one out")
            continue
        name = own or derived_id(form.kind, key, taken)
        if taken.setdefault(name, row) == row:
            named.append((name, row))
    return sorted(named, key=itemgetter(0))


def _take(
    name: str, row: int, rows: Rows, taken: dict[str, int | Location], setting: Setting
) -> None:
    other = taken.setdefault(name, row)
    if other != row:
        first = rows.at(other) if isinstance(other, int) else other
        setting.faults.add(rows.at(row, "id"), f"the id {name!r} is taken by {first}")


def derived_id(kind: str, key: str, taken: Mapping[str, object]) -> str:
    """An id for a material that has none, of its kind and what it matches.

    >>> derived_id("phrase", "get rich quick", {})
    'phrase-get-rich-quick'
    >>> derived_id("keyword", "a b", {"keyword-a-b": 1})
    'keyword-a-b-47ec59'
    """
    words = key if key.isalnum() else _NO_WORD.sub("-", key).strip("-")
    slug = words[:_LONGEST_SLUG].rstrip("-")
    name = f"{kind}-{slug}"
    if slug and name not in taken:
        return name
    mark = hashlib.sha256(f"{kind}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()
    size = 6
    while (longer := f"{name}-{mark[:size]}" if slug else f"{kind}-{mark[:size]}") in taken:
        size += 1
    return longer


NO_WEIGHT: Final = "'weight' is missing"
NO_WEIGHT_HINT: Final = "write it, or once for all in 'defaults'; signal counts only in rules"


def make_materials(
    rows: Rows, named: Sequence[tuple[str, int]], setting: Setting
) -> tuple[list[Material], list[Rule]]:
    """The materials of named rows, in their order, and the rules `needs` and `unless` stand for."""
    materials: list[Material] = []
    rules: list[Rule] = []
    package, known = setting.package.package, setting.known
    forms, values = rows.forms, rows.values
    known.materials.update(name for name, _ in named)
    for name, row in named:
        form = forms[row]
        made = form.make(f"{package}/{name}", values[row])
        if not form.simple:
            made, rule = _checked(made, form, partial(rows.at, row), setting)
            if rule is not None:
                known.rules.add(f"{name}+needs")
                rules.append(rule)
        materials.append(made)
    return (
        [material for material in materials if material.status not in OFF],
        [rule for rule in rules if rule.status not in OFF],
    )


def _checked(made: Material, form: Form, at: At, setting: Setting) -> tuple[Material, Rule | None]:
    """The material as it is used, and its rule where it has one."""
    if form.weightless:
        setting.faults.add(at("weight"), NO_WEIGHT, NO_WEIGHT_HINT)
    if made.kind != "keyword":
        setting.refuse_value(made, at)
    if form.values["needs"] or form.values["unless"]:
        return _needing(made, form, at, setting)
    return made, None


def _needing(made: Material, form: Form, at: At, setting: Setting) -> tuple[Material, Rule]:
    """A material that counts only beside certain tags: it, without weight, and its rule."""
    values = form.values
    needs = [_tag(name, "needs", at, setting) for name in values["needs"] or ()]
    unless = [_tag(name, "unless", at, setting) for name in values["unless"] or ()]
    parts = (Condition("material", made.id), *needs)
    if unless:
        parts = (*parts, Condition("none", parts=tuple(unless)))
    rule = Rule(
        id=f"{made.id}+needs", condition=Condition("all", parts=parts), weight=made.weight,
        policies=made.policies, group=made.group, within=values["needs_within"],
        status=made.status, scope=made.scope,
    )  # fmt: skip
    return replace(made, weight=0.0, group=None), rule


def _tag(name: str, key: str, at: At, setting: Setting) -> Condition:
    qualified = name if "/" in name else f"{setting.package.package}/{name}"
    setting.known.asked.append((qualified, at(key)))
    return Condition("tag", qualified)
