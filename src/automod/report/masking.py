"""Phone numbers and handles out of a text that strangers will read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from automod.match.handles import find_handles
from automod.match.linkfinder import find_links
from automod.match.url import Link
from automod.text.fold import fold
from automod.text.number_words import spoken_digits

Span = tuple[int, int]

MASK: Final = "•"
FEWEST_DIGITS: Final = 7
"""A shorter row of digits is a price or a year."""

# Digits of any script and style, with what may stand between them: spaces, signs, tatweel, marks
# (an emoji of a digit is the digit and two of them). O and l stand for digits beside digits.
_ROW = regex.compile(r"\p{N}(?:(?:[^\p{L}\p{N}]|\u0640){0,6}+(?:\p{N}|(?<=\p{N})[oOlI]))*+")
_KEPT = regex.compile(r"[\p{Z}\p{P}\p{S}\p{M}\p{Cf}]")
_MAIL = regex.compile(r"[\p{L}\p{N}._%+\-]++@[\p{L}\p{N}\-]++(?:\.[\p{L}\p{N}\-]++)++")
_MESSENGERS: Final = frozenset({"wa.me", "api.whatsapp.com", "web.whatsapp.com"})


def masked(text: str) -> str:
    """The text with what leads to a person dotted out, as long as before: spans still hold.

    Phone numbers (seven digits and more of any script, however spaced, and Arabic ones that are
    read out), e-mail addresses, @handles, and links to accounts and chats. What looks like one
    and is none goes as well: hiding a price costs less than telling a number.

    >>> masked("WhatsApp +966 50 123 4567 or @winksa: 200 SAR")
    'WhatsApp +••• •• ••• •••• or •••••••: 200 SAR'
    >>> masked("٠٥٠ ١٢٣ ٤٥٦٧ wa.me/966501234567")
    '••• ••• •••• wa.me/••••••••••••'
    """
    chars = list(text)
    for start, end in (*_numbers(text), *_accounts(text)):
        for place in range(start, end):
            if chars[place].isalnum() or not _KEPT.match(chars[place]):
                chars[place] = MASK
    for start, end in _names(text):
        chars[start:end] = MASK * (end - start)
    return "".join(chars)


def _numbers(text: str) -> Iterator[Span]:
    """Rows of digits, and of words for digits."""
    for row in _ROW.finditer(text):
        if sum(char.isnumeric() for char in row.group()) >= FEWEST_DIGITS:
            yield row.span()
    folded = fold(text, "safe")
    yield from (folded.span(start, end) for start, end, _ in spoken_digits(folded.text))


def _accounts(text: str) -> Iterator[Span]:
    """The part of a link that names an account or a chat: what follows its host."""
    links = find_links(text)
    accounts = {(one.start, one.end) for one in find_handles(text, links) if one.platform}
    for link in links:
        if (link.start, link.end) in accounts or link.host in _MESSENGERS:
            yield _after_host(text, link)


def _after_host(text: str, link: Link) -> Span:
    written = text[link.start : link.end]
    scheme = written.find("://") + 3 if "://" in written else 0
    slash = written.find("/", scheme)
    return (link.start + slash if slash >= 0 else link.start), link.end


def _names(text: str) -> Iterator[Span]:
    """Handles that are written with @, and e-mail addresses."""
    yield from ((one.start, one.end) for one in find_handles(text, ()))
    yield from (found.span() for found in _MAIL.finditer(text))
