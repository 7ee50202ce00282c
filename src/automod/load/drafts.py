"""Drafts as if they were live: what people write is tried before it acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TypeVar

from automod.errors import LoadError
from automod.model import package as written
from automod.model.columns import various
from automod.model.ruleset import Ruleset

from .assemble import assemble
from .entries import Known, PackageFile
from .faults import Faults
from .policy_table import read_policies
from .ruleset import accept
from .sample_cache import SampleCache
from .source import PackageSource, Source

Part = TypeVar("Part", written.Material, written.Rule, written.Allow, written.Defaults)


def has_drafts(package: PackageSource) -> bool:
    """Whether a package, or a part of it, is a draft."""
    own = package.file.package
    parts: list[written.Rule | written.Allow] = [*own.rules, *own.allow]
    return (
        own.status == "draft"
        or "draft" in various(package.materials, "status")
        or any(one.status == "draft" for one in parts)
    )


def lifted(source: Source, cache: str | PathLike[str] | None = None) -> Ruleset:
    """The ruleset as it would be if every draft in it were live; without overrides.

    Args:
        source: files without a fault.
        cache: a folder that keeps the hashes of sample images by their content.

    Raises:
        LoadError: the files have faults, or drafts that cannot go live: a rule that rests on
            itself.
    """
    faults = Faults()
    table = None if source.policies is None else read_policies(source.policies, faults)
    if source.faults or faults.found or table is None:
        raise LoadError((*source.faults, *faults.found))
    files = [(_live(one.file), Known()) for one in source.packages]
    samples = SampleCache(None if cache is None else Path(cache))
    # Values were checked when the files were read: a draft's as well.
    made = assemble(files, table, (), False, accept, samples, faults)
    if faults.found:
        raise LoadError(faults.found)
    return made.ruleset


def _live(file: PackageFile) -> PackageFile:
    one = file.package
    changes = {
        "status": "live" if one.status == "draft" else one.status,
        "defaults": _lift(one.defaults),
        "rules": tuple(map(_lift, one.rules)),
        "allow": tuple(map(_lift, one.allow)),
    }
    batches = [replace(batch, forms=_all(batch.forms)) for batch in file.batches]
    return replace(file, package=one.model_copy(update=changes), batches=batches)


def _all(forms: Iterable[written.Material]) -> list[written.Material]:
    return list(map(_lift, forms))


def _lift(one: Part) -> Part:
    return one.model_copy(update={"status": "live"}) if one.status == "draft" else one
