"""Fingerprints: everything of an image that matching needs, worked out once and stored."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from PIL import Image

from . import views
from .codes import Code, read_codes
from .decode import Frame, Picture, decode
from .errors import MALFORMED, VERSION_DIFFERS, MediaError
from .hexes import Hashes
from .pdq import coefficients, dihedral, planes_of, quality
from .phash import OtherAlgorithm, dhash, other_hash, phash

VERSION: Final = f"1.{views.VERSION}"
"""Of the fingerprint and of all that is in it: another is never compared."""

LONG_SIDE: Final = 960
"""Pixels that are kept of a longer side: a JPEG of 1080 x 1920 comes out of its decoder so, and
codes that a phone could read off a screen are still read."""

BYTES: Final[Mapping[str, int]] = {
    "pdq": 32, "phash": 8, "dhash": 8, "ahash": 8, "whash": 8, "colorhash": 6,
}  # fmt: skip
"""Algorithm -> bytes of a hash."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """Everything of an image that matching needs; it depends on no material."""

    size: tuple[int, int]
    """Width and height of the upright original, in pixels."""
    sha256: str
    """Of the file's bytes, in hex."""
    pixels: str
    """SHA-256 of the decoded picture, in hex."""
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

    def to_dict(self) -> dict[str, Any]:
        """The fingerprint as JSON has it."""
        return {
            "automod": "fingerprint",
            "version": VERSION,
            "size": list(self.size),
            "sha256": self.sha256,
            "pixels": self.pixels,
            "quality": self.quality,
            "views": _text(self.views.packed()),
            "pdq": _text(self.pdq.tobytes()),
            "phash": _text(self.phash.tobytes()),
            "dhash": _text(self.dhash.tobytes()),
            "others": {name: _text(one.tobytes()) for name, one in self.others.items()},
            "codes": [[one.format, one.text, list(one.box)] for one in self.codes],
        }

    def to_json(self) -> str:
        """The fingerprint as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

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
            return _read(stored)
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
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


def _array(text: str, width: int) -> Hashes:
    flat = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    return flat.reshape(-1, width)


def _read(stored: dict[str, Any]) -> Fingerprint:
    width, height = stored["size"]
    others = {str(name): _array(text, BYTES[name]) for name, text in stored["others"].items()}
    return Fingerprint(
        size=(int(width), int(height)),
        sha256=str(stored["sha256"]),
        pixels=str(stored["pixels"]),
        quality=int(stored["quality"]),
        views=views.Views.unpacked(base64.b64decode(stored["views"], validate=True)),
        pdq=_array(stored["pdq"], 32),
        phash=_array(stored["phash"], 8),
        dhash=_array(stored["dhash"], 8),
        codes=tuple(_code(one) for one in stored["codes"]),
        others=others,
    )


def _code(stored: Any) -> Code:
    name, text, (left, top, right, bottom) = stored
    return Code(str(name), str(text), (int(left), int(top), int(right), int(bottom)))
