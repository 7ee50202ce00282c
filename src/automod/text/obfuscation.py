"""Signs that somebody hides words, whichever words they are: what rules call `found`.

A word in letters of two scripts; characters within a word that nobody sees; letters that are none
in their language; an override of direction. What ordinary spelling does is no sign: joiners in
Arabic, Indic and South-East Asian scripts, soft hyphens, a flag, a micro sign.
"""

from __future__ import annotations

from typing import Final

import regex

Span = tuple[int, int]
"""Half-open, in code points of the original text."""

_WORD: Final = regex.compile(r"[\p{L}\p{M}\u200c\u200d]+")
_SCRIPTS: Final = tuple(
    regex.compile(rf"(?=\p{{L}})\p{{Script={name}}}")
    for name in ("Latin", "Cyrillic", "Greek", "Arabic", "Hebrew")
)
_MICRO: Final = regex.compile(r"[\u00b5\u03bc\u03a9]\p{Latin}{1,2}")
"""Micro and ohm before a unit."""

_HIDDEN: Final = regex.compile(
    # Nobody joins or parts the letters of these scripts with them.
    r"(?<=[\p{Latin}\p{Cyrillic}\p{Greek}\p{Hebrew}\p{Han}\p{Hangul}\p{Arabic}]\p{M}*)"
    r"[\u200b\u2060-\u2064\ufeff\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e01ef]+"
    r"(?=[\p{Latin}\p{Cyrillic}\p{Greek}\p{Hebrew}\p{Han}\p{Hangul}\p{Arabic}])"
    r"|(?<=[\p{Latin}\p{Cyrillic}\p{Greek}]\p{M}*)[\u200c-\u200f\u202a-\u202e\u2066-\u2069]+"
    r"(?=[\p{Latin}\p{Cyrillic}\p{Greek}])"
)
_OVERRIDE: Final = regex.compile(r"[\u202d\u202e][^\u202c\n]*\p{L}[^\u202c\n]*\u202c?")
_ODD: Final = regex.compile(
    # Dotless letters; runs of letters in boxes and of small capitals; stacks of marks.
    r"\p{Arabic}*[\u066e\u066f\u06a1]\p{Arabic}*"
    r"|[\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]{3,}"
    r"|[\u1d00-\u1d25\u0262\u026a\u0274\u0280\u028f\u0299\u029c\u029f\ua730\ua731]{3,}"
    r"|(?:\p{L}\p{Mn}{3,}){2,}"
)


def find_mixed_script(text: str) -> list[Span]:
    """Words with letters of more than one of the scripts that are never mixed in a word.

    >>> find_mixed_script("win at c\u0430sino"), find_mixed_script("5 \u03bcm, iPhone")
    ([(7, 13)], [])
    """
    if text.isascii():
        return []
    return [match.span() for match in _WORD.finditer(text) if _is_mixed(match[0])]


def _is_mixed(word: str) -> bool:
    if word.isascii() or sum(one.search(word) is not None for one in _SCRIPTS) < TWO:
        return False
    if _ARABIC.search(word):
        # Who writes two languages puts an Arabic article before a Latin word.
        return _WITHIN_ARABIC.search(word) is not None
    return not _MICRO.fullmatch(word)


TWO: Final = 2
_ARABIC: Final = regex.compile(r"\p{Arabic}")
_WITHIN_ARABIC: Final = regex.compile(
    r"\p{Arabic}(?!\p{Arabic})\p{L}{1,2}\p{Arabic}|\p{Arabic}{3}(?!\p{Arabic})\p{L}$"
)


def find_obfuscation(text: str) -> list[Span]:
    r"""All signs that words are hidden, in order; those within another left out.

    >>> find_obfuscation("ca\u200bsino, \u202eonisac\u202c")
    [(2, 3), (9, 17)]
    >>> find_obfuscation("co\u00adop, \u0645\u06cc\u200c\u062e")
    []
    """
    if text.isascii():
        return []
    found = [match.span() for one in (_HIDDEN, _OVERRIDE, _ODD) for match in one.finditer(text)]
    found += find_mixed_script(text)
    kept: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept
