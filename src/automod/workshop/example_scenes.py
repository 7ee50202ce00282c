"""Where an example is tried: as ads in which all that a package limits to somewhere may act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from automod.match.links import split_link
from automod.match.phones import parse_phone, region_of
from automod.model.columns import Columns, column, picked, various
from automod.model.markets import ISO_3166
from automod.model.ruleset import (
    EVERYWHERE,
    Allow,
    Condition,
    Material,
    Package,
    PolicyTable,
    Ruleset,
    Scope,
)
from automod.model.vocabulary import OF_MEDIA
from automod.policy.markets import Markets

ANYWHERE: Final = "US"
"""The market of what acts in all of them."""

MOST_LINKS: Final = 10
_LINK: Final = re.compile(r"[^\s<>\"'،؛]+\.[^\s<>\"'،؛]+")
_CLOSING: Final = ".,;:!?)]}؟"


@dataclass(frozen=True, slots=True)
class Scenes:
    """The markets in which a package is tried, one ad each, and the fields that the text is in."""

    markets: tuple[str, ...]
    fields: tuple[str, ...]


def scenes_of(package: Package, table: PolicyTable) -> Scenes:
    """The fewest markets that show all of a package at work, and the fields that it names.

    Markets in which the same of its scopes hold show the same, so one of them is enough; but for
    national phone numbers, which are other numbers in the next country: of the phones that it lists
    the countries are there too.

    >>> material = Material("p/m", "keyword", "casino", scope=Scope(("GCC",), ("title",)))
    >>> table = PolicyTable({}, {"GCC": ("SA", "AE")})
    >>> scenes_of(Package("p", "1", "", materials=(material,)), table)
    Scenes(markets=('US', 'AE'), fields=('body', 'title'))
    """
    scopes = [package.scope, *_own_scopes(package)]
    names = {market for scope in scopes for market in scope.markets}
    markets, phones, homes = Markets(table), _reads_phones(package), _homes(package)
    found: dict[object, str] = {}
    for market in (ANYWHERE, *sorted(ISO_3166 - {ANYWHERE}), *sorted(table.parents)):
        lineage = markets.lineage(market)
        if package.scope.markets and lineage.isdisjoint(package.scope.markets):
            continue
        held = lineage & names
        apart = market in homes or (phones and bool(held))
        found.setdefault((held, market if apart else ""), market)
    fields = {name for scope in scopes for name in scope.fields}
    return Scenes(tuple(found.values()) or (ANYWHERE,), ("body", *sorted(fields - {"body"})))


def _own_scopes(package: Package) -> Iterator[Scope]:
    yield from various(package.materials, "scope")
    for part in (package.rules, package.allows):
        yield from (one.scope for one in part)


def _homes(package: Package) -> frozenset[str]:
    """The countries of the phones that a package lists: there nobody writes the country's code."""
    return frozenset(
        region_of(number)
        for one in picked(package.materials, "kind", ["phone"])
        for number in parse_phone(one.value, ()).numbers
    )


def _reads_phones(package: Package) -> bool:
    return "phone" in various(package.materials, "kind") or any(
        one.op == "found" and one.name == "phone"
        for rule in package.rules
        for one in leaves(rule.condition)
    )


def leaves(condition: Condition) -> Iterator[Condition]:
    """The leaves of a condition that may hold; those that must not are left out."""
    if condition.op == "none":
        return
    if not condition.parts:
        yield condition
    for part in condition.parts:
        yield from leaves(part)


def ads(
    content: Mapping[str, Any], scenes: Scenes, asked: Iterable[Condition] = ()
) -> list[dict[str, Any]]:
    """An ad in each market of the scenes that says a text, or shows an image.

    Args:
        content: `text`, or `image`: a fingerprint.
        scenes: where.
        asked: conditions of the rules that are expected; the advertiser and the attributes that
            they want are those of the ad.

    >>> ads({"text": "a"}, Scenes(("US",), ("body", "title")))
    [{'id': 'example', 'markets': ['US'], 'text': {'body': 'a', 'title': 'a'}}]
    """
    ad: dict[str, Any] = {"id": "example", "markets": [], **_wanted(asked)}
    if "text" in content:
        ad |= _said(content["text"], scenes.fields)
    else:
        ad["images"] = [content["image"]]
    return [{**ad, "markets": [market]} for market in scenes.markets]


def _said(text: str, fields: Sequence[str]) -> dict[str, Any]:
    names = [name.replace("[*]", "[0]") for name in fields]
    texts = {name: text for name in names if not name.startswith(("links", *OF_MEDIA))}
    links = _links(text) if any(name.startswith("links") for name in names) else []
    return {"text": texts, "links": links} if links else {"text": texts}


def _links(text: str) -> list[str]:
    found = (one.rstrip(_CLOSING) for one in _LINK.findall(text))
    return [one for one in found if split_link(one) is not None][:MOST_LINKS]


def _wanted(asked: Iterable[Condition]) -> dict[str, Any]:
    """The first advertiser, and the first value of each attribute, that conditions want."""
    found: dict[str, Any] = {}
    for condition in asked:
        for leaf in leaves(condition):
            if leaf.op == "advertiser" and leaf.values:
                found.setdefault("advertiser", leaf.values[0])
            if leaf.op == "attribute" and leaf.values:
                found.setdefault("attributes", {}).setdefault(leaf.name, leaf.values[0])
    return found


def timeless(ruleset: Ruleset) -> Ruleset:
    """The ruleset without dates and overrides: the packages as they say they are, whenever.

    >>> from datetime import date
    >>> package = Package("p", "1", "", scope=Scope(until=date(2020, 1, 1)))
    >>> timeless(Ruleset((package,), PolicyTable({}))).packages[0].scope
    Scope(markets=(), fields=(), from_=None, until=None)
    """
    packages = tuple(map(_timeless, ruleset.packages))
    return replace(ruleset, packages=packages, overrides=())


def _timeless(package: Package) -> Package:
    return replace(
        package,
        scope=_undated(package.scope),
        materials=_undated_materials(package.materials),
        rules=tuple(replace(one, scope=_undated(one.scope)) for one in package.rules),
        allows=tuple(map(_undated_allow, package.allows)),
    )


def _undated_materials(materials: Sequence[Material]) -> Sequence[Material]:
    if not any(scope.from_ or scope.until for scope in various(materials, "scope")):
        return materials
    if not isinstance(materials, Columns):
        return tuple(replace(one, scope=_undated(one.scope)) for one in materials)
    same = {name: value for name, value in materials.same.items() if name != "scope"}
    scopes = [_undated(scope) for scope in column(materials, "scope")]
    return Columns(Material, {**materials.each, "scope": scopes}, same)


def _undated_allow(allow: Allow) -> Allow:
    material = allow.material
    if material is not None:
        material = replace(material, scope=_undated(material.scope))
    return replace(allow, material=material, scope=_undated(allow.scope))


def _undated(scope: Scope) -> Scope:
    if scope.from_ is None and scope.until is None:
        return scope
    bare = replace(scope, from_=None, until=None)
    return EVERYWHERE if bare == EVERYWHERE else bare
