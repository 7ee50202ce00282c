"""Allows as written -> allows: what protects, and what it protects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from automod.errors import Location
from automod.model import package as written
from automod.model.ruleset import Allow, Material
from automod.model.vocabulary import MEDIA, Kind
from automod.text.fold import fold

from .entries import Setting, about
from .faults import Path
from .forms import OFF, less_active, refuse_reading, scope_of
from .materials import At, empty_value
from .policy_table import check_days
from .rules import World
from .samples import name_of, read_sample, refuse_sample_keys
from .writing import TEXT, default_boundary, kept_language, language_of, writing_of

_FOR_ADVERTISERS = ("values", "policies")
_NOT_FOR_ADVERTISERS = (
    "value", "view", "boundary", "gap", "fields", "file", "hash", "algorithm", "radius",
)  # fmt: skip


def make_allows(setting: Setting, world: World) -> list[Allow]:
    """The allows of a package that are not draft or retired."""
    found = []
    for i, one in enumerate(setting.package.allow):
        allow = _allow(one, ("allow", i), setting, world)
        if allow is not None and allow.status not in OFF:
            found.append(allow)
    return found


def _allow(one: written.Allow, path: Path, setting: Setting, world: World) -> Allow | None:
    own = {key: value for key, value in one.__dict__.items() if value is not None}

    def at(key: str) -> Location:
        return setting.file.read.at((*path, key))

    if not _fits(one, own, path, setting):
        return None
    setting.names.check_markets(one.markets or (), at("markets"), setting.faults)
    check_days(one.from_, one.until, at("until"), setting.faults)
    packages, policies = _protected(one, path, setting, world)
    name = f"{setting.package.package}/{one.id}"
    material = None if one.kind == "advertiser" else _matched(one, own, name, at, setting)
    if material is None and one.kind != "advertiser":
        return None
    notes = dict(about(own, one.model_extra))
    if one.by is not None:
        notes["by"] = one.by
    return Allow(
        id=name, material=material, advertisers=tuple(sorted(set(one.values or ()))),
        packages=packages, policies=policies, status=less_active(setting.status, one.status),
        scope=scope_of(one.__dict__), about=notes,
    )  # fmt: skip


def _fits(one: written.Allow, own: dict[str, object], path: Path, setting: Setting) -> bool:
    """Whether the keys go with the kind; what does not leaves a fault."""
    read, faults = setting.file.read, setting.faults
    before = len(faults.found)
    advertiser = one.kind == "advertiser"
    for key in _NOT_FOR_ADVERTISERS if advertiser else _FOR_ADVERTISERS:
        if key in own:
            hint = "use 'protects'" if key == "policies" else None
            message = f"{key!r} is not for an allow of kind {one.kind}"
            faults.add(read.at((*path, key), True), message, hint, code="misplaced")
    if one.kind != "advertiser":
        refuse_reading(own, one.kind, lambda key: read.at((*path, key)), faults)
    if one.kind in MEDIA:
        return len(faults.found) == before
    if not advertiser:
        refuse_sample_keys(own, one.kind, lambda key: read.at((*path, key)), faults)
    needed = "values" if advertiser else "value"
    if not own.get(needed):
        faults.add(read.at(path), f"{needed!r} is missing", code="missing")
    return len(faults.found) == before


def _matched(
    one: written.Allow, own: Mapping[str, Any], name: str, at: At, setting: Setting
) -> Material | None:
    """What an allow matches, checked; None with faults where a picture cannot be told."""
    if one.kind == "advertiser" or one.kind in MEDIA:
        return _media(one, own, name, at, setting)
    material, key = _material(one, one.kind, name, setting)
    if not key:
        setting.faults.add(at("value"), empty_value(one.kind, material.value), code="empty")
    elif one.kind != "keyword":
        setting.refuse_value(material, at)
    return material


def _media(
    one: written.Allow, own: Mapping[str, Any], name: str, at: At, setting: Setting
) -> Material | None:
    """What an allow of a picture looks like; None with faults where that cannot be told."""
    sample = read_sample(own, setting.file.folder, setting.samples, at, setting.faults)
    if sample is None:
        return None
    scope = scope_of(one.__dict__)
    kind: Kind = "image" if one.kind == "image" else "video"
    return Material(id=name, kind=kind, value=name_of(sample), scope=scope, sample=sample)


def _material(one: written.Allow, kind: Kind, name: str, setting: Setting) -> tuple[Material, str]:
    """What an allow matches, and its value folded."""
    value = one.value or ""
    value = value if kind == "regex" else value.strip()
    key = fold(value, "safe").text.strip()
    made = Material(
        id=name, kind=kind, value=value, view=one.view or "safe", boundary=one.boundary or "word",
        gap=one.gap or 0, scope=scope_of(one.__dict__),
        swaps=kind == "keyword" and one.view == "evasion",
    )  # fmt: skip
    if kind not in TEXT:
        return made, key
    writing = writing_of(key, kind)
    language = language_of(writing, setting.package.languages)
    boundary = one.boundary or default_boundary(writing, language)
    language = kept_language(language, boundary)
    return replace(made, boundary=boundary, language=language), key


def _protected(
    one: written.Allow, path: Path, setting: Setting, world: World
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The packages and the codes whose hits an allow protects."""
    own = setting.package.package
    read, faults, severities = setting.file.read, setting.faults, setting.names.severities
    setting.names.check_codes(one.policies or (), read.at((*path, "policies")), faults)
    packages, codes = [], set(one.policies or ())
    for name in one.protects or ():
        if name in world.packages or name == own:
            packages.append(name)
        elif severities is None or name in severities:
            codes.add(name)
        elif not world.blind:
            message = f"{name!r} is neither a package nor a policy code"
            faults.add(
                read.at((*path, "protects")),
                message,
                near=(name, {*world.packages, *severities}),
                code="unknown_name",
            )
    if one.kind == "advertiser":
        key = "protects" if one.policies is None else "policies"
        _refuse_critical(codes, (*path, key), setting)
    if one.protects is None and one.policies is None:
        packages.append(own)
    return tuple(packages), tuple(sorted(codes))


def _refuse_critical(codes: set[str], path: Path, setting: Setting) -> None:
    severities = setting.names.severities or {}
    for code in sorted(codes):
        if severities.get(code) == "critical":
            message = f"{code} is critical: no advertiser is allowed past it"
            setting.faults.add(setting.file.read.at(path), message, code="critical")
