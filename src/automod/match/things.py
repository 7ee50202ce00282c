"""Phones, links and handles of any sort, listed as material or not: what rules call `found`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from automod.model.vocabulary import Found
from automod.text.obfuscation import find_mixed_script, find_obfuscation

from .links import Link, find_handles, find_links, handle_of
from .phones import find_phones

Span = tuple[int, int]


class LinkPart(NamedTuple):
    """What a text is of a creative's link, if anything."""

    host_of: Link | None = None
    path_of: Link | None = None


NO_LINK: Final = LinkPart()


def find_things(
    kind: Found, text: str, regions: Sequence[str], part: LinkPart = NO_LINK
) -> list[Span]:
    """Where things of a kind stand in an original text (code points, half-open).

    Args:
        kind: `phone`, `url`, `handle`, `mixed_script` or `obfuscation`.
        text: the original text.
        regions: markets in which national phone numbers are read.
        part: the link of which this text is the host or the path.

    >>> find_things("url", "see https://t.me/winksa now", ())
    [(4, 23)]
    """
    if kind in ("mixed_script", "obfuscation"):
        return find_mixed_script(text) if kind == "mixed_script" else find_obfuscation(text)
    if part.host_of is not None:
        return [(0, len(text))] if kind == "url" and text else []
    if part.path_of is not None:
        return _in_path(kind, text, regions, part.path_of)
    if kind == "phone":
        return [(phone.start, phone.end) for phone in find_phones(text, regions)]
    if kind == "handle":
        return [(handle.start, handle.end) for handle in find_handles(text)]
    return [(one.start, one.end) for one in find_links(text)]


def _in_path(kind: Found, path: str, regions: Sequence[str], link: Link) -> list[Span]:
    """Things of a link that stand in its path: an account, or a number as in `wa.me/2348…`."""
    if kind == "handle":
        return [] if handle_of(link) is None else [(0, len(path))]
    if kind == "url":
        return []
    lead = len(link.host)
    phones = find_phones(link.host + path, regions)
    return [(max(0, one.start - lead), one.end - lead) for one in phones if one.end > lead]
