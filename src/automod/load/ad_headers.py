"""What is said of a header that is no column of creatives: what it may have been meant for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from .faults import did_you_mean
from .headers import CREATIVE_KEYS, OF_ADS, OF_CASES, arabic_of, bare, spoken

_TEXT: Final = "'text.title', 'text.body' or 'text.ANYTHING'"
_JUDGED: Final[dict[str, str]] = {
    **dict.fromkeys(("text", "texts", "title", "titles", "body", "headline", "headlines"), _TEXT),
    **dict.fromkeys(("description", "descriptions", "copy", "caption"), _TEXT),
    **dict.fromkeys(("نص", "نصوص", "عنوان", "عناوين", "وصف", "محتوى"), _TEXT),
    **dict.fromkeys(("link", "links", "url", "urls", "رابط", "روابط"), "'links'"),
    **dict.fromkeys(("image", "images", "صورة", "صور"), "'images'"),
    **dict.fromkeys(("video", "videos", "فيديو"), "'videos'"),
}
"""A word of a header that says that what stands below it is shown to people -> its column."""

_BY_WORD: Final = {spoken(word): column for word, column in _JUDGED.items()}
_WORDS: Final = re.compile(r"[^\W\d_]+")

WRITTEN: Final = ("id", "markets", "text.title", "text.body", "links", "images", "videos")
"""The columns that most tables have."""

_PARTS: Final = ("title", "body", "description", "min_age")
_NEAR: Final = {
    bare(header): header
    for header, key in {**OF_ADS, **OF_CASES}.items()
    # Of two words one is somebody else's too often: an 'Ad set ID' is no 'ad id'.
    if " " not in header and key.split(".")[0] in CREATIVE_KEYS
}
_ENGLISH: Final = frozenset({*CREATIVE_KEYS, *_PARTS, *(f"text.{one}" for one in _PARTS)})


def slip(header: str) -> str | None:
    """What a header that is none of ours may have been meant for; None: it is somebody's own.

    >>> slip("Titel"), slip("Campaign")
    ("did you mean 'title'?", None)
    >>> slip("نص الإعلان القديم").split(";")[0]
    "it says 'نص', as what people see does"
    """
    name = header.strip()
    if " " in name:
        # 'Headline 2' is a column beside 'headline', not that one misspelt.
        return _risky(name) or did_you_mean(name, _ENGLISH)
    return did_you_mean(name, _ENGLISH) or _near(name) or _risky(name)


def _near(name: str) -> str | None:
    """A hint that names the header nearest to one: articles make all Arabic words look alike."""
    found = did_you_mean(bare(name), _NEAR)
    if found is None:
        return None
    written = next(one for word, one in _NEAR.items() if f"'{word}'" in found)
    return f"did you mean '{written}'?"


def _risky(header: str) -> str | None:
    for word in _WORDS.findall(header):
        plain = spoken(word)
        column = _BY_WORD.get(plain) or _BY_WORD.get(plain.removeprefix("ال"))
        if column is not None:
            return (
                f"it says '{word}', as what people see does; name it {column} to have it judged, "
                "or begin its name with 'x-' to leave it unread"
            )
    return None


def header_hint(header: str, known: Collection[str] = (), kept: str = "") -> str:
    """What would be right in place of a header, where none of somebody's own can stand.

    Args:
        header: as it is written.
        known: more columns that there are.
        kept: what else may be done to have a column of one's own.

    >>> header_hint("markts"), header_hint("الأسوق")
    ("did you mean 'markets'?", "did you mean 'الأسواق'?")
    """
    near = did_you_mean(header.strip(), known) or slip(header)
    columns = ", ".join(f"'{one}'" for one in _in_the_letters_of(header, WRITTEN))
    return near or f"columns are {columns}; begin the name of one of your own with 'x-'{kept}"


def _in_the_letters_of(header: str, columns: Iterable[str]) -> Iterable[str]:
    if header.isascii():
        return columns
    arabic = arabic_of(OF_CASES)
    return [arabic[one] for one in columns]
