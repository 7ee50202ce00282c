"""Pictures of ads, small enough to stand in a page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from automod.media.decode import DEFAULT, Budget, decode
from automod.media.errors import MediaError
from automod.media.source import bytes_of

LONG_SIDE: Final = 320
"""Pixels of the longer side, at most."""
QUALITY: Final = 72
BUDGET: Final = Budget(bytes=DEFAULT.bytes, pixels=DEFAULT.pixels, frames=1)

Show = Callable[[str], str | None]
"""The data URI of a picture that an ad names; None where there is nothing to show."""


def beside(folder: str | Path, most: int = 4 << 20) -> Show:
    """Shows pictures that lie in a folder or below it, reduced; in all up to so many bytes.

    A path that leads out of the folder, a file that is no picture or costs too much to decode, and
    whatever comes when the bytes are used up give None.

    Args:
        folder: where the paths of ads begin.
        most: bytes of all pictures of a page together.
    """
    root, left = Path(folder).resolve(), most

    def show(path: str) -> str | None:
        nonlocal left
        shown = _thumbnail(root, path) if left > 0 else None
        if shown is None or len(shown) > left:
            return None
        left -= len(shown)
        return shown

    return show


def _thumbnail(root: Path, path: str) -> str | None:
    try:
        place = (root / path).resolve()
        inside = place.is_relative_to(root)
    except (OSError, ValueError):
        return None
    if not inside:
        return None
    try:
        return data_uri(bytes_of(place, BUDGET.bytes))
    except MediaError:
        return None


def data_uri(data: bytes) -> str:
    """A picture reduced and written anew: nothing of the file but its pixels reaches the page.

    Raises:
        MediaError: the bytes are no picture, or too expensive a one.
    """
    pixels = decode(data, budget=BUDGET, long_side=LONG_SIDE, colour=True).frames[0].pixels
    written = BytesIO()
    Image.fromarray(pixels).save(written, "JPEG", quality=QUALITY, optimize=True)
    return f"data:image/jpeg;base64,{b64encode(written.getvalue()).decode()}"
