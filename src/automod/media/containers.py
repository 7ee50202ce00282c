"""What the first bytes of a video say: which container, and whether the file was cut short."""

from __future__ import annotations

from typing import Final, Literal

ContainerName = Literal["mov", "matroska"]
"""As the demuxers are called: `mov` reads MP4 and MOV, `matroska` reads MKV and WebM."""

HEAD: Final = 64
"""Bytes from the beginning that are enough for everything here."""

_EBML: Final = b"\x1aE\xdf\xa3"
_SEGMENT: Final = b"\x18S\x80g"
_OLD_BOXES: Final = frozenset([b"moov", b"mdat", b"wide", b"free", b"skip"])
"""What a MOV without `ftyp` begins with."""

_STILLS: Final = frozenset(
    [b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]
)
"""Brands of images in the same kind of file."""


def container_of(head: bytes) -> ContainerName | None:
    """The container that the first bytes announce, whatever the file is called; None: neither.

    Args:
        head: the first `HEAD` bytes, or all of a shorter file.

    >>> container_of(bytes.fromhex("0000002066747970") + b"isom"), container_of(b"#EXTM3U")
    ('mov', None)
    """
    if head.startswith(_EBML):
        return "matroska"
    box = head[4:8]
    if box == b"ftyp":
        return None if head[8:12] in _STILLS else "mov"
    return "mov" if box in _OLD_BOXES else None


def cut_short(head: bytes, size: int) -> bool:
    r"""Whether a Matroska file says that it is longer than it is: its demuxer does not tell.

    Args:
        head: the first `HEAD` bytes.
        size: bytes of the whole file.

    >>> head = b"\x1aE\xdf\xa3\x80" + b"\x18S\x80g\x88" + bytes(8)
    >>> cut_short(head, 18), cut_short(head, 17)
    (False, True)
    """
    if not head.startswith(_EBML):
        return False
    length, begin = _number(head, len(_EBML))
    if length is None:
        return False
    begin += length
    if head[begin : begin + len(_SEGMENT)] != _SEGMENT:
        return size <= begin
    length, begin = _number(head, begin + len(_SEGMENT))
    return length is not None and size < begin + length


def _number(data: bytes, at: int) -> tuple[int | None, int]:
    """An EBML length (RFC 8794, section 4), None where it is unknown; and where it ends."""
    first = data[at] if at < len(data) else 0
    width = 9 - first.bit_length()
    if width > 8 or at + width > len(data):
        return None, len(data)
    digits = 7 * width
    value = int.from_bytes(data[at : at + width], "big") & ((1 << digits) - 1)
    return (None if value == (1 << digits) - 1 else value), at + width
