"""Materials of kind `domain` and `url`: read, compared with links, looked up by the thousand."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .hosts import registrable, u_host
from .url import Link, split_link

_IGNORED: Final = ("www.", "m.")
_LONGEST_PATH: Final = 2048
_SCHEME = re.compile("[a-z*]+:", re.IGNORECASE)
_SLASHES = re.compile("/{2,}")
_INSIDE = re.compile(r"[^\W]|-")
_WRITTEN_DOTS: Final = (".", " dot ", " نقطة ")


@dataclass(frozen=True, slots=True)
class DomainTarget:
    """A host and all its sub-domains; `host` in A-labels."""

    host: str

    @property
    def anchors(self) -> tuple[str, ...]:
        """Forms of which a text that holds a match has at least one, as whole words.

        In the folded text, with every run of one to four characters that are neither letter nor
        digit seen as one space. Two labels are enough, and hold whether a dot is written `.`,
        `[.]` or `[dot]`.

        >>> parse_domain("bet365.com").anchors
        ('bet365.com', 'bet365 dot com', 'bet365 نقطة com')
        """
        return _anchors(self.host)

    def matches(self, link: Link) -> bool:
        """Whether a link leads to this host or to a sub-domain of it.

        >>> parse_domain("bet365.com").matches(Link(0, 14, "www.bet365.com", "/"))
        True
        >>> parse_domain("bet365.com").matches(Link(0, 13, "mybet365.com", ""))
        False
        """
        return link.host == self.host or link.host.endswith("." + self.host)


@dataclass(frozen=True, slots=True)
class UrlTarget:
    """A host and a path prefix; `host` in A-labels without `www.` or `m.`, `path` as compared."""

    host: str
    path: str

    @property
    def anchors(self) -> tuple[str, ...]:
        """As `DomainTarget.anchors`: of the host alone.

        The path is no part of them: a port may stand before it, and its characters may be
        percent-encoded.

        >>> parse_url("https://t.me/winksa").anchors[0]
        't.me'
        """
        return _anchors(self.host)

    def matches(self, link: Link) -> bool:
        """Whether a link leads to this host, and its path begins with this one.

        Letter case never counts. The prefix ends where a word ends: `/winksa` is in `/winksa/x`,
        `/winksa?x` and `/winksa.html`, not in `/winksa2`, `/winksa_x` or `/winksa-x`. A
        leading `www.` or `m.` of the host is ignored on both sides; other sub-domains differ.

        >>> parse_url("t.me/winksa").matches(Link(0, 9, "www.t.me", "/WinKSA?start=1"))
        True
        """
        if plain_host(link.host) != self.host:
            return False
        path = compared_path(link.path)
        return path.startswith(self.path) and _ends_word(path, len(self.path))


def _ends_word(path: str, at: int) -> bool:
    return at >= len(path) or at == 0 or path[at - 1] in "/?&=" or not _INSIDE.match(path[at])


def plain_host(host: str) -> str:
    """A host without a leading `www.` or `m.`, if a domain remains.

    >>> plain_host("www.bet365.com"), plain_host("m.me"), plain_host("www.gov.uk")
    ('bet365.com', 'm.me', 'www.gov.uk')
    """
    for prefix in _IGNORED:
        rest = host.removeprefix(prefix)
        if rest != host and registrable(rest, private=False) is not None:
            return rest
    return host


def compared_path(path: str) -> str:
    """A path as `url` materials compare it: NFKC, case folded, no doubled slashes.

    >>> compared_path("//A/b/"), compared_path("/")
    ('/a/b/', '')
    """
    # Cut, since normalising is quadratic in combining marks.
    plain = unicodedata.normalize("NFKC", path[:_LONGEST_PATH]).casefold()
    plain = _SLASHES.sub("/", plain)
    return "" if plain == "/" else plain


def _anchors(host: str) -> tuple[str, ...]:
    if _is_address(host):
        return (host,)
    forms: dict[str, None] = {}
    for name in (u_host(host), host):
        labels = name.split(".")
        pairs = list(pairwise(labels))
        first, second = max(pairs, key=lambda pair: len(pair[0]) + len(pair[1]))
        forms |= dict.fromkeys(first + dot + second for dot in _WRITTEN_DOTS)
    return tuple(forms)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def parse_domain(value: str) -> DomainTarget:
    """The target of a material of kind `domain`.

    A leading `www.` is left out (whoever lists `www.bet365.com` means the site), and `[.]` is
    read as a dot.

    Raises:
        ValueError: no host, an unknown or bare public suffix, or more than a host.

    >>> parse_domain("WWW.Bet365[.]com").host, parse_domain("موقع.مصر").host
    ('bet365.com', 'xn--4gbrim.xn--wgbh1c')
    """
    text = value.strip()
    if text.startswith("*."):
        raise ValueError(f"{value!r}: sub-domains always match; write {text[2:]!r}")
    if _SCHEME.match(text) or "@" in text:
        raise ValueError(f"{value!r} is more than a host; write the host alone, or use kind: url")
    link = split_link(text)
    if link is not None and link.path:
        raise ValueError(f"{value!r} has a path; write the host alone, or use kind: url")
    host = _checked(value, link)
    rest = host.removeprefix("www.")
    return DomainTarget(rest if registrable(rest, private=False) is not None else host)


def parse_url(value: str) -> UrlTarget:
    """The target of a material of kind `url`: a host and, mostly, a path prefix.

    Raises:
        ValueError: no URL, or a host that is an unknown or bare public suffix.

    >>> parse_url("https://www.T.me/WinKSA")
    UrlTarget(host='t.me', path='/winksa')
    """
    link = split_link(value)
    host = _checked(value, link)
    path = "" if link is None else compared_path(link.path)
    return UrlTarget(plain_host(host), path)


def _checked(value: str, link: Link | None) -> str:
    """The host, if it is one that a domain or url material may name."""
    if link is None or not link.host or (" " in value.strip() and "." not in link.host):
        raise ValueError(f"{value!r} is no host or URL; write it like example.com/path")
    if _is_address(link.host) or registrable(link.host, private=False) is not None:
        return link.host
    if registrable("x." + link.host, private=False) is not None:
        raise ValueError(
            f"{value!r} is a public suffix, under which anybody registers; name a domain under it"
        )
    top = u_host(link.host).rpartition(".")[2]
    raise ValueError(f"{value!r} ends in {top!r}, which is no public suffix; is it misspelt?")


class LinkIndex:
    """Many domain and url targets, looked up by host: the price of a link does not grow.

    >>> index = LinkIndex([parse_domain("bet365.com"), parse_url("t.me/winksa")])
    >>> index.find(Link(0, 9, "t.me", "/winksa/7"))
    [1]
    """

    def __init__(self, targets: Sequence[DomainTarget | UrlTarget]) -> None:
        self._domains: dict[str, list[int]] = {}
        self._urls: dict[str, dict[str, list[int]]] = {}
        self._longest = max((len(t.path) for t in targets if isinstance(t, UrlTarget)), default=0)
        for number, target in enumerate(targets):
            if isinstance(target, DomainTarget):
                self._domains.setdefault(target.host, []).append(number)
            else:
                paths = self._urls.setdefault(target.host, {})
                paths.setdefault(target.path, []).append(number)

    def find(self, link: Link) -> list[int]:
        """The positions of the targets that match a link, ascending."""
        found = [number for host in _parents(link.host) for number in self._domains.get(host, ())]
        if self._urls and (paths := self._urls.get(plain_host(link.host))):
            path = compared_path(link.path)
            for end in range(min(len(path), self._longest) + 1):
                if _ends_word(path, end):
                    found.extend(paths.get(path[:end], ()))
        return sorted(found)


def _parents(host: str) -> Iterator[str]:
    yield host
    while "." in host:
        host = host.partition(".")[2]
        yield host
