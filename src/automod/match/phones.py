"""Phone numbers: read from materials, found in texts, and looked up by the thousand.

A number in a text is a row of whole groups of digits with one to four characters that are neither
letters nor digits between them, so `0 5 0 - 1 2 3 4 5 6 7` is one. A **material** matches such a
row by its digits, in any spelling: `+966…`, `00966…`, `966…`, `+966 (0)…`, and in a market of
that country also the national form, with or without the trunk prefix. A phone of unknown number
(`find_phones`) must be valid by the numbering plan, and must not look like a price, a date or an
id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import phonenumbers
import regex

from .hosts import without_unseen


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number in a text: `digits` in ASCII, and every number it may be, as E.164."""

    start: int
    end: int
    digits: str
    international: bool
    e164: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """A country calling code and the number inside the country, without trunk prefix."""

    code: int
    national: str

    @property
    def e164(self) -> str:
        """The number with `+`."""
        return f"+{self.code}{self.national}"


@dataclass(frozen=True, slots=True)
class PhoneTarget:
    """A number to look for.

    `numbers` are what it is; `open` holds the digits of a national number whose country is not
    known: it is read in the markets of the creative.
    """

    numbers: tuple[Number, ...]
    open: str = ""

    def matches(self, digits: str, markets: Iterable[str]) -> bool:
        """Whether a row of digits is this number, for a creative in these markets.

        >>> target = parse_phone("+966 50 123 4567", ())
        >>> target.matches("00966501234567", []), target.matches("0501234567", ["SA"])
        (True, True)
        >>> target.matches("0501234567", ["AE"])
        False
        """
        regions = _regions(markets)
        number = _abroad(_without_exit(digits))
        if number is not None and number in self.numbers:
            return True
        here = {_possible(digits, region) for region in regions} - {None}
        if not here.isdisjoint(self.numbers):
            return True
        return bool(self.open) and any(
            number is not None and (number in here or number == _abroad(_without_exit(digits)))
            for number in (_possible(self.open, region) for region in regions)
        )


_FEWEST: Final = 6
"""Digits of the shortest number a material may name; shorter ones are keywords."""
_MOST: Final = 18
"""Digits of the longest spelling: 15 (E.164), `00` before, a trunk `0` inside."""
_FEWEST_FOUND: Final = 7
_MOST_GROUPS: Final = 64
"""Groups of a row in which unlisted phones are looked for: behind them it is a table of figures."""
# Digits of scripts in daily use, full-width and mathematical ones; folding makes all of them ASCII.
_DIGITS: Final = (
    "0-9\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f"
    "\u0ae6-\u0aef\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59"
    "\u0ed0-\u0ed9\u1040-\u1049\u17e0-\u17e9\uff10-\uff19\U0001d7ce-\U0001d7ff"
)
# Six digits not far apart: 0.5 us for 170 characters of ASCII, 0.8 us for others. `regex` scans
# for the short class faster, `re` for the long one.
_ENOUGH_ASCII = regex.compile(r"[0-9](?:[^A-Za-z0-9]{0,4}+[0-9]){5}")
_ENOUGH = re.compile(rf"[{_DIGITS}](?:[^A-Za-z{_DIGITS}]{{0,4}}+[{_DIGITS}]){{5}}")
_RUN = regex.compile(
    rf"[{_DIGITS}]++(?:(?:[^\p{{L}}\p{{M}}\p{{N}}]|\u0640){{1,4}}+[{_DIGITS}]++)*+"
)
_GROUP = re.compile(rf"[{_DIGITS}]+")


def find_phones(text: str, markets: Sequence[str]) -> tuple[Phone, ...]:
    """The phone numbers of a text, from left to right, none over another.

    Args:
        text: original or folded text; digits of any script.
        markets: those of the creative, in which national numbers are read.

    >>> [phone.e164 for phone in find_phones("واتساب ٠٥٠ ١٢٣ ٤٥٦٧ فقط 99 ريال", ["SA"])]
    [('+966501234567',)]
    >>> find_phones("Only 1,500,000 SAR until 2026-11-20, order 4111 1111 1111 1111", ["SA"])
    ()
    """
    runs = _runs(text)
    if not runs:
        return ()
    regions = _regions(markets)
    long_enough = [row for row in runs if sum(end - start for start, end in row) >= _FEWEST_FOUND]
    return tuple(
        phone for row in long_enough for phone in _phones_in(text, row[:_MOST_GROUPS], regions)
    )


def _runs(text: str) -> list[list[tuple[int, int]]]:
    """The rows of groups of digits of a text, as spans of the groups."""
    enough = (_ENOUGH_ASCII if text.isascii() else _ENOUGH).search(text)
    if enough is None:
        return []
    return [
        [group.span() for group in _GROUP.finditer(text, run.start(), run.end())]
        for run in _RUN.finditer(text, enough.start())
        if run.end() - run.start() >= _FEWEST
    ]


def _windows(
    text: str, groups: Sequence[tuple[int, int]], fewest: int
) -> Iterator[tuple[int, int, str]]:
    """First group, last group and digits of every row of neighbours that may be a number."""
    digits = [ascii_digits(text[start:end]) for start, end in groups]
    for first in range(len(digits)):
        row = ""
        for last in range(first, len(digits)):
            row += digits[last]
            if len(row) > _MOST:
                break
            if len(row) >= fewest:
                yield first, last, row


def ascii_digits(text: str) -> str:
    """Decimal digits of any script as ASCII.

    >>> ascii_digits("٠٥٠"), ascii_digits("۰۵۰")
    ('050', '050')
    """
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) for char in text)


# --- materials ---------------------------------------------------------------------------------

_LINKED = re.compile(
    r"(?:https?://)?(?:www\.)?(?:wa\.me/|api\.whatsapp\.com/(?:send/?)?\?(?:[^#]*&)?phone=|"
    r"whatsapp://send/?\?(?:[^#]*&)?phone=|web\.whatsapp\.com/send/?\?(?:[^#]*&)?phone=)"
    r"(?:\+|%2B|%2b)?(?P<digits>[0-9]+)(?:[/?&#].*)?",
    re.IGNORECASE,
)
_SPELLING = re.compile(r"[+0-9\s().·/_–—‑‐-]+")


def parse_phone(value: str, markets: Sequence[str]) -> PhoneTarget:
    """The target of a material of kind `phone`.

    Args:
        value: `+…` or `00…`, a national number, `wa.me/…`, `tel:…`, or
            `api.whatsapp.com/send?phone=…`.
        markets: countries in which a national number is read (groups resolved); none: read it
            in the markets of each creative.

    Raises:
        ValueError: no phone number, or none of these markets.

    >>> parse_phone("٠٥٠ ١٢٣ ٤٥٦٧", ["SA"]).numbers[0].e164
    '+966501234567'
    >>> parse_phone("wa.me/971501234567", ()).numbers[0].e164
    '+971501234567'
    """
    text = unicodedata.normalize("NFKC", without_unseen(value)).strip()
    linked = _LINKED.fullmatch(text)
    if linked is not None:
        return _international(value, linked["digits"])
    text = text[4:].partition(";")[0].strip() if text.lower().startswith("tel:") else text
    if not _SPELLING.fullmatch("".join(map(_plain_digit, text))):
        raise ValueError(f"{value!r} is no phone number: it holds more than digits and separators")
    digits = "".join(filter(str.isdecimal, map(_plain_digit, text)))
    if text.lstrip("( ").startswith("+") or digits.startswith("00"):
        return _international(value, digits.removeprefix("00"))
    return _national(value, digits, markets)


def _plain_digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _international(value: str, digits: str) -> PhoneTarget:
    number = _abroad(digits)
    if number is None or len(number.national) < _FEWEST:
        raise ValueError(f"{value!r} is no international number: wrong country code or length")
    return PhoneTarget((number,))


def _national(value: str, digits: str, markets: Sequence[str]) -> PhoneTarget:
    if len(digits.lstrip("0")) < _FEWEST:
        raise ValueError(f"{value!r} is too short for a phone number; list it as kind: keyword")
    regions = _regions(markets)
    abroad = _valid_abroad(digits)
    if not regions and not markets:
        return PhoneTarget(() if abroad is None else (abroad,), digits)
    read = [_valid(digits, region) for region in regions]
    numbers = {number for number in read if number is not None}
    if not numbers and abroad is not None:
        numbers = {abroad}
    if not numbers:
        numbers = {n for n in (_possible(digits, region) for region in regions) if n is not None}
    if not numbers:
        raise ValueError(
            f"{value!r} is no phone number of {', '.join(markets)};"
            " write it with + and the country code"
        )
    return PhoneTarget(tuple(sorted(numbers)))


class PhoneIndex:
    """Many phone targets, looked up by their last digits: a text's price does not grow with them.

    >>> values = "+966501234567", "wa.me/201001234567"
    >>> index = PhoneIndex([parse_phone(value, ()) for value in values])
    >>> index.find("فقط 99 0501234567 أو wa.me/201001234567", ["SA"])
    [(0, 7, 17), (1, 27, 39)]
    """

    def __init__(self, targets: Sequence[PhoneTarget]) -> None:
        self._targets = tuple(targets)
        # All spellings of a number end alike, whatever stands before the trunk prefix.
        self._by_tail: dict[str, list[int]] = {}
        for number, target in enumerate(targets):
            spelled = {found.e164 for found in target.numbers} | {target.open} - {""}
            for tail in {digits[-_FEWEST:] for digits in spelled}:
                self._by_tail.setdefault(tail, []).append(number)

    def find(self, text: str, markets: Sequence[str]) -> list[tuple[int, int, int]]:
        """Target, start and end of each occurrence, by place; for each end the earliest start.

        Args:
            text: original or folded text.
            markets: those of the creative, for national forms.
        """
        runs = _runs(text)
        if not runs:
            return []
        found: dict[tuple[int, int], int] = {}
        for groups in runs:
            told: set[int] = set()  # where numbers end whose country is written
            for first, last, digits in _windows(text, groups, _FEWEST):
                # The end of such a number is none of another country: not 50 1234567 of +971 50 …
                if last in told:
                    continue
                if _says_its_country(text, groups[first][0], digits):
                    told.add(last)
                for number in self._by_tail.get(digits[-_FEWEST:], ()):
                    key = number, groups[last][1]
                    if key not in found and self._targets[number].matches(digits, markets):
                        found[key] = _with_plus(text, groups[first][0])
        ordered = sorted((start, end, number) for (number, end), start in found.items())
        return [(number, start, end) for start, end, number in ordered]


def _says_its_country(text: str, start: int, digits: str) -> bool:
    """Whether a row of digits that starts there is a valid number written with its country."""
    if _with_plus(text, start) == start and not digits.startswith("00"):
        return False
    return _valid_abroad(digits.removeprefix("00")) is not None


def _with_plus(text: str, start: int) -> int:
    return start - 1 if start and text[start - 1] in "+＋" else start


# --- numbering plans -----------------------------------------------------------------------------


def _regions(markets: Iterable[str]) -> tuple[str, ...]:
    """Countries of markets (`US-NV` -> `US`) that have a numbering plan."""
    regions = dict.fromkeys(market.partition("-")[0].upper() for market in markets)
    return tuple(region for region in regions if _code(region))


def region_of(number: Number) -> str:
    """The country of a number; of a calling code that several have, the one that has most of it.

    >>> region_of(Number(966, "501234567"))
    'SA'
    """
    return phonenumbers.region_code_for_country_code(number.code)


@lru_cache(maxsize=1024)
def _code(region: str) -> int:
    return phonenumbers.country_code_for_region(region)


def _without_exit(digits: str) -> str:
    """Digits without what is dialled to leave a country (`00`, in North America `011`)."""
    return digits.removeprefix("011" if digits.startswith("011") else "00")


@lru_cache(maxsize=4096)
def _possible(digits: str, region: str) -> Number | None:
    """The number digits are when dialled in a country, if the length can be right."""
    return _read(digits, region, phonenumbers.is_possible_number)


@lru_cache(maxsize=4096)
def _valid(digits: str, region: str) -> Number | None:
    """The number digits are when dialled in a country, if its numbering plan has it."""
    return _read(digits, region, phonenumbers.is_valid_number)


@lru_cache(maxsize=4096)
def _abroad(digits: str) -> Number | None:
    return _read("+" + digits, None, phonenumbers.is_possible_number)


@lru_cache(maxsize=4096)
def _valid_abroad(digits: str) -> Number | None:
    return _read("+" + digits, None, phonenumbers.is_valid_number)


def _read(
    spelled: str, region: str | None, check: Callable[[phonenumbers.PhoneNumber], bool]
) -> Number | None:
    try:
        parsed = phonenumbers.parse(spelled, region)
    except phonenumbers.NumberParseException:
        return None
    if not check(parsed) or parsed.country_code is None:
        return None
    return Number(parsed.country_code, phonenumbers.national_significant_number(parsed))


# --- phones nobody listed ------------------------------------------------------------------------

_LINK_BEFORE = re.compile(r"(?:wa\.me/|phone=|tel:)(?:\+|%2B)?$", re.IGNORECASE)
_MONEY: Final = (
    r"[$€£¥₹₽₺₪﷼]|usd|sar|aed|egp|kwd|qar|bhd|omr|jod|mad|eur|gbp|inr|rs\.?|try|tl|"
    r"ريال|درهم|دينار|جنيه|دولار|ليره|ليرة|يورو"
)
_GLUED_BEFORE = re.compile(r"(?:[#№a-z]|[0-9][.,])$", re.IGNORECASE)
_MONEY_BEFORE = re.compile(rf"(?P<amount>[0-9] ?)?(?:{_MONEY})[ :]?$", re.IGNORECASE)
_NO_PHONE_AFTER = re.compile(rf" ?(?:{_MONEY}|[%‰°])|[a-z]|[.,:][0-9]", re.IGNORECASE)
_DATE = re.compile(
    r"(?:19|20)\d\d(?P<a>[-/. ])\d{1,2}(?P=a)\d{1,2}|\d{1,2}(?P<b>[-/. ])\d{1,2}(?P=b)(?:19|20)\d\d"
    r"|(?:19|20)\d\d ?[-–/] ?(?:19|20)\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:[., '’]\d{3})*[., '’]000")
_CARD = re.compile(r"\d{4}(?P<s>[ -])\d{4}(?P=s)\d{4}(?P=s)\d{1,7}")
_CONTEXT: Final = 12


def _phones_in(text: str, groups: Sequence[tuple[int, int]], regions: Sequence[str]) -> list[Phone]:
    """The phones of one row of groups: those sure of their beginning first, then the longest."""
    if _CARD.fullmatch(ascii_digits_kept(text[groups[0][0] : groups[-1][1]])):
        return []
    found = [
        phone
        for first, last, digits in _windows(text, groups, _FEWEST_FOUND)
        if (phone := _phone(text, (groups[first][0], groups[last][1]), digits, regions))
    ]
    found.sort(key=lambda p: (not p.international, p.digits[0] != "0", -len(p.digits), p.start))
    chosen: list[Phone] = []
    for phone in found:
        if all(phone.end <= other.start or other.end <= phone.start for other in chosen):
            chosen.append(phone)
    return sorted(chosen, key=lambda phone: phone.start)


def ascii_digits_kept(text: str) -> str:
    """The text with its decimal digits in ASCII, and all else as it is.

    >>> ascii_digits_kept("٢٠٢٦-١١")
    '2026-11'
    """
    return text if text.isascii() else "".join(map(_plain_digit, text))


def _phone(text: str, span: tuple[int, int], digits: str, regions: Sequence[str]) -> Phone | None:
    start, end = _with_plus(text, span[0]), span[1]
    linked = _is_linked(text, start)
    plus = start < span[0]
    if plus or linked or digits.startswith("00"):
        abroad = _valid_abroad(digits.removeprefix("00"))
        if abroad is not None:
            return Phone(start, end, digits, True, (abroad.e164,))
    read = {number for region in regions if (number := _valid(digits, region)) is not None}
    if plus or not read or _is_something_else(text, start, end, digits):
        return None
    return Phone(start, end, digits, False, tuple(number.e164 for number in sorted(read)))


def _is_linked(text: str, start: int) -> bool:
    if not start or text[start - 1] not in "/=:+Bb":
        return False
    return _LINK_BEFORE.search(text, max(0, start - 12), start) is not None


def _is_something_else(text: str, start: int, end: int, digits: str) -> bool:
    """Whether digits stand as a price, a date, an amount, or a part of a name."""
    before = ascii_digits_kept(text[max(0, start - _CONTEXT) : start])
    after = ascii_digits_kept(text[end : end + _CONTEXT])
    if _GLUED_BEFORE.search(before) or (after[:1].isascii() and after[:1].isalpha()):
        return True
    if digits.startswith("0"):
        return False
    written = ascii_digits_kept(text[start:end])
    money = _MONEY_BEFORE.search(before)
    return bool(
        _DATE.fullmatch(written)
        or _THOUSANDS.fullmatch(written)
        # In `99 SAR 55123456` the currency is that of the number before it.
        or (money is not None and money["amount"] is None)
        or _NO_PHONE_AFTER.match(after)
    )
