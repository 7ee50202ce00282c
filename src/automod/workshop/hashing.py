"""Samples for packages: hashes of files, of lists that others keep, and of packages themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from automod.load.hash_lists import read_hash_list
from automod.media.errors import MISSING, MediaError
from automod.media.sample import hash_bytes, of_file
from automod.model.ruleset import Ruleset

_NO_ID: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Hashed:
    """One sample, ready to be an entry of a package."""

    id: str
    """Made of the file's name, of what a list calls it, or the id that it has in its package."""
    algorithm: str
    hash: str
    """In hexadecimal digits."""
    quality: int | None
    """How much there is to tell the picture by, 0 to 100; None where there was no picture."""
    source: str
    """The file, the list, or the package."""


@dataclass(frozen=True, slots=True)
class NotHashed:
    """A file that makes no sample, and why."""

    source: str
    message: str


def hash_files(files: Sequence[str], algorithm: str = "pdq") -> Iterator[Hashed | NotHashed]:
    """A sample for each file, in order; what makes none says why.

    Args:
        files: paths of images.
        algorithm: `pdq`, `phash`, `dhash`, `ahash`, `whash` or `colorhash`.

    Raises:
        MissingExtra: the algorithm needs the extra `imagehash`, which is not installed.
    """
    for file in files:
        try:
            sample = of_file(_bytes_of(file), algorithm, None)
        except (MediaError, ValueError) as error:
            yield NotHashed(file, str(error))
            continue
        yield Hashed(
            _id(Path(file).stem),
            algorithm,
            hash_bytes(sample).tobytes().hex(),
            sample.quality,
            file,
        )


def hash_list(file: str) -> list[Hashed]:
    """The samples of a list that somebody else keeps.

    Raises:
        LoadError: the file cannot be read, or lines hold no hash.
    """
    return [
        Hashed(_id(f"pdq-{one.name or one.hash[:16]}"), "pdq", one.hash, None, file)
        for one in read_hash_list(file)
    ]


def hashes_of(ruleset: Ruleset) -> Iterator[Hashed]:
    """The PDQ hash of every image of a ruleset that has one, in order of ids."""
    for package in ruleset.packages:
        for material in package.materials:
            sample = material.sample
            if sample is not None and sample.pdq:
                name = material.id
                yield Hashed(name, "pdq", sample.pdq, sample.quality, package.name)


def _bytes_of(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise MediaError(MISSING, f"cannot be read: {error.strerror}") from error


def _id(name: str) -> str:
    return _NO_ID.sub("-", name.lower()).strip("-") or "image"
