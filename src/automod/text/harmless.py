"""Tokens that look like disguises and are none: measures and links."""

from __future__ import annotations

import re
from typing import Final

_MEASURE: Final = re.compile(
    r"[$#+]?\d[\d.,:/x-]*(?:st|nd|rd|th|[ap]m|kg|mg|km|cm|mm|ml|[gmtk]b|hz|kw|ft|lb|oz|hrs?|min|yrs?"
    r"|pcs?|[kmbdglspwh])?"
)


def is_measure(token: str) -> bool:
    """Whether a token is a number with its unit, or an ordinal: digits that stand for themselves.

    >>> is_measure("10kg"), is_measure("2nd"), is_measure("$5k"), is_measure("c4s1n0")
    (True, True, True, False)
    """
    return token[:1] in "$#+0123456789" and _MEASURE.fullmatch(token) is not None


def is_address(token: str) -> bool:
    """Whether a token is a link, which is matched by its host and path.

    >>> is_address("https://s4le.example"), is_address("www.example.com"), is_address("s4le")
    (True, True, False)
    """
    return token.startswith(("http", "www.")) or "://" in token
