"""Phones, links and handles of any sort, listed as material or not: what rules call `found`."""

from __future__ import annotations

from automod.model.vocabulary import Found

from .links import Link, find_handles, find_links
from .phones import find_phones


def find_things(
    kind: Found, text: str, regions: tuple[str, ...], link: Link | None
) -> list[tuple[int, int]]:
    """Where things of a kind stand in an original text (code points, half-open).

    Args:
        kind: `phone`, `url` or `handle`.
        text: the original text.
        regions: markets in which national phone numbers are read.
        link: the link whose host this text is, if it is one.

    >>> find_things("url", "see https://t.me/winksa now", (), None)
    [(4, 23)]
    """
    if kind == "phone":
        return [(phone.start, phone.end) for phone in find_phones(text, regions)]
    if kind == "handle":
        return [(handle.start, handle.end) for handle in find_handles(text)]
    if link is not None:
        return [(0, len(text))] if text else []
    return [(one.start, one.end) for one in find_links(text)]
