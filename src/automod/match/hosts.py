"""Host names: one spelling for each (A-labels), and where a registrable domain begins."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import idna
import regex
from publicsuffixlist import PSLFILE, PublicSuffixList

# What a reader does not see, or what only stretches or vocalises an Arabic word: no registry
# accepts the first two, and nobody registers the third.
UNSEEN: Final = (
    r"\u00ad\u034f\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[{UNSEEN}]+")
# Letters of scripts that stand next to Latin ones without a space. The order is that of `split`.
OTHER_SCRIPTS: Final = (
    r"\p{Script=Arabic}",
    r"\p{Script=Hebrew}",
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\u30fc\u3005",
    r"\p{Hangul}",
    r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}",
    (
        r"\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}"
        r"\p{Kannada}\p{Malayalam}\p{Sinhala}"
    ),
)
_NEUTRAL = r"\p{Script=Inherited}\-_" + UNSEEN
_PIECES = regex.compile(
    "|".join(f"(?:[[{script}]--[\\p{{N}}]]|[{_NEUTRAL}])+" for script in OTHER_SCRIPTS)
    + f"|(?:[\\p{{N}}]|[^{''.join(OTHER_SCRIPTS)}]|[{_NEUTRAL}])+",
    regex.V1,
)
_HOST_LABEL = re.compile(r"[a-z0-9_-]+")
_NO_HOST = re.compile(r"[\x00-\x2c./\x3a-\x40\x5b-\x5e`{-\x7f\s\ud800-\udfff]")
_LONGEST_LABEL: Final = 63
_LONGEST_WRITTEN: Final = 512
_LONGEST_HOST: Final = 253


@cache
def _icann() -> PublicSuffixList:
    # 30 ms to read: when the first host is met, never at import.
    return PublicSuffixList(only_icann=True, accept_unknown=False)


@cache
def _everybody() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _top_levels() -> frozenset[str]:
    """The last labels of every rule of a registry: of `co.za` and `*.ck` too, not only `com`."""
    lines = Path(PSLFILE).read_text(encoding="utf-8").partition("===END ICANN DOMAINS===")[0]
    rules = [line.split()[0] for line in lines.splitlines() if line and not line.startswith("//")]
    names = {rule.rpartition(".")[2].lstrip("!*") for rule in rules} - {""}
    return frozenset(names | {idna.encode(name, uts46=True).decode("ascii") for name in names})


def is_top_level(label: str) -> bool:
    """Whether a cleaned label is a delegated top-level domain, as Unicode or as A-label.

    >>> is_top_level("com"), is_top_level("مصر"), is_top_level("xn--wgbh1c"), is_top_level("next")
    (True, True, True, True)
    >>> is_top_level("g"), is_top_level("it's")
    (False, False)
    """
    return label in _top_levels()


def without_unseen(text: str) -> str:
    r"""The text without what a reader does not see in a host or path.

    >>> without_unseen("bet\u200b365")
    'bet365'
    """
    return text if text.isascii() else _UNSEEN.sub("", text)


def clean_label(label: str) -> str:
    """A label as it is compared with the list of suffixes: NFKC, lower case, nothing unseen.

    Empty for a label no registry could hold: normalising is quadratic in combining marks.

    >>> clean_label("ＢＥＴ３６５")
    'bet365'
    """
    if label.isascii():
        return label.lower()
    if len(label) > _LONGEST_WRITTEN:
        return ""
    return unicodedata.normalize("NFKC", without_unseen(label).lower()).lower()


def a_label(label: str) -> str | None:
    """The lower-case A-label of one label, or None if no host can hold it.

    Symbols such as U+272A, which IDNA 2008 refuses and registries once sold, are kept in
    Punycode, as resolvers see them.

    >>> a_label("مصر"), a_label("COM"), a_label("a b")
    ('xn--wgbh1c', 'com', None)
    """
    clean = clean_label(label)
    if not clean or len(clean) > _LONGEST_LABEL:
        return None
    if clean.startswith("xn--") and not clean.isascii():
        return None
    if clean.isascii():
        return clean if _HOST_LABEL.fullmatch(clean) else None
    encoded = _punycode(clean)
    return encoded if encoded is not None and len(encoded) <= _LONGEST_LABEL else None


def _punycode(label: str) -> str | None:
    try:
        return idna.encode(label, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        pass
    if _NO_HOST.search(label):
        return None
    return "xn--" + label.encode("punycode").decode("ascii")


def a_host(labels: list[str]) -> str | None:
    """A host of A-labels, or None if one of the labels, or the whole, can be no host.

    >>> a_host(["موقع", "مصر"])
    'xn--4gbrim.xn--wgbh1c'
    """
    encoded = [a_label(label) for label in labels]
    if None in encoded:
        return None
    host = ".".join(label for label in encoded if label is not None)
    return host if len(host) <= _LONGEST_HOST else None


def u_host(host: str) -> str:
    """The host as a reader sees it: A-labels decoded where they decode.

    >>> u_host("xn--4gbrim.xn--wgbh1c")
    'موقع.مصر'
    """
    if "xn--" not in host:
        return host
    return ".".join(_decoded(label) for label in host.split("."))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, OverflowError):
        return label


@lru_cache(maxsize=4096)
def registrable(host: str, *, private: bool = True) -> str | None:
    """The registrable domain a host belongs to, or None if the host is itself a suffix.

    Args:
        host: lower case, Unicode or A-labels, without a trailing dot.
        private: count the suffixes of companies (`blogspot.com`) too, and unlisted top levels;
            otherwise only those of registries.

    >>> registrable("www.bet365.co.uk"), registrable("co.uk")
    ('bet365.co.uk', None)
    """
    suffixes = _everybody() if private else _icann()
    return suffixes.privatesuffix(host)


def split_scripts(label: str) -> list[str]:
    """A label in pieces of one script each: where two scripts meet, people left out the space.

    Digits go with Latin letters; hyphens and marks with what stands before them.

    >>> split_scripts("玩casino24"), split_scripts("comالآن"), split_scripts("موقع")
    (['玩', 'casino24'], ['com', 'الآن'], ['موقع'])
    """
    if label.isascii():
        return [label]
    return [match.group() for match in _PIECES.finditer(label)]
