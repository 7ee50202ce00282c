"""Arabic number words as numbers: amounts, and phone numbers that are read out.

The words are a table of ours: standard forms of either gender and case, and the spellings of
dialects. `pyarabic` (extra `arabic`) adds words that the table lacks, where it is asked for; its
own reading of a row of words is an oracle of the tests, because it takes ثلاث مئة for 103.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Final, Literal

from automod.errors import MissingExtra

from .fold import fold_many

FEWEST_DIGITS: Final = 7
"""Digit words in a row that are a phone number."""
MOST_DIGITS: Final = 18
"""Digit words in a row that are one number; more are a table of figures."""

Kind = Literal[
    "unit", "before_ten", "ten", "teen", "tens", "hundred", "hundreds",
    "scale", "scales", "two_scales", "part", "numeral",
]  # fmt: skip
"""What a word does in a number.

`before_ten`: a unit that is no number alone (احد, اثنا). `hundred`: 100, multiplied by a unit
before it. `scale`: 1,000 or more, alone or multiplied; `scales`: its plural, nothing alone.
`two_scales`: a dual (الفين). `part`: the divisor of نصف and ربع. `numeral`: digits, which count
only before a scale (50 الف).
"""


@dataclass(frozen=True, slots=True)
class NumberWords:
    """Number words and what they amount to; half-open, in the folded text, whole words."""

    start: int
    end: int
    value: int


def find_number_words(text: str, *, with_pyarabic: bool = False) -> tuple[NumberWords, ...]:
    """Runs of Arabic number words and what they amount to, from left to right.

    A phone number that is read out is one number, without its leading zero: `spoken_digits`
    keeps it. Thousands of something (الاف الجوائز) are no number.

    Args:
        text: folded (safe view).
        with_pyarabic: read the number words of pyarabic as well that the table does not have.

    Raises:
        MissingExtra: pyarabic is asked for and not installed.

    >>> [(found.start, found.end, found.value) for found in find_number_words("فقط خمسة الاف ريال")]
    [(4, 13, 5000)]
    """
    return tuple(found for run in _runs(text, with_pyarabic) for found in _numbers(run))


def spoken_digits(text: str) -> tuple[tuple[int, int, str], ...]:
    """Runs of at least seven Arabic digit words: start, end and the digits.

    Args:
        text: folded (safe view).

    >>> spoken_digits("اتصل صفر خمسة خمسة واحد اتنين تلاتة اربعة")
    ((5, 41, '0551234'),)
    """
    return tuple(
        (row[0].start, row[-1].end, "".join(str(token.value) for token in row))
        for run in _runs(text, False)
        for row in _digit_rows(run)
        if len(row) >= FEWEST_DIGITS
    )


# --- the words -----------------------------------------------------------------------------------

_UNITS: Final[Mapping[int, str]] = {
    0: "صفر زيرو",
    1: "واحد واحدة واحده",
    2: "اثنان اثنين اثنتان اثنتين اتنين ثنين ثنتين تنتين",
    3: "ثلاثة ثلاثه ثلاث ثلاثا تلاتة تلاته تلات",
    4: "اربعة اربعه اربع اربعا",
    5: "خمسة خمسه خمس خمسا",
    6: "ستة سته ست ستا",
    7: "سبعة سبعه سبع سبعا",
    8: "ثمانية ثمانيه ثماني ثمان ثمانيا تمانية تمانيه تماني تمان ثمنية ثمنيه تمنية تمنيه",
    9: "تسعة تسعه تسع تسعا",
}
_TENS: Final = {20: "عشر", 30: "ثلاث تلات", 40: "اربع", 50: "خمس", 60: "ست", 70: "سبع",
                80: "ثمان تمان", 90: "تسع"}  # fmt: skip
_TEEN_STEMS: Final[Mapping[int, str]] = {
    11: "حدا احدا حد احد حدع", 12: "اتنا اثنا اطنا ثنا اثن اطن طن",
    13: "تلتا تلاتا ثلاثتا تلط ثلاثط ثلط تلتط", 14: "اربعتا اربعط", 15: "خمستا خمسط خمصط",
    16: "ستا سط ستط", 17: "سبعتا سبعط", 18: "تمنتا تمانتا ثمانط ثمنط تمنط", 19: "تسعتا تسعط",
}  # fmt: skip
_HUNDRED_STEMS: Final[Mapping[int, str]] = {
    300: "ثلاث تلات تلت ثلث", 400: "اربع ربع", 500: "خمس", 600: "ست", 700: "سبع",
    800: "ثمان ثماني تمان تمن ثمن", 900: "تسع",
}  # fmt: skip
_HUNDRED: Final = "مئة مئه مائة مائه مية ميه ميت"
_TWO_HUNDRED: Final = "مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي ميتين ميتان"
_SCALES: Final[Mapping[int, tuple[str, str, str]]] = {
    10**3: ("الف الفا", "الاف الوف تلاف تالاف", "الفان الفين الفي"),
    10**6: ("مليون مليونا", "ملايين", "مليونان مليونين مليوني"),
    10**9: ("مليار مليارا بليون بليونا", "مليارات بلايين", "ملياران مليارين بليونان بليونين"),
    10**12: ("تريليون ترليون", "تريليونات ترليونات", "تريليونان تريليونين"),
}
"""Value -> one, several, two."""
_NOT_ALONE: Final = frozenset({"ميت"})
"""Mostly another word (dead), if no number stands beside it."""


def _forms() -> Iterator[tuple[str, Kind, int]]:
    """Every word without prefixes."""
    yield from (("نصف", "part", 2), ("نص", "part", 2), ("ربع", "part", 4))
    yield from ((word, "before_ten", 1) for word in ("احد", "احدى", "احدي"))
    yield from ((word, "before_ten", 2) for word in ("اثنا", "اثني", "اثنتا", "اثنتي"))
    yield from ((word, "ten", 10) for word in ("عشرة", "عشره", "عشر", "عشرا"))
    for value, words in _UNITS.items():
        yield from ((word, "unit", value) for word in words.split())
    for value, stems in _TENS.items():
        yield from ((stem + end, "tens", value) for stem in stems.split() for end in ("ون", "ين"))
    for value, stems in _TEEN_STEMS.items():
        ends = ("شر", "عشر", "عش")
        yield from ((stem + end, "teen", value) for stem in stems.split() for end in ends)
    yield from ((word, "hundred", 100) for word in _HUNDRED.split())
    yield from ((word, "hundreds", 200) for word in _TWO_HUNDRED.split())
    for value, stems in _HUNDRED_STEMS.items():
        pairs = product(stems.split(), _HUNDRED.split())
        yield from ((stem + end, "hundreds", value) for stem, end in pairs)
    for value, (one, several, two) in _SCALES.items():
        yield from ((word, "scale", value) for word in one.split())
        yield from ((word, "scales", value) for word in several.split())
        yield from ((word, "two_scales", 2 * value) for word in two.split())


@dataclass(frozen=True, slots=True)
class _Meaning:
    kind: Kind
    value: int
    joined: bool
    """With و before it."""
    glued: bool
    """With a preposition before it: it continues nothing."""
    alone: bool
    """It may be a number alone."""
    over: int = 1
    """What the value of a numeral is divided by: 10 in 1.5."""


def _prefixes(word: str, kind: Kind) -> tuple[str, ...]:
    """What may be written before a word; "" and و always.

    Not ك: كمية is a quantity. Not before short units: لست is "I am not". The article only before
    what is no day of the week and no percentage (بالمئة).
    """
    if kind in ("before_ten", "part") or word in _NOT_ALONE or (kind == "unit" and len(word) < 4):
        return ("", "و")
    plain = ("", "و", "ب", "ل", "ف", "وب", "ول")
    article = ("ال", "وال", "بال", "لل", "فال")
    return plain if kind in ("unit", "hundred", "teen") else plain + article


@cache
def _table(with_pyarabic: bool) -> Mapping[str, _Meaning]:
    """Word with its prefixes -> what it means; a word that is another's prefixed form wins."""
    forms = list(_forms())
    if with_pyarabic:
        forms += [(word, _kind(value), value) for word, value in _pyarabic_words().items()]
    table: dict[str, _Meaning] = {}
    for word, kind, value in forms:
        table.setdefault(word, _Meaning(kind, value, False, False, word not in _NOT_ALONE))
    for word, kind, value in forms:
        for prefix in _prefixes(word, kind):
            joined, glued = prefix.startswith("و"), prefix not in ("", "و", "ال", "وال")
            meaning = _Meaning(kind, value, joined, glued, word not in _NOT_ALONE)
            table.setdefault(prefix + word, meaning)
    return table


def _kind(value: int) -> Kind:
    if value >= 1000:
        return "scale" if value in _SCALES else "two_scales"
    if value >= 100:
        return "hundred" if value == 100 else "hundreds"
    if value >= 20:
        return "tens"
    return "teen" if value > 10 else "ten" if value == 10 else "unit"


def _pyarabic_words() -> dict[str, int]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in its patterns, on Python 3.12
            from pyarabic import number_const  # type: ignore[attr-defined]
    except ImportError:
        raise MissingExtra("arabic", "reading Arabic number words with pyarabic") from None
    words: dict[str, int] = number_const.NUMBER_WORDS
    return dict(zip(fold_many(list(words)), words.values(), strict=True))


# --- runs of words -------------------------------------------------------------------------------

_WORD: Final = re.compile(
    "[\u0620-\u063f\u0641-\u064a\u066e-\u06d3]+|[0-9]+(?:[.,\u066b\u066c][0-9]+)*"
)
_SEPARATOR: Final = re.compile("[.,\u066b\u066c]")
_LONGEST_GAP: Final = 4
_LONGEST_NUMERAL: Final = 9


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    meaning: _Meaning
    joined: bool
    """And: و stands before it, as its prefix or as a word."""
    spaced: bool
    """Nothing but spaces, and perhaps و, part it from the token before."""

    @property
    def kind(self) -> Kind:
        return self.meaning.kind

    @property
    def value(self) -> int:
        return self.meaning.value

    def follows(self) -> bool:
        """Whether it stands right behind the token before, without و."""
        return self.spaced and not self.joined and not self.meaning.glued

    def adds(self) -> bool:
        """Whether it is added to the token before by و."""
        return self.spaced and self.joined and not self.meaning.glued


def _runs(text: str, with_pyarabic: bool) -> Iterator[list[_Token]]:
    """Rows of number words with at most four characters of no word between them."""
    table = _table(with_pyarabic)
    if text.isascii() or table.keys().isdisjoint(_WORD.findall(text)):
        return
    run: list[_Token] = []
    last, joined, spaced = 0, False, True
    for match in _WORD.finditer(text):
        start, end = match.span()
        near = start - last <= _LONGEST_GAP and not any(map(str.isalnum, text[last:start]))
        meaning = _meaning(match[0], table)
        if run and (meaning is None or not near) and not (near and match[0] == "و"):
            yield run
            run = []
        spaced = spaced and (start == last or text[last:start].isspace())
        if meaning is not None:
            token = _Token(start, end, meaning, meaning.joined or (joined and near), spaced)
            if run and token.kind == "ten" and token.follows():
                run[-1] = _and_one(run[-1], text)
            run.append(token)
        joined, spaced = match[0] == "و", spaced if match[0] == "و" else True
        last = end
    if run:
        yield run


def _and_one(token: _Token, text: str) -> _Token:
    """Folded, و and احد are the word واحد: before عشر they are two, as in مئة واحد عشر (111)."""
    if text[token.start : token.end] != "واحد":
        return token
    return replace(token, meaning=_AND_ONE, joined=True)


_AND_ONE: Final = _Meaning("before_ten", 1, True, False, True)


def _meaning(word: str, table: Mapping[str, _Meaning]) -> _Meaning | None:
    if not word[0].isdecimal():
        return table.get(word)
    if len(word) > _LONGEST_NUMERAL:
        return None
    groups = _SEPARATOR.split(word)
    # 1.5 is a fraction, 1,500 is not.
    decimals = len(groups[-1]) if len(groups) > 1 and len(groups[-1]) != 3 else 0
    return _Meaning("numeral", int("".join(groups)), False, False, False, 10**decimals)


def _digit_rows(run: list[_Token]) -> Iterator[list[_Token]]:
    """The longest rows of digit words of a run."""
    row: list[_Token] = []
    for token in run:
        if token.kind == "unit" and not (row and token.meaning.glued):
            row.append(token)
        else:
            if row:
                yield row
            row = [token] if token.kind == "unit" else []
    if row:
        yield row


# --- what they amount to -------------------------------------------------------------------------

_Read = tuple[int, int]
"""A value, and the token behind it."""


def _numbers(run: list[_Token]) -> Iterator[NumberWords]:
    """The numbers of a run, one after another."""
    rows = {row[0].start: row for row in _digit_rows(run)}
    at = 0
    while at < len(run):
        row = rows.get(run[at].start, [])
        if FEWEST_DIGITS <= len(row) <= MOST_DIGITS:
            digits = "".join(str(token.value) for token in row)
            yield NumberWords(row[0].start, row[-1].end, int(digits))
            at += len(row)
            continue
        read = _number(run, at)
        if read is None:
            at += 1
            continue
        value, behind = read
        if behind - at > 1 or run[at].meaning.alone:
            yield NumberWords(run[at].start, run[behind - 1].end, value)
        at = behind


def _number(run: list[_Token], at: int) -> _Read | None:
    """Groups joined by و, each smaller than the scale of the one before: مليون ومئتا الف."""
    group = _group(run, at)
    if group is None:
        return None
    total, scale, at = group
    while scale > 1 and at < len(run) and run[at].adds():
        more = _group(run, at)
        if more is None and run[at].kind == "part":
            return total + scale // run[at].value, at + 1
        if more is None or more[0] >= scale:
            break
        total, scale, at = total + more[0], more[1], more[2]
    return total, at


_Group = tuple[int, int, int]
"""A value, its scale (1: none), and the token behind it."""


def _group(run: list[_Token], at: int) -> _Group | None:
    """A number below a thousand, a scale, or a number or a part times a scale."""
    token = run[at]
    if token.kind == "scale":
        return _scaled(run, at)
    if token.kind == "two_scales":
        return token.value, token.value // 2, at + 1
    if token.kind in ("part", "numeral"):
        return _before_scale(run, at)
    small = _below_thousand(run, at)
    if small is None:
        return None
    value, at = small
    if not value or not _is_next(run, at, "scale", "scales"):
        return value, 1, at
    times, scale, behind = _scaled(run, at)
    return value * times, scale, behind


def _before_scale(run: list[_Token], at: int) -> _Group | None:
    """What is a number only before a scale: نصف مليون, 50 الف."""
    if not _is_next(run, at + 1, "scale", "scales"):
        return None
    value, scale, behind = _scaled(run, at + 1)
    token = run[at]
    if token.kind == "numeral":
        return token.value * value // token.meaning.over, scale, behind
    return value // token.value, scale // token.value, behind


def _scaled(run: list[_Token], at: int) -> _Group:
    """A scale, or one of the next (الف مليون): its value twice, and what is behind."""
    value = run[at].value
    if _is_next(run, at + 1, "scale") and run[at + 1].value > value:
        value, at = value * run[at + 1].value, at + 1
    return value, value, at + 1


def _below_thousand(run: list[_Token], at: int) -> _Read | None:
    hundreds = _hundreds(run, at)
    if hundreds is None:
        return _below_hundred(run, at)
    value, at = hundreds
    if at < len(run) and run[at].adds():
        rest = _below_hundred(run, at)
        # مئة وثلاثمئة are two numbers.
        if rest is not None and _hundreds(run, at) is None:
            return value + rest[0], rest[1]
    return value, at


def _hundreds(run: list[_Token], at: int) -> _Read | None:
    token = run[at]
    if token.kind in ("hundred", "hundreds"):
        return token.value, at + 1
    if token.kind == "unit" and token.value > 2 and _is_next(run, at + 1, "hundred"):
        return token.value * 100, at + 2
    return None


def _below_hundred(run: list[_Token], at: int) -> _Read | None:
    token = run[at]
    if token.kind in ("ten", "teen", "tens"):
        return token.value, at + 1
    if token.kind not in ("unit", "before_ten"):
        return None
    if (token.kind == "before_ten" or token.value > 1) and _is_next(run, at + 1, "ten"):
        return 10 + token.value, at + 2
    if token.value and at + 1 < len(run) and run[at + 1].kind == "tens" and run[at + 1].adds():
        return token.value + run[at + 1].value, at + 2
    return None if token.kind == "before_ten" else (token.value, at + 1)


def _is_next(run: list[_Token], at: int, *kinds: Kind) -> bool:
    return at < len(run) and run[at].kind in kinds and run[at].follows()
