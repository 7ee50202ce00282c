"""The sample of an image or a video: a file beside the package, or a hash that was written down."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from automod.errors import Location, MissingExtra
from automod.media.decode import DEFAULT
from automod.media.errors import MediaError
from automod.media.frames import DEFAULT as VIDEO
from automod.media.sample import (
    ALGORITHMS,
    MOST_RADIUS,
    VIEWS,
    of_file,
    of_frames,
    of_hash,
    of_video,
)
from automod.media.source import bytes_of
from automod.media.worker import Workers
from automod.model.ruleset import Sample
from automod.model.scalars import shown

from .faults import Faults
from .files import beside
from .sample_cache import SampleCache

At = Callable[[str], Location]

_KEYS: Final = ("file", "hash", "algorithm", "radius")
"""What only images have."""


def name_of(sample: Sample | None) -> str:
    """What a sample is called, by its content: the value of its material.

    >>> name_of(Sample("pdq", "1", "AAAA")), name_of(Sample("pdq", "1", "AAAA", sha256="ab12"))
    ('pdq:000000', 'sha256:ab12')
    """
    if sample is None:
        return ""
    if sample.sha256:
        return f"sha256:{sample.sha256}"
    return f"{sample.algorithm}:{base64.b64decode(sample.hashes).hex()}"


def refuse_sample_keys(own: Mapping[str, Any], kind: str, at: At, faults: Faults) -> None:
    """Keep a fault for each key that only images have, of what is none."""
    for key in _KEYS:
        if key in own:
            faults.add(at(key), f"{key!r} is for images, this is a {kind}", code="misplaced")


def read_sample(
    own: Mapping[str, Any], folder: Path, cache: SampleCache, at: At, faults: Faults
) -> Sample | None:
    """The sample of an image or a video; None with faults where there is none.

    Args:
        own: What was written, by its keys, `kind` among them.
        folder: Where files are looked for: that of the package.
        cache: Samples of files that were read before.
        at: The place of a key.
        faults: Where faults go.
    """
    before = len(faults.found)
    _check(own, at, faults)
    if len(faults.found) > before:
        return None
    key = "file" if "file" in own else "hash"
    try:
        if own["kind"] == "video" and key == "hash":
            return of_frames(own["hash"])
        if own["kind"] == "video":
            return _video(_path_of(own["file"], folder), cache)
        if key == "hash":
            return of_hash(own["hash"], own.get("algorithm"), own.get("radius"))
        data = bytes_of(_path_of(own["file"], folder), DEFAULT.bytes)
        algorithm = own.get("algorithm") or VIEWS
        made = cache.get(data, algorithm, lambda: of_file(data, algorithm))
        return replace(made, radius=own.get("radius"))
    except (ValueError, MediaError, MissingExtra, RuntimeError, OSError) as error:
        faults.add(at(key), str(error), code="sample")
        return None


def _video(path: Path, cache: SampleCache) -> Sample:
    data = bytes_of(path, VIDEO.bytes)

    def make() -> Sample:
        with Workers() as workers:
            return of_video(workers.views(path), data)

    return cache.get(data, "video", make)


def _check(own: Mapping[str, Any], at: At, faults: Faults) -> None:
    if own["kind"] == "video":
        _refuse(("value", "algorithm", "radius"), "a video", own, at, faults)
        return
    _refuse(("value",), "an image", own, at, faults)
    algorithm, radius = own.get("algorithm"), own.get("radius")
    if algorithm is not None and algorithm not in ALGORITHMS:
        known = f"there are {', '.join(ALGORITHMS)}"
        faults.add(at("algorithm"), f"{shown(algorithm)} is no algorithm", known, code="sample")
    elif radius is not None and radius > MOST_RADIUS[algorithm or "pdq"]:
        most = MOST_RADIUS[algorithm or "pdq"]
        faults.add(at("radius"), f"the radius {radius} is more than {most} bits", code="sample")


def _refuse(keys: Iterable[str], kind: str, own: Mapping[str, Any], at: At, faults: Faults) -> None:
    """Keep a fault for each key that a kind does not have, and where it has no sample or two."""
    for key in keys:
        if key in own:
            faults.add(
                at(key),
                f"{key!r} is not for {kind}: name its 'file' or its 'hash'",
                code="misplaced",
            )
    if ("file" in own) == ("hash" in own):
        one = "only one of them" if "file" in own else "one of them"
        faults.add(at("file"), f"{kind} has a 'file' or a 'hash', {one}", code="sample")


def _path_of(name: str, folder: Path) -> Path:
    """The path of a file below a folder.

    Raises:
        ValueError: it is not there, or elsewhere.
    """
    target, inside, there = beside(folder, name)
    if not inside:
        raise ValueError(f"{shown(name)} is outside the package's folder")
    if not there:
        raise ValueError(f"there is no file {shown(name)} beside the package")
    return target
