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

from . import stored, views
from .clip import Clip
from .codes import LONGEST, Code, once, read_codes
from .decode import Budget, Picture, decode, scaled
from .errors import MALFORMED, TOO_LARGE, VERSION_DIFFERS, MediaError
from .film import Film, Scene
from .hexes import Hashes
from .pdq import ORIENTATIONS, coefficients, dihedral, planes_of, quality
from .phash import OTHER_ALGORITHMS, OtherAlgorithm, dhash, other_hash, phash

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

MOST_CODES: Final = 1_000
"""Different codes of one fingerprint; what is beyond them was not seen."""

_SIDE: Final = 1 << 31
"""Pixels of a side, at most."""
_FRAMES: Final = 1 << 14
"""Of a video, at most: more than twice what ten a second of five minutes are, cuts included."""
_VIEWS: Final = 1_000
"""Of a frame, at most."""
_SECONDS: Final = 1e6
"""After which no frame comes."""
_FORMAT: Final = 64
"""Characters of the name of a code's format."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """Everything of an image or a video that matching needs; it depends on no material."""

    size: tuple[int, int]
    """Width and height of the upright original, in pixels."""
    sha256: str
    """Of the file's bytes, in hex."""
    pixels: str
    """SHA-256 of the extent and the reduced luma of the first frame, in hex; empty for a video."""
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
    """The codes of why not all of it was seen: of a video, or of an animation."""
    version: str = VERSION
    """What it was made by; one of another version, from a pickle, is never compared."""

    @property
    def is_video(self) -> bool:
        """Whether its frames have times."""
        return bool(self.times)

    def clip(self) -> Clip:
        """The frames of a video as `match.videos` takes them."""
        times = np.repeat(np.array(self.times, np.float64), self.counts)
        return Clip(times, self.views.hashes, np.full(len(times), 100, np.uint8))

    def pdq_clip(self) -> Clip:
        """The PDQ of the frames of a video, as they are and mirrored."""
        rows = self.pdq.reshape(-1, 8, 32)[:, [0, ORIENTATIONS.index("flip_y")]].reshape(-1, 32)
        return Clip(np.repeat(np.array(self.times), 2), rows, np.full(len(rows), 100, np.uint8))

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
            if not data.startswith(MAGIC):
                raise ValueError(f"the bytes begin {data[:8].hex(' ')}")
            begin = len(MAGIC) + 4
            end = begin + int.from_bytes(data[len(MAGIC) : begin], "little")
            head = json.loads(data[begin:end])
            _check_kind(head)
            arrays = {}
            for name, length in head["arrays"].items():
                size = stored.whole(length, 0, len(data) - end)
                arrays[name], end = data[end : end + size], end + size
            if end != len(data):
                raise ValueError(f"{len(data) - end} bytes behind the last array")
            return _read(head, arrays)
        except _FAULTS as error:
            raise _malformed(error) from None

    def _facts(self) -> dict[str, Any]:
        return {
            "automod": "fingerprint",
            "version": self.version,
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
    def from_dict(cls, data: dict[str, Any]) -> Fingerprint:
        """The fingerprint that a dict was made of.

        Raises:
            MediaError: it is no fingerprint, or one of another version.
        """
        try:
            _check_kind(data)
            arrays = {
                name: base64.b64decode(text, validate=True) for name, text in data["arrays"].items()
            }
            return _read(data, arrays)
        except _FAULTS as error:
            raise _malformed(error) from None


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
    codes = _codes(picture)
    return Fingerprint(
        size=(picture.width, picture.height),
        sha256=hashlib.sha256(data).hexdigest(),
        pixels=picture.digest(),
        quality=first,
        views=views.together(seen),
        pdq=np.concatenate(pdqs),
        phash=np.concatenate([phash(image) for image in images]),
        dhash=np.concatenate([dhash(image) for image in images]),
        codes=codes[:MOST_CODES],
        others=_others(data, also),
        counts=tuple(map(len, seen)),
        unseen=(TOO_LARGE,) if picture.left_out or len(codes) > MOST_CODES else (),
    )


def fingerprint_of_film(film: Film) -> Fingerprint:
    """The fingerprint of what was seen of a video."""
    frames = sorted(film.video.frames, key=lambda frame: frame.time)
    scenes = [frame.seen for frame in frames]
    size = film.video.width, film.video.height
    codes = once(code for scene in scenes for code in _codes_in(scene, size))
    more = {TOO_LARGE} if len(codes) > MOST_CODES else set()
    return Fingerprint(
        size=size,
        sha256=film.sha256,
        pixels="",
        quality=100,
        views=views.together([scene.views for scene in scenes]),
        pdq=np.concatenate([scene.pdq for scene in scenes]),
        phash=np.concatenate([scene.phash for scene in scenes]),
        dhash=np.concatenate([scene.dhash for scene in scenes]),
        codes=codes[:MOST_CODES],
        counts=tuple(len(scene.views) for scene in scenes),
        # A frame may be shown before the first that was decoded.
        times=tuple(max(frame.time, 0.0) for frame in frames),
        unseen=tuple(sorted({*film.video.unseen, *more})),
    )


def _codes_in(scene: Scene, size: tuple[int, int]) -> list[Code]:
    """The codes of a frame of a video, in pixels of the original."""
    return [code._replace(box=scaled(code.box, scene.size, size)) for code in scene.codes]


def _others(data: bytes, also: Collection[OtherAlgorithm]) -> dict[str, Hashes]:
    if not also:
        return {}
    first = Budget(frames=1)
    pixels = decode(data, budget=first, long_side=LONG_SIDE, colour=True).frames[0].pixels
    image = Image.fromarray(pixels)
    return {name: other_hash(image, name) for name in sorted(also)}


def _codes(picture: Picture) -> tuple[Code, ...]:
    """The codes of all frames, each text once."""
    return once(
        code._replace(box=picture.original(code.box))
        for frame in picture.frames
        for code in read_codes(frame.pixels)
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


# --- reading ------------------------------------------------------------------------------------

_FAULTS: Final = (
    AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What comes of facts that are missing or amiss."""


def _malformed(error: Exception) -> MediaError:
    return MediaError(MALFORMED, str(error) or type(error).__name__)


def _check_kind(facts: Any) -> None:
    """Refuse what is no fingerprint of this version."""
    if not isinstance(facts, dict) or facts.get("automod") != "fingerprint":
        raise MediaError(MALFORMED, "'automod' is not 'fingerprint'")
    found = facts.get("version")
    if found != VERSION:
        named = (
            repr(found[:20]) if isinstance(found, str) else f"of the type {type(found).__name__}"
        )
        raise MediaError(VERSION_DIFFERS, f"version {named}; this one reads {VERSION!r}")


def _read(facts: dict[str, Any], arrays: Mapping[str, bytes]) -> Fingerprint:
    """The fingerprint of its facts and its arrays.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: something of it is missing or amiss.
    """
    width, height = (stored.whole(side, 1, _SIDE) for side in stored.row(facts["size"], 2, 2))
    looks = views.Views.unpacked(arrays["views"])
    counts = tuple(stored.whole(one, 0, _VIEWS) for one in stored.row(facts["counts"], 1, _FRAMES))
    if sum(counts) != len(looks):
        raise ValueError(f"{len(looks)} views, and {sum(counts)} are counted")
    times = _times(facts["times"], len(counts))
    hashes = _hashes(arrays, len(counts))
    return Fingerprint(
        size=(width, height),
        sha256=stored.digest(facts["sha256"]),
        pixels="" if times and facts["pixels"] == "" else stored.digest(facts["pixels"]),
        quality=stored.whole(facts["quality"], 0, 100),
        views=looks,
        pdq=hashes.pop("pdq"),
        phash=hashes.pop("phash"),
        dhash=hashes.pop("dhash"),
        codes=tuple(map(_code, stored.row(facts["codes"], 0, MOST_CODES))),
        others=hashes,
        counts=counts,
        times=times,
        unseen=stored.some_of(facts["unseen"], NOT_EVALUATED),
        version=facts["version"],
    )


def _times(value: Any, frames: int) -> tuple[float, ...]:
    """The times of the frames of a video; none for an image.

    Raises:
        ValueError: they are not of so many frames, or go back.
    """
    times = tuple(stored.number(one, 0, _SECONDS) for one in stored.row(value, 0, _FRAMES))
    if times and len(times) != frames:
        raise ValueError(f"{len(times)} times of {frames} frames")
    if list(times) != sorted(times):
        raise ValueError("the times go back")
    return times


def _hashes(arrays: Mapping[str, bytes], frames: int) -> dict[str, Hashes]:
    """Hashes by algorithm: the three that are always there, and others of the first frame.

    Raises:
        KeyError, ValueError: one is missing, unknown, or not of so many frames.
    """
    rows = {"pdq": 8 * frames, "phash": frames, "dhash": frames}
    found = {}
    for name in (*rows, *sorted(arrays.keys() - rows.keys() - {"views"})):
        if name not in rows and name not in OTHER_ALGORITHMS:
            raise ValueError(f"{name[:20]!r} is no algorithm")
        hashes = np.frombuffer(arrays[name], np.uint8).reshape(-1, BYTES[name])
        if len(hashes) != rows.get(name, 1):
            raise ValueError(f"{name}: {len(hashes)} hashes, of {frames} frames")
        found[name] = hashes
    return found


def _code(value: Any) -> Code:
    name, said, box = stored.row(value, 3, 3)
    left, top, right, bottom = (stored.whole(side, 0, _SIDE) for side in stored.row(box, 4, 4))
    if right < left or bottom < top:
        raise ValueError("the box of a code ends before it begins")
    box = left, top, right, bottom
    return Code(stored.text(name, _FORMAT), stored.text(said, LONGEST), box)
