"""Soft characters: read as nothing or as a letter by one, as a gap or a symbol by another.

A zero width space inside a word hides the word; between two words it parts them. A circled letter
is a letter of a disguised word, or an ornament beside a plain one. Folding takes the first reading;
the tightest view takes the second, and what it finds must not be lost. So a text that has such
characters, which few have, is searched in both.
"""

from __future__ import annotations

from typing import Final

from .tables import SOFT, tables

MOST_INSIDE: Final = 7
"""Soft characters inside one match that begins or ends at another one."""


def soften(text: str) -> str:
    r"""The text with every soft character read as a gap: same length, same places.

    >>> soften("casino\u200bbonus")
    'casino bonus'
    """
    entries = tables().entries
    return "".join(" " if int(entries[ord(char)]) & SOFT else char for char in text)


def between(text: str) -> list[tuple[int, str]]:
    r"""The pieces between two soft characters, or one and an end, that have others inside.

    Returns:
        (offset, piece) pairs; with MOST_INSIDE the sum of their lengths stays linear.

    >>> between("ca\u200bsino\u200bbonus")
    [(0, 'ca\u200bsino'), (3, 'sino\u200bbonus')]
    """
    entries = tables().entries
    soft = [place for place, char in enumerate(text) if int(entries[ord(char)]) & SOFT]
    edges = [-1, *soft, len(text)]
    return [
        (first + 1, text[first + 1 : last])
        for place, first in enumerate(edges)
        for last in edges[place + 2 : place + 2 + MOST_INSIDE]
        if (first, last) != (-1, len(text))
    ]
