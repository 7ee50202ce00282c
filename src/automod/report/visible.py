"""An advertiser's text on a screen: one line, in its own direction, unable to do anything.

What an ad says is hostile input. A terminal would act on its control characters and reorder the
line around it for its bidi overrides, so these never reach the terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from automod.text.tables import EXTENDS, tables

FSI: Final = "\u2068"
"""First strong isolate: what follows has its own direction and disturbs nothing around it."""
PDI: Final = "\u2069"
"""Pop directional isolate: the end of it."""
LRM: Final = "\u200e"
RLM: Final = "\u200f"

HIDDEN: Final = "·"
"""Stands for a character that shows nothing; which one it was, the name of the fold says."""

# Joiners are spelling in Persian and Hindi and hold emoji together; marks of
# direction have no reach.
_HARMLESS: Final = frozenset("\u200c\u200d\u200e\u200f\u061c")
_LINE_ENDS: Final = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_JOINER: Final = "\u200d"


def shown(text: str) -> str:
    r"""A text as a terminal may show it: on one line, with nothing in it that acts.

    >>> shown("free\x1b[31m spins\u202e!")
    'free␛[31m spins·!'
    """
    return text if text.isascii() and text.isprintable() else "".join(map(shown_char, text))


def shown_char(char: str) -> str:
    """What stands for one character; itself, for nearly all."""
    if char in _HARMLESS:
        return char
    if char in _LINE_ENDS:
        return "↵"
    category = unicodedata.category(char)
    if category == "Cc":
        return _picture(char)
    if category == "Cs":
        return "\ufffd"
    if category == "Zs":
        return " "
    return HIDDEN if _is_hidden(char, category) else char


def _picture(char: str) -> str:
    """The control picture of a C0 character (U+2400 on); tabs are spaces."""
    code = ord(char)
    if char == "\t":
        return " "
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"


def _is_hidden(char: str, category: str) -> bool:
    if category == "Cf":
        return True
    table = tables()
    target, _ = table.folds.get(char, (char, ""))
    return target == "" and category == "Lo"


def isolated(text: str) -> str:
    """The text as `shown`, in an isolate where it needs one to keep the line around it in order.

    >>> isolated("casino"), isolated("ربح") == FSI + "ربح" + PDI
    ('casino', True)
    """
    return apart(shown(text))


def apart(text: str) -> str:
    """A sentence of ours, in an isolate where it needs one; nothing in it is replaced."""
    return f"{FSI}{text}{PDI}" if has_rtl(text) else text


def has_rtl(text: str) -> bool:
    """Whether anything in the text runs from right to left.

    Reports are laid out from left to right in every language, so text of that direction needs no
    isolate: nothing after it would move.
    """
    return not text.isascii() and any(
        unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text
    )


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left.

    >>> is_rtl("50 ريال"), is_rtl("TOP ربح")
    (True, False)
    """
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text that a line break or a mark must not cut, as half-open spans.

    A letter with its marks and joiners, an emoji sequence, a flag. (A simple form of UAX #29:
    enough to keep columns straight.)
    """
    kinds = tables().kinds
    start = 0
    for place in range(1, len(text)):
        char, before = text[place], text[place - 1]
        joined = kinds[ord(char)] & EXTENDS or before == _JOINER or _is_tone(char)
        if joined or _completes_flag(text, start, place):
            continue
        yield start, place
        start = place
    if text:
        yield start, len(text)


def _is_tone(char: str) -> bool:
    """A skin tone of an emoji."""
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _completes_flag(text: str, start: int, place: int) -> bool:
    return place == start + 1 and all(
        "\U0001f1e6" <= char <= "\U0001f1ff" for char in text[start : place + 1]
    )


def code_points(text: str, most: int = 12) -> str:
    """The code points of a text, for where letters alone mislead.

    >>> code_points("aب")
    'U+0061 U+0628'
    """
    named = [f"U+{ord(char):04X}" for char in text[:most]]
    return " ".join([*named, "…"] if len(text) > most else named)
