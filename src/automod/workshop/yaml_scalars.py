"""Texts as YAML writes them: quoted only where a parser, or a person, would read something else."""

from __future__ import annotations

import io
import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

import yaml
from yaml.emitter import Emitter
from yaml.resolver import Resolver

_LIKE_NUMBER: Final = re.compile(r"[-+.]?[0-9][0-9_,.]*(?:[eE][-+]?[0-9]+)?%?|[-+]?0[xob]\w+")
_FRACTIONS: Final = re.compile(r"[0-9]+(?:\.[0-9]+){2,}")
"""A version, `2026.11.1`: nothing takes it for a number."""
_NULLS: Final = frozenset({"~", "null", "Null", "NULL"})
_ALSO_YES_NO: Final = frozenset("yYnN")
_JOINERS: Final = "\u200c\u200d"
"""Spelling in Persian and in Indian scripts, so no disguise by themselves."""
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_RTL: Final = frozenset({"R", "AL"})


def scalar(text: str, *, flow: bool = False, typed: bool = False) -> str:
    r"""A text on one line, as plain as it can be.

    Args:
        text: what it says.
        flow: whether it stands within brackets or braces.
        typed: whether a number, a date, or yes and no is what is meant: then it is not quoted.

    >>> scalar("casino"), scalar("NO"), scalar("0501234567"), scalar("2027.10"), scalar("2026.11.1")
    ('casino', '"NO"', '"0501234567"', '"2027.10"', '2026.11.1')
    >>> scalar("0.9", typed=True), scalar("a # b"), scalar('say "x: y"'), scalar("won\u202e")
    ('0.9', '"a # b"', '\'say "x: y"\'', '"won\\u202E"')
    """
    if _plain(text, flow) and ((typed and text not in _NULLS) or not _trap(text)):
        return text
    if not any(map(hidden, text)) and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


@lru_cache(maxsize=65_536)
def _plain(text: str, flow: bool) -> bool:
    """Whether a text may stand without quotes."""
    if not text or any(map(hidden, text)):
        return False
    # Of PyYAML's emitter only what it knows of plain scalars is asked; nothing is written.
    known = Emitter(io.StringIO(), allow_unicode=True).analyze_scalar(text)
    return bool(known.allow_flow_plain if flow else known.allow_block_plain)


@lru_cache(maxsize=65_536)
def _trap(text: str) -> bool:
    """Whether YAML takes a plain text for something else than this text, or a person might."""
    resolve: Any = _RESOLVER.resolve
    tag = resolve(yaml.ScalarNode, text, (True, False))
    number = _LIKE_NUMBER.fullmatch(text) and not _FRACTIONS.fullmatch(text)
    return tag != "tag:yaml.org,2002:str" or bool(number) or text in _ALSO_YES_NO


_RESOLVER: Final = Resolver()


def hidden(char: str) -> bool:
    r"""Whether a character cannot be seen, or turns what is beside it around: it is escaped.

    >>> hidden("\u202e"), hidden("\u00ad"), hidden("\n"), hidden("\u200c"), hidden("ك")
    (True, True, True, False, False)
    """
    if " " <= char <= "~":
        return False
    category = unicodedata.category(char)
    return category[0] in "CZ" and char not in _JOINERS


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if not hidden(char):
        return char
    point = ord(char)
    form = "\\x{:02X}" if point < 0x100 else "\\u{:04X}" if point < 0x10000 else "\\U{:08X}"
    return form.format(point)


def right_to_left(text: str) -> bool:
    """Whether a text has letters that run from right to left.

    >>> right_to_left("كازينو"), right_to_left("casino")
    (True, False)
    """
    return not text.isascii() and any(unicodedata.bidirectional(char) in _RTL for char in text)


def literal(text: str, indent: str) -> str | None:
    r"""A text of several lines as a block, its lines as they are; None where it can be none.

    >>> literal("a\nb", "  ")
    '|-\n  a\n  b'
    """
    body = text.removesuffix("\n")
    lines = body.split("\n")
    plain = len(lines) > 1 and all(line == line.rstrip() for line in lines) and lines[-1]
    if not plain or lines[0][:1] in ("", " ") or any(map(hidden, body.replace("\n", ""))):
        return None
    written = "\n".join(indent + line if line else "" for line in lines)
    return f"|{'' if text.endswith(chr(10)) else '-'}\n{written}"
