"""QR codes and bar codes in a picture: what they say, and where they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import zxingcpp

MOST_CODES: Final = 16
"""Codes of one picture; an ad that is a sheet of codes says nothing more with the next."""

LONGEST: Final = 8_192
"""Characters of one code; the largest QR code holds 7,089 digits."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, half-open, in pixels."""


class Code(NamedTuple):
    """One code of a picture."""

    format: str
    """`QRCode`, `Aztec`, `EAN13` …"""
    text: str
    box: Box


def read_codes(luma: npt.NDArray[np.uint8]) -> tuple[Code, ...]:
    """The codes of a picture, turned in any direction, dark on light or light on dark.

    Args:
        luma: shape (height, width). The modules of a code need two pixels or more.

    Returns:
        At most `MOST_CODES`, from top to bottom.

    >>> picture = np.full((120, 120), 255, np.uint8)
    >>> code = zxingcpp.create_barcode("https://t.me/winksa", zxingcpp.BarcodeFormat.QRCode)
    >>> drawn = np.asarray(zxingcpp.write_barcode_to_image(code, scale=3))
    >>> picture[10 : 10 + len(drawn), 10 : 10 + len(drawn)] = drawn
    >>> [(one.format, one.text) for one in read_codes(picture)]
    [('QRCode', 'https://t.me/winksa')]
    """
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(luma),
        formats=_formats(),
        try_downscale=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    codes = [_code(one) for one in found if one.valid and one.text]
    return tuple(sorted(codes, key=lambda one: (one.box[1], one.box[0], one.text))[:MOST_CODES])


def once(codes: Iterable[Code]) -> tuple[Code, ...]:
    """The first of each code: of one format and one text.

    >>> code = Code("QRCode", "a", (0, 0, 9, 9))
    >>> once([code, code._replace(box=(5, 5, 9, 9)), code._replace(text="b")]) == (
    ...     code, code._replace(text="b"),
    ... )
    True
    """
    first: dict[tuple[str, str], Code] = {}
    for code in codes:
        first.setdefault((code.format, code.text), code)
    return tuple(first.values())


def _formats() -> zxingcpp.BarcodeFormats:
    """What ads carry links in, and what shops print.

    Data Matrix is left out: it takes as long as all of these, and no phone camera opens it.
    """
    names = zxingcpp.BarcodeFormat
    return zxingcpp.BarcodeFormats(
        [names.QRCode, names.MicroQRCode, names.Aztec, names.PDF417, names.Code128, names.EANUPC]
    )


def _code(found: zxingcpp.Barcode) -> Code:
    place = found.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    across, down = [one.x for one in corners], [one.y for one in corners]
    box = max(min(across), 0), max(min(down), 0), max(across) + 1, max(down) + 1
    return Code(str(found.format.name), found.text[:LONGEST], box)
