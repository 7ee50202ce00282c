"""Materials as written -> materials as matched: ids, duplicates, sugar."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import compress
from operator import itemgetter
from typing import Final

import regex

from automod.errors import Location
from automod.model.columns import Columns, various
from automod.model.quick import side_by_side
from automod.model.ruleset import Condition, Material, Rule
from automod.model.vocabulary import MEDIA
from automod.text.fold import fold_many

from .entries import Batch, Known, Setting
from .forms import OFF, Form, fits, form_of, make_all, sample_of, written_alike

_NO_WORD: Final = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_LONGEST_SLUG: Final = 40

At = Callable[[str], Location]
"""The place of a key."""


@dataclass(slots=True)
class Rows:
    """Materials on their way, column by column: an object for each would take half the time."""

    forms: list[Form] = field(default_factory=list)
    """Each once; `form_of` has the number of each material's."""
    form_of: list[int] = field(default_factory=list)
    ids: list[str | None] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    """As they will be matched: only a pattern keeps the spaces around it."""
    keys: list[str] = field(default_factory=list)
    """What makes each the same as another of its kind: the folded value."""
    batches: list[tuple[int, Batch, Sequence[int]]] = field(default_factory=list)
    """Of each batch its first row here, and where in the batch its rows are."""

    def at(self, row: int, key: str | None = None) -> Location:
        """The place of a material, or of one of its keys."""
        batch, number = self.batch_of(row)
        return batch.at(number, key)

    def batch_of(self, row: int) -> tuple[Batch, int]:
        """The batch that a material was written in, and its number there."""
        first, batch, used = self.batches[bisect_right(self.batches, row, key=itemgetter(0)) - 1]
        return batch, used[row - first]


def rows_of(batches: Iterable[Batch], setting: Setting) -> Rows:
    """The rows that can become materials; the others leave faults."""
    rows = Rows()
    for batch in batches:
        forms = [form_of(one, setting) for one in batch.forms]
        _note(forms, batch, setting.known)
        _add(forms, batch, rows, setting)
    return rows


def _note(forms: Iterable[Form], batch: Batch, known: Known) -> None:
    """Note what materials are called by, also faulty ones: naming them is no second fault."""
    known.materials.update(filter(None, batch.ids))
    for form in forms:
        known.tags.update(form.values["tags"] or ())
        known.groups.update(filter(None, [form.values["group"]]))


def _add(forms: Sequence[Form], batch: Batch, rows: Rows, setting: Setting) -> None:
    numbers, ids, values = batch.form_of, batch.ids, _values_of(forms, batch)
    used = _usable_rows(forms, values, batch, setting)
    written = [values[i] for i in used] if len(used) < len(values) else values
    stripped = list(map(str.strip, written))
    folded = fold_many(stripped, "safe")
    faulty = [*_blank(folded), *_lost(stripped)]
    if faulty:
        for n, sort in faulty:
            message, hint = _said_of(sort, forms[numbers[used[n]]].kind, values[used[n]])
            setting.faults.add(batch.at(used[n], "value"), message, hint, code=sort)
        out = {n for n, _ in faulty}
        sound = [n not in out for n in range(len(used))]
        if not all(ids[used[n]] for n in out):
            setting.known.unsure.add("materials")
        used, written = list(compress(used, sound)), list(compress(written, sound))
        stripped, folded = list(compress(stripped, sound)), list(compress(folded, sound))
    first, numbers = len(rows.forms), [numbers[i] for i in used]
    rows.batches.append((len(rows.ids), batch, used))
    rows.forms += forms
    rows.form_of += [first + number for number in numbers] if first else numbers
    rows.ids += [ids[i] for i in used]
    rows.values += _either(written, stripped, [form.kind == "regex" for form in forms], numbers)
    rows.keys += _either(stripped, folded, [form.as_written for form in forms], numbers)


def _blank(folded: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Where folding leaves nothing."""
    if not all(map(str.strip, folded)):
        yield from ((n, "empty") for n, text in enumerate(folded) if not text.strip())


def _lost(stripped: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Where there is nothing but question marks."""
    if "\n?" in "\n".join(["", *stripped]):
        marks = (n for n, text in enumerate(stripped) if text and not text.strip("?"))
        yield from ((n, "question_marks") for n in marks)


def _said_of(sort: str, kind: str, value: str) -> tuple[str, str | None]:
    return (empty_value(kind, value), None) if sort == "empty" else lost_letters(kind)


def _values_of(forms: Sequence[Form], batch: Batch) -> list[str]:
    """What each row says it matches; an image or a video is called by its sample."""
    if not any(form.kind in MEDIA for form in forms):
        return [value or "" for value in batch.values]
    rows = zip(batch.form_of, batch.values, strict=True)
    return [forms[number].like.value or value or "" for number, value in rows]


def _usable_rows(
    forms: Sequence[Form], values: Sequence[str], batch: Batch, setting: Setting
) -> Sequence[int]:
    """The rows with a value and with keys that go together; the others leave faults."""
    if all(values) and all(form.sound for form in forms):
        return range(len(values))
    used = [
        i
        for i, (number, value) in enumerate(zip(batch.form_of, values, strict=True))
        if (forms[number].sound and value)
        or _usable(forms[number], value, partial(batch.at, i), setting)
    ]
    if not all(batch.ids[i] for i in set(range(len(values))).difference(used)):
        # What they would have been called is not known, and others may name it.
        setting.known.unsure.add("materials")
    return used


def _usable(form: Form, value: str, at: At, setting: Setting) -> bool:
    before = len(setting.faults.found)
    if fits(form, at, setting, setting.faults):
        if form.kind in MEDIA:
            # Without its sample it has no value: what is said of that would be a second fault.
            sample_of(form, at, setting, setting.faults)
        elif not value:
            setting.faults.add(at("value"), "'value' is missing", code="missing")
    return len(setting.faults.found) == before


def _either(
    one: Sequence[str], other: Sequence[str], which: Sequence[bool], numbers: Sequence[int]
) -> Sequence[str]:
    """For each row its text of `one` if that is so for its form, else of `other`."""
    if not any(which):
        return other
    return [a if which[number] else b for a, b, number in zip(one, other, numbers, strict=True)]


def empty_value(kind: str, value: str) -> str:
    """What is said of a value of which folding leaves nothing: code points can be read, it cannot.

    >>> empty_value("phrase", chr(0x640))
    'the phrase is empty after folding (it was U+0640)'
    """
    points = " ".join(f"U+{ord(char):04X}" for char in value[:8])
    return f"the {kind} is empty after folding (it was {points})"


def lost_letters(kind: str) -> tuple[str, str]:
    """What is said of a value that is question marks alone, and what helps."""
    message = f"the {kind} is nothing but question marks"
    return message, "a table saved without UTF-8 loses letters: save it as CSV UTF-8"


def name_rows(
    rows: Rows, taken: dict[str, int | Location], setting: Setting
) -> tuple[list[str], list[int]]:
    """Give every row its id, and refuse what is there twice.

    Args:
        rows: The rows of the package, in the order they were written.
        taken: Ids that are used already, and by what.
        setting: The package.

    Returns:
        The id of every row, and the rows that stay, in order of their ids.
    """
    # Before any id is derived: those that are written keep theirs.
    for row, name in enumerate(rows.ids if any(rows.ids) else ()):
        if name is not None:
            _take(name, row, rows, taken, setting)
    names = _names_alone(rows)
    different = set(names)
    # Derived names that all differ are of values that all differ.
    apart = len(different) == len(names) and not any(rows.ids)
    out = set() if apart else _refuse_doubles(rows, setting)
    stay: Sequence[int] = range(len(names))
    if taken or out or "" in different or len(different) < len(names):
        stay = _named_one_by_one(names, out, rows, taken)
        different = set(map(names.__getitem__, stay))
    different |= setting.known.materials  # the few into the many
    setting.known.materials = different
    return names, sorted(stay, key=names.__getitem__)


def _named_one_by_one(
    names: list[str], out: set[int], rows: Rows, taken: dict[str, int | Location]
) -> list[int]:
    """Give the rows whose name is blank or taken another; the rows that stay.

    `out`: rows that are refused already.
    """
    take = taken.setdefault
    for row, name in enumerate(names):
        if row in out or (name and take(name, row) == row):
            continue
        if rows.ids[row]:
            out.add(row)
            continue
        kind = rows.forms[rows.form_of[row]].kind
        names[row] = derived_id(kind, rows.keys[row], taken)
        taken[names[row]] = row
    return [row for row in range(len(names)) if row not in out]


def _names_alone(rows: Rows) -> list[str]:
    """The id of each row, its own or the one it would have alone; blank where it needs a mark."""
    # Nearly every key is one word, which is its slug.
    slugs = [
        key if len(key) <= _LONGEST_SLUG and key.isalnum() else _slug(key) for key in rows.keys
    ]
    kinds = [form.kind for form in rows.forms]
    if not any(rows.ids) and all(slugs) and len(set(kinds)) == 1:
        return [f"{kinds[0]}-{slug}" for slug in slugs]
    return [
        own or (slug and f"{kinds[number]}-{slug}")
        for own, number, slug in zip(rows.ids, rows.form_of, slugs, strict=True)
    ]


def _refuse_doubles(rows: Rows, setting: Setting) -> set[int]:
    """The rows that say what an earlier one of their kind says."""
    if len(set(rows.keys)) == len(rows.keys):
        return set()
    again = set()
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    for row, (number, key) in enumerate(zip(rows.form_of, rows.keys, strict=True)):
        kind = rows.forms[number].kind
        first = seen[kind].setdefault(key, row)
        if first != row:
            message = f"the same {kind} as in {rows.at(first)}"
            setting.faults.add(rows.at(row, "value"), message, "leave one out", code="duplicate")
            again.add(row)
    return again


def _take(
    name: str, row: int, rows: Rows, taken: dict[str, int | Location], setting: Setting
) -> None:
    other = taken.setdefault(name, row)
    if other != row:
        first = rows.at(other) if isinstance(other, int) else other
        setting.faults.add(
            rows.at(row, "id"), f"the id {name!r} is taken by {first}", code="id_taken"
        )


def derived_id(kind: str, key: str, taken: Mapping[str, object]) -> str:
    """An id for a material that has none, of its kind and what it matches.

    >>> derived_id("phrase", "get rich quick", {})
    'phrase-get-rich-quick'
    >>> derived_id("keyword", "a b", {"keyword-a-b": 1})
    'keyword-a-b-47ec59'
    """
    slug = _slug(key)
    name = f"{kind}-{slug}"
    if slug and name not in taken:
        return name
    mark = hashlib.sha256(f"{kind}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()
    size = 6
    while (longer := f"{name}-{mark[:size]}" if slug else f"{kind}-{mark[:size]}") in taken:
        size += 1
    return longer


def _slug(key: str) -> str:
    words = key if key.isalnum() else _NO_WORD.sub("-", key).strip("-")
    return words[:_LONGEST_SLUG].rstrip("-")


NO_WEIGHT: Final = "'weight' is missing"
NO_WEIGHT_HINT: Final = "write it, or once for all in 'defaults'; signal counts only in rules"


def make_materials(
    rows: Rows, names: Sequence[str], order: Sequence[int], setting: Setting
) -> tuple[Columns[Material], list[int], list[Rule]]:
    """The materials of named rows, the row of each, and what `needs` and `unless` stand for.

    Those whose value is none of their kind, or that lack a weight, leave faults and are left out.

    Args:
        rows: The rows of the package.
        names: The id of every row.
        order: The rows that stay, in the order of the materials.
        setting: The package.
    """
    package = setting.package
    ids = side_by_side(list(map(names.__getitem__, order)), f"{package.package}/")
    values = side_by_side(list(map(rows.values.__getitem__, order)))
    likes, like_of = written_alike(rows.keys, rows.forms, rows.form_of, package.languages)
    materials = make_all(ids, values, likes, like_of[list(order)].tolist())
    if all(form.simple for form in rows.forms):
        return materials, list(order), []
    materials, rules, faulty = _look_at_each(materials, rows, names, order, setting)
    if faulty:
        stay = [place for place in range(len(order)) if place not in faulty]
        materials, order = materials.at(stay), [order[place] for place in stay]
    return materials, list(order), rules


def active(materials: Columns[Material]) -> Columns[Material]:
    """Those that are neither draft nor retired."""
    if not OFF.intersection(various(materials, "status")):
        return materials
    on = [n for n, status in enumerate(materials.column("status")) if status not in OFF]
    return materials.at(on)


def _look_at_each(
    materials: Columns[Material],
    rows: Rows,
    names: Sequence[str],
    order: Sequence[int],
    setting: Setting,
) -> tuple[Columns[Material], list[Rule], set[int]]:
    """Check the materials that are not simple, and make rules of what they need.

    Returns:
        The materials, the rules, and which of the materials are faulty.
    """
    changed: dict[int, Material] = {}
    rules: list[Rule] = []
    faulty: set[int] = set()
    found = setting.faults.found
    for place, row in enumerate(order):
        form = rows.forms[rows.form_of[row]]
        if form.simple:
            continue
        before = len(found)
        made, rule = _checked(materials[place], form, partial(rows.at, row), setting)
        if len(found) > before:
            faulty.add(place)
        elif rule is not None:
            changed[place] = made
            setting.known.rules.add(f"{names[row]}+needs")
            rules.append(rule)
    return materials.replaced(changed) if changed else materials, rules, faulty


def _checked(made: Material, form: Form, at: At, setting: Setting) -> tuple[Material, Rule | None]:
    """The material as it is used, and its rule where it has one."""
    if form.weightless:
        setting.faults.add(at("weight"), NO_WEIGHT, NO_WEIGHT_HINT, code="weightless")
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
        status=made.status, scope=made.scope, ramp=made.ramp, expected_rate=made.expected_rate,
    )  # fmt: skip
    return replace(made, weight=0.0, group=None, expected_rate=None), rule


def _tag(name: str, key: str, at: At, setting: Setting) -> Condition:
    qualified = name if "/" in name else f"{setting.package.package}/{name}"
    setting.known.asked.append((qualified, at(key)))
    return Condition("tag", qualified)
