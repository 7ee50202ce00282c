"""Checks of what was stored: a fingerprint comes back from anywhere, and anything may be in it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

from automod.model.scalars import shown

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def whole(value: Any, least: int, most: int) -> int:
    """A whole number between two others, both included.

    Raises:
        ValueError: it is none; True and 1.0 are none.

    >>> whole(5, 0, 100)
    5
    >>> whole(True, 0, 100)
    Traceback (most recent call last):
    ValueError: True is no whole number from 0 to 100
    """
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{_told(value)} is no whole number from {least} to {most}")
    return value


def number(value: Any, least: float, most: float) -> float:
    """A number between two others, both included.

    Raises:
        ValueError: it is none; True and NaN are none.

    >>> number(5, 0, 100)
    5.0
    """
    if type(value) not in (int, float) or not least <= value <= most:
        raise ValueError(f"{_told(value)} is no number from {least:g} to {most:g}")
    return float(value)


def text(value: Any, most: int) -> str:
    """A text of so many characters at most, which UTF-8 can write.

    Raises:
        ValueError: it is none.
    """
    if type(value) is not str or len(value) > most:
        raise ValueError(f"{_told(value)} is no text of at most {most} characters")
    value.encode()  # half of a pair of surrogates is no character
    return value


def digest(value: Any) -> str:
    """A SHA-256 in hex, lower case.

    Raises:
        ValueError: it is none.
    """
    if type(value) is not str or not _DIGEST.fullmatch(value):
        raise ValueError(f"{_told(value)} is no SHA-256 of 64 hexadecimal digits in lower case")
    return value


def row(value: Any, least: int, most: int) -> list[Any]:
    """A list with so many things in it.

    Raises:
        ValueError: it is none, or has fewer or more.
    """
    if not isinstance(value, (list, tuple)) or not least <= len(value) <= most:
        raise ValueError(f"{_told(value)} is no list of {least} to {most}")
    return list(value)


def some_of(value: Any, known: Collection[str]) -> tuple[str, ...]:
    """A list of known words, none twice.

    Raises:
        ValueError: it is none.
    """
    words = row(value, 0, len(known))
    for word in words:
        if type(word) is not str or word not in known or words.count(word) > 1:
            raise ValueError(f"{_told(word)} is no word known here, or there twice")
    return tuple(words)


def _told(value: Any) -> str:
    """What a fault says of a value: no more than its kind where its text may have no end."""
    if isinstance(value, (str, bool, float)) or value is None:
        return shown(value)
    if isinstance(value, int) and abs(value) < 1 << 64:
        return str(value)
    return f"this {type(value).__name__}"
