"""Fingerprints: everything of an image that matching needs, worked out once and stored."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from PIL import Image

from automod.model.vocabulary import NOT_EVALUATED

from . import views
from .clip import Clip
from .codes import Code, read_codes
from .decode import Frame, Picture, decode
from .errors import MALFORMED, VERSION_DIFFERS, MediaError
from .film import Film
from .hexes import Hashes
from .pdq import coefficients, dihedral, planes_of, quality
from .phash import OtherAlgorithm, dhash, other_hash, phash

VERSION: Final = f"1.{views.VERSION}"
"""Of the fingerprint and of all that is in it: another is never compared."""

LONG_SIDE: Final = 960
"""Pixels that are kept of a longer side: a JPEG of 1080 x 1920 comes out of its decoder so, and
codes that a phone could read off a screen are still read."""

MAGIC: Final = b"automod fingerprint\n"
"""What the bytes of a fingerprint begin with; those of no image do."""

BYTES: Final[Mapping[str, int]] = {
    "pdq": 32, "phash": 8, "dhash": 8, "ahash": 8, "whash": 8, "colorhash": 6,
}  # fmt: skip
"""Algorithm -> bytes of a hash."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """Everything of an image or a video that matching needs; it depends on no material."""

    size: tuple[int, int]
    """Width and height of the upright original, in pixels."""
    sha256: str
    """Of the file's bytes, in hex."""
    pixels: str
    """SHA-256 of the decoded picture, in hex; empty for a video."""
    quality: int
    """How much there is to tell the picture by, 0 to 100 (PDQ's measure)."""
    views: views.Views
    """Of all frames."""
    pdq: Hashes
    """PDQ of the whole in its eight orientations, of every frame: shape (8 f, 32)."""
    phash: Hashes
    """Shape (f, 8)."""
    dhash: Hashes
    """Shape (f, 8)."""
    codes: tuple[Code, ...] = ()
    """Their boxes are in pixels of the original."""
    others: Mapping[str, Hashes] = field(default_factory=dict)
    """Of the whole first frame, by algorithm, where they were asked for: shape (1, bytes)."""
    counts: tuple[int, ...] = ()
    """How many views each frame has."""
    times: tuple[float, ...] = ()
    """Of a video, the seconds of each frame; empty for an image."""
    unseen: tuple[str, ...] = ()
    """Of a video, the codes of why not all of it was seen."""

    @property
    def is_video(self) -> bool:
        """Whether its frames have times."""
        return bool(self.times)

    def clip(self) -> Clip:
        """The frames of a video as `match.videos` takes them."""
        times = np.repeat(np.array(self.times, np.float64), self.counts)
        return Clip(times, self.views.hashes, np.full(len(times), 100, np.uint8))

    def to_dict(self) -> dict[str, Any]:
        """The fingerprint as JSON has it."""
        return self._facts() | {"arrays": {n: _text(data) for n, data in self._arrays().items()}}

    def to_json(self) -> str:
        """The fingerprint as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    def to_bytes(self) -> bytes:
        """The fingerprint as bytes, for a binary column: a head of JSON, then the arrays."""
        arrays = self._arrays()
        head = self._facts() | {"arrays": {name: len(data) for name, data in arrays.items()}}
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        return b"".join([MAGIC, len(text).to_bytes(4, "little"), text, *arrays.values()])

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprint:
        """The fingerprint that `to_bytes` made bytes of.

        Raises:
            MediaError: they are none, or of another version.
        """
        try:
            begin = len(MAGIC) + 4
            end = begin + int.from_bytes(data[len(MAGIC) : begin], "little")
            head = json.loads(data[begin:end])
            if not data.startswith(MAGIC) or head["version"] != VERSION:
                return cls.from_dict(head)  # which says what is wrong
            arrays = {}
            for name, size in head["arrays"].items():
                arrays[name], end = data[end : end + size], end + size
            return _read(head, arrays)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise MediaError(MALFORMED, str(error) or type(error).__name__) from None

    def _facts(self) -> dict[str, Any]:
        return {
            "automod": "fingerprint",
            "version": VERSION,
            "size": list(self.size),
            "sha256": self.sha256,
            "pixels": self.pixels,
            "quality": self.quality,
            "codes": [[one.format, one.text, list(one.box)] for one in self.codes],
            "counts": list(self.counts),
            "times": list(self.times),
            "unseen": list(self.unseen),
        }

    def _arrays(self) -> dict[str, bytes]:
        one = {"pdq": self.pdq, "phash": self.phash, "dhash": self.dhash, **self.others}
        return {"views": self.views.packed()} | {name: part.tobytes() for name, part in one.items()}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Fingerprint:
        """The fingerprint that a dict was made of.

        Raises:
            MediaError: it is no fingerprint, or one of another version.
        """
        if stored.get("automod") != "fingerprint":
            raise MediaError(MALFORMED, "'automod' is not 'fingerprint'")
        if stored.get("version") != VERSION:
            found = stored.get("version")
            raise MediaError(VERSION_DIFFERS, f"version {found!r}; this one reads {VERSION!r}")
        try:
            arrays = {
                name: base64.b64decode(text, validate=True)
                for name, text in stored["arrays"].items()
            }
            return _read(stored, arrays)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise MediaError(MALFORMED, str(error) or type(error).__name__) from None


def fingerprint_of(data: bytes, also: Collection[OtherAlgorithm] = ()) -> Fingerprint:
    """The fingerprint of the bytes of an image.

    Args:
        data: the file.
        also: hashes that ImageHash works out.

    Raises:
        MediaError: whatever is wrong with them.
        MissingExtra: `also` is not empty, and the extra `imagehash` is not installed.
    """
    picture = decode(data, long_side=LONG_SIDE)
    lumas = [frame.pixels for frame in picture.frames]
    images = [Image.fromarray(luma) for luma in lumas]
    seen = [views.of_query(luma) for luma in lumas]
    pdqs, first = [], 0
    for at, luma in enumerate(lumas):
        whole = (0, 0, luma.shape[1], luma.shape[0])
        plane = planes_of(luma, [whole], (picture.width, picture.height))
        first = first if at else int(quality(plane)[0])
        pdqs.append(dihedral(coefficients(plane))[0])
    return Fingerprint(
        size=(picture.width, picture.height),
        sha256=hashlib.sha256(data).hexdigest(),
        pixels=picture.digest(),
        quality=first,
        views=views.together(seen),
        pdq=np.concatenate(pdqs),
        phash=np.concatenate([phash(image) for image in images]),
        dhash=np.concatenate([dhash(image) for image in images]),
        codes=_codes(picture),
        others=_others(data, also),
        counts=tuple(map(len, seen)),
    )


def fingerprint_of_film(film: Film) -> Fingerprint:
    """The fingerprint of what was seen of a video."""
    frames = sorted(film.video.frames, key=lambda frame: frame.time)
    first: dict[tuple[str, str], Code] = {}
    for code in (code for frame in frames for code in frame.seen.codes):
        first.setdefault((code.format, code.text), code)
    none = np.empty((0, 8), np.uint8)
    return Fingerprint(
        size=(film.video.width, film.video.height),
        sha256=film.sha256,
        pixels="",
        quality=100,
        views=views.together([frame.seen.views for frame in frames]),
        pdq=np.concatenate([frame.seen.pdq for frame in frames]),
        phash=none,
        dhash=none,
        codes=tuple(first.values()),
        counts=tuple(len(frame.seen.views) for frame in frames),
        times=tuple(frame.time for frame in frames),
        unseen=film.video.unseen,
    )


def _others(data: bytes, also: Collection[OtherAlgorithm]) -> dict[str, Hashes]:
    if not also:
        return {}
    pixels = decode(data, long_side=LONG_SIDE, colour=True).frames[0].pixels
    image = Image.fromarray(pixels)
    return {name: other_hash(image, name) for name in sorted(also)}


def _codes(picture: Picture) -> tuple[Code, ...]:
    """The codes of all frames, each text once."""
    found: dict[tuple[str, str], Code] = {}
    for frame in picture.frames:
        for code in _codes_of(frame, picture):
            found.setdefault((code.format, code.text), code)
    return tuple(found.values())


def _codes_of(frame: Frame, picture: Picture) -> list[Code]:
    return [code._replace(box=picture.original(code.box)) for code in read_codes(frame.pixels)]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _read(stored: dict[str, Any], arrays: Mapping[str, bytes]) -> Fingerprint:
    """The fingerprint of its facts and its arrays.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: something of it is missing or amiss.
    """
    width, height = stored["size"]
    hashes = {
        name: np.frombuffer(data, np.uint8).reshape(-1, BYTES[name])
        for name, data in arrays.items()
        if name != "views"
    }
    return Fingerprint(
        size=(int(width), int(height)),
        sha256=str(stored["sha256"]),
        pixels=str(stored["pixels"]),
        quality=int(stored["quality"]),
        views=views.Views.unpacked(arrays["views"]),
        pdq=hashes.pop("pdq"),
        phash=hashes.pop("phash"),
        dhash=hashes.pop("dhash"),
        codes=tuple(_code(one) for one in stored["codes"]),
        others=hashes,
        **_frames(stored, len(arrays["views"]) // views.PACKED, len(arrays["pdq"]) // 256),
    )


def _frames(stored: dict[str, Any], seen: int, hashed: int) -> dict[str, Any]:
    """Counts, times and what was not seen.

    Raises:
        KeyError, TypeError, ValueError: they do not go together.
    """
    counts, times = tuple(map(int, stored["counts"])), tuple(map(float, stored["times"]))
    unseen = tuple(map(str, stored["unseen"]))
    wrong = sum(counts) != seen or len(counts) != hashed or min(counts, default=0) < 0
    if wrong or (times and len(times) != len(counts)) or list(times) != sorted(times):
        raise ValueError("views, counts and times are not those of the same frames")
    if not set(unseen) <= NOT_EVALUATED.keys():
        raise ValueError(f"{unseen} are no codes of what was not evaluated")
    return {"counts": counts, "times": times, "unseen": unseen}


def _code(stored: Any) -> Code:
    name, text, (left, top, right, bottom) = stored
    return Code(str(name), str(text), (int(left), int(top), int(right), int(bottom)))
