"""What the matcher knows of links and accounts, in one place."""

from __future__ import annotations

from .handles import Handle, HandleTarget, find_handles, handle_of, parse_handle
from .hosts import registrable
from .linkfinder import find_links
from .linktargets import DomainTarget, LinkIndex, UrlTarget, parse_domain, parse_url
from .url import Link, split_link

__all__ = [
    "DomainTarget",
    "Handle",
    "HandleTarget",
    "Link",
    "LinkIndex",
    "UrlTarget",
    "find_handles",
    "find_links",
    "handle_of",
    "parse_domain",
    "parse_handle",
    "parse_url",
    "registrable",
    "split_link",
]
