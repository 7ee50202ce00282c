"""The files that a ruleset may rest on, each with a stamp that another content would change.

A stamp is what the system says of a file: where it lies on the disk, how long it is, and when it
was written. A file put in the place of another has another number there, also where it is as long
and as old; behind a symbolic link stands the file that it leads to.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from stat import S_ISDIR

from .bundle import SUFFIX as BUNDLE
from .ruleset import IN_USE, PathLike, flat

Stamp = tuple[int, int, int, int, int]
Stamps = Mapping[str, Stamp | None]
"""By path; None where nothing is there."""


def stamps_of(
    paths: Iterable[PathLike | Iterable[PathLike]], *, besides: PathLike | None = None
) -> Stamps:
    """A stamp of every file that `load` might read of some folders and files.

    Of a folder those are all files but hidden ones and those that an editor keeps beside one that
    is open. A package given by itself may have tables and samples below its folder: they count. A
    bundle is all by itself.

    Args:
        paths: as for `load`.
        besides: a folder that does not count, such as the one where hashes of samples are kept.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "terms.csv").write_text("casino")
    >>> before = stamps_of([folder])
    >>> _ = (folder / "terms.csv").write_text("casino,win")
    >>> before == stamps_of([folder]), before == before
    (False, True)
    """
    kept = None if besides is None else Path(besides).resolve()
    found: dict[str, Stamp | None] = {}
    for given in flat(paths):
        path = Path(given)
        found[given] = stamp_of(given)
        if not given.endswith(BUNDLE):
            root = path if path.is_dir() else path.parent
            found.update((name, stamp_of(name)) for name in _below(root, kept))
    return found


def stamp_of(path: PathLike) -> Stamp | None:
    """The stamp of one file or folder; None where it cannot be looked at."""
    try:
        found = os.stat(path)  # noqa: PTH116 - quicker, and there may be thousands
    except (OSError, ValueError):
        return None
    # What happens in a folder shows in its files: of itself only which one it is.
    own = (0, 0, 0)
    if not S_ISDIR(found.st_mode):
        own = found.st_size, found.st_mtime_ns, found.st_ctime_ns
    return found.st_dev, found.st_ino, *own


def _below(root: Path, kept: Path | None) -> Iterator[str]:
    for at, folders, files in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and (kept is None or Path(at, name).resolve() != kept)
        ]
        for name in files:
            if not (name.startswith((".", IN_USE)) or name.endswith("~")):
                yield os.path.join(at, name)  # noqa: PTH118 - the same
