"""What materials have in common that differ in id and value alone, looked at once for all of them.

A table of 100,000 rows has few forms: what is worked out here costs its rows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import repeat
from typing import Any, Final

import regex

from automod.errors import Location
from automod.model import package as written
from automod.model.quick import maker_of_many
from automod.model.ruleset import EVERYWHERE, Material, Scope
from automod.model.vocabulary import STATUS_RANK, Boundary, Kind, Status

from .entries import Setting, about
from .faults import Faults
from .policy_table import PolicyNames, check_days
from .unsupported import LATER_WORDS, refuse_later

OFF: Final = frozenset({"draft", "retired"})

_PLAIN: Final = frozenset({"kind", "value", "weight", "id"})
"""Keys that need no check beyond their own."""

_MEDIA: Final = LATER_WORDS["kind"]
_NOWHERE: Final = Location("")

_NO_SPACES: Final = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}&&\p{L}]",
    regex.VERSION1,
)
# The first of them is U+0E01 THAI CHARACTER KO KAI; `re` looks for that eight times as fast.
_MAYBE_NO_SPACES: Final = re.compile("[\u0e01-\U0010ffff]")

_make_all: Final = maker_of_many(Material)


@dataclass(frozen=True, slots=True)
class Form:
    """All that a material says but its id and its value."""

    kind: Kind
    own: Mapping[str, Any]
    """What was written, by its keys in files."""
    values: Mapping[str, Any]
    """What was written or is a default."""
    sound: bool
    """Whether its keys go together: then they are not checked again for each row."""
    simple: bool
    """Whether its materials are what `make_all` gives, and no fault and no rule comes with them."""
    like: Material
    """A material of this form, without id and value."""
    unspaced: Material
    """The same for a value of a script without spaces."""
    as_written: bool
    """Whether case and letters matter: then what folding merges is still two things."""

    @property
    def weightless(self) -> bool:
        """Whether a weight is missing: what has no policy needs none."""
        return self.values["weight"] is None and bool(self.like.policies)


def form_of(one: written.Material, setting: Setting) -> Form:
    """The form of a material; its faults are kept when its rows are looked at."""
    defaults = setting.defaults
    missing = defaults.keys() - one.model_fields_set
    values = {**one.__dict__, **{key: defaults[key] for key in missing}}
    own = {
        written.Material.model_fields[key].alias or key: values[key]
        for key in one.model_fields_set & written.Material.model_fields.keys()
        if values[key] is not None
    }
    like = _like(values, one.model_extra or {}, setting)
    by_script = values["boundary"] is None and like.kind in ("keyword", "phrase")
    unspaced = replace(like, boundary="substring") if by_script else like
    form = Form(
        kind=like.kind, own=own, values=values, sound=False, simple=False, like=like,
        unspaced=unspaced, as_written=like.kind == "regex" or like.view == "exact",
    )  # fmt: skip
    tried = Faults()
    plain = one.model_fields_set <= _PLAIN and like.kind not in (None, *_MEDIA)
    sound = plain or (fits(form, lambda _: _NOWHERE, setting.names, tried) and not tried.found)
    needing = values["needs"] or values["unless"]
    simple = like.kind == "keyword" and not needing and not form.weightless
    return replace(form, sound=sound, simple=simple)


def _like(values: Mapping[str, Any], extra: Mapping[str, str], setting: Setting) -> Material:
    package, policies, group = setting.package, values["policy"], values["group"]
    return Material(
        id="", kind=values["kind"], value="", weight=values["weight"] or 0.0,
        policies=package.policy if policies is None else policies,
        tags=tuple(f"{package.package}/{tag}" for tag in values["tags"] or ()),
        group=f"{package.package}/{group}" if group else None,
        view=values["view"] or "safe", boundary=values["boundary"] or "word",
        gap=values["gap"] or 0, status=less_active(setting.status, values["status"]),
        scope=scope_of(values), about=about(values, {**setting.about, **extra}),
    )  # fmt: skip


def make_all(
    ids: Sequence[str], values: Sequence[str], forms: Sequence[Form], form_of: Sequence[int]
) -> list[Material]:
    """Materials, each of its (qualified) id, its value and the number of its form."""
    likes = [*(form.like for form in forms), *(form.unspaced for form in forms)]
    like_of = [
        number if is_spaced(value) else number + len(forms)
        for number, value in zip(form_of, values, strict=True)
    ]
    columns: dict[str, Iterable[Any]] = {"id": ids, "value": values}
    for one in fields(Material):
        if one.name not in columns:
            columns[one.name] = _column([getattr(like, one.name) for like in likes], like_of)
    return _make_all(columns)


def _column(choices: Sequence[Any], chosen: Sequence[int]) -> Iterable[Any]:
    """For each number its choice; nothing is looked up where there is but one."""
    if chosen and all(one is choices[0] for one in choices):
        return repeat(choices[0], len(chosen))
    return map(choices.__getitem__, chosen)


def fits(form: Form, at: Callable[[str], Location], names: PolicyNames, faults: Faults) -> bool:
    """Check what not every form has; whether its rows can be used. `at`: the place of a key."""
    own, values, kind = form.own, form.values, form.values["kind"]
    if kind is None:
        faults.add(at("kind"), "'kind' is missing")
        return False
    if refuse_later(own, at, faults):
        return False
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


def boundary_of(value: str) -> Boundary:
    """The boundary of a value that says none: `substring` in scripts without spaces.

    >>> boundary_of("casino"), boundary_of("赌场")
    ('word', 'substring')
    """
    return "word" if is_spaced(value) else "substring"


def is_spaced(value: str) -> bool:
    """Whether a value has no letter of a script that is written without spaces.

    >>> is_spaced("casino"), is_spaced("vip赌场")
    (True, False)
    """
    return value.isascii() or not (_MAYBE_NO_SPACES.search(value) and _NO_SPACES.search(value))


def less_active(one: Status, other: Status | None) -> Status:
    """The less active of two statuses.

    >>> less_active("live", "shadow")
    'shadow'
    """
    if other is None:
        return one
    return min(one, other, key=STATUS_RANK.__getitem__)


def scope_of(values: Mapping[str, Any]) -> Scope:
    """Where and when something acts; one shared object for everywhere."""
    markets, fields_ = values.get("markets") or (), values.get("fields") or ()
    from_, until = values.get("from_"), values.get("until")
    if not (markets or fields_ or from_ or until):
        return EVERYWHERE
    return Scope(markets, fields_, from_, until)
