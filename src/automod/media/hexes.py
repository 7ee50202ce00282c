"""Hashes as people and other systems write them: hexadecimal digits."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint8]
"""Hashes, one a row: shape (n, bytes), 32 bytes for PDQ, 8 for pHash and dHash.

The bytes are those of the hexadecimal digits, left to right. So in PDQ the top bit of the first
byte is bit 255 of the reference (row 15, column 15 of its 16x16), and the lowest bit of the last
byte is bit 0; in pHash and dHash the top bit of the first byte is row 0, column 0.
"""


def to_hex(hashes: Hashes) -> list[str]:
    """The digits of each hash, lower case.

    Args:
        hashes: shape (n, bytes).

    Returns:
        For PDQ what ThreatExchange writes, for pHash and dHash what ImageHash's `str` gives.

    >>> to_hex(np.array([[0, 255], [171, 1]], np.uint8))
    ['00ff', 'ab01']
    """
    return [row.tobytes().hex() for row in hashes]


def from_hex(texts: Iterable[str], size: int) -> Hashes:
    """Hashes from their digits, upper or lower case.

    Args:
        texts: one hash each, digits only.
        size: bytes of a hash: 32 for PDQ, 8 for pHash and dHash.

    Returns:
        Shape (n, size).

    Raises:
        ValueError: a text is not `2 * size` hexadecimal digits; it names the first such text.

    >>> from_hex(["00FF", "ab01"], 2).tolist()
    [[0, 255], [171, 1]]
    """
    rows = [_bytes(text, size) for text in texts]
    return np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), size)


def _bytes(text: str, size: int) -> bytes:
    try:
        row = bytes.fromhex(text)
    except ValueError:
        row = b""
    # fromhex skips blanks: as many digits as characters are left when there are none.
    if len(row) != size or len(text) != 2 * size:
        raise ValueError(f"{text!r} is not a hash: it has to be {2 * size} hexadecimal digits")
    return row
