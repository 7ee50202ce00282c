"""What materials have in common that differ in id and value alone, looked at once for all of them.

A table of 100,000 rows has few forms: what is worked out here costs its rows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from automod.errors import Location
from automod.model import package as written
from automod.model.columns import Columns
from automod.model.ruleset import EVERYWHERE, Material, Sample, Scope
from automod.model.vocabulary import BEYOND_SAFE, MEDIA, STATUS_RANK, Kind, Status, View

from .entries import Setting, about
from .faults import Faults
from .policy_table import check_days
from .samples import name_of, read_sample, refuse_sample_keys
from .writing import (
    TEXT,
    WRITINGS,
    default_boundary,
    default_view,
    kept_language,
    language_of,
    writings_of,
)

OFF: Final = frozenset({"draft", "retired"})

_PLAIN: Final = frozenset({"kind", "value", "weight", "id"})
"""Keys that need no check beyond their own."""

_NOWHERE: Final = Location("")
_SEEN_IN: Final = ("images", "videos")


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
    """A material of this form, without id and value; `written_so` has what these decide."""
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
    form = Form(
        kind=like.kind, own=own, values=values, sound=False, simple=False, like=like,
        as_written=like.kind == "regex" or like.view == "exact",
    )  # fmt: skip
    tried = Faults()
    plain = one.model_fields_set <= _PLAIN and like.kind not in (None, *MEDIA)
    plain = plain and not values["only_if_obfuscated"]
    sound = plain or (fits(form, lambda _: _NOWHERE, setting, tried) and not tried.found)
    if sound and like.kind in MEDIA:
        sample = sample_of(form, lambda _: _NOWHERE, setting, tried)
        form = replace(form, like=replace(like, value=name_of(sample), sample=sample))
        sound = sample is not None
    needing = values["needs"] or values["unless"]
    simple = like.kind in ("keyword", *MEDIA) and not needing and not form.weightless
    return replace(form, sound=sound, simple=simple)


def sample_of(
    form: Form, at: Callable[[str], Location], setting: Setting, faults: Faults
) -> Sample | None:
    """The sample of what is seen; None with faults where there is none. `at`: a key's place."""
    keys = ("kind", "algorithm", "radius") if form.kind == "image" else ("kind",)
    taken = {key: form.values[key] for key in keys if form.values[key] is not None}
    return read_sample({**form.own, **taken}, setting.file.folder, setting.samples, at, faults)


def _like(values: Mapping[str, Any], extra: Mapping[str, str], setting: Setting) -> Material:
    package, policies, group = setting.package, values["policy"], values["group"]
    kind = values["kind"]
    view: View = values["view"] or "safe"
    return Material(
        id="", kind=kind, value="", weight=values["weight"] or 0.0,
        policies=package.policy if policies is None else policies,
        tags=tuple(f"{package.package}/{tag}" for tag in values["tags"] or ()),
        group=f"{package.package}/{group}" if group else None,
        # Of the defaults a kind takes what it has: no regex is read in `evasion`.
        view=view if kind in TEXT or not is_far(view) else "safe",
        boundary=values["boundary"] or "word",
        gap=values["gap"] or 0, status=less_active(setting.status, values["status"]),
        scope=scope_of(values), about=about(values, {**setting.about, **extra}),
        only_languages=tuple(sorted(values["only_languages"] or ())),
        only_if_obfuscated=bool(values["only_if_obfuscated"]),
        swaps=kind == "keyword" and values["view"] == "evasion",
        ramp=full(values["ramp"]), expected_rate=values["expected_rate"],
    )  # fmt: skip


def written_alike(
    keys: Sequence[str], forms: Sequence[Form], form_of: Sequence[int], languages: Sequence[str]
) -> tuple[list[Material], npt.NDArray[np.int64]]:
    """Materials without id and value, each sort once, and the number of the sort of each row.

    Args:
        keys: The folded value of each row.
        forms: What rows say beside id and value, each once.
        form_of: The number of each row's form.
        languages: The package's.
    """
    numbers = np.array(form_of, np.int64)
    if not keys or not any(form.kind in TEXT for form in forms):
        return [form.like for form in forms], numbers
    phrases = {number for number, form in enumerate(forms) if form.kind == "phrase"}
    of_phrases = [n for n, number in enumerate(form_of) if number in phrases] if phrases else []
    both = numbers * WRITINGS + writings_of(keys, of_phrases)
    different, numbers = np.unique(both, return_inverse=True)
    pairs = [divmod(one, WRITINGS) for one in different.tolist()]
    return [written_so(forms[number], writing, languages) for number, writing in pairs], numbers


def make_all(
    ids: Sequence[str], values: Sequence[str], likes: Sequence[Material], like_of: Sequence[int]
) -> Columns[Material]:
    """Materials, each of its (qualified) id, its value, and the number of its sort."""
    each: dict[str, Sequence[Any]] = {"id": ids, "value": values}
    same: dict[str, Any] = {}
    for name in [one.name for one in fields(Material) if one.name not in each]:
        choices = [getattr(like, name) for like in likes]
        if choices and all(one == choices[0] for one in choices):
            same[name] = choices[0]
        else:
            each[name] = list(map(choices.__getitem__, like_of))
    return Columns(Material, each, same)


def written_so(form: Form, writing: int, languages: Sequence[str]) -> Material:
    """A material of a form whose value is written so: what was left out is decided by that.

    What acts only in disguise may match in `evasion`, however short: else it would never act.
    """
    like = form.like
    if like.kind not in TEXT:
        return like
    language = language_of(writing, languages)
    boundary = form.values["boundary"] or default_boundary(writing, language)
    open_view = "evasion" if like.only_if_obfuscated else default_view(writing)
    view = form.values["view"] or open_view
    language = kept_language(language, boundary)
    return replace(like, view=view, boundary=boundary, language=language)


def fits(form: Form, at: Callable[[str], Location], setting: Setting, faults: Faults) -> bool:
    """Check what not every form has; whether its rows can be used. `at`: the place of a key."""
    own, values, kind, names = form.own, form.values, form.values["kind"], setting.names
    if kind is None:
        faults.add(at("kind"), "'kind' is missing", code="missing")
        return False
    refuse_reading(own, kind, at, faults)
    _refuse_obvious(values, at, faults)
    if "needs_within" in own and not (values["needs"] or values["unless"]):
        faults.add(
            at("needs_within"), "'needs_within' goes with 'needs' or 'unless'", code="misplaced"
        )
    names.check_codes(own.get("policy", ()), at("policy"), faults)
    names.check_markets(own.get("markets", ()), at("markets"), faults)
    check_days(values["from_"], values["until"], at("until" if "until" in own else "from"), faults)
    if kind not in MEDIA:
        refuse_sample_keys(own, kind, at, faults)
    elif not all(name.startswith(_SEEN_IN) for name in own.get("fields", ())):
        message = f"{with_article(kind)} is seen in 'images' and 'videos', in no other field"
        faults.add(at("fields"), message, code="misplaced")
    return True


def is_far(view: View | None) -> bool:
    """Whether a view is looser than `safe`.

    >>> is_far("loose"), is_far("safe"), is_far(None)
    (True, False, False)
    """
    return view is not None and view in BEYOND_SAFE


def refuse_reading(
    own: Mapping[str, Any], kind: Kind, at: Callable[[str], Location], faults: Faults
) -> None:
    """Keep a fault for each key that says how letters are read, of what is not read so."""
    one = with_article(kind)
    if "gap" in own and kind != "phrase":
        faults.add(at("gap"), f"'gap' is for phrases, this is {one}", code="misplaced")
    if "boundary" in own and kind not in TEXT:
        faults.add(
            at("boundary"),
            f"'boundary' is for keywords and phrases, this is {one}",
            code="misplaced",
        )
    if "only_languages" in own and kind in MEDIA:
        faults.add(
            at("only_languages"), f"'only_languages' is for texts, this is {one}", code="misplaced"
        )
    view = own.get("view")
    if view is not None and (kind in MEDIA or (kind not in TEXT and is_far(view))):
        message = f"the view {view!r} is for keywords and phrases: {one} {_seen(kind)}"
        faults.add(at("view"), message, "leave 'view' out", code="misplaced")


def _seen(kind: Kind) -> str:
    """How what is not read letter by letter is found."""
    if kind in MEDIA:
        return "is found by what it looks like"
    return "matches what it says" if kind == "regex" else "is read by its own rules"


def with_article(kind: str) -> str:
    """A kind with its article.

    >>> with_article("image"), with_article("video")
    ('an image', 'a video')
    """
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"


def _refuse_obvious(
    values: Mapping[str, Any], at: Callable[[str], Location], faults: Faults
) -> None:
    """Keep a fault for what acts only in disguise and knows none: it would never act."""
    if not values["only_if_obfuscated"]:
        return
    kind, view = values["kind"], values["view"]
    if kind not in TEXT:
        one = with_article(kind)
        message = f"'only_if_obfuscated' is for keywords and phrases, this is {one}"
        faults.add(at("only_if_obfuscated"), message, code="misplaced")
    elif view not in (None, "evasion"):
        message = f"'only_if_obfuscated' needs the view 'evasion', this has {view!r}"
        faults.add(at("only_if_obfuscated"), message, "leave 'view' out", code="misplaced")


def less_active(one: Status, other: Status | None) -> Status:
    """The less active of two statuses.

    >>> less_active("live", "shadow")
    'shadow'
    """
    if other is None:
        return one
    return min(one, other, key=STATUS_RANK.__getitem__)


def full(ramp: float | None) -> float:
    """A ramp that was written, or all creatives.

    >>> full(None), full(0.1), full(0.0)
    (1.0, 0.1, 0.0)
    """
    return 1.0 if ramp is None else ramp


def scope_of(values: Mapping[str, Any]) -> Scope:
    """Where and when something acts; one shared object for everywhere."""
    markets, fields_ = values.get("markets") or (), values.get("fields") or ()
    from_, until = values.get("from_"), values.get("until")
    if not (markets or fields_ or from_ or until):
        return EVERYWHERE
    return Scope(markets, fields_, from_, until)
