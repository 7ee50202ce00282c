"""Phone numbers: read from materials, found in texts, looked up among many."""

from __future__ import annotations

import re
import time

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automod.match.phones import PhoneIndex, PhoneTarget, find_phones, parse_phone

SAUDI = "+966501234567"
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def numbers(target: PhoneTarget) -> list[str]:
    """The numbers of a target as E.164."""
    return [number.e164 for number in target.numbers]


# --- materials ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "markets", "expected"),
    [
        ("+966501234567", [], [SAUDI]),
        ("+966 50 123 4567", [], [SAUDI]),
        ("+966 (0)50 123 4567", [], [SAUDI]),
        ("00966501234567", [], [SAUDI]),
        ("966501234567", [], [SAUDI]),
        ("966501234567", ["SA"], [SAUDI]),
        ("966501234567", ["EG"], [SAUDI]),
        ("0501234567", ["SA"], [SAUDI]),
        ("501234567", ["SA"], [SAUDI]),
        ("٠٥٠ ١٢٣ ٤٥٦٧", ["SA"], [SAUDI]),
        ("۰۵۰۱۲۳۴۵۶۷", ["SA"], [SAUDI]),
        ("0501234567", ["SA", "AE"], [SAUDI, "+971501234567"]),
        ("0501234567", ["SA-01"], [SAUDI]),
        ("wa.me/966501234567", [], [SAUDI]),
        ("https://wa.me/966501234567?text=hi", ["AE"], [SAUDI]),
        ("https://api.whatsapp.com/send?phone=966501234567&text=x", [], [SAUDI]),
        ("https://api.whatsapp.com/send/?text=x&phone=%2B966501234567", [], [SAUDI]),
        ("whatsapp://send?phone=966501234567", [], [SAUDI]),
        ("tel:+966-50-123-4567", [], [SAUDI]),
        ("tel:0501234567;ext=1", ["SA"], [SAUDI]),
        ("(202) 555-0123", ["US-NV"], ["+12025550123"]),
    ],
)
def test_parse_phone(value: str, markets: list[str], expected: list[str]) -> None:
    """A number is the same in every spelling; a national one is read in each market."""
    assert numbers(parse_phone(value, markets)) == expected


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("", "holds more than digits"),
        ("call me", "holds more than digits"),
        ("1-800-FLOWERS", "holds more than digits"),
        ("19991", "too short"),
        ("000000000", "no international number"),
        ("+999501234567", "no international number"),
        ("+9665", "no international number"),
        ("wa.me/1", "no international number"),
        ("050123456789012345", "no phone number of SA"),
    ],
)
def test_no_phone(value: str, sentence: str) -> None:
    """What is no number is refused in a sentence."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse_phone(value, ["SA"])


@pytest.mark.parametrize(
    ("digits", "markets", "expected"),
    [
        ("966501234567", [], True),
        ("00966501234567", [], True),
        ("011966501234567", [], True),
        ("9660501234567", [], True),
        ("0501234567", ["SA"], True),
        ("501234567", ["SA"], True),
        ("0501234567", ["AE"], False),
        ("0501234567", [], False),
        ("0501234568", ["SA"], False),
        ("1966501234567", ["SA"], False),
    ],
)
def test_spellings_of_a_number(digits: str, markets: list[str], expected: bool) -> None:
    """A national form counts only in a market of that country; an international one everywhere."""
    assert parse_phone(SAUDI, []).matches(digits, markets) is expected


@pytest.mark.parametrize(
    ("digits", "markets", "expected"),
    [
        ("0501234567", ["SA"], True),
        ("0501234567", ["AE"], True),
        ("501234567", ["SA"], True),
        ("966501234567", ["SA"], True),
        ("971501234567", ["SA"], False),
        ("971501234567", ["SA", "AE"], True),
        ("0501234567", [], False),
    ],
)
def test_open_number(digits: str, markets: list[str], expected: bool) -> None:
    """A national number without markets is read in those of the creative."""
    assert parse_phone("0501234567", []).matches(digits, markets) is expected


# --- phones of a text --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "markets", "expected"),
    [
        ("call +966 50 123 4567 now", [], [("+966 50 123 4567", SAUDI)]),
        ("00966501234567", [], [("00966501234567", SAUDI)]),
        ("اتصل ٠٥٠١٢٣٤٥٦٧", ["SA"], [("٠٥٠١٢٣٤٥٦٧", SAUDI)]),
        ("۰۵۰ ۱۲۳ ۴۵۶۷", ["SA"], [("۰۵۰ ۱۲۳ ۴۵۶۷", SAUDI)]),
        ("0 5 0 - 1 2 3 4 5 6 7", ["SA"], [("0 5 0 - 1 2 3 4 5 6 7", SAUDI)]),
        ("(050) 123-4567", ["SA"], [("050) 123-4567", SAUDI)]),
        ("https://wa.me/966501234567", [], [("966501234567", SAUDI)]),
        ("api.whatsapp.com/send?phone=%2B966501234567", [], [("966501234567", SAUDI)]),
        ("tel:+966501234567", [], [("+966501234567", SAUDI)]),
        ("فقط 99 0501234567", ["SA"], [("0501234567", SAUDI)]),
        ("0501234567 بسعر 99 ريال", ["SA"], [("0501234567", SAUDI)]),
        ("0501234567 / 0551234567", ["SA"],
         [("0501234567", SAUDI), ("0551234567", "+966551234567")]),
        ("رقم0501234567", ["SA"], [("0501234567", SAUDI)]),
        ("call 561-867-2739!", ["US"], [("561-867-2739", "+15618672739")]),
        ("call 916.478.4023", ["US"], [("916.478.4023", "+19164784023")]),
        ("55123456", ["KW"], [("55123456", "+96555123456")]),
        ("99 KWD 55123456", ["KW"], [("55123456", "+96555123456")]),
    ],
)  # fmt: skip
def test_phones_found(text: str, markets: list[str], expected: list[tuple[str, str]]) -> None:
    """The phones of a text, in any digits and spacing."""
    found = find_phones(text, markets)
    assert [(text[p.start : p.end], *p.e164) for p in found] == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "123456", "Only 1,500,000 today", "55 000 000 people", "KWD 55123456", "55123456 KWD",
        "$55123456", "55123456 ريال", "2026-11-20", "20/11/2026", "2026-2027", "2026 - 2027",
        "4111 1111 1111 1111", "5105-1051-0510-5100", "#55123456", "AB55123456", "55123456x",
        "0.55123456", "55123456.5", "99999999999999999999", "12:30-14:45", "1 2 3",
    ],
)  # fmt: skip
def test_no_phones(text: str) -> None:
    """Prices, dates, cards and ids are no phones, even where eight digits can be a number."""
    assert find_phones(text, ["KW"]) == ()


def test_national_needs_a_market() -> None:
    """Without a market a national number is no phone, and in another country it is another."""
    assert find_phones("0501234567", []) == ()
    assert find_phones("0501234567", ["XX"]) == ()
    assert find_phones("0501234567", ["AE"])[0].e164 == ("+971501234567",)


COUNTRIES = ["SA", "AE", "EG", "KW", "US", "GB", "DE", "FR", "IN", "BR", "TR", "IT", "NG", "MX"]


@st.composite
def real_numbers(draw: st.DrawFn) -> tuple[str, phonenumbers.PhoneNumber]:
    """A country and a mobile number of its plan."""
    region = draw(st.sampled_from(COUNTRIES))
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert example is not None
    return region, example


FORMATS = [
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
]


@given(
    real_numbers(),
    st.sampled_from(FORMATS),
    st.sampled_from([{}, ARABIC, PERSIAN]),
    st.sampled_from(["{}", "اتصل {} الآن", "call: {}.", "99 ريال {} للحجز"]),
)
def test_every_format_is_found(
    number: tuple[str, phonenumbers.PhoneNumber], style: int, script: dict[int, int], frame: str
) -> None:
    """Any country's mobile number, in any usual format and digits: found, and matched."""
    region, example = number
    spelling = phonenumbers.format_number(example, style).translate(script)
    text = frame.format(spelling)
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert any(e164 in phone.e164 for phone in find_phones(text, [region]))
    assert PhoneIndex([parse_phone(e164, [])]).find(text, [region]) != []


# --- many materials ----------------------------------------------------------------------------

VALUES = [SAUDI, "0501234567", "+971501234567", "0551234567", "+12025550123", "2025550123",
          "+39066982", "066982123", "+201001234567", "01001234567", "+966551234567"]  # fmt: skip
PIECES = st.sampled_from(
    ["050", "123", "4567", "0501234567", "966", "+966", "00", "50", "971", "1", "2025550123",
     "99", "55", "٠٥٠١٢٣٤٥٦٧", " ", "-", " - ", "/", "(", ") ", "ريال", "x", ".", "     ", "\n",
     "39066982", "066982123", "20", "01001234567"]
)  # fmt: skip


def phonenumbers_of(spelt: str) -> bool:
    """Whether a numbering plan has this number."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(spelt, None))
    except phonenumbers.NumberParseException:
        return False


@pytest.mark.parametrize(
    "text",
    ["+971 50 555 0147", "+971-50-555-0147", "(+971) 50 555 0147", "00971 50 555 0147",
     "+٩٧١ ٥٠ ٥٥٥ ٠١٤٧", "+971 050 555 0147"],
)  # fmt: skip
def test_the_end_of_a_foreign_number_is_no_number_of_here(text: str) -> None:
    """A number that says its country is of that country, however it is spaced out."""
    index = PhoneIndex([parse_phone("+966505550147", [])])
    assert index.find(text, ["SA"]) == []
    assert len(index.find(text.replace("971", "966").replace("٩٧١", "٩٦٦"), ["SA"])) == 1


def slow(targets: list[PhoneTarget], text: str, markets: list[str]) -> list[tuple[int, int, int]]:
    """Every row of neighbouring groups against every target; for each end the earliest start."""
    digit = "0-9٠-٩"
    found: dict[tuple[int, int], int] = {}
    for run in re.finditer(rf"[{digit}]+(?:[^\w]{{1,4}}[{digit}]+)*", text):
        groups = [m.span() for m in re.finditer(rf"[{digit}]+", run.group())]
        told: set[int] = set()
        for first in range(len(groups)):
            for last in range(first, len(groups)):
                start, end = run.start() + groups[first][0], run.start() + groups[last][1]
                row = "".join(str(int(char)) for char in text[start:end] if char.isdecimal())
                if not 6 <= len(row) <= 18 or last in told:
                    continue
                spelt = text[max(0, start - 1) : start + 2]
                if spelt.startswith("+") or row.startswith("00"):
                    written = phonenumbers_of(f"+{row.removeprefix('00')}")
                    told |= {last} if written else set()
                for number, target in enumerate(targets):
                    if target.matches(row, markets):
                        start -= start > 0 and text[start - 1] == "+"
                        found.setdefault((number, end), start)
    return [(n, s, e) for s, e, n in sorted((s, e, n) for (n, e), s in found.items())]


@given(
    st.lists(st.sampled_from(VALUES), max_size=6),
    st.lists(PIECES, max_size=16).map("".join),
    st.lists(st.sampled_from(["SA", "AE", "US", "IT", "EG"]), max_size=3, unique=True),
)
def test_index_is_the_slow_comparison(values: list[str], text: str, markets: list[str]) -> None:
    """The index finds what comparing every row of digits with every target finds."""
    targets = [parse_phone(value, []) for value in values]
    assert PhoneIndex(targets).find(text, markets) == slow(targets, text, markets)


def test_neighbours_do_not_hide_a_number() -> None:
    """A price, a count or another number next to it changes nothing."""
    index = PhoneIndex([parse_phone("0501234567", ["SA"])])
    text = "99 0501234567 12 0501234567 0551234567 5"
    assert index.find(text, ["SA"]) == [(0, 3, 13), (0, 17, 27)]


def test_ten_thousand_phones_do_not_slow_a_text_down() -> None:
    """A text costs no more with 10,000 phones than five times what it costs with ten."""
    values = [f"+9665{number:08d}" for number in range(0, 100_000_000, 10_000)]
    targets = [parse_phone(value, []) for value in values]
    text = "اتصل ٠٥٠ ١٢٣ ٤٥٦٧ أو 0551234567 فقط 99 ريال " * 5

    def seconds(index: PhoneIndex) -> float:
        best = float("inf")
        for _ in range(5):
            started = time.perf_counter()
            for _ in range(50):
                index.find(text, ["SA"])
            best = min(best, time.perf_counter() - started)
        return best

    assert len(targets) == 10_000
    assert seconds(PhoneIndex(targets)) < 5 * seconds(PhoneIndex(targets[:10]))


@pytest.mark.parametrize("unit", ["1 ", "0501234567 ", "12", "1 a", "+1-", "٠ "])
def test_time_is_linear(unit: str) -> None:
    """100,000 characters of digits take seconds at most: nothing is quadratic."""
    text = unit * (100_000 // len(unit))
    index = PhoneIndex([parse_phone(SAUDI, [])])
    started = time.process_time()
    assert len(find_phones(text, ["SA"])) <= len(text) // 7
    assert len(index.find(text, ["SA"])) == text.count("0501234567")
    assert time.process_time() - started < 15


@given(st.text(max_size=60), st.lists(st.text(max_size=4), max_size=2))
def test_any_text(text: str, markets: list[str]) -> None:
    """No text and no market makes it fail; spans lie inside, in order, not over one another."""
    at = 0
    for phone in find_phones(text, markets):
        assert at <= phone.start < phone.end <= len(text)
        at = phone.end
