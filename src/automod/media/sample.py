"""The sample of an image material: the views of a file, or a hash that somebody worked out."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Final

import numpy as np
from PIL import Image

from automod.model.ruleset import Sample

from . import views
from .clip import Clip, clip_of_views, distinct
from .decode import Budget, Picture, decode
from .errors import TOO_LARGE, MediaCode
from .fingerprint import BYTES, LONG_SIDE, VERSION
from .frames import Video
from .hexes import Hashes, from_hex, to_hex
from .pdq import pdq
from .phash import OTHER_ALGORITHMS, dhash, need_imagehash, other_hash, phash
from .sampling import DENSE
from .views import Views

VIEWS: Final = "views"
"""The algorithm of a file unless its package says another: many views of it, which find it cut,
framed, turned and covered."""

ALGORITHMS: Final = (VIEWS, *BYTES)

RADIUS: Final[Mapping[str, int]] = {
    VIEWS: 31, "pdq": 31, "phash": 8, "dhash": 4, "ahash": 3, "whash": 3, "colorhash": 2,
}  # fmt: skip
"""Bits in which a hash may differ where a package does not say."""

MOST_RADIUS: Final[Mapping[str, int]] = {
    VIEWS: 31, "pdq": 31, "phash": 12, "dhash": 8, "ahash": 6, "whash": 6, "colorhash": 4,
}  # fmt: skip
"""Beyond these, pictures that have nothing to do with each other are found."""

_BETWEEN: Final = re.compile("[;\u061b\u060c,]")
_STEP: Final = 0.5
"""Seconds between two frames of a video whose times nobody wrote down."""

LEAST_QUALITY: Final = 50
"""Of a sample, 0 to 100: under it the hash of another flat picture is as near."""

SMALLEST: Final = 32
"""Pixels of the shorter side of a sample; the narrowest banners have 50."""

_FIRST: Final = Budget(frames=1)
"""Of an animation the first frame is the sample."""

_DIGITS: Final = {2 * BYTES[name]: name for name in ("pdq",)}
"""Hexadecimal digits that only one algorithm has."""


def of_hash(text: str, algorithm: str | None, radius: int | None) -> Sample:
    """The sample that a written hash stands for.

    Args:
        text: hexadecimal digits, as ThreatExchange writes PDQ and ImageHash the others.
        algorithm: one of `BYTES`; None for PDQ, which its 64 digits tell.
        radius: bits, or None.

    Raises:
        ValueError: the digits are not those of the algorithm, or it has to be named.
        MissingExtra: the algorithm needs the extra `imagehash`, which is not installed.

    >>> of_hash("0f" * 32, None, 20).algorithm
    'pdq'
    """
    name = algorithm or _DIGITS.get(len(text))
    if name is None and len(text) not in {2 * size for size in BYTES.values()}:
        raise ValueError(f"{len(text)} characters: a PDQ hash has {2 * BYTES['pdq']} digits")
    if name is None:
        raise ValueError(f"{len(text)} digits: name the 'algorithm' ({', '.join(BYTES)})")
    if name == VIEWS:
        raise ValueError("a hash has no views: name another 'algorithm', or the 'file'")
    (row,) = from_hex([text], BYTES[name])
    set_bits = int(np.bitwise_count(row).sum())
    if not len(row) / 2 <= set_bits <= len(row) * 7.5:
        many = f"{set_bits} of its {8 * len(row)} bits are set"
        raise ValueError(f"{many}: it is that of a flat picture")
    if name in OTHER_ALGORITHMS:
        need_imagehash(name)
    own = text.lower() if name == "pdq" else ""
    return Sample(name, VERSION, _base64(row.tobytes()), pdq=own, radius=radius)


def of_frames(text: str) -> Sample:
    """The sample that the written hashes of a video stand for.

    Args:
        text: PDQ hashes of frames in the order of the video, apart by `;` or white space, each with
            the seconds of its frame before it (`0.5:HASH`), or half a second after the one before.

    Raises:
        ValueError: there is none, one is no hash, or the times do not grow.

    >>> clip_of_sample(of_frames("ab" * 32 + "; 2.0:" + "c5" * 32)).times.tolist()
    [0.0, 2.0]
    """
    times, hashes = list[float](), list[str]()
    for part in _BETWEEN.sub(" ", text).split():
        time, _, digits = part.rpartition(":")
        try:
            times.append(float(time) if time else (times[-1] + _STEP if times else 0.0))
        except ValueError:
            raise ValueError(f"{time!r} is no time: write it in seconds, as in 0.5:HASH") from None
        hashes.append(digits)
    if not hashes:
        raise ValueError("there is no hash")
    if not np.isfinite(times).all() or (np.diff(times) < 0).any() or times[0] < 0:
        raise ValueError("the times of the hashes do not grow")
    rows = from_hex(hashes, BYTES["pdq"])
    seconds = np.array(times, "<f4").tobytes()
    return Sample("pdq", VERSION, _base64(rows.tobytes()), _base64(seconds))


def of_file(data: bytes, algorithm: str | None) -> Sample:
    """The sample of a file.

    Args:
        data: its bytes.
        algorithm: one of `ALGORITHMS`, or None for `VIEWS`.

    Raises:
        MediaError: whatever is wrong with the bytes.
        MissingExtra: the algorithm needs the extra `imagehash`, which is not installed.
        ValueError: there is too little in the picture to tell it by.
    """
    name = algorithm or VIEWS
    picture = decode(data, budget=_FIRST, long_side=LONG_SIDE)
    luma = picture.frames[0].pixels
    whole = pdq(luma, (picture.width, picture.height))
    quality = int(whole.quality[0])
    if why := _too_little(picture, quality):
        raise ValueError(f"there is too little in the picture to tell it from others: {why}")
    looks = views.of_sample(luma) if name == VIEWS else None
    hashes = _hash_of(data, name).tobytes() if looks is None else looks.packed()
    return Sample(
        name, VERSION, _base64(hashes), "", hashlib.sha256(data).hexdigest(), picture.digest(),
        to_hex(whole.hashes)[0], to_hex(dhash(Image.fromarray(luma)))[0], quality,
    )  # fmt: skip


def _too_little(picture: Picture, quality: int) -> str | None:
    """Why a picture is no sample: it would be found in pictures that it has nothing to do with."""
    if min(picture.width, picture.height) < SMALLEST:
        return f"{picture.width} by {picture.height} pixels, at least {SMALLEST} are needed"
    if quality < LEAST_QUALITY:
        return f"its quality is {quality} of 100, at least {LEAST_QUALITY} is needed"
    active = views.activity_of(picture.frames[0].pixels)
    if active < views.QUIET_SAMPLE:
        least = views.QUIET_SAMPLE
        return f"something happens in {active:.0%} of it, at least {least:.0%} is needed"
    return None


def of_video(video: Video[Views], data: bytes) -> Sample:
    """The sample of a video.

    Args:
        video: its frames, in the views of what is looked for; ten a second.
        data: the bytes of the file.

    Raises:
        ValueError: not all of it was seen, or there is too little in it.
    """
    if video.unseen:
        raise ValueError(f"not all of it can be seen: {', '.join(map(_why, video.unseen))}")
    clip = distinct(clip_of_views(video))
    if not len(clip):
        raise ValueError("there is too little in its pictures to tell it from others")
    return Sample(
        VIEWS, VERSION, _base64(clip.hashes.tobytes()), _base64(clip.times.astype("<f4").tobytes()),
        hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


def _why(code: MediaCode) -> str:
    longest = DENSE.most / DENSE.per_second
    return f"{code} (it may last {longest:.0f} seconds)" if code == TOO_LARGE else code


def clip_of_sample(sample: Sample) -> Clip:
    """The frames of the sample of a video."""
    times = np.frombuffer(base64.b64decode(sample.times), "<f4").astype(np.float64)
    hashes = np.frombuffer(base64.b64decode(sample.hashes), np.uint8).reshape(-1, 32)
    return Clip(times, hashes, np.full(len(times), 100, np.uint8))


def _hash_of(data: bytes, algorithm: str) -> Hashes:
    """The hash of the first frame in all its pixels, as others work it out: shape (1, bytes)."""
    image = Image.fromarray(decode(data, budget=_FIRST, colour=True).frames[0].pixels)
    if algorithm == "pdq":
        return pdq(np.asarray(image.convert("L"))).hashes
    if algorithm in ("phash", "dhash"):
        return phash(image) if algorithm == "phash" else dhash(image)
    for name in OTHER_ALGORITHMS:
        if name == algorithm:
            return other_hash(image, name)
    raise ValueError(f"{algorithm!r} is no algorithm")


def hash_bytes(sample: Sample) -> Hashes:
    """The one hash of a sample that has no views: shape (bytes,).

    >>> hash_bytes(of_hash("ab" * 32, None, None)).tolist() == [0xAB] * 32
    True
    """
    return np.frombuffer(base64.b64decode(sample.hashes), np.uint8)


def views_of(sample: Sample) -> views.Views:
    """The views of a sample that has some."""
    return views.Views.unpacked(base64.b64decode(sample.hashes))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
