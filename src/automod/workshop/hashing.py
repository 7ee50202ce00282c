"""Samples for packages: hashes of files, of lists that others keep, and of packages themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np

from automod.load.hash_lists import read_hash_list
from automod.media.clip import Clip, distinct
from automod.media.containers import HEAD, container_of
from automod.media.decode import DEFAULT
from automod.media.errors import MediaError
from automod.media.fingerprint import fingerprint_of_film
from automod.media.hexes import to_hex
from automod.media.sample import hash_bytes, of_file, of_hash
from automod.media.source import beginning_of, bytes_of
from automod.media.worker import Workers
from automod.model.ruleset import Ruleset

_NO_ID: Final = re.compile(r"[\W_]+")
FRAME: Final = 16
"""Bits by which a frame must differ from the one before to be written down as well."""
_LONGEST_ID: Final = 100
"""Characters that an id may have."""


@dataclass(frozen=True, slots=True)
class Hashed:
    """One sample, ready to be an entry of a package."""

    id: str | None
    """Made of the file's name, of what a list calls it, or the id that it has in its package; None
    where no letter is left of that: loading gives it one."""
    algorithm: str
    hash: str
    """In hexadecimal digits."""
    quality: int | None
    """How much there is to tell the picture by, 0 to 100; None where there was no picture."""
    source: str
    """The file, the list, or the package."""
    kind: str = "image"
    """`image`, or `video`: then the hash is one of each frame, with its seconds before it."""


@dataclass(frozen=True, slots=True)
class NotHashed:
    """What makes no entry, and why."""

    source: str
    message: str


def hash_files(files: Sequence[str], algorithm: str = "pdq") -> Iterator[Hashed | NotHashed]:
    """A sample for each file, in order; what makes none says why.

    Args:
        files: paths of images, and of videos, whose frames are hashed by PDQ.
        algorithm: `pdq`, `phash`, `dhash`, `ahash`, `whash` or `colorhash`.

    Raises:
        MissingExtra: the algorithm needs the extra `imagehash`, which is not installed.
    """
    for file in files:
        try:
            if container_of(beginning_of(file, HEAD)) is not None:
                yield _hashed_video(file)
                continue
            sample = of_file(bytes_of(file, DEFAULT.bytes), algorithm)
        except (MediaError, ValueError) as error:
            yield NotHashed(file, str(error))
            continue
        digits = hash_bytes(sample).tobytes().hex()
        yield _checked(Hashed(_id(Path(file).stem), algorithm, digits, sample.quality, file), file)


def _hashed_video(file: str) -> Hashed:
    """The frames of a video that differ from the one before.

    Raises:
        MediaError: nothing of it can be seen.
        MissingExtra: the extra `video` is not installed.
    """
    with Workers() as workers:
        made = fingerprint_of_film(workers.film(file))
    upright = made.pdq[::8]
    clip = Clip(np.array(made.times), upright, np.full(len(upright), 100, np.uint8))
    kept = distinct(clip, FRAME)
    frames = zip(kept.times.tolist(), to_hex(kept.hashes), strict=True)
    text = "; ".join(f"{time:.1f}:{digits}" for time, digits in frames)
    return Hashed(_id(Path(file).stem), "pdq", text, None, file, "video")


def hash_list(file: str) -> Iterator[Hashed | NotHashed]:
    """The samples of a list that somebody else keeps; a hash that is none of ours says why.

    Raises:
        LoadError: the file cannot be read, or lines hold no hash.
    """
    for one in read_hash_list(file):
        name = _id(f"pdq-{one.name or one.hash[:16]}")
        yield _checked(Hashed(name, "pdq", one.hash, None, file), str(one.place))


def _checked(one: Hashed, place: str) -> Hashed | NotHashed:
    """The sample, if a package with it loads."""
    try:
        of_hash(one.hash, one.algorithm, None)
    except ValueError as error:
        return NotHashed(place, str(error))
    return one


def hashes_of(ruleset: Ruleset) -> Iterator[Hashed]:
    """The PDQ hash of every image of a ruleset that has one, in order of ids."""
    for package in ruleset.packages:
        for material in package.materials:
            sample = material.sample
            if sample is not None and sample.pdq:
                name = material.id.removeprefix(f"{package.name}/")
                yield Hashed(name, "pdq", sample.pdq, sample.quality, package.name)


def side_by_side(samples: Iterable[Hashed]) -> Iterator[Hashed | NotHashed]:
    """Samples that can stand in one package: each hash once, and each id once.

    A second `x` becomes `x-2`. What has the hash of an earlier one makes no entry.

    >>> one, two = Hashed("x", "pdq", "ab", 90, "x.png"), Hashed("x", "pdq", "cd", 90, "y/x.png")
    >>> [getattr(sample, "id", None) for sample in side_by_side([one, two, two])]
    ['x', 'x-2', None]
    """
    ids: set[str | None] = set()
    hashes: dict[tuple[str, str], Hashed] = {}
    for one in samples:
        key = one.algorithm, one.hash
        if key in hashes:
            first = _called(hashes[key])
            yield NotHashed(one.source, f"has the hash of {first}, which is there already")
            continue
        name = one.id if one.id is None else _unused(one.id, ids)
        ids.add(name)
        hashes[key] = replace(one, id=name)
        yield hashes[key]


def _called(one: Hashed) -> str:
    return one.source if one.id is None else f"{one.id!r} of {one.source}"


def _unused(name: str, taken: set[str | None]) -> str:
    endings = ("" if number == 1 else f"-{number}" for number in count(1))
    ids = (f"{name[: _LONGEST_ID - len(ending)]}{ending}" for ending in endings)
    return next(one for one in ids if one not in taken)


def _id(name: str) -> str | None:
    """A name as an id: letters of any script and digits, with `-` between them.

    Marks on letters are left out, as no id may have any.

    >>> _id("My Banner"), _id("عجلة الحظّ"), _id("!?")
    ('my-banner', 'عجلة-الحظ', None)
    """
    letters = unicodedata.normalize("NFC", name.lower())
    bare = "".join(char for char in letters if unicodedata.category(char)[0] != "M")
    return _NO_ID.sub("-", bare).strip("-")[:_LONGEST_ID] or None
