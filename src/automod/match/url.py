"""One URL: what it is made of, spelled in one way. Nothing is ever opened."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from .hosts import a_host, u_host, without_unseen


@dataclass(frozen=True, slots=True)
class Link:
    """A URL or host written in a text.

    `start` and `end` are code points of the text given, half-open; `host` is of lower-case
    A-labels without a trailing dot; `path` is empty or begins with `/`, query included, fragment
    left out, percent-decoded once. A link without a host (`tel:+9665…`) keeps what follows its
    scheme, scheme included, as its path.
    """

    start: int
    end: int
    host: str
    path: str

    @property
    def host_text(self) -> str:
        """The host as a reader sees it, A-labels decoded.

        >>> Link(0, 9, "xn--4gbrim.xn--wgbh1c", "").host_text
        'موقع.مصر'
        """
        return u_host(self.host)


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.*-]*):")
_WEB = re.compile(r"(?:h[tx*]{1,3}ps?|ftps?|fxps?|wss?):", re.IGNORECASE)
_WRITTEN_DOT = re.compile(r"\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}|[。｡．․]", re.IGNORECASE)
_PORT = re.compile(r":[0-9]{0,5}$")
_STRIPPED = re.compile(r"[\t\r\n]")
_OUTSIDE: Final = "".join(map(chr, range(33)))
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_IPV4_PARTS: Final = 4


def split_link(url: str) -> Link | None:
    """The parts of one URL, read as a browser reads it; None if it is malformed.

    Tabs and line ends are dropped, a backslash is a slash, the number of slashes behind a web
    scheme does not matter, user and password are left out, a host is percent-decoded, an IPv4
    address may be written as numbers. A bare host needs a dot. Schemes other than web ones keep
    their host as it is (`tg://resolve?domain=x`) or have none (`tel:+9665…`).

    >>> split_link("hxxps://good.com@WWW.Evil[.]com:8080/a%20b?c=1#d")
    Link(start=0, end=48, host='www.evil.com', path='/a b?c=1')
    >>> split_link("http://موقع.مصر/").host_text
    'موقع.مصر'
    >>> split_link("http://exa mple.com") is None
    True
    """
    whole = _STRIPPED.sub("", url.strip(_OUTSIDE))
    web = _WEB.match(whole)
    if web is None:
        other = _SCHEME.match(whole)
        if other is not None and "." not in other.group(1):
            return _other(url, whole, other.end())
    rest = whole[web.end() if web is not None else 0 :].replace("\\", "/").replace("／", "/")
    rest = rest.lstrip("/") if web is not None or rest.startswith("//") else rest
    authority, path = _at_path(rest)
    host = _host(authority.rpartition("@")[2])
    if host is None or (web is None and "." not in host):
        return None
    return Link(0, len(url), host, decoded_path(path))


def _other(url: str, whole: str, at: int) -> Link | None:
    """A link of another scheme: `tg://host/path`, or `tel:`, `mailto:` without a host."""
    if at == len(whole):
        return None
    if not whole.startswith("//", at):
        return Link(0, len(url), "", unquote(whole))
    authority, path = _at_path(whole[at + 2 :])
    return Link(0, len(url), authority.rpartition("@")[2].lower(), decoded_path(path))


def _at_path(rest: str) -> tuple[str, str]:
    end = next((n for n, char in enumerate(rest) if char in "/?#"), len(rest))
    return rest[:end], rest[end:]


def _host(written: str) -> str | None:
    name = _PORT.sub("", written)
    if name.startswith("["):
        return _ipv6(name) or _named(name)
    return _named(name)


def _named(name: str) -> str | None:
    try:
        plain = unquote(name, errors="strict")
    except UnicodeDecodeError:
        return None
    labels = _WRITTEN_DOT.sub(".", without_unseen(plain)).removesuffix(".").split(".")
    host = a_host(labels)
    if host is None or not _NUMBER.fullmatch(host.rpartition(".")[2]):
        return host
    return _ipv4(host.split("."))


def _ipv6(name: str) -> str | None:
    try:
        return f"[{ipaddress.IPv6Address(name.strip('[]')).compressed}]"
    except ValueError:
        return None


def _ipv4(parts: list[str]) -> str | None:
    """`127.1`, `0x7f.1` and `2130706433` all are 127.0.0.1 to a browser."""
    if len(parts) > _IPV4_PARTS or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    numbers = [_number(part) for part in parts]
    last = numbers.pop()
    if last is None or last >= 256 ** (_IPV4_PARTS - len(numbers)):
        return None
    for place, number in enumerate(numbers):
        if number is None or number > 255:
            return None
        last += number << (8 * (3 - place))
    return str(ipaddress.IPv4Address(last))


def _number(part: str) -> int | None:
    try:
        if part.startswith("0x"):
            return int(part[2:] or "0", 16)
        return int(part, 8 if len(part) > 1 and part[0] == "0" else 10)
    except ValueError:
        return None


def decoded_path(raw: str) -> str:
    """Path and query as written -> as compared: decoded once, without fragment.

    >>> decoded_path("/a%2Fb/../c?x=%D9%82#top"), decoded_path("?q"), decoded_path("/")
    ('/a/c?x=ق', '/?q', '/')
    """
    path = without_unseen(raw).replace("／", "/").partition("#")[0]
    path, mark, query = path.partition("?")
    path = _resolved(unquote(path.replace("\\", "/")))
    whole = path + mark + unquote(query)
    return whole if not whole or whole.startswith("/") else "/" + whole


def _resolved(path: str) -> str:
    """A path without `.` and `..`, as every browser asks for it."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
