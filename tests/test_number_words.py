"""Arabic number words: amounts, and phone numbers that are read out."""

from __future__ import annotations

import random
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarabic import number  # type: ignore[attr-defined]

from automod.errors import MissingExtra
from automod.text import number_words
from automod.text.fold import fold
from automod.text.number_words import find_number_words, spoken_digits
from strategies import more, texts


def read(text: str) -> list[tuple[str, int]]:
    """The number words of a text, folded first, and their values."""
    folded = fold(text).text
    return [(folded[found.start : found.end], found.value) for found in find_number_words(folded)]


def values(text: str) -> list[int]:
    """The values of the number words of a text."""
    return [value for _, value in read(text)]


ROWS = {
    "صفر": 0, "واحد": 1, "واحدة": 1, "اثنان": 2, "اثنين": 2, "إثنان": 2, "اثنتان": 2, "اتنين": 2,
    "ثلاثة": 3, "ثلاثه": 3, "ثلاث": 3, "تلاتة": 3, "أربعة": 4, "أربع": 4, "خمسة": 5, "خمس": 5,
    "ستة": 6, "ست": 6, "سبعة": 7, "ثمانية": 8, "ثماني": 8, "ثمانٍ": 8, "تمانية": 8, "تمنية": 8,
    "تسعة": 9, "تسع": 9, "عشرة": 10, "عشر": 10, "أحد عشر": 11, "إحدى عشرة": 11, "اثنا عشر": 12,
    "اثنتا عشرة": 12, "اثني عشر": 12, "ثلاثة عشر": 13, "ثلاث عشرة": 13, "تسعة عشر": 19,
    "حداشر": 11, "اتناشر": 12, "تلتاشر": 13, "خمستاشر": 15, "سبعتاشر": 17, "حدعش": 11,
    "طنعش": 12, "ثلاثطعش": 13, "سطعش": 16, "ثمنطعش": 18,
    "عشرون": 20, "عشرين": 20, "تلاتين": 30, "تمانين": 80, "ثمانون": 80, "تسعين": 90,
    "واحد وعشرون": 21, "إحدى وعشرون": 21, "خمسة وعشرون": 25, "خمسة و عشرون": 25,
    "تسعة وتسعين": 99, "اثنان وعشرون": 22,
    "مئة": 100, "مائة": 100, "مئه": 100, "ميه": 100, "مية": 100, "ميّة": 100,
    "مئتان": 200, "مئتين": 200, "مائتين": 200, "ميتين": 200, "ثلاثمئة": 300, "ثلاثمائة": 300,
    "ثلاث مئة": 300, "ثلاث مائة": 300, "تلتمية": 300, "ربعمية": 400, "خمسمية": 500,
    "خمسمئة وثلاثة وعشرون": 523, "مئة وواحد": 101, "مئة وخمسة عشر": 115, "مئة وأحد عشر": 111,
    "تمنمية وخمسين": 850,
    "ألف": 1000, "ألفان": 2000, "ألفين": 2000, "خمسة آلاف": 5000, "خمسة الاف": 5000,
    "خمس تلاف": 5000, "عشرة آلاف": 10_000, "أحد عشر ألفًا": 11_000, "خمسة عشر ألف": 15_000,
    "خمسين ألف": 50_000, "مئة ألف": 100_000, "ميت ألف": 100_000, "مئتا ألف": 200_000,
    "ألف وخمسمئة": 1500, "ألفين وخمسة وعشرين": 2025, "ألف وتسعمئة وتسعون": 1990,
    "خمسة آلاف وعشرون": 5020, "سبعمئة وخمسون ألفًا": 750_000, "ثلاث مئة ألف": 300_000,
    "مليون": 10**6, "مليونان": 2 * 10**6, "مليونين": 2 * 10**6, "ثلاثة ملايين": 3 * 10**6,
    "مليون ومئتا ألف وخمسة": 1_200_005, "ألف مليون": 10**9, "مليار": 10**9,
    "ملياران": 2 * 10**9, "عشرة مليارات": 10**10, "تريليون": 10**12,
    "ثلاثة ملايين وخمسمئة ألف ومئة وثلاثة وعشرون": 3_500_123,
    "نصف مليون": 500_000, "نص مليون": 500_000, "ربع مليون": 250_000, "نصف المليون": 500_000,
    "مليون ونصف": 1_500_000, "ألف ونص": 1500, "مليونين ونص": 2_500_000,
    "مليون ونصف مليون": 1_500_000, "ثلاثة آلاف وربع": 3250,
    "50 ألف": 50_000, "٥٠ ألف": 50_000, "5آلاف": 5000, "10 مليون": 10**7, "1.5 مليون": 1_500_000,
    "١٫٥ مليون": 1_500_000, "1,500 ألف": 1_500_000, "مليون و 200 ألف": 1_200_000,
    "المليون": 10**6, "المليونين": 2 * 10**6, "بخمسة": 5, "بألف": 1000, "للألف": 1000,
    "وعشرين": 20, "بخمسين ألف": 50_000,
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), ROWS.items())
def test_a_number(text: str, value: int) -> None:
    """A row of number words is one number, and all of it."""
    assert read(text) == [(fold(text).text, value)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Side by side without و they are several numbers.
        ("خمسة ستة سبعة", [5, 6, 7]),
        ("مئة خمسين", [100, 50]),
        ("ألفين وثلاثة آلاف", [2000, 3000]),
        ("ألف وألف", [1000, 1000]),
        ("مئة وثلاثمئة", [100, 300]),
        ("عشرون وثلاثون", [20, 30]),
        ("عشرون وخمسة", [20, 5]),
        ("مليون ريال وخمسة آلاف", [1_000_000, 5000]),
        # A comma or a word between them parts them too.
        ("خمسة، آلاف", [5]),
        ("خمسة عن عشر", [5, 10]),
        ("خمسة     آلاف", [5]),
        ("خمسة\nآلاف", [5000]),
        # A preposition begins a new number; a percentage is no hundred.
        ("خمسة بألف", [5, 1000]),
        ("خمسة بالمئة", [5]),
        ("خمسة في المئة", [5]),
        ("صفر ألف", [0, 1000]),
        # Numerals count before a scale only.
        ("50 ريال", []),
        ("50", []),
        ("0501234567 ألف", [1000]),
        # Unsure words alone, and words that only look like numbers.
        ("آلاف الجوائز", []),
        ("ملايين الناس", []),
        ("أحد", []),
        ("يوم الأحد", []),
        ("يوم الاثنين", []),
        ("لست هنا", []),
        ("الست هنا", []),
        ("كمية كبيرة", []),
        ("ميت", []),
        ("نصف السعر", []),
        ("ربع", []),
        ("و", []),
        ("و و", []),
        ("ألفية", []),
        ("مخمسة", []),
        ("five thousand", []),
        ("", []),
    ],
)
def test_what_is_no_number(text: str, expected: list[int]) -> None:
    """Numbers are not run together, and words that mostly mean something else are left alone."""
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ربح خمسة آلاف ريال", [("خمسة الاف", 5000)]),
        ("من ألف و خمسمئة إلى ألفين", [("الف و خمسمئة", 1500), ("الفين", 2000)]),
        ("500ريال مقابل ألف", [("الف", 1000)]),
        ("فقط بخمسة دولار", [("بخمسة", 5)]),
    ],
)
def test_where_a_number_stands(text: str, expected: list[tuple[str, int]]) -> None:
    """The span has whole words, with what is written together with them, and nothing else."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("صفر خمسة خمسة واحد اثنين ثلاثة أربعة", ["0551234"]),
        ("صفر خمسه خمسه واحد اتنين تلاته اربعه", ["0551234"]),
        ("زيرو واحد صفر صفر سبعه تمانيه تسعه", ["0100789"]),
        ("صفر - خمسة - خمسة، واحد.. اثنين / ثلاثة\nأربعة", ["0551234"]),
        ("صفر وخمسة و خمسة وواحد واثنين وثلاثة وأربعة", ["0551234"]),
        ("اتصل على صفر خمسة صفر واحد اثنين ثلاثة أربعة خمسة ستة سبعة الآن", ["0501234567"]),
        ("صفر خمسة خمسة واحد اثنين ثلاثة", []),
        ("صفر خمسة خمسة واحد ثم اثنين ثلاثة أربعة", []),
        ("صفر خمسة خمسة عشرة واحد اثنين ثلاثة أربعة", []),
        ("صفر خمسة خمسة واحد اثنين ثلاثة      أربعة", []),
        ("صفر خمسة خمسة واحد اثنين 7 ثلاثة أربعة", []),
        ("سبعة", []),
        ("0551234", []),
    ],
)
def test_a_number_that_is_read_out(text: str, digits: list[str]) -> None:
    """Seven digit words in a row are a phone number, in any spelling and parted by anything."""
    assert [run for _, _, run in spoken_digits(fold(text).text)] == digits


def test_a_number_that_is_read_out_is_one_number() -> None:
    """Its value is that of its digits; a row longer than any phone number is words one by one."""
    assert values("صفر خمسة خمسة واحد اثنين ثلاثة أربعة") == [551234]
    assert values(" ".join(["خمسة"] * 18)) == [int("5" * 18)]
    assert values(" ".join(["خمسة"] * 19)) == [5] * 19


# --- laws ----------------------------------------------------------------------------------------


@more(200)
@given(st.integers(1, 999_999_999))
def test_what_pyarabic_writes_is_read(value: int) -> None:
    """A number that pyarabic writes out in words has its value."""
    assert values(number.number2text(value).replace("و ", "و")) == [value]


def test_every_small_number_that_pyarabic_writes_is_read() -> None:
    """From 1 to 3,000 none is wrong."""
    wrong = [n for n in range(1, 3001) if values(number.number2text(n)) != [n]]
    assert wrong == []


def test_pyarabic_knows_no_word_that_the_table_lacks() -> None:
    """The library's table of words is in ours, with the same values."""
    known = number_words._table(False)
    words = number_words._pyarabic_words()
    assert len(words) >= 80
    assert {word: value for word, value in words.items() if word not in known} == {}
    plural = {"الاف", "ملايين", "مليارات"}
    assert [word for word in words.keys() - plural if known[word].value != words[word]] == []


def test_a_word_that_only_pyarabic_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read where pyarabic is asked for, and nowhere else."""
    from pyarabic import number_const  # type: ignore[attr-defined]

    monkeypatch.setitem(number_const.NUMBER_WORDS, "دستة", 12)
    number_words._table.cache_clear()
    assert find_number_words("دستة") == ()
    assert [found.value for found in find_number_words("دستة الاف", with_pyarabic=True)] == [12_000]
    number_words._table.cache_clear()


def test_without_pyarabic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing needs it but the wish for it, which names the extra."""
    monkeypatch.setitem(sys.modules, "pyarabic", None)
    number_words._table.cache_clear()
    assert values("خمسة آلاف") == [5000]
    with pytest.raises(MissingExtra, match=r"automod-ads\[arabic\]"):
        find_number_words("خمسة", with_pyarabic=True)


WORDS = sorted({word for row in ROWS for word in fold(row).text.split()} | {"و", "ريال", "،", "5"})


@more(200)
@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), texts()))
def test_spans_are_in_order_and_inside(text: str) -> None:
    """Whatever the text: spans are whole words, in order, none over another."""
    folded = fold(text).text
    last = 0
    for found in find_number_words(folded):
        assert last <= found.start < found.end <= len(folded)
        assert found.value >= 0
        assert not folded[found.start].isspace() and not folded[found.end - 1].isspace()
        last = found.end
    for start, end, digits in spoken_digits(folded):
        assert digits.isdecimal() and folded[start:end].strip() == folded[start:end]


@given(st.lists(st.integers(0, 9), min_size=7, max_size=18), st.randoms(use_true_random=False))
def test_any_digits_can_be_read_out(digits: list[int], rng: random.Random) -> None:
    """Each digit in any of its spellings."""
    spelled = [rng.choice(number_words._UNITS[digit].split()) for digit in digits]
    expected = "".join(map(str, digits))
    assert [run for _, _, run in spoken_digits(" ".join(spelled))] == [expected]
    assert [found.value for found in find_number_words(" ".join(spelled))] == [int(expected)]


@pytest.mark.parametrize(
    "piece", ["خمسة ", "مليون و", "الف ", "و ", "مئة و", "1.", "5", "ب ", "خ", " "]
)
def test_long_texts_take_linear_time(piece: str) -> None:
    """Ten times as much of anything takes about ten times as long."""

    def seconds(times: int) -> float:
        text = "الف " + piece * times
        found = []
        for _ in range(3):
            started = time.thread_time()
            find_number_words(text)
            spoken_digits(text)
            found.append(time.thread_time() - started)
        return min(found)  # the least disturbed

    assert seconds(50_000) < 40 * max(seconds(5_000), 0.002)
