"""What the bytes of an image say before anything is decoded: format, extent, orientation."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final, Literal

from .errors import DAMAGED, MediaError

Format = Literal["JPEG", "PNG", "WEBP", "GIF", "AVIF"]

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"

MOST_STRAY: Final = 256
"""Bytes between the blocks of a GIF, which some encoders leave: they are skipped one by one."""

_PIXEL_CHUNKS: Final = frozenset(
    [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"]
)
_AVIF_EXIF: Final = re.compile(rb"(infe[\x02\x03].{3}.{4}(?:.{2})?)Exif", re.DOTALL)
_NORMAL: Final = 1
_ORIENTATION: Final = 0x0112
_SHORT: Final = 3


def sniff(data: bytes) -> Format | None:
    """The format that the first bytes announce, whatever the file is called.

    >>> sniff(b"GIF89a and more"), sniff(b"%PDF-1.7")
    ('GIF', None)
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(PNG_SIGNATURE):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return "AVIF" if _is_avif(data) else None


def _is_avif(data: bytes) -> bool:
    """Whether an ISO media file names an AVIF brand: HEIC and MP4 begin alike."""
    if data[4:8] != b"ftyp":
        return False
    end = min(int.from_bytes(data[:4], "big"), 1024)
    brands = {data[at : at + 4] for at in (8, *range(16, end, 4))}
    return not brands.isdisjoint({b"avif", b"avis"})


def gif_extent(data: bytes) -> tuple[int, int, int]:
    """Width, height and number of frames of a GIF, from its blocks.

    The extent is that of the screen and of every frame: one that sticks out makes the screen grow.

    Raises:
        MediaError: `media.damaged`, the file ends inside a block, or holds too much between blocks.

    GIF89a specification, CompuServe 1990, sections 18-23.
    """
    try:
        width, height, flags = struct.unpack_from("<HHB", data, 6)
        at, frames, stray = 13 + _colours(flags), 0, 0
        while at < len(data) and data[at] != 0x3B:
            if data[at] == 0x2C:
                x, y, wide, high, flags = struct.unpack_from("<4HB", data, at + 1)
                width, height, frames = max(width, x + wide), max(height, y + high), frames + 1
                at = _past_blocks(data, at + 11 + _colours(flags))
            elif data[at] == 0x21:
                at = _past_blocks(data, at + 2)
            else:
                at, stray = at + 1, stray + 1
                if stray > MOST_STRAY:
                    raise MediaError(DAMAGED, "GIF: too much between the blocks")
    except (IndexError, struct.error):
        raise MediaError(DAMAGED, "GIF: the file ends inside a block") from None
    return width, height, frames


def _colours(flags: int) -> int:
    """Bytes of the table of colours that flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(data: bytes, at: int) -> int:
    """Where a run of sub-blocks, each led by its length, has come to its end."""
    while data[at]:
        at += 1 + data[at]
    return at + 1


def webp_extent(data: bytes) -> tuple[int, int]:
    """Width and height that the first chunk of a WebP states.

    Raises:
        MediaError: `media.damaged`, the first chunk is none of the three it can be, or is cut.

    RFC 9649, sections 2.5-2.7 and 3.4.
    """
    first = data[12:16]
    if len(data) >= 30 and first == b"VP8X":
        sides = data[24:27], data[27:30]
        width, height = (int.from_bytes(side, "little") + 1 for side in sides)
        return width, height
    if len(data) >= 25 and first == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if len(data) >= 30 and first == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise MediaError(DAMAGED, "WEBP: the first chunk holds no picture")


def png_pixels(data: bytes) -> tuple[bytes, bytes]:
    """A PNG without what its pixels do not need, and its EXIF block (empty without one).

    Text and colour profiles are left out: they can be bombs, and some make a decoder warn.

    Raises:
        MediaError: `media.damaged`, there is no end, or it says twice that it is animated.

    PNG specification, third edition, W3C 2025, sections 5.3 and 11.
    """
    kept, exif, animations = [PNG_SIGNATURE], b"", 0
    for kind, body, whole in _chunks(data):
        if kind in _PIXEL_CHUNKS:
            kept.append(whole)
        if kind == b"eXIf":
            exif = body
        if kind == b"acTL":
            animations += 1
            if animations > 1 or not 0 < int.from_bytes(body[:4], "big") < 1 << 31:
                raise MediaError(DAMAGED, "PNG: a wrong count of frames")
    return b"".join(kept), exif


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Kind, body and whole of each chunk, up to the end of the picture."""
    at, kind = len(PNG_SIGNATURE), b""
    while kind != b"IEND":
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if at + 12 > len(data) or end > len(data):
            raise MediaError(DAMAGED, "PNG: the file ends inside a chunk")
        kind = data[at + 4 : at + 8]
        yield kind, data[at + 8 : end - 4], data[at:end]
        at = end


def avif_without_exif(data: bytes) -> bytes:
    """An AVIF whose EXIF item is renamed: it turns no AVIF, and a broken one makes Pillow warn.

    ISO/IEC 23008-12, 6.5.10 and 8.11.6: orientation is a property of the item, EXIF informs.
    """
    return _AVIF_EXIF.sub(rb"\1free", data)


def orientation(exif: bytes) -> int:
    r"""The orientation that an EXIF block states: 1 (upright) to 8; 1 where it states none.

    >>> orientation(b"II*\0\x08\0\0\0" + b"\1\0" + b"\x12\1\3\0\1\0\0\0\6\0")
    6

    CIPA DC-008, Exif 2.32, section 4.6.
    """
    body = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(body[:4])
    if order is None:
        return _NORMAL
    try:
        (at,) = struct.unpack_from(f"{order}I", body, 4)
        (count,) = struct.unpack_from(f"{order}H", body, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", body, entry)
            if tag == _ORIENTATION and kind == _SHORT:
                return value if 1 <= value <= 8 else _NORMAL
    except struct.error:
        return _NORMAL  # browsers show such a picture as it lies
    return _NORMAL
