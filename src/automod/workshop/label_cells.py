"""What a cell of a sheet for labelling means: its words, and the guard before what acts."""

from __future__ import annotations

import re
from typing import Final

from automod.load.case_cells import WORDS
from automod.load.headers import plain

ANSWERS: Final[dict[str, tuple[str, str, str]]] = {
    "en": ("yes", "no", "unsure"),
    "ar": ("نعم", "لا", "غير متأكد"),
}
"""Language -> the words for yes, no and unsure, in this order."""

_ANSWERS: Final = {plain(word): meaning for word, meaning in WORDS["present"].items()}

# A formula, as a spreadsheet reads it (OWASP, "CSV Injection"); what it makes a number, a date or
# a truth of; and what begins with a guard already, which else would be taken for ours.
_GUARDED: Final = re.compile(
    r"[\s\u200c-\u200f\u061c]*(?:[=+\-@＝＋－＠﹦﹢﹣﹫']|"
    r"[\d.,$€£(%]|true$|false$|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\W*\d)",
    re.IGNORECASE,
)


def answer(text: str) -> str | None:
    """What a labeller says, in any of the languages: yes, no or unsure; None: it is no answer.

    >>> answer("Yes "), answer("غير متأكد"), answer("maybe")
    ('yes', 'unsure', None)
    """
    return _ANSWERS.get(plain(text))


def guarded(text: str) -> str:
    """A text for CSV that a spreadsheet takes for text: an apostrophe before what would act.

    >>> guarded("=1+1"), guarded("007"), guarded("mar1"), guarded("casino")
    ("'=1+1", "'007", "'mar1", 'casino')
    """
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("'tis"), unguarded(guarded("'tis"))
    ('=1+1', "'tis", "'tis")
    """
    return text[1:] if text.startswith("'") and _GUARDED.match(text[1:]) else text
