"""Putting a ruleset away: one file, named by its digest, that makes a decision again."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from automod.engine.compile import VERSIONS
from automod.errors import InputError
from automod.load.bundle import bundle_bytes, bundle_name, read_bundle
from automod.model.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Bundled:
    """Where a ruleset was put."""

    path: Path
    digest: str
    """As every decision made with it names it."""
    size: int
    """In bytes."""
    new: bool
    """Whether it was not there already."""


def bundle(ruleset: Ruleset, store: str | os.PathLike[str]) -> Bundled:
    """Write a ruleset into a folder, as a file named by its digest.

    The same ruleset gives the same bytes; where its file is there already, and whole, it stays.

    Args:
        ruleset: what was loaded.
        store: the folder, which is made where there is none.

    Raises:
        OSError: it cannot be written.
        InputError: a file of that name is there and is not this ruleset.

    >>> from automod.model.ruleset import PolicyTable
    >>> bundle(Ruleset((), PolicyTable({})), tempfile.mkdtemp()).path.suffix
    '.automod'
    """
    digest, data = bundle_bytes(ruleset, VERSIONS)
    folder = Path(store)
    path = folder / bundle_name(digest)
    if path.exists():
        _refuse_other(path)
        return Bundled(path, digest, path.stat().st_size, new=False)
    folder.mkdir(parents=True, exist_ok=True)
    _write(path, data)
    return Bundled(path, digest, len(data), new=True)


def _refuse_other(path: Path) -> None:
    try:
        read_bundle(path)
    except InputError as error:
        raise InputError(f"{error}; take it away, and write it anew") from None


def _write(path: Path, data: bytes) -> None:
    """A file that appears when it is whole, whoever else writes the same."""
    handle, partial = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".partial", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
