"""Loading as users do it: files that people wrote, with every value tried on its matcher."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike

from automod.errors import InputError
from automod.load import ruleset as files
from automod.load.bundle import SUFFIX, read_bundle
from automod.load.source import Source
from automod.match.closer import fault_of
from automod.model.quick import nothing_collected
from automod.model.ruleset import Ruleset
from automod.version import __version__

from .compile import VERSIONS

Paths = str | PathLike[str] | Iterable[str | PathLike[str]]


def load(
    *paths: Paths, cache: str | PathLike[str] | None = None, require_approval: bool = False
) -> Ruleset:
    """The ruleset of some folders and files, or of a bundle; what comes back always compiles.

    In a folder, `policies.yaml` is the policy table, files under `overrides/` are overrides, and
    other YAML files with a `package` key are packages, like workbooks with a sheet `package`. One
    file `sha256-….automod` alone is a bundle, which holds all of it.

    Args:
        paths: folders and files.
        cache: a folder that keeps the hashes of sample images and videos by their content, so that
            they are worked out once and not at each load. It holds nothing but hashes.
        require_approval: only what an approval covers is live, and the rest is shadow
            (`automod.load.approval` says what that is).

    Raises:
        LoadError: something in the files is wrong; it carries every fault of every file, with its
            place.
        InputError: a bundle is not as it was written, or is one of another version of folding or
            of matching.

    >>> [package.name for package in load("tests/small_rulesets").packages]
    ['contact', 'evasion', 'finance', 'gambling']
    """
    return load_with_notes(*paths, cache=cache, require_approval=require_approval)[0]


def load_with_notes(
    *paths: Paths,
    cache: str | PathLike[str] | None = None,
    require_approval: bool = False,
    other_version: bool = False,
) -> tuple[Ruleset, tuple[str, ...]]:
    """The ruleset, and what was guessed on the way: encodings, delimiters, files left out.

    Args:
        paths: as for `load`.
        cache: as for `load`.
        require_approval: as for `load`; what is held back is among the notes.
        other_version: take a bundle of another version, too, and say so among the notes.

    Raises:
        LoadError: as for `load`.
        InputError: as for `load`.
    """
    given = list(files.flat(paths))
    if any(path.endswith(SUFFIX) for path in given):
        return _unbundled(given, require_approval=require_approval, other_version=other_version)
    return files.load_with_notes(
        given, check=fault_of, cache=cache, require_approval=require_approval
    )


def _unbundled(
    paths: list[str], *, require_approval: bool, other_version: bool
) -> tuple[Ruleset, tuple[str, ...]]:
    if len(paths) > 1:
        raise InputError(f"{' '.join(paths)}: a bundle is a whole ruleset, and is given alone")
    path = paths[0]
    if require_approval:
        raise InputError(
            f"{path}: a bundle does not say what was approved of it; put away only that, with: "
            "automod bundle --require-approval"
        )
    bundle = read_bundle(path)
    if bundle.versions == VERSIONS:
        return bundle.ruleset, ()
    told = (
        f"{path}: was made with {_versions(bundle.versions)} (automod {bundle.automod}); "
        f"this automod {__version__} has {_versions(VERSIONS)}"
    )
    if not other_version:
        raise InputError(f"{told}: decisions may differ, so it is taken with --other-version only")
    return bundle.ruleset, (f"{told}: decisions may differ",)


def _versions(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))


def read_source(*paths: Paths, cache: str | PathLike[str] | None = None) -> Source:
    """All that folders and files hold, with every fault and the place of everything.

    It raises nothing for what is wrong in them: the faults are in what comes back.

    >>> [one.name for one in read_source("tests/small_rulesets").packages]
    ['contact', 'evasion', 'finance', 'gambling']
    """
    with nothing_collected():
        return files.read_source(*paths, check=fault_of, cache=cache)
