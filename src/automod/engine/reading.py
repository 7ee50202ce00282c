"""Loading as users do it: files that people wrote, with every value tried on its matcher."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from automod.load import ruleset as files
from automod.load.source import Source
from automod.match.closer import fault_of
from automod.model.quick import nothing_collected
from automod.model.ruleset import Ruleset

Paths = str | PathLike[str] | Iterable[str | PathLike[str]]


def load(*paths: Paths, cache: str | PathLike[str] | None = None) -> Ruleset:
    """The ruleset of some folders and files; what comes back always compiles.

    In a folder, `policies.yaml` is the policy table, files under `overrides/` are overrides, and
    other YAML files with a `package` key are packages.

    Args:
        paths: folders and files.
        cache: a folder that keeps the hashes of sample images and videos by their content, so that
            they are worked out once and not at each load. It holds nothing but hashes.

    Raises:
        LoadError: something in the files is wrong; it carries every fault of every file, with its
            place.

    >>> [package.name for package in load("rulesets").packages]
    ['contact', 'evasion', 'finance', 'gambling']
    """
    return load_with_notes(*paths, cache=cache)[0]


def load_with_notes(
    *paths: Paths, cache: str | PathLike[str] | None = None
) -> tuple[Ruleset, tuple[str, ...]]:
    """The ruleset, and what was guessed on the way: encodings, delimiters, files left out.

    Raises:
        LoadError: as for `load`.
    """
    return files.load_with_notes(*paths, check=fault_of, cache=cache)


def read_source(*paths: Paths, cache: str | PathLike[str] | None = None) -> Source:
    """All that folders and files hold, with every fault and the place of everything.

    It raises nothing for what is wrong in them: the faults are in what comes back.

    >>> [one.name for one in read_source("rulesets").packages]
    ['contact', 'evasion', 'finance', 'gambling']
    """
    with nothing_collected():
        return files.read_source(*paths, check=fault_of, cache=cache)
