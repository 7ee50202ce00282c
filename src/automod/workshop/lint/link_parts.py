"""What of a link that somebody copied is not part of where it leads."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from automod.match.links import parse_url

_TRACKING: Final = re.compile(
    r"(?:utm_[a-z]+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh"
    r"|li_fat_id|mc_cid|mc_eid|_ga|_gl|ref_src|ref_url|mibextid|si|spm|scm|srsltid|__tn__|sfnsn)",
    re.IGNORECASE,
)
"""Names that the large platforms put into links of their own accord, to count clicks."""
_AUTHORITY: Final = re.compile(r"^(?P<scheme>[a-z]+:/*)?(?P<user>[^/?#@]*@)?[^/?#]*", re.IGNORECASE)
_PORT: Final = re.compile(r":[0-9]+$")


class Part(NamedTuple):
    """A part of a link, as it is written, and the link without it."""

    text: str
    rest: str


def tracking_in(value: str) -> Part | None:
    """The query of a link from the first part that only counts clicks.

    >>> tracking_in("shop.example.com/sale?utm_source=fb&x=1")
    Part(text='utm_source=fb', rest='shop.example.com/sale?x=1')
    """
    link, _, fragment = value.partition("#")
    head, mark, query = link.partition("?")
    parts = query.split("&") if mark else []
    tracking = [part for part in parts if _TRACKING.fullmatch(part.partition("=")[0])]
    if not tracking:
        return None
    kept = "&".join(part for part in parts if part not in tracking)
    rest = head + (f"?{kept}" if kept else "") + (f"#{fragment}" if fragment else "")
    return Part("&".join(tracking), rest)


def ignored_in(value: str) -> Part | None:
    """What of a link is never compared: what follows `#`, a user, a port.

    >>> ignored_in("example.com/#/offer"), ignored_in("example.com:8080/a")
    (Part(text='#/offer', rest='example.com/'), Part(text=':8080', rest='example.com/a'))
    """
    link, mark, fragment = value.partition("#")
    if mark and fragment:
        return Part(f"#{fragment}", link)
    match = _AUTHORITY.match(value)
    if match is None or "[" in match.group():
        return None
    if match["user"]:
        return Part(match["user"], value[: match.start("user")] + value[match.end("user") :])
    authority = match.group()
    port = _PORT.search(authority)
    if port is None:
        return None
    return Part(port.group(), authority[: port.start()] + value[match.end() :])


def leads_alike(one: str, other: str) -> bool:
    """Whether two values of kind `url` lead to the same."""
    try:
        return parse_url(one) == parse_url(other)
    except ValueError:
        return False
