"""Find the links of a text.

What counts as a link, in short (the tests have it as tables):

- `scheme://host`: any host with a dot whose top level is known, or could be a new one.
- a bare host: its top level must be known. `Hello.It is` and `sale.News` are sentences without a
  space, so a bare host does not end in a capitalised top level other than `Com`, `Net`, `Org`,
  unless a path follows or `www.` leads; `hello.it` in lower case is a host. Give `find_links` the
  original text: a folded one no longer has the capitals.
- `hxxp://`, `[.]`, `(.)`, `{.}`, `[dot]`, wide and one-dot-leader dots, unseen characters inside.
- a host ends where the script changes (`bet365.comالآن`), and behind a hyphen or an underscore
  that follows a top level (`bet365.com-join`).
- no e-mail address, no `@name.com`, no `$TICKER.CO`.

linkify-it-py was measured first: it agrees with 71 of the 91 extraction vectors of
twitter-text, misses `hxxp://` and `[.]`, reads `http://good.com@evil.com` as one run, runs over
a change of script, and takes `Hello.It` for a host. None of that can be mended around it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex

from .hosts import (
    OTHER_SCRIPTS,
    UNSEEN,
    a_host,
    clean_label,
    is_top_level,
    registrable,
    split_scripts,
)
from .url import Link, decoded_path

_SPACES: Final = (" ", "\n", "\t", "\r", "\u00a0", "\u3000")
_SPACE = re.compile(f"[{''.join(_SPACES)}]")
_OTHERS = "".join(OTHER_SCRIPTS)
_CHAR = rf"\p{{L}}\p{{M}}\p{{N}}_\-\u24b6-\u24e9\U0001f130-\U0001f149{UNSEEN}"
_DOT = (
    r"(?:[.．․]|(?<=[A-Za-z0-9])[。｡](?=[A-Za-z0-9])"
    r"|\[(?:[.．。]|dot|نقطة)\]|\((?:[.．。]|dot|نقطة)\)|\{(?:[.．。]|dot|نقطة)\})"
)
# Possessive throughout, and only from the first character of a run: linear in the text.
_RUN = regex.compile(
    rf"(?:\G|(?<![{_CHAR}]))(?P<label>[{_CHAR}]++)(?:{_DOT}(?P<label>[{_CHAR}]++)){{1,31}}+",
    regex.V0 | regex.IGNORECASE,
)
_PLAIN_ANCHOR = re.compile(r"\.(?=[^\s!-(*-,./:-@\[\\^`{|~])(?<=[^\s!-')-/:-@\\-^`|-~].)")
_BRACKETED_WORD = re.compile(r"[\[({](?:dot|نقطة)[\])}]", re.IGNORECASE)
_ANY_ANCHOR = regex.compile(rf"(?<=[{_CHAR}]){_DOT}(?=[{_CHAR}])", regex.IGNORECASE)
_WIDE_DOTS: Final = ("．", "。", "｡", "․")
_SCHEME = re.compile(r"(?:h[tx*]{1,3}ps?|ftps?|fxps?|wss?)[ \u00a0]?$", re.IGNORECASE)
_LONGEST_SCHEME: Final = 8
_LONGEST_USERINFO: Final = 256
_USERINFO = re.compile(r"[^\s/?#\\\"<>]{0,256}@")
_EMAIL_TAIL = re.compile(r"(?:[+.][A-Za-z0-9+._-]{1,64})?@")
# A path stops at spaces, quotes, brackets of markup and wide punctuation, and where Arabic or
# Chinese letters follow a Latin one without a separator.
_PATH = regex.compile(
    r"(?::[0-9]{1,5}(?![0-9]))?(?P<path>[/／?#](?:[A-Za-z0-9/／\-._~%!$&()*+,;=:@?#\[\]|–{}^\\"
    rf"{UNSEEN}\p{{M}}]|[\p{{L}}\p{{N}}--[{_OTHERS}]]|(?<![A-Za-z0-9])[{_OTHERS}])*+)?",
    regex.V1,
)
_TRAILING: Final = ".,;:!?*~|…،؛؟۔\\"
_CLOSERS: Final = {")": "(", "]": "[", "}": "{"}
_NOT_BEFORE: Final = ("@", "＠", "$")
_UNMISTAKABLE: Final = frozenset({"com", "net", "org"})
_CLOCK: Final = frozenset({"am", "pm"})
_LATIN = re.compile("[A-Za-z]")
_EDGES = re.compile(f"[{UNSEEN}]*")
_EDGE_END = re.compile(f"[-_{UNSEEN}]+$")
_SYMBOLS = regex.compile(rf"[\p{{S}}{_CHAR}]*")
_IPV4_PARTS: Final = 4


def find_links(text: str) -> tuple[Link, ...]:
    """The links of a text, from left to right, none over another.

    Args:
        text: the original text (capitals tell a host from a sentence); folded text works, with
            a few more false links.

    >>> [(link.host, link.path) for link in find_links("انضم: hxxps://T[.]me/Winksa، الآن!")]
    [('t.me', '/Winksa')]
    >>> find_links("e.g. 3.5 stars. Hello.It is great.Shop now")
    ()
    """
    anchors = _anchors(text)
    if anchors is None:
        return ()
    found: list[Link] = []
    done = 0
    for anchor in anchors.finditer(text):
        at = anchor.start()
        if at < done:
            continue
        begin = max(done, max(text.rfind(space, done, at) for space in _SPACES) + 1)
        space_after = _SPACE.search(text, at)
        done = len(text) if space_after is None else space_after.start()
        found.extend(_links_in(text, begin, done))
    return tuple(found)


def _anchors(text: str) -> re.Pattern[str] | regex.Pattern[str] | None:
    """What to look for: nothing in most texts, and then at the price of a few `in`."""
    bracket = "[" in text or "(" in text or "{" in text
    if bracket and _BRACKETED_WORD.search(text) is not None:
        return _ANY_ANCHOR
    if not text.isascii() and any(dot in text for dot in _WIDE_DOTS):
        return _ANY_ANCHOR
    return _PLAIN_ANCHOR if "." in text else None


@dataclass(frozen=True, slots=True)
class _Run:
    """Labels with dots between them, and what stands around them."""

    text: str
    labels: tuple[tuple[int, int], ...]
    scheme: int | None
    """Where the scheme begins, if there is one."""
    tail: bool
    """A path or port follows the last label."""

    def piece(self, index: int) -> str:
        start, end = self.labels[index]
        return self.text[start:end]

    def cut(self, end: int, index: int) -> _Run:
        """The run up to label `index`, which ends at `end`."""
        labels = (*self.labels[:index], (self.labels[index][0], end))
        return _Run(self.text, labels, self.scheme, tail=False)


def _links_in(text: str, position: int, end: int) -> Iterator[Link]:
    """The links of one stretch without a space."""
    while (match := _RUN.search(text, position, end)) is not None:
        scheme = _scheme_start(text, position, match.start())
        userinfo = None if scheme is None else _USERINFO.match(text, match.start(), end)
        if userinfo is not None and scheme is not None:
            link, position = _after_userinfo(text, scheme, userinfo.end(), end)
        else:
            link, position = _link_at(text, match, scheme, end)
        if link is not None:
            yield link


def _after_userinfo(text: str, scheme: int, at: int, end: int) -> tuple[Link | None, int]:
    """`http://good.com@evil.com` goes to what stands behind the last `@`."""
    match = _RUN.match(text, at, end)
    return (None, at) if match is None else _link_at(text, match, scheme, end)


def _scheme_start(text: str, floor: int, start: int) -> int | None:
    """Where the scheme of a host at `start` begins; None for a bare host."""
    colon = text.rfind("://", max(floor, start - _LONGEST_USERINFO), start)
    if colon < 0:
        return None
    between = text[colon + 3 : start]
    leads = not between or _SYMBOLS.fullmatch(between) or between[-1] == "@"
    if not leads or _USERINFO.fullmatch(between.rstrip("@") + "@") is None:
        return None
    found = _SCHEME.search(text[max(floor, colon - _LONGEST_SCHEME) : colon])
    return None if found is None else max(floor, colon - _LONGEST_SCHEME) + found.start()


def _link_at(
    text: str, match: regex.Match[str], scheme: int | None, end: int
) -> tuple[Link | None, int]:
    """The link a run begins with, if any, and where to look on."""
    before = text[match.start() - 1] if match.start() else ""
    if scheme is None and (
        before in _NOT_BEFORE or _EMAIL_TAIL.match(text, match.end(), end) is not None
    ):
        return None, match.end()
    tail = _PATH.match(text, match.end(), end)
    has_path = tail is not None and tail.end() > match.end()
    run = _Run(text, tuple(_labels(text, match, scheme)), scheme, has_path)
    host = _host_of(run)
    if host is None:
        return None, match.end()
    first, last, name = host
    start = first if scheme is None else scheme
    if last < match.end() or tail is None:
        return Link(start, last, name, ""), last
    stop = _trimmed(text, match.end(), tail.end())
    raw = text[max(tail.start("path"), match.end()) : stop] if tail.group("path") else ""
    return Link(start, stop, name, decoded_path(raw)), stop


def _labels(text: str, match: regex.Match[str], scheme: int | None) -> Iterator[tuple[int, int]]:
    """The labels of a run; behind a scheme, symbols that lead belong to the first (`✪df.ws`)."""
    (start, end), *rest = match.spans("label")
    if scheme is not None:
        colon = text.rfind("://", scheme, start)
        start = max(colon + 3, text.rfind("@", colon, start) + 1)
    yield start, end
    yield from rest


def _trimmed(text: str, start: int, end: int) -> int:
    """The end of a path without the punctuation of the sentence around it."""
    path = text[start:end]
    surplus = {close: path.count(close) - path.count(open_) for close, open_ in _CLOSERS.items()}
    while end > start:
        char = text[end - 1]
        if surplus.get(char, 0) > 0:
            surplus[char] -= 1
        elif char not in _TRAILING and not _EDGES.fullmatch(char):
            break
        end -= 1
    return end


def _host_of(run: _Run) -> tuple[int, int, str] | None:
    """Start, end and A-label name of the host a run begins with."""
    address = _address(run)
    if address is not None:
        return address
    run = _cut_at_script(run)
    for index in range(len(run.labels) - 1, 0, -1):
        if _ends_host(run, index):
            return _named(run.cut(run.labels[index][1], index) if _shorter(run, index) else run)
    for index in range(1, len(run.labels)):
        top = _before_hyphen(run.piece(index))
        if top and is_top_level(clean_label(top)):
            return _named(run.cut(run.labels[index][0] + len(top), index))
    return _unlisted(run)


def _shorter(run: _Run, index: int) -> bool:
    return index < len(run.labels) - 1


def _address(run: _Run) -> tuple[int, int, str] | None:
    """An IPv4 address; only behind a scheme, since `1.2.3.4` alone is a version."""
    if run.scheme is None or len(run.labels) != _IPV4_PARTS:
        return None
    name = ".".join(run.piece(index) for index in range(_IPV4_PARTS))
    try:
        return run.labels[0][0], run.labels[-1][1], str(ipaddress.IPv4Address(name))
    except ValueError:
        return None


def _cut_at_script(run: _Run) -> _Run:
    """The run up to the first top level that is glued to another script."""
    for index in range(1, len(run.labels)):
        piece = run.piece(index)
        if not piece.isascii() and (size := _glued_top_level(piece)):
            return run.cut(run.labels[index][0] + size, index)
    return run


def _glued_top_level(label: str) -> int:
    """How many characters of a label are a top level, the rest being another word; 0: none."""
    first = split_scripts(label)[0]
    if len(first) < len(label):
        top = first.rstrip("-_")
        return len(top) if is_top_level(clean_label(top)) else 0
    if not regex.match(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]", label):
        return 0
    # These scripts put no space between words.
    sizes = range(min(len(label), 12), 1, -1)
    return next((n for n in sizes if is_top_level(clean_label(label[:n]))), 0)


def _before_hyphen(label: str) -> str:
    """What stands before the first hyphen or underscore; empty if there is none."""
    at = min((at for at in (label.find("-"), label.find("_")) if at > 0), default=0)
    return "" if label.lower().startswith("xn--") else label[:at]


def _ends_host(run: _Run, index: int) -> bool:
    """Whether label `index` is a top level and the host may end there."""
    label = run.piece(index)
    top = clean_label(_EDGE_END.sub("", label))
    if not is_top_level(top):
        return False
    if run.scheme is not None or clean_label(run.piece(0)) == "www":
        return True
    last = index == len(run.labels) - 1
    if label.istitle() and len(label) > 1 and top not in _UNMISTAKABLE:
        return last and run.tail
    before = run.piece(index - 1)
    return not (before.isdecimal() and (top in _CLOCK or len(before) + len(top) <= 4))


def _named(run: _Run) -> tuple[int, int, str] | None:
    """Start, end and name of a host whose top level is settled."""
    start, end = run.labels[0][0], run.labels[-1][1]
    names = [run.piece(index) for index in range(len(run.labels))]
    names[-1] = _EDGE_END.sub("", names[-1])
    end = run.labels[-1][0] + len(names[-1])
    if run.scheme is None:
        dropped, skip = _bare_start(names)
        if dropped == len(names) - 1:
            return None
        names = [names[dropped][skip:], *names[dropped + 1 :]]
        unseen = _EDGES.match(names[0])
        start = run.labels[dropped][0] + skip + (unseen.end() if unseen else 0)
    host = a_host(names)
    domain = None if host is None else registrable(host, private=False)
    if host is None or domain is None or _malformed(domain):
        return None
    return start, end, host


def _malformed(domain: str) -> bool:
    """No registry sells a name with an underscore, or with a hyphen at an edge."""
    labels = domain.split(".")
    return any("_" in label or label[0] == "-" or label[-1] == "-" for label in labels)


def _bare_start(names: list[str]) -> tuple[int, int]:
    """Where a bare host really begins: label and offset, behind what is glued to its left."""
    for index in range(len(names) - 2, -1, -1):
        name = names[index]
        last = split_scripts(name)[-1]
        # `شركة24.مصر` is a name; `العبbet365.com` and `玩casino.中国` are a word and a name.
        glued = names[-1].isascii() or _LATIN.search(last) is not None
        skip = len(name) - len(last) if glued else 0
        kept = name[skip:]
        skip += len(kept) - len(kept.lstrip("-_"))
        kept = name[skip:]
        if not kept or kept[-1] in "-_":
            return index + 1, 0
        if index >= len(names) - 2 and "_" in kept:
            skip += kept.rindex("_") + 1
        if skip:
            return index, skip
    return 0, 0


def _unlisted(run: _Run) -> tuple[int, int, str] | None:
    """A host behind a scheme whose top level is not listed, but could be a new one."""
    top = clean_label(run.piece(-1))
    if run.scheme is None or len(top) < 2 or not (top.isalpha() or top.startswith("xn--")):
        return None
    host = a_host([run.piece(index) for index in range(len(run.labels))])
    if host is None or _malformed(".".join(host.split(".")[-2:])):
        return None
    return run.labels[0][0], run.labels[-1][1], host
