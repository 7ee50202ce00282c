"""Which way a change goes: does the platform stop more from now on, or let more through?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final, Literal

from automod.model.ruleset import Condition
from automod.model.vocabulary import ACTION_RANK, STATUS_RANK, VIEW_RANK

Effect = Literal["tighter", "looser", "either", "none"]
"""tighter: more is stopped; looser: more is let through; either: that depends on the ads; none: no
decision changes."""

_OTHER: Final[Mapping[Effect, Effect]] = {
    "tighter": "looser", "looser": "tighter", "either": "either", "none": "none",
}  # fmt: skip
# What begins so may also end so, or be written on: but not the other way round.
_WIDTH: Final = {"word": 0, "inflected": 1, "prefix": 1, "substring": 2}


def turned(effect: Effect) -> Effect:
    """The effect of the opposite: what an allow lets through is what a material would stop."""
    return _OTHER[effect]


def together(effects: Iterable[Effect]) -> Effect:
    """The effect of several changes at once.

    >>> together(["tighter", "none"]), together(["tighter", "looser"]), together([])
    ('tighter', 'either', 'none')
    """
    found = set(effects) - {"none"}
    return "none" if not found else found.pop() if len(found) == 1 else "either"


def more(old: float, new: float) -> Effect:
    """The larger, the more is stopped.

    >>> more(0.3, 0.9), more(0.9, 0.3)
    ('tighter', 'looser')
    """
    return "tighter" if new > old else "looser" if new < old else "none"


def wider(old: Collection[Any], new: Collection[Any]) -> Effect:
    """Where something acts; nowhere named is everywhere.

    >>> wider(("SA",), ("SA", "AE")), wider((), ("SA",)), wider(("SA",), ("AE",))
    ('tighter', 'looser', 'either')
    """
    if set(old) == set(new):
        return "none"
    if not old or not new:
        return "looser" if new else "tighter"
    return larger(old, new)


def larger(old: Collection[Any], new: Collection[Any]) -> Effect:
    """The more there are, the more is stopped; none named is none.

    >>> larger((), ("SA",)), larger(("SA", "AE"), ("SA",))
    ('tighter', 'looser')
    """
    before, after = set(old), set(new)
    if before == after:
        return "none"
    return "tighter" if before < after else "looser" if after < before else "either"


def _unbounded(old: float | None, new: float | None) -> Effect:
    """As `more`; None is without end."""
    return more(float("inf") if old is None else old, float("inf") if new is None else new)


def _earlier(old: date | None, new: date | None) -> Effect:
    return turned(more((old or date.min).toordinal(), (new or date.min).toordinal()))


def _later(old: date | None, new: date | None) -> Effect:
    return more((old or date.max).toordinal(), (new or date.max).toordinal())


def _boundary(old: str, new: str) -> Effect:
    effect = more(_WIDTH[old], _WIDTH[new])
    return "either" if effect == "none" and old != new else effect


def _status(old: str | None, new: str | None) -> Effect:
    """Of a status that nothing sets, as in an override: as live as it was."""
    return more(_LIVE.get(old or "live", 0), _LIVE.get(new or "live", 0))


_LIVE: Final = {"live": 1}
"""What else there is decides nothing."""


def _yes(old: bool, new: bool) -> Effect:
    return more(old, new)


def _no(old: bool, new: bool) -> Effect:
    return turned(more(old, new))


def condition(old: Condition | None, new: Condition | None) -> Effect:
    """How a rule's condition changed: the easier it holds, the more is stopped.

    >>> phone, tag = Condition("found", "phone"), Condition("tag", "p/a")
    >>> condition(Condition("all", parts=(tag,)), Condition("all", parts=(tag, phone)))
    'looser'
    """
    if old == new:
        return "none"
    if old is None or new is None or old.op != new.op or old.name != new.name:
        return "either"
    if not old.parts and not new.parts:
        return larger(old.values, new.values)
    # At least three are harder to have than two.
    return together([turned(more(old.count, new.count)), *_parts(old, new)])


def _parts(old: Condition, new: Condition) -> list[Effect]:
    """What became of the parts of a condition: one of them, or some more, or some fewer."""
    gone = [part for part in old.parts if part not in new.parts]
    come = [part for part in new.parts if part not in old.parts]
    easier = old.op in ("any", "at_least")
    if len(gone) == len(come) == 1:
        inner = condition(gone[0], come[0])
        return [turned(inner) if old.op == "none" else inner]
    if gone and come:
        return ["either"]
    effect = larger((), come) if come else larger(gone, ()) if gone else "none"
    return [effect if easier else turned(effect)]


_FIELDS: Final[Mapping[str, Callable[[Any, Any], Effect]]] = {
    "weight": more,
    "view": lambda old, new: more(VIEW_RANK[old], VIEW_RANK[new]),
    "boundary": _boundary,
    "gap": more,
    "ramp": more,
    "status": _status,
    "markets": wider,
    "fields": wider,
    "only_languages": wider,
    "from": _earlier,
    "until": _later,
    "policies": larger,
    "packages": larger,
    "advertisers": larger,
    "only_if_obfuscated": _no,
    "same_field": _no,
    "swaps": _yes,
    "within": _unbounded,
    "condition": condition,
    "cap": _unbounded,
}
_SAYS_NOTHING: Final = frozenset({
    "version", "owner", "title", "examples", "id", "expected_rate",
})  # fmt: skip


def of_field(name: str, old: Any, new: Any) -> Effect:
    """The effect of one field of something that stops: a material, a rule, a package.

    >>> of_field("weight", 0.3, 0.9), of_field("value", "a", "b"), of_field("about.note", "", "x")
    ('tighter', 'either', 'none')
    """
    if name in _SAYS_NOTHING or name.startswith("about."):
        return "none"
    compare = _FIELDS.get(name.partition(".")[0])
    if compare is None:
        return "either"
    return compare(old, new)


def of_override(name: str, old: Any, new: Any) -> Effect:
    """The effect of one field of an override, which narrows: where it acts, less is stopped.

    >>> of_override("markets", ("SA",), ()), of_override("weight", None, 0.3)
    ('looser', 'looser')
    """
    if name in ("markets", "from", "until"):
        return turned(of_field(name, old, new))
    if name == "status":
        return more(*(len(STATUS_RANK) if one is None else STATUS_RANK[one] for one in (old, new)))
    if name in ("weight", "ramp"):
        return _unbounded(old, new)
    if name == "view":
        return more(*(len(VIEW_RANK) if one is None else VIEW_RANK[one] for one in (old, new)))
    return "either" if name == "target" else "none"


def of_action(old: Any, new: Any) -> Effect:
    """The effect of what is done with what was not evaluated.

    >>> of_action("review", "reject")
    'tighter'
    """
    return more(*(ACTION_RANK.get(one, ACTION_RANK["review"]) for one in (old, new)))


def stances(old: Collection[str], new: Collection[str]) -> Effect:
    """What one more condition asks, one more ad does not meet; what is prohibited meets none.

    >>> stances(["certificate"], ["prohibited"]), stances(["certificate"], ["age_gate"])
    ('tighter', 'either')
    >>> stances(["age_gate"], ["allowed"])
    'looser'
    """
    before, after = (set(one) - {"allowed"} for one in (old, new))
    if "prohibited" in before or "prohibited" in after:
        return more("prohibited" in before, "prohibited" in after)
    return larger(before, after)


def flat(value: Any, names: Iterable[str]) -> dict[str, Any]:
    """The fields of something by name; scopes, notes and caps have a line for each of theirs."""
    found: dict[str, Any] = {}
    for name in names:
        one = getattr(value, name)
        if name == "scope":
            found |= {"markets": one.markets, "fields": one.fields}
            found |= {"from": one.from_, "until": one.until}
        elif name in ("about", "caps"):
            prefix = "about" if name == "about" else "cap"
            found |= {f"{prefix}.{key}": inner for key, inner in one.items()}
        else:
            found[name.rstrip("_")] = one
    return found
