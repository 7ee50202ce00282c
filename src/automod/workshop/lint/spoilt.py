"""Values that say something else than their author meant: what else is wrong with them is no news.

A value is called by its first cause alone; other checks leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import regex

from automod.load.writing import ARABIC, CYRILLIC, GREEK, LATIN

if TYPE_CHECKING:
    from .wording import Wording

Cause = Literal["mojibake", "spreadsheet_error", "wildcard", "mixed_script"]

_TYPED: Final = ("keyword", "phrase", "handle")

# What UTF-8 looks like that was read as Latin: a lead byte, then one that is no ASCII, or two. Of
# what was read as Arabic (cp1256) the lead bytes are ط and ظ, as Cyrillic (cp1251) Р and С.
_LOST: Final = regex.compile(r"\ufffd|(?:[ØÙÐÑ][^\x00-\x7f\p{L}]){2}")
"""What was lost for good: a byte that has no character is missing, or a character is."""
_BROKEN: Final = regex.compile(
    rf"{_LOST.pattern}|[ÂÃÐÑØÙÚÛâ][^\x00-\x7f]|[ä-é][^\x00-\x7f]{{2}}"
    r"|(?:[طظ][^\x00-\x7f]){2}|(?:[РС][^\x00-\x7f]){2}|(?<![\p{L}\p{M}])[À-ÿ]{3,}(?![\p{L}\p{M}])"
)
_BROKEN_SIGNS: Final = re.compile(r"[\ufffdÀ-éØ]|[طظ].[طظ]|[РС].[РС]|[ê-ÿ]{3}")
_EIGHT_BIT: Final = (
    ("cp1256", regex.compile(r"[\p{Arabic}\s]{3,}+")),
    ("cp1251", regex.compile(r"[\p{Cyrillic}\s]{3,}+")),
)
"""Encodings of one byte for each letter that tables are saved in, and what comes out of them."""
_DIFFERENT: Final = 3
_MONTH: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# An error, a rounded number, a fraction or code that became a date, a formula that was not worked
# out.
_ERROR: Final = regex.compile(
    r"^(?:#(?:NAME\?|NOM\?|¿NOMBRE\?|ИМЯ\?|¡?REF!|BEZUG!|ССЫЛКА!|VALUE!|VALEUR!|WERT!|¡VALOR!|ЗНАЧ!"
    r"|N/A|N/D|Н/Д|NV|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA)|#{4,}"
    r"|[+-]?[0-9]+(?:[.,][0-9]+)?E\+[0-9]+"
    rf"|[0-9]{{1,2}}-{_MONTH}(?:-[0-9]{{2}}|-[0-9]{{4}})?|{_MONTH}-[0-9]{{2}}"
    r"|=(?:\$?[A-Z]{1,3}\$?[0-9]+|[A-Z][A-Z.0-9]*\(.*\)|\".*\"))$",
    regex.M,
)
_ERROR_SIGNS: Final = re.compile("[#=]|E[+]|-[0-9JFMASOND]")
_STAR: Final = r"\p{L}\*(?![^\s])|(?<![^\s])\*\p{L}"
_SYNTAX: Final = r"\\[bBdDsSwW]|\.[*+]|\[[^\]\s]*\p{L}-\p{L}[^\]\s]*\]|\p{L}\{[0-9]|^\^\p{L}"
_IN_KEYWORD: Final = regex.compile(
    rf"{_STAR}|{_SYNTAX}|[\p{{L}}\p{{N}})]\s?\|\s?(?:[\p{{L}}\p{{N}}(]|$)"
    r"|<(?:number|phone|url|word)>|[\p{L}\p{N}]\s?[;؛]\s?[\p{L}\p{N}]"
    r"|^%.*\p{L}.*%$|^[\"“”„«].*\p{L}.*[\"”“»]$",
    regex.M,
)
_IN_PHRASE: Final = regex.compile(
    rf"{_STAR}|{_SYNTAX}|^[^()\n]*[\p{{L}}\p{{N}})]\s?\|\s?[\p{{L}}\p{{N}}(]", regex.M
)
_SIGNS: Final = re.compile(r"[*|\\\[<%;؛{^\"“”„«]|\.[+]")
_GREEK_TWINS: Final = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοορν"
_MIXED: Final = regex.compile(
    r"[\p{Latin}&&\p{L}]\p{M}*\p{Cyrillic}|\p{Cyrillic}\p{M}*[\p{Latin}&&\p{L}]"
    rf"|[A-Za-z][{_GREEK_TWINS}]|[{_GREEK_TWINS}][A-Za-z]"
    r"|[\p{Arabic}&&\p{L}][A-Za-z]{1,2}[\p{Arabic}&&\p{L}]",
    regex.V1,
)


def spoilt(wording: Wording) -> dict[int, Cause]:
    """The materials whose value is broken, each with the first of its causes."""
    found: dict[int, Cause] = {}
    searches: tuple[tuple[Cause, Callable[[Wording], Iterable[int]]], ...] = (
        ("mojibake", _mojibake),
        ("spreadsheet_error", lambda one: one.holding(_ERROR, _TYPED, _ERROR_SIGNS)),
        ("wildcard", _wildcards),
        ("mixed_script", _mixed),
    )
    for cause, search in searches:
        for number in search(wording):
            found.setdefault(number, cause)
    return found


def meant_by(value: str) -> str | None:
    """What a value was before its UTF-8 was read as something else; None: it was not, or is lost.

    >>> meant_by("ÙƒØ§Ø²ÙŠÙ†Ùˆ"), meant_by("ظƒط§ط²ظٹظ†ظˆ"), meant_by("ßÇÒíäæ"), meant_by("café")
    ('كازينو', 'كازينو', 'كازينو', None)
    """
    for encoding in ("cp1252", "cp1256", "cp1251"):
        try:
            text = b"".join(_byte(char, encoding) for char in value).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        if text != value:
            return text
    return _saved_in_eight_bits(value)


def _saved_in_eight_bits(value: str) -> str | None:
    """What a value was whose every letter is a Latin one with an accent: no language writes so."""
    if not all(char in " \t" or "À" <= char <= "ÿ" for char in value):
        return None
    if len({*value}) < _DIFFERENT:
        return None  # one letter drawn out: 'éééé'
    for encoding, letters in _EIGHT_BIT:
        text = value.encode("latin-1").decode(encoding)
        if letters.fullmatch(text):
            return text
    return None


def _byte(char: str, encoding: str) -> bytes:
    """The byte that was shown as a character; some have none and were shown as themselves."""
    try:
        return char.encode(encoding)
    except UnicodeEncodeError:
        return char.encode("latin-1")


def _mojibake(wording: Wording) -> list[int]:
    return [
        number
        for number in wording.holding(_BROKEN, (*_TYPED, "regex"), _BROKEN_SIGNS)
        if _LOST.search(wording.values[number]) or meant_by(wording.values[number]) is not None
    ]


def _wildcards(wording: Wording) -> list[int]:
    return [
        *wording.holding(_IN_KEYWORD, ["keyword"], _SIGNS),
        *wording.holding(_IN_PHRASE, ["phrase"], _SIGNS),
    ]


def _mixed(wording: Wording) -> list[int]:
    if not wording.text:
        return []
    writings = wording.writings[wording.text]
    other = writings & (CYRILLIC | GREEK | ARABIC)
    some = np.asarray(wording.text)[((writings & LATIN) != 0) & (other != 0)].tolist()
    return [number for number in some if _MIXED.search(wording.values[number])]
