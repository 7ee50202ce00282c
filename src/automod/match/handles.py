"""Find the accounts a text names: `@name`, and the links of platforms that hold a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import regex

from .hosts import OTHER_SCRIPTS, UNSEEN, without_unseen
from .linkfinder import find_links
from .url import Link, split_link


@dataclass(frozen=True, slots=True)
class Handle:
    """One account named in a text; `name` in lower case without `@`; platform None for `@name`."""

    start: int
    end: int
    name: str
    platform: str | None


@dataclass(frozen=True, slots=True)
class HandleTarget:
    """An account to look for, on whatever platform it is named."""

    name: str

    @property
    def anchors(self) -> tuple[str, ...]:
        """What the folded text must hold, somewhere, for this handle to be in it."""
        return (self.name,)

    def matches_handle(self, handle: Handle) -> bool:
        """Whether a handle found is this one: one name across all platforms.

        >>> parse_handle("@WinKSA").matches_handle(find_handles("t.me/winksa")[0])
        True
        """
        return handle.name == self.name


_OTHERS = "".join(OTHER_SCRIPTS)
_LATIN_NAME = rf"[A-Za-z0-9_{UNSEEN}]+(?:[.\-][A-Za-z0-9_]+)*"
# A name is Latin letters, digits, `_`, inner dots and hyphens; or letters of another script.
# Before it no letter, so that no e-mail address is a handle; after it no `@` and no `://`.
_AT = regex.compile(
    rf"(?<![A-Za-z0-9_.+\-@#$%&*＠/])[@＠](?P<name>{_LATIN_NAME}(?![@＠]|://|[^\P{{L}}{_OTHERS}])"
    rf"|[^\P{{L}}A-Za-z](?:[\p{{L}}\p{{M}}\p{{N}}_])*+(?![@＠]))",
    regex.V0,
)
_NAME = regex.compile(rf"(?:{_LATIN_NAME}|[\p{{L}}\p{{M}}\p{{N}}_]+)", regex.V0)
_LETTER_OR_DIGIT = regex.compile(r"[\p{L}\p{N}]")

_PLATFORMS: Final = {
    "t.me": "telegram", "telegram.me": "telegram", "telegram.dog": "telegram",
    "instagram.com": "instagram", "instagr.am": "instagram", "ig.me": "instagram",
    "facebook.com": "facebook", "fb.com": "facebook", "fb.me": "facebook", "m.me": "facebook",
    "tiktok.com": "tiktok", "x.com": "x", "twitter.com": "x", "snapchat.com": "snapchat",
    "youtube.com": "youtube", "threads.net": "threads", "threads.com": "threads",
}  # fmt: skip
_SUBDOMAIN = re.compile(r"^(?:www|web|m|mobile|mbasic|touch|[a-z]{2}-[a-z]{2})\.")
# What stands before the name in a path.
_PREFIXES: Final = {
    "telegram": ("s",), "instagram": ("stories", "_u", "m"), "facebook": ("t",), "tiktok": (),
    "x": (), "snapchat": ("add",), "youtube": ("c", "user"), "threads": (),
}  # fmt: skip
_NEED_PREFIX: Final = frozenset({"snapchat", "youtube"})
_NEED_AT: Final = frozenset({"tiktok", "threads"})
# Pages of the platform itself.
_RESERVED: Final = {
    "telegram": frozenset({
        "joinchat", "addstickers", "addemoji", "addlist", "share", "proxy", "socks", "c",
        "login", "iv", "s",
    }),
    "instagram": frozenset({
        "p", "reel", "reels", "tv", "explore", "stories", "accounts", "direct", "about",
    }),
    "facebook": frozenset({
        "profile.php", "pages", "groups", "watch", "sharer", "sharer.php", "share",
        "events", "marketplace", "story.php", "photo", "photo.php", "photos",
        "permalink.php", "login", "help", "business", "ads", "gaming", "hashtag", "reel",
    }),
    "x": frozenset({
        "i", "home", "search", "intent", "share", "hashtag", "explore", "settings", "login",
    }),
}  # fmt: skip


def find_handles(text: str, links: Iterable[Link] | None = None) -> tuple[Handle, ...]:
    """The handles of a text, by where they begin.

    Args:
        text: original or folded text.
        links: what `find_links(text)` gave, if it has been asked already.

    >>> [(h.name, h.platform) for h in find_handles("@WinKSA t.me/winksa2 me@site.com")]
    [('winksa', None), ('winksa2', 'telegram')]
    """
    found = list(_written(text))
    for link in find_links(text) if links is None else links:
        handle = handle_of(link)
        if handle is not None:
            found.append(handle)
    return tuple(sorted(found, key=lambda handle: (handle.start, handle.end)))


def _written(text: str) -> Iterator[Handle]:
    if "@" not in text and "＠" not in text:
        return
    for match in _AT.finditer(text):
        name = folded_name(match["name"])
        if _LETTER_OR_DIGIT.search(name):
            yield Handle(match.start(), match.end(), name, None)


def folded_name(name: str) -> str:
    """A handle's name as compared: lower case, nothing unseen, no `@`.

    >>> folded_name("@Win_KSA")
    'win_ksa'
    """
    return without_unseen(name).lstrip("@＠").casefold()


def handle_of(link: Link) -> Handle | None:
    """The account a link of a platform leads to; None for other links (`wa.me` is a phone).

    >>> handle_of(Link(0, 31, "www.tiktok.com", "/@winksa/video/1")).name
    'winksa'
    >>> handle_of(Link(0, 9, "wa.me", "/966501234567")) is None
    True
    """
    host = link.host
    platform = _PLATFORMS.get(host) or _PLATFORMS.get(_SUBDOMAIN.sub("", host, count=1))
    if platform is not None:
        name = _name_in(platform, link.path)
    elif host.endswith(".t.me"):
        platform, name = "telegram", host.removesuffix(".t.me")
    else:
        return None
    return None if name is None else Handle(link.start, link.end, name, platform)


def _name_in(platform: str, path: str) -> str | None:
    """The name in a path of a platform, if that page is an account's."""
    segments = [part for part in path.partition("?")[0].split("/") if part]
    prefixed = len(segments) > 1 and segments[0].lower() in _PREFIXES[platform]
    if prefixed:
        del segments[0]
    if not segments:
        return None
    written = segments[0]
    marked = written.startswith("@")
    if (platform in _NEED_PREFIX and not (prefixed or marked)) or (
        platform in _NEED_AT and not marked
    ):
        return None
    if not prefixed and written.lower() in _RESERVED.get(platform, ()):
        return None
    match = _NAME.match(written.lstrip("@"))
    return None if match is None else folded_name(match.group())


_WRITTEN_HANDLE = regex.compile(rf"[@＠]?{_NAME.pattern}", regex.V0)


def parse_handle(value: str) -> HandleTarget:
    """The target of a material of kind `handle`: `@name`, `name`, or a link such as `t.me/name`.

    Raises:
        ValueError: the value names no account.

    >>> parse_handle("https://t.me/WinKSA").name, parse_handle("@win.ksa").name
    ('winksa', 'win.ksa')
    """
    text = value.strip()
    if _WRITTEN_HANDLE.fullmatch(text) and _LETTER_OR_DIGIT.search(text):
        bare = not text.startswith(("@", "＠")) and "." in text
        link = split_link(text) if bare else None
        if link is None or link.host not in _PLATFORMS:
            return HandleTarget(folded_name(text))
    link = split_link(text) if "/" in text else None
    handle = None if link is None else handle_of(link)
    if handle is None:
        raise ValueError(f"{value!r} names no account; write @name, name, or a link like t.me/name")
    return HandleTarget(handle.name)
