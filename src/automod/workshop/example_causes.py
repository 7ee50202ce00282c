"""Why an example did not come out: what kept a material away, or what let it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from automod.engine.cause import Cause
from automod.engine.compile import compile as compile_ruleset
from automod.engine.derivation import TEXTUAL, Derivation, derivation
from automod.engine.engine import Engine
from automod.engine.intake import read
from automod.engine.near_miss import near_miss
from automod.engine.nearest import Nearest, nearest
from automod.engine.why_not import WhyNot, why_not
from automod.model.columns import picked
from automod.model.decision import Decision, Hit
from automod.model.ruleset import EVERYWHERE, Material, Package, PolicyTable, Ruleset
from automod.model.vocabulary import VIEW_RANK, View

MOST_ALLOWS: Final = 200
"""Allows of a package that are looked at for the nearest."""

_TIGHTER: Final[tuple[View, ...]] = ("loose", "safe")
"""The views that may keep a hit away; `exact` would keep away far more than it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An ad that an example was tried as, and what was decided on it."""

    ad: Mapping[str, Any]
    decision: Decision


@dataclass(frozen=True, slots=True)
class Missing:
    """What was to hit and did not: why, and what in the text comes nearest to it."""

    name: str
    """As the example names it."""
    causes: tuple[Cause, ...] = ()
    nearest: Nearest | None = None


@dataclass(frozen=True, slots=True)
class NearAllow:
    """The allow that comes nearest to protecting a hit, and why it does not."""

    id: str
    value: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Extra:
    """What hit and was not to: where, by which folds and boundary, and what would stop it."""

    name: str
    hit: Hit
    market: str
    parts: tuple[Hit, ...] = ()
    """Of a rule: what it rests on."""
    how: Derivation | None = None
    stops: tuple[tuple[str, str], ...] = ()
    """Keys with values of which each alone would keep this hit away."""
    allow: NearAllow | None = None
    suggested: str | None = None
    """The words around the hit: as an allow they would protect it."""


def why_missing(engine: Engine, tried: Sequence[Tried], name: str, id_: str) -> Missing:
    """Why something hit in none of the ads; told of the first in which it acts.

    Args:
        engine: that decided.
        tried: the ads and decisions of one example.
        name: as the example names it.
        id_: its qualified id.
    """
    answers: list[WhyNot] = []
    for one in tried:
        try:
            found = why_not(engine, read(one.ad, 0), one.ad, one.decision, id_)
        except KeyError:
            return Missing(name, (Cause("status", {"status": "retired"}),))
        if all(cause.code != "market" for cause in found.causes):
            return Missing(name, found.causes, found.nearest)
        answers.append(found)
    return Missing(name, answers[0].causes, answers[0].nearest) if answers else Missing(name)


def why_extra(engine: Engine, tried: Tried, name: str, hit: Hit, package: Package) -> Extra:
    """What let a hit in that was not to be, and what would keep it away.

    Args:
        engine: that decided.
        tried: the ad and the decision with the hit.
        name: as an example would name it.
        hit: one of the decision's.
        package: of the example.
    """
    parts = tuple(tried.decision.hits[n] for n in hit.parts)
    found = Extra(name, hit, next(iter(tried.decision.markets), ""), parts)
    material = next(iter(picked(package.materials, "id", [hit.material])), None)
    text = _texts(tried.ad).get(hit.field or "")
    if material is None or material.kind not in TEXTUAL or text is None:
        return found
    alone = _alone(engine.ruleset.policies, tried.ad)
    return replace(
        found,
        how=derivation(hit, material, text),
        stops=tuple(_stops(material, hit, alone)),
        allow=_near_allow(package, {hit.field or "": text}, alone),
        suggested=_around(text, hit),
    )


def _texts(ad: Mapping[str, Any]) -> dict[str, str]:
    intake = read(ad, 0)
    return dict(zip(intake.fields, intake.texts, strict=True))


def _alone(table: PolicyTable, ad: Mapping[str, Any]) -> Callable[[Material], Sequence[Hit]]:
    """Where a material matches in an ad, whatever its scope and its tags say."""

    def hits(material: Material) -> Sequence[Hit]:
        free = replace(
            material, id="asked/asked", scope=EVERYWHERE, status="live", policies=(), tags=(),
            group=None,
        )  # fmt: skip
        package = Package("asked", "1", "", materials=(free,))
        return compile_ruleset(Ruleset((package,), table)).scan(dict(ad))

    return hits


def _stops(
    material: Material, hit: Hit, alone: Callable[[Material], Sequence[Hit]]
) -> Iterator[tuple[str, str]]:
    """The keys that would keep a hit away, the mildest value of each."""
    views = [one for one in _TIGHTER if VIEW_RANK[one] < VIEW_RANK[material.view]]
    tighter: list[tuple[str, Sequence[tuple[str, Material]]]] = [
        ("view", [(one, replace(material, view=one, swaps=False)) for one in views]),
        ("boundary", [("word", replace(material, boundary="word"))]),
        ("gap", [("0", replace(material, gap=0))]),
    ]
    for key, ways in tighter:
        for value, other in ways:
            if other != material and not any(_is_there(one, hit) for one in alone(other)):
                yield key, value
                break


def _is_there(one: Hit, hit: Hit) -> bool:
    """Whether a hit lies where another does."""
    start, end = max(one.start or 0, hit.start or 0), min(one.end or 0, hit.end or 0)
    return one.field == hit.field and start < end


def _near_allow(
    package: Package, texts: Mapping[str, str], alone: Callable[[Material], Sequence[Hit]]
) -> NearAllow | None:
    """The allow of the package of whose words most are in the text."""
    ranked: list[tuple[int, Material]] = []
    for allow in package.allows[:MOST_ALLOWS]:
        material = allow.material
        if material is None or material.kind != "phrase":
            continue
        near = nearest(material, texts)
        if near.present:
            ranked.append((len(near.missing) - len(near.present), replace(material, id=allow.id)))
    if not ranked:
        return None
    best = min(ranked, key=lambda one: (one[0], one[1].id))[1]
    if alone(best):
        return NearAllow(best.id, best.value, (Cause("protects_nothing"),))
    return NearAllow(best.id, best.value, tuple(near_miss(best, texts, alone)[0]))


def _around(text: str, hit: Hit) -> str | None:
    """A hit with the word before and the word after it; None where there is none."""
    start, end = hit.start or 0, hit.end or 0
    first, last = start, end
    before = text[:start].split()
    if before and before[-1].isalpha():
        first = text.rindex(before[-1], 0, start)
    after = text[end:].split()
    if after and after[0].isalpha():
        last = text.index(after[0], end) + len(after[0])
    around = " ".join(text[first:last].split())
    return around if (first, last) != (start, end) else None
