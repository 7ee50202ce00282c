"""The bytes of a file that somebody names: a regular file of bounded size, or a fault."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import BinaryIO

from .errors import MISSING, TOO_LARGE, MediaError


def bytes_of(path: str | Path, most: int) -> bytes:
    """All bytes of a file.

    Args:
        path: of a regular file: a pipe would be waited for, a device never ends.
        most: bytes that it may have.

    Raises:
        MediaError: `media.missing` where it cannot be read, `media.too_large`.

    >>> bytes_of("no such file", 10)
    Traceback (most recent call last):
    automod.media.errors.MediaError: media.missing: 'no such file' cannot be read: No such file or directory
    """  # noqa: E501 - a doctest line cannot be broken
    data = beginning_of(path, most + 1)
    if len(data) > most:
        raise MediaError(TOO_LARGE, f"{str(path)!r} has more than {most} bytes")
    return data


def beginning_of(path: str | Path, most: int) -> bytes:
    """The first bytes of a file.

    Raises:
        MediaError: `media.missing` where it cannot be read.
    """
    with opened(path) as stream:
        try:
            return stream.read(most)
        except OSError as error:
            raise _missing(path, error) from None


def opened(path: str | Path) -> BinaryIO:
    """A regular file, open.

    Raises:
        MediaError: `media.missing` where it is none, or cannot be opened.
    """
    try:
        file = Path(path)
        if not stat.S_ISREG(file.stat().st_mode):
            raise MediaError(MISSING, f"{str(path)!r} is no file")
        return file.open("rb")
    except (OSError, ValueError) as error:
        raise _missing(path, error) from None


def _missing(path: str | Path, error: Exception) -> MediaError:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return MediaError(MISSING, f"{str(path)!r} cannot be read: {why}")
